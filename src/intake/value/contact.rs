//! Parses web addresses and telephone numbers as people enter them.

use super::{Outcome, ParseNote, Problem};
use crate::answers::Value;
use crate::questionnaire::ReadingTexts;
use crate::text::fill;

/// Fewest digits of a telephone number, and most (ITU-T E.164 allows 15; an extension may follow).
const DIGITS: std::ops::RangeInclusive<usize> = 5..=20;

/// Reads a web address, with or without its scheme.
pub(super) fn url(texts: &ReadingTexts, typed: &str) -> Outcome {
    let bare = typed.trim().trim_end_matches(['.', ',', ';']);
    let rest = ["https://", "http://"]
        .iter()
        .find_map(|scheme| strip_prefix(bare, scheme))
        .unwrap_or(bare);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    let labels: Vec<&str> = host.split('.').collect();
    let is_label = |label: &&str| {
        !label.is_empty()
            && label
                .chars()
                .all(|c| c.is_alphanumeric() || c == '-' || c == '_')
    };
    let is_name = labels.len() >= 2
        && labels.iter().all(is_label)
        && labels
            .last()
            .is_some_and(|last| last.chars().any(char::is_alphabetic));
    if !is_name || bare.contains(char::is_whitespace) || bare.contains('@') {
        return Err(Problem::NotAUrl);
    }
    noted(texts, bare, typed)
}

/// Reads a telephone number: digits and the usual marks between them.
pub(super) fn phone(texts: &ReadingTexts, typed: &str) -> Outcome {
    let bare = typed.trim();
    let digits = bare.chars().filter(|c| c.is_numeric()).count();
    let is_mark = |c: char| c.is_numeric() || c.is_whitespace() || "+()-–./".contains(c);
    let number = bare.to_lowercase();
    let number = ["ext", "x", "tel", "phone"]
        .iter()
        .fold(number, |text, word| text.replace(word, ""));
    let is_number = number.chars().all(|c| is_mark(c) || c == ':');
    if !DIGITS.contains(&digits) || !is_number {
        return Err(Problem::NotAPhone);
    }
    noted(texts, bare, typed)
}

fn noted(texts: &ReadingTexts, read: &str, typed: &str) -> Outcome {
    let notes = match read == typed {
        true => Vec::new(),
        false => vec![ParseNote::Note(fill(&texts.value, &[("value", read)]))],
    };
    Ok((Value::Text(read.to_owned()), notes))
}

fn strip_prefix<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let start = text.get(..prefix.len())?;
    start
        .eq_ignore_ascii_case(prefix)
        .then(|| &text[prefix.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts() -> ReadingTexts {
        let questionnaire = crate::questionnaire::Questionnaire::built_in().unwrap();
        questionnaire.issue_texts.reading.clone()
    }

    fn is_read(outcome: Outcome) -> bool {
        outcome.is_ok()
    }

    #[test]
    fn web_addresses_with_and_without_scheme() {
        for typed in [
            "www.aceros.example",
            "https://aceros.example/es?x=1",
            "HTTP://Aceros.Example:8080/",
            "müller.example.",
            "aceros.example/catálogo",
        ] {
            assert!(is_read(url(&texts(), typed)), "{typed}");
        }
        for typed in [
            "aceros",
            "ana@aceros.example",
            "see our site",
            "3.5",
            "",
            "http://",
        ] {
            assert!(!is_read(url(&texts(), typed)), "{typed}");
        }
    }

    #[test]
    fn telephone_numbers_with_the_usual_marks() {
        for typed in [
            "+34 954 000 000",
            "(0954) 00-00.00",
            "+44 20 7946 0000 ext. 12",
            "tel: 112233",
        ] {
            assert!(is_read(phone(&texts(), typed)), "{typed}");
        }
        for typed in [
            "1234",
            "call Ana",
            "12/07/2026 at 10",
            "+34 954 000 000 000 000 000 000 000",
        ] {
            assert!(!is_read(phone(&texts(), typed)), "{typed}");
        }
    }
}
