//! Key numbers in columns of equal width, each below a rule.

use super::rows::{self, tallest};
use crate::pdf::flow::Flow;
use crate::pdf::text::{Paragraph, Style};
use crate::pdf::theme::*;
use crate::plan::Tile;
use crate::questionnaire::Tone;

const GAP: f32 = 14.0;
/// Maximum number of tiles next to each other.
const PER_ROW: usize = 5;
/// Thickness of the rule on top.
const RULE: f32 = 2.0;
/// Styles of the values, from large to small. All tiles of a row have the first style in which all values fit.
const VALUES: [Style; 4] = [
    FIGURE,
    Style::new(16.0, 7.0)
        .strong()
        .color(Color::Primary)
        .tabular(),
    Style::new(12.5, 5.0)
        .strong()
        .color(Color::Primary)
        .tabular(),
    BODY.strong().color(Color::Primary).tabular(),
];
const LABEL: Style = CELL.strong().color(Color::Primary);
/// Texts below the value.
const NOTE: Style = Style::new(8.0, 3.5).color(Color::Quiet);

/// A shaped tile.
struct Shaped {
    known: bool,
    label: Paragraph,
    value: Paragraph,
    unit: Option<Paragraph>,
    note: Option<Paragraph>,
}

impl Shaped {
    fn below(&self) -> f32 {
        let parts = self.unit.iter().chain(&self.note);
        parts.map(Paragraph::height).sum()
    }
}

pub fn draw(flow: &mut Flow, tiles: &[Tile]) {
    if tiles.is_empty() {
        return;
    }
    // With more tiles than fit, the rows have about the same number of tiles.
    let rows = tiles.len().div_ceil(PER_ROW);
    let per_row = tiles.len().div_ceil(rows);
    let width = (WIDTH - GAP * (per_row as f32 - 1.0)) / per_row as f32;
    flow.gap(flow.spacing.gap);
    flow.snap_to_grid();
    for (i, row) in tiles.chunks(per_row).enumerate() {
        if i > 0 {
            flow.gap(3.0 * STEP);
        }
        draw_row(flow, row, width);
    }
    flow.y += STEP;
}

fn draw_row(flow: &mut Flow, tiles: &[Tile], width: f32) {
    let style = value_style(flow, tiles, width);
    let shaped: Vec<Shaped> = tiles
        .iter()
        .map(|tile| shape(flow, tile, style, width))
        .collect();
    // Labels and values of different heights share their baselines, so that the row reads as one.
    let labels = tallest(shaped.iter().map(|tile| &tile.label));
    let values = tallest(shaped.iter().map(|tile| &tile.value)).max(style.line);
    let below = shaped.iter().map(Shaped::below).fold(0.0, f32::max);
    let height = 2.0 * STEP + labels + STEP + values + below;
    flow.need(height);
    let y = flow.y;
    for (i, tile) in shaped.iter().enumerate() {
        let x = MARGIN + (width + GAP) * i as f32;
        let color = if tile.known {
            Color::Primary
        } else {
            Color::PrimaryMid
        };
        flow.artifact(|page| page.rect(x, y, width, RULE, color));
        // A text instead of a value is in the middle of the line of the values.
        let lower = match tile.known {
            true => 0.0,
            false => (values - tile.value.height()) / 2.0,
        };
        let value_y = y + 2.0 * STEP + labels + STEP;
        rows::part(flow, &tile.label, (x, y + 2.0 * STEP));
        rows::part(flow, &tile.value, (x, value_y + lower));
        let mut top = value_y + values;
        for text in tile.unit.iter().chain(&tile.note) {
            rows::part(flow, text, (x, top));
            top += text.height();
        }
    }
    flow.y += height;
}

/// Returns the largest style in which every value fits on one line.
fn value_style(flow: &mut Flow, tiles: &[Tile], width: f32) -> Style {
    let [.., smallest] = VALUES;
    let fits = |style: &Style, flow: &mut Flow| {
        tiles
            .iter()
            .filter(|tile| tile.known)
            .all(|tile| flow.engine.shape_line(&tile.value, *style).width <= width)
    };
    let mut styles = VALUES.into_iter();
    styles.find(|style| fits(style, flow)).unwrap_or(smallest)
}

fn shape(flow: &mut Flow, tile: &Tile, style: Style, width: f32) -> Shaped {
    let lines = flow.spacing.lines;
    let value = if tile.known {
        style
    } else {
        BODY.color(Color::Quiet)
    };
    let note = match tile.tone {
        Tone::Plain => NOTE,
        tone => NOTE.strong().color(ink(tone)),
    };
    let mut below = |text: &str, style: Style| {
        (!text.is_empty()).then(|| flow.engine.shape_limited(text, style, width, lines))
    };
    let unit = below(&tile.unit, NOTE).filter(|_| tile.known);
    let note = below(&tile.note, note);
    Shaped {
        known: tile.known,
        label: flow.engine.shape_limited(&tile.label, LABEL, width, lines),
        // A number is never cut.
        value: match tile.known {
            true => flow.engine.shape(&tile.value, value, width),
            false => flow.engine.shape_limited(&tile.value, value, width, lines),
        },
        unit,
        note,
    }
}
