//! What is told of the reading of one value.

use super::{Remark, number};
use crate::answers::CellRef;
use crate::finding::{Finding, Severity};
use crate::programme::{Field, Kind, Programme};
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
            "Type the value plainly if this is not what is meant.",
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
    programme: &Programme,
    field: &Field,
    place: Option<CellRef>,
    raw: &str,
    why: &str,
) -> Finding {
    let mend = match (why.strip_prefix(number::OUTSIDE), &field.kind) {
        // What is wrong is the number, not how it is written.
        (Some(range), _) => format!("Type a number{range}."),
        (None, Kind::Choice { .. }) => "Choose one from the list in the cell.".into(),
        (None, Kind::Date) => "Type the date with the month's name, such as 7 Dec 2026.".into(),
        (None, Kind::Email) => "Type the address alone.".into(),
        (None, Kind::Text | Kind::LongText) => "Type the answer itself.".into(),
        (None, _) => "Type the number alone, without remarks.".into(),
    };
    Finding {
        severity: Severity::Error,
        code: UNUSABLE.into(),
        place,
        field: Some(field.id.clone()),
        label: field.label.clone(),
        found: format!("\"{}\": {why}", shorten(raw, 80)),
        expected: asks_for(programme, field),
        mend,
    }
}
