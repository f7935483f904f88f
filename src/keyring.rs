//! The system's keyring: Keychain on macOS, Credential Manager on Windows, the Secret Service on other systems.

use std::sync::{Arc, OnceLock};

use keyring_core::{CredentialStore, Entry, Error};

/// Name of the program in the keyring.
const SERVICE: &str = "partnerbook";

/// Why a secret cannot be stored or found.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyringError {
    /// There is no keyring, or it does not start.
    #[error("this computer has no keyring that is ready")]
    None(#[source] Error),
    /// The keyring contains no secret of this user.
    #[error("the keyring contains none")]
    NoSecret,
    /// The keyring rejects the request: it is locked, or the secret is too large.
    #[error("{0}")]
    Rejected(#[source] Error),
    /// Another program wrote the secret.
    #[error("the entry is not text")]
    NotText,
}

impl From<Error> for KeyringError {
    fn from(error: Error) -> Self {
        match error {
            Error::NoEntry => Self::NoSecret,
            error => Self::Rejected(error),
        }
    }
}

/// Returns the secret of a user.
///
/// # Errors
/// Returns an error if the keyring contains none, or cannot be used.
pub(crate) fn get(user: &str) -> Result<String, KeyringError> {
    let secret = entry(user)?.get_secret()?;
    String::from_utf8(secret).map_err(|_| KeyringError::NotText)
}

/// Stores the secret of a user. Replaces the previous one.
///
/// # Errors
/// Returns an error if the keyring cannot be used, or rejects the secret.
pub(crate) fn set(user: &str, secret: &str) -> Result<(), KeyringError> {
    Ok(entry(user)?.set_secret(secret.as_bytes())?)
}

/// Removes the secret of a user, if there is one.
///
/// # Errors
/// Returns an error if the keyring cannot be used.
pub(crate) fn remove(user: &str) -> Result<(), KeyringError> {
    match entry(user)?.delete_credential() {
        Ok(()) | Err(Error::NoEntry) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn entry(user: &str) -> Result<Entry, KeyringError> {
    static STORE: OnceLock<Arc<CredentialStore>> = OnceLock::new();
    let store = match STORE.get() {
        Some(store) => store,
        None => {
            let opened = store().map_err(KeyringError::None)?;
            STORE.get_or_init(|| opened)
        }
    };
    Ok(Entry::new_in_store(store, SERVICE, user)?)
}

#[cfg(target_os = "macos")]
fn store() -> Result<Arc<CredentialStore>, Error> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(target_os = "windows")]
fn store() -> Result<Arc<CredentialStore>, Error> {
    Ok(windows_native_keyring_store::Store::new()?)
}

#[cfg(all(unix, not(target_os = "macos")))]
fn store() -> Result<Arc<CredentialStore>, Error> {
    Ok(dbus_secret_service_keyring_store::Store::new()?)
}

#[cfg(not(any(unix, windows)))]
fn store() -> Result<Arc<CredentialStore>, Error> {
    Err(Error::NoDefaultStore)
}
