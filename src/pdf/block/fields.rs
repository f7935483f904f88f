//! Questions and answers by group. Groups of short answers are in two columns.

use super::FOLLOW;
use crate::pdf::flow::Flow;
use crate::pdf::text::{Paragraph, Style};
use crate::pdf::theme::*;
use crate::plan::FieldGroup;

const PAD_Y: f32 = STEP;
const GAP: f32 = 12.0;
/// Space between two columns.
const GUTTER: f32 = 28.0;
const LABEL: Style = Style::new(8.5, 4.0).color(Color::Soft);

/// Position and width of a group, and the width of its labels.
#[derive(Clone, Copy)]
struct Column {
    left: f32,
    width: f32,
    label: f32,
}

const WHOLE: Column = Column {
    left: MARGIN,
    width: WIDTH,
    label: 150.0,
};
const HALF: f32 = (WIDTH - GUTTER) / 2.0;
const HALVES: [Column; 2] = [
    Column {
        left: MARGIN,
        width: HALF,
        label: 116.0,
    },
    Column {
        left: MARGIN + HALF + GUTTER,
        width: HALF,
        label: 116.0,
    },
];

impl Column {
    fn answer(self) -> f32 {
        self.width - self.label - GAP
    }
}

pub fn draw(flow: &mut Flow, title: Option<&str>, groups: &[FieldGroup]) {
    if let Some(title) = title {
        flow.heading(title, 1.7 * FOLLOW);
    }
    let mut rest = groups;
    while let Some((first, later)) = rest.split_first() {
        if let Some(heading) = &first.heading {
            // Keeps the group's title and its first row or two on the same page.
            flow.heading(heading, 1.7 * FOLLOW);
        }
        let second = later.first().filter(|second| {
            second.heading.is_none() && is_short(flow, first) && is_short(flow, second)
        });
        if let Some(second) = second {
            pair(flow, [first, second]);
            rest = &later[1..];
        } else {
            single(flow, first);
            rest = later;
        }
    }
}

/// Returns whether a group fits into half the width: at most 12 rows, answers on one line, labels on about two lines.
fn is_short(flow: &mut Flow, group: &FieldGroup) -> bool {
    let column = HALVES[0];
    !group.title.is_empty()
        && group.rows.len() <= 12
        && group.rows.iter().all(|(label, answer)| {
            flow.engine.widths(answer, BODY).1 <= column.answer()
                && flow.engine.widths(label, LABEL).1 <= 2.0 * column.label - 20.0
        })
}

fn pair(flow: &mut Flow, groups: [&FieldGroup; 2]) {
    let shaped = groups.map(|group| shape(flow, group, HALVES[0]));
    let height = shaped.iter().map(Shaped::height).fold(0.0, f32::max);
    flow.gap(3.0 * STEP);
    flow.snap_to_grid();
    flow.need(height);
    let top = flow.y;
    for (group, column) in shaped.iter().zip(HALVES) {
        flow.y = top;
        let (node, y) = (flow.node("H3"), flow.y);
        flow.draw(node, |page| page.paragraph(&group.title, column.left, y));
        flow.y += group.title.height() + STEP;
        let table = flow.node("Table");
        for (label, answer) in &group.rows {
            row(flow, table, (label, answer), column);
        }
        if let Some(words) = &group.unanswered {
            flow.y += STEP;
            let (node, y) = (flow.node("P"), flow.y);
            flow.draw(node, |page| page.paragraph(words, column.left, y));
        }
    }
    flow.y = top + height + STEP;
}

/// A shaped group.
struct Shaped {
    title: Paragraph,
    rows: Vec<(Paragraph, Paragraph)>,
    unanswered: Option<Paragraph>,
}

impl Shaped {
    fn height(&self) -> f32 {
        let rows: f32 = self
            .rows
            .iter()
            .map(|(label, answer)| row_height(label, answer))
            .sum();
        let unanswered = self
            .unanswered
            .as_ref()
            .map_or(0.0, |words| words.height() + STEP);
        self.title.height() + STEP + rows + unanswered
    }
}

fn shape(flow: &mut Flow, group: &FieldGroup, column: Column) -> Shaped {
    let rows = group.rows.iter().map(|(label, answer)| {
        (
            flow.engine.shape(label, LABEL, column.label),
            flow.engine.shape(answer, BODY, column.answer()),
        )
    });
    Shaped {
        rows: rows.collect(),
        title: flow.engine.shape(&group.title, SUBHEADING, column.width),
        unanswered: group
            .unanswered
            .as_ref()
            .map(|words| flow.engine.shape(words, SMALL, column.width)),
    }
}

fn single(flow: &mut Flow, group: &FieldGroup) {
    let shaped = shape(flow, group, WHOLE);
    let rows: f32 = shaped.height() - shaped.title.height() - STEP;
    // A short group stays on one page. A long group keeps its first rows with its title.
    let together = if rows <= 0.35 * flow.page_height() {
        rows
    } else {
        12.0 * STEP
    };
    if group.title.is_empty() {
        flow.gap(STEP);
        flow.need(together);
    } else {
        flow.subheading(&group.title, together);
    }
    let table = flow.node("Table");
    for (i, (label, answer)) in shaped.rows.iter().enumerate() {
        if let [(next_label, next)] = &shaped.rows[i + 1..] {
            // The last row is not moved to a new page alone.
            let both = row_height(label, answer) + row_height(next_label, next);
            if i > 0 && both < 0.5 * flow.page_height() {
                flow.need(both);
            }
        }
        row(flow, table, (label, answer), WHOLE);
    }
    if let Some(unanswered) = &group.unanswered {
        flow.gap(STEP);
        flow.text("P", unanswered, SMALL);
    }
    flow.gap(STEP);
}

fn row_height(label: &Paragraph, answer: &Paragraph) -> f32 {
    label.height().max(answer.height()) + 2.0 * PAD_Y
}

/// Draws a label on the left and its answer on the right. A row taller than half a page continues on the next page.
fn row(
    flow: &mut Flow,
    table: crate::pdf::tags::Node,
    (label, answer): (&Paragraph, &Paragraph),
    column: Column,
) {
    let height = row_height(label, answer);
    let tall = height > flow.page_height() / 2.0;
    flow.need(if tall {
        label.height().max(3.0 * answer.line_height()) + 2.0 * PAD_Y
    } else {
        height
    });
    let row = flow.tags.add(table, "TR");
    let head = flow.tags.add(row, "TH");
    flow.tags.set_row_header(head);
    let cell = flow.tags.add(row, "TD");
    let (y, x) = (flow.y, column.left + column.label + GAP);
    flow.draw(head, |page| page.paragraph(label, column.left, y + PAD_Y));
    if tall {
        flow.y += PAD_Y;
        flow.flow_lines(cell, answer, x);
        flow.y += PAD_Y;
    } else {
        flow.draw(cell, |page| page.paragraph(answer, x, y + PAD_Y));
        flow.y += height;
    }
    let (end, right) = (flow.y, column.left + column.width);
    flow.artifact(|page| page.line((column.left, end), (right, end), 0.4, Color::Line, 0.0));
}
