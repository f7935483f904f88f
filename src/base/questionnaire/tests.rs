//! Tests that every misspelled name in the built-in questionnaire is reported at its line.

use std::collections::BTreeSet;
use std::sync::Mutex;

use super::files::{BuiltIn, Files};
use super::load::load;
use super::{Diagnostic, Level, built_in_files};

/// The built-in questionnaire with some changed files: their names and texts.
struct Changed<'a>(&'a [(&'a str, &'a str)]);

impl Files for Changed<'_> {
    fn read(&self, path: &str) -> Result<String, String> {
        match self.0.iter().find(|(file, _)| *file == path) {
            Some((_, text)) => Ok((*text).to_owned()),
            None => BuiltIn.read(path),
        }
    }

    fn has(&self, path: &str) -> bool {
        self.0.iter().any(|(file, _)| *file == path) || BuiltIn.has(path)
    }
}

/// Returns the offsets and lengths of the names in a TOML file: keys, references with dots, facts in texts and
/// conditions, and values from a fixed set.
fn names(text: &str) -> Vec<(usize, usize)> {
    let mut found = BTreeSet::new();
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '.';
    let mut seen = BTreeSet::new();
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        let body = match line.trim_start().starts_with('#') {
            true => "",
            false => line,
        };
        let mut rest = 0;
        while let Some(at) = body[rest..].find(is_part).map(|at| at + rest) {
            let length = body[at..].find(|c| !is_part(c)).unwrap_or(body.len() - at);
            let name = &body[at..at + length];
            let before = body[..at].chars().next_back();
            let after = body[at + length..].trim_start();
            let is_reference = name.matches('.').count() >= 1
                && !name.ends_with('.')
                && !name.starts_with(|c: char| c.is_ascii_digit());
            let is_key = after.starts_with("= ") && matches!(before, None | Some(' ' | '{' | '\n'));
            let is_kind = [
                "kind = \"",
                "block = \"",
                "score = \"",
                "per = \"",
                "unit = \"",
                "tone = \"",
            ]
            .iter()
            .any(|key| body[..at].ends_with(key))
                && after.starts_with('"');
            if (is_reference || is_key || is_kind) && seen.insert((name.to_owned(), is_key)) {
                found.insert((line_start + at, length));
            }
            rest = at + length;
        }
        line_start += line.len();
    }
    found.into_iter().collect()
}

/// Returns whether the author of a questionnaire is free to choose a name. A changed name is then not an error.
fn is_free(file: &str, text: &str, at: usize) -> bool {
    let before = &text[..at];
    let table = before.rsplit("\n[").next().unwrap_or_default();
    let in_table = |name: &str| before.contains("\n[") && table.starts_with(name);
    // Names of units and drop-down lists, and other words for options, are defined by their use.
    file == "questionnaire.toml" && (in_table("units]") || before.ends_with("{ ") || before.ends_with(", "))
        // Headers of tables, such as drop-down lists, and file extensions in parentheses in a text.
        || before.ends_with("\n[") || before.ends_with('(')
}

/// A name that is misspelled by a letter at its end.
struct Mistake<'a> {
    file: &'a str,
    /// The text of the file without mistakes, and the end of the name in it.
    text: &'a str,
    end: usize,
}

impl Mistake<'_> {
    fn is_reported(&self, diagnostics: &[Diagnostic]) -> bool {
        let line = self.text[..self.end].matches('\n').count() + 1;
        diagnostics
            .iter()
            .any(|own| own.level == Level::Error && own.file == self.file && own.line() == line)
    }
}

