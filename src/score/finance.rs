//! Return, investment, and payback, calculated from monthly amounts and the questionnaire's ramps.

use crate::answers::{Answers, Value};
use crate::questionnaire::{FinanceDef, Measured, Ramp};

/// The values calculated from investment and return.
#[derive(Debug, Clone, PartialEq)]
pub struct Finance {
    /// Investment per month.
    pub investment: Option<f64>,
    /// Return per month after the ramp-up.
    pub returns: Option<f64>,
    /// Return per month today.
    pub baseline: Option<f64>,
    /// What is invested once. 0 if the questionnaire does not ask for it.
    pub one_time: Option<f64>,
    /// Months by which the client's own ramp is delayed. `None` if unknown.
    pub delay: Option<f64>,
    /// Return divided by investment.
    pub multiple: Option<f64>,
    /// When the cumulative return overtakes the cumulative investment, with the usual ramp.
    pub payback: Option<Payback>,
}

/// When an investment pays back.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Payback {
    /// After this many months, interpolated within the month.
    Months(f64),
    /// Not within the questionnaire's horizon.
    Never,
}

impl Payback {
    /// Returns the number of months, if the investment pays back.
    pub fn months(self) -> Option<f64> {
        match self {
            Payback::Months(months) => Some(months),
            Payback::Never => None,
        }
    }
}

impl Finance {
    /// Calculates the values. There is no multiple if an amount is missing or the investment is 0.
    pub fn of(def: &FinanceDef, answers: &Answers) -> Self {
        let per_month = |own: Measured| Some(answers.number(own.key)? / own.months);
        let mut finance = Self {
            investment: per_month(def.investment),
            returns: per_month(def.returns),
            baseline: def.baseline.and_then(per_month),
            one_time: match def.one_time {
                None => Some(0.0),
                Some(key) if answers.get(key).value == Value::NotApplicable => Some(0.0),
                Some(key) => answers.number(key),
            },
            delay: def
                .delay
                .and_then(|own| Some(answers.number(own.key)? * own.months)),
            multiple: None,
            payback: None,
        };
        finance.multiple = finance
            .investment
            .zip(finance.returns)
            .filter(|(investment, _)| *investment > 0.0)
            .map(|(investment, returns)| returns / investment);
        finance.payback = finance.payback(def, Ramp::Base, finance.returns);
        finance
    }

    /// Returns the return per month above today's.
    pub fn growth(&self) -> Option<f64> {
        Some(self.returns? - self.baseline?)
    }

    /// Returns when a monthly amount has paid for the investment. `None` if an amount or the delay is unknown.
    pub fn payback(&self, def: &FinanceDef, ramp: Ramp, amount: Option<f64>) -> Option<Payback> {
        let (investment, one_time) = (self.investment?, self.one_time?);
        let amount = amount.filter(|_| investment > 0.0 || one_time > 0.0)?;
        let shares = self.shares(def, ramp, def.horizon_months)?;
        Some(payback(investment, one_time, amount, &shares))
    }

    /// Returns the balance of a monthly amount and the investment from month 0 on. `None` if a value is unknown.
    pub fn balances(
        &self,
        def: &FinanceDef,
        ramp: Ramp,
        amount: f64,
        months: u32,
    ) -> Option<Vec<f64>> {
        let investment = self.investment?;
        let shares = self.shares(def, ramp, months)?;
        let start = -self.one_time?;
        let mut balance = start;
        let rest = shares.into_iter().map(|share| {
            balance += amount * share - investment;
            balance
        });
        Some(std::iter::once(start).chain(rest).collect())
    }

    /// Returns the sum of the shares over a number of months, with the client's own ramp or else the usual one.
    pub fn full_months(&self, def: &FinanceDef, months: u32) -> f64 {
        let ramp = match self.delay {
            Some(_) => Ramp::Own,
            None => Ramp::Base,
        };
        let shares = self.shares(def, ramp, months);
        shares.map_or(0.0, |shares| shares.iter().sum())
    }

    /// Returns the share of the full return in each month, from month 1. `None` if the delay is unknown.
    fn shares(&self, def: &FinanceDef, ramp: Ramp, months: u32) -> Option<Vec<f64>> {
        let months = 1..=months;
        let of = |ramp: &[f64]| {
            months
                .clone()
                .map(|month| share(ramp, month.into()))
                .collect()
        };
        Some(match ramp {
            Ramp::Fast => of(&def.fast),
            Ramp::Base => of(&def.ramp),
            Ramp::Slow => of(&def.slow),
            Ramp::Own => {
                let delay = self.delay?.max(0.0);
                // A delay within a month mixes the shares of two months.
                let (whole, part) = (delay.floor(), delay.fract());
                let delayed = months.map(|month| {
                    let month = i64::from(month) - whole as i64;
                    (1.0 - part) * share(&def.ramp, month) + part * share(&def.ramp, month - 1)
                });
                delayed.collect()
            }
        })
    }
}

