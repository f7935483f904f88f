//! Tables of cells, written row by row: one way for all sheets. Text is always written as text, numbers only when finite.

use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use rust_xlsxwriter::{
    ConditionalFormatCell, ConditionalFormatCellRule, ConditionalFormatDataBar,
    ConditionalFormatType, Format, Formula, Table, TableColumn, TableStyle, Url, Worksheet,
    XlsxError,
};

use super::book::{Book, title};
use super::theme::Theme;
use crate::answers::column_letters;
use crate::pdf::Color;
use crate::programme::Tone;
use crate::text::{cell_lines, cell_width, for_cell};

/// Rows of a sheet that hold data, at most: Excel's limit less titles and headings.
pub const MOST_ROWS: usize = 1_048_000;
/// Links of a sheet, at most: Excel refuses a file with more than 65,530, and each takes two kilobytes of memory until the
/// file is written. Further cells say the same without a link.
const MOST_LINKS: usize = 20_000;
/// Rows with a height of their own, at most: each takes half a kilobyte until the file is written. Beyond them, two lines
/// of a text show.
const MOST_HEIGHTS: usize = 20_000;
/// Excel's limit for a link, in characters.
const LONGEST_LINK: usize = 2000;
/// Cells of an Excel table, at most: the writer remembers each. Beyond it, a filter does.
const MOST_TABLE_CELLS: usize = 150_000;
/// Excel's limit for the height of a row, in points, and the height of a line.
const HIGHEST_ROW: f64 = 409.0;
const LINE: f64 = 15.0;
/// Height of a row of headings, at least: two lines, or a day that stands upright.
const LOWEST_HEADING: f64 = 40.0;
/// Height of headings that stand upright, at most: what stands over the rows stays in sight and takes their room.
const UPRIGHT: f64 = 112.0;

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
    /// A difference, with one or two decimals.
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

    /// The name of a band in its colour.
    pub fn band(band: Option<&(String, Tone)>) -> Self {
        band.map_or(Cell::Empty, |(band, tone)| Cell::Toned(band.clone(), *tone))
    }

    /// A number with a decimal where it has one.
    pub fn plain(number: Option<f64>) -> Self {
        let whole = number.is_none_or(|number| number.fract() == 0.0);
        Cell::Number(number, usize::from(!whole))
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
    heading_style: HeadingStyle,
}

/// How a heading stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HeadingStyle {
    /// Over texts.
    Left,
    /// Over figures.
    Right,
    /// Over narrow columns.
    Upright,
}

pub fn column(heading: impl Into<String>, width: f64) -> Column {
    Column {
        heading: for_cell(&heading.into()),
        width,
        heading_style: HeadingStyle::Left,
    }
}

/// A column of figures: its heading stands over their right ends.
pub fn figures(heading: impl Into<String>, width: f64) -> Column {
    Column {
        heading_style: HeadingStyle::Right,
        ..column(heading, width)
    }
}

/// A narrow column whose heading stands upright.
pub fn upright(heading: impl Into<String>, width: f64) -> Column {
    Column {
        heading_style: HeadingStyle::Upright,
        ..column(heading, width)
    }
}

/// A table that is written row by row, its headings repeated on every page.
pub struct TableWriter {
    columns: Vec<Column>,
    theme: Arc<Theme>,
    /// First and last row of the data, if there are rows.
    pub range: Option<(u32, u32)>,
    next: u32,
    links: usize,
    /// Rows that got a height of their own.
    heights: usize,
    /// Lines of a row unless it has more.
    lines: f64,
}

impl TableWriter {
    /// Writes the headings at `top`; `count` rows are to follow.
    pub fn begin(
        sheet: &mut Worksheet,
        theme: &Arc<Theme>,
        name: &str,
        top: u32,
        columns: &[Column],
        count: usize,
    ) -> Result<Self, XlsxError> {
        let columns = distinct(columns);
        let format = |column: &Column| match column.heading_style {
            HeadingStyle::Left => theme.heading.clone(),
            HeadingStyle::Right => theme.figure_heading.clone(),
            HeadingStyle::Upright => theme.upright.clone(),
        };
        for (index, column) in columns.iter().enumerate() {
            sheet.set_column_width(index as u16, column.width)?;
        }
        sheet
            .set_row_height(top, heading_height(&columns))?
            .set_repeat_rows(top, top)?;
        let last = top + count as u32;
        if count == 0 || count * columns.len() > MOST_TABLE_CELLS {
            for (index, column) in columns.iter().enumerate() {
                let at = index as u16;
                sheet.write_string_with_format(top, at, &column.heading, &format(column))?;
            }
            if count > 0 {
                sheet.autofilter(top, 0, last, columns.len() as u16 - 1)?;
            }
        } else {
            let headings: Vec<TableColumn> = columns
                .iter()
                .map(|column| {
                    TableColumn::new()
                        .set_header(&column.heading)
                        .set_header_format(format(column))
                })
                .collect();
            let table = Table::new()
                .set_name(name)
                .set_columns(&headings)
                .set_style(TableStyle::Light1);
            sheet.add_table(top, 0, last, headings.len() as u16 - 1, &table)?;
        }
        Ok(Self {
            columns,
            theme: theme.clone(),
            range: (count > 0).then_some((top + 1, last)),
            next: top + 1,
            links: 0,
            heights: 0,
            lines: 1.0,
        })
    }

