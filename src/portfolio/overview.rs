//! The first sheet: charts over all clients, and a row a client.

use rust_xlsxwriter::{
    Chart, ChartType, ConditionalFormatCell, ConditionalFormatCellRule, ConditionalFormatDataBar,
    ConditionalFormatType, Format, Formula, Worksheet, XlsxError,
};

use super::charts::{self, Block, Shown, share};
use super::digest::{Digest, Figures};
use super::grid::{
    Book, Cell, Column, NAVY, TEAL, TableWriter, colour_words, column, title, toned,
};
use super::{About, client};
use crate::answers::column_letters;
use crate::plan::Record;
use crate::programme::Tone;

/// First row of the charts, rows that a row of charts takes, and the first row of the table.
const CHARTS: u32 = 9;
const CHART_ROWS: u32 = 16;
const TABLE: u32 = CHARTS + 3 * CHART_ROWS + 1;
/// Column of the bands that the histogram is drawn from, right of the charts.
const BANDS: u16 = 10;
/// Column of the first score's points; its band stands in the next.
const SCORES: u16 = 3;

pub struct Overview {
    sheet: Worksheet,
    table: TableWriter,
    headings: Vec<String>,
}

impl Overview {
    pub fn begin(book: &mut Book, digest: &Digest, about: &About) -> Result<Self, XlsxError> {
        let mut sheet = book.kept_sheet("Portfolio")?;
        let clients = digest.clients.len();
        title(
            &mut sheet,
            &format!("{}: portfolio", about.title),
            &format!("{clients} clients, made {}", about.made),
        )?;
        let columns = columns(digest);
        let table = TableWriter::begin(&mut sheet, "Portfolio", TABLE, &columns, clients)?;
        let headings = columns.into_iter().map(|column| column.heading).collect();
        Ok(Self {
            sheet,
            table,
            headings,
        })
    }

    pub fn client(
        &mut self,
        digest: &Digest,
        record: &Record,
        pdf: Option<&str>,
    ) -> Result<(), XlsxError> {
        self.table.row(&mut self.sheet, &row(digest, record, pdf))
    }

    pub fn end(self, digest: &Digest, blocks: &[Block]) -> Result<Worksheet, XlsxError> {
        let Self {
            mut sheet,
            table,
            headings,
        } = self;
        if let Some(rows) = table.range {
            write_summary(&mut sheet, digest, &headings, rows)?;
            write_formats(&mut sheet, digest, &headings, rows)?;
            let bands = write_bands(&mut sheet, digest, rows)?;
            write_charts(&mut sheet, digest, blocks, bands)?;
        }
        Ok(sheet)
    }
}

const ROI: &str = "ROI (to one)";
const PAYBACK: &str = "Payback (months)";
const ERRORS: &str = "Errors";

fn columns(digest: &Digest) -> Vec<Column> {
    let mut columns = vec![
        column("Client", 34.0),
        column("Industry", 26.0),
        column("Complete", 11.0),
    ];
    for score in &digest.plain {
        let points = format!("{} (of {})", score.label, score.out_of);
        columns.push(column(points, 14.0));
        columns.push(column(format!("{}: band", score.label), 15.0));
    }
    for score in &digest.ranked {
        columns.push(column(format!("{}: best", score.label), 26.0));
        columns.push(column(format!("{}: points", score.label), 12.0));
    }
    columns.extend([
        column("Primary partnership", 26.0),
        column(ROI, 10.0),
        column(PAYBACK, 11.0),
        column(ERRORS, 9.0),
        column("Warnings", 10.0),
        column("Start", 12.0),
        column("End", 12.0),
        column("Urgent", 9.0),
        column("Plan", 30.0),
        column("Workbook", 30.0),
    ]);
    columns
}

