//! Resolves `figures.toml` and `advice.toml`: figures, gaps, risks, contradictions, decisions, moves, and requests.

use super::Names;
use super::scores::find_score;
use super::texts::Texts;
use crate::questionnaire::diagnostic::{Reported, Source, did_you_mean};
use crate::questionnaire::fact::AdviceNames;
use crate::questionnaire::format_string::Resolver;
use crate::questionnaire::raw::Name;
use crate::questionnaire::raw_advice::*;
use crate::questionnaire::text_sections::check_names;
use crate::questionnaire::*;

/// Returns a resolver that knows the roadmap, these gaps, and these figures.
fn with_advice<'a>(resolver: Resolver<'a>, advice: AdviceNames<'a>) -> Resolver<'a> {
    let mut catalog = resolver.catalog;
    catalog.advice = Some(advice);
    Resolver {
        catalog,
        ..resolver
    }
}

/// Resolves the figures in their order. Each can refer to those before it.
pub(super) fn figures(
    raw: Vec<FigureRaw>,
    roadmap: &RoadmapDef,
    gaps: &[GapDef],
    resolver: &Resolver,
) -> Result<Vec<FigureDef>, Reported> {
    let mut figures: Vec<FigureDef> = Vec::new();
    // What uses a figure with an error would only add misleading errors.
    let mut failed: Vec<String> = Vec::new();
    for raw in raw {
        let id = raw.id.get_ref().clone();
        let cases = raw.cases.iter().flat_map(|case| {
            let when = case.when.as_ref().map(Condition::text);
            when.into_iter().chain([case.value.text()])
        });
        let texts: Vec<&str> = cases.chain(raw.value.as_ref().map(Formula::text)).collect();
        let uses = |name: &String| texts.iter().any(|text| text.contains(name.as_str()));
        if failed.iter().any(uses) {
            failed.push(format!("figure.{id}"));
            continue;
        }
        let names = AdviceNames {
            roadmap,
            gaps,
            figures: &figures,
        };
        let resolver = with_advice(*resolver, names);
        if figures.iter().any(|own| own.id == *raw.id.get_ref()) {
            let message = format!("the figure \"{}\" is defined twice", raw.id.get_ref());
            resolver.source.error_in(raw.id.span(), message, None);
            failed.push(format!("figure.{id}"));
        } else {
            match figure(raw, &resolver) {
                Ok(figure) => figures.push(figure),
                Err(Reported) => failed.push(format!("figure.{id}")),
            }
        }
    }
    match failed.is_empty() {
        true => Ok(figures),
        false => Err(Reported),
    }
}

fn figure(raw: FigureRaw, resolver: &Resolver) -> Result<FigureDef, Reported> {
    let source = resolver.source;
    let mut cases = raw.cases;
    cases.extend(raw.value.map(|value| CaseRaw { when: None, value }));
    let mut kind: Option<Type> = None;
    for case in &mut cases {
        if let Some(when) = &mut case.when {
            when.resolve(resolver, &[]);
        }
        case.value.resolve(resolver);
        // An unresolved value was reported.
        let own = case.value.kind().ok_or(Reported)?;
        if *kind.get_or_insert(own) != own && !is_number(own, kind) {
            let message = "the cases have values of different types";
            return Err(source.error_in(raw.id.span(), message, None));
        }
    }
    let Some(kind) = kind else {
        return Err(source.error_in(raw.id.span(), "a figure needs a value", None));
    };
    let (kind, factor) = in_period(kind, raw.per.as_ref(), resolver)?;
    Ok(FigureDef {
        id: raw.id.get_ref().clone(),
        label: raw.label,
        formula: raw.formula,
        format: raw.format,
        factor,
        kind,
        cases: cases
            .into_iter()
            .map(|case| FigureCase {
                when: case.when,
                value: case.value,
            })
            .collect(),
    })
}

/// Returns whether both types are numbers, which may differ in a unit that a constant does not have.
fn is_number(own: Type, other: Option<Type>) -> bool {
    matches!((own, other), (Type::Number(..), Some(Type::Number(..))))
}

