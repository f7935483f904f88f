//! Values as bars against a target, which is a line through all bars.

use crate::pdf::flow::Flow;
use crate::pdf::tags::Node;
use crate::pdf::text::Paragraph;
use crate::pdf::theme::*;
use crate::plan::AgainstTarget;

/// Width of the labels, and the left end of the bars.
const LABEL: f32 = 146.0;
const LEFT: f32 = MARGIN + LABEL;
const BAR: f32 = 15.0;
/// Space in a row in addition to its bar or label.
const PAD: f32 = 3.0 * STEP;
/// Distance from a bar or a line to a text.
const GAP: f32 = 6.0;
/// Largest width of a value and of a note.
const VALUE: f32 = 110.0;
const NOTE: f32 = 130.0;
/// Height of the label of the target.
const TARGET: f32 = 4.0 * STEP;

/// A shaped bar.
struct Row {
    label: Paragraph,
    value: Paragraph,
    note: Paragraph,
    height: f32,
}

impl Row {
    fn text_width(&self) -> f32 {
        self.value.width
            + if self.note.width > 0.0 {
                GAP + self.note.width
            } else {
                0.0
            }
    }
}

pub fn draw(flow: &mut Flow, bars: &AgainstTarget) {
    if bars.bars.is_empty() {
        return;
    }
    let rows: Vec<Row> = bars
        .bars
        .iter()
        .map(|(label, _, value, note)| shape(flow, label, value, note))
        .collect();
    let (target, label) = &bars.target;
    let label = flow
        .engine
        .shape_cut(label, TINY.strong().color(Color::Ink), WIDTH);
    let height: f32 = rows.iter().map(|row| row.height).sum::<f32>() + TARGET;
    flow.gap(3.0 * STEP);
    flow.snap_to_grid();
    flow.need(height.min(flow.page_height()));
    let at = scale(bars, &rows);
    let line = at(*target);
    let figure = flow.node("Figure");
    flow.tags.describe(figure, in_words(bars));
    let mut start = flow.y;
    for (i, (row, (_, value, ..))) in rows.iter().zip(&bars.bars).enumerate() {
        if flow.room() < row.height + TARGET {
            flow.new_page();
            start = flow.y;
        }
        draw_row(flow, figure, row, (at(*value), line), i == 0);
    }
    let end = flow.y;
    flow.draw(figure, |page| {
        let (from, to) = ((line, start - STEP), (line, end + STEP / 2.0));
        page.line(from, to, 1.4, Color::Watch, 0.0);
        let left =
            (line - label.width / 2.0).clamp(MARGIN, MARGIN + (WIDTH - label.width).max(0.0));
        page.paragraph(&label, left, end + STEP / 2.0);
    });
    flow.y = end + TARGET;
    flow.snap_to_grid();
}

/// Draws a bar that ends at `end`. The target is at `line`.
fn draw_row(flow: &mut Flow, figure: Node, row: &Row, (end, line): (f32, f32), first: bool) {
    let middle = flow.y + row.height / 2.0;
    let color = if first {
        Color::Primary
    } else {
        Color::PrimaryMid
    };
    flow.draw(figure, |page| {
        page.paragraph(&row.label, MARGIN, middle - row.label.height() / 2.0);
        page.rect(LEFT, middle - BAR / 2.0, (end - LEFT).max(0.8), BAR, color);
        let mut x = end + GAP;
        let (mut value, mut note) = (row.value.clone(), row.note.clone());
        // A text that the target would cross moves into the bar, or else behind the target.
        if line > end - GAP && line < x + row.text_width() + GAP {
            if end - LEFT >= row.text_width() + 2.0 * GAP {
                x = end - GAP - row.text_width();
                let on_bar = if first { Color::White } else { Color::Ink };
                (value.style.color, note.style.color) = (on_bar, on_bar);
            } else {
                x = x.max(line + GAP);
            }
        }
        page.paragraph(&value, x, middle - value.height() / 2.0);
        let x = x + value.width + GAP;
        page.paragraph(&note, x, middle - note.height() / 2.0);
    });
    flow.y += row.height;
}

fn shape(flow: &mut Flow, label: &str, value: &str, note: &str) -> Row {
    let label = flow
        .engine
        .shape_limited(label, CELL.strong(), LABEL - 12.0, 2);
    Row {
        height: label.height().max(BAR) + PAD,
        label,
        value: flow
            .engine
            .shape_cut(value, CELL.strong().color(Color::Primary).tabular(), VALUE),
        note: flow.engine.shape_cut(note, CELL.color(Color::Quiet), NOTE),
    }
}

/// Returns the position of a value. Bars, target, and all texts are in the text column.
fn scale(bars: &AgainstTarget, rows: &[Row]) -> impl Fn(f64) -> f32 + use<> {
    let largest = bars.bars.iter().map(|(_, value, ..)| *value);
    let largest = largest.fold(bars.target.0, f64::max).max(f64::MIN_POSITIVE);
    let text = rows.iter().map(Row::text_width).fold(0.0, f32::max);
    let room = WIDTH - LABEL - text - 2.0 * GAP;
    move |value: f64| LEFT + room * (value / largest).clamp(0.0, 1.0) as f32
}

/// Returns the bars as text, for screen readers.
fn in_words(bars: &AgainstTarget) -> String {
    let rows = bars.bars.iter().map(|(label, _, value, note)| {
        let gap = if note.is_empty() { "" } else { ", " };
        format!("{label}: {value}{gap}{note}")
    });
    let mut rows: Vec<String> = rows.collect();
    rows.push(bars.target.1.clone());
    rows.join("; ")
}

/// Returns the height of the bars.
pub fn least(bars: &AgainstTarget) -> f32 {
    bars.bars.len().min(6) as f32 * (BAR + PAD + STEP) + TARGET
}
