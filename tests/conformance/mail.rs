//! Sends email through a real server (aiosmtpd) with STARTTLS, implicit TLS, and authentication, and parses the emails
//! with Python. Run with `cargo test --test conformance mail`. If something is missing, the test fails and says what.

#![cfg(unix)]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::common::{self, root};

/// A running server and the folder where it stores its emails.
struct Server {
    child: Child,
    emails: PathBuf,
    certificate: PathBuf,
    starttls: u16,
    implicit: u16,
}

impl Server {
    fn start(place: &Path) -> Self {
        let emails = place.join("emails");
        std::fs::create_dir_all(&emails).unwrap();
        let (certificate, key) = certificate(place, "127.0.0.1");
        let mut child = Command::new("python3")
            .arg(root().join("tests/conformance/mail.py"))
            .args([&emails, &certificate, &key])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 is needed, with aiosmtpd: pip install aiosmtpd");
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let ports: Vec<u16> = line
            .split_whitespace()
            .map(|port| port.parse().unwrap())
            .collect();
        assert_eq!(ports.len(), 2, "aiosmtpd is needed: pip install aiosmtpd");
        Self {
            child,
            emails,
            certificate,
            starttls: ports[0],
            implicit: ports[1],
        }
    }

    fn taken(&self) -> Vec<PathBuf> {
        let mut emails: Vec<PathBuf> = std::fs::read_dir(&self.emails)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        emails.sort();
        emails
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Creates a self-signed certificate for an address, and its key.
fn certificate(place: &Path, address: &str) -> (PathBuf, PathBuf) {
    let (certificate, key) = (
        place.join(format!("{address}.pem")),
        place.join(format!("{address}.key")),
    );
    let made = Command::new("openssl")
        .args([
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
        ])
        .args(["-subj", "/CN=test", "-addext"])
        .arg(format!("subjectAltName=IP:{address}"))
        .args(["-addext", "basicConstraints=critical,CA:FALSE", "-keyout"])
        .args([&key, Path::new("-out"), &certificate])
        .output()
        .expect("openssl is needed: apt-get install openssl");
    assert!(made.status.success(), "{}", text(&made.stderr));
    (certificate, key)
}

/// Creates an output folder of the samples.
fn made(place: &Path) -> PathBuf {
    let out = place.join("out");
    let words = ["report", "--date", "2026-11-23", "samples", "-o"];
    let run = common::partnerbook(&[&words[..], &[out.to_str().unwrap()]].concat(), &root());
    assert!(run.status.success());
    out
}

struct Letterbox<'a> {
    out: &'a Path,
    url: String,
    authority: Option<&'a Path>,
    password: &'a str,
}

fn post(letterbox: &Letterbox, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_partnerbook"));
    command
        .args([
            "send",
            "--from",
            "Brightwater Ådvisory <plans@brightwater.example>",
        ])
        .args(["--retry-delay", "0.05", "--smtp", &letterbox.url])
        .args(more)
        .arg(letterbox.out)
        .env("PARTNERBOOK_SMTP_PASSWORD", letterbox.password)
        .current_dir(letterbox.out);
    if let Some(authority) = letterbox.authority {
        command.arg("--smtp-ca").arg(authority);
    }
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn events(out: &Path, name: &str) -> Vec<String> {
    let send_log = std::fs::read_to_string(out.join("sent.jsonl")).unwrap_or_default();
    send_log
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter(|line| line["client"] == name)
        .map(|line| line["event"].as_str().unwrap().to_owned())
        .collect()
}

/// Returns what Python parses from an email.
fn read(email: &Path) -> String {
    let script = root().join("tests/conformance/letter.py");
    let output = Command::new("python3")
        .args([&script, email])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn letters_go_through_starttls_and_implicit_tls() {
    let place = tempfile::tempdir().unwrap();
    let server = Server::start(place.path());
    let out = made(place.path());
    for (url, count) in [
        (format!("smtp://plans@127.0.0.1:{}", server.starttls), 4),
        (format!("smtps://plans@127.0.0.1:{}", server.implicit), 8),
    ] {
        let letterbox = Letterbox {
            out: &out,
            url,
            authority: Some(&server.certificate),
            password: "secret",
        };
        let run = post(&letterbox, &[]);
        assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
        assert_eq!(server.taken().len(), count);
        std::fs::remove_file(out.join("sent.jsonl")).unwrap();
    }
    let emails: Vec<String> = server.taken().iter().map(|email| read(email)).collect();
    let greek = emails
        .iter()
        .find(|email| email.contains("Τρόφιμα"))
        .expect("an email to Greece");
    assert!(
        greek.contains("From: Brightwater Ådvisory <plans@brightwater.example>"),
        "{greek}"
    );
    assert!(
        greek.contains("Subject: Θάλασσα Τρόφιμα Α.Ε.: your partnership plan"),
        "{greek}"
    );
    for name in [
        "plans/θάλασσα-τρόφιμα-α-ε.pdf",
        "calendars/θάλασσα-τρόφιμα-α-ε.ics",
    ] {
        let size = std::fs::metadata(out.join(name)).unwrap().len();
        let name = name.rsplit('/').next().unwrap();
        assert!(
            greek.contains(&format!("\t{name}\t{size}\n")),
            "{name}: {greek}"
        );
    }
    assert!(
        !emails.iter().any(|email| email.contains("defects")),
        "{emails:?}"
    );
}

/// The password is stored in the keyring by one process, and found by another.
#[cfg(target_os = "linux")]
#[test]
fn a_password_in_the_systems_keyring_is_found() {
    let place = tempfile::tempdir().unwrap();
    let server = Server::start(place.path());
    let out = made(place.path());
    let url = format!("smtps://plans@127.0.0.1:{}", server.implicit);
    let run = Command::new("dbus-run-session")
        .arg("--")
        .arg(root().join("tests/conformance/keyring.sh"))
        .arg(place.path())
        .arg(env!("CARGO_BIN_EXE_partnerbook"))
        .arg(&url)
        .args([&server.certificate, &out])
        .output()
        .expect("dbus-run-session and gnome-keyring-daemon are needed: apt-get install dbus gnome-keyring");
    assert!(run.status.success(), "{}", text(&run.stderr));
    assert!(
        text(&run.stdout).contains("keyring"),
        "{}",
        text(&run.stdout)
    );
    assert_eq!(server.taken().len(), 4);
}

#[test]
fn drafts_are_what_mail_programs_read() {
    let place = tempfile::tempdir().unwrap();
    let out = made(place.path());
    let words = ["send", out.to_str().unwrap()];
    assert!(common::partnerbook(&words, &out).status.success());
    for entry in std::fs::read_dir(out.join("drafts")).unwrap() {
        let read = read(&entry.unwrap().path());
        assert!(
            read.contains("From: None") && read.contains("X-Unsent: 1"),
            "{read}"
        );
        assert!(read.contains("The first three moves:\n1. "), "{read}");
        assert!(
            read.contains("application/pdf\t") && read.contains("text/calendar\t"),
            "{read}"
        );
        assert!(!read.contains("defects"), "{read}");
    }
}

#[test]
fn each_answer_of_a_server_is_kept_for_what_it_is() {
    let place = tempfile::tempdir().unwrap();
    let server = Server::start(place.path());
    let out = common::made_for(
        place.path(),
        &["good", "later", "never", "dropped", "cut", "slow", "last"],
    );
    let letterbox = Letterbox {
        out: &out,
        url: format!("smtp://plans@127.0.0.1:{}", server.starttls),
        authority: Some(&server.certificate),
        password: "secret",
    };
    let start = Instant::now();
    let run = post(&letterbox, &["--retries", "1"]);
    assert_eq!(run.status.code(), Some(3), "{}", text(&run.stderr));
    assert!(
        start.elapsed() >= Duration::from_secs(3),
        "the slow one was waited for"
    );
    assert_eq!(events(&out, "good"), ["started", "sent"]);
    assert_eq!(
        events(&out, "later"),
        ["started", "failed", "started", "sent"]
    );
    assert_eq!(events(&out, "never"), ["started", "rejected"]);
    // The connection broke before the message began: certainly not accepted, so that it is retried.
    assert_eq!(
        events(&out, "dropped"),
        ["started", "failed", "started", "failed"]
    );
    // The connection broke in the middle. Whether the end was already sent depends on the system's buffers.
    let cut = events(&out, "cut");
    assert!(
        cut == ["started", "unconfirmed"] || cut.starts_with(&["started".into(), "failed".into()]),
        "{cut:?}"
    );
    assert!(!cut.contains(&"sent".to_owned()), "{cut:?}");
    assert_eq!(events(&out, "slow"), ["started", "sent"]);
    assert_eq!(events(&out, "last"), ["started", "sent"]);
    assert_eq!(server.taken().len(), 4);
}

#[test]
fn nothing_goes_to_a_server_that_is_not_trusted() {
    let place = tempfile::tempdir().unwrap();
    let server = Server::start(place.path());
    let out = common::made_for(place.path(), &["good"]);
    let (other, _) = certificate(place.path(), "127.0.0.2");
    let urls = [
        format!("smtp://plans@127.0.0.1:{}", server.starttls),
        format!("smtps://plans@127.0.0.1:{}", server.implicit),
        // The certificate is for another host.
        format!("smtps://plans@localhost:{}", server.implicit),
    ];
    for (index, url) in urls.into_iter().enumerate() {
        for authority in [
            None,
            Some(other.as_path()),
            Some(server.certificate.as_path()),
        ] {
            if index < 2 && authority == Some(server.certificate.as_path()) {
                continue;
            }
            let letterbox = Letterbox {
                out: &out,
                url: url.clone(),
                authority,
                password: "secret",
            };
            let run = post(&letterbox, &["--retries", "0"]);
            let told = text(&run.stderr);
            assert_eq!(run.status.code(), Some(2), "{told}");
            assert!(told.contains("certificate is not trusted"), "{told}");
        }
    }
    assert!(server.taken().is_empty());
    assert_eq!(
        events(&out, "good").last().map(String::as_str),
        Some("failed")
    );
}

#[test]
fn a_wrong_password_ends_it_before_anything_is_sent() {
    let place = tempfile::tempdir().unwrap();
    let server = Server::start(place.path());
    let out = common::made_for(place.path(), &["good", "last"]);
    let letterbox = Letterbox {
        out: &out,
        url: format!("smtp://plans@127.0.0.1:{}", server.starttls),
        authority: Some(&server.certificate),
        password: "wrong",
    };
    let run = post(&letterbox, &["--retries", "0"]);
    assert_eq!(run.status.code(), Some(2));
    let told = text(&run.stderr);
    assert!(
        told.contains("login rejected for plans") && !told.contains("wrong)"),
        "{told}"
    );
    assert!(server.taken().is_empty());
    assert!(events(&out, "last").is_empty());
}

/// `KILLS` sets the number of kills; CI uses 100.
#[test]
fn killed_at_any_instant_nothing_is_delivered_twice_or_lost() {
    let kills: usize = std::env::var("KILLS").map_or(8, |kills| kills.parse().unwrap());
    let place = tempfile::tempdir().unwrap();
    let server = Server::start(place.path());
    let names = ["a", "b", "c", "d", "e", "f"];
    let out = common::made_for(place.path(), &names);
    let url = format!("smtp://plans@127.0.0.1:{}", server.starttls);
    let command = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_partnerbook"));
        command
            .args([
                "send",
                "--from",
                "plans@brightwater.example",
                "--retries",
                "0",
            ])
            .args(["--smtp", &url, "--smtp-ca"])
            .args([&server.certificate, &out])
            .env("PARTNERBOOK_SMTP_PASSWORD", "secret")
            .current_dir(&out)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    };
    // Kill times from the golden ratio: evenly spread over the time of a whole run, and never the same.
    let start = Instant::now();
    command().status().unwrap();
    let mut whole = start.elapsed();
    let (mut killed, mut unconfirmed) = (0, 0);
    for round in 0.. {
        if killed >= kills {
            break;
        }
        for email in server.taken() {
            std::fs::remove_file(email).unwrap();
        }
        std::fs::remove_file(out.join("sent.jsonl")).unwrap();
        let before = (killed, unconfirmed);
        for again in 0..3 {
            let part = (f64::from(round * 3 + again) * 0.618_034).fract();
            let mut child = command().spawn().unwrap();
            std::thread::sleep(whole.mul_f64(part));
            let is_running = child.try_wait().unwrap().is_none();
            killed += usize::from(is_running);
            if again == 0 && !is_running {
                // The first run was slowed down by other tests. All emails took less than this.
                whole = whole.mul_f64(part.max(0.5));
            }
            child.kill().unwrap();
            child.wait().unwrap();
        }
        command().status().unwrap();
        // The server still stores emails that it received completely before the process was killed.
        std::thread::sleep(Duration::from_millis(200));
        for name in names {
            let ending = format!("-{name}.eml");
            let taken = server.taken();
            let times = taken
                .iter()
                .filter(|email| email.to_string_lossy().ends_with(&ending))
                .count();
            let events = events(&out, name);
            assert!(times <= 1, "{name} got it {times} times: {events:?}");
            match events.last().map(String::as_str) {
                Some("sent") => assert_eq!(times, 1, "{name} is said to have got it"),
                Some("started" | "unconfirmed") => unconfirmed += 1,
                other => panic!("{name} is lost: {other:?}"),
            }
        }
        assert!(
            unconfirmed - before.1 <= killed - before.0,
            "a kill leaves one email in doubt"
        );
    }
    println!("{killed} sendings killed at work, {unconfirmed} emails in doubt");
}
