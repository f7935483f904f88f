//! Figures today against the targets of day 90.

use rust_xlsxwriter::{Workbook, XlsxError};

use super::client;
use super::grid::{Cell, SheetNames, column, table, title};
use crate::plan::Plan;

const TOP: u32 = 3;

pub fn write(book: &mut Workbook, names: &mut SheetNames, plans: &[Plan]) -> Result<(), XlsxError> {
    let (sheet, _) = super::grid::sheet(book, names, "Success metrics")?;
    title(
        sheet,
        "Success metrics",
        "Today and day 90, client by client.",
    )?;
    let columns = [
        column("Client", 34.0),
        column("Measure", 28.0),
        column("Today", 14.0),
        column("Day 90", 14.0),
        column("Change", 14.0),
        column("Today, in words", 24.0),
        column("Day 90, in words", 24.0),
    ];
    let mut rows = Vec::new();
    for plan in plans {
        for target in &plan.targets {
            let change = match (target.today.is_some(), target.target.is_some()) {
                (true, true) => Cell::Formula(
                    "=D{row}-C{row}".into(),
                    target
                        .target
                        .as_ref()
                        .zip(target.today.as_ref())
                        .map(|(goal, today)| goal.0 - today.0),
                    1,
                ),
                _ => Cell::Empty,
            };
            rows.push(vec![
                Cell::text(client(plan)),
                Cell::text(&target.label),
                Cell::Number(target.today.as_ref().map(|figure| figure.0), 1),
                Cell::Number(target.target.as_ref().map(|figure| figure.0), 1),
                change,
                Cell::optional(target.today.as_ref().map(|figure| figure.1.as_str())),
                Cell::optional(target.target.as_ref().map(|figure| figure.1.as_str())),
            ]);
        }
    }
    table(sheet, "SuccessMetrics", TOP, &columns, &rows)?;
    sheet.set_freeze_panes(TOP + 1, 1)?;
    Ok(())
}
