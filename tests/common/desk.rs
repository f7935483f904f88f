//! A consultant's computer in tests of mail accounts: settings, accounts without a keyring, and an output folder.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use super::provider::Provider;
use super::{made_with, program};

/// A consultant's computer.
pub struct Desk {
    place: tempfile::TempDir,
    pub out: PathBuf,
}

impl Desk {
    pub fn new(settings: &str, names: &[&str], size: usize) -> Self {
        let place = tempfile::tempdir().unwrap();
        let out = made_with(place.path(), names, size);
        std::fs::write(place.path().join("partnerbook.toml"), settings).unwrap();
        Self { place, out }
    }

    /// Returns the folder of the desk.
    pub fn path(&self) -> &Path {
        self.place.path()
    }

    /// Returns a command with the accounts of this desk, and without the keyring of the person who runs the tests.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(program());
        command
            .args(words)
            .current_dir(self.place.path())
            .env("XDG_CONFIG_HOME", self.place.path().join("config"))
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
            .env("PATH", "")
            .stdin(Stdio::null());
        for proxy in [
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "ALL_PROXY",
            "http_proxy",
            "https_proxy",
            "all_proxy",
        ] {
            command.env_remove(proxy);
        }
        command
    }

    pub fn run(&self, words: &[&str]) -> (Option<i32>, String, String) {
        shown(&self.command(words).output().unwrap())
    }

    pub fn send(&self, more: &[&str]) -> (Option<i32>, String, String) {
        let words = [
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
        self.run(&[&words, more].concat())
    }

    /// Adds an account without a sign-in.
    pub fn add(&self, provider: &Provider, name: &str, mailbox: bool) {
        let folder = self.place.path().join("config/partnerbook");
        std::fs::create_dir_all(&folder).unwrap();
        let address = "plans@brightwater.example";
        let account = serde_json::json!([{
            "provider": name, "address": address, "client_id": "app", "mailbox": mailbox,
            "signed_in": "2026-11-27T09:00:00+00:00", "place": "file",
        }]);
        std::fs::write(folder.join("accounts.json"), account.to_string()).unwrap();
        use sha2::Digest;
        let digest = sha2::Sha256::digest(address);
        let hash: String = digest
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        std::fs::write(
            folder.join(format!("{name}-{hash}.token")),
            provider.issue(),
        )
        .unwrap();
    }

    /// Starts the sign-in. Returns the process and the lines that it printed up to the address or the code.
    pub fn sign_in(&self, words: &[&str]) -> (Child, BufReader<std::process::ChildStdout>, String) {
        let mut command = self.command(&[&["account", "add"], words].concat());
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while !line.starts_with("http") && !line.contains("enter the code") {
            line.clear();
            if lines.read_line(&mut line).unwrap() == 0 {
                break;
            }
        }
        (child, lines, line.trim_end().to_owned())
    }

    pub fn events(&self, name: &str) -> Vec<String> {
        events(&self.out, name)
    }

    /// Returns everything that is stored on the desk but the tokens.
    pub fn written(&self) -> String {
        let files = walkdir::WalkDir::new(self.place.path())
            .into_iter()
            .flatten();
        let files = files.filter(|file| {
            let name = file.file_name().to_string_lossy();
            file.file_type().is_file() && !name.ends_with(".token") && !name.ends_with(".pdf")
        });
        files
            .map(|file| String::from_utf8_lossy(&std::fs::read(file.path()).unwrap()).into_owned())
            .collect()
    }
}

/// Returns the events of a client in the send log.
pub fn events(out: &Path, name: &str) -> Vec<String> {
    let send_log = std::fs::read_to_string(out.join("sent.jsonl")).unwrap_or_default();
    send_log
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|line| line["client"] == name)
        .map(|line| line["event"].as_str().unwrap().to_owned())
        .collect()
}

/// Returns the exit code, the output, and the errors of a run.
pub fn shown(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

/// Waits for a sign-in to end. Returns its exit code, output, and errors.
pub fn ended(
    mut child: Child,
    mut lines: BufReader<std::process::ChildStdout>,
) -> (Option<i32>, String, String) {
    let (mut out, mut error) = (String::new(), String::new());
    lines.read_to_string(&mut out).unwrap();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut error)
        .unwrap();
    (child.wait().unwrap().code(), out, error)
}
