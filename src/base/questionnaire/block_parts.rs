//! What blocks of the plan are made of: tiles, bars, cards, rows, and marks.

use serde::Deserialize;

use super::{Condition, FormatString, Formula, Line};

/// A key number in a box.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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

/// A reason for the decision: the first line that can be printed.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ReasonDef {
    /// Its subject, in one word.
    pub label: String,
    /// Candidates for the text.
    pub lines: Vec<Line>,
    /// ID of the section that explains it.
    pub section: Option<String>,
}

/// A bar of a waterfall chart.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BridgeBarDef {
    /// Name.
    pub label: String,
    /// How it is drawn.
    pub style: BarStyle,
    /// Conditions, all of which must hold.
    #[serde(default)]
    pub when: Vec<Condition>,
    /// Lower end.
    pub from: Formula,
    /// Upper end.
    pub to: Formula,
    /// Amount, as text.
    pub text: FormatString,
    /// Short text inside the bar: the first line that can be printed.
    #[serde(default)]
    pub inside: Vec<Line>,
    /// The second line inside the bar.
    #[serde(default)]
    pub below: String,
}

/// How a bar of a waterfall chart is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum BarStyle {
    /// Today's level.
    Base,
    /// An increase.
    Gain,
    /// A level that is reached.
    Total,
    /// A cost.
    Cost,
    /// What remains.
    Rest,
}

/// A panel of balances. Omitted if its amount is unknown.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PanelDef {
    /// What is counted.
    pub title: String,
    /// Amount per month at full speed.
    pub amount: Formula,
    /// The result.
    pub verdict: Vec<Line>,
    /// Results of the other ramps.
    pub note: Vec<Line>,
}

/// A share of a whole.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GaugeDef {
    /// The share: 1 is the whole.
    pub share: Formula,
    /// The share, as text.
    pub figure: FormatString,
    /// What it means.
    pub lines: Vec<Line>,
    /// Whether it concerns the growth.
    #[serde(default)]
    pub accent: bool,
}

/// A large value or a short text.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CardDef {
    /// Small label above.
    #[serde(default)]
    pub label: String,
    /// Candidates for the value.
    pub value: Vec<Line>,
    /// Candidates for the explanation.
    #[serde(default)]
    pub text: Vec<Line>,
    /// Whether the value is printed in large type.
    #[serde(default)]
    pub large: bool,
}

/// A bar on a time axis. Omitted if a date is unknown.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TimelineRowDef {
    /// Name.
    pub label: FormatString,
    /// First day.
    pub from: Formula,
    /// Last day.
    pub to: Formula,
    /// Text at the start.
    pub start: FormatString,
    /// Text at the end.
    pub end: FormatString,
}

/// A vertical line on a time axis. Omitted if its date is unknown.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MarkDef {
    /// The date.
    pub date: Formula,
    /// Its label.
    pub label: FormatString,
}

/// A day that must not be missed.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DeadlineDef {
    /// Conditions, all of which must hold.
    #[serde(default)]
    pub when: Vec<Condition>,
    /// The day.
    pub date: Formula,
    /// What must be done by then.
    pub text: FormatString,
    /// Who does it.
    pub owner: Option<FormatString>,
}

/// A list of the client's own texts.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WordsDef {
    /// Heading.
    pub title: String,
    /// ID of the section with the texts.
    pub section: String,
}

/// A tier.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TierDef {
    /// Name.
    pub label: String,
    /// Threshold and commission.
    pub note: FormatString,
    /// Amount kept after commission.
    pub kept: Formula,
    /// Amount left after the cost.
    pub left: Formula,
    /// Amount left, as text.
    pub left_text: Vec<Line>,
    /// Amount kept, as text.
    pub kept_text: FormatString,
}

/// A term of a calculation.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TermDef {
    /// The value.
    pub value: FormatString,
    /// Its explanation.
    pub label: FormatString,
}

/// A value as a bar against a target. Omitted if the value is unknown.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ValueBarDef {
    /// Name.
    pub label: String,
    /// The value.
    pub value: Formula,
    /// The value, as text.
    pub text: FormatString,
    /// Small note.
    #[serde(default)]
    pub note: Vec<Line>,
}
