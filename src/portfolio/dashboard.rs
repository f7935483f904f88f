//! The first sheet: headline figures and charts over all clients, on one page.

use rust_xlsxwriter::{Formula, Worksheet, XlsxError};

use super::About;
use super::builder::{WorkbookBuilder, title};
use super::charts::{self, Blocks, Drawn, Shown};
use super::clients::{self, Cells, percent_of};
use super::reference::range_of;
use super::summary::{Figures, NEXT_DAYS, PortfolioSummary};
use crate::record::ScoreSummary;
use crate::statistics::median;

/// Name of the sheet.
pub const SHEET: &str = "Dashboard";
/// Columns of the sheet, all alike, and of these the ones a tile takes.
const COLUMNS: u16 = 12;
const TILE: u16 = 2;
const COLUMN_WIDTH: f64 = 13.0;
/// First row of the tiles.
const TILES: u32 = 3;
/// Rows from which on the sheet fills a page better upright.
const TALL: u32 = 64;
/// First row of the charts.
const CHARTS: u32 = TILES + 4;

/// A headline figure and what stands under it, both live: they follow the filters on the sheet of the clients.
struct Tile {
    label: String,
    figure: Live<Option<f64>>,
    format: &'static str,
    note: Live<String>,
}

/// A formula and its result.
struct Live<T> {
    formula: String,
    result: T,
}

