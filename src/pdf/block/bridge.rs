//! Waterfall chart: how one amount leads to another, and what is left after the cost.

use super::headings;
use super::rows;
use crate::pdf::flow::Flow;
use crate::pdf::page::Page;
use crate::pdf::text::{Paragraph, Style};
use crate::pdf::theme::*;
use crate::plan::{BridgeBar, BridgeKind};

/// Height of the plot with normal spacing.
const HEIGHT: f32 = 36.0 * STEP;
/// Maximum width of a bar.
const MAX_BAR: f32 = 84.0;
/// Width of a bar, relative to its share of the column.
const BAR_PART: f32 = 0.74;
/// Minimum distance between the texts of two bars.
const BETWEEN: f32 = 6.0;
/// Distance between two lines of a hatched area, along the horizontal edge.
const HATCH: f32 = 6.0;
/// Minimum height of a hollow area, so that it does not look like a line.
const HOLLOW: f32 = 4.4;
/// Styles of the amounts, from large to small. All amounts have the first style in which they fit.
const AMOUNTS: [Style; 3] = [
    LEAD.strong().color(Color::Primary).tabular(),
    CELL.strong().color(Color::Primary).tabular(),
    TINY.strong().color(Color::Primary).tabular(),
];
/// Maximum number of lines of the name of a bar.
const NAME_LINES: usize = 2;

/// A shaped bar with the center of its column.
struct Column<'b> {
    bar: &'b BridgeBar,
    x: f32,
    amount: Paragraph,
    name: Paragraph,
    inside: Vec<String>,
}

/// Maps amounts to the page.
#[derive(Clone, Copy)]
struct Scale {
    top: f32,
    height: f32,
    min: f64,
    max: f64,
    /// Width of the bars.
    bar: f32,
}

impl Scale {
    fn at(self, amount: f64) -> f32 {
        let share = (self.max - amount) / (self.max - self.min).max(f64::MIN_POSITIVE);
        self.top + self.height * share.clamp(0.0, 1.0) as f32
    }
}

/// Returns the height of the chart below its heading.
pub fn room(flow: &Flow) -> f32 {
    flow.spacing.plot_height(HEIGHT) + 16.0 * STEP
}

pub fn draw(flow: &mut Flow, title: &str, caption: &str, bars: &[BridgeBar]) {
    if bars.is_empty() {
        return;
    }
    let count = bars.len() as f32;
    let width = (WIDTH / count * BAR_PART).min(MAX_BAR);
    let pitch = (WIDTH - width) / (count - 1.0).max(1.0);
    // The texts of the outer bars are moved into the column, so they need more room than half a pitch.
    let text_width = (pitch.min((width / 2.0 + pitch) / 1.5) - BETWEEN).max(width);
    let columns = shape(flow, bars, (width, pitch), text_width);
    let names = rows::tallest(columns.iter().map(|column| &column.name));
    let amounts = rows::tallest(columns.iter().map(|column| &column.amount));
    let plot = flow.spacing.plot_height(HEIGHT);
    headings::heading(flow, title, caption, amounts + plot + names + 3.0 * STEP);
    let scale = Scale {
        top: flow.y + amounts,
        height: plot,
        min: bars
            .iter()
            .map(|bar| bar.from.min(bar.to))
            .fold(0.0, f64::min),
        max: bars
            .iter()
            .map(|bar| bar.to.max(bar.from))
            .fold(f64::MIN_POSITIVE, f64::max),
        bar: width,
    };
    let figure = flow.node("Figure");
    flow.tags.describe(figure, in_words(title, caption, bars));
    let inside: Vec<Option<Inside>> = columns
        .iter()
        .map(|column| inside(flow, column, scale, bars))
        .collect();
    let bottom = scale.top + plot;
    flow.draw(figure, |page| {
        for column in &columns {
            column.draw_bar(page, scale, today(bars));
        }
        draw_lines(page, &columns, scale);
        for (column, inside) in columns.iter().zip(&inside) {
            let raised = column.draw_inside(page, inside.as_ref());
            column.draw_amount(page, scale, bars, raised);
            let x = rows::centered_in_column(column.x, column.name.width);
            page.paragraph_centered(&column.name, x, bottom + STEP);
        }
    });
    flow.y = bottom + STEP + names + STEP;
}

