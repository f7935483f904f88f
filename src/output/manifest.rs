//! The list of what was written into a folder, with a fingerprint each.

use std::collections::{HashMap, HashSet};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::TEMPORARY;
use super::names::MANIFEST;
use crate::fingerprint;

/// Largest list that is read, in bytes.
const MAX_LIST_SIZE: u64 = 64 << 20;
/// How many folders deep outputs lie, the whole's own counted.
const DEEPEST: usize = 2;

/// Fingerprints by the path of a file within its folder.
pub(super) type Fingerprints = HashMap<String, HashSet<String>>;

/// Which files of any folders are outputs of ours. The list of each folder is read once.
#[derive(Default)]
pub struct OwnedFiles {
    lists: HashMap<PathBuf, Fingerprints>,
}

impl OwnedFiles {
    /// Whether a file stands on the list of outputs of its folder, or of the one above it.
    ///
    /// One that was changed since is somebody's: a workbook that was handed back and resolved, say.
    pub fn has(&mut self, path: &Path) -> bool {
        path.ancestors().skip(1).take(DEEPEST).any(|root| {
            let list = self
                .lists
                .entry(root.to_owned())
                .or_insert_with(|| read_list(root).unwrap_or_default());
            let relative_path = path.strip_prefix(root).unwrap_or(path).to_string_lossy();
            list.get(&*relative_path.replace('\\', "/"))
                .is_some_and(|ours| of_file(path).is_ok_and(|found| ours.contains(&found)))
        })
    }
}

/// The list of a folder: fingerprints by path.
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

/// The folders that a list names, the whole's own among them.
pub(super) fn folders_of(list: &Fingerprints) -> HashSet<PathBuf> {
    let named = list.keys().filter_map(|path| Path::new(path).parent());
    named.map(Path::to_owned).chain([PathBuf::new()]).collect()
}

/// The list while it grows.
pub(super) struct Manifest {
    /// Open until it is written anew.
    pub(super) file: Option<std::fs::File>,
    /// Folders that it names: a crash may leave files under way in these, and [`remove_temp_files`] finds them there.
    pub(super) folders: HashSet<PathBuf>,
}

impl Manifest {
    /// Adds a file, or what begins like one under way.
    pub(super) fn add(&mut self, sha256: &str, relative_path: &str) -> std::io::Result<()> {
        if let Some(file) = self.file.as_mut() {
            // On a line of its own, whatever a full disk left of the one before.
            file.write_all(format!("\n{sha256}  {relative_path}\n").as_bytes())?;
        }
        Ok(())
    }

    /// Sees to it that the folder of a file is named before there is anything of it.
    pub(super) fn name_folder_of(&mut self, relative_path: &str) -> std::io::Result<()> {
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

/// The fingerprint of a file, however large.
pub(super) fn of_file(path: &Path) -> std::io::Result<String> {
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
