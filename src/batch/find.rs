//! Which workbooks the given paths stand for.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::BatchError;
use crate::output::OurFiles;

/// Deepest folder that is looked into, and most files that are taken from folders.
const DEEPEST: usize = 16;
pub(super) const MOST_FILES: usize = 100_000;
/// Endings of files that a folder is searched for. What a file is, is told by its contents.
const ENDINGS: [&str; 9] = [
    "xlsx", "xlsm", "xlsb", "xls", "ods", "xltx", "xltm", "xlt", "ots",
];
/// Endings of files that a client may send instead: named, so that nobody waits for their plan, and what to do about them.
const OTHERS: [(&[&str], &str); 4] = [
    (
        &["csv", "tsv", "fods", "gsheet"],
        "is no Excel workbook and was passed over; save it as .xlsx",
    ),
    (
        &["numbers"],
        "is a Numbers file and was passed over; in Numbers choose File, Export To, Excel",
    ),
    (
        &["zip"],
        "is an archive and was passed over; unpack the workbooks in it",
    ),
    (
        &["pdf", "docx", "doc"],
        "is no Excel workbook and was passed over; if it holds answers, ask for the workbook itself",
    ),
];

/// What was found where.
#[derive(Debug, Default)]
pub struct Found {
    /// The workbooks, in a stable order, each once.
    pub workbooks: Vec<PathBuf>,
    /// Files in folders that may hold answers but are none that can be read, and why.
    pub passed_over: Vec<(PathBuf, &'static str)>,
}

/// The workbooks that paths stand for: files as they are, folders with all workbooks within. What partnerbook itself wrote
/// into a folder is no workbook to read.
///
/// # Errors
/// When a path leads nowhere, or there is no workbook.
pub fn find(paths: &[PathBuf]) -> Result<Found, BatchError> {
    let mut found = Found::default();
    let mut seen = HashSet::new();
    let mut ours = OurFiles::default();
    let mut add = |path: &Path, found: &mut Found| {
        if seen.insert(path.to_owned()) {
            found.workbooks.push(path.to_owned());
        }
    };
    for path in paths {
        if path.is_dir() {
            find_in(path, &mut ours, &mut found, &mut add)?;
        } else if path.symlink_metadata().is_err() {
            return Err(BatchError::NotThere(path.clone()));
        } else if path.file_name().is_some_and(is_lock) {
            return Err(BatchError::Lock(path.clone()));
        } else {
            add(path, &mut found);
        }
    }
    if found.workbooks.is_empty() {
        let names: Vec<String> = paths
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        let passed_over: String = found
            .passed_over
            .iter()
            .map(|(path, why)| format!("\n{}: {why}", path.display()))
            .collect();
        return Err(BatchError::NothingFound(names.join(", ") + &passed_over));
    }
    Ok(found)
}

fn find_in(
    folder: &Path,
    ours: &mut OurFiles,
    found: &mut Found,
    add: &mut impl FnMut(&Path, &mut Found),
) -> Result<(), BatchError> {
    let walk = walkdir::WalkDir::new(folder)
        .max_depth(DEEPEST)
        .sort_by_file_name();
    let entries = walk
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry.file_name()));
    for entry in entries {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().unwrap_or(folder).to_owned();
                found.passed_over.push((path, "cannot be looked into"));
                continue;
            }
        };
        let path = entry.path();
        if entry.file_type().is_dir() {
            continue;
        }
        if !has_ending(path, &ENDINGS) {
            let other = OTHERS.iter().find(|(endings, _)| has_ending(path, endings));
            if let Some((_, why)) = other
                && !ours.has(path)
            {
                found.passed_over.push((path.to_owned(), why));
            }
        } else if entry.file_type().is_symlink() {
            let why = "is a link to another place and was not followed";
            found.passed_over.push((path.to_owned(), why));
        } else if !entry.file_type().is_file() {
            let why = "is not a file and was passed over";
            found.passed_over.push((path.to_owned(), why));
        } else if !ours.has(path) {
            add(path, found);
        }
        if found.workbooks.len() > MOST_FILES {
            return Err(BatchError::TooMany);
        }
    }
    Ok(())
}

/// Hidden files, and the lock files that Excel and LibreOffice leave beside an open workbook.
fn is_hidden(name: &std::ffi::OsStr) -> bool {
    name.to_string_lossy().starts_with('.') || is_lock(name)
}

fn is_lock(name: &std::ffi::OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with("~$") || name.starts_with(".~lock.")
}

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    path.extension()
        .and_then(|ending| ending.to_str())
        .is_some_and(|ending| {
            endings
                .iter()
                .any(|known| known.eq_ignore_ascii_case(ending))
        })
}
