//! The few figures of every client that charts, headlines and the order of the rows need all at once, gathered in one pass.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};

use super::{Clients, PortfolioError, client};
use crate::issue::Counts;
use crate::record::{
    Activity, BandName, Completeness, Record, ScoreSummary, SubjectSummary, Urgency,
};
use crate::text::{normalize, shorten_within};

/// Longest name on a chart, in characters.
const MAX_NAME_LENGTH: usize = 32;
/// Days that "next" means, today included.
pub const NEXT_DAYS: u64 = 14;
/// Candidates of a client that count as its best.
pub const BEST: usize = 3;
/// Kinds of candidates told apart.
const MAX_KINDS: usize = 12;
/// Days from today within which activities have a week on the roadmap of all clients.
const FAR: i64 = 200;
/// Weeks on the roadmap of all clients, at most: as many as such days lie in.
const MAX_WEEKS: i64 = 2 * FAR / 7 + 2;

/// All clients in figures.
#[derive(Default)]
pub struct PortfolioSummary {
    /// Scores of the clients alone, as the first client has them; they are the same for all.
    pub plain: Vec<ScoreSummary>,
    /// Scores that rank candidates, each with one candidate as a model, where a client has any.
    pub ranked: Vec<ScoreSummary>,
    /// Names of the sheets of [`PortfolioSummary::plain`], then of [`PortfolioSummary::ranked`].
    pub sheets: Vec<String>,
    /// What the quartiles of each of [`PortfolioSummary::plain`] are worked out from.
    pub values: Vec<Values>,
    /// Candidates by their kind, for each of [`PortfolioSummary::ranked`].
    pub kinds: Vec<Vec<Kind>>,
    /// The clients, in the order of their files.
    pub clients: Vec<Figures>,
    /// The clients' places in the order of all sheets: best first by the first score, then by name.
    pub order: Vec<usize>,
    /// Activities that are due soon or overdue, the first due day first: day, and places of client and activity.
    pub due: Vec<(NaiveDate, usize, usize)>,
    /// The Mondays of the weeks in which there are activities.
    pub weeks: Vec<NaiveDate>,
    /// Rows that the long sheets will take.
    pub activities: usize,
    pub targets: usize,
    pub candidates: Vec<usize>,
    pub changes: ChangeRows,
    pub issues: Counts,
}

/// Rows of the sheets that tell what changed.
#[derive(Default)]
pub struct ChangeRows {
    pub clients: usize,
    pub resolved: usize,
    pub commitments: usize,
}

/// The values of a score over all clients, from the lowest.
#[derive(Default)]
pub struct Values {
    pub points: Vec<f64>,
    pub dimensions: Vec<Vec<f64>>,
    pub ratings: Vec<Vec<f64>>,
}

/// A client in figures.
pub struct Figures {
    name: String,
    /// In each of [`PortfolioSummary::plain`].
    pub scores: Vec<OwnScore>,
    /// The best candidates of each of [`PortfolioSummary::ranked`].
    pub best: Vec<Vec<Best>>,
    pub currency: Option<String>,
    pub investment: Option<f64>,
    pub returns: Option<f64>,
    pub roi: Option<f64>,
    pub stated_roi: Option<f64>,
    pub payback: Option<f64>,
    pub stated_payback: Option<f64>,
    pub completeness: Completeness,
    pub urgent: usize,
    pub pressing: usize,
    /// Activities due in the next days, and overdue.
    pub due: usize,
    pub overdue: usize,
    pub counts: Counts,
}

/// A client's own score.
#[derive(Default)]
pub struct OwnScore {
    pub points: Option<f64>,
    pub band: Option<BandName>,
    /// Points and mean of each dimension.
    pub dimensions: Vec<(Option<f64>, Option<f64>)>,
}

/// A client's candidate.
pub struct Best {
    pub name: String,
    pub rank: u32,
    pub points: f64,
    pub dimensions: Vec<Option<f64>>,
}

/// Candidates of a kind.
#[derive(Clone, Default)]
pub struct Kind {
    pub name: String,
    pub candidates: usize,
    /// Of these with points, and the sum of their points.
    pub scored: usize,
    pub points: f64,
    /// With a rank from 1 to 3, and with rank 1.
    pub among_best: usize,
    pub first: usize,
}

