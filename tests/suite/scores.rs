//! Compares scores and financial values with values calculated by hand from the seed's formulas, independently of this
//! code.

use partnerbook::answers::{Answers, Value};
use partnerbook::intake;
use partnerbook::questionnaire::Questionnaire;
use partnerbook::score::{Payback, Scorecard};

use crate::common;

fn answer(questionnaire: &Questionnaire, answers: &mut Answers, id: &str, value: f64) {
    answers.get_mut(questionnaire.key(id).unwrap()).value = Value::Number(value);
}

fn scorecard(questionnaire: &Questionnaire, given: &[(&str, f64)]) -> Scorecard {
    let mut answers = Answers::empty(questionnaire);
    for (id, value) in given {
        answer(questionnaire, &mut answers, id, *value);
    }
    Scorecard::of(questionnaire, &answers)
}

const READINESS: [(&str, f64); 16] = [
    ("readiness.product.api_availability", 8.0),
    ("readiness.product.integration_capabilities", 7.0),
    ("readiness.product.white_label_potential", 6.0),
    ("readiness.product.co_branding_support", 7.0),
    ("readiness.business.partner_value_proposition", 6.0),
    ("readiness.business.revenue_sharing_model", 5.0),
    ("readiness.business.support_infrastructure", 4.0),
    ("readiness.business.legal_framework", 3.0),
    ("readiness.market.brand_recognition", 9.0),
    ("readiness.market.customer_references", 8.0),
    ("readiness.market.competitive_differentiation", 7.0),
    ("readiness.market.market_credibility", 8.0),
    ("readiness.capabilities.partnership_team", 4.0),
    ("readiness.capabilities.channel_management", 5.0),
    ("readiness.capabilities.partner_enablement", 5.0),
    ("readiness.capabilities.success_tracking", 6.0),
];

/// All 17 ratings of the readiness of a client with partners.
fn readiness_with_partners() -> Vec<(&'static str, f64)> {
    let mut given = READINESS.to_vec();
    given.extend([
        ("readiness.status.active_partnerships", 3.0),
        ("readiness.status.partnership_satisfaction", 7.0),
    ]);
    given
}

/// Means 7, 4.5, 8, 5 and satisfaction 7: 31.5 of 50, half a point below Ready.
#[test]
fn readiness_is_the_sum_of_five_group_means() {
    let questionnaire = common::questionnaire();
    let given = readiness_with_partners();
    let card = scorecard(questionnaire, &given);
    let subject = card.scores[0].single().unwrap();
    assert_eq!(subject.points, Some(31.5));
    assert_eq!(subject.band.as_ref().unwrap().label, "Emerging");
    let means: Vec<Option<f64>> = subject
        .dimensions
        .iter()
        .map(|dimension| dimension.mean)
        .collect();
    assert_eq!(
        means,
        [Some(7.0), Some(4.5), Some(8.0), Some(5.0), Some(7.0)]
    );
    assert_eq!(subject.completeness(), (17, 17));
}

/// Without active partnerships: 24.5 of 40, scaled to 50, is 30.625.
#[test]
fn without_partners_satisfaction_does_not_apply() {
    let questionnaire = common::questionnaire();
    let mut given = READINESS.to_vec();
    given.push(("readiness.status.active_partnerships", 0.0));
    let card = scorecard(questionnaire, &given);
    let subject = card.scores[0].single().unwrap();
    assert_eq!(subject.points, Some(30.625));
    assert!(!subject.dimensions[4].applies);
    assert_eq!(subject.completeness(), (16, 16));
}

/// Means 7, 4.5, 8, 5, and 7: the lowest and the highest stand out. Ratings from 3 to 9. Equal ratings: none stands out.
#[test]
fn the_weakest_and_the_strongest_stand_out() {
    let questionnaire = common::questionnaire();
    let given = readiness_with_partners();
    let card = scorecard(questionnaire, &given);
    let subject = card.scores[0].single().unwrap();
    let [weakest, strongest] = subject.weakest_and_strongest().unwrap();
    assert_eq!((weakest.0[0].id.as_str(), weakest.1), ("business", 4.5));
    assert_eq!((strongest.0[0].id.as_str(), strongest.1), ("market", 8.0));
    let [low, high] = subject.extremes().unwrap();
    let key = |id: &str| questionnaire.key(id).unwrap();
    assert_eq!(low, (vec![key("readiness.business.legal_framework")], 3.0));
    assert_eq!(high, (vec![key("readiness.market.brand_recognition")], 9.0));
    let equal: Vec<(&str, f64)> = given
        .iter()
        .map(|(id, value)| match id.ends_with("active_partnerships") {
            true => (*id, *value),
            false => (*id, 6.0),
        })
        .collect();
    let card = scorecard(questionnaire, &equal);
    let subject = card.scores[0].single().unwrap();
    assert!(subject.extremes().is_none() && subject.weakest_and_strongest().is_none());
}

