//! Shares of a whole as horizontal bars, next to a small table.

use super::headings;
use super::rows;
use crate::pdf::flow::Flow;
use crate::pdf::page::Page;
use crate::pdf::text::{Paragraph, Style};
use crate::pdf::theme::*;
use crate::plan::{Align, Gauge, Table, TableCell};
use crate::questionnaire::Tone;

/// Width of the small table.
const TABLE: f32 = 172.0;
/// Distance between the bars and the table.
const GAP: f32 = 24.0;
/// Width of the whole.
const WHOLE: f32 = 62.0;
const BAR: f32 = 9.0;
/// Minimum width of the values.
const FIGURE_WIDTH: f32 = 30.0;
/// Padding between two cells of the table.
const PAD: f32 = 8.0;
const HEAD: Style = TINY.color(Color::Soft);

/// A shaped gauge.
struct Row<'g> {
    gauge: &'g Gauge,
    figure: Paragraph,
    text: Paragraph,
}

/// A shaped cell of the small table.
struct Cell {
    text: Paragraph,
    note: Option<Paragraph>,
}

impl Cell {
    fn height(&self) -> f32 {
        self.text.height() + self.note.as_ref().map_or(0.0, Paragraph::height)
    }
}

/// The shaped small table.
struct Small<'t> {
    table: &'t Table,
    left: f32,
    widths: Vec<f32>,
    head: Vec<Paragraph>,
    rows: Vec<Vec<Cell>>,
}

pub fn draw(flow: &mut Flow, title: &str, gauges: &[Gauge], table: Option<&Table>) {
    let table = table.filter(|table| !table.columns.is_empty() && !table.rows.is_empty());
    let has_both = !gauges.is_empty() && table.is_some();
    let left_width = if has_both { WIDTH - TABLE - GAP } else { WIDTH };
    let shaped = shape(flow, gauges, left_width);
    let small = table.map(|table| {
        let (left, width) = if has_both {
            (MARGIN + WIDTH - TABLE, TABLE)
        } else {
            (MARGIN, WIDTH / 2.0)
        };
        shape_table(flow, table, left, width)
    });
    let pad = flow.spacing.pad * 0.8;
    let bars: f32 = shaped.iter().map(|row| row.height(pad)).sum();
    let height = bars.max(small.as_ref().map_or(0.0, |small| small.height(pad)));
    if height == 0.0 {
        return;
    }
    headings::heading(flow, title, "", height.min(flow.page_height() / 2.0));
    flow.need(height);
    let top = flow.y;
    if !shaped.is_empty() {
        let figure = flow.node("Figure");
        flow.tags.describe(figure, in_words(title, gauges));
        flow.draw(figure, |page| {
            let mut y = top;
            for row in &shaped {
                row.draw(page, y, pad);
                y += row.height(pad);
            }
        });
    }
    if let Some(small) = &small {
        small.draw(flow, top, pad);
    }
    flow.y = top + height;
    flow.snap_to_grid();
}

fn shape<'g>(flow: &mut Flow, gauges: &'g [Gauge], width: f32) -> Vec<Row<'g>> {
    let style = CELL.strong().color(Color::Primary).tabular();
    let figures: Vec<Paragraph> = gauges
        .iter()
        .map(|gauge| {
            flow.engine
                .shape_cut(&gauge.figure, style, 2.0 * FIGURE_WIDTH)
        })
        .collect();
    let widest = figures
        .iter()
        .map(|figure| figure.width)
        .fold(FIGURE_WIDTH, f32::max);
    let text_width = width - WHOLE - 8.0 - widest - 8.0;
    let lines = flow.spacing.lines;
    gauges
        .iter()
        .zip(figures)
        .map(|(gauge, figure)| Row {
            gauge,
            figure,
            text: flow
                .engine
                .shape_limited(&gauge.text, CELL, text_width, lines),
        })
        .collect()
}

impl Row<'_> {
    fn height(&self, pad: f32) -> f32 {
        self.text.height().max(self.figure.height()) + 2.0 * pad
    }

    fn draw(&self, page: &mut Page, y: f32, pad: f32) {
        let y = y + pad;
        // Bar and figure are aligned to the first line of the text.
        let bar = y + (self.figure.line_height() - BAR) / 2.0;
        let share = if self.gauge.share.is_finite() {
            self.gauge.share.max(0.0)
        } else {
            0.0
        };
        if share > 1.0 {
            // More than the whole cannot arrive: hollow, so that it is distinct in grayscale print.
            page.frame((MARGIN, bar), (WHOLE, BAR), 1.2, Color::Bad);
        } else {
            let color = if self.gauge.accent {
                Color::Accent
            } else {
                Color::Primary
            };
            page.rect(MARGIN, bar, WHOLE, BAR, Color::Pale);
            page.rect(MARGIN, bar, WHOLE * share as f32, BAR, color);
        }
        let end = MARGIN + WHOLE;
        page.line(
            (end, bar - 2.0),
            (end, bar + BAR + 2.0),
            0.8,
            Color::Ink,
            0.0,
        );
        page.paragraph(&self.figure, end + 8.0, y);
        let text = end + 8.0 + self.figure.width.max(FIGURE_WIDTH) + 8.0;
        page.paragraph(&self.text, text, y);
    }
}

