//! Resolves what all other definitions refer to: words, worksheets, fields, and the client's identity.

use foldhash::HashMap;

use super::sheets::Sheets;
use super::words::{self, Vocabulary};
use super::{Names, currencies, identity, sanity, sheets};
use crate::questionnaire::diagnostic::{Problems, Reported, Source};
use crate::questionnaire::files::Parsed;
use crate::questionnaire::raw::{Name, QuestionnaireFile, WorksheetFile};
use crate::questionnaire::*;

/// The definitions that do not refer to scores.
pub(super) struct Basis {
    pub vocabulary: Vocabulary,
    pub worksheets: Vec<Worksheet>,
    pub fields: Vec<Field>,
    /// Fields by their full ID and by their former IDs.
    pub by_id: HashMap<String, FieldKey>,
    pub identity: Identity,
    pub targets: Vec<TargetDef>,
    /// See [`Sheets`].
    row_ids: HashMap<String, (usize, usize, usize)>,
    /// See [`Sheets`]. Empty after the scores are resolved.
    pub computed: Vec<(usize, usize, Name)>,
}

impl Basis {
    /// Resolves the words, fields, and identity. Takes words and drop-down lists out of `file`.
    pub fn resolve(
        source: &Source,
        file: &mut QuestionnaireFile,
        worksheets: &[Parsed<WorksheetFile>],
        problems: &Problems,
    ) -> Result<Self, Reported> {
        sanity::check_root(source, file);
        words::check_language(source, &file.language);
        words::check_numbers(source, &file.numbers);
        if !file.rating_band.is_empty() {
            sanity::check_bands(source, &file.rating_band, FULL_POINTS);
        }
        let mut vocabulary = Vocabulary::resolve(source, file, problems)?;
        let sheets = sheets::resolve(source, &file.client, worksheets, &vocabulary);
        // References to fields cannot be checked while fields are missing.
        problems.errors().map_err(|_| Reported)?;
        let Sheets {
            worksheets,
            fields,
            by_id,
            row_ids,
            computed,
        } = sheets;
        let names = Names {
            by_id: &by_id,
            row_ids: &row_ids,
        };
        let identity = identity::resolve(source, &file.identity, &names);
        sanity::check_identity(source, &file.identity, &names, &fields);
        let targets = identity::targets(source, &file.target, &names);
        if let Some(key) = identity.currency
            && let Kind::Choice { list } = fields[key.0].kind
        {
            sanity::check_currencies(source, &vocabulary.choices[list]);
            currencies::accept_all(&mut vocabulary.choices[list], &vocabulary.currencies);
        }
        for unit in file.singular.keys() {
            vocabulary.check_unit(source, unit);
        }
        Ok(Self {
            vocabulary,
            worksheets,
            fields,
            by_id,
            identity,
            targets,
            row_ids,
            computed,
        })
    }

    /// Returns the names of fields and rows.
    pub fn names(&self) -> Names<'_> {
        Names {
            by_id: &self.by_id,
            row_ids: &self.row_ids,
        }
    }
}
