//! Risks that the answers reveal.

use super::Filler;
use crate::facts::NAME;
use crate::plan::block::*;
use crate::plan::recommend::reference;
use crate::questionnaire::{Local, RiskDef, RiskRatings};
use crate::text::shorten;

impl Filler<'_> {
    pub fn risks(&self, none: &str, ratings: Option<&RiskRatings>, defs: &[RiskDef]) -> Vec<Block> {
        let mut risks: Vec<Risk> = defs.iter().filter_map(|def| self.risk(def)).collect();
        risks.extend(ratings.into_iter().flat_map(|ratings| self.low(ratings)));
        if !risks.is_empty() {
            return vec![Block::Risks(risks)];
        }
        // Without answers, the risks are unknown: show nothing rather than an all-clear.
        if self
            .scorecard
            .scores
            .iter()
            .all(|score| score.ranking().is_empty())
        {
            return Vec::new();
        }
        vec![Block::Quiet(none.to_owned())]
    }

    fn risk(&self, def: &RiskDef) -> Option<Risk> {
        if !self.facts.all_hold(&def.when) {
            return None;
        }
        Some(Risk {
            title: self.facts.finish(&def.title)?,
            text: self.facts.finish(&def.text)?,
            evidence: def
                .evidence
                .iter()
                .filter_map(|id| {
                    reference(
                        self.questionnaire,
                        self.answers,
                        self.questionnaire.key(id)?,
                    )
                })
                .collect(),
        })
    }

    /// Returns the ratings below the threshold, the lowest first. The ratings are of the candidate that the client
    /// chose, or else of the best candidate.
    fn low(&self, def: &RiskRatings) -> Vec<Risk> {
        let subject = self.questionnaire.score(&def.score).and_then(|index| {
            let score = &self.scorecard.scores[index];
            let chosen = self
                .record
                .primary
                .as_deref()
                .and_then(|name| score.named(name));
            chosen.or_else(|| score.ranking().first().copied())
        });
        let Some(subject) = subject else {
            return Vec::new();
        };
        let mut low: Vec<_> = subject
            .dimensions
            .iter()
            .flat_map(|dimension| &dimension.ratings)
            .filter_map(|(key, counted)| Some((*key, (*counted)?)))
            .filter(|(key, counted)| {
                *counted < def.below
                    && self
                        .questionnaire
                        .field(*key)
                        .id
                        .starts_with(&format!("{}.", def.section))
            })
            .collect();
        low.sort_by(|a, b| a.1.total_cmp(&b.1));
        low.into_iter()
            .filter_map(|(key, counted)| {
                let local = |fact: Local| match fact {
                    Local::RatingLabel => Some(self.questionnaire.field(key).row_label.clone()),
                    Local::RatingText => Some(self.rating_text(key, counted)),
                    Local::RatingSubject => Some(shorten(&subject.name, NAME)),
                    _ => None,
                };
                Some(Risk {
                    title: self.facts.finish_with(&def.title, local)?,
                    text: self.facts.finish_with(&def.text, local)?,
                    evidence: reference(self.questionnaire, self.answers, key)
                        .into_iter()
                        .collect(),
                })
            })
            .collect()
    }
}
