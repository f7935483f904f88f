//! The blocks of a plan: the content of its sections, as pure data.

use chrono::NaiveDate;

use crate::questionnaire::Tone;

/// A block of a section.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "each kind's line tells what its fields are")]
pub enum Block {
    /// Values in boxes.
    Tiles(Vec<Tile>),
    /// Paragraphs.
    Text {
        title: Option<String>,
        paragraphs: Vec<String>,
    },
    /// One line of small, gray text.
    Quiet(String),
    /// Bars on a scale from 0 to 10.
    Bars {
        title: Option<String>,
        bars: Vec<Bar>,
        /// The bands of ratings, the lowest first.
        bands: Vec<BarBand>,
    },
    /// Numbered lists next to each other.
    Lists(Vec<WordList>),
    /// Questions and answers.
    Fields {
        title: Option<String>,
        groups: Vec<FieldGroup>,
    },
    /// A table.
    Table { title: Option<String>, table: Table },
    /// Finished sentences, each with its label.
    Sentences(Vec<(String, String)>),
    /// Stacked bars of a ranking.
    Ranking {
        /// Heading. Empty for none.
        title: String,
        /// Unit, in small text above the bars. Empty for none.
        caption: String,
        /// Text of the bracket between the first two rows.
        apart: Option<String>,
        /// Dimensions in the order of the segments: name and weight. Empty with a single dimension.
        legend: Vec<(String, String)>,
        /// Maximum number of points.
        out_of: f64,
        /// The candidates, the best first.
        rows: Vec<RankRow>,
    },
    /// Small notes.
    Notes(Vec<String>),
    /// Reasons for a decision, each with the page that explains it.
    Reasons { title: String, rows: Vec<Reason> },
    /// What to do first: numbered, with owner and date.
    Moves { title: String, moves: Vec<Move> },
    /// A box with what the reader is asked for.
    Requests {
        title: String,
        requests: Vec<Request>,
    },
    /// A waterfall chart: how one amount leads to another.
    Bridge {
        title: String,
        caption: String,
        bars: Vec<BridgeBar>,
    },
    /// When an investment has paid for itself, in one panel per way of counting.
    Balances(Box<Balances>),
    /// Shares of a whole as horizontal bars, next to a small table.
    Gauges {
        title: String,
        gauges: Vec<Gauge>,
        table: Option<Table>,
    },
    /// Large values or short texts in columns, each with an explanation.
    Cards { title: String, cards: Vec<Card> },
    /// Two subjects compared on several scales, next to a quotation.
    Pairs(Box<Pairs>),
    /// Points in four quarters, next to short texts.
    Quadrants(Box<Quadrants>),
    /// Bars on a time axis.
    Timeline(Box<Timeline>),
    /// Items by effort and impact, next to lists of the client's own words.
    EffortGrid(Box<EffortGrid>),
    /// Gaps to close, in order.
    GapCards {
        title: String,
        headings: [String; 3],
        /// The rating from which nothing needs attention.
        mark: f64,
        cards: Vec<GapCard>,
    },
    /// What each tier leaves after its cost.
    TierBars(Box<TierBars>),
    /// A sentence with emphasized parts. `true` marks an emphasized part.
    Offer {
        title: String,
        pieces: Vec<(String, bool)>,
    },
    /// A calculation in large numbers.
    Equation {
        title: String,
        /// Number and explanation of each factor.
        factors: Vec<(String, String)>,
        /// Number and explanation of the result.
        result: (String, String),
    },
    /// Values as bars against a target.
    AgainstTarget(Box<AgainstTarget>),
    /// The roadmap as a chart with its dates.
    Schedule(Box<Schedule>),
    /// Who is busy in which week.
    Load(Box<Load>),
    /// Risks on a grid of likelihood and impact, with what to do about each.
    RiskBoard(Box<RiskBoard>),
}

/// A reason for the decision.
#[derive(Debug, Clone)]
pub struct Reason {
    /// Its subject, in one word.
    pub label: String,
    /// The reason.
    pub text: String,
    /// ID of the section that explains it. Its page is printed.
    pub section: Option<String>,
}

/// A recommended move.
#[derive(Debug, Clone, PartialEq)]
pub struct Move {
    /// What to do.
    pub text: String,
    /// Who does it, or a request to name someone.
    pub owner: String,
    /// Whether the owner is known. If not, the request to name one is emphasized.
    pub owned: bool,
    /// When it is due.
    pub date: NaiveDate,
    /// When it is due, formatted.
    pub date_text: String,
    /// Index of the activity that it belongs to.
    pub activity: Option<usize>,
}

