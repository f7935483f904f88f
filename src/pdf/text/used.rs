//! A font in one document: the glyphs that the document uses, their text, and their widths.

use std::collections::BTreeMap;

use skrifa::MetadataProvider;
use skrifa::instance::{LocationRef, Size};
use subsetter::GlyphRemapper;

use crate::pdf::fonts::Face;

/// A font with the glyphs that a document uses.
pub struct UsedFont {
    /// The complete font.
    pub face: Face,
    /// Maps old glyph IDs to new ones.
    pub remapper: GlyphRemapper,
    /// Text of each glyph, by new ID.
    pub texts: BTreeMap<u16, String>,
    /// By old ID: new ID, advance in ems, and whether `texts` has the glyph.
    glyphs: Vec<Option<(u16, f32, bool)>>,
    units_per_em: f32,
}

impl UsedFont {
    pub(super) fn new(face: Face) -> Self {
        let units = face.font().map_or(1000, |font| {
            font.metrics(Size::unscaled(), LocationRef::default())
                .units_per_em
        });
        Self {
            face,
            remapper: GlyphRemapper::new(),
            texts: BTreeMap::new(),
            glyphs: Vec::new(),
            units_per_em: f32::from(units.max(1)),
        }
    }

    /// Returns the new ID and the advance in ems of a glyph, and records its text.
    pub(super) fn glyph(&mut self, old: u16, text: &str) -> (u16, f32) {
        let Self {
            face,
            remapper,
            texts,
            glyphs,
            units_per_em,
        } = self;
        let place = usize::from(old);
        if glyphs.len() <= place {
            glyphs.resize(place + 1, None);
        }
        let (new, advance, known) = glyphs[place].get_or_insert_with(|| {
            let advance = face.font().and_then(|font| {
                font.glyph_metrics(Size::unscaled(), LocationRef::default())
                    .advance_width(skrifa::GlyphId::new(u32::from(old)))
            });
            let advance = advance.unwrap_or(0.0) / *units_per_em;
            (remapper.remap(old), advance, false)
        });
        if !*known && !text.is_empty() {
            texts.insert(*new, text.to_owned());
            *known = true;
        }
        (*new, *advance)
    }

    /// Returns the metrics that printpdf needs.
    pub fn widths(&self) -> Option<Widths> {
        let font = self.face.font()?;
        let metrics = font.metrics(Size::unscaled(), LocationRef::default());
        let glyphs = font.glyph_metrics(Size::unscaled(), LocationRef::default());
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

/// Metrics of a font subset, in font units.
pub struct Widths {
    /// Units per em.
    pub units_per_em: u16,
    /// Ascent.
    pub ascent: i16,
    /// Descent, negative.
    pub descent: i16,
    /// Advance widths by new glyph ID.
    pub advances: Vec<u16>,
}
