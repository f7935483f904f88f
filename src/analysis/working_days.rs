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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::questionnaire::{Holiday, Questionnaire};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Saturday and Sunday, every 25 December, and 28 December 2026 are free. 25 December 2026 is a Friday.
    fn roadmap() -> RoadmapDef {
        let mut roadmap = Questionnaire::built_in().unwrap().roadmap.clone();
        let holiday = |year, day| Holiday {
            year,
            month: 12,
            day,
        };
        roadmap.holidays = vec![holiday(None, 25), holiday(Some(2026), 28)];
        roadmap
    }

    #[test]
    fn weekends_and_holidays_are_no_working_days() {
        let roadmap = roadmap();
        let days = WorkingDays(&roadmap);
        let working = |text| days.contain(day(text));
        assert!(working("2026-12-24"), "Thursday");
        assert!(!working("2026-12-25"), "Friday, a holiday each year");
        assert!(!working("2026-12-26"), "Saturday");
        assert!(!working("2026-12-28"), "Monday, a holiday of this year");
        assert!(
            working("2026-11-25"),
            "the day of a holiday in another month"
        );
        assert!(working("2027-12-28"), "a holiday of another year");
        assert!(!working("2029-12-25"), "Tuesday, a holiday each year");
    }

    #[test]
    fn working_days_are_counted_and_added_over_weekends_and_holidays() {
        let roadmap = roadmap();
        let days = WorkingDays(&roadmap);
        assert_eq!(days.from(day("2026-12-24")), day("2026-12-24"));
        assert_eq!(days.from(day("2026-12-25")), day("2026-12-29"));
        assert_eq!(days.up_to(day("2026-12-28")), day("2026-12-24"));
        assert_eq!(days.after(day("2026-12-24")), day("2026-12-29"));
        assert_eq!(days.add(day("2026-12-23"), 0), day("2026-12-23"));
        assert_eq!(days.add(day("2026-12-23"), 3), day("2026-12-30"));
        assert_eq!(days.count(day("2026-12-23"), day("2026-12-30")), 4);
        assert_eq!(days.count(day("2026-12-25"), day("2026-12-28")), 0);
        assert_eq!(days.count(day("2026-12-30"), day("2026-12-29")), 0);
    }

    #[test]
    fn without_any_working_day_every_day_counts() {
        let mut roadmap = roadmap();
        let first = day("2026-12-21");
        roadmap.weekend = first.iter_days().take(7).map(|day| day.weekday()).collect();
        let days = WorkingDays(&roadmap);
        assert_eq!(days.from(first), first);
        assert_eq!(days.up_to(first), first);
    }
}
