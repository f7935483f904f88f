//! Every fact, section, score and activity that the wording names must exist.

use crate::programme::load::Source;
use crate::programme::*;

/// Facts about the plan as a whole; `plan::facts` gives their values.
const PLAN_FACTS: &[&str] = &[
    "plan.title",
    "plan.subtitle",
    "plan.start",
    "plan.end",
    "plan.made",
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
    "change.mended",
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

/// Last parts of a score's facts, besides its groups.
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
    programme: &Programme,
    advice: &Source,
    storyboard: &Source,
) -> Result<(), ProgrammeError> {
    for rule in &programme.advice {
        check_conditions(programme, advice, &rule.when)?;
        check_wording(programme, advice, &rule.title)?;
        check_wording(programme, advice, &rule.why)?;
        if !programme
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
            check_field(programme, advice, rating)?;
        }
    }
    let board = &programme.storyboard;
    check_wording(programme, storyboard, &board.words.running_head)?;
    check_wording(programme, storyboard, &board.words.draft_note)?;
    check_wording(programme, storyboard, &board.cover.title)?;
    check_wording(programme, storyboard, &board.cover.subtitle)?;
    for fact in &board.cover.facts {
        check_lines(programme, storyboard, &fact.lines)?;
    }
    check_lines(programme, storyboard, &board.cover.note)?;
    for (what, count) in [
        ("months", board.words.months.len()),
        ("months_short", board.words.months_short.len()),
    ] {
        if count != 12 {
            return Err(storyboard
                .error_at_text(what, format!("`{what}` names twelve months, not {count}")));
        }
    }
    for section in &board.section {
        check_lines(programme, storyboard, &section.headline)?;
        check_lines(programme, storyboard, &section.lead)?;
        for block in &section.blocks {
            check_block(programme, storyboard, block)?;
        }
    }
    Ok(())
}

pub(super) fn check_email(programme: &Programme, email: &Source) -> Result<(), ProgrammeError> {
    let message = &programme.email;
    let paragraphs = message.paragraph.iter().flat_map(|part| &part.lines);
    for line in message.subject.iter().chain(paragraphs) {
        check_conditions(programme, email, &line.when)?;
        line.text
            .facts()
            .filter(|fact| !EMAIL_FACTS.contains(fact))
            .try_for_each(|fact| check_fact(programme, email, fact))?;
    }
    Ok(())
}

