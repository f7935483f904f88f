//! File → [`Answers`]: what the file is, reading its cells, finding the fields, reading the values.
//!
//! Workbooks are untrusted. `format` tells what a file is by its bytes; `package` and the looks within `book` bound every size
//! before memory is spent; `sandbox` reads in a process of its own what may still harm its reader. Nothing that stands in a
//! workbook can make this code panic.

mod book;
mod compound;
mod extra_text;
mod format;
mod locate;
mod package;
pub mod sandbox;
mod saved;
mod value;

use std::io::Read;
use std::path::Path;

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use crate::answers::Answers;
use crate::issue::{Issue, IssueCode, Severity};
use crate::questionnaire::Questionnaire;
use crate::sheet_map::names;
use crate::sheet_map::{Edition, ExtraText};
use book::{ParsedWorkbook, Remark};
pub use extra_text::BlankText;
pub use sandbox::Sandbox;
pub use value::read_typed;

/// Largest workbook that is opened, in bytes. A filled-in template has some 70 KB.
pub const MAX_FILE_SIZE: u64 = 32 << 20;

/// What was read from a workbook.
#[derive(Debug)]
pub struct Reading {
    /// The answers, with their places.
    pub answers: Answers,
    /// How fields were found and values read.
    pub issues: Vec<Issue>,
    /// What belongs to no question, where it was asked for: see [`Workbook::read_whole`].
    pub extra_text: Vec<ExtraText>,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// Version of the questionnaire it was made from, if it says so.
    pub version: Option<u32>,
    /// Whose workbook it is and which edition. `None` if the workbook does not contain it and no name is entered.
    pub edition: Option<Edition>,
    /// When it was last saved, by its document properties.
    pub saved: Option<NaiveDateTime>,
}

impl Reading {
    /// About how much memory it takes, in bytes.
    pub fn memory(&self) -> usize {
        let issues = self.issues.iter().map(|issue| {
            let texts = [&issue.label, &issue.found, &issue.expected, &issue.fix];
            size_of::<Issue>() + texts.iter().map(|text| text.len()).sum::<usize>()
        });
        let extra = self.extra_text.iter();
        let extra =
            extra.map(|extra| size_of::<ExtraText>() + extra.place.len() + extra.text.len());
        self.answers.memory() + issues.chain(extra).sum::<usize>()
    }
}

/// Why a file cannot be used. Each is one sentence for the person who sent or received it, to be printed after the
/// file's name.
#[derive(Debug, Clone, PartialEq, thiserror::Error, Serialize, Deserialize)]
#[non_exhaustive]
pub enum IntakeError {
    /// The file cannot be read from disk.
    #[error("cannot be read ({0})")]
    Unreadable(String),
    /// Nothing in it.
    #[error("is empty (0 bytes). Ask for the file again")]
    Empty,
    /// Larger than any answer could be.
    #[error(
        "is too large ({0} bytes; the maximum is {MAX_FILE_SIZE}). Remove pictures and other additions"
    )]
    TooLarge(u64),
    /// Not a workbook.
    #[error("is not an Excel workbook. Ask for the file as .xlsx")]
    NotAWorkbook,
    /// Another format.
    #[error("is {0}. Open it and save it as an Excel workbook (.xlsx)")]
    OtherFormat(String),
    /// Workbooks packed into an archive.
    #[error("is an archive with workbooks. Unpack it first")]
    Archive,
    /// The sandbox for its format cannot be started.
    #[error(
        "was not read: the process that reads this format cannot be started ({0}). Save the workbook as .xlsx"
    )]
    NoSandbox(String),
    /// Encrypted.
    #[error(
        "is password-protected. Remove the password in Excel (File, Info, Protect Workbook) and save the workbook"
    )]
    Password,
    /// Encrypted by rights management.
    #[error(
        "is protected by a sensitivity label (rights management). Ask the sender for a copy without the label"
    )]
    RightsManaged,
    /// Damaged, or made to do harm.
    #[error("is damaged ({0}). Open it in Excel, save it under a new name, and use that file")]
    Damaged(String),
    /// More of something than answers can need, damaged or made to do harm.
    #[error(
        "is too large or too complex ({0}). Copy the answers into a blank workbook and use that file"
    )]
    Excessive(String),
    /// None of our questions in it.
    #[error("is not a workbook of the questionnaire \"{0}\": none of its questions were found")]
    NotOurs(String),
    /// Our own.
    #[error("is a portfolio workbook, not a client's workbook")]
    Portfolio,
    /// Of another questionnaire.
    #[error(
        "is a workbook of the questionnaire \"{found}\", not of \"{expected}\". Choose its questionnaire with --questionnaire"
    )]
    OtherQuestionnaire {
        /// What it says.
        found: String,
        /// What was asked for.
        expected: String,
    },
    /// Of a newer version.
    #[error(
        "was created with version {found} of the questionnaire, and this partnerbook has version {known}. Update partnerbook"
    )]
    Newer {
        /// What it says.
        found: u32,
        /// What this questionnaire has.
        known: u32,
    },
}

