//! Shapes text, breaks lines, and records the glyphs that a document uses, per font, for its subsets.
//!
//! Nearly all texts have one left-to-right script and need only the first font family. `words` shapes them word by
//! word and caches the words. `complex` shapes all other texts with parley.

mod complex;
mod used;
mod words;

use std::collections::HashMap;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::fonts::{Face, Fonts};
use super::theme::{Color, STEP};

pub use used::UsedFont;

/// Maximum number of characters of a text that is cut. A cut text has only a few lines.
const MAX_CUT: usize = 2_000;

/// Maximum number of texts of a document whose lines are kept, and the maximum length of such a text in bytes.
const MAX_SHAPED: usize = 10_000;
const MAX_SHAPED_LENGTH: usize = 1_000;

/// Average width of narrow letters, relative to the font size. No letter of a long text is narrower on average.
const NARROWEST: f32 = 0.2;

/// Text style.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// Size in points.
    pub size: f32,
    /// Line height in points, which [`Style::new`] takes in baseline steps.
    pub line: f32,
    /// Semi-bold instead of regular.
    pub strong: bool,
    /// Color.
    pub color: Color,
    /// Digits of equal width.
    pub tabular: bool,
}

impl Style {
    /// Creates a regular style with a font size in points and a line height in baseline steps.
    pub const fn new(size: f32, steps: f32) -> Self {
        Self {
            size,
            line: steps * STEP,
            strong: false,
            color: Color::Ink,
            tabular: false,
        }
    }

    /// Returns the same style in semi-bold.
    pub const fn strong(self) -> Self {
        Self {
            strong: true,
            ..self
        }
    }

    /// Returns the same style in another color.
    pub const fn color(self, color: Color) -> Self {
        Self { color, ..self }
    }

    /// Returns the same style with digits of equal width.
    pub const fn tabular(self) -> Self {
        Self {
            tabular: true,
            ..self
        }
    }

    /// Returns the distance from the top of a line to its baseline. It is the same for all fonts, so lines stay evenly
    /// spaced.
    fn baseline(&self) -> f32 {
        0.5 * self.line + 0.36 * self.size
    }
}

/// A glyph with its position in a line.
#[derive(Debug, Clone, Copy)]
pub struct Glyph {
    /// Glyph ID in the document's subset of the font.
    pub id: u16,
    /// Distance from the start of the line, in points.
    pub x: f32,
    /// Shift upwards from the baseline, in points.
    pub rise: f32,
    /// Advance width that the font defines, in points.
    pub advance: f32,
}

/// Glyphs of one font.
#[derive(Debug, Clone)]
pub struct GlyphRun {
    /// Index of the font in the document.
    pub font: usize,
    /// Glyphs from left to right.
    pub glyphs: Vec<Glyph>,
}

/// One line of text.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// Runs of glyphs.
    pub runs: Vec<GlyphRun>,
    /// Distance from the left edge of the text to the left end of the line, in points.
    pub offset: f32,
    /// Width in points, without trailing spaces.
    pub width: f32,
}

/// Text broken into lines.
#[derive(Debug, Clone)]
pub struct Paragraph {
    /// Style of the text.
    pub style: Style,
    /// Lines from top to bottom.
    pub lines: Rc<[Line]>,
    /// Width of the widest line, in points.
    pub width: f32,
    /// Distance from the top of a line to its baseline, in points.
    pub baseline: f32,
}

impl Paragraph {
    fn new(style: Style, lines: Rc<[Line]>) -> Self {
        Self {
            style,
            width: lines.iter().map(|line| line.width).fold(0.0, f32::max),
            baseline: style.baseline(),
            lines,
        }
    }

    /// Removes the space on the left of a right-to-left text, so that the text is as wide as its widest line.
    pub fn compact(mut self) -> Self {
        let offsets = self.lines.iter().map(|line| line.offset);
        let least = offsets.fold(f32::MAX, f32::min);
        let moved = |line: &Line| Line {
            offset: line.offset - least,
            ..line.clone()
        };
        if least != 0.0 {
            self.lines = self.lines.iter().map(moved).collect();
        }
        self
    }

    /// Returns the distance between lines, in points.
    pub fn line_height(&self) -> f32 {
        self.style.line
    }

