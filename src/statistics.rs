//! Quartiles, calculated as in spreadsheets.
//!
//! ```
//! use partnerbook::statistics::quartile;
//!
//! assert_eq!(quartile(&[1.0, 2.0, 3.0, 4.0], 1), Some(1.75));
//! assert_eq!(quartile(&[], 2), None);
//! ```

/// Returns a quartile of values in ascending order: 0 is the lowest value, 2 the median, 4 the highest. Interpolates
/// linearly between neighbors, like `QUARTILE.INC`. Returns `None` if there are no values.
pub fn quartile(sorted: &[f64], quartile: usize) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = last as f64 * quartile.min(4) as f64 / 4.0;
    let (low, high) = (place.floor() as usize, place.ceil() as usize);
    Some(sorted[low] + (sorted[high] - sorted[low]) * (place - place.floor()))
}

/// Returns the median of values in ascending order.
pub fn median(sorted: &[f64]) -> Option<f64> {
    quartile(sorted, 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_spreadsheets_do() {
        let values = [1.0, 2.0, 4.0, 7.0];
        // LibreOffice: QUARTILE.INC({1;2;4;7};n).
        let wanted = [1.0, 1.75, 3.0, 4.75, 7.0];
        for (n, wanted) in wanted.into_iter().enumerate() {
            assert_eq!(quartile(&values, n), Some(wanted));
        }
        assert_eq!(median(&[3.0]), Some(3.0));
        assert_eq!(median(&[]), None);
    }
}
