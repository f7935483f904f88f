//! Excel's binary workbooks (MS-XLSB). Their records are walked once before calamine sees them: every length must lie
//! within its part.

use std::collections::HashMap;
use std::io::Cursor;

use calamine::{Reader, Xlsb, XlsbError};

use super::collector::Collector;
use super::xls::{builtin_format, error_name, u16_at};
use super::{Book, Content, Position, Shown};
use crate::intake::IntakeError;
use crate::intake::package::Package;

// Record types, MS-XLSB 2.3.1.
const ROW: u32 = 0x00;
const ERROR: u32 = 0x03;
const FORMULA_ERROR: u32 = 0x0B;
/// Cells that leave out their column, since it follows the one before; 11 less is the type of the same cell in full.
const SHORT: std::ops::RangeInclusive<u32> = 0x0C..=0x12;
const SHORT_TO_FULL: u32 = 11;
const FORMAT: u32 = 0x2C;
const XF: u32 = 0x2F;
const SHEET: u32 = 0x9C;
const BEGIN_CELL_XFS: u32 = 0x269;
const END_CELL_XFS: u32 = 0x26A;
/// Longest record, in bytes: a text of 32,767 characters and what goes with it.
const LONGEST_RECORD: usize = 1 << 20;
/// Bytes before a cell's value: column, style.
const CELL_HEAD: usize = 8;

fn is_wanted(name: &str) -> bool {
    super::xlsx::is_wanted(name)
        || (name.ends_with(".bin")
            && [
                "xl/workbook.bin",
                "xl/styles.bin",
                "xl/sharedStrings.bin",
                "xl/worksheets/",
            ]
            .iter()
            .any(|part| name.starts_with(part)))
}

/// What calamine does not tell of a sheet: styles of its cells, and formulas whose result is an error.
#[derive(Default)]
struct Look {
    styles: HashMap<Position, u32>,
    errors: Vec<(Position, String)>,
}

pub fn read(bytes: Vec<u8>) -> Result<Book, IntakeError> {
    let damaged = |error: XlsbError| match error {
        XlsbError::Password => IntakeError::Password,
        error => IntakeError::damaged(&error),
    };
    let package = Package::open(&bytes)?;
    let mut by_path: HashMap<String, Look> = HashMap::new();
    let (mut shown, mut sheets) = (Vec::new(), Vec::new());
    let packed = package.repack(is_wanted, |name, part| {
        if name.starts_with("xl/worksheets/") && name.ends_with(".bin") {
            by_path.insert(name.to_owned(), look_through(part)?);
        } else if name == "xl/styles.bin" {
            shown = styles(part)?;
        } else if name == "xl/workbook.bin" {
            sheets = sheet_relations(part)?;
        } else if name.ends_with(".bin") {
            walk(part, |_, _| ())?;
        }
        Ok(())
    })?;
    let relations = "xl/_rels/workbook.bin.rels";
    let targets: HashMap<String, String> = if package.has(relations) {
        super::xlsx::relations(&package.part(relations, 4 << 20)?)
    } else {
        HashMap::new()
    };
    drop(package);
    drop(bytes);
    let mut xlsb: Xlsb<_> = Xlsb::new(Cursor::new(packed)).map_err(damaged)?;
    let names = xlsb.defined_names().to_vec();
    let sheet_names = xlsb.sheet_names();
    let mut collector = Collector::new(sheet_names.len())?;
    for name in sheet_names {
        let look = sheets
            .iter()
            .find(|(sheet, _)| *sheet == name)
            .and_then(|(_, id)| by_path.remove(&format!("xl/{}", targets.get(id)?)))
            .unwrap_or_default();
        // A chart sheet has no cells to read.
        let Ok(mut reader) = xlsb.worksheet_cells_reader(&name) else {
            continue;
        };
        let mut cells = Vec::new();
        while let Some(cell) = reader.next_cell().map_err(damaged)? {
            collector.see()?;
            let at = cell.get_position();
            let style = look.styles.get(&at).copied().unwrap_or_default();
            let shown = shown.get(style as usize).cloned().unwrap_or_default();
            if let Some(content) = Content::from_calamine(cell.get_value(), shown) {
                collector.keep(&content)?;
                cells.push((at, content));
            }
        }
        // Formulas whose result is an error are passed over by calamine; of two in one place the last counts.
        cells.extend(
            look.errors
                .into_iter()
                .map(|(at, error)| (at, Content::Error(error))),
        );
        collector.sheet(&name, cells);
    }
    Ok(collector.book(&names))
}

/// Walks over the records of a part: type and data.
fn walk(part: &[u8], mut each: impl FnMut(u32, &[u8])) -> Result<(), IntakeError> {
    let broken = || IntakeError::Damaged("its records do not fit into it".into());
    let mut rest = part;
    while !rest.is_empty() {
        let kind = number(&mut rest, 2).ok_or_else(broken)?;
        let length = number(&mut rest, 4).ok_or_else(broken)? as usize;
        if length > LONGEST_RECORD {
            return Err(broken());
        }
        let (data, after) = rest.split_at_checked(length).ok_or_else(broken)?;
        each(kind, data);
        rest = after;
    }
    Ok(())
}

