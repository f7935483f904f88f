//! The resolved questionnaire, used by all other modules. All references are keys that were checked at load time.

use std::sync::Arc;

use foldhash::HashMap;
use serde::{Deserialize, Serialize};

use super::words::*;
use super::{
    AdviceDef, EmailTemplate, Emails, FinanceDef, IssueTexts, PlanLayout, PortfolioTexts, Prompts,
    RoadmapDef, Rule, ScoreDef,
};

/// An index into [`Questionnaire::fields`] and into the answers, which have the same order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FieldKey(pub usize);

/// A complete, validated questionnaire.
#[derive(Debug)]
pub struct Questionnaire {
    /// ID written into every workbook, such as `partnerships`.
    pub id: String,
    /// Version of the questions. Workbooks with a higher version are rejected; lower versions remain supported.
    pub version: u32,
    /// Title of the plan.
    pub title: String,
    /// Subtitle of the plan: its subject, in one line.
    pub subtitle: String,
    /// BCP 47 tag of the questionnaire's language.
    pub language: String,
    /// Texts from blank workbooks of earlier releases that this release no longer contains. They are not answers.
    pub former_texts: Vec<String>,
    /// The fields that identify the client.
    pub identity: Identity,
    /// The success metrics.
    pub targets: Vec<TargetDef>,
    /// The workbook's first sheet.
    pub start: StartSheet,
    /// Texts of annotated copies.
    pub annotations: AnnotationWords,
    /// Column headings of the workbook.
    pub headings: Headings,
    /// Number format.
    pub numbers: NumberStyle,
    /// Bands of a single rating out of 10, ascending.
    pub rating_bands: Vec<Band>,
    /// Words that clients enter instead of values.
    pub words: Words,
    /// Unit names, each with the words that clients enter for it.
    pub units: Vec<(String, Vec<String>)>,
    /// Form of a unit after the number 1, by the ID of the unit, if it differs.
    pub singular: HashMap<String, String>,
    /// What cells say when they are selected.
    pub prompts: Prompts,
    /// Conversions between units.
    pub conversions: Vec<Conversion>,
    /// Periods of amounts and counts.
    pub periods: Vec<Period>,
    /// Currencies, and the words that clients enter for them.
    pub currencies: Vec<Currency>,
    /// Drop-down lists.
    pub choices: Vec<ChoiceList>,
    /// The client sheet, followed by the worksheets in order.
    pub worksheets: Vec<Worksheet>,
    /// All input and calculated fields, in sheet order.
    pub fields: Vec<Field>,
    /// Scores, in file order.
    pub scores: Vec<ScoreDef>,
    /// Return on investment and payback, if the questionnaire defines them.
    pub finance: Option<FinanceDef>,
    /// Rules between fields.
    pub rules: Vec<Rule>,
    /// The roadmap.
    pub roadmap: RoadmapDef,
    /// What the plan advises.
    pub advice: AdviceDef,
    /// Contents and order of the plan.
    pub plan_layout: PlanLayout,
    /// The email that the plan is attached to.
    pub email: EmailTemplate,
    /// The emails around the plans.
    pub emails: Emails,
    /// Texts of the portfolio workbook.
    pub portfolio: Arc<PortfolioTexts>,
    /// Texts of issues.
    pub issue_texts: Arc<IssueTexts>,
    /// SHA-256 hash of all files, in hexadecimal. Questionnaires with the same files have the same fingerprint.
    pub fingerprint: String,
    pub(super) by_id: HashMap<String, FieldKey>,
}

impl Questionnaire {
    /// Returns the field with this key.
    pub fn field(&self, key: FieldKey) -> &Field {
        &self.fields[key.0]
    }

    /// Returns the key of the field with this full ID. Former IDs (`was`) are also found.
    pub fn key(&self, id: &str) -> Option<FieldKey> {
        self.by_id.get(id).copied()
    }

    /// Returns all keys in sheet order.
    pub fn keys(&self) -> impl Iterator<Item = FieldKey> + use<> {
        (0..self.fields.len()).map(FieldKey)
    }

