//! Our files before outside judges: LibreOffice recalculates what openpyxl filled in, openxml-audit opens what we write,
//! qpdf, poppler and pdfua read the plans. Run with `cargo test --features conformance --test conformance`; a program that
//! is missing fails its test and says how to get it.

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::root;
use partnerbook::answers::Value;
use partnerbook::programme::Kind;

/// Runs an outside program and returns what it printed; a missing one is named with the way to get it.
fn run(program: &str, install: &str, arguments: &[&str]) -> String {
    let output = match Command::new(program).args(arguments).output() {
        Ok(output) => output,
        Err(error) => panic!("{program} cannot be run ({error}). Install it: {install}"),
    };
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{program} {arguments:?}:\n{printed}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    printed
}

const POPPLER: &str = "apt-get install poppler-utils";
const PYTHON: &str = "pip install openpyxl openxml-audit pdfua";

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The outputs of a run over all samples.
fn outputs() -> (tempfile::TempDir, Vec<PathBuf>) {
    let out = tempfile::tempdir().unwrap();
    let output = common::partnerbook(
        &[
            "report",
            "samples",
            "--date",
            "2026-11-23",
            "--consultant",
            "Brightwater Advisory",
            "-o",
            path(out.path()),
        ],
        &root(),
    );
    assert_eq!(output.status.code(), Some(0));
    let mut plans: Vec<PathBuf> = std::fs::read_dir(out.path().join("plans"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    plans.sort();
    (out, plans)
}

#[test]
fn libreoffice_works_out_the_same_scores() {
    let programme = common::programme();
    let computed: Vec<&str> = programme
        .fields
        .iter()
        .filter(|field| !field.kind.is_input())
        .map(|field| field.id.as_str())
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let profile = format!(
        "-env:UserInstallation=file://{}",
        path(&folder.path().join("profile"))
    );
    for name in [
        "halvorsen-sensors",
        "brightloom-textiles",
        "pocketharbor",
        "thalassa-foods",
        "verano-solar",
    ] {
        let filled = folder.path().join(format!("{name}.xlsx"));
        let answers = root().join(format!("samples/answers/{name}.json"));
        run(
            "python3",
            PYTHON,
            &[
                "tests/conformance/fill.py",
                "templates/partnerships.xlsx",
                path(&answers),
                path(&filled),
            ],
        );
        let recalculated = folder.path().join("recalculated");
        run(
            "soffice",
            "apt-get install --no-install-recommends libreoffice-calc",
            &[
                &profile,
                "--headless",
                "--convert-to",
                "xlsx",
                "--outdir",
                path(&recalculated),
                path(&filled),
            ],
        );
        let theirs = recalculated.join(format!("{name}.xlsx"));
        let mut arguments = vec!["tests/conformance/computed.py", path(&theirs)];
        arguments.extend(&computed);
        let json: serde_json::Value =
            serde_json::from_str(&run("python3", PYTHON, &arguments)).unwrap();

        // Our scores from the file that LibreOffice wrote.
        let reading = partnerbook::intake::read_file(&programme, &theirs).unwrap();
        let scorecard = partnerbook::score::Scorecard::of(&programme, &reading.answers);
        let mut compared = 0;
        for field in programme
            .fields
            .iter()
            .filter(|field| !field.kind.is_input())
        {
            let ours = match field.kind {
                Kind::ComputedScore { score } => {
                    let subject = if programme.scores[score].ranked {
                        field.column
                    } else {
                        0
                    };
                    scorecard.scores[score]
                        .subjects
                        .iter()
                        .find(|result| result.column == subject)
                        .and_then(|result| result.points)
                }
                _ => scorecard.finance.as_ref().and_then(|finance| finance.roi),
            };
            match (ours, json[&field.id].as_f64()) {
                (Some(ours), Some(theirs)) => assert!(
                    (ours - theirs).abs() < 1e-9,
                    "{name} {}: {ours} here, {theirs} there",
                    field.id
                ),
                (ours, theirs) => assert_eq!(ours, theirs, "{name} {}", field.id),
            }
            compared += usize::from(ours.is_some());
        }
        assert!(compared >= 6, "{name}: {compared} scores compared");
        // What LibreOffice wrote is read like what we wrote.
        let own = partnerbook::intake::read_file(&programme, &common::sample(name)).unwrap();
        for (key, field) in programme.inputs() {
            assert_eq!(
                own.answers.get(key).value,
                reading.answers.get(key).value,
                "{name} {}",
                field.id
            );
        }
    }
}

#[test]
fn workbooks_open_cleanly() {
    let (out, _) = outputs();
    for workbook in [
        root().join("templates/partnerships.xlsx"),
        root().join("samples/thalassa-foods.xlsx"),
        out.path().join("portfolio.xlsx"),
    ] {
        let text = run("openxml-audit", PYTHON, &[path(&workbook)]);
        assert!(text.contains("Errors: 0"), "{text}");
    }
    let count = "import sys, openpyxl; print(sum(len(sheet._charts) for sheet in openpyxl.load_workbook(sys.argv[1]).worksheets))";
    let charts: usize = run(
        "python3",
        PYTHON,
        &["-c", count, path(&out.path().join("portfolio.xlsx"))],
    )
    .trim()
    .parse()
    .unwrap();
    assert!(charts >= 6, "{charts} native charts");
}

#[test]
fn plans_are_sound_and_their_fonts_embedded() {
    let (_out, plans) = outputs();
    for plan in plans {
        run("qpdf", "apt-get install qpdf", &["--check", path(&plan)]);
        let fonts = run("pdffonts", POPPLER, &[path(&plan)]);
        let rows: Vec<&str> = fonts.lines().skip(2).collect();
        assert!(!rows.is_empty());
        for row in rows {
            let columns: Vec<&str> = row.split_whitespace().rev().collect();
            assert_eq!(
                columns[2..5],
                ["yes", "yes", "yes"],
                "embedded, subset, Unicode: {row}"
            );
        }
        let findings = run("pdfua", PYTHON, &["check", path(&plan)]);
        assert!(findings.contains("PASS (no findings)"), "{findings}");
    }
}

/// Letters and digits alone, one by one: extraction parts lines and joins hyphens as it likes.
fn letters(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.nfkc().filter(|c| c.is_alphanumeric()).collect()
}

#[test]
fn every_text_of_a_complete_sample_stands_in_its_plan() {
    let programme = common::programme();
    let (_out, plans) = outputs();
    for (sample, plan) in [
        ("halvorsen-sensors", "halvorsen"),
        ("brightloom-textiles", "brightloom"),
    ] {
        let plan = plans
            .iter()
            .find(|path| path.to_string_lossy().contains(plan))
            .unwrap();
        let printed = letters(&run("pdftotext", POPPLER, &[path(plan), "-"]));
        let laid_out = letters(&run("pdftotext", POPPLER, &["-raw", path(plan), "-"]));
        let reading = partnerbook::intake::read_file(&programme, &common::sample(sample)).unwrap();
        let mut looked_for = 0;
        for (key, field) in programme.inputs() {
            if let Value::Text(text) = &reading.answers.get(key).value {
                let wanted = letters(text);
                assert!(
                    printed.contains(&wanted) || laid_out.contains(&wanted),
                    "{sample} {}: {text}",
                    field.id
                );
                looked_for += 1;
            }
        }
        assert!(looked_for > 140, "{looked_for} texts");
    }
}
