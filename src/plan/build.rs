//! Builds a plan from answers, scores, issues, and dates.

use chrono::NaiveDate;

use super::advise::{self, Advised, SENTENCE};
use super::fill::{Filler, fill};
use super::model::*;
use super::plan_facts::PlanFacts;
use super::targets::targets;
use super::{message, roadmap};
use crate::analysis::{Analysis, Edition, PreviousActivity, PreviousPlan};
use crate::answers::Answers;
use crate::benchmark::Benchmarks;
use crate::check;
use crate::display;
use crate::facts::{Facts, Figures, NAME};
use crate::issue::{Counts, Issue};
use crate::questionnaire::{CoverDef, Fact, FormatString, Questionnaire, Value};
use crate::record::{Change, Previous, *};
use crate::score::{Payback, Score, Scorecard};
use crate::text::{one_line, shorten_words};

/// The sender of the plan.
#[derive(Debug, Clone, Default)]
pub struct Sender {
    /// Consultant's name, on the cover and in the footer.
    pub consultant: String,
    /// Such as "Confidential".
    pub confidentiality: String,
    /// Contact details at the bottom of the cover.
    pub contact: Vec<Contact>,
    /// Alternative text of the logo.
    pub logo_text: String,
}

/// The inputs of a plan.
pub struct Inputs<'a> {
    /// The questionnaire.
    pub questionnaire: &'a Questionnaire,
    /// The answers.
    pub answers: &'a Answers,
    /// Issues from reading the workbook.
    pub issues: Vec<Issue>,
    /// The workbook.
    pub source: Source,
    /// The report date.
    pub today: NaiveDate,
    /// The sender.
    pub sender: &'a Sender,
    /// The data that the client is compared with.
    pub compared: Compared<'a>,
    /// Returns whether a character can be printed.
    pub prints: fn(char) -> bool,
}

/// The data that a plan compares its client with. Nothing by default.
#[derive(Debug, Clone, Copy, Default)]
pub struct Compared<'a> {
    /// The clients of the previous run.
    pub previous: Option<&'a Previous>,
    /// Anonymous values over all clients.
    pub benchmarks: Option<&'a Benchmarks>,
}

/// Builds the plan. Pure: the same inputs always give the same plan.
pub fn build(inputs: Inputs) -> Plan {
    let Inputs {
        questionnaire,
        answers,
        mut issues,
        source,
        today,
        sender,
        compared,
        prints,
    } = inputs;
    let scorecard = Scorecard::of(questionnaire, answers);
    issues.extend(check::check(questionnaire, answers, &scorecard));
    check::unprintable(questionnaire, answers, prints, &mut issues);
    let client = client(questionnaire, answers, &source);
    let previous = compared
        .previous
        .and_then(|previous| previous.of(&questionnaire.id, &client, &source.file));
    let plan = previous.map(previous_plan);
    let analysis = Analysis::of(questionnaire, answers, &scorecard, today, plan.as_ref());
    let figures = Figures::of(questionnaire, answers, &scorecard, &analysis);
    let roadmap = roadmap::build(questionnaire, answers, &analysis, &mut issues);
    check::sort(questionnaire, &mut issues);
    let mut record = Record {
        client,
        questionnaire: QuestionnaireRef {
            id: questionnaire.id.clone(),
            version: questionnaire.version,
            title: questionnaire.title.clone(),
            language: questionnaire.language.clone(),
        },
        report_date: today,
        completeness: answers.completeness(questionnaire).into(),
        not_applicable: answers.not_applicable(questionnaire),
        scores: scores(questionnaire, &scorecard),
        finance: finance(questionnaire, answers, &scorecard),
        edition: analysis.edition,
        advice: AdviceSummary::default(),
        counts: Counts::of(&issues),
        answers: answer_lines(questionnaire, answers),
        primary: answers.chosen(questionnaire).map(str::to_owned),
        source,
        roadmap,
        issues,
        targets: targets(questionnaire, answers),
        message: Message::default(),
        change: None,
        outputs: Outputs::default(),
    };
    let base = Facts::of(questionnaire, answers, &scorecard).with_analysis(&analysis, &figures);
    let context = Context {
        questionnaire,
        analysis: &analysis,
        base,
        sender,
        currency: display::currency_symbol(questionnaire, answers),
        filled_in_on: answers.filled_in_on(questionnaire),
    };
    record.advice = context.summary(&Advised::default(), &figures);
    // In a new round, the workbook still contains what became of the previous one.
    let is_done = |row: &str| match analysis.edition {
        Edition::NextRound => is_done(questionnaire, answers, row),
        _ => {
            let mut activities = record.roadmap.activities.iter();
            activities.any(|own| own.id == row && own.done)
        }
    };
    record.change = previous.map(|previous| Change::between(previous, &record, is_done));
    let advised = context.advised(&record);
    record.advice = context.summary(&advised, &figures);
    context.plan(record, &advised, (answers, &scorecard), compared.benchmarks)
}

