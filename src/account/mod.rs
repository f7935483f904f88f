//! Mail accounts of Microsoft and Google: sign-in, tokens, and where they are kept.
//!
//! A firm registers an application with its provider and enters its ID in `partnerbook.toml`. A user signs in once, in the
//! browser or with a code on another device. The token that lasts is kept in the system's keyring, or in a file only the user
//! can read. It appears in no log, no error, and no argument of a process.
//!
//! ```
//! use partnerbook::account::Provider;
//!
//! assert_eq!(Provider::of("google"), Some(Provider::Google));
//! assert_eq!(Provider::of("example"), None);
//! ```

mod application;
mod device;
mod http;
mod secret;
mod sign_in;
mod store;
mod token;

use std::path::PathBuf;

use chrono::{DateTime, Local};
use serde::{Deserialize, Serialize};

pub use application::{Application, Provider, ProviderSettings, Purpose, Settings};
pub use device::sign_in as sign_in_with_code;
pub use http::{Answer, Http, HttpError};
pub use secret::Secret;
pub use sign_in::sign_in;
pub use store::Store;
pub use token::{SignedIn, Tokens};

/// An account that a user signed in to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The provider.
    pub provider: Provider,
    /// Email address.
    pub address: String,
    /// ID of the application that signed in.
    pub client_id: String,
    /// Whether emails can be looked up, and drafts created, in the mailbox.
    pub mailbox: bool,
    /// When the user signed in.
    pub signed_in: DateTime<Local>,
    /// Where the token is kept.
    pub place: Place,
}

impl Account {
    /// Returns the account of a sign-in. `given` is the address that the user named.
    ///
    /// # Errors
    /// Returns an error if neither the provider nor the user named an address.
    pub fn new(
        application: &Application,
        tokens: &Tokens,
        given: Option<&str>,
    ) -> Result<Self, AccountError> {
        let address = given.map(str::to_owned).or_else(|| tokens.address.clone());
        let granted = |scope: &String| {
            let scope = scope.to_lowercase();
            scope.contains("mail.readwrite") || scope.contains("mail.google.com")
        };
        Ok(Self {
            provider: application.provider,
            address: address.ok_or(AccountError::NoAddress(application.provider))?,
            client_id: application.client_id().to_owned(),
            mailbox: application.wants_mailbox() && tokens.scope.as_ref().is_none_or(granted),
            signed_in: Local::now(),
            place: Place::File,
        })
    }

    fn is_same(&self, other: &Self) -> bool {
        self.provider == other.provider && self.address.eq_ignore_ascii_case(&other.address)
    }
}

/// Where the token of an account is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The system's keyring.
    Keyring,
    /// A file that only the user can read.
    File,
}

