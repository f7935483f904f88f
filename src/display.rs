//! Formats values for readers: numbers in the questionnaire's style, amounts with currency, units, and dates.
//!
//! ```
//! use partnerbook::{display, questionnaire::Questionnaire};
//!
//! let questionnaire = Questionnaire::built_in()?;
//! assert_eq!(display::number(&questionnaire, 1234567.5, 2), "1,234,567.5");
//! assert_eq!(display::fixed(&questionnaire, 2.675, 2), "2.68");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use chrono::{Datelike, NaiveDate};

use crate::answers::{Answers, Value};
use crate::questionnaire::{Better, EXACT, Field, FieldKey, Kind, Questionnaire};
use crate::text;

/// Formats a number with at most `decimals` decimal places, without trailing zeros and with thousands separators.
pub fn number(questionnaire: &Questionnaire, value: f64, decimals: usize) -> String {
    let mut fixed = fixed(questionnaire, value, decimals);
    if decimals > 0 {
        let kept = fixed.trim_end_matches('0');
        let kept = kept.trim_end_matches(questionnaire.numbers.decimal);
        fixed.truncate(kept.len());
    }
    fixed
}

/// Integers below this are exact as floating-point numbers.
const MAX_UNITS: f64 = 9e15;

/// Rounds a number to `decimals` decimal places, half away from zero.
pub fn to_places(value: f64, decimals: usize) -> f64 {
    let scale = 10f64.powi(decimals as i32);
    // The small addition corrects the error of binary fractions: 2.675 must become 2.68.
    ((value.abs() * scale + 1e-7).round() / scale).copysign(value)
}

/// Formats a number with exactly `decimals` decimal places and with thousands separators. Rounds half away from zero,
/// as readers expect.
pub fn fixed(questionnaire: &Questionnaire, value: f64, decimals: usize) -> String {
    let rounded = to_places(value.abs(), decimals);
    let units = (rounded * 10f64.powi(decimals as i32)).round();
    // An integer is formatted much faster than a fraction.
    let text = match units < MAX_UNITS {
        true => format!("{:0>width$}", units as u64, width = decimals + 1),
        false => format!("{rounded:.decimals$}").replace('.', ""),
    };
    let (whole, places) = text.split_at(text.len().saturating_sub(decimals));
    let mut fixed = String::with_capacity(text.len() + text.len() / 3 + 2);
    if value < 0.0 && rounded != 0.0 {
        fixed.push('-');
    }
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            fixed.push(questionnaire.numbers.thousands);
        }
        fixed.push(digit);
    }
    if !places.is_empty() {
        fixed.push(questionnaire.numbers.decimal);
        fixed.push_str(places);
    }
    fixed
}

/// Rounds a number to a number of significant digits. Digits before the decimal point are kept.
pub fn rounded(value: f64, digits: i32) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let power = digits - 1 - value.abs().log10().floor() as i32;
    let scale = 10f64.powi(power.min(0));
    // The small addition corrects the error of binary fractions.
    value.signum() * (value.abs() * scale + 1e-7).round() / scale
}

/// Rounds a positive number up to a number of significant digits, and to a whole number: with three digits, 1,234 becomes
/// 1,240 and 42.3 becomes 43.
pub fn rounded_up(value: f64, digits: i32) -> f64 {
    // The small subtraction corrects the error of binary fractions.
    scaled(value, digits, |value| (value - EXACT).ceil())
}

/// Rounds a positive number down in the same way.
pub fn rounded_down(value: f64, digits: i32) -> f64 {
    scaled(value, digits, |value| (value + EXACT).floor())
}

fn scaled(value: f64, digits: i32, round: impl Fn(f64) -> f64) -> f64 {
    if value <= 0.0 || !value.is_finite() {
        return value;
    }
    let power = digits - 1 - value.log10().floor() as i32;
    let scale = 10f64.powi(power.min(0));
    round(value * scale) / scale
}

