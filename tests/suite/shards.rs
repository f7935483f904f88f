//! Shards: several runs, each over a part of the workbooks, and `merge`, which makes of them what one run would have made.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use crate::common::{partnerbook, program, root, sample, workbook};

/// A folder with an inbox and the output folders.
struct Place(tempfile::TempDir);

impl Place {
    /// Creates an inbox with each sample twice, in two folders, an older workbook of a client, a file that cannot be
    /// read, and a workbook with errors.
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        for name in ["verano-solar", "pocketharbor"] {
            place.put(name, &format!("north/{name}.xlsx"));
            place.put(name, &format!("south/copy of {name}.xlsx"));
        }
        place.put("halvorsen-sensors", "old.xlsx");
        let id = "client.about.email";
        let inbox = place.at("inbox");
        workbook(&inbox, "newer", "halvorsen-sensors", &[]);
        workbook(
            &inbox,
            "wrong",
            "mapleworks-foundry",
            &[(id, "no address".into())],
        );
        std::fs::write(inbox.join("broken.xlsx"), "garbage").unwrap();
        place
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn put(&self, from: &str, to: &str) {
        let to = self.at("inbox").join(to);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(sample(from), to).unwrap();
    }

    fn run(&self, words: &[&str]) -> Output {
        partnerbook(words, self.0.path())
    }

    fn report(&self, out: &str, more: &[&str]) -> Output {
        let words = [
            "report",
            "inbox",
            "--date",
            "2026-11-23",
            "--quiet",
            "-o",
            out,
        ];
        self.run(&[&words[..], more].concat())
    }

    /// Runs all shards, and returns their output folders.
    fn shards(&self, count: usize, more: &[&str]) -> Vec<String> {
        let run = |number| {
            let (out, shard) = (format!("shard-{number}"), format!("{number}/{count}"));
            let output = self.report(&out, &[&["--shard", &shard], more].concat());
            assert!(
                matches!(output.status.code(), Some(0 | 3)),
                "{}",
                said(&output)
            );
            out
        };
        (1..=count).map(run).collect()
    }

    fn merge(&self, shards: &[String], out: &str, more: &[&str]) -> Output {
        let mut words = vec!["merge", "--quiet", "-o", out];
        words.extend(shards.iter().map(String::as_str));
        words.extend(more);
        self.run(&words)
    }

