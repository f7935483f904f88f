//! Line chart of cumulative return and cumulative investment by month, with their intersection.

use crate::pdf::flow::Flow;
use crate::pdf::page::Page;
use crate::pdf::text::Paragraph;
use crate::pdf::theme::*;
use crate::plan::Curves;

const HEIGHT: f32 = 44.0 * STEP;
const AXIS: f32 = 8.0 * STEP;
/// Height of the chart below its heading.
pub const ROOM: f32 = HEIGHT + AXIS;
/// Width on the right for the names of the lines.
const NAMES: f32 = 104.0;

/// Where the chart is on its page, and what its axes span.
#[derive(Clone, Copy)]
struct Frame {
    left: f32,
    width: f32,
    top: f32,
    months: f32,
    /// The value at the top of the chart.
    max: f64,
}

impl Frame {
    fn at_month(self, month: f32) -> f32 {
        self.left + self.width * month / self.months
    }

    fn at_value(self, value: f64) -> f32 {
        self.top + HEIGHT - HEIGHT * (value / self.max).clamp(0.0, 1.0) as f32
    }

    fn line(self, curves: &Curves, of: fn(&(f64, f64)) -> f64) -> Vec<(f32, f32)> {
        let points = curves.points.iter().enumerate();
        points
            .map(|(month, point)| (self.at_month(month as f32), self.at_value(of(point))))
            .collect()
    }
}

pub fn draw(flow: &mut Flow, title: &str, curves: &Curves) {
    flow.heading(title, ROOM);
    let ticks: Vec<(f64, Paragraph)> = curves
        .ticks
        .iter()
        .map(|(value, words)| (*value, flow.engine.shape_line(words, TINY.tabular())))
        .collect();
    let widths = ticks.iter().map(|(_, words)| words.width);
    let left = MARGIN + widths.fold(0.0, f32::max) + 8.0;
    let max = curves.ticks.last().map_or(1.0, |(value, _)| *value);
    let frame = Frame {
        left,
        width: MARGIN + WIDTH - NAMES - left,
        top: flow.y + STEP,
        months: curves.points.len().saturating_sub(1).max(1) as f32,
        max: max.max(1e-9),
    };
    let (invested, returned) = (
        frame.line(curves, |point| point.0),
        frame.line(curves, |point| point.1),
    );
    let month_labels: Vec<Paragraph> = (0..curves.points.len())
        .map(|month| flow.engine.shape_line(&month.to_string(), TINY.tabular()))
        .collect();
    let axis = flow.engine.shape_line(&curves.axis, TINY);
    let names = names(flow, curves);
    let note_style = CELL.strong().color(Color::Primary);
    let note = flow
        .engine
        .shape(&curves.note, note_style, frame.width * 0.62);
    let meeting = curves.meets.map(|month| {
        let value = invested_at(curves, month);
        (frame.at_month(month as f32), frame.at_value(value))
    });

    let figure = flow.node("Figure");
    let ([line, other_line], [end, other_end]) = (&curves.lines, &curves.ends);
    let words = format!(
        "{title}. {line}: {end}, {other_line}: {other_end}. {}",
        curves.note
    );
    flow.tags.describe(figure, words);
    let Frame {
        left, width, top, ..
    } = frame;
    flow.draw(figure, |page| {
        for (value, words) in &ticks {
            let y = frame.at_value(*value);
            page.line((left, y), (left + width, y), 0.5, Color::Line, 0.0);
            page.paragraph_right(words, left - 6.0, y - words.height() / 2.0);
        }
        for (month, label) in month_labels.iter().enumerate() {
            // Every month has a label if there are at most 20, otherwise every third month.
            if month_labels.len() <= 20 || month % 3 == 0 {
                page.paragraph_centered(label, frame.at_month(month as f32), top + HEIGHT + STEP);
            }
        }
        let below = top + HEIGHT + STEP + label_height();
        page.paragraph_centered(&axis, left + width / 2.0, below);
        // Dashed and solid lines are distinguishable without color.
        page.polyline(&invested, 1.6, Color::Soft, 4.0);
        page.polyline(&returned, 2.2, Color::Primary, 0.0);
        if let Some((x, y)) = meeting {
            page.line((x, y), (x, top + HEIGHT), 0.6, Color::Primary, 2.0);
            page.circle(x, y, 4.2, Color::White);
            page.circle(x, y, 3.2, Color::Accent);
        }
        // The upper left is free, because both lines start low.
        page.paragraph(&note, left + 10.0, top + STEP);
        draw_names(page, frame, &names, [end_of(&invested), end_of(&returned)]);
    });
    flow.y = top + HEIGHT + AXIS;
}

/// The name and the last value of each line.
fn names(flow: &mut Flow, curves: &Curves) -> Vec<[Paragraph; 2]> {
    let lines = curves.lines.iter().zip(&curves.ends);
    let lines = lines.zip([Color::Soft, Color::Primary]);
    lines
        .map(|((name, end), color)| {
            let (strong, plain) = (CELL.strong().color(color), CELL.color(color).tabular());
            [
                flow.engine.shape_cut(name, strong, NAMES - 10.0),
                flow.engine.shape_cut(end, plain, NAMES - 10.0),
            ]
        })
        .collect()
}

/// Draws the names next to the ends of their lines. Names that would overlap are moved apart.
fn draw_names(page: &mut Page, frame: Frame, names: &[[Paragraph; 2]], mut ends: [f32; 2]) {
    let room = names[0][0].height() + names[0][1].height();
    let gap = (ends[0] - ends[1]).abs();
    if gap < room {
        let (upper, lower) = if ends[1] <= ends[0] { (1, 0) } else { (0, 1) };
        ends[upper] -= (room - gap) / 2.0;
        ends[lower] += (room - gap) / 2.0;
    }
    let x = frame.left + frame.width + 10.0;
    for (name, y) in names.iter().zip(ends) {
        let highest = frame.top - 2.0 * STEP;
        let y = (y - room / 2.0).clamp(highest, frame.top + HEIGHT - room);
        page.paragraph(&name[0], x, y);
        page.paragraph(&name[1], x, y + name[0].height());
    }
}

/// The cumulative investment at a point in time, in months, between the values of whole months.
fn invested_at(curves: &Curves, month: f64) -> f64 {
    let value = |month: usize| {
        let point = curves.points.get(month).or(curves.points.last());
        point.map_or(0.0, |point| point.0)
    };
    let whole = month.floor();
    let before = value(whole as usize);
    before + (value(whole as usize + 1) - before) * (month - whole)
}

fn label_height() -> f32 {
    TINY.line
}

fn end_of(points: &[(f32, f32)]) -> f32 {
    points.last().map_or(0.0, |point| point.1)
}
