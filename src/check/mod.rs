//! Answers → issues: the questionnaire's rules between fields, and missing answers.
//!
//! ```
//! # use partnerbook::{intake, questionnaire::Questionnaire};
//! # let questionnaire = Questionnaire::built_in()?;
//! # let sample = std::fs::read("samples/halvorsen-sensors.xlsx")?;
//! # let reading = intake::read_bytes(&questionnaire, sample, &intake::Sandbox::none())?;
//! # let answers = reading.answers;
//! use partnerbook::{check, score::Scorecard};
//!
//! let scorecard = Scorecard::of(&questionnaire, &answers);
//! for issue in check::check(&questionnaire, &answers, &scorecard) {
//!     println!("{}: {}", issue.code.as_str(), issue.fix);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod rules;

use crate::answers::{Answers, Value};
use crate::issue::{Issue, IssueCode, Severity};
use crate::questionnaire::{FieldKey, Questionnaire};
use crate::score::Scorecard;
use crate::text::{fill, shorten};

/// Returns the issues in the answers themselves. Issues with reading the workbook come from the intake.
pub fn check(
    questionnaire: &Questionnaire,
    answers: &Answers,
    scorecard: &Scorecard,
) -> Vec<Issue> {
    let mut issues = Vec::new();
    for rule in &questionnaire.rules {
        rules::check(questionnaire, rule, answers, scorecard, &mut issues);
    }
    check_company(questionnaire, answers, &mut issues);
    check_enough(questionnaire, answers, &mut issues);
    check_missing(questionnaire, answers, &mut issues);
    issues
}

/// Sorts issues by severity, then by their field's position in the questionnaire, then by code.
pub fn sort(questionnaire: &Questionnaire, issues: &mut [Issue]) {
    let position = |issue: &Issue| {
        issue
            .field
            .as_deref()
            .and_then(|id| questionnaire.key(id))
            .map_or(usize::MAX, |key| key.0)
    };
    issues.sort_by_key(|issue| (issue.severity, position(issue), issue.code.clone()));
}

/// Maximum length of the expected value, in characters. The text can contain other answers.
const MAX_LENGTH: usize = 400;

/// Creates an issue at a field's cell.
pub(crate) fn at_field(
    questionnaire: &Questionnaire,
    answers: &Answers,
    key: FieldKey,
    severity: Severity,
    code: IssueCode,
    expected: String,
    fix: String,
) -> Issue {
    let (field, answer) = (questionnaire.field(key), answers.get(key));
    let shown = crate::display::value(questionnaire, answers, key)
        .unwrap_or_else(|| questionnaire.issue_texts.found.nothing.clone());
    Issue {
        severity,
        code,
        place: answer.place.clone(),
        field: Some(field.id.clone()),
        label: field.label.clone(),
        found: shorten(&shown, 120),
        expected: shorten(&expected, MAX_LENGTH),
        fix,
    }
}

/// Reports answers with characters that no available font contains. The plan shows a box instead of each.
pub fn unprintable(
    questionnaire: &Questionnaire,
    answers: &Answers,
    prints: fn(char) -> bool,
    issues: &mut Vec<Issue>,
) {
    let texts = &questionnaire.issue_texts;
    for (key, _) in questionnaire.inputs() {
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
        issues.push(at_field(
            questionnaire,
            answers,
            key,
            Severity::Warning,
            IssueCode::CharactersWithoutFont,
            fill(
                &texts.expected.characters_without_font,
                &[("characters", &named.join(", "))],
            ),
            texts.fix.characters_without_font.clone(),
        ));
    }
}

fn check_company(questionnaire: &Questionnaire, answers: &Answers, issues: &mut Vec<Issue>) {
    let key = questionnaire.identity.company;
    if !answers.get(key).value.is_value() {
        issues.push(at_field(
            questionnaire,
            answers,
            key,
            Severity::Warning,
            IssueCode::ClientUnnamed,
            questionnaire.issue_texts.expected.client_unnamed.clone(),
            questionnaire.issue_texts.fix.client_unnamed.clone(),
        ));
    }
}

