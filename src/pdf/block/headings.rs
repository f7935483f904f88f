//! Headings of blocks and of columns, each with a caption below.

use crate::pdf::flow::{Entry, Flow};
use crate::pdf::text::Paragraph;
use crate::pdf::theme::*;

/// Draws the heading of a block and its caption. At least `follow` points of content stay with them. Both texts can be
/// empty.
pub fn heading(flow: &mut Flow, title: &str, caption_text: &str, follow: f32) {
    let follow = caption_height(flow, caption_text) + follow;
    if title.is_empty() {
        flow.gap(flow.spacing.gap);
        flow.snap_to_grid();
        flow.need(follow);
    } else {
        flow.heading(title, follow);
    }
    caption(flow, caption_text, !title.is_empty());
}

/// Returns the height of a caption below a heading.
fn caption_height(flow: &mut Flow, text: &str) -> f32 {
    if text.is_empty() {
        return 0.0;
    }
    shape_caption(flow, text).height() + STEP
}

/// Draws a caption below a heading.
fn caption(flow: &mut Flow, text: &str, below_heading: bool) {
    if text.is_empty() {
        return;
    }
    // The caption belongs to the heading, so it is closer to the heading than to the content.
    if below_heading {
        flow.y -= 1.5 * STEP;
    }
    let words = shape_caption(flow, text);
    let (node, y) = (flow.node("P"), flow.y);
    flow.draw(node, |page| page.paragraph(&words, MARGIN, y));
    flow.y += words.height() + STEP;
    flow.snap_to_grid();
}

fn shape_caption(flow: &mut Flow, text: &str) -> Paragraph {
    let lines = flow.spacing.lines.saturating_add(1);
    flow.engine.shape_limited(text, SMALL, WIDTH, lines)
}

/// Draws a heading in a column and returns its height with the gap below.
pub fn column_heading(
    flow: &mut Flow,
    title: &str,
    heading: Option<&Paragraph>,
    (x, y): (f32, f32),
    gap: f32,
) -> f32 {
    let Some(heading) = heading else {
        return 0.0;
    };
    flow.outline.push(Entry {
        title: title.to_owned(),
        page: flow.page_index(),
        y,
        level: 1,
    });
    let node = flow.node("H2");
    flow.draw(node, |page| page.paragraph(heading, x, y));
    heading.height() + gap
}

/// Draws a heading and a caption in a column of this width, and returns their bottom.
pub fn column_head(
    flow: &mut Flow,
    title: &str,
    caption: &str,
    (x, y): (f32, f32),
    width: f32,
) -> f32 {
    let heading = (!title.is_empty()).then(|| flow.engine.shape(title, HEADING, width));
    let mut below = y + column_heading(flow, title, heading.as_ref(), (x, y), STEP);
    if !caption.is_empty() {
        let caption = flow.engine.shape(caption, SMALL, width);
        let node = flow.node("P");
        flow.draw(node, |page| page.paragraph(&caption, x, below));
        below += caption.height() + STEP;
    }
    below + STEP
}

/// Returns the height that [`column_head`] takes.
pub fn column_head_height(flow: &mut Flow, title: &str, caption: &str, width: f32) -> f32 {
    let mut height = STEP;
    if !title.is_empty() {
        height += flow.engine.shape(title, HEADING, width).height() + STEP;
    }
    if !caption.is_empty() {
        height += flow.engine.shape(caption, SMALL, width).height() + STEP;
    }
    height
}
