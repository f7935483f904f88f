//! The layout of the plan: the content and the texts of each section. `plan` fills it with a client's data; renderers
//! do not use it.

use serde::Deserialize;

use super::{Condition, FormatString};

/// A text that is printed if its conditions hold and all its facts have values.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Conditions, all of which must hold.
    #[serde(default)]
    pub when: Vec<Condition>,
    /// The text.
    pub text: FormatString,
}

/// The template of the email that the plan is attached to.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmailTemplate {
    /// Candidates for the subject. The first line that can be printed is used.
    pub subject: Vec<Line>,
    /// The paragraphs, in order.
    #[serde(default)]
    pub paragraph: Vec<Paragraph>,
}

/// A paragraph: the first line that can be printed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paragraph {
    /// Candidates for the text.
    pub lines: Vec<Line>,
}

/// A recommendation.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advice {
    /// Stable ID.
    pub id: String,
    /// Conditions, all of which must hold.
    pub when: Vec<Condition>,
    /// ID of the rating field. The lower the rating, the more is added to the weight.
    pub rating: Option<String>,
    /// Importance.
    pub weight: f64,
    /// Recommended action.
    pub title: FormatString,
    /// Reason.
    pub why: FormatString,
    /// Row ID of the roadmap activity that provides the owner and the due date.
    pub activity: String,
}

/// The sections of the plan and the labels that renderers use.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanLayout {
    /// Fixed labels.
    pub words: PlanLabels,
    /// The cover.
    pub cover: CoverDef,
    /// The sections, in order.
    pub section: Vec<SectionDef>,
}

/// Fixed labels of the plan.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanLabels {
    /// Mark of a draft plan, on the cover and in the footer of each page.
    pub draft: String,
    /// Printed before the list of unanswered questions.
    pub unanswered: String,
    /// Shown for a section without answers.
    pub empty_section: String,
    /// Shown for an answer that is not applicable ("n/a").
    pub not_applicable: String,
    /// Shown for an answer that is not yet known ("TBD").
    pub unknown: String,
    /// Shown for an invalid answer.
    pub unusable: String,
    /// Between a value and its maximum, as in "8 of 10".
    pub of: String,
    /// Label of reviews on the Gantt chart, before the week number.
    pub review: String,
    /// Names of the months for the Gantt chart and dates, starting with January.
    pub months: Vec<String>,
    /// Short names of the months, starting with January.
    pub months_short: Vec<String>,
    /// Left running header.
    pub running_head: FormatString,
    /// Heading of the table of contents.
    pub contents: String,
    /// Before the number of a page, as in "page 3".
    pub page: String,
    /// Names of the severities in the appendix: error, warning, note.
    pub severities: [String; 3],
    /// Names of the urgency levels on the roadmap: urgent, needs attention.
    pub urgency: [String; 2],
    /// Shown if there are not enough answers to calculate a number.
    pub no_score: String,
    /// Shown if there is no payback within the horizon.
    pub no_payback: FormatString,
    /// Shown for subjects with the same rank.
    pub tied: String,
    /// Next to points that are based on too few ratings.
    pub indicative: String,
    /// Before an item that is derived from the ratings and not entered by the client.
    pub from_ratings: String,
    /// Before the scored value of a reverse-scored rating.
    pub counted: String,
    /// Before the last item of a list.
    pub and: String,
    /// Replaces the remaining items of a long list.
    pub others: String,
    /// Before the reference to a cell.
    pub see: String,
    /// Note on the cover of a draft plan.
    pub draft_note: FormatString,
}

/// Contents of the cover.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoverDef {
    /// Main title.
    pub title: FormatString,
    /// Subtitle below the title.
    pub subtitle: FormatString,
    /// Labels and texts in the lower part of the cover.
    pub facts: Vec<LabelledLine>,
    /// Note at the bottom of the cover.
    pub note: Vec<Line>,
}

/// A label with the first line that can be printed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelledLine {
    /// The label.
    pub label: String,
    /// Candidates for the text.
    pub lines: Vec<Line>,
}

/// A section of the plan.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectionDef {
    /// Stable ID.
    pub id: String,
    /// Short title for the table of contents, bookmarks, and running header.
    pub title: String,
    /// Headline that states the result. The first line that can be printed is used.
    pub headline: Vec<Line>,
    /// Text below the headline. The first line that can be printed is used.
    #[serde(default)]
    pub lead: Vec<Line>,
    /// Whether the section starts on a new page.
    #[serde(default)]
    pub new_page: bool,
    /// Whether the section is omitted if it is empty. Otherwise, a sentence says that it has no answers.
    #[serde(default)]
    pub optional: bool,
    /// The blocks.
    pub blocks: Vec<BlockDef>,
}

