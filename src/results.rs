//! `results.jsonl`: a line of JSON a client, for other programs. Keys are stable; new ones may be added.

use std::io::Result;
use std::path::Path;

use serde::Serialize;

use crate::batch::Outputs;
use crate::bounded;
use crate::issue::{Counts, Issue, Severity};
use crate::plan::{Change, Message, Record, ScoreSummary, SubjectSummary};

/// Name of the file.
pub const RESULTS: &str = "results.jsonl";

/// Longest line, and most bytes in all, that are read.
const MAX_LINE_LENGTH: u64 = 64 << 20;
const MAX_BYTES: u64 = 2 << 30;

/// The lines of such a file, a client each.
///
/// # Errors
/// When it cannot be opened; then a line, when it cannot be read or the file is longer than any run's.
pub fn lines(path: &Path) -> Result<impl Iterator<Item = Result<Vec<u8>>>> {
    bounded::lines(path, MAX_LINE_LENGTH, MAX_BYTES)
}

/// A client's line.
#[derive(Debug, Serialize)]
pub struct Line<'a> {
    client: ClientJson<'a>,
    source: SourceJson<'a>,
    report_date: chrono::NaiveDate,
    questionnaire: QuestionnaireJson<'a>,
    completeness: Completeness,
    scores: Vec<ScoreJson<'a>>,
    selection: Vec<SelectionJson<'a>>,
    finance: FinanceJson,
    issues: IssuesJson<'a>,
    roadmap: RoadmapJson<'a>,
    change: Option<&'a Change>,
    message: &'a Message,
    outputs: OutputsJson<'a>,
}

#[derive(Debug, Serialize)]
struct ClientJson<'a> {
    name: &'a str,
    named: bool,
    contact: Option<&'a str>,
    email: Option<&'a str>,
    industry: Option<&'a str>,
    currency: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct SourceJson<'a> {
    file: &'a str,
    sha256: &'a str,
}

#[derive(Debug, Serialize)]
struct QuestionnaireJson<'a> {
    id: &'a str,
    version: u32,
}

#[derive(Debug, Serialize)]
struct Completeness {
    answered: usize,
    expected: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_applicable: Option<usize>,
}

#[derive(Debug, Serialize)]
struct ScoreJson<'a> {
    id: &'a str,
    label: &'a str,
    points: Option<f64>,
    out_of: f64,
    band: Option<&'a str>,
    dimensions: Vec<DimensionJson<'a>>,
    completeness: Completeness,
}

#[derive(Debug, Serialize)]
struct DimensionJson<'a> {
    id: &'a str,
    label: &'a str,
    weight: f64,
    applies: bool,
    mean: Option<f64>,
    points: Option<f64>,
    completeness: Completeness,
}

/// A candidate of a ranked score.
#[derive(Debug, Serialize)]
struct SelectionJson<'a> {
    score: &'a str,
    name: &'a str,
    kind: Option<&'a str>,
    rank: Option<u32>,
    tied: bool,
    indicative: bool,
    points: Option<f64>,
    out_of: f64,
    band: Option<&'a str>,
    dimensions: Vec<DimensionJson<'a>>,
    completeness: Completeness,
}

#[derive(Debug, Serialize)]
struct FinanceJson {
    investment: Option<f64>,
    #[serde(rename = "return")]
    returns: Option<f64>,
    roi: Option<f64>,
    payback_months: Option<f64>,
    pays_back_within_horizon: Option<bool>,
    stated_roi: Option<f64>,
    stated_payback_months: Option<f64>,
}

#[derive(Debug, Serialize)]
struct IssuesJson<'a> {
    #[serde(flatten)]
    counts: Counts,
    list: Vec<IssueJson<'a>>,
}

/// An issue, as `check --format json` prints it too.
#[derive(Debug, Serialize)]
pub struct IssueJson<'a> {
    severity: Severity,
    code: &'a str,
    sheet: Option<&'a str>,
    cell: Option<String>,
    field: Option<&'a str>,
    label: &'a str,
    found: &'a str,
    expected: &'a str,
    fix: &'a str,
}

impl<'a> From<&'a Issue> for IssueJson<'a> {
    fn from(issue: &'a Issue) -> Self {
        Self {
            severity: issue.severity,
            code: &issue.code,
            sheet: issue.place.as_ref().map(|place| place.sheet.as_ref()),
            cell: issue.place.as_ref().map(|place| place.address()),
            field: issue.field.as_deref(),
            label: &issue.label,
            found: &issue.found,
            expected: &issue.expected,
            fix: &issue.fix,
        }
    }
}

#[derive(Debug, Serialize)]
struct RoadmapJson<'a> {
    start: chrono::NaiveDate,
    end: chrono::NaiveDate,
    reviews: Vec<chrono::NaiveDate>,
    activities: Vec<ActivityJson<'a>>,
}

#[derive(Debug, Serialize)]
struct ActivityJson<'a> {
    id: &'a str,
    label: &'a str,
    owner: Option<&'a str>,
    from: chrono::NaiveDate,
    due: chrono::NaiveDate,
    status: &'a str,
    urgency: &'static str,
    reasons: &'a [String],
}

