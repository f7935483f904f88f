//! Ranking of candidates: a stacked bar for each, with a label per dimension.

use crate::pdf::flow::Flow;
use crate::pdf::text::Paragraph;
use crate::pdf::theme::*;
use crate::plan::RankRow;

const LABEL_WIDTH: f32 = 150.0;
const VALUE_WIDTH: f32 = 40.0;
const SCALE: f32 = WIDTH - LABEL_WIDTH - VALUE_WIDTH;
const LEFT: f32 = MARGIN + LABEL_WIDTH;
const BAR: f32 = 16.0;
/// Fill and text colors of the dimensions. The fills differ in lightness, so that they are distinct in grayscale print.
const DIMENSIONS: [(Color, Color); 5] = [
    (Color::Primary, Color::White),
    (Color::Accent, Color::White),
    (Color::AccentSoft, Color::Ink),
    (Color::PrimarySoft, Color::Ink),
    (Color::Quiet, Color::White),
];

pub fn draw(flow: &mut Flow, legend: &[String], out_of: f64, rows: &[RankRow]) {
    draw_legend(flow, legend);
    let dimensions: Vec<String> = rows
        .iter()
        .map(|row| format!("{}: {}", row.label, row.total))
        .collect();
    let figure = flow.node("Figure");
    flow.tags.describe(figure, dimensions.join("; "));
    for row in rows {
        let label = flow
            .engine
            .shape(&row.label, CELL.strong(), LABEL_WIDTH - 12.0);
        let note = flow.engine.shape(&row.note, TINY, LABEL_WIDTH - 12.0);
        let total = flow
            .engine
            .shape_line(&row.total, BODY.strong().color(Color::Primary).tabular());
        let labels: Vec<Paragraph> = row
            .dimensions
            .iter()
            .enumerate()
            .map(|(i, (_, text))| {
                flow.engine.shape_line(
                    text,
                    TINY.color(DIMENSIONS[i % DIMENSIONS.len()].1).tabular(),
                )
            })
            .collect();
        let note_height = if row.note.is_empty() {
            0.0
        } else {
            note.height()
        };
        let height = (label.height() + note_height).max(BAR) + 3.0 * STEP;
        flow.need(height);
        let y = flow.y;
        flow.draw(figure, |page| {
            let middle = y + height / 2.0;
            page.paragraph(
                &label,
                MARGIN,
                middle - (label.height() + note_height) / 2.0,
            );
            if !row.note.is_empty() {
                page.paragraph(
                    &note,
                    MARGIN,
                    middle - (label.height() + note_height) / 2.0 + label.height(),
                );
            }
            page.rect(LEFT, middle - BAR / 2.0, SCALE, BAR, Color::Paler);
            let mut x = LEFT;
            for (i, ((points, _), text)) in row.dimensions.iter().zip(&labels).enumerate() {
                let width = SCALE * (points / out_of).clamp(0.0, 1.0) as f32;
                page.rect(
                    x,
                    middle - BAR / 2.0,
                    width,
                    BAR,
                    DIMENSIONS[i % DIMENSIONS.len()].0,
                );
                // A dimension too narrow for its label is drawn without one.
                if text.width + 4.0 < width && row.dimensions.len() > 1 {
                    page.paragraph(
                        text,
                        x + (width - text.width) / 2.0,
                        middle - text.height() / 2.0,
                    );
                }
                x += width;
            }
            page.paragraph(&total, x + 7.0, middle - total.height() / 2.0);
        });
        flow.y += height;
    }
    flow.gap(STEP);
}

fn draw_legend(flow: &mut Flow, legend: &[String]) {
    if legend.is_empty() {
        return;
    }
    flow.need(60.0);
    let y = flow.y;
    let mut x = MARGIN;
    let mut line = y;
    for (i, words) in legend.iter().enumerate() {
        let text = flow.engine.shape_line(words, TINY.color(Color::Ink));
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
