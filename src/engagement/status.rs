//! The status of each client: handed out, returned, checked, planned, or sent, and the next step.

use std::collections::HashMap;
use std::path::PathBuf;

use chrono::NaiveDate;

use super::register::Register;
use super::roster::Roster;
use crate::batch::Surveyed;
use crate::record::{ClientStatus, PlanState, Returned, Status, Step, Stranger};

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
            Some(earlier) if !version.replaces(earlier.version.as_ref()) => {}
            Some(_) => drop(self.by_client.insert(id, surveyed)),
            None => {
                self.order.push(id.clone());
                self.by_client.insert(id, surveyed);
            }
        }
    }
}

/// Compares the roster with everything that there is: late clients first, then by due date, then in the order of the
/// roster.
///
/// `returned` returns the workbook of a client that came back, `plans` contains the plans by client ID, `copies` the days
/// on which annotated copies were sent by the fingerprint of the workbook, and `due` is the due date of clients without
/// one of their own.
pub fn client_statuses(
    roster: &Roster,
    register: &Register,
    returned: impl Fn(&str) -> Option<Returned>,
    plans: &HashMap<String, PlanState>,
    copies: &HashMap<String, NaiveDate>,
    due: Option<NaiveDate>,
    today: NaiveDate,
) -> Vec<ClientStatus> {
    let clients = roster.clients.iter().map(|client| {
        let due = client.due.or(due);
        let mut returned = returned(&client.id);
        if let Some(returned) = &mut returned {
            returned.copy_sent = copies.get(&returned.source).copied();
        }
        let handed_out = register.of(&client.id).map(|entry| entry.on);
        let late = returned.is_none() && due.is_some_and(|due| due < today);
        // A plan that was made of an older workbook is out of date.
        let plan = plans.get(&client.id);
        let is_current = |plan: &PlanState| {
            returned
                .as_ref()
                .is_none_or(|returned| returned.source == plan.source)
        };
        let next = match (&returned, plan) {
            (None, _) if handed_out.is_none() => Step::HandOut,
            (None, _) if late => Step::Remind,
            (None, _) => Step::Wait,
            (Some(returned), _) if returned.errors > 0 => match returned.copy_sent {
                Some(_) => Step::Wait,
                None => Step::Correct,
            },
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
    clients
}

/// Returns the status of an engagement. See [`client_statuses`].
pub fn status(
    roster: &Roster,
    register: &Register,
    inbox: &Inbox,
    plans: &HashMap<String, PlanState>,
    copies: &HashMap<String, NaiveDate>,
    due: Option<NaiveDate>,
    today: NaiveDate,
) -> Status {
    let returned = |id: &str| {
        let own = inbox.by_client.get(id)?;
        let saved = own.version.as_ref().and_then(|version| version.saved());
        Some(Returned::of(&own.record, own.path.clone(), saved))
    };
    let unknown = inbox.order.iter().filter(|id| !roster.has(id));
    let strangers = unknown.filter_map(|id| {
        let own = inbox.by_client.get(id)?;
        Some(Stranger {
            file: own.path.clone(),
            name: own.record.client.known_name().map(str::to_owned),
        })
    });
    let nameless = inbox.nameless.iter().map(|path| Stranger {
        file: path.clone(),
        name: None,
    });
    Status {
        strangers: strangers.chain(nameless).collect(),
        clients: client_statuses(roster, register, returned, plans, copies, due, today),
    }
}
