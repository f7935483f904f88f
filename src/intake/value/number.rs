//! Parses numbers as people enter them: `$12,000`, `12k`, `1.2M`, `12 000 €`, `12.000,50`, `8/10`, `8 out of 10`,
//! `25 %`, `3 weeks`, `~50`.

use chrono::{Datelike, NaiveDate};

use super::affixes::{Affixes, is_spaced_letter, read_words};
use super::convert::convert;
use super::digits::{Reading, clean, digits_value, exponent, number_end, simple_digits};
use super::problem::Problem;
use super::{Context, Outcome, ParseNote};
use crate::answers::Value;
use crate::display;
use crate::intake::book::{Look, Shown};
use crate::questionnaire::{Kind, Questionnaire};
use crate::text::fill;

/// Reads the number in a numeric cell.
pub fn from_cell(context: &Context, number: f64, look: &Look) -> Outcome {
    let kind = &context.field.kind;
    let in_percent = || clean(number * 100.0);
    match (kind, &look.shown) {
        (Kind::Percent | Kind::Share, Shown::Percent) => {
            in_range(context, in_percent(), Vec::new())
        }
        (Kind::Multiple | Kind::Ratio, Shown::Percent) => {
            let shown = display::number(context.questionnaire, number, 4);
            let texts = &context.questionnaire.issue_texts.reading;
            let how = fill(&texts.factor_of_percent, &[("value", &shown)]);
            in_range(context, number, vec![ParseNote::Guess(how)])
        }
        (Kind::Percent, _) => {
            let (value, note) = super::percent::read_cell(context, number);
            in_range(context, value, note.into_iter().collect())
        }
        (Kind::Date, _) => match day_of(context.epoch.day(number)) {
            Some(day) => Ok(super::date::noted(context.questionnaire, day)),
            None => super::date::read(context, &number.to_string()),
        },
        // The spreadsheet converted the entry to a date, but the cell's number format shows the date as a number.
        (Kind::Rating { .. }, Shown::Plain) if day_of(context.epoch.day(number)).is_some() => {
            let rating =
                day_of(context.epoch.day(number)).and_then(|day| rating_from_date(context, day));
            rating.ok_or(Problem::DateMade)
        }
        (Kind::Phone, _) => super::read_text(context, &look.text_of(number)),
        (kind, _) if matches!(kind, Kind::Choice { .. }) || kind.is_formal_text() => {
            super::read_text(context, &number.to_string())
        }
        // For a text field, the answer is the text that the cell shows: "01234", "€12,000".
        (Kind::Text | Kind::LongText, _) => Ok((Value::Text(look.text_of(number)), Vec::new())),
        (_, Shown::Percent) => Err(Problem::Percentage),
        (Kind::Money { .. }, Shown::Money(sign)) => {
            let typed = in_currency(context, sign);
            in_range(
                context,
                number,
                typed.map(ParseNote::Guess).into_iter().collect(),
            )
        }
        _ => in_range(context, number, Vec::new()),
    }
}

/// Returns the text of a warning if the cell shows a currency other than the client's. Unknown currencies are ignored.
fn in_currency(context: &Context, sign: &str) -> Option<String> {
    let sign = sign.to_lowercase();
    let currencies: Vec<usize> = context
        .questionnaire
        .currencies
        .iter()
        .enumerate()
        .filter(|(_, currency)| currency.words.iter().any(|word| *word == sign.trim()))
        .map(|(index, _)| index)
        .collect();
    super::convert::other_currency(context, &currencies, sign.trim())
}

/// Converts a serial number to a day, if its year is in the range that a plan supports.
fn day_of(number: f64) -> Option<NaiveDate> {
    crate::excel::day_of(number).filter(|day| super::date::YEARS.contains(&day.year()))
}

