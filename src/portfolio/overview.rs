//! The first sheet: charts over all clients, and a row a client.

use rust_xlsxwriter::{
    ChartType, ConditionalFormatDataBar, ConditionalFormatText, ConditionalFormatTextRule,
    ConditionalFormatType, Format, Formula, Workbook, Worksheet, XlsxError,
};

use super::charts::{self, plain_scores, share};
use super::grid::{Cell, Column, NAVY, SheetNames, TEAL, column, table, title, toned};
use super::{About, client};
use crate::answers::column_letters;
use crate::plan::Plan;
use crate::programme::Tone;

/// First row of the charts, rows that a row of charts takes, and the first row of the table.
const CHARTS: u32 = 9;
const CHART_ROWS: u32 = 16;
const TABLE: u32 = CHARTS + 3 * CHART_ROWS + 1;
/// Column of the bands that the histogram is drawn from, right of the charts.
const BANDS: u16 = 10;

pub fn write(
    book: &mut Workbook,
    names: &mut SheetNames,
    plans: &[Plan],
    about: &About,
) -> Result<(), XlsxError> {
    let (sheet, name) = super::grid::sheet(book, names, "Portfolio")?;
    title(
        sheet,
        &format!("{}: portfolio", about.title),
        &format!("{} clients, made {}", plans.len(), about.made),
    )?;
    let columns = columns(plans);
    let rows: Vec<Vec<Cell>> = plans
        .iter()
        .enumerate()
        .map(|(i, plan)| {
            row(
                plans,
                plan,
                about.links_to_plans.get(i).and_then(Option::as_deref),
            )
        })
        .collect();
    let data = table(sheet, "Portfolio", TABLE, &columns, &rows)?;
    if let Some((first, last)) = data {
        write_summary(sheet, plans, &columns, (first, last))?;
        write_formats(sheet, plans, &columns, (first, last))?;
        write_charts(sheet, &name, plans, &columns, (first, last))?;
    }
    Ok(())
}

fn columns(plans: &[Plan]) -> Vec<Column> {
    let mut columns = vec![
        column("Client", 34.0),
        column("Industry", 26.0),
        column("Complete", 11.0),
    ];
    for score in plain_scores(plans) {
        columns.push(column(
            format!("{} (of {})", score.label, score.out_of),
            14.0,
        ));
        columns.push(column(format!("{}: band", score.label), 15.0));
    }
    for score in ranked(plans) {
        columns.push(column(format!("{}: best", score), 26.0));
        columns.push(column(format!("{}: points", score), 12.0));
    }
    columns.extend([
        column("Primary partnership", 26.0),
        column("ROI (to one)", 10.0),
        column("Payback (months)", 11.0),
        column("Errors", 9.0),
        column("Warnings", 10.0),
        column("Start", 12.0),
        column("End", 12.0),
        column("Urgent", 9.0),
        column("Plan", 30.0),
        column("Workbook", 30.0),
    ]);
    columns
}

fn ranked(plans: &[Plan]) -> Vec<String> {
    plans
        .first()
        .map(|plan| {
            plan.scores
                .iter()
                .filter(|score| score.ranked)
                .map(|score| score.label.clone())
                .collect()
        })
        .unwrap_or_default()
}

fn row(plans: &[Plan], plan: &Plan, pdf: Option<&str>) -> Vec<Cell> {
    let mut cells = vec![
        Cell::text(client(plan)),
        Cell::optional(plan.client.industry.as_deref()),
        Cell::Percent(share(plan.completeness)),
    ];
    for score in plain_scores(plans) {
        let subject = plan
            .scores
            .iter()
            .find(|own| own.id == score.id)
            .and_then(|score| score.subjects.first());
        cells.push(Cell::Number(subject.and_then(|subject| subject.points), 1));
        cells.push(
            subject
                .and_then(|subject| subject.band.clone())
                .map_or(Cell::Empty, |(band, tone)| Cell::Toned(band, tone)),
        );
    }
    for score in plan.scores.iter().filter(|score| score.ranked) {
        let best = score
            .subjects
            .first()
            .filter(|subject| subject.rank == Some(1));
        cells.push(Cell::optional(best.map(|best| best.name.as_str())));
        cells.push(Cell::Number(best.and_then(|best| best.points), 1));
    }
    let urgent = plan
        .roadmap
        .activities
        .iter()
        .filter(|activity| activity.urgency == Tone::Bad)
        .count();
    cells.extend([
        Cell::optional(plan.primary.as_deref()),
        Cell::Number(plan.finance.roi, 2),
        Cell::Number(plan.finance.payback_months, 1),
        Cell::count(plan.counts.errors),
        Cell::count(plan.counts.warnings),
        Cell::Date(plan.roadmap.start),
        Cell::Date(plan.roadmap.end),
        Cell::count(urgent),
        pdf.map_or(Cell::Empty, |pdf| {
            Cell::Link(
                format!("file:///{pdf}"),
                pdf.rsplit('/').next().unwrap_or(pdf).to_owned(),
            )
        }),
        Cell::text(&plan.source.file),
    ]);
    cells
}

