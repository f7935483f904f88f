//! The catalog of facts: what the texts and conditions of a questionnaire can refer to, and the type of each fact.
//!
//! A fact is the answer to a field (named by its ID) or one of the names below. `crate::facts` provides the values and
//! matches every variant. Every accepted fact therefore has a value if the client's data contains one.

use super::types::{Type, Unit};
use super::{DimensionDef, Field, FieldKey, FinanceDef, Kind, Period, ScoreDef};

/// A named value that texts and conditions can refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fact {
    /// The answer to a field.
    Field(FieldKey),
    /// A fact about the whole plan.
    Plan(PlanFact),
    /// A change since the previous run.
    Change(ChangeFact),
    /// A fact about return on investment or payback.
    Finance(FinanceFact),
    /// A fact about a score (index into `Questionnaire::scores`).
    Score(usize, ScoreFact),
    /// A fact about a subject of a score (index into `Questionnaire::scores`).
    Subject(usize, Subject, SubjectFact),
    /// A fact that only certain texts support.
    Local(Local),
}

/// Declares an enum of facts with their names and types.
macro_rules! facts {
    ($(#[$doc:meta])* $name:ident { $($(#[$fact_doc:meta])* $variant:ident = $text:literal: $kind:expr,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$fact_doc])* $variant,)* }

        impl $name {
            /// All facts, with their names and types.
            pub const ALL: &'static [(&'static str, Self, Type)] = &[$(($text, Self::$variant, $kind),)*];
        }
    };
}

facts! {
    /// Facts about the plan as a whole.
    PlanFact {
        /// Title of the plan.
        Title = "plan.title": Type::Text,
        /// Subtitle of the plan.
        Subtitle = "plan.subtitle": Type::Text,
        /// First day of the roadmap.
        Start = "plan.start": Type::Date,
        /// Last day of the roadmap.
        End = "plan.end": Type::Date,
        /// The report date.
        ReportDate = "plan.report_date": Type::Date,
        /// Percentage of questions answered, rounded down.
        Completeness = "plan.completeness": Type::Number(Unit::Percent, None),
        /// Questions marked as not applicable.
        NotApplicable = "plan.not_applicable": Type::PLAIN,
        /// Errors.
        Errors = "plan.errors": Type::PLAIN,
        /// Warnings.
        Warnings = "plan.warnings": Type::PLAIN,
        /// Errors and warnings.
        Open = "plan.open": Type::PLAIN,
        /// Urgent activities.
        Urgent = "plan.urgent": Type::PLAIN,
        /// Activities that need attention.
        NeedAttention = "plan.need_attention": Type::PLAIN,
        /// Overdue activities.
        Overdue = "plan.overdue": Type::PLAIN,
        /// Activities.
        Activities = "plan.activities": Type::PLAIN,
        /// Activities without an owner.
        Unowned = "plan.unowned": Type::PLAIN,
        /// File name of the workbook.
        Source = "plan.source": Type::Text,
        /// Length of the roadmap in days.
        Days = "plan.days": Type::PLAIN,
        /// The consultant's name.
        Consultant = "brand.consultant": Type::Text,
        /// Such as "Confidential".
        Confidentiality = "brand.confidentiality": Type::Text,
        /// The client's name, or its file name.
        Client = "client.name": Type::Text,
    }
}

facts! {
    /// Facts about changes since the previous run. Unknown without a previous run.
    ChangeFact {
        /// Report date of the previous run.
        Since = "change.since": Type::Date,
        /// Commitments of the previous roadmap.
        Commitments = "change.commitments": Type::PLAIN,
        /// Commitments kept.
        Kept = "change.kept": Type::PLAIN,
        /// Commitments missed.
        Missed = "change.missed": Type::PLAIN,
        /// Commitments that are upcoming.
        Upcoming = "change.upcoming": Type::PLAIN,
        /// Issues resolved.
        Resolved = "change.resolved": Type::PLAIN,
        /// Issues that remain.
        Remaining = "change.remaining": Type::PLAIN,
        /// New issues.
        Added = "change.added": Type::PLAIN,
    }
}

