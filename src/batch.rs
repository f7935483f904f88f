//! Many workbooks at once: which files, reading and planning them side by side, and the folder of outputs.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use rayon::prelude::*;

use crate::intake::{self, IntakeError};
use crate::output::{OutputError, OutputFolder};
use crate::brand::Brand;
use crate::pdf::{PdfError, Renderer};
use crate::plan::{self, Sender, Inputs, Plan, Source};
use crate::portfolio::{self, About, PortfolioError};
use crate::programme::Programme;
use crate::results::Line;
use crate::text::file_stem;

/// Deepest folder that is looked into, and most files that are taken from folders.
const DEEPEST: usize = 16;
const MOST_FILES: usize = 100_000;
/// Endings of files that a folder is searched for. What a file is, is told by its contents.
const ENDINGS: [&str; 5] = ["xlsx", "xlsm", "xlsb", "xls", "ods"];

/// Why a run could not be made.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// A path leads nowhere.
    #[error("{0}: there is no such file or folder")]
    NotThere(PathBuf),
    /// Nothing to do.
    #[error("no workbook was found in {0}")]
    NothingFound(String),
    /// Too much to do.
    #[error("more than {MOST_FILES} workbooks: give a smaller folder")]
    TooMany,
    /// An output could not be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// The consolidated workbook could not be made.
    #[error(transparent)]
    Portfolio(#[from] PortfolioError),
    /// The results could not be made.
    #[error("the results cannot be written as JSON: {0}")]
    Results(#[from] serde_json::Error),
}

/// Why one workbook could not be processed.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It could not be read.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// Its plan could not be made.
    #[error(transparent)]
    Pdf(#[from] PdfError),
    /// Its plan could not be written.
    #[error("read, but its plan was not written: {0}")]
    Output(#[from] OutputError),
    /// A fault of ours.
    #[error(
        "could not be processed because of a fault in this program; please report it with the file"
    )]
    Panic,
}

/// A workbook that could not be processed.
#[derive(Debug)]
pub struct Failure {
    /// The file as given.
    pub path: PathBuf,
    /// Why.
    pub error: FileError,
}

/// The workbooks that paths stand for: files as they are, folders with all workbooks within, in a stable order, each once.
///
/// # Errors
/// When a path leads nowhere, or there is no workbook.
pub fn find(paths: &[PathBuf], except: Option<&Path>) -> Result<Vec<PathBuf>, BatchError> {
    let except = except.and_then(|folder| folder.canonicalize().ok());
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    for path in paths {
        if path.is_dir() {
            let walk = walkdir::WalkDir::new(path)
                .max_depth(DEEPEST)
                .sort_by_file_name();
            let entries = walk
                .into_iter()
                .filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry.file_name()))
                .filter_map(Result::ok);
            for entry in
                entries.filter(|entry| entry.file_type().is_file() && has_ending(entry.path()))
            {
                let inside = except.as_ref().is_some_and(|except| {
                    entry
                        .path()
                        .canonicalize()
                        .is_ok_and(|path| path.starts_with(except))
                });
                if !inside && seen.insert(entry.path().to_owned()) {
                    found.push(entry.into_path());
                }
                if found.len() > MOST_FILES {
                    return Err(BatchError::TooMany);
                }
            }
        } else if path.exists() {
            if seen.insert(path.clone()) {
                found.push(path.clone());
            }
        } else {
            return Err(BatchError::NotThere(path.clone()));
        }
    }
    if found.is_empty() {
        let names: Vec<String> = paths
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        return Err(BatchError::NothingFound(names.join(", ")));
    }
    Ok(found)
}

/// Hidden files, and the lock files that Excel and LibreOffice leave beside an open workbook.
fn is_hidden(name: &std::ffi::OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with('.') || name.starts_with("~$")
}

fn has_ending(path: &Path) -> bool {
    path.extension()
        .and_then(|ending| ending.to_str())
        .is_some_and(|ending| {
            ENDINGS
                .iter()
                .any(|known| known.eq_ignore_ascii_case(ending))
        })
}

/// Reads a workbook and makes its plan.
///
/// # Errors
/// When the file cannot be used. A fault of ours in one file does not take the others with it.
pub fn plan_of(
    programme: &Programme,
    path: &Path,
    today: NaiveDate,
    sender: &Sender,
) -> Result<Plan, FileError> {
    guarded(|| {
        let reading = intake::read_file(programme, path)?;
        let file = path
            .file_name()
            .map(|name| crate::text::tidy(&name.to_string_lossy()))
            .unwrap_or_default();
        let source = Source {
            file,
            path: path.to_owned(),
            sha256: reading.sha256,
        };
        Ok(plan::build(Inputs {
            programme,
            answers: &reading.answers,
            findings: reading.findings,
            source,
            today,
            sender,
        }))
    })
}

