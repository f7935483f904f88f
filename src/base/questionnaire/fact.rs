//! The catalog of facts: what the texts and conditions of a questionnaire can refer to, and the type of each fact.
//!
//! A fact is the answer to a field (named by its ID) or one of the names below. `crate::facts` provides the values and
//! matches every variant. Every accepted fact therefore has a value if the client's data contains one.

use foldhash::HashMap;

use super::score_fact::{RANKED_FACTS, SUBJECT_FACTS, ScoreFact, Subject, SubjectFact};
use super::types::{Type, Unit};
use super::{
    DimensionDef, Field, FieldKey, FigureDef, FinanceDef, GapDef, Kind, Period, RoadmapDef,
    ScoreDef,
};

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
    /// When the return has paid for the investment: the ramp, and whether only the growth counts.
    Payback(Ramp, bool),
    /// The sum of the shares of the client's own ramp over this number of months.
    FullMonths(u32),
    /// A calculated figure (index into `AdviceDef::figures`).
    Figure(usize),
    /// The lowest rating of a gap (index into `GapsDef::gaps`).
    Gap(usize),
    /// A fact about an activity (index into `RoadmapDef::activities`).
    Activity(usize, ActivityFact),
    /// A fact about what the answers mean for the plan.
    Advice(AdviceFact),
    /// A fact that only certain texts support.
    Local(Local),
}

/// How the return grows to its full amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ramp {
    /// The fast ramp.
    Fast,
    /// The usual ramp.
    Base,
    /// The slow ramp.
    Slow,
    /// The usual ramp, delayed by the client's own sales cycle.
    Own,
}

impl Ramp {
    /// All ramps, with their names.
    pub const ALL: [(&'static str, Self); 4] = [
        ("fast", Self::Fast),
        ("base", Self::Base),
        ("slow", Self::Slow),
        ("own", Self::Own),
    ];
}

/// A fact about an activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActivityFact {
    /// First day.
    Start,
    /// Due date.
    Due,
    /// Owner. Unknown without one.
    Owner,
    /// Expected first day, during the ninety days.
    ExpectedStart,
    /// Expected finish, during the ninety days.
    Expected,
    /// Status: the option of the list.
    Status,
}

