//! Facts about what the answers mean for the plan: key answers, gaps, order, builds, load, dates, and types.

use chrono::NaiveDate;

use super::ranking::leading_kind;
use super::{Facts, NAME, PLACES};
use crate::analysis::{Analysis, Build, Gap, Load, State, WorkingDays};
use crate::answers::Value as Answer;
use crate::display;
use crate::questionnaire::{AdviceFact, EXACT, Questionnaire, Section, TypeDef, Value};
use crate::score::same_name;
use crate::text::shorten;

/// Fewest letters of a name's first word that identify it in a text.
const MIN_LETTERS: usize = 5;
/// How many missing answers are listed.
const MAX_LISTED: usize = 3;
/// Days in a week.
const WEEK: f64 = 7.0;

/// A count as a value.
fn count(count: usize) -> Option<Value> {
    Some(Value::Number(count as f64))
}

fn number(number: f64) -> Option<Value> {
    Some(Value::Number(number))
}

/// A name as a value, shortened. `None` if it is empty.
fn short(name: &str) -> Option<Value> {
    (!name.is_empty()).then(|| Value::Text(shorten(name, NAME)))
}

/// The build that must start first.
fn first_build(analysis: &Analysis) -> Option<&Build> {
    analysis.builds.iter().min_by_key(|own| own.latest_start)
}

/// The day on which the build that must start first is ready if work begins on day 1, or on the next working day if day 1 has
/// passed.
fn ready(questionnaire: &Questionnaire, analysis: &Analysis) -> Option<NaiveDate> {
    let next = WorkingDays(&questionnaire.roadmap).after(analysis.today);
    let start = analysis.schedule.start;
    let from = if start >= analysis.today { start } else { next };
    Some(first_build(analysis)?.ready(from))
}

fn busiest_owners(load: &Load) -> Vec<&str> {
    let owners = load.busiest_owners().iter();
    owners.filter_map(|own| own.owner.as_deref()).collect()
}

/// The day of the roadmap, from 1. `None` before its first day and after its last review.
fn day(analysis: &Analysis) -> Option<Value> {
    let day = (analysis.today - analysis.schedule.start).num_days() + 1;
    let is_inside = day >= 1 && analysis.today <= analysis.schedule.close();
    is_inside.then_some(Value::Number(day as f64))
}

/// How many types have as many points as the best one.
fn tied_types(analysis: &Analysis) -> Option<usize> {
    let first = analysis.types.first()?.points();
    let is_tied = |points: f64| (points - first).abs() < EXACT;
    let points = analysis.types.iter().map(|own| own.points());
    Some(points.filter(|own| is_tied(*own)).count())
}

