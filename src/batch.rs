//! Many workbooks at once: which files, reading and planning them side by side, and the folder of outputs.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use rayon::prelude::*;

use crate::answers::Answers;
use crate::brand::Brand;
use crate::handback::{self, HandBackError};
use crate::intake::{self, IntakeError, Printed, Reading, Wall};
use crate::output::{self, OutputError, OutputFolder};
use crate::pdf::{PdfError, Renderer};
use crate::plan::{self, Inputs, Plan, Sender, Source};
use crate::portfolio::{self, About, PortfolioError};
use crate::programme::Programme;
use crate::results::Line;
use crate::text::file_stem;

/// Deepest folder that is looked into, and most files that are taken from folders.
const DEEPEST: usize = 16;
const MOST_FILES: usize = 100_000;
/// Endings of files that a folder is searched for. What a file is, is told by its contents.
const ENDINGS: [&str; 9] = [
    "xlsx", "xlsm", "xlsb", "xls", "ods", "xltx", "xltm", "xlt", "ots",
];
/// Endings of files that a client may send instead: named, so that nobody waits for their plan.
const OTHER_ENDINGS: [&str; 6] = ["numbers", "csv", "tsv", "gsheet", "fods", "zip"];

/// Names of what concerns all clients, within the output folder.
const PORTFOLIO: &str = "portfolio.xlsx";
const RESULTS: &str = "results.jsonl";

/// Why a run could not be made.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// A path leads nowhere.
    #[error("{0}: there is no such file or folder")]
    NotThere(PathBuf),
    /// Nothing to do.
    #[error("no workbook was found in {0}")]
    NothingFound(String),
    /// What a program leaves beside an open workbook.
    #[error("{0}: this is a lock file of an open workbook; give the workbook itself")]
    Lock(PathBuf),
    /// Too much to do.
    #[error("more than {MOST_FILES} workbooks: give a smaller folder")]
    TooMany,
    /// An output could not be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// The consolidated workbook could not be made.
    #[error(transparent)]
    Portfolio(#[from] PortfolioError),
    /// The programme's own workbook cannot be read.
    #[error("the programme's own workbook {0}")]
    Programme(IntakeError),
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
    /// It could not be made ready to hand back.
    #[error("read, but {0}")]
    HandBack(#[from] HandBackError),
    /// The workbook to hand back could not be written.
    #[error("read, but the workbook to hand back was not written: {0}")]
    NotHandedBack(OutputError),
    /// A draft where a final plan was asked for.
    #[error(
        "read, but no plan was made: it has {0} to mend first (see `partnerbook check`), and --final makes no drafts"
    )]
    Draft(String),
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

/// What was found where.
#[derive(Debug, Default)]
pub struct Found {
    /// The workbooks, in a stable order, each once.
    pub workbooks: Vec<PathBuf>,
    /// Files in folders that may hold answers but are none that can be read, and why.
    pub passed_over: Vec<(PathBuf, &'static str)>,
}

/// The workbooks that paths stand for: files as they are, folders with all workbooks within. What partnerbook itself wrote
/// into a folder is no workbook to read.
///
/// # Errors
/// When a path leads nowhere, or there is no workbook.
pub fn find(paths: &[PathBuf]) -> Result<Found, BatchError> {
    let mut found = Found::default();
    let mut seen = HashSet::new();
    let mut add = |path: &Path, found: &mut Found| {
        if seen.insert(path.to_owned()) {
            found.workbooks.push(path.to_owned());
        }
    };
    for path in paths {
        if path.is_dir() {
            find_in(path, &mut found, &mut add)?;
        } else if path.symlink_metadata().is_err() {
            return Err(BatchError::NotThere(path.clone()));
        } else if path.file_name().is_some_and(is_lock) {
            return Err(BatchError::Lock(path.clone()));
        } else {
            add(path, &mut found);
        }
    }
    if found.workbooks.is_empty() {
        let names: Vec<String> = paths
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        let passed_over: String = found
            .passed_over
            .iter()
            .map(|(path, why)| format!("\n{}: {why}", path.display()))
            .collect();
        return Err(BatchError::NothingFound(names.join(", ") + &passed_over));
    }
    Ok(found)
}

fn find_in(
    folder: &Path,
    found: &mut Found,
    add: &mut impl FnMut(&Path, &mut Found),
) -> Result<(), BatchError> {
    let walk = walkdir::WalkDir::new(folder)
        .max_depth(DEEPEST)
        .sort_by_file_name();
    let entries = walk
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry.file_name()))
        .filter_map(Result::ok);
    for entry in entries {
        let path = entry.path();
        if entry.file_type().is_dir() {
            continue;
        }
        if !has_ending(path, &ENDINGS) {
            if has_ending(path, &OTHER_ENDINGS) {
                let why = "is no Excel workbook and was passed over; save it as .xlsx";
                found.passed_over.push((path.to_owned(), why));
            }
        } else if entry.file_type().is_symlink() {
            let why = "is a link to another place and was not followed";
            found.passed_over.push((path.to_owned(), why));
        } else if !entry.file_type().is_file() {
            let why = "is not a file and was passed over";
            found.passed_over.push((path.to_owned(), why));
        } else if !output::is_ours(path) {
            add(path, found);
        }
        if found.workbooks.len() > MOST_FILES {
            return Err(BatchError::TooMany);
        }
    }
    Ok(())
}

