//! Sizes, distances and colours of the plan, in points.

use crate::programme::Tone;

/// A4.
pub const PAGE_WIDTH: f32 = 595.28;
/// A4.
pub const PAGE_HEIGHT: f32 = 841.89;
/// Left and right margin.
pub const MARGIN: f32 = 56.0;
/// Where content begins, below the running head.
pub const TOP: f32 = 62.0;
/// Where content ends, above the running foot.
pub const BOTTOM: f32 = PAGE_HEIGHT - 66.0;
/// Width of the content.
pub const WIDTH: f32 = PAGE_WIDTH - 2.0 * MARGIN;
/// One step of the vertical rhythm.
pub const STEP: f32 = 6.0;

/// A colour, as parts of 255.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Color(pub u8, pub u8, pub u8);

pub const NAVY: Color = Color(0x14, 0x30, 0x4F);
pub const TEAL: Color = Color(0x1B, 0x73, 0x69);
pub const TEAL_SOFT: Color = Color(0x7F, 0xB3, 0xAC);
pub const GREY_BLUE: Color = Color(0xC8, 0xD1, 0xDC);
pub const AMBER: Color = Color(0xC4, 0x82, 0x1A);
pub const AMBER_TEXT: Color = Color(0x95, 0x5A, 0x00);
pub const RED: Color = Color(0xB2, 0x3B, 0x2E);
pub const INK: Color = Color(0x1C, 0x24, 0x2E);
pub const SOFT: Color = Color(0x3F, 0x4B, 0x58);
pub const QUIET: Color = Color(0x5F, 0x6B, 0x78);
pub const LINE: Color = Color(0xD3, 0xD9, 0xE0);
pub const PALE: Color = Color(0xEE, 0xF1, 0xF5);
pub const PALER: Color = Color(0xF7, 0xF9, 0xFB);
pub const CREAM: Color = Color(0xFB, 0xF3, 0xE6);
pub const WHITE: Color = Color(0xFF, 0xFF, 0xFF);

/// Colour of an area.
pub fn fill(tone: Tone) -> Color {
    match tone {
        Tone::Good => TEAL,
        Tone::Watch => AMBER,
        Tone::Bad => RED,
        Tone::Plain => NAVY,
    }
}

/// Colour of words, dark enough on white.
pub fn ink(tone: Tone) -> Color {
    match tone {
        Tone::Good => TEAL,
        Tone::Watch => AMBER_TEXT,
        Tone::Bad => RED,
        Tone::Plain => INK,
    }
}
