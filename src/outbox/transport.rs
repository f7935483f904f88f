//! How an email leaves this computer. Each transport says whether the server may have accepted it.

use std::time::Duration;

use super::OutboxError;
use super::email::Email;
use super::message::{From, message, message_id};
use super::server::ServerError;
use crate::account::AccountError;

/// An email as it is sent.
pub struct OutgoingEmail<'a> {
    /// The email.
    pub email: &'a Email,
    /// The sender.
    pub from: &'a From,
    /// The recipient.
    pub to: &'a lettre::Address,
    /// The message ID, which is the same for the same email.
    pub id: String,
    /// The message (MIME).
    pub bytes: Vec<u8>,
}

impl<'a> OutgoingEmail<'a> {
    /// Builds the message of an email.
    ///
    /// # Errors
    /// Returns an error if the address is not valid or a file to attach is missing or changed.
    pub fn new(email: &'a Email, from: &'a From) -> Result<Self, OutboxError> {
        let to = email.to.as_ref().map_err(|error| OutboxError::Message {
            client: email.client.clone(),
            why: error.to_string(),
        })?;
        Ok(Self {
            email,
            from,
            to,
            id: message_id(email, to, from.address().domain()),
            bytes: message(email, from)?.formatted(),
        })
    }
}

/// An email that is ready to be sent.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// The message ID by which the email can be looked up.
    pub id: String,
    /// The draft in the mailbox, if the transport makes one first.
    pub draft: Option<String>,
}

/// The result of one attempt to send an email.
#[derive(Debug)]
pub enum Attempt {
    /// The server accepted the email.
    Accepted(String),
    /// A temporary error. The server certainly did not accept the email. Contains the delay that the server asks for.
    TemporaryError(String, Option<Duration>),
    /// The server cannot be reached now.
    Unreachable(Unusable),
    /// The server rejected the email permanently.
    Rejected(String),
    /// The connection broke after the server may have accepted the email.
    Unknown(String),
    /// No email can be sent this way.
    Unusable(Unusable),
}

impl Attempt {
    /// Returns what the server said, or why it said nothing.
    pub fn why(&self) -> String {
        match self {
            Self::Accepted(message) | Self::Rejected(message) | Self::Unknown(message) => {
                message.clone()
            }
            Self::TemporaryError(message, _) => message.clone(),
            Self::Unreachable(error) | Self::Unusable(error) => error.to_string(),
        }
    }
}

/// Why no email can be sent.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub enum Unusable {
    /// The server cannot be used.
    Server(#[from] ServerError),
    /// The account cannot be used.
    Account(#[from] AccountError),
}

impl Unusable {
    /// Returns whether the same command can succeed later without a change.
    pub fn is_temporary(&self) -> bool {
        matches!(
            self,
            Self::Server(ServerError::Unreachable { .. })
                | Self::Account(AccountError::Unreachable { .. } | AccountError::Limited { .. })
        )
    }
}

/// Where an email is found in the mailbox of the sender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Among the sent emails.
    Sent,
    /// Among the drafts. Contains the ID of the draft.
    Draft(String),
    /// Not in the mailbox. It may have been deleted.
    Missing,
    /// This transport has no mailbox to ask.
    CannotAsk,
}

/// A way to send emails.
pub trait Transport {
    /// Formats the server and the user for display.
    fn shown(&self) -> String;

    /// Returns whether an email becomes a draft in the mailbox before it is sent.
    fn makes_drafts(&self) -> bool {
        false
    }

    /// Prepares an email. Nothing is sent.
    ///
    /// # Errors
    /// Returns the result of the attempt if the email cannot be prepared. The email is certainly not sent then.
    fn prepare(&mut self, outgoing: &OutgoingEmail) -> Result<Prepared, Attempt> {
        Ok(Prepared {
            id: outgoing.id.clone(),
            draft: None,
        })
    }

    /// Creates a draft in the mailbox, for a person to send or for [`Transport::submit`].
    ///
    /// # Errors
    /// Returns the result of the attempt if the draft cannot be created.
    fn draft(&mut self, outgoing: &OutgoingEmail) -> Result<Prepared, Attempt>;

    /// Tries to send an email.
    fn submit(&mut self, outgoing: &OutgoingEmail, prepared: &Prepared) -> Attempt;

    /// Looks up an email in the mailbox of the sender, by its message ID.
    ///
    /// # Errors
    /// Returns the result of the request if the mailbox does not answer.
    fn look_up(&mut self, id: &str) -> Result<Found, Attempt> {
        let _ = id;
        Ok(Found::CannotAsk)
    }
}
