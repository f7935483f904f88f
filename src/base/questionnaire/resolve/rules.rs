//! Resolves the rules in `checks.toml` to typed rules.

use crate::questionnaire::diagnostic::{Reported, Source};
use crate::questionnaire::raw::{ChecksFile, Name, RuleRaw};
use crate::questionnaire::*;

use super::Names;
use super::scores::find_score;
use crate::questionnaire::format_string::Resolver;

/// Resolves the rules and reports problems. A rule with an invalid kind, key, or severity is skipped.
pub(super) fn resolve(file: ChecksFile, names: &Names, resolver: &Resolver) -> Vec<Rule> {
    let rules = file.rule.into_iter();
    rules
        .filter_map(|raw| {
            let parts = Parts {
                raw: &raw,
                names: *names,
                resolver,
            };
            let (mut kind, error) = (parts.kind().ok()?, parts.is_error().ok()?);
            if let RuleKind::Holds { holds, .. } = &mut kind {
                holds.resolve(resolver, &[]);
            }
            let mut expected = raw.expected;
            expected.resolve(resolver, kind.locals());
            Some(Rule {
                name: raw.name,
                code: raw.code,
                error,
                kind,
                expected,
                fix: raw.fix,
            })
        })
        .collect()
}

/// Reads the keys of a rule that its kind requires.
struct Parts<'a> {
    raw: &'a RuleRaw,
    names: Names<'a>,
    resolver: &'a Resolver<'a>,
}

impl Parts<'_> {
    fn kind(&self) -> Result<RuleKind, Reported> {
        let raw = self.raw;
        Ok(match raw.kind.get_ref().as_str() {
            "holds" => RuleKind::Holds {
                field: self.key(&raw.field, "field")?,
                holds: raw.holds.clone().ok_or_else(|| self.missing("holds"))?,
            },
            "sum" => RuleKind::Sum {
                parts: self.numbers(&raw.parts, "parts")?,
                total: self.number(&raw.total, "total")?,
                tolerance: raw.tolerance.unwrap_or(0.0),
            },
            "adds_up_to" => RuleKind::AddsUpTo {
                parts: self.numbers(&raw.parts, "parts")?,
                amount: raw.amount.ok_or_else(|| self.missing("amount"))?,
            },
            "ratio" => RuleKind::Ratio {
                field: self.number(&raw.field, "field")?,
                numerator: self.number(&raw.numerator, "numerator")?,
                denominator: self.number(&raw.denominator, "denominator")?,
                tolerance: self.tolerance()?,
            },
            "ascending" => RuleKind::Ascending {
                fields: self.numbers(&raw.fields, "fields")?,
                strict: raw.strict,
            },
            "equal" => RuleKind::Equal {
                fields: self
                    .numbers(&raw.fields, "fields")?
                    .try_into()
                    .map_err(|_| self.missing("fields, two of them"))?,
            },
            "required_with" => RuleKind::RequiredWith {
                field: self.key(&raw.field, "field")?,
                with: self.number(&raw.with, "with")?,
            },
            "one_of_subjects" => RuleKind::OneOfSubjects {
                field: self.key(&raw.field, "field")?,
                score: self.score()?,
            },
            "in_top" => RuleKind::InTop {
                field: self.key(&raw.field, "field")?,
                score: self.score()?,
                top: raw.top.ok_or_else(|| self.missing("top"))?,
            },
            "entered_scores" => self.entered_scores()?,
            "entered_payback" => RuleKind::StatedPayback {
                tolerance: self.tolerance()?,
            },
            other => {
                let message = format!("\"{other}\" is not a kind of rule");
                let help = format!("Kinds: {}", KINDS.join(", "));
                return Err(self.source().error_in(raw.kind.span(), message, Some(help)));
            }
        })
    }

    fn entered_scores(&self) -> Result<RuleKind, Reported> {
        let names = self.raw.names.as_ref();
        let names = names.ok_or_else(|| self.missing("names"))?;
        let names = self.names.all(self.source(), names)?;
        let points = self.numbers(&self.raw.points, "points")?;
        if names.len() != points.len() {
            return Err(self.missing("as many points as names"));
        }
        Ok(RuleKind::StatedScores {
            score: self.score()?,
            names,
            points,
            tolerance: self.tolerance()?,
        })
    }

    /// Returns whether the issues of the rule are errors. The default is warnings.
    fn is_error(&self) -> Result<bool, Reported> {
        let Some(severity) = &self.raw.severity else {
            return Ok(false);
        };
        match severity.get_ref().as_str() {
            "warning" => Ok(false),
            "error" => Ok(true),
            other => {
                let message = format!("\"{other}\" is not a severity of a rule: error or warning");
                Err(self.source().error_in(severity.span(), message, None))
            }
        }
    }

    fn source(&self) -> &Source {
        self.resolver.source
    }

    fn missing(&self, what: &str) -> Reported {
        let kind = &self.raw.kind;
        let message = format!("a rule of the kind \"{}\" needs `{what}`", kind.get_ref());
        self.source().error_in(kind.span(), message, None)
    }

    fn key(&self, name: &Option<Name>, what: &str) -> Result<FieldKey, Reported> {
        let name = name.as_ref().ok_or_else(|| self.missing(what))?;
        self.names.key(self.source(), name)
    }

    fn number(&self, name: &Option<Name>, what: &str) -> Result<FieldKey, Reported> {
        self.numeric(name.as_ref().ok_or_else(|| self.missing(what))?)
    }

    fn numbers(&self, list: &Option<Vec<Name>>, what: &str) -> Result<Vec<FieldKey>, Reported> {
        let list = list.as_ref().ok_or_else(|| self.missing(what))?;
        list.iter().map(|name| self.numeric(name)).collect()
    }

    /// Resolves a numeric field. A rule that compares texts or dates would never report an issue.
    fn numeric(&self, name: &Name) -> Result<FieldKey, Reported> {
        let key = self.names.key(self.source(), name)?;
        match &self.resolver.catalog.fields[key.0].kind {
            kind if !kind.is_number() => {
                let message = format!("\"{}\" is not a number", name.get_ref());
                Err(self.source().error_in(name.span(), message, None))
            }
            _ => Ok(key),
        }
    }

    fn tolerance(&self) -> Result<f64, Reported> {
        self.raw.tolerance.ok_or_else(|| self.missing("tolerance"))
    }

    fn score(&self) -> Result<usize, Reported> {
        let name = self.raw.score.as_ref();
        let name = name.ok_or_else(|| self.missing("score"))?;
        find_score(self.source(), self.resolver.catalog.scores, name)
    }
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
    "entered_scores",
    "entered_payback",
];
