//! What the targets share: the questionnaire, and containers packed from parts, so that changes reach what lies within.

use std::io::{Cursor, Write};
use std::sync::OnceLock;

use partnerbook::intake::{self, Sandbox};
use partnerbook::questionnaire::Questionnaire;

/// Stands between the parts of an input.
pub const BETWEEN: &[u8] = b"\n--part--\n";

/// The built-in questionnaire, loaded once.
pub fn questionnaire() -> &'static Questionnaire {
    static QUESTIONNAIRE: OnceLock<Questionnaire> = OnceLock::new();
    QUESTIONNAIRE.get_or_init(|| {
        // libFuzzer ends at every panic, also at those of calamine that are caught. One of ours still ends the run: it
        // reaches a function that cannot unwind.
        std::panic::set_hook(Box::new(|_| {}));
        Questionnaire::built_in().expect("the built-in questionnaire")
    })
}

/// Reads a workbook as the program does, without the sandbox: whatever the looks before reading let through is met here.
pub fn read(bytes: Vec<u8>) {
    let _ = intake::read_bytes(questionnaire(), bytes, &Sandbox::none());
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
