//! The TOML files before resolution: references are names, which `resolve` checks and replaces with keys.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::{
    AnnotationWords, Band, Better, Condition, Conversion, Currency, FormatString, Headings,
    NumberStyle, Period, PromptsRaw, StartSheet, WordList,
};

/// A name and its span in the file.
pub type Name = Spanned<String>;

/// `questionnaire.toml`: the words of the workbook, units, drop-down lists, and the client sheet.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct QuestionnaireFile {
    /// ID, which marks the workbooks of this questionnaire.
    pub id: String,
    /// Version. Raise it when questions change.
    pub version: u32,
    /// Title of the plan.
    pub title: String,
    /// Subtitle of the plan.
    pub subtitle: String,
    /// Language of the plan, such as "en" or "de-AT".
    pub language: String,
    /// Names of the files in `worksheets/`, in the order of the sheets.
    pub worksheets: Vec<String>,
    /// Texts of blank workbooks of earlier versions, which are not answers.
    #[serde(default)]
    pub former_texts: Vec<String>,
    /// Which answers say who the client is.
    pub identity: IdentityRaw,
    /// The success metrics.
    #[serde(default)]
    pub target: Vec<TargetRaw>,
    /// The first sheet of the workbook.
    pub start: StartSheet,
    /// Words of an annotated copy.
    pub annotations: AnnotationWords,
    /// Headings of the worksheets.
    pub headings: Headings,
    /// What cells say when they are selected.
    #[serde(default)]
    pub prompts: PromptsRaw,
    /// Separators of numbers.
    pub numbers: NumberStyle,
    /// Bands of points out of 10, with their colors, in ascending order from 0.
    #[serde(default)]
    pub rating_band: Vec<Band>,
    /// Words that clients enter, in addition to the built-in ones.
    #[serde(default)]
    pub words: WordList,
    /// Units of quantities, each with other words for it.
    #[serde(default)]
    pub units: BTreeMap<String, Vec<String>>,
    /// Unit after the number 1, by unit.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "BTreeMap<String, String>"))]
    pub singular: BTreeMap<Name, String>,
    /// The unit that is a month. "months" unless given.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub month_unit: Option<Name>,
    /// Conversions between units.
    #[serde(default)]
    pub conversion: Vec<Conversion>,
    /// Periods of amounts and counts.
    #[serde(default)]
    pub period: Vec<Period>,
    /// Currencies at the start of the list, with their symbols.
    #[serde(default)]
    pub currency: Vec<Currency>,
    /// Drop-down lists, by ID.
    #[serde(default)]
    pub choices: BTreeMap<String, ChoicesRaw>,
    /// The sheet about the client.
    pub client: WorksheetFile,
}

/// Fields that identify the client and the plan.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct IdentityRaw {
    /// Name of the client, in file names and titles.
    #[cfg_attr(test, schemars(with = "String"))]
    pub company: Name,
    /// Contact person.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub contact: Option<Name>,
    /// Address to which the plan is sent.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub email: Option<Name>,
    /// Industry, in the portfolio workbook.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub industry: Option<Name>,
    /// Currency of the amounts.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub currency: Option<Name>,
    /// First day of the roadmap.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub start: Option<Name>,
    /// Date of the answers. Of two workbooks of a client, the later one counts.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub filled_in_on: Option<Name>,
    /// The candidate that the client chooses.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub choice: Option<Name>,
    /// Reasons for the choice.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub reasons: Option<Name>,
}

/// A success metric: a value today, and its target.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TargetRaw {
    /// Name.
    pub label: String,
    /// Field with the value of today.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub today: Option<Name>,
    /// Field with the target.
    #[cfg_attr(test, schemars(with = "String"))]
    pub target: Name,
    /// Whether the target is added to the value of today.
    #[serde(default)]
    pub adds: bool,
}

/// A drop-down list.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ChoicesRaw {
    /// The options, in order. Lists with the IDs yes_no, pass_fail, status, and mutual are read in many languages.
    pub options: Vec<String>,
    /// Other words for an option: word = option.
    #[serde(default)]
    pub also: BTreeMap<String, String>,
}

/// A worksheet.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WorksheetFile {
    /// ID, the first part of the IDs of its fields.
    #[cfg_attr(test, schemars(with = "String"))]
    pub id: Name,
    /// Name on the tab, at most 31 characters.
    #[cfg_attr(test, schemars(with = "String"))]
    pub tab: Name,
    /// Title.
    pub title: String,
    /// A line above the guidance.
    pub exercise: Option<String>,
    /// What the sheet is for.
    pub guidance: String,
    /// Sets of columns that several sections share.
    #[serde(default)]
    pub columns: Vec<ColumnSet>,
    /// The sections.
    pub section: Vec<SectionRaw>,
}

