//! A row a client: scores, profile, return, findings, links; over it what holds for all of them, live.

use std::path::Path;

use rust_xlsxwriter::{
    ConditionalFormatCell, ConditionalFormatCellRule, Sparkline, SparklineType, Worksheet,
    XlsxError,
};

use super::book::{Book, title};
use super::client;
use super::digest::{Digest, Figures, NEXT_DAYS};
use super::quartiles::{self, Live, Statistic};
use super::scores::heat;
use super::table::{
    Cell, Column, TableWriter, bars, cell, colour_words, column, figures, link_path, quoted,
    range_of, upright,
};
use super::theme::Theme;
use crate::pdf::Color;
use crate::plan::{Record, ScoreSummary};
use crate::programme::Tone;
use crate::text::for_cell;

/// Name of the sheet.
pub const SHEET: &str = "Clients";
/// First row of what holds for all, the row of the scores' names and the row of the headings.
const LIVE: u32 = 2;
const GROUPS: u32 = LIVE + STATISTICS.len() as u32;
const TOP: u32 = GROUPS + 1;
const STATISTICS: [Statistic; 4] = [
    Statistic::Total,
    Statistic::FirstQuartile,
    Statistic::Median,
    Statistic::ThirdQuartile,
];

const COMPLETE: &str = "Complete";
const ROI: &str = "ROI (to one)";
const PAYBACK: &str = "Payback (months)";
const ERRORS: &str = "Errors";
const WARNINGS: &str = "Warnings";
const NOTES: &str = "Notes";
const URGENT: &str = "Urgent";
const OVERDUE: &str = "Overdue";

pub struct Sheet {
    sheet: Worksheet,
    table: TableWriter,
}

/// Heading of the points of a score.
fn points(score: &ScoreSummary) -> String {
    format!("{} (of {})", score.label, score.out_of)
}

fn band(score: &ScoreSummary) -> String {
    format!("{}: band", score.label)
}

fn due() -> String {
    format!("Due in {NEXT_DAYS} days")
}

/// Names the score over its columns.
fn write_groups(sheet: &mut Worksheet, digest: &Digest, theme: &Theme) -> Result<(), XlsxError> {
    let mut left = place(digest, COMPLETE) + 1;
    for score in &digest.plain {
        let parts = score.subjects.first().map_or(0, |model| model.parts.len()) as u16;
        let right = left + parts + 2;
        sheet.merge_range(
            GROUPS,
            left,
            GROUPS,
            right,
            &for_cell(&score.label),
            &theme.group,
        )?;
        left = right + 1;
    }
    Ok(())
}

fn columns(digest: &Digest) -> Vec<Column> {
    let mut columns = vec![
        column("Client", 30.0),
        column("Industry", 32.0),
        figures(COMPLETE, 11.0),
    ];
    for score in &digest.plain {
        columns.push(figures(points(score), 13.0));
        columns.push(column(band(score), 13.0));
        let parts = score.subjects.iter().flat_map(|model| &model.parts);
        columns.extend(parts.map(|part| upright(&part.label, 6.0)));
        columns.push(column(format!("{}: profile", score.label), 15.0));
    }
    for score in &digest.ranked {
        columns.push(column(format!("{}: best", score.label), 24.0));
        columns.push(figures(
            format!("{}: points (of {})", score.label, score.out_of),
            11.0,
        ));
    }
    columns.extend([
        column("Primary partnership", 24.0),
        figures(ROI, 9.0),
        figures(PAYBACK, 11.0),
        figures(ERRORS, 10.0),
        figures(WARNINGS, 11.0),
        figures(NOTES, 10.0),
        column("Day 90", 12.0),
        figures(URGENT, 10.0),
        figures(due(), 11.0),
        figures(OVERDUE, 11.0),
        column("Plan", 30.0),
        column("Workbook", 30.0),
    ]);
    columns
}

/// Where a column stands.
fn place(digest: &Digest, heading: &str) -> u16 {
    let columns = columns(digest);
    // From the right: a group of a score may be called like a column that stands before it.
    let place = columns.iter().rposition(|column| column.heading == heading);
    place.unwrap_or_default() as u16
}

/// First and last row of the clients.
pub fn rows(digest: &Digest) -> (u32, u32) {
    (TOP + 1, TOP + digest.clients.len().max(1) as u32)
}

/// The bands of the first score, as formulas of other sheets name them.
pub fn bands(digest: &Digest) -> String {
    let column = digest
        .plain
        .first()
        .map_or(0, |score| place(digest, &band(score)));
    range_of(SHEET, column, rows(digest))
}

