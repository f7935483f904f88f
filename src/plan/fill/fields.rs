//! Questions and answers: lists, grids, sections next to each other, and finished sentences.

use super::{Filler, is_ended};
use crate::display;
use crate::facts::NAME;
use crate::plan::block::*;
use crate::questionnaire::{FieldKey, Section, Sentence};
use crate::text::{one_line, shorten};

impl Filler<'_> {
    pub fn fields(&self, title: Option<&str>, ids: &[String]) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut groups: Vec<FieldGroup> = Vec::new();
        let mut blank: Vec<String> = Vec::new();
        let mut heading = None;
        let mut title = title.map(str::to_owned);
        for section in ids.iter().filter_map(|id| self.questionnaire.section(id)) {
            if section.columns.len() > 1 {
                if let Some(table) = self.grid(section) {
                    flush(&mut blocks, &mut groups, &mut title);
                    blocks.push(Block::Table {
                        title: Some(section.title.clone()),
                        table,
                    });
                } else {
                    blank.push(section.title.clone());
                }
                continue;
            }
            let Some(mut group) = self.group(section) else {
                blank.push(section.title.clone());
                continue;
            };
            if section.heading != heading {
                heading.clone_from(&section.heading);
                group.heading.clone_from(&section.heading);
            }
            groups.push(group);
        }
        if blocks.is_empty() && groups.is_empty() {
            return Vec::new();
        }
        flush(&mut blocks, &mut groups, &mut title);
        blocks.extend(self.unanswered(&blank));
        blocks
    }

    /// Lists the sections that were left blank, if any.
    fn unanswered(&self, blank: &[String]) -> Option<Block> {
        let words = &self.questionnaire.plan_layout.words.unanswered;
        (!blank.is_empty()).then(|| Block::Quiet(format!("{words} {}", blank.join(", "))))
    }

    fn group(&self, section: &Section) -> Option<FieldGroup> {
        let mut rows = Vec::new();
        let mut unanswered = Vec::new();
        for row in &section.rows {
            for key in row
                .cells
                .iter()
                .filter(|key| self.questionnaire.field(**key).kind.is_input())
            {
                match display::value(self.questionnaire, self.answers, *key) {
                    Some(text) => rows.push((row.label.clone(), text)),
                    None => unanswered.push(row.label.as_str()),
                }
            }
        }
        if rows.is_empty() {
            return None;
        }
        let unanswered = (!unanswered.is_empty()).then(|| {
            format!(
                "{} {}",
                self.questionnaire.plan_layout.words.unanswered,
                unanswered.join(", ")
            )
        });
        Some(FieldGroup {
            heading: None,
            title: section.title.clone(),
            rows,
            unanswered,
        })
    }

    /// Returns a section with several columns as a table, without columns and rows that have no answers.
    fn grid(&self, section: &Section) -> Option<Table> {
        let input = |key: &FieldKey| self.questionnaire.field(*key).kind.is_input();
        let answered = |key: &FieldKey| {
            input(key) && display::value(self.questionnaire, self.answers, *key).is_some()
        };
        let columns: Vec<usize> = (0..section.columns.len())
            .filter(|column| {
                section
                    .rows
                    .iter()
                    .any(|row| row.cells.get(*column).is_some_and(answered))
            })
            .collect();
        if columns.is_empty() {
            return None;
        }
        let mut table = Table {
            columns: vec![(String::new(), Align::Left)],
            rows: Vec::new(),
        };
        let headings = columns.iter().map(|column| {
            let name = self.subject_name(section, *column);
            name.unwrap_or_else(|| section.columns[*column].label.clone())
        });
        table
            .columns
            .extend(headings.map(|name| (name, Align::Left)));
        for row in section
            .rows
            .iter()
            .filter(|row| row.cells.iter().any(answered))
        {
            let mut cells = vec![TableCell::text(&row.label)];
            cells.extend(columns.iter().map(|column| {
                TableCell::text(
                    display::value(self.questionnaire, self.answers, row.cells[*column])
                        .unwrap_or_else(|| "–".into()),
                )
            }));
            table.rows.push(cells);
        }
        Some(table)
    }

    /// Returns the client's name for a column whose ratings are those of a candidate.
    fn subject_name(&self, section: &Section, column: usize) -> Option<String> {
        let cells: Vec<&FieldKey> = section
            .rows
            .iter()
            .filter_map(|row| row.cells.get(column))
            .collect();
        let ranked = self
            .questionnaire
            .scores
            .iter()
            .filter(|score| score.ranked);
        for score in ranked {
            let own = score.dimensions.iter().find_map(|dimension| {
                let mut subjects = dimension.ratings.iter();
                subjects.position(|ratings| cells.iter().any(|cell| ratings.contains(cell)))
            });
            if let Some(subject) = own {
                let name = self.answers.text(score.subjects.get(subject)?.name?)?;
                return Some(shorten(&one_line(name), NAME));
            }
        }
        None
    }

    pub fn compare(&self, title: &str, ids: &[String]) -> Vec<Block> {
        let sections: Vec<&Section> = ids
            .iter()
            .filter_map(|id| self.questionnaire.section(id))
            .collect();
        let text = |section: &Section, row: usize| {
            section
                .rows
                .get(row)
                .and_then(|row| row.cells.first())
                .and_then(|key| display::value(self.questionnaire, self.answers, *key))
        };
        let Some(first) = sections.first() else {
            return Vec::new();
        };
        let rows = first.rows.len();
        if !sections
            .iter()
            .any(|section| (0..rows).any(|row| text(section, row).is_some()))
        {
            return Vec::new();
        }
        // One row per section is easier to read than one column per section, because texts get enough width.
        let mut table = Table {
            columns: vec![(String::new(), Align::Left)],
            rows: Vec::new(),
        };
        table.columns.extend(
            first
                .rows
                .iter()
                .map(|row| (row.label.clone(), Align::Left)),
        );
        for section in &sections {
            let mut cells = vec![TableCell::strong(&section.title)];
            cells.extend(
                (0..rows)
                    .map(|row| TableCell::text(text(section, row).unwrap_or_else(|| "–".into()))),
            );
            table.rows.push(cells);
        }
        vec![Block::Table {
            title: Some(title.to_owned()),
            table,
        }]
    }

    pub fn sentences(&self, ids: &[String]) -> Vec<Block> {
        let mut sentences = Vec::new();
        let mut blank = Vec::new();
        for section in ids.iter().filter_map(|id| self.questionnaire.section(id)) {
            match self.sentence(section) {
                Some(sentence) => sentences.push((section.title.clone(), sentence)),
                None => blank.push(section.title.clone()),
            }
        }
        if sentences.is_empty() {
            return Vec::new();
        }
        let mut blocks = vec![Block::Sentences(sentences)];
        blocks.extend(self.unanswered(&blank));
        blocks
    }

    /// Returns the finished sentence. If a part of it is blank, returns each answer after its question instead.
    fn sentence(&self, section: &Section) -> Option<String> {
        let wording = Sentence::parse(section.sentence.as_deref()?).ok()?;
        let value = |blank: &str| {
            let row = section
                .rows
                .iter()
                .find(|row| row.id.rsplit_once('.').is_some_and(|(_, id)| id == blank))?;
            let key = *row.cells.first()?;
            self.answers
                .get(key)
                .value
                .is_value()
                .then(|| display::value(self.questionnaire, self.answers, key))
                .flatten()
        };
        if let Some(sentence) = wording.finish(value) {
            let end = if is_ended(&sentence) { "" } else { "." };
            let words = &self.questionnaire.plan_layout.words;
            return Some(words.quoted(&format!("{sentence}{end}")));
        }
        let given: Vec<String> = section
            .rows
            .iter()
            .filter_map(|row| {
                Some(format!(
                    "{}: {}",
                    row.label,
                    display::value(self.questionnaire, self.answers, *row.cells.first()?)?
                ))
            })
            .collect();
        (!given.is_empty()).then(|| given.join("; "))
    }
}

fn flush(blocks: &mut Vec<Block>, groups: &mut Vec<FieldGroup>, title: &mut Option<String>) {
    if !groups.is_empty() {
        blocks.push(Block::Fields {
            title: title.take(),
            groups: std::mem::take(groups),
        });
    }
}
