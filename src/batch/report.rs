//! The `report` command: creates plans, calendars, the portfolio workbook, and the results.
//!
//! Outputs of a previous run are kept if their inputs are unchanged, even if that run was interrupted.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use super::build_cache::{BuildCache, CachedOutputs, Entry, PreviousOutputs};
use super::early_readings::EarlyReadings;
use super::latest::{self, Replaced, Version};
use super::outcome::Report;
use super::parallel::parallel_map_ordered;
use super::read::{benchmarks, guarded, plan_from};
use super::run::{Product, Run, Setup, check_shared};
use super::shard::{ShardOptions, ShardRun, ShardSettings};
use super::{BatchError, FileError, Observer, Setting, Statuses, Workers, file_name};
use crate::benchmark::Benchmarks;
use crate::brand::Brand;
use crate::fingerprint::Fingerprint;
use crate::intake::Workbook;
use crate::output::OutputFolder;
use crate::pdf::Renderer;
use crate::plan::Compared;

/// The options of a run.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// Regenerates everything, and overwrites files that partnerbook did not create.
    pub force: bool,
    /// Creates no draft plans: a workbook with errors gets no plan.
    pub no_drafts: bool,
    /// Whether notes for the consultant are created.
    pub notes: bool,
    /// Compares each client with all clients of this run in its plan, without names.
    pub benchmark: bool,
    /// Processes every workbook of a client, not only the newest.
    pub keep_all: bool,
    /// The shard that the workbooks are, if the run is one of several.
    pub shard: Option<ShardOptions<'a>>,
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
    check_shared(&out)?;
    // Slugs are allocated in the order of the paths: the same files get the same slugs, in whatever order they were
    // given.
    let mut sorted = paths.to_vec();
    sorted.sort();
    let (build_cache, earlier) = BuildCache::open(folder)?;
    let readings = EarlyReadings::new(folder);
    // A shard keeps all workbooks: whether a newer one replaces them shows only when the shards are merged.
    let replaced = match options.keep_all || options.shard.is_some() || sorted.len() < 2 {
        true => Vec::new(),
        false => {
            // With benchmarks, the cache key depends on all workbooks, so that no key is known yet.
            let settings = (!options.benchmark).then(|| settings_key(setting, brand, options));
            let known = settings.as_deref().map(|settings| (settings, &earlier));
            older_workbooks(setting, workers, &sorted, known, &readings)
        }
    };
    let older: HashSet<&Path> = replaced.iter().map(|old| old.path.as_path()).collect();
    sorted.retain(|path| !older.contains(path.as_path()));
    let benchmarks = options.benchmark.then(|| {
        observer.comparing(sorted.len());
        benchmarks(setting, workers, &sorted, &readings)
    });
    let compared = Compared {
        benchmarks: benchmarks.as_ref().or(setting.compared.benchmarks),
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
    let setup = Setup {
        setting,
        look: &brand.look,
        out: &out,
        earlier: &earlier,
        is_compared: setting.compared.previous.is_some(),
        with_notes: options.notes,
        statuses: options.statuses,
        is_shard: options.shard.is_some(),
        observer,
    };
    let mut run = Run::begin(setup, build_cache, sorted.len(), replaced)?;
    // Renders the few plans that must be regenerated on this thread.
    let mut renderer = None;
    let done = parallel_map_ordered(
        &sorted,
        workers,
        || None,
        |renderer, _, path| maker.make(renderer, path, !options.force),
        |index, made| {
            let path = &sorted[index];
            if let Err(error) =
                made.and_then(|made| maker.take(&mut run, &mut renderer, path, made))
            {
                run.fail(path, error);
            }
            run.done();
        },
    );
    let shard = options.shard.map(|own| ShardRun {
        shard: own.shard,
        settings: ShardSettings::of(setting, brand, options, own),
        workbooks: Vec::new(),
    });
    Ok(run.end(done, shard))
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
                readings.keep(path, &reading);
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
        .add(brand_key(setting, brand))
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
enum Made {
    /// Previous runs created the outputs from the same inputs, under one or more slugs, and the files are unchanged.
    Kept(Vec<Arc<Entry>>),
    /// The plan was created now.
    New(Box<Product>),
}

impl<'a> Maker<'a> {
    fn make(
        &self,
        renderer: &mut Option<Renderer<'a>>,
        path: &Path,
        keep: bool,
    ) -> Result<Made, FileError> {
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
                    return Ok(Made::Kept(kept));
                }
            }
            let reading = self.readings.take_or_read(self.setting, path, workbook)?;
            let version = Version::of(self.setting.questionnaire, &reading);
            let (_, plan) = plan_from(self.setting, path, reading);
            let Brand { fonts, look, .. } = self.brand;
            let renderer = renderer.get_or_insert_with(|| Renderer::new(fonts, look));
            let pdf = if self.options.no_drafts && plan.draft.is_some() {
                Err(FileError::draft(plan.record.counts.errors))
            } else {
                guarded(|| Ok(renderer.render(&plan)?))
            };
            let notes = match self.options.notes && !plan.notes.is_empty() {
                true => guarded(|| Ok(renderer.render_notes(&plan)?)).map(Some),
                false => Ok(None),
            };
            let record = plan.record;
            Ok(Made::New(Box::new(Product {
                key,
                version,
                record,
                pdf,
                notes,
            })))
        })
    }

    /// Writes the result of a worker, or keeps the outputs of a previous run.
    fn take(
        &self,
        run: &mut Run,
        renderer: &mut Option<Renderer<'a>>,
        path: &Path,
        made: Made,
    ) -> Result<(), FileError> {
        match made {
            Made::Kept(entries) => {
                let client = entries.first().map(|entry| entry.made.client.clone());
                let slug = run.slug(&client.unwrap_or_default());
                let entry = entries.into_iter().find(|entry| entry.made.slug == slug);
                if entry.is_some_and(|entry| run.keep(path, entry)) {
                    return Ok(());
                }
                // Another client now has this slug, or the cached record cannot be read.
                match self.make(renderer, path, false)? {
                    Made::New(product) => run.write(path, slug, *product),
                    Made::Kept(_) => Err(FileError::Panic),
                }
            }
            Made::New(product) => {
                let slug = run.slug(&product.record.client.name);
                run.write(path, slug, *product)
            }
        }
    }

    /// Returns whether all output files still exist, byte for byte.
    fn is_whole(&self, made: &CachedOutputs) -> bool {
        let mut outputs = made.outputs.files();
        outputs.all(|output| self.out.has(&output.relative_path, &output.sha256))
    }
}

