//! The email that the plan is sent with, written by the questionnaire.

use crate::facts::Facts;
use crate::questionnaire::Questionnaire;
use crate::record::Message;

/// Writes the email. A paragraph shows its first line whose conditions hold and whose values are known. A paragraph
/// without such a line is omitted.
pub fn write(questionnaire: &Questionnaire, facts: &Facts) -> Message {
    let email = &questionnaire.email;
    let paragraphs = email.paragraph.iter();
    Message {
        subject: facts.first(&email.subject).unwrap_or_default(),
        paragraphs: paragraphs
            .filter_map(|paragraph| facts.first(&paragraph.lines))
            .collect(),
    }
}