    /// Writes the next row.
    pub fn row(&mut self, sheet: &mut Worksheet, cells: &[Cell]) -> Result<(), XlsxError> {
        let mut lines = self.lines;
        for (number, (cell, column)) in cells.iter().zip(&self.columns).enumerate() {
            let at = (self.next, number as u16);
            lines = lines.max(cell.lines(column.width));
            write_cell(sheet, at, cell, &self.theme, &mut self.links)?;
        }
        if lines > self.lines && self.heights < MOST_HEIGHTS {
            self.heights += 1;
            sheet.set_row_height(self.next, row_height(lines))?;
        }
        self.next += 1;
        Ok(())
    }
}

/// Columns whose headings all differ, in capitals and small letters alike, as Excel wants them in a table.
fn distinct(columns: &[Column]) -> Vec<Column> {
    let mut seen: Vec<String> = Vec::new();
    let mut columns = columns.to_vec();
    for column in &mut columns {
        let wanted = column.heading.clone();
        let mut number = 2;
        while seen.contains(&column.heading.to_lowercase()) || column.heading.is_empty() {
            column.heading = format!("{wanted} {number}");
            number += 1;
        }
        seen.push(column.heading.to_lowercase());
    }
    columns
}

/// Height of the row of headings, so that all their lines show; a filter's button takes some of the width.
fn heading_height(columns: &[Column]) -> f64 {
    let height = |column: &Column| {
        let width = cell_width(&column.heading);
        if column.heading_style == HeadingStyle::Upright {
            // Long ones take two lines.
            return (width * 6.4 + 20.0).min(UPRIGHT);
        }
        let mut lines = 0.0;
        let mut room = 0.0;
        for word in column.heading.split(' ') {
            let width = cell_width(word) * 1.15;
            if width > room {
                lines += (width / (column.width - 2.5).max(3.0)).ceil();
                room = column.width - 2.5;
            }
            room -= width + 1.0;
        }
        lines * LINE + 4.0
    };
    let highest = columns.iter().map(height).fold(LOWEST_HEADING, f64::max);
    highest.min(HIGHEST_ROW / 2.0)
}

/// Height of a row with so many lines.
pub fn row_height(lines: f64) -> f64 {
    (lines * LINE + 3.0).min(HIGHEST_ROW)
}

impl Cell {
    /// How many lines it takes in a column of this width.
    fn lines(&self, width: f64) -> f64 {
        match self {
            Cell::Text(text) | Cell::Toned(text, _) | Cell::Link(_, text) => {
                cell_lines(text, width)
            }
            _ => 1.0,
        }
    }
}

/// What a long table is.
pub struct LongTable {
    /// Name and title of its sheets, and the line under the title.
    pub sheet: String,
    pub title: String,
    pub note: String,
    /// Name of the tables, each with a number behind.
    pub name: String,
    /// What is said where there are no rows.
    pub none: &'static str,
    /// Row of the headings.
    pub top: u32,
    pub columns: Vec<Column>,
    /// Lines of a row unless it has more. A row of another height takes memory until the file is written.
    pub lines: u32,
    /// Columns that stay in sight, with the headings; none where a chart stands over the table.
    pub freeze: Option<u16>,
    /// Adds to a sheet what its rows, first to last, look like, and what stands over them.
    pub dress: Dress,
}

