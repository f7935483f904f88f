//! The comparisons in a plan: with a previous run of the same client, and with all clients without names.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use partnerbook::batch::{self, Setting, Workers};
use partnerbook::brand::Brand;
use partnerbook::intake::Sandbox;
use partnerbook::plan::{Block, Compared, Plan};
use serde_json::{Value, json};

use crate::common::{self, partnerbook, root, workbook};

fn report(inbox: &Path, out: &Path, more: &[&str]) -> std::process::Output {
    let words = [
        "report",
        inbox.to_str().unwrap(),
        "-o",
        out.to_str().unwrap(),
    ];
    partnerbook(&[&words[..], more].concat(), &root())
}

fn results(out: &Path) -> Vec<Value> {
    let lines = std::fs::read_to_string(out.join("results.jsonl")).unwrap();
    let lines = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    lines.collect()
}

#[test]
fn what_changed_since_an_earlier_run() {
    let place = tempfile::tempdir().unwrap();
    let at = |name: &str| place.path().join(name);
    workbook(&at("november"), "a", "verano-solar", &[]);
    workbook(&at("november"), "b", "pocketharbor", &[]);
    let output = report(&at("november"), &at("first"), &["--date", "2026-11-23"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(
        results(&at("first"))
            .iter()
            .all(|line| line["change"].is_null())
    );

    let changes = [
        ("readiness.business.legal_framework", json!(9)),
        ("opportunities.co_marketing.cost_sharing.partner", json!(40)),
        (
            "execution.month1.strategy_finalization.status",
            json!("Done"),
        ),
        ("execution.month2.outreach.status", json!("Done")),
    ];
    // With another file name, and next to a client that the previous run does not contain.
    workbook(&at("february"), "verano-february", "verano-solar", &changes);
    workbook(&at("february"), "c", "halvorsen-sensors", &[]);
    let first = at("first");
    let since = ["--date", "2027-02-26", "--since", first.to_str().unwrap()];
    let output = report(&at("february"), &at("second"), &since);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let lines = results(&at("second"));
    let of = |name: &str| {
        let mut lines = lines.iter();
        lines.find(|line| line["client"]["name"] == name).unwrap()
    };
    assert!(
        of("Halvorsen Sensors AS")["change"].is_null(),
        "no earlier plan of it"
    );
    let change = &of("Verano Solar, S.L.")["change"];
    assert_eq!(change["since"], "2026-11-23");
    // By hand: the means of the dimensions 7, 6, 7.25, 5.75 scaled from 40 to 50. The business dimension rises from 6
    // to 7.
    let readiness = &change["scores"][0];
    assert_eq!(
        (&readiness["before"], &readiness["now"]),
        (&json!(32.5), &json!(33.75))
    );
    // Neither investment nor return changed, so that ROI is identical to the last digit.
    let text = std::fs::read_to_string(at("second").join("results.jsonl")).unwrap();
    let of_verano = text.lines().find(|line| line.contains("Verano")).unwrap();
    let (_, roi) = of_verano.split_once("\"multiple\":[").unwrap();
    let (then, now) = roi.split(']').next().unwrap().split_once(',').unwrap();
    assert!(then.starts_with("1.8"), "{roi:.60}");
    assert_eq!(then, now);
    // Of 12 activities, 1 was already done in November, 2 were done since, and 2 are late.
    let outcomes = change["commitments"].as_array().unwrap();
    let count = |outcome: &str| {
        outcomes
            .iter()
            .filter(|own| own["outcome"] == outcome)
            .count()
    };
    assert_eq!((count("kept"), count("missed"), count("open")), (2, 2, 7));
    let late: Vec<&Value> = outcomes
        .iter()
        .filter(|own| own["outcome"] == "missed")
        .map(|own| &own["due"])
        .collect();
    assert_eq!(late, ["2027-02-10", "2027-02-15"]);
    let resolved = change["resolved"].as_array().unwrap();
    assert_eq!(resolved.len(), 1, "{resolved:?}");
    assert_eq!(resolved[0]["label"], "Cost sharing: our share");
    assert_eq!(resolved[0]["place"], "2 Opportunities, C41");

    // The sheets, read with another library.
    use calamine::{Reader, Xlsx, open_workbook};
    let mut book: Xlsx<_> = open_workbook(at("second").join("portfolio.xlsx")).unwrap();
    let sheet = book.worksheet_range("Change").unwrap();
    let rows: Vec<String> = sheet.rows().map(|row| format!("{row:?}")).collect();
    assert!(
        rows.iter()
            .any(|row| row.contains("Verano") && row.contains("33.75"))
    );
    assert_eq!(
        book.worksheet_range("Commitments").unwrap().height(),
        4 + 11
    );
    assert_eq!(book.worksheet_range("Resolved").unwrap().height(), 4 + 1);

    // A second run gives the same, and nothing is regenerated.
    let output = report(&at("february"), &at("second"), &since);
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("2 unchanged"),
        "{output:?}"
    );
}

#[test]
fn who_gives_no_name_is_compared_with_nobody() {
    let place = tempfile::tempdir().unwrap();
    let at = |name: &str| place.path().join(name);
    let nameless = [("client.about.company", Value::Null)];
    workbook(&at("one"), "partnerships", "verano-solar", &nameless);
    workbook(&at("other"), "partnerships", "halvorsen-sensors", &nameless);
    report(&at("one"), &at("first"), &[]);
    assert_eq!(results(&at("first"))[0]["client"]["named"], false);
    let first = at("first");
    let output = report(
        &at("other"),
        &at("second"),
        &["--since", first.to_str().unwrap()],
    );
    // Two clients with the same file name: the plan of one must not show data of the other.
    assert!(results(&at("second"))[0]["change"].is_null());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("has none of these clients"), "{said}");
}

