//! Compares the questionnaire with the seed: every blank and every checklist line of the 13 worksheets is a field, with
//! the seed's label, in the seed's order.

use partnerbook::questionnaire::{Questionnaire, Section};

use crate::common;

/// Returns the worksheets of the seed: the blocks between code fences, each with a title and its lines.
fn seed_worksheets() -> Vec<(String, Vec<String>)> {
    let text = std::fs::read_to_string(common::root().join("tests/fixtures/seed.md")).unwrap();
    let mut worksheets = Vec::new();
    for block in text.split("```").skip(1).step_by(2) {
        let mut lines = block.lines().map(str::trim).filter(|line| !line.is_empty());
        worksheets.push((
            lines.next().unwrap().to_owned(),
            lines.map(str::to_owned).collect(),
        ));
    }
    worksheets
}

fn sections(questionnaire: &Questionnaire, sheet: usize) -> &[Section] {
    &questionnaire.worksheets[sheet + 1].sections
}

#[test]
fn thirteen_worksheets_with_the_seeds_titles() {
    let questionnaire = common::questionnaire();
    let titles: Vec<String> = seed_worksheets()
        .into_iter()
        .map(|(title, _)| title)
        .collect();
    assert_eq!(titles.len(), 13);
    let ours: Vec<String> = questionnaire
        .worksheets
        .iter()
        .skip(1)
        .map(|sheet| sheet.title.to_uppercase())
        .collect();
    assert_eq!(ours, titles);
}

/// "- API availability: ___/10" and "Duration: ___ years" are questions with a label. Checklist lines have no colon.
#[test]
fn every_labeled_line_is_a_row_in_the_seeds_order() {
    let questionnaire = common::questionnaire();
    let (mut questions, mut checklist) = (0, 0);
    for (index, (title, lines)) in seed_worksheets().iter().enumerate() {
        let rows: Vec<String> = sections(questionnaire, index)
            .iter()
            .flat_map(|section| &section.rows)
            .map(|row| row.label.to_lowercase())
            .collect();
        let mut from = 0;
        // Grids have one row per criterion and one column per candidate, so that a label that occurs under several
        // columns is searched from the start again.
        let mut position = |label: &str| {
            let label = label.to_lowercase();
            let fits = |row: &String| {
                *row == label
                    || row
                        .strip_prefix(&label)
                        .is_some_and(|rest| rest.starts_with(':'))
            };
            let again = || {
                rows.iter()
                    .position(fits)
                    .filter(|_| title == "INTEGRATION ECOSYSTEM PLAN")
            };
            let found = rows[from..]
                .iter()
                .position(fits)
                .map(|at| from + at)
                .or_else(again);
            let at =
                found.unwrap_or_else(|| panic!("{title}: no row for \"{label}\" after row {from}"));
            from = at + 1;
        };
        for line in lines {
            let (bullet, body) = match line.strip_prefix("- ") {
                Some(body) => (true, body),
                None => (false, line.as_str()),
            };
            match body.split_once(':') {
                Some((label, rest))
                    if !label.contains('_')
                        && (rest.contains('_')
                            || rest.contains("Yes/No")
                            || rest.contains("Mutual")
                            || rest.contains("Pass/Fail")) =>
                {
                    // "Integration 1: ____" is a column whose answer is in the row "Integration".
                    let label = label
                        .strip_prefix("Integration ")
                        .filter(|rest| rest.parse::<u32>().is_ok())
                        .map_or(label, |_| "Integration");
                    position(label);
                    questions += 1;
                }
                None if bullet => {
                    position(body);
                    checklist += 1;
                }
                _ => {}
            }
        }
    }
    assert_eq!(checklist, 24, "checklist lines of the seed");
    assert!(
        questions > 225,
        "labeled questions of the seed, {questions} found"
    );
}

/// Compares the number of blanks in the seed with the number of input cells, sheet by sheet. The questionnaire has more
/// only by design: one column per candidate; owner, due date, and status in the roadmap; one status per checklist line.
#[test]
fn no_sheet_has_fewer_cells_than_the_seed_has_blanks() {
    let questionnaire = common::questionnaire();
    let mut total = 0;
    for (index, (title, lines)) in seed_worksheets().iter().enumerate() {
        let mut blanks = 0;
        for line in lines.iter().filter(|line| !line.starts_with("OVERALL")) {
            let underscores = line
                .split(|c| c != '_')
                .filter(|run| !run.is_empty())
                .count();
            let brackets = line.matches('[').count();
            let choices = ["Yes/No", "Mutual/One-way", "Pass/Fail"]
                .iter()
                .filter(|choice| line.contains(*choice))
                .count();
            blanks += underscores + brackets + choices;
        }
        total += blanks;
        let cells = questionnaire.worksheets[index + 1]
            .fields()
            .filter(|key| questionnaire.field(*key).kind.is_input())
            .count();
        assert!(
            cells >= blanks,
            "{title}: {cells} cells for {blanks} blanks"
        );
    }
    assert!(
        (255..=275).contains(&total),
        "the seed has about 263 blanks, {total} counted"
    );
}

#[test]
fn sentences_are_the_seeds_own() {
    let questionnaire = common::questionnaire();
    let seed: String = seed_worksheets()
        .into_iter()
        .flat_map(|(_, lines)| lines)
        .collect::<Vec<_>>()
        .join("\n");
    let plain = |text: &str, open: char, close: char| {
        let mut words = String::new();
        let mut depth = 0;
        for c in text.chars() {
            match c {
                c if c == open => depth += 1,
                c if c == close => depth -= 1,
                '_' => {}
                c if depth == 0 => words.push(c),
                _ => {}
            }
        }
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let seed = plain(&seed, '[', ']');
    let sentences: Vec<&str> = questionnaire
        .worksheets
        .iter()
        .flat_map(|sheet| &sheet.sections)
        .filter_map(|section| section.sentence.as_deref())
        .collect();
    assert_eq!(sentences.len(), 5);
    for sentence in sentences {
        let ours = plain(sentence, '{', '}').replace("earning margins", "earning % margins");
        assert!(seed.contains(&ours), "{ours}");
    }
}