/// Converts the type of a figure to a period. Returns the type, and the factor for its values.
fn in_period(kind: Type, per: Option<&Name>, resolver: &Resolver) -> Result<(Type, f64), Reported> {
    let Some(per) = per else {
        return Ok((kind, 1.0));
    };
    let periods = resolver.catalog.periods;
    let Some(period) = periods.iter().find(|own| own.id == *per.get_ref()) else {
        let message = format!("there is no period \"{}\"", per.get_ref());
        let help = did_you_mean(per.get_ref(), periods.iter().map(|own| own.id.as_str()));
        return Err(resolver.source.error_in(per.span(), message, help));
    };
    match kind {
        Type::Number(unit, Some(months)) => {
            let kind = Type::Number(unit, Some(period.months));
            Ok((kind, period.months / months))
        }
        _ => {
            let message = "the value has no period that could be converted";
            Err(resolver.source.error_in(per.span(), message, None))
        }
    }
}

/// Resolves the gaps. A gap with an unknown reference is reported and skipped.
pub(super) fn gaps(
    raw: Option<GapsRaw>,
    gaps: Vec<GapRaw>,
    roadmap: &RoadmapDef,
    choices: &[ChoiceList],
    names: &Names,
    resolver: &Resolver,
) -> GapsDef {
    let source = resolver.source;
    let fields = resolver.catalog.fields;
    let Some(limits) = raw else {
        if let Some(gap) = gaps.first() {
            source.error_in(gap.id.span(), "gaps need the limits of [gaps]", None);
        }
        return GapsDef::default();
    };
    let mut resolved: Vec<GapDef> = Vec::new();
    for mut gap in gaps {
        if resolved.iter().any(|own| own.id == *gap.id.get_ref()) {
            let message = format!("the gap \"{}\" is defined twice", gap.id.get_ref());
            source.error_in(gap.id.span(), message, None);
        }
        if let Some(unless) = &mut gap.unless {
            unless.resolve(resolver, &[]);
        }
        check_level(source, &gap.id, gap.impact, gap.effort);
        for option in &gap.raised_by {
            check_option(source, option, choices);
        }
        let (Ok(ratings), Ok(activity)) = (
            names.all(source, &gap.ratings),
            gap.activity
                .as_ref()
                .map(|name| activity(source, roadmap, name))
                .transpose(),
        ) else {
            continue;
        };
        for (key, name) in ratings.iter().zip(&gap.ratings) {
            if fields[key.0].scoring.is_none() {
                let message = format!("\"{}\" does not count in scores", name.get_ref());
                let help = "A gap rests on ratings, numbers with `full`, or choices with `points`";
                source.error_in(name.span(), message, Some(help.to_owned()));
            }
        }
        resolved.push(GapDef {
            id: gap.id.get_ref().clone(),
            name: gap.name,
            ratings,
            unless: gap.unless,
            activity,
            impact: gap.impact,
            effort: gap.effort,
            raised_by: gap.raised_by.into_iter().map(Name::into_inner).collect(),
            why: gap.why,
            good: gap.good,
            first: gap.first,
            first_day: gap.first_day,
            before_start: gap.before_start,
        });
    }
    GapsDef {
        blocker: limits.blocker,
        weak: limits.weak,
        near: limits.near,
        cards: limits.cards,
        urgent: limits.urgent,
        attention: limits.attention,
        gaps: resolved,
    }
}

fn check_level(source: &Source, id: &Name, impact: u32, effort: u32) {
    if !(1..=MAX_LEVEL).contains(&impact) || !(1..=MAX_LEVEL).contains(&effort) {
        let message = format!("impact and effort are numbers from 1 to {MAX_LEVEL}");
        source.error_in(id.span(), message, None);
    }
}

fn check_option(source: &Source, option: &Name, choices: &[ChoiceList]) {
    let options = || choices.iter().flat_map(|list| &list.options);
    if !options().any(|own| own == option.get_ref()) {
        let message = format!("\"{}\" is not an option of a list", option.get_ref());
        let help = did_you_mean(option.get_ref(), options().map(String::as_str));
        source.error_in(option.span(), message, help);
    }
}

