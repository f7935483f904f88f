//! The roadmap as a chart and a table in one: activities with owners and dates, bars, arrows, reviews, and today.

mod arrows;
mod frame;
mod row;

use arrows::Bar;
use frame::Frame;
use row::{Columns, Row};

use super::headings;
use super::marks;
use super::time_axis::TimeAxis;
use crate::pdf::flow::Flow;
use crate::pdf::page::Page;
use crate::pdf::spacing::Spacing;
use crate::pdf::text::Paragraph;
use crate::pdf::theme::*;
use crate::plan::{ActivityState, Schedule};

/// Space in a row in addition to its text, if the page has room, and if it is tight.
const PAD: (f32, f32) = (3.5 * STEP, 1.6 * STEP);
/// The same if the section must fit on one page.
const TIGHTEST_PAD: f32 = 0.6 * STEP;

/// Returns the smallest space in a row.
fn least_pad(flow: &Flow) -> f32 {
    match flow.spacing == Spacing::NORMAL {
        true => PAD.1,
        false => TIGHTEST_PAD,
    }
}
/// Additional space before the first activity of a month.
const MONTH_GAP: f32 = STEP;
/// Number of activities that stay with the heading.
const FIRST_ROWS: usize = 4;
/// Height of a bar.
const BAR: f32 = 10.0;
/// Height of the legend, with the space below.
const LEGEND: f32 = 5.0 * STEP;
/// Distance from the axis to the right margin, for the mark of a review on the last day.
const INSET: f32 = 4.0;
/// Days before today that the axis shows if today is before day 1.
const DAYS_BEFORE: i64 = 3;

/// Draws the schedule in as many charts as needed, at most one per page.
pub fn draw(flow: &mut Flow, schedule: &Schedule) {
    if schedule.rows.is_empty() {
        return;
    }
    let columns = Columns::of(flow, schedule);
    let rows: Vec<Row> = schedule
        .rows
        .iter()
        .map(|row| Row::of(flow, row, &columns, state_word(schedule, row.state)))
        .collect();
    let frame = Frame::of(flow, schedule, &columns, axis(schedule, &columns));
    let legend = legend(flow, schedule);
    let legend_height = legend_height(&legend);
    let around = frame.head() + frame.foot();
    let least_pad = least_pad(flow);
    let first = height(&rows[..rows.len().min(FIRST_ROWS)], least_pad);
    let all = height(&rows, least_pad) + around + legend_height;
    // A chart that fits on one page stays whole unless it would leave most of a page empty.
    let page = flow.page_height() - 20.0 * STEP;
    let keep = all <= page && flow.room() < 0.5 * page;
    let least = if keep {
        all
    } else {
        first + around + legend_height
    };
    headings::heading(flow, &schedule.title, "", least);
    draw_legend(flow, &legend);
    draw_charts(flow, schedule, &frame, &rows);
}

/// Returns the height of the first rows of a schedule with its legend, axis, and reviews.
pub fn least(schedule: &Schedule) -> f32 {
    /// Height of the axis, the legend, and the labels of the reviews.
    const AROUND: f32 = 36.0 * STEP;
    AROUND + 10.0 * STEP * schedule.rows.len().min(FIRST_ROWS) as f32
}

fn draw_charts(flow: &mut Flow, schedule: &Schedule, frame: &Frame, rows: &[Row]) {
    let around = frame.head() + frame.foot();
    let least = least_pad(flow);
    let mut start = 0;
    while start < rows.len() {
        let rest = &rows[start..];
        let mut room = flow.room() - around;
        if start > 0 || height(&rest[..1], least) > room {
            flow.new_page();
            room = flow.room() - around;
        }
        let fits = (1..=rest.len())
            .take_while(|count| height(&rest[..*count], least) <= room + 0.1)
            .last()
            .unwrap_or(1);
        let now = &rest[..fits];
        let spare = (room - height(now, least)) / fits as f32;
        let pad = least + spare.clamp(0.0, PAD.0 - least);
        chart(flow, schedule, frame, (start, now), pad);
        start += fits;
    }
}

