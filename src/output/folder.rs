//! An output folder and the files that partnerbook writes to it.

use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use super::manifest::{Fingerprints, Manifest, file_fingerprint, listed_folders, read_list};
use super::names::{LOCK, MANIFEST};
use super::{OutputError, TEMPORARY, publish, temporary, write_atomic};
use crate::fingerprint;

/// An output folder, locked while it is open.
pub struct OutputFolder {
    root: PathBuf,
    force: bool,
    /// Fingerprints of files from previous runs, by relative path.
    before: Fingerprints,
    list: Mutex<Manifest>,
    /// Fingerprints of files from this run, by relative path.
    now: Mutex<HashMap<String, String>>,
    /// Held until the folder is closed. The operating system also releases the lock after a crash.
    _lock: std::fs::File,
}

impl OutputFolder {
    /// Opens the folder, or creates it if it does not exist.
    ///
    /// # Errors
    /// Returns an error if the folder cannot be created or read, or another run uses it.
    pub fn open(root: &Path, force: bool) -> Result<Self, OutputError> {
        let failed = |error| OutputError::failed(root, error);
        std::fs::create_dir_all(root).map_err(failed)?;
        let open = |name: &str, append: bool| {
            std::fs::OpenOptions::new()
                .create(true)
                .truncate(false)
                .read(true)
                .write(!append)
                .append(append)
                .open(root.join(name))
                .map_err(failed)
        };
        let lock = open(LOCK, false)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(std::fs::TryLockError::WouldBlock) => {
                return Err(OutputError::Busy(root.to_owned()));
            }
            // Some network drives do not support locks. The user must then avoid concurrent runs.
            Err(std::fs::TryLockError::Error(_)) => {}
        }
        let before = read_list(root).map_err(failed)?;
        let folders = listed_folders(&before);
        remove_temp_files(root, &folders);
        let list = Manifest {
            file: Some(open(MANIFEST, true)?),
            folders,
        };
        Ok(Self {
            root: root.to_owned(),
            force,
            before,
            list: Mutex::new(list),
            now: Mutex::default(),
            _lock: lock,
        })
    }

    /// Returns whether a file in the folder still has this fingerprint.
    pub fn has(&self, relative_path: &str, sha256: &str) -> bool {
        file_fingerprint(&self.root.join(relative_path)).is_ok_and(|found| found == sha256)
    }

    /// Keeps an unchanged file of a previous run in the manifest.
    pub fn keep(&self, relative_path: &str, sha256: &str) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        now.insert(relative_path.to_owned(), sha256.to_owned());
    }

    /// Deletes a file of a previous run, if it is unchanged.
    pub fn remove(&self, relative_path: &str) {
        let ours = self.before.get(relative_path);
        let path = self.root.join(relative_path);
        let unchanged = ours
            .is_some_and(|ours| file_fingerprint(&path).is_ok_and(|found| ours.contains(&found)));
        if unchanged {
            // A file that cannot be deleted does no harm.
            let _ = std::fs::remove_file(path);
        }
    }

    /// Deletes a file if it exists. Call [`OutputFolder::check`] before.
    ///
    /// # Errors
    /// Returns an error if the file cannot be deleted.
    pub fn delete(&self, relative_path: &str) -> Result<(), OutputError> {
        let path = self.root.join(relative_path);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(OutputError::failed(&path, error))
            }
            _ => Ok(()),
        }
    }

    /// Returns the files of previous runs that this run neither wrote nor kept.
    pub fn stale_files(&self) -> Vec<String> {
        let now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let mut left: Vec<String> = self
            .before
            .keys()
            .filter(|path| !now.contains_key(*path) && self.root.join(path).exists())
            .cloned()
            .collect();
        left.sort();
        left
    }

    /// Returns the root folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Checks whether a file in the folder may be written.
    ///
    /// # Errors
    /// Returns an error if the file exists and is not owned by partnerbook, or if the file cannot be read.
    pub fn check(&self, relative_path: &str) -> Result<(), OutputError> {
        let path = self.root.join(relative_path);
        if self.force || !path.exists() {
            return Ok(());
        }
        let old = file_fingerprint(&path).map_err(|error| OutputError::failed(&path, error))?;
        let ours = self
            .before
            .get(relative_path)
            .is_some_and(|fingerprints| fingerprints.contains(&old));
        if ours {
            Ok(())
        } else {
            Err(OutputError::NotOurs(path))
        }
    }

    /// Writes a file and returns its fingerprint. The path is relative to the folder and uses `/` as the separator.
    ///
    /// # Errors
    /// Returns an error if the file exists and is not owned by partnerbook, or if the file cannot be written.
    pub fn write(&self, relative_path: &str, bytes: &[u8]) -> Result<String, OutputError> {
        self.write_with(relative_path, |file| {
            file.write_all(bytes)
                .map_err(|error| OutputError::failed(&self.root.join(relative_path), error))
        })
    }

    /// Like [`OutputFolder::write`], for contents too large for memory.
    ///
    /// # Errors
    /// Returns the same errors as [`OutputFolder::write`], and any error of `write`.
    pub fn write_with<E: From<OutputError>>(
        &self,
        relative_path: &str,
        write: impl FnOnce(&mut Hashing) -> Result<(), E>,
    ) -> Result<String, E> {
        let path = self.root.join(relative_path);
        self.check(relative_path)?;
        let unlisted = |error| OutputError::failed(&self.root.join(MANIFEST), error);
        let list = || self.list.lock().unwrap_or_else(PoisonError::into_inner);
        list().register_folder(relative_path).map_err(unlisted)?;
        let mut hashing = Hashing {
            file: std::io::BufWriter::with_capacity(1 << 16, temporary(&path)?),
            sha256: Sha256::new(),
            error: None,
        };
        let written = write(&mut hashing);
        // An I/O error, such as a full disk, has priority over the error that `write` returns.
        if let Some(error) = hashing.error.take() {
            return Err(OutputError::failed(&path, error).into());
        }
        written?;
        let sha256 = fingerprint::hexadecimal(&hashing.sha256.finalize());
        let failed = |error| OutputError::failed(&path, error);
        let file = hashing
            .file
            .into_inner()
            .map_err(|error| failed(error.into_error()))?;
        // The manifest lists the file before it exists. Otherwise, after a crash, the file would not count as owned.
        list().add(&sha256, relative_path).map_err(unlisted)?;
        publish(file, &path)?;
        self.keep(relative_path, &sha256);
        Ok(sha256)
    }

    /// Saves the manifest with the files that currently exist.
    ///
    /// # Errors
    /// Returns an error if the manifest cannot be written.
    pub fn save_list(&self) -> Result<(), OutputError> {
        let now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let previous = self
            .before
            .iter()
            .filter(|(path, _)| !now.contains_key(*path) && self.root.join(path).exists());
        let mut lines: Vec<String> = previous
            .flat_map(|(path, fingerprints)| {
                fingerprints
                    .iter()
                    .map(move |fingerprint| format!("{fingerprint}  {path}\n"))
            })
            .collect();
        lines.extend(
            now.iter()
                .map(|(path, fingerprint)| format!("{fingerprint}  {path}\n")),
        );
        lines.sort();
        // Windows cannot replace an open file.
        drop(
            self.list
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .file
                .take(),
        );
        write_atomic(&self.root.join(MANIFEST), lines.concat().as_bytes())
    }
}

