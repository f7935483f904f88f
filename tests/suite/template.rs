//! The blank workbook: it matches the file in the repository byte for byte, and answers filled in are read back
//! unchanged.

use calamine::Reader;
use partnerbook::answers::{FoundBy, Value};
use partnerbook::intake;
use partnerbook::intake::Sandbox;
use partnerbook::questionnaire::{Kind, Questionnaire};
use partnerbook::sheet_map::Printed;
use partnerbook::template::{self, Cell, Prefill};
use proptest::prelude::*;

use crate::common;

#[test]
fn the_blank_workbook_in_the_repository_is_the_generated_one() {
    let questionnaire = common::questionnaire();
    let made = template::workbook(
        questionnaire,
        &Prefill::blank(questionnaire),
        &partnerbook::look::Palette::DEFAULT,
    )
    .unwrap();
    let kept = std::fs::read(common::root().join("templates/partnerships.xlsx")).unwrap();
    assert!(
        made == kept,
        "make it anew: cargo run -- template -o templates/partnerships.xlsx --force"
    );
}

#[test]
fn samples_are_made_from_the_answers_beside_them() {
    let questionnaire = common::questionnaire();
    for name in common::SAMPLES {
        let json =
            std::fs::read_to_string(common::root().join(format!("samples/answers/{name}.json")))
                .unwrap();
        let made = template::workbook(
            questionnaire,
            &Prefill::from_json(questionnaire, &json).unwrap(),
            &partnerbook::look::Palette::DEFAULT,
        )
        .unwrap();
        assert!(
            made == std::fs::read(common::sample(name)).unwrap(),
            "{name}: cargo run -- template --prefill samples/answers/{name}.json -o samples/{name}.xlsx --force"
        );
    }
}

/// What another reader finds in the written file is what `printed` returns without a file.
#[test]
fn the_printed_content_is_that_of_the_file() {
    let folder = common::root().join("tests/fixtures/questionnaires");
    let of = |name: &str| Questionnaire::load(&folder.join(name)).unwrap();
    for questionnaire in [
        common::questionnaire(),
        &of("proveedores"),
        &of("standorte"),
    ] {
        let bytes = std::io::Cursor::new(template::blank(questionnaire).unwrap());
        let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(bytes).unwrap();
        let printed = template::printed(questionnaire).unwrap();
        let names: Vec<&String> = printed.iter().map(|sheet| &sheet.name).collect();
        assert_eq!(names, book.sheet_names().iter().collect::<Vec<_>>());
        for sheet in &printed {
            let range = book.worksheet_range(&sheet.name).unwrap();
            let (first_row, first_column) = range.start().unwrap();
            let in_file = range.used_cells().filter_map(|(row, column, data)| {
                let at = (row as u32 + first_row, column as u16 + first_column as u16);
                match data {
                    calamine::Data::String(text) if text.is_empty() => None,
                    calamine::Data::String(text) => Some((at, Printed::Text(text.clone()))),
                    calamine::Data::Float(number) => Some((at, Printed::Number(*number))),
                    other => panic!("{at:?}: {other:?}"),
                }
            });
            let mut in_file: Vec<_> = in_file.collect();
            let formulas = book.worksheet_formula(&sheet.name).unwrap();
            let (first_row, first_column) = formulas.start().unwrap_or_default();
            let formulas = formulas.used_cells().map(|(row, column, _)| {
                (row as u32 + first_row, column as u16 + first_column as u16)
            });
            let empty = formulas.filter(|at| in_file.iter().all(|(own, _)| own != at));
            let empty: Vec<_> = empty.map(|at| (at, Printed::EmptyResult)).collect();
            in_file.extend(empty);
            in_file.sort_by_key(|(at, _)| *at);
            let mut own = sheet.cells.clone();
            own.sort_by_key(|(at, _)| *at);
            assert_eq!(in_file, own, "{}", sheet.name);
        }
    }
}

