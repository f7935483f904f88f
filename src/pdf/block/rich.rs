//! Text with emphasized parts, broken into lines.

use crate::pdf::page::Page;
use crate::pdf::text::{Engine, Paragraph, Style};

/// Text in several styles of the same size. Each line has its parts with their distances from the left.
pub struct Rich {
    lines: Vec<Vec<(f32, Paragraph)>>,
    line_height: f32,
    /// Number of lines, which a text in one style has in a single part.
    count: usize,
}

/// A word: its parts, each with the index of its style, without spaces.
type Word = Vec<(String, usize)>;

impl Rich {
    /// Shapes pieces of text, each with the index of its style. All styles have the same line height.
    ///
    /// A text from right to left or without spaces between words is shaped in the first style as a whole.
    pub fn shape(
        engine: &mut Engine,
        pieces: &[(&str, usize)],
        styles: &[Style; 2],
        width: f32,
    ) -> Self {
        let words = words(pieces);
        let whole: String = pieces.iter().map(|(text, _)| *text).collect();
        let sizes: Vec<f32> = words
            .iter()
            .map(|word| size(engine, word, styles))
            .collect();
        if !engine.is_simple(&whole) || sizes.iter().any(|size| *size > width) {
            return Self::plain(engine.shape(&whole, styles[0], width));
        }
        let space = space(engine, styles[0]);
        let mut lines: Vec<Vec<&Word>> = Vec::new();
        let mut reach = f32::MAX;
        for (word, size) in words.iter().zip(&sizes) {
            if reach + space + size > width {
                lines.push(Vec::new());
                reach = -space;
            }
            reach += space + size;
            if let Some(line) = lines.last_mut() {
                line.push(word);
            }
        }
        Self {
            count: lines.len(),
            line_height: styles[0].line,
            lines: lines
                .iter()
                .map(|line| shape_line(engine, line, styles))
                .collect(),
        }
    }

    fn plain(paragraph: Paragraph) -> Self {
        Self {
            count: paragraph.lines.len(),
            line_height: paragraph.line_height(),
            lines: vec![vec![(0.0, paragraph)]],
        }
    }

    /// Returns the height of all lines.
    pub fn height(&self) -> f32 {
        self.line_height * self.count as f32
    }

    /// Draws the text with its top left corner at (x, y).
    pub fn draw(&self, page: &mut Page, x: f32, y: f32) {
        for (i, line) in self.lines.iter().enumerate() {
            for (left, part) in line {
                page.paragraph(part, x + left, y + self.line_height * i as f32);
            }
        }
    }
}

/// Splits pieces into words. A word may continue in the next piece, in another style.
fn words(pieces: &[(&str, usize)]) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut open = false;
    for (text, style) in pieces {
        let mut first = true;
        for part in text.split(char::is_whitespace) {
            // Each further part begins after a space.
            open &= first;
            first = false;
            if part.is_empty() {
                continue;
            }
            match words.last_mut().filter(|_| open) {
                Some(word) => word.push((part.to_owned(), *style)),
                None => words.push(vec![(part.to_owned(), *style)]),
            }
            open = true;
        }
    }
    words
}

fn size(engine: &mut Engine, word: &Word, styles: &[Style; 2]) -> f32 {
    let part =
        |(text, style): &(String, usize)| engine.shape_line(text, style_of(styles, *style)).width;
    word.iter().map(part).sum()
}

fn style_of(styles: &[Style; 2], index: usize) -> Style {
    styles[index.min(1)]
}

fn space(engine: &mut Engine, style: Style) -> f32 {
    engine.shape_line("n n", style).width - engine.shape_line("nn", style).width
}

/// Shapes a line. Words of the same style are shaped together.
fn shape_line(engine: &mut Engine, words: &[&Word], styles: &[Style; 2]) -> Vec<(f32, Paragraph)> {
    let mut parts: Vec<(String, usize)> = Vec::new();
    for (i, word) in words.iter().enumerate() {
        if i > 0
            && let Some((text, _)) = parts.last_mut()
        {
            text.push(' ');
        }
        for (text, style) in *word {
            match parts.last_mut().filter(|(_, last)| last == style) {
                Some((last, _)) => last.push_str(text),
                None => parts.push((text.clone(), *style)),
            }
        }
    }
    let mut x = 0.0;
    parts
        .iter()
        .map(|(text, style)| {
            let style = style_of(styles, *style);
            let part = engine.shape_line(text, style);
            let left = x;
            // The width of a paragraph does not include its trailing space.
            let trailing = if text.ends_with(' ') {
                space(engine, style)
            } else {
                0.0
            };
            x += part.width + trailing;
            (left, part)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::Fonts;
    use crate::pdf::theme::BODY;

    #[test]
    fn words_may_change_their_style_inside() {
        let words = words(&[("earning ", 0), ("20% margins", 1), (".” And", 0)]);
        let texts: Vec<String> = words
            .iter()
            .map(|word| word.iter().map(|(text, _)| text.as_str()).collect())
            .collect();
        assert_eq!(texts, ["earning", "20%", "margins.”", "And"]);
    }

    #[test]
    fn lines_are_no_wider_than_the_column() {
        let mut engine = Engine::new(&Fonts::bundled());
        let pieces = [
            ("Expand your portfolio with ", 0),
            ("Brightloom Starter, planning for up to 40 looms", 1),
            (" that helps your customers.", 0),
        ];
        for width in [60.0, 120.0, 400.0] {
            let rich = Rich::shape(&mut engine, &pieces, &[BODY, BODY.strong()], width);
            for (x, part) in rich.lines.iter().flatten() {
                assert!(x + part.width <= width + 1.0, "{width}");
            }
        }
    }
}
