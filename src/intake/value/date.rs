//! Dates as people type them.

use chrono::{Datelike, NaiveDate};

use super::digits::simple_digits;
use super::problem::Problem;
use super::{Context, Outcome, ParseNote};
use crate::answers::Value;
use crate::questionnaire::Questionnaire;

/// Years that a plan can be about.
pub(super) const YEARS: std::ops::RangeInclusive<i32> = 2000..=2099;

pub fn read(context: &Context, typed: &str) -> Outcome {
    let questionnaire = context.questionnaire;
    let words = &questionnaire.words.list;
    let not_a_date = || Problem::NotADate;
    let note = |day: NaiveDate| {
        let shown = crate::display::date(questionnaire, day);
        Ok((
            Value::Date(day),
            vec![ParseNote::Note(format!("read as {shown}"))],
        ))
    };
    let lower = simple_digits(&typed.to_lowercase());
    // An instant, as programs write it: 2026-12-07T00:00:00.000Z.
    if let Some((day, time)) = lower.split_at_checked(10)
        && time.starts_with(['t', ' '])
        && time.contains(':')
        && let Ok(day) = NaiveDate::parse_from_str(day, "%Y-%m-%d")
        && YEARS.contains(&day.year())
    {
        return note(day);
    }
    let lower = one_word_months(questionnaire, &lower);
    let parts: Vec<&str> = lower
        .split(|c: char| c.is_whitespace() || ".,/-年月日号號년월일".contains(c))
        .map(|word| word.trim_matches(['\'', 'º', '°', 'ª']))
        .filter(|word| !word.is_empty() && !words.date_fillers.iter().any(|filler| filler == word))
        .collect();
    // A weekday before the date, and the time after it.
    let words: Vec<&str> = parts
        .into_iter()
        .filter(|word| !is_weekday(questionnaire, word))
        .map(|word| {
            word.split('t')
                .next()
                .filter(|day| is_day(day))
                .unwrap_or(word)
        })
        .filter(|word| !is_time(word))
        .collect();
    // The serial number of a day, as text.
    if let [all] = words[..]
        && all.len() == 5
        && let Ok(number) = all.parse::<u32>()
        && let Some(day) = crate::excel::day_of(context.epoch.day(number.into()))
        && YEARS.contains(&day.year())
    {
        return note(day);
    }
    // 20261207
    if let [all] = words[..]
        && all.len() == 8
        && all.bytes().all(|byte| byte.is_ascii_digit())
    {
        return NaiveDate::parse_from_str(all, "%Y%m%d")
            .ok()
            .filter(|day| YEARS.contains(&day.year()))
            .ok_or_else(not_a_date)
            .and_then(note);
    }
    let [a, b, c] = words[..] else {
        return Err(if words.len() == 2 {
            Problem::IncompleteDate
        } else {
            not_a_date()
        });
    };
    let number = |word: &str| {
        word.trim_end_matches(|c: char| c.is_ascii_alphabetic())
            .parse::<u32>()
            .ok()
    };
    let month_name = |word: &str| month_of(questionnaire, word);
    let day = |year: u32, month: u32, day: u32| {
        let year = if year < 100 {
            2000 + year as i32
        } else {
            year as i32
        };
        NaiveDate::from_ymd_opt(year, month, day).filter(|day| YEARS.contains(&day.year()))
    };
    // 7 December 2026 or December 7, 2026
    let named = match (month_name(b), month_name(a)) {
        (Some(month), _) => number(a).zip(number(c)).and_then(|(d, y)| day(y, month, d)),
        (None, Some(month)) => number(b).zip(number(c)).and_then(|(d, y)| day(y, month, d)),
        _ => None,
    };
    if let Some(day) = named {
        return note(day);
    }
    let (Ok(a), Ok(b), Ok(c)) = (a.parse::<u32>(), b.parse::<u32>(), c.parse::<u32>()) else {
        return Err(not_a_date());
    };
    if a >= 1000 {
        // 2026-12-07
        return day(a, b, c).ok_or_else(not_a_date).and_then(note);
    }
    let (day_first, month_first) = (day(c, b, a), day(c, a, b));
    match (day_first, month_first) {
        (Some(one), Some(other)) if one != other && !lower.contains('.') => {
            if let Some(day_first) = context.hints.day_first {
                let chosen = if day_first { one } else { other };
                let how = format!(
                    "read as {}, as dates are written elsewhere in this workbook",
                    crate::display::date(questionnaire, chosen)
                );
                return Ok((Value::Date(chosen), vec![ParseNote::Note(how)]));
            }
            let chosen = if questionnaire.words.list.day_first {
                one
            } else {
                other
            };
            let guess = format!(
                "read as {}, though it could be {}",
                crate::display::date(questionnaire, chosen),
                crate::display::date(questionnaire, if chosen == one { other } else { one })
            );
            Ok((Value::Date(chosen), vec![ParseNote::Guess(guess)]))
        }
        (Some(day), _) | (None, Some(day)) => note(day),
        (None, None) => Err(not_a_date()),
    }
}

/// Whether the day comes first, where a date of three numbers gives it away: 25/12/2026.
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

/// 00:00, 09:30:00.
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

/// The month, from 1, that a word names.
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

/// The names of months that are two words as one.
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
