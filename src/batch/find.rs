//! Finds the workbooks that the given paths refer to.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::BatchError;
use super::shard::Shard;
use crate::output::OwnedFiles;

/// Maximum depth of the folder search, and maximum number of workbooks found in folders.
const MAX_DEPTH: usize = 16;
pub(super) const MAX_FILES: usize = 100_000;
/// File extensions that a folder is searched for. The contents decide the format.
const WORKBOOK_EXTENSIONS: [&str; 9] = [
    "xlsx", "xlsm", "xlsb", "xls", "ods", "xltx", "xltm", "xlt", "ots",
];
/// Other files that clients send, by file extension, and what to do about them. None is read; each is reported.
const OTHERS: [(&[&str], &str); 14] = [
    (
        &["csv", "tsv", "fods", "slk", "dif", "xml"],
        "is not an Excel workbook and was skipped. Save it as .xlsx",
    ),
    (
        &["numbers"],
        "is a Numbers file and was skipped. In Numbers choose File, Export To, Excel",
    ),
    (
        &["gsheet", "gdoc"],
        "is a link to a Google document and was skipped. In Google Sheets choose File, Download, Microsoft Excel",
    ),
    (
        &["zip", "7z", "rar", "gz", "tgz", "tar", "bz2", "xz"],
        "is an archive and was skipped. Unpack the workbooks in it",
    ),
    (
        &["msg", "eml", "emlx", "mbox"],
        "is an email and was skipped. Save the workbook that is attached to it",
    ),
    (
        &[
            "jpg", "jpeg", "png", "gif", "heic", "heif", "bmp", "tif", "tiff", "webp", "svg",
        ],
        "is a picture and was skipped. If it shows answers, ask for the workbook itself",
    ),
    (
        &["htm", "html", "mht", "mhtml", "webarchive"],
        "is a web page and was skipped. If it contains answers, ask for the workbook itself",
    ),
    (
        &[
            "pdf", "docx", "doc", "odt", "rtf", "txt", "md", "pages", "ppt", "pptx",
        ],
        "is a document and was skipped. If it contains answers, ask for the workbook itself",
    ),
    (
        &["crdownload", "part", "partial", "download", "opdownload"],
        "is an unfinished download and was skipped. Download the file again",
    ),
    (
        &["icloud"],
        "is a placeholder of a file in iCloud and was skipped. Download the file in Finder first",
    ),
    (
        &["lnk", "url", "webloc", "desktop", "alias"],
        "is a shortcut and was skipped. Put the workbook itself into the folder",
    ),
    (
        &["bak", "tmp", "xlk", "wbk", "asd"],
        "is a backup or a temporary file and was skipped. If it is the only copy, rename it to .xlsx",
    ),
    (
        &["mp3", "m4a", "wav", "mp4", "mov", "avi"],
        "is a recording and was skipped. If it contains answers, ask for the workbook itself",
    ),
    (
        &["ics", "vcf"],
        "is a calendar or a contact and was skipped",
    ),
];
/// Extensions of other inputs of partnerbook: answers, brands, questionnaires.
const OWN_INPUTS: [&str; 2] = ["json", "toml"];
/// Files that mark a folder as a questionnaire or a brand. Such a folder contains no client files.
const OWN_FOLDERS: [&str; 2] = ["brand.toml", "questionnaire.toml"];
/// Files that operating systems leave in folders. They are ignored.
const SYSTEM_FILES: [&str; 4] = ["thumbs.db", "desktop.ini", "ehthumbs.db", ".ds_store"];
const LOCKED: &str = "shows that a workbook is open in another program. Save and close it, so that its latest changes are included";
const NO_WORKBOOK: &str =
    "is not an Excel workbook and was skipped. If it contains answers, ask for the workbook itself";

