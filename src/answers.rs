//! A client's answers and their cells: one [`Answer`] for each field of the questionnaire.
//!
//! ```
//! use partnerbook::answers::CellRef;
//!
//! let place = CellRef { sheet: "1 Readiness".into(), row: 11, column: 2 };
//! assert_eq!(place.to_string(), "1 Readiness, C12");
//! ```

use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::questionnaire::{FieldKey, Kind, Questionnaire, Value as Known};

/// A cell: sheet, row, and column. Row and column start at 0.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "CellText", try_from = "CellText")]
pub struct CellRef {
    /// Name of the sheet in the client's file.
    pub sheet: Arc<str>,
    /// Row, starting at 0.
    pub row: u32,
    /// Column, starting at 0.
    pub column: u32,
}

impl CellRef {
    /// Returns the address within the sheet, such as `C12`.
    pub fn address(&self) -> String {
        format!(
            "{}{}",
            crate::excel::column_letters(self.column),
            self.row + 1
        )
    }
}

impl fmt::Display for CellRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.sheet, self.address())
    }
}

/// The serialized form of a cell: its sheet and its address, such as `C12`.
#[derive(Serialize, Deserialize)]
struct CellText {
    sheet: String,
    cell: String,
}

impl From<CellRef> for CellText {
    fn from(place: CellRef) -> Self {
        Self {
            cell: place.address(),
            sheet: place.sheet.to_string(),
        }
    }
}

impl TryFrom<CellText> for CellRef {
    type Error = String;

    fn try_from(text: CellText) -> Result<Self, String> {
        let (row, column) = crate::excel::parse_cell(&text.cell)
            .ok_or_else(|| format!("\"{}\" is not a cell", text.cell))?;
        Ok(Self {
            sheet: text.sheet.into(),
            row,
            column,
        })
    }
}

/// The value of a cell. Blank, "n/a", and "TBD" are three different values.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub enum Value {
    /// Blank.
    #[default]
    Missing,
    /// The question does not apply.
    NotApplicable,
    /// Not yet known.
    Unknown,
    /// The cell contains a value that cannot be used. An issue gives the reason.
    Invalid,
    /// A number in the field's unit. 25% is 25, not 0.25.
    Number(f64),
    /// Index of an option in the field's list.
    Choice(usize),
    /// A date.
    Date(NaiveDate),
    /// A text.
    Text(String),
}

impl Value {
    /// Returns whether the question needs no further answer.
    pub fn is_answered(&self) -> bool {
        !matches!(self, Value::Missing | Value::Unknown | Value::Invalid)
    }

    /// Returns whether there is a value to print.
    pub fn is_value(&self) -> bool {
        self.is_answered() && *self != Value::NotApplicable
    }

    /// Returns the number, if the value is a number.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// Returns the date, if the value is a date.
    pub fn day(&self) -> Option<NaiveDate> {
        match self {
            Value::Date(day) => Some(*day),
            _ => None,
        }
    }

    /// Returns the text, if the value is a text.
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// How a field was found in the workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum FoundBy {
    /// Not found.
    #[default]
    Nothing,
    /// By its defined name, confirmed by the ID in its row.
    Name,
    /// By the ID in its row and the heading of its column.
    RowId,
    /// By its label, under the titles of its sheet and section.
    Label,
    /// By its position between its neighbors, because its label was changed.
    Place,
}

/// The answer to one question.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Answer {
    /// The value that was read.
    pub value: Value,
    /// The cell. `None` if the field was not found.
    pub place: Option<CellRef>,
    /// The cell's content as entered.
    pub raw: String,
    /// How the field was found.
    pub found_by: FoundBy,
}

/// All answers of one workbook, in the order of [`Questionnaire::fields`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Answers {
    entries: Vec<Answer>,
}

impl Answers {
    /// Returns answers that are all missing.
    pub fn empty(questionnaire: &Questionnaire) -> Self {
        Self {
            entries: vec![Answer::default(); questionnaire.fields.len()],
        }
    }

    /// Returns the answer to a field.
    pub fn get(&self, key: FieldKey) -> &Answer {
        &self.entries[key.0]
    }

    /// Returns the answer to a field for editing.
    pub fn get_mut(&mut self, key: FieldKey) -> &mut Answer {
        &mut self.entries[key.0]
    }

    /// Returns how many points an answer counts in a score, from 0 to 10. `None` if it is no value or does not count.
    pub fn points(&self, questionnaire: &Questionnaire, key: FieldKey) -> Option<f64> {
        let scoring = questionnaire.field(key).scoring.as_ref()?;
        match self.get(key).value {
            Value::Number(number) => scoring.of_number(number),
            Value::Choice(option) => scoring.of_option(option),
            _ => None,
        }
    }

    /// Returns the number in a field, if any.
    pub fn number(&self, key: FieldKey) -> Option<f64> {
        self.get(key).value.number()
    }

    /// Returns the text in a field, if any.
    pub fn text(&self, key: FieldKey) -> Option<&str> {
        self.get(key).value.text()
    }

    /// Returns the selected option of a choice field, as the questionnaire writes it.
    pub fn choice<'p>(&self, questionnaire: &'p Questionnaire, key: FieldKey) -> Option<&'p str> {
        match (&questionnaire.field(key).kind, &self.get(key).value) {
            (Kind::Choice { list }, Value::Choice(option)) => questionnaire.choices[*list]
                .options
                .get(*option)
                .map(String::as_str),
            _ => None,
        }
    }

    /// Returns an answer as expressions see it. `None` if there is no usable value.
    pub fn value(&self, questionnaire: &Questionnaire, key: FieldKey) -> Option<Known> {
        match &self.get(key).value {
            Value::Number(number) => Some(Known::Number(*number)),
            Value::Date(date) => Some(Known::Date(*date)),
            Value::Text(text) => Some(Known::Text(text.clone())),
            Value::Choice(_) => {
                let option = self.choice(questionnaire, key)?;
                Some(Known::Text(option.to_owned()))
            }
            Value::Missing | Value::NotApplicable | Value::Unknown | Value::Invalid => None,
        }
    }

    /// Returns the name of the candidate that the client chose.
    pub fn chosen(&self, questionnaire: &Questionnaire) -> Option<&str> {
        self.text(questionnaire.identity.choice?)
    }

    /// Returns the date that the client gives for the answers.
    pub fn filled_in_on(&self, questionnaire: &Questionnaire) -> Option<NaiveDate> {
        self.get(questionnaire.identity.filled_in_on?).value.day()
    }

    /// Returns the number of answered required fields and the number of all required fields. "Not applicable" is not an
    /// answer.
    pub fn completeness(&self, questionnaire: &Questionnaire) -> (usize, usize) {
        let answered = |value: &Value| value.is_value();
        (
            self.count(questionnaire, answered),
            self.count(questionnaire, |_| true),
        )
    }

    /// Returns the number of required fields that the client marked as not applicable.
    pub fn not_applicable(&self, questionnaire: &Questionnaire) -> usize {
        self.count(questionnaire, |value| *value == Value::NotApplicable)
    }

    fn count(&self, questionnaire: &Questionnaire, counts: impl Fn(&Value) -> bool) -> usize {
        let fields = questionnaire.inputs().filter(|(_, field)| !field.optional);
        fields
            .filter(|(key, _)| counts(&self.get(*key).value))
            .count()
    }
}
