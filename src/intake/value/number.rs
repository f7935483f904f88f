//! Numbers as people type them: `$12,000`, `12k`, `1.2M`, `12 000 €`, `12.000,50`, `8/10`, `8 out of 10`, `25 %`, `3 weeks`, `~50`.

use chrono::{Datelike, NaiveDate};

use super::convert::convert;
use super::{Context, Outcome, Remark};
use crate::answers::Value;
use crate::display;
use crate::intake::book::Shown;
use crate::programme::{Kind, Programme};

/// A number that stands in a cell as a number.
pub fn from_cell(context: &Context, number: f64, shown: &Shown) -> Outcome {
    let kind = &context.field.kind;
    let in_percent = || clean(number * 100.0);
    let guess = |value: f64, why: &str| {
        let shown = display::number(context.programme, value, 4);
        in_range(
            context,
            value,
            vec![Remark::Guess(format!("read as {shown}: {why}"))],
        )
    };
    match (kind, shown) {
        (Kind::Percent | Kind::Share, Shown::Percent) => {
            in_range(context, in_percent(), Vec::new())
        }
        (Kind::Multiple | Kind::Ratio, Shown::Percent) => guess(number, "shown as a percentage"),
        (Kind::Percent, _) if number != 0.0 && number.abs() < 1.0 => {
            guess(in_percent(), "a share below 1")
        }
        (Kind::Date, _) => match day_of(number) {
            Some(day) => Ok((
                Value::Date(day),
                vec![Remark::Note(format!(
                    "read as {}",
                    display::date(context.programme, day)
                ))],
            )),
            None => super::date::read(context, &number.to_string()),
        },
        // The cell's own format kept the date from being shown as one.
        (Kind::Rating { .. }, Shown::Plain) if day_of(number).is_some() => {
            let rating = day_of(number).and_then(rating_from_date);
            rating.ok_or_else(|| "the cell holds a date".into())
        }
        (Kind::Choice { .. } | Kind::Email, _) => super::read_text(context, &number.to_string()),
        (Kind::Text | Kind::LongText, Shown::Percent) => {
            Ok((Value::Text(format!("{} %", in_percent())), Vec::new()))
        }
        (Kind::Text | Kind::LongText, _) => Ok((Value::Text(number.to_string()), Vec::new())),
        (_, Shown::Percent) => Err("the cell holds a percentage".into()),
        (Kind::Money { .. }, Shown::Money(sign)) => {
            let typed = in_currency(context, sign);
            in_range(
                context,
                number,
                typed.map(Remark::Guess).into_iter().collect(),
            )
        }
        _ => in_range(context, number, Vec::new()),
    }
}

/// What is to be said of an amount whose cell shows a currency; nothing when it is the client's own, or no currency at all.
fn in_currency(context: &Context, sign: &str) -> Option<String> {
    let sign = sign.to_lowercase();
    let currencies: Vec<usize> = context
        .programme
        .currencies
        .iter()
        .enumerate()
        .filter(|(_, currency)| currency.words.iter().any(|word| *word == sign.trim()))
        .map(|(index, _)| index)
        .collect();
    super::convert::other_currency(context, &currencies)
}

/// The day that a spreadsheet's number for it stands for, from 2000 to 2099; days are counted from the end of 1899.
fn day_of(number: f64) -> Option<NaiveDate> {
    const YEARS: std::ops::Range<f64> = 36_526.0..73_051.0;
    let days = YEARS.contains(&number).then_some(number as i64)?;
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_signed(chrono::Duration::try_days(days)?)
}

/// "8/10" typed into a cell becomes a date in most spreadsheets: the tenth month or day gives it away.
pub fn rating_from_date(day: NaiveDate) -> Option<(Value, Vec<Remark>)> {
    let rating = match (day.month(), day.day()) {
        (10, rating @ 0..=10) => rating,
        (rating, 10) if rating <= 10 => rating,
        _ => return None,
    };
    Some((
        Value::Number(f64::from(rating)),
        vec![Remark::Guess(format!(
            "a date, read as {rating} of 10: the program made a date of \"{rating}/10\""
        ))],
    ))
}

/// Undoes the error of binary fractions: 0.07 × 100 is 7.
pub(super) fn clean(number: f64) -> f64 {
    (number * 1e9).round() / 1e9
}

/// What was typed around the number.
#[derive(Default)]
pub(super) struct Around {
    pub percent: bool,
    pub out_of: Option<f64>,
    pub period: Option<usize>,
    pub unit: Option<usize>,
    pub currencies: Vec<usize>,
    pub scale: Option<f64>,
    pub to_one: bool,
    pub times: bool,
    pub approximate: bool,
    /// "At least" and "at most" say less than a number.
    pub bound: bool,
    /// Words that say nothing about the number.
    pub left_aside: String,
}

