//! A calculation in large numbers: factors, and their product.

use super::headings;
use crate::pdf::flow::Flow;
use crate::pdf::text::{Paragraph, Style};
use crate::pdf::theme::*;

const TIMES: &str = "×";
const EQUALS: &str = "=";
const OPERATOR: Style = Style::new(16.0, 7.0).color(Color::PrimaryMid);
/// Distance between a number and an operator.
const GAP: f32 = 12.0;
/// Smallest width of an explanation that is broken into lines.
const NOTE: f32 = 72.0;
/// Most lines of an explanation.
const MAX_LINES: usize = 3;
/// Space between rows of a long calculation.
const BETWEEN: f32 = 2.0 * STEP;

/// A shaped number with its explanation, and the operator before it.
struct Term {
    operator: Option<Paragraph>,
    number: Paragraph,
    note: Paragraph,
}

impl Term {
    fn width(&self) -> f32 {
        self.number.width.max(self.note.width)
    }

    /// Returns the width of the operator with the gap after it.
    fn lead(&self) -> f32 {
        self.operator
            .as_ref()
            .map_or(0.0, |operator| operator.width + GAP)
    }

    fn height(&self) -> f32 {
        self.number.height() + self.note.height()
    }
}

pub fn draw(flow: &mut Flow, title: &str, factors: &[(String, String)], result: &(String, String)) {
    if factors.is_empty() && result.0.is_empty() {
        return;
    }
    let times = factors.iter().enumerate().map(|(i, factor)| {
        let operator = if i > 0 { TIMES } else { "" };
        (operator, factor)
    });
    let equals = if factors.is_empty() { "" } else { EQUALS };
    let terms: Vec<Term> = times
        .chain(std::iter::once((equals, result)))
        .map(|(operator, term)| shape(flow, operator, term))
        .collect();
    let places = places(&terms);
    let rows = places.iter().map(|(_, row)| row + 1).max().unwrap_or(0);
    let row_height = terms.iter().map(Term::height).fold(0.0, f32::max) + BETWEEN;
    headings::heading(flow, title, "", row_height * rows as f32);
    let top = flow.y;
    let node = flow.node("P");
    flow.draw(node, |page| {
        for (term, (x, row)) in terms.iter().zip(&places) {
            let y = top + row_height * *row as f32;
            let mut x = *x;
            if let Some(operator) = &term.operator {
                page.paragraph(operator, x, y);
                x += term.lead();
            }
            page.paragraph(&term.number, x, y);
            page.paragraph(&term.note, x, y + term.number.height());
        }
    });
    flow.y = top + row_height * rows as f32;
    flow.snap_to_grid();
}

fn shape(flow: &mut Flow, operator: &str, (number, note): &(String, String)) -> Term {
    let operator = (!operator.is_empty()).then(|| flow.engine.shape_line(operator, OPERATOR));
    let room = WIDTH
        - operator
            .as_ref()
            .map_or(0.0, |operator| operator.width + GAP);
    let number = flow.engine.shape_cut(number, FIGURE, room);
    let width = number.width.max(NOTE).min(room);
    let style = CELL.color(Color::Quiet);
    let balanced = flow.engine.shape_balanced(note, style, width);
    Term {
        operator,
        note: if balanced.lines.len() <= MAX_LINES {
            balanced
        } else {
            flow.engine.shape_limited(note, style, width, MAX_LINES)
        },
        number,
    }
}

/// Returns the left end and the row of each term. A term that does not fit begins the next row with its operator.
fn places(terms: &[Term]) -> Vec<(f32, usize)> {
    let (mut x, mut row) = (MARGIN, 0);
    terms
        .iter()
        .map(|term| {
            let gap = if x > MARGIN { GAP } else { 0.0 };
            let width = term.lead() + term.width();
            if x > MARGIN && x + gap + width > MARGIN + WIDTH {
                (x, row) = (MARGIN, row + 1);
            } else {
                x += gap;
            }
            let place = (x, row);
            x += width;
            place
        })
        .collect()
}

/// Returns the height of a calculation in one row.
pub fn least() -> f32 {
    FIGURE.line + 2.0 * CELL.line
}