fn shape_table<'t>(flow: &mut Flow, table: &'t Table, left: f32, width: f32) -> Small<'t> {
    let count = table.columns.len();
    let mut most = vec![0.0f32; count];
    for (i, (heading, _)) in table.columns.iter().enumerate() {
        most[i] = flow.engine.widths(heading, HEAD).1;
    }
    for row in &table.rows {
        for (i, cell) in row.iter().enumerate().take(count) {
            let texts = [(&cell.text, cell_style(cell)), (&cell.note, SMALL)];
            for (text, style) in texts {
                most[i] = most[i].max(flow.engine.widths(text, style).1);
            }
        }
    }
    let room = width - PAD * (count as f32 - 1.0);
    let widths = shares(&most, room);
    let head = table.columns.iter().zip(&widths);
    let head =
        head.map(|((heading, _), width)| flow.engine.shape_limited(heading, HEAD, *width, 3));
    let head = head.collect();
    let lines = flow.spacing.lines;
    let rows = table.rows.iter().map(|row| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| Cell {
            text: flow
                .engine
                .shape_limited(&cell.text, cell_style(cell), *width, lines),
            note: (!cell.note.is_empty())
                .then(|| flow.engine.shape_limited(&cell.note, SMALL, *width, lines)),
        });
        cells.collect()
    });
    let rows = rows.collect();
    Small {
        table,
        left,
        widths,
        head,
        rows,
    }
}

/// Distributes the width: columns narrower than an equal share keep their width, and the others share the rest.
fn shares(most: &[f32], room: f32) -> Vec<f32> {
    let mut open: Vec<usize> = (0..most.len()).collect();
    let mut widths = vec![0.0; most.len()];
    let mut left = room;
    loop {
        let even = left / open.len().max(1) as f32;
        let (narrow, wide): (Vec<usize>, Vec<usize>) =
            open.iter().partition(|i| most[**i] + 0.5 <= even);
        if narrow.is_empty() || wide.is_empty() {
            // The spare width is distributed equally.
            let total: f32 = open.iter().map(|i| most[*i] + 0.5).sum();
            let spare = if wide.is_empty() {
                (left - total).max(0.0) / open.len().max(1) as f32
            } else {
                0.0
            };
            for i in open {
                widths[i] = if wide.is_empty() {
                    most[i] + 0.5 + spare
                } else {
                    even
                };
            }
            return widths;
        }
        for i in narrow {
            widths[i] = most[i] + 0.5;
            left -= widths[i];
        }
        open = wide;
    }
}

fn cell_style(cell: &TableCell) -> Style {
    let color = if cell.tone == Tone::Plain {
        Color::Ink
    } else {
        ink(cell.tone)
    };
    let style = if cell.strong { CELL.strong() } else { CELL };
    style.color(color).tabular()
}

impl Small<'_> {
    fn head_height(&self) -> f32 {
        rows::tallest(&self.head) + 2.0
    }

    fn row_height(row: &[Cell], pad: f32) -> f32 {
        row.iter().map(Cell::height).fold(0.0, f32::max) + 1.5 * pad
    }

    fn height(&self, pad: f32) -> f32 {
        let rows = self.rows.iter().map(|row| Self::row_height(row, pad));
        self.head_height() + rows.sum::<f32>()
    }

    fn draw(&self, flow: &mut Flow, top: f32, pad: f32) {
        let node = flow.node("Table");
        let right =
            self.left + self.widths.iter().sum::<f32>() + PAD * (self.widths.len() as f32 - 1.0);
        let head = flow.tags.add(node, "TR");
        let below = top + self.head_height();
        for (i, words) in self.head.iter().enumerate() {
            let cell = flow.tags.add(head, "TH");
            flow.draw(cell, |page| {
                self.place(page, i, words, below - 2.0 - words.height())
            });
        }
        flow.artifact(|page| {
            page.line((self.left, below), (right, below), 1.0, Color::Primary, 0.0)
        });
        let mut y = below;
        for row in &self.rows {
            let tr = flow.tags.add(node, "TR");
            for (i, cell) in row.iter().enumerate() {
                let td = flow.tags.add(tr, "TD");
                flow.draw(td, |page| {
                    let y = y + 0.75 * pad;
                    self.place(page, i, &cell.text, y);
                    if let Some(note) = &cell.note {
                        self.place(page, i, note, y + cell.text.height());
                    }
                });
            }
            y += Self::row_height(row, pad);
            flow.artifact(|page| page.line((self.left, y), (right, y), 0.5, Color::Line, 0.0));
        }
    }

    /// Draws a text in a column.
    fn place(&self, page: &mut Page, column: usize, words: &Paragraph, y: f32) {
        let before: f32 = self
            .widths
            .iter()
            .take(column)
            .map(|width| width + PAD)
            .sum();
        let x = self.left + before;
        match self.table.columns.get(column) {
            Some((_, Align::Right)) => page.paragraph_right(words, x + self.widths[column], y),
            _ => page.paragraph(words, x, y),
        }
    }
}

fn in_words(title: &str, gauges: &[Gauge]) -> String {
    let parts: Vec<String> = gauges
        .iter()
        .map(|gauge| format!("{} {}", gauge.figure, gauge.text))
        .collect();
    rows::joined([title, &parts.join("; ")], ". ")
}
