//! Facts about what the answers mean for the plan: key answers, gaps, order, builds, load, dates, and types.

use super::{Facts, NAME};
use crate::analysis::Analysis;
use crate::questionnaire::{AdviceFact, EXACT, Section, Value};
use crate::score::same_name;
use crate::text::shorten;

/// Fewest letters of a name's first word that identify it in a text.
const MIN_LETTERS: usize = 5;
/// How many missing answers are listed.
const MAX_LISTED: usize = 3;
/// Days in a week.
const WEEK: f64 = 7.0;

impl Facts<'_> {
    pub(super) fn of_advice(&self, fact: AdviceFact) -> Option<Value> {
        let (analysis, _) = self.analysis?;
        let count = |count: usize| Some(Value::Number(count as f64));
        let number = |number: f64| Some(Value::Number(number));
        let text = |text: &str| (!text.is_empty()).then(|| Value::Text(shorten(text, NAME)));
        let limits = &self.questionnaire.advice.gaps;
        match fact {
            AdviceFact::CoreAnswered
            | AdviceFact::CoreAsked
            | AdviceFact::CoreShare
            | AdviceFact::CoreFull
            | AdviceFact::CoreProvisional
            | AdviceFact::CoreMissing
            | AdviceFact::CoreAllMissing
            | AdviceFact::QuestionsAsked
            | AdviceFact::QuestionsAnswered
            | AdviceFact::QuestionsNotApplicable
            | AdviceFact::QuestionsUnknown
            | AdviceFact::QuestionsMissing => self.of_core(analysis, fact),
            AdviceFact::GapNames
            | AdviceFact::GapCount
            | AdviceFact::GapsBelow
            | AdviceFact::GapBlockers
            | AdviceFact::GapsAsked
            | AdviceFact::GapsRated
            | AdviceFact::FirstGapName
            | AdviceFact::FirstGapRating
            | AdviceFact::NearGapName => self.of_gaps(analysis, fact),
            AdviceFact::GapWeak => number(limits.weak),
            AdviceFact::GapBlocker => number(limits.blocker),
            AdviceFact::Early => count(analysis.early()),
            AdviceFact::BuildCount
            | AdviceFact::BuildName
            | AdviceFact::BuildNames
            | AdviceFact::BuildStart
            | AdviceFact::BuildWeeks
            | AdviceFact::BuildWindow => self.of_builds(analysis, fact),
            AdviceFact::LoadOwner
            | AdviceFact::LoadActivities
            | AdviceFact::LoadOpen
            | AdviceFact::LoadPeak
            | AdviceFact::Overload
            | AdviceFact::Unowned
            | AdviceFact::OpenUnowned => self.of_load(analysis, fact),
            AdviceFact::LastDay => Some(Value::Date(analysis.schedule.end)),
            AdviceFact::Close => Some(Value::Date(analysis.schedule.close())),
            AdviceFact::NextReview => {
                let next = analysis.schedule.next_review(analysis.today)?;
                Some(Value::Date(next))
            }
            AdviceFact::Reviews => count(analysis.schedule.reviews.len()),
            AdviceFact::Day => {
                let day = (analysis.today - analysis.schedule.start).num_days() + 1;
                let is_inside = day >= 1 && analysis.today <= analysis.schedule.close();
                is_inside.then_some(Value::Number(day as f64))
            }
            AdviceFact::ExpectedEnd => Some(Value::Date(analysis.forecast.as_ref()?.finish)),
            AdviceFact::Slip => count(analysis.forecast.as_ref()?.slip),
            AdviceFact::Edition => Some(Value::Text(analysis.edition.name().to_owned())),
            AdviceFact::AlsoNamed => self.also_named(),
            AdviceFact::OfferNames => self.offer_names(),
            AdviceFact::FirstType => text(self.type_name(analysis, 0)?),
            AdviceFact::SecondType => text(self.type_name(analysis, 1)?),
            AdviceFact::TypesTied => {
                let first = analysis.types.first()?.points();
                let level = |points: f64| (points - first).abs() < EXACT;
                count(
                    analysis
                        .types
                        .iter()
                        .filter(|own| level(own.points()))
                        .count(),
                )
            }
            AdviceFact::TypesRated => count(analysis.types.len()),
            AdviceFact::FirstTypePoints => number(analysis.types.first()?.points()),
        }
    }

    /// Facts about how many questions are answered.
    fn of_core(&self, analysis: &Analysis, fact: AdviceFact) -> Option<Value> {
        let count = |count: usize| Some(Value::Number(count as f64));
        let number = |number: f64| Some(Value::Number(number));
        match fact {
            AdviceFact::CoreAnswered => count(analysis.core.answered),
            AdviceFact::CoreAsked => count(analysis.core.asked),
            AdviceFact::CoreShare => number(analysis.core.share()?),
            AdviceFact::CoreFull => number(self.questionnaire.advice.core.full),
            AdviceFact::CoreProvisional => number(self.questionnaire.advice.core.provisional),
            AdviceFact::CoreMissing => {
                let names = self.missing_names(analysis);
                self.list_of(&names)
            }
            AdviceFact::CoreAllMissing => {
                let names = self.missing_names(analysis);
                (!names.is_empty()).then(|| Value::Text(names.join(", ")))
            }
            AdviceFact::QuestionsAsked => count(analysis.questions.asked()),
            AdviceFact::QuestionsAnswered => count(analysis.questions.answered),
            AdviceFact::QuestionsNotApplicable => count(analysis.questions.not_applicable),
            AdviceFact::QuestionsUnknown => count(analysis.questions.unknown),
            AdviceFact::QuestionsMissing => count(analysis.questions.missing),
            _ => None,
        }
    }

    /// Facts about what must be built by the last day.
    fn of_builds(&self, analysis: &Analysis, fact: AdviceFact) -> Option<Value> {
        let number = |number: f64| Some(Value::Number(number));
        let builds = &analysis.builds;
        let first = || builds.iter().min_by_key(|own| own.latest_start);
        match fact {
            AdviceFact::BuildCount => number(builds.len() as f64),
            AdviceFact::BuildName => {
                let name = first()?.name.as_str();
                (!name.is_empty()).then(|| Value::Text(shorten(name, NAME)))
            }
            AdviceFact::BuildNames => {
                let names: Vec<&str> = builds.iter().map(|own| own.name.as_str()).collect();
                (!names.is_empty()).then(|| Value::Text(self.all_of(&names)))
            }
            AdviceFact::BuildStart => Some(Value::Date(first()?.latest_start)),
            AdviceFact::BuildWeeks if builds.is_empty() => None,
            AdviceFact::BuildWeeks => number(builds.iter().map(|own| own.weeks).sum()),
            AdviceFact::BuildWindow => number(f64::from(self.questionnaire.roadmap.days) / WEEK),
            _ => None,
        }
    }

    /// Facts about who has how much to do.
    fn of_load(&self, analysis: &Analysis, fact: AdviceFact) -> Option<Value> {
        let load = &analysis.load;
        let busiest = || load.busiest();
        let count = |count: usize| Some(Value::Number(count as f64));
        match fact {
            AdviceFact::LoadOwner => {
                let owner = busiest()?.owner.as_deref()?;
                (!owner.is_empty()).then(|| Value::Text(shorten(owner, NAME)))
            }
            AdviceFact::LoadActivities => count(busiest()?.activities.len()),
            AdviceFact::LoadOpen => count(load.open),
            AdviceFact::LoadPeak => count(busiest()?.peak),
            AdviceFact::Overload => {
                let is_overload = |own| load.is_overload(own);
                count(usize::from(busiest().is_some_and(is_overload)))
            }
            AdviceFact::Unowned => {
                let activities = analysis.schedule.activities.iter();
                count(activities.filter(|own| own.owner.is_none()).count())
            }
            AdviceFact::OpenUnowned => count(load.unowned()),
            _ => None,
        }
    }

    fn of_gaps(&self, analysis: &Analysis, fact: AdviceFact) -> Option<Value> {
        let (gaps, defs) = (&analysis.gaps, &self.questionnaire.advice.gaps.gaps);
        let count = |count: usize| Some(Value::Number(count as f64));
        let name = |gap: &crate::analysis::Gap| defs[gap.index].name.as_str();
        let is_real = !gaps.weak.is_empty();
        match fact {
            AdviceFact::GapNames => {
                let cards = gaps.cards.iter().take(MAX_LISTED);
                let names: Vec<&str> = cards.map(|place| name(&gaps.shown()[*place])).collect();
                (is_real && !names.is_empty()).then(|| Value::Text(self.all_of(&names)))
            }
            AdviceFact::GapCount => count(if is_real { gaps.cards.len() } else { 0 }),
            AdviceFact::GapsBelow => count(gaps.weak.len()),
            AdviceFact::GapBlockers => count(gaps.weak.iter().filter(|gap| gap.blocks).count()),
            AdviceFact::GapsAsked => count(defs.len()),
            AdviceFact::GapsRated => count(gaps.ratings.iter().flatten().count()),
            AdviceFact::FirstGapName => Some(Value::Text(name(gaps.weak.first()?).to_owned())),
            AdviceFact::FirstGapRating => Some(Value::Number(gaps.weak.first()?.rating)),
            AdviceFact::NearGapName => Some(Value::Text(name(gaps.near.first()?).to_owned())),
            _ => None,
        }
    }

    /// Returns the names of the key answers that are missing, each once.
    fn missing_names(&self, analysis: &Analysis) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for key in &analysis.core.missing {
            let label = self.questionnaire.field(*key).row_label.as_str();
            if !names.contains(&label) {
                names.push(label);
            }
        }
        names
    }

    fn type_name(&self, analysis: &Analysis, place: usize) -> Option<&str> {
        let def = self.questionnaire.advice.types.as_ref()?;
        let own = analysis.types.get(place)?;
        Some(def.types[own.index].option.as_str())
    }

    /// Returns the other candidates whose first word occurs in the client's reasons.
    fn also_named(&self) -> Option<Value> {
        let reasons = self.answers.text(self.questionnaire.identity.reasons?)?;
        self.list_of(&self.others_in(reasons))
    }

    fn list_of(&self, names: &[&str]) -> Option<Value> {
        (!names.is_empty()).then(|| Value::Text(self.all_of(names)))
    }

    /// Returns the other candidates whose first word occurs in the offer to the choice.
    fn offer_names(&self) -> Option<Value> {
        let section = self.offer()?;
        let keys = section.rows.iter().flat_map(|row| &row.cells);
        let texts: Vec<&str> = keys.filter_map(|key| self.answers.text(*key)).collect();
        self.list_of(&self.others_in(&texts.join("\n")))
    }

    /// Returns the section with the offer to the type of the client's choice.
    pub fn offer(&self) -> Option<&Section> {
        let choice = self.answers.chosen(self.questionnaire)?;
        let scores = self.questionnaire.scores.iter().zip(&self.scorecard.scores);
        let mut named = scores
            .filter(|(def, _)| def.ranked)
            .filter_map(|(_, score)| score.named(choice));
        let kind = named.find_map(|subject| subject.kind.as_deref())?;
        let offers = self.questionnaire.advice.offers.iter();
        let mut own = offers.filter(|offer| offer.types.iter().any(|own| own == kind));
        self.questionnaire.section(&own.next()?.section)
    }

    /// Returns the candidates other than the choice whose first word occurs in a text.
    pub fn others_in(&self, text: &str) -> Vec<&str> {
        let text = text.to_lowercase();
        let Some(choice) = self.answers.chosen(self.questionnaire) else {
            return Vec::new();
        };
        let scores = self.questionnaire.scores.iter().zip(&self.scorecard.scores);
        let names = scores
            .filter(|(def, _)| def.ranked && def.subjects.iter().any(|own| own.kind.is_some()))
            .flat_map(|(_, score)| score.names());
        let choice_words = choice.to_lowercase();
        let others = names.filter(|name| {
            let first = name.split_whitespace().next().unwrap_or_default();
            let first = first.to_lowercase();
            let is_long = first.chars().count() >= MIN_LETTERS;
            // A word that is also part of the choice's own name says nothing.
            !same_name(name, choice)
                && is_long
                && !has_word(&choice_words, &first)
                && has_word(&text, &first)
        });
        others.collect()
    }
}

/// Returns whether a text contains a word, both in lower case.
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        let is_edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        is_edge(before) && is_edge(after)
    })
}
