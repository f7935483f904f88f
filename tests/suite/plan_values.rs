//! The figures, rankings, gaps, risks, and decisions of the samples, against values worked out by hand.

use chrono::NaiveDate;
use partnerbook::analysis::{Analysis, Selection};
use partnerbook::answers::Answers;
use partnerbook::intake::{self, Sandbox};
use partnerbook::plan::{Block, Plan};
use partnerbook::questionnaire::Questionnaire;
use partnerbook::score::Scorecard;
use toml::{Table, Value};

use crate::common::{self, plan_of_sample, plan_on, questionnaire, sample, today};

fn expected(name: &str) -> Table {
    let path = common::root().join("tests/fixtures/plan-values.toml");
    let all: Table = std::fs::read_to_string(path).unwrap().parse().unwrap();
    all[name].as_table().unwrap().clone()
}

fn number(value: &Value) -> f64 {
    value
        .as_float()
        .or(value.as_integer().map(|number| number as f64))
        .unwrap()
}

fn date(value: &Value) -> NaiveDate {
    value.as_datetime().unwrap().to_string().parse().unwrap()
}

fn texts(value: &Value) -> Vec<&str> {
    let items = value.as_array().unwrap().iter();
    items.map(|item| item.as_str().unwrap()).collect()
}

/// Four significant digits at least, like the fixture.
fn assert_close(what: &str, actual: f64, expected: f64) {
    let tolerance = (5e-5 * expected.abs()).max(6e-5);
    assert!(
        (actual - expected).abs()
            <= tolerance.max(if expected.abs() > 1_000.0 { 0.5 } else { 0.0 }),
        "{what}: {actual} instead of {expected}"
    );
}

struct Case {
    name: &'static str,
    questionnaire: &'static Questionnaire,
    answers: Answers,
    scorecard: Scorecard,
    analysis: Analysis,
    plan: Plan,
    expected: Table,
}

impl Case {
    fn of(name: &'static str) -> Self {
        let questionnaire = questionnaire();
        let reading = intake::read_file(questionnaire, &sample(name), &Sandbox::none()).unwrap();
        let answers = reading.answers;
        let scorecard = Scorecard::of(questionnaire, &answers);
        let analysis = Analysis::of(questionnaire, &answers, &scorecard, today(), None);
        Self {
            name,
            plan: plan_of_sample(questionnaire, name),
            expected: expected(name),
            questionnaire,
            answers,
            scorecard,
            analysis,
        }
    }

    fn figure(&self, id: &str) -> Option<f64> {
        let figures = self.plan.record.advice.figures.iter();
        let mut own = figures.filter(|figure| figure.id == id);
        own.next()?.number
    }

    fn text(&self, id: &str) -> Option<&str> {
        let figures = self.plan.record.advice.figures.iter();
        let mut own = figures.filter(|figure| figure.id == id);
        Some(&own.next()?.text)
    }

    fn check(&self, key: &str, actual: Option<f64>) {
        let Some(expected) = self.expected.get(key) else {
            return;
        };
        let what = format!("{}: {key}", self.name);
        assert_close(
            &what,
            actual.unwrap_or_else(|| panic!("{what} is unknown")),
            number(expected),
        );
    }

    fn selection(&self) -> &Selection {
        let index = self.questionnaire.score("selection").unwrap();
        self.analysis.selections[index].as_ref().unwrap()
    }

    fn subject(&self, column: usize) -> &str {
        let index = self.questionnaire.score("selection").unwrap();
        let subjects = &self.scorecard.scores[index].subjects;
        &subjects
            .iter()
            .find(|own| own.column == column)
            .unwrap()
            .name
    }

    fn activity(&self, index: usize) -> String {
        format!("A{}", index + 1)
    }
}

fn cases() -> [Case; 2] {
    ["halvorsen-sensors", "brightloom-textiles"].map(Case::of)
}