/// The files that were found.
#[derive(Debug, Default)]
pub struct Found {
    /// The workbooks in a stable order, each once.
    pub workbooks: Vec<PathBuf>,
    /// The other files in folders, and why each is skipped.
    pub skipped: Vec<(PathBuf, &'static str)>,
}

/// Finds the workbooks that paths refer to: files as given, and all workbooks in folders. Files that partnerbook wrote
/// into a folder are not inputs.
///
/// # Errors
/// Returns an error if a path does not exist or is a lock file, if there are too many workbooks, or if there is none.
pub fn find(paths: &[PathBuf]) -> Result<Found, BatchError> {
    find_shard(paths, None)
}

/// Finds the workbooks of a shard like [`find`]. A shard can be empty, and names only its own skipped files.
///
/// # Errors
/// Returns the errors of [`find`], except that there may be no workbook.
pub fn find_shard(paths: &[PathBuf], shard: Option<Shard>) -> Result<Found, BatchError> {
    let mut found = Found::default();
    let mut search = Search {
        roots: paths.iter().filter(|path| path.is_dir()).cloned().collect(),
        shard,
        seen: HashSet::new(),
        ours: OwnedFiles::default(),
    };
    for path in paths {
        if path.is_dir() {
            search.find_in(path, &mut found)?;
        } else if path.symlink_metadata().is_err() {
            return Err(BatchError::NotThere(path.clone()));
        } else if path.file_name().is_some_and(is_lock) {
            return Err(BatchError::Lock(path.clone()));
        } else if search.takes(path) {
            search.add(path, &mut found);
        }
    }
    if found.workbooks.is_empty() && shard.is_none() {
        let names: Vec<String> = paths
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        let skipped: String = found
            .skipped
            .iter()
            .map(|(path, why)| format!("\n{}: {why}", path.display()))
            .collect();
        return Err(BatchError::NothingFound(names.join(", ") + &skipped));
    }
    Ok(found)
}

/// A search through the given paths.
struct Search {
    /// The given folders.
    roots: Vec<PathBuf>,
    shard: Option<Shard>,
    seen: HashSet<PathBuf>,
    ours: OwnedFiles,
}

impl Search {
    /// Returns whether a file belongs to the shard. What counts is its path below the first given folder that contains
    /// it, so that a file in several given folders belongs to one shard.
    fn takes(&self, path: &Path) -> bool {
        self.shard.is_none_or(|shard| {
            let mut roots = self.roots.iter();
            let relative = roots.find_map(|root| path.strip_prefix(root).ok());
            let relative = relative.unwrap_or(path);
            let parts = relative.iter().map(|part| part.to_string_lossy());
            shard.contains(&parts.collect::<Vec<_>>().join("/"))
        })
    }

    fn add(&mut self, path: &Path, found: &mut Found) {
        if self.seen.insert(path.to_owned()) {
            found.workbooks.push(path.to_owned());
        }
    }

    fn find_in(&mut self, folder: &Path, found: &mut Found) -> Result<(), BatchError> {
        let walk = walkdir::WalkDir::new(folder)
            .max_depth(MAX_DEPTH)
            .sort_by_file_name();
        // On macOS, a Numbers or Pages document can be a folder.
        let is_bundle = |entry: &walkdir::DirEntry| {
            entry.file_type().is_dir() && has_extension(entry.path(), &["numbers", "pages"])
        };
        let mut entries = walk.into_iter();
        while let Some(entry) = entries.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let path = error.path().unwrap_or(folder).to_owned();
                    found.skipped.push((path, "cannot be read and was skipped"));
                    continue;
                }
            };
            let path = entry.path();
            if entry.file_type().is_dir() {
                let is_own = OWN_FOLDERS.iter().any(|file| path.join(file).is_file());
                let is_hidden = entry.depth() > 0 && (is_own || starts_with_dot(entry.file_name()));
                if is_bundle(&entry) || is_hidden {
                    entries.skip_current_dir();
                }
                if !is_bundle(&entry) || is_hidden {
                    continue;
                }
            }
            if !self.takes(path) {
                continue;
            }
            match verdict(&entry, &mut self.ours) {
                Verdict::Workbook => self.add(path, found),
                Verdict::Skipped(why) => found.skipped.push((path.to_owned(), why)),
                Verdict::Ignored => {}
            }
            if found.workbooks.len() > MAX_FILES {
                return Err(BatchError::TooMany);
            }
        }
        Ok(())
    }
}

/// What to do with a file in a folder.
enum Verdict {
    Workbook,
    Skipped(&'static str),
    /// A file of partnerbook or of the operating system, or a hidden file.
    Ignored,
}

fn verdict(entry: &walkdir::DirEntry, ours: &mut OwnedFiles) -> Verdict {
    let (path, name) = (entry.path(), entry.file_name());
    let is_system = SYSTEM_FILES
        .iter()
        .any(|own| name.eq_ignore_ascii_case(own));
    if is_system || ours.has(path) {
        return Verdict::Ignored;
    }
    if is_lock(name) {
        return Verdict::Skipped(LOCKED);
    }
    if let Some((_, why)) = OTHERS.iter().find(|(all, _)| has_extension(path, all)) {
        return Verdict::Skipped(why);
    }
    if starts_with_dot(name) || has_extension(path, &OWN_INPUTS) {
        return Verdict::Ignored;
    }
    if entry.file_type().is_symlink() {
        return Verdict::Skipped("is a symbolic link and was skipped");
    }
    if !entry.file_type().is_file() {
        return Verdict::Skipped("is not a file and was skipped");
    }
    // The contents decide the format; the extension only decides whether to read them.
    if has_extension(path, &WORKBOOK_EXTENSIONS) || crate::intake::is_workbook(path) {
        return Verdict::Workbook;
    }
    Verdict::Skipped(NO_WORKBOOK)
}

fn starts_with_dot(name: &std::ffi::OsStr) -> bool {
    name.to_string_lossy().starts_with('.')
}

/// Returns whether a file is a lock file that Excel or LibreOffice creates next to an open workbook.
fn is_lock(name: &std::ffi::OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with("~$") || name.starts_with(".~lock.")
}

fn has_extension(path: &Path, endings: &[&str]) -> bool {
    path.extension()
        .and_then(|ending| ending.to_str())
        .is_some_and(|ending| {
            endings
                .iter()
                .any(|known| known.eq_ignore_ascii_case(ending))
        })
}