/// Columns that several sections share.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ColumnSet {
    /// ID of the set.
    pub id: String,
    /// The columns.
    pub columns: Vec<ColumnRaw>,
}

/// A section of a worksheet.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SectionRaw {
    /// ID, the second part of the IDs of its fields.
    #[cfg_attr(test, schemars(with = "String"))]
    pub id: Name,
    /// A heading above the section.
    pub heading: Option<String>,
    /// Title.
    pub title: String,
    /// A sentence with every field in braces, which the plan prints.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub sentence: Option<Name>,
    /// Whether the title stands before each label, as in "Strength 1".
    #[serde(default)]
    pub list: bool,
    /// Columns of a grid: a list of columns, or the ID of a set.
    pub columns: Option<ColumnsRaw>,
    /// The questions, one per row.
    pub fields: Vec<FieldRaw>,
}

/// The columns of a grid.
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(untagged))]
pub enum ColumnsRaw {
    /// ID of a set.
    Set(String),
    /// A list of columns.
    Own(Vec<ColumnRaw>),
}

impl<'de> Deserialize<'de> for ColumnsRaw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Columns;
        impl<'de> Visitor<'de> for Columns {
            type Value = ColumnsRaw;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a list of columns, or the name of a set")
            }

            fn visit_str<E: Error>(self, set: &str) -> Result<ColumnsRaw, E> {
                Ok(ColumnsRaw::Set(set.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut columns: A) -> Result<ColumnsRaw, A::Error> {
                let mut own = Vec::new();
                while let Some(column) = columns.next_element()? {
                    own.push(column);
                }
                Ok(ColumnsRaw::Own(own))
            }
        }
        deserializer.deserialize_any(Columns)
    }
}

/// A column of a grid.
#[derive(Deserialize, Clone)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ColumnRaw {
    /// ID, the last part of the IDs of its fields.
    pub id: String,
    /// Heading.
    pub label: String,
    /// Whether its answers do not count as missing.
    #[serde(default)]
    pub optional: bool,
    /// Kind of its fields, if it is not that of the row.
    pub kind: Option<String>,
    /// Drop-down list of its fields.
    pub choices: Option<String>,
}

/// A question.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FieldRaw {
    /// ID, the third part of the full ID.
    #[cfg_attr(test, schemars(with = "String"))]
    pub id: Name,
    /// Full IDs of earlier versions.
    #[serde(default)]
    pub was: Vec<String>,
    /// The question.
    pub label: String,
    /// Kind: rating, yes_no, choice, choices, percent, count, money, quantity, multiple, ratio, split, date, email, url,
    /// phone, text, long_text, or computed.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub kind: Option<Name>,
    /// Which end counts more in a score: high or low.
    #[serde(default)]
    pub better: Better,
    /// Period of an amount or a count.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub per: Option<Name>,
    /// Unit of a quantity.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub unit: Option<Name>,
    /// ID of the drop-down list of a choice.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub choices: Option<Name>,
    /// The parts of a split, which add up to 100.
    pub parts: Option<Vec<PartRaw>>,
    /// The score that a computed field shows.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub score: Option<Name>,
    /// The figure that a computed field shows: "roi".
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub figure: Option<Name>,
    /// Whether the answer does not count as missing.
    #[serde(default)]
    pub optional: bool,
    /// How to answer.
    pub hint: Option<String>,
    /// Word before the value.
    pub before: Option<String>,
    /// Word after the value.
    pub after: Option<String>,
    /// Smallest valid value, 0 unless given: the worst rating of a scale from 1 to 5.
    pub min: Option<f64>,
    /// Largest valid value. The best rating, if it is not 10.
    pub max: Option<f64>,
    /// Value of a number that counts 10 points in a score.
    pub full: Option<f64>,
    /// Points of each option in a score, from 0 to 10.
    #[serde(default)]
    pub points: BTreeMap<String, f64>,
    /// Weight among the answers of its dimension, 1 unless given.
    pub weight: Option<f64>,
}

/// A part of a split.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PartRaw {
    /// ID.
    pub id: String,
    /// Label.
    pub label: String,
}

/// `scores.toml`: scores, return and payback.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ScoresFile {
    /// The scores.
    #[serde(default)]
    pub score: Vec<ScoreRaw>,
    /// Return and payback.
    pub finance: Option<FinanceRaw>,
}

