//! Resolves names to keys: checks every reference between the files of a questionnaire once.

mod advice;
mod currencies;
mod identity;
mod names;
mod roadmap;
mod rules;
mod sanity;
mod scores;
mod sheets;
mod texts;
mod words;

use std::sync::Arc;

use super::diagnostic::{Problems, Reported, Source};
use super::fact::{AdviceNames, Catalogue};
use super::files::QuestionnaireFiles;
use super::format_string::Resolver;
use super::*;
use crate::questionnaire::diagnostic::did_you_mean;
use names::Names;
use sheets::Sheets;
use words::Vocabulary;

/// Resolves all names. Reports all problems, and returns `Reported` if the questionnaire is invalid.
pub(super) fn resolve(
    files: QuestionnaireFiles,
    problems: &Problems,
) -> Result<Questionnaire, Reported> {
    let QuestionnaireFiles {
        questionnaire: root,
        worksheets,
        scores,
        checks,
        roadmap,
        figures,
        advice,
        mut plan_layout,
        mut email,
        portfolio,
        issues,
        fingerprint,
    } = files;
    let source = &root.source;
    let mut file = root.content;
    let (roadmap_source, advice_source) = (roadmap.source.clone(), advice.source.clone());

    sanity::check_root(source, &file);
    words::check_language(source, &file.language);
    words::check_numbers(source, &file.numbers);
    if !file.rating_band.is_empty() {
        check_bands(source, &file.rating_band, FULL_POINTS);
    }
    let mut vocabulary = Vocabulary::resolve(source, &mut file, problems)?;
    let sheets = sheets::resolve(source, &file.client, &worksheets, &vocabulary);
    // References to fields cannot be checked while fields are missing.
    problems.errors().map_err(|_| Reported)?;
    let Sheets {
        worksheets: sheets,
        mut fields,
        by_id,
        row_ids,
        computed,
    } = sheets;
    let names = Names {
        by_id: &by_id,
        row_ids: &row_ids,
    };

    let identity = identity::resolve(source, &file.identity, &names);
    sanity::check_identity(source, &file.identity, &names, &fields);
    let targets = identity::targets(source, &file.target, &names);
    if let Some(key) = identity.currency
        && let Kind::Choice { list } = fields[key.0].kind
    {
        sanity::check_currencies(source, &vocabulary.choices[list]);
        currencies::accept_all(&mut vocabulary.choices[list], &vocabulary.currencies);
    }
    for unit in file.singular.keys() {
        let ids = || vocabulary.units.iter().map(|(id, _)| id.as_str());
        if !ids().any(|id| id == unit.get_ref()) {
            let message = format!("there is no unit \"{}\"", unit.get_ref());
            source.error_in(unit.span(), message, did_you_mean(unit.get_ref(), ids()));
        }
    }
    let score_defs = scores::resolve(&scores.source, &scores.content, &sheets, &fields, &names);
    let source_of = |sheet: usize| match sheet {
        0 => source,
        sheet => &worksheets[sheet - 1].source,
    };
    sanity::check_labels(source, &sheets, &fields, (&scores.source, &score_defs));
    // What refers to a score that cannot be resolved would only add misleading errors.
    if score_defs.len() < scores.content.score.len() {
        problems.errors().map_err(|_| Reported)?;
    }
    scores::link_computed(&mut fields, computed, &score_defs, source_of);
    let month_unit = match &file.month_unit {
        Some(name) if !vocabulary.units.iter().any(|(id, _)| id == name.get_ref()) => {
            let message = format!("there is no unit \"{}\"", name.get_ref());
            source.error_in(name.span(), message, None);
            MONTHS
        }
        Some(name) => name.get_ref().as_str(),
        None => MONTHS,
    };
    let months =
        |key: FieldKey| months_per_unit(&fields[key.0], &vocabulary, &file.conversion, month_unit);
    let finance = scores::resolve_finance(&scores.source, scores.content.finance, &names, months);
    let roadmap_def = roadmap::resolve(
        &roadmap.source,
        roadmap.content,
        &sheets,
        &score_defs,
        &names,
    );
    if let Ok(def) = &roadmap_def {
        roadmap::check_statuses(&roadmap.source, def, &fields, &vocabulary.choices);
    }

    let keys = |id: &str| by_id.get(id).copied();
    let resolver = |source| Resolver {
        source,
        catalogue: Catalogue {
            fields: &fields,
            keys: &keys,
            scores: &score_defs,
            finance: finance.as_ref(),
            periods: &vocabulary.periods,
            advice: None,
        },
        choices: &vocabulary.choices,
        units: &vocabulary.units,
        conversions: &file.conversion,
    };
    let rules = rules::resolve(checks.content, &names, &resolver(&checks.source));
    sanity::check_rule_names(&checks.source, &rules);
    // Advice and the plan refer to activities, gaps, and figures.
    let roadmap = roadmap_def?;
    let mut raw_advice = advice.content;
    let gaps = advice::gaps(
        raw_advice.gaps.take(),
        std::mem::take(&mut raw_advice.gap),
        &roadmap,
        &vocabulary.choices,
        &names,
        &resolver(&advice.source),
    );
    let figures = advice::figures(
        figures.content.figure,
        &roadmap,
        &gaps.gaps,
        &resolver(&figures.source),
    )?;
    let advised = AdviceNames {
        roadmap: &roadmap,
        figures: &figures,
        gaps: &gaps.gaps,
    };
    let texts = |source| {
        let mut resolver = resolver(source);
        resolver.catalogue.advice = Some(advised);
        texts::Texts {
            resolver,
            worksheets: &sheets,
            roadmap: &roadmap,
        }
    };
    texts(&plan_layout.source).plan_layout(&mut plan_layout.content);
    texts(&email.source).email(&mut email.content);
    let advice = advice::advice(
        raw_advice,
        figures.clone(),
        gaps.clone(),
        &score_defs,
        &texts(&advice.source),
    );
    let prompts = Prompts::of(source, file.prompts).map_err(|why| source.error_at(0, why))?;
    let mails = mails(&email.source, &mut email.content);
    let portfolio = PortfolioTexts::resolve(&portfolio.source, portfolio.content);
    let issue_texts = IssueTexts::resolve(&issues.source, issues.content);
    check_tabs(source, &file.start, &file.annotations, &sheets);
    // A text that failed above is not known to be one with values.
    if problems.errors().is_ok() {
        let others = [
            &scores.source,
            &checks.source,
            &roadmap_source,
            &advice_source,
            &plan_layout.source,
            &email.source,
        ];
        let all = others
            .into_iter()
            .chain([source])
            .chain(worksheets.iter().map(|own| &own.source));
        all.for_each(sanity::check_plain_texts);
    }
    words::warn_of_unused_choices(source, &vocabulary.choices, &fields);
    problems.errors().map_err(|_| Reported)?;

    Ok(Questionnaire {
        id: file.id,
        version: file.version,
        title: file.title,
        subtitle: file.subtitle,
        language: file.language,
        identity,
        targets,
        former_texts: file.former_texts,
        start: file.start,
        annotations: file.annotations,
        headings: file.headings,
        numbers: file.numbers,
        prompts,
        rating_bands: file.rating_band,
        words: vocabulary.words,
        singular: file
            .singular
            .into_iter()
            .map(|(unit, word)| (unit.into_inner(), word))
            .collect(),
        units: vocabulary.units,
        conversions: file.conversion,
        periods: vocabulary.periods,
        currencies: vocabulary.currencies,
        choices: vocabulary.choices,
        worksheets: sheets,
        fields,
        scores: score_defs,
        finance,
        rules,
        roadmap,
        advice,
        plan_layout: plan_layout.content,
        email: email.content,
        mails,
        portfolio: Arc::new(portfolio),
        issue_texts: Arc::new(issue_texts),
        fingerprint,
        by_id,
    })
}

