//! A mail server: its address, its certificates, and the password.

use std::net::IpAddr;
use std::path::Path;

use lettre::transport::smtp::client::{Certificate, TlsParameters};
use url::Url;

use crate::bounded;
use crate::keyring::{self, KeyringError};

/// Maximum size of a certificate file, in bytes.
const MAX_CERTIFICATE_SIZE: u64 = 1 << 20;
/// Environment variable that contains the password.
pub const PASSWORD: &str = "PARTNERBOOK_SMTP_PASSWORD";

/// Why a server cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// The server address is invalid.
    #[error(
        "\"{url}\" is not a mail server address: {why}. Enter smtps://user@host, or smtp://user@host for STARTTLS"
    )]
    Url {
        /// The address as given, without a password.
        url: String,
        /// The reason.
        why: String,
    },
    /// The address contains a password, which other users of the computer could read.
    #[error(
        "the server address contains a password, which other users of this computer could read. Set {PASSWORD} instead, or store it with --save-password"
    )]
    PasswordInUrl,
    /// The certificate is not trusted.
    #[error(
        "{host}: the certificate is not trusted ({why}). Nothing was sent. If your firm issued it, name its certificate authority with --smtp-ca"
    )]
    Certificate {
        /// The host.
        host: String,
        /// The reason.
        why: String,
    },
    /// The server does not support STARTTLS.
    #[error(
        "{0}: the server does not support encryption (STARTTLS). Nothing was sent. Use smtps://, or another server"
    )]
    NoTls(String),
    /// The login failed.
    #[error(
        "{host}: login rejected for {user} ({why}). Nothing was sent. Check the user name, and the password in {PASSWORD} or the keyring"
    )]
    Login {
        /// The host.
        host: String,
        /// The user name.
        user: String,
        /// The answer of the server.
        why: String,
    },
    /// The server does not know logins with a token.
    #[error(
        "{0}: the server does not offer a login with a token (XOAUTH2). Nothing was sent. Use --account without smtp = true, or --smtp with a password"
    )]
    NoToken(String),
    /// The login with a token failed.
    #[error(
        "{host}: login rejected for {user} ({why}). Nothing was sent. Ask the administrator whether SMTP is allowed for this mailbox, or run `partnerbook account add {provider}` again"
    )]
    Token {
        /// The host.
        host: String,
        /// The user name.
        user: String,
        /// The provider, as commands name it.
        provider: &'static str,
        /// The answer of the server.
        why: String,
    },
    /// The server rejects the connection or the sender.
    #[error("{host}: the server rejected the connection ({why})")]
    Refuses {
        /// The host.
        host: String,
        /// The answer of the server.
        why: String,
    },
    /// The server cannot be reached or does not answer, even after all retries.
    #[error("{host}: the server cannot be reached ({why}). Unsent emails stay pending")]
    Unreachable {
        /// The host and port.
        host: String,
        /// The reason.
        why: String,
    },
    /// The certificate authority file cannot be used.
    #[error("{path}: no certificate can be read ({why})")]
    Authority {
        /// The file.
        path: String,
        /// The reason.
        why: String,
    },
    /// No password is available.
    #[error(
        "no password is set for {user} at {host} ({why}). Set {PASSWORD}, or store it with --save-password"
    )]
    NoPassword {
        /// The host.
        host: String,
        /// The user name.
        user: String,
        /// The error of the keyring.
        why: String,
    },
}

/// How the connection to a server is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encryption {
    /// TLS from the first byte (RFC 8314).
    Implicit,
    /// TLS after STARTTLS (RFC 3207). The connection fails without it.
    StartTls,
    /// No encryption, to this computer only.
    None,
}

/// A mail server and its login.
pub struct Server {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) encryption: Encryption,
    pub(super) tls: TlsParameters,
    pub(super) user: Option<String>,
    pub(super) password: Option<String>,
}

