//! When an investment has paid for itself: one panel per way of counting, with a band from the slow to the fast ramp.

use super::headings;
use super::rows;
use crate::pdf::flow::Flow;
use crate::pdf::page::Page;
use crate::pdf::text::{Paragraph, Style};
use crate::pdf::theme::*;
use crate::plan::{Balances, Panel};

/// Height of a plot with normal spacing.
const HEIGHT: f32 = 34.0 * STEP;
/// Height above a plot for the names of curves that leave it.
const ABOVE: f32 = 5.0 * STEP;
/// Height of the month axis.
const AXIS: f32 = 5.0 * STEP;
/// Distance between two panels.
const GAP: f32 = 12.0;
/// Maximum width of the names of the curves.
const MAX_NAME: f32 = 64.0;
/// Maximum width of the labels of the amount axis.
const MAX_TICK: f32 = 70.0;
const OWN: Style = TINY.strong().color(Color::Primary);

/// Left, top, right, bottom.
type Area = (f32, f32, f32, f32);

/// Maps months and amounts of a panel to the page.
#[derive(Clone, Copy)]
struct Frame {
    left: f32,
    width: f32,
    top: f32,
    height: f32,
    months: f32,
    min: f64,
    max: f64,
}

impl Frame {
    fn x(self, month: f32) -> f32 {
        self.left + self.width * (month / self.months).clamp(0.0, 1.0)
    }

    fn y(self, amount: f64) -> f32 {
        let share = (self.max - amount) / (self.max - self.min).max(f64::MIN_POSITIVE);
        self.top + self.height * share.clamp(0.0, 1.0) as f32
    }

    /// Returns the points of a curve with additional points on the edges of the plot, so that it can be cut there.
    fn points(self, balances: &[f64]) -> Vec<(f32, f64)> {
        let mut points: Vec<(f32, f64)> = Vec::new();
        for (month, amount) in balances.iter().enumerate() {
            if let Some((_, before)) = points.last().copied() {
                let mut crossings: Vec<f32> = [self.min, self.max]
                    .into_iter()
                    .filter(|edge| (before - edge) * (amount - edge) < 0.0)
                    .map(|edge| ((edge - before) / (amount - before)) as f32)
                    .collect();
                crossings.sort_by(f32::total_cmp);
                for part in crossings {
                    let at = before + (amount - before) * f64::from(part);
                    points.push((month as f32 - 1.0 + part, at));
                }
            }
            points.push((month as f32, *amount));
        }
        points
    }

    /// Returns the parts of a curve that are in the plot.
    fn parts(self, balances: &[f64]) -> Vec<Vec<(f32, f32)>> {
        let grace = (self.max - self.min) * 1e-6;
        let inside = |amount: f64| amount >= self.min - grace && amount <= self.max + grace;
        let mut parts = vec![Vec::new()];
        for (month, amount) in self.points(balances) {
            if inside(amount) {
                if let Some(part) = parts.last_mut() {
                    part.push((self.x(month), self.y(amount)));
                }
            } else if parts.last().is_some_and(|part| !part.is_empty()) {
                parts.push(Vec::new());
            }
        }
        parts.retain(|part| part.len() > 1);
        parts
    }
}

/// The shaped texts above a panel.
struct Head {
    title: Paragraph,
    verdict: Paragraph,
    note: Paragraph,
    /// Whether the verdict follows the title on the same line.
    inline: bool,
}

impl Head {
    fn height(&self) -> f32 {
        let verdict = if self.inline {
            0.0
        } else {
            self.verdict.height()
        };
        self.title.height() + verdict + self.note.height()
    }
}

/// The shaped texts of all panels.
struct Texts {
    ticks: Vec<(f64, Paragraph)>,
    months: Vec<(f32, Paragraph)>,
    last_month: Paragraph,
    zero: Paragraph,
    names: [Paragraph; 2],
}

/// Returns the height of the chart below its heading.
pub fn room(flow: &Flow) -> f32 {
    flow.spacing.plot_height(HEIGHT) + ABOVE + AXIS + 16.0 * STEP
}

