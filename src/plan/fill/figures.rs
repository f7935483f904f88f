//! Figures: investment and return, targets, and the roadmap as a table.

use super::Filler;
use crate::display;
use crate::plan::facts::PLACES;
use crate::plan::model::*;
use crate::programme::{FieldKey, TargetDef, Tone, Wording};
use crate::score::Payback;

impl Filler<'_> {
    pub fn finance(&self, title: &str, labels: &[String; 6], assumption: &Wording) -> Vec<Block> {
        let (Some(def), Some(finance)) = (&self.programme.finance, &self.scorecard.finance) else {
            return Vec::new();
        };
        let words = &self.programme.storyboard.words;
        let [
            investment,
            returns,
            roi,
            stated_roi,
            payback,
            stated_payback,
        ] = labels;
        let shown = |key: FieldKey| display::value(self.programme, self.answers, key);
        let mut rows: Vec<(String, String)> = Vec::new();
        let mut add = |label: &str, text: Option<String>| {
            rows.extend(text.map(|text| (label.to_owned(), text)))
        };
        add(investment, shown(def.investment));
        for part in &def.parts {
            add(&self.programme.field(*part).row_label, shown(*part));
        }
        add(returns, shown(def.returns));
        let ratio = |value: f64| format!("{} : 1", display::number(self.programme, value, PLACES));
        add(roi, finance.roi.map(ratio));
        add(stated_roi, def.stated_roi.and_then(shown));
        let no_payback = || {
            Wording::parse(&words.no_payback)
                .ok()
                .and_then(|wording| wording.finish(|fact| self.facts.get_text(fact)))
        };
        add(
            payback,
            match finance.payback {
                Some(Payback::Months(months)) => Some(self.months(def.stated_payback, months)),
                Some(Payback::Never) => no_payback(),
                None => None,
            },
        );
        add(stated_payback, def.stated_payback.and_then(shown));
        if rows.is_empty() {
            return Vec::new();
        }
        let mut blocks = vec![Block::Fields {
            title: Some(title.to_owned()),
            groups: vec![FieldGroup {
                heading: None,
                title: String::new(),
                rows,
                unanswered: None,
            }],
        }];
        if finance.payback.is_some() {
            let ramp = def
                .ramp_words
                .iter()
                .rev()
                .skip(1)
                .rev()
                .cloned()
                .collect::<Vec<_>>()
                .join(", ");
            blocks.extend(
                assumption
                    .finish(|name| {
                        if name == "ramp" {
                            Some(ramp.clone())
                        } else {
                            self.facts.get_text(name)
                        }
                    })
                    .map(|text| Block::Notes(vec![text])),
            );
        }
        blocks
    }

    /// Months in the words of the field that states them.
    fn months(&self, field: Option<FieldKey>, months: f64) -> String {
        let rounded = (months * 10.0).round() / 10.0;
        field.map_or_else(
            || display::number(self.programme, months, PLACES),
            |key| display::field_number(self.programme, self.answers, key, rounded),
        )
    }

    pub fn targets(
        &self,
        title: &str,
        headings: &[String; 4],
        rows: &[TargetDef],
        targets: &mut Vec<Target>,
    ) -> Vec<Block> {
        let mut cells = Vec::new();
        for row in rows {
            let figure = |id: &str| {
                let key = self.programme.key(id)?;
                let number = self.answers.number(key)?;
                Some((
                    key,
                    number,
                    display::field_number(self.programme, self.answers, key, number),
                ))
            };
            let today = row.today.as_deref().and_then(figure);
            let Some(target) = figure(&row.target) else {
                continue;
            };
            let before = today.as_ref().map(|(_, number, _)| *number);
            let goal = if row.adds {
                before.unwrap_or(0.0) + target.1
            } else {
                target.1
            };
            let goal_text = display::field_number(self.programme, self.answers, target.0, goal);
            let change = match before {
                Some(before) => {
                    let difference = goal - before;
                    let sign = if difference > 0.0 { "+" } else { "" };
                    format!(
                        "{sign}{}",
                        display::number(self.programme, difference, PLACES)
                    )
                }
                None => String::new(),
            };
            let tone = if before.is_some_and(|before| goal < before) {
                Tone::Bad
            } else {
                Tone::Plain
            };
            cells.push(vec![
                TableCell::strong(&row.label),
                TableCell::text(
                    today
                        .as_ref()
                        .map_or_else(|| "–".to_owned(), |(_, _, text)| text.clone()),
                ),
                TableCell::text(goal_text.clone()),
                TableCell {
                    text: change.clone(),
                    tone,
                    ..TableCell::default()
                },
            ]);
            targets.push(Target {
                label: row.label.clone(),
                today: today.map(|(_, number, text)| (number, text)),
                target: Some((goal, goal_text)),
                change,
            });
        }
        if cells.is_empty() {
            return Vec::new();
        }
        let columns = headings
            .iter()
            .enumerate()
            .map(|(i, heading)| {
                (
                    heading.clone(),
                    if i == 0 { Align::Left } else { Align::Right },
                )
            })
            .collect();
        vec![Block::Table {
            title: Some(title.to_owned()),
            table: Table {
                columns,
                rows: cells,
            },
        }]
    }

    pub fn roadmap_table(&self, title: &str, headings: &[String; 5]) -> Vec<Block> {
        // Without a single reason the last column would stand empty.
        let shown = if self
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
                // The day stays on one line.
                TableCell::text(activity.due_text.replace(' ', "\u{a0}")),
                TableCell::text(&activity.status),
                TableCell {
                    text: activity.reasons.join("; "),
                    tone: activity.urgency,
                    ..TableCell::default()
                },
            ];
            cells.truncate(shown);
            cells
        };
        let rows = self.roadmap.activities.iter().map(row).collect();
        vec![Block::Table {
            title: Some(title.to_owned()),
            table: Table { columns, rows },
        }]
    }
}
