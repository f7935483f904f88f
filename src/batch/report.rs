//! The `report` command: creates plans, calendars, the portfolio workbook, and the results.
//!
//! Outputs of a previous run are kept if their inputs are unchanged, even if that run was interrupted.

use crate::output::names::{CALENDARS, CSV, DRAFTS, NOTES, PARQUET, PLANS, PORTFOLIO, RESULTS};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use super::build_cache::{BuildCache, CachedOutputs, Entry, PreviousOutputs};
use super::consolidate::consolidate;
use super::early_readings::EarlyReadings;
use super::latest::{self, Replaced, Version};
use super::outcome::Report;
use super::parallel::parallel_map_ordered;
use super::read::{benchmarks, failure, guarded, plan_from};
use super::slugs::SlugAllocator;
use super::{BatchError, Failure, FileError, Observer, Setting, Statuses, Workers, file_name};
use crate::benchmark::Benchmarks;
use crate::brand::Brand;
use crate::calendar;
use crate::fingerprint::Fingerprint;
use crate::intake::Workbook;
use crate::output::OutputFolder;
use crate::pdf::Renderer;
use crate::plan::Compared;
use crate::portfolio::{Portfolio, PortfolioError};
use crate::record::{AnswerLine, Output, Outputs, Question, Record};
use crate::text::normalize;

/// The files about all clients.
const SHARED: [&str; 4] = [PORTFOLIO, RESULTS, CSV, PARQUET];

/// The options of a run.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// Regenerates everything, and overwrites files that partnerbook did not create.
    pub force: bool,
    /// Creates no draft plans: a workbook with errors gets no plan.
    pub no_drafts: bool,
    /// Whether notes for the consultant are created.
    pub notes: bool,
    /// Compares each client with all clients in its plan, without names.
    pub benchmark: bool,
    /// Processes every workbook of a client, not only the newest.
    pub keep_all: bool,
    /// The engagement, for the sheet Status of the portfolio workbook.
    pub statuses: Option<&'a dyn Statuses>,
}

/// Creates plans, calendars, the portfolio workbook, and the results in a folder.
///
/// # Errors
/// Returns an error if the run cannot begin: the output folder cannot be used, or contains files of the same names that
/// partnerbook did not create.
pub fn report(
    setting: Setting,
    workers: Workers,
    paths: &[PathBuf],
    folder: &Path,
    brand: &Brand,
    options: Options,
    observer: &dyn Observer,
) -> Result<Report, BatchError> {
    let out = OutputFolder::open(folder, options.force)?;
    // Check this before the first plan, so that no run begins that cannot finish.
    for shared in SHARED {
        out.check(shared)?;
    }
    // Slugs are allocated in the order of the paths: the same files get the same slugs, in whatever order they were
    // given.
    let mut sorted = paths.to_vec();
    sorted.sort();
    let (build_cache, earlier) = BuildCache::open(folder)?;
    let readings = EarlyReadings::default();
    let replaced = match options.keep_all || sorted.len() < 2 {
        true => Vec::new(),
        false => {
            // With benchmarks, the cache key depends on all workbooks, so that no key is known yet.
            let settings = (!options.benchmark).then(|| settings_key(setting, brand, options));
            let known = settings.as_deref().map(|settings| (settings, &earlier));
            older_workbooks(setting, workers, &sorted, known, &readings)
        }
    };
    sorted.retain(|path| !replaced.iter().any(|old| old.path == *path));
    let benchmarks = options.benchmark.then(|| {
        observer.comparing(sorted.len());
        benchmarks(setting, workers, &sorted, &readings)
    });
    let compared = Compared {
        benchmarks: benchmarks.as_ref(),
        ..setting.compared
    };
    let setting = Setting {
        compared,
        ..setting
    };
    let maker = Maker {
        setting,
        brand,
        options,
        settings: settings_key(setting, brand, options),
        earlier: &earlier,
        readings: &readings,
        out: &out,
    };
    observer.begin(sorted.len());
    let mut run = Run {
        maker: &maker,
        build_cache,
        names: SlugAllocator::default(),
        renderer: None,
        portfolio: Portfolio::begin(
            &setting.questionnaire.portfolio,
            &Question::all(setting.questionnaire),
            sorted.len(),
            &brand.look,
            folder,
        ),
        clients: Vec::new(),
        failures: Vec::new(),
        counts: Report {
            replaced,
            ..Report::default()
        },
        observer,
    };
    let done = parallel_map_ordered(
        &sorted,
        workers,
        || None,
        |renderer, _, path| maker.make(renderer, path, !options.force),
        |index, product| run.take(&sorted[index], product),
    );
    run.counts.workbooks = sorted.len();
    run.counts.done = done;
    Ok(run.end())
}

