//! Workbooks as real people and programs send them. Each test is named after what happened. The files in
//! `tests/fixtures/cases` are partnerbook workbooks with one change.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use partnerbook::answers::Value;
use partnerbook::intake::{self, BlankText, IntakeError, Reading, Sandbox, Workbook};
use partnerbook::issue::{Issue, Severity};
use partnerbook::questionnaire::{FieldKey, Questionnaire};
use partnerbook::score::Scorecard;
use partnerbook::{annotate, check};
use proptest::prelude::*;

use crate::common::{self, SAMPLES, partnerbook, root, zipped};

struct Desk {
    questionnaire: &'static Questionnaire,
    blank: BlankText,
}

/// Returns the desk that reads the workbooks of all tests.
fn desk() -> &'static Desk {
    static DESK: LazyLock<Desk> = LazyLock::new(|| Desk {
        questionnaire: common::questionnaire(),
        blank: common::blank_text(common::questionnaire()),
    });
    &DESK
}

impl Desk {
    fn read(&self, bytes: Vec<u8>) -> Result<Reading, IntakeError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("returned");
        std::fs::write(&path, bytes).unwrap();
        Workbook::open(&path)?.read_whole(self.questionnaire, &Sandbox::none(), &self.blank)
    }

    fn case(&self, name: &str) -> Reading {
        self.read(case_bytes(name)).unwrap()
    }

    fn key(&self, id: &str) -> FieldKey {
        self.questionnaire.key(id).unwrap()
    }

    fn value<'r>(&self, reading: &'r Reading, id: &str) -> &'r Value {
        &reading.answers.get(self.key(id)).value
    }

    fn hand_back(&self, reading: &Reading) -> Vec<u8> {
        let scorecard = Scorecard::of(self.questionnaire, &reading.answers);
        let mut issues = reading.issues.clone();
        issues.extend(check::check(
            self.questionnaire,
            &reading.answers,
            &scorecard,
        ));
        annotate::workbook(
            self.questionnaire,
            &reading.answers,
            &issues,
            reading.extra_text.clone(),
            reading.edition.as_ref(),
            &partnerbook::look::Palette::DEFAULT,
        )
        .unwrap()
    }
}

fn case_bytes(name: &str) -> Vec<u8> {
    std::fs::read(root().join("tests/fixtures/cases").join(name)).unwrap()
}

fn of<'r>(reading: &'r Reading, id: &str) -> Vec<&'r Issue> {
    let issues = reading.issues.iter();
    issues
        .filter(|issue| issue.field.as_deref() == Some(id))
        .collect()
}

fn texts(reading: &Reading) -> Vec<&str> {
    let extra = reading.extra_text.iter();
    extra.map(|extra| extra.text.as_str()).collect()
}

/// If only the file around the answers is unusual, every answer of the sample is read.
#[test]
fn what_holds_no_answer_does_not_reject_a_workbook() {
    let desk = desk();
    let sample = desk
        .read(std::fs::read(common::sample("halvorsen-sensors")).unwrap())
        .unwrap();
    for name in [
        "capital-sharedstrings.xlsb",
        "content-types-lower.xlsx",
        "dimension-of-rows.xlsx",
        "many-styles.xlsx",
        "pretty-printed.ods",
        "sheet-without-relation.xlsm",
    ] {
        let reading = desk.case(name);
        let differing: Vec<&str> = desk
            .questionnaire
            .inputs()
            .filter(|(key, _)| reading.answers.get(*key).value != sample.answers.get(*key).value)
            .map(|(_, field)| field.id.as_str())
            .collect();
        assert_eq!(differing, [""; 0], "{name}");
        assert_eq!(reading.version, Some(1), "{name}");
        assert!(reading.extra_text.is_empty(), "{name}");
        assert!(
            reading
                .issues
                .iter()
                .all(|issue| issue.severity == Severity::Note),
            "{name}"
        );
    }
}

