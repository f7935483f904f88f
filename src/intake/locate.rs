//! Finding each field's cell again: by its defined name where the id in its row agrees, else by that id and the heading of
//! its column, else by its label under the titles of its sheet and section. Disagreement and duplicates are findings.

use std::collections::HashMap;

use super::grid::{Book, Content, Sheet};
use crate::answers::{CellRef, FoundBy};
use crate::finding::{Finding, Severity};
use crate::names;
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

/// One sheet, indexed for searching.
struct Index {
    /// Row ids (and section ids) and their rows, from the column that holds most of them.
    ids: HashMap<String, Vec<u32>>,
    /// Every short text, tidied and in lower case, with its cells in reading order.
    texts: HashMap<String, Vec<(u32, u32)>>,
}

pub fn locate(
    programme: &Programme,
    book: &Book,
    findings: &mut Vec<Finding>,
) -> Vec<Option<Found>> {
    let ids: HashMap<&str, ()> = programme
        .worksheets
        .iter()
        .flat_map(|sheet| &sheet.sections)
        .flat_map(|section| {
            section.rows.iter().flat_map(|row| {
                std::iter::once(row.id.as_str()).chain(row.was.iter().map(String::as_str))
            })
        })
        .map(|id| (id, ()))
        .collect();
    let indexes: Vec<Index> = book.sheets.iter().map(|sheet| index(sheet, &ids)).collect();
    let mut names: HashMap<&str, Vec<(usize, u32, u32)>> = HashMap::new();
    for (id, sheet, row, column) in &book.names {
        names.entry(id).or_default().push((*sheet, *row, *column));
    }
    let mut found = vec![None; programme.fields.len()];
    for worksheet in &programme.worksheets {
        // Looked for only when ids fail; most workbooks never need it.
        let mut by_title: Option<Option<usize>> = None;
        for section in &worksheet.sections {
            for row in &section.rows {
                let rows = rows_with_id(&indexes, row);
                report_duplicates(programme, book, row, &rows, findings);
                for (column, key) in row.cells.iter().enumerate() {
                    if !programme.field(*key).kind.is_input() {
                        continue;
                    }
                    let named = names
                        .get(programme.field(*key).id.as_str())
                        .map(Vec::as_slice)
                        .unwrap_or_default();
                    let confirmed = named
                        .iter()
                        .find(|(sheet, line, _)| rows.contains(&(*sheet, *line)));
                    found[key.0] = if let Some(&(sheet, row, column)) = confirmed {
                        Some(Found {
                            sheet,
                            row,
                            column,
                            by: FoundBy::Name,
                        })
                    } else {
                        let heading = heading(programme, section, column);
                        let by_id = rows.iter().find_map(|(sheet, line)| {
                            column_under(&indexes[*sheet], &heading, *line).map(|column| Found {
                                sheet: *sheet,
                                row: *line,
                                column,
                                by: FoundBy::RowId,
                            })
                        });
                        if by_id.is_some() && !named.is_empty() {
                            report_moved_name(programme, book, *key, named[0], by_id, findings);
                        }
                        by_id.or_else(|| {
                            let sheet = (*by_title
                                .get_or_insert_with(|| sheet_by_title(book, &indexes, worksheet)))?;
                            by_label(
                                programme,
                                &indexes[sheet],
                                worksheet,
                                section,
                                row,
                                &heading,
                            )
                            .map(|(line, column)| Found {
                                sheet,
                                row: line,
                                column,
                                by: FoundBy::Label,
                            })
                        })
                    };
                }
            }
        }
    }
    report_missing(programme, &found, findings);
    found
}

fn index(sheet: &Sheet, ids: &HashMap<&str, ()>) -> Index {
    let mut per_column: HashMap<u32, Vec<(u32, String)>> = HashMap::new();
    let mut texts: HashMap<String, Vec<(u32, u32)>> = HashMap::new();
    for ((row, column), content) in &sheet.cells {
        let Content::Text(content) = content else {
            continue;
        };
        if content.len() > 300 {
            continue;
        }
        if ids.contains_key(content.as_str()) {
            per_column
                .entry(*column)
                .or_default()
                .push((*row, content.clone()));
        }
        texts
            .entry(plain(content))
            .or_default()
            .push((*row, *column));
    }
    texts.values_mut().for_each(|cells| cells.sort_unstable());
    let mut ids: HashMap<String, Vec<u32>> = HashMap::new();
    if let Some((_, rows)) = per_column
        .into_iter()
        .max_by_key(|(column, rows)| (rows.len(), std::cmp::Reverse(*column)))
    {
        for (row, id) in rows {
            ids.entry(id).or_default().push(row);
        }
    }
    ids.values_mut().for_each(|rows| rows.sort_unstable());
    Index { ids, texts }
}

/// A text as labels are compared: tidied, in lower case.
fn plain(label: &str) -> String {
    text::tidy(label).to_lowercase()
}

fn heading(programme: &Programme, section: &Section, column: usize) -> String {
    let column = &section.columns[column];
    plain(if column.id.is_empty() {
        &programme.headings.answer
    } else {
        &column.label
    })
}

fn rows_with_id(indexes: &[Index], row: &Row) -> Vec<(usize, u32)> {
    let mut rows = Vec::new();
    for (sheet, index) in indexes.iter().enumerate() {
        for id in std::iter::once(&row.id).chain(&row.was) {
            rows.extend(
                index
                    .ids
                    .get(id)
                    .into_iter()
                    .flatten()
                    .map(|line| (sheet, *line)),
            );
        }
    }
    rows
}