/// A block of a section. `plan/fill/` fills it, and one file in `pdf/block/` draws each type.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "block", rename_all = "snake_case", deny_unknown_fields)]
pub enum BlockDef {
    /// Key numbers in boxes.
    Tiles {
        /// The tiles.
        tiles: Vec<TileDef>,
    },
    /// Recommended actions, the most important first.
    Actions {
        /// Heading.
        title: String,
        /// Number of actions.
        count: usize,
    },
    /// A paragraph that contains all lines that can be printed.
    Text {
        /// Heading.
        title: Option<FormatString>,
        /// The lines.
        lines: Vec<Line>,
    },
    /// A box of open issues: missing or contradictory answers.
    Open {
        /// Heading.
        title: String,
        /// Maximum number of issues.
        count: usize,
        /// Note about the remaining issues; `{more}` is their number.
        more: FormatString,
    },
    /// Bars for the dimensions of a score, out of 10.
    Bars {
        /// Heading.
        title: Option<String>,
        /// Score ID.
        score: String,
    },
    /// Every rating of a score, on a line from 0 to 10.
    Dots {
        /// Heading.
        title: String,
        /// Score ID.
        score: String,
    },
    /// The client's own lists next to the results of the ratings.
    Lists {
        /// The lists, printed next to each other.
        lists: Vec<ListDef>,
    },
    /// Questions and answers, grouped by section.
    Fields {
        /// Heading.
        title: Option<String>,
        /// Section IDs.
        sections: Vec<String>,
    },
    /// Several sections with the same rows, next to each other.
    Compare {
        /// Heading.
        title: String,
        /// Section IDs.
        sections: Vec<String>,
    },
    /// Sentences completed with the client's answers.
    Sentences {
        /// Section IDs.
        sections: Vec<String>,
    },
    /// Ranking of the subjects of a score, as stacked bars and a table.
    Ranking {
        /// Heading of the table.
        title: String,
        /// Score ID.
        score: String,
        /// Column headings: subject, strongest, weakest, score.
        headings: [String; 4],
    },
    /// Investment and its components, return, ROI, and payback.
    Finance {
        /// Heading.
        title: String,
        /// Row labels: investment, return, ROI, entered ROI, payback, entered payback.
        labels: [String; 6],
        /// The ramp assumption; `{ramp}` contains the shares.
        assumption: FormatString,
    },
    /// Current values compared with targets.
    Targets {
        /// Heading.
        title: String,
        /// Labels: current value, target, change.
        names: [String; 3],
    },
    /// Components of the investment, as bars.
    Breakdown {
        /// Heading.
        title: String,
        /// Label for the part of the investment that the components do not cover.
        rest: String,
    },
    /// Cumulative return and cumulative investment, with the break-even month.
    Payback {
        /// Heading.
        title: String,
        /// Minimum number of months on the axis.
        months: u32,
        /// Names of the two lines: investment, return.
        lines: [String; 2],
        /// Label of the axis.
        axis: String,
        /// Text if the lines meet, printed at that point.
        meets: FormatString,
        /// Text if the lines do not meet.
        never: FormatString,
    },
    /// The tiers of a ladder: sections with the same rows.
    Ladder {
        /// Heading.
        title: String,
        /// Section IDs, the lowest tier first.
        sections: Vec<String>,
        /// Row that is printed in large type (last part of the row ID).
        figure: String,
        /// Row with the requirements of a tier (last part of the row ID).
        asks: String,
    },
    /// Subjects of a score, positioned by two ratings, with a third rating as the bubble size.
    Matrix {
        /// Heading.
        title: String,
        /// Score ID.
        score: String,
        /// Row IDs of the three ratings: horizontal axis, vertical axis, bubble size.
        rows: [String; 3],
        /// Labels of the axes and of the bubble size.
        axes: [String; 3],
    },
    /// Risks that follow from the answers.
    Risks {
        /// Text if there are no risks.
        none: String,
        /// Low ratings of a candidate, as risks.
        ratings: Option<RiskRatings>,
        /// Risks with their own conditions.
        risks: Vec<RiskDef>,
    },
    /// Owners and their activities on the roadmap.
    Owners {
        /// Heading.
        title: String,
        /// Column headings: owner, activities, first due date, open.
        headings: [String; 4],
    },
    /// Review dates, and the activities due by then.
    Reviews {
        /// Heading.
        title: String,
        /// Column headings: review, date, due since the previous review, total.
        headings: [String; 4],
    },
    /// The answers that scores and other numbers are based on, each with its cell.
    Evidence {
        /// Heading.
        title: String,
        /// Section IDs.
        sections: Vec<String>,
        /// Column headings: question, answer, cell.
        headings: [String; 3],
    },
    /// A score and its dimensions next to the quartiles and the median of all clients. Omitted without benchmarks.
    Benchmark {
        /// Heading.
        title: String,
        /// Score ID.
        score: String,
        /// Column headings: value, client, first quartile, median, third quartile, number of clients.
        headings: [String; 6],
        /// Explanation of the values.
        note: String,
    },
    /// Every score in the previous and the current run. Omitted without a previous run.
    ScoreChanges {
        /// Heading.
        title: String,
        /// Column headings: score, previous, current, difference.
        headings: [String; 4],
        /// Label of the return on investment.
        roi: String,
    },
    /// Outcomes of the activities on the previous roadmap.
    Commitments {
        /// Heading.
        title: String,
        /// Column headings: activity, owner, due, outcome.
        headings: [String; 4],
        /// Outcomes: kept, missed, upcoming.
        outcomes: [String; 3],
    },
    /// Issues resolved since the previous run.
    Resolved {
        /// Heading.
        title: String,
        /// Column headings: question, found, cell.
        headings: [String; 3],
        /// Note about the remaining issues.
        note: Vec<Line>,
    },
    /// The roadmap as a Gantt chart.
    Gantt,
    /// The roadmap as a table.
    Roadmap {
        /// Heading.
        title: String,
        /// Column headings: activity, owner, due date, status, reason.
        headings: [String; 5],
    },
    /// All issues, each with its cell.
    Issues {
        /// Heading.
        title: String,
        /// Column headings: cell, question, found, fix.
        headings: [String; 4],
        /// Text if there are no issues.
        none: String,
        /// Text about where to find the notes.
        more: String,
    },
    /// How the scores are calculated.
    Method {
        /// Heading.
        title: String,
        /// Column headings: score, dimension, weight, mean, points, answered.
        headings: [String; 6],
        /// Heading above the candidates of a score; `{score}` is the name of the score.
        each: FormatString,
        /// Notes that apply to all scores.
        notes: Vec<String>,
    },
}

