//! An earlier run's results, read again to tell what changed since.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::fingerprint::hexadecimal;
use crate::plan::Previous;
use crate::results::{self, RESULTS};

/// Why an earlier run cannot be compared with.
#[derive(Debug, thiserror::Error)]
pub enum PreviousError {
    /// There are no results.
    #[error(
        "{path} cannot be read ({error}). Name the output folder of a previous run; it contains the file {RESULTS}"
    )]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// A line is none of ours.
    #[error("{path}, line {line}, is not a valid result ({reason})")]
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
    let mut previous = Previous::default();
    let mut fingerprint = Sha256::new();
    for (line, number) in results::lines(&path).map_err(unreadable)?.zip(1..) {
        let line = line.map_err(unreadable)?;
        fingerprint.update(&line);
        let earlier = serde_json::from_slice(&line).map_err(|error| PreviousError::NotOurs {
            path: path.clone(),
            line: number,
            reason: error.to_string(),
        })?;
        previous.add(earlier);
    }
    previous.fingerprint = hexadecimal(&fingerprint.finalize());
    Ok(previous)
}
