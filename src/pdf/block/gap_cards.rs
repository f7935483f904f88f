//! Gaps to close, in order: the rating against a mark, why it matters, and the first step.

use super::headings;
use super::marks::{self, BADGE, BADGE_NUMBER};
use crate::pdf::flow::Flow;
use crate::pdf::spacing::Spacing;
use crate::pdf::tags::Node;
use crate::pdf::text::Paragraph;
use crate::pdf::theme::*;
use crate::plan::GapCard;
use crate::questionnaire::Tone;

/// Left ends of the columns, and the width of each.
const NAME: (f32, f32) = (MARGIN + 21.0, 90.0);
const WHY: (f32, f32) = (MARGIN + 122.0, 186.0);
const FIRST: (f32, f32) = (MARGIN + 321.0, WIDTH - 321.0);
/// Size of the bar of the rating.
const BAR: (f32, f32) = (82.0, 2.6);
/// Height of the line of the bar.
const BAR_LINE: f32 = 3.0 * STEP;
/// Space in a row, above and below its text.
const PAD: f32 = 2.0 * STEP;
/// Space in a row if the page is tight.
const TIGHT_PAD: f32 = STEP;

/// The same if the section must fit on one page.
const TIGHTEST_PAD: f32 = 0.4 * STEP;

/// Draws the gaps, one row each. The headings are repeated on each page.
pub fn draw(flow: &mut Flow, title: &str, headings: &[String; 3], mark: f64, cards: &[GapCard]) {
    if cards.is_empty() {
        return;
    }
    let rows: Vec<Row> = cards.iter().map(|card| Row::of(flow, card)).collect();
    let head = Head::of(flow, headings);
    let least = match flow.spacing == Spacing::NORMAL {
        true => TIGHT_PAD,
        false => TIGHTEST_PAD,
    };
    let first = rows[0].height() + 2.0 * least;
    headings::heading(flow, title, "", head.height() + first);
    head.draw(flow, true);
    let all: f32 = rows.iter().map(Row::height).sum();
    let spare = (flow.room() - all) / (2.0 * rows.len() as f32);
    // Rows that need several pages in any case keep their space.
    let pad = if spare < least { PAD } else { spare.min(PAD) };
    let list = flow.node("L");
    for (row, card) in rows.iter().zip(cards) {
        let height = row.height() + 2.0 * pad;
        if height > flow.room() + 0.1 {
            flow.new_page();
            head.draw(flow, false);
        }
        row.draw(flow, list, card, mark, pad);
        flow.y += height;
        let y = flow.y;
        flow.artifact(|page| page.rule(y, 0.5, Color::Line));
    }
    flow.snap_to_grid();
}

/// Column headings.
struct Head([Paragraph; 3]);

impl Head {
    fn of(flow: &mut Flow, headings: &[String; 3]) -> Self {
        let [rating, why, first] = headings;
        let rating_width = WHY.0 - MARGIN - 10.0;
        Self([
            flow.engine.shape_limited(rating, TINY, rating_width, 2),
            flow.engine.shape_limited(why, TINY, WHY.1, 2),
            flow.engine.shape_limited(first, TINY, FIRST.1, 2),
        ])
    }

    fn height(&self) -> f32 {
        self.0.iter().map(Paragraph::height).fold(0.0, f32::max) + STEP
    }

    /// Draws the headings. On later pages, they are artifacts, so that screen readers skip them.
    fn draw(&self, flow: &mut Flow, first: bool) {
        let bottom = flow.y + self.height() - STEP;
        for (text, x) in self.0.iter().zip([MARGIN, WHY.0, FIRST.0]) {
            let y = bottom - text.height();
            if first {
                let node = flow.node("P");
                flow.draw(node, |page| page.paragraph(text, x, y));
            } else {
                flow.artifact(|page| page.paragraph(text, x, y));
            }
        }
        flow.y += self.height();
        let y = flow.y - STEP / 2.0;
        flow.artifact(|page| page.rule(y, 1.0, Color::Primary));
    }
}

