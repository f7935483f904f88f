//! The cells of a workbook, streamed into maps that grow with what is there and never with what a file claims.

use std::collections::HashMap;
use std::io::Cursor;
use std::sync::Arc;

use calamine::{DataRef, Reader, Xlsx};
use chrono::NaiveDate;

use super::IntakeError;
use crate::names;

/// Most cells with content that are kept of one workbook. A filled-in template has some 3,000.
const MOST_CELLS: usize = 400_000;
const MOST_SHEETS: usize = 256;
const MOST_NAMES: usize = 100_000;

/// A cell's content.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// A number, and whether its format shows it as percent.
    Number(f64, bool),
    /// A text.
    Text(String),
    /// Yes or no.
    Bool(bool),
    /// A day.
    Date(NaiveDate),
    /// An error value, such as `#DIV/0!`.
    Error(String),
}

impl Content {
    /// The content as typed, for messages and for searching.
    pub fn raw(&self) -> String {
        match self {
            Content::Number(number, true) => format!("{} %", number * 100.0),
            Content::Number(number, false) => number.to_string(),
            Content::Text(text) => text.clone(),
            Content::Bool(true) => "TRUE".into(),
            Content::Bool(false) => "FALSE".into(),
            Content::Date(day) => day.format("%Y-%m-%d").to_string(),
            Content::Error(error) => error.clone(),
        }
    }
}

/// One sheet.
pub struct Sheet {
    pub name: Arc<str>,
    pub cells: HashMap<(u32, u32), Content>,
    /// Cells with a formula that came without a result.
    pub unresolved: super::formulas::Cells,
}

/// A workbook in memory.
pub struct Book {
    pub sheets: Vec<Sheet>,
    /// Defined names of ours: field id, sheet index, row, column.
    pub names: Vec<(String, usize, u32, u32)>,
}

impl Book {
    pub fn open(bytes: Vec<u8>) -> Result<Self, IntakeError> {
        let damaged = |error: calamine::XlsxError| match error {
            calamine::XlsxError::Password => IntakeError::Password,
            error => IntakeError::Damaged(crate::text::shorten(&error.to_string(), 120)),
        };
        let mut unresolved = super::formulas::without_result(&bytes);
        let mut xlsx: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
        let sheet_names = xlsx.sheet_names();
        if sheet_names.len() > MOST_SHEETS {
            return Err(IntakeError::Damaged(format!(
                "{} sheets, more than {MOST_SHEETS}",
                sheet_names.len()
            )));
        }
        let mut names = Vec::new();
        for (name, reference) in xlsx.defined_names().iter().take(MOST_NAMES) {
            let Some(id) = names::field_id(name) else {
                continue;
            };
            let Some((sheet, row, column)) = parse_reference(reference) else {
                continue;
            };
            if let Some(index) = sheet_names.iter().position(|name| *name == sheet) {
                names.push((id, index, row, column));
            }
        }
        let mut sheets = Vec::new();
        let mut left = MOST_CELLS;
        for name in sheet_names {
            let mut cells = HashMap::new();
            let mut reader = match xlsx.worksheet_cells_reader(&name) {
                Ok(reader) => reader,
                // A chart sheet or a dialog: nothing to read.
                Err(calamine::XlsxError::NotAWorksheet(_)) => continue,
                Err(error) => return Err(damaged(error)),
            };
            loop {
                let (cell, style) = match reader.next_cell_with_style_id() {
                    Ok(Some(found)) => found,
                    Ok(None) => break,
                    Err(error) => return Err(damaged(error)),
                };
                let percent = || reader_is_percent(reader.styles(), style);
                let Some(content) = content(cell.get_value(), percent) else {
                    continue;
                };
                left = left
                    .checked_sub(1)
                    .ok_or_else(|| IntakeError::Damaged(format!("more than {MOST_CELLS} cells")))?;
                cells.insert(cell.get_position(), content);
            }
            sheets.push((name, cells));
        }
        // Sheets that hold no cells were skipped, so names are pointed at what is left.
        let order: Vec<String> = xlsx.sheet_names();
        let sheets: Vec<Sheet> = sheets
            .into_iter()
            .map(|(name, cells)| Sheet {
                unresolved: unresolved.remove(&name).unwrap_or_default(),
                name: name.into(),
                cells,
            })
            .collect();
        let names = names
            .into_iter()
            .filter_map(|(id, index, row, column)| {
                Some((
                    id,
                    sheets
                        .iter()
                        .position(|sheet| *sheet.name == *order[index])?,
                    row,
                    column,
                ))
            })
            .collect();
        Ok(Self { sheets, names })
    }

