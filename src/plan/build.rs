//! Putting a plan together: dates, facts, sections, summaries.

use chrono::NaiveDate;

use super::change::{Change, Outcome};
use super::earlier::Previous;
use super::facts::{Facts, NAME};
use super::fill::{Filler, fill};
use super::model::*;
use super::{message, recommend, roadmap};
use crate::answers::Answers;
use crate::benchmark::Benchmarks;
use crate::check;
use crate::display;
use crate::finding::{Counts, Finding};
use crate::programme::{Programme, Tone};
use crate::score::{Payback, Score, Scorecard};
use crate::text::{one_line, shorten};

/// Who sends the plan.
#[derive(Debug, Clone, Default)]
pub struct Sender {
    /// Consultant's name, on the cover and in the foot.
    pub consultant: String,
    /// Such as "Confidential".
    pub confidentiality: String,
    /// Whom to write to, at the foot of the cover.
    pub contact: Vec<Contact>,
    /// What the logo says, for those who do not see it.
    pub logo_text: String,
}

/// What a plan is made of.
pub struct Inputs<'a> {
    /// The programme.
    pub programme: &'a Programme,
    /// The answers.
    pub answers: &'a Answers,
    /// What was found while reading them.
    pub findings: Vec<Finding>,
    /// The workbook.
    pub source: Source,
    /// The run date.
    pub today: NaiveDate,
    /// Who sends it.
    pub sender: &'a Sender,
    /// What the client is compared with.
    pub compared: Compared<'a>,
    /// Whether a character can be printed.
    pub prints: fn(char) -> bool,
}

/// What a plan compares its client with; by default with nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Compared<'a> {
    /// The client's own earlier plan.
    pub previous: Option<&'a Previous>,
    /// All clients, anonymously.
    pub benchmarks: Option<&'a Benchmarks>,
}

/// Builds the plan. Pure: the same inputs give the same plan.
pub fn build(inputs: Inputs) -> Plan {
    let Inputs {
        programme,
        answers,
        mut findings,
        source,
        today,
        sender,
        compared,
        prints,
    } = inputs;
    let scorecard = Scorecard::of(programme, answers);
    findings.extend(check::check(programme, answers, &scorecard));
    check::unprintable(programme, answers, prints, &mut findings);
    let roadmap = roadmap::build(programme, answers, today, &mut findings);
    check::sort(programme, &mut findings);
    let mut record = Record {
        client: client(programme, answers, &source),
        programme: ProgrammeRef {
            id: programme.id.clone(),
            version: programme.version,
            title: programme.title.clone(),
            language: programme.language.clone(),
        },
        made: today,
        completeness: answers.completeness(programme),
        not_applicable: answers.not_applicable(programme),
        scores: scores(programme, &scorecard),
        finance: finance(programme, answers, &scorecard),
        counts: Counts::of(&findings),
        answers: answer_lines(programme, answers),
        primary: primary(programme, answers),
        source,
        roadmap,
        findings,
        targets: Vec::new(),
        message: Message::default(),
        change: None,
    };
    let file = &record.source.file;
    record.change = compared
        .previous
        .and_then(|previous| previous.of(&programme.id, &record.client, file))
        .map(|earlier| Change::between(earlier, &record));

    let mut facts = Facts::of(programme, answers, &scorecard, record.primary.as_deref());
    add_plan_facts(&mut facts, programme, &record, sender);
    let actions = recommend::recommend(programme, answers, &facts, &record.roadmap);
    let filler = Filler {
        programme,
        answers,
        scorecard: &scorecard,
        record: &record,
        benchmarks: compared.benchmarks,
        facts: &facts,
        actions: &actions,
    };
    let (sections, targets) = fill(&filler);
    let board = &programme.storyboard;
    let words = |wording: &crate::programme::Wording| {
        wording
            .finish(|fact| facts.get_text(fact))
            .unwrap_or_default()
    };
    let cover = Cover {
        title: words(&board.cover.title),
        subtitle: shorten(&words(&board.cover.subtitle), 2 * NAME),
        consultant: sender.consultant.clone(),
        facts: board
            .cover
            .facts
            .iter()
            .filter_map(|fact| {
                Some((
                    fact.label.clone(),
                    shorten(&facts.first(&fact.lines)?, NAME),
                ))
            })
            .collect(),
        note: facts.first(&board.cover.note).unwrap_or_default(),
        contact: sender.contact.clone(),
        logo_text: sender.logo_text.clone(),
    };
    let draft = (record.counts.errors > 0)
        .then(|| (board.words.draft.clone(), words(&board.words.draft_note)));
    let running_head = words(&board.words.running_head);
    record.targets = targets;
    record.message = message::write(programme, &mut facts, &actions);
    Plan {
        cover,
        contents: board.words.contents.clone(),
        running_head,
        confidentiality: sender.confidentiality.clone(),
        draft,
        sections,
        record,
    }
}

