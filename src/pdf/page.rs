//! Drawing on one page: text, lines and areas, each inside marked content. Distances count from the top left corner of A4;
//! other papers have the same column in their middle.

use pdf_writer::types::LineCapStyle;
use pdf_writer::{Content, Name, Str};

use super::tags::{Child, Node, Tags};
use super::text::{Glyph, Line, Paragraph};
use super::theme::{Color, Palette, Paper};

/// Where a link leads.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// A place in the document: page and distance from its top.
    Place(usize, f32),
    /// A place that carries this name, wherever it will stand.
    Anchor(String),
    /// Another resource, such as `mailto:`.
    Uri(String),
}

/// A link on a page.
#[derive(Debug, Clone)]
pub struct Link {
    /// Left, top, right, bottom.
    pub area: (f32, f32, f32, f32),
    /// Where it leads.
    pub target: Target,
    /// What it leads to, in words.
    pub description: String,
}

/// A line of text on a page: what no test may find outside the margins or over another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TextBox {
    /// Left end.
    pub left: f32,
    /// Top of the capitals.
    pub top: f32,
    /// Right end.
    pub right: f32,
    /// Baseline.
    pub bottom: f32,
}

/// One page.
pub struct Page {
    /// What is drawn.
    pub content: Content,
    /// Nodes of the marked contents, by their numbers.
    pub contents: Vec<Node>,
    /// Links.
    pub links: Vec<Link>,
    /// Title of the section it belongs to, for the running head.
    pub section: String,
    /// Without running head and foot.
    pub bare: bool,
    /// Where its lines of text lie.
    pub boxes: Vec<TextBox>,
    paper: Paper,
    palette: Palette,
    fill: Option<Color>,
    stroke: Option<(Color, f32, f32)>,
    font: Option<(usize, f32)>,
    /// What was drawn since the last marked content began: left, bottom, right, top.
    extent: Option<[f32; 4]>,
}

impl Page {
    pub fn new(paper: Paper, palette: Palette, section: String) -> Self {
        let mut content = Content::new();
        content.set_line_cap(LineCapStyle::ButtCap);
        Self {
            content,
            contents: Vec::new(),
            links: Vec::new(),
            section,
            bare: false,
            boxes: Vec::new(),
            paper,
            palette,
            fill: None,
            stroke: None,
            font: None,
            extent: None,
        }
    }

    /// Draws content of a node; `index` is the page's own.
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
        // A figure that goes on over pages is bounded on its first.
        let is_first = tags.elements()[Tags::index(node)]
            .children
            .iter()
            .all(|child| !matches!(child, Child::Content { page, .. } if *page != index));
        if let Some(extent) = self.extent.filter(|_| role == "Figure" && is_first) {
            tags.bound(node, extent);
        }
    }

    /// Draws what is no content: lines, grounds, running heads.
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

    /// A filled rectangle.
    pub fn rect(&mut self, x: f32, y: f32, width: f32, height: f32, color: Color) {
        self.set_fill(color);
        self.at((x + width, y));
        let (left, bottom) = self.at((x, y + height));
        self.content
            .rect(round(left), round(bottom), round(width), round(height))
            .fill_nonzero();
    }

    /// A rectangle over the whole width of the paper.
    pub fn band(&mut self, y: f32, height: f32, color: Color) {
        self.rect(
            -crate::pdf::theme::shift(self.paper),
            y,
            self.paper.width,
            height,
            color,
        );
    }

    /// A filled polygon.
    pub fn polygon(&mut self, points: &[(f32, f32)], color: Color) {
        self.set_fill(color);
        self.path(points);
        self.content.close_path().fill_nonzero();
    }

    /// The brand's logo, its top left corner at (x, y).
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
                self.content.move_to(round(x), round(y));
            } else {
                self.content.line_to(round(x), round(y));
            }
        }
    }

    /// A filled circle.
    pub fn circle(&mut self, x: f32, y: f32, radius: f32, color: Color) {
        self.set_fill(color);
        self.round_path(x, y, radius);
        self.content.fill_nonzero();
    }

    /// The outline of a circle.
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
        content.move_to(round(x + radius), round(y));
        for (dx, dy) in [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)] {
            // From (dx, dy) a quarter turn on: (-dy, dx).
            content.cubic_to(
                round(x + dx * radius - dy * bend),
                round(y + dy * radius + dx * bend),
                round(x - dy * radius + dx * bend),
                round(y + dx * radius + dy * bend),
                round(x - dy * radius),
                round(y + dx * radius),
            );
        }
        content.close_path();
    }

    /// A straight line; `dash` in points, 0 for none.
    pub fn line(&mut self, from: (f32, f32), to: (f32, f32), width: f32, color: Color, dash: f32) {
        self.polyline(&[from, to], width, color, dash);
    }

    /// A line through several points.
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

    /// A whole paragraph, its top left corner at (x, y).
    pub fn paragraph(&mut self, paragraph: &Paragraph, x: f32, y: f32) {
        for (i, line) in paragraph.lines.iter().enumerate() {
            self.text_line(paragraph, line, x, y + paragraph.line_height() * i as f32);
        }
    }

    /// The same with its lines ending at x.
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

    /// The same with its lines centered on x.
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

    /// One line of a paragraph, its top left corner at (x, y).
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

    /// Glyphs of one font: shown together as long as they stand on one baseline, with the font's own advances between them
    /// and a correction in thousandths of an em where kerning wants another.
    fn glyphs(&mut self, glyphs: &[Glyph], size: f32, x: f32, baseline: f32) {
        let mut rest = glyphs;
        while let Some(first) = rest.first() {
            let level = rest
                .iter()
                .take_while(|glyph| (glyph.rise - first.rise).abs() < 0.01)
                .count();
            let (now, later) = rest.split_at(level);
            let (left, bottom) = self.at((x + first.x, baseline - first.rise));
            self.content
                .set_text_matrix([1.0, 0.0, 0.0, 1.0, round(left), round(bottom)]);
            let mut pen = first.x;
            let mut show = self.content.show_positioned();
            let mut items = show.items();
            let mut codes: Vec<u8> = Vec::with_capacity(2 * now.len());
            for (i, glyph) in now.iter().enumerate() {
                codes.extend(glyph.id.to_be_bytes());
                pen += glyph.advance;
                let wanted = now.get(i + 1).map_or(pen, |next| next.x);
                let correction = ((pen - wanted) * 1000.0 / size).round();
                if correction != 0.0 {
                    items.show(Str(&codes));
                    items.adjust(correction);
                    codes.clear();
                    pen -= correction * size / 1000.0;
                }
            }
            if !codes.is_empty() {
                items.show(Str(&codes));
            }
            rest = later;
        }
    }
}

/// Name of the logo among a document's resources.
pub const LOGO: &str = "Logo";

/// Name of a document's font.
pub fn font_name(index: usize) -> String {
    format!("F{index}")
}

/// To hundredths of a point: finer than any printer, and shorter to write.
fn round(value: f32) -> f32 {
    (value * 100.0).round() / 100.0
}

fn part(value: u8) -> f32 {
    (f32::from(value) / 255.0 * 1000.0).round() / 1000.0
}
