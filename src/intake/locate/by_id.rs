//! Locates rows by their IDs and columns by their headings.

use std::cmp::Reverse;

use foldhash::HashMap;

use super::index::{Index, MAX_LABEL_LENGTH};
use super::issues::Mismatches;
use super::{Found, Search, ids_of};
use crate::answers::FoundBy;
use crate::intake::book::Content;
use crate::issue::Issue;
use crate::questionnaire::{FieldKey, Row, Section, Worksheet};
use crate::text;

impl Search<'_> {
    /// Returns the sheets that contain rows of a worksheet, the one with the most answers first. The other sheets are
    /// reported as copies.
    pub(super) fn sheets_of(&self, worksheet: &Worksheet, issues: &mut Vec<Issue>) -> Vec<usize> {
        let holds = |index: &Index| {
            let rows = worksheet.sections.iter().flat_map(|section| &section.rows);
            rows.flat_map(ids_of)
                .any(|id| !index.rows_of(id).is_empty())
        };
        let mut order: Vec<usize> = (0..self.indexes.len())
            .filter(|sheet| holds(&self.indexes[*sheet]))
            .collect();
        if order.len() < 2 {
            return order;
        }
        let answers: HashMap<usize, Vec<Option<String>>> = order
            .iter()
            .map(|sheet| (*sheet, self.answers_on(worksheet, *sheet)))
            .collect();
        let filled = |sheet: &usize| answers[sheet].iter().flatten().count();
        let named = |sheet: &usize| {
            worksheet
                .fields()
                .filter_map(|key| self.names[key.0].first())
                .filter(|(at, _)| at == sheet)
                .count()
        };
        // The sort is stable: if two sheets are equal, the first one in the workbook wins.
        order.sort_by_key(|sheet| Reverse((filled(sheet), named(sheet))));
        let (first, others) = (order[0], &order[1..]);
        for other in others {
            let differing: Vec<&str> = worksheet
                .fields()
                .filter(|key| self.questionnaire.field(*key).kind.is_input())
                .zip(answers[&first].iter().zip(&answers[other]))
                .filter(|(_, (here, there))| there.is_some() && here != there)
                .map(|(key, _)| self.questionnaire.field(key).label.as_str())
                .collect();
            issues.push(self.copied_sheet(worksheet, first, *other, &differing));
        }
        order
    }

    /// Returns the contents of a worksheet's input cells on one sheet, located by row ID only.
    fn answers_on(&self, worksheet: &Worksheet, sheet: usize) -> Vec<Option<String>> {
        let mut answers = Vec::new();
        for section in &worksheet.sections {
            for row in &section.rows {
                let line = ids_of(row)
                    .flat_map(|id| self.indexes[sheet].rows_of(id))
                    .next();
                let columns = line.map(|line| {
                    let start = self.heading_row(section, sheet, *line);
                    self.columns(section, sheet, start, *line)
                });
                for (column, key) in row.cells.iter().enumerate() {
                    if !self.questionnaire.field(*key).kind.is_input() {
                        continue;
                    }
                    let content = line
                        .zip(columns.as_ref().and_then(|columns| columns[column]))
                        .and_then(|(line, column)| self.book.sheets[sheet].get(*line, column))
                        .filter(|content| content.is_filled());
                    answers.push(content.map(Content::raw));
                }
            }
        }
        answers
    }

    /// Returns the row with the ID of a question. If several rows have the ID, the first one with answers wins.
    pub(super) fn row_by_id(
        &self,
        section: &Section,
        row: &Row,
        order: &[usize],
        issues: &mut Vec<Issue>,
    ) -> Option<(usize, u32)> {
        let on = |sheet: &usize| -> Vec<u32> {
            let rows = ids_of(row).flat_map(|id| self.indexes[*sheet].rows_of(id));
            rows.copied().collect()
        };
        let (sheet, lines) = order
            .iter()
            .map(|sheet| (*sheet, on(sheet)))
            .find(|(_, lines)| !lines.is_empty())?;
        let [first, others @ ..] = lines.as_slice() else {
            return None;
        };
        if others.is_empty() {
            return Some((sheet, *first));
        }
        let answered = |line: &u32| {
            let start = self.heading_row(section, sheet, *line);
            let columns = self.columns(section, sheet, start, *line);
            columns
                .into_iter()
                .flatten()
                .any(|column| self.indexes[sheet].is_filled(*line, column))
        };
        let filled: Vec<u32> = lines.iter().copied().filter(answered).collect();
        let chosen = filled.first().copied().unwrap_or(*first);
        if filled.len() > 1 {
            issues.push(self.copied_row(row, sheet, chosen, filled[1]));
        }
        Some((sheet, chosen))
    }

    /// Returns the heading row above a line. It contains the ID of the section.
    pub(super) fn heading_row(&self, section: &Section, sheet: usize, line: u32) -> Option<u32> {
        let rows = self.indexes[sheet].rows_of(&section.id);
        rows.iter().copied().rfind(|row| *row < line)
    }

    /// Returns the sheet column for each column of a section, located by the headings above a line. If the headings
    /// were reworded and their number is as expected, they are matched by order.
    pub(super) fn columns(
        &self,
        section: &Section,
        sheet: usize,
        start: Option<u32>,
        line: u32,
    ) -> Vec<Option<u32>> {
        let index = &self.indexes[sheet];
        let headings = section.columns.iter().map(|column| self.heading(column));
        let Some(start) = start else {
            // Without a heading row, the nearest cell above with the text of the heading is used.
            return headings
                .map(|heading| {
                    let cells = index.cells_with_text(&heading);
                    cells
                        .iter()
                        .rfind(|(row, _)| *row < line)
                        .map(|(_, column)| *column)
                })
                .collect();
        };
        let texts: Vec<(u32, String)> = index
            .sheet
            .row(start)
            .iter()
            .filter(|((_, column), _)| *column > index.id_column)
            .filter_map(|((_, column), content)| match content {
                Content::Text(text) if content.is_filled() && text.len() <= MAX_LABEL_LENGTH => {
                    Some((*column, text::normalize(text)))
                }
                _ => None,
            })
            .collect();
        let mut columns: Vec<Option<u32>> = headings
            .map(|heading| {
                // The first cell is the title of the section, which may be the same as a heading.
                let mut after_title = texts.iter().skip(1);
                after_title
                    .find(|(_, text)| *text == heading)
                    .map(|(column, _)| *column)
            })
            .collect();
        // Title, answers, unit, hint.
        if columns.iter().any(Option::is_none) && texts.len() == columns.len() + 3 {
            for (column, (place, _)) in columns.iter_mut().zip(&texts[1..]) {
                *column = Some(*place);
            }
        }
        columns
    }

    /// Locates a field in the row with its ID. The defined name is used if it agrees with the heading or if there is
    /// no heading. Otherwise, the heading is used.
    pub(super) fn confirmed(
        &self,
        key: FieldKey,
        sheet: usize,
        line: u32,
        by_heading: Option<u32>,
        mismatches: &mut Mismatches,
    ) -> Option<Found> {
        let places = &self.names[key.0];
        let by_name = places
            .iter()
            .find(|(at, (row, _))| *at == sheet && *row == line)
            .map(|(_, (_, column))| *column);
        let found = |column, by| Found {
            sheet,
            row: line,
            column,
            by,
        };
        match (by_name, by_heading) {
            (Some(name), Some(heading)) if name == heading => Some(found(name, FoundBy::Name)),
            (Some(name), None) => Some(found(name, FoundBy::Name)),
            (by_name, Some(heading)) => {
                if by_name.is_some() || !places.is_empty() {
                    mismatches.names_moved.push(key);
                }
                Some(found(heading, FoundBy::RowId))
            }
            (None, None) => None,
        }
    }

    /// Returns whether a row has the label of another question of the section because rows were sorted or shifted.
    pub(super) fn is_labeled_otherwise(
        &self,
        section: &Section,
        row: &Row,
        sheet: usize,
        line: u32,
    ) -> bool {
        let index = &self.indexes[sheet];
        let mut texts = index
            .sheet
            .row(line)
            .iter()
            .filter(|((_, column), _)| *column > index.id_column)
            .filter_map(|(_, content)| match content {
                Content::Text(text) if text.len() <= MAX_LABEL_LENGTH => Some(text.as_str()),
                _ => None,
            });
        // The label is the first text of its row.
        let Some(label) = texts.next() else {
            return false;
        };
        if label == row.label {
            return false;
        }
        let label = text::normalize(label);
        label != text::normalize(&row.label)
            && section
                .rows
                .iter()
                .any(|other| text::normalize(&other.label) == label)
    }
}
