//! The agenda: what starts, is due, and is reviewed in the next days.

use chrono::{Duration, NaiveDate};

use super::Filler;
use crate::analysis::{Edition, State};
use crate::display;
use crate::facts::NAME;
use crate::plan::advise::{owner, step_date, step_text};
use crate::plan::block::*;
use crate::questionnaire::{BlockDef, DeadlineDef, FormatString, Local, Tone};
use crate::text::{shorten, shorten_words};

/// Largest number of entries with which the agenda also lists what starts, and then first steps.
const MAX_ENTRIES: usize = 11;

/// What happens on a day, in the order of the entries of one day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Starts,
    /// The last day on which something can start.
    LatestStart,
    /// The first step to close a gap.
    FirstStep,
    Due,
    /// The expected finish, which is not the due date.
    Expected,
    /// One of the moves of the summary.
    Move,
    Review,
}

struct Entry {
    date: NaiveDate,
    event: Event,
    text: String,
    owner: String,
    /// Whether the owner is known.
    owned: bool,
    /// Index of the activity that it belongs to.
    activity: Option<usize>,
}

/// Returns a text after the number of its activity in the roadmap.
fn numbered(activity: Option<usize>, text: &str) -> String {
    match activity {
        Some(index) => format!("{} {text}", index + 1),
        None => text.to_owned(),
    }
}

/// Of entries about the end of one activity on one day, keeps the most telling: a move, else the activity, else a first step.
fn drop_repeated(entries: &mut Vec<Entry>) {
    let rank = |own: &Entry| match own.event {
        Event::Move => 2,
        Event::Due | Event::Expected => 1,
        Event::FirstStep => 0,
        Event::Starts | Event::LatestStart | Event::Review => 3,
    };
    let ranks: Vec<(NaiveDate, Option<usize>, usize)> = entries
        .iter()
        .map(|own| (own.date, own.activity, rank(own)))
        .filter(|(_, _, rank)| *rank < 3)
        .collect();
    entries.retain(|own| {
        let is_beaten = |other: &(NaiveDate, Option<usize>, usize)| {
            (other.0, other.1) == (own.date, own.activity) && other.2 > rank(own)
        };
        own.activity.is_none() || !ranks.iter().any(is_beaten)
    });
}

