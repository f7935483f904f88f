//! Fills pages from top to bottom: keeps content together if it fits, otherwise continues on the next page.

use std::collections::HashMap;

use super::Look;
use super::page::{Link, Page, Target};
use super::spacing::Spacing;
use super::tags::{Child, Node, Tags};
use super::text::{Engine, Paragraph, Style};
use super::theme::{HEADING, MARGIN, STEP, SUBHEADING, TOP, WIDTH};
use crate::plan::Plan;

/// An entry of the outline and the table of contents.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Text of the entry.
    pub title: String,
    /// Page index.
    pub page: usize,
    /// Distance from the top of the page.
    pub y: f32,
    /// 0 for sections, 1 for headings in them.
    pub level: usize,
}

/// A reference to the page of a section, such as "page 3". It is drawn last, when all pages are known.
#[derive(Debug, Clone)]
pub struct PageReference {
    /// Page index of the reference.
    pub page: usize,
    /// Node that contains the reference.
    pub parent: Node,
    /// Right end and top of the text.
    pub place: (f32, f32),
    /// Width of the text, at most.
    pub width: f32,
    /// ID of the section.
    pub section: String,
    /// Style of the text.
    pub style: Style,
}

/// A state of the document that it can return to.
pub struct Mark {
    pages: usize,
    outline: usize,
    references: usize,
    tags: (usize, usize),
    y: f32,
    heading_end: f32,
    parent: Node,
    section: String,
}

impl Mark {
    /// Returns the number of pages.
    pub fn pages(&self) -> usize {
        self.pages
    }
}

/// Returns the anchor name of a section.
pub fn section_anchor(id: &str) -> String {
    format!("section.{id}")
}

/// A document that is being filled.
pub struct Flow<'a> {
    pub engine: &'a mut Engine,
    pub plan: &'a Plan,
    pub look: &'a Look,
    pub pages: Vec<Page>,
    pub tags: Tags,
    pub outline: Vec<Entry>,
    /// Position of the next content, from the top of the last page.
    pub y: f32,
    /// Parent node of new content.
    pub parent: Node,
    /// Title of the current section, for the running heads of new pages.
    pub section: String,
    /// End of the last heading. The gap below a heading is omitted.
    pub heading_end: f32,
    /// Link targets by name: page index and distance from the top.
    pub anchors: HashMap<String, (usize, f32)>,
    /// References to pages, which are drawn last.
    pub references: Vec<PageReference>,
    /// Spacing of the current section.
    pub spacing: Spacing,
    /// Whether content is only measured: it takes its room, and nothing is drawn.
    pub measuring: bool,
}

impl<'a> Flow<'a> {
    pub fn new(engine: &'a mut Engine, plan: &'a Plan, look: &'a Look) -> Self {
        let tags = Tags::new();
        let parent = tags.root();
        Self {
            engine,
            plan,
            look,
            pages: Vec::new(),
            tags,
            outline: Vec::new(),
            y: crate::pdf::theme::bottom(look.paper),
            parent,
            section: String::new(),
            heading_end: 0.0,
            anchors: HashMap::new(),
            references: Vec::new(),
            spacing: Spacing::NORMAL,
            measuring: false,
        }
    }

    /// Returns a mark of the current state, for content that starts on a new page.
    pub fn mark(&self) -> Mark {
        Mark {
            pages: self.pages.len(),
            outline: self.outline.len(),
            references: self.references.len(),
            tags: self.tags.mark(),
            y: self.y,
            heading_end: self.heading_end,
            parent: self.parent,
            section: self.section.clone(),
        }
    }

    /// Removes all sections that were drawn on new pages since the mark.
    pub fn rewind(&mut self, mark: &Mark) {
        self.pages.truncate(mark.pages);
        self.outline.truncate(mark.outline);
        self.references.truncate(mark.references);
        self.tags.rewind(mark.tags);
        self.anchors.retain(|_, (page, _)| *page < mark.pages);
        self.y = mark.y;
        self.heading_end = mark.heading_end;
        self.parent = mark.parent;
        self.section.clone_from(&mark.section);
    }

    /// Returns the bottom of the content.
    pub fn bottom(&self) -> f32 {
        crate::pdf::theme::bottom(self.look.paper)
    }

    /// Returns the height of a page's content.
    pub fn page_height(&self) -> f32 {
        self.bottom() - TOP
    }

    /// Returns the index of the current page.
    pub fn page_index(&self) -> usize {
        self.pages.len().saturating_sub(1)
    }

