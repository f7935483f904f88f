//! Compares `answers.csv` with the answers of the samples.

use std::collections::HashMap;

use partnerbook::questionnaire::Kind;
use serde_json::Value as Json;

use crate::common;

/// Returns the rows of a sample by field, each by column.
fn rows(sample: &str) -> HashMap<String, HashMap<String, String>> {
    let out = tempfile::tempdir().unwrap();
    let words = ["report", "--date", "2026-11-23", "-o"];
    let file = common::sample(sample);
    let paths = [out.path().to_str().unwrap(), file.to_str().unwrap()];
    let run = common::partnerbook(&[&words[..], &paths].concat(), &common::root());
    assert_eq!(run.status.code(), Some(0));
    let bytes = std::fs::read(out.path().join("answers.csv")).unwrap();
    let text = bytes
        .strip_prefix(b"\xef\xbb\xbf")
        .expect("a byte order mark");
    let mut reader = csv::Reader::from_reader(text);
    reader
        .deserialize::<HashMap<String, String>>()
        .map(|row| row.unwrap())
        .map(|row| (row["field"].clone(), row))
        .collect()
}

#[test]
fn every_answer_of_a_sample_stands_in_its_row_as_it_was_filled_in() {
    let questionnaire = common::questionnaire();
    let rows = rows("halvorsen-sensors");
    assert_eq!(rows.len(), questionnaire.inputs().count());
    let filled =
        std::fs::read_to_string(common::root().join("samples/answers/halvorsen-sensors.json"));
    let filled: HashMap<String, Json> = serde_json::from_str(&filled.unwrap()).unwrap();
    let (mut numbers, mut days, mut texts) = (0, 0, 0);
    for (_, field) in questionnaire.inputs() {
        let row = &rows[&field.id];
        assert_eq!(row["client"], "Halvorsen Sensors AS");
        assert_eq!(row["client_currency"], "NOK");
        let sheet = &questionnaire.worksheets[field.sheet];
        assert_eq!(
            (&row["worksheet"], &row["sheet"]),
            (&sheet.title, &sheet.tab)
        );
        assert_eq!(row["section"], sheet.sections[field.section].title);
        let Some(answer) = filled.get(&field.id) else {
            assert_eq!(
                (row["state"].as_str(), row["number"].as_str()),
                ("missing", "")
            );
            continue;
        };
        match (answer, &field.kind) {
            (Json::Number(number), _) => {
                assert_eq!(
                    row["number"].parse::<f64>().ok(),
                    number.as_f64(),
                    "{}",
                    field.id
                );
                numbers += 1;
            }
            (Json::String(day), Kind::Date) => {
                assert_eq!(&row["date"], day, "{}", field.id);
                days += 1;
            }
            // Some answers in the samples are "n/a" and "TBD".
            (Json::String(text), Kind::Text | Kind::LongText | Kind::Choice { .. })
                if row["state"] == "answered" =>
            {
                assert_eq!(&row["text"], text, "{}", field.id);
                texts += 1;
            }
            _ => {}
        }
    }
    assert!(
        numbers > 100 && days > 5 && texts > 100,
        "{numbers} {days} {texts}"
    );
}

#[test]
fn each_state_has_its_word() {
    let rows = rows("mapleworks-foundry");
    let states = |state: &str| rows.values().filter(|row| row["state"] == state).count();
    for state in [
        "answered",
        "missing",
        "not_applicable",
        "unknown",
        "invalid",
    ] {
        assert!(states(state) > 0, "{state}");
    }
    // The sample contains "12" for a rating, in C22 of the sheet "1 Readiness".
    let row = &rows["readiness.market.market_credibility"];
    assert_eq!(
        ["state", "number", "as_entered", "sheet", "cell"].map(|column| row[column].as_str()),
        ["invalid", "", "12", "1 Readiness", "C22"]
    );
}
