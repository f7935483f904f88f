//! The email that the plan is sent with, written by the questionnaire.

use super::block::Action;
use crate::facts::Facts;
use crate::questionnaire::{Line, Local, Questionnaire};
use crate::record::Message;

/// Writes the email. A paragraph shows its first line whose conditions hold and whose values are known. A paragraph
/// without such a line is omitted.
pub fn write(questionnaire: &Questionnaire, facts: &Facts, actions: &[Action]) -> Message {
    let title = |place: usize| actions.get(place).map(|action| action.title.clone());
    let local = |fact: Local| match fact {
        Local::FirstAction => title(0),
        Local::SecondAction => title(1),
        Local::ThirdAction => title(2),
        _ => None,
    };
    let first = |lines: &[Line]| lines.iter().find_map(|line| facts.line_with(line, local));
    let email = &questionnaire.email;
    Message {
        subject: first(&email.subject).unwrap_or_default(),
        paragraphs: email
            .paragraph
            .iter()
            .filter_map(|paragraph| first(&paragraph.lines))
            .collect(),
    }
}
