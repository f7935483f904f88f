//! Draws the sections of a plan. A section that must fit on one page is drawn again with less spacing until it fits.

use super::flow::Flow;
use super::spacing::Spacing;
use super::{block, page_elements};
use crate::plan::Section;

pub fn section(flow: &mut Flow, section: &Section) {
    if section.empty {
        page_elements::empty_section(flow, section);
    } else if section.one_page {
        on_one_page(flow, section);
    } else {
        content(flow, section);
    }
}

/// Draws a section on a page of its own. If no spacing is small enough, the smallest is used.
fn on_one_page(flow: &mut Flow, section: &Section) {
    let start = flow.mark();
    for (i, spacing) in Spacing::LADDER.into_iter().enumerate() {
        if i > 0 {
            flow.rewind(&start);
        }
        flow.spacing = spacing;
        content(flow, section);
        if flow.pages.len() <= start.pages() + 1 {
            break;
        }
    }
    flow.spacing = Spacing::NORMAL;
}

fn content(flow: &mut Flow, section: &Section) {
    page_elements::section_heading(flow, section);
    for block in &section.blocks {
        block::draw(flow, block);
    }
}
