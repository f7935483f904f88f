//! Reads the texts of an xls that calamine skips or flattens: struck-out shared text, comments, and text boxes.

use std::collections::HashMap;

use super::xls_record::{Record, record_at, u16_at};
use super::{Position, struck_by_runs};

// Record types, MS-XLS 2.3.
const END: u16 = 0x0A;
const NOTE: u16 = 0x1C;
const CONTINUE: u16 = 0x3C;
const OBJECT: u16 = 0x5D;
const BEGIN: u16 = 0x809;
const TEXT_OBJECT: u16 = 0x1B6;

/// Maximum number of shared texts per workbook, and of remarks per sheet.
const MAX_COUNT: usize = 400_000;
const MAX_REMARKS: usize = 5_000;

/// Shared texts in several fonts, by index.
pub(super) type SharedTexts = HashMap<u32, RichText>;

/// A text in several fonts.
pub(super) struct RichText {
    units: Vec<u16>,
    /// Positions in UTF-16 units from which the text is struck out or not.
    runs: Vec<(usize, bool)>,
}

impl RichText {
    /// Returns the text, with struck-out text after the mark. `is_struck` is whether the cell's own font strikes out.
    pub(super) fn text(&self, is_struck: bool) -> String {
        struck_by_runs(&self.units, self.runs.iter().copied(), is_struck)
            .unwrap_or_else(|| String::from_utf16_lossy(&self.units))
    }
}

/// A comment on a cell, or a text box.
pub struct Remark {
    /// The cell of a comment. `None` for a text box.
    pub at: Option<Position>,
    /// The author.
    pub author: String,
    /// The text of the remark.
    pub text: String,
}

/// The data of a record and of the records that continue it. If a text continues in another record, a flag repeats
/// its character width: 1 or 2 bytes.
struct Pieces<'s> {
    stream: &'s [u8],
    here: std::ops::Range<usize>,
}

impl<'s> Pieces<'s> {
    fn new(stream: &'s [u8], data: std::ops::Range<usize>) -> Self {
        Self { stream, here: data }
    }

    /// Advances to the record that continues this one.
    fn next(&mut self) -> Option<()> {
        let record = record_at(self.stream, self.here.end)?;
        (record.kind == CONTINUE).then(|| self.here = record.data)
    }

    fn byte(&mut self) -> Option<u8> {
        while self.here.is_empty() {
            self.next()?;
        }
        let byte = *self.stream.get(self.here.start)?;
        self.here.start += 1;
        Some(byte)
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from(self.u16()?) | u32::from(self.u16()?) << 16)
    }

    fn skip(&mut self, mut bytes: usize) -> Option<()> {
        while bytes > 0 {
            let step = bytes.min(self.here.len());
            self.here.start += step;
            bytes -= step;
            if bytes > 0 {
                self.next()?;
            }
        }
        Some(())
    }

    /// Reads characters of 1 or 2 bytes each.
    fn characters(&mut self, count: usize, mut wide: bool) -> Option<Vec<u16>> {
        let mut units = Vec::new();
        while units.len() < count {
            if self.here.is_empty() {
                self.next()?;
                // A text that continues in another record repeats its character width.
                wide = self.byte()? & 1 != 0;
            }
            units.push(match wide {
                true => self.u16()?,
                false => u16::from(self.byte()?),
            });
        }
        Some(units)
    }
}

/// Reads the shared texts in several fonts (MS-XLS 2.4.265, 2.5.293).
pub(super) fn rich_texts(stream: &[u8], at: usize, strikes: impl Fn(usize) -> bool) -> SharedTexts {
    let mut texts = SharedTexts::new();
    let Some(record) = record_at(stream, at) else {
        return texts;
    };
    let mut pieces = Pieces::new(stream, record.data);
    let mut read = || -> Option<()> {
        pieces.u32()?;
        let count = pieces.u32()?;
        for index in 0..count.min(MAX_COUNT as u32) {
            let length = usize::from(pieces.u16()?);
            let flags = pieces.byte()?;
            let runs = if flags & 8 != 0 { pieces.u16()? } else { 0 };
            let extra = if flags & 4 != 0 { pieces.u32()? } else { 0 };
            let units = pieces.characters(length, flags & 1 != 0)?;
            let mut fonts = Vec::new();
            for _ in 0..runs {
                let start = usize::from(pieces.u16()?);
                fonts.push((start, strikes(usize::from(pieces.u16()?))));
            }
            pieces.skip(extra as usize)?;
            if !fonts.is_empty() {
                texts.insert(index, RichText { units, runs: fonts });
            }
        }
        Some(())
    };
    // If the table is damaged, the texts before the damage are used.
    let _ = read();
    texts
}

