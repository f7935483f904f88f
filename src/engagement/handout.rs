//! Creates the workbooks for the clients of the roster: only those that are new or changed.

use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;

use super::register::{Entry, Register, RegisterError};
use super::roster::{Client, Roster};
use crate::batch::{SlugAllocator, Workers, parallel_map_ordered};
use crate::bounded;
use crate::fingerprint::Fingerprint;
use crate::look::Palette;
use crate::output::{OutputError, OutputFolder};
use crate::questionnaire::Questionnaire;
use crate::template::{self, Cell, Prefill, TemplateError};
use crate::text::slugify;

/// Maximum size of the answers of the last round of a client, in bytes.
const MAX_ANSWERS_SIZE: u64 = 8 << 20;

/// What the workbooks have in common.
#[derive(Debug, Clone)]
pub struct Handout<'a> {
    /// The questionnaire.
    pub questionnaire: &'a Questionnaire,
    /// Colors of the workbooks.
    pub palette: Palette,
    /// Who receives the completed workbooks: name and address, in one line.
    pub contact: String,
    /// Logo of the sender, as a PNG.
    pub logo: Option<Arc<[u8]>>,
    /// When a workbook is due, for clients without a due date of their own.
    pub due: Option<NaiveDate>,
    /// Folder with the answers of the last round, a JSON file per client ID.
    pub last_answers: Option<&'a Path>,
    /// Today.
    pub today: NaiveDate,
}

/// Why no workbook was created.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HandoutError {
    /// The register cannot be used.
    #[error(transparent)]
    Register(#[from] RegisterError),
    /// A file cannot be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// A workbook cannot be created.
    #[error(transparent)]
    Template(#[from] TemplateError),
}

impl HandoutError {
    /// Returns whether the machine failed: a full disk, a folder without write permission.
    pub fn is_machine(&self) -> bool {
        matches!(self, HandoutError::Output(error) if error.is_machine())
    }
}

/// What became of the workbook of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandedOut {
    /// It was created.
    New,
    /// It was created again: the roster, the questionnaire, or the brand changed.
    Changed,
    /// Nothing changed.
    Unchanged,
}

/// Creates the workbooks of the roster in a folder, and passes what became of each to `show`.
///
/// # Errors
/// Returns an error if the folder or its register cannot be used. A workbook that cannot be written is passed to `show`.
pub fn hand_out(
    handout: &Handout,
    roster: &Roster,
    folder: &Path,
    force: bool,
    workers: Workers,
    mut show: impl FnMut(&Client, &str, Result<HandedOut, HandoutError>),
) -> Result<(), HandoutError> {
    let out = OutputFolder::open(folder, force)?;
    let earlier = Register::read(folder)?;
    let mut register = earlier.clone();
    let mut names = SlugAllocator::default();
    // A client keeps the name of its file.
    for entry in earlier.entries() {
        names.allocate(entry.file.trim_end_matches(".xlsx"));
    }
    let common = handout.fingerprint();
    let planned: Vec<(&Client, String, String)> = roster
        .clients
        .iter()
        .map(|client| {
            let known = earlier.of(&client.id).map(|entry| entry.file.clone());
            let file =
                known.unwrap_or_else(|| format!("{}.xlsx", names.allocate(&slugify(&client.name))));
            (client, file, handout.made_of(&common, client))
        })
        .collect();
    parallel_map_ordered(
        &planned,
        workers,
        || (),
        |(), _, (client, file, made_of)| {
            let known = earlier.of(&client.id);
            let is_current = known.is_some_and(|entry| entry.made_of == *made_of);
            // A file that someone deleted is created again; one that someone changed is not ours.
            if !force && is_current && folder.join(file).exists() {
                return Ok((HandedOut::Unchanged, None));
            }
            let bytes = template::workbook(
                handout.questionnaire,
                &handout.prefill(client),
                &handout.palette,
            )?;
            let what = if known.is_some() {
                HandedOut::Changed
            } else {
                HandedOut::New
            };
            Ok((what, Some(bytes)))
        },
        |index, result: Result<_, HandoutError>| {
            let (client, file, made_of) = &planned[index];
            let written = result.and_then(|(what, bytes)| {
                let Some(bytes) = bytes else {
                    return Ok(what);
                };
                out.write(file, &bytes)?;
                register.set(Entry {
                    client: client.id.clone(),
                    name: client.name.clone(),
                    file: file.clone(),
                    made_of: made_of.clone(),
                    on: handout.today,
                });
                Ok(what)
            });
            show(client, file, written);
        },
    );
    register.save(folder)?;
    out.save_list()?;
    Ok(())
}

impl Handout<'_> {
    /// Returns the hash of what all workbooks have in common.
    fn fingerprint(&self) -> String {
        let mut print = Fingerprint::default();
        print
            .add(&self.questionnaire.fingerprint)
            .add(env!("CARGO_PKG_VERSION"))
            .add(self.palette.primary)
            .add(self.palette.accent)
            .add(&self.contact)
            .add(self.logo.as_deref().unwrap_or_default())
            .add(self.due.map(|due| due.to_string()).unwrap_or_default());
        print.finish()
    }

    /// Returns the hash of everything that the workbook of a client is made of.
    fn made_of(&self, common: &str, client: &Client) -> String {
        let mut print = Fingerprint::default();
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        print
            .add(common)
            .add(&client.name)
            .add(text(&client.contact))
            .add(text(&client.email))
            .add(text(&client.currency))
            .add(client.due.map(|due| due.to_string()).unwrap_or_default());
        print.add(self.last_answers(client).unwrap_or_default());
        for (key, cell) in &client.answers {
            print.add(key.0.to_string()).add(format!("{cell:?}"));
        }
        print.finish()
    }

    /// Returns the answers of the last round as JSON.
    fn last_answers(&self, client: &Client) -> Option<String> {
        let path = self.last_answers?.join(format!("{}.json", client.id));
        bounded::read_text(&path, MAX_ANSWERS_SIZE).ok()
    }

    fn prefill(&self, client: &Client) -> Prefill {
        let identity = &self.questionnaire.identity;
        let last = self.last_answers(client);
        let last = last.and_then(|json| Prefill::from_json(self.questionnaire, &json).ok());
        let mut prefill = last.unwrap_or_else(|| Prefill::blank(self.questionnaire));
        prefill.set(identity.company, Cell::Text(client.name.clone()));
        let texts = [
            (identity.contact, &client.contact),
            (identity.email, &client.email),
            (identity.currency, &client.currency),
        ];
        for (key, text) in texts {
            if let (Some(key), Some(text)) = (key, text) {
                prefill.set(key, Cell::Text(text.clone()));
            }
        }
        for (key, cell) in &client.answers {
            prefill.set(*key, cell.clone());
        }
        prefill.hand_out(template::Handout {
            client: client.id.clone(),
            due: client.due.or(self.due),
            contact: self.contact.clone(),
            logo: self.logo.clone(),
        });
        prefill
    }
}
