//! The cells of a workbook as a table, for lists that are not a client's workbook, such as the roster.

use std::path::Path;

use chrono::NaiveDate;

use super::book::Content;
use super::{IntakeError, Sandbox, Workbook, format};
use crate::excel::day_of;
use crate::text::clean_text;

/// A sheet with its filled cells.
#[derive(Debug, Clone)]
pub struct TableSheet {
    /// Name of the sheet.
    pub name: String,
    /// Rows from 0, with the cells from left to right. Rows and cells without content are left out.
    pub rows: Vec<(u32, Vec<TableCell>)>,
}

/// A filled cell.
#[derive(Debug, Clone)]
pub struct TableCell {
    /// Column, from 0.
    pub column: u32,
    /// The text as it is shown.
    pub text: String,
    /// The value of a number. 25% is 0.25.
    pub number: Option<f64>,
    /// The value of a date.
    pub date: Option<NaiveDate>,
    /// Whether the cell has an error value, or a formula without a result.
    pub unusable: bool,
}

/// Reads the sheets of a workbook of any supported format.
///
/// # Errors
/// Returns an error if the file cannot be read, is not a workbook, or exceeds the size limits.
pub fn read_table(path: &Path, sandbox: &Sandbox) -> Result<Vec<TableSheet>, IntakeError> {
    let Workbook { bytes, .. } = Workbook::open(path)?;
    let (format, package) = format::recognize(&bytes)?;
    let near = package.map(|package| super::ParsedWorkbook::open_in_process(format, package));
    let book = match near.transpose()?.flatten() {
        Some(book) => book,
        None => sandbox.open(format, bytes)?,
    };
    let cell = |column: u32, content: &Content| {
        let (number, date) = match content {
            Content::Number(number, _) => (Some(*number), None),
            Content::Moment(serial, _) => (None, day_of(*serial)),
            _ => (None, None),
        };
        TableCell {
            column,
            text: clean_text(&content.raw()),
            number,
            date,
            unusable: matches!(content, Content::Error(_) | Content::Unresolved),
        }
    };
    let sheets = book.sheets.iter().map(|sheet| {
        let mut rows: Vec<(u32, Vec<TableCell>)> = Vec::new();
        for ((row, column), content) in sheet.cells() {
            let cell = cell(*column, content);
            if cell.text.is_empty() && !cell.unusable {
                continue;
            }
            match rows.last_mut() {
                Some((last, cells)) if last == row => cells.push(cell),
                _ => rows.push((*row, vec![cell])),
            }
        }
        TableSheet {
            name: sheet.name.clone(),
            rows,
        }
    });
    Ok(sheets.collect())
}
