//! Creates the issues about one value.

use super::problem::Problem;
use super::{Context, ParseNote};
use crate::answers::CellRef;
use crate::display::asks_for;
use crate::issue::{Issue, IssueCode, Severity};
use crate::questionnaire::{Field, Questionnaire};
use crate::text::{MAX_CELL_LENGTH, shorten};

pub(super) fn note_issue(
    questionnaire: &Questionnaire,
    field: &Field,
    place: Option<CellRef>,
    raw: &str,
    note: ParseNote,
) -> Issue {
    let (severity, code, how, fix) = match note {
        ParseNote::Note(how) => (
            Severity::Note,
            IssueCode::ValueRead,
            how,
            "No action needed.",
        ),
        ParseNote::Guess(how) => (
            Severity::Warning,
            IssueCode::ValueGuessed,
            how,
            "If this is wrong, correct the value.",
        ),
        ParseNote::Long(units) => (
            Severity::Warning,
            IssueCode::TextTooLong,
            format!("{units} characters; an Excel cell holds at most {MAX_CELL_LENGTH}"),
            "Shorten the text. Excel cuts longer texts.",
        ),
    };
    Issue {
        severity,
        code,
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
        code: IssueCode::ValueInvalid,
        place,
        field: Some(field.id.clone()),
        label: field.label.clone(),
        found: format!("\"{}\": {}", shorten(raw, 80), problem.found(context)),
        expected: asks_for(context.questionnaire, field),
        fix: problem.fix(context),
    }
}
