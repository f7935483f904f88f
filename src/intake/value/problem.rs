//! The problems that prevent reading a value from a cell, and the fix for each problem.

use crate::display;
use crate::questionnaire::{Kind, Questionnaire};
use crate::text::{fill, lower_first, shorten};

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
        let texts = &context.questionnaire.issue_texts.problem;
        let text = match self {
            Problem::FormulaWithoutResult => &texts.formula_without_result,
            Problem::ErrorValue(_) => &texts.error_value,
            Problem::DateMade => &texts.date_made,
            Problem::Percentage => &texts.percentage,
            Problem::NoDigits => &texts.no_digits,
            Problem::NotANumber => &texts.not_a_number,
            Problem::WordBeside(_) => &texts.word_beside,
            Problem::Range(Some(_)) => &texts.range,
            Problem::Range(None) => &texts.two_numbers,
            Problem::OutOfRange(_) => &texts.out_of_range,
            Problem::Fraction => &texts.fraction,
            Problem::Ratio => &texts.ratio,
            Problem::Factor => &texts.factor,
            Problem::Money => &texts.money,
            Problem::Unit { .. } => &texts.unit,
            Problem::PerPeriod(_) => &texts.per_period,
            Problem::LongText => &texts.long_text,
            Problem::NotOnList(_) => &texts.not_on_list,
            Problem::SeveralOptions => &texts.several_options,
            Problem::NotAnEmail(_) => &texts.not_an_email,
            Problem::SeveralEmails => &texts.several_emails,
            Problem::NotAUrl => &texts.not_a_url,
            Problem::NotAPhone => &texts.not_a_phone,
            Problem::NotADate => &texts.not_a_date,
            Problem::IncompleteDate => &texts.incomplete_date,
            Problem::Year(_) => &texts.year,
        };
        let given = match self {
            Problem::Unit { given, .. } => given.as_str(),
            _ => "",
        };
        self.fill(context, text, given)
    }

    /// Returns the fix, as an imperative for this problem.
    pub(super) fn fix(&self, context: &Context) -> String {
        let texts = &context.questionnaire.issue_texts.problem_fix;
        let kind = &context.field.kind;
        let text = match self {
            Problem::FormulaWithoutResult => &texts.formula_without_result,
            Problem::ErrorValue(_) => &texts.error_value,
            Problem::DateMade if kind.is_number() => &texts.date_made_number,
            Problem::DateMade => match kind {
                Kind::Email => &texts.not_an_email,
                Kind::Choice { .. } => &texts.not_on_list,
                _ => &texts.date_made,
            },
            Problem::Percentage => &texts.percentage,
            Problem::NoDigits | Problem::NotANumber => &texts.number,
            Problem::WordBeside(_) => &texts.word_beside,
            Problem::Range(Some(_)) => &texts.range,
            Problem::Range(None) => &texts.two_numbers,
            Problem::OutOfRange(_) => &texts.out_of_range,
            Problem::Fraction => &texts.fraction,
            Problem::Ratio => &texts.ratio,
            Problem::Factor => &texts.factor,
            Problem::Money => &texts.money,
            Problem::Unit { .. } => &texts.unit,
            Problem::PerPeriod(_) => &texts.per_period,
            Problem::LongText => match kind {
                Kind::Choice { .. } => &texts.long_option,
                Kind::Date => &texts.long_date,
                _ => &texts.long_number,
            },
            Problem::NotOnList(_) => match kind {
                Kind::Choices { .. } => &texts.several_expected,
                _ => &texts.not_on_list,
            },
            Problem::SeveralOptions => &texts.several_options,
            Problem::NotAnEmail(_) => &texts.not_an_email,
            Problem::SeveralEmails => &texts.several_emails,
            Problem::NotAUrl => &texts.not_a_url,
            Problem::NotAPhone => &texts.not_a_phone,
            Problem::NotADate => &texts.not_a_date,
            Problem::IncompleteDate => &texts.incomplete_date,
            Problem::Year(_) => &texts.year,
        };
        let asked = match self {
            Problem::Unit { asked, .. } => asked.as_str(),
            _ => "",
        };
        let fix = self.fill(context, text, asked);
        let number = |number: f64| display::number(context.questionnaire, number, 4);
        let (meant, text) = match self {
            Problem::OutOfRange(meant) => (meant.map(number), &texts.did_you_mean),
            Problem::NotAnEmail(meant) => (meant.clone(), &texts.did_you_mean),
            Problem::NotOnList(meant) => (meant.clone(), &texts.did_you_mean_text),
            _ => (None, &texts.did_you_mean),
        };
        match meant {
            Some(meant) => fill(text, &[("fix", &fix), ("meant", &meant)]),
            None => fix,
        }
    }

    /// Fills in the values of this problem. `unit` is the unit that the text names.
    fn fill(&self, context: &Context, text: &str, unit: &str) -> String {
        let questionnaire = context.questionnaire;
        let (low, high) = range(context);
        let midpoint = match self {
            Problem::Range(Some(midpoint)) => display::number(questionnaire, *midpoint, 4),
            _ => String::new(),
        };
        let word = match self {
            Problem::WordBeside(word) => shorten(word, 40),
            _ => String::new(),
        };
        let error = match self {
            Problem::ErrorValue(error) => shorten(error, 24),
            _ => String::new(),
        };
        let period = match self {
            Problem::PerPeriod(period) => period.as_str(),
            _ => "",
        };
        let year = match self {
            Problem::Year(year) => year.to_string(),
            _ => String::new(),
        };
        let example = match self {
            Problem::NotADate | Problem::IncompleteDate => day(questionnaire),
            _ => example(context).to_owned(),
        };
        let expected = lower_first(&display::asks_for(questionnaire, context.field));
        fill(
            text,
            &[
                ("word", &word),
                ("midpoint", &midpoint),
                ("low", &low),
                ("high", &high),
                ("unit", unit),
                ("period", period),
                ("year", &year),
                ("error", &error),
                ("example", &example),
                ("expected", &expected),
            ],
        )
    }
}

fn range(context: &Context) -> (String, String) {
    let (low, high) = context.field.range();
    let shown = |number| display::number(context.questionnaire, number, 0);
    (shown(low), shown(high))
}

/// Returns an example number for this type of field.
fn example(context: &Context) -> &'static str {
    match context.field.kind {
        Kind::Rating { .. } => "8",
        Kind::Percent | Kind::Share => "25%",
        Kind::Money { .. } => "12000",
        Kind::Multiple | Kind::Ratio => "2.5",
        _ => "12",
    }
}

fn day(questionnaire: &Questionnaire) -> String {
    let day = chrono::NaiveDate::from_ymd_opt(2026, 12, 7).unwrap_or_default();
    display::date(questionnaire, day)
}
