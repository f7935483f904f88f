//! Tests of expressions: values worked out by hand, units, and errors at their places.

use super::*;

use crate::questionnaire::fact::PlanFact;
use crate::questionnaire::types::Unit;

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
        ("ceil(p)", Some(32.0)),
        ("ceil(p + 0.1)", Some(33.0)),
        ("ceil(0.1 + 0.2 + 0.7)", Some(1.0)),
        ("ceil(-1.5)", Some(-1.0)),
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
        ("ceil('a')", "needs a number"),
        ("ceil(1, 2)", "closing parenthesis"),
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
fn operators_of_other_languages_are_explained() {
    for (text, at, help) in [
        ("p => 1", 2..4, "Use >="),
        ("p =< 1", 2..4, "Use <="),
        ("p <> 1", 2..4, "Use !="),
        ("p == 1", 2..4, "Use ="),
        ("p = 1 && p = 2", 6..8, "Use and"),
        ("p = 1 || p = 2", 6..8, "Use or"),
        ("p = 1 AND p = 2", 6..9, "Use and"),
        ("p ≤ 1", 2..5, "Use <="),
    ] {
        let error = Expression::parse(text, &Test).unwrap_err();
        assert!(
            error.help.as_ref().unwrap().starts_with(help),
            "{text}: {error:?}"
        );
        assert_eq!(error.span, at, "{text}: {error:?}");
    }
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

/// The formulas of a condition, where `K(name)` stands for whether a fact is known, and its name for its value.
fn formulas(text: &str) -> Option<(String, String)> {
    let expression = Expression::parse(text, &Test).unwrap_or_else(|e| panic!("{text}: {e:?}"));
    expression.formulas(&|fact| {
        let (name, _, kind) = FACTS.iter().find(|(_, own, _)| Fact::Plan(*own) == *fact)?;
        let is_number = matches!(kind, Type::Number(..) | Type::Date);
        (*name != "q").then(|| AnswerFormulas {
            known: format!("K({name})"),
            value: is_number.then(|| (*name).to_owned()),
        })
    })
}

#[test]
fn comparisons_as_formulas() {
    // The difference against the tolerance: when the comparison certainly holds, and when it certainly fails.
    let exact = "0.000000001*MAX(ABS(p),ABS(2),1)";
    for (operator, holds, fails) in [
        ("<", "(p)-(2)<-", "(p)-(2)>=-"),
        ("<=", "(p)-(2)<=", "(p)-(2)>"),
        (">=", "(p)-(2)>=-", "(p)-(2)<-"),
        (">", "(p)-(2)>", "(p)-(2)<="),
        ("=", "ABS((p)-(2))<=", "ABS((p)-(2))>"),
        ("!=", "ABS((p)-(2))>", "ABS((p)-(2))<="),
    ] {
        let expected = [holds, fails].map(|own| format!("IF(AND(K(p)),{own}{exact},FALSE)"));
        let found = formulas(&format!("p {operator} 2")).unwrap();
        assert_eq!([found.0, found.1], expected, "{operator}");
    }
}

#[test]
fn conditions_as_formulas() {
    for (text, holds, fails) in [
        ("answered(t)", "K(t)", "NOT(K(t))"),
        ("not answered(t)", "NOT(K(t))", "K(t)"),
        (
            "answered(t) and answered(c)",
            "AND(K(t),K(c))",
            "OR(NOT(K(t)),NOT(K(c)))",
        ),
        (
            "answered(t) or answered(c)",
            "OR(K(t),K(c))",
            "AND(NOT(K(t)),NOT(K(c)))",
        ),
    ] {
        let found = formulas(text).unwrap();
        assert_eq!(
            (found.0.as_str(), found.1.as_str()),
            (holds, fails),
            "{text}"
        );
    }
    // What a formula cannot express: options, a fact without a cell, a text.
    for text in [
        "c = 'Yes'",
        "q > 0",
        "answered(p) and q > 0",
        "q = 1 or p = 1",
    ] {
        assert_eq!(formulas(text), None, "{text}");
    }
}

#[test]
fn calculations_as_formulas() {
    for (left, known, value) in [
        ("p + 1", "K(p)", "(p+1)"),
        ("p - 1", "K(p)", "(p-1)"),
        ("p * 3", "K(p)", "(p*3)"),
        ("-p", "K(p)", "(-(p))"),
        ("max(p, 3)", "K(p)", "MAX(p,3)"),
        ("min(p, 3)", "K(p)", "MIN(p,3)"),
        ("ceil(p)", "K(p)", "(-INT(0.000000001-(p)))"),
        // A divisor of 0 makes the quotient unknown.
        ("1 / p", "IF(AND(K(p)),p<>0,FALSE)", "(1/p)"),
    ] {
        let exact = format!("0.000000001*MAX(ABS({value}),ABS(9),1)");
        let expected = format!("IF(AND({known}),({value})-(9)>{exact},FALSE)");
        assert_eq!(
            formulas(&format!("{left} > 9")).unwrap().0,
            expected,
            "{left}"
        );
    }
    // Weeks are converted to days; days are counted as Excel counts them: 46,363 is 7 December 2026.
    let weeks = formulas("d > w").unwrap().0;
    assert!(
        weeks.starts_with("IF(AND(K(d),K(w)),(d)-((w*7))>"),
        "{weeks}"
    );
    let date = formulas("day >= 2026-12-07").unwrap().0;
    assert!(
        date.starts_with("IF(AND(K(day)),(day)-(46363)>=-"),
        "{date}"
    );
    // A count of missing answers is always known.
    let missing = formulas("missing(p, t) = 1").unwrap().0;
    assert!(
        missing.starts_with("ABS(((IF(K(p),0,1)+IF(K(t),0,1)))-(1))<="),
        "{missing}"
    );
}