facts! {
    /// Facts about return on investment and payback. Amounts are per month.
    FinanceFact {
        /// Return divided by investment.
        Roi = "finance.roi": Type::PLAIN,
        /// Months until payback.
        Payback = "finance.payback": Type::PLAIN,
        /// The payback minus half a month. An earlier payback is too optimistic.
        PaybackEarly = "finance.payback_early": Type::PLAIN,
        /// The month of the payback, from 1.
        BreakEven = "finance.break_even": Type::PLAIN,
        /// Investment per month.
        Investment = "finance.investment": Type::Number(Unit::Money, Some(1.0)),
        /// Return per month after the ramp.
        Return = "finance.return": Type::Number(Unit::Money, Some(1.0)),
        /// Longest payback in months. A later payback counts as none.
        Horizon = "finance.horizon": Type::PLAIN,
    }
}

/// Facts about a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScoreFact {
    /// Maximum number of points.
    OutOf,
    /// Number of ranked subjects.
    Count,
    /// Number of subjects with rank 1.
    Tied,
    /// Points of the best subject minus points of the second-best subject.
    Lead,
}

/// A subject of a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// The client, for a score that is not ranked.
    Client,
    /// The best candidate.
    Best,
    /// The second-best candidate.
    Second,
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
    /// Number of ratings in all dimensions.
    Asked,
    /// Number of ratings given.
    Answered,
    /// Number of ratings that apply.
    Expected,
    /// Mean of a dimension (index into [`ScoreDef::dimensions`]).
    Dimension(usize),
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
const SUBJECT_FACTS: [(&str, SubjectFact, Type); 17] = [
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

facts! {
    /// Facts that only certain texts support.
    Local {
        /// The first recommended action.
        FirstAction = "action.first": Type::Text,
        /// The second recommended action.
        SecondAction = "action.second": Type::Text,
        /// The third recommended action.
        ThirdAction = "action.third": Type::Text,
        /// Number of remaining items.
        More = "more": Type::PLAIN,
        /// The shares of the ramp.
        Ramp = "ramp": Type::Text,
        /// The name of a score.
        ScoreLabel = "score": Type::Text,
        /// The name of a rating.
        RatingLabel = "rating.label": Type::Text,
        /// A rating.
        RatingText = "rating.text": Type::Text,
        /// The subject of a rating.
        RatingSubject = "rating.subject": Type::Text,
        /// The calculated total of a rule.
        Total = "total": Type::Text,
        /// The limit of a rule.
        Limit = "limit": Type::Text,
    }
}

/// The definitions that fact names are resolved against.
#[derive(Clone, Copy)]
pub(super) struct Catalogue<'a> {
    pub fields: &'a [Field],
    pub keys: &'a dyn Fn(&str) -> Option<FieldKey>,
    pub scores: &'a [ScoreDef],
    pub finance: Option<&'a FinanceDef>,
    pub periods: &'a [Period],
}

