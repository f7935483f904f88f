//! Definitions of everything derived from fields: scores, return on investment, rules between fields, and the roadmap.

use chrono::Weekday;

use super::{Band, Condition, FieldKey, FormatString, Local};

/// A score: the weighted mean of its dimensions, scaled to `out_of`.
#[derive(Debug, Clone)]
pub struct ScoreDef {
    /// ID.
    pub id: String,
    /// Name.
    pub label: String,
    /// Maximum number of points.
    pub out_of: f64,
    /// Bands of points, in ascending order.
    pub bands: Vec<Band>,
    /// The dimensions.
    pub dimensions: Vec<DimensionDef>,
    /// Subjects of the score: only the client, or each column of a grid.
    pub subjects: Vec<SubjectDef>,
    /// Whether the subjects are columns of a grid and are ranked.
    pub ranked: bool,
    /// Maximum difference in points between subjects with the same rank.
    pub level: f64,
    /// A lead below this number of points is narrow. Never below `level`.
    pub narrow: f64,
    /// Questions that a subject must not fail.
    pub knock_outs: Vec<KnockOutDef>,
}

/// A question that a subject must not fail: if its answer counts fewer points, the subject has no points at all.
#[derive(Debug, Clone)]
pub struct KnockOutDef {
    /// The field of each subject.
    pub fields: Vec<FieldKey>,
    /// Fewest points of the answer, out of 10, that do not fail.
    pub below: f64,
}

/// A dimension of a score.
#[derive(Debug, Clone)]
pub struct DimensionDef {
    /// ID.
    pub id: String,
    /// Name.
    pub label: String,
    /// Weight, as a percentage of the score.
    pub weight: f64,
    /// Rating fields, grouped by subject.
    pub ratings: Vec<Vec<FieldKey>>,
    /// Field that decides whether the dimension applies: it does not apply if the value is 0.
    pub not_when_zero: Option<FieldKey>,
}

/// A subject of a score: the client, or one column of a grid.
#[derive(Debug, Clone)]
pub struct SubjectDef {
    /// Heading of the column. Empty for the client.
    pub label: String,
    /// The field with the name of the subject.
    pub name: Option<FieldKey>,
    /// The field with the type of the subject.
    pub kind: Option<FieldKey>,
}

/// A field that is an amount per period or a time, with the months in its period or unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// The field.
    pub key: FieldKey,
    /// Months in the period of an amount, or in the unit of a time.
    pub months: f64,
}

/// Return on investment and payback.
#[derive(Debug, Clone)]
pub struct FinanceDef {
    /// Investment.
    pub investment: Measured,
    /// Return after the ramp.
    pub returns: Measured,
    /// The return on investment that the client entered, as a ratio.
    pub entered_roi: Option<FieldKey>,
    /// The payback that the client entered.
    pub entered_payback: Option<Measured>,
    /// Components of the investment.
    pub parts: Vec<FieldKey>,
    /// Share of the full return in months 1, 2, and so on. The last share applies to all later months.
    pub ramp: Vec<f64>,
    /// The faster ramp.
    pub fast: Vec<f64>,
    /// The slower ramp.
    pub slow: Vec<f64>,
    /// The time that delays the ramp, such as the sales cycle.
    pub delay: Option<Measured>,
    /// Return today. The growth is what exceeds it.
    pub baseline: Option<Measured>,
    /// An amount that is invested once, before month 1.
    pub one_time: Option<FieldKey>,
    /// Longest payback in months. A later payback counts as none.
    pub horizon_months: u32,
}

/// A rule between fields.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Code of the issues it reports.
    pub code: String,
    /// What these issues are called in lists, if not by their code.
    pub name: Option<String>,
    /// Whether the issues are errors. Otherwise, they are warnings.
    pub error: bool,
    /// What the rule checks.
    pub kind: RuleKind,
    /// The expected value. The text may contain the local facts of [`RuleKind::locals`].
    pub expected: FormatString,
    /// How to fix the problem.
    pub fix: String,
}

