//! The send log: a file with one line of JSON before and after each email. Each line is flushed to disk before the next
//! step.

use crate::output::names::SEND_LOG;
use std::collections::{HashMap, HashSet};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{BufRead, BufReader, ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Local, NaiveDate, SecondsFormat};
use serde::{Deserialize, Serialize};

use super::OutboxError;
use super::email::{Email, Kind};

/// Name of the file that the sending process locks.
const LOCK: &str = ".partnerbook-sending";

/// Identifies an email: the same version is never sent twice to the same address for the same client.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Key {
    kind: Kind,
    client: String,
    to: String,
    version: String,
}

impl Key {
    /// Returns the key of an email. Returns `None` if the email has no address or no content.
    pub fn of(email: &Email) -> Option<Self> {
        let to = email.to.as_ref().ok()?.to_string();
        (!email.version.is_empty()).then(|| Self {
            kind: email.kind,
            client: email.client.clone(),
            to,
            version: email.version.clone(),
        })
    }
}

/// An event of one email, as written to the send log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A draft is about to be created in the mailbox. Nothing is sent before `Started`.
    Drafting,
    /// The draft was created in the mailbox, for a person to send.
    Drafted,
    /// Sending is about to start.
    Started,
    /// The server accepted the email.
    Sent,
    /// The server rejected the email permanently.
    Rejected,
    /// The email was not sent, because of a temporary error.
    Failed,
    /// The connection broke after the server may have accepted the email.
    Unconfirmed,
}

/// The state of an email.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Never started, or certainly not sent. Contains the last error, if any.
    Pending(Option<String>),
    /// A draft was created in the mailbox at this time, for a person to send.
    Drafted(DateTime<Local>),
    /// Sent at this time.
    Sent(DateTime<Local>),
    /// Rejected at this time, with the answer of the server.
    Rejected(DateTime<Local>, String),
    /// Sending started at this time and may have succeeded.
    Unconfirmed(DateTime<Local>),
    /// This email was not sent, but a previous version was, or may have been, sent to the client at this time, or is a draft
    /// in the mailbox.
    Previous(DateTime<Local>),
}

#[derive(Serialize, Deserialize)]
struct Line {
    time: DateTime<Local>,
    event: Event,
    #[serde(flatten)]
    key: Key,
    message_id: String,
    /// The answer of the server.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    answer: String,
}

/// The send log of an output folder.
pub struct SendLog {
    path: PathBuf,
    states: HashMap<Key, State>,
    /// The message ID of each email that was last logged.
    ids: HashMap<Key, String>,
    /// The emails that may have a draft in the mailbox.
    drafted: HashSet<Key>,
    /// The emails in the order in which they were first started.
    order: Vec<Key>,
    /// The emails by kind, client, and address.
    versions: HashMap<(Kind, String, String), Vec<Key>>,
    /// The file to append to. `None` if the send log is only read.
    file: Option<File>,
    /// Held until drop. The operating system releases the lock even if the process crashes.
    _lock: Option<File>,
}

impl SendLog {
    /// Creates an empty send log.
    fn at(folder: &Path) -> Self {
        Self {
            path: folder.join(SEND_LOG),
            states: HashMap::new(),
            ids: HashMap::new(),
            drafted: HashSet::new(),
            order: Vec::new(),
            versions: HashMap::new(),
            file: None,
            _lock: None,
        }
    }

