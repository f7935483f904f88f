//! The value of digits, whatever marks part them.

use super::Context;

/// Digits and marks of other scripts and widths as the plain ones, and fractions of one character written out.
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

/// How certain the digits are, and why.
pub(super) enum Reading {
    Plain,
    Sure(String),
    Guess(String),
}

/// Where the digits and the marks between them end. A space belongs to a number only before three digits.
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

/// The mark before the decimals that digits give away, without knowing anything else: `7,5`, `1.234.567`, `12.000,50`.
/// Nothing where they leave it open, as `12.000` does.
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

/// Digits without spaces and apostrophes, and the marks that may be decimal ones.
fn marks_of(digits: &str) -> (String, Vec<char>) {
    let compact: String = digits
        .chars()
        .filter(|c| !matches!(c, ' ' | '\''))
        .collect();
    let marks = compact.chars().filter(|c| matches!(c, '.' | ',')).collect();
    (compact, marks)
}

/// The value of digits with marks between them. Two kinds of mark: the last is the decimal one. One mark before exactly
/// three digits may be either: what the rest of the workbook writes decides, then what the field can hold, then the
/// questionnaire's own style; a decision that is not certain is said.
pub(super) fn digits_value(context: &Context, digits: &str) -> Option<(f64, Reading)> {
    let style = &context.questionnaire.numbers;
    let (compact, marks) = marks_of(digits);
    let grouped = compact.len() != digits.len();
    let sure = || Reading::Sure(String::new());
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
                    // Three decimals are rare, and rarer beside amounts.
                    Reading::Guess("as decimals are written elsewhere in this workbook".into()),
                ),
                Some(_) => (
                    None,
                    Reading::Sure("as decimals are written elsewhere in this workbook".into()),
                ),
                None if as_decimal(None)? > high => (
                    Some(mark),
                    Reading::Guess("a larger number does not fit here".into()),
                ),
                None if mark == style.thousands => (None, sure()),
                None => (
                    None,
                    Reading::Guess("it could be meant with decimals".into()),
                ),
            }
        }
    };
    plain_value(&compact, decimal).map(|value| (value, reading))
}

/// The value of digits of which one kind of mark is the decimal one, at its last place.
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
    // More digits than a number can hold are no number anybody meant.
    if plain.len() > 18 {
        return None;
    }
    plain.parse().ok()
}

/// "e6" behind digits, as calculators and programs write large numbers.
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

/// Undoes the error of binary fractions: 0.07 × 100 is 7.
pub(super) fn clean(number: f64) -> f64 {
    (number * 1e9).round() / 1e9
}
