//! What holds for the plan of any client: dates to act on, urgent activities, decisions, the executive summary, and how
//! firm a ranking is. Answers are random, and so is the report date.

use std::collections::HashSet;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use partnerbook::analysis::Selection;
use partnerbook::answers::{Answers, Value};
use partnerbook::brand::Brand;
use partnerbook::intake::{self, Reading, Sandbox};
use partnerbook::look::Paper;
use partnerbook::pdf::Renderer;
use partnerbook::plan::{Block, Plan};
use partnerbook::questionnaire::{FieldKey, Kind, Questionnaire};
use partnerbook::record::Urgency;
use partnerbook::score::{Score, Scorecard, Subject};

use crate::common::{self, Random, today};
use crate::golden;

/// Texts that are hard to lay out, in several scripts.
const TEXTS: [&str; 8] = [
    "Nordlys",
    "Grete Lund",
    "Donaudampfschifffahrtsgesellschaft & Elektrizitätswerkeverwaltung der Länder Nordrhein-Westfalen und Hessen",
    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
    "株式会社日本電子計測機器製作所海洋調査部門国際提携推進本部東京第一営業部連携課",
    "شركة الأفق للتجارة والتوريدات والخدمات اللوجستية المحدودة",
    "• first point\n• second point\n\n3) a third one that goes on and on, without ever coming to the end of what it wants to say",
    "to be decided",
];

/// Random answers.
struct Client(Random);

impl Client {
    fn date(&mut self, around: NaiveDate) -> NaiveDate {
        around - Days::new(150) + Days::new(self.0.below(300) as u64)
    }

    fn value(&mut self, questionnaire: &Questionnaire, kind: &Kind) -> Value {
        match self.0.below(12) {
            0 => return Value::NotApplicable,
            1 => return Value::Unknown,
            2 => return Value::Invalid,
            _ => {}
        }
        let amounts = [0.0, 1.0, 990.0, 48_000.0, 1_250_000.0, 999_999_999_999.0];
        match kind {
            Kind::Rating { .. } => Value::Number(self.0.below(11) as f64),
            Kind::Money { .. } => Value::Number(amounts[self.0.below(amounts.len())]),
            Kind::Percent | Kind::Share => Value::Number(self.0.below(101) as f64),
            Kind::Count { .. } | Kind::Quantity { .. } => Value::Number(self.0.below(400) as f64),
            Kind::Multiple | Kind::Ratio => Value::Number(self.0.below(80) as f64 / 10.0),
            Kind::Choice { list } => {
                let options = questionnaire.choices[*list].options.len();
                Value::Choice(self.0.below(options))
            }
            Kind::Date => Value::Date(self.date(today())),
            Kind::Text | Kind::LongText => Value::Text(TEXTS[self.0.below(TEXTS.len())].into()),
            _ => Value::Missing,
        }
    }

    /// Returns the answers of a sample, some of them replaced and some left out.
    fn answers(&mut self, questionnaire: &Questionnaire, sample: &Answers) -> Answers {
        let mut answers = sample.clone();
        let replaced = [2, 15, 60, 100][self.0.below(4)];
        let left_out = [0, 0, 10, 60][self.0.below(4)];
        for (key, field) in questionnaire.inputs() {
            if self.0.below(100) < replaced {
                answers.get_mut(key).value = self.value(questionnaire, &field.kind);
            }
            if self.0.below(100) < left_out {
                answers.get_mut(key).value = Value::Missing;
            }
        }
        answers
    }
}

fn samples(questionnaire: &Questionnaire) -> Vec<Answers> {
    let read = |name: &&str| {
        let file = common::sample(name);
        intake::read_file(questionnaire, &file, &Sandbox::none()).unwrap()
    };
    let readings = common::SAMPLES.iter().map(read);
    readings.map(|reading| reading.answers).collect()
}

fn plan(questionnaire: &Questionnaire, answers: &Answers, today: NaiveDate) -> Plan {
    let reading = Reading {
        answers: answers.clone(),
        issues: Vec::new(),
        extra_text: Vec::new(),
        sha256: String::new(),
        version: None,
        edition: None,
        saved: None,
    };
    common::plan_on(questionnaire, reading, "returned.xlsx", today)
}

fn figure(plan: &Plan, id: &str) -> Option<f64> {
    let mut figures = plan.record.advice.figures.iter();
    figures.find(|figure| figure.id == id)?.number
}

fn assert_working_day(date: NaiveDate, what: &str) {
    let free = [Weekday::Sat, Weekday::Sun].contains(&date.weekday());
    assert!(!free, "{what} is on {}, {date}", date.weekday());
}

