//! The sheet Dashboard: headline values and charts for all clients, on one page.

use rust_xlsxwriter::{Formula, Worksheet, XlsxError};

use super::About;
use super::builder::{WorkbookBuilder, title};
use super::charts::{self, Blocks, ChartId, SizedChart};
use super::clients::{self, Cells, percent_of};
use super::summary::{Figures, PortfolioSummary};
use crate::record::ScoreSummary;
use crate::statistics::median;
use crate::text::{Part, fill, parts};

/// Number of columns of the sheet, all with the same width.
const COLUMNS: u16 = 12;
/// Number of columns per tile.
const TILE: u16 = 2;
const COLUMN_WIDTH: f64 = 13.0;
/// First row of the tiles.
const TILES: u32 = 3;
/// Number of rows above which the sheet prints in portrait orientation.
const TALL: u32 = 64;
/// First row of the charts.
const CHARTS: u32 = TILES + 4;

/// A headline value and the note below it. Both are formulas that follow the filters on the sheet Clients.
struct Tile {
    label: String,
    figure: LiveValue<Option<f64>>,
    format: &'static str,
    note: LiveValue<String>,
}

/// A formula and its result.
struct LiveValue<T> {
    formula: String,
    result: T,
}

pub fn write(
    book: &mut WorkbookBuilder,
    summary: &PortfolioSummary,
    blocks: &Blocks,
    about: &About,
) -> Result<Worksheet, XlsxError> {
    let (theme, texts) = (book.theme.clone(), book.texts.clone());
    let (names, notes) = (&texts.sheets, &texts.notes);
    let mut sheet = book.in_memory_sheet(&names.dashboard)?;
    let count = book.texts.counted(summary.clients.len());
    let note = fill(
        &notes.dashboard,
        &[
            ("count", &count),
            ("date", &about.made.to_string()),
            ("order", &clients::order(summary)),
            ("clients_sheet", &names.clients),
            ("about_sheet", &names.about),
        ],
    );
    let heading = fill(&notes.dashboard_title, &[("title", &about.title)]);
    title(&mut sheet, &theme, &heading, &note)?;
    for column in 0..COLUMNS {
        sheet.set_column_width(column, COLUMN_WIDTH)?;
    }
    sheet
        .set_row_height(TILES, 18)?
        .set_row_height(TILES + 1, 32)?
        .set_row_height(TILES + 2, 18)?;
    for (place, tile) in (0..COLUMNS / TILE).zip(tiles(summary)) {
        let (first, last) = (place * TILE, place * TILE + TILE - 1);
        // The cells of a tile are not merged: blank cells with the same formats fill its other columns.
        let format = theme.tile_figure.clone().set_num_format(tile.format);
        let result = tile.figure.result;
        let result = result.map_or("–".to_owned(), |result| result.to_string());
        sheet
            .write_string_with_format(TILES, first, &tile.label, &theme.tile_label)?
            .write_formula_with_format(
                TILES + 1,
                first,
                Formula::new(&tile.figure.formula).set_result(result),
                &format,
            )?
            .write_formula_with_format(
                TILES + 2,
                first,
                Formula::new(&tile.note.formula).set_result(tile.note.result),
                &theme.tile_text,
            )?;
        for (row, format) in [(0, &theme.tile_label), (1, &format), (2, &theme.tile_text)] {
            for column in first + 1..=last {
                sheet.write_blank(TILES + row, column, format)?;
            }
        }
    }
    let below = charts::place_all(&mut sheet, charts(summary, blocks), CHARTS, 2)?;
    sheet
        .set_print_area(0, 0, below, COLUMNS - 1)?
        .set_print_fit_to_pages(1, 1);
    if below > TALL {
        sheet.set_portrait();
    }
    Ok(sheet)
}

/// Returns the charts: the dimensions of a single client, or the rankings of several clients.
fn charts(summary: &PortfolioSummary, blocks: &Blocks) -> Vec<SizedChart> {
    let id = |score: &ScoreSummary| score.id.clone();
    let mut shown: Vec<ChartId> = summary
        .plain
        .iter()
        .map(|score| ChartId::Dimensions(id(score)))
        .collect();
    let mut plain = summary.plain.iter();
    if let Some(first) = plain.next() {
        shown.push(ChartId::Ranking(id(first)));
        // Dimensions of the second score, or of the only score.
        shown.push(ChartId::RankingDimensions(id(plain
            .next()
            .unwrap_or(first))));
    }
    shown.extend([ChartId::Bands, ChartId::Scores, ChartId::Issues]);
    // With one client, the chart is only on the sheet Revenue.
    if summary.clients.len() > 1 {
        shown.push(ChartId::Roi);
    }
    shown
        .iter()
        .filter_map(|shown| blocks.chart(shown))
        .collect()
}

/// Formats a non-negative value with this number of decimals, as Excel's `FIXED` does.
fn fixed(value: f64, decimals: i32) -> String {
    let scale = 10f64.powi(decimals);
    let rounded = (value.abs() * scale).round() / scale;
    format!("{rounded:.0$}", decimals as usize)
}