#[test]
fn every_misspelled_name_is_reported_at_its_line() {
    let files: Vec<(String, &str)> = built_in_files()
        .into_iter()
        .map(|(path, bytes)| (path.to_str().unwrap().replace('\\', "/"), bytes))
        .filter(|(file, _)| file.ends_with(".toml"))
        .map(|(file, bytes)| (file, std::str::from_utf8(bytes).unwrap()))
        .collect();
    let mut mistakes = Vec::new();
    for (file, text) in &files {
        for (at, length) in names(text) {
            if !is_free(file, text, at) {
                let end = at + length;
                mistakes.push(Mistake { file, text, end });
            }
        }
    }
    assert!(mistakes.len() > 400, "{} names", mistakes.len());
    // Mistakes far from each other are tried together, for speed.
    let count = mistakes.len().div_ceil(TOGETHER);
    let rounds: Vec<Vec<&Mistake>> = (0..count)
        .map(|first| mistakes.iter().skip(first).step_by(count).collect())
        .collect();
    let missed = Mutex::new(Vec::new());
    let next = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(round) =
                    rounds.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
                {
                    let own = missed_of(round);
                    missed.lock().unwrap().extend(own);
                }
            });
        }
    });
    let missed = missed.into_inner().unwrap();
    assert!(
        missed.is_empty(),
        "{} of {}\n{}",
        missed.len(),
        mistakes.len(),
        missed.join("\n")
    );
}

/// Number of mistakes that are tried together.
const TOGETHER: usize = 20;

/// Returns the mistakes that are not reported at their lines. What other mistakes hide is tried without them.
fn missed_of(mistakes: &[&Mistake]) -> Vec<String> {
    let mut changed: Vec<(&str, String)> = Vec::new();
    // From the last to the first, so that the positions of the others stay.
    for own in mistakes.iter().rev() {
        match changed.iter_mut().find(|(file, _)| *file == own.file) {
            Some((_, text)) => text.insert(own.end, 'x'),
            None => {
                let mut text = own.text.to_owned();
                text.insert(own.end, 'x');
                changed.push((own.file, text));
            }
        }
    }
    let changed: Vec<(&str, &str)> = changed
        .iter()
        .map(|(file, text)| (*file, &**text))
        .collect();
    let diagnostics = match load(&Changed(&changed)) {
        Ok(_) => Vec::new(),
        Err(error) => error.diagnostics,
    };
    let open = mistakes.iter().filter(|own| !own.is_reported(&diagnostics));
    let open: Vec<&Mistake> = open.copied().collect();
    match (mistakes, open.len()) {
        (_, 0) => Vec::new(),
        ([own], _) => {
            let said = diagnostics.first().map(ToString::to_string);
            let said = said.unwrap_or_else(|| "valid".to_owned());
            let name = own.text[..own.end].lines().last().unwrap_or_default();
            vec![format!("{}: {name}: {said}", own.file)]
        }
        (_, count) if count < mistakes.len() => missed_of(&open),
        _ => open.chunks(1).flat_map(missed_of).collect(),
    }
}

/// All mistakes in a file are reported in one run.
#[test]
fn all_errors_are_reported_at_once() {
    let text = BuiltIn.read("plan.toml").unwrap();
    let text = text
        .replacen("{score.program.figure}", "{score.program.figur}", 1)
        .replacen("{count} points", "{countt} points", 1)
        .replacen("order.early > 1", "order.early > ", 1)
        .replacen("order.early = 1", "order.early + 1", 1);
    let error = load(&Changed(&[("plan.toml", &text)])).unwrap_err();
    let messages: Vec<&str> = error.diagnostics.iter().map(|own| &*own.message).collect();
    for expected in [
        "there is no fact \"score.program.figur\"",
        "there is no fact \"countt\"",
        "a value is missing at the end",
        "\"order.early + 1\" is not a condition",
    ] {
        assert!(messages.contains(&expected), "{expected}: {messages:?}");
    }
}

#[test]
fn months_and_days_of_blocks_have_limits() {
    let plan = BuiltIn.read("plan.toml").unwrap();
    for (from, to, expected) in [
        (
            "months = 24",
            "months = 4294967295",
            "`months` of a block is 4294967295, not 1 to 600",
        ),
        (
            "days = 30",
            "days = 0",
            "`days` of a block is 0, not 1 to 366",
        ),
    ] {
        let text = plan.replacen(from, to, 1);
        assert_ne!(text, plan);
        let changed = Changed(&[("plan.toml", &text)]);
        let error = load(&changed).unwrap_err();
        let messages: Vec<&str> = error.diagnostics.iter().map(|own| &*own.message).collect();
        assert_eq!(messages, [expected]);
    }
}

