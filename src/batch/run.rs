//! The state of a run: writes the outputs of one client after the other, then the files about all clients.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::build_cache::{BuildCache, CachedOutputs, Entry, PreviousOutputs};
use super::consolidate::{Consolidation, consolidate};
use super::latest::{Replaced, Version};
use super::outcome::Report;
use super::read::failure;
use super::shard::{ShardFailure, ShardRun, ShardWorkbook};
use super::slugs::SlugAllocator;
use super::{BatchError, Failure, FileError, Observer, Setting, Statuses};
use crate::benchmark::BenchmarkBuilder;
use crate::calendar;
use crate::fingerprint;
use crate::output::names::{
    BENCHMARKS, CALENDARS, CSV, DRAFTS, FAILURES, NOTES, PARQUET, PLANS, PORTFOLIO, RESULTS, SHARD,
};
use crate::output::{OutputFolder, write_atomic};
use crate::pdf::Look;
use crate::portfolio::{Portfolio, PortfolioError};
use crate::record::{AnswerLine, Output, Outputs, Question, Record, benchmark_values};
use crate::text::normalize;

/// The files about all clients.
const SHARED: [&str; 7] = [
    PORTFOLIO, RESULTS, CSV, PARQUET, FAILURES, BENCHMARKS, SHARD,
];
/// The files about all clients that a run without clients does not have.
const OF_CLIENTS: [&str; 5] = [PORTFOLIO, RESULTS, CSV, PARQUET, BENCHMARKS];

/// What a run is about, besides its workbooks.
#[derive(Clone, Copy)]
pub struct Setup<'a> {
    pub setting: Setting<'a>,
    pub look: &'a Look,
    pub out: &'a OutputFolder,
    pub earlier: &'a PreviousOutputs,
    /// Whether each client is compared with a previous run. Clients that it does not contain are then named.
    pub is_compared: bool,
    pub with_notes: bool,
    pub statuses: Option<&'a dyn Statuses>,
    /// Whether the run is a shard. A shard has no portfolio workbook.
    pub is_shard: bool,
    pub observer: &'a dyn Observer,
}

/// The outputs of one workbook, not yet written.
pub struct Product {
    /// Fingerprint of everything that determines the outputs.
    pub key: String,
    pub version: Option<Version>,
    pub record: Record,
    pub pdf: Result<Vec<u8>, FileError>,
    pub notes: Result<Option<Vec<u8>>, FileError>,
}

/// The state of a run. All of it is processed in the order of the workbooks.
pub struct Run<'a> {
    setup: Setup<'a>,
    build_cache: BuildCache,
    names: SlugAllocator,
    /// The unfinished portfolio workbook, or why it cannot be created. `None` for a shard.
    portfolio: Option<Result<Portfolio, PortfolioError>>,
    benchmarks: BenchmarkBuilder,
    /// The clients in the build cache, in the order of the workbooks.
    clients: Vec<(Arc<Entry>, PathBuf)>,
    failures: Vec<Failure>,
    counts: Report,
}

impl<'a> Run<'a> {
    /// Begins a run over a number of workbooks. Until it ends, it leaves no description of a finished shard.
    ///
    /// # Errors
    /// Returns an error if the description of an earlier run cannot be deleted.
    pub fn begin(
        setup: Setup<'a>,
        build_cache: BuildCache,
        workbooks: usize,
        replaced: Vec<Replaced>,
    ) -> Result<Self, BatchError> {
        setup.out.delete(SHARD)?;
        setup.observer.begin(workbooks);
        let questionnaire = setup.setting.questionnaire;
        let portfolio = (!setup.is_shard).then(|| {
            Portfolio::begin(
                &questionnaire.portfolio,
                &Question::all(questionnaire),
                workbooks,
                setup.look,
                setup.out.root(),
            )
        });
        Ok(Self {
            setup,
            build_cache,
            names: SlugAllocator::default(),
            portfolio,
            benchmarks: BenchmarkBuilder::default(),
            clients: Vec::new(),
            failures: Vec::new(),
            counts: Report {
                replaced,
                workbooks,
                ..Report::default()
            },
        })
    }

    /// Returns the slug of the next client.
    pub fn slug(&mut self, client: &str) -> String {
        self.names.allocate(client)
    }

    /// Keeps the outputs of a previous run. Returns false if its record cannot be read.
    pub fn keep(&mut self, path: &Path, entry: Arc<Entry>) -> bool {
        let client = [(entry, path.to_owned())];
        let records = self.build_cache.records(&client);
        let (Ok(record), Ok(answers)) = (records.figures_and_issues(0), records.answers(0)) else {
            return false;
        };
        let [client] = client;
        let made = &client.0.made;
        for output in made.outputs.files() {
            self.setup.out.keep(&output.relative_path, &output.sha256);
        }
        if made.outputs.notes.is_none() {
            self.remove_notes(&made.slug);
        }
        if made.outputs.plan.is_none() {
            self.remove_outputs(&made.slug);
            self.fail(path, FileError::draft(made.counts.errors));
        }
        self.counts.unchanged += usize::from(made.outputs.plan.is_some());
        self.count(made);
        self.setup.observer.client(&record);
        self.add(client, &record, &answers);
        true
    }

