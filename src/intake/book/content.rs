//! The content of a cell and how the cell shows a number.

use std::sync::Arc;

use calamine::{Data, DataRef};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use serde::{Deserialize, Serialize};
use ssfmt::ast::{DatePart, FormatPart};
use ssfmt::{FormatOptions, NumberFormat};

use crate::panics::catch_panic;

/// Maximum length of a format code, in bytes. Excel allows 255 characters.
const MAX_CODE_LENGTH: usize = 600;

/// How a number format shows a number.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub enum Shown {
    /// A number.
    #[default]
    Plain,
    /// A percentage: 0.25 is shown as 25%.
    Percent,
    /// An amount of money, with the currency sign or code.
    Money(String),
    /// A date, a time, or both.
    Moment(Parts),
}

/// The parts of a date that a number format shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Parts {
    /// The year.
    pub year: bool,
    /// The month.
    pub month: bool,
    /// The day of the month.
    pub day: bool,
}

impl Parts {
    /// A complete date, with or without a time.
    pub const DATE: Self = Self {
        year: true,
        month: true,
        day: true,
    };
    /// A time without a date.
    pub const TIME: Self = Self {
        year: false,
        month: false,
        day: false,
    };
}

/// How a cell shows its number.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Look {
    /// How the number format shows the number.
    pub shown: Shown,
    /// The format code, unless it is the general format.
    code: Option<Arc<str>>,
    /// The text that the cell shows, if the file contains it.
    text: Option<Arc<str>>,
}

impl Look {
    /// Returns the look for a format code (ECMA-376 18.8.31).
    pub(super) fn by_format(code: &str) -> Self {
        if code.len() > MAX_CODE_LENGTH || matches!(code, "" | "@") {
            return Self::default();
        }
        let shown = match catch_panic(|| NumberFormat::parse(code)) {
            Some(Ok(format)) if format.is_date_format() => Shown::Moment(parts_of(&format)),
            _ => Shown::by_format(code),
        };
        let general = code.eq_ignore_ascii_case("general");
        Self {
            shown,
            code: (!general).then(|| code.into()),
            text: None,
        }
    }

    /// Returns the look for the number of a built-in format (ECMA-376 18.8.30).
    pub(super) fn by_number(id: u32) -> Self {
        match ssfmt::format_code_from_id(id) {
            Some(code) => Self::by_format(code),
            // Dates and times in East Asian editions of Excel.
            None if matches!(id, 27..=31 | 34..=36 | 50..=54 | 57 | 58) => {
                Self::by_format("yyyy-mm-dd")
            }
            None if matches!(id, 32 | 33 | 55 | 56) => Self::by_format("h:mm"),
            None => Self::default(),
        }
    }

    /// Returns the look of a number whose displayed text is in the file.
    pub(super) fn by_text(shown: Shown, text: &str) -> Self {
        Self {
            shown,
            code: None,
            text: (!text.is_empty()).then(|| crate::text::shorten(text, MAX_CODE_LENGTH).into()),
        }
    }

    /// Returns the number as its cell shows it.
    pub fn text_of(&self, number: f64) -> String {
        if let Some(text) = &self.text {
            return text.to_string();
        }
        let code = self.code.as_deref().unwrap_or("General");
        // If the library cannot apply the format, the number must not be lost.
        let text = catch_panic(|| ssfmt::format(number, code, &FormatOptions::default()));
        match text {
            Some(Ok(text)) if !text.trim().is_empty() => text.trim().to_owned(),
            _ => number.to_string(),
        }
    }
}

