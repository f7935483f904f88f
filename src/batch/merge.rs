//! Merges the output folders of shards into the folder that one run over all workbooks would have created.

use std::collections::{BTreeMap, HashSet};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;

use super::build_cache::{BuildCache, Entry};
use super::latest::{self, Replaced, Version};
use super::outcome::Report;
use super::parallel::parallel_map_ordered;
use super::report::brand_key;
use super::run::{Product, Run, Setup, check_shared};
use super::shard::{ShardRun, ShardSettings, ShardWorkbook, StoredPath};
use super::{BatchError, FileError, Observer, Setting, Statuses, Workers};
use crate::bounded;
use crate::brand::Brand;
use crate::fingerprint;
use crate::output::OutputFolder;
use crate::output::names::{BUILD_CACHE, SHARD};
use crate::record::Output;

/// Maximum number of missing shards that a message names.
const SHOWN: usize = 5;
/// Maximum size of a plan or of notes, in bytes.
const MAX_OUTPUT: u64 = 256 << 20;

/// The finished shards of one run.
pub struct Shards {
    folders: Vec<ShardFolder>,
    settings: ShardSettings,
}

struct ShardFolder {
    root: PathBuf,
    run: ShardRun,
}

impl Shards {
    /// Reads the descriptions of shards from their output folders.
    ///
    /// # Errors
    /// Returns an error that names the folder if one is no finished shard, if shards differ in a setting, if one is
    /// missing, or if two contain the same shard or the same workbook.
    pub fn open(folders: &[PathBuf]) -> Result<Self, BatchError> {
        let mut opened = Vec::new();
        for root in folders {
            opened.push(ShardFolder {
                root: root.clone(),
                run: load(root)?,
            });
        }
        let Some(first) = opened.first() else {
            return Err(BatchError::Shards("no shards are given".into()));
        };
        let settings = first.run.settings.clone();
        check_settings(&opened)?;
        check_all_there(&opened)?;
        check_workbooks(&opened)?;
        Ok(Self {
            folders: opened,
            settings,
        })
    }

    /// Returns the report date.
    pub fn date(&self) -> NaiveDate {
        self.settings.date
    }

    /// Returns whether the workbooks are the inbox of an engagement.
    pub fn is_inbox(&self) -> bool {
        self.settings.inbox
    }

    /// Checks that no shard would be overwritten.
    fn check_output(&self, output: &Path) -> Result<(), BatchError> {
        let place = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let own = place(output);
        match self.folders.iter().any(|shard| place(&shard.root) == own) {
            false => Ok(()),
            true => Err(BatchError::NoShard {
                folder: output.to_owned(),
                reason: "is a shard, so it cannot be the output folder too. Choose another folder with -o".into(),
            }),
        }
    }

    /// Checks that this run uses the questionnaire and the brand that the shards were created with.
    fn check(&self, setting: Setting, brand: &Brand) -> Result<(), BatchError> {
        let own = ShardSettings {
            version: env!("CARGO_PKG_VERSION").into(),
            questionnaire: setting.questionnaire.fingerprint.clone(),
            brand: brand_key(setting, brand),
            ..self.settings.clone()
        };
        match own.difference(&self.settings) {
            None => Ok(()),
            Some(what) => Err(BatchError::Shards(format!(
                "the shards were created with another {what} than this command. Give `merge` the same options as the shards, and use the same version"
            ))),
        }
    }
}

fn load(root: &Path) -> Result<ShardRun, BatchError> {
    ShardRun::load(root).map_err(|error| BatchError::NoShard {
        folder: root.to_owned(),
        reason: match error.kind() {
            std::io::ErrorKind::NotFound if !root.exists() => "does not exist".into(),
            std::io::ErrorKind::NotFound => {
                "is not the output folder of a finished shard. Run `partnerbook report --shard` for this shard again, until it ends without an error".into()
            }
            _ => format!("contains a {SHARD} that cannot be read ({error}). Run this shard again"),
        },
    })
}

/// Checks that all shards were created with the same settings.
fn check_settings(folders: &[ShardFolder]) -> Result<(), BatchError> {
    let [first, rest @ ..] = folders else {
        return Ok(());
    };
    for other in rest {
        let what = match other.run.settings.difference(&first.run.settings) {
            None if other.run.shard.count() == first.run.shard.count() => continue,
            None => "number of shards (--shard)",
            Some(what) => what,
        };
        return Err(BatchError::Shards(format!(
            "{} was created with another {what} than {}. Run the shards with the same version and options",
            other.root.display(),
            first.root.display()
        )));
    }
    Ok(())
}

