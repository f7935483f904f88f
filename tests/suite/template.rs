//! The workbook as it is handed out: kept in the repository byte for byte, and read back as it was filled in.

use partnerbook::answers::{FoundBy, Value};
use partnerbook::intake;
use partnerbook::intake::Wall;
use partnerbook::programme::{Kind, Programme};
use partnerbook::template::{self, Cell, Prefill};
use proptest::prelude::*;

use crate::common;

#[test]
fn the_blank_workbook_in_the_repository_is_the_generated_one() {
    let programme = common::programme();
    let made = template::workbook(&programme, &Prefill::blank(&programme)).unwrap();
    let kept = std::fs::read(common::root().join("templates/partnerships.xlsx")).unwrap();
    assert!(
        made == kept,
        "make it anew: cargo run -- template -o templates/partnerships.xlsx --force"
    );
}

#[test]
fn samples_are_made_from_the_answers_beside_them() {
    let programme = common::programme();
    for name in common::SAMPLES {
        let json =
            std::fs::read_to_string(common::root().join(format!("samples/answers/{name}.json")))
                .unwrap();
        let made = template::workbook(&programme, &Prefill::from_json(&programme, &json).unwrap())
            .unwrap();
        assert!(
            made == std::fs::read(common::sample(name)).unwrap(),
            "{name}: cargo run -- template --prefill samples/answers/{name}.json -o samples/{name}.xlsx --force"
        );
    }
}

#[test]
fn every_field_of_a_blank_workbook_is_found_by_its_name() {
    let programme = common::programme();
    let reading = intake::read_bytes(
        &programme,
        template::workbook(&programme, &Prefill::blank(&programme)).unwrap(),
        &Wall::none(),
    )
    .unwrap();
    assert!(reading.findings.is_empty(), "{:?}", reading.findings);
    for (key, field) in programme.inputs() {
        assert_eq!(
            reading.answers.get(key).found_by,
            FoundBy::Name,
            "{}",
            field.id
        );
        assert_eq!(reading.answers.get(key).value, Value::Missing);
    }
}

#[test]
fn a_filled_workbook_goes_into_a_fresh_one_with_the_same_answers() {
    let programme = common::programme();
    let first =
        intake::read_file(&programme, &common::sample("thalassa-foods"), &Wall::none()).unwrap();
    let fresh = template::workbook(
        &programme,
        &Prefill::from_answers(&programme, &first.answers, &first.findings),
    )
    .unwrap();
    let second = intake::read_bytes(&programme, fresh, &Wall::none()).unwrap();
    for key in programme.keys() {
        assert_eq!(
            first.answers.get(key).value,
            second.answers.get(key).value,
            "{}",
            programme.field(key).id
        );
    }
}

#[test]
fn a_formula_typed_as_an_answer_stays_text() {
    let programme = common::programme();
    let mut prefill = Prefill::blank(&programme);
    let company = programme.identity.company;
    prefill.set(
        company,
        Cell::Text("=HYPERLINK(\"http://x.example\")".into()),
    );
    let bytes = template::workbook(&programme, &prefill).unwrap();
    let sheets: Vec<String> = common::parts(&bytes)
        .into_iter()
        .filter(|(name, _)| name.starts_with("xl/worksheets/"))
        .map(|(_, part)| String::from_utf8(part).unwrap())
        .collect();
    assert!(
        !sheets.iter().any(|sheet| sheet.contains("HYPERLINK")),
        "it is in the shared strings, not in a formula"
    );
    let reading = intake::read_bytes(&programme, bytes, &Wall::none()).unwrap();
    assert_eq!(
        reading.answers.text(company),
        Some("=HYPERLINK(\"http://x.example\")")
    );
}

/// A value that a field may hold.
fn value(programme: &Programme, kind: &Kind, seed: u64) -> Value {
    let number = |steps: u64, scale: f64| Value::Number((seed % steps) as f64 * scale);
    match kind {
        Kind::Rating { .. } => number(21, 0.5),
        Kind::Percent | Kind::Share => number(201, 0.5),
        Kind::Money { .. } | Kind::Count { .. } => number(1_000_000_007, 1.0),
        Kind::Quantity { .. } | Kind::Multiple | Kind::Ratio => number(997, 0.25),
        Kind::Choice { list } => {
            Value::Choice(seed as usize % programme.choices[*list].options.len())
        }
        Kind::Date => Value::Date(common::today() + chrono::Duration::days((seed % 700) as i64)),
        Kind::Email => Value::Text(format!("a{seed}@b.example")),
        _ => Value::Text(
            [
                "Ærø & søn <b>",
                "=1+1",
                "Здравствуй",
                "مرحبا بكم",
                "两行\n文字",
                "'quoted'",
                "😀 x",
            ][seed as usize % 7]
                .to_owned(),
        ),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// fill → read gives the same answers, whatever they are.
    #[test]
    fn what_is_filled_in_is_read_back(seeds in proptest::collection::vec((any::<u64>(), 0..4u8), 500)) {
        let programme = common::programme();
        let mut prefill = Prefill::blank(&programme);
        let mut expected = Vec::new();
        for ((key, field), (seed, blank)) in programme.inputs().zip(&seeds) {
            if *blank == 0 {
                continue;
            }
            let value = value(&programme, &field.kind, *seed);
            prefill.set(key, match &value {
                Value::Number(number) => Cell::Number(*number),
                Value::Date(day) => Cell::Date(*day),
                Value::Choice(option) => match &field.kind {
                    Kind::Choice { list } => Cell::Text(programme.choices[*list].options[*option].clone()),
                    _ => unreachable!("only choices have options"),
                },
                Value::Text(text) => Cell::Text(text.clone()),
                _ => unreachable!("no other value is made"),
            });
            expected.push((key, value));
        }
        let reading = intake::read_bytes(&programme, template::workbook(&programme, &prefill).unwrap(), &Wall::none()).unwrap();
        for (key, value) in expected {
            prop_assert_eq!(&reading.answers.get(key).value, &value, "{}", programme.field(key).id);
        }
    }
}
