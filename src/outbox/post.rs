//! Sends emails one after another: each once, at a limited rate, with retries after temporary server errors.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::OutboxError;
use super::email::Email;
use super::message::{From, message, message_id};
use super::send_log::{Event, Key, SendLog, State};
use super::smtp::{Attempt, Server, Session};

/// The sending rate and the retries.
#[derive(Debug, Clone, Copy)]
pub struct RetryPolicy {
    /// Minimum time between the starts of two emails.
    pub between: Duration,
    /// Maximum number of retries per email.
    pub again: u32,
    /// Delay before the first retry. Each further delay is twice as long.
    pub pause: Duration,
}

/// The server, the sender, and the options of a run.
pub struct SendContext<'a> {
    /// The server.
    pub server: &'a Server,
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
            State::Rejected(..) | State::Unconfirmed(_) => self.resend,
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

/// Sends all emails that have no reason to be skipped and were not sent before.
///
/// # Errors
/// Returns an error if the send log cannot be written, or if the server cannot be used at all. The send log contains
/// everything that was sent until then.
pub fn post(
    emails: &[Email],
    send_log: &mut SendLog,
    send_context: &SendContext,
    watcher: &dyn Watcher,
) -> Result<(), OutboxError> {
    let mut session = Session::new(send_context.server);
    let mut last: Option<Instant> = None;
    for email in emails.iter().filter(|email| email.skip_reason.is_none()) {
        let (Ok(to), Some(key)) = (&email.to, Key::of(email)) else {
            continue;
        };
        if !send_context.sends(&send_log.email(email)) {
            continue;
        }
        if let Some(last) = last {
            rest(
                send_context.retries.between.saturating_sub(last.elapsed()),
                send_context.stop,
            );
        }
        if send_context.stop.load(Ordering::Relaxed) {
            break;
        }
        last = Some(Instant::now());
        let text = match message(email, send_context.from) {
            Ok(message) => message.formatted(),
            // The files of this client are missing or changed. The other clients are not affected.
            Err(error) => {
                watcher.failed(email, &error);
                continue;
            }
        };
        let id = message_id(email, to, send_context.from.address().domain());
        let mut pause = send_context.retries.pause;
        for attempt in 0.. {
            send_log.write(Event::Started, &key, &id, "")?;
            let last =
                attempt == send_context.retries.again || send_context.stop.load(Ordering::Relaxed);
            let (event, said, end) = match session.submit(send_context.from, to, &text) {
                Attempt::Accepted(said) => (Event::Sent, said, None),
                Attempt::Rejected(said) => (Event::Rejected, said, None),
                Attempt::Unknown(said) => (Event::Unconfirmed, said, None),
                Attempt::TemporaryError(said) => (Event::Failed, said, None),
                // A server that is still unreachable after all retries is unreachable for the other emails too.
                Attempt::Unreachable(error) => {
                    (Event::Failed, error.to_string(), last.then_some(error))
                }
                Attempt::ServerUnusable(error) => (Event::Failed, error.to_string(), Some(error)),
            };
            send_log.write(event, &key, &id, &said)?;
            if let Some(error) = end {
                return Err(error.into());
            }
            if event != Event::Failed || last {
                break;
            }
            watcher.again(email, &said, pause);
            rest(pause, send_context.stop);
            if send_context.stop.load(Ordering::Relaxed) {
                break;
            }
            pause *= 2;
        }
        watcher.done(email, &send_log.email(email));
    }
    Ok(())
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