/// Checks that each shard is there once.
fn check_all_there(folders: &[ShardFolder]) -> Result<(), BatchError> {
    let mut by_number: BTreeMap<u32, &ShardFolder> = BTreeMap::new();
    for folder in folders {
        let shard = folder.run.shard;
        if let Some(same) = by_number.insert(shard.number(), folder) {
            return Err(BatchError::Shards(format!(
                "{} and {} both contain shard {shard}. Name each shard once",
                same.root.display(),
                folder.root.display()
            )));
        }
    }
    let count = folders.first().map_or(0, |first| first.run.shard.count());
    let mut missing = (1..=count).filter(|number| !by_number.contains_key(number));
    let named: Vec<String> = missing
        .by_ref()
        .take(SHOWN)
        .map(|number| format!("{number}/{count}"))
        .collect();
    if named.is_empty() {
        return Ok(());
    }
    let more = if missing.next().is_some() {
        ", …"
    } else {
        ""
    };
    Err(BatchError::Shards(format!(
        "some shards are missing: {}{more}. Name the output folders of all shards",
        named.join(", ")
    )))
}

/// Checks that no workbook is in two shards.
fn check_workbooks(folders: &[ShardFolder]) -> Result<(), BatchError> {
    let mut by_path: BTreeMap<&StoredPath, &ShardFolder> = BTreeMap::new();
    for folder in folders {
        for workbook in &folder.run.workbooks {
            if let Some(other) = by_path.insert(&workbook.path, folder) {
                return Err(BatchError::Shards(format!(
                    "{} and {} both contain {}. Run the shards with the same paths",
                    other.root.display(),
                    folder.root.display(),
                    workbook.path.path().display()
                )));
            }
        }
    }
    Ok(())
}

/// A workbook of a shard, and where its outputs are.
struct Item<'s> {
    path: PathBuf,
    folder: &'s ShardFolder,
    workbook: &'s ShardWorkbook,
    /// `None` if the workbook could not be read.
    entry: Option<Arc<Entry>>,
}

/// The options of a merge.
#[derive(Debug, Clone, Copy)]
pub struct MergeOptions<'a> {
    /// Overwrites files that partnerbook did not create.
    pub force: bool,
    /// The engagement, for the sheet Status of the portfolio workbook.
    pub statuses: Option<&'a dyn Statuses>,
}

/// Merges shards: creates the files that one run over all workbooks would have created, byte for byte. Decides which
/// workbooks newer ones of the same client replace, and allocates the slugs. Plans are copied; calendars are created
/// again, because an event is identified by the slug.
///
/// # Errors
/// Returns an error if the shards were created with another questionnaire, brand, or version, if a shard cannot be
/// read, or if the output folder cannot be used.
pub fn merge(
    setting: Setting,
    workers: Workers,
    shards: &Shards,
    folder: &Path,
    brand: &Brand,
    options: MergeOptions,
    observer: &dyn Observer,
) -> Result<Report, BatchError> {
    shards.check(setting, brand)?;
    shards.check_output(folder)?;
    let mut items = items(&shards.folders)?;
    let replaced = match shards.settings.keep_all {
        true => Vec::new(),
        false => remove_older(&mut items),
    };
    let out = OutputFolder::open(folder, options.force)?;
    check_shared(&out)?;
    let (build_cache, earlier) = BuildCache::open(folder)?;
    let setup = Setup {
        setting,
        look: &brand.look,
        out: &out,
        earlier: &earlier,
        // The shards have named the clients that the previous run does not contain.
        is_compared: false,
        with_notes: shards.settings.notes,
        statuses: options.statuses,
        is_shard: false,
        observer,
    };
    let mut run = Run::begin(setup, build_cache, items.len(), replaced)?;
    let mut broken = None;
    let done = parallel_map_ordered(
        &items,
        workers,
        || (),
        |(), _, item| item.load(),
        |index, product| {
            match product {
                // After the first shard that cannot be read, nothing more is written.
                _ if broken.is_some() => {}
                Ok(product) => items[index].take(&mut run, product),
                Err(error) => broken = Some(error),
            }
            run.done();
        },
    );
    match broken {
        Some(error) => Err(error),
        None => Ok(run.end(done, None)),
    }
}

