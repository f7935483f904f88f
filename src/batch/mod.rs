//! Processes many workbooks: finds the files, reads and plans them in parallel, and writes the output folder.
//!
//! Workers read, plan, and render. One thread does everything that depends on order: slugs, files, and the build cache.
//!
//! ```
//! let found = partnerbook::batch::find(&["samples".into()])?;
//! assert_eq!(found.workbooks.len(), 7);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[cfg(feature = "dataset")]
mod answers;
mod build_cache;
mod consolidate;
mod early_readings;
mod find;
mod latest;
mod merge;
mod outcome;
mod packed;
mod parallel;
mod read;
mod report;
mod run;
mod shard;
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
use crate::record::{Record, Returned, Status};

pub use consolidate::from_folder;
pub use early_readings::EarlyReadings;
pub use find::{Found, find, find_shard};
pub use latest::{Replaced, Version};
pub use merge::{MergeOptions, Shards, merge};
pub use outcome::Report;
pub use parallel::parallel_map_ordered;
pub use read::{Surveyed, annotate, benchmarks, check, plan_of, survey};
pub use report::{Options, report};
pub use shard::{Shard, ShardOptions};
pub use slugs::SlugAllocator;
pub use watch::Watch;

/// Why a run failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BatchError {
    /// A path does not exist.
    #[error("{0} does not exist")]
    NotThere(PathBuf),
    /// The paths contain no workbook.
    #[error("no workbooks found in {0}")]
    NothingFound(String),
    /// The lock file that a program creates next to an open workbook.
    #[error("{0} is the lock file of an open workbook. Name the workbook instead")]
    Lock(PathBuf),
    /// The paths contain too many workbooks.
    #[error(
        "more than {} workbooks. Choose a smaller folder, or split the work with --shard",
        find::MAX_FILES
    )]
    TooMany,
    /// An output cannot be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// The portfolio workbook cannot be created.
    #[error(transparent)]
    Portfolio(#[from] PortfolioError),
    /// The blank workbook of the questionnaire cannot be read.
    #[error("internal error: the blank workbook cannot be read ({0})")]
    Questionnaire(IntakeError),
    /// The files with the answers cannot be written.
    #[cfg(feature = "dataset")]
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// The results cannot be written to disk.
    #[error("the results cannot be written: {0}")]
    ResultsUnwritten(std::io::Error),
    /// A folder is no finished shard.
    #[error("{folder} {reason}")]
    NoShard {
        /// The folder.
        folder: PathBuf,
        /// Why, and what to do, as printed after the name of the folder.
        reason: String,
    },
    /// A file of a shard cannot be read.
    #[error("{path} cannot be read ({error}). Check that the folder of the shard is complete")]
    ShardUnreadable {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        error: std::io::Error,
    },
    /// Shards do not belong together.
    #[error("{0}")]
    Shards(String),
    /// An internal error.
    #[error("internal error: cannot create the portfolio files. Please report it")]
    Fault,
    /// The results cannot be encoded as JSON.
    #[error("the results cannot be written as JSON: {0}")]
    Results(#[from] serde_json::Error),
}

impl BatchError {
    /// Returns whether the machine failed, not the command: a full disk, a folder without write permission.
    pub fn is_machine(&self) -> bool {
        match self {
            BatchError::Output(error) => error.is_machine(),
            BatchError::Portfolio(error) => !matches!(error, PortfolioError::Workbook(_)),
            BatchError::ResultsUnwritten(_) | BatchError::ShardUnreadable { .. } => true,
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
    /// The workbook cannot be read.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// The plan cannot be rendered.
    #[error(transparent)]
    Pdf(#[from] PdfError),
    /// An output cannot be written.
    #[error("was read, but its plan was not written: {0}")]
    Output(#[from] OutputError),
    /// The annotated copy cannot be created.
    #[error("was read, but {0}")]
    Annotate(#[from] AnnotateError),
    /// The annotated copy cannot be written.
    #[error("was read, but the annotated copy was not written: {0}")]
    AnnotatedCopy(OutputError),
    /// The plan would be a draft, but draft plans are disabled. Contains the number of errors as text.
    #[error(
        "has no plan: it has {0}, and --no-drafts creates no draft plans. Run `partnerbook check` to list the errors"
    )]
    Draft(String),
    /// The run of the shard reported this error.
    #[error("{reason}")]
    InShard {
        /// The reason, as printed after the name of the file.
        reason: String,
        /// Whether it is [`FileError::Draft`].
        is_draft: bool,
    },
    /// An internal error.
    #[error("cannot be processed because of an internal error. Please report it with the file")]
    Panic,
}

impl FileError {
    /// Returns the error of a plan that would be a draft.
    fn draft(errors: usize) -> Self {
        let plural = if errors == 1 { "" } else { "s" };
        FileError::Draft(format!("{errors} error{plural}"))
    }

    /// Returns whether the plan would be a draft, and draft plans are disabled.
    pub fn is_draft(&self) -> bool {
        match self {
            FileError::Draft(_) => true,
            FileError::InShard { is_draft, .. } => *is_draft,
            _ => false,
        }
    }

    /// Returns whether an output could not be written, so that another run must try again.
    pub fn is_output(&self) -> bool {
        matches!(self, FileError::Output(_) | FileError::AnnotatedCopy(_))
    }

    /// Returns whether the machine failed, not the workbook.
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
    /// The reason.
    pub error: FileError,
}

/// The settings with which every workbook of a run is read and planned.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// The questionnaire.
    pub questionnaire: &'a Questionnaire,
    /// Parses untrusted workbooks in a child process.
    pub sandbox: &'a Sandbox,
    /// The texts of a blank workbook.
    pub blank: &'a BlankText,
    /// The report date.
    pub today: NaiveDate,
    /// The sender of the plans.
    pub sender: &'a Sender,
    /// What each client is compared with.
    pub compared: Compared<'a>,
}

/// A workbook of a run.
#[derive(Debug)]
pub struct Processed {
    /// The client ID, if the workbook has one.
    pub client: Option<String>,
    /// The client's name, if the workbook has one.
    pub name: Option<String>,
    /// What came back.
    pub returned: Returned,
    /// Fingerprint of the plan, if there is one.
    pub plan: Option<String>,
}

/// An engagement that the workbooks of a run belong to.
pub trait Statuses: std::fmt::Debug + Sync {
    /// Returns where each client stands after a run. `processed` contains the newest workbook of each client, and all
    /// workbooks without a client ID.
    fn of(&self, processed: Vec<Processed>) -> Status;
}

/// The threads of a run, and how to stop them.
#[derive(Debug, Clone, Copy)]
pub struct Workers<'a> {
    /// Number of threads.
    pub jobs: usize,
    /// If set, stops the run after the current workbooks.
    pub stop: &'a AtomicBool,
}

/// Returns the number of cores available to this process.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Receives the progress of a run, in the order of the workbooks.
pub trait Observer {
    /// The workbooks are read a first time, to compare all clients.
    fn comparing(&self, workbooks: usize);
    /// The run begins.
    fn begin(&self, workbooks: usize);
    /// A workbook was read and planned, or its cached outputs are kept.
    fn client(&self, record: &Record);
    /// A workbook or one of its outputs failed.
    fn failed(&self, failure: &Failure);
    /// A workbook is finished, with or without an error.
    fn done(&self);
    /// The files about all clients are about to be created.
    fn consolidating(&self);
}

/// Returns the file name of a workbook as text.
fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| crate::text::clean_text(&name.to_string_lossy()))
        .unwrap_or_default()
}