#[test]
fn dates_that_a_spreadsheet_made_are_told_apart_from_what_was_entered() {
    let desk = desk();
    let reading = desk.case("dates-of-what-was-typed.xlsx");
    let value = |id| desk.value(&reading, id);
    assert_eq!(*value("client.about.email"), Value::Invalid);
    assert_eq!(
        *value("opportunities.reseller.customer_segment"),
        Value::Text("10-49".into())
    );
    assert_eq!(
        *value("opportunities.reseller.geographic_coverage"),
        Value::Text("9:00".into())
    );
    assert_eq!(*value("revenue.roi.ratio"), Value::Number(3.0));
    for (id, severity) in [
        ("client.about.email", Severity::Error),
        ("opportunities.reseller.customer_segment", Severity::Warning),
        (
            "opportunities.reseller.geographic_coverage",
            Severity::Warning,
        ),
        ("revenue.roi.ratio", Severity::Warning),
    ] {
        let issues = of(&reading, id);
        assert!(
            issues
                .iter()
                .any(|issue| issue.severity == severity && issue.found.contains("the spreadsheet")),
            "{id}: {issues:?}"
        );
    }
}

#[test]
fn an_answer_beside_its_cell_is_offered_and_kept() {
    let desk = desk();
    let reading = desk.case("answer-beside.xlsx");
    let id = "readiness.product.api_availability";
    assert_eq!(*desk.value(&reading, id), Value::Missing);
    let issues = of(&reading, id);
    let [warning] = issues
        .iter()
        .filter(|issue| issue.code == "answer-beside")
        .collect::<Vec<_>>()[..]
    else {
        panic!("{issues:?}");
    };
    assert_eq!(warning.severity, Severity::Warning);
    assert!(
        warning.found.contains("in D7") && warning.found.contains("cell C7"),
        "{warning:?}"
    );
    let again = desk.read(desk.hand_back(&reading)).unwrap();
    assert_eq!(texts(&again), texts(&reading));
}

#[test]
fn what_is_struck_out_is_no_answer() {
    let desk = desk();
    let reading = desk.case("struck-out.xlsx");
    let value = |id| desk.value(&reading, id).clone();
    assert_eq!(value("readiness.product.api_availability"), Value::Missing);
    assert_eq!(
        value("readiness.product.integration_capabilities"),
        Value::Number(0.0)
    );
    let Value::Text(segment) = value("opportunities.reseller.customer_segment") else {
        panic!("no text");
    };
    assert!(!segment.contains("Owners of vessels"), "{segment}");
    let notes = of(&reading, "readiness.product.api_availability");
    assert!(notes.iter().any(|note| note.found.contains("struck out")));
}

#[test]
fn error_values_of_later_editions_are_errors_of_their_cells_alone() {
    let desk = desk();
    let reading = desk.case("error-spill.xlsx");
    let id = "readiness.product.api_availability";
    assert_eq!(*desk.value(&reading, id), Value::Invalid);
    assert!(of(&reading, id)[0].found.contains("#SPILL!"));
    let others = desk.questionnaire.inputs();
    let invalid = others.filter(|(key, _)| reading.answers.get(*key).value == Value::Invalid);
    assert_eq!(invalid.count(), 1);
}

#[test]
fn a_number_may_begin_with_its_point() {
    let desk = desk();
    let reading = desk.case("leading-point.xlsx");
    for (id, number) in [
        ("readiness.product.api_availability", 0.5),
        ("opportunities.joint_venture.investment_required", 500_000.0),
        ("revenue.roi.ratio", 0.8),
    ] {
        assert_eq!(*desk.value(&reading, id), Value::Number(number), "{id}");
    }
}

