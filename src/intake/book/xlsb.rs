//! Reads binary Excel workbooks (MS-XLSB).
//!
//! The records are checked before calamine reads them: each length must be within its part. Calamine gets a new
//! package, because it rejects sheets with unknown states or folders and names whose formulas it cannot read. It also
//! finds `sharedStrings.bin` only in this spelling and skips cells without a column.

use std::collections::HashMap;
use std::io::Cursor;

use calamine::{Reader, Xlsb, XlsbError};

use super::collector::Collector;
use super::content::Epoch;
use super::remarks::Remark;
use super::xls::error_name;
use super::xls_record::u16_at;
use super::xlsx::structure::Relation;
use super::{Content, Look, ParsedWorkbook, Position};
use crate::intake::IntakeError;
use crate::intake::package::{Package, Packer};
use crate::sheet_map::names;

// Record types, MS-XLSB 2.3.1.
const ROW: u32 = 0x00;
const ERROR: u32 = 0x03;
const FORMULA_ERROR: u32 = 0x0B;
/// Types of short cells, which omit their column because it follows the previous one. Subtract 11 for the type of the
/// full cell.
const SHORT: std::ops::RangeInclusive<u32> = 0x0C..=0x12;
const SHORT_TO_FULL: u32 = 11;
const STRING_ITEM: u32 = 0x13;
const NAME: u32 = 0x27;
const FONT: u32 = 0x2B;
const FORMAT: u32 = 0x2C;
const XF: u32 = 0x2F;
const END_SHEETS: u32 = 0x90;
const PROPERTIES: u32 = 0x99;
const SHEET: u32 = 0x9C;
const CALCULATION: u32 = 0x9D;
const EXTERNAL_SHEETS: u32 = 0x16A;
const BEGIN_CELL_XFS: u32 = 0x269;
const END_CELL_XFS: u32 = 0x26A;
const AUTHOR: u32 = 0x278;
const BEGIN_COMMENT: u32 = 0x27B;
const COMMENT_TEXT: u32 = 0x27D;
/// Maximum size of the workbook part, in bytes.
const MAX_SIZE: u64 = 4 << 20;
/// Maximum length of a record, in bytes: a text of 32,767 characters and its additional data.
const MAX_RECORD_LENGTH: usize = 1 << 20;
/// Bytes before the value of a cell: column and style.
const CELL_HEAD: usize = 8;
/// Flags of a font that strikes out text (MS-XLSB 2.4.149) and of a text in several fonts (2.5.122).
const STRIKES_OUT: u16 = 8;
const IN_RUNS: u8 = 1;

/// What calamine does not report about a sheet: cell styles, and formulas whose result is an error.
#[derive(Default)]
struct Seen {
    styles: HashMap<Position, u32>,
    errors: Vec<(Position, String)>,
}

pub fn read(bytes: Vec<u8>) -> Result<ParsedWorkbook, IntakeError> {
    let damaged = |error: XlsbError| match error {
        XlsbError::Password => IntakeError::Password,
        error => IntakeError::damaged(&error),
    };
    let package = Package::open(&bytes)?;
    let mut packer = Packer::for_parts(&package, |name| name.ends_with(".bin"));
    let part = |packer: &mut Packer, name: &str| match package.has(name) {
        true => packer.unpack(&package, name).map(Some),
        false => Ok(None),
    };
    let styles = match part(&mut packer, "xl/styles.bin")? {
        Some(part) => Styles::of(&part).unwrap_or_default(),
        None => Styles::default(),
    };
    if let Some(strings) = part(&mut packer, "xl/sharedStrings.bin")? {
        packer.add("xl/sharedStrings.bin", &shared_strings(&strings, &styles)?)?;
    }
    let workbook = packer.unpack(&package, "xl/workbook.bin")?;
    let (workbook, sheets, epoch) = workbook_part(&workbook)?;
    packer.add("xl/workbook.bin", &workbook)?;
    let related = Relation::all(&package, "xl/_rels/workbook.bin.rels", "xl");
    let mut relations = String::new();
    let mut seen = Vec::new();
    for (index, sheet) in sheets.iter().enumerate() {
        relations += &format!(
            r#"<Relationship Id="r{index}" Type="worksheet" Target="worksheets/{index}.bin"/>"#
        );
        let path = path_of(&related, index, sheet);
        // Charts, dialogs, and macro sheets do not contain answers.
        let has_cells = path.contains("/worksheets/") && package.has(&path);
        seen.push(match has_cells {
            true => {
                let mut part = packer.unpack(&package, &path)?;
                let look = prescan(&mut part)?;
                packer.add(&format!("xl/worksheets/{index}.bin"), &part)?;
                Some(look)
            }
            false => None,
        });
    }
    drop(package);
    drop(bytes);
    packer.add(
        "xl/_rels/workbook.bin.rels",
        format!("<Relationships>{relations}</Relationships>").as_bytes(),
    )?;
    let mut xlsb: Xlsb<_> = Xlsb::new(Cursor::new(packer.finish()?)).map_err(damaged)?;
    let names = xlsb.defined_names().to_vec();
    let mut collector = Collector::new(sheets.len())?;
    for (sheet, seen) in sheets.iter().zip(seen) {
        let Some(seen) = seen else { continue };
        let Ok(mut reader) = xlsb.worksheet_cells_reader(&sheet.name) else {
            continue;
        };
        collector.begin(&sheet.name);
        let style_of = |at: &Position| {
            let style = seen.styles.get(at).copied().unwrap_or_default();
            styles
                .cells
                .get(style as usize)
                .cloned()
                .unwrap_or_default()
        };
        while let Some(cell) = reader.next_cell().map_err(damaged)? {
            collector.see()?;
            let at = cell.get_position();
            let (look, is_struck) = style_of(&at);
            if let Some(content) = Content::from_calamine(cell.get_value(), look, epoch) {
                collector.keep(at, content, is_struck)?;
            }
        }
        // Calamine skips formulas whose result is an error. If two cells have the same position, the last one is
        // kept.
        for (at, error) in seen.errors {
            collector.keep(at, Content::Error(error), false)?;
        }
        collector.end();
    }
    Ok(collector.book(&names, epoch))
}

