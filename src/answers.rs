//! What a client answered, and where: one [`Answer`] for every field of the questionnaire.

use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::questionnaire::{FieldKey, Kind, Questionnaire};

/// A cell: sheet, row and column, both from 0.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "CellText", try_from = "CellText")]
pub struct CellRef {
    /// Name of the sheet as it is in the client's file.
    pub sheet: Arc<str>,
    /// Row, from 0.
    pub row: u32,
    /// Column, from 0.
    pub column: u32,
}

impl CellRef {
    /// The address within its sheet, such as `C12`.
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

/// A cell as it is serialized: its sheet, and its address such as `C12`.
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

/// What a cell says. Blank, "n/a" and "TBD" are three different things.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// Blank.
    #[default]
    Missing,
    /// The question does not apply.
    NotApplicable,
    /// Not yet known.
    Unknown,
    /// Something stands there that cannot be used; an issue says why.
    Invalid,
    /// A number in the field's unit; percent as 25, not 0.25.
    Number(f64),
    /// An option of the field's list.
    Choice(usize),
    /// A day.
    Date(NaiveDate),
    /// A text.
    Text(String),
}

impl Value {
    /// Whether the question needs no further answer.
    pub fn is_answered(&self) -> bool {
        !matches!(self, Value::Missing | Value::Unknown | Value::Invalid)
    }

    /// Whether there is a value to print.
    pub fn is_value(&self) -> bool {
        self.is_answered() && *self != Value::NotApplicable
    }

    /// The number, if it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The day, if it is one.
    pub fn day(&self) -> Option<NaiveDate> {
        match self {
            Value::Date(day) => Some(*day),
            _ => None,
        }
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// How a field was found in the workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FoundBy {
    /// Not found.
    #[default]
    Nothing,
    /// By its defined name, confirmed by the id in its row.
    Name,
    /// By the id in its row and the heading of its column.
    RowId,
    /// By its label under the titles of its sheet and section.
    Label,
    /// By its place between its neighbors, where the label was changed.
    Place,
}

/// One answer.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// What it says.
    pub value: Value,
    /// Where it stands; absent when the field was not found.
    pub place: Option<CellRef>,
    /// The cell as typed.
    pub raw: String,
    /// How it was found.
    pub found_by: FoundBy,
}

/// All answers of one workbook, in the order of [`Questionnaire::fields`].
#[derive(Debug, Clone)]
pub struct Answers {
    entries: Vec<Answer>,
}

impl Answers {
    /// No answers at all.
    pub fn empty(questionnaire: &Questionnaire) -> Self {
        Self {
            entries: vec![Answer::default(); questionnaire.fields.len()],
        }
    }

    /// One answer.
    pub fn get(&self, key: FieldKey) -> &Answer {
        &self.entries[key.0]
    }

    /// One answer, to be filled in.
    pub fn get_mut(&mut self, key: FieldKey) -> &mut Answer {
        &mut self.entries[key.0]
    }

    /// About how much memory they take, in bytes.
    pub fn memory(&self) -> usize {
        let of_one = |answer: &Answer| {
            let text = answer.value.text().map_or(0, str::len);
            size_of::<Answer>() + answer.raw.len() + text
        };
        self.entries.iter().map(of_one).sum()
    }

    /// The number a field holds, if any.
    pub fn number(&self, key: FieldKey) -> Option<f64> {
        self.get(key).value.number()
    }

    /// The text a field holds, if any.
    pub fn text(&self, key: FieldKey) -> Option<&str> {
        self.get(key).value.text()
    }

    /// The option a choice field holds, in the questionnaire's words.
    pub fn choice<'p>(&self, questionnaire: &'p Questionnaire, key: FieldKey) -> Option<&'p str> {
        match (&questionnaire.field(key).kind, &self.get(key).value) {
            (Kind::Choice { list }, Value::Choice(option)) => questionnaire.choices[*list]
                .options
                .get(*option)
                .map(String::as_str),
            _ => None,
        }
    }

    /// How many of the fields that count are answered, and how many there are. That a question does not apply is no answer.
    pub fn completeness(&self, questionnaire: &Questionnaire) -> (usize, usize) {
        let answered = |value: &Value| value.is_value();
        (
            self.count(questionnaire, answered),
            self.count(questionnaire, |_| true),
        )
    }

    /// How many of the fields that count the client marked as not applicable.
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
