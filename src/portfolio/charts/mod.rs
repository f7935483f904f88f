//! Native charts and the sheet with their data. With many clients, a chart shows only the first and the last, and is
//! readable even with 10,000 clients.
//!
//! `blocks` defines the data of each chart, and `draw` defines its appearance.

mod blocks;
mod draw;

use std::sync::Arc;

use rust_xlsxwriter::{ChartType, Color, Format, Worksheet, XlsxError};

use super::builder::{WorkbookBuilder, title};
use super::cell::{write_formula, write_number};
use super::reference::{cell, countable};
use super::summary::PortfolioSummary;
use super::tally::Tally;
use super::theme::Theme;
use crate::questionnaire::PortfolioTexts;
use crate::text::for_cell;

pub use self::draw::{SizedChart, literal, place_all, short, style_chart, values};

/// First row of the data.
const TOP: u32 = 4;

/// Content of a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChartId {
    /// Points in the score with this ID, best first.
    Ranking(String),
    /// Points in the score with this ID by dimension, best first.
    RankingDimensions(String),
    /// Means of the dimensions of the score with this ID, for a single client.
    Dimensions(String),
    /// Number of clients in each band of the first score.
    Bands,
    /// Second score vs. first score.
    Scores,
    /// Errors and warnings by worksheet.
    Issues,
    /// Return on investment, calculated and entered.
    Roi,
    /// Investment and return in this currency.
    Money(String),
    /// Points of the best candidates in the ranked score with this ID, by dimension.
    Best(String),
    /// Number of best candidates of each type in the ranked score with this ID.
    Kinds(String),
    /// Number of activities that are urgent or need attention.
    Urgency,
}

/// Data of a chart: names, each with one or more values.
pub struct Block {
    texts: Arc<PortfolioTexts>,
    pub shown: ChartId,
    title: String,
    /// Heading of the names, then of each value.
    headings: Vec<String>,
    /// Unit of the values.
    unit: String,
    /// Number format of the values.
    format: &'static str,
    kind: ChartType,
    colors: Vec<Color>,
    rows: Vec<(String, Vec<Option<f64>>)>,
    /// Range in which formulas count each name, or `None` if the values are not formulas.
    counted_in: Option<String>,
    /// Maximum of the value axis, if fixed.
    most: Option<f64>,
    /// First row with data, and first column, 0-based.
    at: (u32, u16),
}

/// Data of all charts.
pub struct Blocks(Vec<Block>);

impl Blocks {
    /// Collects the data of all charts and places them side by side. Charts without data are skipped.
    pub fn of(summary: &PortfolioSummary, tally: &Tally, theme: &Theme) -> Self {
        let mut all = Vec::new();
        for (index, _) in summary.plain.iter().enumerate() {
            all.extend(blocks::score_blocks(summary, index, theme));
        }
        all.extend(blocks::bands(summary, theme));
        all.extend(blocks::scores(summary, theme));
        all.push(blocks::issues(summary, tally, theme));
        all.push(blocks::roi(summary, theme));
        all.extend(blocks::money(summary, theme));
        for (index, _) in summary.ranked.iter().enumerate() {
            all.push(blocks::best(summary, index, theme));
            all.push(blocks::kinds(summary, index, theme));
        }
        all.push(blocks::urgency(summary, theme));
        all.retain(|block| !block.rows.is_empty());
        let mut column = 0;
        for block in &mut all {
            block.at = (TOP, column);
            column += block.headings.len() as u16 + 1;
        }
        Self(all)
    }

    /// Returns the chart with this content, or `None` if it has no data.
    pub fn chart(&self, shown: &ChartId) -> Option<SizedChart> {
        let block = self.0.iter().find(|block| block.shown == *shown)?;
        Some(match block.shown {
            ChartId::Scores => block.scatter(),
            ChartId::Bands => block.doughnut(),
            _ => block.bars(),
        })
    }

    /// Returns the charts of investment and return, one per currency.
    pub fn money(&self) -> impl Iterator<Item = SizedChart> {
        let money = |block: &&Block| matches!(block.shown, ChartId::Money(_));
        self.0.iter().filter(money).map(Block::bars)
    }

    /// Writes the sheet with the data.
    pub fn sheet(&self, book: &mut WorkbookBuilder) -> Result<Worksheet, XlsxError> {
        let texts = book.texts.clone();
        let mut sheet = book.in_memory_sheet(&texts.sheets.chart_data)?;
        let theme = &book.theme;
        title(
            &mut sheet,
            theme,
            &texts.sheets.chart_data,
            &texts.notes.chart_data,
        )?;
        for block in &self.0 {
            block.write(&mut sheet, theme)?;
        }
        Ok(sheet)
    }
}

/// A name and its values.
type Row = (String, Vec<Option<f64>>);

impl Block {
    /// Sets the unit of the values.
    fn with_unit(self, unit: String) -> Self {
        Self { unit, ..self }
    }

    fn rows(&self) -> (u32, u32) {
        (self.at.0, self.at.0 + self.rows.len().max(1) as u32 - 1)
    }

    fn write(&self, sheet: &mut Worksheet, theme: &Theme) -> Result<(), XlsxError> {
        let (row, column) = self.at;
        let number = match self.format {
            "0.0" => Format::new().set_num_format("#,##0.00"),
            format => Format::new().set_num_format(format),
        };
        let title = for_cell(&self.title);
        sheet.write_string_with_format(row - 2, column, title, &theme.label)?;
        for (i, heading) in (0..).zip(&self.headings) {
            let heading = for_cell(heading);
            sheet.write_string_with_format(row - 1, column + i, heading, &theme.heading)?;
            sheet.set_column_width(column + i, if i == 0 { 34.0 } else { 14.0 })?;
        }
        for (row, (name, values)) in (row..).zip(&self.rows) {
            sheet.write_string(row, column, for_cell(name))?;
            for (at, value) in (column + 1..).zip(values) {
                match (value, &self.counted_in) {
                    (Some(count), Some(range)) if countable(name) => {
                        let formula = format!("=COUNTIF({range},{})", cell(row, column));
                        write_formula(sheet, (row, at), &formula, Some(*count), &theme.number[0])?;
                    }
                    (Some(value), _) => write_number(sheet, (row, at), *value, &number)?,
                    (None, _) => {}
                }
            }
        }
        sheet.set_column_width(column + self.headings.len() as u16, 3)?;
        Ok(())
    }
}
