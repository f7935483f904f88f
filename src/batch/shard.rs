//! A shard: the part of the workbooks that one of several runs processes, and what such a run leaves for `merge`.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::bounded;
use crate::output::names::SHARD;

/// Maximum number of shards.
const MAX_SHARDS: u32 = 100_000;
/// Maximum size of a shard's description, in bytes.
const MAX_BYTES: u64 = 1 << 30;

/// One of several parts of the workbooks. The path of a workbook decides to which part it belongs, whatever the other
/// workbooks are.
///
/// ```
/// use partnerbook::batch::Shard;
///
/// let shards: Vec<Shard> = (1..=3).map(|number| format!("{number}/3").parse()).collect::<Result<_, _>>()?;
/// assert_eq!(shards.iter().filter(|shard| shard.contains("acme.xlsx")).count(), 1);
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Shard {
    /// From 1 to `count`.
    number: u32,
    count: u32,
}

impl Shard {
    /// Returns the number of this shard, from 1.
    pub fn number(self) -> u32 {
        self.number
    }

    /// Returns the number of shards.
    pub fn count(self) -> u32 {
        self.count
    }

    /// Returns whether a workbook belongs to this shard. The path is relative to the folder that was searched and uses
    /// `/` as the separator.
    pub fn contains(self, relative_path: &str) -> bool {
        let hash = Sha256::digest(relative_path.as_bytes());
        let first = hash
            .first_chunk()
            .map_or(0, |first| u64::from_be_bytes(*first));
        first % u64::from(self.count) == u64::from(self.number - 1)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/');
        let numbers =
            parts.and_then(|(number, count)| Some((number.parse().ok()?, count.parse().ok()?)));
        match numbers {
            Some((number, count)) if (1..=count).contains(&number) && count <= MAX_SHARDS => {
                Ok(Self { number, count })
            }
            _ => Err(format!(
                "enter the number of this shard and of all shards, such as 1/8, 2/8, up to 8/8. There are at most {MAX_SHARDS} shards"
            )),
        }
    }
}

impl std::fmt::Display for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "{}/{}", self.number, self.count)
    }
}

impl TryFrom<String> for Shard {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Shard> for String {
    fn from(shard: Shard) -> Self {
        shard.to_string()
    }
}

/// A shard that a run processes.
#[derive(Debug, Clone, Copy)]
pub struct ShardOptions<'a> {
    /// Which shard it is.
    pub shard: Shard,
    /// The paths as given: the same for all shards.
    pub paths: &'a [PathBuf],
    /// Whether the paths are the inbox of an engagement.
    pub inbox: bool,
}

/// Describes the run of a shard. The run writes it last, after everything else is on disk, so that only a finished shard
/// has one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShardRun {
    /// Which shard it is.
    pub shard: Shard,
    /// What determines the outputs. Equal for all shards that belong together.
    pub settings: ShardSettings,
    /// The workbooks, in the order of their paths.
    pub workbooks: Vec<ShardWorkbook>,
}

/// What determines the outputs of a run, besides the workbooks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardSettings {
    /// Version of partnerbook.
    pub version: String,
    /// Report date.
    pub date: NaiveDate,
    /// Fingerprint of the questionnaire.
    pub questionnaire: String,
    /// Fingerprint of the brand, the sender, and the paper size.
    pub brand: String,
    /// Fingerprint of the previous run that clients are compared with. Empty without one.
    pub previous: String,
    /// Fingerprint of the benchmarks. Empty without them.
    pub benchmarks: String,
    /// Whether draft plans are disabled.
    pub no_drafts: bool,
    /// Whether notes for the consultant are created.
    pub notes: bool,
    /// Whether every workbook of a client counts, not only the newest.
    pub keep_all: bool,
    /// Whether the workbooks are the inbox of an engagement.
    pub inbox: bool,
    /// Fingerprint of the given paths.
    pub paths: String,
}

