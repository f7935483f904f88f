//! Questionnaires unlike the built-in one, from the blank workbook to the drafts: other scales, scores, and languages, and
//! without roadmap, money, or candidates.

use std::path::PathBuf;

use calamine::Reader;
use partnerbook::intake::{self, Sandbox};
use partnerbook::questionnaire::Questionnaire;
use partnerbook::score::Scorecard;
use partnerbook::template::{self, Prefill};

use crate::common::{self, root};

fn folder(name: &str) -> PathBuf {
    root().join("tests/fixtures/questionnaires").join(name)
}

/// Writes a workbook with these answers.
fn filled(questionnaire: &Questionnaire, json: &str) -> Vec<u8> {
    let prefill = Prefill::from_json(questionnaire, json).unwrap();
    let palette = partnerbook::look::Palette::DEFAULT;
    template::workbook(questionnaire, &prefill, &palette).unwrap()
}

/// Reads answers back from a workbook that has been filled in with them.
fn read(questionnaire: &Questionnaire, json: &str) -> intake::Reading {
    intake::read_bytes(questionnaire, filled(questionnaire, json), &Sandbox::none()).unwrap()
}

const SUPPLIER: &str = r#"{
    "client.about.company": "Aceros Ría S.L.", "client.about.contact": "Marta Gil",
    "client.about.email": "marta@aceros.example",
    "calidad.proceso.inspeccion": 4, "calidad.proceso.trazabilidad": "3/5",
    "calidad.proceso.reclamaciones": 5, "calidad.proceso.puntualidad": 90,
    "calidad.normas.iso": "Sí", "calidad.normas.manual": "Parcial"
}"#;

/// Worked out by hand. Process: 4 of 5 is 8 and counts twice, 3 of 5 is 6, 5 of 20 complaints are 10 − 2.5 = 7.5, and 90%
/// of 95% are 9.4737: (16 + 6 + 7.5 + 9.4737) / 5 = 7.7947. Standards: 10 and 4, on average 7. Quality: 40 × (0.6 × 7.7947 +
/// 0.4 × 7) / 10 = 29.9074. Compliance: 7 of 10.
#[test]
fn scores_of_other_scales_options_and_weights() {
    let questionnaire = Questionnaire::load(&folder("proveedores")).unwrap();
    let reading = read(&questionnaire, SUPPLIER);
    let card = Scorecard::of(&questionnaire, &reading.answers);
    let points = card
        .scores
        .iter()
        .map(|score| score.single().unwrap().points.unwrap());
    let points: Vec<f64> = points.collect();
    let process = (16.0 + 6.0 + 7.5 + 900.0 / 95.0) / 5.0;
    assert!((points[0] - 40.0 * (0.6 * process + 0.4 * 7.0) / 10.0).abs() < 1e-9);
    assert!((points[0] - 29.9074).abs() < 1e-4);
    assert!((points[1] - 7.0).abs() < 1e-9);
}

#[test]
fn perfect_answers_score_all_points() {
    let questionnaire = Questionnaire::load(&folder("proveedores")).unwrap();
    let best = r#"{
        "calidad.proceso.inspeccion": 5, "calidad.proceso.trazabilidad": 5,
        "calidad.proceso.reclamaciones": 0, "calidad.proceso.puntualidad": 99,
        "calidad.normas.iso": "Sí", "calidad.normas.manual": "Completo"
    }"#;
    let reading = read(&questionnaire, best);
    let card = Scorecard::of(&questionnaire, &reading.answers);
    let points = card
        .scores
        .iter()
        .map(|score| score.single().unwrap().points);
    assert_eq!(points.collect::<Vec<_>>(), [Some(40.0), Some(10.0)]);
}

