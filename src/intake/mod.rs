//! Reads a workbook file into [`Answers`]: detects the format, reads the cells, locates the fields, and parses the
//! values.
//!
//! Workbooks are untrusted. `format` detects the format from the bytes. `package` and the pre-scans in `book` check
//! every size before memory is allocated. `sandbox` uses a separate process for workbooks that may still harm their
//! reader. No content of a workbook can make this code panic.
//!
//! ```
//! use partnerbook::{intake, questionnaire::Questionnaire};
//!
//! let questionnaire = Questionnaire::built_in()?;
//! let sample = std::fs::read("samples/halvorsen-sensors.xlsx")?;
//! let reading = intake::read_bytes(&questionnaire, sample, &intake::Sandbox::none())?;
//! assert_eq!(reading.answers.text(questionnaire.identity.company), Some("Halvorsen Sensors AS"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod book;
mod compound;
mod extra_text;
mod format;
mod locate;
mod package;
pub mod sandbox;
mod saved;
mod table;
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
use crate::text::fill;
use book::{ParsedWorkbook, Remark};
pub use extra_text::BlankText;
pub use sandbox::Sandbox;
pub use table::{TableCell, TableSheet, read_table};
pub use value::read_typed;

/// Maximum size of a workbook file, in bytes. A completed workbook has about 70 KB.
pub const MAX_FILE_SIZE: u64 = 32 << 20;

/// The result of reading a workbook.
#[derive(Debug, Serialize, Deserialize)]
pub struct Reading {
    /// The answers with their cells.
    pub answers: Answers,
    /// Issues found while locating fields and reading values.
    pub issues: Vec<Issue>,
    /// Text that belongs to no question. Only [`Workbook::read_whole`] collects it.
    pub extra_text: Vec<ExtraText>,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// Version of the questionnaire that the workbook was created from, if the workbook contains it.
    pub version: Option<u32>,
    /// The client and the edition. `None` if the workbook does not contain them and no company name is entered.
    pub edition: Option<Edition>,
    /// When the workbook was last saved, from its document properties.
    pub saved: Option<NaiveDateTime>,
}

/// Why a file cannot be used. Each message is a sentence for the person who sent or received the file, and is printed
/// after the file name.
#[derive(Debug, Clone, PartialEq, thiserror::Error, Serialize, Deserialize)]
#[non_exhaustive]
pub enum IntakeError {
    /// The file cannot be read from disk, is a symbolic link, or is not a regular file.
    #[error("cannot be read ({0})")]
    Unreadable(String),
    /// The file is empty.
    #[error("is empty (0 bytes). Ask for the file again")]
    Empty,
    /// The file is larger than [`MAX_FILE_SIZE`].
    #[error(
        "is too large ({0} bytes; the maximum is {MAX_FILE_SIZE}). Remove pictures and other additions"
    )]
    TooLarge(u64),
    /// The file is not a workbook.
    #[error("is not an Excel workbook. Ask for the file as .xlsx")]
    NotAWorkbook,
    /// The file has another format.
    #[error("is {0}. Open it and save it as an Excel workbook (.xlsx)")]
    OtherFormat(String),
    /// The file is an archive that contains workbooks.
    #[error("is an archive with workbooks. Unpack it first")]
    Archive,
    /// The sandbox for its format cannot be started.
    #[error(
        "was not read: the process that reads this format cannot be started ({0}). Save the workbook as .xlsx"
    )]
    NoSandbox(String),
    /// The workbook is encrypted.
    #[error(
        "is password-protected. Remove the password in Excel (File, Info, Protect Workbook) and save the workbook"
    )]
    Password,
    /// The workbook is encrypted by rights management.
    #[error(
        "is protected by a sensitivity label (rights management). Ask the sender for a copy without the label"
    )]
    RightsManaged,
    /// The workbook is damaged, possibly on purpose.
    #[error("is damaged ({0}). Open it in Excel, save it under a new name, and use that file")]
    Damaged(String),
    /// The workbook is larger or more complex than answers require: damaged or malicious.
    #[error(
        "is too large or too complex ({0}). Copy the answers into a blank workbook and use that file"
    )]
    Excessive(String),
    /// Fewer than 10% of the questions of the questionnaire were found.
    #[error("is not a workbook of the questionnaire \"{0}\": too few of its questions were found")]
    NotOurs(String),
    /// The workbook is a portfolio workbook that partnerbook created.
    #[error("is a portfolio workbook, not a client's workbook")]
    Portfolio,
    /// The workbook belongs to another questionnaire.
    #[error(
        "is a workbook of the questionnaire \"{found}\", not of \"{expected}\". Choose its questionnaire with --questionnaire"
    )]
    OtherQuestionnaire {
        /// The questionnaire ID in the workbook.
        found: String,
        /// The ID of the selected questionnaire.
        expected: String,
    },
    /// The workbook belongs to a newer version of the questionnaire.
    #[error(
        "was created with version {found} of the questionnaire, and this partnerbook has version {known}. Update partnerbook"
    )]
    Newer {
        /// The version in the workbook.
        found: u32,
        /// The version of the selected questionnaire.
        known: u32,
    },
}

impl IntakeError {
    /// Returns [`IntakeError::Damaged`] with the message of the library error.
    fn damaged(error: &dyn std::fmt::Display) -> Self {
        IntakeError::Damaged(crate::text::shorten(&error.to_string(), 120))
    }

    /// Returns the error for a container that cannot be opened, with the most common cause.
    fn not_whole() -> Self {
        IntakeError::Damaged(
            "the file is incomplete, perhaps because a download or upload was interrupted".into(),
        )
    }

    fn other(what: &str) -> Self {
        IntakeError::OtherFormat(what.to_owned())
    }
}