#[test]
fn figures() {
    for case in cases() {
        for key in [
            "net",
            "multiple",
            "roi",
            "growth",
            "growth_net",
            "growth_multiple",
            "break_even",
            "growth_break_even",
            "break_even_24",
            "new_money",
            "commission",
            "net_after",
            "unexplained",
            "implied_win",
            "per_recruit",
            "deals",
            "cost_per_partner",
            "needs",
            "stretch",
            "release",
            "referral_money",
        ] {
            case.check(key, case.figure(key));
        }
        case.check("pipe", case.figure("pipeline"));
        case.check("pipe_today", case.figure("pipeline_today"));
        case.check("pipe_target", case.figure("pipeline_target"));
        let tiers = ["bronze", "silver", "gold", "platinum"];
        for (list, prefix) in [("kept", "kept_"), ("left", "left_")] {
            let values = case.expected[list].as_array().unwrap();
            for (tier, value) in tiers.iter().zip(values) {
                let id = format!("{prefix}{tier}");
                assert_close(&id, case.figure(&id).unwrap(), number(value));
            }
        }
        let tier = case.expected["tier_at_min"].as_array().unwrap();
        assert_eq!(case.text("minimum_tier"), tier[0].as_str());
        assert_close(
            "rate",
            case.figure("minimum_rate").unwrap(),
            number(&tier[1]),
        );
        let close = date(&case.expected["first_close"]);
        let words = partnerbook::display::date(case.questionnaire, close);
        assert_eq!(case.text("first_close"), Some(words.as_str()));
        for (list, prefix) in [
            ("payback_return", "payback_"),
            ("payback_growth", "growth_payback_"),
        ] {
            let values = case.expected[list].as_table().unwrap();
            for ramp in ["fast", "base", "slow"] {
                let actual = case.figure(&format!("{prefix}{ramp}"));
                match values.get(ramp) {
                    Some(value) => assert_close(ramp, actual.unwrap(), number(value)),
                    None => assert_eq!(actual, None, "{}: {list} {ramp}", case.name),
                }
            }
        }
        let own = case.expected["payback_return"].as_table().unwrap();
        assert_close(
            "own",
            case.figure("payback_own").unwrap(),
            number(&own["own"]),
        );
        assert_eq!(case.figure("growth_payback"), None, "none within 36 months");
        let finance = case.scorecard.finance.as_ref().unwrap();
        case.check("months_lost_own", Some(3.0 + finance.delay.unwrap()));
    }
}

/// Adds up the months one by one, with the shares of the usual ramp delayed by the sales cycle, where the questionnaire has a
/// formula.
#[test]
fn payback_after_commission_is_where_the_sums_meet() {
    // Return, commission, and investment a month; sales cycle in days.
    let given = [
        (1_200_000.0, 147_600.0, 480_000.0, 75.0),
        (27_000.0, 2_340.0, 18_000.0, 95.0),
    ];
    for (case, (full, commission, cost, cycle)) in cases().into_iter().zip(given) {
        assert_close("commission", case.figure("commission").unwrap(), commission);
        let delay: f64 = cycle / 30.4167;
        let base = |month: f64| match month {
            _ if month <= 2.0 => 0.0,
            3.0 => 1.0 / 3.0,
            4.0 => 2.0 / 3.0,
            _ => 1.0,
        };
        let (whole, part) = (delay.floor(), delay.fract());
        let share =
            |month: f64| (1.0 - part) * base(month - whole) + part * base(month - whole - 1.0);
        let (mut balance, mut month) = (0.0, 0.0);
        let met = loop {
            month += 1.0;
            let gain = (full - commission) * share(month) - cost;
            if balance < 0.0 && balance + gain >= 0.0 {
                break month - 1.0 - balance / gain;
            }
            balance += gain;
        };
        let own = case.figure("payback_kept").unwrap();
        assert!((own - met).abs() < 1e-3, "{}: {own}, {met}", case.name);
    }
}

#[test]
fn selection_and_types() {
    for case in cases() {
        let selection = case.selection();
        let index = case.questionnaire.score("selection").unwrap();
        let ranking = case.scorecard.scores[index].ranking();
        for (subject, (_, value)) in ranking
            .iter()
            .zip(sorted(case.expected["scores"].as_table().unwrap()))
        {
            assert_close(&subject.name, subject.points.unwrap(), value);
        }
        let lead = ranking[0].points.unwrap() - ranking[1].points.unwrap();
        case.check("lead", Some(lead));
        assert_eq!(case.expected["selection_case"].as_str(), Some("C2"));
        assert_eq!(selection.case.name(), "narrow");
        let pair = |key: &str| {
            let values = case.expected[key].as_array().unwrap();
            (number(&values[0]) as usize, number(&values[1]) as usize)
        };
        assert_eq!(selection.rating_changes, pair("rating_flips"));
        assert_eq!(selection.weight_shifts, pair("weight_flips"));
        let flip = selection.rating_flip.as_ref().unwrap();
        let wanted = case.expected["smallest_rating"].as_array().unwrap();
        assert_eq!(f64::from(flip.points), number(&wanted[0]));
        assert_eq!(case.subject(flip.column), wanted[1].as_str().unwrap());
        let label = &case.questionnaire.field(flip.key).row_label;
        assert_eq!(label, wanted[2].as_str().unwrap());
        assert_eq!(
            (flip.from, flip.to),
            (number(&wanted[3]), number(&wanted[4]))
        );
        let shift = selection.weight_flip.as_ref().unwrap();
        let wanted = case.expected["smallest_weight"].as_array().unwrap();
        let dimensions = &case.questionnaire.scores[index].dimensions;
        assert_eq!(f64::from(shift.points), number(&wanted[0]));
        assert_eq!(dimensions[shift.from].id, wanted[1].as_str().unwrap());
        assert_eq!(dimensions[shift.to].id, wanted[2].as_str().unwrap());
        assert_eq!(case.subject(shift.rival), wanted[3].as_str().unwrap());

        let types = case.questionnaire.advice.types.as_ref().unwrap();
        let wanted = case.expected["types"].as_array().unwrap();
        assert_eq!(case.analysis.types.len(), wanted.len());
        for (own, wanted) in case.analysis.types.iter().zip(wanted) {
            let wanted = wanted.as_array().unwrap();
            assert_eq!(types.types[own.index].option, wanted[0].as_str().unwrap());
            assert_close("points", own.points(), number(&wanted[1]));
        }
    }
}

