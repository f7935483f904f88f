//! The message that a plan travels with, in the questionnaire's words.

use super::block::Action;
use super::variables::Variables;
use crate::questionnaire::Questionnaire;
use crate::record::Message;

/// Variables of the message alone: what to do first.
const ACTIONS: [&str; 3] = ["action.first", "action.second", "action.third"];

/// Writes it: of each paragraph the first line that holds and whose facts are known; a paragraph without such a line is left out.
pub fn write(questionnaire: &Questionnaire, facts: &mut Variables, actions: &[Action]) -> Message {
    for (fact, action) in ACTIONS.iter().zip(actions) {
        facts.text(fact, &action.title);
    }
    let email = &questionnaire.email;
    Message {
        subject: facts.first(&email.subject).unwrap_or_default(),
        paragraphs: email
            .paragraph
            .iter()
            .filter_map(|paragraph| facts.first(&paragraph.lines))
            .collect(),
    }
}
