//! The two small languages of the questionnaire's wording: conditions (`score.readiness.points >= 32`) and texts with
//! `{facts}` in them.

use serde::Deserialize;

use super::EXACT;

/// A comparison of a fact with a number or with another fact.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "String")]
pub struct Condition {
    /// Name of the fact.
    pub fact: String,
    operator: Operator,
    other: Operand,
}

#[derive(Debug, Clone, PartialEq)]
enum Operand {
    Number(f64),
    Fact(String),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Operator {
    Less,
    AtMost,
    Equal,
    AtLeast,
    More,
}

impl Condition {
    /// Reads `fact operator number` or `fact operator fact`, with the operators `<`, `<=`, `=`, `>=` and `>`.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = text.split_whitespace();
        let (Some(fact), Some(operator), Some(number), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(format!(
                "\"{text}\" is not a condition such as \"score.readiness.points >= 32\""
            ));
        };
        let operator = match operator {
            "<" => Operator::Less,
            "<=" => Operator::AtMost,
            "=" | "==" => Operator::Equal,
            ">=" => Operator::AtLeast,
            ">" => Operator::More,
            other => {
                return Err(format!(
                    "\"{other}\" in \"{text}\" is not one of <, <=, =, >=, >"
                ));
            }
        };
        let other = match number.parse() {
            Ok(number) => Operand::Number(number),
            Err(_) if number.starts_with(|c: char| c.is_ascii_lowercase()) => {
                Operand::Fact(number.to_owned())
            }
            Err(_) => {
                return Err(format!(
                    "\"{number}\" in \"{text}\" is neither a number nor a fact"
                ));
            }
        };
        Ok(Self {
            fact: fact.to_owned(),
            operator,
            other,
        })
    }

    /// Names of the facts it compares.
    pub fn facts(&self) -> impl Iterator<Item = &str> {
        let other = match &self.other {
            Operand::Fact(fact) => Some(fact.as_str()),
            Operand::Number(_) => None,
        };
        std::iter::once(self.fact.as_str()).chain(other)
    }

    /// Whether it holds. A fact without a number never does: nothing is claimed that the data does not show.
    pub fn holds(&self, number: impl Fn(&str) -> Option<f64>) -> bool {
        let other = match &self.other {
            Operand::Number(number) => Some(*number),
            Operand::Fact(fact) => number(fact),
        };
        let both = number(&self.fact).zip(other);
        both.is_some_and(|(value, other)| match self.operator {
            Operator::Less => value < other - EXACT,
            Operator::AtMost => value <= other + EXACT,
            Operator::Equal => (value - other).abs() <= EXACT,
            Operator::AtLeast => value >= other - EXACT,
            Operator::More => value > other + EXACT,
        })
    }
}

/// A text with facts in braces.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "String")]
pub struct FormatString {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq)]
enum Piece {
    Words(String),
    Fact(String),
}

impl FormatString {
    /// Reads a text; `{name}` stands for a fact.
    ///
    /// # Errors
    /// A sentence, when a brace is left open.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((words, after)) = rest.split_once('{') {
            let Some((fact, after)) = after.split_once('}') else {
                return Err(format!("\"{text}\" opens a brace that it does not close"));
            };
            if !words.is_empty() {
                pieces.push(Piece::Words(words.to_owned()));
            }
            pieces.push(Piece::Fact(fact.to_owned()));
            rest = after;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Words(rest.to_owned()));
        }
        Ok(Self { pieces })
    }

    /// Names of the facts it needs.
    pub fn facts(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Fact(name) => Some(name.as_str()),
            Piece::Words(_) => None,
        })
    }

    /// The finished text, or nothing when a fact is not known.
    pub fn finish(&self, fact: impl Fn(&str) -> Option<String>) -> Option<String> {
        self.pieces
            .iter()
            .map(|piece| match piece {
                Piece::Words(words) => Some(words.clone()),
                Piece::Fact(name) => fact(name),
            })
            .collect()
    }
}

impl TryFrom<String> for Condition {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Condition::parse(&text)
    }
}

impl TryFrom<String> for FormatString {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        FormatString::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bands count alike: a sum of binary fractions just below an edge has reached it.
    #[test]
    fn an_edge_is_reached_whatever_the_last_digit_of_a_sum() {
        let holds = |condition: &str, value: f64| {
            Condition::parse(condition).unwrap().holds(|_| Some(value))
        };
        let (below, above) = (32.0 - 4e-15, 32.0 + 8e-15);
        for value in [below, 32.0, above] {
            assert!(holds("p >= 32", value) && holds("p <= 32", value) && holds("p = 32", value));
            assert!(!holds("p > 32", value) && !holds("p < 32", value));
        }
        assert!(holds("p < 32", 31.99) && holds("p > 32", 32.01));
    }

    #[test]
    fn a_condition_on_an_unknown_fact_never_holds() {
        let condition = Condition::parse("roi <= 1").unwrap();
        assert!(!condition.holds(|_| None));
        assert!(condition.holds(|_| Some(1.0)));
        assert!(!condition.holds(|_| Some(1.01)));
    }

    #[test]
    fn a_fact_is_compared_with_another() {
        let condition = Condition::parse("stated < computed").unwrap();
        let facts = |computed| {
            move |name: &str| {
                if name == "stated" {
                    Some(4.0)
                } else {
                    computed
                }
            }
        };
        assert!(condition.holds(facts(Some(7.0))));
        assert!(!condition.holds(facts(Some(3.0))));
        assert!(!condition.holds(facts(None)));
    }

    #[test]
    fn a_wording_with_an_unknown_fact_is_not_printed() {
        let wording = FormatString::parse("{a} leads the {b}").unwrap();
        assert_eq!(
            wording.finish(|name| (name == "a").then(|| "X".into())),
            None
        );
        assert_eq!(
            wording.finish(|name| Some(name.to_uppercase())),
            Some("A leads the B".into())
        );
        assert!(FormatString::parse("open {brace").is_err());
        assert!(Condition::parse("a !! 3").is_err());
    }
}
