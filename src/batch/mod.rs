//! Many workbooks at once: which files, reading and planning them side by side, and the folder of outputs.
//!
//! Workers read, plan and draw; what depends on order is done by one thread: names, files, the build_cache of what was made.

mod build_cache;
mod consolidate;
mod early_readings;
mod find;
mod latest;
mod parallel;
mod read;
mod report;
mod slugs;
mod watch;

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use chrono::NaiveDate;

use crate::annotate::HandBackError;
use crate::dataset::DatasetError;
use crate::intake::{BlankText, IntakeError, Sandbox};
use crate::output::OutputError;
use crate::pdf::PdfError;
use crate::plan::{Compared, Record, Sender};
use crate::portfolio::PortfolioError;
use crate::questionnaire::Questionnaire;

pub use early_readings::EarlyReadings;
pub use find::{Found, find};
pub use latest::Replaced;
pub use read::{benchmarks, check, hand_back, plan_of};
pub use report::{Options, Output, Outputs, Report, report};
pub use watch::Watch;

/// SlugAllocator of what concerns all clients, and of the folders of what concerns one, within the output folder.
pub const PORTFOLIO: &str = "portfolio.xlsx";
pub use crate::results::RESULTS;
const PLANS: &str = "plans";
const CALENDARS: &str = "calendars";

/// Why a run could not be made.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// A path leads nowhere.
    #[error("{0}: there is no such file or folder")]
    NotThere(PathBuf),
    /// Nothing to do.
    #[error("no workbook was found in {0}")]
    NothingFound(String),
    /// What a program leaves beside an open workbook.
    #[error("{0}: this is a lock file of an open workbook; give the workbook itself")]
    Lock(PathBuf),
    /// Too much to do.
    #[error("more than {} workbooks: give a smaller folder", find::MAX_FILES)]
    TooMany,
    /// An output could not be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// The consolidated workbook could not be made.
    #[error(transparent)]
    Portfolio(#[from] PortfolioError),
    /// The questionnaire's own workbook cannot be read.
    #[error("the questionnaire's own workbook {0}")]
    Questionnaire(IntakeError),
    /// The answers could not be written for other programs.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// The results could not be written to the disk.
    #[error("the results cannot be written: {0}")]
    ResultsUnwritten(std::io::Error),
    /// A fault of ours.
    #[error(
        "what concerns all clients could not be made because of a fault in this program; please report it"
    )]
    Fault,
    /// The results could not be made.
    #[error("the results cannot be written as JSON: {0}")]
    Results(#[from] serde_json::Error),
}

/// Why one workbook could not be processed.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It could not be read.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// Its plan could not be made.
    #[error(transparent)]
    Pdf(#[from] PdfError),
    /// Its plan could not be written.
    #[error("read, but its plan was not written: {0}")]
    Output(#[from] OutputError),
    /// It could not be made ready to hand back.
    #[error("read, but {0}")]
    HandBack(#[from] HandBackError),
    /// The workbook to hand back could not be written.
    #[error("read, but the workbook to hand back was not written: {0}")]
    NotHandedBack(OutputError),
    /// A draft where a final plan was asked for.
    #[error(
        "read, but no plan was made: it has {0} to fix first (see `partnerbook check`), and --final makes no drafts"
    )]
    Draft(String),
    /// A fault of ours.
    #[error(
        "could not be processed because of a fault in this program; please report it with the file"
    )]
    Panic,
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
    fn client(&self, record: &Record, outputs: &Outputs);
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
