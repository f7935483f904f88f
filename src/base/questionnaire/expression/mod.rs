//! The expression language for conditions, rules, and calculated values in texts.
//!
//! Expressions compare and calculate with facts: `revenue.roi.return - revenue.roi.investment > 0`. They support
//! numbers, texts and options in single quotes, dates such as `2026-12-07`, the operators `+ - * / < <= = != >= >`, the
//! words `and`, `or`, and `not`, parentheses, and the functions `answered(fact)`, `missing(fact, …)` (how many of the
//! facts are unknown), `max(…)`, `min(…)`, and `ceil(…)`. If a value is unknown, the result is unknown, unless the other operand
//! of `and` or `or` decides it. Amounts with different periods are converted to the period of the left operand.
//!
//! The Common Expression Language (CEL) was evaluated first. It adds 42 seconds of build time for a parser and an
//! evaluator with string keys, but facts here are typed and have units.

mod formula;
mod parser;
#[cfg(test)]
mod tests;
mod tokens;

use std::ops::Range;

pub use formula::{AnswerFormulas, when};

use chrono::{Duration, NaiveDate};

use super::EXACT;
use super::fact::Fact;
use super::types::{Type, Value};

/// Maximum nesting depth of an expression.
const MAX_DEPTH: usize = 32;
/// Maximum length of an expression, in bytes.
const MAX_LENGTH: usize = 2_000;

/// An operator between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `>=`
    AtLeast,
    /// `>`
    More,
    /// `and`
    And,
    /// `or`
    Or,
}

impl Operator {
    /// Returns the precedence. Operators with a higher value bind more strongly.
    fn strength(self) -> u8 {
        match self {
            Operator::Or => 1,
            Operator::And => 2,
            Operator::Add | Operator::Subtract => 4,
            Operator::Multiply | Operator::Divide => 5,
            _ => 3,
        }
    }
}

/// A parsed expression. All its facts exist, and the types of its operands match.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    node: Node,
    /// The type of the result.
    pub kind: Type,
}

#[derive(Debug, Clone, PartialEq)]
enum Node {
    Constant(Value),
    Fact(Fact),
    Answered(Fact),
    Missing(Vec<Fact>),
    /// The largest value (`true`) or the smallest.
    Extreme(bool, Vec<Node>),
    /// A number rounded up to a whole number.
    Ceil(Box<Node>),
    Not(Box<Node>),
    Negate(Box<Node>),
    /// A value multiplied by a constant, to convert it to another period or unit.
    Scale(f64, Box<Node>),
    Binary(Operator, Box<Node>, Box<Node>),
}

/// The reason why a text is not a valid expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpressionError {
    /// Byte range of the problem in the text.
    pub span: Range<usize>,
    /// The problem.
    pub message: String,
    /// What would be valid, if known.
    pub help: Option<String>,
}

/// Resolves the names in an expression.
pub trait Names {
    /// Returns the fact with this name, and its type.
    ///
    /// # Errors
    /// Returns the problem and, if known, what would be valid.
    fn fact(&self, name: &str) -> Result<(Fact, Type), (String, Option<String>)>;
    /// Returns the options of a list.
    fn options(&self, list: usize) -> &[String];
    /// Returns the conversion factor between two units, or `None` if there is no conversion.
    fn factor(&self, from: usize, to: usize) -> Option<f64>;
}

impl Expression {
    /// Parses an expression and resolves its names.
    ///
    /// # Errors
    /// Returns an error if the syntax is invalid, a name is unknown, or the types of operands do not match.
    pub fn parse(text: &str, names: &dyn Names) -> Result<Self, ExpressionError> {
        if text.len() > MAX_LENGTH {
            return Err(error(0..text.len(), "the expression is too long"));
        }
        let (node, kind) = parser::parse(text, names)?;
        Ok(Self { node, kind })
    }

    /// Returns the value. Returns `None` if it depends on an unknown value.
    pub fn value(&self, facts: &dyn Fn(&Fact) -> Option<Value>) -> Option<Value> {
        evaluate(&self.node, facts)
    }

    /// Returns whether a condition is true. An unknown condition counts as false: nothing is claimed without data.
    pub fn holds(&self, facts: &dyn Fn(&Fact) -> Option<Value>) -> bool {
        self.value(facts) == Some(Value::Truth(true))
    }