/// Without a roadmap there is no calendar, no sheet of dates, and no column that would stay empty.
#[test]
fn nothing_of_a_roadmap_without_one() {
    let own = folder("proveedores");
    let questionnaire = Questionnaire::load(&own).unwrap();
    let work = tempfile::tempdir().unwrap();
    let inbox = work.path().join("inbox");
    std::fs::create_dir(&inbox).unwrap();
    std::fs::write(inbox.join("a.xlsx"), filled(&questionnaire, SUPPLIER)).unwrap();
    let out = work.path().join("out");
    let arguments = [
        "report",
        inbox.to_str().unwrap(),
        "--questionnaire",
        own.to_str().unwrap(),
        "--date",
        "2026-11-27",
        "-o",
        out.to_str().unwrap(),
    ];
    let output = common::partnerbook(&arguments, &root());
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(out.join("plans/aceros-ría-s-l.pdf").exists());
    assert!(!out.join("calendars").exists());
    let portfolio: calamine::Xlsx<_> = calamine::open_workbook(out.join("portfolio.xlsx")).unwrap();
    let portfolio = portfolio.sheet_names();
    for name in ["Roadmap", "Upcoming", "Success metrics", "Revenue"] {
        assert!(
            !portfolio.iter().any(|own| own.starts_with(name)),
            "{portfolio:?}"
        );
    }
    let sent = common::partnerbook(&["send", out.to_str().unwrap()], &root());
    assert_eq!(sent.status.code(), Some(0), "{sent:?}");
    let draft = std::fs::read_dir(out.join("drafts"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    let draft = std::fs::read_to_string(draft.path()).unwrap();
    assert!(draft.contains("\r\nSubject: =?utf-8"), "{draft:.300}");
    assert!(!draft.contains("text/calendar"));
}

/// Options in the author's language are read in the words of all languages; several options in the order of the list.
#[test]
fn yes_no_several_options_web_addresses_and_telephone_numbers() {
    let questionnaire = Questionnaire::load(&folder("proveedores")).unwrap();
    let json = r#"{
        "calidad.normas.iso": "ja", "calidad.normas.web": "www.aceros.example",
        "calidad.normas.telefono": "+34 954 00 00 00", "calidad.normas.canales": "web y tienda"
    }"#;
    let reading = read(&questionnaire, json);
    let shown = |id: &str| {
        let (key, _) = questionnaire
            .inputs()
            .find(|(_, field)| field.id == id)
            .unwrap();
        partnerbook::display::value(&questionnaire, &reading.answers, key)
    };
    assert_eq!(shown("calidad.normas.iso").as_deref(), Some("Sí"));
    assert_eq!(
        shown("calidad.normas.web").as_deref(),
        Some("www.aceros.example")
    );
    assert_eq!(
        shown("calidad.normas.telefono").as_deref(),
        Some("+34 954 00 00 00")
    );
    assert_eq!(
        shown("calidad.normas.canales").as_deref(),
        Some("Tienda, Web")
    );
}

/// Without the certificate there is no compliance, whatever the other answers.
#[test]
fn a_failed_question_leaves_no_points() {
    let questionnaire = Questionnaire::load(&folder("proveedores")).unwrap();
    let json = SUPPLIER.replace("Sí", "No").replace("Parcial", "Completo");
    let reading = read(&questionnaire, &json);
    let card = Scorecard::of(&questionnaire, &reading.answers);
    let compliance = card.scores[1].single().unwrap();
    assert_eq!(compliance.points, Some(0.0));
    // Nobody knows whether a question without an answer would be failed; one that does not apply cannot be.
    for (answer, points) in [("TBD", None), ("s.o.", Some(10.0))] {
        let json = SUPPLIER
            .replace("Sí", answer)
            .replace("Parcial", "Completo");
        let other = read(&questionnaire, &json);
        let card = Scorecard::of(&questionnaire, &other.answers);
        assert_eq!(card.scores[1].single().unwrap().points, points, "{answer}");
    }
    assert_eq!(compliance.knocked_out.len(), 1);
    assert!(card.scores[0].single().unwrap().points.unwrap() > 20.0);
}

/// Worked out by hand. Poland's market: 4 of 4 is 10, 12% of 20% is 6, on average 8; its risk: 2 of 4 is 5, and 3 of 4 is 2.5
/// and counts three times: (5 + 7.5) / 4 = 3.125; points 0.6 × 8 + 0.4 × 3.125 = 6.05. Italy: 0.6 × 5.75 + 0.4 × 8.75 = 6.95.
/// Readiness: team (7.5 + 5 + 7.5) / 3 = 6.667, product (10 + 5 + 2 × 5) / 4 = 6.25, of which the
/// brand is 3 on a scale from 1 to 5 and counts twice: 20 × 6.4583 / 10 = 12.9167. Cost 240,000 a year is
/// 20,000 a month, return 150,000 a quarter is 50,000: multiple 2.5. With 180,000 invested once the balance is −200,000 after
/// month 1, −195,000 after month 2 (half the return), and grows by 30,000: paid back after 8.5 months. One year entered: 12.
#[test]
fn candidates_periods_and_a_one_time_investment() {
    let questionnaire = Questionnaire::load(&folder("standorte")).unwrap();
    let json = std::fs::read_to_string(folder("standorte").join("answers.json")).unwrap();
    let reading = read(&questionnaire, &json);
    let card = Scorecard::of(&questionnaire, &reading.answers);
    let readiness = card.scores[0].single().unwrap().points.unwrap();
    assert!((readiness - 20.0 * (20.0 / 3.0 + 6.25) / 20.0).abs() < 1e-9);
    let ranking: Vec<(&str, f64)> = card.scores[1]
        .ranking()
        .iter()
        .map(|subject| (subject.name.as_str(), subject.points.unwrap()))
        .collect();
    let expected = [("Italien", 6.95), ("Polen", 6.05), ("Österreich", 5.85)];
    for ((name, points), (other, hand)) in ranking.iter().zip(expected) {
        assert!(
            *name == other && (points - hand).abs() < 1e-9,
            "{ranking:?}"
        );
    }
    let finance = card.finance.as_ref().unwrap();
    assert_eq!(finance.multiple, Some(2.5));
    assert!((finance.payback.unwrap().months().unwrap() - 8.5).abs() < 1e-9);
    let plan = common::plan_of(&questionnaire, reading, "a.xlsx");
    assert_eq!(plan.record.finance.entered_payback_months, Some(12.0));
    assert_eq!(plan.record.roadmap.activities.len(), 3);
}

/// What an author begins with: a small questionnaire that is valid as it is, and a preview of every questionnaire.
#[test]
fn a_small_questionnaire_and_previews_of_all() {
    let work = tempfile::tempdir().unwrap();
    let small = work.path().join("small");
    let run = |arguments: &[&str]| {
        let output = common::partnerbook(arguments, work.path());
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {output:?}");
        printed
    };
    run(&["questionnaire", "init", "small", "--minimal"]);
    let valid = run(&["questionnaire", "validate", "small"]);
    assert!(
        valid.contains("1 score,") && valid.contains("0 warnings"),
        "{valid}"
    );
    let facts = run(&["questionnaire", "facts", "--questionnaire", "small"]);
    assert!(
        facts.lines().any(|line| line == "score.readiness.people"),
        "{facts}"
    );
    let fields = run(&["questionnaire", "fields", "--questionnaire", "small"]);
    assert!(
        fields.contains("readiness.people.owner\tSomeone is in charge\tOne of the list: Yes, No, counts in scores"),
        "{fields}"
    );
    for questionnaire in [small, folder("proveedores"), folder("standorte")] {
        let name = questionnaire.file_name().unwrap().to_str().unwrap();
        let out = format!("{name}-preview");
        let folder = questionnaire.to_str().unwrap();
        run(&[
            "questionnaire",
            "preview",
            folder,
            "-o",
            &out,
            "--date",
            "2026-11-27",
        ]);
        // Made again, the preview replaces itself.
        run(&[
            "questionnaire",
            "preview",
            folder,
            "-o",
            &out,
            "--date",
            "2026-11-27",
        ]);
        let plans = std::fs::read_dir(work.path().join(&out).join("plans")).unwrap();
        assert_eq!(plans.count(), 3, "{name}");
        assert!(work.path().join(&out).join("portfolio.xlsx").exists());
    }
}

/// What a German client reads when a cell is selected, and at the foot of a page, is German.
#[test]
fn cells_speak_the_language_of_the_questionnaire() {
    let questionnaire = Questionnaire::load(&folder("standorte")).unwrap();
    let prefill = Prefill::blank(&questionnaire);
    let palette = partnerbook::look::Palette::DEFAULT;
    let bytes = template::workbook(&questionnaire, &prefill, &palette).unwrap();
    let parts = common::parts(&bytes);
    let sheets = parts
        .iter()
        .filter(|(name, _)| name.starts_with("xl/worksheets/sheet"));
    let all: String = sheets
        .map(|(_, part)| String::from_utf8_lossy(part).into_owned())
        .collect();
    for german in [
        "Eine Bewertung von 0 bis 4, 4 ist am besten",
        "Eine Bewertung von 1 bis 5, 5 ist am besten",
        "Ein Betrag je Quartal, 0 oder mehr",
        "schreiben Sie entfällt; wissen Sie es noch nicht, offen",
        "Seite &amp;P von &amp;N",
    ] {
        assert!(all.contains(german), "{german}");
    }
    for english in [
        "A rating",
        "An amount",
        "One of the list",
        "This cell takes",
        "Page &amp;P",
    ] {
        assert!(!all.contains(english), "{english}");
    }
}

/// The texts of a workbook's cells, formulas, and sheet names.
fn words_of(path: &std::path::Path) -> (Vec<String>, Vec<String>) {
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(path).unwrap();
    let names = book.sheet_names();
    let mut texts = names.clone();
    for name in &names {
        let cells = book.worksheet_range(name).unwrap();
        texts.extend(cells.used_cells().map(|(_, _, cell)| cell.to_string()));
        let formulas = book.worksheet_formula(name).unwrap();
        texts.extend(formulas.used_cells().map(|(_, _, cell)| cell.clone()));
    }
    (names, texts)
}

#[test]
fn the_portfolio_speaks_of_suppliers_in_spanish() {
    let work = tempfile::tempdir().unwrap();
    let questionnaire = folder("proveedores");
    let load = Questionnaire::load(&questionnaire).unwrap();
    for (name, rating) in [("Aceros", "4"), ("Bobinas", "2"), ("Cables", "5")] {
        let json = SUPPLIER.replace("Aceros Ría S.L.", name).replace(
            "\"calidad.proceso.inspeccion\": 4",
            &format!("\"calidad.proceso.inspeccion\": {rating}"),
        );
        std::fs::write(
            work.path().join(format!("{name}.xlsx")),
            filled(&load, &json),
        )
        .unwrap();
    }
    let out = work.path().join("out");
    let questionnaire = questionnaire.to_str().unwrap();
    let arguments = ["report", ".", "-o", "out", "--questionnaire", questionnaire];
    let run = common::partnerbook(&arguments, work.path());
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    let (names, texts) = words_of(&out.join("portfolio.xlsx"));
    for name in [
        "Resumen",
        "Proveedores",
        "Comparar",
        "Incidencias",
        "Respuestas",
        "Acerca de",
    ] {
        assert!(names.iter().any(|own| own == name), "{name}: {names:?}");
    }
    // English words of the built-in texts. The types and states of the answer list are keywords, as in answers.csv.
    let english = [
        "client",
        "candidate",
        "sorted",
        "median ",
        "quartile",
        "ratings",
        "warning",
        "errors",
        "sheet ",
        "workbook",
        "dashboard",
        "points",
    ];
    let left: Vec<&String> = texts
        .iter()
        .filter(|text| {
            !text.contains("client.")
                && !text.contains("partnerbook")
                && !text.contains("QUARTILE(")
                && *text != "consolidated workbook"
        })
        .filter(|text| {
            english
                .iter()
                .any(|word| text.to_lowercase().contains(word))
        })
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn nouns_replace_clients_and_candidates_everywhere() {
    let work = tempfile::tempdir().unwrap();
    let copy = work.path().join("own");
    let init = common::partnerbook(&["questionnaire", "init", "own"], work.path());
    assert!(init.status.success());
    let nouns = "[nouns]\nclient = \"supplier\"\nclients = \"suppliers\"\ncandidate = \"country\"\ncandidates = \"countries\"\n";
    std::fs::write(copy.join("portfolio.toml"), nouns).unwrap();
    let samples = ["halvorsen-sensors", "brightloom-textiles"];
    let samples = samples.map(|name| root().join(format!("samples/{name}.xlsx")));
    let mut arguments = vec!["report", "--questionnaire", "own", "-o", "out"];
    arguments.extend(samples.iter().map(|path| path.to_str().unwrap()));
    arguments.extend(["--date", "2026-11-27"]);
    let run = common::partnerbook(&arguments, work.path());
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    let (names, texts) = words_of(&work.path().join("out/portfolio.xlsx"));
    assert!(names.iter().any(|name| name == "Suppliers"), "{names:?}");
    for text in [
        "Country",
        "Countries",
        "Supplier's own choice",
        "2 suppliers, as of 2026-11-27.",
    ] {
        assert!(texts.iter().any(|own| own.starts_with(text)), "{text}");
    }
    let questionnaire = Questionnaire::built_in().unwrap();
    let sentences = [
        &questionnaire.portfolio.notes.compare,
        &questionnaire.portfolio.notes.ranking,
    ];
    for sentence in sentences {
        let start = sentence.split('{').next().unwrap();
        assert!(!texts.iter().any(|own| own.starts_with(start)), "{start}");
    }
}

/// Poland's currency risk of 3 of 4 is 2.5 points: below the 5 that the knock-out asks for.
#[test]
fn a_candidate_that_fails_a_question_says_which() {
    let work = tempfile::tempdir().unwrap();
    let own = work.path().join("standorte");
    common::copy_folder(&folder("standorte"), &own);
    let scores = std::fs::read_to_string(own.join("scores.toml")).unwrap();
    let dimensions = "subjects = { name = \"laender.name.name\"";
    let knock_out =
        format!("knock_out = [{{ row = \"laender.risiko.waehrung\", below = 5 }}]\n{dimensions}");
    std::fs::write(
        own.join("scores.toml"),
        scores.replace(dimensions, &knock_out),
    )
    .unwrap();
    let questionnaire = Questionnaire::load(&own).unwrap();
    let answers = std::fs::read_to_string(own.join("answers.json")).unwrap();
    std::fs::write(work.path().join("a.xlsx"), filled(&questionnaire, &answers)).unwrap();
    let arguments = [
        "report",
        "a.xlsx",
        "--questionnaire",
        "standorte",
        "-o",
        "out",
    ];
    let run = common::partnerbook(&arguments, work.path());
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    let results = std::fs::read_to_string(work.path().join("out/results.jsonl")).unwrap();
    let record: serde_json::Value = serde_json::from_str(results.lines().next().unwrap()).unwrap();
    let subjects = record["scores"][1]["subjects"].as_array().unwrap();
    let poland = subjects.iter().find(|own| own["name"] == "Polen").unwrap();
    assert_eq!(poland["points"], 0.0);
    assert_eq!(poland["knocked_out"][0], "Währungsrisiko");
    let (_, texts) = words_of(&work.path().join("out/portfolio.xlsx"));
    assert!(texts.iter().any(|text| text == "fails Währungsrisiko"));
}

#[test]
fn issues_speak_the_language_of_the_questionnaire() {
    let work = tempfile::tempdir().unwrap();
    let own = folder("proveedores");
    let answers = serde_json::json!({
        "calidad.proceso.inspeccion": "bien",
        "calidad.proceso.trazabilidad": 7,
        "calidad.proceso.reclamaciones": "3-5",
        "calidad.proceso.puntualidad": "0,95",
        "calidad.normas.manual": "Completto",
        "calidad.normas.emitido": "pronto",
        "calidad.normas.caduca": "01/02/2027",
        "calidad.normas.web": "mi página",
        "calidad.normas.telefono": "mañana",
    });
    std::fs::write(work.path().join("answers.json"), answers.to_string()).unwrap();
    let call = |arguments: &[&str]| {
        let questionnaire = ["--questionnaire", own.to_str().unwrap()];
        common::partnerbook(&[arguments, &questionnaire].concat(), work.path())
    };
    let made = call(&["template", "--prefill", "answers.json", "-o", "a.xlsx"]);
    assert!(made.status.success(), "{made:?}");
    let checked = call(&["check", "a.xlsx", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&checked.stdout).unwrap();
    let issues = json
        .pointer("/files/0/issues")
        .or_else(|| json.pointer("/0/issues"));
    let issues = issues
        .unwrap_or_else(|| panic!("{json}"))
        .as_array()
        .unwrap();
    let texts: Vec<String> = issues
        .iter()
        .flat_map(|issue| {
            ["found", "expected", "fix"].map(|key| issue[key].as_str().unwrap().to_owned())
        })
        .collect();
    let all = texts.join("\n");
    for text in [
        "«bien»: palabras, no un número",
        "fuera del intervalo de 0 a 5",
        "Elija una opción de la lista de la celda. ¿Quería decir «Completo»?",
        "«pronto»: no es una fecha",
        "no es una dirección web",
        "no es un número de teléfono",
        "Responda las preguntas pendientes",
    ] {
        assert!(all.contains(text), "{text}: {all}");
    }
    let english = [
        "the ", "enter ", "not ", "read as", "answer", "choose", "number", "outside",
    ];
    let left: Vec<&String> = texts
        .iter()
        .filter(|text| {
            english
                .iter()
                .any(|word| text.to_lowercase().contains(word))
        })
        .collect();
    assert!(left.is_empty(), "{left:#?}");
}
