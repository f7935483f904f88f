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
    if keep_on_new_page(flow, section, |_| true).is_some() {
        return;
    }
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
    let fits_here = |height: f32| may_share && height <= room;
    match keep_on_new_page(flow, section, |height| is_full && !fits_here(height)) {
        Some(Kept::Yes) => return,
        Some(Kept::No(height)) if fits_here(height) => return draw_with(flow, section, 0, false),
        _ => {}
    }
    let fits = |flow: &mut Flow| {
        height_on_new_page(flow, section).is_some_and(|height| is_full || height <= room)
    };
    let level = first_fit(flow, LAST_WHOLE, fits);
    flow.spacing = Spacing::LADDER[level];
    let kept = keep_on_new_page(flow, section, |_| is_full);
    flow.spacing = Spacing::NORMAL;
    match kept {
        Some(Kept::Yes) => {}
        Some(Kept::No(height)) if height <= room => draw_with(flow, section, level, false),
        _ => draw_with(flow, section, 0, is_full && section.new_page),
    }
}

/// What became of a section on a page of its own.
enum Kept {
    Yes,
    /// It was taken back. Contains its height.
    No(f32),
}

/// Draws a section on a page of its own with the current spacing, and takes it back if it is higher than the page or its
/// height is not wanted. Returns `None` if it is higher than the page. Most sections are drawn once.
fn keep_on_new_page(
    flow: &mut Flow,
    section: &Section,
    is_wanted: impl Fn(f32) -> bool,
) -> Option<Kept> {
    let start = flow.mark();
    content(flow, section, true);
    let height = (flow.pages.len() == start.pages() + 1).then_some(flow.y - TOP);
    if height.is_some_and(is_wanted) {
        return Some(Kept::Yes);
    }
    flow.rewind(&start);
    height.map(Kept::No)
}

/// Returns the first spacing after the normal one that fits, as an index into [`Spacing::LADDER`], or the last one. Uses
/// binary search, because a section is at most as high as with the spacing before.
fn first_fit(flow: &mut Flow, last: usize, fits: impl Fn(&mut Flow) -> bool) -> usize {
    let (mut first, mut fitting) = (1, last);
    while first < fitting {
        let level = usize::midpoint(first, fitting);
        flow.spacing = Spacing::LADDER[level];
        match fits(flow) {
            true => fitting = level,
            false => first = level + 1,
        }
    }
    flow.spacing = Spacing::NORMAL;
    fitting
}

/// Returns the height of a section with the current spacing, or `None` if it is higher than a page.
fn height_on_new_page(flow: &mut Flow, section: &Section) -> Option<f32> {
    let start = flow.mark();
    flow.measuring = true;
    content(flow, section, true);
    flow.measuring = false;
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
