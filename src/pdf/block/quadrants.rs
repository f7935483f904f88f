//! Points in four quarters, next to short texts. Names never touch points or each other.

use super::headings;
use super::label_places::{Area, leader_end, places, touches};
use super::rows;
use crate::pdf::flow::Flow;
use crate::pdf::page::Page;
use crate::pdf::tags::Node;
use crate::pdf::text::{Paragraph, Style};
use crate::pdf::theme::*;
use crate::plan::{QuadrantPoint, Quadrants};

/// Width of the chart next to texts.
const CHART: f32 = 302.0;
/// Distance between the chart and the texts.
const GAP: f32 = 26.0;
/// Height of the plot with normal spacing.
const HEIGHT: f32 = 56.0 * STEP;
/// Room on the left for the numbers of the axis.
const NUMBERS: f32 = 18.0;
/// Room below the plot for numbers and label.
const AXIS: f32 = 7.0 * STEP;
const RADIUS: f32 = 4.6;
/// Two points are at least this far apart, so that both are visible.
const APART: f32 = 8.0;
/// Maximum width and number of lines of a name.
const NAME: (f32, usize) = (96.0, 2);
const CORNER: Style = TINY.strong().color(Color::Quiet);
/// Positions in a corner: left to right, top to bottom. 0 is the start, 1 is the end.
const CORNERS: [(f32, f32); 4] = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)];

/// Maps values to the page. Both axes have the same range.
#[derive(Clone, Copy)]
struct Frame {
    area: Area,
    min: f64,
}

impl Frame {
    fn share(self, value: f64) -> f32 {
        ((value - self.min) / (10.0 - self.min)).clamp(0.0, 1.0) as f32
    }

    fn x(self, value: f64) -> f32 {
        self.area.0 + (self.area.2 - self.area.0) * self.share(value)
    }

    fn y(self, value: f64) -> f32 {
        self.area.3 - (self.area.3 - self.area.1) * self.share(value)
    }
}

/// A shaped text beside the chart.
enum Aside {
    /// The name and the start of the text share the first line: name, rest of the line, further lines.
    Inline(Paragraph, Paragraph, Option<Paragraph>),
    /// The text is below the name.
    Stacked(Paragraph, Paragraph),
}

impl Aside {
    fn height(&self) -> f32 {
        match self {
            Self::Inline(name, _, rest) => {
                name.height() + rest.as_ref().map_or(0.0, Paragraph::height)
            }
            Self::Stacked(name, text) => name.height() + text.height(),
        }
    }

    fn draw(&self, page: &mut Page, x: f32, y: f32) {
        match self {
            Self::Inline(name, start, rest) => {
                page.paragraph(name, x, y);
                page.paragraph(start, x + name.width + SPACE, y);
                if let Some(rest) = rest {
                    page.paragraph(rest, x, y + name.height());
                }
            }
            Self::Stacked(name, text) => {
                page.paragraph(name, x, y);
                page.paragraph(text, x, y + name.height());
            }
        }
    }
}

/// Width of the space between a name and its text.
const SPACE: f32 = 2.7;

/// The shaped texts beside the chart.
struct Beside {
    heading: Option<Paragraph>,
    texts: Vec<Aside>,
    note: Option<Paragraph>,
}

impl Beside {
    fn height(&self) -> f32 {
        let heading = self
            .heading
            .as_ref()
            .map_or(0.0, |heading| heading.height() + 2.0 * STEP);
        let texts: f32 = self
            .texts
            .iter()
            .map(|text| text.height() + 2.0 * STEP)
            .sum();
        heading + texts + self.note.as_ref().map_or(0.0, Paragraph::height)
    }
}

/// Returns the height of the block.
pub fn room(flow: &Flow) -> f32 {
    flow.spacing.plot_height(HEIGHT) + AXIS + 12.0 * STEP
}