impl IntakeError {
    /// Damaged, in the words of whoever noticed.
    fn damaged(error: &dyn std::fmt::Display) -> Self {
        IntakeError::Damaged(crate::text::shorten(&error.to_string(), 120))
    }

    /// A container that cannot be opened at all: what most often happened to it.
    fn not_whole() -> Self {
        IntakeError::Damaged(
            "the file is incomplete, perhaps because a download or upload was interrupted".into(),
        )
    }

    fn other(what: &str) -> Self {
        IntakeError::OtherFormat(what.to_owned())
    }
}

/// A workbook's bytes.
pub struct Workbook {
    bytes: Vec<u8>,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

impl Workbook {
    /// Takes a workbook from disk.
    ///
    /// # Errors
    /// When it is no file that can be read, or too large.
    pub fn open(path: &Path) -> Result<Self, IntakeError> {
        Self::of(contents(path)?)
    }

    fn of(bytes: Vec<u8>) -> Result<Self, IntakeError> {
        if bytes.len() as u64 > MAX_FILE_SIZE {
            return Err(IntakeError::TooLarge(bytes.len() as u64));
        }
        let sha256 = crate::fingerprint::of(&bytes);
        Ok(Self { bytes, sha256 })
    }

    /// Reads it. Formats whose reader may abort or hang are read in the sandbox.
    ///
    /// # Errors
    /// One sentence when the file cannot be used. A wrong value is no error: it is an issue.
    pub fn read(
        self,
        questionnaire: &Questionnaire,
        sandbox: &Sandbox,
    ) -> Result<Reading, IntakeError> {
        read(questionnaire, self, sandbox, None)
    }

