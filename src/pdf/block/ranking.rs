//! Ranking of candidates: a stacked bar for each, with the names of the segments above the first bar.

use super::headings;
use super::rows;
use crate::pdf::flow::Flow;
use crate::pdf::page::Page;
use crate::pdf::tags::Node;
use crate::pdf::text::{Paragraph, Style};
use crate::pdf::theme::*;
use crate::plan::RankRow;

const LABEL_WIDTH: f32 = 136.0;
/// Maximum width of the text next to the bracket.
const APART: f32 = 76.0;
/// Distance from a bar to its points, and from the points to the bracket.
const BESIDE: (f32, f32) = (7.0, 12.0);
/// Distance from the bracket to its text.
const BRACKET_TEXT: f32 = 5.0;
/// Width of the ranks.
const RANK: f32 = 14.0;
/// Width of the hooks at the ends of the bracket.
const HOOK: f32 = 5.0;
const LEFT: f32 = MARGIN + LABEL_WIDTH;
const BAR: f32 = 19.0;
/// Maximum number of lines of the name of a segment. Longer names are listed above the chart.
const NAME_LINES: usize = 3;
/// Height of two lines of names above the chart.
const LEGEND: f32 = 12.0 * STEP;
/// Height of the axis below the bars.
const AXIS: f32 = 5.0 * STEP;
/// Fill and text colors of the dimensions. The fills differ in lightness, so that they are distinct in grayscale print.
const DIMENSIONS: [(Color, Color); 5] = [
    (Color::Primary, Color::White),
    (Color::Accent, Color::White),
    (Color::PrimaryMid, Color::Ink),
    (Color::PrimarySoft, Color::Ink),
    (Color::Quiet, Color::White),
];
/// Styles of the names of the segments, from large to small. The first is used in which all names fit.
const NAMES: [Style; 2] = [
    SMALL.strong().color(Color::Primary),
    TINY.strong().color(Color::Primary),
];
const TOTAL: Style = LEAD.strong().color(Color::Primary).tabular();

/// A shaped candidate.
struct Row<'r> {
    row: &'r RankRow,
    rank: Paragraph,
    label: Paragraph,
    note: Option<Paragraph>,
    total: Paragraph,
    segments: Vec<Paragraph>,
    height: f32,
}

/// Horizontal scale of the points.
#[derive(Clone, Copy)]
struct Scale {
    width: f32,
    out_of: f64,
}

impl Scale {
    fn length(self, points: f64) -> f32 {
        let share = points / self.out_of.max(f64::MIN_POSITIVE);
        self.width * share.clamp(0.0, 1.0) as f32
    }

    /// Returns the right end of a row's bar.
    fn end(self, row: &Row) -> f32 {
        let all: f64 = row.row.dimensions.iter().map(|(points, _)| points).sum();
        LEFT + self.length(all)
    }
}

/// Returns the scale on which each bar leaves room for its points, and the first two for the bracket.
fn scale(candidates: &[Row], apart: Option<&Paragraph>, out_of: f64) -> Scale {
    let room = WIDTH - LABEL_WIDTH;
    let whole = Scale { width: 1.0, out_of };
    // The last label of the axis is centered on its end.
    let mut width = room - 8.0;
    let bracket = apart.map_or(0.0, |apart| BESIDE.1 + HOOK + BRACKET_TEXT + apart.width);
    for (i, row) in candidates.iter().enumerate() {
        let beside = BESIDE.0 + row.total.width + if i < 2 { bracket } else { 0.0 };
        let share = whole.end(row) - LEFT;
        if share > 0.0 {
            width = width.min((room - beside) / share);
        }
    }
    Scale {
        width: width.max(room / 3.0),
        out_of,
    }
}

pub fn draw(
    flow: &mut Flow,
    title: &str,
    (caption, apart): (&str, Option<&str>),
    legend: &[(String, String)],
    out_of: f64,
    candidates: &[RankRow],
) {
    if candidates.is_empty() {
        return;
    }
    let shaped: Vec<Row> = candidates
        .iter()
        .enumerate()
        .map(|(i, row)| shape(flow, i, row))
        .collect();
    let apart = apart.filter(|_| shaped.len() > 1).map(|text| {
        flow.engine
            .shape_limited(text, CELL.strong().color(Color::Primary), APART, 2)
            .compact()
    });
    let scale = scale(&shaped, apart.as_ref(), out_of);
    let names = names(flow, legend, &candidates[0], scale);
    let head = names.iter().map(Name::height).fold(0.0, f32::max) + STEP;
    let first_rows: f32 = shaped.iter().take(3).map(|row| row.height).sum();
    let legend_height = if names.is_empty() { LEGEND } else { 0.0 };
    let follow = legend_height + head + first_rows + AXIS;
    headings::heading(flow, title, caption, follow);
    if names.is_empty() {
        draw_legend(flow, legend);
    }
    let figure = flow.node("Figure");
    flow.tags.describe(figure, in_words(candidates, legend));
    let y = flow.y;
    flow.draw(figure, |page| {
        draw_names(page, &names, &candidates[0], scale, y + head)
    });
    flow.y += head;
    draw_rows(flow, figure, &shaped, scale, apart.as_ref());
    draw_axis(flow, figure, scale);
}

