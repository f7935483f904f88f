//! Risks on a grid of likelihood and impact, next to a list of what to do about each.

use super::headings;
use super::marks::{self, BADGE, BADGE_NUMBER};
use super::rich::Rich;
use crate::pdf::flow::Flow;
use crate::pdf::page::Page;
use crate::pdf::tags::Node;
use crate::pdf::text::{Paragraph, Style};
use crate::pdf::theme::*;
use crate::plan::{RiskBoard, RiskItem};
use crate::questionnaire::Tone;

/// Width of the column of the grid.
const LEFT_WIDTH: f32 = 172.0;
/// Left end and width of the list.
const LIST: f32 = MARGIN + 196.0;
const LIST_WIDTH: f32 = WIDTH - 196.0;
/// Distance from the left of the list to its texts.
const INDENT: f32 = 23.0;
/// Space in an item, above and below its text.
const PAD: f32 = 2.5 * STEP;
/// Space in a title of a further risk, above and below its text.
const MORE_PAD: f32 = 1.5 * STEP;
/// Largest width of the names of the levels of impact.
const MAX_LEVEL: f32 = 40.0;
/// Distance between cells, and the smallest height of a cell.
const BETWEEN: f32 = 1.8;
const MIN_CELL: f32 = 12.0 * STEP;
/// Distance between badges in a cell, from center to center.
const PITCH: f32 = 16.0;
/// Height of the names below the grid.
const NAMES: f32 = 7.0 * STEP;
/// Longest text of what to do. Longer texts are cut.
const LONGEST: usize = 500;

pub fn draw(flow: &mut Flow, board: &RiskBoard) {
    if board.risks.is_empty() && board.more.2.is_empty() {
        return;
    }
    let grid = Grid::of(flow, board);
    let items: Vec<Item> = board
        .risks
        .iter()
        .enumerate()
        .map(|(i, risk)| Item::of(flow, board, i, risk))
        .collect();
    let left =
        headings::column_head_height(flow, &board.grid_title, &board.grid_caption, LEFT_WIDTH);
    let right = headings::column_head_height(flow, &board.list_title, "", LIST_WIDTH);
    let first = items.first().map_or(0.0, Item::height);
    flow.gap(6.0 * STEP);
    flow.snap_to_grid();
    flow.need((left + grid.height()).max(right + first));
    let top = flow.y;
    let at = (MARGIN, top);
    let below = headings::column_head(flow, &board.grid_title, &board.grid_caption, at, LEFT_WIDTH);
    grid.draw(flow, board, below);
    let more = More::of(flow, board);
    draw_columns(flow, board, (&items, &more), (top, below + grid.height()));
}

/// Returns the height of the grid or of the first risks.
pub fn least() -> f32 {
    3.0 * MIN_CELL + NAMES + 10.0 * STEP
}

/// Draws the list and the further risks next to each other, on as many pages as needed.
fn draw_columns(
    flow: &mut Flow,
    board: &RiskBoard,
    (items, more): (&[Item], &More),
    (top, mut left): (f32, f32),
) {
    let mut right = top;
    let mut list = None;
    if !items.is_empty() {
        right = headings::column_head(flow, &board.list_title, "", (LIST, top), LIST_WIDTH);
        rule(flow, (LIST, right - STEP / 2.0), LIST_WIDTH, Color::Primary);
        list = Some(flow.node("L"));
    }
    let (mut next, mut open) = (0, MoreState::default());
    loop {
        while let (Some(list), Some(item)) = (list, items.get(next)) {
            let is_first = right <= TOP + 0.5;
            if right + item.height() > flow.bottom() + 0.1 && !is_first {
                break;
            }
            item.draw(flow, list, right);
            right += item.height();
            next += 1;
        }
        left = more.draw(flow, &mut open, left);
        if next >= items.len() && open.next >= more.titles.len() {
            break;
        }
        flow.new_page();
        (left, right) = (TOP, TOP);
    }
    flow.y = left.max(right);
    flow.snap_to_grid();
}

