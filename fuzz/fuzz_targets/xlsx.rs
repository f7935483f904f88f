#![no_main]
//! xlsx: whole files, and files of changed parts.

use libfuzzer_sys::fuzz_target;
use partnerbook_fuzz::{read, zip_of_parts};

const PARTS: [&str; 7] = [
    "xl/worksheets/sheet1.xml",
    "xl/worksheets/sheet2.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "[Content_Types].xml",
];

fuzz_target!(|data: &[u8]| {
    if data.starts_with(b"PK") {
        read(data.to_vec());
    } else {
        read(zip_of_parts(&PARTS, data));
    }
});
