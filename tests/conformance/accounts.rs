//! Signs in through a real sign-in server (oidc-provider), in the browser and with a device code, and sends through real mail
//! servers (aiosmtpd, smtp-server) with a token. If something is missing, the test fails and says what.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::common::desk::{Desk, ended};
use crate::common::provider::{Behavior, Provider};
use crate::common::root;

const NEEDED: &str = "node is needed, with its packages: npm install --prefix target/judges oidc-provider@9.13.3 smtp-server@3.21.6";

/// A running server, ended when it is dropped.
struct Running {
    child: Child,
    port: u16,
    /// Kept open: a server that cannot print ends.
    _out: BufReader<ChildStdout>,
}

impl Running {
    /// Starts a server that prints its port. `words` are the script and its arguments.
    fn start(program: &str, words: &[&Path], needed: &str) -> Self {
        let mut child = Command::new(program)
            .args(words)
            .current_dir(root().join("target/judges"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect(needed);
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        let port = line.trim().parse().expect(needed);
        Self {
            child,
            port,
            _out: out,
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn script(name: &str) -> PathBuf {
    root().join("tests/conformance").join(name)
}

/// Starts the sign-in server, for a mailbox at this address. Returns it with the section of `partnerbook.toml`.
fn sign_in_server(mailbox: &str) -> (Running, String) {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port().to_string();
    drop(free);
    let scope = format!("{mailbox}/Mail.Send");
    let words = [&script("sign_in.mjs"), Path::new(&port), Path::new(&scope)];
    let server = Running::start("node", &words, NEEDED);
    let at = format!("http://127.0.0.1:{port}");
    let section = format!(
        "[account.microsoft]\nclient_id = \"app\"\nauthorize_url = \"{at}/auth\"\ntoken_url = \"{at}/token\"\ndevice_url = \"{at}/device/auth\"\napi_url = \"{mailbox}\"\n"
    );
    (server, section)
}

/// Goes through the pages of a sign-in. Returns the last page.
fn browse(words: &[&str]) -> String {
    let output = Command::new("python3")
        .arg(script("browser.py"))
        .args(words)
        .output();
    let output = output.expect("python3 is needed");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Removes what a sign-in left in the list of accounts, and returns the file with the token.
fn token_file(desk: &Desk) -> PathBuf {
    let folder = desk.path().join("config/partnerbook");
    let mut files = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    files
        .find(|path| path.extension().is_some_and(|own| own == "token"))
        .unwrap()
}

#[test]
fn a_sign_in_server_accepts_the_browser_and_each_renewal_once() {
    // The mailbox of the account is at another provider, which knows no token of this one.
    let mailbox = Provider::start(Behavior::default());
    let (_server, section) = sign_in_server(&format!("http://127.0.0.1:{}", mailbox.port));
    let desk = Desk::new(&section, &["a"], 100);
    let (child, lines, page) = desk.sign_in(&["microsoft"]);
    let end = browse(&[&page, "consent"]);
    assert!(end.contains("You are signed in"), "{end}");
    let (code, out, error) = ended(child, lines);
    assert_eq!(code, Some(0), "{out}{error}");
    assert!(
        out.contains("plans@brightwater.example is signed in"),
        "{out}"
    );
    // Each run renews the token; the server takes each token once. The mailbox refuses the access token, so that it is renewed
    // within the run, too.
    let first = std::fs::read_to_string(token_file(&desk)).unwrap();
    for _ in 0..2 {
        let (code, _, error) = desk.send(&[]);
        assert_eq!(code, Some(2), "{error}");
        assert!(error.contains("401 InvalidAuthenticationToken"), "{error}");
    }
    assert_ne!(std::fs::read_to_string(token_file(&desk)).unwrap(), first);
    // A token that was used before is taken for stolen: the server ends the sign-in.
    std::fs::write(token_file(&desk), first).unwrap();
    let (code, _, error) = desk.send(&[]);
    assert_eq!(code, Some(2));
    assert!(
        error.contains("expired or was revoked (invalid_grant"),
        "{error}"
    );
    assert!(
        error.contains("partnerbook account add microsoft"),
        "{error}"
    );
}

#[test]
fn a_sign_in_that_is_denied_stores_nothing() {
    let (_server, section) = sign_in_server("http://127.0.0.1:1");
    let desk = Desk::new(&section, &["a"], 100);
    let (child, lines, page) = desk.sign_in(&["microsoft"]);
    let end = browse(&[&page, "deny"]);
    assert!(end.contains("You are not signed in"), "{end}");
    let (code, _, error) = ended(child, lines);
    assert_eq!(code, Some(2));
    assert!(error.contains("was denied (access_denied"), "{error}");
    assert!(
        desk.run(&["account", "list"])
            .1
            .contains("no account is signed in")
    );
}

#[test]
fn a_device_code_is_consented_denied_or_expires() {
    let (_server, section) = sign_in_server("http://127.0.0.1:1");
    for (answer, expected, says) in [
        ("consent", 0, ""),
        ("deny", 2, "was denied (access_denied"),
        ("wait", 2, "nobody signed in to Microsoft in time"),
    ] {
        let desk = Desk::new(&section, &["a"], 100);
        let (child, lines, line) = desk.sign_in(&["microsoft", "--device"]);
        let words: Vec<&str> = line.split(' ').collect();
        let (page, user_code) = (words[1], words[words.len() - 1]);
        let end = match answer {
            "wait" => String::new(),
            _ => browse(&[page, answer, user_code]),
        };
        let (code, out, error) = ended(child, lines);
        assert_eq!(code, Some(expected), "{answer}: {out}{error}{end}");
        assert!(error.contains(says), "{answer}: {error}");
    }
}

#[test]
fn mail_servers_take_the_token_and_say_why_they_refuse_one() {
    let provider = Provider::start(Behavior {
        access: "good",
        ..Behavior::default()
    });
    let servers: [(&str, &str, &str); 2] = [
        (
            "python3",
            "tokens.py",
            "aiosmtpd is needed: pip install aiosmtpd",
        ),
        ("node", "mail.mjs", NEEDED),
    ];
    for (program, name, needed) in servers {
        let place = tempfile::tempdir().unwrap();
        let server = Running::start(program, &[&script(name), place.path()], needed);
        let smtp = format!(
            "smtp = true\nsmtp_url = \"smtp://127.0.0.1:{}?tls=none\"",
            server.port
        );
        let desk = Desk::new(&provider.section("microsoft", &smtp), &["a", "b"], 100_000);
        desk.add(&provider, "microsoft", false);
        provider.behave(|behavior| behavior.access = "good");
        let (code, out, error) = desk.send(&[]);
        assert_eq!(code, Some(0), "{name}: {out}{error}");
        assert_eq!(
            std::fs::read_dir(place.path()).unwrap().count(),
            2,
            "{name}"
        );
        std::fs::remove_file(desk.out.join("sent.jsonl")).unwrap();
        provider.behave(|behavior| behavior.access = "bad");
        let (code, _, error) = desk.send(&[]);
        assert_eq!(code, Some(2), "{name}: {error}");
        assert!(
            error.contains("535") || error.contains("5.7.8") || error.contains("Authentication"),
            "{name}: {error}"
        );
        assert!(
            error.contains("login rejected for plans@brightwater.example"),
            "{name}: {error}"
        );
        assert_eq!(
            std::fs::read_dir(place.path()).unwrap().count(),
            2,
            "{name}"
        );
    }
}