/// Returns the workbooks that newer ones of the same client replace. Uses the build cache if it contains the version of
/// a workbook.
fn older_workbooks(
    setting: Setting,
    workers: Workers,
    paths: &[PathBuf],
    known: Option<(&str, &PreviousOutputs)>,
    readings: &EarlyReadings,
) -> Vec<Replaced> {
    let mut versions: Vec<(&Path, Option<Version>)> = Vec::new();
    parallel_map_ordered(
        paths,
        workers,
        || (),
        |(), _, path| {
            guarded(|| {
                let workbook = Workbook::open(path)?;
                let known = known.and_then(|(settings, earlier)| {
                    let key = cache_key(settings, &workbook, path);
                    earlier.with_key(&key).next().cloned()
                });
                if let Some(entry) = known {
                    return Ok(entry.made.version.clone());
                }
                let reading =
                    workbook.read_whole(setting.questionnaire, setting.sandbox, setting.blank)?;
                let version = Version::of(setting.questionnaire, &reading);
                readings.keep(path, reading);
                Ok(version)
            })
        },
        // A workbook that cannot be read replaces nothing. The error is reported when its plan is created.
        |index, version| versions.push((&paths[index], version.ok().flatten())),
    );
    latest::replaced(&versions)
}

/// Returns the fingerprint of everything that determines the outputs of a workbook.
fn cache_key(settings: &str, workbook: &Workbook, path: &Path) -> String {
    let mut key = Fingerprint::default();
    key.add(settings).add(&workbook.sha256).add(file_name(path));
    key.finish()
}

/// Returns the fingerprint of all settings of a run that affect a plan.
fn settings_key(setting: Setting, brand: &Brand, options: Options) -> String {
    let mut key = Fingerprint::default();
    key.add(env!("CARGO_PKG_VERSION"))
        .add(format!("{:?}", this_program()))
        .add(&setting.questionnaire.fingerprint)
        .add(&brand.fingerprint)
        .add(format!("{:?}", setting.sender))
        .add(format!("{:?}", brand.look.paper))
        .add(setting.today.to_string())
        .add([u8::from(options.no_drafts), u8::from(options.notes)]);
    let Compared {
        previous,
        benchmarks,
    } = setting.compared;
    key.add(previous.map_or("", |previous| &previous.fingerprint))
        .add(benchmarks.map_or_else(String::new, Benchmarks::fingerprint));
    key.finish()
}

/// Returns size and modification time of the executable, because different builds can have the same version.
fn this_program() -> Option<(u64, SystemTime)> {
    let metadata = std::env::current_exe().ok()?.metadata().ok()?;
    Some((metadata.len(), metadata.modified().ok()?))
}

/// Creates the outputs of one client. All workers share it.
struct Maker<'a> {
    setting: Setting<'a>,
    brand: &'a Brand,
    options: Options<'a>,
    settings: String,
    earlier: &'a PreviousOutputs,
    readings: &'a EarlyReadings,
    out: &'a OutputFolder,
}

/// The result of a worker for one workbook.
enum Product {
    /// Previous runs created the outputs from the same inputs, under one or more slugs, and the files are unchanged.
    Kept(Vec<Arc<Entry>>),
    /// The plan was created now.
    New(Box<New>),
}

struct New {
    key: String,
    version: Option<Version>,
    record: Record,
    pdf: Result<Vec<u8>, FileError>,
    notes: Result<Option<Vec<u8>>, FileError>,
}