/// What the programme's words may say of the plan as a whole.
fn add_plan_facts(facts: &mut Facts, programme: &Programme, record: &Record, sender: &Sender) {
    let Record {
        client,
        source,
        made,
        completeness,
        roadmap,
        counts,
        change,
        ..
    } = record;
    facts.text("client.name", &client.name);
    facts.text("plan.title", &programme.title);
    facts.text("plan.subtitle", &programme.subtitle);
    facts.text("plan.start", display::date(programme, roadmap.start));
    facts.text("plan.end", display::date(programme, roadmap.end));
    facts.text("plan.made", display::date(programme, *made));
    facts.text("plan.source", &source.file);
    facts.text("brand.consultant", &sender.consultant);
    facts.text("brand.confidentiality", &sender.confidentiality);
    let percent = if completeness.1 == 0 {
        0.0
    } else {
        (100.0 * completeness.0 as f64 / completeness.1 as f64).floor()
    };
    let mut count = |name: &str, count: usize| facts.number(name, count as f64, 0);
    count("plan.not_applicable", record.not_applicable);
    count("plan.errors", counts.errors);
    count("plan.warnings", counts.warnings);
    count("plan.open", counts.errors + counts.warnings);
    let of_urgency = |tone| {
        let activities = roadmap.activities.iter();
        activities
            .filter(|activity| activity.urgency == tone)
            .count()
    };
    count("plan.urgent", of_urgency(Tone::Bad));
    count("plan.pressing", of_urgency(Tone::Watch));
    let overdue = roadmap.activities.iter();
    let overdue = overdue.filter(|activity| activity.is_overdue(*made));
    count("plan.overdue", overdue.count());
    count("plan.activities", roadmap.activities.len());
    let unowned = roadmap.activities.iter().filter(|activity| !activity.owned);
    count("plan.unowned", unowned.count());
    if let Some(change) = change {
        count("change.mended", change.mended.len());
        count("change.remaining", change.remaining);
        count("change.added", change.added);
        count("change.kept", change.count(Outcome::Kept));
        count("change.missed", change.count(Outcome::Missed));
        count("change.to_come", change.count(Outcome::Open));
        count("change.commitments", change.commitments.len());
    }
    if let Some(change) = change {
        facts.text("change.since", display::date(programme, change.since));
    }
    facts.number("plan.completeness", percent, 0);
    facts.number("plan.days", f64::from(programme.roadmap.days), 0);
}

fn client(programme: &Programme, answers: &Answers, source: &Source) -> Client {
    let text = |key: Option<_>| key.and_then(|key| answers.text(key)).map(str::to_owned);
    let stem = source
        .file
        .rsplit_once('.')
        .map_or(source.file.as_str(), |(stem, _)| stem);
    // A name is printed in the middle of lines.
    let name = text(Some(programme.identity.company)).map(|name| one_line(&name));
    Client {
        named: name.is_some(),
        name: name.unwrap_or_else(|| one_line(stem)),
        contact: text(programme.identity.contact),
        email: text(programme.identity.email),
        industry: text(programme.identity.industry),
        currency: programme
            .identity
            .currency
            .and_then(|key| answers.choice(programme, key))
            .map(str::to_owned),
    }
}

/// The client's own choice: the field that a rule checks against the ranking.
fn primary(programme: &Programme, answers: &Answers) -> Option<String> {
    let field = programme.rules.iter().find_map(|rule| match rule.kind {
        crate::programme::RuleKind::OneOfSubjects { field, .. } => Some(field),
        _ => None,
    })?;
    answers.text(field).map(str::to_owned)
}

fn scores(programme: &Programme, scorecard: &Scorecard) -> Vec<ScoreSummary> {
    let summary = |(def, score): (&crate::programme::ScoreDef, &Score)| {
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
            ratings: rating_summaries(programme, score),
            subjects: subjects
                .into_iter()
                .map(|subject| SubjectSummary {
                    name: subject.name.clone(),
                    kind: subject.kind.clone(),
                    points: subject.points,
                    band: subject
                        .band
                        .as_ref()
                        .map(|band| (band.label.clone(), band.tone)),
                    rank: subject.rank,
                    tied: score.is_tied(subject),
                    indicative: subject.indicative,
                    parts: subject
                        .parts
                        .iter()
                        .map(|part| PartSummary {
                            id: part.id.clone(),
                            label: part.label.clone(),
                            weight: part.weight,
                            applies: part.applies,
                            mean: part.mean,
                            points: part.points,
                            answered: part.answered,
                            expected: part.expected,
                        })
                        .collect(),
                    ratings: subject
                        .parts
                        .iter()
                        .flat_map(|part| part.ratings.iter().map(|(_, counted)| *counted))
                        .collect(),
                    completeness: subject.completeness(),
                })
                .collect(),
        }
    };
    programme
        .scores
        .iter()
        .zip(&scorecard.scores)
        .map(summary)
        .collect()
}

/// The ratings of a score; they are the same for all its subjects.
fn rating_summaries(programme: &Programme, score: &Score) -> Vec<RatingSummary> {
    let model = score.subjects.first();
    let parts = model.iter().flat_map(|subject| &subject.parts).enumerate();
    let ratings =
        parts.flat_map(|(index, part)| part.ratings.iter().map(move |(key, _)| (index, *key)));
    ratings
        .map(|(part, key)| {
            let field = programme.field(key);
            RatingSummary {
                label: field.row_label.clone(),
                part,
                inverted: field.kind.is_inverted(),
            }
        })
        .collect()
}

fn finance(programme: &Programme, answers: &Answers, scorecard: &Scorecard) -> FinanceSummary {
    let (Some(def), Some(finance)) = (&programme.finance, &scorecard.finance) else {
        return FinanceSummary::default();
    };
    FinanceSummary {
        investment: finance.investment,
        returns: finance.returns,
        roi: finance.roi,
        payback_months: finance.payback.and_then(Payback::months),
        never: finance.payback == Some(Payback::Never),
        stated_roi: def.stated_roi.and_then(|key| answers.number(key)),
        stated_payback: def.stated_payback.and_then(|key| answers.number(key)),
    }
}

fn answer_lines(programme: &Programme, answers: &Answers) -> Vec<AnswerLine> {
    let line = |(key, _)| {
        let answer = answers.get(key);
        AnswerLine {
            number: answer.value.number(),
            day: answer.value.day(),
            text: display::value(programme, answers, key).unwrap_or_default(),
            state: (&answer.value).into(),
            raw: answer.raw.clone(),
            place: answer.place.clone(),
        }
    };
    programme.inputs().map(line).collect()
}
