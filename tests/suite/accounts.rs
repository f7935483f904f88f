//! Mail accounts: sign-in, tokens, and emails through Microsoft Graph and Google, against a provider of our own.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use crate::common::desk::{Desk, ended, shown};
use crate::common::provider::{Behavior, Provider, names};
use crate::common::smtp::Server;

/// Requests a page as a browser does. Returns the answer.
fn get(url: &str) -> String {
    let url = url::Url::parse(url).unwrap();
    let host = url.host_str().unwrap();
    let mut stream = TcpStream::connect((host, url.port().unwrap())).unwrap();
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    stream
        .write_all(format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes())
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Follows the redirect of the sign-in page back to partnerbook.
fn consent(page: &str) -> String {
    let answer = get(page);
    let back = answer
        .lines()
        .find_map(|line| line.strip_prefix("Location: "));
    get(back.expect("a redirect"))
}

#[test]
fn one_signs_in_in_the_browser_and_the_token_is_shown_nowhere() {
    let provider = Provider::start(Behavior::default());
    let desk = Desk::new(
        &provider.section("microsoft", "mailbox = true"),
        &["a"],
        100,
    );
    let (child, lines, page) = desk.sign_in(&["microsoft"]);
    assert!(
        page.contains("redirect_uri=http%3A%2F%2Flocalhost%3A"),
        "{page}"
    );
    assert!(
        page.contains("Mail.Send")
            && page.contains("Mail.ReadWrite")
            && page.contains("offline_access")
    );
    let back = consent(&page);
    assert!(back.contains("You are signed in"), "{back}");
    let (code, out, error) = ended(child, lines);
    assert_eq!(code, Some(0), "{error}");
    assert!(
        out.contains("plans@brightwater.example is signed in"),
        "{out}"
    );
    assert!(error.contains("which only you can read"), "{error}");
    let folder = desk.path().join("config/partnerbook");
    let tokens: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "token"))
        .collect();
    assert_eq!(tokens.len(), 1);
    let mode = std::fs::metadata(&tokens[0]).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let (_, list, _) = desk.run(&["account", "list"]);
    assert!(
        list.contains("plans@brightwater.example  Microsoft  drafts and look-up"),
        "{list}"
    );
    // A message to oneself, with the token of the sign-in.
    let (code, out, error) = desk.run(&["account", "test"]);
    assert_eq!(code, Some(0), "{error}");
    assert_eq!(names(&provider), ["plans"], "{out}");
    assert!(desk.send(&[]).0 == Some(0));
    for secret in ["access-", "refresh-", "hush"] {
        let settings = std::fs::read_to_string(desk.path().join("partnerbook.toml")).unwrap();
        let written = desk.written().replace(&settings, "");
        assert!(!written.contains(secret), "{secret}");
        assert!(!format!("{out}{error}{list}").contains(secret));
    }
    let (_, out, _) = desk.run(&["account", "remove", "microsoft"]);
    assert!(out.contains("is removed"), "{out}");
    assert!(!tokens[0].exists());
    let (code, _, error) = desk.send(&[]);
    assert_eq!(code, Some(2));
    assert!(
        error.contains("partnerbook account add microsoft"),
        "{error}"
    );
}

