//! Names of the files and folders in an output folder.

/// Folder for plans.
pub const PLANS: &str = "plans";
/// Folder for calendars.
pub const CALENDARS: &str = "calendars";
/// Folder of the notes for the consultant.
pub const NOTES: &str = "notes";
/// Folder for email drafts.
pub const DRAFTS: &str = "drafts";
/// The portfolio workbook.
pub const PORTFOLIO: &str = "portfolio.xlsx";
/// Records of all clients.
pub const RESULTS: &str = "results.jsonl";
/// Answers of all clients as CSV.
pub const CSV: &str = "answers.csv";
/// Answers of all clients as Parquet.
pub const PARQUET: &str = "answers.parquet";
/// Workbooks that failed, and why.
pub const FAILURES: &str = "failures.jsonl";
/// Anonymous values over all clients.
pub const BENCHMARKS: &str = "benchmarks.json";
/// Description of the run of a shard.
pub const SHARD: &str = "shard.json";
/// The send log.
pub const SEND_LOG: &str = "sent.jsonl";
/// The build cache.
pub const BUILD_CACHE: &str = ".partnerbook-records";
/// Manifest of the files that partnerbook wrote.
pub const MANIFEST: &str = ".partnerbook-files";
/// Lock file, locked while a run writes to the folder.
pub const LOCK: &str = ".partnerbook-lock";
