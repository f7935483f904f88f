//! How `partnerbook send` prints the state of each email.

use std::time::Duration;

use super::{print_error, print_line, print_warning};
use crate::outbox::{self, Email, OutboxError, SendLog, State, Watcher};

/// Prints the outcome of each email.
pub struct ConsoleObserver;

impl Watcher for ConsoleObserver {
    fn failed(&self, _: &Email, error: &OutboxError) {
        print_error(&error.to_string());
    }

    fn again(&self, email: &Email, why: &str, pause: Duration) {
        print_warning(&format!(
            "{}: temporary error ({why}), retrying in {} s",
            email.client,
            pause.as_secs_f64()
        ));
    }

    fn not_looked_up(&self, email: &Email, why: &str) {
        print_error(&format!(
            "{}: the mailbox cannot be asked whether the email was sent ({why}). Run the same command again",
            email.client
        ));
    }

    fn done(&self, email: &Email, state: &State) {
        let to = email.to.as_ref().map(ToString::to_string);
        let to = to.unwrap_or_default();
        match state {
            State::Sent(_) => print_line(&format!("{}: sent to {to}", email.client)),
            State::Drafted(_) => print_line(&format!("{}: draft to {to}", email.client)),
            other => print_error(&format!("{}, {to}: {}", email.client, words(other))),
        }
    }
}

/// Formats a state.
pub fn words(state: &State) -> String {
    match state {
        State::Pending(None) => "pending".into(),
        State::Pending(Some(why)) => format!("pending, last error: {why}"),
        State::Sent(time) => format!("sent {}", outbox::shown(time)),
        State::Drafted(time) => format!(
            "a draft was created in the mailbox {}. Send or delete it there; after deleting it, use --resend",
            outbox::shown(time)
        ),
        State::Rejected(time, why) => format!("rejected {}: {why}", outbox::shown(time)),
        State::Previous(time) => format!(
            "skipped: a previous one was sent, or is a draft in the mailbox, {}. Use --updates to send the new one",
            outbox::shown(time)
        ),
        State::Unconfirmed(time) => format!(
            "unconfirmed: sending started {} and may have succeeded. Ask the client, then use --resend",
            outbox::shown(time)
        ),
    }
}

/// Maximum length of a cell before the state, in characters.
const MAX_CELL: usize = 48;

/// Formats a table of recipients, plans, and states.
pub fn table<'l>(
    emails: impl Iterator<Item = &'l Email>,
    send_log: &SendLog,
    others: &[(&str, &str, &State)],
) -> String {
    let mut rows = vec![["Client", "To", "File", "State"].map(str::to_owned)];
    for email in emails {
        let state = send_log.email(email);
        // A sent email stays sent, even if there is a reason to skip the client now.
        let state = match (&email.skip_reason, &state) {
            (Some(skip_reason), State::Pending(_)) => format!("skipped: {skip_reason}"),
            _ => words(&state),
        };
        let to = email.to.as_ref().map_or("–".into(), ToString::to_string);
        let file = email.attachments.first().map(|file| file.name.clone());
        let file = file.unwrap_or_else(|| "–".into());
        rows.push([email.client.clone(), to, file, state]);
    }
    for (client, to, state) in others {
        let file = "(a previous one)".to_owned();
        rows.push([(*client).to_owned(), (*to).to_owned(), file, words(state)]);
    }
    for cell in rows.iter_mut().flat_map(|row| &mut row[..3]) {
        *cell = crate::text::shorten(cell, MAX_CELL);
    }
    super::aligned(&rows, 0..0)
}
