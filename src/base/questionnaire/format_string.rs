//! Conditions, and texts with facts and expressions in braces. Both are resolved when the questionnaire is loaded.

use serde::Deserialize;

use super::diagnostic::{Reported, Source, did_you_mean};
use super::expression::{AnswerFormulas, Expression, ExpressionError, Names};
use super::fact::{Catalog, Fact, Local};
use super::types::{Type, Value};
use super::{ChoiceList, Conversion};

/// A text with expressions in braces: `{figure.multiple}:1`, `{revenue.roi.return - revenue.roi.investment} a month`.
/// After a colon, a style may follow: `{figure.growth:bare}`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "String")]
pub struct FormatString {
    text: String,
    pieces: Vec<Piece>,
}

/// Declares types that the files contain as strings, with the descriptions for editors.
macro_rules! strings_in_files {
    ($($type:ident: $description:literal,)*) => {
        $(#[cfg(test)]
        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "description": $description })
            }
        })*
    };
}

strings_in_files! {
    FormatString: "A text with facts and expressions in braces, such as \"{score.readiness.points} of 50\"",
    Condition: "An expression that is true or false, such as \"figure.net > 0\"",
    Formula: "An expression, such as \"revenue.roi.return - revenue.roi.investment\"",
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// Literal text.
    Words(String),
    /// An expression whose value is inserted.
    Value(Expression, Style),
}

/// How the value of an expression is inserted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// As the value's type asks.
    Usual,
    /// An amount without its currency.
    Bare,
    /// An amount without its currency, with a sign.
    Signed,
    /// A date without its year.
    Short,
}

impl Style {
    /// All styles that can be named, with their names.
    const ALL: [(&'static str, Self); 3] = [
        ("bare", Self::Bare),
        ("signed", Self::Signed),
        ("short", Self::Short),
    ];
}

impl From<String> for FormatString {
    fn from(text: String) -> Self {
        Self {
            text,
            pieces: Vec::new(),
        }
    }
}

impl FormatString {
    /// Returns the text with all values inserted. Returns `None` if a value is unknown.
    pub fn finish(&self, shown: impl Fn(&Expression, Style) -> Option<String>) -> Option<String> {
        self.pieces
            .iter()
            .map(|piece| match piece {
                Piece::Words(words) => Some(words.clone()),
                Piece::Value(expression, style) => shown(expression, *style),
            })
            .collect()
    }

    /// Returns the pieces, in order.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    pub(super) fn resolve(&mut self, resolver: &Resolver, locals: &[Local]) {
        let text = self.text.clone();
        resolver.source.accept(&text);
        match split(&text) {
            Err(why) => {
                resolver.source.error_at_text(&text, why);
            }
            Ok(pieces) => {
                self.pieces = pieces
                    .into_iter()
                    .filter_map(|piece| match piece {
                        RawPiece::Words(words) => Some(Piece::Words(words.to_owned())),
                        RawPiece::Braces(inner) => {
                            let (inner, style) = resolver.style(&text, inner);
                            let value = resolver.expression(&text, inner, locals);
                            value.ok().map(|value| Piece::Value(value, style))
                        }
                    })
                    .collect();
            }
        }
    }
}

/// A condition on facts.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "String")]
pub struct Condition {
    text: String,
    expression: Option<Expression>,
}

impl From<String> for Condition {
    fn from(text: String) -> Self {
        Self {
            text,
            expression: None,
        }
    }
}

impl Condition {
    /// Returns whether the condition is true. An unknown condition counts as false: nothing is claimed without data.
    pub fn holds(&self, facts: &dyn Fn(&Fact) -> Option<Value>) -> bool {
        let expression = self.expression.as_ref();
        expression.is_some_and(|expression| expression.holds(facts))
    }

    /// Returns whether the condition is false. An unknown condition is not false.
    pub fn fails(&self, facts: &dyn Fn(&Fact) -> Option<Value>) -> bool {
        let expression = self.expression.as_ref();
        expression.is_some_and(|own| own.value(facts) == Some(Value::Truth(false)))
    }

    /// Returns the text of the condition.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Returns the condition as formulas, see [`Expression::formulas`].
    pub fn formulas(
        &self,
        cell: &dyn Fn(&Fact) -> Option<AnswerFormulas>,
    ) -> Option<(String, String)> {
        self.expression.as_ref()?.formulas(cell)
    }

    /// Returns the facts in the condition, in order.
    pub fn facts(&self) -> Vec<&Fact> {
        self.expression
            .as_ref()
            .map(Expression::facts)
            .unwrap_or_default()
    }

    pub(super) fn resolve(&mut self, resolver: &Resolver, locals: &[Local]) {
        let text = self.text.clone();
        let Ok(expression) = resolver.expression(&text, &text, locals) else {
            return;
        };
        if expression.kind == Type::Truth {
            self.expression = Some(expression);
        } else {
            let span = resolver.source.find(&text);
            let help = "A condition compares, such as \"plan.errors >= 1\"".to_owned();
            let message = format!("\"{text}\" is not a condition");
            resolver.source.error_in(span, message, Some(help));
        }
    }
}

/// An expression with a value of any type.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "String")]
pub struct Formula {
    text: String,
    expression: Option<Expression>,
}

impl From<String> for Formula {
    fn from(text: String) -> Self {
        Self {
            text,
            expression: None,
        }
    }
}

impl Formula {
    /// Returns the value. Returns `None` if it depends on an unknown value.
    pub fn value(&self, facts: &dyn Fn(&Fact) -> Option<Value>) -> Option<Value> {
        self.expression.as_ref()?.value(facts)
    }

    /// Returns the text of the formula.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Returns the type of the value. `None` before the formula is resolved.
    pub fn kind(&self) -> Option<Type> {
        self.expression.as_ref().map(|expression| expression.kind)
    }

