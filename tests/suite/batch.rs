//! Many workbooks in one folder: slugs, repeated runs, kept outputs, files in the way, and calendars.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Output;
use std::time::SystemTime;

use icalendar::{CalendarComponent, Component};

use crate::common::{self, partnerbook, root, sample};

fn report(inbox: &Path, out: &Path, more: &[&str]) -> Output {
    let mut words = vec!["report", "--date", "2026-11-23", "-o"];
    words.push(out.to_str().unwrap());
    words.push(inbox.to_str().unwrap());
    words.extend(more);
    partnerbook(&words, &root())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Copies a sample to a new name.
fn put(inbox: &Path, from: &str, to: &str) {
    std::fs::create_dir_all(inbox).unwrap();
    std::fs::copy(sample(from), inbox.join(to)).unwrap();
}

/// Returns all visible files of a folder, with their modification times.
fn seen(out: &Path) -> BTreeMap<String, (Vec<u8>, SystemTime)> {
    let mut seen = BTreeMap::new();
    for folder in ["", "plans", "calendars"] {
        for entry in std::fs::read_dir(out.join(folder)).unwrap().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let metadata = entry.metadata().unwrap();
            if metadata.is_file() && !name.starts_with('.') {
                let bytes = std::fs::read(entry.path()).unwrap();
                seen.insert(
                    format!("{folder}/{name}"),
                    (bytes, metadata.modified().unwrap()),
                );
            }
        }
    }
    seen
}

fn same_bytes(one: &Path, other: &Path) {
    let (one, other) = (seen(one), seen(other));
    assert!(one.keys().eq(other.keys()), "{:?}", other.keys());
    for (name, (bytes, _)) in one {
        assert!(other[&name].0 == bytes, "{name}");
    }
}

