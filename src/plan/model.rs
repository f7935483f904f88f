//! The plan as data: what every renderer reads.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::answers::{CellRef, Value};
use crate::display;
use crate::issue::{Counts, Issue};
use crate::questionnaire::{Field, Kind, Questionnaire, Tone};

use super::block::Block;
use super::change::Change;

/// Everything a report says about one client.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The client in figures and answers.
    pub record: Record,
    /// The plan has errors: every page says that it is a draft, and the cover how much is to be resolved.
    pub draft: Option<(String, String)>,
    /// The first page.
    pub cover: Cover,
    /// Heading of the contents.
    pub contents: String,
    /// Running head.
    pub running_head: String,
    /// Running foot: who may read it.
    pub confidentiality: String,
    /// The sections.
    pub sections: Vec<Section>,
}

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
    /// The day it was made for.
    pub made: NaiveDate,
    /// Questions answered and asked.
    pub completeness: (usize, usize),
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
    /// Every answer, in the order of [`Question::all`].
    pub answers: Vec<AnswerLine>,
    /// The client's own choice, as named in the workbook.
    pub primary: Option<String>,
    /// What the plan is sent with.
    pub message: Message,
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

/// The first page.
#[derive(Debug, Clone, Default)]
pub struct Cover {
    /// In the large.
    pub title: String,
    /// Under it.
    pub subtitle: String,
    /// Consultant's name.
    pub consultant: String,
    /// Label and text.
    pub facts: Vec<(String, String)>,
    /// At the foot.
    pub note: String,
    /// Whom to write to.
    pub contact: Vec<Contact>,
    /// What the logo says.
    pub logo_text: String,
}

/// A way to reach the consultant.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Contact {
    /// As printed.
    pub text: String,
    /// As opened, such as `mailto:…`.
    pub uri: Option<String>,
}

/// A section of the plan.
#[derive(Debug, Clone)]
pub struct Section {
    /// Stable name.
    pub id: String,
    /// Contents, bookmark, running head.
    pub title: String,
    /// States the issue.
    pub headline: String,
    /// Text under it.
    pub lead: Option<String>,
    /// Begins on a page of its own.
    pub new_page: bool,
    /// Without any answer: one quiet line.
    pub empty: bool,
    /// What it shows. Never empty: a section without answers has one quiet line.
    pub blocks: Vec<Block>,
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
    /// Name and color of the band.
    pub band: Option<(String, Tone)>,
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
    pub completeness: (usize, usize),
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
    /// Return a month.
    pub returns: Option<f64>,
    /// To one.
    pub roi: Option<f64>,
    /// Months until it pays back.
    pub payback_months: Option<f64>,
    /// Worked out, and not within the horizon.
    pub never: bool,
    /// The client's own ratio.
    pub stated_roi: Option<f64>,
    /// The client's own payback.
    pub stated_payback: Option<f64>,
}

/// The ninety days.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Roadmap {
    /// Day 1.
    pub start: NaiveDate,
    /// The last day.
    pub end: NaiveDate,
    /// Title, first and last day of each month.
    pub months: Vec<(String, NaiveDate, NaiveDate)>,
    /// First day of each week, for print and as a day.
    pub weeks: Vec<(String, NaiveDate)>,
    /// Reviews: name and day.
    pub reviews: Vec<(String, NaiveDate)>,
    /// The activities.
    pub activities: Vec<Activity>,
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
    /// Bad is urgent, watch pressing, plain as planned, good done.
    pub urgency: Tone,
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

/// A question that a client is asked, for the long list of answers.
#[derive(Debug, Clone)]
pub struct Question {
    /// Field id.
    pub id: String,
    /// Title of the worksheet.
    pub sheet: String,
    /// Title of the section.
    pub section: String,
    /// The question.
    pub label: String,
    /// What its answers are.
    pub answers: AnswerType,
    /// What a number is counted in, such as `weeks` or `/ month`; empty for texts and plain numbers.
    pub unit: String,
}

/// What the answers to a question are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerType {
    /// A rating out of 10.
    Rating,
    /// An amount in the client's currency.
    Amount,
    /// Percent: 25 is 25 %.
    Percent,
    /// A number without decimals.
    Count,
    /// Any number.
    Number,
    /// One of a list.
    Choice,
    /// A day.
    Date,
    /// A text.
    Text,
}

impl AnswerType {
    /// The type in a word.
    pub fn word(self) -> &'static str {
        match self {
            AnswerType::Rating => "rating",
            AnswerType::Amount => "amount",
            AnswerType::Percent => "percent",
            AnswerType::Count => "count",
            AnswerType::Number => "number",
            AnswerType::Choice => "choice",
            AnswerType::Date => "date",
            AnswerType::Text => "text",
        }
    }
}

impl From<&Kind> for AnswerType {
    fn from(kind: &Kind) -> Self {
        match kind {
            Kind::Rating { .. } => AnswerType::Rating,
            Kind::Money { .. } => AnswerType::Amount,
            Kind::Percent | Kind::Share => AnswerType::Percent,
            Kind::Count { .. } => AnswerType::Count,
            Kind::Quantity { .. }
            | Kind::Multiple
            | Kind::Ratio
            | Kind::ComputedScore { .. }
            | Kind::ComputedRoi => AnswerType::Number,
            Kind::Choice { .. } => AnswerType::Choice,
            Kind::Date => AnswerType::Date,
            Kind::Text | Kind::LongText | Kind::Email => AnswerType::Text,
        }
    }
}

impl Question {
    /// The questionnaire's questions, in the order of the sheets.
    pub fn all(questionnaire: &Questionnaire) -> Vec<Self> {
        let question = |(_, field): (_, &Field)| {
            let worksheet = &questionnaire.worksheets[field.sheet];
            Self {
                id: field.id.clone(),
                sheet: worksheet.title.clone(),
                section: worksheet.sections[field.section].title.clone(),
                label: field.label.clone(),
                answers: (&field.kind).into(),
                unit: display::unit(questionnaire, &field.kind),
            }
        };
        questionnaire.inputs().map(question).collect()
    }
}

/// An answer, for the long list.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AnswerLine {
    /// Number in the question's unit, if it is one.
    pub number: Option<f64>,
    /// Day, if it is one.
    pub day: Option<NaiveDate>,
    /// As printed; empty when missing.
    pub text: String,
    /// Whether there is one.
    pub state: AnswerState,
    /// As typed.
    pub raw: String,
    /// Where.
    pub place: Option<CellRef>,
}

/// Whether a question has an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AnswerState {
    /// It has.
    Answered,
    /// Blank.
    Missing,
    /// It does not apply.
    NotApplicable,
    /// Not yet known.
    Unknown,
    /// Something stands there that cannot be used.
    Invalid,
}

impl AnswerState {
    /// The state in a word.
    pub fn word(self) -> &'static str {
        match self {
            AnswerState::Answered => "answered",
            AnswerState::Missing => "missing",
            AnswerState::NotApplicable => "not_applicable",
            AnswerState::Unknown => "unknown",
            AnswerState::Invalid => "invalid",
        }
    }
}

impl From<&Value> for AnswerState {
    fn from(value: &Value) -> Self {
        match value {
            Value::Missing => AnswerState::Missing,
            Value::NotApplicable => AnswerState::NotApplicable,
            Value::Unknown => AnswerState::Unknown,
            Value::Invalid => AnswerState::Invalid,
            Value::Number(_) | Value::Choice(_) | Value::Date(_) | Value::Text(_) => {
                AnswerState::Answered
            }
        }
    }
}
