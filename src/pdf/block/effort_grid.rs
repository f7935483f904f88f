//! Items by effort and impact in a grid of lists, next to the client's own words.

use super::headings;
use super::marks::{self, BADGE_NUMBER};
use crate::pdf::flow::Flow;
use crate::pdf::tags::Node;
use crate::pdf::text::{Paragraph, Style};
use crate::pdf::theme::*;
use crate::plan::{EffortGrid, GridItem};

/// Distance between the grid and the words on its right.
const GAP: f32 = 18.0;
/// Width of the words.
const WORDS: f32 = WIDTH - 321.0;
/// Largest width of the names of the rows.
const MAX_ROW_NAMES: f32 = 44.0;
/// Distance between cells.
const BETWEEN: f32 = 1.8;
/// Padding of a cell.
const PAD: f32 = 1.5 * STEP;
/// Smallest height of a row.
const MIN_ROW: f32 = 9.0 * STEP;
/// Distance from the left of a cell to its names.
const INDENT: f32 = 18.0;
/// Radius of a badge in a cell.
const BADGE: f32 = 5.0;
/// Height of the names of the columns.
const COLUMN_NAMES: f32 = 5.0 * STEP;
/// Most items of a cell, from the usual to the tightest.
const CAPS: [usize; 5] = [24, 16, 10, 6, 3];
/// Most lines of the client's words in one item, from the usual to the tightest.
const LINES: [usize; 4] = [6, 4, 3, 2];
const ITEM: Style = Style::new(8.0, 3.0);
/// Backgrounds: high impact and low effort, one step away, and the others.
const GROUNDS: [Color; 3] = [Color::PrimaryPale, Color::Pale, Color::Paler];

/// Draws the grid, and the words on its right if there are any.
pub fn draw(flow: &mut Flow, grid: &EffortGrid) {
    let has_items = grid.cells.iter().flatten().any(|items| !items.is_empty());
    let words = grid.words.iter().any(|(_, items)| !items.is_empty());
    if !has_items {
        return;
    }
    let width = if words { WIDTH - WORDS - GAP } else { WIDTH };
    let room = 0.8 * flow.page_height();
    let heading = headings::column_head_height(flow, &grid.title, &grid.caption, width);
    let cells = fitted(flow, grid, width, room - heading);
    let height = heading + cells.height();
    let aside = if words {
        Words::fitted(flow, grid, height.max(0.45 * room))
    } else {
        Words::default()
    };
    let total = height.max(aside.height);
    flow.gap(6.0 * STEP);
    flow.snap_to_grid();
    flow.need(total);
    let top = flow.y;
    let below = headings::column_head(flow, &grid.title, &grid.caption, (MARGIN, top), width);
    cells.draw(flow, grid, below);
    if words {
        aside.draw(flow, grid, (MARGIN + WIDTH - WORDS, top));
    }
    flow.y = top + total;
    flow.snap_to_grid();
}

/// A shaped item.
struct Item {
    number: Option<(Paragraph, Color)>,
    name: Paragraph,
}

/// The shaped grid.
struct Cells {
    rows: [[Vec<Item>; 3]; 3],
    row_names: Vec<Paragraph>,
    column_names: Vec<Paragraph>,
    heights: [f32; 3],
    /// Width of the names of the rows, and of a cell.
    left: f32,
    cell: f32,
}

/// Shapes the grid with as many items per cell as fit into the room.
fn fitted(flow: &mut Flow, grid: &EffortGrid, width: f32, room: f32) -> Cells {
    let mut cells = Cells::of(flow, grid, width, CAPS[0]);
    for cap in &CAPS[1..] {
        if cells.height() <= room {
            break;
        }
        cells = Cells::of(flow, grid, width, *cap);
    }
    cells
}

