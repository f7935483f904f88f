//! Locates the cell of each field.
//!
//! A field is located by its defined name, by the ID in its row and the heading of its column, or by its label below
//! the titles of its sheet and section. A defined name is confirmed by the ID in its row, and an ID is ignored if its
//! row has the label of another question. Without names, IDs, and labels, a row is located by its position between
//! other rows. Disagreements, copies, and missing questions are reported as issues.

mod by_id;
mod by_label;
mod by_place;
mod index;
mod issues;

use std::cell::OnceCell;

use foldhash::{HashMap, HashMapExt, HashSet};

use self::index::{Index, MAX_COPIES};
use self::issues::{Mismatches, report_missing};
use super::book::{ParsedWorkbook, Position};
use crate::answers::{CellRef, FoundBy};
use crate::issue::Issue;
use crate::questionnaire::{Column, FieldKey, Questionnaire, Row, Worksheet};
use crate::text;

/// The cell of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    pub sheet: usize,
    pub row: u32,
    pub column: u32,
    pub by: FoundBy,
}

/// Locates the cells of all fields.
pub fn locate(
    questionnaire: &Questionnaire,
    book: &ParsedWorkbook,
    issues: &mut Vec<Issue>,
) -> Vec<Option<Found>> {
    let sections = questionnaire
        .worksheets
        .iter()
        .flat_map(|sheet| &sheet.sections);
    let known: HashSet<&str> = sections
        .flat_map(|section| {
            let rows = section.rows.iter().flat_map(ids_of);
            rows.chain([section.id.as_str()])
        })
        .collect();
    let mut names = vec![Vec::new(); questionnaire.fields.len()];
    for name in &book.names {
        let Some(key) = questionnaire.key(&name.field) else {
            continue;
        };
        let places: &mut Vec<(usize, Position)> = &mut names[key.0];
        if places.len() < MAX_COPIES {
            places.push((name.sheet, name.at));
        }
    }
    let search = Search {
        questionnaire,
        book,
        indexes: book
            .sheets
            .iter()
            .map(|sheet| Index::of(sheet, &known))
            .collect(),
        names,
    };
    let mut found = vec![None; questionnaire.fields.len()];
    for worksheet in &questionnaire.worksheets {
        search.worksheet(worksheet, &mut found, issues);
    }
    drop_conflicting_label_matches(questionnaire, &mut found);
    report_missing(questionnaire, &found, issues);
    found
}

/// Drops label matches whose cell belongs to another question. If the sheet of a question is missing, its label
/// may be on another sheet, next to another answer. A match by label is kept only if all other matches of the cell
/// are also by label, and their worksheets have fewer located fields on the sheet.
fn drop_conflicting_label_matches(questionnaire: &Questionnaire, found: &mut [Option<Found>]) {
    let cell = |found: &Found| (found.sheet, found.row, found.column);
    let mut claims: HashMap<(usize, u32, u32), Vec<usize>> = HashMap::new();
    let mut owned: HashMap<(usize, usize), usize> = HashMap::new();
    for (key, found) in found.iter().enumerate() {
        let Some(found) = found else { continue };
        claims.entry(cell(found)).or_default().push(key);
        let worksheet = questionnaire.fields[key].sheet;
        *owned.entry((found.sheet, worksheet)).or_default() += 1;
    }
    for key in 0..found.len() {
        let Some(own) = found[key] else { continue };
        if own.by != FoundBy::Label {
            continue;
        }
        let share = |key: usize| owned[&(own.sheet, questionnaire.fields[key].sheet)];
        let others = claims[&cell(&own)].iter().filter(|other| **other != key);
        let is_mine = |other: &usize| {
            found[*other].is_none_or(|found| found.by == FoundBy::Label)
                && share(key) > share(*other)
        };
        if !others.into_iter().all(is_mine) {
            found[key] = None;
        }
    }
}

fn ids_of(row: &Row) -> impl Iterator<Item = &str> {
    std::iter::once(row.id.as_str()).chain(row.was.iter().map(String::as_str))
}

struct Search<'a> {
    questionnaire: &'a Questionnaire,
    book: &'a ParsedWorkbook,
    indexes: Vec<Index<'a>>,
    /// For each field, the cells that its defined names point to.
    names: Vec<Vec<(usize, Position)>>,
}

impl Search<'_> {
    fn worksheet(
        &self,
        worksheet: &Worksheet,
        found: &mut [Option<Found>],
        issues: &mut Vec<Issue>,
    ) {
        let order = self.sheets_of(worksheet, issues);
        let mut mismatches = Mismatches::default();
        // Computed only if IDs are missing. Most workbooks do not need it.
        let by_title = OnceCell::new();
        for section in &worksheet.sections {
            let mut headings: HashMap<(usize, u32), Vec<Option<u32>>> = HashMap::new();
            for row in &section.rows {
                let line = self.row_by_id(section, row, &order, issues);
                for (column, key) in row.cells.iter().enumerate() {
                    if !self.questionnaire.field(*key).kind.is_input() {
                        continue;
                    }
                    let place = line.and_then(|(sheet, line)| {
                        let start = self.heading_row(section, sheet, line);
                        let columns = headings
                            .entry((sheet, start.unwrap_or(line)))
                            .or_insert_with(|| self.columns(section, sheet, start, line));
                        self.confirmed(*key, sheet, line, columns[column], &mut mismatches)
                    });
                    let moved = line.is_some_and(|(sheet, line)| {
                        self.is_labeled_otherwise(section, row, sheet, line)
                    });
                    found[key.0] = if place.is_some() && !moved {
                        place
                    } else {
                        let sheet = *by_title.get_or_init(|| self.sheet_by_title(worksheet));
                        let by_label = sheet.and_then(|sheet| {
                            self.by_label(sheet, worksheet, section, row, column)
                        });
                        if moved {
                            mismatches.labels_moved.push(*key);
                        }
                        by_label
                            .or(place)
                            .or_else(|| self.by_name_alone(*key, &mut mismatches))
                    };
                    if let (Some(by_label), None) = (found[key.0], place) {
                        self.compare_with_name(*key, by_label, &mut mismatches);
                    }
                }
            }
            self.rows_by_place(section, found, &mut mismatches);
        }
        self.report(worksheet, &mismatches, found, issues);
    }

    /// Locates a field by its defined name only, unless the row contains an ID.
    fn by_name_alone(&self, key: FieldKey, mismatches: &mut Mismatches) -> Option<Found> {
        let (sheet, (row, column)) = *self.names[key.0].first()?;
        let index = &self.indexes[sheet];
        if index.ids.values().any(|rows| rows.contains(&row)) {
            return None;
        }
        mismatches.by_name_alone.push(key);
        Some(Found {
            sheet,
            row,
            column,
            by: FoundBy::Name,
        })
    }

    /// Records a field that was located by label if its defined name points to another cell.
    fn compare_with_name(&self, key: FieldKey, found: Found, mismatches: &mut Mismatches) {
        let places = &self.names[key.0];
        let disagrees =
            !places.is_empty() && !places.contains(&(found.sheet, (found.row, found.column)));
        if found.by == FoundBy::Label && disagrees {
            mismatches.names_moved.push(key);
        }
    }

    /// Returns the heading of a column, normalized.
    fn heading(&self, column: &Column) -> String {
        text::normalize(if column.id.is_empty() {
            &self.questionnaire.headings.answer
        } else {
            &column.label
        })
    }

    fn place(&self, sheet: usize, row: u32, column: u32) -> CellRef {
        CellRef {
            sheet: self.book.sheets[sheet].name.as_str().into(),
            row,
            column,
        }
    }
}
