//! What is kept about a client: scores, finances, roadmap, issues, and output files. One type, serialized in
//! `results.jsonl` and in the build cache, and read again for comparisons and emails.
//!
//! ```
//! # use partnerbook::{intake, questionnaire::Questionnaire};
//! # let questionnaire = Questionnaire::built_in()?;
//! # let sample = std::fs::read("samples/halvorsen-sensors.xlsx")?;
//! # let reading = intake::read_bytes(&questionnaire, sample, &intake::Sandbox::none())?;
//! # let answers = &reading.answers;
//! # let plan = partnerbook::plan::build(partnerbook::plan::Inputs {
//! #     questionnaire: &questionnaire,
//! #     answers,
//! #     issues: reading.issues,
//! #     source: partnerbook::record::Source {
//! #         file: "halvorsen-sensors.xlsx".into(),
//! #         path: "samples/halvorsen-sensors.xlsx".into(),
//! #         sha256: reading.sha256,
//! #     },
//! #     today: "2026-11-23".parse()?,
//! #     sender: &partnerbook::plan::Sender::default(),
//! #     compared: partnerbook::plan::Compared::default(),
//! #     prints: partnerbook::pdf::can_print,
//! # });
//! use partnerbook::record::Record;
//!
//! let line = serde_json::to_string(&plan.record)?;
//! let record: Record = serde_json::from_str(&line)?;
//! assert_eq!(record.client.name, "Halvorsen Sensors AS");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answers;
mod benchmark_values;
mod change;
mod previous;
pub mod results;
mod status;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use self::answers::{AnswerLine, AnswerState, AnswerType, Question};
pub use self::benchmark_values::benchmark_values;
pub use self::change::{Change, Commitment, Outcome, Progress, Resolved, ScoreChange, Verdict};
pub use self::previous::{Previous, PreviousError};
pub use self::status::{ClientStatus, PlanState, Returned, Status, Step, Stranger};
use crate::analysis::{Edition, Stale};
use crate::issue::{Counts, Issue};
use crate::questionnaire::Tone;

/// All data about one client, without the text of the plan. The portfolio workbook, the results, and the calendar are
/// created from it. A record can be serialized and read again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Record {
    /// The client.
    pub client: Client,
    /// The workbook with the client's answers.
    pub source: Source,
    /// The questionnaire's title, ID, version, and language.
    pub questionnaire: QuestionnaireRef,
    /// The report date.
    pub report_date: NaiveDate,
    /// Number of answered questions and of all questions.
    pub completeness: Completeness,
    /// Number of questions that the client marked as not applicable. They count as asked and not answered.
    pub not_applicable: usize,
    /// All scores.
    pub scores: Vec<ScoreSummary>,
    /// Return, investment, and payback.
    pub finance: FinanceSummary,
    /// Which plan of the client this is.
    pub edition: Edition,
    /// What the plan recommends.
    pub advice: AdviceSummary,
    /// The 90-day roadmap.
    pub roadmap: Roadmap,
    /// The success metrics: today's values and targets.
    pub targets: Vec<Target>,
    /// Number of issues of each severity.
    pub counts: Counts,
    /// Changes since the previous run with this client.
    pub change: Option<Change>,
    /// All issues, the most severe first.
    pub issues: Vec<Issue>,
    /// All answers, in the order of [`Question::all`]. They are stored separately and are not part of the results.
    #[serde(skip)]
    pub answers: Vec<AnswerLine>,
    /// The candidate that the client chose, as entered in the workbook.
    pub primary: Option<String>,
    /// The email that the plan is sent with.
    pub message: Message,
    /// The output files for this client.
    pub outputs: Outputs,
}

/// Number of questions or ratings that are answered, and number of those expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Completeness {
    /// Number answered.
    pub answered: usize,
    /// Number expected. Ratings that do not apply are left out; questions that do not apply are included.
    pub expected: usize,
}

impl Completeness {
    /// Returns the answered share, from 0 to 1.
    pub fn share(self) -> f64 {
        match self.expected {
            0 => 0.0,
            expected => self.answered as f64 / expected as f64,
        }
    }
}

