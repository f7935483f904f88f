#![no_main]
//! xlsb: whole files, and files of changed parts.

use libfuzzer_sys::fuzz_target;
use partnerbook_fuzz::{read, zip_of_parts};

const PARTS: [&str; 6] = [
    "xl/worksheets/sheet1.bin",
    "xl/sharedStrings.bin",
    "xl/styles.bin",
    "xl/workbook.bin",
    "xl/_rels/workbook.bin.rels",
    "[Content_Types].xml",
];

fuzz_target!(|data: &[u8]| {
    if data.starts_with(b"PK") {
        read(data.to_vec());
    } else {
        read(zip_of_parts(&PARTS, data));
    }
});
