//! How firm a ranking is, and whether it supports the client's choice.

use crate::answers::Answers;
use crate::questionnaire::{EXACT, FULL_POINTS, FieldKey, Kind, Questionnaire, ScoreDef};
use crate::score::{MIN_APPLICABLE_WEIGHT, Score, Subject};

/// Points of weight that are shifted between two dimensions.
const SHIFT: f64 = 5.0;

/// What a ranking says about the client's choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// Only one candidate can be compared.
    Only,
    /// The choice has not been rated against the others.
    Unrated,
    /// Nobody is chosen.
    NoChoice,
    /// The choice is clearly the best.
    Clear,
    /// The choice is the best by a narrow margin.
    Narrow,
    /// The choice is level with the best other candidate.
    Level,
    /// The choice is a little behind the best.
    Close,
    /// The choice is clearly behind the best.
    Behind,
}

impl Case {
    /// Returns the name used in conditions.
    pub fn name(self) -> &'static str {
        match self {
            Case::Only => "only",
            Case::Unrated => "unrated",
            Case::NoChoice => "none",
            Case::Clear => "clear",
            Case::Narrow => "narrow",
            Case::Level => "level",
            Case::Close => "close",
            Case::Behind => "behind",
        }
    }
}

/// The fewest points on one rating that put another candidate first.
#[derive(Debug, Clone, PartialEq)]
pub struct RatingFlip {
    /// Number of points.
    pub points: u32,
    /// Column of the candidate whose rating changes.
    pub column: usize,
    /// The rating.
    pub key: FieldKey,
    /// The rating as entered.
    pub from: f64,
    /// The rating that puts the other candidate first.
    pub to: f64,
    /// Column of the candidate that is then first.
    pub rival: usize,
}

/// The fewest points of weight that put another candidate first.
#[derive(Debug, Clone, PartialEq)]
pub struct WeightFlip {
    /// Number of points.
    pub points: u32,
    /// Index of the dimension that loses weight.
    pub from: usize,
    /// Index of the dimension that gains weight.
    pub to: usize,
    /// Column of the candidate that is then first.
    pub rival: usize,
}

/// What a ranking is worth.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// What it says about the client's choice.
    pub case: Case,
    /// Points by which the choice is behind the best candidate. `None` without a rated choice.
    pub behind: Option<f64>,
    /// Dimension in which the choice loses most to the best candidate: index, mean of the choice, mean of the best.
    pub weakest: Option<(usize, f64, f64)>,
    /// Changes of one rating by one point that put another candidate first, and the changes that were tried.
    pub rating_changes: (usize, usize),
    /// Column of the candidate that most of these changes put first.
    pub rating_rival: Option<usize>,
    /// Shifts of weight that put another candidate first, and the shifts that were tried.
    pub weight_shifts: (usize, usize),
    /// The fewest points on one rating that put another candidate first.
    pub rating_flip: Option<RatingFlip>,
    /// The fewest points of weight that put another candidate first.
    pub weight_flip: Option<WeightFlip>,
}

impl Selection {
    /// Judges a ranking. `None` if the score is not ranked or no candidate has points.
    pub fn of(
        questionnaire: &Questionnaire,
        answers: &Answers,
        def: &ScoreDef,
        score: &Score,
    ) -> Option<Self> {
        if !def.ranked {
            return None;
        }
        let ranking = score.ranking();
        let best = ranking.first()?;
        let choice = answers.chosen(questionnaire);
        let primary = choice.and_then(|name| score.named(name));
        let primary = primary.filter(|subject| subject.points.is_some());
        let behind = primary.and_then(|own| Some(best.points? - own.points?));
        // No change of a rating or a weight brings back a candidate that fails a question.
        let is_in = |subject: &&&Subject| subject.knocked_out.is_empty();
        let tried: Vec<&Subject> = ranking.iter().filter(is_in).copied().collect();
        let trial = Trial::of(questionnaire, def, &tried);
        let (rating_changes, rating_rival) = trial.rating_changes();
        Some(Self {
            case: case(def, &ranking, choice.is_some(), primary),
            behind,
            weakest: primary.and_then(|own| weakest(best, own)),
            rating_changes,
            rating_rival,
            weight_shifts: trial.weight_shifts(),
            rating_flip: trial.rating_flip(),
            weight_flip: trial.weight_flip(),
        })
    }
}