/// What is needed to recommend something.
struct Context<'a> {
    questionnaire: &'a Questionnaire,
    analysis: &'a Analysis,
    base: Facts<'a>,
    sender: &'a Sender,
    currency: &'a str,
    /// When the client gave the answers.
    filled_in_on: Option<NaiveDate>,
}

impl<'a> Context<'a> {
    fn plan_facts<'b>(&'b self, record: &'b Record, advised: &'b Advised) -> PlanFacts<'b> {
        PlanFacts {
            questionnaire: self.questionnaire,
            record,
            advised,
            currency: self.currency,
            consultant: &self.sender.consultant,
            confidentiality: &self.sender.confidentiality,
            filled_in_on: self.filled_in_on,
        }
    }

    /// Writes the plan: what its pages and the email say.
    fn plan(
        &self,
        mut record: Record,
        advised: &Advised,
        (answers, scorecard): (&Answers, &Scorecard),
        benchmarks: Option<&Benchmarks>,
    ) -> Plan {
        let questionnaire = self.questionnaire;
        let plan_facts = self.plan_facts(&record, advised);
        let lookup = |fact: &Fact| plan_facts.value(fact);
        let facts = self.base.with_plan(&lookup);
        let filler = Filler {
            questionnaire,
            answers,
            scorecard,
            analysis: self.analysis,
            advised,
            record: &record,
            benchmarks,
            facts: &facts,
        };
        let layout = &questionnaire.plan_layout;
        let sections = fill(&filler, &layout.section);
        let notes = fill(&filler, &layout.notes);
        let words = |text: &FormatString| facts.finish(text).unwrap_or_default();
        let cover = cover(&layout.cover, &facts, self.sender);
        let draft = (record.counts.errors > 0)
            .then(|| (layout.words.draft.clone(), words(&layout.words.draft_note)));
        let running_head = words(&layout.words.running_head);
        let message = message::write(questionnaire, &facts);
        record.message = message;
        Plan {
            cover,
            running_head,
            page_word: layout.words.page.clone(),
            confidentiality: self.sender.confidentiality.clone(),
            notes_foot: layout.words.notes_foot.clone(),
            draft,
            sections,
            notes,
            record,
        }
    }

    /// Returns the recommendations. Each step can refer to those before it: a move to the decision, for example.
    fn advised(&self, record: &Record) -> Advised {
        let questionnaire = self.questionnaire;
        let mut advised = Advised::default();
        let mismatches = self.step(record, &advised, |facts| {
            advise::mismatches(questionnaire, facts)
        });
        advised.mismatches = mismatches;
        let decision = self.step(record, &advised, |facts| {
            advise::decision(questionnaire, facts)
        });
        advised.decision = decision;
        let moves = self.step(record, &advised, |facts| {
            advise::moves(questionnaire, facts, self.analysis)
        });
        advised.moves = moves;
        let requests = self.step(record, &advised, |facts| {
            advise::requests(questionnaire, facts)
        });
        advised.requests = requests;
        let risks = self.step(record, &advised, |facts| {
            advise::risks(questionnaire, facts, self.analysis)
        });
        advised.risks = risks;
        advised
    }

    fn step<T>(&self, record: &Record, advised: &Advised, step: impl Fn(&Facts) -> T) -> T {
        let plan_facts = self.plan_facts(record, advised);
        let lookup = |fact: &Fact| plan_facts.value(fact);
        step(&self.base.with_plan(&lookup))
    }

    /// Returns what is kept of the recommendations.
    fn summary(&self, advised: &Advised, figures: &Figures) -> AdviceSummary {
        let questionnaire = self.questionnaire;
        let core = &self.analysis.core;
        let defs = questionnaire.advice.figures.iter().enumerate();
        let figures = defs.filter_map(|(index, def)| {
            let number = match figures.value(index)? {
                Value::Number(number) => Some(number),
                _ => None,
            };
            Some(FigureSummary {
                id: def.id.clone(),
                number,
                text: self.base.exact(index)?,
            })
        });
        let gaps = self.analysis.gaps.weak.iter().map(|gap| {
            let def = &questionnaire.advice.gaps.gaps[gap.index];
            GapSummary {
                id: def.id.clone(),
                name: def.name.clone(),
                rating: gap.rating,
                priority: gap.priority,
                activity: def
                    .activity
                    .map(|index| questionnaire.roadmap.activities[index].row.clone()),
            }
        });
        let mut selections = self.analysis.selections.iter().flatten();
        let choice = selections.find(|_| questionnaire.identity.choice.is_some());
        let rated = questionnaire.advice.gaps.gaps.iter();
        let rated = rated.zip(&self.analysis.gaps.ratings);
        AdviceSummary {
            rated_gaps: rated
                .filter(|(_, rating)| rating.is_some())
                .map(|(def, _)| def.id.clone())
                .collect(),
            decision: advised.decision.clone(),
            core: Completeness {
                answered: core.answered,
                expected: core.asked,
            },
            provisional: core
                .share()
                .is_some_and(|share| share < questionnaire.advice.core.full),
            figures: figures.collect(),
            gaps: gaps.collect(),
            risks: advised.risks.clone(),
            mismatches: advised
                .mismatches
                .iter()
                .map(|own| own.text.clone())
                .collect(),
            choice_case: choice.map(|own| own.case.name().to_owned()),
            choice_behind: choice.and_then(|own| own.behind),
        }
    }
}

