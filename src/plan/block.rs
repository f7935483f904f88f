//! The blocks of a plan: what its sections show, as pure data.

use chrono::NaiveDate;

use crate::questionnaire::Tone;
use crate::record::Target;

/// A block of a section.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "each kind's line tells what its fields are")]
pub enum Block {
    /// Figures in boxes.
    Tiles(Vec<Tile>),
    /// Numbered things to do.
    Actions { title: String, actions: Vec<Action> },
    /// Paragraphs.
    Text {
        title: Option<String>,
        paragraphs: Vec<String>,
    },
    /// A box of open points.
    Open { title: String, points: Vec<String> },
    /// One quiet line.
    Quiet(String),
    /// Bars on a scale from 0 to 10.
    Bars {
        title: Option<String>,
        bars: Vec<Bar>,
        edges: Vec<(f64, String)>,
    },
    /// Dots on a scale from 0 to 10, in groups.
    Dots {
        title: String,
        groups: Vec<DotGroup>,
        edges: Vec<(f64, String)>,
    },
    /// Numbered lists side by side.
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
    /// The parts of a whole, the largest first.
    Breakdown { title: String, parts: Vec<Share> },
    /// Two lines that meet.
    Payback { title: String, curves: Box<Curves> },
    /// Steps upwards.
    Ladder { title: String, steps: Vec<Step> },
    /// Bubbles on two scales from 0 to 10.
    Matrix {
        title: String,
        axes: [String; 3],
        bubbles: Vec<Bubble>,
    },
    /// Figures today and on the last day.
    Targets {
        title: String,
        names: [String; 3],
        targets: Vec<Target>,
    },
    /// Risks, each with what it rests on.
    Risks(Vec<Risk>),
    /// The roadmap as a chart.
    Gantt,
    /// Small notes.
    Notes(Vec<String>),
}

/// A figure in a box.
#[derive(Debug, Clone)]
pub struct Tile {
    /// What it is.
    pub label: String,
    /// The figure, or words where there is none.
    pub value: String,
    /// Small, after the figure.
    pub unit: String,
    /// Under it.
    pub note: String,
    /// Color of the note.
    pub tone: Tone,
    /// Whether `value` is a figure.
    pub known: bool,
}

/// A thing to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    /// Stable name of the rule.
    pub id: String,
    /// What.
    pub title: String,
    /// Why.
    pub why: String,
    /// Who.
    pub owner: String,
    /// By when.
    pub due: NaiveDate,
    /// The same in words.
    pub due_text: String,
    /// What it rests on.
    pub evidence: Option<Reference>,
}

/// Name of the place where the issues stand.
pub const ISSUES: &str = "issues";

/// A cell that a statement rests on; the appendix shows it under the anchor.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    /// Such as "see 1 Readiness, C14".
    pub text: String,
    /// The field's id.
    pub anchor: String,
}

/// A part of a whole.
#[derive(Debug, Clone)]
pub struct Share {
    /// What it is.
    pub label: String,
    /// Share of the largest part, from 0 to 1.
    pub length: f64,
    /// The amount.
    pub text: String,
    /// Share of the whole, in words.
    pub share: String,
}

/// Cumulative investment and return, month by month from 0.
#[derive(Debug, Clone)]
pub struct Curves {
    /// Names of both.
    pub lines: [String; 2],
    /// Name of the axis of months.
    pub axis: String,
    /// The points, investment and return, one a month.
    pub points: Vec<(f64, f64)>,
    /// The amounts at the end, in words.
    pub ends: [String; 2],
    /// Values of the axis, and their words.
    pub ticks: Vec<(f64, String)>,
    /// Where they meet, if they do.
    pub meets: Option<f64>,
    /// What is said there.
    pub note: String,
}

/// A step of a ladder.
#[derive(Debug, Clone)]
pub struct Step {
    /// Its name.
    pub label: String,
    /// In the large.
    pub figure: String,
    /// What the figure is.
    pub figure_label: String,
    /// What it asks for.
    pub asks: String,
}

/// A bubble on two scales.
#[derive(Debug, Clone)]
pub struct Bubble {
    /// Its name.
    pub label: String,
    /// Across, from 0 to 10.
    pub x: f64,
    /// Upwards, from 0 to 10.
    pub y: f64,
    /// Size, from 0 to 10; none when it is not known.
    pub size: Option<f64>,
    /// The three ratings in words.
    pub text: String,
}

/// A risk that the answers reveal.
#[derive(Debug, Clone)]
pub struct Risk {
    /// What.
    pub title: String,
    /// Why.
    pub text: String,
    /// What it rests on.
    pub evidence: Vec<Reference>,
}

/// A bar from 0 to 10.
#[derive(Debug, Clone)]
pub struct Bar {
    /// What it is.
    pub label: String,
    /// Its length; none when it cannot be worked out or does not apply.
    pub value: Option<f64>,
    /// Printed after it.
    pub text: String,
    /// Its color.
    pub tone: Tone,
}

/// Ratings of a group.
#[derive(Debug, Clone)]
pub struct DotGroup {
    /// The group.
    pub label: String,
    /// Its ratings.
    pub dots: Vec<Bar>,
}

/// A list in the client's words, completed from the ratings.
#[derive(Debug, Clone)]
pub struct WordList {
    /// Heading.
    pub title: String,
    /// The client's words.
    pub own: Vec<String>,
    /// Before those that come from the ratings.
    pub from_ratings: String,
    /// From the ratings.
    pub rated: Vec<String>,
}

/// Questions and answers under a title.
#[derive(Debug, Clone)]
pub struct FieldGroup {
    /// Heading over several groups, where it changes.
    pub heading: Option<String>,
    /// The section's title.
    pub title: String,
    /// Question and answer.
    pub rows: Vec<(String, String)>,
    /// A line that names the questions without an answer.
    pub unanswered: Option<String>,
}

/// How a column's cells stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Text.
    Left,
    /// Figures.
    Right,
}

/// A table.
#[derive(Debug, Clone)]
pub struct Table {
    /// Heading and alignment of each column.
    pub columns: Vec<(String, Align)>,
    /// Rows of cells, as many as columns.
    pub rows: Vec<Vec<TableCell>>,
}

/// A cell of a table.
#[derive(Debug, Clone, Default)]
pub struct TableCell {
    /// The text.
    pub text: String,
    /// A second line, quiet.
    pub note: String,
    /// Printed strong.
    pub strong: bool,
    /// Color.
    pub tone: Tone,
    /// A place that references lead to.
    pub anchor: Option<String>,
}

impl TableCell {
    /// A cell of plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// A cell printed strong.
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
    /// Quiet, under it.
    pub note: String,
    /// Length of each part, and its text.
    pub dimensions: Vec<(f64, String)>,
    /// Points in words.
    pub total: String,
}