fn case(def: &ScoreDef, ranking: &[&Subject], chosen: bool, primary: Option<&Subject>) -> Case {
    let points = |subject: &Subject| subject.points.unwrap_or_default();
    let best = ranking[0];
    let Some(primary) = primary else {
        return match (chosen, ranking.len()) {
            (true, _) => Case::Unrated,
            (false, 1) => Case::Only,
            (false, _) => Case::NoChoice,
        };
    };
    let others = ranking.iter().filter(|own| own.column != primary.column);
    let Some(rival) = others.map(|own| points(own)).reduce(f64::max) else {
        return Case::Only;
    };
    let lead = points(primary) - rival;
    if lead.abs() <= def.level {
        Case::Level
    } else if best.column != primary.column {
        match -lead < def.narrow {
            true => Case::Close,
            false => Case::Behind,
        }
    } else {
        match lead < def.narrow {
            true => Case::Narrow,
            false => Case::Clear,
        }
    }
}

/// Returns the dimension in which a candidate loses most points to the best.
fn weakest(best: &Subject, own: &Subject) -> Option<(usize, f64, f64)> {
    let pairs = own.dimensions.iter().zip(&best.dimensions).enumerate();
    let losses = pairs.filter_map(|(index, (own, best))| {
        let loss = best.points? - own.points?;
        Some((loss, (index, own.mean?, best.mean?)))
    });
    let most = losses.reduce(|a, b| if b.0 > a.0 + EXACT { b } else { a })?;
    (most.0 > EXACT).then_some(most.1)
}

/// Order of flips with the same number of points: weight of the dimension, candidate, and position in the sheet.
type FlipOrder = (u32, f64, bool, usize, usize, usize);

/// A dimension of a candidate while ratings and weights are changed.
struct TrialDimension {
    applies: bool,
    ratings: Vec<TrialRating>,
}

/// An answer that counts in a dimension.
struct TrialRating {
    key: FieldKey,
    /// Its points, from 0 to 10.
    points: f64,
    /// The lowest and the highest rating of its scale. Equal if the answer is no rating, and is therefore not changed.
    least: f64,
    most: f64,
    weight: f64,
    is_reverse_scored: bool,
}

impl TrialRating {
    /// Returns the rating on its own scale, converted so that the highest is best.
    fn rating(&self) -> f64 {
        self.least + self.points * (self.most - self.least) / FULL_POINTS
    }

    /// Returns the rating as the client entered it, from one of which the highest is best.
    fn entered(&self, rating: f64) -> f64 {
        match self.is_reverse_scored {
            true => self.most + self.least - rating,
            false => rating,
        }
    }
}

impl TrialDimension {
    fn mean(&self) -> f64 {
        let sum: f64 = self.ratings.iter().map(|own| own.weight * own.points).sum();
        match self.ratings.is_empty() {
            true => 0.0,
            false => sum / self.weights(),
        }
    }

    fn weights(&self) -> f64 {
        self.ratings.iter().map(|own| own.weight).sum()
    }
}

struct TrialSubject {
    column: usize,
    dimensions: Vec<TrialDimension>,
    means: Vec<f64>,
    points: f64,
}

/// The candidates with points, the best first, and the weights of the dimensions.
struct Trial {
    subjects: Vec<TrialSubject>,
    weights: Vec<f64>,
    out_of: f64,
}

