//! Access to the files of a questionnaire, and the parser of a single TOML file.

use std::io::ErrorKind;
use std::path::Path;

use include_dir::{Dir, include_dir};
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::DeTable;

use super::diagnostic::{Problems, Reported, Source, TomlError};
use super::issue_texts::IssueFile;
use super::parse_error::{report, report_at, take_out};
use super::portfolio_texts::PortfolioFile;
use super::raw::{ChecksFile, QuestionnaireFile, RoadmapFile, ScoresFile, WorksheetFile};
use super::raw_advice::{AdviceFile, FiguresFile};
use super::toml_reader::{self, ReadError};
use super::{EmailTemplate, PlanLayout};
use crate::bounded;

/// The questionnaire embedded in the binary.
pub(super) static BUILT_IN: Dir<'static> =
    include_dir!("$CARGO_MANIFEST_DIR/../../templates/partnerships");

/// A small questionnaire, as a start for an author.
pub(super) static MINIMAL: Dir<'static> =
    include_dir!("$CARGO_MANIFEST_DIR/../../templates/minimal");

/// Maximum size of a questionnaire file, in bytes.
const MAX_FILE_SIZE: u64 = 4 << 20;

/// Reads files of a questionnaire by their path in its folder.
pub(super) trait Files {
    /// Returns the text of a file, or the reason why it cannot be read.
    fn read(&self, path: &str) -> Result<String, String>;

    /// Returns whether there is a file. A questionnaire may leave out some of its files.
    fn has(&self, path: &str) -> bool;

    /// Returns the paths of all TOML files, to warn of those that are not read.
    fn all(&self) -> Vec<String> {
        Vec::new()
    }
}

pub(super) struct BuiltIn;

impl Files for BuiltIn {
    fn read(&self, path: &str) -> Result<String, String> {
        let file = BUILT_IN.get_file(path).ok_or("there is no such file")?;
        file.contents_utf8()
            .map(str::to_owned)
            .ok_or_else(|| "it is not UTF-8".into())
    }

    fn has(&self, path: &str) -> bool {
        BUILT_IN.get_file(path).is_some()
    }
}

pub(super) struct Folder<'a>(pub &'a Path);

impl Files for Folder<'_> {
    fn read(&self, path: &str) -> Result<String, String> {
        let text = bounded::read_text(&self.0.join(path), MAX_FILE_SIZE);
        text.map_err(|error| match error.kind() {
            ErrorKind::InvalidData => "it is not UTF-8: save it with the encoding UTF-8".to_owned(),
            _ => error.to_string(),
        })
    }

    fn has(&self, path: &str) -> bool {
        self.0.join(path).exists()
    }

    fn all(&self) -> Vec<String> {
        let mut paths = Vec::new();
        for folder in ["", "worksheets"] {
            let entries = std::fs::read_dir(self.0.join(folder));
            for entry in entries.into_iter().flatten().flatten().take(MAX_LISTED) {
                let name = entry.file_name().to_string_lossy().into_owned();
                if name.ends_with(".toml") && !name.starts_with('.') {
                    let slash = if folder.is_empty() { "" } else { "/" };
                    paths.push(format!("{folder}{slash}{name}"));
                }
            }
        }
        paths.sort();
        paths
    }
}

/// A parsed file and its source.
pub(super) struct Parsed<T> {
    pub source: Source,
    pub content: T,
}

/// The files whose texts and conditions refer to fields and scores.
pub(super) struct TextFiles {
    pub checks: Parsed<ChecksFile>,
    pub roadmap: Parsed<RoadmapFile>,
    pub figures: Parsed<FiguresFile>,
    pub advice: Parsed<AdviceFile>,
    pub plan_layout: Parsed<PlanLayout>,
    pub email: Parsed<EmailTemplate>,
}

/// All parsed files of a questionnaire.
pub(super) struct QuestionnaireFiles {
    pub questionnaire: Parsed<QuestionnaireFile>,
    pub worksheets: Vec<Parsed<WorksheetFile>>,
    pub scores: Parsed<ScoresFile>,
    pub texts: TextFiles,
    pub portfolio: Parsed<PortfolioFile>,
    pub issues: Parsed<IssueFile>,
    pub fingerprint: String,
}

/// Maximum number of files of a folder that are looked at.
const MAX_LISTED: usize = 1_000;
/// Maximum number of errors reported per file.
const MAX_ERRORS: usize = 50;

/// Parses a file that a questionnaire may leave out. A file that does not exist counts as one with this text.
pub(super) fn parse_optional<T: DeserializeOwned>(
    files: &impl Files,
    path: &str,
    text: &'static str,
    problems: &Problems,
) -> Result<Parsed<T>, Reported> {
    match files.has(path) {
        true => parse(files, path, problems),
        false => parse(&Absent(text), path, problems),
    }
}

/// Reads a TOML file that is not part of a questionnaire, such as the settings. `path` names it in errors.
///
/// # Errors
/// Returns the syntax error, or else all invalid keys and values.
pub fn read_toml<T: DeserializeOwned>(path: &str, text: &str) -> Result<T, TomlError> {
    let problems = Problems::default();
    match parse(&Absent(text), path, &problems) {
        Ok(Parsed { content, .. }) => Ok(content),
        Err(Reported) => Err(TomlError {
            diagnostics: problems.warnings(),
        }),
    }
}

/// Files that all have the same text.
struct Absent<'t>(&'t str);

impl Files for Absent<'_> {
    fn read(&self, _: &str) -> Result<String, String> {
        Ok(self.0.to_owned())
    }

    fn has(&self, _: &str) -> bool {
        false
    }
}

/// Parses a file and reports its errors: the first syntax error, or else all invalid keys and values.
pub(super) fn parse<T: DeserializeOwned>(
    files: &impl Files,
    path: &str,
    problems: &Problems,
) -> Result<Parsed<T>, Reported> {
    let mut content = None;
    let mut read = |table: &Spanned<DeTable>| {
        content = Some(toml_reader::read(table)?);
        Ok(())
    };
    let source = parse_with(files, path, problems, &mut read)?;
    let content = content.ok_or(Reported)?;
    Ok(Parsed { source, content })
}

/// Parses a file, and reads it with `read`. Reports its errors.
fn parse_with(
    files: &dyn Files,
    path: &str,
    problems: &Problems,
    read: &mut dyn FnMut(&Spanned<DeTable>) -> Result<(), ReadError>,
) -> Result<Source, Reported> {
    let text = match files.read(path) {
        Ok(text) => text,
        Err(why) => {
            let source = Source::new(path, "", problems);
            let message = match files.has(path) {
                true => format!("the file cannot be read ({why})"),
                false => format!("there is no {path} in the folder"),
            };
            return Err(source.error_at(0, message));
        }
    };
    let source = Source::new(path, &text, problems);
    let (mut rest, errors) = DeTable::parse_recoverable(&text);
    // The errors after the first one follow from it.
    if let Some(error) = errors.first() {
        report(&source, error);
        return Err(Reported);
    }
    // The reader stops at the first error. The invalid entry is removed, and the rest is read again.
    for attempt in 0..MAX_ERRORS {
        match read(&rest) {
            Ok(()) if attempt == 0 => return Ok(source),
            Ok(()) => break,
            Err(error) => {
                // A missing field may be an entry that was removed above.
                if attempt > 0 && error.message.starts_with("missing field") {
                    break;
                }
                let at = report_at(&source, &error.message, error.span.unwrap_or_default());
                if !take_out(rest.get_mut(), at) {
                    break;
                }
            }
        }
    }
    Err(Reported)
}
