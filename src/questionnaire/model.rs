//! The resolved questionnaire: what the rest of the tool reads. Every reference is a key, checked when loading.

use foldhash::HashMap;

use super::words::*;
use super::{Advice, EmailTemplate, FinanceDef, PlanLayout, RoadmapDef, Rule, ScoreDef};

/// A position in [`Questionnaire::fields`], and in the answers, which have the same order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldKey(pub usize);

/// A whole questionnaire, checked.
#[derive(Debug)]
pub struct Questionnaire {
    /// Identity written into every workbook, such as `partnerships`.
    pub id: String,
    /// Version of the questions. A workbook of a higher one is refused; lower ones stay readable.
    pub version: u32,
    /// Title of the plan.
    pub title: String,
    /// What the plan is about, in a line.
    pub subtitle: String,
    /// BCP 47 language of the words.
    pub language: String,
    /// Texts of blank workbooks of earlier releases that this one does not contain. They are not answers.
    pub former_texts: Vec<String>,
    /// The fields that say who the client is.
    pub identity: Identity,
    /// The success metrics.
    pub targets: Vec<TargetDef>,
    /// The workbook's first sheet.
    pub start: StartSheet,
    /// Words of a workbook that is handed back.
    pub annotations: AnnotationWords,
    /// Column headings of the workbook.
    pub headings: Headings,
    /// How numbers are written.
    pub numbers: NumberStyle,
    /// Bands of a single rating out of 10, ascending.
    pub rating_bands: Vec<Band>,
    /// Words that people type instead of values.
    pub words: Words,
    /// Words of each unit, by its name.
    pub units: Vec<(String, Vec<String>)>,
    /// Conversions between units.
    pub conversions: Vec<Conversion>,
    /// Periods of amounts and counts.
    pub periods: Vec<Period>,
    /// Currencies, and how people write them.
    pub currencies: Vec<Currency>,
    /// Drop-down lists.
    pub choices: Vec<ChoiceList>,
    /// The client sheet, then the worksheets in their order.
    pub worksheets: Vec<Worksheet>,
    /// Every input and computed cell, in the order of the sheets.
    pub fields: Vec<Field>,
    /// Scores, in the order of the file.
    pub scores: Vec<ScoreDef>,
    /// Return on investment and payback, if the questionnaire asks for them.
    pub finance: Option<FinanceDef>,
    /// Rules between fields.
    pub rules: Vec<Rule>,
    /// The dated roadmap.
    pub roadmap: RoadmapDef,
    /// What to do first.
    pub advice: Vec<Advice>,
    /// What the plan shows, and in which order.
    pub plan_layout: PlanLayout,
    /// The message that a plan travels with.
    pub email: EmailTemplate,
    /// SHA-256 of all its files, in hexadecimal: the same questions, weights and words have the same.
    pub fingerprint: String,
    pub(super) by_id: HashMap<String, FieldKey>,
}

impl Questionnaire {
    /// The field of a key.
    pub fn field(&self, key: FieldKey) -> &Field {
        &self.fields[key.0]
    }

    /// The field with this full id, if there is one. Ids of earlier versions (`was`) count.
    pub fn key(&self, id: &str) -> Option<FieldKey> {
        self.by_id.get(id).copied()
    }

    /// All keys, in the order of the sheets.
    pub fn keys(&self) -> impl Iterator<Item = FieldKey> + use<> {
        (0..self.fields.len()).map(FieldKey)
    }

    /// The section with this full id (`worksheet.section`).
    pub fn section(&self, id: &str) -> Option<&Section> {
        self.worksheets
            .iter()
            .flat_map(|sheet| &sheet.sections)
            .find(|section| section.id == id)
    }

    /// The row with this full id (`worksheet.section.row`).
    pub fn row(&self, id: &str) -> Option<&Row> {
        self.worksheets
            .iter()
            .flat_map(|sheet| &sheet.sections)
            .flat_map(|section| &section.rows)
            .find(|row| row.id == id)
    }

    /// The band a rating out of 10 falls into.
    pub fn rating_band(&self, rating: f64) -> Option<&Band> {
        Band::of(&self.rating_bands, rating)
    }

    /// The score with this id.
    pub fn score(&self, id: &str) -> Option<usize> {
        self.scores.iter().position(|score| score.id == id)
    }

    /// Fields a client is asked to fill in: no computed ones.
    pub fn inputs(&self) -> impl Iterator<Item = (FieldKey, &Field)> {
        self.fields
            .iter()
            .enumerate()
            .filter(|(_, field)| field.kind.is_input())
            .map(|(i, field)| (FieldKey(i), field))
    }
}

