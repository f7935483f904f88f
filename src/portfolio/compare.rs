//! The sheet Compare: the dimensions of a chosen client next to the median and quartiles of all clients.

use rust_xlsxwriter::{
    Chart, ChartFormat, ChartLine, ChartLineDashType, ChartSolidFill, ChartType, DataValidation,
    Formula, Worksheet, XlsxError,
};

use super::builder::{WorkbookBuilder, title};
use super::cell::{difference, write_formula};
use super::charts::{self, SizedChart};
use super::clients;
use super::quartiles::Statistic;
use super::reference::{cell, range_of};
use super::scores;
use super::summary::{PortfolioSummary, Values};
use super::theme::Theme;
use crate::look::Color;
use crate::questionnaire::{FULL_POINTS, PortfolioTexts};
use crate::record::ScoreSummary;
use crate::text::fill;

/// Cell with the name of the chosen client.
const CHOSEN: (u32, u16) = (3, 1);
/// First row of the charts.
const CHARTS: u32 = 5;
/// Height of a chart, in pixels.
const CHART_HEIGHT: u32 = 330;
/// Number of rows per chart.
const CHART_ROWS: u32 = 18;
/// Minimum number of dimensions for a radar chart. With two dimensions, a radar is only a line.
const MIN_RADAR_DIMENSIONS: usize = 3;
/// Cell with the rank of the chosen client by the first score.
const RANK_CELL: (u32, u16) = (3, 4);
const WIDTHS: [f64; 6] = [34.0, 22.0, 14.0, 14.0, 14.0, 16.0];

/// Returns the heading of a column.
fn heading(texts: &PortfolioTexts, column: u16) -> &str {
    let columns = &texts.columns;
    match column {
        0 => &columns.value,
        1 => &columns.client,
        2 => &columns.first_quartile,
        3 => &columns.median,
        4 => &columns.third_quartile,
        _ => &columns.versus_median,
    }
}

/// Writes the cell in which a client is chosen, and the label of the rank.
fn write_choice(
    sheet: &mut Worksheet,
    (theme, texts): (&Theme, &PortfolioTexts),
    summary: &PortfolioSummary,
    chosen: &str,
) -> Result<(), XlsxError> {
    let list = DataValidation::new()
        .allow_list_formula(Formula::new(format!("={}", clients::names(summary))))
        .set_input_message(&texts.notes.compare_choose)?;
    sheet
        .write_string_with_format(CHOSEN.0, 0, &texts.columns.client, &theme.label)?
        .write_string_with_format(CHOSEN.0, CHOSEN.1, chosen, &theme.input)?
        .add_data_validation(CHOSEN.0, CHOSEN.1, CHOSEN.0, CHOSEN.1, &list)?;
    let rank = &texts.columns.rank;
    sheet.write_string_with_format(RANK_CELL.0, RANK_CELL.1 - 1, rank, &theme.note)?;
    Ok(())
}

/// Writes the headings of the table of a score.
fn write_headings(
    sheet: &mut Worksheet,
    (theme, texts): (&Theme, &PortfolioTexts),
    row: u32,
    score: &str,
) -> Result<(), XlsxError> {
    for at in 0..WIDTHS.len() as u16 {
        let (heading, format) = match at {
            0 => (score, &theme.heading),
            _ => (heading(texts, at), &theme.figure_heading),
        };
        sheet.write_string_with_format(row, at, heading, format)?;
    }
    sheet.set_row_height(row, 34)?;
    Ok(())
}

/// Returns the sheet, or `None` if there are fewer than two clients or no client has points.
pub fn write(
    book: &mut WorkbookBuilder,
    summary: &PortfolioSummary,
    names: &[String],
) -> Result<Option<Worksheet>, XlsxError> {
    if names.len() < 2 {
        return Ok(None);
    }
    if summary.values.iter().all(|values| values.points.is_empty()) {
        return Ok(None);
    }
    let (theme, texts) = (book.theme.clone(), book.texts.clone());
    let mut sheet = book.in_memory_sheet(&texts.sheets.compare)?;
    let notes = &texts.notes;
    title(&mut sheet, &theme, &notes.compare_title, &notes.compare)?;
    for (at, width) in (0..).zip(WIDTHS) {
        sheet.set_column_width(at, width)?;
    }
    write_choice(&mut sheet, (&theme, &texts), summary, &names[0])?;
    // If several clients have the same name, the formulas find the last one.
    let found = names.iter().rposition(|name| *name == names[0]);
    let found = found.unwrap_or_default();
    let client = &summary.clients[summary.order[found]];
    // The tables are below the charts. The charts are added last, when the ranges of the tables are known.
    let radars = summary
        .plain
        .iter()
        .filter(|score| clients::dimensions(score) > 0)
        .count() as u32;
    let mut row = CHARTS + radars.div_ceil(2) * CHART_ROWS;
    let mut charts = Vec::new();
    for ((index, score), values) in summary.plain.iter().enumerate().zip(&summary.values) {
        let own = &client.scores[index];
        let heading_row = row;
        write_headings(&mut sheet, (&theme, &texts), row, &score.label)?;
        row += 1;
        let rows = scores::rows(summary);
        let range = |column: u16| range_of(&summary.sheets[index], column, rows);
        let place = position_formula(&range(scores::CLIENT), rows);
        if index == 0 {
            // Clients with equal points share a rank.
            let (all, own_cell) = (range(scores::POINTS), cell(row, 1));
            let place = format!(
                "=IF(ISNUMBER({own_cell}),SUMPRODUCT(ISNUMBER({all})*({all}>{own_cell}))+1,\"\")"
            );
            let better = |own: f64| values.points.iter().filter(|other| **other > own).count();
            let place_now = own.points.map(|own| better(own) as f64 + 1.0);
            write_formula(&mut sheet, RANK_CELL, &place, place_now, theme.number(0))?;
        }
        let figures = scores::columns_of(&texts, score);
        let results =
            std::iter::once(own.points).chain(own.dimensions.iter().map(|(_, mean)| *mean));
        let columns = std::iter::once(&values.points).chain(&values.dimensions);
        for (((label, column), result), values) in figures.zip(results).zip(columns) {
            write_figure(
                &mut sheet,
                &theme,
                (row, &label),
                (&range(column), &place),
                result,
                values,
            )?;
            row += 1;
        }
        let spokes = (heading_row + 2, row - 1);
        if clients::dimensions(score) > 0 {
            charts.push(chart((&theme, &texts), score, spokes, &names[0], values));
        }
        row += 1;
    }
    charts::place_all(&mut sheet, charts, CHARTS, 2)?;
    sheet.set_print_fit_to_pages(1, 1);
    Ok(Some(sheet))
}

