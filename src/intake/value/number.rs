//! Numbers as people type them: `$12,000`, `12k`, `1.2M`, `12 000 €`, `12.000,50`, `8/10`, `8 out of 10`, `25 %`, `3 weeks`, `~50`.

use chrono::{Datelike, NaiveDate};

use super::around::{Around, read_words};
use super::convert::convert;
use super::digits::{Reading, digits_value, exponent, number_end, simple_digits};
use super::{Context, Outcome, Remark};
use crate::answers::Value;
use crate::display;
use crate::intake::book::Shown;
use crate::programme::{Kind, Programme};

/// A number that stands in a cell as a number.
pub fn from_cell(context: &Context, number: f64, shown: &Shown) -> Outcome {
    let kind = &context.field.kind;
    let in_percent = || clean(number * 100.0);
    let guess = |value: f64, why: &str| {
        let shown = display::number(context.programme, value, 4);
        in_range(
            context,
            value,
            vec![Remark::Guess(format!("read as {shown}: {why}"))],
        )
    };
    match (kind, shown) {
        (Kind::Percent | Kind::Share, Shown::Percent) => {
            in_range(context, in_percent(), Vec::new())
        }
        (Kind::Multiple | Kind::Ratio, Shown::Percent) => guess(number, "shown as a percentage"),
        (Kind::Percent, _) if number != 0.0 && number.abs() < 1.0 => {
            guess(in_percent(), "a share below 1")
        }
        (Kind::Date, _) => match day_of(number) {
            Some(day) => Ok((
                Value::Date(day),
                vec![Remark::Note(format!(
                    "read as {}",
                    display::date(context.programme, day)
                ))],
            )),
            None => super::date::read(context, &number.to_string()),
        },
        // The cell's own format kept the date from being shown as one.
        (Kind::Rating { .. }, Shown::Plain) if day_of(number).is_some() => {
            let rating = day_of(number).and_then(rating_from_date);
            rating.ok_or_else(|| "the cell holds a date".into())
        }
        (Kind::Choice { .. } | Kind::Email, _) => super::read_text(context, &number.to_string()),
        (Kind::Text | Kind::LongText, Shown::Percent) => {
            Ok((Value::Text(format!("{} %", in_percent())), Vec::new()))
        }
        (Kind::Text | Kind::LongText, _) => Ok((Value::Text(number.to_string()), Vec::new())),
        (_, Shown::Percent) => Err("the cell holds a percentage".into()),
        (Kind::Money { .. }, Shown::Money(sign)) => {
            let typed = in_currency(context, sign);
            in_range(
                context,
                number,
                typed.map(Remark::Guess).into_iter().collect(),
            )
        }
        _ => in_range(context, number, Vec::new()),
    }
}

/// What is to be said of an amount whose cell shows a currency; nothing when it is the client's own, or no currency at all.
fn in_currency(context: &Context, sign: &str) -> Option<String> {
    let sign = sign.to_lowercase();
    let currencies: Vec<usize> = context
        .programme
        .currencies
        .iter()
        .enumerate()
        .filter(|(_, currency)| currency.words.iter().any(|word| *word == sign.trim()))
        .map(|(index, _)| index)
        .collect();
    super::convert::other_currency(context, &currencies)
}

/// The day that a number stands for, where it can be one of a plan's.
fn day_of(number: f64) -> Option<NaiveDate> {
    crate::excel::day_of(number).filter(|day| super::date::YEARS.contains(&day.year()))
}

/// "8/10" typed into a cell becomes a date in most spreadsheets: the tenth month or day gives it away.
pub fn rating_from_date(day: NaiveDate) -> Option<(Value, Vec<Remark>)> {
    let rating = match (day.month(), day.day()) {
        (10, rating @ 0..=10) => rating,
        (rating, 10) if rating <= 10 => rating,
        _ => return None,
    };
    Some((
        Value::Number(f64::from(rating)),
        vec![Remark::Guess(format!(
            "a date, read as {rating} of 10: the program made a date of \"{rating}/10\""
        ))],
    ))
}

/// Undoes the error of binary fractions: 0.07 × 100 is 7.
pub(super) fn clean(number: f64) -> f64 {
    (number * 1e9).round() / 1e9
}

