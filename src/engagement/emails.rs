//! The emails of an engagement: invitations, reminders, and requests for corrections.

use std::path::{Path, PathBuf};

use chrono::{Days, NaiveDate};

use super::register::Register;
use super::roster::{Client, Roster};
use super::status::Inbox;
use crate::display;
use crate::fingerprint;
use crate::issue::{Issue, Severity};
use crate::outbox::{Attachment, Email, Kind, SendLog, SkipReason, parse_address};
use crate::questionnaire::{EmailTexts, Questionnaire};
use crate::record::{Message, Record};
use crate::text::{fill, one_line, shorten};

/// Maximum number of questions that an email lists.
const MAX_QUESTIONS: usize = 25;
/// Maximum length of what was found in a cell, in characters.
const MAX_FOUND: usize = 160;
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// When reminders are sent, relative to the due date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cadence {
    /// Days before the due date.
    pub before: Vec<u32>,
    /// Days after the due date.
    pub after: Vec<u32>,
}

impl Cadence {
    /// Maximum number of reminders per client.
    pub const MOST: usize = 3;
    /// Minimum number of days between two emails to a client who has not answered.
    pub const APART: u64 = 3;

    /// Returns the last day up to `today` on which a reminder was due.
    fn last_point(&self, due: NaiveDate, today: NaiveDate) -> Option<NaiveDate> {
        let days = |count: &u32| Days::new(u64::from(*count));
        let before = self
            .before
            .iter()
            .filter_map(|own| due.checked_sub_days(days(own)));
        let after = self
            .after
            .iter()
            .filter_map(|own| due.checked_add_days(days(own)));
        before.chain(after).filter(|point| *point <= today).max()
    }
}

/// What the emails of an engagement have in common.
pub struct Mailing<'a> {
    /// The questionnaire.
    pub questionnaire: &'a Questionnaire,
    /// The clients.
    pub roster: &'a Roster,
    /// The workbooks that were handed out.
    pub register: &'a Register,
    /// Their folder.
    pub handed_out: &'a Path,
    /// Who signs the emails, in lines.
    pub sender: String,
    /// When workbooks are due, for clients without a due date of their own.
    pub due: Option<NaiveDate>,
    /// Today.
    pub today: NaiveDate,
}

