//! Working days: the days of the week on which people work, without holidays.

use chrono::{Datelike, Duration, NaiveDate};

use crate::questionnaire::RoadmapDef;

/// Longest run of days without a working day that is searched. Beyond it, every day counts as a working day.
const MAX_RUN: i64 = 60;

/// The working days of a questionnaire.
#[derive(Clone, Copy)]
pub struct WorkingDays<'a>(pub &'a RoadmapDef);

impl WorkingDays<'_> {
    /// Returns whether people work on a day.
    pub fn contain(self, day: NaiveDate) -> bool {
        let is_holiday = |own: &crate::questionnaire::Holiday| {
            own.year.is_none_or(|year| year == day.year())
                && (own.month, own.day) == (day.month(), day.day())
        };
        !self.0.weekend.contains(&day.weekday()) && !self.0.holidays.iter().any(is_holiday)
    }

    /// Returns the first working day from a day on.
    pub fn from(self, day: NaiveDate) -> NaiveDate {
        self.first((0..MAX_RUN).map(|ahead| day + Duration::days(ahead)), day)
    }

    /// Returns the last working day up to a day.
    pub fn up_to(self, day: NaiveDate) -> NaiveDate {
        self.first((0..MAX_RUN).map(|back| day - Duration::days(back)), day)
    }

    fn first(self, mut days: impl Iterator<Item = NaiveDate>, otherwise: NaiveDate) -> NaiveDate {
        days.find(|day| self.contain(*day)).unwrap_or(otherwise)
    }

    /// Returns the first working day after a day.
    pub fn after(self, day: NaiveDate) -> NaiveDate {
        self.from(day + Duration::days(1))
    }

    /// Returns the working day that is a number of working days after a working day.
    pub fn add(self, day: NaiveDate, count: usize) -> NaiveDate {
        (0..count).fold(day, |day, _| self.after(day))
    }

    /// Returns the number of working days from one day to another, both included. 0 if the second is earlier.
    pub fn count(self, from: NaiveDate, to: NaiveDate) -> usize {
        from.iter_days()
            .take_while(|day| *day <= to)
            .filter(|day| self.contain(*day))
            .count()
    }
}
