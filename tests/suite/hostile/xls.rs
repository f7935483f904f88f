//! Compound files and BIFF records with false contents.

use std::io::{Cursor, Read, Write};

use super::{Case, case};

use crate::common;

const NOT_OURS: &str = "too few of its questions";
const BEGIN: u16 = 0x809;
const END: u16 = 0x0A;
const SHEET: u16 = 0x85;
const DIMENSIONS: u16 = 0x200;

fn fixture() -> Vec<u8> {
    std::fs::read(common::root().join("tests/fixtures/halvorsen-sensors.xls")).unwrap()
}

/// Returns the workbook stream of the fixture.
pub fn stream() -> Vec<u8> {
    // The program that wrote the fixture omitted the empty sectors at the end, to which the sector table refers.
    let mut padded = fixture();
    padded.resize(padded.len() + 256 * 512, 0);
    let mut file = cfb::CompoundFile::open(Cursor::new(padded)).unwrap();
    let mut stream = Vec::new();
    file.open_stream("Workbook")
        .unwrap()
        .read_to_end(&mut stream)
        .unwrap();
    stream
}

/// Creates a compound file that contains this stream.
pub fn contained(stream: &[u8]) -> Vec<u8> {
    let mut file =
        cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new())).unwrap();
    file.create_stream("Workbook")
        .unwrap()
        .write_all(stream)
        .unwrap();
    file.flush().unwrap();
    file.into_inner().into_inner()
}

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let mut out = kind.to_le_bytes().to_vec();
    out.extend((data.len() as u16).to_le_bytes());
    out.extend(data);
    out
}

fn begin(kind: u16) -> Vec<u8> {
    let mut data = 0x600u16.to_le_bytes().to_vec();
    data.extend(kind.to_le_bytes());
    data.extend([0; 12]);
    record(BEGIN, &data)
}

fn bound_sheet(position: u32) -> Vec<u8> {
    let mut data = position.to_le_bytes().to_vec();
    data.extend([0, 0, 1, 0, b'S']);
    record(SHEET, &data)
}

/// Creates a workbook with one sheet of these records.
fn sheet(records: &[u8]) -> Vec<u8> {
    globals_and_sheet(&[], records)
}

fn globals_and_sheet(globals: &[u8], records: &[u8]) -> Vec<u8> {
    let mut head = begin(5);
    head.extend(globals);
    let position = head.len() + bound_sheet(0).len() + 4;
    head.extend(bound_sheet(position as u32));
    head.extend(record(END, &[]));
    head.extend(begin(0x10));
    head.extend(records);
    head.extend(record(END, &[]));
    contained(&head)
}

fn words(numbers: &[u16]) -> Vec<u8> {
    numbers
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect()
}

fn number(row: u16, column: u16) -> Vec<u8> {
    let mut data = words(&[row, column, 0]);
    data.extend(1f64.to_le_bytes());
    record(0x203, &data)
}

/// Returns the fixture with changed data in the first record of a kind.
fn changed(kind: u16, change: impl Fn(&mut [u8])) -> Vec<u8> {
    let mut stream = stream();
    let mut at = 0;
    loop {
        let here = u16::from_le_bytes([stream[at], stream[at + 1]]);
        let length = usize::from(u16::from_le_bytes([stream[at + 2], stream[at + 3]]));
        if here == kind {
            change(&mut stream[at..at + 4 + length]);
            return contained(&stream);
        }
        at += 4 + length;
    }
}

/// Returns a valid compound file with some bytes replaced.
fn container(at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut file = contained(&stream());
    file[at..at + bytes.len()].copy_from_slice(bytes);
    file
}

/// Returns the offset of a sector whose number is at this offset in the header (MS-CFB 2.2).
fn sector(at: usize) -> usize {
    let file = contained(&stream());
    512 * (1 + u32::from_le_bytes(file[at..at + 4].try_into().unwrap()) as usize)
}

/// Returns the offset of the sector table, or of its first part.
fn table_of_sectors() -> usize {
    sector(76)
}

