//! Requests to a provider: bounded in time and size, never repeated, never redirected.

use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use ureq::http::Request;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::{Agent, AsSendBody, Error};

use super::AccountError;
use crate::text::{clean_text, shorten};

/// Maximum time of a request without its body, and of a request with an email.
const TIMEOUT: Duration = Duration::from_secs(60);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(600);
/// Maximum size of an answer, in bytes.
const MAX_ANSWER: u64 = 1 << 20;
/// Maximum delay that a server can ask for.
const MAX_DELAY: u64 = 24 * 60 * 60;

/// A client without a connection between two requests: an idle connection that the server closes could otherwise lose a
/// request, or leave it unclear whether it arrived.
pub struct Http {
    agent: Agent,
}

/// The answer to a request.
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Body.
    pub body: Vec<u8>,
    /// Media type, for error messages.
    pub media_type: String,
    /// Delay that the server asks for before the next request.
    pub retry_after: Option<Duration>,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum HttpError {
    /// The server did not get the request.
    NotSent(String),
    /// The server may have got the request.
    Unknown(String),
}

impl HttpError {
    /// Returns the reason.
    pub fn why(&self) -> &str {
        let (Self::NotSent(why) | Self::Unknown(why)) = self;
        why
    }
}

impl Http {
    /// Creates a client that trusts the certificates of this computer.
    ///
    /// # Errors
    /// Returns an error if the computer has no trusted certificates.
    pub fn new() -> Result<Self, AccountError> {
        let found = rustls_native_certs::load_native_certs();
        let certificates: Vec<Certificate<'static>> = found
            .certs
            .iter()
            .map(|certificate| Certificate::from_der(certificate).to_owned())
            .collect();
        let provider = rustls::crypto::ring::default_provider();
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::new_with_certs(&certificates))
            .unversioned_rustls_crypto_provider(Arc::new(provider))
            .build();
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_idle_connections(0)
            .timeout_global(Some(TIMEOUT))
            .timeout_resolve(Some(CONNECT_TIMEOUT))
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .tls_config(tls)
            .user_agent(concat!("partnerbook/", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(Self {
            agent: config.new_agent(),
        })
    }

    /// Sends a form.
    ///
    /// # Errors
    /// Returns an error if there is no complete answer.
    pub fn form(&self, url: &str, fields: &[(&str, &str)]) -> Result<Answer, HttpError> {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        let request = Request::post(url)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Accept", "application/json");
        self.send(request, form.finish().into_bytes(), TIMEOUT)
    }

    /// Sends a request with a token. `content` is the media type and the body, if any.
    ///
    /// # Errors
    /// Returns an error if there is no complete answer.
    pub fn call(
        &self,
        method: &str,
        url: &str,
        token: Option<&str>,
        content: Option<(&str, Vec<u8>)>,
    ) -> Result<Answer, HttpError> {
        let mut request = Request::builder().method(method).uri(url);
        if let Some(token) = token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        match content {
            None if method == "GET" => self.send(request, (), TIMEOUT),
            None => self.send(request, Vec::new(), TIMEOUT),
            Some((kind, body)) => {
                self.send(request.header("Content-Type", kind), body, UPLOAD_TIMEOUT)
            }
        }
    }

    /// Uploads a part of a file: `range` is its first byte, last byte, and the size of the file.
    ///
    /// # Errors
    /// Returns an error if there is no complete answer.
    pub fn upload(
        &self,
        url: &str,
        part: &[u8],
        (first, size): (usize, usize),
    ) -> Result<Answer, HttpError> {
        let last = first + part.len() - 1;
        let range = format!("bytes {first}-{last}/{size}");
        let request = Request::put(url).header("Content-Range", range);
        self.send(request, part.to_vec(), UPLOAD_TIMEOUT)
    }

    fn send(
        &self,
        request: ureq::http::request::Builder,
        body: impl AsSendBody,
        timeout: Duration,
    ) -> Result<Answer, HttpError> {
        let request = request
            .body(body)
            .map_err(|error| HttpError::NotSent(error.to_string()))?;
        let request = self
            .agent
            .configure_request(request)
            .timeout_global(Some(timeout))
            .build();
        let mut answer = self.agent.run(request).map_err(|error| failed(&error))?;
        let header = |name: &str| Some(answer.headers().get(name)?.to_str().ok()?.to_owned());
        let retry_after = header("retry-after").and_then(|value| value.trim().parse().ok());
        let (status, media_type) = (answer.status().as_u16(), header("content-type"));
        let body = answer.body_mut().with_config().limit(MAX_ANSWER);
        let body = body.read_to_vec().map_err(|error| {
            HttpError::Unknown(match error {
                Error::BodyExceedsLimit(_) => "the answer is larger than 1 MiB".to_owned(),
                error => described(&error),
            })
        })?;
        Ok(Answer {
            status,
            body,
            media_type: media_type.unwrap_or_default(),
            retry_after: retry_after
                .map(|seconds: u64| Duration::from_secs(seconds.min(MAX_DELAY))),
        })
    }
}

fn failed(error: &Error) -> HttpError {
    let is_before = match error {
        Error::HostNotFound
        | Error::ConnectionFailed
        | Error::ConnectProxyFailed(_)
        | Error::InvalidProxyUrl
        | Error::BadUri(_)
        | Error::Tls(_)
        | Error::Rustls(_)
        | Error::TlsRequired
        | Error::Timeout(ureq::Timeout::Resolve | ureq::Timeout::Connect) => true,
        Error::Io(error) => is_offline(error) || is_certificate(error),
        _ => false,
    };
    let why = described(error);
    match is_before {
        true => HttpError::NotSent(why),
        false => HttpError::Unknown(why),
    }
}

/// Returns whether no connection was made.
fn is_offline(error: &std::io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionRefused
            | ErrorKind::NetworkUnreachable
            | ErrorKind::HostUnreachable
            | ErrorKind::NetworkDown
            | ErrorKind::AddrNotAvailable
    ) || error.to_string().contains("lookup address")
}

