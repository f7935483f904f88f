//! Tables of any length: where a sheet is full, they go on with another.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::builder::{WorkbookBuilder, title};
use super::cell::Cell;
use super::table::{Column, MAX_HEIGHTS, TableWriter};
use super::theme::Theme;

/// Rows of a sheet that hold data, at most: Excel's limit less titles and headings.
pub const MAX_ROWS: usize = 1_048_000;

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

    /// The sheets, after the last row; never none.
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
        (table.dress)(&mut sheet, theme, (first, table.top + here as u32))?;
    }
    let name = format!("{}{number}", table.name);
    let mut rows = TableWriter::begin(&mut sheet, theme, &name, table.top, &table.columns, here)?;
    let lines = table.lines.max(if here > MAX_HEIGHTS { 2 } else { 1 });
    if lines > 1 {
        rows.set_lines(&mut sheet, lines);
    }
    if here == 0 {
        sheet.write_string_with_format(first, 0, table.none, &theme.note)?;
    }
    if let Some(columns) = table.freeze {
        sheet.set_freeze_panes(first, columns)?;
    }
    Ok((sheet, rows, here))
}
