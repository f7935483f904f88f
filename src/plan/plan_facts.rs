//! Facts about the plan as a whole and about the change since a previous run.

use super::advise::Advised;
use super::block::Move;
use crate::facts::{NAME, list};
use chrono::{Datelike, NaiveDate};

use crate::questionnaire::{ChangeFact, Fact, PlanFact, Questionnaire, Value};
use crate::record::{Activity, Change, Outcome, Record, Urgency};
use crate::text::shorten_words;

/// Answers dated at most this many days after the previous run can say nothing about what has happened since.
const STALE_DAYS: i64 = 7;

/// The data behind facts about the plan as a whole.
#[derive(Clone, Copy)]
pub struct PlanFacts<'a> {
    pub questionnaire: &'a Questionnaire,
    pub record: &'a Record,
    /// What the plan recommends, as far as it is known.
    pub advised: &'a Advised,
    /// Symbol of the client's currency.
    pub currency: &'a str,
    /// The consultant's name.
    pub consultant: &'a str,
    /// Such as "Confidential".
    pub confidentiality: &'a str,
    /// When the client gave the answers.
    pub filled_in_on: Option<NaiveDate>,
}

impl PlanFacts<'_> {
    /// Returns the value of a fact. `None` if it is unknown or not about the plan.
    pub fn value(&self, fact: &Fact) -> Option<Value> {
        match fact {
            Fact::Plan(fact) => self.of_plan(*fact),
            Fact::Change(fact) => self.of_change(*fact),
            _ => None,
        }
    }

    fn of_plan(&self, fact: PlanFact) -> Option<Value> {
        let Self {
            questionnaire,
            record,
            advised,
            currency,
            consultant,
            confidentiality,
            ..
        } = *self;
        let Record {
            roadmap, counts, ..
        } = record;
        let text = |text: &str| (!text.is_empty()).then(|| Value::Text(text.to_owned()));
        let count = |count: usize| Some(Value::Number(count as f64));
        let activities = roadmap.activities.iter();
        let of_urgency = |urgency| {
            let all = activities.clone().enumerate();
            all.filter(move |(_, own)| own.urgency == urgency)
        };
        match fact {
            PlanFact::Title => text(&questionnaire.title),
            PlanFact::Subtitle => text(&questionnaire.subtitle),
            PlanFact::Start => Some(Value::Date(roadmap.start)),
            PlanFact::End => Some(Value::Date(roadmap.end)),
            PlanFact::ReportDate => Some(Value::Date(record.report_date)),
            PlanFact::Completeness => {
                Some(Value::Number((100.0 * record.completeness.share()).floor()))
            }
            PlanFact::NotApplicable => count(record.not_applicable),
            PlanFact::Errors => count(counts.errors),
            PlanFact::Warnings => count(counts.warnings),
            PlanFact::Open => count(counts.errors + counts.warnings),
            PlanFact::Urgent => count(of_urgency(Urgency::Urgent).count()),
            PlanFact::UrgentNames => text(&reasons_with_numbers(of_urgency(Urgency::Urgent))),
            PlanFact::AttentionNames => {
                text(&reasons_with_numbers(of_urgency(Urgency::NeedsAttention)))
            }
            PlanFact::AttentionNumbers => text(&self.attention_numbers()),
            PlanFact::NeedAttention => count(of_urgency(Urgency::NeedsAttention).count()),
            PlanFact::OldAnswers => {
                let has_begun = record.report_date >= roadmap.start;
                let is_old = self.filled_in_on.is_some_and(|day| day < roadmap.start);
                count(usize::from(has_begun && is_old))
            }
            PlanFact::Overdue => {
                let overdue = activities.filter(|own| own.is_overdue(record.report_date));
                count(overdue.count())
            }
            PlanFact::Activities => count(roadmap.activities.len()),
            PlanFact::Unowned => count(activities.filter(|activity| !activity.owned).count()),
            PlanFact::Source => text(&record.source.file),
            PlanFact::Days => Some(Value::Number(f64::from(questionnaire.roadmap.days))),
            PlanFact::Decision => text(&advised.decision.as_ref()?.text),
            PlanFact::DecisionId => text(&advised.decision.as_ref()?.id),
            PlanFact::FirstMismatch => {
                let mut requests = advised
                    .mismatches
                    .iter()
                    .filter_map(|own| own.request.as_ref());
                text(requests.next()?)
            }
            PlanFact::Mismatches => count(advised.mismatches.len()),
            PlanFact::Risks => count(advised.risks.len()),
            PlanFact::FirstRisk => text(&advised.risks.first()?.title),
            PlanFact::FirstMove => text(&advised.moves.first()?.text),
            PlanFact::FirstMoveWho => text(&self.who(advised.moves.first()?)),
            PlanFact::SecondMove => text(&advised.moves.get(1)?.text),
            PlanFact::SecondMoveWho => text(&self.who(advised.moves.get(1)?)),
            PlanFact::ThirdMove => text(&advised.moves.get(2)?.text),
            PlanFact::ThirdMoveWho => text(&self.who(advised.moves.get(2)?)),
            PlanFact::FirstRequest => text(&advised.requests.first()?.text),
            PlanFact::HolidayDates => count(self.on_holidays().len()),
            PlanFact::HolidayNames => text(&self.on_holidays().join(", ")),
            PlanFact::Currency => text(currency.trim()),
            PlanFact::Consultant => text(consultant),
            PlanFact::Confidentiality => text(confidentiality),
            PlanFact::Client => text(&shorten_words(&record.client.name, NAME)),
        }
    }

    /// Returns the numbers of the activities that need attention.
    fn attention_numbers(&self) -> String {
        let all = self.record.roadmap.activities.iter().enumerate();
        let open = all.filter(|(_, own)| own.urgency == Urgency::NeedsAttention);
        let numbers: Vec<String> = open.map(|(index, _)| (index + 1).to_string()).collect();
        let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
        list(&numbers, &self.questionnaire.plan_layout.words)
    }

    /// Returns what falls on a usual holiday, if no holidays are given.
    fn on_holidays(&self) -> Vec<String> {
        let def = &self.questionnaire.roadmap;
        if !def.holidays.is_empty() {
            return Vec::new();
        }
        let roadmap = &self.record.roadmap;
        let is_usual = |day: NaiveDate| {
            let mut usual = def.usual_holidays.iter();
            usual.any(|own| (own.month, own.day) == (day.month(), day.day()))
        };
        let activities = roadmap.activities.iter().filter(|own| !own.done);
        let activities = activities.filter(|own| is_usual(own.from) || is_usual(own.due));
        let reviews = roadmap.reviews.iter().filter(|own| is_usual(own.date));
        let names = activities.map(|own| &own.label);
        names
            .chain(reviews.map(|own| &own.label))
            .cloned()
            .collect()
    }

    /// Returns owner and date of a move.
    fn who(&self, own: &Move) -> String {
        let by = &self.questionnaire.plan_layout.words.by;
        let owner = match own.owned {
            true => &own.owner,
            false => &self.questionnaire.roadmap.unnamed_owner,
        };
        format!("{owner}, {by} {}", own.date_text)
    }

    fn of_change(&self, fact: ChangeFact) -> Option<Value> {
        let change: &Change = self.record.change.as_ref()?;
        let count = |count: usize| Some(Value::Number(count as f64));
        match fact {
            ChangeFact::Since => Some(Value::Date(change.since)),
            ChangeFact::Stale => {
                let age = |day: NaiveDate| (day - change.since).num_days();
                let is_old = self.filled_in_on.is_some_and(|day| age(day) <= STALE_DAYS);
                count(usize::from(is_old && change.is_unchanged()))
            }
            ChangeFact::Commitments => count(change.commitments.len()),
            ChangeFact::Kept => count(change.count(Outcome::Kept)),
            ChangeFact::Missed => count(change.count(Outcome::Missed)),
            ChangeFact::Due => count(change.count(Outcome::Kept) + change.count(Outcome::Missed)),
            ChangeFact::GapsClosed => count(change.gaps_closed.len()),
            ChangeFact::ClosedNames => match change.gaps_closed.as_slice() {
                [] => None,
                names => Some(Value::Text(names.join(", "))),
            },
            ChangeFact::Upcoming => count(change.count(Outcome::Open)),
            ChangeFact::Resolved => count(change.resolved.len()),
            ChangeFact::Remaining => count(change.remaining),
            ChangeFact::Added => count(change.added),
        }
    }
}

/// Lists the reasons of activities, each with the number of its activity in the roadmap.
fn reasons_with_numbers<'a>(activities: impl Iterator<Item = (usize, &'a Activity)>) -> String {
    let reasons: Vec<String> = activities
        .map(|(index, own)| {
            let reason = own.reasons.first().unwrap_or(&own.label);
            format!("{reason} ({})", index + 1)
        })
        .collect();
    reasons.join("; ")
}
