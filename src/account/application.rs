//! The application that a firm registers with Microsoft or Google: its IDs, the addresses of the provider, and what it asks for.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use super::AccountError;

/// A provider of mail accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    /// Microsoft 365.
    Microsoft,
    /// Google Workspace or Gmail.
    Google,
}

impl Provider {
    /// Returns the name as used in commands and settings.
    pub fn key(self) -> &'static str {
        match self {
            Self::Microsoft => "microsoft",
            Self::Google => "google",
        }
    }

    /// Returns the provider with this name.
    pub fn of(key: &str) -> Option<Self> {
        [Self::Microsoft, Self::Google]
            .into_iter()
            .find(|provider| provider.key() == key)
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(match self {
            Self::Microsoft => "Microsoft",
            Self::Google => "Google",
        })
    }
}

/// The section `[account]` of `partnerbook.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The application registered with Microsoft.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub microsoft: Option<ProviderSettings>,
    /// The application registered with Google.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub google: Option<ProviderSettings>,
}

impl Settings {
    /// Returns the lines of these settings in `partnerbook.toml`.
    pub fn sections(&self) -> Vec<String> {
        let all = [
            (Provider::Microsoft, &self.microsoft),
            (Provider::Google, &self.google),
        ];
        let sections = all.into_iter().filter_map(|(provider, own)| {
            let text = toml::to_string(own.as_ref()?).ok()?;
            Some(format!("[account.{}]\n{}", provider.key(), text.trim_end()))
        });
        sections.collect()
    }
}

/// How a registered application signs in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProviderSettings {
    /// ID of the application.
    pub client_id: String,
    /// Secret of the application. Google issues one; Microsoft issues none to an application on a computer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<String>,
    /// ID or domain of the tenant. Microsoft only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// Asks for access to the mailbox: for drafts in it, and to look up whether an email was sent. Google always grants it.
    #[serde(skip_serializing_if = "is_false")]
    pub mailbox: bool,
    /// Asks for the right to send from a shared mailbox. Microsoft only.
    #[serde(skip_serializing_if = "is_false")]
    pub shared: bool,
    /// Sends by SMTP instead of Microsoft Graph.
    #[serde(skip_serializing_if = "is_false")]
    pub smtp: bool,
    /// Address of the sign-in page, of a national cloud for example.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorize_url: Option<String>,
    /// Address at which tokens are issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_url: Option<String>,
    /// Address at which a device code is issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_url: Option<String>,
    /// Address of Microsoft Graph or the Gmail API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_url: Option<String>,
    /// Mail server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smtp_url: Option<String>,
}

fn is_false(value: &bool) -> bool {
    !value
}

/// What a token is used for. Microsoft issues a token for one of them at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Requests to Microsoft Graph or the Gmail API.
    Api,
    /// Sending by SMTP.
    Smtp,
}

/// A registered application with the addresses of its provider.
#[derive(Debug, Clone)]
pub struct Application {
    /// The provider.
    pub provider: Provider,
    settings: ProviderSettings,
}

impl Application {
    /// Returns the application of a provider.
    ///
    /// # Errors
    /// Returns an error if the settings have no client ID, or an address that is neither `https` nor on this computer.
    pub fn new(provider: Provider, settings: &Settings) -> Result<Self, AccountError> {
        let own = match provider {
            Provider::Microsoft => &settings.microsoft,
            Provider::Google => &settings.google,
        };
        // The placeholder of a new engagement is no ID.
        let is_id = |id: &str| id.chars().any(|c| !matches!(c, '0' | '-' | ' '));
        let own = own.as_ref().filter(|own| is_id(&own.client_id));
        let own = own.ok_or(AccountError::NotRegistered(provider))?;
        if provider == Provider::Google && own.client_secret.as_deref().is_none_or(str::is_empty) {
            return Err(AccountError::NoSecret);
        }
        if provider == Provider::Microsoft && own.smtp && own.mailbox {
            return Err(AccountError::SmtpWithMailbox);
        }
        let urls = [
            ("authorize_url", &own.authorize_url),
            ("token_url", &own.token_url),
            ("device_url", &own.device_url),
            ("api_url", &own.api_url),
        ];
        for (key, url) in urls {
            if let Some(url) = url
                && !is_safe(url)
            {
                return Err(AccountError::Url {
                    key: format!("[account.{}] {key}", provider.key()),
                    url: url.clone(),
                });
            }
        }
        if let Some(url) = &own.smtp_url
            && !["smtp://", "smtps://"]
                .iter()
                .any(|scheme| url.starts_with(scheme))
        {
            return Err(AccountError::SmtpUrl(url.clone()));
        }
        Ok(Self {
            provider,
            settings: own.clone(),
        })
    }

    /// Returns the client ID.
    pub fn client_id(&self) -> &str {
        self.settings.client_id.trim()
    }

    /// Returns the client secret, if the provider issues one.
    pub fn client_secret(&self) -> Option<&str> {
        self.settings.client_secret.as_deref()
    }

    /// Returns whether emails are sent by SMTP.
    pub fn uses_smtp(&self) -> bool {
        self.provider == Provider::Google || self.settings.smtp
    }

    /// Returns whether emails are sent from a shared mailbox.
    pub fn is_shared(&self) -> bool {
        self.settings.shared
    }

    /// Returns whether the sign-in includes access to the mailbox.
    pub fn wants_mailbox(&self) -> bool {
        self.provider == Provider::Google || self.settings.mailbox
    }

