//! Numbers as people type them: `$12,000`, `12k`, `1.2M`, `12 000 €`, `12.000,50`, `8/10`, `8 out of 10`, `25 %`, `3 weeks`, `~50`.

use chrono::{Datelike, NaiveDate};

use super::convert::convert;
use super::{Context, Outcome, Remark};
use crate::answers::Value;
use crate::display;
use crate::intake::book::Shown;
use crate::programme::{Kind, Programme};

/// A number that stands in a cell as a number.
pub fn from_cell(context: &Context, number: f64, shown: &Shown) -> Outcome {
    let shown_as_percent = *shown == Shown::Percent;
    match context.field.kind {
        Kind::Percent | Kind::Share if shown_as_percent => {
            in_range(context, clean(number * 100.0), Vec::new())
        }
        Kind::Percent if number != 0.0 && number.abs() < 1.0 => {
            let percent = clean(number * 100.0);
            in_range(
                context,
                percent,
                vec![Remark::Guess(format!("read as {percent} %"))],
            )
        }
        Kind::Date => {
            let day = NaiveDate::from_ymd_opt(1899, 12, 30).and_then(|epoch| {
                epoch.checked_add_signed(chrono::Duration::try_days(number as i64)?)
            });
            match day.filter(|_| (36_526.0..73_051.0).contains(&number)) {
                Some(day) => Ok((
                    Value::Date(day),
                    vec![Remark::Note(format!(
                        "read as {}",
                        display::date(context.programme, day)
                    ))],
                )),
                None => Err("this is not a date".into()),
            }
        }
        Kind::Choice { .. } | Kind::Email => super::read_text(context, &number.to_string()),
        Kind::Text | Kind::LongText => {
            let text = if shown_as_percent {
                format!("{} %", clean(number * 100.0))
            } else {
                number.to_string()
            };
            Ok((Value::Text(text), Vec::new()))
        }
        _ if shown_as_percent => Err("the cell holds a percentage".into()),
        _ => in_range(context, number, Vec::new()),
    }
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

/// What was typed around the number.
#[derive(Default)]
pub(super) struct Around {
    pub percent: bool,
    pub out_of: Option<f64>,
    pub period: Option<usize>,
    pub unit: Option<usize>,
    pub currencies: Vec<usize>,
    pub scale: Option<f64>,
    pub to_one: bool,
    pub times: bool,
    pub approximate: bool,
}

pub fn read(context: &Context, typed: &str) -> Outcome {
    let programme = context.programme;
    let not_a_number = || "this is not a number".to_owned();
    let mut lower = typed.to_lowercase();
    for around in [&context.field.before, &context.field.after]
        .into_iter()
        .flatten()
    {
        lower = lower.replacen(&around.to_lowercase(), " ", 1);
    }
    let start = lower
        .find(|c: char| c.is_ascii_digit())
        .ok_or_else(not_a_number)?;
    let start = if lower[..start].ends_with(['.', ',']) {
        start - 1
    } else {
        start
    };
    let (before, rest) = lower.split_at(start);
    let end = number_end(rest);
    let (digits, after) = rest.split_at(end);
    let (mut value, reading) = digits_value(programme, digits).ok_or_else(not_a_number)?;
    let mut around = Around::default();
    let mut remarks = Vec::new();
    let mut before = before.trim().to_owned();
    if before.ends_with(['-', '−']) && !before.ends_with("--") {
        before.pop();
        value = -value;
    }
    read_words(context, &before, &mut around)?;
    read_words(context, after, &mut around)?;

    match reading {
        Reading::Plain => {}
        Reading::Sure => remarks.push(Remark::Note(String::new())),
        Reading::Guess => remarks.push(Remark::Guess(String::new())),
    }
    if let Some(scale) = around.scale {
        value *= scale;
    }
    value = clean(value);
    if let Some(guess) = convert(context, &around, &mut value)? {
        remarks.push(guess);
    }
    if remarks.is_empty() {
        remarks.push(Remark::Note(String::new()));
    }
    // One remark says how it was read; the gravest wins.
    let guessed = remarks
        .iter()
        .any(|remark| matches!(remark, Remark::Guess(_)));
    let why = remarks.into_iter().find_map(|remark| match remark {
        Remark::Guess(why) | Remark::Note(why) if !why.is_empty() => Some(why),
        _ => None,
    });
    let shown = display::number(programme, value, 4);
    let mut how = if around.approximate {
        format!("read as {shown}, roughly")
    } else {
        format!("read as {shown}")
    };
    if let Some(why) = why {
        how = format!("{how}: {why}");
    }
    in_range(
        context,
        value,
        vec![if guessed {
            Remark::Guess(how)
        } else {
            Remark::Note(how)
        }],
    )
}

fn in_range(context: &Context, value: f64, remarks: Vec<Remark>) -> Outcome {
    let (low, high) = context.field.range();
    if !value.is_finite() || value < low || value > high {
        return Err(format!(
            "outside the range from {} to {}",
            display::number(context.programme, low, 0),
            display::number(context.programme, high, 0)
        ));
    }
    Ok((Value::Number(value), remarks))
}

/// How certain the digits are.
enum Reading {
    Plain,
    Sure,
    Guess,
}

/// Where the digits and the marks between them end. A space belongs to a number only before three digits.
fn number_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut end = 0;
    while end < bytes.len() {
        let here = bytes[end];
        let three_digits = |from: usize| {
            bytes
                .get(from..from + 3)
                .is_some_and(|next| next.iter().all(u8::is_ascii_digit))
                && !bytes.get(from + 3).is_some_and(u8::is_ascii_digit)
        };
        let fine = here.is_ascii_digit()
            || (matches!(here, b'.' | b',') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit))
            || (matches!(here, b' ' | b'\'') && end > 0 && three_digits(end + 1));
        if !fine {
            break;
        }
        end += 1;
    }
    end
}

