//! Keeps what one pass over a batch read, so that the next pass does not read a workbook again. The readings are in a
//! temporary file, so that they take no memory.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use flate2::{Compress, Compression, Decompress};

use super::Setting;
use super::packed::{pack, unpack};
use crate::intake::{IntakeError, Reading, Workbook};

/// The readings of a batch, by path. All workers share them.
pub struct EarlyReadings {
    /// Where the temporary file is created.
    folder: PathBuf,
    kept: Mutex<Kept>,
}

/// Position and length in the file.
type Place = (u64, usize);

#[derive(Default)]
struct Kept {
    file: Option<File>,
    /// Each reading in the file, and the fingerprint of its workbook.
    places: HashMap<PathBuf, (Place, String)>,
    end: u64,
}

impl EarlyReadings {
    /// Keeps readings in a temporary file of this folder. The file is deleted when the run ends.
    pub fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            kept: Mutex::default(),
        }
    }

    /// Keeps a reading for the next pass. If the disk is full, the workbook is read again.
    pub fn keep(&self, path: &Path, reading: &Reading) {
        if self.kept().has(path, &reading.sha256) {
            return;
        }
        let mut deflate = Compress::new(Compression::fast(), false);
        if let Ok(bytes) = pack(&mut deflate, reading) {
            let mut kept = self.kept();
            if let Ok(place) = kept.append(&self.folder, &bytes) {
                let own = (place, reading.sha256.clone());
                kept.places.insert(path.to_owned(), own);
            }
        }
    }

    /// Returns the reading of a previous pass. Reads the workbook if no pass read it or the file has changed.
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
        let bytes = self.kept().bytes(path)?;
        unpack(&mut Decompress::new(false), &bytes).ok()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn has(&self, path: &Path, sha256: &str) -> bool {
        let own = self.places.get(path);
        own.is_some_and(|(_, own)| own == sha256)
    }

    fn append(&mut self, folder: &Path, bytes: &[u8]) -> std::io::Result<Place> {
        let file = match &mut self.file {
            Some(file) => file,
            file => file.insert(tempfile::tempfile_in(folder)?),
        };
        file.seek(SeekFrom::Start(self.end))?;
        file.write_all(bytes)?;
        let place = (self.end, bytes.len());
        self.end += bytes.len() as u64;
        Ok(place)
    }

    fn bytes(&mut self, path: &Path) -> Option<Vec<u8>> {
        let &((start, length), _) = self.places.get(path)?;
        let file = self.file.as_mut()?;
        file.seek(SeekFrom::Start(start)).ok()?;
        let mut bytes = vec![0; length];
        file.read_exact(&mut bytes).ok()?;
        Some(bytes)
    }
}
