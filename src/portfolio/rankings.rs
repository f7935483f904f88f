//! One sheet per ranked score: candidate types with the best ranks, and the candidates of all clients with their points
//! by dimension.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::builder::WorkbookBuilder;
use super::cell::{Cell, write_formula, write_number};
use super::charts::{self, Blocks, ChartId};
use super::long_table::{LongTable, LongTableWriter};
use super::marks::bars;
use super::reference::{cell, countable, range};
use super::summary::{BEST, Kind, PortfolioSummary};
use super::table::{client_column, column, figures};
use super::theme::Theme;
use super::{client, clients};
use crate::questionnaire::PortfolioTexts;
use crate::record::{Completeness, DimensionSummary, Record, ScoreSummary, SubjectSummary};
use crate::text::{fill, lower_first};

/// Row of the headings of the candidate types.
const KINDS: u32 = 3;
/// Column of the rank.
const RANK: u16 = 1;
/// Column of the points.
const POINTS: u16 = 3;
/// Column of the first dimension. The candidate type, if there are types, is the last column.
const DIMENSIONS: u16 = 4;
/// Width of the stacked chart in pixels. It has long names.
const WIDE: u32 = 760;

/// Writer of the sheets, each with the ID of its score.
pub struct Rankings(Vec<(String, LongTableWriter)>);

impl Rankings {
    pub fn begin(
        book: &mut WorkbookBuilder,
        summary: &PortfolioSummary,
        blocks: &Blocks,
    ) -> Result<Self, XlsxError> {
        let mut rankings = Vec::new();
        let sheets = &summary.sheets[summary.plain.len()..];
        let kinds = summary.kinds.iter().zip(&summary.candidates).zip(sheets);
        for (number, (score, ((kinds, count), sheet))) in
            (1..).zip(summary.ranked.iter().zip(kinds))
        {
            let table = table(summary, (number, score, sheet.clone()), kinds, blocks);
            let table = LongTableWriter::begin(book, table, *count)?;
            rankings.push((score.id.clone(), table));
        }
        Ok(Self(rankings))
    }

    pub fn client(&mut self, book: &mut WorkbookBuilder, record: &Record) -> Result<(), XlsxError> {
        for (id, table) in &mut self.0 {
            let own = record.scores.iter().find(|own| own.id == *id);
            for subject in own.into_iter().flat_map(|own| &own.subjects) {
                let cells = row(&book.texts, record, subject);
                table.row(book, &cells)?;
            }
        }
        Ok(())
    }

    pub fn end(self) -> impl Iterator<Item = Worksheet> {
        self.0.into_iter().flat_map(|(_, table)| table.end())
    }
}

/// Returns the dimensions of a score. A single dimension is omitted, because it equals the score.
fn shown_dimensions(score: &ScoreSummary) -> impl Iterator<Item = &DimensionSummary> {
    let dimensions = score.subjects.iter().flat_map(|model| &model.dimensions);
    let single = dimensions.clone().count() == 1;
    dimensions.filter(move |_| !single)
}

