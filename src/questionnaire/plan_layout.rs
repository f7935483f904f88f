//! The plan_layout: which section of the plan shows what, in the questionnaire's words. `plan` fills it with a client's
//! data; renderers never see it.

use serde::Deserialize;

use super::{Condition, FormatString};

/// A text that is printed when its conditions hold and its facts are known.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// All must hold.
    #[serde(default)]
    pub when: Vec<Condition>,
    /// The words.
    pub text: FormatString,
}

/// The message that a plan travels with.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmailTemplate {
    /// Its subject.
    pub subject: Vec<Line>,
    /// Its paragraphs in their order.
    #[serde(default)]
    pub paragraph: Vec<Paragraph>,
}

/// A paragraph: the first of its lines that can be printed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paragraph {
    /// The lines.
    pub lines: Vec<Line>,
}

/// A recommendation.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advice {
    /// Its stable name.
    pub id: String,
    /// All must hold.
    pub when: Vec<Condition>,
    /// The rating (field id) whose lowness adds to the weight.
    pub rating: Option<String>,
    /// How much it matters.
    pub weight: f64,
    /// What to do.
    pub title: FormatString,
    /// Why.
    pub why: FormatString,
    /// The roadmap's activity (row id) that gives owner and date.
    pub activity: String,
}

/// The plan's sections, and the words that renderers need.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanLayout {
    /// Words printed around the content.
    pub words: PlanLabels,
    /// The cover.
    pub cover: CoverDef,
    /// The sections in their order.
    pub section: Vec<SectionDef>,
}

/// Fixed words of the plan.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanLabels {
    /// Across a plan with errors.
    pub draft: String,
    /// Before the list of blank questions.
    pub unanswered: String,
    /// A section without answers.
    pub empty_section: String,
    /// An answer "n/a".
    pub not_applicable: String,
    /// An answer "TBD".
    pub unknown: String,
    /// An answer that cannot be used.
    pub unusable: String,
    /// Between rating and maximum.
    pub of: String,
    /// Reviews on the Gantt chart, before the week's number.
    pub review: String,
    /// Months on the Gantt chart and dates, January first.
    pub months: Vec<String>,
    /// The same, short.
    pub months_short: Vec<String>,
    /// Running head, left.
    pub running_head: FormatString,
    /// Heading of the contents.
    pub contents: String,
    /// Names of severities in the appendix: error, warning, note.
    pub severities: [String; 3],
    /// Names of statuses and urgency on the roadmap: urgent, soon.
    pub urgency: [String; 2],
    /// No number can be worked out.
    pub no_score: String,
    /// Payback beyond the horizon.
    pub no_payback: FormatString,
    /// Equal ranks.
    pub tied: String,
    /// Beside points that rest on too few ratings.
    pub indicative: String,
    /// Before an item that comes from the ratings rather than the client.
    pub from_ratings: String,
    /// After an inverted rating.
    pub counted: String,
    /// Between the last two of several.
    pub and: String,
    /// Stands for the rest of many.
    pub others: String,
    /// Before the cell that a sentence rests on.
    pub see: String,
    /// On the cover of a draft.
    pub draft_note: FormatString,
}

/// The cover's facts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoverDef {
    /// Title in the large.
    pub title: FormatString,
    /// Under it.
    pub subtitle: FormatString,
    /// Label and text pairs in the lower part.
    pub facts: Vec<LabelledLine>,
    /// At the foot.
    pub note: Vec<Line>,
}

/// A label with the first text that can be printed.
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
    /// Its stable name.
    pub id: String,
    /// Short title: contents, bookmarks, running head.
    pub title: String,
    /// Heading that states the issue; the first that can be printed.
    pub headline: Vec<Line>,
    /// Text under it; the first that can be printed.
    #[serde(default)]
    pub lead: Vec<Line>,
    /// Starts on a page of its own.
    #[serde(default)]
    pub new_page: bool,
    /// Left out when it has nothing to show, rather than standing there as a line that says so.
    #[serde(default)]
    pub optional: bool,
    /// Its blocks.
    pub blocks: Vec<BlockDef>,
}

