//! Checks what no reference shows: empty IDs, values that cannot be, questions of the wrong kind, and values in texts that
//! print them as they are.

use std::collections::HashSet;

use iso_currency::Currency as Iso;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Names;
use crate::questionnaire::diagnostic::{Source, did_you_mean};
use crate::questionnaire::raw::{IdentityRaw, Name, QuestionnaireFile};
use crate::questionnaire::text_sections::check_names;
use crate::questionnaire::*;
use crate::text::{Part, parts};

/// Checks `questionnaire.toml` itself.
pub(super) fn check_root(source: &Source, file: &QuestionnaireFile) {
    if file.id.trim().is_empty() {
        source.error_at_text("id", "the ID is empty");
    }
    check_names(source, &file.annotations.extra_note, &["count"]);
    for period in &file.period {
        if !(period.months.is_finite() && period.months > 0.0) {
            let message = "`months` of a period must be above 0";
            source.error_at_text(&period.id, message);
        }
    }
    for conversion in &file.conversion {
        if !(conversion.factor.is_finite() && conversion.factor > 0.0) {
            source.error_at_text("factor", "the factor of a conversion must be above 0");
        }
        for unit in [&conversion.from, &conversion.to] {
            let ids = || file.units.keys().map(String::as_str);
            if !ids().any(|id| id == unit) {
                let message = format!("there is no unit \"{unit}\"");
                source.error_in(source.find(unit), message, did_you_mean(unit, ids()));
            }
        }
    }
    for currency in &file.currency {
        if Iso::from_code(&currency.code).is_none() {
            let message = format!("\"{}\" is not an ISO 4217 code", currency.code);
            source.error_in(source.find(&currency.code), message, None);
        }
    }
}

/// Checks that the questions that identify the client are of the right kind.
pub(super) fn check_identity(source: &Source, raw: &IdentityRaw, names: &Names, fields: &[Field]) {
    let is_date = |kind: &Kind| *kind == Kind::Date;
    let is_email = |kind: &Kind| *kind == Kind::Email;
    let is_choice = |kind: &Kind| matches!(kind, Kind::Choice { .. });
    type Is<'a> = &'a dyn Fn(&Kind) -> bool;
    let wanted: [(&Option<Name>, &str, Is); 4] = [
        (&raw.email, "an email address", &is_email),
        (&raw.currency, "a choice", &is_choice),
        (&raw.start, "a date", &is_date),
        (&raw.filled_in_on, "a date", &is_date),
    ];
    for (name, what, is_right) in wanted {
        let Some(name) = name else { continue };
        let key = names.by_id.get(name.get_ref());
        if key.is_some_and(|key| !is_right(&fields[key.0].kind)) {
            let message = format!("\"{}\" does not ask for {what}", name.get_ref());
            source.error_in(name.span(), message, None);
        }
    }
}

/// Checks the options of the list of currencies.
pub(super) fn check_currencies(source: &Source, list: &ChoiceList) {
    for option in list.listed() {
        if Iso::from_code(option).is_none() {
            let message = format!("\"{option}\" is not an ISO 4217 code");
            source.error_in(source.find(option), message, None);
        }
    }
}

/// Checks that what is printed is not empty, and that no two bands of a score have the same label.
pub(super) fn check_labels(
    source: &Source,
    sheets: &[Worksheet],
    fields: &[Field],
    scores: (&Source, &[ScoreDef]),
) {
    for sheet in sheets {
        if let Some(section) = sheet
            .sections
            .iter()
            .find(|own| own.title.trim().is_empty())
        {
            let message = format!("the section \"{}\" has no title", section.id);
            source.error_at(0, message);
        }
    }
    if let Some(field) = fields.iter().find(|own| own.row_label.trim().is_empty()) {
        let message = format!("the question \"{}\" has no label", field.id);
        source.error_at(0, message);
    }
    let (source, scores) = scores;
    for score in scores {
        if score.label.trim().is_empty() {
            let message = format!("the score \"{}\" has no label", score.id);
            source.error_at_text(&score.id, message);
        }
        for (index, band) in score.bands.iter().enumerate() {
            if score.bands[..index]
                .iter()
                .any(|own| own.label == band.label)
            {
                let message = format!("two bands have the label \"{}\"", band.label);
                source.error_at_text(&band.label, message);
            }
        }
    }
}

/// Checks that the rules with one code have one name.
pub(super) fn check_rule_names(source: &Source, rules: &[Rule]) {
    for (index, rule) in rules.iter().enumerate() {
        let same = rules[..index].iter().find(|other| other.code == rule.code);
        if let (Some(name), Some(other)) = (&rule.name, same.and_then(|own| own.name.as_ref()))
            && name != other
        {
            let message = format!("the code \"{}\" has two names", rule.code);
            source.error_in(source.find(name), message, None);
        }
    }
}

/// Reports texts in which values in braces would be printed as they are.
pub(super) fn check_plain_texts(source: &Source) {
    let Ok(table) = DeTable::parse(&source.text) else {
        return;
    };
    let accepted = source.accepted();
    for value in table.get_ref().values() {
        check_value(source, value, &accepted);
    }
}

fn check_value(source: &Source, value: &Spanned<DeValue>, accepted: &HashSet<String>) {
    match value.get_ref() {
        DeValue::String(text) if !accepted.contains(&**text) => {
            let names = parts(text).into_iter().filter_map(|part| match part {
                Part::Name(name) => Some(name),
                Part::Text(_) => None,
            });
            if let Some(name) = names.into_iter().next() {
                let message = format!("this text is printed as it is, with {{{name}}}");
                let help =
                    "Only texts \"with {facts}\" in the reference of the files can contain values"
                        .to_owned();
                source.error_in(value.span(), message, Some(help));
            }
        }
        DeValue::Array(values) => {
            for value in values.iter() {
                check_value(source, value, accepted);
            }
        }
        DeValue::Table(table) => {
            for value in table.values() {
                check_value(source, value, accepted);
            }
        }
        _ => {}
    }
}

/// Checks that bands start at 0 and ascend, and that no band starts above the maximum.
pub(super) fn check_bands(source: &Source, bands: &[Band], out_of: f64) {
    let first = bands.first().map_or("", |band| band.label.as_str());
    let at = source.find(first);
    if bands.is_empty() {
        source.error_at(0, "bands are missing: at least one is needed");
    } else if bands[0].from != 0.0 {
        let message = format!("the first band starts at {} instead of 0", bands[0].from);
        source.error_in(at, message, None);
    }
    for pair in bands.windows(2) {
        if pair[0].from >= pair[1].from {
            let message = format!(
                "the band \"{}\" does not start above the band \"{}\"",
                pair[1].label, pair[0].label
            );
            source.error_in(source.find(&pair[1].label), message, None);
        }
    }
    for band in bands.iter().filter(|band| band.from > out_of) {
        let message = format!(
            "the band \"{}\" starts at {}, above the maximum of {out_of}",
            band.label, band.from
        );
        source.error_in(source.find(&band.label), message, None);
    }
}
