//! The rules of the built-in questionnaire at their limits: what just holds, and what just fails. Values are worked out
//! by hand from `checks.toml`.

use std::collections::BTreeSet;

use partnerbook::answers::{Answers, CellRef, Value};
use partnerbook::check::check;
use partnerbook::issue::{Issue, Severity};
use partnerbook::questionnaire::{Better, Kind, Questionnaire};
use partnerbook::score::{Payback, Scorecard};

use crate::common;

/// An answer to a question.
enum Given {
    Number(&'static str, f64),
    Text(&'static str, &'static str),
    NotApplicable(&'static str),
}

use Given::{NotApplicable, Number, Text};

fn issues(questionnaire: &Questionnaire, given: &[Given]) -> Vec<Issue> {
    let mut answers = Answers::empty(questionnaire);
    for own in given {
        let (id, value) = match own {
            Number(id, value) => (id, Value::Number(*value)),
            Text(id, text) => (id, Value::Text((*text).into())),
            NotApplicable(id) => (id, Value::NotApplicable),
        };
        answers.get_mut(questionnaire.key(id).expect(id)).value = value;
    }
    let scorecard = Scorecard::of(questionnaire, &answers);
    check(questionnaire, &answers, &scorecard)
}

/// Returns the fields that break a rule, with what is expected.
fn broken(
    questionnaire: &Questionnaire,
    rule: &str,
    given: &[Given],
) -> BTreeSet<(String, String)> {
    let issues = issues(questionnaire, given).into_iter();
    let own = issues.filter(|issue| issue.code.as_str() == rule);
    own.map(|issue| (issue.field.unwrap_or_default(), issue.expected))
        .collect()
}

/// Asserts which fields break a rule.
#[track_caller]
fn breaks(questionnaire: &Questionnaire, rule: &str, given: &[Given], fields: &[&str]) {
    let found = broken(questionnaire, rule, given);
    let found: Vec<&str> = found.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(found, fields, "{rule}");
}

const PARTS: [&str; 4] = [
    "revenue.roi.partner_enablement",
    "revenue.roi.marketing_support",
    "revenue.roi.technical_resources",
    "revenue.roi.management_overhead",
];
const INVESTMENT: &str = "revenue.roi.investment";
const RETURN: &str = "revenue.roi.return";

#[test]
fn a_sum_may_differ_by_its_tolerance_of_the_total() {
    let questionnaire = common::questionnaire();
    let total = |parts: [f64; 4], total: f64| {
        let mut given: Vec<Given> = PARTS
            .into_iter()
            .zip(parts)
            .map(|(id, part)| Number(id, part))
            .collect();
        given.push(Number(INVESTMENT, total));
        given
    };
    // 0.5% of 40,000 is 200.
    for (parts, fields) in [
        ([10_000.0, 10_000.0, 10_000.0, 10_000.0], &[][..]),
        ([10_000.0, 10_000.0, 10_000.0, 10_200.0], &[]),
        ([10_000.0, 10_000.0, 10_000.0, 9_800.0], &[]),
        ([10_000.0, 10_000.0, 10_000.0, 10_201.0], &[INVESTMENT]),
        ([10_000.0, 10_000.0, 10_000.0, 9_799.0], &[INVESTMENT]),
    ] {
        breaks(
            questionnaire,
            "investment-parts",
            &total(parts, 40_000.0),
            fields,
        );
    }
    let found = broken(
        questionnaire,
        "investment-parts",
        &total([10_000.0; 4], 50_000.0),
    );
    let (_, expected) = found.first().unwrap();
    assert!(
        expected.contains("40,000") && expected.contains("50,000"),
        "{expected}"
    );
    // A missing part leaves the sum open.
    let given = [Number(PARTS[0], 1.0), Number(INVESTMENT, 40_000.0)];
    breaks(questionnaire, "investment-parts", &given, &[]);
}

#[test]
fn a_ratio_may_differ_by_its_tolerance_of_the_ratio() {
    let questionnaire = common::questionnaire();
    let ratio = |entered, above, below| {
        [
            Number("revenue.roi.ratio", entered),
            Number(RETURN, above),
            Number(INVESTMENT, below),
        ]
    };
    // 120,000 / 40,000 is 3; 5% of it is 0.15.
    for (entered, fields) in [
        (3.0, &[][..]),
        (3.15, &[]),
        (2.85, &[]),
        (3.16, &["revenue.roi.ratio"]),
        (2.84, &["revenue.roi.ratio"]),
    ] {
        breaks(
            questionnaire,
            "entered-roi",
            &ratio(entered, 120_000.0, 40_000.0),
            fields,
        );
    }
    // Nothing to divide by.
    breaks(
        questionnaire,
        "entered-roi",
        &ratio(3.0, 120_000.0, 0.0),
        &[],
    );
    let found = broken(
        questionnaire,
        "entered-roi",
        &ratio(9.0, 100_000.0, 40_000.0),
    );
    assert!(found.first().unwrap().1.contains("2.5"), "{found:?}");
}

#[test]
fn two_shares_add_up_to_100_to_the_last_digit() {
    let questionnaire = common::questionnaire();
    let [ours, partner] = [
        "opportunities.co_marketing.cost_sharing.ours",
        "opportunities.co_marketing.cost_sharing.partner",
    ];
    for (one, other, fields) in [
        (60.0, 40.0, &[][..]),
        (33.3, 66.7, &[]),
        (60.0, 40.001, &[ours]),
        (60.0, 39.0, &[ours]),
        (0.0, 0.0, &[ours]),
    ] {
        breaks(
            questionnaire,
            "split-not-100",
            &[Number(ours, one), Number(partner, other)],
            fields,
        );
    }
    let found = issues(questionnaire, &[Number(ours, 60.0), Number(partner, 39.0)]);
    let own = found
        .iter()
        .find(|issue| issue.code.as_str() == "split-not-100")
        .unwrap();
    assert_eq!(own.severity, Severity::Error);
    assert!(own.expected.contains("99"), "{}", own.expected);
    breaks(questionnaire, "split-not-100", &[Number(ours, 60.0)], &[]);
}

#[test]
fn tiers_rise_strictly_in_revenue_and_not_strictly_in_commission() {
    let questionnaire = common::questionnaire();
    let tiers = ["bronze", "silver", "gold", "platinum"];
    let requirements = tiers.map(|tier| format!("performance.{tier}.requirements"));
    let commissions = tiers.map(|tier| format!("performance.{tier}.commission"));
    let given = |ids: &[String; 4], values: [f64; 4]| -> Vec<Given> {
        let ids = ids.iter().map(|id| &*id.clone().leak());
        ids.zip(values)
            .map(|(id, value)| Number(id, value))
            .collect()
    };
    let [_, silver, gold, platinum] = &requirements;
    for (values, fields) in [
        ([1.0, 2.0, 3.0, 4.0], &[][..]),
        ([1.0, 1.0, 3.0, 4.0], &[silver.as_str()]),
        ([1.0, 2.0, 1.5, 4.0], &[gold.as_str()]),
        (
            [4.0, 3.0, 2.0, 1.0],
            &[gold.as_str(), platinum.as_str(), silver.as_str()],
        ),
    ] {
        breaks(
            questionnaire,
            "tier-thresholds",
            &given(&requirements, values),
            fields,
        );
    }
    let [_, silver, ..] = &commissions;
    for (values, fields) in [
        ([10.0, 10.0, 15.0, 20.0], &[][..]),
        ([10.0, 9.9, 15.0, 20.0], &[silver.as_str()]),
    ] {
        breaks(
            questionnaire,
            "tier-commissions",
            &given(&commissions, values),
            fields,
        );
    }
    // A missing tier is left out: gold is compared with bronze.
    let [bronze, _, gold, _] = &requirements;
    let pair = [
        Number(bronze.clone().leak(), 5.0),
        Number(gold.clone().leak(), 4.0),
    ];
    breaks(questionnaire, "tier-thresholds", &pair, &[gold.as_str()]);
}

#[test]
fn an_issue_names_the_cell_that_is_the_limit() {
    let questionnaire = common::questionnaire();
    let key = |id: &str| questionnaire.key(id).unwrap();
    let mut answers = Answers::empty(questionnaire);
    for (id, value) in [
        ("value.benefits.profit_margin", 18.0),
        ("value.reseller.margin", 20.0),
    ] {
        answers.get_mut(key(id)).value = Value::Number(value);
    }
    answers.get_mut(key("value.reseller.margin")).place = Some(CellRef {
        sheet: "Value".into(),
        row: 11,
        column: 2,
    });
    let scorecard = Scorecard::of(questionnaire, &answers);
    let issues = check(questionnaire, &answers, &scorecard);
    let mut own = issues
        .iter()
        .filter(|issue| issue.code.as_str() == "reseller-margin");
    assert_eq!(
        own.next().unwrap().expected,
        "The margin in the reseller value proposition (20%, Value, C12)"
    );
}

#[test]
fn satisfaction_is_asked_of_those_who_have_partners() {
    let questionnaire = common::questionnaire();
    let [partners, rating] = [
        "readiness.status.active_partnerships",
        "readiness.status.partnership_satisfaction",
    ];
    breaks(
        questionnaire,
        "satisfaction-needed",
        &[Number(partners, 1.0)],
        &[rating],
    );
    breaks(
        questionnaire,
        "satisfaction-needed",
        &[Number(partners, 0.0)],
        &[],
    );
    breaks(
        questionnaire,
        "satisfaction-needed",
        &[Number(partners, 2.0), Number(rating, 0.0)],
        &[],
    );
    breaks(
        questionnaire,
        "satisfaction-needed",
        &[Number(partners, 2.0), NotApplicable(rating)],
        &[],
    );
    breaks(questionnaire, "satisfaction-needed", &[], &[]);
    let none = [Number(partners, 0.0), Number(rating, 7.0)];
    breaks(
        questionnaire,
        "satisfaction-without-partners",
        &none,
        &[rating],
    );
}

#[test]
fn equal_answers_may_not_differ_at_all() {
    let questionnaire = common::questionnaire();
    let [week, module] = [
        "onboarding.week2.product_training",
        "onboarding.module1.duration",
    ];
    breaks(
        questionnaire,
        "training-hours",
        &[Number(week, 4.0), Number(module, 4.0)],
        &[],
    );
    breaks(
        questionnaire,
        "training-hours",
        &[Number(week, 4.0), Number(module, 4.5)],
        &[week],
    );
    breaks(
        questionnaire,
        "training-hours",
        &[Number(week, 4.5), Number(module, 4.0)],
        &[week],
    );
    breaks(questionnaire, "training-hours", &[Number(week, 4.0)], &[]);
}

#[test]
fn conditions_hold_up_to_their_limit() {
    let questionnaire = common::questionnaire();
    let streams = |third: f64| {
        [
            Number("revenue.direct.partner_driven_sales", 50.0),
            Number("revenue.direct.revenue_share_received", 30.0),
            Number("revenue.direct.marketplace_fees", third),
            Number(RETURN, 100.0),
        ]
    };
    breaks(questionnaire, "direct-exceeds-return", &streams(20.0), &[]);
    breaks(
        questionnaire,
        "direct-exceeds-return",
        &streams(20.5),
        &[RETURN],
    );
    let payback = |returns: f64| {
        [
            Number("revenue.roi.payback", 6.0),
            Number(RETURN, returns),
            Number(INVESTMENT, 100.0),
        ]
    };
    breaks(questionnaire, "payback-impossible", &payback(101.0), &[]);
    breaks(
        questionnaire,
        "payback-impossible",
        &payback(100.0),
        &["revenue.roi.payback"],
    );
    let commission = |own: f64| {
        [
            Number("agreement.sharing.partner_commission", own),
            Number("performance.bronze.commission", 10.0),
            Number("performance.platinum.commission", 20.0),
        ]
    };
    let field = "agreement.sharing.partner_commission";
    for (own, fields) in [
        (10.0, &[][..]),
        (20.0, &[]),
        (9.0, &[field]),
        (21.0, &[field]),
    ] {
        breaks(
            questionnaire,
            "commission-outside-tiers",
            &commission(own),
            fields,
        );
    }
}

/// The payback itself is worked out by hand in the tests of the scores.
#[test]
fn a_stated_payback_may_differ_by_a_month() {
    let questionnaire = common::questionnaire();
    let field = "revenue.roi.payback";
    let with = |entered: f64, returns: f64| {
        vec![
            Number(field, entered),
            Number(RETURN, returns),
            Number(INVESTMENT, 100.0),
        ]
    };
    let mut answers = Answers::empty(questionnaire);
    for (id, value) in [(RETURN, 200.0), (INVESTMENT, 100.0)] {
        answers.get_mut(questionnaire.key(id).unwrap()).value = Value::Number(value);
    }
    let scorecard = Scorecard::of(questionnaire, &answers);
    let Some(Payback::Months(months)) = scorecard.finance.unwrap().payback else {
        panic!("a return of twice the cost pays back");
    };
    for (entered, fields) in [
        (months, &[][..]),
        (months + 0.9, &[]),
        (months - 0.9, &[]),
        (months + 1.1, &[field]),
        (months - 1.1, &[field]),
    ] {
        breaks(
            questionnaire,
            "entered-payback",
            &with(entered, 200.0),
            fields,
        );
    }
    // The return exceeds the cost so little that it pays back after the horizon; at the cost, another rule reports it.
    breaks(
        questionnaire,
        "entered-payback",
        &with(6.0, 100.5),
        &[field],
    );
    breaks(questionnaire, "entered-payback", &with(6.0, 100.0), &[]);
}

/// Returns the answers about a candidate whose every rating counts the same, so that this is its score.
fn candidate(
    questionnaire: &Questionnaire,
    number: usize,
    name: &'static str,
    score: f64,
) -> Vec<Given> {
    let ending = format!(".c{number}");
    let mut given = Vec::new();
    for (_, field) in questionnaire.inputs() {
        let id: &'static str = field.id.clone().leak();
        match field.kind {
            _ if !id.starts_with("selection.") || !id.ends_with(&ending) => {}
            Kind::Rating {
                better: Better::Low,
            } => given.push(Number(id, 10.0 - score)),
            Kind::Rating { .. } => given.push(Number(id, score)),
            _ if id == format!("selection.candidate.name{ending}") => given.push(Text(id, name)),
            _ => {}
        }
    }
    given
}

/// Four candidates, the best first.
fn candidates(questionnaire: &Questionnaire) -> Vec<Given> {
    let all = [
        ("Nordlys", 8.0),
        ("Fjord", 7.0),
        ("Skog", 6.0),
        ("Hav", 5.0),
    ];
    let all = all.into_iter().enumerate();
    all.flat_map(|(index, (name, score))| candidate(questionnaire, index + 1, name, score))
        .collect()
}

#[test]
fn the_choice_is_one_of_the_three_best_candidates() {
    let questionnaire = common::questionnaire();
    let choice = "selection.choice.primary";
    let with = |name| {
        let mut given = candidates(questionnaire);
        given.push(Text(choice, name));
        given
    };
    for (name, unknown, behind) in [
        ("Nordlys", false, false),
        (" SKOG ", false, false),
        ("Hav", false, true),
        ("Nobody", true, false),
    ] {
        let fields = |broken: bool| if broken { vec![choice] } else { Vec::new() };
        breaks(
            questionnaire,
            "primary-not-candidate",
            &with(name),
            &fields(unknown),
        );
        breaks(
            questionnaire,
            "primary-not-top",
            &with(name),
            &fields(behind),
        );
    }
    let found = broken(questionnaire, "primary-not-top", &with("Hav"));
    let (_, expected) = found.first().unwrap();
    assert!(
        expected.ends_with("Nordlys (8), Fjord (7), Skog (6)"),
        "{expected}"
    );
    // Without candidates, any name may be chosen.
    breaks(
        questionnaire,
        "primary-not-candidate",
        &[Text(choice, "Nobody")],
        &[],
    );
}

#[test]
fn a_stated_ranking_has_the_places_and_the_scores_of_the_ratings() {
    let questionnaire = common::questionnaire();
    let [first, second] = ["selection.top3.first.name", "selection.top3.second.name"];
    let points = "selection.top3.first.score";
    let with = |more: Vec<Given>| {
        let mut given = candidates(questionnaire);
        given.extend(more);
        given
    };
    for (more, fields) in [
        (vec![Text(first, "Nordlys"), Number(points, 8.0)], &[][..]),
        (vec![Text(first, "Nordlys"), Number(points, 8.05)], &[]),
        (
            vec![Text(first, "Nordlys"), Number(points, 7.94)],
            &[points],
        ),
        (
            vec![Text(first, "Nordlys"), Number(points, 8.06)],
            &[points],
        ),
        (vec![Text(first, "Fjord")], &[first]),
        (
            vec![Text(first, "Fjord"), Text(second, "Nordlys")],
            &[first, second],
        ),
        (vec![Text(first, "Nobody")], &[first]),
    ] {
        breaks(questionnaire, "entered-ranking", &with(more), fields);
    }
    let expected = |more| {
        let found = broken(questionnaire, "entered-ranking", &with(more));
        found.first().unwrap().1.clone()
    };
    assert!(expected(vec![Text(second, "Nordlys")]).contains("Fjord (7)"));
    assert!(expected(vec![Text(first, "Nobody")]).contains("Nordlys, Fjord, Skog, Hav"));
    assert!(expected(vec![Text(first, "Nordlys"), Number(points, 3.0)]).contains("8"));
    breaks(
        questionnaire,
        "entered-ranking",
        &[Text(first, "Nobody")],
        &[],
    );
}

/// A section without answers is reported, with n/a counted apart.
#[test]
fn too_few_answers_say_how_many_do_not_apply() {
    let questionnaire = common::questionnaire();
    let found = |given: &[Given]| {
        let issues = issues(questionnaire, given);
        let own = issues
            .into_iter()
            .find(|issue| issue.code.as_str() == "too-few-answers");
        own.unwrap().found
    };
    let without = found(&[Number(INVESTMENT, 1.0)]);
    let with = found(&[
        Number(INVESTMENT, 1.0),
        NotApplicable(RETURN),
        NotApplicable(PARTS[0]),
    ]);
    assert!(
        !without.contains("not applicable") && !without.contains('0'),
        "{without}"
    );
    assert!(with.contains('2'), "{with}");
    assert_ne!(without, with);
}
