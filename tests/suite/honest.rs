//! The outputs claim nothing that the answers do not show: unanswered questions, scores from few answers, tied
//! candidates, older workbooks.

use std::path::Path;

use serde_json::{Value, json};

use crate::common::{self, partnerbook, root, workbook};

fn report(inbox: &Path, out: &Path, more: &[&str]) -> std::process::Output {
    let words = [
        "report",
        inbox.to_str().unwrap(),
        "--date",
        "2026-11-23",
        "-o",
        out.to_str().unwrap(),
    ];
    partnerbook(&[&words[..], more].concat(), &root())
}

fn lines(out: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(out.join("results.jsonl")).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    lines.collect()
}

/// Returns the IDs of a sample's answers that begin with one of the prefixes.
fn ids(sample: &str, begins: &[&str]) -> Vec<String> {
    let path = root().join(format!("samples/answers/{sample}.json"));
    let answers: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let ids = answers.as_object().unwrap().keys().cloned();
    ids.filter(|id| begins.iter().any(|begin| id.starts_with(begin)))
        .collect()
}

fn all_not_applicable(ids: &[String]) -> Vec<(&str, Value)> {
    ids.iter().map(|id| (id.as_str(), json!("n/a"))).collect()
}

#[test]
fn who_writes_not_applicable_everywhere_has_answered_nothing() {
    let place = tempfile::tempdir().unwrap();
    let (inbox, out) = (place.path().join("inbox"), place.path().join("out"));
    let ids = ids("halvorsen-sensors", &[""]);
    let mut changes = all_not_applicable(&ids);
    changes.retain(|(id, _)| !id.starts_with("client."));
    workbook(&inbox, "a", "halvorsen-sensors", &changes);
    let run = report(&inbox, &out, &[]);
    assert_eq!(run.status.code(), Some(0), "{run:?}");
    let line = &lines(&out)[0];
    let complete = &line["completeness"];
    assert!(complete["answered"].as_u64().unwrap() < 10, "{complete}");
    assert!(line["not_applicable"].as_u64().unwrap() > 250, "{line}");
    let printed = String::from_utf8(run.stdout).unwrap();
    assert!(printed.contains("a draft"), "{printed}");
    let questionnaire = common::questionnaire();
    let reading = partnerbook::intake::read_file(
        questionnaire,
        &inbox.join("a.xlsx"),
        &partnerbook::intake::Sandbox::none(),
    )
    .unwrap();
    let plan = common::plan_of(questionnaire, reading, "a.xlsx");
    assert!(plan.draft.is_some());
    assert!(plan.cover.note.contains("0 of"), "{}", plan.cover.note);
    let decision = plan.record.advice.decision.as_ref().unwrap();
    assert!(decision.withheld && decision.text.starts_with("No recommendation yet"));
    let run = partnerbook(&["send", out.to_str().unwrap()], &root());
    let said =
        String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr);
    assert!(
        !out.join("drafts").join("halvorsen-sensors-as.eml").exists(),
        "{said}"
    );
}

#[test]
fn a_score_needs_three_quarters_of_its_weight_and_says_when_it_is_indicative() {
    let questionnaire = common::questionnaire();
    let place = tempfile::tempdir().unwrap();
    let inbox = place.path().join("inbox");
    let score = |name: &str, begins: &[&str]| {
        let ids = ids("halvorsen-sensors", begins);
        let path = workbook(&inbox, name, "halvorsen-sensors", &all_not_applicable(&ids));
        let sandbox = partnerbook::intake::Sandbox::none();
        let reading = partnerbook::intake::read_file(questionnaire, &path, &sandbox).unwrap();
        let plan = common::plan_of(questionnaire, reading, "a.xlsx");
        let subject = &plan.record.scores[0].subjects[0];
        (subject.points, subject.indicative)
    };
    let groups = [
        "readiness.product.",
        "readiness.business.",
        "readiness.market.",
        "readiness.capabilities.",
    ];
    // Five dimensions of 20% each: if one is n/a, four fifths of the weight remain.
    let (points, indicative) = score("one", &groups[..1]);
    assert!(points.is_some() && indicative, "{points:?}");
    assert_eq!(score("two", &groups[..2]), (None, false));
    assert_eq!(score("four", &groups), (None, false));
    let (points, indicative) = score("none", &["nothing"]);
    assert!(points.is_some() && !indicative);
}

