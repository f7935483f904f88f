//! Resolves names to keys: checks every reference between the files of a questionnaire once.

mod advice;
mod basis;
mod blocks;
mod currencies;
mod identity;
mod names;
mod planned;
mod roadmap;
mod rules;
mod sanity;
mod scored;
mod scores;
mod sheets;
mod texts;
mod words;

use std::sync::Arc;

use super::diagnostic::{Problems, Reported, Source};
use super::files::{Parsed, QuestionnaireFiles};
use super::*;
use basis::Basis;
use names::Names;
use planned::Planned;
use scored::Scored;

/// Resolves all names. Reports all problems, and returns `Reported` if the questionnaire is invalid.
pub(super) fn resolve(
    files: QuestionnaireFiles,
    problems: &Problems,
) -> Result<Questionnaire, Reported> {
    let with_values = sources_with_values(&files);
    let QuestionnaireFiles {
        questionnaire: Parsed {
            source,
            content: mut file,
        },
        worksheets,
        scores,
        texts,
        portfolio,
        issues,
        fingerprint,
    } = files;
    let mut basis = Basis::resolve(&source, &mut file, &worksheets, problems)?;
    let sources: Vec<&Source> = worksheets.iter().map(|own| &own.source).collect();
    let scored = Scored::resolve(&source, &file, &sources, &mut basis, scores, problems)?;
    let planned = Planned::resolve(texts, &file, &basis, &scored)?;
    let prompts = Prompts::of(&source, file.prompts).map_err(|why| source.error_at(0, why))?;
    let portfolio = PortfolioTexts::resolve(&portfolio.source, portfolio.content);
    let issue_texts = IssueTexts::resolve(&issues.source, issues.content);
    check_tabs(&source, &file.start, &file.annotations, &basis.worksheets);
    // A text that failed above is not known to be one with values.
    if problems.errors().is_ok() {
        with_values.iter().for_each(sanity::check_plain_texts);
    }
    let vocabulary = basis.vocabulary;
    words::warn_of_unused_choices(&source, &vocabulary.choices, &basis.fields);
    problems.errors().map_err(|_| Reported)?;
    let singular = file.singular.into_iter();

    Ok(Questionnaire {
        id: file.id,
        version: file.version,
        title: file.title,
        subtitle: file.subtitle,
        language: file.language,
        identity: basis.identity,
        targets: basis.targets,
        former_texts: file.former_texts,
        start: file.start,
        annotations: file.annotations,
        headings: file.headings,
        numbers: file.numbers,
        prompts,
        rating_bands: file.rating_band,
        words: vocabulary.words,
        singular: singular
            .map(|(unit, word)| (unit.into_inner(), word))
            .collect(),
        units: vocabulary.units,
        conversions: file.conversion,
        periods: vocabulary.periods,
        currencies: vocabulary.currencies,
        choices: vocabulary.choices,
        worksheets: basis.worksheets,
        fields: basis.fields,
        scores: scored.scores,
        finance: scored.finance,
        rules: planned.rules,
        roadmap: planned.roadmap,
        advice: planned.advice,
        plan_layout: planned.plan_layout,
        email: planned.email,
        emails: planned.emails,
        portfolio: Arc::new(portfolio),
        issue_texts: Arc::new(issue_texts),
        fingerprint,
        by_id: basis.by_id,
    })
}

/// Returns the files in which only texts that are known to be format strings may contain values in braces.
fn sources_with_values(files: &QuestionnaireFiles) -> Vec<Source> {
    let worksheets = files.worksheets.iter().map(|own| &own.source);
    [
        &files.questionnaire.source,
        &files.scores.source,
        &files.texts.checks.source,
        &files.texts.roadmap.source,
        &files.texts.advice.source,
        &files.texts.plan_layout.source,
        &files.texts.email.source,
    ]
    .into_iter()
    .chain(worksheets)
    .cloned()
    .collect()
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