fn parts_of(format: &NumberFormat) -> Parts {
    let mut parts = Parts::default();
    let sections = format.sections().iter().take(1);
    for part in sections.flat_map(|section| &section.parts) {
        let FormatPart::DatePart(part) = part else {
            continue;
        };
        match part {
            DatePart::Year2
            | DatePart::Year3
            | DatePart::Year4
            | DatePart::BuddhistYear2
            | DatePart::BuddhistYear4
            | DatePart::BuddhistYear2Alt
            | DatePart::BuddhistYear4Alt => parts.year = true,
            DatePart::Month
            | DatePart::Month2
            | DatePart::MonthAbbr
            | DatePart::MonthFull
            | DatePart::MonthLetter => parts.month = true,
            DatePart::Day | DatePart::Day2 | DatePart::DayAbbr | DatePart::DayFull => {
                parts.day = true;
            }
            _ => {}
        }
    }
    parts
}

/// Maximum length of a currency sign, in characters: "د.ب.", "US$".
const MAX_SIGN_LENGTH: usize = 4;

impl Shown {
    /// Returns how a format code that is not a date format shows a number.
    fn by_format(code: &str) -> Self {
        // The first section is for positive numbers.
        let code = code.split(';').next().unwrap_or_default();
        if code.contains('%') {
            return Shown::Percent;
        }
        // `[$€-407] #,##0`, `"$"#,##0`, `#,##0 \€`: the currency is what remains without digit placeholders and
        // separators.
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
        // "points", ": 1", and "/ 10" are not currencies.
        let is_none = sign.chars().count() > MAX_SIGN_LENGTH || sign.contains([':', '/']);
        if sign.is_empty() || is_none || sign.eq_ignore_ascii_case("general") {
            Shown::Plain
        } else {
            Shown::Money(crate::text::shorten(&sign, 12))
        }
    }
}

/// The content of a cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Content {
    /// A number and how it is shown.
    Number(f64, Look),
    /// A text.
    Text(String),
    /// A Boolean value.
    Bool(bool),
    /// A date, a time, or both, in days since the end of 1899 (the spreadsheet serial number), and how it is shown.
    Moment(f64, Look),
    /// An error value, such as `#DIV/0!`.
    Error(String),
    /// A formula without a stored result, as written by programs that do not calculate.
    Unresolved,
}

impl Content {
    /// Returns the content as entered, for messages and searches.
    pub fn raw(&self) -> String {
        match self {
            Content::Number(number, look) => match &look.shown {
                Shown::Percent => format!("{} %", (number * 1e11).round() / 1e9),
                Shown::Money(sign) => format!("{sign} {number}"),
                Shown::Plain | Shown::Moment(_) => number.to_string(),
            },
            Content::Text(text) => text.clone(),
            Content::Bool(true) => "TRUE".into(),
            Content::Bool(false) => "FALSE".into(),
            Content::Moment(serial, look) => match (&look.shown, crate::excel::day_of(*serial)) {
                (Shown::Moment(parts), Some(day)) if *parts == Parts::DATE => {
                    day.format("%Y-%m-%d").to_string()
                }
                _ => look.text_of(*serial),
            },
            Content::Error(error) => error.clone(),
            Content::Unresolved => String::new(),
        }
    }

    /// Returns whether the content is anything except blank text.
    pub fn is_filled(&self) -> bool {
        !matches!(self, Content::Text(text) if crate::text::clean_text(text).is_empty())
    }

    /// Returns a number with its look, or a moment if the number is shown as a date or time.
    pub(super) fn number(number: f64, look: Look) -> Self {
        if !number.is_finite() {
            return Content::Error("#NUM!".into());
        }
        match look.shown {
            Shown::Moment(_) if (0.0..3_000_000.0).contains(&number) => {
                Content::Moment(number, look)
            }
            _ => Content::Number(number, look),
        }
    }

