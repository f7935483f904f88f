//! Reads a parsed TOML file into a type. Errors have the place of the key or the value that caused them.
//!
//! The crate `toml` parses. Its own reader is not used for two reasons. It does not know a table that names its kind in a
//! key, such as a block of the plan, and reports the whole list instead of the value. And it offers each type a table, a
//! spanned value, and a date, so that the compiler makes everything that reads a questionnaire three times.

use std::fmt;
use std::ops::Range;

use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, EnumAccess, Expected, MapAccess, SeqAccess,
    Unexpected, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Key of a table in which it names its kind, if it is one of several.
const KIND: &str = "block";

/// Why a value cannot be read, in the words of serde.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReadError {
    pub message: String,
    /// The key or the value that caused the error, in bytes.
    pub span: Option<Range<usize>>,
}

impl ReadError {
    /// Adds a place, if the error has none yet.
    fn within(mut self, span: &Range<usize>) -> Self {
        self.span.get_or_insert_with(|| span.clone());
        self
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ReadError {}

impl de::Error for ReadError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self {
            message: message.to_string(),
            span: None,
        }
    }
}

/// Reads a file.
///
/// # Errors
/// Returns an error at the first key or value that the type does not have.
pub(super) fn read<'de, T: Deserialize<'de>>(table: &'de Spanned<DeTable>) -> Result<T, ReadError> {
    T::deserialize(Node {
        value: Value::Table(table.get_ref()),
        span: table.span(),
    })
}

/// Reads a text of the program itself.
///
/// # Errors
/// Returns an error if the text is not TOML, or not of this type. Tests rule this out.
pub(super) fn from_str<T: de::DeserializeOwned>(text: &str) -> Result<T, ReadError> {
    let table = DeTable::parse(text).map_err(|error| ReadError {
        message: error.message().to_owned(),
        span: error.span(),
    })?;
    read(&table)
}

/// A value and its place.
struct Node<'de> {
    value: Value<'de>,
    span: Range<usize>,
}

enum Value<'de> {
    Key(&'de str),
    Table(&'de DeTable<'de>),
    /// Anything but a table.
    Plain(&'de DeValue<'de>),
}

impl<'de> Node<'de> {
    fn of(value: &'de Spanned<DeValue>) -> Self {
        Self {
            span: value.span(),
            value: match value.get_ref() {
                DeValue::Table(table) => Value::Table(table),
                plain => Value::Plain(plain),
            },
        }
    }

    fn visit<V: Visitor<'de>>(&self, visitor: V) -> Result<V::Value, ReadError> {
        let plain = match self.value {
            // `Spanned` reads its keys as borrowed texts.
            Value::Key(key) => return visitor.visit_borrowed_str(key),
            Value::Table(table) => return visitor.visit_map(Entries::of(table, false)),
            Value::Plain(plain) => plain,
        };
        match plain {
            DeValue::String(text) => visitor.visit_str(text),
            DeValue::Integer(number) => {
                let (digits, radix) = (number.as_str(), number.radix());
                match i64::from_str_radix(digits, radix) {
                    Ok(number) => visitor.visit_i64(number),
                    Err(_) => Err(de::Error::custom("this number is too large")),
                }
            }
            DeValue::Float(number) => match number.as_str().parse::<f64>() {
                Ok(number) if number.is_finite() => visitor.visit_f64(number),
                _ => Err(de::Error::custom("this is not a number that can be used")),
            },
            DeValue::Boolean(value) => visitor.visit_bool(*value),
            DeValue::Array(array) => visitor.visit_seq(Items(array.iter())),
            DeValue::Datetime(_) => Err(date(&visitor)),
            DeValue::Table(table) => visitor.visit_map(Entries::of(table, false)),
        }
    }
}

/// The error of a date, which no questionnaire contains: dates are texts.
fn date(expected: &dyn Expected) -> ReadError {
    de::Error::invalid_type(Unexpected::Map, expected)
}

