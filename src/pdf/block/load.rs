//! Who is busy in which week: owners by weeks, with the numbers of their activities.

use super::headings;
use super::marks;
use crate::pdf::flow::Flow;
use crate::pdf::page::Page;
use crate::pdf::tags::Node;
use crate::pdf::text::{Paragraph, Style};
use crate::pdf::theme::*;
use crate::plan::{Load, LoadRow};

/// Width of the names.
const OWNER: f32 = 120.0;
/// Width of the number of open activities, and of the largest number at once.
const SUMS: (f32, f32) = (34.0, 42.0);
const LEFT: f32 = MARGIN + OWNER;
const GRID: f32 = WIDTH - OWNER - SUMS.0 - SUMS.1;
/// Right ends of the sums.
const OPEN: f32 = LEFT + GRID + SUMS.0;
const PEAK: f32 = MARGIN + WIDTH;
/// Smallest height of a cell.
const CELL_HEIGHT: f32 = 6.5 * STEP;
/// Distance between cells.
const BETWEEN: f32 = 1.2;
/// Space above and below the cells of a row.
const PAD: f32 = STEP;
/// Height of the row of sums.
const TOTAL: f32 = 6.0 * STEP;
/// Cells narrower than this have no numbers.
const MIN_CELL: f32 = 10.5;
/// Most lines of numbers in a cell.
const MAX_LINES: usize = 4;
/// Largest width of the label of a review.
const MAX_REVIEW: f32 = 130.0;
const NUMBERS: Style = Style::new(7.5, 2.5).strong().tabular();
const NAME: Style = CELL.strong();

/// Draws the load. Many owners continue on the next page under a repeated header.
pub fn draw(flow: &mut Flow, load: &Load) {
    if load.rows.is_empty() {
        return;
    }
    let header = Header::of(flow, load);
    let rows: Vec<Row> = load
        .rows
        .iter()
        .map(|row| Row::of(flow, load, row))
        .collect();
    let foot = Foot::of(flow, load);
    let all: f32 = rows.iter().map(|row| row.height).sum();
    let whole = header.height() + all + foot.height();
    let first = header.height() + rows[0].height + foot.height();
    let fits = whole <= 0.75 * flow.page_height();
    let least = if fits { whole } else { first };
    headings::heading(flow, &load.title, &load.caption, least);
    let figure = flow.node("Figure");
    flow.tags.describe(figure, in_words(load));
    draw_rows(flow, load, figure, (&header, &rows, &foot));
    flow.snap_to_grid();
}

/// Returns the height of a load that must stay with a heading.
pub fn least(load: &Load) -> f32 {
    let rows = load.rows.len().min(9) as f32;
    20.0 * STEP + rows * (CELL_HEIGHT + 2.0 * PAD) + TOTAL
}

fn draw_rows(
    flow: &mut Flow,
    load: &Load,
    figure: Node,
    (header, rows, foot): (&Header, &[Row], &Foot),
) {
    header.draw(flow, figure);
    for (i, row) in rows.iter().enumerate() {
        let last = i + 1 == rows.len();
        let needed = row.height + if last { foot.height() } else { 0.0 };
        if needed > flow.room() + 0.1 {
            flow.new_page();
            header.draw(flow, figure);
        }
        let y = flow.y;
        flow.draw(figure, |page| {
            review_lines(page, load, y, y + row.height);
            row.draw(page, load, y);
        });
        flow.y += row.height;
    }
    let y = flow.y;
    flow.draw(figure, |page| foot.draw(page, y));
    flow.y += foot.height();
}

