//! Client text made safe for where it lands. It is text everywhere: never a formula, a path or markup.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Excel's limit for one cell, in UTF-16 units.
pub const MAX_CELL_LENGTH: usize = 32_767;

/// Whether a character breaks the XML of a workbook or shows nothing in a plan.
fn is_forbidden(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t') || matches!(c, '\u{FFFE}' | '\u{FFFF}')
}

/// Whether a character takes no room and is no part of an answer. Joiners between letters stay: scripts need them.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{200B}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}' | '\u{180E}'
            // Embeddings and overrides of direction: they can make a text read as another one.
            | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
    )
}

/// Whether a text is tidy for sure, as most are: printable ASCII, and no space at its ends or beside another.
fn is_tidy(text: &str) -> bool {
    let mut before = b' ';
    for byte in text.bytes() {
        if !matches!(byte, b' '..=b'~') || (byte == b' ' && before == b' ') {
            return false;
        }
        before = byte;
    }
    before != b' '
}

/// A typed text without what nobody meant to type: control and invisible characters go, every kind of space becomes a
/// space, line ends become `\n`, spaces at the ends of lines and of the text go.
pub fn clean_text(text: &str) -> String {
    if is_tidy(text) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for line in text.replace("\r\n", "\n").replace('\r', "\n").split('\n') {
        let mut space = false;
        let start = out.len();
        for c in line
            .chars()
            .filter(|c| !is_forbidden(*c) && !is_invisible(*c))
        {
            if c.is_whitespace() {
                space = true;
            } else {
                if space && out.len() > start {
                    out.push(' ');
                }
                space = false;
                out.push(c);
            }
        }
        out.push('\n');
    }
    out.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '\u{200C}' | '\u{200D}' | '\u{200E}' | '\u{200F}')
    })
    .to_owned()
}

/// A text as one line: tidied, with a space for each line break.
pub fn one_line(text: &str) -> String {
    clean_text(text).replace(['\n', '\t'], " ")
}

/// A path for messages: always one line.
pub fn shown_path(path: &std::path::Path) -> String {
    path.to_string_lossy()
        .replace(|c: char| c.is_control(), " ")
}

/// A text as labels and words are compared: tidied, in lower case, quotes and dashes of any kind alike, without the marks
/// that people put after a label.
pub fn normalize(text: &str) -> String {
    const MARKS: [char; 5] = [':', '*', '.', '?', '!'];
    if is_tidy(text) && !text.contains('`') {
        let unmarked = text.trim_matches(|c: char| c == ' ' || MARKS.contains(&c));
        return unmarked.to_ascii_lowercase();
    }
    let alike: String = clean_text(text)
        .chars()
        .map(|c| match c {
            '\u{2018}' | '\u{2019}' | '\u{201A}' | '\u{201B}' | '\u{2032}' | '`' | '´' => '\'',
            '\u{201C}'..='\u{201F}' | '«' | '»' | '\u{2033}' => '"',
            '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
            '\n' => ' ',
            c => c,
        })
        .collect();
    alike
        .replace('…', "...")
        .trim_matches(|c: char| c.is_whitespace() || MARKS.contains(&c))
        .to_lowercase()
}

/// A text that Excel accepts in a cell: no forbidden characters, and cut at its limit with an ellipsis.
pub fn for_cell(text: &str) -> String {
    if text.len() <= MAX_CELL_LENGTH && is_tidy(text) {
        return text.to_owned();
    }
    let clean: String = text.chars().filter(|c| !is_forbidden(*c)).collect();
    if clean.encode_utf16().count() <= MAX_CELL_LENGTH {
        return clean;
    }
    let mut units = 0;
    let mut cut: String = clean
        .chars()
        .take_while(|c| {
            units += c.len_utf16();
            units < MAX_CELL_LENGTH
        })
        .collect();
    cut.push('…');
    cut
}

/// A text cut to so many characters, with an ellipsis, for messages.
pub fn shorten(text: &str, characters: usize) -> String {
    let one_line = text.replace('\n', " ");
    if one_line.chars().count() <= characters {
        return one_line;
    }
    let mut cut: String = one_line
        .chars()
        .take(characters.saturating_sub(1))
        .collect();
    cut.push('…');
    cut
}