impl<'a> Maker<'a> {
    fn make(
        &self,
        renderer: &mut Option<Renderer<'a>>,
        path: &Path,
        keep: bool,
    ) -> Result<Product, FileError> {
        guarded(|| {
            let workbook = Workbook::open(path)?;
            let key = cache_key(&self.settings, &workbook, path);
            if keep {
                let kept: Vec<Arc<Entry>> = self
                    .earlier
                    .with_key(&key)
                    .filter(|entry| self.is_whole(&entry.made))
                    .cloned()
                    .collect();
                if !kept.is_empty() {
                    return Ok(Product::Kept(kept));
                }
            }
            let reading = self.readings.take_or_read(self.setting, path, workbook)?;
            let version = Version::of(self.setting.questionnaire, &reading);
            let (_, plan) = plan_from(self.setting, path, reading);
            let Brand { fonts, look, .. } = self.brand;
            let renderer = renderer.get_or_insert_with(|| Renderer::new(fonts, look));
            let pdf = if self.options.no_drafts && plan.draft.is_some() {
                Err(draft(plan.record.counts.errors))
            } else {
                guarded(|| Ok(renderer.render(&plan)?))
            };
            let notes = match self.options.notes && !plan.notes.is_empty() {
                true => guarded(|| Ok(renderer.render_notes(&plan)?)).map(Some),
                false => Ok(None),
            };
            let record = plan.record;
            Ok(Product::New(Box::new(New {
                key,
                version,
                record,
                pdf,
                notes,
            })))
        })
    }

    /// Returns whether all output files still exist, byte for byte.
    fn is_whole(&self, made: &CachedOutputs) -> bool {
        let mut outputs = made.outputs.files();
        outputs.all(|output| self.out.has(&output.relative_path, &output.sha256))
    }
}

fn draft(errors: usize) -> FileError {
    let plural = if errors == 1 { "" } else { "s" };
    FileError::Draft(format!("{errors} error{plural}"))
}

/// The state of a run. All of it is processed in the order of the workbooks.
struct Run<'a> {
    maker: &'a Maker<'a>,
    build_cache: BuildCache,
    names: SlugAllocator,
    /// Renders the few plans that must be regenerated on this thread.
    renderer: Option<Renderer<'a>>,
    /// The unfinished portfolio workbook, or why it cannot be created.
    portfolio: Result<Portfolio, PortfolioError>,
    /// The clients in the build cache, in the order of the workbooks.
    clients: Vec<(Arc<Entry>, PathBuf)>,
    failures: Vec<Failure>,
    counts: Report,
    observer: &'a dyn Observer,
}