impl Cells {
    fn of(flow: &mut Flow, grid: &EffortGrid, width: f32, cap: usize) -> Self {
        let row_names: Vec<Paragraph> = grid
            .rows
            .iter()
            .map(|name| flow.engine.shape_limited(name, TINY, MAX_ROW_NAMES, 3))
            .collect();
        let left = 6.0 + row_names.iter().map(|name| name.width).fold(0.0, f32::max);
        let cell = (width - left) / 3.0;
        let inner = cell - BETWEEN - INDENT - PAD;
        let rows = [0, 1, 2].map(|row| {
            [0, 1, 2].map(|column| shape_items(flow, &grid.cells[row][column], inner, cap))
        });
        let column_names = grid
            .columns
            .iter()
            .map(|name| flow.engine.shape_cut(name, TINY, cell - 6.0))
            .collect();
        let height = |row: usize| {
            let cell = |items: &Vec<Item>| items.iter().map(|item| item.name.height()).sum::<f32>();
            let items = rows[row].iter().map(cell).fold(0.0, f32::max);
            (items + 2.0 * PAD)
                .max(MIN_ROW)
                .max(row_names.get(row).map_or(0.0, Paragraph::height))
                + BETWEEN
        };
        Self {
            heights: [0, 1, 2].map(height),
            rows,
            row_names,
            column_names,
            left,
            cell,
        }
    }

    fn height(&self) -> f32 {
        self.heights.iter().sum::<f32>() + COLUMN_NAMES
    }

    fn draw(&self, flow: &mut Flow, grid: &EffortGrid, top: f32) {
        let figure = flow.node("Figure");
        flow.tags.describe(figure, in_words(grid));
        let (cell, left) = (self.cell, MARGIN + self.left);
        flow.draw(figure, |page| {
            let mut y = top;
            for (row, items) in self.rows.iter().enumerate() {
                let height = self.heights[row];
                let name = &self.row_names[row];
                let middle = y + (height - BETWEEN) / 2.0;
                page.paragraph_right(name, left - 6.0, middle - name.height() / 2.0);
                for (column, items) in items.iter().enumerate() {
                    let x = left + cell * column as f32;
                    let ground = GROUNDS[(row + column).min(2)];
                    page.rect(x, y, cell - BETWEEN, height - BETWEEN, ground);
                    draw_items(page, items, (x, y + PAD));
                }
                y += height;
            }
            for (column, name) in self.column_names.iter().enumerate() {
                let x = left + cell * (column as f32 + 0.5);
                page.paragraph_centered(name, x, y + STEP / 2.0);
            }
        });
    }
}

fn draw_items(page: &mut crate::pdf::page::Page, items: &[Item], (x, top): (f32, f32)) {
    let mut y = top;
    for item in items {
        let middle = y + ITEM.line / 2.0;
        match &item.number {
            Some((number, color)) => {
                marks::badge(page, (x + INDENT / 2.0, middle), BADGE, number, *color);
            }
            None => page.circle(x + INDENT / 2.0, middle, 1.3, Color::Quiet),
        }
        page.paragraph(&item.name, x + INDENT, y);
        y += item.name.height();
    }
}

/// Shapes the items of a cell. Items that do not fit are counted, as in "+2".
fn shape_items(flow: &mut Flow, items: &[GridItem], width: f32, cap: usize) -> Vec<Item> {
    let kept = if items.len() > cap {
        cap - 1
    } else {
        items.len()
    };
    let number_style = Style {
        size: 6.5,
        ..BADGE_NUMBER
    };
    let mut shaped: Vec<Item> = items[..kept]
        .iter()
        .map(|item| {
            let style = if item.number.is_some() {
                ITEM.strong()
            } else {
                ITEM.color(Color::Quiet)
            };
            let number = item.number.map(|number| {
                let number = flow.engine.shape_line(&number.to_string(), number_style);
                (number, marks::badge_color(item.tone))
            });
            let name = flow.engine.shape_limited(&item.label, style, width, 2);
            Item { number, name }
        })
        .collect();
    if items.len() > kept {
        let rest = format!("+{}", items.len() - kept);
        shaped.push(Item {
            number: None,
            name: flow.engine.shape_line(&rest, ITEM.color(Color::Quiet)),
        });
    }
    shaped
}

