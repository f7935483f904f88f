//! Changes since the previous run, and the comparison with all clients.

use chrono::NaiveDate;

use super::Filler;
use crate::display;
use crate::facts::{NAME, PLACES};
use crate::plan::block::*;
use crate::questionnaire::{BlockDef, Local, Tone};
use crate::record::{Commitment, Outcome, ScoreChange, Verdict};
use crate::text::shorten;

/// Maximum number of resolved issues in the table.
const MAX_RESOLVED: usize = 20;

/// Returns a column, right-aligned if it contains numbers.
fn column((index, heading): (usize, &String), figures: std::ops::Range<usize>) -> (String, Align) {
    let align = match figures.contains(&index) {
        true => Align::Right,
        false => Align::Left,
    };
    (heading.clone(), align)
}

impl Filler<'_> {
    pub fn benchmark(&self, def: &BlockDef) -> Vec<Block> {
        let BlockDef::Benchmark {
            title,
            score: id,
            headings,
            note,
        } = def
        else {
            return Vec::new();
        };
        let mut scores = self.record.scores.iter();
        let score = scores.find(|score| score.id == *id);
        let (Some(benchmarks), Some(score)) = (self.benchmarks, score) else {
            return Vec::new();
        };
        let Some(subject) = score.subjects.first() else {
            return Vec::new();
        };
        let out_of = display::number(self.questionnaire, score.out_of, 0);
        let words = &self.questionnaire.plan_layout.words;
        let whole = format!("{}, {} {out_of}", score.label, words.of);
        let mut figures = vec![(whole, subject.points, id.to_owned())];
        figures.extend(subject.dimensions.iter().map(|dimension| {
            let name = crate::benchmark::dimension_figure(id, &dimension.id);
            (dimension.label.clone(), dimension.mean, name)
        }));
        let number = |value| display::fixed(self.questionnaire, value, PLACES);
        let rows: Vec<Vec<TableCell>> = figures
            .into_iter()
            .filter_map(|(label, own, name)| {
                let all = benchmarks.get(&name)?;
                let tone = match own {
                    Some(own) if own < all.first => Tone::Watch,
                    Some(own) if own > all.third => Tone::Good,
                    _ => Tone::Plain,
                };
                let own = TableCell {
                    text: own.map_or_else(|| "–".into(), number),
                    strong: true,
                    tone,
                    ..TableCell::default()
                };
                let mut cells = vec![TableCell::strong(label), own];
                let quartiles = [all.first, all.median, all.third];
                cells.extend(quartiles.map(|value| TableCell::text(number(value))));
                cells.push(TableCell::text(all.clients.to_string()));
                Some(cells)
            })
            .collect();
        if rows.is_empty() {
            return Vec::new();
        }
        let columns = headings.iter().enumerate();
        let columns = columns.map(|heading| column(heading, 1..6)).collect();
        vec![
            Block::Table {
                title: Some(title.to_owned()),
                table: Table { columns, rows },
            },
            Block::Notes(vec![note.to_owned()]),
        ]
    }

    pub fn score_changes(&self, def: &BlockDef) -> Vec<Block> {
        let BlockDef::ScoreChanges {
            title,
            headings,
            multiple,
            current,
        } = def
        else {
            return Vec::new();
        };
        if !self.facts.all_hold(current) {
            return Vec::new();
        }
        let Some(change) = &self.record.change else {
            return Vec::new();
        };
        let words = &self.questionnaire.plan_layout.words;
        let number = |value: f64| display::fixed(self.questionnaire, value, PLACES);
        let row = |label: TableCell, before: Option<f64>, now: Option<f64>| {
            let figure = |value: Option<f64>| value.map_or_else(|| "–".into(), number);
            let difference = now.zip(before).map(|(now, before)| now - before);
            // A difference that rounds to 0 is no difference.
            let rounded = difference.map(|difference| (difference * 10.0).round() / 10.0);
            let (text, tone) = match rounded {
                Some(rise) if rise > 0.0 => (format!("+{}", number(rise)), Tone::Good),
                Some(fall) if fall < 0.0 => (format!("−{}", number(-fall)), Tone::Bad),
                Some(_) => ("±0".into(), Tone::Plain),
                None => ("–".into(), Tone::Plain),
            };
            vec![
                label,
                TableCell::text(figure(before)),
                TableCell::text(figure(now)),
                TableCell {
                    text,
                    tone,
                    strong: true,
                    ..TableCell::default()
                },
            ]
        };
        let label = |score: &ScoreChange| {
            let out_of = display::number(self.questionnaire, score.out_of, 0);
            TableCell {
                text: format!("{}, {} {out_of}", score.label, words.of),
                note: shorten(&score.subject, NAME),
                strong: true,
                ..TableCell::default()
            }
        };
        // Show only candidates whose points changed, to save space on the page.
        let tells = |score: &&ScoreChange| {
            let known = score.before.is_some() || score.now.is_some();
            let moved = score
                .difference()
                .is_none_or(|difference| difference.abs() >= 0.05);
            known && (score.subject.is_empty() || moved)
        };
        let mut rows: Vec<Vec<TableCell>> = change
            .scores
            .iter()
            .filter(tells)
            .map(|score| row(label(score), score.before, score.now))
            .collect();
        if let (before, now) = change.multiple
            && (before.is_some() || now.is_some())
        {
            rows.push(row(TableCell::strong(multiple), before, now));
        }
        if rows.is_empty() {
            return Vec::new();
        }
        let columns = headings.iter().enumerate();
        let columns = columns.map(|heading| column(heading, 1..4)).collect();
        vec![Block::Table {
            title: Some(title.to_owned()),
            table: Table { columns, rows },
        }]
    }

    /// Shows the previous targets against today's values.
    pub fn progress(&self, def: &BlockDef) -> Vec<Block> {
        let BlockDef::Progress {
            title,
            headings,
            verdicts,
            current,
        } = def
        else {
            return Vec::new();
        };
        let Some(change) = &self.record.change else {
            return Vec::new();
        };
        let is_current = self.facts.all_hold(current);
        let rows = change.progress.iter().map(|own| {
            let (word, tone) = match own.verdict {
                Some(Verdict::Reached) => (&verdicts[0], Tone::Good),
                Some(Verdict::OnTheWay) => (&verdicts[1], Tone::Watch),
                Some(Verdict::Missed) => (&verdicts[2], Tone::Bad),
                Some(Verdict::Open) => (&verdicts[4], Tone::Plain),
                None => (&verdicts[3], Tone::Plain),
            };
            let mut targets = self.record.targets.iter();
            let target = targets.find(|target| target.label == own.label);
            let unit = target.map_or(String::new(), |target| self.amount_unit(target.index));
            let short = |text: &str| text.trim_end_matches(&unit).trim_end().to_owned();
            let tone = if is_current { tone } else { Tone::Plain };
            let text = |text: &Option<String>| text.as_deref().map_or_else(|| "–".into(), short);
            vec![
                TableCell::strong(format!("{} {unit}", own.label).trim_end()),
                TableCell::text(text(&own.before)),
                TableCell::text(short(&own.target)),
                TableCell::text(text(&own.today)),
                TableCell {
                    tone,
                    ..TableCell::strong(self.first(word))
                },
            ]
        });
        let mut blocks = self.table(title, headings, rows.collect());
        if let Some(Block::Table { table, .. }) = blocks.first_mut() {
            for column in &mut table.columns[1..4] {
                column.1 = Align::Right;
            }
        }
        blocks
    }

    pub fn commitments(&self, def: &BlockDef) -> Vec<Block> {
        let BlockDef::Commitments {
            title,
            headings,
            outcomes,
            later,
        } = def
        else {
            return Vec::new();
        };
        let commitments = match &self.record.change {
            Some(change) if !change.commitments.is_empty() => &change.commitments,
            _ => return Vec::new(),
        };
        let rows = commitments.iter().map(|commitment| {
            let (word, tone) = match commitment.outcome {
                Outcome::Kept => (&outcomes[0], Tone::Good),
                Outcome::Missed => (&outcomes[1], Tone::Bad),
                Outcome::Open => (&outcomes[2], Tone::Plain),
            };
            let due = display::date(self.questionnaire, commitment.due);
            let expected = self.expected(commitment).and_then(|date| {
                let date = display::date(self.questionnaire, date);
                self.facts
                    .finish_with(later, |fact| (fact == Local::Date).then(|| date.clone()))
            });
            vec![
                TableCell::strong(&commitment.label),
                TableCell::text(commitment.owner.as_deref().unwrap_or("–")),
                TableCell::text(due.replace(' ', "\u{a0}")),
                TableCell {
                    text: expected.unwrap_or_else(|| self.first(word)),
                    tone,
                    strong: true,
                    ..TableCell::default()
                },
            ]
        });
        let rows = rows.collect();
        let columns = headings.iter().enumerate();
        let columns = columns.map(|heading| column(heading, 0..0)).collect();
        vec![Block::Table {
            title: Some(title.to_owned()),
            table: Table { columns, rows },
        }]
    }

    /// Returns when an upcoming activity is now expected to finish, if that is after its due date.
    fn expected(&self, commitment: &Commitment) -> Option<NaiveDate> {
        self.analysis.forecast.as_ref()?;
        let mut activities = self.record.roadmap.activities.iter();
        let index = activities.position(|activity| activity.label == commitment.label)?;
        let expected = self.analysis.dates(index).1;
        (commitment.outcome == Outcome::Open && expected > commitment.due).then_some(expected)
    }

    pub fn resolved(&self, def: &BlockDef) -> Vec<Block> {
        let BlockDef::Resolved {
            title,
            headings,
            note,
        } = def
        else {
            return Vec::new();
        };
        let Some(change) = &self.record.change else {
            return Vec::new();
        };
        let mut blocks = Vec::new();
        if !change.resolved.is_empty() {
            let resolved = change.resolved.iter().take(MAX_RESOLVED);
            let rows = resolved.map(|resolved| {
                vec![
                    TableCell::strong(&resolved.label),
                    TableCell::text(shorten(&resolved.found, NAME)),
                    TableCell::text(&resolved.place),
                ]
            });
            let rows = rows.collect();
            let columns = headings.iter().enumerate();
            let columns = columns.map(|heading| column(heading, 0..0)).collect();
            blocks.push(Block::Table {
                title: Some(title.to_owned()),
                table: Table { columns, rows },
            });
        }
        blocks.extend(self.facts.first(note).map(|note| Block::Notes(vec![note])));
        blocks
    }
}
