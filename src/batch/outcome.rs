//! What a run created and what failed.

use std::path::PathBuf;

use super::latest::Replaced;
use super::{BatchError, Failure};

/// The result of a run.
#[derive(Debug, Default)]
pub struct Report {
    /// Number of workbooks to process. `done` is the number processed before the run ended or was stopped.
    pub workbooks: usize,
    /// See [`Report::workbooks`].
    pub done: usize,
    /// Clients in the portfolio workbook.
    pub clients: usize,
    /// Number of plans. `drafts` is how many of them are drafts, `unchanged` how many were kept from a previous run.
    pub plans: usize,
    /// See [`Report::plans`].
    pub drafts: usize,
    /// See [`Report::plans`].
    pub unchanged: usize,
    /// Names of the clients that the previous run did not contain, if there was one.
    pub not_compared: Vec<String>,
    /// The workbooks that failed.
    pub failures: Vec<Failure>,
    /// The workbooks that newer ones of the same client replace.
    pub replaced: Vec<Replaced>,
    /// Clients with more than one workbook, and the paths of these.
    pub repeated: Vec<(String, Vec<PathBuf>)>,
    /// Outputs of previous runs that match no workbook of this run.
    pub stale_files: Vec<String>,
    /// Paths of the portfolio workbook and the results: what a user opens of the files about all clients. Empty if no
    /// workbook could be processed, or if the run was stopped.
    pub consolidated: Vec<PathBuf>,
    /// Why the files about all clients, the manifest, or the build cache could not be written.
    pub error: Option<BatchError>,
}
