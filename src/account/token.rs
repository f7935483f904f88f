//! Tokens: issued after a sign-in, renewed while they are used, and never shown.

use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

use super::application::{Application, Purpose};
use super::http::{Answer, Http, HttpError};
use super::secret::Secret;
use super::store::Store;
use super::{Account, AccountError};
use crate::text::{clean_text, shorten};

/// Time after which a token is renewed in any case.
const MAX_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);
/// Time before its end at which a token is renewed.
const MARGIN: Duration = Duration::from_secs(300);

/// Errors of a renewal after which only a new sign-in helps (RFC 6749, 5.2; OpenID Connect Core 1.0, 3.1.2.6).
const ENDED: [&str; 4] = [
    "invalid_grant",
    "interaction_required",
    "consent_required",
    "login_required",
];

/// The tokens that a provider issued.
#[derive(Debug)]
pub struct Tokens {
    /// Token for requests.
    pub access: Secret,
    /// How long it can be used.
    pub lifetime: Duration,
    /// Token for the next tokens. `None` if the one in use stays valid.
    pub refresh: Option<Secret>,
    /// What the user granted. `None` if it is what was asked for.
    pub scope: Option<String>,
    /// Address of the user who signed in.
    pub address: Option<String>,
}

#[derive(Deserialize)]
struct Issued {
    access_token: String,
    #[serde(default)]
    expires_in: Option<f64>,
    #[serde(default)]
    refresh_token: Option<String>,
    #[serde(default)]
    scope: Option<String>,
    #[serde(default)]
    id_token: Option<String>,
}

/// An error as RFC 6749, 5.2 defines it.
#[derive(Deserialize)]
pub struct Refusal {
    /// Code, such as `invalid_grant`.
    pub error: String,
    /// Text of the provider.
    #[serde(default)]
    pub error_description: Option<String>,
}

impl Refusal {
    /// Returns the code and the first line of the text.
    pub fn message(&self) -> String {
        let text = self.error_description.as_deref().unwrap_or_default();
        let text = clean_text(text.lines().next().unwrap_or_default());
        let code = shorten(&clean_text(&self.error), 60);
        match text.is_empty() {
            true => code,
            false => format!("{code}: {}", shorten(&text, 200)),
        }
    }
}

/// Why no tokens were issued.
pub enum TokenError {
    /// The provider refused.
    Refused(Refusal),
    /// No usable answer.
    Other(AccountError),
}

/// Asks for tokens, with these fields besides the client ID.
pub fn issue(
    http: &Http,
    application: &Application,
    fields: &[(&str, &str)],
) -> Result<Tokens, TokenError> {
    let mut all = vec![("client_id", application.client_id())];
    all.extend(
        application
            .client_secret()
            .map(|own| ("client_secret", own)),
    );
    all.extend_from_slice(fields);
    let url = application.token_url();
    let answer = http.form(&url, &all);
    let answer = answer.map_err(|error| TokenError::Other(unreachable(application, &error)))?;
    let issued: Issued = parse(application, &answer)?;
    Ok(Tokens {
        access: Secret(issued.access_token),
        lifetime: Duration::try_from_secs_f64(issued.expires_in.unwrap_or(3600.0))
            .unwrap_or_default()
            .min(MAX_LIFETIME),
        refresh: issued.refresh_token.map(Secret),
        scope: issued.scope,
        address: issued.id_token.as_deref().and_then(address),
    })
}

/// Parses an answer of the sign-in server.
pub fn parse<T: serde::de::DeserializeOwned>(
    application: &Application,
    answer: &Answer,
) -> Result<T, TokenError> {
    if answer.status == 200
        && let Ok(parsed) = serde_json::from_slice(&answer.body)
    {
        return Ok(parsed);
    }
    // A server that is busy, whatever else it says.
    let refusal = serde_json::from_slice::<Refusal>(&answer.body);
    let is_busy = |own: &Refusal| matches!(&*own.error, "temporarily_unavailable" | "server_error");
    if answer.status == 429 || answer.status >= 500 || refusal.as_ref().is_ok_and(is_busy) {
        return Err(TokenError::Other(AccountError::Unreachable {
            provider: application.provider,
            why: format!("its sign-in server answers with status {}", answer.status),
        }));
    }
    Err(match refusal {
        Ok(refusal) => TokenError::Refused(refusal),
        Err(_) => TokenError::Other(AccountError::Unexpected {
            provider: application.provider,
            status: answer.status,
            media_type: match answer.media_type.is_empty() {
                true => "no media type".to_owned(),
                false => shorten(&clean_text(&answer.media_type), 60),
            },
        }),
    })
}

