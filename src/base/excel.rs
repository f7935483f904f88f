//! Cell addresses, sheet names, and dates as spreadsheets write them.

use chrono::{Days, NaiveDate};

/// Returns the letters of a column: 0 is A, 26 is AA.
pub fn column_letters(column: u32) -> String {
    let mut letters = String::with_capacity(3);
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.insert(0, char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters
}

/// Returns a sheet name as formulas write it.
pub fn quoted(sheet: &str) -> String {
    format!("'{}'", sheet.replace('\'', "''"))
}

/// Returns the serial number of a date: days since 1899-12-30. Correct from March 1900 on, because Excel counts a
/// 29 February 1900.
pub fn day_number(day: NaiveDate) -> f64 {
    (day - epoch()).num_days() as f64
}

/// Returns the date of a serial number, ignoring the time. `None` if the number is negative or 10 million or more.
pub fn day_of(number: f64) -> Option<NaiveDate> {
    (0.0..10_000_000.0)
        .contains(&number)
        .then(|| epoch().checked_add_days(Days::new(number as u64)))
        .flatten()
}

fn epoch() -> NaiveDate {
    NaiveDate::from_ymd_opt(1899, 12, 30).unwrap_or_default()
}

/// Parses an address such as `C6` or `$C$6`. Returns row and column, starting at 0.
pub fn parse_cell(cell: &str) -> Option<(u32, u32)> {
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
    fn columns_and_days_by_hand() {
        for (column, letters) in [
            (0, "A"),
            (25, "Z"),
            (26, "AA"),
            (701, "ZZ"),
            (702, "AAA"),
            (16_383, "XFD"),
        ] {
            assert_eq!(column_letters(column), letters);
        }
        // 1 January 2026 in Excel with the format "General".
        let day = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        assert_eq!(day_number(day), 46_023.0);
        assert_eq!(day_of(46_023.9), Some(day));
        assert_eq!(day_of(-1.0), None);
        assert_eq!(quoted("It's"), "'It''s'");
    }
}