/// A score: the weighted mean of its dimensions.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ScoreRaw {
    /// ID.
    #[cfg_attr(test, schemars(with = "String"))]
    pub id: Name,
    /// Name.
    pub label: String,
    /// Maximum number of points.
    pub out_of: f64,
    /// Points by which candidates may differ and still be level.
    #[serde(default)]
    pub level: f64,
    /// A lead below this number of points is narrow.
    #[serde(default)]
    pub narrow: f64,
    /// The candidates that the score ranks. Without it, the score is about the client.
    pub subjects: Option<SubjectsRaw>,
    /// Bands of points, ascending from 0.
    pub bands: Vec<Band>,
    /// The dimensions. Their weights add up to 100.
    pub dimensions: Vec<DimensionRaw>,
    /// Questions that a candidate, or the client, must not fail.
    #[serde(default)]
    pub knock_out: Vec<KnockOutRaw>,
}

/// A question that must not be failed: otherwise the score is 0.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct KnockOutRaw {
    /// The question: worksheet.section.field.
    #[cfg_attr(test, schemars(with = "String"))]
    pub row: Name,
    /// Fewest points of the answer, out of 10, that do not fail.
    pub below: f64,
}

/// The candidates: columns of a grid.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SubjectsRaw {
    /// Row with their names.
    #[cfg_attr(test, schemars(with = "String"))]
    pub name: Name,
    /// Row with their types.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub kind: Option<Name>,
}

/// A dimension: the mean of the answers of one or more sections that count in scores.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DimensionRaw {
    /// ID.
    pub id: String,
    /// Name.
    pub label: String,
    /// Weight in percent.
    pub weight: f64,
    /// The section.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub section: Option<Name>,
    /// Further sections.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub sections: Vec<Name>,
    /// Field that leaves the dimension out if it is 0.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub not_when_zero: Option<Name>,
}

/// A share from 0 to 1: a number, or a fraction such as "1/3".
#[derive(Debug, Clone)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(untagged))]
pub enum ShareRaw {
    /// As a number.
    Number(f64),
    /// As a fraction or a decimal number in quotation marks.
    Text(String),
}

impl<'de> Deserialize<'de> for ShareRaw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Share;
        impl Visitor<'_> for Share {
            type Value = ShareRaw;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a share from 0 to 1, such as 0.5 or \"1/3\"")
            }

            fn visit_str<E: Error>(self, share: &str) -> Result<ShareRaw, E> {
                Ok(ShareRaw::Text(share.to_owned()))
            }

            fn visit_f64<E: Error>(self, share: f64) -> Result<ShareRaw, E> {
                Ok(ShareRaw::Number(share))
            }

            fn visit_i64<E: Error>(self, share: i64) -> Result<ShareRaw, E> {
                Ok(ShareRaw::Number(share as f64))
            }
        }
        deserializer.deserialize_any(Share)
    }
}

/// Return, cost, and payback. Amounts of any period are converted to months.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FinanceRaw {
    /// Cost per period.
    #[cfg_attr(test, schemars(with = "String"))]
    pub investment: Name,
    /// Return per period at full speed.
    #[cfg_attr(test, schemars(with = "String"))]
    pub r#return: Name,
    /// The return multiple that the client states.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub entered_roi: Option<Name>,
    /// The payback that the client states.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub entered_payback: Option<Name>,
    /// Parts of the cost.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub parts: Vec<Name>,
    /// Shares of the return in months 1, 2, and so on, such as [0, "1/3", 0.5, 1]. The last one stays.
    pub ramp: Vec<ShareRaw>,
    /// The same for the fast case.
    pub fast: Option<Vec<ShareRaw>>,
    /// The same for the slow case.
    pub slow: Option<Vec<ShareRaw>>,
    /// Time by which the client's own ramp is delayed.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub delay: Option<Name>,
    /// Return of today. The growth is what exceeds it.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub baseline: Option<Name>,
    /// What is invested once.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub one_time: Option<Name>,
    /// Longest payback in months, from 1 to 600.
    pub horizon_months: u32,
}

/// `checks.toml`: rules between answers.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ChecksFile {
    /// The rules.
    #[serde(default)]
    pub rule: Vec<RuleRaw>,
}