impl Filler<'_> {
    /// Lists what happens in the next days, or in the first days if the roadmap has not begun.
    pub fn agenda(&self, def: &BlockDef) -> Vec<Block> {
        let BlockDef::Agenda {
            title,
            days,
            most,
            headings,
            kinds: [starts, due, review, latest_start, moves, expected],
            latest,
            deadlines,
        } = def
        else {
            return Vec::new();
        };
        let schedule = &self.analysis.schedule;
        let from = self.analysis.today.max(schedule.start);
        if from > schedule.close() && self.analysis.edition != Edition::NextRound {
            return Vec::new();
        }
        let to = from + Duration::days(i64::from(*days) - 1);
        let mut entries = self.activities();
        entries.extend(self.latest_starts(latest));
        entries.extend(deadlines.iter().filter_map(|own| self.deadline(own)));
        entries.extend(self.moves_as_entries());
        entries.extend(self.first_steps());
        drop_repeated(&mut entries);
        entries.extend(self.reviews());
        // A last day before day 1 can still be kept.
        let first = |own: &Entry| match own.event {
            Event::LatestStart => self.analysis.today,
            _ => from,
        };
        entries.retain(|own| (first(own)..=to).contains(&own.date));
        // In a long list, what is due matters more than what starts, and activities matter more than first steps.
        for event in [Event::Starts, Event::FirstStep] {
            if entries.len() > MAX_ENTRIES {
                entries.retain(|own| own.event != event);
            }
        }
        entries.sort_by_key(|own| (own.date, own.event));
        let first_left_out = most
            .filter(|_| from > schedule.start)
            .and_then(|most| entries.get(most));
        if let Some(date) = first_left_out.map(|own| own.date) {
            entries.retain(|own| own.date < date || date == from);
        }
        let rows = entries.into_iter().map(|own| {
            let word = match own.event {
                Event::Starts => starts,
                Event::LatestStart => latest_start,
                Event::FirstStep | Event::Due => due,
                Event::Expected => expected,
                Event::Move => moves,
                Event::Review => review,
            };
            self.row(own, word)
        });
        self.table(&self.first(title), headings, rows.collect())
    }

    fn activities(&self) -> Vec<Entry> {
        let mut entries = Vec::new();
        for (index, activity) in self.record.roadmap.activities.iter().enumerate() {
            let (start, finish) = self.analysis.dates(index);
            let entry = |date, event| Entry {
                date,
                event,
                text: numbered(Some(index), &activity.label),
                owner: shorten_words(&activity.owner, NAME),
                owned: activity.owned,
                activity: Some(index),
            };
            let own = &self.analysis.schedule.activities[index];
            let end = match finish == own.due {
                true => Event::Due,
                false => Event::Expected,
            };
            match own.state {
                State::Done => {}
                State::InProgress => entries.push(entry(finish, end)),
                State::NotStarted => {
                    entries.extend([entry(start, Event::Starts), entry(finish, end)]);
                }
            }
        }
        entries
    }

    fn latest_starts(&self, latest: &FormatString) -> impl Iterator<Item = Entry> {
        let builds = self.analysis.builds.iter();
        let builds = builds.filter(|own| own.latest_start >= self.analysis.today);
        builds.map(move |build| {
            let name = shorten(&build.name, NAME);
            let local = |fact: Local| (fact == Local::Name).then(|| name.clone());
            Entry {
                date: build.latest_start,
                event: Event::LatestStart,
                text: self.facts.finish_with(latest, local).unwrap_or_default(),
                owner: self.questionnaire.advice.name_one.clone(),
                owned: false,
                activity: None,
            }
        })
    }

    fn deadline(&self, def: &DeadlineDef) -> Option<Entry> {
        if !self.facts.all_hold(&def.when) {
            return None;
        }
        let owner = def.owner.as_ref();
        let owner = owner.and_then(|text| self.facts.finish(text));
        let owned = owner.is_some();
        let owner = owner.unwrap_or_else(|| self.questionnaire.advice.name_one.clone());
        Some(Entry {
            date: self.date_of(&def.date)?,
            event: Event::LatestStart,
            text: self.facts.finish(&def.text)?,
            owner: shorten_words(&owner, NAME),
            owned,
            activity: None,
        })
    }

    fn moves_as_entries(&self) -> impl Iterator<Item = Entry> {
        self.advised.moves.iter().map(|own| Entry {
            date: own.date,
            event: Event::Move,
            text: numbered(own.activity, &own.text),
            owner: own.owner.clone(),
            owned: own.owned,
            activity: own.activity,
        })
    }

    /// The first steps of the gap cards that have a date of their own.
    fn first_steps(&self) -> impl Iterator<Item = Entry> {
        let gaps = &self.analysis.gaps;
        let cards = gaps.cards.iter().map(|place| &gaps.shown()[*place]);
        let moved = |text: &str| self.advised.moves.iter().any(|own| own.text == text);
        cards.filter_map(move |gap| {
            let def = &self.questionnaire.advice.gaps.gaps[gap.index];
            let date = step_date(self.questionnaire, self.analysis, def)?;
            let text = step_text(def);
            let activities = &self.analysis.schedule.activities;
            let is_done = |index: usize| activities[index].state == State::Done;
            if moved(&text) || def.activity.is_some_and(is_done) {
                return None;
            }
            let (owner, owned) = owner(self.questionnaire, self.analysis, def.activity);
            Some(Entry {
                date,
                event: Event::FirstStep,
                text: numbered(def.activity, &text),
                owner,
                owned,
                activity: def.activity,
            })
        })
    }

    fn reviews(&self) -> impl Iterator<Item = Entry> {
        let contact = self.record.client.contact.as_deref().unwrap_or_default();
        let owner = shorten_words(contact, NAME);
        let reviews = self.record.roadmap.reviews.iter();
        reviews.map(move |own| Entry {
            date: own.date,
            event: Event::Review,
            text: own.label.clone(),
            owner: owner.clone(),
            owned: true,
            activity: None,
        })
    }

    fn row(&self, entry: Entry, word: &str) -> Vec<TableCell> {
        let date = display::short_date(self.questionnaire, entry.date).replace(' ', "\u{a0}");
        let strong = entry.event >= Event::Due;
        vec![
            TableCell::text(date),
            TableCell {
                strong,
                ..TableCell::text(word)
            },
            TableCell {
                strong,
                ..TableCell::text(shorten_words(&entry.text, 3 * NAME))
            },
            TableCell {
                tone: if entry.owned { Tone::Plain } else { Tone::Bad },
                strong: !entry.owned,
                ..TableCell::text(entry.owner)
            },
        ]
    }
}
