//! A number without a percent sign where a percentage is asked for: 0.25 may be meant as 25% or as a quarter of one percent,
//! and 1 as 1% or as all of it. The sheet's other percentages decide; where they do not, both readings are reported.

use super::digits::clean;
use super::{Context, ParseNote};
use crate::display;

/// How a sheet writes its percentages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PercentStyle {
    /// As shares of 1: a quarter is 0.25.
    Shares,
    /// As numbers of percent: a quarter is 25.
    Percents,
}

impl PercentStyle {
    /// What one number gives away. Between 0 and 1 it is taken for a share, above 1 it can be none.
    pub(super) fn of(number: f64) -> Option<Self> {
        match number {
            number if number > 1.0 => Some(PercentStyle::Percents),
            number if number > 0.0 && number < 1.0 => Some(PercentStyle::Shares),
            _ => None,
        }
    }
}

/// The percentage that a number without a percent sign means, and what is to be said of it.
pub(super) fn read(context: &Context, number: f64) -> (f64, Option<ParseNote>) {
    let is_open = number > 0.0 && number <= 1.0;
    if !is_open {
        return (number, None);
    }
    let share = clean(number * 100.0);
    let decided = || ParseNote::Note("as other percentages on this sheet are written".into());
    match context.percents {
        Some(PercentStyle::Shares) => (share, Some(decided())),
        Some(PercentStyle::Percents) => (number, Some(decided())),
        None => {
            // A fraction of one percent is rarely entered without a sign, and 1 means 1% more often than 100%.
            let (value, other) = match number < 1.0 {
                true => (share, number),
                false => (number, share),
            };
            let other = display::number(context.questionnaire, other, 4);
            let how = format!("it could also be {other}%");
            (value, Some(ParseNote::Guess(how)))
        }
    }
}

/// The same for a number in a cell, with the percentage that it was read as.
pub(super) fn read_cell(context: &Context, number: f64) -> (f64, Option<ParseNote>) {
    let (value, note) = read(context, number);
    let shown = display::number(context.questionnaire, value, 4);
    let note = note.map(|note| match note {
        ParseNote::Note(why) => ParseNote::Note(format!("read as {shown}%: {why}")),
        ParseNote::Guess(why) => ParseNote::Guess(format!("read as {shown}%: {why}")),
        other => other,
    });
    (value, note)
}
