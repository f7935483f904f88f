//! The TOML files before resolution: references are names, which `resolve` checks and replaces with keys.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::{
    AnnotationWords, Band, Better, Condition, Conversion, Currency, FormatString, Headings,
    NumberStyle, Period, StartSheet, WordList,
};

/// A name and its span in the file.
pub type Name = Spanned<String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionnaireFile {
    pub id: String,
    pub version: u32,
    pub title: String,
    pub subtitle: String,
    pub language: String,
    pub worksheets: Vec<String>,
    #[serde(default)]
    pub former_texts: Vec<String>,
    pub identity: IdentityRaw,
    #[serde(default)]
    pub target: Vec<TargetRaw>,
    pub start: StartSheet,
    pub annotations: AnnotationWords,
    pub headings: Headings,
    pub numbers: NumberStyle,
    #[serde(default)]
    pub rating_band: Vec<Band>,
    #[serde(default)]
    pub words: WordList,
    #[serde(default)]
    pub units: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub singular: BTreeMap<Name, String>,
    pub month_unit: Option<Name>,
    #[serde(default)]
    pub conversion: Vec<Conversion>,
    #[serde(default)]
    pub period: Vec<Period>,
    #[serde(default)]
    pub currency: Vec<Currency>,
    #[serde(default)]
    pub choices: BTreeMap<String, ChoicesRaw>,
    pub client: WorksheetFile,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityRaw {
    pub company: Name,
    pub contact: Option<Name>,
    pub email: Option<Name>,
    pub industry: Option<Name>,
    pub currency: Option<Name>,
    pub start: Option<Name>,
    pub filled_in_on: Option<Name>,
    pub choice: Option<Name>,
    pub reasons: Option<Name>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetRaw {
    pub label: String,
    pub today: Option<Name>,
    pub target: Name,
    #[serde(default)]
    pub adds: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChoicesRaw {
    pub options: Vec<String>,
    #[serde(default)]
    pub also: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorksheetFile {
    pub id: Name,
    pub tab: Name,
    pub title: String,
    pub exercise: Option<String>,
    pub guidance: String,
    #[serde(default)]
    pub columns: Vec<ColumnSet>,
    pub section: Vec<SectionRaw>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnSet {
    pub id: String,
    pub columns: Vec<ColumnRaw>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectionRaw {
    pub id: Name,
    pub heading: Option<String>,
    pub title: String,
    pub sentence: Option<Name>,
    #[serde(default)]
    pub list: bool,
    pub columns: Option<ColumnsRaw>,
    pub fields: Vec<FieldRaw>,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub enum ColumnsRaw {
    Set(String),
    Own(Vec<ColumnRaw>),
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub struct ColumnRaw {
    pub id: String,
    pub label: String,
    #[serde(default)]
    pub optional: bool,
    pub kind: Option<String>,
    pub choices: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldRaw {
    pub id: Name,
    #[serde(default)]
    pub was: Vec<String>,
    pub label: String,
    pub kind: Option<Name>,
    #[serde(default)]
    pub better: Better,
    pub per: Option<Name>,
    pub unit: Option<Name>,
    pub choices: Option<Name>,
    pub parts: Option<Vec<PartRaw>>,
    pub score: Option<Name>,
    pub figure: Option<Name>,
    #[serde(default)]
    pub optional: bool,
    pub hint: Option<String>,
    pub before: Option<String>,
    pub after: Option<String>,
    pub max: Option<f64>,
    pub full: Option<f64>,
    #[serde(default)]
    pub points: BTreeMap<String, f64>,
    pub weight: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartRaw {
    pub id: String,
    pub label: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoresFile {
    #[serde(default)]
    pub score: Vec<ScoreRaw>,
    pub finance: Option<FinanceRaw>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoreRaw {
    pub id: Name,
    pub label: String,
    pub out_of: f64,
    #[serde(default)]
    pub level: f64,
    #[serde(default)]
    pub narrow: f64,
    pub subjects: Option<SubjectsRaw>,
    pub bands: Vec<Band>,
    pub dimensions: Vec<DimensionRaw>,
    #[serde(default)]
    pub knock_out: Vec<KnockOutRaw>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnockOutRaw {
    pub row: Name,
    pub below: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubjectsRaw {
    pub name: Name,
    pub kind: Option<Name>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DimensionRaw {
    pub id: String,
    pub label: String,
    pub weight: f64,
    pub section: Option<Name>,
    #[serde(default)]
    pub sections: Vec<Name>,
    pub not_when_zero: Option<Name>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FinanceRaw {
    pub investment: Name,
    pub r#return: Name,
    pub stated_roi: Option<Name>,
    pub stated_payback: Option<Name>,
    #[serde(default)]
    pub parts: Vec<Name>,
    pub ramp: Vec<Name>,
    pub fast: Option<Vec<Name>>,
    pub slow: Option<Vec<Name>>,
    pub delay: Option<Name>,
    pub baseline: Option<Name>,
    pub one_time: Option<Name>,
    pub horizon_months: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChecksFile {
    #[serde(default)]
    pub rule: Vec<RuleRaw>,
}

/// A rule as written in the file. The required keys depend on its kind.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleRaw {
    pub code: String,
    pub name: Option<String>,
    pub kind: Name,
    pub severity: Option<Name>,
    pub holds: Option<Condition>,
    pub expected: FormatString,
    pub fix: String,
    pub parts: Option<Vec<Name>>,
    pub total: Option<Name>,
    pub field: Option<Name>,
    pub fields: Option<Vec<Name>>,
    pub numerator: Option<Name>,
    pub denominator: Option<Name>,
    pub with: Option<Name>,
    pub score: Option<Name>,
    pub names: Option<Vec<Name>>,
    pub points: Option<Vec<Name>>,
    pub amount: Option<f64>,
    pub tolerance: Option<f64>,
    pub top: Option<u32>,
    #[serde(default)]
    pub strict: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoadmapFile {
    #[serde(default)]
    pub days: u32,
    #[serde(default)]
    pub review_days: Vec<u32>,
    #[serde(default)]
    pub owner: String,
    #[serde(default)]
    pub due: String,
    #[serde(default)]
    pub status: String,
    #[serde(default)]
    pub done: String,
    #[serde(default)]
    pub in_progress: String,
    #[serde(default)]
    pub not_started: String,
    #[serde(default)]
    pub unnamed_owner: String,
    #[serde(default)]
    pub weekend: Vec<Name>,
    #[serde(default)]
    pub holidays: Vec<Name>,
    #[serde(default)]
    pub usual_holidays: Vec<Name>,
    #[serde(default)]
    pub months: Vec<MonthRaw>,
    #[serde(default)]
    pub activity: Vec<ActivityRaw>,
    pub builds: Option<BuildsRaw>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BuildsRaw {
    pub score: Name,
    pub weeks: Name,
    pub count: Name,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MonthRaw {
    pub section: Name,
    pub from: u32,
    pub to: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActivityRaw {
    pub row: Name,
    pub from: u32,
    pub to: u32,
    #[serde(default)]
    pub after: Vec<Name>,
    #[serde(default)]
    pub alongside: Vec<Name>,
    pub next_round: Option<String>,
}
