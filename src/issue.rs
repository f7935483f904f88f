//! An issue: what is wrong in which cell, and how to fix it, in words for the person who filled it in.

use serde::{Deserialize, Serialize};

use crate::answers::CellRef;

/// How much an issue matters. Ordered from the gravest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// A value cannot be used.
    Error,
    /// It looks wrong.
    Warning,
    /// How something was read.
    Note,
}

/// One thing found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Issue {
    /// How much it matters.
    pub severity: Severity,
    /// A stable code, such as `value-out-of-range`.
    pub code: String,
    /// The cell, where there is one.
    pub place: Option<CellRef>,
    /// The field's id, where it concerns one.
    pub field: Option<String>,
    /// The words printed beside the cell.
    pub label: String,
    /// What was found.
    pub found: String,
    /// What was expected.
    pub expected: String,
    /// How to fix it.
    pub fix: String,
}

/// How many issues there are of each severity.
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