/// The fields that say who the client is and when the plan starts.
#[derive(Debug, Clone)]
pub struct Identity {
    /// Name of the client, printed on the cover and made into file names.
    pub company: FieldKey,
    /// Person to write to.
    pub contact: Option<FieldKey>,
    /// Address to mail the plan to.
    pub email: Option<FieldKey>,
    /// Industry, for the portfolio.
    pub industry: Option<FieldKey>,
    /// Currency of all amounts.
    pub currency: Option<FieldKey>,
    /// First of the roadmap's days.
    pub start: Option<FieldKey>,
    /// The day on which the client filled the workbook in: of two of one client, the later counts.
    pub filled_in_on: Option<FieldKey>,
    /// The candidate that the client chose.
    pub choice: Option<FieldKey>,
}

/// A success metric: its value today and the target for the last day.
#[derive(Debug, Clone)]
pub struct TargetDef {
    /// What is measured.
    pub label: String,
    /// Today's value.
    pub today: Option<FieldKey>,
    /// The target.
    pub target: FieldKey,
    /// Whether the target is added to today's value, such as partners to recruit.
    pub adds: bool,
}

/// A range of points with a name; it begins at `from` and ends where the next begins.
#[derive(Debug, Clone, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Lower edge, counted in.
    pub from: f64,
    /// Its name.
    pub label: String,
    /// Its color.
    pub tone: Tone,
}

/// Values closer than this are equal: far below any rounding, far above the error that binary fractions add up to.
pub const EXACT: f64 = 1e-9;

impl Band {
    /// The band of an unrounded value: the last one whose lower edge it reaches.
    pub fn of(bands: &[Band], value: f64) -> Option<&Band> {
        bands.iter().rev().find(|band| value >= band.from - EXACT)
    }
}

/// What a color means; renderers decide which color it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// As it should be.
    Good,
    /// Keep an eye on it.
    Watch,
    /// Needs attention.
    Bad,
    /// Nothing to judge.
    #[default]
    Plain,
}

/// A drop-down list.
#[derive(Debug, Clone)]
pub struct ChoiceList {
    /// Its name in the questionnaire.
    pub id: String,
    /// The options, as shown.
    pub options: Vec<String>,
    /// How many of them the drop-down list shows; the others are accepted when they are typed.
    pub listed: usize,
    /// Other words typed for an option, lower-case, with the option's index.
    pub also: Vec<(String, usize)>,
}

impl ChoiceList {
    /// The options that the drop-down list shows.
    pub fn listed(&self) -> &[String] {
        self.options.get(..self.listed).unwrap_or(&self.options)
    }
}

/// One sheet of the workbook.
#[derive(Debug, Clone)]
pub struct Worksheet {
    /// Its id, the first part of its fields' ids.
    pub id: String,
    /// Name of the sheet.
    pub tab: String,
    /// Title on the sheet.
    pub title: String,
    /// Where it stands in the course.
    pub exercise: Option<String>,
    /// What to do on it.
    pub guidance: String,
    /// Its sections.
    pub sections: Vec<Section>,
}

impl Worksheet {
    /// Every field of the sheet, in order.
    pub fn fields(&self) -> impl Iterator<Item = FieldKey> {
        self.sections.iter().flat_map(|section| {
            section
                .rows
                .iter()
                .flat_map(|row| row.cells.iter().copied())
        })
    }
}

/// A titled block of rows with the same columns.
#[derive(Debug, Clone)]
pub struct Section {
    /// Full id, `worksheet.section`.
    pub id: String,
    /// Heading above several sections.
    pub heading: Option<String>,
    /// Its title.
    pub title: String,
    /// A sentence with `{row}` for each blank.
    pub sentence: Option<String>,
    /// A numbered list in the client's own words.
    pub list: bool,
    /// Columns of answers: one, under the Answer heading, or several in a grid.
    pub columns: Vec<Column>,
    /// One a question.
    pub rows: Vec<Row>,
}

impl Section {
    /// Whether the section has columns of its own instead of the one Answer column.
    pub fn is_grid(&self) -> bool {
        self.columns.iter().any(|column| !column.id.is_empty())
    }
}

/// A column of answers.
#[derive(Debug, Clone)]
pub struct Column {
    /// Last part of its fields' ids; empty for the Answer column.
    pub id: String,
    /// Heading, by which answers are found again.
    pub label: String,
    /// Not counted in completeness.
    pub optional: bool,
}