/// Returns whether the client reports a row of the roadmap as done.
fn is_done(questionnaire: &Questionnaire, answers: &Answers, row: &str) -> bool {
    let roadmap = &questionnaire.roadmap;
    let activity = roadmap.activities.iter().find(|own| own.row == row);
    let status = activity
        .and_then(|activity| activity.status)
        .and_then(|key| answers.choice(questionnaire, key));
    status == Some(roadmap.done())
}

/// Returns what the analysis needs of a previous plan.
fn previous_plan(previous: &Record) -> PreviousPlan {
    let roadmap = &previous.roadmap;
    PreviousPlan {
        start: roadmap.start,
        stale_start: roadmap.stale_start,
        close: roadmap.reviews.last().map_or(roadmap.end, |own| own.date),
        activities: roadmap
            .activities
            .iter()
            .map(|own| PreviousActivity {
                row: own.id.clone(),
                due: own.due,
                status: own.status.clone(),
                stale: own.stale.clone(),
            })
            .collect(),
        all_done: !roadmap.activities.is_empty() && roadmap.activities.iter().all(|own| own.done),
    }
}

fn cover(layout: &CoverDef, facts: &Facts, sender: &Sender) -> Cover {
    let words = |text: &FormatString| facts.finish(text).unwrap_or_default();
    let lines = layout.facts.iter().filter_map(|fact| {
        let text = shorten_words(&facts.first(&fact.lines)?, SENTENCE);
        Some((fact.label.clone(), text))
    });
    Cover {
        title: words(&layout.title),
        subtitle: shorten_words(&words(&layout.subtitle), 4 * NAME),
        consultant: sender.consultant.clone(),
        facts: lines.collect(),
        note: facts.first(&layout.note).unwrap_or_default(),
        contact: sender.contact.clone(),
        logo_text: sender.logo_text.clone(),
    }
}

fn client(questionnaire: &Questionnaire, answers: &Answers, source: &Source) -> Client {
    let text = |key: Option<_>| key.and_then(|key| answers.text(key)).map(str::to_owned);
    let stem = source
        .file
        .rsplit_once('.')
        .map_or(source.file.as_str(), |(stem, _)| stem);
    // The name is printed inside lines of text.
    let name = text(Some(questionnaire.identity.company)).map(|name| one_line(&name));
    Client {
        id: None,
        named: name.is_some(),
        name: name.unwrap_or_else(|| one_line(stem)),
        contact: text(questionnaire.identity.contact),
        email: text(questionnaire.identity.email),
        industry: text(questionnaire.identity.industry).or_else(|| {
            let option = answers.choice(questionnaire, questionnaire.identity.industry?);
            option.map(str::to_owned)
        }),
        currency: questionnaire
            .identity
            .currency
            .and_then(|key| answers.choice(questionnaire, key))
            .map(str::to_owned),
    }
}