/// Returns the name and the part of each sheet of a workbook.
pub(super) fn sheets(package: &Package) -> Option<Vec<(String, String)>> {
    let part = package.part("xl/workbook.bin", MAX_SIZE).ok()?;
    let (_, sheets, _) = workbook_part(&part).ok()?;
    let related = Relation::all(package, "xl/_rels/workbook.bin.rels", "xl");
    let named = sheets.into_iter().enumerate().map(|(index, sheet)| {
        let path = path_of(&related, index, &sheet);
        (sheet.name, path)
    });
    Some(named.collect())
}

/// Reads the comments of one part (MS-XLSB 2.4.41, 2.4.327).
pub(super) fn notes(part: &[u8], sheet: &str, all: &mut Vec<Remark>) -> Option<()> {
    let mut authors = Vec::new();
    let mut open = None;
    let walked = walk(part, |kind, data| match kind {
        AUTHOR => authors.extend(wide_text(data).map(|(author, _)| author)),
        BEGIN_COMMENT => {
            let author = u32_at(data, 0).and_then(|index| authors.get(index as usize));
            let at = u32_at(data, 4).zip(u32_at(data, 12));
            open = Some((at, author.cloned().unwrap_or_default()));
        }
        COMMENT_TEXT => {
            let text = data.get(1..).and_then(wide_text);
            if let (Some((at, author)), Some((text, _))) = (open.take(), text) {
                all.push(Remark {
                    sheet: sheet.to_owned(),
                    at,
                    author,
                    text: crate::text::clean_text(&text),
                });
            }
        }
        _ => {}
    });
    walked.ok()
}

/// Returns the path of a sheet's part. If the relation is missing, returns the default path for the sheet number, or
/// an empty path if another relation uses it.
fn path_of(related: &[Relation], index: usize, sheet: &SheetEntry) -> String {
    if let Some(target) = Relation::target_of(related, &sheet.relation) {
        return target.to_owned();
    }
    let usual = format!("xl/worksheets/sheet{}.bin", index + 1);
    match related.iter().any(|other| other.target == usual) {
        true => String::new(),
        false => usual,
    }
}

/// The name of a sheet and the ID of its relation.
struct SheetEntry {
    name: String,
    relation: String,
}

/// Returns the workbook part reduced to its sheets, all visible, and the defined names that partnerbook writes.
fn workbook_part(part: &[u8]) -> Result<(Vec<u8>, Vec<SheetEntry>, Epoch), IntakeError> {
    let mut sheets = Vec::new();
    let mut epoch = Epoch::default();
    let (mut before, mut after) = (Vec::new(), Vec::new());
    walk(part, |kind, data| match kind {
        PROPERTIES if data.first().is_some_and(|flags| flags & 1 != 0) => epoch = Epoch::Of1904,
        SHEET => {
            let Some((relation, rest)) = data.get(8..).and_then(wide_text) else {
                return;
            };
            let Some((name, _)) = wide_text(rest) else {
                return;
            };
            let own = wide(&format!("r{}", sheets.len()));
            write(&mut before, SHEET, &[&[0; 8], &own, &wide(&name)]);
            sheets.push(SheetEntry { name, relation });
        }
        EXTERNAL_SHEETS => write(&mut after, kind, &[data]),
        NAME => {
            let name = data.get(9..).and_then(wide_text);
            if name.is_some_and(|(name, _)| names::field_id(&name).is_some()) {
                write(&mut after, kind, &[data]);
            }
        }
        _ => {}
    })?;
    write(&mut before, END_SHEETS, &[]);
    before.extend(after);
    write(&mut before, CALCULATION, &[&[0; 26]]);
    Ok((before, sheets, epoch))
}