/// Returns a formula that joins the parts of a text and its values, and its result. `FIXED` formats the values.
fn words(text: &str, figures: &[(&str, Figure)]) -> LiveValue<String> {
    let mut formulas = Vec::new();
    let mut result = String::new();
    for part in parts(text) {
        match part {
            Part::Text(words) => {
                formulas.push(format!("\"{}\"", words.replace('"', "\"\"")));
                result += words;
            }
            Part::Name(name) => {
                let Some((_, figure)) = figures.iter().find(|(own, _)| *own == name) else {
                    continue;
                };
                let Figure(cell, value, decimals) = figure;
                formulas.push(format!(
                    "IF(ISNUMBER({cell}),FIXED({cell},{decimals},TRUE),\"–\")"
                ));
                result += &value.map_or("–".to_owned(), |value| fixed(value, *decimals));
            }
        }
    }
    LiveValue {
        formula: format!("={}", formulas.join("&")),
        result,
    }
}

/// A cell or function, its result, and the number of decimals.
struct Figure(String, Option<f64>, i32);

/// The tiles, from left to right.
fn tiles(summary: &PortfolioSummary) -> Vec<Tile> {
    let mut tiles = vec![clients_tile(summary)];
    tiles.extend(score_tiles(summary));
    // The questionnaire may not ask for financial values.
    if summary.has_finance() {
        tiles.push(return_tile(summary));
    }
    // The questionnaire may have no roadmap.
    if summary.activities > 0 {
        tiles.push(due_tile(summary));
    }
    tiles.push(errors_tile(summary));
    tiles
}

/// Returns the value of a cell, or a dash if it is not a number.
fn live(cell: &str, result: Option<f64>) -> LiveValue<Option<f64>> {
    LiveValue {
        formula: format!("=IF(ISNUMBER({cell}),{cell},\"–\")"),
        result,
    }
}

/// Returns a sum over all clients. `None` without clients.
fn sum(summary: &PortfolioSummary, value: fn(&Figures) -> usize) -> Option<f64> {
    let clients = &summary.clients;
    (!clients.is_empty()).then(|| clients.iter().map(value).sum::<usize>() as f64)
}

fn clients_tile(summary: &PortfolioSummary) -> Tile {
    let cells = Cells(summary);
    let count = summary.clients.len();
    let shares = summary.clients.iter();
    let complete: f64 = shares.map(|client| percent_of(client.completeness)).sum();
    let complete = (count > 0).then(|| 100.0 * complete / count as f64);
    let mean = format!("100*{}", cells.mean_completeness());
    Tile {
        label: summary.texts.columns.clients.clone(),
        figure: LiveValue {
            formula: format!("=SUBTOTAL(103,{})", clients::names(summary)),
            result: Some(count as f64),
        },
        format: "#,##0",
        note: words(
            &summary.texts.tiles.complete,
            &[("percent", Figure(mean, complete, 0))],
        ),
    }
}

/// The medians of the first two scores.
fn score_tiles(summary: &PortfolioSummary) -> impl Iterator<Item = Tile> {
    let cells = Cells(summary);
    let medians = summary.plain.iter().zip(&summary.values).take(2);
    medians.enumerate().map(move |(index, (score, values))| {
        let out_of = [("out_of", &*score.out_of.to_string())];
        let count = Some(values.points.len() as f64);
        Tile {
            label: score.label.clone(),
            figure: live(&cells.median_points(index), median(&values.points)),
            format: "0.0",
            note: words(
                &fill(&summary.texts.tiles.scored, &out_of),
                &[("count", Figure(cells.count_points(index), count, 0))],
            ),
        }
    })
}

fn return_tile(summary: &PortfolioSummary) -> Tile {
    let cells = Cells(summary);
    let roi = summary.sorted(|client| client.roi);
    let payback = summary.sorted(|client| client.payback);
    let (all, paid) = (roi.len() as f64, payback.len() as f64);
    Tile {
        label: summary.texts.tiles.return_multiple.clone(),
        figure: live(&cells.median_roi(), median(&roi)),
        format: "0.0\" : 1\"",
        note: words(
            &summary.texts.tiles.pay_back,
            &[
                ("paid", Figure(cells.count_payback(), Some(paid), 0)),
                ("all", Figure(cells.count_roi(), Some(all), 0)),
                (
                    "months",
                    Figure(cells.median_payback(), median(&payback), 1),
                ),
            ],
        ),
    }
}

fn due_tile(summary: &PortfolioSummary) -> Tile {
    let cells = Cells(summary);
    let overdue = sum(summary, |client| client.overdue);
    Tile {
        label: clients::due_soon(&summary.texts),
        figure: live(&cells.due(), sum(summary, |client| client.due)),
        format: "#,##0",
        note: words(
            &summary.texts.tiles.overdue,
            &[("count", Figure(cells.overdue(), overdue, 0))],
        ),
    }
}

fn errors_tile(summary: &PortfolioSummary) -> Tile {
    let cells = Cells(summary);
    let warnings = sum(summary, |client| client.counts.warnings);
    Tile {
        label: summary.texts.tiles.errors.clone(),
        figure: live(&cells.errors(), sum(summary, |client| client.counts.errors)),
        format: "#,##0",
        note: words(
            &summary.texts.tiles.warnings,
            &[("count", Figure(cells.warnings(), warnings, 0))],
        ),
    }
}