/// Returns the height of rows with this padding.
fn height(rows: &[Row], pad: f32) -> f32 {
    let months = rows
        .windows(2)
        .filter(|pair| pair[0].month != pair[1].month);
    rows.iter().map(|row| row.height() + pad).sum::<f32>() + MONTH_GAP * months.count() as f32
}

fn state_word(schedule: &Schedule, state: ActivityState) -> &str {
    let [done, in_progress, not_started, ..] = &schedule.legend;
    match state {
        ActivityState::Done => done,
        ActivityState::InProgress => in_progress,
        ActivityState::NotStarted => not_started,
    }
}

fn axis(schedule: &Schedule, columns: &Columns) -> TimeAxis {
    let mut first = schedule.start;
    if let Some((today, _)) = &schedule.today
        && *today < first
    {
        first = *today - chrono::Days::new(DAYS_BEFORE as u64);
    }
    TimeAxis::new(
        first,
        schedule.end.max(first),
        (columns.chart(), MARGIN + WIDTH - INSET),
    )
}

/// A sample of a bar and what it means.
type LegendEntry = (Sample, Paragraph);

#[derive(Clone, Copy, PartialEq)]
enum Sample {
    State(ActivityState),
    Planned,
    None,
}

/// Width and height of a sample in the legend.
const SAMPLE: (f32, f32) = (17.0, 7.0);

/// Returns the entries of the legend: only what the chart contains.
fn legend(flow: &mut Flow, schedule: &Schedule) -> Vec<LegendEntry> {
    let [done, in_progress, not_started, planned, arrow] = &schedule.legend;
    let has = |state| schedule.rows.iter().any(|row| row.state == state);
    let planned_drawn = schedule.rows.iter().any(|row| row.planned.is_some());
    use ActivityState::{Done, InProgress, NotStarted};
    let entries = [
        (Sample::State(Done), done, has(Done)),
        (Sample::State(InProgress), in_progress, has(InProgress)),
        (Sample::State(NotStarted), not_started, has(NotStarted)),
        (Sample::Planned, planned, planned_drawn),
        (Sample::None, arrow, !schedule.arrows.is_empty()),
    ];
    entries
        .into_iter()
        .filter(|(_, words, drawn)| *drawn && !words.is_empty())
        .map(|(sample, words, _)| (sample, flow.engine.shape_cut(words, SMALL, WIDTH - 30.0)))
        .collect()
}

/// Returns the position of each entry, from the left and from the top of the legend.
fn legend_places(legend: &[LegendEntry]) -> Vec<(f32, f32)> {
    const GAP: f32 = 14.0;
    let (mut x, mut y) = (MARGIN, 0.0);
    legend
        .iter()
        .map(|(sample, words)| {
            let width = words.width
                + if *sample == Sample::None {
                    0.0
                } else {
                    SAMPLE.0 + 5.0
                };
            if x > MARGIN && x + width > MARGIN + WIDTH {
                (x, y) = (MARGIN, y + LEGEND);
            }
            let place = (x, y);
            x += width + GAP;
            place
        })
        .collect()
}

fn legend_height(legend: &[LegendEntry]) -> f32 {
    legend_places(legend)
        .last()
        .map_or(0.0, |(_, y)| y + LEGEND)
}

fn draw_legend(flow: &mut Flow, legend: &[LegendEntry]) {
    let top = flow.y;
    for ((sample, words), (x, y)) in legend.iter().zip(legend_places(legend)) {
        let y = top + y;
        let bar = (x, y + (SMALL.line - SAMPLE.1) / 2.0);
        flow.artifact(|page| match sample {
            Sample::State(state) => state_bar(page, bar, SAMPLE.0, SAMPLE.1, *state),
            Sample::Planned => marks::outline(page, bar, SAMPLE.0, SAMPLE.1, Color::Quiet),
            Sample::None => {}
        });
        let indent = if *sample == Sample::None {
            0.0
        } else {
            SAMPLE.0 + 5.0
        };
        let node = flow.node("P");
        flow.draw(node, |page| page.paragraph(words, x + indent, y));
    }
    flow.y = top + legend_height(legend);
}

