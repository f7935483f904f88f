//! Resolves the drop-down lists, words, number format, and language of a questionnaire.

use std::collections::BTreeMap;

use super::currencies;
use crate::questionnaire::diagnostic::{Problems, Reported, Source, did_you_mean};
use crate::questionnaire::raw::{ChoicesRaw, Name, QuestionnaireFile};
use crate::questionnaire::*;

/// Excel's limit for the options of a drop-down list in a cell, in UTF-16 code units, including the commas between
/// them.
const MAX_LIST_LENGTH: usize = 255;

/// ISO 639-1 language codes.
const LANGUAGES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de \
    dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu \
    ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng \
    nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta \
    te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// The definitions that fields and values refer to.
pub(super) struct Vocabulary {
    pub words: Words,
    pub choices: Vec<ChoiceList>,
    /// Words of each unit, by the ID of the unit.
    pub units: Vec<(String, Vec<String>)>,
    pub periods: Vec<Period>,
    pub currencies: Vec<Currency>,
}

impl Vocabulary {
    /// Combines the built-in words with the questionnaire's own words, which are taken out of `file`.
    ///
    /// # Errors
    /// Returns an error if the built-in word list cannot be read.
    pub fn resolve(
        source: &Source,
        file: &mut QuestionnaireFile,
        problems: &Problems,
    ) -> Result<Self, Reported> {
        let built_in = WordList::built_in()
            .map_err(|why| Source::new("words.toml", "", problems).error_at(0, why))?;
        check_words(source, &file.words);
        let words = Words::of(built_in.with(std::mem::take(&mut file.words)));
        let choices = choices(source, std::mem::take(&mut file.choices), &words);
        let mut units: Vec<_> = std::mem::take(&mut file.units).into_iter().collect();
        for (id, own) in &mut units {
            own.extend(words.list.units.get(id).into_iter().flatten().cloned());
        }
        let mut periods = std::mem::take(&mut file.period);
        for period in &mut periods {
            let known = words.list.periods.get(&period.id).into_iter().flatten();
            period.words.extend(known.cloned());
            let own = [period.id.to_lowercase(), period.label().to_lowercase()];
            for word in own {
                if !period.words.contains(&word) {
                    period.words.push(word);
                }
            }
        }
        let currencies = currencies::all(std::mem::take(&mut file.currency), &words.list);
        Ok(Self {
            words,
            choices,
            units,
            periods,
            currencies,
        })
    }

    /// Returns whether there is a unit with this ID. Reports one that does not exist.
    pub fn check_unit(&self, source: &Source, unit: &Name) -> bool {
        let ids = || self.units.iter().map(|(id, _)| id.as_str());
        let is_known = ids().any(|id| id == unit.get_ref());
        if !is_known {
            let message = format!("there is no unit \"{}\"", unit.get_ref());
            let help = did_you_mean(unit.get_ref(), ids());
            source.error_in(unit.span(), message, help);
        }
        is_known
    }
}

/// Resolves the drop-down lists.
fn choices(source: &Source, raw: BTreeMap<String, ChoicesRaw>, words: &Words) -> Vec<ChoiceList> {
    let lists = raw.into_iter();
    lists
        .map(|(id, raw)| choice_list(source, id, raw, words))
        .collect()
}

