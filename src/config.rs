//! `partnerbook.toml`: the consultant's settings. The file is searched for in the working folder and its parent
//! folders. Command-line options take precedence.
//!
//! ```toml
//! questionnaire = "questionnaire"            # folder of a questionnaire of one's own
//! brand = "brand/brand.toml"
//! output = "out"
//! jobs = 4
//!
//! [sender]
//! name = "Brightwater Advisory"
//! email = "plans@brightwater.example"
//!
//! [smtp]
//! url = "smtps://plans@mail.brightwater.example"
//! ca = "authority.pem"
//! limit = "30/min"
//!
//! [account.microsoft]
//! client_id = "7c1f…"
//! tenant = "brightwater.example"
//! mailbox = true
//!
//! [engagement]
//! roster = "clients.xlsx"
//! due = "2026-12-18"
//! ```
//!
//! Paths are relative to the file. All entries are optional. There is no entry for a password.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::Deserialize;

#[cfg(feature = "mail")]
use crate::account::Settings as AccountSettings;
use crate::bounded;
use crate::questionnaire::{TomlError, read_toml};

/// Not read without the feature `mail`.
#[cfg(not(feature = "mail"))]
type AccountSettings = serde::de::IgnoredAny;

/// Name of the configuration file.
pub const FILE: &str = "partnerbook.toml";
/// Maximum size of the file in bytes, and maximum number of folders to search.
const MAX_SIZE: u64 = 1 << 20;
const MAX_PARENT_FOLDERS: usize = 64;

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{path} cannot be read ({error})")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The underlying I/O error.
        #[source]
        error: std::io::Error,
    },
    /// The file is not valid.
    #[error(transparent)]
    Invalid(#[from] TomlError),
}

/// The settings. Paths are already resolved against the folder of the file.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Folder of the questionnaire.
    pub questionnaire: Option<PathBuf>,
    /// Brand file.
    pub brand: Option<PathBuf>,
    /// Output folder.
    pub output: Option<PathBuf>,
    /// Output folder of a previous run to compare with.
    pub since: Option<PathBuf>,
    /// Number of workbooks to process in parallel.
    pub jobs: Option<u16>,
    /// Sender of the plans.
    pub sender: Sender,
    /// How plans are sent.
    pub smtp: Smtp,
    /// The applications that sign in to mail accounts.
    pub account: AccountSettings,
    /// The engagement, if the folder is one.
    pub engagement: Option<Engagement>,
}

/// Sender of the plans.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sender {
    /// Name.
    pub name: Option<String>,
    /// Email address.
    pub email: Option<String>,
}

/// How plans are sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Smtp {
    /// URL of the server.
    pub url: Option<String>,
    /// File with an additional trusted certificate.
    pub ca: Option<PathBuf>,
    /// Maximum number of emails per minute, such as `30/min`.
    pub limit: Option<String>,
}

/// The folders and dates of an engagement.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Engagement {
    /// List of clients.
    pub roster: PathBuf,
    /// Folder of the returned workbooks.
    pub inbox: PathBuf,
    /// Folder of the workbooks for the clients.
    pub handed_out: PathBuf,
    /// Folder of the annotated copies.
    pub annotated: PathBuf,
    /// Folder with the answers of the last round.
    pub last_answers: PathBuf,
    /// When workbooks are due, for clients without a due date of their own.
    pub due: Option<NaiveDate>,
    /// Days before the due date on which a client who has not answered is reminded.
    pub remind_before: Vec<u32>,
    /// Days after the due date on which such a client is reminded.
    pub remind_after: Vec<u32>,
}

impl Default for Engagement {
    fn default() -> Self {
        Self {
            roster: "clients.xlsx".into(),
            inbox: "inbox".into(),
            handed_out: "handed-out".into(),
            annotated: "annotated".into(),
            last_answers: "last-answers".into(),
            due: None,
            remind_before: vec![10, 5],
            remind_after: vec![2],
        }
    }
}

impl Config {
    /// Returns when workbooks are due, for clients without a due date of their own.
    pub fn due(&self) -> Option<NaiveDate> {
        self.engagement.as_ref()?.due
    }

    /// Loads the nearest configuration file in a folder or its parent folders. Returns an empty configuration if there
    /// is none.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read or is not valid.
    pub fn find(from: &Path) -> Result<Self, ConfigError> {
        for folder in from.ancestors().take(MAX_PARENT_FOLDERS) {
            let path = folder.join(FILE);
            if path.is_file() {
                return Self::load(&path);
            }
        }
        Ok(Self::default())
    }

