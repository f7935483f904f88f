//! Scores as blocks: bars of dimensions, dots of ratings, the ranking, and the method in the appendix.

use super::Filler;
use crate::display;
use crate::facts::{NAME, PLACES};
use crate::plan::block::*;
use crate::questionnaire::{FormatString, Local, ScoreDef, Tone};
use crate::score::{Score, Subject};
use crate::text::shorten;

impl Filler<'_> {
    pub fn bars(&self, title: Option<String>, score: &Score) -> Option<Block> {
        let subject = score.single()?;
        if subject.completeness().0 == 0 {
            return None;
        }
        let words = &self.questionnaire.plan_layout.words;
        let bars = subject
            .dimensions
            .iter()
            .map(|dimension| Bar {
                label: dimension.label.clone(),
                value: dimension.mean,
                text: match dimension.mean {
                    Some(mean) => self.points(mean),
                    None if !dimension.applies => words.not_applicable.clone(),
                    None => words.no_score.clone(),
                },
                tone: self.tone(dimension.mean),
            })
            .collect();
        Some(Block::Bars {
            title,
            bars,
            edges: self.edges(),
        })
    }

    pub fn dots(&self, title: &str, score: &Score) -> Option<Block> {
        let subject = score.single()?;
        if subject.completeness().0 == 0 {
            return None;
        }
        let groups = subject.dimensions.iter().map(|dimension| {
            let dots = dimension.ratings.iter().map(|(key, rating)| Bar {
                label: self.questionnaire.field(*key).row_label.clone(),
                value: *rating,
                text: match rating {
                    Some(rating) => display::number(self.questionnaire, *rating, PLACES),
                    None => display::value(self.questionnaire, self.answers, *key)
                        .unwrap_or_else(|| "–".into()),
                },
                tone: self.tone(*rating),
            });
            let mut dots: Vec<Bar> = dots.collect();
            dots.sort_by(|a, b| a.value.unwrap_or(-1.0).total_cmp(&b.value.unwrap_or(-1.0)));
            DotGroup {
                label: dimension.label.clone(),
                dots,
            }
        });
        Some(Block::Dots {
            title: title.to_owned(),
            groups: groups.collect(),
            edges: self.edges(),
        })
    }

    pub fn ranking(&self, title: &str, id: &str, headings: &[String; 4]) -> Vec<Block> {
        let Some(index) = self.questionnaire.score(id) else {
            return Vec::new();
        };
        let (def, score) = (
            &self.questionnaire.scores[index],
            &self.scorecard.scores[index],
        );
        if score.subjects.is_empty() {
            return Vec::new();
        }
        let ranking = score.ranking();
        let mut blocks = Vec::new();
        if !ranking.is_empty() {
            let legend = if def.dimensions.len() > 1 {
                def.dimensions
                    .iter()
                    .map(|group| {
                        format!(
                            "{} {} %",
                            group.label,
                            display::number(self.questionnaire, group.weight, PLACES)
                        )
                    })
                    .collect()
            } else {
                Vec::new()
            };
            let rows = ranking
                .iter()
                .map(|subject| self.rank_row(score, subject))
                .collect();
            blocks.push(Block::Ranking {
                title: String::new(),
                caption: String::new(),
                apart: None,
                legend,
                out_of: def.out_of,
                rows,
            });
        }
        let unranked = score
            .subjects
            .iter()
            .filter(|subject| subject.rank.is_none());
        let rows = ranking
            .iter()
            .copied()
            .chain(unranked)
            .map(|subject| self.decided_row(subject))
            .collect();
        let columns = headings
            .iter()
            .enumerate()
            .map(|(i, heading)| {
                (
                    heading.clone(),
                    if i == 3 { Align::Right } else { Align::Left },
                )
            })
            .collect();
        blocks.push(Block::Table {
            title: Some(title.to_owned()),
            table: Table { columns, rows },
        });
        blocks
    }

    fn rank_row(&self, score: &Score, subject: &Subject) -> RankRow {
        let mut notes: Vec<String> = subject.kind.iter().cloned().collect();
        if score.is_tied(subject) {
            notes.push(self.questionnaire.plan_layout.words.tied.clone());
        }
        if subject.indicative {
            notes.push(self.questionnaire.plan_layout.words.indicative.clone());
        }
        let dimensions = subject
            .dimensions
            .iter()
            .filter_map(|dimension| dimension.points.map(|points| (points, self.points(points))))
            .collect();
        RankRow {
            label: format!(
                "{} {}",
                subject.rank.unwrap_or_default(),
                shorten(&subject.name, NAME)
            ),
            note: notes.join(" · "),
            dimensions,
            total: self.points(subject.points.unwrap_or_default()),
        }
    }

    fn decided_row(&self, subject: &Subject) -> Vec<TableCell> {
        let (strongest, weakest) = match subject.extremes() {
            Some([lowest, highest]) => (self.rating_texts(&highest), self.rating_texts(&lowest)),
            None => (String::new(), String::new()),
        };
        let (given, all) = subject.completeness();
        let words = &self.questionnaire.plan_layout.words;
        let total = match subject.points {
            Some(points) => TableCell {
                note: match subject.indicative {
                    true => words.indicative.clone(),
                    false => String::new(),
                },
                ..TableCell::strong(self.points(points))
            },
            None => TableCell {
                text: words.no_score.clone(),
                note: format!("{given} {} {all}", words.of),
                ..TableCell::default()
            },
        };
        let name = TableCell {
            text: subject.name.clone(),
            note: subject.kind.clone().unwrap_or_default(),
            strong: true,
            ..TableCell::default()
        };
        vec![
            name,
            TableCell::text(strongest),
            TableCell::text(weakest),
            total,
        ]
    }

    pub fn method(
        &self,
        title: &str,
        headings: &[String; 6],
        each: &FormatString,
        notes: &[String],
    ) -> Vec<Block> {
        let scores = || self.questionnaire.scores.iter().zip(&self.scorecard.scores);
        let mut rows = Vec::new();
        for (def, score) in scores().filter(|(def, _)| !def.ranked || def.dimensions.len() == 1) {
            for subject in &score.subjects {
                rows.extend(self.method_rows(def, subject));
            }
        }
        let columns = headings
            .iter()
            .enumerate()
            .map(|(i, heading)| {
                (
                    heading.clone(),
                    if i >= 2 { Align::Right } else { Align::Left },
                )
            })
            .collect();
        let mut blocks = Vec::new();
        if !rows.is_empty() {
            blocks.push(Block::Table {
                title: Some(title.to_owned()),
                table: Table { columns, rows },
            });
        }
        blocks.push(Block::Notes(notes.to_vec()));
        let ranked = scores().filter(|(def, _)| def.ranked && def.dimensions.len() > 1);
        blocks.extend(ranked.filter_map(|(def, score)| {
            let title = self.facts.finish_with(each, |fact| {
                (fact == Local::ScoreLabel).then(|| def.label.clone())
            })?;
            self.method_of_each(title, headings, def, score)
        }));
        blocks
    }

    /// Returns a table with one row per candidate and one column per dimension.
    fn method_of_each(
        &self,
        title: String,
        headings: &[String; 6],
        def: &ScoreDef,
        score: &Score,
    ) -> Option<Block> {
        let words = &self.questionnaire.plan_layout.words;
        let mut columns = vec![(String::new(), Align::Left)];
        columns.extend(def.dimensions.iter().map(|group| {
            let weight = display::number(self.questionnaire, group.weight, PLACES);
            (format!("{} {weight} %", group.label), Align::Right)
        }));
        columns.push((headings[4].clone(), Align::Right));
        columns.push((headings[5].clone(), Align::Right));
        let rows: Vec<Vec<TableCell>> = score
            .subjects
            .iter()
            .map(|subject| {
                let (given, all) = subject.completeness();
                let mut cells = vec![TableCell::strong(shorten(&subject.name, NAME))];
                let points = |value: Option<f64>| {
                    value.map_or_else(|| "–".into(), |value| self.points(value))
                };
                cells.extend(
                    subject
                        .dimensions
                        .iter()
                        .map(|dimension| TableCell::text(points(dimension.points))),
                );
                cells.push(TableCell::strong(points(subject.points)));
                cells.push(TableCell::text(format!("{given} {} {all}", words.of)));
                cells
            })
            .collect();
        (!rows.is_empty()).then_some(Block::Table {
            title: Some(title),
            table: Table { columns, rows },
        })
    }

    fn method_rows(&self, def: &ScoreDef, subject: &Subject) -> Vec<Vec<TableCell>> {
        let words = &self.questionnaire.plan_layout.words;
        let (given, all) = subject.completeness();
        let total = match subject.points {
            Some(points) => {
                let mark = match subject.indicative {
                    true => format!(", {}", words.indicative),
                    false => String::new(),
                };
                format!(
                    "{} {} {}{mark}",
                    self.points(points),
                    words.of,
                    display::number(self.questionnaire, def.out_of, 0)
                )
            }
            None => words.no_score.clone(),
        };
        let mut rows = vec![vec![
            TableCell {
                text: def.label.clone(),
                note: shorten(&subject.name, NAME),
                strong: true,
                ..TableCell::default()
            },
            TableCell::default(),
            TableCell::default(),
            TableCell::default(),
            TableCell::strong(total),
            TableCell::strong(format!("{given} {} {all}", words.of)),
        ]];
        let optional =
            |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| self.points(value));
        // A single dimension is the score itself.
        for dimension in subject
            .dimensions
            .iter()
            .filter(|_| subject.dimensions.len() > 1)
        {
            rows.push(vec![
                TableCell::default(),
                TableCell::text(&dimension.label),
                TableCell::text(format!(
                    "{} %",
                    display::number(self.questionnaire, dimension.weight, PLACES)
                )),
                TableCell::text(if dimension.applies {
                    optional(dimension.mean)
                } else {
                    words.not_applicable.clone()
                }),
                TableCell::text(optional(dimension.points)),
                TableCell::text(format!(
                    "{} {} {}",
                    dimension.answered, words.of, dimension.expected
                )),
            ]);
        }
        rows
    }

    /// Formats points and means, always with one decimal place so that they align.
    fn points(&self, value: f64) -> String {
        display::fixed(self.questionnaire, value, PLACES)
    }

    fn tone(&self, rating: Option<f64>) -> Tone {
        rating
            .and_then(|rating| self.questionnaire.rating_band(rating))
            .map_or(Tone::Plain, |band| band.tone)
    }

    /// Returns the lower limits of the rating bands, without the first.
    fn edges(&self) -> Vec<(f64, String)> {
        self.questionnaire
            .rating_bands
            .iter()
            .skip(1)
            .map(|band| {
                let words = display::number(self.questionnaire, band.from, PLACES);
                (band.from, words)
            })
            .collect()
    }
}
