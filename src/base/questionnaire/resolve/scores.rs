//! Resolves `scores.toml` to typed definitions of scores and return on investment.

use super::Names;
use super::names::find_section;
use super::sanity::check_bands;
use crate::questionnaire::diagnostic::{Reported, Source, did_you_mean};
use crate::questionnaire::raw::{
    DimensionRaw, FinanceRaw, KnockOutRaw, Name, ScoreRaw, ScoresFile, ShareRaw,
};
use crate::questionnaire::*;

/// Tolerance for the sum of a score's weights, which must be 100.
const WEIGHT_TOLERANCE: f64 = 1e-6;

/// Resolves the scores and reports problems. Duplicate scores and scores with unknown subjects are skipped.
pub(super) fn resolve(
    source: &Source,
    file: &ScoresFile,
    sheets: &[Worksheet],
    fields: &[Field],
    names: &Names,
) -> Vec<ScoreDef> {
    let context = Context {
        source,
        sheets,
        fields,
        names: *names,
    };
    let mut defs: Vec<ScoreDef> = Vec::new();
    for raw in &file.score {
        if defs.iter().any(|def| def.id == *raw.id.get_ref()) {
            let message = format!("the score \"{}\" is defined twice", raw.id.get_ref());
            source.error_in(raw.id.span(), message, None);
        } else if let Ok(def) = context.score(raw) {
            defs.push(def);
        }
    }
    defs
}

/// Sets the score of calculated fields. `computed` contains the index of the field, its sheet, and the name of the
/// score.
pub(super) fn link_computed<'s>(
    fields: &mut [Field],
    computed: Vec<(usize, usize, Name)>,
    scores: &[ScoreDef],
    source_of: impl Fn(usize) -> &'s Source,
) {
    for (key, sheet, name) in computed {
        if let Ok(score) = find_score(source_of(sheet), scores, &name) {
            fields[key].kind = Kind::ComputedScore { score };
        }
    }
}

/// Returns the index of the score with this ID. Reports an error if it does not exist.
pub(super) fn find_score(
    source: &Source,
    scores: &[ScoreDef],
    name: &Name,
) -> Result<usize, Reported> {
    let ids = || scores.iter().map(|def| def.id.as_str());
    ids().position(|id| id == name.get_ref()).ok_or_else(|| {
        let message = format!("there is no score \"{}\"", name.get_ref());
        source.error_in(name.span(), message, did_you_mean(name.get_ref(), ids()))
    })
}

/// The definitions that scores refer to.
struct Context<'a> {
    source: &'a Source,
    sheets: &'a [Worksheet],
    fields: &'a [Field],
    names: Names<'a>,
}

