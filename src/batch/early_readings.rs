//! Keeps what one pass over a batch read, so that the next pass does not read most workbooks again.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Setting;
use crate::intake::{IntakeError, Reading, Workbook};

/// Maximum memory for the readings, in bytes: about 1,000 workbooks of the usual size. Further workbooks are read
/// again.
const MAX_BYTES: usize = 128 << 20;

/// The readings of a batch, by path. All workers share them.
#[derive(Default)]
pub struct EarlyReadings(Mutex<Held>);

#[derive(Default)]
struct Held {
    by_path: HashMap<PathBuf, Reading>,
    bytes: usize,
}

impl EarlyReadings {
    /// Keeps a reading for the next pass, if it fits into the memory limit.
    pub fn keep(&self, path: &Path, reading: Reading) {
        let bytes = reading.memory();
        let mut held = self.held();
        if held.bytes + bytes <= MAX_BYTES {
            held.bytes += bytes;
            held.by_path.insert(path.to_owned(), reading);
        }
    }

    /// Returns the reading of a previous pass. Reads the workbook if the pass did not read it or the file has changed.
    ///
    /// # Errors
    /// Returns the errors of [`Workbook::read_whole`].
    pub fn take_or_read(
        &self,
        setting: Setting,
        path: &Path,
        workbook: Workbook,
    ) -> Result<Reading, IntakeError> {
        match self.take(path) {
            Some(reading) if reading.sha256 == workbook.sha256 => Ok(reading),
            _ => workbook.read_whole(setting.questionnaire, setting.sandbox, setting.blank),
        }
    }

    fn take(&self, path: &Path) -> Option<Reading> {
        let mut held = self.held();
        let reading = held.by_path.remove(path)?;
        held.bytes -= reading.memory();
        Some(reading)
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
