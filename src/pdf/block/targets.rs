//! Chart of values today and on the last day: a labeled line from one to the other.

use crate::pdf::flow::Flow;
use crate::pdf::text::Paragraph;
use crate::pdf::theme::*;
use crate::record::Target;

const LABEL_WIDTH: f32 = 128.0;
const TEXT_WIDTH: f32 = 104.0;
const CHANGE_WIDTH: f32 = 66.0;
const LEFT: f32 = MARGIN + LABEL_WIDTH + TEXT_WIDTH + 12.0;
const SCALE: f32 = WIDTH - LABEL_WIDTH - 2.0 * TEXT_WIDTH - CHANGE_WIDTH - 24.0;

pub fn draw(flow: &mut Flow, title: &str, names: &[String; 3], targets: &[Target]) {
    let figure_text = |figure: &Option<(f64, String)>| {
        figure
            .as_ref()
            .map_or_else(|| "–".to_owned(), |(_, text)| text.clone())
    };
    let rows: Vec<[Paragraph; 4]> = targets
        .iter()
        .map(|target| {
            let tone = if target.falls {
                Color::Bad
            } else {
                Color::Quiet
            };
            [
                flow.engine
                    .shape(&target.label, CELL.strong(), LABEL_WIDTH - 8.0),
                flow.engine
                    .shape(&figure_text(&target.today), CELL.tabular(), TEXT_WIDTH),
                flow.engine.shape(
                    &figure_text(&target.target),
                    CELL.strong().tabular(),
                    TEXT_WIDTH,
                ),
                flow.engine.shape(
                    &target.change,
                    CELL.color(tone).tabular(),
                    CHANGE_WIDTH - 4.0,
                ),
            ]
        })
        .collect();
    let heights: Vec<f32> = rows
        .iter()
        .map(|row| row.iter().map(Paragraph::height).fold(0.0, f32::max) + 3.0 * STEP)
        .collect();
    let head: Vec<Paragraph> = names
        .iter()
        .map(|name| flow.engine.shape_cut(name, SMALL, TEXT_WIDTH))
        .collect();
    let total = heights.iter().sum::<f32>() + 5.0 * STEP;
    flow.heading(title, total.min(flow.page_height() / 2.0));
    let words: Vec<String> = targets
        .iter()
        .map(|target| {
            let (today, goal) = (figure_text(&target.today), figure_text(&target.target));
            format!(
                "{}: {} {today}, {} {goal}",
                target.label, names[0], names[1]
            )
        })
        .collect();
    let figure = flow.node("Figure");
    flow.tags
        .describe(figure, format!("{title}: {}", words.join("; ")));
    let right = LEFT + SCALE + 12.0;
    let y = flow.y;
    flow.draw(figure, |page| {
        page.paragraph_right(&head[0], LEFT - 12.0, y);
        page.paragraph(&head[1], right, y);
        page.paragraph_right(&head[2], MARGIN + WIDTH, y);
        page.line(
            (MARGIN, y + 4.0 * STEP),
            (MARGIN + WIDTH, y + 4.0 * STEP),
            0.8,
            Color::Primary,
            0.0,
        );
    });
    flow.y += 4.0 * STEP;
    for ((target, [label, today, goal, change]), height) in targets.iter().zip(&rows).zip(heights) {
        flow.need(height);
        let y = flow.y;
        // Each row has its own scale, because units differ, such as partners and money.
        let figures =
            [&target.today, &target.target].map(|figure| figure.as_ref().map(|(value, _)| *value));
        let most = figures.iter().flatten().copied().fold(0.0, f64::max);
        let x_of = |value: f64| {
            let part = if most > 0.0 {
                (value / most).clamp(0.0, 1.0)
            } else {
                0.0
            };
            LEFT + SCALE * part as f32
        };
        flow.draw(figure, |page| {
            let middle = y + height / 2.0;
            page.paragraph(label, MARGIN, middle - label.height() / 2.0);
            page.paragraph_right(today, LEFT - 12.0, middle - today.height() / 2.0);
            page.line(
                (LEFT, middle),
                (LEFT + SCALE, middle),
                0.6,
                Color::Line,
                0.0,
            );
            let [from, to] = figures;
            let start = x_of(from.unwrap_or(0.0));
            if let Some(to) = to {
                let color = if target.falls {
                    Color::Bad
                } else {
                    Color::Accent
                };
                let (low, high) = (start.min(x_of(to)), start.max(x_of(to)));
                page.rect(low, middle - 2.0, high - low, 4.0, color);
                page.circle(x_of(to), middle, 4.5, color);
            }
            if from.is_some() {
                // A hollow dot is today and a filled dot is the target, so they are distinguishable without color.
                page.circle(start, middle, 4.5, Color::White);
                page.ring(start, middle, 4.0, 1.2, Color::Soft);
            }
            page.paragraph(goal, right, middle - goal.height() / 2.0);
            page.paragraph_right(change, MARGIN + WIDTH, middle - change.height() / 2.0);
            page.line(
                (MARGIN, y + height),
                (MARGIN + WIDTH, y + height),
                0.4,
                Color::Line,
                0.0,
            );
        });
        flow.y += height;
    }
    flow.y += STEP;
}
