//! Answers → [`Scorecard`]: scores, ranking, return on investment and payback, worked out from the answers alone.

mod finance;
mod points;

pub use finance::{Finance, Payback};
pub use points::{Dimension, Extremes, LEAST_WEIGHT, Score, Subject};

use crate::answers::Answers;
use crate::questionnaire::Questionnaire;

/// Everything worked out for one client.
#[derive(Debug, Clone)]
pub struct Scorecard {
    /// One a score of the questionnaire, in its order.
    pub scores: Vec<Score>,
    /// Return on investment, when the questionnaire asks for it.
    pub finance: Option<Finance>,
}

impl Scorecard {
    /// Works it out.
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
