//! Totals and quartiles of a column, as formulas that follow the filters.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::cell::{Cell, ResultFormat, write_array_formula, write_formula};
use super::reference::range;
use super::table::{Column, figures};
use super::theme::Theme;
use crate::questionnaire::PortfolioTexts;
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
    pub fn label(self, texts: &PortfolioTexts) -> &str {
        let columns = &texts.columns;
        match self {
            Total => &columns.total,
            FirstQuartile => &columns.first_quartile,
            Median => &columns.median,
            ThirdQuartile => &columns.third_quartile,
        }
    }

    /// Returns the formula for a range. `shown` is a range with 1 in each row that the filters show.
    ///
    /// `AGGREGATE` would be shorter, but Google Sheets and Numbers do not have it.
    fn formula(self, range: &str, shown: &str) -> String {
        let values = format!("IF({shown}=1,IF(ISNUMBER({range}),{range}))");
        match self {
            Total => format!("=SUBTOTAL(109,{range})"),
            FirstQuartile => format!("=IFERROR(QUARTILE({values},1),\"\")"),
            Median => format!("=IFERROR(MEDIAN({values}),\"\")"),
            ThirdQuartile => format!("=IFERROR(QUARTILE({values},3),\"\")"),
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

/// Returns the last column of a table with statistics: whether the filters show a row. It is hidden.
pub fn shown_column(texts: &PortfolioTexts) -> Column {
    figures(&texts.columns.shown, 8.0)
}

/// Returns the cell of this column.
pub fn shown_cell() -> Cell {
    Cell::Formula(
        "=SUBTOTAL(103,A{row})".into(),
        Some(1.0),
        ResultFormat::Decimals(0),
    )
}

/// Writes one row per statistic over the rows of a table, starting at row `top`. A single client has no first and third
/// quartile. `shown` is the column of [`shown_cell`].
pub fn write(
    sheet: &mut Worksheet,
    (theme, texts): (&Theme, &PortfolioTexts),
    top: u32,
    statistics: &[Statistic],
    columns: &[StatColumn],
    (rows, shown): ((u32, u32), u16),
) -> Result<(), XlsxError> {
    sheet.set_column_hidden(shown)?;
    let shown = range(shown, rows);
    for (index, statistic) in statistics.iter().enumerate() {
        let row = top + index as u32;
        sheet.write_string_with_format(row, 0, statistic.label(texts), &theme.label)?;
        for live in columns {
            let single = rows.0 == rows.1 && matches!(statistic, FirstQuartile | ThirdQuartile);
            let unfit = live.values.is_empty() || single || (*statistic == Total && !live.total);
            if unfit {
                continue;
            }
            let format = match (live.percent, statistic) {
                (true, _) => &theme.percent,
                // Totals of counts have no decimals. Quartiles of counts can have decimals.
                (false, Total) => theme.number(0),
                (false, _) => theme.number(live.decimals),
            };
            let result = statistic.of(&live.values);
            let formula = statistic.formula(&range(live.column, rows), &shown);
            let place = (row, live.column);
            match statistic {
                Total => write_formula(sheet, place, &formula, result, format)?,
                _ => write_array_formula(sheet, place, &formula, result, format)?,
            }
        }
    }
    Ok(())
}