/// Returns the workbooks of all shards, in the order of their paths.
fn items(folders: &[ShardFolder]) -> Result<Vec<Item<'_>>, BatchError> {
    let mut items = Vec::new();
    for folder in folders {
        let entries = BuildCache::entries_of(&folder.root);
        let entries = entries.map_err(|error| unreadable(&folder.root.join(BUILD_CACHE), error))?;
        for workbook in &folder.run.workbooks {
            let outputs = workbook.outputs.as_ref();
            let entry = outputs.map(|(key, slug)| {
                let found = entries.entry(key, slug).cloned();
                found.ok_or_else(|| damaged(&folder.root))
            });
            items.push(Item {
                path: workbook.path.path(),
                folder,
                workbook,
                entry: entry.transpose()?,
            });
        }
    }
    items.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(items)
}

/// Removes and returns the workbooks that newer ones of the same client replace.
fn remove_older(items: &mut Vec<Item>) -> Vec<Replaced> {
    let version = |item: &Item| item.entry.as_ref()?.made.version.clone();
    let versions: Vec<(&Path, Option<Version>)> = items
        .iter()
        .map(|item| (item.path.as_path(), version(item)))
        .collect();
    let replaced = latest::replaced(&versions);
    let older: HashSet<&Path> = replaced.iter().map(|old| old.path.as_path()).collect();
    items.retain(|item| !older.contains(item.path.as_path()));
    replaced
}

fn unreadable(path: &Path, error: std::io::Error) -> BatchError {
    BatchError::ShardUnreadable {
        path: path.to_owned(),
        error,
    }
}

fn damaged(folder: &Path) -> BatchError {
    BatchError::NoShard {
        folder: folder.to_owned(),
        reason: "was changed after the shard was finished. Run this shard again".into(),
    }
}

impl Item<'_> {
    /// Returns the failure that the shard reported.
    fn failure(&self) -> Option<FileError> {
        let failure = self.workbook.failure.as_ref()?;
        Some(FileError::InShard {
            reason: failure.reason.clone(),
            is_draft: failure.is_draft,
        })
    }

    /// Writes the outputs of a workbook, and reports what failed in the shard.
    fn take(&self, run: &mut Run, product: Option<Product>) {
        // Without a plan, writing reports the failure.
        let reported = product.as_ref().is_some_and(|product| product.pdf.is_err());
        if let Some(product) = product {
            let slug = run.slug(&product.record.client.name);
            if let Err(error) = run.write(&self.path, slug, product) {
                run.fail(&self.path, error);
            }
        }
        if let Some(error) = self.failure().filter(|_| !reported) {
            run.fail(&self.path, error);
        }
    }

    /// Loads the outputs of a workbook. Returns `None` if the shard could not read it.
    fn load(&self) -> Result<Option<Product>, BatchError> {
        let Some(entry) = &self.entry else {
            return Ok(None);
        };
        let client = [(entry.clone(), self.path.clone())];
        let root = &self.folder.root;
        // Opened for each workbook: there may be more shards than files that may be open.
        let read = || -> std::io::Result<_> {
            let cache = BuildCache::open_to_read(root)?;
            let records = cache.records(&client);
            let mut record = records.figures_and_issues(0)?;
            record.answers = records.answers(0)?;
            Ok(record)
        };
        let record = read().map_err(|error| unreadable(&root.join(BUILD_CACHE), error))?;
        let outputs = &entry.made.outputs;
        let pdf = match (&outputs.plan, self.failure()) {
            (Some(plan), _) => Ok(self.bytes(plan)?),
            (None, Some(error)) => Err(error),
            (None, None) => return Err(damaged(&self.folder.root)),
        };
        let notes = outputs.notes.as_ref().map(|notes| self.bytes(notes));
        Ok(Some(Product {
            key: entry.made.key.clone(),
            version: entry.made.version.clone(),
            record,
            pdf,
            notes: Ok(notes.transpose()?),
        }))
    }

    /// Reads an output of the shard, and checks that nobody has changed it.
    fn bytes(&self, output: &Output) -> Result<Vec<u8>, BatchError> {
        // The build cache could come from a stranger: read nothing outside the folder.
        let relative = Path::new(&output.relative_path);
        if !relative
            .components()
            .all(|part| matches!(part, Component::Normal(_)))
        {
            return Err(damaged(&self.folder.root));
        }
        let path = self.folder.root.join(relative);
        let bytes = bounded::read(&path, MAX_OUTPUT).map_err(|error| unreadable(&path, error))?;
        match fingerprint::of(&bytes) == output.sha256 {
            true => Ok(bytes),
            false => Err(damaged(&self.folder.root)),
        }
    }
}