/// Draws a bar in the way of its state.
fn state_bar(page: &mut Page, at: (f32, f32), width: f32, height: f32, state: ActivityState) {
    match state {
        ActivityState::Done => page.rect(at.0, at.1, width, height, Color::PrimarySoft),
        ActivityState::InProgress => page.rect(at.0, at.1, width, height, Color::Accent),
        ActivityState::NotStarted => marks::hollow(page, at, width, height, 1.2, Color::Accent),
    }
}

/// The position of a row on the page.
struct Place {
    top: f32,
    bottom: f32,
    /// Whether a month ends with the row.
    ends_month: bool,
}

fn places(rows: &[Row], top: f32, pad: f32) -> Vec<Place> {
    let mut y = top;
    let place = |(i, row): (usize, &Row)| {
        let ends_month = rows.get(i + 1).is_some_and(|next| next.month != row.month);
        let gap = if ends_month { MONTH_GAP } else { 0.0 };
        let top = y;
        y += row.height() + pad + gap;
        Place {
            top,
            bottom: y,
            ends_month,
        }
    };
    rows.iter().enumerate().map(place).collect()
}

/// Draws rows as one chart at the current position. `start` is the index of the first row.
fn chart(
    flow: &mut Flow,
    schedule: &Schedule,
    frame: &Frame,
    (start, rows): (usize, &[Row]),
    pad: f32,
) {
    let top = flow.y + frame.head();
    let places = places(rows, top, pad);
    let bottom = places.last().map_or(top, |place| place.bottom);
    let bars: Vec<Bar> = rows
        .iter()
        .zip(&places)
        .map(|(row, place)| {
            let (left, right) = frame.axis.bar(row.activity.bar, 3.0);
            // The gap after a month does not move the bar down.
            let middle = place.top + (row.height() + pad) / 2.0;
            Bar {
                left,
                right,
                top: middle - BAR / 2.0,
                bottom: middle + BAR / 2.0,
            }
        })
        .collect();
    let pairs: Vec<(usize, usize)> = schedule
        .arrows
        .iter()
        .filter_map(|(from, to)| Some((from.checked_sub(start)?, to.checked_sub(start)?)))
        .collect();
    let arrows = arrows::plan(&bars, &pairs, &frame.lines());
    let words: Vec<String> = rows.iter().map(Row::in_words).collect();
    let figure = flow.node("Figure");
    flow.tags.describe(figure, words.join("; "));
    flow.draw(figure, |page| {
        frame.draw(page, top, bottom);
        for (row, place) in rows.iter().zip(&places) {
            row.draw_text(page, place.top + pad / 2.0);
            draw_rule(page, frame, place);
        }
        for (row, bar) in rows.iter().zip(&bars) {
            draw_planned(page, frame, row, bar);
        }
        arrows::draw_lines(page, &arrows);
        for (row, bar) in rows.iter().zip(&bars) {
            draw_bar(page, row, bar);
        }
        arrows::draw_heads(page, &arrows);
        frame.draw_today(page, top, bottom);
    });
    flow.y = bottom + frame.foot();
    flow.snap_to_grid();
}

/// Draws the line below a row: darker if a month ends, none if the chart ends.
fn draw_rule(page: &mut Page, frame: &Frame, place: &Place) {
    let color = if place.ends_month {
        Color::PrimaryMid
    } else {
        Color::Line
    };
    let right = frame.axis.bounds().0 - 6.0;
    let y = place.bottom;
    page.line((MARGIN, y), (right, y), 0.6, color, 0.0);
}

fn draw_planned(page: &mut Page, frame: &Frame, row: &Row, bar: &Bar) {
    if let Some(planned) = row.activity.planned {
        let (left, right) = frame.axis.bar(planned, 3.0);
        let height = bar.bottom - bar.top;
        marks::outline(page, (left, bar.top), right - left, height, Color::Quiet);
    }
}

fn draw_bar(page: &mut Page, row: &Row, bar: &Bar) {
    let (width, height) = (bar.right - bar.left, bar.bottom - bar.top);
    state_bar(page, (bar.left, bar.top), width, height, row.activity.state);
    if row.activity.state == ActivityState::Done {
        let middle = ((bar.left + bar.right) / 2.0, (bar.top + bar.bottom) / 2.0);
        marks::check(page, middle, Color::Primary);
    }
}
