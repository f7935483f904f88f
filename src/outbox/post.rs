//! Sends emails one after another: each once, at a limited rate, with retries after temporary server errors.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, Local};

use super::OutboxError;
use super::email::Email;
use super::message::From;
use super::send_log::{Event, Key, SendLog, State};
use super::transport::{Attempt, Found, Letter, Prepared, Transport, Unusable};

/// The sending rate and the retries.
#[derive(Debug, Clone, Copy)]
pub struct RetryPolicy {
    /// Minimum time between the starts of two emails.
    pub between: Duration,
    /// Maximum number of retries per email.
    pub again: u32,
    /// Delay before the first retry. Each further delay is twice as long.
    pub pause: Duration,
    /// Time after which an email that is not among the sent ones is believed not to get there: it leaves the drafts only after
    /// the provider has accepted it.
    pub settle: Duration,
}

/// The sender and the options of a run.
pub struct SendContext<'a> {
    /// The sender.
    pub from: &'a From,
    /// The sending rate and the retries.
    pub retries: RetryPolicy,
    /// Also sends unconfirmed and rejected emails again.
    pub resend: bool,
    /// Also sends new plans to clients who received a previous one.
    pub updates: bool,
    /// If set, stops after the current email.
    pub stop: &'a AtomicBool,
}

impl SendContext<'_> {
    /// Returns whether an email in this state is sent now.
    pub fn sends(&self, state: &State) -> bool {
        match state {
            State::Pending(_) => true,
            State::Sent(_) => false,
            State::Drafted(_) | State::Rejected(..) | State::Unconfirmed(_) => self.resend,
            State::Previous(_) => self.updates,
        }
    }
}

/// Receives the progress of sending.
pub trait Watcher {
    /// An email is retried after a delay.
    fn again(&self, email: &Email, why: &str, pause: Duration);
    /// An email cannot be built.
    fn failed(&self, email: &Email, error: &OutboxError);
    /// An email is finished, with this state.
    fn done(&self, email: &Email, state: &State);
}

/// What a run does with each email.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Goal {
    Sent,
    Drafted,
}

/// Sends all emails that have no reason to be skipped and were not sent before. An email in doubt is looked up first, if the
/// transport can ask the mailbox.
///
/// # Errors
/// Returns an error if the send log cannot be written, or if the server or the account cannot be used at all. The send log
/// contains everything that was sent until then.
pub fn post(
    emails: &[Email],
    send_log: &mut SendLog,
    send_context: &SendContext,
    transport: &mut dyn Transport,
    watcher: &dyn Watcher,
) -> Result<(), OutboxError> {
    let mut run = Run::new(send_log, send_context, transport, watcher);
    run.all(emails, Goal::Sent)
}

/// Creates a draft in the mailbox for each email that has no reason to be skipped, was not sent before, and has none yet.
///
/// # Errors
/// Returns the errors of [`post`].
pub fn draft_in_mailbox(
    emails: &[Email],
    send_log: &mut SendLog,
    send_context: &SendContext,
    transport: &mut dyn Transport,
    watcher: &dyn Watcher,
) -> Result<(), OutboxError> {
    let mut run = Run::new(send_log, send_context, transport, watcher);
    run.all(emails, Goal::Drafted)
}

struct Run<'a> {
    send_log: &'a mut SendLog,
    context: &'a SendContext<'a>,
    transport: &'a mut dyn Transport,
    watcher: &'a dyn Watcher,
}

/// The result of an attempt, as it is logged.
struct Logged {
    event: Event,
    said: String,
    delay: Option<Duration>,
    /// Why the run ends.
    end: Option<Unusable>,
}

impl<'a> Run<'a> {
    fn new(
        send_log: &'a mut SendLog,
        context: &'a SendContext,
        transport: &'a mut dyn Transport,
        watcher: &'a dyn Watcher,
    ) -> Self {
        Self {
            send_log,
            context,
            transport,
            watcher,
        }
    }

    fn all(&mut self, emails: &[Email], goal: Goal) -> Result<(), OutboxError> {
        let mut last: Option<Instant> = None;
        for email in emails.iter().filter(|email| email.skip_reason.is_none()) {
            let Some(key) = Key::of(email) else {
                continue;
            };
            let state = self.send_log.email(email);
            let known = self.known(&key, &state);
            let draft = match &known {
                Some((id, Found::Sent)) => {
                    let said = "found among the sent emails";
                    self.send_log.write(Event::Sent, &key, id, said)?;
                    self.watcher.done(email, &self.send_log.email(email));
                    continue;
                }
                Some((_, Found::Draft(_))) if goal == Goal::Drafted && is_drafted(&state) => {
                    continue;
                }
                Some((id, Found::Draft(draft))) => Some(Prepared {
                    id: id.clone(),
                    draft: Some(draft.clone()),
                }),
                _ => None,
            };
            if draft.is_none() && !self.context.sends(&state) {
                continue;
            }
            if let Some(last) = last {
                let between = self.context.retries.between;
                rest(between.saturating_sub(last.elapsed()), self.context.stop);
            }
            if self.is_stopped() {
                break;
            }
            last = Some(Instant::now());
            let letter = match Letter::new(email, self.context.from) {
                Ok(letter) => letter,
                // The files of this client are missing or changed. The other clients are not affected.
                Err(error) => {
                    self.watcher.failed(email, &error);
                    continue;
                }
            };
            let end = self.one(&letter, &key, draft, goal)?;
            if let Some(error) = end {
                return Err(error.into());
            }
            self.watcher.done(email, &self.send_log.email(email));
        }
        Ok(())
    }

