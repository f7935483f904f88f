//! Reads workbooks of Excel 97 to 2003 (MS-XLS) and 5.0/95.
//!
//! Calamine allocates the area that the records of a sheet declare. The records are therefore checked first and the
//! areas limited. Calamine gets a new container that contains only the workbook stream, with a code page that
//! calamine supports.

use std::collections::{HashMap, HashSet};
use std::io::{Cursor, Read, Write};

use calamine::{Reader, Xls, XlsError};

use super::collector::{Collector, MAX_AREA, far_cell};
use super::content::Epoch;
use super::xls_record::{record_at, u16_at};
use super::xls_texts::{self, SharedTexts};
use super::{Content, Look, ParsedWorkbook, Position};
use crate::intake::{IntakeError, compound};

// Record types, MS-XLS 2.3.
const FORMULA: u16 = 0x06;
const END: u16 = 0x0A;
const DATE_MODE: u16 = 0x22;
const PASSWORD: u16 = 0x2F;
const FONT: u16 = 0x31;
const CODE_PAGE: u16 = 0x42;
const SHEET: u16 = 0x85;
const MULTIPLE_RK: u16 = 0xBD;
const RICH_TEXT: u16 = 0xD6;
const XF: u16 = 0xE0;
const SHARED_TEXTS: u16 = 0xFC;
const SHARED_TEXT: u16 = 0xFD;
const DIMENSIONS: u16 = 0x200;
const NUMBER: u16 = 0x203;
const TEXT: u16 = 0x204;
const BOOL_OR_ERROR: u16 = 0x205;
const RK: u16 = 0x27E;
const FORMAT: u16 = 0x41E;
const BEGIN: u16 = 0x809;
/// Flag of a font that strikes out text (MS-XLS 2.4.122).
const STRIKES_OUT: u16 = 8;
/// Version in the first record: Excel 97 and later.
const BIFF8: u16 = 0x600;

pub fn read(bytes: Vec<u8>) -> Result<ParsedWorkbook, IntakeError> {
    let damaged = |error: XlsError| match error {
        XlsError::Password => IntakeError::Password,
        error => IntakeError::damaged(&error),
    };
    let mut stream = workbook_stream(&bytes)?;
    drop(bytes);
    let seen = prescan(&mut stream)?;
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
        let sheet = seen.sheets.get(index);
        collector.begin(&name);
        for (row, column, value) in range.used_cells() {
            let at = (start.0 + row as u32, start.1 + column as u32);
            let style = sheet.and_then(|sheet| sheet.styles.get(&at));
            let (look, is_struck) = style
                .and_then(|style| seen.styles.get(usize::from(*style)))
                .cloned()
                .unwrap_or_default();
            let marked = sheet
                .and_then(|sheet| sheet.shared.get(&at))
                .and_then(|text| seen.texts.get(text));
            let content = match marked {
                Some(text) => Some(Content::Text(text.text(is_struck))),
                None => Content::from_data(value, look, seen.epoch),
            };
            if sheet.is_some_and(|sheet| sheet.formulas.contains(&at)) {
                collector.formula(at);
            }
            if let Some(content) = content {
                collector.keep(at, content, is_struck && marked.is_none())?;
            }
        }
        collector.end();
    }
    Ok(collector.book(&names, seen.epoch))
}

/// Returns the comments and text boxes of a workbook, each with the name of its sheet.
pub fn remarks(bytes: &[u8]) -> Option<Vec<(String, xls_texts::Remark)>> {
    let mut stream = workbook_stream(bytes).ok()?;
    let seen = prescan(&mut stream).ok()?;
    let sheets = seen.positions.iter();
    let remarks = sheets.flat_map(|(position, name)| {
        let remarks = xls_texts::remarks(&stream, *position, seen.biff8);
        remarks.into_iter().map(|remark| (name.clone(), remark))
    });
    Some(remarks.collect())
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
    // A stream is never longer than the file that contains it.
    stream
        .take(bytes.len() as u64)
        .read_to_end(&mut out)
        .map_err(broken)?;
    Ok(out)
}

fn contained(stream: &[u8]) -> Result<Vec<u8>, IntakeError> {
    let broken = |error: std::io::Error| IntakeError::damaged(&error);
    // Every reader supports version 3, which has small sectors.
    let mut file =
        cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new()))
            .map_err(broken)?;
    file.create_stream("Workbook")
        .and_then(|mut out| out.write_all(stream))
        .and_then(|()| file.flush())
        .map_err(broken)?;
    Ok(file.into_inner().into_inner())
}

/// What calamine does not report about a workbook.
#[derive(Default)]
struct Seen {
    /// For each style, how it shows a number and whether it strikes out.
    styles: Vec<(Look, bool)>,
    sheets: Vec<SheetSeen>,
    /// The position of each sheet in the stream and the name of the sheet.
    positions: Vec<(usize, String)>,
    /// Shared texts in several fonts. Empty if no font strikes out.
    texts: SharedTexts,
    epoch: Epoch,
    biff8: bool,
}

/// What calamine does not report about a sheet.
#[derive(Default)]
struct SheetSeen {
    styles: HashMap<Position, u16>,
    /// Cells with a shared text, and the index of that text.
    shared: HashMap<Position, u32>,
    formulas: HashSet<Position>,
    corners: Corners,
}

