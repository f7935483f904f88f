//! Draws the sections of a plan, each on one page if that is possible without leaving another page nearly empty.

use super::flow::Flow;
use super::page_elements::SECTION_GAP;
use super::spacing::Spacing;
use super::theme::{STEP, TOP};
use super::{block, page_elements};
use crate::plan::Section;

/// A page that is filled less than this takes in the next section.
const MIN_FILL: f32 = 0.4;
/// The last spacing that cuts no text, as an index into [`Spacing::LADDER`].
const LAST_WHOLE: usize = 11;

pub fn section(flow: &mut Flow, section: &Section) {
    if section.empty {
        page_elements::empty_section(flow, section);
    } else if section.one_page {
        on_one_page(flow, section);
    } else if section.whole {
        whole(flow, section);
    } else {
        content(flow, section, section.new_page);
    }
}

/// Draws a section on a page of its own, with the first spacing that fits. If none does, the smallest is used.
fn on_one_page(flow: &mut Flow, section: &Section) {
    let level = first_fit(flow, Spacing::LADDER.len() - 1, |flow| {
        height_on_new_page(flow, section).is_some()
    });
    draw_with(flow, section, level, true);
}

/// Draws a section below the previous one if it fits there, else on a page of its own if it fits there, else on several
/// pages. A page that is nearly empty is filled first.
fn whole(flow: &mut Flow, section: &Section) {
    let fill = match flow.pages.is_empty() {
        true => 1.0,
        false => (flow.y - TOP) / flow.page_height(),
    };
    let room = flow.room() - SECTION_GAP - STEP;
    let is_full = fill >= MIN_FILL;
    let may_share = !(section.new_page && is_full);
    if let Some(height) = height_on_new_page(flow, section)
        && height <= room
        && may_share
    {
        return draw_with(flow, section, 0, false);
    }
    if is_full {
        let level = first_fit(flow, LAST_WHOLE, |flow| {
            height_on_new_page(flow, section).is_some()
        });
        flow.spacing = Spacing::LADDER[level];
        let fits = height_on_new_page(flow, section).is_some();
        flow.spacing = Spacing::NORMAL;
        draw_with(
            flow,
            section,
            if fits { level } else { 0 },
            fits || section.new_page,
        );
    } else {
        let fits = |flow: &mut Flow| {
            height_on_new_page(flow, section).is_some_and(|height| height <= room)
        };
        let level = first_fit(flow, LAST_WHOLE, fits);
        flow.spacing = Spacing::LADDER[level];
        let fits = fits(flow);
        flow.spacing = Spacing::NORMAL;
        draw_with(flow, section, if fits { level } else { 0 }, false);
    }
}

/// Returns the first spacing that fits, as an index into [`Spacing::LADDER`], or the last one. Uses binary search,
/// because each spacing is at most as high as the one before. Most sections fit at once.
fn first_fit(flow: &mut Flow, last: usize, fits: impl Fn(&mut Flow) -> bool) -> usize {
    let (mut first, mut fitting, mut level) = (0, last, 0);
    while first < fitting {
        flow.spacing = Spacing::LADDER[level];
        match fits(flow) {
            true => fitting = level,
            false => first = level + 1,
        }
        level = usize::midpoint(first, fitting);
    }
    flow.spacing = Spacing::NORMAL;
    fitting
}

/// Returns the height of a section with the current spacing, or `None` if it is higher than a page.
fn height_on_new_page(flow: &mut Flow, section: &Section) -> Option<f32> {
    let start = flow.mark();
    content(flow, section, true);
    let height = (flow.pages.len() == start.pages() + 1).then_some(flow.y - TOP);
    flow.rewind(&start);
    height
}

fn draw_with(flow: &mut Flow, section: &Section, level: usize, on_new_page: bool) {
    flow.spacing = Spacing::LADDER[level];
    content(flow, section, on_new_page);
    flow.spacing = Spacing::NORMAL;
}

fn content(flow: &mut Flow, section: &Section, on_new_page: bool) {
    page_elements::section_heading(flow, section, on_new_page);
    for block in &section.blocks {
        block::draw(flow, block);
    }
}
