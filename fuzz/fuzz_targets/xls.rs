#![no_main]
//! xls: whole files, and containers with a changed stream.

use std::io::{Cursor, Write};

use libfuzzer_sys::fuzz_target;
use partnerbook_fuzz::read;

fn contained(stream: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut file =
        cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new()))?;
    file.create_stream("Workbook")?.write_all(stream)?;
    file.flush()?;
    Ok(file.into_inner().into_inner())
}

fuzz_target!(|data: &[u8]| {
    if data.starts_with(&[0xD0, 0xCF]) {
        read(data.to_vec());
    } else if let Ok(bytes) = contained(data) {
        read(bytes);
    }
});