#[test]
fn encrypted_files_say_how_they_are_protected() {
    let desk = desk();
    let why = |name| desk.read(case_bytes(name)).unwrap_err();
    assert_eq!(why("password.xls"), IntakeError::Password);
    assert_eq!(why("rights-managed.xlsx"), IntakeError::RightsManaged);
    assert!(
        IntakeError::RightsManaged
            .to_string()
            .contains("sensitivity label")
    );
}

#[test]
fn comments_and_text_boxes_are_kept_in_every_format() {
    let desk = desk();
    for name in ["comment-on-answer.xls", "text-box.xlsx"] {
        let reading = desk.case(name);
        assert_eq!(reading.extra_text.len(), 1, "{name}");
        let text = &reading.extra_text[0];
        assert!(
            reading.issues.iter().any(|issue| issue.code == "extra-text"
                && issue.found.contains(text.text.split('\n').next().unwrap())),
            "{name}"
        );
        let again = desk.read(desk.hand_back(&reading)).unwrap();
        assert_eq!(texts(&again), texts(&reading), "{name}");
    }
}

#[test]
fn an_address_pasted_twice_is_one() {
    let desk = desk();
    let reading = desk.case("address-twice.xlsx");
    assert_eq!(
        *desk.value(&reading, "client.about.email"),
        Value::Text("ingrid.moe@halvorsen-sensors.example".into())
    );
}

#[test]
fn texts_are_what_their_cells_show() {
    let desk = desk();
    let reading = desk.case("numbers-in-texts.xlsx");
    let all: Vec<&str> = desk
        .questionnaire
        .inputs()
        .filter_map(|(key, _)| reading.answers.text(key))
        .collect();
    for shown in ["0.3", "01234"] {
        assert!(all.contains(&shown), "{shown}");
    }
    assert!(
        all.iter()
            .any(|text| text.contains("12,000") && text.contains('€'))
    );
    assert!(!all.iter().any(|text| text.contains("0.30000")));
}

#[test]
fn instants_and_the_epoch_of_1904_are_days() {
    let desk = desk();
    let day =
        |year, month, day| Value::Date(chrono::NaiveDate::from_ymd_opt(year, month, day).unwrap());
    for name in ["iso-instant.xlsx", "date1904-general.xlsx"] {
        let reading = desk.case(name);
        assert_eq!(
            *desk.value(&reading, "client.plan.start_date"),
            day(2026, 12, 7),
            "{name}"
        );
    }
}

#[test]
fn a_company_may_be_called_like_an_error() {
    let desk = desk();
    let reading = desk.case("hash-name.xlsx");
    assert_eq!(
        *desk.value(&reading, "client.about.company"),
        Value::Text("#1 in Europe!".into())
    );
}

/// A folder as clients fill it: every file is either read, or reported with what to do.
#[test]
fn every_file_of_an_inbox_is_accounted_for() {
    let folder = tempfile::tempdir().unwrap();
    let inbox = root().join("tests/fixtures/cases/inbox");
    for entry in std::fs::read_dir(&inbox).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
    }
    std::fs::copy(
        inbox.join("pocketharbor.xlsx"),
        folder.path().join("no ending"),
    )
    .unwrap();
    for name in [
        "b.xlsx.crdownload",
        "c.lnk",
        "d.zip",
        "~$e.xlsx",
        "f.gsheet",
        "g.weird",
        ".DS_Store",
        "Thumbs.db",
    ] {
        std::fs::write(folder.path().join(name), b"x").unwrap();
    }
    let run = partnerbook(&["check", folder.path().to_str().unwrap()], &root());
    let complaints = String::from_utf8(run.stderr).unwrap();
    let printed = String::from_utf8(run.stdout).unwrap();
    for (name, what) in [
        ("RE Questionnaire.msg", "email"),
        ("Re Questionnaire.eml", "email"),
        ("answers.htm", "web page"),
        ("scan.jpg", "picture"),
        (".acme.xlsx.icloud", "iCloud"),
        ("b.xlsx.crdownload", "unfinished download"),
        ("c.lnk", "shortcut"),
        ("d.zip", "archive"),
        ("~$e.xlsx", "open in another program"),
        ("f.gsheet", "Google"),
        ("g.weird", "not an Excel workbook"),
    ] {
        assert!(
            complaints
                .lines()
                .any(|line| line.contains(name) && line.contains(what)),
            "{name}: {complaints}"
        );
        assert!(printed.contains(name), "{name} is in the table");
    }
    assert!(!complaints.contains("DS_Store") && !complaints.contains("Thumbs"));
    assert!(printed.contains("no ending"), "{printed}");
    let total = printed.lines().last().unwrap();
    assert!(
        total.starts_with("Total") && total.contains("2 workbooks, 11 skipped"),
        "{total}"
    );
}

