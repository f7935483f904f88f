//! Links from a statement to the answers it rests on, in the appendix.

use crate::pdf::flow::Flow;
use crate::pdf::page::Target;
use crate::pdf::tags::Node;
use crate::pdf::text::Paragraph;
use crate::pdf::theme::*;
use crate::plan::Reference;

/// One line each.
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

/// Name of the place where the appendix shows an answer.
pub fn anchor(field: &str) -> String {
    format!("field.{field}")
}

/// Draws the lines one under the other from (x, y).
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
