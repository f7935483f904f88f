//! The annotated copy: it contains all answers, its issues are marked and listed, and nothing is lost.

use calamine::Reader;
use partnerbook::intake::{self, Reading, Sandbox};
use partnerbook::issue::Severity;
use partnerbook::questionnaire::Questionnaire;
use partnerbook::template::{self, Cell, Prefill};
use partnerbook::{annotate, check, score::Scorecard};
use proptest::prelude::*;

use crate::common::{self, parts, with_part};

/// Reads a workbook with its extra text.
fn read(questionnaire: &Questionnaire, bytes: Vec<u8>) -> Reading {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("returned.xlsx");
    std::fs::write(&path, bytes).unwrap();
    let blank = common::blank_text(questionnaire);
    intake::Workbook::open(&path)
        .unwrap()
        .read_whole(questionnaire, &Sandbox::none(), &blank)
        .unwrap()
}

fn hand_back(questionnaire: &Questionnaire, reading: &Reading) -> Vec<u8> {
    let mut issues = reading.issues.clone();
    issues.extend(check::check(
        questionnaire,
        &reading.answers,
        &Scorecard::of(questionnaire, &reading.answers),
    ));
    let extra_text = reading.extra_text.clone();
    annotate::workbook(
        questionnaire,
        &reading.answers,
        &issues,
        extra_text,
        reading.edition.as_ref(),
        &partnerbook::look::Palette::DEFAULT,
    )
    .unwrap()
}

#[test]
fn every_sample_comes_back_with_the_same_answers_and_nothing_besides() {
    let questionnaire = common::questionnaire();
    for name in common::SAMPLES {
        let bytes = std::fs::read(common::sample(name)).unwrap();
        let first = read(questionnaire, bytes);
        assert_eq!(first.extra_text, [], "{name}");
        let back = hand_back(questionnaire, &first);
        assert_eq!(
            back,
            hand_back(questionnaire, &first),
            "{name}: bytes repeat"
        );
        let second = read(questionnaire, back);
        common::same_answers(questionnaire, &first.answers, &second.answers);
        assert_eq!(
            second.extra_text,
            [],
            "{name}: the list of problems is ours"
        );
    }
}

/// Returns the extra text with the displayed places. A text from a previous copy has no cell of its own.
fn kept(reading: &Reading) -> Vec<(&str, &str)> {
    let texts = reading.extra_text.iter();
    texts
        .map(|kept| (kept.place.as_str(), kept.text.as_str()))
        .collect()
}

/// If several answers violate a rule together, each answer stays a number, so that scores and returns in the workbook
/// stay live.
#[test]
fn numbers_stay_numbers_unless_their_reading_is_in_doubt() {
    let questionnaire = common::questionnaire();
    let mut complained_of = 0;
    for name in common::SAMPLES {
        let bytes = std::fs::read(common::sample(name)).unwrap();
        let reading = read(questionnaire, bytes.clone());
        let back = hand_back(questionnaire, &reading);
        let open = |bytes: Vec<u8>| {
            calamine::open_workbook_from_rs::<calamine::Xlsx<_>, _>(std::io::Cursor::new(bytes))
        };
        let (mut own, mut other) = (open(bytes).unwrap(), open(back).unwrap());
        let issues = check::check(
            questionnaire,
            &reading.answers,
            &Scorecard::of(questionnaire, &reading.answers),
        );
        for worksheet in &questionnaire.worksheets {
            let own = own.worksheet_range(&worksheet.tab).unwrap();
            let other = other.worksheet_range(&worksheet.tab).unwrap();
            for key in worksheet.fields() {
                let id = questionnaire.field(key).id.as_str();
                let Some(place) = &reading.answers.get(key).place else {
                    continue;
                };
                let at = (place.row, place.column);
                let doubted = reading
                    .issues
                    .iter()
                    .any(|issue| issue.field.as_deref() == Some(id) && issue.code.is_ambiguous());
                if let (Some(calamine::Data::Float(number)), false) = (own.get_value(at), doubted) {
                    assert_eq!(
                        other.get_value(at),
                        Some(&calamine::Data::Float(*number)),
                        "{name}, {place}"
                    );
                    complained_of += usize::from(issues.iter().any(|issue| {
                        issue.field.as_deref() == Some(id) && issue.severity != Severity::Note
                    }));
                }
            }
        }
    }
    assert!(complained_of > 0);
}

