//! The sheet Revenue: investment, return, ROI, and payback of each client, entered and calculated.

use std::sync::Arc;

use rust_xlsxwriter::{ConditionalFormatFormula, Worksheet, XlsxError};

use super::builder::{WorkbookBuilder, title};
use super::cell::{self, Cell, ResultFormat};
use super::charts::{self, Blocks, ChartId};
use super::quartiles::{self, StatColumn, Statistic};
use super::summary::{Figures, PortfolioSummary};
use super::table::{Column, TableWriter, client_column, column, figures};
use super::theme::Theme;
use super::{Tolerances, client, clients};
use crate::questionnaire::{EXACT, NotesTexts, PortfolioTexts, Tone};
use crate::record::Record;
use crate::text::fill;

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
    texts: Arc<PortfolioTexts>,
}

/// Returns which entered values are marked, or an empty string without tolerances.
fn differences(notes: &NotesTexts, tolerances: Tolerances) -> String {
    let roi = tolerances.roi.map(|share| {
        let percent = format!("{:.0}", 100.0 * share);
        fill(&notes.multiple_differs, &[("percent", &percent)])
    });
    let payback = tolerances.payback_months.map(|months| {
        let months = format!("{months:.1}");
        fill(&notes.payback_differs, &[("months", &months)])
    });
    let differing: Vec<String> = roi.into_iter().chain(payback).collect();
    differing.join(", ")
}

fn columns(texts: &PortfolioTexts) -> [Column; 12] {
    let heads = &texts.columns;
    [
        client_column(texts),
        column(&heads.currency, 11.0),
        figures(&heads.investment, 16.0),
        figures(&heads.returns, 16.0),
        figures(&heads.multiple, 12.0),
        figures(&heads.multiple_entered, 12.0),
        figures(&heads.difference_entered, 13.0),
        figures(&heads.payback, 12.0),
        figures(&heads.payback_entered, 12.0),
        figures(&heads.payback_difference, 15.0),
        column(&heads.pays_back, 20.0),
        quartiles::shown_column(texts),
    ]
}

/// Colors entered values that differ from the calculated ones by more than is tolerated.
fn mark_differences(
    sheet: &mut Worksheet,
    theme: &Theme,
    rows: (u32, u32),
    tolerances: Tolerances,
) -> Result<(), XlsxError> {
    let row = rows.0 + 1;
    let differs = |calculated: &str, entered: &str, most: String| {
        format!(
            "AND(ISNUMBER(${calculated}{row}),ISNUMBER(${entered}{row}),ABS(${entered}{row}-${calculated}{row})>{most})"
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
    Ok(())
}

impl Revenue {
    pub fn begin(
        book: &mut WorkbookBuilder,
        summary: &PortfolioSummary,
        blocks: &Blocks,
        tolerances: Tolerances,
    ) -> Result<Self, XlsxError> {
        let (theme, texts) = (book.theme.clone(), book.texts.clone());
        let notes = &texts.notes;
        let mut sheet = book.sheet(&texts.sheets.revenue)?;
        let differences = differences(notes, tolerances);
        let note = match differences.is_empty() {
            true => &notes.revenue,
            false => &notes.revenue_marked,
        };
        let note = fill(
            note,
            &[
                ("about_sheet", &texts.sheets.about),
                ("differences", &differences),
                ("order", &clients::order(summary)),
            ],
        );
        title(&mut sheet, &theme, &notes.revenue_title, &note)?;
        let charts: Vec<_> = blocks.money().chain(blocks.chart(&ChartId::Roi)).collect();
        let live_row = charts::place_all(&mut sheet, charts, CHARTS, 2)?;
        let top = live_row + STATISTICS.len() as u32;
        let rows = (top + 1, top + summary.clients.len().max(1) as u32);
        type Figure = fn(&Figures) -> Option<f64>;
        let live: [(u16, Figure, usize); 4] = [
            (4, |client| client.roi, 2),
            (5, |client| client.entered_roi, 2),
            (7, |client| client.payback, 1),
            (8, |client| client.entered_payback, 1),
        ];
        let live = live.map(|(column, figure, decimals)| {
            StatColumn::new(column, summary.sorted(figure), decimals)
        });
        let columns = columns(&texts);
        let shown = columns.len() as u16 - 1;
        quartiles::write(
            &mut sheet,
            (&theme, &texts),
            live_row,
            &STATISTICS,
            &live,
            (rows, shown),
        )?;
        let count = summary.clients.len();
        let table = TableWriter::begin(&mut sheet, &theme, "Revenue", top, &columns, count)?;
        mark_differences(&mut sheet, &theme, rows, tolerances)?;
        Ok(Self {
            sheet,
            table,
            texts: texts.clone(),
        })
    }

    pub fn client(&mut self, record: &Record) -> Result<(), XlsxError> {
        let finance = &record.finance;
        let values = &self.texts.values;
        let pays_back = match finance.payback_months {
            _ if finance.never => Some(values.no_payback.as_str()),
            Some(_) => Some(values.yes.as_str()),
            None => None,
        };
        let difference = |calculated: Option<f64>, entered: Option<f64>| {
            calculated
                .zip(entered)
                .map(|(calculated, entered)| entered - calculated)
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
            Cell::Number(finance.entered_multiple, 2),
            Cell::Formula(
                cell::difference("F{row}", "E{row}"),
                difference(finance.multiple, finance.entered_multiple),
                ResultFormat::Signed(2),
            ),
            Cell::Number(finance.payback_months, 1),
            Cell::Number(finance.entered_payback_months, 1),
            Cell::Formula(
                cell::difference("I{row}", "H{row}"),
                difference(finance.payback_months, finance.entered_payback_months),
                ResultFormat::Signed(1),
            ),
            Cell::optional(pays_back),
            quartiles::shown_cell(),
        ];
        self.table.row(&mut self.sheet, &row)
    }

    pub fn end(self) -> Worksheet {
        self.sheet
    }
}
