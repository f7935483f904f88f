//! The roadmap: its chart, who is busy when, what comes next, and what the reviews decide.

use std::collections::BTreeSet;

use chrono::{Duration, NaiveDate};

use super::Filler;
use crate::analysis::{OrderProblem, OwnerLoad, State};
use crate::display;
use crate::facts::NAME;
use crate::plan::block::*;
use crate::plan::roadmap::with_weekday;
use crate::questionnaire::{BlockDef, Local, Tone};
use crate::record::Urgency;
use crate::text::{shorten, shorten_words};

/// Days before day 1 on which the chart still shows today.
const DAYS_BEFORE: i64 = 14;
/// Weeks between two dates on the axis.
const TICK_WEEKS: i64 = 2;
/// Weeks between two dates above the load.
const LOAD_TICK_WEEKS: usize = 4;

impl Filler<'_> {
    pub fn schedule(&self, def: &BlockDef) -> Vec<Block> {
        let BlockDef::Schedule {
            title,
            legend,
            headings,
            today,
        } = def
        else {
            return Vec::new();
        };
        let roadmap = &self.record.roadmap;
        if roadmap.activities.is_empty() {
            return Vec::new();
        }
        let rows: Vec<ScheduleRow> = (0..roadmap.activities.len())
            .map(|index| self.schedule_row(index))
            .collect();
        let close = self.analysis.schedule.close();
        let end = rows.iter().map(|row| row.bar.1).fold(close, NaiveDate::max);
        let ahead = (roadmap.start - self.analysis.today).num_days();
        let is_shown = (-(end - roadmap.start).num_days()..=DAYS_BEFORE).contains(&ahead);
        let date = display::short_date(self.questionnaire, self.analysis.today);
        let label = self
            .facts
            .finish_with(today, |fact| (fact == Local::Date).then(|| date.clone()));
        let ticks = (0..)
            .map(|index| roadmap.start + Duration::weeks(TICK_WEEKS * index))
            .take_while(|day| *day <= end)
            .map(|day| (day, display::short_date(self.questionnaire, day)));
        let mut legend = legend.clone();
        let mut headings = headings.clone();
        if self.analysis.forecast.is_none() {
            legend[3].clear();
            headings[2].clear();
        }
        let defs = self.questionnaire.roadmap.activities.iter().enumerate();
        let arrows = defs.flat_map(|(after, def)| def.after.iter().map(move |own| (*own, after)));
        vec![Block::Schedule(Box::new(Schedule {
            title: self.first(title),
            legend,
            headings,
            start: roadmap.start,
            end,
            months: roadmap
                .months
                .iter()
                .map(|month| {
                    let name = month.title.split(':').next().unwrap_or_default();
                    (name.trim().to_owned(), month.start, month.end)
                })
                .collect(),
            ticks: ticks.collect(),
            today: label
                .filter(|_| is_shown)
                .map(|label| (self.analysis.today, label)),
            reviews: roadmap
                .reviews
                .iter()
                .map(|review| {
                    let date = with_weekday(self.questionnaire, review.date);
                    (review.date, review.label.clone(), date)
                })
                .collect(),
            rows,
            arrows: arrows.collect(),
        }))]
    }

    fn schedule_row(&self, index: usize) -> ScheduleRow {
        let activity = &self.record.roadmap.activities[index];
        let own = &self.analysis.schedule.activities[index];
        let dates = self.analysis.dates(index);
        let planned = (own.start, own.due);
        let has_forecast = self.analysis.forecast.is_some();
        let is_late = own.state != State::Done
            && (activity.is_overdue(self.analysis.today) || dates.1 > own.due);
        let roadmap = &self.questionnaire.roadmap;
        let expected = match (&self.analysis.forecast, own.state) {
            (None, _) => String::new(),
            (Some(_), State::Done) => roadmap.done().to_lowercase(),
            (Some(_), _) => display::short_date(self.questionnaire, dates.1),
        };
        // Nothing that is done lies ahead.
        let now = self.analysis.today.max(self.analysis.schedule.start);
        let bar = match own.state {
            State::Done => (dates.0.min(now), dates.1.min(now)),
            State::InProgress | State::NotStarted => dates,
        };
        ScheduleRow {
            number: index + 1,
            label: shorten(&activity.label, 2 * NAME),
            owner: shorten_words(&activity.owner, NAME),
            owned: activity.owned,
            month: activity.month,
            due_text: match (&self.analysis.forecast, own.state) {
                // Before day 1, what is done was done before its dates.
                (None, State::Done) => roadmap.done().to_lowercase(),
                _ => activity.due_short.clone(),
            },
            expected_text: expected,
            late: is_late,
            bar,
            planned: (has_forecast && planned != dates).then_some(planned),
            state: match own.state {
                State::NotStarted => ActivityState::NotStarted,
                State::InProgress => ActivityState::InProgress,
                State::Done => ActivityState::Done,
            },
            tone: match activity.urgency {
                Urgency::Urgent => Tone::Bad,
                Urgency::NeedsAttention => Tone::Watch,
                Urgency::Planned | Urgency::Done => Tone::Plain,
            },
            urgency: activity.urgency_text.clone(),
        }
    }

    /// Shows what is out of order between activities.
    pub fn order(&self, def: &BlockDef) -> Vec<Block> {
        let BlockDef::Order {
            title,
            headings,
            problems,
        } = def
        else {
            return Vec::new();
        };
        let label = |index: usize| {
            let activity = &self.record.roadmap.activities[index];
            format!("{} {}", index + 1, activity.label)
        };
        let rows = self.analysis.order.iter().map(|issue| {
            let problem = match issue.problem {
                OrderProblem::OutOfOrder => &problems[0],
                OrderProblem::Squeezed => &problems[1],
                OrderProblem::StatusAhead => &problems[2],
            };
            vec![
                TableCell::strong(label(issue.after)),
                TableCell::text(label(issue.before)),
                TableCell::text(problem),
            ]
        });
        self.table(title, headings, rows.collect())
    }

    pub fn load(&self, def: &BlockDef) -> Vec<Block> {
        let BlockDef::Load {
            title,
            caption,
            headings,
            week,
            total,
            rows,
            rest,
        } = def
        else {
            return Vec::new();
        };
        let load = &self.analysis.load;
        if load.owners.is_empty() {
            return Vec::new();
        }
        let start = self.analysis.schedule.start;
        let all = load.owners.iter().flat_map(|own| &own.activities);
        let last = all.map(|index| self.analysis.dates(*index).1).max();
        let last = last.unwrap_or(start).max(self.analysis.schedule.end);
        let weeks = ((last - start).num_days() / 7 + 1).max(1) as usize;
        let week_start = |index: usize| start + Duration::weeks(index as i64);
        let has_passed = |index: usize| week_start(index + 1) <= self.analysis.today;
        let in_week = |activity: &usize, index: usize| {
            let (from, to) = self.analysis.dates(*activity);
            from < week_start(index + 1) && to >= week_start(index)
        };
        let row = |own: &OwnerLoad| LoadRow {
            owner: match &own.owner {
                Some(owner) => shorten_words(owner, NAME),
                None => self.questionnaire.roadmap.unnamed_owner.clone(),
            },
            owned: own.owner.is_some(),
            weeks: (0..weeks)
                .map(|index| {
                    let running = own.activities.iter().filter(|own| in_week(own, index));
                    running.map(|own| own + 1).collect()
                })
                .collect(),
            open: own.activities.len(),
            peak: own.peak,
        };
        let sums = (0..weeks).map(|index| {
            // An activity of two owners is one activity.
            let all = load.owners.iter().flat_map(|own| &own.activities);
            let running: BTreeSet<usize> = all.filter(|own| in_week(own, index)).copied().collect();
            (!has_passed(index)).then_some(running.len())
        });
        let dates = (0..weeks).step_by(LOAD_TICK_WEEKS).map(|index| {
            let day = week_start(index);
            (index, display::short_date(self.questionnaire, day))
        });
        let reviews = self.record.roadmap.reviews.iter().map(|review| {
            let days = (review.date - start).num_days() as f32;
            let date = display::short_date(self.questionnaire, review.date);
            (days / 7.0, format!("{}, {date}", review.label))
        });
        vec![Block::Load(Box::new(Load {
            title: title.clone(),
            caption: self.first(caption),
            headings: headings.clone(),
            week: week.clone(),
            dates: dates.collect(),
            weeks,
            rows: merged(load.owners.iter().map(row).collect(), *rows, rest),
            total: (total.clone(), sums.collect()),
            open: load.open,
            reviews: reviews.collect(),
        }))]
    }

    /// Shows what each review decides, and which activities are due by then.
    pub fn review_cards(&self, def: &BlockDef) -> Vec<Block> {
        let BlockDef::ReviewCards {
            title,
            decides,
            by_then,
            later,
        } = def
        else {
            return Vec::new();
        };
        let reviews = &self.record.roadmap.reviews;
        let last = reviews.len().saturating_sub(1);
        let mut before: Option<NaiveDate> = None;
        let mut cards = Vec::new();
        for (index, review) in reviews.iter().enumerate() {
            if review.date < self.analysis.today {
                continue;
            }
            let place = match index == last {
                true => decides.len().saturating_sub(1),
                false => index.min(decides.len().saturating_sub(2)),
            };
            let Some(strong) = decides.get(place).and_then(|lines| self.facts.first(lines)) else {
                continue;
            };
            let activities = self.record.roadmap.activities.iter().enumerate();
            let open = activities.filter(|(index, activity)| {
                let due = self.analysis.dates(*index).1;
                !activity.done && before.is_none_or(|before| due > before)
            });
            let (due, after): (Vec<_>, Vec<_>) =
                open.partition(|(index, _)| self.analysis.dates(*index).1 <= review.date);
            let date = with_weekday(self.questionnaire, review.date);
            let mut text = format!("{}, {date}", review.label);
            let after = if index == last { after } else { Vec::new() };
            for (word, activities) in [(self.first(by_then), due), (later.clone(), after)] {
                let numbers: Vec<String> = activities
                    .iter()
                    .map(|(index, _)| (index + 1).to_string())
                    .collect();
                if !numbers.is_empty() {
                    text = format!("{text}\n{word} {}", numbers.join(", "));
                }
            }
            cards.push(Card {
                label: String::new(),
                strong,
                text,
                large: false,
            });
            before = Some(review.date);
        }
        match cards.is_empty() {
            true => Vec::new(),
            false => vec![Block::Cards {
                title: title.clone(),
                cards,
            }],
        }
    }
}

/// Merges the rows after the first ones, so that at most `most` remain. Activities without an owner stay apart.
fn merged(mut rows: Vec<LoadRow>, most: usize, rest: &str) -> Vec<LoadRow> {
    if rows.len() <= most || most < 2 {
        return rows;
    }
    let unowned = rows.last().is_some_and(|row| !row.owned);
    let kept = most - 1 - usize::from(unowned);
    let end = rows.len() - usize::from(unowned);
    let others: Vec<LoadRow> = rows.drain(kept..end).collect();
    let weeks = others.first().map_or(0, |row| row.weeks.len());
    let merged = LoadRow {
        owner: rest.to_owned(),
        owned: true,
        weeks: (0..weeks)
            .map(|week| {
                let numbers = others.iter().flat_map(|row| row.weeks[week].iter());
                let mut numbers: Vec<usize> = numbers.copied().collect();
                numbers.sort_unstable();
                numbers
            })
            .collect(),
        open: others.iter().map(|row| row.open).sum(),
        peak: others.iter().map(|row| row.peak).max().unwrap_or(0),
    };
    rows.insert(kept, merged);
    rows
}