/// Something the reader is asked for.
#[derive(Debug, Clone)]
pub struct Request {
    /// The request.
    pub text: String,
    /// ID of the section that explains it. Its page is printed.
    pub section: Option<String>,
}

/// How a bar of a waterfall chart is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BridgeKind {
    /// Today's level: gray, from zero.
    Base,
    /// An increase: accent color, from the previous level.
    Gain,
    /// A level that is reached: primary color, from zero.
    Total,
    /// A cost: hatched, down from the previous level.
    Cost,
    /// What remains: primary color, from zero. The part above or below today's level is marked.
    Rest,
}

/// A bar of a waterfall chart.
#[derive(Debug, Clone)]
pub struct BridgeBar {
    /// Name below the bar.
    pub label: String,
    /// Amount above the bar, formatted with its sign.
    pub text: String,
    /// Lower end. Can be negative.
    pub from: f64,
    /// Upper end.
    pub to: f64,
    /// How it is drawn.
    pub kind: BridgeKind,
    /// Two short lines inside the bar, such as "80,000 more" and "than today". Empty for none.
    pub inside: [String; 2],
}

/// Cumulative balances of return and investment.
#[derive(Debug, Clone)]
pub struct Balances {
    /// Heading.
    pub title: String,
    /// What is drawn, and its unit.
    pub caption: String,
    /// The panels, at most two.
    pub panels: Vec<Panel>,
    /// Values of the amount axis and their labels, ascending. All panels share them.
    pub ticks: Vec<(f64, String)>,
    /// Label of the last month, such as "month 24".
    pub last_month: String,
    /// Name of the line at balance 0.
    pub zero: String,
    /// Names of the upper edge of the band and of the bold line.
    pub names: [String; 2],
}

/// A panel of balances.
#[derive(Debug, Clone)]
pub struct Panel {
    /// What is counted, such as "Counting all partner revenue:".
    pub title: String,
    /// The result in bold, such as "month 10".
    pub verdict: String,
    /// Results of the fast and the slow ramp, in one line.
    pub note: String,
    /// Balance per month with the client's own ramp, from month 0.
    pub own: Vec<f64>,
    /// Balance per month with the fast ramp, from month 0.
    pub fast: Vec<f64>,
    /// Balance per month with the slow ramp, from month 0.
    pub slow: Vec<f64>,
    /// Month in which the own balance reaches 0, if within the chart.
    pub own_at: Option<f64>,
    /// Month in which the fast balance reaches 0, if within the chart.
    pub fast_at: Option<f64>,
}

/// A share of a whole.
#[derive(Debug, Clone)]
pub struct Gauge {
    /// The share: 1 is the whole. Can be above 1.
    pub share: f64,
    /// The share, formatted.
    pub figure: String,
    /// What it means.
    pub text: String,
    /// Whether it concerns the growth, which is drawn in the accent color.
    pub accent: bool,
}

/// A large value or a short text with an explanation.
#[derive(Debug, Clone)]
pub struct Card {
    /// Small label above. Empty for none.
    pub label: String,
    /// The value or the text, in bold.
    pub strong: String,
    /// Explanation below. Lines are separated by line breaks.
    pub text: String,
    /// Whether the value is printed in large type.
    pub large: bool,
}

/// Two subjects compared, next to a quotation.
#[derive(Debug, Clone)]
pub struct Pairs {
    /// Heading.
    pub title: String,
    /// Unit.
    pub caption: String,
    /// Names of the first subject (bold, filled) and of the second (hollow).
    pub names: [String; 2],
    /// Label, and the two values from 0 to 10 with their texts.
    pub rows: Vec<(String, [(f64, String); 2])>,
    /// Quotation on the right.
    pub quote: Option<Quote>,
}

/// A quotation.
#[derive(Debug, Clone)]
pub struct Quote {
    /// Heading.
    pub title: String,
    /// Quotation marks: opening, closing.
    pub quotes: [String; 2],
    /// The client's text, without quotation marks.
    pub text: String,
    /// Small note below. Empty for none.
    pub note: String,
}