pub fn write(
    book: &mut WorkbookBuilder,
    summary: &PortfolioSummary,
    blocks: &Blocks,
    about: &About,
) -> Result<Worksheet, XlsxError> {
    let mut sheet = book.kept_sheet(SHEET)?;
    let theme = book.theme.clone();
    let count = summary.clients.len();
    let plural = if count == 1 { "" } else { "s" };
    let note = format!(
        "{count} client{plural}, as of {}. {}; Each client is on the sheet {}; the sheet About lists all sheets.",
        about.made,
        clients::order(summary),
        clients::SHEET,
    );
    title(
        &mut sheet,
        &theme,
        &format!("{}: portfolio", about.title),
        &note,
    )?;
    for column in 0..COLUMNS {
        sheet.set_column_width(column, COLUMN_WIDTH)?;
    }
    sheet
        .set_row_height(TILES, 18)?
        .set_row_height(TILES + 1, 32)?
        .set_row_height(TILES + 2, 18)?;
    for (place, tile) in (0..COLUMNS / TILE).zip(tiles(summary)) {
        let (first, last) = (place * TILE, place * TILE + TILE - 1);
        // The last column of a tile is not merged into it: a white gap before the next.
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

/// With one client its groups; with more, who stands where.
fn charts(summary: &PortfolioSummary, blocks: &Blocks) -> Vec<Drawn> {
    let id = |score: &ScoreSummary| score.id.clone();
    let mut shown: Vec<Shown> = summary
        .plain
        .iter()
        .map(|score| Shown::Dimensions(id(score)))
        .collect();
    let mut plain = summary.plain.iter();
    if let Some(first) = plain.next() {
        shown.push(Shown::Ranking(id(first)));
        // The dimensions of the second score; of the only one where there is no other.
        shown.push(Shown::RankingDimensions(id(plain.next().unwrap_or(first))));
    }
    shown.extend([Shown::Bands, Shown::Scores, Shown::Issues]);
    // A single one stands on its own sheet.
    if summary.clients.len() > 1 {
        shown.push(Shown::Roi);
    }
    shown
        .iter()
        .filter_map(|shown| blocks.chart(shown))
        .collect()
}

/// A figure with so many decimals, as FIXED writes it.
fn fixed(value: f64, decimals: i32) -> String {
    let scale = 10f64.powi(decimals);
    let rounded = (value.abs() * scale).round() / scale;
    format!("{rounded:.0$}", decimals as usize)
}

/// A formula of words and of cells with figures, which `FIXED` writes with so many decimals.
fn words(dimensions: &[Part]) -> Live<String> {
    let mut formulas = Vec::new();
    let mut result = String::new();
    for dimension in dimensions {
        match dimension {
            Part::Words(words) => {
                formulas.push(format!("\"{}\"", words.replace('"', "\"\"")));
                result += words;
            }
            Part::Figure(cell, value, decimals) => {
                formulas.push(format!(
                    "IF(ISNUMBER({cell}),FIXED({cell},{decimals},TRUE),\"–\")"
                ));
                result += &value.map_or("–".to_owned(), |value| fixed(value, *decimals));
            }
        }
    }
    Live {
        formula: format!("={}", formulas.join("&")),
        result,
    }
}

enum Part<'a> {
    Words(&'a str),
    /// Cell or function, its result and decimals.
    Figure(String, Option<f64>, i32),
}

fn tiles(summary: &PortfolioSummary) -> Vec<Tile> {
    use Part::{Figure, Words};
    let cells = Cells(summary);
    let count = summary.clients.len();
    let sum = |value: fn(&Figures) -> usize| {
        let sum = summary.clients.iter().map(value).sum::<usize>() as f64;
        Some(sum).filter(|_| count > 0)
    };
    let live = |cell: String, result: Option<f64>| Live {
        formula: format!("=IF(ISNUMBER({cell}),{cell},\"–\")"),
        result,
    };
    let complete: f64 = summary
        .clients
        .iter()
        .map(|client| percent_of(client.completeness))
        .sum();
    let complete = (count > 0).then(|| 100.0 * complete / count as f64);
    let mut tiles = vec![Tile {
        label: "Clients".into(),
        figure: Live {
            formula: format!(
                "=SUBTOTAL(103,{})",
                range_of(clients::SHEET, 0, clients::rows(summary))
            ),
            result: Some(count as f64),
        },
        format: "#,##0",
        note: words(&[
            Figure(format!("100*{}", cells.mean_completeness()), complete, 0),
            Words("% of all questions answered"),
        ]),
    }];
    let medians = summary.plain.iter().zip(&summary.values).take(2);
    tiles.extend(medians.enumerate().map(|(index, (score, values))| Tile {
        label: score.label.clone(),
        figure: live(cells.median_points(index), median(&values.points)),
        format: "0.0",
        note: words(&[
            Words(&format!("of {}, median of ", score.out_of)),
            Figure(
                cells.count_points(index),
                Some(values.points.len() as f64),
                0,
            ),
            Words(" scored"),
        ]),
    }));
    let roi = summary.sorted(|client| client.roi);
    let payback = summary.sorted(|client| client.payback);
    let return_tile = Tile {
        label: "Return on investment".into(),
        figure: live(cells.median_roi(), median(&roi)),
        format: "0.0\" : 1\"",
        note: words(&[
            Words("median; "),
            Figure(cells.count_payback(), Some(payback.len() as f64), 0),
            Words(" of "),
            Figure(cells.count_roi(), Some(roi.len() as f64), 0),
            Words(" pay back, in "),
            Figure(cells.median_payback(), median(&payback), 1),
            Words(" mths"),
        ]),
    };
    // Nobody is asked for it.
    if summary.has_finance() {
        tiles.push(return_tile);
    }
    tiles.push(Tile {
        label: format!("Due in {NEXT_DAYS} days"),
        figure: live(cells.due(), sum(|client| client.due)),
        format: "#,##0",
        note: words(&[
            Words("and "),
            Figure(cells.overdue(), sum(|client| client.overdue), 0),
            Words(" overdue"),
        ]),
    });
    tiles.push(Tile {
        label: "Errors to fix".into(),
        figure: live(cells.errors(), sum(|client| client.counts.errors)),
        format: "#,##0",
        note: words(&[
            Words("and "),
            Figure(cells.warnings(), sum(|client| client.counts.warnings), 0),
            Words(" warnings"),
        ]),
    });
    tiles
}