    /// Returns the height of all lines, in points.
    pub fn height(&self) -> f32 {
        self.line_height() * self.lines.len() as f32
    }
}

/// How a text is shaped, besides its color.
#[derive(PartialEq)]
struct Shape {
    size: f32,
    strong: bool,
    tabular: bool,
    width: f32,
}

/// The lines of a text in one shape.
type Shaped = (Shape, Rc<[Line]>);

/// Shapes text and records which glyphs a document uses. Each worker has its own engine.
pub struct Engine {
    complex: complex::Shaper,
    words: words::Words,
    /// Fonts of the document, in the order of their first use.
    pub used: Vec<UsedFont>,
    by_id: HashMap<(u64, u32), usize>,
    /// Lines of the document's texts so far: many are shaped to measure them, and again to draw them.
    shaped: FxHashMap<Box<str>, Vec<Shaped>>,
}

impl Engine {
    /// Creates an engine with these fonts.
    pub fn new(fonts: &Fonts) -> Self {
        Self {
            complex: complex::Shaper::new(fonts),
            words: words::Words::new(fonts),
            used: Vec::new(),
            by_id: HashMap::new(),
            shaped: FxHashMap::default(),
        }
    }

    /// Clears the fonts and glyphs of the previous document.
    pub fn start_document(&mut self) {
        self.used.clear();
        self.by_id.clear();
        self.shaped.clear();
    }

    /// Breaks a text into lines of at most this width, in points.
    pub fn shape(&mut self, text: &str, style: Style, width: f32) -> Paragraph {
        // Half a point of tolerance: a text must fit on one line at its own measured width.
        let width = width.max(1.0) + 0.5;
        let shape = Shape {
            size: style.size,
            strong: style.strong,
            tabular: style.tabular,
            width,
        };
        let mut known = self.shaped.get(text).into_iter().flatten();
        if let Some((_, lines)) = known.find(|(own, _)| *own == shape) {
            return Paragraph::new(style, lines.clone());
        }
        let lines: Rc<[Line]> = if self.words.supports(text) {
            self.shape_words(text, style, width)
        } else {
            self.shape_complex(text, style, width)
        }
        .into();
        if text.len() <= MAX_SHAPED_LENGTH {
            if self.shaped.len() >= MAX_SHAPED {
                self.shaped.clear();
            }
            let known = match self.shaped.get_mut(text) {
                Some(known) => known,
                None => self.shaped.entry(text.into()).or_default(),
            };
            known.push((shape, lines.clone()));
        }
        Paragraph::new(style, lines)
    }

    /// Shapes a text like [`Engine::shape`], but balances 2 to 4 lines so that no headline ends in a single word.
    pub fn shape_balanced(&mut self, text: &str, style: Style, width: f32) -> Paragraph {
        let whole = self.shape(text, style, width);
        let count = whole.lines.len();
        if !(2..=4).contains(&count) {
            return whole;
        }
        // A column narrower than the longest word would break that word.
        let word = self.widths(text, style).0.min(width);
        let (mut narrow, mut wide) = (word.max(width / 2.0), width);
        while wide - narrow > 4.0 {
            let middle = (narrow + wide) / 2.0;
            if self.shape(text, style, middle).lines.len() > count {
                narrow = middle;
            } else {
                wide = middle;
            }
        }
        self.shape(text, style, wide)
    }

    /// Shapes a text without line breaking.
    pub fn shape_line(&mut self, text: &str, style: Style) -> Paragraph {
        self.shape(text, style, f32::MAX / 4.0)
    }

    /// Shapes a text on one line of at most this width, and shortens a longer text with an ellipsis.
    pub fn shape_cut(&mut self, text: &str, style: Style, width: f32) -> Paragraph {
        let one_line = text.replace('\n', " ");
        let whole = self.shape_line(&one_line, style);
        if whole.width <= width + 0.5 {
            return whole;
        }
        // Binary search for the number of characters that fit.
        let characters: Vec<char> = one_line.chars().take(MAX_CUT).collect();
        let (mut fits, mut long) = (0, characters.len());
        let cut = |count: usize| -> String {
            let kept: String = characters.iter().take(count).collect();
            format!("{}…", kept.trim_end())
        };
        while fits + 1 < long {
            let middle = (fits + long) / 2;
            if self.shape_line(&cut(middle), style).width <= width {
                fits = middle;
            } else {
                long = middle;
            }
        }
        self.shape_line(&cut(fits), style)
    }

