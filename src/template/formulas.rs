//! Writes the hidden sheet: the identity of the workbook, and the formulas of the live scores with cached results.
//!
//! One row per dimension of each subject of a score: weight, applicable ratings, ratings given, whether the dimension
//! applies, and mean. The points are in the first row of the dimensions. The formulas follow the rules of
//! [`crate::score`], which calculates the scores from the answers and does not read these cells.

use rust_xlsxwriter::{Formula, Worksheet, XlsxError};

use crate::excel::{column_letters, quoted};
use crate::questionnaire::{Questionnaire, ScoreDef};
use crate::score::{Dimension, MIN_APPLICABLE_WEIGHT, Scorecard};
use crate::sheet_map::{Edition, Layout, names};

const COLUMN_APPLYING: u16 = 4;
const COLUMN_GIVEN: u16 = 5;
const COLUMN_APPLIES: u16 = 6;
const COLUMN_MEAN: u16 = 7;
const COLUMN_POINTS: u16 = 8;

/// Headings of the score calculations.
const HEADINGS: [&str; 9] = [
    "score",
    "subject",
    "dimension",
    "weight",
    "ratings that apply",
    "ratings given",
    "applies",
    "mean",
    "points",
];

/// Writes the hidden sheet.
pub fn write(
    sheet: &mut Worksheet,
    questionnaire: &Questionnaire,
    layout: &Layout,
    scorecard: &Scorecard,
    edition: Option<&Edition>,
) -> Result<(), XlsxError> {
    write_identity(sheet, questionnaire, edition)?;
    for (column, heading) in (0..).zip(HEADINGS) {
        sheet.write_string(4, column, heading)?;
    }
    for (score, def) in questionnaire.scores.iter().enumerate() {
        for (column, subject) in def.subjects.iter().enumerate() {
            let mut results = scorecard.scores[score].subjects.iter();
            let result = results.find(|result| result.column == column);
            let first = layout.workings[score][column];
            for ((row, i), dimension) in (first..).zip(0..).zip(&def.dimensions) {
                sheet
                    .write_string(row, 0, &def.id)?
                    .write_string(row, 1, &subject.label)?
                    .write_string(row, 2, &dimension.id)?
                    .write_number(row, 3, dimension.weight)?;
                let cells: Vec<RatingCell> = dimension.ratings[column]
                    .iter()
                    .map(|key| RatingCell {
                        address: layout.absolute(questionnaire, *key),
                        is_reverse_scored: questionnaire.field(*key).kind.is_reverse_scored(),
                    })
                    .collect();
                let zero = dimension.not_when_zero;
                let workings = Workings {
                    cells,
                    zero: zero.map(|key| layout.absolute(questionnaire, key)),
                    not_applicable: questionnaire.words.not_applicable(),
                };
                workings.write(sheet, row, result.map(|result| &result.dimensions[i]))?;
            }
            let points = result.and_then(|result| result.points);
            let formula = Formula::new(points_formula(def, first)).set_result(cached(points));
            sheet.write_formula(first, COLUMN_POINTS, formula)?;
        }
    }
    sheet.protect();
    Ok(())
}

/// Writes the ID and version of the questionnaire, and the client and generation of an edition.
fn write_identity(
    sheet: &mut Worksheet,
    questionnaire: &Questionnaire,
    edition: Option<&Edition>,
) -> Result<(), XlsxError> {
    // A formula without a cached result appears empty instead of as 0.
    sheet.set_formula_result_default("");
    sheet
        .set_name(names::META_SHEET)?
        .set_hidden(true)
        .write_string(0, 0, names::META_MARK)?
        .write_string(
            0,
            1,
            "This sheet identifies the workbook and calculates the scores.",
        )?
        .write_string(1, 0, "questionnaire")?
        .write_string(1, 1, &questionnaire.id)?
        .write_string(2, 0, "version")?
        .write_number(2, 1, questionnaire.version)?;
    if let Some(edition) = edition {
        let row = names::META_CLIENT_ROW;
        sheet
            .write_string(row, 0, "client")?
            .write_string(row, 1, &edition.client)?
            .write_string(row, 2, "generation")?
            .write_number(row, 3, edition.generation)?;
    }
    Ok(())
}

/// The cell that contains a rating.
struct RatingCell {
    address: String,
    /// Whether the rating is reverse-scored: 10 minus the rating is used.
    is_reverse_scored: bool,
}

/// The inputs for the formulas of a dimension.
struct Workings<'a> {
    cells: Vec<RatingCell>,
    /// The cell that excludes the dimension if its value is 0.
    zero: Option<String>,
    not_applicable: &'a str,
}

