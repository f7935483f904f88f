//! Cell references in the notation of each format.

use std::borrow::Cow;

use super::Position;
use crate::excel::parse_cell;

/// Returns the sheet, row, and column of a reference to one cell: `'My S'!$C$6`, `$'My S'.$C$6` in OpenDocument, `My
/// S!$C$6` in xls. The reference is split from the right because a sheet name can contain any character but a colon.
pub(super) fn parse_reference(reference: &str) -> Option<(Cow<'_, str>, Position)> {
    let reference = reference.trim_start_matches(['=', '$']);
    // The name of a merged cell may cover the whole area. The first cell contains the value.
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

/// Returns whether a text is the second cell of a range, with or without its sheet.
fn is_address(text: &str) -> bool {
    let cell = text.rsplit(['!', '.']).next().unwrap_or(text);
    parse_cell(cell).is_some()
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
