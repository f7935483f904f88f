//! Numbered things to do, with who and by when.

use crate::pdf::flow::Flow;
use crate::pdf::text::Style;
use crate::pdf::theme::*;
use crate::plan::Action;

const NUMBER_WIDTH: f32 = 34.0;
const WHO_WIDTH: f32 = 118.0;

pub fn draw(flow: &mut Flow, title: &str, actions: &[Action]) {
    flow.heading(title, 60.0);
    let list = flow.node("L");
    for (i, action) in actions.iter().enumerate() {
        let inner = WIDTH - NUMBER_WIDTH - WHO_WIDTH - 14.0;
        let number = flow.engine.shape_line(
            &(i + 1).to_string(),
            Style::new(16.0).strong().color(TEAL).leading(1.1),
        );
        let what = flow
            .engine
            .shape(&action.title, Style::new(10.0).strong().leading(1.4), inner);
        let why = flow.engine.shape(
            &action.why,
            Style::new(8.8).color(SOFT).leading(1.45),
            inner,
        );
        let who = flow
            .engine
            .shape(&action.owner, Style::new(8.8).leading(1.4), WHO_WIDTH);
        let when = flow.engine.shape(
            &action.due_text,
            Style::new(8.8).strong().leading(1.4).tabular(),
            WHO_WIDTH,
        );
        let height = (what.height() + why.height()).max(who.height() + when.height()) + 15.0;
        flow.need(height);
        let y = flow.y;
        let item = flow.tags.add(list, "LI");
        let label = flow.tags.add(item, "Lbl");
        let body = flow.tags.add(item, "LBody");
        flow.draw(label, |page| page.paragraph(&number, MARGIN, y + 4.0));
        flow.draw(body, |page| {
            page.paragraph(&what, MARGIN + NUMBER_WIDTH, y + 6.0);
            page.paragraph(&why, MARGIN + NUMBER_WIDTH, y + 6.0 + what.height());
            page.paragraph_right(&who, MARGIN + WIDTH, y + 6.0);
            page.paragraph_right(&when, MARGIN + WIDTH, y + 6.0 + who.height());
        });
        flow.artifact(|page| {
            page.line(
                (MARGIN, y + height),
                (MARGIN + WIDTH, y + height),
                0.5,
                LINE,
                0.0,
            )
        });
        flow.y += height;
    }
    flow.y += 4.0;
}
