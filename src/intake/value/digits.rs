//! Parses digits with any decimal and thousands marks.

use super::Context;

/// Replaces digits and marks of other scripts and widths with ASCII, and characters such as ½ with decimals.
/// Removes marks for the text direction.
pub(super) fn simple_digits(text: &str) -> String {
    const ZEROS: [char; 5] = ['\u{FF10}', '\u{0660}', '\u{06F0}', '\u{0966}', '\u{09E6}'];
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let digit = ZEROS.iter().find_map(|zero| {
            let digit = (c as u32).checked_sub(*zero as u32)?;
            char::from_digit(digit, 10)
        });
        let after_digit = out.ends_with(|c: char| c.is_ascii_digit());
        match (digit, c) {
            (Some(digit), _) => out.push(digit),
            (None, '½' | '¼' | '¾') => {
                out.push_str(if after_digit { "" } else { "0" });
                out.push_str(match c {
                    '½' => ".5",
                    '¼' => ".25",
                    _ => ".75",
                });
            }
            (None, '％' | '٪') => out.push('%'),
            (None, '．' | '٫') => out.push('.'),
            (None, '，' | '٬') => out.push(','),
            (None, '：') => out.push(':'),
            (None, '／' | '∕' | '⁄') => out.push('/'),
            (None, '’' | '‘' | '´' | '`' | '′') => out.push('\''),
            (None, '\u{200E}' | '\u{200F}' | '\u{061C}') => {}
            (None, c) => out.push(c),
        }
    }
    out
}

/// How certain a value is. The text gives the reason and may be empty.
pub(super) enum Reading {
    Plain,
    Sure(String),
    Guess(String),
}

/// Returns the byte offset of the end of the number that the text starts with. A space or apostrophe is part of the
/// number only before exactly three digits.
pub(super) fn number_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut end = 0;
    while end < bytes.len() {
        let here = bytes[end];
        let three_digits = |from: usize| {
            bytes
                .get(from..from + 3)
                .is_some_and(|next| next.iter().all(u8::is_ascii_digit))
                && !bytes.get(from + 3).is_some_and(u8::is_ascii_digit)
        };
        let fine = here.is_ascii_digit()
            || (matches!(here, b'.' | b',') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit))
            || (matches!(here, b' ' | b'\'') && end > 0 && three_digits(end + 1));
        if !fine {
            break;
        }
        end += 1;
    }
    end
}

/// Returns the decimal mark if the number itself determines it, as in `7,5`, `1.234.567`, and `12.000,50`.
/// Returns `None` if the number is ambiguous, as in `12.000`, or contains no marks.
pub(super) fn decimal_mark_of(typed: &str) -> Option<char> {
    let text = simple_digits(typed);
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let digits = &text[start..];
    let digits = &digits[..number_end(digits)];
    let (groups, marks) = marks_of(digits);
    let other = |mark| if mark == '.' { ',' } else { '.' };
    let last = *marks.last()?;
    if marks.iter().any(|mark| *mark != last) {
        return Some(last);
    }
    if marks.len() > 1 {
        return Some(other(last));
    }
    let decimals = groups.len() - groups.rfind(last)? - 1;
    (decimals != 3 || groups.len() != digits.len() || groups.starts_with('0')).then_some(last)
}

/// Removes spaces and apostrophes. Returns the remaining text and its periods and commas, in order.
fn marks_of(digits: &str) -> (String, Vec<char>) {
    let compact: String = digits
        .chars()
        .filter(|c| !matches!(c, ' ' | '\''))
        .collect();
    let marks = compact.chars().filter(|c| matches!(c, '.' | ',')).collect();
    (compact, marks)
}

/// Returns the value of digits with marks between them.
///
/// If both periods and commas occur, the last mark is the decimal mark. One mark before exactly three digits is
/// ambiguous. The other numbers in the workbook decide, then the range of the field, then the style of the
/// questionnaire. An uncertain decision is a guess.
pub(super) fn digits_value(context: &Context, digits: &str) -> Option<(f64, Reading)> {
    let style = &context.questionnaire.numbers;
    let (compact, marks) = marks_of(digits);
    let grouped = compact.len() != digits.len();
    let sure = || Reading::Sure(String::new());
    let texts = &context.questionnaire.issue_texts.reading;
    let (decimal, reading) = match (decimal_mark_of(digits), marks.last().copied()) {
        (_, None) if grouped => (None, sure()),
        (_, None) => (None, Reading::Plain),
        (Some(mark), Some(last)) if marks.len() == 1 && mark == last => (
            Some(mark),
            if mark == style.decimal {
                Reading::Plain
            } else {
                sure()
            },
        ),
        (Some(mark), _) => (Some(mark), sure()),
        (None, Some(mark)) => {
            let as_decimal = |decimal: Option<char>| plain_value(&compact, decimal);
            let (_, high) = context.field.range();
            match context.hints.decimal {
                Some(habit) if habit == mark => (
                    Some(mark),
                    // A guess, because three decimals are rare, especially in amounts.
                    Reading::Guess(texts.decimals_as_elsewhere.clone()),
                ),
                Some(_) => (None, Reading::Sure(texts.decimals_as_elsewhere.clone())),
                None if as_decimal(None)? > high => (
                    Some(mark),
                    Reading::Guess(texts.larger_does_not_fit.clone()),
                ),
                None if mark == style.thousands => (None, sure()),
                None => (None, Reading::Guess(texts.could_have_decimals.clone())),
            }
        }
    };
    plain_value(&compact, decimal).map(|value| (value, reading))
}

/// Parses digits and marks. The last occurrence of `decimal` is the decimal mark. All other marks are ignored.
fn plain_value(compact: &str, decimal: Option<char>) -> Option<f64> {
    let mut plain = String::new();
    for (i, c) in compact.char_indices() {
        match c {
            '.' | ',' => {
                if Some(c) == decimal && compact.rfind(c) == Some(i) {
                    plain.push('.');
                }
            }
            digit => plain.push(digit),
        }
    }
    // An entry this long exceeds the precision of `f64` and is not a plausible answer.
    if plain.len() > 18 {
        return None;
    }
    plain.parse().ok()
}

/// Parses an exponent such as "e6", as calculators and software write large numbers. Returns the power and the rest.
pub(super) fn exponent(after: &str) -> Option<(i32, &str)> {
    let rest = after.strip_prefix('e')?;
    let signed = rest.strip_prefix(['+', '-']).unwrap_or(rest);
    let end = signed
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(signed.len());
    if end == 0 || end > 2 || signed[end..].starts_with(char::is_alphanumeric) {
        return None;
    }
    let power: i32 = signed[..end].parse().ok()?;
    let power = if rest.starts_with('-') { -power } else { power };
    Some((power, &signed[end..]))
}

/// Rounds to 9 decimals to remove floating-point errors, so that 0.07 × 100 is 7.
pub(super) fn clean(number: f64) -> f64 {
    (number * 1e9).round() / 1e9
}
