//! Tests that read the portfolio workbook back with calamine: formulas, hostile text, and zero to many clients.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use chrono::NaiveDate;

use super::{About, Tolerances, write};
use crate::answers::Answers;
use crate::brand::Brand;
use crate::plan::{Compared, Inputs, Sender, build};
use crate::questionnaire::Questionnaire;
use crate::record::{Question, Record, Source};

fn workbook(records: &[Record], about: &About) -> Vec<u8> {
    let mut bytes = Vec::new();
    let questionnaire = Questionnaire::built_in().unwrap();
    let questions = Question::all(&questionnaire);
    let look = Brand::bundled().unwrap().look;
    let texts = &questionnaire.portfolio;
    write(records, about, texts, &questions, &look, &mut bytes).unwrap();
    bytes
}

fn records(names: &[String]) -> Vec<Record> {
    let questionnaire = Questionnaire::built_in().unwrap();
    names
        .iter()
        .map(|name| {
            let mut answers = Answers::empty(&questionnaire);
            answers.get_mut(questionnaire.identity.company).value =
                crate::answers::Value::Text(name.clone());
            for (key, field) in questionnaire.inputs() {
                if field.kind.is_number() {
                    answers.get_mut(key).value = crate::answers::Value::Number(5.0);
                }
            }
            let source = Source {
                file: format!("{name}.xlsx"),
                path: "a.xlsx".into(),
                sha256: "00".into(),
            };
            build(Inputs {
                questionnaire: &questionnaire,
                answers: &answers,
                issues: Vec::new(),
                source,
                today: NaiveDate::from_ymd_opt(2026, 11, 23).unwrap(),
                sender: &Sender::default(),
                compared: Compared::default(),
                prints: |_| true,
            })
            .record
        })
        .collect()
}

fn about(count: usize) -> About {
    About {
        issue_names: Default::default(),
        title: "Title".into(),
        tool_version: "1".into(),
        questionnaire: "p".into(),
        made: NaiveDate::from_ymd_opt(2026, 11, 23).unwrap(),
        method: vec!["m".into()],
        tolerances: Tolerances::default(),
        links_to_plans: vec![Some("plans/a b.pdf".into()); count],
        sources: vec!["a.xlsx".into(); count],
        repeated: vec![("=r".into(), "=s".into())],
        statuses: None,
        failures: vec![("=x".into(), "=y".into())],
    }
}

#[test]
fn none_one_and_many_clients() {
    for count in [0, 1, 3, 26] {
        let names: Vec<String> = (0..count).map(|i| format!("Client {i}")).collect();
        let records = records(&names);
        let bytes = workbook(&records, &about(count));
        assert_eq!(
            bytes,
            workbook(&records, &about(count)),
            "the same bytes twice"
        );
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
        let answers = book.worksheet_range("Answer list").unwrap();
        assert_eq!(
            answers.height(),
            // The title, the note, a blank row, and the headings come first.
            4 + count * records.first().map_or(0, |record| record.answers.len())
        );
    }
}

#[test]
fn hostile_text_stays_text() {
    let names = [
        "=1+1".to_owned(),
        "+cmd|' /C calc'!A0".to_owned(),
        "a\u{0}\u{b}b<&>\"'\u{fffe}".to_owned(),
        "😀".repeat(40_000),
    ];
    let bytes = workbook(&records(&names), &about(4));
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let overview = book.worksheet_range("Clients").unwrap();
    let texts: Vec<&Data> = overview.cells().map(|(_, _, value)| value).collect();
    assert!(
        texts
            .iter()
            .any(|value| **value == Data::String("=1+1".into()))
    );
    let formulas = book.worksheet_formula("Clients").unwrap();
    assert!(
        !formulas
            .cells()
            .any(|(_, _, formula)| formula.contains("1+1") || formula.contains("cmd"))
    );
}

/// Checks that all formulas refer to existing sheets. Returns the names of the sheets.
fn assert_formula_sheets_exist(bytes: Vec<u8>) -> Vec<String> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let sheets = book.sheet_names();
    for sheet in &sheets {
        let formulas = book.worksheet_formula(sheet).unwrap();
        for (_, _, formula) in formulas.cells().filter(|(_, _, text)| text.contains("'!")) {
            let mut dimensions = formula.split('\'');
            // Sheet names are between apostrophes.
            while let (Some(_), Some(name)) = (dimensions.next(), dimensions.next()) {
                assert!(sheets.iter().any(|own| own == name), "{sheet}: {formula}");
            }
        }
    }
    sheets
}

#[test]
fn scores_may_be_called_like_sheets_and_columns() {
    let mut records = records(&["A".to_owned(), "B".to_owned(), "C".to_owned()]);
    for record in &mut records {
        let mut third = record.scores[0].clone();
        third.id = "third".into();
        record.scores.push(third);
        for (score, label) in record.scores.iter_mut().zip(["Clients", "Chart data"]) {
            score.label = label.into();
            for subject in &mut score.subjects {
                subject.dimensions[0].label = "Complete".into();
            }
        }
    }
    let bytes = workbook(&records, &about(3));
    let sheets = assert_formula_sheets_exist(bytes.clone());
    for name in [
        "Clients",
        "Clients 2",
        "Chart data",
        "Chart data 2",
        "Compare",
    ] {
        assert!(sheets.iter().any(|own| own == name), "{name}: {sheets:?}");
    }
    // The tile shows the completeness of answers, not the dimension with the label "Complete".
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let tiles = book.worksheet_formula("Dashboard").unwrap();
    let note = tiles
        .cells()
        .find(|(_, _, text)| text.contains("SUBTOTAL(101"));
    let (_, rest) = note.unwrap().2.split_once("'Clients'!$").unwrap();
    let column = u32::from(rest.as_bytes()[0] - b'A');
    let clients = book.worksheet_range("Clients").unwrap();
    let mut headings = (0..10).filter_map(|row| clients.get_value((row, column)));
    let complete = Data::String("Complete".into());
    assert!(headings.any(|text| *text == complete), "{rest}");
}

#[test]
fn a_questionnaire_without_scores_and_finance_has_a_workbook() {
    let mut records = records(&["A".to_owned(), "B".to_owned()]);
    for record in &mut records {
        record.scores.clear();
        record.finance = Default::default();
        record.targets.clear();
        record.roadmap.activities.clear();
    }
    let sheets = assert_formula_sheets_exist(workbook(&records, &about(2)));
    assert!(
        !sheets
            .iter()
            .any(|own| own == "Revenue" || own == "Compare")
    );
}