    /// Removes the draft plan and calendar of a previous run if draft plans are disabled now. They must not look like
    /// outputs of this run.
    fn remove_outputs(&self, slug: &str) {
        for (folder, ending) in [(PLANS, "pdf"), (CALENDARS, "ics")] {
            self.setup.out.remove(&format!("{folder}/{slug}.{ending}"));
        }
    }

    /// Removes the notes of a previous run. They do not belong to the plan of this run.
    fn remove_notes(&self, slug: &str) {
        self.setup.out.remove(&format!("{NOTES}/{slug}.pdf"));
    }

    /// Adds a client to the portfolio workbook. Its record is in the build cache.
    fn add(&mut self, client: (Arc<Entry>, PathBuf), record: &Record, answers: &[AnswerLine]) {
        if record.change.is_none() && self.setup.is_compared {
            self.counts.not_compared.push(record.client.name.clone());
        }
        if record.client.named {
            self.benchmarks.add(
                &record.client.name,
                &record.source.sha256,
                benchmark_values(&record.scores),
            );
        }
        self.clients.push(client);
        if let Some(Ok(portfolio)) = &mut self.portfolio
            && let Err(error) = portfolio.add(record, answers, &record.issues)
        {
            // The client keeps its plan. The error in the portfolio workbook is reported once, at the end.
            self.portfolio = Some(Err(error));
        }
    }

    /// Writes the outputs of a workbook.
    ///
    /// # Errors
    /// Returns an error if the build cache cannot be written. An output that fails is reported and does not stop the others.
    pub fn write(&mut self, path: &Path, slug: String, product: Product) -> Result<(), FileError> {
        let Product {
            key,
            version,
            mut record,
            pdf,
            notes,
        } = product;
        let out = self.setup.out;
        let put = |folder: &str, ending: &str, bytes: &[u8]| {
            let relative_path = format!("{folder}/{slug}.{ending}");
            let sha256 = out.write(&relative_path, bytes)?;
            Ok::<_, FileError>(Output {
                relative_path,
                sha256,
            })
        };
        let previous = self.setup.earlier.numbering(&slug);
        let (calendar, numbering) = calendar::write(&record, &slug, previous);
        let wanted = !matches!(&pdf, Err(error) if error.is_draft());
        if !wanted {
            self.remove_outputs(&slug);
        }
        if !self.setup.with_notes {
            self.remove_notes(&slug);
        }
        let plan = pdf.and_then(|pdf| put(PLANS, "pdf", &pdf));
        // Without a roadmap there is nothing to put into a calendar.
        let has_dates = !record.roadmap.activities.is_empty();
        if !has_dates {
            out.remove(&format!("{CALENDARS}/{slug}.ics"));
        }
        let calendar = match wanted && has_dates {
            true => put(CALENDARS, "ics", calendar.as_bytes()).map(Some),
            false => Ok(None),
        };
        let notes = notes.and_then(|notes| notes.map(|pdf| put(NOTES, "pdf", &pdf)).transpose());
        // The next run tries again if an output failed.
        let complete = (plan.is_ok() || !wanted) && calendar.is_ok() && notes.is_ok();
        let mut outputs = [None, None, None];
        let results = [plan.map(Some), calendar, notes];
        for (output, result) in outputs.iter_mut().zip(results) {
            match result {
                Ok(made) => *output = made,
                Err(error) => self.fail(path, error),
            }
        }
        let [plan, calendar, notes] = outputs;
        let numbering = calendar.is_some().then_some(numbering);
        record.outputs = Outputs {
            plan,
            calendar,
            notes,
        };
        let made = CachedOutputs {
            key: if complete { key } else { String::new() },
            slug,
            client: record.client.name.clone(),
            version,
            counts: record.counts,
            numbering,
            outputs: record.outputs.clone(),
        };
        self.count(&made);
        self.setup.observer.client(&record);
        let entry = self.build_cache.add(made, &record)?;
        self.add((entry, path.to_owned()), &record, &record.answers);
        Ok(())
    }

    fn count(&mut self, made: &CachedOutputs) {
        self.counts.plans += usize::from(made.outputs.plan.is_some());
        self.counts.drafts += usize::from(made.outputs.plan.is_some() && made.counts.errors > 0);
    }

    /// Reports that a workbook or one of its outputs failed.
    pub fn fail(&mut self, path: &Path, error: FileError) {
        let failure = failure(path, error);
        // A full disk fails both the plan and the calendar. Report only the first error of a workbook.
        let again = self.failures.last().is_some_and(|last| last.path == path);
        if !again {
            self.setup.observer.failed(&failure);
            self.failures.push(failure);
        }
    }

    /// Reports that a workbook is finished, with or without an error.
    pub fn done(&self) {
        self.setup.observer.done();
    }