/// The candidates of the fixture, the best first.
fn sorted(table: &Table) -> Vec<(String, f64)> {
    let mut all: Vec<(String, f64)> = table
        .iter()
        .map(|(name, value)| (name.clone(), number(value)))
        .collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1));
    all
}

#[test]
fn gaps_and_what_they_press() {
    for case in cases() {
        let gaps = &case.analysis.gaps;
        let defs = &case.questionnaire.advice.gaps.gaps;
        let card = |place: &usize| &gaps.shown()[*place];
        let wanted = case.expected["cards"].as_array().unwrap();
        match wanted.is_empty() {
            true => assert!(gaps.weak.is_empty()),
            false => {
                assert_eq!(gaps.cards.len(), wanted.len());
                for (own, wanted) in gaps.cards.iter().map(card).zip(wanted) {
                    let wanted = wanted.as_array().unwrap();
                    assert_eq!(defs[own.index].id, wanted[0].as_str().unwrap());
                    assert_close("rating", own.rating, number(&wanted[1]));
                    assert_close("priority", own.priority, number(&wanted[2]));
                }
            }
        }
        if let Some(wanted) = case.expected.get("near_gaps") {
            for (own, wanted) in gaps.cards.iter().map(card).zip(wanted.as_array().unwrap()) {
                let wanted = wanted.as_array().unwrap();
                assert_eq!(defs[own.index].id, wanted[0].as_str().unwrap());
                assert_close("priority", own.priority, number(&wanted[1]));
            }
        }
        let names = |indexes: &[usize]| -> Vec<String> {
            indexes.iter().map(|index| case.activity(*index)).collect()
        };
        assert_eq!(names(&gaps.urgent), texts(&case.expected["urgent"]));
        assert_eq!(names(&gaps.attention), texts(&case.expected["amber"]));
    }
}

#[test]
fn roadmap_and_load() {
    for case in cases() {
        let schedule = &case.analysis.schedule;
        let reviews: Vec<NaiveDate> = case.expected["reviews"]
            .as_array()
            .unwrap()
            .iter()
            .map(date)
            .collect();
        assert_eq!(schedule.reviews, reviews, "{}", case.name);
        let starts: Vec<NaiveDate> = case.expected["latest_starts"]
            .as_array()
            .unwrap()
            .iter()
            .map(date)
            .collect();
        let own: Vec<NaiveDate> = case
            .analysis
            .builds
            .iter()
            .map(|build| build.latest_start)
            .collect();
        assert_eq!(own, starts);
        let weeks: f64 = case.analysis.builds.iter().map(|build| build.weeks).sum();
        case.check("serial", Some(weeks));
        let busiest = case.analysis.load.busiest().unwrap();
        let wanted = case.expected["busiest"].as_array().unwrap();
        assert_eq!(busiest.owner.as_deref(), wanted[0].as_str());
        assert_eq!(busiest.activities.len() as f64, number(&wanted[1]));
        assert_eq!(case.analysis.load.open as f64, number(&wanted[2]));
        assert_eq!(busiest.peak as f64, number(&wanted[3]));
        case.check("order_findings", Some(case.analysis.order.len() as f64));
    }
}

