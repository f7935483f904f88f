//! What a client wrote where no question asks for it: remarks beside the answers, rows and sheets of their own. Nothing of it
//! is an answer, and nothing of it is lost: a workbook that is handed back keeps it on a sheet of its own.

use std::collections::{HashMap, HashSet};

use super::IntakeError;
use super::book::{Book, Comment, Content, Position, Sheet};
use super::format::Format;
use super::locate::Found;
use crate::answers::{Answers, CellRef, Value};
use crate::names;
use crate::programme::{FieldKey, Programme};
use crate::template::{self, Layout, Prefill};
use crate::text::{LONGEST_CELL, plain, tidy};

/// Most texts that are kept of one workbook.
const MOST: usize = 20_000;

/// A text that belongs to no question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unplaced {
    /// Where it stood, for people: sheet and cell.
    pub place: String,
    /// What was written.
    pub text: String,
}

/// What the programme itself writes into a blank workbook: none of it is the client's.
pub struct Printed {
    texts: HashSet<String>,
    /// Where the workbook works something out: worksheet, row and column.
    worked_out: HashSet<(usize, u32, u32)>,
    layout: Layout,
    start_title: String,
    kept_title: String,
}

impl Printed {
    /// Reads the programme's own blank workbook.
    ///
    /// # Errors
    /// When the programme cannot be written as a workbook.
    pub fn of(programme: &Programme) -> Result<Self, IntakeError> {
        let blank = template::workbook(programme, &Prefill::blank(programme))
            .map_err(|error| IntakeError::damaged(&error))?;
        let book = Book::open(Format::Xlsx, blank)?;
        let mut texts: HashSet<String> = book
            .sheets
            .iter()
            .flat_map(Sheet::cells)
            .map(|(_, content)| plain(&content.raw()))
            .collect();
        let tabs = programme.worksheets.iter().enumerate();
        let worked_out = tabs
            .filter_map(|(index, worksheet)| {
                let own = |sheet: &&Sheet| sheet.name == worksheet.tab;
                Some((index, book.sheets.iter().find(own)?))
            })
            .flat_map(|(index, sheet)| {
                let worked_out = sheet.cells().iter().filter(|(_, content)| match content {
                    Content::Number(..) | Content::Unresolved => true,
                    Content::Text(text) => is_unit(programme, text),
                    _ => false,
                });
                worked_out.map(move |((row, column), _)| (index, *row, *column))
            })
            .collect();
        let bands = programme.scores.iter().flat_map(|score| &score.bands);
        texts.extend(bands.map(|band| plain(&band.label)));
        Ok(Self {
            texts,
            worked_out,
            layout: Layout::of(programme),
            start_title: plain(&programme.start.title),
            kept_title: plain(&programme.returned.kept_title),
        })
    }