/// Recovers a rating such as "8/10" that the spreadsheet converted to a date. The month or the day must be the best
/// rating of the scale.
pub fn rating_from_date(context: &Context, day: NaiveDate) -> Option<(Value, Vec<ParseNote>)> {
    let most = context.field.range().1;
    let is_most = |part: u32| f64::from(part) == most;
    let rating = match (day.month(), day.day()) {
        (month, rating) if is_most(month) && f64::from(rating) <= most => rating,
        (rating, day) if is_most(day) && f64::from(rating) <= most => rating,
        _ => return None,
    };
    let texts = &context.questionnaire.issue_texts.reading;
    let values = [
        ("value", &*rating.to_string()),
        ("most", &*most.to_string()),
    ];
    let how = fill(&texts.rating_of_date, &values);
    Some((
        Value::Number(f64::from(rating)),
        vec![ParseNote::Guess(how)],
    ))
}

/// Reads a number from a text cell.
pub fn read(context: &Context, typed: &str) -> Outcome {
    let questionnaire = context.questionnaire;
    let texts = &questionnaire.issue_texts.reading;
    let mut lower = simple_digits(&typed.to_lowercase());
    let labels = [&context.field.before, &context.field.after];
    for label in labels.into_iter().flatten() {
        lower = lower.replacen(&label.to_lowercase(), " ", 1);
    }
    let text = lower.trim();
    if let Some(number) = number_word(questionnaire, text) {
        let value = [("value", &*number.to_string())];
        let note = ParseNote::Note(fill(&texts.value, &value));
        return in_range(context, number, vec![note]);
    }
    let zero = &questionnaire.words.list.zero;
    if counts(&context.field.kind) && zero.iter().any(|word| word == text) {
        return in_range(context, 0.0, vec![ParseNote::Guess(texts.zero.clone())]);
    }
    if let Some(why) = range(context, text) {
        return Err(why);
    }
    let parts = Parts::of(context, text)?;
    let mut around = Affixes::default();
    read_words(context, &parts.before, &mut around)?;
    read_words(context, parts.after, &mut around)?;

    let mut notes = Vec::new();
    match parts.reading {
        Reading::Plain => {}
        Reading::Sure(why) => notes.push(ParseNote::Note(why)),
        Reading::Guess(why) => notes.push(ParseNote::Guess(why)),
    }
    let mut value = clean(parts.value * around.scale.unwrap_or(1.0));
    if let Some(note) = convert(context, &around, &mut value)? {
        notes.push(note);
    }
    if around.bound {
        notes.push(ParseNote::Guess(texts.limit.clone()));
    }
    if !around.left_aside.is_empty() {
        let words = crate::text::shorten(&around.left_aside, 40);
        let why = fill(&texts.without, &[("words", &words)]);
        notes.push(ParseNote::Guess(why));
    }
    let note = summed_up(questionnaire, value, around.approximate, notes);
    in_range(context, value, vec![note])
}

/// A text, split at its first number.
struct Parts<'t> {
    /// The number with its sign and exponent.
    value: f64,
    reading: Reading,
    /// The words before the number, without its sign.
    before: String,
    /// The words after the number.
    after: &'t str,
}

impl<'t> Parts<'t> {
    fn of(context: &Context, text: &'t str) -> Result<Self, Problem> {
        // In accounting, parentheses mark a negative number.
        let inside = text
            .strip_prefix('(')
            .and_then(|text| text.strip_suffix(')'));
        let inside = inside.filter(|inside| !inside.contains(['(', ')']));
        let (text, is_loss) = (inside.unwrap_or(text), inside.is_some());
        let start = text.find(|c: char| c.is_ascii_digit());
        let (before, rest) = text.split_at(start.ok_or(Problem::NoDigits)?);
        let (digits, after) = rest.split_at(number_end(rest));
        // ".5" and ",5" are 0.5. After a letter or digit, as in "approx.5", the mark is not a decimal mark.
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        let without_whole = before.strip_suffix(['.', ',']);
        let without_whole =
            without_whole.filter(|before| !before.ends_with(char::is_alphanumeric) && is_number);
        let (before, parsed) = match without_whole {
            Some(before) => {
                let value = format!("0.{digits}").parse().ok();
                (before, value.map(|value| (value, Reading::Plain)))
            }
            None => (before, digits_value(context, digits)),
        };
        let (mut value, mut reading) = parsed.ok_or(Problem::NotANumber)?;
        let mut after = after;
        if let Some((power, rest)) = exponent(after) {
            value *= 10f64.powi(power);
            reading = Reading::Sure(String::new());
            after = rest;
        }
        let mut before = before.trim().to_owned();
        if before.ends_with('+') {
            before.pop();
        }
        let is_negative = before.ends_with(['-', '−']) && !before.ends_with("--");
        if is_negative && !is_loss {
            before.pop();
        }
        if is_negative || is_loss {
            value = -value;
        }
        Ok(Self {
            value,
            reading,
            before,
            after,
        })
    }
}

