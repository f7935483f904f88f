//! The plan's type scale and baseline rhythm. Distances are in points.

use super::text::Style;
pub use crate::look::{Color, Palette, Paper, fill, ink};

/// Half a line of running text. Every line height and every gap is a multiple of it, so that lines keep their step from
/// the top of a page to its foot.
pub const STEP: f32 = 3.5;
/// Left margin of A4. On other papers the same column of text stands in the middle: lines break alike on all.
pub const MARGIN: f32 = 56.0;
/// Width of the column of text.
pub const WIDTH: f32 = 483.28;
/// Where content begins, below the running head.
pub const TOP: f32 = 18.0 * STEP;
/// From the lower edge to the running foot.
pub const FOOT: f32 = 66.0;

/// How far the column of text is to the right of its place on A4.
pub fn shift(paper: Paper) -> f32 {
    (paper.width - Paper::A4.width) / 2.0
}

/// Where content ends: the last step of the rhythm above the foot.
pub fn bottom(paper: Paper) -> f32 {
    TOP + ((paper.height - FOOT - TOP) / STEP).floor() * STEP
}

/// The type scale: nine sizes.
pub const TITLE: Style = Style::new(36.0, 12.0).strong().color(Color::White);
/// The client's name on the cover.
pub const NAME: Style = Style::new(16.0, 7.0).color(Color::PrimarySoft);
/// Headline of a section: states the issue.
pub const HEADLINE: Style = Style::new(20.0, 7.0).strong().color(Color::Primary);
/// Figures in tiles.
pub const FIGURE: Style = Style::new(20.0, 7.0)
    .strong()
    .color(Color::Primary)
    .tabular();
/// Under a headline.
pub const LEAD: Style = Style::new(11.0, 5.0).color(Color::Soft);
/// Headings within a section.
pub const HEADING: Style = Style::new(12.5, 5.0).strong().color(Color::Primary);
/// Headings of groups.
pub const SUBHEADING: Style = Style::new(9.5, 4.0).strong().color(Color::Accent);
/// Running text.
pub const BODY: Style = Style::new(9.5, 4.0);
/// Cells of tables and labels of charts.
pub const CELL: Style = Style::new(8.5, 3.5);
/// Small print.
pub const SMALL: Style = Style::new(8.0, 3.0).color(Color::Quiet);
/// Axes and marks within charts.
pub const TINY: Style = Style::new(7.0, 3.0).color(Color::Quiet);
