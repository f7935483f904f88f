//! Bar chart of the parts of a whole, each with its amount and share.

use crate::pdf::flow::Flow;
use crate::pdf::text::Paragraph;
use crate::pdf::theme::*;
use crate::plan::Share;

const LABEL_WIDTH: f32 = 150.0;
const SHARE_WIDTH: f32 = 36.0;
const BAR: f32 = 3.0 * STEP;

pub fn draw(flow: &mut Flow, title: &str, parts: &[Share]) {
    let shaped: Vec<[Paragraph; 3]> = parts
        .iter()
        .map(|part| {
            [
                flow.engine
                    .shape(&part.label, CELL.strong(), LABEL_WIDTH - 12.0),
                flow.engine.shape_line(&part.text, CELL.tabular()),
                flow.engine
                    .shape_line(&part.share, CELL.color(Color::Quiet).tabular()),
            ]
        })
        .collect();
    let amounts = shaped
        .iter()
        .map(|[_, amount, _]| amount.width)
        .fold(0.0, f32::max);
    let left = MARGIN + LABEL_WIDTH;
    let scale = (WIDTH - LABEL_WIDTH - amounts - SHARE_WIDTH - 16.0).max(60.0);
    let heights: Vec<f32> = shaped
        .iter()
        .map(|[label, ..]| label.height().max(BAR) + 2.0 * STEP)
        .collect();
    let total: f32 = heights.iter().sum();
    flow.heading(title, total.min(flow.page_height() / 2.0));
    let words: Vec<String> = parts
        .iter()
        .map(|part| format!("{} {} ({})", part.label, part.text, part.share))
        .collect();
    let figure = flow.node("Figure");
    flow.tags
        .describe(figure, format!("{title}: {}", words.join("; ")));
    for ((part, [label, amount, share]), height) in parts.iter().zip(&shaped).zip(heights) {
        flow.need(height);
        let y = flow.y;
        flow.draw(figure, |page| {
            let middle = y + height / 2.0;
            let length = scale * part.length.clamp(0.0, 1.0) as f32;
            page.paragraph(label, MARGIN, middle - label.height() / 2.0);
            page.rect(
                left,
                middle - BAR / 2.0,
                length.max(1.0),
                BAR,
                Color::Primary,
            );
            let x = left + length + 7.0;
            page.paragraph(amount, x, middle - amount.height() / 2.0);
            page.paragraph(share, x + amount.width + 7.0, middle - share.height() / 2.0);
        });
        flow.y += height;
    }
    flow.y += STEP;
}