/// Returns the index of an activity.
fn activity(source: &Source, roadmap: &RoadmapDef, name: &Name) -> Result<usize, Reported> {
    let ids = || roadmap.activities.iter().map(|own| own.id.as_str());
    ids().position(|id| id == name.get_ref()).ok_or_else(|| {
        let message = format!("there is no activity \"{}\"", name.get_ref());
        source.error_in(name.span(), message, did_you_mean(name.get_ref(), ids()))
    })
}

/// Resolves everything else, which can refer to figures and gaps.
pub(super) fn advice(
    mut raw: AdviceFile,
    figures: Vec<FigureDef>,
    gaps: GapsDef,
    scores: &[ScoreDef],
    texts: &Texts,
) -> AdviceDef {
    let source = texts.resolver.source;
    if !raw.r#move.is_empty() && raw.name_one.is_empty() {
        source.error_at_text("move", "moves need the text `name_one` for a missing owner");
    }
    for mismatch in &mut raw.mismatch {
        texts.conditions(&mut mismatch.when, &[]);
        texts.lines(&mut mismatch.decide, &[]);
        let own = [&mut mismatch.text, &mut mismatch.figures];
        for text in own.into_iter().chain(&mut mismatch.request) {
            texts.text(text, &[]);
        }
    }
    for decision in &mut raw.decision {
        texts.conditions(&mut decision.when, &[]);
        texts.text(&mut decision.text, &[]);
    }
    for request in &mut raw.request {
        texts.conditions(&mut request.when, &[]);
        texts.text(&mut request.text, &[]);
    }
    AdviceDef {
        figures,
        gaps,
        risks: raw
            .risk
            .into_iter()
            .filter_map(|risk| self::risk(risk, texts).ok())
            .collect(),
        mismatches: raw.mismatch,
        decisions: raw.decision,
        moves: raw
            .r#move
            .into_iter()
            .map(|raw| MoveDef {
                choices: raw
                    .choice
                    .into_iter()
                    .filter_map(|choice| move_choice(choice, texts).ok())
                    .collect(),
            })
            .collect(),
        requests: raw.request,
        core: raw
            .core
            .map(|core| self::core(core, texts))
            .unwrap_or_default(),
        types: raw
            .types
            .and_then(|types| self::types(source, types, scores, texts).ok()),
        offers: offers(raw.offer, texts),
        name_one: raw.name_one,
    }
}

/// Checks the sections and types of the offers.
fn offers(offers: Vec<OfferDef>, texts: &Texts) -> Vec<OfferDef> {
    let choices = texts.resolver.choices;
    let options = || choices.iter().flat_map(|list| &list.options);
    for offer in &offers {
        texts.section(&offer.section);
        for kind in &offer.types {
            if !options().any(|own| own == kind) {
                let message = format!("\"{kind}\" is not an option of a list");
                let help = did_you_mean(kind, options().map(String::as_str));
                let source = texts.resolver.source;
                source.error_in(source.find(kind), message, help);
            }
        }
    }
    offers
}

fn risk(mut raw: RiskRaw, texts: &Texts) -> Result<RiskDef, Reported> {
    let source = texts.resolver.source;
    texts.conditions(&mut raw.when, &[]);
    texts.text(&mut raw.title, &[]);
    texts.lines(&mut raw.consequence, &[]);
    texts.lines(&mut raw.mitigation, &[]);
    let owner = match (raw.activity, raw.owner) {
        (Some(name), None) => OwnerDef::Activity(activity(source, texts.roadmap, &name)?),
        (None, Some(mut text)) => {
            texts.text(&mut text, &[]);
            OwnerDef::Text(text)
        }
        _ => {
            let message = format!(
                "the risk \"{}\" needs either an activity or an owner",
                raw.id
            );
            return Err(source.error_at_text(&raw.id, message));
        }
    };
    let levels = 1..=MAX_LEVEL;
    if !levels.contains(&raw.likelihood) || !levels.contains(&raw.impact) {
        let message = format!("likelihood and impact are numbers from 1 to {MAX_LEVEL}");
        return Err(source.error_at_text(&raw.id, message));
    }
    Ok(RiskDef {
        id: raw.id,
        when: raw.when,
        likelihood: raw.likelihood,
        impact: raw.impact,
        title: raw.title,
        consequence: raw.consequence,
        mitigation: raw.mitigation,
        owner,
    })
}

