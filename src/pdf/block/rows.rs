//! Parts that several blocks share: paragraphs, rules, references to pages, and alternative text.

use crate::pdf::flow::{Flow, PageReference};
use crate::pdf::tags::Node;
use crate::pdf::text::{Paragraph, Style};
use crate::pdf::theme::*;

/// Style of references to pages.
const PAGE: Style = BODY.color(Color::Quiet);
/// Maximum width of a reference to a page.
const MAX_PAGE_WIDTH: f32 = 90.0;

/// Draws a text as a paragraph of its own, so that screen readers pause after it.
pub fn part(flow: &mut Flow, text: &Paragraph, (x, y): (f32, f32)) {
    let node = flow.node("P");
    flow.draw(node, |page| page.paragraph(text, x, y));
}

/// Draws a line across the column at the current position.
pub fn rule(flow: &mut Flow, thickness: f32, color: Color) {
    let y = flow.y;
    flow.artifact(|page| page.rule(y, thickness, color));
}

/// Returns the width to keep free for references to pages. 0 if no section is referred to.
pub fn page_width<'s>(
    flow: &mut Flow,
    mut sections: impl Iterator<Item = &'s Option<String>>,
) -> f32 {
    if !sections.any(Option::is_some) {
        return 0.0;
    }
    let widest = format!("{} 888", flow.plan.page_word);
    let width = flow.engine.shape_line(&widest, PAGE).width;
    width.min(MAX_PAGE_WIDTH)
}

/// Prints the page of a section later, right-aligned at `right`.
pub fn refer(flow: &mut Flow, parent: Node, section: &str, right: f32, top: f32, width: f32) {
    let page = flow.page_index();
    flow.references.push(PageReference {
        page,
        parent,
        place: (right, top),
        width,
        section: section.to_owned(),
        style: PAGE,
    });
}

/// Returns the height of the tallest paragraph.
pub fn tallest<'p>(paragraphs: impl IntoIterator<Item = &'p Paragraph>) -> f32 {
    let heights = paragraphs.into_iter().map(Paragraph::height);
    heights.fold(0.0, f32::max)
}

/// Moves the center of a text of this width so that the text stays in the column.
pub fn centered_in_column(center: f32, width: f32) -> f32 {
    let half = (width / 2.0).min(WIDTH / 2.0);
    center.clamp(MARGIN + half, MARGIN + WIDTH - half)
}

/// Returns a text unless it is empty.
pub fn optional(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// Joins texts to one alternative text. Empty texts are skipped.
pub fn joined<'t>(texts: impl IntoIterator<Item = &'t str>, between: &str) -> String {
    let texts: Vec<&str> = texts.into_iter().filter(|text| !text.is_empty()).collect();
    texts.join(between)
}
