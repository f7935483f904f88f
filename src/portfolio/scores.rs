//! One heat map per client score: dimensions and ratings of all clients, with quartiles and the difference from the
//! median.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::builder::{WorkbookBuilder, title};
use super::cell::{Cell, ResultFormat, difference};
use super::marks::{bars, color_words, heat};
use super::quartiles::{self, StatColumn, Statistic};
use super::reference::cell;
use super::summary::{Figures, PortfolioSummary, Values};
use super::table::{Column, TableWriter, client_column, column, figures, upright};
use super::{client, clients};
use crate::excel::column_letters;
use crate::questionnaire::PortfolioTexts;
use crate::record::{Completeness, Record, ScoreSummary, SubjectSummary};
use crate::text::fill;

/// First row of the quartiles.
const LIVE: u32 = 2;
/// Row of the dimension labels.
const GROUPS: u32 = LIVE + STATISTICS.len() as u32;
/// Row of the headings.
const TOP: u32 = GROUPS + 1;
const STATISTICS: [Statistic; 3] = [
    Statistic::FirstQuartile,
    Statistic::Median,
    Statistic::ThirdQuartile,
];
/// Column of the client.
pub const CLIENT: u16 = 0;
/// Column of the points.
pub const POINTS: u16 = 1;
const BAND: u16 = 2;
/// Column of the difference from the median.
const GAP: u16 = 3;
/// Column of the first dimension.
const DIMENSIONS: u16 = 4;

/// Writer of the sheets, one per score.
pub struct Scores(Vec<Sheet>);

struct Sheet {
    id: String,
    sheet: Worksheet,
    table: TableWriter,
    /// Number of columns before the last one, which is hidden.
    shown: usize,
    median: Option<f64>,
}

/// Returns the first and the last row of the clients.
pub fn rows(summary: &PortfolioSummary) -> (u32, u32) {
    (TOP + 1, TOP + summary.clients.len().max(1) as u32)
}

/// Returns the label and the column of the points and of each dimension of a score.
pub fn columns_of(
    texts: &PortfolioTexts,
    score: &ScoreSummary,
) -> impl Iterator<Item = (String, u16)> {
    let whole = (points_of(texts, score), POINTS);
    let dimensions = score.subjects.iter().flat_map(|model| &model.dimensions);
    let dimensions = dimensions.map(|dimension| dimension.label.clone());
    std::iter::once(whole).chain(dimensions.zip(DIMENSIONS..))
}

/// Returns the heading of the points of a score.
fn points_of(texts: &PortfolioTexts, score: &ScoreSummary) -> String {
    let out_of = score.out_of.to_string();
    fill(&texts.columns.points, &[("out_of", &out_of)])
}

impl Scores {
    pub fn begin(
        book: &mut WorkbookBuilder,
        summary: &PortfolioSummary,
    ) -> Result<Self, XlsxError> {
        let mut scores = Vec::new();
        for ((index, score), values) in summary.plain.iter().enumerate().zip(&summary.values) {
            if let Some(model) = score.subjects.first() {
                scores.push(begin_score(book, summary, (index, score), model, values)?);
            }
        }
        Ok(Self(scores))
    }

    pub fn client(&mut self, figures: &Figures, record: &Record) -> Result<(), XlsxError> {
        for (index, own) in self.0.iter_mut().enumerate() {
            let score = record.scores.iter().find(|score| score.id == own.id);
            let subject = score.and_then(|score| score.subjects.first());
            let points = figures.scores.get(index).and_then(|own| own.points);
            let mut cells = vec![
                Cell::text(client(record)),
                Cell::Number(points, 1),
                Cell::band(subject.and_then(|subject| subject.band.as_ref())),
                gap(points, own.median),
            ];
            if let Some(subject) = subject {
                cells.extend(
                    subject
                        .dimensions
                        .iter()
                        .map(|dimension| Cell::Number(dimension.mean, 1)),
                );
                let ratings = subject.ratings.iter();
                cells.extend(ratings.map(|rating| Cell::plain(*rating)));
                let Completeness {
                    answered: given,
                    expected: asked,
                } = subject.completeness;
                cells.extend([Cell::count(given), Cell::count(asked)]);
            }
            cells.resize(own.shown, Cell::Empty);
            cells.push(quartiles::shown_cell());
            own.table.row(&mut own.sheet, &cells)?;
        }
        Ok(())
    }

    pub fn end(self) -> impl Iterator<Item = Worksheet> {
        self.0.into_iter().map(|own| own.sheet)
    }
}