    /// Returns the section with this full ID (`worksheet.section`).
    pub fn section(&self, id: &str) -> Option<&Section> {
        self.worksheets
            .iter()
            .flat_map(|sheet| &sheet.sections)
            .find(|section| section.id == id)
    }

    /// Returns the row with this full ID (`worksheet.section.row`).
    pub fn row(&self, id: &str) -> Option<&Row> {
        self.worksheets
            .iter()
            .flat_map(|sheet| &sheet.sections)
            .flat_map(|section| &section.rows)
            .find(|row| row.id == id)
    }

    /// Returns the band of a rating from 0 to 10.
    pub fn rating_band(&self, rating: f64) -> Option<&Band> {
        Band::of(&self.rating_bands, rating)
    }

    /// Returns the index of the score with this ID.
    pub fn score(&self, id: &str) -> Option<usize> {
        self.scores.iter().position(|score| score.id == id)
    }

    /// Returns the fields that clients fill in. Calculated fields are excluded.
    pub fn inputs(&self) -> impl Iterator<Item = (FieldKey, &Field)> {
        self.fields
            .iter()
            .enumerate()
            .filter(|(_, field)| field.kind.is_input())
            .map(|(i, field)| (FieldKey(i), field))
    }
}

/// The fields that identify the client and set the start of the roadmap.
#[derive(Debug, Clone)]
pub struct Identity {
    /// Client name, used on the cover and in file names.
    pub company: FieldKey,
    /// Contact person.
    pub contact: Option<FieldKey>,
    /// Email address that receives the plan.
    pub email: Option<FieldKey>,
    /// Industry, for the portfolio.
    pub industry: Option<FieldKey>,
    /// Currency of all amounts.
    pub currency: Option<FieldKey>,
    /// First day of the roadmap.
    pub start: Option<FieldKey>,
    /// Date on which the client filled in the workbook. If a client returned two workbooks, the later one counts.
    pub filled_in_on: Option<FieldKey>,
    /// The candidate selected by the client.
    pub choice: Option<FieldKey>,
    /// The client's reasons for the choice.
    pub reasons: Option<FieldKey>,
}

/// A success metric: the current value and the target for the last day of the roadmap.
#[derive(Debug, Clone)]
pub struct TargetDef {
    /// Name of the metric.
    pub label: String,
    /// The current value.
    pub today: Option<FieldKey>,
    /// The target.
    pub target: FieldKey,
    /// Whether the target is added to the current value, such as the number of partners to recruit.
    pub adds: bool,
}

/// A labeled range of points. It starts at `from` and ends where the next band starts.
#[derive(Debug, Clone, PartialEq, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Lower limit, inclusive.
    pub from: f64,
    /// Label.
    pub label: String,
    /// Tone, which determines the color.
    pub tone: Tone,
}

/// Tolerance for comparing values. It is far below any rounding and far above accumulated floating-point errors.
pub const EXACT: f64 = 1e-9;

/// Smaller differences of amounts are rounding errors, not contradictions. The limit is higher than [`EXACT`], because
/// amounts are larger than ratings.
pub const AMOUNT_TOLERANCE: f64 = 1e-6;

impl Band {
    /// Returns the band of an unrounded value: the last band whose lower limit is not above the value.
    pub fn of(bands: &[Band], value: f64) -> Option<&Band> {
        bands.iter().rev().find(|band| value >= band.from - EXACT)
    }
}

/// The meaning of a color. Renderers choose the color itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Positive.
    Good,
    /// To be watched.
    Watch,
    /// Needs attention.
    Bad,
    /// Neutral.
    #[default]
    Plain,
}

/// A drop-down list.
#[derive(Debug, Clone)]
pub struct ChoiceList {
    /// ID of the list in the questionnaire.
    pub id: String,
    /// The options, as displayed.
    pub options: Vec<String>,
    /// Number of options that the drop-down list shows, from the first. The remaining options can be entered as text.
    pub listed: usize,
    /// Other accepted words, in lower case, each with the index of its option.
    pub also: Vec<(String, usize)>,
}

