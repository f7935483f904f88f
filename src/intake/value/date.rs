//! Dates as people type them.

use chrono::{Datelike, NaiveDate};

use super::{Context, Outcome, Remark};
use crate::answers::Value;

/// Years that a plan can be about.
pub(super) const YEARS: std::ops::RangeInclusive<i32> = 2000..=2099;

pub fn read(context: &Context, typed: &str) -> Outcome {
    let programme = context.programme;
    let fillers = &programme.words.date_fillers;
    let not_a_date = || "this is not a date".to_owned();
    let lower = typed.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| c.is_whitespace() || ".,/-".contains(c))
        .filter(|word| !word.is_empty() && !fillers.iter().any(|filler| filler == word))
        .collect();
    // A weekday before the date, and the time after it.
    let words: Vec<&str> = words
        .into_iter()
        .filter(|word| !is_weekday(programme, word))
        .map(|word| {
            word.split('t')
                .next()
                .filter(|day| is_day(day))
                .unwrap_or(word)
        })
        .filter(|word| !is_time(word))
        .collect();
    // 20261207
    if let [all] = words[..]
        && all.len() == 8
        && all.bytes().all(|byte| byte.is_ascii_digit())
    {
        return NaiveDate::parse_from_str(all, "%Y%m%d")
            .ok()
            .filter(|day| YEARS.contains(&day.year()))
            .map(|day| {
                let shown = crate::display::date(programme, day);
                (
                    Value::Date(day),
                    vec![Remark::Note(format!("read as {shown}"))],
                )
            })
            .ok_or_else(not_a_date);
    }
    let [a, b, c] = words[..] else {
        return Err(if words.len() == 2 {
            "the day or the year is missing".into()
        } else {
            not_a_date()
        });
    };
    let number = |word: &str| {
        word.trim_end_matches(|c: char| c.is_ascii_alphabetic())
            .parse::<u32>()
            .ok()
    };
    let month_name = |word: &str| {
        let names = &programme.storyboard.words;
        (0..12)
            .find(|i| {
                names.months[*i].to_lowercase() == word
                    || names.months_short[*i].to_lowercase() == word
                    || (word.len() >= 3 && names.months[*i].to_lowercase().starts_with(word))
                    || programme.words.months[*i].iter().any(|name| name == word)
            })
            .map(|i| i as u32 + 1)
    };
    let day = |year: u32, month: u32, day: u32| {
        let year = if year < 100 {
            2000 + year as i32
        } else {
            year as i32
        };
        NaiveDate::from_ymd_opt(year, month, day).filter(|day| YEARS.contains(&day.year()))
    };
    let note = |day: NaiveDate| {
        vec![Remark::Note(format!(
            "read as {}",
            crate::display::date(programme, day)
        ))]
    };
    // 7 December 2026 or December 7, 2026
    let named = match (month_name(b), month_name(a)) {
        (Some(month), _) => number(a).zip(number(c)).and_then(|(d, y)| day(y, month, d)),
        (None, Some(month)) => number(b).zip(number(c)).and_then(|(d, y)| day(y, month, d)),
        _ => None,
    };
    if let Some(day) = named {
        return Ok((Value::Date(day), note(day)));
    }
    let (Ok(a), Ok(b), Ok(c)) = (a.parse::<u32>(), b.parse::<u32>(), c.parse::<u32>()) else {
        return Err(not_a_date());
    };
    if a >= 1000 {
        // 2026-12-07
        return day(a, b, c)
            .map(|day| (Value::Date(day), note(day)))
            .ok_or_else(not_a_date);
    }
    let (day_first, month_first) = (day(c, b, a), day(c, a, b));
    match (day_first, month_first) {
        (Some(one), Some(other)) if one != other && !lower.contains('.') => {
            if let Some(day_first) = context.habits.day_first {
                let chosen = if day_first { one } else { other };
                let how = format!(
                    "read as {}, as dates are written elsewhere in this workbook",
                    crate::display::date(programme, chosen)
                );
                return Ok((Value::Date(chosen), vec![Remark::Note(how)]));
            }
            let chosen = if programme.words.day_first {
                one
            } else {
                other
            };
            let guess = format!(
                "read as {}, though it could be {}",
                crate::display::date(programme, chosen),
                crate::display::date(programme, if chosen == one { other } else { one })
            );
            Ok((Value::Date(chosen), vec![Remark::Guess(guess)]))
        }
        (Some(day), _) | (None, Some(day)) => Ok((Value::Date(day), note(day))),
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

fn is_weekday(programme: &crate::programme::Programme, word: &str) -> bool {
    programme
        .words
        .weekdays
        .iter()
        .any(|day| *day == word || (word.len() >= 2 && word.len() <= 4 && day.starts_with(word)))
}
