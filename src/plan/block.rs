//! The blocks of a plan: the content of its sections, as pure data.

use chrono::NaiveDate;

use crate::questionnaire::Tone;
use crate::record::Target;

/// A block of a section.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "each kind's line tells what its fields are")]
pub enum Block {
    /// Values in boxes.
    Tiles(Vec<Tile>),
    /// Numbered actions.
    Actions { title: String, actions: Vec<Action> },
    /// Paragraphs.
    Text {
        title: Option<String>,
        paragraphs: Vec<String>,
    },
    /// A box with open points.
    Open { title: String, points: Vec<String> },
    /// One line of small, gray text.
    Quiet(String),
    /// Bars on a scale from 0 to 10.
    Bars {
        title: Option<String>,
        bars: Vec<Bar>,
        edges: Vec<(f64, String)>,
    },
    /// Dots on a scale from 0 to 10, in groups by dimension.
    Dots {
        title: String,
        groups: Vec<DotGroup>,
        edges: Vec<(f64, String)>,
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
        legend: Vec<String>,
        out_of: f64,
        rows: Vec<RankRow>,
    },
    /// The parts of a total, the largest first.
    Breakdown { title: String, parts: Vec<Share> },
    /// The curves of cumulative investment and return.
    Payback { title: String, curves: Box<Curves> },
    /// Steps that rise from left to right.
    Ladder { title: String, steps: Vec<Step> },
    /// Bubbles on two scales from 0 to 10.
    Matrix {
        title: String,
        axes: [String; 3],
        bubbles: Vec<Bubble>,
    },
    /// Today's values and their targets on the last day.
    Targets {
        title: String,
        names: [String; 3],
        targets: Vec<Target>,
    },
    /// Risks with their evidence.
    Risks(Vec<Risk>),
    /// The roadmap as a chart.
    Gantt,
    /// Small notes.
    Notes(Vec<String>),
}

/// A value in a box.
#[derive(Debug, Clone)]
pub struct Tile {
    /// Name of the value.
    pub label: String,
    /// The value, or a text if there is none.
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

/// A recommended action.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    /// Stable ID of the rule.
    pub id: String,
    /// The action.
    pub title: String,
    /// The reason.
    pub why: String,
    /// Owner.
    pub owner: String,
    /// Due date.
    pub due: NaiveDate,
    /// Due date, formatted.
    pub due_text: String,
    /// The cell that the action is based on.
    pub evidence: Option<Reference>,
}

/// Anchor of the list of issues.
pub const ISSUES: &str = "issues";

/// A cell that a statement is based on. The appendix shows the cell at the anchor.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    /// Such as "see 1 Readiness, C14".
    pub text: String,
    /// ID of the field.
    pub anchor: String,
}

/// A part of a total.
#[derive(Debug, Clone)]
pub struct Share {
    /// Name of the part.
    pub label: String,
    /// Size relative to the largest part, from 0 to 1.
    pub length: f64,
    /// The amount, formatted.
    pub text: String,
    /// Share of the total, formatted.
    pub share: String,
}

/// Cumulative investment and return per month, starting at month 0.
#[derive(Debug, Clone)]
pub struct Curves {
    /// Names of the two curves.
    pub lines: [String; 2],
    /// Label of the month axis.
    pub axis: String,
    /// Investment and return, one pair per month.
    pub points: Vec<(f64, f64)>,
    /// The amounts at the end, formatted.
    pub ends: [String; 2],
    /// Values of the amount axis and their labels.
    pub ticks: Vec<(f64, String)>,
    /// Month in which the curves meet, if they do.
    pub meets: Option<f64>,
    /// Text about that point, or about its absence.
    pub note: String,
}

/// A step of a ladder.
#[derive(Debug, Clone)]
pub struct Step {
    /// Name of the step.
    pub label: String,
    /// The value, in large text.
    pub figure: String,
    /// Name of the value.
    pub figure_label: String,
    /// Requirements of the step.
    pub asks: String,
}

/// A bubble in a matrix.
#[derive(Debug, Clone)]
pub struct Bubble {
    /// Name of the bubble.
    pub label: String,
    /// Horizontal position, from 0 to 10.
    pub x: f64,
    /// Vertical position, from 0 to 10.
    pub y: f64,
    /// Size, from 0 to 10. `None` if it is unknown.
    pub size: Option<f64>,
    /// The three ratings as text.
    pub text: String,
}

/// A risk that the answers reveal.
#[derive(Debug, Clone)]
pub struct Risk {
    /// Title of the risk.
    pub title: String,
    /// Explanation.
    pub text: String,
    /// The cells that the risk is based on.
    pub evidence: Vec<Reference>,
}

/// A bar or dot on a scale from 0 to 10.
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
}

/// The ratings of a dimension.
#[derive(Debug, Clone)]
pub struct DotGroup {
    /// Name of the dimension.
    pub label: String,
    /// The ratings.
    pub dots: Vec<Bar>,
}

/// A list of the client's answers, extended with ratings.
#[derive(Debug, Clone)]
pub struct WordList {
    /// Heading.
    pub title: String,
    /// The client's answers.
    pub own: Vec<String>,
    /// Heading of the items from the ratings.
    pub from_ratings: String,
    /// Items from the ratings.
    pub rated: Vec<String>,
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
    /// Rank and name.
    pub label: String,
    /// Small text under the label.
    pub note: String,
    /// Length of each segment, and its text.
    pub dimensions: Vec<(f64, String)>,
    /// Points, formatted.
    pub total: String,
}
