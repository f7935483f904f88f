//! Words: paragraphs, the box of open points, quiet lines, lists side by side, finished sentences.

use super::FOLLOW;
use crate::pdf::flow::{BODY, Flow, HEADING, SUBHEADING};
use crate::pdf::text::{Paragraph, Style};
use crate::pdf::theme::*;
use crate::plan::WordList;

pub fn text(flow: &mut Flow, title: Option<&str>, paragraphs: &[String]) {
    if let Some(title) = title {
        flow.heading(title, FOLLOW / 2.0);
    }
    for paragraph in paragraphs {
        flow.text("P", paragraph, Style::new(10.0).leading(1.5));
        flow.gap(6.0);
    }
}

pub fn quiet(flow: &mut Flow, line: &str) {
    flow.gap(6.0);
    flow.text("P", line, Style::new(9.0).color(QUIET));
    flow.gap(4.0);
}

/// A box that breaks between its points, never within one that fits on a page.
pub fn open(flow: &mut Flow, title: &str, points: &[String]) {
    const PAD: f32 = 11.0;
    let inner = WIDTH - 2.0 * PAD - 4.0;
    let heading = flow
        .engine
        .shape(title, Style::new(9.5).strong().leading(1.4), inner);
    let shaped: Vec<Paragraph> = points
        .iter()
        .map(|point| {
            flow.engine
                .shape(point, Style::new(9.0).leading(1.45), inner)
        })
        .collect();
    flow.gap(14.0);
    flow.need(heading.height() + shaped.first().map_or(0.0, Paragraph::height) + 2.0 * PAD);
    let list = flow.node("L");
    let mut first = true;
    let mut rest = shaped.as_slice();
    while !rest.is_empty() {
        let mut height = 2.0 * PAD + if first { heading.height() + 4.0 } else { 0.0 };
        let mut take = 0;
        while take < rest.len() && (take == 0 || height + rest[take].height() + 4.0 <= flow.room())
        {
            height += rest[take].height() + 4.0;
            take += 1;
        }
        let y = flow.y;
        flow.artifact(|page| {
            page.rect(MARGIN, y, WIDTH, height, CREAM);
            page.rect(MARGIN, y, 2.0, height, AMBER);
        });
        let mut top = y + PAD;
        if first {
            let caption = flow.tags.add(list, "Caption");
            flow.draw(caption, |page| {
                page.paragraph(&heading, MARGIN + PAD + 2.0, top)
            });
            top += heading.height() + 4.0;
        }
        for point in &rest[..take] {
            let item = flow.tags.add(list, "LI");
            let body = flow.tags.add(item, "LBody");
            flow.draw(body, |page| page.paragraph(point, MARGIN + PAD + 2.0, top));
            top += point.height() + 4.0;
        }
        flow.y += height;
        rest = &rest[take..];
        first = false;
        if !rest.is_empty() {
            flow.new_page();
        }
    }
    flow.y += 4.0;
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
                    BODY.color(QUIET),
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
                + 8.0
                + items
                    .iter()
                    .map(|(_, item)| item.height() + 4.0)
                    .sum::<f32>()
        })
        .fold(0.0, f32::max);
    if height > (BOTTOM - TOP) / 2.0 {
        return long_lists(flow, lists);
    }
    flow.gap(20.0);
    flow.need(height);
    let top = flow.y;
    for (i, (title, items)) in columns.iter().enumerate() {
        let x = MARGIN + (width + GAP) * i as f32;
        let heading = flow.node("H2");
        flow.draw(heading, |page| page.paragraph(title, x, top));
        let list = flow.node("L");
        let mut y = top + title.height() + 8.0;
        for (mark, item) in items {
            let mark = flow.engine.shape_line(mark, BODY.color(TEAL).tabular());
            let node = flow.tags.add(list, "LI");
            let label = flow.tags.add(node, "Lbl");
            let body = flow.tags.add(node, "LBody");
            flow.draw(label, |page| page.paragraph(&mark, x, y));
            flow.draw(body, |page| page.paragraph(item, x + 18.0, y));
            y += item.height() + 4.0;
        }
    }
    flow.y = top + height;
}

/// Lists too long to stand side by side: one after the other, over as many pages as they need.
fn long_lists(flow: &mut Flow, lists: &[WordList]) {
    for list in lists {
        flow.heading(&list.title, FOLLOW);
        let node = flow.node("L");
        let rated = list
            .rated
            .iter()
            .map(|rated| (format!("{} {rated}", list.from_ratings), QUIET));
        for (text, color) in list.own.iter().map(|own| (own.clone(), INK)).chain(rated) {
            let item = flow.tags.add(node, "LI");
            let body = flow.tags.add(item, "LBody");
            let paragraph = flow.engine.shape(&text, BODY.color(color), WIDTH - 18.0);
            flow.flow_lines(body, &paragraph, MARGIN + 18.0);
            flow.gap(5.0);
        }
    }
}

pub fn sentences(flow: &mut Flow, sentences: &[(String, String)]) {
    for (label, sentence) in sentences {
        let title = flow.engine.shape(label, SUBHEADING, WIDTH - 18.0);
        let body = flow.engine.shape(
            sentence,
            Style::new(11.5).color(NAVY).leading(1.5),
            WIDTH - 18.0,
        );
        let height = title.height() + body.height() + 4.0;
        flow.gap(8.0);
        flow.need(height.min(title.height() + 3.0 * body.line_height()));
        let start = (flow.page_index(), flow.y);
        let (node, y) = (flow.node("H2"), flow.y);
        flow.draw(node, |page| page.paragraph(&title, MARGIN + 18.0, y));
        flow.y += title.height() + 2.0;
        let quote = flow.node("P");
        flow.flow_lines(quote, &body, MARGIN + 18.0);
        if flow.page_index() == start.0 {
            let end = flow.y;
            flow.artifact(|page| {
                page.rect(MARGIN, start.1 + 2.0, 2.0, end - start.1 - 2.0, TEAL_SOFT)
            });
        }
        flow.gap(6.0);
    }
}