/// IDs and names are deleted, and a label is changed: the answer is found by its position.
#[test]
fn an_old_edition_without_ids_and_with_a_changed_label_loses_no_answer() {
    let desk = desk();
    let sample = std::fs::read(common::sample("halvorsen-sensors")).unwrap();
    let mut parts = common::parts(&sample);
    for (name, part) in &mut parts {
        if name.starts_with("xl/worksheets/") && name.ends_with(".xml") {
            let mut xml = String::from_utf8(part.clone()).unwrap();
            // The hidden column, cell by cell.
            while let Some(at) = xml.find("<c r=\"A") {
                let end = at + xml[at..].find("</c>").unwrap() + 4;
                xml.replace_range(at..end, "");
            }
            *part = xml.into_bytes();
        }
    }
    let change = |parts: &mut BTreeMap<String, Vec<u8>>, name: &str, from: &str, to: &str| {
        let text = String::from_utf8(parts[name].clone()).unwrap();
        assert!(text.contains(from), "{from}");
        parts.insert(name.into(), text.replace(from, to).into_bytes());
    };
    let workbook = String::from_utf8(parts["xl/workbook.xml"].clone()).unwrap();
    let (from, to) = (
        workbook.find("<definedNames>").unwrap(),
        workbook.find("</definedNames>").unwrap() + "</definedNames>".len(),
    );
    let names = workbook[from..to].to_owned();
    change(&mut parts, "xl/workbook.xml", &names, "");
    change(
        &mut parts,
        "xl/sharedStrings.xml",
        ">API availability<",
        ">Programming interface<",
    );
    let reading = desk.read(zipped(&parts)).unwrap();
    let whole = desk.read(sample).unwrap();
    common::same_answers(desk.questionnaire, &whole.answers, &reading.answers);
    let warnings: Vec<&Issue> = reading
        .issues
        .iter()
        .filter(|issue| issue.severity != Severity::Note)
        .collect();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert_eq!(warnings[0].code, "label-changed");
}

/// Returns the range of a cell's whole element in its part.
fn cell_at(xml: &str, address: &str) -> Option<std::ops::Range<usize>> {
    let start = xml.find(&format!("<c r=\"{address}\""))?;
    let tag = start + xml[start..].find('>')?;
    let end = match xml.as_bytes()[tag - 1] {
        b'/' => tag + 1,
        _ => start + xml[start..].find("</c>")? + 4,
    };
    Some(start..end)
}

