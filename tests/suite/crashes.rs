//! Kills the process at any time and runs it again: no incomplete file, no different output, nothing sent twice,
//! nothing lost.
//!
//! `KILLS` sets the number of kills (CI kills 200 batches and 100 send runs). `PARTNERBOOK` sets the executable. Build
//! it with `--release`, for example, so that the kill times are closer together.

#![cfg(unix)]

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::common;
use crate::common::smtp;

/// Random kill times. The seed is printed, so that a failure can be reproduced.
struct Chance(u64);

impl Chance {
    fn new() -> Self {
        let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
        let seed = std::env::var("SEED")
            .ok()
            .and_then(|seed| seed.parse().ok());
        let seed = seed.unwrap_or(now.as_nanos() as u64 | 1);
        println!("SEED={seed}");
        Self(seed)
    }

    /// Returns a number from 0 up to, but not including, 1.
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }
}

fn kills(usual: usize) -> usize {
    let kills = std::env::var("KILLS").ok();
    kills.and_then(|kills| kills.parse().ok()).unwrap_or(usual)
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(common::program());
    command
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// Runs the command to the end and returns how long it took.
fn run(arguments: &[&str]) -> Duration {
    let start = Instant::now();
    let status = command(arguments).status().unwrap();
    assert!(status.success(), "{arguments:?}: {status}");
    start.elapsed()
}

/// Kills a run after a delay (SIGKILL). Returns whether it was still running.
fn kill(arguments: &[&str], after: Duration) -> bool {
    let mut child = command(arguments).spawn().unwrap();
    std::thread::sleep(after);
    let running = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    running
}

/// Returns the visible files of an output folder.
fn outputs(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = walkdir::WalkDir::new(folder).into_iter().flatten();
    files
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let name = entry.path().strip_prefix(folder).unwrap();
            (
                name.to_string_lossy().into_owned(),
                std::fs::read(entry.path()).unwrap(),
            )
        })
        .filter(|(name, _)| !name.rsplit('/').next().unwrap().starts_with('.'))
        .collect()
}

