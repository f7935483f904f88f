//! Anonymous figures over all clients, for plans that go to one of them. A figure over fewer than five clients is none: it
//! would tell one client of another.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::questionnaire::Questionnaire;
use crate::score::Scorecard;
use crate::statistics::quartile;
use crate::text::normalize;

/// Clients that a figure needs, at least.
pub const FEWEST: usize = 5;

/// Quartiles of a figure, and over how many clients.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Quartiles {
    /// Clients that have the figure; at least [`FEWEST`].
    pub clients: usize,
    /// A quarter of the clients lie below.
    pub first: f64,
    /// Half of them lie below.
    pub median: f64,
    /// A quarter lie above.
    pub third: f64,
}

/// Figures over all clients, by the figure's name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Benchmarks(HashMap<String, Quartiles>);

impl Benchmarks {
    /// The quartiles of a figure; none over too few clients.
    pub fn get(&self, figure: &str) -> Option<&Quartiles> {
        self.0.get(figure)
    }

    /// All that is known, in a fixed order, to tell one set from another.
    pub fn fingerprint(&self) -> String {
        let mut all: Vec<_> = self.0.iter().collect();
        all.sort_by_key(|(name, _)| *name);
        format!("{all:?}")
    }
}

/// Name of the figure that is a group's mean; the points of a score are called by its id.
pub fn dimension_figure(score: &str, dimension: &str) -> String {
    format!("{score}/{dimension}")
}

/// The figures of a client that others may be compared with.
pub fn figures(questionnaire: &Questionnaire, scorecard: &Scorecard) -> Vec<(String, f64)> {
    let scores = questionnaire.scores.iter().zip(&scorecard.scores);
    let mut figures = Vec::new();
    for (def, score) in scores.filter(|(def, _)| !def.ranked) {
        let Some(subject) = score.single() else {
            continue;
        };
        figures.extend(subject.points.map(|points| (def.id.clone(), points)));
        let means = subject.dimensions.iter().filter_map(|dimension| {
            let mean = dimension.mean.filter(|_| dimension.applies)?;
            Some((dimension_figure(&def.id, &dimension.id), mean))
        });
        figures.extend(means);
    }
    figures
}

/// Figures of clients under way. A client with several workbooks counts once, with the last, and so does a workbook that
/// several clients sent.
#[derive(Debug, Default)]
pub struct Gathering {
    by_client: HashMap<String, Vec<(String, f64)>>,
    workbooks: HashSet<String>,
}

impl Gathering {
    /// Adds a client's figures, from the workbook of this SHA-256.
    pub fn add(&mut self, client: &str, workbook: &str, figures: Vec<(String, f64)>) {
        let client = normalize(client);
        if !client.is_empty() && self.workbooks.insert(workbook.to_owned()) {
            self.by_client.insert(client, figures);
        }
    }

    /// The benchmarks of all that were added.
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
            (values.len() >= FEWEST).then_some((name, quartiles))
        });
        Benchmarks(quartiles.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gathered(values: &[(&str, f64)]) -> Benchmarks {
        let mut gathering = Gathering::default();
        for (index, (client, value)) in values.iter().enumerate() {
            gathering.add(client, &index.to_string(), vec![("points".into(), *value)]);
        }
        gathering.finish()
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
        let mut gathering = Gathering::default();
        for (client, workbook) in [
            ("a", "1"),
            ("b", "2"),
            ("c", "3"),
            ("d", "4"),
            ("e", "4"),
            ("???", "5"),
        ] {
            gathering.add(client, workbook, vec![("points".into(), 1.0)]);
        }
        assert_eq!(gathering.finish().get("points"), None);
    }
}
