//! A mail server, spoken to so that it is always known whether it may have taken an email.

use std::cell::Cell;
use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{Certificate, SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use url::Url;

use super::From;
use crate::bounded;

/// Largest file of certificates, in bytes.
const MAX_CERTIFICATE_SIZE: u64 = 1 << 20;
/// How long a server may take for an answer (RFC 5321, 4.5.3.2, asks for minutes; a person waits here).
const PATIENCE: Duration = Duration::from_secs(60);
const MECHANISMS: [Mechanism; 3] = [Mechanism::Plain, Mechanism::Login, Mechanism::Xoauth2];
/// Variable of the environment that holds the password.
pub const PASSWORD: &str = "PARTNERBOOK_SMTP_PASSWORD";

/// Why a server cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// The address is not written as it should be.
    #[error(
        "\"{url}\" is not a mail server address: {why}. Enter smtps://user@host, or smtp://user@host for STARTTLS"
    )]
    Url {
        /// As given, without a password.
        url: String,
        /// Why.
        why: String,
    },
    /// A password where everybody can read it.
    #[error(
        "the server address contains a password, which other users of this computer could read. Set {PASSWORD} instead, or store it with --save-password"
    )]
    PasswordInUrl,
    /// It cannot be trusted.
    #[error(
        "{host}: the certificate is not trusted ({why}). Nothing was sent. If your firm issued it, name its certificate authority with --smtp-ca"
    )]
    Certificate {
        /// The server.
        host: String,
        /// Why.
        why: String,
    },
    /// It knows no TLS.
    #[error(
        "{0}: the server does not support encryption (STARTTLS). Nothing was sent. Use smtps://, or another server"
    )]
    NoTls(String),
    /// The password is wrong, or needed.
    #[error(
        "{host}: login rejected for {user} ({why}). Nothing was sent. Check the user name, and the password in {PASSWORD} or the keyring"
    )]
    Login {
        /// The server.
        host: String,
        /// The user.
        user: String,
        /// What it said.
        why: String,
    },
    /// It takes no mail from us at all.
    #[error("{host}: the server rejected the connection ({why})")]
    Refuses {
        /// The server.
        host: String,
        /// What it said.
        why: String,
    },
    /// It is not there, or does not answer, and did not after a while.
    #[error("{host}: the server cannot be reached ({why}). Unsent emails stay pending")]
    Unreachable {
        /// The server.
        host: String,
        /// Why.
        why: String,
    },
    /// An authority's file cannot be used.
    #[error("{path}: no certificate can be read ({why})")]
    Authority {
        /// The file.
        path: String,
        /// Why.
        why: String,
    },
    /// The password is nowhere.
    #[error(
        "no password is set for {user} at {host} ({why}). Set {PASSWORD}, or store it with --save-password"
    )]
    NoPassword {
        /// The server.
        host: String,
        /// The user.
        user: String,
        /// What the keyring said.
        why: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encryption {
    /// From the first byte (RFC 8314).
    Implicit,
    /// After STARTTLS (RFC 3207), and never without.
    StartTls,
    /// None, and only to this machine.
    None,
}

/// A server, and how to get in.
pub struct Server {
    host: String,
    port: u16,
    encryption: Encryption,
    tls: TlsParameters,
    user: Option<String>,
    password: Option<String>,
}

impl Server {
    /// A server by its address: `smtps://user@host:465`, or `smtp://user@host:587` for STARTTLS. On this machine alone,
    /// `smtp://localhost:25?tls=none` goes without. `authority` is a file with a certificate to trust besides the system's.
    ///
    /// # Errors
    /// When the address is none, or holds a password; when the file is no certificate.
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

    /// Where it is, and as whom it is spoken to.
    pub fn shown(&self) -> String {
        let user = self.user.as_ref().map(|user| format!(" as {user}"));
        format!("{}:{}{}", self.host, self.port, user.unwrap_or_default())
    }

    /// The user, when there is one: then a password is needed.
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// Finds the password: in the environment, else in the system's keyring.
    ///
    /// # Errors
    /// When there is none.
    pub fn find_password(&mut self) -> Result<(), ServerError> {
        let Some(user) = self.user.clone() else {
            return Ok(());
        };
        if let Ok(password) = std::env::var(PASSWORD) {
            self.password = Some(password);
            return Ok(());
        }
        let password = self.keyring(&user).and_then(|entry| entry.get_password());
        let password = password.map_err(|error| self.no_password(&user, &error))?;
        self.password = Some(password);
        Ok(())
    }

    /// Keeps a password in the system's keyring.
    ///
    /// # Errors
    /// When there is no user to keep it for, or no keyring.
    pub fn save_password(&self, password: &str) -> Result<(), ServerError> {
        let user = self.user.clone().unwrap_or_default();
        let saved = self
            .keyring(&user)
            .and_then(|entry| entry.set_password(password));
        saved.map_err(|error| self.no_password(&user, &error))
    }

    fn keyring(&self, user: &str) -> Result<keyring::Entry, keyring::Error> {
        keyring::Entry::new("partnerbook", &format!("{user}@{}", self.host))
    }

    fn no_password(&self, user: &str, error: &keyring::Error) -> ServerError {
        ServerError::NoPassword {
            host: self.host.clone(),
            user: user.to_owned(),
            why: error.to_string(),
        }
    }
}

/// An address as it may be shown.
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

/// How an attempt to hand over an email ended.
#[derive(Debug)]
pub enum Attempt {
    /// The server took it.
    Taken(String),
    /// Not now; it certainly was not taken.
    Later(String),
    /// The server is not there now.
    Unreachable(ServerError),
    /// Not ever, says the server.
    Rejected(String),
    /// The connection broke when the server may have taken it.
    Unknown(String),
    /// No email can be sent through this server.
    Hopeless(ServerError),
}

/// A conversation with a server; it is begun again when it broke.
pub struct Session<'s> {
    server: &'s Server,
    connection: Option<SmtpConnection>,
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        if let Some(mut connection) = self.connection.take() {
            connection.abort();
        }
    }
}