    /// Writes the files about all clients, and the state for the next run. `done` is the number of workbooks that were
    /// processed; with fewer than all, the run was stopped.
    pub fn end(self, done: usize, shard: Option<ShardRun>) -> Report {
        let Run {
            setup,
            build_cache,
            portfolio,
            benchmarks,
            clients,
            failures,
            counts: mut report,
            names,
        } = self;
        let Setup { out, observer, .. } = setup;
        report.done = done;
        report.clients = clients.len();
        report.repeated = repeated(&clients);
        report.failures = failures;
        let whole = report.done == report.workbooks;
        if whole {
            observer.consolidating();
            let records = build_cache.records(&clients);
            let benchmarks = benchmarks.finish();
            let consolidated = consolidate(Consolidation {
                setting: setup.setting,
                out,
                portfolio,
                records: &records,
                clients: &clients,
                report: &report,
                benchmarks: &benchmarks,
                statuses: setup.statuses,
            });
            match consolidated {
                Ok(files) => report.consolidated = files,
                Err(error) => report.error = Some(error),
            }
            let absent = OF_CLIENTS.into_iter().filter(|name| match *name {
                PORTFOLIO => setup.is_shard || clients.is_empty(),
                _ => clients.is_empty(),
            });
            absent.for_each(|name| out.remove(name));
            report.stale_files = out.stale_files();
            report
                .stale_files
                .retain(|path| !SHARED.contains(&path.as_str()) && !belongs_to_run(path, &names));
        }
        // A shard on which an output failed must be run again: it gets no description.
        let failed = report
            .failures
            .iter()
            .any(|failure| failure.error.is_output());
        let shard = shard.filter(|_| whole && report.error.is_none() && !failed);
        let shard = shard.map(|shard| describe(shard, &clients, &report.failures));
        let shard = match shard.transpose() {
            Ok(shard) => shard,
            Err(error) => {
                report.error = Some(error.into());
                None
            }
        };
        // The manifest lists a file before it exists. Otherwise, after a crash, the file would not count as owned.
        if let Some(shard) = &shard {
            out.keep(SHARD, &fingerprint::of(shard));
        }
        // In any case, save which outputs were created.
        let list = out.save_list().map_err(BatchError::Output);
        let build_cache = build_cache
            .close(&clients, setup.earlier, whole)
            .map_err(BatchError::Output);
        report.error = report.error.or(list.err()).or(build_cache.err());
        if let Some(shard) = shard.filter(|_| report.error.is_none()) {
            let written = write_atomic(&out.root().join(SHARD), &shard);
            report.error = written.err().map(BatchError::Output);
        }
        report
    }
}

/// Checks that the files about all clients may be written, so that no run begins that cannot finish.
///
/// # Errors
/// Returns an error if such a file exists and partnerbook did not create it.
pub fn check_shared(out: &OutputFolder) -> Result<(), BatchError> {
    for shared in SHARED {
        out.check(shared)?;
    }
    Ok(())
}

/// Returns the description of a finished shard as JSON.
fn describe(
    mut shard: ShardRun,
    clients: &[(Arc<Entry>, PathBuf)],
    failures: &[Failure],
) -> serde_json::Result<Vec<u8>> {
    let mut workbooks: BTreeMap<&Path, ShardWorkbook> = BTreeMap::new();
    let blank = |path: &Path| ShardWorkbook {
        path: path.into(),
        outputs: None,
        failure: None,
    };
    for (entry, path) in clients {
        let own = workbooks.entry(path).or_insert_with(|| blank(path));
        let made = &entry.made;
        own.outputs = Some((made.key.clone(), made.slug.clone()));
    }
    for failure in failures {
        let path = &failure.path;
        let own = workbooks.entry(path).or_insert_with(|| blank(path));
        own.failure = Some(ShardFailure {
            reason: failure.error.to_string(),
            is_draft: failure.error.is_draft(),
        });
    }
    shard.workbooks = workbooks.into_values().collect();
    serde_json::to_vec(&shard)
}

/// Returns whether a file belongs to a client of this run, even if it was not written now, because its plan failed.
/// Email drafts are managed by `send`.
fn belongs_to_run(path: &str, names: &SlugAllocator) -> bool {
    let slug = Path::new(path).file_stem().unwrap_or_default();
    names.has(&slug.to_string_lossy()) || path.starts_with(DRAFTS)
}

/// Returns the clients with more than one workbook. Names are compared in normalized form.
fn repeated(clients: &[(Arc<Entry>, PathBuf)]) -> Vec<(String, Vec<PathBuf>)> {
    let mut names: BTreeMap<String, (String, Vec<PathBuf>)> = BTreeMap::new();
    for (entry, path) in clients {
        let name = &entry.made.client;
        let client = names.entry(normalize(name)).or_default();
        client.0.clone_from(name);
        client.1.push(path.clone());
    }
    let mut repeated: Vec<_> = names.into_values().collect();
    repeated.retain(|(_, paths)| paths.len() > 1);
    repeated
}
