//! The gaps between the client's ratings and what the plan needs: which come first, and which activities they press.

use crate::answers::Answers;
use crate::questionnaire::{EXACT, Fact, GapDef, MAX_LEVEL, Questionnaire};

use super::schedule::{Schedule, State};

/// A rating that needs attention.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// Index into `GapsDef::gaps`.
    pub index: usize,
    /// The lowest of its ratings, converted so that 10 is best.
    pub rating: f64,
    /// Impact on this client's plan, from 1 to 3.
    pub impact: u32,
    /// Effort, from 1 to 3.
    pub effort: u32,
    /// What closing the gap brings for its effort.
    pub priority: f64,
    /// Whether the gap holds up its activity.
    pub blocks: bool,
}

/// The gaps of a client.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Gaps {
    /// The lowest rating of each gap definition. `None` without a rating, or if it does not apply.
    pub ratings: Vec<Option<f64>>,
    /// Ratings below the threshold, the most important first.
    pub weak: Vec<Gap>,
    /// Ratings just above the threshold, the most important first. Empty if there is a gap.
    pub near: Vec<Gap>,
    /// Indexes into `weak`, or into `near` if there is no gap: at most one per activity, the most important first.
    pub cards: Vec<usize>,
    /// Indexes of urgent activities.
    pub urgent: Vec<usize>,
    /// Indexes of activities that need attention.
    pub attention: Vec<usize>,
}

impl Gaps {
    /// Finds the gaps. `primary_type` is the type of the candidate that the client chose.
    pub fn of(
        questionnaire: &Questionnaire,
        answers: &Answers,
        schedule: &Schedule,
        primary_type: Option<&str>,
    ) -> Self {
        let def = &questionnaire.advice.gaps;
        let ratings: Vec<Option<f64>> = def
            .gaps
            .iter()
            .map(|gap| lowest(questionnaire, answers, gap))
            .collect();
        let all = || {
            let rated = ratings.iter().enumerate();
            rated.filter_map(|(index, rating)| {
                Some(gap(questionnaire, index, (*rating)?, primary_type))
            })
        };
        let mut weak: Vec<Gap> = all().filter(|gap| gap.rating < def.weak - EXACT).collect();
        let near = all().filter(|gap| gap.rating < def.near - EXACT);
        let mut near: Vec<Gap> = near.filter(|_| weak.is_empty()).collect();
        weak.sort_by(order);
        near.sort_by(order);
        let mut gaps = Self {
            ratings,
            weak,
            near,
            ..Self::default()
        };
        gaps.cards = gaps.cards(questionnaire);
        gaps.press(questionnaire, schedule);
        gaps
    }

    /// Returns the gaps that the plan explains: the real ones, or else the near-gaps.
    pub fn shown(&self) -> &[Gap] {
        match self.weak.is_empty() {
            true => &self.near,
            false => &self.weak,
        }
    }

    fn cards(&self, questionnaire: &Questionnaire) -> Vec<usize> {
        let def = &questionnaire.advice.gaps;
        let mut activities = Vec::new();
        let mut cards = Vec::new();
        for (place, gap) in self.shown().iter().enumerate() {
            let activity = def.gaps[gap.index].activity;
            let is_known = activity.is_some_and(|own| activities.contains(&own));
            if cards.len() < def.cards && !is_known {
                activities.extend(activity);
                cards.push(place);
            }
        }
        cards
    }

    /// Finds the activities that blockers make urgent, and the next ones that need attention.
    fn press(&mut self, questionnaire: &Questionnaire, schedule: &Schedule) {
        let def = &questionnaire.advice.gaps;
        for gap in &self.weak {
            let Some(activity) = def.gaps[gap.index].activity else {
                continue;
            };
            let is_open = schedule.activities[activity].state != State::Done;
            let is_known = self.urgent.contains(&activity) || self.attention.contains(&activity);
            if !is_open || is_known {
                continue;
            }
            if gap.blocks && self.urgent.len() < def.urgent {
                self.urgent.push(activity);
            } else if self.attention.len() < def.attention {
                self.attention.push(activity);
            }
        }
    }
}

/// Returns the lowest rating of a gap. Reverse-scored ratings are converted.
fn lowest(questionnaire: &Questionnaire, answers: &Answers, gap: &GapDef) -> Option<f64> {
    let facts = |fact: &Fact| super::answer(questionnaire, answers, fact);
    if gap
        .unless
        .as_ref()
        .is_some_and(|unless| unless.holds(&facts))
    {
        return None;
    }
    let ratings = gap
        .ratings
        .iter()
        .filter_map(|key| answers.points(questionnaire, *key));
    ratings.reduce(f64::min)
}

fn gap(
    questionnaire: &Questionnaire,
    index: usize,
    rating: f64,
    primary_type: Option<&str>,
) -> Gap {
    let limits = &questionnaire.advice.gaps;
    let def = &limits.gaps[index];
    let is_raised = primary_type.is_some_and(|own| def.raised_by.iter().any(|kind| kind == own));
    let impact = (def.impact + u32::from(is_raised)).min(MAX_LEVEL);
    Gap {
        index,
        rating,
        impact,
        effort: def.effort,
        priority: (limits.near - rating) * f64::from(impact) / f64::from(def.effort),
        blocks: impact == MAX_LEVEL && rating < limits.blocker - EXACT,
    }
}

/// Blockers first, the lowest first; then by what closing the gap brings for its effort.
fn order(a: &Gap, b: &Gap) -> std::cmp::Ordering {
    let value = |gap: &Gap| f64::from(gap.impact) / f64::from(gap.effort);
    // Rounded, so that equality is transitive and the order total.
    let by = |a: f64, b: f64| (a / EXACT).round().total_cmp(&(b / EXACT).round());
    b.blocks
        .cmp(&a.blocks)
        .then_with(|| match a.blocks {
            true => by(a.rating, b.rating).then(by(value(b), value(a))),
            false => by(b.priority, a.priority)
                .then(b.impact.cmp(&a.impact))
                .then(by(a.rating, b.rating)),
        })
        .then(a.index.cmp(&b.index))
}
