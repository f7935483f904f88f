//! Creates the issues about one value.

use super::problem::Problem;
use super::{Context, ParseNote};
use crate::answers::CellRef;
use crate::display::asks_for;
use crate::issue::{Issue, IssueCode, Severity};
use crate::questionnaire::{Field, Questionnaire};
use crate::text::{MAX_CELL_LENGTH, fill, shorten};

pub(super) fn note_issue(
    questionnaire: &Questionnaire,
    field: &Field,
    place: Option<CellRef>,
    raw: &str,
    note: ParseNote,
) -> Issue {
    let texts = &questionnaire.issue_texts;
    let fixes = &texts.fix;
    let (severity, code, how, fix) = match note {
        ParseNote::Note(how) => (Severity::Note, IssueCode::ValueRead, how, &fixes.value_read),
        ParseNote::Guess(how) => (
            Severity::Warning,
            IssueCode::ValueGuessed,
            how,
            &fixes.value_guessed,
        ),
        ParseNote::Long(units) => {
            let (count, most) = (units.to_string(), MAX_CELL_LENGTH.to_string());
            (
                Severity::Warning,
                IssueCode::TextTooLong,
                fill(
                    &texts.reading.characters,
                    &[("count", &count), ("most", &most)],
                ),
                &fixes.text_too_long,
            )
        }
    };
    Issue {
        severity,
        code,
        place,
        field: Some(field.id.clone()),
        label: field.label.clone(),
        found: fill(
            &texts.found.read,
            &[("value", &shorten(raw, 80)), ("reading", &how)],
        ),
        expected: asks_for(questionnaire, field),
        fix: fix.clone(),
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
        found: fill(
            &context.questionnaire.issue_texts.found.value,
            &[
                ("value", &shorten(raw, 80)),
                ("problem", &problem.found(context)),
            ],
        ),
        expected: asks_for(context.questionnaire, field),
        fix: problem.fix(context),
    }
}
