//! Bounds before memory is spent: what the file is, by its first bytes, and how large its parts say they are.

use std::io::{Cursor, Read};

use super::IntakeError;

const MOST_ENTRIES: usize = 4096;
/// Largest single part and all parts together, unpacked, in bytes.
const LARGEST_PART: u64 = 16 << 20;
const LARGEST_WHOLE: u64 = 64 << 20;
/// The start of a part in which a table of shared strings says how many it has.
const HEAD: u64 = 2048;

pub fn check(bytes: &[u8]) -> Result<(), IntakeError> {
    if bytes.is_empty() {
        return Err(IntakeError::Empty);
    }
    if bytes.len() as u64 > super::LARGEST_FILE {
        return Err(IntakeError::TooLarge(bytes.len() as u64));
    }
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        // An encrypted xlsx lies in the same kind of container as an old xls; its stream's name tells them apart.
        let name: Vec<u8> = "EncryptedPackage"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let encrypted = bytes.windows(name.len()).any(|window| window == name);
        return Err(if encrypted {
            IntakeError::Password
        } else {
            IntakeError::OtherFormat("an old Excel file (.xls)")
        });
    }
    if !bytes.starts_with(b"PK") {
        return Err(IntakeError::NotAWorkbook);
    }
    let damaged = |error: zip::result::ZipError| IntakeError::Damaged(error.to_string());
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    if archive.len() > MOST_ENTRIES {
        return Err(IntakeError::Damaged(format!(
            "{} parts, more than {MOST_ENTRIES}",
            archive.len()
        )));
    }
    if archive.index_for_name("xl/workbook.bin").is_some() {
        return Err(IntakeError::OtherFormat("a binary Excel file (.xlsb)"));
    }
    if archive.index_for_name("content.xml").is_some() {
        return Err(IntakeError::OtherFormat("an OpenDocument file"));
    }
    if archive.index_for_name("[Content_Types].xml").is_none() {
        return Err(if archive.index_for_name("Index/Document.iwa").is_some() {
            IntakeError::OtherFormat("a Numbers file")
        } else {
            IntakeError::NotAWorkbook
        });
    }
    if archive.index_for_name("word/document.xml").is_some()
        || archive.index_for_name("ppt/presentation.xml").is_some()
    {
        return Err(IntakeError::NotAWorkbook);
    }
    let mut whole = 0u64;
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|error| match error {
            zip::result::ZipError::UnsupportedArchive(_) => IntakeError::Password,
            error => damaged(error),
        })?;
        let size = part.size();
        whole = whole.saturating_add(size);
        if size > LARGEST_PART || whole > LARGEST_WHOLE {
            return Err(IntakeError::Damaged(format!(
                "a part of {size} bytes unpacked, more than a workbook of answers can have"
            )));
        }
        let name = part.name().map_err(damaged)?.to_ascii_lowercase();
        if name.ends_with(".xml") || !name.contains('.') {
            let mut head = Vec::new();
            part.by_ref()
                .take(HEAD)
                .read_to_end(&mut head)
                .map_err(|error| IntakeError::Damaged(error.to_string()))?;
            check_counts(&head, size)?;
        }
    }
    Ok(())
}

/// A count of strings that the part cannot hold would be reserved in memory before it is found out.
fn check_counts(head: &[u8], size: u64) -> Result<(), IntakeError> {
    let text = String::from_utf8_lossy(head);
    for piece in text.split("ount=").skip(1) {
        let digits: String = piece
            .trim_start_matches(['"', '\''])
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        if !digits.is_empty() && digits.parse::<u64>().is_ok_and(|count| count <= size) {
            continue;
        }
        if !digits.is_empty() {
            return Err(IntakeError::Damaged(
                "it says that it holds more than it can".into(),
            ));
        }
    }
    Ok(())
}
