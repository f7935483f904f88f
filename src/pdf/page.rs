//! Draws text, lines, and areas on one page, each inside marked content.
//!
//! Coordinates are in points from the top left corner of A4. Other paper sizes have the same column, centered.

use pdf_writer::types::LineCapStyle;
use pdf_writer::{Content, Name};

use super::operands::{Length, Shown};
use super::tags::{Child, Node, Tags};
use super::text::{Glyph, Line, Paragraph};
use super::theme::{Color, MARGIN, Palette, Paper, WIDTH};

/// Target of a link.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// A position in the document: page index and distance from the top of the page.
    Place(usize, f32),
    /// A named position, which may be defined after the link.
    Anchor(String),
    /// An external resource, such as a `mailto:` address.
    Uri(String),
}

/// A link on a page.
#[derive(Debug, Clone)]
pub struct Link {
    /// Left, top, right, and bottom, in points.
    pub area: (f32, f32, f32, f32),
    /// Target of the link.
    pub target: Target,
    /// Description of the target, for screen readers.
    pub description: String,
}

/// Bounds of a line of text. Tests check that lines overlap neither each other nor the margins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TextBox {
    /// Left end.
    pub left: f32,
    /// Top of the capital letters.
    pub top: f32,
    /// Right end.
    pub right: f32,
    /// Baseline.
    pub bottom: f32,
}

/// One page.
pub struct Page {
    /// Content stream.
    pub content: Content,
    /// Structure node of each marked content, by its ID.
    pub contents: Vec<Node>,
    /// Links.
    pub links: Vec<Link>,
    /// Title of the page's section, for the running head.
    pub section: String,
    /// Whether the page has no running head and foot.
    pub no_running_heads: bool,
    /// Bounds of the lines of text.
    pub boxes: Vec<TextBox>,
    paper: Paper,
    palette: Palette,
    fill: Option<Color>,
    stroke: Option<(Color, f32, f32)>,
    font: Option<(usize, f32)>,
    /// Rounded position of the previous glyphs in the current text object.
    text_start: (f32, f32),
    /// Bounds of the drawing since the last marked content began: left, bottom, right, top.
    extent: Option<[f32; 4]>,
}

/// Memory that a page reserves: bytes of its content, and number of its lines of text. A full page needs more.
const CONTENT: usize = 24 * 1024;
const BOXES: usize = 96;

impl Page {
    pub fn new(paper: Paper, palette: Palette, section: String) -> Self {
        let mut content = Content::with_capacity(CONTENT);
        content.set_line_cap(LineCapStyle::ButtCap);
        Self {
            content,
            contents: Vec::with_capacity(BOXES),
            links: Vec::new(),
            section,
            no_running_heads: false,
            boxes: Vec::with_capacity(BOXES),
            paper,
            palette,
            fill: None,
            stroke: None,
            font: None,
            text_start: (0.0, 0.0),
            extent: None,
        }
    }

    /// Draws the content of a node. `index` is the index of this page.
    pub fn tagged(
        &mut self,
        tags: &mut Tags,
        node: Node,
        index: usize,
        draw: impl FnOnce(&mut Self),
    ) {
        let mcid = self.contents.len();
        self.contents.push(node);
        tags.push(node, Child::Content { page: index, mcid });
        let role = tags.elements()[Tags::index(node)].role;
        self.content
            .begin_marked_content_with_properties(Name(role.as_bytes()))
            .properties()
            .identify(mcid as i32);
        self.extent = None;
        draw(self);
        self.content.end_marked_content();
        // The bounds of a figure that spans pages cover its part on the first page only.
        let is_first = tags.elements()[Tags::index(node)]
            .children
            .iter()
            .all(|child| !matches!(child, Child::Content { page, .. } if *page != index));
        if let Some(extent) = self.extent.filter(|_| role == "Figure" && is_first) {
            tags.bound(node, extent);
        }
    }

    /// Draws decoration that is not content: lines, backgrounds, running heads.
    pub fn artifact(&mut self, draw: impl FnOnce(&mut Self)) {
        self.content.begin_marked_content(Name(b"Artifact"));
        draw(self);
        self.content.end_marked_content();
    }