pub fn draw(flow: &mut Flow, balances: &Balances) {
    let panels = balances.panels.get(..2).unwrap_or(&balances.panels);
    if panels.is_empty() {
        return;
    }
    let texts = shape(flow, balances);
    let ticks = texts.ticks.iter().map(|(_, words)| words.width);
    let left = MARGIN + ticks.fold(0.0, f32::max) + 6.0;
    let names = texts
        .names
        .iter()
        .map(|name| name.width)
        .fold(0.0, f32::max)
        + 6.0;
    let count = panels.len() as f32;
    let column = (MARGIN + WIDTH - left - GAP * (count - 1.0)) / count;
    let heads: Vec<Head> = panels
        .iter()
        .map(|panel| head(flow, panel, column))
        .collect();
    let head_height = heads.iter().map(Head::height).fold(0.0, f32::max);
    let plot = flow.spacing.plot_height(HEIGHT);
    let all = head_height + ABOVE + plot + AXIS;
    headings::heading(flow, &balances.title, &balances.caption, all);
    let figure = flow.node("Figure");
    flow.tags.describe(figure, in_words(balances));
    let (min, max) = range(balances);
    let top = flow.y + head_height + ABOVE;
    for (i, (panel, head)) in panels.iter().zip(&heads).enumerate() {
        let frame = Frame {
            left: left + (column + GAP) * i as f32,
            width: column - names,
            top,
            height: plot,
            months: months(balances) as f32,
            min,
            max,
        };
        let y = flow.y;
        flow.draw(figure, |page| {
            draw_head(page, head, (frame.left, y));
            draw_grid(page, frame, &texts, i == 0);
            draw_curves(page, frame, panel);
            let taken = draw_names(page, frame, panel, &texts.names);
            if i == 0 {
                draw_zero_name(page, frame, panel, &texts.zero, &taken);
            }
        });
    }
    flow.y = top + plot + AXIS;
}

/// Returns the number of months on the axis.
fn months(balances: &Balances) -> usize {
    let panels = balances.panels.iter();
    let longest = panels.map(|panel| panel.own.len().max(panel.fast.len()).max(panel.slow.len()));
    longest.max().unwrap_or(0).saturating_sub(1).max(1)
}

/// Returns the lowest and the highest amount on the axis.
fn range(balances: &Balances) -> (f64, f64) {
    if let [(min, _), .., (max, _)] = balances.ticks.as_slice() {
        return (*min, *max);
    }
    let curves = balances
        .panels
        .iter()
        .flat_map(|panel| [&panel.own, &panel.fast, &panel.slow]);
    let amounts = || curves.clone().flatten().copied();
    (amounts().fold(0.0, f64::min), amounts().fold(1.0, f64::max))
}

fn shape(flow: &mut Flow, balances: &Balances) -> Texts {
    let count = months(balances);
    let step = if count <= 12 {
        3
    } else if count <= 30 {
        6
    } else {
        12
    };
    let engine = &mut flow.engine;
    let [fast, own] = &balances.names;
    Texts {
        ticks: balances
            .ticks
            .iter()
            .map(|(value, words)| (*value, engine.shape_cut(words, TINY.tabular(), MAX_TICK)))
            .collect(),
        months: (step..count)
            .step_by(step)
            .map(|month| {
                (
                    month as f32,
                    engine.shape_line(&month.to_string(), TINY.tabular()),
                )
            })
            .collect(),
        last_month: engine.shape_cut(&balances.last_month, TINY.tabular(), 2.0 * MAX_NAME),
        zero: engine.shape_cut(&balances.zero, TINY, 2.0 * MAX_NAME),
        names: [
            engine.shape_cut(fast, TINY, MAX_NAME),
            engine.shape_cut(own, OWN, MAX_NAME),
        ],
    }
}

fn head(flow: &mut Flow, panel: &Panel, width: f32) -> Head {
    let lines = flow.spacing.lines.min(3);
    let title_style = CELL.color(Color::Primary);
    let verdict_style = CELL.strong().color(Color::Primary);
    let title = flow
        .engine
        .shape_limited(&panel.title, title_style, width, lines);
    let verdict = flow
        .engine
        .shape_limited(&panel.verdict, verdict_style, width, lines);
    let one_line = title.lines.len() == 1 && verdict.lines.len() == 1;
    Head {
        inline: one_line && title.width + 4.0 + verdict.width <= width,
        title,
        verdict,
        note: flow.engine.shape_limited(&panel.note, SMALL, width, lines),
    }
}

