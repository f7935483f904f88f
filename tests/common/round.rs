//! A whole engagement with many clients, sent through a mail server.

use std::collections::BTreeSet;
use std::path::Path;

use partnerbook::questionnaire::Questionnaire;
use partnerbook::template::{self, Cell, Handout, Prefill};

use super::smtp::Server;

/// A rating that some clients answer with a word.
pub const RATING: &str = "readiness.product.api_availability";

/// Writes the workbook that a client of the roster sends back: with its client ID, under any name. It has the answers of a
/// sample, but those in `answers`.
pub fn returned(
    questionnaire: &Questionnaire,
    roster_name: &str,
    name: &str,
    answers: &[(&str, Cell)],
) -> Vec<u8> {
    let sample = super::root().join("samples/answers/halvorsen-sensors.json");
    let sample = std::fs::read_to_string(sample).unwrap();
    let mut prefill = Prefill::from_json(questionnaire, &sample).unwrap();
    prefill.set(questionnaire.identity.company, Cell::Text(name.into()));
    for (id, cell) in answers {
        prefill.set(questionnaire.key(id).unwrap(), cell.clone());
    }
    prefill.hand_out(Handout {
        client: partnerbook::intake::client_id(roster_name),
        ..Handout::default()
    });
    template::workbook(
        questionnaire,
        &prefill,
        &partnerbook::look::Palette::DEFAULT,
    )
    .unwrap()
}

