//! What an earlier run knew of its clients: the part of its results that a comparison needs.

#![allow(
    missing_docs,
    reason = "fields are keys of results.jsonl, which the README tells"
)]

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::Deserialize;

use super::model::{Client, ScoreSummary};
use crate::issue::Severity;
use crate::text::normalize;

/// The word of the results for an activity that is done.
const DONE: &str = "done";

/// What an earlier run knew of its clients.
#[derive(Debug, Default)]
pub struct Previous {
    by_name: HashMap<String, Vec<Earlier>>,
    /// Of all that was known: plans that tell of a change since another run are other plans.
    pub fingerprint: String,
}

impl Previous {
    /// Adds a client.
    pub fn add(&mut self, mut earlier: Earlier) {
        // Notes say how a value was read; nobody fixes them.
        let issues = &mut earlier.issues.list;
        issues.retain(|issue| issue.severity != Severity::Note);
        // What was done already was no commitment.
        let activities = &mut earlier.roadmap.activities;
        activities.retain(|activity| activity.urgency != DONE);
        let name = normalize(&earlier.client.name);
        if earlier.client.named && !name.is_empty() {
            self.by_name.entry(name).or_default().push(earlier);
        }
    }

    /// What was known of a client of this questionnaire: the one of its name, and among several of that name the one whose
    /// workbook was called the same. None where that leaves it open, or where the client gave no name: a plan tells no
    /// client of another.
    pub fn of(&self, questionnaire: &str, client: &Client, file: &str) -> Option<&Earlier> {
        if !client.named {
            return None;
        }
        let same: Vec<&Earlier> = self
            .by_name
            .get(&normalize(&client.name))?
            .iter()
            .filter(|earlier| earlier.questionnaire.id == questionnaire)
            .collect();
        if let [only] = same[..] {
            return Some(only);
        }
        let mut of_file = same
            .into_iter()
            .filter(|earlier| earlier.source.file == file);
        of_file.next().filter(|_| of_file.next().is_none())
    }
}

/// What is known of a client from an earlier run; a part of its line in that run's results.
#[derive(Debug, Clone, Deserialize)]
pub struct Earlier {
    /// Who.
    pub client: EarlierClient,
    /// From which workbook.
    pub source: EarlierSource,
    /// The day it was made for.
    pub report_date: NaiveDate,
    /// The questionnaire.
    pub questionnaire: EarlierQuestionnaire,
    /// Scores of the client alone.
    pub scores: Vec<EarlierScore>,
    /// Scores of candidates.
    pub selection: Vec<EarlierCandidate>,
    /// Return on investment.
    pub finance: EarlierFinance,
    /// What was found.
    pub issues: EarlierIssues,
    /// What was to be done.
    pub roadmap: EarlierRoadmap,
}

/// See [`Earlier`].
#[derive(Debug, Clone, Deserialize)]
pub struct EarlierClient {
    pub name: String,
    /// Results that do not say so are of no use: a file's name tells no client from another.
    #[serde(default)]
    pub named: bool,
}

/// See [`Earlier`].
#[derive(Debug, Clone, Deserialize)]
pub struct EarlierSource {
    pub file: String,
}

/// See [`Earlier`].
#[derive(Debug, Clone, Deserialize)]
pub struct EarlierQuestionnaire {
    pub id: String,
}

/// See [`Earlier`].
#[derive(Debug, Clone, Deserialize)]
pub struct EarlierScore {
    pub id: String,
    pub out_of: f64,
    pub points: Option<f64>,
}

/// See [`Earlier`].
#[derive(Debug, Clone, Deserialize)]
pub struct EarlierCandidate {
    pub score: String,
    pub name: String,
    pub out_of: f64,
    pub points: Option<f64>,
}

/// See [`Earlier`].
#[derive(Debug, Clone, Deserialize)]
pub struct EarlierFinance {
    pub roi: Option<f64>,
}

/// See [`Earlier`].
#[derive(Debug, Clone, Deserialize)]
pub struct EarlierIssues {
    pub list: Vec<EarlierIssue>,
}

/// See [`Earlier`].
#[derive(Debug, Clone, Deserialize)]
pub struct EarlierIssue {
    pub severity: Severity,
    pub code: String,
    pub sheet: Option<String>,
    pub cell: Option<String>,
    pub field: Option<String>,
    pub label: String,
    pub found: String,
}

/// See [`Earlier`].
#[derive(Debug, Clone, Deserialize)]
pub struct EarlierRoadmap {
    pub activities: Vec<EarlierActivity>,
}

/// See [`Earlier`].
#[derive(Debug, Clone, Deserialize)]
pub struct EarlierActivity {
    pub id: String,
    pub label: String,
    pub owner: Option<String>,
    pub due: NaiveDate,
    pub urgency: String,
}

impl Earlier {
    /// The points of a candidate then, if it was one: of several of one name the first stands for the first.
    pub(super) fn candidate(&self, score: &ScoreSummary, place: usize) -> Option<Option<f64>> {
        let name = &score.subjects[place].name;
        let before = score.subjects[..place].iter();
        let nth = before.filter(|own| own.name == *name).count();
        let mut same = self.selection.iter().filter(|then| {
            then.score == score.id && then.name == *name && then.out_of == score.out_of
        });
        same.nth(nth).map(|then| then.points)
    }
}
