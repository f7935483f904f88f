//! Reads a number without a percent sign as a percentage.
//!
//! 0.25 can mean 25% or 0.25%, and 1 can mean 1% or 100%. The other percentages on the sheet decide. If they do not
//! agree or do not exist, a warning reports the other meaning.

use super::digits::clean;
use super::{Context, ParseNote};
use crate::display;
use crate::text::fill;

/// How a sheet writes percentages without a percent sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PercentStyle {
    /// As fractions of 1: a quarter is 0.25.
    Shares,
    /// As percentages: a quarter is 25.
    Percents,
}

impl PercentStyle {
    /// Returns the style that one number indicates. A number between 0 and 1 is assumed to be a fraction, and a number
    /// above 1 cannot be a fraction. 0, 1, and negative numbers indicate no style.
    pub(super) fn of(number: f64) -> Option<Self> {
        match number {
            number if number > 1.0 => Some(PercentStyle::Percents),
            number if number > 0.0 && number < 1.0 => Some(PercentStyle::Shares),
            _ => None,
        }
    }
}

/// Returns the percentage that a number without a percent sign means, and a note if the number is ambiguous.
pub(super) fn read(context: &Context, number: f64) -> (f64, Option<ParseNote>) {
    let is_open = number > 0.0 && number <= 1.0;
    if !is_open {
        return (number, None);
    }
    let share = clean(number * 100.0);
    let texts = &context.questionnaire.issue_texts.reading;
    let decided = || ParseNote::Note(texts.percents_as_elsewhere.clone());
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
            let how = fill(&texts.percent_or, &[("other", &other)]);
            (value, Some(ParseNote::Guess(how)))
        }
    }
}

/// Like [`read`], for a number in a numeric cell. The note also contains the resulting percentage.
pub(super) fn read_cell(context: &Context, number: f64) -> (f64, Option<ParseNote>) {
    let (value, note) = read(context, number);
    let shown = display::number(context.questionnaire, value, 4);
    let text = &context.questionnaire.issue_texts.reading.percent;
    let how = |why: String| fill(text, &[("value", &shown), ("reason", &why)]);
    let note = note.map(|note| match note {
        ParseNote::Note(why) => ParseNote::Note(how(why)),
        ParseNote::Guess(why) => ParseNote::Guess(how(why)),
        other => other,
    });
    (value, note)
}
