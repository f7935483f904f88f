//! Parses dates as people enter them.

use chrono::{Datelike, NaiveDate};

use super::digits::simple_digits;
use super::problem::Problem;
use super::{Context, Outcome, ParseNote};
use crate::answers::Value;
use crate::questionnaire::Questionnaire;
use crate::text::fill;

/// The years that a plan supports.
pub(super) const YEARS: std::ops::RangeInclusive<i32> = 2000..=2099;

pub fn read(context: &Context, typed: &str) -> Outcome {
    let questionnaire = context.questionnaire;
    let lower = simple_digits(&typed.to_lowercase());
    if let Some(day) = instant(&lower) {
        return Ok(noted(questionnaire, day));
    }
    let lower = one_word_months(questionnaire, &lower);
    let words = date_words(questionnaire, &lower);
    let day = match words[..] {
        [word] => day_of_one_word(context, word),
        [first, second, third] => match day_of_three_words(questionnaire, [first, second, third]) {
            Some(day) => Some(day),
            None => return of_numbers(context, [first, second, third], &lower),
        },
        [_, _] => return Err(Problem::IncompleteDate),
        _ => None,
    };
    day.map(|day| noted(questionnaire, day))
        .ok_or(Problem::NotADate)
}

/// Returns a date with a note on how it was read.
pub(super) fn noted(questionnaire: &Questionnaire, day: NaiveDate) -> (Value, Vec<ParseNote>) {
    let shown = crate::display::date(questionnaire, day);
    let note = fill(
        &questionnaire.issue_texts.reading.value,
        &[("value", &shown)],
    );
    (Value::Date(day), vec![ParseNote::Note(note)])
}

/// Parses a date with a time in the format that software writes, in lowercase: `2026-12-07t00:00:00.000z`.
fn instant(lower: &str) -> Option<NaiveDate> {
    let (day, time) = lower.split_at_checked(10)?;
    let is_instant = time.starts_with(['t', ' ']) && time.contains(':');
    let day = NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()?;
    (is_instant && YEARS.contains(&day.year())).then_some(day)
}

/// Splits a date into words and numbers. Omits filler words, the weekday, and the time.
fn date_words<'t>(questionnaire: &Questionnaire, lower: &'t str) -> Vec<&'t str> {
    let fillers = &questionnaire.words.list.date_fillers;
    lower
        .split(|c: char| c.is_whitespace() || ".,/-年月日号號년월일".contains(c))
        .map(|word| word.trim_matches(['\'', 'º', '°', 'ª']))
        .filter(|word| !word.is_empty() && !fillers.iter().any(|filler| filler == word))
        .filter(|word| !is_weekday(questionnaire, word))
        .map(|word| {
            // In "7t09:30", the day is before the "t".
            let day = word.split('t').next().filter(|day| is_day(day));
            day.unwrap_or(word)
        })
        .filter(|word| !is_time(word))
        .collect()
}

/// Parses a five-digit serial number, or a date without separators, such as `20261207`.
fn day_of_one_word(context: &Context, word: &str) -> Option<NaiveDate> {
    if !word.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let day = match word.len() {
        5 => crate::excel::day_of(context.epoch.day(word.parse::<u32>().ok()?.into())),
        8 => NaiveDate::parse_from_str(word, "%Y%m%d").ok(),
        _ => None,
    };
    day.filter(|day| YEARS.contains(&day.year()))
}

/// Parses a date with the name of a month: 7 December 2026 or December 7, 2026.
fn day_of_three_words(questionnaire: &Questionnaire, words: [&str; 3]) -> Option<NaiveDate> {
    // The number may have an ordinal suffix: 7th, 1er.
    let number = |word: &str| {
        let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        digits.parse::<u32>().ok()
    };
    let [a, b, c] = words;
    let (month, day) = match (month_of(questionnaire, b), month_of(questionnaire, a)) {
        (Some(month), _) => (month, a),
        (None, Some(month)) => (month, b),
        (None, None) => return None,
    };
    day_of(number(c)?, month, number(day)?)
}