/// Returns the symbol of the client's currency, or an empty string if the currency is unknown.
pub fn currency_symbol<'p>(questionnaire: &'p Questionnaire, answers: &Answers) -> &'p str {
    let code = questionnaire
        .identity
        .currency
        .and_then(|key| answers.choice(questionnaire, key));
    code.and_then(|code| {
        questionnaire
            .currencies
            .iter()
            .find(|currency| currency.code == code)
    })
    .map_or("", |currency| &currency.symbol)
}

/// Formats an amount in the client's currency, without cents.
pub fn money(questionnaire: &Questionnaire, answers: &Answers, amount: f64) -> String {
    let digits = number(questionnaire, amount, 0);
    let symbol = currency_symbol(questionnaire, answers);
    match digits.strip_prefix('-') {
        Some(digits) => format!("−{symbol}{digits}"),
        None => format!("{symbol}{digits}"),
    }
}

/// Formats a number as a value of its field, with unit, currency, and period.
pub fn field_number(
    questionnaire: &Questionnaire,
    answers: &Answers,
    key: FieldKey,
    value: f64,
) -> String {
    let field = questionnaire.field(key);
    let bare = match &field.kind {
        Kind::Money { .. } => money(questionnaire, answers, value),
        _ => number(questionnaire, value, 2),
    };
    let unit = unit(questionnaire, field);
    let text = match &field.kind {
        Kind::Ratio => bare + ":1",
        Kind::Multiple => bare + "×",
        Kind::Percent | Kind::Share => bare + &unit,
        Kind::Quantity { unit } if bare == "1" => {
            let unit = &questionnaire.units[*unit].0;
            format!(
                "{bare} {}",
                questionnaire.singular.get(unit).unwrap_or(unit)
            )
        }
        _ if unit.is_empty() => bare,
        _ => format!("{bare} {unit}"),
    };
    around(field, text)
}

/// Returns the unit of a field, for lists of plain numbers. Empty if there is no unit.
pub fn unit(questionnaire: &Questionnaire, field: &Field) -> String {
    let per = |per: &Option<usize>| {
        per.map(|period| format!("/ {}", questionnaire.periods[period].label()))
    };
    match &field.kind {
        Kind::Rating { .. } => {
            let most = number(questionnaire, field.range().1, 1);
            format!("{} {most}", questionnaire.plan_layout.words.of)
        }
        Kind::Money { per: period } | Kind::Count { per: period } => {
            per(period).unwrap_or_default()
        }
        Kind::Percent | Kind::Share => "%".into(),
        Kind::Quantity { unit } => questionnaire.units[*unit].0.clone(),
        Kind::Multiple => "x".into(),
        Kind::Ratio => ": 1".into(),
        _ => String::new(),
    }
}

fn around(field: &Field, text: String) -> String {
    let mut parts = Vec::new();
    if let Some(before) = &field.before {
        // A sign has no space before its number, a word has one.
        let gap = if before.ends_with(char::is_alphabetic) {
            " "
        } else {
            ""
        };
        parts.push(format!("{before}{gap}{text}"));
    } else {
        parts.push(text);
    }
    parts.extend(field.after.clone());
    parts.join(" ")
}

/// Formats a value as the plan prints it. `None` if the answer is missing.
pub fn value(questionnaire: &Questionnaire, answers: &Answers, key: FieldKey) -> Option<String> {
    let words = &questionnaire.plan_layout.words;
    match &answers.get(key).value {
        Value::Missing => None,
        Value::NotApplicable => Some(words.not_applicable.clone()),
        Value::Unknown => Some(words.unknown.clone()),
        Value::Invalid => Some(words.unusable.clone()),
        Value::Number(number) => Some(field_number(questionnaire, answers, key, *number)),
        Value::Choice(_) => answers.choice(questionnaire, key).map(str::to_owned),
        Value::Date(day) => Some(date(questionnaire, *day)),
        Value::Text(text) => Some(text.clone()),
    }
}

/// Formats a full date: 7 December 2026.
pub fn date(questionnaire: &Questionnaire, day: NaiveDate) -> String {
    let words = &questionnaire.plan_layout.words;
    dated(&words.date, day, &words.months[day.month0() as usize])
}

