//! Fonts of a plan: the brand's fonts, the bundled fonts, and installed fonts for characters that neither has.
//!
//! Inter covers Latin, Greek, and Cyrillic. Noto Sans and Droid Sans Fallback cover characters that Inter does not
//! have. Installed fonts are searched only for characters in none of these, so that a plan looks the same on every
//! machine. The licenses are next to the font files in `templates/brand/fonts/`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use parley::FontContext;
use parley::FontData;
use parley::fontique::{
    Blob, Collection, CollectionOptions, FontInfoOverride, FontWeight, SourceCache,
};
use skrifa::MetadataProvider;
use skrifa::charmap::Charmap;

macro_rules! font {
    ($name:literal) => {
        include_bytes!(concat!("../../templates/brand/fonts/", $name))
    };
}

const REGULAR: &[u8] = font!("Inter-Regular.otf");
const SEMI_BOLD: &[u8] = font!("Inter-SemiBold.otf");
const OTHERS: [&[u8]; 8] = [
    font!("NotoSansArabic-Regular.ttf"),
    font!("NotoSansHebrew-Regular.ttf"),
    font!("NotoSansDevanagari-Regular.ttf"),
    font!("NotoSansThai-Regular.ttf"),
    font!("NotoSansArmenian-Regular.ttf"),
    font!("NotoSansGeorgian-Regular.ttf"),
    font!("NotoSansSymbols2-Regular.ttf"),
    font!("DroidSansFallbackFull.ttf"),
];

/// Maximum number of installed font faces that are searched.
const MAX_INSTALLED: usize = 5_000;

/// One face of a font file.
#[derive(Clone)]
pub struct Face {
    /// Contents of the font file.
    pub data: Blob<u8>,
    /// Index of the face in the file.
    pub index: u32,
}

impl Face {
    fn of(bytes: impl AsRef<[u8]> + Send + Sync + 'static) -> Self {
        Self {
            data: Blob::new(Arc::new(bytes)),
            index: 0,
        }
    }

    /// Returns the parsed face.
    pub fn font(&self) -> Option<skrifa::FontRef<'_>> {
        skrifa::FontRef::from_index(self.data.as_ref(), self.index).ok()
    }

    fn has(&self, c: char) -> bool {
        self.font()
            .and_then(|font| font.charmap().map(c))
            .is_some_and(|glyph| glyph.to_u32() != 0)
    }
}

impl From<&FontData> for Face {
    fn from(font: &FontData) -> Self {
        Self {
            data: font.data.clone(),
            index: font.index,
        }
    }
}

/// A font file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("it is no font that can be read (OpenType or TrueType, .otf or .ttf)")]
pub struct NotAFont;

/// The fonts of a plan, cloned for each worker.
#[derive(Clone)]
pub struct Fonts {
    pub(super) context: FontContext,
    /// Family names as a CSS list, in order of preference.
    pub(super) families: Arc<str>,
    /// Regular and semi-bold faces of the first family.
    pub(super) first: [Option<Face>; 2],
    /// Whether each character below U+2100 is left-to-right and needs only the first family.
    pub(super) simple: Arc<[bool]>,
    faces: Arc<[Face]>,
}

impl Fonts {
    /// Returns the bundled fonts.
    pub fn bundled() -> Self {
        Self::of(Face::of(REGULAR), Face::of(SEMI_BOLD), None)
    }

    /// Returns the brand's fonts, with the bundled fonts as fallback.
    ///
    /// # Errors
    /// Returns an error if a file is not a font or has no letter `a`.
    pub fn branded(regular: Vec<u8>, strong: Option<Vec<u8>>) -> Result<Self, NotAFont> {
        let regular = Face::of(regular);
        let strong = strong.map_or_else(|| regular.clone(), Face::of);
        for face in [&regular, &strong] {
            face.font().filter(|_| face.has('a')).ok_or(NotAFont)?;
        }
        let inter = [Face::of(REGULAR), Face::of(SEMI_BOLD)];
        Ok(Self::of(regular, strong, Some(inter)))
    }