/// Reads a number that stands in a cell as a text.
pub fn read(context: &Context, typed: &str) -> Outcome {
    let programme = context.programme;
    let not_a_number = || "this is not a number".to_owned();
    let mut lower = simple_digits(&typed.to_lowercase());
    for around in [&context.field.before, &context.field.after]
        .into_iter()
        .flatten()
    {
        lower = lower.replacen(&around.to_lowercase(), " ", 1);
    }
    let text = lower.trim();
    if let Some(number) = number_word(programme, text) {
        return in_range(
            context,
            number,
            vec![Remark::Note(format!("read as {number}"))],
        );
    }
    if counts(&context.field.kind) && programme.words.zero.iter().any(|word| word == text) {
        return in_range(context, 0.0, vec![Remark::Guess("read as 0".into())]);
    }
    if let Some(why) = range(context, text) {
        return Err(why);
    }
    // Accountants write a loss in brackets.
    let (text, negative) = match text
        .strip_prefix('(')
        .and_then(|text| text.strip_suffix(')'))
    {
        Some(inside) if !inside.contains(['(', ')']) => (inside, true),
        _ => (text, false),
    };
    let start = text
        .find(|c: char| c.is_ascii_digit())
        .ok_or_else(not_a_number)?;
    let start = if text[..start].ends_with(['.', ',']) {
        start - 1
    } else {
        start
    };
    let (before, rest) = text.split_at(start);
    let end = number_end(rest);
    let (digits, after) = rest.split_at(end);
    let (mut value, mut reading) = digits_value(context, digits).ok_or_else(not_a_number)?;
    let after = match exponent(after) {
        Some((power, after)) => {
            value *= 10f64.powi(power);
            reading = Reading::Sure(String::new());
            after
        }
        None => after,
    };
    let mut around = Around::default();
    let mut remarks = Vec::new();
    let mut before = before.trim().to_owned();
    if before.ends_with('+') {
        before.pop();
    }
    if negative || before.ends_with(['-', '−']) && !before.ends_with("--") {
        if !negative {
            before.pop();
        }
        value = -value;
    }
    read_words(context, &before, &mut around)?;
    read_words(context, after, &mut around)?;

    match reading {
        Reading::Plain => {}
        Reading::Sure(why) => remarks.push(Remark::Note(why)),
        Reading::Guess(why) => remarks.push(Remark::Guess(why)),
    }
    if let Some(scale) = around.scale {
        value *= scale;
    }
    value = clean(value);
    if let Some(remark) = convert(context, &around, &mut value)? {
        remarks.push(remark);
    }
    if around.bound {
        remarks.push(Remark::Guess("though it is given as a limit".into()));
    }
    if !around.left_aside.is_empty() {
        let words = crate::text::shorten(&around.left_aside, 40);
        remarks.push(Remark::Guess(format!("without \"{words}\"")));
    }
    in_range(
        context,
        value,
        vec![summed_up(programme, value, around.approximate, remarks)],
    )
}

/// One remark says how a value was read: a guess when any part of it was one.
fn summed_up(programme: &Programme, value: f64, approximate: bool, remarks: Vec<Remark>) -> Remark {
    let guessed = remarks
        .iter()
        .any(|remark| matches!(remark, Remark::Guess(_)));
    let why: Vec<String> = remarks
        .into_iter()
        .map(|remark| match remark {
            Remark::Guess(why) | Remark::Note(why) => why,
            Remark::Long(_) => String::new(),
        })
        .filter(|why| !why.is_empty())
        .collect();
    let mut how = format!("read as {}", display::number(programme, value, 4));
    if approximate {
        how.push_str(", roughly");
    }
    if !why.is_empty() {
        how = format!("{how}: {}", why.join("; "));
    }
    if guessed {
        Remark::Guess(how)
    } else {
        Remark::Note(how)
    }
}

/// Whether nothing is a number of these.
fn counts(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Money { .. } | Kind::Count { .. } | Kind::Percent | Kind::Quantity { .. }
    )
}

