//! Sources of questionnaires: the binary itself, or a folder.

use std::path::Path;

use include_dir::Dir;

use super::fact::{AdviceNames, Catalog};
use super::files::{BUILT_IN, BuiltIn, Folder, MINIMAL};
use super::{Diagnostic, Questionnaire, TomlError};

impl Questionnaire {
    /// Returns the names of all facts that texts and conditions of this questionnaire can use.
    pub fn facts(&self) -> Vec<String> {
        let catalog = Catalog {
            fields: &self.fields,
            by_id: &self.by_id,
            scores: &self.scores,
            finance: self.finance.as_ref(),
            periods: &self.periods,
            advice: Some(AdviceNames {
                roadmap: &self.roadmap,
                figures: &self.advice.figures,
                gaps: &self.advice.gaps.gaps,
            }),
        };
        catalog.names(&[])
    }

    /// Returns the questionnaire embedded in the binary.
    ///
    /// # Errors
    /// Returns an error only if the embedded files are invalid, which the tests rule out.
    pub fn built_in() -> Result<Self, TomlError> {
        super::load::load(&BuiltIn).map(|(questionnaire, _)| questionnaire)
    }

    /// Loads a questionnaire from a folder, and returns warnings about valid but suspicious definitions.
    ///
    /// # Errors
    /// Returns all errors in all files.
    pub fn validate(folder: &Path) -> Result<(Self, Vec<Diagnostic>), TomlError> {
        super::load::load(&Folder(folder))
    }

    /// Loads a questionnaire from a folder.
    ///
    /// # Errors
    /// Returns all errors in all files.
    pub fn load(folder: &Path) -> Result<Self, TomlError> {
        super::load::load(&Folder(folder)).map(|(questionnaire, _)| questionnaire)
    }
}

/// Returns the path and the contents of every file of the built-in questionnaire.
pub fn built_in_files() -> Vec<(&'static Path, &'static [u8])> {
    files_of(&BUILT_IN)
}

/// Returns the path and the contents of every file of a small questionnaire with one worksheet and one score.
pub fn minimal_files() -> Vec<(&'static Path, &'static [u8])> {
    files_of(&MINIMAL)
}

fn files_of(folder: &'static Dir<'static>) -> Vec<(&'static Path, &'static [u8])> {
    fn collect(dir: &'static Dir<'static>, into: &mut Vec<(&'static Path, &'static [u8])>) {
        into.extend(dir.files().map(|file| (file.path(), file.contents())));
        dir.dirs().for_each(|dir| collect(dir, into));
    }
    let mut files = Vec::new();
    collect(folder, &mut files);
    files
}
