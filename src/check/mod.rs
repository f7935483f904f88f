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

    fn found(answers: &Answers, code: &IssueCode) -> Vec<Issue> {
        let questionnaire = Questionnaire::built_in().unwrap();
        let scorecard = Scorecard::of(&questionnaire, answers);
        let mut issues = check(&questionnaire, answers, &scorecard);
        issues.retain(|issue| issue.code == *code);
        issues
    }

    #[test]
    fn a_company_without_a_name_is_reported() {
        let questionnaire = Questionnaire::built_in().unwrap();
        let mut answers = Answers::empty(&questionnaire);
        assert_eq!(found(&answers, &IssueCode::ClientUnnamed).len(), 1);
        let key = questionnaire.identity.company;
        answers.get_mut(key).value = Value::NotApplicable;
        assert_eq!(found(&answers, &IssueCode::ClientUnnamed).len(), 1);
        answers.get_mut(key).value = Value::Text("Acme".into());
        assert!(found(&answers, &IssueCode::ClientUnnamed).is_empty());
    }

    #[test]
    fn a_quarter_of_the_answers_is_enough() {
        for (answered, expected, too_few) in [
            (0, 0, false),
            (0, 1, true),
            (1, 4, false),
            (1, 5, true),
            (25, 100, false),
            (24, 100, true),
        ] {
            assert_eq!(has_too_few_answers((answered, expected)), too_few);
        }
    }

    #[test]
    fn blank_questions_of_a_section_are_listed_once() {
        let questionnaire = Questionnaire::built_in().unwrap();
        let mut answers = Answers::empty(&questionnaire);
        let sections = questionnaire
            .worksheets
            .iter()
            .flat_map(|sheet| &sheet.sections);
        let cells = |section: &crate::questionnaire::Section| -> Vec<FieldKey> {
            let cells = section
                .rows
                .iter()
                .flat_map(|row| row.cells.iter().copied());
            let asked = cells.filter(|key| {
                let field = questionnaire.field(*key);
                field.kind.is_input() && !field.optional
            });
            asked.collect()
        };
        let mut sections = sections.map(cells);
        let keys = sections.find(|keys| keys.len() >= 3).unwrap();
        for (row, key) in (1..).zip(&keys) {
            answers.get_mut(*key).place = Some(crate::answers::CellRef {
                sheet: "1 Readiness".into(),
                row,
                column: 1,
            });
        }
        let one = |answers: &Answers| {
            let mut issues = found(answers, &IssueCode::NotAnswered);
            assert_eq!(issues.len(), 1);
            issues.remove(0)
        };
        let texts = &questionnaire.issue_texts;
        let all = one(&answers);
        assert_eq!(all.found, texts.found.not_answered_all);
        assert_eq!(
            all.field.as_deref(),
            Some(&*questionnaire.field(keys[0]).id)
        );
        assert!(all.expected.contains(&keys.len().to_string()), "{all:?}");
        answers.get_mut(keys[0]).value = Value::Number(1.0);
        let rest = one(&answers);
        assert!(
            rest.found.contains(&questionnaire.field(keys[1]).label),
            "{rest:?}"
        );
        assert!(
            !rest.found.contains(&questionnaire.field(keys[0]).label),
            "{rest:?}"
        );
        for key in &keys[1..keys.len() - 1] {
            answers.get_mut(*key).value = Value::Number(1.0);
        }
        assert_eq!(one(&answers).expected, texts.expected.not_answered_one);
    }

    #[test]
    fn issues_are_sorted_by_severity_then_place_then_code() {
        let questionnaire = Questionnaire::built_in().unwrap();
        let issue = |severity, field: Option<&str>, code| Issue {
            severity,
            code,
            place: None,
            field: field.map(str::to_owned),
            label: String::new(),
            found: String::new(),
            expected: String::new(),
            fix: String::new(),
        };
        let [company, email] = ["client.about.company", "client.about.email"];
        let mut issues = [
            issue(Severity::Note, Some(company), IssueCode::NotAnswered),
            issue(Severity::Error, None, IssueCode::TooFewAnswers),
            issue(Severity::Error, Some(email), IssueCode::ClientUnnamed),
            issue(Severity::Error, Some(company), IssueCode::NotAnswered),
        ];
        sort(&questionnaire, &mut issues);
        let order: Vec<_> = issues
            .iter()
            .map(|issue| (issue.severity, issue.field.as_deref()))
            .collect();
        assert_eq!(
            order,
            [
                (Severity::Error, Some(company)),
                (Severity::Error, Some(email)),
                (Severity::Error, None),
                (Severity::Note, Some(company)),
            ]
        );
    }
}