/// A writer that calculates the fingerprint of what is written.
pub struct Hashing {
    file: std::io::BufWriter<NamedTempFile>,
    sha256: Sha256,
    /// First I/O error.
    error: Option<std::io::Error>,
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self.file.write(bytes) {
            Ok(written) => {
                self.sha256.update(&bytes[..written]);
                Ok(written)
            }
            Err(error) => {
                let same = std::io::Error::from(error.kind());
                self.error.get_or_insert(error);
                Err(same)
            }
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

/// Deletes temporary files of a crashed run in the folders that contain outputs.
fn remove_temp_files(root: &Path, folders: &HashSet<PathBuf>) {
    let left = folders
        .iter()
        .filter_map(|folder| std::fs::read_dir(root.join(folder)).ok())
        .flatten()
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(TEMPORARY));
    for entry in left {
        // A file that cannot be deleted does no harm.
        let _ = std::fs::remove_file(entry.path());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strangers_file_stays() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("portfolio.xlsx"), "mine").unwrap();
        let out = OutputFolder::open(folder.path(), false).unwrap();
        assert!(matches!(
            out.write("portfolio.xlsx", b"ours"),
            Err(OutputError::NotOurs(_))
        ));
        assert_eq!(
            std::fs::read(folder.path().join("portfolio.xlsx")).unwrap(),
            b"mine"
        );
        drop(out);
        let forced = OutputFolder::open(folder.path(), true).unwrap();
        forced.write("portfolio.xlsx", b"ours").unwrap();
        assert_eq!(
            std::fs::read(folder.path().join("portfolio.xlsx")).unwrap(),
            b"ours"
        );
    }

    #[test]
    fn our_own_file_is_replaced_until_somebody_changes_it() {
        let folder = tempfile::tempdir().unwrap();
        for text in ["one", "two"] {
            let out = OutputFolder::open(folder.path(), false).unwrap();
            out.write("plans/a.pdf", text.as_bytes()).unwrap();
            out.save_list().unwrap();
        }
        std::fs::write(folder.path().join("plans/a.pdf"), "notes of mine").unwrap();
        let out = OutputFolder::open(folder.path(), false).unwrap();
        assert!(matches!(
            out.write("plans/a.pdf", b"three"),
            Err(OutputError::NotOurs(_))
        ));
    }

    #[test]
    fn what_a_crash_leaves_of_the_first_file_in_a_folder_is_swept() {
        let (folder, crashed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let plans = crashed.path().join("plans");
        let under_way = || std::fs::read_dir(&plans).unwrap().count();
        let out = OutputFolder::open(folder.path(), false).unwrap();
        // The files on disk during a write are those that a crash would leave.
        let written = out.write_with("plans/a.pdf", |_| {
            std::fs::create_dir(&plans).unwrap();
            for relative_path in [Path::new(""), Path::new("plans")] {
                for entry in std::fs::read_dir(folder.path().join(relative_path)).unwrap() {
                    let entry = entry.unwrap();
                    if entry.file_type().unwrap().is_file() {
                        let to = crashed.path().join(relative_path).join(entry.file_name());
                        std::fs::copy(entry.path(), to).unwrap();
                    }
                }
            }
            assert_eq!(under_way(), 1);
            Ok::<_, OutputError>(())
        });
        written.unwrap();
        let again = OutputFolder::open(crashed.path(), false).unwrap();
        assert_eq!(under_way(), 0);
        assert!(again.stale_files().is_empty());
    }
}
