//! Writing tables of cells: one way for all sheets. Text is always written as text, numbers only when finite.

use chrono::NaiveDate;
use rust_xlsxwriter::{
    Color, ConditionalFormatText, ConditionalFormatTextRule, Format, FormatAlign, Formula, Table,
    TableColumn, TableStyle, Url, Workbook, Worksheet, XlsxError,
};

use crate::names;
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
/// Links of a sheet, at most: Excel refuses a file with more than 65,530, and each takes two kilobytes of memory until the
/// file is written. Further cells say the same without a link.
const MOST_LINKS: usize = 20_000;
/// Excel's limit for a sheet's name and a link, in characters.
const LONGEST_NAME: usize = 31;
const LONGEST_LINK: usize = 2000;

/// Rows of an Excel table, at most: the writer remembers every cell of a table. Beyond it, a filter does.
const MOST_TABLE_ROWS: usize = 20_000;

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

    /// The name of a band in its colour.
    pub fn band(band: Option<&(String, Tone)>) -> Self {
        band.map_or(Cell::Empty, |(band, tone)| Cell::Toned(band.clone(), *tone))
    }

    pub fn count(count: usize) -> Self {
        Cell::Number(Some(count as f64), 0)
    }
}

/// A column: heading and width.
#[derive(Debug, Clone)]
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

/// The workbook under way. Its sheets stand by themselves until all are written, and are then put in order.
pub struct Book {
    workbook: Workbook,
    names: Vec<String>,
}

impl Book {
    pub fn new(workbook: Workbook) -> Self {
        Self {
            workbook,
            names: Vec::new(),
        }
    }

    /// A new sheet. Its rows are written from the top downwards and leave the memory at once.
    pub fn sheet(&mut self, wanted: &str) -> Result<Worksheet, XlsxError> {
        let sheet = self.workbook.new_worksheet_with_low_memory()?;
        self.set_up(sheet, wanted)
    }

    /// As [`Book::sheet`], for the few rows that charts are drawn from: kept, so that the charts know their figures.
    pub fn kept_sheet(&mut self, wanted: &str) -> Result<Worksheet, XlsxError> {
        self.set_up(Worksheet::new(), wanted)
    }

    /// As [`Book::sheet`], for more texts than memory holds: each stands in its cell, not in a list of all.
    pub fn plain_sheet(&mut self, wanted: &str) -> Result<Worksheet, XlsxError> {
        let sheet = self.workbook.new_worksheet_with_constant_memory()?;
        self.set_up(sheet, wanted)
    }

    /// Set up for print: landscape, fitted to the page's width.
    fn set_up(&mut self, mut sheet: Worksheet, wanted: &str) -> Result<Worksheet, XlsxError> {
        // A formula without a result shows nothing, not 0.
        sheet.set_formula_result_default("");
        sheet
            .set_name(self.unique(wanted))?
            .set_landscape()
            .set_paper_size(9)
            .set_print_fit_to_pages(1, 0)
            .set_footer("&L&A&RPage &P of &N");
        Ok(sheet)
    }

    /// The workbook with its sheets in this order, and a hidden one that says that it is no client's.
    pub fn with(
        mut self,
        sheets: impl IntoIterator<Item = Worksheet>,
    ) -> Result<Workbook, XlsxError> {
        for sheet in sheets {
            self.workbook.push_worksheet(sheet);
        }
        let mark = self.workbook.add_worksheet();
        mark.set_name(names::META_SHEET)?
            .set_hidden(true)
            .write_string(0, 0, names::META_MARK)?
            .write_string(1, 1, names::META_CONSOLIDATED)?;
        Ok(self.workbook)
    }

    /// A sheet's name that is fit for Excel and not taken.
    fn unique(&mut self, wanted: &str) -> String {
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
            .names
            .iter()
            .any(|taken| taken.to_lowercase() == name.to_lowercase())
        {
            name = format!("{} {number}", shorten(clean, LONGEST_NAME - 5));
            number += 1;
        }
        self.names.push(name.clone());
        name
    }
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

/// A table that is written row by row, its headings repeated on every page.
pub struct TableWriter {
    columns: Vec<Column>,
    formats: Formats,
    /// First and last row of the data, if there are rows.
    pub range: Option<(u32, u32)>,
    next: u32,
    links: usize,
}

impl TableWriter {
    /// Writes the headings at `top`; `count` rows are to follow.
    pub fn begin(
        sheet: &mut Worksheet,
        name: &str,
        top: u32,
        columns: &[Column],
        count: usize,
    ) -> Result<Self, XlsxError> {
        let heading = heading().set_align(FormatAlign::VerticalCenter);
        for (index, column) in columns.iter().enumerate() {
            sheet.set_column_width(index as u16, column.width)?;
        }
        sheet.set_row_height(top, 46)?.set_repeat_rows(top, top)?;
        let last = top + count as u32;
        if count == 0 || count > MOST_TABLE_ROWS {
            for (index, column) in columns.iter().enumerate() {
                sheet.write_string_with_format(top, index as u16, &column.heading, &heading)?;
            }
            if count == 0 {
                sheet.write_string(top + 1, 0, "–")?;
            } else {
                sheet.autofilter(top, 0, last, columns.len() as u16 - 1)?;
            }
        } else {
            let headings: Vec<TableColumn> = columns
                .iter()
                .map(|column| {
                    TableColumn::new()
                        .set_header(&column.heading)
                        .set_header_format(&heading)
                })
                .collect();
            let table = Table::new()
                .set_name(name)
                .set_columns(&headings)
                .set_style(TableStyle::Light1);
            sheet.add_table(top, 0, last, headings.len() as u16 - 1, &table)?;
        }
        Ok(Self {
            columns: columns.to_vec(),
            formats: Formats::new(),
            range: (count > 0).then_some((top + 1, last)),
            next: top + 1,
            links: 0,
        })
    }