    /// Converts a value that calamine read. Numbers with a date or time format become [`Content::Moment`].
    pub(super) fn from_calamine(value: &DataRef, look: Look, epoch: Epoch) -> Option<Self> {
        Some(match value {
            DataRef::Empty => return None,
            DataRef::Int(number) => Content::number(epoch.serial(*number as f64, &look), look),
            DataRef::Float(number) => Content::number(epoch.serial(*number, &look), look),
            DataRef::String(text) => Content::text(text),
            DataRef::SharedString(text) => Content::text(text),
            DataRef::Bool(yes) => Content::Bool(*yes),
            DataRef::DateTime(moment) => {
                let look = match look.shown {
                    Shown::Moment(_) => look,
                    _ => Look::by_text(Shown::Moment(Parts::DATE), ""),
                };
                Content::number(epoch.serial(moment.as_f64(), &look), look)
            }
            DataRef::DateTimeIso(text) => Content::iso(text, look),
            DataRef::DurationIso(text) => Content::duration(text, look),
            DataRef::Error(error) => Content::Error(error.to_string()),
        })
    }

    pub(super) fn from_data(value: &Data, look: Look, epoch: Epoch) -> Option<Self> {
        let value = match value {
            Data::Empty => DataRef::Empty,
            Data::Int(number) => DataRef::Int(*number),
            Data::Float(number) => DataRef::Float(*number),
            Data::String(text) => DataRef::SharedString(text),
            Data::Bool(yes) => DataRef::Bool(*yes),
            Data::DateTime(moment) => DataRef::DateTime(*moment),
            Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
            Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
            Data::Error(error) => DataRef::Error(error.clone()),
        };
        Self::from_calamine(&value, look, epoch)
    }

    /// Parses an ISO 8601 date, with or without a time.
    fn iso(text: &str, look: Look) -> Self {
        let day = NaiveDate::parse_from_str(text.get(..10).unwrap_or(text), "%Y-%m-%d");
        let Ok(day) = day else {
            return Content::Text(text.to_owned());
        };
        let time = text.get(11..).and_then(|time| {
            NaiveTime::parse_from_str(time.trim_end_matches('Z'), "%H:%M:%S%.f").ok()
        });
        let serial = crate::excel::day_number(day) + time.map_or(0.0, share_of_day);
        let look = match look.shown {
            Shown::Moment(_) => look,
            _ => Look::by_text(Shown::Moment(Parts::DATE), ""),
        };
        Content::Moment(serial, look)
    }

    /// Parses an ISO 8601 duration, which OpenDocument uses for times: `PT09H30M00S`.
    fn duration(text: &str, look: Look) -> Self {
        let parts = text.strip_prefix("PT").and_then(|rest| {
            let (hours, rest) = rest.split_once('H')?;
            let (minutes, rest) = rest.split_once('M')?;
            let seconds = rest.trim_end_matches('S').replace(',', ".");
            Some((
                hours.parse::<f64>().ok()?,
                minutes.parse::<f64>().ok()?,
                seconds.parse::<f64>().ok()?,
            ))
        });
        match parts {
            Some((hours, minutes, seconds)) => {
                let look = match (&look.shown, &look.text) {
                    (Shown::Moment(_), _) | (_, Some(_)) => look,
                    _ => Look::by_format("h:mm"),
                };
                let look = Look {
                    shown: Shown::Moment(Parts::TIME),
                    ..look
                };
                Content::number((hours * 3600.0 + minutes * 60.0 + seconds) / 86_400.0, look)
            }
            None => Content::Text(text.to_owned()),
        }
    }

    /// Returns a text, or an error if the text is an error value that a program stored as text.
    pub(super) fn text(text: &str) -> Self {
        if let Some(error) = text.strip_prefix(ERROR_MARK) {
            return Content::Error(crate::text::shorten(error, 24));
        }
        if is_error(text) {
            Content::Error(text.to_owned())
        } else {
            Content::Text(text.to_owned())
        }
    }
}

/// Precedes an error value that calamine does not support. XML cannot contain this character.
pub(super) const ERROR_MARK: char = '\u{FFFE}';

/// Separates the remaining text from the struck-out text. XML cannot contain this character.
pub(super) const STRUCK_MARK: char = '\u{FFFF}';

