//! The sheet Clients: scores, profile, return, issues, and links, one row per client, with live totals and quartiles
//! above.

use std::path::Path;

use rust_xlsxwriter::{
    ConditionalFormatCell, ConditionalFormatCellRule, Sparkline, SparklineType, Worksheet,
    XlsxError,
};

use super::builder::{WorkbookBuilder, title};
use super::cell::Cell;
use super::client;
use super::marks::{bars, color_words, heat};
use super::quartiles::{self, StatColumn, Statistic};
use super::reference::{cell, link_to_file, range_of};
use super::summary::{Figures, NEXT_DAYS, PortfolioSummary};
use super::table::{Column, TableWriter, client_column, column, figures, upright};
use super::theme::Theme;
use crate::excel::quoted;
use crate::look::Color;
use crate::questionnaire::{EXACT, FULL_POINTS, PortfolioTexts, Tone};
use crate::record::{Completeness, Record, ScoreSummary};
use crate::text::{fill, for_cell};

/// Name of the table.
const TABLE: &str = "Clients";
/// First row of the totals and quartiles.
const LIVE: u32 = 2;
/// Row of the score labels.
const GROUPS: u32 = LIVE + STATISTICS.len() as u32;
/// Row of the headings.
const TOP: u32 = GROUPS + 1;
const STATISTICS: [Statistic; 4] = [
    Statistic::Total,
    Statistic::FirstQuartile,
    Statistic::Median,
    Statistic::ThirdQuartile,
];

/// Content of a column. An index refers to [`PortfolioSummary::plain`] or [`PortfolioSummary::ranked`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ColumnKind {
    Client,
    Industry,
    Complete,
    Points(usize),
    Band(usize),
    /// Index of the score, then of its dimension.
    Dimension(usize, usize),
    Profile(usize),
    Best(usize),
    BestPoints(usize),
    Primary,
    Choice,
    Decision,
    Core,
    Multiple,
    GrowthAfterCost,
    Payback,
    Errors,
    Warnings,
    Notes,
    End,
    Urgent,
    Due,
    Overdue,
    NotApplicable,
    Indicative,
    Plan,
    Workbook,
    Shown,
}

pub struct Sheet {
    sheet: Worksheet,
    table: TableWriter,
    /// Which of [`all_columns`] are on the sheet.
    shown: Vec<bool>,
}

/// Writes the label of each score above its columns.
fn write_groups(
    sheet: &mut Worksheet,
    summary: &PortfolioSummary,
    theme: &Theme,
) -> Result<(), XlsxError> {
    for (index, score) in summary.plain.iter().enumerate() {
        let left = place(summary, ColumnKind::Points(index));
        let right = left + 1 + dimensions(score) as u16 + u16::from(has_profile(score));
        let name = for_cell(&score.label);
        sheet.merge_range(GROUPS, left, GROUPS, right, &name, &theme.group)?;
    }
    Ok(())
}

/// Returns the columns of the sheet, without those that no client has values for.
fn columns(summary: &PortfolioSummary) -> Vec<(ColumnKind, Column)> {
    let mut columns = all_columns(summary);
    columns.retain(|(what, _)| is_shown(summary, *what));
    columns
}

/// Returns the number of dimensions of a score.
pub fn dimensions(score: &ScoreSummary) -> usize {
    let model = score.subjects.first();
    model.map_or(0, |model| model.dimensions.len())
}

/// Returns whether the means of a score form a profile. One dimension does not.
fn has_profile(score: &ScoreSummary) -> bool {
    dimensions(score) > 1
}

fn is_shown(summary: &PortfolioSummary, what: ColumnKind) -> bool {
    let has = &summary.has;
    match what {
        ColumnKind::Industry => has.industry,
        ColumnKind::Decision => has.decision,
        ColumnKind::Core => has.key_answers,
        ColumnKind::Primary | ColumnKind::Choice => has.choice,
        ColumnKind::Multiple | ColumnKind::GrowthAfterCost | ColumnKind::Payback => {
            summary.has_finance()
        }
        ColumnKind::End | ColumnKind::Urgent | ColumnKind::Due | ColumnKind::Overdue => {
            summary.activities > 0
        }
        _ => true,
    }
}