/// A block of a section. `plan/fill/` fills it, and each kind is drawn by one file of `pdf/block/`.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "block", rename_all = "snake_case", deny_unknown_fields)]
pub enum BlockDef {
    /// Figures in boxes.
    Tiles {
        /// The tiles.
        tiles: Vec<TileDef>,
    },
    /// The things to do first.
    Actions {
        /// Heading.
        title: String,
        /// How many.
        count: usize,
    },
    /// A paragraph: all lines that can be printed.
    Text {
        /// Heading.
        title: Option<FormatString>,
        /// The lines.
        lines: Vec<Line>,
    },
    /// What is missing or contradictory, in a box.
    Open {
        /// Heading.
        title: String,
        /// How many at most.
        count: usize,
        /// What is said of the others; `{more}` is their number.
        more: FormatString,
    },
    /// Bars of a score's groups, out of 10.
    Bars {
        /// Heading.
        title: Option<String>,
        /// Score id.
        score: String,
    },
    /// Every rating of a score on a line from 0 to 10.
    Dots {
        /// Heading.
        title: String,
        /// Score id.
        score: String,
    },
    /// The client's own lists beside what the ratings say.
    Lists {
        /// The lists, side by side.
        lists: Vec<ListDef>,
    },
    /// Questions and answers, section by section.
    Fields {
        /// Heading.
        title: Option<String>,
        /// Section ids.
        sections: Vec<String>,
    },
    /// Several sections with the same rows, side by side.
    Compare {
        /// Heading.
        title: String,
        /// Section ids.
        sections: Vec<String>,
    },
    /// Finished sentences.
    Sentences {
        /// Section ids.
        sections: Vec<String>,
    },
    /// Ranking of a score's subjects: stacked bars and a table.
    Ranking {
        /// Heading of the table.
        title: String,
        /// Score id.
        score: String,
        /// Column headings: subject, strongest, weakest, score.
        headings: [String; 4],
    },
    /// Investment and its parts, return, ROI and payback.
    Finance {
        /// Heading.
        title: String,
        /// Row labels: investment, return, ROI, stated ROI, payback, stated payback.
        labels: [String; 6],
        /// The assumption of the ramp; `{ramp}` holds the shares.
        assumption: FormatString,
    },
    /// Figures today against targets.
    Targets {
        /// Heading.
        title: String,
        /// Names: today, the target, the change.
        names: [String; 3],
    },
    /// The parts of the investment, as bars.
    Breakdown {
        /// Heading.
        title: String,
        /// What the investment holds beyond its parts.
        rest: String,
    },
    /// Cumulative return against cumulative investment, with the month that breaks even.
    Payback {
        /// Heading.
        title: String,
        /// At least so many months.
        months: u32,
        /// Names of both lines: investment, return.
        lines: [String; 2],
        /// Name of the axis.
        axis: String,
        /// At the point where the lines meet.
        meets: FormatString,
        /// When they do not meet.
        never: FormatString,
    },
    /// Steps of a ladder: sections with the same rows.
    Ladder {
        /// Heading.
        title: String,
        /// Section ids, the lowest first.
        sections: Vec<String>,
        /// Row that is printed in the large.
        figure: String,
        /// Row that says what a step asks for.
        asks: String,
    },
    /// Subjects of a score by two of its ratings, with a third as the size of a bubble.
    Matrix {
        /// Heading.
        title: String,
        /// Score id.
        score: String,
        /// Rows of the three ratings: across, upwards, size.
        rows: [String; 3],
        /// Words for the axes and the size.
        axes: [String; 3],
    },
    /// What the answers themselves reveal as a risk.
    Risks {
        /// When there is none.
        none: String,
        /// Low ratings of a candidate.
        ratings: Option<RiskRatings>,
        /// The others.
        risks: Vec<RiskDef>,
    },
    /// Who owns which activities of the roadmap.
    Owners {
        /// Heading.
        title: String,
        /// Column headings: owner, activities, first due day, open.
        headings: [String; 4],
    },
    /// The review dates, and what is due by then.
    Reviews {
        /// Heading.
        title: String,
        /// Column headings: review, date, due since the last, in all.
        headings: [String; 4],
    },
    /// The answers that scores and figures rest on, each with its cell.
    Evidence {
        /// Heading.
        title: String,
        /// Section ids.
        sections: Vec<String>,
        /// Column headings: question, answer, cell.
        headings: [String; 3],
    },
    /// A score and its groups beside the median and the quartiles of all clients; left out without benchmarks.
    Benchmark {
        /// Heading.
        title: String,
        /// Score id.
        score: String,
        /// Column headings: figure, the client, first quartile, median, third quartile, clients.
        headings: [String; 6],
        /// What the figures are.
        note: String,
    },
    /// Every score now and in an earlier run; left out without one.
    ScoreChanges {
        /// Heading.
        title: String,
        /// Column headings: score, then, now, difference.
        headings: [String; 4],
        /// Label of the return on investment.
        roi: String,
    },
    /// What became of the activities of an earlier roadmap.
    Commitments {
        /// Heading.
        title: String,
        /// Column headings: activity, owner, due, outcome.
        headings: [String; 4],
        /// Outcomes: kept, missed, still to come.
        outcomes: [String; 3],
    },
    /// Issues of an earlier run that are no more.
    Resolved {
        /// Heading.
        title: String,
        /// Column headings: question, what was found, cell.
        headings: [String; 3],
        /// What is left.
        note: Vec<Line>,
    },
    /// The roadmap as a Gantt chart.
    Gantt,
    /// The roadmap as a table.
    Roadmap {
        /// Heading.
        title: String,
        /// Column headings: activity, owner, due, status, urgent because.
        headings: [String; 5],
    },
    /// All issues with their cells.
    Issues {
        /// Heading.
        title: String,
        /// Column headings: cell, question, found, fix.
        headings: [String; 4],
        /// When there are none.
        none: String,
        /// Where the notes stand.
        more: String,
    },
    /// How the scores are made.
    Method {
        /// Heading.
        title: String,
        /// Column headings: score, group, weight, mean, points, answered.
        headings: [String; 6],
        /// Heading over the candidates of a score; `{score}` is its name.
        each: FormatString,
        /// What holds for all.
        notes: Vec<String>,
    },
}

