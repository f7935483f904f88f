//! References in formulas and links.

use std::path::Path;

use crate::excel::{column_letters, quoted};

/// Returns whether `COUNTIF` can count cells that contain exactly this text. It treats some characters as operators or
/// wildcards, and it limits the length of the text.
pub fn countable(text: &str) -> bool {
    const MAX_LENGTH: usize = 255;
    !text.is_empty()
        && text.encode_utf16().count() <= MAX_LENGTH
        && !text.contains(['*', '?', '~'])
        && !text.starts_with(['=', '<', '>'])
}

/// Returns an absolute reference to a range of a column.
pub fn range(column: u16, (first, last): (u32, u32)) -> String {
    let letters = column_letters(u32::from(column));
    format!("${letters}${}:${letters}${}", first + 1, last + 1)
}

/// Returns an absolute reference to a range on another sheet.
pub fn range_of(sheet: &str, column: u16, rows: (u32, u32)) -> String {
    format!("{}!{}", quoted(sheet), range(column, rows))
}

/// Returns an absolute reference to a cell.
pub fn cell(row: u32, column: u16) -> String {
    format!("${}${}", column_letters(u32::from(column)), row + 1)
}

/// Returns a path as a link with slashes, or `None` if it is not valid Unicode or is a relative path with a colon.
/// Characters with a special meaning in links are encoded. rust_xlsxwriter escapes the others.
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