    fn is_stopped(&self) -> bool {
        self.context.stop.load(Ordering::Relaxed)
    }

    /// Looks up an email whose state may have changed since it was logged. Returns its message ID and where it is.
    fn known(&mut self, key: &Key, state: &State) -> Option<(String, Found)> {
        let is_in_doubt = match state {
            State::Unconfirmed(_) | State::Drafted(_) => true,
            State::Pending(_) => self.send_log.was_drafting(key),
            _ => false,
        };
        let id = self.send_log.message_id(key).filter(|_| is_in_doubt)?;
        let id = id.to_owned();
        let found = match state {
            State::Unconfirmed(time) => self.settled(&id, *time),
            _ => self.transport.look_up(&id),
        };
        Some((id, found))
    }

    /// Looks up an email that was perhaps sent at a time, until it is among the sent emails or had the time to get there.
    fn settled(&mut self, id: &str, time: DateTime<Local>) -> Found {
        let settle = self.context.retries.settle;
        let passed = Local::now().signed_duration_since(time).to_std();
        // A clock that was set back must not make anybody wait longer.
        let end = Instant::now() + settle.saturating_sub(passed.unwrap_or_default());
        loop {
            match self.transport.look_up(id) {
                Found::Draft(_) | Found::Nowhere if Instant::now() < end && !self.is_stopped() => {
                    rest(settle / 20, self.context.stop);
                }
                found => return found,
            }
        }
    }

    /// Sends or drafts an email, with retries. Returns why the run ends, if it does.
    fn one(
        &mut self,
        letter: &Letter,
        key: &Key,
        mut draft: Option<Prepared>,
        goal: Goal,
    ) -> Result<Option<Unusable>, OutboxError> {
        let retries = self.context.retries;
        let mut pause = retries.pause;
        for attempt in 0.. {
            let is_last = attempt == retries.again || self.is_stopped();
            let id = draft.as_ref().map_or(&letter.id, |draft| &draft.id).clone();
            let result = self.attempt(letter, key, &mut draft, goal)?;
            let id = draft.as_ref().map_or(id, |draft| draft.id.clone());
            let Logged {
                event,
                said,
                delay,
                end,
            } = logged(result, goal, is_last);
            self.send_log.write(event, key, &id, &said)?;
            if end.is_some() {
                return Ok(end);
            }
            if event != Event::Failed || is_last {
                break;
            }
            let wait = pause.max(delay.unwrap_or_default());
            self.watcher.again(letter.email, &said, wait);
            rest(wait, self.context.stop);
            if self.is_stopped() {
                break;
            }
            pause *= 2;
        }
        Ok(None)
    }

    /// Sends or drafts an email once. Logs it before anything can be sent. `draft` is the draft in the mailbox, if there is one.
    fn attempt(
        &mut self,
        letter: &Letter,
        key: &Key,
        draft: &mut Option<Prepared>,
        goal: Goal,
    ) -> Result<Attempt, OutboxError> {
        let drafts = goal == Goal::Drafted || self.transport.makes_drafts();
        if draft.is_none() && drafts {
            // The draft of an attempt whose answer was lost.
            if self.send_log.was_drafting(key)
                && let Found::Draft(found) = self.transport.look_up(&letter.id)
            {
                *draft = Some(Prepared {
                    id: letter.id.clone(),
                    draft: Some(found),
                });
            } else {
                self.send_log.write(Event::Drafting, key, &letter.id, "")?;
            }
        }
        let prepared = match (draft.clone(), goal) {
            (Some(draft), _) => Ok(draft),
            (None, Goal::Sent) => self.transport.prepare(letter),
            (None, Goal::Drafted) => self.transport.draft(letter),
        };
        let prepared = match prepared {
            Ok(prepared) => prepared,
            Err(attempt) => return Ok(attempt),
        };
        *draft = Some(prepared.clone()).filter(|prepared| prepared.draft.is_some());
        if goal == Goal::Drafted {
            return Ok(Attempt::Accepted(String::new()));
        }
        self.send_log.write(Event::Started, key, &prepared.id, "")?;
        let attempt = self.transport.submit(letter, &prepared);
        let Attempt::Unknown(why) = attempt else {
            return Ok(attempt);
        };
        Ok(match self.settled(&prepared.id, Local::now()) {
            Found::Sent => Attempt::Accepted(format!("found among the sent emails ({why})")),
            Found::Draft(_) => Attempt::TemporaryError(why, None),
            Found::Nowhere | Found::Unknown => Attempt::Unknown(why),
        })
    }
}

fn is_drafted(state: &State) -> bool {
    matches!(state, State::Drafted(_))
}

fn logged(attempt: Attempt, goal: Goal, is_last: bool) -> Logged {
    let (event, said, delay, end) = match attempt {
        Attempt::Accepted(said) => match goal {
            Goal::Sent => (Event::Sent, said, None, None),
            Goal::Drafted => (Event::Drafted, said, None, None),
        },
        Attempt::Rejected(said) => (Event::Rejected, said, None, None),
        Attempt::Unknown(said) => (Event::Unconfirmed, said, None, None),
        Attempt::TemporaryError(said, delay) => (Event::Failed, said, delay, None),
        // A server that is still unreachable after all retries is unreachable for the other emails too.
        Attempt::Unreachable(error) => (
            Event::Failed,
            error.to_string(),
            None,
            is_last.then_some(error),
        ),
        Attempt::Unusable(error) => (Event::Failed, error.to_string(), None, Some(error)),
    };
    Logged {
        event,
        said,
        delay,
        end,
    }
}

/// Waits for a time, or until the user stops the command.
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
