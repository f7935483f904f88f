//! What the plan recommends: contradictions, the decision, moves, requests, and risks, from the questionnaire's rules.

use chrono::{Days, NaiveDate};

use super::block::{Move, Request};
use crate::analysis::{Analysis, Edition, Gap, State, WorkingDays};
use crate::display;
use crate::facts::{Facts, NAME};
use crate::questionnaire::{
    GapDef, MoveChoice, MoveDef, MoveWhat, OwnerDef, Questionnaire, RequestDef, RiskDef,
};
use crate::record::{Decision, RiskSummary};
use crate::text::shorten_words;

/// Maximum length of a sentence on the summary page, in characters.
pub const SENTENCE: usize = 160;
/// Earliest working day after the report date on which a move can be due.
const MIN_AHEAD: usize = 3;

/// Answers that contradict each other.
#[derive(Debug, Clone)]
pub struct Mismatch {
    /// What is seen.
    pub text: String,
    /// The figures.
    pub figures: String,
    /// What to decide.
    pub decide: String,
    /// The same as a request, if it is worth one.
    pub request: Option<String>,
}

/// What the plan recommends.
#[derive(Debug, Clone, Default)]
pub struct Advised {
    /// Contradictions in the answers.
    pub mismatches: Vec<Mismatch>,
    /// The decision.
    pub decision: Option<Decision>,
    /// The moves.
    pub moves: Vec<Move>,
    /// What the client is asked for.
    pub requests: Vec<Request>,
    /// Risks, the most important first.
    pub risks: Vec<RiskSummary>,
}

/// Returns the contradictions whose conditions hold.
pub fn mismatches(questionnaire: &Questionnaire, facts: &Facts) -> Vec<Mismatch> {
    let defs = questionnaire.advice.mismatches.iter();
    defs.filter(|def| facts.all_hold(&def.when))
        .filter_map(|def| {
            Some(Mismatch {
                text: facts.finish(&def.text)?,
                figures: facts.finish(&def.figures)?,
                decide: facts.first(&def.decide)?,
                request: def.request.as_ref().and_then(|text| facts.finish(text)),
            })
        })
        .collect()
}

/// Returns the first decision whose conditions hold and whose values are known.
pub fn decision(questionnaire: &Questionnaire, facts: &Facts) -> Option<Decision> {
    let defs = questionnaire.advice.decisions.iter();
    let mut decisions = defs.filter(|def| facts.all_hold(&def.when));
    decisions.find_map(|def| {
        Some(Decision {
            id: def.id.clone(),
            text: shorten_words(&facts.finish(&def.text)?, SENTENCE),
            withheld: def.withheld,
        })
    })
}

/// Returns the risks whose conditions hold, by likelihood times impact, then in the order of the file.
pub fn risks(
    questionnaire: &Questionnaire,
    facts: &Facts,
    analysis: &Analysis,
) -> Vec<RiskSummary> {
    let defs = questionnaire.advice.risks.iter();
    let mut risks: Vec<RiskSummary> = defs
        .filter(|def| facts.all_hold(&def.when))
        .filter_map(|def| risk(questionnaire, def, facts, analysis))
        .collect();
    risks.sort_by_key(|risk| u32::MAX - risk.likelihood * risk.impact);
    risks
}

fn risk(
    questionnaire: &Questionnaire,
    def: &RiskDef,
    facts: &Facts,
    analysis: &Analysis,
) -> Option<RiskSummary> {
    let owner = match &def.owner {
        OwnerDef::Activity(index) => analysis.schedule.activities[*index].owner.clone(),
        OwnerDef::Text(text) => facts.finish(text),
    };
    let owner = owner.unwrap_or_else(|| questionnaire.advice.name_one.clone());
    Some(RiskSummary {
        id: def.id.clone(),
        title: facts.finish(&def.title)?,
        consequence: facts.first(&def.consequence)?,
        mitigation: facts.first(&def.mitigation)?,
        owner: shorten_words(&owner, NAME),
        likelihood: def.likelihood,
        impact: def.impact,
    })
}

/// Returns the requests that apply.
pub fn requests(questionnaire: &Questionnaire, facts: &Facts) -> Vec<Request> {
    let request = |def: &RequestDef| {
        let text = facts
            .all_hold(&def.when)
            .then(|| facts.finish(&def.text))??;
        Some(Request {
            text: shorten_words(&text, SENTENCE),
            section: def.section.clone(),
        })
    };
    let requests = questionnaire.advice.requests.iter().filter_map(request);
    requests.collect()
}

/// Chooses the moves. Each gap is used at most once.
pub fn moves(questionnaire: &Questionnaire, facts: &Facts, analysis: &Analysis) -> Vec<Move> {
    let mut chooser = Chooser {
        questionnaire,
        facts,
        analysis,
        used: Vec::new(),
        texts: Vec::new(),
    };
    let defs = questionnaire.advice.moves.iter();
    defs.filter_map(|def| chooser.choose(def)).collect()
}

struct Chooser<'a> {
    questionnaire: &'a Questionnaire,
    facts: &'a Facts<'a>,
    analysis: &'a Analysis,
    /// Indexes of the gaps that a move already closes.
    used: Vec<usize>,
    /// Texts of the moves so far.
    texts: Vec<String>,
}

