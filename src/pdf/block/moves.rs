//! What to do first: numbered, with owner and date.

use super::headings;
use super::rows;
use crate::pdf::flow::Flow;
use crate::pdf::tags::Node;
use crate::pdf::text::Paragraph;
use crate::pdf::theme::*;
use crate::plan::Move;

/// Width of the numbers.
const NUMBER: f32 = 17.0;
/// Width of the owners.
const OWNER: f32 = 124.0;
/// Maximum width of the dates.
const MAX_DATE: f32 = 110.0;
const GAP: f32 = 14.0;
/// Maximum number of lines of an owner.
const OWNER_LINES: usize = 3;

/// A shaped move.
struct Row {
    number: Paragraph,
    text: Paragraph,
    owner: Paragraph,
    date: Paragraph,
}

impl Row {
    fn height(&self, pad: f32) -> f32 {
        rows::tallest([&self.text, &self.owner, &self.date]) + 2.0 * pad
    }
}

pub fn draw(flow: &mut Flow, title: &str, moves: &[Move]) {
    if moves.is_empty() {
        return;
    }
    let date_width = moves
        .iter()
        .map(|step| flow.engine.shape_line(&step.date_text, BODY).width)
        .fold(0.0, f32::max)
        .min(MAX_DATE);
    let text_width = WIDTH - NUMBER - GAP - OWNER - GAP - date_width;
    let shaped: Vec<Row> = moves
        .iter()
        .enumerate()
        .map(|(i, step)| shape(flow, i + 1, step, text_width, date_width))
        .collect();
    let pad = flow.spacing.pad;
    headings::heading(
        flow,
        title,
        "",
        shaped.first().map_or(0.0, |row| row.height(pad)),
    );
    rows::rule(flow, 1.0, Color::Primary);
    let list = flow.node("L");
    for row in &shaped {
        flow.need(row.height(pad));
        draw_row(flow, list, row, MARGIN + NUMBER + text_width + GAP);
        flow.y += row.height(pad);
        rows::rule(flow, 0.5, Color::Line);
    }
}

fn shape(flow: &mut Flow, number: usize, step: &Move, text_width: f32, date_width: f32) -> Row {
    let lines = flow.spacing.lines;
    // An owner to be named is a request to the reader, so it is emphasized.
    let owner = if step.owned {
        BODY
    } else {
        BODY.strong().color(Color::Bad)
    };
    let engine = &mut flow.engine;
    Row {
        number: engine.shape_line(
            &number.to_string(),
            BODY.strong().color(Color::Primary).tabular(),
        ),
        text: engine.shape_limited(&step.text, BODY.strong(), text_width, lines),
        owner: engine.shape_limited(&step.owner, owner, OWNER, lines.min(OWNER_LINES)),
        date: engine.shape_limited(&step.date_text, BODY, date_width, lines),
    }
}

fn draw_row(flow: &mut Flow, list: Node, row: &Row, owner_x: f32) {
    let y = flow.y + flow.spacing.pad;
    let item = flow.tags.add(list, "LI");
    let (label, body) = (flow.tags.add(item, "Lbl"), flow.tags.add(item, "LBody"));
    flow.draw(label, |page| page.paragraph(&row.number, MARGIN, y));
    let parts = [
        flow.tags.add(body, "P"),
        flow.tags.add(body, "P"),
        flow.tags.add(body, "P"),
    ];
    flow.draw(parts[0], |page| {
        page.paragraph(&row.text, MARGIN + NUMBER, y)
    });
    flow.draw(parts[1], |page| page.paragraph(&row.owner, owner_x, y));
    flow.draw(parts[2], |page| {
        page.paragraph_right(&row.date, MARGIN + WIDTH, y)
    });
}
