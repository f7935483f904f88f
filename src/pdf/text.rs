//! Shaping and line breaking by parley; the glyphs that a document uses, by font, for its subsets.

use std::collections::HashMap;
use std::sync::Arc;

use parley::style::{
    FontFamily, FontFeatures, FontWeight, LineHeight, OverflowWrap, StyleProperty,
};
use parley::{
    Alignment, AlignmentOptions, FontContext, FontData, Layout, LayoutContext, PositionedLayoutItem,
};
use skrifa::MetadataProvider;
use subsetter::GlyphRemapper;

use super::fonts::Fonts;
use super::theme::{Color, INK};

/// How a text is set.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Size in points.
    pub size: f32,
    /// Distance of lines, as a multiple of the size.
    pub leading: f32,
    /// Semi-bold instead of regular.
    pub strong: bool,
    /// Colour.
    pub color: Color,
    /// Figures of equal width.
    pub tabular: bool,
}

impl Style {
    /// Regular text of a size.
    pub const fn new(size: f32) -> Self {
        Self {
            size,
            leading: 1.45,
            strong: false,
            color: INK,
            tabular: false,
        }
    }

    /// The same, strong.
    pub const fn strong(self) -> Self {
        Self {
            strong: true,
            ..self
        }
    }

    /// The same, in a colour.
    pub const fn color(self, color: Color) -> Self {
        Self { color, ..self }
    }

    /// The same with another line distance.
    pub const fn leading(self, leading: f32) -> Self {
        Self { leading, ..self }
    }

    /// The same with figures of equal width.
    pub const fn tabular(self) -> Self {
        Self {
            tabular: true,
            ..self
        }
    }
}

/// A glyph at its place in a line.
#[derive(Debug, Clone)]
pub struct PlacedGlyph {
    /// Id in the document's subset of the font.
    pub id: u16,
    /// Distance from the line's start, in points.
    pub x: f32,
    /// Shift upwards from the baseline, in points.
    pub rise: f32,
    /// How far the font itself moves on after it, in points.
    pub advance: f32,
    /// The text it stands for; empty when a neighbour carries it.
    pub text: String,
}

/// Glyphs of one font.
#[derive(Debug, Clone)]
pub struct GlyphRun {
    /// Index of the font in the document.
    pub font: usize,
    /// The glyphs, from left to right.
    pub glyphs: Vec<PlacedGlyph>,
}

/// One line of text.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its runs.
    pub runs: Vec<GlyphRun>,
    /// Distance of its left end from the text's left end.
    pub offset: f32,
    /// Its width without trailing space.
    pub width: f32,
    /// Distance of the baseline from the line's top.
    pub baseline: f32,
}

/// A text broken into lines.
#[derive(Debug, Clone)]
pub struct Paragraph {
    /// How it is set.
    pub style: Style,
    /// Its lines.
    pub lines: Vec<Line>,
    /// Width of the widest line.
    pub width: f32,
}

impl Paragraph {
    /// Distance from line to line.
    pub fn line_height(&self) -> f32 {
        self.style.size * self.style.leading
    }

    /// Height of all lines.
    pub fn height(&self) -> f32 {
        self.line_height() * self.lines.len() as f32
    }
}

/// Letters and marks that the first family is known to have: European Latin, Greek, Russian and the usual punctuation.
fn is_common(c: char) -> bool {
    matches!(c, ' '..='~' | '\n' | '\u{a0}'..='\u{17f}' | '\u{386}'..='\u{3ce}' | '\u{410}'..='\u{44f}' | '–' | '—' | '‘' | '’' | '“' | '”' | '…' | '€')
}

/// A font as a document uses it.
pub struct UsedFont {
    /// The whole font.
    pub data: FontData,
    /// Old to new glyph ids.
    pub remapper: GlyphRemapper,
    /// Advance widths by old id, in ems, as far as they were asked for.
    advances: HashMap<u16, f32>,
}

/// Shapes texts, and remembers what a document used.
pub struct Engine {
    fonts: FontContext,
    families: Arc<str>,
    layouts: LayoutContext<()>,
    /// The document's fonts, in the order of their first use.
    pub used: Vec<UsedFont>,
    by_id: HashMap<(u64, u32), usize>,
}

