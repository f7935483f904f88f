//! A cell's content, and the one way in which it is written: text always as text, numbers only when finite.

use chrono::NaiveDate;
use rust_xlsxwriter::{Format, Formula, Url, Worksheet, XlsxError};

use super::theme::Theme;
use crate::excel::day_number;
use crate::questionnaire::Tone;
use crate::record::BandName;
use crate::text::{cell_lines, for_cell};

/// Links of a sheet, at most: Excel refuses a file with more than 65,530, and each takes two kilobytes of memory until the
/// file is written. Further cells say the same without a link.
const MAX_LINKS: usize = 20_000;
/// Excel's limit for a link, in characters.
const MAX_LINK_LENGTH: usize = 2000;

/// A cell's content.
#[derive(Debug, Clone)]
pub enum Cell {
    Empty,
    Text(String),
    /// A text in the color of its tone.
    Toned(String, Tone),
    /// A number with so many decimals.
    Number(Option<f64>, usize),
    /// A share of 1.
    Percent(Option<f64>),
    Day(NaiveDate),
    /// A link and its words.
    Link(String, String),
    /// A live formula with its result; `{row}` stands for the row's number.
    Formula(String, Option<f64>, Shown),
}

/// How a formula's result is shown.
#[derive(Debug, Clone, Copy)]
pub enum Shown {
    Decimals(usize),
    /// A difference, with so many decimals.
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

    /// The name of a band in its color.
    pub fn band(band: Option<&BandName>) -> Self {
        band.map_or(Cell::Empty, |band| {
            Cell::Toned(band.label.clone(), band.tone)
        })
    }

    /// A number with a decimal where it has one.
    pub fn plain(number: Option<f64>) -> Self {
        let whole = number.is_none_or(|number| number.fract() == 0.0);
        Cell::Number(number, usize::from(!whole))
    }

    pub fn count(count: usize) -> Self {
        Cell::Number(Some(count as f64), 0)
    }

    /// How many lines it takes in a column of this width.
    pub fn lines(&self, width: f64) -> f64 {
        match self {
            Cell::Text(text) | Cell::Toned(text, _) | Cell::Link(_, text) => {
                cell_lines(text, width)
            }
            _ => 1.0,
        }
    }
}

/// Writes a cell; `links` counts the links of the sheet.
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
            sheet.write_string_with_format(row, at, for_cell(text), &theme.wrap)?;
        }
        Cell::Toned(text, tone) => {
            sheet.write_string_with_format(row, at, for_cell(text), theme.toned(*tone))?;
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
                sheet.write_string_with_format(row, at, for_cell(words), &theme.wrap)?;
            }
        }
        Cell::Formula(formula, result, shown) => {
            let formula = formula.replace("{row}", &(row + 1).to_string());
            let format = match shown {
                Shown::Decimals(decimals) => theme.number(*decimals),
                Shown::Signed(decimals) => &theme.signed[*decimals.min(&2)],
                Shown::Percent => &theme.percent,
            };
            write_formula(sheet, (row, at), &formula, *result, format)?;
        }
    }
    Ok(())
}

/// Writes a number, unless it is none.
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

/// Writes a formula with its result; nothing is shown where there is none.
pub fn write_formula(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    formula: &str,
    result: Option<f64>,
    format: &Format,
) -> Result<(), XlsxError> {
    let result = result.filter(|result| result.is_finite());
    let result = result.map(|result| result.to_string()).unwrap_or_default();
    let formula = Formula::new(formula).set_result(result);
    sheet.write_formula_with_format(row, column, formula, format)?;
    Ok(())
}

/// Writes a day as the number that spreadsheets have for it.
pub fn write_day(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    day: NaiveDate,
    format: &Format,
) -> Result<(), XlsxError> {
    sheet.write_number_with_format(row, column, day_number(day), format)?;
    Ok(())
}
