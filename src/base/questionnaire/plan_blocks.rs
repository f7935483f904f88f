//! The kinds of blocks that a section of the plan can contain, with their texts.

use serde::Deserialize;

use super::block_parts::*;
use super::{Condition, FormatString, Formula, Line};

/// A block of a section. `plan/fill/` fills it, and one file in `pdf/block/` draws each type.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(tag = "block"))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum BlockDef {
    /// Key numbers next to each other.
    Tiles {
        /// Candidates for the tiles. Those without a value make room for later ones.
        tiles: Vec<TileDef>,
        /// Maximum number of tiles.
        count: usize,
    },
    /// Reasons for the decision, each with the page that explains it.
    Reasons {
        /// Heading.
        title: String,
        /// The reasons.
        rows: Vec<ReasonDef>,
    },
    /// The moves.
    Moves {
        /// Heading.
        title: String,
    },
    /// What the client is asked for.
    Requests {
        /// Heading.
        title: String,
        /// Maximum number of requests.
        count: usize,
    },
    /// One small line: the first that can be printed.
    Quiet {
        /// The lines.
        lines: Vec<Line>,
    },
    /// A small paragraph that contains all lines that can be printed.
    Notes {
        /// The lines.
        lines: Vec<Line>,
    },
    /// A paragraph that contains all lines that can be printed.
    Text {
        /// Heading.
        title: Option<FormatString>,
        /// The lines.
        lines: Vec<Line>,
    },
    /// How one amount leads to another, as a waterfall chart. Bars without a value are omitted.
    Bridge {
        /// Heading.
        title: String,
        /// Unit.
        caption: Vec<Line>,
        /// The bars. A chart needs at least two.
        bars: Vec<BridgeBarDef>,
    },
    /// When the investment has paid for itself.
    Balances {
        /// Heading.
        title: String,
        /// What is drawn, and its unit.
        caption: Vec<Line>,
        /// Number of months on the axis.
        months: u32,
        /// The panels.
        panels: Vec<PanelDef>,
        /// Label of the last month.
        last_month: String,
        /// Name of the line at balance 0.
        zero: String,
        /// Names of the fast ramp and of the client's own.
        names: [String; 2],
    },
    /// Shares of a whole, next to a small table.
    Gauges {
        /// Heading.
        title: String,
        /// The shares.
        gauges: Vec<GaugeDef>,
        /// Headings of the table.
        headings: Vec<String>,
        /// Rows of the table. Rows without a value are omitted.
        rows: Vec<Vec<FormatString>>,
    },
    /// Large values or short texts in columns. Those without a value are omitted.
    Cards {
        /// Heading.
        title: String,
        /// The cards.
        cards: Vec<CardDef>,
    },
    /// The client's choice compared with its strongest rival, next to the client's reasons.
    Pairs {
        /// Heading.
        title: Vec<Line>,
        /// Unit.
        caption: String,
        /// Score ID.
        score: String,
        /// Heading of the quotation.
        quote: String,
        /// ID of the field that is quoted.
        field: String,
        /// Maximum length of the quotation, in characters.
        length: usize,
        /// Note if the quotation is cut.
        cut: String,
    },
    /// Types of candidates by value and ease.
    Types {
        /// Heading.
        title: String,
        /// What is drawn.
        caption: String,
        /// Labels of the horizontal and the vertical axis.
        axes: [String; 2],
        /// Where the quarters meet.
        middle: f64,
        /// Names of the quarters: upper left, upper right, lower left, lower right.
        corners: [String; 4],
        /// Label of the line of equal points; `{count}` is the number of points.
        line: FormatString,
        /// Heading of the texts on the right.
        aside: String,
        /// Text about each of the best types; `{value}` and `{ease}` are its means, `{count}` the time to a first result.
        each: FormatString,
        /// The same for a type without a time to a first result.
        none: FormatString,
        /// Units of the first result: one day and several, one week and several.
        units: [[String; 2]; 2],
        /// Number of types in the texts.
        shown: usize,
        /// Small note below the texts.
        note: String,
    },
    /// A table of the types of candidates.
    TypeTable {
        /// Heading.
        title: String,
        /// Column headings: type, candidate, value, ease, points, own figure, first result, potential.
        headings: [String; 8],
        /// Shown instead of a candidate.
        none: String,
        /// Units of the first result: one day and several, one week and several.
        units: [[String; 2]; 2],
    },
    /// What must be built by the last day, on a time axis.
    Builds {
        /// Heading.
        title: String,
        /// What is drawn.
        caption: Vec<Line>,
        /// Text at the start of a bar; `{date}` is the latest start.
        start: FormatString,
        /// Text at the start of a bar whose latest start has passed: the bar then starts on the next working day.
        late: Option<FormatString>,
        /// Texts at the end of a bar of one week and of several; `{count}` is the number of weeks.
        length: [FormatString; 2],
        /// Label of the last day.
        end: Vec<Line>,
        /// Further bars.
        #[serde(default)]
        rows: Vec<TimelineRowDef>,
        /// Further vertical lines.
        #[serde(default)]
        marks: Vec<MarkDef>,
    },
    /// Bars for the dimensions of a score, out of 10, with the benchmark as a mark.
    Bars {
        /// Heading.
        title: Option<String>,
        /// Score ID.
        score: String,
    },
    /// The client's own lists next to each other.
    Lists {
        /// The lists.
        lists: Vec<WordsDef>,
    },
    /// Gaps by effort and impact, next to the client's own words.
    EffortGrid {
        /// Heading.
        title: String,
        /// What is drawn.
        caption: String,
        /// Names of the levels of impact, from low to high.
        impact: [String; 3],
        /// Names of the levels of effort, from low to high.
        effort: [String; 3],
        /// Heading of the client's own words.
        words_title: String,
        /// The client's own words.
        words: Vec<WordsDef>,
    },
    /// The gaps to close, in order.
    GapCards {
        /// Heading.
        title: Vec<Line>,
        /// Column headings.
        headings: [String; 3],
        /// How urgent a gap is: urgent, next, later, done.
        statuses: [String; 4],
        /// Label before what good looks like.
        good: String,
        /// After the owner: the date of the first step, `{due}`.
        by: String,
        /// After the owner if the first step has no date of its own: the number and the dates of the activity, `{number}`,
        /// `{from}`, and `{due}`.
        due: String,
    },
    /// What each tier leaves after its cost. Tiers without values are omitted.
    TierBars {
        /// Heading.
        title: String,
        /// Unit.
        caption: Vec<Line>,
        /// Column headings: tier, amount kept, amount left.
        headings: [String; 3],
        /// The tiers, the lowest first.
        tiers: Vec<TierDef>,
        /// The cost per partner.
        cost: Formula,
        /// Label of the cost.
        cost_label: Vec<Line>,
    },
    /// The offer to the chosen type of partner, with the client's answers emphasized.
    Offer {
        /// Heading.
        title: String,
    },
    /// Contradictions in the answers.
    Mismatches {
        /// Heading.
        title: String,
        /// Number of contradictions that are shown elsewhere.
        #[serde(default)]
        skip: usize,
        /// Maximum number of contradictions. All if absent.
        count: Option<usize>,
        /// Column headings: seen, figures, decide.
        headings: [String; 3],
    },
    /// Current values compared with targets.
    Targets {
        /// Heading.
        title: String,
        /// Column headings: target, current value, target value, change, basis.
        headings: [String; 5],
        /// What each target rests on, in the order of the success metrics.
        basis: Vec<Vec<Line>>,
        /// Shown instead of a current value that is not asked for.
        not_asked: String,
        /// Conditions under which today's values are current. If one does not hold, no change is shown.
        #[serde(default)]
        current: Vec<Condition>,
    },
    /// A calculation in large numbers. Omitted if a value is missing.
    Equation {
        /// Heading.
        title: String,
        /// The factors.
        factors: Vec<TermDef>,
        /// The result.
        result: TermDef,
    },
    /// Values against a target. Omitted without a target.
    AgainstTarget {
        /// The bars.
        bars: Vec<ValueBarDef>,
        /// The target.
        target: Formula,
        /// Label of the target.
        label: FormatString,
    },
    /// The roadmap as a chart with its dates.
    Schedule {
        /// Heading.
        title: Vec<Line>,
        /// Legend: done, in progress, not started, first dates, arrow.
        legend: [String; 5],
        /// Column headings: activity and owner, due, expected.
        headings: [String; 3],
        /// Label of today; `{date}` is the date.
        today: FormatString,
    },
    /// Activities that are out of order. Omitted if all are in order.
    Order {
        /// Heading.
        title: String,
        /// Column headings: activity, the activity it needs, what is wrong.
        headings: [String; 3],
        /// What is wrong: out of order, squeezed, status ahead.
        problems: [String; 3],
    },
    /// Who is busy in which week.
    Load {
        /// Heading.
        title: String,
        /// Explanation.
        caption: Vec<Line>,
        /// Column headings: owner, open, at once.
        headings: [String; 3],
        /// Name of the weeks.
        week: String,
        /// Label of the sums.
        total: String,
        /// Maximum number of rows. Further owners are merged.
        rows: usize,
        /// Label of the merged rows.
        rest: String,
    },
    /// What happens in the next days.
    Agenda {
        /// Heading.
        title: Vec<Line>,
        /// Number of days.
        days: u32,
        /// Maximum number of entries once the roadmap has begun. Days stay whole.
        most: Option<usize>,
        /// Column headings: date, what happens, activity, owner.
        headings: [String; 4],
        /// Words for what happens: starts, due, review, latest start, move, expected (instead of due, on another day).
        kinds: [String; 6],
        /// What must start; `{name}` is its name.
        latest: FormatString,
        /// Other days that must not be missed.
        #[serde(default)]
        deadlines: Vec<DeadlineDef>,
    },
    /// What each review decides, in columns.
    ReviewCards {
        /// Heading.
        title: String,
        /// What each review decides, in order. The last line is for the closing review.
        decides: Vec<Vec<Line>>,
        /// Text before the numbers of the activities that are due by then.
        by_then: Vec<Line>,
        /// Text before the numbers of the activities that are due after the closing review.
        later: String,
    },
    /// Risks on a grid, with what to do about each.
    RiskBoard {
        /// Heading of the grid.
        grid_title: String,
        /// Explanation of the grid.
        grid_caption: String,
        /// Names of the levels: low, medium, high.
        levels: [String; 3],
        /// Names of the axes: likelihood, impact.
        axes: [String; 2],
        /// Heading of the list.
        list_title: String,
        /// Label before what to do.
        action: String,
        /// Maximum number of risks in the list.
        count: usize,
        /// Heading of the further risks.
        more_title: Vec<Line>,
        /// Note on the further risks.
        more_note: String,
        /// Word after the number of further risks in a cell.
        more_word: String,
    },
    /// The risks after the first ones, as a table.
    RiskTable {
        /// Heading.
        title: String,
        /// Number of risks that are shown elsewhere.
        skip: usize,
        /// Column headings: risk, consequence, what to do, owner.
        headings: [String; 4],
    },
    /// All figures with their formulas and exact values.
    Figures {
        /// Heading.
        title: String,
        /// Column headings: figure, formula, value.
        headings: [String; 3],
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
    /// Ranking of the subjects of a score, as stacked bars.
    Ranking {
        /// Heading.
        title: Vec<Line>,
        /// What is drawn.
        caption: Vec<Line>,
        /// Score ID.
        score: String,
        /// Text next to the first two rows.
        apart: Vec<Line>,
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
        /// Label of the return multiple.
        multiple: String,
        /// Conditions under which the answers are current. If one does not hold, the block is omitted.
        #[serde(default)]
        current: Vec<Condition>,
    },
    /// Previous targets, and what has become of them.
    Progress {
        /// Heading.
        title: String,
        /// Column headings: metric, previous value, target, current value, verdict.
        headings: [String; 5],
        /// Verdicts: reached, on the way, missed, not asked, not yet reached.
        verdicts: [Vec<Line>; 5],
        /// Conditions under which the answers are current. If one does not hold, no verdict is colored.
        #[serde(default)]
        current: Vec<Condition>,
    },
    /// Outcomes of the activities on the previous roadmap.
    Commitments {
        /// Heading.
        title: String,
        /// Column headings: activity, owner, due, outcome.
        headings: [String; 4],
        /// Outcomes: kept, missed, upcoming.
        outcomes: [Vec<Line>; 3],
        /// Outcome of an upcoming activity that is now expected after its due date; `{date}` is the expected date.
        later: FormatString,
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
    /// All issues, each with its cell.
    Issues {
        /// Heading.
        title: String,
        /// Column headings: cell, question, found, fix.
        headings: [String; 4],
        /// Text if there are no issues. If empty, nothing is printed.
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
