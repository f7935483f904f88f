//! Whatever people and programs do to sheets, rows, columns, names, and labels of a workbook, no answer changes.

use std::sync::OnceLock;

use partnerbook::answers::Value;
use partnerbook::intake::{self, Reading, Sandbox};
use partnerbook::issue::Severity;
use partnerbook::questionnaire::{Kind, Questionnaire};
use partnerbook::template::{self, Cell, Prefill};
use proptest::prelude::*;

use crate::common::edits::{Edit, Edited};
use crate::common::{self, questionnaire};

fn read(bytes: Vec<u8>) -> Reading {
    intake::read_bytes(questionnaire(), bytes, &Sandbox::none()).unwrap()
}

/// A workbook in which every answer differs from the adjacent ones, so that a misplaced answer is detected.
fn filled() -> &'static (Edited, Reading) {
    static FILLED: OnceLock<(Edited, Reading)> = OnceLock::new();
    FILLED.get_or_init(|| {
        let bytes = workbook_of(questionnaire());
        (Edited::open(&bytes), read(bytes))
    })
}

fn workbook_of(questionnaire: &Questionnaire) -> Vec<u8> {
    let mut prefill = Prefill::blank(questionnaire);
    for (key, field) in questionnaire.inputs() {
        let step = key.0 as f64;
        prefill.set(
            key,
            match &field.kind {
                Kind::Rating { .. } => Cell::Number((step % 101.0) / 10.0),
                Kind::Percent | Kind::Share => Cell::Number(2.0 + step % 97.0),
                Kind::Choice { list } => {
                    let options = &questionnaire.choices[*list].options;
                    Cell::Text(options[key.0 % options.len()].clone())
                }
                Kind::Date => Cell::Date(common::today() + chrono::Duration::days(key.0 as i64)),
                Kind::Email => Cell::Text(format!("a{}@b.example", key.0)),
                kind if kind.is_number() => Cell::Number(1_000.0 + step),
                _ => Cell::Text(format!("said about {}", field.id)),
            },
        );
    }
    template::workbook(
        questionnaire,
        &prefill,
        &partnerbook::look::Palette::DEFAULT,
    )
    .unwrap()
}

fn edit() -> impl Strategy<Value = Edit> {
    let sheet = 0..14usize;
    let tab = prop::sample::select(vec!["Лист", "Sheet", "Tabelle", "表", "Kopie von Blatt"]);
    prop_oneof![
        (sheet.clone(), 0..60u32, 1..4u32).prop_map(|(sheet, at, many)| Edit::InsertRows {
            sheet,
            at,
            many
        }),
        (sheet.clone(), 0..8u16).prop_map(|(sheet, at)| Edit::InsertColumn { sheet, at }),
        (sheet.clone(), 0..40usize).prop_map(|(sheet, nth)| Edit::DeleteRow { sheet, nth }),
        sheet.clone().prop_map(|sheet| Edit::DeleteHints { sheet }),
        sheet
            .clone()
            .prop_map(|sheet| Edit::DeleteIdColumn { sheet }),
        (sheet.clone(), tab).prop_map(|(sheet, to)| Edit::RenameSheet { sheet, to }),
        (0..15usize, 0..15usize).prop_map(|(sheet, to)| Edit::MoveSheet { sheet, to }),
        (sheet.clone(), 0..15usize).prop_map(|(sheet, to)| Edit::CopySheet { sheet, to }),
        sheet.clone().prop_map(|sheet| Edit::HideSheet { sheet }),
        Just(Edit::MergeIntoOther),
        (1..5usize).prop_map(|every| Edit::DropNames { every }),
        (sheet, 0..60u32).prop_map(|(sheet, at)| Edit::LeaveNamesBehind { sheet, at }),
        (1..5usize).prop_map(|every| Edit::ClearIds { every }),
        (0..5usize).prop_map(|how| Edit::RetypeLabels { how }),
    ]
}

/// Deletes a sheet with its answers.
fn deletion() -> impl Strategy<Value = Edit> {
    (0..14usize).prop_map(|sheet| Edit::DeleteSheet { sheet })
}

/// Returns the fields whose answers differ from those in the unedited workbook.
fn changed(reading: &Reading) -> Vec<(String, Value, Value)> {
    let (_, original) = filled();
    questionnaire()
        .inputs()
        .filter_map(|(key, field)| {
            let own = &original.answers.get(key).value;
            let now = &reading.answers.get(key).value;
            (own != now).then(|| (field.id.clone(), own.clone(), now.clone()))
        })
        .collect()
}

#[test]
fn the_plain_workbook_reads_as_it_was_filled() {
    let (edited, original) = filled();
    assert_eq!(changed(&read(edited.save())), []);
    let answered = questionnaire()
        .inputs()
        .filter(|(key, _)| original.answers.get(*key).value != Value::Missing);
    assert_eq!(answered.count(), questionnaire().inputs().count());
}

