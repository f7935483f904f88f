//! Sign-in in the browser: authorization code with PKCE (RFC 7636), returned to this computer (RFC 8252).

use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use url::Url;

use super::AccountError;
use super::application::{Application, Provider};
use super::http::Http;
use super::token::{self, Refusal, TokenError, Tokens};

/// Time in which a person signs in.
const PATIENCE: Duration = Duration::from_secs(600);
/// Maximum size and time of the browser's request.
const MAX_REQUEST: usize = 16 << 10;
const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);

/// Signs in through the browser. `show` gets the address of the sign-in page. `port` is that of the redirect; any free one if
/// it is 0.
///
/// # Errors
/// Returns an error if the user denies the consent, does not sign in within ten minutes, or stops the command; if the port
/// is in use; or if the provider gives no token.
pub fn sign_in(
    http: &Http,
    application: &Application,
    port: u16,
    stop: &AtomicBool,
    show: &dyn Fn(&str),
) -> Result<Tokens, AccountError> {
    let listeners = listen(port)?;
    let port = listeners.port;
    let (verifier, state) = (random()?, random()?);
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier));
    let redirect = format!("http://{}:{port}", application.redirect_host());
    let scopes = application.scopes();
    let mut query = vec![
        ("client_id", application.client_id()),
        ("response_type", "code"),
        ("redirect_uri", &redirect),
        ("scope", &scopes),
        ("state", &state),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    match application.provider {
        // Google issues a token for the next tokens only on these terms.
        Provider::Google => query.extend([("access_type", "offline"), ("prompt", "consent")]),
        Provider::Microsoft => query.push(("prompt", "select_account")),
    }
    let page = application.authorize_url();
    let page = Url::parse_with_params(&page, query).map_err(|_| AccountError::Url {
        key: "authorize_url".to_owned(),
        url: page,
    })?;
    show(page.as_str());
    let code = listeners.wait(application.provider, &state, stop)?;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", &redirect),
        ("code_verifier", &verifier),
    ];
    token::issue(http, application, &fields).map_err(|error| match error {
        TokenError::Refused(refusal) => AccountError::Refused {
            provider: application.provider,
            why: refusal.message(),
        },
        TokenError::Other(error) => error,
    })
}

/// Returns 256 random bits as text.
fn random() -> Result<String, AccountError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| AccountError::NoRandom(error.to_string()))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

struct Listeners {
    port: u16,
    sockets: Vec<TcpListener>,
}

/// Listens on the loopback addresses only.
fn listen(port: u16) -> Result<Listeners, AccountError> {
    let open = |address: SocketAddr| {
        let socket = TcpListener::bind(address)?;
        socket.set_nonblocking(true)?;
        Ok(socket)
    };
    let in_use = |error: std::io::Error| AccountError::Port {
        port,
        why: crate::output::os_message(&error),
    };
    let four = open((Ipv4Addr::LOCALHOST, port).into()).map_err(in_use)?;
    let port = four.local_addr().map_err(in_use)?.port();
    // A browser may take "localhost" for the address of IPv6, which a computer need not have.
    let six = open((Ipv6Addr::LOCALHOST, port).into());
    Ok(Listeners {
        port,
        sockets: [Some(four), six.ok()].into_iter().flatten().collect(),
    })
}

