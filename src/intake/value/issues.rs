//! What is told of the reading of one value.

use super::problem::Problem;
use super::{Context, ParseNote};
use crate::answers::CellRef;
use crate::issue::{Issue, Severity};
use crate::questionnaire::{Field, Questionnaire};
use crate::template::asks_for;
use crate::text::{MAX_CELL_LENGTH, shorten};

/// Kinds of issues about the reading of one value.
const READ: &str = "value-read";
const GUESSED: &str = "value-guessed";
const TOO_LONG: &str = "text-too-long";
const UNUSABLE: &str = "value-invalid";

/// Whether it is in doubt how a value is meant that an issue is about: no rule that answers break together is such a doubt.
pub fn is_ambiguous(issue: &Issue) -> bool {
    [GUESSED, TOO_LONG, UNUSABLE].contains(&issue.code.as_ref())
}

pub(super) fn note_issue(
    questionnaire: &Questionnaire,
    field: &Field,
    place: Option<CellRef>,
    raw: &str,
    note: ParseNote,
) -> Issue {
    let (severity, code, how, fix) = match note {
        ParseNote::Note(how) => (Severity::Note, READ, how, "No action needed."),
        ParseNote::Guess(how) => (
            Severity::Warning,
            GUESSED,
            how,
            "If this is wrong, correct the value.",
        ),
        ParseNote::Long(units) => (
            Severity::Warning,
            TOO_LONG,
            format!("{units} characters; an Excel cell holds at most {MAX_CELL_LENGTH}"),
            "Shorten the text. Excel cuts longer texts.",
        ),
    };
    Issue {
        severity,
        code: code.into(),
        place,
        field: Some(field.id.clone()),
        label: field.label.clone(),
        found: format!("\"{}\", {how}", shorten(raw, 80)),
        expected: asks_for(questionnaire, field),
        fix: fix.into(),
    }
}

pub(super) fn unusable(
    context: &Context,
    place: Option<CellRef>,
    raw: &str,
    problem: &Problem,
) -> Issue {
    let field = context.field;
    Issue {
        severity: Severity::Error,
        code: UNUSABLE.into(),
        place,
        field: Some(field.id.clone()),
        label: field.label.clone(),
        found: format!("\"{}\": {}", shorten(raw, 80), problem.found(context)),
        expected: asks_for(context.questionnaire, field),
        fix: problem.fix(context),
    }
}
