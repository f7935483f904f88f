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

impl Primitive for Length {
    fn write(self, buffer: &mut Vec<u8>) {
        let units = (self.0 * 100.0).round() as i32;
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

    fn glyph(id: u16, x: f32) -> Glyph {
        Glyph {
            id,
            x,
            rise: 0.0,
            advance: 5.0,
        }
    }

    #[test]
    fn lengths_have_two_places_at_most() {
        let written = |value: f32| {
            let mut written = Vec::new();
            Length(value).write(&mut written);
            String::from_utf8(written).unwrap()
        };
        let texts = [0.0, 12.0, 12.5, 12.05, 0.994, 0.996, -0.3, -7.256].map(written);
        assert_eq!(
            texts,
            ["0", "12", "12.5", "12.05", "0.99", "1", "-0.3", "-7.26"]
        );
    }

    #[test]
    fn only_delimiters_and_returns_are_escaped() {
        let glyphs = [glyph(0x28, 0.0), glyph(0x5C0D, 5.0), glyph(0x0A, 10.0)];
        let mut written = Vec::new();
        Shown {
            glyphs: &glyphs,
            size: 10.0,
        }
        .write(&mut written);
        assert_eq!(written, b"[(\0\\(\\\\\\r\0\n)]");
    }

    #[test]
    fn kerning_is_a_correction_after_its_glyph() {
        let glyphs = [glyph(1, 0.0), glyph(2, 4.5), glyph(3, 9.5)];
        let mut written = Vec::new();
        Shown {
            glyphs: &glyphs,
            size: 10.0,
        }
        .write(&mut written);
        assert_eq!(written, b"[(\0\x01)50(\0\x02\0\x03)]");
    }
}
