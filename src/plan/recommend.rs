//! The recommended actions: the questionnaire's rules whose conditions hold, the most important first.

use super::block::{Action, Reference};
use crate::answers::Answers;
use crate::facts::{Facts, NAME};
use crate::questionnaire::{Fact, FieldKey, Questionnaire};
use crate::record::Roadmap;
use crate::text::shorten;

/// Returns all recommendations whose conditions hold and whose activity is not done, the most important first.
pub fn recommend(
    questionnaire: &Questionnaire,
    answers: &Answers,
    facts: &Facts,
    roadmap: &Roadmap,
) -> Vec<Action> {
    let mut fired: Vec<(f64, Action)> = Vec::new();
    for rule in &questionnaire.advice {
        if !facts.all_hold(&rule.when) {
            continue;
        }
        let (Some(title), Some(why)) = (facts.finish(&rule.title), facts.finish(&rule.why)) else {
            continue;
        };
        let Some(activity) = roadmap
            .activities
            .iter()
            .find(|activity| activity.id == rule.activity)
            .filter(|activity| !activity.done)
        else {
            continue;
        };
        let lowness = rule
            .rating
            .as_deref()
            .and_then(|rating| answers.number(questionnaire.key(rating)?))
            .map_or(0.0, |rating| (questionnaire.roadmap.soon - rating).max(0.0));
        fired.push((
            rule.weight + lowness,
            Action {
                id: rule.id.clone(),
                title: shorten(&title, 2 * NAME),
                why: shorten(&why, 4 * NAME),
                owner: shorten(&activity.owner, NAME),
                due: activity.due,
                due_text: activity.due_text.clone(),
                evidence: rule
                    .when
                    .iter()
                    .flat_map(|condition| condition.facts())
                    .find_map(|fact| match fact {
                        Fact::Field(key) => reference(questionnaire, answers, *key),
                        _ => None,
                    }),
            },
        ));
    }
    // A stable sort: rules with equal weight keep the order of the file.
    fired.sort_by(|a, b| b.0.total_cmp(&a.0));
    fired.into_iter().map(|(_, action)| action).collect()
}

/// Returns a reference to the cell of an answer. `None` if the answer has no cell.
pub fn reference(
    questionnaire: &Questionnaire,
    answers: &Answers,
    key: FieldKey,
) -> Option<Reference> {
    let place = answers.get(key).place.as_ref()?;
    Some(Reference {
        text: format!("{} {place}", questionnaire.plan_layout.words.see),
        anchor: questionnaire.field(key).id.clone(),
    })
}