/// Hidden files, and the lock files that Excel and LibreOffice leave beside an open workbook.
fn is_hidden(name: &std::ffi::OsStr) -> bool {
    name.to_string_lossy().starts_with('.') || is_lock(name)
}

fn is_lock(name: &std::ffi::OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with("~$") || name.starts_with(".~lock.")
}

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    path.extension()
        .and_then(|ending| ending.to_str())
        .is_some_and(|ending| {
            endings
                .iter()
                .any(|known| known.eq_ignore_ascii_case(ending))
        })
}

/// What every workbook of a run is read and planned with.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// The programme.
    pub programme: &'a Programme,
    /// Where workbooks are read that may harm their reader.
    pub wall: &'a Wall,
    /// The day the plans are made for.
    pub today: NaiveDate,
    /// Who sends them.
    pub sender: &'a Sender,
}

/// Reads a workbook and makes its plan.
///
/// # Errors
/// When the file cannot be used. A fault of ours in one file does not take the others with it.
pub fn plan_of(setting: Setting, path: &Path) -> Result<Plan, FileError> {
    read_and_plan(setting, path).map(|(_, plan)| plan)
}

/// As [`plan_of`], with the answers that the plan was made of.
///
/// # Errors
/// As [`plan_of`].
pub fn read_and_plan(setting: Setting, path: &Path) -> Result<(Answers, Plan), FileError> {
    guarded(|| {
        let reading = intake::read_file(setting.programme, path, setting.wall)?;
        Ok(plan_from(setting, path, reading))
    })
}

fn plan_from(setting: Setting, path: &Path, reading: Reading) -> (Answers, Plan) {
    let file = path
        .file_name()
        .map(|name| crate::text::tidy(&name.to_string_lossy()))
        .unwrap_or_default();
    let source = Source {
        file,
        path: path.to_owned(),
        sha256: reading.sha256,
    };
    let plan = plan::build(Inputs {
        programme: setting.programme,
        answers: &reading.answers,
        findings: reading.findings,
        source,
        today: setting.today,
        sender: setting.sender,
        prints: crate::pdf::can_print,
    });
    (reading.answers, plan)
}

/// As [`plans_of`], and writes for each workbook one to hand back into a folder: see [`handback`].
///
/// # Errors
/// When the folder cannot be written.
pub fn hand_back(
    setting: Setting,
    paths: &[PathBuf],
    folder: &Path,
    force: bool,
) -> Result<(Vec<Plan>, Vec<Failure>), BatchError> {
    let printed = Printed::of(setting.programme).map_err(BatchError::Programme)?;
    let out = OutputFolder::open(folder, force)?;
    let stems = distinct(paths.iter().map(|path| {
        let stem = path.file_stem().unwrap_or_default();
        file_stem(&stem.to_string_lossy())
    }));
    let results = paths
        .par_iter()
        .zip(stems)
        .map(|(path, stem)| {
            guarded(|| {
                let mut reading =
                    intake::read_file_whole(setting.programme, path, setting.wall, &printed)?;
                let unplaced = std::mem::take(&mut reading.unplaced);
                let (answers, plan) = plan_from(setting, path, reading);
                let bytes =
                    handback::workbook(setting.programme, &answers, &plan.findings, unplaced)?;
                out.write(&format!("{stem}.xlsx"), &bytes)
                    .map_err(FileError::NotHandedBack)?;
                Ok(plan)
            })
            .map_err(|error| Failure {
                path: path.clone(),
                error,
            })
        })
        .collect();
    let (plans, failures) = parted(results);
    out.close()?;
    Ok((plans, failures))
}

