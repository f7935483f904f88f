//! Conditions as formulas of a spreadsheet, for what the workbook checks itself.

use super::{Expression, Node, Operator};
use crate::excel::day_number;
use crate::questionnaire::EXACT;
use crate::questionnaire::fact::Fact;
use crate::questionnaire::types::Value;

/// The formulas of an answer.
#[derive(Debug, Clone)]
pub struct AnswerFormulas {
    /// True if the answer is usable, else false. Never an error.
    pub known: String,
    /// The value of a number or a date, where `known` is true. `None`: texts and options are not compared.
    pub value: Option<String>,
}

/// A number: the conditions under which it is known, and its value.
type Number = (Vec<String>, String);
/// A condition: whether it is certainly true, and whether it is certainly false.
type Truth = (String, String);

impl Expression {
    /// Returns formulas that tell whether a condition is certainly true, and whether it is certainly false. `cell` returns
    /// the formulas of a fact. Returns `None` if the condition uses anything that a formula cannot express.
    pub fn formulas(&self, cell: &dyn Fn(&Fact) -> Option<AnswerFormulas>) -> Option<Truth> {
        truth(&self.node, cell)
    }
}

fn truth(node: &Node, cell: &dyn Fn(&Fact) -> Option<AnswerFormulas>) -> Option<Truth> {
    Some(match node {
        Node::Answered(fact) => {
            let known = cell(fact)?.known;
            (known.clone(), format!("NOT({known})"))
        }
        Node::Not(inner) => {
            let (holds, fails) = truth(inner, cell)?;
            (fails, holds)
        }
        Node::Binary(Operator::And, left, right) => {
            let (left, right) = (truth(left, cell)?, truth(right, cell)?);
            (
                format!("AND({},{})", left.0, right.0),
                format!("OR({},{})", left.1, right.1),
            )
        }
        Node::Binary(Operator::Or, left, right) => {
            let (left, right) = (truth(left, cell)?, truth(right, cell)?);
            (
                format!("OR({},{})", left.0, right.0),
                format!("AND({},{})", left.1, right.1),
            )
        }
        Node::Binary(operator, left, right) => {
            let ((mut known, left), (others, right)) = (number(left, cell)?, number(right, cell)?);
            known.extend(others);
            // As in `numbers`: a sum just below a limit counts as equal to it.
            let exact = format!("{EXACT}*MAX(ABS({left}),ABS({right}),1)");
            let difference = format!("({left})-({right})");
            let [holds, fails] = match operator {
                Operator::Less => [
                    format!("{difference}<-{exact}"),
                    format!("{difference}>=-{exact}"),
                ],
                Operator::AtMost => [
                    format!("{difference}<={exact}"),
                    format!("{difference}>{exact}"),
                ],
                Operator::AtLeast => [
                    format!("{difference}>=-{exact}"),
                    format!("{difference}<-{exact}"),
                ],
                Operator::More => [
                    format!("{difference}>{exact}"),
                    format!("{difference}<={exact}"),
                ],
                Operator::Equal => [
                    format!("ABS({difference})<={exact}"),
                    format!("ABS({difference})>{exact}"),
                ],
                Operator::NotEqual => [
                    format!("ABS({difference})>{exact}"),
                    format!("ABS({difference})<={exact}"),
                ],
                _ => return None,
            };
            (when(&known, &holds), when(&known, &fails))
        }
        _ => return None,
    })
}

fn number(node: &Node, cell: &dyn Fn(&Fact) -> Option<AnswerFormulas>) -> Option<Number> {
    Some(match node {
        Node::Constant(Value::Number(number)) => (Vec::new(), number.to_string()),
        Node::Constant(Value::Date(day)) => (Vec::new(), day_number(*day).to_string()),
        Node::Fact(fact) => {
            let own = cell(fact)?;
            (vec![own.known], own.value?)
        }
        Node::Missing(facts) => {
            let missing: Option<Vec<String>> = facts
                .iter()
                .map(|fact| Some(format!("IF({},0,1)", cell(fact)?.known)))
                .collect();
            (Vec::new(), format!("({})", missing?.join("+")))
        }
        Node::Extreme(largest, nodes) => {
            let all: Option<Vec<Number>> = nodes.iter().map(|node| number(node, cell)).collect();
            let (known, values): (Vec<Vec<String>>, Vec<String>) = all?.into_iter().unzip();
            let name = if *largest { "MAX" } else { "MIN" };
            (known.concat(), format!("{name}({})", values.join(",")))
        }
        Node::Ceil(inner) => {
            let (known, value) = number(inner, cell)?;
            // INT rounds down, also below 0. CEILING differs between spreadsheet programs.
            (known, format!("(-INT({EXACT}-({value})))"))
        }
        Node::Negate(inner) => {
            let (known, value) = number(inner, cell)?;
            (known, format!("(-({value}))"))
        }
        Node::Scale(factor, inner) => {
            let (known, value) = number(inner, cell)?;
            (known, format!("({value}*{factor})"))
        }
        Node::Binary(operator, left, right) => {
            let ((mut known, left), (others, right)) = (number(left, cell)?, number(right, cell)?);
            known.extend(others);
            let sign = match operator {
                Operator::Add => '+',
                Operator::Subtract => '-',
                Operator::Multiply => '*',
                Operator::Divide => {
                    let known_so_far = std::mem::take(&mut known);
                    known.push(when(&known_so_far, &format!("{right}<>0")));
                    '/'
                }
                _ => return None,
            };
            (known, format!("({left}{sign}{right})"))
        }
        _ => return None,
    })
}

/// Returns a formula that is false unless all conditions hold, and does not calculate with unknown values.
pub fn when(known: &[String], condition: &str) -> String {
    match known {
        [] => condition.to_owned(),
        known => {
            let mut known = known.to_vec();
            known.dedup();
            format!("IF(AND({}),{condition},FALSE)", known.join(","))
        }
    }
}
