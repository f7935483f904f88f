//! Definitions of what the plan advises: calculated figures, gaps, risks, contradictions, the decision, and the moves.

use serde::Deserialize;

use super::{Condition, FieldKey, FormatString, Formula, Line, Type};

/// A figure calculated from the answers, available to all texts and conditions as `figure.ID`.
#[derive(Debug, Clone)]
pub struct FigureDef {
    /// ID.
    pub id: String,
    /// Name, for the appendix.
    pub label: String,
    /// How it is calculated, for the appendix.
    pub formula: String,
    /// How it is printed.
    pub format: FigureFormat,
    /// Factor that converts the value to the period of the figure.
    pub factor: f64,
    /// The value: the first case whose condition holds.
    pub cases: Vec<FigureCase>,
    /// Type of the value.
    pub kind: Type,
}

/// A case of a figure.
#[derive(Debug, Clone)]
pub struct FigureCase {
    /// Condition. `None` if the case always applies.
    pub when: Option<Condition>,
    /// The value.
    pub value: Formula,
}

/// How a figure is printed. The appendix prints exact values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FigureFormat {
    /// An amount with three significant digits.
    Money,
    /// An amount with three significant digits, rounded up: what is needed at least.
    MoneyUp,
    /// An amount with three significant digits, rounded down: what may be spent at most.
    MoneyDown,
    /// An amount without cents, for sums that must add up in print.
    MoneyWhole,
    /// A multiple such as 2.5: one decimal place, or two if it would print 1.0.
    Multiple,
    /// A share of 1 as a percentage, rounded to the nearest.
    Percent,
    /// A share of 1 as a percentage, rounded up.
    PercentUp,
    /// A month, rounded up: a payback after 9.1 months is in month 10.
    Month,
    /// A number with one decimal place.
    Decimal,
    /// A whole number.
    Whole,
    /// A whole number, rounded up.
    WholeUp,
    /// A date.
    Date,
    /// A text.
    Text,
}

/// The gaps between the client's ratings and what the plan needs, and what makes one urgent.
#[derive(Debug, Clone, Default)]
pub struct GapsDef {
    /// Ratings below this value, with the highest impact, are blockers.
    pub blocker: f64,
    /// Ratings below this value are gaps.
    pub weak: f64,
    /// Ratings below this value are near-gaps: they count only if there is no gap.
    pub near: f64,
    /// Maximum number of gaps that the plan explains.
    pub cards: usize,
    /// Maximum number of urgent activities.
    pub urgent: usize,
    /// Maximum number of further activities that need attention.
    pub attention: usize,
    /// The gaps, in the order of the file.
    pub gaps: Vec<GapDef>,
}

/// The highest impact and effort.
pub const MAX_LEVEL: u32 = 3;

/// A subject that several ratings may describe.
#[derive(Debug, Clone)]
pub struct GapDef {
    /// ID.
    pub id: String,
    /// Name, as it reads within a sentence.
    pub name: String,
    /// The ratings. The lowest counts.
    pub ratings: Vec<FieldKey>,
    /// Condition under which the ratings say nothing.
    pub unless: Option<Condition>,
    /// Index of the activity that closes it, if there is one.
    pub activity: Option<usize>,
    /// Impact on the plan, from 1 to 3.
    pub impact: u32,
    /// Effort to close the gap, from 1 to 3.
    pub effort: u32,
    /// Types of primary candidate that raise the impact by 1.
    pub raised_by: Vec<String>,
    /// Why it matters.
    pub why: String,
    /// What good looks like.
    pub good: String,
    /// First step.
    pub first: String,
    /// Day of the roadmap, from 1, by which the first step is due. Without one, it is due with the activity.
    pub first_day: Option<u32>,
    /// Whether the first step is due before the activity begins.
    pub before_start: bool,
}

/// A risk that follows from the answers.
#[derive(Debug, Clone)]
pub struct RiskDef {
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
    /// What would happen. The first line that can be printed is used.
    pub consequence: Vec<Line>,
    /// What to do. The first line that can be printed is used.
    pub mitigation: Vec<Line>,
    /// Who does it.
    pub owner: OwnerDef,
}

/// Who does something.
#[derive(Debug, Clone)]
pub enum OwnerDef {
    /// The owner of an activity (index).
    Activity(usize),
    /// A text, such as the contact person.
    Text(FormatString),
}

