//! Errors and warnings in TOML files, each with its position.

use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

/// Severity of a diagnostic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The questionnaire cannot be used.
    Error,
    /// The questionnaire is valid, but probably not as intended.
    Warning,
}

/// A problem in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Severity.
    pub level: Level,
    /// Path of the file, relative to the questionnaire's folder.
    pub file: String,
    /// Byte range of the problem in the file. Empty if only a position is known, or if the whole file is affected.
    pub span: Range<usize>,
    /// The problem.
    pub message: String,
    /// What would be valid, if known.
    pub help: Option<String>,
    text: Arc<str>,
}

impl Diagnostic {
    /// Returns the text of the file.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the line number, from 1.
    pub fn line(&self) -> usize {
        self.before().matches('\n').count() + 1
    }

    /// Returns the column in characters, from 1.
    pub fn column(&self) -> usize {
        let line = self.before().rsplit('\n').next().unwrap_or_default();
        line.chars().count() + 1
    }

    fn before(&self) -> &str {
        self.text.get(..self.span.start).unwrap_or_default()
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, message, .. } = self;
        write!(f, "{file}, line {}: {message}", self.line())?;
        match &self.help {
            Some(help) => write!(f, ". {help}"),
            None => Ok(()),
        }
    }
}

/// The problems of an invalid questionnaire, or of another TOML file, with at least one error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TomlError {
    /// The errors and warnings, in the order of the files.
    pub diagnostics: Vec<Diagnostic>,
}

impl fmt::Display for TomlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.diagnostics.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for TomlError {}

/// Marks that an error was reported to [`Problems`]. The caller continues with whatever does not depend on it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reported;

/// The problems found so far, shared by all sources.
#[derive(Debug, Clone, Default)]
pub(super) struct Problems(Rc<RefCell<Vec<Diagnostic>>>);

impl Problems {
    /// Maximum number of reported problems. More would not be read.
    const MAX_COUNT: usize = 200;

    fn push(&self, diagnostic: Diagnostic) {
        let mut all = self.0.borrow_mut();
        if all.len() < Self::MAX_COUNT && !all.contains(&diagnostic) {
            all.push(diagnostic);
        }
    }

    /// Returns all problems as an error if at least one of them is an error.
    pub fn errors(&self) -> Result<(), TomlError> {
        let all = self.0.borrow();
        match all.iter().any(|problem| problem.level == Level::Error) {
            true => Err(TomlError {
                diagnostics: all.clone(),
            }),
            false => Ok(()),
        }
    }

    /// Returns all problems. If there is no error, they are the warnings.
    pub fn warnings(&self) -> Vec<Diagnostic> {
        self.0.borrow().clone()
    }
}

/// A file of the questionnaire, which reports problems with their position.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub file: String,
    pub text: Arc<str>,
    problems: Problems,
    /// Texts that may contain values in braces.
    accepted: Rc<RefCell<HashSet<String>>>,
}

impl Source {
    pub fn new(file: &str, text: &str, problems: &Problems) -> Self {
        Self {
            file: file.to_owned(),
            text: text.into(),
            problems: problems.clone(),
            accepted: Rc::default(),
        }
    }

    /// Notes that a text may contain values in braces, which its reader checks.
    pub fn accept(&self, text: &str) {
        self.accepted.borrow_mut().insert(text.to_owned());
    }

    /// Returns the texts that may contain values in braces.
    pub fn accepted(&self) -> HashSet<String> {
        self.accepted.borrow().clone()
    }

    /// Reports an error at a byte offset.
    pub fn error_at(&self, offset: usize, message: impl Into<String>) -> Reported {
        self.error_in(offset..offset, message, None)
    }

    /// Reports an error in a part of the file, with a help text on what would be valid.
    pub fn error_in(
        &self,
        span: Range<usize>,
        message: impl Into<String>,
        help: Option<String>,
    ) -> Reported {
        self.report(Level::Error, span, message.into(), help);
        Reported
    }

    /// Reports a warning about a part of the file.
    pub fn warn_in(&self, span: Range<usize>, message: impl Into<String>) {
        self.report(Level::Warning, span, message.into(), None);
    }

    fn report(&self, level: Level, span: Range<usize>, message: String, help: Option<String>) {
        let end = self.text.len();
        self.problems.push(Diagnostic {
            level,
            file: self.file.clone(),
            span: span.start.min(end)..span.end.min(end),
            message,
            help,
            text: self.text.clone(),
        });
    }

    /// Reports an error at the first occurrence of a text in the file. Occurrences in quotation marks are preferred.
    pub fn error_at_text(&self, text: &str, message: impl Into<String>) -> Reported {
        self.error_in(self.find(text), message, None)
    }

    /// Returns the span of the first occurrence of a text in the file. Occurrences in quotation marks are preferred.
    /// Returns an empty span at the start of the file if there is no occurrence.
    pub fn find(&self, text: &str) -> Range<usize> {
        let quoted = self.text.find(&format!("\"{text}\"")).map(|at| at + 1);
        let start = quoted.or_else(|| self.text.find(text));
        start.map_or(0..0, |start| start..start + text.len())
    }
}

/// Suggests the most similar known name, if one is similar enough.
pub(super) fn did_you_mean<'n>(
    name: &str,
    known: impl IntoIterator<Item = &'n str>,
) -> Option<String> {
    most_similar(name, &known.into_iter().collect::<Vec<_>>())
}

fn most_similar(name: &str, known: &[&str]) -> Option<String> {
    const SIMILAR: f64 = 0.8;
    // The end of a name, such as "energy.share" of "environment.energy.share".
    let end = format!(".{name}");
    /// Number of valid names that are listed if none is similar.
    const LISTED: usize = 12;
    if let Some(whole) = known.iter().find(|known| known.ends_with(&end)) {
        return Some(format!("Did you mean \"{whole}\"?"));
    }
    let similar = known
        .iter()
        .map(|known| (strsim::jaro_winkler(name, known), known))
        .filter(|(similarity, _)| *similarity >= SIMILAR)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    match similar {
        Some((_, known)) => Some(format!("Did you mean \"{known}\"?")),
        None if (1..=LISTED).contains(&known.len()) => Some(format!("Valid: {}", known.join(", "))),
        None => None,
    }
}