impl ActivityFact {
    /// All facts about an activity, with their names.
    pub const ALL: [(&'static str, Self, Type); 6] = [
        ("start", Self::Start, Type::Date),
        ("due", Self::Due, Type::Date),
        ("owner", Self::Owner, Type::Text),
        ("expected_start", Self::ExpectedStart, Type::Date),
        ("expected", Self::Expected, Type::Date),
        ("status", Self::Status, Type::Text),
    ];
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
        /// Why activities are urgent, each reason with the number of its activity.
        UrgentNames = "plan.urgent_names": Type::Text,
        /// Activities that need attention.
        NeedAttention = "plan.need_attention": Type::PLAIN,
        /// Why activities need attention, each reason with the number of its activity.
        AttentionNames = "plan.attention_names": Type::Text,
        /// Numbers of the activities that need attention.
        AttentionNumbers = "plan.attention_numbers": Type::Text,
        /// 1 if the roadmap has begun and the answers are dated before its first day, else 0.
        OldAnswers = "plan.old_answers": Type::PLAIN,
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
        /// The decision that the plan recommends.
        Decision = "decision.text": Type::Text,
        /// ID of the decision.
        DecisionId = "decision.id": Type::Text,
        /// The first contradiction in the answers, as a request.
        FirstMismatch = "mismatch.first": Type::Text,
        /// Number of contradictions in the answers.
        Mismatches = "mismatch.count": Type::PLAIN,
        /// Number of risks.
        Risks = "risks.count": Type::PLAIN,
        /// Title of the first risk.
        FirstRisk = "risks.first": Type::Text,
        /// The first move.
        FirstMove = "move.first": Type::Text,
        /// Owner and date of the first move.
        FirstMoveWho = "move.first.who": Type::Text,
        /// The second move.
        SecondMove = "move.second": Type::Text,
        /// Owner and date of the second move.
        SecondMoveWho = "move.second.who": Type::Text,
        /// The third move.
        ThirdMove = "move.third": Type::Text,
        /// Owner and date of the third move.
        ThirdMoveWho = "move.third.who": Type::Text,
        /// The first request.
        FirstRequest = "request.first": Type::Text,
        /// Dates of the roadmap that may fall on a public holiday, if no holidays are given.
        HolidayDates = "plan.holiday_dates": Type::PLAIN,
        /// What falls on these dates.
        HolidayNames = "plan.holiday_names": Type::Text,
        /// Symbol or code of the client's currency.
        Currency = "plan.currency": Type::Text,
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
        /// 1 if the answers are dated before the previous run, or within a week after it, and report nothing new, else 0.
        Stale = "change.stale": Type::PLAIN,
        /// Commitments of the previous roadmap.
        Commitments = "change.commitments": Type::PLAIN,
        /// Commitments kept.
        Kept = "change.kept": Type::PLAIN,
        /// Commitments missed.
        Missed = "change.missed": Type::PLAIN,
        /// Commitments that were due: kept and missed.
        Due = "change.due": Type::PLAIN,
        /// Gaps that are no gaps any more.
        GapsClosed = "change.gaps_closed": Type::PLAIN,
        /// Their names.
        ClosedNames = "change.closed_names": Type::Text,
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
    /// Facts about return and investment. Amounts are per month.
    FinanceFact {
        /// Return divided by investment.
        Multiple = "finance.multiple": Type::PLAIN,
        /// Investment per month.
        Investment = "finance.investment": Type::Number(Unit::Money, Some(1.0)),
        /// Return per month after the ramp.
        Return = "finance.return": Type::Number(Unit::Money, Some(1.0)),
        /// 1 if the return does not pay for the investment within the longest payback, else 0.
        Never = "finance.never": Type::PLAIN,
        /// Longest payback in months. A later payback counts as none.
        Horizon = "finance.horizon": Type::PLAIN,
    }
}

facts! {
    /// Facts about what the answers mean for the plan.
    AdviceFact {
        /// Key answers given.
        CoreAnswered = "core.answered": Type::PLAIN,
        /// Key answers asked for.
        CoreAsked = "core.asked": Type::PLAIN,
        /// Key answers given, in percent.
        CoreShare = "core.share": Type::Number(Unit::Percent, None),
        /// Share of key answers from which the plan is complete, in percent.
        CoreFull = "core.full": Type::Number(Unit::Percent, None),
        /// Share of key answers below which nothing is recommended, in percent.
        CoreProvisional = "core.provisional": Type::Number(Unit::Percent, None),
        /// Names of the first key answers that are missing.
        CoreMissing = "core.missing": Type::Text,
        /// Names and cells of all key answers that are missing.
        CoreAllMissing = "core.all_missing": Type::Text,
        /// Questions asked.
        QuestionsAsked = "questions.asked": Type::PLAIN,
        /// Questions answered with a value.
        QuestionsAnswered = "questions.answered": Type::PLAIN,
        /// Questions that do not apply.
        QuestionsNotApplicable = "questions.not_applicable": Type::PLAIN,
        /// Questions whose answer is not yet known.
        QuestionsUnknown = "questions.unknown": Type::PLAIN,
        /// Questions without a usable answer.
        QuestionsMissing = "questions.missing": Type::PLAIN,
        /// Names of the gaps with a card, in order.
        GapNames = "gaps.names": Type::Text,
        /// Number of gaps with a card. Near-gaps do not count.
        GapCount = "gaps.count": Type::PLAIN,
        /// Number of subjects below the threshold of a gap.
        GapsBelow = "gaps.below": Type::PLAIN,
        /// Number of blockers.
        GapBlockers = "gaps.blockers": Type::PLAIN,
        /// Number of subjects that are asked about.
        GapsAsked = "gaps.asked": Type::PLAIN,
        /// Number of subjects with a rating.
        GapsRated = "gaps.rated": Type::PLAIN,
        /// Name of the first gap.
        FirstGapName = "gaps.first.name": Type::Text,
        /// Rating of the first gap.
        FirstGapRating = "gaps.first.rating": Type::PLAIN,
        /// Name of the first near-gap, if there is no gap.
        NearGapName = "gaps.near.name": Type::Text,
        /// Lowest rating below which nothing is a gap.
        GapWeak = "gaps.weak": Type::PLAIN,
        /// Rating below which a gap of the highest impact is a blocker.
        GapBlocker = "gaps.blocker": Type::PLAIN,
        /// Activities that start before an activity they need is finished.
        Early = "order.early": Type::PLAIN,
        /// How many subjects are to be built by the last day.
        BuildCount = "builds.count": Type::PLAIN,
        /// The subject that must be started first.
        BuildName = "builds.name": Type::Text,
        /// The names of all of them.
        BuildNames = "builds.names": Type::Text,
        /// The latest day on which it can start.
        BuildStart = "builds.latest_start": Type::Date,
        /// The day on which this subject is ready if work begins on day 1, or on the next working day if day 1
        /// has passed.
        BuildReady = "builds.ready": Type::Date,
        /// Weeks of work for all of them.
        BuildWeeks = "builds.weeks": Type::PLAIN,
        /// Weeks in the roadmap.
        BuildWindow = "builds.available": Type::PLAIN,
        /// The busiest owner.
        LoadOwner = "load.owner": Type::Text,
        /// Open activities of the busiest owner.
        LoadActivities = "load.activities": Type::PLAIN,
        /// All open activities.
        LoadOpen = "load.open": Type::PLAIN,
        /// The owners who have as many open activities as the busiest one, with it.
        LoadOwners = "load.owners": Type::Text,
        /// How many they are.
        LoadTied = "load.tied": Type::PLAIN,
        /// Open activities with several owners.
        LoadShared = "load.shared": Type::PLAIN,
        /// Largest number of activities that the busiest owner has on one day.
        LoadPeak = "load.peak": Type::PLAIN,
        /// 1 if too much rests on the busiest owner, else 0.
        Overload = "load.overload": Type::PLAIN,
        /// Activities without an owner.
        Unowned = "load.unowned": Type::PLAIN,
        /// Activities that are not done and have no owner.
        OpenUnowned = "load.open_unowned": Type::PLAIN,
        /// Their names.
        UnownedNames = "load.open_unowned_names": Type::Text,
        /// Open activities whose owner, as entered, names no single person.
        EveryoneNames = "load.everyone_names": Type::Text,
        /// Last day of the roadmap.
        LastDay = "roadmap.end": Type::Date,
        /// Date of the closing review.
        Close = "roadmap.close": Type::Date,
        /// Names of the open activities without a usable due date. The plan proposes these dates.
        ProposedNames = "roadmap.proposed_names": Type::Text,
        /// Names of the activities whose status says that they do not apply.
        LeftOutNames = "roadmap.left_out_names": Type::Text,
        /// Date of the next review. Unknown after the closing review.
        NextReview = "roadmap.next_review": Type::Date,
        /// Number of reviews, with the closing review.
        Reviews = "roadmap.reviews": Type::PLAIN,
        /// Day of the roadmap on the report date, from 1. Unknown before day 1 and after the closing review.
        Day = "roadmap.day": Type::PLAIN,
        /// Expected finish of the last activity, during the ninety days.
        ExpectedEnd = "roadmap.expected_end": Type::Date,
        /// Working days between the closing review and the expected finish.
        Slip = "roadmap.slip": Type::PLAIN,
        /// Edition of the plan: first, mid_term, closing, review, or next_round.
        Edition = "roadmap.edition": Type::Text,
        /// Other candidates named in the reasons for the choice.
        AlsoNamed = "choice.also_named": Type::Text,
        /// Other candidates named in the offer to the choice.
        OfferNames = "offer.names": Type::Text,
        /// The best type of candidate.
        FirstType = "types.first": Type::Text,
        /// The second-best type of candidate.
        SecondType = "types.second": Type::Text,
        /// Number of types that share first place.
        TypesTied = "types.tied": Type::PLAIN,
        /// Number of types with a rated candidate.
        TypesRated = "types.rated": Type::PLAIN,
        /// A partner of the type of the client's choice, with an article.
        ChoiceType = "types.choice": Type::Text,
        /// Weeks until a partner of this type is ready.
        ChoiceWeeks = "types.choice_weeks": Type::PLAIN,
        /// Partners of the type of the three best candidates, if they have the same type.
        LeadersType = "types.leaders": Type::Text,
        /// Points of the best type.
        FirstTypePoints = "types.first_points": Type::Text,
    }
}

facts! {
    /// Facts that only certain texts support.
    Local {
        /// A date, formatted.
        Date = "date": Type::Text,
        /// A number, formatted.
        Count = "count": Type::Text,
        /// A name.
        Name = "name": Type::Text,
        /// Mean rating of the value of a type.
        TypeValue = "value": Type::Text,
        /// Mean rating of the ease of a type.
        TypeEase = "ease": Type::Text,
        /// The name of a score.
        ScoreLabel = "score": Type::Text,
        /// The calculated total of a rule.
        Total = "total": Type::Text,
        /// The limit of a rule.
        Limit = "limit": Type::Text,
    }
}

/// The definitions that fact names are resolved against.
#[derive(Clone, Copy)]
pub(super) struct Catalog<'a> {
    pub fields: &'a [Field],
    /// Fields by their full ID and by their former IDs.
    pub by_id: &'a HashMap<String, FieldKey>,
    pub scores: &'a [ScoreDef],
    pub finance: Option<&'a FinanceDef>,
    pub periods: &'a [Period],
    /// What only the plan knows. `None` for rules that are checked before there is a plan.
    pub advice: Option<AdviceNames<'a>>,
}