impl From<(usize, usize)> for Completeness {
    fn from((answered, expected): (usize, usize)) -> Self {
        Self { answered, expected }
    }
}

/// The output files for a client. `None` if a file was not created.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outputs {
    /// The plan (PDF).
    pub plan: Option<Output>,
    /// The calendar (iCalendar).
    pub calendar: Option<Output>,
    /// The notes for the consultant (PDF), if they were asked for.
    pub notes: Option<Output>,
}

/// A file in the output folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// Path relative to the output folder.
    pub relative_path: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

impl Outputs {
    /// Returns the files that exist.
    pub fn files(&self) -> impl Iterator<Item = &Output> {
        self.plan.iter().chain(&self.calendar).chain(&self.notes)
    }
}

impl Record {
    /// Returns the record without its issues and answers, which are stored separately.
    pub fn figures(&self) -> Self {
        Self {
            client: self.client.clone(),
            source: self.source.clone(),
            questionnaire: self.questionnaire.clone(),
            scores: self.scores.clone(),
            finance: self.finance.clone(),
            advice: self.advice.clone(),
            roadmap: self.roadmap.clone(),
            targets: self.targets.clone(),
            primary: self.primary.clone(),
            message: self.message.clone(),
            change: self.change.clone(),
            outputs: self.outputs.clone(),
            issues: Vec::new(),
            answers: Vec::new(),
            ..*self
        }
    }
}

/// The email that the plan is sent with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The subject.
    pub subject: String,
    /// The paragraphs. A paragraph can have several lines.
    pub paragraphs: Vec<String>,
}

/// The client.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Client {
    /// Client ID of the workbook, or an ID derived from the name.
    #[serde(default)]
    pub id: Option<String>,
    /// Name of the client, or the file name without its extension if the client entered no name.
    pub name: String,
    /// Whether the client entered the name.
    pub named: bool,
    /// Contact person.
    pub contact: Option<String>,
    /// Email address.
    pub email: Option<String>,
    /// Industry.
    pub industry: Option<String>,
    /// Currency code.
    pub currency: Option<String>,
}

impl Client {
    /// Returns the name, if the client entered one.
    pub fn known_name(&self) -> Option<&str> {
        self.named.then_some(self.name.as_str())
    }
}

/// The workbook.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Source {
    /// File name, without its folder.
    pub file: String,
    /// Path as given. Not serialized.
    #[serde(skip)]
    pub path: std::path::PathBuf,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// The questionnaire that the client answered.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct QuestionnaireRef {
    /// ID of the questionnaire.
    pub id: String,
    /// Version of the questionnaire.
    pub version: u32,
    /// Title of the questionnaire and of the plan.
    pub title: String,
    /// Language of the texts.
    pub language: String,
}

/// A score, for the portfolio and the results.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ScoreSummary {
    /// ID of the score.
    pub id: String,
    /// Name of the score.
    pub label: String,
    /// Maximum points.
    pub out_of: f64,
    /// Whether the score ranks candidates.
    pub ranked: bool,
    /// The bands, the lowest first.
    pub bands: Vec<BandSummary>,
    /// The ratings that the score is calculated from, in the order of the dimensions.
    pub ratings: Vec<RatingSummary>,
    /// The client, or the candidates: the best first, those without points last.
    pub subjects: Vec<SubjectSummary>,
}

/// A band of a score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BandSummary {
    /// Name of the band.
    pub label: String,
    /// Color of the band.
    pub tone: Tone,
    /// Points at which the band starts.
    pub from: f64,
}

/// A rating that a score is calculated from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RatingSummary {
    /// Label of the rating.
    pub label: String,
    /// Index of the dimension.
    pub dimension: usize,
    /// Whether the rating is reverse-scored: a low rating is good, and 10 minus the rating counts.
    pub inverted: bool,
}