impl<'de> Deserializer<'de> for Node<'de> {
    type Error = ReadError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.visit(visitor)
            .map_err(|error| error.within(&self.span))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        if !serde_spanned::de::is_spanned(name) {
            return self.deserialize_any(visitor);
        }
        let span = self.span.clone();
        let entries = Entries::Spanned {
            node: Some(self),
            fields,
            next: 0,
        };
        visitor
            .visit_map(entries)
            .map_err(|error| error.within(&span))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        let span = self.span.clone();
        visitor
            .visit_enum(self)
            .map_err(|error| error.within(&span))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}

/// The values of a list.
struct Items<'de>(std::slice::Iter<'de, Spanned<DeValue<'de>>>);

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = ReadError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, ReadError> {
        let next = self.0.next().map(|value| seed.deserialize(Node::of(value)));
        next.transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

/// The entries of a table, or a value and its place as `Spanned` reads them. One type for both, so that each reader exists
/// once.
enum Entries<'de> {
    Table {
        entries: Box<dyn Iterator<Item = Entry<'de>> + 'de>,
        value: Option<&'de Spanned<DeValue<'de>>>,
        /// Whether the kind of the table is known already.
        of_kind: bool,
    },
    Spanned {
        node: Option<Node<'de>>,
        /// Names of the start, the end, and the value.
        fields: &'static [&'static str],
        next: usize,
    },
}

type Entry<'de> = (
    &'de Spanned<toml::de::DeString<'de>>,
    &'de Spanned<DeValue<'de>>,
);

impl<'de> Entries<'de> {
    fn of(table: &'de DeTable<'de>, of_kind: bool) -> Self {
        Self::Table {
            entries: Box::new(table.iter()),
            value: None,
            of_kind,
        }
    }
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = ReadError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, ReadError> {
        let (name, span) = match self {
            Self::Table {
                entries,
                value,
                of_kind,
            } => {
                let of_kind = *of_kind;
                let next = entries.find(|(key, _)| !of_kind || key.get_ref() != KIND);
                let Some((key, own)) = next else {
                    return Ok(None);
                };
                *value = Some(own);
                (key.get_ref().as_ref(), key.span())
            }
            Self::Spanned { node, fields, next } => {
                let (Some(node), Some(field)) = (node, fields.get(*next)) else {
                    return Ok(None);
                };
                (*field, node.span.clone())
            }
        };
        let key = Node {
            value: Value::Key(name),
            span,
        };
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, ReadError> {
        let ended = || de::Error::custom("a value without a key");
        match self {
            Self::Table { value, .. } => {
                seed.deserialize(Node::of(value.take().ok_or_else(ended)?))
            }
            Self::Spanned { node, next, .. } => {
                *next += 1;
                let span = node
                    .as_ref()
                    .map(|node| node.span.clone())
                    .ok_or_else(ended)?;
                match *next {
                    1 => seed.deserialize(Offset(span.start)),
                    2 => seed.deserialize(Offset(span.end)),
                    _ => seed.deserialize(node.take().ok_or_else(ended)?),
                }
            }
        }
    }
}

/// A byte offset, as `Spanned` reads it.
struct Offset(usize);

impl<'de> Deserializer<'de> for Offset {
    type Error = ReadError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_u64(self.0 as u64)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// A text is a kind without content. A table names its kind.
impl<'de> EnumAccess<'de> for Node<'de> {
    type Error = ReadError;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), ReadError> {
        let kind = match self.value {
            Value::Table(table) => match table.get(KIND) {
                Some(kind) => Node::of(kind),
                None => return Err(de::Error::missing_field(KIND)),
            },
            Value::Key(key) => Node {
                value: Value::Key(key),
                span: self.span.clone(),
            },
            Value::Plain(plain) => Node {
                value: Value::Plain(plain),
                span: self.span.clone(),
            },
        };
        Ok((seed.deserialize(kind)?, self))
    }
}

impl<'de> VariantAccess<'de> for Node<'de> {
    type Error = ReadError;

    fn unit_variant(self) -> Result<(), ReadError> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, ReadError> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        match self.value {
            Value::Table(table) => visitor.visit_map(Entries::of(table, true)),
            _ => Err(de::Error::invalid_type(Unexpected::UnitVariant, &visitor)),
        }
        .map_err(|error| error.within(&self.span))
    }
}