/// Checks the dates that the plan proposes. A date that the client entered stands as entered.
fn check_dates(plan: &Plan, given: &HashSet<NaiveDate>, today: NaiveDate) {
    let roadmap = &plan.record.roadmap;
    for review in &roadmap.reviews {
        assert_working_day(review.date, &review.label);
    }
    for activity in &roadmap.activities {
        if !given.contains(&activity.due) {
            assert_working_day(activity.due, &activity.label);
        }
        let expected = activity.expected.filter(|day| !given.contains(day));
        if let Some(expected) = expected {
            assert_working_day(expected, &activity.label);
            assert!(
                expected >= today,
                "{} is expected {expected}",
                activity.label
            );
        }
    }
    for block in plan.sections.iter().flat_map(|section| &section.blocks) {
        let Block::Moves { moves, .. } = block else {
            continue;
        };
        for own in moves {
            assert_working_day(own.date, &own.text);
            assert!(own.date > today, "{} is due {}", own.text, own.date);
        }
    }
}

fn check_advice(plan: &Plan) {
    let record = &plan.record;
    let urgent = record.roadmap.activities.iter();
    let urgent = urgent.filter(|own| own.urgency == Urgency::Urgent);
    assert!(urgent.count() <= 3);
    let decision = record.advice.decision.as_ref().unwrap();
    let core = record.advice.core;
    let net = figure(plan, "net");
    if core.answered * 2 < core.expected || net.is_some_and(|net| net <= 0.0) {
        assert_ne!(decision.id, "go");
        assert!(!decision.text.starts_with("Go "), "{}", decision.text);
    }
}

/// The body names no cell and no file; the appendix does.
fn check_places(plan: &Plan, answers: &Answers, questionnaire: &Questionnaire) {
    let body = plan.sections.iter().take_while(|own| own.id != "answers");
    let body = golden::sections_text(body);
    let cells: HashSet<String> = questionnaire
        .inputs()
        .filter_map(|(key, _)| Some(answers.get(key).place.as_ref()?.address()))
        .collect();
    for word in body.split(|letter: char| !letter.is_ascii_alphanumeric()) {
        assert!(!cells.contains(word), "the body names the cell {word}");
    }
    assert!(!body.contains(".xlsx"), "the body names the file");
}

#[test]
fn advice_holds_for_any_answers() {
    let questionnaire = common::questionnaire();
    let samples = samples(questionnaire);
    let mut random = Client(Random(11));
    for round in 0..common::cases(200) as usize {
        let answers = random.answers(questionnaire, &samples[round % samples.len()]);
        let today = random.date(today());
        let given = questionnaire.inputs();
        let given = given.filter_map(|(key, _)| answers.get(key).value.day());
        let plan = plan(questionnaire, &answers, today);
        check_dates(&plan, &given.collect(), today);
        check_advice(&plan);
        check_places(&plan, &answers, questionnaire);
    }
}

/// Summaries, printed after one another, take one page each. CI tries two thousand.
#[test]
fn the_executive_summary_is_one_page_for_any_answers() {
    let questionnaire = common::questionnaire();
    let samples = samples(questionnaire);
    let mut random = Client(Random(23));
    let rounds = common::cases(200) as usize;
    let mut summaries = Vec::new();
    let mut last = None;
    for round in 0..rounds {
        let answers = random.answers(questionnaire, &samples[round % samples.len()]);
        let plan = plan(questionnaire, &answers, random.date(today()));
        summaries.push(plan.sections[0].clone());
        last = Some(plan);
    }
    let mut all = last.unwrap();
    let brand = Brand::bundled().unwrap();
    for paper in [Paper::A4, Paper::LETTER] {
        let mut look = brand.look.clone();
        look.paper = paper;
        for (index, some) in summaries.chunks(100).enumerate() {
            all.sections = some.to_vec();
            let pages = Renderer::new(&brand.fonts, &look).text_boxes(&all).len();
            assert_eq!(pages - 1, some.len(), "summaries {index}00 and on");
        }
    }
}

fn selection<'a>(questionnaire: &'a Questionnaire, card: &'a Scorecard) -> (usize, &'a Score) {
    let mut all = card.scores.iter().enumerate();
    all.find(|(index, _)| questionnaire.scores[*index].id == "selection")
        .unwrap()
}