fn rule(flow: &mut Flow, (x, y): (f32, f32), width: f32, color: Color) {
    let thickness = if color == Color::Line { 0.5 } else { 1.0 };
    flow.artifact(|page| page.line((x, y), (x + width, y), thickness, color, 0.0));
}

/// Returns the color of a risk's badge.
fn tone(risk: &RiskItem) -> Tone {
    match level(risk.likelihood) * level(risk.impact) {
        9 => Tone::Bad,
        4..=6 => Tone::Watch,
        _ => Tone::Plain,
    }
}

fn level(level: usize) -> usize {
    level.clamp(1, 3)
}

/// A shaped risk of the list.
struct Item {
    number: Paragraph,
    tone: Tone,
    title: Paragraph,
    consequence: Option<Paragraph>,
    action: Option<Rich>,
    owner: Option<Paragraph>,
}

impl Item {
    fn of(flow: &mut Flow, board: &RiskBoard, index: usize, risk: &RiskItem) -> Self {
        const WIDTH: f32 = LIST_WIDTH - INDENT;
        let engine = &mut *flow.engine;
        let mut optional = |text: &str, style: Style, lines| {
            (!text.is_empty()).then(|| engine.shape_limited(text, style, WIDTH, lines))
        };
        let consequence = optional(&risk.consequence, CELL, 6);
        let owner = match risk.owned {
            true => CELL.color(Color::Quiet),
            false => CELL.strong().color(ink(Tone::Bad)),
        };
        let owner = optional(&risk.owner, owner, 2);
        let title = BODY.strong().color(Color::Primary);
        let mitigation = shortened(&risk.mitigation);
        let styles = [CELL, CELL.strong()];
        let pieces = [(board.action.as_str(), 1), (" ", 0), (&mitigation, 0)];
        Self {
            number: engine.shape_line(&(index + 1).to_string(), BADGE_NUMBER),
            tone: tone(risk),
            title: engine.shape_limited(&risk.title, title, WIDTH, 3),
            consequence,
            action: (!mitigation.is_empty()).then(|| Rich::shape(engine, &pieces, &styles, WIDTH)),
            owner,
        }
    }

    fn height(&self) -> f32 {
        self.title.height()
            + self.consequence.as_ref().map_or(0.0, Paragraph::height)
            + self
                .action
                .as_ref()
                .map_or(0.0, |action| action.height() + STEP / 2.0)
            + self.owner.as_ref().map_or(0.0, Paragraph::height)
            + 2.0 * PAD
    }

    fn draw(&self, flow: &mut Flow, list: Node, top: f32) {
        let node = flow.tags.add(list, "LI");
        let label = flow.tags.add(node, "Lbl");
        let body = flow.tags.add(node, "LBody");
        let center = (LIST + BADGE, top + PAD + BODY.line / 2.0);
        let color = marks::badge_color(self.tone);
        flow.draw(label, |page| {
            marks::badge(page, center, BADGE, &self.number, color)
        });
        let x = LIST + INDENT;
        flow.draw(body, |page| {
            let mut y = top + PAD;
            page.paragraph(&self.title, x, y);
            y += self.title.height();
            if let Some(consequence) = &self.consequence {
                page.paragraph(consequence, x, y);
                y += consequence.height();
            }
            if let Some(action) = &self.action {
                y += STEP / 2.0;
                action.draw(page, x, y);
                y += action.height();
            }
            if let Some(owner) = &self.owner {
                page.paragraph(owner, x, y);
            }
        });
        rule(flow, (LIST, top + self.height()), LIST_WIDTH, Color::Line);
    }
}

/// Returns a text of at most [`LONGEST`] characters.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

/// The shaped further risks.
struct More {
    heading: String,
    note: String,
    heading_height: f32,
    titles: Vec<Paragraph>,
}

/// What has been drawn of the further risks.
#[derive(Default)]
struct MoreState {
    list: Option<Node>,
    next: usize,
}