/// Moves an answer to another column, like a client who picks the wrong column. Returns the new part, or `None` if the
/// row does not exist.
fn moved_aside(xml: &str, from: &str, to: &str) -> Option<String> {
    let source = cell_at(xml, from)?;
    let cell = xml[source.clone()].replace(&format!("r=\"{from}\""), &format!("r=\"{to}\""));
    let mut xml = xml.to_owned();
    xml.replace_range(source, "");
    match cell_at(&xml, to) {
        Some(target) => xml.replace_range(target, &cell),
        None => {
            let row: String = to.chars().filter(char::is_ascii_digit).collect();
            let at = xml.find(&format!("<row r=\"{row}\""))?;
            let end = at + xml[at..].find("</row>")?;
            xml.insert_str(end, &cell);
        }
    }
    Some(xml)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: common::cases(24), max_shrink_iters: 32, ..ProptestConfig::default() })]

    #[test]
    fn an_answer_moved_aside_is_named_and_kept(
        sample in 0..SAMPLES.len(),
        field in any::<prop::sample::Index>(),
        step in prop::sample::select(vec![-2i32, -1, 1, 2, 3]),
    ) {
        let desk = desk();
        let bytes = std::fs::read(common::sample(SAMPLES[sample])).unwrap();
        let whole = desk.read(bytes.clone()).unwrap();
        let answered: Vec<FieldKey> = desk.questionnaire.inputs().map(|(key, _)| key)
            .filter(|key| whole.answers.get(*key).value.is_value()).collect();
        let key = answered[field.index(answered.len())];
        let answer = whole.answers.get(key);
        let place = answer.place.clone().unwrap();
        let column = place.column as i32 + step;
        // The cell of another question contains that question's answer.
        let other = desk.questionnaire.inputs().any(|(other, _)| {
            let other = whole.answers.get(other).place.as_ref().unwrap();
            other.sheet == place.sheet && other.row == place.row && other.column as i32 == column
        });
        prop_assume!(column >= 0 && !other);
        let to = partnerbook::answers::CellRef { column: column as u32, ..place.clone() };
        let number = desk.questionnaire.worksheets.iter().position(|sheet| *sheet.tab == *place.sheet).unwrap();
        let part = format!("xl/worksheets/sheet{}.xml", number + 2);
        let mut parts = common::parts(&bytes);
        let xml = String::from_utf8(parts[&part].clone()).unwrap();
        // "60/40" in the cell above also answers this question, so that its own cell contains nothing to move.
        let is_empty = cell_at(&xml, &place.address()).is_none_or(|cell| xml[cell].ends_with("/>"));
        prop_assume!(!is_empty);
        let xml = moved_aside(&xml, &place.address(), &to.address()).unwrap();
        parts.insert(part, xml.into_bytes());
        let reading = desk.read(zipped(&parts)).unwrap();
        let entered = answer.raw.trim();
        let id = &desk.questionnaire.field(key).id;
        prop_assert!(texts(&reading).iter().any(|text| text.trim() == entered), "{id} {} -> {}: {:?}", place, to, texts(&reading));
        let shown: String = entered.chars().take(40).collect::<String>().lines().next().unwrap_or_default().to_owned();
        prop_assert!(reading.issues.iter().any(|issue| {
            ["answer-beside", "extra-text"].contains(&issue.code.as_str()) && issue.found.contains(&shown)
        }), "{id} {} -> {}", place, to);
        let again = desk.read(desk.hand_back(&reading)).unwrap();
        prop_assert!(texts(&again).iter().any(|text| text.trim() == entered), "{id}: kept");
    }
}

/// Returns whether a part contains answers, in any format. All other parts may be missing or damaged.
fn holds_answers(name: &str) -> bool {
    name.starts_with("xl/worksheets/sheet")
        || name.to_lowercase().starts_with("xl/sharedstrings.")
        || name.starts_with("xl/workbook.")
        || name == "content.xml"
}