impl Facts<'_> {
    pub(super) fn of_advice(&self, fact: AdviceFact) -> Option<Value> {
        let (analysis, _) = self.analysis?;
        let advice = &self.questionnaire.advice;
        let (core, questions) = (&analysis.core, &analysis.questions);
        let gaps = &analysis.gaps;
        let (schedule, builds) = (&analysis.schedule, &analysis.builds);
        let gap_name = |gap: &Gap| Value::Text(advice.gaps.gaps[gap.index].name.clone());
        match fact {
            AdviceFact::CoreAnswered => count(core.answered),
            AdviceFact::CoreAsked => count(core.asked),
            AdviceFact::CoreShare => number(core.share()?),
            AdviceFact::CoreFull => number(advice.core.full),
            AdviceFact::CoreProvisional => number(advice.core.provisional),
            AdviceFact::CoreMissing => self.list_of(&self.missing_names(analysis)),
            AdviceFact::CoreAllMissing => self.missing_cells(analysis),
            AdviceFact::QuestionsAsked => count(questions.asked()),
            AdviceFact::QuestionsAnswered => count(questions.answered),
            AdviceFact::QuestionsNotApplicable => count(questions.not_applicable),
            AdviceFact::QuestionsUnknown => count(questions.unknown),
            AdviceFact::QuestionsMissing => count(questions.missing),
            AdviceFact::GapNames if gaps.weak.is_empty() => None,
            AdviceFact::GapNames => self.list_of(&self.first_gaps(analysis)),
            AdviceFact::GapCount if gaps.weak.is_empty() => count(0),
            AdviceFact::GapCount => count(gaps.cards.len()),
            AdviceFact::GapsBelow => count(gaps.weak.len()),
            AdviceFact::GapBlockers => count(gaps.weak.iter().filter(|gap| gap.blocks).count()),
            AdviceFact::GapsAsked => count(advice.gaps.gaps.len()),
            AdviceFact::GapsRated => count(gaps.ratings.iter().flatten().count()),
            AdviceFact::FirstGapName => Some(gap_name(gaps.weak.first()?)),
            AdviceFact::FirstGapRating => number(gaps.weak.first()?.rating),
            AdviceFact::NearGapName => Some(gap_name(gaps.near.first()?)),
            AdviceFact::GapWeak => number(advice.gaps.weak),
            AdviceFact::GapBlocker => number(advice.gaps.blocker),
            AdviceFact::Early => count(analysis.early()),
            AdviceFact::BuildCount => count(builds.len()),
            AdviceFact::BuildName => short(&first_build(analysis)?.name),
            AdviceFact::BuildNames => {
                let names = builds.iter().map(|own| own.name.as_str());
                self.list_of(&names.collect::<Vec<_>>())
            }
            AdviceFact::BuildStart => Some(Value::Date(first_build(analysis)?.latest_start)),
            AdviceFact::BuildReady => Some(Value::Date(ready(self.questionnaire, analysis)?)),
            AdviceFact::BuildWeeks if builds.is_empty() => None,
            AdviceFact::BuildWeeks => number(builds.iter().map(|own| own.weeks).sum()),
            AdviceFact::BuildWindow => number(f64::from(self.questionnaire.roadmap.days) / WEEK),
            AdviceFact::LoadOwner
            | AdviceFact::LoadActivities
            | AdviceFact::LoadOpen
            | AdviceFact::LoadOwners
            | AdviceFact::LoadTied
            | AdviceFact::LoadShared
            | AdviceFact::LoadPeak
            | AdviceFact::Overload
            | AdviceFact::Unowned
            | AdviceFact::OpenUnowned
            | AdviceFact::UnownedNames
            | AdviceFact::EveryoneNames => self.of_load(analysis, fact),
            AdviceFact::LastDay => Some(Value::Date(schedule.end)),
            AdviceFact::Close => Some(Value::Date(schedule.close())),
            AdviceFact::ProposedNames => self.proposed_names(analysis),
            AdviceFact::LeftOutNames => self.left_out_names(),
            AdviceFact::NextReview => Some(Value::Date(schedule.next_review(analysis.today)?)),
            AdviceFact::Reviews => count(schedule.reviews.len()),
            AdviceFact::Day => day(analysis),
            AdviceFact::ExpectedEnd => Some(Value::Date(analysis.forecast.as_ref()?.finish)),
            AdviceFact::Slip => count(analysis.forecast.as_ref()?.slip),
            AdviceFact::Edition => Some(Value::Text(analysis.edition.name().to_owned())),
            AdviceFact::AlsoNamed => self.also_named(),
            AdviceFact::OfferNames => self.offer_names(),
            AdviceFact::FirstType
            | AdviceFact::SecondType
            | AdviceFact::TypesTied
            | AdviceFact::TypesRated
            | AdviceFact::FirstTypePoints
            | AdviceFact::ChoiceType
            | AdviceFact::ChoiceWeeks
            | AdviceFact::LeadersType => self.of_types(analysis, fact),
        }
    }

    /// Facts about the load of the owners.
    fn of_load(&self, analysis: &Analysis, fact: AdviceFact) -> Option<Value> {
        let load = &analysis.load;
        match fact {
            AdviceFact::LoadOwner => short(load.busiest()?.owner.as_deref()?),
            AdviceFact::LoadActivities => count(load.busiest()?.activities.len()),
            AdviceFact::LoadOpen => count(load.open),
            AdviceFact::LoadOwners => self.list_of(&busiest_owners(load)),
            AdviceFact::LoadTied => count(load.busiest_owners().len()),
            AdviceFact::LoadShared => count(load.shared()),
            AdviceFact::LoadPeak => count(load.busiest()?.peak),
            AdviceFact::Overload => {
                let busiest = load.busiest();
                count(usize::from(
                    busiest.is_some_and(|own| load.is_overload(own)),
                ))
            }
            AdviceFact::Unowned => {
                let activities = analysis.schedule.activities.iter();
                count(activities.filter(|own| own.owner.is_none()).count())
            }
            AdviceFact::OpenUnowned => count(load.unowned()),
            AdviceFact::UnownedNames => self.unowned_names(analysis),
            AdviceFact::EveryoneNames => self.everyone_names(analysis),
            _ => None,
        }
    }

    /// Facts about the types of candidates.
    fn of_types(&self, analysis: &Analysis, fact: AdviceFact) -> Option<Value> {
        match fact {
            AdviceFact::FirstType => short(self.type_name(analysis, 0)?),
            AdviceFact::SecondType => short(self.type_name(analysis, 1)?),
            AdviceFact::TypesTied => count(tied_types(analysis)?),
            AdviceFact::TypesRated => count(analysis.types.len()),
            AdviceFact::ChoiceType => {
                let own = self.type_named(self.choice_kind()?)?;
                Some(Value::Text(own.one.clone()))
            }
            AdviceFact::ChoiceWeeks => {
                let own = self.type_named(self.choice_kind()?)?;
                number(self.number_of(own.weeks.as_ref()?)?)
            }
            AdviceFact::LeadersType => {
                let scores = self.questionnaire.scores.iter().zip(&self.scorecard.scores);
                let mut ranked = scores.filter(|(def, _)| def.ranked);
                let kind = ranked.find_map(|(_, score)| leading_kind(&score.ranking()))?;
                Some(Value::Text(self.type_named(kind)?.several.clone()))
            }
            AdviceFact::FirstTypePoints => self.first_type_points(analysis),
            _ => None,
        }
    }

    /// The open activities without a due date of the client.
    fn proposed_names(&self, analysis: &Analysis) -> Option<Value> {
        let activities = analysis.schedule.activities.iter().enumerate();
        let proposed = activities.filter(|(_, own)| !own.given && own.state != State::Done);
        let names = self.labels(proposed.map(|(index, _)| index));
        (!names.is_empty()).then(|| Value::Text(names.join(", ")))
    }

    fn unowned_names(&self, analysis: &Analysis) -> Option<Value> {
        let activities = analysis.schedule.activities.iter().enumerate();
        let open = activities.filter(|(_, own)| own.owner.is_none() && own.state != State::Done);
        self.list_of(&self.labels(open.map(|(index, _)| index)))
    }

    /// The open activities with an answer for the owner that names no single person.
    fn everyone_names(&self, analysis: &Analysis) -> Option<Value> {
        let defs = &self.questionnaire.roadmap.activities;
        let activities = analysis.schedule.activities.iter().enumerate();
        let open = activities.filter(|(_, own)| own.owner.is_none() && own.state != State::Done);
        let is_answered = |index: &usize| {
            let owner = defs[*index].owner;
            owner.is_some_and(|key| self.answers.text(key).is_some())
        };
        let shared = open.map(|(index, _)| index).filter(is_answered);
        self.list_of(&self.labels(shared))
    }

    fn left_out_names(&self) -> Option<Value> {
        let defs = self.questionnaire.roadmap.activities.iter().enumerate();
        let left_out = defs.filter(|(_, def)| {
            let status = def.status.map(|key| &self.answers.get(key).value);
            matches!(status, Some(Answer::NotApplicable))
        });
        self.list_of(&self.labels(left_out.map(|(index, _)| index)))
    }

    /// Returns the names of activities.
    fn labels(&self, indexes: impl Iterator<Item = usize>) -> Vec<&str> {
        let defs = &self.questionnaire.roadmap.activities;
        indexes.map(|index| defs[index].label.as_str()).collect()
    }

    /// The names of the gaps to close first.
    fn first_gaps(&self, analysis: &Analysis) -> Vec<&str> {
        let (gaps, defs) = (&analysis.gaps, &self.questionnaire.advice.gaps.gaps);
        let cards = gaps.cards.iter().take(MAX_LISTED);
        let shown = cards.map(|place| &gaps.shown()[*place]);
        shown.map(|gap| defs[gap.index].name.as_str()).collect()
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

    /// Returns the names of the missing key answers, each with its cell.
    fn missing_cells(&self, analysis: &Analysis) -> Option<Value> {
        let missing = analysis.core.missing.iter();
        let named: Vec<String> = missing
            .map(|key| {
                let label = &self.questionnaire.field(*key).row_label;
                match &self.answers.get(*key).place {
                    Some(place) => format!("{label} ({place})"),
                    None => label.clone(),
                }
            })
            .collect();
        (!named.is_empty()).then(|| Value::Text(named.join(", ")))
    }

    fn first_type_points(&self, analysis: &Analysis) -> Option<Value> {
        let points = analysis.types.first()?.points();
        let points = display::fixed(self.questionnaire, points, PLACES);
        Some(Value::Text(points))
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

    /// Returns the type of the client's choice.
    fn choice_kind(&self) -> Option<&str> {
        let choice = self.answers.chosen(self.questionnaire)?;
        let scores = self.questionnaire.scores.iter().zip(&self.scorecard.scores);
        let mut named = scores
            .filter(|(def, _)| def.ranked)
            .filter_map(|(_, score)| score.named(choice));
        named.find_map(|subject| subject.kind.as_deref())
    }

    fn type_named(&self, option: &str) -> Option<&TypeDef> {
        let types = self.questionnaire.advice.types.as_ref()?;
        types.types.iter().find(|own| own.option == option)
    }

    /// Returns the section with the offer to the type of the client's choice.
    pub fn offer(&self) -> Option<&Section> {
        let kind = self.choice_kind()?;
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
