//! What each tier leaves after its cost, which is a line through all bars.

use super::headings;
use super::marks;
use crate::pdf::flow::Flow;
use crate::pdf::tags::Node;
use crate::pdf::text::Paragraph;
use crate::pdf::theme::*;
use crate::plan::{TierBar, TierBars};

/// Width of the names, and the left end of the bars.
const NAME: f32 = 122.0;
const LEFT: f32 = MARGIN + NAME;
/// Largest width of an amount.
const AMOUNT: f32 = 100.0;
/// Smallest width of the last column.
const LAST: f32 = 66.0;
const BAR: f32 = 15.0;
/// Space in a row in addition to its text.
const PAD: f32 = 2.0 * STEP;
/// Distance from a bar or a line to a text.
const GAP: f32 = 6.0;
/// Height of the label of the cost.
const COST: f32 = 4.0 * STEP;
/// Height of the column headings.
const HEAD: f32 = 4.0 * STEP;

/// A shaped tier.
struct Row {
    name: Paragraph,
    note: Paragraph,
    kept: Paragraph,
    left: Paragraph,
    height: f32,
}

pub fn draw(flow: &mut Flow, bars: &TierBars) {
    if bars.tiers.is_empty() {
        return;
    }
    let rows: Vec<Row> = bars.tiers.iter().map(|tier| shape(flow, tier)).collect();
    let all: f32 = rows.iter().map(|row| row.height).sum();
    let whole = HEAD + all + COST;
    let fits = whole <= 0.7 * flow.page_height();
    let least = if fits {
        whole
    } else {
        HEAD + rows[0].height + COST
    };
    headings::heading(flow, &bars.title, &bars.caption, least);
    let figure = flow.node("Figure");
    flow.tags.describe(figure, in_words(bars));
    let at = scale(bars, &rows);
    let line = bars.cost.as_ref().map(|(cost, _)| at(*cost));
    draw_head(flow, figure, bars, &rows);
    for (row, tier) in rows.iter().zip(&bars.tiers) {
        if flow.room() < row.height + COST {
            flow.new_page();
            draw_head(flow, figure, bars, &rows);
        }
        draw_row(flow, figure, (row, tier), (at(tier.kept), line));
    }
    if let (Some(line), Some((_, label))) = (line, &bars.cost) {
        draw_cost(flow, figure, line, label);
    }
    flow.snap_to_grid();
}

fn shape(flow: &mut Flow, tier: &TierBar) -> Row {
    let ink = if tier.loss {
        Color::Bad
    } else {
        Color::Primary
    };
    let amount = CELL.strong().tabular();
    let name = flow
        .engine
        .shape_limited(&tier.label, CELL.strong(), NAME - GAP, 2);
    let note = flow.engine.shape_limited(&tier.note, TINY, NAME - GAP, 2);
    let left = if tier.loss {
        amount.color(Color::Bad)
    } else {
        CELL.tabular()
    };
    Row {
        height: (name.height() + note.height()).max(BAR) + PAD,
        name,
        note,
        kept: flow
            .engine
            .shape_cut(&tier.kept_text, amount.color(ink), AMOUNT),
        left: flow.engine.shape_cut(&tier.left_text, left, AMOUNT),
    }
}

/// Returns the width of the last column.
fn last_width(rows: &[Row]) -> f32 {
    rows.iter().map(|row| row.left.width).fold(LAST, f32::max) + GAP
}

/// Returns the position of an amount. The longest bar leaves room for its text, also behind the line of the cost.
fn scale(bars: &TierBars, rows: &[Row]) -> impl Fn(f64) -> f32 + use<> {
    let cost = bars.cost.as_ref().map_or(0.0, |(cost, _)| *cost);
    let largest = bars.tiers.iter().map(|tier| tier.kept).fold(cost, f64::max);
    let largest = largest.max(f64::MIN_POSITIVE);
    let text = rows.iter().map(|row| row.kept.width).fold(0.0, f32::max);
    let room = WIDTH - NAME - last_width(rows) - text - 2.0 * GAP;
    move |amount: f64| LEFT + room * (amount / largest).clamp(0.0, 1.0) as f32
}

