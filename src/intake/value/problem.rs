//! The problems that prevent reading a value from a cell, and the fix for each problem.

use crate::display;
use crate::questionnaire::{Kind, Questionnaire};
use crate::text::{lower_first, shorten};

use super::Context;

/// The reason why a value cannot be read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Problem {
    /// A formula without a stored result.
    FormulaWithoutResult,
    /// An error value, such as `#DIV/0!`.
    ErrorValue(String),
    /// An entry that the spreadsheet converted to a date or time.
    DateMade,
    /// A percentage, but the field does not expect one.
    Percentage,
    /// Words instead of a number.
    NoDigits,
    /// Text with digits that is not a number.
    NotANumber,
    /// A word that has no meaning next to the number.
    WordBeside(String),
    /// A range. Contains the midpoint if both ends can be read and are in ascending order.
    Range(Option<f64>),
    /// A number outside the range of the field. Contains the number that the client probably means, if any.
    OutOfRange(Option<f64>),
    /// A fraction, such as "3 out of 7", that the field does not support.
    Fraction,
    /// A ratio, but the field does not expect one.
    Ratio,
    /// A factor, but the field does not expect one.
    Factor,
    /// An amount of money, but the field does not expect one.
    Money,
    /// A unit that cannot be converted to the expected unit.
    Unit {
        /// The entered unit.
        given: String,
        /// The expected unit.
        asked: String,
    },
    /// An amount per period, but the field does not expect one. Contains the ID of the period.
    PerPeriod(String),
    /// A text that is too long for a number, date, or option.
    LongText,
    /// A text that is not an option on the list. Contains the option that the client probably means, if any.
    NotOnList(Option<String>),
    /// More than one option.
    SeveralOptions,
    /// A text that is not an email address. Contains the address that the client probably means, if any.
    NotAnEmail(Option<String>),
    /// More than one email address.
    SeveralEmails,
    /// A text that is not a web address.
    NotAUrl,
    /// A text that is not a telephone number.
    NotAPhone,
    /// An entry that is not a date.
    NotADate,
    /// A date without its day or its year.
    IncompleteDate,
    /// A date with a year that plans do not support.
    Year(i32),
}

impl Problem {
    /// Describes the problem, as a fragment that follows the value.
    pub(super) fn found(&self, context: &Context) -> String {
        let questionnaire = context.questionnaire;
        match self {
            Problem::FormulaWithoutResult => "a formula without a result".into(),
            Problem::ErrorValue(_) => "an error value".into(),
            Problem::DateMade => "the spreadsheet turned the entry into a date or time".into(),
            Problem::Percentage => "a percentage".into(),
            Problem::NoDigits => "words, not a number".into(),
            Problem::NotANumber => "not a number".into(),
            Problem::WordBeside(word) => {
                format!(
                    "\"{}\" has no meaning next to this number",
                    shorten(word, 40)
                )
            }
            Problem::Range(Some(midpoint)) => format!(
                "a range, not one number (midpoint: {})",
                display::number(questionnaire, *midpoint, 4)
            ),
            Problem::Range(None) => "two numbers, not one".into(),
            Problem::OutOfRange(_) => {
                let (low, high) = range(context);
                format!("outside the range from {low} to {high}")
            }
            Problem::Fraction => "a fraction".into(),
            Problem::Ratio => "a ratio".into(),
            Problem::Factor => "a factor".into(),
            Problem::Money => "an amount of money".into(),
            Problem::Unit { given, .. } => format!("in {given}"),
            Problem::PerPeriod(period) => format!("per {period}"),
            Problem::LongText => "a long text".into(),
            Problem::NotOnList(_) => "not on the list".into(),
            Problem::SeveralOptions => "several options".into(),
            Problem::NotAnEmail(_) => "not an email address".into(),
            Problem::SeveralEmails => "several email addresses".into(),
            Problem::NotAUrl => "not a web address".into(),
            Problem::NotAPhone => "not a telephone number".into(),
            Problem::NotADate => "not a date".into(),
            Problem::IncompleteDate => "a date without its day or its year".into(),
            Problem::Year(year) => format!("the year {year} is out of range"),
        }
    }