/// Returns the grid as text, for screen readers.
fn in_words(grid: &EffortGrid) -> String {
    let mut parts = Vec::new();
    for (row, name) in grid.cells.iter().zip(&grid.rows) {
        for (items, column) in row.iter().zip(&grid.columns) {
            if items.is_empty() {
                continue;
            }
            let items: Vec<String> = items
                .iter()
                .map(|item| match item.number {
                    Some(number) => format!("{number} {}", item.label),
                    None => item.label.clone(),
                })
                .collect();
            parts.push(format!("{name}, {column}: {}", items.join(", ")));
        }
    }
    format!("{}. {}", grid.title, parts.join("; "))
}

/// The client's words, shaped.
#[derive(Default)]
struct Words {
    lists: Vec<(Paragraph, Vec<Paragraph>)>,
    height: f32,
}

/// Space above and below an item of the words.
const WORD_PAD: f32 = STEP;
/// Space below a list of the words.
const LIST_GAP: f32 = 2.0 * STEP;

impl Words {
    /// Shapes the words with as many lines per item as fit into the room, and drops the last items if none fit.
    fn fitted(flow: &mut Flow, grid: &EffortGrid, room: f32) -> Self {
        let mut words = Self::of(flow, grid, LINES[0]);
        for lines in &LINES[1..] {
            if words.height <= room {
                return words;
            }
            words = Self::of(flow, grid, *lines);
        }
        let most = 0.85 * flow.page_height();
        while words.height > most.max(room) && words.drop_last() {}
        words
    }

    fn of(flow: &mut Flow, grid: &EffortGrid, lines: usize) -> Self {
        let mut height = headings::column_head_height(flow, &grid.words_title, "", WORDS);
        let mut lists = Vec::new();
        for (title, items) in grid.words.iter().filter(|(_, items)| !items.is_empty()) {
            let style = CELL.strong().color(Color::Primary);
            let title = flow.engine.shape_limited(title, style, WORDS, 2);
            let items: Vec<Paragraph> = items
                .iter()
                .map(|item| {
                    flow.engine
                        .shape_limited(item, ITEM.color(Color::Ink), WORDS, lines)
                })
                .collect();
            height += title.height() + LIST_GAP;
            height += items.iter().map(item_height).sum::<f32>();
            lists.push((title, items));
        }
        Self { lists, height }
    }

    /// Drops the last item of the longest list, and returns whether there was one to drop.
    fn drop_last(&mut self) -> bool {
        let longest = self.lists.iter_mut().max_by_key(|(_, items)| items.len());
        let dropped = longest
            .filter(|(_, items)| items.len() > 1)
            .and_then(|(_, items)| items.pop());
        self.height -= dropped.as_ref().map_or(0.0, item_height);
        dropped.is_some()
    }

    fn draw(&self, flow: &mut Flow, grid: &EffortGrid, (x, top): (f32, f32)) {
        let mut y = headings::column_head(flow, &grid.words_title, "", (x, top), WORDS);
        for (title, items) in &self.lists {
            let list: Node = flow.node("L");
            let caption = flow.tags.add(list, "Caption");
            flow.draw(caption, |page| page.paragraph(title, x, y));
            y += title.height();
            for item in items {
                let node = flow.tags.add(list, "LI");
                let body = flow.tags.add(node, "LBody");
                flow.draw(body, |page| page.paragraph(item, x, y + WORD_PAD));
                y += item_height(item);
                flow.artifact(|page| page.line((x, y), (x + WORDS, y), 0.5, Color::Line, 0.0));
            }
            y += LIST_GAP;
        }
    }
}

fn item_height(item: &Paragraph) -> f32 {
    item.height() + 2.0 * WORD_PAD
}

/// Returns the height of a usual grid.
pub fn least() -> f32 {
    3.0 * MIN_ROW + COLUMN_NAMES + 20.0 * STEP
}
