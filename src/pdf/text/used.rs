//! A font as one document uses it: which of its glyphs, what they stand for, how wide they are.

use std::collections::BTreeMap;

use skrifa::MetadataProvider;
use skrifa::instance::{LocationRef, Size};
use subsetter::GlyphRemapper;

use crate::pdf::fonts::Face;

/// A font as a document uses it.
pub struct UsedFont {
    /// The whole font.
    pub face: Face,
    /// Old to new glyph ids.
    pub remapper: GlyphRemapper,
    /// What each glyph stands for, by its new id.
    pub texts: BTreeMap<u16, String>,
    /// By old id: new id, advance in ems, and whether it is known what it stands for.
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

    /// A glyph's new id, and how far a viewer moves on after it, in ems.
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

    /// What printpdf needs to know of the font.
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