fn row(digest: &Digest, record: &Record, pdf: Option<&str>) -> Vec<Cell> {
    let mut cells = vec![
        Cell::text(client(record)),
        Cell::optional(record.client.industry.as_deref()),
        Cell::Percent(share(record.completeness)),
    ];
    let first = |id: &str| {
        let own = record.scores.iter().find(|own| own.id == id)?;
        own.subjects.first()
    };
    for score in &digest.plain {
        let subject = first(&score.id);
        let points = subject.and_then(|subject| subject.points);
        cells.push(Cell::Number(points, 1));
        cells.push(Cell::band(
            subject.and_then(|subject| subject.band.as_ref()),
        ));
    }
    for score in &digest.ranked {
        let best = first(&score.id).filter(|subject| subject.rank == Some(1));
        cells.push(Cell::optional(best.map(|best| best.name.as_str())));
        cells.push(Cell::Number(best.and_then(|best| best.points), 1));
    }
    let urgent = record
        .roadmap
        .activities
        .iter()
        .filter(|activity| activity.urgency == Tone::Bad)
        .count();
    cells.extend([
        Cell::optional(record.primary.as_deref()),
        Cell::Number(record.finance.roi, 2),
        Cell::Number(record.finance.payback_months, 1),
        Cell::count(record.counts.errors),
        Cell::count(record.counts.warnings),
        Cell::Date(record.roadmap.start),
        Cell::Date(record.roadmap.end),
        Cell::count(urgent),
        pdf.map_or(Cell::Empty, |pdf| {
            let name = pdf.rsplit('/').next().unwrap_or(pdf);
            Cell::Link(format!("file:///{pdf}"), name.to_owned())
        }),
        Cell::text(&record.source.file),
    ]);
    cells
}

/// Live mean and median above the charts, for scores, ROI and payback.
fn write_summary(
    sheet: &mut Worksheet,
    digest: &Digest,
    headings: &[String],
    (first, last): (u32, u32),
) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold().set_font_color(NAVY);
    let titles = [
        "Over all clients",
        "Clients with a figure",
        "Mean",
        "Median",
    ];
    for (i, title) in titles.iter().enumerate() {
        sheet.write_string_with_format(3, i as u16, *title, &bold)?;
    }
    let numbers = |figure: &dyn Fn(&Figures) -> Option<f64>| -> Vec<f64> {
        digest.clients.iter().filter_map(figure).collect()
    };
    let place = |heading| headings.iter().position(|own| own == heading);
    let mut wanted: Vec<(usize, Vec<f64>)> = (0..digest.plain.len())
        .map(|i| {
            let at = usize::from(SCORES) + 2 * i;
            (at, numbers(&|client| client.scores[i].0))
        })
        .collect();
    wanted.extend(place(ROI).map(|at| (at, numbers(&|client| client.roi))));
    wanted.extend(place(PAYBACK).map(|at| (at, numbers(&|client| client.payback))));
    wanted.retain(|(_, values)| !values.is_empty());
    for (row, (at, mut values)) in (4..CHARTS).zip(wanted) {
        values.sort_by(f64::total_cmp);
        let letters = column_letters(at as u32);
        let range = format!("{letters}{}:{letters}{}", first + 1, last + 1);
        let format = Format::new().set_num_format("#,##0.0");
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let middle = values.len() / 2;
        let median = if values.len() % 2 == 1 {
            values[middle]
        } else {
            (values[middle - 1] + values[middle]) / 2.0
        };
        sheet.write_string(row, 0, &headings[at])?;
        let results = [
            ("COUNT", values.len() as f64),
            ("AVERAGE", mean),
            ("MEDIAN", median),
        ];
        for (i, (function, result)) in results.into_iter().enumerate() {
            let formula =
                Formula::new(format!("={function}({range})")).set_result(result.to_string());
            let format = if i == 0 { &Format::new() } else { &format };
            sheet.write_formula_with_format(row, 1 + i as u16, formula, format)?;
        }
    }
    Ok(())
}

