//! Writing tables of cells: one way for all sheets. Text is always written as text, numbers only when finite.

use chrono::NaiveDate;
use rust_xlsxwriter::{
    Color, Format, FormatAlign, Formula, Table, TableColumn, TableStyle, Url, Workbook, Worksheet,
    XlsxError,
};

use crate::programme::Tone;
use crate::text::{for_cell, shorten};

pub const NAVY: Color = Color::RGB(0x14304F);
pub const TEAL: Color = Color::RGB(0x1E7A70);
pub const AMBER: Color = Color::RGB(0xC4821A);
pub const RED: Color = Color::RGB(0xB23B2E);
pub const PALE: Color = Color::RGB(0xE6ECF2);
pub const GREY: Color = Color::RGB(0xA9B7C6);

/// Rows of a sheet that hold data, at most: Excel's limit less headings.
pub const MOST_ROWS: usize = 1_048_000;
/// Links of a sheet, at most: Excel refuses a file with more than 65,530.
pub const MOST_LINKS: usize = 60_000;
/// Excel's limit for a sheet's name and a link, in characters.
const LONGEST_NAME: usize = 31;
const LONGEST_LINK: usize = 2000;

/// A cell's content.
#[derive(Debug, Clone)]
pub enum Cell {
    Empty,
    Text(String),
    /// A text in the colour of its tone.
    Toned(String, Tone),
    /// A number with so many decimals.
    Number(Option<f64>, usize),
    /// A share of 1.
    Percent(f64),
    Date(NaiveDate),
    /// A link and its words.
    Link(String, String),
    /// A live formula with its result and decimals; `{row}` stands for the row's number.
    Formula(String, Option<f64>, usize),
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Self {
        Cell::Text(text.into())
    }

    pub fn optional(text: Option<&str>) -> Self {
        text.map_or(Cell::Empty, Cell::text)
    }

    pub fn count(count: usize) -> Self {
        Cell::Number(Some(count as f64), 0)
    }
}

/// A column: heading and width.
pub struct Column {
    pub heading: String,
    pub width: f64,
    pub wrap: bool,
}

pub fn column(heading: impl Into<String>, width: f64) -> Column {
    Column {
        heading: heading.into(),
        width,
        wrap: false,
    }
}

/// A column whose texts wrap.
pub fn wrapping(heading: impl Into<String>, width: f64) -> Column {
    Column {
        heading: heading.into(),
        width,
        wrap: true,
    }
}

/// Names of sheets, each fit for Excel and used once.
#[derive(Default)]
pub struct SheetNames {
    taken: Vec<String>,
}

impl SheetNames {
    pub fn unique(&mut self, wanted: &str) -> String {
        let clean: String = for_cell(wanted)
            .chars()
            .map(|c| {
                if "[]:*?/\\'".contains(c) || c.is_control() {
                    ' '
                } else {
                    c
                }
            })
            .collect();
        let clean = match clean.trim() {
            "" => "Sheet",
            name if name.eq_ignore_ascii_case("history") => "History of clients",
            name => name,
        };
        let mut name = shorten(clean, LONGEST_NAME);
        let mut number = 2;
        while self
            .taken
            .iter()
            .any(|taken| taken.to_lowercase() == name.to_lowercase())
        {
            name = format!("{} {number}", shorten(clean, LONGEST_NAME - 5));
            number += 1;
        }
        self.taken.push(name.clone());
        name
    }
}

/// A new sheet, set up for print: landscape, fitted to the page's width, the heading's row repeated.
pub fn sheet<'b>(
    book: &'b mut Workbook,
    names: &mut SheetNames,
    wanted: &str,
) -> Result<(&'b mut Worksheet, String), XlsxError> {
    let name = names.unique(wanted);
    let sheet = book.add_worksheet();
    // A formula without a result shows nothing, not 0.
    sheet.set_formula_result_default("");
    sheet
        .set_name(&name)?
        .set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0)
        .set_footer("&L&A&RPage &P of &N");
    Ok((sheet, name))
}

/// The title of a sheet and a line under it.
pub fn title(sheet: &mut Worksheet, title: &str, note: &str) -> Result<(), XlsxError> {
    sheet.set_row_height(0, 28)?.write_string_with_format(
        0,
        0,
        for_cell(title),
        &Format::new()
            .set_bold()
            .set_font_size(18)
            .set_font_color(NAVY),
    )?;
    sheet.write_string_with_format(
        1,
        0,
        for_cell(note),
        &Format::new().set_font_color(Color::RGB(0x5A6672)),
    )?;
    Ok(())
}