/// Points on two scales from 0 to 10, in four quarters.
#[derive(Debug, Clone)]
pub struct Quadrants {
    /// Heading.
    pub title: String,
    /// What is drawn.
    pub caption: String,
    /// Labels of the horizontal and the vertical axis.
    pub axes: [String; 2],
    /// Where the quarters meet, on both scales.
    pub middle: f64,
    /// Names of the quarters: upper left, upper right, lower left, lower right.
    pub corners: [String; 4],
    /// The points.
    pub points: Vec<QuadrantPoint>,
    /// Sum of both values along the dashed line, and the label of the line.
    pub line: Option<(f64, String)>,
    /// Heading of the texts on the right.
    pub aside_title: String,
    /// Texts on the right: a name in bold, and what is said about it.
    pub aside: Vec<(String, String)>,
    /// Small note below the texts.
    pub note: String,
}

/// A point in a quarter.
#[derive(Debug, Clone)]
pub struct QuadrantPoint {
    /// Name of the point.
    pub label: String,
    /// Horizontal value, from 0 to 10.
    pub x: f64,
    /// Vertical value, from 0 to 10.
    pub y: f64,
    /// Whether the point is emphasized: filled, with its name in bold.
    pub strong: bool,
}

/// Bars on a time axis.
#[derive(Debug, Clone)]
pub struct Timeline {
    /// Heading.
    pub title: String,
    /// What is drawn. Empty for none.
    pub caption: String,
    /// First day of the axis.
    pub from: NaiveDate,
    /// Last day of the axis.
    pub to: NaiveDate,
    /// Dates on the axis, formatted.
    pub ticks: Vec<(NaiveDate, String)>,
    /// Vertical lines with labels below. `true` marks the main line.
    pub marks: Vec<(NaiveDate, String, bool)>,
    /// The bars, from the top.
    pub rows: Vec<TimelineRow>,
}

/// A bar on a time axis.
#[derive(Debug, Clone)]
pub struct TimelineRow {
    /// Name, on the left.
    pub label: String,
    /// A value after the name, such as points. Empty for none.
    pub value: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Text at the start of the bar: inside if it fits, otherwise before it.
    pub start_text: String,
    /// Text at the end of the bar, inside.
    pub end_text: String,
    /// Day after which the bar is too late. The rest is marked.
    pub limit: Option<NaiveDate>,
}

/// Items by effort and impact.
#[derive(Debug, Clone)]
pub struct EffortGrid {
    /// Heading.
    pub title: String,
    /// What is drawn.
    pub caption: String,
    /// Names of the rows, the highest impact first, and of the columns, the lowest effort first.
    pub rows: [String; 3],
    /// Names of the columns.
    pub columns: [String; 3],
    /// Items per row and column.
    pub cells: [[Vec<GridItem>; 3]; 3],
    /// Heading of the client's own words. Empty for none.
    pub words_title: String,
    /// Lists of the client's own words, each with its heading.
    pub words: Vec<(String, Vec<String>)>,
}

/// An item of a grid.
#[derive(Debug, Clone)]
pub struct GridItem {
    /// Number of its card, if it has one.
    pub number: Option<usize>,
    /// Name of the item.
    pub label: String,
    /// Color of its number.
    pub tone: Tone,
}

/// A gap to close.
#[derive(Debug, Clone)]
pub struct GapCard {
    /// Number, starting at 1.
    pub number: usize,
    /// Name of the gap, starting with a capital letter.
    pub name: String,
    /// The rating from 0 to 10.
    pub rating: f64,
    /// The rating, such as "3 of 10".
    pub rating_text: String,
    /// How urgent it is, such as "urgent".
    pub status: String,
    /// Color of the rating and the number.
    pub tone: Tone,
    /// Why it matters.
    pub why: String,
    /// What good looks like.
    pub good: String,
    /// First step.
    pub first: String,
    /// Owner and date, in one line.
    pub who: String,
    /// Whether the owner is known. If not, the request to name one is emphasized.
    pub owned: bool,
}

/// What each tier leaves after its cost.
#[derive(Debug, Clone)]
pub struct TierBars {
    /// Heading.
    pub title: String,
    /// Unit.
    pub caption: String,
    /// Column headings: tier, amount kept, amount left.
    pub headings: [String; 3],
    /// The tiers, the lowest first.
    pub tiers: Vec<TierBar>,
    /// The cost, drawn as a line through all bars, and its label.
    pub cost: Option<(f64, String)>,
}