/// Returns today's level, if the chart starts with it.
fn today(bars: &[BridgeBar]) -> Option<f64> {
    let base = bars.iter().find(|bar| bar.kind == BridgeKind::Base);
    base.map(level)
}

/// Returns the level that a bar reaches, from which the next bar continues.
fn level(bar: &BridgeBar) -> f64 {
    match bar.kind {
        BridgeKind::Cost => bar.from,
        BridgeKind::Gain => bar.to,
        // A bar from zero reaches down if it is negative.
        _ if bar.from < 0.0 => bar.from,
        _ => bar.to,
    }
}

fn shape<'b>(
    flow: &mut Flow,
    bars: &'b [BridgeBar],
    (width, pitch): (f32, f32),
    text_width: f32,
) -> Vec<Column<'b>> {
    let [.., smallest] = AMOUNTS;
    let fits = |style: &Style, flow: &mut Flow| {
        bars.iter()
            .all(|bar| flow.engine.shape_line(&bar.text, *style).width <= text_width)
    };
    let amount = AMOUNTS
        .into_iter()
        .find(|style| fits(style, flow))
        .unwrap_or(smallest);
    bars.iter()
        .enumerate()
        .map(|(i, bar)| Column {
            bar,
            x: MARGIN + width / 2.0 + pitch * i as f32,
            amount: flow.engine.shape_limited(&bar.text, amount, text_width, 2),
            name: flow
                .engine
                .shape_limited(&bar.label, CELL, text_width, NAME_LINES),
            inside: bar
                .inside
                .iter()
                .filter(|line| !line.is_empty())
                .cloned()
                .collect(),
        })
        .collect()
}

/// The shaped lines inside a bar.
struct Inside {
    lines: Vec<Paragraph>,
    top: f32,
    /// Whether the lines are above the bar, because the bar is too low for them.
    above: bool,
}

/// Shapes the lines inside a bar. They are in the solid part of the bar if it is tall enough, otherwise in its hollow
/// part, otherwise above the bar.
fn inside(flow: &mut Flow, column: &Column, scale: Scale, bars: &[BridgeBar]) -> Option<Inside> {
    use BridgeKind::{Gain, Rest, Total};
    if column.inside.is_empty() {
        return None;
    }
    let bar = column.bar;
    let solid = matches!(bar.kind, Total | Rest | Gain);
    let reached = level(bar).max(0.0);
    let base = today(bars).unwrap_or(reached);
    let start = bar.from.clamp(0.0, reached);
    let on_fill = if solid { Color::White } else { Color::Ink };
    let areas = [
        (start, reached.min(base.max(bar.from)), on_fill),
        (reached, base, Color::Ink),
    ];
    for (low, high, color) in areas {
        let lines = inside_lines(flow, column, CELL.color(color), scale.bar - 8.0);
        let height: f32 = lines.iter().map(Paragraph::height).sum();
        let (top, bottom) = (scale.at(high), scale.at(low));
        if bottom - top >= height + STEP {
            let top = if color == Color::White {
                top + STEP
            } else {
                (top + bottom - height) / 2.0
            };
            return Some(Inside {
                lines,
                top,
                above: false,
            });
        }
    }
    let lines = inside_lines(flow, column, SMALL.color(Color::Ink), scale.bar);
    let height: f32 = lines.iter().map(Paragraph::height).sum();
    Some(Inside {
        lines,
        top: scale.at(base.max(reached)) - height - 1.0,
        above: true,
    })
}

/// Shapes the lines inside a bar, the first in bold.
fn inside_lines(flow: &mut Flow, column: &Column, style: Style, width: f32) -> Vec<Paragraph> {
    let lines = column.inside.iter().enumerate();
    lines
        .map(|(i, text)| {
            let style = if i == 0 { style.strong() } else { style };
            flow.engine.shape_limited(text, style, width, 2)
        })
        .collect()
}