/// The bytes of a workbook.
pub struct Workbook {
    bytes: Vec<u8>,
    /// SHA-256 of the bytes, in hexadecimal.
    pub sha256: String,
}

impl Workbook {
    /// Loads a workbook from disk.
    ///
    /// # Errors
    /// Returns an error if the path is not a readable file or the file is too large.
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

    /// Reads the workbook. Formats whose reader may abort or hang are read in the sandbox.
    ///
    /// # Errors
    /// Returns an error if the file cannot be used. An invalid value is an issue, not an error.
    pub fn read(
        self,
        questionnaire: &Questionnaire,
        sandbox: &Sandbox,
    ) -> Result<Reading, IntakeError> {
        read(questionnaire, self, sandbox, None)
    }

    /// Reads the workbook as [`Workbook::read`] does, and collects text that belongs to no question.
    ///
    /// # Errors
    /// See [`Workbook::read`].
    pub fn read_whole(
        self,
        questionnaire: &Questionnaire,
        sandbox: &Sandbox,
        blank: &BlankText,
    ) -> Result<Reading, IntakeError> {
        read(questionnaire, self, sandbox, Some(blank))
    }
}

/// Returns whether a file is a readable workbook, based on its contents. Its name does not matter.
pub fn is_workbook(path: &Path) -> bool {
    contents(path).is_ok_and(|bytes| format::recognize(&bytes).is_ok())
}

/// Returns whether partnerbook wrote a workbook and no other program has saved it since.
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
/// See [`Workbook::read`].
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
/// See [`Workbook::read`].
pub fn read_bytes(
    questionnaire: &Questionnaire,
    bytes: Vec<u8>,
    sandbox: &Sandbox,
) -> Result<Reading, IntakeError> {
    Workbook::of(bytes)?.read(questionnaire, sandbox)
}

fn contents(path: &Path) -> Result<Vec<u8>, IntakeError> {
    let unreadable = |error: std::io::Error| IntakeError::Unreadable(error.to_string());
    // Checked before opening: opening a pipe would block until it has a writer, and a symbolic link may point
    // anywhere.
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
    let version = version(questionnaire, &book)?;
    let edition = book.edition();
    let mut issues = Vec::new();
    let found = locate::locate(questionnaire, &book, &mut issues);
    if found.iter().flatten().count() * 10 < questionnaire.inputs().count() {
        return Err(IntakeError::NotOurs(questionnaire.title.clone()));
    }
    issues.extend(book_issues(questionnaire, &book, version));
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

/// Returns the version of the questionnaire that the workbook was made for, if it still has its identity.
///
/// # Errors
/// The workbook is a portfolio, of another questionnaire, or newer than this questionnaire.
fn version(
    questionnaire: &Questionnaire,
    book: &ParsedWorkbook,
) -> Result<Option<u32>, IntakeError> {
    let Some((id, version)) = book.identity() else {
        return Ok(None);
    };
    if id == names::META_PORTFOLIO {
        return Err(IntakeError::Portfolio);
    }
    if id != questionnaire.id {
        return Err(IntakeError::OtherQuestionnaire {
            found: crate::text::shorten(&id, 60),
            expected: questionnaire.id.clone(),
        });
    }
    match version {
        Some(found) if found > questionnaire.version => Err(IntakeError::Newer {
            found,
            known: questionnaire.version,
        }),
        version => Ok(version),
    }
}

/// Returns the issues that concern the workbook as a whole.
fn book_issues(
    questionnaire: &Questionnaire,
    book: &ParsedWorkbook,
    version: Option<u32>,
) -> Vec<Issue> {
    let texts = &questionnaire.issue_texts;
    let mut issues = Vec::new();
    if let Some(older) = version.filter(|version| *version < questionnaire.version) {
        let (own, older) = (questionnaire.version.to_string(), older.to_string());
        issues.push(book_note(
            questionnaire,
            IssueCode::OlderVersion,
            fill(&texts.found.older_version, &[("version", &older)]),
            fill(&texts.expected.older_version, &[("version", &own)]),
            &texts.fix.older_version,
        ));
    }
    if version.is_none() {
        let sheet = [("sheet", names::META_SHEET)];
        issues.push(book_note(
            questionnaire,
            IssueCode::IdentityLost,
            texts.found.identity_lost.clone(),
            fill(&texts.expected.identity_lost, &sheet),
            &texts.fix.identity_lost,
        ));
    }
    if book.invalid_cells > 0 {
        issues.push(Issue {
            severity: Severity::Warning,
            ..book_note(
                questionnaire,
                IssueCode::CellsUnreadable,
                fill(
                    &texts.found.cells_unreadable,
                    &[("count", &book.invalid_cells.to_string())],
                ),
                texts.expected.cells_unreadable.clone(),
                &texts.fix.cells_unreadable,
            )
        });
    }
    issues
}

/// Returns the ID of a client, derived from its name. All workbooks with the same name get the same ID, also if the name is
/// written with other punctuation: "Acme, Inc." is "ACME Inc".
pub fn client_id(name: &str) -> String {
    const LENGTH: usize = 16;
    let name = crate::text::normalize(name);
    let words = name.split(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let words = match words.is_empty() {
        true => name,
        false => words.join(" "),
    };
    let mut id = crate::fingerprint::of(words.as_bytes());
    id.truncate(LENGTH);
    id
}

fn book_note(
    questionnaire: &Questionnaire,
    code: IssueCode,
    found: String,
    expected: String,
    fix: &str,
) -> Issue {
    Issue {
        severity: Severity::Note,
        code,
        place: None,
        field: None,
        label: questionnaire.issue_texts.found.workbook.clone(),
        found,
        expected,
        fix: fix.into(),
    }
}
