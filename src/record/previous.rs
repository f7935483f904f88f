//! The clients of a previous run, read from its results.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::results;
use super::{Client, Message, Record};
use crate::fingerprint::hexadecimal;
use crate::issue::Severity;
use crate::output::names::RESULTS;
use crate::text::normalize;

/// The clients of a previous run.
#[derive(Debug, Default)]
pub struct Previous {
    by_name: HashMap<String, Vec<Record>>,
    /// SHA-256 of the results, in hexadecimal: a plan changes if the results that it is compared with change.
    pub fingerprint: String,
}

/// Why a previous run cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum PreviousError {
    /// The results cannot be read.
    #[error(
        "{path} cannot be read ({error}). Name the output folder of a previous run; it contains the file {RESULTS}"
    )]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The underlying I/O error.
        #[source]
        error: std::io::Error,
    },
    /// A line is not a result of partnerbook.
    #[error("{path}, line {line}, is not a valid result ({reason})")]
    NotOurs {
        /// The file.
        path: PathBuf,
        /// Number of the line, starting at 1.
        line: usize,
        /// The reason.
        reason: String,
    },
}

impl Previous {
    /// Reads the results in the output folder of a previous run.
    ///
    /// # Errors
    /// Returns an error if the results cannot be read or are not valid.
    pub fn load(folder: &Path) -> Result<Self, PreviousError> {
        let path = folder.join(RESULTS);
        let unreadable = |error| PreviousError::Unreadable {
            path: path.clone(),
            error,
        };
        let mut previous = Self::default();
        let mut fingerprint = Sha256::new();
        for (line, number) in results::lines(&path).map_err(unreadable)?.zip(1..) {
            let line = line.map_err(unreadable)?;
            fingerprint.update(&line);
            let record = results::from_line(&line).map_err(|error| PreviousError::NotOurs {
                path: path.clone(),
                line: number,
                reason: error.to_string(),
            })?;
            previous.add(record);
        }
        previous.fingerprint = hexadecimal(&fingerprint.finalize());
        Ok(previous)
    }

    fn add(&mut self, mut record: Record) {
        let name = normalize(&record.client.name);
        // A file name does not identify a client.
        if !record.client.named || name.is_empty() {
            return;
        }
        // Only what a comparison needs stays in memory.
        record
            .issues
            .retain(|issue| issue.severity != Severity::Note);
        record.message = Message::default();
        record.advice.figures = Vec::new();
        record.advice.risks = Vec::new();
        record.change = None;
        for score in &mut record.scores {
            score.ratings = Vec::new();
            score.bands = Vec::new();
            for subject in &mut score.subjects {
                subject.ratings = Vec::new();
                subject.dimensions = Vec::new();
            }
        }
        self.by_name.entry(name).or_default().push(record);
    }

    /// Returns the previous record of a client for a questionnaire. If several records have the client's name, returns
    /// the one whose workbook has the same file name. Returns `None` if that is ambiguous or if the client entered no
    /// name, because a plan must not contain another client's data.
    pub fn of(&self, questionnaire: &str, client: &Client, file: &str) -> Option<&Record> {
        if !client.named {
            return None;
        }
        let same: Vec<&Record> = self
            .by_name
            .get(&normalize(&client.name))?
            .iter()
            .filter(|record| record.questionnaire.id == questionnaire)
            .collect();
        if let [only] = same[..] {
            return Some(only);
        }
        let mut of_file = same.into_iter().filter(|record| record.source.file == file);
        of_file.next().filter(|_| of_file.next().is_none())
    }
}
