//! Issues about questions that were copied, moved, or not found.

use super::{Found, Search};
use crate::issue::{Issue, IssueCode, Severity};
use crate::questionnaire::{FieldKey, Questionnaire, Row, Section, Worksheet};
use crate::text::{self, fill};

/// The fields of a worksheet whose name, row ID, and label disagree, or that only one of these methods located.
#[derive(Default)]
pub(super) struct Mismatches {
    /// The defined name points to another cell.
    pub(super) names_moved: Vec<FieldKey>,
    /// The row has the label of another question. The label was used.
    pub(super) labels_moved: Vec<FieldKey>,
    /// Located by defined name only.
    pub(super) by_name_alone: Vec<FieldKey>,
    /// Located by position between other rows.
    pub(super) by_place: Vec<FieldKey>,
}

impl Search<'_> {
    pub(super) fn copied_sheet(
        &self,
        worksheet: &Worksheet,
        first: usize,
        other: usize,
        differing: &[&str],
    ) -> Issue {
        let name = |sheet: usize| &self.book.sheets[sheet].name;
        let same = differing.is_empty();
        let texts = &self.questionnaire.issue_texts;
        let (first, other_name) = (name(first), name(other));
        Issue {
            severity: if same {
                Severity::Note
            } else {
                Severity::Warning
            },
            code: IssueCode::SheetCopied,
            place: Some(self.place(other, 0, 0)),
            field: None,
            label: worksheet.tab.clone(),
            found: fill(
                match same {
                    true => &texts.found.sheet_copied_same,
                    false => &texts.found.sheet_copied,
                },
                &[
                    ("first", first),
                    ("other", other_name),
                    ("questions", &text::shorten(&differing.join(", "), 300)),
                ],
            ),
            expected: texts.expected.sheet_copied.clone(),
            fix: fill(&texts.fix.sheet_copied, &[("first", first)]),
        }
    }

    pub(super) fn copied_row(&self, row: &Row, sheet: usize, used: u32, other: u32) -> Issue {
        let column = self.indexes[sheet].id_column + 1;
        let texts = &self.questionnaire.issue_texts;
        let (first, second) = ((used + 1).to_string(), (other + 1).to_string());
        Issue {
            severity: Severity::Warning,
            code: IssueCode::RowCopied,
            place: Some(self.place(sheet, other, column)),
            field: Some(self.questionnaire.field(row.cells[0]).id.clone()),
            label: row.label.clone(),
            found: fill(
                &texts.found.row_copied,
                &[("first", &first), ("other", &second)],
            ),
            expected: texts.expected.row_copied.clone(),
            fix: fill(&texts.fix.row_copied, &[("first", &first)]),
        }
    }

    /// Reports one issue per worksheet and type of mismatch.
    pub(super) fn report(
        &self,
        worksheet: &Worksheet,
        mismatches: &Mismatches,
        found: &[Option<Found>],
        issues: &mut Vec<Issue>,
    ) {
        let texts = &self.questionnaire.issue_texts;
        let (what, fix) = (&texts.found, &texts.fix);
        let kinds = [
            (
                &mismatches.names_moved,
                Severity::Note,
                IssueCode::NameMoved,
                &what.name_moved,
                &fix.name_moved,
            ),
            (
                &mismatches.labels_moved,
                Severity::Warning,
                IssueCode::RowsMoved,
                &what.rows_moved,
                &fix.rows_moved,
            ),
            (
                &mismatches.by_name_alone,
                Severity::Warning,
                IssueCode::NameAlone,
                &what.name_alone,
                &fix.name_alone,
            ),
            (
                &mismatches.by_place,
                Severity::Warning,
                IssueCode::LabelChanged,
                &what.label_changed,
                &fix.label_changed,
            ),
        ];
        for (keys, severity, code, what, fix) in kinds {
            let Some(first) = keys.first() else { continue };
            let places: Vec<String> = keys
                .iter()
                .map(|key| {
                    let field = self.questionnaire.field(*key);
                    let cell = found[key.0]
                        .map(|found| self.place(found.sheet, found.row, found.column).address());
                    match cell {
                        Some(cell) => format!("{} ({cell})", field.label),
                        None => field.label.clone(),
                    }
                })
                .collect();
            issues.push(Issue {
                severity,
                code,
                place: found[first.0].map(|found| self.place(found.sheet, found.row, found.column)),
                field: Some(self.questionnaire.field(*first).id.clone()),
                label: worksheet.tab.clone(),
                found: fill(
                    what,
                    &[("questions", &text::shorten(&places.join(", "), 300))],
                ),
                expected: texts.expected.moved.clone(),
                fix: fix.clone(),
            });
        }
    }
}

/// Reports missing questions: one issue per section, or one for a whole worksheet.
pub(super) fn report_missing(
    questionnaire: &Questionnaire,
    found: &[Option<Found>],
    issues: &mut Vec<Issue>,
) {
    if found.iter().all(Option::is_none) {
        return;
    }
    let is_missing =
        |key: &FieldKey| questionnaire.field(*key).kind.is_input() && found[key.0].is_none();
    for worksheet in &questionnaire.worksheets {
        let mut inputs = worksheet
            .fields()
            .filter(|key| questionnaire.field(*key).kind.is_input())
            .peekable();
        if inputs.peek().is_some() && inputs.all(|key| is_missing(&key)) {
            issues.push(missing_worksheet(questionnaire, worksheet));
            continue;
        }
        for section in &worksheet.sections {
            let missing: Vec<&str> = section
                .rows
                .iter()
                .filter(|row| row.cells.iter().any(is_missing))
                .map(|row| row.label.as_str())
                .collect();
            if !missing.is_empty() {
                issues.push(missing_questions(
                    questionnaire,
                    (worksheet, section),
                    &missing,
                ));
            }
        }
    }
}

fn missing_worksheet(questionnaire: &Questionnaire, worksheet: &Worksheet) -> Issue {
    let texts = &questionnaire.issue_texts;
    Issue {
        severity: Severity::Error,
        code: IssueCode::SheetNotFound,
        place: None,
        field: None,
        label: worksheet.tab.clone(),
        found: texts.found.sheet_not_found.clone(),
        expected: fill(
            &texts.expected.sheet_not_found,
            &[("sheet", &worksheet.tab)],
        ),
        fix: texts.fix.sheet_not_found.clone(),
    }
}

fn missing_questions(
    questionnaire: &Questionnaire,
    (worksheet, section): (&Worksheet, &Section),
    missing: &[&str],
) -> Issue {
    let texts = &questionnaire.issue_texts;
    Issue {
        severity: Severity::Error,
        code: IssueCode::QuestionNotFound,
        place: None,
        field: None,
        label: format!("{}, {}", worksheet.tab, section.title),
        found: fill(
            &texts.found.question_not_found,
            &[("questions", &text::shorten(&missing.join(", "), 300))],
        ),
        expected: fill(
            &texts.expected.question_not_found,
            &[("section", &section.title), ("sheet", &worksheet.tab)],
        ),
        fix: texts.fix.question_not_found.clone(),
    }
}
