//! Tables: column widths by content, wrapped cells, unbroken rows, and a header on every page.

use super::block::references::anchor;
use super::flow::Flow;
use super::page::Page;
use super::spacing::Spacing;
use super::tags::Node;
use super::text::{Paragraph, Style};
use super::theme::*;
use crate::plan::{Align, Table, TableCell};
use crate::questionnaire::Tone;

const PAD_X: f32 = 6.0;
/// A table up to this share of a page stays whole.
const SMALL_TABLE: f32 = 0.3;
/// Space above and below the text of a row, and the same if the section must fit on one page.
const PAD_Y: (f32, f32) = (STEP, 0.6 * STEP);
const HEAD: Style = CELL.strong().color(Color::Primary);

/// A shaped cell.
struct Cell {
    text: Paragraph,
    note: Option<Paragraph>,
    anchor: Option<String>,
}

impl Cell {
    fn height(&self) -> f32 {
        self.text.height() + self.note.as_ref().map_or(0.0, Paragraph::height)
    }
}

/// A shaped table.
struct Prepared<'t> {
    table: &'t Table,
    widths: Vec<f32>,
    header: Vec<Paragraph>,
    header_height: f32,
    rows: Vec<(Vec<Cell>, f32)>,
    /// Space above and below the text of a row.
    pad: f32,
}

/// Draws a table below its title. A small table stays whole; a long table keeps its first rows with the title.
pub fn draw(flow: &mut Flow, title: Option<&str>, table: &Table) {
    if table.columns.is_empty() || table.rows.is_empty() {
        return;
    }
    let prepared = prepare(flow, table, f32::MAX);
    let unbreakable_height = prepared.unbreakable_height(flow.page_height());
    match title {
        Some(title) => flow.heading(title, unbreakable_height),
        None => flow.need(unbreakable_height),
    }
    draw_rows(flow, &prepared);
    flow.y += STEP;
}

impl Prepared<'_> {
    /// Returns the height that must stay on one page, for pages of this content height. Needs only the rows that may be
    /// part of it.
    fn unbreakable_height(&self, page: f32) -> f32 {
        let heights = || self.rows.iter().map(|(_, height)| *height);
        let all = self.header_height + heights().sum::<f32>();
        let first = self.header_height + heights().take(2).sum::<f32>();
        if all <= SMALL_TABLE * page {
            all
        } else {
            first.min(0.5 * page)
        }
    }
}

/// Returns the height of a table that must stay on one page.
pub fn unbreakable_height(flow: &mut Flow, table: &Table) -> f32 {
    let page = flow.page_height();
    prepare(flow, table, SMALL_TABLE * page).unbreakable_height(page)
}

/// Shapes the cells of a table, of as many rows as make up `height`.
fn prepare<'t>(flow: &mut Flow, table: &'t Table, height: f32) -> Prepared<'t> {
    let pad = match flow.spacing == Spacing::NORMAL {
        true => PAD_Y.0,
        false => PAD_Y.1,
    };
    let widths = column_widths(flow, table);
    let header: Vec<Paragraph> = table
        .columns
        .iter()
        .zip(&widths)
        .map(|((heading, _), width)| flow.engine.shape(heading, HEAD, width - 2.0 * PAD_X))
        .collect();
    let has_header = table.columns.iter().any(|(heading, _)| !heading.is_empty());
    let header_height = if has_header {
        header.iter().map(Paragraph::height).fold(0.0, f32::max) + 2.0 * pad
    } else {
        0.0
    };
    let mut rows = Vec::new();
    let mut used = header_height;
    for row in &table.rows {
        if used > height && rows.len() >= 2 {
            break;
        }
        let cells: Vec<Cell> = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| shape_cell(flow, cell, width - 2.0 * PAD_X))
            .collect();
        let own = cells.iter().map(Cell::height).fold(0.0, f32::max) + 2.0 * pad;
        rows.push((cells, own));
        used += own;
    }
    Prepared {
        table,
        rows,
        widths,
        header,
        header_height,
        pad,
    }
}

