//! What the targets share: the programme, and containers packed from parts, so that changes reach what lies within.

use std::io::{Cursor, Write};
use std::sync::OnceLock;

use partnerbook::intake::{self, Wall};
use partnerbook::programme::Programme;

/// Stands between the parts of an input.
pub const BETWEEN: &[u8] = b"\n--part--\n";

/// The built-in programme, loaded once.
pub fn programme() -> &'static Programme {
    static PROGRAMME: OnceLock<Programme> = OnceLock::new();
    PROGRAMME.get_or_init(|| {
        // libFuzzer ends at every panic, also at those of calamine that are caught. One of ours still ends the run: it
        // reaches a function that cannot unwind.
        std::panic::set_hook(Box::new(|_| {}));
        Programme::built_in().expect("the built-in programme")
    })
}

/// Reads a workbook as the program does, without the wall: whatever the looks before reading let through is met here.
pub fn read(bytes: Vec<u8>) {
    let _ = intake::read_bytes(programme(), bytes, &Wall::none());
}

/// The parts of an input: their names are given, their contents stand one after the other.
pub fn zip_of_parts(names: &[&str], data: &[u8]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut rest = data;
    for name in names {
        let end = rest
            .windows(BETWEEN.len())
            .position(|window| window == BETWEEN)
            .unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        rest = after.get(BETWEEN.len()..).unwrap_or_default();
        let _ = writer.start_file(*name, stored);
        let _ = writer.write_all(part);
    }
    writer.finish().map(Cursor::into_inner).unwrap_or_default()
}