impl Chooser<'_> {
    fn choose(&mut self, def: &MoveDef) -> Option<Move> {
        let choices = def.choices.iter();
        let mut choices = choices.filter(|choice| self.facts.all_hold(&choice.when));
        let (text, activity, gap) = choices.find_map(|choice| self.of_choice(choice))?;
        self.used.extend(gap);
        self.texts.push(text.clone());
        let gap = gap.map(|index| &self.questionnaire.advice.gaps.gaps[index]);
        let date = gap.and_then(|def| step_date(self.questionnaire, self.analysis, def));
        let date = date.unwrap_or_else(|| self.date(activity));
        Some(self.dated(text, activity, date))
    }

    /// Returns the text, the activity, and the gap of a choice, if it applies.
    fn of_choice(&self, choice: &MoveChoice) -> Option<(String, Option<usize>, Option<usize>)> {
        let gaps = &self.analysis.gaps;
        let from_gap = |gaps: &[Gap]| {
            let gap = gaps.iter().find(|gap| self.is_move(gap))?;
            let def = &self.questionnaire.advice.gaps.gaps[gap.index];
            Some((step_text(def), def.activity, Some(gap.index)))
        };
        match &choice.what {
            MoveWhat::Gap => from_gap(&gaps.weak),
            MoveWhat::NearGap => from_gap(&gaps.near),
            MoveWhat::Text(text) => {
                let text = shorten_words(&self.facts.finish(text)?, SENTENCE);
                (!self.texts.contains(&text)).then_some((text, choice.activity, None))
            }
        }
    }

    /// Returns whether closing a gap is a move: its activity is open, and no other move closes it. One gap of an
    /// activity is enough.
    fn is_move(&self, gap: &Gap) -> bool {
        let defs = &self.questionnaire.advice.gaps.gaps;
        let Some(activity) = defs[gap.index].activity else {
            return !self.used.contains(&gap.index);
        };
        let is_open = self.analysis.schedule.activities[activity].state != State::Done;
        let is_used = |index: &usize| defs[*index].activity == Some(activity);
        is_open && !self.used.iter().any(is_used)
    }

    fn dated(&self, text: String, activity: Option<usize>, date: NaiveDate) -> Move {
        let (owner, owned) = owner(self.questionnaire, self.analysis, activity);
        Move {
            text,
            owner,
            owned,
            date,
            date_text: display::date(self.questionnaire, date),
            activity,
        }
    }

    /// Returns the date of a move: that of its activity, or else the next review. Never in the past, and in a first plan
    /// never after the second review.
    fn date(&self, activity: Option<usize>) -> NaiveDate {
        let Analysis {
            schedule,
            today,
            forecast,
            ..
        } = self.analysis;
        let days = WorkingDays(&self.questionnaire.roadmap);
        let next = schedule.next_review(*today).unwrap_or(*today);
        let own = activity.map_or(next, |index| self.analysis.dates(index).1);
        let own = match schedule.reviews.get(1) {
            Some(second) if second > today && forecast.is_none() => own.min(*second),
            _ => own,
        };
        ahead(days, own, *today)
    }
}

/// Returns the owner of an activity, or the text for no owner, and whether the activity has an owner.
pub fn owner(
    questionnaire: &Questionnaire,
    analysis: &Analysis,
    activity: Option<usize>,
) -> (String, bool) {
    let own = activity.and_then(|index| analysis.schedule.activities[index].owner.as_deref());
    let text = own.unwrap_or(&questionnaire.advice.name_one);
    (shorten_words(text, NAME), own.is_some())
}

/// Returns the first step of a gap as a label, which has no period.
pub fn step_text(gap: &GapDef) -> String {
    gap.first.trim_end_matches('.').to_owned()
}

/// Returns the date of the first step of a gap. `None` if it is due with its activity, and after the ninety days.
pub fn step_date(
    questionnaire: &Questionnaire,
    analysis: &Analysis,
    gap: &GapDef,
) -> Option<NaiveDate> {
    if analysis.edition == Edition::Closing {
        return None;
    }
    if let Some(day) = gap.first_day {
        return Some(first_step(questionnaire, analysis, day));
    }
    let activity = gap.activity.filter(|_| gap.before_start)?;
    let is_ahead = analysis.schedule.activities[activity].state == State::NotStarted;
    is_ahead.then(|| {
        let before = analysis.dates(activity).0 - Days::new(1);
        ahead(WorkingDays(&questionnaire.roadmap), before, analysis.today)
    })
}

/// Returns the date of a first step that is due by this day of the roadmap, from 1.
fn first_step(questionnaire: &Questionnaire, analysis: &Analysis, day: u32) -> NaiveDate {
    let start = analysis.schedule.start;
    let date = start + Days::new(u64::from(day.saturating_sub(1)));
    ahead(WorkingDays(&questionnaire.roadmap), date, analysis.today)
}

/// Returns the last working day up to a date, or the earliest on which a move can be due.
fn ahead(days: WorkingDays, date: NaiveDate, today: NaiveDate) -> NaiveDate {
    let earliest = days.add(today, MIN_AHEAD);
    days.up_to(date.max(earliest)).max(earliest)
}
