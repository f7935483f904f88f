//! The dates of the roadmap: activities, reviews, and what is out of order.

use chrono::{Datelike, Duration, NaiveDate, Weekday};

use super::working_days::WorkingDays;
use crate::answers::{Answers, Value};
use crate::questionnaire::{ActivityDef, Questionnaire};
use crate::text::normalize;

/// A dated roadmap.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    /// Day 1.
    pub start: NaiveDate,
    /// The last day.
    pub end: NaiveDate,
    /// Dates of the reviews, the closing review last. All are working days.
    pub reviews: Vec<NaiveDate>,
    /// The activities, in the order of the questionnaire.
    pub activities: Vec<Dated>,
}

/// State of an activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Not started.
    NotStarted,
    /// In progress.
    InProgress,
    /// Done.
    Done,
}

/// A dated activity.
#[derive(Debug, Clone, PartialEq)]
pub struct Dated {
    /// First day.
    pub start: NaiveDate,
    /// Due date.
    pub due: NaiveDate,
    /// Whether the client set the due date.
    pub given: bool,
    /// Whether the client's due date is outside the roadmap and was replaced.
    pub outside: bool,
    /// Owner.
    pub owner: Option<String>,
    /// State.
    pub state: State,
}

/// What is out of order between two activities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderProblem {
    /// The successor is due before its predecessor is finished.
    OutOfOrder,
    /// Too few working days remain for the successor.
    Squeezed,
    /// The successor has begun although its predecessor has not.
    StatusAhead,
}

/// A problem between two activities (indexes).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderIssue {
    /// The activity that should come first.
    pub before: usize,
    /// The activity that should follow.
    pub after: usize,
    /// The problem.
    pub problem: OrderProblem,
}

/// Fewer working days than this are too few for an activity.
const MIN_DAYS: usize = 5;

impl Schedule {
    /// Returns the date of the closing review.
    pub fn close(&self) -> NaiveDate {
        self.reviews.last().copied().unwrap_or(self.end)
    }

    /// Returns the first and last day of each activity as planned, except that what is in progress on a day has begun
    /// by then, or by day 1.
    pub fn known_dates(&self, today: NaiveDate) -> Vec<(NaiveDate, NaiveDate)> {
        let begun = today.max(self.start);
        let dates = self.activities.iter().map(|own| match own.state {
            State::InProgress => (own.start.min(begun), own.due),
            State::NotStarted | State::Done => (own.start, own.due),
        });
        dates.collect()
    }

    /// Returns the next review after a day.
    pub fn next_review(&self, day: NaiveDate) -> Option<NaiveDate> {
        self.reviews.iter().copied().find(|review| *review > day)
    }

    /// Dates the roadmap. `start` is day 1. `stale` tells which due dates and statuses do not count, because they are
    /// those of an earlier round.
    pub fn of(
        questionnaire: &Questionnaire,
        answers: &Answers,
        start: NaiveDate,
        stale: &dyn Fn(usize) -> bool,
    ) -> Self {
        let def = &questionnaire.roadmap;
        let days = WorkingDays(def);
        let day = |number: u32| start + Duration::days(i64::from(number) - 1);
        let end = day(def.days);
        let mut reviews: Vec<NaiveDate> = def
            .review_days
            .iter()
            .map(|number| days.up_to(day(*number)))
            .collect();
        reviews.push(days.from(end));
        let mut activities: Vec<Dated> = Vec::new();
        for (index, activity) in def.activities.iter().enumerate() {
            let is_stale = stale(index);
            let dated = dated(questionnaire, answers, activity, (start, end), is_stale);
            activities.push(dated);
            let moved = moved(def.activities.as_slice(), &activities, index, days);
            activities[index].start = moved;
        }
        Self {
            start,
            end,
            reviews,
            activities,
        }
    }

