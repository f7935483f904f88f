//! References to cells, as every format spells them.

use std::borrow::Cow;

use super::Position;

/// Sheet, row and column of a reference to one cell, as every format spells it: `'My S'!$C$6`, `$'My S'.$C$6` in
/// OpenDocument, `My S!$C$6` in xls. Split from the right: a sheet's name may hold anything but a colon.
pub(super) fn parse_reference(reference: &str) -> Option<(Cow<'_, str>, Position)> {
    let reference = reference.trim_start_matches(['=', '$']);
    // A merged cell's name may cover its whole area: the first cell holds the value.
    let first = match reference.rsplit_once(':') {
        Some((first, last)) if is_address(last) => first,
        _ => reference,
    };
    let (sheet, cell) = first.rsplit_once(['!', '.'])?;
    let sheet = match sheet
        .strip_prefix('\'')
        .and_then(|sheet| sheet.strip_suffix('\''))
    {
        Some(quoted) if quoted.contains('\'') => Cow::Owned(quoted.replace("''", "'")),
        Some(quoted) => Cow::Borrowed(quoted),
        None => Cow::Borrowed(sheet),
    };
    Some((sheet, parse_cell(cell)?))
}

/// Whether this is the second cell of a range, with or without its sheet.
fn is_address(text: &str) -> bool {
    let cell = text.rsplit(['!', '.']).next().unwrap_or(text);
    parse_cell(cell).is_some()
}

/// Row and column, from 0, of an address such as `C6` or `$C$6`.
pub(super) fn parse_cell(cell: &str) -> Option<Position> {
    let cell = cell.trim_start_matches('$');
    let digits = cell.find(|c: char| c.is_ascii_digit())?;
    let (letters, row) = cell.split_at(digits);
    let letters = letters.trim_end_matches('$');
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let mut column = 0u32;
    for letter in letters.bytes() {
        if !letter.is_ascii_alphabetic() {
            return None;
        }
        column = column * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1;
    }
    if !row.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let row: u32 = row.parse().ok()?;
    if row == 0 || row > 1_048_576 || column > 16_384 {
        return None;
    }
    Some((row - 1, column - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_split_from_the_right() {
        for (reference, sheet, at) in [
            ("'It''s! mine'!$C$6", "It's! mine", (5, 2)),
            ("Client!$AA$10:$AB$10", "Client", (9, 26)),
            ("$'My S'.$C$6", "My S", (5, 2)),
            ("$Client.$C$6:.$D$6", "Client", (5, 2)),
            ("$'a.b c'.$C$6", "a.b c", (5, 2)),
            ("My S!$C$6", "My S", (5, 2)),
            ("=Client!C6", "Client", (5, 2)),
        ] {
            assert_eq!(
                parse_reference(reference),
                Some((sheet.into(), at)),
                "{reference}"
            );
        }
        for broken in [
            "#REF!",
            "Client!#REF!",
            "$D$#REF!",
            "Client!$C$0",
            "Client!$ZZZZ$1",
            "C6",
            "Client!$C$99999999999",
            "Client!$C$+5",
            "!",
            "",
            "Client!$XFE$1",
        ] {
            assert_eq!(parse_reference(broken), None, "{broken}");
        }
    }
}
