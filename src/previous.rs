//! An earlier run's results, read again to tell what changed since.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::fingerprint::hexadecimal;
use crate::plan::Previous;
use crate::results::RESULTS;

/// Longest line, most lines, and most bytes in all that are read.
const LONGEST_LINE: u64 = 16 << 20;
const MOST_CLIENTS: usize = 100_000;
const MOST_BYTES: usize = 2 << 30;

/// Why an earlier run cannot be compared with.
#[derive(Debug, thiserror::Error)]
pub enum PreviousError {
    /// There are no results.
    #[error(
        "{path}: cannot be read ({error}). Name the output folder of an earlier run; it holds the file {RESULTS}"
    )]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// A line is none of ours.
    #[error("{path}, line {line}: these are no results of partnerbook ({reason})")]
    NotOurs {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
}

/// Reads the results in the output folder of an earlier run.
///
/// # Errors
/// When there are none, or they are not as this program writes them.
pub fn load(folder: &Path) -> Result<Previous, PreviousError> {
    let path = folder.join(RESULTS);
    let unreadable = |error| PreviousError::Unreadable {
        path: path.clone(),
        error,
    };
    let mut reader = BufReader::new(File::open(&path).map_err(unreadable)?);
    let mut previous = Previous::default();
    let mut fingerprint = Sha256::new();
    let mut line = Vec::new();
    let mut bytes = 0;
    for number in 1.. {
        line.clear();
        let length = reader
            .by_ref()
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut line)
            .map_err(unreadable)?;
        if length == 0 {
            break;
        }
        let not_ours = |reason: String| PreviousError::NotOurs {
            path: path.clone(),
            line: number,
            reason,
        };
        bytes += length;
        if number > MOST_CLIENTS || bytes > MOST_BYTES {
            return Err(not_ours("too long for the results of a run".into()));
        }
        fingerprint.update(&line);
        previous.add(serde_json::from_slice(&line).map_err(|error| not_ours(error.to_string()))?);
    }
    previous.fingerprint = hexadecimal(&fingerprint.finalize());
    Ok(previous)
}
