//! Parses the words around a number: units, periods, currencies, scales, limits.

use super::Context;
use super::problem::Problem;
use crate::questionnaire::{Kind, Questionnaire};

/// The meaning of the words around a number.
#[derive(Default)]
pub(super) struct Affixes {
    pub percent: bool,
    pub out_of: Option<f64>,
    pub period: Option<usize>,
    pub unit: Option<usize>,
    pub currencies: Vec<usize>,
    /// How the currency is written, such as `us$`.
    pub currency_word: String,
    pub scale: Option<f64>,
    pub to_one: bool,
    pub times: bool,
    pub approximate: bool,
    /// The number is a limit ("at least", "at most"), not an exact value.
    pub bound: bool,
    /// Words without a meaning for the number. They are skipped with a warning.
    pub left_aside: String,
}

/// Parses the words before or after a number.
///
/// # Errors
/// Returns an error if a word has no meaning here and cannot be skipped.
pub(super) fn read_words(
    context: &Context,
    text: &str,
    around: &mut Affixes,
) -> Result<(), Problem> {
    let questionnaire = context.questionnaire;
    let words = &questionnaire.words.list;
    let mut rest = text.trim();
    while !rest.is_empty() {
        rest = rest
            .trim_start_matches(|c: char| c.is_whitespace() || c == '(' || c == ')')
            .trim_end();
        // In "500,-", the suffix means that there are no cents.
        for no_cents in [",-", ".-", ",–", ",—", ".–", ".—", "/-", "/="] {
            rest = rest.strip_prefix(no_cents).unwrap_or(rest).trim_start();
        }
        if rest.is_empty() || matches!(rest, "." | "!" | "*") {
            break;
        }
        if let Some((next, ())) = take_word(rest, listed(&words.percent)) {
            around.percent = true;
            rest = next;
        } else if let Some((next, number)) = out_of(questionnaire, rest) {
            around.out_of = Some(number);
            rest = next;
        } else if let Some(next) = to_one(questionnaire, rest) {
            around.to_one = true;
            rest = next;
        } else if let Some((next, ())) = take_word(rest, listed(&words.times)) {
            around.times = true;
            rest = next;
        } else if let Some((next, unit)) = take_word(rest, unit_words(context)) {
            around.unit = Some(unit);
            rest = next;
        } else if let Some((next, scale)) = glued_scale(questionnaire, rest) {
            around.scale = Some(scale);
            rest = next;
        } else if let Some((next, scale)) = take_word(rest, scale_words(questionnaire)) {
            around.scale = Some(scale);
            rest = next;
        } else if let Some((next, period)) = period(questionnaire, rest) {
            around.period = Some(period);
            rest = next;
        } else if let Some((next, ())) = take_word(rest, listed(&words.approximately))
            // "CA$" is a currency; "ca" alone is "circa".
            && longest_currency(questionnaire, rest).is_none_or(|(other, _)| other.len() >= next.len())
        {
            around.approximate = true;
            rest = next;
        } else if let Some((next, ())) = take_word(rest, listed(&words.at_least))
            .or_else(|| take_word(rest, listed(&words.at_most)))
        {
            around.bound = true;
            rest = next;
        } else if let Some((next, mark)) = longest_currency(questionnaire, rest) {
            around.currencies = questionnaire
                .currencies
                .iter()
                .enumerate()
                .filter(|(_, currency)| currency.words.contains(mark))
                .map(|(i, _)| i)
                .collect();
            around.currency_word = mark.clone();
            rest = next;
        } else if says_nothing(context, around, rest) {
            around.left_aside = rest.to_owned();
            break;
        } else {
            return Err(Problem::WordBeside(rest.to_owned()));
        }
        rest = rest.trim_start();
    }
    Ok(())
}

