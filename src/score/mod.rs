//! Answers → [`Scorecard`]: scores, ranking, return on investment and payback, worked out from the answers alone.

mod finance;
mod points;

pub use finance::{Finance, Payback};
pub use points::{Extremes, LEAST_WEIGHT, Part, Score, Subject};

use crate::answers::Answers;
use crate::programme::Programme;

/// Everything worked out for one client.
#[derive(Debug, Clone)]
pub struct Scorecard {
    /// One a score of the programme, in its order.
    pub scores: Vec<Score>,
    /// Return on investment, when the programme asks for it.
    pub finance: Option<Finance>,
}

impl Scorecard {
    /// Works it out.
    pub fn of(programme: &Programme, answers: &Answers) -> Self {
        Self {
            scores: programme
                .scores
                .iter()
                .map(|def| Score::of(programme, def, answers))
                .collect(),
            finance: programme
                .finance
                .as_ref()
                .map(|def| Finance::of(def, answers)),
        }
    }
}
