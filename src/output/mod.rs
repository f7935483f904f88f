//! Atomic file writing that never overwrites files that partnerbook did not create.
//!
//! The manifest of an output folder lists the files written to it, each with a fingerprint. partnerbook owns only the
//! files that are in the manifest and unchanged.
//!
//! ```
//! use partnerbook::output::write_atomic;
//!
//! let folder = tempfile::tempdir()?;
//! write_atomic(&folder.path().join("plan.pdf"), b"%PDF-1.7")?;
//! assert_eq!(std::fs::read(folder.path().join("plan.pdf"))?, b"%PDF-1.7");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod folder;
mod manifest;
pub mod names;

use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

pub use self::folder::{Hashing, OutputFolder};
pub use self::manifest::OwnedFiles;

/// Prefix of temporary file names. A crash may leave such a file.
const TEMPORARY: &str = ".partnerbook-tmp-";

/// Reason why a file was not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutputError {
    /// The file exists and is not owned by partnerbook.
    #[error(
        "{0} already exists and was not created by partnerbook, or was changed. Move it, choose another location, or use --force to overwrite it"
    )]
    NotOurs(PathBuf),
    /// Another run is writing to the folder.
    #[error(
        "{0}: another partnerbook process is writing to this folder. Wait until it finishes, or choose another folder with -o"
    )]
    Busy(PathBuf),
    /// An I/O operation failed.
    #[error("{path} cannot be written ({}). {}", os_message(.error), hint(.error))]
    Failed {
        /// The file.
        path: PathBuf,
        /// The underlying I/O error.
        #[source]
        error: std::io::Error,
    },
}

impl OutputError {
    /// Returns whether the cause is the system, not the command, such as a full disk or missing write permission.
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

/// Returns a hint on how to fix an I/O error.
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

/// Writes a file through a temporary file in the same folder. After a crash, the old or the new file is complete.
///
/// # Errors
/// Returns an error if the folder or the file cannot be written.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<(), OutputError> {
    let mut file = temporary(path)?;
    file.write_all(bytes)
        .map_err(|error| OutputError::failed(path, error))?;
    publish(file, path)
}

/// Creates a temporary file in the folder of the future output.
///
/// # Errors
/// Returns an error if the folder or the file cannot be created.
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
                // Temporary files are private by default. An output has the same permissions as the user's other files.
                builder.permissions(std::fs::Permissions::from_mode(0o666));
            }
            builder.tempfile_in(folder)
        })
        .map_err(|error| OutputError::failed(path, error))
}

/// Flushes a temporary file to disk and renames it to its final path.
///
/// # Errors
/// Returns an error if the disk is full or the old file cannot be replaced.
pub fn publish(file: NamedTempFile, path: &Path) -> Result<(), OutputError> {
    let failed = |error| OutputError::failed(path, error);
    file.as_file().sync_data().map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Writes a single file outside any output folder. A different existing file is overwritten only with `force`.
///
/// # Errors
/// Returns an error if a different file exists and `force` is not set, or if the file cannot be written.
pub fn write_new(path: &Path, bytes: &[u8], force: bool) -> Result<(), OutputError> {
    let other = path.exists() && std::fs::read(path).map_or(true, |old| old != bytes);
    if other && !force {
        return Err(OutputError::NotOurs(path.to_owned()));
    }
    write_atomic(path, bytes)
}