impl ChoiceList {
    /// Returns the options that the drop-down list shows.
    pub fn listed(&self) -> &[String] {
        self.options.get(..self.listed).unwrap_or(&self.options)
    }
}

/// A sheet of the workbook.
#[derive(Debug, Clone)]
pub struct Worksheet {
    /// ID, the first part of the IDs of its fields.
    pub id: String,
    /// Tab name of the sheet.
    pub tab: String,
    /// Title at the top of the sheet.
    pub title: String,
    /// Reference to the exercise in the course.
    pub exercise: Option<String>,
    /// Instructions for the sheet.
    pub guidance: String,
    /// The sections.
    pub sections: Vec<Section>,
}

impl Worksheet {
    /// Returns all fields of the sheet, in order.
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
    /// Full ID, `worksheet.section`.
    pub id: String,
    /// Heading above a group of sections.
    pub heading: Option<String>,
    /// The title.
    pub title: String,
    /// A sentence with a blank for each row, written as `{row}`.
    pub sentence: Option<String>,
    /// Whether the section is a numbered list of the client's own texts.
    pub list: bool,
    /// Answer columns: a single Answer column, or several columns in a grid.
    pub columns: Vec<Column>,
    /// The rows, one per question.
    pub rows: Vec<Row>,
}

impl Section {
    /// Returns whether the section has its own columns instead of the single Answer column.
    pub fn is_grid(&self) -> bool {
        self.columns.iter().any(|column| !column.id.is_empty())
    }
}

/// A column of answers.
#[derive(Debug, Clone)]
pub struct Column {
    /// Last part of the IDs of its fields. Empty for the Answer column.
    pub id: String,
    /// Heading, also used to locate answers in returned workbooks.
    pub label: String,
    /// Whether the column is excluded from completeness.
    pub optional: bool,
}

/// A row of a section.
#[derive(Debug, Clone)]
pub struct Row {
    /// Full ID, `worksheet.section.row`, written into the hidden column of the row.
    pub id: String,
    /// Full IDs (`worksheet.section.row`) of this row in earlier versions.
    pub was: Vec<String>,
    /// The question.
    pub label: String,
    /// The fields, one per column.
    pub cells: Vec<FieldKey>,
}

/// An input cell or a calculated cell.
#[derive(Debug, Clone)]
pub struct Field {
    /// Full ID: `worksheet.section.row`, with `.column` appended in a grid.
    pub id: String,
    /// Label of the row, after the section title in a list, and before the column label in a grid.
    pub label: String,
    /// Label of the row, after the section title in a list.
    pub row_label: String,
    /// Type of the field.
    pub kind: Kind,
    /// Index of its worksheet.
    pub sheet: usize,
    /// Index of its section in the worksheet.
    pub section: usize,
    /// Index of its row in the section.
    pub row: usize,
    /// Index of its column in the section.
    pub column: usize,
    /// Whether the field is excluded from completeness.
    pub optional: bool,
    /// Hint on how to answer.
    pub hint: Option<String>,
    /// Printed before the value, such as "Net".
    pub before: Option<String>,
    /// Printed after the value, such as "revenue".
    pub after: Option<String>,
    /// Minimum value, if it is not 0. The worst rating of a scale.
    pub min: Option<f64>,
    /// Maximum value, if it differs from the default of the type. The best or worst rating, if it is not 10.
    pub max: Option<f64>,
    /// How the answer counts in a score. `None` if it does not.
    pub scoring: Option<Scoring>,
    /// Weight of the answer among those of its dimension. 1 unless the questionnaire says otherwise.
    pub weight: f64,
}

/// How an answer counts in a score: as points from 0 to 10, of which 10 are best.
#[derive(Debug, Clone, PartialEq)]
pub enum Scoring {
    /// In proportion to a full value, beyond which no more points are given.
    Share {
        /// The value that counts 0 points, or 10 if a low value is better.
        none: f64,
        /// The value that counts 10 points, or 0 if a low value is better.
        full: f64,
        /// Which end is better.
        better: Better,
    },
    /// By the option of a list: the points of each option.
    Options(Vec<f64>),
}

/// Points of the best answer to a question.
pub const FULL_POINTS: f64 = 10.0;