/// Two workbooks with the same client name are matched by file name. If that is ambiguous, neither is compared.
#[test]
fn clients_of_one_name_are_compared_by_their_files() {
    let place = tempfile::tempdir().unwrap();
    let at = |name: &str| place.path().join(name);
    let name = ("client.about.company", json!("Twin Ltd"));
    let rating = |rating: u32| ("readiness.product.api_availability", json!(rating));
    for (folder, north, south) in [("first", 3, 8), ("second", 5, 9)] {
        let inbox = at(&format!("{folder}-in"));
        workbook(
            &inbox,
            "north",
            "verano-solar",
            &[name.clone(), rating(north)],
        );
        workbook(
            &inbox,
            "south",
            "verano-solar",
            &[name.clone(), rating(south)],
        );
    }
    workbook(&at("second-in"), "west", "verano-solar", &[name, rating(1)]);
    report(&at("first-in"), &at("first"), &["--date", "2026-11-23"]);
    let since = at("first");
    let words = ["--date", "2026-12-23", "--since", since.to_str().unwrap()];
    let said = report(&at("second-in"), &at("second"), &words).stderr;
    let said = String::from_utf8(said).unwrap();
    assert!(
        said.contains("does not contain 1 client of this run"),
        "{said}"
    );
    let points = |line: &Value| line["scores"][0]["subjects"][0]["points"].as_f64();
    let first = results(&at("first"));
    for line in results(&at("second")) {
        let file = line["source"]["file"].as_str().unwrap();
        let earlier = first.iter().find(|line| line["source"]["file"] == file);
        let change = &line["change"]["scores"][0];
        assert_eq!(
            change["before"].as_f64(),
            earlier.and_then(points),
            "{file}"
        );
        assert_eq!(earlier.is_none(), line["change"].is_null(), "{file}");
    }
    assert_ne!(points(&first[0]), points(&first[1]));
}