impl Workings<'_> {
    fn write(
        &self,
        sheet: &mut Worksheet,
        row: u32,
        scored: Option<&Dimension>,
    ) -> Result<(), XlsxError> {
        let applying = scored.map_or(self.cells.len(), |dimension| dimension.expected);
        let given = scored.map_or(0, |dimension| dimension.answered);
        let applies = scored.is_none_or(|dimension| dimension.applies);
        let mean = scored.and_then(|dimension| dimension.mean);
        for (column, formula, result) in [
            (COLUMN_APPLYING, self.applying(), applying.to_string()),
            (COLUMN_GIVEN, self.given(), given.to_string()),
            (
                COLUMN_APPLIES,
                self.applies(row),
                u8::from(applies).to_string(),
            ),
            (COLUMN_MEAN, self.mean(row), cached(mean)),
        ] {
            sheet.write_formula(row, column, Formula::new(formula).set_result(result))?;
        }
        Ok(())
    }

    /// Returns the formula for the number of applicable ratings.
    fn applying(&self) -> String {
        let words = self.not_applicable.replace('"', "\"\"");
        let cells = self.cells.iter();
        let not: Vec<String> = cells
            .map(|cell| format!("({}=\"{words}\")", cell.address))
            .collect();
        format!("={}-({})", self.cells.len(), not.join("+"))
    }

    /// Returns the formula for the number of ratings given.
    fn given(&self) -> String {
        let counts: Vec<String> = self.cells.iter().map(count).collect();
        format!("={}", counts.join("+"))
    }

    /// Returns the formula for whether the dimension applies: 1 if it does, otherwise 0.
    fn applies(&self, row: u32) -> String {
        let applying = at(COLUMN_APPLYING, row);
        match &self.zero {
            Some(zero) => format!("=IF(OR({applying}=0,AND(ISNUMBER({zero}),{zero}=0)),0,1)"),
            None => format!("=IF({applying}=0,0,1)"),
        }
    }

    /// Returns the formula for the mean of the ratings. The result is empty if the dimension does not apply, or if
    /// fewer than half of the applicable ratings are given.
    fn mean(&self, row: u32) -> String {
        let sum = |cell: &RatingCell| {
            let address = &cell.address;
            let sum = format!("SUMIFS({address},{address},\">=0\",{address},\"<=10\")");
            match cell.is_reverse_scored {
                true => format!("10*{}-{sum}", count(cell)),
                false => sum,
            }
        };
        let sums: Vec<String> = self.cells.iter().map(sum).collect();
        let (applies, given) = (at(COLUMN_APPLIES, row), at(COLUMN_GIVEN, row));
        format!(
            "=IF({applies}=0,\"\",IF(2*{given}>={},({})/{given},\"\"))",
            at(COLUMN_APPLYING, row),
            sums.join("+"),
        )
    }
}

fn count(cell: &RatingCell) -> String {
    let address = &cell.address;
    format!("COUNTIFS({address},\">=0\",{address},\"<=10\")")
}

fn at(column: u16, row: u32) -> String {
    format!("{}{}", column_letters(u32::from(column)), row + 1)
}

/// Returns the formula for the points of a score. The result is empty if an applicable dimension has no mean, or if the
/// applicable dimensions have less than [`MIN_APPLICABLE_WEIGHT`] of the total weight.
fn points_formula(def: &ScoreDef, first: u32) -> String {
    let last = first + def.dimensions.len() as u32;
    let range = |column: u16| {
        let column = column_letters(u32::from(column));
        format!("${column}${}:${column}${last}", first + 1)
    };
    let weights = def.dimensions.iter().map(|dimension| dimension.weight);
    format!(
        "=IF(AND(SUMPRODUCT({weight},{applies})>={least},COUNT({mean})=SUM({applies})),{out_of}*SUMPRODUCT({weight},{mean})/(10*SUMPRODUCT({weight},{applies})),\"\")",
        applies = range(COLUMN_APPLIES),
        mean = range(COLUMN_MEAN),
        weight = range(3),
        out_of = def.out_of,
        least = MIN_APPLICABLE_WEIGHT * weights.sum::<f64>(),
    )
}

/// Formats the cached result of a formula. Returns an empty string for `None`.
pub fn cached(value: Option<f64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// Returns the absolute address of the cell with the points of a subject. Returns `None` if an index is out of range.
pub fn points_cell(layout: &Layout, score: usize, subject: usize) -> Option<String> {
    let row = layout.workings.get(score)?.get(subject)?;
    Some(format!(
        "{}!${}${}",
        quoted(names::META_SHEET),
        column_letters(u32::from(COLUMN_POINTS)),
        row + 1
    ))
}