/// The error values that Excel and LibreOffice write. Any other text that starts with `#` is ordinary text: a company
/// can be named "#1 Foods!".
const ERRORS: [&str; 18] = [
    "#NULL!",
    "#DIV/0!",
    "#VALUE!",
    "#REF!",
    "#NAME?",
    "#NUM!",
    "#N/A",
    "#GETTING_DATA",
    "#SPILL!",
    "#CONNECT!",
    "#BLOCKED!",
    "#UNKNOWN!",
    "#FIELD!",
    "#CALC!",
    "#EXTERNAL!",
    "#BUSY!",
    "#PYTHON!",
    "#TIMEOUT!",
];

fn is_error(text: &str) -> bool {
    let by_number = |code: &str| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit());
    text.len() < 24 && (ERRORS.contains(&text) || text.strip_prefix("Err:").is_some_and(by_number))
}

fn share_of_day(time: NaiveTime) -> f64 {
    let midnight = NaiveDateTime::default().time();
    (time - midnight).num_milliseconds() as f64 / 86_400_000.0
}

/// The day from which a workbook counts days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Epoch {
    /// The end of 1899.
    #[default]
    Of1900,
    /// 1 January 1904, used by Excel for Macintosh.
    Of1904,
}

impl Epoch {
    /// Days between the two epochs.
    const APART: f64 = 1462.0;

    /// Converts a serial number to days since the end of 1899.
    pub fn day(self, number: f64) -> f64 {
        match self {
            Epoch::Of1900 => number,
            Epoch::Of1904 => number + Self::APART,
        }
    }

    /// Converts the number of a cell that shows a date to days since the end of 1899. Other numbers are returned
    /// unchanged.
    fn serial(self, number: f64, look: &Look) -> f64 {
        match look.shown {
            // A time without a date does not depend on the epoch.
            Shown::Moment(parts) if parts != Parts::TIME => self.day(number),
            _ => number,
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
            assert_eq!(Look::by_format(plain).shown, Shown::Plain, "{plain}");
        }
        for percent in ["0%", "0.0 %", "0\\ %;-0\\ %"] {
            assert_eq!(Look::by_format(percent).shown, Shown::Percent, "{percent}");
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
                Look::by_format(money).shown,
                Shown::Money(sign.into()),
                "{money}"
            );
        }
    }

    #[test]
    fn numbers_look_as_their_cells_show_them() {
        for (number, code, shown) in [
            (0.1 + 0.2, "General", "0.3"),
            (1234.0, "00000", "01234"),
            (5.0, "0 \"years\"", "5 years"),
            (12_000.0, "[$€-407] #,##0", "€ 12,000"),
            (0.25, "0%", "25%"),
            (46_024.0, "d-mmm", "2-Jan"),
            (0.375, "h:mm", "9:00"),
            (54_332.0, "mmm-yy", "Oct-48"),
            (7.0, "#,##0;", "7"),
        ] {
            assert_eq!(Look::by_format(code).text_of(number), shown, "{code}");
        }
    }

    #[test]
    fn formats_of_dates_and_times_say_which_parts_they_show() {
        let parts = |code: &str| match Look::by_format(code).shown {
            Shown::Moment(parts) => Some((parts.year, parts.month, parts.day)),
            _ => None,
        };
        assert_eq!(parts("d mmm yyyy"), Some((true, true, true)));
        assert_eq!(parts("mmm-yy"), Some((true, true, false)));
        assert_eq!(parts("d-mmm"), Some((false, true, true)));
        assert_eq!(parts("[h]:mm:ss"), Some((false, false, false)));
        assert_eq!(parts("h:mm AM/PM"), Some((false, false, false)));
        assert_eq!(parts("#,##0.00"), None);
    }

    #[test]
    fn a_name_that_begins_like_an_error_is_a_name() {
        for name in ["#1 in Europe!", "#REF", "Err: 1", "#what?", "#N/A yet"] {
            assert_eq!(Content::text(name), Content::Text(name.into()));
        }
        for error in ["#DIV/0!", "#SPILL!", "#N/A", "Err:502"] {
            assert_eq!(Content::text(error), Content::Error(error.into()));
        }
    }
}