impl Context<'_> {
    fn score(&self, raw: &ScoreRaw) -> Result<ScoreDef, Reported> {
        self.check_weights(raw);
        check_bands(self.source, &raw.bands, raw.out_of);
        let subjects = self.subjects(raw)?;
        let all = raw.dimensions.iter();
        let all = all.flat_map(|own| own.section.iter().chain(&own.sections));
        let mut seen: Vec<&str> = Vec::new();
        for name in all {
            if seen.contains(&name.get_ref().as_str()) {
                let message = format!("\"{}\" counts twice in this score", name.get_ref());
                self.source.warn_in(name.span(), message);
            }
            seen.push(name.get_ref());
        }
        let dimensions = raw.dimensions.iter();
        let dimensions = dimensions
            .filter_map(|dimension| self.dimension(dimension, subjects.len()).ok())
            .collect();
        for (index, own) in raw.dimensions.iter().enumerate() {
            if raw.dimensions[..index]
                .iter()
                .any(|other| other.id == own.id)
            {
                let message = format!("the dimension \"{}\" is defined twice", own.id);
                self.source.error_in(raw.id.span(), message, None);
            }
        }
        let knock_outs = raw.knock_out.iter();
        let knock_outs = knock_outs
            .filter_map(|own| self.knock_out(own, subjects.len()).ok())
            .collect();
        Ok(ScoreDef {
            knock_outs,
            id: raw.id.get_ref().clone(),
            label: raw.label.clone(),
            out_of: raw.out_of,
            // Differences of 0.1 are rarely equal in floating point.
            level: raw.level + EXACT,
            narrow: raw.narrow.max(raw.level) - EXACT,
            bands: raw.bands.clone(),
            dimensions,
            subjects,
            ranked: raw.subjects.is_some(),
        })
    }

    fn knock_out(&self, raw: &KnockOutRaw, subjects: usize) -> Result<KnockOutDef, Reported> {
        let (_, row) = self.names.row(self.source, self.sheets, &raw.row)?;
        let fields: Vec<FieldKey> = row.cells.iter().copied().take(subjects).collect();
        let error = |message: &str| Err(self.source.error_in(raw.row.span(), message, None));
        let is_scored = |key: &FieldKey| self.fields[key.0].scoring.is_some();
        if fields.len() < subjects {
            return error("the row has fewer columns than the score has subjects");
        }
        if !fields.iter().all(is_scored) {
            return error(
                "the question does not count in scores: it has neither rating, nor `full`, nor `points`",
            );
        }
        if !(raw.below > 0.0 && raw.below <= FULL_POINTS) {
            return error("`below` is a number of points above 0, up to 10");
        }
        Ok(KnockOutDef {
            fields,
            below: raw.below,
        })
    }

    fn check_weights(&self, raw: &ScoreRaw) {
        let weights = || raw.dimensions.iter().map(|dimension| dimension.weight);
        let sum: f64 = weights().sum();
        if (sum - 100.0).abs() > WEIGHT_TOLERANCE {
            let id = raw.id.get_ref();
            let weights: Vec<String> = weights().map(|weight| weight.to_string()).collect();
            let weights = weights.join(" + ");
            let message = format!(
                "the weights of the score \"{id}\" add up to {sum} instead of 100: {weights}"
            );
            self.source.error_in(raw.id.span(), message, None);
        }
        let is_positive = raw.out_of.is_finite() && raw.out_of > 0.0;
        if !is_positive || weights().any(|weight| weight < 0.0) {
            let message = "`out_of` must be above 0, and no weight below 0";
            self.source.error_in(raw.id.span(), message, None);
        }
    }

    /// Returns the candidates, or the client as the only subject.
    fn subjects(&self, raw: &ScoreRaw) -> Result<Vec<SubjectDef>, Reported> {
        let Some(subjects) = &raw.subjects else {
            return Ok(vec![SubjectDef {
                label: String::new(),
                name: None,
                kind: None,
            }]);
        };
        let row = |name| self.names.row(self.source, self.sheets, name);
        let (section, names) = row(&subjects.name)?;
        let kinds = subjects.kind.as_ref().map(row).transpose()?;
        let columns = section.columns.iter().enumerate();
        Ok(columns
            .map(|(i, column)| SubjectDef {
                label: column.label.clone(),
                name: names.cells.get(i).copied(),
                kind: kinds.and_then(|(_, row)| row.cells.get(i).copied()),
            })
            .collect())
    }

    fn dimension(&self, raw: &DimensionRaw, subjects: usize) -> Result<DimensionDef, Reported> {
        let names: Vec<&Name> = raw.section.iter().chain(&raw.sections).collect();
        let Some(first) = names.first() else {
            let message = format!("the dimension \"{}\" needs a section", raw.id);
            return Err(self.source.error_at_text(&raw.id, message));
        };
        let sections = names
            .iter()
            .map(|name| find_section(self.source, self.sheets, name));
        let sections = sections.collect::<Result<Vec<&Section>, Reported>>()?;
        let error = |message| Err(self.source.error_in(first.span(), message, None));
        if let Some(narrow) = sections.iter().find(|own| own.columns.len() < subjects) {
            return error(format!(
                "\"{}\" has fewer columns than the score has subjects",
                narrow.id
            ));
        }
        let is_rating = |key: &FieldKey| self.fields[key.0].scoring.is_some();
        let ratings = (0..subjects).map(|subject| {
            let cells = sections.iter().flat_map(|section| &section.rows);
            let cells = cells.filter_map(|row| row.cells.get(subject).copied());
            cells.filter(is_rating).collect()
        });
        let ratings: Vec<Vec<FieldKey>> = ratings.collect();
        if ratings.iter().any(Vec::is_empty) {
            return error(format!(
                "\"{}\" has no question that counts in a score: a rating, a number with `full`, or a choice with `points`",
                first.get_ref()
            ));
        }
        let not_when_zero = self.names.optional(self.source, &raw.not_when_zero)?;
        if let (Some(key), Some(name)) = (not_when_zero, &raw.not_when_zero) {
            self.check_can_be_zero(key, name)?;
        }
        Ok(DimensionDef {
            id: raw.id.clone(),
            label: raw.label.clone(),
            weight: raw.weight,
            ratings,
            not_when_zero,
        })
    }

    /// Checks that the field that decides whether a dimension applies is a number that can be 0.
    fn check_can_be_zero(&self, key: FieldKey, name: &Name) -> Result<(), Reported> {
        let field = &self.fields[key.0];
        match field.kind {
            Kind::Count { .. } | Kind::Quantity { .. } | Kind::Money { .. } => Ok(()),
            _ => {
                let message = format!("\"{}\" is not a number that can be 0", field.id);
                Err(self.source.error_in(name.span(), message, None))
            }
        }
    }
}