impl<'s> Session<'s> {
    /// A conversation yet to be begun.
    pub fn new(server: &'s Server) -> Self {
        Self {
            server,
            connection: None,
        }
    }

    /// Tries to hand over an email.
    pub fn submit(&mut self, from: &From, to: &lettre::Address, message: &[u8]) -> Attempt {
        // A server closes a connection that rested for too long; then a new one is needed.
        let open = self.connection.take();
        let open = open.and_then(|mut open| open.test_connected().then_some(open));
        let mut connection = match open {
            Some(connection) => connection,
            None => match self.connect() {
                Ok(connection) => connection,
                Err(attempt) => return attempt,
            },
        };
        let (attempt, answered) = converse(self.server, &mut connection, from, to, message);
        if matches!(attempt, Attempt::Taken(_)) {
            self.connection = Some(connection);
        } else if answered && connection.command(Rset).is_ok() {
            // The server forgets the email, and is ready for the next.
            self.connection = Some(connection);
        } else {
            // An answer may still be on its way: nothing that comes here now is an answer to what is asked next.
            connection.abort();
        }
        attempt
    }

    fn connect(&self) -> Result<SmtpConnection, Attempt> {
        let server = self.server;
        let name = ClientId::default();
        let implicit = (server.encryption == Encryption::Implicit).then_some(&server.tls);
        let address = (server.host.as_str(), server.port);
        let connected = SmtpConnection::connect(address, Some(PATIENCE), &name, implicit, None);
        let mut connection = connected.map_err(|error| self.not_connected(&error))?;
        if server.encryption == Encryption::StartTls {
            if !connection.can_starttls() {
                connection.abort();
                let error = ServerError::NoTls(server.host.clone());
                return Err(Attempt::Hopeless(error));
            }
            connection
                .starttls(&server.tls, &name)
                .map_err(|error| self.not_connected(&error))?;
        }
        if let (Some(user), Some(password)) = (&server.user, &server.password) {
            let credentials = Credentials::new(user.clone(), password.clone());
            connection
                .auth(&MECHANISMS, &credentials)
                .map_err(|error| {
                    if error.is_permanent() || error.is_client() {
                        Attempt::Hopeless(ServerError::Login {
                            host: server.host.clone(),
                            user: user.clone(),
                            why: said(&error),
                        })
                    } else {
                        self.not_connected(&error)
                    }
                })?;
        }
        Ok(connection)
    }

