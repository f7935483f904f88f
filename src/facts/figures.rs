//! The calculated figures of a questionnaire, and how they are printed.

use super::Facts;
use crate::analysis::Analysis;
use crate::answers::Answers;
use crate::display;
use crate::questionnaire::{EXACT, FigureFormat, Questionnaire, Value};
use crate::score::Scorecard;

/// The values of all figures, in the order of the questionnaire.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Figures {
    values: Vec<Option<Value>>,
}

impl Figures {
    /// Calculates the figures. Each can depend on those before it.
    pub fn of(
        questionnaire: &Questionnaire,
        answers: &Answers,
        scorecard: &Scorecard,
        analysis: &Analysis,
    ) -> Self {
        let mut figures = Self::default();
        for def in &questionnaire.advice.figures {
            let value = {
                let facts =
                    Facts::of(questionnaire, answers, scorecard).with_analysis(analysis, &figures);
                let case = def.cases.iter().find(|case| {
                    let when = case.when.as_ref();
                    when.is_none_or(|when| when.holds(&|fact| facts.value(fact)))
                });
                case.and_then(|case| facts.formula(&case.value))
            };
            figures.values.push(value.map(|value| match value {
                Value::Number(number) => Value::Number(number * def.factor),
                other => other,
            }));
        }
        figures
    }

    /// Returns the value of a figure. `None` if it is unknown.
    pub fn value(&self, index: usize) -> Option<Value> {
        self.values.get(index)?.clone()
    }
}

/// Significant digits of amounts in sentences.
pub(super) const DIGITS: i32 = 3;

/// Significant digits of an amount that is printed to the unit.
const ALL_DIGITS: i32 = 15;

/// Returns the number of significant digits of an amount in this format.
pub(super) fn digits(format: FigureFormat) -> i32 {
    match format {
        FigureFormat::MoneyWhole => ALL_DIGITS,
        _ => DIGITS,
    }
}
const MILLION: f64 = 1e6;
const BILLION: f64 = 1e9;

impl Facts<'_> {
    /// Formats a figure for a sentence or a chart.
    pub(super) fn formatted(&self, value: &Value, format: FigureFormat) -> String {
        let questionnaire = self.questionnaire;
        let number = match value {
            Value::Number(number) => *number,
            Value::Date(date) => return display::date(questionnaire, *date),
            Value::Text(text) => return text.clone(),
            Value::Truth(truth) => return truth.to_string(),
        };
        match format {
            FigureFormat::Money | FigureFormat::MoneyWhole => {
                self.rounded_money(number, digits(format))
            }
            FigureFormat::MoneyUp => {
                self.rounded_money(display::rounded_up(number, DIGITS), DIGITS)
            }
            FigureFormat::MoneyDown => {
                self.rounded_money(display::rounded_down(number, DIGITS), DIGITS)
            }
            FigureFormat::Multiple => {
                let short = display::fixed(questionnaire, number, 1);
                match short == display::fixed(questionnaire, 1.0, 1) {
                    true => display::fixed(questionnaire, number, 2),
                    false => short,
                }
            }
            FigureFormat::Percent => display::number(questionnaire, 100.0 * number, 0),
            FigureFormat::PercentUp => {
                display::number(questionnaire, (100.0 * number - EXACT).ceil(), 0)
            }
            // A payback after 9.1 months is in month 10.
            FigureFormat::Month => {
                display::number(questionnaire, (number - EXACT).ceil().max(1.0), 0)
            }
            FigureFormat::Decimal => display::number(questionnaire, number, 1),
            FigureFormat::WholeUp => display::number(questionnaire, (number - EXACT).ceil(), 0),
            FigureFormat::Whole | FigureFormat::Date | FigureFormat::Text => {
                display::number(questionnaire, number, 0)
            }
        }
    }

    /// Formats an amount with this many significant digits, or without cents if that is less exact.
    pub fn rounded_money(&self, amount: f64, digits: i32) -> String {
        let rounded = display::rounded(amount.abs(), digits);
        let money = display::money(self.questionnaire, self.answers, rounded);
        match amount < 0.0 && rounded != 0.0 {
            true => format!("−{money}"),
            false => money,
        }
    }

    /// Formats an amount with this many significant digits and without its currency. Billions are printed in millions.
    pub fn bare(&self, amount: f64, digits: i32) -> String {
        let rounded = display::rounded(amount, digits);
        let number = |value| display::number(self.questionnaire, value, 0).replace('-', "−");
        match rounded.abs() >= BILLION {
            true => {
                let word = &self.questionnaire.plan_layout.words.million;
                format!("{} {word}", number(rounded / MILLION))
            }
            false => number(rounded),
        }
    }

    /// Formats a figure exactly, for the appendix.
    pub fn exact(&self, index: usize) -> Option<String> {
        let value = self.analysis?.1.value(index)?;
        let def = &self.questionnaire.advice.figures[index];
        Some(match (&value, def.format) {
            (
                Value::Number(amount),
                FigureFormat::Money
                | FigureFormat::MoneyUp
                | FigureFormat::MoneyDown
                | FigureFormat::MoneyWhole,
            ) => display::money(self.questionnaire, self.answers, *amount),
            (Value::Number(share), FigureFormat::Percent | FigureFormat::PercentUp) => {
                format!("{}%", display::number(self.questionnaire, 100.0 * share, 2))
            }
            (Value::Number(number), _) => display::number(self.questionnaire, *number, 2),
            _ => self.formatted(&value, def.format),
        })
    }
}