#[test]
fn a_deleted_sheet_is_one_issue_and_no_other_answer_is_lost() {
    for (index, worksheet) in questionnaire().worksheets.iter().enumerate() {
        let mut edited = filled().0.clone();
        edited.apply(&Edit::DeleteSheet { sheet: index });
        let reading = read(edited.save());
        let lost: Vec<String> = changed(&reading).into_iter().map(|(id, ..)| id).collect();
        let inputs = worksheet.fields().map(|key| questionnaire().field(key));
        let own: Vec<String> = inputs
            .filter(|field| field.kind.is_input())
            .map(|field| field.id.clone())
            .collect();
        assert_eq!(lost, own, "{}", worksheet.tab);
        let told: Vec<&str> = reading
            .issues
            .iter()
            .filter(|issue| issue.severity == Severity::Error)
            .map(|issue| issue.label.as_str())
            .collect();
        assert_eq!(told, [&worksheet.tab]);
    }
}

/// Returns the questionnaire with every label in other letters, like a translation.
fn translated() -> Questionnaire {
    let folder = tempfile::tempdir().unwrap();
    for (path, content) in partnerbook::questionnaire::built_in_files() {
        let path = folder.path().join(path);
        let text = String::from_utf8(content.to_vec()).unwrap();
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, in_other_letters(&text)).unwrap();
    }
    Questionnaire::load(folder.path()).unwrap()
}

/// Writes each text after `label = ` in Greek letters. Facts in braces keep their names.
fn in_other_letters(text: &str) -> String {
    let mut pieces = text.split("label = \"");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (label, rest) = piece.split_once('"').unwrap();
        let mut is_fact = false;
        let letters = label.chars().map(|c| match c {
            '{' | '}' => {
                is_fact = c == '{';
                c
            }
            'a'..='x' if !is_fact => char::from_u32(0x3B1 + (c as u32 - 'a' as u32)).unwrap(),
            other => other,
        });
        out.push_str("label = \"");
        out.extend(letters);
        out.push('"');
        out.push_str(rest);
    }
    out
}

/// A workbook of a translated questionnaire is read by the original questionnaire with names and IDs, and by the
/// translated one with labels alone.
#[test]
fn a_translated_workbook_reads_as_it_was_filled() {
    let translated = translated();
    let mut edited = Edited::open(&workbook_of(&translated));
    assert_eq!(changed(&read(edited.save())), []);
    edited.apply(&Edit::DropNames { every: 1 });
    assert_eq!(changed(&read(edited.save())), []);
    edited.apply(&Edit::ClearIds { every: 1 });
    let reading = intake::read_bytes(&translated, edited.save(), &Sandbox::none()).unwrap();
    assert_eq!(changed(&reading), []);
}

/// A renamed question is found in workbooks of an earlier version, by its old ID and by its old name.
#[test]
fn a_renamed_question_is_found_by_what_it_was_called() {
    let folder = tempfile::tempdir().unwrap();
    for (path, content) in partnerbook::questionnaire::built_in_files() {
        let path = folder.path().join(path);
        let text = String::from_utf8(content.to_vec()).unwrap();
        let text = text.replace(
            "{ id = \"white_label_potential\", label = \"White-label potential\",",
            "{ id = \"own_label\", was = [\"readiness.product.white_label_potential\"], label = \"Sold as one's own\",",
        );
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let renamed = Questionnaire::load(folder.path()).unwrap();
    let key = renamed.key("readiness.product.own_label").unwrap();
    let (edited, original) = filled();
    let own = questionnaire()
        .key("readiness.product.white_label_potential")
        .unwrap();
    let expected = &original.answers.get(own).value;
    for lost in [
        Edit::DropNames { every: 1 },
        Edit::DeleteIdColumn { sheet: 1 },
    ] {
        let mut edited = edited.clone();
        edited.apply(&lost);
        let reading = intake::read_bytes(&renamed, edited.save(), &Sandbox::none()).unwrap();
        assert_eq!(&reading.answers.get(key).value, expected, "{lost:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: common::cases(60), ..ProptestConfig::default() })]

    #[test]
    fn no_edit_changes_an_answer(edit in edit()) {
        let mut edited = filled().0.clone();
        edited.apply(&edit);
        prop_assert_eq!(changed(&read(edited.save())), []);
    }

    /// If too much is deleted to be sure, the answer is missing and an issue reports it. A wrong answer is never taken.
    #[test]
    fn edits_together_never_put_an_answer_in_another_place(
        edits in prop::collection::vec(prop_oneof![9 => edit(), 1 => deletion()], 2..6)
    ) {
        let mut edited = filled().0.clone();
        for edit in &edits {
            edited.apply(edit);
        }
        let reading = read(edited.save());
        for (id, own, now) in changed(&reading) {
            prop_assert_eq!(&now, &Value::Missing, "{}: was {:?}", id, own);
            let field = questionnaire().field(questionnaire().key(&id).unwrap());
            let tab = &questionnaire().worksheets[field.sheet].tab;
            let tells = |issue: &partnerbook::issue::Issue| match &issue.field {
                Some(field) => *field == id,
                None => issue.label.starts_with(tab),
            };
            prop_assert!(
                reading.issues.iter().any(|issue| issue.severity != Severity::Note && tells(issue)),
                "{} is missing without a word", id
            );
        }
    }
}