/// 17 ratings are asked, those that do not apply included. 14 are 82%, 13 are 76%: below 80%, a score is indicative.
#[test]
fn a_score_on_few_ratings_is_indicative() {
    let questionnaire = common::questionnaire();
    let given = readiness_with_partners();
    let indicative = |without: &[&str]| {
        let rest: Vec<(&str, f64)> = given
            .iter()
            .filter(|(id, _)| !without.contains(&id.rsplit('.').next().unwrap()))
            .copied()
            .collect();
        let card = scorecard(questionnaire, &rest);
        let subject = card.scores[0].single().unwrap();
        (subject.points.is_some(), subject.indicative)
    };
    let three = ["api_availability", "legal_framework", "brand_recognition"];
    assert_eq!(indicative(&three), (true, false));
    let four = [&three[..], &["partnership_team"]].concat();
    assert_eq!(indicative(&four), (true, true));
}

/// All four ratings of a dimension are not applicable: it leaves the score, which the others fill.
#[test]
fn a_dimension_without_a_rating_that_applies_leaves_the_score() {
    let questionnaire = common::questionnaire();
    let mut answers = Answers::empty(questionnaire);
    for (id, value) in READINESS {
        let key = questionnaire.key(id).unwrap();
        answers.get_mut(key).value = match id.starts_with("readiness.product.") {
            true => Value::NotApplicable,
            false => Value::Number(value),
        };
    }
    answer(
        questionnaire,
        &mut answers,
        "readiness.status.active_partnerships",
        3.0,
    );
    answer(
        questionnaire,
        &mut answers,
        "readiness.status.partnership_satisfaction",
        7.0,
    );
    let card = Scorecard::of(questionnaire, &answers);
    let subject = card.scores[0].single().unwrap();
    assert!(!subject.dimensions[0].applies && subject.dimensions[0].mean.is_none());
    // (4.5 + 8 + 5 + 7) of 40, scaled to 50. 13 of 17 ratings are given.
    assert_eq!(subject.points, Some(30.625));
    assert_eq!(subject.completeness(), (13, 13));
    assert!(subject.indicative);
}

/// With partners but without the satisfaction rating, one dimension has no mean, so that there is no score.
#[test]
fn a_group_that_lacks_leaves_no_number() {
    let questionnaire = common::questionnaire();
    let mut given = READINESS.to_vec();
    given.push(("readiness.status.active_partnerships", 2.0));
    assert_eq!(
        scorecard(questionnaire, &given).scores[0]
            .single()
            .unwrap()
            .points,
        None
    );
    // Half of a dimension's ratings are enough: (8 + 7) / 2 for the product dimension.
    given.push(("readiness.status.partnership_satisfaction", 7.0));
    given.retain(|(id, _)| {
        !id.ends_with("white_label_potential") && !id.ends_with("co_branding_support")
    });
    assert_eq!(
        scorecard(questionnaire, &given).scores[0]
            .single()
            .unwrap()
            .points,
        Some(32.0)
    );
    // One of four is not enough.
    given.retain(|(id, _)| !id.ends_with("integration_capabilities"));
    assert_eq!(
        scorecard(questionnaire, &given).scores[0]
            .single()
            .unwrap()
            .points,
        None
    );
}

