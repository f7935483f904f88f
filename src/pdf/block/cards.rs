//! Large values or short texts in columns, each with an explanation.

use super::headings;
use super::rows::{self, tallest};
use crate::pdf::flow::Flow;
use crate::pdf::text::{Paragraph, Style};
use crate::pdf::theme::*;
use crate::plan::Card;

const GAP: f32 = 16.0;
/// Maximum number of cards next to each other.
const PER_ROW: usize = 4;
/// Thickness of the rule above a large value.
const RULE: f32 = 2.0;
const LABEL: Style = Style::new(8.0, 3.5).strong().color(Color::Accent);
const TEXT: Style = Style::new(8.5, 3.5).color(Color::Quiet);
/// Styles of large values, from large to small. All cards of a row have the first style in which all values fit.
const VALUES: [Style; 2] = [
    Style::new(16.0, 6.0)
        .strong()
        .color(Color::Primary)
        .tabular(),
    Style::new(12.5, 6.0)
        .strong()
        .color(Color::Primary)
        .tabular(),
];
/// Style of short texts.
const STRONG: Style = BODY.strong().color(Color::Primary);

/// A shaped card.
struct Shaped {
    large: bool,
    label: Option<Paragraph>,
    strong: Paragraph,
    text: Option<Paragraph>,
}

/// Returns the height of the tallest text that some cards have.
fn tallest_of<'p>(texts: impl Iterator<Item = &'p Option<Paragraph>>) -> f32 {
    tallest(texts.flatten())
}

pub fn draw(flow: &mut Flow, title: &str, cards: &[Card]) {
    if cards.is_empty() {
        return;
    }
    // With more cards than fit, the rows have about the same number of cards.
    let count = cards.len().div_ceil(PER_ROW);
    let per_row = cards.len().div_ceil(count);
    let width = (WIDTH - GAP * (per_row as f32 - 1.0)) / per_row as f32;
    for (i, row) in cards.chunks(per_row).enumerate() {
        let shaped = shape(flow, row, width);
        let height = Heights::of(&shaped).all();
        if i == 0 {
            headings::heading(flow, title, "", height);
        } else {
            flow.gap(3.0 * STEP);
            flow.need(height);
        }
        draw_row(flow, &shaped, width);
        flow.y += height;
    }
}

/// Heights of the parts of a row. All cards share them, so that their texts are aligned.
struct Heights {
    rule: f32,
    label: f32,
    strong: f32,
    text: f32,
}

impl Heights {
    fn of(cards: &[Shaped]) -> Self {
        let is_large = cards.iter().any(|card| card.large);
        let text = tallest_of(cards.iter().map(|card| &card.text));
        // A short text of several lines must not run into what is below it.
        let apart = if is_large || text == 0.0 { 0.0 } else { STEP };
        Self {
            rule: if is_large { 2.0 * STEP } else { 0.0 },
            label: tallest_of(cards.iter().map(|card| &card.label)),
            strong: tallest(cards.iter().map(|card| &card.strong)) + apart,
            text,
        }
    }

    fn all(&self) -> f32 {
        self.rule + self.label + self.strong + self.text
    }
}

fn shape(flow: &mut Flow, cards: &[Card], width: f32) -> Vec<Shaped> {
    let lines = flow.spacing.lines;
    let [.., smallest] = VALUES;
    let fits = |style: &Style, flow: &mut Flow| {
        cards
            .iter()
            .filter(|card| card.large)
            .all(|card| flow.engine.shape_line(&card.strong, *style).width <= width)
    };
    let value = VALUES
        .into_iter()
        .find(|style| fits(style, flow))
        .unwrap_or(smallest);
    let mut part = |text: &str, style: Style| flow.engine.shape_limited(text, style, width, lines);
    let shaped = cards.iter().map(|card| Shaped {
        large: card.large,
        label: (!card.label.is_empty()).then(|| part(&card.label, LABEL)),
        strong: part(&card.strong, if card.large { value } else { STRONG }),
        text: (!card.text.is_empty()).then(|| part(&card.text, TEXT)),
    });
    shaped.collect()
}

fn draw_row(flow: &mut Flow, cards: &[Shaped], width: f32) {
    let y = flow.y;
    let heights = Heights::of(cards);
    for (i, card) in cards.iter().enumerate() {
        let x = MARGIN + (width + GAP) * i as f32;
        if card.large {
            flow.artifact(|page| page.rect(x, y, width, RULE, Color::Primary));
        }
        let mut top = y + heights.rule;
        if let Some(label) = &card.label {
            rows::part(flow, label, (x, top));
        }
        top += heights.label;
        rows::part(flow, &card.strong, (x, top));
        if let Some(text) = &card.text {
            rows::part(flow, text, (x, top + heights.strong));
        }
    }
}
