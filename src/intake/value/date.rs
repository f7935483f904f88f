//! Dates as people type them.

use chrono::{Datelike, NaiveDate};

use super::{Context, Outcome, Remark};
use crate::answers::Value;

/// Years that a plan can be about.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2099;

pub fn read(context: &Context, typed: &str) -> Outcome {
    let programme = context.programme;
    let not_a_date = || "this is not a date".to_owned();
    let lower = typed.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| c.is_whitespace() || ".,/-".contains(c))
        .filter(|word| !word.is_empty() && !matches!(*word, "of" | "the"))
        .collect();
    let [a, b, c] = words[..] else {
        return Err(not_a_date());
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
    if a > 31 {
        // 2026-12-07
        return day(a, b, c)
            .map(|day| (Value::Date(day), note(day)))
            .ok_or_else(not_a_date);
    }
    let (day_first, month_first) = (day(c, b, a), day(c, a, b));
    match (day_first, month_first) {
        (Some(one), Some(other)) if one != other && !lower.contains('.') => {
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
