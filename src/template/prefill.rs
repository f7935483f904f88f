//! Answers to write into a blank workbook: from a JSON file, or from a workbook already filled in.

use std::collections::HashSet;

use chrono::NaiveDate;
use serde_json::Value as Json;

use crate::answers::{Answers, Value};
use crate::issue::Issue;
use crate::questionnaire::{FieldKey, Kind, Questionnaire};
use crate::sheet_map::{Edition, ExtraText};
use crate::text;

/// What goes into one cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// A number in the field's unit; percent as 25, written as 0.25.
    Number(f64),
    /// A day.
    Date(NaiveDate),
    /// A text, exactly as typed.
    Text(String),
}

/// What a workbook that is handed back says besides the answers.
#[derive(Debug, Clone, Default)]
pub struct Annotations {
    /// What is to be resolved, the gravest first.
    pub problems: Vec<Issue>,
    /// What the client wrote where no question asks for it.
    pub extra_text: Vec<ExtraText>,
    /// Which edition it is.
    pub edition: Option<Edition>,
}

/// What a workbook is filled in with.
#[derive(Debug, Clone)]
pub struct Prefill {
    cells: Vec<Option<Cell>>,
    returned: Option<Annotations>,
}

/// A JSON of answers cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PrefillError {
    /// Not JSON, or not an object.
    #[error("not a JSON object of field IDs and answers: {0}")]
    NotAnObject(String),
    /// A key that is no field to fill in.
    #[error("\"{0}\" is not an input field of this questionnaire")]
    UnknownField(String),
    /// A value that is neither number, text nor empty.
    #[error("the answer to \"{0}\" is neither a number nor text")]
    NotAnAnswer(String),
}

impl Prefill {
    /// Nothing filled in.
    pub fn blank(questionnaire: &Questionnaire) -> Self {
        Self {
            cells: vec![None; questionnaire.fields.len()],
            returned: None,
        }
    }

    /// Answers by field id: numbers as numbers, days as `"2026-12-07"`, every other text exactly as a client would type it.
    ///
    /// # Errors
    /// When it is not such an object, or names a field that the questionnaire does not have.
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

    /// The answers of a workbook: what could be read as its value, everything else as it was typed.
    pub fn from_answers(
        questionnaire: &Questionnaire,
        answers: &Answers,
        issues: &[Issue],
    ) -> Self {
        let mut prefill = Self::blank(questionnaire);
        // What was read with a doubt goes over as it was typed, and the doubt with it.
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
                Value::Unknown => Some(Cell::Text(questionnaire.words.unknown().to_uppercase())),
                Value::Missing => None,
                Value::Invalid => Some(Cell::Text(answer.raw.clone())),
            };
        }
        prefill
    }

    /// Fills in one cell.
    pub fn set(&mut self, key: FieldKey, cell: Cell) {
        self.cells[key.0] = Some(cell);
    }

    /// Makes it a workbook that is handed back.
    pub fn annotate(&mut self, returned: Annotations) {
        self.returned = Some(returned);
    }

    /// What it says besides the answers, when it is handed back.
    pub(super) fn returned(&self) -> Option<&Annotations> {
        self.returned.as_ref()
    }

    /// What is to be resolved in a field's cell, the gravest first.
    pub(super) fn problems_of<'p>(&'p self, id: &'p str) -> impl Iterator<Item = &'p Issue> {
        let problems = self.returned.iter().flat_map(|back| &back.problems);
        problems.filter(move |problem| problem.field.as_deref() == Some(id))
    }

    /// What goes into a field's cell.
    pub fn get(&self, key: FieldKey) -> Option<&Cell> {
        self.cells[key.0].as_ref()
    }

    /// The answers as the workbook's own formulas see them: only real numbers in range are numbers.
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
                    if questionnaire
                        .words
                        .not_applicable()
                        .eq_ignore_ascii_case(typed) =>
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

    /// How many of a sheet's counted cells its live formula counts: whatever is not empty, less "not yet known" and "does not
    /// apply".
    pub(super) fn counted(&self, questionnaire: &Questionnaire, sheet: usize) -> usize {
        let no_answers = [
            questionnaire.words.unknown(),
            questionnaire.words.not_applicable(),
        ];
        let is_answer = |cell: &Cell| match cell {
            Cell::Text(typed) => {
                !typed.is_empty()
                    && !no_answers
                        .iter()
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
