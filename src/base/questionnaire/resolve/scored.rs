//! Resolves the scores and the financial calculation, and links calculated fields to their scores.

use super::basis::Basis;
use super::words::Vocabulary;
use super::{sanity, scores};
use crate::questionnaire::diagnostic::{Problems, Reported, Source};
use crate::questionnaire::files::Parsed;
use crate::questionnaire::raw::{QuestionnaireFile, ScoresFile};
use crate::questionnaire::*;

/// ID of the unit in which payback is counted, unless the questionnaire names another.
const MONTHS: &str = "months";

/// The definitions that answers are judged by.
pub(super) struct Scored {
    pub scores: Vec<ScoreDef>,
    pub finance: Option<FinanceDef>,
}

impl Scored {
    /// Resolves the scores. `sheets` are the files of the worksheets, in order.
    pub fn resolve(
        source: &Source,
        file: &QuestionnaireFile,
        sheets: &[&Source],
        basis: &mut Basis,
        raw: Parsed<ScoresFile>,
        problems: &Problems,
    ) -> Result<Self, Reported> {
        let Parsed {
            source: scores_source,
            content,
        } = raw;
        let names = basis.names();
        let (worksheets, fields) = (&basis.worksheets, &basis.fields);
        let scores = scores::resolve(&scores_source, &content, worksheets, fields, &names);
        sanity::check_labels(source, worksheets, fields, (&scores_source, &scores));
        // What refers to a score that cannot be resolved would only add misleading errors.
        if scores.len() < content.score.len() {
            problems.errors().map_err(|_| Reported)?;
        }
        let source_of = |sheet: usize| match sheet {
            0 => source,
            sheet => sheets[sheet - 1],
        };
        let computed = std::mem::take(&mut basis.computed);
        scores::link_computed(&mut basis.fields, computed, &scores, source_of);
        let month = month_unit(source, file, &basis.vocabulary);
        let months = |key: FieldKey| {
            let field = &basis.fields[key.0];
            months_per_unit(field, &basis.vocabulary, &file.conversion, month)
        };
        let names = basis.names();
        let finance = scores::resolve_finance(&scores_source, content.finance, &names, months);
        Ok(Self { scores, finance })
    }
}

/// Returns the ID of the unit in which payback is counted. Reports one that does not exist.
fn month_unit<'a>(
    source: &Source,
    file: &'a QuestionnaireFile,
    vocabulary: &Vocabulary,
) -> &'a str {
    match &file.month_unit {
        Some(name) if vocabulary.check_unit(source, name) => name.get_ref(),
        _ => MONTHS,
    }
}

/// Returns the number of months in the period of an amount, or in the unit of a time. `None` for other fields.
fn months_per_unit(
    field: &Field,
    vocabulary: &Vocabulary,
    conversions: &[Conversion],
    month: &str,
) -> Option<f64> {
    let unit = match field.kind {
        Kind::Money { per: Some(period) } => return Some(vocabulary.periods[period].months),
        Kind::Quantity { unit } => unit,
        _ => return None,
    };
    let unit = vocabulary.units[unit].0.as_str();
    if unit == month {
        return Some(1.0);
    }
    let mut conversions = conversions.iter();
    conversions.find_map(|own| match (own.from.as_str(), own.to.as_str()) {
        (from, to) if from == month && to == unit => Some(1.0 / own.factor),
        (from, to) if to == month && from == unit => Some(own.factor),
        _ => None,
    })
}
