//! Looks up the fields, rows, and sections that the files of a questionnaire refer to.

use foldhash::HashMap;

use crate::questionnaire::diagnostic::{Reported, Source, did_you_mean};
use crate::questionnaire::raw::Name;
use crate::questionnaire::{FieldKey, Row, Section, Worksheet};

/// Fields and rows that other files can refer to.
#[derive(Clone, Copy)]
pub(super) struct Names<'a> {
    pub by_id: &'a HashMap<String, FieldKey>,
    /// Indexes of sheet, section, and row, by the full ID of the row.
    pub row_ids: &'a HashMap<String, (usize, usize, usize)>,
}

impl Names<'_> {
    pub fn key(&self, source: &Source, name: &Name) -> Result<FieldKey, Reported> {
        self.by_id.get(name.get_ref()).copied().ok_or_else(|| {
            let message = format!("there is no field \"{}\"", name.get_ref());
            let help = did_you_mean(name.get_ref(), self.by_id.keys().map(String::as_str));
            source.error_in(name.span(), message, help)
        })
    }

    pub fn optional(
        &self,
        source: &Source,
        name: &Option<Name>,
    ) -> Result<Option<FieldKey>, Reported> {
        name.as_ref().map(|name| self.key(source, name)).transpose()
    }

    pub fn all(&self, source: &Source, names: &[Name]) -> Result<Vec<FieldKey>, Reported> {
        names.iter().map(|name| self.key(source, name)).collect()
    }

    pub fn row<'s>(
        &self,
        source: &Source,
        sheets: &'s [Worksheet],
        name: &Name,
    ) -> Result<(&'s Section, &'s Row), Reported> {
        let &(sheet, section, row) = self.row_ids.get(name.get_ref()).ok_or_else(|| {
            let message = format!("there is no row \"{}\"", name.get_ref());
            let known = self.row_ids.keys().map(String::as_str);
            source.error_in(name.span(), message, did_you_mean(name.get_ref(), known))
        })?;
        let section = &sheets[sheet].sections[section];
        Ok((section, &section.rows[row]))
    }
}

/// Returns the section with this full ID. Reports an error if it does not exist.
pub(super) fn find_section<'s>(
    source: &Source,
    sheets: &'s [Worksheet],
    name: &Name,
) -> Result<&'s Section, Reported> {
    let sections = || sheets.iter().flat_map(|sheet| &sheet.sections);
    sections()
        .find(|section| section.id == *name.get_ref())
        .ok_or_else(|| {
            let message = format!("there is no section \"{}\"", name.get_ref());
            let help = did_you_mean(name.get_ref(), sections().map(|own| own.id.as_str()));
            source.error_in(name.span(), message, help)
        })
}