/// A text cut to so many characters with an ellipsis within: names that begin alike are often told apart by their ends.
pub fn shorten_within(text: &str, characters: usize) -> String {
    let letters: Vec<char> = text.chars().collect();
    if letters.len() <= characters {
        return text.to_owned();
    }
    let tail = characters * 2 / 5;
    let head = characters.saturating_sub(tail + 1);
    let cut = letters[..head].iter().chain(&['…']);
    cut.chain(&letters[letters.len() - tail..]).collect()
}

/// A file name made of a client's name: letters, digits and single hyphens, never empty, never a path or a device. In
/// Unicode's composed form (NFC), whichever form was typed: file systems keep these apart or not, each in its own way.
pub fn slugify(name: &str) -> String {
    let mut slug = String::new();
    let composed: String = name.nfc().flat_map(char::to_lowercase).nfc().collect();
    for c in composed.chars() {
        if c.is_alphanumeric() || (is_combining_mark(c) && !slug.is_empty()) {
            slug.push(c);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
        if slug.len() >= 80 {
            break;
        }
    }
    let slug = slug.trim_matches('-');
    let numbered = |device| {
        let number = slug.strip_prefix(device).unwrap_or_default();
        number.chars().count() == 1
    };
    let device =
        matches!(slug, "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt");
    match slug {
        "" => "client".to_owned(),
        slug if device => format!("client-{slug}"),
        slug => slug.to_owned(),
    }
}

/// How wide a text is in a cell, in digits: letters of East Asia take two.
pub fn cell_width(text: &str) -> f64 {
    let width = |c: char| if c >= '\u{1100}' { 2.0 } else { 1.0 };
    text.chars().map(width).sum()
}

/// How many lines a text takes in a column so many digits wide, rather one too many than one too few.
pub fn cell_lines(text: &str, width: f64) -> f64 {
    text.split('\n')
        .map(|line| (cell_width(line) * 1.1 / width).ceil().max(1.0))
        .sum::<f64>()
        .max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_and_invisible_characters_are_no_answer() {
        for nothing in [
            "",
            " ",
            "\u{a0}\u{2003}\t",
            "\u{200b}\u{feff}",
            "\r\n \n",
            "\u{200d}",
        ] {
            assert_eq!(clean_text(nothing), "", "{nothing:?}");
        }
        assert_eq!(clean_text(" a \u{a0} b\r\n\r\n c\u{0}d "), "a b\n\ncd");
    }

    #[test]
    fn labels_are_compared_without_what_programs_change() {
        for other in [" opening  hours ", "Opening\u{a0}Hours:", "Opening hours *"] {
            assert_eq!(normalize(other), normalize("Opening hours"), "{other}");
        }
        assert_eq!(
            normalize("Partner’s “own” words – now…"),
            normalize("partner's \"own\" words - now")
        );
    }

    #[test]
    fn a_long_name_keeps_both_its_ends() {
        assert_eq!(shorten_within("Αιγαίο", 6), "Αιγαίο");
        let [north, south] = ["north", "south"]
            .map(|file| shorten_within(&format!("Mapleworks Foundry Software inc ({file})"), 20));
        assert_eq!(north, "Mapleworks … (north)");
        assert_eq!(south, "Mapleworks … (south)");
        assert_eq!(shorten_within("abc", 0), "…");
    }

    #[test]
    fn file_names_cannot_leave_their_folder() {
        assert_eq!(slugify("../../etc/passwd"), "etc-passwd");
        assert_eq!(slugify("Møller & Søn A/S"), "møller-søn-a-s");
        assert_eq!(slugify("CON"), "client-con");
        assert_eq!(slugify("Com¹"), "client-com¹");
        assert_eq!(slugify("Cafe\u{301} Réal"), slugify("Café Re\u{301}al"));
        assert_eq!(slugify("हिन्दी कंपनी"), "हिन्दी-कंपनी");
        assert_eq!(slugify("…"), "client");
        assert!(slugify(&"x".repeat(500)).len() <= 84);
    }

    #[test]
    fn a_cell_holds_no_more_than_excel_allows() {
        let cell = for_cell(&"😀".repeat(20_000));
        assert!(cell.encode_utf16().count() <= MAX_CELL_LENGTH);
        assert!(cell.ends_with('…'));
    }
}