/// Returns whether too few questions are answered for a useful plan.
pub fn has_too_few_answers((answered, expected): (usize, usize)) -> bool {
    /// A plan needs answers to at least one in this many questions.
    const QUESTIONS_PER_REQUIRED_ANSWER: usize = 4;
    answered * QUESTIONS_PER_REQUIRED_ANSWER < expected
}

fn check_enough(questionnaire: &Questionnaire, answers: &Answers, issues: &mut Vec<Issue>) {
    let (answered, expected) = answers.completeness(questionnaire);
    if has_too_few_answers((answered, expected)) {
        let texts = &questionnaire.issue_texts;
        let skipped = answers.not_applicable(questionnaire);
        issues.push(Issue {
            severity: Severity::Error,
            code: IssueCode::TooFewAnswers,
            place: None,
            field: None,
            label: questionnaire.title.clone(),
            found: fill(
                match skipped {
                    0 => &texts.found.too_few_answers,
                    _ => &texts.found.too_few_answers_skipped,
                },
                &[
                    ("answered", &answered.to_string()),
                    ("expected", &expected.to_string()),
                    ("skipped", &skipped.to_string()),
                ],
            ),
            expected: texts.expected.too_few_answers.clone(),
            fix: texts.fix.too_few_answers.clone(),
        });
    }
}

/// Adds one note per section that lists its blank questions. One note per question would be too much for a half-filled
/// workbook.
fn check_missing(questionnaire: &Questionnaire, answers: &Answers, issues: &mut Vec<Issue>) {
    for worksheet in &questionnaire.worksheets {
        for section in &worksheet.sections {
            let blank = |key: &FieldKey| {
                let field = questionnaire.field(*key);
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
                .map(|key| questionnaire.field(*key).label.as_str())
                .collect();
            let all = keys.len()
                == section
                    .rows
                    .iter()
                    .flat_map(|row| &row.cells)
                    .filter(|key| {
                        questionnaire.field(**key).kind.is_input()
                            && !questionnaire.field(**key).optional
                    })
                    .count();
            let texts = &questionnaire.issue_texts;
            let listed = shorten(&labels.join(", "), 200);
            let count = keys.len().to_string();
            issues.push(Issue {
                severity: Severity::Note,
                code: IssueCode::NotAnswered,
                place: answers.get(*first).place.clone(),
                field: Some(questionnaire.field(*first).id.clone()),
                label: section.title.clone(),
                found: match all {
                    true => texts.found.not_answered_all.clone(),
                    false => fill(&texts.found.not_answered, &[("questions", &listed)]),
                },
                expected: match keys.len() {
                    1 => texts.expected.not_answered_one.clone(),
                    _ => fill(&texts.expected.not_answered, &[("count", &count)]),
                },
                fix: fill(
                    &texts.fix.not_answered,
                    &[("not_applicable", questionnaire.words.not_applicable())],
                ),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_without_a_font_is_an_issue_at_its_cell() {
        let questionnaire = Questionnaire::built_in().unwrap();
        let mut answers = Answers::empty(&questionnaire);
        let key = questionnaire.identity.company;
        answers.get_mut(key).value = Value::Text("A \u{378} B".into());
        let mut issues = Vec::new();
        unprintable(&questionnaire, &answers, crate::pdf::can_print, &mut issues);
        assert_eq!(issues.len(), 1);
        assert_eq!(issues[0].field.as_deref(), Some("client.about.company"));
        assert!(issues[0].expected.contains("U+0378"), "{issues:?}");
        answers.get_mut(key).value =
            Value::Text("Łódź, Ωμέγα, Жук, 上海, شركة, ภาษา, ✓ ½ – “”".into());
        issues.clear();
        unprintable(&questionnaire, &answers, crate::pdf::can_print, &mut issues);
        assert!(issues.is_empty(), "{issues:?}");
    }
}