impl Catalogue<'_> {
    /// Returns the fact with this name, and its type. `locals` are the facts that only this text supports.
    pub fn find(&self, name: &str, locals: &[Local]) -> Option<(Fact, Type)> {
        let local = Local::ALL
            .iter()
            .find(|(own, fact, _)| *own == name && locals.contains(fact));
        if let Some((_, fact, kind)) = local {
            return Some((Fact::Local(*fact), *kind));
        }
        fn among<F: Copy>(all: &[(&str, F, Type)], name: &str) -> Option<(F, Type)> {
            let found = all.iter().find(|(own, ..)| *own == name);
            found.map(|(_, fact, kind)| (*fact, *kind))
        }
        if let Some((fact, kind)) = among(PlanFact::ALL, name) {
            return Some((Fact::Plan(fact), kind));
        }
        if let Some((fact, kind)) = among(ChangeFact::ALL, name) {
            return Some((Fact::Change(fact), kind));
        }
        if let (Some((fact, kind)), Some(_)) = (among(FinanceFact::ALL, name), self.finance) {
            return Some((Fact::Finance(fact), kind));
        }
        if let Some(rest) = name.strip_prefix("score.") {
            return self.score(rest);
        }
        let key = (self.keys)(name)?;
        Some((Fact::Field(key), self.kind(key)))
    }

    fn score(&self, name: &str) -> Option<(Fact, Type)> {
        let (id, rest) = name.split_once('.')?;
        let index = self.scores.iter().position(|score| score.id == id)?;
        let score = &self.scores[index];
        let of_score = match (rest, score.ranked) {
            ("out_of", _) => Some(ScoreFact::OutOf),
            ("count", true) => Some(ScoreFact::Count),
            ("tied", true) => Some(ScoreFact::Tied),
            ("best.lead", true) => Some(ScoreFact::Lead),
            _ => None,
        };
        if let Some(fact) = of_score {
            return Some((Fact::Score(index, fact), Type::PLAIN));
        }
        let (subject, rest) = match (score.ranked, rest.split_once('.')) {
            (true, Some(("best", rest))) => (Subject::Best, rest),
            (true, Some(("second", rest))) => (Subject::Second, rest),
            (true, Some(("primary", rest))) => (Subject::Primary, rest),
            (true, _) => return None,
            (false, _) => (Subject::Client, rest),
        };
        let known = SUBJECT_FACTS.iter().find(|(own, ..)| *own == rest);
        // The client alone has no name and no type within a score.
        let known = known.filter(|(_, fact, _)| {
            score.ranked || !matches!(fact, SubjectFact::Name | SubjectFact::Kind)
        });
        if let Some((_, fact, kind)) = known {
            return Some((Fact::Subject(index, subject, *fact), *kind));
        }
        let is_own = |dimension: &DimensionDef| dimension.id == rest;
        let dimension = score.dimensions.iter().position(is_own)?;
        let fact = SubjectFact::Dimension(dimension);
        Some((Fact::Subject(index, subject, fact), Type::PLAIN))
    }

    fn kind(&self, key: FieldKey) -> Type {
        let months = |per: &Option<usize>| per.map(|per| self.periods[per].months);
        match &self.fields[key.0].kind {
            Kind::Rating { .. }
            | Kind::Multiple
            | Kind::Ratio
            | Kind::ComputedScore { .. }
            | Kind::ComputedRoi => Type::PLAIN,
            Kind::Money { per } => Type::Number(Unit::Money, months(per)),
            Kind::Count { per } => Type::Number(Unit::Plain, months(per)),
            Kind::Percent | Kind::Share => Type::Number(Unit::Percent, None),
            Kind::Quantity { unit } => Type::Number(Unit::Quantity(*unit), None),
            Kind::Choice { list } => Type::Choice(*list),
            Kind::Date => Type::Date,
            Kind::Text | Kind::LongText | Kind::Email => Type::Text,
        }
    }

    /// Returns every name that [`Catalogue::find`] accepts, for suggestions.
    pub fn names(&self, locals: &[Local]) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        let own = Local::ALL
            .iter()
            .filter(|(_, fact, _)| locals.contains(fact));
        names.extend(own.map(|(name, ..)| (*name).to_owned()));
        names.extend(PlanFact::ALL.iter().map(|(name, ..)| (*name).to_owned()));
        names.extend(ChangeFact::ALL.iter().map(|(name, ..)| (*name).to_owned()));
        if self.finance.is_some() {
            names.extend(FinanceFact::ALL.iter().map(|(name, ..)| (*name).to_owned()));
        }
        for score in self.scores {
            let prefix = format!("score.{}", score.id);
            names.push(format!("{prefix}.out_of"));
            let subjects: &[&str] = match score.ranked {
                true => &[".best", ".second", ".primary"],
                false => &[""],
            };
            if score.ranked {
                names.extend(["count", "tied", "best.lead"].map(|name| format!("{prefix}.{name}")));
            }
            for subject in subjects {
                let facts = SUBJECT_FACTS.iter().map(|(name, ..)| *name);
                let dimensions = score.dimensions.iter().map(|dimension| &*dimension.id);
                let all = facts.chain(dimensions);
                names.extend(all.map(|name| format!("{prefix}{subject}.{name}")));
            }
        }
        names.extend(self.fields.iter().map(|field| field.id.clone()));
        names
    }
}
