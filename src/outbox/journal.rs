//! What was sent: a file with a line of JSON before and after each letter, on the disk before the next step is taken.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Local, SecondsFormat};
use serde::{Deserialize, Serialize};

use super::OutboxError;
use super::letter::Letter;

/// Name of the file within an output folder.
const FILE: &str = "sent.jsonl";

/// What a letter is kept under: the same plan is never sent twice to the same address for the same client.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Key {
    client: String,
    to: String,
    plan_sha256: String,
}

impl Key {
    /// The key of a letter; none when it has no address or no plan.
    pub fn of(letter: &Letter) -> Option<Self> {
        let to = letter.to.as_ref().ok()?.to_string();
        (!letter.plan_sha256.is_empty()).then(|| Self {
            client: letter.client.clone(),
            to,
            plan_sha256: letter.plan_sha256.clone(),
        })
    }
}

/// What became of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// It is about to be sent.
    Begun,
    /// The server took it.
    Sent,
    /// The server refused it for good.
    Refused,
    /// It could not be sent now, and certainly was not.
    Failed,
    /// The connection broke when the server may have taken it already.
    Doubtful,
}

/// Where a letter stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Never begun, or certainly not sent.
    Waiting(Option<String>),
    /// Sent then.
    Sent(DateTime<Local>),
    /// Refused, and what the server said.
    Refused(DateTime<Local>, String),
    /// It may have been sent.
    Doubtful(DateTime<Local>),
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

/// The journal of an output folder.
pub struct Journal {
    path: PathBuf,
    states: HashMap<Key, State>,
    /// None when it is only looked at.
    file: Option<File>,
}

impl Journal {
    /// Reads the journal of a folder.
    ///
    /// # Errors
    /// When it cannot be read, or is damaged other than by a crash.
    pub fn read(folder: &Path) -> Result<Self, OutboxError> {
        let path = folder.join(FILE);
        let mut journal = Self {
            path: path.clone(),
            states: HashMap::new(),
            file: None,
        };
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(journal),
            Err(error) => return Err(journal.failed(error)),
        };
        let mut damaged = None;
        for (index, line) in BufReader::new(file).split(b'\n').enumerate() {
            let line = line.map_err(|error| journal.failed(error))?;
            if let Some(line) = damaged {
                return Err(OutboxError::JournalDamaged { path, line });
            }
            match serde_json::from_slice::<Line>(&line) {
                Ok(line) => journal.take(line),
                Err(_) if line.trim_ascii().is_empty() => {}
                // A crash leaves the last line half: then nothing was done after it.
                Err(_) => damaged = Some(index + 1),
            }
        }
        Ok(journal)
    }

    /// Reads the journal and holds it, to write into it.
    ///
    /// # Errors
    /// As [`Journal::read`], and when another run holds it.
    pub fn open(folder: &Path) -> Result<Self, OutboxError> {
        let path = folder.join(FILE);
        let failed = |error| OutboxError::Journal {
            path: path.clone(),
            error,
        };
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .read(true)
            .open(&path)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(std::fs::TryLockError::WouldBlock) => {
                return Err(OutboxError::Busy(folder.to_owned()));
            }
            Err(std::fs::TryLockError::Error(error)) => return Err(failed(error)),
        }
        let mut journal = Self::read(folder)?;
        let whole = whole_lines(&file).map_err(failed)?;
        // A line that a crash left half is nobody's; the next one begins afresh.
        file.set_len(whole).map_err(failed)?;
        file.sync_all().map_err(failed)?;
        journal.file = Some(file);
        Ok(journal)
    }

    /// Where a letter stands.
    pub fn state(&self, key: &Key) -> State {
        let state = self.states.get(key).cloned();
        state.unwrap_or(State::Waiting(None))
    }

    /// As [`Journal::state`], of a letter.
    pub fn letter(&self, letter: &Letter) -> State {
        Key::of(letter).map_or(State::Waiting(None), |key| self.state(&key))
    }

    /// Writes what becomes of a letter, and returns when it is safe on the disk.
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
            Event::Begun | Event::Doubtful => State::Doubtful(time),
            Event::Sent => State::Sent(time),
            Event::Refused => State::Refused(time, answer),
            Event::Failed => State::Waiting(Some(answer)),
        };
        self.states.insert(key, state);
    }

    fn failed(&self, error: std::io::Error) -> OutboxError {
        OutboxError::Journal {
            path: self.path.clone(),
            error,
        }
    }
}

/// Bytes up to the end of the last whole line.
fn whole_lines(file: &File) -> std::io::Result<u64> {
    let mut whole = 0;
    let mut at = 0;
    let mut reader = BufReader::new(file);
    std::io::Seek::rewind(&mut reader)?;
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        at += line.len() as u64;
        if line.ends_with(b"\n") {
            whole = at;
        }
        line.clear();
    }
    Ok(whole)
}

/// A time as it is shown: to the minute, with the zone.
pub fn shown(time: &DateTime<Local>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, false)
        .replace('T', " ")
}
