//! Finances and targets: investment and return, their breakdown and payback, and the success metrics.

use super::Filler;
use crate::display;
use crate::facts::PLACES;
use crate::plan::block::*;
use crate::questionnaire::{FieldKey, FormatString, Local};
use crate::score::Payback;

impl Filler<'_> {
    pub fn finance(
        &self,
        title: &str,
        labels: &[String; 6],
        assumption: &FormatString,
    ) -> Vec<Block> {
        let (Some(def), Some(finance)) = (&self.questionnaire.finance, &self.scorecard.finance)
        else {
            return Vec::new();
        };
        let words = &self.questionnaire.plan_layout.words;
        let [
            investment,
            returns,
            roi,
            stated_roi,
            payback,
            stated_payback,
        ] = labels;
        let shown = |key: FieldKey| display::value(self.questionnaire, self.answers, key);
        let mut rows: Vec<(String, String)> = Vec::new();
        let mut add = |label: &str, text: Option<String>| {
            rows.extend(text.map(|text| (label.to_owned(), text)))
        };
        add(investment, shown(def.investment));
        for part in &def.parts {
            add(&self.questionnaire.field(*part).row_label, shown(*part));
        }
        add(returns, shown(def.returns));
        let ratio =
            |value: f64| format!("{} : 1", display::number(self.questionnaire, value, PLACES));
        add(roi, finance.roi.map(ratio));
        add(stated_roi, def.stated_roi.and_then(shown));
        let no_payback = || self.facts.finish(&words.no_payback);
        add(
            payback,
            match finance.payback {
                Some(Payback::Months(months)) => Some(self.months(def.stated_payback, months)),
                Some(Payback::Never) => no_payback(),
                None => None,
            },
        );
        add(stated_payback, def.stated_payback.and_then(shown));
        if rows.is_empty() {
            return Vec::new();
        }
        let mut blocks = vec![Block::Fields {
            title: Some(title.to_owned()),
            groups: vec![FieldGroup {
                heading: None,
                title: String::new(),
                rows,
                unanswered: None,
            }],
        }];
        if finance.payback.is_some() {
            blocks.extend(
                self.facts
                    .finish_with(assumption, |fact| {
                        (fact == Local::Ramp).then(|| def.ramp_up())
                    })
                    .map(|text| Block::Notes(vec![text])),
            );
        }
        blocks
    }

    /// Formats months like the field in which the client enters them.
    fn months(&self, field: Option<FieldKey>, months: f64) -> String {
        let rounded = (months * 10.0).round() / 10.0;
        field.map_or_else(
            || display::number(self.questionnaire, months, PLACES),
            |key| display::field_number(self.questionnaire, self.answers, key, rounded),
        )
    }

    pub fn targets(&self, title: &str, names: &[String; 3]) -> Vec<Block> {
        if self.record.targets.is_empty() {
            return Vec::new();
        }
        vec![Block::Targets {
            title: title.to_owned(),
            names: names.clone(),
            targets: self.record.targets.clone(),
        }]
    }

    /// Shows the parts of the investment and the remainder.
    pub fn breakdown(&self, title: &str, rest: &str) -> Vec<Block> {
        let (Some(def), Some(finance)) = (&self.questionnaire.finance, &self.scorecard.finance)
        else {
            return Vec::new();
        };
        let mut parts: Vec<(String, f64, String)> = def
            .parts
            .iter()
            .filter_map(|key| {
                let amount = self.answers.number(*key).filter(|amount| *amount > 0.0)?;
                let text = display::field_number(self.questionnaire, self.answers, *key, amount);
                Some((
                    self.questionnaire.field(*key).row_label.clone(),
                    amount,
                    text,
                ))
            })
            .collect();
        if parts.is_empty() {
            return Vec::new();
        }
        let sum: f64 = parts.iter().map(|part| part.1).sum();
        let whole = finance.investment.unwrap_or(sum).max(sum);
        parts.sort_by(|a, b| b.1.total_cmp(&a.1));
        // A remainder of up to half a percent is due to rounding.
        if whole - sum > 0.005 * whole {
            let text = display::field_number(
                self.questionnaire,
                self.answers,
                def.investment,
                whole - sum,
            );
            parts.push((rest.to_owned(), whole - sum, text));
        }
        let longest = parts.iter().map(|part| part.1).fold(0.0, f64::max);
        let share = |amount: f64| {
            let percent = display::number(self.questionnaire, 100.0 * amount / whole, 0);
            format!("{percent} %")
        };
        vec![Block::Breakdown {
            title: title.to_owned(),
            parts: parts
                .into_iter()
                .map(|(label, amount, text)| Share {
                    label,
                    length: amount / longest,
                    text,
                    share: share(amount),
                })
                .collect(),
        }]
    }

    /// Shows the cumulative investment and return for at least `months` months, longer if they meet later. Never longer
    /// than the horizon.
    pub fn payback(
        &self,
        title: &str,
        months: u32,
        (lines, axis): (&[String; 2], &str),
        (meets, never): (&FormatString, &FormatString),
    ) -> Vec<Block> {
        let (Some(def), Some(finance)) = (&self.questionnaire.finance, &self.scorecard.finance)
        else {
            return Vec::new();
        };
        let Some(payback) = finance.payback else {
            return Vec::new();
        };
        let months = match payback {
            Payback::Months(at) => months.max(at.ceil() as u32 + 1),
            Payback::Never => months,
        };
        let Some(points) = finance.curves(def, months.min(def.horizon_months)) else {
            return Vec::new();
        };
        let money = |amount: f64| display::money(self.questionnaire, self.answers, amount);
        let (invested, returned) = points.last().copied().unwrap_or_default();
        let wording = if payback.months().is_some() {
            meets
        } else {
            never
        };
        let curves = Curves {
            lines: lines.clone(),
            axis: axis.to_owned(),
            ends: [money(invested), money(returned)],
            ticks: ticks(invested.max(returned))
                .into_iter()
                .map(|tick| (tick, money(tick)))
                .collect(),
            meets: payback.months(),
            note: wording
                .finish(|expression| self.facts.shown(expression))
                .unwrap_or_default(),
            points,
        };
        vec![Block::Payback {
            title: title.to_owned(),
            curves: Box::new(curves),
        }]
    }
}

/// Returns three to five round values from 0 to at least `greatest`.
fn ticks(greatest: f64) -> Vec<f64> {
    let rough = greatest / 4.0;
    if !(rough.is_finite() && rough > 0.0) {
        return Vec::new();
    }
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0]
        .map(|digit| digit * power)
        .into_iter()
        .find(|step| *step >= rough)
        .unwrap_or(10.0 * power);
    (0..=4)
        .map(|i| f64::from(i) * step)
        .take_while(|tick| *tick < greatest + step)
        .collect()
}
