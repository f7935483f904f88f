//! Returned workbooks that are changed, damaged, or malicious.

use partnerbook::answers::{FoundBy, Value};
use partnerbook::intake::Sandbox;
use partnerbook::intake::{self, IntakeError};
use partnerbook::issue::{Issue, Severity};
use partnerbook::questionnaire::Questionnaire;
use partnerbook::template::{self, Cell, Prefill};

use crate::common::{self, same_answers, with_part, zipped};

fn halvorsen() -> Vec<u8> {
    std::fs::read(common::sample("halvorsen-sensors")).unwrap()
}

fn read(bytes: Vec<u8>) -> Result<intake::Reading, IntakeError> {
    intake::read_bytes(common::questionnaire(), bytes, &Sandbox::none())
}

/// Reads one text entered in one field.
fn typed(questionnaire: &Questionnaire, id: &str, text: &str) -> (Value, Vec<Issue>) {
    let mut prefill = Prefill::blank(questionnaire);
    prefill.set(
        questionnaire.identity.currency.unwrap(),
        Cell::Text("EUR".into()),
    );
    let key = questionnaire.key(id).unwrap();
    prefill.set(key, Cell::Text(text.into()));
    let reading = intake::read_bytes(
        questionnaire,
        template::workbook(
            questionnaire,
            &prefill,
            &partnerbook::look::Palette::DEFAULT,
        )
        .unwrap(),
        &Sandbox::none(),
    )
    .unwrap();
    (reading.answers.get(key).value.clone(), reading.issues)
}

const MONEY: &str = "readiness.status.partnership_revenue";
const RATING: &str = "readiness.product.api_availability";
const PERCENT: &str = "opportunities.integration.market_overlap";
const WEEKS: &str = "opportunities.integration.development_effort";
const MONTHS: &str = "revenue.roi.payback";
const RATIO: &str = "revenue.roi.ratio";

#[test]
fn numbers_as_people_type_them() {
    let questionnaire = common::questionnaire();
    let cases = [
        (MONEY, "€12,000", 12_000.0),
        (MONEY, "12k", 12_000.0),
        (MONEY, "1.2M", 1_200_000.0),
        (MONEY, "12 000 €", 12_000.0),
        (MONEY, "12\u{a0}000\u{202f}€", 12_000.0),
        (MONEY, "12.000,50", 12_000.5),
        (MONEY, "12'000", 12_000.0),
        (MONEY, "1,234,567", 1_234_567.0),
        (MONEY, "€ 5k / month", 5_000.0),
        (MONEY, "~50", 50.0),
        (MONEY, "approx. 3 thousand", 3_000.0),
        (MONEY, "2 mio", 2_000_000.0),
        (RATING, "8/10", 8.0),
        (RATING, "8 out of 10", 8.0),
        (RATING, " 7 ", 7.0),
        (RATING, "7,5", 7.5),
        (RATING, "\u{200b}6\u{a0}", 6.0),
        (PERCENT, "25 %", 25.0),
        (PERCENT, "25%", 25.0),
        (PERCENT, "25", 25.0),
        (PERCENT, "12,5 percent", 12.5),
        (WEEKS, "3 weeks", 3.0),
        (WEEKS, "3wks", 3.0),
        (WEEKS, "14 days", 2.0),
        (MONTHS, "1 year", 12.0),
        (MONTHS, "6m", 6.0),
        (RATIO, "2.4:1", 2.4),
        (RATIO, "2.4 to 1", 2.4),
        (RATIO, "2.4x", 2.4),
    ];
    for (id, text, number) in cases {
        let (value, issues) = typed(questionnaire, id, text);
        assert_eq!(value, Value::Number(number), "{text:?}");
        assert!(
            !issues.iter().any(|issue| issue.severity == Severity::Error),
            "{text:?}"
        );
    }
}

#[test]
fn guesses_are_warnings() {
    let questionnaire = common::questionnaire();
    for (id, text, number) in [
        (MONEY, "12.000", 12_000.0),
        (PERCENT, "0.25", 25.0),
        (MONEY, "60k / quarter", 20_000.0),
        (MONEY, "$500", 500.0),
        (RATING, "4/5", 8.0),
        (WEEKS, "2 months", 8.7),
    ] {
        let (value, issues) = typed(questionnaire, id, text);
        assert_eq!(value, Value::Number(number), "{text:?}");
        assert!(
            issues
                .iter()
                .any(|issue| issue.severity == Severity::Warning && issue.code == "value-guessed"),
            "{text:?}: {issues:?}"
        );
    }
}