fn draw_rows(flow: &mut Flow, prepared: &Prepared) {
    let node = flow.node("Table");
    let whole_page = flow.page_height() - prepared.header_height;
    let mut open = false;
    for (i, (cells, height)) in prepared.rows.iter().enumerate() {
        let before = flow.page_index();
        // Only a row taller than a page breaks across pages. The last row is not moved to a new page alone.
        let wanted = match prepared.rows.get(i + 1..) {
            _ if *height > whole_page => (3.0 * CELL.line + 2.0 * prepared.pad).min(whole_page),
            Some([(_, last)]) if i > 0 && height + last <= whole_page => height + last,
            _ => *height,
        };
        flow.need(wanted + if open { 0.0 } else { prepared.header_height });
        if !open || flow.page_index() != before {
            draw_header(flow, node, prepared, open);
            open = true;
        }
        if *height > whole_page {
            draw_tall_row(flow, node, prepared, cells);
        } else {
            draw_row(flow, node, prepared, cells, *height);
        }
    }
}

/// Returns column widths that add up to [`WIDTH`].
///
/// Each column fits its longest word, up to a cap. Columns with longer text get more of the rest.
fn column_widths(flow: &mut Flow, table: &Table) -> Vec<f32> {
    let count = table.columns.len();
    let (mut least, mut most) = (vec![0.0f32; count], vec![0.0f32; count]);
    for (i, (heading, _)) in table.columns.iter().enumerate() {
        let (min, max) = flow.engine.widths(heading, HEAD);
        (least[i], most[i]) = (min, max);
    }
    for row in &table.rows {
        for (i, cell) in row.iter().enumerate().take(count) {
            let style = if cell.strong { CELL.strong() } else { CELL }.tabular();
            for (text, style) in [(&cell.text, style), (&cell.note, SMALL)] {
                if text.is_empty() {
                    continue;
                }
                let (min, max) = flow.engine.widths(text, style);
                least[i] = least[i].max(min);
                most[i] = most[i].max(max);
            }
        }
    }
    let room = WIDTH - 2.0 * PAD_X * count as f32;
    // A very long word must not squeeze the other columns, so a minimum width is capped at 1.5 equal shares.
    let cap = room / count as f32 * 1.5;
    let least: Vec<f32> = least.iter().map(|width| (width + 0.5).min(cap)).collect();
    let total_least: f32 = least.iter().sum();
    let total_most: f32 = most.iter().map(|width| width + 0.5).sum();
    let inner: Vec<f32> = if total_most <= room {
        // The spare width is distributed in proportion to the text, so that number columns stay narrow.
        let spare = room - total_most;
        let each = |width: &f32| (width + 0.5) * (1.0 + spare / total_most.max(1.0));
        most.iter().map(each).collect()
    } else if total_least >= room {
        least
            .iter()
            .map(|width| width * room / total_least)
            .collect()
    } else {
        // In proportion to the square root of the missing width: long text gets more, and short text stays readable.
        let wishes: Vec<f32> = most
            .iter()
            .zip(&least)
            .map(|(most, least)| (most - least).max(0.0).sqrt())
            .collect();
        let total: f32 = wishes.iter().sum::<f32>().max(0.001);
        spread(&least, &most, &wishes, total, room)
    };
    inner.iter().map(|width| width + 2.0 * PAD_X).collect()
}

/// Distributes the width above the minimum widths. Width that a column does not need goes to the other columns.
fn spread(least: &[f32], most: &[f32], wishes: &[f32], total: f32, room: f32) -> Vec<f32> {
    let mut widths = least.to_vec();
    let mut left = room - least.iter().sum::<f32>();
    let mut open: Vec<bool> = vec![true; least.len()];
    let mut weight = total;
    while left > 0.5 && weight > 0.001 {
        let share = left / weight;
        let mut used = 0.0;
        let mut still = 0.0;
        for i in 0..widths.len() {
            if !open[i] {
                continue;
            }
            let wanted = (most[i] + 0.5 - widths[i]).max(0.0);
            let given = (wishes[i] * share).min(wanted);
            widths[i] += given;
            used += given;
            open[i] = given < wanted;
            still += if open[i] { wishes[i] } else { 0.0 };
        }
        left -= used;
        weight = still;
        if used < 0.01 {
            break;
        }
    }
    let spare = left.max(0.0) / widths.len() as f32;
    widths.iter().map(|width| width + spare).collect()
}

fn shape_cell(flow: &mut Flow, cell: &TableCell, width: f32) -> Cell {
    let color = if cell.tone == Tone::Plain {
        Color::Ink
    } else {
        ink(cell.tone)
    };
    let style = if cell.strong { CELL.strong() } else { CELL }
        .color(color)
        .tabular();
    let text = flow.engine.shape(&cell.text, style, width);
    let note = (!cell.note.is_empty()).then(|| flow.engine.shape(&cell.note, SMALL, width));
    let anchor = cell.anchor.as_deref().map(anchor);
    Cell { text, note, anchor }
}

