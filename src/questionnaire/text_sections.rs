//! Texts of the tool that a questionnaire can replace one by one, in sections.

use super::diagnostic::{Source, did_you_mean};
use crate::text::{Part, parts};

/// Declares the sections of texts, and the same sections as a file contains them. `BUILT_IN` is the file with the built-in
/// texts.
macro_rules! text_sections {
    (
        $(#[$all_doc:meta])* $All:ident, $(#[$file_doc:meta])* $File:ident;
        $($(#[$doc:meta])* $section:ident: $Own:ident, $Raw:ident { $($name:ident)* })*
    ) => {
        $(#[$all_doc])*
        #[derive(Debug, Clone, Default)]
        pub struct $All { $($(#[$doc])* pub $section: $Own,)* }

        $(#[$file_doc])*
        #[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
        #[serde(default, deny_unknown_fields)]
        pub struct $File { $($(#[$doc])* $section: $Raw,)* }

        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Default)]
            #[allow(missing_docs, reason = "the file with the built-in texts shows what each text says")]
            pub struct $Own { $(pub $name: String,)* }

            $(#[$doc])*
            #[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
            #[serde(default, deny_unknown_fields)]
            struct $Raw { $($name: Option<String>,)* }

            impl $Own {
                /// Returns the text with this key.
                pub fn get(&self, key: &str) -> Option<&str> {
                    match key {
                        $(stringify!($name) => Some(&self.$name),)*
                        _ => None,
                    }
                }
            }
        )*

        impl $File {
            /// Returns the built-in texts. A test checks the embedded file.
            fn built_in() -> Self {
                static PARSED: std::sync::OnceLock<$File> = std::sync::OnceLock::new();
                PARSED
                    .get_or_init(|| toml::from_str(BUILT_IN).unwrap_or_default())
                    .clone()
            }
        }

        impl $All {
            /// Takes the texts of a questionnaire, and the built-in ones instead of those that it leaves out.
            fn merged(own: $File, built_in: $File, text: &dyn Fn(Option<String>, Option<String>) -> String) -> Self {
                Self { $($section: $Own { $($name: text(own.$section.$name, built_in.$section.$name),)* },)* }
            }
        }
    };
}
pub(super) use text_sections;

/// Reports the names in braces that a text cannot contain.
pub(super) fn check_names(source: &Source, text: &str, known: &[&str]) {
    source.accept(text);
    for name in names(text).filter(|name| !known.contains(name)) {
        let message = format!("this text cannot contain {{{name}}}");
        let help = did_you_mean(name, known.iter().copied());
        source.error_in(source.find(text), message, help);
    }
}

/// Returns the names in braces of a text.
pub(super) fn names(text: &str) -> impl Iterator<Item = &str> {
    parts(text).into_iter().filter_map(|part| match part {
        Part::Name(name) => Some(name),
        Part::Text(_) => None,
    })
}

/// Reports a brace without a counterpart.
pub(super) fn check_braces(source: &Source, text: &str) {
    if text.matches('{').count() != text.matches('}').count() {
        source.error_in(source.find(text), "a brace has no counterpart", None);
    }
}
