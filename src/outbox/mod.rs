//! Sends the plans to the clients: as email drafts to review and send, or by SMTP, each email once.
//!
//! The emails come from the results in an output folder. A send log in the same folder is written before and after each
//! email. After a crash, an email whose sending had started is unconfirmed, and a person decides whether to send it
//! again.
//!
//! ```
//! use partnerbook::outbox::parse_address;
//!
//! assert!(parse_address("mailto:dana@halvorsen.example").is_ok());
//! assert!(parse_address("dana").is_err());
//! ```

mod address;
mod api;
mod email;
mod gmail;
mod graph;
mod message;
mod post;
mod send_log;
mod server;
mod smtp;
mod transport;

use std::path::PathBuf;

use crate::output::os_message;

pub use address::{AddressError, parse as parse_address};
pub use email::{Attachment, Choice, Email, Kind, SkipReason, choose, emails};
pub use graph::Graph;
pub use message::{From, draft};
pub use post::{Goal, RetryPolicy, SendContext, Watcher, post};
pub use send_log::{SendLog, State, shown};
pub use server::{Server, ServerError};
pub use smtp::Session;
pub use transport::{Attempt, OutgoingEmail, Transport, Unusable};

/// Why nothing was sent, or why sending stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutboxError {
    /// The folder has no readable results.
    #[error("{path} cannot be read ({}). Run `partnerbook report` first", os_message(.error))]
    NoResults {
        /// The path of the results file.
        path: PathBuf,
        /// The underlying I/O error.
        #[source]
        error: std::io::Error,
    },
    /// The results are not in the format that `report` writes.
    #[error("{path}, line {line}, is not a valid result ({why}). Run `partnerbook report` again")]
    Results {
        /// The results file.
        path: PathBuf,
        /// The line number, from 1.
        line: usize,
        /// The reason.
        why: String,
    },
    /// No client has this name.
    #[error(
        "no client is named \"{0}\". Run the same command with --dry-run instead of --client to list the clients"
    )]
    Unknown(String),
    /// The send log cannot be read or written. Nothing is sent without it.
    #[error("{path}: the send log cannot be used ({error}), so nothing is sent")]
    SendLog {
        /// The send log file.
        path: PathBuf,
        /// The underlying I/O error.
        #[source]
        error: std::io::Error,
    },
    /// Another process is sending from this folder.
    #[error("{0}: another partnerbook process is sending from this folder. Wait until it finishes")]
    Busy(PathBuf),
    /// A line of the send log, other than an incomplete last line, is damaged.
    #[error(
        "{path}, line {line}: the send log is damaged. Correct or delete this line; until then nothing is sent, because an email could be sent twice"
    )]
    SendLogDamaged {
        /// The send log file.
        path: PathBuf,
        /// The line number, from 1.
        line: usize,
    },
    /// The message cannot be built.
    #[error("the email to {client} cannot be created: {why}")]
    Message {
        /// The client.
        client: String,
        /// The reason.
        why: String,
    },
    /// The server or the account cannot be used for any email.
    #[error(transparent)]
    Unusable(#[from] Unusable),
}
