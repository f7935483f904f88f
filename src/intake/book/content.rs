//! What a cell holds, and how its number is shown.

use calamine::{Data, DataRef};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// How a number is shown.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub enum Shown {
    /// As a number.
    #[default]
    Plain,
    /// As percent: 0.25 is 25 %.
    Percent,
    /// As an amount of money; the sign or code.
    Money(String),
}

impl Shown {
    /// How an Excel number format shows a number.
    pub(super) fn by_format(code: &str) -> Self {
        // The first part is for positive numbers.
        let code = code.split(';').next().unwrap_or_default();
        if code.contains('%') {
            return Shown::Percent;
        }
        // `[$€-407] #,##0`, `"$"#,##0`, `#,##0 \€`: a currency is what is neither a place for digits nor a mark between them.
        let mut sign = String::new();
        let mut rest = code;
        while let Some(c) = rest.chars().next() {
            rest = &rest[c.len_utf8()..];
            match c {
                '[' => {
                    let (inside, after) = rest.split_once(']').unwrap_or((rest, ""));
                    if let Some(currency) = inside.strip_prefix('$') {
                        sign.push_str(currency.split('-').next().unwrap_or_default());
                    }
                    rest = after;
                }
                '_' | '*' => {
                    rest = rest.char_indices().nth(1).map_or("", |(at, _)| &rest[at..]);
                }
                '"' | '\\' | '#' | '0' | '?' | '.' | ',' | '(' | ')' | '-' | '+' | '@' | '\'' => {}
                c if c.is_whitespace() => {}
                c => sign.push(c),
            }
        }
        if sign.is_empty() || sign.eq_ignore_ascii_case("general") {
            Shown::Plain
        } else {
            Shown::Money(crate::text::shorten(&sign, 12))
        }
    }
}

/// A cell's content.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Content {
    /// A number, and how it is shown.
    Number(f64, Shown),
    /// A text.
    Text(String),
    /// Yes or no.
    Bool(bool),
    /// A day.
    Date(NaiveDate),
    /// An error value, such as `#DIV/0!`.
    Error(String),
    /// A formula that came without a result, as programs write them that do not calculate.
    Unresolved,
}

impl Content {
    /// The content as typed, for messages and for searching.
    pub fn raw(&self) -> String {
        match self {
            Content::Number(number, Shown::Percent) => {
                format!("{} %", (number * 1e11).round() / 1e9)
            }
            Content::Number(number, Shown::Money(sign)) => format!("{sign} {number}"),
            Content::Number(number, Shown::Plain) => number.to_string(),
            Content::Text(text) => text.clone(),
            Content::Bool(true) => "TRUE".into(),
            Content::Bool(false) => "FALSE".into(),
            Content::Date(day) => day.format("%Y-%m-%d").to_string(),
            Content::Error(error) => error.clone(),
            Content::Unresolved => String::new(),
        }
    }

    /// Whether somebody may have meant something by it.
    pub fn is_filled(&self) -> bool {
        !matches!(self, Content::Text(text) if crate::text::tidy(text).is_empty())
    }

    pub(super) fn from_calamine(value: &DataRef, shown: Shown) -> Option<Self> {
        Some(match value {
            DataRef::Empty => return None,
            DataRef::Int(number) => Content::Number(*number as f64, shown),
            DataRef::Float(number) if number.is_finite() => Content::Number(*number, shown),
            DataRef::Float(_) => Content::Error("#NUM!".into()),
            DataRef::String(text) => Content::text(text),
            DataRef::SharedString(text) => Content::text(text),
            DataRef::Bool(yes) => Content::Bool(*yes),
            DataRef::DateTime(moment) => match moment.as_datetime() {
                Some(moment) => Content::Date(moment.date()),
                None => Content::Number(moment.as_f64(), Shown::Plain),
            },
            DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
                match NaiveDate::parse_from_str(text.get(..10).unwrap_or(text), "%Y-%m-%d") {
                    Ok(day) => Content::Date(day),
                    Err(_) => Content::Text(text.clone()),
                }
            }
            DataRef::Error(error) => Content::Error(error.to_string()),
        })
    }

    pub(super) fn from_data(value: &Data, shown: Shown) -> Option<Self> {
        Some(match value {
            Data::Empty => return None,
            Data::Int(number) => Self::from_calamine(&DataRef::Int(*number), shown)?,
            Data::Float(number) => Self::from_calamine(&DataRef::Float(*number), shown)?,
            Data::String(text) => Content::text(text),
            Data::Bool(yes) => Content::Bool(*yes),
            Data::DateTime(moment) => Self::from_calamine(&DataRef::DateTime(*moment), shown)?,
            Data::DateTimeIso(text) => {
                Self::from_calamine(&DataRef::DateTimeIso(text.clone()), shown)?
            }
            Data::DurationIso(text) => {
                Self::from_calamine(&DataRef::DurationIso(text.clone()), shown)?
            }
            Data::Error(error) => Content::Error(error.to_string()),
        })
    }

    /// A text; the names of error values, which OpenDocument writes as text, are errors.
    pub(super) fn text(text: &str) -> Self {
        let is_error = (text.starts_with('#') && (text.ends_with('!') || text.ends_with('?')))
            || text == "#N/A"
            || text
                .strip_prefix("Err:")
                .is_some_and(|code| code.len() == 3 && code.bytes().all(|b| b.is_ascii_digit()));
        if is_error && text.len() < 24 {
            Content::Error(text.to_owned())
        } else {
            Content::Text(text.to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_formats_say_what_a_number_is() {
        for plain in [
            "General",
            "0",
            "#,##0.00",
            "_(* #,##0_);_(* (#,##0)",
            "#,##0 ;(#,##0)",
            "@",
            "",
            "0;-0;\"-\"",
        ] {
            assert_eq!(Shown::by_format(plain), Shown::Plain, "{plain}");
        }
        for percent in ["0%", "0.0 %", "0\\ %;-0\\ %"] {
            assert_eq!(Shown::by_format(percent), Shown::Percent, "{percent}");
        }
        for (money, sign) in [
            ("\"$\"#,##0", "$"),
            ("[$€-407] #,##0.00", "€"),
            ("#,##0 \\€", "€"),
            ("[$CHF-807] #,##0", "CHF"),
            ("_($* #,##0_)", "$"),
            ("_-* #,##0\\ \"kr\"_-", "kr"),
        ] {
            assert_eq!(
                Shown::by_format(money),
                Shown::Money(sign.into()),
                "{money}"
            );
        }
    }
}