fn write_formats(
    sheet: &mut Worksheet,
    digest: &Digest,
    headings: &[String],
    (first, last): (u32, u32),
) -> Result<(), XlsxError> {
    let bar = |highest: f64| {
        ConditionalFormatDataBar::new()
            .set_fill_color("#9CCDC5")
            .set_solid_fill(true)
            .set_minimum(ConditionalFormatType::Number, 0)
            .set_maximum(ConditionalFormatType::Number, highest)
    };
    sheet.add_conditional_format(first, 2, last, 2, &bar(1.0))?;
    for (i, score) in digest.plain.iter().enumerate() {
        let at = SCORES + 2 * i as u16;
        sheet.add_conditional_format(first, at, last, at, &bar(score.out_of))?;
        // Bands keep their colours when somebody sorts or types over them.
        let mut seen: Vec<(&str, Tone)> = Vec::new();
        for (label, tone) in digest
            .clients
            .iter()
            .filter_map(|client| client.scores[i].1.as_ref())
        {
            if !seen.contains(&(label.as_str(), *tone)) {
                seen.push((label.as_str(), *tone));
            }
        }
        colour_words(sheet, (first, last), at + 1, seen)?;
    }
    if let Some(at) = headings.iter().position(|heading| heading == ERRORS) {
        let rule = ConditionalFormatCell::new()
            .set_rule(ConditionalFormatCellRule::GreaterThan(0))
            .set_format(toned(Tone::Bad));
        sheet.add_conditional_format(first, at as u16, last, at as u16, &rule)?;
    }
    Ok(())
}

fn write_charts(
    sheet: &mut Worksheet,
    digest: &Digest,
    blocks: &[Block],
    bands: Option<Chart>,
) -> Result<(), XlsxError> {
    let find = |shown| charts::find(blocks, &shown);
    let mut made: Vec<Option<Chart>> = digest
        .plain
        .iter()
        .map(|score| {
            find(Shown::Score(score.id.clone()))
                .and_then(|block| charts::over(block, ChartType::Bar, &[TEAL], "0.0"))
        })
        .collect();
    made.push(
        find(Shown::Roi).and_then(|block| charts::over(block, ChartType::Column, &[NAVY], "0.0")),
    );
    made.push(bands);
    made.push(find(Shown::Scores).and_then(charts::scatter));
    made.push(
        find(Shown::Completeness)
            .and_then(|block| charts::over(block, ChartType::Bar, &[NAVY], "0%")),
    );
    for (i, chart) in made.into_iter().flatten().enumerate().take(6) {
        let (row, place) = (CHARTS + CHART_ROWS * (i as u32 / 2), i as u32 % 2);
        charts::place(sheet, Some(chart), row, 0, place * 580)?;
    }
    Ok(())
}

/// Clients by band of the first score, counted live.
fn write_bands(
    sheet: &mut Worksheet,
    digest: &Digest,
    (first, last): (u32, u32),
) -> Result<Option<Chart>, XlsxError> {
    let Some(score) = digest.plain.first() else {
        return Ok(None);
    };
    let name = sheet.name();
    let mut bands: Vec<(&str, f64, usize)> = Vec::new();
    for client in &digest.clients {
        let (Some(points), Some((label, _))) = &client.scores[0] else {
            continue;
        };
        match bands.iter_mut().find(|band| band.0 == label.as_str()) {
            Some(band) => (band.1, band.2) = (band.1.min(*points), band.2 + 1),
            None => bands.push((label, *points, 1)),
        }
    }
    if bands.is_empty() {
        return Ok(None);
    }
    bands.sort_by(|a, b| a.1.total_cmp(&b.1));
    sheet
        .write_string(CHARTS - 1, BANDS, "Band")?
        .write_string(CHARTS - 1, BANDS + 1, "Clients")?;
    for (i, (label, _, count)) in bands.iter().enumerate() {
        let row = CHARTS + i as u32;
        sheet.write_string(row, BANDS, *label)?;
        let letters = column_letters(u32::from(BANDS));
        let formula = format!(
            "=COUNTIF({},{letters}{})",
            charts::range(&name, SCORES + 1, first, last),
            row + 1
        );
        sheet.write_formula(
            row,
            BANDS + 1,
            Formula::new(formula).set_result(count.to_string()),
        )?;
    }
    Ok(Some(charts::histogram(
        &name,
        CHARTS,
        CHARTS + bands.len() as u32 - 1,
        BANDS,
        &format!("{}: clients by band", score.label),
    )))
}
