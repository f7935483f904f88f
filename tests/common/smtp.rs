//! A mail server for tests with configurable behavior: it accepts, rejects, defers, disconnects, or is slow.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What the server does with an email to a recipient.
#[derive(Debug, Clone, Copy)]
pub enum Does {
    /// Accepts the email.
    Takes,
    /// Answers RCPT with this code.
    Says(u16),
    /// Answers RCPT with this code for this number of times, then accepts the email.
    SaysFirst(u16, usize),
    /// Answers with this code after the whole email.
    SaysAfterwards(u16),
    /// Breaks the connection in the middle of the email.
    BreaksOffWithin,
    /// Accepts the email and breaks the connection without an answer.
    TakesAndBreaksOff,
    /// Accepts the email and answers after this delay.
    TakesSlowly(Duration),
}

/// Returns whether a token may log in.
type Accepts = Arc<dyn Fn(&str) -> bool + Send + Sync>;

#[derive(Default)]
struct Seen {
    /// Recipient and text of each accepted email.
    taken: Vec<(String, String)>,
    /// Users who logged in with a token.
    users: Vec<String>,
    /// Number of RCPT commands per recipient.
    asked: HashMap<String, usize>,
}

/// A running test server.
pub struct Server {
    pub port: u16,
    seen: Arc<Mutex<Seen>>,
}

impl Server {
    /// Starts a server on this computer. It accepts emails to recipients that are not in `behavior`.
    pub fn start(behavior: &[(&str, Does)]) -> Self {
        Self::listen(behavior, None)
    }

    /// Starts a server that demands a login with a token (XOAUTH2), which `accepts` judges.
    pub fn with_tokens(accepts: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        Self::listen(&[], Some(Arc::new(accepts)))
    }

    fn listen(behavior: &[(&str, Does)], accepts: Option<Accepts>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let behavior: HashMap<String, Does> = behavior
            .iter()
            .map(|(to, does)| ((*to).to_owned(), *does))
            .collect();
        let (behavior, shared) = (Arc::new(behavior), seen.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (behavior, seen) = (behavior.clone(), shared.clone());
                let accepts = accepts.clone();
                std::thread::spawn(move || {
                    drop(converse(stream, &behavior, accepts.as_ref(), &seen));
                });
            }
        });
        Self { port, seen }
    }

    /// Returns the address for `--smtp`.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}?tls=none", self.port)
    }

    /// Returns recipient and text of each accepted email, in order.
    pub fn taken(&self) -> Vec<(String, String)> {
        self.seen.lock().unwrap().taken.clone()
    }

    /// Returns the users who logged in with a token.
    pub fn users(&self) -> Vec<String> {
        self.seen.lock().unwrap().users.clone()
    }

    /// Forgets the accepted emails.
    pub fn empty(&self) {
        self.seen.lock().unwrap().taken.clear();
    }

    /// Returns the number of RCPT commands for a recipient.
    pub fn asked(&self, to: &str) -> usize {
        self.seen
            .lock()
            .unwrap()
            .asked
            .get(to)
            .copied()
            .unwrap_or(0)
    }
}

fn converse(
    stream: TcpStream,
    behavior: &HashMap<String, Does>,
    accepts: Option<&Accepts>,
    seen: &Mutex<Seen>,
) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let say = |text: &str| (&stream).write_all(format!("{text}\r\n").as_bytes());
    let (mut to, mut does) = (String::new(), Does::Takes);
    let mut is_in = accepts.is_none();
    say("220 test")?;
    while let Some(line) = lines.next() {
        let line = line?;
        match line.get(..4).unwrap_or("") {
            "EHLO" => {
                say("250-test")?;
                say("250-8BITMIME")?;
                // LOGIN first, as Microsoft offers it: a token must not go out as a password.
                if accepts.is_some() {
                    say("250-AUTH LOGIN PLAIN XOAUTH2")?;
                }
                say("250 SMTPUTF8")?;
            }
            "AUTH" => {
                let text = line.strip_prefix("AUTH XOAUTH2 ").unwrap_or_default();
                let text = super::provider::base64(text);
                let token = text.split("auth=Bearer ").nth(1);
                let token = token.and_then(|rest| rest.strip_suffix("\u{1}\u{1}"));
                is_in = token
                    .zip(accepts)
                    .is_some_and(|(token, accepts)| accepts(token));
                if is_in {
                    let user = text.split(['=', '\u{1}']).nth(1).unwrap_or_default();
                    seen.lock().unwrap().users.push(user.to_owned());
                    say("235 2.7.0 accepted")?;
                    continue;
                }
                // What Google says: {"status":"401"}, and the refusal after an empty line.
                say("334 eyJzdGF0dXMiOiI0MDEifQ==")?;
                assert_eq!(lines.next().transpose()?.as_deref(), Some(""));
                say("535 5.7.8 Username and Password not accepted as told")?;
            }
            "MAIL" | "RCPT" if !is_in => say("530 5.7.0 Authentication Required")?,
            "RCPT" => {
                let address = line.split(['<', '>']).nth(1);
                to = address.unwrap_or_default().to_owned();
                does = behavior.get(&to).copied().unwrap_or(Does::Takes);
                let asked = {
                    let mut seen = seen.lock().unwrap();
                    let asked = seen.asked.entry(to.clone()).or_default();
                    *asked += 1;
                    *asked
                };
                match does {
                    Does::Says(code) => say(&format!("{code} as told"))?,
                    Does::SaysFirst(code, times) if asked <= times => {
                        say(&format!("{code} as told"))?;
                    }
                    _ => say("250 ok")?,
                }
            }
            "DATA" => {
                say("354 go on")?;
                let mut text = String::new();
                loop {
                    // A client that disconnects within an email has not sent it.
                    let Some(line) = lines.next().transpose()? else {
                        return Ok(());
                    };
                    if line == "." {
                        break;
                    }
                    text += &format!("{line}\n");
                    if matches!(does, Does::BreaksOffWithin) && text.len() > 1000 {
                        return stream.shutdown(std::net::Shutdown::Both);
                    }
                }
                if let Does::SaysAfterwards(code) = does {
                    say(&format!("{code} as told"))?;
                    continue;
                }
                seen.lock().unwrap().taken.push((to.clone(), text));
                match does {
                    Does::TakesAndBreaksOff => return stream.shutdown(std::net::Shutdown::Both),
                    Does::TakesSlowly(time) => std::thread::sleep(time),
                    _ => {}
                }
                say("250 taken")?;
            }
            "QUIT" => return say("221 bye"),
            _ => say("250 ok")?,
        }
    }
    Ok(())
}
