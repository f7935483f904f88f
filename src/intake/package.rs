//! The zip archive behind xlsx, xlsb and ods, bounded before memory is spent: how many entries, how large each part, how much
//! all together. What calamine sees is an archive packed anew from the parts that hold answers, and nothing else.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::IntakeError;

/// Most entries of an archive. A filled-in template has some 40.
const MAX_ENTRIES: usize = 4096;
/// Largest single part and all wanted parts together, unpacked, in bytes.
const MAX_PART_SIZE: u64 = 16 << 20;
const MAX_WHOLE_SIZE: u64 = 48 << 20;
/// How an entry of an archive's directory begins.
const DIRECTORY_ENTRY: &[u8] = b"PK\x01\x02";
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

    /// A part, unpacked; an error when it is missing or larger than the limit, whatever size it claims.
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

    /// A part's text as UTF-8, whatever encoding it is written in; none where it is missing, damaged or too large.
    pub fn text(&self, name: &str, limit: u64) -> Option<Vec<u8>> {
        self.part(name, limit).ok().map(in_utf8)
    }
}

/// The name by which a part is found: programs write it with either slash and in either case.
fn key(name: &str) -> String {
    name.replace('\\', "/")
        .trim_start_matches('/')
        .to_ascii_lowercase()
}

/// An archive of our own, uncompressed, of parts that a reader is to see.
pub struct Packer {
    writer: ZipWriter<Cursor<Vec<u8>>>,
    unpacked: u64,
}

impl Packer {
    /// A packer with room for the wanted parts: growing would take twice their memory.
    pub fn for_parts(package: &Package, wanted: fn(&str) -> bool) -> Self {
        const DIRECTORY: u64 = 1 << 16;
        let room = package.claimed(wanted).min(MAX_WHOLE_SIZE) + DIRECTORY;
        Self {
            writer: ZipWriter::new(Cursor::new(Vec::with_capacity(room as usize))),
            unpacked: 0,
        }
    }

    /// Unpacks a part to be added, within the bounds of a part and of all together.
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

    /// The archive.
    pub fn finish(self) -> Result<Vec<u8>, IntakeError> {
        let finished = self.writer.finish();
        Ok(finished
            .map_err(|error| IntakeError::damaged(&error))?
            .into_inner())
    }
}

/// A part's XML as UTF-8: it may begin with a mark of UTF-16, or name its encoding in its declaration.
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
        // A declaration that contradicts the bytes, which are plainly no UTF-16.
        Some(encoding) if !encoding.is_ascii_compatible() && marked.is_none() => part,
        Some(encoding) => {
            let text = encoding.decode(&part).0.into_owned();
            // The declaration would still name the other encoding.
            match (text.starts_with("<?xml"), text.find("?>")) {
                (true, Some(end)) => text[end + 2..].to_owned().into_bytes(),
                _ => text.into_bytes(),
            }
        }
    }
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