/// Returns whether TLS rejected the certificate: no request is sent then.
fn is_certificate(error: &std::io::Error) -> bool {
    let inner = error.get_ref();
    inner.is_some_and(|inner| {
        matches!(
            inner.downcast_ref::<rustls::Error>(),
            Some(rustls::Error::InvalidCertificate(_))
        )
    })
}

/// Returns what happened, with what a person can do about it.
fn described(error: &Error) -> String {
    let message = shorten(&clean_text(&error.to_string()), 200);
    if message.contains("Expired") || message.contains("NotValidYet") {
        return format!(
            "{message}. Check the date and the time of this computer: certificates are judged by them"
        );
    }
    match error {
        Error::ConnectProxyFailed(_) => {
            format!("the proxy rejected the connection ({message}). Check HTTPS_PROXY and NO_PROXY")
        }
        Error::InvalidProxyUrl => {
            "the address of the proxy is not valid. Check HTTPS_PROXY and HTTP_PROXY".to_owned()
        }
        Error::HostNotFound => "the host cannot be found. Check the internet connection".to_owned(),
        Error::Io(error) if is_offline(error) => {
            format!("{message}. Check the internet connection")
        }
        _ => message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_off_is_named_and_nothing_was_sent() {
        let expired = rustls::Error::InvalidCertificate(rustls::CertificateError::Expired);
        let wrapped = std::io::Error::new(ErrorKind::InvalidData, expired.clone());
        for error in [Error::Rustls(expired), Error::Io(wrapped)] {
            let HttpError::NotSent(why) = failed(&error) else {
                panic!("nothing can have been sent");
            };
            assert!(why.contains("Check the date and the time"), "{why}");
        }
        let cut = std::io::Error::from(ErrorKind::ConnectionReset);
        assert!(matches!(failed(&Error::Io(cut)), HttpError::Unknown(_)));
        let proxy = failed(&Error::ConnectProxyFailed("407".into()));
        assert!(proxy.why().contains("HTTPS_PROXY"), "{}", proxy.why());
    }
}
