//! `partnerbook questionnaire`: copies, validates, or lists a questionnaire.

use std::path::{Path, PathBuf};

use annotate_snippets::{AnnotationKind, Renderer, Snippet};

use clap::Parser;

use super::{
    CommandError, Context, Outcome, QuestionnaireChoice, RunDate, counted, print_diagnostic,
    print_error, print_line,
};
use crate::display;
use crate::look::Palette;
use crate::output;
use crate::questionnaire::{
    Diagnostic, Level, Questionnaire, SCHEMAS, built_in_files, minimal_files, schema_line, schemas,
};
use crate::template::{self, Prefill};

#[derive(Debug, clap::Subcommand)]
pub enum Arguments {
    /// Copy the built-in questionnaire to a folder, as a start for a custom one
    Init {
        /// Folder to create
        folder: PathBuf,
        /// Start with a small questionnaire instead: one worksheet, one score
        #[arg(long)]
        minimal: bool,
    },
    /// Validate a custom questionnaire and list its errors with file and line
    Validate {
        /// Folder of the questionnaire
        folder: PathBuf,
    },
    /// List the fields of a questionnaire: ID, question, and what it asks for
    Fields(FieldsArguments),
    /// List the facts that texts and conditions of a questionnaire can use
    Facts(FieldsArguments),
    /// Write the JSON schemas of the files, with which editors complete and check them
    Schema {
        /// Folder of the questionnaire
        folder: PathBuf,
    },
    /// Fill in workbooks with plausible answers, and create their plans and the portfolio workbook
    Preview {
        /// Folder of the questionnaire
        folder: PathBuf,
        /// Folder for the workbooks and everything made from them
        #[arg(short, long, value_name = "DIR", default_value = "preview")]
        output: PathBuf,
        #[command(flatten)]
        date: RunDate,
    },
}

/// The command `report`, for the workbooks of a preview.
#[derive(clap::Parser)]
struct ReportCommand {
    #[command(flatten)]
    arguments: super::report::Arguments,
}

#[derive(Debug, clap::Args)]
pub struct FieldsArguments {
    #[command(flatten)]
    questionnaire: QuestionnaireChoice,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<Outcome, CommandError> {
    match arguments {
        Arguments::Init { folder, minimal } => {
            let files = match minimal {
                true => minimal_files(),
                false => built_in_files(),
            };
            for (relative_path, bytes) in files {
                let line = relative_path.to_str().and_then(schema_line);
                let bytes = [line.unwrap_or_default().as_bytes(), bytes].concat();
                output::write_new(&folder.join(relative_path), &bytes, false)?;
            }
            write_schemas(folder, false)?;
            print_line(&format!(
                "{}: use it with --questionnaire {}",
                folder.display(),
                folder.display()
            ));
        }
        Arguments::Validate { folder } => return Ok(validate(folder)),
        Arguments::Fields(choice) => {
            let questionnaire = choice.questionnaire.load(context)?;
            for (_, field) in questionnaire.inputs() {
                let asks = display::asks_for(&questionnaire, field);
                let scored = match field.scoring {
                    Some(_) => ", counts in scores",
                    None => "",
                };
                print_line(&format!("{}\t{}\t{asks}{scored}", field.id, field.label));
            }
        }
        Arguments::Facts(choice) => {
            let questionnaire = choice.questionnaire.load(context)?;
            questionnaire
                .facts()
                .iter()
                .for_each(|name| print_line(name));
        }
        Arguments::Schema { folder } => {
            write_schemas(folder, true)?;
            let written = folder.join(SCHEMAS);
            print_line(&format!(
                "{}: a file begins with a line such as {}",
                written.display(),
                schema_line("plan.toml").unwrap_or_default().trim_end()
            ));
        }
        Arguments::Preview {
            folder,
            output,
            date,
        } => return preview(folder, output, date, context),
    }
    Ok(Outcome::Fine)
}

fn write_schemas(folder: &Path, force: bool) -> Result<(), CommandError> {
    for own in schemas() {
        let path = folder.join(SCHEMAS).join(format!("{}.json", own.name));
        output::write_new(&path, own.schema.as_bytes(), force)?;
    }
    Ok(())
}

/// Makes workbooks of made-up clients, and runs the command `report` on them.
fn preview(
    folder: &Path,
    output: &Path,
    date: &RunDate,
    context: &Context,
) -> Result<Outcome, CommandError> {
    let questionnaire = match Questionnaire::load(folder) {
        Ok(questionnaire) => questionnaire,
        Err(_) => return Ok(validate(folder)),
    };
    let inbox = output.join("workbooks");
    for client in 0..template::CLIENTS {
        let prefill = Prefill::plausible(&questionnaire, client, date.day());
        let bytes = template::workbook(&questionnaire, &prefill, &Palette::DEFAULT)
            .map_err(|error| error.to_string())?;
        let path = inbox.join(format!("client-{}.xlsx", client + 1));
        output::write_new(&path, &bytes, true)?;
    }
    let day = date.day().to_string();
    let arguments = [
        "report".as_ref(),
        inbox.as_os_str(),
        "--questionnaire".as_ref(),
        folder.as_os_str(),
        "--date".as_ref(),
        day.as_ref(),
        "--force".as_ref(),
        "--output".as_ref(),
        output.as_os_str(),
    ];
    let command = ReportCommand::try_parse_from(arguments).map_err(|error| error.to_string())?;
    super::report::run(&command.arguments, context)
}

/// Prints all errors and warnings of a questionnaire, each with its line.
fn validate(folder: &Path) -> Outcome {
    let (diagnostics, valid) = match Questionnaire::validate(folder) {
        Ok((questionnaire, warnings)) => (warnings, Some(questionnaire)),
        Err(error) => (error.diagnostics, None),
    };
    for diagnostic in &diagnostics {
        print_diagnostic(&shown(folder, diagnostic));
    }
    let of_level = |level| diagnostics.iter().filter(|own| own.level == level).count();
    let warnings = counted(of_level(Level::Warning), "warning");
    match valid {
        Some(questionnaire) => {
            print_line(&format!(
                "{}: valid ({}, {}, {}, {}, {warnings})",
                folder.display(),
                counted(questionnaire.worksheets.len(), "sheet"),
                counted(questionnaire.inputs().count(), "question"),
                counted(questionnaire.scores.len(), "score"),
                counted(questionnaire.rules.len(), "rule"),
            ));
            Outcome::Fine
        }
        None => {
            let errors = counted(of_level(Level::Error), "error");
            print_error(&format!("{}: {errors}, {warnings}", folder.display()));
            Outcome::UsageError
        }
    }
}

/// Formats a diagnostic with its source line, like the Rust compiler.
fn shown(folder: &Path, diagnostic: &Diagnostic) -> String {
    let level = match diagnostic.level {
        Level::Error => annotate_snippets::Level::ERROR,
        Level::Warning => annotate_snippets::Level::WARNING,
    };
    let path = folder.join(&diagnostic.file).display().to_string();
    let snippet = Snippet::source(diagnostic.text())
        .path(&path)
        .annotation(AnnotationKind::Primary.span(diagnostic.span.clone()));
    let mut group = level.primary_title(&diagnostic.message).element(snippet);
    if let Some(help) = &diagnostic.help {
        group = group.element(annotate_snippets::Level::HELP.message(help));
    }
    Renderer::plain().render(&[group])
}
