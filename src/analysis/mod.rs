//! Answers + scores + dates → [`Analysis`]: what the answers mean for the plan. Pure, and without any words.
//!
//! ```
//! # use partnerbook::{intake, questionnaire::Questionnaire};
//! # let questionnaire = Questionnaire::built_in()?;
//! # let sample = std::fs::read("samples/halvorsen-sensors.xlsx")?;
//! # let reading = intake::read_bytes(&questionnaire, sample, &intake::Sandbox::none())?;
//! # let answers = reading.answers;
//! use partnerbook::{analysis::Analysis, score::Scorecard};
//!
//! let scorecard = Scorecard::of(&questionnaire, &answers);
//! let today = "2026-11-23".parse()?;
//! let analysis = Analysis::of(&questionnaire, &answers, &scorecard, today, None);
//! // Reviews fall on working days.
//! assert_eq!(analysis.schedule.close().to_string(), "2027-03-08");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod builds;
mod core;
mod forecast;
mod gaps;
mod load;
mod schedule;
mod selection;
mod types;
mod working_days;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use self::builds::Build;
pub use self::core::{Core, Questions};
pub use self::forecast::Forecast;
pub use self::gaps::{Gap, Gaps};
pub use self::load::{Load, OwnerLoad};
pub use self::schedule::{Dated, OrderIssue, OrderProblem, Schedule, State};
pub use self::selection::{Case, RatingFlip, Selection, WeightFlip};
pub use self::types::TypeResult;
pub use self::working_days::WorkingDays;
use crate::answers::Answers;
use crate::questionnaire::{Fact, Questionnaire, Value};
use crate::score::Scorecard;

/// Which plan of a client this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edition {
    /// The first plan, made before or on day 1.
    First,
    /// A plan made during the roadmap.
    MidTerm,
    /// A plan made after the closing review.
    Closing,
    /// A plan that is compared with a previous one of the same roadmap.
    Review,
    /// The plan of a new round, after a previous one was finished.
    NextRound,
}

impl Edition {
    /// Returns the name used in conditions.
    pub fn name(self) -> &'static str {
        match self {
            Edition::First => "first",
            Edition::MidTerm => "mid_term",
            Edition::Closing => "closing",
            Edition::Review => "review",
            Edition::NextRound => "next_round",
        }
    }
}

/// What is known from a previous plan of the same client.
#[derive(Debug, Clone, PartialEq)]
pub struct PreviousPlan {
    /// Day 1 of its roadmap.
    pub start: NaiveDate,
    /// Its closing review.
    pub close: NaiveDate,
    /// The start date in its workbook, if it was that of the round before.
    pub stale_start: Option<NaiveDate>,
    /// Its activities.
    pub activities: Vec<PreviousActivity>,
    /// Whether all of them are done.
    pub all_done: bool,
}

/// An activity of a previous plan.
#[derive(Debug, Clone, PartialEq)]
pub struct PreviousActivity {
    /// ID of the row.
    pub row: String,
    /// Its due date.
    pub due: NaiveDate,
    /// Its status.
    pub status: String,
    /// What its workbook contained, if it was that of the round before.
    pub stale: Option<Stale>,
}

/// Answers about an activity that belong to a previous round: the client did not change them for the new one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stale {
    /// The due date in the workbook.
    pub due: Option<NaiveDate>,
    /// The status in the workbook.
    pub status: Option<String>,
}

/// What the answers mean for the plan.
#[derive(Debug, Clone)]
pub struct Analysis {
    /// The report date.
    pub today: NaiveDate,
    /// Which plan this is.
    pub edition: Edition,
    /// The dated roadmap.
    pub schedule: Schedule,
    /// What is out of order.
    pub order: Vec<OrderIssue>,
    /// Where the client stands, during the roadmap.
    pub forecast: Option<Forecast>,
    dates: Vec<(NaiveDate, NaiveDate)>,
    /// How the activities are spread over their owners.
    pub load: Load,
    /// What must be built by the last day.
    pub builds: Vec<Build>,
    /// How firm each ranking is, in the order of the scores. `None` for scores without a ranking.
    pub selections: Vec<Option<Selection>>,
    /// Types of candidates, the best first.
    pub types: Vec<TypeResult>,
    /// The gaps.
    pub gaps: Gaps,
    /// The key answers.
    pub core: Core,
    /// All questions.
    pub questions: Questions,
    /// Activities that were done in a previous round and start again.
    pub repeated: Vec<usize>,
    /// Activities that are carried over from a previous round.
    pub carried_over: Vec<usize>,
    /// The start date in the workbook, if it is that of a previous round.
    pub stale_start: Option<NaiveDate>,
    /// By activity: what the workbook contains, if it is that of a previous round.
    pub stale: Vec<Option<Stale>>,
}

/// Returns the first day of a roadmap whose workbook contains none. `next_round` is the previous plan if a new round
/// starts.
fn assumed_start(
    today: NaiveDate,
    next_round: Option<&PreviousPlan>,
    previous: Option<&PreviousPlan>,
) -> NaiveDate {
    match (next_round, previous) {
        (Some(previous), _) => schedule::first_monday_after(today.max(previous.close)),
        // A review without a start date keeps the roadmap that it reviews.
        (None, Some(previous)) => previous.start,
        (None, None) => schedule::first_monday_after(today),
    }
}