/// Returns the offset of the directory. Its entries have 128 bytes; the first is the root.
fn directory() -> usize {
    sector(48)
}

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case("corner-cells.xls", "far away", || {
            sheet(&[number(0, 0), number(65_535, 255)].concat())
        }),
        case("cells-beyond-the-corner.xls", "far away", || {
            sheet(&[number(0, 0), number(65_535, 65_535)].concat())
        }),
        case("only-the-last-corner.xls", NOT_OURS, || {
            sheet(&number(65_535, 65_535))
        }),
        case("claims-to-be-large.xls", NOT_OURS, || {
            let mut data = [0xFF; 14];
            data[..4].fill(0);
            sheet(&[record(DIMENSIONS, &data), number(1, 1)].concat())
        }),
        case("claims-to-be-upside-down.xls", NOT_OURS, || {
            let mut data = [0; 14];
            data[..4].fill(0xFF);
            sheet(&[record(DIMENSIONS, &data), number(1, 1)].concat())
        }),
        case("many-large-sheets.xls", "far away", || {
            let mut head = begin(5);
            let sheets = 200;
            let position = head.len() + sheets * bound_sheet(0).len() + 4;
            for _ in 0..sheets {
                head.extend(bound_sheet(position as u32));
            }
            head.extend(record(END, &[]));
            head.extend(begin(0x10));
            head.extend([number(0, 0), number(60_000, 20), record(END, &[])].concat());
            contained(&head)
        }),
        case("sheets-by-the-ten-thousand.xls", "more than 256", || {
            let mut head = begin(5);
            head.extend(bound_sheet(0).repeat(10_000));
            head.extend(record(END, &[]));
            contained(&head)
        }),
        case("a-sheet-beyond-the-end.xls", "do not fit", || {
            changed(SHEET, |record| {
                record[4..8].copy_from_slice(&u32::MAX.to_le_bytes())
            })
        }),
        case("a-sheet-within-a-record.xls", "read", || {
            changed(SHEET, |record| {
                record[4..8].copy_from_slice(&7u32.to_le_bytes())
            })
        }),
        case("a-sheet-that-is-the-workbook.xls", "read", || {
            changed(SHEET, |record| {
                record[4..8].copy_from_slice(&0u32.to_le_bytes())
            })
        }),
        case("a-record-beyond-the-end.xls", "do not fit", || {
            let mut stream = stream();
            let end = stream.len();
            stream[end - 2..].copy_from_slice(&u16::MAX.to_le_bytes());
            contained(&stream)
        }),
        case("the-first-record-too-long.xls", "do not fit", || {
            changed(BEGIN, |record| {
                record[2..4].copy_from_slice(&u16::MAX.to_le_bytes())
            })
        }),
        case("no-end.xls", "do not fit", || contained(&begin(5))),
        case("an-empty-stream.xls", "do not fit", || contained(&[])),
        case("strings-by-the-billion.xls", "read", || {
            changed(0xFC, |record| record[4..12].fill(0xFF))
        }),
        case("a-string-longer-than-its-record.xls", "damaged", || {
            let mut data = words(&[1, 0, 1, 0, 65_535]);
            data.extend([0, b'a']);
            globals_and_sheet(&record(0xFC, &data), &number(1, 1))
        }),
        case("a-string-of-many-runs.xls", "damaged", || {
            let mut data = words(&[1, 0, 1, 0, 1]);
            data.extend([0x0C, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, b'a']);
            globals_and_sheet(&record(0xFC, &data), &number(1, 1))
        }),
        case("strings-that-are-not-there.xls", NOT_OURS, || {
            sheet(&record(
                0xFD,
                &[words(&[1, 1, 0]), u32::MAX.to_le_bytes().to_vec()].concat(),
            ))
        }),
        case("many-numbers-in-none.xls", "do not fit", || {
            sheet(&record(0xBD, &words(&[1, 1])))
        }),
        case("many-numbers-the-wrong-way.xls", "damaged", || {
            sheet(&record(0xBD, &words(&[1, 60_000, 0, 0, 0, 3])))
        }),
        case("a-number-cut-off.xls", "do not fit", || {
            sheet(&record(0x203, &words(&[1])))
        }),
        case("a-formula-cut-off.xls", "damaged", || {
            sheet(&record(0x06, &words(&[1, 1, 0, 0])))
        }),
        case("a-formula-of-lies.xls", "damaged", || {
            let mut data = words(&[1, 1, 0]);
            data.extend([0xFF; 16]);
            data.extend([0xFF, 0xFF, 0x29, 0xFF, 0xFF]);
            sheet(&record(0x06, &data))
        }),
        case("a-label-of-lies.xls", NOT_OURS, || {
            sheet(&record(
                0x204,
                &[words(&[1, 1, 0, 65_535]), vec![1, b'a']].concat(),
            ))
        }),
        case("a-name-of-lies.xls", "damaged", || {
            let mut data = vec![0; 3];
            data.extend([0xFF, 0xFF, 0xFF]);
            data.extend([0; 9]);
            globals_and_sheet(&record(0x18, &data), &number(1, 1))
        }),
        case("names-by-the-hundred-thousand.xls", NOT_OURS, || {
            let mut data = vec![0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
            data.push(b'n');
            globals_and_sheet(&record(0x18, &data).repeat(100_000), &number(1, 1))
        }),
        case("a-format-of-lies.xls", NOT_OURS, || {
            globals_and_sheet(&record(0x41E, &words(&[200, 65_535])), &number(1, 1))
        }),
        case("formats-by-the-hundred-thousand.xls", NOT_OURS, || {
            globals_and_sheet(
                &record(0x41E, &[words(&[200, 1]), vec![0, b'%']].concat()).repeat(200_000),
                &number(1, 1),
            )
        }),
        case("sheets-within-sheets.xls", "do not fit", || {
            sheet(&begin(0x10).repeat(200_000))
        }),
        case("cells-by-the-million.xls", "more memory or time", || {
            sheet(&number(1, 1).repeat(1_000_000))
        }),
        case("merged-cells-of-lies.xls", "damaged", || {
            sheet(
                &[
                    record(0xE5, &words(&[65_535, 0, 65_535, 0, 255])),
                    number(1, 1),
                ]
                .concat(),
            )
        }),
        case("continued-without-end.xls", "damaged", || {
            let mut globals = record(0xFC, &words(&[1, 0, 1, 0, 60_000, 0]));
            globals.extend(record(0x3C, &[0; 1]).repeat(50_000));
            globals_and_sheet(&globals, &number(1, 1))
        }),
        case("a-letter-code-of-nowhere.xls", NOT_OURS, || {
            globals_and_sheet(&record(0x42, &words(&[0xFFFF])), &number(1, 1))
        }),
        case("encrypted-records.xls", "password", || {
            globals_and_sheet(&record(0x2F, &[1; 54]), &number(1, 1))
        }),
        case("sectors-in-a-circle.xls", "damaged", || {
            // Each of the first sectors is followed by the sector before it.
            let table = table_of_sectors();
            let links: Vec<u8> = (0..64u32)
                .flat_map(|sector| (sector.max(1) - 1).to_le_bytes())
                .collect();
            container(table, &links)
        }),
        case("a-sector-that-follows-itself.xls", "damaged", || {
            let links: Vec<u8> = (0..128u32).flat_map(u32::to_le_bytes).collect();
            container(table_of_sectors(), &links)
        }),
        case("a-directory-in-a-circle.xls", "damaged", || {
            // The root's child is its own left sibling, right sibling, and child (MS-CFB 2.6.1).
            let links = [1u32, 1, 1].map(u32::to_le_bytes).concat();
            container(directory() + 128 + 68, &links)
        }),
        case("a-stream-of-an-exabyte.xls", "damaged", || {
            container(directory() + 128 + 120, &[0xFF; 8])
        }),
        case("sectors-of-two-gigabytes.xls", "damaged", || {
            container(30, &31u16.to_le_bytes())
        }),
        case("sectors-of-no-size.xls", "damaged", || {
            container(30, &[0, 0])
        }),
        case("tables-by-the-billion.xls", "read", || {
            container(44, &u32::MAX.to_le_bytes())
        }),
        case("more-tables-in-a-circle.xls", "damaged", || {
            let mut file = container(68, &1u32.to_le_bytes());
            file[72..76].copy_from_slice(&u32::MAX.to_le_bytes());
            file
        }),
        case("only-a-signature.xls", "damaged", || {
            fixture()[..8].to_vec()
        }),
        case("only-a-header.xls", "damaged", || fixture()[..512].to_vec()),
        case("a-word-document.xls", "a Word document", || {
            let mut file =
                cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new()))
                    .unwrap();
            file.create_stream("WordDocument")
                .unwrap()
                .write_all(b"x")
                .unwrap();
            file.flush().unwrap();
            file.into_inner().into_inner()
        }),
        case("streams-behind-the-end.xls", "read", || {
            // Data after the end, to which no table refers.
            let mut file = contained(&stream());
            let at = directory();
            let entry = file[at + 128..at + 256].to_vec();
            file.extend(entry.repeat(20_000));
            file
        }),
    ]
}
