//! Sending letters one after another: each once, not too fast, and again after a pause when the server says so.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::OutboxError;
use super::journal::{Event, Journal, Key, State};
use super::letter::Letter;
use super::message::{From, message, message_id};
use super::smtp::{Attempt, Server, Session};

/// How fast, and how often again.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Time from one letter to the next, at least.
    pub between: Duration,
    /// How often a letter is tried again that could not be sent.
    pub again: u32,
    /// The pause before it is tried again for the first time; each further one is twice as long.
    pub pause: Duration,
}

/// Who sends, and through which server.
pub struct Office<'a> {
    /// The server.
    pub server: &'a Server,
    /// The sender.
    pub from: &'a From,
    /// How fast.
    pub pace: Pace,
    /// Sends also what is in doubt or was refused.
    pub resend: bool,
    /// Sends also new plans to clients who were sent an earlier one.
    pub updates: bool,
    /// Ends it after the current letter.
    pub stop: &'a AtomicBool,
}

impl Office<'_> {
    /// Whether a letter that stands so is to be sent now.
    pub fn sends(&self, state: &State) -> bool {
        match state {
            State::Waiting(_) => true,
            State::Sent(_) => false,
            State::Refused(..) | State::Doubtful(_) => self.resend,
            State::Earlier(_) => self.updates,
        }
    }
}

/// Who watches the letters go.
pub trait Watcher {
    /// A letter will be tried again after a pause.
    fn again(&self, letter: &Letter, why: &str, pause: Duration);
    /// A letter cannot be put together.
    fn failed(&self, letter: &Letter, error: &OutboxError);
    /// What became of a letter.
    fn done(&self, letter: &Letter, state: &State);
}

/// Sends the letters that nothing stands against and that were not sent before.
///
/// # Errors
/// When the journal cannot be kept, or the server cannot be used at all. What was sent until then is in the journal.
pub fn post(
    folder: &Path,
    letters: &[Letter],
    journal: &mut Journal,
    office: &Office,
    watcher: &dyn Watcher,
) -> Result<(), OutboxError> {
    let mut session = Session::new(office.server);
    let mut last: Option<Instant> = None;
    for letter in letters.iter().filter(|letter| letter.obstacle.is_none()) {
        let (Ok(to), Some(key)) = (&letter.to, Key::of(letter)) else {
            continue;
        };
        if !office.sends(&journal.letter(letter)) {
            continue;
        }
        if let Some(last) = last {
            rest(
                office.pace.between.saturating_sub(last.elapsed()),
                office.stop,
            );
        }
        if office.stop.load(Ordering::Relaxed) {
            break;
        }
        last = Some(Instant::now());
        let text = match message(folder, letter, office.from) {
            Ok(message) => message.formatted(),
            // Its files are not there any more; the others' are.
            Err(error) => {
                watcher.failed(letter, &error);
                continue;
            }
        };
        let id = message_id(letter, to, office.from.address().domain());
        let mut pause = office.pace.pause;
        for attempt in 0.. {
            journal.write(Event::Begun, &key, &id, "")?;
            let last = attempt == office.pace.again || office.stop.load(Ordering::Relaxed);
            let (event, said, end) = match session.hand_over(office.from, to, &text) {
                Attempt::Taken(said) => (Event::Sent, said, None),
                Attempt::Refused(said) => (Event::Refused, said, None),
                Attempt::Unknown(said) => (Event::Doubtful, said, None),
                Attempt::Later(said) => (Event::Failed, said, None),
                // A server that is still not there is not there for the other letters either.
                Attempt::Unreachable(error) => {
                    (Event::Failed, error.to_string(), last.then_some(error))
                }
                Attempt::Hopeless(error) => (Event::Failed, error.to_string(), Some(error)),
            };
            journal.write(event, &key, &id, &said)?;
            if let Some(error) = end {
                return Err(error.into());
            }
            if event != Event::Failed || last {
                break;
            }
            watcher.again(letter, &said, pause);
            rest(pause, office.stop);
            if office.stop.load(Ordering::Relaxed) {
                break;
            }
            pause *= 2;
        }
        watcher.done(letter, &journal.letter(letter));
    }
    Ok(())
}

/// Waits, but not longer than the user does.
fn rest(time: Duration, stop: &AtomicBool) {
    const NAP: Duration = Duration::from_millis(100);
    let end = Instant::now() + time;
    while !stop.load(Ordering::Relaxed) {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return;
        }
        std::thread::sleep(left.min(NAP));
    }
}