impl More {
    fn of(flow: &mut Flow, board: &RiskBoard) -> Self {
        let (heading, note, titles) = &board.more;
        let height = headings::column_head_height(flow, heading, note, LEFT_WIDTH);
        Self {
            heading: heading.clone(),
            note: note.clone(),
            heading_height: height + 4.0 * STEP,
            titles: titles
                .iter()
                .map(|title| flow.engine.shape_limited(title, CELL, LEFT_WIDTH, 2))
                .collect(),
        }
    }

    /// Draws the titles that fit below `y`, and returns their bottom.
    fn draw(&self, flow: &mut Flow, state: &mut MoreState, mut y: f32) -> f32 {
        let height = |title: &Paragraph| title.height() + 2.0 * MORE_PAD;
        while let Some(title) = self.titles.get(state.next) {
            let heading = if state.list.is_none() {
                self.heading_height
            } else {
                0.0
            };
            if y + heading + height(title) > flow.bottom() + 0.1 {
                break;
            }
            let list = match state.list {
                Some(list) => list,
                None => {
                    let at = (MARGIN, if y > TOP + 0.5 { y + 4.0 * STEP } else { y });
                    y = headings::column_head(flow, &self.heading, &self.note, at, LEFT_WIDTH);
                    rule(flow, (MARGIN, y - STEP / 2.0), LEFT_WIDTH, Color::Primary);
                    *state.list.insert(flow.node("L"))
                }
            };
            let item = flow.tags.add(list, "LI");
            let body = flow.tags.add(item, "LBody");
            flow.draw(body, |page| page.paragraph(title, MARGIN, y + MORE_PAD));
            y += height(title);
            rule(flow, (MARGIN, y), LEFT_WIDTH, Color::Line);
            state.next += 1;
        }
        y
    }
}

/// The shaped grid. Rows are from the highest impact, columns from the lowest likelihood.
struct Grid {
    cells: [[Cell; 3]; 3],
    heights: [f32; 3],
    levels: [Paragraph; 3],
    columns: [Paragraph; 3],
    axes: [Paragraph; 2],
    /// Width of the names of the rows, and of a cell.
    left: f32,
    cell: f32,
}

/// The badges of a cell, and the number of its further risks.
struct Cell {
    badges: Vec<(Paragraph, Tone)>,
    more: Option<Paragraph>,
}

impl Cell {
    fn of(
        flow: &mut Flow,
        board: &RiskBoard,
        (likelihood, impact): (usize, usize),
        width: f32,
    ) -> Self {
        let here = |place: (usize, usize)| (level(place.0), level(place.1)) == (likelihood, impact);
        let mut badges = Vec::new();
        for (i, risk) in board.risks.iter().enumerate() {
            if here((risk.likelihood, risk.impact)) {
                let number = flow.engine.shape_line(&(i + 1).to_string(), BADGE_NUMBER);
                badges.push((number, tone(risk)));
            }
        }
        let count = board
            .more_places
            .iter()
            .filter(|place| here(**place))
            .count();
        let words = format!("{count} {}", board.more_word);
        let style = TINY.strong().color(Color::Quiet);
        Self {
            badges,
            more: (count > 0).then(|| flow.engine.shape_limited(&words, style, width - 4.0, 2)),
        }
    }

    fn per_row(width: f32) -> usize {
        (((width - 3.0) / PITCH).floor() as usize).max(1)
    }

    fn height(&self, width: f32) -> f32 {
        let rows = self.badges.len().div_ceil(Self::per_row(width)) as f32;
        rows * PITCH + self.more.as_ref().map_or(0.0, Paragraph::height)
    }

    fn draw(&self, page: &mut Page, (x, y): (f32, f32), (width, height): (f32, f32)) {
        let mut top = y + (height - self.height(width)) / 2.0;
        for row in self.badges.chunks(Self::per_row(width)) {
            let start = x + (width - PITCH * (row.len() as f32 - 1.0)) / 2.0;
            for (i, (number, tone)) in row.iter().enumerate() {
                let center = (start + PITCH * i as f32, top + PITCH / 2.0);
                marks::badge(page, center, BADGE, number, marks::badge_color(*tone));
            }
            top += PITCH;
        }
        if let Some(more) = &self.more {
            page.paragraph_centered(more, x + width / 2.0, top);
        }
    }
}