impl Engine {
    /// An engine with these fonts.
    pub fn new(fonts: &Fonts) -> Self {
        Self {
            fonts: fonts.context.clone(),
            families: fonts.families.clone(),
            layouts: LayoutContext::new(),
            used: Vec::new(),
            by_id: HashMap::new(),
        }
    }

    /// Forgets what the last document used.
    pub fn start_document(&mut self) {
        self.used.clear();
        self.by_id.clear();
    }

    /// Breaks a text into lines of at most this width.
    pub fn shape(&mut self, text: &str, style: Style, width: f32) -> Paragraph {
        let mut layout = self.layout(text, style);
        // Half a point of grace: a width that was measured must not break the line it was measured from.
        layout.break_all_lines(Some(width.max(1.0) + 0.5));
        layout.align(Alignment::Start, AlignmentOptions::default());
        self.collect(text, &layout, style)
    }

    /// A text on one line, however wide.
    pub fn shape_line(&mut self, text: &str, style: Style) -> Paragraph {
        self.shape(text, style, f32::MAX)
    }

    /// The width of the longest word and of the whole text on one line.
    pub fn widths(&mut self, text: &str, style: Style) -> (f32, f32) {
        let layout = self.layout(text, style);
        let widths = layout.calculate_content_widths();
        (widths.min, widths.max)
    }

    fn layout(&mut self, text: &str, style: Style) -> Layout<()> {
        // Most texts need the first family alone; looking up the others for each of them takes time.
        let families = match self.families.split_once(',') {
            Some((first, _)) if text.chars().all(is_common) => first,
            _ => &self.families,
        };
        let mut builder = self
            .layouts
            .ranged_builder(&mut self.fonts, text, 1.0, false);
        builder.push_default(StyleProperty::FontFamily(FontFamily::Source(
            families.into(),
        )));
        builder.push_default(StyleProperty::FontSize(style.size));
        builder.push_default(StyleProperty::FontWeight(FontWeight::new(
            if style.strong { 600.0 } else { 400.0 },
        )));
        builder.push_default(StyleProperty::LineHeight(LineHeight::Absolute(
            style.size * style.leading,
        )));
        // A word wider than its column is broken rather than cut off.
        builder.push_default(StyleProperty::OverflowWrap(OverflowWrap::BreakWord));
        if style.tabular {
            builder.push_default(StyleProperty::FontFeatures(FontFeatures::Source(
                "\"tnum\" 1".into(),
            )));
        }
        builder.build(text)
    }

    fn collect(&mut self, text: &str, layout: &Layout<()>, style: Style) -> Paragraph {
        let mut lines = Vec::new();
        let mut widest: f32 = 0.0;
        for line in layout.lines() {
            let metrics = line.metrics();
            let mut runs = Vec::new();
            let mut end: f32 = 0.0;
            for item in line.items() {
                let PositionedLayoutItem::GlyphRun(positioned) = item else {
                    continue;
                };
                let run = positioned.run();
                let font = self.font_index(run.font());
                // A run counts from the page's edge; ours from the line's start.
                let mut x = positioned.offset() - metrics.offset;
                let mut glyphs = Vec::new();
                // In a run from right to left the rest of a ligature's text comes before its glyph.
                let mut waiting = String::new();
                for cluster in run.visual_clusters() {
                    let source = text.get(cluster.text_range()).unwrap_or_default();
                    let words: String = source.chars().filter(|c| !c.is_control()).collect();
                    if cluster.is_ligature_continuation() {
                        match glyphs.last_mut() {
                            Some(PlacedGlyph { text, .. }) if !run.is_rtl() => {
                                text.push_str(&words)
                            }
                            _ => waiting.insert_str(0, &words),
                        }
                    } else if !source.chars().all(char::is_control) {
                        self.place(
                            &mut glyphs,
                            &cluster,
                            (font, style.size),
                            x,
                            words + &std::mem::take(&mut waiting),
                        );
                    }
                    x += cluster.advance();
                    if !source.chars().all(char::is_whitespace) {
                        end = end.max(x);
                    }
                }
                if !glyphs.is_empty() {
                    runs.push(GlyphRun { font, glyphs });
                }
            }
            let offset = metrics.offset;
            widest = widest.max(end);
            // The baseline of the first choice of font, whatever fallback a line holds: lines keep their distance.
            lines.push(Line {
                runs,
                offset,
                width: end,
                baseline: style.size * (0.5 * style.leading + 0.36),
            });
        }
        if let [only] = lines.as_mut_slice() {
            // A name from right to left stands under its heading like any other; a text of several lines keeps its side.
            only.offset = 0.0;
        }
        Paragraph {
            style,
            lines,
            width: widest,
        }
    }

