//! Sends emails one after another: each once, at a limited rate, with retries after temporary server errors.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, Local};

use super::OutboxError;
use super::email::Email;
use super::message::From;
use super::send_log::{Event, Key, SendLog, State};
use super::transport::{Attempt, Found, OutgoingEmail, Prepared, Transport, Unusable};

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
    /// What is done with each email.
    pub goal: Goal,
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
    /// The mailbox cannot be asked for an email that may have been sent. It stays as it is.
    fn not_looked_up(&self, email: &Email, why: &str);
    /// An email cannot be built.
    fn failed(&self, email: &Email, error: &OutboxError);
    /// An email is finished, with this state.
    fn done(&self, email: &Email, state: &State);
}

/// What a run does with each email.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// The email is sent.
    Sent,
    /// A draft is created in the mailbox, for a person to send.
    Drafted,
}

/// Sends or drafts all emails that have no reason to be skipped and were not sent before. An email that may have been sent is
/// looked up first, if the transport can ask the mailbox.
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
    let mut run = Run {
        send_log,
        context: send_context,
        transport,
        watcher,
    };
    run.all(emails)
}

/// What is done with an email, after its state was compared with the mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Decision {
    /// Nothing: it was sent, or a person decides.
    Skip,
    /// It is logged as sent: it is among the sent emails.
    LogSent,
    /// Its draft in the mailbox is sent. Contains the ID of the draft.
    SendDraft(String),
    /// It is created and sent.
    Create,
}

/// Decides what is done with an email. `found` is where it is in the mailbox, if it can be there. `sends` says whether the
/// options ask for emails in this state.
fn decide(state: &State, found: Option<&Found>, goal: Goal, sends: bool) -> Decision {
    if matches!(state, State::Sent(_)) {
        return Decision::Skip;
    }
    match found {
        Some(Found::Sent) => Decision::LogSent,
        Some(Found::Draft(draft)) => match state {
            State::Drafted(_) if goal == Goal::Drafted => Decision::Skip,
            // A provider that rejected a draft would reject it again.
            State::Rejected(..) | State::Previous(_) if !sends => Decision::Skip,
            _ => Decision::SendDraft(draft.clone()),
        },
        // The draft that was logged is gone, or cannot be looked for: a person may have sent it.
        Some(Found::CannotAsk) if matches!(state, State::Pending(_)) => Decision::Skip,
        Some(Found::Missing | Found::CannotAsk) | None if sends => Decision::Create,
        Some(Found::Missing | Found::CannotAsk) | None => Decision::Skip,
    }
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
    message: String,
    delay: Option<Duration>,
    /// Why the run ends.
    end: Option<Unusable>,
}

