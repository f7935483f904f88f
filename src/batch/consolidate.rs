//! What concerns all clients: the consolidated workbook and the results.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::ledger::{Entry, Records};
use super::report::{Outputs, Report};
use super::{BatchError, PORTFOLIO, RESULTS, Setting};
use crate::dataset::{CSV, Csv, PARQUET, Parquet, Respondent};
use crate::output::{Hashing, OutputFolder};
use crate::plan::Question;
use crate::portfolio::{About, Clients, Portfolio, PortfolioError};
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
    // What other programs read is written beside it.
    let data = || {
        out.write_with(RESULTS, |file| write_results(records, clients, file))?;
        write_answers(out, programme, records)
    };
    let (book, data) = std::thread::scope(|scope| {
        let data = scope.spawn(data);
        (book(), data.join())
    });
    book?;
    match data {
        Ok(data) => data?,
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

/// The answers for other programs: both files in one pass.
fn write_answers(
    out: &OutputFolder,
    programme: &Programme,
    records: &Records,
) -> Result<(), BatchError> {
    let questions = Question::all(programme);
    out.write_with(CSV, |csv| {
        let mut csv = Csv::begin(&questions, csv)?;
        out.write_with(PARQUET, |parquet| {
            let mut parquet = Parquet::begin(&questions, parquet)?;
            for index in 0..records.count() {
                let record = records.figures(index).map_err(PortfolioError::Record)?;
                let answers = records.answers(index).map_err(PortfolioError::Record)?;
                let whom = Respondent {
                    client: &record.client.name,
                    file: &record.source.file,
                    currency: record.client.currency.as_deref(),
                };
                csv.client(whom, &answers)?;
                parquet.client(whom, &answers)?;
            }
            parquet.finish().map_err(BatchError::Dataset)
        })?;
        csv.finish().map_err(BatchError::Dataset)
    })?;
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
