//! Operands of page contents, written compactly: glyphs, and numbers with two decimal places.
//!
//! pdf-writer escapes every byte of a string that is not visible, which makes glyphs three times as long.

use pdf_writer::Primitive;

use super::text::Glyph;

/// Glyphs of one font on one baseline, as the operand of `TJ` (ISO 32000-1, 9.4.3): strings of glyph IDs with the font's own
/// advances. Kerning is a correction in thousandths of an em.
pub struct Shown<'g> {
    pub glyphs: &'g [Glyph],
    /// Font size in points.
    pub size: f32,
}

impl Primitive for Shown<'_> {
    fn write(self, buffer: &mut Vec<u8>) {
        buffer.reserve(3 * self.glyphs.len() + 4);
        buffer.push(b'[');
        let mut pen = self.glyphs.first().map_or(0.0, |first| first.x);
        let mut is_open = false;
        for (index, glyph) in self.glyphs.iter().enumerate() {
            if !is_open {
                buffer.push(b'(');
                is_open = true;
            }
            for byte in glyph.id.to_be_bytes() {
                push_byte(buffer, byte);
            }
            pen += glyph.advance;
            let wanted = self.glyphs.get(index + 1).map_or(pen, |next| next.x);
            let correction = ((pen - wanted) * 1000.0 / self.size).round();
            if correction != 0.0 {
                buffer.push(b')');
                is_open = false;
                (correction as i32).write(buffer);
                pen -= correction * self.size / 1000.0;
            }
        }
        if is_open {
            buffer.push(b')');
        }
        buffer.push(b']');
    }
}

/// A length, rounded to hundredths of a point, which is finer than any printer and keeps the file small.
#[derive(Clone, Copy)]
pub struct Length(pub f32);

impl Length {
    /// Returns the length as it is written.
    pub fn rounded(self) -> f32 {
        self.units() as f32 / 100.0
    }

    /// Returns the length in hundredths of a point.
    fn units(self) -> i32 {
        (self.0 * 100.0).round() as i32
    }
}

impl Primitive for Length {
    fn write(self, buffer: &mut Vec<u8>) {
        let units = self.units();
        if units < 0 {
            buffer.push(b'-');
        }
        let units = units.unsigned_abs();
        (units / 100)
            .min(i32::MAX as u32)
            .cast_signed()
            .write(buffer);
        let places = units % 100;
        if places > 0 {
            buffer.extend([b'.', b'0' + (places / 10) as u8]);
        }
        if !places.is_multiple_of(10) {
            buffer.push(b'0' + (places % 10) as u8);
        }
    }
}

/// Appends a byte of a literal string. All bytes stand for themselves except these (7.3.4.2).
fn push_byte(buffer: &mut Vec<u8>, byte: u8) {
    match byte {
        b'(' | b')' | b'\\' => buffer.extend([b'\\', byte]),
        // A bare carriage return is read as a line feed.
        b'\r' => buffer.extend(br"\r"),
        _ => buffer.push(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(operand: impl Primitive) -> Vec<u8> {
        let mut written = Vec::new();
        operand.write(&mut written);
        written
    }

    /// Glyphs by ID and position, each 5 points wide.
    fn shown<const COUNT: usize>(glyphs: [(u16, f32); COUNT]) -> Vec<u8> {
        let glyphs = glyphs.map(|(id, x)| Glyph {
            id,
            x,
            rise: 0.0,
            advance: 5.0,
        });
        let size = 10.0;
        written(Shown {
            glyphs: &glyphs,
            size,
        })
    }

    #[test]
    fn lengths_have_two_places_at_most() {
        for (length, text) in [
            (0.0, "0"),
            (12.0, "12"),
            (12.5, "12.5"),
            (12.05, "12.05"),
            (0.994, "0.99"),
            (0.996, "1"),
            (-0.3, "-0.3"),
            (-7.256, "-7.26"),
        ] {
            assert_eq!(written(Length(length)), text.as_bytes());
        }
    }

    #[test]
    fn only_delimiters_and_returns_are_escaped() {
        let glyphs = [(0x28, 0.0), (0x5C0D, 5.0), (0x0A, 10.0)];
        assert_eq!(shown(glyphs), b"[(\0\\(\\\\\\r\0\n)]");
    }

    #[test]
    fn kerning_is_a_correction_after_its_glyph() {
        let glyphs = [(1, 0.0), (2, 4.5), (3, 9.5)];
        assert_eq!(shown(glyphs), b"[(\0\x01)50(\0\x02\0\x03)]");
    }
}