    /// Returns whether a text has one left-to-right script, so that its words can be placed one by one.
    pub fn is_simple(&self, text: &str) -> bool {
        self.words.supports(text)
    }

    /// Breaks a text into at most this number of lines, and shortens a longer text with an ellipsis.
    pub fn shape_limited(
        &mut self,
        text: &str,
        style: Style,
        width: f32,
        lines: usize,
    ) -> Paragraph {
        // Only a text that may fit is shaped as a whole.
        let most = (lines.max(1) as f32 * width / (NARROWEST * style.size)) as usize;
        let characters: Vec<char> = text.chars().take(most.min(MAX_CUT) + 1).collect();
        if characters.len() <= most {
            let whole = self.shape(text, style, width);
            if whole.lines.len() <= lines.max(1) {
                return whole;
            }
        }
        // Binary search for the number of characters that fit.
        let (mut fits, mut long) = (0, characters.len());
        let cut = |count: usize| -> String {
            let kept: String = characters.iter().take(count).collect();
            let kept = kept.trim_end().trim_end_matches([',', ';', ':', '.', '…']);
            format!("{kept}…")
        };
        while fits + 1 < long {
            let middle = (fits + long) / 2;
            if self.shape(&cut(middle), style, width).lines.len() <= lines.max(1) {
                fits = middle;
            } else {
                long = middle;
            }
        }
        self.shape(&cut(fits), style, width)
    }

    /// Returns the width of the longest word and of the longest unbroken line, in points.
    pub fn widths(&mut self, text: &str, style: Style) -> (f32, f32) {
        if self.words.supports(text) {
            self.words.widths(text, style)
        } else {
            self.complex.widths(text, style)
        }
    }

