//! The register: which workbook was handed out to which client, and when.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::bounded;
use crate::output::{self, OutputError};

/// Name of the register in the folder of the workbooks.
pub const FILE: &str = ".partnerbook-handed-out.jsonl";
/// Maximum size of the register, in bytes.
const MAX_SIZE: u64 = 64 << 20;

/// A workbook that was handed out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The client ID.
    pub client: String,
    /// The client's name.
    pub name: String,
    /// File name of the workbook.
    pub file: String,
    /// SHA-256 of everything that the workbook was made of, in hexadecimal.
    pub made_of: String,
    /// The day on which this workbook was created.
    pub on: NaiveDate,
}

/// Why the register cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RegisterError {
    /// The file cannot be read.
    #[error("{path} cannot be read ({error})")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The underlying I/O error.
        #[source]
        error: std::io::Error,
    },
    /// A line is damaged.
    #[error(
        "{path}, line {line}, is damaged ({why}). Delete the line; the client's workbook is then created again"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The line number, from 1.
        line: usize,
        /// The reason.
        why: String,
    },
}

/// All workbooks that were handed out, in the order in which they were first created.
#[derive(Debug, Clone, Default)]
pub struct Register {
    entries: Vec<Entry>,
    by_client: HashMap<String, usize>,
}

impl Register {
    /// Reads the register of a folder. A folder without a register has an empty one.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read or is damaged.
    pub fn read(folder: &Path) -> Result<Self, RegisterError> {
        let path = folder.join(FILE);
        if !path.exists() {
            return Ok(Self::default());
        }
        let text =
            bounded::read_text(&path, MAX_SIZE).map_err(|error| RegisterError::Unreadable {
                path: path.clone(),
                error,
            })?;
        let mut register = Self::default();
        for (index, line) in text.lines().enumerate() {
            let entry = serde_json::from_str(line).map_err(|error| RegisterError::Damaged {
                path: path.clone(),
                line: index + 1,
                why: error.to_string(),
            })?;
            register.set(entry);
        }
        Ok(register)
    }

    /// Returns the workbook of a client.
    pub fn of(&self, client: &str) -> Option<&Entry> {
        Some(&self.entries[*self.by_client.get(client)?])
    }

    /// Adds the workbook of a client, or replaces it.
    pub fn set(&mut self, entry: Entry) {
        match self.by_client.get(&entry.client) {
            Some(index) => self.entries[*index] = entry,
            None => {
                self.by_client
                    .insert(entry.client.clone(), self.entries.len());
                self.entries.push(entry);
            }
        }
    }

    /// Returns the entries.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Writes the register.
    ///
    /// # Errors
    /// Returns an error if the file cannot be written.
    pub fn save(&self, folder: &Path) -> Result<(), OutputError> {
        let lines: String = self
            .entries
            .iter()
            .filter_map(|entry| serde_json::to_string(entry).ok())
            .map(|line| line + "\n")
            .collect();
        output::write_atomic(&folder.join(FILE), lines.as_bytes())
    }
}