    /// Writes the next row.
    pub fn row(&mut self, sheet: &mut Worksheet, cells: &[Cell]) -> Result<(), XlsxError> {
        let mut lines: f64 = 1.0;
        for (number, (cell, column)) in cells.iter().zip(&self.columns).enumerate() {
            lines = lines.max(write_cell(
                sheet,
                (self.next, number as u16),
                cell,
                column,
                &self.formats,
                &mut self.links,
            )?);
        }
        if lines > 1.0 {
            sheet.set_row_height(self.next, (lines * 15.0 + 3.0).min(400.0))?;
        }
        self.next += 1;
        Ok(())
    }
}

/// What a long table is.
pub struct LongTable {
    /// Title and name of its sheets, and the line under the title.
    pub title: String,
    pub note: &'static str,
    /// Name of the tables, each with a number behind.
    pub name: String,
    /// Row of the headings.
    pub top: u32,
    pub columns: Vec<Column>,
    /// Adds to a sheet what its rows, first to last, look like.
    pub dress: fn(&mut Worksheet, (u32, u32)) -> Result<(), XlsxError>,
}

/// A long table under way; where a sheet is full, it goes on with another.
pub struct LongTableWriter {
    table: LongTable,
    /// The sheets, the last one under way.
    sheets: Vec<Worksheet>,
    rows: TableWriter,
    /// Rows to come on the sheet and after it.
    here: usize,
    later: usize,
}

impl LongTableWriter {
    /// Begins the table; `count` rows are to follow.
    pub fn begin(book: &mut Book, table: LongTable, count: usize) -> Result<Self, XlsxError> {
        let (sheet, rows, here) = begin_sheet(book, &table, 1, count)?;
        Ok(Self {
            table,
            sheets: vec![sheet],
            rows,
            here,
            later: count - here,
        })
    }

    /// Writes the next row.
    pub fn row(&mut self, book: &mut Book, cells: &[Cell]) -> Result<(), XlsxError> {
        if self.here == 0 && self.later > 0 {
            let number = self.sheets.len() + 1;
            let (sheet, rows, here) = begin_sheet(book, &self.table, number, self.later)?;
            self.sheets.push(sheet);
            (self.rows, self.here) = (rows, here);
            self.later -= here;
        }
        self.here = self.here.saturating_sub(1);
        match self.sheets.last_mut() {
            Some(sheet) => self.rows.row(sheet, cells),
            None => Ok(()),
        }
    }

    /// The sheets, after the last row; never none.
    pub fn end(self) -> Vec<Worksheet> {
        self.sheets
    }
}

fn begin_sheet(
    book: &mut Book,
    table: &LongTable,
    number: usize,
    count: usize,
) -> Result<(Worksheet, TableWriter, usize), XlsxError> {
    let mut sheet = book.sheet(&table.title)?;
    title(&mut sheet, &table.title, table.note)?;
    let here = count.min(MOST_ROWS);
    let name = format!("{}{number}", table.name);
    let rows = TableWriter::begin(&mut sheet, &name, table.top, &table.columns, here)?;
    if let Some(range) = rows.range {
        (table.dress)(&mut sheet, range)?;
    }
    Ok((sheet, rows, here))
}

/// How headings look.
pub fn heading() -> Format {
    Format::new()
        .set_bold()
        .set_font_color(Color::White)
        .set_background_color(NAVY)
        .set_text_wrap()
}

/// Lets cells that begin with a word have the colour of its tone.
pub fn colour_words<'w>(
    sheet: &mut Worksheet,
    (first, last): (u32, u32),
    column: u16,
    words: impl IntoIterator<Item = (&'w str, Tone)>,
) -> Result<(), XlsxError> {
    for (word, tone) in words {
        if tone != Tone::Plain {
            let rule = ConditionalFormatText::new()
                .set_rule(ConditionalFormatTextRule::BeginsWith(word.to_owned()))
                .set_format(toned(tone));
            sheet.add_conditional_format(first, column, last, column, &rule)?;
        }
    }
    Ok(())
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