    fn font_index(&mut self, face: &Face) -> usize {
        *self
            .by_id
            .entry((face.data.id(), face.index))
            .or_insert_with(|| {
                self.used.push(UsedFont::new(face.clone()));
                self.used.len() - 1
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::theme::BODY;
    use proptest::prelude::*;

    fn engine() -> Engine {
        Engine::new(&Fonts::bundled())
    }

    #[test]
    fn words_are_as_wide_as_the_general_shaper_makes_them() {
        let mut engine = engine();
        for text in [
            "Together, we help customers inspect a whole foundation.",
            "Αιγαίο Ναυτιλιακά Όργανα",
            "Северные приборы, 12 000 €",
            "−£400, ⅓ of the growth ≥ 0",
        ] {
            let words = engine.shape_line(text, BODY).width;
            let general = engine.shape_complex(text, BODY, f32::MAX / 4.0)[0].width;
            // The only difference is the kerning between a space and the next letter.
            assert!((words / general - 1.0).abs() < 0.005, "{words} {general}");
        }
    }

    #[test]
    fn a_long_address_breaks_after_its_parts() {
        let mut engine = engine();
        let address = "https://www.example.com/partners/nordlys/agreements/2027";
        let lines = [400.0, 140.0].map(|width| engine.shape(address, BODY, width).lines.len());
        // https://www.example.com/ · partners/nordlys/ · agreements/2027
        assert_eq!(lines, [1, 3]);
    }

    #[test]
    fn an_amount_stays_with_its_currency_and_its_sign() {
        let mut engine = engine();
        let lines = |engine: &mut Engine, text: &str, width: f32| {
            engine.shape(text, BODY, width).lines.len()
        };
        for (before, amount) in [
            ("growth of NOK", " 80,000"),
            ("growth after cost is −", "£3,600"),
        ] {
            // As wide as the text before the amount, so that a break would be in the amount.
            let width = engine.shape_line(before, BODY).width + 1.0;
            let first_word = engine
                .shape_line(&before[..before.rfind(' ').unwrap()], BODY)
                .width;
            let paragraph = engine.shape(&format!("{before}{amount}"), BODY, width);
            assert_eq!(paragraph.lines.len(), 2);
            assert!((paragraph.lines[0].width - first_word).abs() < 0.5);
        }
        assert_eq!(lines(&mut engine, "EU 27", 20.0), 2);
    }

    #[test]
    fn a_date_stays_on_one_line() {
        let mut engine = engine();
        for date in ["6 March 2027", "16 Dec 2026"] {
            let width = engine.shape_line("it begins on 16", BODY).width;
            let paragraph = engine.shape(&format!("it begins on {date}"), BODY, width.max(70.0));
            let whole = engine.shape_line(date, BODY).width;
            assert_eq!(paragraph.lines.len(), 2);
            assert!((paragraph.lines[1].width - whole).abs() < 0.5, "{date}");
        }
    }

    /// Lam and alef form one glyph as wide as both letters. In either direction, it starts at their left edge.
    #[test]
    fn ligatures_from_right_to_left_take_their_own_room() {
        let mut engine = engine();
        for text in ["سلام", "الأفق", "علاقات الإسلامية", "שלום"] {
            let lines = engine.shape_complex(text, BODY, 400.0);
            let mut glyphs: Vec<_> = lines[0].runs.iter().flat_map(|run| &run.glyphs).collect();
            glyphs.retain(|glyph| glyph.advance > 0.0);
            glyphs.sort_by(|a, b| a.x.total_cmp(&b.x));
            assert!(glyphs.len() > 2);
            for pair in glyphs.windows(2) {
                let gap = pair[1].x - (pair[0].x + pair[0].advance);
                assert!(gap.abs() < 0.1, "{text}: {gap}");
            }
        }
    }

    #[test]
    fn a_line_from_right_to_left_is_as_wide_as_in_a_column() {
        let mut engine = engine();
        let text = "شركة الأفق للتجارة";
        let [line, column] = [f32::MAX / 4.0, 400.0].map(|width| {
            let mut lines = engine.shape_complex(text, BODY, width);
            let glyphs = lines.remove(0).runs.into_iter().flat_map(|run| run.glyphs);
            glyphs.map(|glyph| glyph.x).collect::<Vec<f32>>()
        });
        assert!(line.iter().zip(&column).all(|(a, b)| (a - b).abs() < 0.1));
    }

    /// Each line of this word used to reshape the whole rest of it, so one cell of letters used gigabytes of memory.
    #[test]
    fn a_word_over_pages_fills_its_lines() {
        let mut engine = engine();
        let word = "né".repeat(40_000);
        let lines = engine.shape(&word, BODY, 400.0).lines;
        let glyphs: usize = lines
            .iter()
            .flat_map(|line| &line.runs)
            .map(|run| run.glyphs.len())
            .sum();
        assert_eq!(glyphs, 80_000);
        let filled = lines.iter().map(|line| line.width).sum::<f32>() / lines.len() as f32;
        assert!(filled > 300.0, "{filled}");
    }

    #[test]
    fn balanced_lines_break_no_word() {
        let mut engine = engine();
        let text = engine.shape_balanced("opportunities a month", BODY, 72.0);
        let word = engine.shape_line("opportunities", BODY).width;
        assert!(text.lines.len() == 2 && (text.lines[0].width - word).abs() < 0.5);
    }

    #[test]
    fn a_cut_text_fits_and_says_that_it_is_cut() {
        let mut engine = engine();
        let cut = engine.shape_cut("A name that is far too long for its place", BODY, 80.0);
        assert!(cut.lines.len() == 1 && cut.width <= 80.5 && cut.width > 40.0);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_line_is_wider_than_its_column(text in "[ -~é-ž\n]{0,200}", width in 8.0f32..400.0) {
            thread_local!(static ENGINE: std::cell::RefCell<Engine> = engine().into());
            let paragraph = ENGINE.with_borrow_mut(|engine| engine.shape(&text, BODY, width));
            // In a very narrow column, a single letter may be wider than the column.
            let most = width.max(12.0) + 0.6;
            prop_assert!(paragraph.lines.iter().all(|line| line.width <= most));
            let glyphs = paragraph.lines.iter().flat_map(|line| &line.runs).map(|run| run.glyphs.len());
            prop_assert!(glyphs.sum::<usize>() <= text.chars().count());
        }
    }
}
