//! Selects the newest of several workbooks of one client. Two workbooks are compared by the generation of the annotated
//! copy, else by the date on which the client filled them in, else by the time when they were last saved. If no
//! criterion decides, both are processed.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

use crate::intake::Reading;
use crate::questionnaire::Questionnaire;

/// What determines how new a workbook is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// The client ID.
    client: String,
    generation: u32,
    filled_in_on: Option<NaiveDate>,
    saved: Option<NaiveDateTime>,
}

impl Version {
    /// Returns the client ID.
    pub fn client(&self) -> &str {
        &self.client
    }

    /// Returns when the workbook was last saved, from its document properties.
    pub fn saved(&self) -> Option<NaiveDateTime> {
        self.saved
    }

    /// Returns the version of a reading. Returns `None` if the workbook contains no client ID.
    pub fn of(questionnaire: &Questionnaire, reading: &Reading) -> Option<Self> {
        let edition = reading.edition.as_ref()?;
        Some(Self {
            client: edition.client.clone(),
            generation: edition.generation,
            filled_in_on: reading.answers.filled_in_on(questionnaire),
            saved: reading.saved,
        })
    }

    /// Returns whether this workbook counts instead of another of the same client, which comes before it. Of equally new
    /// workbooks, the last counts.
    pub fn replaces(&self, earlier: Option<&Version>) -> bool {
        earlier.is_none_or(|earlier| !earlier.is_newer_than(self))
    }

    /// Returns whether this workbook is newer than another of the same client. The first criterion that differs
    /// decides.
    fn is_newer_than(&self, other: &Self) -> bool {
        if self.generation != other.generation {
            return self.generation > other.generation;
        }
        match (self.filled_in_on, other.filled_in_on) {
            (Some(own), Some(other)) if own != other => return own > other,
            _ => {}
        }
        match (self.saved, other.saved) {
            (Some(own), Some(other)) => own > other,
            _ => false,
        }
    }
}

/// A workbook that is skipped, and the newer workbook of the same client that replaces it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    /// The older workbook.
    pub path: PathBuf,
    /// The newer workbook.
    pub by: PathBuf,
}

/// Returns the workbooks that newer ones replace, in the order of `versions`.
pub fn replaced(versions: &[(&Path, Option<Version>)]) -> Vec<Replaced> {
    let mut by_client: HashMap<&str, Vec<(&Path, &Version)>> = HashMap::new();
    for (path, version) in versions {
        if let Some(version) = version {
            let own = by_client.entry(&version.client).or_default();
            own.push((path, version));
        }
    }
    let newest = |path: &Path, version: &Version| {
        let all = by_client.get(version.client.as_str())?;
        let newer = all
            .iter()
            .filter(|(other, own)| *other != path && own.is_newer_than(version));
        // If several are newer, choose one that no other replaces.
        newer.fold(None, |best: Option<&(&Path, &Version)>, other| match best {
            Some(best) if !other.1.is_newer_than(best.1) => Some(best),
            _ => Some(other),
        })
    };
    let older = versions.iter().filter_map(|(path, version)| {
        let (by, _) = newest(path, version.as_ref()?)?;
        Some(Replaced {
            path: path.to_path_buf(),
            by: by.to_path_buf(),
        })
    });
    older.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(generation: u32, day: Option<u32>, hour: Option<u32>) -> Option<Version> {
        let moment = |day, hour| NaiveDate::from_ymd_opt(2026, 11, day)?.and_hms_opt(hour, 0, 0);
        Some(Version {
            client: "a".into(),
            generation,
            filled_in_on: day.and_then(|day| NaiveDate::from_ymd_opt(2026, 11, day)),
            saved: hour.and_then(|hour| moment(1, hour)),
        })
    }

    #[test]
    fn the_first_that_differs_decides() {
        for (older, newer) in [
            (version(0, Some(9), Some(9)), version(1, Some(1), Some(1))),
            (version(1, Some(1), Some(9)), version(1, Some(2), Some(1))),
            (version(0, None, Some(1)), version(0, Some(2), Some(2))),
        ] {
            let list = [(Path::new("old"), older), (Path::new("new"), newer)];
            let expected = Replaced {
                path: "old".into(),
                by: "new".into(),
            };
            assert_eq!(replaced(&list), [expected]);
        }
    }

    #[test]
    fn where_nothing_decides_both_count() {
        let mut other = version(0, Some(1), Some(1));
        let list = [
            (Path::new("a"), version(0, Some(1), Some(1))),
            (Path::new("b"), version(0, Some(1), None)),
            (Path::new("c"), other.clone()),
            (Path::new("d"), None),
        ];
        assert_eq!(replaced(&list), []);
        // A workbook of another client.
        if let Some(other) = &mut other {
            other.client = "b".into();
            other.generation = 4;
        }
        assert_eq!(replaced(&[list[0].clone(), (Path::new("e"), other)]), []);
    }

    #[test]
    fn of_three_the_newest_counts() {
        let list = [
            (Path::new("a"), version(0, Some(1), None)),
            (Path::new("b"), version(2, Some(1), None)),
            (Path::new("c"), version(1, Some(3), None)),
        ];
        let by: Vec<PathBuf> = replaced(&list).into_iter().map(|old| old.by).collect();
        assert_eq!(by, [PathBuf::from("b"), PathBuf::from("b")]);
    }
}