/// Draws the bars, and the bracket between the first two.
fn draw_rows(flow: &mut Flow, figure: Node, rows: &[Row], scale: Scale, apart: Option<&Paragraph>) {
    for (i, row) in rows.iter().enumerate() {
        // The bracket belongs to the first two rows, which stay on one page.
        let axis = if i + 1 == rows.len() { AXIS } else { 0.0 };
        flow.need(row.height + axis);
        let y = flow.y;
        flow.draw(figure, |page| row.draw(page, scale, y));
        if let ([first, second, ..], 1, Some(apart)) = (rows, i, apart) {
            let ends = [
                scale.end(first) + first.total.width,
                scale.end(second) + second.total.width,
            ];
            let x = ends[0].max(ends[1]) + BESIDE.0 + BESIDE.1;
            let (from, to) = (y - first.height / 2.0, y + second.height / 2.0);
            flow.draw(figure, |page| draw_bracket(page, x, (from, to), apart));
        }
        flow.y += row.height;
    }
}

fn shape<'r>(flow: &mut Flow, index: usize, row: &'r RankRow) -> Row<'r> {
    let width = LABEL_WIDTH - 12.0;
    let style = if index == 0 { CELL.strong() } else { CELL };
    let lines = flow.spacing.lines.min(2);
    let width = width - RANK;
    // On a very full page, the note follows the label on the same line.
    let one_line = lines == 1 && !row.note.is_empty();
    let label = match one_line {
        true => format!("{} · {}", row.label, row.note),
        false => row.label.clone(),
    };
    let label = flow.engine.shape_limited(&label, style, width, lines);
    let quiet = CELL.color(Color::Quiet).tabular();
    let rank = flow.engine.shape_line(&row.rank, quiet);
    let has_note = !row.note.is_empty() && !one_line;
    let note = has_note.then(|| flow.engine.shape_limited(&row.note, TINY, width, lines));
    let segments = row.dimensions.iter().enumerate();
    let segments = segments
        .map(|(i, (_, text))| {
            let color = DIMENSIONS[i % DIMENSIONS.len()].1;
            flow.engine.shape_line(text, TINY.color(color).tabular())
        })
        .collect();
    let text = label.height() + note.as_ref().map_or(0.0, Paragraph::height);
    Row {
        row,
        rank,
        label,
        note,
        total: flow.engine.shape_line(&row.total, TOTAL),
        segments,
        height: text.max(BAR) + (flow.spacing.pad * 0.8 / STEP).round() * STEP,
    }
}

impl Row<'_> {
    fn draw(&self, page: &mut Page, scale: Scale, y: f32) {
        let middle = y + self.height / 2.0;
        let text = self.label.height() + self.note.as_ref().map_or(0.0, Paragraph::height);
        let top = middle - text / 2.0;
        page.paragraph(&self.rank, MARGIN, top);
        let left = MARGIN + RANK;
        page.paragraph(&self.label, left, top);
        if let Some(note) = &self.note {
            page.paragraph(note, left, top + self.label.height());
        }
        // On a very full page, the rows are as high as the bars. The bars then shrink to leave a gap.
        let bar = BAR.min(self.height - STEP);
        let mut x = LEFT;
        let segments = self.row.dimensions.iter().zip(&self.segments).enumerate();
        for (i, ((points, _), text)) in segments {
            let width = scale.length(*points);
            let color = DIMENSIONS[i % DIMENSIONS.len()].0;
            page.rect(x, middle - bar / 2.0, width, bar, color);
            if i > 0 {
                page.rect(x, middle - bar / 2.0, 0.7, bar, Color::White);
            }
            // A dimension too narrow for its label is drawn without one.
            if text.width + 8.0 < width && self.row.dimensions.len() > 1 {
                page.paragraph(text, x + 5.0, middle - text.height() / 2.0);
            }
            x += width;
        }
        page.paragraph(
            &self.total,
            x + BESIDE.0,
            middle - self.total.height() / 2.0,
        );
    }
}

/// The name of a segment and its weight.
struct Name {
    name: Paragraph,
    weight: Paragraph,
}

impl Name {
    fn height(&self) -> f32 {
        self.name.height() + self.weight.height()
    }
}

/// Returns the names of the segments, wrapped to the segments of the first bar. Empty if a name does not fit.
fn names(flow: &mut Flow, legend: &[(String, String)], first: &RankRow, scale: Scale) -> Vec<Name> {
    if legend.len() != first.dimensions.len() {
        return Vec::new();
    }
    let mut styles = NAMES.into_iter();
    styles
        .find_map(|style| {
            let names = legend.iter().zip(&first.dimensions);
            let names = names
                .map(|(text, (points, _))| name(flow, text, style, scale.length(*points) - 6.0));
            names.collect::<Option<Vec<Name>>>()
        })
        .unwrap_or_default()
}