    fn not_connected(&self, error: &lettre::transport::smtp::Error) -> Attempt {
        let (host, why) = (self.server.host.clone(), said(error));
        if error.is_tls() || why.contains("certificate") {
            Attempt::Hopeless(ServerError::Certificate { host, why })
        } else if error.is_permanent() {
            Attempt::Hopeless(ServerError::Refuses { host, why })
        } else {
            let host = format!("{host}:{}", self.server.port);
            Attempt::Unreachable(ServerError::Unreachable { host, why })
        }
    }
}

/// Hands over an email; returns also whether the last thing that was said got its answer.
fn converse(
    server: &Server,
    connection: &mut SmtpConnection,
    from: &From,
    to: &lettre::Address,
    message: &[u8],
) -> (Attempt, bool) {
    // Until the end of the email is sent, the server cannot have taken it.
    let not_taken = |error: lettre::transport::smtp::Error| {
        let answered = error.status().is_some();
        if error.is_permanent() || error.is_client() {
            (Attempt::Rejected(said(&error)), answered)
        } else {
            (Attempt::Later(said(&error)), answered)
        }
    };
    let refused = |why: &str| (Attempt::Rejected(why.to_owned()), true);
    let mut parameters = Vec::new();
    let knows = |extension| connection.server_info().supports_feature(extension);
    let addresses = [from.address().to_string(), to.to_string()];
    if !addresses.iter().all(|address| address.is_ascii()) {
        if !knows(Extension::SmtpUtfEight) {
            return refused(
                "the server does not support addresses with other letters than a to z (SMTPUTF8)",
            );
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if !message.is_ascii() {
        if !knows(Extension::EightBitMime) {
            return refused("the server does not support characters beyond ASCII (8BITMIME)");
        }
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    let sender = Mail::new(Some(from.address().clone()), parameters);
    match connection.command(sender) {
        Ok(_) => {}
        // What it says of the sender, it says of every email.
        Err(error) if error.is_permanent() => {
            let error = ServerError::Refuses {
                host: server.host.clone(),
                why: said(&error),
            };
            return (Attempt::Hopeless(error), true);
        }
        Err(error) => return not_taken(error),
    }
    let begun = connection
        .command(Rcpt::new(to.clone(), Vec::new()))
        .and_then(|_| connection.command(Data));
    if let Err(error) = begun {
        return not_taken(error);
    }
    // Asked for more, the whole email is out: what follows is its end, upon which the server takes it.
    let ending = Cell::new(false);
    let mut parts = Some(message).into_iter();
    let email = std::iter::from_fn(|| {
        let part = parts.next();
        ending.set(part.is_none());
        part
    });
    match connection.message_iter(email) {
        Ok(response) if response.has_code(250) => {
            let said = response.message().collect::<Vec<_>>().join(" ");
            (Attempt::Taken(crate::text::clean_text(&said)), true)
        }
        Ok(response) => (Attempt::Unknown(response.code().to_string()), false),
        // An answer is an answer, whenever it comes.
        Err(error) if error.status().is_some() || !ending.get() => not_taken(error),
        Err(error) => (Attempt::Unknown(said(&error)), false),
    }
}

/// What an error says, and what lies behind it.
fn said(error: &lettre::transport::smtp::Error) -> String {
    let mut said = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let text = cause.to_string();
        if !said.contains(&text) {
            said = format!("{said}: {text}");
        }
        source = cause.source();
    }
    crate::text::shorten(&crate::text::clean_text(&said), 300)
}
