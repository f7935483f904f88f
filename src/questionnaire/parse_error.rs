//! Errors of the TOML parser: where they are, in plain words.

use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::diagnostic::{Source, did_you_mean};

/// Reads the content of a file.
pub(super) fn deserialize<T: DeserializeOwned>(
    table: &Spanned<DeTable>,
) -> Result<T, toml::de::Error> {
    T::deserialize(toml::Deserializer::from(table.clone()))
}

/// Reports an error of the syntax.
pub(super) fn report(source: &Source, error: &toml::de::Error) {
    let span = error.span().unwrap_or_default();
    let line = source.text.get(..span.start).unwrap_or_default();
    let line = line.rsplit('\n').next().unwrap_or_default();
    let rest = source
        .text
        .get(span.start.saturating_sub(1)..)
        .unwrap_or_default();
    let rest = rest.lines().next().unwrap_or_default();
    match error.message() {
        "duplicate key" if line.starts_with("[[") => {
            let help = "The first table of a list has two brackets, too".to_owned();
            source.error_in(span, plain(error.message()), Some(help));
        }
        _ if has_decimal_comma(rest) => {
            let help = "Write decimals with a point, such as 2.5".to_owned();
            source.error_in(span, "a number cannot contain a comma", Some(help));
        }
        _ if rest.starts_with(['“', '”', '„', '«', '‘', '’']) || line.contains("= “") =>
        {
            let help = "Use straight quotation marks: \"".to_owned();
            source.error_in(span, "this quotation mark is not allowed here", Some(help));
        }
        _ => {
            report_at(source, error, span);
        }
    }
}

/// Reports an error at a place, and returns its byte offset.
pub(super) fn report_at(source: &Source, error: &toml::de::Error, span: Range<usize>) -> usize {
    // In "unknown field `x`, expected one of `a`, `b`", the second part is the help text.
    let message = error.message();
    let (message, expected) = match message.split_once(", expected ") {
        Some((message, expected)) => (message, Some(expected)),
        None => (message, None),
    };
    let span = match message.strip_prefix("unknown field `") {
        Some(name) => key_in(&source.text, span, name.trim_end_matches('`')),
        None => span,
    };
    let is_date = |text: &str| text.chars().take(4).all(|c| c.is_ascii_digit());
    let value = source.text.get(span.clone()).unwrap_or_default();
    if message == "invalid type: map" && value.len() >= 10 && is_date(value) {
        let help = format!("Put it in quotation marks: \"{}\"", &value[..10]);
        source.error_in(span.clone(), "this is a date", Some(help));
        return span.start;
    }
    let help = expected.map(|expected| {
        let unknown = message.strip_prefix("unknown ");
        let name = unknown.and_then(|rest| rest.split('`').nth(1));
        let known = || expected.split('`').skip(1).step_by(2);
        let similar = name.and_then(|name| did_you_mean(name, known()));
        similar.unwrap_or_else(|| format!("Expected {}", plain(expected)))
    });
    source.error_in(span.clone(), plain(message), help);
    span.start
}

/// Returns whether a line continues with a digit, a comma, and a digit at most a few characters further on.
fn has_decimal_comma(rest: &str) -> bool {
    let start: Vec<char> = rest.chars().take(8).collect();
    start
        .windows(3)
        .any(|own| own[0].is_ascii_digit() && own[1] == ',' && own[2].is_ascii_digit())
}

/// Returns a message of the parser in plain words.
fn plain(message: &str) -> String {
    let words = [
        (
            "invalid basic string",
            "the quotation mark at the end of this text is missing",
        ),
        (
            "invalid literal string",
            "the quotation mark at the end of this text is missing",
        ),
        ("duplicate key", "this name is already used above"),
        ("unknown variant", "unknown value"),
        ("unknown field", "unknown key"),
        ("missing field", "missing key"),
        (
            "invalid length",
            "this list has the wrong number of entries:",
        ),
        ("invalid type: string", "this is a text:"),
        ("invalid type: integer", "this is a number:"),
        ("invalid type: floating point", "this is a number:"),
        ("invalid type: boolean", "this is true or false:"),
        (
            "string values must be quoted",
            "a text needs quotation marks; a choice of true and false needs none",
        ),
        ("invalid type: map", "this is a table"),
        ("invalid type: sequence", "this is a list"),
        ("invalid value: integer", "this number is not possible:"),
        ("an array of length", "this number of entries:"),
        ("a boolean", "true or false, without quotation marks"),
        ("a sequence", "a list in brackets"),
        ("a string", "a text in quotation marks"),
        ("a map", "a table in braces"),
    ];
    if let Some((found, plain)) = words.iter().find(|(found, _)| message.starts_with(found)) {
        return format!("{plain}{}", &message[found.len()..]);
    }
    match message {
        "u8" | "u32" | "u64" | "usize" | "i64" => "a whole number, without quotation marks".into(),
        "f64" => "a number, without quotation marks".into(),
        _ if message.starts_with("struct ") => "a table".into(),
        _ => message.to_owned(),
    }
}

/// A step to a value: a key or an index.
#[derive(Debug, Clone)]
enum Step {
    Key(String),
    Index(usize),
}

