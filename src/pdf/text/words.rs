//! Shapes simple text word by word: one left-to-right script, first font family, line breaks as in UAX 14.
//!
//! Words are cached across documents because the questionnaire's labels recur in every plan.

use std::rc::Rc;

use harfrust::{
    Direction, Feature, Script, ShapeOptions, ShapePlan, ShaperData, Tag, UnicodeBuffer,
};
use icu_segmenter::options::LineBreakOptions;
use icu_segmenter::{LineSegmenter, LineSegmenterBorrowed};
use rustc_hash::FxHashMap;
use skrifa::MetadataProvider;

use super::{Engine, Glyph, GlyphRun, Line, Style};
use crate::pdf::fonts::{Face, Fonts};

/// Maximum number of glyphs in the word cache of each font kind (about 10 MB). A full cache is cleared.
const MAX_GLYPHS: usize = 500_000;
/// Maximum number of texts with cached line breaks, each of at most [`MAX_LINE_LENGTH`] bytes.
const MAX_LINES: usize = 5_000;
const MAX_LINE_LENGTH: usize = 1_000;
/// Maximum length of a word that is shaped as a unit, in bytes. A longer word is shaped in pieces, because each line
/// that it fills reshapes the rest of its piece.
const MAX_WORD_LENGTH: usize = 256;
/// Number of words in a long line, for which a line reserves memory.
const WORDS_OF_A_LINE: usize = 24;
/// Maximum length of a compound that is one word, in bytes.
const MAX_COMPOUND: usize = 16;
/// Number of digits of a year.
const YEAR: usize = 4;
/// Number of letters of a currency code.
const CODE: usize = 3;
/// A word that is too wide for its line breaks after one of these characters in the second half of the line.
const SEPARATORS: [char; 12] = ['/', '\\', '.', ',', ';', '-', '_', '?', '&', '=', '@', '+'];

/// A shaped word with its trailing spaces. Distances are in ems.
struct Word {
    glyphs: Vec<WordGlyph>,
    /// Width with trailing spaces.
    advance: f32,
    /// Width without trailing spaces.
    width: f32,
}

struct WordGlyph {
    id: u16,
    x: f32,
    rise: f32,
    /// The text of the glyph, as a byte range of the word.
    from: u32,
    to: u32,
}

/// Shaper for simple text.
pub struct Words {
    faces: [Option<(Face, ShaperData)>; 2],
    simple: std::sync::Arc<[bool]>,
    segmenter: LineSegmenterBorrowed<'static>,
    /// Shaped words, by [`kind`] and text.
    known: [FxHashMap<Box<str>, Rc<Word>>; 4],
    /// Number of cached glyphs, by [`kind`].
    glyphs: [usize; 4],
    /// Line breaks, cached because most texts are first measured and then broken.
    breaks: FxHashMap<Box<str>, Rc<[(usize, usize)]>>,
    /// Shaping plans, by [`kind`] and script.
    plans: FxHashMap<(usize, Script), ShapePlan>,
    buffer: Option<UnicodeBuffer>,
}

impl Words {
    pub fn new(fonts: &Fonts) -> Self {
        let face = |face: &Option<Face>| {
            let face = face.clone()?;
            let data = ShaperData::new(&face.font()?);
            Some((face, data))
        };
        Self {
            faces: [face(&fonts.first[0]), face(&fonts.first[1])],
            simple: fonts.simple.clone(),
            segmenter: LineSegmenter::new_for_non_complex_scripts(LineBreakOptions::default()),
            known: Default::default(),
            glyphs: [0; 4],
            breaks: FxHashMap::default(),
            plans: FxHashMap::default(),
            buffer: Some(UnicodeBuffer::new()),
        }
    }

    /// Returns whether this shaper supports all characters of a text.
    pub fn supports(&self, text: &str) -> bool {
        text.chars()
            .all(|c| c == '\n' || self.simple.get(c as usize).copied().unwrap_or(false))
    }

    /// Returns the byte ranges of the words of a line of text, each with its trailing spaces.
    fn segments(&mut self, line: &str) -> Rc<[(usize, usize)]> {
        if let Some(known) = self.breaks.get(line) {
            return known.clone();
        }
        let mut start = 0;
        let mut segments = Vec::with_capacity(line.len() / 6 + 1);
        let ends = self.segmenter.segment_str(line);
        for end in ends.filter(|end| *end > 0 && !splits_unit(line, *end)) {
            while end - start > MAX_WORD_LENGTH {
                let cut = start + piece(&line[start..end]);
                segments.push((start, cut));
                start = cut;
            }
            segments.push((start, end));
            start = end;
        }
        let segments: Rc<[(usize, usize)]> = segments.into();
        if line.len() <= MAX_LINE_LENGTH {
            if self.breaks.len() >= MAX_LINES {
                self.breaks.clear();
            }
            self.breaks.insert(line.into(), segments.clone());
        }
        segments
    }

