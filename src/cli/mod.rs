//! The command line: parses arguments and prints results. The library does the work. Only this module prints.
//!
//! ```no_run
//! // The whole program, with the arguments of the process.
//! let exit_code = partnerbook::cli::run();
//! ```

#[cfg(feature = "mail")]
mod account;
mod check;
mod engagement;
mod merge;
mod path_list;
mod progress;
mod questionnaire;
mod report;
#[cfg(feature = "mail")]
mod send;
#[cfg(feature = "mail")]
mod send_states;
mod shell;
mod status;
mod summary;
mod template;

use std::io::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{Datelike, NaiveDate};
use clap::{CommandFactory, Parser, Subcommand};

#[cfg(feature = "mail")]
use crate::account::AccountError;
use crate::batch::{BatchError, Failure, Workers};
use crate::brand::Brand;
use crate::config::Config;
use crate::intake::{
    BlankText, Sandbox,
    sandbox::{COMMAND, serve},
};
use crate::look::Palette;
#[cfg(feature = "mail")]
use crate::outbox::OutboxError;
use crate::output::OutputError;
use crate::questionnaire::Questionnaire;
use crate::text::{cell_width, shown_path};

/// The exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Everything succeeded.
    Fine = 0,
    /// `check` found an error.
    Issues = 1,
    /// The command cannot run as given: arguments, configuration, or an input that is missing.
    UsageError = 2,
    /// Some workbooks or emails failed; the others succeeded.
    SomeFailed = 3,
    /// The machine failed: a full disk, a folder without write permission.
    MachineFailed = 4,
}

/// Why a command ended early: the message and the exit code.
#[derive(Debug)]
struct CommandError {
    message: String,
    outcome: Outcome,
}

impl CommandError {
    fn new(error: &dyn std::fmt::Display, is_machine: bool) -> Self {
        Self {
            message: error.to_string(),
            outcome: match is_machine {
                true => Outcome::MachineFailed,
                false => Outcome::UsageError,
            },
        }
    }
}

impl From<String> for CommandError {
    fn from(message: String) -> Self {
        Self::new(&message, false)
    }
}

impl From<&str> for CommandError {
    fn from(message: &str) -> Self {
        Self::new(&message, false)
    }
}

impl From<OutputError> for CommandError {
    fn from(error: OutputError) -> Self {
        Self::new(&error, error.is_machine())
    }
}

impl From<BatchError> for CommandError {
    fn from(error: BatchError) -> Self {
        Self::new(&error, error.is_machine())
    }
}

#[cfg(feature = "mail")]
impl From<AccountError> for CommandError {
    fn from(error: AccountError) -> Self {
        let is_machine = matches!(error, AccountError::Store { .. });
        Self::new(&error, is_machine)
    }
}

#[cfg(feature = "mail")]
impl From<OutboxError> for CommandError {
    fn from(error: OutboxError) -> Self {
        let is_machine = matches!(error, OutboxError::SendLog { .. });
        Self::new(&error, is_machine)
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        ExitCode::from(outcome as u8)
    }
}

/// Creates Excel workbooks for clients, and partnership plans and a portfolio workbook from their answers.
#[derive(Debug, Parser)]
#[command(
    name = "partnerbook",
    version,
    after_help = "`report` is the default command: `partnerbook a.xlsx b.xlsx` creates the plans of these two workbooks."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Create the folder of an engagement: settings, list of clients, inbox
    New(engagement::New),
    /// Create a workbook for each client of the list
    Handout(engagement::HandoutArguments),
    /// Show each client's status and next step
    Status(status::Arguments),
    /// Create the engagement of the next round: the same clients, with their last answers
    NextRound(engagement::NextRoundArguments),
    /// Create a blank workbook for a client
    Template(template::Arguments),
    /// Check returned workbooks and list each issue with its cell and fix
    Check(check::Arguments),
    /// Create a plan for each client and a portfolio workbook
    Report(report::Arguments),
    /// Put the output folders of shards together (see `report --shard`)
    Merge(merge::Arguments),
    /// Create email drafts with the plans, or send the emails
    #[cfg(feature = "mail")]
    Send(send::Arguments),
    /// Sign in to the mail account of Microsoft or Google that sends the emails
    #[cfg(feature = "mail")]
    #[command(subcommand)]
    Account(account::Arguments),
    /// Copy, validate, or list a questionnaire
    #[command(subcommand)]
    Questionnaire(questionnaire::Arguments),
    /// Print the completion script for a shell
    Completions(shell::Completions),
    /// Create the manual pages in a folder
    Man(shell::Man),
}

/// State shared by all commands.
struct Context {
    config: Config,
}

impl Context {
    fn find() -> Result<Self, String> {
        let here = std::env::current_dir().map_err(|error| error.to_string())?;
        let mut config = Config::find(&here).map_err(|error| error.to_string())?;
        config.relative_to(&here);
        Ok(Self { config })
    }