pub fn draw(flow: &mut Flow, quadrants: &Quadrants) {
    let has_aside = !quadrants.aside.is_empty() || !quadrants.note.is_empty();
    let width = if has_aside { CHART } else { WIDTH };
    let beside = has_aside.then(|| shape_beside(flow, quadrants, WIDTH - width - GAP));
    let heading = rows::optional(&quadrants.title).map(|text| {
        flow.engine
            .shape_limited(text, HEADING, width, flow.spacing.lines)
    });
    let caption = rows::optional(&quadrants.caption)
        .map(|text| flow.engine.shape_limited(text, SMALL, width, 3));
    let [across, upwards] = quadrants
        .axes
        .clone()
        .map(|axis| flow.engine.shape_limited(&axis, TINY, width - NUMBERS, 1));
    let plot = flow.spacing.plot_height(HEIGHT);
    let above = heading
        .as_ref()
        .map_or(0.0, |heading| heading.height() + STEP)
        + caption
            .as_ref()
            .map_or(0.0, |caption| caption.height() + STEP);
    let chart = above + upwards.height() + plot + AXIS;
    let height = chart.max(beside.as_ref().map_or(0.0, Beside::height));
    flow.gap(flow.spacing.gap);
    flow.snap_to_grid();
    flow.need(height);
    let top = flow.y;
    let mut y = top
        + headings::column_heading(
            flow,
            &quadrants.title,
            heading.as_ref(),
            (MARGIN, top),
            STEP,
        );
    if let Some(caption) = &caption {
        let node = flow.node("P");
        flow.draw(node, |page| page.paragraph(caption, MARGIN, y - STEP / 2.0));
        y += caption.height() + STEP;
    }
    let left = MARGIN + NUMBERS;
    let frame = Frame {
        area: (
            left,
            y + upwards.height(),
            MARGIN + width,
            y + upwards.height() + plot,
        ),
        min: least(quadrants),
    };
    draw_chart(flow, quadrants, frame, [&across, &upwards]);
    if let Some(beside) = &beside {
        draw_beside(flow, quadrants, beside, (MARGIN + width + GAP, top));
    }
    flow.y = top + height;
    flow.snap_to_grid();
}

/// Returns the lower end of both axes: an even number below all points, so that they use the plot.
fn least(quadrants: &Quadrants) -> f64 {
    let values = quadrants.points.iter().flat_map(|point| [point.x, point.y]);
    let least = values.fold(quadrants.middle, f64::min) - 0.5;
    ((least / 2.0).floor() * 2.0).clamp(0.0, 8.0)
}

fn draw_chart(
    flow: &mut Flow,
    quadrants: &Quadrants,
    frame: Frame,
    [across, upwards]: [&Paragraph; 2],
) {
    let names = point_names(flow, quadrants);
    let centers = centers(&quadrants.points, frame);
    let circles: Vec<Area> = centers
        .iter()
        .map(|(x, y)| around(*x, *y, RADIUS + 0.5))
        .collect();
    let ends = quadrants
        .line
        .as_ref()
        .and_then(|(sum, _)| line_ends(*sum, quadrants, frame));
    let line = ends.map_or(Vec::new(), line_areas);
    let obstacles: Vec<Area> = circles.iter().chain(&line).copied().collect();
    let corners = corners(flow, quadrants, frame, &obstacles);
    let mut taken: Vec<Area> = corners
        .iter()
        .map(|(words, place)| area(words, *place))
        .collect();
    taken.extend(&line);
    let places = places(&names, &circles, &taken, frame.area);
    for (name, place) in names.iter().zip(&places) {
        taken.extend(place.map(|(x, y, _)| area(name, (x, y))));
    }
    let line = quadrants.line.as_ref().and_then(|(_, label)| {
        let label = flow.engine.shape_cut(label, TINY, NAME.0);
        let ends = ends?;
        let place = line_label(&label, ends, frame, &circles, &taken);
        Some((ends, label, place))
    });
    let ticks = ticks(flow, frame);
    let figure = flow.node("Figure");
    flow.tags.describe(figure, in_words(quadrants));
    flow.draw(figure, |page| {
        draw_ground(page, quadrants, frame);
        draw_axes(page, frame, &ticks, [across, upwards]);
        if let Some((ends, label, place)) = &line {
            page.line(ends.0, ends.1, 0.7, Color::Quiet, 3.0);
            if let Some((x, y)) = place {
                page.paragraph(label, *x, *y);
            }
        }
        for (words, (x, y)) in &corners {
            page.paragraph(words, *x, *y);
        }
        draw_points(page, quadrants, &centers, &names, &places);
    });
}

