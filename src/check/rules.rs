//! The rule types of `checks.toml`. Most rules are skipped if one of their fields has no usable value.

use super::at_field;
use crate::answers::{Answers, Value};
use crate::display;
use crate::facts::Facts;
use crate::issue::{Issue, IssueCode, Severity};
use crate::questionnaire::{AMOUNT_TOLERANCE, FieldKey, Local, Questionnaire, Rule, RuleKind};
use crate::score::{Payback, Score, Scorecard, Subject};
use crate::text::fill;

/// A rule and everything needed to check it.
struct Check<'a> {
    questionnaire: &'a Questionnaire,
    answers: &'a Answers,
    facts: &'a Facts<'a>,
    rule: &'a Rule,
    issues: &'a mut Vec<Issue>,
}

pub fn check(
    questionnaire: &Questionnaire,
    rule: &Rule,
    answers: &Answers,
    scorecard: &Scorecard,
    issues: &mut Vec<Issue>,
) {
    Check {
        questionnaire,
        answers,
        facts: &Facts::of(questionnaire, answers, scorecard),
        rule,
        issues,
    }
    .run(scorecard);
}

impl Check<'_> {
    fn run(&mut self, scorecard: &Scorecard) {
        match &self.rule.kind {
            RuleKind::Holds { field, holds } => {
                if holds.fails(&|fact| self.facts.value(fact)) {
                    self.report(*field, &[]);
                }
            }
            RuleKind::Sum {
                parts,
                total,
                tolerance,
            } => self.sum_equals(parts, *total, *tolerance),
            RuleKind::AddsUpTo { parts, amount } => {
                if let Some(sum) = self
                    .sum(parts)
                    .filter(|sum| (sum - amount).abs() > AMOUNT_TOLERANCE)
                {
                    let sum = display::number(self.questionnaire, sum, 2);
                    self.report(parts[0], &[(Local::Total, sum)]);
                }
            }
            RuleKind::Ratio {
                field,
                numerator,
                denominator,
                tolerance,
            } => self.ratio_equals(*field, [*numerator, *denominator], *tolerance),
            RuleKind::Ascending { fields, strict } => self.ascending(fields, *strict),
            RuleKind::Equal {
                fields: [field, other],
            } => {
                if let (Some(value), Some(limit)) = (self.number(*field), self.number(*other))
                    && (value - limit).abs() > AMOUNT_TOLERANCE
                {
                    let limit = format!("{}{}", self.shown(*other, limit), self.cell(*other));
                    self.report(*field, &[(Local::Limit, limit)]);
                }
            }
            RuleKind::RequiredWith { field, with } => {
                if let Some(count) = self.number(*with).filter(|count| *count > 0.0)
                    && self.answers.get(*field).value == Value::Missing
                {
                    let count = display::number(self.questionnaire, count, 0);
                    self.report(*field, &[(Local::Limit, count)]);
                }
            }
            RuleKind::OneOfSubjects { field, score } => {
                self.one_of_subjects(*field, &scorecard.scores[*score]);
            }
            RuleKind::InTop { field, score, top } => {
                self.in_top(*field, &scorecard.scores[*score], *top);
            }
            RuleKind::StatedScores {
                score,
                names,
                points,
                tolerance,
            } => self.entered_scores(&scorecard.scores[*score], names, points, *tolerance),
            RuleKind::StatedPayback { tolerance } => self.entered_payback(scorecard, *tolerance),
        }
    }

    fn sum_equals(&mut self, parts: &[FieldKey], total: FieldKey, tolerance: f64) {
        if let (Some(sum), Some(limit)) = (self.sum(parts), self.number(total))
            && (sum - limit).abs() > tolerance * limit.abs() + AMOUNT_TOLERANCE
        {
            let (sum, limit) = (self.shown(total, sum), self.shown(total, limit));
            self.report(total, &[(Local::Total, sum), (Local::Limit, limit)]);
        }
    }

    fn ratio_equals(&mut self, field: FieldKey, parts: [FieldKey; 2], tolerance: f64) {
        let [numerator, denominator] = parts.map(|part| self.number(part));
        if let (Some(entered), Some(above), Some(below)) =
            (self.number(field), numerator, denominator)
            && below > 0.0
            && (entered - above / below).abs()
                > tolerance * (above / below).abs() + AMOUNT_TOLERANCE
        {
            let ratio = display::number(self.questionnaire, above / below, 2);
            self.report(field, &[(Local::Limit, ratio)]);
        }
    }

    fn one_of_subjects(&mut self, field: FieldKey, score: &Score) {
        let typed = self.answers.text(field);
        let names: Vec<&str> = score.names().collect();
        if typed.is_some_and(|name| score.named(name).is_none()) && !names.is_empty() {
            self.report(field, &[(Local::Limit, names.join(", "))]);
        }
    }

    fn in_top(&mut self, field: FieldKey, score: &Score, top: u32) {
        let chosen = self.answers.text(field).and_then(|name| score.named(name));
        let rank = chosen.and_then(|chosen| chosen.rank);
        if rank.is_some_and(|rank| rank > top) {
            let best = score.ranking().into_iter();
            let best = best.filter(|subject| subject.rank.is_some_and(|rank| rank <= top));
            let best: Vec<String> = best.map(|subject| self.subject(subject)).collect();
            self.report(field, &[(Local::Limit, best.join(", "))]);
        }
    }

    fn ascending(&mut self, fields: &[FieldKey], strict: bool) {
        let mut below: Option<(FieldKey, f64)> = None;
        for &field in fields {
            let Some(value) = self.number(field) else {
                continue;
            };
            if let Some((lower, limit)) = below
                && (value < limit - AMOUNT_TOLERANCE
                    || (strict && value <= limit + AMOUNT_TOLERANCE))
            {
                self.report(field, &[(Local::Limit, self.shown(lower, limit))]);
            }
            below = Some((field, value));
        }
    }

    fn entered_scores(
        &mut self,
        score: &Score,
        names: &[FieldKey],
        points: &[FieldKey],
        tolerance: f64,
    ) {
        for (place, (&name, &entered)) in names.iter().zip(points).enumerate() {
            let Some(typed) = self.answers.text(name) else {
                continue;
            };
            let Some(subject) = score.named(typed) else {
                let candidates: Vec<&str> = score.names().collect();
                if !candidates.is_empty() {
                    let texts = &self.questionnaire.issue_texts.expected;
                    let names = [("names", &*candidates.join(", "))];
                    let candidates = fill(&texts.one_of_candidates, &names);
                    self.report(name, &[(Local::Limit, candidates)]);
                }
                continue;
            };
            self.entered_place(score, name, subject, place);
            if let (Some(entered_points), Some(computed)) = (self.number(entered), subject.points)
                && (entered_points - computed).abs() > tolerance
            {
                let computed = display::number(self.questionnaire, computed, 2);
                let texts = &self.questionnaire.issue_texts.expected;
                let values = [("points", computed.as_str()), ("name", &subject.name)];
                let computed = fill(&texts.computed_points, &values);
                self.report(entered, &[(Local::Limit, computed)]);
            }
        }
    }

    /// A subject that the client put in a place, from 0, has the rank of that place.
    fn entered_place(&mut self, score: &Score, name: FieldKey, subject: &Subject, place: usize) {
        let ranking = score.ranking();
        let expected = ranking.get(place).and_then(|subject| subject.rank);
        if subject.rank.is_none() || subject.rank == expected {
            return;
        }
        let due = ranking.iter().filter(|subject| subject.rank == expected);
        let due: Vec<String> = due.map(|subject| self.subject(subject)).collect();
        if !due.is_empty() {
            let texts = &self.questionnaire.issue_texts.expected;
            let due = due.join(&texts.or);
            let place = (place + 1).to_string();
            let values = [("place", place.as_str()), ("names", &due)];
            let expected = fill(&texts.place_by_ratings, &values);
            self.report(name, &[(Local::Limit, expected)]);
        }
    }

    fn entered_payback(&mut self, scorecard: &Scorecard, tolerance: f64) {
        let (Some(def), Some(finance)) = (&self.questionnaire.finance, &scorecard.finance) else {
            return;
        };
        let Some((field, entered)) = def
            .entered_payback
            .and_then(|own| Some((own.key, self.number(own.key)? * own.months)))
        else {
            return;
        };
        match finance.payback {
            Some(Payback::Months(months)) if (months - entered).abs() > tolerance => self.report(
                field,
                &[(Local::Limit, display::number(self.questionnaire, months, 1))],
            ),
            // The return exceeds the investment but does not pay back within the horizon. Another rule covers lower
            // returns.
            Some(Payback::Never) if finance.multiple.is_some_and(|roi| roi > 1.0) => {
                let texts = &self.questionnaire.issue_texts.expected;
                let months = [("number", &*def.horizon_months.to_string())];
                let limit = fill(&texts.more_than, &months);
                self.report(field, &[(Local::Limit, limit)]);
            }
            _ => {}
        }
    }

    fn number(&self, key: FieldKey) -> Option<f64> {
        self.answers.number(key)
    }

    fn sum(&self, parts: &[FieldKey]) -> Option<f64> {
        parts.iter().map(|part| self.number(*part)).sum()
    }

    fn shown(&self, key: FieldKey, value: f64) -> String {
        display::field_number(self.questionnaire, self.answers, key, value)
    }

    fn subject(&self, subject: &Subject) -> String {
        let points = subject
            .points
            .map(|points| display::number(self.questionnaire, points, 1))
            .unwrap_or_default();
        format!("{} ({points})", subject.name)
    }

    fn cell(&self, key: FieldKey) -> String {
        self.answers
            .get(key)
            .place
            .as_ref()
            .map(|place| format!(", {place}"))
            .unwrap_or_default()
    }

    fn report(&mut self, key: FieldKey, locals: &[(Local, String)]) {
        let local = |fact: Local| {
            let mut own = locals.iter().filter(|(own, _)| *own == fact);
            own.next().map(|(_, text)| text.clone())
        };
        let expected = self.facts.finish_with(&self.rule.expected, local);
        let expected = expected.unwrap_or_default();
        let severity = if self.rule.error {
            Severity::Error
        } else {
            Severity::Warning
        };
        self.issues.push(at_field(
            self.questionnaire,
            self.answers,
            key,
            severity,
            IssueCode::Rule(self.rule.code.clone()),
            expected,
            self.rule.fix.clone(),
        ));
    }
}
