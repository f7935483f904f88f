//! The zip archive behind xlsx, xlsb and ods, bounded before memory is spent: how many entries, how large each part, how much
//! all together. What calamine sees is an archive packed anew from the parts that hold answers, and nothing else.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::IntakeError;

/// Most entries of an archive. A filled-in template has some 40.
const MOST_ENTRIES: usize = 4096;
/// Largest single part and all wanted parts together, unpacked, in bytes.
const LARGEST_PART: u64 = 16 << 20;
const LARGEST_WHOLE: u64 = 48 << 20;
/// How an entry of an archive's directory begins.
const DIRECTORY_ENTRY: &[u8] = b"PK\x01\x02";
/// Largest part of styles: each of its few bytes becomes a few hundred in memory.
const LARGEST_STYLES: u64 = 2 << 20;
/// How a table of strings says how many it has, and the fewest bytes that one of them takes: `<si/>`.
const COUNT: &[u8] = b"uniqueCount";
const SHORTEST_STRING: usize = 5;

/// An archive whose directory is within bounds.
pub struct Package<'b> {
    archive: RefCell<ZipArchive<Cursor<&'b [u8]>>>,
    names: HashMap<String, usize>,
}

impl<'b> Package<'b> {
    pub fn open(bytes: &'b [u8]) -> Result<Self, IntakeError> {
        // Counted before the directory is read: every entry takes room there.
        let entries = memchr::memmem::find_iter(bytes, DIRECTORY_ENTRY)
            .take(MOST_ENTRIES + 1)
            .count();
        if entries > MOST_ENTRIES {
            return Err(IntakeError::Excessive(format!(
                "it holds more than {MOST_ENTRIES} parts"
            )));
        }
        let mut archive =
            ZipArchive::new(Cursor::new(bytes)).map_err(|_| IntakeError::not_whole())?;
        let mut names = HashMap::new();
        for index in 0..archive.len() {
            let entry = archive
                .by_index_raw(index)
                .map_err(|error| IntakeError::damaged(&error))?;
            let name = entry.name().map_err(|error| IntakeError::damaged(&error))?;
            names.insert(
                name.replace('\\', "/").trim_start_matches('/').to_owned(),
                index,
            );
        }
        Ok(Self {
            archive: RefCell::new(archive),
            names,
        })
    }

    pub fn has(&self, name: &str) -> bool {
        self.names.contains_key(name)
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }

    /// A part, unpacked; an error when it is missing or larger than the limit, whatever size it claims.
    pub fn part(&self, name: &str, limit: u64) -> Result<Vec<u8>, IntakeError> {
        let Some(index) = self.names.get(name) else {
            return Err(IntakeError::Damaged(format!("its part {name} is missing")));
        };
        let mut archive = self.archive.borrow_mut();
        let mut part = archive.by_index(*index).map_err(|error| match error {
            zip::result::ZipError::UnsupportedArchive(_) => IntakeError::Password,
            error => IntakeError::damaged(&error),
        })?;
        let too_large = || {
            IntakeError::Excessive(format!(
                "a part of it has more than {} MB unpacked",
                limit >> 20
            ))
        };
        if part.size() > limit {
            return Err(too_large());
        }
        // In pieces as large as what it claims to be: unpacking in many small ones takes longer. One byte more tells the end.
        let mut bytes = vec![0; part.size() as usize + 1];
        let mut filled = 0;
        loop {
            let read = part
                .read(&mut bytes[filled..])
                .map_err(|error| IntakeError::damaged(&error))?;
            filled += read;
            if read == 0 || filled as u64 > limit {
                break;
            }
            if filled == bytes.len() {
                let more = filled.max(1 << 12);
                bytes.resize(filled + more, 0);
            }
        }
        bytes.truncate(filled);
        if bytes.len() as u64 > limit {
            return Err(too_large());
        }
        Ok(bytes)
    }

    /// How many bytes the wanted parts claim to have, unpacked.
    pub fn claimed(&self, wanted: fn(&str) -> bool) -> u64 {
        let mut archive = self.archive.borrow_mut();
        self.names
            .iter()
            .filter(|(name, _)| wanted(name))
            .filter_map(|(_, index)| Some(archive.by_index_raw(*index).ok()?.size()))
            .fold(0, u64::saturating_add)
    }

    /// The wanted parts in an archive of our own, uncompressed; each is shown before it is packed and may be mended.
    pub fn repack(
        &self,
        wanted: fn(&str) -> bool,
        mut look: impl FnMut(&str, &mut Vec<u8>) -> Result<(), IntakeError>,
    ) -> Result<Vec<u8>, IntakeError> {
        let failed = |error: zip::result::ZipError| IntakeError::damaged(&error);
        let claimed = self.claimed(wanted);
        if claimed > LARGEST_WHOLE {
            return Err(IntakeError::Excessive(format!(
                "it has more than {} MB unpacked",
                LARGEST_WHOLE >> 20
            )));
        }
        let mut writer = ZipWriter::new(Cursor::new(Vec::with_capacity(
            claimed as usize + 200 * self.names.len(),
        )));
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        let mut names: Vec<&str> = self.names().filter(|name| wanted(name)).collect();
        names.sort_unstable();
        for name in names {
            let limit = if name.contains("styles.") {
                LARGEST_STYLES
            } else {
                LARGEST_PART
            };
            let mut part = self.part(name, limit)?;
            check_letters(name, &part)?;
            check_counts(&part)?;
            look(name, &mut part)?;
            writer.start_file(name, stored).map_err(failed)?;
            writer
                .write_all(&part)
                .map_err(|error| IntakeError::damaged(&error))?;
        }
        Ok(writer.finish().map_err(failed)?.into_inner())
    }
}

/// XML of two bytes a letter, which nobody writes, would be passed over as if it held nothing.
fn check_letters(name: &str, part: &[u8]) -> Result<(), IntakeError> {
    let is_xml = !name.ends_with(".bin");
    if is_xml && (part.starts_with(&[0xFF, 0xFE]) || part.starts_with(&[0xFE, 0xFF])) {
        return Err(IntakeError::Damaged(format!(
            "its part {name} is written in UTF-16"
        )));
    }
    Ok(())
}

/// A count of strings that the part cannot hold would be reserved in memory before it is found out.
fn check_counts(part: &[u8]) -> Result<(), IntakeError> {
    for at in memchr::memmem::find_iter(part, COUNT) {
        let digits: String = part[at + COUNT.len()..]
            .iter()
            .skip_while(|byte| matches!(byte, b'=' | b'"' | b'\'') || byte.is_ascii_whitespace())
            .take_while(|byte| byte.is_ascii_digit())
            .map(|byte| char::from(*byte))
            .collect();
        let fits = digits
            .parse::<usize>()
            .is_ok_and(|count| count <= part.len() / SHORTEST_STRING + 1);
        if !digits.is_empty() && !fits {
            return Err(IntakeError::Excessive(
                "it says that it holds more than it can".into(),
            ));
        }
    }
    Ok(())
}