/// The clients' names, likewise.
pub fn names(digest: &Digest) -> String {
    range_of(SHEET, 0, rows(digest))
}

/// Cells and functions with what holds for all clients that the filters show, as formulas of other sheets name them.
pub struct Cells<'d>(pub &'d Digest);

impl Cells<'_> {
    /// The range of a column, as functions that follow the filters take it.
    fn column(&self, heading: &str) -> String {
        range_of(SHEET, place(self.0, heading), rows(self.0))
    }

    /// How many clients that the filters show have the points of a score.
    pub fn count_points(&self, score: &ScoreSummary) -> String {
        format!("SUBTOTAL(102,{})", self.column(&points(score)))
    }

    pub fn count_roi(&self) -> String {
        format!("SUBTOTAL(102,{})", self.column(ROI))
    }

    pub fn count_payback(&self) -> String {
        format!("SUBTOTAL(102,{})", self.column(PAYBACK))
    }

    pub fn median_payback(&self) -> String {
        self.of(PAYBACK, Statistic::Median)
    }

    pub fn warnings(&self) -> String {
        self.of(WARNINGS, Statistic::Total)
    }

    pub fn overdue(&self) -> String {
        self.of(OVERDUE, Statistic::Total)
    }

    pub fn mean_completeness(&self) -> String {
        format!("SUBTOTAL(101,{})", self.column(COMPLETE))
    }

    fn of(&self, heading: &str, statistic: Statistic) -> String {
        let index = STATISTICS.iter().position(|own| *own == statistic);
        let row = LIVE + index.unwrap_or_default() as u32;
        format!("{}!{}", quoted(SHEET), cell(row, place(self.0, heading)))
    }

    pub fn median_points(&self, score: &ScoreSummary) -> String {
        self.of(&points(score), Statistic::Median)
    }

    pub fn median_roi(&self) -> String {
        self.of(ROI, Statistic::Median)
    }

    pub fn errors(&self) -> String {
        self.of(ERRORS, Statistic::Total)
    }

    pub fn due(&self) -> String {
        self.of(&due(), Statistic::Total)
    }
}

/// The rule by which all sheets are sorted, in words.
pub fn order(digest: &Digest) -> String {
    match digest.plain.first() {
        Some(score) => format!("Sorted by {}, best first, then by name", score.label),
        None => "Sorted by name".into(),
    }
}

impl Sheet {
    pub fn begin(book: &mut Book, digest: &Digest) -> Result<Self, XlsxError> {
        let mut sheet = book.sheet(SHEET)?;
        let theme = book.theme.clone();
        let note = format!(
            "{}. Totals and quartiles follow the filters; a profile shows the means of the groups before it.",
            order(digest)
        );
        title(&mut sheet, &theme, SHEET, &note)?;
        let rows = rows(digest);
        let live = live(digest);
        quartiles::write(&mut sheet, &theme, LIVE, &STATISTICS, &live, rows)?;
        write_groups(&mut sheet, digest, &theme)?;
        let columns = columns(digest);
        let count = digest.clients.len();
        let table = TableWriter::begin(&mut sheet, &theme, SHEET, TOP, &columns, count)?;
        sheet
            .set_freeze_panes(TOP + 1, 1)?
            .set_repeat_columns(0, 0)?
            .set_repeat_rows(GROUPS, TOP)?
            .set_print_fit_to_pages(2, 0);
        let at = |heading: &str| place(digest, heading);
        bars(&mut sheet, &theme, rows, at(COMPLETE), Some(1.0))?;
        for score in &digest.plain {
            bars(
                &mut sheet,
                &theme,
                rows,
                at(&points(score)),
                Some(score.out_of),
            )?;
            // Bands keep their colours when somebody sorts or types over them.
            let band = at(&band(score));
            let bands = score.bands.iter().map(|band| (&*band.label, band.tone));
            colour_words(&mut sheet, &theme, rows, band, bands)?;
            let parts = score.subjects.first().map_or(0, |model| model.parts.len()) as u16;
            if parts > 0 {
                heat(&mut sheet, rows, (band + 1, band + parts))?;
                let profile = Sparkline::new()
                    .set_range((SHEET, rows.0, band + 1, rows.1, band + parts))
                    .set_type(SparklineType::Column)
                    .set_sparkline_color(theme.color(Color::Primary))
                    .set_custom_min(0)
                    .set_custom_max(10);
                let column = band + parts + 1;
                // A group of one is none.
                if rows.0 == rows.1 {
                    sheet.add_sparkline(rows.0, column, &profile)?;
                } else {
                    sheet.add_sparkline_group(rows.0, column, rows.1, column, &profile)?;
                }
            }
        }
        let marked = [
            (ERRORS, Tone::Bad),
            (URGENT, Tone::Watch),
            (OVERDUE, Tone::Bad),
        ];
        for (heading, tone) in marked {
            let rule = ConditionalFormatCell::new()
                .set_rule(ConditionalFormatCellRule::GreaterThan(0))
                .set_format(theme.toned(tone));
            sheet.add_conditional_format(rows.0, at(heading), rows.1, at(heading), &rule)?;
        }
        Ok(Self { sheet, table })
    }