/// The definitions behind facts of the plan's advice.
#[derive(Clone, Copy)]
pub(super) struct AdviceNames<'a> {
    pub roadmap: &'a RoadmapDef,
    pub figures: &'a [FigureDef],
    pub gaps: &'a [GapDef],
}

impl Catalog<'_> {
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
        if let (Some((fact, kind)), Some(_)) = (among(FinanceFact::ALL, name), self.finance) {
            return Some((Fact::Finance(fact), kind));
        }
        if let Some(rest) = name.strip_prefix("score.") {
            return self.score(rest);
        }
        if let Some(advice) = &self.advice {
            if let Some((fact, kind)) = among(PlanFact::ALL, name) {
                return Some((Fact::Plan(fact), kind));
            }
            if let Some((fact, kind)) = among(ChangeFact::ALL, name) {
                return Some((Fact::Change(fact), kind));
            }
            if let Some((fact, kind)) = among(AdviceFact::ALL, name) {
                return Some((Fact::Advice(fact), kind));
            }
            if let Some(found) = self.finance.and_then(|_| payback(name)) {
                return Some((found, Type::PLAIN));
            }
            if let Some(found) = advice.find(name) {
                return Some(found);
            }
        }
        let key = *self.by_id.get(name)?;
        Some((Fact::Field(key), self.kind(key)))
    }

    fn score(&self, name: &str) -> Option<(Fact, Type)> {
        let (id, rest) = name.split_once('.')?;
        let index = self.scores.iter().position(|score| score.id == id)?;
        let score = &self.scores[index];
        if rest == "out_of" {
            return Some((Fact::Score(index, ScoreFact::OutOf), Type::PLAIN));
        }
        let ranked = RANKED_FACTS.iter().filter(|_| score.ranked);
        if let Some((_, fact, kind)) = ranked.clone().find(|(own, ..)| *own == rest) {
            return Some((Fact::Score(index, *fact), *kind));
        }
        let (subject, rest) = match (score.ranked, rest.split_once('.')) {
            (true, Some(("best", rest))) => (Subject::Best, rest),
            (true, Some(("second", rest))) => (Subject::Second, rest),
            (true, Some(("third", rest))) => (Subject::Third, rest),
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
        if let Some(row) = rest.strip_prefix("rating.") {
            let (dimension, rating) = self.rating(score, row)?;
            let fact = SubjectFact::Rating(dimension, rating);
            return Some((Fact::Subject(index, subject, fact), Type::PLAIN));
        }
        let is_own = |dimension: &DimensionDef| dimension.id == rest;
        let dimension = score.dimensions.iter().position(is_own)?;
        let fact = SubjectFact::Dimension(dimension);
        Some((Fact::Subject(index, subject, fact), Type::PLAIN))
    }

    /// Returns the indexes of the dimension and of the rating whose row ends with this ID.
    fn rating(&self, score: &ScoreDef, row: &str) -> Option<(usize, usize)> {
        let mut dimensions = score.dimensions.iter().enumerate();
        dimensions.find_map(|(index, dimension)| {
            let ratings = dimension.ratings.first()?;
            let place = ratings
                .iter()
                .position(|key| self.row_of(*key) == Some(row))?;
            Some((index, place))
        })
    }

    /// Returns the last part of the ID of a field's row.
    fn row_of(&self, key: FieldKey) -> Option<&str> {
        self.fields[key.0].id.split('.').nth(2)
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
            Kind::Text
            | Kind::LongText
            | Kind::Email
            | Kind::Url
            | Kind::Phone
            | Kind::Choices { .. } => Type::Text,
        }
    }

    /// Returns every name that [`Catalog::find`] accepts, for suggestions.
    pub fn names(&self, locals: &[Local]) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        let own = Local::ALL
            .iter()
            .filter(|(_, fact, _)| locals.contains(fact));
        names.extend(own.map(|(name, ..)| (*name).to_owned()));
        if let Some(advice) = &self.advice {
            names.extend(PlanFact::ALL.iter().map(|(name, ..)| (*name).to_owned()));
            names.extend(ChangeFact::ALL.iter().map(|(name, ..)| (*name).to_owned()));
            names.extend(AdviceFact::ALL.iter().map(|(name, ..)| (*name).to_owned()));
            advice.add_names(&mut names);
        }
        if self.finance.is_some() {
            names.extend(FinanceFact::ALL.iter().map(|(name, ..)| (*name).to_owned()));
            for (name, _) in Ramp::ALL {
                names.push(format!("finance.payback.{name}"));
                names.push(format!("finance.growth_payback.{name}"));
            }
        }
        for score in self.scores {
            let prefix = format!("score.{}", score.id);
            names.push(format!("{prefix}.out_of"));
            let subjects: &[&str] = match score.ranked {
                true => &[".best", ".second", ".third", ".primary"],
                false => &[""],
            };
            if score.ranked {
                let ranked = RANKED_FACTS.iter();
                names.extend(ranked.map(|(name, ..)| format!("{prefix}.{name}")));
            }
            for subject in subjects {
                let facts = SUBJECT_FACTS.iter().map(|(name, ..)| *name);
                let dimensions = score.dimensions.iter().map(|dimension| &*dimension.id);
                let all = facts.chain(dimensions);
                names.extend(all.map(|name| format!("{prefix}{subject}.{name}")));
                let ratings = score
                    .dimensions
                    .iter()
                    .filter_map(|own| own.ratings.first());
                let rows = ratings.flatten().filter_map(|key| self.row_of(*key));
                names.extend(rows.map(|row| format!("{prefix}{subject}.rating.{row}")));
            }
        }
        names.extend(self.fields.iter().map(|field| field.id.clone()));
        names
    }
}

