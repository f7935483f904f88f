//! `partnerbook template`: creates a blank workbook, or one with answers filled in.

use std::path::{Path, PathBuf};

use super::{CommandError, Context, Outcome, QuestionnaireChoice, print_line};
use crate::bounded;
use crate::intake::{self, Sandbox};
use crate::output;
use crate::questionnaire::Questionnaire;
use crate::template::{self, Cell, Prefill};

/// Maximum size of a file with answers, in bytes.
const MAX_JSON_SIZE: u64 = 8 << 20;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// File to create
    #[arg(short, long, value_name = "FILE", default_value = "partnerbook.xlsx")]
    output: PathBuf,
    /// Name of the client, to fill in
    #[arg(long, value_name = "NAME")]
    client: Option<String>,
    /// Answers to fill in: a JSON object of field IDs and answers, or a workbook with answers
    #[arg(long, value_name = "FILE")]
    prefill: Option<PathBuf>,
    /// Brand file (TOML), for the colors
    #[arg(long, value_name = "FILE")]
    brand: Option<PathBuf>,
    /// Overwrite an existing file
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    questionnaire: QuestionnaireChoice,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<Outcome, CommandError> {
    let is_workbook = arguments
        .output
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx"));
    if !is_workbook {
        return Err(format!(
            "{} is not a name for an Excel workbook. Use the file extension .xlsx",
            arguments.output.display()
        )
        .into());
    }
    let questionnaire = arguments.questionnaire.load(context)?;
    let palette = super::palette(arguments.brand.as_deref(), context)?;
    let sandbox = super::sandbox()?;
    let mut prefill = match &arguments.prefill {
        Some(path) => read_prefill(&questionnaire, path, &sandbox)
            .map_err(|why| format!("{}: {why}", path.display()))?,
        None => Prefill::blank(&questionnaire),
    };
    if let Some(name) = &arguments.client {
        prefill.set(questionnaire.identity.company, Cell::Text(name.clone()));
    }
    let bytes = template::workbook(&questionnaire, &prefill, &palette)
        .map_err(|error| error.to_string())?;
    // A blank workbook that no other program has saved contains nothing to lose.
    let force = arguments.force || intake::is_untouched_template(&arguments.output);
    output::write_new(&arguments.output, &bytes, force)?;
    print_line(&format!(
        "{}: {} questions on {} sheets",
        arguments.output.display(),
        questionnaire.inputs().count(),
        questionnaire.worksheets.len()
    ));
    Ok(Outcome::Fine)
}

fn read_prefill(
    questionnaire: &Questionnaire,
    path: &Path,
    sandbox: &Sandbox,
) -> Result<Prefill, String> {
    let is_json = path
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    if !is_json {
        let reading =
            intake::read_file(questionnaire, path, sandbox).map_err(|error| error.to_string())?;
        return Ok(Prefill::from_answers(
            questionnaire,
            &reading.answers,
            &reading.issues,
        ));
    }
    let json = bounded::read_text(path, MAX_JSON_SIZE).map_err(|error| error.to_string())?;
    Prefill::from_json(questionnaire, &json).map_err(|error| error.to_string())
}
