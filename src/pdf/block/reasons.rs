//! Reasons for a decision, each with the page that explains it.

use super::headings;
use super::rows;
use crate::pdf::flow::Flow;
use crate::pdf::tags::Node;
use crate::pdf::text::Paragraph;
use crate::pdf::theme::*;
use crate::plan::Reason;

/// Width of the labels.
const LABEL: f32 = 60.0;
/// Maximum number of lines of a label.
const LABEL_LINES: usize = 3;
const GAP: f32 = 12.0;

pub fn draw(flow: &mut Flow, title: &str, reasons: &[Reason]) {
    if reasons.is_empty() {
        return;
    }
    let page_width = rows::page_width(flow, reasons.iter().map(|reason| &reason.section));
    let room = WIDTH
        - LABEL
        - GAP
        - if page_width > 0.0 {
            page_width + GAP
        } else {
            0.0
        };
    let lines = flow.spacing.lines;
    let label_lines = lines.min(LABEL_LINES);
    let shaped: Vec<[Paragraph; 2]> = reasons
        .iter()
        .map(|reason| {
            let label = BODY.strong().color(Color::Primary);
            [
                flow.engine
                    .shape_limited(&reason.label, label, LABEL, label_lines),
                flow.engine.shape_limited(&reason.text, BODY, room, lines),
            ]
        })
        .collect();
    let pad = flow.spacing.pad;
    let height = |row: &[Paragraph; 2]| rows::tallest(row) + 2.0 * pad;
    headings::heading(flow, title, "", shaped.first().map_or(0.0, height));
    rows::rule(flow, 1.0, Color::Primary);
    let list = flow.node("L");
    for (reason, row) in reasons.iter().zip(&shaped) {
        flow.need(height(row));
        draw_row(flow, list, reason, row, page_width);
        flow.y += height(row);
        rows::rule(flow, 0.5, Color::Line);
    }
}

fn draw_row(
    flow: &mut Flow,
    list: Node,
    reason: &Reason,
    [label, text]: &[Paragraph; 2],
    page_width: f32,
) {
    let y = flow.y + flow.spacing.pad;
    let item = flow.tags.add(list, "LI");
    let (left, right) = (flow.tags.add(item, "Lbl"), flow.tags.add(item, "LBody"));
    flow.draw(left, |page| page.paragraph(label, MARGIN, y));
    flow.draw(right, |page| page.paragraph(text, MARGIN + LABEL + GAP, y));
    if let Some(section) = &reason.section {
        rows::refer(flow, right, section, MARGIN + WIDTH, y, page_width);
    }
}