    /// As [`Workbook::read`], and keeps what belongs to no question.
    ///
    /// # Errors
    /// As [`Workbook::read`].
    pub fn read_whole(
        self,
        questionnaire: &Questionnaire,
        sandbox: &Sandbox,
        blank: &BlankText,
    ) -> Result<Reading, IntakeError> {
        read(questionnaire, self, sandbox, Some(blank))
    }
}

/// Whether a file is a readable workbook, by its contents. Its name does not matter.
pub fn is_workbook(path: &Path) -> bool {
    contents(path).is_ok_and(|bytes| format::recognize(&bytes).is_ok())
}

/// Whether a file is a workbook that we wrote and that no other program has saved since.
pub fn is_untouched_template(path: &Path) -> bool {
    const MAX_SIZE: u64 = 1 << 20;
    let says = |package: &package::Package, part: &str, words: &str| {
        let text = package.text(part, MAX_SIZE).unwrap_or_default();
        memchr::memmem::find(&text, words.as_bytes()).is_some()
    };
    let Ok(bytes) = contents(path) else {
        return false;
    };
    let saved = format!(">{}</dcterms:modified>", crate::sheet_map::CREATED);
    package::Package::open(&bytes).is_ok_and(|package| {
        says(
            &package,
            "docProps/custom.xml",
            names::PROPERTY_QUESTIONNAIRE,
        ) && says(&package, "docProps/core.xml", &saved)
    })
}

/// Reads a workbook from disk.
///
/// # Errors
/// As [`Workbook::read`].
pub fn read_file(
    questionnaire: &Questionnaire,
    path: &Path,
    sandbox: &Sandbox,
) -> Result<Reading, IntakeError> {
    Workbook::open(path)?.read(questionnaire, sandbox)
}

/// Reads a workbook from memory.
///
/// # Errors
/// As [`Workbook::read`].
pub fn read_bytes(
    questionnaire: &Questionnaire,
    bytes: Vec<u8>,
    sandbox: &Sandbox,
) -> Result<Reading, IntakeError> {
    Workbook::of(bytes)?.read(questionnaire, sandbox)
}

fn contents(path: &Path) -> Result<Vec<u8>, IntakeError> {
    let unreadable = |error: std::io::Error| IntakeError::Unreadable(error.to_string());
    // Before it is opened: opening a pipe would wait for its writer, and a link may lead anywhere.
    let metadata = std::fs::symlink_metadata(path).map_err(unreadable)?;
    if metadata.is_symlink() {
        return Err(IntakeError::Unreadable(
            "it is a symbolic link; use the workbook itself".into(),
        ));
    }
    if !metadata.is_file() {
        return Err(IntakeError::Unreadable("it is not a file".into()));
    }
    if metadata.len() > MAX_FILE_SIZE {
        return Err(IntakeError::TooLarge(metadata.len()));
    }
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::with_capacity(metadata.len() as usize);
    file.take(MAX_FILE_SIZE + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    Ok(bytes)
}

fn read(
    questionnaire: &Questionnaire,
    workbook: Workbook,
    sandbox: &Sandbox,
    blank: Option<&BlankText>,
) -> Result<Reading, IntakeError> {
    let Workbook { bytes, sha256 } = workbook;
    let (format, package) = format::recognize(&bytes)?;
    let remarks = match blank {
        Some(_) => Remark::all(format, &bytes, package.as_ref()),
        None => Vec::new(),
    };
    let saved = saved::last_saved(format, &bytes, package.as_ref());
    let near = package.map(|package| ParsedWorkbook::open_in_process(format, package));
    let book = match near.transpose()?.flatten() {
        Some(book) => book,
        None => sandbox.open(format, bytes)?,
    };
    let identity = book.identity();
    if identity
        .as_ref()
        .is_some_and(|(id, _)| id == names::META_PORTFOLIO)
    {
        return Err(IntakeError::Portfolio);
    }
    if let Some((id, _)) = &identity
        && *id != questionnaire.id
    {
        return Err(IntakeError::OtherQuestionnaire {
            found: crate::text::shorten(id, 60),
            expected: questionnaire.id.clone(),
        });
    }
    let version = identity.and_then(|(_, version)| version);
    let edition = book.edition();
    if let Some(found) = version.filter(|found| *found > questionnaire.version) {
        return Err(IntakeError::Newer {
            found,
            known: questionnaire.version,
        });
    }
    let mut issues = Vec::new();
    let found = locate::locate(questionnaire, &book, &mut issues);
    if found.iter().flatten().count() * 10 < questionnaire.inputs().count() {
        return Err(IntakeError::NotOurs(questionnaire.title.clone()));
    }
    if let Some(older) = version.filter(|version| *version < questionnaire.version) {
        issues.push(book_note(
            IssueCode::OlderVersion,
            format!("a workbook of version {older}"),
            format!("Version {}", questionnaire.version),
            "No action needed: unchanged questions are read.",
        ));
    }
    if version.is_none() {
        issues.push(book_note(
            IssueCode::IdentityLost,
            "a workbook without its questionnaire ID".into(),
            format!("The hidden sheet {}", names::META_SHEET),
            "No action needed: the questions were recognized. Use the original file next time.",
        ));
    }
    if book.passed_over > 0 {
        issues.push(Issue {
            severity: Severity::Warning,
            ..book_note(
                IssueCode::CellsUnreadable,
                format!("{} damaged cells, not read", book.passed_over),
                "Cells that Excel can show".into(),
                "Open the workbook in Excel, save it under a new name, and compare the answers.",
            )
        });
    }
    let answers = value::read_all(questionnaire, &book, &found, &mut issues);
    let name = answers.text(questionnaire.identity.company);
    let edition = edition.or_else(|| {
        name.map(|name| Edition {
            client: client_id(name),
            generation: 0,
        })
    });
    let extra_text = blank
        .map(|blank| blank.extra_texts(questionnaire, &book, &found, &answers, remarks))
        .unwrap_or_default();
    extra_text::report(questionnaire, &answers, &extra_text, &mut issues);
    Ok(Reading {
        answers,
        issues,
        extra_text,
        sha256,
        version,
        edition,
        saved,
    })
}

/// The id of a client that has none yet: made of its name, so that all workbooks that it sends have the same.
fn client_id(name: &str) -> String {
    const LENGTH: usize = 16;
    let mut id = crate::fingerprint::of(crate::text::normalize(name).as_bytes());
    id.truncate(LENGTH);
    id
}

fn book_note(code: IssueCode, found: String, expected: String, fix: &str) -> Issue {
    Issue {
        severity: Severity::Note,
        code,
        place: None,
        field: None,
        label: "Workbook".into(),
        found,
        expected,
        fix: fix.into(),
    }
}
