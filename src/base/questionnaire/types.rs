//! Types, units, and values of facts and expressions.

use chrono::NaiveDate;

/// The unit of a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Unit {
    /// A literal, which takes the unit of the other operand.
    Literal,
    /// A number without a unit, such as a rating or a ratio.
    Plain,
    /// An amount of money.
    Money,
    /// A percentage: 25 is 25%.
    Percent,
    /// A quantity (index into [`super::Questionnaire::units`]).
    Quantity(usize),
}

/// The type of an expression.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Type {
    /// A number with its unit and the length of its period in months, if it has a period.
    Number(Unit, Option<f64>),
    /// A text.
    Text,
    /// An option of a list (index into [`super::Questionnaire::choices`]).
    Choice(usize),
    /// A date.
    Date,
    /// True or false.
    Truth,
}

impl Type {
    /// A number without a unit or a period.
    pub const PLAIN: Type = Type::Number(Unit::Plain, None);

    /// Returns the type as text for messages.
    pub fn name(self) -> &'static str {
        match self {
            Type::Number(Unit::Money, _) => "an amount",
            Type::Number(Unit::Percent, _) => "a percentage",
            Type::Number(Unit::Quantity(_), _) => "a quantity",
            Type::Number(..) => "a number",
            Type::Text => "a text",
            Type::Choice(_) => "an option",
            Type::Date => "a date",
            Type::Truth => "a condition",
        }
    }
}

/// The value of an expression or a fact.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A number.
    Number(f64),
    /// A text, or the text of an option.
    Text(String),
    /// A date.
    Date(NaiveDate),
    /// True or false.
    Truth(bool),
}

impl Value {
    /// Returns the number, or `None` for other values.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }
}
