//! Reads and plans one workbook; checks and annotates many.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use super::early_readings::EarlyReadings;
use super::latest::Version;
use super::parallel::parallel_map_ordered;
use super::slugs::SlugAllocator;
use super::{BatchError, Failure, FileError, Setting, Workers, file_name};
use crate::answers::Answers;
use crate::benchmark::{BenchmarkBuilder, Benchmarks};
use crate::intake::{Reading, Workbook};
use crate::look::Palette;
use crate::output::OutputFolder;
use crate::plan::{self, Inputs, Plan};
use crate::record::{Record, Source, benchmark_values};
use crate::score::Scorecard;

/// Reads a workbook and creates its plan.
///
/// # Errors
/// Returns an error if the file cannot be used. A panic is reported as an error of this file, so that the other files
/// are not affected.
pub fn plan_of(setting: Setting, path: &Path) -> Result<Plan, FileError> {
    guarded(|| {
        let reading = Workbook::open(path)?.read_whole(
            setting.questionnaire,
            setting.sandbox,
            setting.blank,
        )?;
        Ok(plan_from(setting, path, reading).1)
    })
}

/// Creates the plan of a reading. Also returns the answers.
pub fn plan_from(setting: Setting, path: &Path, reading: Reading) -> (Answers, Plan) {
    let id = reading.edition.map(|edition| edition.client);
    let source = Source {
        file: file_name(path),
        path: path.to_owned(),
        sha256: reading.sha256,
    };
    let mut plan = plan::build(Inputs {
        questionnaire: setting.questionnaire,
        answers: &reading.answers,
        issues: reading.issues,
        source,
        today: setting.today,
        sender: setting.sender,
        compared: setting.compared,
        prints: crate::pdf::can_print,
    });
    plan.record.client.id = id;
    (reading.answers, plan)
}

/// Runs work on one workbook and turns a panic into an error, so that other workbooks are not affected.
pub fn guarded<T>(work: impl FnOnce() -> Result<T, FileError>) -> Result<T, FileError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(FileError::Panic))
}

/// Checks many workbooks and passes each result to `show`, in the order of the paths. Returns how many were checked.
pub fn check(
    setting: Setting,
    workers: Workers,
    paths: &[PathBuf],
    mut show: impl FnMut(Result<Record, Failure>),
) -> usize {
    parallel_map_ordered(
        paths,
        workers,
        || (),
        |(), _, path| plan_of(setting, path).map(|plan| plan.record),
        |index, result| show(result.map_err(|error| failure(&paths[index], error))),
    )
}

/// A workbook that was read, for an overview.
#[derive(Debug)]
pub struct Surveyed {
    /// The file as given.
    pub path: PathBuf,
    /// The record of the client.
    pub record: Record,
    /// Whose workbook it is, and how new. `None` without a client ID and a company name.
    pub version: Option<Version>,
}

/// Reads many workbooks and passes each to `show`, in the order of the paths. Returns how many were read.
pub fn survey(
    setting: Setting,
    workers: Workers,
    paths: &[PathBuf],
    mut show: impl FnMut(Result<Surveyed, Failure>),
) -> usize {
    parallel_map_ordered(
        paths,
        workers,
        || (),
        |(), _, path| {
            guarded(|| {
                let workbook = Workbook::open(path)?;
                let reading =
                    workbook.read_whole(setting.questionnaire, setting.sandbox, setting.blank)?;
                let version = Version::of(setting.questionnaire, &reading);
                let (_, plan) = plan_from(setting, path, reading);
                Ok(Surveyed {
                    path: path.clone(),
                    record: plan.record,
                    version,
                })
            })
        },
        |index, result| show(result.map_err(|error| failure(&paths[index], error))),
    )
}

/// Returns the benchmarks of all clients. Skips workbooks that cannot be read or contain no client name.
pub fn benchmarks(
    setting: Setting,
    workers: Workers,
    paths: &[PathBuf],
    readings: &EarlyReadings,
) -> Benchmarks {
    let questionnaire = setting.questionnaire;
    let mut builder = BenchmarkBuilder::default();
    parallel_map_ordered(
        paths,
        workers,
        || (),
        |(), _, path| {
            guarded(|| {
                let workbook = Workbook::open(path)?;
                let reading = readings.take_or_read(setting, path, workbook)?;
                let scorecard = Scorecard::of(questionnaire, &reading.answers);
                let client = reading.answers.text(questionnaire.identity.company);
                let client = client.map(str::to_owned);
                let figures = benchmark_values(&plan::scores(questionnaire, &scorecard));
                readings.keep(path, &reading);
                let sha256 = reading.sha256;
                Ok((client, sha256, figures))
            })
        },
        |_, read| {
            // A workbook without a client name could belong to any client, even to one that is already counted.
            if let Ok((Some(client), sha256, figures)) = read {
                builder.add(&client, &sha256, figures);
            }
        },
    );
    builder.finish()
}

/// Checks workbooks like [`check`], and writes an annotated copy of each workbook with errors or warnings into a
/// folder. `show` also gets the path of the copy. See [`annotate`].
///
/// # Errors
/// Returns an error if the folder cannot be written.
pub fn annotate(
    setting: Setting,
    workers: Workers,
    paths: &[PathBuf],
    folder: &Path,
    palette: &Palette,
    force: bool,
    mut show: impl FnMut(Result<(Record, Option<PathBuf>), Failure>),
) -> Result<usize, BatchError> {
    let out = OutputFolder::open(folder, force)?;
    let mut names = SlugAllocator::default();
    let done = parallel_map_ordered(
        paths,
        workers,
        || (),
        |(), _, path| {
            guarded(|| {
                let workbook = Workbook::open(path)?;
                let mut reading =
                    workbook.read_whole(setting.questionnaire, setting.sandbox, setting.blank)?;
                let extra_text = std::mem::take(&mut reading.extra_text);
                let edition = reading.edition.clone();
                let (answers, plan) = plan_from(setting, path, reading);
                let record = plan.record;
                let bytes = (record.counts.errors + record.counts.warnings > 0).then(|| {
                    crate::annotate::workbook(
                        setting.questionnaire,
                        &answers,
                        &record.issues,
                        extra_text,
                        edition.as_ref(),
                        palette,
                    )
                });
                Ok((record, bytes.transpose()?))
            })
        },
        |index, result| {
            let path = &paths[index];
            // The copy has the name of the client's file. A workbook that failed also takes a name, so that the other
            // names do not change once it is fixed.
            let stem = path.file_stem().unwrap_or_default();
            let name = names.allocate(&stem.to_string_lossy());
            let written = result.and_then(|(record, bytes)| {
                let relative_path = format!("{name}.xlsx");
                let Some(bytes) = bytes else {
                    // All issues are resolved: remove the annotated copy of a previous run.
                    out.remove(&relative_path);
                    return Ok((record, None));
                };
                out.write(&relative_path, &bytes)
                    .map_err(FileError::AnnotatedCopy)?;
                Ok((record, Some(folder.join(relative_path))))
            });
            show(written.map_err(|error| failure(path, error)));
        },
    );
    out.save_list()?;
    Ok(done)
}

pub fn failure(path: &Path, error: FileError) -> Failure {
    Failure {
        path: path.to_owned(),
        error,
    }
}
