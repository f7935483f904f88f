//! The build cache in the output folder: maps inputs to the outputs created from them. A run continues where the
//! previous run ended, even after a crash. The records of 10,000 clients need not be in memory.
//!
//! The cache is one file that grows. Each entry is a frame: its length, the first bytes of its SHA-256, and its
//! content. The first incomplete frame, such as a crash leaves, ends the file. All frames before it are valid.

use crate::output::names::BUILD_CACHE;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fs::{File, OpenOptions};
use std::io::{BufReader, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use flate2::{Compress, Compression, Decompress};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::latest::Version;
use super::packed::{MAX_SIZE, pack, unpack};
use crate::calendar::Numbering;
use crate::issue::{Counts, Issue};
use crate::output::{self, OutputError};
use crate::portfolio::{Clients, PortfolioError};
use crate::record::{AnswerLine, Outputs, Record};

/// First bytes of the file. A file with other bytes comes from another version and is discarded.
const MAGIC: &[u8; 16] = b"partnerbook rec6";
/// Size of a frame header and of the checksum in it, in bytes.
const FRAME: usize = 4 + CHECKSUM;
const CHECKSUM: usize = 8;

/// The file is compacted when it exceeds twice the size of its live entries by this number of bytes.
const SLACK: u64 = 1 << 20;

/// The outputs that were created from one workbook.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CachedOutputs {
    /// Fingerprint of everything that determines the outputs: workbook, questionnaire, brand, options, program version.
    /// Empty if an output failed, so that the next run tries again.
    pub key: String,
    /// Slug in the file names of the outputs.
    pub slug: String,
    /// The client's name.
    pub client: String,
    /// How new the workbook is among those of its client.
    pub version: Option<Version>,
    /// The number of issues. With errors, the plan is a draft.
    pub counts: Counts,
    /// The output files. Without a plan if draft plans are disabled or the plan failed.
    pub outputs: Outputs,
    /// The numbering of the calendar events.
    pub numbering: Option<Numbering>,
}

/// An entry of the build cache: the cached outputs and the position of their record in the file.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The cached outputs.
    pub made: CachedOutputs,
    /// Offsets in the file: start of figures, issues, and answers, and end of the entry.
    at: [u64; 4],
    frame: u64,
}

/// Lengths of figures, issues, and answers, in bytes. They follow the cached outputs in a frame.
type Lengths = [u32; 3];

/// The build cache of an output folder.
pub struct BuildCache {
    path: PathBuf,
    /// Locked while one part is read, because several threads read.
    reader: Mutex<Reader>,
    deflate: Compress,
    /// Offset of the next entry.
    end: u64,
}

/// The outputs of previous runs.
#[derive(Default)]
pub struct PreviousOutputs {
    /// By cache key.
    entries: HashMap<String, Vec<Arc<Entry>>>,
    /// The latest entry of each slug, and the latest numbering of its calendar.
    by_slug: HashMap<String, (Arc<Entry>, Option<Numbering>)>,
}

impl PreviousOutputs {
    /// Returns the entries with this cache key, one per slug.
    pub fn with_key(&self, key: &str) -> impl Iterator<Item = &Arc<Entry>> {
        self.entries.get(key).into_iter().flatten()
    }

    /// Returns the entry with this cache key and slug. An entry without a key is the latest with its slug.
    pub fn entry(&self, key: &str, slug: &str) -> Option<&Arc<Entry>> {
        match key.is_empty() {
            true => Some(&self.by_slug.get(slug)?.0).filter(|entry| entry.made.key.is_empty()),
            false => self.with_key(key).find(|entry| entry.made.slug == slug),
        }
    }

    /// Returns the latest numbering of the calendar with this slug.
    pub fn numbering(&self, slug: &str) -> Option<&Numbering> {
        self.by_slug.get(slug)?.1.as_ref()
    }

    fn add(&mut self, entry: Entry) {
        let entry = Arc::new(entry);
        let made = &entry.made;
        let last = self.numbering(&made.slug).cloned();
        let numbering = made.numbering.clone().or(last);
        self.by_slug
            .insert(made.slug.clone(), (entry.clone(), numbering));
        if !made.key.is_empty() {
            let same = self.entries.entry(made.key.clone()).or_default();
            same.retain(|other| other.made.slug != made.slug);
            same.push(entry);
        }
    }
}

impl BuildCache {
    /// Opens the build cache of a folder, or creates one.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read or written. A damaged file is not an error: the lost outputs are
    /// regenerated.
    pub fn open(root: &Path) -> Result<(Self, PreviousOutputs), OutputError> {
        let path = root.join(BUILD_CACHE);
        let failed = |error| OutputError::Failed {
            path: path.clone(),
            error,
        };
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(failed)?;
        let mut build_cache = Self::of(path.clone(), file);
        let previous = build_cache.load().map_err(failed)?;
        Ok((build_cache, previous))
    }

    fn of(path: PathBuf, file: File) -> Self {
        Self {
            reader: Mutex::new(Reader {
                file,
                inflate: Decompress::new(false),
            }),
            deflate: Compress::new(Compression::fast(), false),
            end: MAGIC.len() as u64,
            path,
        }
    }

