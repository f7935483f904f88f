//! The deal: what tiers leave after their cost, the offer, and what does not agree.

use super::{Filler, is_ended};
use crate::display;
use crate::plan::block::*;
use crate::questionnaire::{BlockDef, Section, Sentence, TierDef};
use crate::text::{one_line, shorten_words};

/// Maximum length of a client's text in the offer, in characters.
const ANSWER: usize = 140;

impl Filler<'_> {
    pub fn tier_bars(&self, def: &BlockDef) -> Vec<Block> {
        let BlockDef::TierBars {
            title,
            caption,
            headings,
            tiers,
            cost,
            cost_label,
        } = def
        else {
            return Vec::new();
        };
        let tiers: Vec<TierBar> = tiers
            .iter()
            .filter_map(|tier| self.tier_bar(tier))
            .collect();
        if tiers.is_empty() {
            return Vec::new();
        }
        let cost = self.facts.number_of(cost).zip(self.facts.first(cost_label));
        vec![Block::TierBars(Box::new(TierBars {
            title: title.clone(),
            caption: self.first(caption),
            headings: headings.clone(),
            tiers,
            cost,
        }))]
    }

    fn tier_bar(&self, def: &TierDef) -> Option<TierBar> {
        let left = self.facts.number_of(&def.left);
        Some(TierBar {
            label: def.label.clone(),
            note: self.facts.finish(&def.note)?,
            kept: self.facts.number_of(&def.kept)?,
            kept_text: self.facts.finish(&def.kept_text)?,
            left_text: self.first(&def.left_text),
            loss: left.is_some_and(|left| left < 0.0),
        })
    }

    /// Shows the offer to the client's choice, with the client's words emphasized. If a part is missing, it is left
    /// out.
    pub fn offer(&self, title: &str) -> Vec<Block> {
        let pieces = self
            .facts
            .offer()
            .and_then(|section| self.offer_pieces(section));
        let block = pieces.map(|pieces| Block::Offer {
            title: title.to_owned(),
            pieces,
        });
        block.into_iter().collect()
    }

    fn offer_pieces(&self, section: &Section) -> Option<Vec<(String, bool)>> {
        let sentence = Sentence::parse(section.sentence.as_deref()?).ok()?;
        let answer = |blank: &str| {
            let row = section
                .rows
                .iter()
                .find(|row| row.id.rsplit_once('.').is_some_and(|(_, id)| id == blank))?;
            let key = *row.cells.first()?;
            let is_value = self.answers.get(key).value.is_value();
            let text =
                display::value(self.questionnaire, self.answers, key).filter(|_| is_value)?;
            Some(shorten_words(&one_line(&text), ANSWER))
        };
        let pieces: Option<Vec<(String, bool)>> = sentence
            .pieces()
            .map(|(text, is_blank)| match is_blank {
                true => Some((answer(text)?, true)),
                false => Some((text.to_owned(), false)),
            })
            .collect();
        let mut pieces = pieces?;
        let [opening, closing] = &self.questionnaire.plan_layout.words.quotes;
        let end = match pieces.last() {
            Some((text, _)) if is_ended(text) => closing.clone(),
            _ => format!(".{closing}"),
        };
        pieces.insert(0, (opening.clone(), false));
        pieces.push((end, false));
        Some(pieces)
    }

    /// Returns the contradictions after `skip`, at most `count`.
    pub fn mismatches(&self, def: &BlockDef) -> Vec<Block> {
        let BlockDef::Mismatches {
            title,
            skip,
            count,
            headings,
        } = def
        else {
            return Vec::new();
        };
        let (skip, count) = (*skip, *count);
        let shown = self.advised.mismatches.iter().skip(skip);
        let rows = shown.take(count.unwrap_or(usize::MAX)).map(|own| {
            vec![
                TableCell::strong(&own.text),
                TableCell::text(&own.figures),
                TableCell::text(&own.decide),
            ]
        });
        self.table(title, headings, rows.collect())
    }
}