impl Grid {
    fn of(flow: &mut Flow, board: &RiskBoard) -> Self {
        let names = &board.levels;
        let levels =
            [2, 1, 0].map(|i: usize| flow.engine.shape_limited(&names[i], TINY, MAX_LEVEL, 3));
        let left = 6.0 + levels.iter().map(|name| name.width).fold(0.0, f32::max);
        let cell = (LEFT_WIDTH - left) / 3.0;
        let inner = cell - BETWEEN;
        let cells = [3, 2, 1].map(|impact| {
            [1, 2, 3].map(|likelihood| Cell::of(flow, board, (likelihood, impact), inner))
        });
        let height = |row: &[Cell; 3]| {
            let cells = row.iter().map(|cell| cell.height(inner) + 6.0);
            cells.fold(MIN_CELL, f32::max) + BETWEEN
        };
        let [likelihood, impact] = &board.axes;
        Self {
            heights: [0, 1, 2].map(|row: usize| height(&cells[row])),
            columns: [0, 1, 2].map(|i: usize| flow.engine.shape_cut(&names[i], TINY, cell - 4.0)),
            axes: [likelihood, impact]
                .map(|axis| flow.engine.shape_cut(axis, TINY, LEFT_WIDTH - left)),
            cells,
            levels,
            left,
            cell,
        }
    }

    /// Returns the height with the names of the axes.
    fn height(&self) -> f32 {
        TINY.line + self.heights.iter().sum::<f32>() + NAMES
    }

    fn draw(&self, flow: &mut Flow, board: &RiskBoard, top: f32) {
        /// Backgrounds: the most important cell, its neighbors, and the others.
        const GROUNDS: [Color; 3] = [Color::PrimarySoft, Color::PrimaryPale, Color::Pale];
        let figure = flow.node("Figure");
        flow.tags.describe(figure, in_words(board));
        let left = MARGIN + self.left;
        let [likelihood, impact] = &self.axes;
        flow.draw(figure, |page| {
            page.paragraph(impact, left, top - STEP / 2.0);
            let mut y = top + TINY.line;
            for (row, cells) in self.cells.iter().enumerate() {
                let size = (self.cell - BETWEEN, self.heights[row] - BETWEEN);
                let name = &self.levels[row];
                page.paragraph_right(name, left - 6.0, y + (size.1 - name.height()) / 2.0);
                for (column, cell) in cells.iter().enumerate() {
                    let x = left + self.cell * column as f32;
                    let ground = GROUNDS[(row + 2 - column).min(2)];
                    page.rect(x, y, size.0, size.1, ground);
                    cell.draw(page, (x, y), size);
                }
                y += self.heights[row];
            }
            for (column, name) in self.columns.iter().enumerate() {
                page.paragraph_centered(name, left + self.cell * (column as f32 + 0.5), y);
            }
            let middle = left + self.cell * 1.5;
            page.paragraph_centered(likelihood, middle, y + TINY.line);
        });
    }
}

/// Returns the grid as text, for screen readers.
fn in_words(board: &RiskBoard) -> String {
    let [likelihood, impact] = &board.axes;
    let name = |of: usize| board.levels[level(of) - 1].as_str();
    let place = |(across, up): (usize, usize)| {
        format!("{likelihood}: {}, {impact}: {}", name(across), name(up))
    };
    let risks = board.risks.iter().enumerate().map(|(i, risk)| {
        format!(
            "{}. {}, {}",
            i + 1,
            risk.title,
            place((risk.likelihood, risk.impact))
        )
    });
    let more = board.more.2.iter().zip(&board.more_places);
    let more = more.map(|(title, at)| format!("{title}, {}", place(*at)));
    risks.chain(more).collect::<Vec<_>>().join("; ")
}
