//! The bundled fonts, parsed once a process.
//!
//! Inter sets Latin, Greek and Cyrillic; Noto Sans and Droid Sans Fallback set what Inter does not have. No installed font is
//! used: a plan looks the same on every machine. Licences lie beside the files in `templates/brand/fonts/`.

use std::sync::Arc;

use parley::FontContext;
use parley::fontique::{Blob, Collection, CollectionOptions, FontInfoOverride, SourceCache};

macro_rules! font {
    ($name:literal) => {
        (
            $name,
            include_bytes!(concat!("../../templates/brand/fonts/", $name)),
        )
    };
}

const FILES: [(&str, &[u8]); 10] = [
    font!("Inter-Regular.otf"),
    font!("Inter-SemiBold.otf"),
    font!("NotoSansArabic-Regular.ttf"),
    font!("NotoSansHebrew-Regular.ttf"),
    font!("NotoSansDevanagari-Regular.ttf"),
    font!("NotoSansThai-Regular.ttf"),
    font!("NotoSansArmenian-Regular.ttf"),
    font!("NotoSansGeorgian-Regular.ttf"),
    font!("NotoSansSymbols2-Regular.ttf"),
    font!("DroidSansFallbackFull.ttf"),
];

/// The fonts, ready to be handed to each worker.
#[derive(Clone)]
pub struct Fonts {
    pub(super) context: FontContext,
    /// Names of the families, the first choice first, as a CSS list.
    pub(super) families: Arc<str>,
}

impl Fonts {
    /// Reads the bundled fonts.
    pub fn bundled() -> Self {
        let options = CollectionOptions {
            shared: false,
            system_fonts: false,
        };
        let mut collection = Collection::new(options);
        let mut families: Vec<String> = Vec::new();
        for (_, bytes) in FILES {
            let registered = collection.register_fonts(
                Blob::new(Arc::new(bytes)),
                Some(FontInfoOverride::default()),
            );
            for (family, _) in registered {
                let name = collection
                    .family_name(family)
                    .map(|name| format!("\"{name}\""));
                families.extend(name.filter(|name| !families.contains(name)));
            }
        }
        let context = FontContext {
            collection,
            source_cache: SourceCache::default(),
        };
        Self {
            context,
            families: families.join(", ").into(),
        }
    }
}
