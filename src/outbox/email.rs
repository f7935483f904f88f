//! Who is to get what, from an output folder's results.

use crate::output::names::RESULTS;
use std::collections::HashMap;
use std::path::{Component, Path};

use chrono::NaiveDate;
use lettre::Address;

use super::{AddressError, OutboxError, address};
use crate::bounded;
use crate::check::has_too_few_answers;
use crate::fingerprint;
use crate::record::results::{self};
use crate::record::{Completeness, Message, Output, Record};
use crate::text::normalize;

/// Largest attachment, in bytes.
const MAX_FILE_SIZE: u64 = 64 << 20;

/// Which clients' emails are wanted.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// Only these, by name or by name of their plan, and even with errors; all others when empty.
    pub named: Vec<String>,
}

/// What a client is to get.
#[derive(Debug, Clone)]
pub struct Email {
    /// The client's name.
    pub client: String,
    /// Person to write to.
    pub contact: Option<String>,
    /// Address, or what is wrong with it.
    pub to: Result<Address, AddressError>,
    /// Subject and paragraphs.
    pub message: Message,
    /// The plan.
    pub plan: Option<Output>,
    /// The calendar.
    pub calendar: Option<Output>,
    /// The day the plan was made for.
    pub made: NaiveDate,
    /// Why it is not sent.
    pub skip_reason: Option<SkipReason>,
}

/// Why an email is left out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SkipReason {
    /// Others were named.
    #[error("not chosen")]
    NotChosen,
    /// There is nothing to send.
    #[error("there is no plan")]
    NoPlan,
    /// A file is gone, or another than the results say: of a run that did not end, or changed by somebody.
    #[error("{0} was changed, or the report is incomplete. Run `partnerbook report` again")]
    Changed(String),
    /// Hardly anything is answered.
    #[error("only {0} of {1} questions are answered. Use --client to send it anyway")]
    Incomplete(usize, usize),
    /// The plan is a draft.
    #[error(
        "the plan is a draft: the workbook has {}. Use --client to send it anyway", errors_to_fix(.0)
    )]
    Errors(usize),
    /// Several workbooks of one client.
    #[error("the client has {0} workbooks. Keep one, or choose one by its plan: --client {1}")]
    Repeated(usize, String),
    /// The address cannot be used.
    #[error("{0}")]
    Address(#[from] AddressError),
}

/// "1 error", "3 errors".
fn errors_to_fix(count: &usize) -> String {
    format!("{count} error{}", if *count == 1 { "" } else { "s" })
}

impl Email {
    /// Name of the plan without its ending: what tells clients of one name apart.
    pub fn stem(&self) -> &str {
        let plan = self.plan.as_ref().map_or("", |plan| &plan.relative_path);
        let file = plan.rsplit('/').next().unwrap_or(plan);
        file.strip_suffix(".pdf").unwrap_or(file)
    }
}

/// The emails of an output folder, in the order of its results.
///
/// # Errors
/// When there are no results, or a client was named that is not in them.
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

/// How a name means an email: by its plan's name, which is unlike any other, or by the client's.
#[derive(PartialEq, Eq)]
enum Named {
    Plan,
    Client,
}

fn is_named(email: &Email, name: &str) -> Option<Named> {
    let plan = email.plan.as_ref().map(|plan| plan.relative_path.as_str());
    if email.stem() == name || plan == Some(name) {
        Some(Named::Plan)
    } else if normalize(&email.client) == normalize(name) {
        Some(Named::Client)
    } else {
        None
    }
}

fn email(folder: &Path, record: Record, same: usize, choice: &Choice) -> Email {
    let to = address::parse(&record.client.email.unwrap_or_default());
    // Results may have been edited: no file outside the folder is attached.
    let inside = |output: Option<Output>| output.filter(|output| is_within(&output.relative_path));
    let mut email = Email {
        client: record.client.name,
        contact: record.client.contact,
        to,
        message: record.message,
        plan: inside(record.outputs.plan),
        calendar: inside(record.outputs.calendar),
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
    email.skip_reason = if named.is_empty() && !choice.named.is_empty() {
        Some(SkipReason::NotChosen)
    } else if email.plan.is_none() {
        Some(SkipReason::NoPlan)
    } else if same > 1 && !named.contains(&Named::Plan) {
        Some(SkipReason::Repeated(same, email.stem().to_owned()))
    } else if has_too_few_answers((answered, expected)) && named.is_empty() {
        Some(SkipReason::Incomplete(answered, expected))
    } else if errors > 0 && named.is_empty() {
        Some(SkipReason::Errors(errors))
    } else if let Err(error) = &email.to {
        Some(SkipReason::Address(error.clone()))
    } else {
        let mut files = email.plan.iter().chain(&email.calendar);
        files
            .find(|file| attachment(folder, file).is_err())
            .map(|file| SkipReason::Changed(file.relative_path.clone()))
    };
    email
}

/// Whether a path stays within the output folder: results may have been edited.
fn is_within(path: &str) -> bool {
    let mut parts = Path::new(path).components();
    parts.all(|part| matches!(part, Component::Normal(_)))
}

/// The bytes of a file to attach.
///
/// # Errors
/// When it cannot be read, is too large, or is another than the results say.
pub fn attachment(folder: &Path, file: &Output) -> std::io::Result<Vec<u8>> {
    let bytes = bounded::read(&folder.join(&file.relative_path), MAX_FILE_SIZE)?;
    if fingerprint::of(&bytes) != file.sha256 {
        return Err(std::io::Error::other("it was changed after the report"));
    }
    Ok(bytes)
}
