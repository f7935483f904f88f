//! How much of what a recommendation needs is answered.

use crate::answers::{Answers, Value};
use crate::questionnaire::{FieldKey, Questionnaire};

/// Number of questions by their answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Questions {
    /// Answered with a value.
    pub answered: usize,
    /// Not applicable.
    pub not_applicable: usize,
    /// Not yet known.
    pub unknown: usize,
    /// Without a usable answer.
    pub missing: usize,
}

impl Questions {
    /// Returns the number of questions asked.
    pub fn asked(self) -> usize {
        self.answered + self.not_applicable + self.unknown + self.missing
    }

    /// Counts the answers to all required questions, and to the optional columns of candidates that have a name.
    pub fn of(questionnaire: &Questionnaire, answers: &Answers) -> Self {
        let mut questions = Self::default();
        let named = named_columns(questionnaire, answers);
        for (key, field) in questionnaire.inputs() {
            if field.optional && !named.contains(&(field.sheet, field.column)) {
                continue;
            }
            match answers.get(key).value {
                Value::NotApplicable => questions.not_applicable += 1,
                Value::Unknown => questions.unknown += 1,
                Value::Missing | Value::Invalid => questions.missing += 1,
                _ => questions.answered += 1,
            }
        }
        questions
    }
}

/// Returns the sheet and column of each optional candidate that has a name.
fn named_columns(questionnaire: &Questionnaire, answers: &Answers) -> Vec<(usize, usize)> {
    let subjects = questionnaire.scores.iter().flat_map(|def| &def.subjects);
    let names = subjects.filter_map(|subject| subject.name);
    let named = names.filter(|key| answers.get(*key).value.is_value());
    named
        .map(|key| {
            let field = questionnaire.field(key);
            (field.sheet, field.column)
        })
        .collect()
}

/// The key answers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Core {
    /// Number of key answers given.
    pub answered: usize,
    /// Number of key answers asked for.
    pub asked: usize,
    /// Key answers without a value, in the order of the definition.
    pub missing: Vec<FieldKey>,
}

impl Core {
    /// Returns the share of key answers given, in percent. `None` if the questionnaire defines none.
    pub fn share(&self) -> Option<f64> {
        (self.asked > 0).then(|| 100.0 * self.answered as f64 / self.asked as f64)
    }

    /// Counts the key answers. Only a value counts.
    pub fn of(questionnaire: &Questionnaire, answers: &Answers) -> Self {
        let mut core = Self::default();
        let facts = |fact: &crate::questionnaire::Fact| super::answer(questionnaire, answers, fact);
        for (key, when) in &questionnaire.advice.core.answers {
            if when.as_ref().is_some_and(|when| !when.holds(&facts)) {
                continue;
            }
            core.asked += 1;
            match answers.get(*key).value.is_value() {
                true => core.answered += 1,
                false => core.missing.push(*key),
            }
        }
        core
    }
}