/// Waits until a path exists.
fn wait_for(path: &Path) {
    let start = std::time::Instant::now();
    while !path.exists() {
        assert!(start.elapsed().as_secs() < 60, "{}", path.display());
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
}

/// Sends the same signal as Ctrl-C.
#[cfg(unix)]
fn interrupt(child: &std::process::Child) {
    let id = rustix::process::Pid::from_child(child);
    rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
}

#[test]
fn only_what_changed_is_made_anew() {
    let place = tempfile::tempdir().unwrap();
    let (inbox, out) = (place.path().join("inbox"), place.path().join("out"));
    put(&inbox, "halvorsen-sensors", "a.xlsx");
    put(&inbox, "pocketharbor", "b.xlsx");
    assert_eq!(report(&inbox, &out, &[]).status.code(), Some(0));
    let before = seen(&out);
    // A client sends a corrected workbook.
    put(&inbox, "thalassa-foods", "b.xlsx");
    let again = report(&inbox, &out, &[]);
    assert!(
        text(&again.stdout).contains("1 unchanged since"),
        "{}",
        text(&again.stdout)
    );
    let after = seen(&out);
    let plan = "plans/halvorsen-sensors-as.pdf";
    assert_eq!(before[plan].1, after[plan].1, "kept as it was");
    assert!(after.contains_key("plans/θάλασσα-τρόφιμα-α-ε.pdf"));
    // The old plan of another client stays, and is reported.
    assert!(after.contains_key("plans/pocketharbor-inc.pdf"));
    assert!(text(&again.stdout).contains("plans/pocketharbor-inc.pdf"));
    // The outputs are the same as those of a full run, except for stale files.
    for name in [
        "plans/pocketharbor-inc.pdf",
        "calendars/pocketharbor-inc.ics",
    ] {
        std::fs::remove_file(out.join(name)).unwrap();
    }
    let fresh = place.path().join("fresh");
    report(&inbox, &fresh, &[]);
    same_bytes(&out, &fresh);
    // With --force or another report date, everything is regenerated.
    assert!(!text(&report(&inbox, &out, &["--force"]).stdout).contains("unchanged"));
    let date = [
        "report",
        "--date",
        "2026-11-24",
        "-o",
        out.to_str().unwrap(),
    ];
    let words = [&date[..], &[inbox.to_str().unwrap()]].concat();
    assert!(!text(&partnerbook(&words, &root()).stdout).contains("unchanged"));
}

#[test]
fn what_is_gone_is_made_anew_and_what_was_changed_is_left_alone() {
    let place = tempfile::tempdir().unwrap();
    let (inbox, out) = (place.path().join("inbox"), place.path().join("out"));
    put(&inbox, "halvorsen-sensors", "a.xlsx");
    put(&inbox, "pocketharbor", "b.xlsx");
    report(&inbox, &out, &[]);
    let before = seen(&out);
    std::fs::remove_file(out.join("plans/halvorsen-sensors-as.pdf")).unwrap();
    assert_eq!(report(&inbox, &out, &[]).status.code(), Some(0));
    let after = seen(&out);
    for (name, (bytes, _)) in &before {
        assert!(after[name].0 == *bytes, "{name}");
    }
    std::fs::write(out.join("plans/pocketharbor-inc.pdf"), "my notes").unwrap();
    let refused = report(&inbox, &out, &[]);
    assert_eq!(refused.status.code(), Some(3));
    let told = text(&refused.stderr);
    assert!(
        told.contains("pocketharbor-inc.pdf") && told.contains("--force"),
        "{told}"
    );
    assert_eq!(
        std::fs::read(out.join("plans/pocketharbor-inc.pdf")).unwrap(),
        b"my notes"
    );
}

#[test]
fn a_damaged_memory_costs_time_and_nothing_else() {
    let place = tempfile::tempdir().unwrap();
    let (inbox, out) = (place.path().join("inbox"), place.path().join("out"));
    put(&inbox, "quarrystone-logistics", "a.xlsx");
    put(&inbox, "pocketharbor", "b.xlsx");
    report(&inbox, &out, &[]);
    let fresh = seen(&out);
    let path = out.join(".partnerbook-records");
    let whole = std::fs::read(&path).unwrap();
    let middle = whole.len() / 2;
    type Damage<'d> = &'d dyn Fn(&mut Vec<u8>);
    let damages: [Damage; 6] = [
        &|bytes| bytes.truncate(middle),
        &|bytes| bytes.truncate(whole.len() - 1),
        &|bytes| bytes.truncate(7),
        &|bytes| bytes[middle] ^= 0x55,
        &|bytes| bytes[16..20].copy_from_slice(&u32::MAX.to_le_bytes()),
        &|bytes| bytes.fill(0xFF),
    ];
    for (index, damage) in damages.iter().enumerate() {
        let mut bytes = whole.clone();
        damage(&mut bytes);
        std::fs::write(&path, bytes).unwrap();
        let run = report(&inbox, &out, &[]);
        assert_eq!(run.status.code(), Some(0), "{index}: {}", text(&run.stderr));
        for (name, (bytes, _)) in seen(&out) {
            assert!(fresh[&name].0 == bytes, "{index}: {name}");
        }
    }
}

#[test]
fn two_workbooks_of_one_client_are_both_planned_and_told_of() {
    let place = tempfile::tempdir().unwrap();
    let (inbox, out) = (place.path().join("inbox"), place.path().join("out"));
    put(&inbox, "halvorsen-sensors", "b.xlsx");
    assert_eq!(report(&inbox, &out, &[]).status.code(), Some(0));
    // A file that sorts first takes the first slug. The result is the same as if both files had always been there.
    put(&inbox, "halvorsen-sensors", "a (1).xlsx");
    put(&inbox, "pocketharbor", "c.xlsx");
    let both = report(&inbox, &out, &[]);
    assert_eq!(both.status.code(), Some(0));
    let told = text(&both.stderr);
    assert!(
        told.contains("Halvorsen Sensors AS has 2 workbooks")
            && told.contains("a (1).xlsx")
            && told.contains("b.xlsx"),
        "{told}"
    );
    let fresh = place.path().join("fresh");
    report(&inbox, &fresh, &[]);
    same_bytes(&out, &fresh);
    let plans = seen(&out);
    assert!(plans.contains_key("plans/halvorsen-sensors-as.pdf"));
    assert!(plans.contains_key("plans/halvorsen-sensors-as-2.pdf"));
    let results = std::fs::read_to_string(out.join("results.jsonl")).unwrap();
    assert_eq!(results.lines().count(), 3);
    // Their events have different UIDs.
    let events = |name: &str| {
        let bytes = &plans[&format!("calendars/{name}.ics")].0;
        text(bytes)
            .lines()
            .filter(|line| line.starts_with("UID:"))
            .map(str::to_owned)
            .collect::<std::collections::HashSet<_>>()
    };
    assert!(events("halvorsen-sensors-as").is_disjoint(&events("halvorsen-sensors-as-2")));
}

#[test]
fn the_same_whatever_the_number_of_workers() {
    let place = tempfile::tempdir().unwrap();
    let outs = ["1", "2", "5"].map(|jobs| {
        let out = place.path().join(jobs);
        report(&root().join("samples"), &out, &["--jobs", jobs]);
        out
    });
    same_bytes(&outs[0], &outs[1]);
    same_bytes(&outs[0], &outs[2]);
}

#[test]
fn what_is_in_the_way_is_told_and_stays() {
    let place = tempfile::tempdir().unwrap();
    let (inbox, out) = (place.path().join("inbox"), place.path().join("out"));
    put(&inbox, "pocketharbor", "a.xlsx");
    // A file has the name of the folder of plans.
    std::fs::create_dir_all(&out).unwrap();
    std::fs::write(out.join("plans"), "mine").unwrap();
    let run = report(&inbox, &out, &[]);
    assert_eq!(run.status.code(), Some(4), "{}", text(&run.stderr));
    assert!(text(&run.stderr).contains("a.xlsx was read, but its plan was not written"));
    assert_eq!(std::fs::read(out.join("plans")).unwrap(), b"mine");
    assert!(out.join("portfolio.xlsx").exists(), "the rest is made");
    // A folder that cannot be created.
    std::fs::write(place.path().join("file"), "").unwrap();
    let run = report(&inbox, &place.path().join("file/out"), &[]);
    assert_eq!(run.status.code(), Some(4));
    assert!(
        text(&run.stderr).contains("cannot be written"),
        "{}",
        text(&run.stderr)
    );
}

#[test]
fn two_runs_do_not_write_into_one_folder() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    std::fs::create_dir_all(&out).unwrap();
    let lock = std::fs::File::create(out.join(".partnerbook-lock")).unwrap();
    lock.lock().unwrap();
    let run = report(&root().join("samples"), &out, &[]);
    assert_eq!(run.status.code(), Some(2));
    assert!(
        text(&run.stderr).contains("is writing to this folder"),
        "{}",
        text(&run.stderr)
    );
    lock.unlock().unwrap();
    assert_eq!(
        report(&sample("pocketharbor"), &out, &[]).status.code(),
        Some(0)
    );
}

