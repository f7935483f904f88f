//! Reads a list of paths, one per line, from a file or from standard input.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use super::CommandError;

/// Maximum size of a list, in bytes.
const MAX_BYTES: u64 = 256 << 20;

/// Reads a list of paths. `-` is standard input. Empty lines are skipped.
///
/// # Errors
/// Returns an error if the list cannot be read, is not UTF-8, is too large, or contains no path.
pub fn read(list: &Path) -> Result<Vec<PathBuf>, CommandError> {
    let name = match list == Path::new("-") {
        true => "standard input".to_owned(),
        false => list.display().to_string(),
    };
    let failed = |reason: &dyn std::fmt::Display| {
        CommandError::from(format!(
            "the list of files in {name} cannot be read: {reason}"
        ))
    };
    let source: Box<dyn Read> = match list == Path::new("-") {
        true => Box::new(std::io::stdin().lock()),
        false => Box::new(std::fs::File::open(list).map_err(|error| failed(&error))?),
    };
    let mut paths = Vec::new();
    let mut left = MAX_BYTES;
    for line in BufReader::new(source.take(MAX_BYTES + 1)).lines() {
        let line = line.map_err(|error| failed(&error))?;
        left = left
            .checked_sub(line.len() as u64 + 1)
            .ok_or_else(|| failed(&"it is larger than 256 MB"))?;
        let line = match paths.is_empty() {
            true => line.trim_start_matches('\u{feff}'),
            false => line.as_str(),
        };
        let path = line.trim_end_matches('\r');
        if !path.is_empty() {
            paths.push(PathBuf::from(path));
        }
    }
    match paths.is_empty() {
        true => Err(failed(&"it contains no path. Write one path per line")),
        false => Ok(paths),
    }
}
