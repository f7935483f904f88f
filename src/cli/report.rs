//! `partnerbook report`: creates plans, calendars, results, and the portfolio workbook.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::progress::{Progress, Verbosity};
use super::status::EngagementOfRun;
use super::summary::Summary;
use super::{
    CommandError, Context, Jobs, Outcome, QuestionnaireChoice, RunDate, print_line, print_warning,
};
use crate::batch::{self, BatchError, Report, Shard, ShardOptions, Workers};
use crate::benchmark::Benchmarks;
use crate::brand::Brand;
use crate::intake::{BlankText, Sandbox};
use crate::look::Paper;
use crate::plan::Compared;
use crate::questionnaire::Questionnaire;
use crate::record::Previous;

/// How often a watched folder is checked.
const WATCH_INTERVAL: Duration = Duration::from_secs(2);

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Workbooks, or folders of them [default: the inbox of the engagement]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    output: OutputChoice,
    /// Regenerate everything, and overwrite files in the folder that partnerbook did not create
    #[arg(long)]
    force: bool,
    /// Create no draft plans: a workbook with errors gets no plan
    #[arg(long)]
    no_drafts: bool,
    /// Also create notes for you, which the client does not get: notes/CLIENT.pdf
    #[arg(long)]
    notes: bool,
    /// Compare with a previous run: its output folder
    #[arg(long, value_name = "DIR")]
    since: Option<PathBuf>,
    /// Compare each client with the others, without names. A value of fewer than five clients is not shown
    #[arg(long, conflicts_with_all = ["benchmark_from", "shard"])]
    benchmark: bool,
    /// Compare each client with the clients of a previous run: its benchmarks.json
    #[arg(long, value_name = "FILE")]
    benchmark_from: Option<PathBuf>,
    /// Process every workbook of a client instead of the newest only
    #[arg(long)]
    keep_all: bool,
    /// Process one of several parts of the workbooks, such as 1/8. `partnerbook merge` puts the parts together
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    /// Read the paths of workbooks or folders from a file, one per line. `-` reads them from standard input
    #[arg(long, value_name = "FILE")]
    files_from: Option<PathBuf>,
    /// Keep running, and process workbooks when they arrive or change
    #[arg(long, conflicts_with_all = ["shard", "files_from"])]
    watch: bool,
    /// Print only errors and warnings
    #[arg(short, long, conflicts_with = "verbose")]
    quiet: bool,
    /// Print one line per client
    #[arg(short, long)]
    verbose: bool,
    #[command(flatten)]
    jobs: Jobs,
    #[command(flatten)]
    date: RunDate,
    #[command(flatten)]
    questionnaire: QuestionnaireChoice,
}

/// Where the outputs go, and what they look like.
#[derive(Debug, clap::Args)]
pub struct OutputChoice {
    /// Folder for plans, calendars, the portfolio workbook, and results [default: out]
    #[arg(short = 'o', long = "output", value_name = "DIR")]
    folder: Option<PathBuf>,
    #[command(flatten)]
    brand: BrandChoice,
    /// Exit with 0 if workbooks failed. failures.jsonl lists them. A full disk still exits with 4
    #[arg(long)]
    pub exit_zero_on_failures: bool,
}

impl OutputChoice {
    /// Returns the output folder and the brand.
    pub fn load(&self, context: &Context) -> Result<(PathBuf, Brand), String> {
        let brand = self.brand.load(context)?;
        Ok((context.output(self.folder.as_deref()), brand))
    }
}

