//! The sheet Success metrics: current values, targets, and the gaps between them.

use rust_xlsxwriter::{ConditionalFormatCell, ConditionalFormatCellRule, Worksheet, XlsxError};

use super::builder::WorkbookBuilder;
use super::cell::{Cell, ResultFormat};
use super::long_table::{LongTable, LongTableWriter};
use super::marks::bars;
use super::summary::PortfolioSummary;
use super::table::{client_column, column, figures};
use super::{client, clients};
use crate::questionnaire::Tone;
use crate::record::Record;
use crate::text::fill;

/// Column with the current value as a percentage of the target.
const REACHED: u16 = 5;

pub struct Metrics(LongTableWriter);

impl Metrics {
    pub fn begin(
        book: &mut WorkbookBuilder,
        summary: &PortfolioSummary,
    ) -> Result<Self, XlsxError> {
        let texts = &summary.texts;
        let (heads, notes) = (&texts.columns, &texts.notes);
        let table = LongTable {
            sheet: texts.sheets.metrics.clone(),
            title: texts.sheets.metrics.clone(),
            note: fill(&notes.metrics, &[("order", &clients::order(summary))]),
            name: "SuccessMetrics".into(),
            none: notes.no_targets.clone(),
            top: 3,
            columns: vec![
                client_column(texts),
                column(&heads.metric, 28.0),
                figures(&heads.today, 14.0),
                figures(&heads.target, 14.0),
                figures(&heads.gap, 14.0),
                figures(&heads.reached, 14.0),
                column(&heads.today_entered, 26.0),
                column(&heads.target_entered, 26.0),
            ],
            lines: 1,
            freeze: Some(1),
            decorate: Box::new(|sheet, theme, rows| {
                // Above 100%, the target is below today's value, which is not a success.
                let below = ConditionalFormatCell::new()
                    .set_rule(ConditionalFormatCellRule::GreaterThan(1.0))
                    .set_format(theme.tone_format(Tone::Watch));
                sheet.add_conditional_format(rows.0, REACHED, rows.1, REACHED, &below)?;
                bars(sheet, theme, rows, REACHED, Some(1.0))
            }),
        };
        Ok(Self(LongTableWriter::begin(book, table, summary.targets)?))
    }

    pub fn client(&mut self, book: &mut WorkbookBuilder, record: &Record) -> Result<(), XlsxError> {
        for target in &record.targets {
            let (today, goal) = (target.today.as_ref(), target.target.as_ref());
            let both = today.zip(goal).map(|(today, goal)| (today.0, goal.0));
            let is_whole = |(today, goal): (f64, f64)| today.fract() == 0.0 && goal.fract() == 0.0;
            let decimals = usize::from(!both.is_none_or(is_whole));
            let distance = both.map(|(today, goal)| {
                let formula = "=D{row}-C{row}".into();
                Cell::Formula(formula, Some(goal - today), ResultFormat::Signed(decimals))
            });
            let reached = both.filter(|(_, goal)| *goal > 0.0).map(|(today, goal)| {
                let formula = "=IF(D{row}>0,C{row}/D{row},\"\")".into();
                Cell::Formula(formula, Some(today / goal), ResultFormat::Percent)
            });
            let row = [
                Cell::text(client(record)),
                Cell::text(&target.label),
                Cell::plain(today.map(|figure| figure.0)),
                Cell::plain(goal.map(|figure| figure.0)),
                distance.unwrap_or(Cell::Empty),
                reached.unwrap_or(Cell::Empty),
                Cell::optional(today.map(|figure| figure.1.as_str())),
                Cell::optional(goal.map(|figure| figure.1.as_str())),
            ];
            self.0.row(book, &row)?;
        }
        Ok(())
    }

    pub fn end(self) -> Vec<Worksheet> {
        self.0.end()
    }
}
