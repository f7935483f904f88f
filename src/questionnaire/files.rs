//! Access to the files of a questionnaire, and the parser of a single file.

use std::ops::Range;
use std::path::Path;

use include_dir::{Dir, include_dir};
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostic::{Problems, Reported, Source};
use super::portfolio_texts::PortfolioFile;
use super::raw::{ChecksFile, QuestionnaireFile, RoadmapFile, ScoresFile, WorksheetFile};
use super::raw_advice::{AdviceFile, FiguresFile};
use super::{EmailTemplate, PlanLayout};
use crate::bounded;

/// The questionnaire embedded in the binary.
pub(super) static BUILT_IN: Dir<'static> =
    include_dir!("$CARGO_MANIFEST_DIR/templates/partnerships");

/// A small questionnaire, as a start for an author.
pub(super) static MINIMAL: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates/minimal");

/// Maximum size of a questionnaire file, in bytes.
const MAX_FILE_SIZE: u64 = 4 << 20;

/// Reads files of a questionnaire by their path in its folder.
pub(super) trait Files {
    /// Returns the text of a file, or the reason why it cannot be read.
    fn read(&self, path: &str) -> Result<String, String>;

    /// Returns whether there is a file. A questionnaire may leave out some of its files.
    fn has(&self, path: &str) -> bool;
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
        bounded::read_text(&self.0.join(path), MAX_FILE_SIZE).map_err(|error| error.to_string())
    }

    fn has(&self, path: &str) -> bool {
        self.0.join(path).exists()
    }
}

/// A parsed file and its source.
pub(super) struct Parsed<T> {
    pub source: Source,
    pub content: T,
}

/// All parsed files of a questionnaire.
pub(super) struct QuestionnaireFiles {
    pub questionnaire: Parsed<QuestionnaireFile>,
    pub worksheets: Vec<Parsed<WorksheetFile>>,
    pub scores: Parsed<ScoresFile>,
    pub checks: Parsed<ChecksFile>,
    pub roadmap: Parsed<RoadmapFile>,
    pub figures: Parsed<FiguresFile>,
    pub advice: Parsed<AdviceFile>,
    pub plan_layout: Parsed<PlanLayout>,
    pub email: Parsed<EmailTemplate>,
    pub portfolio: Parsed<PortfolioFile>,
    pub fingerprint: String,
}

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

/// Files that all have the same text.
struct Absent(&'static str);

impl Files for Absent {
    fn read(&self, _: &str) -> Result<String, String> {
        Ok(self.0.to_owned())
    }

    fn has(&self, _: &str) -> bool {
        false
    }
}

/// Parses a file and reports its errors: all syntax errors, or else all invalid keys and values.
pub(super) fn parse<T: DeserializeOwned>(
    files: &impl Files,
    path: &str,
    problems: &Problems,
) -> Result<Parsed<T>, Reported> {
    let text = match files.read(path) {
        Ok(text) => text,
        Err(why) => {
            let source = Source::new(path, "", problems);
            return Err(source.error_at(0, format!("the file cannot be read ({why})")));
        }
    };
    let source = Source::new(path, &text, problems);
    let (table, errors) = DeTable::parse_recoverable(&text);
    if !errors.is_empty() {
        errors.iter().take(MAX_ERRORS).for_each(|error| {
            report(&source, error);
        });
        return Err(Reported);
    }
    // The deserializer stops at the first error. The invalid entry is removed, and the rest is deserialized again.
    let mut rest = table;
    for attempt in 0..MAX_ERRORS {
        match T::deserialize(toml::Deserializer::from(rest.clone())) {
            Ok(content) if attempt == 0 => return Ok(Parsed { source, content }),
            Ok(_) => break,
            Err(error) => {
                // A missing field may be an entry that was removed above.
                if attempt > 0 && error.message().starts_with("missing field") {
                    break;
                }
                let at = report(&source, &error);
                if !take_out(rest.get_mut(), at) {
                    break;
                }
            }
        }
    }
    Err(Reported)
}

/// Reports an error, and returns its byte offset.
fn report(source: &Source, error: &toml::de::Error) -> usize {
    // In "unknown field `x`, expected one of `a`, `b`", the second part is the help text.
    let message = error.message();
    let (message, help) = match message.split_once(", expected ") {
        Some((message, expected)) => (message, Some(format!("Expected {expected}"))),
        None => (message, None),
    };
    let span = error.span().unwrap_or_default();
    let span = match message.strip_prefix("unknown field `") {
        Some(name) => key_in(&source.text, span, name.trim_end_matches('`')),
        None => span,
    };
    source.error_in(span.clone(), message, help);
    span.start
}

/// Returns the span of a key. Within blocks, the deserializer reports only the span of the whole block.
fn key_in(text: &str, span: Range<usize>, name: &str) -> Range<usize> {
    let rest = text.get(span.start..).unwrap_or_default();
    let found = rest.match_indices(name).find(|(at, _)| {
        let before = rest[..*at].chars().next_back();
        let is_whole = before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != '.');
        is_whole && rest[at + name.len()..].trim_start().starts_with('=')
    });
    found.map_or(span.clone(), |(at, _)| {
        span.start + at..span.start + at + name.len()
    })
}

/// Removes the entry whose key or value starts at a byte offset. Returns whether there was such an entry.
fn take_out(table: &mut DeTable, at: usize) -> bool {
    let own = table
        .iter()
        .find(|(key, value)| key.span().start == at || value.span().start == at)
        .map(|(key, _)| key.get_ref().to_string());
    if let Some(own) = own {
        return table.remove(own.as_str()).is_some();
    }
    table.iter_mut().any(|(_, value)| take_out_of(value, at))
}

fn take_out_of(value: &mut Spanned<DeValue>, at: usize) -> bool {
    match value.get_mut() {
        DeValue::Table(table) => take_out(table, at),
        DeValue::Array(array) => array.iter_mut().any(|value| take_out_of(value, at)),
        _ => false,
    }
}
