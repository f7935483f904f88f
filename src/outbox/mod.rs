//! Plans on their way to the clients: drafts to look through and send, or emails by SMTP, each once.
//!
//! What is to be sent is read from an output folder's results. What was sent is kept in its send_log, written before and after
//! each email: after a crash an email that was under way is in doubt, and a person decides.

mod address;
mod email;
mod message;
mod post;
mod send_log;
mod smtp;

use std::path::PathBuf;

use crate::output::os_message;

pub use address::{AddressError, parse as parse_address};
pub use email::{Choice, Email, SkipReason, emails};
pub use message::{From, draft};
pub use post::{RetryPolicy, SendContext, Watcher, post};
pub use send_log::{SendLog, State, shown};
pub use smtp::{Server, ServerError};

/// Why nothing was sent, or sending ended.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutboxError {
    /// The folder has no results.
    #[error("{path} cannot be read ({}). Run `partnerbook report` first", os_message(.error))]
    NoResults {
        /// Where they should be.
        path: PathBuf,
        /// What the system said.
        #[source]
        error: std::io::Error,
    },
    /// The results are not what `report` writes.
    #[error("{path}, line {line}, is not a valid result ({why}). Run `partnerbook report` again")]
    Results {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Why.
        why: String,
    },
    /// Nobody of this name.
    #[error("no client is named \"{0}\". Run `partnerbook send --dry-run` to list the clients")]
    Unknown(String),
    /// The send_log cannot be read or written: without it nothing is sent.
    #[error("{path}: the send log cannot be used ({error}), so nothing is sent")]
    SendLog {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        error: std::io::Error,
    },
    /// Another run is sending.
    #[error("{0}: another partnerbook process is sending from this folder. Wait until it finishes")]
    Busy(PathBuf),
    /// A line in the midst of the send_log is damaged.
    #[error(
        "{path}, line {line}: the send log is damaged. Correct or delete this line; until then nothing is sent, because an email could be sent twice"
    )]
    SendLogDamaged {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
    },
    /// The message cannot be put together.
    #[error("the email to {client} cannot be created: {why}")]
    Message {
        /// The client.
        client: String,
        /// Why.
        why: String,
    },
    /// The server cannot be used by any email.
    #[error(transparent)]
    Server(#[from] ServerError),
}
