//! Tests of the command line from a user's perspective.

use std::path::Path;

use crate::common::{self, partnerbook, root};

fn report(paths: &[&str], out: &Path) -> std::process::Output {
    let mut arguments = vec![
        "report",
        "--date",
        "2026-11-23",
        "-o",
        out.to_str().unwrap(),
    ];
    arguments.extend(paths);
    partnerbook(&arguments, &root())
}

#[test]
fn the_main_job_on_the_samples() {
    let out = tempfile::tempdir().unwrap();
    let first = report(&["samples"], out.path());
    assert_eq!(
        first.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&first.stderr)
    );
    let plans: Vec<_> = std::fs::read_dir(out.path().join("plans"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(plans.len(), common::SAMPLES.len());
    assert!(
        plans
            .iter()
            .all(|plan| std::fs::read(plan).unwrap().starts_with(b"%PDF-"))
    );
    let results = std::fs::read_to_string(out.path().join("results.jsonl")).unwrap();
    assert_eq!(results.lines().count(), common::SAMPLES.len());
    for line in results.lines() {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        for key in [
            "client",
            "source",
            "questionnaire",
            "scores",
            "finance",
            "issues",
            "roadmap",
            "outputs",
        ] {
            assert!(value.get(key).is_some(), "{key}");
        }
        assert!(
            out.path()
                .join(value["outputs"]["plan"]["relative_path"].as_str().unwrap())
                .exists()
        );
    }
    // The same inputs and date give the same bytes, in a second folder and over the first outputs.
    let again = tempfile::tempdir().unwrap();
    assert_eq!(report(&["samples"], again.path()).status.code(), Some(0));
    assert_eq!(
        report(&["samples"], out.path()).status.code(),
        Some(0),
        "our own files are written anew"
    );
    for plan in plans {
        let name = plan.file_name().unwrap();
        assert!(
            std::fs::read(&plan).unwrap()
                == std::fs::read(again.path().join("plans").join(name)).unwrap(),
            "{name:?}"
        );
    }
    for name in ["portfolio.xlsx", "results.jsonl"] {
        assert!(
            std::fs::read(out.path().join(name)).unwrap()
                == std::fs::read(again.path().join(name)).unwrap(),
            "{name}"
        );
    }
}

#[test]
fn paths_alone_mean_report() {
    let folder = tempfile::tempdir().unwrap();
    let sample = common::sample("pocketharbor");
    let output = partnerbook(&[sample.to_str().unwrap()], folder.path());
    assert_eq!(output.status.code(), Some(0));
    assert!(
        folder
            .path()
            .join("out/plans/pocketharbor-inc.pdf")
            .exists()
    );
}

#[test]
fn bad_files_are_named_and_the_others_still_processed() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("empty.xlsx"), b"").unwrap();
    std::fs::write(folder.path().join("letter.xlsx"), b"Dear all").unwrap();
    std::fs::write(folder.path().join("~$good.xlsx"), b"lock").unwrap();
    std::fs::copy(
        common::sample("pocketharbor"),
        folder.path().join("good.xlsx"),
    )
    .unwrap();
    let out = folder.path().join("out");
    let output = report(&[folder.path().to_str().unwrap()], &out);
    assert_eq!(output.status.code(), Some(3));
    let complaints = String::from_utf8(output.stderr).unwrap();
    assert!(
        complaints.contains("empty.xlsx is empty")
            && complaints.contains("letter.xlsx is not an Excel workbook"),
        "{complaints}"
    );
    assert!(
        complaints.contains("~$good.xlsx shows that a workbook is open"),
        "{complaints}"
    );
    assert_eq!(std::fs::read_dir(out.join("plans")).unwrap().count(), 1);
}

#[test]
fn exit_codes_of_check() {
    let check = |path: &str| partnerbook(&["check", path], &root()).status.code();
    assert_eq!(check("samples/halvorsen-sensors.xlsx"), Some(0));
    assert_eq!(check("samples/verano-solar.xlsx"), Some(1));
    assert_eq!(check("samples/nowhere.xlsx"), Some(2));
    assert_eq!(check("README.md"), Some(3));
    assert_eq!(partnerbook(&["check"], &root()).status.code(), Some(2));
    assert_eq!(partnerbook(&["--help"], &root()).status.code(), Some(0));
}

