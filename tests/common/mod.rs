//! Helpers shared by the tests: paths, reading and planning a workbook, and changing parts of a workbook.

#![allow(dead_code, reason = "each suite uses its own part of this")]

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use chrono::NaiveDate;
use partnerbook::answers::Answers;
use partnerbook::intake::Sandbox;
use partnerbook::intake::{self, Reading};
use partnerbook::plan::{self, Compared, Inputs, Plan, Sender};
use partnerbook::questionnaire::Questionnaire;
use partnerbook::record::Source;

#[cfg(target_os = "linux")]
pub mod desk;
pub mod edits;
pub mod hard;
pub mod provider;
pub mod round;
pub mod smtp;

/// The report date of all tests.
pub fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

/// A simple pseudorandom generator, so that a failure can be repeated.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % limit
    }
}

/// Returns the number of cases for a property test: `PROPTEST_CASES` if set, else `usual`.
pub fn cases(usual: u32) -> u32 {
    let own = std::env::var("PROPTEST_CASES").ok();
    own.and_then(|cases| cases.parse().ok()).unwrap_or(usual)
}

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

pub fn sample(name: &str) -> PathBuf {
    root().join("samples").join(format!("{name}.xlsx"))
}

pub const SAMPLES: [&str; 7] = [
    "brightloom-textiles",
    "halvorsen-sensors",
    "mapleworks-foundry",
    "pocketharbor",
    "quarrystone-logistics",
    "thalassa-foods",
    "verano-solar",
];

pub fn blank_text(questionnaire: &Questionnaire) -> intake::BlankText {
    let printed = partnerbook::template::printed(questionnaire).unwrap();
    intake::BlankText::of(questionnaire, printed)
}

/// Returns the built-in questionnaire, loaded once for all tests of a program.
pub fn questionnaire() -> &'static Questionnaire {
    static LOADED: LazyLock<Questionnaire> = LazyLock::new(|| Questionnaire::built_in().unwrap());
    &LOADED
}

pub fn plan_of(questionnaire: &Questionnaire, reading: Reading, file: &str) -> Plan {
    plan_on(questionnaire, reading, file, today())
}

/// Like [`plan_of`], with another report date.
pub fn plan_on(
    questionnaire: &Questionnaire,
    reading: Reading,
    file: &str,
    today: NaiveDate,
) -> Plan {
    let source = Source {
        file: file.into(),
        path: file.into(),
        sha256: reading.sha256,
    };
    let sender = Sender {
        consultant: "Brightwater Advisory".into(),
        confidentiality: "Confidential".into(),
        ..Sender::default()
    };
    plan::build(Inputs {
        questionnaire,
        answers: &reading.answers,
        issues: reading.issues,
        source,
        today,
        sender: &sender,
        compared: Compared::default(),
        prints: partnerbook::pdf::can_print,
    })
}

pub fn plan_of_sample(questionnaire: &Questionnaire, name: &str) -> Plan {
    let reading = intake::read_file(questionnaire, &sample(name), &Sandbox::none()).unwrap();
    plan_of(questionnaire, reading, &format!("{name}.xlsx"))
}

/// Fails if two readings differ in an answer.
pub fn same_answers(questionnaire: &Questionnaire, one: &Answers, other: &Answers) {
    assert_eq!(changed_answers(questionnaire, one, other), [""; 0]);
}

/// Returns every field in which two readings differ, with both values.
pub fn changed_answers(
    questionnaire: &Questionnaire,
    one: &Answers,
    other: &Answers,
) -> Vec<String> {
    let changed = questionnaire.keys().filter_map(|key| {
        let (own, now) = (&one.get(key).value, &other.get(key).value);
        (own != now).then(|| format!("{}: {own:?}, {now:?}", questionnaire.field(key).id))
    });
    changed.collect()
}

/// Returns the parts of a workbook by name.
pub fn parts(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut part = archive.by_index(index).unwrap();
            let mut content = Vec::new();
            part.read_to_end(&mut content).unwrap();
            (part.name().unwrap().into_owned(), content)
        })
        .collect()
}

