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

#[derive(Clone, Copy)]
enum Value<'de> {
    /// A key of a table.
    Key(&'de str),
    /// A byte offset, as `Spanned` reads it.
    Offset(usize),
    Table(&'de DeTable<'de>),
    /// Anything but a table.
    Plain(&'de DeValue<'de>),
}

/// A value that is neither a table nor a list.
enum Scalar<'de> {
    Text(&'de str),
    Number(i64),
    Decimal(f64),
    Flag(bool),
}

// The compiler copies a generic function for each type. What does not depend on the type is in functions without one.
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

    fn items(&self) -> Option<Items<'de>> {
        match self.value {
            Value::Plain(DeValue::Array(array)) => Some(Items(array.iter())),
            _ => None,
        }
    }

    fn entries(&self) -> Option<Entries<'de>> {
        match self.value {
            Value::Table(table) => Some(Entries::of(table, false)),
            _ => None,
        }
    }

    fn scalar(&self, expected: &dyn Expected) -> Result<Scalar<'de>, ReadError> {
        let plain = match self.value {
            Value::Key(key) => return Ok(Scalar::Text(key)),
            Value::Offset(offset) => return Ok(Scalar::Number(offset as i64)),
            Value::Table(_) => return Err(self.other_than(expected)),
            Value::Plain(plain) => plain,
        };
        let out_of_range = |_| self.error("this number is out of range");
        match plain {
            DeValue::String(text) => Ok(Scalar::Text(text)),
            DeValue::Boolean(value) => Ok(Scalar::Flag(*value)),
            DeValue::Integer(number) => {
                let parsed = i64::from_str_radix(number.as_str(), number.radix());
                parsed.map(Scalar::Number).map_err(out_of_range)
            }
            DeValue::Float(number) => match number.as_str().parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(Scalar::Decimal(number)),
                _ => Err(self.error("this number is out of range")),
            },
            _ => Err(self.other_than(expected)),
        }
    }

    fn error(&self, message: &str) -> ReadError {
        ReadError {
            message: message.to_owned(),
            span: Some(self.span.clone()),
        }
    }

    /// The error of a value of the wrong type.
    fn other_than(&self, expected: &dyn Expected) -> ReadError {
        let found = match self.value {
            Value::Plain(DeValue::Array(_)) => Unexpected::Seq,
            // No questionnaire contains dates: they are texts.
            Value::Table(_) | Value::Plain(DeValue::Datetime(_)) => Unexpected::Map,
            _ => match self.scalar(expected) {
                Ok(Scalar::Text(text)) => Unexpected::Str(text),
                Ok(Scalar::Number(number)) => Unexpected::Signed(number),
                Ok(Scalar::Decimal(number)) => Unexpected::Float(number),
                Ok(Scalar::Flag(flag)) => Unexpected::Bool(flag),
                Err(error) => return error,
            },
        };
        let error: ReadError = de::Error::invalid_type(found, expected);
        error.within(&self.span)
    }

    fn visit_text<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        let result = match self.scalar(&visitor)? {
            // `Spanned` reads its keys as borrowed texts.
            Scalar::Text(text) => visitor.visit_borrowed_str(text),
            _ => Err(self.other_than(&visitor)),
        };
        result.map_err(|error| error.within(&self.span))
    }

    fn visit_number<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        let result = match self.scalar(&visitor)? {
            Scalar::Number(number) => visitor.visit_i64(number),
            Scalar::Decimal(number) => visitor.visit_f64(number),
            _ => Err(self.other_than(&visitor)),
        };
        result.map_err(|error| error.within(&self.span))
    }

    fn visit_table<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        let result = match self.entries() {
            Some(entries) => visitor.visit_map(entries),
            None => Err(self.other_than(&visitor)),
        };
        result.map_err(|error| error.within(&self.span))
    }
}