    fn place(
        &mut self,
        glyphs: &mut Vec<PlacedGlyph>,
        cluster: &parley::layout::Cluster<()>,
        (font, size): (usize, f32),
        x: f32,
        words: String,
    ) {
        let mut pen = x;
        let all: Vec<_> = cluster.glyphs().collect();
        // One glyph a character: each carries its own; else the first carries all.
        let one_each = all.len() > 1 && words.chars().count() == all.len();
        let mut letters = words.chars();
        for (i, glyph) in all.iter().enumerate() {
            let text = if one_each {
                letters.next().map(String::from).unwrap_or_default()
            } else if i == 0 {
                words.clone()
            } else {
                String::new()
            };
            let used = &mut self.used[font];
            let id = used.remapper.remap(glyph.id as u16);
            glyphs.push(PlacedGlyph {
                id,
                x: pen + glyph.x,
                rise: -glyph.y,
                advance: used.advance(glyph.id as u16) * size,
                text,
            });
            pen += glyph.advance;
        }
    }

    fn font_index(&mut self, font: &FontData) -> usize {
        *self
            .by_id
            .entry((font.data.id(), font.index))
            .or_insert_with(|| {
                self.used.push(UsedFont {
                    data: font.clone(),
                    remapper: GlyphRemapper::new(),
                    advances: HashMap::new(),
                });
                self.used.len() - 1
            })
    }
}

/// Advance widths of a subset's glyphs by new id, in font units, and units per em, ascent and descent.
pub struct Widths {
    /// Units per em.
    pub units_per_em: u16,
    /// Ascent.
    pub ascent: i16,
    /// Descent, below 0.
    pub descent: i16,
    /// New id → advance.
    pub advances: Vec<u16>,
}

impl UsedFont {
    /// Advance width of a glyph in ems, as a viewer reads it from the file: in whole thousandths.
    fn advance(&mut self, glyph: u16) -> f32 {
        let Self { data, advances, .. } = self;
        *advances.entry(glyph).or_insert_with(|| {
            let Ok(font) = skrifa::FontRef::from_index(data.data.as_ref(), data.index) else {
                return 0.0;
            };
            let (size, location) = (
                skrifa::instance::Size::unscaled(),
                skrifa::instance::LocationRef::default(),
            );
            let units = f32::from(font.metrics(size, location).units_per_em.max(1));
            font.glyph_metrics(size, location)
                .advance_width(skrifa::GlyphId::new(u32::from(glyph)))
                .unwrap_or(0.0)
                / units
        })
    }

    /// What printpdf needs to know of the font.
    pub fn widths(&self) -> Option<Widths> {
        let font = skrifa::FontRef::from_index(self.data.data.as_ref(), self.data.index).ok()?;
        let metrics = font.metrics(
            skrifa::instance::Size::unscaled(),
            skrifa::instance::LocationRef::default(),
        );
        let glyphs = font.glyph_metrics(
            skrifa::instance::Size::unscaled(),
            skrifa::instance::LocationRef::default(),
        );
        let advances = self
            .remapper
            .remapped_gids()
            .map(|old| {
                glyphs
                    .advance_width(skrifa::GlyphId::new(u32::from(old)))
                    .unwrap_or(0.0) as u16
            })
            .collect();
        Some(Widths {
            units_per_em: metrics.units_per_em,
            ascent: metrics.ascent as i16,
            descent: metrics.descent as i16,
            advances,
        })
    }
}