#[test]
fn each_problem_is_marked_commented_and_listed_with_a_link() {
    let questionnaire = common::questionnaire();
    let bytes = std::fs::read(common::sample("mapleworks-foundry")).unwrap();
    let reading = read(questionnaire, bytes);
    let back = parts(&hand_back(questionnaire, &reading));
    let text = |part: &str| String::from_utf8(back[part].clone()).unwrap();
    // "Market credibility" contains 12. It is on the sheet "1 Readiness", the third sheet of the workbook.
    let comments = back
        .iter()
        .filter(|(name, _)| name.starts_with("xl/comments"));
    let comments: Vec<String> = comments
        .map(|(_, part)| String::from_utf8(part.clone()).unwrap())
        .collect();
    let own = comments
        .iter()
        .find(|part| part.contains("Market credibility"))
        .unwrap();
    assert!(own.contains(r#"ref="C22""#), "{own}");
    assert!(own.contains("outside the range from 0 to 10"), "{own}");
    let start = text("xl/worksheets/sheet1.xml");
    assert!(start.contains("location=\"'1 Readiness'!C22\""), "{start}");
    let problems = reading
        .issues
        .iter()
        .filter(|issue| issue.severity != Severity::Note);
    let linked = start.matches("<hyperlink ").count();
    assert!(
        linked >= problems.count() + questionnaire.worksheets.len(),
        "{linked}"
    );
}

/// Adds a text cell to a row of a sheet, in the form that a program without shared strings writes.
fn with_remark(bytes: &[u8], part: &str, row: u32, cell: &str, text: &str) -> Vec<u8> {
    with_part(bytes, part, |xml| {
        let at = xml.find(&format!("<row r=\"{row}\"")).unwrap();
        let end = at + xml[at..].find("</row>").unwrap();
        let (before, after) = xml.split_at(end);
        format!("{before}<c r=\"{cell}{row}\" t=\"inlineStr\"><is><t>{text}</t></is></c>{after}")
    })
}

#[test]
fn remarks_beside_the_answers_are_kept_with_their_place() {
    let questionnaire = common::questionnaire();
    let bytes = std::fs::read(common::sample("halvorsen-sensors")).unwrap();
    let bytes = with_remark(
        &bytes,
        "xl/worksheets/sheet3.xml",
        22,
        "H",
        "ask Kari &amp; Ola",
    );
    let bytes = with_remark(
        &bytes,
        "xl/worksheets/sheet3.xml",
        21,
        "J",
        "=cmd|' /C calc'!A0",
    );
    let first = read(questionnaire, bytes);
    assert_eq!(
        kept(&first),
        [
            ("1 Readiness, J21", "=cmd|' /C calc'!A0"),
            ("1 Readiness, H22", "ask Kari & Ola")
        ]
    );
    let second = read(questionnaire, hand_back(questionnaire, &first));
    common::same_answers(questionnaire, &first.answers, &second.answers);
    assert_eq!(kept(&second), kept(&first), "once, with the first place");
    let third = read(questionnaire, hand_back(questionnaire, &second));
    assert_eq!(kept(&third), kept(&first), "and no more than once");
}

#[test]
fn numbers_beside_the_answers_are_kept_and_what_the_workbook_works_out_is_not() {
    let questionnaire = common::questionnaire();
    let bytes = std::fs::read(common::sample("halvorsen-sensors")).unwrap();
    let bytes = with_part(&bytes, "xl/worksheets/sheet3.xml", |xml| {
        let at = xml.find("<row r=\"22\"").unwrap();
        let end = at + xml[at..].find("</row>").unwrap();
        let (before, after) = xml.split_at(end);
        format!("{before}<c r=\"K22\"><v>4711</v></c>{after}")
    });
    let reading = read(questionnaire, bytes);
    let texts: Vec<&str> = reading
        .extra_text
        .iter()
        .map(|kept| kept.text.as_str())
        .collect();
    assert_eq!(texts, ["4711"]);
}

/// The unit next to an amount is a formula of the currency, whatever was entered as the currency.
#[test]
fn a_number_entered_as_the_currency_is_not_kept_again_from_each_unit() {
    let questionnaire = common::questionnaire();
    let currency = questionnaire.identity.currency.unwrap();
    for typed in ["1.200", "12", "25 %"] {
        let mut prefill = Prefill::blank(questionnaire);
        prefill.set(currency, Cell::Text(typed.to_owned()));
        let first = read(
            questionnaire,
            template::workbook(
                questionnaire,
                &prefill,
                &partnerbook::look::Palette::DEFAULT,
            )
            .unwrap(),
        );
        assert_eq!(kept(&first), [], "{typed}");
        let second = read(questionnaire, hand_back(questionnaire, &first));
        assert_eq!(kept(&second), [], "{typed}");
    }
}

#[test]
fn a_text_longer_than_a_cell_is_kept_whole() {
    let questionnaire = common::questionnaire();
    let long: String = (0..9_000).map(|word| format!("word{word} ")).collect();
    let bytes = std::fs::read(common::sample("halvorsen-sensors")).unwrap();
    let bytes = with_remark(&bytes, "xl/worksheets/sheet3.xml", 22, "H", &long);
    let reading = read(questionnaire, bytes);
    let again = read(questionnaire, hand_back(questionnaire, &reading));
    assert_eq!(kept(&again), kept(&reading));
    assert!(again.extra_text.len() > 1);
    let kept: String = again
        .extra_text
        .iter()
        .map(|kept| kept.text.as_str())
        .collect();
    assert_eq!(kept, long.trim_end());
}

/// What people enter for a number, a date, a choice, or a text.
const TYPED: [&str; 24] = [
    "12",
    "12.5",
    "12,5",
    "1.200",
    "1,200",
    "0.25",
    "25 %",
    "€12k",
    "$ 500",
    "3 months",
    "5-7",
    "8/10",
    "yes",
    "no",
    "✓",
    "n/a",
    "?",
    "TBD",
    "7 Dec 2026",
    "03/04/2027",
    "=1+1",
    "'quoted",
    "High",
    "two\nlines",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: common::cases(12), ..ProptestConfig::default() })]

    /// Whatever a client entered, the annotated copy gives the same answers.
    #[test]
    fn what_goes_back_is_read_as_what_came(typed in prop::collection::vec(prop::option::weighted(0.6, 0..TYPED.len()), 500)) {
        let questionnaire = common::questionnaire();
        let mut prefill = Prefill::blank(questionnaire);
        for ((key, _), typed) in questionnaire.inputs().zip(&typed) {
            if let Some(typed) = typed {
                prefill.set(key, Cell::Text(TYPED[*typed].to_owned()));
            }
        }
        let first = read(questionnaire, template::workbook(questionnaire, &prefill, &partnerbook::look::Palette::DEFAULT).unwrap());
        let second = read(questionnaire, hand_back(questionnaire, &first));
        for (key, field) in questionnaire.inputs() {
            let (own, now) = (first.answers.get(key), second.answers.get(key));
            prop_assert_eq!(&own.value, &now.value, "{}: {:?} became {:?}", &field.id, &own.raw, &now.raw);
        }
        prop_assert_eq!(kept(&second), kept(&first));
    }
}