#[test]
fn a_batch_killed_at_any_instant_goes_on_and_ends_as_if_undisturbed() {
    let kills = kills(6);
    let place = tempfile::tempdir().unwrap();
    let inbox = place.path().join("inbox");
    // With more than 50 kills, 4 workbooks per client: they have the same client name and different files.
    for copy in 0..if kills > 50 { 4 } else { 1 } {
        let folder = inbox.join(copy.to_string());
        std::fs::create_dir_all(&folder).unwrap();
        for name in common::SAMPLES {
            std::fs::copy(
                common::sample(name),
                folder.join(format!("{name}-{copy}.xlsx")),
            )
            .unwrap();
        }
    }
    let arguments = |out: &Path| {
        ["report", "--date", "2026-11-23", "-o"]
            .map(str::to_owned)
            .into_iter()
            .chain([out.display().to_string(), inbox.display().to_string()])
            .collect::<Vec<String>>()
    };
    let words = |out: &Path, then: &dyn Fn(&[&str])| {
        let arguments = arguments(out);
        then(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    };
    let undisturbed = place.path().join("undisturbed");
    let mut whole = Duration::ZERO;
    let start = Instant::now();
    words(&undisturbed, &|words| {
        run(words);
    });
    whole += start.elapsed();
    let expected = outputs(&undisturbed);
    let mut chance = Chance::new();
    let (mut killed, mut running) = (0, 0);
    while running < kills {
        let out = place.path().join("out");
        for again in 0..1 + (chance.next() * 4.0) as usize {
            // A run that was killed before has less left to do.
            let after = whole.mul_f64(chance.next() / (again + 1) as f64);
            let arguments = arguments(&out);
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            running += usize::from(kill(&arguments, after));
            killed += 1;
            for (name, bytes) in outputs(&out) {
                assert!(expected[&name] == bytes, "{name} is half, or another");
            }
        }
        words(&out, &|words| {
            run(words);
        });
        let now = outputs(&out);
        assert!(now.keys().eq(expected.keys()), "{:?}", now.keys());
        for (name, bytes) in now {
            assert!(expected[&name] == bytes, "{name} is another");
        }
        let hidden = walkdir::WalkDir::new(&out).into_iter().flatten();
        let left = hidden.filter(|entry| entry.file_name().to_string_lossy().contains("-tmp-"));
        assert_eq!(left.count(), 0, "what was under way is taken away");
        std::fs::remove_dir_all(&out).unwrap();
    }
    println!("{running} runs killed at work, {killed} tried");
}

#[test]
fn a_sending_killed_at_any_instant_sends_nothing_twice_and_loses_nothing() {
    let kills = kills(12).div_ceil(2);
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    let words = [
        "report",
        "--date",
        "2026-11-23",
        "-o",
        out.to_str().unwrap(),
        "samples",
    ];
    assert!(
        command(&words)
            .current_dir(common::root())
            .status()
            .unwrap()
            .success()
    );
    let mut chance = Chance::new();
    let (mut killed, mut running, mut unconfirmed) = (0, 0, 0);
    let mut whole = Duration::from_millis(100);
    while running < kills {
        // A slow server, so that a kill can hit every step.
        let slow = smtp::Does::TakesSlowly(Duration::from_millis(8));
        let addresses = addresses(&out);
        assert_eq!(addresses.len(), 4);
        let mut hit = 0;
        let behavior: Vec<(&str, smtp::Does)> = addresses
            .iter()
            .map(|address| (address.as_str(), slow))
            .collect();
        let server = smtp::Server::start(&behavior);
        let url = server.url();
        let send = [
            "send",
            out.to_str().unwrap(),
            "--from",
            "plans@brightwater.example",
            "--smtp",
            &url,
        ];
        for _ in 0..1 + (chance.next() * 4.0) as usize {
            let after = whole.mul_f64(chance.next());
            hit += usize::from(kill(&send, after));
            killed += 1;
        }
        running += hit;
        let before = unconfirmed;
        // With unconfirmed emails, the last run exits with 3.
        let start = Instant::now();
        command(&send).status().unwrap();
        whole = whole.max(start.elapsed());
        let mut times: HashMap<String, usize> = HashMap::new();
        for (to, _) in server.taken() {
            *times.entry(to).or_default() += 1;
        }
        for address in &addresses {
            let taken = times.get(address).copied().unwrap_or(0);
            let states = send_log(&out, address);
            let last = states.last().map(String::as_str);
            assert!(taken <= 1, "{address} got it {taken} times: {states:?}");
            match last {
                Some("sent") => assert_eq!(taken, 1, "{address} is said to have got it"),
                Some("started") => unconfirmed += 1,
                other => panic!("{address} is lost: {other:?}"),
            }
        }
        assert!(
            unconfirmed - before <= hit,
            "a kill leaves one email in doubt"
        );
        std::fs::remove_file(out.join("sent.jsonl")).unwrap();
    }
    println!("{running} sendings killed at work, {killed} tried, {unconfirmed} emails in doubt");
}

#[test]
fn each_kind_of_email_in_an_engagement_survives_kills() {
    let place = tempfile::tempdir().unwrap();
    let call = |folder: &Path, words: &[&str]| {
        let output = common::partnerbook(words, folder);
        assert!(output.status.success(), "{words:?}: {output:?}");
    };
    call(place.path(), &["new", "round"]);
    let folder = place.path().join("round");
    let due = chrono::Local::now().date_naive() + chrono::Days::new(4);
    let rows: String = (0..4)
        .map(|index| format!("Client {index},,c{index}@client.example,{due}\n"))
        .collect();
    let roster = format!("Client,Contact,Email,Due date\n{rows}");
    std::fs::write(folder.join("clients.csv"), roster).unwrap();
    let settings = std::fs::read_to_string(folder.join("partnerbook.toml")).unwrap();
    let settings = settings.replace("clients.xlsx\" ", "clients.csv\" ");
    std::fs::write(folder.join("partnerbook.toml"), settings).unwrap();
    call(&folder, &["handout"]);
    let questionnaire = common::questionnaire();
    for index in 0..2 {
        let name = format!("Client {index}");
        let wrong = partnerbook::template::Cell::Text("good".into());
        let address = partnerbook::template::Cell::Text(format!("c{index}@client.example"));
        let answers = [
            (common::round::RATING, wrong),
            ("client.about.email", address),
        ];
        let bytes = common::round::returned(questionnaire, &name, &name, &answers);
        std::fs::write(folder.join(format!("inbox/{index}.xlsx")), bytes).unwrap();
    }
    let kills = kills(12).div_ceil(4);
    let mut chance = Chance::new();
    for (kind, clients) in [
        ("invitations", 0..4),
        ("reminders", 2..4),
        ("corrections", 0..2),
    ] {
        let (mut running, mut whole) = (0, Duration::from_millis(200));
        while running < kills {
            let server = smtp::Server::start(&[]);
            let url = server.url();
            let send = || {
                let mut command = command(&[
                    "send",
                    kind,
                    "--from",
                    "plans@brightwater.example",
                    "--smtp",
                    &url,
                ]);
                command.current_dir(&folder);
                command
            };
            let mut hit = 0;
            for _ in 0..1 + (chance.next() * 3.0) as usize {
                let mut child = send().spawn().unwrap();
                std::thread::sleep(whole.mul_f64(chance.next()));
                hit += usize::from(child.try_wait().unwrap().is_none());
                child.kill().unwrap();
                child.wait().unwrap();
            }
            running += hit;
            let start = Instant::now();
            send().status().unwrap();
            whole = whole.max(start.elapsed());
            let taken = server.taken();
            let mut doubts = 0;
            for client in clients.clone() {
                let address = format!("c{client}@client.example");
                let times = taken.iter().filter(|(to, _)| *to == address).count();
                let states = send_log(&folder.join("out"), &address);
                assert!(times <= 1, "{kind}: {address} got it {times} times");
                match states.last().map(String::as_str) {
                    Some("sent") => assert_eq!(times, 1, "{kind}: {address}"),
                    Some("started") => doubts += 1,
                    other => panic!("{kind}: {address} is lost: {other:?}"),
                }
            }
            assert!(doubts <= hit, "{kind}: a kill leaves one email in doubt");
            let expected: Vec<String> = clients.clone().map(|index| format!("c{index}@")).collect();
            let fits = |(to, _): &(String, String)| expected.iter().any(|own| to.starts_with(own));
            assert!(taken.iter().all(fits), "{kind}: {taken:?}");
            std::fs::remove_file(folder.join("out/sent.jsonl")).unwrap();
        }
    }
}

/// Kills runs of sending through an account, then finishes them. Calls `check` after each.
#[cfg(target_os = "linux")]
fn kill_account(
    desk: &common::desk::Desk,
    words: &[&str],
    kills: usize,
    check: &mut dyn FnMut(usize),
) {
    let run = || {
        let mut command = desk.command(words);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let mut chance = Chance::new();
    let (mut killed, mut running) = (0, 0);
    let mut whole = Duration::from_millis(100);
    while running < kills {
        let mut hit = 0;
        for _ in 0..1 + (chance.next() * 4.0) as usize {
            let mut child = run().spawn().unwrap();
            std::thread::sleep(whole.mul_f64(chance.next()));
            hit += usize::from(child.try_wait().unwrap().is_none());
            child.kill().unwrap();
            child.wait().unwrap();
            killed += 1;
        }
        running += hit;
        // Requests that are under way still reach the provider.
        std::thread::sleep(Duration::from_millis(20));
        let start = Instant::now();
        run().status().unwrap();
        whole = whole.max(start.elapsed());
        check(hit);
        std::fs::remove_file(desk.out.join("sent.jsonl")).unwrap();
    }
    println!("{words:?}: {running} sendings killed at work, {killed} tried");
}

#[cfg(target_os = "linux")]
const SEND_QUICKLY: [&str; 9] = [
    "send",
    "out",
    "--account",
    "--retry-delay",
    "0.02",
    "--settle",
    "0.25",
    "--limit",
    "6000/min",
];
#[cfg(target_os = "linux")]
const CLIENTS: [&str; 4] = ["a", "b", "c", "d"];

#[test]
#[cfg(target_os = "linux")]
fn killed_sendings_through_graph_are_looked_up_and_end_with_each_email_sent_once() {
    use crate::common::desk::{Desk, events};
    use crate::common::provider::{Behavior, Provider, names};
    for keeps_ids in [true, false] {
        let provider = Provider::start(Behavior {
            keeps_ids,
            rotates: false,
            delay: Duration::from_millis(3),
            settles: Duration::from_millis(60),
            ..Behavior::default()
        });
        let desk = Desk::new(
            &provider.section("microsoft", "mailbox = true"),
            &CLIENTS,
            1000,
        );
        desk.add(&provider, "microsoft", true);
        kill_account(&desk, &SEND_QUICKLY, kills(12).div_ceil(4), &mut |_| {
            assert_eq!(names(&provider), CLIENTS);
            for name in CLIENTS {
                let events = events(&desk.out, name);
                assert_eq!(
                    events.last().map(String::as_str),
                    Some("sent"),
                    "{events:?}"
                );
            }
            // Where the provider changes message IDs, a draft whose ID was not logged can be left. It is never sent.
            assert!(provider.drafts().is_empty() || !keeps_ids);
            provider.empty();
        });
    }
}

#[test]
#[cfg(target_os = "linux")]
fn killed_sendings_without_a_mailbox_leave_one_email_in_doubt_each() {
    use crate::common::desk::{Desk, events};
    use crate::common::provider::{Behavior, Provider, names};
    let provider = Provider::start(Behavior {
        rotates: false,
        delay: Duration::from_millis(3),
        ..Behavior::default()
    });
    let desk = Desk::new(&provider.section("microsoft", ""), &CLIENTS, 1000);
    desk.add(&provider, "microsoft", false);
    kill_account(&desk, &SEND_QUICKLY, kills(12).div_ceil(2), &mut |hit| {
        let sent = names(&provider);
        let mut doubts = 0;
        for name in CLIENTS {
            let times = sent.iter().filter(|own| *own == name).count();
            assert!(times <= 1, "{name} got it {times} times");
            match events(&desk.out, name).last().map(String::as_str) {
                Some("sent") => assert_eq!(times, 1, "{name}"),
                Some("started" | "unconfirmed") => doubts += 1,
                other => panic!("{name} is lost: {other:?}"),
            }
        }
        assert!(doubts <= hit, "a kill leaves one email in doubt");
        provider.empty();
    });
}

#[test]
#[cfg(target_os = "linux")]
fn killed_sendings_through_google_are_looked_up() {
    use crate::common::desk::{Desk, events};
    use crate::common::provider::{Behavior, Provider};
    let provider = Provider::start(Behavior {
        rotates: false,
        ..Behavior::default()
    });
    let server = std::sync::Arc::new(smtp::Server::with_tokens(provider.judge()));
    let own = server.clone();
    provider.sees(move || own.taken());
    let settings = provider.section("google", &format!("smtp_url = \"{}\"", server.url()));
    let desk = Desk::new(&settings, &CLIENTS, 1000);
    desk.add(&provider, "google", true);
    kill_account(&desk, &SEND_QUICKLY, kills(12).div_ceil(2), &mut |hit| {
        let mut doubts = 0;
        for name in CLIENTS {
            let address = format!("{name}@client.example");
            let taken = server.taken();
            let times = taken.iter().filter(|(to, _)| *to == address).count();
            assert!(times <= 1, "{name} got it {times} times");
            match events(&desk.out, name).last().map(String::as_str) {
                Some("sent") => assert_eq!(times, 1, "{name}"),
                // Nowhere in the mailbox: perhaps it is still under way.
                Some("started" | "unconfirmed") => {
                    assert_eq!(times, 0, "{name} is in the mailbox");
                    doubts += 1;
                }
                other => panic!("{name} is lost: {other:?}"),
            }
        }
        assert!(doubts <= hit, "a kill leaves one email in doubt");
        server.empty();
    });
}

#[test]
#[cfg(target_os = "linux")]
fn killed_while_drafts_are_created_there_is_one_draft_each() {
    use crate::common::desk::Desk;
    use crate::common::provider::{Behavior, Provider};
    for name in ["microsoft", "google"] {
        let provider = Provider::start(Behavior {
            rotates: false,
            delay: Duration::from_millis(3),
            ..Behavior::default()
        });
        let desk = Desk::new(&provider.section(name, "mailbox = true"), &CLIENTS, 1000);
        desk.add(&provider, name, true);
        let words = [
            "send",
            "out",
            "--drafts",
            "mailbox",
            "--retry-delay",
            "0.02",
            "--settle",
            "0.25",
        ];
        kill_account(&desk, &words, kills(12).div_ceil(4), &mut |_| {
            let drafts = provider.drafts().into_iter();
            let mut drafts: Vec<String> = drafts.map(|draft| draft.to).collect();
            drafts.sort();
            assert_eq!(drafts, CLIENTS.map(|name| format!("{name}@client.example")));
            assert!(provider.sent().is_empty());
            provider.empty();
        });
    }
}

/// Returns the addresses of the clients without errors. Only they get an email.
fn addresses(out: &Path) -> Vec<String> {
    let results = std::fs::read_to_string(out.join("results.jsonl")).unwrap();
    let lines = results
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    lines
        .filter(|line| line["counts"]["errors"] == 0 && line["advice"]["provisional"] == false)
        .filter_map(|line| line["client"]["email"].as_str().map(str::to_owned))
        .collect()
}

/// Returns the events of an address in the send log, in order.
fn send_log(out: &Path, to: &str) -> Vec<String> {
    let send_log = std::fs::read_to_string(out.join("sent.jsonl")).unwrap_or_default();
    send_log
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|line| line["to"] == to)
        .map(|line| line["event"].as_str().unwrap().to_owned())
        .collect()
}
