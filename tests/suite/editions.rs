//! The plans of a client over time: during the ninety days, after them, in comparison with an earlier plan, and in a
//! second round.

use chrono::NaiveDate;
use partnerbook::analysis::Edition;
use partnerbook::intake::{self, Sandbox};
use partnerbook::plan::{self, Compared, Inputs, Plan, Sender};
use partnerbook::questionnaire::Questionnaire;
use partnerbook::record::{Previous, Source};
use serde_json::json;

use crate::common;
use crate::golden;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Builds the plan of a sample on a date, compared with an earlier plan.
fn plan_after(questionnaire: &Questionnaire, today: &str, earlier: Option<&Plan>) -> Plan {
    plan_with(questionnaire, &[], today, earlier)
}

/// Builds the plan of a sample with changed answers.
fn plan_with(
    questionnaire: &Questionnaire,
    changes: &[(&str, serde_json::Value)],
    today: &str,
    earlier: Option<&Plan>,
) -> Plan {
    let place = tempfile::tempdir().unwrap();
    let path = match changes {
        [] => common::sample("halvorsen-sensors"),
        _ => common::workbook(place.path(), "changed", "halvorsen-sensors", changes),
    };
    let reading = intake::read_file(questionnaire, &path, &Sandbox::none()).unwrap();
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
    let first = plan_after(questionnaire, "2026-11-26", None);
    assert_eq!(first.record.edition, Edition::First);
    for (name, today, earlier, edition) in [
        ("mid-term", "2027-02-01", None, Edition::MidTerm),
        ("closing", "2027-04-20", None, Edition::Closing),
        ("review", "2027-02-01", Some(&first), Edition::Review),
        ("next-round", "2027-04-20", Some(&first), Edition::NextRound),
    ] {
        let plan = plan_after(questionnaire, today, earlier);
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
    let first = plan_after(questionnaire, "2026-11-26", None);
    let second = plan_after(questionnaire, "2027-04-20", Some(&first));
    // The first Monday after the report date.
    assert_eq!(second.record.roadmap.start, date("2027-04-26"));
    let review = plan_after(questionnaire, "2027-05-20", Some(&second));
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

/// Old answers say nothing about what was done since. Newer answers, and old ones that report something, do.
#[test]
fn only_what_the_answers_can_show_is_called_missed() {
    let questionnaire = common::questionnaire();
    let first = plan_after(questionnaire, "2026-11-26", None);
    let newer = ("client.plan.filled_in_on", json!("2027-01-29"));
    let done = ("execution.month1.legal_framework.status", json!("Done"));
    for (changes, is_known) in [
        (vec![], false),
        (vec![newer.clone()], true),
        (vec![done.clone()], true),
        (vec![newer, done], true),
    ] {
        let review = plan_with(questionnaire, &changes, "2027-02-01", Some(&first));
        let text = golden::text(&review).replace('\u{a0}', " ");
        assert_eq!(text.contains("due, not reported"), !is_known, "{changes:?}");
        assert_eq!(
            text.contains("| 14 December 2026 | missed"),
            is_known,
            "{changes:?}"
        );
    }
}

/// The review says when an upcoming activity is now expected, if that is later than the previous plan said.
#[test]
fn a_review_tells_what_moves() {
    let questionnaire = common::questionnaire();
    let first = plan_after(questionnaire, "2026-11-26", None);
    let newer = [("client.plan.filled_in_on", json!("2027-01-29"))];
    for (changes, overdue) in [(&[][..], "6 due and not reported"), (&newer, "6 overdue")] {
        let review = plan_with(questionnaire, changes, "2027-02-01", Some(&first));
        let text = golden::text(&review).replace('\u{a0}', " ");
        // Training waits for onboarding, launch for training. Tracking waits for nothing.
        for line in [
            "| 4 February 2027 | expected 1 Mar",
            "| 12 February 2027 | expected 9 Mar",
            "| 19 February 2027 | upcoming",
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
        assert!(
            text.contains(&format!("Day 57 of 90: {overdue}")),
            "{overdue}"
        );
    }
}

/// Answers without a date are not known to be old, so what they do not report as done was missed.
#[test]
fn answers_without_a_date_count_as_current() {
    let questionnaire = common::questionnaire();
    let first = plan_after(questionnaire, "2026-11-26", None);
    let undated = [("client.plan.filled_in_on", json!(""))];
    let review = plan_with(questionnaire, &undated, "2027-02-01", Some(&first));
    let text = golden::text(&review).replace('\u{a0}', " ");
    for line in [
        "## Scores, previous and current",
        "| 14 December 2026 | missed",
        "Day 57 of 90: 6 overdue",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

/// After the ninety days, the difference to the targets is printed only if the answers are newer than their first day.
#[test]
fn a_closing_plan_compares_only_current_figures() {
    let questionnaire = common::questionnaire();
    let newer = [("client.plan.filled_in_on", json!("2027-04-16"))];
    for (changes, row) in [
        (&[][..], "NOK 640,000 | NOK 780,000 | – | not known"),
        (&newer, "NOK 640,000 | NOK 780,000 | +140,000 | missed"),
    ] {
        let closing = plan_with(questionnaire, changes, "2027-04-20", None);
        let text = golden::text(&closing).replace('\u{a0}', " ");
        assert!(text.contains(row), "{row}\n{text}");
    }
}

/// A step that must be done before its activity begins is not due on or after its first day.
#[test]
fn a_step_before_an_activity_is_due_before_it_begins() {
    let questionnaire = common::questionnaire();
    let plan = plan_after(questionnaire, "2026-11-26", None);
    let text = golden::text(&plan).replace('\u{a0}', " ");
    // Outreach begins on Wednesday, 6 January 2027.
    assert!(
        text.contains("Name the partner manager and free half their week. Jonas Bakke, by 5 Jan")
    );
}
