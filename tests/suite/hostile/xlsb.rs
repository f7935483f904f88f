//! Binary workbooks with false records.

use super::archive::{Archive, Packed};
use super::{Case, case};

use crate::common;

const SHEET: &str = "xl/worksheets/sheet2.bin";
const STRINGS: &str = "xl/sharedStrings.bin";
const STYLES: &str = "xl/styles.bin";
const WORKBOOK: &str = "xl/workbook.bin";

fn fixture() -> Archive {
    Archive::of(
        &std::fs::read(common::root().join("tests/fixtures/halvorsen-sensors.xlsb")).unwrap(),
    )
}

fn with(part: &str, content: &[u8]) -> Vec<u8> {
    fixture().with(part, Packed::of(content)).bytes()
}

fn part(name: &str) -> Vec<u8> {
    let bytes =
        std::fs::read(common::root().join("tests/fixtures/halvorsen-sensors.xlsb")).unwrap();
    common::parts(&bytes).remove(name).unwrap()
}

/// Encodes a record: its type and its length with 7 bits per byte (MS-XLSB 2.1.4).
fn record(kind: u32, data: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for mut number in [kind, data.len() as u32] {
        loop {
            let rest = number >> 7;
            out.push((number & 0x7F) as u8 | if rest > 0 { 0x80 } else { 0 });
            number = rest;
            if number == 0 {
                break;
            }
        }
    }
    out.extend(data);
    out
}

fn row(number: u32) -> Vec<u8> {
    record(0, &[number.to_le_bytes().to_vec(), vec![0; 13]].concat())
}

fn cell(kind: u32, column: u32, value: &[u8]) -> Vec<u8> {
    record(kind, &[&column.to_le_bytes()[..], &[0; 4], value].concat())
}

fn number(column: u32) -> Vec<u8> {
    cell(5, column, &1f64.to_le_bytes())
}

/// Creates a sheet of these records: beginning, dimensions, cells, end.
fn sheet(cells: &[u8]) -> Vec<u8> {
    sheet_of_size([0, 9, 0, 9], cells)
}

fn sheet_of_size(size: [u32; 4], cells: &[u8]) -> Vec<u8> {
    let size: Vec<u8> = size.into_iter().flat_map(u32::to_le_bytes).collect();
    let content = [
        record(0x81, &[]),
        record(0x94, &size),
        record(0x91, &[]),
        cells.to_vec(),
        record(0x92, &[]),
        record(0x82, &[]),
    ]
    .concat();
    with(SHEET, &content)
}

/// Returns the fixture with changed data in the first record of a kind in one part.
fn changed(name: &str, kind: u32, change: impl Fn(&mut Vec<u8>)) -> Vec<u8> {
    let content = part(name);
    let (mut out, mut at, mut done) = (Vec::new(), 0, false);
    while at < content.len() {
        let number = |at: &mut usize| {
            let (mut value, mut shift) = (0u32, 0);
            loop {
                let byte = content[*at];
                *at += 1;
                value |= u32::from(byte & 0x7F) << shift;
                shift += 7;
                if byte & 0x80 == 0 {
                    return value;
                }
            }
        };
        let here = number(&mut at);
        let length = number(&mut at) as usize;
        let mut data = content[at..at + length].to_vec();
        at += length;
        if here == kind && !done {
            change(&mut data);
            done = true;
        }
        out.extend(record(here, &data));
    }
    assert!(done, "{name} has no record {kind}");
    with(name, &out)
}