/// Returns the emails around the plans: those of the questionnaire, and the built-in ones that it leaves out.
fn mails(source: &Source, email: &mut EmailTemplate) -> Mails {
    let built_in = Mails::built_in();
    let mails = Mails {
        invitation: email.invitation.take().unwrap_or(built_in.invitation),
        reminder: email.reminder.take().unwrap_or(built_in.reminder),
        correction: email.correction.take().unwrap_or(built_in.correction),
        test: built_in.test,
    };
    mails.check(source);
    mails
}

/// Returns the number of months in the period of an amount, or in the unit of a time. `None` for other fields.
fn months_per_unit(
    field: &Field,
    vocabulary: &Vocabulary,
    conversions: &[Conversion],
    month: &str,
) -> Option<f64> {
    let unit = match field.kind {
        Kind::Money { per: Some(period) } => return Some(vocabulary.periods[period].months),
        Kind::Quantity { unit } => unit,
        _ => return None,
    };
    let unit = vocabulary.units[unit].0.as_str();
    if unit == month {
        return Some(1.0);
    }
    let mut conversions = conversions.iter();
    conversions.find_map(|own| match (own.from.as_str(), own.to.as_str()) {
        (from, to) if from == month && to == unit => Some(1.0 / own.factor),
        (from, to) if to == month && from == unit => Some(own.factor),
        _ => None,
    })
}

/// ID of the unit in which payback is counted, unless the questionnaire names another.
const MONTHS: &str = "months";

/// Checks that bands start at 0 and ascend, and that no band starts above the maximum.
fn check_bands(source: &Source, bands: &[Band], out_of: f64) {
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

/// Checks that added sheets do not have the name of a worksheet or of each other.
fn check_tabs(
    source: &Source,
    start: &StartSheet,
    annotations: &AnnotationWords,
    sheets: &[Worksheet],
) {
    let mut seen: Vec<String> = sheets
        .iter()
        .map(|sheet| sheet.tab.to_lowercase())
        .collect();
    for tab in [&start.tab, &annotations.extra_tab] {
        if seen.contains(&tab.to_lowercase()) {
            source.error_at_text(tab, format!("two sheets have the name \"{tab}\""));
        }
        seen.push(tab.to_lowercase());
    }
}
