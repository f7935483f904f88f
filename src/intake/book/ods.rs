//! OpenDocument spreadsheets.
//!
//! Calamine lays out every repeated cell and row, and never ends where the file does in the middle of a table. So the content
//! is looked through first: well-formed to its end, no declarations of entities, and no more cells than fit.

use std::collections::HashMap;
use std::io::Cursor;

use calamine::{Ods, OdsError, Reader};
use quick_xml::events::{BytesStart, Event};

use super::collector::{Collector, LARGEST_AREA, far_cell};
use super::xlsx::attribute;
use super::{Book, Content, Position, Shown};
use crate::intake::IntakeError;
use crate::intake::package::Package;

/// Most spaces that stand for one element.
const MOST_SPACES: u64 = 10_000;
/// Deepest nesting of elements.
const DEEPEST: usize = 256;

fn is_wanted(name: &str) -> bool {
    matches!(name, "mimetype" | "META-INF/manifest.xml" | "content.xml")
}

pub fn read(bytes: Vec<u8>) -> Result<Book, IntakeError> {
    let damaged = |error: OdsError| match error {
        OdsError::Password => IntakeError::Password,
        error => IntakeError::damaged(&error),
    };
    let package = Package::open(&bytes)?;
    let mut tables = Vec::new();
    let packed = package.repack(is_wanted, |name, part| {
        if name == "content.xml" {
            tables = look_through(part)?;
        }
        Ok(())
    })?;
    drop(package);
    drop(bytes);
    let mut ods: Ods<_> = Ods::new(Cursor::new(packed)).map_err(damaged)?;
    let names = ods.defined_names().to_vec();
    let sheet_names = ods.sheet_names();
    let mut collector = Collector::new(sheet_names.len())?;
    for name in sheet_names {
        let seen = tables.iter().find(|table| table.name == name);
        let range = ods.worksheet_range(&name).map_err(damaged)?;
        let start = range.start().unwrap_or_default();
        let mut cells = Vec::new();
        for (row, column, value) in range.used_cells() {
            let at = (start.0 + row as u32, start.1 + column as u32);
            let shown = seen.and_then(|table| table.shown.get(&at));
            let content = Content::from_data(value, shown.cloned().unwrap_or_default());
            if let Some(content) = content {
                collector.keep(&content)?;
                cells.push((at, content));
            }
        }
        for at in seen.map(|table| &table.unresolved).into_iter().flatten() {
            cells.push((*at, Content::Unresolved));
        }
        collector.sheet(&name, cells);
    }
    Ok(collector.book(&names))
}

/// What calamine does not tell of a table.
#[derive(Default)]
struct Table {
    name: String,
    shown: HashMap<Position, Shown>,
    unresolved: Vec<Position>,
}

/// Where the look is within a table.
#[derive(Default)]
struct Cursors {
    row: u64,
    column: u64,
    rows: u64,
    /// The last column of the row that has content, and the largest of the table.
    last: u64,
    widest: u64,
    /// Cells that are laid out while reading.
    laid_out: u64,
    first_row: Option<u64>,
}