/// Low ratings of the chosen candidate, or else of the best, as risks.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RiskRatings {
    /// Score id.
    pub score: String,
    /// The group's section.
    pub section: String,
    /// Below this, counted so that 10 is best.
    pub below: f64,
    /// With `{rating.label}`, `{rating.text}` and `{rating.subject}`.
    pub title: FormatString,
    /// The same.
    pub text: FormatString,
}

/// A risk that shows when its conditions hold.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RiskDef {
    /// All must hold.
    pub when: Vec<Condition>,
    /// What.
    pub title: FormatString,
    /// Why, and what to do.
    pub text: FormatString,
    /// Field ids it rests on.
    #[serde(default)]
    pub evidence: Vec<String>,
}

/// A figure in a box.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TileDef {
    /// Its label.
    pub label: String,
    /// The figure; the first that can be printed.
    pub value: Vec<Line>,
    /// Printed small after the figure.
    #[serde(default)]
    pub unit: String,
    /// Under the figure.
    #[serde(default)]
    pub note: Vec<Line>,
    /// Score id whose band colors the note.
    pub score: Option<String>,
}

/// A list in the client's own words, completed from the ratings.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListDef {
    /// Heading.
    pub title: String,
    /// The client's words.
    pub section: String,
    /// Score whose ratings complete it.
    pub score: String,
    /// Which of its ratings.
    pub from: Extreme,
    /// How many from the ratings.
    pub count: usize,
}

/// Which end of the ratings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Extreme {
    /// The best rated.
    Highest,
    /// The worst rated.
    Lowest,
}
