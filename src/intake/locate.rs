//! Finding each field's cell again, in three ways: by its defined name; by the id in its row and the heading of its column;
//! by its label under the titles of its sheet and section. A name counts only where the id in its row agrees, an id only
//! where no other question's label stands in its row. Ways that disagree, duplicates and what is not found are findings.

use std::cell::OnceCell;

use foldhash::{HashMap, HashMapExt, HashSet};

use super::book::{Book, Content, Position, Sheet};
use crate::answers::{CellRef, FoundBy};
use crate::finding::{Finding, Severity};
use crate::programme::{FieldKey, Programme, Row, Section, Worksheet};
use crate::text;

/// Where a field's cell is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    pub sheet: usize,
    pub row: u32,
    pub column: u32,
    pub by: FoundBy,
}

/// Longest text that can be a label, in bytes.
const LONGEST_LABEL: usize = 400;
/// Most copies of a row, of a name or of a text that are looked at.
const MOST_COPIES: usize = 64;

/// One sheet, indexed for searching.
struct Index<'b> {
    sheet: &'b Sheet,
    /// Rows that hold the id of a row or of a section, in the column that holds most of them.
    ids: HashMap<&'b str, Vec<u32>>,
    id_column: u32,
    /// Every short text in its plain form, with its cells in reading order; made when first needed.
    texts: OnceCell<HashMap<String, Vec<Position>>>,
}

impl<'b> Index<'b> {
    fn of(sheet: &'b Sheet, known: &HashSet<&str>) -> Self {
        let longest = known.iter().map(|id| id.len()).max().unwrap_or(0);
        let mut per_column: HashMap<u32, Vec<(&str, u32)>> = HashMap::new();
        for ((row, column), content) in sheet.cells() {
            if let Content::Text(content) = content
                && content.len() <= longest
                && memchr::memchr(b' ', content.as_bytes()).is_none()
                && known.contains(content.as_str())
            {
                per_column.entry(*column).or_default().push((content, *row));
            }
        }
        let (id_column, found) = per_column
            .into_iter()
            .max_by_key(|(column, rows)| (rows.len(), std::cmp::Reverse(*column)))
            .unwrap_or_default();
        let mut ids: HashMap<&str, Vec<u32>> = HashMap::new();
        for (id, row) in found {
            let rows = ids.entry(id).or_default();
            if rows.len() < MOST_COPIES {
                rows.push(row);
            }
        }
        Self {
            sheet,
            ids,
            id_column,
            texts: OnceCell::new(),
        }
    }

    fn rows_of(&self, id: &str) -> &[u32] {
        self.ids.get(id).map(Vec::as_slice).unwrap_or_default()
    }

    /// The cells that hold a text.
    fn holding(&self, plain: &str) -> &[Position] {
        let texts = self.texts.get_or_init(|| {
            let mut texts: HashMap<String, Vec<Position>> = HashMap::new();
            for (place, content) in self.sheet.cells() {
                if let Content::Text(content) = content
                    && content.len() <= LONGEST_LABEL
                {
                    let cells = texts.entry(text::plain(content)).or_default();
                    if cells.len() < MOST_COPIES {
                        cells.push(*place);
                    }
                }
            }
            texts
        });
        texts.get(plain).map(Vec::as_slice).unwrap_or_default()
    }

    fn is_filled(&self, row: u32, column: u32) -> bool {
        self.sheet.get(row, column).is_some_and(Content::is_filled)
    }
}

/// A worksheet's fields whose ways disagreed, or that one way alone could find.
#[derive(Default)]
struct Doubts {
    /// The name points elsewhere; row and label agree.
    names_moved: Vec<FieldKey>,
    /// Another question's label stands in the row: the label was believed.
    labels_moved: Vec<FieldKey>,
    /// Found by the name alone.
    by_name_alone: Vec<FieldKey>,
}