    /// Returns the output folder: the argument, else the configuration, else `out`.
    fn output(&self, given: Option<&Path>) -> PathBuf {
        let configured = self.config.output.as_deref();
        given.or(configured).unwrap_or(Path::new("out")).to_owned()
    }

    /// Returns the workbooks and folders to read: the arguments, else the inbox of the engagement.
    fn inputs(&self, given: &[PathBuf]) -> Result<Vec<PathBuf>, CommandError> {
        match &self.config.engagement {
            _ if !given.is_empty() => Ok(given.to_vec()),
            Some(own) => Ok(vec![own.inbox.clone()]),
            None => Err("no workbooks are given. Name workbooks or folders, or run this in an engagement folder (see `partnerbook new`)".into()),
        }
    }
}

/// The questionnaire; the built-in one unless a folder is given.
#[derive(Debug, Default, clap::Args)]
struct QuestionnaireChoice {
    /// Folder of a custom questionnaire
    #[arg(long, value_name = "DIR")]
    questionnaire: Option<PathBuf>,
}

impl QuestionnaireChoice {
    fn load(&self, context: &Context) -> Result<Questionnaire, String> {
        match self
            .questionnaire
            .as_ref()
            .or(context.config.questionnaire.as_ref())
        {
            Some(folder) => Questionnaire::load(folder)
                .map_err(|error| format!("{}: {error}", folder.display())),
            None => Questionnaire::built_in().map_err(|error| error.to_string()),
        }
    }
}

/// Maximum number of workbooks processed in parallel.
const MAX_JOBS: u16 = 256;

/// How many workbooks are processed in parallel.
#[derive(Debug, clap::Args)]
struct Jobs {
    /// Number of workbooks to process in parallel [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=i64::from(MAX_JOBS)))]
    jobs: Option<u16>,
}

impl Jobs {
    fn workers(&self, context: &Context) -> Workers<'static> {
        let jobs = self.jobs.or(context.config.jobs);
        Workers {
            jobs: jobs.map_or_else(crate::batch::cores, |jobs| {
                usize::from(jobs.clamp(1, MAX_JOBS))
            }),
            stop: stop(),
        }
    }
}

/// The report date.
#[derive(Debug, clap::Args)]
struct RunDate {
    /// Report date, such as 2026-12-01 [default: today]
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    date: Option<NaiveDate>,
}

impl RunDate {
    fn day(&self) -> NaiveDate {
        self.date
            .unwrap_or_else(|| chrono::Local::now().date_naive())
    }
}

/// Parses a report date. Excel supports the years 1900 to 9999. The year 9999 is rejected, because a plan contains
/// later dates.
fn parse_day(text: &str) -> Result<NaiveDate, String> {
    text.parse::<NaiveDate>()
        .ok()
        .filter(|day| (1900..9999).contains(&day.year()))
        .ok_or_else(|| "enter a date from 1900 to 9998, such as 2026-12-01".to_owned())
}

/// Runs the command line.
pub fn run() -> ExitCode {
    if std::env::args_os()
        .nth(1)
        .is_some_and(|word| word == COMMAND)
    {
        return serve().into();
    }
    crate::panics::silence_panics();
    let arguments = match Arguments::try_parse_from(with_command(std::env::args_os().collect())) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version arrive as errors too.
            let outcome = if error.use_stderr() {
                Outcome::UsageError
            } else {
                Outcome::Fine
            };
            let _ = error.print();
            return outcome.into();
        }
    };
    let result = Context::find()
        .map_err(CommandError::from)
        .and_then(|context| match arguments.command {
            Command::New(arguments) => engagement::create(&arguments, &context),
            Command::Handout(arguments) => engagement::hand_out(&arguments, &context),
            Command::Status(arguments) => status::run(&arguments, &context),
            Command::NextRound(arguments) => engagement::next_round(&arguments, &context),
            Command::Template(arguments) => template::run(&arguments, &context),
            Command::Check(arguments) => check::run(&arguments, &context),
            Command::Report(arguments) => report::run(&arguments, &context),
            Command::Merge(arguments) => merge::run(&arguments, &context),
            #[cfg(feature = "mail")]
            Command::Send(arguments) => send::run(&arguments, &context),
            #[cfg(feature = "mail")]
            Command::Account(arguments) => account::run(&arguments, &context),
            Command::Questionnaire(arguments) => questionnaire::run(&arguments, &context),
            Command::Completions(arguments) => shell::completions(&arguments),
            Command::Man(arguments) => shell::man(&arguments),
        });
    let outcome = result.unwrap_or_else(|error: CommandError| {
        print_error(&error.message);
        error.outcome
    });
    outcome.into()
}

