//! Types of candidates, compared by the value and the ease of their best candidate.

use crate::questionnaire::{EXACT, Questionnaire, TypesDef};
use crate::score::{Scorecard, Subject};

/// A type of candidate.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeResult {
    /// Index into `TypesDef::types`.
    pub index: usize,
    /// Name of its best candidate.
    pub candidate: String,
    /// Mean rating of its value.
    pub value: f64,
    /// Mean rating of its ease.
    pub ease: f64,
}

impl TypeResult {
    /// Returns the points: the mean of value and ease.
    pub fn points(&self) -> f64 {
        (self.value + self.ease) / 2.0
    }
}

/// Returns the types that have a rated candidate, the best first. Equal types keep the order of the questionnaire.
pub fn types(questionnaire: &Questionnaire, scorecard: &Scorecard) -> Vec<TypeResult> {
    let Some(def) = &questionnaire.advice.types else {
        return Vec::new();
    };
    let ranking = scorecard.scores[def.score].ranking();
    let types = def.types.iter().enumerate();
    let mut results: Vec<TypeResult> = types
        .filter_map(|(index, own)| {
            let is_own = |subject: &&&Subject| subject.kind.as_deref() == Some(own.option.as_str());
            let best = ranking.iter().find(is_own)?;
            result(def, index, best)
        })
        .collect();
    results.sort_by(|a, b| {
        let (a, b) = (a.points(), b.points());
        match (a - b).abs() < EXACT {
            true => std::cmp::Ordering::Equal,
            false => b.total_cmp(&a),
        }
    });
    results
}

fn result(def: &TypesDef, index: usize, subject: &Subject) -> Option<TypeResult> {
    Some(TypeResult {
        index,
        candidate: subject.name.clone(),
        value: subject.dimensions[def.value].mean?,
        ease: subject.dimensions[def.ease].mean?,
    })
}
