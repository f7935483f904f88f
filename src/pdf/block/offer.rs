//! A sentence with emphasized parts.

use super::headings;
use super::rich::Rich;
use crate::pdf::flow::Flow;
use crate::pdf::text::Style;
use crate::pdf::theme::*;

/// Style of the sentence, and of its emphasized parts.
const STYLES: [Style; 2] = [
    LEAD.color(Color::Primary),
    LEAD.color(Color::Primary).strong(),
];

pub fn draw(flow: &mut Flow, title: &str, pieces: &[(String, bool)]) {
    if pieces.iter().all(|(text, _)| text.trim().is_empty()) {
        return;
    }
    let pieces: Vec<(&str, usize)> = pieces
        .iter()
        .map(|(text, strong)| (text.as_str(), usize::from(*strong)))
        .collect();
    let text = Rich::shape(flow.engine, &pieces, &STYLES, WIDTH);
    if text.height() > 0.5 * flow.page_height() {
        // A text over pages is rare, and has no emphasis.
        let whole: String = pieces.iter().map(|(text, _)| *text).collect();
        headings::heading(flow, title, "", least());
        return flow.text("P", &whole, STYLES[0]);
    }
    headings::heading(flow, title, "", text.height());
    let (node, y) = (flow.node("P"), flow.y);
    flow.draw(node, |page| text.draw(page, MARGIN, y));
    flow.y += text.height() + STEP;
}

/// Returns the height of two lines.
pub fn least() -> f32 {
    2.0 * LEAD.line
}
