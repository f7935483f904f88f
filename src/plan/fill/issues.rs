//! Issues, in the appendix.

use super::Filler;
use crate::issue::{Issue, Severity};
use crate::plan::block::*;
use crate::questionnaire::{BlockDef, Tone};

impl Filler<'_> {
    fn open_issues(&self) -> impl Iterator<Item = &Issue> {
        self.record
            .issues
            .iter()
            .filter(|issue| issue.severity != Severity::Note)
    }

    pub fn issues_table(&self, def: &BlockDef) -> Vec<Block> {
        let BlockDef::Issues {
            title,
            headings,
            none,
            more,
        } = def
        else {
            return Vec::new();
        };
        let words = &self.questionnaire.plan_layout.words;
        let mut rows: Vec<Vec<TableCell>> = self
            .open_issues()
            .map(|issue| {
                let (name, tone) = match issue.severity {
                    Severity::Error => (&words.severities[0], Tone::Bad),
                    Severity::Warning => (&words.severities[1], Tone::Watch),
                    Severity::Note => (&words.severities[2], Tone::Plain),
                };
                let address = issue
                    .place
                    .as_ref()
                    .map(|place| place.address())
                    .unwrap_or_default();
                let sheet = issue
                    .place
                    .as_ref()
                    .map(|place| place.sheet.to_string())
                    .unwrap_or_default();
                vec![
                    TableCell {
                        text: if address.is_empty() {
                            name.clone()
                        } else {
                            format!("{address} · {name}")
                        },
                        note: sheet,
                        strong: true,
                        tone,
                        ..TableCell::default()
                    },
                    TableCell::text(&issue.label),
                    TableCell {
                        text: issue.found.clone(),
                        note: format!("{} {}", words.expected, issue.expected),
                        ..TableCell::default()
                    },
                    TableCell::text(&issue.fix),
                ]
            })
            .collect();
        if let Some(first) = rows.first_mut().and_then(|row| row.first_mut()) {
            first.anchor = Some(ISSUES.to_owned());
        }
        let mut blocks = Vec::new();
        if rows.is_empty() {
            // Where the heading of the page already says it, nothing is printed.
            if !none.is_empty() {
                blocks.push(Block::Text {
                    title: Some(title.to_owned()),
                    paragraphs: vec![none.to_owned()],
                });
            }
        } else {
            let columns = headings
                .iter()
                .map(|heading| (heading.clone(), Align::Left))
                .collect();
            blocks.push(Block::Table {
                title: Some(title.to_owned()),
                table: Table { columns, rows },
            });
        }
        if self
            .record
            .issues
            .iter()
            .any(|issue| issue.severity == Severity::Note)
        {
            blocks.push(Block::Notes(vec![more.to_owned()]));
        }
        blocks
    }
}
