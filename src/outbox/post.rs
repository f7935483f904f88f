//! Sending emails one after another: each once, not too fast, and again after a pause when the server says so.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::OutboxError;
use super::email::Email;
use super::message::{From, message, message_id};
use super::send_log::{Event, Key, SendLog, State};
use super::smtp::{Attempt, Server, Session};

/// How fast, and how often again.
#[derive(Debug, Clone, Copy)]
pub struct RetryPolicy {
    /// Time from one email to the next, at least.
    pub between: Duration,
    /// How often an email is tried again that could not be sent.
    pub again: u32,
    /// The pause before it is tried again for the first time; each further one is twice as long.
    pub pause: Duration,
}

/// Who sends, and through which server.
pub struct SendContext<'a> {
    /// The server.
    pub server: &'a Server,
    /// The sender.
    pub from: &'a From,
    /// How fast.
    pub retries: RetryPolicy,
    /// Sends also what is in doubt or was refused.
    pub resend: bool,
    /// Sends also new plans to clients who were sent an earlier one.
    pub updates: bool,
    /// Ends it after the current email.
    pub stop: &'a AtomicBool,
}

impl SendContext<'_> {
    /// Whether an email that stands so is to be sent now.
    pub fn sends(&self, state: &State) -> bool {
        match state {
            State::Pending(_) => true,
            State::Sent(_) => false,
            State::Rejected(..) | State::Unconfirmed(_) => self.resend,
            State::Previous(_) => self.updates,
        }
    }
}

/// Who watches the emails go.
pub trait Watcher {
    /// An email will be tried again after a pause.
    fn again(&self, email: &Email, why: &str, pause: Duration);
    /// An email cannot be put together.
    fn failed(&self, email: &Email, error: &OutboxError);
    /// What became of an email.
    fn done(&self, email: &Email, state: &State);
}

/// Sends the emails that nothing stands against and that were not sent before.
///
/// # Errors
/// When the send_log cannot be kept, or the server cannot be used at all. What was sent until then is in the send_log.
pub fn post(
    folder: &Path,
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
        let text = match message(folder, email, send_context.from) {
            Ok(message) => message.formatted(),
            // Its files are not there any more; the others' are.
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
                Attempt::Taken(said) => (Event::Sent, said, None),
                Attempt::Rejected(said) => (Event::Rejected, said, None),
                Attempt::Unknown(said) => (Event::Unconfirmed, said, None),
                Attempt::Later(said) => (Event::Failed, said, None),
                // A server that is still not there is not there for the other emails either.
                Attempt::Unreachable(error) => {
                    (Event::Failed, error.to_string(), last.then_some(error))
                }
                Attempt::Hopeless(error) => (Event::Failed, error.to_string(), Some(error)),
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