/// Returns the load as text, for screen readers.
fn in_words(load: &Load) -> String {
    let mut rows: Vec<String> = Vec::new();
    for row in &load.rows {
        let mut parts = vec![row.owner.clone()];
        for (week, numbers) in row.weeks.iter().enumerate() {
            if !numbers.is_empty() {
                let numbers: Vec<String> = numbers.iter().map(usize::to_string).collect();
                parts.push(format!("{} {}: {}", load.week, week + 1, numbers.join(" ")));
            }
        }
        let [_, open, peak] = &load.headings;
        parts.push(format!("{open}: {}, {peak}: {}", row.open, row.peak));
        rows.push(parts.join(", "));
    }
    let sums: Vec<String> = load
        .total
        .1
        .iter()
        .flatten()
        .map(usize::to_string)
        .collect();
    rows.push(format!("{}: {}", load.total.0, sums.join(" ")));
    rows.extend(load.reviews.iter().map(|(_, label)| label.clone()));
    rows.join("; ")
}

fn cell_width(load: &Load) -> f32 {
    GRID / load.weeks.max(1) as f32
}

/// Draws the reviews as dashed lines behind a row. Cells cover them, so that numbers are readable.
fn review_lines(page: &mut Page, load: &Load, top: f32, bottom: f32) {
    for (week, _) in &load.reviews {
        let x = review_at(load, *week);
        page.line((x, top), (x, bottom), 0.8, Color::Primary, 2.0);
    }
}

fn review_at(load: &Load, week: f32) -> f32 {
    LEFT + cell_width(load) * week.clamp(0.0, load.weeks.max(1) as f32)
}

/// The shaped header: column headings, dates, and week numbers.
struct Header {
    headings: [Paragraph; 3],
    week: Paragraph,
    dates: Vec<(f32, Paragraph)>,
    numbers: Vec<(f32, Paragraph)>,
}

impl Header {
    fn of(flow: &mut Flow, load: &Load) -> Self {
        let cell = cell_width(load);
        let [owner, open, peak] = &load.headings;
        let week = flow.engine.shape_cut(&load.week, TINY, 0.4 * OWNER);
        let owner_width = OWNER - week.width - 12.0;
        let headings = [
            flow.engine.shape_cut(owner, TINY, owner_width),
            flow.engine.shape_cut(open, TINY, SUMS.0 - 4.0),
            flow.engine.shape_cut(peak, TINY, SUMS.1 - 6.0),
        ];
        let dates = load.dates.iter().filter(|(week, _)| *week < load.weeks);
        let dates = dates
            .map(|(week, text)| {
                let text = flow.engine.shape_cut(text, TINY.tabular(), 90.0);
                (LEFT + cell * *week as f32 + BETWEEN / 2.0, text)
            })
            .collect();
        let numbers = (0..load.weeks)
            .map(|week| {
                let number = flow
                    .engine
                    .shape_line(&(week + 1).to_string(), TINY.tabular());
                (
                    LEFT + cell * (week as f32 + 0.5) - number.width / 2.0,
                    number,
                )
            })
            .collect();
        Self {
            headings,
            week,
            dates: thinned(dates),
            numbers: thinned(numbers),
        }
    }

    fn height(&self) -> f32 {
        2.0 * TINY.line + 2.0 * STEP
    }

    fn draw(&self, flow: &mut Flow, figure: Node) {
        let y = flow.y;
        let below = y + TINY.line;
        let rule = y + self.height() - STEP;
        let [owner, open, peak] = &self.headings;
        flow.draw(figure, |page| {
            for (x, date) in &self.dates {
                page.paragraph(date, *x, y);
            }
            for (x, number) in &self.numbers {
                page.paragraph(number, *x, below);
            }
            page.paragraph(owner, MARGIN, below);
            page.paragraph_right(&self.week, LEFT - 6.0, below);
            page.paragraph_right(open, OPEN, below);
            page.paragraph_right(peak, PEAK, below);
            page.rule(rule, 1.0, Color::Primary);
        });
        flow.y += self.height();
    }
}