    fn at(&mut self, (x, y): (f32, f32)) -> (f32, f32) {
        let (x, y) = (
            x + crate::pdf::theme::shift(self.paper),
            self.paper.height - y,
        );
        let [left, bottom, right, top] = self.extent.unwrap_or([x, y, x, y]);
        self.extent = Some([left.min(x), bottom.min(y), right.max(x), top.max(y)]);
        (x, y)
    }

    /// Draws a filled rectangle.
    pub fn rect(&mut self, x: f32, y: f32, width: f32, height: f32, color: Color) {
        self.set_fill(color);
        self.at((x + width, y));
        let (left, bottom) = self.at((x, y + height));
        let operands = [left, bottom, width, height].map(Length);
        self.content.op("re").operands(operands);
        self.content.fill_nonzero();
    }

    /// Draws the outline of a rectangle. The line is inside the rectangle.
    pub fn frame(&mut self, (x, y): (f32, f32), (w, h): (f32, f32), line: f32, color: Color) {
        let half = line / 2.0;
        let (left, top, right, bottom) = (x + half, y + half, x + w - half, y + h - half);
        self.set_stroke(color, line, 0.0);
        self.path(&[(left, top), (right, top), (right, bottom), (left, bottom)]);
        self.content.close_path().stroke();
    }

    /// Draws a rectangle across the full width of the paper.
    pub fn band(&mut self, y: f32, height: f32, color: Color) {
        self.rect(
            -crate::pdf::theme::shift(self.paper),
            y,
            self.paper.width,
            height,
            color,
        );
    }

    /// Draws a filled polygon.
    pub fn polygon(&mut self, points: &[(f32, f32)], color: Color) {
        self.set_fill(color);
        self.path(points);
        self.content.close_path().fill_nonzero();
    }

    /// Draws the brand's logo with its top left corner at (x, y).
    pub fn logo(&mut self, x: f32, y: f32, width: f32, height: f32) {
        self.at((x + width, y));
        let (left, bottom) = self.at((x, y + height));
        self.content
            .save_state()
            .transform([width, 0.0, 0.0, height, left, bottom])
            .x_object(Name(LOGO.as_bytes()))
            .restore_state();
    }

    fn path(&mut self, points: &[(f32, f32)]) {
        for (i, point) in points.iter().enumerate() {
            let (x, y) = self.at(*point);
            if i == 0 {
                self.content.op("m").operands([x, y].map(Length));
            } else {
                self.content.op("l").operands([x, y].map(Length));
            }
        }
    }

    /// Draws a filled circle.
    pub fn circle(&mut self, x: f32, y: f32, radius: f32, color: Color) {
        self.set_fill(color);
        self.round_path(x, y, radius);
        self.content.fill_nonzero();
    }

    /// Draws the outline of a circle.
    pub fn ring(&mut self, x: f32, y: f32, radius: f32, width: f32, color: Color) {
        self.set_stroke(color, width, 0.0);
        self.round_path(x, y, radius);
        self.content.stroke();
    }

