//! Where the questionnaire's files come from: the binary itself, or a folder.

use std::path::Path;

use include_dir::{Dir, include_dir};

use super::{Questionnaire, QuestionnaireError};
use crate::bounded;

static BUILT_IN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates/partnerships");

/// The largest file of a questionnaire, in bytes.
const MAX_FILE_SIZE: u64 = 4 << 20;

/// Reads a file of the questionnaire by its path within it.
pub(super) trait Files {
    /// The text, or why there is none.
    fn read(&self, path: &str) -> Result<String, String>;
}

struct BuiltIn;

impl Files for BuiltIn {
    fn read(&self, path: &str) -> Result<String, String> {
        let file = BUILT_IN.get_file(path).ok_or("there is no such file")?;
        file.contents_utf8()
            .map(str::to_owned)
            .ok_or_else(|| "it is not UTF-8".into())
    }
}

struct Folder<'a>(&'a Path);

impl Files for Folder<'_> {
    fn read(&self, path: &str) -> Result<String, String> {
        bounded::read_text(&self.0.join(path), MAX_FILE_SIZE).map_err(|error| error.to_string())
    }
}

impl Questionnaire {
    /// The questionnaire inside the binary.
    ///
    /// # Errors
    /// None in a binary that passed its tests.
    pub fn built_in() -> Result<Self, QuestionnaireError> {
        super::load::load(&BuiltIn)
    }

    /// The questionnaire in a folder.
    ///
    /// # Errors
    /// The first thing wrong with it, with file and line.
    pub fn load(folder: &Path) -> Result<Self, QuestionnaireError> {
        super::load::load(&Folder(folder))
    }
}

/// Every file of the built-in questionnaire: its path and contents.
pub fn built_in_files() -> Vec<(&'static Path, &'static [u8])> {
    fn collect(dir: &'static Dir<'static>, into: &mut Vec<(&'static Path, &'static [u8])>) {
        into.extend(dir.files().map(|file| (file.path(), file.contents())));
        dir.dirs().for_each(|dir| collect(dir, into));
    }
    let mut files = Vec::new();
    collect(&BUILT_IN, &mut files);
    files
}
