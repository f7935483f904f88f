//! Checks output files with other programs: LibreOffice recalculates workbooks that openpyxl filled in, openxml-audit
//! validates workbooks, and qpdf, poppler, and pdfua check plans. Run with `cargo test --test conformance`. If a
//! program is missing, its test fails and says how to install it.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use partnerbook::answers::Value;
use partnerbook::intake::Sandbox;
use partnerbook::questionnaire::{Kind, Questionnaire};

use crate::common::{self, root};

/// Runs another program and returns its output. If it is missing, the panic message says how to install it.
fn run(program: &str, install: &str, arguments: &[&str]) -> String {
    let output = match Command::new(program).args(arguments).output() {
        Ok(output) => output,
        Err(error) => panic!("{program} cannot be run ({error}). Install it: {install}"),
    };
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{program} {arguments:?}:\n{printed}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    printed
}

const POPPLER: &str = "apt-get install poppler-utils";
const PYTHON: &str =
    "pip install openpyxl openxml-audit pdfua pillow pandas pyarrow duckdb jsonschema";

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Runs `report` on all samples and returns the outputs.
fn outputs() -> (tempfile::TempDir, Vec<PathBuf>) {
    let out = tempfile::tempdir().unwrap();
    let output = common::partnerbook(
        &[
            "report",
            "samples",
            "--date",
            "2026-11-23",
            "--consultant",
            "Brightwater Advisory",
            "-o",
            path(out.path()),
        ],
        &root(),
    );
    assert_eq!(output.status.code(), Some(0));
    let mut plans: Vec<PathBuf> = std::fs::read_dir(out.path().join("plans"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    plans.sort();
    (out, plans)
}

#[test]
fn libreoffice_works_out_the_same_scores() {
    let questionnaire = common::questionnaire();
    let computed: Vec<&str> = questionnaire
        .fields
        .iter()
        .filter(|field| !field.kind.is_input())
        .map(|field| field.id.as_str())
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let profile = format!(
        "-env:UserInstallation=file://{}",
        path(&folder.path().join("profile"))
    );
    for name in [
        "halvorsen-sensors",
        "brightloom-textiles",
        "pocketharbor",
        "thalassa-foods",
        "verano-solar",
    ] {
        let filled = folder.path().join(format!("{name}.xlsx"));
        let answers = root().join(format!("samples/answers/{name}.json"));
        run(
            "python3",
            PYTHON,
            &[
                "tests/conformance/fill.py",
                "templates/partnerships.xlsx",
                path(&answers),
                path(&filled),
            ],
        );
        let recalculated = folder.path().join("recalculated");
        run(
            "soffice",
            "apt-get install --no-install-recommends libreoffice-calc",
            &[
                &profile,
                "--headless",
                "--convert-to",
                "xlsx",
                "--outdir",
                path(&recalculated),
                path(&filled),
            ],
        );
        let theirs = recalculated.join(format!("{name}.xlsx"));
        let mut arguments = vec!["tests/conformance/computed.py", path(&theirs)];
        arguments.extend(&computed);
        let json: serde_json::Value =
            serde_json::from_str(&run("python3", PYTHON, &arguments)).unwrap();

        // The scores that partnerbook calculates from the file that LibreOffice wrote.
        let reading =
            partnerbook::intake::read_file(questionnaire, &theirs, &Sandbox::none()).unwrap();
        let scorecard = partnerbook::score::Scorecard::of(questionnaire, &reading.answers);
        let mut compared = 0;
        for field in questionnaire
            .fields
            .iter()
            .filter(|field| !field.kind.is_input())
        {
            let ours = match field.kind {
                Kind::ComputedScore { score } => {
                    let subject = if questionnaire.scores[score].ranked {
                        field.column
                    } else {
                        0
                    };
                    scorecard.scores[score]
                        .subjects
                        .iter()
                        .find(|result| result.column == subject)
                        .and_then(|result| result.points)
                }
                _ => scorecard
                    .finance
                    .as_ref()
                    .and_then(|finance| finance.multiple),
            };
            match (ours, json[&field.id].as_f64()) {
                (Some(ours), Some(theirs)) => assert!(
                    (ours - theirs).abs() < 1e-9,
                    "{name} {}: {ours} here, {theirs} there",
                    field.id
                ),
                (ours, theirs) => assert_eq!(ours, theirs, "{name} {}", field.id),
            }
            compared += usize::from(ours.is_some());
        }
        assert!(compared >= 6, "{name}: {compared} scores compared");
        // A file that LibreOffice wrote gives the same answers as the original.
        let own =
            partnerbook::intake::read_file(questionnaire, &common::sample(name), &Sandbox::none())
                .unwrap();
        let changed = common::changed_answers(questionnaire, &own.answers, &reading.answers);
        assert_eq!(changed, [""; 0], "{name}");
    }
}

/// Answers as clients give them, drawn at random: values within and outside the range, every word for "does not apply",
/// words without meaning, and blanks.
fn random_answers(questionnaire: &Questionnaire, random: &mut common::Random) -> serde_json::Value {
    let [words, _] = questionnaire.words.instead_of_values();
    let mut answers = serde_json::Map::new();
    for (_, field) in questionnaire.inputs() {
        let (low, high) = field.range();
        let value = match (&field.kind, random.below(12)) {
            (_, 0) => continue,
            (_, 1) => words[random.below(words.len())].as_str().into(),
            (_, 2) => "TBD".into(),
            (Kind::Choice { list }, 3..) => {
                let options = &questionnaire.choices[*list].options;
                options[random.below(options.len())].as_str().into()
            }
            (kind, 3) if kind.is_number() => (high + 1.0).into(),
            (kind, _) if kind.is_number() => {
                (low + (high.min(50.0) - low) * random.below(101) as f64 / 100.0).into()
            }
            _ => continue,
        };
        answers.insert(field.id.clone(), value);
    }
    answers.into()
}

#[test]
fn live_scores_equal_ours_for_any_answers() {
    let fixtures = root().join("tests/fixtures/questionnaires");
    let folders = std::fs::read_dir(fixtures)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let others: Vec<Questionnaire> = folders
        .map(|folder| Questionnaire::load(&folder).unwrap())
        .collect();
    let questionnaires: Vec<&Questionnaire> = std::iter::once(common::questionnaire())
        .chain(&others)
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let profile = format!(
        "-env:UserInstallation=file://{}",
        path(&folder.path().join("profile"))
    );
    let mut random = common::Random(20);
    let mut filled = Vec::new();
    for (index, questionnaire) in questionnaires.iter().enumerate() {
        let blank = folder.path().join(format!("blank{index}.xlsx"));
        let prefill = partnerbook::template::Prefill::blank(questionnaire);
        let palette = partnerbook::look::Palette::DEFAULT;
        let bytes = partnerbook::template::workbook(questionnaire, &prefill, &palette).unwrap();
        std::fs::write(&blank, bytes).unwrap();
        for round in 0..common::cases(8) {
            let answers = folder.path().join("answers.json");
            let json = random_answers(questionnaire, &mut random);
            std::fs::write(&answers, json.to_string()).unwrap();
            let file = folder.path().join(format!("q{index}-{round}.xlsx"));
            let arguments = [
                "tests/conformance/fill.py",
                path(&blank),
                path(&answers),
                path(&file),
            ];
            run("python3", PYTHON, &arguments);
            filled.push((index, file));
        }
    }
    let recalculated = folder.path().join("recalculated");
    let mut arguments = vec![&*profile, "--headless", "--convert-to", "xlsx", "--outdir"];
    arguments.push(path(&recalculated));
    arguments.extend(filled.iter().map(|(_, file)| path(file)));
    let install = "apt-get install --no-install-recommends libreoffice-calc";
    run("soffice", install, &arguments);
    let (mut equal, mut without, mut contradictions, mut outside) = (0, 0, 0, 0);
    for (index, file) in &filled {
        let questionnaire = &questionnaires[*index];
        let theirs = recalculated.join(file.file_name().unwrap());
        let json = run(
            "python3",
            PYTHON,
            &["tests/conformance/live.py", path(&theirs)],
        );
        type Live = (Vec<Option<f64>>, Vec<(bool, String, String)>);
        let (points, rules): Live = serde_json::from_str(&json).unwrap();
        let mut json = points.into_iter();
        let reading =
            partnerbook::intake::read_file(questionnaire, file, &Sandbox::none()).unwrap();
        let card = partnerbook::score::Scorecard::of(questionnaire, &reading.answers);
        // The workbook finds the same contradictions as `check`, in the same cells.
        let issues = partnerbook::check::check(questionnaire, &reading.answers, &card);
        let ours: Vec<(String, String)> = issues
            .iter()
            .filter_map(|issue| {
                let place = issue.place.as_ref()?;
                let place = format!("{}, {}", place.sheet, place.address());
                let field = questionnaire.key(issue.field.as_deref()?)?;
                let label = &questionnaire.field(field).label;
                Some((place, format!("{label}: {}", issue.fix)))
            })
            .collect();
        for (broken, place, message) in rules {
            if let Some(sheet) = questionnaire.worksheets.iter().find(|own| own.tab == place) {
                let own = reading.issues.iter().any(|issue| {
                    let is_here = issue
                        .place
                        .as_ref()
                        .is_some_and(|own| *own.sheet == *sheet.tab);
                    let field = issue.field.as_deref().and_then(|id| questionnaire.key(id));
                    // A percentage of 101 could be meant as 1.01: only the reader can tell.
                    let is_percent =
                        field.is_some_and(|key| questionnaire.field(key).kind == Kind::Percent);
                    is_here && !is_percent && issue.code.as_str() == "value-invalid"
                });
                assert_eq!(own, broken, "{}: {place}: {message}", file.display());
                outside += usize::from(broken);
                continue;
            }
            let own = ours.contains(&(place.clone(), message.clone()));
            assert_eq!(own, broken, "{}: {place}: {message}", file.display());
            contradictions += usize::from(broken);
        }
        for (def, score) in questionnaire.scores.iter().zip(&card.scores) {
            for column in 0..def.subjects.len() {
                let ours = score.subjects.iter().find(|own| own.column == column);
                let ours = ours.and_then(|own| own.points);
                match (ours, json.next().unwrap()) {
                    (Some(ours), Some(theirs)) if (ours - theirs).abs() < 1e-9 => equal += 1,
                    (None, None) => without += 1,
                    (ours, theirs) => panic!(
                        "{} of {}, subject {column}: {ours:?} here, {theirs:?} there",
                        def.id,
                        file.display()
                    ),
                }
            }
        }
    }
    assert!(
        equal >= 40 && without >= 4,
        "{equal} equal, {without} without points"
    );
    assert!(contradictions >= 20, "{contradictions} contradictions");
    assert!(
        outside >= 20,
        "{outside} sheets with numbers outside their range"
    );
}

/// Editors complete and check the files with the schemas: they accept what is valid, and report a misspelt key.
#[test]
fn schemas_accept_valid_questionnaires_and_nothing_else() {
    let work = tempfile::tempdir().unwrap();
    let built_in = work.path().join("built-in");
    let run_own = |arguments: &[&str]| {
        let output = common::partnerbook(arguments, work.path());
        assert_eq!(output.status.code(), Some(0), "{output:?}");
    };
    run_own(&["questionnaire", "init", "built-in"]);
    run_own(&["questionnaire", "init", "small", "--minimal"]);
    let check = |folder: &Path| {
        run(
            "python3",
            PYTHON,
            &["tests/conformance/schemas.py", path(folder)],
        )
    };
    assert_eq!(check(&built_in), "21 files\n");
    assert_eq!(check(&work.path().join("small")), "5 files\n");
    let scores = built_in.join("scores.toml");
    let text = std::fs::read_to_string(&scores).unwrap();
    std::fs::write(&scores, text.replacen("\nout_of", "\noutof", 1)).unwrap();
    let found = check(&built_in);
    assert!(
        found.contains("scores.toml: score/0") && found.contains("outof"),
        "{found}"
    );
}

#[test]
fn workbooks_open_cleanly() {
    for workbook in [
        root().join("templates/partnerships.xlsx"),
        root().join("samples/thalassa-foods.xlsx"),
    ] {
        let text = run("openxml-audit", PYTHON, &[path(&workbook)]);
        assert!(text.contains("Errors: 0"), "{text}");
    }
}

/// Names that lookups and counts in a spreadsheet can misinterpret.
const ODD_NAMES: [&str; 6] = ["Up~Down", "A* Solar", "ACME", "acme", "<>x", "=1+1"];

/// Fills a folder with workbooks of `count` clients: the samples in turn, each with its own name.
fn many_clients(folder: &Path, count: usize) {
    let questionnaire = common::questionnaire();
    let readings = common::SAMPLES.map(|sample| {
        partnerbook::intake::read_file(questionnaire, &common::sample(sample), &Sandbox::none())
            .unwrap()
    });
    for (index, reading) in (0..count).zip(readings.iter().cycle()) {
        let mut prefill = partnerbook::template::Prefill::from_answers(
            questionnaire,
            &reading.answers,
            &reading.issues,
        );
        let name = ODD_NAMES
            .get(index)
            .map_or_else(|| format!("Client {index:03}"), |name| (*name).to_owned());
        prefill.set(
            questionnaire.identity.company,
            partnerbook::template::Cell::Text(name),
        );
        // A different rating for each client, so that no two have the same rank.
        let rating = questionnaire
            .inputs()
            .find(|(_, field)| matches!(field.kind, Kind::Rating { .. }));
        let (key, _) = rating.unwrap();
        prefill.set(
            key,
            partnerbook::template::Cell::Number(f64::from((index * 37 % 101) as u32) / 10.0),
        );
        let bytes = partnerbook::template::workbook(
            questionnaire,
            &prefill,
            &partnerbook::look::Palette::DEFAULT,
        )
        .unwrap();
        std::fs::write(folder.join(format!("client-{index:03}.xlsx")), bytes).unwrap();
    }
}

#[test]
fn consolidated_workbooks_hold_what_they_say() {
    let folder = tempfile::tempdir().unwrap();
    let (samples, one, many) = (
        root().join("samples"),
        common::sample("halvorsen-sensors"),
        folder.path().join("many"),
    );
    std::fs::create_dir(&many).unwrap();
    many_clients(&many, 32);
    for (index, input) in [samples, one, many].iter().enumerate() {
        let out = folder.path().join(format!("out-{index}"));
        let report = |out: &Path| {
            let arguments = [
                "report",
                path(input),
                "--date",
                "2026-12-20",
                "-o",
                path(out),
            ];
            let output = common::partnerbook(&arguments, &root());
            assert_eq!(output.status.code(), Some(0));
        };
        report(&out);
        let workbook = out.join("portfolio.xlsx");
        let text = run("openxml-audit", PYTHON, &[path(&workbook)]);
        assert!(text.contains("Errors: 0"), "{text}");
        let scratch = folder.path().join(format!("scratch-{index}"));
        std::fs::create_dir(&scratch).unwrap();
        let script = "tests/conformance/portfolio.py";
        let told = run("python3", PYTHON, &[script, path(&out), path(&scratch)]);
        assert!(told.contains("formulas agree"), "{told}");
        let told = run(
            "python3",
            PYTHON,
            &["tests/conformance/answers.py", path(&out)],
        );
        assert!(told.contains("agree in DuckDB and pandas"), "{told}");
        // The same inputs give the same bytes.
        let again = folder.path().join(format!("again-{index}"));
        report(&again);
        for name in [
            "portfolio.xlsx",
            "answers.csv",
            "answers.parquet",
            "results.jsonl",
        ] {
            let read = |out: &Path| std::fs::read(out.join(name)).unwrap();
            assert!(read(&out) == read(&again), "{name} differs");
        }
    }
}

#[test]
fn plans_are_sound_and_their_fonts_embedded() {
    let (_out, plans) = outputs();
    for plan in plans {
        run("qpdf", "apt-get install qpdf", &["--check", path(&plan)]);
        let fonts = run("pdffonts", POPPLER, &[path(&plan)]);
        let rows: Vec<&str> = fonts.lines().skip(2).collect();
        assert!(!rows.is_empty());
        for row in rows {
            let columns: Vec<&str> = row.split_whitespace().rev().collect();
            assert_eq!(
                columns[2..5],
                ["yes", "yes", "yes"],
                "embedded, subset, Unicode: {row}"
            );
        }
        let issues = run("pdfua", PYTHON, &["check", path(&plan)]);
        assert!(issues.contains("PASS (no findings)"), "{issues}");
    }
}

/// Returns only letters and digits, because text extraction splits lines and joins hyphens in its own way. Excludes
/// right-to-left letters: poppler takes their order from the page, not from the text. The font draws an x between digits
/// as a multiplication sign.
fn letters(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let is_from_right = |c: char| matches!(c, '\u{590}'..='\u{8ff}');
    text.nfkc()
        .map(|c| if c == '×' { 'x' } else { c })
        .filter(|c| c.is_alphanumeric() && !is_from_right(*c))
        .collect()
}

/// Returns the right-to-left words without diacritics, each with its letters sorted. Poppler may return the letters in
/// either order, and reverses those of a ligature.
fn words_from_right(text: &str) -> HashSet<Vec<char>> {
    use unicode_normalization::UnicodeNormalization;
    let is_letter = |c: char| c.is_alphabetic() && matches!(c, '\u{590}'..='\u{8ff}');
    let text: String = text.nfkc().collect();
    let words = text
        .split(|c| !is_letter(c))
        .filter(|word| !word.is_empty());
    let sorted = words.map(|word| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    });
    sorted.collect()
}

/// Extracted text: left-to-right letters and digits, and right-to-left words.
struct ReadOut {
    letters: String,
    from_right: HashSet<Vec<char>>,
}

impl ReadOut {
    /// Returns whether the extracted text contains a text.
    fn holds(&self, text: &str) -> bool {
        self.letters.contains(&letters(text)) && words_from_right(text).is_subset(&self.from_right)
    }
}

/// Returns the text of the structure tree, in its order.
fn read_out(plan: &Path) -> ReadOut {
    let tree = run("pdfinfo", POPPLER, &["-struct-text", path(plan)]);
    let texts = tree
        .lines()
        .filter_map(|line| line.trim().strip_prefix('"'));
    let text = texts.collect::<Vec<_>>().join(" ");
    ReadOut {
        letters: letters(&text),
        from_right: words_from_right(&text),
    }
}

/// Writes the plans of the hard clients to files.
fn hard_plans(folder: &Path) -> Vec<(common::hard::Hard, PathBuf)> {
    let brand = partnerbook::brand::Brand::bundled().unwrap();
    let mut renderer = partnerbook::pdf::Renderer::new(&brand.fonts, &brand.look);
    let hard = common::hard::hard_clients().into_iter();
    hard.map(|client| {
        let file = folder.join(format!("{}.pdf", client.name));
        std::fs::write(&file, renderer.render(&client.plan).unwrap()).unwrap();
        (client, file)
    })
    .collect()
}

/// Returns the plan of a sample among the files of a run.
fn plan_file(plans: &[PathBuf], sample: &str) -> PathBuf {
    let client = common::plan_of_sample(common::questionnaire(), sample)
        .record
        .client
        .name;
    let stem = partnerbook::text::slugify(&client);
    let is_it = |plan: &&PathBuf| plan.file_stem().is_some_and(|name| name == stem.as_str());
    plans.iter().find(is_it).unwrap().clone()
}

#[test]
fn every_text_stands_in_its_plan() {
    let questionnaire = common::questionnaire();
    let (_out, plans) = outputs();
    for sample in common::SAMPLES {
        let printed = read_out(&plan_file(&plans, sample));
        let reading = partnerbook::intake::read_file(
            questionnaire,
            &common::sample(sample),
            &Sandbox::none(),
        )
        .unwrap();
        let mut looked_for = 0;
        for (key, field) in questionnaire.inputs() {
            if let Value::Text(text) = &reading.answers.get(key).value {
                assert!(printed.holds(text), "{sample} {}: {text}", field.id);
                looked_for += 1;
            }
        }
        assert!(looked_for > 40, "{sample}: {looked_for} texts");
    }
    let folder = tempfile::tempdir().unwrap();
    for (client, file) in hard_plans(folder.path()) {
        let printed = read_out(&file);
        let texts = client
            .answers
            .iter()
            .filter_map(|(id, answer)| Some((id, answer.as_str()?)));
        // Dates are printed in the format of the questionnaire.
        let is_day = |text: &str| text.parse::<chrono::NaiveDate>().is_ok();
        for (id, text) in texts.filter(|(_, text)| !is_day(text)) {
            assert!(printed.holds(text), "{} {id}: {text}", client.name);
        }
    }
}

#[test]
fn plans_are_read_out_in_the_order_of_their_blocks() {
    let (_out, files) = outputs();
    let questionnaire = common::questionnaire();
    for sample in common::SAMPLES {
        let plan = common::plan_of_sample(questionnaire, sample);
        let printed = read_out(&plan_file(&files, sample));
        let mut from = 0;
        for text in in_order(&plan) {
            let wanted = letters(&text);
            let Some(at) = printed.letters[from..].find(&wanted) else {
                panic!("{sample}: \"{text}\" does not follow what stands before it");
            };
            from += at + wanted.len();
        }
    }
}

/// Returns the texts of a plan in block order, without chart labels.
fn in_order(plan: &partnerbook::plan::Plan) -> Vec<String> {
    use partnerbook::plan::Block;
    let mut texts = Vec::new();
    for section in plan.sections.iter().filter(|section| !section.empty) {
        texts.push(section.question.clone());
        texts.push(section.headline.clone());
        texts.extend(section.lead.clone());
        texts.extend(section.points.clone());
        for block in &section.blocks {
            match block {
                Block::Reasons { title, rows } => {
                    texts.push(title.clone());
                    texts.extend(
                        rows.iter()
                            .flat_map(|row| [row.label.clone(), row.text.clone()]),
                    );
                }
                Block::Moves { title, moves } => {
                    texts.push(title.clone());
                    texts.extend(moves.iter().flat_map(|own| {
                        [own.text.clone(), own.owner.clone(), own.date_text.clone()]
                    }));
                }
                Block::Requests { title, requests } => {
                    texts.push(title.clone());
                    texts.extend(requests.iter().map(|own| own.text.clone()));
                }
                Block::GapCards { title, cards, .. } => {
                    texts.push(title.clone());
                    texts.extend(cards.iter().flat_map(|card| {
                        [card.name.clone(), card.why.clone(), card.first.clone()]
                    }));
                }
                Block::Text { title, paragraphs } => {
                    texts.extend(title.clone());
                    texts.extend(paragraphs.clone());
                }
                Block::Lists(lists) => {
                    for list in lists {
                        texts.push(list.title.clone());
                        texts.extend(list.own.clone());
                    }
                }
                Block::Fields { title, groups } => {
                    texts.extend(title.clone());
                    for group in groups {
                        texts.extend(group.heading.clone());
                        texts.push(group.title.clone());
                        texts.extend(
                            group
                                .rows
                                .iter()
                                .flat_map(|(label, answer)| [label.clone(), answer.clone()]),
                        );
                    }
                }
                Block::Table { title, table } => {
                    texts.extend(title.clone());
                    texts.extend(table.columns.iter().map(|(heading, _)| heading.clone()));
                    let cells = table.rows.iter().flatten();
                    texts.extend(cells.flat_map(|cell| [cell.text.clone(), cell.note.clone()]));
                }
                Block::Sentences(sentences) => texts.extend(
                    sentences
                        .iter()
                        .flat_map(|(label, words)| [label.clone(), words.clone()]),
                ),
                Block::Notes(notes) => texts.extend(notes.clone()),
                _ => {}
            }
        }
    }
    texts
}

#[test]
fn hard_plans_are_sound() {
    let folder = tempfile::tempdir().unwrap();
    for (_, file) in hard_plans(folder.path()) {
        run("qpdf", "apt-get install qpdf", &["--check", path(&file)]);
        let issues = run("pdfua", PYTHON, &["check", path(&file)]);
        assert!(issues.contains("PASS (no findings)"), "{issues}");
    }
}

/// Pages compared with the images in `tests/conformance/pages/`. `UPDATE_PAGES=1` overwrites the images, for review
/// together with the change that caused it.
const KEPT_PAGES: [(&str, &[usize]); 4] = [
    (
        "halvorsen-sensors-as",
        &[1, 2, 3, 4, 5, 6, 10, 11, 12, 14, 25],
    ),
    ("brightloom-textiles-ltd", &[2, 3, 7, 8, 9]),
    ("mapleworks-foundry-software-inc", &[1, 2]),
    ("quarrystone-logistics-nv", &[2, 3]),
];

/// Height of the foot of a page, in points.
const FOOT: f32 = 60.0;

/// Returns how far down each page is filled, as a share of its height without its foot, and whether it is the first page
/// of the appendix.
fn filled(plan: &Path) -> Vec<(f32, bool)> {
    let printed = run("pdftotext", POPPLER, &["-bbox", path(plan), "-"]);
    let number = |line: &str, name: &str| -> f32 {
        let rest = line.split_once(&format!("{name}=\"")).unwrap().1;
        rest.split_once('"').unwrap().0.parse().unwrap()
    };
    let pages = printed.split("<page ").skip(1);
    pages
        .map(|page| {
            let height = number(page, "height") - FOOT;
            let words = page.lines().filter(|line| line.contains("<word "));
            let bottoms = words.map(|word| number(word, "yMax"));
            let lowest = bottoms.filter(|y| *y < height).fold(0.0, f32::max);
            let text = |word: &str| word.contains(">A</word>");
            let is_appendix = page
                .lines()
                .filter(|line| line.contains("<word "))
                .take(12)
                .any(text);
            (lowest / height, is_appendix)
        })
        .collect()
}

#[test]
fn no_page_is_nearly_empty() {
    let earlier = tempfile::tempdir().unwrap();
    let first = path(earlier.path());
    let report = |date: &str, arguments: &[&str], out: &Path| {
        let given = ["report", "samples", "--date", date, "-q", "-o", path(out)];
        let arguments: Vec<&str> = given.into_iter().chain(arguments.iter().copied()).collect();
        let output = common::partnerbook(&arguments, &root());
        assert_eq!(output.status.code(), Some(0));
    };
    report("2026-11-23", &[], earlier.path());
    let editions: [(&str, &[&str]); 4] = [
        ("2026-11-23", &["--paper", "letter"]),
        ("2026-11-23", &["--brand", "samples/brand/brand.toml"]),
        ("2027-02-01", &[]),
        ("2027-04-20", &["--since", first, "--benchmark"]),
    ];
    let mut out = vec![earlier.path().to_owned()];
    let folders: Vec<tempfile::TempDir> = editions
        .iter()
        .map(|(date, arguments)| {
            let folder = tempfile::tempdir().unwrap();
            report(date, arguments, folder.path());
            folder
        })
        .collect();
    out.extend(folders.iter().map(|folder| folder.path().to_owned()));
    let mut measured = 0;
    for plan in out
        .iter()
        .flat_map(|out| std::fs::read_dir(out.join("plans")).unwrap())
    {
        let plan = plan.unwrap().path();
        let pages = filled(&plan);
        let appendix = pages.iter().position(|(_, is_first)| *is_first).unwrap();
        let last = pages.len() - 1;
        for (index, (share, _)) in pages.iter().enumerate() {
            // The cover, the executive summary, and the last pages of the body and of the plan may be short.
            if ![0, 1, appendix - 1, last].contains(&index) {
                assert!(
                    *share >= 0.4,
                    "{}, page {}: {share}",
                    plan.display(),
                    index + 1
                );
                measured += 1;
            }
        }
    }
    assert!(measured > 700, "{measured}");
}

#[test]
fn pages_look_as_they_did() {
    let (_out, plans) = outputs();
    let folder = tempfile::tempdir().unwrap();
    for (name, pages) in KEPT_PAGES {
        let plan = plans
            .iter()
            .find(|plan| plan.file_stem().is_some_and(|stem| stem == name))
            .unwrap();
        for page in pages {
            let number = page.to_string();
            let picture = folder.path().join(format!("{name}-{page:02}"));
            let arguments = [
                "-r",
                "45",
                "-f",
                &number,
                "-l",
                &number,
                "-singlefile",
                "-png",
                path(plan),
                path(&picture),
            ];
            run("pdftoppm", POPPLER, &arguments);
        }
    }
    let references = root().join("tests/conformance/pages");
    let script = root().join("tests/conformance/pages.py");
    let mut arguments = vec![path(&script), path(folder.path()), path(&references)];
    if std::env::var_os("UPDATE_PAGES").is_some() {
        arguments.push("--update");
    }
    let found = run("python3", PYTHON, &arguments);
    assert!(
        found.ends_with("0 differences\n") && found.lines().count() == 1,
        "{found}"
    );
}
