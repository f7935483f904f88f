//! Bars on a time axis, with dates above and marks below.

use super::headings;
use super::marks;
use super::time_axis::TimeAxis;
use crate::pdf::flow::Flow;
use crate::pdf::page::Page;
use crate::pdf::tags::Node;
use crate::pdf::text::Paragraph;
use crate::pdf::theme::*;
use crate::plan::{Timeline, TimelineRow};

/// Width of the names, and of the values after them.
const NAME: f32 = 150.0;
const VALUE: f32 = 34.0;
/// Distance from the axis to the right margin.
const INSET: f32 = 2.0;
const BAR: f32 = 13.0;
/// Space in a row in addition to its bar or name.
const PAD: f32 = 3.0 * STEP;
/// Height of the dates.
const HEAD: f32 = 4.0 * STEP;
/// Height of a level of labels of the marks.
const LEVEL: f32 = 3.5 * STEP;
/// Distance from the edge of a bar to a text.
const GAP: f32 = 5.0;
/// Largest width of a label of a mark, and of a text of a bar.
const MAX_LABEL: f32 = 150.0;
/// Thickness of the edge of a bar.
const LINE: f32 = 1.2;

/// A shaped bar.
struct Row<'t> {
    row: &'t TimelineRow,
    label: Paragraph,
    value: Paragraph,
    start: Paragraph,
    end: Paragraph,
}

impl Row<'_> {
    fn height(&self) -> f32 {
        self.label.height().max(BAR) + PAD
    }
}

/// A shaped mark.
struct Mark {
    x: f32,
    label: Paragraph,
    main: bool,
    left: f32,
    level: usize,
}

pub fn draw(flow: &mut Flow, timeline: &Timeline) {
    if timeline.rows.is_empty() {
        return;
    }
    let has_values = timeline.rows.iter().any(|row| !row.value.is_empty());
    let left = MARGIN + NAME + if has_values { VALUE } else { 0.0 } + 12.0;
    let to = timeline.to.max(timeline.from);
    let axis = TimeAxis::new(timeline.from, to, (left, MARGIN + WIDTH - INSET));
    let rows: Vec<Row> = timeline.rows.iter().map(|row| shape(flow, row)).collect();
    let marks = shape_marks(flow, timeline, axis);
    let levels = marks.iter().map(|mark| mark.level + 1).max().unwrap_or(0);
    let foot = LEVEL * levels as f32 + STEP;
    let all: f32 = rows.iter().map(Row::height).sum();
    let whole = HEAD + all + foot;
    let fits = whole <= 0.7 * flow.page_height();
    let least = if fits {
        whole
    } else {
        HEAD + rows[0].height() + foot
    };
    headings::heading(flow, &timeline.title, &timeline.caption, least);
    let figure = flow.node("Figure");
    flow.tags.describe(figure, in_words(timeline));
    draw_charts(flow, timeline, (axis, figure), (&rows, &marks), foot);
}

/// Draws the rows in as many charts as needed, one per page.
fn draw_charts(
    flow: &mut Flow,
    timeline: &Timeline,
    (axis, figure): (TimeAxis, Node),
    (rows, marks): (&[Row], &[Mark]),
    foot: f32,
) {
    let mut rest = rows;
    while !rest.is_empty() {
        let mut room = flow.room() - HEAD - foot;
        let fits = rest
            .iter()
            .take_while(|row| {
                room -= row.height();
                room >= -0.1
            })
            .count();
        if fits == 0 && rest.len() < rows.len() {
            flow.new_page();
            continue;
        }
        let (now, later) = rest.split_at(fits.max(1));
        chart(flow, timeline, (axis, figure), (now, marks));
        flow.y += foot;
        rest = later;
        if !rest.is_empty() {
            flow.new_page();
        }
    }
    flow.snap_to_grid();
}

fn shape<'t>(flow: &mut Flow, row: &'t TimelineRow) -> Row<'t> {
    let engine = &mut *flow.engine;
    let late = row.limit.is_some_and(|limit| row.to > limit);
    let end = if late {
        TINY.strong().color(Color::Bad)
    } else {
        TINY.color(Color::Ink)
    };
    Row {
        label: engine.shape_limited(&row.label, CELL.strong(), NAME - 6.0, 2),
        value: engine.shape_cut(
            &row.value,
            CELL.strong().color(Color::Primary).tabular(),
            VALUE,
        ),
        start: engine.shape_cut(&row.start_text, TINY.strong().color(Color::Ink), MAX_LABEL),
        end: engine.shape_cut(&row.end_text, end, MAX_LABEL),
        row,
    }
}

