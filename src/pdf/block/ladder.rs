//! A ladder chart: steps next to each other, each higher than the one before.

use crate::pdf::flow::Flow;
use crate::pdf::text::Paragraph;
use crate::pdf::theme::*;
use crate::plan::Step;

const GAP: f32 = 6.0;
const PAD: f32 = 2.0 * STEP;
const RISE: f32 = 6.0 * STEP;

pub fn draw(flow: &mut Flow, title: &str, steps: &[Step]) {
    let count = steps.len().max(1) as f32;
    let width = (WIDTH - GAP * (count - 1.0)) / count;
    let inner = width - 2.0 * PAD;
    let shaped: Vec<[Paragraph; 4]> = steps
        .iter()
        .map(|step| {
            [
                flow.engine.shape(&step.label, CELL.strong(), width - 2.0),
                flow.engine
                    .shape_cut(&step.figure, FIGURE.color(Color::White), inner),
                flow.engine
                    .shape_cut(&step.figure_label, SMALL.color(Color::White), inner),
                flow.engine.shape(&step.asks, CELL.tabular(), width - 2.0),
            ]
        })
        .collect();
    let of = |i: usize| {
        shaped
            .iter()
            .map(|step| step[i].height())
            .fold(0.0, f32::max)
    };
    let (label, asks) = (of(0), of(3));
    let lowest = of(1) + of(2) + 2.0 * PAD;
    let bars = lowest + RISE * (count - 1.0);
    let height = label + STEP + bars + STEP + asks;
    flow.heading(title, height);
    let top = flow.y;
    let words: Vec<String> = steps
        .iter()
        .map(|step| {
            format!(
                "{}: {} {}, {}",
                step.label, step.figure_label, step.figure, step.asks
            )
        })
        .collect();
    let figure = flow.node("Figure");
    flow.tags
        .describe(figure, format!("{title}: {}", words.join("; ")));
    flow.draw(figure, |page| {
        for (i, [label, value, unit, asks]) in shaped.iter().enumerate() {
            let x = MARGIN + (width + GAP) * i as f32;
            let foot = top + height - of(3) - STEP;
            let bar = lowest + RISE * i as f32;
            page.rect(x, foot - bar, width, bar, Color::Primary);
            page.rect(x, foot - bar, width, 2.5, Color::Accent);
            page.paragraph(label, x, foot - bar - STEP - label.height());
            page.paragraph(value, x + PAD, foot - bar + PAD);
            page.paragraph(unit, x + PAD, foot - bar + PAD + value.height());
            page.paragraph(asks, x, foot + STEP);
        }
    });
    flow.y += height + 2.0 * STEP;
}
