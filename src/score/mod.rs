//! Answers → [`Scorecard`]: scores, ranking, return on investment, and payback, calculated from the answers alone.

mod finance;
mod points;

pub use finance::{Finance, Payback};
pub use points::{Dimension, Extremes, MIN_APPLICABLE_WEIGHT, Score, Subject};

use crate::answers::Answers;
use crate::questionnaire::Questionnaire;

/// All calculated values of one client.
#[derive(Debug, Clone)]
pub struct Scorecard {
    /// One score for each score of the questionnaire, in the same order.
    pub scores: Vec<Score>,
    /// Return on investment, if the questionnaire asks for it.
    pub finance: Option<Finance>,
}

impl Scorecard {
    /// Calculates all values.
    pub fn of(questionnaire: &Questionnaire, answers: &Answers) -> Self {
        Self {
            scores: questionnaire
                .scores
                .iter()
                .map(|def| Score::of(questionnaire, def, answers))
                .collect(),
            finance: questionnaire
                .finance
                .as_ref()
                .map(|def| Finance::of(def, answers)),
        }
    }
}