#[test]
fn issues_as_json() {
    let output = partnerbook(
        &["check", "--format", "json", "samples/verano-solar.xlsx"],
        &root(),
    );
    let value: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let issues = value["files"][0]["issues"].as_array().unwrap();
    let split = issues
        .iter()
        .find(|issue| issue["code"] == "split-not-100")
        .unwrap();
    assert_eq!(
        (
            split["severity"].as_str(),
            split["place"]["sheet"].as_str(),
            split["place"]["cell"].as_str()
        ),
        (Some("error"), Some("2 Opportunities"), Some("C41"))
    );
    for code in [
        "tier-thresholds",
        "entered-roi",
        "entered-payback",
        "entered-ranking",
        "primary-not-candidate",
        "investment-parts",
        "direct-exceeds-return",
        "satisfaction-without-partners",
        "training-hours",
        "reseller-margin",
        "commission-outside-tiers",
        "target-below-today",
    ] {
        assert!(issues.iter().any(|issue| issue["code"] == code), "{code}");
    }
}

#[test]
fn complete_samples_have_nothing_to_fix() {
    let questionnaire = common::questionnaire();
    for name in [
        "halvorsen-sensors",
        "brightloom-textiles",
        "thalassa-foods",
        "pocketharbor",
    ] {
        let plan = common::plan_of_sample(questionnaire, name);
        assert_eq!(
            (plan.record.counts.errors, plan.record.counts.warnings),
            (0, 0),
            "{name}: {:?}",
            plan.record.issues.first()
        );
    }
}

#[test]
fn a_strangers_file_is_not_overwritten() {
    let out = tempfile::tempdir().unwrap();
    std::fs::write(out.path().join("portfolio.xlsx"), "mine").unwrap();
    let output = report(&["samples/pocketharbor.xlsx"], out.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--force"));
    assert_eq!(
        std::fs::read(out.path().join("portfolio.xlsx")).unwrap(),
        b"mine"
    );
    let template = out.path().join("t.xlsx");
    std::fs::write(&template, "mine").unwrap();
    assert_eq!(
        partnerbook(&["template", "-o", template.to_str().unwrap()], &root())
            .status
            .code(),
        Some(2)
    );
    assert_eq!(
        partnerbook(
            &["template", "--force", "-o", template.to_str().unwrap()],
            &root()
        )
        .status
        .code(),
        Some(0)
    );
}

#[test]
fn a_questionnaire_of_ones_own() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("own");
    let own_text = own.to_str().unwrap();
    assert_eq!(
        partnerbook(&["questionnaire", "init", own_text], &root())
            .status
            .code(),
        Some(0)
    );
    assert_eq!(
        partnerbook(&["questionnaire", "validate", own_text], &root())
            .status
            .code(),
        Some(0)
    );
    // A weight that no longer adds up is reported with file and line.
    let scores = own.join("scores.toml");
    let text = std::fs::read_to_string(&scores).unwrap();
    std::fs::write(&scores, text.replacen("weight = 30", "weight = 31", 1)).unwrap();
    let output = partnerbook(&["questionnaire", "validate", own_text], &root());
    assert_eq!(output.status.code(), Some(2));
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert!(
        complaint.contains("scores.toml:") && complaint.contains("add up to 101"),
        "{complaint}"
    );
}

