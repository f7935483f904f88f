//! The position of everything on the sheets. It is calculated once, before anything is written, so that formulas can
//! refer to it.

use crate::excel::{column_letters, quoted};
use crate::questionnaire::{FieldKey, Questionnaire};

/// Column of the hidden row IDs, from 0.
pub const ID: u16 = 0;
/// Column of the questions, from 0.
pub const LABEL: u16 = 1;
/// First column of the answers, from 0.
pub const ANSWER: u16 = 2;

/// The contents of a row of a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// A heading above several sections. Contains the index of the first of these sections.
    Heading(usize),
    /// The title of a section, with its column headings.
    Title(usize),
    /// The sentence of a section.
    Sentence(usize),
    /// A question: index of the section and of the row in it.
    Question(usize, usize),
    /// An empty row.
    Gap,
}

/// The layout of one sheet.
#[derive(Debug)]
pub struct SheetLayout {
    /// The rows of the sections, with row numbers from 0. The rows above contain title and guidance.
    pub rows: Vec<(u32, RowKind)>,
    /// Number of answer columns in the widest section.
    pub answers: u16,
}

impl SheetLayout {
    /// Returns the column of the units, from 0.
    pub fn unit(&self) -> u16 {
        ANSWER + self.answers
    }

    /// Returns the column of the hints, from 0.
    pub fn hint(&self) -> u16 {
        self.unit() + 1
    }
}

/// The layout of all sheets, and the cell of every field.
#[derive(Debug)]
pub struct Layout {
    /// The sheets, in the order of [`Questionnaire::worksheets`].
    pub sheets: Vec<SheetLayout>,
    cells: Vec<(usize, u32, u16)>,
    /// First row of each score's calculation on the hidden sheet, by score and subject.
    pub workings: Vec<Vec<u32>>,
}

/// Number of rows above the first section of a sheet.
pub const HEAD_ROWS: u32 = 5;
/// First row of the score calculations on the hidden sheet.
const FIRST_WORKING: u32 = 5;

impl Layout {
    /// Calculates the layout of a questionnaire.
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

    /// Returns row and column of a field on its sheet, from 0.
    pub fn cell(&self, key: FieldKey) -> (u32, u16) {
        let (_, row, column) = self.cells[key.0];
        (row, column)
    }

    /// Returns the cell of a field as formulas refer to it, such as `'1 Readiness'!$C$6`.
    pub fn absolute(&self, questionnaire: &Questionnaire, key: FieldKey) -> String {
        let (sheet, row, column) = self.cells[key.0];
        format!(
            "{}!${}${}",
            quoted(&questionnaire.worksheets[sheet].tab),
            column_letters(u32::from(column)),
            row + 1
        )
    }

    /// Returns the cells of a sheet that count toward its completeness, as ranges within columns, and their number.
    pub fn counted_ranges(
        &self,
        questionnaire: &Questionnaire,
        sheet: usize,
    ) -> (Vec<String>, usize) {
        let fields = questionnaire.worksheets[sheet].fields();
        let counted: Vec<FieldKey> = fields
            .filter(|key| {
                questionnaire.field(*key).kind.is_input() && !questionnaire.field(*key).optional
            })
            .collect();
        let ranges = self.ranges(questionnaire, sheet, &counted);
        (ranges, counted.len())
    }

    /// Returns the cells of these fields of a sheet as ranges within columns.
    pub fn ranges(
        &self,
        questionnaire: &Questionnaire,
        sheet: usize,
        keys: &[FieldKey],
    ) -> Vec<String> {
        let tab = quoted(&questionnaire.worksheets[sheet].tab);
        let places = keys.iter().map(|key| {
            let (row, column) = self.cell(*key);
            (column, row)
        });
        let mut places: Vec<(u16, u32)> = places.collect();
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
        text.collect()
    }

    /// Returns whether a text answer may extend over the sheet's other answer columns.
    pub fn spreads(&self, questionnaire: &Questionnaire, key: FieldKey) -> bool {
        let field = questionnaire.field(key);
        let section = &questionnaire.worksheets[field.sheet].sections[field.section];
        !section.is_grid()
            && self.sheets[field.sheet].answers > 1
            && (field.kind.is_text() || field.kind.is_formal_text())
    }
}
