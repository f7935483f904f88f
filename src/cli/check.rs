//! `partnerbook check`: lists the issues of workbooks, as text or JSON.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{
    CommandError, Context, Jobs, Outcome, QuestionnaireChoice, RunDate, counted, print_line,
};
use crate::batch::{self, Failure};
use crate::issue::{Counts, Issue, Severity};
use crate::plan::{Compared, Sender};
use crate::questionnaire::Questionnaire;
use crate::record::Record;
use crate::text::{shorten, shown_path};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Workbooks, or folders of them [default: the inbox of the engagement]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Create annotated copies in this folder: all answers, with the issues marked, to send back to the clients.
    /// Without a value, in the folder of the engagement, else annotated
    #[arg(long, value_name = "DIR", num_args = 0..=1)]
    annotate: Option<Option<PathBuf>>,
    /// Overwrite files in that folder that partnerbook did not create
    #[arg(long, requires = "annotate")]
    force: bool,
    /// Brand file (TOML), for the colors of the annotated copies
    #[arg(long, value_name = "FILE")]
    brand: Option<PathBuf>,
    /// Output format
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    #[command(flatten)]
    jobs: Jobs,
    #[command(flatten)]
    date: RunDate,
    #[command(flatten)]
    questionnaire: QuestionnaireChoice,
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
    issues: &'a [Issue],
}

#[derive(Serialize)]
struct FailureJson {
    file: String,
    error: String,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<Outcome, CommandError> {
    let questionnaire = arguments.questionnaire.load(context)?;
    let found = batch::find(&context.inputs(&arguments.paths)?)?;
    super::print_skipped(&found.skipped);
    let paths = &found.workbooks;
    let workers = arguments.jobs.workers(context);
    let setting = batch::Setting {
        questionnaire: &questionnaire,
        sandbox: &super::sandbox()?,
        blank: &super::blank_text(&questionnaire)?,
        today: arguments.date.day(),
        sender: &Sender::default(),
        compared: Compared::default(),
    };
    let mut shown = Shown {
        questionnaire: &questionnaire,
        format: arguments.format,
        records: Vec::new(),
        failures: Vec::new(),
        summary: Summary::default(),
        errors: false,
        annotated: 0,
        fine: 0,
    };
    let configured = context.config.engagement.as_ref();
    let configured = configured.map_or(Path::new("annotated"), |own| &own.annotated);
    let annotated = arguments.annotate.as_ref();
    let annotated = annotated.map(|given| given.as_deref().unwrap_or(configured));
    let done = match annotated {
        Some(folder) => {
            let palette = super::palette(arguments.brand.as_deref(), context)?;
            batch::annotate(
                setting,
                workers,
                paths,
                folder,
                &palette,
                arguments.force,
                |result| shown.add(result),
            )?
        }
        None => batch::check(setting, workers, paths, |result| {
            shown.add(result.map(|record| (record, None)));
        }),
    };
    shown.finish(annotated, done, &found.skipped)?;
    if done < paths.len() {
        super::print_error(&format!(
            "stopped after {done} of {} workbooks",
            paths.len()
        ));
        return Ok(Outcome::SomeFailed);
    }
    let Shown {
        failures, errors, ..
    } = shown;
    let is_machine = |failure: &Failure| failure.error.is_machine();
    Ok(if failures.iter().any(is_machine) {
        Outcome::MachineFailed
    } else if !failures.is_empty() {
        Outcome::SomeFailed
    } else if errors {
        Outcome::Issues
    } else {
        Outcome::Fine
    })
}

/// Prints each workbook as it is checked, and counts.
struct Shown<'a> {
    questionnaire: &'a Questionnaire,
    format: Format,
    /// The records for JSON, without their answers.
    records: Vec<Record>,
    failures: Vec<Failure>,
    summary: Summary,
    /// Whether a workbook has errors.
    errors: bool,
    annotated: usize,
    /// Workbooks that need no annotated copy.
    fine: usize,
}

