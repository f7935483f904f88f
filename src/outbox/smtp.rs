//! An SMTP client that always reports whether the server may have accepted an email.

use std::cell::Cell;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::SmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};

use super::From;
use super::gmail;
use super::server::{Encryption, Server, ServerError};
use super::transport::{Attempt, Found, OutgoingEmail, Prepared, Transport};
use crate::account::{AccountError, Provider, Purpose, SignedIn};

/// Timeout for each server response. RFC 5321, 4.5.3.2 recommends minutes, but here a person is waiting.
const TIMEOUT: Duration = Duration::from_secs(60);
/// Mechanisms for a password. A token has one of its own, so that no token is sent as a password.
const MECHANISMS: [Mechanism; 2] = [Mechanism::Plain, Mechanism::Login];

/// An SMTP session. It reconnects if the connection broke.
pub struct Session {
    server: Server,
    /// The account whose token replaces the password.
    account: Option<SignedIn>,
    connection: Option<SmtpConnection>,
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Some(mut connection) = self.connection.take() {
            connection.abort();
        }
    }
}

impl Session {
    /// Creates a session without connecting. With an account, its token replaces the password.
    pub fn new(server: Server, account: Option<SignedIn>) -> Self {
        Self {
            server,
            account,
            connection: None,
        }
    }

    /// Returns the account if its mailbox can be asked.
    fn mailbox(&mut self) -> Option<&mut SignedIn> {
        let own = self.account.as_mut()?;
        let is_known = own.account.provider == Provider::Google && own.account.mailbox;
        is_known.then_some(own)
    }
    fn connect(&mut self, from: &From) -> Result<SmtpConnection, Attempt> {
        let server = &self.server;
        let name = ClientId::default();
        let implicit = (server.encryption == Encryption::Implicit).then_some(&server.tls);
        let address = (server.host.as_str(), server.port);
        let connected = SmtpConnection::connect(address, Some(TIMEOUT), &name, implicit, None);
        let mut connection = connected.map_err(|error| self.not_connected(&error))?;
        if server.encryption == Encryption::StartTls {
            if !connection.can_starttls() {
                connection.abort();
                let error = ServerError::NoTls(server.host.clone());
                return Err(Attempt::Unusable(error.into()));
            }
            connection
                .starttls(&server.tls, &name)
                .map_err(|error| self.not_connected(&error))?;
        }
        if let Some(account) = &mut self.account {
            // The token is that of the account. A shared mailbox is named by its own address.
            let user = match account.application.is_shared() {
                true => from.address().to_string(),
                false => account.account.address.clone(),
            };
            log_in(server, account, &mut connection, &user)?;
        } else if let (Some(user), Some(password)) = (&server.user, &server.password) {
            let credentials = Credentials::new(user.clone(), password.clone());
            connection
                .auth(&MECHANISMS, &credentials)
                .map_err(|error| {
                    if error.is_permanent() || error.is_client() {
                        let login = ServerError::Login {
                            host: server.host.clone(),
                            user: user.clone(),
                            why: error_chain(&error),
                        };
                        Attempt::Unusable(login.into())
                    } else {
                        self.not_connected(&error)
                    }
                })?;
        }
        Ok(connection)
    }

    fn not_connected(&self, error: &lettre::transport::smtp::Error) -> Attempt {
        let (host, why) = (self.server.host.clone(), error_chain(error));
        if error.is_tls() || why.contains("certificate") {
            Attempt::Unusable(ServerError::Certificate { host, why }.into())
        } else if error.is_permanent() {
            Attempt::Unusable(ServerError::Refuses { host, why }.into())
        } else {
            let host = format!("{host}:{}", self.server.port);
            Attempt::Unreachable(ServerError::Unreachable { host, why }.into())
        }
    }
}

impl Transport for Session {
    fn shown(&self) -> String {
        match &self.account {
            Some(account) => format!("{} as {}", self.server.shown(), account.account.address),
            None => self.server.shown(),
        }
    }

    fn submit(&mut self, outgoing: &OutgoingEmail, prepared: &Prepared) -> Attempt {
        if let (Some(draft), Some(account)) = (&prepared.draft, self.mailbox()) {
            return gmail::send(account, draft);
        }
        // A server closes a connection that was idle for too long. Connect again in that case.
        let open = self.connection.take();
        let open = open.and_then(|mut open| open.test_connected().then_some(open));
        let mut connection = match open {
            Some(connection) => connection,
            None => match self.connect(outgoing.from) {
                Ok(connection) => connection,
                Err(attempt) => return attempt,
            },
        };
        let (attempt, answered) = converse(&self.server, &mut connection, outgoing);
        if matches!(attempt, Attempt::Accepted(_)) {
            self.connection = Some(connection);
        } else if answered && connection.command(Rset).is_ok() {
            // After RSET, the server discards the email and is ready for the next one.
            self.connection = Some(connection);
        } else {
            // A late answer could still arrive and be taken for the answer to the next command.
            connection.abort();
        }
        attempt
    }

