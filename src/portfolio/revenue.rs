//! Investment, return, and what follows from them, for each client.

use rust_xlsxwriter::{ChartType, Workbook, XlsxError};

use super::charts;
use super::client;
use super::grid::{Cell, GREY, SheetNames, TEAL, column, table, title};
use crate::plan::Plan;

/// Row of the headings, below the chart.
const TOP: u32 = 20;

pub fn write(book: &mut Workbook, names: &mut SheetNames, plans: &[Plan]) -> Result<(), XlsxError> {
    let (sheet, _) = super::grid::sheet(book, names, "Revenue")?;
    title(
        sheet,
        "Revenue",
        "Monthly, each client in its own currency. ROI is live; the payback ramps up as the sheet About says.",
    )?;
    let columns = [
        column("Client", 34.0),
        column("Currency", 10.0),
        column("Investment a month", 16.0),
        column("Return a month", 16.0),
        column("ROI (to one)", 12.0),
        column("ROI as stated", 12.0),
        column("Payback (months)", 12.0),
        column("Payback as stated", 12.0),
        column("Pays back", 20.0),
    ];
    let rows: Vec<Vec<Cell>> = plans
        .iter()
        .map(|plan| {
            let finance = &plan.finance;
            let pays_back = if finance.never {
                "not within the horizon"
            } else if finance.payback_months.is_some() {
                "yes"
            } else {
                ""
            };
            vec![
                Cell::text(client(plan)),
                Cell::optional(plan.client.currency.as_deref()),
                Cell::Number(finance.investment, 0),
                Cell::Number(finance.returns, 0),
                Cell::Formula(
                    "=IF(AND(ISNUMBER(C{row}),ISNUMBER(D{row}),N(C{row})>0),D{row}/C{row},\"\")"
                        .into(),
                    finance.roi,
                    2,
                ),
                Cell::Number(finance.stated_roi, 2),
                Cell::Number(finance.payback_months, 1),
                Cell::Number(finance.stated_payback, 1),
                Cell::text(pays_back),
            ]
        })
        .collect();
    table(sheet, "Revenue", TOP, &columns, &rows)?;
    let blocks = charts::blocks(plans);
    let chart = blocks
        .iter()
        .find(|block| block.title == "ROI, worked out and stated")
        .and_then(|block| charts::over(block, ChartType::Column, &[TEAL, GREY], "0.0"));
    charts::place(sheet, chart, 3, 0, 0)
}
