//! Tables: columns as wide as their content asks for, cells that wrap, rows that do not tear, a header on every page.

use super::block::references::anchor;
use super::flow::Flow;
use super::tags::Node;
use super::text::{Paragraph, Style};
use super::theme::*;
use crate::plan::{Align, Table, TableCell};
use crate::programme::Tone;

const PAD_X: f32 = 6.0;
const PAD_Y: f32 = STEP;
const HEAD: Style = CELL.strong().color(Color::Primary);

/// A cell, shaped.
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

pub fn draw(flow: &mut Flow, table: &Table) {
    if table.columns.is_empty() || table.rows.is_empty() {
        return;
    }
    let widths = column_widths(flow, table);
    let header: Vec<Paragraph> = table
        .columns
        .iter()
        .zip(&widths)
        .map(|((heading, _), width)| flow.engine.shape(heading, HEAD, width - 2.0 * PAD_X))
        .collect();
    let has_header = table.columns.iter().any(|(heading, _)| !heading.is_empty());
    let header_height = if has_header {
        header.iter().map(Paragraph::height).fold(0.0, f32::max) + 2.0 * PAD_Y
    } else {
        0.0
    };
    let node = flow.node("Table");
    let mut open = false;
    let mut tagged_header = false;
    for row in &table.rows {
        let cells: Vec<Cell> = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| shape_cell(flow, cell, width - 2.0 * PAD_X))
            .collect();
        let height = cells.iter().map(Cell::height).fold(0.0, f32::max) + 2.0 * PAD_Y;
        let before = flow.page_index();
        let whole_page = flow.page_height() - header_height;
        // A row taller than a page is the only one that tears.
        let wanted = if height > whole_page {
            (3.0 * CELL.line + 2.0 * PAD_Y).min(whole_page)
        } else {
            height
        };
        flow.need(wanted + if open { 0.0 } else { header_height });
        if !open || flow.page_index() != before {
            draw_header(
                flow,
                node,
                table,
                &header,
                &widths,
                header_height,
                tagged_header,
            );
            (open, tagged_header) = (true, true);
        }
        if height > whole_page {
            draw_tall_row(flow, node, table, &cells, &widths, (&header, header_height));
        } else {
            draw_row(flow, node, table, &cells, &widths, height);
        }
    }
    flow.y += STEP;
}

/// Widths that add up to the page's: each column gets at least its longest word, then what is left goes where text is longest.
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
    // One endless word must not push the others out: no column claims more than its share and a half.
    let cap = room / count as f32 * 1.5;
    let least: Vec<f32> = least.iter().map(|width| (width + 0.5).min(cap)).collect();
    let total_least: f32 = least.iter().sum();
    let total_most: f32 = most.iter().map(|width| width + 0.5).sum();
    let inner: Vec<f32> = if total_most <= room {
        // What is left goes where text is longest: a column of numbers stays narrow.
        let spare = room - total_most;
        let each = |width: &f32| (width + 0.5) * (1.0 + spare / total_most.max(1.0));
        most.iter().map(each).collect()
    } else if total_least >= room {
        least
            .iter()
            .map(|width| width * room / total_least)
            .collect()
    } else {
        // By the square root of the wish: a long text gets more room, but a short one keeps enough to read well.
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

/// Hands out what is left above the least widths; what a column does not want goes to the others.
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
    let note =
        (!cell.note.is_empty()).then(|| flow.engine.shape(&cell.note, SMALL, width));
    let anchor = cell.anchor.as_deref().map(anchor);
    Cell { text, note, anchor }
}

fn draw_header(
    flow: &mut Flow,
    node: Node,
    table: &Table,
    header: &[Paragraph],
    widths: &[f32],
    height: f32,
    repeated: bool,
) {
    if height == 0.0 {
        let y = flow.y;
        flow.artifact(|page| page.line((MARGIN, y), (MARGIN + WIDTH, y), 0.6, Color::Line, 0.0));
        return;
    }
    let y = flow.y;
    let row = (!repeated).then(|| flow.tags.add(node, "TR"));
    let mut x = MARGIN;
    for ((paragraph, (_, align)), width) in header.iter().zip(&table.columns).zip(widths) {
        let draw = |page: &mut super::page::Page| match align {
            Align::Left => page.paragraph(paragraph, x + PAD_X, y + PAD_Y),
            Align::Right => page.paragraph_right(paragraph, x + width - PAD_X, y + PAD_Y),
        };
        match row {
            Some(row) => {
                let cell = flow.tags.add(row, "TH");
                flow.draw(cell, draw);
            }
            // On later pages the header repeats for the eye only.
            None => flow.artifact(draw),
        }
        x += width;
    }
    flow.artifact(|page| {
        page.line(
            (MARGIN, y + height),
            (MARGIN + WIDTH, y + height),
            1.0,
            Color::Primary,
            0.0,
        )
    });
    flow.y += height;
}

fn draw_row(
    flow: &mut Flow,
    node: Node,
    table: &Table,
    cells: &[Cell],
    widths: &[f32],
    height: f32,
) {
    let y = flow.y;
    let row = flow.tags.add(node, "TR");
    let mut x = MARGIN;
    for ((cell, (_, align)), width) in cells.iter().zip(&table.columns).zip(widths) {
        let tag = flow.tags.add(row, "TD");
        if let Some(anchor) = &cell.anchor {
            flow.anchor(anchor.clone());
        }
        flow.draw(tag, |page| {
            let mut top = y + PAD_Y;
            for paragraph in std::iter::once(&cell.text).chain(&cell.note) {
                match align {
                    Align::Left => page.paragraph(paragraph, x + PAD_X, top),
                    Align::Right => page.paragraph_right(paragraph, x + width - PAD_X, top),
                }
                top += paragraph.height();
            }
        });
        x += width;
    }
    flow.artifact(|page| {
        page.line(
            (MARGIN, y + height),
            (MARGIN + WIDTH, y + height),
            0.5,
            Color::Line,
            0.0,
        )
    });
    flow.y += height;
}

/// A row taller than a page: its cells' lines go on, page by page, under a repeated header.
fn draw_tall_row(
    flow: &mut Flow,
    node: Node,
    table: &Table,
    cells: &[Cell],
    widths: &[f32],
    (header, header_height): (&[Paragraph], f32),
) {
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
    let step = CELL.line;
    let longest = lines.iter().map(Vec::len).max().unwrap_or(0);
    let mut start = 0;
    while start < longest {
        let fits = (((flow.room() - 2.0 * PAD_Y) / step).floor() as usize).max(1);
        let y = flow.y + PAD_Y;
        let mut x = MARGIN;
        for ((lines, tag), width) in lines.iter().zip(&tags).zip(widths) {
            let now = lines
                .get(start..lines.len().min(start + fits))
                .unwrap_or_default();
            if !now.is_empty() {
                flow.draw(*tag, |page| {
                    for (i, (paragraph, line)) in now.iter().enumerate() {
                        page.text_line(
                            paragraph,
                            &paragraph.lines[*line],
                            x + PAD_X,
                            y + step * i as f32,
                        );
                    }
                });
            }
            x += width;
        }
        let drawn = fits.min(longest - start);
        flow.y += step * drawn as f32 + 2.0 * PAD_Y;
        start += fits;
        if start < longest {
            flow.new_page();
            draw_header(flow, node, table, header, widths, header_height, true);
        }
    }
    let y = flow.y;
    flow.artifact(|page| page.line((MARGIN, y), (MARGIN + WIDTH, y), 0.5, Color::Line, 0.0));
}
