//! Workbooks that LibreOffice edited and saved, in every format that both programs support. Run with `cargo test --test
//! conformance roundtrips`. Without LibreOffice, the tests fail and say how to install it.

use std::path::Path;
use std::process::{Command, Output};

use partnerbook::answers::Value;
use partnerbook::intake::{self, Reading, Sandbox};
use partnerbook::issue::Severity;
use partnerbook::questionnaire::Questionnaire;

use crate::common::{self, root};

/// The formats in which the script saves.
const FORMATS: [&str; 5] = ["xlsx", "xlsm", "xls", "ods", "ots"];
/// The edits of the script. None changes an answer, except that of a deleted question.
const EDITS: [&str; 15] = [
    "untouched",
    "rows-inserted",
    "rows-deleted",
    "columns-inserted",
    "columns-deleted",
    "sheets-renamed",
    "sheets-moved",
    "sheets-copied",
    "sheets-hidden",
    "names-dropped",
    "ids-cleared",
    "names-and-ids-dropped",
    "labels-retyped",
    "merged-into-another",
    "question-deleted",
];
/// The question whose row the script deletes.
const DELETED: &str = "readiness.product.white_label_potential";
/// Field, text that the script enters as at the keyboard, and expected value.
const TYPED: [(&str, &str, f64); 6] = [
    ("readiness.product.api_availability", "8/10", 8.0),
    ("readiness.product.integration_capabilities", "=3+4", 7.0),
    ("readiness.status.partnership_revenue", "12k", 12_000.0),
    ("opportunities.integration.market_overlap", "25 %", 25.0),
    (
        "opportunities.integration.development_effort",
        "3 weeks",
        3.0,
    ),
    ("revenue.roi.ratio", "2.4 to 1", 2.4),
];

fn soffice(arguments: &[&str]) -> Output {
    let run = Command::new("soffice").args(arguments).output();
    run.unwrap_or_else(|error| {
        panic!(
            "soffice cannot be run ({error}). Install it: apt-get install --no-install-recommends libreoffice-calc"
        )
    })
}

/// Runs every edit on a workbook in LibreOffice and saves the results in a folder.
fn edited(source: &Path, folder: &Path) {
    let profile = format!(
        "-env:UserInstallation=file://{}",
        folder.join("profile").display()
    );
    // The first start creates the profile with an empty script.
    soffice(&[&profile, "--headless", "--terminate_after_init"]);
    let typed: Vec<String> = TYPED
        .iter()
        .map(|(id, typed, _)| {
            format!(
                "{}~{typed}",
                partnerbook::sheet_map::names::defined_name(id)
            )
        })
        .collect();
    let script = std::fs::read_to_string(root().join("tests/conformance/edits.bas")).unwrap();
    let constant = |name: &str, text: &str| format!("Const {name} = \"{text}\"\n");
    let deleted = constant(
        "DELETED",
        &partnerbook::sheet_map::names::defined_name(DELETED),
    );
    let script = (deleted + &constant("KEYSTROKES", &typed.join("|")) + &script)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let module = folder.join("profile/user/basic/Standard/Module1.xba");
    assert!(module.exists(), "LibreOffice made no profile");
    std::fs::write(
        module,
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<script:module xmlns:script=\"http://openoffice.org/2000/script\" \
             script:name=\"Module1\" script:language=\"StarBasic\">{script}</script:module>"
        ),
    )
    .unwrap();
    let call = format!(
        "macro:///Standard.Module1.Main(\"file://{}\",\"file://{}\")",
        source.display(),
        folder.display()
    );
    let run = soffice(&[&profile, "--headless", "--norestore", &call]);
    let report = std::fs::read_to_string(folder.join("report.txt"));
    let report = report.unwrap_or_else(|_| format!("the script did not run: {run:?}"));
    assert_eq!(report.trim(), "done");
}

fn read(questionnaire: &Questionnaire, path: &Path) -> Reading {
    let sandbox = Sandbox::of(env!("CARGO_BIN_EXE_partnerbook").into());
    intake::read_file(questionnaire, path, &sandbox)
        .unwrap_or_else(|error| panic!("{} {error}", path.display()))
}

fn errors(reading: &Reading) -> Vec<String> {
    let all = reading.issues.iter();
    all.filter(|issue| issue.severity == Severity::Error)
        .map(|issue| format!("{:?} {} {}", issue.field, issue.code, issue.found))
        .collect()
}

#[test]
fn no_format_and_no_edit_changes_an_answer() {
    let questionnaire = common::questionnaire();
    let mut wrong = Vec::new();
    for sample in ["halvorsen-sensors", "brightloom-textiles"] {
        let folder = tempfile::tempdir().unwrap();
        edited(&common::sample(sample), folder.path());
        let original = read(questionnaire, &common::sample(sample));
        for edit in EDITS {
            for format in FORMATS {
                let reading = read(
                    questionnaire,
                    &folder.path().join(format!("{edit}.{format}")),
                );
                for (key, field) in questionnaire.inputs() {
                    let mut own = &original.answers.get(key).value;
                    let now = &reading.answers.get(key).value;
                    if edit == "question-deleted" && field.id == DELETED {
                        own = &Value::Missing;
                    }
                    if own != now {
                        wrong.push(format!(
                            "{sample}, {edit}.{format}, {}: {own:?} became {now:?}",
                            field.id
                        ));
                    }
                }
                // A deleted question is reported, and nothing else is.
                let expected = errors(&original).len() + usize::from(edit == "question-deleted");
                let named = edit != "question-deleted"
                    || errors(&reading)
                        .iter()
                        .any(|error| error.contains("question-not-found"));
                if errors(&reading).len() != expected || !named {
                    wrong.push(format!("{sample}, {edit}.{format}: {:?}", errors(&reading)));
                }
            }
        }
        for format in FORMATS {
            let reading = read(
                questionnaire,
                &folder.path().join(format!("typed-anew.{format}")),
            );
            for (id, typed, number) in TYPED {
                let answer = reading.answers.get(questionnaire.key(id).unwrap());
                if answer.value != Value::Number(number) {
                    wrong.push(format!(
                        "{sample}, {format}, {id}: {typed:?} became {:?} ({:?})",
                        answer.value, answer.raw
                    ));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
