//! When the activities will be finished, given what is done on the report date.

use chrono::NaiveDate;

use super::schedule::{Schedule, State};
use super::working_days::WorkingDays;
use crate::questionnaire::Questionnaire;

/// Where a client stands in the ninety days.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// Expected first and last day of each activity, in order. Activities that are done keep their dates.
    pub expected: Vec<(NaiveDate, NaiveDate)>,
    /// The latest expected finish of an activity that is not done.
    pub finish: NaiveDate,
    /// Working days from the closing review to the latest finish. 0 if it is not later.
    pub slip: usize,
}

impl Forecast {
    /// Returns the forecast on a day. `None` if everything is done.
    ///
    /// An activity takes as many working days as planned, or half of them if it is in progress, from the day after the
    /// report date.
    pub fn of(
        questionnaire: &Questionnaire,
        schedule: &Schedule,
        today: NaiveDate,
    ) -> Option<Self> {
        let days = WorkingDays(&questionnaire.roadmap);
        let defs = &questionnaire.roadmap.activities;
        let mut expected: Vec<(NaiveDate, NaiveDate)> = Vec::new();
        for (def, own) in defs.iter().zip(&schedule.activities) {
            if own.state == State::Done {
                expected.push((own.start, own.due));
                continue;
            }
            let is_open = |index: &&usize| schedule.activities[**index].state != State::Done;
            let mut window = days.count(own.start, own.due).max(1);
            let mut start = days.after(today);
            match own.state {
                State::InProgress => window = window.div_ceil(2),
                _ => start = start.max(own.start),
            }
            for before in def.after.iter().filter(is_open) {
                start = start.max(days.after(expected[*before].1));
            }
            for before in def.alongside.iter().filter(is_open) {
                start = start.max(expected[*before].0);
            }
            let start = days.from(start);
            let mut finish = days.add(start, window - 1);
            for before in def.alongside.iter().filter(is_open) {
                finish = finish.max(expected[*before].1);
            }
            if own.due >= today {
                finish = finish.max(own.due);
            }
            expected.push((start, finish));
        }
        let open = expected.iter().zip(&schedule.activities);
        let open = open.filter(|(_, own)| own.state != State::Done);
        let finish = open.map(|((_, finish), _)| *finish).max()?;
        let close = schedule.close();
        let slip = match finish > close {
            true => days.count(days.after(close), finish),
            false => 0,
        };
        Some(Self {
            expected,
            finish,
            slip,
        })
    }
}
