//! One score: means, weights, dimensions that do not apply, bands, and ranks. `templates/…/scores.toml` defines the
//! rules.

use crate::answers::{Answers, Value};
use crate::questionnaire::{
    Band, DimensionDef, EXACT, FULL_POINTS, FieldKey, Questionnaire, ScoreDef,
};

/// A score for each of its subjects.
#[derive(Debug, Clone)]
pub struct Score {
    /// The client, or each candidate in the workbook, in the order of the sheet.
    pub subjects: Vec<Subject>,
}

/// The client or a candidate, with its score.
#[derive(Debug, Clone)]
pub struct Subject {
    /// Index of the subject's column in the score.
    pub column: usize,
    /// Name: the client's text, or else the heading of the column. Empty if the score is about the client.
    pub name: String,
    /// Type of candidate, if the questionnaire asks for it.
    pub kind: Option<String>,
    /// Unrounded points. `None` if too many answers are missing.
    pub points: Option<f64>,
    /// The band of the points.
    pub band: Option<Band>,
    /// The dimensions.
    pub dimensions: Vec<Dimension>,
    /// Rank, starting at 1. Subjects share a rank if their points are level. `None` without points.
    pub rank: Option<u32>,
    /// Whether the points are only indicative, because too few ratings were given.
    pub indicative: bool,
    /// Questions that the subject fails. With one of them, it has 0 points.
    pub knocked_out: Vec<FieldKey>,
}

/// Minimum share of a score's weight in the dimensions that apply. Below it, there are no points.
pub const MIN_APPLICABLE_WEIGHT: f64 = 0.75;
/// Minimum share of a score's ratings. Below it, the points are indicative.
const MIN_RATED_SHARE: f64 = 0.8;

/// A dimension of a score.
#[derive(Debug, Clone)]
pub struct Dimension {
    /// ID of the dimension.
    pub id: String,
    /// Name of the dimension.
    pub label: String,
    /// Weight, in percent of the score.
    pub weight: f64,
    /// Whether the dimension applies to this client.
    pub applies: bool,
    /// Number of ratings that the client was asked for: all of them, or 0 if the dimension is left out for this client.
    pub asked: usize,
    /// Mean of the points of its answers, out of 10, by their weights. `None` if fewer than half of the expected ratings are given, or if
    /// the dimension does not apply.
    pub mean: Option<f64>,
    /// Points that the dimension adds to the score.
    pub points: Option<f64>,
    /// Number of ratings given.
    pub answered: usize,
    /// Number of ratings that apply.
    pub expected: usize,
    /// The field and the points of each answer that counts, out of 10.
    pub ratings: Vec<(FieldKey, Option<f64>)>,
}

impl Subject {
    /// Returns the number of ratings given and of ratings that apply.
    pub fn completeness(&self) -> (usize, usize) {
        let applying = self.dimensions.iter().filter(|dimension| dimension.applies);
        applying.fold((0, 0), |(given, all), dimension| {
            (given + dimension.answered, all + dimension.expected)
        })
    }

    /// Returns the lowest and the highest ratings, each with all ratings of the same value. Only dimensions that apply
    /// count. Returns `None` if all ratings are equal, because then none stands out.
    pub fn extremes(&self) -> Option<[Extremes<FieldKey>; 2]> {
        extremes(
            self.dimensions
                .iter()
                .filter(|dimension| dimension.applies)
                .flat_map(|dimension| &dimension.ratings)
                .filter_map(|(key, value)| value.map(|value| (*key, value)))
                .collect(),
        )
    }

    /// Returns the dimensions with the lowest and the highest mean, each with all dimensions of the same mean. Returns
    /// `None` if all means are equal.
    pub fn weakest_and_strongest(&self) -> Option<[Extremes<&Dimension>; 2]> {
        extremes(
            self.dimensions
                .iter()
                .filter(|dimension| dimension.applies)
                .filter_map(|dimension| dimension.mean.map(|mean| (dimension, mean)))
                .collect(),
        )
    }
}

