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
        let (token, length) = token(&text[at..], first).map_err(|wrong| wrong.at(at))?;
        tokens.push((token, at..at + length));
        at += length;
    }
    Ok(tokens)
}

/// What is wrong at the start of a text.
struct Wrong {
    /// Length of the part that is wrong, in bytes.
    length: usize,
    message: String,
    help: Option<String>,
}

impl Wrong {
    /// Returns what is wrong with the first `length` bytes of a text, and what to use instead.
    fn new(text: &str, length: usize, what: &str, help: Option<String>) -> Self {
        Self {
            length,
            message: format!("\"{}\" {what}", &text[..length]),
            help,
        }
    }

    fn at(self, at: usize) -> ExpressionError {
        ExpressionError {
            span: at..at + self.length,
            message: self.message,
            help: self.help,
        }
    }
}

/// Parses the token at the start of a text that starts with the character `first`. Returns the token and its length in
/// bytes.
fn token(text: &str, first: char) -> Result<(Token, usize), Wrong> {
    if let Some((operator, length)) = operator(text)? {
        return Ok((Token::Operator(operator), length));
    }
    match first {
        '(' => Ok((Token::Open, 1)),
        ')' => Ok((Token::Close, 1)),
        ',' => Ok((Token::Comma, 1)),
        '\'' => quoted(text),
        '0'..='9' | '.' => number_or_date(text),
        'a'..='z' | 'A'..='Z' | '_' => word(text),
        other => Err(unexpected(text, other)),
    }
}

/// Parses the operator at the start of a text, if there is one that is written in signs.
fn operator(text: &str) -> Result<Option<(Operator, usize)>, Wrong> {
    const OPERATORS: [(&str, Operator); 10] = [
        ("<=", Operator::AtMost),
        (">=", Operator::AtLeast),
        ("!=", Operator::NotEqual),
        ("<", Operator::Less),
        (">", Operator::More),
        ("=", Operator::Equal),
        ("+", Operator::Add),
        ("-", Operator::Subtract),
        ("*", Operator::Multiply),
        ("/", Operator::Divide),
    ];
    /// Operators of other languages.
    const FOREIGN: [(&str, &str); 4] = [
        ("=>", "Use >="),
        ("=<", "Use <="),
        ("<>", "Use !="),
        ("==", "Use = for \"is equal to\""),
    ];
    if let Some((sign, help)) = FOREIGN.iter().find(|(sign, _)| text.starts_with(sign)) {
        let help = Some((*help).to_owned());
        return Err(Wrong::new(text, sign.len(), "is not an operator", help));
    }
    let found = OPERATORS.iter().find(|(sign, _)| text.starts_with(sign));
    Ok(found.map(|(sign, operator)| (*operator, sign.len())))
}

/// Parses the text in single quotes at the start of `text`.
fn quoted(text: &str) -> Result<(Token, usize), Wrong> {
    // Two single quotes within a text are an apostrophe.
    let mut end = 1;
    loop {
        let next = text[end..].find('\'').ok_or_else(|| Wrong {
            length: text.len(),
            message: "the text has no closing quotation mark".into(),
            help: Some("Write an apostrophe within a text twice: 'l\'\'anno'".into()),
        })?;
        end += next + 1;
        match text[end..].starts_with('\'') {
            true => end += 1,
            false => break,
        }
    }
    Ok((Token::Text(text[1..end - 1].replace("\'\'", "\'")), end))
}

/// Parses the name, or the operator that is a word, at the start of a text.
fn word(text: &str) -> Result<(Token, usize), Wrong> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
    let length = text.find(|c| !is_part(c)).unwrap_or(text.len());
    let token = match &text[..length] {
        "and" => Token::Operator(Operator::And),
        "or" => Token::Operator(Operator::Or),
        "not" => Token::Not,
        word @ ("AND" | "OR" | "NOT" | "And" | "Or" | "Not") => {
            let help = Some(format!("Use {}", word.to_lowercase()));
            return Err(Wrong::new(text, length, "is not expected here", help));
        }
        name => Token::Name(name.to_owned()),
    };
    Ok((token, length))
}

/// Returns what to use instead of the sign at the start of a text.
fn unexpected(text: &str, first: char) -> Wrong {
    const INSTEAD: [(&str, &str); 7] = [
        ("&&", "and"),
        ("||", "or"),
        ("!", "not"),
        ("\"", "'"),
        ("≤", "<="),
        ("≥", ">="),
        ("≠", "!="),
    ];
    let known = INSTEAD.iter().find(|(sign, _)| text.starts_with(sign));
    let length = known.map_or(first.len_utf8(), |(sign, _)| sign.len());
    let help = known.map(|(_, instead)| format!("Use {instead}"));
    Wrong::new(text, length, "is not expected here", help)
}

/// Parses the token at the start of a text that starts with a digit or a period. Returns the token and its length.
fn number_or_date(text: &str) -> Result<(Token, usize), Wrong> {
    const DATE_LENGTH: usize = 10;
    if let Some(date) = text.get(..DATE_LENGTH).and_then(|date| date.parse().ok()) {
        return Ok((Token::Date(date), DATE_LENGTH));
    }
    let is_digit = |c: char| c.is_ascii_digit() || c == '.';
    let length = text.find(|c| !is_digit(c)).unwrap_or(text.len());
    let number = text[..length].parse().map_err(|_| {
        let help = "Write a date as 2026-12-31, without quotation marks".into();
        Wrong::new(text, length, "is not a number", Some(help))
    })?;
    Ok((Token::Number(number), length))
}
