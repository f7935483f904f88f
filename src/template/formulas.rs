//! Writes the hidden sheet: the identity of the workbook, and the formulas of the live scores with cached results.
//!
//! One row per dimension of each subject of a score: weight, applicable ratings, ratings given, whether the dimension
//! applies, and mean. The points are in the first row of the dimensions. The formulas follow the rules of
//! [`crate::score`], which calculates the scores from the answers and does not read these cells.

use rust_xlsxwriter::XlsxError;

use super::page::Page;
use crate::excel::{column_letters, quoted};
use crate::questionnaire::{Better, FULL_POINTS, FieldKey, Kind, Questionnaire, ScoreDef, Scoring};
use crate::score::{Dimension, MIN_APPLICABLE_WEIGHT, Scorecard};
use crate::sheet_map::{Edition, Layout, names};

const COLUMN_APPLYING: u16 = 4;
const COLUMN_GIVEN: u16 = 5;
const COLUMN_APPLIES: u16 = 6;
const COLUMN_MEAN: u16 = 7;
const COLUMN_POINTS: u16 = 8;
/// Column and first row of the words for a question that does not apply.
const COLUMN_WORDS: u16 = 10;
const FIRST_WORD: u32 = 5;

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
    sheet: &mut Page,
    questionnaire: &Questionnaire,
    layout: &Layout,
    scorecard: &Scorecard,
    identity: (Option<&Edition>, Option<&str>),
) -> Result<(), XlsxError> {
    write_identity(sheet, questionnaire, identity)?;
    for (column, heading) in (0..).zip(HEADINGS) {
        sheet.write_string(4, column, heading)?;
    }
    let lists = questionnaire.words.instead_of_values();
    for ((column, heading), words) in (COLUMN_WORDS..)
        .zip(["does not apply", "not yet known"])
        .zip(lists)
    {
        sheet.write_string(4, column, heading)?;
        for (row, word) in (FIRST_WORD..).zip(words) {
            sheet.write_string(row, column, word)?;
        }
    }
    let [not_applicable, _] = word_cells(questionnaire);
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
                    .filter_map(|key| RatingCell::of(questionnaire, layout, *key))
                    .collect();
                let zero = dimension.not_when_zero;
                let workings = Workings {
                    cells,
                    zero: zero.map(|key| layout.absolute(questionnaire, key)),
                    not_applicable: &not_applicable,
                };
                workings.write(sheet, row, result.map(|result| &result.dimensions[i]))?;
            }
            let points = result.and_then(|result| result.points);
            let cell = |key| RatingCell::of(questionnaire, layout, key);
            let failed = def.knock_outs.iter().filter_map(|own| {
                let cell = cell(*own.fields.get(column)?)?;
                let (count, points, below) = (cell.count(), cell.points(), own.below);
                Some(format!("AND({count}=1,{points}<{below})"))
            });
            let failed: Vec<String> = failed.collect();
            let open = def.knock_outs.iter().filter_map(|own| {
                let cell = cell(*own.fields.get(column)?)?;
                let applies = format!("SUMPRODUCT(({not_applicable}=TRIM({}))*1)=0", cell.address);
                Some(format!("AND({}=0,{applies})", cell.count()))
            });
            let open: Vec<String> = open.collect();
            let formula = points_formula(def, first, &failed, &open);
            sheet.write_formula(first, COLUMN_POINTS, (&formula, &cached(points)))?;
        }
    }
    sheet.setup().set_hidden(true).protect();
    Ok(())
}

/// Returns the cells with the words for "does not apply", and those with the words for "not yet known".
pub fn word_cells(questionnaire: &Questionnaire) -> [String; 2] {
    let lists = questionnaire.words.instead_of_values();
    let cells = |index: u16| {
        let column = column_letters(u32::from(COLUMN_WORDS + index));
        let last = FIRST_WORD + lists[usize::from(index)].len().max(1) as u32;
        let sheet = quoted(names::META_SHEET);
        format!("{sheet}!${column}${}:${column}${last}", FIRST_WORD + 1)
    };
    [cells(0), cells(1)]
}

/// Writes the ID and version of the questionnaire, the client and generation of an edition, and the note on the first
/// sheet.
fn write_identity(
    sheet: &mut Page,
    questionnaire: &Questionnaire,
    (edition, note): (Option<&Edition>, Option<&str>),
) -> Result<(), XlsxError> {
    sheet
        .write_string(0, 0, names::META_MARK)?
        .write_string(0, 1, &questionnaire.prompts.hidden_sheet)?
        .write_string(1, 0, "questionnaire")?
        .write_string(1, 1, &questionnaire.id)?
        .write_string(2, 0, "version")?
        .write_number(2, 1, questionnaire.version.into())?;
    if let Some(edition) = edition {
        let row = names::META_CLIENT_ROW;
        sheet
            .write_string(row, 0, "client")?
            .write_string(row, 1, &edition.client)?
            .write_string(row, 2, "generation")?
            .write_number(row, 3, edition.generation.into())?;
    }
    if let Some(note) = note {
        let column = names::META_NOTE_COLUMN as u16;
        sheet.write_string(names::META_CLIENT_ROW, column, note)?;
    }
    Ok(())
}

/// The cell that contains a rating.
struct RatingCell<'a> {
    address: String,
    scoring: &'a Scoring,
    /// The options of a list.
    options: &'a [String],
    /// What 1 of the field's unit is in the cell.
    unit: f64,
    /// Smallest and largest valid value, in the cell.
    least: f64,
    most: f64,
    weight: f64,
}