/// Returns the scores of a client as they are kept in its record.
pub fn scores(questionnaire: &Questionnaire, scorecard: &Scorecard) -> Vec<ScoreSummary> {
    let summary = |(def, score): (&crate::questionnaire::ScoreDef, &Score)| {
        let mut subjects: Vec<&crate::score::Subject> = score.ranking();
        subjects.extend(
            score
                .subjects
                .iter()
                .filter(|subject| subject.rank.is_none()),
        );
        ScoreSummary {
            id: def.id.clone(),
            label: def.label.clone(),
            out_of: def.out_of,
            ranked: def.ranked,
            bands: def
                .bands
                .iter()
                .map(|band| BandSummary {
                    label: band.label.clone(),
                    tone: band.tone,
                    from: band.from,
                })
                .collect(),
            ratings: rating_summaries(questionnaire, score),
            subjects: subjects
                .into_iter()
                .map(|subject| SubjectSummary {
                    name: subject.name.clone(),
                    kind: subject.kind.clone(),
                    points: subject.points,
                    band: subject.band.as_ref().map(|band| BandName {
                        label: band.label.clone(),
                        tone: band.tone,
                    }),
                    rank: subject.rank,
                    tied: score.is_tied(subject),
                    indicative: subject.indicative,
                    knocked_out: subject
                        .knocked_out
                        .iter()
                        .map(|key| questionnaire.field(*key).row_label.clone())
                        .collect(),
                    dimensions: subject
                        .dimensions
                        .iter()
                        .map(|dimension| DimensionSummary {
                            id: dimension.id.clone(),
                            label: dimension.label.clone(),
                            weight: dimension.weight,
                            applies: dimension.applies,
                            mean: dimension.mean,
                            points: dimension.points,
                            answered: dimension.answered,
                            expected: dimension.expected,
                        })
                        .collect(),
                    ratings: subject
                        .dimensions
                        .iter()
                        .flat_map(|dimension| dimension.ratings.iter().map(|(_, counted)| *counted))
                        .collect(),
                    completeness: subject.completeness().into(),
                })
                .collect(),
        }
    };
    questionnaire
        .scores
        .iter()
        .zip(&scorecard.scores)
        .map(summary)
        .collect()
}

/// Returns the ratings of a score. All its subjects have the same ratings.
fn rating_summaries(questionnaire: &Questionnaire, score: &Score) -> Vec<RatingSummary> {
    let model = score.subjects.first();
    let dimensions = model
        .iter()
        .flat_map(|subject| &subject.dimensions)
        .enumerate();
    let ratings = dimensions
        .flat_map(|(index, dimension)| dimension.ratings.iter().map(move |(key, _)| (index, *key)));
    ratings
        .map(|(dimension, key)| {
            let field = questionnaire.field(key);
            RatingSummary {
                label: field.row_label.clone(),
                dimension,
                inverted: field.is_reverse_scored(),
            }
        })
        .collect()
}

fn finance(
    questionnaire: &Questionnaire,
    answers: &Answers,
    scorecard: &Scorecard,
) -> FinanceSummary {
    let (Some(def), Some(finance)) = (&questionnaire.finance, &scorecard.finance) else {
        return FinanceSummary::default();
    };
    FinanceSummary {
        investment: finance.investment,
        returns: finance.returns,
        growth: finance.growth(),
        growth_after_cost: finance
            .growth()
            .zip(finance.investment)
            .map(|(growth, cost)| growth - cost),
        multiple: finance.multiple,
        payback_months: finance.payback.and_then(Payback::months),
        never: finance.payback == Some(Payback::Never),
        entered_multiple: def.entered_roi.and_then(|key| answers.number(key)),
        entered_payback_months: def
            .entered_payback
            .and_then(|own| Some(answers.number(own.key)? * own.months)),
    }
}

fn answer_lines(questionnaire: &Questionnaire, answers: &Answers) -> Vec<AnswerLine> {
    let line = |(key, _)| {
        let answer = answers.get(key);
        AnswerLine {
            number: answer.value.number(),
            day: answer.value.day(),
            text: display::value(questionnaire, answers, key).unwrap_or_default(),
            state: (&answer.value).into(),
            raw: answer.raw.clone(),
            place: answer.place.clone(),
        }
    };
    questionnaire.inputs().map(line).collect()
}
