//! Bar and dot charts on a scale from 0 to 10.

use crate::pdf::flow::Flow;
use crate::pdf::text::Paragraph;
use crate::pdf::theme::*;
use crate::plan::{Bar, DotGroup};
use crate::questionnaire::Tone;

const LABEL_WIDTH: f32 = 150.0;
const VALUE_WIDTH: f32 = 74.0;
const SCALE: f32 = WIDTH - LABEL_WIDTH - VALUE_WIDTH;
const LEFT: f32 = MARGIN + LABEL_WIDTH;
const BAR: f32 = 11.0;

/// Returns the x position of a rating.
fn at(value: f64) -> f32 {
    LEFT + SCALE * (value.clamp(0.0, 10.0) / 10.0) as f32
}

/// Returns the alternative text of a chart.
fn describe<'a>(title: &str, bars: impl Iterator<Item = &'a Bar>) -> String {
    let parts: Vec<String> = bars
        .map(|bar| format!("{} {}", bar.label, bar.text))
        .collect();
    format!(
        "{title}{}{}",
        if title.is_empty() { "" } else { ": " },
        parts.join("; ")
    )
}

pub fn bars(flow: &mut Flow, title: Option<&str>, bars: &[Bar], edges: &[(f64, String)]) {
    if let Some(title) = title {
        flow.heading(title, 80.0);
    }
    let rows: Vec<(Paragraph, Paragraph)> = bars
        .iter()
        .map(|bar| {
            let label = flow
                .engine
                .shape(&bar.label, CELL.strong(), LABEL_WIDTH - 12.0);
            let value_style = if bar.value.is_some() {
                BODY.strong().color(ink(bar.tone)).tabular()
            } else {
                SMALL
            };
            (
                label,
                flow.engine
                    .shape(&bar.text, value_style, VALUE_WIDTH - 10.0),
            )
        })
        .collect();
    let heights: Vec<f32> = rows
        .iter()
        .map(|(label, value)| label.height().max(value.height()).max(BAR) + 2.0 * STEP)
        .collect();
    let total: f32 = heights.iter().sum::<f32>() + 4.0 * STEP;
    flow.need(total);
    let top = flow.y;
    let ends = [(0.0, "0".to_owned()), (10.0, "10".to_owned())];
    let axis: Vec<(f64, Paragraph)> = ends
        .iter()
        .chain(edges)
        .map(|(edge, words)| (*edge, flow.engine.shape_line(words, TINY.tabular())))
        .collect();
    let figure = flow.node("Figure");
    flow.tags
        .describe(figure, describe(title.unwrap_or_default(), bars.iter()));
    flow.draw(figure, |page| {
        let mut y = top;
        for ((bar, (label, value)), height) in bars.iter().zip(&rows).zip(&heights) {
            let middle = y + height / 2.0;
            page.paragraph(label, MARGIN, middle - label.height() / 2.0);
            page.rect(LEFT, middle - BAR / 2.0, SCALE, BAR, Color::Pale);
            if let Some(length) = bar.value {
                page.rect(
                    LEFT,
                    middle - BAR / 2.0,
                    at(length) - LEFT,
                    BAR,
                    fill(bar.tone),
                );
            }
            for (edge, _) in edges {
                page.line(
                    (at(*edge), middle - BAR / 2.0),
                    (at(*edge), middle + BAR / 2.0),
                    0.8,
                    Color::White,
                    0.0,
                );
            }
            page.paragraph(value, LEFT + SCALE + 10.0, middle - value.height() / 2.0);
            y += height;
        }
        for (edge, number) in &axis {
            page.paragraph(number, at(*edge) - number.width / 2.0, y);
        }
    });
    flow.y += total + STEP;
}

pub fn dots(flow: &mut Flow, title: &str, groups: &[DotGroup], edges: &[(f64, String)]) {
    const ROW: f32 = 4.0 * STEP;
    let rows: usize = groups.iter().map(|group| group.dots.len()).sum();
    let total = rows as f32 * ROW + groups.len() as f32 * 2.0 * STEP;
    flow.heading(title, total.min(flow.page_height() - 60.0));
    for group in groups {
        flow.need(group.dots.len() as f32 * ROW + 2.0 * STEP);
        let figure = flow.node("Figure");
        flow.tags
            .describe(figure, describe(&group.label, group.dots.iter()));
        for dot in &group.dots {
            flow.need(ROW);
            let label = flow.engine.shape_cut(&dot.label, CELL, LABEL_WIDTH - 8.0);
            let known = dot.value.is_some();
            let value = if known {
                let style = CELL.strong().color(ink(dot.tone)).tabular();
                flow.engine.shape(&dot.text, style, VALUE_WIDTH)
            } else {
                flow.engine.shape_cut(&dot.text, SMALL, SCALE - 8.0)
            };
            let y = flow.y;
            let middle = y + ROW / 2.0;
            flow.draw(figure, |page| {
                if let Some(line) = label.lines.first() {
                    page.text_line(&label, line, MARGIN, middle - label.line_height() / 2.0);
                }
                page.line(
                    (LEFT, middle),
                    (LEFT + SCALE, middle),
                    0.5,
                    Color::Line,
                    0.0,
                );
                for (edge, _) in edges {
                    page.line(
                        (at(*edge), middle - 2.0),
                        (at(*edge), middle + 2.0),
                        0.5,
                        Color::PrimarySoft,
                        0.0,
                    );
                }
                let mut x = LEFT + 4.0;
                if let Some(rating) = dot.value {
                    // Different shapes distinguish the bands in grayscale print.
                    let center = at(rating);
                    match dot.tone {
                        Tone::Bad => page.polygon(
                            &[
                                (center, middle - 4.6),
                                (center + 4.6, middle),
                                (center, middle + 4.6),
                                (center - 4.6, middle),
                            ],
                            Color::Bad,
                        ),
                        Tone::Watch => {
                            page.rect(center - 3.4, middle - 3.4, 6.8, 6.8, Color::Watch)
                        }
                        tone => page.circle(center, middle, 3.8, fill(tone)),
                    }
                    x = center + 8.0;
                }
                if let Some(line) = value.lines.first() {
                    page.rect(x - 1.5, middle - 5.0, line.width + 3.0, 10.0, Color::White);
                    page.text_line(&value, line, x, middle - value.line_height() / 2.0);
                }
            });
            flow.y += ROW;
        }
        flow.gap(2.0 * STEP);
    }
}
