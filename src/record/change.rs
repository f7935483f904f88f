//! Changes since a client's previous run: scores, resolved issues, and commitments from the previous roadmap that were
//! kept or missed. Pure: computed from the previous and the current record.

use std::collections::HashSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Activity, GapSummary, Record, ScoreSummary, Target, Urgency};
use crate::issue::{Issue, IssueCode, Severity};

/// The changes for a client.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The previous report date.
    pub since: NaiveDate,
    /// All scores, previous and current. New candidates are left out.
    pub scores: Vec<ScoreChange>,
    /// Return multiple, previous and current.
    pub multiple: (Option<f64>, Option<f64>),
    /// Previous errors and warnings that are resolved.
    pub resolved: Vec<Resolved>,
    /// Number of previous errors and warnings that still exist.
    pub remaining: usize,
    /// Number of new errors and warnings.
    pub added: usize,
    /// Activities that were not done in the previous run, in the order of their due dates.
    pub commitments: Vec<Commitment>,
    /// Previous targets, against today's values.
    pub progress: Vec<Progress>,
    /// Names of the previous gaps that are no gaps any more.
    pub gaps_closed: Vec<String>,
}

/// A previous target against today's value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Name of the metric.
    pub label: String,
    /// Value at the previous run, formatted.
    pub before: Option<String>,
    /// Target, formatted.
    pub target: String,
    /// Value today, formatted.
    pub today: Option<String>,
    /// The verdict. `None` if a value is not asked for.
    pub verdict: Option<Verdict>,
}

/// How far a target is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The target is reached.
    Reached,
    /// At least half of the way is done.
    OnTheWay,
    /// Less than half of the way is done, and the roadmap has ended.
    Missed,
    /// Less than half of the way is done, and the roadmap has not ended.
    Open,
}

/// From this share of the way to a target, it is on the way.
const ON_THE_WAY: f64 = 0.5;

/// A previous score and the current one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScoreChange {
    /// ID of the score.
    pub id: String,
    /// Name of the score.
    pub label: String,
    /// Name of the candidate. Empty if the score is about the client.
    pub subject: String,
    /// Maximum points.
    pub out_of: f64,
    /// Previous points.
    pub before: Option<f64>,
    /// Current points.
    pub now: Option<f64>,
}

impl ScoreChange {
    /// Returns the difference in points. `None` if one of them is unknown.
    pub fn difference(&self) -> Option<f64> {
        Some(self.now? - self.before?)
    }
}

/// An issue that was resolved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Resolved {
    /// How severe the issue was.
    pub severity: Severity,
    /// The label next to the cell.
    pub label: String,
    /// The previous sheet and cell.
    pub place: String,
    /// What was found.
    pub found: String,
}

/// An activity of the previous roadmap.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Commitment {
    /// Name of the activity.
    pub label: String,
    /// Previous owner, if there was one.
    pub owner: Option<String>,
    /// Previous due date.
    pub due: NaiveDate,
    /// The outcome.
    pub outcome: Outcome,
}

/// The outcome of a commitment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is done.
    Kept,
    /// The due date has passed, and the activity is not done.
    Missed,
    /// The due date is today or later, and the activity is not done.
    Open,
}

impl Change {
    /// Returns the number of commitments with an outcome.
    pub fn count(&self, outcome: Outcome) -> usize {
        let commitments = self.commitments.iter();
        commitments
            .filter(|commitment| commitment.outcome == outcome)
            .count()
    }

    /// Returns whether the client reports nothing new: no activity became done, and today's values are the previous ones.
    pub fn is_unchanged(&self) -> bool {
        let mut progress = self.progress.iter();
        self.count(Outcome::Kept) == 0 && progress.all(|own| own.before == own.today)
    }

    /// Compares a client's current record with the previous one. The issues of the current record must be complete.
    /// `is_done` tells whether the client reports a row of the roadmap as done: in a new round, activities start again.
    pub fn between(previous: &Record, now: &Record, is_done: impl Fn(&str) -> bool) -> Self {
        let (resolved, remaining, added) = issues(&previous.issues, &now.issues);
        Self {
            since: previous.report_date,
            scores: scores(previous, now),
            multiple: (previous.finance.multiple, now.finance.multiple),
            resolved,
            remaining,
            added,
            commitments: commitments(&previous.roadmap.activities, is_done, now.report_date),
            progress: progress(previous, now),
            gaps_closed: gaps_closed(previous, now),
        }
    }
}

fn scores(previous: &Record, now: &Record) -> Vec<ScoreChange> {
    let mut changes = Vec::new();
    for score in &now.scores {
        for (place, subject) in score.subjects.iter().enumerate() {
            let before = if score.ranked {
                match candidate(previous, score, place) {
                    Some(points) => points,
                    // A new candidate has no previous points.
                    None => continue,
                }
            } else {
                same_score(previous, score)
                    .and_then(|then| then.subjects.first())
                    .and_then(|then| then.points)
            };
            changes.push(ScoreChange {
                id: score.id.clone(),
                label: score.label.clone(),
                subject: subject.name.clone(),
                out_of: score.out_of,
                before,
                now: subject.points,
            });
        }
    }
    changes
}