impl Trial {
    fn of(questionnaire: &Questionnaire, def: &ScoreDef, ranking: &[&Subject]) -> Self {
        let weights: Vec<f64> = def.dimensions.iter().map(|own| own.weight).collect();
        let subjects = ranking.iter().map(|subject| {
            let dimensions = subject.dimensions.iter().map(|own| TrialDimension {
                applies: own.applies,
                ratings: own
                    .ratings
                    .iter()
                    .filter_map(|(key, points)| {
                        let field = questionnaire.field(*key);
                        let is_rating = matches!(field.kind, Kind::Rating { .. });
                        Some(TrialRating {
                            key: *key,
                            points: (*points)?,
                            least: if is_rating { field.range().0 } else { 0.0 },
                            most: if is_rating { field.range().1 } else { 0.0 },
                            weight: field.weight,
                            is_reverse_scored: field.is_reverse_scored(),
                        })
                    })
                    .collect(),
            });
            let dimensions: Vec<TrialDimension> = dimensions.collect();
            TrialSubject {
                column: subject.column,
                means: dimensions.iter().map(TrialDimension::mean).collect(),
                dimensions,
                points: subject.points.unwrap_or_default(),
            }
        });
        Self {
            subjects: subjects.collect(),
            weights,
            out_of: def.out_of,
        }
    }

    /// Returns the points of a candidate with other weights.
    fn weighted(&self, subject: &TrialSubject, weights: &[f64]) -> f64 {
        let all: f64 = weights.iter().sum();
        let own = subject.dimensions.iter().zip(weights).zip(&subject.means);
        let (mut sum, mut applying) = (0.0, 0.0);
        for ((dimension, weight), mean) in own {
            if dimension.applies {
                sum += weight * mean;
                applying += weight;
            }
        }
        match applying > 0.0 && applying >= MIN_APPLICABLE_WEIGHT * all - EXACT {
            true => self.out_of * sum / (FULL_POINTS * applying),
            false => 0.0,
        }
    }

    /// Returns by how much one point on a rating changes the points of its candidate.
    fn per_point(&self, subject: &TrialSubject, dimension: usize, index: usize) -> f64 {
        let own = &subject.dimensions[dimension];
        let rating = &own.ratings[index];
        let applying = subject.dimensions.iter().zip(&self.weights);
        let applying: f64 = applying
            .filter(|(own, _)| own.applies)
            .map(|(_, weight)| weight)
            .sum();
        if !own.applies || applying <= 0.0 {
            return 0.0;
        }
        let share = self.weights[dimension] / applying;
        self.out_of * share * rating.weight / ((rating.most - rating.least) * own.weights())
    }

    /// Returns the candidate that is strictly ahead of the first one if a candidate gains points.
    fn rival(&self, changed: usize, gain: f64) -> Option<usize> {
        let best = self.subjects.first()?;
        let of = |place: usize, subject: &TrialSubject| {
            subject.points + if place == changed { gain } else { 0.0 }
        };
        let limit = of(0, best) + EXACT;
        let ahead = self.subjects.iter().enumerate().skip(1);
        let ahead = ahead.map(|(place, own)| (of(place, own), own.column));
        let ahead = ahead.filter(|(points, _)| *points > limit);
        ahead
            .reduce(|a, b| if b.0 > a.0 + EXACT { b } else { a })
            .map(|(_, column)| column)
    }

    /// Calls a function with every rating: place of its candidate, dimension, index, and rating.
    fn each_rating(&self, mut visit: impl FnMut(usize, usize, usize, f64)) {
        for (place, subject) in self.subjects.iter().enumerate() {
            for (dimension, own) in subject.dimensions.iter().enumerate() {
                for (index, rating) in own.ratings.iter().enumerate() {
                    if rating.most > rating.least {
                        visit(place, dimension, index, rating.rating());
                    }
                }
            }
        }
    }

    /// Changes every rating by one point up and down. Returns the number of flips and of changes, and the candidate
    /// that most flips put first.
    fn rating_changes(&self) -> ((usize, usize), Option<usize>) {
        let (mut flips, mut tried) = (0, 0);
        let mut rivals: Vec<(usize, usize)> = Vec::new();
        self.each_rating(|place, dimension, index, rating| {
            let subject = &self.subjects[place];
            let own = &subject.dimensions[dimension].ratings[index];
            let per_point = self.per_point(subject, dimension, index);
            for step in [1.0, -1.0] {
                if !(own.least - EXACT..=own.most + EXACT).contains(&(rating + step)) {
                    continue;
                }
                tried += 1;
                let gain = step * per_point;
                if let Some(column) = self.rival(place, gain) {
                    flips += 1;
                    match rivals.iter_mut().find(|(own, _)| *own == column) {
                        Some((_, count)) => *count += 1,
                        None => rivals.push((column, 1)),
                    }
                }
            }
        });
        let most = rivals.iter().map(|(_, count)| *count).max();
        let rival = rivals.iter().find(|(_, count)| Some(*count) == most);
        ((flips, tried), rival.map(|(column, _)| *column))
    }