    /// The texts of a workbook that are neither answers nor the programme's own.
    pub(super) fn rest(
        &self,
        programme: &Programme,
        book: &Book,
        found: &[Option<Found>],
        answers: &Answers,
        comments: Vec<Comment>,
    ) -> Vec<Unplaced> {
        let mut rest = Vec::new();
        let placed: HashSet<(usize, Position)> = found
            .iter()
            .flatten()
            .map(|found| (found.sheet, (found.row, found.column)))
            .collect();
        let answer_at: HashMap<Position, Vec<usize>> = placed.iter().fold(
            HashMap::new(),
            |mut all: HashMap<_, Vec<_>>, (sheet, at)| {
                all.entry(*at).or_default().push(*sheet);
                all
            },
        );
        // For each row with a question: the worksheet and row it has in a blank workbook, and how far it moved to the right.
        let mut question_rows: HashMap<(usize, u32), (usize, u32, i64)> = HashMap::new();
        for (key, found) in found.iter().enumerate() {
            let Some(found) = found else { continue };
            let (row, column) = self.layout.cell(FieldKey(key));
            let moved = i64::from(found.column) - i64::from(column);
            question_rows.insert(
                (found.sheet, found.row),
                (programme.field(FieldKey(key)).sheet, row, moved),
            );
        }
        for (index, sheet) in book.sheets.iter().enumerate() {
            let first = sheet.cells().first().map(|(_, content)| content.raw());
            let first = plain(&first.unwrap_or_default());
            if first == names::META_MARK {
                continue;
            }
            if first == self.kept_title {
                rest.extend(kept_before(sheet));
                continue;
            }
            let is_start = first == self.start_title;
            for ((row, column), content) in sheet.cells() {
                let at = (*row, *column);
                if placed.contains(&(index, at)) || !content.is_filled() {
                    continue;
                }
                // The first sheet asks for nothing; what it works out and lists is ours.
                if is_start && (*column < 4) {
                    continue;
                }
                let raw = content.raw();
                let raw = tidy(&raw);
                if raw.is_empty() || self.texts.contains(&plain(&raw)) {
                    continue;
                }
                // What the workbook works out beside an answer, or in a row of its own.
                let is_worked_out = match (content, question_rows.get(&(index, *row))) {
                    // Nobody writes an error value.
                    (Content::Error(_), _) => true,
                    (Content::Bool(_), _) => false,
                    (_, Some((worksheet, line, moved))) => {
                        u32::try_from(i64::from(*column) - moved)
                            .is_ok_and(|own| self.worked_out.contains(&(*worksheet, *line, own)))
                    }
                    (Content::Number(..) | Content::Unresolved, None) => {
                        self.is_computed(sheet, *row)
                    }
                    (Content::Text(text), None) => is_unit(programme, text),
                    _ => false,
                };
                // A copy of a sheet that says the same.
                let is_copy = answer_at.get(&at).is_some_and(|sheets| {
                    sheets
                        .iter()
                        .any(|other| book.sheets[*other].get(*row, *column) == Some(content))
                });
                if is_worked_out || is_copy {
                    continue;
                }
                let place = CellRef {
                    sheet: sheet.name.as_str().into(),
                    row: *row,
                    column: *column,
                };
                keep(&mut rest, &place.to_string(), &raw);
            }
        }
        for (key, _) in programme.inputs() {
            let answer = answers.get(key);
            if let (Value::Text(text), Some(place)) = (&answer.value, &answer.place)
                && text.encode_utf16().count() > LONGEST_CELL
            {
                keep(&mut rest, &place.to_string(), text);
            }
        }
        // Ours come back with a workbook that was handed back before.
        let of_client = comments
            .iter()
            .filter(|comment| plain(&comment.author) != plain(&programme.title));
        for comment in of_client {
            let place = CellRef {
                sheet: comment.sheet.as_str().into(),
                row: comment.at.0,
                column: comment.at.1,
            };
            keep(&mut rest, &place.to_string(), &comment.text);
        }
        rest.truncate(MOST);
        rest
    }

    /// Whether the row's label is one that the programme prints: its other numbers are worked out.
    fn is_computed(&self, sheet: &Sheet, row: u32) -> bool {
        sheet.row(row).iter().any(|(_, content)| {
            matches!(content, Content::Text(text) if self.texts.contains(&plain(text)))
        })
    }
}

/// A text in pieces that a cell can hold.
fn keep(rest: &mut Vec<Unplaced>, place: &str, text: &str) {
    let mut piece = String::new();
    let mut units = 0;
    for c in text.chars() {
        if units + c.len_utf16() > LONGEST_CELL {
            rest.push(Unplaced {
                place: place.to_owned(),
                text: std::mem::take(&mut piece),
            });
            units = 0;
        }
        units += c.len_utf16();
        piece.push(c);
    }
    rest.push(Unplaced {
        place: place.to_owned(),
        text: piece,
    });
}

/// The rows of a sheet of kept texts from an earlier handing back.
fn kept_before(sheet: &Sheet) -> Vec<Unplaced> {
    let rows = sheet
        .cells()
        .iter()
        .filter(|((row, column), _)| *row >= template::FIRST_KEPT_ROW && *column == 1);
    rows.map(|((row, _), content)| Unplaced {
        place: sheet.get(*row, 0).map(Content::raw).unwrap_or_default(),
        text: content.raw(),
    })
    .collect()
}

/// Whether a text is a unit that the workbook works out from the currency: `EUR / month`.
fn is_unit(programme: &Programme, text: &str) -> bool {
    let currency = text
        .split([' ', '/'])
        .next()
        .unwrap_or_default()
        .trim_matches('¤');
    let known = |code: &str| {
        programme
            .currencies
            .iter()
            .any(|currency| currency.code == code)
    };
    text.len() < 60 && (currency.is_empty() && text.starts_with('¤') || known(currency)) && {
        let after = &text[text.find(' ').unwrap_or(text.len())..];
        after.is_empty()
            || after.starts_with(" /")
            || programme.fields.iter().any(|field| {
                field
                    .after
                    .as_deref()
                    .is_some_and(|own| after.trim() == own)
            })
    }
}