#[test]
fn a_folder_that_vanishes_midway_ends_in_sentences() {
    let place = tempfile::tempdir().unwrap();
    let (inbox, out) = (place.path().join("inbox"), place.path().join("out"));
    for copy in 0..6 {
        put(&inbox, "pocketharbor", &format!("{copy}.xlsx"));
    }
    for victim in [&inbox, &out] {
        let run = std::thread::scope(|scope| {
            let run = scope.spawn(|| report(&inbox, &out, &["--jobs", "1"]));
            wait_for(&out.join("plans"));
            while victim.exists() {
                // The run may write into the folder while it is deleted.
                let _ = std::fs::remove_dir_all(victim);
            }
            run.join().unwrap()
        });
        let told = text(&run.stderr);
        assert!(
            !told.contains("panicked") && !told.contains("internal error"),
            "{told}"
        );
        match run.status.code() {
            Some(0) => {}
            Some(2..=4) => assert!(!told.is_empty(), "it does not say why"),
            code => panic!("{code:?}: {told}"),
        }
        for copy in 0..6 {
            put(&inbox, "pocketharbor", &format!("{copy}.xlsx"));
        }
        let _ = std::fs::remove_dir_all(&out);
    }
}

#[test]
fn a_calendar_is_read_by_another_program_and_numbered_when_it_changes() {
    let place = tempfile::tempdir().unwrap();
    let (inbox, out) = (place.path().join("inbox"), place.path().join("out"));
    put(&inbox, "halvorsen-sensors", "a.xlsx");
    report(&inbox, &out, &[]);
    let path = out.join("calendars/halvorsen-sensors-as.ics");
    let first = std::fs::read_to_string(&path).unwrap();
    assert!(first.ends_with("END:VCALENDAR\r\n"));
    for line in first.split_terminator("\r\n") {
        assert!(line.len() <= 75 && !line.contains(['\r', '\n']), "{line:?}");
    }
    let events = |text: &str| -> Vec<BTreeMap<String, String>> {
        let calendar: icalendar::Calendar = text.parse().unwrap();
        let events = calendar
            .components
            .iter()
            .filter_map(|component| match component {
                CalendarComponent::Event(event) => Some(event),
                _ => None,
            });
        events
            .map(|event| {
                event
                    .properties()
                    .iter()
                    .map(|(key, property)| (key.clone(), property.value().to_owned()))
                    .collect()
            })
            .collect()
    };
    let results = std::fs::read_to_string(out.join("results.jsonl")).unwrap();
    let results: serde_json::Value = serde_json::from_str(results.trim()).unwrap();
    let roadmap = &results["roadmap"];
    let activities = roadmap["activities"].as_array().unwrap();
    let reviews = roadmap["reviews"].as_array().unwrap();
    let read = events(&first);
    assert_eq!(read.len(), activities.len() + reviews.len());
    let day = |value: &serde_json::Value| value.as_str().unwrap().replace('-', "");
    let next = |value: &serde_json::Value| {
        let day: chrono::NaiveDate = value.as_str().unwrap().parse().unwrap();
        day.succ_opt().unwrap().format("%Y%m%d").to_string()
    };
    for (activity, event) in activities.iter().zip(&read) {
        let words = ["label", "owner"].map(|key| activity[key].as_str().unwrap());
        assert_eq!(event["SUMMARY"], format!("{} ({})", words[0], words[1]));
        assert_eq!(event["DTSTART"], day(&activity["due"]));
        assert_eq!(event["DTEND"], next(&activity["due"]));
        assert_eq!(event["TRANSP"], "TRANSPARENT");
        assert_eq!(event["DTSTAMP"], "20261123T000000Z");
    }
    for (review, event) in reviews.iter().zip(&read[activities.len()..]) {
        assert_eq!(event["DTSTART"], day(&review["date"]) + "T100000");
        assert_eq!(event["DTEND"], day(&review["date"]) + "T110000");
    }
    // With these, Outlook opens the file as a calendar of its own.
    assert!(!first.contains("METHOD") && !first.contains("X-WR-CALNAME"));
    assert_eq!(first.matches("BEGIN:VALARM").count(), read.len());
    let uids = |events: &[BTreeMap<String, String>]| -> Vec<String> {
        events.iter().map(|event| event["UID"].clone()).collect()
    };
    let number =
        |events: &[BTreeMap<String, String>]| events[0]["SEQUENCE"].parse::<u32>().unwrap();
    // Nothing changed: the calendar is the same, byte for byte.
    report(&inbox, &out, &["--force"]);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), first);
    // Another workbook of this client has other dates on the same report date: the events are the same, with a higher
    // sequence number.
    let questionnaire = common::questionnaire();
    let reading = partnerbook::intake::read_file(
        questionnaire,
        &sample("halvorsen-sensors"),
        &partnerbook::intake::Sandbox::none(),
    )
    .unwrap();
    let mut prefill = partnerbook::template::Prefill::from_answers(
        questionnaire,
        &reading.answers,
        &reading.issues,
    );
    let start = questionnaire.key("client.plan.start_date").unwrap();
    let day = chrono::NaiveDate::from_ymd_opt(2027, 1, 4).unwrap();
    prefill.set(start, partnerbook::template::Cell::Date(day));
    let bytes = partnerbook::template::workbook(
        questionnaire,
        &prefill,
        &partnerbook::look::Palette::DEFAULT,
    )
    .unwrap();
    std::fs::write(inbox.join("a.xlsx"), bytes).unwrap();
    report(&inbox, &out, &[]);
    let changed = events(&std::fs::read_to_string(&path).unwrap());
    assert_eq!(uids(&changed), uids(&read));
    assert_eq!(number(&changed), number(&read) + 1);
    // On a later date, the number is higher than on any earlier one.
    let words = [
        "report",
        "--date",
        "2026-11-24",
        "-o",
        out.to_str().unwrap(),
    ];
    partnerbook(&[&words[..], &[inbox.to_str().unwrap()]].concat(), &root());
    let later = events(&std::fs::read_to_string(&path).unwrap());
    assert_eq!(uids(&later), uids(&read));
    assert!(number(&later) > number(&changed));
}

