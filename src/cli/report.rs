//! `partnerbook report`: creates plans, calendars, results, and the portfolio workbook.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::progress::{Progress, Verbosity};
use super::status::EngagementOfRun;
use super::{
    CommandError, Context, Jobs, Outcome, QuestionnaireChoice, RunDate, counted, print_error,
    print_line, print_warning,
};
use crate::batch::{self, BatchError, FileError, Report, Workers};
use crate::brand::Brand;
use crate::intake::{BlankText, Sandbox};
use crate::look::Paper;
use crate::plan::Compared;
use crate::questionnaire::Questionnaire;
use crate::record::Previous;
use crate::text::shown_path;

/// Maximum number of files or clients listed per message. An ellipsis marks further ones.
const SHOWN: usize = 3;
/// Maximum number of replaced workbooks listed.
const MAX_REPLACED_SHOWN: usize = 20;
/// How often a watched folder is checked.
const WATCH_INTERVAL: Duration = Duration::from_secs(2);

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Workbooks, or folders of them [default: the inbox of the engagement]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Folder for plans, calendars, the portfolio workbook, and results [default: out]
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    #[command(flatten)]
    brand: BrandChoice,
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
    #[arg(long)]
    benchmark: bool,
    /// Process every workbook of a client instead of the newest only
    #[arg(long)]
    keep_all: bool,
    /// Keep running, and process workbooks when they arrive or change
    #[arg(long)]
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
    let brand = arguments.brand.load(context)?;
    if arguments.notes && questionnaire.plan_layout.notes.is_empty() {
        print_warning("no notes are created: plan.toml of the questionnaire has no [[notes]]");
    }
    brand.notes.iter().for_each(|note| print_warning(note));
    let output = context.output(arguments.output.as_deref());
    let paths = context.inputs(&arguments.paths)?;
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
        since,
        output,
    };
    if arguments.watch {
        return run.watch();
    }
    let found = batch::find(&run.paths)?;
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
                benchmarks: None,
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
        self.summarize(&report);
        let whole =
            report.done == report.workbooks && report.failures.is_empty() && report.error.is_none();
        let machine = report.error.as_ref().is_some_and(BatchError::is_machine);
        let is_machine = |failure: &batch::Failure| failure.error.is_machine();
        Ok(if whole {
            Outcome::Fine
        } else if machine || report.failures.iter().any(is_machine) {
            Outcome::MachineFailed
        } else {
            Outcome::SomeFailed
        })
    }

    /// Returns the engagement, if the run is about its inbox. Without it, the portfolio workbook has no sheet Status.
    fn statuses(&self) -> Option<EngagementOfRun> {
        if !self.arguments.paths.is_empty() {
            return None;
        }
        let today = self.arguments.date.day();
        let read = EngagementOfRun::read(&self.questionnaire, self.context, &self.output, today);
        read.unwrap_or_else(|error| {
            print_warning(&format!(
                "the portfolio workbook has no sheet Status: {}",
                error.message
            ));
            None
        })
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

    /// Prints what was created, what failed, and the next steps.
    fn summarize(&self, report: &Report) {
        let quiet = self.arguments.verbosity() == Verbosity::Quiet;
        if !quiet {
            print_line(&made(report));
            if let Some((portfolio, results)) = &report.consolidated {
                print_line(&format!("{}, {}", portfolio.display(), results.display()));
            }
        }
        for old in report.replaced.iter().take(MAX_REPLACED_SHOWN) {
            print_warning(&format!(
                "{} is skipped: {} is a newer workbook of the same client. Use --keep-all to process both",
                shown_path(&old.path),
                shown_path(&old.by)
            ));
        }
        if let more @ 1.. = report.replaced.len().saturating_sub(MAX_REPLACED_SHOWN) {
            print_warning(&format!(
                "{} more skipped because the client has a newer one",
                counted(more, "workbook")
            ));
        }
        for (client, paths) in &report.repeated {
            let more = if paths.len() > SHOWN { ", …" } else { "" };
            print_warning(&format!(
                "{client} has {}, and their dates do not show which is the newest: {}{more}. Each has a plan, and `send` skips them. Keep the newest workbook and move the others",
                counted(paths.len(), "workbook"),
                super::listed(&paths[..paths.len().min(SHOWN)], ", ")
            ));
        }
        let without = report.not_compared.len();
        if let Some(since) = self.since
            && without == report.clients
        {
            print_warning(&format!(
                "{} has none of these clients. Clients are matched by the name in the workbook",
                since.display()
            ));
        }
        if let Some(since) = self.since
            && (1..report.clients).contains(&without)
        {
            let names = &report.not_compared;
            let more = if without > SHOWN { ", …" } else { "" };
            print_warning(&format!(
                "{} does not contain {} of this run, so their plans show no changes: {}{more}",
                since.display(),
                counted(without, "client"),
                names[..without.min(SHOWN)].join(", ")
            ));
        }
        if !report.failures.is_empty() {
            print_error(&format!(
                "{} failed. The reasons are listed above",
                counted(report.failures.len(), "workbook")
            ));
        }
        if let Some(error) = &report.error {
            print_error(&error.to_string());
        }
        if report.done < report.workbooks {
            print_error(&format!(
                "stopped after {} of {} workbooks. Run the same command again to continue",
                report.done, report.workbooks
            ));
        } else if !quiet && report.error.is_none() {
            self.print_stale_files(&report.stale_files);
            self.print_next_steps(report);
        }
    }

    fn print_stale_files(&self, stale_files: &[String]) {
        if !stale_files.is_empty() {
            let shown = stale_files[..stale_files.len().min(SHOWN)].join(", ");
            let more = if stale_files.len() > SHOWN {
                ", …"
            } else {
                ""
            };
            print_line(&format!(
                "{} from previous runs that match no workbook: {shown}{more}",
                counted(stale_files.len(), "file"),
            ));
        }
    }

    fn print_next_steps(&self, report: &Report) {
        let mut steps = Vec::new();
        let kept_back = report
            .failures
            .iter()
            .any(|failure| matches!(failure.error, FileError::Draft(_)));
        if report.drafts > 0 || kept_back {
            steps.push(format!(
                "ask clients to fix their errors: partnerbook check {} --annotate annotated",
                super::listed(&self.paths, " ")
            ));
        }
        if report.plans > report.drafts {
            let folder = super::listed(std::slice::from_ref(&self.output), " ");
            steps.push(format!("create email drafts: partnerbook send {folder}"));
        }
        for (index, step) in steps.iter().enumerate() {
            let when = if index == 0 { "next" } else { "then" };
            print_line(&format!("{when}: {step}"));
        }
    }
}

/// Formats counts, such as "12 plans, 3 of them drafts, 9 unchanged since the previous run".
fn made(report: &Report) -> String {
    let mut made = counted(report.plans, "plan");
    match (report.plans, report.drafts) {
        (_, 0) => {}
        (1, 1) => made += ", a draft",
        (_, 1) => made += ", 1 of them a draft",
        (all, drafts) if all == drafts => made += ", all of them drafts",
        (_, drafts) => made += &format!(", {drafts} of them drafts"),
    }
    if report.unchanged > 0 {
        made += &format!(", {} unchanged since the previous run", report.unchanged);
    }
    made
}
