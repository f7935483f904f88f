//! `partnerbook questionnaire`: copies, validates, or lists a questionnaire.

use std::path::PathBuf;

use super::{CommandError, Context, Outcome, QuestionnaireChoice, print_line};
use crate::output;
use crate::questionnaire::{Questionnaire, built_in_files};

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
        Arguments::Validate { folder } => {
            let questionnaire = Questionnaire::load(folder)
                .map_err(|error| format!("{}: {error}", folder.display()))?;
            print_line(&format!(
                "{}: valid ({} sheets, {} questions, {} scores, {} rules)",
                folder.display(),
                questionnaire.worksheets.len(),
                questionnaire.inputs().count(),
                questionnaire.scores.len(),
                questionnaire.rules.len()
            ));
        }
        Arguments::Fields(choice) => {
            let questionnaire = choice.questionnaire.load(context)?;
            for (_, field) in questionnaire.inputs() {
                print_line(&format!("{}\t{}", field.id, field.label));
            }
        }
    }
    Ok(Outcome::Fine)
}
