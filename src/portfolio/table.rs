//! Tables of cells, written row by row: one way for all sheets.

use std::sync::Arc;

use rust_xlsxwriter::{Table, TableColumn, TableStyle, Worksheet, XlsxError};

use super::cell::{Cell, write_cell};
use super::theme::Theme;
use crate::text::{cell_width, for_cell};

/// Rows with a height of their own, at most: each takes half a kilobyte until the file is written. Beyond them, two lines
/// of a text show.
pub const MAX_HEIGHTS: usize = 20_000;
/// Cells of an Excel table, at most: the writer remembers each. Beyond it, a filter does.
const MAX_TABLE_CELLS: usize = 150_000;
/// Excel's limit for the height of a row, in points, and the height of a line.
const HIGHEST_ROW: f64 = 409.0;
const LINE: f64 = 15.0;
/// Height of a row of headings, at least: two lines, or a day that stands upright.
const LOWEST_HEADING: f64 = 46.0;
/// Height of headings that stand upright, at most: what stands over the rows stays in sight and takes their room.
const UPRIGHT: f64 = 112.0;

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

/// The column of the clients' names: most of them on one line.
pub fn client_column() -> Column {
    column("Client", 38.0)
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

    /// Gives every row to come room for so many lines.
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