/// Plans of many workbooks, side by side, in their order.
pub fn plans_of(
    programme: &Programme,
    paths: &[PathBuf],
    today: NaiveDate,
    sender: &Sender,
) -> (Vec<Plan>, Vec<Failure>) {
    let results: Vec<(&PathBuf, Result<Plan, FileError>)> = paths
        .par_iter()
        .map(|path| (path, plan_of(programme, path, today, sender)))
        .collect();
    let (mut plans, mut failures) = (Vec::new(), Vec::new());
    for (path, result) in results {
        match result {
            Ok(plan) => plans.push(plan),
            Err(error) => failures.push(Failure {
                path: path.clone(),
                error,
            }),
        }
    }
    (plans, failures)
}

fn guarded<T>(work: impl FnOnce() -> Result<T, FileError>) -> Result<T, FileError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(FileError::Panic))
}

/// What a run made.
pub struct Report {
    /// The plans.
    pub plans: Vec<Plan>,
    /// Each plan's PDF within the output folder; none where it could not be made.
    pub pdfs: Vec<Option<String>>,
    /// What could not be processed.
    pub failures: Vec<Failure>,
    /// The consolidated workbook and the results; none when no workbook could be processed.
    pub consolidated: Option<(PathBuf, PathBuf)>,
}

/// The main job: plans, consolidated workbook and results into a folder.
///
/// # Errors
/// When an output that concerns all clients cannot be written.
pub fn report(
    programme: &Programme,
    paths: &[PathBuf],
    folder: &Path,
    today: NaiveDate,
    brand: &Brand,
    force: bool,
) -> Result<Report, BatchError> {
    let (plans, mut failures) = plans_of(programme, paths, today, &brand.sender);
    if plans.is_empty() {
        return Ok(Report {
            plans,
            pdfs: Vec::new(),
            failures,
            consolidated: None,
        });
    }
    let out = OutputFolder::open(folder, force)?;
    let names = file_names(&plans);
    let about = |links: Vec<Option<String>>, failures: &[Failure]| About {
        title: programme.title.clone(),
        tool_version: env!("CARGO_PKG_VERSION").into(),
        programme: format!("{}, version {}", programme.id, programme.version),
        made: today,
        method: method_notes(programme),
        links_to_plans: links,
        failures: failures
            .iter()
            .map(|failure| {
                (
                    failure.path.display().to_string(),
                    failure.error.to_string(),
                )
            })
            .collect(),
    };
    let expected: Vec<Option<String>> = names
        .iter()
        .map(|name| Some(format!("plans/{name}.pdf")))
        .collect();
    let render = || -> Vec<Result<String, FileError>> {
        plans
            .par_iter()
            .zip(&names)
            .map_init(
                || Renderer::new(&brand.fonts, &brand.look),
                |renderer, (plan, name)| {
                    guarded(|| {
                        let within = format!("plans/{name}.pdf");
                        out.write(&within, &renderer.render(plan)?)?;
                        Ok(within)
                    })
                },
            )
            .collect()
    };
    // Side by side: the consolidated workbook hardly ever has to wait for the plans it links to.
    let (written, consolidated) = rayon::join(render, || {
        portfolio::workbook(&plans, &about(expected, &failures))
    });
    let mut pdfs = Vec::new();
    let mut failed = Vec::new();
    for (plan, result) in plans.iter().zip(written) {
        match result {
            Ok(within) => pdfs.push(Some(within)),
            Err(error) => {
                pdfs.push(None);
                failed.push(Failure {
                    path: plan.source.path.clone(),
                    error,
                });
            }
        }
    }
    let consolidated = if failed.is_empty() {
        consolidated?
    } else {
        // Without the links that lead nowhere, and with the reasons.
        failures.extend(failed);
        portfolio::workbook(&plans, &about(pdfs.clone(), &failures))?
    };
    let portfolio = out.write("portfolio.xlsx", &consolidated)?;
    let mut lines = String::new();
    for (plan, pdf) in plans.iter().zip(&pdfs) {
        lines.push_str(&serde_json::to_string(&Line::of(plan, pdf.as_deref()))?);
        lines.push('\n');
    }
    let results = out.write("results.jsonl", lines.as_bytes())?;
    out.close()?;
    Ok(Report {
        plans,
        pdfs,
        failures,
        consolidated: Some((portfolio, results)),
    })
}

/// File names made of the clients' names, each once, in the order of the workbooks.
fn file_names(plans: &[Plan]) -> Vec<String> {
    let mut taken = HashSet::new();
    plans
        .iter()
        .map(|plan| {
            let stem = file_stem(&plan.client.name);
            let name = (1..)
                .map(|number| {
                    if number == 1 {
                        stem.clone()
                    } else {
                        format!("{stem}-{number}")
                    }
                })
                .find(|name| !taken.contains(name))
                .unwrap_or(stem);
            taken.insert(name.clone());
            name
        })
        .collect()
}

/// How scores are made, as the plan's appendix says it.
fn method_notes(programme: &Programme) -> Vec<String> {
    let blocks = programme
        .storyboard
        .section
        .iter()
        .flat_map(|section| &section.blocks);
    blocks
        .filter_map(|block| match block {
            crate::programme::BlockDef::Method { notes, .. } => Some(notes.clone()),
            _ => None,
        })
        .flatten()
        .collect()
}
