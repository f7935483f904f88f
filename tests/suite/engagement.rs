//! An engagement as a consultant runs it: the folder, the roster, the workbooks for the clients, and what comes back.

use std::path::Path;

use calamine::{Data, Reader};
use partnerbook::questionnaire::Questionnaire;
use partnerbook::template::{self, Cell, Handout, Prefill};
use serde_json::Value;

use crate::common;

fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = common::partnerbook(arguments, folder);
    (
        output.status.code().unwrap(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

/// Creates an engagement with this roster.
fn engagement(roster: &str) -> tempfile::TempDir {
    let work = tempfile::tempdir().unwrap();
    let (code, out, error) = run(work.path(), &["new", "round"]);
    assert_eq!(code, 0, "{out}{error}");
    let folder = work.path().join("round");
    std::fs::write(folder.join("clients.csv"), roster).unwrap();
    let settings = std::fs::read_to_string(folder.join("partnerbook.toml")).unwrap();
    let settings = settings.replace("clients.xlsx\" ", "clients.csv\" ");
    assert!(settings.contains("clients.csv"));
    std::fs::write(folder.join("partnerbook.toml"), settings).unwrap();
    work
}

/// Writes the workbook that a client sends back: with the client ID of the roster, under any name.
fn returned(questionnaire: &Questionnaire, roster_name: &str, name: &str, rating: Cell) -> Vec<u8> {
    common::round::returned(
        questionnaire,
        roster_name,
        name,
        &[(common::round::RATING, rating)],
    )
}

fn status(folder: &Path) -> Value {
    let (code, out, error) = run(
        folder,
        &["status", "--date", "2026-12-01", "--format", "json"],
    );
    assert_eq!(code, 0, "{error}");
    serde_json::from_str(&out).unwrap()
}

const ROSTER: &str = "Client,Contact,Email,Due date,Currency,readiness.status.active_partnerships\n\
    Acme,Ann,ann@acme.example,2026-11-20,EUR,4\n\
    Bolt,Bob,bob@bolt.example,2026-12-20,,\n\
    Cask,Cid,cid@cask.example,,,\n\
    Dune,Dee,dee@dune.example,2026-11-20,,\n";

#[test]
fn workbooks_are_handed_out_once_and_again_when_something_changes() {
    let work = engagement(ROSTER);
    let folder = work.path().join("round");
    let hand_out = |more: &[&str]| {
        let arguments = [&["handout", "--date", "2026-11-10"], more].concat();
        let (code, out, error) = run(&folder, &arguments);
        assert_eq!(code, 0, "{error}");
        out
    };
    assert!(hand_out(&[]).contains("4 new, 0 changed, 0 unchanged"));
    assert!(hand_out(&[]).contains("0 new, 0 changed, 4 unchanged"));
    let file = folder.join("handed-out/acme.xlsx");
    let first = std::fs::read(&file).unwrap();
    let questionnaire = Questionnaire::built_in().unwrap();
    let sandbox = partnerbook::intake::Sandbox::none();
    let reading = partnerbook::intake::read_bytes(&questionnaire, first.clone(), &sandbox).unwrap();
    let answers = &reading.answers;
    assert_eq!(answers.text(questionnaire.identity.company), Some("Acme"));
    let partners = questionnaire
        .key("readiness.status.active_partnerships")
        .unwrap();
    assert_eq!(answers.number(partners), Some(4.0));
    let id = reading.edition.unwrap().client;
    assert_eq!(id, partnerbook::intake::client_id("Acme"));
    // A new due date is a new workbook; the others stay.
    std::fs::write(
        folder.join("clients.csv"),
        ROSTER.replacen("2026-11-20", "2026-11-25", 1) + "Echo,Eve,eve@echo.example,,,\n",
    )
    .unwrap();
    assert!(hand_out(&[]).contains("1 new, 1 changed, 3 unchanged"));
    assert_ne!(std::fs::read(&file).unwrap(), first);
    // A file that someone changed is not overwritten, and the others are created.
    std::fs::write(folder.join("handed-out/bolt.xlsx"), b"mine").unwrap();
    assert!(hand_out(&[]).contains("0 new, 0 changed, 5 unchanged"));
    let (code, out, error) = run(&folder, &["handout", "--due", "2026-12-24"]);
    assert_eq!(code, 3, "{out}");
    assert!(
        error.contains("Bolt: ") && error.contains("was changed"),
        "{error}"
    );
    assert_eq!(
        std::fs::read(folder.join("handed-out/bolt.xlsx")).unwrap(),
        b"mine"
    );
}

#[test]
fn the_note_on_a_handed_out_workbook_is_no_text_of_the_client() {
    let questionnaire = Questionnaire::built_in().unwrap();
    let mut prefill = Prefill::blank(&questionnaire);
    for (key, field) in questionnaire.inputs() {
        if field.kind.is_number() {
            prefill.set(key, Cell::Number(5.0));
        }
    }
    prefill.hand_out(Handout {
        client: "x".into(),
        due: chrono::NaiveDate::from_ymd_opt(2026, 12, 18),
        contact: "Marit Solheim, marit@brightwater.example".into(),
        logo: None,
    });
    let palette = partnerbook::look::Palette::DEFAULT;
    let bytes = template::workbook(&questionnaire, &prefill, &palette).unwrap();
    let mut book: calamine::Xlsx<_> =
        calamine::open_workbook_from_rs(std::io::Cursor::new(&bytes)).unwrap();
    let first = calamine::Reader::worksheet_range_at(&mut book, 0)
        .unwrap()
        .unwrap();
    let note = first.get_value((2, 0)).unwrap().to_string();
    assert_eq!(
        note,
        "Please return this workbook by 18 December 2026 to Marit Solheim, marit@brightwater.example."
    );
    let work = tempfile::tempdir().unwrap();
    std::fs::write(work.path().join("a.xlsx"), bytes).unwrap();
    let (_, out, _) = run(work.path(), &["check", "a.xlsx"]);
    assert!(!out.contains("Please return"), "{out}");
}

#[test]
fn the_status_says_who_is_late_and_what_comes_next() {
    let work = engagement(ROSTER);
    let folder = work.path().join("round");
    assert_eq!(run(&folder, &["handout", "--date", "2026-11-10"]).0, 0);
    let questionnaire = Questionnaire::built_in().unwrap();
    let inbox = folder.join("inbox");
    let file = |name: &str, bytes: Vec<u8>| std::fs::write(inbox.join(name), bytes).unwrap();
    // Dune has another name now; Bolt has an error; nobody knows Zeta.
    file(
        "new name.xlsx",
        returned(&questionnaire, "Dune", "Dune Group", Cell::Number(7.0)),
    );
    file(
        "b.xlsx",
        returned(&questionnaire, "Bolt", "Bolt", Cell::Text("good".into())),
    );
    file(
        "z.xlsx",
        returned(&questionnaire, "Zeta", "Zeta", Cell::Number(7.0)),
    );
    std::fs::write(inbox.join("notes.docx"), b"PK").unwrap();
    let status = status(&folder);
    let clients = status["clients"].as_array().unwrap();
    let next: Vec<(&str, &str)> = clients
        .iter()
        .map(|own| (own["name"].as_str().unwrap(), own["next"].as_str().unwrap()))
        .collect();
    let expected = [
        ("Acme", "remind"),
        ("Cask", "wait"),
        ("Dune", "report"),
        ("Bolt", "correct"),
    ];
    assert_eq!(next, expected);
    assert_eq!(clients[0]["late"], true);
    assert_eq!(status["strangers"][0]["name"], "Zeta");
    assert_eq!(status["unread"].as_array().unwrap().len(), 1);
    // Without paths: the inbox, and the folders of the settings.
    let (code, out, _) = run(&folder, &["check", "--annotate"]);
    assert_eq!(code, 1, "{out}");
    assert!(folder.join("annotated/b.xlsx").exists());
    let (code, out, error) = run(&folder, &["report", "--date", "2026-12-01"]);
    assert_eq!(code, 0, "{out}{error}");
    let (_, out, _) = run(&folder, &["status", "--date", "2026-12-01"]);
    let row = out.lines().find(|line| line.starts_with("Dune")).unwrap();
    assert!(row.ends_with("send the plan"), "{row}");
    assert!(
        out.contains(
            "4 clients on 2026-12-01: 4 handed out, 2 returned, 1 late, 1 with errors, 2 plans"
        ),
        "{out}"
    );
    // The portfolio workbook shows the same, row by row.
    let (_, out, _) = run(
        &folder,
        &["status", "--date", "2026-12-01", "--format", "csv"],
    );
    let rows: Vec<csv::StringRecord> = csv::Reader::from_reader(out.as_bytes())
        .records()
        .map(Result::unwrap)
        .collect();
    let shown = status_sheet(&folder.join("out/portfolio.xlsx"));
    assert_eq!(shown.len(), 5);
    // The last row is the stranger.
    assert_eq!(shown[4][0], "Zeta");
    assert_eq!(shown[4][6], "not in the list of clients");
    for (shown, row) in shown.iter().zip(&rows) {
        let row = [0, 1, 2, 5, 7, 8, 9].map(|column| row[column].to_owned());
        assert_eq!(shown, &row, "{out}");
    }
    assert_eq!(shown[0][0], "Acme");
    // A report on other files is not about the engagement.
    let (code, _, error) = run(&folder, &["report", "inbox/new name.xlsx", "-o", "other"]);
    assert_eq!(code, 0, "{error}");
    assert!(status_sheet(&folder.join("other/portfolio.xlsx")).is_empty());
}

/// The rows of the sheet Status: client, due, handed out, errors, plan, plan sent, next step.
fn status_sheet(path: &Path) -> Vec<[String; 7]> {
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(path).unwrap();
    let Ok(range) = book.worksheet_range("Status") else {
        return Vec::new();
    };
    let text = |cell: &Data| match cell {
        Data::DateTime(day) => day.as_datetime().unwrap().date().to_string(),
        cell => cell.to_string(),
    };
    let rows = range.rows().skip(4);
    rows.map(|row| [0, 1, 2, 6, 8, 9, 10].map(|column| text(&row[column])))
        .collect()
}

#[test]
fn outside_an_engagement_paths_are_needed() {
    let work = tempfile::tempdir().unwrap();
    for command in ["check", "report"] {
        let (code, _, error) = run(work.path(), &[command]);
        assert_eq!(code, 2);
        assert!(error.contains("no workbooks are given"), "{error}");
    }
    for command in ["handout", "status"] {
        let (code, _, error) = run(work.path(), &[command]);
        assert_eq!(code, 2);
        assert!(error.contains("there is no list of clients"), "{error}");
    }
    // `new` keeps what is there.
    std::fs::create_dir(work.path().join("round")).unwrap();
    std::fs::write(work.path().join("round/README.txt"), "mine").unwrap();
    let (code, _, error) = run(work.path(), &["new", "round"]);
    assert_eq!(code, 2);
    assert!(error.contains("already exists"), "{error}");
    let kept = std::fs::read_to_string(work.path().join("round/README.txt")).unwrap();
    assert_eq!(kept, "mine");
}

/// A round of twelve clients, or as many as `CLIENTS` says (CI: 200), as it is sent through a mail server: eight answer,
/// two of them with an error, one under a new name, and a stranger. Reminders go to the four others; nothing is sent
/// twice.
#[test]
fn a_whole_round_sends_each_email_once() {
    let clients = std::env::var("CLIENTS").ok();
    common::round::run(clients.map_or(12, |count| count.parse().unwrap()));
}

#[test]
fn the_next_round_begins_with_the_last_answers() {
    let work = engagement(ROSTER);
    let folder = work.path().join("round");
    let questionnaire = Questionnaire::built_in().unwrap();
    let answered = returned(&questionnaire, "Acme", "Acme", Cell::Number(7.0));
    std::fs::write(folder.join("inbox/a.xlsx"), answered).unwrap();
    let (code, out, error) = run(
        &folder,
        &["next-round", "../second", "--start", "2027-03-15"],
    );
    assert_eq!(code, 0, "{error}");
    assert!(
        out.contains("4 clients, 1 with their last answers"),
        "{out}"
    );
    assert!(error.contains("due dates of the last round"), "{error}");
    let second = work.path().join("second");
    let settings = std::fs::read_to_string(second.join("partnerbook.toml")).unwrap();
    assert!(settings.contains("since = "), "{settings}");
    let (code, out, error) = run(&second, &["handout"]);
    assert_eq!(code, 0, "{out}{error}");
    let sandbox = partnerbook::intake::Sandbox::none();
    let read = |name: &str| {
        let path = second.join("handed-out").join(name);
        partnerbook::intake::read_file(&questionnaire, &path, &sandbox).unwrap()
    };
    let acme = read("acme.xlsx");
    let key = |id: &str| questionnaire.key(id).unwrap();
    assert_eq!(acme.answers.number(key(common::round::RATING)), Some(7.0));
    // The roster's answer comes first.
    assert_eq!(
        acme.answers
            .number(key("readiness.status.active_partnerships")),
        Some(4.0)
    );
    let start = questionnaire.identity.start.unwrap();
    let day = acme.answers.get(start).value.day();
    assert_eq!(day, chrono::NaiveDate::from_ymd_opt(2027, 3, 15));
    for activity in &questionnaire.roadmap.activities {
        for key in [activity.status, activity.due].into_iter().flatten() {
            assert_eq!(
                acme.answers.get(key).value,
                partnerbook::answers::Value::Missing
            );
        }
    }
    // Nobody else has answers.
    let bolt = read("bolt.xlsx");
    assert_eq!(bolt.answers.number(key(common::round::RATING)), None);
    // The folder of the last round is kept, and a second time nothing is overwritten.
    let (code, _, error) = run(&folder, &["next-round", "../second"]);
    assert_eq!(code, 2, "{error}");
}
