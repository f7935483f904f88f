//! Tests with a full disk and a read-only disk, on a small file system in its own mount namespace. Run with `cargo test
//! --test conformance disk`, on Linux. If something is missing, the test fails and says what.

#![cfg(target_os = "linux")]

use std::path::Path;
use std::process::{Command, Output};

use crate::common::{self, root};

/// Runs a script in which `$disk` is a file system of this size and `$partnerbook` is the executable. The working
/// directory contains the samples.
fn on_a_disk(kilobytes: u32, script: &str) -> Output {
    let place = tempfile::tempdir().unwrap();
    let disk = place.path().join("disk");
    std::fs::create_dir(&disk).unwrap();
    let mount =
        format!("set -e; mount -t tmpfs -o size={kilobytes}k tmpfs \"$disk\"; set +e\n{script}");
    // Root needs no user namespace; other users do.
    let unshare = if is_root() { "-m" } else { "-Urm" };
    let output = Command::new("unshare")
        .args([unshare, "sh", "-c", &mount])
        .env("disk", &disk)
        .env("partnerbook", env!("CARGO_BIN_EXE_partnerbook"))
        .current_dir(root())
        .output()
        .expect("unshare is needed: apt-get install util-linux");
    let told = text(&output.stderr);
    assert!(
        !told.contains("Operation not permitted") && !told.contains("permission denied"),
        "no file system of one's own can be made here: run it as root, or allow user namespaces ({told})"
    );
    output
}

fn is_root() -> bool {
    std::os::unix::fs::MetadataExt::uid(&std::fs::metadata("/proc/self").unwrap()) == 0
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_full_disk_is_told_file_by_file_and_leaves_nothing_half() {
    let place = tempfile::tempdir().unwrap();
    let whole = place.path().join("whole");
    let words = ["report", "--date", "2026-11-23", "samples", "-o"];
    let run = common::partnerbook(&[&words[..], &[whole.to_str().unwrap()]].concat(), &root());
    assert!(run.status.success());
    // Space for some of the plans first, then for all plans but not for the files about all clients.
    for kilobytes in [400, 900, 1300, 1600] {
        let copy = place.path().join(kilobytes.to_string());
        let script = format!(
            "\"$partnerbook\" report --date 2026-11-23 samples -o \"$disk/out\"; code=$?; cp -r \"$disk/out\" \"{}\" || exit 99; exit $code",
            copy.display()
        );
        let mut compared = 0;
        let output = on_a_disk(kilobytes, &script);
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(4), "{kilobytes}: {told}");
        assert!(told.contains("Free up disk space"), "{kilobytes}: {told}");
        assert!(!told.contains("panicked"), "{told}");
        for folder in ["plans", "calendars", ""] {
            let Ok(entries) = std::fs::read_dir(copy.join(folder)) else {
                continue;
            };
            for entry in entries.flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                if entry.file_type().unwrap().is_file() && !name.starts_with('.') {
                    let bytes = std::fs::read(entry.path()).unwrap();
                    if name == "failures.jsonl" {
                        // The list of what did not fit, itself whole.
                        assert!(bytes.ends_with(b"}\n"), "{kilobytes}: {name} is half");
                        continue;
                    }
                    let expected = std::fs::read(whole.join(folder).join(&name)).unwrap();
                    assert!(bytes == expected, "{kilobytes}: {folder}/{name} is half");
                    compared += 1;
                }
                assert!(!name.contains("-tmp-"), "{name} was left");
            }
        }
        assert!(compared > 0, "{kilobytes}: something was written whole");
    }
}

#[test]
fn the_old_plan_stays_when_there_is_no_room_for_the_new_one() {
    let script = r#"
        mkdir "$disk/in"; cp samples/pocketharbor.xlsx "$disk/in/a.xlsx"
        "$partnerbook" report -q --date 2026-11-23 "$disk/in" -o "$disk/out" || exit 11
        before=$(sha256sum < "$disk/out/plans/pocketharbor-inc.pdf")
        dd if=/dev/zero of="$disk/filler" bs=1k 2>/dev/null
        "$partnerbook" report -q --date 2026-11-24 "$disk/in" -o "$disk/out"; code=$?
        after=$(sha256sum < "$disk/out/plans/pocketharbor-inc.pdf")
        [ "$before" = "$after" ] || exit 12
        rm "$disk/filler"
        "$partnerbook" report -q --date 2026-11-24 "$disk/in" -o "$disk/out" || exit 13
        exit $code
    "#;
    let output = on_a_disk(2000, script);
    let code = output.status.code();
    assert_eq!(code, Some(4), "{}", text(&output.stderr));
    assert!(
        text(&output.stderr).contains("No space left"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn a_folder_that_cannot_be_written_is_one_sentence() {
    let script = r#"
        mkdir "$disk/out"; mount -o remount,ro "$disk"
        "$partnerbook" report samples -o "$disk/out"; exit $?
    "#;
    let output = on_a_disk(2000, script);
    assert_eq!(output.status.code(), Some(4));
    let told = text(&output.stderr);
    assert!(told.contains("Read-only file system"), "{told}");
    assert_eq!(told.lines().count(), 1, "{told}");
}

#[test]
fn a_full_disk_sends_nothing() {
    // Nothing is sent without a send log, because the start of each email must be on disk first.
    let script = r#"
        cp -r "$made" "$disk/out"; dd if=/dev/zero of="$disk/filler" bs=1k 2>/dev/null
        "$partnerbook" send "$disk/out" --from a@b.example --smtp "smtp://127.0.0.1:9?tls=none" --retries 0; exit $?
    "#;
    let place = tempfile::tempdir().unwrap();
    let made = place.path().join("out");
    let words = [
        "report",
        "--date",
        "2026-11-23",
        "samples/pocketharbor.xlsx",
        "-o",
    ];
    common::partnerbook(&[&words[..], &[made.to_str().unwrap()]].concat(), &root());
    let script = script.replace("$made", Path::new(&made).to_str().unwrap());
    let output = on_a_disk(1000, &script);
    assert_eq!(output.status.code(), Some(4), "{}", text(&output.stderr));
    assert!(
        text(&output.stderr).contains("so nothing is sent"),
        "{}",
        text(&output.stderr)
    );
}