/// Returns the shared strings. In strings with several fonts, the struck-out text is moved after a mark.
fn shared_strings(part: &[u8], styles: &Styles) -> Result<Vec<u8>, IntakeError> {
    let mut out = Vec::with_capacity(part.len());
    walk(part, |kind, data| {
        let marked = (kind == STRING_ITEM
            && data.first().is_some_and(|flags| flags & IN_RUNS != 0))
        .then(|| mark_struck_text(data, styles))
        .flatten();
        match marked {
            Some(text) => write(&mut out, kind, &[&[0], &wide(&text)]),
            None => write(&mut out, kind, &[data]),
        }
    })?;
    Ok(out)
}

/// Returns a text in several fonts, with the struck-out text after a mark. Returns `None` if nothing is struck out.
fn mark_struck_text(data: &[u8], styles: &Styles) -> Option<String> {
    let (text, rest) = wide_text(data.get(1..)?)?;
    let units: Vec<u16> = text.encode_utf16().collect();
    let runs = rest.get(4..)?.as_chunks::<4>().0;
    let runs = runs.iter().map(|run| {
        let start = usize::from(u16::from_le_bytes([run[0], run[1]]));
        let font = usize::from(u16::from_le_bytes([run[2], run[3]]));
        (start, styles.struck.get(font).copied().unwrap_or(false))
    });
    super::struck_by_runs(&units, runs, false)
}

/// Encodes a text for a record: its length in UTF-16 units, then the units.
fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut out = (units.len() as u32).to_le_bytes().to_vec();
    out.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
    out
}

/// Calls `each` with the type and data of each record of a part.
fn walk(part: &[u8], mut each: impl FnMut(u32, &[u8])) -> Result<(), IntakeError> {
    let broken = || IntakeError::Damaged("its records do not fit into it".into());
    let mut rest = part;
    while !rest.is_empty() {
        let kind = number(&mut rest, 2).ok_or_else(broken)?;
        let length = number(&mut rest, 4).ok_or_else(broken)? as usize;
        if length > MAX_RECORD_LENGTH {
            return Err(broken());
        }
        let (data, after) = rest.split_at_checked(length).ok_or_else(broken)?;
        each(kind, data);
        rest = after;
    }
    Ok(())
}

/// Reads a number of at most `most` bytes with 7 bits per byte, lowest bits first.
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

/// Returns a text that is preceded by its length in UTF-16 units, and the bytes after the text.
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

/// Checks a sheet and rewrites short cells as full cells, because calamine skips short cells.
fn prescan(part: &mut Vec<u8>) -> Result<Seen, IntakeError> {
    let mut seen = Seen::default();
    let (mut row, mut column) = (0, 0);
    let mut full = Vec::new();
    let mut any_short = false;
    let mut cell = |at: Position, kind: u32, style: Option<u32>, value: Option<&u8>| {
        if matches!(kind, ERROR | FORMULA_ERROR)
            && let Some(code) = value
        {
            seen.errors.push((at, error_name(*code).into()));
        }
        if let Some(style) = style
            .map(|style| style & 0xFF_FFFF)
            .filter(|style| *style != 0)
        {
            seen.styles.insert(at, style);
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
    Ok(seen)
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

/// What the styles part contains.
#[derive(Default)]
struct Styles {
    /// For each style, how it shows a number and whether it strikes out.
    cells: Vec<(Look, bool)>,
    /// For each font, whether it strikes out.
    struck: Vec<bool>,
}

impl Styles {
    fn of(part: &[u8]) -> Result<Self, IntakeError> {
        let mut formats = HashMap::new();
        let mut styles = Self::default();
        let mut in_cells = false;
        walk(part, |kind, data| match kind {
            FORMAT => {
                let code = data.get(2..).and_then(wide_text);
                if let (Some(id), Some((code, _))) = (u16_at(data, 0), code) {
                    formats.insert(id, Look::by_format(&code));
                }
            }
            FONT => {
                let flags = u16_at(data, 2).unwrap_or_default();
                styles.struck.push(flags & STRIKES_OUT != 0);
            }
            BEGIN_CELL_XFS => in_cells = true,
            END_CELL_XFS => in_cells = false,
            XF if in_cells => {
                let id = u16_at(data, 2).unwrap_or_default();
                let font = usize::from(u16_at(data, 4).unwrap_or_default());
                let look = formats.get(&id).cloned();
                styles.cells.push((
                    look.unwrap_or_else(|| Look::by_number(id.into())),
                    styles.struck.get(font).copied().unwrap_or(false),
                ));
            }
            _ => {}
        })?;
        Ok(styles)
    }
}
