//! The answers to write into a workbook: from a JSON file, or from a workbook with answers.

use std::collections::HashSet;

use chrono::NaiveDate;
use serde_json::Value as Json;

use crate::answers::{Answers, Value};
use crate::issue::Issue;
use crate::questionnaire::{FieldKey, Kind, NoValue, Questionnaire};
use crate::sheet_map::{Edition, ExtraText};
use crate::text;

/// The value of one cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// A number in the unit of the field. 25 percent is 25 here, and 0.25 in the workbook.
    Number(f64),
    /// A date.
    Date(NaiveDate),
    /// A text, exactly as entered.
    Text(String),
}

/// The contents of an annotated copy in addition to the answers.
#[derive(Debug, Clone, Default)]
pub struct Annotations {
    /// The open issues, the most severe first.
    pub problems: Vec<Issue>,
    /// What the client wrote outside the answer cells.
    pub extra_text: Vec<ExtraText>,
    /// The edition of the copy.
    pub edition: Option<Edition>,
}

/// What a workbook for a client of the roster contains in addition to the answers.
#[derive(Debug, Clone, Default)]
pub struct Handout {
    /// The client ID.
    pub client: String,
    /// The day by which the workbook is due.
    pub due: Option<NaiveDate>,
    /// Who receives the completed workbook: name and address, in one line.
    pub contact: String,
    /// Logo of the sender, as a PNG.
    pub logo: Option<std::sync::Arc<[u8]>>,
}

/// The values to fill into a workbook.
#[derive(Debug, Clone)]
pub struct Prefill {
    cells: Vec<Option<Cell>>,
    returned: Option<Annotations>,
    handout: Option<Handout>,
}

/// Why a JSON file of answers cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PrefillError {
    /// The file is not JSON, or not an object.
    #[error("not a JSON object of field IDs and answers: {0}")]
    NotAnObject(String),
    /// A key is not an input field.
    #[error("\"{0}\" is not an input field of this questionnaire")]
    UnknownField(String),
    /// A value is neither a number, a text, nor null.
    #[error("the answer to \"{0}\" is neither a number nor text")]
    NotAnAnswer(String),
}

impl Prefill {
    /// Returns a prefill without answers.
    pub fn blank(questionnaire: &Questionnaire) -> Self {
        Self {
            cells: vec![None; questionnaire.fields.len()],
            returned: None,
            handout: None,
        }
    }

    /// Parses answers by field ID: numbers as numbers, dates as `"2026-12-07"`, every other text exactly as a client
    /// would enter it.
    ///
    /// # Errors
    /// Returns an error if the JSON is not an object of answers, or contains a key that is not an input field of the
    /// questionnaire.
    pub fn from_json(questionnaire: &Questionnaire, json: &str) -> Result<Self, PrefillError> {
        let object: serde_json::Map<String, Json> = serde_json::from_str(json)
            .map_err(|error| PrefillError::NotAnObject(error.to_string()))?;
        let mut prefill = Self::blank(questionnaire);
        for (id, value) in object {
            let key = questionnaire
                .key(&id)
                .filter(|key| questionnaire.field(*key).kind.is_input())
                .ok_or_else(|| PrefillError::UnknownField(id.clone()))?;
            prefill.cells[key.0] = match value {
                Json::Null => None,
                Json::Number(number) => number
                    .as_f64()
                    .filter(|number| number.is_finite())
                    .map(Cell::Number),
                Json::String(typed) => Some(match NaiveDate::parse_from_str(&typed, "%Y-%m-%d") {
                    Ok(day) if questionnaire.field(key).kind == Kind::Date => Cell::Date(day),
                    _ => Cell::Text(typed),
                }),
                _ => return Err(PrefillError::NotAnAnswer(id)),
            };
        }
        Ok(prefill)
    }

    /// Takes the answers of a workbook: each value that could be parsed, and every other answer as entered.
    pub fn from_answers(
        questionnaire: &Questionnaire,
        answers: &Answers,
        issues: &[Issue],
    ) -> Self {
        let mut prefill = Self::blank(questionnaire);
        // An ambiguous answer is copied as entered, so that the copy gives the same issue again.
        let doubted: HashSet<&str> = issues
            .iter()
            .filter(|issue| issue.code.is_ambiguous())
            .filter_map(|issue| issue.field.as_deref())
            .collect();
        for (key, field) in questionnaire.inputs() {
            let answer = answers.get(key);
            if doubted.contains(field.id.as_str()) && !answer.raw.is_empty() {
                prefill.cells[key.0] = Some(Cell::Text(answer.raw.clone()));
                continue;
            }
            prefill.cells[key.0] = match &answer.value {
                Value::Number(number) => Some(Cell::Number(*number)),
                Value::Date(day) => Some(Cell::Date(*day)),
                Value::Text(text) => Some(Cell::Text(text.clone())),
                Value::Choice(_) => answers
                    .choice(questionnaire, key)
                    .map(|option| Cell::Text(option.to_owned())),
                Value::NotApplicable => {
                    Some(Cell::Text(questionnaire.words.not_applicable().to_owned()))
                }
                Value::Unknown => Some(Cell::Text(questionnaire.words.unknown_shown())),
                Value::Missing => None,
                Value::Invalid => Some(Cell::Text(answer.raw.clone())),
            };
        }
        prefill
    }

