//! Who is to get what, from an output folder's results.

use std::collections::HashMap;
use std::path::{Component, Path};

use chrono::NaiveDate;
use lettre::Address;
use serde::Deserialize;

use super::{AddressError, OutboxError, address};
use crate::batch::{Output, RESULTS};
use crate::bounded;
use crate::check::is_hardly_answered;
use crate::fingerprint;
use crate::plan::Message;
use crate::results;
use crate::text::plain;

/// Largest attachment, in bytes.
const LARGEST_FILE: u64 = 64 << 20;

/// Which clients' letters are wanted.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// Only these, by name or by name of their plan, and even with errors; all others when empty.
    pub named: Vec<String>,
}

/// What a client is to get.
#[derive(Debug, Clone)]
pub struct Letter {
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
    pub obstacle: Option<Obstacle>,
}

/// Why a letter is left out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Obstacle {
    /// Others were named.
    #[error("not chosen")]
    NotChosen,
    /// There is nothing to send.
    #[error("there is no plan")]
    NoPlan,
    /// A file is gone, or another than the results say: of a run that did not end, or changed by somebody.
    #[error("{0} is not as `partnerbook report` left it; run that again, to its end")]
    Changed(String),
    /// Hardly anything is answered.
    #[error("only {0} of {1} questions are answered; name it with --client to send it even so")]
    Incomplete(usize, usize),
    /// The plan is a draft.
    #[error(
        "its plan is a draft: the workbook has errors to mend ({0}); name it with --client to send it even so"
    )]
    Errors(usize),
    /// Several workbooks of one client.
    #[error(
        "there are {0} workbooks of this client; keep one, or name the one to send by its plan: --client {1}"
    )]
    Repeated(usize, String),
    /// The address cannot be used.
    #[error("{0}")]
    Address(#[from] AddressError),
}

/// What a line of the results says, as far as it is needed.
#[derive(Deserialize)]
struct Line {
    client: Client,
    made: NaiveDate,
    completeness: Completeness,
    findings: Findings,
    message: Message,
    outputs: Outputs,
}

#[derive(Deserialize)]
struct Client {
    name: String,
    contact: Option<String>,
    email: Option<String>,
}

#[derive(Deserialize)]
struct Completeness {
    answered: usize,
    expected: usize,
}

#[derive(Deserialize)]
struct Findings {
    errors: usize,
}

#[derive(Deserialize)]
struct Outputs {
    plan: Option<String>,
    plan_sha256: Option<String>,
    calendar: Option<String>,
    calendar_sha256: Option<String>,
}

impl Letter {
    /// Name of the plan without its ending: what tells clients of one name apart.
    pub fn stem(&self) -> &str {
        let plan = self.plan.as_ref().map_or("", |plan| &plan.within);
        let file = plan.rsplit('/').next().unwrap_or(plan);
        file.strip_suffix(".pdf").unwrap_or(file)
    }
}

/// The letters of an output folder, in the order of its results.
///
/// # Errors
/// When there are no results, or a client was named that is not in them.
pub fn letters(folder: &Path, choice: &Choice) -> Result<Vec<Letter>, OutboxError> {
    let path = folder.join(RESULTS);
    let no_results = |error| OutboxError::NoResults {
        path: path.clone(),
        error,
    };
    let mut lines: Vec<Line> = Vec::new();
    for text in results::lines(&path).map_err(no_results)? {
        let line = serde_json::from_slice(&text.map_err(no_results)?).map_err(|error| {
            OutboxError::Results {
                path: path.clone(),
                line: lines.len() + 1,
                why: error.to_string(),
            }
        })?;
        lines.push(line);
    }
    let mut of_name: HashMap<String, usize> = HashMap::new();
    for line in &lines {
        *of_name.entry(plain(&line.client.name)).or_default() += 1;
    }
    let letters: Vec<Letter> = lines
        .into_iter()
        .map(|line| {
            let same = of_name.get(&plain(&line.client.name)).copied();
            letter(folder, line, same.unwrap_or(1), choice)
        })
        .collect();
    let known = |name: &&String| {
        letters
            .iter()
            .any(|letter| is_named(letter, name).is_some())
    };
    match choice.named.iter().find(|name| !known(name)) {
        Some(name) => Err(OutboxError::Unknown(name.clone())),
        None => Ok(letters),
    }
}

/// How a name means a letter: by its plan's name, which is unlike any other, or by the client's.
#[derive(PartialEq, Eq)]
enum Named {
    Plan,
    Client,
}

fn is_named(letter: &Letter, name: &str) -> Option<Named> {
    let plan = letter.plan.as_ref().map(|plan| plan.within.as_str());
    if letter.stem() == name || plan == Some(name) {
        Some(Named::Plan)
    } else if plain(&letter.client) == plain(name) {
        Some(Named::Client)
    } else {
        None
    }
}

fn letter(folder: &Path, line: Line, same: usize, choice: &Choice) -> Letter {
    let to = address::parse(&line.client.email.unwrap_or_default());
    let output = |within: Option<String>, sha256: Option<String>| {
        let within = within.filter(|path| is_within(path))?;
        Some(Output {
            within,
            sha256: sha256.unwrap_or_default(),
        })
    };
    let mut letter = Letter {
        client: line.client.name,
        contact: line.client.contact,
        to,
        message: line.message,
        plan: output(line.outputs.plan, line.outputs.plan_sha256),
        calendar: output(line.outputs.calendar, line.outputs.calendar_sha256),
        made: line.made,
        obstacle: None,
    };
    let named: Vec<Named> = choice
        .named
        .iter()
        .filter_map(|name| is_named(&letter, name))
        .collect();
    let Completeness { answered, expected } = line.completeness;
    let errors = line.findings.errors;
    letter.obstacle = if named.is_empty() && !choice.named.is_empty() {
        Some(Obstacle::NotChosen)
    } else if letter.plan.is_none() {
        Some(Obstacle::NoPlan)
    } else if same > 1 && !named.contains(&Named::Plan) {
        Some(Obstacle::Repeated(same, letter.stem().to_owned()))
    } else if is_hardly_answered((answered, expected)) && named.is_empty() {
        Some(Obstacle::Incomplete(answered, expected))
    } else if errors > 0 && named.is_empty() {
        Some(Obstacle::Errors(errors))
    } else if let Err(error) = &letter.to {
        Some(Obstacle::Address(error.clone()))
    } else {
        let mut files = letter.plan.iter().chain(&letter.calendar);
        files
            .find(|file| attachment(folder, file).is_err())
            .map(|file| Obstacle::Changed(file.within.clone()))
    };
    letter
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
    let bytes = bounded::read(&folder.join(&file.within), LARGEST_FILE)?;
    if fingerprint::of(&bytes) != file.sha256 {
        return Err(std::io::Error::other("it was changed since the report"));
    }
    Ok(bytes)
}