/// Reads a number that stands in a cell as a text.
pub fn read(context: &Context, typed: &str) -> Outcome {
    let programme = context.programme;
    let not_a_number = || "this is not a number".to_owned();
    let mut lower = simple_digits(&typed.to_lowercase());
    for around in [&context.field.before, &context.field.after]
        .into_iter()
        .flatten()
    {
        lower = lower.replacen(&around.to_lowercase(), " ", 1);
    }
    let text = lower.trim();
    if let Some(number) = number_word(programme, text) {
        return in_range(
            context,
            number,
            vec![Remark::Note(format!("read as {number}"))],
        );
    }
    if counts(&context.field.kind) && programme.words.zero.iter().any(|word| word == text) {
        return in_range(context, 0.0, vec![Remark::Guess("read as 0".into())]);
    }
    if let Some(why) = range(context, text) {
        return Err(why);
    }
    // Accountants write a loss in brackets.
    let (text, negative) = match text
        .strip_prefix('(')
        .and_then(|text| text.strip_suffix(')'))
    {
        Some(inside) if !inside.contains(['(', ')']) => (inside, true),
        _ => (text, false),
    };
    let start = text
        .find(|c: char| c.is_ascii_digit())
        .ok_or_else(not_a_number)?;
    let start = if text[..start].ends_with(['.', ',']) {
        start - 1
    } else {
        start
    };
    let (before, rest) = text.split_at(start);
    let end = number_end(rest);
    let (digits, after) = rest.split_at(end);
    let (mut value, mut reading) = digits_value(context, digits).ok_or_else(not_a_number)?;
    let after = match exponent(after) {
        Some((power, after)) => {
            value *= 10f64.powi(power);
            reading = Reading::Sure(String::new());
            after
        }
        None => after,
    };
    let mut around = Around::default();
    let mut remarks = Vec::new();
    let mut before = before.trim().to_owned();
    if before.ends_with('+') {
        before.pop();
    }
    if negative || before.ends_with(['-', '−']) && !before.ends_with("--") {
        if !negative {
            before.pop();
        }
        value = -value;
    }
    read_words(context, &before, &mut around)?;
    read_words(context, after, &mut around)?;

    match reading {
        Reading::Plain => {}
        Reading::Sure(why) => remarks.push(Remark::Note(why)),
        Reading::Guess(why) => remarks.push(Remark::Guess(why)),
    }
    if let Some(scale) = around.scale {
        value *= scale;
    }
    value = clean(value);
    if let Some(remark) = convert(context, &around, &mut value)? {
        remarks.push(remark);
    }
    if around.bound {
        remarks.push(Remark::Guess("though it is given as a limit".into()));
    }
    if !around.left_aside.is_empty() {
        let words = crate::text::shorten(&around.left_aside, 40);
        remarks.push(Remark::Guess(format!("without \"{words}\"")));
    }
    in_range(
        context,
        value,
        vec![summed_up(programme, value, around.approximate, remarks)],
    )
}

/// One remark says how a value was read: a guess when any part of it was one.
fn summed_up(programme: &Programme, value: f64, approximate: bool, remarks: Vec<Remark>) -> Remark {
    let guessed = remarks
        .iter()
        .any(|remark| matches!(remark, Remark::Guess(_)));
    let why: Vec<String> = remarks
        .into_iter()
        .map(|remark| match remark {
            Remark::Guess(why) | Remark::Note(why) => why,
            Remark::Long(_) => String::new(),
        })
        .filter(|why| !why.is_empty())
        .collect();
    let mut how = format!("read as {}", display::number(programme, value, 4));
    if approximate {
        how.push_str(", roughly");
    }
    if !why.is_empty() {
        how = format!("{how}: {}", why.join("; "));
    }
    if guessed {
        Remark::Guess(how)
    } else {
        Remark::Note(how)
    }
}

/// Whether nothing is a number of these.
fn counts(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Money { .. } | Kind::Count { .. } | Kind::Percent | Kind::Quantity { .. }
    )
}

fn number_word(programme: &Programme, text: &str) -> Option<f64> {
    let words = &programme.words.numbers;
    words.iter().position(|word| word == text).map(|n| n as f64)
}

/// A range is told with its middle, which is not taken: which of its numbers is meant, only the client knows.
fn range(context: &Context, text: &str) -> Option<String> {
    let words = &context.programme.words;
    let is_to_one = |word: &String| {
        let parts = text.split_once(word.as_str());
        parts.is_some_and(|(_, one)| one.trim() == "1")
    };
    if context.field.kind == Kind::Ratio && words.to_one.iter().any(is_to_one) {
        return None;
    }
    let inner = words
        .between
        .iter()
        .find_map(|word| text.strip_prefix(word.as_str()))
        .unwrap_or(text);
    let joints = words.to.iter().map(|word| format!(" {word} "));
    let joints = joints.chain(["-", "–", "—", "..", "…", "~"].map(str::to_owned));
    for joint in joints {
        let Some((from, to)) = inner.split_once(&joint) else {
            continue;
        };
        let (from, to) = (
            from.trim(),
            to.trim_matches(|c: char| c == '.' || c.is_whitespace()),
        );
        let starts_with_number = |text: &str| {
            text.find(|c: char| c.is_ascii_digit())
                .is_some_and(|at| text[..at].chars().filter(|c| c.is_alphanumeric()).count() <= 3)
        };
        if !starts_with_number(from) || !starts_with_number(to) {
            continue;
        }
        // "10-20k": what stands behind the second belongs to both.
        let value = |text: &str| match read(context, text) {
            Ok((Value::Number(number), _)) => Some(number),
            _ => None,
        };
        let tail_at = to
            .rfind(|c: char| c.is_ascii_digit())
            .map_or(0, |at| at + 1);
        let has_tail = from.ends_with(|c: char| c.is_ascii_digit());
        let low = if has_tail {
            value(&format!("{from}{}", &to[tail_at..]))
        } else {
            value(from)
        };
        return Some(match (low, value(to)) {
            (Some(low), Some(high)) if low < high => format!(
                "this is a range, and one number is asked for; its middle is {}",
                display::number(context.programme, clean((low + high) / 2.0), 4)
            ),
            _ => "two numbers stand where one is asked for".to_owned(),
        });
    }
    None
}

/// How the reason begins that a number is too small or too large.
pub(super) const OUTSIDE: &str = "outside the range";

pub(super) fn in_range(context: &Context, value: f64, remarks: Vec<Remark>) -> Outcome {
    let (low, high) = context.field.range();
    if !value.is_finite() || value < low || value > high {
        return Err(format!(
            "{OUTSIDE} from {} to {}",
            display::number(context.programme, low, 0),
            display::number(context.programme, high, 0)
        ));
    }
    Ok((Value::Number(value), remarks))
}
