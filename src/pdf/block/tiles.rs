//! Figures in boxes, side by side.

use crate::pdf::flow::Flow;
use crate::pdf::text::{Paragraph, Style};
use crate::pdf::theme::*;
use crate::plan::Tile;

const GAP: f32 = 11.0;
const PAD: f32 = 11.0;

pub fn draw(flow: &mut Flow, tiles: &[Tile]) {
    if tiles.is_empty() {
        return;
    }
    let count = tiles.len() as f32;
    let width = (WIDTH - GAP * (count - 1.0)) / count;
    let shaped: Vec<[Paragraph; 4]> = tiles
        .iter()
        .map(|tile| {
            let inner = width - 2.0 * PAD;
            let value = if tile.known {
                Style::new(21.0)
                    .strong()
                    .color(NAVY)
                    .leading(1.15)
                    .tabular()
            } else {
                Style::new(10.0).color(QUIET).leading(1.35)
            };
            [
                flow.engine
                    .shape(&tile.label, Style::new(8.5).color(SOFT).leading(1.3), inner),
                flow.engine.shape(&tile.value, value, inner),
                flow.engine.shape(
                    if tile.known { &tile.unit } else { "" },
                    Style::new(8.5).strong().color(SOFT).leading(1.2),
                    inner,
                ),
                flow.engine.shape(
                    &tile.note,
                    Style::new(8.5).strong().color(ink(tile.tone)).leading(1.3),
                    inner,
                ),
            ]
        })
        .collect();
    let height = shaped
        .iter()
        .map(|[label, value, _, note]| label.height() + value.height() + note.height())
        .fold(0.0, f32::max)
        + 2.0 * PAD
        + 8.0;
    flow.gap(4.0);
    flow.need(height);
    let y = flow.y;
    for (i, (tile, [label, value, unit, note])) in tiles.iter().zip(&shaped).enumerate() {
        let x = MARGIN + (width + GAP) * i as f32;
        flow.artifact(|page| {
            page.rect(x, y, width, height, PALE);
            page.rect(x, y, width, 2.0, if tile.known { TEAL } else { GREY_BLUE });
        });
        let node = flow.node("P");
        flow.draw(node, |page| {
            let mut top = y + PAD;
            page.paragraph(label, x + PAD, top);
            top += label.height() + 4.0;
            page.paragraph(value, x + PAD, top);
            if let (Some(figure), Some(line)) = (value.lines.first(), unit.lines.first()) {
                // The unit shares the figure's baseline.
                page.text_line(
                    unit,
                    line,
                    x + PAD + figure.width + 4.0,
                    top + figure.baseline - line.baseline,
                );
            }
            top += value.height() + 4.0;
            page.paragraph(note, x + PAD, top);
        });
    }
    flow.y += height + 6.0;
}
