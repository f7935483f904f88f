//! What the plan rests on: answers with their cells.

use super::Filler;
use crate::display;
use crate::plan::block::*;
use crate::programme::{FieldKey, Section};

impl Filler<'_> {
    pub fn evidence(&self, title: &str, ids: &[String], headings: &[String; 3]) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut title = Some(title.to_owned());
        let mut plain: Vec<Vec<TableCell>> = Vec::new();
        let mut flush = |plain: &mut Vec<Vec<TableCell>>, blocks: &mut Vec<Block>| {
            if !plain.is_empty() {
                let columns = headings.iter().map(|words| (words.clone(), Align::Left));
                blocks.push(Block::Table {
                    title: title.take(),
                    table: Table {
                        columns: columns.collect(),
                        rows: std::mem::take(plain),
                    },
                });
            }
        };
        for section in ids.iter().filter_map(|id| self.programme.section(id)) {
            if section.columns.len() > 1 {
                flush(&mut plain, &mut blocks);
                blocks.extend(self.evidence_grid(section));
            } else {
                plain.extend(section.rows.iter().filter_map(|row| self.evidence_row(*row.cells.first()?)));
            }
        }
        flush(&mut plain, &mut blocks);
        blocks
    }

    fn evidence_row(&self, key: FieldKey) -> Option<Vec<TableCell>> {
        let field = self.programme.field(key);
        let place = self.answers.get(key).place.as_ref().filter(|_| field.kind.is_input())?;
        let text = display::value(self.programme, self.answers, key)?;
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

    /// A grid keeps its columns; the cell stands under each answer, the sheet in the heading.
    fn evidence_grid(&self, section: &Section) -> Option<Block> {
        let answered = |key: &FieldKey| {
            self.answers.get(*key).place.is_some()
                && self.programme.field(*key).kind.is_input()
                && display::value(self.programme, self.answers, *key).is_some()
        };
        let columns: Vec<usize> = (0..section.columns.len())
            .filter(|column| {
                section.rows.iter().any(|row| row.cells.get(*column).is_some_and(answered))
            })
            .collect();
        let sheet = section
            .rows
            .iter()
            .flat_map(|row| &row.cells)
            .find_map(|key| self.answers.get(*key).place.as_ref())?
            .sheet
            .to_string();
        let mut table = Table {
            columns: vec![(sheet, Align::Left)],
            rows: Vec::new(),
        };
        let heading = |column: &usize| (section.columns[*column].label.clone(), Align::Left);
        table.columns.extend(columns.iter().map(heading));
        for row in section.rows.iter().filter(|row| row.cells.iter().any(answered)) {
            let mut cells = vec![TableCell::text(&row.label)];
            cells.extend(columns.iter().map(|column| {
                let key = row.cells[*column];
                let place = self.answers.get(key).place.as_ref();
                TableCell {
                    text: display::value(self.programme, self.answers, key)
                        .map_or_else(|| "–".into(), |text| crate::text::shorten(&text, 40)),
                    note: place.map(|place| place.address()).unwrap_or_default(),
                    anchor: Some(self.programme.field(key).id.clone()),
                    ..TableCell::default()
                }
            }));
            table.rows.push(cells);
        }
        (!columns.is_empty()).then_some(Block::Table {
            title: Some(section.title.clone()),
            table,
        })
    }
}