fn all_columns(summary: &PortfolioSummary) -> Vec<(ColumnKind, Column)> {
    let texts = &*summary.texts;
    let heads = &texts.columns;
    let of_score = |heading: &str, score: &ScoreSummary| {
        let out_of = score.out_of.to_string();
        fill(heading, &[("score", &score.label), ("out_of", &out_of)])
    };
    let mut columns = vec![
        (ColumnKind::Client, client_column(texts)),
        (ColumnKind::Decision, column(&heads.decision, 48.0)),
        (ColumnKind::Industry, column(&heads.industry, 32.0)),
        (ColumnKind::Core, figures(&heads.key_answers, 11.0)),
        (ColumnKind::Complete, figures(&heads.complete, 11.0)),
        (
            ColumnKind::NotApplicable,
            figures(&heads.marked_not_applicable, 11.0),
        ),
    ];
    for (index, score) in summary.plain.iter().enumerate() {
        let points = of_score(&heads.score_points, score);
        columns.push((ColumnKind::Points(index), figures(points, 13.0)));
        let band = of_score(&heads.band_of, score);
        columns.push((ColumnKind::Band(index), column(band, 13.0)));
        let dimensions = score.subjects.iter().flat_map(|model| &model.dimensions);
        columns.extend(dimensions.enumerate().map(|(dimension, own)| {
            (
                ColumnKind::Dimension(index, dimension),
                upright(&own.label, 6.0),
            )
        }));
        if has_profile(score) {
            let profile = of_score(&heads.profile, score);
            columns.push((ColumnKind::Profile(index), column(profile, 15.0)));
        }
    }
    for (index, score) in summary.ranked.iter().enumerate() {
        let best = of_score(&heads.best_of, score);
        columns.push((ColumnKind::Best(index), column(best, 24.0)));
        let points = of_score(&heads.best_points, score);
        columns.push((ColumnKind::BestPoints(index), figures(points, 14.0)));
    }
    columns.extend([
        (ColumnKind::Indicative, column(&heads.indicative, 24.0)),
        (ColumnKind::Primary, column(&heads.own_choice, 24.0)),
        (ColumnKind::Choice, column(&heads.choice_against_best, 18.0)),
        (ColumnKind::Multiple, figures(&heads.multiple, 10.0)),
        (
            ColumnKind::GrowthAfterCost,
            figures(&heads.growth_after_cost, 14.0),
        ),
        (ColumnKind::Payback, figures(&heads.payback, 11.0)),
        (ColumnKind::Errors, figures(&heads.errors, 10.0)),
        (ColumnKind::Warnings, figures(&heads.warnings, 11.0)),
        (ColumnKind::Notes, figures(&heads.notes, 10.0)),
        (ColumnKind::End, column(&heads.last_day, 12.0)),
        (ColumnKind::Urgent, figures(&heads.urgent, 10.0)),
        (ColumnKind::Due, figures(due_soon(texts), 11.0)),
        (ColumnKind::Overdue, figures(&heads.overdue, 11.0)),
        (ColumnKind::Plan, column(&heads.plan, 30.0)),
        (ColumnKind::Workbook, column(&heads.workbook, 30.0)),
        (ColumnKind::Shown, quartiles::shown_column(texts)),
    ]);
    columns
}

/// Returns the labels of the client's own scores that are based on too few ratings.
fn indicative(record: &Record) -> String {
    let scores = record.scores.iter().filter(|score| {
        let own = score.subjects.first();
        !score.ranked && own.is_some_and(|own| own.indicative)
    });
    let labels: Vec<&str> = scores.map(|score| score.label.as_str()).collect();
    labels.join(", ")
}

/// Returns the index of a column on the sheet.
fn place(summary: &PortfolioSummary, what: ColumnKind) -> u16 {
    let place = columns(summary).iter().position(|(own, _)| *own == what);
    place.unwrap_or_default() as u16
}

/// Returns the first and the last row of the clients.
pub fn rows(summary: &PortfolioSummary) -> (u32, u32) {
    (TOP + 1, TOP + summary.clients.len().max(1) as u32)
}

/// Returns a reference to the bands of the first score, for formulas on other sheets.
pub fn bands(summary: &PortfolioSummary) -> String {
    range_of(
        &summary.texts.sheets.clients,
        place(summary, ColumnKind::Band(0)),
        rows(summary),
    )
}

