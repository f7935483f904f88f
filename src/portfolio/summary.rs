//! Values of all clients for charts, headlines, and sorting, collected in one pass.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Datelike, Days, NaiveDate};

use super::{Clients, PortfolioError, client};
use crate::issue::Counts;
use crate::questionnaire::PortfolioTexts;
use crate::record::{
    Activity, BandName, Completeness, Record, ScoreSummary, SubjectSummary, Urgency,
};
use crate::text::{normalize, shorten_within};

/// Maximum length of a client name on a chart, in characters.
const MAX_NAME_LENGTH: usize = 32;
/// Number of days for which activities are upcoming, including today.
pub const NEXT_DAYS: u64 = 14;
/// Number of candidates that count as a client's best.
pub const BEST: usize = 3;
/// Maximum number of candidate types.
const MAX_KINDS: usize = 12;
/// Maximum distance from today, in days, of activities that define the weeks of the roadmap sheet.
const MAX_DAYS_FROM_TODAY: i64 = 200;
/// Maximum number of weeks on the roadmap sheet: those that contain a day up to [`MAX_DAYS_FROM_TODAY`] days before or after today.
const MAX_WEEKS: i64 = 2 * MAX_DAYS_FROM_TODAY / 7 + 2;

/// Values of all clients.
#[derive(Default)]
pub struct PortfolioSummary {
    /// Texts of the workbook.
    pub texts: Arc<PortfolioTexts>,
    /// Scores without candidates, from the record of the first client. All clients have the same scores.
    pub plain: Vec<ScoreSummary>,
    /// Scores that rank candidates. Each contains one candidate as a model, if a client has candidates.
    pub ranked: Vec<ScoreSummary>,
    /// Names of the sheets of [`PortfolioSummary::plain`], then of [`PortfolioSummary::ranked`].
    pub sheets: Vec<String>,
    /// Values for the quartiles of each of [`PortfolioSummary::plain`].
    pub values: Vec<Values>,
    /// Candidates by type, for each of [`PortfolioSummary::ranked`].
    pub kinds: Vec<Vec<Kind>>,
    /// The clients, in the order of their files.
    pub clients: Vec<Figures>,
    /// Indexes of the clients in the order of all sheets: by the first score, best first, then by name.
    pub order: Vec<usize>,
    /// Upcoming and overdue activities, earliest due date first: due date, index of the client, index of the activity.
    pub due: Vec<(NaiveDate, usize, usize)>,
    /// Mondays from the first to the last week with activities.
    pub weeks: Vec<NaiveDate>,
    /// Number of activities of all clients.
    pub activities: usize,
    /// Number of targets of all clients.
    pub targets: usize,
    /// Number of candidates of all clients, for each of [`PortfolioSummary::ranked`].
    pub candidates: Vec<usize>,
    /// Number of rows with changes.
    pub changes: ChangeRows,
    /// Number of issues of all clients.
    pub issues: Counts,
    /// What at least one client has.
    pub has: Present,
}

/// What at least one client has. Columns and sheets of anything else are left out.
#[derive(Default)]
pub struct Present {
    pub industry: bool,
    pub decision: bool,
    pub key_answers: bool,
    pub choice: bool,
}

/// Number of rows of the sheets with changes.
#[derive(Default)]
pub struct ChangeRows {
    pub clients: usize,
    pub resolved: usize,
    pub commitments: usize,
}

/// Values of a score for all clients, in ascending order.
#[derive(Default)]
pub struct Values {
    pub points: Vec<f64>,
    pub dimensions: Vec<Vec<f64>>,
    pub ratings: Vec<Vec<f64>>,
}

/// Values of a client.
pub struct Figures {
    name: String,
    /// Result in each of [`PortfolioSummary::plain`].
    pub scores: Vec<OwnScore>,
    /// Best candidates in each of [`PortfolioSummary::ranked`].
    pub best: Vec<Vec<Best>>,
    pub currency: Option<String>,
    pub investment: Option<f64>,
    pub returns: Option<f64>,
    pub roi: Option<f64>,
    pub entered_roi: Option<f64>,
    pub payback: Option<f64>,
    pub entered_payback: Option<f64>,
    pub completeness: Completeness,
    pub urgent: usize,
    pub needs_attention: usize,
    /// Number of upcoming activities, without overdue ones.
    pub due: usize,
    /// Number of overdue activities.
    pub overdue: usize,
    pub counts: Counts,
}