/// The value of digits with marks between them. Two kinds of mark: the last is the decimal one. One mark before exactly
/// three digits may be either; the programme's own style decides whether that is certain or a guess.
fn digits_value(programme: &Programme, digits: &str) -> Option<(f64, Reading)> {
    let compact: String = digits
        .chars()
        .filter(|c| !matches!(c, ' ' | '\''))
        .collect();
    let grouped = compact.len() != digits.len();
    let marks: Vec<char> = compact.chars().filter(|c| matches!(c, '.' | ',')).collect();
    let last = marks.last().copied();
    let decimals = last.map_or(0, |mark| {
        compact.len() - compact.rfind(mark).unwrap_or(0) - 1
    });
    let same = marks.iter().all(|mark| Some(*mark) == last);
    let (decimal, reading) = match last {
        None => (
            None,
            if grouped {
                Reading::Sure
            } else {
                Reading::Plain
            },
        ),
        Some(mark) if !same => (Some(mark), Reading::Sure),
        Some(_) if marks.len() > 1 => (None, Reading::Sure),
        Some(mark)
            if decimals == 3
                && !grouped
                && !compact.starts_with('0')
                && !compact.starts_with(mark) =>
        {
            (
                None,
                if mark == programme.numbers.thousands {
                    Reading::Sure
                } else {
                    Reading::Guess
                },
            )
        }
        Some(mark) => (
            Some(mark),
            if mark == programme.numbers.decimal {
                Reading::Plain
            } else {
                Reading::Sure
            },
        ),
    };
    let mut plain = String::new();
    for (i, c) in compact.char_indices() {
        match c {
            '.' | ',' => {
                if Some(c) == decimal && compact.rfind(c) == Some(i) {
                    plain.push('.');
                }
            }
            digit => plain.push(digit),
        }
    }
    // More digits than a number can hold are no number anybody meant.
    if plain.len() > 18 {
        return None;
    }
    plain.parse().ok().map(|value| (value, reading))
}

