//! An issue: the problem in a cell and its fix, written for the person who filled in the workbook.
//!
//! ```
//! use partnerbook::issue::{IssueCode, Severity};
//!
//! assert!(Severity::Error < Severity::Warning);
//! assert!(IssueCode::all().any(|code| code.as_str() == "too-few-answers"));
//! ```

use serde::{Deserialize, Serialize};

use crate::answers::CellRef;

/// How severe an issue is, the most severe first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// A value cannot be used.
    Error,
    /// A value looks wrong.
    Warning,
    /// How a value was read.
    Note,
}

/// The code of an issue. Serialized as its name, such as `value-invalid`. `docs/src/reference/issues.md` describes each
/// code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
#[non_exhaustive]
pub enum IssueCode {
    /// An answer is next to its empty cell.
    AnswerBeside,
    /// Cells are damaged.
    CellsUnreadable,
    /// No font has a character.
    CharactersWithoutFont,
    /// The client's name is missing.
    ClientUnnamed,
    /// A due date is outside the roadmap.
    DueOutsideRoadmap,
    /// Text outside the questions.
    ExtraText,
    /// The workbook does not contain its questionnaire's ID.
    IdentityLost,
    /// The label of a question was changed.
    LabelChanged,
    /// Only the defined name of a cell identifies its question.
    NameAlone,
    /// The defined name of a cell points to another cell.
    NameMoved,
    /// Questions without an answer.
    NotAnswered,
    /// The workbook is of an older version.
    OlderVersion,
    /// A question is not in the workbook.
    QuestionNotFound,
    /// A question is in two rows.
    RowCopied,
    /// Questions and their row IDs are in different rows.
    RowsMoved,
    /// A sheet was copied.
    SheetCopied,
    /// A sheet is not in the workbook.
    SheetNotFound,
    /// The start date is far from the report date.
    StartFarAway,
    /// A text is longer than a cell can hold.
    TextTooLong,
    /// Too few questions are answered.
    TooFewAnswers,
    /// How a value was read, if the reading is a guess.
    ValueGuessed,
    /// A value cannot be used.
    ValueInvalid,
    /// How a value was read.
    ValueRead,
    /// A rule of the questionnaire, by its code.
    Rule(String),
}

/// The built-in codes with their names.
const CODES: [(IssueCode, &str); 23] = [
    (IssueCode::AnswerBeside, "answer-beside"),
    (IssueCode::CellsUnreadable, "cells-unreadable"),
    (IssueCode::CharactersWithoutFont, "characters-without-font"),
    (IssueCode::ClientUnnamed, "client-unnamed"),
    (IssueCode::DueOutsideRoadmap, "due-outside-roadmap"),
    (IssueCode::ExtraText, "extra-text"),
    (IssueCode::IdentityLost, "identity-lost"),
    (IssueCode::LabelChanged, "label-changed"),
    (IssueCode::NameAlone, "name-alone"),
    (IssueCode::NameMoved, "name-moved"),
    (IssueCode::NotAnswered, "not-answered"),
    (IssueCode::OlderVersion, "older-version"),
    (IssueCode::QuestionNotFound, "question-not-found"),
    (IssueCode::RowCopied, "row-copied"),
    (IssueCode::RowsMoved, "rows-moved"),
    (IssueCode::SheetCopied, "sheet-copied"),
    (IssueCode::SheetNotFound, "sheet-not-found"),
    (IssueCode::StartFarAway, "start-far-away"),
    (IssueCode::TextTooLong, "text-too-long"),
    (IssueCode::TooFewAnswers, "too-few-answers"),
    (IssueCode::ValueGuessed, "value-guessed"),
    (IssueCode::ValueInvalid, "value-invalid"),
    (IssueCode::ValueRead, "value-read"),
];

impl IssueCode {
    /// Iterates over the built-in codes.
    pub fn all() -> impl Iterator<Item = Self> {
        CODES.iter().map(|(code, _)| code.clone())
    }

    /// Returns the name of the code.
    pub fn as_str(&self) -> &str {
        match self {
            IssueCode::Rule(code) => code,
            code => CODES
                .iter()
                .find(|(known, _)| known == code)
                .map_or("", |(_, name)| *name),
        }
    }

    /// Returns whether the meaning of the value is uncertain. If it is, the annotated copy keeps the value as entered.
    pub fn is_ambiguous(&self) -> bool {
        matches!(
            self,
            IssueCode::ValueGuessed | IssueCode::TextTooLong | IssueCode::ValueInvalid
        )
    }
}

impl From<String> for IssueCode {
    fn from(name: String) -> Self {
        let known = CODES.iter().find(|(_, known)| *known == name);
        known.map_or(IssueCode::Rule(name), |(code, _)| code.clone())
    }
}

impl From<IssueCode> for String {
    fn from(code: IssueCode) -> Self {
        code.as_str().to_owned()
    }
}

impl PartialEq<str> for IssueCode {
    fn eq(&self, name: &str) -> bool {
        self.as_str() == name
    }
}

impl PartialEq<&str> for IssueCode {
    fn eq(&self, name: &&str) -> bool {
        self.as_str() == *name
    }
}

impl std::fmt::Display for IssueCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A problem in a workbook, or a note about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Issue {
    /// How severe the issue is.
    pub severity: Severity,
    /// The code.
    pub code: IssueCode,
    /// The cell, if there is one.
    pub place: Option<CellRef>,
    /// The ID of the field, if the issue concerns a field.
    pub field: Option<String>,
    /// The label next to the cell.
    pub label: String,
    /// What was found.
    pub found: String,
    /// What was expected.
    pub expected: String,
    /// How to fix it.
    pub fix: String,
}

/// Number of issues of each severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notes.
    pub notes: usize,
}

impl Counts {
    /// Counts issues.
    pub fn of(issues: &[Issue]) -> Self {
        let count = |severity| {
            issues
                .iter()
                .filter(|issue| issue.severity == severity)
                .count()
        };
        Self {
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            notes: count(Severity::Note),
        }
    }
}
