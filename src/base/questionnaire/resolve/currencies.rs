//! All ISO 4217 currencies: first those of the questionnaire with their own symbols, then all others.

use std::collections::{HashMap, HashSet};

use iso_currency::Currency as Iso;

use crate::questionnaire::{ChoiceList, Currency, WordList};

/// Currencies have numeric codes of three digits. The crate's own iterator would take 3 s of the build.
const MAX_NUMERIC_CODE: u16 = 999;

/// Returns the questionnaire's currencies, followed by all other currencies in use. Funds, special codes, and
/// superseded currencies are excluded.
pub(super) fn all(mut listed: Vec<Currency>, words: &WordList) -> Vec<Currency> {
    let others = (0..=MAX_NUMERIC_CODE)
        .filter_map(Iso::from_numeric)
        .filter(|iso| !iso.is_fund() && !iso.is_special() && iso.is_superseded().is_none())
        .filter(|iso| !listed.iter().any(|own| own.code == iso.code()))
        .map(|iso| Currency {
            code: iso.code().to_owned(),
            // Many symbols are shared. Some contain letters that would break the order of a sentence in another script.
            symbol: format!("{} ", iso.code()),
            words: Vec::new(),
        });
    let mut others: Vec<Currency> = others.collect();
    others.sort_by(|a, b| a.code.cmp(&b.code));
    listed.append(&mut others);
    for currency in &mut listed {
        currency.words.push(currency.code.to_lowercase());
        let known = words.currency_words.get(&currency.code);
        currency.words.extend(known.into_iter().flatten().cloned());
    }
    listed
}

/// Makes a list of currencies accept all currencies, by code and by words that belong to only one currency.
pub(super) fn accept_all(list: &mut ChoiceList, currencies: &[Currency]) {
    for currency in currencies {
        if !list.options.contains(&currency.code) {
            list.options.push(currency.code.clone());
        }
    }
    let mut owners: HashMap<&str, usize> = HashMap::new();
    for currency in currencies {
        let words: HashSet<&String> = currency.words.iter().collect();
        for word in words {
            *owners.entry(word).or_default() += 1;
        }
    }
    let mut known: HashSet<String> = list.also.iter().map(|(word, _)| word.clone()).collect();
    for currency in currencies {
        let Some(index) = list.options.iter().position(|code| *code == currency.code) else {
            continue;
        };
        for word in &currency.words {
            if owners.get(word.as_str()) == Some(&1) && known.insert(word.clone()) {
                list.also.push((word.clone(), index));
            }
        }
    }
}
