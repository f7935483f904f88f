//! Native charts and the sheet with their data. With many clients a chart shows the first and the last, so that it stays
//! readable with 10,000.
//!
//! `blocks` says what each chart shows, `draw` what it looks like.

mod blocks;
mod draw;

use rust_xlsxwriter::{ChartType, Color, Format, Worksheet, XlsxError};

use super::builder::{WorkbookBuilder, title};
use super::cell::{write_formula, write_number};
use super::reference::{cell, countable};
use super::summary::PortfolioSummary;
use super::tally::Tally;
use super::theme::Theme;
use crate::text::for_cell;

pub use self::draw::{Drawn, dress, place_all, short, values};

/// Name of the sheet with the charts' data.
pub const SHEET: &str = "Chart data";
/// First row of the data.
const TOP: u32 = 4;

/// What a chart shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// The points of the score with this id, the best first.
    Ranking(String),
    /// The same, dimension by dimension.
    RankingDimensions(String),
    /// The means of a score's groups, of the only client.
    Dimensions(String),
    /// Clients by band of the first score.
    Bands,
    /// The first score against the second.
    Scores,
    /// Issues by worksheet.
    Issues,
    /// Return on investment, worked out and stated.
    Roi,
    /// Investment against return, in this currency.
    Money(String),
    /// The best candidates by the ranked score with this id, dimension by dimension.
    Best(String),
    /// Which kinds of candidates win, by the ranked score with this id.
    Kinds(String),
    /// Urgent and pressing activities.
    Urgency,
}

/// The data of a chart: names and one or more values each.
pub struct Block {
    pub shown: Shown,
    title: String,
    /// What the names are, then what each value is.
    headings: Vec<String>,
    /// What the values are counted in, and their number format.
    unit: String,
    format: &'static str,
    kind: ChartType,
    colors: Vec<Color>,
    rows: Vec<(String, Vec<Option<f64>>)>,
    /// The range in which each name is counted, where the values are live.
    counted_in: Option<String>,
    /// The end of the scale, where there is one.
    most: Option<f64>,
    /// Where its first data row stands, and its first column.
    at: (u32, u16),
}

/// The data of all charts.
pub struct Blocks(Vec<Block>);

impl Blocks {
    /// The data of all charts, laid out side by side. What has no data is left out.
    pub fn of(summary: &PortfolioSummary, tally: &Tally, theme: &Theme) -> Self {
        let mut all = Vec::new();
        for (index, _) in summary.plain.iter().enumerate() {
            all.extend(blocks::score_blocks(summary, index, theme));
        }
        all.extend(blocks::bands(summary, theme));
        all.extend(blocks::scores(summary, theme));
        all.push(blocks::issues(tally, theme));
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

    /// The chart of what is shown; none without data.
    pub fn chart(&self, shown: &Shown) -> Option<Drawn> {
        let block = self.0.iter().find(|block| block.shown == *shown)?;
        Some(match block.shown {
            Shown::Scores => block.scatter(),
            Shown::Bands => block.doughnut(),
            _ => block.bars(),
        })
    }

    /// Charts of investment and return, one a currency.
    pub fn money(&self) -> impl Iterator<Item = Drawn> {
        let money = |block: &&Block| matches!(block.shown, Shown::Money(_));
        self.0.iter().filter(money).map(Block::bars)
    }

    /// The sheet of the data.
    pub fn sheet(&self, book: &mut WorkbookBuilder) -> Result<Worksheet, XlsxError> {
        let mut sheet = book.kept_sheet(SHEET)?;
        let theme = &book.theme;
        let note = "What the charts are drawn from: all clients, or with many of them the first and the last.";
        title(&mut sheet, theme, SHEET, note)?;
        for block in &self.0 {
            block.write(&mut sheet, theme)?;
        }
        Ok(sheet)
    }
}

/// A name and its values.
type Row = (String, Vec<Option<f64>>);

impl Block {
    /// With what its values are counted in.
    fn counted(self, unit: String) -> Self {
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
