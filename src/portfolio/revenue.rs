//! Investment, return, and what follows from them, for each client.

use rust_xlsxwriter::{ChartType, Worksheet, XlsxError};

use super::charts::{self, Block, Shown};
use super::client;
use super::grid::{Book, Cell, GREY, TEAL, TableWriter, column, title};
use crate::plan::Record;

/// Row of the headings, below the chart.
const TOP: u32 = 20;

pub struct Revenue {
    sheet: Worksheet,
    table: TableWriter,
}

impl Revenue {
    pub fn begin(book: &mut Book, blocks: &[Block], clients: usize) -> Result<Self, XlsxError> {
        let mut sheet = book.sheet("Revenue")?;
        title(
            &mut sheet,
            "Revenue",
            "Monthly, each client in its own currency. ROI is live; the payback ramps up as the sheet About says.",
        )?;
        let columns = [
            column("Client", 34.0),
            column("Currency", 10.0),
            column("Investment a month", 16.0),
            column("Return a month", 16.0),
            column("ROI (to one)", 12.0),
            column("ROI as stated", 12.0),
            column("Payback (months)", 12.0),
            column("Payback as stated", 12.0),
            column("Pays back", 20.0),
        ];
        let table = TableWriter::begin(&mut sheet, "Revenue", TOP, &columns, clients)?;
        let chart = charts::find(blocks, &Shown::RoiStated)
            .and_then(|block| charts::over(block, ChartType::Column, &[TEAL, GREY], "0.0"));
        charts::place(&mut sheet, chart, 3, 0, 0)?;
        Ok(Self { sheet, table })
    }

    pub fn client(&mut self, record: &Record) -> Result<(), XlsxError> {
        let finance = &record.finance;
        let pays_back = if finance.never {
            "not within the horizon"
        } else if finance.payback_months.is_some() {
            "yes"
        } else {
            ""
        };
        let row = [
            Cell::text(client(record)),
            Cell::optional(record.client.currency.as_deref()),
            Cell::Number(finance.investment, 0),
            Cell::Number(finance.returns, 0),
            Cell::Formula(
                "=IF(AND(ISNUMBER(C{row}),ISNUMBER(D{row}),N(C{row})>0),D{row}/C{row},\"\")".into(),
                finance.roi,
                2,
            ),
            Cell::Number(finance.stated_roi, 2),
            Cell::Number(finance.payback_months, 1),
            Cell::Number(finance.stated_payback, 1),
            Cell::text(pays_back),
        ];
        self.table.row(&mut self.sheet, &row)
    }

    pub fn end(self) -> Worksheet {
        self.sheet
    }
}
