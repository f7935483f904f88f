//! `figures.toml` and `advice.toml` before resolution.

use serde::Deserialize;

use super::raw::Name;
use super::{
    Condition, DecisionDef, FigureFormat, FormatString, Formula, Line, MismatchDef, OfferDef,
    RequestDef,
};

/// `figures.toml`: figures calculated from answers.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FiguresFile {
    /// The figures, each of which can use those before it.
    #[serde(default)]
    pub figure: Vec<FigureRaw>,
}

/// A figure, {figure.ID} in texts.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FigureRaw {
    /// ID.
    #[cfg_attr(test, schemars(with = "String"))]
    pub id: Name,
    /// Name in the list of figures.
    pub label: String,
    /// How it is calculated, in words. Empty to leave it out of the list.
    pub formula: String,
    /// How it is printed.
    pub format: FigureFormat,
    /// Period to which an amount is converted.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub per: Option<Name>,
    /// The expression.
    pub value: Option<Formula>,
    /// Expressions with conditions. The first that holds counts.
    #[serde(default)]
    pub cases: Vec<CaseRaw>,
}

/// A case of a figure.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CaseRaw {
    /// Condition.
    pub when: Option<Condition>,
    /// The expression.
    pub value: Formula,
}

/// `advice.toml`: what the plan advises.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AdviceFile {
    /// Shown if an activity has no owner.
    #[serde(default)]
    pub name_one: String,
    /// The answers that a recommendation needs.
    pub core: Option<CoreRaw>,
    /// When a rating is a gap.
    pub gaps: Option<GapsRaw>,
    /// The gaps.
    #[serde(default)]
    pub gap: Vec<GapRaw>,
    /// The risks.
    #[serde(default)]
    pub risk: Vec<RiskRaw>,
    /// Answers that contradict each other.
    #[serde(default)]
    pub mismatch: Vec<MismatchDef>,
    /// The decisions. The first that holds is the plan's.
    #[serde(default)]
    pub decision: Vec<DecisionDef>,
    /// The moves.
    #[serde(default)]
    pub r#move: Vec<MoveRaw>,
    /// What the client is asked for.
    #[serde(default)]
    pub request: Vec<RequestDef>,
    /// Types of candidates.
    pub types: Option<TypesRaw>,
    /// Sentences for types of candidates.
    #[serde(default)]
    pub offer: Vec<OfferDef>,
}

/// The answers that a recommendation needs.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CoreRaw {
    /// Share in percent from which the plan is complete.
    pub full: f64,
    /// Share in percent below which nothing is recommended.
    pub provisional: f64,
    /// The answers, in the order in which they are asked for.
    pub answers: Vec<CoreAnswersRaw>,
}

/// Key answers.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CoreAnswersRaw {
    /// Fields, rows, or sections.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub ids: Vec<Name>,
    /// Condition under which they are asked.
    pub when: Option<Condition>,
}

/// When a rating is a gap. Ratings count out of 10.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GapsRaw {
    /// Below it, a gap of the highest impact is urgent.
    pub blocker: f64,
    /// Below it, a rating is a gap.
    pub weak: f64,
    /// Below it, a rating is a near-gap.
    pub near: f64,
    /// Most gaps with a card.
    pub cards: usize,
    /// Most urgent activities.
    pub urgent: usize,
    /// Most activities that need attention.
    pub attention: usize,
}

/// A gap: what a low rating means, and what closes it.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GapRaw {
    /// ID.
    #[cfg_attr(test, schemars(with = "String"))]
    pub id: Name,
    /// How it reads within a sentence.
    pub name: String,
    /// Its ratings, of which the lowest counts.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub ratings: Vec<Name>,
    /// Condition under which it is no gap.
    pub unless: Option<Condition>,
    /// ID of the activity that closes it.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub activity: Option<Name>,
    /// Impact, from 1 to 3.
    pub impact: u32,
    /// Effort, from 1 to 3.
    pub effort: u32,
    /// Types of candidate that add 1 to the impact.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub raised_by: Vec<Name>,
    /// Why it matters.
    pub why: String,
    /// What good looks like.
    pub good: String,
    /// First step.
    pub first: String,
    /// Day of the roadmap by which the first step is due.
    pub first_day: Option<u32>,
    /// Whether the first step is due before the activity begins, instead of with it.
    #[serde(default)]
    pub before_start: bool,
}

/// A risk.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RiskRaw {
    /// ID.
    pub id: String,
    /// Conditions, all of which must hold.
    pub when: Vec<Condition>,
    /// Likelihood, from 1 to 3.
    pub likelihood: u32,
    /// Impact, from 1 to 3.
    pub impact: u32,
    /// Title.
    pub title: FormatString,
    /// What would happen. The first line that can be printed counts.
    pub consequence: Vec<Line>,
    /// What to do. The first line that can be printed counts.
    pub mitigation: Vec<Line>,
    /// ID of the activity whose owner acts.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub activity: Option<Name>,
    /// Who acts, if it is not the owner of an activity.
    pub owner: Option<FormatString>,
}

/// A move: the first choice that applies.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MoveRaw {
    /// The choices.
    pub choice: Vec<MoveChoiceRaw>,
}

/// A choice for a move: a text, or a gap to close.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MoveChoiceRaw {
    /// Conditions, all of which must hold.
    #[serde(default)]
    pub when: Vec<Condition>,
    /// What to do.
    pub text: Option<FormatString>,
    /// Which gap to close: weak or near.
    pub gap: Option<GapChoice>,
    /// ID of the activity that gives owner and date.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub activity: Option<Name>,
}

/// Which gap a move closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum GapChoice {
    Weak,
    Near,
}

/// Types of candidates, compared by value and ease.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TypesRaw {
    /// The score that ranks the candidates.
    #[cfg_attr(test, schemars(with = "String"))]
    pub score: Name,
    /// ID of the dimension that measures value.
    #[cfg_attr(test, schemars(with = "String"))]
    pub value: Name,
    /// ID of the dimension that measures ease.
    #[cfg_attr(test, schemars(with = "String"))]
    pub ease: Name,
    /// The types.
    pub r#type: Vec<TypeRaw>,
}

/// A type of candidate.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TypeRaw {
    /// Option of the row of types.
    #[cfg_attr(test, schemars(with = "String"))]
    pub option: Name,
    /// A partner of this type, with an article, as it reads within a sentence.
    pub one: String,
    /// Several partners of this type.
    pub several: String,
    /// Its own figure.
    pub own: FormatString,
    /// Weeks until it is ready.
    pub weeks: Option<Formula>,
    /// The time with what it is for: {count} is the time, such as "{count} to build". If empty, the time alone.
    #[serde(default)]
    pub stage: String,
    /// Its potential.
    pub money: Option<FormatString>,
}
