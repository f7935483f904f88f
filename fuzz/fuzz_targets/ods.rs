#![no_main]
//! ods: whole files, and files of changed content.

use libfuzzer_sys::fuzz_target;
use partnerbook_fuzz::{BETWEEN, read, zip_of_parts};

fuzz_target!(|data: &[u8]| {
    if data.starts_with(b"PK") {
        read(data.to_vec());
    } else {
        let mut parts = b"application/vnd.oasis.opendocument.spreadsheet".to_vec();
        parts.extend_from_slice(BETWEEN);
        parts.extend_from_slice(b"<manifest:manifest/>");
        parts.extend_from_slice(BETWEEN);
        parts.extend_from_slice(data);
        read(zip_of_parts(
            &["mimetype", "META-INF/manifest.xml", "content.xml"],
            &parts,
        ));
    }
});
