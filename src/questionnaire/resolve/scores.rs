//! Scores and the return on investment: from the words of `scores.toml` to typed definitions.

use super::{Names, check_bands, find_section};
use crate::questionnaire::diagnostic::{Reported, Source};
use crate::questionnaire::raw::{DimensionRaw, FinanceRaw, ScoreRaw, ScoresFile};
use crate::questionnaire::*;

/// Weights of a score must add up to 100 within this.
const WEIGHT_TOLERANCE: f64 = 1e-6;

pub(super) fn resolve_scores(
    source: &Source,
    file: &ScoresFile,
    sheets: &[Worksheet],
    fields: &[Field],
    names: &Names,
) -> Vec<ScoreDef> {
    let mut defs: Vec<ScoreDef> = Vec::new();
    for raw in &file.score {
        if let Ok(def) = resolve_score(source, raw, sheets, fields, names, &defs) {
            defs.push(def);
        }
    }
    defs
}

fn resolve_score(
    source: &Source,
    raw: &ScoreRaw,
    sheets: &[Worksheet],
    fields: &[Field],
    names: &Names,
    defs: &[ScoreDef],
) -> Result<ScoreDef, Reported> {
    let at = raw.id.span().start;
    if defs.iter().any(|def| def.id == *raw.id.get_ref()) {
        return Err(source.error_at(
            at,
            format!("the score \"{}\" is defined twice", raw.id.get_ref()),
        ));
    }
    let sum: f64 = raw
        .dimensions
        .iter()
        .map(|dimension| dimension.weight)
        .sum();
    if (sum - 100.0).abs() > WEIGHT_TOLERANCE {
        let id = raw.id.get_ref();
        let message = format!("the weights of the score \"{id}\" add up to {sum} instead of 100");
        source.error_in(raw.id.span(), message, None);
    }
    if !(raw.out_of.is_finite() && raw.out_of > 0.0)
        || raw
            .dimensions
            .iter()
            .any(|dimension| dimension.weight < 0.0)
    {
        let message = "`out_of` must be above 0, and no weight below 0";
        source.error_in(raw.id.span(), message, None);
    }
    check_bands(source, &raw.bands, raw.out_of);
    let subjects = match &raw.subjects {
        None => vec![SubjectDef {
            label: String::new(),
            name: None,
            kind: None,
        }],
        Some(subjects) => {
            let (section, row) = names.row(source, sheets, &subjects.name)?;
            let kinds = subjects
                .kind
                .as_ref()
                .map(|kind| names.row(source, sheets, kind))
                .transpose()?;
            section
                .columns
                .iter()
                .enumerate()
                .map(|(i, column)| SubjectDef {
                    label: column.label.clone(),
                    name: row.cells.get(i).copied(),
                    kind: kinds.and_then(|(_, row)| row.cells.get(i).copied()),
                })
                .collect()
        }
    };
    let mut dimensions = Vec::new();
    for dimension in &raw.dimensions {
        let Ok(section) = find_section(source, sheets, &dimension.section) else {
            continue;
        };
        if section.columns.len() < subjects.len() {
            source.error_in(
                dimension.section.span(),
                format!(
                    "\"{}\" has fewer columns than the score has subjects",
                    section.id
                ),
                None,
            );
            continue;
        }
        let ratings: Vec<Vec<FieldKey>> = (0..subjects.len())
            .map(|i| {
                section
                    .rows
                    .iter()
                    .filter_map(|row| row.cells.get(i).copied())
                    .filter(|key| matches!(fields[key.0].kind, Kind::Rating { .. }))
                    .collect()
            })
            .collect();
        if ratings.iter().any(Vec::is_empty) {
            source.error_in(
                dimension.section.span(),
                format!("\"{}\" has no rating", section.id),
                None,
            );
            continue;
        }
        dimensions.push(DimensionDef {
            id: dimension.id.clone(),
            label: dimension.label.clone(),
            weight: dimension.weight,
            ratings,
            not_when_zero: names
                .optional(source, &dimension.not_when_zero)?
                .filter(|key| is_count(source, dimension, &fields[key.0])),
        });
    }
    Ok(ScoreDef {
        id: raw.id.get_ref().clone(),
        label: raw.label.clone(),
        out_of: raw.out_of,
        // Two differences of 0.1 are seldom equal as binary fractions.
        level: raw.level + EXACT,
        bands: raw.bands.clone(),
        dimensions,
        subjects,
        ranked: raw.subjects.is_some(),
    })
}

pub(super) fn resolve_finance(
    source: &Source,
    raw: Option<FinanceRaw>,
    names: &Names,
) -> Option<FinanceDef> {
    resolve_some_finance(source, raw?, names).ok()
}

/// Whether the field that decides if a dimension applies is a number. Reports it if it is not.
fn is_count(source: &Source, dimension: &DimensionRaw, field: &Field) -> bool {
    let is_count = matches!(
        field.kind,
        Kind::Count { .. } | Kind::Quantity { .. } | Kind::Money { .. }
    );
    if let (false, Some(name)) = (is_count, &dimension.not_when_zero) {
        let message = format!("\"{}\" is not a number that can be 0", field.id);
        source.error_in(name.span(), message, None);
    }
    is_count
}

fn resolve_some_finance(
    source: &Source,
    raw: FinanceRaw,
    names: &Names,
) -> Result<FinanceDef, Reported> {
    let mut ramp = Vec::new();
    for step in &raw.ramp {
        let text = step.get_ref();
        let share = match text.split_once('/') {
            Some((above, below)) => above
                .trim()
                .parse::<f64>()
                .ok()
                .zip(below.trim().parse::<f64>().ok())
                .map(|(a, b)| a / b),
            None => text.trim().parse().ok(),
        };
        match share {
            Some(share) if (0.0..=1.0).contains(&share) => ramp.push(share),
            _ => {
                return Err(source.error_at(
                    step.span().start,
                    format!("\"{text}\" is not a share from 0 to 1, such as \"1/3\""),
                ));
            }
        }
    }
    if ramp.is_empty() || !(1..=600).contains(&raw.horizon_months) {
        return Err(source.error_at_text(
            "ramp",
            "a ramp has at least one share, and the horizon is 1 to 600 months",
        ));
    }
    Ok(FinanceDef {
        investment: names.key(source, &raw.investment)?,
        returns: names.key(source, &raw.r#return)?,
        stated_roi: names.optional(source, &raw.stated_roi)?,
        stated_payback: names.optional(source, &raw.stated_payback)?,
        parts: names.all(source, &raw.parts)?,
        ramp,
        ramp_words: raw.ramp.iter().map(|step| step.get_ref().clone()).collect(),
        horizon_months: raw.horizon_months,
    })
}