    fn at(&self, own: &Option<String>, microsoft: &str, google: &str) -> String {
        if let Some(own) = own {
            return own.trim_end_matches('/').to_owned();
        }
        match self.provider {
            Provider::Microsoft => {
                let tenant = self.settings.tenant.as_deref().unwrap_or("organizations");
                let tenant = percent_encoding::utf8_percent_encode(
                    tenant.trim(),
                    percent_encoding::NON_ALPHANUMERIC,
                );
                microsoft.replace(
                    "{tenant}",
                    &tenant.to_string().replace("%2D", "-").replace("%2E", "."),
                )
            }
            Provider::Google => google.to_owned(),
        }
    }

    /// Returns the address of the sign-in page.
    pub fn authorize_url(&self) -> String {
        self.at(
            &self.settings.authorize_url,
            "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize",
            "https://accounts.google.com/o/oauth2/v2/auth",
        )
    }

    /// Returns the address at which tokens are issued.
    pub fn token_url(&self) -> String {
        self.at(
            &self.settings.token_url,
            "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
            "https://oauth2.googleapis.com/token",
        )
    }

    /// Returns the address at which a device code is issued. Google has none for mail.
    pub fn device_url(&self) -> Option<String> {
        match self.provider {
            Provider::Google => None,
            Provider::Microsoft => Some(self.at(
                &self.settings.device_url,
                "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/devicecode",
                "",
            )),
        }
    }

    /// Returns the address of Microsoft Graph or the Gmail API.
    pub fn api_url(&self) -> String {
        self.at(
            &self.settings.api_url,
            "https://graph.microsoft.com",
            "https://gmail.googleapis.com",
        )
    }

    /// Returns the mail server.
    pub fn smtp_url(&self) -> String {
        self.at(
            &self.settings.smtp_url,
            "smtp://smtp.office365.com:587",
            "smtps://smtp.gmail.com:465",
        )
    }

    /// Returns the host of the redirect after the sign-in. Microsoft accepts `http://localhost` with any port, Google the
    /// loopback address (RFC 8252, 7.3).
    pub fn redirect_host(&self) -> &'static str {
        match self.provider {
            Provider::Microsoft => "localhost",
            Provider::Google => "127.0.0.1",
        }
    }

    /// Returns what the sign-in asks for.
    pub fn scopes(&self) -> String {
        let mut scopes = ["openid", "email", "profile"].map(str::to_owned).to_vec();
        if self.provider == Provider::Microsoft {
            scopes.push("offline_access".to_owned());
        }
        if self.uses_smtp() {
            scopes.push(self.scopes_for(Purpose::Smtp));
        }
        let api = self.scopes_for(Purpose::Api);
        if !scopes.contains(&api) && !api.is_empty() {
            scopes.push(api);
        }
        scopes.join(" ")
    }

    /// Returns the scopes of a token for a purpose.
    pub fn scopes_for(&self, purpose: Purpose) -> String {
        const GOOGLE: &str = "https://mail.google.com/";
        match (self.provider, purpose) {
            (Provider::Google, _) => GOOGLE.to_owned(),
            (Provider::Microsoft, Purpose::Smtp) => {
                "https://outlook.office.com/SMTP.Send".to_owned()
            }
            (Provider::Microsoft, Purpose::Api) => {
                let mut scopes = Vec::new();
                let mut add = |scope: &str| {
                    scopes.push(format!("{}/{scope}", self.api_url()));
                    if self.settings.shared {
                        scopes.push(format!("{}/{scope}.Shared", self.api_url()));
                    }
                };
                if !self.settings.smtp {
                    add("Mail.Send");
                }
                if self.settings.mailbox {
                    add("Mail.ReadWrite");
                }
                scopes.join(" ")
            }
        }
    }
}

/// Returns whether secrets can be sent to an address: encrypted, or to this computer.
fn is_safe(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else {
        return false;
    };
    let is_here = match url.host() {
        Some(Host::Domain(domain)) => domain == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || url.scheme() == "http" && is_here
}

#[cfg(test)]
mod tests {
    use super::*;

    fn application(text: &str, provider: Provider) -> Result<Application, AccountError> {
        Application::new(provider, &toml::from_str(text).unwrap())
    }

    #[test]
    fn addresses_and_scopes_are_those_of_the_provider() {
        let microsoft = "[microsoft]\nclient_id = \"1\"\ntenant = \"firm.example\"\nmailbox = true";
        let own = application(microsoft, Provider::Microsoft).unwrap();
        assert_eq!(
            own.token_url(),
            "https://login.microsoftonline.com/firm.example/oauth2/v2.0/token"
        );
        assert_eq!(
            own.scopes(),
            "openid email profile offline_access https://graph.microsoft.com/Mail.Send https://graph.microsoft.com/Mail.ReadWrite"
        );
        let google = "[google]\nclient_id = \"1\"\nclient_secret = \"2\"";
        let own = application(google, Provider::Google).unwrap();
        assert_eq!(
            own.scopes(),
            "openid email profile https://mail.google.com/"
        );
        assert_eq!(own.device_url(), None);
        // A tenant is part of a path, and stays one part of it.
        let odd = "[microsoft]\nclient_id = \"1\"\ntenant = \"a/../b?c\"";
        let own = application(odd, Provider::Microsoft).unwrap();
        assert_eq!(
            own.token_url(),
            "https://login.microsoftonline.com/a%2F..%2Fb%3Fc/oauth2/v2.0/token"
        );
    }

    #[test]
    fn secrets_go_to_no_open_address() {
        for url in ["http://login.example/token", "ftp://127.0.0.1/", "token"] {
            let text = format!("[microsoft]\nclient_id = \"1\"\ntoken_url = \"{url}\"");
            let error = application(&text, Provider::Microsoft).unwrap_err();
            assert!(error.to_string().contains("token_url"), "{error}");
        }
        let missing = application("", Provider::Google).unwrap_err().to_string();
        assert!(missing.contains("[account.google]"), "{missing}");
    }
}