/// Finds the cells of all fields.
pub fn locate(
    programme: &Programme,
    book: &Book,
    findings: &mut Vec<Finding>,
) -> Vec<Option<Found>> {
    let sections = programme
        .worksheets
        .iter()
        .flat_map(|sheet| &sheet.sections);
    let known: HashSet<&str> = sections
        .flat_map(|section| {
            let rows = section.rows.iter().flat_map(ids_of);
            rows.chain([section.id.as_str()])
        })
        .collect();
    let mut names = vec![Vec::new(); programme.fields.len()];
    for name in &book.names {
        let Some(key) = programme.key(&name.field) else {
            continue;
        };
        let places: &mut Vec<(usize, Position)> = &mut names[key.0];
        if places.len() < MOST_COPIES {
            places.push((name.sheet, name.at));
        }
    }
    let search = Search {
        programme,
        book,
        indexes: book
            .sheets
            .iter()
            .map(|sheet| Index::of(sheet, &known))
            .collect(),
        names,
    };
    let mut found = vec![None; programme.fields.len()];
    for worksheet in &programme.worksheets {
        search.worksheet(worksheet, &mut found, findings);
    }
    report_missing(programme, &found, findings);
    found
}

fn ids_of(row: &Row) -> impl Iterator<Item = &str> {
    std::iter::once(row.id.as_str()).chain(row.was.iter().map(String::as_str))
}

struct Search<'a> {
    programme: &'a Programme,
    book: &'a Book,
    indexes: Vec<Index<'a>>,
    /// By field: where its names point.
    names: Vec<Vec<(usize, Position)>>,
}