/// Reads the words before or after a number; a word that means nothing here fails.
fn read_words(context: &Context, text: &str, around: &mut Around) -> Result<(), String> {
    let programme = context.programme;
    let mut rest = text.trim();
    while !rest.is_empty() {
        rest = rest
            .trim_start_matches(|c: char| c.is_whitespace() || c == '(' || c == ')')
            .trim_end();
        if rest.is_empty() || matches!(rest, "." | "!" | ",-" | ".-" | ",–" | "*") {
            break;
        }
        if let Some(next) = rest
            .strip_prefix('%')
            .or_else(|| rest.strip_prefix("percent"))
            .or_else(|| rest.strip_prefix("pct"))
        {
            around.percent = true;
            rest = next;
        } else if let Some((next, number)) = out_of(programme, rest) {
            around.out_of = Some(number);
            rest = next;
        } else if let Some(next) = to_one(rest) {
            around.to_one = true;
            rest = next;
        } else if let Some((next, word)) = take_word(
            rest,
            std::iter::once(("x", ())).chain([
                ("×", ()),
                ("times", ()),
                ("-fold", ()),
                ("fold", ()),
            ]),
        ) {
            let () = word;
            around.times = true;
            rest = next;
        } else if let Some((next, unit)) = take_word(rest, unit_words(context)) {
            around.unit = Some(unit);
            rest = next;
        } else if let Some((next, scale)) = take_word(rest, scale_words(programme)) {
            around.scale = Some(scale);
            rest = next;
        } else if let Some((next, period)) = period(programme, rest) {
            around.period = Some(period);
            rest = next;
        } else if let Some((next, _)) = take_word(rest, words(&programme.words.approximately))
            .or_else(|| take_word(rest, words(&programme.words.at_least)))
        {
            around.approximate = true;
            rest = next;
        } else if let Some((next, mark)) = longest_currency(programme, rest) {
            around.currencies = programme
                .currencies
                .iter()
                .enumerate()
                .filter(|(_, currency)| currency.words.contains(&mark))
                .map(|(i, _)| i)
                .collect();
            rest = next;
        } else {
            return Err(format!(
                "\"{}\" cannot be read beside a number",
                crate::text::shorten(rest, 40)
            ));
        }
        rest = rest.trim_start();
    }
    Ok(())
}

/// Takes the longest of the words that the text begins with. A word of letters must end where the text's word ends.
fn take_word<'t, 'w, T>(
    text: &'t str,
    candidates: impl Iterator<Item = (&'w str, T)>,
) -> Option<(&'t str, T)> {
    let fits = |word: &str| {
        text.strip_prefix(word).filter(|rest| {
            !(word.ends_with(char::is_alphabetic) && rest.starts_with(char::is_alphabetic))
        })
    };
    let (word, meaning) = candidates
        .filter(|(word, _)| fits(word).is_some())
        .max_by_key(|(word, _)| word.len())?;
    text.strip_prefix(word)
        .map(|rest| (rest.strip_prefix('.').unwrap_or(rest), meaning))
}

fn words(list: &[String]) -> impl Iterator<Item = (&str, ())> {
    list.iter().map(|word| (word.as_str(), ()))
}

/// Units count only where the field asks for a quantity: "m" is a million beside an amount, and months beside a duration.
fn unit_words<'p>(context: &Context<'p>) -> impl Iterator<Item = (&'p str, usize)> {
    let asked = matches!(context.field.kind, Kind::Quantity { .. });
    context
        .programme
        .units
        .iter()
        .enumerate()
        .filter(move |_| asked)
        .flat_map(|(index, (_, words))| words.iter().map(move |word| (word.as_str(), index)))
}

fn scale_words(programme: &Programme) -> impl Iterator<Item = (&str, f64)> {
    let words = &programme.words;
    [
        (&words.thousand, 1e3),
        (&words.million, 1e6),
        (&words.billion, 1e9),
    ]
    .into_iter()
    .flat_map(|(list, scale)| list.iter().map(move |word| (word.as_str(), scale)))
}

fn out_of<'t>(programme: &Programme, text: &'t str) -> Option<(&'t str, f64)> {
    let (rest, ()) = take_word(text, words(&programme.words.out_of))?;
    let rest = rest.trim_start();
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let number = rest[..end].parse().ok()?;
    Some((&rest[end..], number))
}

fn to_one(text: &str) -> Option<&str> {
    let rest = text
        .strip_prefix(':')
        .or_else(|| text.strip_prefix("to "))?
        .trim_start();
    rest.strip_prefix('1')
        .filter(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
}

fn period<'t>(programme: &Programme, text: &'t str) -> Option<(&'t str, usize)> {
    let bare = text
        .strip_prefix('/')
        .or_else(|| text.strip_prefix("per "))
        .or_else(|| text.strip_prefix("a "))
        .or_else(|| text.strip_prefix("each "))
        .or_else(|| text.strip_prefix("every "))
        .unwrap_or(text)
        .trim_start();
    let candidates = programme
        .periods
        .iter()
        .enumerate()
        .flat_map(|(index, period)| period.words.iter().map(move |word| (word.as_str(), index)));
    take_word(bare, candidates)
}

fn longest_currency<'t>(programme: &Programme, text: &'t str) -> Option<(&'t str, String)> {
    let candidates = programme
        .currencies
        .iter()
        .flat_map(|currency| currency.words.iter())
        .map(|word| (word.as_str(), word.clone()));
    take_word(text, candidates)
}