/// Resolves return on investment and reports problems. Returns `None` if the questionnaire does not define it.
pub(super) fn resolve_finance(
    source: &Source,
    raw: Option<FinanceRaw>,
    names: &Names,
    months_per_unit: impl Fn(FieldKey) -> Option<f64>,
) -> Option<FinanceDef> {
    let measured = |name: &Name| {
        let key = names.key(source, name)?;
        match months_per_unit(key) {
            Some(months) => Ok(Measured { key, months }),
            None => {
                let message = format!("\"{}\" cannot be converted to months", name.get_ref());
                let help = "An amount needs the key `per`. A time needs the unit of a month, which `month_unit` in questionnaire.toml names, or a [[conversion]] to it";
                Err(source.error_in(name.span(), message, Some(help.to_owned())))
            }
        }
    };
    let raw = raw?;
    if let Some(name) = &raw.one_time {
        let key = names.key(source, name).ok()?;
        if months_per_unit(key).is_some() {
            let message = format!("\"{}\" is an amount per period, or a time", name.get_ref());
            let help = "What is invested once has no period".to_owned();
            source.error_in(name.span(), message, Some(help));
        }
    }
    // With a placeholder, what uses the return or the cost is still checked. The error prevents that it is used.
    let placeholder = Measured {
        key: FieldKey(0),
        months: 1.0,
    };
    Some(
        some_finance(source, raw, names, measured).unwrap_or(FinanceDef {
            investment: placeholder,
            returns: placeholder,
            entered_roi: None,
            entered_payback: None,
            parts: Vec::new(),
            fast: Vec::new(),
            slow: Vec::new(),
            delay: None,
            baseline: None,
            one_time: None,
            ramp: Vec::new(),
            horizon_months: 1,
        }),
    )
}

fn some_finance(
    source: &Source,
    raw: FinanceRaw,
    names: &Names,
    measured: impl Fn(&Name) -> Result<Measured, Reported>,
) -> Result<FinanceDef, Reported> {
    let optional = |name: &Option<Name>| name.as_ref().map(&measured).transpose();
    let shares = ramp(source, &raw.ramp)?;
    let other = |raw: &Option<Vec<ShareRaw>>| match raw {
        Some(steps) => ramp(source, steps),
        None => Ok(shares.clone()),
    };
    if shares.is_empty() || !(1..=600).contains(&raw.horizon_months) {
        return Err(source.error_at_text(
            "ramp",
            "a ramp has at least one share, and the horizon is 1 to 600 months",
        ));
    }
    let one_time = names.optional(source, &raw.one_time)?;
    Ok(FinanceDef {
        investment: measured(&raw.investment)?,
        returns: measured(&raw.r#return)?,
        entered_roi: names.optional(source, &raw.entered_roi)?,
        entered_payback: optional(&raw.entered_payback)?,
        parts: names.all(source, &raw.parts)?,
        fast: other(&raw.fast)?,
        slow: other(&raw.slow)?,
        delay: optional(&raw.delay)?,
        baseline: optional(&raw.baseline)?,
        one_time,
        ramp: shares,
        horizon_months: raw.horizon_months,
    })
}

/// Parses the shares of a ramp.
fn ramp(source: &Source, steps: &[ShareRaw]) -> Result<Vec<f64>, Reported> {
    let step = |step: &ShareRaw| {
        let (value, text) = match step {
            ShareRaw::Number(value) => (Some(*value), value.to_string()),
            ShareRaw::Text(text) => (share(text), text.clone()),
        };
        value
            .filter(|value| (0.0..=1.0).contains(value))
            .ok_or_else(|| {
                let message = format!("\"{text}\" is not a share from 0 to 1, such as \"1/3\"");
                source.error_in(source.find(&text), message, None)
            })
    };
    steps.iter().map(step).collect()
}

/// Parses a share that is written as a decimal or a fraction.
fn share(text: &str) -> Option<f64> {
    let number = |text: &str| text.trim().parse::<f64>().ok();
    match text.split_once('/') {
        Some((above, below)) => Some(number(above)? / number(below)?),
        None => number(text),
    }
}