#[test]
fn mistakes_in_a_questionnaire_are_named_with_file_and_line() {
    let cases = [
        (
            "questionnaire.toml",
            "version = 1",
            "versoin = 1",
            "unknown key `versoin`",
        ),
        (
            "worksheets/01-readiness-audit.toml",
            "id = \"integration_capabilities\"",
            "id = \"api_availability\"",
            "is defined twice",
        ),
        (
            "scores.toml",
            "section = \"readiness.product\"",
            "section = \"readiness.nothing\"",
            "no section \"readiness.nothing\"",
        ),
        (
            "checks.toml",
            "total = \"revenue.roi.investment\"",
            "total = \"revenue.roi.nothing\"",
            "no field \"revenue.roi.nothing\"",
        ),
        (
            "plan.toml",
            "{score.program.figure} of 100 ({score.program.band})",
            "{score.readiness.pionts} of 50 ({score.readiness.band})",
            "no fact \"score.readiness.pionts\"",
        ),
        (
            "checks.toml",
            "investment: {total}, not",
            "investment: {found}, not",
            "there is no fact \"found\"",
        ),
        (
            "questionnaire.toml",
            "day_first = true",
            "day_first = true\nunknown = [\"\"]",
            "a word is empty",
        ),
        (
            "questionnaire.toml",
            "extra_tab = \"Extra Text\"",
            "extra_tab = \"1 Readiness\"",
            "two sheets have the name \"1 Readiness\"",
        ),
        (
            "roadmap.toml",
            "review_days = [30, 60]",
            "review_days = [30, 4000000000]",
            "day 4000000000 is not before day 90",
        ),
        (
            "worksheets/01-readiness-audit.toml",
            "id = \"legal_framework\"",
            "id = \"legal_framework\", was = [\"readiness.product.api_availability\"]",
            "a former ID of this field, is also another field's",
        ),
    ];
    for (file, from, to, expected) in cases {
        let folder = tempfile::tempdir().unwrap();
        let own = folder.path().join("own");
        partnerbook(&["questionnaire", "init", own.to_str().unwrap()], &root());
        let path = own.join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file} has {from}");
        std::fs::write(&path, text.replacen(from, to, 1)).unwrap();
        let output = partnerbook(
            &["questionnaire", "validate", own.to_str().unwrap()],
            &root(),
        );
        let complaint = String::from_utf8(output.stderr).unwrap();
        assert!(
            complaint.contains(expected) && complaint.contains(&format!("{file}:")),
            "{file}: {complaint}"
        );
    }
}

#[test]
fn workbooks_may_lie_in_the_output_folder() {
    let inbox = tempfile::tempdir().unwrap();
    let copy = inbox.path().join("a.xlsx");
    std::fs::copy(common::sample("quarrystone-logistics"), &copy).unwrap();
    // Twice: the outputs of the first run are not inputs of the second.
    for _ in 0..2 {
        let run = report(&[inbox.path().to_str().unwrap()], inbox.path());
        assert_eq!(run.status.code(), Some(0));
        let printed = String::from_utf8_lossy(&run.stdout).into_owned();
        assert!(printed.contains("1 plan"), "{printed}");
        let complaints = String::from_utf8_lossy(&run.stderr).into_owned();
        assert_eq!(complaints, "", "our own CSV and plans are no client's");
    }
    // Files that a client sent instead of a workbook are reported, in every subfolder.
    for name in ["answers.csv", "scan.PDF"] {
        std::fs::create_dir_all(inbox.path().join("sent")).unwrap();
        std::fs::write(inbox.path().join("sent").join(name), "x").unwrap();
    }
    let run = report(&[inbox.path().to_str().unwrap()], inbox.path());
    let complaints = String::from_utf8_lossy(&run.stderr).into_owned();
    assert_eq!(complaints.matches("was skipped").count(), 2);
    assert!(complaints.contains("answers.csv") && complaints.contains("scan.PDF"));
}

#[test]
fn files_that_are_no_excel_workbooks_are_named() {
    let inbox = tempfile::tempdir().unwrap();
    let file = |name: &str| inbox.path().join(name);
    std::fs::write(file("answers.numbers"), "x").unwrap();
    std::fs::write(file("~$a.xlsx"), "lock").unwrap();
    let nothing = partnerbook(&["check", inbox.path().to_str().unwrap()], &root());
    assert_eq!(nothing.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&nothing.stderr).contains("answers.numbers"));
    std::fs::copy(common::sample("quarrystone-logistics"), file("a.xlsx")).unwrap();
    let some = partnerbook(&["check", inbox.path().to_str().unwrap()], &root());
    assert!(String::from_utf8_lossy(&some.stderr).contains("choose File, Export To, Excel"));
    let lock = partnerbook(&["check", file("~$a.xlsx").to_str().unwrap()], &root());
    assert_eq!(lock.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&lock.stderr).contains("lock file"));
}

#[test]
fn no_drafts_when_only_final_plans_are_asked_for() {
    let out = tempfile::tempdir().unwrap();
    let draft = "samples/mapleworks-foundry.xlsx";
    let run = report(
        &["--no-drafts", draft, "samples/quarrystone-logistics.xlsx"],
        out.path(),
    );
    assert_eq!(run.status.code(), Some(3));
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(
        said.contains("mapleworks-foundry.xlsx") && said.contains("7 errors"),
        "{said}"
    );
    let plans = std::fs::read_dir(out.path().join("plans")).unwrap().count();
    assert_eq!(plans, 1);
}