fn draw_head(page: &mut Page, head: &Head, (x, mut y): (f32, f32)) {
    page.paragraph(&head.title, x, y);
    if head.inline {
        page.paragraph(&head.verdict, x + head.title.width + 4.0, y);
    }
    y += head.title.height();
    if !head.inline {
        page.paragraph(&head.verdict, x, y);
        y += head.verdict.height();
    }
    page.paragraph(&head.note, x, y);
}

fn draw_grid(page: &mut Page, frame: Frame, texts: &Texts, labeled: bool) {
    let (right, bottom) = (frame.left + frame.width, frame.top + frame.height);
    // Labels that would touch the one before are omitted.
    let mut free = f32::MAX;
    for (value, words) in &texts.ticks {
        let y = frame.y(*value);
        page.line((frame.left, y), (right, y), 0.5, Color::Line, 0.0);
        if labeled && y + words.height() / 2.0 <= free {
            page.paragraph_right(words, frame.left - 6.0, y - words.height() / 2.0);
            free = y - words.height() / 2.0;
        }
    }
    page.line(
        (right, bottom),
        (right, bottom + 3.0),
        0.5,
        Color::Quiet,
        0.0,
    );
    let last = right - texts.last_month.width;
    page.paragraph_right(&texts.last_month, right, bottom + STEP);
    let mut free = frame.left;
    for (month, words) in &texts.months {
        let x = frame.x(*month);
        page.line((x, bottom), (x, bottom + 3.0), 0.5, Color::Quiet, 0.0);
        let (from, to) = (x - words.width / 2.0, x + words.width / 2.0);
        if from > free && to + 4.0 < last {
            page.paragraph_centered(words, x, bottom + STEP);
            free = to + 4.0;
        }
    }
}

fn draw_curves(page: &mut Page, frame: Frame, panel: &Panel) {
    let edge = |balances: &[f64]| -> Vec<(f32, f32)> {
        let points = frame.points(balances);
        points
            .iter()
            .map(|(month, amount)| (frame.x(*month), frame.y(*amount)))
            .collect()
    };
    let mut band = edge(&panel.fast);
    band.extend(edge(&panel.slow).into_iter().rev());
    if band.len() > 2 {
        page.polygon(&band, Color::Line);
    }
    let zero = frame.y(0.0);
    let right = frame.left + frame.width;
    page.line((frame.left, zero), (right, zero), 1.0, Color::Primary, 0.0);
    for part in frame.parts(&panel.own) {
        page.polyline(&part, 2.2, Color::Primary, 0.0);
    }
    let marks = [
        (panel.fast_at, 2.6, 1.0, Color::Quiet),
        (panel.own_at, 3.6, 1.6, Color::Primary),
    ];
    for (month, radius, line, color) in marks {
        let month = month.map(|month| month as f32);
        if let Some(month) = month.filter(|month| (0.0..=frame.months).contains(month)) {
            page.circle(frame.x(month), zero, radius, Color::White);
            page.ring(frame.x(month), zero, radius, line, color);
        }
    }
}

/// Where the name of a curve is.
#[derive(Clone, Copy)]
enum End {
    /// Above the plot, centered on this position, because the curve leaves it there.
    Above(f32),
    /// Right of the plot, at this height.
    Right(f32),
}

/// Returns where a curve ends, or `None` if it has no points.
fn end(frame: Frame, balances: &[f64]) -> Option<End> {
    let (_, last) = frame.points(balances).last().copied()?;
    if last <= frame.max {
        return Some(End::Right(frame.y(last)));
    }
    let parts = frame.parts(balances);
    let leaves = parts.last().and_then(|part| part.last());
    Some(End::Above(leaves.map_or(frame.left, |(x, _)| *x)))
}

