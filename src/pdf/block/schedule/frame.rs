//! The frame of a schedule: column headings, months, dates, reviews, and today.

use crate::pdf::flow::Flow;
use crate::pdf::page::Page;
use crate::pdf::text::{Paragraph, Style};
use crate::pdf::theme::*;
use crate::plan::Schedule;

use super::super::marks;
use super::super::time_axis::TimeAxis;
use super::row::Columns;

/// Height of the row of months, and of the row of dates and column headings.
const ROW: f32 = 4.0 * STEP;
/// Height of the label of today, with the space to the months.
const TODAY: f32 = 5.0 * STEP;
/// Distance from the chart to the labels of the reviews.
const BELOW: f32 = 2.0 * STEP;
/// Largest width of the label of a review.
const MAX_REVIEW: f32 = 110.0;
const MONTH: Style = Style::new(7.5, 3.0).strong().color(Color::Primary);
const TODAY_LABEL: Style = TINY.strong().color(Color::White);

/// A shaped review: position, name, date, center of the label, and its level below the chart.
struct Review {
    x: f32,
    name: Paragraph,
    date: Paragraph,
    center: f32,
    level: usize,
}

/// The parts of a chart around its rows.
pub struct Frame {
    pub axis: TimeAxis,
    columns: Columns,
    headings: [Paragraph; 3],
    /// Left and right end of each month.
    months: Vec<(f32, f32)>,
    /// Titles of the months that have room, and their positions.
    titles: Vec<(f32, Paragraph)>,
    ticks: Vec<f32>,
    dates: Vec<(f32, Paragraph)>,
    reviews: Vec<Review>,
    today: Option<(f32, Paragraph)>,
}

impl Frame {
    pub fn of(flow: &mut Flow, schedule: &Schedule, columns: &Columns, axis: TimeAxis) -> Self {
        let [name, due, expected] = &schedule.headings;
        let (due_width, expected_width) = columns.heading_widths();
        let headings = [
            flow.engine
                .shape_cut(name, TINY, columns.name_heading_width()),
            flow.engine.shape_cut(due, TINY, due_width),
            flow.engine.shape_cut(expected, TINY, expected_width),
        ];
        let today = schedule.today.as_ref().map(|(day, label)| {
            let label = flow.engine.shape_cut(label, TODAY_LABEL, WIDTH / 3.0);
            (axis.at(*day), label)
        });
        let line: Vec<f32> = today.iter().map(|(x, _)| *x).collect();
        let months: Vec<(f32, f32)> = schedule
            .months
            .iter()
            .map(|(_, from, to)| (axis.at(*from), axis.after(*to)))
            .collect();
        Self {
            axis,
            columns: *columns,
            headings,
            titles: titles(flow, schedule, &months, &line),
            months,
            ticks: schedule
                .ticks
                .iter()
                .map(|(day, _)| axis.at(*day))
                .collect(),
            dates: dates(flow, schedule, axis, &line),
            reviews: reviews(flow, schedule, axis),
            today,
        }
    }

    /// Returns the height above the rows.
    pub fn head(&self) -> f32 {
        2.0 * ROW + 2.0 * STEP + if self.today.is_some() { TODAY } else { 0.0 }
    }

    /// Returns the height below the rows.
    pub fn foot(&self) -> f32 {
        let levels = self.reviews.iter().map(|review| review.level + 1).max();
        BELOW + 6.0 * STEP * levels.unwrap_or(0) as f32 + 2.0 * STEP
    }

    /// Returns the positions of vertical lines that arrows avoid.
    pub fn lines(&self) -> Vec<f32> {
        let reviews = self.reviews.iter().map(|review| review.x);
        reviews
            .chain(self.today.iter().map(|today| today.0))
            .collect()
    }

    /// Draws everything behind the rows, which are between `top` and `bottom`.
    pub fn draw(&self, page: &mut Page, top: f32, bottom: f32) {
        let (left, right) = self.axis.bounds();
        let rule = top - STEP;
        for (i, (from, to)) in self.months.iter().enumerate() {
            if i % 2 == 0 {
                page.rect(*from, rule, to - from, bottom - rule, Color::Pale);
            }
        }
        for x in &self.ticks {
            page.line((*x, rule), (*x, bottom), 0.5, Color::Line, 0.0);
        }
        for (x, title) in &self.titles {
            page.paragraph(title, *x, rule - 2.0 * ROW + STEP / 2.0);
        }
        let dates = rule - ROW + STEP / 2.0;
        for (x, date) in &self.dates {
            page.paragraph(date, *x, dates);
        }
        let [name, due, expected] = &self.headings;
        page.paragraph(name, MARGIN, dates);
        page.paragraph_right(due, self.columns.due, dates);
        if let Some(right) = self.columns.expected {
            page.paragraph_right(expected, right, dates);
        }
        page.rule(rule, 1.0, Color::Primary);
        page.line((left, bottom), (right, bottom), 0.6, Color::Line, 0.0);
        for review in &self.reviews {
            review.draw(page, rule, bottom);
        }
    }

