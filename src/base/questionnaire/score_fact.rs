//! Facts about a score, its ranking, and its subjects, with their names and types.

use super::types::Type;

/// Facts about a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScoreFact {
    /// Maximum number of points.
    OutOf,
    /// Number of ranked subjects.
    Count,
    /// Number of subjects with rank 1.
    Tied,
    /// Subjects that have the same rank as another.
    Level,
    /// Points of the best subject minus points of the second-best subject.
    Lead,
    /// What the ranking says about the client's choice: only, unrated, none, clear, narrow, level, close, or behind.
    Case,
    /// Points by which the client's choice is behind the best subject.
    Behind,
    /// The dimension in which the choice is furthest behind.
    BehindLabel,
    /// Mean of the choice in this dimension.
    BehindPrimary,
    /// Mean of the best subject in this dimension.
    BehindBest,
    /// Changes of one rating by one point that put another subject first.
    RatingFlips,
    /// Changes of one rating by one point that are possible.
    RatingChanges,
    /// The subject that such a change puts first.
    RatingRival,
    /// Shifts of weight between two dimensions that put another subject first.
    WeightFlips,
    /// Shifts of weight that were tried.
    WeightShifts,
    /// Fewest points on one rating that put another subject first.
    FlipPoints,
    /// The rating that they change.
    FlipRating,
    /// The subject whose rating they change.
    FlipSubject,
    /// The rating before.
    FlipFrom,
    /// The rating after.
    FlipTo,
    /// The subject that is then first.
    FlipRival,
    /// Fewest points of weight that put another subject first.
    ShiftPoints,
    /// The dimension that loses weight.
    ShiftFrom,
    /// The dimension that gains weight.
    ShiftTo,
    /// The subject that is then first.
    ShiftRival,
}

/// Names and types of the facts about a ranked score.
pub(super) const RANKED_FACTS: [(&str, ScoreFact, Type); 24] = [
    ("count", ScoreFact::Count, Type::PLAIN),
    ("tied", ScoreFact::Tied, Type::PLAIN),
    ("level", ScoreFact::Level, Type::PLAIN),
    ("best.lead", ScoreFact::Lead, Type::PLAIN),
    ("case", ScoreFact::Case, Type::Text),
    ("behind", ScoreFact::Behind, Type::PLAIN),
    ("behind.label", ScoreFact::BehindLabel, Type::Text),
    ("behind.primary", ScoreFact::BehindPrimary, Type::PLAIN),
    ("behind.best", ScoreFact::BehindBest, Type::PLAIN),
    ("changes.flips", ScoreFact::RatingFlips, Type::PLAIN),
    ("changes.count", ScoreFact::RatingChanges, Type::PLAIN),
    ("changes.rival", ScoreFact::RatingRival, Type::Text),
    ("shifts.flips", ScoreFact::WeightFlips, Type::PLAIN),
    ("shifts.count", ScoreFact::WeightShifts, Type::PLAIN),
    ("flip.points", ScoreFact::FlipPoints, Type::PLAIN),
    ("flip.rating", ScoreFact::FlipRating, Type::Text),
    ("flip.name", ScoreFact::FlipSubject, Type::Text),
    ("flip.from", ScoreFact::FlipFrom, Type::PLAIN),
    ("flip.to", ScoreFact::FlipTo, Type::PLAIN),
    ("flip.rival", ScoreFact::FlipRival, Type::Text),
    ("shift.points", ScoreFact::ShiftPoints, Type::PLAIN),
    ("shift.from", ScoreFact::ShiftFrom, Type::Text),
    ("shift.to", ScoreFact::ShiftTo, Type::Text),
    ("shift.rival", ScoreFact::ShiftRival, Type::Text),
];

/// A subject of a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// The client, for a score that is not ranked.
    Client,
    /// The best candidate.
    Best,
    /// The second-best candidate.
    Second,
    /// The third-best candidate.
    Third,
    /// The candidate selected by the client.
    Primary,
}

/// Facts about a subject of a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SubjectFact {
    /// Name of the subject.
    Name,
    /// Type of the subject.
    Kind,
    /// Points. In a text, a word is added in parentheses if they are indicative.
    Points,
    /// Points. In a text, no word is added.
    Figure,
    /// Band of the points.
    Band,
    /// 1 if the points are indicative, else 0.
    Indicative,
    /// Questions that the subject fails, so that it has no points.
    KnockedOut,
    /// Number of ratings in all dimensions.
    Asked,
    /// Number of ratings given.
    Answered,
    /// Number of ratings that apply.
    Expected,
    /// Mean of a dimension (index into [`super::ScoreDef::dimensions`]).
    Dimension(usize),
    /// A rating as entered (indexes of its dimension and of the rating).
    Rating(usize, usize),
    /// Names of the dimensions with the lowest mean.
    WeakestLabel,
    /// The lowest mean of a dimension.
    WeakestPoints,
    /// Names of the dimensions with the highest mean.
    StrongestLabel,
    /// The highest mean of a dimension.
    StrongestPoints,
    /// Names of the lowest ratings.
    LowestLabel,
    /// The lowest rating.
    LowestRating,
    /// Names of the highest ratings.
    HighestLabel,
    /// The highest rating.
    HighestRating,
}

/// Names and types of the facts about a subject, except its dimensions.
pub(super) const SUBJECT_FACTS: [(&str, SubjectFact, Type); 18] = [
    ("knocked_out", SubjectFact::KnockedOut, Type::Text),
    ("name", SubjectFact::Name, Type::Text),
    ("kind", SubjectFact::Kind, Type::Text),
    ("points", SubjectFact::Points, Type::PLAIN),
    ("figure", SubjectFact::Figure, Type::PLAIN),
    ("band", SubjectFact::Band, Type::Text),
    ("indicative", SubjectFact::Indicative, Type::PLAIN),
    ("asked", SubjectFact::Asked, Type::PLAIN),
    ("answered", SubjectFact::Answered, Type::PLAIN),
    ("expected", SubjectFact::Expected, Type::PLAIN),
    ("weakest.label", SubjectFact::WeakestLabel, Type::Text),
    ("weakest.points", SubjectFact::WeakestPoints, Type::PLAIN),
    ("strongest.label", SubjectFact::StrongestLabel, Type::Text),
    (
        "strongest.points",
        SubjectFact::StrongestPoints,
        Type::PLAIN,
    ),
    ("lowest.label", SubjectFact::LowestLabel, Type::Text),
    ("lowest.rating", SubjectFact::LowestRating, Type::PLAIN),
    ("highest.label", SubjectFact::HighestLabel, Type::Text),
    ("highest.rating", SubjectFact::HighestRating, Type::PLAIN),
];