#[test]
fn texts_of_the_portfolio_are_checked() {
    let problem = |text: &str| {
        let file = "portfolio.toml";
        let error = load(&Changed(&[(file, text)])).unwrap_err();
        error.to_string()
    };
    let unknown = problem("[notes]\nas_of = \"Stand {dates}\"");
    assert!(
        unknown.contains("this text cannot contain {dates}"),
        "{unknown}"
    );
    let known = problem("[notes]\nsome_clients = \"{counts} {clients}\"");
    assert!(known.contains("Did you mean \"count\"?"), "{known}");
    let twice = problem("[sheets]\nissues = \"about\"");
    assert!(
        twice.contains("two sheets have the name \"About\""),
        "{twice}"
    );
    let long = problem("[sheets]\nissues = \"A name of a sheet that is too long\"");
    assert!(long.contains("Excel accepts 31"), "{long}");
    let signs = problem("[sheets]\nissues = \"Errors/warnings\"");
    assert!(signs.contains("Excel does not accept"), "{signs}");
    let equal = problem("[values]\ndone = \"urgent\"");
    assert!(equal.contains("two different values"), "{equal}");
    let key = problem("[sheets]\nissue = \"Issues\"");
    assert!(key.contains("unknown key `issue`"), "{key}");
}

#[test]
fn mistakes_in_the_syntax_are_explained_where_they_are() {
    let problem = |file: &'static str, old: &str, new: &str| {
        let text = BuiltIn.read(file).unwrap();
        assert!(text.contains(old), "{old}");
        let text = text.replacen(old, new, 1);
        let line = text[..text.find(new).unwrap()].lines().count().max(1);
        let error = load(&Changed(&[(file, &text)])).unwrap_err().to_string();
        (error, line)
    };
    let cases = [
        (
            "plan.toml",
            "title = \"Decision\"",
            "title = \"Decision",
            "the quotation mark at the end of this text is missing",
        ),
        (
            "plan.toml",
            "new_page = true",
            "new_page = \"yes\"",
            "this is a text: \"yes\". Expected true or false",
        ),
        (
            "roadmap.toml",
            "days = 90",
            "days = \"90\"",
            "this is a text: \"90\". Expected a whole number",
        ),
        (
            "plan.toml",
            "\"original dates\", ",
            "",
            "this list has the wrong number of entries: 4. Expected this number of entries: 5",
        ),
        (
            "plan.toml",
            "block = \"tiles\"",
            "block = \"tile\"",
            "unknown value `tile`. Did you mean \"tiles\"?",
        ),
        (
            "plan.toml",
            "score = \"selection\", title",
            "scor = \"selection\", title",
            "unknown key `scor`. Did you mean \"score\"?",
        ),
        (
            "plan.toml",
            "figure.net < 0",
            "figure.net == 0",
            "\"==\" is not an operator. Use = ",
        ),
        (
            "plan.toml",
            "figure.net < 0",
            "figure.net < 0 && figure.net < 1",
            "\"&&\" is not expected here. Use and",
        ),
        (
            "roadmap.toml",
            "due = \"due\"",
            "due = \"duee\"",
            "has no column \"duee\"",
        ),
        (
            "roadmap.toml",
            "month1.strategy_finalization",
            "month1.strategy",
            "there is no row",
        ),
        (
            "scores.toml",
            "return = \"",
            "return = \"x",
            "there is no field \"xrevenue",
        ),
    ];
    for (file, old, new, message) in cases {
        let (error, line) = problem(file, old, new);
        assert!(error.contains(message), "{new}: {error}");
        // One mistake is one error.
        assert_eq!(error.lines().count(), 1, "{error}");
        if !new.is_empty() {
            let place = format!("{file}, line {line}");
            let next = format!("{file}, line {}", line + 1);
            assert!(
                error.contains(&place) || error.contains(&next),
                "{place}: {error}"
            );
        }
    }
}

