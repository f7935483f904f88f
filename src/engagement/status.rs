//! Where each client stands: handed out, returned, checked, planned, sent, and what comes next.

use std::collections::HashMap;
use std::path::PathBuf;

use chrono::{NaiveDate, NaiveDateTime};
use serde::Serialize;

use super::register::Register;
use super::roster::Roster;
use crate::batch::Surveyed;

/// The workbooks in the inbox.
#[derive(Debug, Default)]
pub struct Inbox {
    /// The newest workbook of each client, by client ID.
    by_client: HashMap<String, Surveyed>,
    /// The newest workbooks in the order of their clients' first file.
    order: Vec<String>,
    /// Workbooks without a client ID.
    nameless: Vec<PathBuf>,
}

impl Inbox {
    /// Returns the newest workbook of a client.
    pub fn of(&self, client: &str) -> Option<&Surveyed> {
        self.by_client.get(client)
    }

    /// Returns whether a workbook of this client came back.
    pub fn has(&self, client: &str) -> bool {
        self.by_client.contains_key(client)
    }

    /// Returns the newest workbook of each client.
    pub fn newest(&self) -> impl Iterator<Item = &Surveyed> {
        self.order.iter().filter_map(|id| self.by_client.get(id))
    }

    /// Adds a workbook. Of several workbooks of a client, the newest counts; of equally new ones, the last.
    pub fn add(&mut self, surveyed: Surveyed) {
        let Some(version) = &surveyed.version else {
            self.nameless.push(surveyed.path);
            return;
        };
        let id = version.client().to_owned();
        match self.by_client.get(&id) {
            Some(other)
                if other
                    .version
                    .as_ref()
                    .is_some_and(|other| other.is_newer_than(version)) => {}
            Some(_) => drop(self.by_client.insert(id, surveyed)),
            None => {
                self.order.push(id.clone());
                self.by_client.insert(id, surveyed);
            }
        }
    }
}

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
    /// Wait: the workbook is not due yet.
    Wait,
    /// Ask the client to correct the errors.
    Correct,
    /// Create the plan.
    Report,
    /// Send the plan.
    Send,
    /// Nothing.
    Done,
}

/// Where a client stands.
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

/// The status of an engagement.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Status {
    /// The clients of the roster: late ones first, then by due date, then in the order of the roster.
    pub clients: Vec<ClientStatus>,
    /// Returned workbooks of clients who are not in the roster: file, and client name.
    pub strangers: Vec<(PathBuf, Option<String>)>,
}

impl Status {
    /// Compares the roster with everything that there is.
    ///
    /// `plans` contains the plans by client ID. `due` is the due date of clients without one of their own.
    pub fn of(
        roster: &Roster,
        register: &Register,
        inbox: &Inbox,
        plans: &HashMap<String, PlanState>,
        due: Option<NaiveDate>,
        today: NaiveDate,
    ) -> Self {
        let clients = roster.clients.iter().map(|client| {
            let due = client.due.or(due);
            let surveyed = inbox.by_client.get(&client.id);
            let returned = surveyed.map(|own| Returned {
                file: own.path.clone(),
                saved: own.version.as_ref().and_then(|version| version.saved()),
                complete: (100.0 * own.record.completeness.share()).floor() as u32,
                errors: own.record.counts.errors,
                warnings: own.record.counts.warnings,
            });
            let handed_out = register.of(&client.id).map(|entry| entry.on);
            let late = returned.is_none() && due.is_some_and(|due| due < today);
            // A plan that was made of an older workbook is out of date.
            let plan = plans.get(&client.id);
            let is_current = |plan: &PlanState| {
                surveyed.is_none_or(|own| own.record.source.sha256 == plan.source)
            };
            let next = match (&returned, plan) {
                (None, _) if handed_out.is_none() => Step::HandOut,
                (None, _) if late => Step::Remind,
                (None, _) => Step::Wait,
                (Some(returned), _) if returned.errors > 0 => Step::Correct,
                (Some(_), Some(plan)) if is_current(plan) && plan.sent.is_some() => Step::Done,
                (Some(_), Some(plan)) if is_current(plan) => Step::Send,
                (Some(_), _) => Step::Report,
            };
            ClientStatus {
                id: client.id.clone(),
                name: client.name.clone(),
                email: client.email.clone(),
                due,
                handed_out,
                late,
                returned,
                plan: plan.cloned(),
                next,
            }
        });
        let mut clients: Vec<ClientStatus> = clients.collect();
        clients.sort_by_key(|own| {
            (
                !own.late,
                own.returned.is_some(),
                own.due.unwrap_or(NaiveDate::MAX),
            )
        });
        let is_known = |id: &str| roster.clients.iter().any(|client| client.id == id);
        let unknown = inbox.order.iter().filter(|id| !is_known(id));
        let strangers = unknown.filter_map(|id| {
            let own = inbox.by_client.get(id)?;
            let name = own
                .record
                .client
                .named
                .then(|| own.record.client.name.clone());
            Some((own.path.clone(), name))
        });
        let nameless = inbox.nameless.iter().map(|path| (path.clone(), None));
        Self {
            strangers: strangers.chain(nameless).collect(),
            clients,
        }
    }
}
