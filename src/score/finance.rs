//! Return on investment and payback, calculated from monthly amounts and the questionnaire's ramp-up.

use crate::answers::Answers;
use crate::questionnaire::FinanceDef;

/// The values calculated from investment and return.
#[derive(Debug, Clone, PartialEq)]
pub struct Finance {
    /// Investment per month.
    pub investment: Option<f64>,
    /// Return per month after the ramp-up.
    pub returns: Option<f64>,
    /// Return divided by investment.
    pub roi: Option<f64>,
    /// When the cumulative return overtakes the cumulative investment.
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
    /// Calculates the values. There is no ratio if an amount is missing or the investment is 0.
    pub fn of(def: &FinanceDef, answers: &Answers) -> Self {
        let investment = answers.number(def.investment);
        let returns = answers.number(def.returns);
        let both = investment
            .zip(returns)
            .filter(|(investment, _)| *investment > 0.0);
        Self {
            investment,
            returns,
            roi: both.map(|(investment, returns)| returns / investment),
            payback: both.map(|(investment, returns)| {
                payback(investment, returns, &def.ramp, def.horizon_months)
            }),
        }
    }

    /// Returns the cumulative investment and return from month 0 on, under the same assumptions as `payback`.
    pub fn curves(&self, def: &FinanceDef, months: u32) -> Option<Vec<(f64, f64)>> {
        let (investment, returns) = self.investment.zip(self.returns)?;
        let mut sum = (0.0, 0.0);
        let mut points = vec![sum];
        for month in 1..=months {
            sum = (
                sum.0 + investment,
                sum.1 + returns * share(&def.ramp, month),
            );
            points.push(sum);
        }
        Some(points)
    }
}

/// Returns the share of the full return in a month. The first month is 1.
fn share(ramp: &[f64], month: u32) -> f64 {
    ramp.get(month as usize - 1)
        .or(ramp.last())
        .copied()
        .unwrap_or(1.0)
}

/// Returns the month in which the cumulative return overtakes the cumulative investment. The full investment starts in
/// month 1. The return is `ramp[0]` of the full return in month 1 and so on. The last share applies to all later
/// months.
fn payback(investment: f64, returns: f64, ramp: &[f64], horizon: u32) -> Payback {
    let mut balance = 0.0;
    for month in 1..=horizon {
        let next = balance + returns * share(ramp, month) - investment;
        // If investment and return have been equal so far, the return has nothing to overtake.
        if next > 0.0 || (next == 0.0 && balance < 0.0) {
            // Both grow evenly within a month, so the balance is a straight line.
            return Payback::Months(f64::from(month) - 1.0 + balance / (balance - next));
        }
        balance = next;
    }
    Payback::Never
}

#[cfg(test)]
mod tests {
    use super::*;

    const RAMP: [f64; 5] = [0.0, 0.0, 1.0 / 3.0, 2.0 / 3.0, 1.0];

    #[test]
    fn payback_by_hand() {
        // Return 2, investment 1 per month. Balance: −1, −2, −2⅓, −2, −1, 0: exactly 6 months.
        assert!(
            matches!(payback(1.0, 2.0, &RAMP, 36), Payback::Months(m) if (m - 6.0).abs() < 1e-9)
        );
        // The ramp-up costs three months of return: 3·R/(R − I) from month 4 on, here 3·5/3 = 5.
        assert!(
            matches!(payback(2.0, 5.0, &RAMP, 36), Payback::Months(m) if (m - 5.0).abs() < 1e-9)
        );
        // 3·1.05/0.05 = 63 months.
        assert_eq!(payback(1.0, 1.05, &RAMP, 36), Payback::Never);
        assert_eq!(payback(1.0, 1.0, &RAMP, 36), Payback::Never);
        assert_eq!(payback(1.0, 0.0, &RAMP, 36), Payback::Never);
        // Without a ramp-up, it pays back from the start.
        assert!(matches!(payback(1.0, 4.0, &[1.0], 36), Payback::Months(m) if m.abs() < 1e-9));
        // Return and investment are equal from the first month on: nothing is overtaken.
        assert!(matches!(payback(5.0, 5.0, &[1.0], 36), Payback::Never));
    }

    #[test]
    fn curves_meet_where_it_pays_back() {
        let questionnaire = crate::questionnaire::Questionnaire::built_in().unwrap();
        let def = questionnaire.finance.as_ref().unwrap();
        let finance = Finance {
            investment: Some(2.0),
            returns: Some(5.0),
            roi: Some(2.5),
            payback: None,
        };
        let curves = finance.curves(def, 12).unwrap();
        assert_eq!(curves.len(), 13);
        // By hand: 5/3 in month 3, 10/3 in month 4, then 5 per month. After month 5, both have reached 10.
        let returned: Vec<f64> = curves.iter().map(|(_, returned)| *returned).collect();
        for (month, expected) in [(2, 0.0), (3, 5.0 / 3.0), (4, 5.0), (5, 10.0), (12, 45.0)] {
            assert!((returned[month] - expected).abs() < 1e-9, "month {month}");
        }
        assert!((curves[5].0 - curves[5].1).abs() < 1e-9);
    }
}
