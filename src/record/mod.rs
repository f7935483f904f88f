//! What is kept of a client: scores, figures, roadmap, issues, and the files written. One type, serialized in
//! `results.jsonl` and in the build cache, and read back for comparisons and emails.

mod answers;
mod change;
mod previous;
pub mod results;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use self::answers::{AnswerLine, AnswerState, AnswerType, Question};
pub use self::change::{Change, Commitment, Outcome, Resolved, ScoreChange};
pub use self::previous::{Previous, PreviousError};
use crate::issue::{Counts, Issue};
use crate::questionnaire::Tone;

/// What is known of one client, without the words of the plan: what the portfolio workbook, the results and the calendar
/// are made of. It can be kept and read again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Record {
    /// Who the client is.
    pub client: Client,
    /// The workbook it was made from.
    pub source: Source,
    /// The questionnaire's title, id, version and language.
    pub questionnaire: QuestionnaireRef,
    /// The report date.
    pub report_date: NaiveDate,
    /// Questions answered and asked.
    pub completeness: Completeness,
    /// Questions that the client marked as not applicable. They are asked and not answered.
    pub not_applicable: usize,
    /// Every score.
    pub scores: Vec<ScoreSummary>,
    /// Return on investment.
    pub finance: FinanceSummary,
    /// The ninety days.
    pub roadmap: Roadmap,
    /// Figures today against targets.
    pub targets: Vec<Target>,
    /// How many issues of each severity.
    pub counts: Counts,
    /// What changed since an earlier run that had this client.
    pub change: Option<Change>,
    /// Every issue, the gravest first.
    pub issues: Vec<Issue>,
    /// Every answer, in the order of [`Question::all`]. They are kept separately and not in the results.
    #[serde(skip)]
    pub answers: Vec<AnswerLine>,
    /// The client's own choice, as named in the workbook.
    pub primary: Option<String>,
    /// The email that the plan is sent with.
    pub message: Message,
    /// The files of this client.
    pub outputs: Outputs,
}

/// How many questions or ratings are answered, and how many could be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Completeness {
    /// Answered.
    pub answered: usize,
    /// Asked, without those that do not apply to the client.
    pub expected: usize,
}

impl Completeness {
    /// The answered share, from 0 to 1.
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

/// The files of a client. `None` if a file was not created.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outputs {
    /// The plan (PDF).
    pub plan: Option<Output>,
    /// The calendar (iCalendar).
    pub calendar: Option<Output>,
}

/// A file in the output folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// Path relative to the output folder.
    pub relative_path: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

impl Record {
    /// The record without its issues and answers, which are kept by themselves.
    pub fn figures(&self) -> Self {
        Self {
            client: self.client.clone(),
            source: self.source.clone(),
            questionnaire: self.questionnaire.clone(),
            scores: self.scores.clone(),
            finance: self.finance.clone(),
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

/// The message that a plan travels with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its subject.
    pub subject: String,
    /// Its paragraphs; a paragraph may have several lines.
    pub paragraphs: Vec<String>,
}

/// Who the client is.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Client {
    /// Its name; the file's name where none is given.
    pub name: String,
    /// Whether the name is the client's own.
    pub named: bool,
    /// Person to write to.
    pub contact: Option<String>,
    /// Address.
    pub email: Option<String>,
    /// Industry.
    pub industry: Option<String>,
    /// Currency code.
    pub currency: Option<String>,
}

/// The workbook.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Source {
    /// File name, without its folder.
    pub file: String,
    /// Whole path as given; a kept record does not know it.
    #[serde(skip)]
    pub path: std::path::PathBuf,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// Which questions were asked.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct QuestionnaireRef {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// Title of the plan.
    pub title: String,
    /// Language of the words.
    pub language: String,
}

/// A score, for the portfolio and the results.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ScoreSummary {
    /// Its id.
    pub id: String,
    /// Its name.
    pub label: String,
    /// Greatest number of points.
    pub out_of: f64,
    /// Whether its subjects are candidates to be ranked.
    pub ranked: bool,
    /// Its bands, the lowest first.
    pub bands: Vec<BandSummary>,
    /// The ratings it is made of, in the order of its dimensions.
    pub ratings: Vec<RatingSummary>,
    /// The client alone, or the candidates, best first, then those without points.
    pub subjects: Vec<SubjectSummary>,
}

/// A band of a score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BandSummary {
    /// Its name.
    pub label: String,
    /// Its color.
    pub tone: Tone,
    /// The points that it begins at.
    pub from: f64,
}

/// A rating that a score is made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RatingSummary {
    /// What is rated.
    pub label: String,
    /// Index of its dimension.
    pub dimension: usize,
    /// A low rating is the good one: 10 minus the rating counts.
    pub inverted: bool,
}