fn draw_head(flow: &mut Flow, figure: Node, bars: &TierBars, rows: &[Row]) {
    let [tier, kept, left] = &bars.headings;
    let last = last_width(rows);
    let tier = flow.engine.shape_cut(tier, TINY, NAME - GAP);
    let kept = flow.engine.shape_cut(kept, TINY, WIDTH - NAME - last - GAP);
    let left = flow.engine.shape_cut(left, TINY, last);
    let y = flow.y;
    flow.draw(figure, |page| {
        page.paragraph(&tier, MARGIN, y);
        page.paragraph(&kept, LEFT, y);
        page.paragraph_right(&left, MARGIN + WIDTH, y);
        let rule = y + HEAD - STEP / 2.0;
        page.rule(rule, 1.0, Color::Primary);
    });
    flow.y += HEAD;
}

fn draw_row(
    flow: &mut Flow,
    figure: Node,
    (row, tier): (&Row, &TierBar),
    (end, line): (f32, Option<f32>),
) {
    let y = flow.y;
    let middle = y + row.height / 2.0;
    flow.draw(figure, |page| {
        let top = middle - (row.name.height() + row.note.height()) / 2.0;
        page.paragraph(&row.name, MARGIN, top);
        page.paragraph(&row.note, MARGIN, top + row.name.height());
        let (corner, width) = ((LEFT, middle - BAR / 2.0), (end - LEFT).max(2.0));
        if tier.loss {
            marks::hollow(page, corner, width, BAR, 1.2, Color::Bad);
        } else {
            page.rect(corner.0, corner.1, width, BAR, Color::Primary);
        }
        let bottom = y + row.height;
        page.rule(bottom, 0.5, Color::Line);
        let mut x = LEFT + width + GAP;
        if let Some(line) = line {
            page.line((line, y), (line, bottom), 1.4, Color::Watch, 0.0);
            // An amount that the line would cross moves behind it.
            if line > end - GAP && line < x + row.kept.width + GAP {
                x = x.max(line + GAP);
            }
        }
        page.paragraph(&row.kept, x, middle - row.kept.height() / 2.0);
        page.paragraph_right(&row.left, MARGIN + WIDTH, middle - row.left.height() / 2.0);
    });
    flow.y += row.height;
}

/// Draws the label of the cost next to the end of its line.
fn draw_cost(flow: &mut Flow, figure: Node, line: f32, label: &str) {
    const BESIDE: f32 = 4.0;
    let (left, right) = (line - BESIDE, line + BESIDE);
    let room = (left - MARGIN).max(MARGIN + WIDTH - right);
    let style = TINY.strong().color(Color::Ink);
    let label = flow.engine.shape_cut(label, style, room);
    let y = flow.y;
    flow.draw(figure, |page| {
        page.line((line, y), (line, y + COST - STEP), 1.4, Color::Watch, 0.0);
        if right + label.width <= MARGIN + WIDTH {
            page.paragraph(&label, right, y + STEP / 2.0);
        } else {
            page.paragraph_right(&label, left, y + STEP / 2.0);
        }
    });
    flow.y += COST;
}

/// Returns the tiers as text, for screen readers.
fn in_words(bars: &TierBars) -> String {
    let [_, kept, left] = &bars.headings;
    let mut parts: Vec<String> = bars
        .tiers
        .iter()
        .map(|tier| {
            let mut text = format!("{}, {}, {kept}: {}", tier.label, tier.note, tier.kept_text);
            if !tier.left_text.is_empty() {
                text.push_str(&format!(", {left}: {}", tier.left_text));
            }
            text
        })
        .collect();
    parts.extend(bars.cost.iter().map(|(_, label)| label.clone()));
    parts.join("; ")
}

/// Returns the height of the bars.
pub fn least(bars: &TierBars) -> f32 {
    let row = CELL.line + TINY.line + PAD;
    HEAD + COST + bars.tiers.len().min(8) as f32 * row
}