    /// Asserts that two output folders contain the same files, byte for byte.
    fn same(&self, one: &str, other: &str) {
        let (one, other) = (files(&self.at(one)), files(&self.at(other)));
        let names = |files: &[(String, Vec<u8>)]| {
            files
                .iter()
                .map(|(name, _)| name.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(names(&one), names(&other));
        for ((name, one), (_, other)) in one.iter().zip(&other) {
            assert!(one == other, "{name} differs");
        }
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Returns the visible files below a folder, sorted.
fn files(root: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            let name = path
                .strip_prefix(root)
                .unwrap()
                .to_string_lossy()
                .into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if !name.starts_with('.') {
                found.push((name, std::fs::read(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn merged_shards_are_what_one_run_makes() {
    let place = Place::new();
    for more in [&["--notes"][..], &["--no-drafts", "--keep-all"]] {
        assert_eq!(
            place
                .report("one", &[more, &["--force"]].concat())
                .status
                .code(),
            Some(3)
        );
        let shards = place.shards(6, more);
        let output = place.merge(&shards, "merged", &["--force"]);
        assert_eq!(output.status.code(), Some(3), "{}", said(&output));
        assert!(said(&output).contains("broken.xlsx is not an Excel workbook"));
        place.same("one", "merged");
    }
    assert!(place.at("one/plans/pocketharbor-inc-2.pdf").exists());
    // A shard has no portfolio workbook.
    let own = files(&place.at("shard-1"));
    assert!(own.iter().all(|(name, _)| name != "portfolio.xlsx"));
}

#[test]
fn a_second_merge_keeps_what_is_unchanged_and_numbers_calendars_like_a_second_run() {
    let place = Place::new();
    for _ in 0..2 {
        place.report("one", &[]);
        let shards = place.shards(3, &[]);
        place.merge(&shards, "merged", &[]);
        place.same("one", "merged");
        // The second time, a client has changed an answer.
        let change = [("readiness.business.legal_framework", 3.into())];
        let north = place.at("inbox/north");
        workbook(&north, "verano-solar", "verano-solar", &change);
    }
}

#[test]
fn benchmarks_of_a_merge_make_shards_compare_like_one_run() {
    let place = Place::new();
    for name in ["brightloom-textiles", "quarrystone-logistics"] {
        place.put(name, &format!("{name}.xlsx"));
    }
    place.report("one", &["--benchmark"]);
    let shards = place.shards(3, &[]);
    place.merge(&shards, "first", &[]);
    let shards = place.shards(3, &["--benchmark-from", "first/benchmarks.json"]);
    let output = place.merge(&shards, "merged", &[]);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    place.same("one", "merged");
    // Without benchmarks the plans differ, so that the comparison above says something.
    let plan =
        |folder: &str| std::fs::read(place.at(folder).join("plans/pocketharbor-inc.pdf")).unwrap();
    assert_ne!(plan("first"), plan("merged"));
}

#[test]
fn a_benchmark_file_that_does_not_fit_is_refused() {
    let place = Place::new();
    let cases = [
        ("no.json", None, "cannot be read"),
        ("text.json", Some("hello"), "cannot be read"),
        (
            "other.json",
            Some(r#"{"questionnaire": "vendors", "values": {}}"#),
            "of the questionnaire vendors, not of partnerships",
        ),
        (
            "few.json",
            Some(
                r#"{"questionnaire": "partnerships", "values": {"readiness": {"clients": 4, "first": 1, "median": 2, "third": 3}}}"#,
            ),
            "fewer than five clients",
        ),
    ];
    for (name, content, reason) in cases {
        if let Some(content) = content {
            std::fs::write(place.at(name), content).unwrap();
        }
        let output = place.report("out", &["--benchmark-from", name]);
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(said(&output).contains(reason), "{}", said(&output));
        assert!(said(&output).contains(name), "{}", said(&output));
    }
    let output = place.report("out", &["--benchmark", "--shard", "1/2"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn shards_that_do_not_belong_together_are_refused_by_name() {
    let place = Place::new();
    let shards = place.shards(3, &[]);
    let refused = |shards: &[&str], out: &str, more: &[&str], reason: &str| {
        let shards: Vec<String> = shards.iter().map(|shard| (*shard).to_owned()).collect();
        let output = place.merge(&shards, out, more);
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(said(&output).contains(reason), "{}", said(&output));
        assert!(!place.at("merged").join("portfolio.xlsx").exists());
    };
    let [one, two, three] = ["shard-1", "shard-2", "shard-3"];
    refused(
        &[one, three],
        "merged",
        &[],
        "some shards are missing: 2/3. Name",
    );
    refused(
        &[one, two, two, three],
        "merged",
        &[],
        "shard-2 and shard-2 both contain shard 2/3",
    );
    refused(&[one, two, three], "shard-2", &[], "shard-2 is a shard");
    refused(
        &[one, two, "inbox"],
        "merged",
        &[],
        "inbox is not the output folder of a finished shard",
    );
    refused(
        &[one, two, "nowhere"],
        "merged",
        &[],
        "nowhere does not exist",
    );
    refused(
        &[one, two, three],
        "merged",
        &["--consultant", "Somebody"],
        "another brand, consultant, confidentiality line, or paper size than this command",
    );
    // Each setting in turn, against shard 1.
    let other = |more: &[&str], reason: &str| {
        let words = ["report", "inbox", "--quiet", "-o", "other"];
        let date = ["--date", "2026-11-23"];
        let date = if more.contains(&"--date") {
            &[][..]
        } else {
            &date[..]
        };
        let shard = if more.contains(&"--shard") {
            &[][..]
        } else {
            &["--shard", "2/3"][..]
        };
        place.run(&[&words[..], date, shard, more].concat());
        let reason = format!("other was created with another {reason} than shard-1");
        refused(&[one, "other", three], "merged", &[], &reason);
    };
    other(&["--date", "2026-11-24"], "report date (--date)");
    other(
        &["--paper", "letter"],
        "brand, consultant, confidentiality line, or paper size",
    );
    other(&["--notes"], "--notes");
    other(&["--no-drafts"], "--no-drafts");
    other(&["--keep-all"], "--keep-all");
    other(&["--shard", "2/4"], "number of shards (--shard)");
    let questionnaire = root().join("tests/fixtures/questionnaires/standorte");
    let questionnaire = questionnaire.to_str().unwrap();
    other(&["--questionnaire", questionnaire], "questionnaire");
    let paths = [
        "report",
        "inbox/north",
        "--date",
        "2026-11-23",
        "--quiet",
        "-o",
        "other",
    ];
    place.run(&[&paths[..], &["--shard", "2/3"]].concat());
    let reason = "other was created with another choice of workbooks";
    refused(&[one, "other", three], "merged", &[], reason);
    // The same workbook in two shards.
    let read = |folder: &str| -> serde_json::Value {
        let bytes = std::fs::read(place.at(folder).join("shard.json")).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    };
    let (mut changed, workbook) = (read(two), read(one)["workbooks"][0].clone());
    let reason = format!("both contain {}", workbook["path"].as_str().unwrap());
    changed["workbooks"].as_array_mut().unwrap().push(workbook);
    let kept = std::fs::read(place.at(two).join("shard.json")).unwrap();
    std::fs::write(place.at(two).join("shard.json"), changed.to_string()).unwrap();
    refused(&[one, two, three], "merged", &[], &reason);
    std::fs::write(place.at(two).join("shard.json"), kept).unwrap();
    // A plan that somebody changed is not taken.
    let plan = std::fs::read_dir(place.at(three).join("plans"))
        .unwrap()
        .flatten()
        .next()
        .unwrap();
    std::fs::write(plan.path(), "changed").unwrap();
    refused(
        &shards.iter().map(String::as_str).collect::<Vec<_>>(),
        "merged",
        &[],
        "shard-3 was changed after the shard was finished",
    );
}

/// A run that was killed has no description, and the next run of the shard makes one.
#[test]
fn an_unfinished_shard_is_refused_until_it_is_run_again() {
    let place = Place::new();
    let shards = place.shards(2, &[]);
    std::fs::write(place.at("inbox/north/new.xlsx"), "garbage").unwrap();
    let mut child = std::process::Command::new(program());
    child.current_dir(place.0.path()).args([
        "report",
        "inbox",
        "--date",
        "2026-11-23",
        "-o",
        "shard-1",
        "--shard",
        "1/2",
        "--jobs",
        "1",
        "--force",
    ]);
    let mut child = child
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let start = std::time::Instant::now();
    while place.at("shard-1/shard.json").exists() && start.elapsed().as_secs() < 60 {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let output = place.merge(&shards, "merged", &[]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("shard-1 is not the output folder of a finished shard"));
    place.shards(2, &[]);
    place.report("one", &[]);
    place.merge(&shards, "merged", &[]);
    place.same("one", "merged");
}

#[test]
fn failures_are_listed_and_can_leave_the_exit_code_zero() {
    let place = Place::new();
    assert_eq!(place.report("out", &[]).status.code(), Some(3));
    assert_eq!(
        place
            .report("out", &["--exit-zero-on-failures"])
            .status
            .code(),
        Some(0)
    );
    let lines = std::fs::read_to_string(place.at("out/failures.jsonl")).unwrap();
    let line: serde_json::Value = serde_json::from_str(lines.trim()).unwrap();
    assert_eq!(line["file"], "inbox/broken.xlsx");
    assert!(
        line["reason"]
            .as_str()
            .unwrap()
            .starts_with("is not an Excel workbook")
    );
    // Once nothing fails, there is no list.
    std::fs::remove_file(place.at("inbox/broken.xlsx")).unwrap();
    assert_eq!(place.report("out", &[]).status.code(), Some(0));
    assert!(!place.at("out/failures.jsonl").exists());
}

#[test]
fn paths_come_from_a_list_or_from_standard_input() {
    let place = Place::new();
    let list = "\u{feff}inbox/north/pocketharbor.xlsx\r\n\r\ninbox/south\n";
    std::fs::write(place.at("list.txt"), list).unwrap();
    let words = ["report", "--date", "2026-11-23", "--quiet", "-o"];
    let output = place.run(&[&words[..], &["file", "--files-from", "list.txt"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let mut child = std::process::Command::new(program())
        .current_dir(place.0.path())
        .args(words)
        .args(["stdin", "--files-from", "-"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(list.as_bytes())
        .unwrap();
    assert!(child.wait().unwrap().success());
    place.same("file", "stdin");
    assert_eq!(
        std::fs::read_dir(place.at("file/plans")).unwrap().count(),
        3
    );
    for (name, content, reason) in [
        ("empty.txt", Some("\n\n"), "contains no path"),
        ("none.txt", None, "No such file"),
    ] {
        if let Some(content) = content {
            std::fs::write(place.at(name), content).unwrap();
        }
        let output = place.run(&[&words[..], &["x", "--files-from", name]].concat());
        assert_eq!(output.status.code(), Some(2));
        assert!(said(&output).contains(reason), "{}", said(&output));
    }
}

/// What a shard kept from an earlier run is merged, not what a run in between made.
#[test]
fn a_shard_that_returns_to_earlier_answers_is_merged_with_them() {
    let place = Place::new();
    let inbox = place.at("inbox");
    // Few workbooks: this takes many runs.
    for folder in ["north", "south"] {
        std::fs::remove_dir_all(inbox.join(folder)).unwrap();
    }
    let wrong = |text: &str| {
        workbook(
            &inbox,
            "wrong",
            "mapleworks-foundry",
            &[("client.about.email", text.into())],
        )
    };
    for text in ["no address", "neither this", "no address"] {
        wrong(text);
        let shards = place.shards(2, &["--no-drafts"]);
        place.report("one", &["--no-drafts"]);
        let output = place.merge(&shards, "merged", &[]);
        assert_eq!(output.status.code(), Some(3), "{}", said(&output));
        place.same("one", "merged");
    }
    // Notes of a run in between are gone again.
    for more in [&[][..], &["--notes"], &[]] {
        let shards = place.shards(2, more);
        place.report("one", more);
        place.merge(&shards, "merged", &[]);
        place.same("one", "merged");
    }
    assert!(
        !place
            .at("merged/notes")
            .read_dir()
            .is_ok_and(|mut notes| notes.next().is_some())
    );
}

#[test]
fn a_workbook_below_several_given_folders_is_in_one_shard() {
    let place = Place::new();
    let words = [
        "report",
        "--date",
        "2026-11-23",
        "--quiet",
        "inbox",
        "inbox/north",
    ];
    let paths = ["inbox/north/pocketharbor.xlsx", "inbox/south", "-o"];
    let run = |out: &str, more: &[&str]| place.run(&[&words[..], &paths, &[out], more].concat());
    run("one", &[]);
    let shards: Vec<String> = (1..=3)
        .map(|number| {
            let out = format!("shard-{number}");
            run(&out, &["--shard", &format!("{number}/3")]);
            out
        })
        .collect();
    let output = place.merge(&shards, "merged", &[]);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    place.same("one", "merged");
}

/// A plan that somebody changed is in the way: the shard is not finished until it is moved.
#[test]
fn a_shard_with_a_file_in_the_way_is_not_finished() {
    let place = Place::new();
    let shards = place.shards(1, &[]);
    let plan = place.at("shard-1/plans/pocketharbor-inc.pdf");
    std::fs::write(&plan, "my notes").unwrap();
    let output = place.report("shard-1", &["--shard", "1/1", "--exit-zero-on-failures"]);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(!place.at("shard-1/shard.json").exists());
    let output = place.merge(&shards, "merged", &[]);
    assert!(
        said(&output).contains("is not the output folder of a finished shard"),
        "{}",
        said(&output)
    );
    std::fs::remove_file(&plan).unwrap();
    place.shards(1, &[]);
    place.report("one", &[]);
    place.merge(&shards, "merged", &[]);
    place.same("one", "merged");
}

#[cfg(unix)]
#[test]
fn names_that_are_not_utf_8_are_merged_like_any_other() {
    use std::os::unix::ffi::OsStrExt;
    let place = Place::new();
    for name in [&b"caf\xe9.xlsx"[..], b"caf\xe8.xlsx"] {
        let to = place.at("inbox").join(std::ffi::OsStr::from_bytes(name));
        std::fs::copy(sample("pocketharbor"), to).unwrap();
    }
    place.report("one", &[]);
    let shards = place.shards(3, &[]);
    let output = place.merge(&shards, "merged", &[]);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    place.same("one", "merged");
}

/// Data of clients that are gone would still be found by `shards/*/answers.parquet`.
#[test]
fn a_shard_without_workbooks_keeps_no_data_of_an_earlier_run() {
    let place = Place::new();
    place.report("shard-1", &["--force"]);
    std::fs::remove_dir_all(place.at("inbox")).unwrap();
    std::fs::create_dir(place.at("inbox")).unwrap();
    let output = place.report("shard-1", &["--shard", "1/1"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    for name in [
        "portfolio.xlsx",
        "results.jsonl",
        "answers.csv",
        "answers.parquet",
        "benchmarks.json",
    ] {
        assert!(!place.at("shard-1").join(name).exists(), "{name}");
    }
}
