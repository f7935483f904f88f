//! How formulas and links name what they point at.

use std::path::Path;

use crate::excel::{column_letters, quoted};

/// Whether COUNTIF counts the cells that hold this very text: it takes some signs for rules, and no text of any length.
pub fn countable(text: &str) -> bool {
    const MAX_LENGTH: usize = 255;
    !text.is_empty()
        && text.encode_utf16().count() <= MAX_LENGTH
        && !text.contains(['*', '?', '~'])
        && !text.starts_with(['=', '<', '>'])
}

/// A range of a column as formulas write it, fixed in place.
pub fn range(column: u16, (first, last): (u32, u32)) -> String {
    let letters = column_letters(u32::from(column));
    format!("${letters}${}:${letters}${}", first + 1, last + 1)
}

/// A range of another sheet.
pub fn range_of(sheet: &str, column: u16, rows: (u32, u32)) -> String {
    format!("{}!{}", quoted(sheet), range(column, rows))
}

/// A cell as formulas write it, fixed in place.
pub fn cell(row: u32, column: u16) -> String {
    format!("${}${}", column_letters(u32::from(column)), row + 1)
}

/// A path as a link, with slashes; none where it is no text. Signs that have a meaning in links are encoded; the writer
/// escapes what else it has to.
pub fn link_to_file(path: &Path) -> Option<String> {
    let text = path.to_str()?.replace('\\', "/");
    if path.is_relative() && text.contains(':') {
        return None;
    }
    let encoded = text
        .replace('%', "%25")
        .replace('#', "%23")
        .replace('?', "%3F")
        .replace('"', "%22");
    Some(format!("file:///{encoded}"))
}
