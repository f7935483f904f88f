//! How the workbook was made: method, versions, inputs, and what was not processed.

use rust_xlsxwriter::{Format, Workbook, XlsxError};

use super::grid::{Cell, NAVY, SheetNames, column, table, title, wrapping};
use super::{About, client};
use crate::plan::Plan;
use crate::text::for_cell;

pub fn write(
    book: &mut Workbook,
    names: &mut SheetNames,
    plans: &[Plan],
    about: &About,
) -> Result<(), XlsxError> {
    let (sheet, _) = super::grid::sheet(book, names, "About")?;
    title(
        sheet,
        "About this workbook",
        &format!(
            "Made by partnerbook {} for {}",
            about.tool_version, about.made
        ),
    )?;
    let bold = Format::new().set_bold().set_font_color(NAVY);
    let wrap = Format::new().set_text_wrap();
    let mut row = 3;
    sheet
        .write_string_with_format(row, 0, "Programme", &bold)?
        .write_string(row, 1, for_cell(&about.programme))?;
    row += 2;
    sheet.write_string_with_format(row, 0, "Method", &bold)?;
    for note in &about.method {
        sheet
            .merge_range(row, 1, row, 3, &for_cell(note), &wrap)?
            .set_row_height(row, 32)?;
        row += 1;
    }
    row += 1;
    sheet.write_string_with_format(row, 0, "Inputs", &bold)?;
    let columns = [
        column("Client", 34.0),
        column("File", 40.0),
        column("SHA-256", 70.0),
        wrapping("Version of the questions", 24.0),
    ];
    let rows: Vec<Vec<Cell>> = plans
        .iter()
        .map(|plan| {
            vec![
                Cell::text(client(plan)),
                Cell::text(&plan.source.file),
                Cell::text(&plan.source.sha256),
                Cell::text(format!("{} {}", plan.programme.id, plan.programme.version)),
            ]
        })
        .collect();
    table(sheet, "Inputs", row + 1, &columns, &rows)?;
    row += 4 + rows.len() as u32;
    if !about.failures.is_empty() {
        sheet.write_string_with_format(row, 0, "Not processed", &bold)?;
        for (file, reason) in &about.failures {
            row += 1;
            sheet
                .write_string(row, 0, for_cell(file))?
                .write_string(row, 1, for_cell(reason))?;
        }
    }
    Ok(())
}
