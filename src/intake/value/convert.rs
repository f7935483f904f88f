//! From what was typed beside a number to the field's own unit, period and currency.

use super::number::{Around, clean};
use super::{Context, Remark};
use crate::programme::Kind;

/// Brings the value into the field's unit, and says what was assumed.
pub(super) fn convert(
    context: &Context,
    around: &Around,
    value: &mut f64,
) -> Result<Option<Remark>, String> {
    let programme = context.programme;
    let mut remark = None;
    let fits_percent = matches!(context.field.kind, Kind::Percent | Kind::Share);
    if around.percent && !fits_percent {
        return Err("a percentage stands where none is asked for".into());
    }
    if matches!(context.field.kind, Kind::Percent)
        && !around.percent
        && *value != 0.0
        && *value < 1.0
    {
        *value = clean(*value * 100.0);
        remark = Some(Remark::Guess("a share below 1".into()));
    }
    match (&context.field.kind, around.out_of) {
        (Kind::Rating { .. }, Some(10.0)) => {}
        (Kind::Rating { .. }, Some(base)) if base > 0.0 && *value <= base => {
            *value = clean(*value * 10.0 / base);
            remark = Some(Remark::Guess(format!("stretched from {base} to 10")));
        }
        (Kind::Share, Some(100.0)) => {}
        (_, Some(_)) => return Err("a fraction stands where none is asked for".into()),
        (_, None) => {}
    }
    if around.to_one && context.field.kind != Kind::Ratio {
        return Err("a ratio stands where none is asked for".into());
    }
    if around.times && !matches!(context.field.kind, Kind::Multiple | Kind::Ratio) {
        return Err("a factor stands where none is asked for".into());
    }
    if let (Kind::Quantity { unit: asked }, Some(given)) = (&context.field.kind, around.unit)
        && given != *asked
    {
        let (given, asked) = (&programme.units[given].0, &programme.units[*asked].0);
        let exact = programme.conversions.iter().find_map(|conversion| {
            if conversion.from == *given && conversion.to == *asked {
                Some(conversion.factor)
            } else if conversion.from == *asked && conversion.to == *given {
                Some(1.0 / conversion.factor)
            } else {
                None
            }
        });
        let Some(factor) = exact else {
            return Err(format!("it is given in {given}, and {asked} are asked for"));
        };
        *value = clean(*value * factor);
        remark = Some(Remark::Note(format!("{given} turned into {asked}")));
    }
    if let Some(given) = around.period {
        match context.field.kind {
            Kind::Money { per: Some(asked) } | Kind::Count { per: Some(asked) }
                if asked == given => {}
            Kind::Money { per: Some(asked) } | Kind::Count { per: Some(asked) } => {
                let (from, to) = (&programme.periods[given], &programme.periods[asked]);
                *value = clean(*value * to.months / from.months);
                remark = Some(Remark::Guess(format!(
                    "turned from per {} into per {}",
                    from.id, to.id
                )));
            }
            _ => {
                return Err(format!(
                    "it is given per {}, which is not asked for",
                    programme.periods[given].id
                ));
            }
        }
    }
    if !around.currencies.is_empty() {
        if !matches!(context.field.kind, Kind::Money { .. }) {
            return Err("an amount of money stands where none is asked for".into());
        }
        if let Some(own) = context
            .currency
            .filter(|own| !around.currencies.contains(own))
        {
            let own = &programme.currencies[own].code;
            let typed = &programme.currencies[around.currencies[0]];
            // A dollar sign serves every kind of dollar.
            let same_sign = typed.symbol.chars().last().is_some_and(|sign| {
                !sign.is_alphanumeric()
                    && !sign.is_whitespace()
                    && programme
                        .currencies
                        .iter()
                        .any(|currency| currency.code == *own && currency.symbol.ends_with(sign))
            });
            if !same_sign {
                remark = Some(Remark::Guess(format!(
                    "taken as {own}, though it is typed in {}",
                    typed.code
                )));
            }
        }
    }
    Ok(remark)
}
