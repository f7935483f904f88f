//! The roadmap as a Gantt chart: months, weeks, review dates, owners, and what is urgent.

use chrono::{Datelike, NaiveDate};

use crate::pdf::flow::Flow;
use crate::pdf::text::{Paragraph, Style};
use crate::pdf::theme::*;
use crate::programme::Tone;

const LABEL_WIDTH: f32 = 152.0;
/// Room on the right for the due date of a bar that ends on the last day.
const DATE_WIDTH: f32 = 40.0;
const SCALE: f32 = WIDTH - LABEL_WIDTH - DATE_WIDTH;
const LEFT: f32 = MARGIN + LABEL_WIDTH;
const BAR: f32 = 10.0;
const HEAD: f32 = 10.0 * STEP;
const FOOT: f32 = 6.0 * STEP;

pub fn draw(flow: &mut Flow) {
    let plan = flow.plan;
    let roadmap = &plan.roadmap;
    let days = (roadmap.end - roadmap.start).num_days().max(1) as f32 + 1.0;
    let x_of = |day: NaiveDate| {
        LEFT + SCALE * ((day - roadmap.start).num_days() as f32).clamp(0.0, days) / days
    };
    let after = |day: NaiveDate| {
        LEFT + SCALE * ((day - roadmap.start).num_days() as f32 + 1.0).clamp(0.0, days) / days
    };

    let rows: Vec<(Paragraph, Paragraph, Paragraph)> = roadmap
        .activities
        .iter()
        .map(|activity| {
            let urgent = matches!(activity.urgency, Tone::Bad | Tone::Watch);
            let style = CELL;
            (
                flow.engine.shape(
                    &activity.label,
                    if urgent { style.strong() } else { style },
                    LABEL_WIDTH - 10.0,
                ),
                flow.engine
                    .shape_cut(&activity.owner, TINY, LABEL_WIDTH - 10.0),
                flow.engine
                    .shape_line(&activity.due_short, TINY.color(Color::Soft).tabular()),
            )
        })
        .collect();
    let heights: Vec<f32> = rows
        .iter()
        .map(|(label, owner, _)| label.height() + owner.line_height() + 2.0 * STEP)
        .collect();
    let body: f32 = heights.iter().sum();
    flow.need(HEAD + body + FOOT);
    let top = flow.y;

    let months: Vec<(Paragraph, f32, f32)> = roadmap
        .months
        .iter()
        .map(|(title, from, to)| {
            let (left, right) = (x_of(*from), after(*to));
            (
                flow.engine.shape_cut(
                    title,
                    TINY.strong().color(Color::Primary),
                    right - left - 6.0,
                ),
                left,
                right,
            )
        })
        .collect();
    let weeks: Vec<(f32, Paragraph)> = (0..)
        .map(|week| roadmap.start + chrono::Duration::days(7 * week))
        .take_while(|day| *day <= roadmap.end)
        .map(|day| {
            (
                x_of(day),
                flow.engine.shape_line(
                    &format!("{}.{}.", day.day(), day.month()),
                    Style::new(5.8, 2.0).color(Color::Quiet).tabular(),
                ),
            )
        })
        .collect();
    let reviews: Vec<(f32, Paragraph)> = roadmap
        .reviews
        .iter()
        .map(|(name, day)| {
            (
                after(*day),
                flow.engine.shape_line(name, TINY.color(Color::Primary)),
            )
        })
        .collect();

    let alt: Vec<String> = roadmap
        .activities
        .iter()
        .map(|activity| {
            format!(
                "{}, {}, {}",
                activity.label, activity.owner, activity.due_text
            )
        })
        .collect();
    let figure = flow.node("Figure");
    flow.tags.describe(figure, alt.join("; "));
    flow.draw(figure, |page| {
        let bottom = top + HEAD + body;
        for (i, (title, left, right)) in months.iter().enumerate() {
            page.rect(
                *left,
                top,
                right - left,
                HEAD + body,
                if i % 2 == 0 {
                    Color::Pale
                } else {
                    Color::Paler
                },
            );
            page.paragraph(title, left + 4.0, top + 4.0);
        }
        for (x, date) in &weeks {
            page.line((*x, top + 18.0), (*x, bottom), 0.4, Color::Line, 0.0);
            page.paragraph(date, x + 1.5, top + 20.0);
        }
        for (x, name) in &reviews {
            page.line(
                (*x, top + HEAD - 4.0),
                (*x, bottom),
                0.8,
                Color::Primary,
                2.0,
            );
            page.polygon(
                &[
                    (*x, bottom - 1.0),
                    (x + 3.5, bottom + 5.0),
                    (x - 3.5, bottom + 5.0),
                ],
                Color::Primary,
            );
            page.paragraph(
                name,
                (x - name.width / 2.0).min(MARGIN + WIDTH - name.width),
                bottom + 7.0,
            );
        }
        let mut y = top + HEAD;
        for ((activity, (label, owner, due)), height) in
            roadmap.activities.iter().zip(&rows).zip(&heights)
        {
            let middle = y + height / 2.0;
            page.paragraph(label, MARGIN, y + 2.0);
            page.paragraph(owner, MARGIN, y + 2.0 + label.height());
            let (left, right) = (x_of(activity.from), after(activity.due));
            let color = if activity.done {
                Color::AccentSoft
            } else {
                bar_color(activity.urgency)
            };
            page.rect(
                left,
                middle - BAR / 2.0,
                (right - left).max(2.0),
                BAR,
                color,
            );
            if matches!(activity.urgency, Tone::Bad) {
                // A dark head marks the urgent ones in grey print.
                page.rect(left, middle - BAR / 2.0, 3.0, BAR, Color::Ink);
            }
            // The date stands on a ground of its own: no line runs through it.
            let x = right + 4.0;
            page.rect(x - 1.5, middle - 5.0, due.width + 3.0, 10.0, Color::White);
            page.paragraph(due, x, middle - due.height() / 2.0);
            y += height;
        }
    });
    flow.y += HEAD + body + FOOT + STEP;
}

fn bar_color(urgency: Tone) -> Color {
    match urgency {
        Tone::Bad => Color::Bad,
        Tone::Watch => Color::Watch,
        Tone::Good | Tone::Plain => Color::Accent,
    }
}