/// Runs an engagement of `count` clients: two thirds answer, a sixth of all with an error and a twelfth under a new name,
/// and there is one stranger for each forty clients.
pub fn run(count: usize) {
    let work = tempfile::tempdir().unwrap();
    let call = |folder: &Path, arguments: &[&str]| {
        let output = super::partnerbook(arguments, folder);
        let text = String::from_utf8(output.stdout).unwrap();
        (
            output.status.code(),
            text,
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    assert_eq!(call(work.path(), &["new", "round"]).0, Some(0));
    let folder = work.path().join("round");
    let today = chrono::Local::now().date_naive();
    // Four days ahead: the second reminder is due, and the third is not.
    let due = today + chrono::Days::new(4);
    let rows: String = (0..count)
        .map(|index| format!("Client {index},Person {index},c{index}@client.example,{due}\n"))
        .collect();
    std::fs::write(
        folder.join("clients.csv"),
        format!("Client,Contact,Email,Due date\n{rows}"),
    )
    .unwrap();
    let settings = std::fs::read_to_string(folder.join("partnerbook.toml")).unwrap();
    std::fs::write(
        folder.join("partnerbook.toml"),
        settings.replace("clients.xlsx\" ", "clients.csv\" "),
    )
    .unwrap();
    let server = Server::start(&[]);
    let url = server.url();
    let send = |kind: &str| {
        let before = server.taken().len();
        let from = ["--from", "Brightwater <plans@brightwater.example>"];
        let arguments = [&["send", kind, "--smtp", &url][..], &from].concat();
        let (code, out, error) = call(&folder, &arguments);
        let taken = server.taken().split_off(before);
        let to: BTreeSet<String> = taken.iter().map(|(to, _)| to.clone()).collect();
        assert_eq!(to.len(), taken.len(), "{kind}: {out}{error}");
        (code, to, error)
    };
    let of = |indexes: &mut dyn Iterator<Item = usize>| -> BTreeSet<String> {
        indexes
            .map(|index| format!("c{index}@client.example"))
            .collect()
    };

    assert_eq!(call(&folder, &["handout"]).0, Some(0));
    let questionnaire = Questionnaire::built_in().unwrap();
    let (answered, wrong) = (count * 2 / 3, count / 6);
    let inbox = folder.join("inbox");
    let strangers = (count / 40).max(1);
    let come_back = |index: usize| {
        // The first have an error, the last have a new name, and after them come the strangers.
        let (client, name, file) = match index.checked_sub(answered) {
            Some(own) => (
                count + own,
                format!("Somebody {own}"),
                format!("stranger {own}.xlsx"),
            ),
            None if index >= answered - count / 12 => (
                index,
                format!("Renamed {index}"),
                format!("from {index}.xlsx"),
            ),
            None => (
                index,
                format!("Client {index}"),
                format!("from {index}.xlsx"),
            ),
        };
        let email = Cell::Text(format!("c{client}@client.example"));
        let mut answers = vec![("client.about.email", email)];
        if client < wrong {
            answers.push((RATING, Cell::Text("good".into())));
        }
        let roster_name = format!("Client {client}");
        let bytes = returned(&questionnaire, &roster_name, &name, &answers);
        std::fs::write(inbox.join(file), bytes).unwrap();
    };
    // Making a workbook takes a second without optimization: two threads share the work.
    std::thread::scope(|scope| {
        for first in 0..2 {
            let come_back = &come_back;
            scope.spawn(move || (first..answered + strangers).step_by(2).for_each(come_back));
        }
    });

    // Reminders go to those who have not answered, once.
    assert_eq!(send("reminders").1, of(&mut (answered..count)));
    assert_eq!(send("reminders").1, of(&mut std::iter::empty()));
    // So soon after a reminder, no invitation is held back, but the next reminder would be.
    assert_eq!(send("invitations").1, of(&mut (0..count)));
    assert_eq!(send("invitations").1, of(&mut std::iter::empty()));

    // Those with an error get their copy, once; a corrected copy replaces the workbook.
    assert_eq!(send("corrections").1, of(&mut (0..wrong)));
    assert_eq!(send("corrections").1, of(&mut std::iter::empty()));
    let corrected = wrong.div_ceil(2);
    let sandbox = partnerbook::intake::Sandbox::none();
    for index in 0..corrected {
        let copy = folder.join(format!("annotated/from-{index}.xlsx"));
        let reading = partnerbook::intake::read_file(&questionnaire, &copy, &sandbox).unwrap();
        let edition = reading.edition.unwrap();
        assert_eq!(edition.generation, 1);
        let mut prefill = Prefill::from_answers(&questionnaire, &reading.answers, &reading.issues);
        let key = questionnaire.key(RATING).unwrap();
        prefill.set(key, Cell::Number(7.0));
        prefill.annotate(template::Annotations {
            edition: Some(edition),
            ..template::Annotations::default()
        });
        let palette = partnerbook::look::Palette::DEFAULT;
        let bytes = template::workbook(&questionnaire, &prefill, &palette).unwrap();
        std::fs::write(inbox.join(format!("again {index}.xlsx")), bytes).unwrap();
    }
    assert_eq!(send("corrections").1, of(&mut std::iter::empty()));

    // Plans go to those without an error who are in the roster, once.
    let (code, out, error) = call(&folder, &["report"]);
    assert_eq!(code, Some(0), "{out}{error}");
    let (_, to, error) = send("plans");
    assert_eq!(
        to,
        of(&mut (0..corrected).chain(wrong..answered)),
        "{error}"
    );
    assert_eq!(
        error.matches("not in the roster").count(),
        strangers,
        "{error}"
    );
    assert_eq!(send("plans").1, of(&mut std::iter::empty()));

    let (_, status, _) = call(&folder, &["status"]);
    let total = status.lines().last().unwrap();
    let expected = format!(
        "{count} handed out, {answered} returned, 0 late, {} with errors",
        wrong - corrected
    );
    assert!(total.contains(&expected), "{total}");
    // Those who were asked to correct are waited for.
    let asked = |line: &&str| line.ends_with("wait") && line.contains('%');
    assert_eq!(
        status.lines().filter(asked).count(),
        wrong - corrected,
        "{status}"
    );
    let done = status.lines().filter(|line| line.ends_with("done")).count();
    assert_eq!(done, answered - wrong + corrected, "{status}");
}
