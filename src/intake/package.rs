//! The zip archive of xlsx, xlsb, and ods, with limits on the number of entries, the size of each part, and the total
//! size.
//!
//! The limits are checked before memory is allocated. Calamine gets a new archive with only the parts that lead to
//! answers.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::IntakeError;

/// Maximum number of entries of an archive. A completed workbook has about 40.
const MAX_ENTRIES: usize = 4096;
/// Maximum unpacked size of one part and of all wanted parts together, in bytes.
const MAX_PART_SIZE: u64 = 16 << 20;
const MAX_WHOLE_SIZE: u64 = 48 << 20;
/// The first bytes of an entry in the archive's directory.
const DIRECTORY_ENTRY: &[u8] = b"PK\x01\x02";
/// The attribute with the number of strings in a table, and the minimum size of a string in bytes: `<si/>`.
const COUNT: &[u8] = b"uniqueCount";
const SHORTEST_STRING: usize = 5;

/// An archive whose directory is within the limits.
pub struct Package<'b> {
    archive: RefCell<ZipArchive<Cursor<&'b [u8]>>>,
    names: HashMap<String, usize>,
}

impl<'b> Package<'b> {
    pub fn open(bytes: &'b [u8]) -> Result<Self, IntakeError> {
        // Counted before the directory is read, because every entry uses memory.
        let entries = memchr::memmem::find_iter(bytes, DIRECTORY_ENTRY)
            .take(MAX_ENTRIES + 1)
            .count();
        if entries > MAX_ENTRIES {
            return Err(IntakeError::Excessive(format!(
                "it holds more than {MAX_ENTRIES} parts"
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
            names.insert(key(&name), index);
        }
        Ok(Self {
            archive: RefCell::new(archive),
            names,
        })
    }

    pub fn has(&self, name: &str) -> bool {
        self.names.contains_key(&key(name))
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }

    /// Returns an unpacked part. Returns an error if the part is missing or larger than the limit, whatever size it
    /// declares.
    pub fn part(&self, name: &str, limit: u64) -> Result<Vec<u8>, IntakeError> {
        let Some(index) = self.names.get(&key(name)) else {
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
        // Allocates the declared size at once, because many small reads are slower. The extra byte detects the end.
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

    /// Returns the total unpacked size that the wanted parts declare, in bytes.
    pub fn claimed(&self, wanted: fn(&str) -> bool) -> u64 {
        let mut archive = self.archive.borrow_mut();
        self.names
            .iter()
            .filter(|(name, _)| wanted(name))
            .filter_map(|(_, index)| Some(archive.by_index_raw(*index).ok()?.size()))
            .fold(0, u64::saturating_add)
    }

    /// Returns the text of a part as UTF-8, whatever its encoding. Returns `None` if the part is missing, damaged, or
    /// too large.
    pub fn text(&self, name: &str, limit: u64) -> Option<Vec<u8>> {
        self.part(name, limit).ok().map(in_utf8)
    }
}

/// Returns the lookup key of a part name. Programs write names with either slash and in any case.
fn key(name: &str) -> String {
    name.replace('\\', "/")
        .trim_start_matches('/')
        .to_ascii_lowercase()
}

/// Writes an uncompressed archive with the parts for calamine.
pub struct Packer {
    writer: ZipWriter<Cursor<Vec<u8>>>,
    unpacked: u64,
}

impl Packer {
    /// Creates a packer with memory reserved for the wanted parts. Growing the buffer would use twice the memory.
    pub fn for_parts(package: &Package, wanted: fn(&str) -> bool) -> Self {
        const DIRECTORY: u64 = 1 << 16;
        let room = package.claimed(wanted).min(MAX_WHOLE_SIZE) + DIRECTORY;
        Self {
            writer: ZipWriter::new(Cursor::new(Vec::with_capacity(room as usize))),
            unpacked: 0,
        }
    }

    /// Unpacks a part, within the limits for one part and for all parts together.
    pub fn unpack(&mut self, package: &Package, name: &str) -> Result<Vec<u8>, IntakeError> {
        let part = package.part(name, MAX_PART_SIZE)?;
        self.unpacked += part.len() as u64;
        if self.unpacked > MAX_WHOLE_SIZE {
            return Err(IntakeError::Excessive(format!(
                "it has more than {} MB unpacked",
                MAX_WHOLE_SIZE >> 20
            )));
        }
        check_counts(&part)?;
        Ok(if name.ends_with(".bin") {
            part
        } else {
            in_utf8(part)
        })
    }

    /// Adds a part.
    pub fn add(&mut self, name: &str, part: &[u8]) -> Result<(), IntakeError> {
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        self.writer
            .start_file(name, stored)
            .map_err(|error| IntakeError::damaged(&error))?;
        self.writer
            .write_all(part)
            .map_err(|error| IntakeError::damaged(&error))
    }

    /// Returns the archive.
    pub fn finish(self) -> Result<Vec<u8>, IntakeError> {
        let finished = self.writer.finish();
        Ok(finished
            .map_err(|error| IntakeError::damaged(&error))?
            .into_inner())
    }
}

/// Converts the XML of a part to UTF-8. A byte order mark or the XML declaration specifies the encoding.
fn in_utf8(part: Vec<u8>) -> Vec<u8> {
    let declared = || {
        let head = &part[..part.len().min(200)];
        let at = memchr::memmem::find(head, b"encoding=")? + 10;
        let name = &head[at..];
        let end = name.iter().position(|byte| matches!(byte, b'"' | b'\''))?;
        encoding_rs::Encoding::for_label(&name[..end])
    };
    let marked = encoding_rs::Encoding::for_bom(&part).map(|(encoding, _)| encoding);
    match marked.or_else(declared) {
        None => part,
        Some(encoding) if encoding == encoding_rs::UTF_8 => part,
        // The declaration says UTF-16, but it was read as ASCII, so it is wrong.
        Some(encoding) if !encoding.is_ascii_compatible() && marked.is_none() => part,
        Some(encoding) => {
            let text = encoding.decode(&part).0.into_owned();
            // The declaration would still specify the other encoding.
            match (text.starts_with("<?xml"), text.find("?>")) {
                (true, Some(end)) => text[end + 2..].to_owned().into_bytes(),
                _ => text.into_bytes(),
            }
        }
    }
}

/// Rejects a part that declares more strings than it can contain, because calamine would reserve memory for all of
/// them.
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
