//! Creates the engagement of the next round: the same clients, with their last answers filled in.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::new::NewError;
use super::roster::Roster;
use super::status::Inbox;
use crate::intake::{self, Sandbox};
use crate::output;
use crate::questionnaire::{FieldKey, Kind, Questionnaire};
use crate::template::{Cell, Prefill};

/// Folder of the last answers in an engagement: a JSON file per client ID.
pub const LAST_ANSWERS: &str = "last-answers";

/// The next round of an engagement.
pub struct NextRound<'a> {
    /// The questionnaire.
    pub questionnaire: &'a Questionnaire,
    /// The clients of this round.
    pub roster: &'a Roster,
    /// The file of the roster.
    pub roster_file: &'a Path,
    /// What the clients sent back in this round.
    pub inbox: &'a Inbox,
    /// First day of the next ninety days. `None`: the client enters it.
    pub start: Option<NaiveDate>,
    /// Parses untrusted workbooks in a child process.
    pub sandbox: &'a Sandbox,
}

impl NextRound<'_> {
    /// Creates the folder: settings, roster, inbox, and the last answers. Returns the number of clients with answers,
    /// and the workbooks that cannot be read any more.
    ///
    /// # Errors
    /// Returns an error if a file exists already or cannot be written.
    pub fn create(
        &self,
        folder: &Path,
        (settings, text): (&str, &str),
    ) -> Result<(usize, Vec<PathBuf>), NewError> {
        let answers = folder.join(LAST_ANSWERS);
        for path in [folder.join("inbox"), answers.clone()] {
            std::fs::create_dir_all(&path).map_err(|error| NewError::Folder { path, error })?;
        }
        output::write_new(&folder.join(settings), text.as_bytes(), false)?;
        let name = self.roster_file.file_name().unwrap_or_default();
        let roster = std::fs::read(self.roster_file).map_err(|error| NewError::Folder {
            path: self.roster_file.to_owned(),
            error,
        })?;
        output::write_new(&folder.join(name), &roster, false)?;
        let (mut count, mut unread) = (0, Vec::new());
        for client in &self.roster.clients {
            let Some(surveyed) = self.inbox.of(&client.id) else {
                continue;
            };
            let reading = intake::read_file(self.questionnaire, &surveyed.path, self.sandbox);
            let Ok(reading) = reading else {
                unread.push(surveyed.path.clone());
                continue;
            };
            let mut prefill =
                Prefill::from_answers(self.questionnaire, &reading.answers, &reading.issues);
            self.clear(&mut prefill);
            let json = prefill.to_json(self.questionnaire);
            output::write_new(
                &answers.join(format!("{}.json", client.id)),
                json.as_bytes(),
                false,
            )?;
            count += 1;
        }
        Ok((count, unread))
    }

    /// Clears what belongs to the round that is over: statuses and dates of the roadmap, reviews, and all other dates.
    fn clear(&self, prefill: &mut Prefill) {
        let questionnaire = self.questionnaire;
        let activities = questionnaire.roadmap.activities.iter();
        let statuses = activities.flat_map(|own| [own.status, own.due]).flatten();
        let is_date = |key: &FieldKey| questionnaire.field(*key).kind == Kind::Date;
        let dates = questionnaire.inputs().map(|(key, _)| key).filter(is_date);
        for key in statuses.chain(dates).collect::<Vec<_>>() {
            prefill.clear(key);
        }
        if let (Some(key), Some(start)) = (questionnaire.identity.start, self.start) {
            prefill.set(key, Cell::Date(start));
        }
    }
}