impl Analysis {
    /// Analyzes the answers. `previous` is a previous plan of the same client.
    pub fn of(
        questionnaire: &Questionnaire,
        answers: &Answers,
        scorecard: &Scorecard,
        today: NaiveDate,
        previous: Option<&PreviousPlan>,
    ) -> Self {
        let given = questionnaire
            .identity
            .start
            .and_then(|key| answers.get(key).value.day());
        let next_round = previous.filter(|previous| today > previous.close || previous.all_done);
        // The start date of the previous round is stale in the next one, and stays so in its reviews.
        let stale_start = given.filter(|day| match next_round {
            Some(own) => own.start == *day || own.stale_start == Some(*day),
            None => previous.is_some_and(|own| own.stale_start == Some(*day)),
        });
        let start = given.filter(|_| stale_start.is_none());
        let start = start.unwrap_or_else(|| assumed_start(today, next_round, previous));
        let before = |index: usize| {
            let row = &questionnaire.roadmap.activities[index].row;
            previous?.activities.iter().find(|own| own.row == *row)
        };
        let status = |index: usize| before(index).filter(|_| next_round.is_some());
        let indexes = || 0..questionnaire.roadmap.activities.len();
        let stale = indexes().map(|index| {
            stale(
                questionnaire,
                answers,
                index,
                before(index)?,
                next_round.is_some(),
            )
        });
        let stale: Vec<Option<Stale>> = stale.collect();
        let schedule = Schedule::of(questionnaire, answers, start, &|index| {
            stale[index].is_some()
        });
        let done = questionnaire.roadmap.done();
        let was_done = |index: &usize| status(*index).is_some_and(|own| own.status == done);
        let is_late = today > schedule.close();
        let edition = match (next_round, previous) {
            (Some(_), _) => Edition::NextRound,
            (None, Some(_)) => Edition::Review,
            (None, None) if is_late => Edition::Closing,
            (None, None) if today > schedule.start => Edition::MidTerm,
            (None, None) => Edition::First,
        };
        let of_previous = |was_wanted: &dyn Fn(&usize) -> bool| match next_round {
            Some(_) => indexes().filter(was_wanted).collect(),
            None => Vec::new(),
        };
        let forecast = (today > schedule.start && !is_late)
            .then(|| Forecast::of(questionnaire, &schedule, today))
            .flatten();
        let dates = match &forecast {
            Some(forecast) => forecast.expected.clone(),
            None => schedule.known_dates(today),
        };
        let primary = primary_type(questionnaire, answers, scorecard);
        Self {
            today,
            edition,
            order: schedule.order_issues(questionnaire),
            load: Load::of(&schedule, &dates, &questionnaire.roadmap.owner_separators),
            dates,
            builds: builds::builds(questionnaire, answers, scorecard, &schedule),
            selections: selections(questionnaire, answers, scorecard),
            types: types::types(questionnaire, scorecard),
            gaps: Gaps::of(questionnaire, answers, &schedule, primary),
            core: Core::of(questionnaire, answers),
            questions: Questions::of(questionnaire, answers),
            repeated: of_previous(&was_done),
            carried_over: of_previous(&|index| status(*index).is_some() && !was_done(index)),
            forecast,
            schedule,
            stale_start,
            stale,
        }
    }

    /// Returns the first and last day of an activity: expected, or else planned. What is in progress has begun.
    pub fn dates(&self, activity: usize) -> (NaiveDate, NaiveDate) {
        self.dates[activity]
    }

    /// Returns the number of activities that begin, or are due, before one that they need.
    pub fn early(&self) -> usize {
        let mut early: Vec<usize> = self
            .order
            .iter()
            .filter(|issue| issue.problem != OrderProblem::Squeezed)
            .map(|issue| issue.after)
            .collect();
        early.sort_unstable();
        early.dedup();
        early.len()
    }
}

/// Returns what the workbook contains about an activity, if it is that of a previous round.
fn stale(
    questionnaire: &Questionnaire,
    answers: &Answers,
    index: usize,
    previous: &PreviousActivity,
    next_round: bool,
) -> Option<Stale> {
    let def = &questionnaire.roadmap.activities[index];
    let own = Stale {
        due: def.due.and_then(|key| answers.get(key).value.day()),
        status: def
            .status
            .and_then(|key| answers.choice(questionnaire, key))
            .map(str::to_owned),
    };
    // A blank cell says nothing new.
    let is_same = |due: Option<NaiveDate>, status: Option<&str>| {
        (own.due.is_none() || own.due == due)
            && (own.status.is_none() || own.status.as_deref() == status)
    };
    let as_entered = previous.stale.as_ref();
    let is_stale = as_entered.is_some_and(|own| is_same(own.due, own.status.as_deref()))
        || (next_round && is_same(Some(previous.due), Some(&previous.status)));
    is_stale.then_some(own)
}

fn selections(
    questionnaire: &Questionnaire,
    answers: &Answers,
    scorecard: &Scorecard,
) -> Vec<Option<Selection>> {
    let scores = questionnaire.scores.iter().zip(&scorecard.scores);
    scores
        .map(|(def, score)| Selection::of(questionnaire, answers, def, score))
        .collect()
}

/// Returns the type of the candidate that the client chose.
fn primary_type<'s>(
    questionnaire: &Questionnaire,
    answers: &Answers,
    scorecard: &'s Scorecard,
) -> Option<&'s str> {
    let name = answers.chosen(questionnaire)?;
    let scores = questionnaire.scores.iter().zip(&scorecard.scores);
    let mut named = scores
        .filter(|(def, _)| def.ranked)
        .filter_map(|(_, score)| score.named(name));
    named.find_map(|subject| subject.kind.as_deref())
}

/// Returns the value of a fact that is an answer. Other facts are unknown here.
fn answer(questionnaire: &Questionnaire, answers: &Answers, fact: &Fact) -> Option<Value> {
    match fact {
        Fact::Field(key) => answers.value(questionnaire, *key),
        _ => None,
    }
}