fn look_through(xml: &[u8]) -> Result<Vec<Table>, IntakeError> {
    let mut reader = quick_xml::Reader::from_reader(xml);
    reader.config_mut().expand_empty_elements = true;
    let mut buffer = Vec::new();
    let mut tables: Vec<Table> = Vec::new();
    let mut cursors = Cursors::default();
    let (mut depth, mut inside) = (0usize, false);
    loop {
        let event = reader
            .read_event_into(&mut buffer)
            .map_err(|error| IntakeError::damaged(&error))?;
        match event {
            Event::Eof if depth == 0 => return Ok(tables),
            Event::Eof => return Err(IntakeError::Damaged("it ends in the middle".into())),
            Event::DocType(_) => {
                return Err(IntakeError::Damaged(
                    "it declares entities of its own".into(),
                ));
            }
            Event::Start(start) => {
                depth += 1;
                if depth > DEEPEST {
                    return Err(IntakeError::Excessive("it is nested too deeply".into()));
                }
                match start.name().as_ref() {
                    "table:table" if !inside => {
                        inside = true;
                        cursors = Cursors::default();
                        tables.push(Table {
                            name: attribute(&start, "table:name").unwrap_or_default(),
                            ..Table::default()
                        });
                    }
                    "table:table-row" => {
                        cursors.column = 0;
                        cursors.last = 0;
                        cursors.rows = number(&start, "table:number-rows-repeated", 1_048_576)?;
                    }
                    "table:table-cell" | "table:covered-table-cell" => {
                        if let Some(table) = tables.last_mut() {
                            cell(&start, &mut cursors, table)?;
                        }
                    }
                    "text:s" if number(&start, "text:c", u64::MAX)? > MOST_SPACES => {
                        return Err(IntakeError::Excessive("a text is too long".into()));
                    }
                    _ => {}
                }
            }
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                match end.name().as_ref() {
                    "table:table" => inside = false,
                    "table:table-row" => {
                        let name = tables.last().map_or("", |table| table.name.as_str());
                        end_row(&mut cursors, name)?;
                    }
                    _ => {}
                }
            }
            _ => {}
        }
        buffer.clear();
    }
}

/// Counts a row, as often as it is repeated, against the area that is laid out.
fn end_row(cursors: &mut Cursors, table: &str) -> Result<(), IntakeError> {
    let far = |cursors: &Cursors| far_cell(table, (cursors.row as u32, cursors.widest as u32));
    cursors.laid_out = cursors.laid_out.saturating_add(cursors.last);
    if cursors.last > 0 {
        cursors.widest = cursors.widest.max(cursors.last);
        let first = *cursors.first_row.get_or_insert(cursors.row);
        let rows = cursors.row + cursors.rows - first;
        if rows.saturating_mul(cursors.widest) > LARGEST_AREA || cursors.laid_out > LARGEST_AREA {
            return Err(far(cursors));
        }
    }
    cursors.row += cursors.rows;
    Ok(())
}

fn cell(start: &BytesStart, cursors: &mut Cursors, table: &mut Table) -> Result<(), IntakeError> {
    let repeated = number(start, "table:number-columns-repeated", 16_384)?;
    let mut kind = None;
    let mut formula = false;
    let mut filled = false;
    for (name, value) in start.attributes().flatten().map(|a| (a.key, a.value)) {
        match name.as_ref() {
            "office:value-type" => kind = Some(value.to_string()),
            "office:currency" => {
                let sign = crate::text::shorten(&value, 12);
                table.shown.insert(place(cursors), Shown::Money(sign));
            }
            "table:formula" => formula = true,
            "office:value"
            | "office:string-value"
            | "office:date-value"
            | "office:time-value"
            | "office:boolean-value" => filled = true,
            _ => {}
        }
    }
    if kind.as_deref() == Some("percentage") {
        for offset in 0..repeated.min(64) {
            let (row, column) = place(cursors);
            table
                .shown
                .insert((row, column + offset as u32), Shown::Percent);
        }
    }
    if formula && kind.is_none() && !filled {
        table.unresolved.push(place(cursors));
    }
    // Beyond the sheet's width calamine stops, too.
    cursors.column = (cursors.column + repeated).min(16_384);
    if kind.is_some() || formula || filled {
        cursors.last = cursors.column;
    }
    Ok(())
}

fn place(cursors: &Cursors) -> Position {
    (cursors.row as u32, cursors.column as u32)
}

/// A count, 1 where there is none.
fn number(start: &BytesStart, name: &str, most: u64) -> Result<u64, IntakeError> {
    match attribute(start, name) {
        None => Ok(1),
        Some(digits) => digits
            .trim()
            .parse::<u64>()
            .map(|count| count.min(most))
            .map_err(|_| IntakeError::Damaged("a count in it is no number".into())),
    }
}