    pub fn client(
        &mut self,
        digest: &Digest,
        figures: &Figures,
        record: &Record,
        (plan, source): (Option<&str>, &Path),
    ) -> Result<(), XlsxError> {
        let mut cells = vec![
            Cell::text(client(record)),
            Cell::optional(record.client.industry.as_deref()),
            Cell::Percent(Some(share(record.completeness))),
        ];
        for (score, own) in digest.plain.iter().zip(&figures.scores) {
            cells.push(Cell::Number(own.points, 1));
            cells.push(Cell::band(own.band.as_ref()));
            let parts = score.subjects.first().map_or(0, |model| model.parts.len());
            let mean = |part: usize| own.parts.get(part).and_then(|(_, mean)| *mean);
            cells.extend((0..parts).map(|part| Cell::Number(mean(part), 1)));
            cells.push(Cell::Empty);
        }
        for best in &figures.best {
            let first = best.first().filter(|best| best.rank == 1);
            cells.push(Cell::optional(first.map(|best| best.name.as_str())));
            cells.push(Cell::Number(first.map(|best| best.points), 1));
        }
        let counts = record.counts;
        cells.extend([
            Cell::optional(record.primary.as_deref()),
            Cell::Number(record.finance.roi, 2),
            Cell::Number(record.finance.payback_months, 1),
            Cell::count(counts.errors),
            Cell::count(counts.warnings),
            Cell::count(counts.notes),
            Cell::Day(record.roadmap.end),
            Cell::count(figures.urgent),
            Cell::count(figures.due),
            Cell::count(figures.overdue),
            plan.map_or(Cell::Empty, |plan| {
                let name = plan.rsplit('/').next().unwrap_or(plan);
                Cell::Link(format!("file:///{plan}"), name.to_owned())
            }),
            Cell::Link(source_link(source), record.source.file.clone()),
        ]);
        self.table.row(&mut self.sheet, &cells)
    }

    pub fn end(self) -> Worksheet {
        self.sheet
    }
}

/// A link to a client's workbook.
pub fn source_link(source: &Path) -> String {
    let path = source.to_string_lossy().replace('\\', "/");
    format!("file:///{}", link_path(&path))
}

/// The columns that totals and quartiles are worked out over.
fn live(digest: &Digest) -> Vec<Live> {
    let at = |heading: &str| place(digest, heading);
    let mut live = vec![Live {
        percent: true,
        ..Live::new(
            at(COMPLETE),
            digest.sorted(|client| Some(share(client.completeness))),
            0,
        )
    }];
    for (score, values) in digest.plain.iter().zip(&digest.values) {
        let points = at(&points(score));
        live.push(Live::new(points, values.points.clone(), 1));
        for (part, values) in (points + 2..).zip(&values.parts) {
            live.push(Live::new(part, values.clone(), 1));
        }
    }
    for (index, score) in digest.ranked.iter().enumerate() {
        let heading = format!("{}: points (of {})", score.label, score.out_of);
        let first = |client: &Figures| {
            let best = client.best[index].first()?;
            (best.rank == 1).then_some(best.points)
        };
        live.push(Live::new(at(&heading), digest.sorted(first), 1));
    }
    live.push(Live::new(at(ROI), digest.sorted(|client| client.roi), 2));
    live.push(Live::new(
        at(PAYBACK),
        digest.sorted(|client| client.payback),
        1,
    ));
    type Count = fn(&Figures) -> usize;
    let counts: [(String, Count); 6] = [
        (ERRORS.into(), |client| client.counts.errors),
        (WARNINGS.into(), |client| client.counts.warnings),
        (NOTES.into(), |client| client.counts.notes),
        (URGENT.into(), |client| client.urgent),
        (due(), |client| client.due),
        (OVERDUE.into(), |client| client.overdue),
    ];
    live.extend(counts.map(|(heading, count)| Live {
        total: true,
        ..Live::new(
            at(&heading),
            digest.sorted(|client| Some(count(client) as f64)),
            1,
        )
    }));
    live
}

/// A share of 1; of nothing it is 0.
pub fn share((part, whole): (usize, usize)) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}
