//! Anonymous values over all clients, for plans that are sent to one of them. A value needs at least five clients: with
//! fewer, it could reveal another client's result.
//!
//! ```
//! use partnerbook::benchmark::BenchmarkBuilder;
//!
//! let mut builder = BenchmarkBuilder::default();
//! for (client, points) in ["a", "b", "c", "d", "e"].into_iter().zip([40.0, 50.0, 60.0, 70.0, 80.0]) {
//!     builder.add(client, client, vec![("readiness".into(), points)]);
//! }
//! assert_eq!(builder.finish().get("readiness").map(|quartiles| quartiles.median), Some(60.0));
//! ```

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::bounded;
use crate::statistics::quartile;
use crate::text::normalize;

/// Maximum size of a benchmark file, in bytes.
const MAX_BYTES: u64 = 1 << 20;
/// Minimum number of clients for a value.
pub const MIN_CLIENTS: usize = 5;

/// The quartiles of a value and the number of clients.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Quartiles {
    /// Number of clients that have the value. At least [`MIN_CLIENTS`].
    pub clients: usize,
    /// First quartile: 25% of the clients are below.
    pub first: f64,
    /// Median: 50% of the clients are below.
    pub median: f64,
    /// Third quartile: 25% of the clients are above.
    pub third: f64,
}

/// Quartiles over all clients, by the name of the value.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Benchmarks(BTreeMap<String, Quartiles>);

/// The file that benchmarks are stored in.
#[derive(Serialize, Deserialize)]
struct BenchmarkFile {
    /// ID of the questionnaire.
    questionnaire: String,
    /// By the name of the value: the score's ID, or `score/dimension`.
    values: BTreeMap<String, Quartiles>,
}

/// Why a benchmark file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BenchmarkError {
    /// The file cannot be read.
    #[error("{path} cannot be read ({error}). Name the file benchmarks.json of a previous run")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        error: std::io::Error,
    },
    /// The file belongs to another questionnaire.
    #[error("{path} contains benchmarks of the questionnaire {found}, not of {wanted}")]
    OtherQuestionnaire {
        /// The file.
        path: PathBuf,
        /// ID of its questionnaire.
        found: String,
        /// ID of the questionnaire of this run.
        wanted: String,
    },
    /// A value could reveal the result of another client.
    #[error(
        "{0} contains a value of fewer than five clients. Name the file benchmarks.json of a previous run"
    )]
    TooFewClients(PathBuf),
}

impl Benchmarks {
    /// Returns the quartiles of a value. `None` if there are too few clients.
    pub fn get(&self, figure: &str) -> Option<&Quartiles> {
        self.0.get(figure)
    }

    /// Returns all quartiles as text in a fixed order, so that two sets can be compared.
    pub fn fingerprint(&self) -> String {
        format!("{:?}", self.0)
    }

    /// Loads the benchmarks that a previous run stored.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read, belongs to another questionnaire, or contains a value of too few
    /// clients.
    pub fn load(path: &Path, questionnaire: &str) -> Result<Self, BenchmarkError> {
        let read = || {
            let bytes = bounded::read(path, MAX_BYTES)?;
            serde_json::from_slice::<BenchmarkFile>(&bytes).map_err(std::io::Error::other)
        };
        let file = read().map_err(|error| BenchmarkError::Unreadable {
            path: path.to_owned(),
            error,
        })?;
        if file.questionnaire != questionnaire {
            return Err(BenchmarkError::OtherQuestionnaire {
                path: path.to_owned(),
                found: file.questionnaire,
                wanted: questionnaire.to_owned(),
            });
        }
        if file.values.values().any(|own| own.clients < MIN_CLIENTS) {
            return Err(BenchmarkError::TooFewClients(path.to_owned()));
        }
        Ok(Self(file.values))
    }

    /// Returns the benchmarks of a questionnaire as JSON.
    ///
    /// # Errors
    /// Returns an error if they cannot be serialized.
    pub fn to_json(&self, questionnaire: &str) -> serde_json::Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec_pretty(&BenchmarkFile {
            questionnaire: questionnaire.to_owned(),
            values: self.0.clone(),
        })?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}

/// Returns the name of a dimension's mean. The points of a score are named by the score's ID.
pub fn dimension_figure(score: &str, dimension: &str) -> String {
    format!("{score}/{dimension}")
}

/// Collects the values of clients. A client with several workbooks counts once, with the last workbook. A workbook from
/// several clients also counts once, for the first client.
#[derive(Debug, Default)]
pub struct BenchmarkBuilder {
    by_client: HashMap<String, Vec<(String, f64)>>,
    workbooks: HashSet<String>,
}

impl BenchmarkBuilder {
    /// Adds a client's values. `workbook` is the SHA-256 of the workbook.
    pub fn add(&mut self, client: &str, workbook: &str, figures: Vec<(String, f64)>) {
        let client = normalize(client);
        if !client.is_empty() && self.workbooks.insert(workbook.to_owned()) {
            self.by_client.insert(client, figures);
        }
    }

    /// Returns the benchmarks over all added clients.
    pub fn finish(self) -> Benchmarks {
        let mut columns: HashMap<String, Vec<f64>> = HashMap::new();
        for (name, value) in self.by_client.into_values().flatten() {
            columns.entry(name).or_default().push(value);
        }
        let quartiles = columns.into_iter().filter_map(|(name, mut values)| {
            values.sort_by(f64::total_cmp);
            let quartiles = Quartiles {
                clients: values.len(),
                first: quartile(&values, 1)?,
                median: quartile(&values, 2)?,
                third: quartile(&values, 3)?,
            };
            (values.len() >= MIN_CLIENTS).then_some((name, quartiles))
        });
        Benchmarks(quartiles.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gathered(values: &[(&str, f64)]) -> Benchmarks {
        let mut builder = BenchmarkBuilder::default();
        for (index, (client, value)) in values.iter().enumerate() {
            builder.add(client, &index.to_string(), vec![("points".into(), *value)]);
        }
        builder.finish()
    }

    #[test]
    fn four_clients_have_no_benchmark_and_five_have_one() {
        let clients = [("a", 1.0), ("b", 2.0), ("c", 3.0), ("d", 4.0), ("e", 50.0)];
        assert_eq!(gathered(&clients[..4]).get("points"), None);
        let five = gathered(&clients);
        let quartiles = five.get("points").unwrap();
        assert_eq!(
            (quartiles.first, quartiles.median, quartiles.third),
            (2.0, 3.0, 4.0)
        );
    }

    #[test]
    fn a_client_with_several_workbooks_counts_once() {
        let clients = [("a", 1.0), ("b", 2.0), ("c", 3.0), ("d", 4.0), ("D ", 5.0)];
        assert_eq!(gathered(&clients).get("points"), None);
    }

    #[test]
    fn neither_a_copied_workbook_nor_a_name_of_marks_is_a_client() {
        let mut builder = BenchmarkBuilder::default();
        for (client, workbook) in [
            ("a", "1"),
            ("b", "2"),
            ("c", "3"),
            ("d", "4"),
            ("e", "4"),
            ("???", "5"),
        ] {
            builder.add(client, workbook, vec![("points".into(), 1.0)]);
        }
        assert_eq!(builder.finish().get("points"), None);
    }
}
