//! Locates rows by their position between other rows if names and IDs are missing and labels were changed.

use super::issues::Mismatches;
use super::{Found, Search};
use crate::answers::FoundBy;
use crate::intake::book::Content;
use crate::questionnaire::{Row, Section};
use crate::text;

/// A located row: its index in the section and its position.
#[derive(Clone, Copy)]
struct Located {
    index: usize,
    sheet: usize,
    line: u32,
}

impl Search<'_> {
    /// Assigns the remaining lines of a section to the rows that were not located. The lines are between two located
    /// rows, between the title and the first located row, or after the last one. The number of lines must equal the
    /// number of rows.
    pub(super) fn rows_by_place(
        &self,
        section: &Section,
        found: &mut [Option<Found>],
        mismatches: &mut Mismatches,
    ) {
        let located: Vec<Located> = section
            .rows
            .iter()
            .enumerate()
            .filter_map(|(index, row)| {
                let found = row.cells.iter().find_map(|key| found[key.0])?;
                Some(Located {
                    index,
                    sheet: found.sheet,
                    line: found.row,
                })
            })
            .collect();
        if located.len() == section.rows.len() {
            return;
        }
        let (Some(first), Some(last)) = (located.first(), located.last()) else {
            return;
        };
        let mut open: Vec<(usize, Located)> = Vec::new();
        for pair in located.windows(2) {
            let (above, below) = (pair[0], pair[1]);
            let rows = below.index - above.index;
            if above.sheet == below.sheet && above.line + rows as u32 == below.line {
                open.extend((above.index + 1..below.index).map(|index| (index, above)));
            }
        }
        // The title is directly above the first row, or a sentence is between them.
        let head = 1 + u32::from(section.sentence.is_some());
        let titles = self.title_rows(&self.indexes[first.sheet], section);
        if titles
            .iter()
            .any(|title| title + head + first.index as u32 == first.line)
        {
            open.extend((0..first.index).map(|index| (index, *first)));
        }
        if self.ends_behind(section, *last) {
            open.extend((last.index + 1..section.rows.len()).map(|index| (index, *last)));
        }
        for (index, near) in open {
            let line = (near.line + index as u32) - near.index as u32;
            self.place_row(section, index, near, line, found, mismatches);
        }
    }

    /// Returns whether the number of lines after the last located row equals the number of missing rows. Each line
    /// must have text in the label column, and the line after them must have none.
    fn ends_behind(&self, section: &Section, last: Located) -> bool {
        let Some(column) = self.label_column(section, last) else {
            return false;
        };
        let missing = (section.rows.len() - 1 - last.index) as u32;
        let has_text = |line: u32| {
            let content = self.book.sheets[last.sheet].get(line, column);
            matches!(content, Some(content @ Content::Text(_)) if content.is_filled())
        };
        (1..=missing).all(|step| has_text(last.line + step)) && !has_text(last.line + missing + 1)
    }

    fn label_column(&self, section: &Section, row: Located) -> Option<u32> {
        let label = text::normalize(&section.rows[row.index].label);
        let cells = self.book.sheets[row.sheet].row(row.line).iter();
        let mut own = cells.filter(
            |(_, content)| matches!(content, Content::Text(said) if text::normalize(said) == label),
        );
        own.next().map(|((_, column), _)| *column)
    }

    /// Assigns a line to a row, with the columns of a located row, unless the line belongs to another question.
    fn place_row(
        &self,
        section: &Section,
        index: usize,
        near: Located,
        line: u32,
        found: &mut [Option<Found>],
        mismatches: &mut Mismatches,
    ) {
        let is_taken = found
            .iter()
            .flatten()
            .any(|found| found.sheet == near.sheet && found.row == line);
        if is_taken {
            return;
        }
        let (row, model): (&Row, &Row) = (&section.rows[index], &section.rows[near.index]);
        for (key, like) in row.cells.iter().zip(&model.cells) {
            let Some(like) = found[like.0] else { continue };
            if !self.questionnaire.field(*key).kind.is_input() {
                continue;
            }
            found[key.0] = Some(Found {
                row: line,
                by: FoundBy::Place,
                ..like
            });
            mismatches.by_place.push(*key);
        }
    }
}