/// A shaped gap.
struct Row {
    number: Paragraph,
    name: Paragraph,
    rating: Paragraph,
    /// The status, after the rating or below it.
    status: Paragraph,
    /// Whether the status has room after the rating.
    is_status_beside: bool,
    why: [Paragraph; 2],
    first: [Paragraph; 2],
}

impl Row {
    fn of(flow: &mut Flow, card: &GapCard) -> Self {
        let engine = &mut *flow.engine;
        let color = ink(card.tone);
        let who = match card.owned {
            true => CELL.color(Color::Quiet),
            false => CELL.strong().color(ink(Tone::Bad)),
        };
        let rating = engine.shape_cut(&card.rating_text, CELL.strong().color(color), NAME.1);
        let status_style = CELL.color(Color::Quiet);
        let beside = engine.shape_cut(&format!("· {}", card.status), status_style, NAME.1);
        let is_beside = rating.width + 4.0 + beside.width <= NAME.1 + 8.0;
        let status = match (card.status.is_empty(), is_beside) {
            (false, true) => beside,
            _ => engine.shape_cut(&card.status, status_style, NAME.1),
        };
        Self {
            number: engine.shape_line(&card.number.to_string(), BADGE_NUMBER),
            name: engine.shape_limited(&card.name, CELL.strong().color(Color::Primary), NAME.1, 3),
            rating,
            is_status_beside: is_beside,
            status,
            why: [
                engine.shape_limited(&card.why, CELL, WHY.1, 8),
                engine.shape_limited(&card.good, CELL.color(Color::Quiet), WHY.1, 8),
            ],
            first: [
                engine.shape_limited(&card.first, CELL.strong(), FIRST.1, 8),
                engine.shape_limited(&card.who, who, FIRST.1, 3),
            ],
        }
    }

    fn name_height(&self) -> f32 {
        let status = if self.is_status_beside {
            0.0
        } else {
            self.status.height()
        };
        self.name.height() + BAR_LINE + self.rating.height() + status
    }

    fn height(&self) -> f32 {
        let both = |texts: &[Paragraph; 2]| texts.iter().map(Paragraph::height).sum::<f32>();
        self.name_height()
            .max(both(&self.why))
            .max(both(&self.first))
    }

    fn draw(&self, flow: &mut Flow, list: Node, card: &GapCard, mark: f64, pad: f32) {
        let y = flow.y + pad;
        let item = flow.tags.add(list, "LI");
        let label = flow.tags.add(item, "Lbl");
        let center = (MARGIN + BADGE, y + CELL.line / 2.0);
        flow.draw(label, |page| {
            marks::badge(
                page,
                center,
                BADGE,
                &self.number,
                marks::badge_color(card.tone),
            );
        });
        let bar = y + self.name.height() + BAR_LINE / 2.0;
        flow.artifact(|page| {
            let at = |value: f64| BAR.0 * (value.clamp(0.0, 10.0) / 10.0) as f32;
            let top = bar - BAR.1 / 2.0;
            page.rect(NAME.0, top, BAR.0, BAR.1, Color::Line);
            page.rect(
                NAME.0,
                top,
                at(card.rating),
                BAR.1,
                marks::badge_color(card.tone),
            );
            let tick = NAME.0 + at(mark);
            page.line(
                (tick, bar - 5.0),
                (tick, bar + 5.0),
                1.3,
                Color::Primary,
                0.0,
            );
        });
        let body = flow.tags.add(item, "LBody");
        flow.draw(body, |page| {
            page.paragraph(&self.name, NAME.0, y);
            let below = y + self.name.height() + BAR_LINE;
            page.paragraph(&self.rating, NAME.0, below);
            if self.is_status_beside {
                page.paragraph(&self.status, NAME.0 + self.rating.width + 3.0, below);
            } else {
                page.paragraph(&self.status, NAME.0, below + self.rating.height());
            }
            for (texts, (x, _)) in [(&self.why, WHY), (&self.first, FIRST)] {
                let mut top = y;
                for text in texts {
                    page.paragraph(text, x, top);
                    top += text.height();
                }
            }
        });
    }
}

/// Returns the height of the headings and of the first gap.
pub fn least() -> f32 {
    4.0 * STEP + 4.0 * CELL.line + 2.0 * PAD
}