/// Parses a date of three numbers. An ambiguous date with periods is day first. Other ambiguous dates use the order of
/// the other dates in the workbook, or else the order of the questionnaire.
fn of_numbers(context: &Context, words: [&str; 3], lower: &str) -> Outcome {
    let questionnaire = context.questionnaire;
    let [Ok(a), Ok(b), Ok(c)] = words.map(str::parse::<u32>) else {
        return Err(Problem::NotADate);
    };
    if a >= 1000 {
        // Year first: 2026-12-07.
        let day = day_of(a, b, c).ok_or(Problem::NotADate)?;
        return Ok(noted(questionnaire, day));
    }
    let shown = |day| crate::display::date(questionnaire, day);
    let texts = &questionnaire.issue_texts.reading;
    match (day_of(c, b, a), day_of(c, a, b)) {
        (Some(day_first), Some(month_first))
            if day_first != month_first && !lower.contains('.') =>
        {
            let order = |is_day_first| match is_day_first {
                true => (day_first, month_first),
                false => (month_first, day_first),
            };
            if let Some(is_day_first) = context.hints.day_first {
                let chosen = order(is_day_first).0;
                let how = fill(&texts.date_as_elsewhere, &[("value", &shown(chosen))]);
                return Ok((Value::Date(chosen), vec![ParseNote::Note(how)]));
            }
            let (chosen, other) = order(questionnaire.words.list.day_first);
            let values = [("value", &*shown(chosen)), ("other", &*shown(other))];
            let guess = fill(&texts.date_or, &values);
            Ok((Value::Date(chosen), vec![ParseNote::Guess(guess)]))
        }
        (Some(day), _) | (None, Some(day)) => Ok(noted(questionnaire, day)),
        (None, None) => Err(Problem::NotADate),
    }
}

/// Returns the date if it is valid and in [`YEARS`]. A year below 100 is in this century.
fn day_of(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    let year = if year < 100 { 2000 + year } else { year };
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
        .filter(|day| YEARS.contains(&day.year()))
}

/// Returns whether the day is first, if a date of three numbers is unambiguous, as in 25/12/2026.
pub(super) fn order_of(typed: &str) -> Option<bool> {
    let parts: Vec<u32> = typed
        .trim()
        .split(['/', '.', '-'])
        .map_while(|part| part.trim().parse().ok())
        .collect();
    match parts[..] {
        [13..=31, 1..=12, _] => Some(true),
        [1..=12, 13..=31, _] => Some(false),
        _ => None,
    }
}

fn is_day(word: &str) -> bool {
    !word.is_empty() && word.len() <= 2 && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns whether the word is a time, such as 00:00 or 09:30:00.
fn is_time(word: &str) -> bool {
    word.contains(':')
        && word
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'z'))
}

fn is_weekday(questionnaire: &Questionnaire, word: &str) -> bool {
    let mut days = questionnaire.words.list.weekdays.iter();
    days.any(|day| day == word)
}

/// Returns the number of the month with this name, from 1.
fn month_of(questionnaire: &Questionnaire, word: &str) -> Option<u32> {
    let names = &questionnaire.plan_layout.words;
    let known = &questionnaire.words.list.months;
    (0..12)
        .find(|i| {
            let own = names.months[*i].to_lowercase();
            own == word
                || names.months_short[*i].to_lowercase() == word
                || (word.chars().count() >= 3 && own.starts_with(word))
                || known
                    .get(*i)
                    .is_some_and(|words| words.iter().any(|name| name == word))
        })
        .map(|i| i as u32 + 1)
}

/// Replaces month names of two words with a one-word name of the same month.
fn one_word_months(questionnaire: &Questionnaire, text: &str) -> String {
    let mut text = text.to_owned();
    for words in &questionnaire.words.list.months {
        let Some(one_word) = words.iter().find(|name| !name.contains(' ')) else {
            continue;
        };
        for name in words.iter().filter(|name| name.contains(' ')) {
            if text.contains(name.as_str()) {
                text = text.replace(name.as_str(), one_word);
            }
        }
    }
    text
}