    /// Returns the weights after a shift. `None` if a weight would be below 0.
    fn shifted(&self, from: usize, to: usize, points: f64) -> Option<Vec<f64>> {
        let mut weights = self.weights.clone();
        weights[from] -= points;
        weights[to] += points;
        (weights[from] >= -EXACT).then_some(weights)
    }

    /// Returns the candidate that is strictly ahead of the first one with other weights.
    fn rival_with(&self, weights: &[f64]) -> Option<usize> {
        let best = self.weighted(self.subjects.first()?, weights) + EXACT;
        let others = self.subjects.iter().skip(1);
        let ahead = others.map(|own| (self.weighted(own, weights), own.column));
        let ahead = ahead.filter(|(points, _)| *points > best);
        ahead
            .reduce(|a, b| if b.0 > a.0 + EXACT { b } else { a })
            .map(|(_, column)| column)
    }

    fn pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        let count = self.weights.len();
        (0..count).flat_map(move |from| {
            (0..count)
                .filter(move |to| *to != from)
                .map(move |to| (from, to))
        })
    }

    fn weight_shifts(&self) -> (usize, usize) {
        let shifts = self
            .pairs()
            .filter_map(|(from, to)| self.shifted(from, to, SHIFT));
        let (mut flips, mut tried) = (0, 0);
        for weights in shifts {
            tried += 1;
            flips += usize::from(self.rival_with(&weights).is_some());
        }
        (flips, tried)
    }

    /// Of equal flips, prefers the heaviest dimension, then the best candidate's own rating, then the order of the
    /// sheet.
    fn rating_flip(&self) -> Option<RatingFlip> {
        let mut found: Option<(FlipOrder, RatingFlip)> = None;
        self.each_rating(|place, dimension, index, rating| {
            let subject = &self.subjects[place];
            let own = &subject.dimensions[dimension].ratings[index];
            let per_point = self.per_point(subject, dimension, index);
            // Only the best candidate's own ratings matter downwards, and only those of others upwards.
            let step = if place == 0 { -1.0 } else { 1.0 };
            let most = match place {
                0 => (rating - own.least + EXACT).floor(),
                _ => (own.most - rating + EXACT).floor(),
            };
            let flip = (1..=most.max(0.0) as u32).find_map(|points| {
                let gain = step * f64::from(points) * per_point;
                Some((points, self.rival(place, gain)?))
            });
            let Some((points, rival)) = flip else { return };
            let weight = self.weights[dimension];
            let order = (
                points,
                -weight,
                place != 0,
                dimension,
                index,
                subject.column,
            );
            if found.as_ref().is_some_and(|(other, _)| *other <= order) {
                return;
            }
            let flip = RatingFlip {
                points,
                column: subject.column,
                key: own.key,
                from: own.entered(rating),
                to: own.entered(rating + step * f64::from(points)),
                rival,
            };
            found = Some((order, flip));
        });
        found.map(|(_, flip)| flip)
    }

    fn weight_flip(&self) -> Option<WeightFlip> {
        let flip = |(from, to): (usize, usize)| {
            let most = self.weights[from].floor().max(0.0) as u32;
            (1..=most).find_map(|points| {
                let weights = self.shifted(from, to, f64::from(points))?;
                let rival = self.rival_with(&weights)?;
                Some(WeightFlip {
                    points,
                    from,
                    to,
                    rival,
                })
            })
        };
        let flips = self.pairs().filter_map(flip);
        flips.reduce(|a, b| if b.points < a.points { b } else { a })
    }
}