fn check_block(
    programme: &Programme,
    source: &Source,
    block: &BlockDef,
) -> Result<(), ProgrammeError> {
    match block {
        BlockDef::Tiles { tiles } => {
            for tile in tiles {
                check_lines(programme, source, &tile.value)?;
                check_lines(programme, source, &tile.note)?;
                if let Some(score) = &tile.score {
                    check_score(programme, source, score)?;
                }
            }
        }
        BlockDef::Text { title, lines } => {
            if let Some(title) = title {
                check_wording(programme, source, title)?;
            }
            check_lines(programme, source, lines)?;
        }
        BlockDef::Bars { score, .. }
        | BlockDef::Dots { score, .. }
        | BlockDef::Benchmark { score, .. }
        | BlockDef::Ranking { score, .. } => check_score(programme, source, score)?,
        BlockDef::Lists { lists } => {
            for list in lists {
                check_section(programme, source, &list.section)?;
                check_score(programme, source, &list.score)?;
            }
        }
        BlockDef::Fields { sections, .. }
        | BlockDef::Sentences { sections }
        | BlockDef::Evidence { sections, .. }
        | BlockDef::Compare { sections, .. } => {
            for section in sections {
                check_section(programme, source, section)?;
            }
        }
        BlockDef::Targets { rows, .. } => {
            for row in rows {
                check_field(programme, source, &row.target)?;
                if let Some(today) = &row.today {
                    check_field(programme, source, today)?;
                }
            }
        }
        BlockDef::Ladder {
            sections,
            figure,
            asks,
            ..
        } => {
            for section in sections {
                check_section(programme, source, section)?;
                check_field(programme, source, &format!("{section}.{figure}"))?;
                check_field(programme, source, &format!("{section}.{asks}"))?;
            }
        }
        BlockDef::Matrix { score, rows, .. } => {
            check_score(programme, source, score)?;
            for row in rows {
                if programme.row(row).is_none() {
                    return Err(source.error_at_text(row, format!("there is no row \"{row}\"")));
                }
            }
        }
        BlockDef::Mended { note, .. } => check_lines(programme, source, note)?,
        BlockDef::Payback { meets, never, .. } => {
            check_wording(programme, source, meets)?;
            check_wording(programme, source, never)?;
        }
        BlockDef::Risks { ratings, risks, .. } => {
            if let Some(ratings) = ratings {
                check_score(programme, source, &ratings.score)?;
                check_section(programme, source, &ratings.section)?;
            }
            for risk in risks {
                check_conditions(programme, source, &risk.when)?;
                check_wording(programme, source, &risk.title)?;
                check_wording(programme, source, &risk.text)?;
                for field in &risk.evidence {
                    check_field(programme, source, field)?;
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
        | BlockDef::Findings { .. }
        | BlockDef::Method { .. } => {}
    }
    Ok(())
}

fn check_lines(
    programme: &Programme,
    source: &Source,
    lines: &[Line],
) -> Result<(), ProgrammeError> {
    for line in lines {
        check_conditions(programme, source, &line.when)?;
        check_wording(programme, source, &line.text)?;
    }
    Ok(())
}

fn check_conditions(
    programme: &Programme,
    source: &Source,
    conditions: &[Condition],
) -> Result<(), ProgrammeError> {
    conditions
        .iter()
        .flat_map(Condition::facts)
        .try_for_each(|fact| check_fact(programme, source, fact))
}

fn check_wording(
    programme: &Programme,
    source: &Source,
    wording: &Wording,
) -> Result<(), ProgrammeError> {
    wording
        .facts()
        .try_for_each(|fact| check_fact(programme, source, fact))
}

fn check_fact(programme: &Programme, source: &Source, fact: &str) -> Result<(), ProgrammeError> {
    let known = PLAN_FACTS.contains(&fact)
        || programme.key(fact).is_some()
        || is_score_fact(programme, fact);
    if known {
        Ok(())
    } else {
        Err(source.error_at_text(fact, format!("there is no fact \"{fact}\"")))
    }
}

fn is_score_fact(programme: &Programme, fact: &str) -> bool {
    let parts: Vec<&str> = fact.split('.').collect();
    let Some(("score", [id, rest @ ..])) = parts.split_first().map(|(first, rest)| (*first, rest))
    else {
        return false;
    };
    let Some(score) = programme.score(id).map(|index| &programme.scores[index]) else {
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
                || score.groups.iter().any(|group| group.id == *one)
        }
        [extreme, what] => {
            EXTREMES.contains(extreme) && matches!(*what, "label" | "points" | "rating")
        }
        _ => false,
    }
}

fn check_field(programme: &Programme, source: &Source, id: &str) -> Result<(), ProgrammeError> {
    programme
        .key(id)
        .map(|_| ())
        .ok_or_else(|| source.error_at_text(id, format!("there is no field \"{id}\"")))
}

fn check_section(programme: &Programme, source: &Source, id: &str) -> Result<(), ProgrammeError> {
    programme
        .section(id)
        .map(|_| ())
        .ok_or_else(|| source.error_at_text(id, format!("there is no section \"{id}\"")))
}

fn check_score(programme: &Programme, source: &Source, id: &str) -> Result<(), ProgrammeError> {
    programme
        .score(id)
        .map(|_| ())
        .ok_or_else(|| source.error_at_text(id, format!("there is no score \"{id}\"")))
}