    fn round_path(&mut self, x: f32, y: f32, radius: f32) {
        self.at((x - radius, y - radius));
        self.at((x + radius, y + radius));
        // The usual approximation of a quarter circle by a Bézier curve.
        let bend = radius * 0.552_285;
        let (x, y) = self.at((x, y));
        let content = &mut self.content;
        content.op("m").operands([x + radius, y].map(Length));
        for (dx, dy) in [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)] {
            // A quarter turn takes (dx, dy) to (-dy, dx).
            let points = [
                x + dx * radius - dy * bend,
                y + dy * radius + dx * bend,
                x - dy * radius + dx * bend,
                y + dx * radius + dy * bend,
                x - dy * radius,
                y + dx * radius,
            ];
            content.op("c").operands(points.map(Length));
        }
        content.close_path();
    }

    /// Draws a straight line. `dash` is the dash length in points, 0 for a solid line.
    pub fn line(&mut self, from: (f32, f32), to: (f32, f32), width: f32, color: Color, dash: f32) {
        self.polyline(&[from, to], width, color, dash);
    }

    /// Draws a line across the column.
    pub fn rule(&mut self, y: f32, thickness: f32, color: Color) {
        self.line((MARGIN, y), (MARGIN + WIDTH, y), thickness, color, 0.0);
    }

    /// Draws a line through several points.
    pub fn polyline(&mut self, points: &[(f32, f32)], width: f32, color: Color, dash: f32) {
        self.set_stroke(color, width, dash);
        self.path(points);
        self.content.stroke();
    }

    fn set_fill(&mut self, color: Color) {
        if self.fill != Some(color) {
            let [r, g, b] = self.palette.rgb(color).map(part);
            self.content.set_fill_rgb(r, g, b);
            self.fill = Some(color);
        }
    }

    fn set_stroke(&mut self, color: Color, width: f32, dash: f32) {
        let wanted = (color, width, dash);
        if self.stroke == Some(wanted) {
            return;
        }
        let [r, g, b] = self.palette.rgb(color).map(part);
        self.content.set_stroke_rgb(r, g, b).set_line_width(width);
        if self.stroke.map_or(0.0, |(_, _, old)| old) != dash {
            let pattern: &[f32] = if dash > 0.0 { &[dash, dash] } else { &[] };
            self.content.set_dash_pattern(pattern.iter().copied(), 0.0);
        }
        self.stroke = Some(wanted);
    }

    /// Draws a paragraph with its top left corner at (x, y).
    pub fn paragraph(&mut self, paragraph: &Paragraph, x: f32, y: f32) {
        for (i, line) in paragraph.lines.iter().enumerate() {
            self.text_line(paragraph, line, x, y + paragraph.line_height() * i as f32);
        }
    }

    /// Draws a paragraph with its lines right-aligned at x.
    pub fn paragraph_right(&mut self, paragraph: &Paragraph, x: f32, y: f32) {
        for (i, line) in paragraph.lines.iter().enumerate() {
            let left = x - line.width - line.offset;
            self.text_line(
                paragraph,
                line,
                left,
                y + paragraph.line_height() * i as f32,
            );
        }
    }

    /// Draws a paragraph with its lines centered on x.
    pub fn paragraph_centered(&mut self, paragraph: &Paragraph, x: f32, y: f32) {
        for (i, line) in paragraph.lines.iter().enumerate() {
            let left = x - line.width / 2.0 - line.offset;
            self.text_line(
                paragraph,
                line,
                left,
                y + paragraph.line_height() * i as f32,
            );
        }
    }

    /// Draws one line of a paragraph with its top left corner at (x, y).
    pub fn text_line(&mut self, paragraph: &Paragraph, line: &Line, x: f32, y: f32) {
        if line.runs.is_empty() {
            return;
        }
        let (size, baseline) = (paragraph.style.size, y + paragraph.baseline);
        let left = x + line.offset;
        self.boxes.push(TextBox {
            left,
            top: baseline - 0.7 * size,
            right: left + line.width,
            bottom: baseline,
        });
        self.set_fill(paragraph.style.color);
        self.at((left + line.width, baseline - 0.7 * size));
        self.content.begin_text();
        self.text_start = (0.0, 0.0);
        for run in &line.runs {
            if self.font != Some((run.font, size)) {
                self.content
                    .set_font(Name(font_name(run.font).as_bytes()), size);
                self.font = Some((run.font, size));
            }
            self.glyphs(&run.glyphs, size, left, baseline);
        }
        self.content.end_text();
    }

    /// Shows glyphs of one font. Glyphs on the same baseline share one operator.
    fn glyphs(&mut self, glyphs: &[Glyph], size: f32, x: f32, baseline: f32) {
        let mut rest = glyphs;
        while let Some(first) = rest.first() {
            let level = rest
                .iter()
                .take_while(|glyph| (glyph.rise - first.rise).abs() < 0.01)
                .count();
            let (now, later) = rest.split_at(level);
            let (left, bottom) = self.at((x + first.x, baseline - first.rise));
            // `Td` takes the distance from the previous position in the same text object.
            let place = (Length(left).rounded(), Length(bottom).rounded());
            let before = std::mem::replace(&mut self.text_start, place);
            let offset = [place.0 - before.0, place.1 - before.1];
            self.content.op("Td").operands(offset.map(Length));
            self.content.op("TJ").operand(Shown { glyphs: now, size });
            rest = later;
        }
    }
}

/// Resource name of the logo.
pub const LOGO: &str = "Logo";

/// Returns the resource name of a font.
pub fn font_name(index: usize) -> String {
    format!("F{index}")
}

fn part(value: u8) -> f32 {
    (f32::from(value) / 255.0 * 1000.0).round() / 1000.0
}
