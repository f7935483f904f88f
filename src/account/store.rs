//! The accounts of this user: a list without secrets, and the tokens in the system's keyring or in files only the user can
//! read.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use super::application::Provider;
use super::secret::Secret;
use super::{Account, AccountError, Place};
use crate::bounded;
use crate::fingerprint;
use crate::keyring;

/// Name of the folder.
const FOLDER: &str = "partnerbook";
const LIST: &str = "accounts.json";
const LOCK: &str = "accounts.lock";
/// Maximum size of the list and of a token, in bytes.
const MAX_SIZE: u64 = 1 << 20;

/// The folder with the accounts of this user.
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
}

impl Store {
    /// Finds the folder of the user's settings. It is created when an account is added.
    ///
    /// # Errors
    /// Returns an error if the user has no home folder.
    pub fn find() -> Result<Self, AccountError> {
        let own = etcetera::choose_base_strategy().map_err(|_| AccountError::NoHome)?;
        Ok(Self {
            folder: own.config_dir().join(FOLDER),
        })
    }

    /// Returns the accounts, by provider and address.
    ///
    /// # Errors
    /// Returns an error if the list cannot be read.
    pub fn accounts(&self) -> Result<Vec<Account>, AccountError> {
        let path = self.folder.join(LIST);
        let text = match bounded::read_text(&path, MAX_SIZE) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed(&path, error)),
        };
        let mut accounts: Vec<Account> =
            serde_json::from_str(&text).map_err(|error| failed(&path, error.into()))?;
        accounts.sort_by(|one, other| {
            (one.provider, &one.address).cmp(&(other.provider, &other.address))
        });
        Ok(accounts)
    }

    /// Returns the account with this provider or address. Without a name, returns the only account.
    ///
    /// # Errors
    /// Returns an error if no account or more than one account matches.
    pub fn account(&self, name: &str) -> Result<Account, AccountError> {
        let accounts = self.accounts()?;
        let fits = |account: &&Account| {
            name.is_empty()
                || account.provider.key() == name
                || account.address.eq_ignore_ascii_case(name)
        };
        let mut fitting = accounts.iter().filter(fits);
        match (fitting.next(), fitting.next()) {
            (Some(account), None) => Ok(account.clone()),
            (Some(_), Some(_)) => Err(AccountError::Several(name.to_owned())),
            (None, _) => Err(match Provider::of(name) {
                Some(provider) => AccountError::NotSignedIn(provider),
                None if name.is_empty() => AccountError::NoAccount,
                None => AccountError::Unknown(name.to_owned()),
            }),
        }
    }

    /// Adds an account, or replaces it if its provider and address are known.
    ///
    /// # Errors
    /// Returns an error if the list or the token cannot be stored.
    pub fn add(&self, account: &mut Account, token: &Secret) -> Result<(), AccountError> {
        let _lock = self.lock()?;
        self.set_token(account, token)
    }

    /// Removes an account and its token.
    ///
    /// # Errors
    /// Returns an error if the list cannot be written or the token cannot be removed.
    pub fn remove(&self, account: &Account) -> Result<(), AccountError> {
        let _lock = self.lock()?;
        match &account.place {
            Place::Keyring => {
                let removed = keyring::remove(&user(account));
                removed.map_err(|error| AccountError::Keyring(error.to_string()))?;
            }
            Place::File => {
                let path = self.file(account);
                match std::fs::remove_file(&path) {
                    Err(error) if error.kind() != ErrorKind::NotFound => {
                        return Err(failed(&path, error));
                    }
                    _ => {}
                }
            }
        }
        let mut accounts = self.accounts()?;
        accounts.retain(|other| !other.is_same(account));
        self.write_list(&accounts)
    }

    /// Returns the token of an account.
    ///
    /// # Errors
    /// Returns an error if the token is gone or cannot be read.
    pub fn token(&self, account: &Account) -> Result<Secret, AccountError> {
        match account.place {
            Place::Keyring => {
                let token = keyring::get(&user(account)).map(Secret);
                token.map_err(|error| AccountError::Keyring(error.to_string()))
            }
            Place::File => {
                let path = self.file(account);
                let text = bounded::read_text(&path, MAX_SIZE);
                text.map(Secret).map_err(|error| failed(&path, error))
            }
        }
    }

    /// Stores the token of an account: in the keyring if there is one, else in a file. The caller holds the lock.
    ///
    /// # Errors
    /// Returns an error if neither can be written.
    pub fn set_token(&self, account: &mut Account, token: &Secret) -> Result<(), AccountError> {
        let kept = keyring::set(&user(account), &token.0);
        let path = self.file(account);
        account.place = match kept {
            Ok(()) => {
                // An earlier token, from a time without a keyring.
                let _ = std::fs::remove_file(&path);
                Place::Keyring
            }
            // There is no keyring, or it is too small for the token.
            Err(_) => {
                self.write_private(&path, token.0.as_bytes())?;
                Place::File
            }
        };
        let mut accounts = self.accounts()?;
        accounts.retain(|other| !other.is_same(account));
        accounts.push(account.clone());
        self.write_list(&accounts)
    }

    /// Returns the file with the token of an account, if it is in one.
    pub fn token_file(&self, account: &Account) -> Option<PathBuf> {
        (account.place == Place::File).then(|| self.file(account))
    }

    /// Waits until no other process uses the tokens.
    ///
    /// # Errors
    /// Returns an error if the folder cannot be written.
    pub fn lock(&self) -> Result<File, AccountError> {
        let path = self.folder.join(LOCK);
        std::fs::create_dir_all(&self.folder).map_err(|error| failed(&self.folder, error))?;
        let mut options = OpenOptions::new();
        let file = options.create(true).truncate(false).write(true).open(&path);
        let locked = file.and_then(|file| file.lock().map(|()| file));
        locked.map_err(|error| failed(&path, error))
    }

    fn file(&self, account: &Account) -> PathBuf {
        let name = fingerprint::of(account.address.to_lowercase().as_bytes());
        let key = account.provider.key();
        self.folder.join(format!("{key}-{}.token", &name[..16]))
    }

    fn write_list(&self, accounts: &[Account]) -> Result<(), AccountError> {
        let path = self.folder.join(LIST);
        let text =
            serde_json::to_vec_pretty(accounts).map_err(|error| failed(&path, error.into()))?;
        self.write_private(&path, &text)
    }

    /// Writes a file as a whole. Only the user can read it, from its first byte on.
    fn write_private(&self, path: &Path, bytes: &[u8]) -> Result<(), AccountError> {
        let write = || {
            let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
            file.write_all(bytes)?;
            file.as_file().sync_all()?;
            file.persist(path).map_err(|error| error.error)
        };
        write().map(drop).map_err(|error| failed(path, error))
    }
}

/// The name of an account in the keyring.
fn user(account: &Account) -> String {
    format!("{}:{}", account.provider.key(), account.address)
}

fn failed(path: &Path, error: std::io::Error) -> AccountError {
    AccountError::Store {
        path: path.to_owned(),
        error,
    }
}