    pub(super) fn resolve(&mut self, resolver: &Resolver) {
        let text = self.text.clone();
        self.expression = resolver.expression(&text, &text, &[]).ok();
    }
}

/// Returns whether all conditions are true.
pub fn all_hold(conditions: &[Condition], facts: &dyn Fn(&Fact) -> Option<Value>) -> bool {
    conditions.iter().all(|condition| condition.holds(facts))
}

/// A sentence of a worksheet with field IDs of its section in braces.
#[derive(Debug, Clone, PartialEq)]
pub struct Sentence {
    /// Literal texts (`false`) and field IDs (`true`).
    pieces: Vec<(String, bool)>,
}

impl Sentence {
    /// Parses a sentence.
    ///
    /// # Errors
    /// Returns an error if a brace is not closed.
    pub fn parse(text: &str) -> Result<Self, String> {
        let pieces = split(text)?.into_iter().map(|piece| match piece {
            RawPiece::Words(words) => (words.to_owned(), false),
            RawPiece::Braces(id) => (id.to_owned(), true),
        });
        Ok(Self {
            pieces: pieces.collect(),
        })
    }

    /// Returns literal texts (`false`) and field IDs (`true`), in order.
    pub fn pieces(&self) -> impl Iterator<Item = (&str, bool)> {
        self.pieces
            .iter()
            .map(|(text, is_blank)| (text.as_str(), *is_blank))
    }

    /// Returns the field IDs, in order.
    pub fn blanks(&self) -> impl Iterator<Item = &str> {
        let blanks = self.pieces.iter().filter(|(_, is_blank)| *is_blank);
        blanks.map(|(id, _)| id.as_str())
    }

    /// Returns the sentence with its blanks filled. Returns `None` if the value of a blank is unknown.
    pub fn finish(&self, blank: impl Fn(&str) -> Option<String>) -> Option<String> {
        let pieces = self.pieces.iter().map(|(text, is_blank)| match is_blank {
            true => blank(text),
            false => Some(text.clone()),
        });
        pieces.collect()
    }
}

enum RawPiece<'t> {
    Words(&'t str),
    Braces(&'t str),
}

fn split(text: &str) -> Result<Vec<RawPiece<'_>>, String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((words, after)) = rest.split_once('{') {
        let Some((inner, after)) = after.split_once('}') else {
            return Err(format!("a brace in \"{text}\" is not closed"));
        };
        if words.contains('}') {
            return Err(format!("a brace in \"{text}\" is not opened"));
        }
        if !words.is_empty() {
            pieces.push(RawPiece::Words(words));
        }
        pieces.push(RawPiece::Braces(inner));
        rest = after;
    }
    if rest.contains('}') {
        return Err(format!("a brace in \"{text}\" is not opened"));
    }
    if !rest.is_empty() {
        pieces.push(RawPiece::Words(rest));
    }
    Ok(pieces)
}

/// The definitions that the texts of a file are resolved against.
#[derive(Clone, Copy)]
pub(super) struct Resolver<'a> {
    pub source: &'a Source,
    pub catalog: Catalog<'a>,
    pub choices: &'a [ChoiceList],
    pub units: &'a [(String, Vec<String>)],
    pub conversions: &'a [Conversion],
}

struct WithLocals<'a>(&'a Resolver<'a>, &'a [Local]);

impl Names for WithLocals<'_> {
    fn fact(&self, name: &str) -> Result<(Fact, Type), (String, Option<String>)> {
        let Self(resolver, locals) = self;
        resolver.catalog.find(name, locals).ok_or_else(|| {
            let names = resolver.catalog.names(locals);
            let help = did_you_mean(name, names.iter().map(String::as_str));
            (format!("there is no fact \"{name}\""), help)
        })
    }

    fn options(&self, list: usize) -> &[String] {
        &self.0.choices[list].options
    }

    fn factor(&self, from: usize, to: usize) -> Option<f64> {
        let name = |unit: usize| self.0.units[unit].0.as_str();
        let mut conversions = self.0.conversions.iter();
        conversions.find_map(|own| match (own.from.as_str(), own.to.as_str()) {
            (a, b) if a == name(from) && b == name(to) => Some(own.factor),
            (a, b) if a == name(to) && b == name(from) => Some(1.0 / own.factor),
            _ => None,
        })
    }
}

impl Resolver<'_> {
    /// Splits the style from an expression in braces. Reports a style that does not exist.
    fn style<'t>(&self, text: &str, inner: &'t str) -> (&'t str, Style) {
        let Some((expression, name)) = inner.rsplit_once(':') else {
            return (inner, Style::Usual);
        };
        match Style::ALL.iter().find(|(own, _)| *own == name) {
            Some((_, style)) => (expression, *style),
            None => {
                let help = did_you_mean(name, Style::ALL.iter().map(|(own, _)| *own));
                let at = self.source.find(text);
                let message = format!("there is no style \"{name}\"");
                self.source.error_in(at, message, help);
                (expression, Style::Usual)
            }
        }
    }

    /// Parses an expression that is part of a text of the file. Errors are reported at their position in the file.
    pub fn expression(
        &self,
        text: &str,
        expression: &str,
        locals: &[Local],
    ) -> Result<Expression, Reported> {
        Expression::parse(expression, &WithLocals(self, locals)).map_err(|error| {
            let ExpressionError {
                span,
                message,
                help,
            } = error;
            let whole = self.source.find(text);
            let inner = text.find(expression).unwrap_or(0);
            let start = match whole.is_empty() {
                // The text is not found if it contains escapes in the file.
                true => self.source.find(&expression[span.clone()]).start,
                false => whole.start + inner + span.start,
            };
            self.source
                .error_in(start..start + span.len(), message, help)
        })
    }
}