    /// Returns the settings of the next round of an engagement . `path` returns a path as seen from its folder.
    pub fn next_round(&self, path: impl Fn(&Path) -> PathBuf) -> String {
        let text = |value: &str| toml::Value::String(value.to_owned()).to_string();
        let file = |own: &Path| text(&path(own).display().to_string());
        let mut lines = vec![
            "# The settings of this round, made from those of the last one. Paths are relative to this file."
                .to_owned(),
        ];
        let mut add = |name: &str, value: Option<String>| {
            lines.extend(value.map(|value| format!("{name} = {value}")));
        };
        add("questionnaire", self.questionnaire.as_deref().map(file));
        add("brand", self.brand.as_deref().map(file));
        add("output", Some(text("out")));
        let output = self.output.as_deref().unwrap_or(Path::new("out"));
        add("since", Some(file(output)));
        add("jobs", self.jobs.map(|jobs| jobs.to_string()));
        add("[engagement]\nroster", {
            let roster = self
                .engagement
                .as_ref()
                .and_then(|own| own.roster.file_name());
            roster.map(|name| text(&name.to_string_lossy()))
        });
        if self.sender != Sender::default() {
            add(
                "[sender]\nname",
                Some(text(self.sender.name.as_deref().unwrap_or_default())),
            );
            add("email", self.sender.email.as_deref().map(text));
        }
        if self.smtp != Smtp::default() {
            add(
                "[smtp]\nurl",
                Some(text(self.smtp.url.as_deref().unwrap_or_default())),
            );
            add("ca", self.smtp.ca.as_deref().map(file));
            add("limit", self.smtp.limit.as_deref().map(text));
        }
        #[cfg(feature = "mail")]
        lines.extend(self.account.sections());
        lines.join("\n") + "\n"
    }

    /// Makes paths below a folder relative to it, so that messages name them as the user does.
    pub fn relative_to(&mut self, folder: &Path) {
        self.each_path(|path| {
            if let Ok(relative) = path.strip_prefix(folder) {
                *path = relative.to_owned();
            }
        });
    }

    fn each_path(&mut self, change: impl Fn(&mut PathBuf)) {
        let paths = [
            &mut self.questionnaire,
            &mut self.brand,
            &mut self.output,
            &mut self.since,
            &mut self.smtp.ca,
        ];
        paths.into_iter().flatten().for_each(&change);
        if let Some(own) = &mut self.engagement {
            let paths = [
                &mut own.roster,
                &mut own.inbox,
                &mut own.handed_out,
                &mut own.annotated,
                &mut own.last_answers,
            ];
            paths.into_iter().for_each(change);
        }
    }

    fn load(path: &Path) -> Result<Self, ConfigError> {
        let unreadable = |error| ConfigError::Unreadable {
            path: path.to_owned(),
            error,
        };
        let text = bounded::read_text(path, MAX_SIZE).map_err(unreadable)?;
        let mut config: Self = read_toml(&path.to_string_lossy(), &text)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        config.each_path(|path| *path = folder.join(&*path));
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_found_upwards_and_its_paths_are_its_own() {
        let root = tempfile::tempdir().unwrap();
        let deep = root.path().join("a/b");
        std::fs::create_dir_all(&deep).unwrap();
        let text = "brand = \"brand.toml\"\n[smtp]\nlimit = \"30/min\"";
        std::fs::write(root.path().join(FILE), text).unwrap();
        let config = Config::find(&deep).unwrap();
        assert_eq!(config.brand, Some(root.path().join("brand.toml")));
        assert_eq!(config.smtp.limit.as_deref(), Some("30/min"));
        // Only the nearest file counts.
        std::fs::write(deep.join(FILE), "").unwrap();
        assert_eq!(Config::find(&deep).unwrap(), Config::default());
    }

    #[test]
    fn what_is_not_known_is_named_with_its_line() {
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join(FILE), "jobs = 2\n[smtp]\npassword = \"x\"").unwrap();
        let error = Config::find(root.path()).unwrap_err().to_string();
        assert!(
            error.contains("line 3") && error.contains("password"),
            "{error}"
        );
        // All errors at once, in plain words.
        let text = "jobs = \"two\"\n[engagement]\ndue = 2026-12-01\nremind_before = [-3]";
        std::fs::write(root.path().join(FILE), text).unwrap();
        let error = Config::find(root.path()).unwrap_err().to_string();
        let lines: Vec<&str> = error.lines().collect();
        let [due, remind, jobs] = lines[..] else {
            panic!("{error}");
        };
        assert!(due.contains("line 3: this is a date. Put it in quotation marks"));
        assert!(remind.contains("line 4: this number is not possible: `-3`"));
        assert!(jobs.contains("line 1: this is a text: \"two\". Expected a whole number"));
    }
}