#[test]
fn a_lead_of_a_tenth_is_level_everywhere() {
    let place = tempfile::tempdir().unwrap();
    let (inbox, out) = (place.path().join("inbox"), place.path().join("out"));
    // All ratings are 7, except one rating of 8 among the three of the heaviest dimension: 0.3 · 1/3 = 0.1 of 10.
    let ids = ids("halvorsen-sensors", &["selection."]);
    let mut changes: Vec<(&str, Value)> = ids
        .iter()
        .filter(|id| {
            let rated = ["fit", "revenue", "feasibility", "risk"];
            rated
                .iter()
                .any(|group| id.starts_with(&format!("selection.{group}.")))
        })
        .map(|id| (id.as_str(), json!(5)))
        .collect();
    changes.push(("selection.fit.market_alignment.c2", json!(6)));
    workbook(&inbox, "a", "halvorsen-sensors", &changes);
    let run = report(&inbox, &out, &[]);
    assert_eq!(run.status.code(), Some(0), "{run:?}");
    let line = &lines(&out)[0];
    let candidates = subjects(line, "selection");
    assert!(candidates.len() >= 3);
    for own in &candidates {
        assert_eq!(own["rank"], 1, "{own}");
        assert_eq!(own["tied"], true, "{own}");
    }
    let best = candidates.iter().filter_map(|own| own["points"].as_f64());
    assert!((best.fold(0.0, f64::max) - 5.1).abs() < 1e-9);
}

/// Returns the subjects of a score in a line of the results.
fn subjects<'v>(line: &'v Value, score: &str) -> Vec<&'v Value> {
    let scores = line["scores"].as_array().unwrap().iter();
    let mut of_id = scores.filter(|own| own["id"] == score);
    let subjects = of_id.next().unwrap()["subjects"].as_array().unwrap();
    subjects.iter().collect()
}

/// The sheet shows scores with one decimal, so that a client copies 6.8 for 6.825.
#[test]
fn three_scores_copied_as_the_sheet_shows_them_are_right() {
    let place = tempfile::tempdir().unwrap();
    let (inbox, out) = (place.path().join("inbox"), place.path().join("out"));
    let mut changes = vec![("selection.fit.market_alignment.c1", json!(4))];
    workbook(&inbox, "a", "halvorsen-sensors", &changes);
    let run = report(&inbox, &out, &[]);
    assert_eq!(run.status.code(), Some(0), "{run:?}");
    let mut ranked: Vec<(String, f64)> = subjects(&lines(&out)[0], "selection")
        .into_iter()
        .filter_map(|own| Some((own["name"].as_str()?.to_owned(), own["points"].as_f64()?)))
        .collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
    assert!(
        ranked[..3]
            .iter()
            .any(|(_, points)| (points * 10.0).fract() > 0.01),
        "a score that loses something when it is shown: {ranked:?}"
    );
    let fields = [
        ["selection.top3.first.name", "selection.top3.first.score"],
        ["selection.top3.second.name", "selection.top3.second.score"],
        ["selection.top3.third.name", "selection.top3.third.score"],
    ];
    for ([name, score], (who, points)) in fields.iter().zip(&ranked) {
        changes.push((name, json!(who)));
        changes.push((score, json!((points * 10.0).round() / 10.0)));
    }
    let is_doubted = |changes: &[(&str, Value)]| {
        workbook(&inbox, "a", "halvorsen-sensors", changes);
        let words = ["check", inbox.to_str().unwrap(), "--format", "json"];
        let run = partnerbook(&words, &root());
        let found: Value = serde_json::from_slice(&run.stdout).unwrap();
        let issues = found["files"][0]["issues"].as_array().unwrap();
        let mut codes = issues.iter().map(|issue| &issue["code"]);
        codes.any(|code| code == "entered-ranking")
    };
    assert!(!is_doubted(&changes));
    changes.last_mut().unwrap().1 = json!(1.5);
    assert!(is_doubted(&changes), "1.5 is not what the sheet shows");
}