    fn draft(&mut self, outgoing: &OutgoingEmail) -> Result<Prepared, Attempt> {
        match self.mailbox() {
            Some(account) => gmail::draft(account, outgoing),
            None => Err(Attempt::Unusable(AccountError::NoDrafts.into())),
        }
    }

    fn look_up(&mut self, id: &str) -> Result<Found, Attempt> {
        match self.mailbox() {
            Some(account) => gmail::look_up(account, id),
            None => Ok(Found::CannotAsk),
        }
    }
}

/// Logs in with a token. lettre would lose what the server says when it refuses one.
fn log_in(
    server: &Server,
    account: &mut SignedIn,
    connection: &mut SmtpConnection,
    user: &str,
) -> Result<(), Attempt> {
    let unusable = |error: AccountError| match error {
        AccountError::Unreachable { .. } => Attempt::Unreachable(error.into()),
        error => Attempt::Unusable(error.into()),
    };
    if !connection
        .server_info()
        .supports_auth_mechanism(Mechanism::Xoauth2)
    {
        let host = server.host.clone();
        return Err(Attempt::Unusable(ServerError::NoToken(host).into()));
    }
    let mut token = account.token(Purpose::Smtp).map_err(unusable)?;
    for is_last in [false, true] {
        let text = BASE64.encode(format!("user={user}\u{1}auth=Bearer {token}\u{1}\u{1}"));
        let answer = connection.command(format!("AUTH XOAUTH2 {text}\r\n"));
        // A server that refuses a token may send its reason first, and the refusal after an empty line.
        let answer = match answer {
            Ok(response) if response.has_code(334) => connection.command("\r\n"),
            answer => answer,
        };
        let error = match answer {
            Ok(response) if response.has_code(235) => return Ok(()),
            Ok(response) => response.code().to_string(),
            Err(error) if error.is_permanent() => error_chain(&error),
            Err(error) => {
                let host = format!("{}:{}", server.host, server.port);
                let why = error_chain(&error);
                return Err(Attempt::Unreachable(
                    ServerError::Unreachable { host, why }.into(),
                ));
            }
        };
        if is_last {
            let login = ServerError::Token {
                host: server.host.clone(),
                user: user.to_owned(),
                provider: account.account.provider.key(),
                why: error,
            };
            return Err(Attempt::Unusable(login.into()));
        }
        token = account.renew(Purpose::Smtp).map_err(unusable)?;
    }
    Ok(())
}

/// Sends an email over an open connection. Also returns whether the server answered the last command.
fn converse(
    server: &Server,
    connection: &mut SmtpConnection,
    outgoing: &OutgoingEmail,
) -> (Attempt, bool) {
    let (from, to, message) = (outgoing.from, outgoing.to, outgoing.bytes.as_slice());
    // Until the end of the data is sent, the server cannot have accepted the email.
    let not_taken = |error: lettre::transport::smtp::Error| {
        let answered = error.status().is_some();
        if error.is_permanent() || error.is_client() {
            (Attempt::Rejected(error_chain(&error)), answered)
        } else {
            (Attempt::TemporaryError(error_chain(&error), None), answered)
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
        // The server would reject this sender in every email.
        Err(error) if error.is_permanent() => {
            let error = ServerError::Refuses {
                host: server.host.clone(),
                why: error_chain(&error),
            };
            return (Attempt::Unusable(error.into()), true);
        }
        Err(error) => return not_taken(error),
    }
    let begun = connection
        .command(Rcpt::new(to.clone(), Vec::new()))
        .and_then(|_| connection.command(Data));
    if let Err(error) = begun {
        return not_taken(error);
    }
    // The iterator returns `None` when the whole email is written. The end-of-data marker follows, after which the
    // server accepts the email.
    let ending = Cell::new(false);
    let mut parts = Some(message).into_iter();
    let email = std::iter::from_fn(|| {
        let part = parts.next();
        ending.set(part.is_none());
        part
    });
    match connection.message_iter(email) {
        Ok(response) if response.has_code(250) => {
            let reply = response.message().collect::<Vec<_>>().join(" ");
            (Attempt::Accepted(crate::text::clean_text(&reply)), true)
        }
        Ok(response) => (Attempt::Unknown(response.code().to_string()), false),
        // An error status is an answer, even if it arrives after the end of the data.
        Err(error) if error.status().is_some() || !ending.get() => not_taken(error),
        Err(error) => (Attempt::Unknown(error_chain(&error)), false),
    }
}

/// Formats an error with its causes.
fn error_chain(error: &lettre::transport::smtp::Error) -> String {
    let mut message = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let text = cause.to_string();
        if !message.contains(&text) {
            message = format!("{message}: {text}");
        }
        source = cause.source();
    }
    crate::text::shorten(&crate::text::clean_text(&message), 300)
}
