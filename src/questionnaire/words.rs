//! Words of the workbook, and words that people type into it.

use std::collections::HashMap;

use super::word_list::WordList;

/// Words of the workbook's first sheet.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartSheet {
    /// Name of the sheet.
    pub tab: String,
    /// Title above it.
    pub title: String,
    /// What the workbook is for.
    pub lead: String,
    /// What to do, step by step.
    pub steps: Vec<String>,
    /// Heading of the list of sheets.
    pub list_heading: String,
    /// Heading of the sheets' guidance.
    pub guidance_heading: String,
    /// Heading of the live completeness.
    pub completeness_heading: String,
}

/// Words of a workbook that is handed back with its problems marked.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnnotationWords {
    /// Heading of the list of problems on the first sheet.
    pub heading: String,
    /// What the list is for.
    pub lead: String,
    /// Said where there is no problem.
    pub nothing: String,
    /// Beside a value that cannot be used.
    pub error: String,
    /// Beside a value that looks wrong.
    pub warning: String,
    /// Name of the sheet of texts that belong to no question.
    pub extra_tab: String,
    /// Title above them.
    pub extra_title: String,
    /// What they are.
    pub extra_lead: String,
    /// Says on the first sheet how many extra texts were kept (`{count}`), and what was not.
    pub extra_note: String,
    /// Says on the first sheet what was not kept, where there were no extra texts.
    pub no_extra: String,
    /// Heading of their places.
    pub extra_place: String,
    /// Heading of the texts.
    pub extra_text: String,
}

/// Column headings of the workbook. Answers are found again under `answer`.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Headings {
    /// Above the questions.
    pub label: String,
    /// Above the answers.
    pub answer: String,
    /// Above the units.
    pub unit: String,
    /// Above the hints.
    pub hint: String,
    /// Beside a rating where a low figure is the good one.
    pub low_is_better: String,
}

/// How numbers are written and, where a text leaves it open, read.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberStyle {
    /// Decimal mark.
    pub decimal: char,
    /// Mark between thousands.
    pub thousands: char,
}

/// What multiplies a number: thousands, millions and the like.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    /// The factor.
    pub factor: f64,
    /// How people write it.
    pub words: Vec<String>,
    /// How people write it directly before a currency, as in `kEUR`.
    #[serde(default)]
    pub glued: Vec<String>,
}

/// The meaning of a word that is not a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoValue {
    /// The question does not apply.
    NotApplicable,
    /// Not yet known.
    Unknown,
    /// Nothing.
    Blank,
}

/// Words that people type where a value is asked for.
#[derive(Debug, Clone)]
pub struct Words {
    /// The words of all languages, and the questionnaire's own.
    pub list: WordList,
    /// Words that are not values.
    pub no_value: HashMap<String, NoValue>,
}

impl Words {
    /// The words of a list.
    pub fn of(list: WordList) -> Self {
        let lists = [
            (&list.blank, NoValue::Blank),
            (&list.not_applicable, NoValue::NotApplicable),
            (&list.unknown, NoValue::Unknown),
        ];
        let mut no_value = HashMap::new();
        for (words, meaning) in lists {
            for word in words {
                no_value.entry(word.clone()).or_insert(meaning);
            }
        }
        Self { list, no_value }
    }

    /// The word that partnerbook writes for a question that does not apply.
    pub fn not_applicable(&self) -> &str {
        self.list.not_applicable.first().map_or("", String::as_str)
    }

    /// The word that partnerbook writes for a value that is not yet known.
    pub fn unknown(&self) -> &str {
        self.list.unknown.first().map_or("", String::as_str)
    }
}

/// A conversion: a value in `from` times `factor` is one in `to`.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conversion {
    /// Unit typed.
    pub from: String,
    /// Unit asked for.
    pub to: String,
    /// Factor.
    pub factor: f64,
    /// Whether it is a rule of thumb, such as eight hours to a day.
    #[serde(default)]
    pub roughly: bool,
}

/// A period of amounts and counts.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// Its name, such as `month`.
    pub id: String,
    /// How many months it lasts.
    pub months: f64,
    /// How people write it.
    #[serde(default)]
    pub words: Vec<String>,
}

/// A currency.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Currency {
    /// ISO 4217 code, an option of the currency question.
    pub code: String,
    /// What is printed before an amount.
    pub symbol: String,
    /// How people write it.
    #[serde(default)]
    pub words: Vec<String>,
}
