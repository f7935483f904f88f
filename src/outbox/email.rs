//! The email for each client, built from the results in an output folder.

use crate::output::names::{PLANS, RESULTS};
use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use chrono::NaiveDate;
use lettre::Address;
use serde::{Deserialize, Serialize};

use super::{AddressError, OutboxError, address};
use crate::bounded;
use crate::check::has_too_few_answers;
use crate::fingerprint;
use crate::record::results::{self};
use crate::record::{Completeness, Message, Output, Record};
use crate::text::normalize;

/// Maximum size of an attachment, in bytes.
const MAX_FILE_SIZE: u64 = 64 << 20;

/// Which clients get an email.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// Only these clients, by client name or plan name, even if their workbooks have errors. If empty, all clients
    /// without errors.
    pub named: Vec<String>,
}

/// What an email is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The plan.
    #[default]
    Plan,
    /// The workbook to fill in.
    Invitation,
    /// The workbook once more, to a client who has not answered.
    Reminder,
    /// The annotated copy.
    Correction,
}

/// A file to attach.
#[derive(Debug, Clone)]
pub struct Attachment {
    /// The file.
    pub path: PathBuf,
    /// File name that the recipient sees.
    pub name: String,
    /// SHA-256 of its bytes, in hexadecimal. A file that was changed is not sent.
    pub sha256: String,
    /// Media type.
    pub media_type: &'static str,
}

/// The email for one client.
#[derive(Debug, Clone)]
pub struct Email {
    /// What it is about.
    pub kind: Kind,
    /// Name of its draft, without an extension. It is unique among the emails of its kind.
    pub name: String,
    /// What identifies the content: the same version is never sent twice to the same address for the same client.
    pub version: String,
    /// The client ID.
    pub id: Option<String>,
    /// The client's name.
    pub client: String,
    /// The contact person.
    pub contact: Option<String>,
    /// The recipient address, or what is wrong with it.
    pub to: Result<Address, AddressError>,
    /// The subject and the paragraphs.
    pub message: Message,
    /// The files to attach, the most important first.
    pub attachments: Vec<Attachment>,
    /// The date of a draft.
    pub made: NaiveDate,
    /// Why the email is skipped. `None` if it can be sent.
    pub skip_reason: Option<SkipReason>,
}

/// Why an email is skipped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SkipReason {
    /// Other clients were chosen.
    #[error("not chosen")]
    NotChosen,
    /// The client's workbook was not handed out.
    #[error("the workbook was not handed out. Run `partnerbook handout`")]
    NotHandedOut,
    /// The client is not in the roster of the engagement.
    #[error("the client is not in the roster. Use --client to send it anyway")]
    Stranger,
    /// A file to attach cannot be read.
    #[error("{0} cannot be read")]
    NoFile(String),
    /// The last email was sent too recently. Contains the first day on which the next one can be sent.
    #[error(
        "the last email was sent less than three days ago. The reminder can be sent from {0} on"
    )]
    TooSoon(NaiveDate),
    /// The client has no plan.
    #[error("there is no plan")]
    NoPlan,
    /// A file is missing or does not match the results. The report run did not finish, or someone changed the file.
    #[error("{0} was changed, or the report is incomplete. Run `partnerbook report` again")]
    Changed(String),
    /// Too few questions are answered: answered and expected.
    #[error("only {0} of {1} questions are answered. Use --client to send it anyway")]
    Incomplete(usize, usize),
    /// The plan recommends nothing, because too few key answers are given: given and asked for.
    #[error(
        "the plan recommends nothing: {0} of {1} key answers are given. Ask the client for the others"
    )]
    Withheld(usize, usize),
    /// The plan is provisional: key answers given and asked for.
    #[error(
        "the plan is provisional: {0} of {1} key answers are given. Use --client to send it anyway"
    )]
    Provisional(usize, usize),
    /// The plan is a draft. Contains the number of errors.
    #[error(
        "the plan is a draft: the workbook has {}. Use --client to send it anyway", errors_to_fix(.0)
    )]
    Errors(usize),
    /// The client has more than one workbook. Contains their number and the plan name.
    #[error("the client has {0} workbooks. Keep one, or choose one by its plan: --client {1}")]
    Repeated(usize, String),
    /// The address is not usable.
    #[error("{0}")]
    Address(#[from] AddressError),
}

/// Formats the number of errors: "1 error", "3 errors".
fn errors_to_fix(count: &usize) -> String {
    format!("{count} error{}", if *count == 1 { "" } else { "s" })
}

/// Returns the emails of an output folder, in the order of its results.
///
/// # Errors
/// Returns an error if the results are missing or invalid, or if a chosen client is not in the results.
pub fn emails(folder: &Path, choice: &Choice) -> Result<Vec<Email>, OutboxError> {
    let path = folder.join(RESULTS);
    let no_results = |error| OutboxError::NoResults {
        path: path.clone(),
        error,
    };
    let mut lines: Vec<Record> = Vec::new();
    for text in results::lines(&path).map_err(no_results)? {
        let record = results::from_line(&text.map_err(no_results)?).map_err(|error| {
            OutboxError::Results {
                path: path.clone(),
                line: lines.len() + 1,
                why: error.to_string(),
            }
        })?;
        lines.push(record);
    }
    let mut of_name: HashMap<String, usize> = HashMap::new();
    for line in &lines {
        *of_name.entry(normalize(&line.client.name)).or_default() += 1;
    }
    let emails: Vec<Email> = lines
        .into_iter()
        .map(|line| {
            let same = of_name.get(&normalize(&line.client.name)).copied();
            email(folder, line, same.unwrap_or(1), choice)
        })
        .collect();
    let known = |name: &&String| emails.iter().any(|email| is_named(email, name).is_some());
    match choice.named.iter().find(|name| !known(name)) {
        Some(name) => Err(OutboxError::Unknown(name.clone())),
        None => Ok(emails),
    }
}

