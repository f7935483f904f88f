//! Values as people read them: numbers in the programme's style, amounts with their currency, units, dates.

use chrono::{Datelike, NaiveDate};

use crate::answers::{Answers, Value};
use crate::programme::{Field, FieldKey, Kind, Programme};

/// A number with at most `decimals` places, trailing zeros dropped, thousands marked.
pub fn number(programme: &Programme, value: f64, decimals: usize) -> String {
    let fixed = fixed(programme, value, decimals);
    match fixed.split_once(programme.numbers.decimal) {
        Some((whole, places)) => {
            let places = places.trim_end_matches('0');
            if places.is_empty() {
                whole.to_owned()
            } else {
                format!("{whole}{}{places}", programme.numbers.decimal)
            }
        }
        None => fixed,
    }
}

/// A number with exactly `decimals` places, thousands marked. Rounds half away from zero, as a reader would.
pub fn fixed(programme: &Programme, value: f64, decimals: usize) -> String {
    let scale = 10f64.powi(decimals as i32);
    // The small addition undoes the error of binary fractions: 2.675 is meant to be 2.68.
    let rounded = (value.abs() * scale + 1e-7).round() / scale;
    let text = format!("{rounded:.decimals$}");
    let (whole, places) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            grouped.push(programme.numbers.thousands);
        }
        grouped.push(digit);
    }
    let sign = if value < 0.0 && rounded != 0.0 {
        "-"
    } else {
        ""
    };
    if places.is_empty() {
        format!("{sign}{grouped}")
    } else {
        format!("{sign}{grouped}{}{places}", programme.numbers.decimal)
    }
}

/// What stands before an amount: the symbol of the client's currency, or nothing when it is not known.
pub fn currency_symbol<'p>(programme: &'p Programme, answers: &Answers) -> &'p str {
    let code = programme
        .identity
        .currency
        .and_then(|key| answers.choice(programme, key));
    code.and_then(|code| {
        programme
            .currencies
            .iter()
            .find(|currency| currency.code == code)
    })
    .map_or("", |currency| &currency.symbol)
}

/// An amount in the client's currency, without cents.
pub fn money(programme: &Programme, answers: &Answers, amount: f64) -> String {
    format!(
        "{}{}",
        currency_symbol(programme, answers),
        number(programme, amount, 0)
    )
}

/// A number as a value of its field: with unit, currency and period.
pub fn field_number(programme: &Programme, answers: &Answers, key: FieldKey, value: f64) -> String {
    let field = programme.field(key);
    let bare = match &field.kind {
        Kind::Money { .. } => money(programme, answers, value),
        _ => number(programme, value, 2),
    };
    let unit = unit(programme, &field.kind);
    let text = match &field.kind {
        _ if unit.is_empty() => bare,
        Kind::Multiple => bare + &unit,
        _ => format!("{bare} {unit}"),
    };
    around(field, text)
}

/// What numbers of a kind are counted in, for lists of bare numbers; empty where there is nothing to say.
pub fn unit(programme: &Programme, kind: &Kind) -> String {
    let per = |per: &Option<usize>| per.map(|period| format!("/ {}", programme.periods[period].id));
    match kind {
        Kind::Rating { .. } => format!("{} 10", programme.storyboard.words.of),
        Kind::Money { per: period } | Kind::Count { per: period } => {
            per(period).unwrap_or_default()
        }
        Kind::Percent | Kind::Share => "%".into(),
        Kind::Quantity { unit } => programme.units[*unit].0.clone(),
        Kind::Multiple => "x".into(),
        Kind::Ratio => ": 1".into(),
        _ => String::new(),
    }
}

fn around(field: &Field, text: String) -> String {
    let mut parts = Vec::new();
    if let Some(before) = &field.before {
        // A sign stands against its number, a word apart from it.
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

/// A value as the plan prints it; nothing when the answer is missing.
pub fn value(programme: &Programme, answers: &Answers, key: FieldKey) -> Option<String> {
    let words = &programme.storyboard.words;
    match &answers.get(key).value {
        Value::Missing => None,
        Value::NotApplicable => Some(words.not_applicable.clone()),
        Value::Unknown => Some(words.unknown.clone()),
        Value::Invalid => Some(words.unusable.clone()),
        Value::Number(number) => Some(field_number(programme, answers, key, *number)),
        Value::Choice(_) => answers.choice(programme, key).map(str::to_owned),
        Value::Date(day) => Some(date(programme, *day)),
        Value::Text(text) => Some(text.clone()),
    }
}

/// A date in full: 7 December 2026.
pub fn date(programme: &Programme, day: NaiveDate) -> String {
    let month = &programme.storyboard.words.months[day.month0() as usize];
    format!("{} {month} {}", day.day(), day.year())
}

/// A date without the year: 7 Dec.
pub fn short_date(programme: &Programme, day: NaiveDate) -> String {
    format!(
        "{} {}",
        day.day(),
        programme.storyboard.words.months_short[day.month0() as usize]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_once_and_grouped() {
        let programme = Programme::built_in().unwrap();
        let number = |value, decimals| number(&programme, value, decimals);
        assert_eq!(number(1234567.0, 0), "1,234,567");
        assert_eq!(number(32.5, 1), "32.5");
        assert_eq!(number(32.0, 1), "32");
        assert_eq!(number(2.675, 2), "2.68");
        assert_eq!(number(-0.001, 2), "0");
        assert_eq!(number(-1500.25, 1), "-1,500.3");
        assert_eq!(fixed(&programme, 7.0, 1), "7.0");
    }
}
