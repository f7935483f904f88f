//! The sheet Revenue: investment, return, ROI, and payback of each client, entered and calculated.

use rust_xlsxwriter::{ConditionalFormatFormula, Worksheet, XlsxError};

use super::builder::{WorkbookBuilder, title};
use super::cell::{Cell, ResultFormat};
use super::charts::{self, Blocks, ChartId};
use super::quartiles::{self, StatColumn, Statistic};
use super::summary::{Figures, PortfolioSummary};
use super::table::{TableWriter, client_column, column, figures};
use super::{Tolerances, client, clients};
use crate::questionnaire::{EXACT, Tone};
use crate::record::Record;

/// Name of the sheet.
pub const SHEET: &str = "Revenue";
/// First row of the charts.
const CHARTS: u32 = 3;
const STATISTICS: [Statistic; 3] = [
    Statistic::FirstQuartile,
    Statistic::Median,
    Statistic::ThirdQuartile,
];

pub struct Revenue {
    sheet: Worksheet,
    table: TableWriter,
}

/// Returns the sentence that explains when entered values are marked, or an empty string without tolerances.
fn marked(tolerances: Tolerances) -> String {
    let roi = tolerances
        .roi
        .map(|share| format!("the return multiple by more than {:.0}%", 100.0 * share));
    let payback = tolerances
        .payback_months
        .map(|months| format!("payback by more than {months:.1} months"));
    let differing: Vec<String> = roi.into_iter().chain(payback).collect();
    match differing.is_empty() {
        true => String::new(),
        false => format!(
            " Entered values that differ are marked: {}.",
            differing.join(", ")
        ),
    }
}

impl Revenue {
    pub fn begin(
        book: &mut WorkbookBuilder,
        summary: &PortfolioSummary,
        blocks: &Blocks,
        tolerances: Tolerances,
    ) -> Result<Self, XlsxError> {
        let mut sheet = book.sheet(SHEET)?;
        let theme = book.theme.clone();
        let note = format!(
            "Per month at full speed, in the currency of each client. The return multiple is live; the sheet About explains the ramp of the payback.{} The chart shows currencies with several clients. {}.",
            marked(tolerances),
            clients::order(summary)
        );
        title(&mut sheet, &theme, "Revenue and return", &note)?;
        let charts: Vec<_> = blocks.money().chain(blocks.chart(&ChartId::Roi)).collect();
        let live_row = charts::place_all(&mut sheet, charts, CHARTS, 2)?;
        let top = live_row + STATISTICS.len() as u32;
        let rows = (top + 1, top + summary.clients.len().max(1) as u32);
        type Figure = fn(&Figures) -> Option<f64>;
        let live: [(u16, Figure, usize); 4] = [
            (4, |client| client.roi, 2),
            (5, |client| client.stated_roi, 2),
            (7, |client| client.payback, 1),
            (8, |client| client.stated_payback, 1),
        ];
        let live = live.map(|(column, figure, decimals)| {
            StatColumn::new(column, summary.sorted(figure), decimals)
        });
        let columns = [
            client_column(),
            column("Currency", 11.0),
            figures("Investment per month", 16.0),
            figures("Return per month", 16.0),
            figures("Return multiple (x:1)", 12.0),
            figures("Multiple entered", 12.0),
            figures("Entered minus calculated", 13.0),
            figures("Payback (months)", 12.0),
            figures("Payback entered", 12.0),
            figures("Entered minus calculated, months", 15.0),
            column("Pays back", 20.0),
            quartiles::shown_column(),
        ];
        let shown = columns.len() as u16 - 1;
        quartiles::write(
            &mut sheet,
            &theme,
            live_row,
            &STATISTICS,
            &live,
            (rows, shown),
        )?;
        let count = summary.clients.len();
        let table = TableWriter::begin(&mut sheet, &theme, SHEET, top, &columns, count)?;
        let row = rows.0 + 1;
        let differs = |worked_out: &str, stated: &str, most: String| {
            format!(
                "AND(ISNUMBER(${worked_out}{row}),ISNUMBER(${stated}{row}),ABS(${stated}{row}-${worked_out}{row})>{most})"
            )
        };
        let roi = tolerances.roi.map(|share| {
            let differs = differs("E", "F", format!("{share}*ABS($E{row})+{EXACT}"));
            (5, format!("={differs}"))
        });
        let payback = tolerances.payback_months.map(|months| {
            let differs = differs("H", "I", format!("{months}+{EXACT}"));
            // An entered payback is also marked if the calculated values give no payback.
            let none = format!("AND(ISNUMBER($I{row}),ISNUMBER($E{row}),NOT(ISNUMBER($H{row})))");
            (8, format!("=OR({differs},{none})"))
        });
        for (column, formula) in roi.into_iter().chain(payback) {
            let rule = ConditionalFormatFormula::new()
                .set_rule(formula.as_str())
                .set_format(theme.tone_format(Tone::Watch));
            sheet.add_conditional_format(rows.0, column, rows.1, column + 1, &rule)?;
        }
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
        let difference = |worked_out: Option<f64>, stated: Option<f64>| {
            worked_out
                .zip(stated)
                .map(|(worked_out, stated)| stated - worked_out)
        };
        let less = |a: &str, b: &str| {
            format!(
                "=IF(AND(ISNUMBER({a}{{row}}),ISNUMBER({b}{{row}})),{a}{{row}}-{b}{{row}},\"\")"
            )
        };
        let row = [
            Cell::text(client(record)),
            Cell::optional(record.client.currency.as_deref()),
            Cell::Number(finance.investment, 0),
            Cell::Number(finance.returns, 0),
            Cell::Formula(
                "=IF(AND(ISNUMBER(C{row}),ISNUMBER(D{row}),N(C{row})>0),D{row}/C{row},\"\")".into(),
                finance.multiple,
                ResultFormat::Decimals(2),
            ),
            Cell::Number(finance.stated_multiple, 2),
            Cell::Formula(
                less("F", "E"),
                difference(finance.multiple, finance.stated_multiple),
                ResultFormat::Signed(2),
            ),
            Cell::Number(finance.payback_months, 1),
            Cell::Number(finance.stated_payback_months, 1),
            Cell::Formula(
                less("I", "H"),
                difference(finance.payback_months, finance.stated_payback_months),
                ResultFormat::Signed(1),
            ),
            Cell::optional((!pays_back.is_empty()).then_some(pays_back)),
            quartiles::shown_cell(),
        ];
        self.table.row(&mut self.sheet, &row)
    }

    pub fn end(self) -> Worksheet {
        self.sheet
    }
}
