//! What a run prints at its end: what was created, what failed, and the next steps; and its exit code.

use std::path::{Path, PathBuf};

use super::progress::Verbosity;
use super::{Outcome, counted, print_error, print_line, print_warning};
use crate::batch::{BatchError, Report};
use crate::text::shown_path;

/// Maximum number of files or clients listed per message. An ellipsis marks further ones.
const SHOWN: usize = 3;
/// Maximum number of replaced workbooks listed.
const MAX_REPLACED_SHOWN: usize = 20;

/// A run that has ended.
pub struct Summary<'a> {
    pub report: &'a Report,
    /// Output folder of the previous run that clients are compared with.
    pub since: Option<&'a Path>,
    /// The workbooks and folders that were read.
    pub inputs: &'a [PathBuf],
    /// Output folder of this run.
    pub output: &'a Path,
    pub is_shard: bool,
    pub verbosity: Verbosity,
}

/// Returns the exit code of a run.
pub fn outcome(report: &Report, exit_zero_on_failures: bool) -> Outcome {
    let machine = report.error.as_ref().is_some_and(BatchError::is_machine);
    let failed = &report.failures;
    if machine || failed.iter().any(|failure| failure.error.is_machine()) {
        return Outcome::MachineFailed;
    }
    let finished = report.done == report.workbooks && report.error.is_none();
    // An output that is in the way or cannot be written is no fault of a workbook.
    let excused = exit_zero_on_failures && !lacks_output(report);
    match finished && (failed.is_empty() || excused) {
        true => Outcome::Fine,
        false => Outcome::SomeFailed,
    }
}

/// Returns whether an output of a workbook could not be written.
fn lacks_output(report: &Report) -> bool {
    let mut failures = report.failures.iter();
    failures.any(|failure| failure.error.is_output())
}

impl Summary<'_> {
    /// Prints what was created, what failed, and the next steps.
    pub fn print(&self) {
        let report = self.report;
        let quiet = self.verbosity == Verbosity::Quiet;
        if !quiet {
            print_line(&made(report));
            if !report.consolidated.is_empty() {
                print_line(&super::listed(&report.consolidated, ", "));
            }
        }
        self.print_workbooks_left_out();
        self.print_clients_not_compared();
        if !report.failures.is_empty() {
            print_error(&format!(
                "{} failed. The reasons are listed above",
                counted(report.failures.len(), "workbook")
            ));
        }
        if let Some(error) = &report.error {
            print_error(&error.to_string());
        }
        if self.is_shard && lacks_output(report) {
            print_error(
                "the shard is not finished, because an output could not be written. Fix the cause and run it again",
            );
        }
        if report.done < report.workbooks {
            print_error(&format!(
                "stopped after {} of {} workbooks. Run the same command again to continue",
                report.done, report.workbooks
            ));
        } else if !quiet && report.error.is_none() && !(self.is_shard && lacks_output(report)) {
            self.print_stale_files();
            self.print_next_steps();
        }
    }

    /// Prints which workbooks are skipped, and which clients have several.
    fn print_workbooks_left_out(&self) {
        let report = self.report;
        for old in report.replaced.iter().take(MAX_REPLACED_SHOWN) {
            print_warning(&format!(
                "{} is skipped: {} is a newer workbook of the same client. {} --keep-all to process both",
                shown_path(&old.path),
                shown_path(&old.by),
                self.with_keep_all()
            ));
        }
        if let more @ 1.. = report.replaced.len().saturating_sub(MAX_REPLACED_SHOWN) {
            print_warning(&format!(
                "{} more skipped because the client has a newer one",
                counted(more, "workbook")
            ));
        }
        // A merge decides about several workbooks of one client.
        let repeated = report.repeated.iter().filter(|_| !self.is_shard);
        for (client, paths) in repeated {
            let more = if paths.len() > SHOWN { ", …" } else { "" };
            print_warning(&format!(
                "{client} has {}, and their dates do not show which is the newest: {}{more}. Each has a plan, and `send` skips them. Keep the newest workbook and move the others",
                counted(paths.len(), "workbook"),
                super::listed(&paths[..paths.len().min(SHOWN)], ", ")
            ));
        }
    }

    /// Returns where the option `--keep-all` belongs. A merge takes it from its shards.
    fn with_keep_all(&self) -> &'static str {
        match self.inputs.is_empty() {
            true => "Run all shards with",
            false => "Use",
        }
    }

    /// Prints which clients the previous run does not contain.
    fn print_clients_not_compared(&self) {
        let report = self.report;
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
    }

    fn print_stale_files(&self) {
        let stale_files = &self.report.stale_files;
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

    fn print_next_steps(&self) {
        let report = self.report;
        let folder = super::listed(std::slice::from_ref(&self.output.to_owned()), " ");
        let mut steps = Vec::new();
        if self.is_shard {
            print_line(&format!(
                "next: after all shards, merge their folders: partnerbook merge {folder} … -o DIR"
            ));
            return;
        }
        let kept_back = report
            .failures
            .iter()
            .any(|failure| failure.error.is_draft());
        if (report.drafts > 0 || kept_back) && (1..=SHOWN).contains(&self.inputs.len()) {
            steps.push(format!(
                "ask clients to fix their errors: partnerbook check {} --annotate annotated",
                super::listed(self.inputs, " ")
            ));
        }
        if report.plans > report.drafts {
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