/// Returns a reference to the client names, for formulas on other sheets.
pub fn names(summary: &PortfolioSummary) -> String {
    range_of(&summary.texts.sheets.clients, 0, rows(summary))
}

/// References and functions for formulas on other sheets. The results cover the clients that the filters show.
pub struct Cells<'d>(pub &'d PortfolioSummary);

impl Cells<'_> {
    fn sheet(&self) -> &str {
        &self.0.texts.sheets.clients
    }

    /// Returns a `SUBTOTAL` function over a column, which follows the filters.
    fn subtotal(&self, function: u32, what: ColumnKind) -> String {
        let range = range_of(self.sheet(), place(self.0, what), rows(self.0));
        format!("SUBTOTAL({function},{range})")
    }

    fn cell(&self, what: ColumnKind, statistic: Statistic) -> String {
        let index = STATISTICS.iter().position(|own| *own == statistic);
        let row = LIVE + index.unwrap_or_default() as u32;
        format!(
            "{}!{}",
            quoted(self.sheet()),
            cell(row, place(self.0, what))
        )
    }

    pub fn mean_completeness(&self) -> String {
        self.subtotal(101, ColumnKind::Complete)
    }

    pub fn count_points(&self, score: usize) -> String {
        self.subtotal(102, ColumnKind::Points(score))
    }

    pub fn count_roi(&self) -> String {
        self.subtotal(102, ColumnKind::Multiple)
    }

    pub fn count_payback(&self) -> String {
        self.subtotal(102, ColumnKind::Payback)
    }

    pub fn median_points(&self, score: usize) -> String {
        self.cell(ColumnKind::Points(score), Statistic::Median)
    }

    pub fn median_roi(&self) -> String {
        self.cell(ColumnKind::Multiple, Statistic::Median)
    }

    pub fn median_payback(&self) -> String {
        self.cell(ColumnKind::Payback, Statistic::Median)
    }

    pub fn errors(&self) -> String {
        self.cell(ColumnKind::Errors, Statistic::Total)
    }

    pub fn warnings(&self) -> String {
        self.cell(ColumnKind::Warnings, Statistic::Total)
    }

    pub fn due(&self) -> String {
        self.cell(ColumnKind::Due, Statistic::Total)
    }

    pub fn overdue(&self) -> String {
        self.cell(ColumnKind::Overdue, Statistic::Total)
    }
}

/// Returns a description of the sort order of all sheets.
pub fn order(summary: &PortfolioSummary) -> String {
    let notes = &summary.texts.notes;
    match summary.plain.first() {
        Some(score) => fill(&notes.sorted, &[("score", &score.label)]),
        None => notes.sorted_by_name.clone(),
    }
}

/// Adds small charts of the means of a score's dimensions. `means` are the first and last column of the means.
fn add_profiles(
    sheet: &mut Worksheet,
    theme: &Theme,
    name: &str,
    rows: (u32, u32),
    means: (u16, u16),
) -> Result<(), XlsxError> {
    let profile = Sparkline::new()
        .set_range((name, rows.0, means.0, rows.1, means.1))
        .set_type(SparklineType::Column)
        .set_sparkline_color(theme.color(Color::Primary))
        .set_custom_min(0)
        .set_custom_max(FULL_POINTS);
    let column = means.1 + 1;
    // A sparkline group needs a range of at least two rows.
    if rows.0 == rows.1 {
        sheet.add_sparkline(rows.0, column, &profile)?;
    } else {
        sheet.add_sparkline_group(rows.0, column, rows.1, column, &profile)?;
    }
    Ok(())
}

/// Colors the numbers of errors, urgent gaps, and overdue activities above 0.
fn mark_counts(
    sheet: &mut Worksheet,
    theme: &Theme,
    rows: (u32, u32),
    summary: &PortfolioSummary,
) -> Result<(), XlsxError> {
    let marked = [
        (ColumnKind::Errors, Tone::Bad),
        (ColumnKind::Urgent, Tone::Watch),
        (ColumnKind::Overdue, Tone::Bad),
    ];
    for (what, tone) in marked
        .into_iter()
        .filter(|(what, _)| is_shown(summary, *what))
    {
        let column = place(summary, what);
        let rule = ConditionalFormatCell::new()
            .set_rule(ConditionalFormatCellRule::GreaterThan(0))
            .set_format(theme.tone_format(tone));
        sheet.add_conditional_format(rows.0, column, rows.1, column, &rule)?;
    }
    Ok(())
}