/// Returns the fixture with these records of defined names after its sheets.
fn named(names: &[u8]) -> Vec<u8> {
    const END_OF_SHEETS: [u8; 3] = [0x90, 0x01, 0x00];
    let mut content = part(WORKBOOK);
    let at = memchr::memmem::find(&content, &END_OF_SHEETS).unwrap() + END_OF_SHEETS.len();
    content.splice(at..at, names.iter().copied());
    with(WORKBOOK, &content)
}

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case("corner-cells.xlsb", "read", || {
            sheet(&[row(0), number(0), row(1_048_575), number(16_383)].concat())
        }),
        case("cells-beyond-the-corner.xlsb", "read", || {
            sheet(&[row(u32::MAX), number(u32::MAX)].concat())
        }),
        case("claims-to-be-large.xlsb", "read", || {
            sheet_of_size([0, u32::MAX, 0, u32::MAX], &[row(0), number(0)].concat())
        }),
        case("claims-to-be-upside-down.xlsb", "read", || {
            sheet_of_size([u32::MAX, 0, u32::MAX, 0], &[row(0), number(0)].concat())
        }),
        case("short-cells-beyond-the-corner.xlsb", "read", || {
            sheet(
                &[
                    row(0),
                    number(u32::MAX - 1),
                    record(0x10, &[0; 12]).repeat(9),
                ]
                .concat(),
            )
        }),
        case("million-cells.xlsb", "too large or too complex", || {
            sheet(&[row(0), number(0).repeat(900_000)].concat())
        }),
        case(
            "million-short-cells.xlsb",
            "too large or too complex",
            || sheet(&[row(0), record(0x10, &[0; 12]).repeat(900_000)].concat()),
        ),
        case("empty-cells-by-the-million.xlsb", "read", || {
            sheet(&[row(0), cell(1, 0, &[]).repeat(1_500_000)].concat())
        }),
        case("rows-by-the-million.xlsb", "read", || {
            sheet(&row(7).repeat(800_000))
        }),
        case("a-cell-cut-off.xlsb", "read", || {
            sheet(&[row(0), record(5, &[0])].concat())
        }),
        case("a-row-cut-off.xlsb", "read", || {
            sheet(&[record(0, &[]), number(0)].concat())
        }),
        case("a-string-longer-than-its-record.xlsb", "damaged", || {
            sheet(&[row(0), cell(6, 0, &u32::MAX.to_le_bytes())].concat())
        }),
        case("strings-that-are-not-there.xlsb", "damaged", || {
            sheet(&[row(0), cell(7, 0, &u32::MAX.to_le_bytes())].concat())
        }),
        case("a-formula-of-lies.xlsb", "damaged", || {
            sheet(
                &[
                    row(0),
                    cell(8, 0, &[0xFF; 40]),
                    cell(9, 1, &[0xFF; 40]),
                    cell(11, 2, &[0xFF; 3]),
                ]
                .concat(),
            )
        }),
        case("strings-by-the-billion.xlsb", "damaged", || {
            changed(STRINGS, 0x9F, |data| data.fill(0xFF))
        }),
        case(
            "strings-by-the-million.xlsb",
            "too few of its questions",
            || {
                let strings = record(0x13, &[0, 1, 0, 0, 0, b'a', 0]).repeat(1_500_000);
                with(
                    STRINGS,
                    &[
                        record(0x9F, &[0xFF, 0xFF, 0x15, 0, 0xFF, 0xFF, 0x15, 0]),
                        strings,
                        record(0xA0, &[]),
                    ]
                    .concat(),
                )
            },
        ),
        case("a-record-of-256-mb.xlsb", "do not fit", || {
            with(STRINGS, &[0x9F, 0x01, 0xFF, 0xFF, 0xFF, 0x7F])
        }),
        case("a-record-longer-than-the-part.xlsb", "do not fit", || {
            with(SHEET, &[0, 0xFF, 0x01, 0])
        }),
        case("a-record-without-length.xlsb", "do not fit", || {
            with(SHEET, &[0x81])
        }),
        case("numbers-that-do-not-end.xlsb", "do not fit", || {
            with(SHEET, &[0xFF; 100_000])
        }),
        case("a-sheet-name-of-lies.xlsb", "read", || {
            changed(WORKBOOK, 0x9C, |data| data[8..12].fill(0xFF))
        }),
        case("a-sheet-record-cut-off.xlsb", "read", || {
            changed(WORKBOOK, 0x9C, |data| data.truncate(3))
        }),
        case("sheets-by-the-ten-thousand.xlsb", "more than 256", || {
            let mut data = vec![0; 8];
            for text in ["rId1", "S"] {
                data.extend((text.len() as u32).to_le_bytes());
                data.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
            }
            let sheets = record(0x9C, &data).repeat(10_000);
            with(
                WORKBOOK,
                &[
                    record(0x83, &[]),
                    record(0x8F, &[]),
                    sheets,
                    record(0x90, &[]),
                    record(0x84, &[]),
                ]
                .concat(),
            )
        }),
        case("names-by-the-hundred-thousand.xlsb", "read", || {
            let text = "pb_client__about__company";
            let mut data = vec![0; 9];
            data.extend((text.len() as u32).to_le_bytes());
            data.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
            data.extend([0; 12]);
            named(&record(0x27, &data).repeat(200_000))
        }),
        case("names-of-lies.xlsb", "read", || {
            named(&record(0x27, &[0xFF; 60]))
        }),
        case("a-name-cut-off.xlsb", "read", || {
            named(&record(0x27, &[0, 0]))
        }),
        case("styles-of-lies.xlsb", "read", || {
            changed(STYLES, 0x2F, |data| data.fill(0xFF))
        }),
        case("styles-cut-off.xlsb", "read", || {
            changed(STYLES, 0x2F, |data| data.truncate(1))
        }),
        case("a-format-of-lies.xlsb", "read", || {
            let format = record(0x2C, &[164, 0, 0xFF, 0xFF, 0xFF, 0x7F, b'a', 0]);
            with(
                STYLES,
                &[
                    record(0x116, &[]),
                    record(0x267, &[1, 0, 0, 0]),
                    format,
                    record(0x268, &[]),
                ]
                .concat(),
            )
        }),
        case("formats-by-the-billion.xlsb", "read", || {
            with(
                STYLES,
                &[
                    record(0x116, &[]),
                    record(0x267, &[0xFF; 4]),
                    record(0x269, &[0xFF; 4]),
                ]
                .concat(),
            )
        }),
        case("empty-parts.xlsb", "damaged", || {
            let mut archive = fixture();
            archive
                .entries
                .iter_mut()
                .for_each(|(_, part)| *part = Packed::of(b""));
            archive.bytes()
        }),
        case("no-strings.xlsb", "damaged", || {
            fixture().without(STRINGS).bytes()
        }),
        case("no-sheets.xlsb", "too few of its questions", || {
            let mut archive = fixture();
            archive
                .entries
                .retain(|(name, _)| !name.starts_with("xl/worksheets/"));
            archive.bytes()
        }),
    ]
}