/// Returns the labels that have room next to each other.
fn thinned(labels: Vec<(f32, Paragraph)>) -> Vec<(f32, Paragraph)> {
    let sizes: Vec<(f32, f32)> = labels.iter().map(|(x, text)| (*x, text.width)).collect();
    let places = marks::thin_labels(&sizes, (LEFT, LEFT + GRID + SUMS.0), &[]);
    let kept = labels.into_iter().zip(places);
    kept.filter_map(|((_, text), place)| Some((place?, text)))
        .collect()
}

/// A shaped row.
struct Row {
    owner: Paragraph,
    owned: bool,
    /// The numbers in each cell, one line each.
    cells: Vec<Vec<Paragraph>>,
    /// The number of activities in each cell.
    counts: Vec<usize>,
    open: Paragraph,
    peak: Paragraph,
    height: f32,
}

impl Row {
    fn of(flow: &mut Flow, load: &Load, row: &LoadRow) -> Self {
        let color = if row.owned { Color::Ink } else { Color::Bad };
        let owner = flow
            .engine
            .shape_limited(&row.owner, NAME.color(color), OWNER - 8.0, 2);
        let cells: Vec<Vec<Paragraph>> = (0..load.weeks)
            .map(|week| {
                let numbers = row.weeks.get(week).map_or(&[][..], Vec::as_slice);
                cell_lines(flow, numbers, cell_width(load), row.owned)
            })
            .collect();
        let lines = cells.iter().map(Vec::len).max().unwrap_or(0) as f32;
        let inner = CELL_HEIGHT
            .max(lines * NUMBERS.line + 2.0)
            .max(owner.height());
        let sum = CELL.tabular();
        let peak = if row.peak > 1 {
            sum.strong()
        } else {
            sum.color(Color::Soft)
        };
        Self {
            owner,
            owned: row.owned,
            cells,
            counts: (0..load.weeks)
                // Two activities in a week are too many only if they are on the same day.
                .map(|week| row.weeks.get(week).map_or(0, Vec::len).min(row.peak))
                .collect(),
            open: flow.engine.shape_line(
                &row.open.to_string(),
                sum.strong().color(if row.owned {
                    Color::Primary
                } else {
                    Color::Bad
                }),
            ),
            peak: flow.engine.shape_line(&row.peak.to_string(), peak),
            height: inner + 2.0 * PAD,
        }
    }

    fn draw(&self, page: &mut Page, load: &Load, y: f32) {
        let middle = y + self.height / 2.0;
        let cell = cell_width(load);
        page.paragraph(&self.owner, MARGIN, middle - self.owner.height() / 2.0);
        for (week, (lines, count)) in self.cells.iter().zip(&self.counts).enumerate() {
            let x = LEFT + cell * week as f32;
            let (left, top) = (x + BETWEEN / 2.0, y + PAD);
            let (width, height) = ((cell - BETWEEN).max(0.5), self.height - 2.0 * PAD);
            page.rect(left, top, width, height, cell_color(*count, self.owned));
            let mut line = middle - NUMBERS.line * lines.len() as f32 / 2.0;
            for numbers in lines {
                page.paragraph_centered(numbers, x + cell / 2.0, line);
                line += NUMBERS.line;
            }
        }
        page.paragraph_right(&self.open, OPEN, middle - self.open.height() / 2.0);
        page.paragraph_right(&self.peak, PEAK, middle - self.peak.height() / 2.0);
        let bottom = y + self.height;
        page.rule(bottom, 0.5, Color::Line);
    }
}

/// Returns the numbers of a cell in lines of its width. Numbers that do not fit are counted, as in "+2".
fn cell_lines(flow: &mut Flow, numbers: &[usize], cell: f32, owned: bool) -> Vec<Paragraph> {
    if cell < MIN_CELL {
        return Vec::new();
    }
    let ink = match (owned, numbers.len()) {
        (true, _) => Color::Primary,
        (false, 0 | 1) => Color::Bad,
        (false, _) => Color::White,
    };
    let style = NUMBERS.color(ink);
    let kept = if numbers.len() > MAX_LINES {
        MAX_LINES - 1
    } else {
        numbers.len()
    };
    let mut lines: Vec<String> = numbers[..kept].iter().map(usize::to_string).collect();
    if numbers.len() > kept {
        lines.push(format!("+{}", numbers.len() - kept));
    }
    lines
        .iter()
        .map(|line| flow.engine.shape_cut(line, style, cell - 0.8))
        .collect()
}