impl Run<'_> {
    fn all(&mut self, emails: &[Email]) -> Result<(), OutboxError> {
        let goal = self.context.goal;
        let mut last: Option<Instant> = None;
        for email in emails.iter().filter(|email| email.skip_reason.is_none()) {
            let Some(key) = Key::of(email) else {
                continue;
            };
            if self.is_stopped() {
                break;
            }
            let state = self.send_log.email(email);
            let id = self.asked_for(&key, &state);
            let found = match &id {
                Some(id) => match self.found(id, &state) {
                    Ok(found) => Some(found),
                    Err(Attempt::Unusable(error) | Attempt::Unreachable(error)) => {
                        return Err(error.into());
                    }
                    // What cannot be looked up is neither sent nor given up.
                    Err(attempt) => {
                        self.watcher.not_looked_up(email, &attempt.why());
                        continue;
                    }
                },
                None => None,
            };
            let sends = self.context.sends(&state);
            let draft = match decide(&state, found.as_ref(), goal, sends) {
                Decision::Skip => continue,
                Decision::LogSent => {
                    let message = "found among the sent emails";
                    self.send_log
                        .write(Event::Sent, &key, &id.unwrap_or_default(), message)?;
                    self.watcher.done(email, &self.send_log.email(email));
                    continue;
                }
                Decision::SendDraft(draft) => Some(Prepared {
                    id: id.unwrap_or_default(),
                    draft: Some(draft),
                }),
                Decision::Create => None,
            };
            if let Some(last) = last {
                let between = self.context.retries.between;
                rest(between.saturating_sub(last.elapsed()), self.context.stop);
            }
            if self.is_stopped() {
                break;
            }
            last = Some(Instant::now());
            let outgoing = match OutgoingEmail::new(email, self.context.from) {
                Ok(outgoing) => outgoing,
                // The files of this client are missing or changed. The other clients are not affected.
                Err(error) => {
                    self.watcher.failed(email, &error);
                    continue;
                }
            };
            if let Some(error) = self.one(&outgoing, &key, draft)? {
                return Err(error.into());
            }
            self.watcher.done(email, &self.send_log.email(email));
        }
        Ok(())
    }

    fn is_stopped(&self) -> bool {
        self.context.stop.load(Ordering::Relaxed)
    }

    /// Returns the message ID under which an email may be in the mailbox although it is not logged as sent.
    fn asked_for(&self, key: &Key, state: &State) -> Option<String> {
        let may_be_there = match state {
            State::Unconfirmed(_) | State::Drafted(_) => true,
            State::Pending(_) | State::Rejected(..) => self.send_log.was_drafted(key),
            State::Sent(_) | State::Previous(_) => false,
        };
        let id = self.send_log.message_id(key).filter(|_| may_be_there)?;
        Some(id.to_owned())
    }

    /// Looks up an email, again after temporary errors. If its sending was started, waits until it had the time to arrive.
    fn found(&mut self, id: &str, state: &State) -> Result<Found, Attempt> {
        let mut pause = self.context.retries.pause;
        for attempt in 0.. {
            let found = match state {
                State::Unconfirmed(time) => self.settled(id, *time),
                _ => self.transport.look_up(id),
            };
            match found {
                Err(Attempt::TemporaryError(_, delay))
                    if attempt < self.context.retries.again && !self.is_stopped() =>
                {
                    rest(pause.max(delay.unwrap_or_default()), self.context.stop);
                    pause *= 2;
                }
                found => return found,
            }
        }
        Ok(Found::CannotAsk)
    }

    /// Looks up an email that was perhaps sent at a time, until it is among the sent emails or had the time to get there.
    fn settled(&mut self, id: &str, time: DateTime<Local>) -> Result<Found, Attempt> {
        let settle = self.context.retries.settle;
        let passed = Local::now().signed_duration_since(time).to_std();
        // A clock that was set back must not make anybody wait longer.
        let end = Instant::now() + settle.saturating_sub(passed.unwrap_or_default());
        loop {
            match self.transport.look_up(id)? {
                // Too early to tell.
                Found::Draft(_) | Found::Missing if Instant::now() < end => {
                    if self.is_stopped() {
                        return Ok(Found::CannotAsk);
                    }
                    rest(settle / 20, self.context.stop);
                }
                found => return Ok(found),
            }
        }
    }

    /// Sends or drafts an email, with retries. `draft` is its draft in the mailbox, if there is one. Returns why the run
    /// ends, if it does.
    fn one(
        &mut self,
        outgoing: &OutgoingEmail,
        key: &Key,
        mut draft: Option<Prepared>,
    ) -> Result<Option<Unusable>, OutboxError> {
        let (retries, goal) = (self.context.retries, self.context.goal);
        let mut pause = retries.pause;
        for attempt in 0.. {
            let is_last = attempt == retries.again || self.is_stopped();
            let prepared = match draft.take() {
                Some(draft) => Ok(draft),
                None => self.prepare(outgoing, key, attempt > 0)?,
            };
            let (id, result) = match prepared {
                Err(attempt) => (outgoing.id.clone(), attempt),
                Ok(prepared) => {
                    let result = match goal {
                        Goal::Drafted => Attempt::Accepted(String::new()),
                        Goal::Sent => self.submit(outgoing, key, &prepared)?,
                    };
                    let id = prepared.id.clone();
                    // The next attempt sends the same draft.
                    draft = Some(prepared).filter(|prepared| prepared.draft.is_some());
                    (id, result)
                }
            };
            let Logged {
                event,
                message,
                delay,
                end,
            } = logged(result, goal, is_last);
            self.send_log.write(event, key, &id, &message)?;
            if end.is_some() {
                return Ok(end);
            }
            if event != Event::Failed || is_last {
                break;
            }
            let wait = pause.max(delay.unwrap_or_default());
            self.watcher.again(outgoing.email, &message, wait);
            rest(wait, self.context.stop);
            if self.is_stopped() {
                break;
            }
            pause *= 2;
        }
        Ok(None)
    }

    /// Prepares an email. If that makes a draft in the mailbox, logs it first. After a failed attempt, uses the draft of that
    /// attempt if it is complete.
    fn prepare(
        &mut self,
        outgoing: &OutgoingEmail,
        key: &Key,
        is_again: bool,
    ) -> Result<Result<Prepared, Attempt>, OutboxError> {
        if self.context.goal == Goal::Sent && !self.transport.makes_drafts() {
            return Ok(self.transport.prepare(outgoing));
        }
        if is_again {
            match self.transport.look_up(&outgoing.id) {
                Ok(Found::Draft(draft)) => {
                    return Ok(Ok(Prepared {
                        id: outgoing.id.clone(),
                        draft: Some(draft),
                    }));
                }
                Ok(Found::Sent) => {
                    return Ok(Err(Attempt::Accepted(
                        "found among the sent emails".to_owned(),
                    )));
                }
                Ok(Found::Missing | Found::CannotAsk) => {}
                Err(attempt) => return Ok(Err(attempt)),
            }
        }
        self.send_log
            .write(Event::Drafting, key, &outgoing.id, "")?;
        Ok(self.transport.draft(outgoing))
    }

    /// Sends a prepared email. Logs it before anything is sent.
    fn submit(
        &mut self,
        outgoing: &OutgoingEmail,
        key: &Key,
        prepared: &Prepared,
    ) -> Result<Attempt, OutboxError> {
        self.send_log.write(Event::Started, key, &prepared.id, "")?;
        let why = match self.transport.submit(outgoing, prepared) {
            Attempt::Unknown(why) => why,
            attempt => return Ok(attempt),
        };
        Ok(match self.settled(&prepared.id, Local::now()) {
            Ok(Found::Sent) => Attempt::Accepted(format!("found among the sent emails ({why})")),
            Ok(Found::Draft(_)) => Attempt::TemporaryError(why, None),
            Ok(Found::Missing | Found::CannotAsk) | Err(_) => Attempt::Unknown(why),
        })
    }
}