/// Longest time, in months, over which the shares of a ramp can be added.
const MAX_MONTHS: u32 = 600;

/// Returns the fact with a name such as `finance.payback.own` or `finance.full_months.12`.
fn payback(name: &str) -> Option<Fact> {
    if let Some(months) = name.strip_prefix("finance.full_months.") {
        let months = months.parse().ok()?;
        return (1..=MAX_MONTHS)
            .contains(&months)
            .then_some(Fact::FullMonths(months));
    }
    let (rest, growth) = match name.strip_prefix("finance.growth_payback.") {
        Some(rest) => (rest, true),
        None => (name.strip_prefix("finance.payback.")?, false),
    };
    let (_, ramp) = Ramp::ALL.into_iter().find(|(own, _)| *own == rest)?;
    Some(Fact::Payback(ramp, growth))
}

impl AdviceNames<'_> {
    fn find(&self, name: &str) -> Option<(Fact, Type)> {
        if let Some(id) = name.strip_prefix("figure.") {
            let index = self.figures.iter().position(|figure| figure.id == id)?;
            return Some((Fact::Figure(index), self.figures[index].kind));
        }
        if let Some(id) = name.strip_prefix("gap.") {
            let index = self.gaps.iter().position(|gap| gap.id == id)?;
            return Some((Fact::Gap(index), Type::PLAIN));
        }
        let (id, rest) = name.strip_prefix("activity.")?.split_once('.')?;
        let index = self
            .roadmap
            .activities
            .iter()
            .position(|own| own.id == id)?;
        let (_, fact, kind) = ActivityFact::ALL
            .into_iter()
            .find(|(own, ..)| *own == rest)?;
        Some((Fact::Activity(index, fact), kind))
    }

    fn add_names(&self, names: &mut Vec<String>) {
        names.extend(self.figures.iter().map(|own| format!("figure.{}", own.id)));
        names.extend(self.gaps.iter().map(|own| format!("gap.{}", own.id)));
        for activity in &self.roadmap.activities {
            let facts = ActivityFact::ALL.iter();
            names.extend(facts.map(|(name, ..)| format!("activity.{}.{name}", activity.id)));
        }
    }
}
