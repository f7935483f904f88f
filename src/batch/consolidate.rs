//! What concerns all clients: the consolidated workbook and the results.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::ledger::{Entry, Records};
use super::report::{Outputs, Report};
use super::{BatchError, PORTFOLIO, RESULTS, Setting};
use crate::output::{Hashing, OutputFolder};
use crate::portfolio::{About, Portfolio, PortfolioError};
use crate::programme::{BlockDef, Programme};
use crate::results::Line;

/// The consolidated workbook and the results, side by side.
pub fn consolidate(
    setting: Setting,
    out: &OutputFolder,
    portfolio: Result<Portfolio, PortfolioError>,
    records: &Records,
    clients: &[(Arc<Entry>, PathBuf)],
    report: &Report,
) -> Result<(PathBuf, PathBuf), BatchError> {
    let portfolio = portfolio?;
    let Setting {
        programme, today, ..
    } = setting;
    let written = |path: &Path| path.display().to_string();
    let about = About {
        title: programme.title.clone(),
        tool_version: env!("CARGO_PKG_VERSION").into(),
        programme: format!("{}, version {}", programme.id, programme.version),
        made: today,
        method: method_notes(programme),
        links_to_plans: clients
            .iter()
            .map(|(entry, _)| Some(entry.made.plan.as_ref()?.within.clone()))
            .collect(),
        sources: clients.iter().map(|(_, path)| path.clone()).collect(),
        repeated: report
            .repeated
            .iter()
            .map(|(name, paths)| {
                let paths: Vec<String> = paths.iter().map(|path| written(path)).collect();
                (name.clone(), paths.join(", "))
            })
            .collect(),
        failures: report
            .failures
            .iter()
            .map(|failure| (written(&failure.path), failure.error.to_string()))
            .collect(),
    };
    let book = || {
        out.write_with(PORTFOLIO, |file| {
            portfolio
                .finish(records, &about, file)
                .map_err(BatchError::Portfolio)
        })
    };
    let lines = || out.write_with(RESULTS, |file| write_results(records, clients, file));
    let (book, lines) = std::thread::scope(|scope| {
        let lines = scope.spawn(lines);
        (book(), lines.join())
    });
    book?;
    match lines {
        Ok(lines) => lines?,
        Err(panic) => std::panic::resume_unwind(panic),
    };
    Ok((out.root().join(PORTFOLIO), out.root().join(RESULTS)))
}

fn write_results(
    records: &Records,
    clients: &[(Arc<Entry>, PathBuf)],
    file: &mut Hashing,
) -> Result<(), BatchError> {
    for (index, (entry, _)) in clients.iter().enumerate() {
        let record = records
            .figures_and_findings(index)
            .map_err(PortfolioError::Record)?;
        let outputs = Outputs::of(&entry.made);
        let mut line = serde_json::to_vec(&Line::of(&record, &outputs))?;
        line.push(b'\n');
        file.write_all(&line).map_err(PortfolioError::Record)?;
    }
    Ok(())
}

/// How scores are made, as the plan's appendix says it.
fn method_notes(programme: &Programme) -> Vec<String> {
    let sections = programme.storyboard.section.iter();
    let blocks = sections.flat_map(|section| &section.blocks);
    blocks
        .filter_map(|block| match block {
            BlockDef::Method { notes, .. } => Some(notes.clone()),
            _ => None,
        })
        .flatten()
        .collect()
}
