//! Texts of the tool that a questionnaire can replace one by one, in sections.

use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, MapAccess, Visitor};

use super::diagnostic::{Source, did_you_mean};
use crate::text::{Part, parts};

/// Declares texts by key as a file contains them. Every text may be left out.
macro_rules! texts_in_file {
    ($(#[$doc:meta])* $visible:vis $Raw:ident { $($(#[$text_doc:meta])* $name:ident)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone)]
        $visible struct $Raw(super::text_sections::Texts);

        impl $Raw {
            const KEYS: &[&str] = &[$(super::text_sections::key(stringify!($name))),*];
        }

        impl Default for $Raw {
            fn default() -> Self {
                Self(super::text_sections::Texts::none(Self::KEYS))
            }
        }

        impl<'de> serde::Deserialize<'de> for $Raw {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                super::text_sections::deserialize(deserializer, Self::KEYS).map(Self)
            }
        }

        #[cfg(test)]
        impl schemars::JsonSchema for $Raw {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($Raw).into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                $(#[$doc])*
                #[derive(schemars::JsonSchema)]
                #[serde(deny_unknown_fields)]
                #[allow(dead_code, reason = "describes the keys")]
                struct Keys { $($(#[$text_doc])* $name: Option<String>,)* }
                Keys::json_schema(generator)
            }
        }
    };
}
pub(super) use texts_in_file;

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
        #[derive(Debug, Clone, Default, Deserialize)]
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        #[serde(default, deny_unknown_fields)]
        pub struct $File { $($(#[$doc])* $section: $Raw,)* }

        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Default)]
            #[allow(missing_docs, reason = "the file with the built-in texts shows what each text says")]
            pub struct $Own { $(pub $name: String,)* }

            super::text_sections::texts_in_file! { $(#[$doc])* $Raw { $($name)* } }

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
                    .get_or_init(|| crate::questionnaire::toml_reader::from_str(BUILT_IN).unwrap_or_default())
                    .clone()
            }
        }

        impl $All {
            /// Takes the texts of a questionnaire, and the built-in ones instead of those that it leaves out.
            fn merged(own: $File, built_in: $File, text: super::text_sections::Merge) -> Self {
                Self {
                    $($section: {
                        let mut texts = own.$section.0.merged(built_in.$section.0, text);
                        let mut next = || texts.next().unwrap_or_default();
                        $Own { $($name: next(),)* }
                    },)*
                }
            }
        }
    };
}
pub(super) use text_sections;

/// Makes a text of a questionnaire's own one and of the built-in one.
pub(super) type Merge<'a> = &'a dyn Fn(Option<String>, Option<String>) -> String;

/// Texts in the order of their keys.
#[derive(Debug, Clone)]
pub(super) struct Texts(Vec<Option<String>>);

impl Texts {
    /// Returns the texts of a file that has none of them.
    pub(super) fn none(keys: &[&str]) -> Self {
        Self(vec![None; keys.len()])
    }

    /// Returns the texts of a questionnaire, or the built-in ones instead of those that it leaves out.
    pub(super) fn merged(self, built_in: Self, text: Merge<'_>) -> std::vec::IntoIter<String> {
        let pairs = self.0.into_iter().zip(built_in.0);
        let texts: Vec<String> = pairs.map(|(own, built_in)| text(own, built_in)).collect();
        texts.into_iter()
    }
}

/// Returns the key in a file for a name in Rust, where keywords are written as `r#type`.
pub(super) const fn key(name: &'static str) -> &'static str {
    match name.as_bytes() {
        [b'r', b'#', ..] => name.split_at(2).1,
        _ => name,
    }
}

/// Reads texts by key. One function serves all sections: with a derived one for each, the build takes a tenth longer.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
    keys: &'static [&'static str],
) -> Result<Texts, D::Error> {
    deserializer.deserialize_struct("texts", keys, TextsVisitor(keys))
}

struct TextsVisitor(&'static [&'static str]);

impl<'de> Visitor<'de> for TextsVisitor {
    type Value = Texts;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a table")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Texts, A::Error> {
        let Texts(mut texts) = Texts::none(self.0);
        while let Some(place) = map.next_key_seed(KeySeed(self.0))? {
            texts[place] = Some(map.next_value::<String>()?);
        }
        Ok(Texts(texts))
    }
}

/// Reads a key as its place among the known ones.
#[derive(Clone, Copy)]
struct KeySeed(&'static [&'static str]);

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for KeySeed {
    type Value = usize;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<usize, E> {
        let place = self.0.iter().position(|known| *known == key);
        place.ok_or_else(|| E::unknown_field(key, self.0))
    }
}

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