impl Server {
    /// Parses a server address: `smtps://user@host:465`, or `smtp://user@host:587` for STARTTLS. For a server on this
    /// computer only, `smtp://localhost:25?tls=none` disables encryption. `authority` is a PEM file with a certificate
    /// to trust in addition to the system's certificates.
    ///
    /// # Errors
    /// Returns an error if the address is invalid or contains a password, or if the file contains no usable
    /// certificate.
    pub fn new(address: &str, authority: Option<&Path>) -> Result<Self, ServerError> {
        let wrong = |why: &str| ServerError::Url {
            url: without_password(address),
            why: why.to_owned(),
        };
        let url = Url::parse(address).map_err(|error| wrong(&error.to_string()))?;
        if url.password().is_some() {
            return Err(ServerError::PasswordInUrl);
        }
        let host = url.host_str().filter(|host| !host.is_empty());
        let host = host.ok_or_else(|| wrong("the host is missing"))?;
        let host = host.trim_matches(['[', ']']).to_owned();
        if !matches!(url.path(), "" | "/") {
            return Err(wrong("it contains more than a host"));
        }
        let here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        let (encryption, port) = match (url.scheme(), url.query()) {
            ("smtps", None) => (Encryption::Implicit, 465),
            ("smtp", None) => (Encryption::StartTls, 587),
            ("smtp", Some("tls=none")) if here => (Encryption::None, 25),
            ("smtp", Some("tls=none")) => {
                return Err(wrong(
                    "unencrypted connections are allowed to this computer only",
                ));
            }
            _ => return Err(wrong("it must start with smtps:// or smtp://")),
        };
        let mut tls = TlsParameters::builder(host.clone());
        if let Some(path) = authority {
            let unusable = |why: String| ServerError::Authority {
                path: path.display().to_string(),
                why,
            };
            let pem = bounded::read(path, MAX_CERTIFICATE_SIZE)
                .map_err(|error| unusable(error.to_string()))?;
            let certificate =
                Certificate::from_pem(&pem).map_err(|error| unusable(error.to_string()))?;
            tls = tls.add_root_certificate(certificate);
        }
        let tls = tls
            .build_rustls()
            .map_err(|error| wrong(&error.to_string()))?;
        let user = percent_decoded(url.username());
        Ok(Self {
            port: url.port().unwrap_or(port),
            host,
            encryption,
            tls,
            user: (!user.is_empty()).then_some(user),
            password: None,
        })
    }

    /// Formats host, port, and user for display.
    pub fn shown(&self) -> String {
        let user = self.user.as_ref().map(|user| format!(" as {user}"));
        format!("{}:{}{}", self.host, self.port, user.unwrap_or_default())
    }

    /// Returns the user name, if any. A server with a user name requires a password.
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// Finds the password in the environment, else in the system's keyring. Does nothing if there is no user name.
    ///
    /// # Errors
    /// Returns an error if no password is found.
    pub fn find_password(&mut self) -> Result<(), ServerError> {
        let Some(user) = self.user.clone() else {
            return Ok(());
        };
        if let Ok(password) = std::env::var(PASSWORD) {
            self.password = Some(password);
            return Ok(());
        }
        let password = keyring::get(&self.in_keyring(&user));
        let password = password.map_err(|error| self.no_password(&user, &error))?;
        self.password = Some(password);
        Ok(())
    }

    /// Stores a password in the system's keyring.
    ///
    /// # Errors
    /// Returns an error if the keyring is not available or rejects the entry.
    pub fn save_password(&self, password: &str) -> Result<(), ServerError> {
        let user = self.user.clone().unwrap_or_default();
        let saved = keyring::set(&self.in_keyring(&user), password);
        saved.map_err(|error| self.no_password(&user, &error))
    }

    /// The name of a user in the keyring.
    fn in_keyring(&self, user: &str) -> String {
        format!("{user}@{}", self.host)
    }

    fn no_password(&self, user: &str, error: &KeyringError) -> ServerError {
        ServerError::NoPassword {
            host: self.host.clone(),
            user: user.to_owned(),
            why: error.to_string(),
        }
    }
}

/// Formats an address for display, without user name and password.
fn without_password(address: &str) -> String {
    let shown = match (address.split_once("://"), address.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://…@{host}"),
        _ => address.to_owned(),
    };
    crate::text::shorten(&crate::text::clean_text(&shown), 100)
}

fn percent_decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8_lossy()
        .into_owned()
}