fn shape_marks(flow: &mut Flow, timeline: &Timeline, axis: TimeAxis) -> Vec<Mark> {
    let mut marks: Vec<Mark> = timeline
        .marks
        .iter()
        .map(|(day, label, main)| {
            let style = if *main {
                TINY.strong().color(Color::Primary)
            } else {
                TINY
            };
            Mark {
                x: axis.after(*day),
                label: flow.engine.shape_cut(label, style, MAX_LABEL),
                main: *main,
                left: 0.0,
                level: 0,
            }
        })
        .collect();
    marks.sort_by(|a, b| a.x.total_cmp(&b.x));
    let sizes: Vec<(f32, f32)> = marks
        .iter()
        .map(|mark| (mark.x, mark.label.width))
        .collect();
    let places = marks::place_labels(&sizes, (MARGIN, MARGIN + WIDTH), 10.0);
    for (mark, (left, level)) in marks.iter_mut().zip(places) {
        (mark.left, mark.level) = (left, level);
    }
    marks
}

fn chart(
    flow: &mut Flow,
    timeline: &Timeline,
    (axis, figure): (TimeAxis, Node),
    (rows, marks): (&[Row], &[Mark]),
) {
    let (ticks, dates) = dates(flow, timeline, axis);
    let top = flow.y + HEAD;
    let bottom = top + rows.iter().map(Row::height).sum::<f32>();
    let lines: Vec<f32> = marks.iter().map(|mark| mark.x).collect();
    flow.draw(figure, |page| {
        for x in &ticks {
            page.line((*x, top - STEP / 2.0), (*x, bottom), 0.5, Color::Line, 0.0);
        }
        for (x, date) in &dates {
            page.paragraph(date, *x, top - HEAD);
        }
        for mark in marks.iter().filter(|mark| !mark.main) {
            page.line(
                (mark.x, top),
                (mark.x, bottom + STEP),
                0.8,
                Color::Quiet,
                2.0,
            );
        }
        let mut y = top;
        for row in rows {
            draw_row(page, row, (axis, &lines), y);
            y += row.height();
        }
        for mark in marks {
            if mark.main {
                page.line(
                    (mark.x, top - STEP / 2.0),
                    (mark.x, bottom + STEP),
                    1.3,
                    Color::Primary,
                    0.0,
                );
            }
            page.paragraph(
                &mark.label,
                mark.left,
                bottom + STEP + LEVEL * mark.level as f32,
            );
        }
    });
    flow.y = bottom;
}

/// Returns the positions of the dates, and the dates that have room.
fn dates(
    flow: &mut Flow,
    timeline: &Timeline,
    axis: TimeAxis,
) -> (Vec<f32>, Vec<(f32, Paragraph)>) {
    let (mut ticks, mut dates) = (Vec::new(), Vec::new());
    for (day, text) in &timeline.ticks {
        let x = axis.at(*day);
        ticks.push(x);
        if !text.is_empty() {
            dates.push((x, flow.engine.shape_cut(text, TINY.tabular(), 80.0)));
        }
    }
    let sizes: Vec<(f32, f32)> = dates.iter().map(|(x, text)| (*x, text.width)).collect();
    let places = marks::thin_labels(&sizes, (axis.bounds().0, MARGIN + WIDTH), &[]);
    let kept = dates.into_iter().zip(places);
    let kept = kept.filter_map(|((_, text), place)| Some((place?, text)));
    (ticks, kept.collect())
}

fn draw_row(page: &mut Page, row: &Row, (axis, lines): (TimeAxis, &[f32]), y: f32) {
    let middle = y + row.height() / 2.0;
    page.paragraph(&row.label, MARGIN, middle - row.label.height() / 2.0);
    let value = axis.bounds().0 - 12.0;
    page.paragraph_right(&row.value, value, middle - row.value.height() / 2.0);
    let (left, right) = axis.bar((row.row.from, row.row.to), 3.0);
    let top = middle - BAR / 2.0;
    marks::hollow(page, (left, top), right - left, BAR, LINE, Color::Primary);
    let limit = row.row.limit.map_or(right, |limit| axis.after(limit));
    let limit = limit.clamp(left, right);
    if limit < right - LINE {
        let (x, width) = (limit, right - limit);
        page.rect(x, top, width, BAR, Color::Bad);
        let inner = ((width - 2.0 * LINE).max(0.0), BAR - 2.0 * LINE);
        page.rect(x + LINE, top + LINE, inner.0, inner.1, Color::BadSoft);
    }
    draw_texts(page, row, (axis, lines), (left, limit, right), middle);
}

/// Draws the texts of a bar: inside if they fit, otherwise on its sides. A mark that would cross a text outside the
/// bar moves the text behind the mark.
fn draw_texts(
    page: &mut Page,
    row: &Row,
    (axis, lines): (TimeAxis, &[f32]),
    (left, limit, right): (f32, f32, f32),
    middle: f32,
) {
    let places = text_places(
        (row.start.width, row.end.width),
        (left, limit, right),
        (axis.bounds(), lines),
    );
    for (text, place) in [(&row.start, places.0), (&row.end, places.1)] {
        if let Some(x) = place.filter(|_| text.width > 0.0) {
            let top = middle - text.line_height() / 2.0;
            if x + text.width <= left || x >= right {
                // The lines of the dates do not cross texts outside the bar.
                page.rect(
                    x - 1.0,
                    top,
                    text.width + 2.0,
                    text.line_height(),
                    Color::White,
                );
            }
            page.paragraph(text, x, top);
        }
    }
}

