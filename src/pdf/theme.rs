//! Type scale and baseline grid of the plan. Distances are in points.

use super::text::Style;
pub use crate::look::{Color, Palette, Paper, fill, ink};

/// Baseline step: a quarter of a line of body text. Line heights and gaps are counted in steps, so that text stays on
/// the baseline grid from the top of a page to its foot.
pub const STEP: f32 = 3.5;
/// Left margin on A4. Other paper sizes center the same text column, so that lines break identically.
pub const MARGIN: f32 = 56.0;
/// Width of the text column.
pub const WIDTH: f32 = 483.28;
/// Top of the content, below the running head.
pub const TOP: f32 = 18.0 * STEP;
/// Minimum distance from the content to the lower edge of the paper. This margin contains the running foot.
pub const FOOT: f32 = 66.0;

/// Returns the distance by which the text column is to the right of its position on A4.
pub fn shift(paper: Paper) -> f32 {
    (paper.width - Paper::A4.width) / 2.0
}

/// Returns the bottom of the content: the last baseline step above the foot.
pub fn bottom(paper: Paper) -> f32 {
    TOP + ((paper.height - FOOT - TOP) / STEP).floor() * STEP
}

/// Title on the cover. The type scale has nine sizes.
pub const TITLE: Style = Style::new(36.0, 12.0).strong().color(Color::White);
/// The client's name on the cover.
pub const NAME: Style = Style::new(16.0, 7.0).color(Color::PrimarySoft);
/// Headline of a section.
pub const HEADLINE: Style = Style::new(20.0, 7.0).strong().color(Color::Primary);
/// Numbers in tiles.
pub const FIGURE: Style = Style::new(20.0, 7.0)
    .strong()
    .color(Color::Primary)
    .tabular();
/// Lead text under a headline.
pub const LEAD: Style = Style::new(11.0, 5.0).color(Color::Soft);
/// Headings in a section.
pub const HEADING: Style = Style::new(12.5, 5.0).strong().color(Color::Primary);
/// The question above the headline of a section.
pub const QUESTION: Style = Style::new(8.5, 4.0).strong().color(Color::Accent);
/// Headings of groups.
pub const SUBHEADING: Style = Style::new(9.5, 4.0).strong().color(Color::Accent);
/// Body text.
pub const BODY: Style = Style::new(9.5, 4.0);
/// Table cells and chart labels.
pub const CELL: Style = Style::new(8.5, 3.5);
/// Small print.
pub const SMALL: Style = Style::new(8.0, 3.0).color(Color::Quiet);
/// Axes and marks in charts.
pub const TINY: Style = Style::new(7.0, 3.0).color(Color::Quiet);
