//! The success metrics: today's value, the target, and the change.

use crate::answers::Answers;
use crate::display;
use crate::facts::PLACES;
use crate::questionnaire::{FieldKey, Kind, Questionnaire, TargetDef};
use crate::record::Target;

/// Returns the success metrics that have a target.
pub fn targets(questionnaire: &Questionnaire, answers: &Answers) -> Vec<Target> {
    let targets = questionnaire.targets.iter().enumerate();
    targets
        .filter_map(|(index, def)| target(questionnaire, answers, index, def))
        .collect()
}

fn target(
    questionnaire: &Questionnaire,
    answers: &Answers,
    index: usize,
    def: &TargetDef,
) -> Option<Target> {
    let shown =
        |key: FieldKey, number: f64| display::field_number(questionnaire, answers, key, number);
    let today = def.today.and_then(|key| Some((key, answers.number(key)?)));
    let target = answers.number(def.target)?;
    let before = today.map(|(_, number)| number);
    let goal = if def.adds {
        before.unwrap_or(0.0) + target
    } else {
        target
    };
    let change = before.map_or_else(String::new, |before| {
        let difference = goal - before;
        let sign = if difference > 0.0 { "+" } else { "" };
        // Amounts and their differences are shown without cents.
        let is_money = matches!(questionnaire.field(def.target).kind, Kind::Money { .. });
        let places = if is_money { 0 } else { PLACES };
        format!(
            "{sign}{}",
            display::number(questionnaire, difference, places)
        )
    });
    Some(Target {
        index,
        label: def.label.clone(),
        today: today.map(|(key, number)| (number, shown(key, number))),
        target: Some((goal, shown(def.target, goal))),
        falls: before.is_some_and(|before| goal < before),
        change,
    })
}
