//! The questions of a questionnaire and a client's answers to them, one line each.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::answers::{CellRef, Value};
use crate::display;
use crate::questionnaire::{Field, Kind, Questionnaire};

/// A question that a client is asked, for the long list of answers.
#[derive(Debug, Clone)]
pub struct Question {
    /// Field id.
    pub id: String,
    /// Title of the worksheet.
    pub sheet: String,
    /// Title of the section.
    pub section: String,
    /// The question.
    pub label: String,
    /// What its answers are.
    pub answers: AnswerType,
    /// What a number is counted in, such as `weeks` or `/ month`; empty for texts and plain numbers.
    pub unit: String,
}

/// What the answers to a question are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerType {
    /// A rating out of 10.
    Rating,
    /// An amount in the client's currency.
    Amount,
    /// Percent: 25 is 25 %.
    Percent,
    /// A number without decimals.
    Count,
    /// Any number.
    Number,
    /// One of a list.
    Choice,
    /// A day.
    Date,
    /// A text.
    Text,
}

impl AnswerType {
    /// The type in a word.
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
            Kind::Text | Kind::LongText | Kind::Email => AnswerType::Text,
        }
    }
}

impl Question {
    /// The questionnaire's questions, in the order of the sheets.
    pub fn all(questionnaire: &Questionnaire) -> Vec<Self> {
        let question = |(_, field): (_, &Field)| {
            let worksheet = &questionnaire.worksheets[field.sheet];
            Self {
                id: field.id.clone(),
                sheet: worksheet.title.clone(),
                section: worksheet.sections[field.section].title.clone(),
                label: field.label.clone(),
                answers: (&field.kind).into(),
                unit: display::unit(questionnaire, &field.kind),
            }
        };
        questionnaire.inputs().map(question).collect()
    }
}

/// An answer, for the long list.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AnswerLine {
    /// Number in the question's unit, if it is one.
    pub number: Option<f64>,
    /// Day, if it is one.
    pub day: Option<NaiveDate>,
    /// As printed; empty when missing.
    pub text: String,
    /// Whether there is one.
    pub state: AnswerState,
    /// As typed.
    pub raw: String,
    /// Where.
    pub place: Option<CellRef>,
}

/// Whether a question has an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AnswerState {
    /// It has.
    Answered,
    /// Blank.
    Missing,
    /// It does not apply.
    NotApplicable,
    /// Not yet known.
    Unknown,
    /// Something stands there that cannot be used.
    Invalid,
}

impl AnswerState {
    /// The state in a word.
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