/// Combines the notes into one. The result is a guess if any of the notes is a guess.
fn summed_up(
    questionnaire: &Questionnaire,
    value: f64,
    approximate: bool,
    notes: Vec<ParseNote>,
) -> ParseNote {
    let guessed = notes.iter().any(|note| matches!(note, ParseNote::Guess(_)));
    let why: Vec<String> = notes
        .into_iter()
        .map(|note| match note {
            ParseNote::Guess(why) | ParseNote::Note(why) => why,
            ParseNote::Long(_) => String::new(),
        })
        .filter(|why| !why.is_empty())
        .collect();
    let texts = &questionnaire.issue_texts.reading;
    let text = match approximate {
        true => &texts.roughly,
        false => &texts.value,
    };
    let mut how = fill(
        text,
        &[("value", &display::number(questionnaire, value, 4))],
    );
    if !why.is_empty() {
        let values = [("reading", how.as_str()), ("reasons", &why.join("; "))];
        how = fill(&texts.because, &values);
    }
    if guessed {
        ParseNote::Guess(how)
    } else {
        ParseNote::Note(how)
    }
}

/// Returns whether a word for zero, such as "none", is a valid entry for this type of field.
fn counts(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Money { .. } | Kind::Count { .. } | Kind::Percent | Kind::Quantity { .. }
    )
}

fn number_word(questionnaire: &Questionnaire, text: &str) -> Option<f64> {
    let numbers = &questionnaire.words.list.numbers;
    let number = numbers
        .iter()
        .position(|words| words.iter().any(|word| word == text));
    number.map(|number| number as f64)
}

/// Returns a problem if the text is a range. The midpoint is suggested but not used as the value, because only the
/// client can decide which number is correct.
fn range(context: &Context, text: &str) -> Option<Problem> {
    let words = &context.questionnaire.words.list;
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
        .filter_map(|word| text.strip_prefix(word.as_str()))
        .find(|rest| !rest.starts_with(is_spaced_letter))
        .unwrap_or(text);
    // Words between numbers need spaces around them. Signs and Chinese and Japanese words do not.
    let joints = words.to.iter().map(|word| match word {
        word if word.chars().any(is_spaced_letter) => format!(" {word} "),
        word => word.clone(),
    });
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
        // In "10-20k", the text after the second number applies to both numbers.
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
            (Some(low), Some(high)) if low < high => {
                Problem::Range(Some(clean((low + high) / 2.0)))
            }
            _ => Problem::Range(None),
        });
    }
    None
}

pub(super) fn in_range(context: &Context, value: f64, notes: Vec<ParseNote>) -> Outcome {
    let (low, high) = context.field.range();
    if value.is_finite() && (low..=high).contains(&value) {
        return Ok((Value::Number(value), notes));
    }
    // A rating of 75 on a scale to 10 lacks its decimal mark or uses a scale to 100. Below 20, the meaning is unclear.
    const LEAST: f64 = 20.0;
    let likely = Some(value / 10.0).filter(|likely| {
        let is_rating = matches!(context.field.kind, Kind::Rating { .. });
        is_rating && high == 10.0 && value >= LEAST && (low..=high).contains(likely)
    });
    Err(Problem::OutOfRange(likely))
}