/// A row of a section.
#[derive(Debug, Clone)]
pub struct Row {
    /// Full id, `worksheet.section.row`, written into the row's hidden column.
    pub id: String,
    /// Full ids it had in earlier versions, as `worksheet.section.row`.
    pub was: Vec<String>,
    /// The question.
    pub label: String,
    /// One field a column.
    pub cells: Vec<FieldKey>,
}

/// One cell to fill in, or a computed one.
#[derive(Debug, Clone)]
pub struct Field {
    /// Full id: `worksheet.section.row`, and `.column` in a grid.
    pub id: String,
    /// The row's label, and the column's in a grid.
    pub label: String,
    /// The row's label alone.
    pub row_label: String,
    /// What it takes.
    pub kind: Kind,
    /// Index of its worksheet.
    pub sheet: usize,
    /// Index of its section in the worksheet.
    pub section: usize,
    /// Index of its row in the section.
    pub row: usize,
    /// Index of its column in the section.
    pub column: usize,
    /// Not counted in completeness.
    pub optional: bool,
    /// How to answer.
    pub hint: Option<String>,
    /// Printed before the value, such as "Net".
    pub before: Option<String>,
    /// Printed after the value, such as "revenue".
    pub after: Option<String>,
    /// Greatest value allowed, where it differs from the kind's.
    pub max: Option<f64>,
}

impl Field {
    /// The range a number must lie in, both ends counted in, in the field's unit.
    pub fn range(&self) -> (f64, f64) {
        let (low, high) = match self.kind {
            Kind::Rating { .. } => (0.0, 10.0),
            Kind::Percent | Kind::Share => (0.0, 100.0),
            Kind::Money { .. } | Kind::Count { .. } => (0.0, 1e12),
            Kind::Quantity { .. } => (0.0, 1e5),
            Kind::Multiple | Kind::Ratio => (0.0, 1e4),
            _ => (f64::NEG_INFINITY, f64::INFINITY),
        };
        (low, self.max.unwrap_or(high))
    }
}

/// Which end of a rating is the good one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// 10 is best.
    #[default]
    High,
    /// 0 is best; counts as 10 − x.
    Low,
}

/// What a cell takes.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Kind {
    /// 0 to 10.
    Rating {
        /// Direction.
        better: Better,
    },
    /// An amount in the client's currency, once or per period (index into [`Questionnaire::periods`]).
    Money {
        /// Period, if any.
        per: Option<usize>,
    },
    /// Percent: 25 is 25 %.
    Percent,
    /// A number of things, once or per period.
    Count {
        /// Period, if any.
        per: Option<usize>,
    },
    /// A number of a unit (index into [`Questionnaire::units`]).
    Quantity {
        /// Unit.
        unit: usize,
    },
    /// A factor: 2 is "2x".
    Multiple,
    /// To one: 2.4 is "2.4 : 1".
    Ratio,
    /// One part of a split, out of 100.
    Share,
    /// One of a list (index into [`Questionnaire::choices`]).
    Choice {
        /// List.
        list: usize,
    },
    /// A short text.
    Text,
    /// A text of several lines.
    LongText,
    /// A day.
    Date,
    /// An email address.
    Email,
    /// A live score (index into [`Questionnaire::scores`]) of the column's subject.
    ComputedScore {
        /// Score.
        score: usize,
    },
    /// Live return on investment, to one.
    ComputedRoi,
}

impl Kind {
    /// Whether it is a rating of which low is good.
    pub fn is_inverted(&self) -> bool {
        let low = Kind::Rating {
            better: Better::Low,
        };
        *self == low
    }

    /// A rating of this kind as it counts: so that 10 is best.
    pub fn counted(&self, rating: f64) -> f64 {
        if self.is_inverted() {
            10.0 - rating
        } else {
            rating
        }
    }

    /// Whether the client fills it in.
    pub fn is_input(&self) -> bool {
        !matches!(self, Kind::ComputedScore { .. } | Kind::ComputedRoi)
    }

    /// Whether its value is a number.
    pub fn is_number(&self) -> bool {
        matches!(
            self,
            Kind::Rating { .. }
                | Kind::Money { .. }
                | Kind::Percent
                | Kind::Count { .. }
                | Kind::Quantity { .. }
                | Kind::Multiple
                | Kind::Ratio
                | Kind::Share
        ) || !self.is_input()
    }

    /// Whether it is a free text.
    pub fn is_text(&self) -> bool {
        matches!(self, Kind::Text | Kind::LongText)
    }
}