fn draw_header(flow: &mut Flow, node: Node, prepared: &Prepared, repeated: bool) {
    let (y, height) = (flow.y, prepared.header_height);
    if height == 0.0 {
        flow.artifact(|page| page.rule(y, 0.6, Color::Line));
        return;
    }
    let row = (!repeated).then(|| flow.tags.add(node, "TR"));
    let mut x = MARGIN;
    let columns = prepared.header.iter().zip(&prepared.table.columns);
    for ((paragraph, (_, align)), width) in columns.zip(&prepared.widths) {
        let draw =
            |page: &mut Page| aligned(page, paragraph, *align, (x, *width), y + prepared.pad);
        match row {
            Some(row) => {
                let cell = flow.tags.add(row, "TH");
                flow.draw(cell, draw);
            }
            // On later pages, the repeated header is an artifact, so that screen readers skip it.
            None => flow.artifact(draw),
        }
        x += width;
    }
    flow.y += height;
    rule(flow, 1.0, Color::Primary);
}

/// Draws the text of a cell in its column.
fn aligned(page: &mut Page, paragraph: &Paragraph, align: Align, (x, width): (f32, f32), y: f32) {
    match align {
        Align::Left => page.paragraph(paragraph, x + PAD_X, y),
        Align::Right => page.paragraph_right(paragraph, x + width - PAD_X, y),
    }
}

/// Draws a line across the table at the current position.
fn rule(flow: &mut Flow, thickness: f32, color: Color) {
    let y = flow.y;
    flow.artifact(|page| page.rule(y, thickness, color));
}

fn draw_row(flow: &mut Flow, node: Node, prepared: &Prepared, cells: &[Cell], height: f32) {
    let y = flow.y;
    let row = flow.tags.add(node, "TR");
    let mut x = MARGIN;
    let columns = cells.iter().zip(&prepared.table.columns);
    for ((cell, (_, align)), width) in columns.zip(&prepared.widths) {
        let tag = flow.tags.add(row, "TD");
        if let Some(anchor) = &cell.anchor {
            flow.anchor(anchor.clone());
        }
        flow.draw(tag, |page| {
            let mut top = y + prepared.pad;
            for paragraph in std::iter::once(&cell.text).chain(&cell.note) {
                aligned(page, paragraph, *align, (x, *width), top);
                top += paragraph.height();
            }
        });
        x += width;
    }
    flow.y += height;
    rule(flow, 0.5, Color::Line);
}

/// Draws a row taller than a page: the lines of its cells continue on each page under a repeated header.
fn draw_tall_row(flow: &mut Flow, node: Node, prepared: &Prepared, cells: &[Cell]) {
    let row = flow.tags.add(node, "TR");
    let tags: Vec<Node> = cells.iter().map(|_| flow.tags.add(row, "TD")).collect();
    let lines: Vec<Vec<(&Paragraph, usize)>> = cells
        .iter()
        .map(|cell| {
            std::iter::once(&cell.text)
                .chain(&cell.note)
                .flat_map(|paragraph| (0..paragraph.lines.len()).map(move |line| (paragraph, line)))
                .collect()
        })
        .collect();
    let longest = lines.iter().map(Vec::len).max().unwrap_or(0);
    let mut start = 0;
    while start < longest {
        let fits = (((flow.room() - 2.0 * prepared.pad) / CELL.line).floor() as usize).max(1);
        let y = flow.y + prepared.pad;
        let mut x = MARGIN;
        for ((lines, tag), width) in lines.iter().zip(&tags).zip(&prepared.widths) {
            let end = lines.len().min(start + fits);
            let now = lines.get(start..end).unwrap_or_default();
            if !now.is_empty() {
                flow.draw(*tag, |page| {
                    for (i, (paragraph, line)) in now.iter().enumerate() {
                        let y = y + CELL.line * i as f32;
                        page.text_line(paragraph, &paragraph.lines[*line], x + PAD_X, y);
                    }
                });
            }
            x += width;
        }
        let drawn = fits.min(longest - start);
        flow.y += CELL.line * drawn as f32 + 2.0 * prepared.pad;
        start += fits;
        if start < longest {
            flow.new_page();
            draw_header(flow, node, prepared, true);
        }
    }
    rule(flow, 0.5, Color::Line);
}
