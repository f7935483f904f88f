//! Emails: drafts, and emails to a server that accepts, rejects, defers, or disconnects.

use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;

use crate::common::smtp::{Does, Server};
use crate::common::{partnerbook, root};

const HALVORSEN: &str = "ingrid.moe@halvorsen-sensors.example";
const POCKET: &str = "dana@pocketharbor.example";
const BRIGHTLOOM: &str = "priya.ackroyd@brightloom.example";

/// Creates an output folder of the samples.
fn made() -> (tempfile::TempDir, PathBuf) {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    let words = ["report", "--date", "2026-11-23", "samples", "-o"];
    let run = partnerbook(&[&words[..], &[out.to_str().unwrap()]].concat(), &root());
    assert_eq!(run.status.code(), Some(0));
    (place, out)
}

fn send(out: &Path, more: &[&str]) -> Output {
    let words = [&["send", out.to_str().unwrap()][..], more].concat();
    // Run outside the project, so that no configuration is found in a parent folder.
    partnerbook(&words, out)
}

fn post(out: &Path, server: &Server, more: &[&str]) -> Output {
    let url = server.url();
    let words = ["--from", "Brightwater Ådvisory <plans@brightwater.example>"];
    let words = [&words[..], &["--smtp", &url, "--retry-delay", "0.05"], more].concat();
    send(out, &words)
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    let digest = sha2::Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn send_log(out: &Path) -> Vec<(String, String)> {
    let send_log = std::fs::read_to_string(out.join("sent.jsonl")).unwrap_or_default();
    send_log
        .lines()
        .map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            let word = |key: &str| line[key].as_str().unwrap().to_owned();
            (word("to"), word("event"))
        })
        .collect()
}

fn events(out: &Path, to: &str) -> Vec<String> {
    let send_log = send_log(out).into_iter();
    send_log
        .filter(|line| line.0 == to)
        .map(|line| line.1)
        .collect()
}