/// A score of the client or of one candidate.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SubjectSummary {
    /// Name of the candidate. Empty if the score is about the client.
    pub name: String,
    /// Type of candidate.
    pub kind: Option<String>,
    /// Unrounded points.
    pub points: Option<f64>,
    /// The band of the points.
    pub band: Option<BandName>,
    /// Rank, starting at 1.
    pub rank: Option<u32>,
    /// Whether others have the same rank.
    pub tied: bool,
    /// Whether the points are only indicative, because too few ratings were given.
    pub indicative: bool,
    /// Questions that the candidate fails, so that it has no points.
    #[serde(default)]
    pub knocked_out: Vec<String>,
    /// The dimensions.
    pub dimensions: Vec<DimensionSummary>,
    /// The ratings in the order of [`ScoreSummary::ratings`], converted so that 10 is best.
    pub ratings: Vec<Option<f64>>,
    /// Number of ratings given and of ratings that apply.
    pub completeness: Completeness,
}

/// The band of a score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BandName {
    /// Name of the band.
    pub label: String,
    /// Color of the band.
    pub tone: Tone,
}

/// A dimension of a score.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DimensionSummary {
    /// ID of the dimension.
    pub id: String,
    /// Name of the dimension.
    pub label: String,
    /// Weight, in percent.
    pub weight: f64,
    /// Whether the dimension applies.
    pub applies: bool,
    /// Mean rating out of 10.
    pub mean: Option<f64>,
    /// Points that the dimension adds to the score.
    pub points: Option<f64>,
    /// Number of ratings given.
    pub answered: usize,
    /// Number of ratings that apply.
    pub expected: usize,
}

/// Calculated return, investment, and payback.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FinanceSummary {
    /// Investment per month.
    pub investment: Option<f64>,
    /// Return per month.
    #[serde(rename = "return")]
    pub returns: Option<f64>,
    /// Return per month above today's.
    pub growth: Option<f64>,
    /// Growth minus investment, per month.
    pub growth_after_cost: Option<f64>,
    /// Return divided by investment.
    pub multiple: Option<f64>,
    /// Payback period with the usual ramp, in months.
    pub payback_months: Option<f64>,
    /// Whether the payback was calculated and is not within the horizon.
    pub never: bool,
    /// The multiple that the client entered.
    pub entered_multiple: Option<f64>,
    /// The payback period that the client entered, in months.
    pub entered_payback_months: Option<f64>,
}

/// What the plan recommends, and what that rests on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AdviceSummary {
    /// The decision. `None` if the questionnaire defines none that applies.
    pub decision: Option<Decision>,
    /// Key answers given and asked for.
    pub core: Completeness,
    /// Whether too few key answers are given for a complete plan.
    pub provisional: bool,
    /// Calculated figures that are known.
    pub figures: Vec<FigureSummary>,
    /// Gaps, the most important first.
    pub gaps: Vec<GapSummary>,
    /// IDs of all subjects with a rating, whether they are gaps or not.
    pub rated_gaps: Vec<String>,
    /// Risks, the most important first.
    pub risks: Vec<RiskSummary>,
    /// Contradictions in the answers.
    pub mismatches: Vec<String>,
    /// What the ranking says about the client's choice, such as `narrow` or `behind`.
    pub choice_case: Option<String>,
    /// Points by which the client's choice is behind the best candidate.
    pub choice_behind: Option<f64>,
}

/// A decision that the plan recommends.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// ID.
    pub id: String,
    /// The recommendation.
    pub text: String,
    /// Whether nothing is recommended because too few key answers are given. Such a plan is not sent.
    pub withheld: bool,
}

/// A calculated figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FigureSummary {
    /// ID.
    pub id: String,
    /// The value, if it is a number.
    pub number: Option<f64>,
    /// The exact value, formatted.
    pub text: String,
}

/// A gap.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GapSummary {
    /// ID.
    pub id: String,
    /// Name.
    pub name: String,
    /// The lowest rating, from 0 to 10.
    pub rating: f64,
    /// What closing it brings for its effort.
    pub priority: f64,
    /// ID of the activity that closes it, if there is one.
    pub activity: Option<String>,
}

/// A risk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RiskSummary {
    /// ID.
    pub id: String,
    /// Title.
    pub title: String,
    /// What would happen.
    pub consequence: String,
    /// What to do.
    pub mitigation: String,
    /// Who does it.
    pub owner: String,
    /// Likelihood, from 1 to 3.
    pub likelihood: u32,
    /// Impact, from 1 to 3.
    pub impact: u32,
}