fn choice_list(source: &Source, id: String, raw: ChoicesRaw, words: &Words) -> ChoiceList {
    let position = |option: &str| raw.options.iter().position(|own| own == option);
    // The same options in another language, in the same order.
    let usual = words.list.options.get(&id);
    let usual = usual.filter(|usual| usual.len() == raw.options.len());
    let usual_position = |option: &str| usual?.iter().position(|own| own == option);
    let place = |option: &str| position(option).or_else(|| usual_position(option));
    let known = words.list.choices.get(&id).into_iter().flatten();
    let known = known.filter_map(|(word, option)| Some((word.clone(), place(option)?)));
    let own_words = usual.into_iter().flatten();
    let known = known.chain(
        own_words.filter_map(|option| Some((option.to_lowercase(), usual_position(option)?))),
    );
    let mut also: Vec<(String, usize)> = Vec::new();
    for (word, option) in &raw.also {
        let Some(index) = position(option) else {
            let message = format!("\"{option}\" is not an option of \"{id}\"");
            let help = did_you_mean(option, raw.options.iter().map(String::as_str))
                .unwrap_or_else(|| format!("Options: {}", raw.options.join(", ")));
            source.error_in(source.find(option), message, Some(help));
            continue;
        };
        let word = word.to_lowercase();
        let other = raw
            .options
            .iter()
            .position(|own| own.to_lowercase() == word);
        let other = other.or(also.iter().find(|(own, _)| *own == word).map(|own| own.1));
        if let Some(other) = other.filter(|other| *other != index) {
            let message = format!(
                "the word \"{word}\" means two options of \"{id}\": \"{}\" and \"{option}\"",
                raw.options[other]
            );
            source.error_in(source.find(&word), message, None);
        }
        also.push((word, index));
    }
    // The questionnaire's own words take precedence over the built-in words.
    also.extend(known);
    for (index, option) in raw.options.iter().enumerate() {
        if option.contains(',') || option.is_empty() {
            let message =
                "an option is empty or contains a comma, which a drop-down list cannot hold";
            source.error_in(source.find(option), message, None);
        }
        if raw.options[..index].contains(option) {
            let message = format!("the option \"{option}\" of \"{id}\" is listed twice");
            source.error_in(source.find(option), message, None);
        }
    }
    let length = raw.options.join(",").encode_utf16().count();
    if length > MAX_LIST_LENGTH {
        let message = format!(
            "the options of \"{id}\" have {length} characters; a drop-down list in Excel holds {MAX_LIST_LENGTH}"
        );
        source.error_at_text(&id, message);
    }
    ChoiceList {
        id,
        listed: raw.options.len(),
        options: raw.options,
        also,
    }
}

/// Checks the words that clients enter instead of values.
fn check_words(source: &Source, words: &WordList) {
    if words.all().any(|word| word.trim().is_empty()) {
        source.error_at_text("\"\"", "a word is empty");
    }
    let meanings = [
        ("not_applicable", &words.not_applicable),
        ("unknown", &words.unknown),
        ("zero", &words.zero),
        ("blank", &words.blank),
    ];
    for (index, (meaning, own)) in meanings.iter().enumerate() {
        for word in own.iter() {
            let same = |other: &String| other.to_lowercase() == word.to_lowercase();
            let other = meanings[..index]
                .iter()
                .find(|(_, all)| all.iter().any(same));
            if let Some((other, _)) = other {
                let message =
                    format!("the word \"{word}\" means two things: {other} and {meaning}");
                source.error_in(source.find(word), message, None);
            }
        }
    }
}

/// Warns of drop-down lists that no question uses, which are probably mistakes.
pub(super) fn warn_of_unused_choices(source: &Source, choices: &[ChoiceList], fields: &[Field]) {
    for (index, list) in choices.iter().enumerate() {
        let is_used = |field: &Field| matches!(field.kind, Kind::Choice { list } | Kind::Choices { list } if list == index);
        if !fields.iter().any(is_used) {
            let message = format!("no question uses the choices \"{}\"", list.id);
            let at = source.find(&format!("[choices.{}]", list.id));
            source.warn_in(at, message);
        }
    }
}

/// Checks the decimal and thousands separators.
pub(super) fn check_numbers(source: &Source, numbers: &NumberStyle) {
    if numbers.decimal == numbers.thousands {
        let message = "the decimal separator and the thousands separator are the same";
        source.error_at_text("thousands", message);
    }
}

/// Checks that the language is an ISO 639-1 code, optionally followed by a region.
pub(super) fn check_language(source: &Source, language: &str) {
    let primary = language.split('-').next().unwrap_or_default();
    if !LANGUAGES.split_whitespace().any(|known| known == primary) {
        let message = format!("\"{language}\" is not a language");
        let help = "Use a code of ISO 639-1, such as \"en\" or \"de-CH\"".to_owned();
        source.error_in(source.find(language), message, Some(help));
    }
}
