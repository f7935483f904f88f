//! Line chart of cumulative return and cumulative investment by month, with their intersection.

use crate::pdf::flow::Flow;
use crate::pdf::text::Paragraph;
use crate::pdf::theme::*;
use crate::plan::Curves;

const HEIGHT: f32 = 44.0 * STEP;
const AXIS: f32 = 8.0 * STEP;
/// Height of the chart below its heading.
pub const ROOM: f32 = HEIGHT + AXIS;
/// Width on the right for the names of the lines.
const NAMES: f32 = 104.0;

pub fn draw(flow: &mut Flow, title: &str, curves: &Curves) {
    flow.heading(title, ROOM);
    let ticks: Vec<(f64, Paragraph)> = curves
        .ticks
        .iter()
        .map(|(value, words)| (*value, flow.engine.shape_line(words, TINY.tabular())))
        .collect();
    let widest = ticks
        .iter()
        .map(|(_, words)| words.width)
        .fold(0.0, f32::max);
    let left = MARGIN + widest + 8.0;
    let width = MARGIN + WIDTH - NAMES - left;
    let months = curves.points.len().saturating_sub(1).max(1) as f32;
    let most = curves
        .ticks
        .last()
        .map_or(1.0, |(value, _)| *value)
        .max(1e-9);
    let top = flow.y + STEP;
    let at_month = |month: f32| left + width * month / months;
    let at_value = |value: f64| top + HEIGHT - HEIGHT * (value / most).clamp(0.0, 1.0) as f32;
    let points = |of: fn(&(f64, f64)) -> f64| -> Vec<(f32, f32)> {
        let one = |(month, point)| (at_month(month as f32), at_value(of(point)));
        curves.points.iter().enumerate().map(one).collect()
    };
    let (invested, returned) = (points(|point| point.0), points(|point| point.1));
    let month_labels: Vec<Paragraph> = (0..curves.points.len())
        .map(|month| flow.engine.shape_line(&month.to_string(), TINY.tabular()))
        .collect();
    let axis = flow.engine.shape_line(&curves.axis, TINY);
    let names: Vec<[Paragraph; 2]> = (0..2)
        .map(|i| {
            let color = [Color::Soft, Color::Primary][i];
            [
                flow.engine
                    .shape_cut(&curves.lines[i], CELL.strong().color(color), NAMES - 10.0),
                flow.engine
                    .shape_cut(&curves.ends[i], CELL.color(color).tabular(), NAMES - 10.0),
            ]
        })
        .collect();
    let note = flow.engine.shape(
        &curves.note,
        CELL.strong().color(Color::Primary),
        width * 0.62,
    );
    let meeting = curves.meets.map(|month| {
        let whole = month.floor() as usize;
        let part = month - month.floor();
        let value = |i: usize| {
            curves
                .points
                .get(i)
                .or(curves.points.last())
                .map_or(0.0, |p| p.0)
        };
        let value = value(whole) + (value(whole + 1) - value(whole)) * part;
        (at_month(month as f32), at_value(value))
    });

    let figure = flow.node("Figure");
    flow.tags.describe(
        figure,
        format!(
            "{title}. {}: {}, {}: {}. {}",
            curves.lines[0], curves.ends[0], curves.lines[1], curves.ends[1], curves.note
        ),
    );
    flow.draw(figure, |page| {
        for (value, words) in &ticks {
            let y = at_value(*value);
            page.line((left, y), (left + width, y), 0.5, Color::Line, 0.0);
            page.paragraph_right(words, left - 6.0, y - words.height() / 2.0);
        }
        for (month, label) in month_labels.iter().enumerate() {
            // Every month has a label if there are at most 20, otherwise every third month.
            if month_labels.len() <= 20 || month % 3 == 0 {
                page.paragraph_centered(label, at_month(month as f32), top + HEIGHT + STEP);
            }
        }
        page.paragraph_centered(
            &axis,
            left + width / 2.0,
            top + HEIGHT + STEP + label_height(),
        );
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
        let mut ends = [end_of(&invested), end_of(&returned)];
        let room = names[0][0].height() + names[0][1].height();
        // Names that would overlap are moved apart.
        let gap = (ends[0] - ends[1]).abs();
        if gap < room {
            let (upper, lower) = if ends[1] <= ends[0] { (1, 0) } else { (0, 1) };
            ends[upper] -= (room - gap) / 2.0;
            ends[lower] += (room - gap) / 2.0;
        }
        for (name, y) in names.iter().zip(ends) {
            let y = (y - room / 2.0).clamp(top - 2.0 * STEP, top + HEIGHT - room);
            page.paragraph(&name[0], left + width + 10.0, y);
            page.paragraph(&name[1], left + width + 10.0, y + name[0].height());
        }
    });
    flow.y = top + HEIGHT + AXIS;
}

fn label_height() -> f32 {
    TINY.line
}

fn end_of(points: &[(f32, f32)]) -> f32 {
    points.last().map_or(0.0, |point| point.1)
}
