//! Excel 97 to 2003 (MS-XLS) and 5.0/95.
//!
//! Calamine lays out the area of a sheet that its records claim. So the records are walked first, the areas bounded, and
//! what calamine sees is a container of our own with nothing in it but the workbook's stream.

use std::collections::HashMap;
use std::io::{Cursor, Read, Write};

use calamine::{Reader, Xls, XlsError};

use super::collector::{Collector, LARGEST_AREA, far_cell};
use super::{Book, Content, Position, Shown};
use crate::intake::{IntakeError, compound};

// Record types, MS-XLS 2.3.
const FORMULA: u16 = 0x06;
const END: u16 = 0x0A;
const SHEET: u16 = 0x85;
const MULTIPLE_RK: u16 = 0xBD;
const RICH_TEXT: u16 = 0xD6;
const XF: u16 = 0xE0;
const SHARED_TEXT: u16 = 0xFD;
const DIMENSIONS: u16 = 0x200;
const NUMBER: u16 = 0x203;
const TEXT: u16 = 0x204;
const BOOL_OR_ERROR: u16 = 0x205;
const RK: u16 = 0x27E;
const FORMAT: u16 = 0x41E;
const BEGIN: u16 = 0x809;
/// Version in the first record: Excel 97 and later.
const BIFF8: u16 = 0x600;

pub fn read(bytes: Vec<u8>) -> Result<Book, IntakeError> {
    let damaged = |error: XlsError| match error {
        XlsError::Password => IntakeError::Password,
        error => IntakeError::damaged(&error),
    };
    let mut stream = workbook_stream(&bytes)?;
    drop(bytes);
    let looks = look_through(&mut stream)?;
    let mut xls: Xls<_> = Xls::new(Cursor::new(contained(&stream)?)).map_err(damaged)?;
    drop(stream);
    let names = xls.defined_names().to_vec();
    let sheet_names = xls.sheet_names();
    let mut collector = Collector::new(sheet_names.len())?;
    for (index, name) in sheet_names.into_iter().enumerate() {
        let Ok(range) = xls.worksheet_range(&name) else {
            continue;
        };
        let start = range.start().unwrap_or_default();
        let mut cells = Vec::new();
        for (row, column, value) in range.used_cells() {
            let at = (start.0 + row as u32, start.1 + column as u32);
            let shown = looks.get(index).and_then(|shown| shown.get(&at)).cloned();
            if let Some(content) = Content::from_data(value, shown.unwrap_or_default()) {
                collector.keep(&content)?;
                cells.push((at, content));
            }
        }
        collector.sheet(&name, cells);
    }
    Ok(collector.book(&names))
}

fn workbook_stream(bytes: &[u8]) -> Result<Vec<u8>, IntakeError> {
    let broken = |error: std::io::Error| IntakeError::damaged(&error);
    let mut file = compound::open(bytes)?;
    let name = if file.exists("Workbook") {
        "Workbook"
    } else {
        "Book"
    };
    let stream = file.open_stream(name).map_err(broken)?;
    let mut out = Vec::new();
    // No stream is longer than the file that holds it.
    stream
        .take(bytes.len() as u64)
        .read_to_end(&mut out)
        .map_err(broken)?;
    Ok(out)
}

fn contained(stream: &[u8]) -> Result<Vec<u8>, IntakeError> {
    let broken = |error: std::io::Error| IntakeError::damaged(&error);
    // The version with small sectors is the one that every reader knows.
    let mut file =
        cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new()))
            .map_err(broken)?;
    file.create_stream("Workbook")
        .and_then(|mut out| out.write_all(stream))
        .and_then(|()| file.flush())
        .map_err(broken)?;
    Ok(file.into_inner().into_inner())
}

pub(super) fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(data.get(at..at + 2)?.try_into().ok()?))
}

/// One record: its type, and where its data lie in the stream.
struct Record {
    kind: u16,
    data: std::ops::Range<usize>,
}

fn record_at(stream: &[u8], at: usize) -> Option<Record> {
    let kind = u16_at(stream, at)?;
    let length = usize::from(u16_at(stream, at + 2)?);
    let data = at + 4..at + 4 + length;
    (data.end <= stream.len()).then_some(Record { kind, data })
}