#[test]
fn a_run_goes_on_after_it_was_stopped() {
    let place = tempfile::tempdir().unwrap();
    let (inbox, out) = (place.path().join("inbox"), place.path().join("out"));
    // More workbooks than can be processed between the first plan and the signal.
    for copy in 0..16 {
        put(&inbox, "pocketharbor", &format!("{copy}.xlsx"));
    }
    let words = ["report", "--date", "2026-11-23", "--jobs", "1", "-o"];
    let words = [
        &words[..],
        &[out.to_str().unwrap(), inbox.to_str().unwrap()],
    ]
    .concat();
    #[cfg(unix)]
    {
        let child = std::process::Command::new(env!("CARGO_BIN_EXE_partnerbook"))
            .args(&words)
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        wait_for(&out.join("plans"));
        interrupt(&child);
        let output = child.wait_with_output().unwrap();
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{told}");
        assert!(
            told.contains("Run the same command again to continue"),
            "{told}"
        );
        assert!(!out.join("portfolio.xlsx").exists());
    }
    let output = partnerbook(&words, &root());
    assert_eq!(output.status.code(), Some(0));
    assert!(
        text(&output.stdout).contains("16 plans"),
        "{}",
        text(&output.stdout)
    );
    let fresh = place.path().join("fresh");
    report(&inbox, &fresh, &[]);
    same_bytes(&out, &fresh);
}

