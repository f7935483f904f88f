//! Content of a cell and how it is written: text always as text, numbers only if finite.

use chrono::NaiveDate;
use rust_xlsxwriter::{Format, Formula, Url, Worksheet, XlsxError};

use super::theme::Theme;
use crate::excel::day_number;
use crate::questionnaire::Tone;
use crate::record::BandName;
use crate::text::{cell_lines, for_cell};

/// Maximum number of links per sheet. Excel rejects a file with more than 65,530, and each link uses 2 KB of memory
/// until the file is written. Further cells contain the same text without a link.
const MAX_LINKS: usize = 10_000;
/// Maximum length of a link, in characters, below the limit of rust_xlsxwriter (2,080 UTF-16 units).
const MAX_LINK_LENGTH: usize = 2000;

/// Content of a cell.
#[derive(Debug, Clone)]
pub enum Cell {
    Empty,
    Text(String),
    /// Text in the color of a tone.
    Toned(String, Tone),
    /// A number and its number of decimals.
    Number(Option<f64>, usize),
    /// A fraction of 1, shown as a percentage.
    Percent(Option<f64>),
    Day(NaiveDate),
    /// The URL and the text of a link.
    Link(String, String),
    /// A formula with its result. `{row}` is replaced with the number of the row.
    Formula(String, Option<f64>, ResultFormat),
}

/// Format of a formula's result.
#[derive(Debug, Clone, Copy)]
pub enum ResultFormat {
    Decimals(usize),
    /// A difference with a sign, and its number of decimals.
    Signed(usize),
    Percent,
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Self {
        Cell::Text(text.into())
    }

    pub fn optional(text: Option<&str>) -> Self {
        text.map_or(Cell::Empty, Cell::text)
    }

    /// Returns a cell with the label of a band in the color of its tone.
    pub fn band(band: Option<&BandName>) -> Self {
        band.map_or(Cell::Empty, |band| {
            Cell::Toned(band.label.clone(), band.tone)
        })
    }

    /// Returns a number without decimals if it is whole, and with 1 decimal otherwise.
    pub fn plain(number: Option<f64>) -> Self {
        let whole = number.is_none_or(|number| number.fract() == 0.0);
        Cell::Number(number, usize::from(!whole))
    }

    pub fn count(count: usize) -> Self {
        Cell::Number(Some(count as f64), 0)
    }

    /// Returns the number of lines that the content needs in a column of this width.
    pub fn lines(&self, width: f64) -> f64 {
        match self {
            Cell::Text(text) | Cell::Toned(text, _) | Cell::Link(_, text) => {
                cell_lines(text, width)
            }
            _ => 1.0,
        }
    }
}

/// Returns a formula for a cell minus another one. The result is empty unless both are numbers.
pub fn difference(cell: &str, other: &str) -> String {
    format!("=IF(AND(ISNUMBER({cell}),ISNUMBER({other})),{cell}-{other},\"\")")
}

/// Writes a cell of a table whose columns have the format of texts. `links` counts the links of the sheet.
pub fn write_cell(
    sheet: &mut Worksheet,
    (row, at): (u32, u16),
    cell: &Cell,
    theme: &Theme,
    links: &mut usize,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty | Cell::Number(None, _) | Cell::Percent(None) => {}
        Cell::Text(text) => {
            sheet.write_string(row, at, for_cell(text))?;
        }
        Cell::Toned(text, tone) => {
            sheet.write_string_with_format(row, at, for_cell(text), theme.tone_format(*tone))?;
        }
        Cell::Number(Some(number), decimals) => {
            write_number(sheet, (row, at), *number, theme.number(*decimals))?;
        }
        Cell::Percent(Some(share)) => write_number(sheet, (row, at), *share, &theme.percent)?,
        Cell::Day(day) => write_day(sheet, (row, at), *day, &theme.day)?,
        Cell::Link(url, words) => {
            *links += 1;
            if *links <= MAX_LINKS && url.chars().count() < MAX_LINK_LENGTH {
                let url = Url::new(url).set_text(for_cell(words));
                sheet.write_url_with_format(row, at, url, &theme.link)?;
            } else {
                sheet.write_string(row, at, for_cell(words))?;
            }
        }
        Cell::Formula(formula, result, shown) => {
            let formula = formula.replace("{row}", &(row + 1).to_string());
            let format = match shown {
                ResultFormat::Decimals(decimals) => theme.number(*decimals),
                ResultFormat::Signed(decimals) => &theme.signed[*decimals.min(&2)],
                ResultFormat::Percent => &theme.percent,
            };
            write_formula(sheet, (row, at), &formula, *result, format)?;
        }
    }
    Ok(())
}

/// Writes a number if it is finite.
pub fn write_number(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    number: f64,
    format: &Format,
) -> Result<(), XlsxError> {
    if number.is_finite() {
        sheet.write_number_with_format(row, column, number, format)?;
    }
    Ok(())
}

/// Writes a formula with its result. Without a finite result, the cell is shown blank.
pub fn write_formula(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    formula: &str,
    result: Option<f64>,
    format: &Format,
) -> Result<(), XlsxError> {
    let formula = with_result(formula, result);
    sheet.write_formula_with_format(row, column, formula, format)?;
    Ok(())
}

/// Writes a formula that calculates with whole ranges, and its result.
pub fn write_array_formula(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    formula: &str,
    result: Option<f64>,
    format: &Format,
) -> Result<(), XlsxError> {
    let formula = with_result(formula, result);
    sheet.write_array_formula_with_format(row, column, row, column, formula, format)?;
    Ok(())
}

fn with_result(formula: &str, result: Option<f64>) -> Formula {
    let result = result.filter(|result| result.is_finite());
    let result = result.map(|result| result.to_string()).unwrap_or_default();
    Formula::new(formula).set_result(result)
}

/// Writes a date as a spreadsheet serial number.
pub fn write_day(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    day: NaiveDate,
    format: &Format,
) -> Result<(), XlsxError> {
    sheet.write_number_with_format(row, column, day_number(day), format)?;
    Ok(())
}
