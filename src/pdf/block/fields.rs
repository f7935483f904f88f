//! Questions and answers, group by group.

use super::FOLLOW;
use crate::pdf::flow::Flow;
use crate::pdf::text::Style;
use crate::pdf::theme::*;
use crate::plan::FieldGroup;

const LABEL_WIDTH: f32 = 150.0;
const PAD_Y: f32 = STEP;
const LABEL: Style = Style::new(8.5, 4.0).color(Color::Soft);

pub fn draw(flow: &mut Flow, title: Option<&str>, groups: &[FieldGroup]) {
    if let Some(title) = title {
        flow.heading(title, 1.7 * FOLLOW);
    }
    for group in groups {
        if let Some(heading) = &group.heading {
            // With the group's own title and a row or two of it.
            flow.heading(heading, 1.7 * FOLLOW);
        }
        if group.title.is_empty() {
            flow.gap(STEP);
        } else {
            flow.subheading(&group.title, 40.0);
        }
        rows(flow, &group.rows);
        if let Some(unanswered) = &group.unanswered {
            flow.gap(STEP);
            flow.text("P", unanswered, SMALL);
        }
        flow.gap(STEP);
    }
}

/// A label on the left, the answer on the right; an answer longer than half a page flows on.
fn rows(flow: &mut Flow, rows: &[(String, String)]) {
    let width = WIDTH - LABEL_WIDTH - 12.0;
    let node = flow.node("Table");
    for (label, answer) in rows {
        let label = flow.engine.shape(label, LABEL, LABEL_WIDTH);
        let answer = flow.engine.shape(answer, BODY, width);
        let height = label.height().max(answer.height()) + 2.0 * PAD_Y;
        let tall = height > flow.page_height() / 2.0;
        flow.need(if tall {
            label.height().max(3.0 * answer.line_height()) + 2.0 * PAD_Y
        } else {
            height
        });
        let row = flow.tags.add(node, "TR");
        let head = flow.tags.add(row, "TH");
        let cell = flow.tags.add(row, "TD");
        let y = flow.y;
        flow.draw(head, |page| page.paragraph(&label, MARGIN, y + PAD_Y));
        if tall {
            flow.y += PAD_Y;
            flow.flow_lines(cell, &answer, MARGIN + LABEL_WIDTH + 12.0);
            flow.y += PAD_Y;
        } else {
            flow.draw(cell, |page| {
                page.paragraph(&answer, MARGIN + LABEL_WIDTH + 12.0, y + PAD_Y)
            });
            flow.y += height;
        }
        let end = flow.y;
        flow.artifact(|page| page.line((MARGIN, end), (MARGIN + WIDTH, end), 0.4, Color::Line, 0.0));
    }
}