impl Scoring {
    /// Returns the points of a number, from 0 to 10. `None` if options count.
    pub fn of_number(&self, number: f64) -> Option<f64> {
        let Scoring::Share { none, full, better } = self else {
            return None;
        };
        let points = ((number - none) * FULL_POINTS / (full - none)).clamp(0.0, FULL_POINTS);
        Some(match better {
            Better::High => points,
            Better::Low => FULL_POINTS - points,
        })
    }

    /// Returns the points of an option (index). `None` if numbers count.
    pub fn of_option(&self, option: usize) -> Option<f64> {
        match self {
            Scoring::Options(points) => points.get(option).copied(),
            Scoring::Share { .. } => None,
        }
    }
}

impl Field {
    /// Returns whether a low answer counts more than a high one.
    pub fn is_reverse_scored(&self) -> bool {
        let low = Better::Low;
        matches!(&self.scoring, Some(Scoring::Share { better, .. }) if *better == low)
    }

    /// Returns the valid range of a number, both limits inclusive, in the unit of the field.
    pub fn range(&self) -> (f64, f64) {
        let (low, high) = match self.kind {
            Kind::Rating { .. } => (0.0, FULL_POINTS),
            Kind::Percent | Kind::Share => (0.0, 100.0),
            Kind::Money { .. } | Kind::Count { .. } => (0.0, 1e12),
            Kind::Quantity { .. } => (0.0, 1e5),
            Kind::Multiple | Kind::Ratio => (0.0, 1e4),
            _ => (f64::NEG_INFINITY, f64::INFINITY),
        };
        (self.min.unwrap_or(low), self.max.unwrap_or(high))
    }
}

/// Which end of a rating scale is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// 10 is best.
    #[default]
    High,
    /// 0 is best: a rating x counts as 10 − x.
    Low,
}

/// The type of a field.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// A rating from 0 to 10, or to the maximum of the field.
    Rating {
        /// Which end of the scale is better.
        better: Better,
    },
    /// An amount in the client's currency, once or per period (index into [`Questionnaire::periods`]).
    Money {
        /// Index of the period, if any.
        per: Option<usize>,
    },
    /// A percentage: 25 is 25%.
    Percent,
    /// A count, in total or per period.
    Count {
        /// Index of the period, if any.
        per: Option<usize>,
    },
    /// A quantity with a unit (index into [`Questionnaire::units`]).
    Quantity {
        /// Index of the unit.
        unit: usize,
    },
    /// A factor: 2 is "2x".
    Multiple,
    /// A ratio to one: 2.4 is "2.4 : 1".
    Ratio,
    /// One share of a split that adds up to 100.
    Share,
    /// An option of a drop-down list (index into [`Questionnaire::choices`]).
    Choice {
        /// Index of the list.
        list: usize,
    },
    /// A short text.
    Text,
    /// A multi-line text.
    LongText,
    /// A date.
    Date,
    /// An email address.
    Email,
    /// A web address.
    Url,
    /// A telephone number.
    Phone,
    /// Several options of a list (index into [`Questionnaire::choices`]). The value is a text with the options in the
    /// order of the list, separated by commas.
    Choices {
        /// Index of the list.
        list: usize,
    },
    /// A live score (index into [`Questionnaire::scores`]) for the subject of the column.
    ComputedScore {
        /// Index of the score.
        score: usize,
    },
    /// The live return on investment, as a ratio to one.
    ComputedRoi,
}

impl Kind {
    /// Returns whether the client fills in the field.
    pub fn is_input(&self) -> bool {
        !matches!(self, Kind::ComputedScore { .. } | Kind::ComputedRoi)
    }

    /// Returns whether the value is a number.
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

    /// Returns whether the value is a text of a certain form.
    pub fn is_formal_text(&self) -> bool {
        matches!(
            self,
            Kind::Email | Kind::Url | Kind::Phone | Kind::Choices { .. }
        )
    }

    /// Returns whether the value is free text.
    pub fn is_text(&self) -> bool {
        matches!(self, Kind::Text | Kind::LongText)
    }
}
