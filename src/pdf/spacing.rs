//! Vertical spacing, which shrinks if a section must fit on one page. Type sizes never shrink.

use super::theme::STEP;

/// Vertical spacing of a section.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spacing {
    /// Gap above the heading of a block.
    pub gap: f32,
    /// Padding above and below the text of a row.
    pub pad: f32,
    /// Height of the plots of charts, relative to the normal height.
    pub plot: f32,
    /// Maximum number of lines of a row's text.
    pub lines: usize,
}

impl Spacing {
    /// The spacing of sections that may have any number of pages.
    pub const NORMAL: Self = Self::new(7.0, 2.5, 1.0, usize::MAX);

    /// The spacings for a section that must fit on one page, in the order in which they are tried: first smaller gaps,
    /// then less padding, then flatter charts. Only the last ones cut texts.
    pub const LADDER: [Self; 16] = [
        Self::NORMAL,
        Self::new(6.0, 2.5, 1.0, usize::MAX),
        Self::new(5.0, 2.5, 1.0, usize::MAX),
        Self::new(4.0, 2.5, 1.0, usize::MAX),
        Self::new(4.0, 2.25, 1.0, usize::MAX),
        Self::new(4.0, 2.0, 1.0, usize::MAX),
        Self::new(4.0, 1.75, 1.0, usize::MAX),
        Self::new(4.0, 1.75, 0.9, usize::MAX),
        Self::new(4.0, 1.75, 0.8, usize::MAX),
        Self::new(3.0, 1.25, 0.8, usize::MAX),
        Self::new(3.0, 1.0, 0.7, usize::MAX),
        Self::new(2.0, 0.75, 0.6, usize::MAX),
        Self::new(2.0, 0.75, 0.6, 3),
        Self::new(2.0, 0.75, 0.6, 2),
        Self::new(2.0, 0.5, 0.6, 2),
        Self::new(2.0, 0.5, 0.45, 1),
    ];

    /// Creates a spacing with a gap and a padding in baseline steps.
    const fn new(gap: f32, pad: f32, plot: f32, lines: usize) -> Self {
        Self {
            gap: gap * STEP,
            pad: pad * STEP,
            plot,
            lines,
        }
    }

    /// Returns the height of a plot of this normal height, in whole baseline steps.
    pub fn plot_height(&self, normal: f32) -> f32 {
        (normal * self.plot / STEP).round() * STEP
    }
}