    fn word(&mut self, text: &str, style: Style) -> Rc<Word> {
        let kind = kind(style);
        if let Some(word) = self.known[kind].get(text) {
            return word.clone();
        }
        let word = Rc::new(self.shape(text, style));
        if self.glyphs[kind] >= MAX_GLYPHS {
            self.known[kind].clear();
            self.glyphs[kind] = 0;
        }
        self.glyphs[kind] += word.glyphs.len().max(1);
        self.known[kind].insert(text.into(), word.clone());
        word
    }

    fn shape(&mut self, text: &str, style: Style) -> Word {
        let mut buffer = self.buffer.take().unwrap_or_default();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        buffer.set_direction(Direction::LeftToRight);
        let shaped = self.faces[usize::from(style.strong)]
            .as_ref()
            .and_then(|(face, data)| Some((face.font()?, data)));
        let Some((font, data)) = shaped else {
            return Word {
                glyphs: Vec::new(),
                advance: 0.0,
                width: 0.0,
            };
        };
        let shaper = data.shaper(&font).build();
        let tabular = [Feature::new(Tag::new(b"tnum"), 1, ..)];
        let features: &[Feature] = if style.tabular { &tabular } else { &[] };
        let script = buffer.script();
        let plan = self.plans.entry((kind(style), script)).or_insert_with(|| {
            ShapePlan::new(
                &shaper,
                Direction::LeftToRight,
                Some(script),
                None,
                features,
            )
        });
        let options = ShapeOptions::new().plan(Some(plan)).features(features);
        let output = shaper.shape(buffer, options);
        let em = font
            .metrics(
                skrifa::instance::Size::unscaled(),
                skrifa::instance::LocationRef::default(),
            )
            .units_per_em
            .max(1);
        let em = f32::from(em);
        let mut pen = 0.0;
        let infos = output.glyph_infos();
        let mut glyphs: Vec<WordGlyph> = Vec::with_capacity(infos.len());
        let mut width: f32 = 0.0;
        let printed = text.trim_end().len() as u32;
        for (info, position) in infos.iter().zip(output.glyph_positions()) {
            if let Some(last) = glyphs.last_mut().filter(|last| last.to == u32::MAX) {
                // A second glyph of the same cluster has no text of its own.
                last.to = info.cluster.max(last.from);
            }
            glyphs.push(WordGlyph {
                id: info.glyph_id as u16,
                x: (pen + position.x_offset as f32) / em,
                rise: position.y_offset as f32 / em,
                from: info.cluster,
                to: u32::MAX,
            });
            pen += position.x_advance as f32;
            if info.cluster < printed {
                width = pen / em;
            }
        }
        if let Some(last) = glyphs.last_mut() {
            last.to = text.len() as u32;
        }
        self.buffer = Some(output.clear());
        Word {
            glyphs,
            advance: pen / em,
            width,
        }
    }

    /// Returns the longest part of a word that fits into `room` (in ems), at least one letter.
    fn part(&mut self, text: &str, word: &Word, room: f32, style: Style) -> (usize, Rc<Word>) {
        let mut cut = break_at(text, word, room);
        let mut head = self.word(&text[..cut], style);
        // A part shaped alone may be slightly wider, because no next letter is kerned toward its last letter.
        while head.width > room {
            let Some((shorter, _)) = text[..cut]
                .char_indices()
                .next_back()
                .filter(|(at, _)| *at > 0)
            else {
                break;
            };
            cut = shorter;
            head = self.word(&text[..cut], style);
        }
        (cut, head)
    }

    pub fn widths(&mut self, text: &str, style: Style) -> (f32, f32) {
        let (mut least, mut most): (f32, f32) = (0.0, 0.0);
        for line in text.split('\n') {
            let mut advance = 0.0;
            let mut width = 0.0;
            // A short compound such as "co-marketing" is measured as one word. Only a narrow column breaks it.
            let (mut from, mut compound) = (0, 0.0);
            for &(start, end) in self.segments(line).iter() {
                let word = self.word(&line[start..end], style);
                if line[..start].ends_with(' ') || end - from > MAX_COMPOUND {
                    (from, compound) = (start, advance);
                }
                least = least.max(advance + word.width - compound);
                width = advance + word.width;
                advance += word.advance;
            }
            most = most.max(width);
        }
        (least * style.size, most * style.size)
    }
}

impl Engine {
    /// Fills each line with as many words as fit.
    pub(super) fn shape_words(&mut self, text: &str, style: Style, width: f32) -> Vec<Line> {
        let limit = width / style.size;
        let mut lines = Vec::new();
        for paragraph in text.split('\n') {
            let mut line = Builder::default();
            for &(start, end) in self.words.segments(paragraph).iter() {
                let mut rest = &paragraph[start..end];
                loop {
                    let word = self.words.word(rest, style);
                    if line.advance + word.width <= limit {
                        line.push(rest, word);
                        break;
                    }
                    if word.width <= limit {
                        lines.push(self.place(std::mem::take(&mut line), style));
                        line.push(rest, word);
                        break;
                    }
                    // A word wider than a line starts on a new line, unless more than 60% of this line is free.
                    let room = limit - line.advance;
                    if room > limit * 0.6 || line.is_empty() {
                        let (cut, head) = self.words.part(rest, &word, room, style);
                        if head.width <= room || line.is_empty() {
                            line.push(&rest[..cut], head);
                            rest = &rest[cut..];
                        }
                    }
                    if rest.is_empty() {
                        break;
                    }
                    lines.push(self.place(std::mem::take(&mut line), style));
                }
            }
            lines.push(self.place(line, style));
        }
        lines
    }