/// Returns a formula for the position of the chosen client among the names in these rows, from 1, or 0 if it is
/// missing. Each sheet needs its own formula, because readers can sort sheets separately. A lookup function would treat
/// `*` and `?` in a name as wildcards.
fn position_formula(names: &str, (first, _): (u32, u32)) -> String {
    let chosen = cell(CHOSEN.0, CHOSEN.1);
    format!("SUMPRODUCT(MAX(EXACT({names},{chosen})*(ROW({names})-{first})))")
}

/// Writes a row: the value of the chosen client, the quartiles of all clients, and the difference from the median.
fn write_figure(
    sheet: &mut Worksheet,
    theme: &Theme,
    (row, label): (u32, &str),
    (range, place): (&str, &str),
    result: Option<f64>,
    values: &[f64],
) -> Result<(), XlsxError> {
    sheet.write_string_with_format(row, 0, label, &theme.text)?;
    let found = format!("INDEX({range},{place})");
    let own = format!("=IF({place}>0,IF(ISNUMBER({found}),{found},\"\"),\"\")");
    write_formula(sheet, (row, 1), &own, result, theme.number(1))?;
    let quartiles = [
        (2, Statistic::FirstQuartile, format!("QUARTILE({range},1)")),
        (3, Statistic::Median, format!("MEDIAN({range})")),
        (4, Statistic::ThirdQuartile, format!("QUARTILE({range},3)")),
    ];
    for (column, statistic, function) in quartiles {
        let formula = format!("=IFERROR({function},\"\")");
        let result = statistic.of(values);
        write_formula(sheet, (row, column), &formula, result, theme.number(1))?;
    }
    let (own, median) = (cell(row, 1), cell(row, 3));
    let gap = difference(&own, &median);
    let apart = result.zip(Statistic::Median.of(values));
    let apart = apart.map(|(own, median)| own - median);
    write_formula(sheet, (row, 5), &gap, apart, &theme.signed[1])
}

/// Returns a chart of the client's dimensions and the quartiles: a radar, or columns if there are too few dimensions.
fn chart(
    (theme, texts): (&Theme, &PortfolioTexts),
    score: &ScoreSummary,
    (first, last): (u32, u32),
    client: &str,
    values: &Values,
) -> SizedChart {
    let (sheet, words) = (texts.sheets.compare.as_str(), &texts.charts);
    let radar = clients::dimensions(score) >= MIN_RADAR_DIMENSIONS;
    let kind = match radar {
        true => ChartType::Radar,
        false => ChartType::Column,
    };
    let mut chart = Chart::new(kind);
    use ChartLineDashType::{Dash, RoundDot, Solid};
    let columns = [
        (1, Color::Accent, 2.5, Solid),
        (3, Color::Primary, 1.75, Solid),
        (2, Color::Quiet, 1.0, RoundDot),
        (4, Color::Quiet, 1.0, Dash),
    ];
    for (column, color, width, dash) in columns {
        let color = theme.color(color);
        let mut line = ChartLine::new();
        line.set_color(color).set_width(width).set_dash_type(dash);
        let mut format = ChartFormat::new();
        if radar {
            format.set_line(&line);
        } else {
            format.set_solid_fill(ChartSolidFill::new().set_color(color));
        }
        let series = chart.add_series();
        series
            .set_categories((sheet, first, 0, last, 0))
            .set_values((sheet, first, column, last, column))
            .set_format(&mut format);
        // The name of the client's series is a reference to the chosen name.
        match column {
            1 => series.set_name((sheet, CHOSEN.0, CHOSEN.1)),
            _ => series.set_name(charts::literal(heading(texts, column)).as_str()),
        };
    }
    let medians: Vec<String> = score
        .subjects
        .iter()
        .flat_map(|model| &model.dimensions)
        .zip(&values.dimensions)
        .filter_map(|(dimension, values)| {
            let median = Statistic::Median.of(values)?;
            Some(format!("{} {median:.1}", dimension.label))
        })
        .collect();
    let alternative = fill(
        &words.means_described,
        &[
            ("score", &score.label),
            ("name", client),
            ("medians", &medians.join("; ")),
        ],
    );
    charts::style_chart(
        &mut chart,
        &fill(&words.means, &[("score", &score.label)]),
        &charts::short(&alternative),
    );
    charts::values(
        chart.y_axis(),
        if radar { "" } else { &words.means_unit },
        "0",
    )
    .set_min(0)
    .set_max(FULL_POINTS);
    SizedChart::new(chart, CHART_HEIGHT)
}
