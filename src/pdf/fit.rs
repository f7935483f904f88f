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

/// Draws a section on a page of its own, with the first spacing that fits. If none does, the smallest is used.
fn on_one_page(flow: &mut Flow, section: &Section) {
    let start = flow.mark();
    let last = Spacing::LADDER.len() - 1;
    // Binary search, because each spacing is at most as high as the one before. Most sections fit at once.
    let (mut long, mut fits, mut level) = (0, last, 0);
    loop {
        flow.rewind(&start);
        flow.spacing = Spacing::LADDER[level];
        content(flow, section);
        let is_long = flow.pages.len() > start.pages() + 1;
        if is_long {
            long = level + 1;
        } else {
            fits = level;
        }
        if long >= fits && level == fits {
            break;
        }
        level = usize::midpoint(long, fits);
    }
    flow.spacing = Spacing::NORMAL;
}

fn content(flow: &mut Flow, section: &Section) {
    page_elements::section_heading(flow, section);
    for block in &section.blocks {
        block::draw(flow, block);
    }
}