#[test]
fn an_earlier_run_that_cannot_be_compared_with_is_named() {
    let place = tempfile::tempdir().unwrap();
    let at = |name: &str| place.path().join(name);
    workbook(&at("in"), "a", "halvorsen-sensors", &[]);
    let said = |since: &Path| {
        let output = report(&at("in"), &at("out"), &["--since", since.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    assert!(said(&at("nowhere")).contains("Name the output folder of a previous run"));
    std::fs::create_dir_all(at("other")).unwrap();
    std::fs::write(at("other").join("results.jsonl"), "{\"a\": 1}\n").unwrap();
    assert!(said(&at("other")).contains("line 1, is not a valid result"));
    // This run would overwrite the previous results.
    std::fs::create_dir_all(at("out")).unwrap();
    assert!(said(&at("out")).contains("would overwrite the previous results"));
}

/// Returns the plans of workbooks, with benchmarks over all of them.
fn compared(paths: &[PathBuf]) -> Vec<Plan> {
    let questionnaire = common::questionnaire();
    let brand = Brand::bundled().unwrap();
    let (sandbox, stop) = (Sandbox::none(), AtomicBool::new(false));
    let blank = common::blank_text(questionnaire);
    let setting = Setting {
        questionnaire,
        sandbox: &sandbox,
        blank: &blank,
        today: common::today(),
        sender: &brand.sender,
        compared: Compared::default(),
    };
    let workers = Workers {
        jobs: 2,
        stop: &stop,
    };
    let place = tempfile::tempdir().unwrap();
    let readings = batch::EarlyReadings::new(place.path());
    let benchmarks = batch::benchmarks(setting, workers, paths, &readings);
    let setting = Setting {
        compared: Compared {
            benchmarks: Some(&benchmarks),
            ..setting.compared
        },
        ..setting
    };
    let plans = paths
        .iter()
        .map(|path| batch::plan_of(setting, path).unwrap());
    plans.collect()
}

/// Returns the rows of the benchmark tables of a plan: label, the client's value, quartiles, number of clients.
fn benchmark_rows(plan: &Plan) -> Vec<Vec<String>> {
    let blocks = plan.sections.iter().flat_map(|section| &section.blocks);
    let tables = blocks.filter_map(|block| match block {
        Block::Table { table, .. } if table.columns.len() == 6 => Some(table),
        _ => None,
    });
    let tables = tables.filter(|table| table.columns[3].0 == "Median");
    let rows = tables.flat_map(|table| &table.rows);
    rows.map(|row| row.iter().map(|cell| cell.text.clone()).collect())
        .collect()
}

#[test]
fn plans_show_all_clients_without_names_from_five_on() {
    let place = tempfile::tempdir().unwrap();
    let product = [
        "api_availability",
        "integration_capabilities",
        "white_label_potential",
        "co_branding_support",
    ];
    let paths: Vec<PathBuf> = (1..=5)
        .map(|client| {
            let mut changes = vec![(
                "client.about.company".to_owned(),
                json!(format!("Client {client}")),
            )];
            let ratings = product.map(|rating| format!("readiness.product.{rating}"));
            changes.extend(ratings.map(|rating| (rating, json!(2 * client))));
            // Only 4 clients can rate the satisfaction of their partners.
            if client == 5 {
                changes.push(("readiness.status.active_partnerships".into(), json!(0)));
                changes.push((
                    "readiness.status.partnership_satisfaction".into(),
                    json!("n/a"),
                ));
            }
            let changes: Vec<(&str, Value)> = changes
                .iter()
                .map(|(field, answer)| (field.as_str(), answer.clone()))
                .collect();
            let name = format!("client-{client}");
            workbook(place.path(), &name, "halvorsen-sensors", &changes)
        })
        .collect();
    let plans = compared(&paths);
    for (plan, own) in plans.iter().zip(["2.0", "4.0", "6.0", "8.0", "10.0"]) {
        let rows = benchmark_rows(plan);
        let row = |label: &str| rows.iter().find(|row| row[0] == label);
        // The means are 2, 4, 6, 8, and 10.
        assert_eq!(
            row("Product").unwrap()[..],
            ["Product", own, "4.0", "6.0", "8.0", "5"]
        );
        assert!(
            row("Current partnerships").is_none(),
            "four clients have it"
        );
        // No plan contains another client's name.
        let text = format!("{:?}", plan.sections);
        let named = (1..=5).filter(|client| text.contains(&format!("Client {client}")));
        let own = plan.record.client.name.as_str();
        assert!(
            named
                .map(|client| format!("Client {client}"))
                .all(|name| name == own)
        );
    }
    assert!(benchmark_rows(&compared(&paths[..4])[0]).is_empty());
    // A second workbook of the same client does not count as a fifth client.
    let again = place.path().join("again.xlsx");
    std::fs::copy(&paths[0], &again).unwrap();
    let four_and_again = [&paths[..4], &[again]].concat();
    assert!(benchmark_rows(&compared(&four_and_again)[0]).is_empty());
}
