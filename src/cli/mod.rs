//! The command line: what was typed becomes what is meant, once; the work lies in the library. Only this room prints.

mod check;
mod programme;
mod report;
mod template;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use chrono::{Datelike, NaiveDate};
use clap::{Parser, Subcommand};

use crate::intake::wall;
use crate::programme::Programme;

/// How a run ended, as the caller's shell sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All went well.
    Fine = 0,
    /// `check` found an error.
    Findings = 1,
    /// The command was wrong.
    WrongUse = 2,
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
    /// Check workbooks that came back: what is wrong in which cell, and how to mend it
    Check(check::Arguments),
    /// Make a plan for each workbook, and a consolidated workbook over all
    Report(report::Arguments),
    /// Look at, check or copy a programme of questions
    #[command(subcommand)]
    Programme(programme::Arguments),
}

/// Which programme; the built-in one unless a folder is given.
#[derive(Debug, clap::Args)]
struct ProgrammeChoice {
    /// Folder of a programme of your own
    #[arg(long, value_name = "DIR")]
    programme: Option<PathBuf>,
}

impl ProgrammeChoice {
    fn load(&self) -> Result<Programme, String> {
        match &self.programme {
            Some(folder) => {
                Programme::load(folder).map_err(|error| format!("{}: {error}", folder.display()))
            }
            None => Programme::built_in().map_err(|error| error.to_string()),
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
        .is_some_and(|word| word == wall::COMMAND)
    {
        return wall::serve().into();
    }
    crate::intake::hush_readers();
    let arguments = match Arguments::try_parse_from(with_command(std::env::args_os().collect())) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are no errors, though they come this way.
            let outcome = if error.use_stderr() {
                Outcome::WrongUse
            } else {
                Outcome::Fine
            };
            let _ = error.print();
            return outcome.into();
        }
    };
    let result = match arguments.command {
        Command::Template(arguments) => template::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Report(arguments) => report::run(&arguments),
        Command::Programme(arguments) => programme::run(&arguments),
    };
    let outcome = result.unwrap_or_else(|message| {
        complain(&message);
        Outcome::WrongUse
    });
    outcome.into()
}

/// Paths alone mean `report`: put in where the first word is neither a command nor an option.
fn with_command(mut words: Vec<std::ffi::OsString>) -> Vec<std::ffi::OsString> {
    const COMMANDS: [&str; 5] = ["template", "check", "report", "programme", "help"];
    let first = words.get(1).map(|word| word.to_string_lossy().into_owned());
    if first.is_some_and(|first| !first.starts_with('-') && !COMMANDS.contains(&first.as_str())) {
        words.insert(1, "report".into());
    }
    words
}

/// Prints a line; a reader that went away is no reason to fail.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// Prints a line for what went wrong.
fn complain(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "partnerbook: {line}");
}

/// Names the files that were passed over, each with the reason.
fn complain_of(passed_over: &[(PathBuf, &'static str)]) {
    for (path, why) in passed_over {
        complain(&format!("{} {why}", path.display()));
    }
}

/// "1 error", "2 errors".
fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}
