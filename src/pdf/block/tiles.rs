//! Key numbers in boxes next to each other.

use crate::pdf::flow::Flow;
use crate::pdf::text::Paragraph;
use crate::pdf::theme::*;
use crate::plan::Tile;

const GAP: f32 = 11.0;
const PAD: f32 = 3.0 * STEP;

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
                FIGURE
            } else {
                BODY.color(Color::Quiet)
            };
            [
                flow.engine
                    .shape(&tile.label, CELL.color(Color::Soft), inner),
                flow.engine.shape(&tile.value, value, inner),
                flow.engine.shape(
                    if tile.known { &tile.unit } else { "" },
                    CELL.strong().color(Color::Soft),
                    inner,
                ),
                flow.engine
                    .shape(&tile.note, CELL.strong().color(ink(tile.tone)), inner),
            ]
        })
        .collect();
    let height = shaped
        .iter()
        .map(|[label, value, _, note]| label.height() + value.height() + note.height())
        .fold(0.0, f32::max)
        + 2.0 * PAD
        + 2.0 * STEP;
    flow.gap(STEP);
    flow.need(height);
    let y = flow.y;
    for (i, (tile, [label, value, unit, note])) in tiles.iter().zip(&shaped).enumerate() {
        let x = MARGIN + (width + GAP) * i as f32;
        flow.artifact(|page| {
            page.rect(x, y, width, height, Color::Pale);
            page.rect(
                x,
                y,
                width,
                2.0,
                if tile.known {
                    Color::Accent
                } else {
                    Color::PrimarySoft
                },
            );
        });
        let node = flow.node("P");
        flow.draw(node, |page| {
            let mut top = y + PAD;
            page.paragraph(label, x + PAD, top);
            top += label.height() + STEP;
            page.paragraph(value, x + PAD, top);
            if let (Some(figure), Some(line)) = (value.lines.first(), unit.lines.first()) {
                // The unit and the number share a baseline.
                page.text_line(
                    unit,
                    line,
                    x + PAD + figure.width + 4.0,
                    top + value.baseline - unit.baseline,
                );
            }
            top += value.height() + STEP;
            page.paragraph(note, x + PAD, top);
        });
    }
    flow.y += height + 2.0 * STEP;
}
