//! Words of the workbook, and words that people type into it.

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
pub struct ReturnedWords {
    /// Heading of the list of problems on the first sheet.
    pub heading: String,
    /// What the list is for.
    pub lead: String,
    /// Said where there is no problem.
    pub nothing: String,
    /// Beside a value that cannot be used.
    pub wrong: String,
    /// Beside a value that looks wrong.
    pub doubtful: String,
    /// Name of the sheet of texts that belong to no question.
    pub kept_tab: String,
    /// Title above them.
    pub kept_title: String,
    /// What they are.
    pub kept_lead: String,
    /// Heading of their places.
    pub kept_place: String,
    /// Heading of the texts.
    pub kept_text: String,
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
    pub low_is_good: String,
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

/// Words that people type where a value is asked for.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// The question does not apply.
    pub not_applicable: Vec<String>,
    /// Not yet known.
    pub unknown: Vec<String>,
    /// A mark that stands for nothing.
    pub blank: Vec<String>,
    /// Roughly.
    pub approximately: Vec<String>,
    /// × 1,000.
    pub thousand: Vec<String>,
    /// × 1,000,000.
    pub million: Vec<String>,
    /// × 1,000,000,000.
    pub billion: Vec<String>,
    /// Between a rating and its maximum.
    pub out_of: Vec<String>,
    /// Behind the first number of a ratio whose second is 1.
    pub to_one: Vec<String>,
    /// Hundredths.
    pub percent: Vec<String>,
    /// A factor.
    pub times: Vec<String>,
    /// Before a period.
    pub each: Vec<String>,
    /// At least this much.
    pub at_least: Vec<String>,
    /// At most this much.
    pub at_most: Vec<String>,
    /// Before the first number of a range.
    pub between: Vec<String>,
    /// Between the two numbers of a range.
    pub to: Vec<String>,
    /// Numbers in letters, from 0.
    pub numbers: Vec<String>,
    /// Nothing, where an amount is asked for.
    pub zero: Vec<String>,
    /// The days of the week, Monday first.
    pub weekdays: [String; 7],
    /// Names of the months in other languages than the programme's, January first.
    pub months: [Vec<String>; 12],
    /// Words within a date that say nothing.
    pub date_fillers: Vec<String>,
    /// Whether 07/12 is the seventh of December where the text leaves it open.
    pub day_first: bool,
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
    pub words: Vec<String>,
}
