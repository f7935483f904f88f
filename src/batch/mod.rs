//! Many workbooks at once: which files, reading and planning them side by side, and the folder of outputs.
//!
//! Workers read, plan and draw; what depends on order is done by one thread: names, files, the build_cache of what was made.

#[cfg(feature = "dataset")]
mod answers;
mod build_cache;
mod consolidate;
mod early_readings;
mod find;
mod latest;
mod outcome;
mod parallel;
mod read;
mod report;
mod slugs;
mod watch;

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use chrono::NaiveDate;

use crate::annotate::AnnotateError;
#[cfg(feature = "dataset")]
use crate::dataset::DatasetError;
use crate::intake::{BlankText, IntakeError, Sandbox};
use crate::output::OutputError;
use crate::pdf::PdfError;
use crate::plan::{Compared, Sender};
use crate::portfolio::PortfolioError;
use crate::questionnaire::Questionnaire;
use crate::record::Record;

pub use early_readings::EarlyReadings;
pub use find::{Found, find};
pub use latest::Replaced;
pub use outcome::Report;
pub use read::{annotate, benchmarks, check, plan_of};
pub use report::{Options, report};
pub use watch::Watch;

/// Why a run could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BatchError {
    /// A path leads nowhere.
    #[error("{0} does not exist")]
    NotThere(PathBuf),
    /// Nothing to do.
    #[error("no workbooks found in {0}")]
    NothingFound(String),
    /// What a program leaves beside an open workbook.
    #[error("{0} is the lock file of an open workbook. Name the workbook instead")]
    Lock(PathBuf),
    /// Too much to do.
    #[error("more than {} workbooks. Choose a smaller folder", find::MAX_FILES)]
    TooMany,
    /// An output could not be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// The portfolio workbook could not be made.
    #[error(transparent)]
    Portfolio(#[from] PortfolioError),
    /// The questionnaire's own workbook cannot be read.
    #[error("internal error: the blank workbook cannot be read ({0})")]
    Questionnaire(IntakeError),
    /// The answers could not be written for other programs.
    #[cfg(feature = "dataset")]
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// The results could not be written to the disk.
    #[error("the results cannot be written: {0}")]
    ResultsUnwritten(std::io::Error),
    /// A fault of ours.
    #[error("internal error: cannot create the portfolio files. Please report it")]
    Fault,
    /// The results could not be made.
    #[error("the results cannot be written as JSON: {0}")]
    Results(#[from] serde_json::Error),
}

impl BatchError {
    /// Whether the machine failed, not the command: a full disk, a folder without write permission.
    pub fn is_machine(&self) -> bool {
        match self {
            BatchError::Output(error) => error.is_machine(),
            BatchError::Portfolio(error) => !matches!(error, PortfolioError::Workbook(_)),
            BatchError::ResultsUnwritten(_) => true,
            #[cfg(feature = "dataset")]
            BatchError::Dataset(_) => true,
            _ => false,
        }
    }
}

/// Why one workbook could not be processed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// It could not be read.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// Its plan could not be made.
    #[error(transparent)]
    Pdf(#[from] PdfError),
    /// Its plan could not be written.
    #[error("was read, but its plan was not written: {0}")]
    Output(#[from] OutputError),
    /// It could not be made ready to hand back.
    #[error("was read, but {0}")]
    Annotate(#[from] AnnotateError),
    /// The workbook to hand back could not be written.
    #[error("was read, but the annotated copy was not written: {0}")]
    AnnotatedCopy(OutputError),
    /// A draft where a final plan was asked for.
    #[error(
        "has no plan: it has {0}, and --no-drafts creates no draft plans. Run `partnerbook check` to list the errors"
    )]
    Draft(String),
    /// A fault of ours.
    #[error("cannot be processed because of an internal error. Please report it with the file")]
    Panic,
}

impl FileError {
    /// Whether the machine failed, not the workbook.
    pub fn is_machine(&self) -> bool {
        match self {
            FileError::Output(error) | FileError::AnnotatedCopy(error) => error.is_machine(),
            _ => false,
        }
    }
}

/// A workbook that could not be processed.
#[derive(Debug)]
pub struct Failure {
    /// The file as given.
    pub path: PathBuf,
    /// Why.
    pub error: FileError,
}

/// What every workbook of a run is read and planned with.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// The questionnaire.
    pub questionnaire: &'a Questionnaire,
    /// Where workbooks are read that may harm their reader.
    pub sandbox: &'a Sandbox,
    /// What a blank workbook says itself.
    pub blank: &'a BlankText,
    /// The day the plans are made for.
    pub today: NaiveDate,
    /// Who sends them.
    pub sender: &'a Sender,
    /// What each client is compared with.
    pub compared: Compared<'a>,
}

/// Who does the work on many workbooks.
#[derive(Debug, Clone, Copy)]
pub struct Workers<'a> {
    /// Threads that work side by side.
    pub jobs: usize,
    /// Ends the run after the current workbooks.
    pub stop: &'a AtomicBool,
}

/// As many threads as the machine has cores for this process.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Who watches a run, workbook by workbook, in their order.
pub trait Observer {
    /// The workbooks are read a first time, for what can be said over all of them.
    fn comparing(&self, workbooks: usize);
    /// The run begins.
    fn begin(&self, workbooks: usize);
    /// A workbook was read and planned, now or by an earlier run from the same.
    fn client(&self, record: &Record);
    /// A workbook could not be processed, or one of its outputs not be made.
    fn failed(&self, failure: &Failure);
    /// A workbook is done with, whichever way.
    fn done(&self);
    /// What concerns all clients is made.
    fn consolidating(&self);
}

/// File name of a workbook, as text.
fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| crate::text::clean_text(&name.to_string_lossy()))
        .unwrap_or_default()
}