#[test]
fn what_cannot_be_read_is_an_error_with_its_cell() {
    let questionnaire = common::questionnaire();
    for (id, text) in [
        (RATING, "eleven-ish"),
        (RATING, "11"),
        (RATING, "-1"),
        (MONEY, "lots"),
        (MONEY, "10-20k"),
        (PERCENT, "140"),
        (RATING, "80%"),
        (MONEY, "1e999"),
        (MONEY, "99999999999999999999"),
        (RATING, "#REF!"),
    ] {
        let (value, issues) = typed(questionnaire, id, text);
        assert_eq!(value, Value::Invalid, "{text:?}");
        let issue = issues
            .iter()
            .find(|issue| issue.severity == Severity::Error)
            .unwrap_or_else(|| panic!("{text:?} has no error"));
        assert_eq!(issue.code, "value-invalid");
        assert!(
            issue.place.is_some() && issue.found.contains(text),
            "{issue:?}"
        );
    }
}

#[test]
fn blank_not_applicable_and_unknown_are_three_things() {
    let questionnaire = common::questionnaire();
    for (text, value) in [
        ("-", Value::Missing),
        (" \u{a0}\u{200b} ", Value::Missing),
        ("n/a", Value::NotApplicable),
        ("N/A", Value::NotApplicable),
        ("TBD", Value::Unknown),
        ("?", Value::Unknown),
    ] {
        assert_eq!(typed(questionnaire, RATING, text).0, value, "{text:?}");
    }
}

#[test]
fn without_names_fields_are_found_by_the_id_in_their_row() {
    let questionnaire = common::questionnaire();
    let whole = read(halvorsen()).unwrap();
    let nameless = with_part(&halvorsen(), "xl/workbook.xml", |xml| {
        let (before, rest) = xml.split_once("<definedNames>").unwrap();
        format!("{before}{}", rest.split_once("</definedNames>").unwrap().1)
    });
    let reading = read(nameless).unwrap();
    same_answers(questionnaire, &whole.answers, &reading.answers);
    assert!(
        questionnaire
            .inputs()
            .all(|(key, _)| reading.answers.get(key).found_by == FoundBy::RowId)
    );
}

/// Names that refer to the row below, as a program that inserts rows can leave them: never take a value of another
/// question.
#[test]
fn a_name_whose_row_disagrees_is_not_believed() {
    let questionnaire = common::questionnaire();
    let whole = read(halvorsen()).unwrap();
    let moved = with_part(&halvorsen(), "xl/workbook.xml", |xml| {
        let mut out = String::new();
        for piece in xml.split_inclusive("</definedName>") {
            match piece.rsplit_once('$') {
                Some((before, row)) if piece.contains("pb_") => {
                    let number: u32 = row
                        .chars()
                        .take_while(char::is_ascii_digit)
                        .collect::<String>()
                        .parse()
                        .unwrap();
                    out.push_str(&format!("{before}${}</definedName>", number + 1));
                }
                _ => out.push_str(piece),
            }
        }
        out
    });
    let reading = read(moved).unwrap();
    same_answers(questionnaire, &whole.answers, &reading.answers);
    assert!(
        reading
            .issues
            .iter()
            .any(|issue| issue.code == "name-moved")
    );
}

#[test]
fn without_names_and_ids_fields_are_found_by_their_labels() {
    let questionnaire = common::questionnaire();
    let whole = read(halvorsen()).unwrap();
    let ids: Vec<&str> = questionnaire
        .worksheets
        .iter()
        .flat_map(|sheet| &sheet.sections)
        .flat_map(|section| section.rows.iter().map(|row| row.id.as_str()))
        .collect();
    let bare = with_part(&halvorsen(), "xl/workbook.xml", |xml| {
        let (before, rest) = xml.split_once("<definedNames>").unwrap();
        format!("{before}{}", rest.split_once("</definedNames>").unwrap().1)
    });
    let bare = with_part(&bare, "xl/sharedStrings.xml", |mut xml| {
        for id in &ids {
            xml = xml.replace(&format!("<t>{id}</t>"), "<t>gone</t>");
        }
        xml
    });
    let reading = read(bare).unwrap();
    same_answers(questionnaire, &whole.answers, &reading.answers);
    assert!(
        questionnaire
            .inputs()
            .all(|(key, _)| reading.answers.get(key).found_by == FoundBy::Label)
    );
}

/// Creates a compound file with empty streams.
fn compound(streams: &[&str]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    for name in streams {
        file.create_stream(name).unwrap();
    }
    file.into_inner().into_inner()
}

