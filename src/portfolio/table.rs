//! Tables of cells, written row by row in the same way on all sheets.

use std::sync::Arc;

use rust_xlsxwriter::{Table, TableColumn, TableStyle, Worksheet, XlsxError};

use super::cell::{Cell, write_cell};
use super::theme::Theme;
use crate::questionnaire::PortfolioTexts;
use crate::text::{cell_width, for_cell};

/// Maximum number of rows with an individual height. Each uses 0.5 KB of memory until the file is written. Long tables
/// with more rows show two lines per row.
pub const MAX_HEIGHTS: usize = 3_500;
/// Maximum number of cells in an Excel table, because rust_xlsxwriter keeps data for each cell. Larger tables get only
/// an autofilter.
const MAX_TABLE_CELLS: usize = 60_000;
/// Excel's limit for the height of a row, in points.
const HIGHEST_ROW: f64 = 409.0;
/// Height of a line, in points.
const LINE: f64 = 15.0;
/// Minimum height of a heading row, in points: two lines, or a rotated date.
const LOWEST_HEADING: f64 = 46.0;
/// Maximum height of rotated headings, in points. Frozen headings reduce the space for rows.
const UPRIGHT: f64 = 112.0;

/// Heading and width of a column.
#[derive(Debug, Clone)]
pub struct Column {
    pub heading: String,
    pub width: f64,
    heading_style: HeadingStyle,
}

/// Alignment of a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HeadingStyle {
    /// Left-aligned, above text.
    Left,
    /// Right-aligned, above numbers.
    Right,
    /// Rotated, above narrow columns.
    Upright,
}

pub fn column(heading: impl Into<String>, width: f64) -> Column {
    Column {
        heading: for_cell(&heading.into()),
        width,
        heading_style: HeadingStyle::Left,
    }
}

/// Returns the column of the client names, wide enough to show most of them on one line.
pub fn client_column(texts: &PortfolioTexts) -> Column {
    column(&texts.columns.client, 38.0)
}

/// Returns a column of numbers with a right-aligned heading.
pub fn figures(heading: impl Into<String>, width: f64) -> Column {
    Column {
        heading_style: HeadingStyle::Right,
        ..column(heading, width)
    }
}

/// Returns a narrow column with a rotated heading.
pub fn upright(heading: impl Into<String>, width: f64) -> Column {
    Column {
        heading_style: HeadingStyle::Upright,
        ..column(heading, width)
    }
}

/// Writer of a table, row by row. Its headings repeat on every printed page.
pub struct TableWriter {
    columns: Vec<Column>,
    theme: Arc<Theme>,
    /// First and last row with data, or `None` without rows.
    pub range: Option<(u32, u32)>,
    next: u32,
    links: usize,
    /// Number of rows with an individual height.
    heights: usize,
    /// Minimum number of lines per row.
    lines: f64,
}

impl TableWriter {
    /// Writes the headings at row `top`, for a table with `count` rows.
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
            // A text without a format takes that of its column. Formats of cells are hashed for each cell.
            sheet.set_column_format(index as u16, &theme.wrap)?;
        }
        sheet
            .set_row_height(top, heading_height(&columns))?
            .set_repeat_rows(top, top)?;
        let last = top + count as u32;
        if count == 0 || count * columns.len() > MAX_TABLE_CELLS {
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

    /// Sets the minimum number of lines of the following rows, and the default row height of the sheet.
    pub fn set_lines(&mut self, sheet: &mut Worksheet, lines: u32) {
        self.lines = f64::from(lines);
        sheet.set_default_row_height(row_height(self.lines));
    }

    /// Writes the next row.
    pub fn row(&mut self, sheet: &mut Worksheet, cells: &[Cell]) -> Result<(), XlsxError> {
        let mut lines = self.lines;
        for (number, (cell, column)) in cells.iter().zip(&self.columns).enumerate() {
            let at = (self.next, number as u16);
            lines = lines.max(cell.lines(column.width));
            write_cell(sheet, at, cell, &self.theme, &mut self.links)?;
        }
        if lines > self.lines && self.heights < MAX_HEIGHTS {
            self.heights += 1;
            sheet.set_row_height(self.next, row_height(lines))?;
        }
        self.next += 1;
        Ok(())
    }
}

/// Returns the columns with unique headings, ignoring case, as Excel requires in a table.
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

/// Returns the height of the heading row that shows all lines, in points. Filter buttons take part of the width.
fn heading_height(columns: &[Column]) -> f64 {
    let height = |column: &Column| {
        let width = cell_width(&column.heading);
        if column.heading_style == HeadingStyle::Upright {
            // Long headings wrap to two lines.
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

/// Returns the height of a row with this number of lines, in points.
pub fn row_height(lines: f64) -> f64 {
    (lines * LINE + 3.0).min(HIGHEST_ROW)
}