/// A tier.
#[derive(Debug, Clone)]
pub struct TierBar {
    /// Name of the tier.
    pub label: String,
    /// Threshold and commission, in one line.
    pub note: String,
    /// Amount kept after commission.
    pub kept: f64,
    /// The amount, formatted.
    pub kept_text: String,
    /// Amount left after the cost, formatted with its sign. Empty without a cost.
    pub left_text: String,
    /// Whether the tier does not cover its cost.
    pub loss: bool,
}

/// Values as bars against a target.
#[derive(Debug, Clone)]
pub struct AgainstTarget {
    /// The bars: label, value, value formatted, note. The first is emphasized.
    pub bars: Vec<(String, f64, String, String)>,
    /// The target and its label.
    pub target: (f64, String),
}

/// The roadmap as a chart with dates.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// Heading.
    pub title: String,
    /// Names in the legend: done, in progress, not started, original dates (empty without a forecast), arrow.
    pub legend: [String; 5],
    /// Column headings: activity and owner, due, expected (empty without forecasts).
    pub headings: [String; 3],
    /// Day 1.
    pub start: NaiveDate,
    /// The last day of the axis.
    pub end: NaiveDate,
    /// Months: title, first day, last day.
    pub months: Vec<(String, NaiveDate, NaiveDate)>,
    /// Dates on the axis.
    pub ticks: Vec<(NaiveDate, String)>,
    /// Today, if it is on the axis or at most 14 days before day 1, and its label.
    pub today: Option<(NaiveDate, String)>,
    /// Reviews: date, name, date formatted.
    pub reviews: Vec<(NaiveDate, String, String)>,
    /// The activities, in order.
    pub rows: Vec<ScheduleRow>,
    /// Arrows between rows: index of the activity that must finish, index of the one that then starts.
    pub arrows: Vec<(usize, usize)>,
}

/// State of an activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActivityState {
    /// Not started.
    NotStarted,
    /// In progress.
    InProgress,
    /// Done.
    Done,
}

/// An activity of the schedule.
#[derive(Debug, Clone)]
pub struct ScheduleRow {
    /// Number, starting at 1.
    pub number: usize,
    /// Name.
    pub label: String,
    /// Owner.
    pub owner: String,
    /// Whether it has an owner. If not, the text is emphasized.
    pub owned: bool,
    /// Index of the month.
    pub month: usize,
    /// Due date, formatted.
    pub due_text: String,
    /// Expected finish, formatted. Empty without a forecast.
    pub expected_text: String,
    /// Whether the expected finish is after the due date, or the due date has passed.
    pub late: bool,
    /// First and last day of the bar: the forecast, or else the planned dates.
    pub bar: (NaiveDate, NaiveDate),
    /// First and last day originally planned, if the bar is a forecast that differs.
    pub planned: Option<(NaiveDate, NaiveDate)>,
    /// State.
    pub state: ActivityState,
    /// Urgency: `Bad` urgent, `Watch` needs attention, else plain.
    pub tone: Tone,
    /// Urgency in a word. Empty if the activity is not urgent.
    pub urgency: String,
}

/// Who is busy in which week.
#[derive(Debug, Clone)]
pub struct Load {
    /// Heading.
    pub title: String,
    /// Explanation.
    pub caption: String,
    /// Column headings: owner, open, at once.
    pub headings: [String; 3],
    /// Name of the weeks, such as "Week".
    pub week: String,
    /// Dates above some weeks: index of the week, date formatted.
    pub dates: Vec<(usize, String)>,
    /// Number of weeks.
    pub weeks: usize,
    /// The owners, the busiest first. Activities without an owner are last.
    pub rows: Vec<LoadRow>,
    /// Label of the sums, and the number of open activities per week. `None` for weeks that have passed.
    pub total: (String, Vec<Option<usize>>),
    /// Number of all open activities.
    pub open: usize,
    /// Reviews: position in weeks from the start (fraction of a week), label.
    pub reviews: Vec<(f32, String)>,
}

/// The activities of an owner.
#[derive(Debug, Clone)]
pub struct LoadRow {
    /// Name of the owner.
    pub owner: String,
    /// Whether it is an owner. If not, the row collects activities without one.
    pub owned: bool,
    /// Numbers of the open activities per week.
    pub weeks: Vec<Vec<usize>>,
    /// Number of open activities.
    pub open: usize,
    /// Largest number of activities on one day.
    pub peak: usize,
}