#[derive(Debug, Serialize)]
struct OutputsJson<'a> {
    plan: Option<&'a str>,
    plan_sha256: Option<&'a str>,
    calendar: Option<&'a str>,
    calendar_sha256: Option<&'a str>,
}

impl<'a> Line<'a> {
    /// The line of a client.
    pub fn of(record: &'a Record, outputs: &'a Outputs) -> Self {
        let worked_out = record.finance.payback_months.is_some() || record.finance.never;
        Self {
            client: ClientJson {
                name: &record.client.name,
                named: record.client.named,
                contact: record.client.contact.as_deref(),
                email: record.client.email.as_deref(),
                industry: record.client.industry.as_deref(),
                currency: record.client.currency.as_deref(),
            },
            source: SourceJson {
                file: &record.source.file,
                sha256: &record.source.sha256,
            },
            report_date: record.made,
            questionnaire: QuestionnaireJson {
                id: &record.questionnaire.id,
                version: record.questionnaire.version,
            },
            completeness: Completeness {
                answered: record.completeness.0,
                expected: record.completeness.1,
                not_applicable: Some(record.not_applicable),
            },
            scores: record
                .scores
                .iter()
                .filter(|score| !score.ranked)
                .filter_map(|score| Some(score_json(score, score.subjects.first()?)))
                .collect(),
            selection: record
                .scores
                .iter()
                .filter(|score| score.ranked)
                .flat_map(|score| {
                    score
                        .subjects
                        .iter()
                        .map(move |subject| selection_json(score, subject))
                })
                .collect(),
            finance: FinanceJson {
                investment: record.finance.investment,
                returns: record.finance.returns,
                roi: record.finance.roi,
                payback_months: record.finance.payback_months,
                pays_back_within_horizon: worked_out.then_some(!record.finance.never),
                stated_roi: record.finance.stated_roi,
                stated_payback_months: record.finance.stated_payback,
            },
            issues: IssuesJson {
                counts: record.counts,
                list: record.issues.iter().map(IssueJson::from).collect(),
            },
            roadmap: RoadmapJson {
                start: record.roadmap.start,
                end: record.roadmap.end,
                reviews: record
                    .roadmap
                    .reviews
                    .iter()
                    .map(|review| review.1)
                    .collect(),
                activities: record
                    .roadmap
                    .activities
                    .iter()
                    .map(activity_json)
                    .collect(),
            },
            change: record.change.as_ref(),
            message: &record.message,
            outputs: OutputsJson {
                plan: outputs.plan.as_ref().map(|plan| &*plan.relative_path),
                plan_sha256: outputs.plan.as_ref().map(|plan| &*plan.sha256),
                calendar: outputs
                    .calendar
                    .as_ref()
                    .map(|calendar| &*calendar.relative_path),
                calendar_sha256: outputs.calendar.as_ref().map(|calendar| &*calendar.sha256),
            },
        }
    }
}

fn score_json<'a>(score: &'a ScoreSummary, subject: &'a SubjectSummary) -> ScoreJson<'a> {
    ScoreJson {
        id: &score.id,
        label: &score.label,
        points: subject.points,
        out_of: score.out_of,
        band: band(subject),
        dimensions: dimensions(subject),
        completeness: completeness(subject.completeness),
    }
}

fn selection_json<'a>(score: &'a ScoreSummary, subject: &'a SubjectSummary) -> SelectionJson<'a> {
    SelectionJson {
        score: &score.id,
        name: &subject.name,
        kind: subject.kind.as_deref(),
        rank: subject.rank,
        tied: subject.tied,
        indicative: subject.indicative,
        points: subject.points,
        out_of: score.out_of,
        band: band(subject),
        dimensions: dimensions(subject),
        completeness: completeness(subject.completeness),
    }
}

fn band(subject: &SubjectSummary) -> Option<&str> {
    subject.band.as_ref().map(|(label, _)| label.as_str())
}

fn dimensions(subject: &SubjectSummary) -> Vec<DimensionJson<'_>> {
    subject
        .dimensions
        .iter()
        .map(|dimension| DimensionJson {
            id: &dimension.id,
            label: &dimension.label,
            weight: dimension.weight,
            applies: dimension.applies,
            mean: dimension.mean,
            points: dimension.points,
            completeness: completeness((dimension.answered, dimension.expected)),
        })
        .collect()
}

fn completeness((answered, expected): (usize, usize)) -> Completeness {
    Completeness {
        answered,
        expected,
        not_applicable: None,
    }
}

fn activity_json(activity: &crate::plan::Activity) -> ActivityJson<'_> {
    use crate::questionnaire::Tone;
    let urgency = match activity.urgency {
        Tone::Bad => "urgent",
        Tone::Watch => "pressing",
        Tone::Good => "done",
        Tone::Plain => "planned",
    };
    ActivityJson {
        id: &activity.id,
        label: &activity.label,
        owner: activity.owned.then_some(activity.owner.as_str()),
        from: activity.from,
        due: activity.due,
        status: &activity.status,
        urgency,
        reasons: &activity.reasons,
    }
}
