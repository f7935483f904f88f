//! Locates rows by their labels, below the titles of their sheets and sections.

use std::cmp::Reverse;

use super::index::Index;
use super::{Found, Search, ids_of};
use crate::answers::FoundBy;
use crate::intake::book::Position;
use crate::questionnaire::{Row, Section, Worksheet};
use crate::text;

impl Search<'_> {
    /// Returns the sheet that contains the most titles of a worksheet. One title is not enough, because a list of
    /// sheets may contain it. In that case, the sheet with the worksheet's tab name is returned.
    pub(super) fn sheet_by_title(&self, worksheet: &Worksheet) -> Option<usize> {
        let titles: Vec<String> = worksheet
            .sections
            .iter()
            .map(|section| text::normalize(&section.title))
            .chain([text::normalize(&worksheet.title)])
            .collect();
        let held = |index: &Index| {
            let titles = titles.iter();
            titles
                .filter(|title| !index.cells_with_text(title).is_empty())
                .count()
        };
        // A sheet with only the IDs of other worksheets belongs to them, or is a copy.
        let is_other = |index: &Index| {
            let rows = worksheet.sections.iter().flat_map(|section| &section.rows);
            let own = worksheet.sections.iter().map(|section| section.id.as_str());
            let mut own = own.chain(rows.flat_map(ids_of));
            !index.ids.is_empty() && !own.any(|id| !index.rows_of(id).is_empty())
        };
        let (best, count) = self
            .indexes
            .iter()
            .map(|index| if is_other(index) { 0 } else { held(index) })
            .enumerate()
            .max_by_key(|(sheet, count)| (*count, Reverse(*sheet)))?;
        if count > 1 {
            return Some(best);
        }
        let tab = text::normalize(&worksheet.tab);
        let mut sheets = self.book.sheets.iter();
        sheets.position(|sheet| text::normalize(&sheet.name) == tab)
    }

    /// Locates a label between the title of its section and the next title, and its column below the heading.
    pub(super) fn by_label(
        &self,
        sheet: usize,
        worksheet: &Worksheet,
        section: &Section,
        row: &Row,
        column: usize,
    ) -> Option<Found> {
        let index = &self.indexes[sheet];
        // An answer further down may be the same as a title. The first match is the title.
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
        let label = text::normalize(&row.label);
        let cells: Vec<Position> = index
            .cells_with_text(&label)
            .iter()
            .copied()
            .filter(|(line, _)| *line > start && *line < end)
            .collect();
        // Labels are in one column, the leftmost one that contains this label. A match further right is an answer.
        let label_column = cells.iter().map(|(_, column)| *column).min()?;
        let lines: Vec<u32> = cells
            .iter()
            .filter(|(_, column)| *column == label_column)
            .map(|(line, _)| *line)
            .collect();
        let twins: Vec<&Row> = section
            .rows
            .iter()
            .filter(|other| text::normalize(&other.label) == label)
            .collect();
        // If all questions with the same label are present, their order distinguishes them.
        let nth = twins.iter().position(|twin| twin.id == row.id)?;
        if lines.len() != twins.len() {
            return None;
        }
        let line = lines[nth];
        let heading = self.heading(&section.columns[column]);
        let under = index
            .cells_with_text(&heading)
            .iter()
            .rfind(|(row, place)| *row < line && *row >= start && *place > label_column)
            .map(|(_, place)| *place);
        let column = match under {
            Some(under) => under,
            // Without headings, the answer is next to the label, if the section has only one column.
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

    /// Returns the rows with the title of a section. Rows that also contain the first heading are preferred, because
    /// the label of a question may be the same as the title.
    pub(super) fn title_rows(&self, index: &Index, section: &Section) -> Vec<u32> {
        let rows = |plain: &str| -> Vec<u32> {
            let cells = index.cells_with_text(plain);
            cells.iter().map(|(line, _)| *line).collect()
        };
        let titles = rows(&text::normalize(&section.title));
        let headings = rows(&self.heading(&section.columns[0]));
        let both: Vec<u32> = titles
            .iter()
            .copied()
            .filter(|line| headings.contains(line))
            .collect();
        if both.is_empty() { titles } else { both }
    }
}
