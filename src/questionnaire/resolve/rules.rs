//! Rules between fields: from the words of `checks.toml` to typed rules.

use crate::questionnaire::diagnostic::{Reported, did_you_mean};
use crate::questionnaire::raw::{ChecksFile, Name, RuleRaw};
use crate::questionnaire::*;

use super::Names;
use crate::questionnaire::format_string::Resolver;

/// Resolves the rules. Problems are reported, and a rule with a problem is left out.
pub(super) fn resolve(file: ChecksFile, names: &Names, resolver: &Resolver) -> Vec<Rule> {
    let rules = file.rule.into_iter();
    rules
        .filter_map(|raw| resolve_rule(raw, names, resolver).ok())
        .collect()
}

fn resolve_rule(mut raw: RuleRaw, names: &Names, resolver: &Resolver) -> Result<Rule, Reported> {
    let source = resolver.source;
    let scores = resolver.catalogue.scores;
    let at = raw.kind.span().start;
    let missing = |what: &str| {
        source.error_at(
            at,
            format!(
                "a rule of the kind \"{}\" needs `{what}`",
                raw.kind.get_ref()
            ),
        )
    };
    let key = |name: &Option<Name>, what: &str| {
        names.key(source, name.as_ref().ok_or_else(|| missing(what))?)
    };
    let keys = |list: &Option<Vec<Name>>, what: &str| {
        names.all(source, list.as_ref().ok_or_else(|| missing(what))?)
    };
    let number = |value: Option<f64>, what: &str| value.ok_or_else(|| missing(what));
    let score = || {
        let name = raw.score.as_ref().ok_or_else(|| missing("score"))?;
        let ids = || scores.iter().map(|score| score.id.as_str());
        ids().position(|id| id == name.get_ref()).ok_or_else(|| {
            let message = format!("there is no score \"{}\"", name.get_ref());
            let help = did_you_mean(name.get_ref(), ids());
            source.error_in(name.span(), message, help)
        })
    };
    // A rule compares numbers: of texts and dates it would never say anything.
    let is_number = |key: FieldKey, name: &Name| {
        let kind = &resolver.catalogue.fields[key.0].kind;
        match kind {
            Kind::Choice { .. } | Kind::Text | Kind::LongText | Kind::Date | Kind::Email => {
                let message = format!("\"{}\" is not a number", name.get_ref());
                Err(source.error_in(name.span(), message, None))
            }
            _ => Ok(key),
        }
    };
    let number_key = |name: &Option<Name>, what: &str| {
        let name = name.as_ref().ok_or_else(|| missing(what))?;
        is_number(names.key(source, name)?, name)
    };
    let number_keys = |list: &Option<Vec<Name>>, what: &str| {
        let list = list.as_ref().ok_or_else(|| missing(what))?;
        let keys = list.iter();
        keys.map(|name| is_number(names.key(source, name)?, name))
            .collect::<Result<Vec<_>, Reported>>()
    };
    let kind = match raw.kind.get_ref().as_str() {
        "holds" => RuleKind::Holds {
            field: key(&raw.field, "field")?,
            holds: raw.holds.clone().ok_or_else(|| missing("holds"))?,
        },
        "sum" => RuleKind::Sum {
            parts: number_keys(&raw.parts, "parts")?,
            total: number_key(&raw.total, "total")?,
            tolerance: raw.tolerance.unwrap_or(0.0),
        },
        "adds_up_to" => RuleKind::AddsUpTo {
            parts: number_keys(&raw.parts, "parts")?,
            amount: number(raw.amount, "amount")?,
        },
        "ratio" => RuleKind::Ratio {
            field: number_key(&raw.field, "field")?,
            numerator: number_key(&raw.numerator, "numerator")?,
            denominator: number_key(&raw.denominator, "denominator")?,
            tolerance: number(raw.tolerance, "tolerance")?,
        },
        "ascending" => RuleKind::Ascending {
            fields: number_keys(&raw.fields, "fields")?,
            strict: raw.strict,
        },
        "equal" => {
            let fields = number_keys(&raw.fields, "fields")?;
            RuleKind::Equal {
                fields: fields
                    .try_into()
                    .map_err(|_| missing("fields, two of them"))?,
            }
        }
        "required_with" => RuleKind::RequiredWith {
            field: key(&raw.field, "field")?,
            with: number_key(&raw.with, "with")?,
        },
        "one_of_subjects" => RuleKind::OneOfSubjects {
            field: key(&raw.field, "field")?,
            score: score()?,
        },
        "in_top" => RuleKind::InTop {
            field: key(&raw.field, "field")?,
            score: score()?,
            top: raw.top.ok_or_else(|| missing("top"))?,
        },
        "stated_scores" => {
            let (names, points) = (
                keys(&raw.names, "names")?,
                number_keys(&raw.points, "points")?,
            );
            if names.len() != points.len() {
                return Err(missing("as many points as names"));
            }
            RuleKind::StatedScores {
                score: score()?,
                names,
                points,
                tolerance: number(raw.tolerance, "tolerance")?,
            }
        }
        "stated_payback" => RuleKind::StatedPayback {
            tolerance: number(raw.tolerance, "tolerance")?,
        },
        other => {
            let message = format!("\"{other}\" is not a kind of rule");
            let help = format!("Kinds: {}", KINDS.join(", "));
            return Err(source.error_in(raw.kind.span(), message, Some(help)));
        }
    };
    let error = match raw.severity.as_ref().map(|name| name.get_ref().as_str()) {
        None | Some("warning") => false,
        Some("error") => true,
        Some(other) => {
            return Err(source.error_at(
                at,
                format!("\"{other}\" is not a severity of a rule: error or warning"),
            ));
        }
    };
    let mut kind = kind;
    if let RuleKind::Holds { holds, .. } = &mut kind {
        holds.resolve(resolver, &[]);
    }
    raw.expected.resolve(resolver, kind.locals());
    Ok(Rule {
        code: raw.code,
        error,
        kind,
        expected: raw.expected,
        fix: raw.fix,
    })
}

/// The kinds of rules.
const KINDS: [&str; 11] = [
    "holds",
    "sum",
    "adds_up_to",
    "ratio",
    "ascending",
    "equal",
    "required_with",
    "one_of_subjects",
    "in_top",
    "stated_scores",
    "stated_payback",
];
