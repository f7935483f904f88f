//! The built-in words in many languages that every questionnaire supports, from `templates/words.toml`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::Scale;

/// The words in `templates/words.toml`, or a questionnaire's own words.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct WordList {
    /// Words for a question that does not apply.
    pub not_applicable: Vec<String>,
    /// Words for a value that is not yet known.
    pub unknown: Vec<String>,
    /// Marks and words for no answer.
    pub blank: Vec<String>,
    /// Words for an approximate value.
    pub approximately: Vec<String>,
    /// Multipliers, such as thousands or millions.
    pub scales: Vec<Scale>,
    /// Words between a rating and its maximum.
    pub out_of: Vec<String>,
    /// Words after the first number of a ratio whose second number is 1.
    pub to_one: Vec<String>,
    /// Words for a percentage.
    pub percent: Vec<String>,
    /// Words for a factor.
    pub times: Vec<String>,
    /// Words before a period.
    pub each: Vec<String>,
    /// Words for a lower limit.
    pub at_least: Vec<String>,
    /// Words for an upper limit.
    pub at_most: Vec<String>,
    /// Words before the first number of a range.
    pub between: Vec<String>,
    /// Words between the two numbers of a range.
    pub to: Vec<String>,
    /// Numerals in words, grouped by number, from 0.
    pub numbers: Vec<Vec<String>>,
    /// Words for zero if an amount or a count is expected.
    pub zero: Vec<String>,
    /// Days of the week.
    pub weekdays: Vec<String>,
    /// Names of the months, grouped by month, starting with January.
    pub months: Vec<Vec<String>>,
    /// Words in a date that do not change its meaning.
    pub date_fillers: Vec<String>,
    /// Words by unit ID.
    pub units: BTreeMap<String, Vec<String>>,
    /// Words by period ID.
    pub periods: BTreeMap<String, Vec<String>>,
    /// Options of the drop-down lists with known words, in order.
    #[serde(default)]
    pub options: BTreeMap<String, Vec<String>>,
    /// Words by drop-down list, each with the option that it means.
    pub choices: BTreeMap<String, BTreeMap<String, String>>,
    /// Words by ISO 4217 code.
    pub currency_words: BTreeMap<String, Vec<String>>,
    /// Whether 07/12 is 7 December if the text is ambiguous.
    pub day_first: bool,
}

impl WordList {
    /// Returns the built-in list, which is parsed once per process.
    ///
    /// # Errors
    /// Returns an error if the embedded file is invalid.
    pub fn built_in() -> Result<&'static Self, &'static str> {
        static LIST: OnceLock<Result<WordList, String>> = OnceLock::new();
        LIST.get_or_init(|| {
            crate::questionnaire::toml_reader::from_str(include_str!(
                "../../../templates/words.toml"
            ))
            .map_err(|error| error.to_string())
        })
        .as_ref()
        .map_err(String::as_str)
    }

    /// Returns this list with the words of another list appended. Units, periods, choices, and currencies remain those
    /// of this list; `day_first` is that of the other list.
    pub fn with(&self, more: WordList) -> WordList {
        let joined = |own: &[String], more: Vec<String>| -> Vec<String> {
            own.iter().cloned().chain(more).collect()
        };
        // The word that partnerbook writes is the first one: the questionnaire's own, if it has one.
        let own_first = |own: &[String], more: Vec<String>| -> Vec<String> {
            more.into_iter().chain(own.iter().cloned()).collect()
        };
        let joined_each = |own: &[Vec<String>], more: Vec<Vec<String>>| -> Vec<Vec<String>> {
            let length = own.len().max(more.len());
            let more = more.into_iter().chain(std::iter::repeat(Vec::new()));
            let own = own.iter().cloned().chain(std::iter::repeat(Vec::new()));
            let pairs = own.zip(more).take(length);
            pairs.map(|(own, more)| joined(&own, more)).collect()
        };
        let mut scales = self.scales.clone();
        scales.extend(more.scales);
        WordList {
            not_applicable: own_first(&self.not_applicable, more.not_applicable),
            unknown: own_first(&self.unknown, more.unknown),
            blank: joined(&self.blank, more.blank),
            approximately: joined(&self.approximately, more.approximately),
            scales,
            out_of: joined(&self.out_of, more.out_of),
            to_one: joined(&self.to_one, more.to_one),
            percent: joined(&self.percent, more.percent),
            times: joined(&self.times, more.times),
            each: joined(&self.each, more.each),
            at_least: joined(&self.at_least, more.at_least),
            at_most: joined(&self.at_most, more.at_most),
            between: joined(&self.between, more.between),
            to: joined(&self.to, more.to),
            numbers: joined_each(&self.numbers, more.numbers),
            zero: joined(&self.zero, more.zero),
            weekdays: joined(&self.weekdays, more.weekdays),
            months: joined_each(&self.months, more.months),
            date_fillers: joined(&self.date_fillers, more.date_fillers),
            units: self.units.clone(),
            periods: self.periods.clone(),
            options: self.options.clone(),
            choices: self.choices.clone(),
            currency_words: self.currency_words.clone(),
            day_first: more.day_first,
        }
    }

    /// Returns every word of the list, except forms directly before a currency ([`Scale::glued`]).
    pub fn all(&self) -> impl Iterator<Item = &String> {
        let flat = [
            &self.not_applicable,
            &self.unknown,
            &self.blank,
            &self.approximately,
            &self.out_of,
            &self.to_one,
            &self.percent,
            &self.times,
            &self.each,
            &self.at_least,
            &self.at_most,
            &self.between,
            &self.to,
            &self.zero,
            &self.weekdays,
            &self.date_fillers,
        ];
        flat.into_iter()
            .chain(&self.numbers)
            .chain(&self.months)
            .chain(self.scales.iter().map(|scale| &scale.words))
            .chain(self.units.values())
            .chain(self.periods.values())
            .chain(self.currency_words.values())
            .flatten()
            .chain(self.choices.values().flat_map(BTreeMap::keys))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_in_lower_case_and_means_one_thing() {
        let list = WordList::built_in().unwrap();
        for word in list.all() {
            assert!(!word.trim().is_empty());
            assert_eq!(*word, word.to_lowercase(), "{word}");
        }
        let mut seen = BTreeMap::new();
        for (name, words) in [
            ("n/a", &list.not_applicable),
            ("unknown", &list.unknown),
            ("blank", &list.blank),
        ] {
            for word in words {
                let before = seen.insert(word, name);
                assert!(
                    before.is_none_or(|before| before == name),
                    "{word}: {before:?} and {name}"
                );
            }
        }
        assert_eq!((list.numbers.len(), list.months.len()), (13, 12));
        for words in [&list.months, &list.numbers] {
            let mut seen = BTreeMap::new();
            for (index, word) in words
                .iter()
                .enumerate()
                .flat_map(|(i, all)| all.iter().map(move |word| (i, word)))
            {
                let before = seen.insert(word, index);
                assert!(before.is_none_or(|before| before == index), "{word}");
            }
        }
    }
}
