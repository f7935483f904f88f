//! Issues about questions that were copied, moved, or not found.

use super::{Found, Search};
use crate::issue::{Issue, IssueCode, Severity};
use crate::questionnaire::{FieldKey, Questionnaire, Row, Section, Worksheet};
use crate::text;

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
            found: if same {
                format!(
                    "the sheet \"{}\" is a copy of \"{}\" with the same answers",
                    name(other),
                    name(first)
                )
            } else {
                format!(
                    "the sheets \"{}\" and \"{}\" have the same questions with different answers: {}",
                    name(first),
                    name(other),
                    text::shorten(&differing.join(", "), 300)
                )
            },
            expected: "Each question once".into(),
            fix: format!(
                "Delete one of the two sheets. The answers on \"{}\" were used.",
                name(first)
            ),
        }
    }

    pub(super) fn copied_row(&self, row: &Row, sheet: usize, used: u32, other: u32) -> Issue {
        let column = self.indexes[sheet].id_column + 1;
        Issue {
            severity: Severity::Warning,
            code: IssueCode::RowCopied,
            place: Some(self.place(sheet, other, column)),
            field: Some(self.questionnaire.field(row.cells[0]).id.clone()),
            label: row.label.clone(),
            found: format!("answered twice, in rows {} and {}", used + 1, other + 1),
            expected: "One answer".into(),
            fix: format!(
                "Delete one of the two rows. The answer in row {} was used.",
                used + 1
            ),
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
        let kinds = [
            (
                &mismatches.names_moved,
                Severity::Note,
                IssueCode::NameMoved,
                "The cell names point to other cells than these questions",
                "No action needed: the answers in the rows of the questions were used.",
            ),
            (
                &mismatches.labels_moved,
                Severity::Warning,
                IssueCode::RowsMoved,
                "Questions and their hidden row IDs are no longer in the same rows",
                "Check that each answer is next to its question. The answers next to the questions were used.",
            ),
            (
                &mismatches.by_name_alone,
                Severity::Warning,
                IssueCode::NameAlone,
                "These questions are no longer next to their answers",
                "Check the answers in these cells, or copy them into a blank workbook.",
            ),
            (
                &mismatches.by_place,
                Severity::Warning,
                IssueCode::LabelChanged,
                "The labels of these questions were changed. They were found by their position in the section",
                "Check that each answer belongs to its question.",
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
                found: format!("{what}: {}", text::shorten(&places.join(", "), 300)),
                expected: "Each answer in the row and column of its question".into(),
                fix: fix.into(),
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
            issues.push(missing_worksheet(worksheet));
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
                issues.push(missing_questions(worksheet, section, &missing));
            }
        }
    }
}

fn missing_worksheet(worksheet: &Worksheet) -> Issue {
    Issue {
        severity: Severity::Error,
        code: IssueCode::SheetNotFound,
        place: None,
        field: None,
        label: worksheet.tab.clone(),
        found: "none of its questions is in the workbook, or they cannot be identified".into(),
        expected: format!(
            "The sheet \"{}\" with all its rows and columns",
            worksheet.tab
        ),
        fix: "Copy the answers into a blank workbook and keep all its sheets.".into(),
    }
}

fn missing_questions(worksheet: &Worksheet, section: &Section, missing: &[&str]) -> Issue {
    Issue {
        severity: Severity::Error,
        code: IssueCode::QuestionNotFound,
        place: None,
        field: None,
        label: format!("{}, {}", worksheet.tab, section.title),
        found: format!(
            "not in the workbook, or not identifiable: {}",
            text::shorten(&missing.join(", "), 300)
        ),
        expected: format!(
            "The section \"{}\" of the sheet \"{}\" with all its rows and columns",
            section.title, worksheet.tab
        ),
        fix:
            "Copy the answers into a blank workbook. You can add rows, but keep all existing rows."
                .into(),
    }
}
