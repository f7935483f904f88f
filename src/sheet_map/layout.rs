//! Where everything stands on the sheets: worked out once, before anything is written, so that formulas can point at it.

use crate::excel::{column_letters, quoted};
use crate::questionnaire::{FieldKey, Kind, Questionnaire};

/// Column of the hidden row ids.
pub const ID: u16 = 0;
/// Column of the questions.
pub const LABEL: u16 = 1;
/// First column of the answers.
pub const ANSWER: u16 = 2;

/// What a row of a sheet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// A heading over several sections (index of the section that brings it).
    Heading(usize),
    /// A section's title, with the headings of its columns.
    Title(usize),
    /// A section's sentence.
    Sentence(usize),
    /// A question: section, row.
    Question(usize, usize),
    /// A gap.
    Gap,
}

/// One sheet.
#[derive(Debug)]
pub struct SheetLayout {
    /// First row of the sections; the rows above hold title and guidance.
    pub rows: Vec<(u32, RowKind)>,
    /// How many answer columns the widest section has.
    pub answers: u16,
}

impl SheetLayout {
    /// Column of the units.
    pub fn unit(&self) -> u16 {
        ANSWER + self.answers
    }

    /// Column of the hints.
    pub fn hint(&self) -> u16 {
        self.unit() + 1
    }
}

/// All sheets, and the place of every field.
#[derive(Debug)]
pub struct Layout {
    /// In the order of [`Questionnaire::worksheets`].
    pub sheets: Vec<SheetLayout>,
    cells: Vec<(usize, u32, u16)>,
    /// First row of each score's workings on the hidden sheet, by score and subject.
    pub workings: Vec<Vec<u32>>,
}

/// Rows of a sheet before its first section.
pub const HEAD_ROWS: u32 = 5;
/// First row of the workings on the hidden sheet.
const FIRST_WORKING: u32 = 5;

impl Layout {
    /// Lays out a questionnaire.
    pub fn of(questionnaire: &Questionnaire) -> Self {
        let mut cells = vec![(0, 0, 0); questionnaire.fields.len()];
        let mut sheets = Vec::new();
        for (sheet_index, sheet) in questionnaire.worksheets.iter().enumerate() {
            let answers = sheet
                .sections
                .iter()
                .map(|section| section.columns.len())
                .max()
                .unwrap_or(1) as u16;
            let mut rows = Vec::new();
            let mut row = HEAD_ROWS;
            let mut heading = None;
            for (section_index, section) in sheet.sections.iter().enumerate() {
                if section.heading != heading {
                    heading.clone_from(&section.heading);
                    if heading.is_some() {
                        rows.push((row, RowKind::Heading(section_index)));
                        row += 1;
                    }
                }
                rows.push((row, RowKind::Title(section_index)));
                row += 1;
                if section.sentence.is_some() {
                    rows.push((row, RowKind::Sentence(section_index)));
                    row += 1;
                }
                for (row_index, question) in section.rows.iter().enumerate() {
                    rows.push((row, RowKind::Question(section_index, row_index)));
                    for (column, key) in question.cells.iter().enumerate() {
                        cells[key.0] = (sheet_index, row, ANSWER + column as u16);
                    }
                    row += 1;
                }
                rows.push((row, RowKind::Gap));
                row += 1;
            }
            sheets.push(SheetLayout { rows, answers });
        }
        let mut next = FIRST_WORKING;
        let workings = questionnaire
            .scores
            .iter()
            .map(|score| {
                score
                    .subjects
                    .iter()
                    .map(|_| {
                        let first = next;
                        next += score.dimensions.len() as u32;
                        first
                    })
                    .collect()
            })
            .collect();
        Self {
            sheets,
            cells,
            workings,
        }
    }

    /// Row and column of a field on its sheet.
    pub fn cell(&self, key: FieldKey) -> (u32, u16) {
        let (_, row, column) = self.cells[key.0];
        (row, column)
    }

    /// The field's cell with sheet, as formulas write it: `'1 Readiness'!$C$6`.
    pub fn absolute(&self, questionnaire: &Questionnaire, key: FieldKey) -> String {
        let (sheet, row, column) = self.cells[key.0];
        format!(
            "{}!${}${}",
            quoted(&questionnaire.worksheets[sheet].tab),
            column_letters(u32::from(column)),
            row + 1
        )
    }

    /// The cells of a sheet that count in its completeness, as ranges down the columns, and how many they are.
    pub fn counted_ranges(
        &self,
        questionnaire: &Questionnaire,
        sheet: usize,
    ) -> (Vec<String>, usize) {
        let tab = quoted(&questionnaire.worksheets[sheet].tab);
        let mut places: Vec<(u16, u32)> = questionnaire.worksheets[sheet]
            .fields()
            .filter(|key| {
                questionnaire.field(*key).kind.is_input() && !questionnaire.field(*key).optional
            })
            .map(|key| {
                let (row, column) = self.cell(key);
                (column, row)
            })
            .collect();
        places.sort_unstable();
        let mut ranges: Vec<(u16, u32, u32)> = Vec::new();
        for (column, row) in &places {
            match ranges.last_mut() {
                Some((last_column, _, end)) if last_column == column && *end + 1 == *row => {
                    *end = *row
                }
                _ => ranges.push((*column, *row, *row)),
            }
        }
        let text = ranges.iter().map(|(column, from, to)| {
            let letters = column_letters(u32::from(*column));
            format!("{tab}!${letters}${}:${letters}${}", from + 1, to + 1)
        });
        (text.collect(), places.len())
    }

    /// Whether a text answer may spread over the sheet's other answer columns.
    pub fn spreads(&self, questionnaire: &Questionnaire, key: FieldKey) -> bool {
        let field = questionnaire.field(key);
        let section = &questionnaire.worksheets[field.sheet].sections[field.section];
        !section.is_grid()
            && self.sheets[field.sheet].answers > 1
            && matches!(field.kind, Kind::Text | Kind::LongText | Kind::Email)
    }
}
