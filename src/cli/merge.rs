//! `partnerbook merge`: puts the output folders of shards together.

use std::path::PathBuf;

use super::progress::{Progress, Verbosity};
use super::report::OutputChoice;
use super::status::EngagementOfRun;
use super::summary::{self, Summary};
use super::{CommandError, Context, Jobs, Outcome, QuestionnaireChoice, print_warning};
use crate::batch::{self, MergeOptions, Shards};
use crate::plan::Compared;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Output folders of all shards
    #[arg(value_name = "DIR", required = true)]
    folders: Vec<PathBuf>,
    #[command(flatten)]
    output: OutputChoice,
    /// Overwrite files in the output folder that partnerbook did not create
    #[arg(long)]
    force: bool,
    /// Print only errors and warnings
    #[arg(short, long)]
    quiet: bool,
    #[command(flatten)]
    jobs: Jobs,
    #[command(flatten)]
    questionnaire: QuestionnaireChoice,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<Outcome, CommandError> {
    let questionnaire = arguments.questionnaire.load(context)?;
    let (output, brand) = arguments.output.load(context)?;
    let shards = Shards::open(&arguments.folders)?;
    let statuses = match shards.is_inbox() {
        true if context.config.engagement.is_none() => {
            print_warning(
                "the portfolio workbook has no sheet Status: the shards are the inbox of an engagement. Run `merge` in the folder of the engagement",
            );
            None
        }
        true => EngagementOfRun::read_or_warn(&questionnaire, context, &output, shards.date()),
        false => None,
    };
    let verbosity = match arguments.quiet {
        true => Verbosity::Quiet,
        false => Verbosity::Normal,
    };
    let progress = Progress::new(&questionnaire, &output, verbosity);
    let report = batch::merge(
        batch::Setting {
            questionnaire: &questionnaire,
            sandbox: &super::sandbox()?,
            blank: &super::blank_text(&questionnaire)?,
            today: shards.date(),
            sender: &brand.sender,
            compared: Compared::default(),
        },
        arguments.jobs.workers(context),
        &shards,
        &output,
        &brand,
        MergeOptions {
            force: arguments.force,
            statuses: statuses
                .as_ref()
                .map(|statuses| statuses as &dyn batch::Statuses),
        },
        &progress,
    );
    progress.end();
    let report = report?;
    let summary = Summary {
        report: &report,
        since: None,
        inputs: &[],
        output: &output,
        is_shard: false,
        verbosity,
    };
    summary.print();
    Ok(summary::outcome(
        &report,
        arguments.output.exit_zero_on_failures,
    ))
}
