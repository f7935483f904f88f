//! Rules between fields: from the words of `checks.toml` to typed rules.

use crate::questionnaire::load::Source;
use crate::questionnaire::raw::{ChecksFile, Name, RuleRaw};
use crate::questionnaire::*;

use super::Names;

pub(super) fn resolve(
    source: &Source,
    file: ChecksFile,
    names: &Names,
    scores: &[ScoreDef],
) -> Result<Vec<Rule>, QuestionnaireError> {
    file.rule
        .into_iter()
        .map(|raw| resolve_rule(source, raw, names, scores))
        .collect()
}

fn resolve_rule(
    source: &Source,
    raw: RuleRaw,
    names: &Names,
    scores: &[ScoreDef],
) -> Result<Rule, QuestionnaireError> {
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
        scores
            .iter()
            .position(|score| score.id == *name.get_ref())
            .ok_or_else(|| {
                source.error_at(
                    name.span().start,
                    format!("there is no score \"{}\"", name.get_ref()),
                )
            })
    };
    let kind = match raw.kind.get_ref().as_str() {
        "sum" => RuleKind::Sum {
            parts: keys(&raw.parts, "parts")?,
            total: key(&raw.total, "total")?,
            tolerance: raw.tolerance.unwrap_or(0.0),
        },
        "sum_at_most" => RuleKind::SumAtMost {
            parts: keys(&raw.parts, "parts")?,
            total: key(&raw.total, "total")?,
        },
        "adds_up_to" => RuleKind::AddsUpTo {
            parts: keys(&raw.parts, "parts")?,
            amount: number(raw.amount, "amount")?,
        },
        "ratio" => RuleKind::Ratio {
            field: key(&raw.field, "field")?,
            numerator: key(&raw.numerator, "numerator")?,
            denominator: key(&raw.denominator, "denominator")?,
            tolerance: number(raw.tolerance, "tolerance")?,
        },
        "ascending" => RuleKind::Ascending {
            fields: keys(&raw.fields, "fields")?,
            strict: raw.strict,
        },
        "at_least" => RuleKind::AtLeast {
            field: key(&raw.field, "field")?,
            least: key(&raw.least, "least")?,
        },
        "between" => RuleKind::Between {
            field: key(&raw.field, "field")?,
            low: key(&raw.low, "low")?,
            high: key(&raw.high, "high")?,
        },
        "equal" => {
            let fields = keys(&raw.fields, "fields")?;
            RuleKind::Equal {
                fields: fields
                    .try_into()
                    .map_err(|_| missing("fields, two of them"))?,
            }
        }
        "required_with" => RuleKind::RequiredWith {
            field: key(&raw.field, "field")?,
            with: key(&raw.with, "with")?,
        },
        "empty_when_zero" => RuleKind::EmptyWhenZero {
            field: key(&raw.field, "field")?,
            with: key(&raw.with, "with")?,
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
            let (names, points) = (keys(&raw.names, "names")?, keys(&raw.points, "points")?);
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
        "payback_possible" => RuleKind::PaybackPossible,
        "stated_payback" => RuleKind::StatedPayback {
            tolerance: number(raw.tolerance, "tolerance")?,
        },
        other => return Err(source.error_at(at, format!("\"{other}\" is not a kind of rule"))),
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
    let wording = FormatString::parse(&raw.expected).map_err(|why| source.error_at(at, why))?;
    let known = kind.facts();
    if let Some(fact) = wording.facts().find(|fact| !known.contains(fact)) {
        let names: Vec<String> = known.iter().map(|name| format!("{{{name}}}")).collect();
        let knows = match names.is_empty() {
            true => "nothing".to_owned(),
            false => names.join(", "),
        };
        return Err(source.error_at(
            at,
            format!("`expected` of this kind of rule knows {knows}, not {{{fact}}}"),
        ));
    }
    Ok(Rule {
        code: raw.code,
        error,
        kind,
        expected: raw.expected,
        fix: raw.fix,
    })
}
