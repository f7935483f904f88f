//! Filling pages from top to bottom: what fits stays together, what does not goes over to the next page.

use super::page::Page;
use super::tags::{Node, Tags};
use super::text::{Engine, Paragraph, Style};
use super::theme::{BOTTOM, MARGIN, TOP, WIDTH};
use crate::plan::Plan;

/// An entry of the outline and the contents.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its words.
    pub title: String,
    /// Its page.
    pub page: usize,
    /// Distance from the page's top.
    pub y: f32,
    /// 0 for sections, 1 for headings within them.
    pub level: usize,
}

/// A document being filled.
pub struct Flow<'a> {
    pub engine: &'a mut Engine,
    pub plan: &'a Plan,
    pub pages: Vec<Page>,
    pub tags: Tags,
    pub outline: Vec<Entry>,
    /// Where the next thing goes, from the top of the last page.
    pub y: f32,
    /// Node that new content belongs to.
    pub parent: Node,
    /// Title of the section being filled, for the heads of the pages that begin within it.
    pub section: String,
    /// Page and node of the contents, filled at the end.
    pub contents: Option<(usize, Node)>,
}

impl<'a> Flow<'a> {
    pub fn new(engine: &'a mut Engine, plan: &'a Plan) -> Self {
        let tags = Tags::new();
        let parent = tags.root();
        Self {
            engine,
            plan,
            pages: Vec::new(),
            tags,
            outline: Vec::new(),
            y: BOTTOM,
            parent,
            section: String::new(),
            contents: None,
        }
    }

    /// Index of the page being filled.
    pub fn page_index(&self) -> usize {
        self.pages.len().saturating_sub(1)
    }

    /// Begins a page, in the same section as the last.
    pub fn new_page(&mut self) {
        let section = self.section.clone();
        self.pages.push(Page {
            section,
            ..Page::default()
        });
        self.y = TOP;
    }

    /// Makes room: a new page when this much does not fit on this one.
    pub fn need(&mut self, height: f32) {
        if self.pages.is_empty() || (self.y + height > BOTTOM && self.y > TOP + 0.5) {
            self.new_page();
        }
    }

    /// Empty space, which vanishes at the head of a page.
    pub fn gap(&mut self, height: f32) {
        if self.y > TOP + 0.5 {
            self.y += height;
        }
    }

    /// Room left on this page.
    pub fn room(&self) -> f32 {
        BOTTOM - self.y
    }

    /// Draws content of a node on the page being filled.
    pub fn draw(&mut self, node: Node, draw: impl FnOnce(&mut Page)) {
        let index = self.page_index();
        if let Some(page) = self.pages.last_mut() {
            page.tagged(&mut self.tags, node, index, draw);
        }
    }

    /// Draws what is no content on the page being filled.
    pub fn artifact(&mut self, draw: impl FnOnce(&mut Page)) {
        if let Some(page) = self.pages.last_mut() {
            page.artifact(draw);
        }
    }

    /// A node of this role under the current parent.
    pub fn node(&mut self, role: &'static str) -> Node {
        self.tags.add(self.parent, role)
    }

    /// A paragraph over the whole width.
    pub fn text(&mut self, role: &'static str, text: &str, style: Style) {
        let node = self.node(role);
        let paragraph = self.engine.shape(text, style, WIDTH);
        self.flow_lines(node, &paragraph, MARGIN);
    }

    /// Lines of a paragraph at a left edge, over as many pages as they need: never one line alone on either side.
    pub fn flow_lines(&mut self, node: Node, paragraph: &Paragraph, x: f32) {
        let step = paragraph.line_height();
        let mut rest: &[super::text::Line] = &paragraph.lines;
        while !rest.is_empty() {
            self.need(step * rest.len().min(2) as f32);
            let fits = ((self.room() / step).floor() as usize).clamp(1, rest.len());
            let take = if rest.len() - fits == 1 && fits > 2 {
                fits - 1
            } else {
                fits
            };
            let (now, later) = rest.split_at(take);
            let y = self.y;
            self.draw(node, |page| {
                for (i, line) in now.iter().enumerate() {
                    page.text_line(paragraph, line, x, y + step * i as f32);
                }
            });
            self.y += step * take as f32;
            rest = later;
            if !rest.is_empty() {
                self.new_page();
            }
        }
    }

    /// A heading within a section, kept with at least `follow` points of what comes after it.
    pub fn heading(&mut self, text: &str, follow: f32) {
        let paragraph = self.engine.shape(text, HEADING, WIDTH);
        self.gap(20.0);
        self.need(paragraph.height() + 8.0 + follow);
        let (y, page) = (self.y, self.page_index());
        self.outline.push(Entry {
            title: text.to_owned(),
            page,
            y,
            level: 1,
        });
        let node = self.node("H2");
        self.draw(node, |page| page.paragraph(&paragraph, MARGIN, y));
        self.y += paragraph.height() + 8.0;
    }

    /// A heading over a group within a heading.
    pub fn subheading(&mut self, text: &str, follow: f32) {
        let paragraph = self.engine.shape(text, SUBHEADING, WIDTH);
        self.gap(10.0);
        self.need(paragraph.height() + 3.0 + follow);
        let y = self.y;
        let node = self.node("H3");
        self.draw(node, |page| page.paragraph(&paragraph, MARGIN, y));
        self.y += paragraph.height() + 3.0;
    }
}

/// Headings within a section.
pub const HEADING: Style = Style::new(12.5)
    .strong()
    .color(super::theme::NAVY)
    .leading(1.3);
/// Headings of groups.
pub const SUBHEADING: Style = Style::new(10.0)
    .strong()
    .color(super::theme::TEAL)
    .leading(1.4);
/// Running text.
pub const BODY: Style = Style::new(9.5);
/// Small print.
pub const SMALL: Style = Style::new(8.0).color(super::theme::QUIET);
