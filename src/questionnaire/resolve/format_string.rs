//! Every fact, section, score and activity that the wording names must exist.

use crate::questionnaire::load::Source;
use crate::questionnaire::*;

/// Facts about the plan as a whole; `plan::facts` gives their values.
const PLAN_FACTS: &[&str] = &[
    "plan.title",
    "plan.subtitle",
    "plan.start",
    "plan.end",
    "plan.report_date",
    "plan.completeness",
    "plan.errors",
    "plan.warnings",
    "plan.open",
    "plan.urgent",
    "plan.pressing",
    "plan.overdue",
    "plan.activities",
    "plan.unowned",
    "plan.source",
    "plan.days",
    "change.since",
    "change.commitments",
    "change.kept",
    "change.missed",
    "change.to_come",
    "change.resolved",
    "change.remaining",
    "change.added",
    "finance.roi",
    "finance.payback",
    "finance.payback_early",
    "plan.not_applicable",
    "finance.break_even",
    "finance.investment",
    "finance.return",
    "finance.horizon",
    "finance.surplus",
    "brand.consultant",
    "brand.confidentiality",
    "client.name",
];

/// Facts that the message knows besides; `plan::message` gives their values.
const EMAIL_FACTS: &[&str] = &["action.first", "action.second", "action.third"];

/// Last parts of a score's facts, besides its dimensions.
const SCORE_FACTS: &[&str] = &[
    "points",
    "figure",
    "percent",
    "band",
    "answered",
    "expected",
    "asked",
    "indicative",
    "count",
    "out_of",
    "tied",
];
const EXTREMES: &[&str] = &["strongest", "weakest", "lowest", "highest"];

pub(super) fn check(
    questionnaire: &Questionnaire,
    advice: &Source,
    plan_layout: &Source,
) -> Result<(), QuestionnaireError> {
    for rule in &questionnaire.advice {
        check_conditions(questionnaire, advice, &rule.when)?;
        check_wording(questionnaire, advice, &rule.title)?;
        check_wording(questionnaire, advice, &rule.why)?;
        if !questionnaire
            .roadmap
            .activities
            .iter()
            .any(|activity| activity.row == rule.activity)
        {
            return Err(advice.error_at_text(
                &rule.activity,
                format!("\"{}\" is not an activity of the roadmap", rule.activity),
            ));
        }
        if let Some(rating) = &rule.rating {
            check_field(questionnaire, advice, rating)?;
        }
    }
    let board = &questionnaire.plan_layout;
    check_wording(questionnaire, plan_layout, &board.words.running_head)?;
    check_wording(questionnaire, plan_layout, &board.words.draft_note)?;
    check_wording(questionnaire, plan_layout, &board.cover.title)?;
    check_wording(questionnaire, plan_layout, &board.cover.subtitle)?;
    for fact in &board.cover.facts {
        check_lines(questionnaire, plan_layout, &fact.lines)?;
    }
    check_lines(questionnaire, plan_layout, &board.cover.note)?;
    for (what, count) in [
        ("months", board.words.months.len()),
        ("months_short", board.words.months_short.len()),
    ] {
        if count != 12 {
            return Err(plan_layout
                .error_at_text(what, format!("`{what}` names twelve months, not {count}")));
        }
    }
    for section in &board.section {
        check_lines(questionnaire, plan_layout, &section.headline)?;
        check_lines(questionnaire, plan_layout, &section.lead)?;
        for block in &section.blocks {
            check_block(questionnaire, plan_layout, block)?;
        }
    }
    Ok(())
}

pub(super) fn check_email(
    questionnaire: &Questionnaire,
    email: &Source,
) -> Result<(), QuestionnaireError> {
    let message = &questionnaire.email;
    let paragraphs = message.paragraph.iter().flat_map(|part| &part.lines);
    for line in message.subject.iter().chain(paragraphs) {
        check_conditions(questionnaire, email, &line.when)?;
        line.text
            .facts()
            .filter(|fact| !EMAIL_FACTS.contains(fact))
            .try_for_each(|fact| check_fact(questionnaire, email, fact))?;
    }
    Ok(())
}

