//! Writing files whole or not at all, and never over one that is not ours.
//!
//! A folder of outputs keeps a list of what was written into it, with a fingerprint each. A file that is not on the list, or
//! was changed since, belongs to somebody else.

use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use sha2::{Digest, Sha256};

/// Name of the list within an output folder.
const LIST: &str = ".partnerbook-files";
/// Largest list that is read, in bytes.
const LARGEST_LIST: u64 = 64 << 20;

/// Why a file was not written.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// It is there and not ours.
    #[error(
        "{0}: there is such a file already, and it was not made by partnerbook or was changed since. Move it away, choose another place with -o, or overwrite it with --force"
    )]
    NotOurs(PathBuf),
    /// The system refused.
    #[error(
        "{path}: cannot be written ({error}). Close it if it is open in another program, and see that there is room on the disk"
    )]
    Failed {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
}

/// Writes a file by way of a temporary one beside it: after a crash there is the old file or the new one, never a half.
///
/// # Errors
/// When the folder or the file cannot be written.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), OutputError> {
    let failed = |error| OutputError::Failed {
        path: path.to_owned(),
        error,
    };
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(failed)?;
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // A temporary file is private; an output is as readable as any other file.
        file.as_file()
            .set_permissions(std::fs::Permissions::from_mode(0o644))
            .map_err(failed)?;
    }
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Writes a single file that nothing is known of: only where there is none, or with `force`.
///
/// # Errors
/// When another file is there, or it cannot be written.
pub fn write_new(path: &Path, bytes: &[u8], force: bool) -> Result<(), OutputError> {
    let other = path.exists() && std::fs::read(path).map_or(true, |old| old != bytes);
    if other && !force {
        return Err(OutputError::NotOurs(path.to_owned()));
    }
    write_whole(path, bytes)
}

/// Whether a file stands on the list of outputs of its folder.
pub fn is_ours(path: &Path) -> bool {
    let Some((folder, name)) = path.parent().zip(path.file_name()) else {
        return false;
    };
    let list = folder.join(LIST);
    let small = std::fs::metadata(&list).is_ok_and(|metadata| metadata.len() <= LARGEST_LIST);
    let name = name.to_string_lossy();
    small
        && std::fs::read_to_string(&list).is_ok_and(|list| {
            list.lines()
                .filter_map(|line| line.split_once("  "))
                .any(|(_, listed)| listed == name)
        })
}

/// A folder of outputs.
pub struct OutputFolder {
    root: PathBuf,
    force: bool,
    /// Fingerprints of what was written before, by path within the folder.
    before: HashMap<String, HashSet<String>>,
    list: Mutex<std::fs::File>,
    /// Fingerprints of what was written now.
    now: Mutex<HashMap<String, String>>,
}

impl OutputFolder {
    /// Opens or makes a folder.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn open(root: &Path, force: bool) -> Result<Self, OutputError> {
        let list_path = root.join(LIST);
        let failed = |error| OutputError::Failed {
            path: root.to_owned(),
            error,
        };
        std::fs::create_dir_all(root).map_err(failed)?;
        let mut before: HashMap<String, HashSet<String>> = HashMap::new();
        if std::fs::metadata(&list_path).is_ok_and(|metadata| metadata.len() <= LARGEST_LIST) {
            for line in std::fs::read_to_string(&list_path).map_err(failed)?.lines() {
                if let Some((fingerprint, path)) = line.split_once("  ") {
                    before
                        .entry(path.to_owned())
                        .or_default()
                        .insert(fingerprint.to_owned());
                }
            }
        }
        let list = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(&list_path)
            .map_err(failed)?;
        Ok(Self {
            root: root.to_owned(),
            force,
            before,
            list: Mutex::new(list),
            now: Mutex::default(),
        })
    }

    /// Where it is.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether a file within the folder may be written.
    ///
    /// # Errors
    /// When a file is there that is not ours, or it cannot be read.
    pub fn check(&self, within: &str) -> Result<(), OutputError> {
        let path = self.root.join(within);
        if self.force || !path.exists() {
            return Ok(());
        }
        let old = std::fs::read(&path).map_err(|error| OutputError::Failed {
            path: path.clone(),
            error,
        })?;
        let ours = self
            .before
            .get(within)
            .is_some_and(|fingerprints| fingerprints.contains(&fingerprint(&old)));
        if ours {
            Ok(())
        } else {
            Err(OutputError::NotOurs(path))
        }
    }

    /// Writes a file within the folder; `/` parts the path.
    ///
    /// # Errors
    /// When a file is there that is not ours, or it cannot be written.
    pub fn write(&self, within: &str, bytes: &[u8]) -> Result<PathBuf, OutputError> {
        let path = self.root.join(within);
        self.check(within)?;
        // On the list before it is there: a crash in between must not turn our own file into a stranger's.
        let fingerprint = fingerprint(bytes);
        if let Ok(mut list) = self.list.lock() {
            writeln!(list, "{fingerprint}  {within}").map_err(|error| OutputError::Failed {
                path: self.root.join(LIST),
                error,
            })?;
        }
        if let Ok(mut now) = self.now.lock() {
            now.insert(within.to_owned(), fingerprint);
        }
        write_whole(&path, bytes)?;
        Ok(path)
    }

    /// Leaves on the list what is there now.
    ///
    /// # Errors
    /// When the list cannot be written.
    pub fn close(self) -> Result<(), OutputError> {
        let now = self.now.into_inner().unwrap_or_default();
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
        write_whole(&self.root.join(LIST), lines.concat().as_bytes())
    }
}

fn fingerprint(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
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
            out.close().unwrap();
        }
        std::fs::write(folder.path().join("plans/a.pdf"), "notes of mine").unwrap();
        let out = OutputFolder::open(folder.path(), false).unwrap();
        assert!(matches!(
            out.write("plans/a.pdf", b"three"),
            Err(OutputError::NotOurs(_))
        ));
    }
}
