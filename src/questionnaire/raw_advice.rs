//! `figures.toml` and `advice.toml` before resolution.

use serde::Deserialize;

use super::raw::Name;
use super::{
    Condition, DecisionDef, FigureFormat, FormatString, Formula, Line, MismatchDef, OfferDef,
    RequestDef,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FiguresFile {
    #[serde(default)]
    pub figure: Vec<FigureRaw>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FigureRaw {
    pub id: Name,
    pub label: String,
    pub formula: String,
    pub format: FigureFormat,
    pub per: Option<Name>,
    pub value: Option<Formula>,
    #[serde(default)]
    pub cases: Vec<CaseRaw>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseRaw {
    pub when: Option<Condition>,
    pub value: Formula,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdviceFile {
    #[serde(default)]
    pub name_one: String,
    pub core: Option<CoreRaw>,
    pub gaps: Option<GapsRaw>,
    #[serde(default)]
    pub gap: Vec<GapRaw>,
    #[serde(default)]
    pub risk: Vec<RiskRaw>,
    #[serde(default)]
    pub mismatch: Vec<MismatchDef>,
    #[serde(default)]
    pub decision: Vec<DecisionDef>,
    #[serde(default)]
    pub r#move: Vec<MoveRaw>,
    #[serde(default)]
    pub request: Vec<RequestDef>,
    pub types: Option<TypesRaw>,
    #[serde(default)]
    pub offer: Vec<OfferDef>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoreRaw {
    pub full: f64,
    pub provisional: f64,
    pub answers: Vec<CoreAnswersRaw>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoreAnswersRaw {
    pub ids: Vec<Name>,
    pub when: Option<Condition>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GapsRaw {
    pub blocker: f64,
    pub weak: f64,
    pub near: f64,
    pub cards: usize,
    pub urgent: usize,
    pub attention: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GapRaw {
    pub id: Name,
    pub name: String,
    pub ratings: Vec<Name>,
    pub unless: Option<Condition>,
    pub activity: Name,
    pub impact: u32,
    pub effort: u32,
    #[serde(default)]
    pub raised_by: Vec<Name>,
    pub why: String,
    pub good: String,
    pub first: String,
    pub first_day: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RiskRaw {
    pub id: String,
    pub when: Vec<Condition>,
    pub likelihood: u32,
    pub impact: u32,
    pub title: FormatString,
    pub consequence: Vec<Line>,
    pub mitigation: Vec<Line>,
    pub activity: Option<Name>,
    pub owner: Option<FormatString>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoveRaw {
    pub choice: Vec<MoveChoiceRaw>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoveChoiceRaw {
    #[serde(default)]
    pub when: Vec<Condition>,
    pub text: Option<FormatString>,
    pub gap: Option<GapChoice>,
    pub activity: Option<Name>,
}

/// Which gap a move closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GapChoice {
    Weak,
    Near,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypesRaw {
    pub score: Name,
    pub value: Name,
    pub ease: Name,
    pub r#type: Vec<TypeRaw>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypeRaw {
    pub option: Name,
    pub own: FormatString,
    pub weeks: Option<Formula>,
    pub money: Option<FormatString>,
}