impl PortfolioSummary {
    pub fn of(clients: &(impl Clients + ?Sized), today: NaiveDate) -> Result<Self, PortfolioError> {
        let mut summary = PortfolioSummary::default();
        let mut kinds: Vec<BTreeMap<String, Kind>> = Vec::new();
        let mut span: Option<(NaiveDate, NaiveDate)> = None;
        let mut names = Vec::new();
        for index in 0..clients.count() {
            let record = &*clients.figures(index)?;
            summary.learn_scores(record);
            kinds.resize_with(summary.ranked.len(), BTreeMap::new);
            for (index, model) in summary.ranked.iter().enumerate() {
                let own = record.scores.iter().find(|own| own.id == model.id);
                let subjects = own.map_or(&[][..], |own| &own.subjects);
                summary.candidates[index] += subjects.len();
                count_kinds(&mut kinds[index], subjects);
            }
            let figures = summary.figures_of(record, today);
            names.push(normalize(&record.client.name));
            for (place, activity) in record.roadmap.activities.iter().enumerate() {
                if is_due(activity, today) {
                    summary.due.push((activity.due, index, place));
                }
                // A year that was typed wrong moves nobody else's weeks out of sight.
                let near = [activity.from, activity.due]
                    .iter()
                    .all(|day| (*day - today).num_days().abs() <= FAR);
                if near {
                    let (from, to) = span.get_or_insert((activity.from, activity.due));
                    (*from, *to) = ((*from).min(activity.from), (*to).max(activity.due));
                }
            }
            summary.activities += record.roadmap.activities.len();
            summary.targets += record.targets.len();
            if let Some(change) = &record.change {
                summary.changes.clients += 1;
                summary.changes.resolved += change.resolved.len();
                summary.changes.commitments += change.commitments.len();
            }
            summary.issues.errors += record.counts.errors;
            summary.issues.warnings += record.counts.warnings;
            summary.issues.notes += record.counts.notes;
            summary.clients.push(figures);
        }
        summary.kinds = kinds.into_iter().map(by_wins).collect();
        summary.weeks = span.map(|(from, to)| weeks(from, to)).unwrap_or_default();
        summary.due.sort();
        summary.sort(&names);
        Ok(summary)
    }

    /// The scores of the questionnaire: the same for all, but a client without candidates shows no dimensions.
    fn learn_scores(&mut self, record: &Record) {
        let (ranked, plain): (Vec<_>, Vec<_>) =
            record.scores.iter().partition(|score| score.ranked);
        if self.clients.is_empty() {
            self.plain = plain.into_iter().cloned().collect();
            self.values = self.plain.iter().map(|_| Values::default()).collect();
            self.candidates = vec![0; ranked.len()];
        }
        for (index, own) in ranked.into_iter().enumerate() {
            let model = || ScoreSummary {
                subjects: own.subjects.iter().take(1).cloned().collect(),
                ..own.clone()
            };
            match self.ranked.get_mut(index) {
                None => self.ranked.push(model()),
                Some(known) if known.subjects.is_empty() => *known = model(),
                Some(_) => {}
            }
        }
    }

    fn figures_of(&mut self, record: &Record, today: NaiveDate) -> Figures {
        let find = |id: &str| record.scores.iter().find(|own| own.id == id);
        let mut scores = Vec::new();
        for (model, values) in self.plain.iter().zip(&mut self.values) {
            let subject = find(&model.id).and_then(|own| own.subjects.first());
            scores.push(subject.map_or_else(OwnScore::default, |subject| {
                values.add(subject);
                OwnScore {
                    points: subject.points,
                    band: subject.band.clone(),
                    dimensions: subject
                        .dimensions
                        .iter()
                        .map(|dimension| (dimension.points, dimension.mean))
                        .collect(),
                }
            }));
        }
        let best = self.ranked.iter().map(|model| {
            let subjects = find(&model.id).map_or(&[][..], |own| &own.subjects);
            subjects.iter().filter_map(best).take(BEST).collect()
        });
        let best = best.collect();
        let of_urgency = |urgency| {
            let activities = record.roadmap.activities.iter();
            activities
                .filter(|activity| activity.urgency == urgency)
                .count()
        };
        let finance = &record.finance;
        let activities = record.roadmap.activities.iter();
        Figures {
            name: shorten_within(&client(record), MAX_NAME_LENGTH),
            scores,
            best,
            currency: record.client.currency.clone(),
            investment: finance.investment,
            returns: finance.returns,
            roi: finance.roi,
            stated_roi: finance.stated_roi,
            payback: finance.payback_months,
            stated_payback: finance.stated_payback_months,
            completeness: record.completeness,
            urgent: of_urgency(Urgency::Urgent),
            pressing: of_urgency(Urgency::NeedsAttention),
            due: activities
                .clone()
                .filter(|activity| is_due(activity, today) && activity.due >= today)
                .count(),
            overdue: activities
                .filter(|activity| activity.is_overdue(today))
                .count(),
            counts: record.counts,
        }
    }

