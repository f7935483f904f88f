//! Atomic file writing that never replaces a file of somebody else.
//!
//! An output folder has a manifest of the files written to it, with a fingerprint each. A file that is not in the manifest, or
//! was changed afterwards, belongs to somebody else.

mod folder;
mod manifest;
pub mod names;

use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

pub use self::folder::{Hashing, OutputFolder};
pub use self::manifest::OwnedFiles;

/// How the names of files under way begin; a crash may leave one.
const TEMPORARY: &str = ".partnerbook-tmp-";

/// Why a file was not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutputError {
    /// It is there and not ours.
    #[error(
        "{0} already exists and was not created by partnerbook, or was changed. Move it, choose another location, or use --force to overwrite it"
    )]
    NotOurs(PathBuf),
    /// Another run writes into the folder.
    #[error(
        "{0}: another partnerbook process is writing to this folder. Wait until it finishes, or choose another folder with -o"
    )]
    Busy(PathBuf),
    /// The system refused.
    #[error("{path} cannot be written ({}). {}", os_message(.error), hint(.error))]
    Failed {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        error: std::io::Error,
    },
}

impl OutputError {
    /// Whether the machine failed, not the command: a full disk, a folder without write permission.
    pub fn is_machine(&self) -> bool {
        matches!(self, OutputError::Failed { .. })
    }

    fn failed(path: &Path, error: std::io::Error) -> Self {
        OutputError::Failed {
            path: path.to_owned(),
            error,
        }
    }
}

/// Returns the operating system's message without its error number.
pub fn os_message(error: &std::io::Error) -> String {
    let message = error.to_string();
    match message.rsplit_once(" (os error ") {
        Some((text, _)) => text.to_owned(),
        None => message,
    }
}

/// What helps against what the system said.
fn hint(error: &std::io::Error) -> &'static str {
    use std::io::ErrorKind::{
        NotADirectory, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull,
    };
    match error.kind() {
        StorageFull | QuotaExceeded => "Free up disk space and run the command again",
        ReadOnlyFilesystem | NotADirectory => "Choose another folder",
        PermissionDenied => {
            "Close it if it is open in another program, or choose a folder with write permission"
        }
        _ => "Close it if it is open in another program, and check that the folder exists",
    }
}

/// Writes a file by way of a temporary one beside it: after a crash there is the old file or the new one, never a half.
///
/// # Errors
/// When the folder or the file cannot be written.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<(), OutputError> {
    let mut file = temporary(path)?;
    file.write_all(bytes)
        .map_err(|error| OutputError::failed(path, error))?;
    publish(file, path)
}

/// A file that nobody takes for an output, in the folder of the output that it is to become.
///
/// # Errors
/// When the folder or the file cannot be made.
pub fn temporary(path: &Path) -> Result<NamedTempFile, OutputError> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)
        .and_then(|()| {
            let mut builder = tempfile::Builder::new();
            builder.prefix(TEMPORARY);
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt;
                // A temporary file is private; an output is as readable as the user's other files.
                builder.permissions(std::fs::Permissions::from_mode(0o666));
            }
            builder.tempfile_in(folder)
        })
        .map_err(|error| OutputError::failed(path, error))
}

/// Gives a temporary file its name, after its bytes are safe on the disk.
///
/// # Errors
/// When the disk is full, or the old file cannot be replaced.
pub fn publish(file: NamedTempFile, path: &Path) -> Result<(), OutputError> {
    let failed = |error| OutputError::failed(path, error);
    file.as_file().sync_data().map_err(failed)?;
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
    write_atomic(path, bytes)
}
