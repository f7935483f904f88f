//! Paper and colors, shared by the plan, the portfolio workbook, and the client's workbook. Lengths are in points.
//!
//! ```
//! use partnerbook::look::{Color, Palette};
//!
//! let primary = Palette::DEFAULT.rgb(Color::Primary);
//! assert_ne!(primary, Palette::DEFAULT.rgb(Color::White));
//! ```

use crate::questionnaire::Tone;

/// A paper size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Paper {
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

impl Paper {
    /// ISO 216.
    pub const A4: Self = Self {
        width: 595.28,
        height: 841.89,
    };
    /// ANSI Y14.1.
    pub const LETTER: Self = Self {
        width: 612.0,
        height: 792.0,
    };
}

/// The purpose of a color. The brand defines the first four.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Color {
    /// The brand's primary color: backgrounds, headings, bars.
    Primary,
    /// A light tint of the primary color.
    PrimarySoft,
    /// A medium tint of the primary color, which is darker than the light tint in grayscale print.
    PrimaryMid,
    /// The brand's accent color: rules, subheadings, second bars.
    Accent,
    /// A light tint of the accent color.
    AccentSoft,
    /// Good results.
    Good,
    /// Results to watch.
    Watch,
    /// Results to watch, in a shade dark enough for text.
    WatchInk,
    /// Bad results.
    Bad,
    /// Body text.
    Ink,
    /// Labels.
    Soft,
    /// Small print.
    Quiet,
    /// Rules.
    Line,
    /// Backgrounds.
    Pale,
    /// Lighter backgrounds.
    Paler,
    /// Background of open points.
    Cream,
    /// Paper.
    White,
}

/// Red, green, and blue, from 0 to 255.
pub type Rgb = [u8; 3];

/// The colors of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    /// The brand's primary color.
    pub primary: Rgb,
    /// The brand's accent color.
    pub accent: Rgb,
}

impl Palette {
    /// The colors if there is no brand.
    pub const DEFAULT: Self = Self {
        primary: [0x14, 0x30, 0x4F],
        accent: [0x1B, 0x73, 0x69],
    };

    /// Returns the RGB value of a color.
    pub fn rgb(&self, color: Color) -> Rgb {
        match color {
            Color::Primary => self.primary,
            Color::PrimarySoft => tint(self.primary, 0.76),
            Color::PrimaryMid => tint(self.primary, 0.55),
            Color::Accent => self.accent,
            Color::AccentSoft => tint(self.accent, 0.44),
            Color::Good => [0x1B, 0x73, 0x69],
            Color::Watch => [0xC4, 0x82, 0x1A],
            Color::WatchInk => [0x95, 0x5A, 0x00],
            Color::Bad => [0xB2, 0x3B, 0x2E],
            Color::Ink => [0x1C, 0x24, 0x2E],
            Color::Soft => [0x3F, 0x4B, 0x58],
            Color::Quiet => [0x5F, 0x6B, 0x78],
            Color::Line => [0xD3, 0xD9, 0xE0],
            Color::Pale => [0xEE, 0xF1, 0xF5],
            Color::Paler => [0xF7, 0xF9, 0xFB],
            Color::Cream => [0xFB, 0xF3, 0xE6],
            Color::White => [0xFF, 0xFF, 0xFF],
        }
    }
}

/// Mixes a color with white: 0 is the color, 1 is white.
fn tint(color: Rgb, white: f32) -> Rgb {
    color.map(|part| (f32::from(part) + (255.0 - f32::from(part)) * white).round() as u8)
}

/// Returns the fill color of a tone.
pub fn fill(tone: Tone) -> Color {
    match tone {
        Tone::Good => Color::Good,
        Tone::Watch => Color::Watch,
        Tone::Bad => Color::Bad,
        Tone::Plain => Color::Primary,
    }
}

/// Returns the text color of a tone, dark enough on white.
pub fn ink(tone: Tone) -> Color {
    match tone {
        Tone::Good => Color::Good,
        Tone::Watch => Color::WatchInk,
        Tone::Bad => Color::Bad,
        Tone::Plain => Color::Ink,
    }
}
