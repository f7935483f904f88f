//! The status of a client of an engagement: handed out, returned, planned, or sent, and the next step.

use std::path::PathBuf;

use chrono::{NaiveDate, NaiveDateTime};
use serde::Serialize;

use super::Record;
use crate::questionnaire::PortfolioTexts;

/// A workbook that came back.
#[derive(Debug, Clone, Serialize)]
pub struct Returned {
    /// The file.
    pub file: PathBuf,
    /// When it was last saved, if the file says so.
    pub saved: Option<NaiveDateTime>,
    /// Share of the questions that are answered, in whole percent.
    pub complete: u32,
    /// Number of errors.
    pub errors: usize,
    /// Number of warnings.
    pub warnings: usize,
    /// The day the annotated copy of this workbook was sent.
    pub copy_sent: Option<NaiveDate>,
    /// Fingerprint of the workbook.
    #[serde(skip)]
    pub source: String,
}

impl Returned {
    /// Describes the workbook of a record.
    pub fn of(record: &Record, file: PathBuf, saved: Option<NaiveDateTime>) -> Self {
        Self {
            file,
            saved,
            complete: (100.0 * record.completeness.share()).floor() as u32,
            errors: record.counts.errors,
            warnings: record.counts.warnings,
            copy_sent: None,
            source: record.source.sha256.clone(),
        }
    }
}

/// The plan of a client.
#[derive(Debug, Clone, Serialize)]
pub struct PlanState {
    /// The day the plan was made.
    pub made: NaiveDate,
    /// Fingerprint of the workbook that the plan was made of.
    #[serde(skip)]
    pub source: String,
    /// The day the plan was sent.
    pub sent: Option<NaiveDate>,
}

/// What comes next for a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Create the workbook.
    HandOut,
    /// Remind the client: the workbook is overdue.
    Remind,
    /// Wait: the workbook is not due yet, or its annotated copy was sent.
    Wait,
    /// Ask the client to correct the errors.
    Correct,
    /// Create the plan.
    Report,
    /// Send the plan.
    Send,
    /// Nothing.
    Done,
    /// Add the client to the roster, if it belongs there.
    Enroll,
}

impl Step {
    /// Returns the words for the step.
    pub fn words(self, texts: &PortfolioTexts) -> &str {
        let values = &texts.values;
        match self {
            Step::HandOut => &values.next_hand_out,
            Step::Remind => &values.next_remind,
            Step::Wait => &values.next_wait,
            Step::Correct => &values.next_correct,
            Step::Report => &values.next_report,
            Step::Send => &values.next_send,
            Step::Done => &values.next_nothing,
            Step::Enroll => &values.next_enroll,
        }
    }
}

/// The status of a client.
#[derive(Debug, Clone, Serialize)]
pub struct ClientStatus {
    /// The client ID.
    pub id: String,
    /// The client's name.
    pub name: String,
    /// The client's email address.
    pub email: Option<String>,
    /// When the workbook is due.
    pub due: Option<NaiveDate>,
    /// When the workbook was handed out.
    pub handed_out: Option<NaiveDate>,
    /// Whether the workbook is overdue.
    pub late: bool,
    /// The workbook that came back.
    pub returned: Option<Returned>,
    /// The plan.
    pub plan: Option<PlanState>,
    /// What comes next.
    pub next: Step,
}

/// A returned workbook of a client who is not in the roster.
#[derive(Debug, Clone, Serialize)]
pub struct Stranger {
    /// The file.
    pub file: PathBuf,
    /// The client's name, if the workbook has one.
    pub name: Option<String>,
}

/// The status of an engagement.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Status {
    /// The clients of the roster: late ones first, then by due date, then in the order of the roster.
    pub clients: Vec<ClientStatus>,
    /// Returned workbooks of clients who are not in the roster.
    pub strangers: Vec<Stranger>,
}