/// Who sends the plans, and what they look like.
#[derive(Debug, clap::Args)]
struct BrandChoice {
    /// Brand file (TOML): logo, colors, fonts, contact
    #[arg(long = "brand", value_name = "FILE")]
    file: Option<PathBuf>,
    /// Your name or your firm, for the cover and the footer
    #[arg(long, value_name = "NAME")]
    consultant: Option<String>,
    /// A line for the footer, such as "Confidential"
    #[arg(long, value_name = "LINE")]
    confidentiality: Option<String>,
    /// Paper size
    #[arg(long, value_enum, default_value_t = PaperSize::A4)]
    paper: PaperSize,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum PaperSize {
    /// 210 × 297 mm
    A4,
    /// 8.5 × 11 inches
    Letter,
}

impl Arguments {
    fn verbosity(&self) -> Verbosity {
        match (self.quiet, self.verbose) {
            (true, _) => Verbosity::Quiet,
            (_, true) => Verbosity::Verbose,
            _ => Verbosity::Normal,
        }
    }
}

impl BrandChoice {
    fn load(&self, context: &Context) -> Result<Brand, String> {
        let brand = self
            .file
            .as_deref()
            .or(context.config.brand.as_deref())
            .map_or_else(Brand::bundled, Brand::load);
        let mut brand = brand.map_err(|error| error.to_string())?;
        if let Some(name) = &self.consultant {
            brand.sender.consultant = crate::text::clean_text(name);
        }
        if let Some(line) = &self.confidentiality {
            brand.sender.confidentiality = crate::text::clean_text(line);
        }
        brand.look.paper = match self.paper {
            PaperSize::A4 => Paper::A4,
            PaperSize::Letter => Paper::LETTER,
        };
        Ok(brand)
    }
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<Outcome, CommandError> {
    let questionnaire = arguments.questionnaire.load(context)?;
    let (output, brand) = arguments.output.load(context)?;
    if arguments.notes && questionnaire.plan_layout.notes.is_empty() {
        print_warning("no notes are created: plan.toml of the questionnaire has no [[notes]]");
    }
    brand.notes.iter().for_each(|note| print_warning(note));
    let benchmarks = arguments.benchmark_from.as_deref();
    let benchmarks = benchmarks.map(|file| Benchmarks::load(file, &questionnaire.id));
    let benchmarks = benchmarks.transpose().map_err(|error| error.to_string())?;
    let mut given = arguments.paths.clone();
    if let Some(list) = &arguments.files_from {
        given.extend(super::path_list::read(list)?);
    }
    let paths = context.inputs(&given)?;
    let since = arguments
        .since
        .as_deref()
        .or(context.config.since.as_deref());
    let run = Run {
        context,
        arguments,
        paths,
        blank: super::blank_text(&questionnaire)?,
        questionnaire,
        brand,
        sandbox: super::sandbox()?,
        workers: arguments.jobs.workers(context),
        previous: load_previous(since, &output)?,
        benchmarks,
        since,
        output,
    };
    if arguments.watch {
        return run.watch();
    }
    let found = batch::find_shard(&run.paths, arguments.shard)?;
    super::print_skipped(&found.skipped);
    run.report(&found.workbooks)
}

/// Loads the previous run to compare with, if any.
fn load_previous(since: Option<&Path>, output: &Path) -> Result<Option<Previous>, String> {
    let Some(since) = since else {
        return Ok(None);
    };
    let place = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if place(since) == place(output) {
        return Err(format!(
            "{} is also the output folder, so this run would overwrite the previous results. Choose another folder with -o",
            since.display()
        ));
    }
    let previous = Previous::load(since).map_err(|error| error.to_string())?;
    Ok(Some(previous))
}

/// Everything that a run needs, except its workbooks.
struct Run<'a> {
    context: &'a Context,
    /// Output folder of the previous run.
    since: Option<&'a Path>,
    /// The workbooks and folders to read.
    paths: Vec<PathBuf>,
    arguments: &'a Arguments,
    questionnaire: Questionnaire,
    brand: Brand,
    sandbox: Sandbox,
    blank: BlankText,
    workers: Workers<'static>,
    previous: Option<Previous>,
    /// The benchmarks of a previous run.
    benchmarks: Option<Benchmarks>,
    output: PathBuf,
}

impl Run<'_> {
    fn report(&self, workbooks: &[PathBuf]) -> Result<Outcome, CommandError> {
        let arguments = self.arguments;
        let setting = batch::Setting {
            questionnaire: &self.questionnaire,
            sandbox: &self.sandbox,
            blank: &self.blank,
            today: arguments.date.day(),
            sender: &self.brand.sender,
            compared: Compared {
                previous: self.previous.as_ref(),
                benchmarks: self.benchmarks.as_ref(),
            },
        };
        let statuses = self.statuses();
        let progress = Progress::new(&self.questionnaire, &self.output, arguments.verbosity());
        let options = batch::Options {
            force: arguments.force,
            no_drafts: arguments.no_drafts,
            notes: arguments.notes,
            benchmark: arguments.benchmark,
            keep_all: arguments.keep_all,
            shard: arguments.shard.map(|shard| ShardOptions {
                shard,
                paths: &self.paths,
                inbox: self.is_inbox(),
            }),
            statuses: statuses
                .as_ref()
                .map(|statuses| statuses as &dyn batch::Statuses),
        };
        let report = batch::report(
            setting,
            self.workers,
            workbooks,
            &self.output,
            &self.brand,
            options,
            &progress,
        );
        progress.end();
        let report = report?;
        self.summary(&report).print();
        Ok(super::summary::outcome(
            &report,
            arguments.output.exit_zero_on_failures,
        ))
    }

    fn summary<'r>(&'r self, report: &'r Report) -> Summary<'r> {
        Summary {
            report,
            since: self.since,
            inputs: &self.paths,
            output: &self.output,
            is_shard: self.arguments.shard.is_some(),
            verbosity: self.arguments.verbosity(),
        }
    }

    /// Returns whether the workbooks are the inbox of the engagement.
    fn is_inbox(&self) -> bool {
        self.arguments.paths.is_empty() && self.arguments.files_from.is_none()
    }

    /// Returns the engagement, if the run is about its inbox. Without it, the portfolio workbook has no sheet Status.
    fn statuses(&self) -> Option<EngagementOfRun> {
        let arguments = self.arguments;
        // A shard has no portfolio workbook.
        if !self.is_inbox() || arguments.shard.is_some() {
            return None;
        }
        let today = arguments.date.day();
        EngagementOfRun::read_or_warn(&self.questionnaire, self.context, &self.output, today)
    }

    /// Creates reports whenever workbooks arrive or change, until the user stops the command.
    fn watch(&self) -> Result<Outcome, CommandError> {
        let mut watch = batch::Watch::default();
        let mut outcome = Outcome::Fine;
        if let Err(error @ BatchError::NotThere(_)) = batch::find(&self.paths) {
            return Err(error.into());
        }
        print_line(&format!(
            "watching {}. Press Ctrl-C to stop",
            super::listed(&self.paths, " ")
        ));
        while !super::stop().load(Ordering::Relaxed) {
            match batch::find(&self.paths) {
                Ok(found) => {
                    if watch.look(&found.workbooks) {
                        super::print_skipped(&found.skipped);
                        outcome = self.report(&found.workbooks)?;
                    }
                }
                Err(BatchError::NothingFound(_)) => {
                    watch.look(&[]);
                }
                Err(error) => return Err(error.into()),
            }
            std::thread::sleep(WATCH_INTERVAL);
        }
        Ok(outcome)
    }
}
