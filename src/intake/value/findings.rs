//! What is told of the reading of one value.

use super::problem::Problem;
use super::{Context, Remark};
use crate::answers::CellRef;
use crate::finding::{Finding, Severity};
use crate::programme::{Field, Programme};
use crate::template::asks_for;
use crate::text::{LONGEST_CELL, shorten};

/// Kinds of findings about the reading of one value.
const READ: &str = "value-read";
const GUESSED: &str = "value-guessed";
const TOO_LONG: &str = "text-too-long";
const UNUSABLE: &str = "value-unusable";

/// Whether it is in doubt how a value is meant that a finding is about: no rule that answers break together is such a doubt.
pub fn is_doubt(finding: &Finding) -> bool {
    [GUESSED, TOO_LONG, UNUSABLE].contains(&finding.code.as_ref())
}

pub(super) fn remark_finding(
    programme: &Programme,
    field: &Field,
    place: Option<CellRef>,
    raw: &str,
    remark: Remark,
) -> Finding {
    let (severity, code, how, mend) = match remark {
        Remark::Note(how) => (Severity::Note, READ, how, "Nothing to do."),
        Remark::Guess(how) => (
            Severity::Warning,
            GUESSED,
            how,
            "If this is wrong, correct the value.",
        ),
        Remark::Long(units) => (
            Severity::Warning,
            TOO_LONG,
            format!("{units} characters, more than the {LONGEST_CELL} that a cell of Excel holds"),
            "Shorten it: Excel would cut it when the workbook is saved.",
        ),
    };
    Finding {
        severity,
        code: code.into(),
        place,
        field: Some(field.id.clone()),
        label: field.label.clone(),
        found: format!("\"{}\", {how}", shorten(raw, 80)),
        expected: asks_for(programme, field),
        mend: mend.into(),
    }
}

pub(super) fn unusable(
    context: &Context,
    place: Option<CellRef>,
    raw: &str,
    problem: &Problem,
) -> Finding {
    let field = context.field;
    Finding {
        severity: Severity::Error,
        code: UNUSABLE.into(),
        place,
        field: Some(field.id.clone()),
        label: field.label.clone(),
        found: format!("\"{}\": {}", shorten(raw, 80), problem.found(context)),
        expected: asks_for(context.programme, field),
        mend: problem.fix(context),
    }
}
