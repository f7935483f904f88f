//! Text blocks: paragraphs, the box of open points, quiet lines, lists in columns, and sentences.

use super::FOLLOW;
use crate::pdf::flow::Flow;
use crate::pdf::text::{Paragraph, Style};
use crate::pdf::theme::*;
use crate::plan::WordList;

pub fn text(flow: &mut Flow, title: Option<&str>, paragraphs: &[String]) {
    if let Some(title) = title {
        flow.heading(title, FOLLOW / 2.0);
    }
    for paragraph in paragraphs {
        flow.text("P", paragraph, BODY);
        flow.gap(2.0 * STEP);
    }
}

pub fn quiet(flow: &mut Flow, line: &str) {
    const QUIET: Style = Style::new(8.0, 3.5).color(Color::Quiet);
    flow.gap(3.0 * STEP);
    let lines = flow.spacing.lines.saturating_mul(2);
    let words = flow.engine.shape_limited(line, QUIET, WIDTH, lines);
    let node = flow.node("P");
    flow.flow_lines(node, &words, MARGIN);
}

/// Draws a box of points that breaks across pages only between points.
pub fn open(flow: &mut Flow, title: &str, points: &[String]) {
    const PAD: f32 = 3.0 * STEP;
    let inner = WIDTH - 2.0 * PAD - 4.0;
    let heading = flow.engine.shape(title, BODY.strong(), inner);
    let shaped: Vec<Paragraph> = points
        .iter()
        .map(|point| flow.engine.shape(point, CELL, inner))
        .collect();
    flow.gap(4.0 * STEP);
    flow.need(heading.height() + shaped.first().map_or(0.0, Paragraph::height) + 2.0 * PAD);
    let list = flow.node("L");
    let mut first = true;
    let mut rest = shaped.as_slice();
    while !rest.is_empty() {
        let mut height = 2.0 * PAD + if first { heading.height() + STEP } else { 0.0 };
        let mut take = 0;
        while take < rest.len() && (take == 0 || height + rest[take].height() + STEP <= flow.room())
        {
            height += rest[take].height() + STEP;
            take += 1;
        }
        let y = flow.y;
        flow.artifact(|page| {
            page.rect(MARGIN, y, WIDTH, height, Color::Cream);
            page.rect(MARGIN, y, 2.0, height, Color::Watch);
        });
        let mut top = y + PAD;
        if first {
            let caption = flow.tags.add(list, "Caption");
            flow.draw(caption, |page| {
                page.paragraph(&heading, MARGIN + PAD + 2.0, top)
            });
            top += heading.height() + STEP;
        }
        for point in &rest[..take] {
            let item = flow.tags.add(list, "LI");
            let body = flow.tags.add(item, "LBody");
            flow.draw(body, |page| page.paragraph(point, MARGIN + PAD + 2.0, top));
            top += point.height() + STEP;
        }
        flow.y += height;
        rest = &rest[take..];
        first = false;
        if !rest.is_empty() {
            flow.new_page();
        }
    }
    flow.y += STEP;
}

pub fn lists(flow: &mut Flow, lists: &[WordList]) {
    const GAP: f32 = 24.0;
    let count = lists.len().max(1) as f32;
    let width = (WIDTH - GAP * (count - 1.0)) / count;
    let mut columns: Vec<(Paragraph, Vec<(String, Paragraph)>)> = Vec::new();
    for list in lists {
        let title = flow.engine.shape(&list.title, HEADING, width);
        let mut items = Vec::new();
        for (i, own) in list.own.iter().enumerate() {
            items.push((
                format!("{}.", i + 1),
                flow.engine.shape(own, BODY, width - 18.0),
            ));
        }
        for rated in &list.rated {
            items.push((
                "·".to_owned(),
                flow.engine.shape(
                    &format!("{} {rated}", list.from_ratings),
                    BODY.color(Color::Quiet),
                    width - 18.0,
                ),
            ));
        }
        columns.push((title, items));
    }
    let height = columns
        .iter()
        .map(|(title, items)| {
            title.height()
                + 2.0 * STEP
                + items
                    .iter()
                    .map(|(_, item)| item.height() + STEP)
                    .sum::<f32>()
        })
        .fold(0.0, f32::max);
    if height > flow.page_height() / 2.0 {
        return long_lists(flow, lists);
    }
    flow.gap(6.0 * STEP);
    flow.need(height);
    let top = flow.y;
    for (i, (title, items)) in columns.iter().enumerate() {
        let x = MARGIN + (width + GAP) * i as f32;
        let heading = flow.node("H2");
        flow.draw(heading, |page| page.paragraph(title, x, top));
        let list = flow.node("L");
        let mut y = top + title.height() + 2.0 * STEP;
        for (mark, item) in items {
            let mark = flow
                .engine
                .shape_line(mark, BODY.color(Color::Accent).tabular());
            let node = flow.tags.add(list, "LI");
            let label = flow.tags.add(node, "Lbl");
            let body = flow.tags.add(node, "LBody");
            flow.draw(label, |page| page.paragraph(&mark, x, y));
            flow.draw(body, |page| page.paragraph(item, x + 18.0, y));
            y += item.height() + STEP;
        }
    }
    flow.y = top + height;
}

/// Draws lists that are too long for columns below each other, on as many pages as needed.
fn long_lists(flow: &mut Flow, lists: &[WordList]) {
    for list in lists {
        flow.heading(&list.title, FOLLOW);
        let node = flow.node("L");
        let rated = list
            .rated
            .iter()
            .map(|rated| (format!("{} {rated}", list.from_ratings), Color::Quiet));
        for (text, color) in list
            .own
            .iter()
            .map(|own| (own.clone(), Color::Ink))
            .chain(rated)
        {
            let item = flow.tags.add(node, "LI");
            let body = flow.tags.add(item, "LBody");
            let paragraph = flow.engine.shape(&text, BODY.color(color), WIDTH - 18.0);
            flow.flow_lines(body, &paragraph, MARGIN + 18.0);
            flow.gap(STEP);
        }
    }
}

pub fn sentences(flow: &mut Flow, sentences: &[(String, String)]) {
    for (label, sentence) in sentences {
        let title = flow.engine.shape(label, SUBHEADING, WIDTH - 18.0);
        let body = flow
            .engine
            .shape(sentence, LEAD.color(Color::Primary), WIDTH - 18.0);
        let height = title.height() + body.height() + STEP;
        flow.gap(2.0 * STEP);
        flow.need(height.min(title.height() + 3.0 * body.line_height()));
        let start = (flow.page_index(), flow.y);
        let (node, y) = (flow.node("H2"), flow.y);
        flow.draw(node, |page| page.paragraph(&title, MARGIN + 18.0, y));
        flow.y += title.height();
        let quote = flow.node("P");
        flow.flow_lines(quote, &body, MARGIN + 18.0);
        if flow.page_index() == start.0 {
            let end = flow.y;
            flow.artifact(|page| {
                page.rect(
                    MARGIN,
                    start.1 + 2.0,
                    2.0,
                    end - start.1 - 2.0,
                    Color::AccentSoft,
                )
            });
        }
        flow.gap(2.0 * STEP);
    }
}