/// A rule as written in the file. The required keys depend on its kind.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RuleRaw {
    /// Code of its issues.
    pub code: String,
    /// Name of its issues in lists.
    pub name: Option<String>,
    /// Kind: holds, sum, adds_up_to, ratio, ascending, equal, required_with, one_of_subjects, in_top, entered_scores, or
    /// entered_payback.
    #[cfg_attr(test, schemars(with = "String"))]
    pub kind: Name,
    /// "error" or "warning".
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub severity: Option<Name>,
    /// Condition of the kind holds.
    pub holds: Option<Condition>,
    /// What is expected, for the client.
    pub expected: FormatString,
    /// What to do, for the client.
    pub fix: String,
    /// Fields that add up.
    #[cfg_attr(test, schemars(with = "Option<Vec<String>>"))]
    pub parts: Option<Vec<Name>>,
    /// Field with the sum.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub total: Option<Name>,
    /// Field where the issue is shown.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub field: Option<Name>,
    /// Fields that are compared.
    #[cfg_attr(test, schemars(with = "Option<Vec<String>>"))]
    pub fields: Option<Vec<Name>>,
    /// Field above the line.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub numerator: Option<Name>,
    /// Field below the line.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub denominator: Option<Name>,
    /// Field that makes an answer necessary.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub with: Option<Name>,
    /// The score.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub score: Option<Name>,
    /// Fields with names.
    #[cfg_attr(test, schemars(with = "Option<Vec<String>>"))]
    pub names: Option<Vec<Name>>,
    /// Fields with points.
    #[cfg_attr(test, schemars(with = "Option<Vec<String>>"))]
    pub points: Option<Vec<Name>>,
    /// The fixed sum.
    pub amount: Option<f64>,
    /// Allowed difference.
    pub tolerance: Option<f64>,
    /// Last rank that is accepted.
    pub top: Option<u32>,
    /// Whether equal neighbors break the rule.
    #[serde(default)]
    pub strict: bool,
}

/// `roadmap.toml`: activities with their days. Without the file there is no roadmap.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RoadmapFile {
    /// Length in days.
    #[serde(default)]
    pub days: u32,
    /// Days of the reviews before the closing review.
    #[serde(default)]
    pub review_days: Vec<u32>,
    /// ID of the column with the owner.
    #[serde(default)]
    pub owner: String,
    /// ID of the column with the due date.
    #[serde(default)]
    pub due: String,
    /// ID of the column with the status.
    #[serde(default)]
    pub status: String,
    /// Option for done.
    #[serde(default)]
    pub done: String,
    /// Option for in progress.
    #[serde(default)]
    pub in_progress: String,
    /// Option for not started.
    #[serde(default)]
    pub not_started: String,
    /// Shown without an owner.
    #[serde(default)]
    pub unnamed_owner: String,
    /// Answers that name nobody as the owner, such as "all".
    #[serde(default)]
    pub everyone: Vec<String>,
    /// What stands between several owners, such as "/".
    #[serde(default)]
    pub owner_separators: Vec<String>,
    /// Days of the week without work, such as "saturday".
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub weekend: Vec<Name>,
    /// Days without work: "2027-01-01", or "01-01" for every year.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub holidays: Vec<Name>,
    /// Days that are often holidays. The plan mentions dates on them.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub usual_holidays: Vec<Name>,
    /// The parts of the roadmap, one section each.
    #[serde(default)]
    pub months: Vec<MonthRaw>,
    /// The activities, in order.
    #[serde(default)]
    pub activity: Vec<ActivityRaw>,
    /// What must be built by the last day.
    pub builds: Option<BuildsRaw>,
}

/// What must be built by the last day: the best subjects of a score.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BuildsRaw {
    /// The score.
    #[cfg_attr(test, schemars(with = "String"))]
    pub score: Name,
    /// Row with the weeks of work.
    #[cfg_attr(test, schemars(with = "String"))]
    pub weeks: Name,
    /// Field with how many are to be built.
    #[cfg_attr(test, schemars(with = "String"))]
    pub count: Name,
}

/// A part of the roadmap.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MonthRaw {
    /// Section with its activities.
    #[cfg_attr(test, schemars(with = "String"))]
    pub section: Name,
    /// First day.
    pub from: u32,
    /// Last day.
    pub to: u32,
}

/// An activity.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ActivityRaw {
    /// Its row: worksheet.section.field.
    #[cfg_attr(test, schemars(with = "String"))]
    pub row: Name,
    /// First day.
    pub from: u32,
    /// Last day.
    pub to: u32,
    /// IDs of activities that must be finished first.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub after: Vec<Name>,
    /// IDs of activities that it may overlap, but that start and finish first.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub alongside: Vec<Name>,
    /// Its name in a second round, if it was done in the first.
    pub next_round: Option<String>,
}