    /// Returns what is out of order. Activities that are done are not checked.
    pub fn order_issues(&self, questionnaire: &Questionnaire) -> Vec<OrderIssue> {
        let days = WorkingDays(&questionnaire.roadmap);
        let mut issues = Vec::new();
        for (after, def) in questionnaire.roadmap.activities.iter().enumerate() {
            let own = &self.activities[after];
            if own.state == State::Done {
                continue;
            }
            let links = def.after.iter().map(|before| (*before, true));
            let links = links.chain(def.alongside.iter().map(|before| (*before, false)));
            for (before, must_finish) in links {
                let other = &self.activities[before];
                let is_early = match must_finish {
                    true => own.due <= other.due,
                    false => own.due < other.due,
                };
                let is_ahead = own.state != State::NotStarted && other.state == State::NotStarted;
                // A predecessor that is done holds nothing up.
                let problem = if is_early && other.state != State::Done {
                    Some(OrderProblem::OutOfOrder)
                } else if is_ahead {
                    Some(OrderProblem::StatusAhead)
                } else if must_finish
                    && other.state != State::Done
                    && other.due >= def_start(self.start, def)
                    && days.count(own.start, own.due) < MIN_DAYS
                {
                    Some(OrderProblem::Squeezed)
                } else {
                    None
                };
                issues.extend(problem.map(|problem| OrderIssue {
                    before,
                    after,
                    problem,
                }));
            }
        }
        issues
    }
}

/// Returns the first day that the questionnaire proposes for an activity.
fn def_start(start: NaiveDate, def: &ActivityDef) -> NaiveDate {
    start + Duration::days(i64::from(def.from) - 1)
}

/// Returns the Monday of the next week.
pub fn first_monday_after(day: NaiveDate) -> NaiveDate {
    let ahead = 7 - i64::from(day.weekday().days_since(Weekday::Mon));
    day + Duration::days(ahead)
}

/// Dates an activity by itself. Proposed dates are working days; the client's own due date stands.
fn dated(
    questionnaire: &Questionnaire,
    answers: &Answers,
    def: &ActivityDef,
    (start, end): (NaiveDate, NaiveDate),
    is_stale: bool,
) -> Dated {
    let roadmap = &questionnaire.roadmap;
    let days = WorkingDays(roadmap);
    let day = |number: u32| start + Duration::days(i64::from(number) - 1);
    let given = def
        .due
        .filter(|_| !is_stale)
        .and_then(|key| match answers.get(key).value {
            Value::Date(day) => Some(day),
            _ => None,
        });
    let mut from = day(def.from);
    let proposed = days.up_to(day(def.to)).max(days.from(from));
    let inside = given.filter(|day| (start..=end).contains(day));
    if let Some(given) = inside.filter(|given| *given < from) {
        // An earlier due date moves the whole activity, but never before day 1.
        from = (given - (day(def.to) - from)).max(start);
    }
    let due = inside.unwrap_or(proposed);
    let status = def
        .status
        .filter(|_| !is_stale)
        .and_then(|key| answers.choice(questionnaire, key));
    let state = match status {
        Some(status) if status == roadmap.done() => State::Done,
        Some(status) if status == roadmap.in_progress() => State::InProgress,
        _ => State::NotStarted,
    };
    Dated {
        start: days.from(from).min(due),
        due,
        given: inside.is_some(),
        outside: given.is_some() && inside.is_none(),
        owner: def
            .owner
            .and_then(|key| answers.text(key))
            // "All" names no single owner.
            .filter(|owner| !roadmap.everyone.contains(&normalize(owner)))
            .map(str::to_owned),
        state,
    }
}

