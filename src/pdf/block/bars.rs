//! Bar charts on a scale from 0 to 10.

use crate::pdf::flow::Flow;
use crate::pdf::text::Paragraph;
use crate::pdf::theme::*;
use crate::plan::{Bar, BarBand};

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

/// Returns the texts below the bars and the middle of each: the limits of the bands, and between them the names that fit.
fn axis(flow: &mut Flow, bands: &[BarBand]) -> Vec<(f32, Paragraph)> {
    let mut limits = vec![(0.0, "0"), (10.0, "10")];
    let inner = bands.iter().skip(1);
    limits.extend(inner.map(|band| (band.from, band.from_text.as_str())));
    let mut axis: Vec<(f32, Paragraph)> = limits
        .into_iter()
        .map(|(limit, text)| (at(limit), flow.engine.shape_line(text, TINY.tabular())))
        .collect();
    for (index, band) in bands.iter().enumerate() {
        let to = bands.get(index + 1).map_or(10.0, |next| next.from);
        let (from, to) = (at(band.from), at(to));
        let name = flow.engine.shape_line(&band.label, TINY);
        if name.width + 4.0 * STEP < to - from {
            axis.push(((from + to) / 2.0, name));
        }
    }
    axis
}

pub fn bars(flow: &mut Flow, title: Option<&str>, bars: &[Bar], bands: &[BarBand]) {
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
    let axis = axis(flow, bands);
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
            for band in bands.iter().skip(1) {
                page.line(
                    (at(band.from), middle - BAR / 2.0),
                    (at(band.from), middle + BAR / 2.0),
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
        for (x, text) in &axis {
            page.paragraph(text, x - text.width / 2.0, y);
        }
    });
    flow.y += total + STEP;
}