    /// Programme id and version, from the hidden sheet.
    pub fn identity(&self) -> Option<(String, Option<u32>)> {
        let sheet = self.sheets.iter().find(|sheet| {
            sheet.cells.get(&(0, 0)) == Some(&Content::Text(names::META_MARK.into()))
        })?;
        let Some(Content::Text(id)) = sheet.cells.get(&(1, 1)) else {
            return None;
        };
        let version = match sheet.cells.get(&(2, 1)) {
            Some(Content::Number(number, _))
                if *number >= 0.0 && *number <= f64::from(u32::MAX) =>
            {
                Some(*number as u32)
            }
            _ => None,
        };
        Some((id.clone(), version))
    }
}

fn reader_is_percent(styles: &[calamine::Style], style: usize) -> bool {
    styles
        .get(style)
        .and_then(|style| style.number_format.as_ref())
        .is_some_and(|format| format.format_code.contains('%'))
}

fn content(value: &DataRef, percent: impl Fn() -> bool) -> Option<Content> {
    Some(match value {
        DataRef::Empty => return None,
        DataRef::Int(number) => Content::Number(*number as f64, percent()),
        DataRef::Float(number) if number.is_finite() => Content::Number(*number, percent()),
        DataRef::Float(_) => Content::Error("#NUM!".into()),
        DataRef::String(text) => Content::Text(text.clone()),
        DataRef::SharedString(text) => Content::Text((*text).to_owned()),
        DataRef::Bool(yes) => Content::Bool(*yes),
        DataRef::DateTime(moment) => match moment.as_datetime() {
            Some(moment) => Content::Date(moment.date()),
            None => Content::Number(moment.as_f64(), false),
        },
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            match NaiveDate::parse_from_str(text.get(..10).unwrap_or(text), "%Y-%m-%d") {
                Ok(day) => Content::Date(day),
                Err(_) => Content::Text(text.clone()),
            }
        }
        DataRef::Error(error) => Content::Error(error.to_string()),
    })
}

/// Sheet, row and column of `'My S'!$C$6`. Split from the right: a sheet's name may hold anything.
fn parse_reference(reference: &str) -> Option<(String, u32, u32)> {
    let (sheet, cell) = reference.trim_start_matches('=').rsplit_once('!')?;
    let sheet = match sheet
        .strip_prefix('\'')
        .and_then(|sheet| sheet.strip_suffix('\''))
    {
        Some(quoted) => quoted.replace("''", "'"),
        None => sheet.to_owned(),
    };
    // A merged cell's name may cover its whole area: the first cell holds the value.
    let (row, column) = parse_cell(&cell.split(':').next()?.replace('$', ""))?;
    Some((sheet, row, column))
}

/// Row and column, from 0, of an address such as `C6`.
pub fn parse_cell(cell: &str) -> Option<(u32, u32)> {
    let digits = cell.find(|c: char| c.is_ascii_digit())?;
    let (letters, row) = cell.split_at(digits);
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let mut column = 0u32;
    for letter in letters.bytes() {
        if !letter.is_ascii_alphabetic() {
            return None;
        }
        column = column * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1;
    }
    let row: u32 = row.parse().ok()?;
    if row == 0 || row > 1_048_576 || column > 16_384 {
        return None;
    }
    Some((row - 1, column - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_split_from_the_right() {
        assert_eq!(
            parse_reference("'It''s! mine'!$C$6"),
            Some(("It's! mine".into(), 5, 2))
        );
        assert_eq!(
            parse_reference("Client!$AA$10:$AB$10"),
            Some(("Client".into(), 9, 26))
        );
        for broken in [
            "#REF!",
            "Client!#REF!",
            "Client!$C$0",
            "Client!$ZZZZ$1",
            "C6",
            "Client!$C$99999999999",
            "!",
            "Client!$XFE$1",
        ] {
            assert_eq!(parse_reference(broken), None, "{broken}");
        }
    }
}