    /// Reads the send log of a folder.
    ///
    /// # Errors
    /// Returns an error if the send log cannot be read, or if a complete line is damaged. A crash leaves at most an
    /// incomplete last line, which is ignored.
    pub fn read(folder: &Path) -> Result<Self, OutboxError> {
        let mut send_log = Self::at(folder);
        match File::open(&send_log.path) {
            Ok(file) => {
                send_log.load(&file)?;
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(send_log.failed(error)),
        }
        Ok(send_log)
    }

    /// Reads the send log and locks it for writing.
    ///
    /// # Errors
    /// Returns the errors of [`SendLog::read`], and an error if another process holds the lock.
    pub fn open(folder: &Path) -> Result<Self, OutboxError> {
        let mut send_log = Self::at(folder);
        // Invitations are sent before there is an output.
        std::fs::create_dir_all(folder).map_err(|error| send_log.failed(error))?;
        let open = |path: &Path| {
            OpenOptions::new()
                .create(true)
                .truncate(false)
                .read(true)
                .write(true)
                .open(path)
        };
        let lock = open(&folder.join(LOCK)).map_err(|error| send_log.failed(error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(OutboxError::Busy(folder.to_owned())),
            Err(TryLockError::Error(error)) => return Err(send_log.failed(error)),
        }
        let mut file = open(&send_log.path).map_err(|error| send_log.failed(error))?;
        let whole = send_log.load(&file)?;
        // Remove an incomplete last line that a crash left.
        file.set_len(whole)
            .and_then(|()| file.seek(SeekFrom::End(0)))
            .and_then(|_| file.sync_all())
            .map_err(|error| send_log.failed(error))?;
        (send_log.file, send_log._lock) = (Some(file), Some(lock));
        Ok(send_log)
    }

    /// Loads the events of a file. Returns the length of its complete lines, in bytes.
    fn load(&mut self, file: &File) -> Result<u64, OutboxError> {
        let mut reader = BufReader::new(file);
        let (mut whole, mut number) = (0, 0);
        loop {
            let mut text = Vec::new();
            let length = reader
                .read_until(b'\n', &mut text)
                .map_err(|error| self.failed(error))?;
            number += 1;
            if !text.ends_with(b"\n") {
                // The end of the file, or an incomplete line after a crash. No step follows an incomplete line.
                return Ok(whole);
            }
            whole += length as u64;
            match serde_json::from_slice::<Line>(&text) {
                Ok(line) => self.take(line),
                Err(_) if text.trim_ascii().is_empty() => {}
                Err(_) => {
                    return Err(OutboxError::SendLogDamaged {
                        path: self.path.clone(),
                        line: number,
                    });
                }
            }
        }
    }

    /// Returns the state of an email.
    pub fn email(&self, email: &Email) -> State {
        let Some(key) = Key::of(email) else {
            return State::Pending(None);
        };
        match self.states.get(&key) {
            Some(state) => state.clone(),
            None => self.earlier(&key).unwrap_or(State::Pending(None)),
        }
    }

    /// Returns the message ID of an email whose sending or drafting was logged.
    pub fn message_id(&self, key: &Key) -> Option<&str> {
        self.ids.get(key).map(String::as_str)
    }

    /// Returns whether a draft of this email may be in the mailbox, or may have been sent by a person.
    pub fn was_drafted(&self, key: &Key) -> bool {
        self.drafted.contains(key)
    }

    /// Returns [`State::Previous`] if another version was, or may have been, sent to the same client and address, or is a
    /// draft in the mailbox. Each reminder and each request for corrections is new.
    fn earlier(&self, key: &Key) -> Option<State> {
        if matches!(key.kind, Kind::Reminder | Kind::Correction) {
            return None;
        }
        let same = (key.kind, key.client.clone(), key.to.clone());
        let same = self.versions.get(&same)?;
        same.iter()
            .rev()
            .find_map(|other| match self.states.get(other) {
                Some(State::Sent(time) | State::Unconfirmed(time) | State::Drafted(time)) => {
                    Some(State::Previous(*time))
                }
                _ => None,
            })
    }

    /// Returns the logged emails of a kind that are not in `emails`: client, address, and state.
    pub fn others(&self, kind: Kind, emails: &[Email]) -> Vec<(&str, &str, &State)> {
        let known: HashSet<Key> = emails.iter().filter_map(Key::of).collect();
        let others = self.order.iter();
        let others = others.filter(|key| !known.contains(*key) && key.kind == kind);
        others
            .filter_map(|key| Some((&*key.client, &*key.to, self.states.get(key)?)))
            .collect()
    }

    /// Returns the days on which emails of these kinds were, or may have been, sent for a client, in order.
    pub fn days(&self, client: &str, kinds: &[Kind]) -> Vec<NaiveDate> {
        let own = |key: &&Key| key.client == client && kinds.contains(&key.kind);
        let times = self
            .order
            .iter()
            .filter(own)
            .filter_map(|key| match self.states.get(key)? {
                State::Sent(time) | State::Unconfirmed(time) => Some(time.date_naive()),
                _ => None,
            });
        let mut days: Vec<NaiveDate> = times.collect();
        days.sort_unstable();
        days
    }

    /// Returns the day on which each version of this kind was sent: a plan by its fingerprint, an annotated copy by that
    /// of the workbook.
    pub fn sent(&self, kind: Kind) -> HashMap<String, NaiveDate> {
        let sent = self.states.iter().filter_map(|(key, state)| match state {
            State::Sent(time) if key.kind == kind => Some((key.version.clone(), time.date_naive())),
            _ => None,
        });
        sent.collect()
    }

    /// Appends an event and returns after it is flushed to disk.
    ///
    /// # Errors
    /// Returns an error if the event cannot be written.
    pub fn write(
        &mut self,
        event: Event,
        key: &Key,
        message_id: &str,
        answer: &str,
    ) -> Result<(), OutboxError> {
        let line = Line {
            time: Local::now(),
            event,
            key: key.clone(),
            message_id: message_id.to_owned(),
            answer: crate::text::shorten(answer, 300),
        };
        let write = |mut file: &File| {
            let mut text = serde_json::to_vec(&line)?;
            text.push(b'\n');
            file.write_all(&text)?;
            file.sync_data()
        };
        let file = self
            .file
            .as_ref()
            .ok_or(std::io::ErrorKind::ReadOnlyFilesystem.into());
        file.and_then(write).map_err(|error| self.failed(error))?;
        self.take(line);
        Ok(())
    }

    fn take(&mut self, line: Line) {
        let Line {
            time,
            event,
            key,
            message_id,
            answer,
        } = line;
        self.ids.insert(key.clone(), message_id);
        match event {
            Event::Drafting => self.drafted.insert(key.clone()),
            Event::Sent => self.drafted.remove(&key),
            _ => false,
        };
        let state = match event {
            Event::Started | Event::Unconfirmed => State::Unconfirmed(time),
            Event::Sent => State::Sent(time),
            Event::Rejected => State::Rejected(time, answer),
            Event::Failed => State::Pending(Some(answer)),
            Event::Drafting => State::Pending(None),
            Event::Drafted => State::Drafted(time),
        };
        if self.states.insert(key.clone(), state).is_none() {
            let same = (key.kind, key.client.clone(), key.to.clone());
            self.versions.entry(same).or_default().push(key.clone());
            self.order.push(key);
        }
    }

    fn failed(&self, error: std::io::Error) -> OutboxError {
        OutboxError::SendLog {
            path: self.path.clone(),
            error,
        }
    }
}

/// Formats a time to the second, with its UTC offset.
pub fn shown(time: &DateTime<Local>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, false)
        .replace('T', " ")
}