/// Why an account cannot be added or used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AccountError {
    /// The settings name no application.
    #[error(
        "no application is registered for {0}. Enter its client_id in the nearest partnerbook.toml under [account.{key}]; the page \"Send through Microsoft 365 or Google\" of the guide shows how to register one",
        key = .0.key()
    )]
    NotRegistered(Provider),
    /// Google's client secret is missing.
    #[error(
        "enter the client_secret that Google issued in partnerbook.toml under [account.google]"
    )]
    NoSecret,
    /// Two settings exclude each other.
    #[error(
        "[account.microsoft]: smtp = true and mailbox = true do not go together. Remove one of them"
    )]
    SmtpWithMailbox,
    /// A secret would be sent unencrypted.
    #[error("{key}: \"{url}\" must start with https://")]
    Url {
        /// The key in the settings.
        key: String,
        /// The address.
        url: String,
    },
    /// The mail server's address is invalid.
    #[error("smtp_url: \"{0}\" must start with smtps:// or smtp://")]
    SmtpUrl(String),
    /// Nobody signed in to this provider.
    #[error("nobody is signed in to {0}. Run `partnerbook account add {key}`", key = .0.key())]
    NotSignedIn(Provider),
    /// Nobody signed in to any provider.
    #[error(
        "nobody is signed in. Run `partnerbook account add microsoft` or `partnerbook account add google`"
    )]
    NoAccount,
    /// No account has this name.
    #[error("no account is named \"{0}\". Run `partnerbook account list`")]
    Unknown(String),
    /// More than one account fits.
    #[error(
        "more than one account is signed in. Name one by its address, as `partnerbook account list` shows it"
    )]
    Several(String),
    /// The account was added through another application.
    #[error(
        "{address} signed in through another application than the one in partnerbook.toml. Run `partnerbook account add {key}` again",
        key = .provider.key()
    )]
    OtherApplication {
        /// The provider.
        provider: Provider,
        /// The address.
        address: String,
    },
    /// The user denied the consent.
    #[error(
        "{provider} reports that the sign-in was denied ({why}). Nothing was stored. If your firm allows it only to administrators, ask one; else run `partnerbook account add {key}` again",
        key = .provider.key()
    )]
    Denied {
        /// The provider.
        provider: Provider,
        /// The provider's text.
        why: String,
    },
    /// The provider refused to issue a token.
    #[error("{provider} rejected the sign-in ({why}). Check the application's registration and [account.{key}] in partnerbook.toml", key = .provider.key())]
    Refused {
        /// The provider.
        provider: Provider,
        /// The provider's text.
        why: String,
    },
    /// Nobody signed in in time.
    #[error("nobody signed in to {0} in time. Run `partnerbook account add {key}` again", key = .0.key())]
    TimedOut(Provider),
    /// The user stopped the command.
    #[error("the sign-in was stopped. Nothing was stored")]
    Stopped,
    /// The redirect's port cannot be used.
    #[error(
        "port {port} on this computer cannot be used ({why}). Choose another with --port, or leave it out"
    )]
    Port {
        /// The port.
        port: u16,
        /// The reason.
        why: String,
    },
    /// The provider has no sign-in with a code.
    #[error("{0} does not allow a sign-in with a code for mail. Run the command without --device")]
    NoDeviceCode(Provider),
    /// The provider issued no token for later.
    #[error("{0} issued no refresh token. Add the permission offline_access to the application")]
    NoRefresh(Provider),
    /// The address of the account is not known.
    #[error("{0} did not report which address signed in. Name it with --address")]
    NoAddress(Provider),
    /// The sign-in expired or was revoked.
    #[error(
        "the sign-in of {address} has expired or was revoked ({why}). Run `partnerbook account add {key}`, then the same command again",
        key = .provider.key()
    )]
    SignInEnded {
        /// The provider.
        provider: Provider,
        /// The address.
        address: String,
        /// The provider's text.
        why: String,
    },
    /// The account may not do this.
    #[error(
        "{provider} does not allow {address} to do this ({why}). Send from the address that is signed in; for a shared mailbox, ask the administrator for \"Send as\" and set shared = true"
    )]
    Forbidden {
        /// The provider.
        provider: Provider,
        /// The address.
        address: String,
        /// The provider's text.
        why: String,
    },
    /// The account has no access to the mailbox.
    #[error(
        "the sign-in does not include the mailbox. Set mailbox = true in partnerbook.toml under [account.{key}]; if it is set, ask your administrator to grant access to the mailbox. Then run `partnerbook account add {key}` again",
        key = .0.key()
    )]
    NoMailbox(Provider),
    /// The transport has no mailbox.
    #[error(
        "drafts in the mailbox need an account: leave out --smtp, and smtp = true for Microsoft"
    )]
    NoDrafts,
    /// The provider accepts no emails for now.
    #[error(
        "{provider} accepts no more emails for {minutes} minutes ({why}). Run the same command again later; what was sent is not sent again"
    )]
    Limited {
        /// The provider.
        provider: Provider,
        /// The time.
        minutes: u64,
        /// The provider's text.
        why: String,
    },
    /// The provider cannot be reached.
    #[error("{provider} cannot be reached ({why})")]
    Unreachable {
        /// The provider.
        provider: Provider,
        /// The reason.
        why: String,
    },
    /// The answer is not what a provider sends.
    #[error(
        "{provider} cannot be reached: the answer (status {status}, {media_type}) is not from its sign-in server. A proxy, or the sign-in page of a network, may be in between"
    )]
    Unexpected {
        /// The provider.
        provider: Provider,
        /// The HTTP status.
        status: u16,
        /// The media type.
        media_type: String,
    },
    /// The user has no home folder.
    #[error("the folder of your settings cannot be found: this user has no home folder")]
    NoHome,
    /// The accounts cannot be read or written.
    #[error("{path}: the accounts cannot be used ({})", crate::output::os_message(.error))]
    Store {
        /// The file.
        path: PathBuf,
        /// The underlying I/O error.
        #[source]
        error: std::io::Error,
    },
    /// The keyring refuses.
    #[error("the system's keyring cannot be used ({0}). Unlock it and try again")]
    Keyring(String),
    /// The system gives no random numbers.
    #[error("this computer has no random numbers for a safe sign-in ({0})")]
    NoRandom(String),
}