/// Returns the span of the smallest value that causes an error. Within tables that differ by a key, such as blocks, the
/// deserializer only reports the whole list.
pub(super) fn narrow<T: DeserializeOwned>(
    table: &Spanned<DeTable>,
    error: &toml::de::Error,
) -> Option<Range<usize>> {
    /// Key that tells the kinds of blocks apart.
    const KIND: &str = "block";
    /// Maximum number of values that are tried.
    const MAX_TRIES: usize = 2_000;
    let is_same = |table: &Spanned<DeTable>| {
        let other = deserialize::<T>(table).err();
        other.is_some_and(|other| other.message() == error.message())
    };
    let unknown = error.message().strip_prefix("unknown field `");
    let unknown = unknown.and_then(|rest| rest.split('`').next());
    let start = error.span()?.start;
    let mut path = path_to(table.get_ref(), start)?;
    let mut tries = 0;
    loop {
        let value = value_at(table.get_ref(), &path)?;
        let steps: Vec<Step> = match value.get_ref() {
            DeValue::Table(table) => {
                let mut keys: Vec<String> =
                    table.keys().map(|key| key.get_ref().to_string()).collect();
                // Without its kind, every block has another error.
                keys.sort_by_key(|key| key == KIND);
                keys.into_iter().map(Step::Key).collect()
            }
            DeValue::Array(array) => (0..array.len()).map(Step::Index).collect(),
            _ => return Some(value.span()),
        };
        let is_list = matches!(value.get_ref(), DeValue::Array(_));
        let guilty = steps.into_iter().find(|step| {
            tries += 1;
            let mut other = table.clone();
            let value = value_at_mut(other.get_mut(), &path);
            match (value.map(Spanned::get_mut), step) {
                // With this entry alone, the error is the same.
                (Some(DeValue::Array(array)), Step::Index(index)) => {
                    let mut only = DeArray::new();
                    array
                        .get(*index)
                        .cloned()
                        .into_iter()
                        .for_each(|own| only.push(own));
                    *array = only;
                    is_same(&other)
                }
                // Without this entry, the error is another one.
                (Some(DeValue::Table(table)), Step::Key(key)) => {
                    table.remove(key.as_str());
                    !is_same(&other)
                }
                _ => false,
            }
        });
        match guilty {
            // `key_in` finds an unknown key in its table.
            Some(Step::Key(key)) if unknown == Some(key.as_str()) => return Some(value.span()),
            Some(step) if tries < MAX_TRIES => path.push(step),
            _ => return (!is_list || path.len() > 1).then(|| value.span()),
        }
    }
}

/// Returns the path to the value that starts at a byte offset.
fn path_to(table: &DeTable, at: usize) -> Option<Vec<Step>> {
    table.iter().find_map(|(key, value)| {
        let step = || vec![Step::Key(key.get_ref().to_string())];
        if value.span().start == at {
            return Some(step());
        }
        let below = path_in(value, at)?;
        Some([step(), below].concat())
    })
}

fn path_in(value: &Spanned<DeValue>, at: usize) -> Option<Vec<Step>> {
    match value.get_ref() {
        DeValue::Table(table) => path_to(table, at),
        DeValue::Array(array) => array.iter().enumerate().find_map(|(index, value)| {
            if value.span().start == at {
                return Some(vec![Step::Index(index)]);
            }
            let below = path_in(value, at)?;
            Some([vec![Step::Index(index)], below].concat())
        }),
        _ => None,
    }
}

fn value_at<'t, 'd>(table: &'t DeTable<'d>, path: &[Step]) -> Option<&'t Spanned<DeValue<'d>>> {
    let (Step::Key(key), rest) = path.split_first()? else {
        return None;
    };
    rest.iter()
        .try_fold(table.get(key.as_str())?, |value, step| {
            match (value.get_ref(), step) {
                (DeValue::Table(table), Step::Key(key)) => table.get(key.as_str()),
                (DeValue::Array(array), Step::Index(index)) => array.get(*index),
                _ => None,
            }
        })
}

fn value_at_mut<'t, 'd>(
    table: &'t mut DeTable<'d>,
    path: &[Step],
) -> Option<&'t mut Spanned<DeValue<'d>>> {
    let (Step::Key(key), rest) = path.split_first()? else {
        return None;
    };
    rest.iter()
        .try_fold(table.get_mut(key.as_str())?, |value, step| {
            match (value.get_mut(), step) {
                (DeValue::Table(table), Step::Key(key)) => table.get_mut(key.as_str()),
                (DeValue::Array(array), Step::Index(index)) => array.get_mut(*index),
                _ => None,
            }
        })
}

/// Returns the span of a key. Within blocks, the deserializer reports only the span of the whole block.
fn key_in(text: &str, span: Range<usize>, name: &str) -> Range<usize> {
    let rest = text.get(span.start..).unwrap_or_default();
    let found = rest.match_indices(name).find(|(at, _)| {
        let before = rest[..*at].chars().next_back();
        let is_whole = before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != '.');
        is_whole && rest[at + name.len()..].trim_start().starts_with('=')
    });
    found.map_or(span.clone(), |(at, _)| {
        span.start + at..span.start + at + name.len()
    })
}

/// Removes the entry whose key or value starts at a byte offset. Returns whether there was such an entry.
pub(super) fn take_out(table: &mut DeTable, at: usize) -> bool {
    let own = table
        .iter()
        .find(|(key, value)| key.span().start == at || value.span().start == at)
        .map(|(key, _)| key.get_ref().to_string());
    if let Some(own) = own {
        return table.remove(own.as_str()).is_some();
    }
    table.iter_mut().any(|(_, value)| take_out_of(value, at))
}

fn take_out_of(value: &mut Spanned<DeValue>, at: usize) -> bool {
    match value.get_mut() {
        DeValue::Table(table) => take_out(table, at),
        DeValue::Array(array) => array.iter_mut().any(|value| take_out_of(value, at)),
        _ => false,
    }
}
