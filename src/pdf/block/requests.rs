//! A box with what the reader is asked for, each with a box to tick and the page that explains it.

use super::headings;
use super::rows;
use crate::pdf::flow::Flow;
use crate::pdf::tags::Node;
use crate::pdf::text::Paragraph;
use crate::pdf::theme::*;
use crate::plan::Request;

/// Padding on the left and on the right.
const PAD: f32 = 4.0 * STEP;
/// Side of the box to tick.
const TICK: f32 = 9.0;
/// Distance from the left edge of a box to tick to the text.
const INDENT: f32 = 20.0;
const GAP: f32 = 14.0;

pub fn draw(flow: &mut Flow, title: &str, requests: &[Request]) {
    if requests.is_empty() {
        return;
    }
    let page_width = rows::page_width(flow, requests.iter().map(|request| &request.section));
    let inner = WIDTH - 2.0 * PAD;
    let room = inner
        - INDENT
        - if page_width > 0.0 {
            page_width + GAP
        } else {
            0.0
        };
    let lines = flow.spacing.lines;
    let shaped: Vec<Paragraph> = requests
        .iter()
        .map(|request| flow.engine.shape_limited(&request.text, BODY, room, lines))
        .collect();
    let heading =
        (!title.is_empty()).then(|| flow.engine.shape_limited(title, HEADING, inner, lines));
    let head = heading
        .as_ref()
        .map_or(0.0, |heading| heading.height() + 2.0 * STEP);
    let gap = row_gap(flow);
    let first = shaped.first().map_or(0.0, Paragraph::height);
    flow.gap(flow.spacing.gap);
    flow.snap_to_grid();
    let all =
        head + shaped.iter().map(|row| row.height() + gap).sum::<f32>() - gap + 2.0 * pad_y(flow);
    // A short box stays whole. A long one keeps its heading with the first request.
    flow.need(if all <= flow.page_height() / 3.0 {
        all
    } else {
        head + first + 2.0 * pad_y(flow)
    });
    draw_boxes(
        flow,
        heading.as_ref().map(|heading| (title, heading)),
        requests,
        &shaped,
        page_width,
    );
}

/// Padding above and below, which shrinks with the padding of rows.
fn pad_y(flow: &Flow) -> f32 {
    (flow.spacing.pad * 1.6 / STEP).round() * STEP
}

/// Distance between two requests, which shrinks with the padding of rows.
fn row_gap(flow: &Flow) -> f32 {
    (flow.spacing.pad * 0.6 / STEP).round().max(1.0) * STEP
}

/// Draws one box per page.
fn draw_boxes(
    flow: &mut Flow,
    mut heading: Option<(&str, &Paragraph)>,
    requests: &[Request],
    shaped: &[Paragraph],
    page_width: f32,
) {
    let gap = row_gap(flow);
    let mut list = None;
    let mut rest: Vec<(&Request, &Paragraph)> = requests.iter().zip(shaped).collect();
    while !rest.is_empty() {
        let head = heading.map_or(0.0, |(_, heading)| heading.height() + 2.0 * STEP);
        let mut height = 2.0 * pad_y(flow) + head - gap;
        let mut take = 0;
        while let Some((_, text)) = rest.get(take) {
            if take > 0 && height + gap + text.height() > flow.room() {
                break;
            }
            height += gap + text.height();
            take += 1;
        }
        let y = flow.y;
        flow.artifact(|page| page.rect(MARGIN, y, WIDTH, height, Color::Pale));
        if let Some((title, heading)) = heading.take() {
            let place = (MARGIN + PAD, y + pad_y(flow));
            headings::column_heading(flow, title, Some(heading), place, 0.0);
        }
        let list = *list.get_or_insert_with(|| flow.node("L"));
        let mut top = y + pad_y(flow) + head;
        for (request, text) in rest.drain(..take) {
            draw_row(flow, list, request, text, top, page_width);
            top += text.height() + gap;
        }
        flow.y = y + height;
        if !rest.is_empty() {
            flow.new_page();
        }
    }
}

fn draw_row(
    flow: &mut Flow,
    list: Node,
    request: &Request,
    text: &Paragraph,
    y: f32,
    page_width: f32,
) {
    let x = MARGIN + PAD;
    let item = flow.tags.add(list, "LI");
    let body = flow.tags.add(item, "LBody");
    let tick = y + (text.line_height() - TICK) / 2.0;
    flow.artifact(|page| {
        page.rect(x, tick, TICK, TICK, Color::White);
        page.frame((x, tick), (TICK, TICK), 1.0, Color::Primary);
    });
    flow.draw(body, |page| page.paragraph(text, x + INDENT, y));
    if let Some(section) = &request.section {
        rows::refer(flow, body, section, MARGIN + WIDTH - PAD, y, page_width);
    }
}