impl Sheet {
    pub fn begin(
        book: &mut WorkbookBuilder,
        summary: &PortfolioSummary,
    ) -> Result<Self, XlsxError> {
        let (theme, texts) = (book.theme.clone(), book.texts.clone());
        let name = texts.sheets.clients.as_str();
        let mut sheet = book.sheet(name)?;
        let note = fill(&texts.notes.clients, &[("order", &order(summary))]);
        title(&mut sheet, &theme, name, &note)?;
        let rows = rows(summary);
        let live = live(summary);
        let shown = place(summary, ColumnKind::Shown);
        quartiles::write(
            &mut sheet,
            (&theme, &texts),
            LIVE,
            &STATISTICS,
            &live,
            (rows, shown),
        )?;
        write_groups(&mut sheet, summary, &theme)?;
        let columns: Vec<Column> = columns(summary)
            .into_iter()
            .map(|(_, column)| column)
            .collect();
        let count = summary.clients.len();
        let table = TableWriter::begin(&mut sheet, &theme, TABLE, TOP, &columns, count)?;
        sheet
            .set_freeze_panes(TOP + 1, 1)?
            .set_repeat_columns(0, 0)?
            .set_repeat_rows(GROUPS, TOP)?
            .set_print_fit_to_pages(2, 0);
        let at = |what: ColumnKind| place(summary, what);
        bars(
            &mut sheet,
            &theme,
            rows,
            at(ColumnKind::Complete),
            Some(1.0),
        )?;
        for (index, score) in summary.plain.iter().enumerate() {
            bars(
                &mut sheet,
                &theme,
                rows,
                at(ColumnKind::Points(index)),
                Some(score.out_of),
            )?;
            // Conditional formats keep the colors correct after sorting or editing.
            let band = at(ColumnKind::Band(index));
            let bands = score.bands.iter().map(|band| (&*band.label, band.tone));
            color_words(&mut sheet, &theme, rows, band, bands)?;
            let dimensions = dimensions(score) as u16;
            if dimensions > 0 {
                heat(&mut sheet, rows, (band + 1, band + dimensions))?;
            }
            if has_profile(score) {
                let means = (band + 1, band + dimensions);
                add_profiles(&mut sheet, &theme, name, rows, means)?;
            }
        }
        mark_counts(&mut sheet, &theme, rows, summary)?;
        let all = all_columns(summary).into_iter();
        let shown = all.map(|(what, _)| is_shown(summary, what)).collect();
        Ok(Self {
            sheet,
            table,
            shown,
        })
    }

    pub fn client(
        &mut self,
        summary: &PortfolioSummary,
        figures: &Figures,
        record: &Record,
        (plan, source): (Option<&str>, &Path),
    ) -> Result<(), XlsxError> {
        let mut cells = vec![
            Cell::text(client(record)),
            Cell::optional(record.advice.decision.as_ref().map(|own| own.text.as_str())),
            Cell::optional(record.client.industry.as_deref()),
            Cell::Percent(
                Some(percent_of(record.advice.core)).filter(|_| record.advice.core.expected > 0),
            ),
            Cell::Percent(Some(percent_of(record.completeness))),
            Cell::count(record.not_applicable),
        ];
        for (score, own) in summary.plain.iter().zip(&figures.scores) {
            cells.push(Cell::Number(own.points, 1));
            cells.push(Cell::band(own.band.as_ref()));
            let mean = |dimension: usize| own.dimensions.get(dimension).and_then(|(_, mean)| *mean);
            cells.extend((0..dimensions(score)).map(|dimension| Cell::Number(mean(dimension), 1)));
            if has_profile(score) {
                cells.push(Cell::Empty);
            }
        }
        for best in &figures.best {
            let first = best.first().filter(|best| best.rank == 1);
            cells.push(Cell::optional(first.map(|best| best.name.as_str())));
            cells.push(Cell::Number(first.map(|best| best.points), 1));
        }
        let counts = record.counts;
        cells.extend([
            Cell::text(indicative(record)),
            Cell::optional(record.primary.as_deref()),
            Cell::text(choice_against_best(&summary.texts, record)),
            Cell::Number(record.finance.multiple, 2),
            Cell::Number(record.finance.growth_after_cost, 0),
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
            match link_to_file(source) {
                Some(link) => Cell::Link(link, record.source.file.clone()),
                None => Cell::text(&record.source.file),
            },
            quartiles::shown_cell(),
        ]);
        let mut shown = self.shown.iter();
        cells.retain(|_| shown.next().is_some_and(|shown| *shown));
        self.table.row(&mut self.sheet, &cells)
    }