/// Fills in the parts of a date.
fn dated(pattern: &str, day: NaiveDate, month: &str) -> String {
    pattern
        .replace("{day}", &day.day().to_string())
        .replace("{month}", month)
        .replace("{year}", &day.year().to_string())
}

/// Formats a date without the year: 7 Dec.
pub fn short_date(questionnaire: &Questionnaire, day: NaiveDate) -> String {
    let words = &questionnaire.plan_layout.words;
    dated(
        &words.short_date,
        day,
        &words.months_short[day.month0() as usize],
    )
}

/// Describes what a field expects: unit and range.
pub fn asks_for(questionnaire: &Questionnaire, field: &Field) -> String {
    let prompts = &questionnaire.prompts;
    let (low, high) = field.range();
    let number = |value| number(questionnaire, value, 1);
    let (low, high) = (number(low), number(high));
    let options = |list: &usize| questionnaire.choices[*list].listed().join(", ");
    let fill = |text: &str, parts: &[(&str, &str)]| {
        let range = [("low", low.as_str()), ("high", &high)];
        text::fill(text, &[&range, parts].concat())
    };
    let per = |period: &Option<usize>| match period {
        Some(period) => fill(
            &prompts.per,
            &[("period", questionnaire.periods[*period].label())],
        ),
        None => String::new(),
    };
    match &field.kind {
        Kind::Rating {
            better: Better::High,
        } => fill(&prompts.rating, &[]),
        Kind::Rating {
            better: Better::Low,
        } => {
            let word = &questionnaire.headings.low_is_better;
            fill(&prompts.rating_low, &[("low_is_better", word)])
        }
        Kind::Money { per: period } => fill(&prompts.money, &[("per", &per(period))]),
        Kind::Count { per: period } => fill(&prompts.count, &[("per", &per(period))]),
        Kind::Percent => fill(&prompts.percent, &[]),
        Kind::Share => fill(&prompts.share, &[]),
        Kind::Quantity { unit } => fill(
            &prompts.quantity,
            &[("unit", &questionnaire.units[*unit].0)],
        ),
        Kind::Multiple => prompts.multiple.clone(),
        Kind::Ratio => prompts.ratio.clone(),
        Kind::Choice { list } => {
            let own = &questionnaire.choices[*list];
            let text = match own.options.len() > own.listed {
                true => &prompts.currency,
                false => &prompts.choice,
            };
            fill(text, &[("options", &options(list))])
        }
        Kind::Choices { list } => fill(&prompts.choices, &[("options", &options(list))]),
        Kind::Url => prompts.url.clone(),
        Kind::Phone => prompts.phone.clone(),
        Kind::Date => prompts.date.clone(),
        Kind::Email => prompts.email.clone(),
        Kind::Text => prompts.text.clone(),
        Kind::LongText => prompts.long_text.clone(),
        Kind::ComputedScore { .. } | Kind::ComputedRoi => prompts.computed.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_rounded_to_the_safe_side() {
        assert_eq!(rounded_up(163_636.0, 3), 164_000.0);
        assert_eq!(rounded_down(201_995.4, 3), 201_000.0);
        // Neither an exact amount nor the error of binary fractions moves it.
        for round in [rounded_up, rounded_down] {
            assert_eq!(round(14_100.0, 3), 14_100.0);
            assert_eq!(round(0.1 * 3.0 * 1e5, 3), 30_000.0);
            assert_eq!(round(-5.0, 3), -5.0);
        }
        assert_eq!((rounded_up(42.3, 3), rounded_down(42.7, 3)), (43.0, 42.0));
    }

    #[test]
    fn numbers_are_rounded_once_and_grouped() {
        let questionnaire = Questionnaire::built_in().unwrap();
        let number = |value, decimals| number(&questionnaire, value, decimals);
        assert_eq!(number(1234567.0, 0), "1,234,567");
        assert_eq!(number(32.5, 1), "32.5");
        assert_eq!(number(32.0, 1), "32");
        assert_eq!(number(2.675, 2), "2.68");
        assert_eq!(number(-0.001, 2), "0");
        assert_eq!(number(-1500.25, 1), "-1,500.3");
        assert_eq!(fixed(&questionnaire, 7.0, 1), "7.0");
    }
}