/// Shapes the name of a segment. `None` if it does not fit.
fn name(
    flow: &mut Flow,
    (text, weight): &(String, String),
    style: Style,
    width: f32,
) -> Option<Name> {
    let light = Style {
        strong: false,
        ..style
    }
    .color(Color::Quiet);
    let longest_word = flow.engine.widths(text, style).0;
    let name = flow.engine.shape(text, style, width).compact();
    let weight = flow.engine.shape_line(weight, light);
    let fits = longest_word.max(weight.width) <= width && name.lines.len() <= NAME_LINES;
    fits.then_some(Name { name, weight })
}

/// Draws the names of the segments with their last lines above the first bar.
fn draw_names(page: &mut Page, names: &[Name], first: &RankRow, scale: Scale, bottom: f32) {
    let mut x = LEFT;
    for (name, (points, _)) in names.iter().zip(&first.dimensions) {
        let top = bottom - name.height();
        page.paragraph(&name.name, x + 1.0, top);
        page.paragraph(&name.weight, x + 1.0, top + name.name.height());
        x += scale.length(*points);
    }
}

fn draw_bracket(page: &mut Page, x: f32, (from, to): (f32, f32), apart: &Paragraph) {
    let hook = [(x, from), (x + HOOK, from), (x + HOOK, to), (x, to)];
    page.polyline(&hook, 1.0, Color::Primary, 0.0);
    page.paragraph(
        apart,
        x + HOOK + BRACKET_TEXT,
        (from + to) / 2.0 - apart.height() / 2.0,
    );
}

/// Draws the axis below the bars, with five steps.
fn draw_axis(flow: &mut Flow, figure: Node, scale: Scale) {
    const STEPS: usize = 5;
    let y = flow.y;
    let ticks: Vec<(f32, Paragraph)> = (0..=STEPS)
        .map(|step| {
            let value = scale.out_of * step as f64 / STEPS as f64;
            // One decimal place at most, and none for whole numbers.
            let text = ((value * 10.0).round() / 10.0).to_string();
            (
                LEFT + scale.length(value),
                flow.engine.shape_line(&text, TINY.tabular()),
            )
        })
        .collect();
    flow.draw(figure, |page| {
        page.line((LEFT, y), (LEFT + scale.width, y), 1.0, Color::Primary, 0.0);
        for (x, text) in &ticks {
            page.line((*x, y), (*x, y + 2.5), 0.7, Color::Primary, 0.0);
            page.paragraph_centered(text, *x, y + STEP);
        }
    });
    flow.y += AXIS;
}

fn in_words(candidates: &[RankRow], legend: &[(String, String)]) -> String {
    let rows = candidates.iter().map(|row| {
        let parts = row.dimensions.iter().enumerate().map(|(i, (_, text))| {
            // Without a value for each dimension, the parts have no names.
            let is_whole = legend.len() == row.dimensions.len();
            let name = legend.get(i).filter(|_| is_whole);
            let (name, weight) = name.map_or(("", ""), |(name, weight)| (name, weight));
            rows::joined([name, weight, text], " ")
        });
        let parts: Vec<String> = if legend.is_empty() {
            Vec::new()
        } else {
            parts.collect()
        };
        let note = if row.note.is_empty() {
            String::new()
        } else {
            format!(" ({})", row.note)
        };
        let parts = rows::joined(parts.iter().map(String::as_str), ", ");
        let parts = if parts.is_empty() {
            parts
        } else {
            format!(": {parts}")
        };
        format!("{} {}{note}, {}{parts}", row.rank, row.label, row.total)
    });
    rows.collect::<Vec<_>>().join("; ")
}

/// Draws the names of the dimensions in lines, each next to its color.
fn draw_legend(flow: &mut Flow, legend: &[(String, String)]) {
    if legend.is_empty() {
        return;
    }
    let y = flow.y;
    let mut x = MARGIN;
    let mut line = y;
    for (i, (name, weight)) in legend.iter().enumerate() {
        let text = flow.engine.shape_cut(
            &format!("{name} {weight}"),
            TINY.color(Color::Ink),
            WIDTH - 14.0,
        );
        if x + 14.0 + text.width > MARGIN + WIDTH && x > MARGIN {
            (x, line) = (MARGIN, line + TINY.line + STEP);
        }
        let node = flow.node("P");
        flow.artifact(|page| {
            page.rect(x, line + 1.5, 7.0, 7.0, DIMENSIONS[i % DIMENSIONS.len()].0)
        });
        flow.draw(node, |page| page.paragraph(&text, x + 11.0, line));
        x += 11.0 + text.width + 16.0;
    }
    flow.y = line + 5.0 * STEP;
}