impl Listeners {
    /// Waits for the browser to return with a code. Requests without the right `state` are not from this sign-in.
    fn wait(
        &self,
        provider: Provider,
        state: &str,
        stop: &AtomicBool,
    ) -> Result<String, AccountError> {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            if stop.load(Ordering::Relaxed) {
                return Err(AccountError::Stopped);
            }
            for socket in &self.sockets {
                match socket.accept() {
                    Ok((stream, _)) => {
                        if let Some(result) = converse(stream, provider, state) {
                            return result;
                        }
                    }
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                    // The browser gave up a connection. It opens another one.
                    Err(_) => {}
                }
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Err(AccountError::TimedOut(provider))
    }
}

/// Answers a request. Returns `None` if it does not belong to this sign-in.
fn converse(
    mut stream: TcpStream,
    provider: Provider,
    state: &str,
) -> Option<Result<String, AccountError>> {
    let path = requested(&mut stream)?;
    let url = Url::parse("http://localhost").ok()?.join(&path).ok()?;
    let value = |name: &str| {
        let mut pairs = url.query_pairs();
        pairs.find_map(|(key, value)| (key == name).then(|| value.into_owned()))
    };
    if value("state").as_deref() != Some(state) {
        answer(
            &mut stream,
            "404 Not Found",
            "This page is not part of the sign-in.",
        );
        return None;
    }
    if let Some(code) = value("code") {
        answer(
            &mut stream,
            "200 OK",
            "You are signed in. You can close this page and return to partnerbook.",
        );
        return Some(Ok(code));
    }
    answer(
        &mut stream,
        "200 OK",
        "You are not signed in. You can close this page; partnerbook says why.",
    );
    let refusal = Refusal {
        error: value("error").unwrap_or_else(|| "no code".to_owned()),
        error_description: value("error_description"),
    };
    Some(Err(AccountError::Denied {
        provider,
        why: refusal.message(),
    }))
}

/// Reads a request up to the end of its headers. Returns its path.
fn requested(stream: &mut TcpStream) -> Option<String> {
    stream.set_nonblocking(false).ok()?;
    stream.set_read_timeout(Some(REQUEST_TIMEOUT)).ok()?;
    stream.set_write_timeout(Some(REQUEST_TIMEOUT)).ok()?;
    let end = Instant::now() + REQUEST_TIMEOUT;
    let (mut request, mut part) = (Vec::new(), [0; 4096]);
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        if request.len() > MAX_REQUEST || Instant::now() > end {
            return None;
        }
        match stream.read(&mut part) {
            Ok(0) | Err(_) => return None,
            Ok(length) => request.extend_from_slice(&part[..length]),
        }
    }
    let request = String::from_utf8(request).ok()?;
    let mut words = request.lines().next()?.split(' ');
    (words.next()? == "GET").then(|| words.next().map(str::to_owned))?
}

fn answer(stream: &mut TcpStream, status: &str, text: &str) {
    let page = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>partnerbook</title></head><body style=\"font-family: sans-serif; margin: 4em\"><p>{text}</p></body></html>"
    );
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n",
        page.len()
    );
    // If the browser is gone, the command line still says what happened.
    let _ = stream.write_all(format!("{head}{page}").as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(port: u16, request: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn only_a_return_with_the_state_ends_the_sign_in() {
        let listeners = listen(0).unwrap();
        let port = listeners.port;
        let asks = std::thread::spawn(move || {
            let strangers = [
                "GET /favicon.ico HTTP/1.1\r\n\r\n",
                "GET /?code=evil&state=other HTTP/1.1\r\n\r\n",
                "POST /?code=evil&state=right HTTP/1.1\r\n\r\n",
                "\u{0}\u{1}\r\n\r\n",
            ];
            for stranger in strangers {
                assert!(!ask(port, stranger).contains("200 OK"), "{stranger}");
            }
            ask(
                port,
                "GET /?state=right&code=a%2Fb HTTP/1.1\r\nHost: x\r\n\r\n",
            )
        });
        let stop = AtomicBool::new(false);
        let code = listeners.wait(Provider::Microsoft, "right", &stop).unwrap();
        assert_eq!(code, "a/b");
        assert!(asks.join().unwrap().contains("You are signed in"));
    }

    #[test]
    fn a_denied_consent_and_a_port_in_use_are_said() {
        let listeners = listen(0).unwrap();
        let port = listeners.port;
        let error = listen(port).err().unwrap().to_string();
        assert!(error.contains(&format!("port {port}")), "{error}");
        let denied =
            "GET /?state=s&error=access_denied&error_description=The+user%0d%0aX HTTP/1.1\r\n\r\n";
        let asks = std::thread::spawn(move || ask(port, denied));
        let stop = AtomicBool::new(false);
        let error = listeners.wait(Provider::Google, "s", &stop).unwrap_err();
        assert!(
            error.to_string().contains("access_denied: The user"),
            "{error}"
        );
        asks.join().unwrap();
    }
}
