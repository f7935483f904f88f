//! `partnerbook check`: what is wrong in which cell, for people or as JSON.

use std::path::PathBuf;

use serde::Serialize;

use super::{Outcome, ProgrammeChoice, RunDate, counted, say};
use crate::batch::{self, Failure};
use crate::finding::{Counts, Finding, Severity};
use crate::intake::Wall;
use crate::plan::{Plan, Sender};
use crate::programme::Programme;
use crate::results::FindingJson;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Workbooks, or folders of them
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Folder to write workbooks into that go back to the clients: all answers, problems marked
    #[arg(long = "return", value_name = "DIR")]
    hand_back: Option<PathBuf>,
    /// Overwrite files in that folder that partnerbook did not make
    #[arg(long, requires = "hand_back")]
    force: bool,
    /// How to print the findings
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    #[command(flatten)]
    date: RunDate,
    #[command(flatten)]
    programme: ProgrammeChoice,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    /// For people, grouped by sheet
    Human,
    /// For programs
    Json,
}

#[derive(Serialize)]
struct Document<'a> {
    files: Vec<FileJson<'a>>,
    failures: Vec<FailureJson>,
}

#[derive(Serialize)]
struct FileJson<'a> {
    file: String,
    client: &'a str,
    #[serde(flatten)]
    counts: Counts,
    findings: Vec<FindingJson<'a>>,
}

#[derive(Serialize)]
struct FailureJson {
    file: String,
    error: String,
}

pub fn run(arguments: &Arguments) -> Result<Outcome, String> {
    let programme = arguments.programme.load()?;
    let found = batch::find(&arguments.paths).map_err(|error| error.to_string())?;
    super::complain_of(&found.passed_over);
    let paths = found.workbooks;
    let setting = batch::Setting {
        programme: &programme,
        wall: &Wall::of_this_program(),
        today: arguments.date.day(),
        sender: &Sender::default(),
    };
    let (plans, failures) = match &arguments.hand_back {
        Some(folder) => batch::hand_back(setting, &paths, folder, arguments.force)
            .map_err(|error| error.to_string())?,
        None => batch::plans_of(setting, &paths),
    };
    match arguments.format {
        Format::Human => {
            plans.iter().for_each(|plan| say(&human(&programme, plan)));
            if let Some(folder) = &arguments.hand_back {
                let made = counted(plans.len(), "workbook");
                say(&format!("{made} to hand back in {}", folder.display()));
            }
            failures.iter().for_each(|failure| {
                super::complain(&format!("{} {}", failure.path.display(), failure.error))
            });
        }
        Format::Json => say(&json(&plans, &failures).map_err(|error| error.to_string())?),
    }
    Ok(if !failures.is_empty() {
        Outcome::SomeFailed
    } else if plans.iter().any(|plan| plan.counts.errors > 0) {
        Outcome::Findings
    } else {
        Outcome::Fine
    })
}

fn json(plans: &[Plan], failures: &[Failure]) -> Result<String, serde_json::Error> {
    let files = plans.iter().map(|plan| FileJson {
        file: plan.source.path.display().to_string(),
        client: &plan.client.name,
        counts: plan.counts,
        findings: plan.findings.iter().map(FindingJson::from).collect(),
    });
    let failures = failures.iter().map(|failure| FailureJson {
        file: failure.path.display().to_string(),
        error: failure.error.to_string(),
    });
    serde_json::to_string_pretty(&Document {
        files: files.collect(),
        failures: failures.collect(),
    })
}

/// A workbook's findings, sheet by sheet in the workbook's order; within a sheet the gravest first.
fn human(programme: &Programme, plan: &Plan) -> String {
    let Counts {
        errors,
        warnings,
        notes,
    } = plan.counts;
    let mut lines = vec![format!(
        "{}, {}: {}, {}, {}",
        plan.source.file,
        plan.client.name,
        counted(errors, "error"),
        counted(warnings, "warning"),
        counted(notes, "note")
    )];
    let sheet_of = |finding: &Finding| {
        finding
            .place
            .as_ref()
            .map(|place| place.sheet.to_string())
            .unwrap_or_default()
    };
    let mut sheets: Vec<String> = Vec::new();
    let mut ordered: Vec<&Finding> = plan.findings.iter().collect();
    ordered.sort_by_key(|finding| {
        finding
            .field
            .as_deref()
            .and_then(|id| programme.key(id))
            .map_or(0, |key| key.0 + 1)
    });
    for finding in &ordered {
        let sheet = sheet_of(finding);
        if !sheets.contains(&sheet) {
            sheets.push(sheet);
        }
    }
    for sheet in sheets {
        lines.push(String::new());
        lines.push(format!(
            "  {}",
            if sheet.is_empty() {
                "The workbook"
            } else {
                &sheet
            }
        ));
        lines.extend(
            plan.findings
                .iter()
                .filter(|finding| sheet_of(finding) == sheet)
                .map(human_finding),
        );
    }
    lines.push(String::new());
    lines.join("\n")
}

fn human_finding(finding: &Finding) -> String {
    let cell = finding
        .place
        .as_ref()
        .map(|place| place.address())
        .unwrap_or_default();
    match finding.severity {
        // How something was read needs one line, not four.
        Severity::Note => format!(
            "    note     {cell:<5} {}: {}",
            finding.label, finding.found
        ),
        severity => {
            let word = if severity == Severity::Error {
                "error"
            } else {
                "warning"
            };
            format!(
                "    {word:<8} {cell:<5} {}\n               found     {}\n               expected  {}\n               mend      {}",
                finding.label, finding.found, finding.expected, finding.mend
            )
        }
    }
}