impl ShardSettings {
    /// Returns what differs between two runs, as the user names it. `None` if they belong together.
    pub fn difference(&self, other: &Self) -> Option<&'static str> {
        let differences = [
            (self.version != other.version, "version of partnerbook"),
            (self.questionnaire != other.questionnaire, "questionnaire"),
            (
                self.brand != other.brand,
                "brand, consultant, confidentiality line, or paper size",
            ),
            (self.date != other.date, "report date (--date)"),
            (self.previous != other.previous, "previous run (--since)"),
            (
                self.benchmarks != other.benchmarks,
                "benchmark file (--benchmark-from)",
            ),
            (self.no_drafts != other.no_drafts, "--no-drafts"),
            (self.notes != other.notes, "--notes"),
            (self.keep_all != other.keep_all, "--keep-all"),
            (
                self.paths != other.paths || self.inbox != other.inbox,
                "choice of workbooks: other paths, another list, or the inbox",
            ),
        ];
        let found = differences.into_iter().find(|(differs, _)| *differs);
        found.map(|(_, name)| name)
    }
}

/// A workbook of a shard.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShardWorkbook {
    /// The path as given.
    pub path: StoredPath,
    /// Cache key and slug of its outputs. `None` if the workbook could not be read.
    pub outputs: Option<(String, String)>,
    /// Why the workbook or its plan failed.
    pub failure: Option<ShardFailure>,
}

/// A path in JSON: as text, or byte by byte if it is not UTF-8.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum StoredPath {
    Text(String),
    Bytes(Vec<u8>),
}

impl From<&Path> for StoredPath {
    fn from(path: &Path) -> Self {
        match path.to_str() {
            Some(text) => Self::Text(text.to_owned()),
            None => Self::Bytes(path.as_os_str().as_encoded_bytes().to_owned()),
        }
    }
}

impl StoredPath {
    /// Returns the path. Where paths are not bytes, what is not UTF-8 is replaced.
    pub fn path(&self) -> PathBuf {
        match self {
            Self::Text(text) => PathBuf::from(text),
            #[cfg(unix)]
            Self::Bytes(bytes) => {
                use std::os::unix::ffi::OsStrExt;
                PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
            }
            #[cfg(not(unix))]
            Self::Bytes(bytes) => PathBuf::from(String::from_utf8_lossy(bytes).into_owned()),
        }
    }
}

/// Why a workbook or its plan failed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShardFailure {
    /// The reason, as printed after the name of the file.
    pub reason: String,
    /// Whether the plan would be a draft, and draft plans are disabled.
    pub is_draft: bool,
}

impl ShardRun {
    /// Loads the description from the output folder of a shard.
    ///
    /// # Errors
    /// Returns an error if the folder contains none, or if it cannot be read.
    pub fn load(folder: &Path) -> std::io::Result<Self> {
        let bytes = bounded::read(&folder.join(SHARD), MAX_BYTES)?;
        serde_json::from_slice(&bytes).map_err(std::io::Error::other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shard_is_a_number_and_a_count() {
        for text in ["1/1", "3/8", "100000/100000"] {
            assert_eq!(text.parse::<Shard>().unwrap().to_string(), text);
        }
        for text in [
            "", "1", "0/8", "9/8", "1/0", "1/100001", "a/b", "1/2/3", "-1/2", "1 / 2",
        ] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }

    #[test]
    fn each_path_belongs_to_exactly_one_shard_and_shards_are_of_similar_size() {
        let shards: Vec<Shard> = (1..=8).map(|number| Shard { number, count: 8 }).collect();
        let mut sizes = [0; 8];
        for index in 0..4_000 {
            let path = format!("clients/{index}.xlsx");
            let own: Vec<usize> = (0..8).filter(|at| shards[*at].contains(&path)).collect();
            assert_eq!(own.len(), 1);
            sizes[own[0]] += 1;
        }
        assert!(
            sizes.iter().all(|size| (420..580).contains(size)),
            "{sizes:?}"
        );
    }

    #[test]
    fn the_shard_of_a_path_never_changes() {
        // Worked out with another program: the first eight bytes of the SHA-256, as a big-endian number, modulo 8.
        let expected = [
            ("a.xlsx", 3),
            ("b.xlsx", 5),
            ("d.xlsx", 4),
            ("e.xlsx", 2),
            ("g.xlsx", 1),
            ("h.xlsx", 7),
        ];
        for (path, number) in expected {
            assert!(Shard { number, count: 8 }.contains(path), "{path}");
        }
    }
}