fn logged(attempt: Attempt, goal: Goal, is_last: bool) -> Logged {
    let (event, message, delay, end) = match attempt {
        Attempt::Accepted(message) => match goal {
            Goal::Sent => (Event::Sent, message, None, None),
            Goal::Drafted => (Event::Drafted, message, None, None),
        },
        Attempt::Rejected(message) => (Event::Rejected, message, None, None),
        Attempt::Unknown(message) => (Event::Unconfirmed, message, None, None),
        Attempt::TemporaryError(message, delay) => (Event::Failed, message, delay, None),
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
        message,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_follows_from_the_state_and_the_mailbox() {
        use Decision::{Create, LogSent, SendDraft, Skip};
        let now = Local::now();
        let draft = || Some(Found::Draft("d".into()));
        let send = || SendDraft("d".into());
        let pending = || State::Pending(None);
        let (drafted, doubt) = (|| State::Drafted(now), || State::Unconfirmed(now));
        let rejected = || State::Rejected(now, String::new());
        // State, where it is, what it would be without options, with --resend, and as a draft.
        let table = [
            (pending(), None, Create, Create, Create),
            (pending(), Some(Found::Sent), LogSent, LogSent, LogSent),
            (pending(), draft(), send(), send(), send()),
            (pending(), Some(Found::Missing), Create, Create, Create),
            // A draft was made through another account.
            (pending(), Some(Found::CannotAsk), Skip, Skip, Skip),
            (State::Sent(now), None, Skip, Skip, Skip),
            (drafted(), Some(Found::Sent), LogSent, LogSent, LogSent),
            (drafted(), draft(), send(), send(), Skip),
            (drafted(), Some(Found::Missing), Skip, Create, Skip),
            (drafted(), Some(Found::CannotAsk), Skip, Create, Skip),
            (doubt(), Some(Found::Sent), LogSent, LogSent, LogSent),
            (doubt(), draft(), send(), send(), send()),
            (doubt(), Some(Found::Missing), Skip, Create, Skip),
            (doubt(), Some(Found::CannotAsk), Skip, Create, Skip),
            (rejected(), None, Skip, Create, Skip),
            (rejected(), draft(), Skip, send(), Skip),
            (State::Previous(now), None, Skip, Skip, Skip),
        ];
        let stop = AtomicBool::new(false);
        let from = From::new("", "plans@brightwater.example").unwrap();
        let context = |goal, resend| SendContext {
            goal,
            from: &from,
            retries: RetryPolicy {
                between: Duration::ZERO,
                again: 0,
                pause: Duration::ZERO,
                settle: Duration::ZERO,
            },
            resend,
            updates: false,
            stop: &stop,
        };
        for (state, found, usual, resent, drafted) in table {
            let decide = |goal, resend: bool| {
                let sends = context(goal, resend).sends(&state);
                super::decide(&state, found.as_ref(), goal, sends)
            };
            assert_eq!(decide(Goal::Sent, false), usual, "{state:?} {found:?}");
            assert_eq!(decide(Goal::Sent, true), resent, "{state:?} {found:?}");
            assert_eq!(decide(Goal::Drafted, false), drafted, "{state:?} {found:?}");
        }
    }
}