/// Returns the start of an activity after the activities that it waits for, but never after its due date.
fn moved(defs: &[ActivityDef], activities: &[Dated], index: usize, days: WorkingDays) -> NaiveDate {
    let own = &activities[index];
    let mut start = own.start;
    for before in &defs[index].after {
        let other = &activities[*before];
        if other.state != State::Done {
            start = start.max(days.after(other.due));
        }
    }
    for before in &defs[index].alongside {
        let other = &activities[*before];
        if other.state != State::Done {
            start = start.max(other.start);
        }
    }
    start.min(own.due)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::questionnaire::Kind;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_first_monday_after_a_day() {
        assert_eq!(
            first_monday_after(day("2026-11-23")),
            day("2026-11-30"),
            "a Monday counts as past"
        );
        assert_eq!(first_monday_after(day("2026-11-29")), day("2026-11-30"));
    }

    #[test]
    fn reviews_and_proposed_dates_are_working_days() {
        let questionnaire = Questionnaire::built_in().unwrap();
        let answers = Answers::empty(&questionnaire);
        let schedule = Schedule::of(&questionnaire, &answers, day("2026-12-07"), &|_| false);
        assert_eq!(schedule.end, day("2027-03-06"));
        let reviews = ["2027-01-05", "2027-02-04", "2027-03-08"].map(day);
        assert_eq!(schedule.reviews, reviews);
        let days = WorkingDays(&questionnaire.roadmap);
        for activity in &schedule.activities {
            assert!(days.contain(activity.start) && days.contain(activity.due));
        }
        assert_eq!(schedule.order_issues(&questionnaire), []);
    }

    /// An activity and the one it waits for.
    const PAIR: [&str; 2] = ["target_identification", "outreach"];

    fn position(questionnaire: &Questionnaire, name: &str) -> usize {
        let rows = questionnaire.roadmap.activities.iter();
        let mut rows = rows.map(|def| def.row.rsplit_once('.').map_or(&*def.row, |(_, row)| row));
        rows.position(|row| row == name).unwrap()
    }

    /// Returns the problem of [`PAIR`] in a schedule from 7 December 2026 that a test changes. Target identification is
    /// due on Friday 25 December, outreach begins on day 31, 6 January.
    fn problem(pair: [&str; 2], change: impl Fn(&mut Dated, &mut Dated)) -> Option<OrderProblem> {
        let questionnaire = Questionnaire::built_in().unwrap();
        let answers = Answers::empty(&questionnaire);
        let mut schedule = Schedule::of(&questionnaire, &answers, day("2026-12-07"), &|_| false);
        let [before, after] = pair.map(|name| position(&questionnaire, name));
        let (mut first, mut second) = (
            schedule.activities[before].clone(),
            schedule.activities[after].clone(),
        );
        change(&mut first, &mut second);
        schedule.activities[before] = first;
        schedule.activities[after] = second;
        let issues = schedule.order_issues(&questionnaire).into_iter();
        let mut own = issues.filter(|issue| (issue.before, issue.after) == (before, after));
        own.next().map(|issue| issue.problem)
    }

    #[test]
    fn a_successor_is_due_after_its_predecessor() {
        let with = |due: &'static str, state: State| {
            problem(PAIR, move |before, after| {
                before.due = day(due);
                before.state = state;
                after.start = day("2027-01-06");
                after.due = day("2027-01-25");
            })
        };
        use State::{Done, InProgress, NotStarted};
        assert_eq!(with("2027-01-05", NotStarted), None);
        assert_eq!(
            with("2027-01-25", NotStarted),
            Some(OrderProblem::OutOfOrder)
        );
        assert_eq!(
            with("2027-01-26", InProgress),
            Some(OrderProblem::OutOfOrder)
        );
        assert_eq!(with("2027-01-26", Done), None);
        // Activities that run alongside may end on the same day.
        let with = |due: &'static str| {
            let pair = ["strategy_finalization", "target_identification"];
            problem(pair, move |before, after| {
                before.due = day(due);
                after.due = day("2026-12-25");
            })
        };
        assert_eq!(with("2026-12-25"), None);
        assert_eq!(with("2026-12-28"), Some(OrderProblem::OutOfOrder));
    }

    #[test]
    fn a_successor_begins_after_its_predecessor() {
        use State::{Done, InProgress, NotStarted};
        let with = |before: State, after: State| {
            problem(PAIR, move |first, second| {
                first.state = before;
                second.state = after;
            })
        };
        let ahead = Some(OrderProblem::StatusAhead);
        assert_eq!(with(NotStarted, NotStarted), None);
        assert_eq!(with(NotStarted, InProgress), ahead);
        assert_eq!(with(InProgress, InProgress), None);
        assert_eq!(with(Done, InProgress), None);
        assert_eq!(with(NotStarted, Done), None, "what is done is not checked");
    }

    #[test]
    fn a_successor_needs_five_working_days() {
        let with = |start: &'static str, before: &'static str, state: State| {
            problem(PAIR, move |first, second| {
                first.due = day(before);
                first.state = state;
                second.start = day(start);
                second.due = day("2027-01-15");
            })
        };
        use State::{Done, NotStarted};
        let squeezed = Some(OrderProblem::Squeezed);
        // From Monday to Friday are five days.
        assert_eq!(with("2027-01-11", "2027-01-08", NotStarted), None);
        assert_eq!(with("2027-01-12", "2027-01-11", NotStarted), squeezed);
        assert_eq!(with("2027-01-12", "2027-01-11", Done), None);
        // The predecessor is due by day 30, so that it is not the cause.
        assert_eq!(with("2027-01-12", "2027-01-05", NotStarted), None);
        assert_eq!(with("2027-01-12", "2027-01-06", NotStarted), squeezed);
    }

    #[test]
    fn the_clients_dates_and_states_count_inside_the_roadmap() {
        let questionnaire = Questionnaire::built_in().unwrap();
        let outreach = position(&questionnaire, "outreach");
        let def = &questionnaire.roadmap.activities[outreach];
        let dated = |due: &str, status: usize, is_stale: bool| {
            let mut answers = Answers::empty(&questionnaire);
            answers.get_mut(def.due.unwrap()).value = Value::Date(day(due));
            answers.get_mut(def.status.unwrap()).value = Value::Choice(status);
            let start = day("2026-12-07");
            let schedule = Schedule::of(&questionnaire, &answers, start, &|_| is_stale);
            schedule.activities[outreach].clone()
        };
        // Day 31 to day 50: 6 to 25 January 2027.
        let own = dated("2027-01-20", 0, false);
        assert_eq!((own.start, own.due), (day("2027-01-06"), day("2027-01-20")));
        assert!(own.given && !own.outside);
        // The last day counts, the day after does not, nor does the day before the first.
        assert!(dated("2027-03-06", 0, false).given);
        for outside in ["2027-03-07", "2026-12-06"] {
            let own = dated(outside, 0, false);
            assert!(!own.given && own.outside);
            assert_eq!(own.due, day("2027-01-25"));
        }
        // Due on the day on which it would begin: it does not move.
        let own = dated("2027-01-06", 0, false);
        assert_eq!((own.start, own.due), (day("2027-01-06"), day("2027-01-06")));
        // Due before it would begin: it moves ahead with its 19 days, but not before the activities it waits for.
        let own = dated("2026-12-30", 0, false);
        assert_eq!((own.start, own.due), (day("2026-12-28"), day("2026-12-30")));
        let own = dated("2026-12-10", 0, false);
        assert_eq!((own.start, own.due), (day("2026-12-10"), day("2026-12-10")));
        let stale = dated("2027-01-20", 2, true);
        assert_eq!(
            (stale.due, stale.state),
            (day("2027-01-25"), State::NotStarted)
        );
        assert!(!stale.given && !stale.outside);
        let options = |status: &str| {
            let Kind::Choice { list } = questionnaire.field(def.status.unwrap()).kind else {
                panic!()
            };
            let mut options = questionnaire.choices[list].options.iter();
            options.position(|own| own == status).unwrap()
        };
        let roadmap = &questionnaire.roadmap;
        let states = [State::NotStarted, State::InProgress, State::Done];
        for (status, state) in roadmap.statuses.iter().zip(states) {
            assert_eq!(dated("2027-01-20", options(status), false).state, state);
        }
    }

    #[test]
    fn the_next_review_is_after_the_day() {
        let questionnaire = Questionnaire::built_in().unwrap();
        let answers = Answers::empty(&questionnaire);
        let schedule = Schedule::of(&questionnaire, &answers, day("2026-12-07"), &|_| false);
        assert_eq!(
            schedule.next_review(day("2027-01-04")),
            Some(day("2027-01-05"))
        );
        assert_eq!(
            schedule.next_review(day("2027-01-05")),
            Some(day("2027-02-04"))
        );
        assert_eq!(schedule.next_review(day("2027-03-08")), None);
        assert_eq!(schedule.close(), day("2027-03-08"));
    }

    #[test]
    fn what_is_in_progress_has_begun() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let dated = |state| Dated {
            start: day("2027-02-05"),
            due: day("2027-02-19"),
            given: false,
            outside: false,
            owner: None,
            state,
        };
        let states = [State::Done, State::InProgress, State::NotStarted];
        let schedule = Schedule {
            start: day("2026-12-07"),
            end: day("2027-03-06"),
            reviews: Vec::new(),
            activities: states.map(dated).to_vec(),
        };
        let starts = |today| {
            schedule
                .known_dates(day(today))
                .into_iter()
                .map(|own| own.0)
        };
        let planned = day("2027-02-05");
        // Before the roadmap, it is drawn from day 1; during it, from the report date; then, from its own day.
        for (today, begun) in [
            ("2026-11-23", "2026-12-07"),
            ("2027-01-11", "2027-01-11"),
            ("2027-02-10", "2027-02-05"),
        ] {
            assert!(starts(today).eq([planned, day(begun), planned]), "{today}");
        }
    }
}