/// All items with the same value, and the value.
pub type Extremes<T> = (Vec<T>, f64);

fn extremes<T: Copy>(all: Vec<(T, f64)>) -> Option<[Extremes<T>; 2]> {
    let values = || all.iter().map(|(_, value)| *value);
    let lowest = values().reduce(f64::min)?;
    let highest = values().reduce(f64::max)?;
    let equal = |wanted: f64| -> Vec<T> {
        let same = all
            .iter()
            .filter(|(_, value)| (value - wanted).abs() < EXACT);
        same.map(|(what, _)| *what).collect()
    };
    (highest - lowest > EXACT).then(|| [(equal(lowest), lowest), (equal(highest), highest)])
}

impl Score {
    /// Calculates a score.
    pub fn of(questionnaire: &Questionnaire, def: &ScoreDef, answers: &Answers) -> Self {
        let mut subjects: Vec<Subject> = (0..def.subjects.len())
            .filter_map(|column| subject(questionnaire, def, answers, column))
            .collect();
        let points: Vec<Option<f64>> = subjects.iter().map(|subject| subject.points).collect();
        for subject in &mut subjects {
            subject.rank = subject.points.map(|own| {
                1 + points
                    .iter()
                    .flatten()
                    .filter(|other| **other > own + def.level)
                    .count() as u32
            });
        }
        Self { subjects }
    }

    /// Returns the client, or the first candidate.
    pub fn single(&self) -> Option<&Subject> {
        self.subjects.first()
    }

    /// Returns the subjects with points, the best first. Subjects with equal points are in the order of the sheet.
    pub fn ranking(&self) -> Vec<&Subject> {
        let mut ranked: Vec<&Subject> = self
            .subjects
            .iter()
            .filter(|subject| subject.rank.is_some())
            .collect();
        ranked.sort_by(|a, b| {
            let by_points = b.points.unwrap_or(0.0) - a.points.unwrap_or(0.0);
            match by_points.abs() < EXACT {
                true => a.column.cmp(&b.column),
                false => by_points.total_cmp(&0.0),
            }
        });
        ranked
    }

    /// Returns the names of the subjects, in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.subjects.iter().map(|subject| subject.name.as_str())
    }

    /// Returns the subject with a name. Only letters and digits count, whatever their case.
    pub fn named(&self, name: &str) -> Option<&Subject> {
        self.subjects
            .iter()
            .find(|subject| same_name(&subject.name, name))
    }

    /// Returns whether others have the same rank.
    pub fn is_tied(&self, subject: &Subject) -> bool {
        subject.rank.is_some()
            && self
                .subjects
                .iter()
                .filter(|other| other.rank == subject.rank)
                .count()
                > 1
    }
}

