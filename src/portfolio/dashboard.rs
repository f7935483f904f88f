//! The first sheet: headline figures and charts over all clients, on one page.

use rust_xlsxwriter::{Formula, Worksheet, XlsxError};

use super::About;
use super::book::{Book, title};
use super::charts::{self, Blocks, Drawn, Shown};
use super::clients::{self, Cells, share};
use super::digest::{Digest, NEXT_DAYS};
use super::table::range_of;
use crate::plan::ScoreSummary;
use crate::statistics::median;

/// Name of the sheet.
pub const SHEET: &str = "Portfolio";
/// Columns of the sheet, all alike, and of these the ones a tile takes.
const COLUMNS: u16 = 12;
const TILE: u16 = 2;
const COLUMN_WIDTH: f64 = 13.0;
/// First row of the tiles.
const TILES: u32 = 3;
/// Rows from which on the sheet fills a page better upright.
const TALL: u32 = 50;
/// First row of the charts.
const CHARTS: u32 = TILES + 4;

/// A headline figure: a live formula, its result and what stands round it.
struct Tile {
    label: String,
    formula: String,
    result: Option<f64>,
    format: String,
    note: String,
}

pub fn write(
    book: &mut Book,
    digest: &Digest,
    blocks: &Blocks,
    about: &About,
) -> Result<Worksheet, XlsxError> {
    let mut sheet = book.kept_sheet(SHEET)?;
    let theme = book.theme.clone();
    let count = digest.clients.len();
    let plural = if count == 1 { "" } else { "s" };
    let note = format!(
        "{count} client{plural}, as of {}. {}; each stands on the sheet {}, and what each sheet holds on the sheet About.",
        about.made,
        clients::order(digest),
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
    for (place, tile) in (0..COLUMNS / TILE).zip(tiles(digest)) {
        let (first, last) = (place * TILE, place * TILE + TILE - 1);
        // The last column of a tile is not merged into it: a white gap before the next.
        let format = theme.tile_figure.clone().set_num_format(&tile.format);
        let result = tile
            .result
            .map_or("–".to_owned(), |result| result.to_string());
        sheet
            .write_string_with_format(TILES, first, &tile.label, &theme.tile_label)?
            .write_formula_with_format(
                TILES + 1,
                first,
                Formula::new(&tile.formula).set_result(result),
                &format,
            )?
            .write_string_with_format(TILES + 2, first, &tile.note, &theme.tile_text)?;
        for (row, format) in [(0, &theme.tile_label), (1, &format), (2, &theme.tile_text)] {
            for column in first + 1..=last {
                sheet.write_blank(TILES + row, column, format)?;
            }
        }
    }
    let below = charts::place_all(&mut sheet, charts(digest, blocks), CHARTS, 2)?;
    sheet
        .set_print_area(0, 0, below, COLUMNS - 1)?
        .set_print_fit_to_pages(1, 1);
    if below > TALL {
        sheet.set_portrait();
    }
    Ok(sheet)
}

/// With one client its groups; with more, who stands where.
fn charts(digest: &Digest, blocks: &Blocks) -> Vec<Drawn> {
    let id = |score: &ScoreSummary| score.id.clone();
    let mut shown: Vec<Shown> = digest
        .plain
        .iter()
        .map(|score| Shown::Groups(id(score)))
        .collect();
    let mut plain = digest.plain.iter();
    if let Some(first) = plain.next() {
        shown.push(Shown::Ranking(id(first)));
        // The dimensions of the second score; of the only one where there is no other.
        shown.push(Shown::Parts(id(plain.next().unwrap_or(first))));
    }
    shown.extend([Shown::Bands, Shown::Scores, Shown::Findings, Shown::Roi]);
    shown
        .iter()
        .filter_map(|shown| blocks.chart(shown))
        .collect()
}

fn tiles(digest: &Digest) -> Vec<Tile> {
    let cells = Cells(digest);
    let count = digest.clients.len();
    let sum = |value: fn(&super::digest::Figures) -> usize| {
        Some(digest.clients.iter().map(value).sum::<usize>() as f64)
    };
    let live = |cell: String| format!("=IF(ISNUMBER({cell}),{cell},\"–\")");
    let mut tiles = vec![Tile {
        label: "Clients".into(),
        formula: format!(
            "=SUBTOTAL(103,{})",
            range_of(clients::SHEET, 0, clients::rows(digest))
        ),
        result: Some(count as f64),
        format: "#,##0".into(),
        note: format!(
            "{:.0}% of all questions answered",
            digest
                .clients
                .iter()
                .map(|client| share(client.completeness))
                .sum::<f64>()
                * 100.0
                / count.max(1) as f64
        ),
    }];
    let medians = digest.plain.iter().zip(&digest.values).take(2);
    tiles.extend(medians.map(|(score, values)| Tile {
        label: score.label.clone(),
        formula: live(cells.median_points(score)),
        result: median(&values.points),
        format: "0.0".into(),
        note: format!(
            "median, of {}; {} scored",
            score.out_of,
            values.points.len()
        ),
    }));
    let roi = digest.sorted(|client| client.roi);
    let payback = digest.sorted(|client| client.payback);
    tiles.push(Tile {
        label: "Return on investment".into(),
        formula: live(cells.median_roi()),
        result: median(&roi),
        format: "0.0\" : 1\"".into(),
        note: match median(&payback) {
            Some(months) => format!("median; pays back in {months:.1} months"),
            None => "median; no payback worked out".into(),
        },
    });
    tiles.push(Tile {
        label: format!("Due in {NEXT_DAYS} days"),
        formula: live(cells.due()),
        result: sum(|client| client.due).filter(|_| count > 0),
        format: "#,##0".into(),
        note: format!(
            "{} urgent activities in all",
            sum(|client| client.urgent).unwrap_or_default()
        ),
    });
    tiles.push(Tile {
        label: "Errors to mend".into(),
        formula: live(cells.errors()),
        result: sum(|client| client.counts.errors).filter(|_| count > 0),
        format: "#,##0".into(),
        note: format!("and {} warnings", digest.findings.warnings),
    });
    tiles
}