/// Risks on a grid, with what to do about each.
#[derive(Debug, Clone)]
pub struct RiskBoard {
    /// Heading of the grid.
    pub grid_title: String,
    /// Explanation of the grid.
    pub grid_caption: String,
    /// Names of the levels: low, medium, high.
    pub levels: [String; 3],
    /// Names of the axes: likelihood, impact.
    pub axes: [String; 2],
    /// Heading of the list.
    pub list_title: String,
    /// Label before what to do, such as "Do:".
    pub action: String,
    /// The risks, the most important first.
    pub risks: Vec<RiskItem>,
    /// Heading, note, and titles of further risks. Empty for none.
    pub more: (String, String, Vec<String>),
    /// Likelihood and impact of the further risks, from 1 to 3, in the same order.
    pub more_places: Vec<(usize, usize)>,
    /// Text in a cell for its further risks: the number is put before it, as in "7 more".
    pub more_word: String,
}

/// A risk.
#[derive(Debug, Clone)]
pub struct RiskItem {
    /// Title.
    pub title: String,
    /// What would happen.
    pub consequence: String,
    /// What to do.
    pub mitigation: String,
    /// Who does it.
    pub owner: String,
    /// Whether the owner is known. If not, the request to name one is emphasized.
    pub owned: bool,
    /// Likelihood, from 1 to 3.
    pub likelihood: usize,
    /// Impact, from 1 to 3.
    pub impact: usize,
}

/// A value in a box.
#[derive(Debug, Clone)]
pub struct Tile {
    /// Name of the value.
    pub label: String,
    /// The value, or a text if it is unknown.
    pub value: String,
    /// Unit, in small text after the value.
    pub unit: String,
    /// Text under the value.
    pub note: String,
    /// Color of the note.
    pub tone: Tone,
    /// Whether there is a value.
    pub known: bool,
}

/// Anchor of the list of issues.
pub const ISSUES: &str = "issues";

/// A band of ratings on the scale of the bars.
#[derive(Debug, Clone, PartialEq)]
pub struct BarBand {
    /// Lower limit. The first band begins at 0.
    pub from: f64,
    /// The limit as text.
    pub from_text: String,
    /// Name, such as "fair".
    pub label: String,
}

/// A bar on a scale from 0 to 10.
#[derive(Debug, Clone)]
pub struct Bar {
    /// Label of the bar.
    pub label: String,
    /// Value from 0 to 10. `None` if it cannot be calculated or does not apply.
    pub value: Option<f64>,
    /// Text after the bar.
    pub text: String,
    /// Color of the bar.
    pub tone: Tone,
    /// Value of the benchmark, from 0 to 10.
    pub mark: Option<f64>,
}

/// A list of the client's answers.
#[derive(Debug, Clone)]
pub struct WordList {
    /// Heading.
    pub title: String,
    /// The client's answers.
    pub own: Vec<String>,
}

/// Questions and answers of a section.
#[derive(Debug, Clone)]
pub struct FieldGroup {
    /// Heading over several groups. `None` if it is the same as before.
    pub heading: Option<String>,
    /// Title of the section.
    pub title: String,
    /// Questions and answers.
    pub rows: Vec<(String, String)>,
    /// A line that lists the questions without an answer.
    pub unanswered: Option<String>,
}

/// Alignment of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Left-aligned, for text.
    Left,
    /// Right-aligned, for numbers.
    Right,
}

/// A table.
#[derive(Debug, Clone)]
pub struct Table {
    /// Heading and alignment of each column.
    pub columns: Vec<(String, Align)>,
    /// Rows of cells. Each row has one cell per column.
    pub rows: Vec<Vec<TableCell>>,
}

/// A cell of a table.
#[derive(Debug, Clone, Default)]
pub struct TableCell {
    /// The text.
    pub text: String,
    /// A second line in small text.
    pub note: String,
    /// Whether the text is bold.
    pub strong: bool,
    /// Color of the text.
    pub tone: Tone,
    /// Anchor that references link to.
    pub anchor: Option<String>,
}

impl TableCell {
    /// Creates a cell of plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// Creates a cell of bold text.
    pub fn strong(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            strong: true,
            ..Self::default()
        }
    }
}

/// A bar of a ranking.
#[derive(Debug, Clone)]
pub struct RankRow {
    /// Rank.
    pub rank: String,
    /// Name.
    pub label: String,
    /// Small text under the label.
    pub note: String,
    /// Length of each segment, and its text.
    pub dimensions: Vec<(f64, String)>,
    /// Points, formatted.
    pub total: String,
}
