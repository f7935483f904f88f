//! Chart of values today and on the last day: a labeled line from one to the other.

use crate::pdf::flow::Flow;
use crate::pdf::page::Page;
use crate::pdf::text::Paragraph;
use crate::pdf::theme::*;
use crate::record::Target;

const LABEL_WIDTH: f32 = 128.0;
const TEXT_WIDTH: f32 = 104.0;
const CHANGE_WIDTH: f32 = 66.0;
const LEFT: f32 = MARGIN + LABEL_WIDTH + TEXT_WIDTH + 12.0;
const SCALE: f32 = WIDTH - LABEL_WIDTH - 2.0 * TEXT_WIDTH - CHANGE_WIDTH - 24.0;

const RIGHT: f32 = LEFT + SCALE + 12.0;

/// A shaped target.
struct Row<'a> {
    target: &'a Target,
    label: Paragraph,
    today: Paragraph,
    goal: Paragraph,
    change: Paragraph,
}

impl<'a> Row<'a> {
    fn of(flow: &mut Flow, target: &'a Target) -> Self {
        let tone = if target.falls {
            Color::Bad
        } else {
            Color::Quiet
        };
        let engine = &mut flow.engine;
        let (plain, strong) = (CELL.tabular(), CELL.strong().tabular());
        let change = CELL.color(tone).tabular();
        Self {
            target,
            label: engine.shape(&target.label, CELL.strong(), LABEL_WIDTH - 8.0),
            today: engine.shape(figure_text(&target.today), plain, TEXT_WIDTH),
            goal: engine.shape(figure_text(&target.target), strong, TEXT_WIDTH),
            change: engine.shape(&target.change, change, CHANGE_WIDTH - 4.0),
        }
    }

    fn height(&self) -> f32 {
        let texts = [&self.label, &self.today, &self.goal, &self.change];
        let heights = texts.into_iter().map(Paragraph::height);
        heights.fold(0.0, f32::max) + 3.0 * STEP
    }

    fn draw(&self, page: &mut Page, y: f32) {
        let height = self.height();
        let middle = y + height / 2.0;
        let centered = |text: &Paragraph| middle - text.height() / 2.0;
        page.paragraph(&self.label, MARGIN, centered(&self.label));
        page.paragraph_right(&self.today, LEFT - 12.0, centered(&self.today));
        let axis = [(LEFT, middle), (LEFT + SCALE, middle)];
        page.line(axis[0], axis[1], 0.6, Color::Line, 0.0);
        self.draw_figures(page, middle);
        page.paragraph(&self.goal, RIGHT, centered(&self.goal));
        page.paragraph_right(&self.change, MARGIN + WIDTH, centered(&self.change));
        let below = [(MARGIN, y + height), (MARGIN + WIDTH, y + height)];
        page.line(below[0], below[1], 0.4, Color::Line, 0.0);
    }

    fn draw_figures(&self, page: &mut Page, middle: f32) {
        // Each row has its own scale, because units differ, such as partners and money.
        let figures = [&self.target.today, &self.target.target];
        let [from, to] = figures.map(|figure| figure.as_ref().map(|(value, _)| *value));
        let max = [from, to].into_iter().flatten().fold(0.0, f64::max);
        let x_of = |value: f64| {
            let share = if max > 0.0 {
                (value / max).clamp(0.0, 1.0)
            } else {
                0.0
            };
            LEFT + SCALE * share as f32
        };
        let start = x_of(from.unwrap_or(0.0));
        if let Some(to) = to {
            let color = if self.target.falls {
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
    }
}

fn figure_text(figure: &Option<(f64, String)>) -> &str {
    figure.as_ref().map_or("–", |(_, text)| text)
}

pub fn draw(flow: &mut Flow, title: &str, names: &[String; 3], targets: &[Target]) {
    let rows: Vec<Row> = targets.iter().map(|target| Row::of(flow, target)).collect();
    let head: Vec<Paragraph> = names
        .iter()
        .map(|name| flow.engine.shape_cut(name, SMALL, TEXT_WIDTH))
        .collect();
    let total = rows.iter().map(Row::height).sum::<f32>() + 5.0 * STEP;
    flow.heading(title, total.min(flow.page_height() / 2.0));
    let words: Vec<String> = targets
        .iter()
        .map(|target| {
            let (today, goal) = (figure_text(&target.today), figure_text(&target.target));
            let [name, other_name, _] = names;
            format!("{}: {name} {today}, {other_name} {goal}", target.label)
        })
        .collect();
    let figure = flow.node("Figure");
    flow.tags
        .describe(figure, format!("{title}: {}", words.join("; ")));
    let y = flow.y;
    flow.draw(figure, |page| {
        page.paragraph_right(&head[0], LEFT - 12.0, y);
        page.paragraph(&head[1], RIGHT, y);
        page.paragraph_right(&head[2], MARGIN + WIDTH, y);
        let below = y + 4.0 * STEP;
        let line = [(MARGIN, below), (MARGIN + WIDTH, below)];
        page.line(line[0], line[1], 0.8, Color::Primary, 0.0);
    });
    flow.y += 4.0 * STEP;
    for row in &rows {
        flow.need(row.height());
        let y = flow.y;
        flow.draw(figure, |page| row.draw(page, y));
        flow.y += row.height();
    }
    flow.y += STEP;
}