/// How each sheet's numbers are shown. Claims of a sheet's size are taken out of the stream: calamine would reserve the
/// memory for them.
fn look_through(stream: &mut [u8]) -> Result<Vec<HashMap<Position, Shown>>, IntakeError> {
    let broken = || IntakeError::Damaged("its records do not fit into it".into());
    let mut formats: HashMap<u16, Shown> = HashMap::new();
    let mut styles = Vec::new();
    let mut sheets = Vec::new();
    let mut biff8 = true;
    let mut at = 0;
    loop {
        let record = record_at(stream, at).ok_or_else(broken)?;
        let data = &stream[record.data.clone()];
        match record.kind {
            BEGIN => biff8 = u16_at(data, 0) == Some(BIFF8),
            FORMAT => {
                if let (Some(id), Some(code)) = (u16_at(data, 0), format_code(data, biff8)) {
                    formats.insert(id, Shown::by_format(&code));
                }
            }
            XF => styles.push(u16_at(data, 2).unwrap_or_default()),
            SHEET => {
                let position = data.get(..4).ok_or_else(broken)?;
                let position = u32::from_le_bytes(position.try_into().map_err(|_| broken())?);
                let name =
                    String::from_utf8_lossy(data.get(8..).unwrap_or_default()).replace('\0', "");
                sheets.push((position as usize, name));
            }
            END => break,
            _ => {}
        }
        at = record.data.end;
    }
    let styles: Vec<Shown> = styles
        .into_iter()
        .map(|id| {
            formats
                .get(&id)
                .cloned()
                .unwrap_or_else(|| builtin_format(id))
        })
        .collect();
    // Counts the sheets, too.
    Collector::new(sheets.len())?;
    let mut area = 0u64;
    let mut looks = Vec::new();
    for (position, name) in sheets {
        let (shown, corners) = look_at_sheet(stream, position, &styles).ok_or_else(broken)?;
        if let Some(((top, left), (bottom, right))) = corners {
            area += u64::from(bottom - top + 1) * u64::from(right - left + 1);
            if area > LARGEST_AREA {
                return Err(far_cell(&name, (bottom, right)));
            }
        }
        looks.push(shown);
    }
    Ok(looks)
}

type Corners = Option<(Position, Position)>;

fn look_at_sheet(
    stream: &mut [u8],
    position: usize,
    styles: &[Shown],
) -> Option<(HashMap<Position, Shown>, Corners)> {
    let mut shown = HashMap::new();
    let mut corners: Corners = None;
    let mut at = position;
    let mut depth = 0;
    loop {
        let record = record_at(stream, at)?;
        at = record.data.end;
        let data = &mut stream[record.data];
        match record.kind {
            BEGIN => depth += 1,
            END if depth <= 1 => return Some((shown, corners)),
            END => depth -= 1,
            DIMENSIONS => data.fill(0),
            NUMBER | RK | FORMULA | TEXT | RICH_TEXT | SHARED_TEXT | BOOL_OR_ERROR
            | MULTIPLE_RK
                if depth == 1 =>
            {
                let (row, first) = (u32::from(u16_at(data, 0)?), u32::from(u16_at(data, 2)?));
                let cells = if record.kind == MULTIPLE_RK {
                    data.len().checked_sub(6)? / 6
                } else {
                    1
                };
                for index in 0..cells {
                    let style = u16_at(data, 4 + 6 * index)?;
                    match styles.get(usize::from(style)) {
                        None | Some(Shown::Plain) => {}
                        Some(other) => {
                            shown.insert((row, first + index as u32), other.clone());
                        }
                    }
                }
                let last = first + cells.max(1) as u32 - 1;
                let ((top, left), (bottom, right)) = corners.unwrap_or(((row, first), (row, last)));
                corners = Some((
                    (top.min(row), left.min(first)),
                    (bottom.max(row), right.max(last)),
                ));
            }
            _ => {}
        }
    }
}

/// A number format's code: in BIFF8 with a flag for two bytes a character.
fn format_code(data: &[u8], biff8: bool) -> Option<String> {
    if !biff8 {
        let length = usize::from(*data.get(2)?);
        return Some(String::from_utf8_lossy(data.get(3..3 + length)?).into_owned());
    }
    let length = usize::from(u16_at(data, 2)?);
    if data.get(4)? & 1 == 0 {
        let bytes = data.get(5..5 + length)?;
        return Some(bytes.iter().map(|byte| char::from(*byte)).collect());
    }
    let units: Vec<u16> = data
        .get(5..5 + 2 * length)?
        .as_chunks::<2>()
        .0
        .iter()
        .map(|pair| u16::from_le_bytes(*pair))
        .collect();
    Some(String::from_utf16_lossy(&units))
}

/// Number formats that every binary workbook knows by their number (ECMA-376 18.8.30). Those of money show the reader's own
/// currency, whichever it is.
pub fn builtin_format(id: u16) -> Shown {
    match id {
        9 | 10 => Shown::Percent,
        _ => Shown::Plain,
    }
}

/// The name of an error value (MS-XLS 2.5.10).
pub fn error_name(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        _ => "#N/A",
    }
}
