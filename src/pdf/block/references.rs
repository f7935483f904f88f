//! Links from a statement to its supporting answers in the appendix.

use crate::pdf::flow::Flow;
use crate::pdf::page::Target;
use crate::pdf::tags::Node;
use crate::pdf::text::Paragraph;
use crate::pdf::theme::*;
use crate::plan::Reference;

/// Shapes each reference on one line.
pub fn shape(flow: &mut Flow, references: &[Reference], width: f32) -> Vec<Paragraph> {
    references
        .iter()
        .map(|reference| {
            flow.engine
                .shape_cut(&reference.text, SMALL.color(Color::Accent), width)
        })
        .collect()
}

pub fn height(shaped: &[Paragraph]) -> f32 {
    shaped.iter().map(Paragraph::height).sum()
}

/// Returns the anchor name of an answer in the appendix.
pub fn anchor(field: &str) -> String {
    format!("field.{field}")
}

/// Draws the references below each other from (x, y).
pub fn draw(
    flow: &mut Flow,
    parent: Node,
    references: &[Reference],
    shaped: &[Paragraph],
    (x, mut y): (f32, f32),
) {
    for (reference, words) in references.iter().zip(shaped) {
        let area = (x, y, x + words.width, y + words.height());
        let target = Target::Anchor(anchor(&reference.anchor));
        flow.link(parent, target, reference.text.clone(), area, |page| {
            page.paragraph(words, x, y)
        });
        y += words.height();
    }
}