/// Digits and marks of other scripts and widths as the plain ones, and fractions of one character written out.
fn simple_digits(text: &str) -> String {
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

fn number_word(programme: &Programme, text: &str) -> Option<f64> {
    let words = &programme.words.numbers;
    words.iter().position(|word| word == text).map(|n| n as f64)
}

/// A range is told with its middle, which is not taken: which of its numbers is meant, only the client knows.
fn range(context: &Context, text: &str) -> Option<String> {
    let words = &context.programme.words;
    if context.field.kind == Kind::Ratio
        && text
            .split_once("to ")
            .is_some_and(|(_, one)| one.trim() == "1")
    {
        return None;
    }
    let inner = words
        .between
        .iter()
        .find_map(|word| text.strip_prefix(word.as_str()))
        .unwrap_or(text);
    let joints = words.to.iter().map(|word| format!(" {word} "));
    let joints = joints.chain(["-", "–", "—", "..", "…", "~"].map(str::to_owned));
    for joint in joints {
        let Some((from, to)) = inner.split_once(&joint) else {
            continue;
        };
        let (from, to) = (
            from.trim(),
            to.trim_matches(|c: char| c == '.' || c.is_whitespace()),
        );
        let starts_with_number = |text: &str| {
            text.find(|c: char| c.is_ascii_digit())
                .is_some_and(|at| text[..at].chars().filter(|c| c.is_alphanumeric()).count() <= 3)
        };
        if !starts_with_number(from) || !starts_with_number(to) {
            continue;
        }
        // "10-20k": what stands behind the second belongs to both.
        let value = |text: &str| match read(context, text) {
            Ok((Value::Number(number), _)) => Some(number),
            _ => None,
        };
        let tail_at = to
            .rfind(|c: char| c.is_ascii_digit())
            .map_or(0, |at| at + 1);
        let has_tail = from.ends_with(|c: char| c.is_ascii_digit());
        let low = if has_tail {
            value(&format!("{from}{}", &to[tail_at..]))
        } else {
            value(from)
        };
        return Some(match (low, value(to)) {
            (Some(low), Some(high)) if low < high => format!(
                "this is a range, and one number is asked for; its middle is {}",
                display::number(context.programme, clean((low + high) / 2.0), 4)
            ),
            _ => "two numbers stand where one is asked for".to_owned(),
        });
    }
    None
}

/// "e6" behind digits, as calculators and programs write large numbers.
fn exponent(after: &str) -> Option<(i32, &str)> {
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

/// How the reason begins that a number is too small or too large.
pub(super) const OUTSIDE: &str = "outside the range";

pub(super) fn in_range(context: &Context, value: f64, remarks: Vec<Remark>) -> Outcome {
    let (low, high) = context.field.range();
    if !value.is_finite() || value < low || value > high {
        return Err(format!(
            "{OUTSIDE} from {} to {}",
            display::number(context.programme, low, 0),
            display::number(context.programme, high, 0)
        ));
    }
    Ok((Value::Number(value), remarks))
}

/// How certain the digits are, and why.
enum Reading {
    Plain,
    Sure(String),
    Guess(String),
}

/// Where the digits and the marks between them end. A space belongs to a number only before three digits.
fn number_end(text: &str) -> usize {
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
/// programme's own style; a decision that is not certain is said.
fn digits_value(context: &Context, digits: &str) -> Option<(f64, Reading)> {
    let style = &context.programme.numbers;
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
            match context.habits.decimal {
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

/// Reads the words before or after a number; a word that means nothing here fails.
fn read_words(context: &Context, text: &str, around: &mut Around) -> Result<(), String> {
    let programme = context.programme;
    let mut rest = text.trim();
    while !rest.is_empty() {
        rest = rest
            .trim_start_matches(|c: char| c.is_whitespace() || c == '(' || c == ')')
            .trim_end();
        // "500,-" has no cents.
        for no_cents in [",-", ".-", ",–", ",—"] {
            rest = rest.strip_prefix(no_cents).unwrap_or(rest).trim_start();
        }
        if rest.is_empty() || matches!(rest, "." | "!" | "*") {
            break;
        }
        if let Some(next) = rest
            .strip_prefix('%')
            .or_else(|| rest.strip_prefix("percent"))
            .or_else(|| rest.strip_prefix("pct"))
        {
            around.percent = true;
            rest = next;
        } else if let Some((next, number)) = out_of(programme, rest) {
            around.out_of = Some(number);
            rest = next;
        } else if let Some(next) = to_one(rest) {
            around.to_one = true;
            rest = next;
        } else if let Some((next, word)) = take_word(
            rest,
            std::iter::once(("x", ())).chain([
                ("×", ()),
                ("times", ()),
                ("-fold", ()),
                ("fold", ()),
            ]),
        ) {
            let () = word;
            around.times = true;
            rest = next;
        } else if let Some((next, unit)) = take_word(rest, unit_words(context)) {
            around.unit = Some(unit);
            rest = next;
        } else if let Some((next, scale)) = take_word(rest, scale_words(programme)) {
            around.scale = Some(scale);
            rest = next;
        } else if let Some((next, period)) = period(programme, rest) {
            around.period = Some(period);
            rest = next;
        } else if let Some((next, ())) = take_word(rest, words(&programme.words.approximately)) {
            around.approximate = true;
            rest = next;
        } else if let Some((next, ())) = take_word(rest, words(&programme.words.at_least))
            .or_else(|| take_word(rest, words(&programme.words.at_most)))
        {
            around.bound = true;
            rest = next;
        } else if let Some((next, mark)) = longest_currency(programme, rest) {
            around.currencies = programme
                .currencies
                .iter()
                .enumerate()
                .filter(|(_, currency)| currency.words.contains(&mark))
                .map(|(i, _)| i)
                .collect();
            rest = next;
        } else if says_nothing(context, around, rest) {
            around.left_aside = rest.to_owned();
            break;
        } else {
            return Err(format!(
                "\"{}\" cannot be read beside a number",
                crate::text::shorten(rest, 40)
            ));
        }
        rest = rest.trim_start();
    }
    Ok(())
}

/// Whether words beside a number can be left aside, with a warning: where nothing but a number can be meant, and no second
/// one stands among them.
fn says_nothing(context: &Context, around: &Around, text: &str) -> bool {
    let no_doubt = match context.field.kind {
        Kind::Rating { .. } | Kind::Count { .. } => !around.percent,
        Kind::Percent | Kind::Share => around.percent,
        _ => false,
    };
    no_doubt
        && around.currencies.is_empty()
        && around.left_aside.is_empty()
        && text.chars().any(char::is_alphabetic)
        && !text.contains(|c: char| c.is_ascii_digit())
        && !text.contains(['%', '±', '€', '$', '£'])
}

/// Takes the longest of the words that the text begins with. A word of letters must end where the text's word ends.
fn take_word<'t, 'w, T>(
    text: &'t str,
    candidates: impl Iterator<Item = (&'w str, T)>,
) -> Option<(&'t str, T)> {
    let fits = |word: &str| {
        text.strip_prefix(word).filter(|rest| {
            !(word.ends_with(char::is_alphabetic) && rest.starts_with(char::is_alphabetic))
        })
    };
    let (word, meaning) = candidates
        .filter(|(word, _)| fits(word).is_some())
        .max_by_key(|(word, _)| word.len())?;
    text.strip_prefix(word)
        .map(|rest| (rest.strip_prefix('.').unwrap_or(rest), meaning))
}

fn words(list: &[String]) -> impl Iterator<Item = (&str, ())> {
    list.iter().map(|word| (word.as_str(), ()))
}

/// Units count only where the field asks for a quantity: "m" is a million beside an amount, and months beside a duration.
fn unit_words<'p>(context: &Context<'p>) -> impl Iterator<Item = (&'p str, usize)> {
    let asked = matches!(context.field.kind, Kind::Quantity { .. });
    context
        .programme
        .units
        .iter()
        .enumerate()
        .filter(move |_| asked)
        .flat_map(|(index, (_, words))| words.iter().map(move |word| (word.as_str(), index)))
}

fn scale_words(programme: &Programme) -> impl Iterator<Item = (&str, f64)> {
    let words = &programme.words;
    [
        (&words.thousand, 1e3),
        (&words.million, 1e6),
        (&words.billion, 1e9),
    ]
    .into_iter()
    .flat_map(|(list, scale)| list.iter().map(move |word| (word.as_str(), scale)))
}

fn out_of<'t>(programme: &Programme, text: &'t str) -> Option<(&'t str, f64)> {
    let (rest, ()) = take_word(text, words(&programme.words.out_of))?;
    let rest = rest.trim_start();
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let number = rest[..end].parse().ok()?;
    Some((&rest[end..], number))
}

fn to_one(text: &str) -> Option<&str> {
    let rest = text
        .strip_prefix(':')
        .or_else(|| text.strip_prefix("to "))?
        .trim_start();
    rest.strip_prefix('1')
        .filter(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
}

fn period<'t>(programme: &Programme, text: &'t str) -> Option<(&'t str, usize)> {
    let bare = text
        .strip_prefix('/')
        .or_else(|| text.strip_prefix("per "))
        .or_else(|| text.strip_prefix("a "))
        .or_else(|| text.strip_prefix("each "))
        .or_else(|| text.strip_prefix("every "))
        .unwrap_or(text)
        .trim_start();
    let candidates = programme
        .periods
        .iter()
        .enumerate()
        .flat_map(|(index, period)| period.words.iter().map(move |word| (word.as_str(), index)));
    take_word(bare, candidates)
}

fn longest_currency<'t>(programme: &Programme, text: &'t str) -> Option<(&'t str, String)> {
    let candidates = programme
        .currencies
        .iter()
        .flat_map(|currency| currency.words.iter())
        .map(|word| (word.as_str(), word.clone()));
    take_word(text, candidates)
}