    pub fn end(self) -> Worksheet {
        self.sheet
    }
}

/// Returns what the ranking says about the client's choice: "narrow", "behind by 0.6".
fn choice_against_best(texts: &PortfolioTexts, record: &Record) -> String {
    let advice = &record.advice;
    let case = advice.choice_case.as_deref().unwrap_or_default();
    let word = texts
        .values
        .get(&format!("case_{case}"))
        .unwrap_or_default();
    let Some(behind) = advice.choice_behind.filter(|behind| *behind > EXACT) else {
        return word.to_owned();
    };
    let text = match case == "behind" {
        true => &texts.values.behind,
        false => &texts.values.case_behind,
    };
    let points = format!("{behind:.1}");
    fill(text, &[("case", word), ("points", &points)])
}

/// Returns the heading of the activities that are due soon.
pub fn due_soon(texts: &PortfolioTexts) -> String {
    let days = NEXT_DAYS.to_string();
    fill(&texts.columns.due_soon, &[("days", &days)])
}

/// Returns the columns with totals or quartiles.
fn live(summary: &PortfolioSummary) -> Vec<StatColumn> {
    let live = |what: ColumnKind, values: Vec<f64>, decimals: usize| {
        StatColumn::new(place(summary, what), values, decimals)
    };
    let is_shown = |what: ColumnKind| is_shown(summary, what);
    let completeness = summary.sorted(|client| Some(percent_of(client.completeness)));
    let mut columns = vec![StatColumn {
        percent: true,
        ..live(ColumnKind::Complete, completeness, 0)
    }];
    for (index, values) in summary.values.iter().enumerate() {
        columns.push(live(ColumnKind::Points(index), values.points.clone(), 1));
        for (dimension, values) in values.dimensions.iter().enumerate() {
            columns.push(live(
                ColumnKind::Dimension(index, dimension),
                values.clone(),
                1,
            ));
        }
    }
    for index in 0..summary.ranked.len() {
        let first = |client: &Figures| {
            let best = client.best[index].first()?;
            (best.rank == 1).then_some(best.points)
        };
        columns.push(live(
            ColumnKind::BestPoints(index),
            summary.sorted(first),
            1,
        ));
    }
    if is_shown(ColumnKind::Multiple) {
        let (multiples, paybacks) = (
            summary.sorted(|client| client.roi),
            summary.sorted(|client| client.payback),
        );
        columns.push(live(ColumnKind::Multiple, multiples, 2));
        columns.push(live(ColumnKind::Payback, paybacks, 1));
    }
    type Count = fn(&Figures) -> usize;
    let counts: [(ColumnKind, Count); 6] = [
        (ColumnKind::Errors, |client| client.counts.errors),
        (ColumnKind::Warnings, |client| client.counts.warnings),
        (ColumnKind::Notes, |client| client.counts.notes),
        (ColumnKind::Urgent, |client| client.urgent),
        (ColumnKind::Due, |client| client.due),
        (ColumnKind::Overdue, |client| client.overdue),
    ];
    let counts = counts.into_iter().filter(|(what, _)| is_shown(*what));
    columns.extend(counts.map(|(what, count)| StatColumn {
        total: true,
        ..live(what, summary.sorted(|client| Some(count(client) as f64)), 1)
    }));
    columns
}

/// Returns the completeness as a fraction of 1, rounded down to hundredths as in the plans, so that 99.9% is not shown
/// as 100%. Returns 0 if no answers are expected.
pub fn percent_of(completeness: Completeness) -> f64 {
    (100.0 * completeness.share()).floor() / 100.0
}
