//! What a run created and what failed.

use std::path::PathBuf;

use super::latest::Replaced;
use super::{BatchError, Failure};

/// What a run made.
#[derive(Debug, Default)]
pub struct Report {
    /// Workbooks that were to be processed, and of these processed before it was stopped.
    pub workbooks: usize,
    /// See [`Report::workbooks`].
    pub done: usize,
    /// Clients in the portfolio workbook.
    pub clients: usize,
    /// Plans that are there, of these drafts, and of these not made anew.
    pub plans: usize,
    /// See [`Report::plans`].
    pub drafts: usize,
    /// See [`Report::plans`].
    pub unchanged: usize,
    /// Names of the clients that the previous run did not contain, if there was one.
    pub not_compared: Vec<String>,
    /// What could not be processed.
    pub failures: Vec<Failure>,
    /// Workbooks that newer ones of the same client replace.
    pub replaced: Vec<Replaced>,
    /// Clients with several workbooks, and these.
    pub repeated: Vec<(String, Vec<PathBuf>)>,
    /// Outputs of earlier runs that belong to no workbook of this one.
    pub stale_files: Vec<String>,
    /// The portfolio workbook and the results; none when no workbook could be processed, or the run was stopped.
    pub consolidated: Option<(PathBuf, PathBuf)>,
    /// Why what concerns all clients could not be made.
    pub error: Option<BatchError>,
}
