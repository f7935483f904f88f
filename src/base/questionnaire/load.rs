//! Loads a questionnaire: parses its files, then resolves them.

use super::diagnostic::{Diagnostic, Problems, Reported, TomlError};
use super::files::{Files, Parsed, QuestionnaireFiles, TextFiles, parse, parse_optional};
use super::raw::QuestionnaireFile;
use super::{Questionnaire, resolve};
use crate::fingerprint::Fingerprint;

/// Maximum number of worksheets in a questionnaire. Workbooks with more than 256 sheets are never opened.
const MAX_WORKSHEETS: usize = 200;

/// The email of a questionnaire without `email.toml`: only names, so that it is right in every language.
const EMAIL: &str = r#"
subject = [{ text = "{plan.title}: {client.name}" }]
[[paragraph]]
lines = [{ text = "{plan.title}: {client.name}, {plan.report_date}" }]
"#;

/// Loads a questionnaire. Returns the questionnaire and its warnings, or all problems.
pub(super) fn load(files: &impl Files) -> Result<(Questionnaire, Vec<Diagnostic>), TomlError> {
    let problems = Problems::default();
    let loaded = load_files(files, &problems).and_then(|files| {
        // References into an invalid file would only cause misleading errors.
        problems.errors().map_err(|_| Reported)?;
        resolve::resolve(files, &problems)
    });
    problems.errors()?;
    match loaded {
        Ok(questionnaire) => Ok((questionnaire, problems.warnings())),
        // Unreachable: `Reported` implies that an error was reported.
        Err(Reported) => Err(TomlError {
            diagnostics: Vec::new(),
        }),
    }
}

fn load_files(files: &impl Files, problems: &Problems) -> Result<QuestionnaireFiles, Reported> {
    let root: Result<Parsed<QuestionnaireFile>, Reported> =
        parse(files, "questionnaire.toml", problems);
    let mut worksheets = Vec::new();
    if let Ok(root) = &root {
        let names = &root.content.worksheets;
        if names.len() > MAX_WORKSHEETS {
            let message = format!("more than {MAX_WORKSHEETS} worksheets");
            root.source.error_at_text("worksheets", message);
        }
        for (index, name) in names.iter().take(MAX_WORKSHEETS).enumerate() {
            if names[..index].contains(name) {
                let message = format!("the worksheet \"{name}\" is listed twice");
                root.source.error_in(root.source.find(name), message, None);
                continue;
            }
            let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            let path = format!("worksheets/{name}.toml");
            if name.chars().all(is_part) && !files.has(&path) {
                let message = format!("there is no file {path}");
                root.source.error_in(root.source.find(name), message, None);
            } else if name.chars().all(is_part) {
                worksheets.push(parse(files, &path, problems));
            } else {
                let message = format!("\"{name}\" is not the name of a worksheet file");
                let help = "Use letters, digits, - and _ only".to_owned();
                root.source
                    .error_in(root.source.find(name), message, Some(help));
            }
        }
    }
    let scores = parse_optional(files, "scores.toml", "", problems);
    let checks = parse_optional(files, "checks.toml", "", problems);
    let roadmap = parse_optional(files, "roadmap.toml", "", problems);
    let figures = parse_optional(files, "figures.toml", "", problems);
    let advice = parse_optional(files, "advice.toml", "", problems);
    let plan_layout = parse(files, "plan.toml", problems);
    let email = parse_optional(files, "email.toml", EMAIL, problems);
    let portfolio = parse_optional(files, "portfolio.toml", "", problems);
    let issues = parse_optional(files, "issues.toml", "", problems);
    if let Ok(root) = &root {
        warn_of_unread(files, root);
    }
    let mut files = QuestionnaireFiles {
        questionnaire: root?,
        worksheets: worksheets.into_iter().collect::<Result<_, _>>()?,
        scores: scores?,
        texts: TextFiles {
            checks: checks?,
            roadmap: roadmap?,
            figures: figures?,
            advice: advice?,
            plan_layout: plan_layout?,
            email: email?,
        },
        portfolio: portfolio?,
        issues: issues?,
        fingerprint: String::new(),
    };
    files.fingerprint = fingerprint(&files);
    Ok(files)
}

/// Warns of files that are not read: a misspelt name, or a worksheet that is not listed.
fn warn_of_unread(files: &impl Files, root: &Parsed<QuestionnaireFile>) {
    const NAMES: [&str; 10] = [
        "questionnaire.toml",
        "scores.toml",
        "checks.toml",
        "roadmap.toml",
        "figures.toml",
        "advice.toml",
        "plan.toml",
        "email.toml",
        "portfolio.toml",
        "issues.toml",
    ];
    let worksheets = root.content.worksheets.iter();
    let worksheets: Vec<String> = worksheets
        .map(|name| format!("worksheets/{name}.toml"))
        .collect();
    let known = || {
        NAMES
            .into_iter()
            .chain(worksheets.iter().map(String::as_str))
    };
    for path in files.all() {
        if known().any(|own| own == path) {
            continue;
        }
        let message = match path.starts_with("worksheets/") {
            true => format!("{path} is not read: it is not in `worksheets`"),
            false => format!("{path} is not read: no file of a questionnaire has this name"),
        };
        let at = root.source.find("worksheets");
        root.source.warn_in(at, message);
    }
}

fn fingerprint(files: &QuestionnaireFiles) -> String {
    let worksheets = files.worksheets.iter().map(|parsed| &parsed.source);
    let sources = [
        &files.questionnaire.source,
        &files.scores.source,
        &files.texts.checks.source,
        &files.texts.roadmap.source,
        &files.texts.figures.source,
        &files.texts.advice.source,
        &files.texts.plan_layout.source,
        &files.texts.email.source,
        &files.portfolio.source,
        &files.issues.source,
    ];
    let mut print = Fingerprint::default();
    for source in sources.into_iter().chain(worksheets) {
        print.add(&source.file).add(&*source.text);
    }
    print.finish()
}
