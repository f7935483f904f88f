//! Bar charts on a scale from 0 to 10.

use crate::pdf::flow::Flow;
use crate::pdf::text::Paragraph;
use crate::pdf::theme::*;
use crate::plan::Bar;

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
            if let Some(mark) = bar.mark {
                let x = at(mark);
                let (top, bottom) = (middle - BAR / 2.0 - 2.0, middle + BAR / 2.0 + 2.0);
                page.line((x, top), (x, bottom), 1.6, Color::Ink, 0.0);
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