#[test]
fn one_signs_in_on_another_device() {
    let provider = Provider::start(Behavior {
        polls: vec!["authorization_pending", "authorization_pending"],
        ..Behavior::default()
    });
    let desk = Desk::new(&provider.section("microsoft", ""), &["a"], 100);
    let (child, lines, line) = desk.sign_in(&["microsoft", "--device"]);
    assert!(
        line.contains("/login on any device and enter the code ABCD-EFGH"),
        "{line}"
    );
    let (code, out, error) = ended(child, lines);
    assert_eq!(code, Some(0), "{out}{error}");
    for (word, says) in [
        (
            "authorization_declined",
            "was denied (authorization_declined: as told)",
        ),
        ("access_denied", "was denied (access_denied: as told)"),
        ("expired_token", "nobody signed in to Microsoft in time"),
        (
            "bad_verification_code",
            "rejected the sign-in (bad_verification_code: as told)",
        ),
    ] {
        let provider = Provider::start(Behavior {
            polls: vec![word],
            ..Behavior::default()
        });
        let desk = Desk::new(&provider.section("microsoft", ""), &["a"], 100);
        let (child, lines, _) = desk.sign_in(&["microsoft", "--device"]);
        let (code, _, error) = ended(child, lines);
        assert_eq!(code, Some(2), "{word}");
        assert!(error.contains(says), "{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
    let (code, _, error) = desk.run(&["account", "add", "google", "--device"]);
    assert_eq!(code, Some(2));
    assert!(error.contains("[account.google]"), "{error}");
}

#[test]
fn what_hinders_a_sign_in_is_one_sentence() {
    let provider = Provider::start(Behavior::default());
    let desk = Desk::new(&provider.section("microsoft", ""), &["a"], 100);
    let one = |(code, out, error): (Option<i32>, String, String), says: &str| {
        assert_eq!(code, Some(2), "{out}{error}");
        assert!(error.contains(says), "{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    };
    // The consent is denied.
    let (child, lines, page) = desk.sign_in(&["microsoft"]);
    let page = url::Url::parse(&page).unwrap();
    let value = |name: &str| {
        page.query_pairs()
            .find(|(key, _)| key == name)
            .unwrap()
            .1
            .into_owned()
    };
    let (redirect, state) = (value("redirect_uri"), value("state"));
    // A page of somebody else, with a code of somebody else.
    assert!(get(&format!("{redirect}/?code=evil&state=x")).contains("404"));
    get(&format!(
        "{redirect}/?error=access_denied&error_description=AADSTS65004&state={state}"
    ));
    one(ended(child, lines), "access_denied: AADSTS65004");
    // The port is in use.
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    one(
        desk.run(&["account", "add", "microsoft", "--port", &port]),
        "cannot be used",
    );
    // A proxy answers in place of the provider.
    provider.behave(|behavior| behavior.page = true);
    let (child, lines, page) = desk.sign_in(&["microsoft"]);
    consent(&page);
    one(
        ended(child, lines),
        "(status 200, text/html) is not from its sign-in server",
    );
    // A redirect is not followed: it would carry the secrets elsewhere. An answer without end is not read.
    let other = Provider::start(Behavior::default());
    for (redirects, bytes) in [
        (Some(format!("http://127.0.0.1:{}/token", other.port)), 0),
        (None, 2 << 20),
    ] {
        provider.behave(|behavior| {
            behavior.page = false;
            (behavior.redirects, behavior.bytes) = (redirects, bytes);
        });
        let (child, lines, page) = desk.sign_in(&["microsoft"]);
        consent(&page);
        one(ended(child, lines), "Microsoft cannot be reached");
    }
    assert!(other.requests().is_empty());
    // Nobody answers.
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = gone.local_addr().unwrap().port();
    drop(gone);
    let settings = format!(
        "[account.microsoft]\nclient_id = \"app\"\ndevice_url = \"http://127.0.0.1:{port}/device\"\n"
    );
    let away = Desk::new(&settings, &["a"], 100);
    one(
        away.run(&["account", "add", "microsoft", "--device"]),
        "Microsoft cannot be reached",
    );
    // A proxy that refuses.
    let mut command = away.command(&["account", "add", "microsoft", "--device"]);
    let settings =
        "[account.microsoft]\nclient_id = \"app\"\ndevice_url = \"https://login.example/device\"\n";
    std::fs::write(away.path().join("partnerbook.toml"), settings).unwrap();
    command.env("HTTPS_PROXY", format!("http://127.0.0.1:{}", provider.port));
    one(
        shown(&command.output().unwrap()),
        "Microsoft cannot be reached",
    );
    // No application, and an address that secrets must not go to.
    let none = Desk::new("", &["a"], 100);
    one(
        none.run(&["account", "add", "microsoft"]),
        "[account.microsoft]",
    );
    let open = Desk::new(
        "[account.microsoft]\nclient_id = \"app\"\ntoken_url = \"http://login.example\"\n",
        &["a"],
        100,
    );
    one(
        open.run(&["account", "add", "microsoft"]),
        "must start with https://",
    );
}

#[test]
fn each_email_goes_through_graph_once() {
    for keeps_ids in [true, false] {
        let provider = Provider::start(Behavior {
            keeps_ids,
            // One 429, and one email whose acceptance is not answered.
            limit: Some((2, 1)),
            broken: vec![4],
            ..Behavior::default()
        });
        let desk = Desk::new(
            &provider.section("microsoft", "mailbox = true"),
            &["a", "b", "c", "d", "e"],
            1000,
        );
        desk.add(&provider, "microsoft", true);
        let (code, out, error) = desk.send(&[]);
        assert_eq!(code, Some(0), "{out}{error}");
        assert_eq!(names(&provider), ["a", "b", "c", "d", "e"]);
        assert!(
            error.contains("429 ApplicationThrottled: Too many requests), retrying in 1 s"),
            "{error}"
        );
        assert_eq!(
            desk.events("c"),
            ["drafting", "started", "failed", "started", "sent"]
        );
        assert_eq!(desk.events("d"), ["drafting", "started", "sent"]);
        let log = std::fs::read_to_string(desk.out.join("sent.jsonl")).unwrap();
        assert!(log.contains("found among the sent emails"), "{log}");
        // The message ID in the log is the one in the mailbox.
        assert!(
            provider
                .sent()
                .iter()
                .all(|message| log.contains(&message.message_id))
        );
        let (code, out, _) = desk.send(&[]);
        assert_eq!((code, names(&provider).len()), (Some(0), 5), "{out}");
        assert!(provider.drafts().is_empty());
    }
}

#[test]
fn without_the_mailbox_an_email_in_doubt_stays_unconfirmed() {
    let provider = Provider::start(Behavior {
        broken: vec![2],
        ..Behavior::default()
    });
    let desk = Desk::new(&provider.section("microsoft", ""), &["a", "b", "c"], 1000);
    desk.add(&provider, "microsoft", false);
    let (code, out, error) = desk.send(&[]);
    assert_eq!(code, Some(3), "{out}{error}");
    assert_eq!(names(&provider), ["a", "b", "c"]);
    assert_eq!(desk.events("b"), ["started", "unconfirmed"]);
    let (_, _, error) = desk.send(&[]);
    assert!(error.contains("b: unconfirmed"), "{error}");
    assert_eq!(names(&provider), ["a", "b", "c"]);
    let (code, _, error) = desk.run(&["send", "out", "--drafts", "mailbox"]);
    assert_eq!(code, Some(2));
    assert!(error.contains("Set mailbox = true"), "{error}");
}

#[test]
fn drafts_in_the_mailbox_are_made_once_and_known_when_they_are_sent() {
    for name in ["microsoft", "google"] {
        let provider = Provider::start(Behavior {
            keeps_ids: false,
            ..Behavior::default()
        });
        let server = Server::with_tokens(provider.judge());
        let smtp = format!("mailbox = true\nsmtp_url = \"{}\"", server.url());
        let desk = Desk::new(&provider.section(name, &smtp), &["a", "b", "c"], 1000);
        desk.add(&provider, name, true);
        let drafts = [
            "send",
            "out",
            "--drafts",
            "mailbox",
            "--retry-delay",
            "0.02",
            "--settle",
            "0.25",
        ];
        let (code, out, error) = desk.run(&drafts);
        assert_eq!(code, Some(0), "{out}{error}");
        assert_eq!((provider.drafts().len(), provider.sent().len()), (3, 0));
        assert_eq!(desk.events("a"), ["drafting", "drafted"]);
        let (_, status, _) = desk.run(&["send", "out", "--status"]);
        assert!(
            status.contains("a draft was created in the mailbox"),
            "{status}"
        );
        provider.send_by_hand("b@client.example");
        let (code, out, error) = desk.run(&drafts);
        assert_eq!(code, Some(0), "{out}{error}");
        assert_eq!((provider.drafts().len(), provider.sent().len()), (2, 1));
        assert_eq!(desk.events("b"), ["drafting", "drafted", "sent"]);
        // The drafts themselves are sent, not other emails.
        let (code, out, error) = desk.send(&[]);
        assert_eq!(code, Some(0), "{out}{error}");
        assert_eq!(names(&provider), ["a", "b", "c"]);
        assert!(provider.drafts().is_empty() && server.taken().is_empty());
    }
}

#[test]
fn a_sign_in_that_ended_says_what_to_do_and_what_waits() {
    let provider = Provider::start(Behavior::default());
    let desk = Desk::new(
        &provider.section("microsoft", "mailbox = true"),
        &["a", "b"],
        1000,
    );
    desk.add(&provider, "microsoft", true);
    provider.behave(|behavior| behavior.revoked = true);
    let (code, out, error) = desk.send(&[]);
    assert_eq!(code, Some(2));
    assert!(error.contains("(invalid_grant: AADSTS700082: the token has expired). Run `partnerbook account add microsoft`"), "{error}");
    assert!(
        out.contains("0 plans sent now, 0 sent before, 2 not sent"),
        "{out}"
    );
    provider.behave(|behavior| behavior.revoked = false);
    // The token ends at once, so that each email needs a new one; each new one replaces the one that renewed it.
    provider.behave(|behavior| behavior.lifetime = 0);
    let (code, _, error) = desk.send(&[]);
    assert_eq!(code, Some(0), "{error}");
    assert_eq!(names(&provider), ["a", "b"]);
    // Sending as somebody else.
    let refuses = (
        403,
        "ErrorSendAsDenied",
        "The user account which was used to submit this request does not have the right to send mail.",
    );
    let provider = Provider::start(Behavior {
        refuses: Some(refuses),
        ..Behavior::default()
    });
    let desk = Desk::new(
        &provider.section("microsoft", "mailbox = true"),
        &["a", "b"],
        1000,
    );
    desk.add(&provider, "microsoft", true);
    let (code, out, error) = desk.send(&[]);
    assert_eq!(code, Some(2));
    assert!(
        error.contains("ErrorSendAsDenied") && error.contains("shared = true"),
        "{error}"
    );
    assert!(out.contains("2 not sent"), "{out}");
    assert_eq!(desk.events("b"), Vec::<String>::new());
}

#[test]
fn large_emails_are_uploaded_and_small_ones_are_not() {
    for (size, parts) in [
        (1_000_000, 0),
        (2_090_000, 0),
        (2_300_000, 1),
        (7_000_000, 3),
    ] {
        let provider = Provider::start(Behavior::default());
        let desk = Desk::new(
            &provider.section("microsoft", "mailbox = true"),
            &["a"],
            size,
        );
        desk.add(&provider, "microsoft", true);
        let (code, _, error) = desk.send(&[]);
        assert_eq!(code, Some(0), "{size}: {error}");
        let requests = provider.requests();
        let uploads = requests.iter().filter(|request| request.starts_with("PUT"));
        assert_eq!(uploads.count(), parts, "{size}");
        let message = &provider.sent()[0];
        if size > 1_500_000 {
            assert!(
                message.text.contains(&format!("plan.pdf: {size}")),
                "{size}"
            );
            assert!(message.text.contains("your partnership plan"));
        }
    }
    let provider = Provider::start(Behavior::default());
    let desk = Desk::new(&provider.section("microsoft", ""), &["a"], 3_000_000);
    desk.add(&provider, "microsoft", false);
    let (code, _, error) = desk.send(&[]);
    assert_eq!(code, Some(3));
    assert!(
        error.contains("set mailbox = true") && provider.sent().is_empty(),
        "{error}"
    );
}

#[test]
fn google_gets_emails_by_smtp_with_the_token_and_never_with_a_password() {
    let provider = Provider::start(Behavior::default());
    let server = Server::with_tokens(provider.judge());
    let smtp = format!("smtp_url = \"{}\"", server.url());
    let desk = Desk::new(&provider.section("google", &smtp), &["a", "b"], 1000);
    desk.add(&provider, "google", true);
    let (code, out, error) = desk.send(&[]);
    assert_eq!(code, Some(0), "{out}{error}");
    assert_eq!(server.taken().len(), 2);
    assert!(
        server.taken()[0]
            .1
            .contains("From: plans@brightwater.example")
    );
    // A server that takes no token of this provider: what it says is shown as it was said.
    let server = Server::with_tokens(|_| false);
    let smtp = format!("smtp_url = \"{}\"", server.url());
    let desk = Desk::new(&provider.section("google", &smtp), &["a", "b"], 1000);
    desk.add(&provider, "google", true);
    let (code, _, error) = desk.send(&[]);
    assert_eq!(code, Some(2));
    assert!(
        error.contains("5.7.8 Username and Password not accepted as told"),
        "{error}"
    );
    assert!(!error.contains("access-"));
    // The same for Microsoft, where it is configured.
    let server = Server::with_tokens(provider.judge());
    let smtp = format!("smtp = true\nsmtp_url = \"{}\"", server.url());
    let desk = Desk::new(&provider.section("microsoft", &smtp), &["a"], 1000);
    desk.add(&provider, "microsoft", false);
    assert_eq!(desk.send(&[]).0, Some(0));
    assert_eq!(server.taken().len(), 1);
}

#[test]
fn an_email_in_doubt_is_looked_up_before_anything_is_sent_again() {
    let provider = Provider::start(Behavior::default());
    let server = Server::with_tokens(provider.judge());
    let smtp = format!("smtp_url = \"{}\"", server.url());
    let desk = Desk::new(&provider.section("google", &smtp), &["a", "b"], 1000);
    desk.add(&provider, "google", true);
    assert_eq!(desk.send(&[]).0, Some(0));
    // The computer failed in the midst of both: one was sent, and the other is nowhere.
    let log = std::fs::read_to_string(desk.out.join("sent.jsonl")).unwrap();
    let started: Vec<&str> = log
        .lines()
        .filter(|line| line.contains("\"started\""))
        .collect();
    std::fs::write(desk.out.join("sent.jsonl"), started.join("\n") + "\n").unwrap();
    let (to, text) = server
        .taken()
        .into_iter()
        .find(|(to, _)| to.starts_with('a'))
        .unwrap();
    provider.sees(move || vec![(to.clone(), text.clone())]);
    let (code, _, error) = desk.send(&[]);
    assert_eq!(code, Some(3));
    assert!(
        error.contains("b: unconfirmed") && !error.contains("a: unconfirmed"),
        "{error}"
    );
    assert_eq!(desk.events("a"), ["started", "sent"]);
    assert_eq!(server.taken().len(), 2);
}

#[test]
fn a_large_email_is_sent_only_when_all_its_files_are_attached() {
    for (fails, code) in [(1, 0), (100, 3)] {
        let provider = Provider::start(Behavior {
            attachments_fail: fails,
            ..Behavior::default()
        });
        let desk = Desk::new(
            &provider.section("microsoft", "mailbox = true"),
            &["a"],
            2_090_000,
        );
        desk.add(&provider, "microsoft", true);
        assert_eq!(desk.send(&[]).0, Some(code));
        let sent = provider.sent();
        assert_eq!(sent.len(), usize::from(code == 0));
        assert!(
            sent.iter()
                .all(|message| message.text.contains("plan.pdf: 2090000"))
        );
    }
}

#[test]
fn a_draft_that_a_person_sent_or_deleted_is_not_sent_again() {
    let provider = Provider::start(Behavior::default());
    let desk = Desk::new(
        &provider.section("microsoft", "mailbox = true"),
        &["a", "b", "c"],
        1000,
    );
    desk.add(&provider, "microsoft", true);
    let drafts = ["send", "out", "--drafts", "mailbox"];
    assert_eq!(desk.run(&drafts).0, Some(0));
    provider.delete_by_hand("b@client.example");
    // Sending fails for all, and the person sends one of the drafts.
    provider.behave(|behavior| behavior.refuses = Some((429, "ApplicationThrottled", "slow down")));
    let (code, _, error) = desk.send(&["--retries", "0"]);
    assert_eq!(code, Some(3), "{error}");
    provider.behave(|behavior| behavior.refuses = None);
    provider.send_by_hand("a@client.example");
    let (code, out, error) = desk.send(&[]);
    assert_eq!(code, Some(3), "{out}{error}");
    assert_eq!(names(&provider), ["a", "c"], "{out}{error}");
    assert!(
        error.contains("b: a draft was created in the mailbox"),
        "{error}"
    );
    // An expired sign-in is said before anything is believed about the mailbox.
    provider.behave(|behavior| behavior.revoked = true);
    let (code, _, error) = desk.send(&["--resend"]);
    assert_eq!(code, Some(2));
    assert!(error.contains("account add microsoft"), "{error}");
    assert_eq!(names(&provider), ["a", "c"]);
}

#[test]
fn an_alias_of_the_sender_logs_in_as_the_account() {
    let provider = Provider::start(Behavior::default());
    let server = Server::with_tokens(provider.judge());
    let smtp = format!("smtp_url = \"{}\"", server.url());
    let desk = Desk::new(&provider.section("google", &smtp), &["a"], 1000);
    desk.add(&provider, "google", true);
    let (code, _, error) = desk.send(&["--from", "Team <team@brightwater.example>"]);
    assert_eq!(code, Some(0), "{error}");
    assert_eq!(server.users(), ["plans@brightwater.example"]);
    assert!(
        server.taken()[0]
            .1
            .contains("From: Team <team@brightwater.example>")
    );
}

#[test]
fn a_provider_that_accepts_nothing_for_an_hour_ends_the_run() {
    let provider = Provider::start(Behavior {
        limit: Some((1, 3600)),
        ..Behavior::default()
    });
    let desk = Desk::new(
        &provider.section("microsoft", "mailbox = true"),
        &["a", "b", "c"],
        1000,
    );
    desk.add(&provider, "microsoft", true);
    let (code, out, error) = desk.send(&[]);
    assert_eq!(code, Some(3), "{error}");
    assert!(
        error.contains("accepts no more emails for 60 minutes"),
        "{error}"
    );
    assert!(
        out.contains("1 plan sent now, 0 sent before, 2 not sent"),
        "{out}"
    );
    assert_eq!(desk.send(&[]).0, Some(0));
    assert_eq!(names(&provider), ["a", "b", "c"]);
    assert!(provider.drafts().is_empty());
}
