//! Text blocks: paragraphs, quiet lines, lists in columns, and sentences.

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
        for text in &list.own {
            let item = flow.tags.add(node, "LI");
            let body = flow.tags.add(item, "LBody");
            let paragraph = flow.engine.shape(text, BODY, WIDTH - 18.0);
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
