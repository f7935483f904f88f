//! A folder of outputs.

use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use super::manifest::{Fingerprints, Manifest, folders_of, of_file, read_list};
use super::names::{LOCK, MANIFEST};
use super::{OutputError, TEMPORARY, publish, temporary, write_atomic};
use crate::fingerprint;

/// A folder of outputs.
pub struct OutputFolder {
    root: PathBuf,
    force: bool,
    /// Fingerprints of what was written before, by path within the folder.
    before: Fingerprints,
    list: Mutex<Manifest>,
    /// Fingerprints of what was written now.
    now: Mutex<HashMap<String, String>>,
    /// Held until the end; the system lets go of it, however we end.
    _lock: std::fs::File,
}

impl OutputFolder {
    /// Opens or makes a folder.
    ///
    /// # Errors
    /// When it cannot be made.
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
            // Some network drives know no locks: then the user alone sees to it.
            Err(std::fs::TryLockError::Error(_)) => {}
        }
        let before = read_list(root).map_err(failed)?;
        let folders = folders_of(&before);
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

    /// Whether a file within the folder has this fingerprint still.
    pub fn has(&self, relative_path: &str, sha256: &str) -> bool {
        of_file(&self.root.join(relative_path)).is_ok_and(|found| found == sha256)
    }

    /// Keeps a file on the list that was written before and is what it was.
    pub fn keep(&self, relative_path: &str, sha256: &str) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        now.insert(relative_path.to_owned(), sha256.to_owned());
    }

    /// Takes away a file that was written before and is what it was.
    pub fn remove(&self, relative_path: &str) {
        let ours = self.before.get(relative_path);
        let path = self.root.join(relative_path);
        let unchanged =
            ours.is_some_and(|ours| of_file(&path).is_ok_and(|found| ours.contains(&found)));
        if unchanged {
            // One that cannot be taken away does no harm.
            let _ = std::fs::remove_file(path);
        }
    }

    /// Files of ours from earlier runs that were neither written nor kept in this one.
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

    /// Where it is.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether a file within the folder may be written.
    ///
    /// # Errors
    /// When a file is there that is not ours, or it cannot be read.
    pub fn check(&self, relative_path: &str) -> Result<(), OutputError> {
        let path = self.root.join(relative_path);
        if self.force || !path.exists() {
            return Ok(());
        }
        let old = of_file(&path).map_err(|error| OutputError::failed(&path, error))?;
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

    /// Writes a file within the folder; `/` parts the path. Returns its fingerprint.
    ///
    /// # Errors
    /// When a file is there that is not ours, or it cannot be written.
    pub fn write(&self, relative_path: &str, bytes: &[u8]) -> Result<String, OutputError> {
        self.write_with(relative_path, |file| {
            file.write_all(bytes)
                .map_err(|error| OutputError::failed(&self.root.join(relative_path), error))
        })
    }

    /// As [`OutputFolder::write`], for what is too large to be held in memory.
    ///
    /// # Errors
    /// As [`OutputFolder::write`], and as the writer says.
    pub fn write_with<E: From<OutputError>>(
        &self,
        relative_path: &str,
        write: impl FnOnce(&mut Hashing) -> Result<(), E>,
    ) -> Result<String, E> {
        let path = self.root.join(relative_path);
        self.check(relative_path)?;
        let unlisted = |error| OutputError::failed(&self.root.join(MANIFEST), error);
        let list = || self.list.lock().unwrap_or_else(PoisonError::into_inner);
        list().name_folder_of(relative_path).map_err(unlisted)?;
        let mut hashing = Hashing {
            file: std::io::BufWriter::with_capacity(1 << 16, temporary(&path)?),
            sha256: Sha256::new(),
            error: None,
        };
        let written = write(&mut hashing);
        // Whatever the writer makes of it: that the disk is full is told as such.
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
        // On the list before it is there: a crash in between must not turn our own file into a stranger's.
        list().add(&sha256, relative_path).map_err(unlisted)?;
        publish(file, &path)?;
        self.keep(relative_path, &sha256);
        Ok(sha256)
    }

    /// Leaves on the list what is there now.
    ///
    /// # Errors
    /// When the list cannot be written.
    pub fn save_list(&self) -> Result<(), OutputError> {
        let now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let earlier = self
            .before
            .iter()
            .filter(|(path, _)| !now.contains_key(*path) && self.root.join(path).exists());
        let mut lines: Vec<String> = earlier
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
        // Windows replaces no file that is open.
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

/// Takes the fingerprint of what is written.
pub struct Hashing {
    file: std::io::BufWriter<NamedTempFile>,
    sha256: Sha256,
    /// Why it could not be written.
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

/// Takes away what a crash left under way, in the folders that outputs lie in.
fn remove_temp_files(root: &Path, folders: &HashSet<PathBuf>) {
    let left = folders
        .iter()
        .filter_map(|folder| std::fs::read_dir(root.join(folder)).ok())
        .flatten()
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(TEMPORARY));
    for entry in left {
        // One that cannot be taken away does no harm.
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
        // What is on the disk while the file is written is what a crash leaves.
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