/// Low ratings as risks: those of the selected candidate, or else of the best candidate.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RiskRatings {
    /// Score ID.
    pub score: String,
    /// ID of the section with the ratings of a dimension.
    pub section: String,
    /// Threshold: ratings below it are risks. Ratings are compared so that 10 is best.
    pub below: f64,
    /// Title of the risk. Supports `{rating.label}`, `{rating.text}`, and `{rating.subject}`.
    pub title: FormatString,
    /// Text of the risk. Supports the same facts as the title.
    pub text: FormatString,
}

/// A risk that is shown if its conditions hold.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RiskDef {
    /// Conditions, all of which must hold.
    pub when: Vec<Condition>,
    /// Title of the risk.
    pub title: FormatString,
    /// Reason, and what to do about it.
    pub text: FormatString,
    /// IDs of the fields that the risk is based on.
    #[serde(default)]
    pub evidence: Vec<String>,
}

/// A key number in a box.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TileDef {
    /// The label.
    pub label: String,
    /// The number. The first line that can be printed is used.
    pub value: Vec<Line>,
    /// Printed in small type after the number.
    #[serde(default)]
    pub unit: String,
    /// Printed below the number. The first line that can be printed is used.
    #[serde(default)]
    pub note: Vec<Line>,
    /// ID of the score whose band sets the color of the note.
    pub score: Option<String>,
}

/// A list of the client's own texts, extended with ratings.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListDef {
    /// Heading.
    pub title: String,
    /// ID of the section with the client's texts.
    pub section: String,
    /// ID of the score whose ratings extend the list.
    pub score: String,
    /// Which end of the ratings is listed.
    pub from: Extreme,
    /// Number of items from the ratings.
    pub count: usize,
}

/// Which end of the ratings is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Extreme {
    /// The highest ratings.
    Highest,
    /// The lowest ratings.
    Lowest,
}
