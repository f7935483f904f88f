//! `results.jsonl`: a line of JSON a client, for other programs. Keys are stable; new ones may be added.

use serde::Serialize;

use crate::finding::{Counts, Finding, Severity};
use crate::plan::{Plan, ScoreSummary, SubjectSummary};

/// A client's line.
#[derive(Debug, Serialize)]
pub struct Line<'a> {
    client: ClientJson<'a>,
    source: SourceJson<'a>,
    programme: ProgrammeJson<'a>,
    completeness: Completeness,
    scores: Vec<ScoreJson<'a>>,
    selection: Vec<SelectionJson<'a>>,
    finance: FinanceJson,
    findings: FindingsJson<'a>,
    roadmap: RoadmapJson<'a>,
    outputs: Outputs<'a>,
}

#[derive(Debug, Serialize)]
struct ClientJson<'a> {
    name: &'a str,
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
struct ProgrammeJson<'a> {
    id: &'a str,
    version: u32,
}

#[derive(Debug, Serialize)]
struct Completeness {
    answered: usize,
    expected: usize,
}

#[derive(Debug, Serialize)]
struct ScoreJson<'a> {
    id: &'a str,
    label: &'a str,
    points: Option<f64>,
    out_of: f64,
    band: Option<&'a str>,
    parts: Vec<PartJson<'a>>,
    completeness: Completeness,
}

#[derive(Debug, Serialize)]
struct PartJson<'a> {
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
    points: Option<f64>,
    out_of: f64,
    band: Option<&'a str>,
    parts: Vec<PartJson<'a>>,
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
struct FindingsJson<'a> {
    #[serde(flatten)]
    counts: Counts,
    list: Vec<FindingJson<'a>>,
}

/// A finding, as `check --format json` prints it too.
#[derive(Debug, Serialize)]
pub struct FindingJson<'a> {
    severity: Severity,
    code: &'a str,
    sheet: Option<&'a str>,
    cell: Option<String>,
    field: Option<&'a str>,
    label: &'a str,
    found: &'a str,
    expected: &'a str,
    mend: &'a str,
}

impl<'a> From<&'a Finding> for FindingJson<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self {
            severity: finding.severity,
            code: &finding.code,
            sheet: finding.place.as_ref().map(|place| place.sheet.as_ref()),
            cell: finding.place.as_ref().map(|place| place.address()),
            field: finding.field.as_deref(),
            label: &finding.label,
            found: &finding.found,
            expected: &finding.expected,
            mend: &finding.mend,
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
struct Outputs<'a> {
    plan: Option<&'a str>,
}

impl<'a> Line<'a> {
    /// The line of a plan; `pdf` is its path within the output folder.
    pub fn of(plan: &'a Plan, pdf: Option<&'a str>) -> Self {
        let worked_out = plan.finance.payback_months.is_some() || plan.finance.never;
        Self {
            client: ClientJson {
                name: &plan.client.name,
                contact: plan.client.contact.as_deref(),
                email: plan.client.email.as_deref(),
                industry: plan.client.industry.as_deref(),
                currency: plan.client.currency.as_deref(),
            },
            source: SourceJson {
                file: &plan.source.file,
                sha256: &plan.source.sha256,
            },
            programme: ProgrammeJson {
                id: &plan.programme.id,
                version: plan.programme.version,
            },
            completeness: Completeness {
                answered: plan.completeness.0,
                expected: plan.completeness.1,
            },
            scores: plan
                .scores
                .iter()
                .filter(|score| !score.ranked)
                .filter_map(|score| Some(score_json(score, score.subjects.first()?)))
                .collect(),
            selection: plan
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
                investment: plan.finance.investment,
                returns: plan.finance.returns,
                roi: plan.finance.roi,
                payback_months: plan.finance.payback_months,
                pays_back_within_horizon: worked_out.then_some(!plan.finance.never),
                stated_roi: plan.finance.stated_roi,
                stated_payback_months: plan.finance.stated_payback,
            },
            findings: FindingsJson {
                counts: plan.counts,
                list: plan.findings.iter().map(FindingJson::from).collect(),
            },
            roadmap: RoadmapJson {
                start: plan.roadmap.start,
                end: plan.roadmap.end,
                reviews: plan.roadmap.reviews.iter().map(|review| review.1).collect(),
                activities: plan.roadmap.activities.iter().map(activity_json).collect(),
            },
            outputs: Outputs { plan: pdf },
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
        parts: parts(subject),
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
        points: subject.points,
        out_of: score.out_of,
        band: band(subject),
        parts: parts(subject),
        completeness: completeness(subject.completeness),
    }
}

fn band(subject: &SubjectSummary) -> Option<&str> {
    subject.band.as_ref().map(|(label, _)| label.as_str())
}

fn parts(subject: &SubjectSummary) -> Vec<PartJson<'_>> {
    subject
        .parts
        .iter()
        .map(|part| PartJson {
            id: &part.id,
            label: &part.label,
            weight: part.weight,
            applies: part.applies,
            mean: part.mean,
            points: part.points,
            completeness: completeness((part.answered, part.expected)),
        })
        .collect()
}

fn completeness((answered, expected): (usize, usize)) -> Completeness {
    Completeness { answered, expected }
}

fn activity_json(activity: &crate::plan::Activity) -> ActivityJson<'_> {
    use crate::programme::Tone;
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
