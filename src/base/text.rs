//! Makes client text safe for its destination. Client text is always text: never a formula, a path, or markup.
//!
//! ```
//! # use partnerbook_base as partnerbook;
//! use partnerbook::text::{shorten, slugify};
//!
//! assert_eq!(slugify("Müller & Söhne / GmbH"), "müller-söhne-gmbh");
//! assert_eq!(shorten("A long answer", 8), "A long …");
//! ```

use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Maximum length of a cell's text in Excel, in UTF-16 code units.
pub const MAX_CELL_LENGTH: usize = 32_767;

/// Returns whether a character is invalid in the XML of a workbook or invisible in a plan.
fn is_forbidden(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t') || matches!(c, '\u{FFFE}' | '\u{FFFF}')
}

/// Returns whether a character has no width and is not part of an answer. Joiners between letters are kept, because
/// some scripts need them.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{200B}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}' | '\u{180E}'
            // Bidirectional embeddings, overrides, and isolates can make a text read as another text.
            | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
    )
}

/// Returns whether a text is certainly clean, as most texts are: printable ASCII without leading, trailing, or repeated
/// spaces.
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

/// Removes what was entered by accident. Control and invisible characters are removed. A run of any white space becomes
/// one space, and line breaks become `\n`. Spaces at both ends of each line and white space at both ends of the text
/// are removed.
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

/// Returns a clean text as one line, with a space for each line break.
pub fn one_line(text: &str) -> String {
    clean_text(text).replace(['\n', '\t'], " ")
}

/// Returns a path for messages, always on one line.
pub fn shown_path(path: &std::path::Path) -> String {
    path.to_string_lossy()
        .replace(|c: char| c.is_control(), " ")
}

/// Normalizes a text for comparing labels and words: clean, in lowercase, and with the same quotes and dashes. Removes
/// the marks that people put after a label, such as `:` or `*`, from both ends.
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

/// Returns a text that Excel accepts in a cell: without invalid characters, and truncated at the limit with an
/// ellipsis.
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

/// Truncates a text to a number of characters, with an ellipsis, for messages. Line breaks become spaces.
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

/// Truncates a text to a number of characters like [`shorten`], but between words.
pub fn shorten_words(text: &str, characters: usize) -> String {
    let cut = shorten(text, characters);
    if text.chars().count() <= characters {
        return cut;
    }
    // A word that takes most of the text is cut inside.
    match cut.trim_end_matches('…').trim_end().rsplit_once(' ') {
        Some((words, _)) if words.chars().count() * 2 > characters => {
            format!("{} …", words.trim_end_matches([',', ';', ':', ' ']))
        }
        _ => cut,
    }
}

/// Returns the items of a list that was pasted into a cell: bullets, numbers, and blank lines are removed. A text that
/// is not a list is a single item.
pub fn list_items(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let plain =
                line.trim_start_matches(['-', '–', '—', '•', '*', '·', '▪', '◦', '‣', '\t', ' ']);
            let digits = plain.len() - plain.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let rest = &plain[digits..];
            let numbered = (1..=2).contains(&digits) && rest.starts_with(['.', ')']);
            let rest = rest.trim_start_matches(['.', ')']);
            let is_marker = numbered && (rest.is_empty() || rest.starts_with(char::is_whitespace));
            match is_marker {
                true => rest.trim().to_owned(),
                false => plain.trim().to_owned(),
            }
        })
        .filter(|line| !line.is_empty())
        .collect()
}

/// Truncates a text to a number of characters, with an ellipsis in the middle: names with the same beginning often
/// differ at the end.
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

/// Returns a file name for a client's name: letters, digits, and single hyphens. The name is never empty, a path, or a
/// Windows device name. It is in Unicode's composed form (NFC), because file systems differ in whether they distinguish
/// the forms.
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

/// Returns the width of a text in a cell, in digits. East Asian characters count as two.
pub fn cell_width(text: &str) -> f64 {
    let width = |c: char| if c >= '\u{1100}' { 2.0 } else { 1.0 };
    text.chars().map(width).sum()
}

/// Returns the number of lines that a text needs in a column. `width` is in digits. Errs on the high side.
pub fn cell_lines(text: &str, width: f64) -> f64 {
    text.split('\n')
        .map(|line| (cell_width(line) * 1.1 / width).ceil().max(1.0))
        .sum::<f64>()
        .max(1.0)
}

/// Returns a text with a capital first letter.
pub fn upper_first(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// Returns a text with a small first letter, to stand within a sentence.
pub fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_lowercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// Returns a text that spreadsheets do not treat as a formula, with an apostrophe before a sign that starts a formula
/// (OWASP, CSV injection). A formula can also start after a semicolon, a tab, or a line break, because some
/// spreadsheets split cells there.
pub fn no_formula(text: &str) -> Cow<'_, str> {
    const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    const PARTS: [char; 4] = [';', '\t', '\r', '\n'];
    if !text.contains(SIGNS) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 1);
    let mut begins = true;
    for letter in text.chars() {
        if begins && SIGNS.contains(&letter) {
            safe.push('\'');
        }
        safe.push(letter);
        begins = PARTS.contains(&letter) || (begins && letter == ' ');
    }
    Cow::Owned(safe)
}

/// Replaces the names in braces of a text by their values. Other names stay.
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    for part in parts(text) {
        match part {
            Part::Text(words) => filled += words,
            Part::Name(name) => match values.iter().find(|(own, _)| *own == name) {
                Some((_, value)) => filled += value,
                None => filled.extend(["{", name, "}"]),
            },
        }
    }
    filled
}

/// A part of a text with names in braces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'t> {
    /// Text between names.
    Text(&'t str),
    /// A name, without its braces.
    Name(&'t str),
}

/// Returns the parts of a text with names in braces.
pub fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, name, after)) = next_name(rest) {
        if !before.is_empty() {
            parts.push(Part::Text(before));
        }
        parts.push(Part::Name(name));
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest));
    }
    parts
}

/// Splits a text at its first name in braces.
fn next_name(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
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

    #[test]
    fn no_spreadsheet_takes_a_text_for_a_formula() {
        for (text, wanted) in [
            ("=1+1", "'=1+1"),
            ("-5", "'-5"),
            ("+47 22", "'+47 22"),
            ("@a", "'@a"),
            ("＝1", "'＝1"),
            ("a=1", "a=1"),
            ("well;=1+1;end", "well;'=1+1;end"),
            ("well\n =1", "well\n '=1"),
            ("", ""),
        ] {
            assert_eq!(no_formula(text), wanted);
        }
    }
}
