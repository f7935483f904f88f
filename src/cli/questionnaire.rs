//! `partnerbook questionnaire`: look at, check or copy the questions.

use std::path::PathBuf;

use super::{Context, Outcome, QuestionnaireChoice, print_line};
use crate::output;
use crate::questionnaire::{Questionnaire, built_in_files};

#[derive(Debug, clap::Subcommand)]
pub enum Arguments {
    /// Copy the built-in questionnaire into a folder, to change it
    Init {
        /// Folder to make
        folder: PathBuf,
    },
    /// Check a questionnaire of your own; the first thing wrong is named with file and line
    Check {
        /// Folder of the questionnaire
        folder: PathBuf,
    },
    /// List the fields of a questionnaire: id and question
    Show(ShowArguments),
}

#[derive(Debug, clap::Args)]
pub struct ShowArguments {
    #[command(flatten)]
    questionnaire: QuestionnaireChoice,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<Outcome, String> {
    match arguments {
        Arguments::Init { folder } => {
            for (relative_path, bytes) in built_in_files() {
                output::write_new(&folder.join(relative_path), bytes, false)
                    .map_err(|error| error.to_string())?;
            }
            print_line(&format!(
                "{}: use it with --questionnaire {}",
                folder.display(),
                folder.display()
            ));
        }
        Arguments::Check { folder } => {
            let questionnaire = Questionnaire::load(folder)
                .map_err(|error| format!("{}: {error}", folder.display()))?;
            print_line(&format!(
                "{}: {} sheets, {} questions, {} scores, {} rules, nothing wrong",
                folder.display(),
                questionnaire.worksheets.len(),
                questionnaire.inputs().count(),
                questionnaire.scores.len(),
                questionnaire.rules.len()
            ));
        }
        Arguments::Show(choice) => {
            let questionnaire = choice.questionnaire.load(context)?;
            for (_, field) in questionnaire.inputs() {
                print_line(&format!("{}\t{}", field.id, field.label));
            }
        }
    }
    Ok(Outcome::Fine)
}