/// A score of one subject.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SubjectSummary {
    /// Name; empty for the client alone.
    pub name: String,
    /// Kind of candidate.
    pub kind: Option<String>,
    /// Unrounded points.
    pub points: Option<f64>,
    /// The band of the points.
    pub band: Option<BandName>,
    /// Rank from 1.
    pub rank: Option<u32>,
    /// Shares its rank.
    pub tied: bool,
    /// Rests on too few of the ratings to be more than an indication.
    pub indicative: bool,
    /// The dimensions.
    pub dimensions: Vec<DimensionSummary>,
    /// Its ratings in the order of [`ScoreSummary::ratings`], counted so that 10 is best.
    pub ratings: Vec<Option<f64>>,
    /// Ratings given and ratings that apply.
    pub completeness: Completeness,
}

/// The band that a score falls in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BandName {
    /// Its name.
    pub label: String,
    /// Its color.
    pub tone: Tone,
}

/// A dimension of a score.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DimensionSummary {
    /// Its id.
    pub id: String,
    /// Its name.
    pub label: String,
    /// Percent.
    pub weight: f64,
    /// Whether it applies.
    pub applies: bool,
    /// Mean of 10.
    pub mean: Option<f64>,
    /// What it adds.
    pub points: Option<f64>,
    /// Ratings given.
    pub answered: usize,
    /// Ratings that apply.
    pub expected: usize,
}

/// Return on investment, as worked out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FinanceSummary {
    /// Investment a month.
    pub investment: Option<f64>,
    /// Return per month.
    #[serde(rename = "return")]
    pub returns: Option<f64>,
    /// To one.
    pub roi: Option<f64>,
    /// Months until it pays back.
    pub payback_months: Option<f64>,
    /// Worked out, and not within the horizon.
    pub never: bool,
    /// The client's own ratio.
    pub stated_roi: Option<f64>,
    /// The payback period that the client entered, in months.
    pub stated_payback_months: Option<f64>,
}

/// The ninety days.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Roadmap {
    /// Day 1.
    pub start: NaiveDate,
    /// The last day.
    pub end: NaiveDate,
    /// The months.
    pub months: Vec<Month>,
    /// The weeks.
    pub weeks: Vec<Week>,
    /// The reviews.
    pub reviews: Vec<Review>,
    /// The activities.
    pub activities: Vec<Activity>,
}

/// A month of the roadmap.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Month {
    /// Its title.
    pub title: String,
    /// First day.
    pub start: NaiveDate,
    /// Last day.
    pub end: NaiveDate,
}

/// A week of the roadmap.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Week {
    /// First day, as printed.
    pub label: String,
    /// First day.
    pub start: NaiveDate,
}

/// A review of the roadmap.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Review {
    /// Its name.
    pub label: String,
    /// Its date.
    pub date: NaiveDate,
}

/// How urgent an activity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// A rating behind it is low.
    Urgent,
    /// A rating behind it is below the threshold for attention.
    NeedsAttention,
    /// As planned.
    Planned,
    /// Done.
    Done,
}

impl Urgency {
    /// The color of this urgency.
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
    /// Row id.
    pub id: String,
    /// What.
    pub label: String,
    /// Index of its month.
    pub month: usize,
    /// First day.
    pub from: NaiveDate,
    /// Due day: the client's, else the questionnaire's.
    pub due: NaiveDate,
    /// The due day in words.
    pub due_text: String,
    /// The same without the year.
    pub due_short: String,
    /// Who; the questionnaire's word where nobody is named.
    pub owner: String,
    /// Whether somebody is named.
    pub owned: bool,
    /// Status in the questionnaire's words.
    pub status: String,
    /// Done.
    pub done: bool,
    /// How urgent it is.
    pub urgency: Urgency,
    /// The same in a word; empty when there is nothing to say.
    pub urgency_text: String,
    /// The low ratings behind it.
    pub reasons: Vec<String>,
}

impl Activity {
    /// Whether its due day has passed and it is not done.
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        !self.done && self.due < today
    }
}

/// A figure today and its target.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Target {
    /// What is measured.
    pub label: String,
    /// Today's figure, as number and in words.
    pub today: Option<(f64, String)>,
    /// The target.
    pub target: Option<(f64, String)>,
    /// The change in words.
    pub change: String,
    /// The target lies below today's figure.
    pub falls: bool,
}

/// A client whose answers are written.
#[derive(Debug, Clone, Copy)]
pub struct ClientRef<'a> {
    /// Its name.
    pub client: &'a str,
    /// File name of its workbook.
    pub file: &'a str,
    /// Code of the currency of its amounts.
    pub currency: Option<&'a str>,
}

impl<'a> ClientRef<'a> {
    /// The client of a record.
    pub fn of(record: &'a Record) -> Self {
        Self {
            client: &record.client.name,
            file: &record.source.file,
            currency: record.client.currency.as_deref(),
        }
    }
}