    /// Starts a new page in the current section.
    pub fn new_page(&mut self) {
        let Look { paper, palette, .. } = *self.look;
        self.pages
            .push(Page::new(paper, palette, self.section.clone()));
        self.y = TOP;
        self.heading_end = 0.0;
    }

    /// Starts a new page if content of this height does not fit on the current one.
    pub fn need(&mut self, height: f32) {
        if self.pages.is_empty() || (self.y + height > self.bottom() + 0.1 && self.y > TOP + 0.5) {
            self.new_page();
        }
    }

    /// Adds vertical space, except at the top of a page and directly below a heading.
    pub fn gap(&mut self, height: f32) {
        if self.y > TOP + 0.5 && (self.y - self.heading_end).abs() > 0.1 {
            self.y += height;
        }
    }

    /// Advances to the next step of the baseline grid.
    pub fn snap_to_grid(&mut self) {
        self.y = TOP + ((self.y - TOP) / STEP - 0.01).ceil().max(0.0) * STEP;
    }

    /// Returns the remaining height of the page.
    pub fn room(&self) -> f32 {
        self.bottom() - self.y
    }

    /// Draws the content of a node on the current page.
    pub fn draw(&mut self, node: Node, draw: impl FnOnce(&mut Page)) {
        let index = self.page_index();
        if let Some(page) = self.pages.last_mut().filter(|_| !self.measuring) {
            page.tagged(&mut self.tags, node, index, draw);
        }
    }

    /// Draws decoration that is not content on the current page.
    pub fn artifact(&mut self, draw: impl FnOnce(&mut Page)) {
        if let Some(page) = self.pages.last_mut().filter(|_| !self.measuring) {
            page.artifact(draw);
        }
    }

    /// Defines a link target at the current position. The first definition of a name is used.
    pub fn anchor(&mut self, name: String) {
        let place = (self.page_index(), self.y);
        self.anchors.entry(name).or_insert(place);
    }

    /// Draws the content of a node as a link over this area.
    pub fn link(
        &mut self,
        parent: Node,
        target: Target,
        description: String,
        area: (f32, f32, f32, f32),
        draw: impl FnOnce(&mut Page),
    ) {
        let node = self.tags.add(parent, "Link");
        self.draw(node, draw);
        let page = self.page_index();
        if let Some(last) = self.pages.last_mut() {
            last.links.push(Link {
                area,
                target,
                description,
            });
            let index = last.links.len() - 1;
            self.tags.push(node, Child::Link { page, index });
        }
    }

    /// Adds a node with this role under the current parent.
    pub fn node(&mut self, role: &'static str) -> Node {
        self.tags.add(self.parent, role)
    }

    /// Draws a paragraph across the full width.
    pub fn text(&mut self, role: &'static str, text: &str, style: Style) {
        let node = self.node(role);
        let paragraph = self.engine.shape(text, style, WIDTH);
        self.flow_lines(node, &paragraph, MARGIN);
    }

    /// Draws the lines of a paragraph at `x`, on as many pages as needed. Avoids a single line at a page break.
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

    /// Draws a heading in a section. At least `follow` points of the content below it stay on the same page.
    pub fn heading(&mut self, text: &str, follow: f32) {
        let lines = self.spacing.lines;
        let paragraph = self.engine.shape_limited(text, HEADING, WIDTH, lines);
        self.gap(self.spacing.gap);
        self.snap_to_grid();
        self.need(paragraph.height() + 2.0 * STEP + follow);
        let (y, page) = (self.y, self.page_index());
        self.outline.push(Entry {
            title: text.to_owned(),
            page,
            y,
            level: 1,
        });
        let node = self.node("H2");
        self.draw(node, |page| page.paragraph(&paragraph, MARGIN, y));
        self.y += paragraph.height() + 2.0 * STEP;
        self.heading_end = self.y;
    }

    /// Draws a subheading of a group. At least `follow` points of the content below it stay on the same page.
    pub fn subheading(&mut self, text: &str, follow: f32) {
        let paragraph = self.engine.shape(text, SUBHEADING, WIDTH);
        self.gap(3.0 * STEP);
        self.snap_to_grid();
        self.need(paragraph.height() + STEP + follow);
        let y = self.y;
        let node = self.node("H3");
        self.draw(node, |page| page.paragraph(&paragraph, MARGIN, y));
        self.y += paragraph.height() + STEP;
    }
}
