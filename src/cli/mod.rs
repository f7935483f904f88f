//! The command line: what was typed becomes what is meant, once; the work lies in the library. Only this room prints.

mod check;
mod progress;
mod questionnaire;
mod report;
mod send;
mod shell;
mod template;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{Datelike, NaiveDate};
use clap::{CommandFactory, Parser, Subcommand};

use crate::batch::{Failure, Workers};
use crate::config::Config;
use crate::intake::sandbox;
use crate::questionnaire::Questionnaire;
use crate::text::shown_path;

/// How a run ended, as the caller's shell sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All went well.
    Fine = 0,
    /// `check` found an error.
    Issues = 1,
    /// The command was wrong.
    UsageError = 2,
    /// Some workbooks could not be processed; the others, if any, were.
    SomeFailed = 3,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        ExitCode::from(outcome as u8)
    }
}

/// Excel templates out, partnership plans and a consolidated workbook back.
#[derive(Debug, Parser)]
#[command(
    name = "partnerbook",
    version,
    after_help = "Paths alone mean report: `partnerbook a.xlsx b.xlsx`, or files dropped on the program."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write the workbook that a client fills in
    Template(template::Arguments),
    /// Check workbooks that came back: what is wrong in which cell, and how to fix it
    Check(check::Arguments),
    /// Make a plan for each workbook, and a consolidated workbook over all
    Report(report::Arguments),
    /// Write drafts of the mails that carry the plans, or send them
    Send(send::Arguments),
    /// Look at, check or copy a questionnaire of questions
    #[command(subcommand)]
    Questionnaire(questionnaire::Arguments),
    /// Print completions for a shell
    Completions(shell::Completions),
    /// Write the manual pages into a folder
    Man(shell::Man),
}

/// What all commands share.
struct Context {
    config: Config,
}

impl Context {
    fn find() -> Result<Self, String> {
        let here = std::env::current_dir().map_err(|error| error.to_string())?;
        let config = Config::find(&here).map_err(|error| error.to_string())?;
        Ok(Self { config })
    }

    /// The folder of outputs: as given, else as configured.
    fn output(&self, given: Option<&Path>) -> PathBuf {
        let configured = self.config.output.as_deref();
        given.or(configured).unwrap_or(Path::new("out")).to_owned()
    }
}

/// Which questionnaire; the built-in one unless a folder is given.
#[derive(Debug, clap::Args)]
struct QuestionnaireChoice {
    /// Folder of a questionnaire of your own
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

/// Workbooks that are worked on side by side, at most.
const MAX_JOBS: u16 = 256;

/// How many workbooks are worked on side by side.
#[derive(Debug, clap::Args)]
struct Jobs {
    /// Workbooks to work on side by side [default: one for each core]
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

/// The day a plan is made for.
#[derive(Debug, clap::Args)]
struct RunDate {
    /// Day the plans are made for, as 2026-12-01 [default: today]
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    date: Option<NaiveDate>,
}

impl RunDate {
    fn day(&self) -> NaiveDate {
        self.date
            .unwrap_or_else(|| chrono::Local::now().date_naive())
    }
}

/// A day that plans and workbooks can hold: Excel knows none before 1900 and none after 9999.
fn parse_day(text: &str) -> Result<NaiveDate, String> {
    text.parse::<NaiveDate>()
        .ok()
        .filter(|day| (1900..9999).contains(&day.year()))
        .ok_or_else(|| "write a day from 1900 to 9998 as 2026-12-01".to_owned())
}

/// Runs the command line.
pub fn run() -> ExitCode {
    if std::env::args_os()
        .nth(1)
        .is_some_and(|word| word == sandbox::COMMAND)
    {
        return sandbox::serve().into();
    }
    crate::panics::silence_panics();
    let arguments = match Arguments::try_parse_from(with_command(std::env::args_os().collect())) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are no errors, though they come this way.
            let outcome = if error.use_stderr() {
                Outcome::UsageError
            } else {
                Outcome::Fine
            };
            let _ = error.print();
            return outcome.into();
        }
    };
    let result = Context::find().and_then(|context| match arguments.command {
        Command::Template(arguments) => template::run(&arguments, &context),
        Command::Check(arguments) => check::run(&arguments, &context),
        Command::Report(arguments) => report::run(&arguments, &context),
        Command::Send(arguments) => send::run(&arguments, &context),
        Command::Questionnaire(arguments) => questionnaire::run(&arguments, &context),
        Command::Completions(arguments) => shell::completions(&arguments),
        Command::Man(arguments) => shell::man(&arguments),
    });
    let outcome = result.unwrap_or_else(|message| {
        print_error(&message);
        Outcome::UsageError
    });
    outcome.into()
}

/// Paths alone mean `report`: put in where the first word is neither a command nor an option.
fn with_command(mut words: Vec<std::ffi::OsString>) -> Vec<std::ffi::OsString> {
    let command = Arguments::command();
    let is_command = |word: &str| word == "help" || command.find_subcommand(word).is_some();
    let first = words.get(1).map(|word| word.to_string_lossy().into_owned());
    if first.is_some_and(|first| !first.starts_with('-') && !is_command(&first)) {
        words.insert(1, "report".into());
    }
    words
}

/// Prints a line; a reader that went away is no reason to fail.
fn print_line(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// Prints a line for what went wrong.
fn print_error(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "partnerbook: {line}");
}

/// Whether the user wants the run to end. From the first call on, Ctrl-C does not kill the program but sets this, so that
/// the current files are finished; the second kills it.
fn stop() -> &'static AtomicBool {
    static STOP: AtomicBool = AtomicBool::new(false);
    static HANDLER: Once = Once::new();
    HANDLER.call_once(|| {
        // Where no handler can be set, Ctrl-C kills as ever; outputs are whole even so.
        let _ = ctrlc::set_handler(|| {
            if STOP.swap(true, Ordering::Relaxed) {
                std::process::exit(Outcome::SomeFailed as i32);
            }
            print_error("ending after the current files; press Ctrl-C again to stop at once");
        });
    });
    &STOP
}

/// Names a workbook that could not be processed, with the reason.
fn complain_of_failure(failure: &Failure) {
    print_error(&format!("{} {}", shown_path(&failure.path), failure.error));
}

/// Files of one reason that are named one by one; of more, some are named.
const MAX_NAMED: usize = 3;

/// Names the files that were skipped, with the reason.
fn complain_of(skipped: &[(PathBuf, &'static str)]) {
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
                print_error(&format!("{} {why}", shown_path(path)));
            }
            continue;
        }
        let named: Vec<String> = paths[..MAX_NAMED]
            .iter()
            .map(|path| shown_path(path))
            .collect();
        let more = paths.len() - MAX_NAMED;
        print_error(&format!("{} and {more} more: each {why}", named.join(", ")));
    }
}

/// Paths in a row; one with a space in it as a shell takes it.
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

/// "1 error", "2 errors".
fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}
