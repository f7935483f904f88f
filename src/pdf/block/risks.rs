//! Risks, each with links to its supporting answers.

use super::references;
use crate::pdf::flow::Flow;
use crate::pdf::theme::*;
use crate::plan::Risk;

const PAD: f32 = 3.0 * STEP;

pub fn draw(flow: &mut Flow, risks: &[Risk]) {
    let list = flow.node("L");
    for risk in risks {
        let inner = WIDTH - PAD;
        let title = flow.engine.shape(&risk.title, BODY.strong(), inner);
        let text = flow.engine.shape(&risk.text, BODY, inner);
        let links = references::shape(flow, &risk.evidence, inner);
        let height = title.height() + text.height() + references::height(&links);
        flow.need(height.min(flow.page_height()));
        let y = flow.y;
        flow.artifact(|page| page.rect(MARGIN, y, 2.0, height, Color::Watch));
        let item = flow.tags.add(list, "LI");
        let body = flow.tags.add(item, "LBody");
        flow.draw(body, |page| {
            page.paragraph(&title, MARGIN + PAD, y);
            page.paragraph(&text, MARGIN + PAD, y + title.height());
        });
        references::draw(
            flow,
            body,
            &risk.evidence,
            &links,
            (MARGIN + PAD, y + title.height() + text.height()),
        );
        flow.y += height + 3.0 * STEP;
    }
}
