//! Texts of the workbook, and words that clients enter in it.

use std::collections::HashMap;

use super::word_list::WordList;

/// Texts of the first sheet of the workbook.
#[derive(Debug, Clone, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StartSheet {
    /// Tab name of the sheet.
    pub tab: String,
    /// Title at the top of the sheet.
    pub title: String,
    /// Purpose of the workbook.
    pub lead: String,
    /// Instructions, step by step.
    pub steps: Vec<String>,
    /// Heading of the list of sheets.
    pub list_heading: String,
    /// Heading of the guidance column in the list of sheets.
    pub guidance_heading: String,
    /// Heading of the live completeness values.
    pub completeness_heading: String,
}

/// Texts of an annotated copy.
#[derive(Debug, Clone, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AnnotationWords {
    /// Heading of the list of issues on the first sheet.
    pub heading: String,
    /// Introduction to the list.
    pub lead: String,
    /// Shown if there are no issues.
    pub nothing: String,
    /// Label of an error in the list of issues.
    pub error: String,
    /// Label of a warning in the list of issues.
    pub warning: String,
    /// Tab name of the sheet with extra text, which belongs to no question.
    pub extra_tab: String,
    /// Title above the extra text.
    pub extra_title: String,
    /// Explanation of the extra text.
    pub extra_lead: String,
    /// Note on the first sheet: the number of extra texts (`{count}`), and what was not copied.
    pub extra_note: String,
    /// Note on the first sheet if there is no extra text: what was not copied.
    pub no_extra: String,
    /// Heading of the column with the locations of the extra text.
    pub extra_place: String,
    /// Heading of the column with the extra text.
    pub extra_text: String,
}

/// Column headings of the workbook. Answers in returned workbooks are located by the `answer` heading.
#[derive(Debug, Clone, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
    /// Next to a rating of which lower values are better.
    pub low_is_better: String,
}

/// Number format for output, and for input that is ambiguous.
#[derive(Debug, Clone, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NumberStyle {
    /// Decimal separator.
    pub decimal: char,
    /// Thousands separator.
    pub thousands: char,
}

/// A multiplier, such as thousands or millions.
#[derive(Debug, Clone, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Scale {
    /// The factor.
    pub factor: f64,
    /// Words that clients enter for it.
    pub words: Vec<String>,
    /// Forms that clients enter directly before a currency, as in `kEUR`.
    #[serde(default)]
    pub glued: Vec<String>,
}

/// The meaning of a word that replaces a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoValue {
    /// The question does not apply.
    NotApplicable,
    /// The value is not yet known.
    Unknown,
    /// There is no answer.
    Blank,
}

/// Words that clients enter instead of values or as part of them.
#[derive(Debug, Clone)]
pub struct Words {
    /// The built-in words of all languages, and the questionnaire's own words.
    pub list: WordList,
    /// Words that replace a value, and their meanings.
    pub no_value: HashMap<String, NoValue>,
    instead_of_values: [Vec<String>; 2],
}

impl Words {
    /// Indexes the words of a list.
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
        let instead_of_values = [
            (&list.not_applicable, NoValue::NotApplicable),
            (&list.unknown, NoValue::Unknown),
        ]
        .map(|(words, meaning)| {
            let is_own = |word: &&String| {
                no_value.get(*word) == Some(&meaning)
                    && !word.contains(['?', '*', '~', '<', '>', '='])
            };
            let mut known = std::collections::HashSet::new();
            let words = words.iter().filter(is_own);
            words.filter(|word| known.insert(*word)).cloned().collect()
        });
        Self {
            list,
            no_value,
            instead_of_values,
        }
    }

    /// Returns the word that partnerbook writes for a question that does not apply.
    pub fn not_applicable(&self) -> &str {
        self.list.not_applicable.first().map_or("", String::as_str)
    }

    /// Returns all words for a question that does not apply, and all for a value that is not yet known, in the order of
    /// the lists. Marks that formulas take for patterns or comparisons are left out.
    pub fn instead_of_values(&self) -> &[Vec<String>; 2] {
        &self.instead_of_values
    }

    /// Returns the word that partnerbook writes for a value that is not yet known.
    pub fn unknown(&self) -> &str {
        self.list.unknown.first().map_or("", String::as_str)
    }

    /// Returns the word for a value that is not yet known, as it is printed: an abbreviation in capital letters.
    pub fn unknown_shown(&self) -> String {
        const MAX_ABBREVIATION: usize = 4;
        match self.unknown() {
            word if word.len() <= MAX_ABBREVIATION => word.to_uppercase(),
            word => word.to_owned(),
        }
    }
}

/// A conversion between units: a value in `from`, multiplied by `factor`, is a value in `to`.
#[derive(Debug, Clone, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Conversion {
    /// Source unit.
    pub from: String,
    /// Target unit.
    pub to: String,
    /// Factor.
    pub factor: f64,
    /// Whether the factor is a rule of thumb, such as 8 hours per day.
    #[serde(default)]
    pub roughly: bool,
}

/// A period of amounts and counts.
#[derive(Debug, Clone, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// ID, such as `month`.
    pub id: String,
    /// Length in months.
    pub months: f64,
    /// Words that clients enter for it, in addition to its ID and label.
    #[serde(default)]
    pub words: Vec<String>,
    /// How it is printed after a slash, if not by its ID.
    pub label: Option<String>,
}

impl Period {
    /// Returns the word that is printed after a slash.
    pub fn label(&self) -> &str {
        self.label.as_deref().unwrap_or(&self.id)
    }
}

/// A currency.
#[derive(Debug, Clone, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Currency {
    /// ISO 4217 code, which is an option of the currency question.
    pub code: String,
    /// Text printed before an amount.
    pub symbol: String,
    /// Words that clients enter for it.
    #[serde(default)]
    pub words: Vec<String>,
}
