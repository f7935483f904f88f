//! An engagement: the clients of a round, the workbooks handed out to them, and what came back.
//!
//! An engagement is a folder. `roster` reads the list of clients. `handout` creates a workbook for each of them, and
//! `register` keeps which ones. `status` compares the roster with the returned workbooks, the plans, and the emails.
//!
//! ```
//! use partnerbook::engagement;
//! use partnerbook::questionnaire::Questionnaire;
//!
//! let folder = tempfile::tempdir()?;
//! engagement::create(folder.path(), "partnerbook.toml", &Questionnaire::built_in()?)?;
//! assert!(folder.path().join("inbox").is_dir());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[cfg(feature = "mail")]
mod emails;
mod handout;
mod new;
mod next_round;
mod register;
mod roster;
mod status;

#[cfg(feature = "mail")]
pub use emails::{Cadence, Mailing};
pub use handout::{HandedOut, Handout, HandoutError, hand_out};
pub use new::{NewError, create};
pub use next_round::{LAST_ANSWERS, NextRound};
pub use register::{Entry, Register, RegisterError};
pub use roster::{Client, Problem, Roster, RosterError, Severity};
pub use status::{Inbox, client_statuses, status};