impl Run<'_> {
    /// Processes the result of a worker.
    fn take(&mut self, path: &Path, product: Result<Product, FileError>) {
        let taken = product.and_then(|product| match product {
            Product::Kept(entries) => {
                let client = entries.first().map(|entry| entry.made.client.clone());
                let slug = self.names.allocate(&client.unwrap_or_default());
                let entry = entries.into_iter().find(|entry| entry.made.slug == slug);
                if entry.is_some_and(|entry| self.keep(path, entry)) {
                    return Ok(());
                }
                // Another client now has this slug, or the cached record cannot be read.
                match self.maker.make(&mut self.renderer, path, false)? {
                    Product::New(new) => self.write(path, slug, *new),
                    Product::Kept(_) => Err(FileError::Panic),
                }
            }
            Product::New(new) => {
                let slug = self.names.allocate(&new.record.client.name);
                self.write(path, slug, *new)
            }
        });
        if let Err(error) = taken {
            self.fail(path, error);
        }
        self.observer.done();
    }

    /// Keeps the outputs of a previous run. Returns false if its record cannot be read.
    fn keep(&mut self, path: &Path, entry: Arc<Entry>) -> bool {
        let client = [(entry, path.to_owned())];
        let records = self.build_cache.records(&client);
        let (Ok(record), Ok(answers)) = (records.figures_and_issues(0), records.answers(0)) else {
            return false;
        };
        let [client] = client;
        let made = &client.0.made;
        for output in made.outputs.files() {
            self.maker.out.keep(&output.relative_path, &output.sha256);
        }
        if made.outputs.plan.is_none() {
            self.remove_outputs(&made.slug);
            self.fail(path, draft(made.counts.errors));
        }
        self.counts.unchanged += usize::from(made.outputs.plan.is_some());
        self.count(made);
        self.observer.client(&record);
        self.add(client, &record, &answers);
        true
    }

    /// Removes the draft plan and calendar of a previous run if draft plans are disabled now. They must not look like
    /// outputs of this run.
    fn remove_outputs(&self, slug: &str) {
        for (folder, ending) in [(PLANS, "pdf"), (CALENDARS, "ics")] {
            self.maker.out.remove(&format!("{folder}/{slug}.{ending}"));
        }
    }

    /// Adds a client to the portfolio workbook. Its record is in the build cache.
    fn add(&mut self, client: (Arc<Entry>, PathBuf), record: &Record, answers: &[AnswerLine]) {
        if record.change.is_none() && self.maker.setting.compared.previous.is_some() {
            self.counts.not_compared.push(record.client.name.clone());
        }
        self.clients.push(client);
        if let Ok(portfolio) = &mut self.portfolio
            && let Err(error) = portfolio.add(record, answers, &record.issues)
        {
            // The client keeps its plan. The error in the portfolio workbook is reported once, at the end.
            self.portfolio = Err(error);
        }
    }

    fn write(&mut self, path: &Path, slug: String, new: New) -> Result<(), FileError> {
        let New {
            key,
            version,
            mut record,
            pdf,
            notes,
        } = new;
        let out = self.maker.out;
        let put = |folder: &str, ending: &str, bytes: &[u8]| {
            let relative_path = format!("{folder}/{slug}.{ending}");
            let sha256 = out.write(&relative_path, bytes)?;
            Ok::<_, FileError>(Output {
                relative_path,
                sha256,
            })
        };
        let previous = self.maker.earlier.numbering(&slug);
        let (calendar, numbering) = calendar::write(&record, &slug, previous);
        let wanted = !matches!(pdf, Err(FileError::Draft(_)));
        if !wanted {
            self.remove_outputs(&slug);
        }
        if !self.maker.options.notes {
            // Notes of a previous run do not belong to this plan.
            out.remove(&format!("{NOTES}/{slug}.pdf"));
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
        self.observer.client(&record);
        let entry = self.build_cache.add(made, &record)?;
        self.add((entry, path.to_owned()), &record, &record.answers);
        Ok(())
    }

    fn count(&mut self, made: &CachedOutputs) {
        self.counts.plans += usize::from(made.outputs.plan.is_some());
        self.counts.drafts += usize::from(made.outputs.plan.is_some() && made.counts.errors > 0);
    }

    fn fail(&mut self, path: &Path, error: FileError) {
        let failure = failure(path, error);
        // A full disk fails both the plan and the calendar. Report only the first error of a workbook.
        let again = self.failures.last().is_some_and(|last| last.path == path);
        if !again {
            self.observer.failed(&failure);
            self.failures.push(failure);
        }
    }

    /// Writes the files about all clients, and the state for the next run.
    fn end(self) -> Report {
        let Run {
            maker,
            build_cache,
            portfolio,
            clients,
            failures,
            counts: mut report,
            observer,
            names,
            ..
        } = self;
        report.clients = clients.len();
        report.repeated = repeated(&clients);
        report.failures = failures;
        let whole = report.done == report.workbooks;
        let consolidated = if whole && !clients.is_empty() {
            observer.consolidating();
            let records = build_cache.records(&clients);
            consolidate(
                maker.setting,
                maker.out,
                portfolio,
                &records,
                &clients,
                &report,
                maker.options.statuses,
            )
            .map(Some)
        } else {
            Ok(None)
        };
        if whole {
            report.stale_files = maker.out.stale_files();
            report
                .stale_files
                .retain(|path| !SHARED.contains(&path.as_str()) && !belongs_to_run(path, &names));
        }
        // In any case, save which outputs were created.
        let list = maker.out.save_list().map_err(BatchError::Output);
        let build_cache = build_cache
            .close(&clients, maker.earlier, whole)
            .map_err(BatchError::Output);
        match consolidated {
            Ok(consolidated) => report.consolidated = consolidated,
            Err(error) => report.error = Some(error),
        }
        report.error = report.error.or(list.err()).or(build_cache.err());
        report
    }
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