impl Shown<'_> {
    fn add(&mut self, result: Result<(Record, Option<PathBuf>), Failure>) {
        let (mut record, copy) = match result {
            Ok(checked) => checked,
            Err(failure) => {
                if let Format::Human = self.format {
                    super::print_failure(&failure);
                }
                self.failures.push(failure);
                return;
            }
        };
        self.errors |= record.counts.errors > 0;
        self.summary.add(&record);
        match copy {
            Some(_) => self.annotated += 1,
            None => self.fine += 1,
        }
        match self.format {
            Format::Human => {
                print_line(&human(self.questionnaire, &record));
                if let Some(copy) = copy {
                    print_line(&format!("  annotated copy: {}\n", copy.display()));
                }
            }
            Format::Json => {
                record.answers = Vec::new();
                self.records.push(record);
            }
        }
    }

    /// Prints the totals, or the JSON.
    fn finish(
        &self,
        annotated: Option<&Path>,
        done: usize,
        skipped: &[(PathBuf, &'static str)],
    ) -> Result<(), CommandError> {
        if let Format::Json = self.format {
            let text = json(&self.records, &self.failures).map_err(|error| error.to_string())?;
            print_line(&text);
            return Ok(());
        }
        if done + skipped.len() >= 2 {
            print_line(&self.summary.table(&self.failures, skipped));
        }
        if let Some(folder) = annotated {
            let annotated = match self.annotated {
                1 => "1 annotated copy".to_owned(),
                count => format!("{count} annotated copies"),
            };
            let fine = match self.fine {
                0 => String::new(),
                count => format!(", {count} without open issues"),
            };
            print_line(&format!("{annotated} in {}{fine}", folder.display()));
        }
        Ok(())
    }
}

/// The table at the end of the output: one row per file.
#[derive(Default)]
struct Summary {
    rows: Vec<[String; 6]>,
    totals: Counts,
}

impl Summary {
    fn add(&mut self, record: &Record) {
        let percent = (100.0 * record.completeness.share()).floor();
        let Counts {
            errors,
            warnings,
            notes,
        } = record.counts;
        self.rows.push([
            shown_path(Path::new(&record.source.file)),
            shorten(&record.client.name, CLIENT_WIDTH),
            format!("{percent}%"),
            errors.to_string(),
            warnings.to_string(),
            notes.to_string(),
        ]);
        self.totals.errors += errors;
        self.totals.warnings += warnings;
        self.totals.notes += notes;
    }

    /// Formats the table: workbooks, unreadable and skipped files, totals.
    fn table(&self, failures: &[Failure], skipped: &[(PathBuf, &'static str)]) -> String {
        let headings =
            ["File", "Client", "Complete", "Errors", "Warnings", "Notes"].map(str::to_owned);
        let mut rows = vec![headings];
        rows.extend(self.rows.iter().cloned());
        let name = |path: &Path| {
            let name = path.file_name().unwrap_or(path.as_os_str());
            shown_path(Path::new(name))
        };
        let others = failures
            .iter()
            .map(|failure| (&failure.path, "not read"))
            .chain(skipped.iter().map(|(path, _)| (path, "skipped")));
        for (path, what) in others {
            let mut row = [const { String::new() }; 6];
            row[0] = name(path);
            row[1] = format!("({what})");
            rows.push(row);
        }
        let mut lost = Vec::new();
        if !failures.is_empty() {
            lost.push(format!("{} not read", failures.len()));
        }
        if !skipped.is_empty() {
            lost.push(format!("{} skipped", skipped.len()));
        }
        rows.push([
            "Total".into(),
            match lost.is_empty() {
                true => counted(self.rows.len(), "workbook"),
                false => format!(
                    "{}, {}",
                    counted(self.rows.len(), "workbook"),
                    lost.join(", ")
                ),
            },
            String::new(),
            self.totals.errors.to_string(),
            self.totals.warnings.to_string(),
            self.totals.notes.to_string(),
        ]);
        super::aligned(&rows, 2..6)
    }
}

/// Longest client name in the table, in characters.
const CLIENT_WIDTH: usize = 40;

fn json(records: &[Record], failures: &[Failure]) -> Result<String, serde_json::Error> {
    let files = records.iter().map(|record| FileJson {
        file: record.source.path.display().to_string(),
        client: &record.client.name,
        counts: record.counts,
        issues: &record.issues,
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

/// Formats the issues of a workbook, grouped by sheet in workbook order, with the most severe issues first.
fn human(questionnaire: &Questionnaire, record: &Record) -> String {
    let Counts {
        errors,
        warnings,
        notes,
    } = record.counts;
    let mut lines = vec![format!(
        "{} ({}): {}, {}, {}",
        shown_path(&record.source.path),
        record.client.name,
        counted(errors, "error"),
        counted(warnings, "warning"),
        counted(notes, "note")
    )];
    let sheet_of = |issue: &Issue| {
        issue
            .place
            .as_ref()
            .map(|place| place.sheet.to_string())
            .unwrap_or_default()
    };
    let mut sheets: Vec<String> = Vec::new();
    let mut ordered: Vec<&Issue> = record.issues.iter().collect();
    ordered.sort_by_key(|issue| {
        issue
            .field
            .as_deref()
            .and_then(|id| questionnaire.key(id))
            .map_or(0, |key| key.0 + 1)
    });
    for issue in &ordered {
        let sheet = sheet_of(issue);
        if !sheets.contains(&sheet) {
            sheets.push(sheet);
        }
    }
    for sheet in sheets {
        lines.push(String::new());
        lines.push(format!(
            "  {}",
            if sheet.is_empty() { "Workbook" } else { &sheet }
        ));
        lines.extend(
            record
                .issues
                .iter()
                .filter(|issue| sheet_of(issue) == sheet)
                .map(human_issue),
        );
    }
    lines.push(String::new());
    lines.join("\n")
}

fn human_issue(issue: &Issue) -> String {
    let cell = issue
        .place
        .as_ref()
        .map(|place| place.address())
        .unwrap_or_default();
    match issue.severity {
        // A note needs one line, not four.
        Severity::Note => format!("    note     {cell:<5} {}: {}", issue.label, issue.found),
        severity => {
            let word = if severity == Severity::Error {
                "error"
            } else {
                "warning"
            };
            format!(
                "    {word:<8} {cell:<5} {}\n               found     {}\n               expected  {}\n               fix       {}",
                issue.label, issue.found, issue.expected, issue.fix
            )
        }
    }
}