#[test]
fn drafts_are_written_for_clients_without_errors() {
    let (_place, out) = made();
    let run = send(&out, &[]);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    let told = text(&run.stderr);
    assert!(
        told.contains("Mapleworks") && told.contains("is a draft"),
        "{told}"
    );
    let drafts: Vec<PathBuf> = std::fs::read_dir(out.join("drafts"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(drafts.len(), 4);
    assert!(
        told.contains("Quarrystone") && told.contains("the plan is provisional"),
        "{told}"
    );
    let draft = std::fs::read_to_string(out.join("drafts/halvorsen-sensors-as.eml")).unwrap();
    let head = draft.split("\r\n\r\n").next().unwrap();
    assert!(head.contains("X-Unsent: 1"));
    assert!(head.contains(&format!("<{HALVORSEN}>")));
    assert!(!head.contains("\r\nFrom:"), "the mail program's own sender");
    assert!(draft.contains("multipart/alternative") && draft.contains("text/calendar"));
    // The same bytes again. A draft that someone changed stays.
    send(&out, &[]);
    let again = std::fs::read_to_string(out.join("drafts/halvorsen-sensors-as.eml")).unwrap();
    assert_eq!(draft, again);
    std::fs::write(out.join("drafts/pocketharbor-inc.eml"), "mine").unwrap();
    let run = send(&out, &[]);
    assert_eq!(run.status.code(), Some(3));
    assert!(text(&run.stderr).contains("--force"));
    assert_eq!(
        std::fs::read(out.join("drafts/pocketharbor-inc.eml")).unwrap(),
        b"mine"
    );
}

#[test]
fn a_named_client_gets_a_draft_even_with_errors() {
    let (_place, out) = made();
    let run = send(&out, &["--client", "verano solar, s.l."]);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    let drafts = std::fs::read_dir(out.join("drafts")).unwrap().count();
    assert_eq!(drafts, 1);
    let run = send(&out, &["--client", "Nobody & Co"]);
    assert_eq!(run.status.code(), Some(2));
    assert!(text(&run.stderr).contains("no client is named \"Nobody & Co\""));
}

#[test]
fn a_dry_run_shows_who_would_get_what_and_does_nothing() {
    let (_place, out) = made();
    let run = send(&out, &["--dry-run"]);
    let told = text(&run.stdout);
    for word in [
        HALVORSEN,
        "pocketharbor-inc.pdf",
        "skipped: the plan is a draft",
    ] {
        assert!(told.contains(word), "{word}: {told}");
    }
    assert!(!out.join("drafts").exists() && !out.join("sent.jsonl").exists());
}

#[test]
fn each_letter_is_sent_once() {
    let (_place, out) = made();
    let server = Server::start(&[]);
    assert_eq!(post(&out, &server, &[]).status.code(), Some(0));
    assert_eq!(server.taken().len(), 4);
    assert_eq!(events(&out, HALVORSEN), ["started", "sent"]);
    assert_eq!(post(&out, &server, &[]).status.code(), Some(0));
    assert_eq!(server.taken().len(), 4, "nothing is sent twice");
    let status = text(&send(&out, &["--status"]).stdout);
    assert!(status.contains("sent 20"), "{status}");
    // No draft is created for a plan that was sent. A plan with another date is sent.
    let run = send(&out, &[]);
    assert!(
        text(&run.stdout).contains("4 plans already sent"),
        "{}",
        text(&run.stdout)
    );
    let words = ["report", "--date", "2026-11-24", "samples", "-o"];
    partnerbook(&[&words[..], &[out.to_str().unwrap()]].concat(), &root());
    // A client who received a previous plan gets the new one only with --updates.
    let run = post(&out, &server, &[]);
    assert_eq!(run.status.code(), Some(3));
    assert!(
        text(&run.stderr).contains("a previous one was sent"),
        "{}",
        text(&run.stderr)
    );
    assert_eq!(server.taken().len(), 4);
    post(&out, &server, &["--client", "PocketHarbor, Inc."]);
    assert_eq!(server.taken().len(), 5);
    post(&out, &server, &["--updates"]);
    assert_eq!(server.taken().len(), 8);
    // Emails to clients who are no longer in the results are listed too.
    std::fs::write(out.join("results.jsonl"), "").unwrap();
    let status = text(&send(&out, &["--status"]).stdout);
    assert!(
        status.contains(POCKET) && status.contains("(a previous one)"),
        "{status}"
    );
}

#[test]
fn a_letter_holds_plan_and_calendar_and_is_known_by_its_name() {
    let (_place, out) = made();
    let server = Server::start(&[]);
    post(&out, &server, &["--client", "Θάλασσα Τρόφιμα Α.Ε."]);
    let taken = server.taken();
    let email = &taken[0].1;
    assert!(email.contains("application/pdf") && email.contains("text/calendar"));
    assert!(email.contains("Subject: =?utf-8?"), "encoded (RFC 2047)");
    let id = |email: &str| {
        let line = email.lines().find(|line| line.starts_with("Message-ID:"));
        line.unwrap().to_owned()
    };
    assert!(id(email).ends_with("@brightwater.example>"));
    let again = ["--client", "Θάλασσα Τρόφιμα Α.Ε.", "--resend"];
    std::fs::remove_file(out.join("sent.jsonl")).unwrap();
    post(&out, &server, &again);
    assert_eq!(
        id(email),
        id(&server.taken()[1].1),
        "a duplicate is recognized"
    );
}

#[test]
fn what_is_put_off_is_tried_again_and_what_is_refused_is_not() {
    let (_place, out) = made();
    let server = Server::start(&[
        (HALVORSEN, Does::SaysFirst(451, 2)),
        (POCKET, Does::Says(550)),
        (BRIGHTLOOM, Does::SaysAfterwards(452)),
    ]);
    let run = post(&out, &server, &["--retries", "2"]);
    assert_eq!(run.status.code(), Some(3));
    assert_eq!(
        events(&out, HALVORSEN),
        ["started", "failed", "started", "failed", "started", "sent"]
    );
    assert_eq!(events(&out, POCKET), ["started", "rejected"]);
    assert_eq!(server.asked(POCKET), 1);
    assert_eq!(events(&out, BRIGHTLOOM).len(), 6);
    let status = text(&send(&out, &["--status"]).stdout);
    assert!(
        status.contains("rejected") && status.contains("as told"),
        "{status}"
    );
    // Next run: pending emails are retried, rejected ones only with --resend.
    post(&out, &server, &["--retries", "0"]);
    assert_eq!(server.asked(POCKET), 1);
    assert_eq!(events(&out, BRIGHTLOOM).len(), 8);
    post(&out, &server, &["--retries", "0", "--resend"]);
    assert_eq!(server.asked(POCKET), 2);
    let times = |to| server.taken().iter().filter(|taken| taken.0 == to).count();
    assert_eq!((times(HALVORSEN), times(BRIGHTLOOM)), (1, 0));
}

#[test]
fn a_connection_that_breaks_tells_whether_the_letter_may_be_there() {
    let (_place, out) = made();
    let server = Server::start(&[
        (HALVORSEN, Does::TakesAndBreaksOff),
        (POCKET, Does::BreaksOffWithin),
    ]);
    let run = post(&out, &server, &["--retries", "1"]);
    assert_eq!(run.status.code(), Some(3));
    // The end of the email was sent: it may have arrived, and it has.
    assert_eq!(events(&out, HALVORSEN), ["started", "unconfirmed"]);
    let last = events(&out, POCKET).pop();
    assert!(
        matches!(last.as_deref(), Some("failed" | "unconfirmed")),
        "{last:?}"
    );
    assert_eq!(
        events(&out, BRIGHTLOOM),
        ["started", "sent"],
        "the others go on"
    );
    let again = post(&out, &server, &["--retries", "0"]);
    assert!(
        text(&again.stderr).contains("may have succeeded"),
        "{}",
        text(&again.stderr)
    );
    assert_eq!(events(&out, HALVORSEN).len(), 2, "left for a person");
    let times = |to| server.taken().iter().filter(|taken| taken.0 == to).count();
    assert_eq!(times(HALVORSEN), 1);
    post(
        &out,
        &server,
        &[
            "--resend",
            "--client",
            "Halvorsen Sensors AS",
            "--retries",
            "0",
        ],
    );
    assert_eq!(times(HALVORSEN), 2, "as the person wanted");
}

#[test]
fn a_server_that_is_not_there_is_waited_for_and_nothing_is_in_doubt() {
    let (_place, out) = made();
    // Nothing listens on port 1 (tcpmux), and no server of the tests gets this port.
    let url = "smtp://127.0.0.1:1?tls=none".to_owned();
    let words = [
        "--from",
        "a@b.example",
        "--smtp",
        &url,
        "--retry-delay",
        "0",
        "--retries",
        "1",
    ];
    let run = send(&out, &words);
    assert_eq!(run.status.code(), Some(3));
    let told = text(&run.stderr);
    assert!(
        told.contains("retrying in 0 s") && told.contains("cannot be reached"),
        "{told}"
    );
    // The first email reports the error. The others are not tried.
    let tried = ["started", "failed", "started", "failed"];
    assert_eq!(events(&out, BRIGHTLOOM), tried);
    assert!(events(&out, POCKET).is_empty());
}

#[test]
fn no_more_than_so_many_a_minute() {
    let (_place, out) = made();
    let server = Server::start(&[]);
    let start = std::time::Instant::now();
    post(&out, &server, &["--limit", "300/min"]);
    assert_eq!(server.taken().len(), 4);
    assert!(
        start.elapsed() >= Duration::from_millis(600),
        "three pauses of a fifth of a second"
    );
    assert_eq!(
        post(&out, &server, &["--limit", "many"]).status.code(),
        Some(2)
    );
}

#[test]
fn a_password_is_never_an_argument_and_never_goes_out_in_clear() {
    let (_place, out) = made();
    let from = ["--from", "a@b.example", "--smtp"];
    for (url, told) in [
        ("smtps://user:secret@mail.example", "could read"),
        ("smtp://mail.example?tls=none", "this computer only"),
        ("http://mail.example", "smtps://"),
        ("mail.example", "smtps://"),
        ("smtps://mail.example/inbox", "more than a host"),
    ] {
        let run = send(&out, &[&from[..], &[url]].concat());
        assert_eq!(run.status.code(), Some(2), "{url}");
        assert!(
            text(&run.stderr).contains(told),
            "{url}: {}",
            text(&run.stderr)
        );
    }
    // A server without TLS gets nothing, unless the address allows it.
    let server = Server::start(&[]);
    let url = format!("smtp://127.0.0.1:{}", server.port);
    let run = send(&out, &[&from[..], &[&url]].concat());
    assert_eq!(run.status.code(), Some(2));
    assert!(
        text(&run.stderr).contains("not support encryption"),
        "{}",
        text(&run.stderr)
    );
    assert!(server.taken().is_empty());
    assert_eq!(
        send_log(&out).last().map(|line| line.1.as_str()),
        Some("failed")
    );
}

#[test]
fn what_a_client_wrote_never_becomes_a_header() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path();
    std::fs::create_dir_all(out.join("plans")).unwrap();
    std::fs::write(out.join("plans/evil.pdf"), "%PDF-1.7").unwrap();
    let line = |client: &str, contact: &str, email: &str, subject: &str, plan: &str| {
        let mut line = crate::common::result_line();
        line["client"]["name"] = client.into();
        line["client"]["contact"] = contact.into();
        line["client"]["email"] = email.into();
        line["message"]["subject"] = subject.into();
        line["message"]["paragraphs"] =
            serde_json::json!(["<script>alert(1)</script>\r\n.\r\nQUIT"]);
        line["outputs"]["plan"] =
            serde_json::json!({"relative_path": plan, "sha256": sha256(b"%PDF-1.7")});
        line.to_string()
    };
    let results = [
        line(
            "Evil\r\nBcc: all@victim.example",
            "Eve\"\r\nBcc: all@victim.example\r\n\r\n<b>",
            "eve@evil.example",
            "Hello\r\nBcc: all@victim.example\r\n\r\nbody",
            "plans/evil.pdf",
        ),
        line(
            "Sly",
            "",
            "sly@evil.example\r\nBcc: x@victim.example",
            "s",
            "plans/evil.pdf",
        ),
        line("Far", "", "far@evil.example", "s", "../../etc/passwd"),
    ];
    std::fs::write(out.join("results.jsonl"), results.join("\n")).unwrap();
    let server = Server::start(&[]);
    let run = post(out, &server, &[]);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    let told = text(&run.stderr);
    assert!(
        told.contains("Sly is skipped") && told.contains("Far is skipped: there is no plan"),
        "{told}"
    );
    let taken = server.taken();
    assert_eq!(taken.len(), 1);
    let (to, email) = &taken[0];
    assert_eq!(to, "eve@evil.example");
    let head = email.split("\n\n").next().unwrap();
    assert!(
        !head
            .lines()
            .any(|line| line.to_lowercase().starts_with("bcc")),
        "{head}"
    );
    let html = email.split("text/html").nth(1).unwrap();
    assert!(
        html.contains("&lt;script&gt;") && !html.contains("<script>"),
        "text, not markup"
    );
    let names: Vec<&str> = head
        .lines()
        .filter(|line| !line.starts_with([' ', '\t']))
        .filter_map(|line| line.split_once(':'))
        .map(|(name, _)| name)
        .collect();
    for name in &names {
        let known = [
            "From",
            "To",
            "Subject",
            "Date",
            "Message-ID",
            "MIME-Version",
            "Content-Type",
        ];
        assert!(known.contains(name), "{name}");
    }
}

#[test]
fn a_damaged_journal_stops_everything_but_a_crash_does_not() {
    let (_place, out) = made();
    let server = Server::start(&[]);
    post(&out, &server, &["--client", "PocketHarbor, Inc."]);
    let path = out.join("sent.jsonl");
    let whole = std::fs::read_to_string(&path).unwrap();
    // A crash leaves the last line incomplete: the email is then unconfirmed.
    std::fs::write(&path, &whole[..whole.len() - 20]).unwrap();
    let run = post(&out, &server, &["--client", "PocketHarbor, Inc."]);
    assert!(
        text(&run.stderr).contains("may have succeeded"),
        "{}",
        text(&run.stderr)
    );
    assert_eq!(server.taken().len(), 1);
    // Damage before the last line is not caused by a crash.
    std::fs::write(&path, format!("{{\"time\n{whole}")).unwrap();
    let run = post(&out, &server, &[]);
    assert_eq!(run.status.code(), Some(2));
    assert!(
        text(&run.stderr).contains("line 1: the send log is damaged"),
        "{}",
        text(&run.stderr)
    );
    assert_eq!(server.taken().len(), 1);
}

#[test]
fn the_configuration_is_found_upwards_and_flags_win() {
    let (place, out) = made();
    let server = Server::start(&[]);
    let text_of = format!(
        "output = \"out\"\n[sender]\nname = \"Brightwater\"\nemail = \"plans@brightwater.example\"\n[smtp]\nurl = \"{}\"\nlimit = \"6000/min\"\n",
        server.url()
    );
    std::fs::write(place.path().join("partnerbook.toml"), text_of).unwrap();
    let deep = place.path().join("a/b");
    std::fs::create_dir_all(&deep).unwrap();
    let run = partnerbook(&["send", "--smtp", "--client", "pocketharbor-inc"], &deep);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    assert!(
        server.taken()[0]
            .1
            .contains("From: Brightwater <plans@brightwater.example>")
    );
    let words = [
        "send",
        "--smtp",
        "--client",
        "halvorsen-sensors-as",
        "--from",
        "x@y.example",
    ];
    partnerbook(&words, &deep);
    assert!(server.taken()[1].1.contains("From: x@y.example"));
    std::fs::write(
        place.path().join("partnerbook.toml"),
        "[smtp]\npassword = \"x\"",
    )
    .unwrap();
    let run = partnerbook(&["send", "--dry-run", out.to_str().unwrap()], &deep);
    assert_eq!(run.status.code(), Some(2));
    assert!(
        text(&run.stderr).contains("password"),
        "{}",
        text(&run.stderr)
    );
}

#[test]
fn only_the_plan_that_the_results_speak_of_is_sent() {
    let (_place, out) = made();
    let server = Server::start(&[]);
    // The outputs of an interrupted run, or a file that someone changed.
    std::fs::write(out.join("plans/pocketharbor-inc.pdf"), "%PDF-1.7 another").unwrap();
    std::fs::remove_file(out.join("calendars/halvorsen-sensors-as.ics")).unwrap();
    let run = post(&out, &server, &[]);
    let told = text(&run.stderr);
    for client in [
        "PocketHarbor, Inc. is skipped",
        "Halvorsen Sensors AS is skipped",
    ] {
        assert!(told.contains(client), "{told}");
    }
    assert!(told.contains("Run `partnerbook report` again"), "{told}");
    assert_eq!(server.taken().len(), 2);
}

#[test]
fn drafts_that_are_not_to_be_sent_any_more_are_taken_away() {
    let (_place, out) = made();
    let server = Server::start(&[]);
    send(&out, &[]);
    let drafts = || std::fs::read_dir(out.join("drafts")).unwrap().count();
    assert_eq!(drafts(), 4);
    post(&out, &server, &["--client", "PocketHarbor, Inc."]);
    send(&out, &[]);
    assert_eq!(drafts(), 3, "sent, and so no draft");
    std::fs::write(out.join("drafts/halvorsen-sensors-as.eml"), "mine").unwrap();
    std::fs::write(out.join("results.jsonl"), "").unwrap();
    send(&out, &[]);
    assert_eq!(drafts(), 1, "what somebody worked on stays");
}

#[test]
fn a_plan_of_hardly_any_answers_is_left_out() {
    let place = tempfile::tempdir().unwrap();
    let blank = place.path().join("blank.xlsx");
    let words = [
        "template",
        "--client",
        "Acme",
        "-o",
        blank.to_str().unwrap(),
    ];
    partnerbook(&words, place.path());
    partnerbook(&["report", blank.to_str().unwrap()], place.path());
    let run = partnerbook(&["send", "--dry-run"], place.path());
    assert!(
        text(&run.stdout).contains("questions are answered"),
        "{}",
        text(&run.stdout)
    );
}

#[test]
fn names_of_attachments_are_readable_by_old_and_new_mail_programs() {
    let (_place, out) = made();
    send(&out, &[]);
    let draft = std::fs::read_to_string(out.join("drafts/θάλασσα-τρόφιμα-α-ε.eml")).unwrap();
    let draft = draft.replace("\r\n ", " ");
    // RFC 2047 in the content type, and RFC 2231 in the disposition.
    let words: Vec<&str> = draft.split("=?utf-8?B?").skip(1).collect();
    assert!(words.len() >= 2, "{draft}");
    assert!(draft.contains("name=\"=?utf-8?B?"));
    assert!(draft.contains("filename*"));
    let plain = std::fs::read_to_string(out.join("drafts/pocketharbor-inc.eml")).unwrap();
    assert!(plain.contains("name=\"pocketharbor-inc.pdf\""), "{plain}");
}
