//! Errors of the TOML parser: where they are, in plain words.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostic::{Source, did_you_mean};

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
        message => {
            report_at(source, message, span);
        }
    }
}

/// Reports an error at a place, and returns its byte offset.
pub(super) fn report_at(source: &Source, message: &str, span: Range<usize>) -> usize {
    // In "unknown field `x`, expected one of `a`, `b`", the second part is the help text.
    let (message, expected) = match message.split_once(", expected ") {
        Some((message, expected)) => (message, Some(expected)),
        None => (message, None),
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
        "u8" | "u16" | "u32" | "u64" | "usize" | "i64" => {
            "a whole number, without quotation marks".into()
        }
        "f64" => "a number, without quotation marks".into(),
        _ if message.starts_with("struct ") => "a table".into(),
        _ => message.to_owned(),
    }
}

/// Removes the entry whose key or value starts at a byte offset, or whose list has an element there. Returns whether there
/// was such an entry.
pub(super) fn take_out(table: &mut DeTable, at: usize) -> bool {
    let own = table
        .iter()
        .find(|(key, value)| {
            key.span().start == at || value.span().start == at || is_element(value, at)
        })
        .map(|(key, _)| key.get_ref().to_string());
    if let Some(own) = own {
        return table.remove(own.as_str()).is_some();
    }
    table.iter_mut().any(|(_, value)| take_out_of(value, at))
}

/// Returns whether an element of a list, but no table, starts at a byte offset.
fn is_element(value: &Spanned<DeValue>, at: usize) -> bool {
    let DeValue::Array(array) = value.get_ref() else {
        return false;
    };
    array
        .iter()
        .any(|own| own.span().start == at && !matches!(own.get_ref(), DeValue::Table(_)))
}

fn take_out_of(value: &mut Spanned<DeValue>, at: usize) -> bool {
    match value.get_mut() {
        DeValue::Table(table) => take_out(table, at),
        DeValue::Array(array) => array.iter_mut().any(|value| take_out_of(value, at)),
        _ => false,
    }
}