/// Inserts the default command `report` if the first word is neither a command nor an option.
fn with_command(mut words: Vec<std::ffi::OsString>) -> Vec<std::ffi::OsString> {
    let command = Arguments::command();
    let is_command = |word: &str| word == "help" || command.find_subcommand(word).is_some();
    let first = words.get(1).map(|word| word.to_string_lossy().into_owned());
    if first.is_some_and(|first| !first.starts_with('-') && !is_command(&first)) {
        words.insert(1, "report".into());
    }
    words
}

/// Prints a line to stdout, ignoring write errors.
fn print_line(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// Prints an error to stderr, ignoring write errors.
fn print_error(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "error: {line}");
}

/// Prints a diagnostic with its source line to stderr, ignoring write errors.
fn print_diagnostic(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}\n");
}

/// Prints a warning to stderr, ignoring write errors.
fn print_warning(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "warning: {line}");
}

/// Returns the flag that Ctrl-C sets. The first call installs the handler. After the first Ctrl-C, the current files
/// are finished; a second Ctrl-C terminates the process.
fn stop() -> &'static AtomicBool {
    static STOP: AtomicBool = AtomicBool::new(false);
    static HANDLER: Once = Once::new();
    HANDLER.call_once(|| {
        // If the handler cannot be installed, Ctrl-C terminates the process. Files that were already written are
        // complete.
        let _ = ctrlc::set_handler(|| {
            if STOP.swap(true, Ordering::Relaxed) {
                std::process::exit(Outcome::SomeFailed as i32);
            }
            print_warning(
                "stopping after the current files. Press Ctrl-C again to stop immediately",
            );
        });
    });
    &STOP
}

/// Prints why a workbook could not be processed.
fn print_failure(failure: &Failure) {
    print_error(&format!("{} {}", shown_path(&failure.path), failure.error));
}

/// Maximum number of skipped files listed per reason.
const MAX_NAMED: usize = 3;

/// Prints which files were skipped and why.
fn print_skipped(skipped: &[(PathBuf, &'static str)]) {
    let mut by_reason: Vec<(&str, Vec<&Path>)> = Vec::new();
    for (path, why) in skipped {
        match by_reason.iter_mut().find(|(reason, _)| reason == why) {
            Some((_, paths)) => paths.push(path),
            None => by_reason.push((why, vec![path])),
        }
    }
    for (why, paths) in by_reason {
        if paths.len() <= MAX_NAMED {
            for path in paths {
                print_warning(&format!("{} {why}", shown_path(path)));
            }
            continue;
        }
        let named: Vec<String> = paths[..MAX_NAMED]
            .iter()
            .map(|path| shown_path(path))
            .collect();
        let more = paths.len() - MAX_NAMED;
        print_warning(&format!("{} and {more} more: each {why}", named.join(", ")));
    }
}

/// Joins paths; quotes those with spaces for a shell.
fn listed(paths: &[PathBuf], between: &str) -> String {
    let paths: Vec<String> = paths
        .iter()
        .map(|path| {
            let path = shown_path(path);
            if path.contains(' ') {
                format!("\"{path}\"")
            } else {
                path
            }
        })
        .collect();
    paths.join(between)
}

/// Returns the sandbox. Its worker is this executable.
fn sandbox() -> Result<Sandbox, CommandError> {
    let program = std::env::current_exe().map_err(|error| {
        let message = format!("the path of partnerbook cannot be determined ({error})");
        CommandError::new(&message, true)
    })?;
    Ok(Sandbox::of(program))
}

/// Returns the palette of the brand file: the argument, else the configuration, else the default palette.
fn palette(brand: Option<&Path>, context: &Context) -> Result<Palette, String> {
    let Some(path) = brand.or(context.config.brand.as_deref()) else {
        return Ok(Palette::DEFAULT);
    };
    let brand = Brand::load(path).map_err(|error| error.to_string())?;
    Ok(brand.look.palette)
}

/// Returns the texts of the blank workbook.
fn blank_text(questionnaire: &Questionnaire) -> Result<BlankText, String> {
    let printed = crate::template::printed(questionnaire).map_err(|error| error.to_string())?;
    Ok(BlankText::of(questionnaire, printed))
}

/// Formats a count with its noun: "1 error", "2 errors".
fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

/// Aligns rows in columns: text left, numbers right.
fn aligned<const COLUMNS: usize>(rows: &[[String; COLUMNS]], numbers: Range<usize>) -> String {
    let widths: [usize; COLUMNS] = std::array::from_fn(|column| {
        let cells = rows.iter().map(|row| cell_width(&row[column]) as usize);
        cells.max().unwrap_or_default()
    });
    let lines = rows.iter().map(|row| {
        let cells = row.iter().zip(widths).enumerate();
        let cells = cells.map(|(column, (text, width))| {
            let gap = " ".repeat(width - cell_width(text) as usize);
            match numbers.contains(&column) {
                true => format!("{gap}{text}"),
                false => format!("{text}{gap}"),
            }
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}