#[test]
fn every_field_of_a_blank_workbook_is_found_by_its_name() {
    let questionnaire = common::questionnaire();
    let reading = intake::read_bytes(
        questionnaire,
        template::workbook(
            questionnaire,
            &Prefill::blank(questionnaire),
            &partnerbook::look::Palette::DEFAULT,
        )
        .unwrap(),
        &Sandbox::none(),
    )
    .unwrap();
    assert!(reading.issues.is_empty(), "{:?}", reading.issues);
    for (key, field) in questionnaire.inputs() {
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
    let questionnaire = common::questionnaire();
    let first = intake::read_file(
        questionnaire,
        &common::sample("thalassa-foods"),
        &Sandbox::none(),
    )
    .unwrap();
    let fresh = template::workbook(
        questionnaire,
        &Prefill::from_answers(questionnaire, &first.answers, &first.issues),
        &partnerbook::look::Palette::DEFAULT,
    )
    .unwrap();
    let second = intake::read_bytes(questionnaire, fresh, &Sandbox::none()).unwrap();
    for key in questionnaire.keys() {
        assert_eq!(
            first.answers.get(key).value,
            second.answers.get(key).value,
            "{}",
            questionnaire.field(key).id
        );
    }
}

#[test]
fn a_formula_typed_as_an_answer_stays_text() {
    let questionnaire = common::questionnaire();
    let mut prefill = Prefill::blank(questionnaire);
    let company = questionnaire.identity.company;
    prefill.set(
        company,
        Cell::Text("=HYPERLINK(\"http://x.example\")".into()),
    );
    let bytes = template::workbook(
        questionnaire,
        &prefill,
        &partnerbook::look::Palette::DEFAULT,
    )
    .unwrap();
    let sheets: Vec<String> = common::parts(&bytes)
        .into_iter()
        .filter(|(name, _)| name.starts_with("xl/worksheets/"))
        .map(|(_, part)| String::from_utf8(part).unwrap())
        .collect();
    assert!(
        !sheets.iter().any(|sheet| sheet.contains("x.example")),
        "it is in the shared strings, not in a formula"
    );
    let reading = intake::read_bytes(questionnaire, bytes, &Sandbox::none()).unwrap();
    assert_eq!(
        reading.answers.text(company),
        Some("=HYPERLINK(\"http://x.example\")")
    );
}

/// Returns a value that a field may contain.
fn value(questionnaire: &Questionnaire, kind: &Kind, seed: u64) -> Value {
    let number = |steps: u64, scale: f64| Value::Number((seed % steps) as f64 * scale);
    match kind {
        Kind::Rating { .. } => number(21, 0.5),
        Kind::Percent | Kind::Share => number(201, 0.5),
        Kind::Money { .. } | Kind::Count { .. } => number(1_000_000_007, 1.0),
        Kind::Quantity { .. } | Kind::Multiple | Kind::Ratio => number(997, 0.25),
        Kind::Choice { list } => {
            Value::Choice(seed as usize % questionnaire.choices[*list].options.len())
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

    /// Filling in and reading gives the same answers, whatever they are.
    #[test]
    fn what_is_filled_in_is_read_back(seeds in proptest::collection::vec((any::<u64>(), 0..4u8), 500)) {
        let questionnaire = common::questionnaire();
        let mut prefill = Prefill::blank(questionnaire);
        let mut expected = Vec::new();
        for ((key, field), (seed, blank)) in questionnaire.inputs().zip(&seeds) {
            if *blank == 0 {
                continue;
            }
            let value = value(questionnaire, &field.kind, *seed);
            prefill.set(key, match &value {
                Value::Number(number) => Cell::Number(*number),
                Value::Date(day) => Cell::Date(*day),
                Value::Choice(option) => match &field.kind {
                    Kind::Choice { list } => Cell::Text(questionnaire.choices[*list].options[*option].clone()),
                    _ => unreachable!("only choices have options"),
                },
                Value::Text(text) => Cell::Text(text.clone()),
                _ => unreachable!("no other value is made"),
            });
            expected.push((key, value));
        }
        let reading = intake::read_bytes(questionnaire, template::workbook(questionnaire, &prefill, &partnerbook::look::Palette::DEFAULT).unwrap(), &Sandbox::none()).unwrap();
        for (key, value) in expected {
            prop_assert_eq!(&reading.answers.get(key).value, &value, "{}", questionnaire.field(key).id);
        }
    }
}