fn check_block(
    questionnaire: &Questionnaire,
    source: &Source,
    block: &BlockDef,
) -> Result<(), QuestionnaireError> {
    match block {
        BlockDef::Tiles { tiles } => {
            for tile in tiles {
                check_lines(questionnaire, source, &tile.value)?;
                check_lines(questionnaire, source, &tile.note)?;
                if let Some(score) = &tile.score {
                    check_score(questionnaire, source, score)?;
                }
            }
        }
        BlockDef::Text { title, lines } => {
            if let Some(title) = title {
                check_wording(questionnaire, source, title)?;
            }
            check_lines(questionnaire, source, lines)?;
        }
        BlockDef::Bars { score, .. }
        | BlockDef::Dots { score, .. }
        | BlockDef::Benchmark { score, .. }
        | BlockDef::Ranking { score, .. } => check_score(questionnaire, source, score)?,
        BlockDef::Lists { lists } => {
            for list in lists {
                check_section(questionnaire, source, &list.section)?;
                check_score(questionnaire, source, &list.score)?;
            }
        }
        BlockDef::Fields { sections, .. }
        | BlockDef::Sentences { sections }
        | BlockDef::Evidence { sections, .. }
        | BlockDef::Compare { sections, .. } => {
            for section in sections {
                check_section(questionnaire, source, section)?;
            }
        }
        BlockDef::Ladder {
            sections,
            figure,
            asks,
            ..
        } => {
            for section in sections {
                check_section(questionnaire, source, section)?;
                check_field(questionnaire, source, &format!("{section}.{figure}"))?;
                check_field(questionnaire, source, &format!("{section}.{asks}"))?;
            }
        }
        BlockDef::Matrix { score, rows, .. } => {
            check_score(questionnaire, source, score)?;
            for row in rows {
                if questionnaire.row(row).is_none() {
                    return Err(source.error_at_text(row, format!("there is no row \"{row}\"")));
                }
            }
        }
        BlockDef::Resolved { note, .. } => check_lines(questionnaire, source, note)?,
        BlockDef::Payback { meets, never, .. } => {
            check_wording(questionnaire, source, meets)?;
            check_wording(questionnaire, source, never)?;
        }
        BlockDef::Risks { ratings, risks, .. } => {
            if let Some(ratings) = ratings {
                check_score(questionnaire, source, &ratings.score)?;
                check_section(questionnaire, source, &ratings.section)?;
            }
            for risk in risks {
                check_conditions(questionnaire, source, &risk.when)?;
                check_wording(questionnaire, source, &risk.title)?;
                check_wording(questionnaire, source, &risk.text)?;
                for field in &risk.evidence {
                    check_field(questionnaire, source, field)?;
                }
            }
        }
        BlockDef::Actions { .. }
        | BlockDef::Breakdown { .. }
        | BlockDef::Owners { .. }
        | BlockDef::Reviews { .. }
        | BlockDef::Open { .. }
        | BlockDef::Finance { .. }
        | BlockDef::Gantt
        | BlockDef::ScoreChanges { .. }
        | BlockDef::Commitments { .. }
        | BlockDef::Roadmap { .. }
        | BlockDef::Issues { .. }
        | BlockDef::Targets { .. }
        | BlockDef::Method { .. } => {}
    }
    Ok(())
}

fn check_lines(
    questionnaire: &Questionnaire,
    source: &Source,
    lines: &[Line],
) -> Result<(), QuestionnaireError> {
    for line in lines {
        check_conditions(questionnaire, source, &line.when)?;
        check_wording(questionnaire, source, &line.text)?;
    }
    Ok(())
}

fn check_conditions(
    questionnaire: &Questionnaire,
    source: &Source,
    conditions: &[Condition],
) -> Result<(), QuestionnaireError> {
    conditions
        .iter()
        .flat_map(Condition::facts)
        .try_for_each(|fact| check_fact(questionnaire, source, fact))
}

fn check_wording(
    questionnaire: &Questionnaire,
    source: &Source,
    wording: &FormatString,
) -> Result<(), QuestionnaireError> {
    wording
        .facts()
        .try_for_each(|fact| check_fact(questionnaire, source, fact))
}

fn check_fact(
    questionnaire: &Questionnaire,
    source: &Source,
    fact: &str,
) -> Result<(), QuestionnaireError> {
    let known = PLAN_FACTS.contains(&fact)
        || questionnaire.key(fact).is_some()
        || is_score_fact(questionnaire, fact);
    if known {
        Ok(())
    } else {
        Err(source.error_at_text(fact, format!("there is no fact \"{fact}\"")))
    }
}

fn is_score_fact(questionnaire: &Questionnaire, fact: &str) -> bool {
    let parts: Vec<&str> = fact.split('.').collect();
    let Some(("score", [id, rest @ ..])) = parts.split_first().map(|(first, rest)| (*first, rest))
    else {
        return false;
    };
    let Some(score) = questionnaire
        .score(id)
        .map(|index| &questionnaire.scores[index])
    else {
        return false;
    };
    let rest = match rest {
        ["best" | "second" | "primary", rest @ ..] => rest,
        rest => rest,
    };
    match rest {
        [one] => {
            SCORE_FACTS.contains(one)
                || *one == "name"
                || *one == "kind"
                || *one == "lead"
                || score
                    .dimensions
                    .iter()
                    .any(|dimension| dimension.id == *one)
        }
        [extreme, what] => {
            EXTREMES.contains(extreme) && matches!(*what, "label" | "points" | "rating")
        }
        _ => false,
    }
}

fn check_field(
    questionnaire: &Questionnaire,
    source: &Source,
    id: &str,
) -> Result<(), QuestionnaireError> {
    questionnaire
        .key(id)
        .map(|_| ())
        .ok_or_else(|| source.error_at_text(id, format!("there is no field \"{id}\"")))
}

fn check_section(
    questionnaire: &Questionnaire,
    source: &Source,
    id: &str,
) -> Result<(), QuestionnaireError> {
    questionnaire
        .section(id)
        .map(|_| ())
        .ok_or_else(|| source.error_at_text(id, format!("there is no section \"{id}\"")))
}

fn check_score(
    questionnaire: &Questionnaire,
    source: &Source,
    id: &str,
) -> Result<(), QuestionnaireError> {
    questionnaire
        .score(id)
        .map(|_| ())
        .ok_or_else(|| source.error_at_text(id, format!("there is no score \"{id}\"")))
}