fn cell_color(count: usize, owned: bool) -> Color {
    match (count, owned) {
        (0, _) => Color::Pale,
        (1, true) => Color::AccentPale,
        (_, true) => Color::AccentSoft,
        (1, false) => Color::BadSoft,
        (_, false) => Color::Bad,
    }
}

/// The shaped foot: sums and reviews.
struct Foot {
    label: Paragraph,
    sums: Vec<(f32, Paragraph)>,
    open: Paragraph,
    /// Position of the line, left end and level of the label, and the label.
    reviews: Vec<(f32, f32, usize, Paragraph)>,
}

impl Foot {
    fn of(flow: &mut Flow, load: &Load) -> Self {
        let cell = cell_width(load);
        let style = CELL.strong().tabular();
        let sums = load.total.1.iter().take(load.weeks).enumerate();
        let sums = sums
            .filter_map(|(week, sum)| {
                let sum = flow.engine.shape_line(&(*sum)?.to_string(), style);
                Some((LEFT + cell * (week as f32 + 0.5) - sum.width / 2.0, sum))
            })
            .collect();
        let mut sorted: Vec<&(f32, String)> = load.reviews.iter().collect();
        sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
        let label = TINY.strong().color(Color::Primary);
        let labels: Vec<(f32, Paragraph)> = sorted
            .iter()
            .map(|(week, text)| {
                let text = flow.engine.shape_cut(text, label, MAX_REVIEW);
                (review_at(load, *week), text)
            })
            .collect();
        let sizes: Vec<(f32, f32)> = labels.iter().map(|(x, text)| (*x, text.width)).collect();
        let places = marks::place_labels(&sizes, (MARGIN, MARGIN + WIDTH), 8.0);
        Self {
            label: flow
                .engine
                .shape_limited(&load.total.0, TINY, OWNER - 4.0, 2),
            sums: thinned(sums),
            open: flow
                .engine
                .shape_line(&load.open.to_string(), style.color(Color::Primary)),
            reviews: labels
                .into_iter()
                .zip(places)
                .map(|((x, text), (left, level))| (x, left, level, text))
                .collect(),
        }
    }

    fn height(&self) -> f32 {
        let levels = self.reviews.iter().map(|(_, _, level, _)| level + 1).max();
        TOTAL + levels.map_or(0.0, |levels| 2.0 * STEP + 4.0 * STEP * levels as f32)
    }

    fn draw(&self, page: &mut Page, y: f32) {
        let middle = y + TOTAL / 2.0;
        page.paragraph(&self.label, MARGIN, middle - self.label.height() / 2.0);
        for (x, sum) in &self.sums {
            page.paragraph(sum, *x, middle - sum.height() / 2.0);
        }
        page.paragraph_right(&self.open, OPEN, middle - self.open.height() / 2.0);
        let diamonds = y + TOTAL;
        for (x, left, level, label) in &self.reviews {
            // The line passes the sums only if it does not cross a number.
            let crosses =
                |(left, sum): &&(f32, Paragraph)| *x > left - 3.0 && *x < left + sum.width + 3.0;
            if !self.sums.iter().any(|sum| crosses(&sum)) {
                page.line((*x, y), (*x, diamonds), 0.8, Color::Primary, 2.0);
            }
            marks::diamond(page, (*x, diamonds), Color::Primary);
            let top = diamonds + 1.5 * STEP + 4.0 * STEP * *level as f32;
            page.paragraph(label, *left, top);
        }
    }
}
