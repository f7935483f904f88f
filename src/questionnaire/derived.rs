//! What is worked out from the fields: scores, return on investment, rules between fields, the roadmap.

use super::{Band, Condition, FieldKey, FormatString, Local};

/// A score: the weighted mean of its dimensions, stretched to `out_of`.
#[derive(Debug, Clone)]
pub struct ScoreDef {
    /// Its id.
    pub id: String,
    /// Its name.
    pub label: String,
    /// Greatest number of points.
    pub out_of: f64,
    /// Bands of the points, ascending.
    pub bands: Vec<Band>,
    /// The parts it is made of.
    pub dimensions: Vec<DimensionDef>,
    /// Whom it is worked out for: the client alone, or each column of a grid.
    pub subjects: Vec<SubjectDef>,
    /// Whether subjects are columns of a grid, to be ranked.
    pub ranked: bool,
    /// Points of subjects that differ by no more than this are level.
    pub level: f64,
}

/// One part of a score.
#[derive(Debug, Clone)]
pub struct DimensionDef {
    /// Its id.
    pub id: String,
    /// Its name.
    pub label: String,
    /// Percent of the score.
    pub weight: f64,
    /// Its ratings, for each subject.
    pub ratings: Vec<Vec<FieldKey>>,
    /// The dimension does not apply when this count is 0.
    pub not_when_zero: Option<FieldKey>,
}

/// Whom a score is worked out for.
#[derive(Debug, Clone)]
pub struct SubjectDef {
    /// Heading of its column, empty for the client alone.
    pub label: String,
    /// The field that names it.
    pub name: Option<FieldKey>,
    /// The field that says what kind it is.
    pub kind: Option<FieldKey>,
}

/// Return on investment and payback.
#[derive(Debug, Clone)]
pub struct FinanceDef {
    /// Investment a month.
    pub investment: FieldKey,
    /// Return a month, at full speed.
    pub returns: FieldKey,
    /// The client's own ratio.
    pub stated_roi: Option<FieldKey>,
    /// The client's own payback, in months.
    pub stated_payback: Option<FieldKey>,
    /// What the investment is made of.
    pub parts: Vec<FieldKey>,
    /// Share of the full return in months 1, 2, …; the last holds on.
    pub ramp: Vec<f64>,
    /// The same as written in the questionnaire, for print.
    pub ramp_words: Vec<String>,
    /// Payback after this many months counts as none.
    pub horizon_months: u32,
}

impl FinanceDef {
    /// The shares of the months before the full return, for print.
    pub fn ramp_up(&self) -> String {
        let months = self.ramp_words.len().saturating_sub(1);
        self.ramp_words[..months].join(", ")
    }
}

/// A rule between fields.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Code of its issues.
    pub code: String,
    /// Whether its issues are errors rather than warnings.
    pub error: bool,
    /// What must hold.
    pub kind: RuleKind,
    /// What was expected. It may contain the local facts of [`RuleKind::locals`].
    pub expected: FormatString,
    /// How to fix it.
    pub fix: String,
}

/// The kinds of rules.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "each kind's line tells what its fields are")]
#[non_exhaustive]
pub enum RuleKind {
    /// A condition must not be known to be false. The issue is shown at a field.
    Holds { field: FieldKey, holds: Condition },
    /// Parts add up to the total, within a relative tolerance.
    Sum {
        parts: Vec<FieldKey>,
        total: FieldKey,
        tolerance: f64,
    },
    /// Parts add up to an amount.
    AddsUpTo { parts: Vec<FieldKey>, amount: f64 },
    /// A field equals numerator / denominator within a relative tolerance.
    Ratio {
        field: FieldKey,
        numerator: FieldKey,
        denominator: FieldKey,
        tolerance: f64,
    },
    /// Fields ascend; strictly, or without falling.
    Ascending { fields: Vec<FieldKey>, strict: bool },
    /// The first field equals the second.
    Equal { fields: [FieldKey; 2] },
    /// A field is answered where a count is above 0.
    RequiredWith { field: FieldKey, with: FieldKey },
    /// A text names one of a score's subjects.
    OneOfSubjects { field: FieldKey, score: usize },
    /// A text names one of a score's best subjects.
    InTop {
        field: FieldKey,
        score: usize,
        top: u32,
    },
    /// Stated points of named subjects equal the computed ones.
    StatedScores {
        score: usize,
        names: Vec<FieldKey>,
        points: Vec<FieldKey>,
        tolerance: f64,
    },
    /// The stated payback lies within so many months of the computed one.
    StatedPayback { tolerance: f64 },
}

impl RuleKind {
    /// The facts that only the texts of this rule know.
    pub fn locals(&self) -> &'static [Local] {
        match self {
            RuleKind::Holds { .. } => &[],
            RuleKind::Sum { .. } => &[Local::Total, Local::Limit],
            RuleKind::AddsUpTo { .. } => &[Local::Total],
            RuleKind::Ratio { .. }
            | RuleKind::Ascending { .. }
            | RuleKind::Equal { .. }
            | RuleKind::RequiredWith { .. }
            | RuleKind::OneOfSubjects { .. }
            | RuleKind::InTop { .. }
            | RuleKind::StatedScores { .. }
            | RuleKind::StatedPayback { .. } => &[Local::Limit],
        }
    }
}

/// The dated roadmap.
#[derive(Debug, Clone)]
pub struct RoadmapDef {
    /// Length in days.
    pub days: u32,
    /// Reviews fall at the end of these weeks.
    pub review_weeks: Vec<u32>,
    /// Words of the status options, in the order not started, in progress, done.
    pub statuses: [String; 3],
    /// Printed where nobody is named.
    pub unnamed_owner: String,
    /// Below this rating an activity is urgent.
    pub urgent: f64,
    /// Below this rating, out of 10, an activity needs attention.
    pub soon: f64,
    /// The months.
    pub months: Vec<MonthDef>,
    /// The activities, in order.
    pub activities: Vec<ActivityDef>,
}

/// A month of the roadmap.
#[derive(Debug, Clone)]
pub struct MonthDef {
    /// Its title.
    pub title: String,
    /// First day, from 1.
    pub from: u32,
    /// Last day, counted in.
    pub to: u32,
}

/// An activity of the roadmap.
#[derive(Debug, Clone)]
pub struct ActivityDef {
    /// Id of its row.
    pub row: String,
    /// What is done.
    pub label: String,
    /// First day, from 1.
    pub from: u32,
    /// Last day, counted in.
    pub to: u32,
    /// Its owner's field.
    pub owner: Option<FieldKey>,
    /// Its due date's field.
    pub due: Option<FieldKey>,
    /// Its status's field.
    pub status: Option<FieldKey>,
    /// Ratings that make it urgent.
    pub ratings: Vec<FieldKey>,
    /// Index of its month.
    pub month: usize,
}
