//! Sign-in on another device, with a code (RFC 8628).

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde::Deserialize;

use super::AccountError;
use super::application::Application;
use super::http::Http;
use super::token::{self, TokenError, Tokens};
use crate::text::{clean_text, shorten};

/// Maximum time in which a person signs in, whatever the provider allows.
const PATIENCE: u64 = 1800;
/// Additional seconds between two requests after `slow_down` (RFC 8628, 3.5).
const SLOWER: Duration = Duration::from_secs(5);

#[derive(Deserialize)]
struct DeviceCode {
    device_code: String,
    user_code: String,
    #[serde(alias = "verification_url")]
    verification_uri: String,
    expires_in: u64,
    #[serde(default = "usual_interval")]
    interval: u64,
}

/// The interval of a provider that names none (RFC 8628, 3.2).
fn usual_interval() -> u64 {
    5
}

/// Signs in with a code that the user enters on another device. `show` gets the address of the page and the code.
///
/// # Errors
/// Returns an error if the provider has no such sign-in, if the user denies the consent or does not enter the code in time,
/// or if the provider gives no token.
pub fn sign_in(
    http: &Http,
    application: &Application,
    stop: &AtomicBool,
    show: &dyn Fn(&str, &str),
) -> Result<Tokens, AccountError> {
    let provider = application.provider;
    let refused = |why: String| AccountError::Refused { provider, why };
    let url = application.device_url();
    let url = url.ok_or(AccountError::NoDeviceCode(provider))?;
    let scopes = application.scopes();
    let fields = [("client_id", application.client_id()), ("scope", &scopes)];
    let answer = http.form(&url, &fields);
    let answer = answer.map_err(|error| token::unreachable(application, &error))?;
    let code: DeviceCode = token::parse(application, &answer).map_err(|error| match error {
        TokenError::Refused(refusal) => refused(refusal.message()),
        TokenError::Other(error) => error,
    })?;
    let shown = |text: &str| shorten(&clean_text(text), 200);
    show(&shown(&code.verification_uri), &shown(&code.user_code));
    let end = Instant::now() + Duration::from_secs(code.expires_in.min(PATIENCE));
    let mut interval = Duration::from_secs(code.interval.clamp(1, 60));
    loop {
        wait(interval, stop)?;
        if Instant::now() >= end {
            return Err(AccountError::TimedOut(provider));
        }
        let fields = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("device_code", &code.device_code),
        ];
        let refusal = match token::issue(http, application, &fields) {
            Ok(tokens) => return Ok(tokens),
            // A connection that fails for a moment does not end a sign-in.
            Err(TokenError::Other(AccountError::Unreachable { .. })) => continue,
            Err(TokenError::Other(error)) => return Err(error),
            Err(TokenError::Refused(refusal)) => refusal,
        };
        match &*refusal.error {
            "authorization_pending" => {}
            "slow_down" => interval += SLOWER,
            "authorization_declined" | "access_denied" => {
                let why = refusal.message();
                return Err(AccountError::Denied { provider, why });
            }
            "expired_token" => return Err(AccountError::TimedOut(provider)),
            _ => return Err(refused(refusal.message())),
        }
    }
}

fn wait(time: Duration, stop: &AtomicBool) -> Result<(), AccountError> {
    let end = Instant::now() + time;
    while Instant::now() < end {
        if stop.load(Ordering::Relaxed) {
            return Err(AccountError::Stopped);
        }
        std::thread::sleep(Duration::from_millis(100).min(time));
    }
    Ok(())
}
