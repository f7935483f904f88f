//! What changed since an earlier run had this client: scores, issues that were resolved, commitments of the last roadmap
//! that were kept or missed. Pure: from the earlier line of results and the record of today.

use std::collections::HashSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Activity, Record, ScoreSummary, Urgency};
use crate::issue::{Issue, IssueCode, Severity};

/// What changed for a client.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The day the earlier plan was made for.
    pub since: NaiveDate,
    /// Every score, then and now.
    pub scores: Vec<ScoreChange>,
    /// Return on investment, to one, then and now.
    pub roi: (Option<f64>, Option<f64>),
    /// Errors and warnings of then that are no more.
    pub resolved: Vec<Resolved>,
    /// Errors and warnings of then that are still there.
    pub remaining: usize,
    /// Errors and warnings that were not there then.
    pub added: usize,
    /// What was to be done and was not done yet, in the order of the due days.
    pub commitments: Vec<Commitment>,
}

/// A score then and now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScoreChange {
    /// Its id.
    pub id: String,
    /// Its name.
    pub label: String,
    /// The candidate; empty for the client alone.
    pub subject: String,
    /// Greatest number of points.
    pub out_of: f64,
    /// Points then.
    pub before: Option<f64>,
    /// Points now.
    pub now: Option<f64>,
}

impl ScoreChange {
    /// By how many points it rose; none where one of both is not known.
    pub fn difference(&self) -> Option<f64> {
        Some(self.now? - self.before?)
    }
}

/// An issue that is no more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Resolved {
    /// How much it mattered.
    pub severity: Severity,
    /// The words beside the cell.
    pub label: String,
    /// Sheet and cell, as they were.
    pub place: String,
    /// What was found.
    pub found: String,
}

/// An activity of the last roadmap.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Commitment {
    /// What.
    pub label: String,
    /// Who had promised it, if anybody.
    pub owner: Option<String>,
    /// By when.
    pub due: NaiveDate,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a commitment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is done.
    Kept,
    /// Its day has passed, and it is not done.
    Missed,
    /// Its day is still to come.
    Open,
}

impl Change {
    /// Commitments with an outcome.
    pub fn count(&self, outcome: Outcome) -> usize {
        let commitments = self.commitments.iter();
        commitments
            .filter(|commitment| commitment.outcome == outcome)
            .count()
    }

    /// Compares the record of today, whose issues are complete, with the earlier line.
    pub fn between(previous: &Record, now: &Record) -> Self {
        let (resolved, remaining, added) = issues(&previous.issues, &now.issues);
        Self {
            since: previous.report_date,
            scores: scores(previous, now),
            roi: (previous.finance.roi, now.finance.roi),
            resolved,
            remaining,
            added,
            commitments: commitments(
                &previous.roadmap.activities,
                &now.roadmap.activities,
                now.report_date,
            ),
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
                    // A new candidate has nothing to be compared with.
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

/// The same score in another record, if it has the same number of points.
fn same_score<'r>(record: &'r Record, score: &ScoreSummary) -> Option<&'r ScoreSummary> {
    let mut scores = record.scores.iter();
    scores.find(|then| then.id == score.id && then.out_of == score.out_of)
}

/// The previous points of a candidate. Of several candidates of one name, the first is compared with the first. Returns
/// `None` if the candidate is new.
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

/// What was resolved, and how many remain and were added. An issue is the same when its kind and its question are.
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

fn commitments(then: &[Activity], now: &[Activity], today: NaiveDate) -> Vec<Commitment> {
    let mut commitments: Vec<Commitment> = then
        .iter()
        // A finished activity was not a commitment.
        .filter(|activity| activity.urgency != Urgency::Done)
        .filter_map(|activity| {
            let own = now.iter().find(|own| own.id == activity.id)?;
            Some(Commitment {
                label: activity.label.clone(),
                owner: activity.owned.then(|| activity.owner.clone()),
                due: activity.due,
                outcome: match own.done {
                    true => Outcome::Kept,
                    false if activity.due < today => Outcome::Missed,
                    false => Outcome::Open,
                },
            })
        })
        .collect();
    commitments.sort_by_key(|commitment| commitment.due);
    commitments
}
