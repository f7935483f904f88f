//! Tables of any length, which continue on another sheet when a sheet is full.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::builder::{WorkbookBuilder, title};
use super::cell::Cell;
use super::table::{Column, MAX_HEIGHTS, TableWriter};
use super::theme::Theme;

/// Maximum number of rows with data per sheet: Excel's limit of 1,048,576 minus room for titles and headings.
pub const MAX_ROWS: usize = 1_048_000;

/// Definition of a long table.
pub struct LongTable {
    /// Name of the sheets.
    pub sheet: String,
    /// Title of the sheets.
    pub title: String,
    /// Note below the title.
    pub note: String,
    /// Name of the Excel tables, to which a number is appended.
    pub name: String,
    /// Text if there are no rows.
    pub none: String,
    /// Row of the headings.
    pub top: u32,
    pub columns: Vec<Column>,
    /// Minimum number of lines per row. A row with another height uses memory until the file is written.
    pub lines: u32,
    /// Number of columns to freeze together with the headings, or `None` if a chart is above the table.
    pub freeze: Option<u16>,
    /// Adds conditional formats for the rows, from first to last, and the content above them to a sheet.
    pub decorate: Decorate,
}

/// See [`LongTable::decorate`].
pub type Decorate = Box<dyn FnMut(&mut Worksheet, &Theme, (u32, u32)) -> Result<(), XlsxError>>;

/// Writer of a long table. When a sheet is full, it begins another sheet.
pub struct LongTableWriter {
    table: LongTable,
    /// The sheets. Rows are written to the last one.
    sheets: Vec<Worksheet>,
    rows: TableWriter,
    /// Number of rows still to be written on the current sheet.
    here: usize,
    /// Number of rows for later sheets.
    later: usize,
}

impl LongTableWriter {
    /// Begins a table with `count` rows.
    pub fn begin(
        book: &mut WorkbookBuilder,
        mut table: LongTable,
        count: usize,
    ) -> Result<Self, XlsxError> {
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
    pub fn row(&mut self, book: &mut WorkbookBuilder, cells: &[Cell]) -> Result<(), XlsxError> {
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

    /// Returns the sheets, at least one. Call it after the last row.
    pub fn end(self) -> Vec<Worksheet> {
        self.sheets
    }
}

fn begin_sheet(
    book: &mut WorkbookBuilder,
    table: &mut LongTable,
    number: usize,
    count: usize,
) -> Result<(Worksheet, TableWriter, usize), XlsxError> {
    let mut sheet = book.sheet(&table.sheet)?;
    let theme = &book.theme;
    title(&mut sheet, theme, &table.title, &table.note)?;
    let here = count.min(MAX_ROWS - table.top as usize);
    let first = table.top + 1;
    if here > 0 {
        (table.decorate)(&mut sheet, theme, (first, table.top + here as u32))?;
    }
    let name = format!("{}{number}", table.name);
    let mut rows = TableWriter::begin(&mut sheet, theme, &name, table.top, &table.columns, here)?;
    let lines = table.lines.max(if here > MAX_HEIGHTS { 2 } else { 1 });
    if lines > 1 {
        rows.set_lines(&mut sheet, lines);
    }
    if here == 0 {
        sheet.write_string_with_format(first, 0, &table.none, &theme.note)?;
    }
    if let Some(columns) = table.freeze {
        sheet.set_freeze_panes(first, columns)?;
    }
    Ok((sheet, rows, here))
}
