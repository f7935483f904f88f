//! `partnerbook programme`: look at, check or copy the questions.

use std::path::PathBuf;

use super::{Context, Outcome, ProgrammeChoice, say};
use crate::output;
use crate::programme::{Programme, built_in_files};

#[derive(Debug, clap::Subcommand)]
pub enum Arguments {
    /// Copy the built-in programme into a folder, to change it
    Init {
        /// Folder to make
        folder: PathBuf,
    },
    /// Check a programme of your own; the first thing wrong is named with file and line
    Check {
        /// Folder of the programme
        folder: PathBuf,
    },
    /// List the fields of a programme: id and question
    Show(ShowArguments),
}

#[derive(Debug, clap::Args)]
pub struct ShowArguments {
    #[command(flatten)]
    programme: ProgrammeChoice,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<Outcome, String> {
    match arguments {
        Arguments::Init { folder } => {
            for (within, bytes) in built_in_files() {
                output::write_new(&folder.join(within), bytes, false)
                    .map_err(|error| error.to_string())?;
            }
            say(&format!(
                "{}: use it with --programme {}",
                folder.display(),
                folder.display()
            ));
        }
        Arguments::Check { folder } => {
            let programme = Programme::load(folder)
                .map_err(|error| format!("{}: {error}", folder.display()))?;
            say(&format!(
                "{}: {} sheets, {} questions, {} scores, {} rules, nothing wrong",
                folder.display(),
                programme.worksheets.len(),
                programme.inputs().count(),
                programme.scores.len(),
                programme.rules.len()
            ));
        }
        Arguments::Show(choice) => {
            let programme = choice.programme.load(context)?;
            for (_, field) in programme.inputs() {
                say(&format!("{}\t{}", field.id, field.label));
            }
        }
    }
    Ok(Outcome::Fine)
}