#[test]
fn the_newer_workbook_of_a_client_replaces_the_older() {
    let place = tempfile::tempdir().unwrap();
    let (inbox, out) = (place.path().join("inbox"), place.path().join("out"));
    let day = |day: &str| vec![("client.plan.filled_in_on", json!(day))];
    workbook(&inbox, "z-first", "pocketharbor", &day("2026-11-01"));
    workbook(&inbox, "a-second", "pocketharbor", &day("2026-11-20"));
    workbook(&inbox, "other", "verano-solar", &[]);
    for _ in 0..2 {
        let run = report(&inbox, &out, &[]);
        assert_eq!(run.status.code(), Some(0), "{run:?}");
        let complaints = String::from_utf8_lossy(&run.stderr).into_owned();
        assert!(
            complaints.contains("z-first.xlsx is skipped:") && complaints.contains("a-second.xlsx"),
            "{complaints}"
        );
        let files: Vec<String> = lines(&out)
            .iter()
            .map(|line| line["source"]["file"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(files, ["a-second.xlsx", "other.xlsx"]);
    }
    let all = place.path().join("all");
    report(&inbox, &all, &["--keep-all"]);
    assert_eq!(lines(&all).len(), 3);
}

/// The annotated copy is returned with another name. Its generation shows that it is newer, whatever its date is.
#[test]
fn an_annotated_copy_that_comes_back_replaces_what_it_was_made_from() {
    let place = tempfile::tempdir().unwrap();
    let (inbox, out, back) = (
        place.path().join("inbox"),
        place.path().join("out"),
        place.path().join("back"),
    );
    let path = |path: &Path| path.to_str().unwrap().to_owned();
    workbook(&inbox, "mapleworks", "mapleworks-foundry", &[]);
    let run = partnerbook(
        &["check", &path(&inbox), "--annotate", &path(&back)],
        &root(),
    );
    assert_eq!(run.status.code(), Some(1), "{run:?}");
    std::fs::copy(back.join("mapleworks.xlsx"), inbox.join("A new name.xlsx")).unwrap();
    report(&inbox, &out, &[]);
    let lines = lines(&out);
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["source"]["file"], "A new name.xlsx");
}

#[test]
fn a_template_that_nobody_touched_is_written_again() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("a.xlsx");
    let template = |client: &str| {
        let words = ["template", "-o", file.to_str().unwrap(), "--client", client];
        partnerbook(&words, &root())
    };
    assert!(template("One").status.success());
    let first = std::fs::read(&file).unwrap();
    let again = template("Two");
    assert!(again.status.success(), "{again:?}");
    assert_ne!(std::fs::read(&file).unwrap(), first);
    // Another program saved the workbook, so that it may contain a client's answers.
    let saved = common::with_part(&first, "docProps/core.xml", |xml| {
        let (head, tail) = xml.split_once("</dcterms:modified>").unwrap();
        let head = head.strip_suffix("2026-01-01T00:00:00Z").unwrap();
        format!("{head}2026-11-02T08:00:00Z</dcterms:modified>{tail}")
    });
    std::fs::write(&file, &saved).unwrap();
    assert_eq!(template("Three").status.code(), Some(2));
    assert_eq!(std::fs::read(&file).unwrap(), saved);
}

#[test]
fn long_names_and_names_of_two_lines_stay_within_one_line() {
    let place = tempfile::tempdir().unwrap();
    let (inbox, out) = (place.path().join("inbox"), place.path().join("out"));
    let long = "Interminable".repeat(250);
    let name = |name: &str| vec![("client.about.company", json!(name))];
    workbook(&inbox, "long", "halvorsen-sensors", &name(&long));
    workbook(&inbox, "lines", "pocketharbor", &name("Pocket\nHarbor"));
    let run = report(&inbox, &out, &["--verbose"]);
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(said.contains("Pocket Harbor"), "{said}");
    let run = partnerbook(&["send", out.to_str().unwrap()], &root());
    assert!(run.status.success(), "{run:?}");
    let mut drafts = 0;
    for entry in std::fs::read_dir(out.join("drafts")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let head = text.split("\r\n\r\n").next().unwrap();
        assert!(head.lines().all(|line| line.len() < 200), "{head}");
        drafts += 1;
    }
    assert_eq!(drafts, 2);
}

#[test]
fn the_client_reads_nothing_of_the_portfolio_or_of_other_clients() {
    for file in ["plan.toml", "advice.toml", "email.toml"] {
        let path = root().join("templates/partnerships").join(file);
        let text = std::fs::read_to_string(path).unwrap().to_lowercase();
        let texts = text.lines().filter(|line| !line.starts_with('#'));
        for line in texts {
            for word in ["portfolio", "consolidated", "clients"] {
                assert!(!line.contains(word), "{file}: {line}");
            }
        }
    }
}