impl<'de> Deserializer<'de> for Node<'de> {
    type Error = ReadError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        if let Some(entries) = self.entries() {
            let result = visitor.visit_map(entries);
            return result.map_err(|error| error.within(&self.span));
        }
        if let Some(items) = self.items() {
            let result = visitor.visit_seq(items);
            return result.map_err(|error| error.within(&self.span));
        }
        let result = match self.scalar(&visitor)? {
            Scalar::Text(text) => visitor.visit_borrowed_str(text),
            Scalar::Number(number) => visitor.visit_i64(number),
            Scalar::Decimal(number) => visitor.visit_f64(number),
            Scalar::Flag(flag) => visitor.visit_bool(flag),
        };
        result.map_err(|error: ReadError| error.within(&self.span))
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.visit_text(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.visit_text(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.visit_text(visitor)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.visit_number(visitor)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.visit_number(visitor)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.visit_number(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.visit_number(visitor)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        let result = match self.scalar(&visitor)? {
            Scalar::Flag(flag) => visitor.visit_bool(flag),
            _ => Err(self.other_than(&visitor)),
        };
        result.map_err(|error| error.within(&self.span))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        let result = match self.items() {
            Some(items) => visitor.visit_seq(items),
            None => Err(self.other_than(&visitor)),
        };
        result.map_err(|error| error.within(&self.span))
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.visit_table(visitor)
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
            return self.visit_table(visitor);
        }
        let span = self.span.clone();
        let entries = Entries::Spanned {
            node: Some(self),
            fields,
            next: 0,
        };
        let result = visitor.visit_map(entries);
        result.map_err(|error| error.within(&span))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        let span = self.span.clone();
        let result = visitor.visit_enum(self);
        result.map_err(|error| error.within(&span))
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u16 u128 f32 char bytes byte_buf unit unit_struct tuple_struct ignored_any
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

    fn next_key(&mut self) -> Option<Node<'de>> {
        match self {
            Self::Table {
                entries,
                value,
                of_kind,
            } => {
                let is_content = |key: &str| !*of_kind || key != KIND;
                let (key, own) = entries.find(|(key, _)| is_content(key.get_ref()))?;
                *value = Some(own);
                Some(Node {
                    value: Value::Key(key.get_ref()),
                    span: key.span(),
                })
            }
            Self::Spanned { node, fields, next } => {
                let span = node.as_ref()?.span.clone();
                let value = Value::Key(fields.get(*next)?);
                Some(Node { value, span })
            }
        }
    }

    fn next_value(&mut self) -> Result<Node<'de>, ReadError> {
        let next = match self {
            Self::Table { value, .. } => value.take().map(Node::of),
            Self::Spanned { node, next, .. } => {
                *next += 1;
                let offset = |span: &Range<usize>| match *next {
                    1 => Some(span.start),
                    2 => Some(span.end),
                    _ => None,
                };
                let span = node.as_ref().map(|node| node.span.clone());
                let span = span.unwrap_or_default();
                match offset(&span) {
                    Some(offset) => Some(Node {
                        value: Value::Offset(offset),
                        span,
                    }),
                    None => node.take(),
                }
            }
        };
        next.ok_or_else(|| de::Error::custom("a value without a key"))
    }
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = ReadError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, ReadError> {
        let key = self.next_key().map(|key| seed.deserialize(key));
        key.transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, ReadError> {
        seed.deserialize(self.next_value()?)
    }
}

/// A text is a kind without content. A table names its kind.
impl<'de> EnumAccess<'de> for Node<'de> {
    type Error = ReadError;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), ReadError> {
        let kind = match self.value {
            Value::Table(table) => table.get(KIND).map(Node::of),
            text => Some(Node {
                value: text,
                span: self.span.clone(),
            }),
        };
        let kind = kind.ok_or_else(|| de::Error::missing_field(KIND));
        let kind = kind.map_err(|error: ReadError| error.within(&self.span))?;
        Ok((seed.deserialize(kind)?, self))
    }
}

impl<'de> VariantAccess<'de> for Node<'de> {
    type Error = ReadError;

    fn unit_variant(self) -> Result<(), ReadError> {
        match self.value {
            Value::Table(_) => Err(self.other_than(&"a string")),
            _ => Ok(()),
        }
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
