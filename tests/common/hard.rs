//! Clients whose plans are hard to lay out: no answers, long answers everywhere, other scripts, one candidate, eight
//! candidates, and ties.

use std::path::Path;

use partnerbook::intake;
use partnerbook::intake::Sandbox;
use partnerbook::plan::Plan;
use partnerbook::questionnaire::{Kind, Questionnaire};
use partnerbook::template::{self, Prefill};
use serde_json::{Map, Value as Json, json};

use super::{plan_of, root};

type Answers = Map<String, Json>;

/// A client that is hard to lay out: its name, answers, and plan.
pub struct Hard {
    pub name: &'static str,
    pub answers: Answers,
    pub plan: Plan,
}

/// Returns the plans of all hard clients.
pub fn hard_clients() -> Vec<Hard> {
    let questionnaire = super::questionnaire();
    let folder = tempfile::tempdir().unwrap();
    let eight = with_eight_candidates(folder.path());
    let make = |name: &'static str, questionnaire: &Questionnaire, answers: Answers| {
        let plan = plan(questionnaire, &answers, name);
        Hard {
            name,
            answers,
            plan,
        }
    };
    vec![
        make("empty", questionnaire, Map::new()),
        make("maximal", questionnaire, maximal(questionnaire)),
        make(
            "arabic",
            questionnaire,
            named("شركة الأفق للتجارة والتوريدات", "مجموعة النيل للتقنية"),
        ),
        make(
            "greek",
            questionnaire,
            named("Αιγαίο Ναυτιλιακά Όργανα Α.Ε.", "Ποσειδών Συνεργάτες"),
        ),
        make(
            "cyrillic",
            questionnaire,
            named("ООО «Северные измерительные приборы»", "Балтийский партнёр"),
        ),
        make(
            "chinese",
            questionnaire,
            named("上海精密仪器有限公司", "深圳渠道合作伙伴集团"),
        ),
        make("one-candidate", questionnaire, one_candidate()),
        make("eight-candidates", &eight, eight_candidates()),
        make("ties", questionnaire, ties(questionnaire)),
        make("long-names", questionnaire, long_names()),
    ]
}

fn plan(questionnaire: &Questionnaire, answers: &Answers, name: &str) -> Plan {
    let json = Json::Object(answers.clone()).to_string();
    let prefill = Prefill::from_json(questionnaire, &json).unwrap();
    let workbook = template::workbook(
        questionnaire,
        &prefill,
        &partnerbook::look::Palette::DEFAULT,
    )
    .unwrap();
    let reading = intake::read_bytes(questionnaire, workbook, &Sandbox::none()).unwrap();
    plan_of(questionnaire, reading, &format!("{name}.xlsx"))
}