#[test]
fn a_band_begins_at_its_lower_edge_of_the_unrounded_score() {
    let questionnaire = common::questionnaire();
    let all = |rating: f64| {
        let given: Vec<(&str, f64)> = READINESS
            .iter()
            .map(|(id, _)| (*id, rating))
            .chain([("readiness.status.active_partnerships", 0.0)])
            .collect();
        scorecard(questionnaire, &given).scores[0]
            .single()
            .unwrap()
            .band
            .as_ref()
            .unwrap()
            .label
            .clone()
    };
    assert_eq!(
        [
            all(0.0),
            all(3.99),
            all(4.0),
            all(6.39),
            all(6.4),
            all(8.39),
            all(8.4),
            all(10.0)
        ],
        [
            "Not ready",
            "Not ready",
            "Emerging",
            "Emerging",
            "Ready",
            "Ready",
            "Leading",
            "Leading"
        ]
    );
}

/// Fit (9+9+8)/3, revenue (7+8+9)/3, feasibility ((10−3)+(10−4)+8)/3, risk (9+(10−2)+(10−7))/3, weights 30, 25, 25, 20:
/// 2.6 + 2 + 1.75 + 1.3333 = 7.6833.
#[test]
fn selection_inverts_what_is_bad_news() {
    let questionnaire = common::questionnaire();
    let ratings = [
        ("fit.market_alignment", 9.0),
        ("fit.customer_overlap", 9.0),
        ("fit.value_proposition_fit", 8.0),
        ("revenue.market_size", 7.0),
        ("revenue.conversion_potential", 8.0),
        ("revenue.revenue_timeline", 9.0),
        ("feasibility.technical_complexity", 3.0),
        ("feasibility.resource_requirements", 4.0),
        ("feasibility.timeline_to_value", 8.0),
        ("risk.partner_stability", 9.0),
        ("risk.competition_risk", 2.0),
        ("risk.dependency_risk", 7.0),
    ];
    let ids: Vec<(String, f64)> = ratings
        .iter()
        .flat_map(|(id, value)| {
            ["c1", "c2"].map(|column| (format!("selection.{id}.{column}"), *value))
        })
        .collect();
    let given: Vec<(&str, f64)> = ids
        .iter()
        .map(|(id, value)| (id.as_str(), *value))
        .collect();
    let card = scorecard(questionnaire, &given);
    let score = &card.scores[1];
    assert_eq!(
        score.subjects.len(),
        2,
        "columns without a name or a rating are no candidates"
    );
    assert!((score.subjects[0].points.unwrap() - 7.683_333_333).abs() < 1e-6);
    // The same ratings twice: the same rank, and a tie.
    assert_eq!(
        score
            .subjects
            .iter()
            .map(|subject| subject.rank)
            .collect::<Vec<_>>(),
        [Some(1), Some(1)]
    );
    assert!(score.is_tied(&score.subjects[0]));
}

/// Demand 9, complexity 3, impact 8: (9 + 7 + 8) / 3 = 8.
#[test]
fn integration_priority_is_a_mean_of_three() {
    let questionnaire = common::questionnaire();
    let card = scorecard(
        questionnaire,
        &[
            ("integrations.tier1.user_demand.i1", 9.0),
            ("integrations.tier1.technical_complexity.i1", 3.0),
            ("integrations.tier1.business_impact.i1", 8.0),
        ],
    );
    assert_eq!(card.scores[3].subjects[0].points, Some(8.0));
}

/// ROI 120/50 = 2.4; payback 3·120/70 = 5.142857 months.
#[test]
fn roi_and_payback() {
    let questionnaire = common::questionnaire();
    let finance = scorecard(
        questionnaire,
        &[
            ("revenue.roi.investment", 50.0),
            ("revenue.roi.return", 120.0),
        ],
    )
    .finance
    .unwrap();
    assert!((finance.multiple.unwrap() - 2.4).abs() < 1e-12);
    assert!(
        matches!(finance.payback, Some(Payback::Months(months)) if (months - 5.142_857_142_857).abs() < 1e-9)
    );
    let free = scorecard(
        questionnaire,
        &[
            ("revenue.roi.investment", 0.0),
            ("revenue.roi.return", 120.0),
        ],
    )
    .finance
    .unwrap();
    assert_eq!((free.multiple, free.payback), (None, None));
}

