//! The hidden sheet: whose workbook this is, and the workings of the live scores with their true results.
//!
//! A row a dimension of a score: weight, ratings that apply, ratings given, whether it applies, mean. A score's points stand
//! in the first row of its dimensions. The rules are those of [`crate::score`], which recomputes them and trusts no cell.

use rust_xlsxwriter::{Formula, Worksheet, XlsxError};

use crate::excel::{column_letters, quoted};
use crate::questionnaire::{FieldKey, Questionnaire};
use crate::score::{LEAST_WEIGHT, Scorecard};
use crate::sheet_map::Edition;
use crate::sheet_map::Layout;
use crate::sheet_map::names;

const COLUMN_APPLYING: u16 = 4;
const COLUMN_GIVEN: u16 = 5;
const COLUMN_APPLIES: u16 = 6;
const COLUMN_MEAN: u16 = 7;
const COLUMN_POINTS: u16 = 8;

pub fn write(
    sheet: &mut Worksheet,
    questionnaire: &Questionnaire,
    layout: &Layout,
    scorecard: &Scorecard,
    edition: Option<&Edition>,
) -> Result<(), XlsxError> {
    // A formula without a result shows nothing, not 0.
    sheet.set_formula_result_default("");
    sheet.set_name(names::META_SHEET)?.set_hidden(true);
    sheet.write_string(0, 0, names::META_MARK)?.write_string(
        0,
        1,
        "This sheet tells which questions these are and works out the scores. Please leave it.",
    )?;
    sheet
        .write_string(1, 0, "questionnaire")?
        .write_string(1, 1, &questionnaire.id)?;
    sheet
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
    for (column, heading) in [
        "score",
        "subject",
        "dimension",
        "weight",
        "ratings that apply",
        "ratings given",
        "applies",
        "mean",
        "points",
    ]
    .iter()
    .enumerate()
    {
        sheet.write_string(4, column as u16, *heading)?;
    }
    for (score_index, score) in questionnaire.scores.iter().enumerate() {
        for (subject_index, subject) in score.subjects.iter().enumerate() {
            let first = layout.workings[score_index][subject_index];
            let last = first + score.dimensions.len() as u32 - 1;
            let result = scorecard.scores[score_index]
                .subjects
                .iter()
                .find(|result| result.column == subject_index);
            for (i, dimension) in score.dimensions.iter().enumerate() {
                let row = first + i as u32;
                let scored = result.map(|result| &result.dimensions[i]);
                sheet
                    .write_string(row, 0, &score.id)?
                    .write_string(row, 1, &subject.label)?
                    .write_string(row, 2, &dimension.id)?
                    .write_number(row, 3, dimension.weight)?;
                let cells: Vec<(String, bool)> = dimension.ratings[subject_index]
                    .iter()
                    .map(|key| {
                        (
                            layout.absolute(questionnaire, *key),
                            is_low(questionnaire, *key),
                        )
                    })
                    .collect();
                let applying = scored.map_or(cells.len(), |dimension| dimension.expected);
                let given = scored.map_or(0, |dimension| dimension.answered);
                let applies = scored.is_none_or(|dimension| dimension.applies);
                let mean = scored.and_then(|dimension| dimension.mean);
                let words = questionnaire.words.not_applicable().replace('"', "\"\"");
                let not_applicable: Vec<String> = cells
                    .iter()
                    .map(|(cell, _)| format!("({cell}=\"{words}\")"))
                    .collect();
                let counts: Vec<String> = cells
                    .iter()
                    .map(|(cell, _)| format!("COUNTIFS({cell},\">=0\",{cell},\"<=10\")"))
                    .collect();
                let sums: Vec<String> = cells
                    .iter()
                    .map(|(cell, low)| {
                        let sum = format!("SUMIFS({cell},{cell},\">=0\",{cell},\"<=10\")");
                        if *low {
                            format!("10*COUNTIFS({cell},\">=0\",{cell},\"<=10\")-{sum}")
                        } else {
                            sum
                        }
                    })
                    .collect();
                let at = |column: u16| format!("{}{}", column_letters(u32::from(column)), row + 1);
                let zero = dimension
                    .not_when_zero
                    .map(|key| layout.absolute(questionnaire, key));
                let applies_formula = match zero {
                    Some(zero) => format!(
                        "=IF(OR({}=0,AND(ISNUMBER({zero}),{zero}=0)),0,1)",
                        at(COLUMN_APPLYING)
                    ),
                    None => format!("=IF({}=0,0,1)", at(COLUMN_APPLYING)),
                };
                let formula = |sheet: &mut Worksheet,
                               column: u16,
                               text: String,
                               result: String|
                 -> Result<(), XlsxError> {
                    sheet
                        .write_formula(row, column, Formula::new(text).set_result(result))
                        .map(|_| ())
                };
                formula(
                    sheet,
                    COLUMN_APPLYING,
                    format!("={}-({})", cells.len(), not_applicable.join("+")),
                    applying.to_string(),
                )?;
                formula(
                    sheet,
                    COLUMN_GIVEN,
                    format!("={}", counts.join("+")),
                    given.to_string(),
                )?;
                formula(
                    sheet,
                    COLUMN_APPLIES,
                    applies_formula,
                    u8::from(applies).to_string(),
                )?;
                let mean_formula = format!(
                    "=IF({}=0,\"\",IF(2*{}>={},({})/{},\"\"))",
                    at(COLUMN_APPLIES),
                    at(COLUMN_GIVEN),
                    at(COLUMN_APPLYING),
                    sums.join("+"),
                    at(COLUMN_GIVEN)
                );
                formula(sheet, COLUMN_MEAN, mean_formula, cached(mean))?;
            }
            let range = |column: u16| {
                format!(
                    "${0}${1}:${0}${2}",
                    column_letters(u32::from(column)),
                    first + 1,
                    last + 1
                )
            };
            let points = format!(
                "=IF(AND(SUMPRODUCT({weight},{applies})>={least},COUNT({mean})=SUM({applies})),{out_of}*SUMPRODUCT({weight},{mean})/(10*SUMPRODUCT({weight},{applies})),\"\")",
                applies = range(COLUMN_APPLIES),
                mean = range(COLUMN_MEAN),
                weight = range(3),
                out_of = score.out_of,
                least = LEAST_WEIGHT
                    * score
                        .dimensions
                        .iter()
                        .map(|dimension| dimension.weight)
                        .sum::<f64>(),
            );
            sheet.write_formula(
                first,
                COLUMN_POINTS,
                Formula::new(points).set_result(cached(result.and_then(|result| result.points))),
            )?;
        }
    }
    sheet.protect();
    Ok(())
}

fn is_low(questionnaire: &Questionnaire, key: FieldKey) -> bool {
    questionnaire.field(key).kind.is_inverted()
}

/// A result as a cell caches it; empty where there is none.
pub fn cached(value: Option<f64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// Where the points of a score's subject stand.
pub fn points_cell(layout: &Layout, score: usize, subject: usize) -> Option<String> {
    let row = layout.workings.get(score)?.get(subject)?;
    Some(format!(
        "{}!${}${}",
        quoted(names::META_SHEET),
        column_letters(u32::from(COLUMN_POINTS)),
        row + 1
    ))
}