/// Returns the comments and text boxes of the sheet at a stream position (MS-XLS 2.4.179, 2.4.329).
pub(super) fn remarks(stream: &[u8], position: usize, biff8: bool) -> Vec<Remark> {
    let mut texts: HashMap<u16, String> = HashMap::new();
    let mut notes: Vec<(u16, Remark)> = Vec::new();
    let mut object = 0;
    let mut order = Vec::new();
    let (mut at, mut depth) = (position, 0);
    while let Some(Record { kind, data }) = record_at(stream, at) {
        at = data.end;
        let bytes = &stream[data.clone()];
        match kind {
            BEGIN => depth += 1,
            END if depth <= 1 => break,
            END => depth -= 1,
            // The first part of an object contains its type and its number.
            OBJECT => object = u16_at(bytes, 6).unwrap_or_default(),
            TEXT_OBJECT if texts.len() < MAX_REMARKS => {
                let length = usize::from(u16_at(bytes, 10).unwrap_or_default());
                if let Some(text) = text_of(stream, data, length) {
                    order.push(object);
                    texts.insert(object, text);
                }
            }
            NOTE if biff8 && notes.len() < MAX_REMARKS => {
                let (Some(row), Some(column), Some(id)) =
                    (u16_at(bytes, 0), u16_at(bytes, 2), u16_at(bytes, 6))
                else {
                    continue;
                };
                let remark = Remark {
                    at: Some((row.into(), column.into())),
                    author: long_text(bytes.get(8..).unwrap_or_default()),
                    text: String::new(),
                };
                notes.push((id, remark));
            }
            // Before Excel 97, a comment contains its own text.
            NOTE if notes.len() < MAX_REMARKS => {
                if let (Some(row), Some(column)) = (u16_at(bytes, 0), u16_at(bytes, 2)) {
                    let text = bytes.get(6..).unwrap_or_default();
                    let remark = Remark {
                        at: Some((row.into(), column.into())),
                        author: String::new(),
                        text: text.iter().map(|byte| char::from(*byte)).collect(),
                    };
                    notes.push((0, remark));
                }
            }
            _ => {}
        }
    }
    let mut remarks = Vec::new();
    for (id, mut remark) in notes {
        if let Some(text) = texts.remove(&id) {
            remark.text = text;
        }
        remarks.push(remark);
    }
    // A text without a cell is a text box.
    for id in order {
        if let Some(text) = texts.remove(&id) {
            remarks.push(Remark {
                at: None,
                author: String::new(),
                text,
            });
        }
    }
    remarks
}

/// Reads the characters of a text object from the record that continues it.
fn text_of(stream: &[u8], data: std::ops::Range<usize>, length: usize) -> Option<String> {
    if length == 0 {
        return None;
    }
    let mut pieces = Pieces::new(stream, data);
    pieces.next()?;
    let wide = pieces.byte()? & 1 != 0;
    let units = pieces.characters(length, wide)?;
    Some(String::from_utf16_lossy(&units))
}

/// Reads a text that is preceded by its length in 2 bytes and a flag.
fn long_text(data: &[u8]) -> String {
    let length = usize::from(u16_at(data, 0).unwrap_or_default());
    characters(data.get(3..).unwrap_or_default(), length, data.get(2))
}

/// Reads a text that is preceded by its length in 1 byte and, from Excel 97 on, a flag.
pub(super) fn short_text(data: &[u8], biff8: bool) -> String {
    let length = usize::from(data.first().copied().unwrap_or_default());
    match biff8 {
        true => characters(data.get(2..).unwrap_or_default(), length, data.get(1)),
        false => characters(data.get(1..).unwrap_or_default(), length, None),
    }
}

fn characters(data: &[u8], length: usize, flags: Option<&u8>) -> String {
    if flags.is_some_and(|flags| flags & 1 != 0) {
        let pairs = data.as_chunks::<2>().0.iter().take(length);
        let units: Vec<u16> = pairs.map(|pair| u16::from_le_bytes(*pair)).collect();
        return String::from_utf16_lossy(&units);
    }
    let bytes = data.iter().take(length);
    bytes.map(|byte| char::from(*byte)).collect()
}