/// The scores of the samples, calculated outside this project from the answers alone.
#[test]
fn samples_score_as_worked_out_apart() {
    let questionnaire = common::questionnaire();
    let expected = [
        (
            "halvorsen-sensors",
            Some(41.0),
            Some(81.875),
            Some(("Nordlys Crawlers", 7.916_667)),
            Some(2.5),
            Some(5.0),
        ),
        (
            "brightloom-textiles",
            Some(29.25),
            Some(53.75),
            None,
            Some(1.5),
            Some(9.0),
        ),
        (
            "pocketharbor",
            Some(17.1875),
            Some(32.916_667),
            None,
            None,
            Some(7.5),
        ),
        ("quarrystone-logistics", Some(27.25), None, None, None, None),
        (
            "verano-solar",
            Some(32.5),
            Some(68.125),
            Some(("Eléctricos Guadalén", 7.733_333)),
            Some(40.0 / 22.0),
            Some(20.0 / 3.0),
        ),
        (
            "mapleworks-foundry",
            Some(32.125),
            Some(60.9375),
            Some(("Lavoie Foundry Supply", 7.733_333)),
            Some(2.5),
            Some(5.0),
        ),
        (
            "thalassa-foods",
            Some(35.25),
            Some(66.25),
            Some(("Черноморски вкус ООД", 8.033_333)),
            Some(2.2),
            Some(5.5),
        ),
    ];
    for (name, readiness, assessment, best, roi, payback) in expected {
        let plan = common::plan_of_sample(questionnaire, name);
        let close =
            |actual: Option<f64>, expected: Option<f64>, what: &str| match (actual, expected) {
                (Some(actual), Some(expected)) => assert!(
                    (actual - expected).abs() < 1e-5,
                    "{name}: {what} {actual}, not {expected}"
                ),
                (actual, expected) => assert_eq!(actual, expected, "{name}: {what}"),
            };
        close(
            plan.record.scores[0].subjects[0].points,
            readiness,
            "readiness",
        );
        close(
            plan.record.scores[2].subjects[0].points,
            assessment,
            "questionnaire",
        );
        if let Some((partner, points)) = best {
            assert_eq!(plan.record.scores[1].subjects[0].name, partner);
            close(
                plan.record.scores[1].subjects[0].points,
                Some(points),
                "selection",
            );
        }
        if roi.is_some() {
            close(plan.record.finance.multiple, roi, "return multiple");
        }
        close(plan.record.finance.payback_months, payback, "payback");
    }
    let thalassa = common::plan_of_sample(questionnaire, "thalassa-foods");
    let ranks: Vec<Option<u32>> = thalassa.record.scores[1]
        .subjects
        .iter()
        .map(|subject| subject.rank)
        .collect();
    assert_eq!(
        ranks,
        [Some(1), Some(2), Some(2), Some(4), Some(4), Some(6)],
        "level in second and in fourth place"
    );
}

/// Activities that are due and not done on the report date are red, and the headline counts them.
#[test]
fn overdue_activities_are_told_in_the_plan() {
    let questionnaire = common::questionnaire();
    let read = || {
        let path = common::sample("halvorsen-sensors");
        intake::read_file(questionnaire, &path, &intake::Sandbox::none()).unwrap()
    };
    let day = chrono::NaiveDate::from_ymd_opt(2027, 1, 16).unwrap();
    let plan = common::plan_on(questionnaire, read(), "a.xlsx", day);
    let roadmap = plan.sections.iter().find(|section| section.id == "roadmap");
    let roadmap = roadmap.unwrap();
    // In the sample, 14 December, 4, 5, and 15 January are past. The activity due on 18 December is done.
    // The answers are from before day 1: nobody has said that the four are not done.
    let headline = roadmap.headline.replace('\u{a0}', " ");
    assert!(
        headline.starts_with("Day 41 of 90: 4 due and not reported as done"),
        "{headline}"
    );
    let schedule = roadmap.blocks.iter().find_map(|block| match block {
        partnerbook::plan::Block::Schedule(schedule) => Some(schedule),
        _ => None,
    });
    let late = schedule.unwrap().rows.iter().filter(|row| row.late);
    // What is overdue is expected later than planned, and so is what waits for it.
    assert!(late.count() >= 4);
    let plan = common::plan_on(questionnaire, read(), "a.xlsx", common::today());
    let roadmap = plan.sections.iter().find(|section| section.id == "roadmap");
    assert!(roadmap.unwrap().headline.starts_with("Twelve activities"));
}
