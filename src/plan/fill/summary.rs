//! The summary page, and the small building blocks that it shares with other pages.

use super::Filler;
use crate::display;
use crate::plan::advise::SENTENCE;
use crate::plan::block::*;
use crate::questionnaire::{CardDef, FormatString, GaugeDef, Line, ReasonDef, TileDef, Tone};
use crate::text::shorten_words;

/// Maximum length of the title of a block, in characters.
const TITLE: usize = 140;

impl Filler<'_> {
    /// Shows the first tiles that have a value. Without any, they say what is missing.
    pub fn tiles(&self, defs: &[TileDef], count: usize) -> Vec<Block> {
        let all: Vec<Tile> = defs.iter().map(|tile| self.tile(tile)).collect();
        let (known, unknown): (Vec<Tile>, Vec<Tile>) = all.into_iter().partition(|tile| tile.known);
        let tiles = if known.is_empty() { unknown } else { known };
        let tiles: Vec<Tile> = tiles.into_iter().take(count).collect();
        match tiles.is_empty() {
            true => Vec::new(),
            false => vec![Block::Tiles(tiles)],
        }
    }

    fn tile(&self, def: &TileDef) -> Tile {
        let value = self.facts.first(&def.value);
        let note = self
            .facts
            .first(&def.note)
            .filter(|_| value.is_some())
            .unwrap_or_default();
        let score = def
            .score
            .as_deref()
            .and_then(|id| self.questionnaire.score(id))
            .map(|index| &self.scorecard.scores[index]);
        let band = score.and_then(|score| {
            let best = score.ranking().first().copied().or(score.single())?;
            best.band.clone()
        });
        Tile {
            label: def.label.clone(),
            known: value.is_some(),
            value: value.unwrap_or_else(|| self.questionnaire.plan_layout.words.no_score.clone()),
            unit: def.unit.clone(),
            note,
            tone: band.map_or(Tone::Plain, |band| band.tone),
        }
    }

    pub fn reasons(&self, title: &str, defs: &[ReasonDef]) -> Vec<Block> {
        let rows: Vec<Reason> = defs
            .iter()
            .filter_map(|def| {
                Some(Reason {
                    label: def.label.clone(),
                    text: shorten_words(&self.facts.first(&def.lines)?, SENTENCE),
                    section: def.section.clone(),
                })
            })
            .collect();
        match rows.is_empty() {
            true => Vec::new(),
            false => vec![Block::Reasons {
                title: title.to_owned(),
                rows,
            }],
        }
    }

    pub fn moves(&self, title: &str) -> Vec<Block> {
        let moves = self.advised.moves.clone();
        match moves.is_empty() {
            true => Vec::new(),
            false => vec![Block::Moves {
                title: title.to_owned(),
                moves,
            }],
        }
    }

    pub fn requests(&self, title: &str, count: usize) -> Vec<Block> {
        let requests: Vec<Request> = self.advised.requests.iter().take(count).cloned().collect();
        match requests.is_empty() {
            true => Vec::new(),
            false => vec![Block::Requests {
                title: title.to_owned(),
                requests,
            }],
        }
    }

    pub fn quiet(&self, lines: &[Line]) -> Vec<Block> {
        let line = self.facts.first(lines);
        line.map(Block::Quiet).into_iter().collect()
    }

    pub fn notes(&self, lines: &[Line]) -> Vec<Block> {
        let notes: Vec<String> = lines
            .iter()
            .filter_map(|line| self.facts.line(line))
            .collect();
        match notes.is_empty() {
            true => Vec::new(),
            false => vec![Block::Notes(vec![notes.join(" ")])],
        }
    }

    pub fn paragraphs(&self, title: Option<&FormatString>, lines: &[Line]) -> Vec<Block> {
        let title = match title {
            // Without a complete title, the data for this block is missing.
            Some(title) => match self.facts.finish(title) {
                Some(title) => Some(shorten_words(&title, TITLE)),
                None => return Vec::new(),
            },
            None => None,
        };
        let paragraphs: Vec<String> = lines
            .iter()
            .filter_map(|line| self.facts.line(line))
            .collect();
        match paragraphs.is_empty() {
            true => Vec::new(),
            false => vec![Block::Text { title, paragraphs }],
        }
    }

    pub fn cards(&self, title: &str, defs: &[CardDef]) -> Vec<Block> {
        let cards: Vec<Card> = defs
            .iter()
            .filter_map(|def| {
                Some(Card {
                    label: def.label.clone(),
                    strong: self.facts.first(&def.value)?,
                    text: self.first(&def.text),
                    large: def.large,
                })
            })
            .collect();
        match cards.is_empty() {
            true => Vec::new(),
            false => vec![Block::Cards {
                title: title.to_owned(),
                cards,
            }],
        }
    }

    pub fn gauges(
        &self,
        title: &str,
        defs: &[GaugeDef],
        headings: &[String],
        rows: &[Vec<FormatString>],
    ) -> Vec<Block> {
        let gauges: Vec<Gauge> = defs
            .iter()
            .filter_map(|def| {
                Some(Gauge {
                    share: self.facts.number_of(&def.share)?,
                    figure: self.facts.finish(&def.figure)?,
                    text: self.first(&def.lines),
                    accent: def.accent,
                })
            })
            .collect();
        if gauges.is_empty() {
            return Vec::new();
        }
        let cell = |(place, text): (usize, &FormatString)| {
            let text = self.facts.finish(text)?;
            Some(TableCell {
                strong: place > 0 && place + 1 == headings.len(),
                ..TableCell::text(text)
            })
        };
        let rows: Vec<Vec<TableCell>> = rows
            .iter()
            .filter_map(|row| row.iter().enumerate().map(cell).collect())
            .collect();
        let columns = headings.iter().enumerate().map(|(place, heading)| {
            let align = if place > 0 { Align::Right } else { Align::Left };
            (heading.clone(), align)
        });
        let table = (!rows.is_empty()).then(|| Table {
            columns: columns.collect(),
            rows,
        });
        vec![Block::Gauges {
            title: title.to_owned(),
            gauges,
            table,
        }]
    }

    /// Shows all figures that are known, with their formulas and exact values.
    pub fn figure_table(&self, title: &str, headings: &[String; 3]) -> Vec<Block> {
        let defs = self.questionnaire.advice.figures.iter().enumerate();
        let shown = defs.filter(|(_, def)| !def.formula.is_empty());
        let rows = shown.filter_map(|(index, def)| {
            Some(vec![
                TableCell::strong(&def.label),
                TableCell::text(&def.formula),
                TableCell::text(self.facts.exact(index)?),
            ])
        });
        let rows: Vec<Vec<TableCell>> = rows.collect();
        let mut blocks = self.table(title, headings, rows);
        if let Some(Block::Table { table, .. }) = blocks.first_mut()
            && let Some((_, align)) = table.columns.last_mut()
        {
            *align = Align::Right;
        }
        blocks
    }

    /// Formats an amount for the axis of a chart: 8 m, 240 k.
    pub fn axis_amount(&self, amount: f64) -> String {
        let words = &self.questionnaire.plan_layout.words;
        let number = |value| display::number(self.questionnaire, value, 1);
        let (value, word) = match amount.abs() {
            size if size >= 1e6 => (amount / 1e6, &words.million),
            size if size >= 1e3 => (amount / 1e3, &words.thousand),
            _ => return number(amount).replace('-', "−"),
        };
        format!("{}\u{a0}{word}", number(value)).replace('-', "−")
    }
}