    /// Puts clients and values in order.
    fn sort(&mut self, names: &[String]) {
        for values in &mut self.values {
            let dimensions = values.dimensions.iter_mut().chain(&mut values.ratings);
            for column in dimensions.chain([&mut values.points]) {
                column.sort_by(f64::total_cmp);
            }
        }
        let clients = &self.clients;
        let points = |index: usize| clients[index].scores.first().and_then(|own| own.points);
        self.order = (0..clients.len()).collect();
        self.order.sort_by(|a, b| {
            descending(points(*a), points(*b)).then_with(|| names[*a].cmp(&names[*b]))
        });
    }

    /// Whether anybody was asked for investment or return, and answered.
    pub fn has_finance(&self) -> bool {
        self.clients.iter().any(|client| {
            let figures = [client.investment, client.returns, client.stated_roi];
            figures.iter().any(Option::is_some)
        })
    }

    /// The clients in the order of all sheets.
    pub fn in_order(&self) -> impl Iterator<Item = &Figures> {
        self.order.iter().map(|index| &self.clients[*index])
    }

    /// Values of all clients that have one, from the lowest.
    pub fn sorted(&self, value: impl Fn(&Figures) -> Option<f64>) -> Vec<f64> {
        let mut values: Vec<f64> = self.clients.iter().filter_map(value).collect();
        values.sort_by(f64::total_cmp);
        values
    }
}

/// The greatest first, and what is not known last.
pub fn descending(a: Option<f64>, b: Option<f64>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => b.total_cmp(&a),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

/// Whether an activity is not done and due within the next days, or overdue.
pub fn is_due(activity: &Activity, today: NaiveDate) -> bool {
    !activity.done && activity.due <= last_due(today)
}

/// The last of the next days.
pub fn last_due(today: NaiveDate) -> NaiveDate {
    today + Days::new(NEXT_DAYS - 1)
}

fn best(subject: &SubjectSummary) -> Option<Best> {
    Some(Best {
        name: subject.name.clone(),
        rank: subject.rank?,
        points: subject.points?,
        dimensions: subject
            .dimensions
            .iter()
            .map(|dimension| dimension.points)
            .collect(),
    })
}

fn count_kinds(kinds: &mut BTreeMap<String, Kind>, subjects: &[SubjectSummary]) {
    for subject in subjects {
        let Some(name) = &subject.kind else {
            continue;
        };
        let kind = kinds.entry(name.clone()).or_default();
        kind.candidates += 1;
        if let Some(points) = subject.points {
            kind.scored += 1;
            kind.points += points;
            kind.among_best += usize::from(subject.rank.is_some_and(|rank| rank as usize <= BEST));
            kind.first += usize::from(subject.rank == Some(1));
        }
    }
}

fn by_wins(kinds: BTreeMap<String, Kind>) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = kinds
        .into_iter()
        .map(|(name, kind)| Kind { name, ..kind })
        .collect();
    kinds.sort_by_key(|kind| std::cmp::Reverse((kind.first, kind.among_best, kind.candidates)));
    kinds.truncate(MAX_KINDS);
    kinds
}

/// The Mondays from the week of the first day to that of the last.
fn weeks(first: NaiveDate, last: NaiveDate) -> Vec<NaiveDate> {
    let monday = first - Days::new(u64::from(first.weekday().num_days_from_monday()));
    let count = ((last - monday).num_days() / 7 + 1).clamp(1, MAX_WEEKS) as u64;
    (0..count)
        .map(|week| monday + Days::new(7 * week))
        .collect()
}

impl Values {
    fn add(&mut self, subject: &SubjectSummary) {
        self.points.extend(subject.points);
        self.dimensions
            .resize_with(subject.dimensions.len(), Vec::new);
        for (column, dimension) in self.dimensions.iter_mut().zip(&subject.dimensions) {
            column.extend(dimension.mean);
        }
        self.ratings.resize_with(subject.ratings.len(), Vec::new);
        for (column, rating) in self.ratings.iter_mut().zip(&subject.ratings) {
            column.extend(*rating);
        }
    }
}

impl Figures {
    /// The name as charts show it.
    pub fn name(&self) -> &str {
        &self.name
    }
}