#[test]
fn a_draft_of_an_earlier_run_is_not_left_among_the_final_plans() {
    let out = tempfile::tempdir().unwrap();
    let draft = "samples/mapleworks-foundry.xlsx";
    let made = || {
        let files = ["plans", "calendars"].map(|folder| std::fs::read_dir(out.path().join(folder)));
        files.map(|files| files.map_or(0, Iterator::count))
    };
    report(&[draft], out.path());
    assert_eq!(made(), [1, 1]);
    report(&["--no-drafts", draft], out.path());
    assert_eq!(made(), [0, 0]);
    // A plan that someone changed is not removed.
    report(&[draft], out.path());
    let plan = std::fs::read_dir(out.path().join("plans")).unwrap().next();
    std::fs::write(plan.unwrap().unwrap().path(), "notes of mine").unwrap();
    report(&["--no-drafts", draft], out.path());
    assert_eq!(made(), [1, 0]);
}

#[test]
fn what_cannot_end_well_does_not_begin() {
    let out = tempfile::tempdir().unwrap();
    std::fs::write(out.path().join("portfolio.xlsx"), "somebody's").unwrap();
    let run = report(&["samples/quarrystone-logistics.xlsx"], out.path());
    assert_eq!(run.status.code(), Some(2));
    assert!(!out.path().join("plans").exists(), "no plan was written");
    for arguments in [
        ["report", "samples", "--date", "1800-01-01"],
        ["report", "samples", "--brand", "none.toml"],
        ["template", "--force", "-o", "template.pdf"],
    ] {
        let run = partnerbook(&arguments, &root());
        assert_eq!(run.status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn clients_of_one_name_keep_their_files_whatever_the_order() {
    let inbox = tempfile::tempdir().unwrap();
    let copies = ["a.xlsx", "b.xlsx"].map(|name| inbox.path().join(name));
    for copy in &copies {
        std::fs::copy(common::sample("quarrystone-logistics"), copy).unwrap();
    }
    let paths = copies.each_ref().map(|path| path.to_str().unwrap());
    let outputs = [paths, [paths[1], paths[0]]].map(|paths| {
        let out = tempfile::tempdir().unwrap();
        assert_eq!(report(&paths, out.path()).status.code(), Some(0));
        let plan = out.path().join("plans/quarrystone-logistics-nv-2.pdf");
        std::fs::read(plan).unwrap()
    });
    // The second plan is that of b.xlsx in both runs, as its cover shows.
    assert!(outputs[0] == outputs[1]);
}

/// Every reference leads to a place in the document, and every address has a scheme that a viewer may open.
#[test]
fn links_lead_somewhere() {
    let out = tempfile::tempdir().unwrap();
    let arguments = [
        "samples/brightloom-textiles.xlsx",
        "--brand",
        "samples/brand/brand.toml",
    ];
    assert_eq!(report(&arguments, out.path()).status.code(), Some(0));
    let pdf = lopdf::Document::load(out.path().join("plans/brightloom-textiles-ltd.pdf")).unwrap();
    let pages: Vec<lopdf::ObjectId> = pdf.get_pages().into_values().collect();
    let (mut places, mut uris, mut said) = (0, Vec::new(), Vec::new());
    for object in pdf.objects.values() {
        let Ok(link) = object.as_dict() else { continue };
        if link.get(b"Subtype").and_then(lopdf::Object::as_name).ok() != Some(b"Link") {
            continue;
        }
        said.push(lopdf::decode_text_string(link.get(b"Contents").unwrap()).unwrap());
        match link.get(b"A").and_then(lopdf::Object::as_dict) {
            Ok(action) => {
                let uri = action.get(b"URI").and_then(lopdf::Object::as_str).unwrap();
                uris.push(String::from_utf8_lossy(uri).into_owned());
            }
            Err(_) => {
                let place = link.get(b"Dest").and_then(lopdf::Object::as_array).unwrap();
                let page = place[0].as_reference().unwrap();
                assert!(pages.contains(&page), "{place:?}");
                places += 1;
            }
        }
    }
    uris.sort();
    let wanted = [
        "https://www.brightwater.example",
        "mailto:marit.solheim@brightwater.example",
        "tel:+4722000000",
    ];
    assert_eq!(uris, wanted);
    // One reference per reason and request that names a section.
    let plan = common::plan_of_sample(common::questionnaire(), "brightloom-textiles");
    let blocks = plan.sections.iter().flat_map(|section| &section.blocks);
    let references: usize = blocks
        .map(|block| match block {
            partnerbook::plan::Block::Reasons { rows, .. } => {
                rows.iter().filter(|row| row.section.is_some()).count()
            }
            partnerbook::plan::Block::Requests { requests, .. } => {
                requests.iter().filter(|own| own.section.is_some()).count()
            }
            _ => 0,
        })
        .sum();
    assert!(references >= 4, "{references}");
    assert_eq!(places, references);
    assert!(
        said.iter().any(|words| words.starts_with("page ")),
        "{said:?}"
    );
}

#[test]
fn the_same_workbook_and_brand_give_the_same_bytes() {
    let plans = [(); 2].map(|()| {
        let out = tempfile::tempdir().unwrap();
        let arguments = [
            "samples/thalassa-foods.xlsx",
            "--brand",
            "samples/brand/brand.toml",
        ];
        report(&arguments, out.path());
        let plan = std::fs::read_dir(out.path().join("plans")).unwrap().next();
        std::fs::read(plan.unwrap().unwrap().path()).unwrap()
    });
    assert!(plans[0] == plans[1] && plans[0].len() < 250_000);
}

#[test]
fn completions_and_manual_pages_know_every_command_and_option() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = partnerbook(&["completions", shell], folder.path());
        let script = String::from_utf8(script.stdout).unwrap();
        for word in ["report", "send", "--save-password", "--watch"] {
            let word = if shell == "fish" {
                word.trim_start_matches("--")
            } else {
                word
            };
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    let pages = folder.path().join("man");
    let made = partnerbook(&["man", pages.to_str().unwrap()], folder.path());
    assert_eq!(made.status.code(), Some(0));
    let page = |name: &str| std::fs::read_to_string(pages.join(name)).unwrap();
    assert!(page("partnerbook.1").contains("partnerbook\\-send(1)"));
    assert!(page("partnerbook-send.1").contains("\\-\\-dry\\-run"));
    assert!(page("partnerbook-questionnaire-fields.1").contains("\\-\\-questionnaire"));
}

/// The visible effect of each option.
#[test]
fn options_do_what_they_say() {
    let out = tempfile::tempdir().unwrap();
    let said = |arguments: &[&str]| {
        let run = report(arguments, out.path());
        assert_eq!(run.status.code(), Some(0), "{arguments:?}");
        String::from_utf8(run.stdout).unwrap()
    };
    let draft = "samples/verano-solar.xlsx";
    let verbose = said(&["--verbose", draft]);
    assert!(verbose.contains("Verano Solar, S.L.: Partnership readiness 32.5/50 (Ready)"));
    assert!(verbose.contains("1 plan, a draft\n"), "{verbose}");
    assert_eq!(said(&["--quiet", "--force", draft]), "");

    let plan = out.path().join("plans/verano-solar-s-l.pdf");
    let width = |plan: &Path| {
        let pdf = lopdf::Document::load(plan).unwrap();
        let page = pdf.get_pages()[&1];
        let page = pdf
            .get_object(page)
            .and_then(lopdf::Object::as_dict)
            .unwrap();
        let corners = page
            .get(b"MediaBox")
            .and_then(lopdf::Object::as_array)
            .unwrap();
        corners[2].as_float().unwrap()
    };
    let paper = |file: &Path| {
        let bytes = std::fs::read(file).unwrap();
        let sheet = common::parts(&bytes)["xl/worksheets/sheet1.xml"].clone();
        let sheet = String::from_utf8(sheet).unwrap();
        let (_, rest) = sheet.split_once("<pageSetup ").unwrap();
        rest.split_once("orientation").unwrap().0.to_owned()
    };
    let book = out.path().join("portfolio.xlsx");
    assert_eq!(
        (width(&plan).round(), paper(&book).as_str()),
        (595.0, "paperSize=\"9\" ")
    );
    said(&["--paper", "letter", draft]);
    // 8.5 inches in points.
    assert_eq!(width(&plan).round(), 612.0);
    assert!(!paper(&book).contains('9'), "{}", paper(&book));
}

#[test]
fn a_questionnaire_of_ones_own_makes_workbooks_and_plans() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("own");
    let own_text = own.to_str().unwrap();
    partnerbook(&["questionnaire", "init", own_text], &root());
    let path = own.join("worksheets/01-readiness-audit.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let text = text.replace("\"API availability\"", "\"Interfaces for partners\"");
    std::fs::write(&path, text).unwrap();
    let shown = partnerbook(
        &["questionnaire", "fields", "--questionnaire", own_text],
        &root(),
    )
    .stdout;
    let shown = String::from_utf8(shown).unwrap();
    assert!(
        shown.contains("readiness.product.api_availability\tInterfaces for partners\tA rating"),
        "{shown}"
    );
    let template = folder.path().join("t.xlsx");
    let words = [
        "template",
        "--questionnaire",
        own_text,
        "-o",
        template.to_str().unwrap(),
    ];
    assert!(partnerbook(&words, &root()).status.success());
    let texts = common::parts(&std::fs::read(template).unwrap())["xl/sharedStrings.xml"].clone();
    assert!(
        String::from_utf8(texts)
            .unwrap()
            .contains("Interfaces for partners")
    );
    let out = folder.path().join("out");
    let run = report(
        &[
            "--questionnaire",
            own_text,
            "samples/halvorsen-sensors.xlsx",
        ],
        &out,
    );
    assert_eq!(run.status.code(), Some(0));
    let answers = std::fs::read_to_string(out.join("answers.csv")).unwrap();
    assert!(answers.contains("Interfaces for partners"));
}

#[test]
fn workbooks_to_annotate_never_replace_what_somebody_wrote() {
    let folder = tempfile::tempdir().unwrap();
    let returned = folder.path().join("returned");
    let draft = "samples/verano-solar.xlsx";
    let annotate = |more: &[&str]| {
        let words = ["check", draft, "--annotate", returned.to_str().unwrap()];
        partnerbook(&[&words[..], more].concat(), &root())
    };
    let run = annotate(&["--format", "json"]);
    assert_eq!(run.status.code(), Some(1), "it has errors");
    serde_json::from_slice::<serde_json::Value>(&run.stdout).expect("JSON and nothing besides");
    let file = returned.join("verano-solar.xlsx");
    let made = std::fs::read(&file).unwrap();
    // An unchanged copy is regenerated. A copy that the client changed is not overwritten.
    assert_eq!(annotate(&[]).status.code(), Some(1));
    assert_eq!(std::fs::read(&file).unwrap(), made);
    std::fs::write(&file, "the client's").unwrap();
    let refused = annotate(&[]);
    assert_eq!(refused.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--force"));
    assert_eq!(std::fs::read(&file).unwrap(), b"the client's");
    assert_eq!(annotate(&["--force"]).status.code(), Some(1));
    assert_eq!(std::fs::read(&file).unwrap(), made);
}

/// Drafts that nobody would send: a workbook returned without answers, and a plan that starts in a past year.
#[test]
fn plans_without_answers_or_of_another_year_are_drafts() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (blank, wrong_year, json) = (at("blank.xlsx"), at("year.xlsx"), at("year.json"));
    assert!(
        partnerbook(&["template", "-o", &blank], &root())
            .status
            .success()
    );
    let answers = root().join("samples/answers/quarrystone-logistics.json");
    let mut answers: serde_json::Value =
        serde_json::from_slice(&std::fs::read(answers).unwrap()).unwrap();
    answers["client.plan.start_date"] = "2019-01-07".into();
    std::fs::write(&json, answers.to_string()).unwrap();
    let words = ["template", "--prefill", &json, "-o", &wrong_year];
    assert!(partnerbook(&words, &root()).status.success());
    let checked = partnerbook(
        &["check", &blank, &wrong_year, "--date", "2026-11-23"],
        &root(),
    );
    assert_eq!(checked.status.code(), Some(1));
    let told = String::from_utf8(checked.stdout).unwrap();
    assert!(
        told.contains("0 of 3") && told.contains("questions are answered"),
        "{told}"
    );
    assert!(told.contains("Check the year"), "{told}");
    let run = report(&[&blank, &wrong_year], folder.path().join("out").as_path());
    let told = String::from_utf8(run.stdout).unwrap();
    assert!(told.contains("2 plans, all of them drafts"), "{told}");
}