/// Returns whether two names are the same, ignoring case, spaces, and punctuation.
pub fn same_name(a: &str, b: &str) -> bool {
    let plain = |name: &str| {
        name.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    let (a, b) = (plain(a), plain(b));
    !a.is_empty() && a == b
}

fn subject(
    questionnaire: &Questionnaire,
    def: &ScoreDef,
    answers: &Answers,
    column: usize,
) -> Option<Subject> {
    let subject_def = &def.subjects[column];
    let dimensions: Vec<Dimension> = def
        .dimensions
        .iter()
        .map(|dimension| dimension_of(questionnaire, dimension, answers, column))
        .collect();
    let own_name = subject_def.name.and_then(|key| answers.text(key));
    if def.ranked
        && own_name.is_none()
        && dimensions.iter().all(|dimension| dimension.answered == 0)
    {
        return None;
    }
    let name = match own_name {
        Some(name) => name.to_owned(),
        None => subject_def.label.clone(),
    };
    let mut subject = Subject {
        column,
        name,
        kind: subject_def
            .kind
            .and_then(|key| answers.choice(questionnaire, key))
            .map(str::to_owned),
        points: None,
        band: None,
        dimensions,
        rank: None,
        indicative: false,
        knocked_out: knocked_out(questionnaire, def, answers, column),
    };
    let all: f64 = subject
        .dimensions
        .iter()
        .map(|dimension| dimension.weight)
        .sum();
    let weight: f64 = subject
        .dimensions
        .iter()
        .filter(|dimension| dimension.applies)
        .map(|dimension| dimension.weight)
        .sum();
    if weight > 0.0 && weight >= MIN_APPLICABLE_WEIGHT * all - EXACT {
        for dimension in subject
            .dimensions
            .iter_mut()
            .filter(|dimension| dimension.applies)
        {
            dimension.points = dimension
                .mean
                .map(|mean| def.out_of * dimension.weight * mean / (FULL_POINTS * weight));
        }
        // A score needs every dimension that applies: if one has no points, the sum has none.
        subject.points = subject
            .dimensions
            .iter()
            .filter(|dimension| dimension.applies)
            .map(|dimension| dimension.points)
            .sum::<Option<f64>>();
    }
    if !subject.knocked_out.is_empty() {
        subject.points = subject.points.map(|_| 0.0);
    } else if is_open(questionnaire, def, answers, column) {
        // Nobody knows whether the subject would fail.
        subject.points = None;
    }
    let (given, _) = subject.completeness();
    let asked: usize = subject
        .dimensions
        .iter()
        .map(|dimension| dimension.asked)
        .sum();
    subject.indicative =
        subject.points.is_some() && (given as f64) < MIN_RATED_SHARE * asked as f64;
    subject.band = subject
        .points
        .and_then(|points| Band::of(&def.bands, points))
        .cloned();
    Some(subject)
}

/// Returns whether a question that must not be failed has no answer. One that does not apply cannot be failed.
fn is_open(
    questionnaire: &Questionnaire,
    def: &ScoreDef,
    answers: &Answers,
    column: usize,
) -> bool {
    let keys = def
        .knock_outs
        .iter()
        .filter_map(|own| own.fields.get(column));
    keys.copied().any(|key| {
        let is_applying = answers.get(key).value != Value::NotApplicable;
        is_applying && answers.points(questionnaire, key).is_none()
    })
}

/// Returns the questions that a subject fails.
fn knocked_out(
    questionnaire: &Questionnaire,
    def: &ScoreDef,
    answers: &Answers,
    column: usize,
) -> Vec<FieldKey> {
    let failed = def.knock_outs.iter().filter_map(|own| {
        let key = *own.fields.get(column)?;
        let points = answers.points(questionnaire, key)?;
        (points < own.below - EXACT).then_some(key)
    });
    failed.collect()
}

fn dimension_of(
    questionnaire: &Questionnaire,
    dimension: &DimensionDef,
    answers: &Answers,
    column: usize,
) -> Dimension {
    let mut ratings = Vec::new();
    let mut expected = 0;
    for &key in &dimension.ratings[column] {
        let answer = &answers.get(key).value;
        expected += usize::from(*answer != Value::NotApplicable);
        ratings.push((key, answers.points(questionnaire, key)));
    }
    let weighted = ratings
        .iter()
        .filter_map(|(key, value)| Some((questionnaire.field(*key).weight, (*value)?)));
    let given: Vec<(f64, f64)> = weighted.collect();
    let weights: f64 = given.iter().map(|(weight, _)| weight).sum();
    let sum: f64 = given.iter().map(|(weight, value)| weight * value).sum();
    let zero = dimension
        .not_when_zero
        .is_some_and(|key| answers.number(key) == Some(0.0));
    let applies = expected > 0 && !zero;
    let mean = (applies && 2 * given.len() >= expected).then(|| sum / weights);
    Dimension {
        id: dimension.id.clone(),
        label: dimension.label.clone(),
        weight: dimension.weight,
        applies,
        mean,
        points: None,
        asked: if zero { 0 } else { ratings.len() },
        answered: given.len(),
        expected,
        ratings,
    }
}