    fn place(&mut self, line: Builder, style: Style) -> Line {
        let Some(face) = self.words.faces[usize::from(style.strong)]
            .as_ref()
            .map(|(face, _)| face.clone())
        else {
            return Line::default();
        };
        if line.is_empty() {
            return Line::default();
        }
        let font = self.font_index(&face);
        let used = &mut self.used[font];
        let count = line.words.iter().map(|(_, word)| word.glyphs.len()).sum();
        let mut glyphs = Vec::with_capacity(count);
        let (mut pen, mut width) = (0.0, 0.0);
        for (text, word) in &line.words {
            for glyph in &word.glyphs {
                let stands_for = text
                    .get(glyph.from as usize..glyph.to as usize)
                    .unwrap_or_default();
                let (id, advance) = used.glyph(glyph.id, stands_for);
                glyphs.push(Glyph {
                    id,
                    x: (pen + glyph.x) * style.size,
                    rise: glyph.rise * style.size,
                    advance: advance * style.size,
                });
            }
            width = (pen + word.width) * style.size;
            pen += word.advance;
        }
        Line {
            runs: vec![GlyphRun { font, glyphs }],
            offset: 0.0,
            width,
        }
    }
}

/// Returns the cache index of a style. It depends on weight and digit width, not on size.
fn kind(style: Style) -> usize {
    usize::from(style.strong) + 2 * usize::from(style.tabular)
}

/// The words of the line that is being filled.
#[derive(Default)]
struct Builder<'t> {
    words: Vec<(&'t str, Rc<Word>)>,
    advance: f32,
}

impl<'t> Builder<'t> {
    fn push(&mut self, text: &'t str, word: Rc<Word>) {
        if self.words.capacity() == 0 {
            self.words.reserve(WORDS_OF_A_LINE);
        }
        self.advance += word.advance;
        self.words.push((text, word));
    }

    fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

/// Returns whether a line break would split what belongs together: an amount from its currency code or its sign ("NOK 80,000",
/// "−£400"), or the parts of a date ("6 March 2027"). UAX 14 allows all of them.
fn splits_unit(text: &str, at: usize) -> bool {
    splits_amount(text, at) || splits_date(text, at)
}

fn splits_date(text: &str, at: usize) -> bool {
    let (before, after) = text.split_at(at);
    let is_day = |text: &str| {
        let digits = text.chars().rev().take_while(char::is_ascii_digit).count();
        (1..=2).contains(&digits)
    };
    let mut words = before.rsplit([' ', '\u{a0}']);
    if words.next() != Some("") {
        return false;
    }
    let last = words.next().unwrap_or_default();
    let is_month = last.chars().next().is_some_and(char::is_uppercase);
    let next = after.chars().next();
    let is_year = after.chars().take_while(char::is_ascii_digit).count() == YEAR;
    (is_day(last) && next.is_some_and(char::is_uppercase))
        || (is_year && is_month && words.next().is_some_and(is_day))
}

fn splits_amount(text: &str, at: usize) -> bool {
    let (before, after) = text.split_at(at);
    let next = after.chars().next();
    let is_number = next.is_some_and(|c| c.is_ascii_digit() || c == '−');
    let ended = before.trim_end_matches([' ', '\u{a0}']);
    let mut last = ended.chars().rev();
    let is_code = (0..CODE).all(|_| last.next().is_some_and(|c| c.is_ascii_uppercase()))
        && last.next().is_none_or(|c| !c.is_alphanumeric());
    (is_number && is_code && ended.len() < before.len())
        || (before.ends_with('−') && next.is_some())
}

/// Returns the length in bytes of the first piece of a too long word: up to a separator, otherwise up to the limit.
fn piece(text: &str) -> usize {
    let mut cuts = (1..=MAX_WORD_LENGTH).rev();
    let most = cuts
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(text.len());
    after_separator(text, most).unwrap_or(most)
}

/// Returns the end of the last separator in the first `most` bytes, if it is in their second half.
fn after_separator(text: &str, most: usize) -> Option<usize> {
    let at = text[..most].rfind(SEPARATORS)? + 1;
    (at > most / 2 && at < text.len()).then_some(at)
}

/// Returns the number of bytes of a word that fit: up to a separator, otherwise all letters that fit, at least one.
fn break_at(text: &str, word: &Word, room: f32) -> usize {
    let mut fits = 0;
    for (i, glyph) in word.glyphs.iter().enumerate() {
        let end = word.glyphs.get(i + 1).map_or(word.advance, |next| next.x);
        if end > room {
            break;
        }
        if text.is_char_boundary(glyph.to as usize) {
            fits = glyph.to as usize;
        }
    }
    let first = text.chars().next().map_or(0, char::len_utf8);
    let fits = fits.max(first);
    after_separator(text, fits).unwrap_or(fits)
}