    /// Returns the fix, as an imperative for this problem.
    pub(super) fn fix(&self, context: &Context) -> String {
        let questionnaire = context.questionnaire;
        let likely = |number: f64| display::number(questionnaire, number, 4);
        match self {
            Problem::FormulaWithoutResult => "Replace the formula with its result.".into(),
            Problem::ErrorValue(error) => {
                format!("Replace {} with the value itself.", shorten(error, 24))
            }
            Problem::DateMade if context.field.kind.is_number() => {
                "Enter the number alone, without slash, hyphen or colon.".into()
            }
            Problem::DateMade => match context.field.kind {
                Kind::Email => Problem::NotAnEmail(None).fix(context),
                Kind::Choice { .. } => Problem::NotOnList(None).fix(context),
                _ => "Format the cell as text, then enter the answer again.".into(),
            },
            Problem::Percentage => "Enter the number itself, without %.".into(),
            Problem::NoDigits | Problem::NotANumber => example(context),
            Problem::WordBeside(word) => {
                format!("Enter the number without \"{}\".", shorten(word, 40))
            }
            Problem::Range(Some(midpoint)) => {
                format!("Enter one number, such as {}.", likely(*midpoint))
            }
            Problem::Range(None) => "Enter one number.".into(),
            Problem::OutOfRange(meant) => {
                let (low, high) = range(context);
                let fix = format!("Enter a number from {low} to {high}.");
                match meant {
                    Some(meant) => format!("{fix} Did you mean {}?", likely(*meant)),
                    None => fix,
                }
            }
            Problem::Fraction => "Enter one number instead of the fraction.".into(),
            Problem::Ratio => "Enter one number instead of the ratio.".into(),
            Problem::Factor => "Enter the number itself, without \"times\" or \"x\".".into(),
            Problem::Money => "Enter the number without a currency.".into(),
            Problem::Unit { asked, .. } => format!("Convert it, and enter the number of {asked}."),
            Problem::PerPeriod(_) => "Enter the number for all the time, without a period.".into(),
            Problem::LongText => match context.field.kind {
                Kind::Choice { .. } => "Choose one option from the list in the cell.".into(),
                Kind::Date => "Enter the date alone.".into(),
                _ => "Enter the number alone.".into(),
            },
            Problem::NotOnList(meant) => {
                let fix = match context.field.kind {
                    Kind::Choices { .. } => format!(
                        "Enter {}.",
                        lower_first(&display::asks_for(questionnaire, context.field))
                    ),
                    _ => "Choose an option from the list in the cell.".to_owned(),
                };
                match meant {
                    Some(meant) => format!("{fix} Did you mean \"{meant}\"?"),
                    None => fix,
                }
            }
            Problem::SeveralOptions => "Choose one option from the list in the cell.".into(),
            Problem::NotAnEmail(Some(meant)) => {
                format!("Enter one complete email address. Did you mean {meant}?")
            }
            Problem::NotAnEmail(None) => "Enter one complete email address.".into(),
            Problem::SeveralEmails => "Enter one of the addresses.".into(),
            Problem::NotAUrl => "Enter one web address, such as www.company.com.".into(),
            Problem::NotAPhone => "Enter one telephone number, such as +44 20 7946 0000.".into(),
            Problem::NotADate => {
                format!(
                    "Enter the date with the name of the month, such as {}.",
                    day(questionnaire)
                )
            }
            Problem::IncompleteDate => {
                format!(
                    "Enter day, month, and year, such as {}.",
                    day(questionnaire)
                )
            }
            Problem::Year(_) => "Enter the date with the right year.".into(),
        }
    }
}

fn range(context: &Context) -> (String, String) {
    let (low, high) = context.field.range();
    let shown = |number| display::number(context.questionnaire, number, 0);
    (shown(low), shown(high))
}

/// Returns a fix with an example number for this type of field.
fn example(context: &Context) -> String {
    let example = match context.field.kind {
        Kind::Rating { .. } => "8",
        Kind::Percent | Kind::Share => "25%",
        Kind::Money { .. } => "12000",
        Kind::Multiple => "2.5",
        Kind::Ratio => "2.5",
        _ => "12",
    };
    format!("Enter a number, such as {example}.")
}

fn day(questionnaire: &Questionnaire) -> String {
    let day = chrono::NaiveDate::from_ymd_opt(2026, 12, 7).unwrap_or_default();
    display::date(questionnaire, day)
}
