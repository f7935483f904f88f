//! Sources of questionnaires: the binary itself, or a folder.

use std::path::Path;

use include_dir::Dir;

use super::files::{BUILT_IN, BuiltIn, Folder};
use super::{Diagnostic, Questionnaire, QuestionnaireError};

impl Questionnaire {
    /// Returns the questionnaire embedded in the binary.
    ///
    /// # Errors
    /// Returns an error only if the embedded files are invalid, which the tests rule out.
    pub fn built_in() -> Result<Self, QuestionnaireError> {
        super::load::load(&BuiltIn).map(|(questionnaire, _)| questionnaire)
    }

    /// Loads a questionnaire from a folder, and returns warnings about valid but suspicious definitions.
    ///
    /// # Errors
    /// Returns all errors in all files.
    pub fn validate(folder: &Path) -> Result<(Self, Vec<Diagnostic>), QuestionnaireError> {
        super::load::load(&Folder(folder))
    }

    /// Loads a questionnaire from a folder.
    ///
    /// # Errors
    /// Returns all errors in all files.
    pub fn load(folder: &Path) -> Result<Self, QuestionnaireError> {
        super::load::load(&Folder(folder)).map(|(questionnaire, _)| questionnaire)
    }
}

/// Returns the path and the contents of every file of the built-in questionnaire.
pub fn built_in_files() -> Vec<(&'static Path, &'static [u8])> {
    fn collect(dir: &'static Dir<'static>, into: &mut Vec<(&'static Path, &'static [u8])>) {
        into.extend(dir.files().map(|file| (file.path(), file.contents())));
        dir.dirs().for_each(|dir| collect(dir, into));
    }
    let mut files = Vec::new();
    collect(&BUILT_IN, &mut files);
    files
}
