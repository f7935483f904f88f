//! The roadmap as tables: activities, owners, and reviews.

use super::Filler;
use crate::plan::block::*;
use crate::questionnaire::Tone;
use crate::record::Activity;

impl Filler<'_> {
    pub fn roadmap_table(&self, title: &str, headings: &[String; 5]) -> Vec<Block> {
        // Without any reason, the last column would be empty.
        let shown = if self
            .record
            .roadmap
            .activities
            .iter()
            .any(|activity| !activity.reasons.is_empty())
        {
            headings.len()
        } else {
            headings.len() - 1
        };
        let columns = headings
            .iter()
            .take(shown)
            .map(|heading| (heading.clone(), Align::Left))
            .collect();
        let row = |activity: &Activity| {
            let mut cells = vec![
                TableCell::strong(&activity.label),
                TableCell::text(&activity.owner),
                TableCell {
                    text: unbroken(&activity.due_text),
                    tone: match activity.is_overdue(self.record.report_date) {
                        true => Tone::Bad,
                        false => Tone::Plain,
                    },
                    ..TableCell::default()
                },
                TableCell::text(&activity.status),
                TableCell {
                    text: activity.reasons.join("; "),
                    tone: activity.urgency.tone(),
                    ..TableCell::default()
                },
            ];
            cells.truncate(shown);
            cells
        };
        let rows = self.record.roadmap.activities.iter().map(row).collect();
        vec![Block::Table {
            title: Some(title.to_owned()),
            table: Table { columns, rows },
        }]
    }

    /// Shows one row per owner, in the order of their first due dates. Activities without an owner are last.
    pub fn owners(&self, title: &str, headings: &[String; 4]) -> Vec<Block> {
        let mut owners: Vec<(&str, Vec<&Activity>)> = Vec::new();
        for activity in &self.record.roadmap.activities {
            let same = |owner: &str| owner.to_lowercase() == activity.owner.to_lowercase();
            match owners.iter_mut().find(|(owner, _)| same(owner)) {
                Some((_, own)) => own.push(activity),
                None => owners.push((&activity.owner, vec![activity])),
            }
        }
        let first = |own: &[&Activity]| own.iter().map(|activity| activity.due).min();
        owners.sort_by_key(|(_, own)| (!own[0].owned, first(own)));
        let rows = owners.iter().map(|(owner, own)| {
            let open = own.iter().filter(|activity| !activity.done).count();
            let labels: Vec<&str> = own.iter().map(|activity| activity.label.as_str()).collect();
            let next = own.iter().min_by_key(|activity| activity.due);
            vec![
                TableCell::strong(*owner),
                TableCell::text(labels.join("; ")),
                TableCell::text(next.map_or(String::new(), |next| unbroken(&next.due_text))),
                TableCell::text(format!(
                    "{open} {} {}",
                    self.questionnaire.plan_layout.words.of,
                    own.len()
                )),
            ]
        });
        self.table(title, headings, rows.collect())
    }

    /// Shows one row per review, with the activities due since the previous review.
    pub fn reviews(&self, title: &str, headings: &[String; 4]) -> Vec<Block> {
        let mut before = None;
        let mut rows = Vec::new();
        for review in &self.record.roadmap.reviews {
            let due: Vec<&Activity> = self
                .record
                .roadmap
                .activities
                .iter()
                .filter(|activity| {
                    activity.due <= review.date && before.is_none_or(|last| activity.due > last)
                })
                .collect();
            let open: Vec<&str> = due
                .iter()
                .filter(|activity| !activity.done)
                .map(|activity| activity.label.as_str())
                .collect();
            let done = due.len() - open.len();
            rows.push(vec![
                TableCell::strong(&review.label),
                TableCell::text(unbroken(&crate::display::date(
                    self.questionnaire,
                    review.date,
                ))),
                TableCell::text(if open.is_empty() {
                    "–".to_owned()
                } else {
                    open.join("; ")
                }),
                TableCell::text(format!(
                    "{done} {} {}",
                    self.questionnaire.plan_layout.words.of,
                    due.len()
                )),
            ]);
            before = Some(review.date);
        }
        self.table(title, headings, rows)
    }

    fn table(&self, title: &str, headings: &[String], rows: Vec<Vec<TableCell>>) -> Vec<Block> {
        if rows.is_empty() {
            return Vec::new();
        }
        let columns = headings
            .iter()
            .map(|heading| (heading.clone(), Align::Left));
        vec![Block::Table {
            title: Some(title.to_owned()),
            table: Table {
                columns: columns.collect(),
                rows,
            },
        }]
    }
}

/// Formats a date that does not break across lines.
fn unbroken(day: &str) -> String {
    day.replace(' ', "\u{a0}")
}