/// Writes a table with its headings at `top`; returns the first and last data row, if there are rows.
pub fn table(
    sheet: &mut Worksheet,
    name: &str,
    top: u32,
    columns: &[Column],
    rows: &[Vec<Cell>],
) -> Result<Option<(u32, u32)>, XlsxError> {
    let heading = Format::new()
        .set_bold()
        .set_font_color(Color::White)
        .set_background_color(NAVY)
        .set_text_wrap()
        .set_align(FormatAlign::VerticalCenter);
    for (index, column) in columns.iter().enumerate() {
        sheet.set_column_width(index as u16, column.width)?;
        sheet.write_string_with_format(top, index as u16, &column.heading, &heading)?;
    }
    sheet.set_row_height(top, 46)?.set_repeat_rows(top, top)?;
    let formats = Formats::new();
    let mut links = 0;
    for (index, cells) in rows.iter().enumerate() {
        let row = top + 1 + index as u32;
        let mut lines: f64 = 1.0;
        for (number, (cell, column)) in cells.iter().zip(columns).enumerate() {
            lines = lines.max(write_cell(
                sheet,
                (row, number as u16),
                cell,
                column,
                &formats,
                &mut links,
            )?);
        }
        if lines > 1.0 {
            sheet.set_row_height(row, (lines * 15.0 + 3.0).min(400.0))?;
        }
    }
    if rows.is_empty() {
        sheet.write_string(top + 1, 0, "–")?;
        return Ok(None);
    }
    let last = top + rows.len() as u32;
    let columns: Vec<TableColumn> = columns
        .iter()
        .map(|column| {
            TableColumn::new()
                .set_header(&column.heading)
                .set_header_format(&heading)
        })
        .collect();
    let table = Table::new()
        .set_name(name)
        .set_columns(&columns)
        .set_style(TableStyle::Light1);
    sheet.add_table(top, 0, last, columns.len() as u16 - 1, &table)?;
    Ok(Some((top + 1, last)))
}

struct Formats {
    text: Format,
    wrap: Format,
    number: [Format; 3],
    percent: Format,
    date: Format,
    link: Format,
}

impl Formats {
    fn new() -> Self {
        let plain = || Format::new().set_align(FormatAlign::Top);
        Self {
            text: plain(),
            wrap: plain().set_text_wrap(),
            number: [
                plain().set_num_format("#,##0"),
                plain().set_num_format("#,##0.0"),
                plain().set_num_format("#,##0.00"),
            ],
            percent: plain().set_num_format("0%"),
            date: plain().set_num_format("yyyy-mm-dd"),
            link: plain()
                .set_font_color(TEAL)
                .set_underline(rust_xlsxwriter::FormatUnderline::Single),
        }
    }

    fn number(&self, decimals: usize) -> &Format {
        &self.number[decimals.min(2)]
    }
}

/// The colour of a tone's words and ground.
pub fn toned(tone: Tone) -> Format {
    let format = Format::new().set_align(FormatAlign::Top);
    match tone {
        Tone::Good => format
            .set_font_color(Color::RGB(0x14584F))
            .set_background_color(Color::RGB(0xDDEFEB)),
        Tone::Watch => format
            .set_font_color(Color::RGB(0x7A4A00))
            .set_background_color(Color::RGB(0xFBEBD0)),
        Tone::Bad => format
            .set_font_color(Color::RGB(0x8E2A20))
            .set_background_color(Color::RGB(0xF7DDD9)),
        Tone::Plain => format,
    }
}

/// Writes a cell; returns how many lines its row wants.
fn write_cell(
    sheet: &mut Worksheet,
    (row, at): (u32, u16),
    cell: &Cell,
    column: &Column,
    formats: &Formats,
    links: &mut usize,
) -> Result<f64, XlsxError> {
    match cell {
        Cell::Empty => {}
        Cell::Text(text) => {
            let text = for_cell(text);
            sheet.write_string_with_format(
                row,
                at,
                &text,
                if column.wrap {
                    &formats.wrap
                } else {
                    &formats.text
                },
            )?;
            if column.wrap {
                return Ok(text
                    .split('\n')
                    .map(|line| {
                        (line.chars().count() as f64 * 1.1 / column.width)
                            .ceil()
                            .max(1.0)
                    })
                    .sum());
            }
        }
        Cell::Toned(text, tone) => {
            sheet.write_string_with_format(row, at, for_cell(text), &toned(*tone))?;
        }
        Cell::Number(Some(number), decimals) if number.is_finite() => {
            sheet.write_number_with_format(row, at, *number, formats.number(*decimals))?;
        }
        Cell::Number(..) => {}
        Cell::Percent(share) => {
            sheet.write_number_with_format(row, at, *share, &formats.percent)?;
        }
        Cell::Date(day) => {
            let epoch = NaiveDate::from_ymd_opt(1899, 12, 30).unwrap_or_default();
            sheet.write_number_with_format(
                row,
                at,
                (*day - epoch).num_days() as f64,
                &formats.date,
            )?;
        }
        Cell::Link(url, words) => {
            *links += 1;
            if *links <= MOST_LINKS && url.chars().count() < LONGEST_LINK {
                sheet.write_url_with_format(
                    row,
                    at,
                    Url::new(url).set_text(for_cell(words)),
                    &formats.link,
                )?;
            } else {
                sheet.write_string_with_format(row, at, for_cell(words), &formats.text)?;
            }
        }
        Cell::Formula(formula, result, decimals) => {
            let formula = formula.replace("{row}", &(row + 1).to_string());
            let result = result.map(|result| result.to_string()).unwrap_or_default();
            sheet.write_formula_with_format(
                row,
                at,
                Formula::new(formula).set_result(result),
                formats.number(*decimals),
            )?;
        }
    }
    Ok(1.0)
}

/// A sheet's name as formulas write it.
pub fn quoted(name: &str) -> String {
    format!("'{}'", name.replace('\'', "''"))
}

/// A path as part of a link: only letters, digits and a few marks stay as they are.
pub fn link_path(path: &str) -> String {
    path.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"/.-_~:".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}