/// The column of the nearest such heading above a row.
fn column_under(index: &Index, heading: &str, row: u32) -> Option<u32> {
    index
        .texts
        .get(heading)?
        .iter()
        .rfind(|(line, _)| *line < row)
        .map(|(_, column)| *column)
}

/// The sheet that holds most of a worksheet's titles: its own alone may stand in a list of sheets, too.
fn sheet_by_title(book: &Book, indexes: &[Index], worksheet: &Worksheet) -> Option<usize> {
    let titles: Vec<String> = worksheet
        .sections
        .iter()
        .map(|section| plain(&section.title))
        .chain([plain(&worksheet.title)])
        .collect();
    let held = |index: &Index| {
        titles
            .iter()
            .filter(|title| index.texts.contains_key(*title))
            .count()
    };
    let (best, count) = indexes
        .iter()
        .map(held)
        .enumerate()
        .max_by_key(|(sheet, count)| (*count, std::cmp::Reverse(*sheet)))?;
    if count > 1 {
        Some(best)
    } else {
        book.sheets
            .iter()
            .position(|sheet| plain(&sheet.name) == plain(&worksheet.tab))
    }
}

/// The row of a label below its section's title and above the next section's, and the column under the heading.
fn by_label(
    programme: &Programme,
    index: &Index,
    worksheet: &Worksheet,
    section: &Section,
    row: &Row,
    heading: &str,
) -> Option<(u32, u32)> {
    // A title may be typed as an answer further down: the first one counts.
    let start = *title_rows(programme, index, section).first()?;
    let others = worksheet
        .sections
        .iter()
        .filter(|other| other.id != section.id);
    let end = others
        .flat_map(|other| title_rows(programme, index, other))
        .filter(|line| *line > start)
        .min()
        .unwrap_or(u32::MAX);
    let (line, label_column) = *index
        .texts
        .get(&plain(&row.label))?
        .iter()
        .find(|(line, _)| *line > start && *line < end)?;
    let column = column_under(index, heading, line).unwrap_or(label_column + 1);
    Some((line, column))
}

/// Rows that hold a section's title: those that hold its column's heading too, since a question may have the same words.
fn title_rows(programme: &Programme, index: &Index, section: &Section) -> Vec<u32> {
    let rows = |text: &str| {
        index
            .texts
            .get(text)
            .map(|cells| cells.iter().map(|(line, _)| *line).collect::<Vec<u32>>())
            .unwrap_or_default()
    };
    let titles = rows(&plain(&section.title));
    let headings = rows(&heading(programme, section, 0));
    let both: Vec<u32> = titles
        .iter()
        .copied()
        .filter(|line| headings.contains(line))
        .collect();
    if both.is_empty() { titles } else { both }
}

fn place(book: &Book, sheet: usize, row: u32, column: u32) -> Option<CellRef> {
    book.sheets.get(sheet).map(|sheet| CellRef {
        sheet: sheet.name.clone(),
        row,
        column,
    })
}

fn report_duplicates(
    programme: &Programme,
    book: &Book,
    row: &Row,
    rows: &[(usize, u32)],
    findings: &mut Vec<Finding>,
) {
    let [first, others @ ..] = rows else { return };
    let Some(other) = others.first() else { return };
    let answers = |at: &(usize, u32)| {
        book.sheets[at.0]
            .cells
            .iter()
            .filter(|((line, column), _)| *line == at.1 && *column > 1)
            .count()
    };
    if answers(other) == 0 {
        return;
    }
    let field = programme.field(row.cells[0]);
    findings.push(Finding {
        severity: Severity::Warning,
        code: "row-duplicated".into(),
        place: place(book, other.0, other.1, 1),
        field: Some(field.id.clone()),
        label: row.label.clone(),
        found: format!(
            "This question stands in the workbook {} times, also in row {} of the sheet \"{}\"",
            rows.len(),
            first.1 + 1,
            book.sheets[first.0].name
        ),
        expected: "Once".into(),
        mend: format!(
            "Delete the copy. The answers of the sheet \"{}\" were used.",
            book.sheets[first.0].name
        ),
    });
}

fn report_moved_name(
    programme: &Programme,
    book: &Book,
    key: FieldKey,
    named: (usize, u32, u32),
    found: Option<Found>,
    findings: &mut Vec<Finding>,
) {
    let Some(found) = found else { return };
    let field = programme.field(key);
    let points_at = place(book, named.0, named.1, named.2)
        .map(|place| place.to_string())
        .unwrap_or_default();
    findings.push(Finding {
        severity: Severity::Note,
        code: "name-moved".into(),
        place: place(book, found.sheet, found.row, found.column),
        field: Some(field.id.clone()),
        label: field.label.clone(),
        found: format!(
            "The name {} points at {points_at}",
            names::defined_name(&field.id)
        ),
        expected: "The cell in the row of this question".into(),
        mend: "Nothing to do: the answer beside the question was used.".into(),
    });
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
                    "Not in the workbook any more: {}",
                    text::shorten(&missing.join(", "), 300)
                ),
                expected: format!(
                    "The section \"{}\" of the sheet \"{}\" with all its rows",
                    section.title, worksheet.tab
                ),
                mend: "Copy the answers into a fresh workbook; rows may be added but not deleted."
                    .into(),
            });
        }
    }
}