fn base() -> Answers {
    let path = root().join("samples/answers/halvorsen-sensors.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Texts of 500 words, 60 letters without a break, amounts with 12 digits.
fn maximal(questionnaire: &Questionnaire) -> Answers {
    const WORDS: [&str; 12] = [
        "Lieferanten",
        "agree",
        "on",
        "quarterly",
        "volumes",
        "and",
        "a",
        "shared",
        "forecast",
        "before",
        "any",
        "shipment",
    ];
    let long: Vec<&str> = (0..500)
        .map(|i| WORDS[(i * 7 + i / 12) % WORDS.len()])
        .collect();
    let long = long.join(" ");
    let unbroken = format!(
        "https://example.com/{}",
        "Partnerschaftsvereinbarung".repeat(2)
    );
    let mut answers = Map::new();
    for (i, (_, field)) in questionnaire.inputs().enumerate() {
        let answer = match &field.kind {
            Kind::Text | Kind::LongText if i % 3 == 0 => {
                json!(format!("{unbroken} {}", "x".repeat(60)))
            }
            Kind::Text | Kind::LongText => json!(long),
            Kind::Money { .. } => json!(999_999_999_999u64),
            Kind::Count { .. } | Kind::Quantity { .. } => json!(1000),
            Kind::Rating { .. } => json!(10),
            Kind::Percent | Kind::Share => json!(50),
            _ => continue,
        };
        answers.insert(field.id.clone(), answer);
    }
    answers
}

fn named(company: &str, partner: &str) -> Answers {
    let mut answers = base();
    answers.insert("client.about.company".into(), json!(company));
    answers.insert("client.about.contact".into(), json!(company));
    for column in ["c1", "c2"] {
        answers.insert(
            format!("selection.candidate.name.{column}"),
            json!(format!("{partner} {column}")),
        );
    }
    answers.insert(
        "selection.choice.primary".into(),
        json!(format!("{partner} c1")),
    );
    answers.insert(
        "selection.choice.rationale".into(),
        json!(format!("{company}: {partner}, 2027, {company}. {partner}!")),
    );
    answers.insert(
        "execution.month1.legal_framework.owner".into(),
        json!(company),
    );
    answers
}

fn one_candidate() -> Answers {
    let mut answers = base();
    answers.retain(|id, _| {
        !["c2", "c3", "c4", "c5", "c6"]
            .iter()
            .any(|column| id.ends_with(column))
    });
    answers
}

fn with_eight_candidates(folder: &Path) -> Questionnaire {
    let from = root().join("templates/partnerships");
    std::fs::create_dir(folder.join("worksheets")).unwrap();
    for part in ["", "worksheets"] {
        for entry in std::fs::read_dir(from.join(part)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                std::fs::copy(&path, folder.join(part).join(path.file_name().unwrap())).unwrap();
            }
        }
    }
    let sheet = folder.join("worksheets/03-selection-criteria.toml");
    let text = std::fs::read_to_string(&sheet).unwrap();
    let six = "  { id = \"c6\", label = \"Candidate 6\", optional = true },\n";
    let more = ["7", "8"].map(|n| six.replace('6', n)).concat();
    assert!(text.contains(six));
    std::fs::write(&sheet, text.replace(six, &format!("{six}{more}"))).unwrap();
    Questionnaire::load(folder).unwrap()
}

fn eight_candidates() -> Answers {
    let mut answers = base();
    for (column, from) in [("c7", "c1"), ("c8", "c2")] {
        let copied: Vec<(String, Json)> = answers
            .iter()
            .filter(|(id, _)| id.starts_with("selection.") && id.ends_with(from))
            .map(|(id, value)| {
                (
                    id.replace(&format!(".{from}"), &format!(".{column}")),
                    value.clone(),
                )
            })
            .collect();
        answers.extend(copied);
        answers.insert(
            format!("selection.candidate.name.{column}"),
            json!(format!("Another partner {column}")),
        );
    }
    answers
}

fn ties(questionnaire: &Questionnaire) -> Answers {
    let mut answers = base();
    for (_, field) in questionnaire.inputs() {
        if matches!(field.kind, Kind::Rating { .. }) && answers.contains_key(&field.id) {
            answers.insert(field.id.clone(), json!(5));
        }
    }
    answers
}

fn long_names() -> Answers {
    let name = |words: usize| vec!["Nordwestdeutsche"; words].join(" ");
    let mut answers = base();
    answers.insert("client.about.company".into(), json!(name(40)));
    for column in ["c1", "c2", "c3"] {
        answers.insert(
            format!("selection.candidate.name.{column}"),
            json!(format!("{column} {}", name(300))),
        );
    }
    for column in ["i1", "i2"] {
        answers.insert(
            format!("integrations.tier1.name.{column}"),
            json!(format!("{column} {}", name(300))),
        );
    }
    answers.insert("selection.choice.primary".into(), json!(name(120)));
    for activity in ["month1.legal_framework", "month2.training"] {
        answers.insert(format!("execution.{activity}.owner"), json!(name(60)));
    }
    answers
}
