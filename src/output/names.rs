//! Names of the files and folders in an output folder.

/// Folder of the plans.
pub const PLANS: &str = "plans";
/// Folder of the calendars.
pub const CALENDARS: &str = "calendars";
/// Folder of the email drafts.
pub const DRAFTS: &str = "drafts";
/// The portfolio workbook.
pub const PORTFOLIO: &str = "portfolio.xlsx";
/// The records of all clients.
pub const RESULTS: &str = "results.jsonl";
/// The answers of all clients, as CSV.
pub const CSV: &str = "answers.csv";
/// The answers of all clients, as parquet.
pub const PARQUET: &str = "answers.parquet";
/// The send log.
pub const SEND_LOG: &str = "sent.jsonl";
/// The build cache.
pub const BUILD_CACHE: &str = ".partnerbook-records";
/// The manifest of the files that partnerbook wrote.
pub const MANIFEST: &str = ".partnerbook-files";
/// Locked while a run writes to the folder.
pub const LOCK: &str = ".partnerbook-lock";