/// A decision that the plan recommends. The first whose conditions hold and whose values are known is used.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DecisionDef {
    /// ID.
    pub id: String,
    /// Conditions, all of which must hold.
    #[serde(default)]
    pub when: Vec<Condition>,
    /// The recommendation.
    pub text: FormatString,
    /// Whether the data is too thin to recommend anything. Such a plan is not sent.
    #[serde(default)]
    pub withheld: bool,
}

/// A move: the first choice that applies.
#[derive(Debug, Clone)]
pub struct MoveDef {
    /// Candidates for the move.
    pub choices: Vec<MoveChoice>,
}

/// A candidate for a move.
#[derive(Debug, Clone)]
pub struct MoveChoice {
    /// Conditions, all of which must hold.
    pub when: Vec<Condition>,
    /// What to do.
    pub what: MoveWhat,
    /// Index of the activity that provides owner and date. Without one, the client is asked to name an owner, and the
    /// move is due by the next review.
    pub activity: Option<usize>,
}

/// What a move asks for.
#[derive(Debug, Clone)]
pub enum MoveWhat {
    /// A text.
    Text(FormatString),
    /// The first step of the next gap.
    Gap,
    /// The first step of the next near-gap.
    NearGap,
}

/// Something that the client is asked for.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RequestDef {
    /// Conditions, all of which must hold.
    #[serde(default)]
    pub when: Vec<Condition>,
    /// The request.
    pub text: FormatString,
    /// ID of the plan's section that explains it.
    pub section: Option<String>,
}

/// Answers that contradict each other.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MismatchDef {
    /// ID.
    pub id: String,
    /// Conditions, all of which must hold.
    pub when: Vec<Condition>,
    /// What is seen.
    pub text: FormatString,
    /// The figures that do not agree.
    pub figures: FormatString,
    /// What to decide. The first line that can be printed is used.
    pub decide: Vec<Line>,
    /// The same as a request. Without it, the mismatch is not requested on the summary page.
    pub request: Option<FormatString>,
}

/// The answers that a recommendation needs.
#[derive(Debug, Clone, Default)]
pub struct CoreDef {
    /// Share of these answers, in percent, from which the plan is complete.
    pub full: f64,
    /// Share of these answers, in percent, from which the plan is provisional. Below it, nothing is recommended.
    pub provisional: f64,
    /// The answers, each with the condition under which it is asked.
    pub answers: Vec<(FieldKey, Option<Condition>)>,
}

/// Types of candidates compared by value and ease.
#[derive(Debug, Clone)]
pub struct TypesDef {
    /// Index of the score that ranks the candidates.
    pub score: usize,
    /// Index of the dimension that measures value.
    pub value: usize,
    /// Index of the dimension that measures ease.
    pub ease: usize,
    /// The types, in order.
    pub types: Vec<TypeDef>,
}

/// A type of candidate.
#[derive(Debug, Clone)]
pub struct TypeDef {
    /// The option of the list.
    pub option: String,
    /// A partner of this type, with an article, as it reads within a sentence.
    pub one: String,
    /// Several partners of this type.
    pub several: String,
    /// Its own figure.
    pub own: FormatString,
    /// Weeks to a first result.
    pub weeks: Option<Formula>,
    /// The time with what it is for; `{count}` is the time. If empty, the time alone.
    pub stage: String,
    /// Potential amount.
    pub money: Option<FormatString>,
}

/// The sentence that is offered to certain types of candidates.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OfferDef {
    /// Types of candidates.
    pub types: Vec<String>,
    /// ID of the section whose sentence it is.
    pub section: String,
}

/// Everything that the plan advises.
#[derive(Debug, Clone, Default)]
pub struct AdviceDef {
    /// Calculated figures. A figure can refer to those before it.
    pub figures: Vec<FigureDef>,
    /// Gaps.
    pub gaps: GapsDef,
    /// Risks.
    pub risks: Vec<RiskDef>,
    /// Contradictions in the answers.
    pub mismatches: Vec<MismatchDef>,
    /// Decisions, in order.
    pub decisions: Vec<DecisionDef>,
    /// Moves.
    pub moves: Vec<MoveDef>,
    /// Requests.
    pub requests: Vec<RequestDef>,
    /// Answers that a recommendation needs.
    pub core: CoreDef,
    /// Types of candidates.
    pub types: Option<TypesDef>,
    /// Offers to types of candidates.
    pub offers: Vec<OfferDef>,
    /// Shown instead of an owner if nobody is named.
    pub name_one: String,
}
