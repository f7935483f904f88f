//! Drawing on one page: text, lines and areas, each inside marked content. Distances count from the top left corner.

use printpdf::{
    Codepoint, Color as PdfColor, DictItem, FontId, LineDashPattern, LinePoint, Op, PaintMode,
    PdfFontHandle, Point, Polygon, PolygonRing, Pt, Rgb, TextItem, TextMatrix, WindingOrder,
};

use super::tags::{Child, Node, Tags};
use super::text::{Line, Paragraph, PlacedGlyph};
use super::theme::{Color, PAGE_HEIGHT};

/// A link on a page.
#[derive(Debug, Clone)]
pub struct Link {
    /// Left, top, right, bottom.
    pub area: (f32, f32, f32, f32),
    /// Page it leads to, and the distance from its top.
    pub target: (usize, f32),
    /// What it leads to, in words.
    pub description: String,
}

/// One page.
#[derive(Debug, Default)]
pub struct Page {
    /// What is drawn.
    pub ops: Vec<Op>,
    /// Nodes of the marked contents, by their numbers.
    pub contents: Vec<Node>,
    /// Links.
    pub links: Vec<Link>,
    /// Title of the section it belongs to, for the running head.
    pub section: String,
    /// Without running head and foot.
    pub bare: bool,
}

impl Page {
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
        let map = [("MCID".to_owned(), DictItem::Int(mcid as i64))].into();
        self.ops.push(Op::BeginMarkedContentWithProperties {
            tag: role.to_owned(),
            properties: DictItem::Dict { map },
        });
        draw(self);
        self.ops.push(Op::EndMarkedContent);
    }

    /// Draws what is no content: lines, grounds, running heads.
    pub fn artifact(&mut self, draw: impl FnOnce(&mut Self)) {
        self.ops.push(Op::BeginMarkedContent {
            tag: "Artifact".to_owned(),
        });
        draw(self);
        self.ops.push(Op::EndMarkedContent);
    }

    /// A filled rectangle.
    pub fn rect(&mut self, x: f32, y: f32, width: f32, height: f32, color: Color) {
        self.polygon(
            &[
                (x, y),
                (x + width, y),
                (x + width, y + height),
                (x, y + height),
            ],
            color,
        );
    }

    /// A filled polygon.
    pub fn polygon(&mut self, points: &[(f32, f32)], color: Color) {
        let points = points
            .iter()
            .map(|(x, y)| LinePoint {
                p: point(*x, *y),
                bezier: false,
            })
            .collect();
        self.fill_path(points, color);
    }

    /// A filled circle.
    pub fn circle(&mut self, x: f32, y: f32, radius: f32, color: Color) {
        // The usual approximation of a quarter circle by a Bézier curve.
        let bend = radius * 0.552_285;
        let corners = [
            (0.0, -radius, false),
            (bend, -radius, true),
            (radius, -bend, true),
            (radius, 0.0, false),
            (radius, bend, true),
            (bend, radius, true),
            (0.0, radius, false),
            (-bend, radius, true),
            (-radius, bend, true),
            (-radius, 0.0, false),
            (-radius, -bend, true),
            (-bend, -radius, true),
            (0.0, -radius, false),
        ];
        let points = corners
            .iter()
            .map(|(dx, dy, bezier)| LinePoint {
                p: point(x + dx, y + dy),
                bezier: *bezier,
            })
            .collect();
        self.fill_path(points, color);
    }

    fn fill_path(&mut self, points: Vec<LinePoint>, color: Color) {
        self.ops.push(Op::SetFillColor {
            col: pdf_color(color),
        });
        self.ops.push(Op::DrawPolygon {
            polygon: Polygon {
                rings: vec![PolygonRing { points }],
                mode: PaintMode::Fill,
                winding_order: WindingOrder::NonZero,
            },
        });
    }

    /// A straight line; `dash` in points, 0 for none.
    pub fn line(&mut self, from: (f32, f32), to: (f32, f32), width: f32, color: Color, dash: f32) {
        self.ops.push(Op::SetOutlineColor {
            col: pdf_color(color),
        });
        self.ops.push(Op::SetOutlineThickness { pt: Pt(width) });
        let pattern: &[f32] = if dash > 0.0 { &[dash, dash] } else { &[] };
        self.ops.push(Op::SetLineDashPattern {
            dash: LineDashPattern {
                offset: 0.0,
                pattern: pattern.iter().copied().collect(),
            },
        });
        let points = [from, to]
            .iter()
            .map(|(x, y)| LinePoint {
                p: point(*x, *y),
                bezier: false,
            })
            .collect();
        self.ops.push(Op::DrawLine {
            line: printpdf::Line {
                points,
                is_closed: false,
            },
        });
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
            self.text_line(
                paragraph,
                line,
                x - line.width - line.offset,
                y + paragraph.line_height() * i as f32,
            );
        }
    }

    /// One line of a paragraph, its top left corner at (x, y).
    pub fn text_line(&mut self, paragraph: &Paragraph, line: &Line, x: f32, y: f32) {
        let baseline = y + line.baseline;
        self.ops.push(Op::SetFillColor {
            col: pdf_color(paragraph.style.color),
        });
        self.ops.push(Op::StartTextSection);
        for run in &line.runs {
            self.ops.push(Op::SetFont {
                font: PdfFontHandle::External(font_id(run.font)),
                size: Pt(paragraph.style.size),
            });
            self.glyphs(&run.glyphs, paragraph.style.size, x + line.offset, baseline);
        }
        self.ops.push(Op::EndTextSection);
    }
}

impl Page {
    /// Glyphs of one font: shown together as long as they stand on one baseline, with the font's own advances between them
    /// and a correction in thousandths of an em where kerning wants another.
    fn glyphs(&mut self, glyphs: &[PlacedGlyph], size: f32, x: f32, baseline: f32) {
        let mut rest = glyphs;
        while let Some(first) = rest.first() {
            let level = rest
                .iter()
                .take_while(|glyph| (glyph.rise - first.rise).abs() < 0.01)
                .count();
            let (now, later) = rest.split_at(level);
            let at = point(x + first.x, baseline - first.rise);
            self.ops.push(Op::SetTextMatrix {
                matrix: TextMatrix::Translate(at.x, at.y),
            });
            let mut pen = first.x;
            let mut codes = Vec::with_capacity(now.len());
            for (i, glyph) in now.iter().enumerate() {
                pen += glyph.advance;
                let wanted = now.get(i + 1).map_or(pen, |next| next.x);
                let correction = ((pen - wanted) * 1000.0 / size).round();
                pen -= correction * size / 1000.0;
                codes.push(Codepoint {
                    gid: glyph.id,
                    offset: correction,
                    cid: (!glyph.text.is_empty()).then(|| glyph.text.clone()),
                });
            }
            self.ops.push(Op::ShowText {
                items: vec![TextItem::GlyphIds(codes)],
            });
            rest = later;
        }
    }
}

/// Name of a document's font.
pub fn font_id(index: usize) -> FontId {
    FontId(format!("F{index}"))
}

fn point(x: f32, y: f32) -> Point {
    Point {
        x: Pt(x),
        y: Pt(PAGE_HEIGHT - y),
    }
}

fn pdf_color(color: Color) -> PdfColor {
    let part = |value: u8| f32::from(value) / 255.0;
    PdfColor::Rgb(Rgb {
        r: part(color.0),
        g: part(color.1),
        b: part(color.2),
        icc_profile: None,
    })
}