impl ShardSettings {
    /// Returns the settings of a run.
    fn of(setting: Setting, brand: &Brand, options: Options, shard: ShardOptions) -> Self {
        let Compared {
            previous,
            benchmarks,
        } = setting.compared;
        Self {
            version: env!("CARGO_PKG_VERSION").into(),
            date: setting.today,
            questionnaire: setting.questionnaire.fingerprint.clone(),
            brand: brand_key(setting, brand),
            previous: previous.map_or_else(String::new, |previous| previous.fingerprint.clone()),
            benchmarks: benchmarks.map_or_else(String::new, Benchmarks::fingerprint),
            no_drafts: options.no_drafts,
            notes: options.notes,
            keep_all: options.keep_all,
            inbox: shard.inbox,
            paths: paths_key(shard.paths),
        }
    }
}

/// Returns the fingerprint of the given paths, in whatever order they were given.
fn paths_key(paths: &[PathBuf]) -> String {
    let mut sorted: Vec<&PathBuf> = paths.iter().collect();
    sorted.sort();
    let mut key = Fingerprint::default();
    for path in sorted {
        key.add(path.as_os_str().as_encoded_bytes());
    }
    key.finish()
}

/// Returns the fingerprint of the brand, the sender, and the paper size.
pub fn brand_key(setting: Setting, brand: &Brand) -> String {
    let mut key = Fingerprint::default();
    key.add(&brand.fingerprint)
        .add(format!("{:?}", setting.sender))
        .add(format!("{:?}", brand.look.paper));
    key.finish()
}