/// Returns whether words next to a number can be skipped with a warning. They can if the field makes the meaning of the
/// number clear, and the words contain no other number and no percent or currency sign.
fn says_nothing(context: &Context, around: &Affixes, text: &str) -> bool {
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

/// Removes the longest candidate that the text starts with, and a period after it. Returns the rest and the meaning.
/// A candidate that ends with a letter must end at the end of a word, except in scripts without spaces between words.
fn take_word<'t, 'w, T>(
    text: &'t str,
    candidates: impl Iterator<Item = (&'w str, T)>,
) -> Option<(&'t str, T)> {
    let fits = |word: &str| {
        text.strip_prefix(word).filter(|rest| {
            !(word.ends_with(is_spaced_letter) && rest.starts_with(is_spaced_letter))
        })
    };
    let (word, meaning) = candidates
        .filter(|(word, _)| fits(word).is_some())
        .max_by_key(|(word, _)| word.len())?;
    text.strip_prefix(word)
        .map(|rest| (rest.strip_prefix('.').unwrap_or(rest), meaning))
}

/// Returns whether `c` is a letter before the CJK blocks in Unicode, and therefore from a script that usually separates
/// words with spaces. Chinese and Japanese do not. Korean syllables are treated like Chinese and Japanese.
pub(super) fn is_spaced_letter(c: char) -> bool {
    const FIRST_CJK: char = '\u{2E80}';
    c.is_alphabetic() && c < FIRST_CJK
}

fn listed(list: &[String]) -> impl Iterator<Item = (&str, ())> {
    list.iter().map(|word| (word.as_str(), ()))
}

/// Returns the words for units, or nothing if the field is not a quantity. In an amount, "m" means million. In a
/// duration, it means months.
fn unit_words<'p>(context: &Context<'p>) -> impl Iterator<Item = (&'p str, usize)> {
    let asked = matches!(context.field.kind, Kind::Quantity { .. });
    context
        .questionnaire
        .units
        .iter()
        .enumerate()
        .filter(move |_| asked)
        .flat_map(|(index, (_, words))| words.iter().map(move |word| (word.as_str(), index)))
}

fn scale_words(questionnaire: &Questionnaire) -> impl Iterator<Item = (&str, f64)> {
    let scales = questionnaire.words.list.scales.iter();
    scales.flat_map(|scale| {
        let words = scale.words.iter();
        words.map(move |word| (word.as_str(), scale.factor))
    })
}

/// Parses a scale directly before a currency, as in "kEUR" and "T€". Returns the text after the scale and its factor.
fn glued_scale<'t>(questionnaire: &Questionnaire, text: &'t str) -> Option<(&'t str, f64)> {
    // "kr" is a currency, not a scale before a currency.
    if longest_currency(questionnaire, text).is_some() {
        return None;
    }
    questionnaire.words.list.scales.iter().find_map(|scale| {
        scale.glued.iter().find_map(|word| {
            let rest = text.strip_prefix(word.as_str())?;
            longest_currency(questionnaire, rest).map(|_| (rest, scale.factor))
        })
    })
}

fn out_of<'t>(questionnaire: &Questionnaire, text: &'t str) -> Option<(&'t str, f64)> {
    let (rest, ()) = take_word(text, listed(&questionnaire.words.list.out_of))?;
    let rest = rest.trim_start();
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let number = rest[..end].parse().ok()?;
    Some((&rest[end..], number))
}

/// Removes the second part of a ratio if it is 1, as in ": 1". Returns the rest.
fn to_one<'t>(questionnaire: &Questionnaire, text: &'t str) -> Option<&'t str> {
    let (rest, ()) = take_word(text, listed(&questionnaire.words.list.to_one))?;
    let rest = rest.trim_start().strip_prefix('1')?;
    (!rest.starts_with(|c: char| c.is_ascii_digit())).then_some(rest)
}

fn period<'t>(questionnaire: &Questionnaire, text: &'t str) -> Option<(&'t str, usize)> {
    let each = take_word(text, listed(&questionnaire.words.list.each));
    let bare = each.map_or(text, |(rest, ())| rest).trim_start();
    let candidates = questionnaire
        .periods
        .iter()
        .enumerate()
        .flat_map(|(index, period)| period.words.iter().map(move |word| (word.as_str(), index)));
    take_word(bare, candidates)
}

fn longest_currency<'t, 'p>(
    questionnaire: &'p Questionnaire,
    text: &'t str,
) -> Option<(&'t str, &'p String)> {
    let candidates = questionnaire
        .currencies
        .iter()
        .flat_map(|currency| currency.words.iter())
        .map(|word| (word.as_str(), word));
    take_word(text, candidates)
}