/// See [`LongTable::dress`].
pub type Dress = Box<dyn FnMut(&mut Worksheet, &Theme, (u32, u32)) -> Result<(), XlsxError>>;

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
    pub fn begin(book: &mut Book, mut table: LongTable, count: usize) -> Result<Self, XlsxError> {
        let (sheet, rows, here) = begin_sheet(book, &mut table, 1, count)?;
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
            let (sheet, rows, here) = begin_sheet(book, &mut self.table, number, self.later)?;
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
    table: &mut LongTable,
    number: usize,
    count: usize,
) -> Result<(Worksheet, TableWriter, usize), XlsxError> {
    let mut sheet = book.sheet(&table.sheet)?;
    let theme = &book.theme;
    title(&mut sheet, theme, &table.title, &table.note)?;
    let here = count.min(MOST_ROWS - table.top as usize);
    let first = table.top + 1;
    if here > 0 {
        (table.dress)(&mut sheet, theme, (first, table.top + here as u32))?;
    }
    let name = format!("{}{number}", table.name);
    let mut rows = TableWriter::begin(&mut sheet, theme, &name, table.top, &table.columns, here)?;
    let lines = table.lines.max(if here > MOST_HEIGHTS { 2 } else { 1 });
    if lines > 1 {
        rows.lines = f64::from(lines);
        sheet.set_default_row_height(row_height(rows.lines));
    }
    if here == 0 {
        sheet.write_string_with_format(first, 0, table.none, &theme.note)?;
    }
    if let Some(columns) = table.freeze {
        sheet.set_freeze_panes(first, columns)?;
    }
    Ok((sheet, rows, here))
}

/// Lets cells that hold a word have the colour of its tone.
pub fn colour_words<'w>(
    sheet: &mut Worksheet,
    theme: &Theme,
    (first, last): (u32, u32),
    column: u16,
    words: impl IntoIterator<Item = (&'w str, Tone)>,
) -> Result<(), XlsxError> {
    for (word, tone) in words {
        if tone != Tone::Plain && !word.is_empty() {
            let rule = ConditionalFormatCell::new()
                .set_rule(ConditionalFormatCellRule::EqualTo(word.to_owned()))
                .set_format(theme.toned(tone));
            sheet.add_conditional_format(first, column, last, column, &rule)?;
        }
    }
    Ok(())
}

/// Bars within the cells of a column, up to a highest value; without one, both ways from 0.
pub fn bars(
    sheet: &mut Worksheet,
    theme: &Theme,
    (first, last): (u32, u32),
    column: u16,
    highest: Option<f64>,
) -> Result<(), XlsxError> {
    let mut bar = ConditionalFormatDataBar::new()
        .set_fill_color(theme.color(Color::AccentSoft))
        .set_solid_fill(true)
        .set_negative_fill_color(theme.toned_ground())
        .set_negative_border_color(theme.toned_ground());
    if let Some(highest) = highest {
        bar = bar
            .set_minimum(ConditionalFormatType::Number, 0)
            .set_maximum(ConditionalFormatType::Number, highest);
    }
    sheet.add_conditional_format(first, column, last, column, &bar)?;
    Ok(())
}

fn write_cell(
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
            if *links <= MOST_LINKS && url.chars().count() < LONGEST_LINK {
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
                Shown::Signed(decimals) => &theme.signed[decimals.clamp(&1, &2) - 1],
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

/// Days since the day before 1900, as spreadsheets count them from March 1900 on.
pub fn day_number(day: NaiveDate) -> f64 {
    let epoch = NaiveDate::from_ymd_opt(1899, 12, 30).unwrap_or_default();
    (day - epoch).num_days() as f64
}

/// Whether COUNTIF counts the cells that hold this very text: it takes some signs for rules, and no text of any length.
pub fn countable(text: &str) -> bool {
    const LONGEST: usize = 255;
    !text.is_empty()
        && text.encode_utf16().count() <= LONGEST
        && !text.contains(['*', '?', '~'])
        && !text.starts_with(['=', '<', '>'])
}

/// A sheet's name as formulas write it.
pub fn quoted(name: &str) -> String {
    format!("'{}'", name.replace('\'', "''"))
}

/// A range of a column as formulas write it, fixed in place.
pub fn range(column: u16, (first, last): (u32, u32)) -> String {
    let letters = column_letters(u32::from(column));
    format!("${letters}${}:${letters}${}", first + 1, last + 1)
}

/// A range of another sheet.
pub fn range_of(sheet: &str, column: u16, rows: (u32, u32)) -> String {
    format!("{}!{}", quoted(sheet), range(column, rows))
}

/// A cell as formulas write it, fixed in place.
pub fn cell(row: u32, column: u16) -> String {
    format!("${}${}", column_letters(u32::from(column)), row + 1)
}

/// A path as a link, with slashes; none where it has signs that a link does not take. The writer escapes what it has to.
pub fn link_to_file(path: &Path) -> Option<String> {
    let text = path.to_str()?.replace('\\', "/");
    let colon = path.is_relative() && text.contains(':');
    (!text.contains(['#', '?', '%', '"']) && !colon).then(|| format!("file:///{text}"))
}
