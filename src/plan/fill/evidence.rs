//! The evidence for the plan: answers with their cells.

use super::Filler;
use crate::display;
use crate::facts::PLACES;
use crate::plan::block::*;
use crate::questionnaire::{BlockDef, FieldKey, Kind, Section};
use crate::text::shorten;

impl Filler<'_> {
    pub fn evidence(&self, def: &BlockDef) -> Vec<Block> {
        let BlockDef::Evidence {
            title,
            sections: ids,
            headings,
        } = def
        else {
            return Vec::new();
        };
        let mut tables: Vec<(String, Table)> = Vec::new();
        for section in ids.iter().filter_map(|id| self.questionnaire.section(id)) {
            let (columns, rows) = if section.columns.len() > 1 {
                self.evidence_grid(section)
            } else {
                let rows = section
                    .rows
                    .iter()
                    .filter_map(|row| self.evidence_row(*row.cells.first()?));
                let columns = headings.iter().map(|words| (words.clone(), Align::Left));
                (columns.collect(), rows.collect::<Vec<_>>())
            };
            if rows.is_empty() {
                continue;
            }
            // Consecutive sections with the same columns share one table.
            match tables
                .last_mut()
                .filter(|(_, table)| table.columns == columns)
            {
                Some((_, table)) => table.rows.extend(rows),
                None => {
                    let title = if tables.is_empty() {
                        title
                    } else {
                        &section.title
                    };
                    tables.push((title.to_owned(), Table { columns, rows }));
                }
            }
        }
        tables
            .into_iter()
            .map(|(title, table)| Block::Table {
                title: Some(title),
                table,
            })
            .collect()
    }

    fn evidence_row(&self, key: FieldKey) -> Option<Vec<TableCell>> {
        let field = self.questionnaire.field(key);
        let place = self
            .answers
            .get(key)
            .place
            .as_ref()
            .filter(|_| field.kind.is_input())?;
        let text = display::value(self.questionnaire, self.answers, key)?;
        Some(vec![
            TableCell {
                text: field.row_label.clone(),
                anchor: Some(field.id.clone()),
                ..TableCell::default()
            },
            TableCell::text(text),
            TableCell::text(place.to_string()),
        ])
    }

    /// A grid keeps its columns. The address is under each answer, the sheet in the heading.
    fn evidence_grid(&self, section: &Section) -> (Vec<(String, Align)>, Vec<Vec<TableCell>>) {
        let answered = |key: &FieldKey| {
            self.answers.get(*key).place.is_some()
                && self.questionnaire.field(*key).kind.is_input()
                && display::value(self.questionnaire, self.answers, *key).is_some()
        };
        let cells = || section.rows.iter().flat_map(|row| &row.cells);
        let sheet = cells()
            .find_map(|key| self.answers.get(*key).place.as_ref())
            .map(|place| place.sheet.to_string());
        let worksheet = cells()
            .map(|key| self.questionnaire.field(*key).sheet)
            .next();
        // A column without answers is left out, consistently in all sections of a sheet.
        let used: Vec<usize> = (0..section.columns.len())
            .filter(|column| {
                let id = &section.columns[*column].id;
                self.questionnaire.inputs().any(|(key, field)| {
                    Some(field.sheet) == worksheet
                        && field.id.rsplit('.').next() == Some(id)
                        && answered(&key)
                })
            })
            .collect();
        let mut columns = vec![(sheet.unwrap_or_default(), Align::Left)];
        let heading = |column: &usize| (section.columns[*column].label.clone(), Align::Left);
        columns.extend(used.iter().map(heading));
        let rows = section
            .rows
            .iter()
            .filter(|row| row.cells.iter().any(answered))
            .map(|row| {
                let mut cells = vec![TableCell::text(&row.label)];
                cells.extend(
                    used.iter()
                        .map(|column| self.evidence_cell(row.cells[*column])),
                );
                cells
            });
        (columns, rows.collect())
    }

    fn evidence_cell(&self, key: FieldKey) -> TableCell {
        let place = self.answers.get(key).place.as_ref();
        let text = match self.answers.number(key) {
            // The column is too narrow for "of 10", and the reader has seen the scale.
            Some(number) if matches!(self.questionnaire.field(key).kind, Kind::Rating { .. }) => {
                Some(display::number(self.questionnaire, number, PLACES))
            }
            _ => display::value(self.questionnaire, self.answers, key),
        };
        TableCell {
            text: text.map_or_else(|| "–".into(), |text| shorten(&text, 40)),
            note: place.map(|place| place.address()).unwrap_or_default(),
            anchor: Some(self.questionnaire.field(key).id.clone()),
            ..TableCell::default()
        }
    }
}
