//! Scores as blocks: bars of dimensions, and the method in the appendix.

use super::Filler;
use super::choice::round_to_sum;
use crate::display;
use crate::facts::{NAME, PLACES};
use crate::plan::block::*;
use crate::questionnaire::{BlockDef, Local, ScoreDef, Tone};
use crate::score::{Score, Subject};
use crate::text::shorten;

impl Filler<'_> {
    pub fn bars(&self, title: Option<String>, id: &str, score: &Score) -> Option<Block> {
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
                mark: self.benchmarks.and_then(|benchmarks| {
                    let figure = crate::benchmark::dimension_figure(id, &dimension.id);
                    Some(benchmarks.get(&figure)?.median)
                }),
            })
            .collect();
        Some(Block::Bars {
            title,
            bars,
            bands: self.bands(),
        })
    }

    pub fn method(&self, def: &BlockDef) -> Vec<Block> {
        let BlockDef::Method {
            title,
            headings,
            each,
            notes,
        } = def
        else {
            return Vec::new();
        };
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
            (format!("{} {weight}%", group.label), Align::Right)
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
                let shown = self.dimension_points(subject);
                cells.extend(shown.into_iter().map(TableCell::text));
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
        let shown = self.dimension_points(subject).into_iter();
        for (dimension, points) in subject
            .dimensions
            .iter()
            .zip(shown)
            .filter(|_| subject.dimensions.len() > 1)
        {
            rows.push(vec![
                TableCell::default(),
                TableCell::text(&dimension.label),
                TableCell::text(format!(
                    "{}%",
                    display::number(self.questionnaire, dimension.weight, PLACES)
                )),
                TableCell::text(if dimension.applies {
                    optional(dimension.mean)
                } else {
                    words.not_applicable.clone()
                }),
                TableCell::text(points),
                TableCell::text(format!(
                    "{} {} {}",
                    dimension.answered, words.of, dimension.expected
                )),
            ]);
        }
        rows
    }

    /// Formats the points of each dimension so that they add up to the points of the subject.
    fn dimension_points(&self, subject: &Subject) -> Vec<String> {
        let points: Vec<Option<f64>> = subject.dimensions.iter().map(|own| own.points).collect();
        let shown = round_to_sum(&points, subject.points.unwrap_or_default());
        let texts = points.iter().zip(shown);
        let texts = texts.map(|(points, shown)| match points {
            Some(_) => self.points(shown),
            None => "–".to_owned(),
        });
        texts.collect()
    }

    /// Formats points and means, always with one decimal place so that they align.
    pub fn points(&self, value: f64) -> String {
        display::fixed(self.questionnaire, value, PLACES)
    }

    fn tone(&self, rating: Option<f64>) -> Tone {
        rating
            .and_then(|rating| self.questionnaire.rating_band(rating))
            .map_or(Tone::Plain, |band| band.tone)
    }

    fn bands(&self) -> Vec<BarBand> {
        let bands = self.questionnaire.rating_bands.iter();
        let bands = bands.map(|band| BarBand {
            from: band.from,
            from_text: display::number(self.questionnaire, band.from, PLACES),
            label: band.label.clone(),
        });
        bands.collect()
    }
}
