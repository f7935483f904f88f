//! `partnerbook questionnaire`: copies, validates, or lists a questionnaire.

use std::path::{Path, PathBuf};

use annotate_snippets::{AnnotationKind, Renderer, Snippet};

use super::{
    CommandError, Context, Outcome, QuestionnaireChoice, counted, print_diagnostic, print_error,
    print_line,
};
use crate::output;
use crate::questionnaire::{Diagnostic, Level, Questionnaire, built_in_files};

#[derive(Debug, clap::Subcommand)]
pub enum Arguments {
    /// Copy the built-in questionnaire to a folder, as a start for a custom one
    Init {
        /// Folder to create
        folder: PathBuf,
    },
    /// Validate a custom questionnaire and list its errors with file and line
    Validate {
        /// Folder of the questionnaire
        folder: PathBuf,
    },
    /// List the fields of a questionnaire: ID and question
    Fields(FieldsArguments),
}

#[derive(Debug, clap::Args)]
pub struct FieldsArguments {
    #[command(flatten)]
    questionnaire: QuestionnaireChoice,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<Outcome, CommandError> {
    match arguments {
        Arguments::Init { folder } => {
            for (relative_path, bytes) in built_in_files() {
                output::write_new(&folder.join(relative_path), bytes, false)?;
            }
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
                print_line(&format!("{}\t{}", field.id, field.label));
            }
        }
    }
    Ok(Outcome::Fine)
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
                "{}: valid ({} sheets, {} questions, {} scores, {} rules, {warnings})",
                folder.display(),
                questionnaire.worksheets.len(),
                questionnaire.inputs().count(),
                questionnaire.scores.len(),
                questionnaire.rules.len()
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