/// Plans of many workbooks, side by side, in their order.
pub fn plans_of(setting: Setting, paths: &[PathBuf]) -> (Vec<Plan>, Vec<Failure>) {
    let results: Vec<Result<Plan, Failure>> = paths
        .par_iter()
        .map(|path| {
            plan_of(setting, path).map_err(|error| Failure {
                path: path.clone(),
                error,
            })
        })
        .collect();
    parted(results)
}

fn parted(results: Vec<Result<Plan, Failure>>) -> (Vec<Plan>, Vec<Failure>) {
    let (mut plans, mut failures) = (Vec::new(), Vec::new());
    for result in results {
        match result {
            Ok(plan) => plans.push(plan),
            Err(failure) => failures.push(failure),
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

/// How a run is to be made.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// Where workbooks are read that may harm their reader.
    pub wall: &'a Wall,
    /// The day the plans are made for.
    pub today: NaiveDate,
    /// Overwrites what partnerbook did not make.
    pub force: bool,
    /// Makes no drafts: a workbook with errors gets no plan.
    pub final_only: bool,
}

/// The main job: plans, consolidated workbook and results into a folder.
///
/// # Errors
/// When an output that concerns all clients cannot be written.
pub fn report(
    programme: &Programme,
    paths: &[PathBuf],
    folder: &Path,
    brand: &Brand,
    options: Options,
) -> Result<Report, BatchError> {
    let Options {
        wall,
        today,
        force,
        final_only,
    } = options;
    let setting = Setting {
        programme,
        wall,
        today,
        sender: &brand.sender,
    };
    let (plans, mut failures) = plans_of(setting, paths);
    if plans.is_empty() {
        return Ok(Report {
            plans,
            pdfs: Vec::new(),
            failures,
            consolidated: None,
        });
    }
    let out = OutputFolder::open(folder, force)?;
    // Before the first plan is made: a run that cannot end well does not begin.
    out.check(PORTFOLIO)?;
    out.check(RESULTS)?;
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
                        if final_only && plan.draft.is_some() {
                            let errors = plan.counts.errors;
                            let plural = if errors == 1 { "" } else { "s" };
                            return Err(FileError::Draft(format!("{errors} error{plural}")));
                        }
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
    let portfolio = out.write(PORTFOLIO, &consolidated)?;
    let mut lines = String::new();
    for (plan, pdf) in plans.iter().zip(&pdfs) {
        lines.push_str(&serde_json::to_string(&Line::of(plan, pdf.as_deref()))?);
        lines.push('\n');
    }
    let results = out.write(RESULTS, lines.as_bytes())?;
    out.close()?;
    Ok(Report {
        plans,
        pdfs,
        failures,
        consolidated: Some((portfolio, results)),
    })
}

/// File names made of the clients' names, each once. Clients of one name are numbered in the order of their workbooks'
/// paths: the same files get the same names, in whatever order they were given.
fn file_names(plans: &[Plan]) -> Vec<String> {
    let mut order: Vec<usize> = (0..plans.len()).collect();
    order.sort_by_key(|index| &plans[*index].source.path);
    let stems = order
        .iter()
        .map(|index| file_stem(&plans[*index].client.name));
    let mut names = vec![String::new(); plans.len()];
    for (index, name) in order.iter().zip(distinct(stems)) {
        names[*index] = name;
    }
    names
}

/// Each name once: those that are taken get a number.
fn distinct(stems: impl Iterator<Item = String>) -> Vec<String> {
    let mut taken = HashSet::new();
    stems
        .map(|stem| {
            let mut name = stem.clone();
            let mut number = 2;
            while !taken.insert(name.clone()) {
                name = format!("{stem}-{number}");
                number += 1;
            }
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
