//! Splits an expression into tokens.

use std::ops::Range;

use chrono::NaiveDate;

use super::{ExpressionError, Operator};

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
            '=' | '<'
                if rest.starts_with("=>") || rest.starts_with("=<") || rest.starts_with("<>") =>
            {
                let instead = match &rest[..2] {
                    "=>" => ">=",
                    "=<" => "<=",
                    _ => "!=",
                };
                return Err(ExpressionError {
                    span: at..at + 2,
                    message: format!("\"{}\" is not an operator", &rest[..2]),
                    help: Some(format!("Use {instead}")),
                });
            }
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
                // Two single quotes within a text are an apostrophe.
                let mut end = 1;
                loop {
                    let next = rest[end..].find('\'').ok_or_else(|| ExpressionError {
                        span: at..text.len(),
                        message: "the text has no closing quotation mark".into(),
                        help: Some("Write an apostrophe within a text twice: 'l\'\'anno'".into()),
                    })?;
                    end += next + 1;
                    match rest[end..].starts_with('\'') {
                        true => end += 1,
                        false => break,
                    }
                }
                (Token::Text(rest[1..end - 1].replace("\'\'", "\'")), end)
            }
            '0'..='9' | '.' => number_or_date(rest, at)?,
            'a'..='z' | 'A'..='Z' | '_' => {
                let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
                let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
                let token = match &rest[..length] {
                    "and" => Token::Operator(Operator::And),
                    "or" => Token::Operator(Operator::Or),
                    "not" => Token::Not,
                    "AND" | "OR" | "NOT" | "And" | "Or" | "Not" => {
                        return Err(ExpressionError {
                            span: at..at + length,
                            message: format!("\"{}\" is not expected here", &rest[..length]),
                            help: Some(format!("Use {}", rest[..length].to_lowercase())),
                        });
                    }
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
    let number = rest[..length].parse().map_err(|_| ExpressionError {
        span: at..at + length,
        message: format!("\"{}\" is not a number", &rest[..length]),
        help: Some("Write a date as 2026-12-31, without quotation marks".into()),
    })?;
    Ok((Token::Number(number), length))
}