    /// Returns the facts in the expression, in order.
    pub fn facts(&self) -> Vec<&Fact> {
        fn collect<'n>(node: &'n Node, into: &mut Vec<&'n Fact>) {
            match node {
                Node::Constant(_) => {}
                Node::Fact(fact) | Node::Answered(fact) => into.push(fact),
                Node::Missing(facts) => into.extend(facts),
                Node::Extreme(_, nodes) => nodes.iter().for_each(|inner| collect(inner, into)),
                Node::Ceil(inner)
                | Node::Not(inner)
                | Node::Negate(inner)
                | Node::Scale(_, inner) => collect(inner, into),
                Node::Binary(_, left, right) => {
                    collect(left, into);
                    collect(right, into);
                }
            }
        }
        let mut facts = Vec::new();
        collect(&self.node, &mut facts);
        facts
    }

    /// Returns the fact if the expression consists of a single fact.
    pub fn as_fact(&self) -> Option<&Fact> {
        match &self.node {
            Node::Fact(fact) => Some(fact),
            _ => None,
        }
    }
}

fn evaluate(node: &Node, facts: &dyn Fn(&Fact) -> Option<Value>) -> Option<Value> {
    let number = |node: &Node| evaluate(node, facts)?.number();
    let truth = |node: &Node| match evaluate(node, facts) {
        Some(Value::Truth(truth)) => Some(truth),
        _ => None,
    };
    match node {
        Node::Constant(value) => Some(value.clone()),
        Node::Fact(fact) => facts(fact),
        Node::Answered(fact) => Some(Value::Truth(facts(fact).is_some())),
        Node::Missing(all) => {
            let missing = all.iter().filter(|fact| facts(fact).is_none()).count();
            Some(Value::Number(missing as f64))
        }
        Node::Extreme(largest, nodes) => {
            let values: Option<Vec<f64>> = nodes.iter().map(number).collect();
            let extreme = if *largest { f64::max } else { f64::min };
            values?.into_iter().reduce(extreme).map(Value::Number)
        }
        // A floating-point sum just above a whole number counts as that number.
        Node::Ceil(inner) => Some(Value::Number((number(inner)? - EXACT).ceil())),
        Node::Not(inner) => Some(Value::Truth(!truth(inner)?)),
        Node::Negate(inner) => Some(Value::Number(-number(inner)?)),
        Node::Scale(factor, inner) => Some(Value::Number(number(inner)? * factor)),
        Node::Binary(Operator::And, left, right) => match (truth(left), truth(right)) {
            (Some(false), _) | (_, Some(false)) => Some(Value::Truth(false)),
            (left, right) => Some(Value::Truth(left? && right?)),
        },
        Node::Binary(Operator::Or, left, right) => match (truth(left), truth(right)) {
            (Some(true), _) | (_, Some(true)) => Some(Value::Truth(true)),
            (left, right) => Some(Value::Truth(left? || right?)),
        },
        Node::Binary(operator, left, right) => {
            let (left, right) = (evaluate(left, facts)?, evaluate(right, facts)?);
            match (left, right) {
                (Value::Number(left), Value::Number(right)) => numbers(*operator, left, right),
                (Value::Date(left), Value::Date(right)) => dates(*operator, left, right),
                (Value::Date(date), Value::Number(days)) => {
                    let days = Duration::try_days(days.round() as i64)?;
                    let moved = match operator {
                        Operator::Add => date.checked_add_signed(days),
                        _ => date.checked_sub_signed(days),
                    };
                    moved.map(Value::Date)
                }
                (left, right) => match operator {
                    Operator::Equal => Some(Value::Truth(left == right)),
                    Operator::NotEqual => Some(Value::Truth(left != right)),
                    _ => None,
                },
            }
        }
    }
}

fn numbers(operator: Operator, left: f64, right: f64) -> Option<Value> {
    // A floating-point sum just below a limit counts as equal to it.
    let exact = EXACT * left.abs().max(right.abs()).max(1.0);
    let truth = |truth| Some(Value::Truth(truth));
    let number = |number: f64| number.is_finite().then_some(Value::Number(number));
    match operator {
        Operator::Add => number(left + right),
        Operator::Subtract => number(left - right),
        Operator::Multiply => number(left * right),
        Operator::Divide => number(left / right),
        Operator::Less => truth(left < right - exact),
        Operator::AtMost => truth(left <= right + exact),
        Operator::Equal => truth((left - right).abs() <= exact),
        Operator::NotEqual => truth((left - right).abs() > exact),
        Operator::AtLeast => truth(left >= right - exact),
        Operator::More => truth(left > right + exact),
        Operator::And | Operator::Or => None,
    }
}

fn dates(operator: Operator, left: NaiveDate, right: NaiveDate) -> Option<Value> {
    Some(Value::Truth(match operator {
        Operator::Less => left < right,
        Operator::AtMost => left <= right,
        Operator::Equal => left == right,
        Operator::NotEqual => left != right,
        Operator::AtLeast => left >= right,
        Operator::More => left > right,
        Operator::Subtract => return Some(Value::Number((left - right).num_days() as f64)),
        _ => return None,
    }))
}

fn error(span: Range<usize>, message: impl Into<String>) -> ExpressionError {
    ExpressionError {
        span,
        message: message.into(),
        help: None,
    }
}