impl<'a> RatingCell<'a> {
    fn of(questionnaire: &'a Questionnaire, layout: &Layout, key: FieldKey) -> Option<Self> {
        let field = questionnaire.field(key);
        // A percentage is a share in its cell.
        let unit = if field.kind == Kind::Percent {
            0.01
        } else {
            1.0
        };
        Some(RatingCell {
            address: layout.absolute(questionnaire, key),
            scoring: field.scoring.as_ref()?,
            options: match field.kind {
                Kind::Choice { list } => &questionnaire.choices[list].options,
                _ => &[],
            },
            unit,
            least: field.range().0 * unit,
            most: field.range().1 * unit,
            weight: field.weight,
        })
    }

    /// Returns the formula for whether the cell has a valid value: 1 or 0.
    fn count(&self) -> String {
        let address = &self.address;
        match self.scoring {
            Scoring::Share { .. } => {
                let (least, most) = (self.least, self.most);
                format!("COUNTIFS({address},\">={least}\",{address},\"<={most}\")")
            }
            Scoring::Options(_) => {
                let options = self.options.iter();
                let options = options.map(|option| format!("{address}={}", literal(option)));
                let options: Vec<String> = options.collect();
                format!("IF(OR({}),1,0)", options.join(","))
            }
        }
    }

    /// Returns the formula for the points of the cell, 0 without a valid value.
    fn points(&self) -> String {
        let address = &self.address;
        match self.scoring {
            Scoring::Share { none, full, better } => {
                let (none, full) = (none * self.unit, full * self.unit);
                let (least, most) = (self.least, self.most);
                let sum = match full < most {
                    // A value beyond the full one counts as much.
                    true => format!("IF({}=1,MIN({address},{full}),0)", self.count()),
                    false => {
                        format!("SUMIFS({address},{address},\">={least}\",{address},\"<={most}\")")
                    }
                };
                let points = match (none == 0.0, full == FULL_POINTS) {
                    (true, true) => sum,
                    (true, false) => format!("{FULL_POINTS}*{sum}/{full}"),
                    (false, _) => {
                        let range = full - none;
                        format!("{FULL_POINTS}*({sum}-{none}*{})/{range}", self.count())
                    }
                };
                match better {
                    Better::High => points,
                    Better::Low => format!("({FULL_POINTS}*{}-{points})", self.count()),
                }
            }
            Scoring::Options(points) => {
                let options = self.options.iter().zip(points);
                let options = options
                    .map(|(option, points)| format!("{points}*({address}={})", literal(option)));
                let options: Vec<String> = options.collect();
                format!("({})", options.join("+"))
            }
        }
    }

    /// Multiplies a formula by the weight of the cell.
    fn weighted(&self, formula: String) -> String {
        match self.weight == 1.0 {
            true => formula,
            false => format!("{}*{formula}", self.weight),
        }
    }
}

/// Returns a text as a literal in a formula.
fn literal(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// The inputs for the formulas of a dimension.
struct Workings<'a> {
    cells: Vec<RatingCell<'a>>,
    /// The cell that excludes the dimension if its value is 0.
    zero: Option<String>,
    /// The cells with the words for "does not apply".
    not_applicable: &'a str,
}

impl Workings<'_> {
    fn write(
        &self,
        sheet: &mut Page,
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
            sheet.write_formula(row, column, (&formula, &result))?;
        }
        Ok(())
    }

    /// Returns the formula for the number of applicable ratings.
    fn applying(&self) -> String {
        let words = self.not_applicable;
        let cells = self.cells.iter();
        let not: Vec<String> = cells
            .map(|cell| format!("SUMPRODUCT(({words}=TRIM({}))*1)", cell.address))
            .collect();
        format!("={}-({})", self.cells.len(), not.join("+"))
    }

    /// Returns the formula for the number of ratings given.
    fn given(&self) -> String {
        let counts: Vec<String> = self.cells.iter().map(RatingCell::count).collect();
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
        let points = self.cells.iter().map(|cell| cell.weighted(cell.points()));
        let points: Vec<String> = points.collect();
        let (applies, given) = (at(COLUMN_APPLIES, row), at(COLUMN_GIVEN, row));
        let weights = match self.cells.iter().all(|cell| cell.weight == 1.0) {
            true => given.clone(),
            false => {
                let weights = self.cells.iter().map(|cell| cell.weighted(cell.count()));
                format!("({})", weights.collect::<Vec<String>>().join("+"))
            }
        };
        format!(
            "=IF({applies}=0,\"\",IF(2*{given}>={},({})/{weights},\"\"))",
            at(COLUMN_APPLYING, row),
            points.join("+"),
        )
    }
}

fn at(column: u16, row: u32) -> String {
    format!("{}{}", column_letters(u32::from(column)), row + 1)
}

/// Returns the formula for the points of a score. The result is empty if an applicable dimension has no mean, or if the
/// applicable dimensions have less than [`MIN_APPLICABLE_WEIGHT`] of the total weight. It is 0 if one of the formulas in
/// `failed` is true, else empty if one of those in `open` is.
fn points_formula(def: &ScoreDef, first: u32, failed: &[String], open: &[String]) -> String {
    let last = first + def.dimensions.len() as u32;
    let range = |column: u16| {
        let column = column_letters(u32::from(column));
        format!("${column}${}:${column}${last}", first + 1)
    };
    let weights = def.dimensions.iter().map(|dimension| dimension.weight);
    let unless = match failed {
        [] => String::new(),
        failed => format!("IF(OR({}),0,1)*", failed.join(",")),
    };
    let known = match open {
        [] => String::new(),
        open => format!("OR(OR({}),NOT(OR({}))),", failed.join(","), open.join(",")),
    };
    format!(
        "=IF(AND({known}SUMPRODUCT({weight},{applies})>={least},COUNT({mean})=SUM({applies})),{unless}{out_of}*SUMPRODUCT({weight},{mean})/(10*SUMPRODUCT({weight},{applies})),\"\")",
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
