//! Totals and quartiles of a column, as formulas that follow the filters.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::cell::write_formula;
use super::reference::range;
use super::theme::Theme;
use crate::statistics::quartile;

/// A statistic of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statistic {
    Total,
    FirstQuartile,
    Median,
    ThirdQuartile,
}

use Statistic::*;

impl Statistic {
    fn label(self) -> &'static str {
        match self {
            Total => "Total",
            FirstQuartile => "First quartile",
            Median => "Median",
            ThirdQuartile => "Third quartile",
        }
    }

    /// Returns the `AGGREGATE` function for a range. Its option 5 ignores hidden rows.
    fn function(self, range: &str) -> String {
        let function = |number, more: &str| format!("_xlfn.AGGREGATE({number},5,{range}{more})");
        match self {
            Total => function(9, ""),
            FirstQuartile => function(17, ",1"),
            Median => function(12, ""),
            ThirdQuartile => function(17, ",3"),
        }
    }

    /// Returns the statistic of all values, or `None` without values. `sorted` must be in ascending order.
    pub fn of(self, sorted: &[f64]) -> Option<f64> {
        match self {
            Total => (!sorted.is_empty()).then(|| sorted.iter().sum()),
            FirstQuartile => quartile(sorted, 1),
            Median => quartile(sorted, 2),
            ThirdQuartile => quartile(sorted, 3),
        }
    }
}

/// A column with statistics.
pub struct StatColumn {
    pub column: u16,
    /// Values of the column in ascending order.
    pub values: Vec<f64>,
    pub decimals: usize,
    /// Whether the values are fractions of 1, shown as percentages.
    pub percent: bool,
    /// Whether the column has a total.
    pub total: bool,
}

impl StatColumn {
    pub fn new(column: u16, values: Vec<f64>, decimals: usize) -> Self {
        Self {
            column,
            values,
            decimals,
            percent: false,
            total: false,
        }
    }
}

/// Writes one row per statistic over the rows of a table, starting at row `top`. A single client has no first and third
/// quartile.
pub fn write(
    sheet: &mut Worksheet,
    theme: &Theme,
    top: u32,
    statistics: &[Statistic],
    columns: &[StatColumn],
    rows: (u32, u32),
) -> Result<(), XlsxError> {
    for (index, statistic) in statistics.iter().enumerate() {
        let row = top + index as u32;
        sheet.write_string_with_format(row, 0, statistic.label(), &theme.label)?;
        for live in columns {
            let single = rows.0 == rows.1 && matches!(statistic, FirstQuartile | ThirdQuartile);
            let unfit = live.values.is_empty() || single || (*statistic == Total && !live.total);
            if unfit {
                continue;
            }
            let function = statistic.function(&range(live.column, rows));
            // A filter can hide all values.
            let formula = format!("=IFERROR({function},\"\")");
            let format = match (live.percent, statistic) {
                (true, _) => &theme.percent,
                // Totals of counts have no decimals. Quartiles of counts can have decimals.
                (false, Total) => theme.number(0),
                (false, _) => theme.number(live.decimals),
            };
            let result = statistic.of(&live.values);
            write_formula(sheet, (row, live.column), &formula, result, format)?;
        }
    }
    Ok(())
}