/// The types of rules.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "each kind's line tells what its fields are")]
pub enum RuleKind {
    /// The condition must not be false; an unknown condition passes. The issue is reported at the field.
    Holds { field: FieldKey, holds: Condition },
    /// The parts must add up to the total, within a relative tolerance.
    Sum {
        parts: Vec<FieldKey>,
        total: FieldKey,
        tolerance: f64,
    },
    /// The parts must add up to a fixed amount.
    AddsUpTo { parts: Vec<FieldKey>, amount: f64 },
    /// The field must equal numerator / denominator, within a relative tolerance.
    Ratio {
        field: FieldKey,
        numerator: FieldKey,
        denominator: FieldKey,
        tolerance: f64,
    },
    /// The fields must be in ascending order. Equal neighbors are valid unless `strict`.
    Ascending { fields: Vec<FieldKey>, strict: bool },
    /// The two fields must be equal.
    Equal { fields: [FieldKey; 2] },
    /// The field must be answered if the count is above 0.
    RequiredWith { field: FieldKey, with: FieldKey },
    /// The text must be the name of a subject of the score.
    OneOfSubjects { field: FieldKey, score: usize },
    /// The text must not be the name of a subject whose rank is greater than `top`.
    InTop {
        field: FieldKey,
        score: usize,
        top: u32,
    },
    /// The entered points of the named subjects must equal the calculated points, within a tolerance.
    StatedScores {
        score: usize,
        names: Vec<FieldKey>,
        points: Vec<FieldKey>,
        tolerance: f64,
    },
    /// The entered payback must be within `tolerance` months of the calculated payback.
    StatedPayback { tolerance: f64 },
}

impl RuleKind {
    /// Returns the facts that only the texts of this rule support.
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

/// The roadmap.
#[derive(Debug, Clone, Default)]
pub struct RoadmapDef {
    /// Length, in days.
    pub days: u32,
    /// Days of the reviews before the closing review, which follows the last day.
    pub review_days: Vec<u32>,
    /// Names of the status options, in the order: not started, in progress, done.
    pub statuses: [String; 3],
    /// Shown for an activity without an owner.
    pub unnamed_owner: String,
    /// Normalized answers that name nobody as the owner.
    pub everyone: Vec<String>,
    /// What stands between several owners.
    pub owner_separators: Vec<String>,
    /// Days of the week on which nobody works.
    pub weekend: Vec<Weekday>,
    /// Other days on which nobody works.
    pub holidays: Vec<Holiday>,
    /// Days that are often holidays. The plan mentions dates on them if no holidays are given.
    pub usual_holidays: Vec<Holiday>,
    /// The months.
    pub months: Vec<MonthDef>,
    /// The activities, in order.
    pub activities: Vec<ActivityDef>,
    /// What must be built by the last day, if the questionnaire asks for it.
    pub builds: Option<BuildsDef>,
}

impl RoadmapDef {
    /// Returns the status of an activity that is in progress.
    pub fn in_progress(&self) -> &str {
        &self.statuses[1]
    }

    /// Returns the status of an activity that is done.
    pub fn done(&self) -> &str {
        &self.statuses[2]
    }
}

/// A day on which nobody works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holiday {
    /// Year. `None` for every year.
    pub year: Option<i32>,
    /// Month, from 1.
    pub month: u32,
    /// Day of the month, from 1.
    pub day: u32,
}

/// What must be built by the last day: the best subjects of a score.
#[derive(Debug, Clone)]
pub struct BuildsDef {
    /// Index of the score.
    pub score: usize,
    /// Weeks of work per subject.
    pub weeks: Vec<FieldKey>,
    /// How many are to be built.
    pub count: FieldKey,
}

/// A month of the roadmap.
#[derive(Debug, Clone)]
pub struct MonthDef {
    /// Title.
    pub title: String,
    /// First day, from 1.
    pub from: u32,
    /// Last day, inclusive.
    pub to: u32,
}

/// An activity of the roadmap.
#[derive(Debug, Clone)]
pub struct ActivityDef {
    /// ID: the last part of the row's ID.
    pub id: String,
    /// ID of the row.
    pub row: String,
    /// Name of the activity.
    pub label: String,
    /// First day, from 1.
    pub from: u32,
    /// Last day, inclusive.
    pub to: u32,
    /// The owner field.
    pub owner: Option<FieldKey>,
    /// The due date field.
    pub due: Option<FieldKey>,
    /// The status field.
    pub status: Option<FieldKey>,
    /// Index of the month.
    pub month: usize,
    /// Indexes of activities that must finish before this one starts.
    pub after: Vec<usize>,
    /// Indexes of activities that must start and finish before this one does, but may overlap it.
    pub alongside: Vec<usize>,
    /// Name in a second round, if the activity was done in the first.
    pub next_round: Option<String>,
}