/// The bounds of the axis, and the lines of the marks.
struct Room<'m> {
    bounds: (f32, f32),
    lines: &'m [f32],
}

impl Room<'_> {
    fn crossed(&self, x: f32, width: f32) -> Option<f32> {
        let crosses = |line: &&f32| **line > x - 2.0 && **line < x + width + 2.0;
        self.lines.iter().find(crosses).copied()
    }

    fn has(&self, x: f32, width: f32) -> bool {
        x >= self.bounds.0 && x + width <= self.bounds.1 && self.crossed(x, width).is_none()
    }

    /// Returns the left end of a text that ends before `end`, or before the mark that would cross the text.
    fn before(&self, end: f32, width: f32) -> Option<f32> {
        let x = end - GAP - width;
        let x = self.crossed(x, width).map_or(x, |line| line - GAP - width);
        self.has(x, width).then_some(x)
    }

    /// Returns the left end of a text that starts after `start`, or after the mark that would cross the text.
    fn after(&self, start: f32, width: f32) -> Option<f32> {
        let x = start + GAP;
        let x = self.crossed(x, width).map_or(x, |line| line + GAP);
        self.has(x, width).then_some(x)
    }
}

/// Returns the left ends of the texts at the start and at the end of a bar, if they have room.
fn text_places(
    (start, end): (f32, f32),
    (left, limit, right): (f32, f32, f32),
    (bounds, lines): ((f32, f32), &[f32]),
) -> (Option<f32>, Option<f32>) {
    let room = Room { bounds, lines };
    // If a part of the bar is too late, the start is in the first part, and the end in the late one.
    let split = limit < right - LINE && limit > left + LINE;
    let whole = right - left;
    let (start_room, end_room) = if split {
        (limit - left, right - limit)
    } else {
        (whole, whole)
    };
    let end_inside = (end + 2.0 * GAP <= end_room).then_some(right - GAP - end);
    // A late part that is too short, without room after it: the end is in the first part, next to the late one.
    let end_beside = (split && end_inside.is_none() && room.after(right, end).is_none())
        .then_some(limit - GAP - end)
        .filter(|x| *x >= left + GAP);
    let end_inside = end_inside.or(end_beside);
    let taken = if end_inside.is_some() && (!split || end_beside.is_some()) {
        end + GAP
    } else {
        0.0
    };
    let start_inside = (start + taken + 2.0 * GAP <= start_room).then_some(left + GAP);
    let end_place = end_inside.or_else(|| room.after(right, end));
    if end_place.is_none() && start_inside.is_none() {
        // Both are before the bar, in their order.
        let end_place = room.before(left, end);
        let start_place = room.before(end_place.unwrap_or(left), start);
        return (start_place, end_place);
    }
    let end_place = end_place.or_else(|| room.before(left, end));
    let free = end_place.map_or(right, |x| (x + end).max(right));
    let start_place = start_inside
        .or_else(|| room.before(left, start))
        .or_else(|| room.after(free, start));
    (start_place, end_place)
}

/// Returns the bars as text, for screen readers.
fn in_words(timeline: &Timeline) -> String {
    let mut parts: Vec<String> = timeline
        .rows
        .iter()
        .map(|row| {
            let parts = [&row.label, &row.value, &row.start_text, &row.end_text];
            let parts: Vec<&str> = parts.into_iter().map(String::as_str).collect();
            let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            parts.join(", ")
        })
        .collect();
    parts.extend(timeline.marks.iter().map(|(_, label, _)| label.clone()));
    parts.join("; ")
}

/// Returns the height of the chart.
pub fn least(timeline: &Timeline) -> f32 {
    HEAD + timeline.rows.len().min(8) as f32 * (BAR + PAD) + 2.0 * LEVEL
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: (f32, f32) = (100.0, 400.0);

    #[test]
    fn texts_are_in_their_bar_if_they_fit() {
        let places = text_places((50.0, 40.0), (200.0, 350.0, 350.0), (BOUNDS, &[350.0]));
        assert_eq!(places, (Some(205.0), Some(305.0)));
    }

    #[test]
    fn a_text_that_a_mark_would_cross_moves_behind_the_mark() {
        let places = text_places(
            (50.0, 40.0),
            (200.0, 210.0, 210.0),
            (BOUNDS, &[170.0, 230.0]),
        );
        assert_eq!(places, (Some(115.0), Some(235.0)));
    }

    #[test]
    fn the_end_of_a_short_late_part_is_next_to_it() {
        // No room after the bar, which ends with the axis: the start makes room.
        let places = text_places((50.0, 40.0), (310.0, 380.0, 400.0), (BOUNDS, &[380.0]));
        assert_eq!(places, (Some(255.0), Some(335.0)));
    }

    #[test]
    fn texts_of_a_short_bar_at_the_end_of_the_axis_are_before_it() {
        let places = text_places((50.0, 40.0), (370.0, 400.0, 400.0), (BOUNDS, &[400.0]));
        assert_eq!(places, (Some(270.0), Some(325.0)));
    }
}