/// Result of a client in a score without candidates.
#[derive(Default)]
pub struct OwnScore {
    pub points: Option<f64>,
    pub band: Option<BandName>,
    /// Points and mean of each dimension.
    pub dimensions: Vec<(Option<f64>, Option<f64>)>,
}

/// One of a client's best candidates.
pub struct Best {
    pub name: String,
    pub rank: u32,
    pub points: f64,
    pub dimensions: Vec<Option<f64>>,
}

/// Candidates of a type.
#[derive(Clone, Default)]
pub struct Kind {
    pub name: String,
    pub candidates: usize,
    /// Number of candidates with points.
    pub scored: usize,
    /// Sum of their points.
    pub points: f64,
    /// Number of candidates with rank 1 to 3.
    pub among_best: usize,
    /// Number of candidates with rank 1.
    pub first: usize,
}

impl PortfolioSummary {
    pub fn of(
        clients: &(impl Clients + ?Sized),
        today: NaiveDate,
        texts: Arc<PortfolioTexts>,
    ) -> Result<Self, PortfolioError> {
        let mut summary = PortfolioSummary {
            texts,
            ..PortfolioSummary::default()
        };
        let mut kinds: Vec<BTreeMap<String, Kind>> = Vec::new();
        let mut span: Option<(NaiveDate, NaiveDate)> = None;
        let mut names = Vec::new();
        for index in 0..clients.count() {
            let record = &*clients.figures(index)?;
            summary.collect_scores(record);
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
                // A wrong year in one workbook must not extend the weeks of all clients.
                let near = [activity.from, activity.due]
                    .iter()
                    .all(|day| (*day - today).num_days().abs() <= MAX_DAYS_FROM_TODAY);
                if near {
                    let (from, to) = span.get_or_insert((activity.from, activity.due));
                    (*from, *to) = ((*from).min(activity.from), (*to).max(activity.due));
                }
            }
            let advice = &record.advice;
            let has = &mut summary.has;
            has.industry |= record.client.industry.is_some();
            has.decision |= advice.decision.is_some();
            has.key_answers |= advice.core.expected > 0;
            has.choice |= record.primary.is_some() || advice.choice_case.is_some();
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

    /// Collects the scores of the questionnaire. All clients have the same scores, but a client without candidates has
    /// no dimensions of ranked scores.
    fn collect_scores(&mut self, record: &Record) {
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
            roi: finance.multiple,
            entered_roi: finance.entered_multiple,
            payback: finance.payback_months,
            entered_payback: finance.entered_payback_months,
            completeness: record.completeness,
            urgent: of_urgency(Urgency::Urgent),
            needs_attention: of_urgency(Urgency::NeedsAttention),
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

    /// Sorts clients and values.
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

    /// Returns whether any client has an investment, a return, or an entered ROI.
    pub fn has_finance(&self) -> bool {
        self.clients.iter().any(|client| {
            let figures = [client.investment, client.returns, client.entered_roi];
            figures.iter().any(Option::is_some)
        })
    }

    /// Returns the clients in the order of all sheets.
    pub fn in_order(&self) -> impl Iterator<Item = &Figures> {
        self.order.iter().map(|index| &self.clients[*index])
    }

    /// Returns the values of all clients that have one, in ascending order.
    pub fn sorted(&self, value: impl Fn(&Figures) -> Option<f64>) -> Vec<f64> {
        let mut values: Vec<f64> = self.clients.iter().filter_map(value).collect();
        values.sort_by(f64::total_cmp);
        values
    }
}

/// Compares for descending order, with missing values last.
pub fn descending(a: Option<f64>, b: Option<f64>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => b.total_cmp(&a),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

/// Returns whether an activity is upcoming or overdue, and not done.
pub fn is_due(activity: &Activity, today: NaiveDate) -> bool {
    !activity.done && activity.due <= last_due(today)
}

/// Returns the last of the [`NEXT_DAYS`] days that start today.
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

/// Returns the Mondays from the week of the first day to the week of the last day, at most [`MAX_WEEKS`].
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
    /// Returns the client name, shortened for charts.
    pub fn name(&self) -> &str {
        &self.name
    }
}