    /// Draws today's line and its label.
    pub fn draw_today(&self, page: &mut Page, top: f32, bottom: f32) {
        const PAD: f32 = 4.0;
        const HEIGHT: f32 = 11.5;
        let Some((x, label)) = &self.today else {
            return;
        };
        let label_top = top - self.head() + STEP / 2.0;
        page.line((*x, label_top + HEIGHT), (*x, bottom), 1.3, Color::Bad, 0.0);
        let width = label.width + 2.0 * PAD;
        let left = (x - width / 2.0).clamp(MARGIN, MARGIN + WIDTH - width);
        page.rect(left, label_top, width, HEIGHT, Color::Bad);
        page.paragraph(
            label,
            left + PAD,
            label_top + (HEIGHT - label.line_height()) / 2.0,
        );
    }
}

impl Review {
    fn draw(&self, page: &mut Page, top: f32, bottom: f32) {
        let x = self.x;
        page.line((x, top), (x, bottom), 0.8, Color::Primary, 2.0);
        marks::diamond(page, (x, bottom), Color::Primary);
        let y = bottom + BELOW + 6.0 * STEP * self.level as f32;
        page.paragraph_centered(&self.name, self.center, y);
        page.paragraph_centered(&self.date, self.center, y + self.name.height());
    }
}

/// Returns the titles of the months that have room.
fn titles(
    flow: &mut Flow,
    schedule: &Schedule,
    months: &[(f32, f32)],
    line: &[f32],
) -> Vec<(f32, Paragraph)> {
    let shaped = schedule.months.iter().zip(months);
    let labels: Vec<(f32, Paragraph)> = shaped
        .map(|((title, ..), (left, right))| {
            let title = flow
                .engine
                .shape_cut(title, MONTH, (right - left).max(60.0));
            (*left, title)
        })
        .collect();
    drawn(labels, (0.0, MARGIN + WIDTH), line)
}

/// Returns the dates on the axis that have room.
fn dates(
    flow: &mut Flow,
    schedule: &Schedule,
    axis: TimeAxis,
    line: &[f32],
) -> Vec<(f32, Paragraph)> {
    let ticks = schedule.ticks.iter().filter(|(_, text)| !text.is_empty());
    let labels = ticks
        .map(|(day, text)| {
            (
                axis.at(*day),
                flow.engine.shape_cut(text, TINY.tabular(), 80.0),
            )
        })
        .collect();
    drawn(labels, (axis.bounds().0, MARGIN + WIDTH), line)
}

/// Returns the labels that neither touch the next one nor a line.
fn drawn(labels: Vec<(f32, Paragraph)>, bounds: (f32, f32), line: &[f32]) -> Vec<(f32, Paragraph)> {
    let sizes: Vec<(f32, f32)> = labels.iter().map(|(x, text)| (*x, text.width)).collect();
    let places = marks::thin_labels(&sizes, bounds, line);
    let kept = labels.into_iter().zip(places);
    kept.filter_map(|((_, text), place)| Some((place?, text)))
        .collect()
}

fn reviews(flow: &mut Flow, schedule: &Schedule, axis: TimeAxis) -> Vec<Review> {
    let mut reviews: Vec<Review> = schedule
        .reviews
        .iter()
        .map(|(day, name, date)| Review {
            x: axis.after(*day),
            name: flow
                .engine
                .shape_cut(name, TINY.strong().color(Color::Primary), MAX_REVIEW),
            date: flow.engine.shape_cut(date, TINY, MAX_REVIEW),
            center: 0.0,
            level: 0,
        })
        .collect();
    reviews.sort_by(|a, b| a.x.total_cmp(&b.x));
    let widths: Vec<(f32, f32)> = reviews
        .iter()
        .map(|review| (review.x, review.name.width.max(review.date.width)))
        .collect();
    let places = marks::place_labels(&widths, (MARGIN, MARGIN + WIDTH), 8.0);
    for (review, ((left, level), (_, width))) in reviews.iter_mut().zip(places.iter().zip(&widths))
    {
        (review.center, review.level) = (left + width / 2.0, *level);
    }
    reviews
}
