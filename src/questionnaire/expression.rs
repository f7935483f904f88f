//! The expression language for conditions, rules, and calculated values in texts.
//!
//! Expressions compare and calculate with facts: `revenue.roi.return - revenue.roi.investment > 0`. They support
//! numbers, texts and options in single quotes, dates such as `2026-12-07`, the operators `+ - * / < <= = != >= >`, the
//! words `and`, `or`, and `not`, parentheses, and the functions `answered(fact)`, `missing(fact, …)` (how many of the
//! facts are unknown), `max(…)`, and `min(…)`. If a value is unknown, the result is unknown, unless the other operand
//! of `and` or `or` decides it. Amounts with different periods are converted to the period of the left operand.
//!
//! The Common Expression Language (CEL) was evaluated first. It adds 42 seconds of build time for a parser and an
//! evaluator with string keys, but facts here are typed and have units.

use std::ops::Range;

use chrono::{Duration, NaiveDate};

use super::EXACT;
use super::fact::Fact;
use super::types::{Type, Unit, Value};

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
        let mut parser = Parser {
            tokens: tokens(text)?,
            at: 0,
            depth: 0,
            end: text.len(),
            names,
        };
        let (node, kind) = parser.expression(0)?;
        match parser.peek() {
            None => Ok(Self { node, kind }),
            Some((_, span)) => Err(error(
                span.clone(),
                format!("\"{}\" is not expected here", &text[span.clone()]),
            )),
        }
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
                Node::Not(inner) | Node::Negate(inner) | Node::Scale(_, inner) => {
                    collect(inner, into);
                }
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

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Number(f64),
    Text(String),
    Date(NaiveDate),
    Name(String),
    Operator(Operator),
    Not,
    Open,
    Close,
    Comma,
}

/// Reports operands whose types do not fit their operator.
fn mismatch(left: Type, right: Type, verb: &str, span: Range<usize>) -> ExpressionError {
    let (left, right) = (left.name(), right.name());
    error(span, format!("{left} and {right} cannot be {verb}"))
}

fn error(span: Range<usize>, message: impl Into<String>) -> ExpressionError {
    ExpressionError {
        span,
        message: message.into(),
        help: None,
    }
}

fn tokens(text: &str) -> Result<Vec<(Token, Range<usize>)>, ExpressionError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let rest = &text[at..];
        let (token, length) = match first {
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            ',' => (Token::Comma, 1),
            '+' => (Token::Operator(Operator::Add), 1),
            '-' => (Token::Operator(Operator::Subtract), 1),
            '*' => (Token::Operator(Operator::Multiply), 1),
            '/' => (Token::Operator(Operator::Divide), 1),
            '<' if rest.starts_with("<=") => (Token::Operator(Operator::AtMost), 2),
            '<' => (Token::Operator(Operator::Less), 1),
            '>' if rest.starts_with(">=") => (Token::Operator(Operator::AtLeast), 2),
            '>' => (Token::Operator(Operator::More), 1),
            '!' if rest.starts_with("!=") => (Token::Operator(Operator::NotEqual), 2),
            '=' => (Token::Operator(Operator::Equal), 1),
            '\'' => {
                let end = rest[1..].find('\'').ok_or_else(|| {
                    error(at..text.len(), "the text has no closing quotation mark")
                })?;
                (Token::Text(rest[1..=end].to_owned()), end + 2)
            }
            '0'..='9' | '.' => number_or_date(rest, at)?,
            'a'..='z' | 'A'..='Z' | '_' => {
                let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
                let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
                let token = match &rest[..length] {
                    "and" => Token::Operator(Operator::And),
                    "or" => Token::Operator(Operator::Or),
                    "not" => Token::Not,
                    name => Token::Name(name.to_owned()),
                };
                (token, length)
            }
            other => {
                return Err(error(
                    at..at + other.len_utf8(),
                    format!("\"{other}\" is not expected here"),
                ));
            }
        };
        tokens.push((token, at..at + length));
        at += length;
    }
    Ok(tokens)
}

