//! Answers → [`Scorecard`]: scores, ranking, return on investment, and payback, calculated from the answers alone.
//!
//! ```
//! # use partnerbook::{intake, questionnaire::Questionnaire};
//! # let questionnaire = Questionnaire::built_in()?;
//! # let sample = std::fs::read("samples/halvorsen-sensors.xlsx")?;
//! # let reading = intake::read_bytes(&questionnaire, sample, &intake::Sandbox::none())?;
//! # let answers = reading.answers;
//! use partnerbook::score::Scorecard;
//!
//! let scorecard = Scorecard::of(&questionnaire, &answers);
//! let points = scorecard.scores[0].single().and_then(|client| client.points);
//! assert!(points.is_some_and(|points| points <= questionnaire.scores[0].out_of));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod finance;
mod points;

pub use finance::{Finance, Payback};
pub use points::{Dimension, Extremes, MIN_APPLICABLE_WEIGHT, Score, Subject, same_name};

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