/// Creates a workbook from these parts.
pub fn zipped(parts: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    // Deflating takes longer than all else that most tests do.
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(name.as_str(), options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Changes one part of a workbook as text.
pub fn with_part(bytes: &[u8], name: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    let mut parts = parts(bytes);
    let text = String::from_utf8(parts[name].clone()).unwrap();
    parts.insert(name.to_owned(), change(text).into_bytes());
    zipped(&parts)
}

/// Compares with a golden file. `UPDATE_GOLDEN=1` overwrites the file, for review together with the change that caused
/// it.
pub fn golden(name: &str, actual: &str) {
    let path = root().join("tests/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, actual).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&path)
        .unwrap_or_else(|_| panic!("{}: make it with UPDATE_GOLDEN=1", path.display()));
    if expected != actual {
        let line = expected
            .lines()
            .zip(actual.lines())
            .position(|(a, b)| a != b)
            .unwrap_or_else(|| expected.lines().count().min(actual.lines().count()));
        panic!(
            "{name} differs from line {}:\n  golden {:?}\n  now    {:?}\nUPDATE_GOLDEN=1 cargo test writes it anew.",
            line + 1,
            expected.lines().nth(line),
            actual.lines().nth(line)
        );
    }
}

/// Returns the executable under test: the one that `PARTNERBOOK` names, else the one that was built with the tests.
pub fn program() -> PathBuf {
    std::env::var_os("PARTNERBOOK").map_or(env!("CARGO_BIN_EXE_partnerbook").into(), |path| {
        root().join(path)
    })
}

/// Copies a folder with all its contents.
pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let copy = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy_folder(&entry.path(), &copy),
            false => drop(std::fs::copy(entry.path(), copy).unwrap()),
        }
    }
}

/// Runs the command line.
pub fn partnerbook(arguments: &[&str], folder: &Path) -> std::process::Output {
    std::process::Command::new(program())
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

/// Writes a workbook with the answers of a sample, some of them changed.
pub fn workbook(
    folder: &Path,
    name: &str,
    sample: &str,
    changes: &[(&str, serde_json::Value)],
) -> PathBuf {
    let path = root().join(format!("samples/answers/{sample}.json"));
    let mut answers: serde_json::Value =
        serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    for (field, answer) in changes {
        answers[*field] = answer.clone();
    }
    std::fs::create_dir_all(folder).unwrap();
    let json = folder.join(format!("{name}.json"));
    std::fs::write(&json, answers.to_string()).unwrap();
    let path = folder.join(format!("{name}.xlsx"));
    let words = ["template", "--prefill", json.to_str().unwrap(), "-o"];
    let output = partnerbook(&[&words[..], &[path.to_str().unwrap()]].concat(), &root());
    assert!(output.status.success(), "{output:?}");
    std::fs::remove_file(json).unwrap();
    path
}

/// Returns a line of results without errors and outputs, for tests to change.
pub fn result_line() -> serde_json::Value {
    let record = plan_of_sample(questionnaire(), "pocketharbor").record;
    serde_json::to_value(&record).unwrap()
}

/// Creates an output folder of clients with these names and the same plan.
pub fn made_for(place: &Path, names: &[&str]) -> PathBuf {
    made_with(place, names, 4_000_000)
}

/// Like [`made_for`], with a plan of this size in bytes.
pub fn made_with(place: &Path, names: &[&str], size: usize) -> PathBuf {
    let out = place.join("out");
    std::fs::create_dir_all(out.join("plans")).unwrap();
    // Long enough to break the connection in the middle.
    let plan = vec![b'%'; size];
    std::fs::write(out.join("plans/plan.pdf"), &plan).unwrap();
    use sha2::Digest;
    let sha256: String = sha2::Sha256::digest(&plan)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let lines: Vec<String> = names
        .iter()
        .map(|name| {
            let mut line = result_line();
            line["client"]["name"] = (*name).into();
            line["client"]["contact"] = serde_json::Value::Null;
            line["client"]["email"] = format!("{name}@client.example").into();
            line["outputs"]["plan"] =
                serde_json::json!({"relative_path": "plans/plan.pdf", "sha256": sha256});
            line.to_string()
        })
        .collect();
    std::fs::write(out.join("results.jsonl"), lines.join("\n")).unwrap();
    out
}
