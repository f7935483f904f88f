//! From what was typed beside a number to the field's own unit, period and currency.

use super::affixes::Affixes;
use super::digits::clean;
use super::problem::Problem;
use super::{Context, ParseNote};
use crate::questionnaire::{Currency, Kind, Questionnaire};

/// Scales that ratings are given on instead of the one from 0 to 10.
const SCALED: [f64; 3] = [5.0, 20.0, 100.0];

/// Brings the value into the field's unit, and says what was assumed.
pub(super) fn convert(
    context: &Context,
    around: &Affixes,
    value: &mut f64,
) -> Result<Option<ParseNote>, Problem> {
    let kind = &context.field.kind;
    let mut note = percentage(context, around, value)?;
    if let Some(scaled) = out_of(kind, around, value)? {
        note = Some(scaled);
    }
    if around.to_one && *kind != Kind::Ratio {
        return Err(Problem::Ratio);
    }
    if around.times && !matches!(kind, Kind::Multiple | Kind::Ratio) {
        return Err(Problem::Factor);
    }
    if let (Kind::Quantity { unit: asked }, Some(given)) = (kind, around.unit)
        && given != *asked
    {
        note = Some(unit(context.questionnaire, [given, *asked], value)?);
    }
    if let Some(given) = around.period {
        note = period(context, given, value)?.or(note);
    }
    if !around.currencies.is_empty() {
        if !matches!(kind, Kind::Money { .. }) {
            return Err(Problem::Money);
        }
        let other = other_currency(context, &around.currencies);
        note = other.map(ParseNote::Guess).or(note);
    }
    Ok(note)
}

/// Reads a percentage as a factor where one is asked for, and a plain number as a percentage.
fn percentage(
    context: &Context,
    around: &Affixes,
    value: &mut f64,
) -> Result<Option<ParseNote>, Problem> {
    match context.field.kind {
        Kind::Multiple | Kind::Ratio if around.percent => {
            *value = clean(*value / 100.0);
            let how = "a percentage turned into a factor";
            Ok(Some(ParseNote::Guess(how.into())))
        }
        Kind::Percent if around.percent => Ok(None),
        Kind::Percent => {
            let (read, how) = super::percent::read(context, *value);
            *value = read;
            Ok(how)
        }
        Kind::Share => Ok(None),
        _ if around.percent => Err(Problem::Percentage),
        _ => Ok(None),
    }
}

/// Scales a rating that is given out of another number than 10.
fn out_of(kind: &Kind, around: &Affixes, value: &mut f64) -> Result<Option<ParseNote>, Problem> {
    match (kind, around.out_of) {
        (Kind::Rating { .. }, Some(10.0)) => Ok(None),
        (Kind::Rating { .. }, Some(base)) if SCALED.contains(&base) && *value <= base => {
            *value = clean(*value * 10.0 / base);
            let how = format!("scaled from {base} to 10");
            Ok(Some(ParseNote::Guess(how)))
        }
        (Kind::Share, Some(100.0)) => Ok(None),
        (_, Some(_)) => Err(Problem::Fraction),
        (_, None) => Ok(None),
    }
}

/// Converts a quantity from the unit that is given to the one that is asked for.
fn unit(
    questionnaire: &Questionnaire,
    [given, asked]: [usize; 2],
    value: &mut f64,
) -> Result<ParseNote, Problem> {
    let (given, asked) = (&questionnaire.units[given].0, &questionnaire.units[asked].0);
    let known = questionnaire.conversions.iter().find_map(|conversion| {
        let factor = if conversion.from == *given && conversion.to == *asked {
            conversion.factor
        } else if conversion.from == *asked && conversion.to == *given {
            1.0 / conversion.factor
        } else {
            return None;
        };
        Some((factor, conversion.roughly))
    });
    let (factor, roughly) = known.ok_or_else(|| Problem::Unit {
        given: given.clone(),
        asked: asked.clone(),
    })?;
    *value = clean(*value * factor);
    let how = format!("{given} turned into {asked}");
    if !roughly {
        return Ok(ParseNote::Note(how));
    }
    // One decimal is as precise as a rough conversion can be.
    *value = (*value * 10.0).round() / 10.0;
    Ok(ParseNote::Guess(how))
}

/// Converts an amount or a count from the period that is given to the one that is asked for.
fn period(context: &Context, given: usize, value: &mut f64) -> Result<Option<ParseNote>, Problem> {
    let periods = &context.questionnaire.periods;
    match context.field.kind {
        Kind::Money { per: Some(asked) } | Kind::Count { per: Some(asked) } if asked == given => {
            Ok(None)
        }
        Kind::Money { per: Some(asked) } | Kind::Count { per: Some(asked) } => {
            let (from, to) = (&periods[given], &periods[asked]);
            *value = clean(*value * to.months / from.months);
            let how = format!("turned from per {} into per {}", from.id, to.id);
            Ok(Some(ParseNote::Guess(how)))
        }
        _ => Err(Problem::PerPeriod(periods[given].id.clone())),
    }
}

/// What is to be said where an amount is in another currency than the client's. A dollar sign serves every kind of dollar.
pub(super) fn other_currency(context: &Context, typed: &[usize]) -> Option<String> {
    let currencies = &context.questionnaire.currencies;
    let own = &currencies[context.currency?];
    let first = &currencies[*typed.first()?];
    if typed
        .iter()
        .any(|index| currencies[*index].code == own.code)
    {
        return None;
    }
    let sign = |currency: &Currency| {
        let last = currency.symbol.chars().last();
        last.filter(|sign| !sign.is_alphanumeric() && !sign.is_whitespace())
    };
    if sign(first).is_some() && sign(first) == sign(own) {
        return None;
    }
    Some(format!(
        "taken as {}, though it is given in {}",
        own.code, first.code
    ))
}
