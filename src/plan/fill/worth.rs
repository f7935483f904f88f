//! What the partnerships are worth: how return and cost add up, and when they have paid for themselves.

use super::Filler;
use crate::plan::block::*;
use crate::questionnaire::{BarStyle, BlockDef, BridgeBarDef, FinanceDef, Line, PanelDef, Ramp};
use crate::score::Finance;

/// Fewest bars that show how amounts add up.
const MIN_BARS: usize = 2;

impl Filler<'_> {
    pub fn bridge(&self, title: &str, caption: &[Line], defs: &[BridgeBarDef]) -> Vec<Block> {
        let bars: Vec<BridgeBar> = defs.iter().filter_map(|def| self.bridge_bar(def)).collect();
        if bars.len() < MIN_BARS {
            return Vec::new();
        }
        vec![Block::Bridge {
            title: title.to_owned(),
            caption: self.first(caption),
            bars,
        }]
    }

    fn bridge_bar(&self, def: &BridgeBarDef) -> Option<BridgeBar> {
        if !self.facts.all_hold(&def.when) {
            return None;
        }
        let inside = self.facts.first(&def.inside);
        Some(BridgeBar {
            label: def.label.clone(),
            text: self.facts.finish(&def.text)?,
            from: self.facts.number_of(&def.from)?,
            to: self.facts.number_of(&def.to)?,
            kind: match def.style {
                BarStyle::Base => BridgeKind::Base,
                BarStyle::Gain => BridgeKind::Gain,
                BarStyle::Total => BridgeKind::Total,
                BarStyle::Cost => BridgeKind::Cost,
                BarStyle::Rest => BridgeKind::Rest,
            },
            inside: match inside {
                Some(first) => [first, def.below.clone()],
                None => Default::default(),
            },
        })
    }

    pub fn balances(&self, def: &BlockDef) -> Vec<Block> {
        let BlockDef::Balances {
            title,
            caption,
            months,
            panels,
            last_month,
            zero,
            names,
        } = def
        else {
            return Vec::new();
        };
        let (Some(finance_def), Some(finance)) =
            (&self.questionnaire.finance, &self.scorecard.finance)
        else {
            return Vec::new();
        };
        let panels: Vec<Panel> = panels
            .iter()
            .filter_map(|panel| self.panel(panel, finance_def, finance, *months))
            .collect();
        if panels.is_empty() {
            return Vec::new();
        }
        vec![Block::Balances(Box::new(Balances {
            title: title.clone(),
            caption: self.first(caption),
            ticks: self.ticks(&panels),
            panels,
            last_month: last_month.clone(),
            zero: zero.clone(),
            names: names.clone(),
        }))]
    }

    fn panel(
        &self,
        def: &PanelDef,
        finance_def: &FinanceDef,
        finance: &Finance,
        months: u32,
    ) -> Option<Panel> {
        let amount = self.facts.number_of(&def.amount)?;
        let own_ramp = match finance.delay {
            Some(_) => Ramp::Own,
            None => Ramp::Base,
        };
        let balances = |ramp| finance.balances(finance_def, ramp, amount, months);
        let at = |ramp| {
            let payback = finance.payback(finance_def, ramp, Some(amount))?;
            payback.months().filter(|at| *at <= f64::from(months))
        };
        Some(Panel {
            title: def.title.clone(),
            verdict: self.facts.first(&def.verdict)?,
            note: self.first(&def.note),
            own: balances(own_ramp)?,
            fast: balances(Ramp::Fast)?,
            slow: balances(Ramp::Slow)?,
            own_at: at(own_ramp),
            fast_at: at(Ramp::Fast),
        })
    }

    /// Returns round values around 0 that cover the own curves, and the fast ones if that at most doubles the range. Curves
    /// above the highest value leave the chart.
    fn ticks(&self, panels: &[Panel]) -> Vec<(f64, String)> {
        let own = || panels.iter().flat_map(|panel| panel.own.iter().copied());
        let all = || {
            let other = panels.iter().flat_map(|panel| panel.slow.iter().copied());
            own().chain(other)
        };
        let lowest = all().fold(0.0, f64::min);
        let highest = own().fold(0.0, f64::max).max(-lowest / 2.0);
        let fast = panels.iter().flat_map(|panel| panel.fast.iter().copied());
        let fastest = fast.fold(highest, f64::max);
        let highest = match fastest - lowest <= 2.0 * (highest - lowest) {
            true => fastest,
            false => highest,
        };
        let step = round_step((highest - lowest) / 3.0);
        if step <= 0.0 {
            return Vec::new();
        }
        let first = (lowest / step).floor() as i64;
        let last = (highest / step).ceil() as i64;
        let ticks = first..=last;
        ticks
            .map(|tick| {
                let value = tick as f64 * step;
                (value, self.axis_amount(value))
            })
            .collect()
    }
}

/// Returns the next round number from a number up: 1, 2, 4, or 5 times a power of ten.
pub fn round_step(rough: f64) -> f64 {
    if !(rough.is_finite() && rough > 0.0) {
        return 0.0;
    }
    let power = 10f64.powf(rough.log10().floor());
    let digits = [1.0, 2.0, 4.0, 5.0, 10.0].map(|digit| digit * power);
    let fits = digits.into_iter().find(|step| *step >= rough * 0.999);
    fits.unwrap_or(10.0 * power)
}