#[cfg(unix)]
#[test]
fn a_watched_folder_is_processed_as_workbooks_arrive() {
    let place = tempfile::tempdir().unwrap();
    let (inbox, out) = (place.path().join("inbox"), place.path().join("out"));
    std::fs::create_dir_all(&inbox).unwrap();
    let child = std::process::Command::new(env!("CARGO_BIN_EXE_partnerbook"))
        .args(["report", "--watch", "--date", "2026-11-23", "-o"])
        .args([&out, &inbox])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    put(&inbox, "pocketharbor", "a.xlsx");
    wait_for(&out.join("plans/pocketharbor-inc.pdf"));
    put(&inbox, "quarrystone-logistics", "b.xlsx");
    wait_for(&out.join("plans/quarrystone-logistics-nv.pdf"));
    interrupt(&child);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stdout).contains("1 unchanged"));
}

#[test]
fn a_consolidated_workbook_is_no_clients() {
    let place = tempfile::tempdir().unwrap();
    let (inbox, out) = (place.path().join("inbox"), place.path().join("out"));
    put(&inbox, "pocketharbor", "a.xlsx");
    report(&inbox, &out, &[]);
    std::fs::copy(out.join("portfolio.xlsx"), inbox.join("b.xlsx")).unwrap();
    let run = report(&inbox, &out, &[]);
    assert_eq!(run.status.code(), Some(3));
    assert!(
        text(&run.stderr).contains("b.xlsx is a portfolio workbook"),
        "{}",
        text(&run.stderr)
    );
}

#[test]
fn a_late_workbook_alone_costs_the_others_nothing() {
    let place = tempfile::tempdir().unwrap();
    let (inbox, out) = (place.path().join("inbox"), place.path().join("out"));
    for (index, name) in common::SAMPLES.iter().cycle().take(28).enumerate() {
        put(&inbox, name, &format!("{index}.xlsx"));
    }
    report(&inbox, &out, &[]);
    for name in ["pocketharbor", "halvorsen-sensors"] {
        let late = place.path().join(format!("{name}.xlsx"));
        std::fs::copy(sample(name), &late).unwrap();
        // Several runs, so that the build cache is compacted.
        for day in 24..28 {
            let date = format!("2026-11-{day}");
            let words = [
                "report",
                "--date",
                &date,
                late.to_str().unwrap(),
                "-o",
                out.to_str().unwrap(),
            ];
            partnerbook(&words, &root());
        }
    }
    let again = report(&inbox, &out, &[]);
    let told = text(&again.stdout);
    assert!(
        told.contains("26 unchanged") || told.contains("27 unchanged"),
        "{told}"
    );
}

/// Two workbooks with the same client name are two rows with their file names, so that a reader and a lookup can
/// distinguish them.
#[test]
fn clients_of_one_name_are_told_apart_in_the_consolidated_workbook() {
    let place = tempfile::tempdir().unwrap();
    let (inbox, out) = (place.path().join("inbox"), place.path().join("out"));
    put(&inbox, "pocketharbor", "north.xlsx");
    put(&inbox, "pocketharbor", "south.xlsx");
    put(&inbox, "verano-solar", "a.xlsx");
    report(&inbox, &out, &[]);
    let bytes = std::fs::read(out.join("portfolio.xlsx")).unwrap();
    let mut book: calamine::Xlsx<_> =
        calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
    let clients = calamine::Reader::worksheet_range(&mut book, "Clients").unwrap();
    let names: Vec<String> = clients.rows().map(|row| row[0].to_string()).collect();
    for name in [
        "PocketHarbor, Inc. (north)",
        "PocketHarbor, Inc. (south)",
        "Verano Solar, S.L.",
    ] {
        assert!(names.iter().any(|own| own == name), "{names:?}");
    }
    // The results contain the client name as entered.
    let results = std::fs::read_to_string(out.join("results.jsonl")).unwrap();
    assert_eq!(results.matches(r#""name":"PocketHarbor, Inc.""#).count(), 2);
}