fn point_names(flow: &mut Flow, quadrants: &Quadrants) -> Vec<Paragraph> {
    quadrants
        .points
        .iter()
        .map(|point| {
            let style = if point.strong {
                CELL.strong().color(Color::Primary)
            } else {
                CELL
            };
            flow.engine
                .shape_limited(&point.label, style, NAME.0, NAME.1)
                .compact()
        })
        .collect()
}

fn around(x: f32, y: f32, radius: f32) -> Area {
    (x - radius, y - radius, x + radius, y + radius)
}

fn area(words: &Paragraph, (x, y): (f32, f32)) -> Area {
    (x, y, x + words.width, y + words.height())
}

/// Returns the positions of the points. Points that would hide each other are moved apart.
fn centers(points: &[QuadrantPoint], frame: Frame) -> Vec<(f32, f32)> {
    let mut centers: Vec<(f32, f32)> = Vec::with_capacity(points.len());
    for point in points {
        let (x, y) = (frame.x(point.x), frame.y(point.y));
        let rings = (0..4).flat_map(|ring| {
            let step = APART * ring as f32;
            [
                (step, 0.0),
                (-step, 0.0),
                (0.0, step),
                (0.0, -step),
                (step, step),
                (-step, -step),
            ]
        });
        let free = rings.map(|(dx, dy)| (x + dx, y + dy)).find(|(x, y)| {
            let inside = *x >= frame.area.0
                && *x <= frame.area.2
                && *y >= frame.area.1
                && *y <= frame.area.3;
            inside
                && !centers
                    .iter()
                    .any(|other| (other.0 - x).hypot(other.1 - y) < APART - 0.1)
        });
        centers.push(free.unwrap_or((x, y)));
    }
    centers
}

/// Shapes the names of the quarters, each in the first corner of its quarter without a point or the line.
fn corners(
    flow: &mut Flow,
    quadrants: &Quadrants,
    frame: Frame,
    obstacles: &[Area],
) -> Vec<(Paragraph, (f32, f32))> {
    const PAD: f32 = 6.0;
    let (x, y) = (frame.x(quadrants.middle), frame.y(quadrants.middle));
    let (left, top, right, bottom) = frame.area;
    let quarters = [
        (left, top, x, y),
        (x, top, right, y),
        (left, y, x, bottom),
        (x, y, right, bottom),
    ];
    let mut names = Vec::new();
    for (i, (name, quarter)) in quadrants.corners.iter().zip(quarters).enumerate() {
        let room = quarter.2 - quarter.0 - 2.0 * PAD;
        // A quarter at the edge of the plot can be too small for its name.
        if name.is_empty() || room < 30.0 || quarter.3 - quarter.1 < CORNER.line + 2.0 {
            continue;
        }
        let words = flow.engine.shape_limited(name, CORNER, room, 1);
        let own = CORNERS[i];
        let mut order = vec![own, (1.0 - own.0, own.1), (own.0, 1.0 - own.1)];
        order.push((1.0 - own.0, 1.0 - own.1));
        let place = order.into_iter().find_map(|(across, down)| {
            let place = (
                quarter.0 + PAD + (room - words.width) * across,
                quarter.1 + 3.0 + (quarter.3 - quarter.1 - 6.0 - words.height()) * down,
            );
            let free = !obstacles
                .iter()
                .any(|circle| touches(area(&words, place), *circle));
            free.then_some(place)
        });
        if let Some(place) = place {
            names.push((words, place));
        }
    }
    names
}

/// Returns the ends of the line on which both values have this sum, if it is in the plot. It begins shortly before the
/// first emphasized point, so that it crosses as few names as possible.
fn line_ends(sum: f64, quadrants: &Quadrants, frame: Frame) -> Option<((f32, f32), (f32, f32))> {
    let (from, to) = ((sum - 10.0).max(frame.min), (sum - frame.min).min(10.0));
    let strong = quadrants.points.iter().filter(|point| point.strong);
    let first = strong.map(|point| point.x - 1.0).fold(f64::MAX, f64::min);
    let from = if first < to { from.max(first) } else { from };
    (from < to).then(|| {
        let end = |x: f64| (frame.x(x), frame.y(sum - x));
        (end(from), end(to))
    })
}