fn move_choice(mut raw: MoveChoiceRaw, texts: &Texts) -> Result<MoveChoice, Reported> {
    let source = texts.resolver.source;
    texts.conditions(&mut raw.when, &[]);
    let what = match (raw.text, raw.gap) {
        (Some(mut text), None) => {
            texts.text(&mut text, &[]);
            MoveWhat::Text(text)
        }
        (None, Some(GapChoice::Weak)) => MoveWhat::Gap,
        (None, Some(GapChoice::Near)) => MoveWhat::NearGap,
        _ => return Err(source.error_at_text("choice", "a move needs either a text or a gap")),
    };
    let activity = match &raw.activity {
        Some(name) => Some(activity(source, texts.roadmap, name)?),
        None => None,
    };
    Ok(MoveChoice {
        when: raw.when,
        what,
        activity,
    })
}

/// Resolves the key answers: each ID is a field, or the start of the IDs of several fields. Optional fields do not
/// count.
fn core(raw: CoreRaw, texts: &Texts) -> CoreDef {
    let source = texts.resolver.source;
    let fields = texts.resolver.catalog.fields;
    let mut answers: Vec<(FieldKey, Option<Condition>)> = Vec::new();
    for mut group in raw.answers {
        if let Some(when) = &mut group.when {
            when.resolve(&texts.resolver, &[]);
        }
        for name in &group.ids {
            let id = name.get_ref();
            let is_own = |field: &Field| {
                let rest = field.id.strip_prefix(id.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            };
            let own = fields
                .iter()
                .enumerate()
                .filter(|(_, field)| is_own(field) && field.kind.is_input() && !field.optional);
            let own: Vec<FieldKey> = own.map(|(index, _)| FieldKey(index)).collect();
            if own.is_empty() {
                let message = format!("no question has an ID that starts with \"{id}\"");
                let help = did_you_mean(id, fields.iter().map(|field| field.id.as_str()));
                source.error_in(name.span(), message, help);
            }
            answers.extend(own.into_iter().map(|key| (key, group.when.clone())));
        }
    }
    CoreDef {
        full: raw.full,
        provisional: raw.provisional,
        answers,
    }
}

fn types(
    source: &Source,
    raw: TypesRaw,
    scores: &[ScoreDef],
    texts: &Texts,
) -> Result<TypesDef, Reported> {
    let score = find_score(source, scores, &raw.score)?;
    let dimension = |name: &Name| {
        let ids = || scores[score].dimensions.iter().map(|own| own.id.as_str());
        ids().position(|id| id == name.get_ref()).ok_or_else(|| {
            let message = format!("the score has no dimension \"{}\"", name.get_ref());
            source.error_in(name.span(), message, did_you_mean(name.get_ref(), ids()))
        })
    };
    let (value, ease) = (dimension(&raw.value)?, dimension(&raw.ease)?);
    let types = raw.r#type.into_iter().map(|mut own| {
        check_option(source, &own.option, texts.resolver.choices);
        check_names(source, &own.stage, &["count"]);
        texts.text(&mut own.own, &[]);
        if let Some(weeks) = &mut own.weeks {
            weeks.resolve(&texts.resolver);
        }
        if let Some(money) = &mut own.money {
            texts.text(money, &[]);
        }
        TypeDef {
            option: own.option.into_inner(),
            one: own.one,
            several: own.several,
            own: own.own,
            weeks: own.weeks,
            stage: own.stage,
            money: own.money,
        }
    });
    Ok(TypesDef {
        score,
        value,
        ease,
        types: types.collect(),
    })
}
