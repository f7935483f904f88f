//! Shapes text of any script and direction with parley: bidirectional order, font fallback, and line breaking.

use parley::style::{
    FontFamily, FontFeatures, FontWeight, LineHeight, OverflowWrap, StyleProperty,
};
use parley::{
    Alignment, AlignmentOptions, FontContext, Layout, LayoutContext, PositionedLayoutItem,
};

use super::{Engine, Glyph, GlyphRun, Line, Style};
use crate::pdf::fonts::{Face, Fonts, is_format_control};

/// Shaper for all text that is not simple.
pub struct Shaper {
    fonts: Fonts,
    context: FontContext,
    families: String,
    layouts: LayoutContext<()>,
}

impl Shaper {
    pub fn new(fonts: &Fonts) -> Self {
        Self {
            context: fonts.context.clone(),
            families: fonts.families.to_string(),
            layouts: LayoutContext::new(),
            fonts: fonts.clone(),
        }
    }

    pub fn widths(&mut self, text: &str, style: Style) -> (f32, f32) {
        let widths = self.layout(text, style).calculate_content_widths();
        (widths.min, widths.max)
    }

    fn layout(&mut self, text: &str, style: Style) -> Layout<()> {
        // Installed fonts are the fallback for characters that no bundled font has. The list is built for each text,
        // so that its appearance does not depend on the texts shaped before it.
        let mut families = self.families.clone();
        for family in self.fonts.register_fallbacks(text, &mut self.context) {
            families.push_str(", ");
            families.push_str(&family);
        }
        let mut builder = self
            .layouts
            .ranged_builder(&mut self.context, text, 1.0, false);
        builder.push_default(StyleProperty::FontFamily(FontFamily::Source(
            families.as_str().into(),
        )));
        builder.push_default(StyleProperty::FontSize(style.size));
        builder.push_default(StyleProperty::FontWeight(FontWeight::new(
            if style.strong { 600.0 } else { 400.0 },
        )));
        builder.push_default(StyleProperty::LineHeight(LineHeight::Absolute(style.line)));
        // A word wider than its column is broken instead of cut off.
        builder.push_default(StyleProperty::OverflowWrap(OverflowWrap::BreakWord));
        if style.tabular {
            builder.push_default(StyleProperty::FontFeatures(FontFeatures::Source(
                "\"tnum\" 1".into(),
            )));
        }
        builder.build(text)
    }
}

/// Widths from this on mean that lines do not break.
const MAX_WIDTH: f32 = 100_000.0;

impl Engine {
    pub(super) fn shape_complex(&mut self, text: &str, style: Style, width: f32) -> Vec<Line> {
        let mut layout = self.complex.layout(text, style);
        // Positions relative to the end of a very wide line would not be precise.
        layout.break_all_lines((width < MAX_WIDTH).then_some(width));
        layout.align(Alignment::Start, AlignmentOptions::default());
        let mut lines = Vec::new();
        for line in layout.lines() {
            let metrics = line.metrics();
            let mut runs = Vec::new();
            let (mut begin, mut end): (f32, f32) = (f32::MAX, 0.0);
            for item in line.items() {
                let PositionedLayoutItem::GlyphRun(positioned) = item else {
                    continue;
                };
                // Parley's run offsets are from the left edge of the layout, but `Line` needs them from its own start.
                let start = positioned.offset() - metrics.offset;
                let (run, extent) = self.collect(text, positioned.run(), style, start);
                begin = begin.min(extent.0);
                end = end.max(extent.1);
                if !run.glyphs.is_empty() {
                    runs.push(run);
                }
            }
            // The trailing space of a right-to-left line is on its left and can hang over the edge of the layout.
            let begin = if begin < end { begin } else { 0.0 };
            for glyph in runs.iter_mut().flat_map(|run| &mut run.glyphs) {
                glyph.x -= begin;
            }
            lines.push(Line {
                runs,
                offset: metrics.offset + begin,
                width: end - begin,
            });
        }
        if let [only] = lines.as_mut_slice() {
            // A single right-to-left line is left-aligned like any other text. Longer texts keep their own alignment.
            only.offset = 0.0;
        }
        lines
    }

    /// Returns the glyphs of a run that begins at `x`, and the ends of its printed glyphs.
    fn collect(
        &mut self,
        text: &str,
        run: &parley::layout::Run<()>,
        style: Style,
        mut x: f32,
    ) -> (GlyphRun, (f32, f32)) {
        let font = self.font_index(&Face::from(run.font()));
        let mut extent: (f32, f32) = (f32::MAX, 0.0);
        // Clusters with their text. The first cluster of a ligature has the text of the whole ligature.
        let mut clusters = Vec::new();
        let mut waiting: Option<(f32, String)> = None;
        for cluster in run.visual_clusters() {
            let source = text.get(cluster.text_range()).unwrap_or_default();
            let words: String = source.chars().filter(|c| !is_format_control(*c)).collect();
            let advance = cluster.advance();
            if cluster.is_ligature_continuation() {
                match clusters.last_mut() {
                    Some((_, _, whole)) if !run.is_rtl() => String::push_str(whole, &words),
                    // In right-to-left text, the rest of a ligature precedes its glyph, which extends back over it.
                    _ => waiting
                        .get_or_insert((x, String::new()))
                        .1
                        .insert_str(0, &words),
                }
            } else if !source.chars().all(is_format_control) {
                let (start, rest) = waiting.take().unwrap_or((x, String::new()));
                clusters.push((cluster, start, words + &rest));
            }
            if !source.chars().all(char::is_whitespace) {
                extent = (extent.0.min(x), extent.1.max(x + advance));
            }
            x += advance;
        }
        let mut glyphs = Vec::new();
        for (cluster, start, words) in clusters {
            let all: Vec<_> = cluster.glyphs().collect();
            // With one glyph per character, each glyph represents its character. Otherwise, the first represents all.
            let one_each = all.len() > 1 && words.chars().count() == all.len();
            let mut letters = words.chars();
            let mut pen = start;
            for (i, glyph) in all.iter().enumerate() {
                let stands_for = if one_each {
                    letters.next().map(String::from).unwrap_or_default()
                } else if i == 0 {
                    words.clone()
                } else {
                    String::new()
                };
                let (id, advance) = self.used[font].glyph(glyph.id as u16, &stands_for);
                glyphs.push(Glyph {
                    id,
                    x: pen + glyph.x,
                    rise: -glyph.y,
                    advance: advance * style.size,
                });
                pen += glyph.advance;
            }
        }
        (GlyphRun { font, glyphs }, extent)
    }
}
