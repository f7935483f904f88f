//! Progress of a run: a bar on a terminal, and one line per client if requested.

use std::fmt::Write;
use std::path::PathBuf;

use indicatif::{ProgressBar, ProgressState, ProgressStyle};

use super::{counted, print_failure, print_line};
use crate::batch::{Failure, Observer};
use crate::display;
use crate::questionnaire::Questionnaire;
use crate::record::Record;

/// The amount of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verbosity {
    /// Only errors and warnings.
    Quiet,
    /// A progress bar and a summary.
    Normal,
    /// One line per client, in addition.
    Verbose,
}

/// Shows the progress of a run.
pub struct Progress<'a> {
    questionnaire: &'a Questionnaire,
    output: PathBuf,
    verbosity: Verbosity,
    /// Draws nothing if stderr is not a terminal.
    bar: ProgressBar,
    failures: std::cell::Cell<usize>,
}

impl<'a> Progress<'a> {
    pub fn new(
        questionnaire: &'a Questionnaire,
        output: &std::path::Path,
        verbosity: Verbosity,
    ) -> Self {
        let bar = if verbosity == Verbosity::Quiet {
            ProgressBar::hidden()
        } else {
            ProgressBar::no_length()
        };
        Self {
            questionnaire,
            output: output.to_owned(),
            verbosity,
            bar,
            failures: std::cell::Cell::new(0),
        }
    }

    /// Removes the bar.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}

impl Observer for Progress<'_> {
    fn comparing(&self, workbooks: usize) {
        if let Ok(style) = ProgressStyle::with_template("comparing {len} workbooks") {
            self.bar.set_style(style);
        }
        self.bar.set_length(workbooks as u64);
        self.bar.tick();
    }

    fn begin(&self, workbooks: usize) {
        let style = ProgressStyle::with_template(
            "{bar:30} {pos} of {len} workbooks, {rate} per second, {eta} left{msg}",
        );
        if let Ok(style) = style {
            let style = style.progress_chars("█▌·").with_key(
                "rate",
                |state: &ProgressState, out: &mut dyn Write| {
                    // Ignore errors in drawing the bar.
                    let _ = write!(out, "{:.0}", state.per_sec());
                },
            );
            self.bar.set_style(style);
        }
        self.bar.set_length(workbooks as u64);
    }

    fn client(&self, record: &Record) {
        if self.verbosity == Verbosity::Verbose {
            let line = line(self.questionnaire, record);
            let plan = record.outputs.plan.as_ref();
            let plan = plan.map(|plan| self.output.join(&plan.relative_path));
            let plan = plan.map(|plan| format!("\n  {}", plan.display()));
            self.bar
                .suspend(|| print_line(&format!("{line}{}", plan.unwrap_or_default())));
        }
    }

    fn failed(&self, failure: &Failure) {
        self.failures.set(self.failures.get() + 1);
        self.bar.suspend(|| print_failure(failure));
        self.bar
            .set_message(format!(", {} failed", self.failures.get()));
    }

    fn done(&self) {
        self.bar.inc(1);
    }

    fn consolidating(&self) {
        if let Ok(style) =
            ProgressStyle::with_template("creating the portfolio workbook of {len} workbooks{msg}")
        {
            self.bar.set_style(style);
        }
        self.bar.tick();
    }
}

/// Formats one line for a client: its scores and the number of issues.
fn line(questionnaire: &Questionnaire, record: &Record) -> String {
    let scores = record
        .scores
        .iter()
        .filter(|score| !score.ranked)
        .filter_map(|score| {
            let subject = score.subjects.first()?;
            Some(match (subject.points, &subject.band) {
                (Some(points), Some(band)) => format!(
                    "{} {}/{} ({})",
                    score.label,
                    display::fixed(questionnaire, points, 1),
                    score.out_of,
                    band.label
                ),
                _ => format!("{} –", score.label),
            })
        });
    let found = format!(
        "{}, {}",
        counted(record.counts.errors, "error"),
        counted(record.counts.warnings, "warning")
    );
    let parts: Vec<String> = scores.chain([found]).collect();
    format!("{}: {}", record.client.name, parts.join(", "))
}