/// Returns the error for a sign-in server that does not answer.
pub fn unreachable(application: &Application, error: &HttpError) -> AccountError {
    AccountError::Unreachable {
        provider: application.provider,
        why: error.why().to_owned(),
    }
}

/// Returns the address in an ID token. The token comes from the provider itself over TLS, so that its signature need not be
/// checked (OpenID Connect Core 1.0, 3.1.3.7).
fn address(id_token: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Claims {
        email: Option<String>,
        preferred_username: Option<String>,
    }
    let body = id_token.split('.').nth(1)?;
    let body = URL_SAFE_NO_PAD.decode(body.trim_end_matches('=')).ok()?;
    let claims: Claims = serde_json::from_slice(&body).ok()?;
    let is_address = |text: &String| crate::email_address::is_email_address(text);
    let all = [claims.email, claims.preferred_username];
    all.into_iter().flatten().find(is_address)
}

/// A signed-in account. It gets a token when one is needed, and stores what the provider renews.
pub struct SignedIn {
    /// The application that signed in.
    pub application: Application,
    /// The account.
    pub account: Account,
    /// The client for requests.
    pub http: Http,
    store: Store,
    tokens: Vec<(Purpose, Secret, Instant)>,
}

impl SignedIn {
    /// Prepares an account for use. Nothing is requested yet.
    ///
    /// # Errors
    /// Returns an error if the account was added for another application, or if this computer has no trusted certificates.
    pub fn new(
        application: Application,
        account: Account,
        store: Store,
    ) -> Result<Self, AccountError> {
        if account.client_id != application.client_id() {
            return Err(AccountError::OtherApplication {
                provider: account.provider,
                address: account.address,
            });
        }
        Ok(Self {
            http: Http::new()?,
            application,
            account,
            store,
            tokens: Vec::new(),
        })
    }

    /// Returns a token for a purpose, issued before or now.
    ///
    /// # Errors
    /// Returns an error if the sign-in expired or was revoked, if the provider cannot be reached, or if a renewed token
    /// cannot be stored.
    pub fn token(&mut self, purpose: Purpose) -> Result<String, AccountError> {
        let now = Instant::now();
        let known = self.tokens.iter();
        let mut known = known.filter(|(own, _, end)| *own == purpose && *end > now);
        if let Some((_, token, _)) = known.next() {
            return Ok(token.0.clone());
        }
        self.renew(purpose)
    }

    /// Returns a new token for a purpose, after the provider rejected the last one.
    ///
    /// # Errors
    /// Returns the errors of [`SignedIn::token`].
    pub fn renew(&mut self, purpose: Purpose) -> Result<String, AccountError> {
        // Two processes must not use the same token for the next ones: some providers then revoke both.
        let _lock = self.store.lock()?;
        let refresh = self.store.token(&self.account)?;
        let scope = self.application.scopes_for(purpose);
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", &refresh.0),
            ("scope", &scope),
        ];
        let issued = issue(&self.http, &self.application, &fields);
        let tokens = issued.map_err(|error| match error {
            TokenError::Refused(refusal) if ENDED.contains(&&*refusal.error) => {
                AccountError::SignInEnded {
                    provider: self.account.provider,
                    address: self.account.address.clone(),
                    why: refusal.message(),
                }
            }
            // The application, not the sign-in, is at fault.
            TokenError::Refused(refusal) => AccountError::Refused {
                provider: self.account.provider,
                why: refusal.message(),
            },
            TokenError::Other(error) => error,
        })?;
        if let Some(next) = &tokens.refresh
            && *next != refresh
        {
            self.store.set_token(&mut self.account, next)?;
        }
        let end = Instant::now() + tokens.lifetime.saturating_sub(MARGIN);
        self.tokens.retain(|(own, ..)| *own != purpose);
        self.tokens.push((purpose, tokens.access.clone(), end));
        Ok(tokens.access.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_token_names_who_signed_in() {
        let token = |claims: &str| format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims));
        let both = token(r#"{"preferred_username":"dana@firm.example","email":"d@firm.example"}"#);
        assert_eq!(address(&both).as_deref(), Some("d@firm.example"));
        let name = token(r#"{"preferred_username":"dana"}"#);
        assert_eq!(address(&name), None);
        for odd in ["", "a.b", "a.!!.c", &token("[]"), &token("not JSON")] {
            assert_eq!(address(odd), None, "{odd}");
        }
    }

    #[test]
    fn what_a_provider_says_is_one_short_line() {
        let refusal = Refusal {
            error: "invalid_grant".into(),
            error_description: Some("AADSTS700082: expired\r\nTrace ID: 1\u{7}".into()),
        };
        assert_eq!(refusal.message(), "invalid_grant: AADSTS700082: expired");
        assert!(!format!("{:?}", Secret("abc".into())).contains("abc"));
    }
}