#[test]
fn damage_to_parts_without_answers_changes_no_answer() {
    let desk = desk();
    let sample = |name: &str| std::fs::read(common::sample(name)).unwrap();
    let fixture = |name: &str| std::fs::read(root().join("tests/fixtures").join(name)).unwrap();
    let books = [
        ("mapleworks.xlsx", sample("mapleworks-foundry")),
        ("thalassa.xlsx", sample("thalassa-foods")),
        ("halvorsen.xlsb", fixture("halvorsen-sensors.xlsb")),
        ("halvorsen.ods", fixture("halvorsen-sensors.ods")),
        ("styles.xlsx", case_bytes("many-styles.xlsx")),
        ("relation.xlsm", case_bytes("sheet-without-relation.xlsm")),
    ];
    type Damage = fn(&[u8]) -> Option<Vec<u8>>;
    let damages: [(&str, Damage); 4] = [
        ("deleted", |_| None),
        ("emptied", |_| Some(Vec::new())),
        ("garbled", |part| {
            Some(part.iter().map(|byte| byte.rotate_left(3) ^ 0x5A).collect())
        }),
        ("cut off", |part| Some(part[..part.len() / 2].to_vec())),
    ];
    for (name, bytes) in books {
        let whole = desk.read(bytes.clone()).unwrap();
        let parts = common::parts(&bytes);
        for part in parts.keys().filter(|part| !holds_answers(part)) {
            for (what, damage) in &damages {
                let mut damaged = parts.clone();
                match damage(&parts[part]) {
                    Some(bytes) => damaged.insert(part.clone(), bytes),
                    None => damaged.remove(part),
                };
                let reading = desk
                    .read(zipped(&damaged))
                    .unwrap_or_else(|error| panic!("{name}, {part} {what}: {error}"));
                let changed =
                    common::changed_answers(desk.questionnaire, &whole.answers, &reading.answers);
                assert_eq!(changed, [""; 0], "{name}, {part} {what}");
            }
        }
    }
}

#[test]
fn damage_to_streams_without_answers_changes_no_answer() {
    let desk = desk();
    let bytes = std::fs::read(root().join("tests/fixtures/halvorsen-sensors.xls")).unwrap();
    let whole = desk.read(bytes.clone()).unwrap();
    // The program that wrote this file omitted the empty sectors at the end, which the `cfb` crate requires.
    let mut padded = bytes;
    padded.resize(padded.len() + 256 * 512, 0);
    let mut file = cfb::CompoundFile::open(std::io::Cursor::new(padded)).unwrap();
    let mut workbook = Vec::new();
    std::io::Read::read_to_end(&mut file.open_stream("Workbook").unwrap(), &mut workbook).unwrap();
    for other in [
        "",
        "\u{5}SummaryInformation",
        "\u{1}CompObj",
        "_VBA_PROJECT_CUR",
    ] {
        let mut file = cfb::CompoundFile::create_with_version(
            cfb::Version::V3,
            std::io::Cursor::new(Vec::new()),
        )
        .unwrap();
        let mut write = |name: &str, content: &[u8]| {
            let mut stream = file.create_stream(name).unwrap();
            std::io::Write::write_all(&mut stream, content).unwrap();
        };
        write("Workbook", &workbook);
        if !other.is_empty() {
            write(other, &[0x5A; 300]);
        }
        let reading = desk.read(file.into_inner().into_inner()).unwrap();
        common::same_answers(desk.questionnaire, &whole.answers, &reading.answers);
    }
}

