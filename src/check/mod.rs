//! Answers → findings: the programme's rules between fields, and what is missing altogether.

mod rules;

use crate::answers::{Answers, Value};
use crate::finding::{Finding, Severity};
use crate::programme::{FieldKey, Programme};
use crate::score::Scorecard;
use crate::text::shorten;

/// Everything found in the answers themselves; how they were read is found while reading.
pub fn check(programme: &Programme, answers: &Answers, scorecard: &Scorecard) -> Vec<Finding> {
    let mut findings = Vec::new();
    for rule in &programme.rules {
        rules::check(programme, rule, answers, scorecard, &mut findings);
    }
    check_company(programme, answers, &mut findings);
    check_enough(programme, answers, &mut findings);
    check_missing(programme, answers, &mut findings);
    findings
}

/// Orders findings for people: by severity, then by sheet and cell as they stand in the programme.
pub fn sort(programme: &Programme, findings: &mut [Finding]) {
    let position = |finding: &Finding| {
        finding
            .field
            .as_deref()
            .and_then(|id| programme.key(id))
            .map_or(usize::MAX, |key| key.0)
    };
    findings.sort_by_key(|finding| (finding.severity, position(finding), finding.code.clone()));
}

/// Longest expectation, in characters: it may name other answers.
const LONGEST: usize = 400;

/// A finding at a field's cell.
pub(crate) fn at_field(
    programme: &Programme,
    answers: &Answers,
    key: FieldKey,
    severity: Severity,
    code: &str,
    expected: String,
    mend: String,
) -> Finding {
    let (field, answer) = (programme.field(key), answers.get(key));
    let shown = crate::display::value(programme, answers, key).unwrap_or_else(|| "nothing".into());
    Finding {
        severity,
        code: code.to_owned(),
        place: answer.place.clone(),
        field: Some(field.id.clone()),
        label: field.label.clone(),
        found: shorten(&shown, 120),
        expected: shorten(&expected, LONGEST),
        mend,
    }
}

/// Answers with characters that no font at hand can print: the plan shows a box in their place.
pub fn unprintable(
    programme: &Programme,
    answers: &Answers,
    prints: fn(char) -> bool,
    findings: &mut Vec<Finding>,
) {
    for (key, _) in programme.inputs() {
        let Value::Text(text) = &answers.get(key).value else {
            continue;
        };
        let mut unknown: Vec<char> = text.chars().filter(|c| !prints(*c)).collect();
        unknown.sort_unstable();
        unknown.dedup();
        if unknown.is_empty() {
            continue;
        }
        let named: Vec<String> = unknown
            .iter()
            .take(8)
            .map(|c| format!("{c} (U+{:04X})", u32::from(*c)))
            .collect();
        findings.push(at_field(
            programme,
            answers,
            key,
            Severity::Warning,
            "characters-without-font",
            format!("Characters that a font on this computer has, not {}", named.join(", ")),
            "Write it with other characters, or install a font that has them; until then the plan shows a box in their place.".into(),
        ));
    }
}

fn check_company(programme: &Programme, answers: &Answers, findings: &mut Vec<Finding>) {
    let key = programme.identity.company;
    if !answers.get(key).value.is_value() {
        findings.push(at_field(
            programme,
            answers,
            key,
            Severity::Warning,
            "client-unnamed",
            "A name for the plan's cover".into(),
            "Write the name; until then the file's name stands for it.".into(),
        ));
    }
}

/// Whether so few questions are answered that no plan comes of it.
pub fn is_hardly_answered((answered, expected): (usize, usize)) -> bool {
    /// A plan needs the answers to one question in so many.
    const ENOUGH: usize = 4;
    answered * ENOUGH < expected
}

fn check_enough(programme: &Programme, answers: &Answers, findings: &mut Vec<Finding>) {
    let (answered, expected) = answers.completeness(programme);
    if is_hardly_answered((answered, expected)) {
        findings.push(Finding {
            severity: Severity::Error,
            code: "hardly-answered".into(),
            place: None,
            field: None,
            label: programme.title.clone(),
            found: match answers.not_applicable(programme) {
                0 => format!("{answered} of {expected} questions are answered"),
                skipped => format!(
                    "{answered} of {expected} questions are answered; {skipped} are marked as not applicable"
                ),
            },
            expected: "Enough answers for a plan, at least a quarter".into(),
            mend: "Fill in what you can, sheet by sheet.".into(),
        });
    }
}

/// One note a section, naming what is blank, so that a half-filled workbook does not drown in lines.
fn check_missing(programme: &Programme, answers: &Answers, findings: &mut Vec<Finding>) {
    for worksheet in &programme.worksheets {
        for section in &worksheet.sections {
            let blank = |key: &FieldKey| {
                let field = programme.field(*key);
                field.kind.is_input()
                    && !field.optional
                    && answers.get(*key).value == Value::Missing
                    && answers.get(*key).place.is_some()
            };
            let keys: Vec<FieldKey> = section
                .rows
                .iter()
                .flat_map(|row| row.cells.iter().copied())
                .filter(blank)
                .collect();
            let Some(first) = keys.first() else { continue };
            let labels: Vec<&str> = keys
                .iter()
                .map(|key| programme.field(*key).label.as_str())
                .collect();
            let all = keys.len()
                == section
                    .rows
                    .iter()
                    .flat_map(|row| &row.cells)
                    .filter(|key| {
                        programme.field(**key).kind.is_input() && !programme.field(**key).optional
                    })
                    .count();
            findings.push(Finding {
                severity: Severity::Note,
                code: "not-answered".into(),
                place: answers.get(*first).place.clone(),
                field: Some(programme.field(*first).id.clone()),
                label: section.title.clone(),
                found: if all {
                    "no answer".into()
                } else {
                    format!("no answer to: {}", shorten(&labels.join(", "), 200))
                },
                expected: if keys.len() == 1 {
                    "1 answer".into()
                } else {
                    format!("{} answers, from this cell on", keys.len())
                },
                mend: format!(
                    "Fill in what you can; write {} where a question does not apply.",
                    programme.words.not_applicable()
                ),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_without_a_font_is_a_finding_at_its_cell() {
        let programme = Programme::built_in().unwrap();
        let mut answers = Answers::empty(&programme);
        let key = programme.identity.company;
        answers.get_mut(key).value = Value::Text("A \u{378} B".into());
        let mut findings = Vec::new();
        unprintable(&programme, &answers, crate::pdf::can_print, &mut findings);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].field.as_deref(), Some("client.about.company"));
        assert!(findings[0].expected.contains("U+0378"), "{findings:?}");
        answers.get_mut(key).value =
            Value::Text("Łódź, Ωμέγα, Жук, 上海, شركة, ภาษา, ✓ ½ – “”".into());
        findings.clear();
        unprintable(&programme, &answers, crate::pdf::can_print, &mut findings);
        assert!(findings.is_empty(), "{findings:?}");
    }
}
