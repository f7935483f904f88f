//! Requests to the mailbox of an account: Microsoft Graph and the Gmail API.

use std::time::Duration;

use serde_json::Value;

use super::transport::{Attempt, Unusable};
use crate::account::{AccountError, Answer, HttpError, Purpose, SignedIn};
use crate::text::{clean_text, shorten};

/// Delay above which nobody waits for a provider: the run ends, and the emails stay pending.
const MAX_WAIT: Duration = Duration::from_secs(600);

/// Why a request has no result.
#[derive(Debug)]
pub enum Failure {
    /// The request certainly had no effect.
    NoEffect(Attempt),
    /// The request may have had its effect. Contains the delay that the server asks for.
    Unknown(String, Option<Duration>),
}

impl Failure {
    /// Returns the attempt of a request that sends nothing: whatever happened, the email was not sent.
    pub fn nothing_sent(self) -> Attempt {
        match self {
            Self::NoEffect(attempt) => attempt,
            Self::Unknown(why, delay) => Attempt::TemporaryError(why, delay),
        }
    }

    /// Returns the attempt of a request that sends the email.
    pub fn maybe_sent(self) -> Attempt {
        match self {
            Self::NoEffect(attempt) => attempt,
            Self::Unknown(why, _) => Attempt::Unknown(why),
        }
    }
}

/// Sends a request with the account's token and returns the answer, if it has one of the `expected` statuses. `content` is the
/// media type and the body.
pub fn call(
    account: &mut SignedIn,
    method: &str,
    path: &str,
    content: Option<(&str, &[u8])>,
    expected: &[u16],
) -> Result<Answer, Failure> {
    let url = format!("{}{path}", account.application.api_url());
    let mut token = account.token(Purpose::Api).map_err(unusable)?;
    // A token can end before its time. A provider that rejects the next one too rejects the account.
    for is_last in [false, true] {
        let content = content.map(|(kind, body)| (kind, body.to_vec()));
        let answer = account.http.call(method, &url, Some(&token), content);
        let answer = answer.map_err(|error| match error {
            HttpError::NotSent(why) => Failure::NoEffect(Attempt::Unreachable(
                AccountError::Unreachable {
                    provider: account.account.provider,
                    why,
                }
                .into(),
            )),
            HttpError::Unknown(why) => Failure::Unknown(why, None),
        })?;
        if expected.contains(&answer.status) {
            return Ok(answer);
        }
        if answer.status != 401 || is_last {
            return Err(refused(account, &answer));
        }
        token = account.renew(Purpose::Api).map_err(unusable)?;
    }
    Err(Failure::Unknown("no answer".to_owned(), None))
}

fn unusable(error: AccountError) -> Failure {
    Failure::NoEffect(match error {
        AccountError::Unreachable { .. } => Attempt::Unreachable(error.into()),
        error => Attempt::Unusable(error.into()),
    })
}

/// Returns the failure of a request that a provider answered with an error.
fn refused(account: &SignedIn, answer: &Answer) -> Failure {
    let why = message(answer);
    let forbidden = |why: String| -> Unusable {
        AccountError::Forbidden {
            provider: account.account.provider,
            address: account.account.address.clone(),
            why,
        }
        .into()
    };
    let is_limit = answer.status == 429
        || answer.status == 403 && (why.contains("ateLimit") || why.contains("RESOURCE_EXHAUSTED"));
    Failure::NoEffect(match answer.status {
        _ if is_limit => match answer.retry_after {
            Some(delay) if delay > MAX_WAIT => Attempt::Unusable(
                AccountError::Limited {
                    provider: account.account.provider,
                    minutes: delay.as_secs().div_ceil(60),
                    why,
                }
                .into(),
            ),
            delay => Attempt::TemporaryError(why, delay),
        },
        401 => Attempt::Unusable(
            AccountError::SignInEnded {
                provider: account.account.provider,
                address: account.account.address.clone(),
                why,
            }
            .into(),
        ),
        403 => Attempt::Unusable(forbidden(why)),
        400..=499 => Attempt::Rejected(why),
        // A server that fails may have done what it was asked for.
        _ => {
            let delay = answer.retry_after.filter(|delay| *delay <= MAX_WAIT);
            return Failure::Unknown(why, delay);
        }
    })
}

/// Returns what the provider said: status, code, and message.
fn message(answer: &Answer) -> String {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let error = &body["error"];
    let text = |value: &Value| value.as_str().map(clean_text).unwrap_or_default();
    let reason = text(&error["errors"][0]["reason"]);
    let parts = [
        text(&error["code"]),
        text(&error["status"]),
        reason,
        text(&error["message"]),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let message = match parts.is_empty() {
        true => answer.status.to_string(),
        false => format!("{} {}", answer.status, parts.join(": ")),
    };
    shorten(&message, 300)
}

/// Parses an answer.
pub fn json(answer: &Answer) -> Result<Value, Failure> {
    serde_json::from_slice(&answer.body)
        .map_err(|_| Failure::Unknown("the answer is not JSON".to_owned(), None))
}

/// Returns a text of an answer.
pub fn text<'v>(value: &'v Value, key: &str) -> Result<&'v str, Failure> {
    let text = value[key].as_str();
    text.ok_or_else(|| Failure::Unknown(format!("the answer has no \"{key}\""), None))
}

/// Encodes a value for a path or a query.
pub fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
