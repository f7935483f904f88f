//! Splits an expression into tokens.

use std::ops::Range;

use chrono::NaiveDate;

use super::{ExpressionError, Operator, error};

/// A token.
#[derive(Debug, Clone, PartialEq)]
pub enum Token {
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

/// Returns the tokens with their places, in bytes.
pub fn tokens(text: &str) -> Result<Vec<(Token, Range<usize>)>, ExpressionError> {
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
            '=' if rest.starts_with("==") => {
                return Err(ExpressionError {
                    span: at..at + 2,
                    message: "\"==\" is not an operator".into(),
                    help: Some("Use = for \"is equal to\"".into()),
                });
            }
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
                let used = [
                    ("&&", "and"),
                    ("||", "or"),
                    ("!", "not"),
                    ("\"", "'"),
                    ("≤", "<="),
                    ("≥", ">="),
                    ("≠", "!="),
                ];
                let (sign, help) = match used.iter().find(|(sign, _)| rest.starts_with(sign)) {
                    Some((sign, instead)) => (*sign, Some(format!("Use {instead}"))),
                    None => (&rest[..other.len_utf8()], None),
                };
                return Err(ExpressionError {
                    span: at..at + sign.len(),
                    message: format!("\"{sign}\" is not expected here"),
                    help,
                });
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
