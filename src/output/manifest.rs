//! Manifest of the files written to an output folder, each with a fingerprint.

use std::collections::{HashMap, HashSet};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::TEMPORARY;
use super::names::MANIFEST;
use crate::fingerprint;

/// Maximum size of a manifest, in bytes. A larger one is ignored.
const MAX_LIST_SIZE: u64 = 64 << 20;
/// Maximum depth of outputs in folders, including the output folder itself.
const MAX_DEPTH: usize = 2;

/// Fingerprints by relative path.
pub(super) type Fingerprints = HashMap<String, HashSet<String>>;

/// Detects files that partnerbook wrote, in any folder. Each manifest is read once.
#[derive(Default)]
pub struct OwnedFiles {
    lists: HashMap<PathBuf, Fingerprints>,
}

impl OwnedFiles {
    /// Returns whether the manifest in the folder of a file, or in its parent folder, contains the file.
    ///
    /// A file changed since then is not owned, such as an annotated copy that the client has corrected.
    pub fn has(&mut self, path: &Path) -> bool {
        path.ancestors().skip(1).take(MAX_DEPTH).any(|root| {
            let list = self
                .lists
                .entry(root.to_owned())
                .or_insert_with(|| read_list(root).unwrap_or_default());
            let relative_path = path.strip_prefix(root).unwrap_or(path).to_string_lossy();
            list.get(&*relative_path.replace('\\', "/"))
                .is_some_and(|ours| file_fingerprint(path).is_ok_and(|found| ours.contains(&found)))
        })
    }
}

/// Reads the manifest of a folder.
pub(super) fn read_list(folder: &Path) -> std::io::Result<Fingerprints> {
    let path = folder.join(MANIFEST);
    let mut list = Fingerprints::new();
    if std::fs::metadata(&path).is_ok_and(|metadata| metadata.len() <= MAX_LIST_SIZE) {
        for line in String::from_utf8_lossy(&std::fs::read(&path)?).lines() {
            if let Some((fingerprint, path)) = line.split_once("  ") {
                list.entry(path.to_owned())
                    .or_default()
                    .insert(fingerprint.to_owned());
            }
        }
    }
    Ok(list)
}

/// Returns the folders of all files in a manifest, including the root folder.
pub(super) fn listed_folders(list: &Fingerprints) -> HashSet<PathBuf> {
    let named = list.keys().filter_map(|path| Path::new(path).parent());
    named.map(Path::to_owned).chain([PathBuf::new()]).collect()
}

/// A manifest during a run.
pub(super) struct Manifest {
    /// Open until the manifest is rewritten.
    pub(super) file: Option<std::fs::File>,
    /// Folders in the manifest. After a crash, [`remove_temp_files`] searches them for temporary files.
    pub(super) folders: HashSet<PathBuf>,
}

impl Manifest {
    /// Appends a file, or the prefix of a temporary file.
    pub(super) fn add(&mut self, sha256: &str, relative_path: &str) -> std::io::Result<()> {
        if let Some(file) = self.file.as_mut() {
            // The leading newline ends a partial line that a full disk may have left.
            file.write_all(format!("\n{sha256}  {relative_path}\n").as_bytes())?;
        }
        Ok(())
    }

    /// Adds the folder of a file to the manifest before anything is written to it.
    pub(super) fn register_folder(&mut self, relative_path: &str) -> std::io::Result<()> {
        match Path::new(relative_path).parent() {
            Some(folder) if !self.folders.contains(folder) => {
                self.add("-", &format!("{}/{TEMPORARY}", folder.display()))?;
                self.folders.insert(folder.to_owned());
            }
            _ => {}
        }
        Ok(())
    }
}

/// Returns the fingerprint of a file, read in pieces to limit memory use.
pub(super) fn file_fingerprint(path: &Path) -> std::io::Result<String> {
    let mut file = std::fs::File::open(path)?;
    let mut sha256 = Sha256::new();
    let mut piece = vec![0; 1 << 16];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(fingerprint::hexadecimal(&sha256.finalize())),
            length => sha256.update(&piece[..length]),
        }
    }
}