impl Column<'_> {
    fn draw_bar(&self, page: &mut Page, scale: Scale, today: Option<f64>) {
        let left = self.x - scale.bar / 2.0;
        let mut area = |low: f64, high: f64, color: Color| {
            let (top, bottom) = (scale.at(high), scale.at(low));
            page.rect(left, top, scale.bar, bottom - top, color);
        };
        let (from, to) = (
            self.bar.from.min(self.bar.to),
            self.bar.to.max(self.bar.from),
        );
        match self.bar.kind {
            BridgeKind::Base => area(from, to, Color::PrimaryMid),
            BridgeKind::Gain => area(from, to, Color::Accent),
            BridgeKind::Total => area(from, to, Color::Primary),
            BridgeKind::Cost => {
                let (top, bottom) = (scale.at(to), scale.at(from));
                hatch(page, (left, top), (scale.bar, bottom - top));
            }
            BridgeKind::Rest => {
                let rest = level(self.bar);
                let base = today.unwrap_or(rest.max(0.0));
                area(0.0, rest.min(base).max(0.0), Color::Primary);
                if rest > base {
                    // What is left above today's level is the growth after cost.
                    area(base.max(0.0), rest, Color::Accent);
                } else if rest < base {
                    let (top, bottom) = (scale.at(base), scale.at(rest));
                    let size = (scale.bar, (bottom - top).max(HOLLOW));
                    page.rect(left, top, size.0, size.1.min(HOLLOW), Color::White);
                    page.frame((left, top), size, 1.2, Color::Bad);
                }
            }
        }
    }

    /// Draws the lines inside the bar. Returns the top of lines that are above the bar.
    fn draw_inside(&self, page: &mut Page, inside: Option<&Inside>) -> Option<f32> {
        let inside = inside?;
        let mut top = inside.top;
        for line in &inside.lines {
            page.paragraph_centered(line, self.x, top);
            top += line.height();
        }
        inside.above.then_some(inside.top)
    }

    fn draw_amount(&self, page: &mut Page, scale: Scale, bars: &[BridgeBar], raised: Option<f32>) {
        let mut high = self.bar.to.max(self.bar.from).max(0.0);
        if self.bar.kind == BridgeKind::Rest {
            high = today(bars).unwrap_or(high).max(high);
        }
        let top = raised.unwrap_or(scale.at(high)) - self.amount.height();
        let x = rows::centered_in_column(self.x, self.amount.width);
        page.paragraph_centered(&self.amount, x, top);
    }
}

/// Draws the line at zero, today's level, and the lines from bar to bar.
fn draw_lines(page: &mut Page, columns: &[Column], scale: Scale) {
    let zero = scale.at(0.0);
    page.rule(zero, 1.0, Color::Primary);
    let half = scale.bar / 2.0;
    for pair in columns.windows(2) {
        let [from, to] = pair else { continue };
        if from.bar.kind != BridgeKind::Base {
            let y = scale.at(level(from.bar));
            page.line((from.x + half, y), (to.x - half, y), 0.6, Color::Soft, 0.0);
        }
    }
    let base = columns
        .iter()
        .find(|column| column.bar.kind == BridgeKind::Base);
    let (Some(base), Some(last)) = (base, columns.last()) else {
        return;
    };
    let y = scale.at(level(base.bar));
    // The line is in front of the gaps only, so that it crosses no solid bar.
    for pair in columns.windows(2) {
        let [from, to] = pair else { continue };
        page.line((from.x + half, y), (to.x - half, y), 0.6, Color::Soft, 2.0);
        if to.bar.kind == BridgeKind::Cost && to.x < last.x && scale.at(to.bar.from) < y {
            page.line((to.x - half, y), (to.x + half, y), 0.6, Color::Soft, 2.0);
        }
    }
}

/// Draws a rectangle with diagonal lines.
fn hatch(page: &mut Page, (left, top): (f32, f32), (width, height): (f32, f32)) {
    let mut start = HATCH;
    while start < width + height {
        // From the upper edge or the right edge down to the left edge or the lower edge.
        let from = (left + start.min(width), top + (start - width).max(0.0));
        let to = (left + (start - height).max(0.0), top + start.min(height));
        page.line(from, to, 0.5, Color::Soft, 0.0);
        start += HATCH;
    }
    page.frame((left, top), (width, height.max(1.2)), 0.8, Color::Soft);
}

fn in_words(title: &str, caption: &str, bars: &[BridgeBar]) -> String {
    let bars = bars.iter().map(|bar| {
        let inside = rows::joined(bar.inside.iter().map(String::as_str), " ");
        let inside = if inside.is_empty() {
            inside
        } else {
            format!(" ({inside})")
        };
        format!("{}: {}{inside}", bar.label, bar.text)
    });
    let bars: Vec<String> = bars.collect();
    rows::joined([title, caption, &bars.join("; ")], ". ")
}