    /// Returns the answers as JSON by field ID, as [`Prefill::from_json`] parses them.
    pub fn to_json(&self, questionnaire: &Questionnaire) -> String {
        let answers = questionnaire.inputs().filter_map(|(key, field)| {
            let value = match self.get(key)? {
                Cell::Number(number) => Json::from(*number),
                Cell::Date(day) => Json::from(day.to_string()),
                Cell::Text(text) => Json::from(text.as_str()),
            };
            Some((field.id.clone(), value))
        });
        let answers: serde_json::Map<String, Json> = answers.collect();
        Json::Object(answers).to_string()
    }

    /// Clears one cell.
    pub fn clear(&mut self, key: FieldKey) {
        self.cells[key.0] = None;
    }

    /// Sets the value of one cell.
    pub fn set(&mut self, key: FieldKey, cell: Cell) {
        self.cells[key.0] = Some(cell);
    }

    /// Turns the workbook into an annotated copy.
    pub fn annotate(&mut self, returned: Annotations) {
        self.returned = Some(returned);
    }

    /// Addresses the workbook to a client.
    pub fn hand_out(&mut self, handout: Handout) {
        self.handout = Some(handout);
    }

    /// Returns what the workbook contains for its client, if it is addressed to one.
    pub(super) fn handout(&self) -> Option<&Handout> {
        self.handout.as_ref()
    }

    /// Returns the annotations, if the workbook is an annotated copy.
    pub(super) fn returned(&self) -> Option<&Annotations> {
        self.returned.as_ref()
    }

    /// Returns the open issues of a field, the most severe first.
    pub(super) fn problems_of<'p>(&'p self, id: &'p str) -> impl Iterator<Item = &'p Issue> {
        let problems = self.returned.iter().flat_map(|back| &back.problems);
        problems.filter(move |problem| problem.field.as_deref() == Some(id))
    }

    /// Returns the value of a field's cell.
    pub fn get(&self, key: FieldKey) -> Option<&Cell> {
        self.cells[key.0].as_ref()
    }

    /// Returns the answers as the workbook's formulas see them: only numeric cells within their range are numbers.
    pub(super) fn as_excel_sees_it(&self, questionnaire: &Questionnaire) -> Answers {
        let mut answers = Answers::empty(questionnaire);
        for (key, field) in questionnaire.inputs() {
            let Some(cell) = self.get(key) else { continue };
            let (low, high) = field.range();
            answers.get_mut(key).value = match cell {
                Cell::Number(number) if field.kind.is_number() && (low..=high).contains(number) => {
                    Value::Number(*number)
                }
                Cell::Number(number) => Value::Text(number.to_string()),
                Cell::Date(day) => Value::Date(*day),
                Cell::Text(typed)
                    if questionnaire.words.no_value.get(&typed.to_lowercase())
                        == Some(&NoValue::NotApplicable) =>
                {
                    Value::NotApplicable
                }
                Cell::Text(typed) => match &field.kind {
                    Kind::Choice { list } => questionnaire.choices[*list]
                        .options
                        .iter()
                        .position(|option| option == typed)
                        .map_or(Value::Invalid, Value::Choice),
                    _ => Value::Text(text::for_cell(typed)),
                },
            };
        }
        answers
    }

    /// Returns how many required cells of a sheet its live formula counts: cells that are not empty, minus those with
    /// the words for "not yet known" and "does not apply".
    pub(super) fn counted(&self, questionnaire: &Questionnaire, sheet: usize) -> usize {
        let no_answers = questionnaire.words.instead_of_values();
        let is_answer = |cell: &Cell| match cell {
            Cell::Text(typed) => {
                !typed.is_empty()
                    && !no_answers
                        .iter()
                        .flatten()
                        .any(|word| typed.eq_ignore_ascii_case(word))
            }
            _ => true,
        };
        let counts = |key: &FieldKey| {
            let field = questionnaire.field(*key);
            field.kind.is_input() && !field.optional && self.get(*key).is_some_and(is_answer)
        };
        questionnaire.worksheets[sheet]
            .fields()
            .filter(counts)
            .count()
    }
}
