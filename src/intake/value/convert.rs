//! Converts a number to the unit, period, and scale of its field, and checks its currency.

use super::affixes::Affixes;
use super::digits::clean;
use super::problem::Problem;
use super::{Context, ParseNote};
use crate::questionnaire::{Currency, Kind, Questionnaire};
use crate::text::fill;

/// Maximums of the usual rating scales, which are converted to the scale of the field.
const SCALES: [f64; 4] = [5.0, 10.0, 20.0, 100.0];

/// Converts the value to the unit of the field. Returns a note on the conversion, if any.
///
/// # Errors
/// Returns an error if the field does not support the percentage, scale, ratio, factor, unit, period, or currency.
pub(super) fn convert(
    context: &Context,
    around: &Affixes,
    value: &mut f64,
) -> Result<Option<ParseNote>, Problem> {
    let kind = &context.field.kind;
    let mut note = percentage(context, around, value)?;
    if let Some(scaled) = out_of(context, around, value)? {
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
        let other = other_currency(context, &around.currencies, &around.currency_word);
        note = other.map(ParseNote::Guess).or(note);
    }
    Ok(note)
}

/// Converts a percentage to a factor if the field expects a factor. Reads a plain number as a percentage if the field
/// expects a percentage.
fn percentage(
    context: &Context,
    around: &Affixes,
    value: &mut f64,
) -> Result<Option<ParseNote>, Problem> {
    match context.field.kind {
        Kind::Multiple | Kind::Ratio if around.percent => {
            *value = clean(*value / 100.0);
            let texts = &context.questionnaire.issue_texts.reading;
            Ok(Some(ParseNote::Guess(texts.percent_as_factor.clone())))
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

/// Scales a rating with another maximum than its field has. In a share, only "out of 100" is valid.
fn out_of(
    context: &Context,
    around: &Affixes,
    value: &mut f64,
) -> Result<Option<ParseNote>, Problem> {
    let most = context.field.range().1;
    match (&context.field.kind, around.out_of) {
        (Kind::Rating { .. }, Some(base)) if base == most => Ok(None),
        (Kind::Rating { .. }, Some(base)) if SCALES.contains(&base) && *value <= base => {
            *value = clean(*value * most / base);
            let texts = &context.questionnaire.issue_texts.reading;
            let values = [("from", &*base.to_string()), ("to", &*most.to_string())];
            let how = fill(&texts.scaled, &values);
            Ok(Some(ParseNote::Guess(how)))
        }
        (Kind::Share, Some(100.0)) => Ok(None),
        (_, Some(_)) => Err(Problem::Fraction),
        (_, None) => Ok(None),
    }
}

/// Converts a quantity from the entered unit to the expected unit.
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
    let values = [("from", given.as_str()), ("to", asked)];
    let how = fill(&questionnaire.issue_texts.reading.unit, &values);
    if !roughly {
        return Ok(ParseNote::Note(how));
    }
    // An approximate conversion does not justify more than one decimal.
    *value = (*value * 10.0).round() / 10.0;
    Ok(ParseNote::Guess(how))
}

/// Converts an amount or a count from the entered period to the expected period.
fn period(context: &Context, given: usize, value: &mut f64) -> Result<Option<ParseNote>, Problem> {
    let periods = &context.questionnaire.periods;
    match context.field.kind {
        Kind::Money { per: Some(asked) } | Kind::Count { per: Some(asked) } if asked == given => {
            Ok(None)
        }
        Kind::Money { per: Some(asked) } | Kind::Count { per: Some(asked) } => {
            let (from, to) = (&periods[given], &periods[asked]);
            *value = clean(*value * to.months / from.months);
            let texts = &context.questionnaire.issue_texts.reading;
            let values = [("from", from.id.as_str()), ("to", &to.id)];
            let how = fill(&texts.period, &values);
            Ok(Some(ParseNote::Guess(how)))
        }
        _ => Err(Problem::PerPeriod(periods[given].id.clone())),
    }
}

/// Returns the text of a warning if an amount is in a currency other than the client's. `typed` are the currencies that
/// have the word.
///
/// "$" and "dollar" may mean any currency whose symbol ends with the same sign. "USD" and "US$" do not.
pub(super) fn other_currency(context: &Context, typed: &[usize], word: &str) -> Option<String> {
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
    let is_name = word.chars().all(char::is_alphabetic) && word != first.code.to_lowercase();
    let is_shared = word.chars().count() == 1 || is_name;
    if is_shared && sign(first).is_some() && sign(first) == sign(own) {
        return None;
    }
    let values = [("own", own.code.as_str()), ("given", &first.code)];
    let texts = &context.questionnaire.issue_texts.reading;
    Some(fill(&texts.currency, &values))
}