/// Live mean and median above the charts, for the columns that have numbers.
fn write_summary(
    sheet: &mut Worksheet,
    plans: &[Plan],
    columns: &[Column],
    (first, last): (u32, u32),
) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold().set_font_color(NAVY);
    let headings = [
        "Over all clients",
        "Clients with a figure",
        "Mean",
        "Median",
    ];
    for (i, heading) in headings.iter().enumerate() {
        sheet.write_string_with_format(3, i as u16, *heading, &bold)?;
    }
    let mut row = 4;
    for (index, column) in columns.iter().enumerate() {
        let Some(mut values) = numbers(plans, columns, index).filter(|values| !values.is_empty())
        else {
            continue;
        };
        if row >= CHARTS {
            break;
        }
        values.sort_by(f64::total_cmp);
        let letters = column_letters(index as u32);
        let range = format!("{letters}{}:{letters}{}", first + 1, last + 1);
        let format = Format::new().set_num_format("#,##0.0");
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let middle = values.len() / 2;
        let median = if values.len() % 2 == 1 {
            values[middle]
        } else {
            (values[middle - 1] + values[middle]) / 2.0
        };
        sheet.write_string(row, 0, &column.heading)?;
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
        row += 1;
    }
    Ok(())
}

/// The numbers of a column that is worth a mean: scores, ROI and payback.
fn numbers(plans: &[Plan], columns: &[Column], index: usize) -> Option<Vec<f64>> {
    let heading = columns[index].heading.as_str();
    let wanted = heading == "ROI (to one)"
        || heading == "Payback (months)"
        || plain_scores(plans)
            .iter()
            .any(|score| heading == format!("{} (of {})", score.label, score.out_of));
    wanted.then(|| {
        plans
            .iter()
            .filter_map(|plan| match row(plans, plan, None).get(index) {
                Some(Cell::Number(number, _)) => *number,
                _ => None,
            })
            .collect()
    })
}

fn write_formats(
    sheet: &mut Worksheet,
    plans: &[Plan],
    columns: &[Column],
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
    for (i, score) in plain_scores(plans).iter().enumerate() {
        let at = 3 + 2 * i as u16;
        sheet.add_conditional_format(first, at, last, at, &bar(score.out_of))?;
        // Bands keep their colours when somebody sorts or types over them.
        let mut seen: Vec<(String, Tone)> = Vec::new();
        for band in plans
            .iter()
            .flat_map(|plan| &plan.scores)
            .filter(|own| own.id == score.id)
            .filter_map(|own| own.subjects.first()?.band.clone())
        {
            if !seen.contains(&band) {
                seen.push(band);
            }
        }
        for (label, tone) in seen {
            let rule = ConditionalFormatText::new()
                .set_rule(ConditionalFormatTextRule::BeginsWith(label))
                .set_format(toned(tone));
            sheet.add_conditional_format(first, at + 1, last, at + 1, &rule)?;
        }
    }
    if let Some(at) = columns.iter().position(|column| column.heading == "Errors") {
        let rule = rust_xlsxwriter::ConditionalFormatCell::new()
            .set_rule(rust_xlsxwriter::ConditionalFormatCellRule::GreaterThan(0))
            .set_format(toned(Tone::Bad));
        sheet.add_conditional_format(first, at as u16, last, at as u16, &rule)?;
    }
    Ok(())
}

fn write_charts(
    sheet: &mut Worksheet,
    name: &str,
    plans: &[Plan],
    columns: &[Column],
    (first, last): (u32, u32),
) -> Result<(), XlsxError> {
    let blocks = charts::blocks(plans);
    let find = |title: &str| blocks.iter().find(|block| block.title == title);
    let mut made = Vec::new();
    for score in plain_scores(plans) {
        made.push(
            find(&score.label)
                .and_then(|block| charts::over(block, ChartType::Bar, &[TEAL], "0.0")),
        );
    }
    made.push(
        find("Return on investment")
            .and_then(|block| charts::over(block, ChartType::Column, &[NAVY], "0.0")),
    );
    made.push(write_bands(sheet, name, plans, columns, (first, last))?);
    made.push(
        blocks
            .last()
            .filter(|block| block.headings.len() == 3)
            .and_then(charts::scatter),
    );
    made.push(
        find("Completeness").and_then(|block| charts::over(block, ChartType::Bar, &[NAVY], "0%")),
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
    name: &str,
    plans: &[Plan],
    columns: &[Column],
    (first, last): (u32, u32),
) -> Result<Option<rust_xlsxwriter::Chart>, XlsxError> {
    let Some(score) = plain_scores(plans).first().copied() else {
        return Ok(None);
    };
    let heading = format!("{}: band", score.label);
    let Some(at) = columns.iter().position(|column| column.heading == heading) else {
        return Ok(None);
    };
    let mut bands: Vec<(String, f64, usize)> = Vec::new();
    for subject in plans
        .iter()
        .flat_map(|plan| &plan.scores)
        .filter(|own| own.id == score.id)
        .filter_map(|own| own.subjects.first())
    {
        let (Some((label, _)), Some(points)) = (&subject.band, subject.points) else {
            continue;
        };
        match bands.iter_mut().find(|band| band.0 == *label) {
            Some(band) => (band.1, band.2) = (band.1.min(points), band.2 + 1),
            None => bands.push((label.clone(), points, 1)),
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
        sheet.write_string(row, BANDS, label)?;
        let letters = column_letters(u32::from(BANDS));
        let formula = format!(
            "=COUNTIF({},{letters}{})",
            charts::range(name, at as u16, first, last),
            row + 1
        );
        sheet.write_formula(
            row,
            BANDS + 1,
            Formula::new(formula).set_result(count.to_string()),
        )?;
    }
    Ok(Some(charts::histogram(
        name,
        CHARTS,
        CHARTS + bands.len() as u32 - 1,
        BANDS,
        &format!("{}: clients by band", score.label),
    )))
}
