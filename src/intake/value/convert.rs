//! From what was typed beside a number to the field's own unit, period and currency.

use super::affixes::Affixes;
use super::digits::clean;
use super::problem::Problem;
use super::{Context, ParseNote};
use crate::questionnaire::{Currency, Kind};

/// Scales that ratings are given on instead of the one from 0 to 10.
const SCALED: [f64; 3] = [5.0, 20.0, 100.0];

/// Brings the value into the field's unit, and says what was assumed.
pub(super) fn convert(
    context: &Context,
    around: &Affixes,
    value: &mut f64,
) -> Result<Option<ParseNote>, Problem> {
    let questionnaire = context.questionnaire;
    let mut note = None;
    let fits_percent = matches!(context.field.kind, Kind::Percent | Kind::Share);
    if around.percent && matches!(context.field.kind, Kind::Multiple | Kind::Ratio) {
        *value = clean(*value / 100.0);
        note = Some(ParseNote::Guess("a percentage turned into a factor".into()));
    } else if around.percent && !fits_percent {
        return Err(Problem::Percentage);
    }
    if matches!(context.field.kind, Kind::Percent) && !around.percent {
        let (read, how) = super::percent::read(context, *value);
        *value = read;
        note = how;
    }
    match (&context.field.kind, around.out_of) {
        (Kind::Rating { .. }, Some(10.0)) => {}
        (Kind::Rating { .. }, Some(base)) if SCALED.contains(&base) && *value <= base => {
            *value = clean(*value * 10.0 / base);
            note = Some(ParseNote::Guess(format!("scaled from {base} to 10")));
        }
        (Kind::Share, Some(100.0)) => {}
        (_, Some(_)) => return Err(Problem::Fraction),
        (_, None) => {}
    }
    if around.to_one && context.field.kind != Kind::Ratio {
        return Err(Problem::Ratio);
    }
    if around.times && !matches!(context.field.kind, Kind::Multiple | Kind::Ratio) {
        return Err(Problem::Factor);
    }
    if let (Kind::Quantity { unit: asked }, Some(given)) = (&context.field.kind, around.unit)
        && given != *asked
    {
        let (given, asked) = (
            &questionnaire.units[given].0,
            &questionnaire.units[*asked].0,
        );
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
        let Some((factor, roughly)) = known else {
            return Err(Problem::Unit {
                given: given.clone(),
                asked: asked.clone(),
            });
        };
        *value = clean(*value * factor);
        let how = format!("{given} turned into {asked}");
        if roughly {
            // No more places than such a conversion can claim.
            *value = (*value * 10.0).round() / 10.0;
        }
        note = Some(if roughly {
            ParseNote::Guess(how)
        } else {
            ParseNote::Note(how)
        });
    }
    if let Some(given) = around.period {
        match context.field.kind {
            Kind::Money { per: Some(asked) } | Kind::Count { per: Some(asked) }
                if asked == given => {}
            Kind::Money { per: Some(asked) } | Kind::Count { per: Some(asked) } => {
                let (from, to) = (&questionnaire.periods[given], &questionnaire.periods[asked]);
                *value = clean(*value * to.months / from.months);
                note = Some(ParseNote::Guess(format!(
                    "turned from per {} into per {}",
                    from.id, to.id
                )));
            }
            _ => {
                return Err(Problem::PerPeriod(questionnaire.periods[given].id.clone()));
            }
        }
    }
    if !around.currencies.is_empty() {
        if !matches!(context.field.kind, Kind::Money { .. }) {
            return Err(Problem::Money);
        }
        if let Some(other) = other_currency(context, &around.currencies) {
            note = Some(ParseNote::Guess(other));
        }
    }
    Ok(note)
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