/// A number of at most so many bytes with seven bits each, lowest first.
fn number(rest: &mut &[u8], most: u32) -> Option<u32> {
    let mut value = 0;
    for index in 0..most {
        let (byte, after) = rest.split_first()?;
        *rest = after;
        value |= u32::from(byte & 0x7F) << (7 * index);
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some(value)
}

fn u32_at(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(data.get(at..at + 4)?.try_into().ok()?))
}

/// A text with its length in characters before it, and the bytes after it.
fn wide_text(data: &[u8]) -> Option<(String, &[u8])> {
    let length = u32_at(data, 0)? as usize;
    let bytes = data.get(4..4usize.checked_add(length.checked_mul(2)?)?)?;
    let units: Vec<u16> = bytes
        .as_chunks::<2>()
        .0
        .iter()
        .map(|pair| u16::from_le_bytes(*pair))
        .collect();
    Some((String::from_utf16_lossy(&units), &data[4 + bytes.len()..]))
}

/// Looks through a sheet, and writes out in full the short cells, which calamine passes over.
fn look_through(part: &mut Vec<u8>) -> Result<Look, IntakeError> {
    let mut look = Look::default();
    let (mut row, mut column) = (0, 0);
    let mut full = Vec::new();
    let mut any_short = false;
    let mut cell = |at: Position, kind: u32, style: Option<u32>, value: Option<&u8>| {
        if matches!(kind, ERROR | FORMULA_ERROR)
            && let Some(code) = value
        {
            look.errors.push((at, error_name(*code).into()));
        }
        if let Some(style) = style
            .map(|style| style & 0xFF_FFFF)
            .filter(|style| *style != 0)
        {
            look.styles.insert(at, style);
        }
    };
    walk(part, |kind, data| {
        match kind {
            ROW => row = u32_at(data, 0).unwrap_or(u32::MAX),
            1..=FORMULA_ERROR => {
                column = u32_at(data, 0).unwrap_or(u32::MAX);
                cell((row, column), kind, u32_at(data, 4), data.get(CELL_HEAD));
            }
            kind if SHORT.contains(&kind) => {
                any_short = true;
                column = column.saturating_add(1);
                let kind = kind - SHORT_TO_FULL;
                cell((row, column), kind, u32_at(data, 0), data.get(4));
                write(&mut full, kind, &[&column.to_le_bytes(), data]);
                return;
            }
            _ => {}
        }
        write(&mut full, kind, &[data]);
    })?;
    if any_short {
        *part = full;
    }
    Ok(look)
}

/// Appends a record.
fn write(out: &mut Vec<u8>, kind: u32, data: &[&[u8]]) {
    let length = data.iter().map(|piece| piece.len()).sum::<usize>() as u32;
    for (mut number, least) in [(kind, if kind > 0x7F { 2 } else { 1 }), (length, 1)] {
        let mut written = 0;
        while number > 0 || written < least {
            let rest = number >> 7;
            let more = rest > 0 || written + 1 < least;
            out.push((number & 0x7F) as u8 | if more { 0x80 } else { 0 });
            number = rest;
            written += 1;
        }
    }
    data.iter().for_each(|piece| out.extend_from_slice(piece));
}

/// How each style shows a number.
fn styles(part: &[u8]) -> Result<Vec<Shown>, IntakeError> {
    let mut formats: HashMap<u16, Shown> = HashMap::new();
    let mut shown = Vec::new();
    let mut in_cells = false;
    walk(part, |kind, data| match kind {
        FORMAT => {
            let code = data.get(2..).and_then(wide_text);
            if let (Some(id), Some((code, _))) = (u16_at(data, 0), code) {
                formats.insert(id, Shown::by_format(&code));
            }
        }
        BEGIN_CELL_XFS => in_cells = true,
        END_CELL_XFS => in_cells = false,
        XF if in_cells => {
            let id = u16_at(data, 2).unwrap_or_default();
            let format = formats.get(&id).cloned();
            shown.push(format.unwrap_or_else(|| builtin_format(id)));
        }
        _ => {}
    })?;
    Ok(shown)
}

/// Each sheet's name and the id of its relation.
fn sheet_relations(part: &[u8]) -> Result<Vec<(String, String)>, IntakeError> {
    let mut sheets = Vec::new();
    walk(part, |kind, data| {
        if kind == SHEET
            && let Some((relation, rest)) = data.get(8..).and_then(wide_text)
            && let Some((name, _)) = wide_text(rest)
        {
            sheets.push((name, relation));
        }
    })?;
    Ok(sheets)
}