/// Draws the names of the curves where they end, and returns their areas.
fn draw_names(page: &mut Page, frame: Frame, panel: &Panel, names: &[Paragraph; 2]) -> Vec<Area> {
    let [fast, own] = names;
    let height = fast.height();
    let right = frame.left + frame.width;
    let mut ends = [end(frame, &panel.fast), end(frame, &panel.own)];
    match &mut ends {
        [Some(End::Right(a)), Some(End::Right(b))] if (*a - *b).abs() < height => {
            let middle = (*a + *b) / 2.0;
            let sign = if a <= b { -0.5 } else { 0.5 };
            *a = middle + sign * height;
            *b = middle - sign * height;
        }
        [Some(End::Above(a)), Some(End::Above(b))] => {
            let apart = (fast.width + own.width) / 2.0 + 4.0;
            // The fast curve leaves first, so its name moves to the left. At the left edge, the other one moves.
            *b = b.min(right - own.width / 2.0);
            *a = a.min(*b - apart).max(frame.left + fast.width / 2.0);
            *b = b.max(*a + apart);
        }
        _ => {}
    }
    let mut areas = Vec::new();
    for (name, end) in [fast, own].into_iter().zip(ends) {
        let Some(end) = end else { continue };
        let (x, y) = match end {
            End::Above(x) => {
                let most = (MARGIN + WIDTH - name.width).max(frame.left);
                let x = (x - name.width / 2.0).clamp(frame.left.min(most), most);
                (x, frame.top - name.height() - 1.0)
            }
            End::Right(y) => {
                let low = frame.top + frame.height - height / 2.0;
                (
                    right + 4.0,
                    (y - height / 2.0).clamp(frame.top - height, low),
                )
            }
        };
        page.paragraph(name, x, y);
        areas.push((x, y, x + name.width, y + name.height()));
    }
    areas
}

/// Draws the name of the line at zero where no curve and no other name is. Without such a place, the axis is enough.
fn draw_zero_name(page: &mut Page, frame: Frame, panel: &Panel, name: &Paragraph, taken: &[Area]) {
    let zero = frame.y(0.0);
    let right = frame.left + frame.width;
    let spots = [
        right - name.width,
        frame.left + frame.width * 0.5,
        frame.left + 4.0,
    ];
    let heights = [zero + 1.0, zero - name.height() - 1.0];
    let spots = spots.into_iter().flat_map(|x| heights.map(|y| (x, y)));
    let place = spots.into_iter().find(|(x, y)| {
        let area = (*x - 4.0, *y, x + name.width + 4.0, y + name.height());
        let in_plot = area.1 >= frame.top
            && area.3 <= frame.top + frame.height
            && *x + name.width <= right + 0.1;
        let curves = [&panel.own, &panel.fast, &panel.slow];
        let crossed = curves.iter().any(|curve| {
            frame
                .parts(curve)
                .iter()
                .any(|part| part.windows(2).any(|ends| crosses(ends, area)))
        });
        let marks = [panel.own_at, panel.fast_at].into_iter().flatten();
        let mut marks = marks.map(|month| frame.x(month as f32));
        let on_mark = marks.any(|at| at + 5.0 > area.0 && at - 5.0 < area.2);
        let over = taken.iter().any(|other| {
            area.0 < other.2 && other.0 < area.2 && area.1 < other.3 && other.1 < area.3
        });
        in_plot && !crossed && !on_mark && !over
    });
    if let Some((x, y)) = place {
        page.paragraph(name, x, y);
    }
}

/// Returns whether a straight line passes through an area.
fn crosses(ends: &[(f32, f32)], area: Area) -> bool {
    const STEPS: usize = 24;
    let [from, to] = ends else { return false };
    (0..=STEPS).any(|step| {
        let part = step as f32 / STEPS as f32;
        let (x, y) = (
            from.0 + (to.0 - from.0) * part,
            from.1 + (to.1 - from.1) * part,
        );
        x > area.0 && x < area.2 && y > area.1 && y < area.3
    })
}

fn in_words(balances: &Balances) -> String {
    let panels: Vec<String> = balances
        .panels
        .iter()
        .map(|panel| {
            let result = rows::joined([panel.title.as_str(), &panel.verdict], " ");
            rows::joined([result.as_str(), &panel.note], ", ")
        })
        .collect();
    rows::joined(
        [
            balances.title.as_str(),
            &balances.caption,
            &panels.join("; "),
        ],
        ". ",
    )
}