#[test]
fn mid_term() {
    for case in cases() {
        let wanted = case.expected["mid_term"].as_table().unwrap();
        let made = date(&wanted["made"]);
        let analysis = Analysis::of(
            case.questionnaire,
            &case.answers,
            &case.scorecard,
            made,
            None,
        );
        let forecast = analysis.forecast.as_ref().unwrap();
        let day = (made - analysis.schedule.start).num_days() + 1;
        assert_eq!(day as f64, number(&wanted["day"]), "{}", case.name);
        let sample = sample(case.name);
        let reading = intake::read_file(case.questionnaire, &sample, &Sandbox::none()).unwrap();
        let plan = plan_on(case.questionnaire, reading, case.name, made);
        let activities = plan.record.roadmap.activities.iter();
        let overdue = activities.filter(|own| own.is_overdue(made)).count();
        assert_eq!(overdue as f64, number(&wanted["overdue"]));
        assert_eq!(forecast.expected[8].1, date(&wanted["launch"]));
        assert_eq!(forecast.finish, date(&wanted["finish"]));
        assert_eq!(forecast.slip as f64, number(&wanted["slip"]));
    }
}

#[test]
fn decision_moves_and_risks() {
    for case in cases() {
        let advice = &case.plan.record.advice;
        let decision = advice.decision.as_ref().unwrap();
        assert_eq!(
            Some(decision.text.as_str()),
            case.expected["decision"].as_str()
        );
        let risks: Vec<&str> = advice.risks.iter().map(|risk| risk.id.as_str()).collect();
        let mut wanted = texts(&case.expected["risks"]);
        let mut sorted = risks.clone();
        // The fixture lists them in the order of the file.
        sorted.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(sorted, wanted, "{}", case.name);
        let core = case.expected["core"].as_array().unwrap();
        assert_eq!(advice.core.answered as f64, number(&core[0]));
        assert_eq!(advice.core.expected as f64, number(&core[1]));
        let summary = case.plan.sections.iter().find(|own| own.one_page).unwrap();
        let moves = summary.blocks.iter().find_map(|block| match block {
            Block::Moves { moves, .. } => Some(moves),
            _ => None,
        });
        let wanted = case.expected["moves"].as_array().unwrap();
        for (own, wanted) in moves.unwrap().iter().zip(wanted) {
            let wanted = wanted.as_array().unwrap();
            let text = wanted[0].as_str().unwrap();
            match text.strip_prefix("gap ") {
                Some(id) => {
                    let gaps = &case.questionnaire.advice.gaps.gaps;
                    let gap = gaps.iter().find(|gap| gap.id == id).unwrap();
                    assert_eq!(own.text, gap.first.trim_end_matches('.'));
                }
                None => {
                    let start = text.trim_end_matches([' ', '…']);
                    assert!(
                        own.text.trim_start_matches('“').starts_with(start),
                        "{}",
                        own.text
                    );
                }
            }
            assert_eq!(own.owner, wanted[1].as_str().unwrap());
            assert_eq!(own.date, date(&wanted[2]));
        }
        let points = |id: &str| {
            let score = case.questionnaire.score(id).unwrap();
            case.scorecard.scores[score].single().unwrap().points
        };
        case.check("readiness", points("readiness"));
        case.check("program", points("program"));
    }
}

#[test]
fn a_workbook_that_is_hardly_half_filled_in() {
    let case = Case::of("quarrystone-logistics");
    let advice = &case.plan.record.advice;
    let core = case.expected["core"].as_array().unwrap();
    assert_eq!(advice.core.answered as f64, number(&core[0]));
    assert_eq!(advice.core.expected as f64, number(&core[1]));
    let all = case.expected["all"].as_table().unwrap();
    let questions = case.analysis.questions;
    let actual = [
        questions.answered,
        questions.not_applicable,
        questions.unknown,
        questions.missing,
        questions.asked(),
    ];
    let keys = ["answered", "not_applicable", "unknown", "missing", "asked"];
    assert_eq!(
        actual.map(|count| count as f64),
        keys.map(|key| number(&all[key]))
    );
    assert!(advice.provisional);
    let decision = advice.decision.as_ref().unwrap();
    assert_eq!(
        Some(decision.text.as_str()),
        case.expected["decision"].as_str()
    );
    for id in texts(&case.expected["undefined"]) {
        assert_eq!(case.figure(id), None, "{id}");
    }
}

#[test]
fn a_plan_made_in_the_middle_offers_no_date_in_the_past() {
    let questionnaire = questionnaire();
    for name in common::SAMPLES {
        for made in [
            "2026-12-20",
            "2027-01-15",
            "2027-02-20",
            "2027-04-01",
            "2027-07-01",
        ] {
            let reading =
                intake::read_file(questionnaire, &sample(name), &Sandbox::none()).unwrap();
            let made = made.parse().unwrap();
            let plan = plan_on(questionnaire, reading, name, made);
            for section in &plan.sections {
                for block in &section.blocks {
                    if let Block::Moves { moves, .. } = block {
                        for own in moves {
                            assert!(own.date > made, "{name} {made}: {own:?}");
                        }
                    }
                }
            }
        }
    }
}