#[test]
fn files_that_are_not_our_workbook_get_one_sentence() {
    let sentence = |bytes: &[u8]| read(bytes.to_vec()).unwrap_err().to_string();
    assert!(sentence(b"").contains("empty"));
    assert!(sentence(b"Dear all, please find attached").contains("not an Excel workbook"));
    assert!(sentence(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1").contains("damaged"));
    assert!(sentence(b"%PDF-1.7").contains("a PDF"));
    assert!(sentence(&compound(&["EncryptedPackage"])).contains("password"));
    assert!(sentence(&compound(&["WordDocument"])).contains("Word"));
    assert!(sentence(&halvorsen()[..20_000]).contains("damaged"));
    assert!(
        sentence(&zipped(&[("a.txt".to_owned(), b"x".to_vec())].into()))
            .contains("not an Excel workbook")
    );
    assert!(
        sentence(&zipped(&[("a.xlsx".to_owned(), halvorsen())].into())).contains("archive with")
    );
    let mut other = rust_xlsxwriter::Workbook::new();
    other.add_worksheet().write_string(0, 0, "Budget").unwrap();
    assert!(
        sentence(&other.save_to_buffer().unwrap())
            .contains("is not a workbook of the questionnaire")
    );
}

#[test]
fn another_questionnaire_and_a_newer_version_are_told() {
    let strings = |from: &str, to: &str| {
        with_part(&halvorsen(), "xl/sharedStrings.xml", |xml| {
            xml.replace(from, to)
        })
    };
    assert!(matches!(
        read(strings("<t>partnerships</t>", "<t>suppliers</t>")),
        Err(IntakeError::OtherQuestionnaire { .. })
    ));
    let questionnaire = common::questionnaire();
    let last = format!(
        "xl/worksheets/sheet{}.xml",
        questionnaire.worksheets.len() + 2
    );
    let newer = with_part(&halvorsen(), &last, |xml| {
        xml.replacen("<c r=\"B3\"><v>1</v></c>", "<c r=\"B3\"><v>9</v></c>", 1)
    });
    assert!(matches!(
        read(newer),
        Err(IntakeError::Newer { found: 9, known: 1 })
    ));
}

/// Reads the sample with the cell of one rating replaced. Returns the value of the rating and the issues at its cell.
fn with_cell(attributes: &str, content: &str) -> (Value, Vec<Issue>) {
    let questionnaire = common::questionnaire();
    let key = questionnaire.key(RATING).unwrap();
    let place = read(halvorsen())
        .unwrap()
        .answers
        .get(key)
        .place
        .clone()
        .unwrap();
    let changed = with_part(&halvorsen(), "xl/worksheets/sheet3.xml", |xml| {
        let at = xml.find(&format!("<c r=\"{}\"", place.address())).unwrap();
        let end = at + xml[at..].find("</c>").unwrap();
        format!(
            "{}<c r=\"{}\" {attributes}>{content}{}",
            &xml[..at],
            place.address(),
            &xml[end..]
        )
    });
    let reading = read(changed).unwrap();
    let issues = reading
        .issues
        .into_iter()
        .filter(|issue| issue.place.as_ref() == Some(&place))
        .collect();
    (reading.answers.get(key).value.clone(), issues)
}

#[test]
fn an_error_value_in_a_cell_is_a_issue() {
    let (value, issues) = with_cell("t=\"e\"", "<v>#DIV/0!</v>");
    assert_eq!(value, Value::Invalid);
    assert!(issues.iter().any(|issue| issue.found.contains("#DIV/0!")));
}

/// "8/10" in a cell with number format: the program stores the number of a date and shows this number.
#[test]
fn a_rating_that_became_the_number_of_a_day_is_guessed() {
    let (value, issues) = with_cell("", "<v>46244</v>");
    assert_eq!(value, Value::Number(8.0));
    assert_eq!(issues[0].severity, Severity::Warning);
    assert_eq!(with_cell("", "<v>46260</v>").0, Value::Invalid);
    assert_eq!(with_cell("", "<v>8000</v>").0, Value::Invalid);
}

/// The same workbook, saved by LibreOffice (ods) and SheetJS (xls, xlsb), gives the same answers.
#[test]
fn every_format_holds_the_same_answers() {
    let questionnaire = common::questionnaire();
    let original = read(halvorsen()).unwrap();
    for format in ["ods", "xls", "xlsb"] {
        let path = common::root().join(format!("tests/fixtures/halvorsen-sensors.{format}"));
        let reading = intake::read_file(questionnaire, &path, &Sandbox::none()).unwrap();
        same_answers(questionnaire, &original.answers, &reading.answers);
    }
}

#[test]
fn a_formula_counts_by_its_result_and_without_one_is_a_issue() {
    assert_eq!(with_cell("", "<f>4+4</f><v>8</v>").0, Value::Number(8.0));
    let (value, issues) = with_cell("", "<f>4+4</f><v></v>");
    assert_eq!(value, Value::Invalid);
    assert!(issues.iter().any(|issue| issue.found.contains("formula")));
}

/// Appends a record of a BIFF stream.
fn record(stream: &mut Vec<u8>, code: u16, parts: &[&[u8]]) {
    let data = parts.concat();
    stream.extend(code.to_le_bytes());
    stream.extend(u16::try_from(data.len()).unwrap().to_le_bytes());
    stream.extend(data);
}

/// Writes the values of an xlsx workbook as Excel 95 would: BIFF5, one byte a character, in a stream named `Book`.
fn as_excel_95(xlsx: Vec<u8>) -> Vec<u8> {
    use calamine::{Data, Reader};
    const SHEET: u16 = 0x10;
    const WORKBOOK: u16 = 5;
    let begin = |stream: &mut Vec<u8>, kind: u16| {
        let parts = [0x500, kind, 0, 0].map(u16::to_le_bytes);
        record(stream, 0x809, &[&parts.concat()]);
    };
    let bytes = |text: &str| -> Vec<u8> {
        let latin = |c: char| u8::try_from(u32::from(c)).unwrap_or(b'?');
        text.chars().take(255).map(latin).collect()
    };
    let mut source: calamine::Xlsx<_> =
        calamine::open_workbook_from_rs(std::io::Cursor::new(xlsx)).unwrap();
    let sheets: Vec<(String, Vec<u8>)> = source
        .worksheets()
        .into_iter()
        .map(|(name, range)| {
            let mut stream = Vec::new();
            begin(&mut stream, SHEET);
            for (row, column, value) in range.used_cells() {
                let (top, left) = range.start().unwrap();
                let row = u16::try_from(row).unwrap() + u16::try_from(top).unwrap();
                let column = u16::try_from(column).unwrap() + u16::try_from(left).unwrap();
                let at = [row, column, 0].map(u16::to_le_bytes).concat();
                match value {
                    Data::String(text) => {
                        let text = bytes(text);
                        let length = u16::try_from(text.len()).unwrap().to_le_bytes();
                        record(&mut stream, 0x204, &[&at, &length, &text]);
                    }
                    other => {
                        let number = calamine::DataType::as_f64(other);
                        let number = number
                            .or_else(|| Some(calamine::DataType::get_datetime(other)?.as_f64()));
                        if let Some(number) = number {
                            record(&mut stream, 0x203, &[&at, &number.to_le_bytes()]);
                        }
                    }
                }
            }
            record(&mut stream, 0xA, &[]);
            (name, stream)
        })
        .collect();
    // The positions of the sheets are known once the first part has its length.
    let first_part = |positions: &[u32]| {
        let mut stream = Vec::new();
        begin(&mut stream, WORKBOOK);
        record(&mut stream, 0x42, &[&1252u16.to_le_bytes()]);
        for ((name, _), position) in sheets.iter().zip(positions) {
            let length = [u8::try_from(name.len()).unwrap()];
            record(
                &mut stream,
                0x85,
                &[&position.to_le_bytes(), &[0, 0], &length, &bytes(name)],
            );
        }
        record(&mut stream, 0xA, &[]);
        stream
    };
    let mut position = first_part(&vec![0; sheets.len()]).len();
    let mut positions = Vec::new();
    for (_, sheet) in &sheets {
        positions.push(u32::try_from(position).unwrap());
        position += sheet.len();
    }
    let mut stream = first_part(&positions);
    stream.extend(sheets.into_iter().flat_map(|(_, sheet)| sheet));
    let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    std::io::Write::write_all(&mut file.create_stream("Book").unwrap(), &stream).unwrap();
    file.into_inner().into_inner()
}

#[test]
fn a_workbook_of_excel_95_is_read() {
    let questionnaire = common::questionnaire();
    let whole = read(halvorsen()).unwrap();
    let old = read(as_excel_95(halvorsen())).unwrap();
    // A cell of Excel 95 holds 255 characters of one code page.
    let fits = |value: &Value| {
        let text = format!("{value:?}");
        text.is_ascii() && text.len() < 255
    };
    let mut compared = 0;
    for (key, field) in questionnaire.inputs() {
        let (new, old) = (whole.answers.get(key), old.answers.get(key));
        if fits(&new.value) {
            assert_eq!(new.value, old.value, "{}", field.id);
            compared += 1;
        }
    }
    assert!(compared > 250, "{compared}");
}
