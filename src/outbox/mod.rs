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

use crate::output::said;

pub use address::{AddressError, parse as parse_address};
pub use email::{Choice, Email, SkipReason, emails};
pub use message::{From, draft};
pub use post::{RetryPolicy, SendContext, Watcher, post};
pub use send_log::{SendLog, State, shown};
pub use smtp::{Server, ServerError};

/// Name of the folder of drafts within an output folder.
pub const DRAFTS: &str = "drafts";

/// Why nothing was sent, or sending ended.
#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    /// The folder has no results.
    #[error("{path}: there are no results to send ({}); make them first with `partnerbook report`", said(.error))]
    NoResults {
        /// Where they should be.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// The results are not what `report` writes.
    #[error("{path}: line {line} is not what `partnerbook report` writes ({why}); run it again")]
    Results {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Why.
        why: String,
    },
    /// Nobody of this name.
    #[error("no client \"{0}\" in the results; `partnerbook send --dry-run` lists them")]
    Unknown(String),
    /// The send_log cannot be read or written: without it nothing is sent.
    #[error(
        "{path}: the send_log of what was sent cannot be used ({error}); nothing is sent without it"
    )]
    SendLog {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// Another run is sending.
    #[error("{0}: another partnerbook is sending from this folder; wait until it ends")]
    Busy(PathBuf),
    /// A line in the midst of the send_log is damaged.
    #[error(
        "{path}: line {line} of the send_log of what was sent is damaged. Fix it or take it out by hand: without it an email could be sent twice"
    )]
    JournalDamaged {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
    },
    /// The message cannot be put together.
    #[error("the message to {client} cannot be put together: {why}")]
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