/// Skips the emails of clients who were not chosen.
///
/// # Errors
/// Returns an error if a chosen client gets no email.
pub fn choose(emails: &mut [Email], choice: &Choice) -> Result<(), OutboxError> {
    let known = |name: &&String| emails.iter().any(|email| is_named(email, name).is_some());
    if let Some(name) = choice.named.iter().find(|name| !known(name)) {
        return Err(OutboxError::Unknown(name.clone()));
    }
    for email in emails.iter_mut().filter(|_| !choice.named.is_empty()) {
        if !choice
            .named
            .iter()
            .any(|name| is_named(email, name).is_some())
        {
            email.skip_reason = Some(SkipReason::NotChosen);
        }
    }
    Ok(())
}

/// How a `--client` value matches an email: by its plan name, which is unique, or by its client name.
#[derive(PartialEq, Eq)]
enum Named {
    Plan,
    Client,
}

fn is_named(email: &Email, name: &str) -> Option<Named> {
    let plan = name
        .strip_prefix(PLANS)
        .and_then(|rest| rest.strip_prefix('/'));
    let plan = plan.and_then(|file| file.strip_suffix(".pdf"));
    if email.name == name || plan == Some(&*email.name) {
        Some(Named::Plan)
    } else if normalize(&email.client) == normalize(name) {
        Some(Named::Client)
    } else {
        None
    }
}

fn email(folder: &Path, record: Record, same: usize, choice: &Choice) -> Email {
    let to = address::parse(&record.client.email.unwrap_or_default());
    // Results can be edited by hand: never attach a file from outside the folder.
    let inside = |output: Option<Output>| output.filter(|output| is_within(&output.relative_path));
    let (plan, calendar) = (inside(record.outputs.plan), inside(record.outputs.calendar));
    let files = [
        (&plan, "application/pdf"),
        (&calendar, "text/calendar; charset=utf-8"),
    ];
    let attachments = files.into_iter().filter_map(|(file, media_type)| {
        let file = file.as_ref()?;
        let name = file.relative_path.rsplit('/').next().unwrap_or_default();
        Some(Attachment {
            path: folder.join(&file.relative_path),
            name: name.to_owned(),
            sha256: file.sha256.clone(),
            media_type,
        })
    });
    let attachments: Vec<Attachment> = attachments.collect();
    let name = plan.as_ref().and(attachments.first());
    let name = name.map_or("", |file| file.name.trim_end_matches(".pdf"));
    let mut email = Email {
        kind: Kind::Plan,
        name: name.to_owned(),
        version: plan.map(|plan| plan.sha256).unwrap_or_default(),
        id: record.client.id,
        client: record.client.name,
        contact: record.client.contact,
        to,
        message: record.message,
        attachments,
        made: record.report_date,
        skip_reason: None,
    };
    let named: Vec<Named> = choice
        .named
        .iter()
        .filter_map(|name| is_named(&email, name))
        .collect();
    let Completeness { answered, expected } = record.completeness;
    let errors = record.counts.errors;
    let core = record.advice.core;
    let decision = record.advice.decision.as_ref();
    let withheld = decision.is_some_and(|decision| decision.withheld);
    email.skip_reason = if named.is_empty() && !choice.named.is_empty() {
        Some(SkipReason::NotChosen)
    } else if email.version.is_empty() {
        Some(SkipReason::NoPlan)
    } else if same > 1 && !named.contains(&Named::Plan) {
        Some(SkipReason::Repeated(same, email.name.clone()))
    } else if has_too_few_answers((answered, expected)) && named.is_empty() {
        Some(SkipReason::Incomplete(answered, expected))
    } else if withheld {
        Some(SkipReason::Withheld(core.answered, core.expected))
    } else if record.advice.provisional && named.is_empty() {
        Some(SkipReason::Provisional(core.answered, core.expected))
    } else if errors > 0 && named.is_empty() {
        Some(SkipReason::Errors(errors))
    } else if let Err(error) = &email.to {
        Some(SkipReason::Address(error.clone()))
    } else {
        let mut files = email.attachments.iter();
        files.find(|file| file.read().is_err()).map(|file| {
            let path = file.path.strip_prefix(folder).unwrap_or(&file.path);
            SkipReason::Changed(path.display().to_string())
        })
    };
    email
}

/// Returns whether a path stays inside the output folder. Results can be edited by hand.
fn is_within(path: &str) -> bool {
    let mut parts = Path::new(path).components();
    parts.all(|part| matches!(part, Component::Normal(_)))
}

impl Email {
    /// Returns a message without attachments. `version` must differ from one message to the next.
    ///
    /// # Errors
    /// Returns an error if the address is not valid.
    pub fn message(
        to: &str,
        message: Message,
        version: String,
        made: NaiveDate,
    ) -> Result<Self, AddressError> {
        Ok(Self {
            kind: Kind::Plan,
            name: String::new(),
            version,
            id: None,
            client: to.to_owned(),
            contact: None,
            to: Ok(address::parse(to)?),
            message,
            attachments: Vec::new(),
            made,
            skip_reason: None,
        })
    }
}

impl Attachment {
    /// Reads the file.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read, is too large, or was changed.
    pub fn read(&self) -> std::io::Result<Vec<u8>> {
        let bytes = bounded::read(&self.path, MAX_FILE_SIZE)?;
        if fingerprint::of(&bytes) != self.sha256 {
            return Err(std::io::Error::other("it was changed after it was created"));
        }
        Ok(bytes)
    }
}
