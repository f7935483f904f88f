//! Parses tokens to a tree, resolves names, and checks the types of operands.

use std::ops::Range;

use super::tokens::{Token, tokens};
use super::{ExpressionError, MAX_DEPTH, Names, Node, Operator, error};
use crate::questionnaire::fact::Fact;
use crate::questionnaire::types::{Type, Unit, Value};

/// Reports operands whose types do not fit their operator.
fn mismatch(left: Type, right: Type, verb: &str, span: Range<usize>) -> ExpressionError {
    let (left, right) = (left.name(), right.name());
    error(span, format!("{left} and {right} cannot be {verb}"))
}

struct Parser<'a> {
    tokens: Vec<(Token, Range<usize>)>,
    at: usize,
    depth: usize,
    end: usize,
    names: &'a dyn Names,
}

/// A node and the type of its value.
type Typed = (Node, Type);

/// Parses an expression.
pub fn parse(text: &str, names: &dyn Names) -> Result<Typed, ExpressionError> {
    let mut parser = Parser {
        tokens: tokens(text)?,
        at: 0,
        depth: 0,
        end: text.len(),
        names,
    };
    let parsed = parser.expression(0)?;
    match parser.peek() {
        None => Ok(parsed),
        Some((Token::Comma, span)) => Err(ExpressionError {
            span: span.clone(),
            message: "a comma is not expected here".into(),
            help: Some("Write decimals with a point, such as 0.5".into()),
        }),
        Some((_, span)) => Err(error(
            span.clone(),
            format!("\"{}\" is not expected here", &text[span.clone()]),
        )),
    }
}

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
            Token::Name(name) if name == "ceil" => {
                let (inner, kind) = self.in_parentheses(span.clone())?;
                match kind {
                    Type::Number(..) => Ok((Node::Ceil(Box::new(inner)), kind)),
                    _ => Err(error(span, "`ceil` needs a number")),
                }
            }
            Token::Name(name) if matches!(self.peek(), Some((Token::Open, _))) => {
                Err(ExpressionError {
                    span,
                    message: format!("there is no function \"{name}\""),
                    help: Some("Functions: answered, missing, max, min, ceil".into()),
                })
            }
            Token::Name(name) if name == "true" || name == "false" => Err(ExpressionError {
                span,
                message: format!("\"{name}\" is not a value"),
                help: Some("A condition stands alone, or with `not` before it".into()),
            }),
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
            Token::Comma => Err(ExpressionError {
                span,
                message: "a comma is not expected here".into(),
                help: Some("Write decimals with a point, such as 0.5".into()),
            }),
            Token::Operator(_) | Token::Close => Err(error(span, "a value is missing here")),
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
