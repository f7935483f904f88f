//! The few figures of every client that charts and headlines need all at once, gathered in one pass.

use super::{Clients, PortfolioError, client};
use crate::finding::Counts;
use crate::plan::{ScoreSummary, SubjectSummary};
use crate::programme::Tone;
use crate::text::shorten;

/// Longest name on a chart, in characters.
const LONGEST_NAME: usize = 32;

/// All clients in figures.
#[derive(Default)]
pub struct Digest {
    /// Scores of the clients alone, as the first client has them; they are the same for all.
    pub plain: Vec<ScoreSummary>,
    /// Scores that rank candidates, each with one candidate as a model, where a client has any.
    pub ranked: Vec<ScoreSummary>,
    /// Means of the groups and points of each of [`Digest::plain`].
    pub means: Vec<Means>,
    /// The clients, in their order.
    pub clients: Vec<Figures>,
    /// Rows that the long sheets will take.
    pub activities: usize,
    pub targets: usize,
    pub candidates: Vec<usize>,
    pub findings: Counts,
}

/// What the quartiles of a score are worked out from.
#[derive(Default)]
pub struct Means {
    /// Clients that have the score.
    pub clients: usize,
    /// Values of each group and of the points, from the lowest.
    pub columns: Vec<Vec<f64>>,
}

/// A client in figures.
pub struct Figures {
    name: String,
    /// Points and band in each of [`Digest::plain`].
    pub scores: Vec<(Option<f64>, Option<Band>)>,
    /// The best candidate of each of [`Digest::ranked`]: name, points, points of the parts.
    pub best: Vec<Option<Best>>,
    pub roi: Option<f64>,
    pub stated_roi: Option<f64>,
    pub payback: Option<f64>,
    pub completeness: (usize, usize),
    pub urgent: usize,
    pub pressing: usize,
}

/// Name and tone of a band.
pub type Band = (String, Tone);

/// A client's best candidate.
pub struct Best {
    pub name: String,
    pub points: f64,
    pub parts: Vec<Option<f64>>,
}

impl Digest {
    pub fn of(clients: &(impl Clients + ?Sized)) -> Result<Self, PortfolioError> {
        let mut digest = Digest::default();
        clients.figures(&mut |record| {
            let (ranked, plain): (Vec<_>, Vec<_>) =
                record.scores.iter().partition(|score| score.ranked);
            if digest.clients.is_empty() {
                digest.plain = plain.iter().copied().cloned().collect();
                digest.means = plain.iter().map(|_| Means::default()).collect();
                digest.ranked = ranked.iter().copied().cloned().collect();
                digest
                    .ranked
                    .iter_mut()
                    .for_each(|score| score.subjects.truncate(1));
                digest.candidates = vec![0; digest.ranked.len()];
            }
            let mut best = Vec::new();
            for (index, model) in digest.ranked.iter_mut().enumerate() {
                let own = ranked.iter().find(|own| own.id == model.id);
                let subjects = own.map_or(&[][..], |own| &own.subjects);
                // The parts are the same for all; a client without candidates has none to show them.
                if model.subjects.is_empty() {
                    model.subjects = subjects.iter().take(1).cloned().collect();
                }
                digest.candidates[index] += subjects.len();
                best.push(subjects.first().and_then(|subject| {
                    (subject.rank == Some(1)).then(|| Best {
                        name: subject.name.clone(),
                        points: subject.points.unwrap_or_default(),
                        parts: subject.parts.iter().map(|part| part.points).collect(),
                    })
                }));
            }
            let mut scores = Vec::new();
            for (model, means) in digest.plain.iter().zip(&mut digest.means) {
                let own = plain.iter().find(|own| own.id == model.id);
                let subject = own.and_then(|own| own.subjects.first());
                scores.push(subject.map_or((None, None), |subject| {
                    means.add(subject);
                    (subject.points, subject.band.clone())
                }));
            }
            let count = |tone| {
                let activities = record.roadmap.activities.iter();
                activities
                    .filter(|activity| activity.urgency == tone)
                    .count()
            };
            digest.activities += record.roadmap.activities.len();
            digest.targets += record.targets.len();
            digest.findings.errors += record.counts.errors;
            digest.findings.warnings += record.counts.warnings;
            digest.findings.notes += record.counts.notes;
            digest.clients.push(Figures {
                name: shorten(&client(record), LONGEST_NAME),
                scores,
                best,
                roi: record.finance.roi,
                stated_roi: record.finance.stated_roi,
                payback: record.finance.payback_months,
                completeness: record.completeness,
                urgent: count(Tone::Bad),
                pressing: count(Tone::Watch),
            });
            Ok(())
        })?;
        let means = digest.means.iter_mut();
        for values in means.flat_map(|means| &mut means.columns) {
            values.sort_by(f64::total_cmp);
        }
        Ok(digest)
    }
}

impl Means {
    fn add(&mut self, subject: &SubjectSummary) {
        self.clients += 1;
        let parts = subject.parts.iter().map(|part| part.mean);
        let values = parts.chain([subject.points]);
        self.columns.resize_with(subject.parts.len() + 1, Vec::new);
        for (column, value) in self.columns.iter_mut().zip(values) {
            column.extend(value);
        }
    }
}

impl Figures {
    /// The name as charts show it.
    pub fn name(&self) -> &str {
        &self.name
    }
}