/// The 90-day roadmap.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Roadmap {
    /// Day 1.
    pub start: NaiveDate,
    /// The last day.
    pub end: NaiveDate,
    /// The start date in the workbook, if it is that of an earlier round and does not count.
    pub stale_start: Option<NaiveDate>,
    /// The months.
    pub months: Vec<Month>,
    /// The weeks.
    pub weeks: Vec<Week>,
    /// The reviews, the closing review last.
    pub reviews: Vec<Review>,
    /// The activities.
    pub activities: Vec<Activity>,
}

/// A month of the roadmap.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Month {
    /// Title of the month.
    pub title: String,
    /// First day.
    pub start: NaiveDate,
    /// Last day.
    pub end: NaiveDate,
}

/// A week of the roadmap.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Week {
    /// First day, formatted.
    pub label: String,
    /// First day.
    pub start: NaiveDate,
}

/// A review of the roadmap.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Review {
    /// Name of the review.
    pub label: String,
    /// Date of the review.
    pub date: NaiveDate,
}

/// How urgent an activity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// A gap blocks the activity.
    Urgent,
    /// A gap should be closed by the activity.
    NeedsAttention,
    /// No gap concerns the activity.
    Planned,
    /// The activity is done.
    Done,
}

impl Urgency {
    /// Returns the color of the urgency.
    pub fn tone(self) -> Tone {
        match self {
            Urgency::Urgent => Tone::Bad,
            Urgency::NeedsAttention => Tone::Watch,
            Urgency::Planned => Tone::Plain,
            Urgency::Done => Tone::Good,
        }
    }
}

/// An activity of the roadmap.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Activity {
    /// ID of the row.
    pub id: String,
    /// Name of the activity.
    pub label: String,
    /// Index of the month.
    pub month: usize,
    /// First day.
    #[serde(rename = "start")]
    pub from: NaiveDate,
    /// Due date: the client's date, or else the questionnaire's date.
    pub due: NaiveDate,
    /// The due date, formatted.
    pub due_text: String,
    /// The due date without the year, formatted.
    pub due_short: String,
    /// Owner, or the questionnaire's text for "no owner".
    pub owner: String,
    /// Whether the activity has an owner.
    pub owned: bool,
    /// Status, as the questionnaire writes it.
    pub status: String,
    /// Whether the activity is done.
    pub done: bool,
    /// What the workbook contains, if it is that of an earlier round and does not count.
    pub stale: Option<Stale>,
    /// Expected finish, during the roadmap.
    pub expected: Option<NaiveDate>,
    /// How urgent the activity is.
    pub urgency: Urgency,
    /// The urgency as text. Empty if there is nothing to show.
    pub urgency_text: String,
    /// The gaps that make the activity urgent, with their ratings.
    pub reasons: Vec<String>,
}

impl Activity {
    /// Returns whether the due date has passed and the activity is not done.
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        !self.done && self.due < today
    }
}

/// A success metric: today's value and its target.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Target {
    /// Position among the success metrics of the questionnaire.
    pub index: usize,
    /// Name of the metric.
    pub label: String,
    /// Today's value, as a number and formatted.
    pub today: Option<(f64, String)>,
    /// The target, as a number and formatted.
    pub target: Option<(f64, String)>,
    /// The change, formatted.
    pub change: String,
    /// Whether the target is below today's value.
    pub falls: bool,
}

/// Identifies the client whose answers are written.
#[derive(Debug, Clone, Copy)]
pub struct ClientRef<'a> {
    /// Name of the client.
    pub client: &'a str,
    /// File name of the workbook.
    pub file: &'a str,
    /// Currency code of the amounts.
    pub currency: Option<&'a str>,
}

impl<'a> ClientRef<'a> {
    /// Returns the client of a record.
    pub fn of(record: &'a Record) -> Self {
        Self {
            client: &record.client.name,
            file: &record.source.file,
            currency: record.client.currency.as_deref(),
        }
    }
}