/// Returns the same score in another record, if its maximum points are the same.
fn same_score<'r>(record: &'r Record, score: &ScoreSummary) -> Option<&'r ScoreSummary> {
    let mut scores = record.scores.iter();
    scores.find(|then| then.id == score.id && then.out_of == score.out_of)
}

/// Returns the previous points of a candidate. Among candidates with the same name, the first is compared with the
/// first. Returns `None` if the candidate is new.
fn candidate(previous: &Record, score: &ScoreSummary, place: usize) -> Option<Option<f64>> {
    let name = &score.subjects[place].name;
    let before = score.subjects[..place].iter();
    let nth = before.filter(|own| own.name == *name).count();
    let mut same = same_score(previous, score)?
        .subjects
        .iter()
        .filter(|then| then.name == *name);
    same.nth(nth).map(|then| then.points)
}

/// Returns the resolved issues and the number of remaining and of new issues. Two issues are the same if they have the
/// same code and field, or the same code and label if there is no field.
fn issues(previous: &[Issue], now: &[Issue]) -> (Vec<Resolved>, usize, usize) {
    let now: HashSet<(&IssueCode, &str)> = now
        .iter()
        .filter(|issue| issue.severity != Severity::Note)
        .map(|issue| (&issue.code, issue.field.as_deref().unwrap_or(&issue.label)))
        .collect();
    let then = previous
        .iter()
        .filter(|issue| issue.severity != Severity::Note);
    let mut known = HashSet::new();
    let mut resolved = Vec::new();
    for issue in then {
        let key = (&issue.code, issue.field.as_deref().unwrap_or(&issue.label));
        if known.insert(key) && !now.contains(&key) {
            resolved.push(Resolved {
                severity: issue.severity,
                label: issue.label.clone(),
                place: issue
                    .place
                    .as_ref()
                    .map_or_else(String::new, ToString::to_string),
                found: issue.found.clone(),
            });
        }
    }
    let remaining = known.intersection(&now).count();
    (resolved, remaining, now.len() - remaining)
}

fn commitments(
    then: &[Activity],
    is_done: impl Fn(&str) -> bool,
    today: NaiveDate,
) -> Vec<Commitment> {
    let mut commitments: Vec<Commitment> = then
        .iter()
        // A finished activity was not a commitment.
        .filter(|activity| activity.urgency != Urgency::Done)
        .map(|activity| Commitment {
            label: activity.label.clone(),
            owner: activity.owned.then(|| activity.owner.clone()),
            due: activity.due,
            outcome: match is_done(&activity.id) {
                true => Outcome::Kept,
                false if activity.due < today => Outcome::Missed,
                false => Outcome::Open,
            },
        })
        .collect();
    commitments.sort_by_key(|commitment| commitment.due);
    commitments
}

fn progress(previous: &Record, now: &Record) -> Vec<Progress> {
    let own = |then: &Target| now.targets.iter().find(|now| now.index == then.index);
    let is_over = now.report_date > previous.roadmap.end;
    let verdict = |before, target, today| match verdict(before, target, today) {
        Verdict::Missed if !is_over => Verdict::Open,
        verdict => verdict,
    };
    previous
        .targets
        .iter()
        .filter_map(|then| {
            let (target, target_text) = then.target.clone()?;
            let today = own(then).and_then(|now| now.today.clone());
            let values = then.today.as_ref().zip(today.as_ref());
            Some(Progress {
                label: then.label.clone(),
                before: then.today.as_ref().map(|(_, text)| text.clone()),
                target: target_text,
                verdict: values.map(|((before, _), (today, _))| verdict(*before, target, *today)),
                today: today.map(|(_, text)| text),
            })
        })
        .collect()
}

fn verdict(before: f64, target: f64, today: f64) -> Verdict {
    let way = target - before;
    let is_reached = match way >= 0.0 {
        true => today >= target,
        false => today <= target,
    };
    if is_reached {
        Verdict::Reached
    } else if (today - before) / way >= ON_THE_WAY {
        Verdict::OnTheWay
    } else {
        Verdict::Missed
    }
}

/// Returns the names of previous gaps that are no gaps any more. A gap without a rating is not closed.
fn gaps_closed(previous: &Record, now: &Record) -> Vec<String> {
    let is_closed = |gap: &&GapSummary| {
        let is_gap = now.advice.gaps.iter().any(|own| own.id == gap.id);
        !is_gap && now.advice.rated_gaps.contains(&gap.id)
    };
    let closed = previous.advice.gaps.iter().filter(is_closed);
    closed.map(|gap| gap.name.clone()).collect()
}
