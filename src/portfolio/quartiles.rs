//! Live totals and quartiles over a column: they follow the filter that is set.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::cell::write_formula;
use super::reference::range;
use super::theme::Theme;
use crate::statistics::quartile;

/// What is worked out over a column.
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

    /// The function of AGGREGATE that works it out; its option 5 passes over hidden rows.
    fn function(self, range: &str) -> String {
        let function = |number, more: &str| format!("_xlfn.AGGREGATE({number},5,{range}{more})");
        match self {
            Total => function(9, ""),
            FirstQuartile => function(17, ",1"),
            Median => function(12, ""),
            ThirdQuartile => function(17, ",3"),
        }
    }

    /// The same over all values, sorted ascending.
    pub fn of(self, sorted: &[f64]) -> Option<f64> {
        match self {
            Total => (!sorted.is_empty()).then(|| sorted.iter().sum()),
            FirstQuartile => quartile(sorted, 1),
            Median => quartile(sorted, 2),
            ThirdQuartile => quartile(sorted, 3),
        }
    }
}

/// A column that something is worked out over.
pub struct Live {
    pub column: u16,
    /// Its values, sorted ascending.
    pub values: Vec<f64>,
    pub decimals: usize,
    /// It holds shares of 1.
    pub percent: bool,
    /// A total makes sense.
    pub total: bool,
}

impl Live {
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

/// Writes a row for each statistic from `top` on, over the rows of a table. A single client has no quartiles.
pub fn write(
    sheet: &mut Worksheet,
    theme: &Theme,
    top: u32,
    statistics: &[Statistic],
    columns: &[Live],
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
            // A filter may leave no figure.
            let formula = format!("=IFERROR({function},\"\")");
            let format = match (live.percent, statistic) {
                (true, _) => &theme.percent,
                // What is counted has no decimals, its quartiles have.
                (false, Total) => theme.number(0),
                (false, _) => theme.number(live.decimals),
            };
            let result = statistic.of(&live.values);
            write_formula(sheet, (row, live.column), &formula, result, format)?;
        }
    }
    Ok(())
}