    /// Opens the build cache of another folder to read records. Nothing can be added.
    ///
    /// # Errors
    /// Returns an error if the folder contains no build cache.
    pub fn open_to_read(root: &Path) -> std::io::Result<Self> {
        let path = root.join(BUILD_CACHE);
        let file = File::open(&path)?;
        Ok(Self::of(path, file))
    }

    /// Returns the entries in the build cache of another folder.
    ///
    /// # Errors
    /// Returns an error if the folder contains no build cache, or one of another version.
    pub fn entries_of(root: &Path) -> std::io::Result<PreviousOutputs> {
        let entries = Self::open_to_read(root)?.entries()?;
        entries.ok_or_else(|| std::io::Error::other("it comes from another version"))
    }

    fn load(&mut self) -> std::io::Result<PreviousOutputs> {
        let entries = self.entries()?;
        let file = own(&mut self.reader);
        let Some(previous) = entries else {
            file.set_len(0)?;
            file.rewind()?;
            file.write_all(MAGIC)?;
            return Ok(PreviousOutputs::default());
        };
        // Remove an incomplete frame that a crash left.
        file.set_len(self.end)?;
        Ok(previous)
    }

    /// Reads all entries. Returns `None` if the file comes from another version.
    fn entries(&mut self) -> std::io::Result<Option<PreviousOutputs>> {
        let mut previous = PreviousOutputs::default();
        let file = own(&mut self.reader);
        let mut reader = BufReader::with_capacity(1 << 20, &mut *file);
        let mut magic = [0; MAGIC.len()];
        if reader.read_exact(&mut magic).is_err() || magic != *MAGIC {
            return Ok(None);
        }
        while let Some(entry) = read_frame(&mut reader, self.end)? {
            self.end = entry.at[3];
            previous.add(entry);
        }
        Ok(Some(previous))
    }

    /// Adds an entry.
    ///
    /// # Errors
    /// Returns an error if the entry cannot be written.
    pub fn add(&mut self, made: CachedOutputs, record: &Record) -> Result<Arc<Entry>, OutputError> {
        let written =
            encode(&mut self.deflate, record).and_then(|parts| self.append(&made, &parts));
        written.map(Arc::new).map_err(|error| OutputError::Failed {
            path: self.path.clone(),
            error,
        })
    }

    fn append(&mut self, made: &CachedOutputs, parts: &[Vec<u8>; 3]) -> std::io::Result<Entry> {
        let lengths: Lengths = [0, 1, 2].map(|part| parts[part].len() as u32);
        let head = postcard::to_stdvec(&(made, lengths)).map_err(std::io::Error::other)?;
        let mut frame = vec![0; FRAME];
        frame.extend(&head);
        let first = self.end + frame.len() as u64;
        parts.iter().for_each(|part| frame.extend(part));
        let (before, content) = frame.split_at_mut(FRAME);
        before[..4].copy_from_slice(&(content.len() as u32).to_le_bytes());
        before[4..].copy_from_slice(&Sha256::digest(&*content)[..CHECKSUM]);
        let file = own(&mut self.reader);
        file.seek(SeekFrom::Start(self.end))?;
        file.write_all(&frame)?;
        let entry = Entry {
            made: made.clone(),
            at: ends(first, lengths),
            frame: self.end,
        };
        self.end = entry.at[3];
        Ok(entry)
    }

    /// Returns the records of entries, to read one by one. The path of each workbook is given here, because the cache
    /// does not contain it.
    pub fn records<'l>(&'l self, clients: &'l [(Arc<Entry>, PathBuf)]) -> Records<'l> {
        Records {
            reader: &self.reader,
            clients,
        }
    }

    /// Closes the cache. If the file has grown too large, keeps only the entries of this run and, from previous runs,
    /// the latest entry of every other slug. If the run was stopped (`whole` is false), keeps all entries.
    ///
    /// # Errors
    /// Returns an error if the file cannot be written.
    pub fn close(
        mut self,
        now: &[(Arc<Entry>, PathBuf)],
        previous: &PreviousOutputs,
        whole: bool,
    ) -> Result<(), OutputError> {
        let path = self.path.clone();
        let failed = |error| OutputError::Failed {
            path: path.clone(),
            error,
        };
        let names: HashSet<&str> = now.iter().map(|(entry, _)| &*entry.made.slug).collect();
        let mut entries: Vec<&Arc<Entry>> = previous
            .by_slug
            .values()
            .map(|(entry, _)| entry)
            .filter(|entry| !names.contains(&*entry.made.slug))
            .chain(now.iter().map(|(entry, _)| entry))
            .collect();
        let live: u64 = entries.iter().map(|entry| entry.at[3] - entry.frame).sum();
        if !whole || self.end <= 2 * live + SLACK {
            return own(&mut self.reader).sync_data().map_err(failed);
        }
        entries.sort_by_key(|entry| entry.frame);
        let mut fresh = output::temporary(&path)?;
        self.copy(&entries, fresh.as_file_mut()).map_err(failed)?;
        // Windows cannot replace an open file.
        drop(self);
        output::publish(fresh, &path)
    }

