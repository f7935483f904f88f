//! The questions of a questionnaire, and a client's answers to them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::answers::{CellRef, Value};
use crate::display;
use crate::questionnaire::{Field, Kind, Questionnaire};

/// A question that a client is asked, as `answers.csv` and the portfolio workbook list it.
#[derive(Debug, Clone)]
pub struct Question {
    /// ID of the field.
    pub id: String,
    /// Title of the worksheet.
    pub sheet: String,
    /// Title of the section.
    pub section: String,
    /// The question's label.
    pub label: String,
    /// Type of its answers.
    pub answers: AnswerType,
    /// Unit of a number, such as `weeks` or `/ month`. Empty for texts and plain numbers.
    pub unit: String,
}

/// The type of the answers to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerType {
    /// A rating out of 10.
    Rating,
    /// An amount in the client's currency.
    Amount,
    /// A percentage: 25 is 25%.
    Percent,
    /// A count.
    Count,
    /// Any number.
    Number,
    /// An option of a list.
    Choice,
    /// A date.
    Date,
    /// A text.
    Text,
}

impl AnswerType {
    /// Returns the name of the type in the data files.
    pub fn word(self) -> &'static str {
        match self {
            AnswerType::Rating => "rating",
            AnswerType::Amount => "amount",
            AnswerType::Percent => "percent",
            AnswerType::Count => "count",
            AnswerType::Number => "number",
            AnswerType::Choice => "choice",
            AnswerType::Date => "date",
            AnswerType::Text => "text",
        }
    }
}

impl From<&Kind> for AnswerType {
    fn from(kind: &Kind) -> Self {
        match kind {
            Kind::Rating { .. } => AnswerType::Rating,
            Kind::Money { .. } => AnswerType::Amount,
            Kind::Percent | Kind::Share => AnswerType::Percent,
            Kind::Count { .. } => AnswerType::Count,
            Kind::Quantity { .. }
            | Kind::Multiple
            | Kind::Ratio
            | Kind::ComputedScore { .. }
            | Kind::ComputedRoi => AnswerType::Number,
            Kind::Choice { .. } => AnswerType::Choice,
            Kind::Date => AnswerType::Date,
            Kind::Text
            | Kind::LongText
            | Kind::Email
            | Kind::Url
            | Kind::Phone
            | Kind::Choices { .. } => AnswerType::Text,
        }
    }
}

impl Question {
    /// Returns all questions of a questionnaire, in the order of the sheets.
    pub fn all(questionnaire: &Questionnaire) -> Vec<Self> {
        let question = |(_, field): (_, &Field)| {
            let worksheet = &questionnaire.worksheets[field.sheet];
            Self {
                id: field.id.clone(),
                sheet: worksheet.title.clone(),
                section: worksheet.sections[field.section].title.clone(),
                label: field.label.clone(),
                answers: (&field.kind).into(),
                unit: display::unit(questionnaire, field),
            }
        };
        questionnaire.inputs().map(question).collect()
    }
}

/// The answer to a [`Question`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AnswerLine {
    /// The number in the question's unit, if the answer is a number.
    pub number: Option<f64>,
    /// The date, if the answer is a date.
    pub day: Option<NaiveDate>,
    /// The answer as printed. Empty if it is missing.
    pub text: String,
    /// Whether the question has an answer.
    pub state: AnswerState,
    /// The cell's content as entered.
    pub raw: String,
    /// The cell.
    pub place: Option<CellRef>,
}

/// Whether a question has an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AnswerState {
    /// The question has an answer.
    Answered,
    /// Blank.
    Missing,
    /// The question does not apply.
    NotApplicable,
    /// Not yet known.
    Unknown,
    /// The cell contains a value that cannot be used.
    Invalid,
}

impl AnswerState {
    /// Returns the name of the state in the data files.
    pub fn word(self) -> &'static str {
        match self {
            AnswerState::Answered => "answered",
            AnswerState::Missing => "missing",
            AnswerState::NotApplicable => "not_applicable",
            AnswerState::Unknown => "unknown",
            AnswerState::Invalid => "invalid",
        }
    }
}

impl From<&Value> for AnswerState {
    fn from(value: &Value) -> Self {
        match value {
            Value::Missing => AnswerState::Missing,
            Value::NotApplicable => AnswerState::NotApplicable,
            Value::Unknown => AnswerState::Unknown,
            Value::Invalid => AnswerState::Invalid,
            Value::Number(_) | Value::Choice(_) | Value::Date(_) | Value::Text(_) => {
                AnswerState::Answered
            }
        }
    }
}