/// Parses the token at the start of a text that starts with a digit or a period. Returns the token and its length.
fn number_or_date(rest: &str, at: usize) -> Result<(Token, usize), ExpressionError> {
    const DATE_LENGTH: usize = 10;
    if let Some(date) = rest.get(..DATE_LENGTH).and_then(|date| date.parse().ok()) {
        return Ok((Token::Date(date), DATE_LENGTH));
    }
    let is_digit = |c: char| c.is_ascii_digit() || c == '.';
    let length = rest.find(|c| !is_digit(c)).unwrap_or(rest.len());
    let number = rest[..length].parse().map_err(|_| {
        let message = format!("\"{}\" is not a number", &rest[..length]);
        error(at..at + length, message)
    })?;
    Ok((Token::Number(number), length))
}

struct Parser<'a> {
    tokens: Vec<(Token, Range<usize>)>,
    at: usize,
    depth: usize,
    end: usize,
    names: &'a dyn Names,
}

type Typed = (Node, Type);

impl Parser<'_> {
    fn peek(&self) -> Option<&(Token, Range<usize>)> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<(Token, Range<usize>)> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    /// Parses operators that bind more strongly than a limit, and their operands (precedence climbing).
    fn expression(&mut self, limit: u8) -> Result<Typed, ExpressionError> {
        self.depth += 1;
        let start = self.peek().map_or(self.end, |(_, span)| span.start);
        if self.depth > MAX_DEPTH {
            return Err(error(
                start..self.end,
                "the expression is nested too deeply",
            ));
        }
        let mut left = self.operand()?;
        while let Some((Token::Operator(operator), span)) = self.peek().cloned() {
            if operator.strength() <= limit {
                break;
            }
            self.at += 1;
            let right = self.expression(operator.strength())?;
            left = self.combined(operator, left, right, span)?;
        }
        self.depth -= 1;
        Ok(left)
    }

    fn operand(&mut self) -> Result<Typed, ExpressionError> {
        let end = self.end;
        let Some((token, span)) = self.next() else {
            return Err(error(end..end, "a value is missing at the end"));
        };
        match token {
            Token::Number(number) => Ok((
                Node::Constant(Value::Number(number)),
                Type::Number(Unit::Literal, None),
            )),
            Token::Text(text) => Ok((Node::Constant(Value::Text(text)), Type::Text)),
            Token::Date(date) => Ok((Node::Constant(Value::Date(date)), Type::Date)),
            Token::Name(name) if name == "answered" => {
                let inner = self.in_parentheses(span.clone())?;
                match inner.0 {
                    Node::Fact(fact) => Ok((Node::Answered(fact), Type::Truth)),
                    _ => Err(error(span, "`answered` needs the name of a fact")),
                }
            }
            Token::Name(name) if name == "missing" => self.missing(span),
            Token::Name(name) if name == "max" || name == "min" => {
                self.extreme(name == "max", span)
            }
            Token::Name(name) => match self.names.fact(&name) {
                Ok((fact, kind)) => Ok((Node::Fact(fact), kind)),
                Err((message, help)) => Err(ExpressionError {
                    span,
                    message,
                    help,
                }),
            },
            Token::Open => {
                self.at -= 1;
                self.in_parentheses(span)
            }
            Token::Not => {
                let (node, kind) = self.expression(Operator::And.strength())?;
                match kind {
                    Type::Truth => Ok((Node::Not(Box::new(node)), Type::Truth)),
                    other => Err(error(
                        span,
                        format!("`not` needs a condition, not {}", other.name()),
                    )),
                }
            }
            Token::Operator(Operator::Subtract) => {
                let (node, kind) = self.expression(Operator::Divide.strength())?;
                match kind {
                    Type::Number(..) => Ok((Node::Negate(Box::new(node)), kind)),
                    other => Err(error(span, format!("{} has no negative", other.name()))),
                }
            }
            Token::Operator(_) | Token::Close | Token::Comma => {
                Err(error(span, "a value is missing here"))
            }
        }
    }

    /// Parses `missing(fact, …)`.
    fn missing(&mut self, span: Range<usize>) -> Result<Typed, ExpressionError> {
        let facts = self.arguments(span.clone())?.into_iter();
        let facts: Option<Vec<Fact>> = facts
            .map(|(node, _)| match node {
                Node::Fact(fact) => Some(fact),
                _ => None,
            })
            .collect();
        let facts = facts.ok_or_else(|| error(span, "`missing` needs the names of facts"))?;
        Ok((Node::Missing(facts), Type::PLAIN))
    }

    /// Parses `max(…)` or `min(…)`. All values are converted to the unit and period of the first.
    fn extreme(&mut self, largest: bool, span: Range<usize>) -> Result<Typed, ExpressionError> {
        let mut arguments = self.arguments(span.clone())?.into_iter();
        let Some((first, kind @ Type::Number(..))) = arguments.next() else {
            return Err(error(span, "`max` and `min` need numbers"));
        };
        let mut nodes = vec![first];
        for (node, own) in arguments {
            let (node, _) = self
                .converted(node, kind, own)
                .ok_or_else(|| mismatch(kind, own, "compared", span.clone()))?;
            nodes.push(node);
        }
        Ok((Node::Extreme(largest, nodes), kind))
    }

    /// Parses arguments in parentheses, separated by commas.
    fn arguments(&mut self, span: Range<usize>) -> Result<Vec<Typed>, ExpressionError> {
        match self.next() {
            Some((Token::Open, _)) => {}
            _ => return Err(error(span, "an opening parenthesis is missing")),
        }
        let mut arguments = vec![self.expression(0)?];
        loop {
            match self.next() {
                Some((Token::Comma, _)) => arguments.push(self.expression(0)?),
                Some((Token::Close, _)) => return Ok(arguments),
                _ => return Err(error(span, "a closing parenthesis is missing")),
            }
        }
    }

    fn in_parentheses(&mut self, span: Range<usize>) -> Result<Typed, ExpressionError> {
        match self.next() {
            Some((Token::Open, _)) => {}
            _ => return Err(error(span, "an opening parenthesis is missing")),
        }
        let inner = self.expression(0)?;
        match self.next() {
            Some((Token::Close, _)) => Ok(inner),
            _ => Err(error(span, "a closing parenthesis is missing")),
        }
    }

    /// Checks the types of the operands. Converts the right operand to the period or unit of the left operand.
    fn combined(
        &self,
        operator: Operator,
        (left, left_kind): Typed,
        (right, right_kind): Typed,
        span: Range<usize>,
    ) -> Result<Typed, ExpressionError> {
        let node = |left, right| Node::Binary(operator, Box::new(left), Box::new(right));
        let unfit = |verb| Err(mismatch(left_kind, right_kind, verb, span.clone()));
        match operator {
            Operator::And | Operator::Or => match (left_kind, right_kind) {
                (Type::Truth, Type::Truth) => Ok((node(left, right), Type::Truth)),
                _ => unfit("connected"),
            },
            Operator::Add | Operator::Subtract => match (left_kind, right_kind) {
                (Type::Number(..), Type::Number(..)) => {
                    match self.converted(right, left_kind, right_kind) {
                        Some((right, kind)) => Ok((node(left, right), kind)),
                        None => unfit("added or subtracted"),
                    }
                }
                (Type::Date, Type::Number(..)) => Ok((node(left, right), Type::Date)),
                (Type::Date, Type::Date) if operator == Operator::Subtract => {
                    Ok((node(left, right), Type::PLAIN))
                }
                _ => unfit("added or subtracted"),
            },
            Operator::Multiply => match (left_kind, right_kind) {
                (Type::Number(Unit::Literal, None), Type::Number(..)) => {
                    Ok((node(left, right), right_kind))
                }
                // A number of sales per month times an amount is an amount per month.
                (
                    Type::Number(Unit::Literal | Unit::Plain, Some(period)),
                    Type::Number(unit @ (Unit::Money | Unit::Quantity(_)), None),
                ) => Ok((node(left, right), Type::Number(unit, Some(period)))),
                (
                    Type::Number(..),
                    Type::Number(Unit::Literal | Unit::Plain | Unit::Percent, None),
                ) => Ok((node(left, right), left_kind)),
                (Type::Number(Unit::Plain | Unit::Percent, None), Type::Number(..)) => {
                    Ok((node(left, right), right_kind))
                }
                (Type::Number(..), Type::Number(..)) => Ok((node(left, right), Type::PLAIN)),
                _ => unfit("multiplied"),
            },
            Operator::Divide => match (left_kind, right_kind) {
                (Type::Number(..), Type::Number(Unit::Literal | Unit::Plain, None))
                | (
                    Type::Number(Unit::Literal | Unit::Plain | Unit::Money | Unit::Quantity(_), _),
                    Type::Number(Unit::Percent, None),
                ) => Ok((node(left, right), left_kind)),
                (Type::Number(..), Type::Number(..)) => {
                    let right = match self.converted(right.clone(), left_kind, right_kind) {
                        Some((converted, _)) => converted,
                        None => right,
                    };
                    Ok((node(left, right), Type::PLAIN))
                }
                _ => unfit("divided"),
            },
            _ => self.compared(operator, (left, left_kind), (right, right_kind), span),
        }
    }

    fn compared(
        &self,
        operator: Operator,
        (left, left_kind): Typed,
        (right, right_kind): Typed,
        span: Range<usize>,
    ) -> Result<Typed, ExpressionError> {
        let node = |left, right| Node::Binary(operator, Box::new(left), Box::new(right));
        let is_equality = matches!(operator, Operator::Equal | Operator::NotEqual);
        let unfit = || Err(mismatch(left_kind, right_kind, "compared", span.clone()));
        match (left_kind, right_kind) {
            (Type::Number(..), Type::Number(..)) => {
                match self.converted(right, left_kind, right_kind) {
                    Some((right, _)) => Ok((node(left, right), Type::Truth)),
                    None => unfit(),
                }
            }
            (Type::Date, Type::Date) => Ok((node(left, right), Type::Truth)),
            (Type::Choice(list), Type::Text) if is_equality => {
                let options = self.names.options(list);
                if let Node::Constant(Value::Text(text)) = &right
                    && !options.contains(text)
                {
                    return Err(ExpressionError {
                        span,
                        message: format!("\"{text}\" is not an option of this question"),
                        help: Some(format!("Options: {}", options.join(", "))),
                    });
                }
                Ok((node(left, right), Type::Truth))
            }
            (Type::Text | Type::Choice(_), Type::Text | Type::Choice(_)) if is_equality => {
                Ok((node(left, right), Type::Truth))
            }
            _ => unfit(),
        }
    }

    /// Converts the right number to the unit and period of the left number. Returns the type that both then have.
    fn converted(&self, right: Node, left_kind: Type, right_kind: Type) -> Option<Typed> {
        let (Type::Number(left_unit, left_period), Type::Number(right_unit, right_period)) =
            (left_kind, right_kind)
        else {
            return None;
        };
        let mut factor = 1.0;
        let unit = match (left_unit, right_unit) {
            (Unit::Literal, other) | (other, Unit::Literal) => other,
            (Unit::Quantity(to), Unit::Quantity(from)) if to != from => {
                factor *= self.names.factor(from, to)?;
                left_unit
            }
            (left, right) if left == right => left,
            // A number without a unit is compatible with percentages and quantities, but not with money.
            (Unit::Plain, other) | (other, Unit::Plain) if other != Unit::Money => other,
            _ => return None,
        };
        let period = match (left_period, right_period) {
            (Some(to), Some(from)) => {
                factor *= to / from;
                Some(to)
            }
            (left, right) => left.or(right),
        };
        let right = match factor == 1.0 {
            true => right,
            false => Node::Scale(factor, Box::new(right)),
        };
        Some((right, Type::Number(unit, period)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::questionnaire::fact::PlanFact;

    /// Test facts: money per month `m`, money per quarter `q`, weeks `w`, days `d`, a list `c`, a date `day`, a text
    /// `t`.
    struct Test;

    const FACTS: [(&str, PlanFact, Type); 8] = [
        ("p", PlanFact::Errors, Type::PLAIN),
        ("m", PlanFact::Open, Type::Number(Unit::Money, Some(1.0))),
        (
            "q",
            PlanFact::Warnings,
            Type::Number(Unit::Money, Some(3.0)),
        ),
        ("w", PlanFact::Urgent, Type::Number(Unit::Quantity(0), None)),
        (
            "d",
            PlanFact::Overdue,
            Type::Number(Unit::Quantity(1), None),
        ),
        ("c", PlanFact::Title, Type::Choice(0)),
        ("day", PlanFact::Start, Type::Date),
        ("t", PlanFact::Subtitle, Type::Text),
    ];

    impl Names for Test {
        fn fact(&self, name: &str) -> Result<(Fact, Type), (String, Option<String>)> {
            let found = FACTS.iter().find(|(known, ..)| *known == name);
            found
                .map(|(_, fact, kind)| (Fact::Plan(*fact), *kind))
                .ok_or_else(|| (format!("no fact {name}"), None))
        }
        fn options(&self, _: usize) -> &[String] {
            static OPTIONS: std::sync::LazyLock<Vec<String>> =
                std::sync::LazyLock::new(|| vec!["Yes".into(), "No".into()]);
            &OPTIONS
        }
        fn factor(&self, from: usize, to: usize) -> Option<f64> {
            match (from, to) {
                (0, 1) => Some(7.0),
                (1, 0) => Some(1.0 / 7.0),
                _ => None,
            }
        }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn value_with(text: &str, known: &[(&str, Value)]) -> Option<Value> {
        let expression = Expression::parse(text, &Test).unwrap_or_else(|e| panic!("{text}: {e:?}"));
        expression.value(&|fact| {
            let (name, ..) = FACTS.iter().find(|(_, own, _)| Fact::Plan(*own) == *fact)?;
            let mut known = known.iter().filter(|(own, _)| own == name);
            known.next().map(|(_, value)| value.clone())
        })
    }

    fn value(text: &str) -> Option<Value> {
        let number = Value::Number;
        value_with(
            text,
            &[
                ("p", number(32.0)),
                ("m", number(100.0)),
                ("q", number(300.0)),
                ("w", number(2.0)),
                ("d", number(15.0)),
                ("c", Value::Text("Yes".into())),
                ("day", Value::Date(day("2026-12-07"))),
            ],
        )
    }

    #[test]
    fn operators_bind_as_in_arithmetic() {
        for (text, expected) in [
            ("1 + 2 * 3", 7.0),
            ("(1 + 2) * 3", 9.0),
            ("2 - 3 - 4", -5.0),
            ("-2 * 3", -6.0),
            ("- p + 1", -31.0),
            ("12 / 3 / 2", 2.0),
            ("day - 2026-12-01", 6.0),
        ] {
            assert_eq!(value(text), Some(Value::Number(expected)), "{text}");
        }
        for text in [
            "p >= 32 and p < 33",
            "p = 1 or p = 32",
            "not p = 1 and p = 32",
            "not (p = 1 or p = 2)",
            "1 + 1 = 2",
            "c = 'Yes'",
            "c != 'No'",
            "day >= 2026-12-07 and day < 2026-12-08",
            "day + 1 = 2026-12-08",
            "answered(p) and not answered(t)",
        ] {
            assert_eq!(value(text), Some(Value::Truth(true)), "{text}");
        }
    }

    #[test]
    fn periods_and_units_are_converted_to_those_of_the_left() {
        // 100 per month is 300 per quarter; 2 weeks are 14 days.
        for (text, expected) in [
            ("m + q", 200.0),
            ("q + m", 600.0),
            ("m / q", 1.0),
            ("d - w", 1.0),
            ("3 * m", 300.0),
        ] {
            assert_eq!(value(text), Some(Value::Number(expected)), "{text}");
        }
        assert_eq!(value("m = q"), Some(Value::Truth(true)));
        assert_eq!(value("d > w"), Some(Value::Truth(true)));
        assert_eq!(value("m > 99"), Some(Value::Truth(true)));
    }

    #[test]
    fn an_edge_is_reached_whatever_the_last_digit_of_a_sum() {
        for points in [32.0 - 4e-15, 32.0, 32.0 + 8e-15] {
            let points = [("p", Value::Number(points))];
            for text in ["p >= 32", "p <= 32", "p = 32", "not p > 32", "not p < 32"] {
                assert_eq!(
                    value_with(text, &points),
                    Some(Value::Truth(true)),
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn an_unknown_value_makes_the_result_unknown_unless_it_does_not_matter() {
        let known = [("p", Value::Number(1.0))];
        for (text, expected) in [
            ("m > 0", None),
            ("not m > 0", None),
            ("m + p", None),
            ("m > 0 and p = 1", None),
            ("m > 0 and p = 2", Some(Value::Truth(false))),
            ("m > 0 or p = 1", Some(Value::Truth(true))),
            ("m > 0 or p = 2", None),
            ("p / 0", None),
        ] {
            // `p` has no unit, so its sum with money would be a type error.
            let text = text.replace("m + p", "m + 1");
            assert_eq!(value_with(&text, &known), expected, "{text}");
        }
    }

    #[test]
    fn comparisons_of_numbers_and_dates() {
        // Less, equal, more: which operators hold.
        let operators = [
            ("<", [true, false, false]),
            ("<=", [true, true, false]),
            ("=", [false, true, false]),
            ("!=", [true, false, true]),
            (">=", [false, true, true]),
            (">", [false, false, true]),
        ];
        for (operator, expected) in operators {
            for (other, expected) in [("33", 0), ("32", 1), ("31", 2)].into_iter().zip(expected) {
                let text = format!("p {operator} {}", other.0);
                assert_eq!(value(&text), Some(Value::Truth(expected)), "{text}");
            }
            let dates = ["2026-12-08", "2026-12-07", "2026-12-06"];
            for (other, expected) in dates.into_iter().zip(expected) {
                let text = format!("day {operator} {other}");
                assert_eq!(value(&text), Some(Value::Truth(expected)), "{text}");
            }
        }
        // The tolerance grows with the numbers, but is far below any rounding.
        assert_eq!(
            value("1000000000.5 > 1000000000"),
            Some(Value::Truth(false))
        );
        assert_eq!(value("1000000002 > 1000000000"), Some(Value::Truth(true)));
        assert_eq!(value("0.00001 > 0"), Some(Value::Truth(true)));
    }

    #[test]
    fn truths_are_connected_like_in_logic() {
        for (a, b) in [(false, false), (false, true), (true, false), (true, true)] {
            let truth = |truth: bool| if truth { "1 = 1" } else { "1 = 2" };
            for (word, expected) in [("and", a && b), ("or", a || b)] {
                let text = format!("{} {word} {}", truth(a), truth(b));
                assert_eq!(value(&text), Some(Value::Truth(expected)), "{text}");
            }
        }
        assert_eq!(value("1 = 1 or 1 = 2 and 1 = 2"), Some(Value::Truth(true)));
    }

    #[test]
    fn functions_over_several_values() {
        for (text, expected) in [
            ("max(p, 40, 12)", Some(40.0)),
            ("min(p, 40, 12)", Some(12.0)),
            ("max(m, q)", Some(100.0)),
            ("max(m, q + 3)", Some(101.0)),
            ("max(p)", Some(32.0)),
            ("missing(p, t, d)", Some(1.0)),
            ("missing(p)", Some(0.0)),
        ] {
            assert_eq!(value(text), expected.map(Value::Number), "{text}");
        }
        assert_eq!(value_with("max(p, d)", &[("p", Value::Number(1.0))]), None);
        for (text, message) in [
            ("max p", "opening parenthesis"),
            ("max(p, 2", "closing parenthesis"),
            ("max('a')", "need numbers"),
            ("max(m, w)", "cannot be compared"),
            ("missing(1)", "needs the names of facts"),
            ("p, 2", "not expected"),
        ] {
            let error = Expression::parse(text, &Test).unwrap_err();
            assert!(error.message.contains(message), "{text}: {error:?}");
        }
    }

    #[test]
    fn units_of_products_and_quotients() {
        let kind = |text: &str| Expression::parse(text, &Test).unwrap().kind;
        let money = |period| Type::Number(Unit::Money, period);
        assert_eq!(kind("2 * m"), money(Some(1.0)));
        assert_eq!(kind("q / 3"), money(Some(3.0)));
        assert_eq!(kind("m / q"), Type::PLAIN);
        assert_eq!(kind("m * p"), money(Some(1.0)));
        assert_eq!(kind("day + 3"), Type::Date);
        assert_eq!(kind("day - day"), Type::PLAIN);
        assert_eq!(kind("m > q"), Type::Truth);
    }

    #[test]
    fn an_expression_tells_its_facts_and_whether_it_holds() {
        let parse = |text: &str| Expression::parse(text, &Test).unwrap();
        let p = |_: &Fact| Some(Value::Number(1.0));
        assert!(parse("p = 1").holds(&p) && !parse("p = 2").holds(&p));
        assert!(!parse("p = 1").holds(&|_| None), "unknown does not hold");
        assert!(!parse("p").holds(&p), "a number is not a condition");
        let names = |text: &str| {
            let expression = parse(text);
            expression
                .facts()
                .into_iter()
                .copied()
                .collect::<Vec<Fact>>()
        };
        let [p, m] = [PlanFact::Errors, PlanFact::Open].map(Fact::Plan);
        assert_eq!(names("not p > 1 and answered(m)"), [p, m]);
        assert_eq!(names("-m + max(m, 1) > 0 and missing(p) = 0"), [m, m, p]);
        assert_eq!(parse("p").as_fact(), Some(&p));
        assert_eq!(parse("p + 0").as_fact(), None);
    }

    #[test]
    fn long_expressions_are_refused() {
        let sum = |length: usize| {
            let text = format!("p{}", "+1".repeat(length / 2));
            text[..length.min(text.len())].to_owned()
        };
        assert!(Expression::parse(&sum(MAX_LENGTH - 1), &Test).is_ok());
        let padded = format!("{} ", sum(MAX_LENGTH - 1));
        assert_eq!(padded.len(), MAX_LENGTH);
        assert!(Expression::parse(&padded, &Test).is_ok());
        let error = Expression::parse(&format!("{padded} "), &Test).unwrap_err();
        assert!(error.message.contains("too long"));
    }

    #[test]
    fn what_does_not_fit_is_an_error_at_its_place() {
        for (text, at, message) in [
            ("", 0..0, "missing at the end"),
            ("p >", 3..3, "missing at the end"),
            ("p > > 1", 4..5, "a value is missing here"),
            ("p 1", 2..3, "not expected"),
            ("x = 1", 0..1, "no fact x"),
            ("(p = 1", 0..1, "closing parenthesis"),
            ("p = 1 and 2", 6..9, "cannot be connected"),
            ("m + w", 2..3, "an amount and a quantity cannot be added"),
            ("m > p", 2..3, "cannot be compared"),
            ("c < 'Yes'", 2..3, "cannot be compared"),
            ("c = 'Maybe'", 2..3, "not an option"),
            ("day = 1", 4..5, "cannot be compared"),
            ("t = 'open", 4..9, "closing quotation mark"),
            ("not p", 0..3, "needs a condition"),
            ("p = 1.2.3", 4..9, "is not a number"),
            ("p § 1", 2..4, "not expected"),
            ("answered(1)", 0..8, "needs the name of a fact"),
        ] {
            let error = Expression::parse(text, &Test).unwrap_err();
            assert!(error.message.contains(message), "{text}: {error:?}");
            assert_eq!(error.span, at, "{text}: {error:?}");
        }
        let deep = format!("{}p{}", "(".repeat(200), ")".repeat(200));
        assert!(
            Expression::parse(&deep, &Test)
                .unwrap_err()
                .message
                .contains("too deeply")
        );
        assert!(Expression::parse(&"1+".repeat(2_000), &Test).is_err());
    }
}
