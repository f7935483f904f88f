//! `results.jsonl`: the [`Record`] of each client as one line of JSON.

use std::io::Result;
use std::path::Path;

use super::Record;
use crate::bounded;

/// Maximum length of a line and of the file, in bytes.
const MAX_LINE_LENGTH: u64 = 64 << 20;
const MAX_BYTES: u64 = 2 << 30;

/// Iterates over the lines of a results file, one line per client.
///
/// # Errors
/// Returns an error if the file cannot be opened. An item is an error if the line cannot be read or exceeds a limit.
pub fn lines(path: &Path) -> Result<impl Iterator<Item = Result<Vec<u8>>>> {
    bounded::lines(path, MAX_LINE_LENGTH, MAX_BYTES)
}

/// Parses a line.
///
/// # Errors
/// Returns an error if the line is not a record.
pub fn from_line(line: &[u8]) -> serde_json::Result<Record> {
    serde_json::from_slice(line)
}

/// Serializes a record as a line with its line break. Answers are not included.
///
/// # Errors
/// Returns an error if the record cannot be serialized.
pub fn to_line(record: &Record) -> serde_json::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(record)?;
    line.push(b'\n');
    Ok(line)
}