#[test]
fn values_are_read_in_the_clients_own_language() {
    let questionnaire = common::questionnaire();
    let read = |id: &str, typed: &str, currency: Option<&str>| {
        let key = questionnaire.key(id).unwrap();
        intake::read_typed(questionnaire, key, typed, currency)
    };
    let day = Value::Date(chrono::NaiveDate::from_ymd_opt(2026, 12, 7).unwrap());
    for typed in [
        "7 de diciembre de 2026",
        "7. Dezember 2026",
        "le 7 décembre 2026",
        "7 dicembre 2026",
        "7 de dezembro de 2026",
        "7 december 2026",
        "7 grudnia 2026 r.",
        "7 ديسمبر 2026",
        "٧ ديسمبر ٢٠٢٦",
        "2026年12月7日",
        "7 Dec '26",
        "Mon 7 Dec 2026",
        "2026-12-07T00:00:00.000Z",
        "46363",
    ] {
        let (value, _) = read("client.plan.start_date", typed, None);
        assert_eq!(value, day, "{typed}");
    }
    let money = "revenue.roi.investment";
    for (typed, currency, amount) in [
        ("T€ 480", "EUR", 480_000.0),
        ("480 T€", "EUR", 480_000.0),
        ("480 kEUR", "EUR", 480_000.0),
        ("480 Tsd. €", "EUR", 480_000.0),
        ("1,2 Mio. €", "EUR", 1_200_000.0),
        ("420万円", "JPY", 4_200_000.0),
        ("3億円", "JPY", 300_000_000.0),
        ("12 lakh", "INR", 1_200_000.0),
        ("2 crore", "INR", 20_000_000.0),
        ("5 mln zł", "PLN", 5_000_000.0),
        ("500.– CHF", "CHF", 500.0),
        ("5000/-", "INR", 5_000.0),
        ("2 مليون", "SAR", 2_000_000.0),
        ("cinq", "EUR", 5.0),
    ] {
        let (value, issue) = read(money, typed, Some(currency));
        assert_eq!(value, Value::Number(amount), "{typed}: {issue:?}");
    }
    let choices = &questionnaire.choices;
    let chosen = |id: &str, typed: &str| {
        let key = questionnaire.key(id).unwrap();
        let partnerbook::questionnaire::Kind::Choice { list } = questionnaire.field(key).kind
        else {
            panic!("{id} is no choice");
        };
        match read(id, typed, None).0 {
            Value::Choice(option) => choices[list].options[option].clone(),
            other => panic!("{typed}: {other:?}"),
        }
    };
    for (typed, code) in [
        ("SAR", "SAR"),
        ("ريال سعودي", "SAR"),
        ("CNY", "CNY"),
        ("kwd", "KWD"),
        ("R$", "BRL"),
        ("złoty", "PLN"),
    ] {
        assert_eq!(chosen("client.plan.currency", typed), code, "{typed}");
    }
    let yes_no = questionnaire
        .inputs()
        .find(|(_, field)| {
            matches!(&field.kind, partnerbook::questionnaire::Kind::Choice { list }
                if choices[*list].id == "yes_no")
        })
        .map(|(_, field)| field.id.clone())
        .unwrap();
    for (typed, option) in [
        ("はい", "Yes"),
        ("نعم", "Yes"),
        ("否", "No"),
        ("Nein", "No"),
        ("não", "No"),
        ("Sì", "Yes"),
    ] {
        assert_eq!(chosen(&yes_no, typed), option, "{typed}");
    }
}

#[test]
fn each_problem_of_a_value_has_its_own_fix() {
    let questionnaire = common::questionnaire();
    let fix = |id: &str, typed: &str| {
        let key = questionnaire.key(id).unwrap();
        let (_, issue) = intake::read_typed(questionnaire, key, typed, Some("EUR"));
        issue.unwrap().fix
    };
    for (id, typed, words) in [
        (
            "client.about.email",
            "bob.example",
            "complete email address",
        ),
        (
            "client.about.email",
            "bob(at)b.example",
            "Did you mean bob@b.example",
        ),
        (
            "client.about.email",
            "a@b.example, c@d.example",
            "one of the addresses",
        ),
        (
            "readiness.product.api_availability",
            "lots",
            "Enter a number, such as 8",
        ),
        (
            "readiness.product.api_availability",
            "75",
            "Did you mean 7.5",
        ),
        ("readiness.product.api_availability", "6-8", "such as 7"),
        ("readiness.product.api_availability", "25 %", "without %"),
        ("revenue.roi.investment", "5 weeks", "without \"weeks\""),
        (
            "client.plan.start_date",
            "next spring",
            "day, month, and year",
        ),
        (
            "selection.candidate.type.c1",
            "Intergration",
            "Did you mean \"Integration\"",
        ),
    ] {
        let said = fix(id, typed);
        assert!(said.contains(words), "{typed}: {said}");
    }
}