/// Returns the column of the candidate that is strictly ahead of another one, the first in the ranking.
fn ahead_of(score: &Score, column: usize) -> Option<usize> {
    let points = |own: usize| {
        let subject = score.subjects.iter().find(|subject| subject.column == own);
        subject.and_then(|subject| subject.points)
    };
    let own = points(column)?;
    let mut best = None;
    for subject in &score.subjects {
        let most = best.map_or(own, |(points, _)| points);
        if let Some(points) = subject.points.filter(|points| *points > most + 1e-9) {
            best = Some((points, subject.column));
        }
    }
    best.map(|(_, column)| column)
}

/// Three candidates with random ratings: every change of one rating is tried with the score itself.
#[test]
fn the_smallest_flip_flips_and_no_smaller_change_does() {
    let questionnaire = common::questionnaire();
    let mut random = Random(5);
    let (mut flips, mut shifts) = (0, 0);
    for _ in 0..12 {
        let mut answers = Answers::empty(questionnaire);
        let mut ratings: Vec<FieldKey> = Vec::new();
        for (key, field) in questionnaire.inputs() {
            let column = field.id.rsplit('.').next().unwrap_or_default();
            if !field.id.starts_with("selection.") || !["c1", "c2", "c3"].contains(&column) {
                continue;
            }
            answers.get_mut(key).value = match field.kind {
                Kind::Rating { .. } => Value::Number((4 + random.below(6)) as f64),
                _ if field.id.contains("candidate.name") => Value::Text(column.into()),
                _ => continue,
            };
            if matches!(field.kind, Kind::Rating { .. }) {
                ratings.push(key);
            }
        }
        let card = Scorecard::of(questionnaire, &answers);
        let (index, score) = selection(questionnaire, &card);
        let def = &questionnaire.scores[index];
        let found = Selection::of(questionnaire, &answers, def, score).unwrap();
        let best = score.ranking()[0].column;
        let with = |key: FieldKey, rating: f64| {
            let mut changed = answers.clone();
            changed.get_mut(key).value = Value::Number(rating);
            let card = Scorecard::of(questionnaire, &changed);
            ahead_of(selection(questionnaire, &card).1, best)
        };
        let least = found.rating_flip.as_ref().map_or(10, |flip| flip.points);
        for key in &ratings {
            let rating = answers.number(*key).unwrap();
            for points in 1..least {
                for changed in [rating + f64::from(points), rating - f64::from(points)] {
                    if (0.0..=10.0).contains(&changed) {
                        assert_eq!(with(*key, changed), None, "{points} points flip");
                    }
                }
            }
        }
        if let Some(flip) = found.rating_flip {
            assert_eq!(answers.number(flip.key), Some(flip.from));
            assert_eq!((flip.from - flip.to).abs(), f64::from(flip.points));
            assert_eq!(with(flip.key, flip.to), Some(flip.rival));
            flips += 1;
        }
        let smallest = smallest_weight_shift(score, best);
        let found = found.weight_flip.as_ref().map(|flip| flip.points);
        assert_eq!(found, smallest);
        shifts += usize::from(smallest.is_some());
    }
    assert!(flips >= 6, "only {flips} rankings can be flipped");
    assert!(shifts >= 3, "only {shifts} rankings depend on weights");
}

/// Returns the fewest whole points of weight that, moved between two dimensions, put another candidate first. Every shift
/// is tried, and the points are worked out here.
fn smallest_weight_shift(score: &Score, best: usize) -> Option<u32> {
    let dimensions = score.subjects[0].dimensions.len();
    let weight = |index: usize| score.subjects[0].dimensions[index].weight;
    (1..=100).find(|points| {
        let moved = f64::from(*points);
        let shifts = (0..dimensions).flat_map(|from| (0..dimensions).map(move |to| (from, to)));
        shifts
            .filter(|(from, to)| from != to && weight(*from) >= moved)
            .any(|(from, to)| {
                let total = |subject: &Subject| -> f64 {
                    let means = subject.dimensions.iter().map(|own| own.mean.unwrap());
                    let weighted = means.enumerate().map(|(index, mean)| {
                        let shift = match index {
                            _ if index == from => -moved,
                            _ if index == to => moved,
                            _ => 0.0,
                        };
                        mean * (weight(index) + shift)
                    });
                    weighted.sum()
                };
                let own = score
                    .subjects
                    .iter()
                    .find(|own| own.column == best)
                    .unwrap();
                let rivals = score.subjects.iter().filter(|own| own.points.is_some());
                rivals
                    .filter(|own| own.column != best)
                    .any(|own_rival| total(own_rival) > total(own) + 1e-7)
            })
    })
}