fn table(
    summary: &PortfolioSummary,
    (number, score, sheet): (usize, &ScoreSummary, String),
    kinds: &[Kind],
    blocks: &Blocks,
) -> LongTable {
    let texts = summary.texts.clone();
    let (heads, notes) = (&texts.columns, &texts.notes);
    let out_of = score.out_of.to_string();
    let mut columns = vec![
        client_column(&texts),
        figures(&heads.rank, 13.0),
        column(&heads.candidate, 30.0),
        figures(fill(&heads.points, &[("out_of", &out_of)]), 12.0),
    ];
    columns.extend(shown_dimensions(score).map(|dimension| {
        let heading = fill(&heads.points_in, &[("dimension", &dimension.label)]);
        figures(heading, 15.0)
    }));
    // Maximum points of each dimension.
    let most: Vec<f64> = shown_dimensions(score)
        .map(|dimension| score.out_of * dimension.weight / 100.0)
        .collect();
    columns.extend([
        column(&heads.note, 18.0),
        figures(&heads.ratings_given, 10.0),
        figures(&heads.ratings_asked, 10.0),
    ]);
    let kind = columns.len() as u16;
    if !kinds.is_empty() {
        columns.push(column(&heads.r#type, 18.0));
    }
    let mut wide = blocks.chart(&ChartId::Best(score.id.clone()));
    if let Some(wide) = &mut wide {
        wide.width = WIDE;
    }
    let charts: Vec<_> = wide
        .into_iter()
        .chain(blocks.chart(&ChartId::Kinds(score.id.clone())))
        .collect();
    let rows = charts
        .iter()
        .map(charts::SizedChart::rows)
        .max()
        .unwrap_or_default();
    let kinds: Vec<Kind> = kinds.to_vec();
    let below = KINDS
        + if kinds.is_empty() {
            0
        } else {
            kinds.len() as u32 + 2
        };
    let mut charts = Some(charts);
    let out_of = score.out_of;
    let summary_texts = texts.clone();
    LongTable {
        sheet,
        title: score.label.clone(),
        note: fill(
            &notes.ranking,
            &[("order", &lower_first(&clients::order(summary)))],
        ),
        name: format!("Ranking{number}_"),
        none: notes.no_candidates.clone(),
        top: below + rows,
        columns,
        lines: 1,
        freeze: None,
        decorate: Box::new(move |sheet, theme, rows| {
            let texts = &*summary_texts;
            // Only the first sheet has the table of types and the charts.
            if let Some(charts) = charts.take() {
                write_kinds(sheet, (theme, texts), (&kinds, kind), rows)?;
                charts::place_all(sheet, charts, below, 2)?;
            }
            bars(sheet, theme, rows, POINTS, Some(out_of))?;
            for (dimension, most) in (DIMENSIONS..).zip(&most) {
                bars(sheet, theme, rows, dimension, Some(*most))?;
            }
            Ok(())
        }),
    }
}

/// Writes the counts and mean points of each candidate type, as formulas over the rows below.
fn write_kinds(
    sheet: &mut Worksheet,
    (theme, texts): (&Theme, &PortfolioTexts),
    (kinds, kind): (&[Kind], u16),
    rows: (u32, u32),
) -> Result<(), XlsxError> {
    if kinds.is_empty() {
        return Ok(());
    }
    let heads = &texts.columns;
    let headings = [
        &heads.r#type,
        &heads.candidates,
        &heads.mean_points,
        &heads.rank_top,
        &heads.rank_first,
    ];
    for (at, heading) in (0..).zip(headings) {
        let format = match at {
            0 => &theme.heading,
            _ => &theme.figure_heading,
        };
        sheet.write_string_with_format(KINDS, at, heading, format)?;
    }
    sheet.set_row_height(KINDS, 24)?;
    let (kind, rank, points) = (range(kind, rows), range(RANK, rows), range(POINTS, rows));
    for (row, own) in (KINDS + 1..).zip(kinds) {
        let name = cell(row, 0);
        sheet.write_string_with_format(row, 0, &own.name, &theme.text)?;
        let mean = (own.scored > 0).then(|| own.points / own.scored as f64);
        let figures = [
            (
                1,
                format!("=COUNTIF({kind},{name})"),
                Some(own.candidates as f64),
                0,
            ),
            (
                2,
                format!("=IFERROR(AVERAGEIF({kind},{name},{points}),\"\")"),
                mean,
                2,
            ),
            (
                3,
                format!("=COUNTIFS({kind},{name},{rank},\"<={BEST}\")"),
                Some(own.among_best as f64),
                0,
            ),
            (
                4,
                format!("=COUNTIFS({kind},{name},{rank},1)"),
                Some(own.first as f64),
                0,
            ),
        ];
        for (column, formula, result, decimals) in figures {
            let format = theme.number(decimals);
            match result.filter(|_| !countable(&own.name)) {
                Some(count) => write_number(sheet, (row, column), count, format)?,
                None => write_formula(sheet, (row, column), &formula, result, format)?,
            }
        }
    }
    Ok(())
}

fn row(texts: &PortfolioTexts, record: &Record, subject: &SubjectSummary) -> Vec<Cell> {
    let mut cells = vec![
        Cell::text(client(record)),
        Cell::Number(subject.rank.map(f64::from), 0),
        Cell::text(&subject.name),
        Cell::Number(subject.points, 2),
    ];
    let dimensions = subject
        .dimensions
        .iter()
        .filter(|_| subject.dimensions.len() > 1);
    cells.extend(dimensions.map(|dimension| Cell::Number(dimension.points, 2)));
    let remarks = [
        subject.tied.then_some(&texts.values.level),
        subject.indicative.then_some(&texts.values.indicative),
    ];
    let mut remarks: Vec<String> = remarks.into_iter().flatten().cloned().collect();
    if !subject.knocked_out.is_empty() {
        let questions = subject.knocked_out.join(", ");
        let values = [("questions", questions.as_str())];
        remarks.push(fill(&texts.values.knocked_out, &values));
    }
    cells.push(Cell::text(remarks.join(", ")));
    let Completeness {
        answered: given,
        expected: asked,
    } = subject.completeness;
    cells.extend([given, asked].map(Cell::count));
    // If no candidate has a type, this cell is beyond the last column and is not written.
    cells.push(Cell::optional(subject.kind.as_deref()));
    cells
}