/// Returns the share of the full return in a month: nothing before month 1.
fn share(ramp: &[f64], month: i64) -> f64 {
    match usize::try_from(month - 1) {
        Ok(index) => ramp.get(index).or(ramp.last()).copied().unwrap_or(1.0),
        Err(_) => 0.0,
    }
}

/// Returns the month in which the cumulative return overtakes the cumulative investment. The full investment starts in
/// month 1, after what is invested once. The return of each month is its share of the full return.
fn payback(investment: f64, one_time: f64, returns: f64, shares: &[f64]) -> Payback {
    let mut balance = -one_time;
    for (month, share) in shares.iter().enumerate() {
        let next = balance + returns * share - investment;
        // If investment and return have been equal so far, the return has nothing to overtake.
        if next > 0.0 || (next == 0.0 && balance < 0.0) {
            // Both grow evenly within a month, so the balance is a straight line.
            return Payback::Months(month as f64 + balance / (balance - next));
        }
        balance = next;
    }
    Payback::Never
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shares of the usual ramp over 36 months.
    fn ramp() -> Vec<f64> {
        let mut shares = vec![0.0, 0.0, 1.0 / 3.0, 2.0 / 3.0];
        shares.resize(36, 1.0);
        shares
    }

    #[test]
    fn payback_by_hand() {
        let months = |investment, returns| payback(investment, 0.0, returns, &ramp()).months();
        // Return 2, investment 1 per month. Balance: −1, −2, −2⅓, −2, −1, 0: exactly 6 months.
        assert!((months(1.0, 2.0).unwrap() - 6.0).abs() < 1e-9);
        // The ramp-up costs three months of return: 3·R/(R − I) from month 4 on, here 3·5/3 = 5.
        assert!((months(2.0, 5.0).unwrap() - 5.0).abs() < 1e-9);
        // 3·1.05/0.05 = 63 months.
        assert_eq!(months(1.0, 1.05), None);
        assert_eq!(months(1.0, 1.0), None);
        assert_eq!(months(1.0, 0.0), None);
        // Without a ramp-up, it pays back from the start.
        assert_eq!(payback(1.0, 0.0, 4.0, &[1.0]).months(), Some(0.0));
        // 6 invested once: earned in two months at 3 more than the cost.
        assert_eq!(payback(1.0, 6.0, 4.0, &[1.0, 1.0, 1.0]).months(), Some(2.0));
        // Return and investment are equal from the first month on: nothing is overtaken.
        assert_eq!(payback(5.0, 0.0, 5.0, &[1.0]), Payback::Never);
    }

    #[test]
    fn balances_by_hand() {
        let questionnaire = crate::questionnaire::Questionnaire::built_in().unwrap();
        let def = questionnaire.finance.as_ref().unwrap();
        let mut finance = Finance {
            investment: Some(1.0),
            returns: Some(3.0),
            baseline: Some(2.0),
            one_time: Some(4.0),
            delay: None,
            multiple: None,
            payback: None,
        };
        // 4 invested once, 1 a month; the return of 3 comes at 0, 0, 1/3, 2/3, 1 of its full height.
        let balances = finance.balances(def, Ramp::Base, 3.0, 6).unwrap();
        assert_eq!(balances, [-4.0, -5.0, -6.0, -6.0, -5.0, -3.0, -1.0]);
        assert_eq!(finance.growth(), Some(1.0));
        // The delay is unknown.
        assert_eq!(finance.balances(def, Ramp::Own, 3.0, 6), None);
        finance.investment = None;
        assert_eq!(finance.balances(def, Ramp::Base, 3.0, 6), None);
    }

    #[test]
    fn a_sales_cycle_delays_the_ramp() {
        let questionnaire = crate::questionnaire::Questionnaire::built_in().unwrap();
        let def = questionnaire.finance.as_ref().unwrap();
        let finance = Finance {
            investment: Some(2.0),
            returns: Some(5.0),
            baseline: None,
            one_time: Some(0.0),
            delay: Some(1.5),
            multiple: None,
            payback: None,
        };
        // Half of month m − 1 and half of month m − 2 of 0, 0, 1/3, 2/3, 1.
        let shares = finance.shares(def, Ramp::Own, 7).unwrap();
        let expected = [0.0, 0.0, 0.0, 1.0 / 6.0, 0.5, 5.0 / 6.0, 1.0];
        for (share, expected) in shares.iter().zip(expected) {
            assert!((share - expected).abs() < 1e-9, "{shares:?}");
        }
        // Balance after month 6: 5 · 1.5 − 12 = −4.5; it grows by 3 a month: 0 after 7.5 months.
        let payback = finance.payback(def, Ramp::Own, Some(5.0)).unwrap();
        assert!((payback.months().unwrap() - 7.5).abs() < 1e-9);
        assert!((finance.full_months(def, 7) - 2.5).abs() < 1e-9);
    }
}