#[test]
fn a_ramp_contains_numbers_and_fractions() {
    let text = BuiltIn.read("scores.toml").unwrap();
    let ramp = "ramp = [\"0\", \"0\", \"1/3\", \"2/3\", \"1\"]";
    assert!(text.contains(ramp));
    let text = text.replace(ramp, "ramp = [0, 0.0, \"1/3\", 0.5, 1]");
    let file = "scores.toml";
    let (questionnaire, _) = load(&Changed(&[(file, &text)])).unwrap();
    assert_eq!(
        questionnaire.finance.unwrap().ramp,
        [0.0, 0.0, 1.0 / 3.0, 0.5, 1.0]
    );
    let text = text.replace("0.5, 1]", "0.5, 1.5]");
    let error = load(&Changed(&[(file, &text)])).unwrap_err().to_string();
    assert!(
        error.contains("\"1.5\" is not a share from 0 to 1"),
        "{error}"
    );
}

#[test]
fn what_would_give_wrong_results_is_found() {
    let cases = [
        (
            "questionnaire.toml",
            "id = \"partnerships\"",
            "id = \"\"",
            "the ID is empty",
        ),
        (
            "questionnaire.toml",
            "email = \"client.about.email\"",
            "email = \"client.about.contact\"",
            "does not ask for an email address",
        ),
        (
            "checks.toml",
            "fix = \"Correct one of the two shares.\"",
            "fix = \"Correct {total}.\"",
            "printed as it is, with {total}",
        ),
        (
            "plan.toml",
            "{figure.growth} more",
            "figure.growth} more",
            "is not opened",
        ),
        (
            "plan.toml",
            "id = \"worth\"",
            "id = \"choice\"",
            "the section \"choice\" is defined twice",
        ),
        ("plan.toml", "figure.net < 0", "figure.net =< 0", "Use <="),
        ("plan.toml", "figure.net < 0", "figure.net <> 0", "Use !="),
        (
            "plan.toml",
            "figure.net < 0",
            "figure.net < 0 AND figure.net < 1",
            "Use and",
        ),
        (
            "plan.toml",
            "figure.net < 0",
            "figure.net < 0,5",
            "Write decimals with a point",
        ),
        (
            "plan.toml",
            "figure.net < 0",
            "avg(figure.net) < 0",
            "there is no function \"avg\"",
        ),
        (
            "plan.toml",
            "figure.net < 0",
            "roi.return < 0",
            "Did you mean \"revenue.roi.return\"?",
        ),
        (
            "figures.toml",
            "value = \"revenue.roi.return - revenue.roi.investment\"",
            "value = \"revenue.roi.return -\"",
            "a value is missing at the end",
        ),
        (
            "scores.toml",
            "section = \"readiness.product\"",
            "section = \"readiness.x\"",
            "there is no section",
        ),
        (
            "roadmap.toml",
            "holidays = []",
            "holidays = [2027-01-01]",
            "this is a date. Put it in quotation marks",
        ),
        (
            "roadmap.toml",
            "days = 90",
            "days = 90,5",
            "Write decimals with a point",
        ),
    ];
    for (file, old, new, message) in cases {
        let text = BuiltIn.read(file).unwrap();
        assert!(text.contains(old), "{file}: {old}");
        let text = text.replacen(old, new, 1);
        let error = load(&Changed(&[(file, &text)])).unwrap_err().to_string();
        assert!(error.contains(message), "{new}: {error}");
        // A section with the ID of another is also missing under its own.
        let most = 1 + usize::from(message.contains("defined twice"));
        let count = error.lines().count();
        assert!(count <= most, "one mistake is one error: {error}");
    }
}

#[test]
fn an_apostrophe_in_an_option_is_written_twice() {
    let text = BuiltIn.read("plan.toml").unwrap();
    let text = text.replacen("figure.net < 0", "readiness.gaps.first = 'l''anno'", 1);
    let file = "plan.toml";
    load(&Changed(&[(file, &text)])).unwrap();
}
