//! What was sent: a file with a line of JSON before and after each email, on the disk before the next step is taken.

use crate::output::names::SEND_LOG;
use std::collections::{HashMap, HashSet};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{BufRead, BufReader, ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Local, SecondsFormat};
use serde::{Deserialize, Serialize};

use super::OutboxError;
use super::email::Email;

/// Name of the file that whoever sends holds locked.
const LOCK: &str = ".partnerbook-sending";

/// What an email is kept under: the same plan is never sent twice to the same address for the same client.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Key {
    client: String,
    to: String,
    plan_sha256: String,
}

impl Key {
    /// The key of an email; none when it has no address or no plan.
    pub fn of(email: &Email) -> Option<Self> {
        let to = email.to.as_ref().ok()?.to_string();
        let plan_sha256 = email.plan.as_ref()?.sha256.clone();
        Some(Self {
            client: email.client.clone(),
            to,
            plan_sha256,
        })
    }
}

/// What became of an email.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// It is about to be sent.
    Started,
    /// The server took it.
    Sent,
    /// The server refused it for good.
    Rejected,
    /// It could not be sent now, and certainly was not.
    Failed,
    /// The connection broke when the server may have taken it already.
    Unconfirmed,
}

/// Where an email stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Never begun, or certainly not sent.
    Pending(Option<String>),
    /// Sent then.
    Sent(DateTime<Local>),
    /// Rejected, and what the server said.
    Rejected(DateTime<Local>, String),
    /// It may have been sent.
    Unconfirmed(DateTime<Local>),
    /// Not this plan, but an earlier one was, or may have been, sent to the client then.
    Previous(DateTime<Local>),
}

#[derive(Serialize, Deserialize)]
struct Line {
    time: DateTime<Local>,
    event: Event,
    #[serde(flatten)]
    key: Key,
    message_id: String,
    /// What the server said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    answer: String,
}

/// The send_log of an output folder.
pub struct SendLog {
    path: PathBuf,
    states: HashMap<Key, State>,
    /// The emails in the order in which they were begun.
    order: Vec<Key>,
    /// The emails of each client and address.
    plans: HashMap<(String, String), Vec<Key>>,
    /// None when it is only looked at.
    file: Option<File>,
    /// Held until the end; the system lets go of it, however we end.
    _lock: Option<File>,
}

impl SendLog {
    /// An empty one.
    fn at(folder: &Path) -> Self {
        Self {
            path: folder.join(SEND_LOG),
            states: HashMap::new(),
            order: Vec::new(),
            plans: HashMap::new(),
            file: None,
            _lock: None,
        }
    }

    /// Reads the send_log of a folder.
    ///
    /// # Errors
    /// When it cannot be read, or is damaged other than by a crash.
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

    /// Reads the send_log and holds it, to write into it.
    ///
    /// # Errors
    /// As [`SendLog::read`], and when another run holds it.
    pub fn open(folder: &Path) -> Result<Self, OutboxError> {
        let mut send_log = Self::at(folder);
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
        // A line that a crash left half is nobody's; the next one begins afresh.
        file.set_len(whole)
            .and_then(|()| file.seek(SeekFrom::End(0)))
            .and_then(|_| file.sync_all())
            .map_err(|error| send_log.failed(error))?;
        (send_log.file, send_log._lock) = (Some(file), Some(lock));
        Ok(send_log)
    }

    /// Takes over what a file says; returns how long its whole lines are.
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
                // The end, or what a crash left of a line: then nothing was done after it.
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

    /// Where an email stands.
    pub fn email(&self, email: &Email) -> State {
        let Some(key) = Key::of(email) else {
            return State::Pending(None);
        };
        match self.states.get(&key) {
            Some(state) => state.clone(),
            None => self.earlier(&key).unwrap_or(State::Pending(None)),
        }
    }

    /// Whether another plan went to the same client.
    fn earlier(&self, key: &Key) -> Option<State> {
        let same = self.plans.get(&(key.client.clone(), key.to.clone()))?;
        same.iter()
            .rev()
            .find_map(|other| match self.states.get(other) {
                Some(State::Sent(time) | State::Unconfirmed(time)) => Some(State::Previous(*time)),
                _ => None,
            })
    }

    /// What was written of emails that are not among these: client, address and where it stands.
    pub fn others(&self, emails: &[Email]) -> Vec<(&str, &str, &State)> {
        let known: HashSet<Key> = emails.iter().filter_map(Key::of).collect();
        let others = self.order.iter().filter(|key| !known.contains(*key));
        others
            .filter_map(|key| Some((&*key.client, &*key.to, self.states.get(key)?)))
            .collect()
    }

    /// Writes what becomes of an email, and returns when it is safe on the disk.
    ///
    /// # Errors
    /// When it cannot be written.
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
            answer,
            ..
        } = line;
        let state = match event {
            Event::Started | Event::Unconfirmed => State::Unconfirmed(time),
            Event::Sent => State::Sent(time),
            Event::Rejected => State::Rejected(time, answer),
            Event::Failed => State::Pending(Some(answer)),
        };
        if self.states.insert(key.clone(), state).is_none() {
            let to = (key.client.clone(), key.to.clone());
            self.plans.entry(to).or_default().push(key.clone());
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

/// A time as it is shown: to the second, with the zone.
pub fn shown(time: &DateTime<Local>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, false)
        .replace('T', " ")
}