impl Mailing<'_> {
    /// Returns an invitation with the workbook for each client.
    pub fn invitations(&self) -> Vec<Email> {
        let clients = self.roster.clients.iter();
        clients
            .map(|client| self.with_workbook(client, Kind::Invitation, None))
            .collect()
    }

    /// Returns a reminder for each client who has the workbook, has not answered, and is to be reminded by now.
    pub fn reminders(&self, inbox: &Inbox, cadence: &Cadence, send_log: &SendLog) -> Vec<Email> {
        let reminder = |client: &Client| {
            if inbox.has(&client.id) || self.register.of(&client.id).is_none() {
                return None;
            }
            let due = client.due.or(self.due)?;
            let point = cadence.last_point(due, self.today)?;
            let mut email = self.with_workbook(client, Kind::Reminder, Some(point));
            let sent = send_log.days(&client.name, &[Kind::Reminder]);
            if sent.len() >= Cadence::MOST {
                return None;
            }
            let last = send_log.days(&client.name, &[Kind::Invitation, Kind::Reminder]);
            let again = last.last().map(|last| *last + Days::new(Cadence::APART));
            if let Some(again) = again.filter(|again| *again > self.today)
                && email.skip_reason.is_none()
                && !sent.iter().any(|day| *day >= point)
            {
                email.skip_reason = Some(SkipReason::TooSoon(again));
            }
            Some(email)
        };
        self.roster.clients.iter().filter_map(reminder).collect()
    }

    /// Returns the request for corrections of a workbook with its annotated copy.
    pub fn correction(&self, record: &Record, copy: &Path) -> Email {
        let texts = &self.questionnaire.emails.correction;
        let id = record.client.id.as_deref();
        let client = self.roster.clients.iter().find(|own| Some(&*own.id) == id);
        let open = |issue: &&Issue| issue.severity != Severity::Note;
        let issues: Vec<&Issue> = record.issues.iter().filter(open).collect();
        let mut lines: Vec<String> = (1..)
            .zip(issues.iter().take(MAX_QUESTIONS))
            .map(|(number, issue)| self.question(number, issue))
            .collect();
        if issues.len() > MAX_QUESTIONS {
            let more = (issues.len() - MAX_QUESTIONS).to_string();
            lines.push(fill(&texts.more, &[("count", &more)]));
        }
        let (count, questions) = (issues.len().to_string(), lines.join("\n"));
        let name = match issues.len() {
            1 => "one",
            _ => "count",
        };
        let values = [(name, count.as_str()), ("questions", &questions)];
        let email = client.and_then(|own| own.email.as_deref());
        let email = email.or(record.client.email.as_deref());
        let contact = client.and_then(|own| own.contact.as_deref());
        let contact = contact.or(record.client.contact.as_deref());
        let file = copy.file_name().unwrap_or_default().to_string_lossy();
        let mut mail = self.email(
            Kind::Correction,
            (&record.client.name, contact, email),
            (&texts.mail(), &values),
            None,
        );
        mail.name = file.trim_end_matches(".xlsx").to_owned();
        // A client who sends the same file again is not asked again.
        mail.version.clone_from(&record.source.sha256);
        self.attach(&mut mail, copy, &file);
        mail
    }

    /// Formats an issue as a line of the email.
    fn question(&self, number: usize, issue: &Issue) -> String {
        let sheet = issue.place.as_ref().map(|place| place.sheet.as_ref());
        let place = match sheet {
            Some(sheet) => format!("{sheet}, {}", issue.label),
            None => issue.label.clone(),
        };
        let values = [
            ("number", number.to_string()),
            ("place", one_line(&place)),
            ("found", shorten(&one_line(&issue.found), MAX_FOUND)),
            ("fix", one_line(&issue.fix)),
        ];
        let values = values
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        fill(&self.questionnaire.emails.correction.question, &values)
    }

    /// Returns an email with the workbook that was handed out to a client.
    fn with_workbook(&self, client: &Client, kind: Kind, point: Option<NaiveDate>) -> Email {
        let emails = &self.questionnaire.emails;
        let texts = match kind {
            Kind::Reminder => &emails.reminder,
            _ => &emails.invitation,
        };
        let to = (
            client.name.as_str(),
            client.contact.as_deref(),
            client.email.as_deref(),
        );
        let due = client.due.or(self.due);
        let mut email = self.email(kind, to, (texts, &[]), due);
        match self.register.of(&client.id) {
            Some(entry) => {
                email.name = entry.file.trim_end_matches(".xlsx").to_owned();
                email.version = match point {
                    Some(point) => point.to_string(),
                    None => entry.made_of.clone(),
                };
                self.attach(&mut email, &self.handed_out.join(&entry.file), &entry.file);
            }
            None => email.skip_reason = Some(SkipReason::NotHandedOut),
        }
        email
    }

    /// Returns an email without attachments.
    fn email(
        &self,
        kind: Kind,
        (client, contact, email): (&str, Option<&str>, Option<&str>),
        (texts, more): (&EmailTexts, &[(&str, &str)]),
        due: Option<NaiveDate>,
    ) -> Email {
        let words = &self.questionnaire.words;
        let unknown = words.unknown_shown();
        let date = due.map(|due| display::date(self.questionnaire, due));
        let mut values = vec![
            ("client", client),
            ("title", &self.questionnaire.start.title),
            ("not_applicable", words.not_applicable()),
            ("unknown", &unknown),
        ];
        if let (Some(due), Some(date)) = (due, &date) {
            let name = if due < self.today { "overdue" } else { "due" };
            values.push((name, date));
        }
        values.extend(contact.map(|contact| ("contact", contact)));
        if !self.sender.is_empty() {
            values.push(("sender", &self.sender));
        }
        values.extend_from_slice(more);
        let (subject, paragraphs) = texts.fill(&values);
        let to = parse_address(email.unwrap_or_default());
        Email {
            kind,
            id: None,
            name: String::new(),
            version: String::new(),
            client: client.to_owned(),
            contact: contact.map(str::to_owned),
            skip_reason: to.as_ref().err().cloned().map(SkipReason::Address),
            to,
            message: Message {
                subject,
                paragraphs,
            },
            attachments: Vec::new(),
            made: self.today,
        }
    }

    fn attach(&self, email: &mut Email, path: &Path, name: &str) {
        match std::fs::read(path) {
            Ok(bytes) => email.attachments.push(Attachment {
                path: PathBuf::from(path),
                name: name.to_owned(),
                sha256: fingerprint::of(&bytes),
                media_type: XLSX,
            }),
            Err(_) => email.skip_reason = Some(SkipReason::NoFile(path.display().to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_reminder_that_is_due_counts() {
        let cadence = Cadence {
            before: vec![10, 5],
            after: vec![2],
        };
        let day = |day| NaiveDate::from_ymd_opt(2026, 12, day).unwrap();
        let point = |today| cadence.last_point(day(20), day(today));
        assert_eq!(point(9), None);
        assert_eq!(point(10), Some(day(10)));
        assert_eq!(point(14), Some(day(10)));
        assert_eq!(point(15), Some(day(15)));
        assert_eq!(point(21), Some(day(15)));
        assert_eq!(point(31), Some(day(22)));
    }
}
