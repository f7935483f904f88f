//! The plans of a client over time: during the ninety days, after them, in comparison with an earlier plan, and in a
//! second round.

use chrono::NaiveDate;
use partnerbook::analysis::Edition;
use partnerbook::intake::{self, Sandbox};
use partnerbook::plan::{self, Compared, Inputs, Plan, Sender};
use partnerbook::questionnaire::Questionnaire;
use partnerbook::record::{Previous, Source};

use crate::common;
use crate::golden;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Builds the plan of a sample on a date, compared with an earlier plan.
fn plan_after(questionnaire: &Questionnaire, today: &str, earlier: Option<&Plan>) -> Plan {
    let sample = common::sample("halvorsen-sensors");
    let reading = intake::read_file(questionnaire, &sample, &Sandbox::none()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let previous = earlier.map(|earlier| {
        let line = serde_json::to_string(&earlier.record).unwrap();
        std::fs::write(folder.path().join("results.jsonl"), line + "\n").unwrap();
        Previous::load(folder.path()).unwrap()
    });
    plan::build(Inputs {
        questionnaire,
        answers: &reading.answers,
        issues: reading.issues,
        source: Source {
            file: "halvorsen-sensors.xlsx".into(),
            path: "halvorsen-sensors.xlsx".into(),
            sha256: reading.sha256,
        },
        today: date(today),
        sender: &Sender::default(),
        compared: Compared {
            previous: previous.as_ref(),
            benchmarks: None,
        },
        prints: partnerbook::pdf::can_print,
    })
}

#[test]
fn texts_of_every_edition() {
    let questionnaire = common::questionnaire();
    let first = plan_after(&questionnaire, "2026-11-26", None);
    assert_eq!(first.record.edition, Edition::First);
    for (name, today, earlier, edition) in [
        ("mid-term", "2027-02-01", None, Edition::MidTerm),
        ("closing", "2027-04-20", None, Edition::Closing),
        ("review", "2027-02-01", Some(&first), Edition::Review),
        ("next-round", "2027-04-20", Some(&first), Edition::NextRound),
    ] {
        let plan = plan_after(&questionnaire, today, earlier);
        assert_eq!(plan.record.edition, edition, "{name}");
        let file = format!("halvorsen-sensors.{name}.txt");
        common::golden(&file, &golden::text(&plan));
    }
}

/// The workbook still contains the dates and statuses of the first round. They count neither in the plan of the second
/// round nor in its review.
#[test]
fn answers_of_the_first_round_do_not_count_in_the_second() {
    let questionnaire = common::questionnaire();
    let first = plan_after(&questionnaire, "2026-11-26", None);
    let second = plan_after(&questionnaire, "2027-04-20", Some(&first));
    // The first Monday after the report date.
    assert_eq!(second.record.roadmap.start, date("2027-04-26"));
    let review = plan_after(&questionnaire, "2027-05-20", Some(&second));
    assert_eq!(review.record.edition, Edition::Review);
    for plan in [&second, &review] {
        assert_eq!(plan.record.roadmap.start, date("2027-04-26"));
        let activities = &plan.record.roadmap.activities;
        assert!(activities.iter().all(|own| !own.done));
        assert!(activities.iter().all(|own| own.due >= date("2027-04-26")));
    }
    let change = review.record.change.as_ref().unwrap();
    let kept = change.count(partnerbook::record::Outcome::Kept);
    assert_eq!(kept, 0);
    assert!(first.record.roadmap.activities.iter().any(|own| own.done));
}