/// Returns small areas that cover a line, as obstacles for names.
fn line_areas((from, to): ((f32, f32), (f32, f32))) -> Vec<Area> {
    const STEPS: usize = 60;
    let parts = (0..=STEPS).map(|step| step as f32 / STEPS as f32);
    let along = |part: f32| {
        (
            from.0 + (to.0 - from.0) * part,
            from.1 + (to.1 - from.1) * part,
        )
    };
    parts.map(along).map(|(x, y)| around(x, y, 0.8)).collect()
}

/// Returns a free place for the label of the line: below or above the line, rather near its lower end.
fn line_label(
    label: &Paragraph,
    (from, to): ((f32, f32), (f32, f32)),
    frame: Frame,
    circles: &[Area],
    taken: &[Area],
) -> Option<(f32, f32)> {
    let parts = [0.9, 0.8, 0.7, 0.1, 0.2, 0.3, 0.6, 0.4, 0.5];
    let places = parts.into_iter().flat_map(|part| {
        let (x, y) = (
            from.0 + (to.0 - from.0) * part,
            from.1 + (to.1 - from.1) * part,
        );
        let below = (x - label.width - 6.0, y - 1.0);
        let above = (x + 5.0, y - label.height() + 2.0);
        [below, above]
    });
    let mut places = places;
    places.find(|place| {
        let own = area(label, *place);
        let inside = own.0 >= frame.area.0 && own.2 <= frame.area.2 && own.3 <= frame.area.3;
        // Next to a circle it would seem to be the circle's.
        let near = circles.iter().map(|(left, top, right, bottom)| {
            let more = 8.0;
            (left - more, top - more, right + more, bottom + more)
        });
        let mut others = taken.iter().copied().chain(near);
        inside && !others.any(|other| touches(own, other))
    })
}

/// Returns the numbers on the axes: every second number, so that they are whole.
fn ticks(flow: &mut Flow, frame: Frame) -> Vec<(f64, Paragraph)> {
    let numbers = (0..=5).map(|step| f64::from(step) * 2.0);
    let numbers = numbers.filter(|number| *number >= frame.min);
    numbers
        .map(|number| {
            (
                number,
                flow.engine.shape_line(&number.to_string(), TINY.tabular()),
            )
        })
        .collect()
}

/// Draws the quarters, the upper right one darker if it has a name.
fn draw_ground(page: &mut Page, quadrants: &Quadrants, frame: Frame) {
    let (left, top, right, bottom) = frame.area;
    let (x, y) = (frame.x(quadrants.middle), frame.y(quadrants.middle));
    page.rect(left, top, right - left, bottom - top, Color::Paler);
    if !quadrants.corners[1].is_empty() {
        page.rect(x, top, right - x, y - top, Color::Pale);
    }
    page.line((x, top), (x, bottom), 1.6, Color::White, 0.0);
    page.line((left, y), (right, y), 1.6, Color::White, 0.0);
}

fn draw_axes(
    page: &mut Page,
    frame: Frame,
    ticks: &[(f64, Paragraph)],
    [across, upwards]: [&Paragraph; 2],
) {
    let (left, top, right, bottom) = frame.area;
    page.paragraph(upwards, left, top - upwards.height());
    for (value, number) in ticks {
        page.paragraph_right(number, left - 6.0, frame.y(*value) - number.height() / 2.0);
        let x = frame.x(*value).min(right - number.width / 2.0);
        page.paragraph_centered(number, x, bottom + 2.0);
    }
    page.paragraph_right(across, right, bottom + 2.0 + across.height());
}