/// Checks the records. Declared sheet sizes are cleared, because calamine would allocate memory for them. An
/// unsupported code page is replaced, because calamine would reject the workbook.
fn prescan(stream: &mut [u8]) -> Result<Seen, IntakeError> {
    let broken = || IntakeError::Damaged("its records do not fit into it".into());
    let mut formats: HashMap<u16, Look> = HashMap::new();
    let (mut styles, mut fonts) = (Vec::new(), Vec::new());
    let mut seen = Seen {
        biff8: true,
        ..Seen::default()
    };
    let mut shared = None;
    let mut at = 0;
    loop {
        let record = record_at(stream, at).ok_or_else(broken)?;
        let data = &mut stream[record.data.clone()];
        match record.kind {
            BEGIN => seen.biff8 = u16_at(data, 0) == Some(BIFF8),
            // The rest of the stream is encrypted.
            PASSWORD => return Err(IntakeError::Password),
            DATE_MODE if u16_at(data, 0) == Some(1) => seen.epoch = Epoch::Of1904,
            CODE_PAGE if data.len() >= 2 && !is_known_code_page(u16_at(data, 0)) => {
                data[..2].copy_from_slice(&WESTERN.to_le_bytes());
            }
            FONT => fonts.push(u16_at(data, 2).unwrap_or_default() & STRIKES_OUT != 0),
            FORMAT => {
                if let (Some(id), Some(code)) = (u16_at(data, 0), format_code(data, seen.biff8)) {
                    formats.insert(id, Look::by_format(&code));
                }
            }
            XF => styles.push((
                u16_at(data, 2).unwrap_or_default(),
                u16_at(data, 0).unwrap_or_default(),
            )),
            SHARED_TEXTS => shared = Some(at),
            SHEET => {
                let position = data.get(..4).ok_or_else(broken)?;
                let position = u32::from_le_bytes(position.try_into().map_err(|_| broken())?);
                let name = xls_texts::short_text(data.get(6..).unwrap_or_default(), seen.biff8);
                seen.positions.push((position as usize, name));
            }
            END => break,
            _ => {}
        }
        at = record.data.end;
    }
    // Font number 4 does not exist (MS-XLS 2.5.129).
    let strikes = |font: usize| {
        let index = if font > 4 { font - 1 } else { font };
        fonts.get(index).copied().unwrap_or(false)
    };
    let styles = styles.into_iter().map(|(id, font)| {
        let look = formats.get(&id).cloned();
        (
            look.unwrap_or_else(|| Look::by_number(id.into())),
            strikes(font.into()),
        )
    });
    seen.styles = styles.collect();
    if let Some(at) = shared.filter(|_| fonts.contains(&true)) {
        seen.texts = xls_texts::rich_texts(stream, at, strikes);
    }
    // Also checks the number of sheets.
    Collector::new(seen.positions.len())?;
    let mut area = 0u64;
    for (position, name) in &seen.positions {
        let sheet = look_at_sheet(stream, *position).ok_or_else(broken)?;
        if let Some(((top, left), (bottom, right))) = sheet.corners {
            area += u64::from(bottom - top + 1) * u64::from(right - left + 1);
            if area > MAX_AREA {
                return Err(far_cell(name, (bottom, right)));
            }
        }
        seen.sheets.push(sheet);
    }
    Ok(seen)
}

/// The code page of Western Windows.
const WESTERN: u16 = 1252;

/// Returns whether calamine supports a code page. Calamine rejects workbooks with other code pages, although text is
/// UTF-16 from Excel 97 on.
fn is_known_code_page(page: Option<u16>) -> bool {
    page.is_some_and(|page| {
        matches!(
            page,
            866 | 874 | 932 | 936 | 949 | 950 | 1200 | 1250..=1258 | 10000 | 10007
        )
    })
}

type Corners = Option<(Position, Position)>;

fn look_at_sheet(stream: &mut [u8], position: usize) -> Option<SheetSeen> {
    let mut seen = SheetSeen::default();
    let mut at = position;
    let mut depth = 0;
    loop {
        let record = record_at(stream, at)?;
        at = record.data.end;
        let data = &mut stream[record.data];
        match record.kind {
            BEGIN => depth += 1,
            END if depth <= 1 => return Some(seen),
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
                    seen.styles.insert((row, first + index as u32), style);
                }
                if record.kind == SHARED_TEXT {
                    let index = data.get(6..10)?.try_into().ok()?;
                    seen.shared.insert((row, first), u32::from_le_bytes(index));
                }
                if record.kind == FORMULA {
                    seen.formulas.insert((row, first));
                }
                let last = first + cells.max(1) as u32 - 1;
                let ((top, left), (bottom, right)) =
                    seen.corners.unwrap_or(((row, first), (row, last)));
                seen.corners = Some((
                    (top.min(row), left.min(first)),
                    (bottom.max(row), right.max(last)),
                ));
            }
            _ => {}
        }
    }
}

/// Returns the code of a number format. In BIFF8, a flag precedes it: 1 or 2 bytes per character.
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

/// Returns the name of an error value (MS-XLS 2.5.10).
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
