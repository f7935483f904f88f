//! Numbered list of actions with owner and due date.

use super::references;
use crate::pdf::flow::Flow;
use crate::pdf::theme::*;
use crate::plan::Action;

const NUMBER_WIDTH: f32 = 34.0;
const WHO_WIDTH: f32 = 118.0;

pub fn draw(flow: &mut Flow, title: &str, actions: &[Action]) {
    flow.heading(title, 60.0);
    let list = flow.node("L");
    for (i, action) in actions.iter().enumerate() {
        let inner = WIDTH - NUMBER_WIDTH - WHO_WIDTH - 14.0;
        let number = flow
            .engine
            .shape_line(&(i + 1).to_string(), NAME.strong().color(Color::Accent));
        let what = flow.engine.shape(&action.title, BODY.strong(), inner);
        let why = flow
            .engine
            .shape(&action.why, CELL.color(Color::Soft), inner);
        let who = flow.engine.shape(&action.owner, CELL, WHO_WIDTH);
        let when = flow
            .engine
            .shape(&action.due_text, CELL.strong().tabular(), WHO_WIDTH);
        let evidence = action.evidence.as_slice();
        let links = references::shape(flow, evidence, inner);
        let left = what.height() + why.height() + references::height(&links);
        let height = left.max(who.height() + when.height()) + 4.0 * STEP;
        flow.need(height);
        let y = flow.y;
        let item = flow.tags.add(list, "LI");
        let label = flow.tags.add(item, "Lbl");
        let body = flow.tags.add(item, "LBody");
        flow.draw(label, |page| page.paragraph(&number, MARGIN, y + STEP));
        flow.draw(body, |page| {
            page.paragraph(&what, MARGIN + NUMBER_WIDTH, y + 2.0 * STEP);
            page.paragraph(&why, MARGIN + NUMBER_WIDTH, y + 2.0 * STEP + what.height());
            page.paragraph_right(&who, MARGIN + WIDTH, y + 2.0 * STEP);
            page.paragraph_right(&when, MARGIN + WIDTH, y + 2.0 * STEP + who.height());
        });
        let below = y + 2.0 * STEP + what.height() + why.height();
        references::draw(flow, body, evidence, &links, (MARGIN + NUMBER_WIDTH, below));
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
    flow.y += STEP;
}