impl Search<'_> {
    fn worksheet(
        &self,
        worksheet: &Worksheet,
        found: &mut [Option<Found>],
        findings: &mut Vec<Finding>,
    ) {
        let order = self.sheets_of(worksheet, findings);
        let mut doubts = Doubts::default();
        // Looked for only when ids fail; most workbooks never need it.
        let by_title = OnceCell::new();
        for section in &worksheet.sections {
            let mut headings: HashMap<(usize, u32), Vec<Option<u32>>> = HashMap::new();
            for row in &section.rows {
                let line = self.row_by_id(section, row, &order, findings);
                for (column, key) in row.cells.iter().enumerate() {
                    if !self.programme.field(*key).kind.is_input() {
                        continue;
                    }
                    let place = line.and_then(|(sheet, line)| {
                        let start = self.heading_row(section, sheet, line);
                        let columns = headings
                            .entry((sheet, start.unwrap_or(line)))
                            .or_insert_with(|| self.columns(section, sheet, start, line));
                        self.confirmed(*key, sheet, line, columns[column], &mut doubts)
                    });
                    let moved = line.is_some_and(|(sheet, line)| {
                        self.is_labelled_otherwise(section, row, sheet, line)
                    });
                    found[key.0] = if place.is_some() && !moved {
                        place
                    } else {
                        let sheet = *by_title.get_or_init(|| self.sheet_by_title(worksheet));
                        let by_label = sheet.and_then(|sheet| {
                            self.by_label(sheet, worksheet, section, row, column)
                        });
                        if moved {
                            doubts.labels_moved.push(*key);
                        }
                        by_label
                            .or(place)
                            .or_else(|| self.by_name_alone(*key, &mut doubts))
                    };
                    if let (Some(by_label), None) = (found[key.0], place) {
                        self.compare_with_name(*key, by_label, &mut doubts);
                    }
                }
            }
        }
        self.report(worksheet, &doubts, found, findings);
    }

    /// The sheets that hold rows of a worksheet, the one to believe first: the one with most answers. Copies of sheets that
    /// say something else are findings.
    fn sheets_of(&self, worksheet: &Worksheet, findings: &mut Vec<Finding>) -> Vec<usize> {
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
        // Stable: of equals, the first in the workbook.
        order.sort_by_key(|sheet| std::cmp::Reverse((filled(sheet), named(sheet))));
        let (first, others) = (order[0], &order[1..]);
        for other in others {
            let differing: Vec<&str> = worksheet
                .fields()
                .filter(|key| self.programme.field(*key).kind.is_input())
                .zip(answers[&first].iter().zip(&answers[other]))
                .filter(|(_, (here, there))| there.is_some() && here != there)
                .map(|(key, _)| self.programme.field(key).label.as_str())
                .collect();
            findings.push(self.copied_sheet(worksheet, first, *other, &differing));
        }
        order
    }

    /// What the inputs of a worksheet hold on one sheet, found by their ids alone.
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
                    if !self.programme.field(*key).kind.is_input() {
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

    /// The row that holds a question's id. Of several, one with answers.
    fn row_by_id(
        &self,
        section: &Section,
        row: &Row,
        order: &[usize],
        findings: &mut Vec<Finding>,
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
            findings.push(self.copied_row(row, sheet, chosen, filled[1]));
        }
        Some((sheet, chosen))
    }

    /// The row with the headings above a line: it holds the section's id.
    fn heading_row(&self, section: &Section, sheet: usize, line: u32) -> Option<u32> {
        let rows = self.indexes[sheet].rows_of(&section.id);
        rows.iter().copied().rfind(|row| *row < line)
    }

    /// The sheet's column of each of a section's columns, by their headings above a line. Headings in other words than the
    /// programme's are taken in their order, when there are as many as there should be.
    fn columns(
        &self,
        section: &Section,
        sheet: usize,
        start: Option<u32>,
        line: u32,
    ) -> Vec<Option<u32>> {
        let index = &self.indexes[sheet];
        let headings = section.columns.iter().map(|column| {
            text::plain(if column.id.is_empty() {
                &self.programme.headings.answer
            } else {
                &column.label
            })
        });
        let Some(start) = start else {
            // Without the row of headings, the nearest cell above that holds the heading.
            return headings
                .map(|heading| {
                    let cells = index.holding(&heading);
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
                Content::Text(text) if content.is_filled() && text.len() <= LONGEST_LABEL => {
                    Some((*column, text::plain(text)))
                }
                _ => None,
            })
            .collect();
        let mut columns: Vec<Option<u32>> = headings
            .map(|heading| {
                // The first cell is the section's title, which may have a heading's words.
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

    /// A field in the row of its id: the name is believed where it points at the same cell, the heading otherwise.
    fn confirmed(
        &self,
        key: FieldKey,
        sheet: usize,
        line: u32,
        by_heading: Option<u32>,
        doubts: &mut Doubts,
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
                    doubts.names_moved.push(key);
                }
                Some(found(heading, FoundBy::RowId))
            }
            (None, None) => None,
        }
    }

    /// Whether the label of another question of the section stands in a row: what somebody sorted or shifted.
    fn is_labelled_otherwise(&self, section: &Section, row: &Row, sheet: usize, line: u32) -> bool {
        let index = &self.indexes[sheet];
        let mut texts = index
            .sheet
            .row(line)
            .iter()
            .filter(|((_, column), _)| *column > index.id_column)
            .filter_map(|(_, content)| match content {
                Content::Text(text) if text.len() <= LONGEST_LABEL => Some(text.as_str()),
                _ => None,
            });
        // The label is the first text of its row.
        let Some(label) = texts.next() else {
            return false;
        };
        if label == row.label {
            return false;
        }
        let label = text::plain(label);
        label != text::plain(&row.label)
            && section
                .rows
                .iter()
                .any(|other| text::plain(&other.label) == label)
    }

    /// The sheet that holds most of a worksheet's titles: its own alone may stand in a list of sheets, too.
    fn sheet_by_title(&self, worksheet: &Worksheet) -> Option<usize> {
        let titles: Vec<String> = worksheet
            .sections
            .iter()
            .map(|section| text::plain(&section.title))
            .chain([text::plain(&worksheet.title)])
            .collect();
        let held = |index: &Index| {
            let titles = titles.iter();
            titles
                .filter(|title| !index.holding(title).is_empty())
                .count()
        };
        let (best, count) = self
            .indexes
            .iter()
            .map(held)
            .enumerate()
            .max_by_key(|(sheet, count)| (*count, std::cmp::Reverse(*sheet)))?;
        if count > 1 {
            return Some(best);
        }
        let tab = text::plain(&worksheet.tab);
        let mut sheets = self.book.sheets.iter();
        sheets.position(|sheet| text::plain(&sheet.name) == tab)
    }

    /// The row of a label below its section's title and above the next section's, and the column under the heading.
    fn by_label(
        &self,
        sheet: usize,
        worksheet: &Worksheet,
        section: &Section,
        row: &Row,
        column: usize,
    ) -> Option<Found> {
        let index = &self.indexes[sheet];
        // A title may be typed as an answer further down: the first one counts.
        let start = *self.title_rows(index, section).first()?;
        let others = worksheet
            .sections
            .iter()
            .filter(|other| other.id != section.id);
        let end = others
            .flat_map(|other| self.title_rows(index, other))
            .filter(|line| *line > start)
            .min()
            .unwrap_or(u32::MAX);
        let label = text::plain(&row.label);
        let cells: Vec<Position> = index
            .holding(&label)
            .iter()
            .copied()
            .filter(|(line, _)| *line > start && *line < end)
            .collect();
        // Labels stand in one column, the leftmost that holds this one: further right it is an answer.
        let label_column = cells.iter().map(|(_, column)| *column).min()?;
        let lines: Vec<u32> = cells
            .iter()
            .filter(|(_, column)| *column == label_column)
            .map(|(line, _)| *line)
            .collect();
        let twins: Vec<&Row> = section
            .rows
            .iter()
            .filter(|other| text::plain(&other.label) == label)
            .collect();
        // Questions of the same words are told apart by their order, when all of them are there.
        let nth = twins.iter().position(|twin| twin.id == row.id)?;
        if lines.len() != twins.len() {
            return None;
        }
        let line = lines[nth];
        let heading = text::plain(if section.columns[column].id.is_empty() {
            &self.programme.headings.answer
        } else {
            &section.columns[column].label
        });
        let under = index
            .holding(&heading)
            .iter()
            .rfind(|(row, place)| *row < line && *row >= start && *place > label_column)
            .map(|(_, place)| *place);
        let column = match under {
            Some(under) => under,
            // Without headings, what stands beside the label is its answer, where there is only one.
            None if section.columns.len() == 1 => label_column + 1,
            None => return None,
        };
        Some(Found {
            sheet,
            row: line,
            column,
            by: FoundBy::Label,
        })
    }

    /// Rows that hold a section's title: those that hold its column's heading too, since a question may have the same words.
    fn title_rows(&self, index: &Index, section: &Section) -> Vec<u32> {
        let rows = |plain: &str| -> Vec<u32> {
            let cells = index.holding(plain);
            cells.iter().map(|(line, _)| *line).collect()
        };
        let titles = rows(&text::plain(&section.title));
        let headings = rows(&text::plain(if section.columns[0].id.is_empty() {
            &self.programme.headings.answer
        } else {
            &section.columns[0].label
        }));
        let both: Vec<u32> = titles
            .iter()
            .copied()
            .filter(|line| headings.contains(line))
            .collect();
        if both.is_empty() { titles } else { both }
    }

    /// The name, where neither id nor label is left: not in a row that has another question's id.
    fn by_name_alone(&self, key: FieldKey, doubts: &mut Doubts) -> Option<Found> {
        let (sheet, (row, column)) = *self.names[key.0].first()?;
        let index = &self.indexes[sheet];
        if index.ids.values().any(|rows| rows.contains(&row)) {
            return None;
        }
        doubts.by_name_alone.push(key);
        Some(Found {
            sheet,
            row,
            column,
            by: FoundBy::Name,
        })
    }

    /// Found by its label: a name that points elsewhere is told.
    fn compare_with_name(&self, key: FieldKey, found: Found, doubts: &mut Doubts) {
        let places = &self.names[key.0];
        let disagrees =
            !places.is_empty() && !places.contains(&(found.sheet, (found.row, found.column)));
        if found.by == FoundBy::Label && disagrees {
            doubts.names_moved.push(key);
        }
    }

    fn place(&self, sheet: usize, row: u32, column: u32) -> CellRef {
        CellRef {
            sheet: self.book.sheets[sheet].name.as_str().into(),
            row,
            column,
        }
    }

    fn copied_sheet(
        &self,
        worksheet: &Worksheet,
        first: usize,
        other: usize,
        differing: &[&str],
    ) -> Finding {
        let name = |sheet: usize| &self.book.sheets[sheet].name;
        let same = differing.is_empty();
        Finding {
            severity: if same {
                Severity::Note
            } else {
                Severity::Warning
            },
            code: "sheet-copied".into(),
            place: Some(self.place(other, 0, 0)),
            field: None,
            label: worksheet.tab.clone(),
            found: if same {
                format!(
                    "The sheet \"{}\" is a copy of \"{}\" that says nothing else",
                    name(other),
                    name(first)
                )
            } else {
                format!(
                    "The sheets \"{}\" and \"{}\" hold the same questions with other answers: {}",
                    name(first),
                    name(other),
                    text::shorten(&differing.join(", "), 300)
                )
            },
            expected: "Each question once".into(),
            mend: format!(
                "Delete one of the two sheets. The answers of \"{}\" were used.",
                name(first)
            ),
        }
    }

    fn copied_row(&self, row: &Row, sheet: usize, used: u32, other: u32) -> Finding {
        let column = self.indexes[sheet].id_column + 1;
        Finding {
            severity: Severity::Warning,
            code: "row-copied".into(),
            place: Some(self.place(sheet, other, column)),
            field: Some(self.programme.field(row.cells[0]).id.clone()),
            label: row.label.clone(),
            found: format!(
                "This question is answered twice, in rows {} and {}",
                used + 1,
                other + 1
            ),
            expected: "One answer".into(),
            mend: format!(
                "Delete one of the two rows. The answer in row {} was used.",
                used + 1
            ),
        }
    }

    /// One finding a worksheet and kind of doubt.
    fn report(
        &self,
        worksheet: &Worksheet,
        doubts: &Doubts,
        found: &[Option<Found>],
        findings: &mut Vec<Finding>,
    ) {
        let kinds = [
            (
                &doubts.names_moved,
                Severity::Note,
                "name-moved",
                "The names of cells point beside these questions",
                "Nothing to do: the answers in the rows of the questions were used.",
            ),
            (
                &doubts.labels_moved,
                Severity::Warning,
                "rows-moved",
                "Questions and their hidden row numbers do not stand in the same rows any more",
                "Check that each answer stands beside its question: what stands beside the words was used.",
            ),
            (
                &doubts.by_name_alone,
                Severity::Warning,
                "name-alone",
                "These questions are not written beside their answers any more",
                "Check the answers in the cells named here, or copy them into a fresh workbook.",
            ),
        ];
        for (keys, severity, code, what, mend) in kinds {
            let Some(first) = keys.first() else { continue };
            let places: Vec<String> = keys
                .iter()
                .map(|key| {
                    let field = self.programme.field(*key);
                    let cell = found[key.0]
                        .map(|found| self.place(found.sheet, found.row, found.column).address());
                    match cell {
                        Some(cell) => format!("{} ({cell})", field.label),
                        None => field.label.clone(),
                    }
                })
                .collect();
            findings.push(Finding {
                severity,
                code: code.into(),
                place: found[first.0].map(|found| self.place(found.sheet, found.row, found.column)),
                field: Some(self.programme.field(*first).id.clone()),
                label: worksheet.tab.clone(),
                found: format!("{what}: {}", text::shorten(&places.join(", "), 300)),
                expected: "Each answer in the row and column of its question".into(),
                mend: mend.into(),
            });
        }
    }
}

/// Fields found nowhere, one finding a section.
fn report_missing(programme: &Programme, found: &[Option<Found>], findings: &mut Vec<Finding>) {
    if found.iter().all(Option::is_none) {
        return;
    }
    for worksheet in &programme.worksheets {
        for section in &worksheet.sections {
            let missing: Vec<&str> = section
                .rows
                .iter()
                .filter(|row| {
                    row.cells
                        .iter()
                        .any(|key| programme.field(*key).kind.is_input() && found[key.0].is_none())
                })
                .map(|row| row.label.as_str())
                .collect();
            if missing.is_empty() {
                continue;
            }
            findings.push(Finding {
                severity: Severity::Error,
                code: "question-not-found".into(),
                place: None,
                field: None,
                label: format!("{}, {}", worksheet.tab, section.title),
                found: format!(
                    "Not in the workbook any more, or not to be told apart: {}",
                    text::shorten(&missing.join(", "), 300)
                ),
                expected: format!(
                    "The section \"{}\" of the sheet \"{}\" with all its rows and columns",
                    section.title, worksheet.tab
                ),
                mend: "Copy the answers into a fresh workbook; rows may be added but not deleted."
                    .into(),
            });
        }
    }
}
