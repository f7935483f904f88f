//! What must be built by the last day, and when it must be started.

use chrono::{Duration, NaiveDate};

use super::schedule::Schedule;
use super::working_days::WorkingDays;
use crate::answers::Answers;
use crate::questionnaire::Questionnaire;
use crate::score::Scorecard;

/// Days in a week.
const WEEK: f64 = 7.0;
/// Longest build in weeks that is dated.
const MAX_WEEKS: f64 = 2_000.0;

/// Something to build.
#[derive(Debug, Clone, PartialEq)]
pub struct Build {
    /// Its name.
    pub name: String,
    /// Points that rank it.
    pub points: f64,
    /// Weeks of work.
    pub weeks: f64,
    /// The latest working day on which the work can start and be finished by the last day.
    pub latest_start: NaiveDate,
}

impl Build {
    /// Returns the day on which it is ready if work begins on `from`.
    pub fn ready(&self, from: NaiveDate) -> NaiveDate {
        from + self.length()
    }

    fn length(&self) -> Duration {
        Duration::days((WEEK * self.weeks).round() as i64)
    }
}

/// Returns what must be built: the best subjects, as many as the client wants by the last day.
pub fn builds(
    questionnaire: &Questionnaire,
    answers: &Answers,
    scorecard: &Scorecard,
    schedule: &Schedule,
) -> Vec<Build> {
    let Some(def) = &questionnaire.roadmap.builds else {
        return Vec::new();
    };
    let days = WorkingDays(&questionnaire.roadmap);
    let count = answers.number(def.count).unwrap_or(0.0).max(0.0) as usize;
    let ranking = scorecard.scores[def.score].ranking();
    let build = |subject: &&crate::score::Subject| {
        let weeks = answers.number(*def.weeks.get(subject.column)?)?;
        if !(0.0..=MAX_WEEKS).contains(&weeks) {
            return None;
        }
        let mut build = Build {
            name: subject.name.clone(),
            points: subject.points?,
            weeks,
            latest_start: schedule.end,
        };
        build.latest_start = days.up_to(schedule.end - build.length() + Duration::days(1));
        Some(build)
    };
    ranking.iter().take(count).filter_map(build).collect()
}