/// Returns a formula for the difference between the points and the median of all clients.
fn gap(points: Option<f64>, median: Option<f64>) -> Cell {
    let letters = column_letters(u32::from(POINTS));
    let median_row = STATISTICS.iter().position(|own| *own == Statistic::Median);
    let at = cell(LIVE + median_row.unwrap_or_default() as u32, POINTS);
    Cell::Formula(
        difference(&format!("{letters}{{row}}"), &at),
        points.zip(median).map(|(points, median)| points - median),
        ResultFormat::Signed(1),
    )
}

fn columns(texts: &PortfolioTexts, score: &ScoreSummary, model: &SubjectSummary) -> Vec<Column> {
    let heads = &texts.columns;
    let mut columns = vec![
        client_column(texts),
        figures(points_of(texts, score), 12.0),
        column(&heads.band, 14.0),
        figures(&heads.versus_median, 12.0),
    ];
    let dimensions = model.dimensions.iter();
    columns.extend(dimensions.map(|dimension| upright(&dimension.label, 6.5)));
    columns.extend(score.ratings.iter().map(|rating| {
        let heading = match rating.inverted {
            true => fill(&heads.reverse_scored, &[("rating", &rating.label)]),
            false => rating.label.clone(),
        };
        upright(heading, 6.0)
    }));
    columns
        .extend([&heads.ratings_given, &heads.ratings_asked].map(|heading| upright(heading, 6.0)));
    columns.push(quartiles::shown_column(texts));
    columns
}

fn begin_score(
    book: &mut WorkbookBuilder,
    summary: &PortfolioSummary,
    (index, score): (usize, &ScoreSummary),
    model: &SubjectSummary,
    values: &Values,
) -> Result<Sheet, XlsxError> {
    let mut sheet = book.sheet(&summary.sheets[index])?;
    let (theme, texts) = (book.theme.clone(), book.texts.clone());
    let notes = &texts.notes;
    let note = match score.ratings.iter().any(|rating| rating.inverted) {
        true => &notes.score_reversed,
        false => &notes.score,
    };
    let note = fill(note, &[("order", &clients::order(summary))]);
    title(&mut sheet, &theme, &score.label, &note)?;
    let rows = rows(summary);
    let dimensions = model.dimensions.len() as u16;
    let mut live = vec![StatColumn::new(POINTS, values.points.clone(), 1)];
    let columns_of = values.dimensions.iter().chain(&values.ratings);
    live.extend(
        (DIMENSIONS..)
            .zip(columns_of)
            .map(|(column, values)| StatColumn::new(column, values.clone(), 1)),
    );
    let columns = columns(&texts, score, model);
    let shown = columns.len() as u16 - 1;
    quartiles::write(
        &mut sheet,
        (&theme, &texts),
        LIVE,
        &STATISTICS,
        &live,
        (rows, shown),
    )?;
    // Labels of the dimensions above their ratings.
    let mut groups = vec![(DIMENSIONS, dimensions, texts.columns.means.clone())];
    let mut left = DIMENSIONS + dimensions;
    for (index, dimension) in model.dimensions.iter().enumerate() {
        let ratings = score
            .ratings
            .iter()
            .filter(|rating| rating.dimension == index);
        let width = ratings.count() as u16;
        groups.push((left, width, dimension.label.clone()));
        left += width;
    }
    for (left, width, name) in groups {
        match width {
            0 => {}
            // The label of a dimension does not fit above a single rating. The label of the rating is enough.
            1 => {
                sheet.write_blank(GROUPS, left, &theme.group)?;
            }
            _ => {
                sheet.merge_range(GROUPS, left, GROUPS, left + width - 1, &name, &theme.group)?;
            }
        }
    }
    let name = format!("Score{}", index + 1);
    let count = summary.clients.len();
    let table = TableWriter::begin(&mut sheet, &theme, &name, TOP, &columns, count)?;
    bars(&mut sheet, &theme, rows, POINTS, Some(score.out_of))?;
    bars(&mut sheet, &theme, rows, GAP, None)?;
    let bands = score.bands.iter().map(|band| (&*band.label, band.tone));
    color_words(&mut sheet, &theme, rows, BAND, bands)?;
    let last = DIMENSIONS + dimensions + score.ratings.len() as u16;
    if last > DIMENSIONS {
        heat(&mut sheet, rows, (DIMENSIONS, last - 1))?;
    }
    sheet
        .set_freeze_panes(TOP + 1, 1)?
        .set_repeat_rows(GROUPS, TOP)?
        .set_repeat_columns(0, 0)?;
    Ok(Sheet {
        id: score.id.clone(),
        sheet,
        table,
        shown: shown.into(),
        median: Statistic::Median.of(&values.points),
    })
}