    fn copy(&mut self, entries: &[&Arc<Entry>], to: &mut File) -> std::io::Result<()> {
        to.write_all(MAGIC)?;
        for entry in entries {
            let mut frame = vec![0; (entry.at[3] - entry.frame) as usize];
            let file = own(&mut self.reader);
            file.seek(SeekFrom::Start(entry.frame))?;
            file.read_exact(&mut frame)?;
            to.write_all(&frame)?;
        }
        Ok(())
    }
}

/// The file and its decompressor. All parts share one decompressor, because allocating its tables for each part would
/// fragment the memory.
struct Reader {
    file: File,
    inflate: Decompress,
}

fn own(reader: &mut Mutex<Reader>) -> &mut File {
    let reader = reader.get_mut().unwrap_or_else(PoisonError::into_inner);
    &mut reader.file
}

/// Returns the offsets at which parts of these lengths begin, and the end of the last part.
fn ends(first: u64, lengths: Lengths) -> [u64; 4] {
    let mut at = [first; 4];
    for (part, length) in lengths.iter().enumerate() {
        at[part + 1] = at[part] + u64::from(*length);
    }
    at
}

/// Reads the next frame. Returns `None` at the end of the file, or if the frame is incomplete or damaged.
///
/// # Errors
/// Returns an error if the disk cannot be read. That is not the end of the file.
fn read_frame(reader: &mut impl Read, at: u64) -> std::io::Result<Option<Entry>> {
    let mut before = [0; FRAME];
    match reader.read_exact(&mut before) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let [a, b, c, d, checksum @ ..] = before;
    let length = u32::from_le_bytes([a, b, c, d]) as usize;
    if length > MAX_SIZE {
        return Ok(None);
    }
    let mut content = Vec::new();
    reader.take(length as u64).read_to_end(&mut content)?;
    if content.len() != length || Sha256::digest(&content)[..CHECKSUM] != checksum {
        return Ok(None);
    }
    let Ok(((made, lengths), rest)) =
        postcard::take_from_bytes::<(CachedOutputs, Lengths)>(&content)
    else {
        return Ok(None);
    };
    let parts: u64 = lengths.iter().map(|length| u64::from(*length)).sum();
    if parts != rest.len() as u64 {
        return Ok(None);
    }
    let first = at + (FRAME + length - rest.len()) as u64;
    Ok(Some(Entry {
        made,
        at: ends(first, lengths),
        frame: at,
    }))
}

/// Encodes figures, issues, and answers separately.
fn encode(deflate: &mut Compress, record: &Record) -> std::io::Result<[Vec<u8>; 3]> {
    Ok([
        pack(deflate, &record.figures())?,
        pack(deflate, &record.issues)?,
        pack(deflate, &record.answers)?,
    ])
}

/// The records of clients in the build cache.
pub struct Records<'l> {
    reader: &'l Mutex<Reader>,
    clients: &'l [(Arc<Entry>, PathBuf)],
}

impl Records<'_> {
    /// Reads the figures of a client.
    ///
    /// # Errors
    /// Returns an error if they cannot be read.
    pub fn figures(&self, index: usize) -> std::io::Result<Record> {
        let mut record: Record = self.part(index, 0)?;
        record.source.path.clone_from(&self.clients[index].1);
        Ok(record)
    }

    /// Reads the figures and the issues of a client.
    ///
    /// # Errors
    /// Returns an error if they cannot be read.
    pub fn figures_and_issues(&self, index: usize) -> std::io::Result<Record> {
        let mut record = self.figures(index)?;
        record.issues = self.issues(index)?;
        Ok(record)
    }

    /// Reads the issues of a client.
    ///
    /// # Errors
    /// Returns an error if they cannot be read.
    pub fn issues(&self, index: usize) -> std::io::Result<Vec<Issue>> {
        self.part(index, 1)
    }

    /// Reads the answers of a client.
    ///
    /// # Errors
    /// Returns an error if they cannot be read.
    pub fn answers(&self, index: usize) -> std::io::Result<Vec<AnswerLine>> {
        self.part(index, 2)
    }

    fn part<T: DeserializeOwned>(&self, index: usize, part: usize) -> std::io::Result<T> {
        let at = self.clients[index].0.at;
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let Reader { file, inflate } = &mut *reader;
        let mut bytes = vec![0; (at[part + 1] - at[part]) as usize];
        file.seek(SeekFrom::Start(at[part]))?;
        file.read_exact(&mut bytes)?;
        unpack(inflate, &bytes)
    }
}

impl Clients for Records<'_> {
    fn count(&self) -> usize {
        self.clients.len()
    }

    fn figures(&self, index: usize) -> Result<Cow<'_, Record>, PortfolioError> {
        Ok(Cow::Owned(Records::figures(self, index)?))
    }

    fn issues(&self, index: usize) -> Result<Cow<'_, [Issue]>, PortfolioError> {
        Ok(Cow::Owned(Records::issues(self, index)?))
    }
}