fn draw_points(
    page: &mut Page,
    quadrants: &Quadrants,
    centers: &[(f32, f32)],
    names: &[Paragraph],
    places: &[Option<(f32, f32, bool)>],
) {
    for ((center, name), place) in centers.iter().zip(names).zip(places) {
        if let Some((x, y, false)) = place {
            let end = leader_end(*center, (*x, *y), (name.width, name.height()));
            page.line(*center, end, 0.5, Color::Soft, 0.0);
        }
    }
    // Emphasized points are drawn last, in front of the others.
    let points = || quadrants.points.iter().zip(centers);
    for (_, (x, y)) in points().filter(|(point, _)| !point.strong) {
        page.circle(*x, *y, RADIUS, Color::White);
        page.ring(*x, *y, RADIUS - 0.6, 1.4, Color::Primary);
    }
    for (_, (x, y)) in points().filter(|(point, _)| point.strong) {
        page.circle(*x, *y, RADIUS + 0.8, Color::White);
        page.circle(*x, *y, RADIUS, Color::Primary);
    }
    for (name, place) in names.iter().zip(places) {
        if let Some((x, y, _)) = place {
            page.paragraph(name, *x, *y);
        }
    }
}

fn shape_beside(flow: &mut Flow, quadrants: &Quadrants, width: f32) -> Beside {
    let lines = flow.spacing.lines.saturating_mul(2).min(8);
    let heading = rows::optional(&quadrants.aside_title);
    Beside {
        heading: heading.map(|text| {
            flow.engine
                .shape_limited(text, HEADING, width, flow.spacing.lines)
        }),
        texts: quadrants
            .aside
            .iter()
            .map(|(name, text)| shape_aside(flow, name, text, width))
            .collect(),
        note: rows::optional(&quadrants.note)
            .map(|text| flow.engine.shape_limited(text, SMALL, width, lines)),
    }
}

/// Shapes a text that starts with a bold name. The name has its own line if too little of the line is left, or if the
/// text runs from right to left.
fn shape_aside(flow: &mut Flow, name: &str, text: &str, width: f32) -> Aside {
    let lines = flow.spacing.lines.saturating_mul(2).min(6);
    let style = BODY.strong().color(Color::Primary);
    let bold = flow.engine.shape_limited(name, style, width, 2);
    let room = width - bold.width - SPACE;
    let start = first_line(flow, text, room).filter(|_| bold.lines.len() == 1);
    match start {
        Some(start) => {
            let rest = text.get(start..).unwrap_or_default().trim_start();
            let line = flow
                .engine
                .shape_line(text.get(..start).unwrap_or_default().trim_end(), BODY);
            let rest = rows::optional(rest)
                .map(|rest| flow.engine.shape_limited(rest, BODY, width, lines));
            Aside::Inline(bold, line, rest)
        }
        None => Aside::Stacked(bold, flow.engine.shape_limited(text, BODY, width, lines)),
    }
}

/// Returns the length in bytes of the words that fit on a line of this width. `None` if not even the first word fits, or if
/// the text runs from right to left.
fn first_line(flow: &mut Flow, text: &str, room: f32) -> Option<usize> {
    if text.chars().any(is_right_to_left) {
        return None;
    }
    let mut end = None;
    for at in text
        .match_indices(' ')
        .map(|(at, _)| at)
        .chain([text.len()])
    {
        let words = text.get(..at).unwrap_or_default().trim_end();
        if flow.engine.shape_line(words, BODY).width > room {
            break;
        }
        end = Some(at);
    }
    end.filter(|end| *end > 0)
}

fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}')
}

fn draw_beside(flow: &mut Flow, quadrants: &Quadrants, beside: &Beside, (x, mut y): (f32, f32)) {
    y += headings::column_heading(
        flow,
        &quadrants.aside_title,
        beside.heading.as_ref(),
        (x, y),
        2.0 * STEP,
    );
    for text in &beside.texts {
        let node = flow.node("P");
        flow.draw(node, |page| text.draw(page, x, y));
        y += text.height() + 2.0 * STEP;
    }
    if let Some(note) = &beside.note {
        let node: Node = flow.node("P");
        flow.draw(node, |page| page.paragraph(note, x, y));
    }
}

fn in_words(quadrants: &Quadrants) -> String {
    let [across, upwards] = &quadrants.axes;
    let rounded = |value: f64| (value * 10.0).round() / 10.0;
    let points = quadrants.points.iter().map(|point| {
        format!(
            "{}: {across} {}, {upwards} {}",
            point.label,
            rounded(point.x),
            rounded(point.y)
        )
    });
    let points: Vec<String> = points.collect();
    rows::joined(
        [
            quadrants.title.as_str(),
            &quadrants.caption,
            &points.join("; "),
        ],
        ". ",
    )
}
