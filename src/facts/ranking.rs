//! Facts about a ranking, and about how firm it is.

use super::{Facts, NAME};
use crate::analysis::Selection;
use crate::questionnaire::{FieldKey, ScoreFact, Value};
use crate::score::{Score, Subject};
use crate::text::shorten;

/// How many of the best candidates must have the same type to be worth a remark.
const TOP: usize = 3;

impl Facts<'_> {
    pub(super) fn of_ranking(&self, index: usize, fact: ScoreFact) -> Option<Value> {
        let score = &self.scorecard.scores[index];
        let ranking = score.ranking();
        let points = |place: usize| ranking.get(place)?.points;
        let count = |count: usize| Some(Value::Number(count as f64));
        let number = |number: f64| Some(Value::Number(number));
        match fact {
            ScoreFact::OutOf => number(self.questionnaire.scores[index].out_of),
            ScoreFact::Count => count(ranking.len()),
            ScoreFact::Tied => count(ranking.iter().filter(|own| own.rank == Some(1)).count()),
            ScoreFact::Level => count(ranking.iter().filter(|own| score.is_tied(own)).count()),
            ScoreFact::Lead => number(points(0)? - points(1)?),
            _ => {
                let selection = self.analysis?.0.selections.get(index)?.as_ref()?;
                self.of_selection(index, score, selection, fact)
            }
        }
    }

    fn of_selection(
        &self,
        index: usize,
        score: &Score,
        selection: &Selection,
        fact: ScoreFact,
    ) -> Option<Value> {
        let count = |count: usize| Some(Value::Number(count as f64));
        let number = |number: f64| Some(Value::Number(number));
        let name = |column: usize| {
            let own = score
                .subjects
                .iter()
                .find(|own: &&Subject| own.column == column)?;
            Some(Value::Text(shorten(&own.name, NAME)))
        };
        let dimension = |place: usize| {
            let label = &self.questionnaire.scores[index].dimensions[place].label;
            Some(Value::Text(label.clone()))
        };
        let rating = |key: FieldKey| {
            let label = &self.questionnaire.field(key).row_label;
            Some(Value::Text(label.clone()))
        };
        let flip = selection.rating_flip.as_ref();
        let shift = selection.weight_flip.as_ref();
        match fact {
            ScoreFact::Case => Some(Value::Text(selection.case.name().to_owned())),
            ScoreFact::Behind => number(selection.behind?),
            ScoreFact::BehindLabel => dimension(selection.weakest?.0),
            ScoreFact::BehindPrimary => number(selection.weakest?.1),
            ScoreFact::BehindBest => number(selection.weakest?.2),
            ScoreFact::RatingFlips => count(selection.rating_changes.0),
            ScoreFact::RatingChanges => count(selection.rating_changes.1),
            ScoreFact::RatingRival => name(selection.rating_rival?),
            ScoreFact::WeightFlips => count(selection.weight_shifts.0),
            ScoreFact::WeightShifts => count(selection.weight_shifts.1),
            ScoreFact::FlipPoints => number(f64::from(flip?.points)),
            ScoreFact::FlipRating => rating(flip?.key),
            ScoreFact::FlipSubject => name(flip?.column),
            ScoreFact::FlipFrom => number(flip?.from),
            ScoreFact::FlipTo => number(flip?.to),
            ScoreFact::FlipRival => name(flip?.rival),
            ScoreFact::ShiftPoints => number(f64::from(shift?.points)),
            ScoreFact::ShiftFrom => dimension(shift?.from),
            ScoreFact::ShiftTo => dimension(shift?.to),
            ScoreFact::ShiftRival => name(shift?.rival),
            ScoreFact::OutOf
            | ScoreFact::Count
            | ScoreFact::Tied
            | ScoreFact::Level
            | ScoreFact::Lead => None,
        }
    }
}

/// Returns the type of the best subjects, if they all have the same.
pub(super) fn leading_kind<'s>(ranking: &[&'s Subject]) -> Option<&'s str> {
    let kinds = ranking.iter().take(TOP);
    let kinds: Vec<&str> = kinds.filter_map(|own| own.kind.as_deref()).collect();
    let is_same = kinds.len() == TOP && kinds.iter().all(|kind| *kind == kinds[0]);
    is_same.then(|| kinds[0])
}