    fn of(regular: Face, strong: Face, second: Option<[Face; 2]>) -> Self {
        let mut collection = Collection::new(CollectionOptions {
            shared: false,
            system_fonts: false,
        });
        let mut families: Vec<String> = Vec::new();
        let mut faces = Vec::new();
        let pair = |regular: Face, strong: Face, name: &'static str| {
            [
                (regular, Some((name, 400.0))),
                (strong, Some((name, 600.0))),
            ]
        };
        let mut all = Vec::from(pair(regular.clone(), strong.clone(), "First"));
        all.extend(
            second
                .into_iter()
                .flat_map(|[regular, strong]| pair(regular, strong, "Second")),
        );
        all.extend(OTHERS.map(|bytes| (Face::of(bytes), None)));
        for (face, named) in all {
            let named = named.map(|(name, weight)| FontInfoOverride {
                family_name: Some(name),
                weight: Some(FontWeight::new(weight)),
                ..FontInfoOverride::default()
            });
            for (family, _) in collection.register_fonts(face.data.clone(), named) {
                let name = collection
                    .family_name(family)
                    .map(|name| format!("\"{name}\""));
                families.extend(name.filter(|name| !families.contains(name)));
            }
            faces.push(face);
        }
        let fonts = [regular.font(), strong.font()];
        let maps: Vec<Charmap> = fonts.iter().flatten().map(|font| font.charmap()).collect();
        let is_in_both = |c: char| {
            let glyphs = maps.iter().filter_map(|map| map.map(c));
            glyphs.filter(|glyph| glyph.to_u32() != 0).count() == fonts.len()
        };
        let simple = (0..0x2300)
            .map(|code| char::from_u32(code).is_some_and(|c| is_simple(c) && is_in_both(c)))
            .collect();
        Self {
            context: FontContext {
                collection,
                source_cache: SourceCache::default(),
            },
            families: families.join(", ").into(),
            first: [Some(regular), Some(strong)],
            simple,
            faces: faces.into(),
        }
    }

    /// Returns whether a character can be printed, if necessary with an installed font.
    pub fn has(&self, c: char) -> bool {
        self.simple.get(c as usize).copied().unwrap_or(false)
            || is_invisible(c)
            || self.faces.iter().any(|face| face.has(c))
            || installed(c).is_some()
    }

    /// Registers installed fonts for the characters of a text that no bundled font has, and returns their families.
    pub(super) fn register_fallbacks(&self, text: &str, context: &mut FontContext) -> Vec<String> {
        let mut families = Vec::new();
        for c in text.chars().filter(|c| {
            !self.simple.get(*c as usize).copied().unwrap_or(false)
                && !is_invisible(*c)
                && !self.faces.iter().any(|face| face.has(*c))
        }) {
            let Some((name, face)) = installed(c) else {
                continue;
            };
            let quoted = format!("\"{name}\"");
            if !families.contains(&quoted) {
                if context.collection.family_id(&name).is_none() {
                    let named = FontInfoOverride {
                        family_name: Some(&name),
                        ..FontInfoOverride::default()
                    };
                    context
                        .collection
                        .register_fonts(face.data.clone(), Some(named));
                }
                families.push(quoted);
            }
        }
        families
    }
}

/// Returns whether a plan can print a character with the bundled fonts or an installed font.
pub fn can_print(c: char) -> bool {
    static BUNDLED: OnceLock<Fonts> = OnceLock::new();
    // Fast path without font access for nearly all characters in answers.
    matches!(c, ' '..='~' | '\u{a0}'..='\u{17f}')
        || is_invisible(c)
        || BUNDLED.get_or_init(Fonts::bundled).has(c)
}

/// Returns whether a character is left-to-right, does not join, and takes no combining marks.
fn is_simple(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{a0}'..='\u{ac}' | '\u{ae}'..='\u{24f}' | '\u{386}'..='\u{3ce}' | '\u{400}'..='\u{481}' | '\u{48a}'..='\u{52f}'
        | '\u{1e00}'..='\u{1eff}' | '\u{2010}'..='\u{2027}' | '\u{202f}' | '\u{2030}'..='\u{205e}' | '\u{20a0}'..='\u{20bf}' | '\u{2153}'..='\u{215e}' | '\u{2212}' | '\u{2264}' | '\u{2265}')
}

/// Returns whether a character has no visible shape.
fn is_invisible(c: char) -> bool {
    c.is_whitespace() || is_format_control(c)
}

/// Returns whether a character only controls others: controls, joiners, direction marks, variation selectors.
pub fn is_format_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// Fallback family and face by character, or `None` if no installed font has the character.
type FallbackCache = HashMap<char, Option<(String, Face)>>;

/// Returns an installed font that has a character, and a name for its family. Results are cached.
fn installed(c: char) -> Option<(String, Face)> {
    static DATABASE: OnceLock<fontdb::Database> = OnceLock::new();
    static FOUND: OnceLock<Mutex<FallbackCache>> = OnceLock::new();
    let mut found = FOUND.get_or_init(Mutex::default).lock().ok()?;
    if let Some(known) = found.get(&c) {
        return known.clone();
    }
    let database = DATABASE.get_or_init(|| {
        let mut database = fontdb::Database::new();
        database.load_system_fonts();
        database
    });
    let mut faces: Vec<&fontdb::FaceInfo> = database.faces().take(MAX_INSTALLED).collect();
    // Sorted by style, weight, and name, so that the choice does not depend on the directory order.
    faces.sort_by_key(|face| {
        (
            face.style != fontdb::Style::Normal,
            face.weight.0.abs_diff(400),
            face.post_script_name.clone(),
        )
    });
    let fits = faces.into_iter().find_map(|info| {
        database.with_face_data(info.id, |data, index| {
            let font = skrifa::FontRef::from_index(data, index).ok()?;
            font.charmap()
                .map(c)
                .filter(|glyph| glyph.to_u32() != 0)
                .map(|_| {
                    let face = Face {
                        data: Blob::new(Arc::new(data.to_vec())),
                        index,
                    };
                    (format!("Installed {}", info.post_script_name), face)
                })
        })?
    });
    found.insert(c, fits.clone());
    fits
}
