//! A sheet for each ranked score: every client's candidates, and the parts of the best.

use rust_xlsxwriter::{Chart, ChartFormat, ChartSolidFill, ChartType, Workbook, XlsxError};

use super::charts::{self, PARTS};
use super::client;
use super::grid::{Cell, SheetNames, column, table, title};
use crate::plan::Plan;

/// Row of the headings, below the chart.
const TOP: u32 = 24;
/// Best candidates on the chart.
const ON_CHART: usize = 12;

pub fn write(book: &mut Workbook, names: &mut SheetNames, plans: &[Plan]) -> Result<(), XlsxError> {
    let Some(first_plan) = plans.first() else {
        return Ok(());
    };
    for score in first_plan.scores.iter().filter(|score| score.ranked) {
        // The parts are the same for all; a client without candidates has none to show them.
        let parts: Vec<String> = plans
            .iter()
            .flat_map(|plan| &plan.scores)
            .filter(|own| own.id == score.id)
            .find_map(|own| own.subjects.first())
            .map(|subject| {
                subject
                    .parts
                    .iter()
                    .map(|part| part.label.clone())
                    .collect()
            })
            .unwrap_or_default();
        let (sheet, name) = super::grid::sheet(book, names, &score.label)?;
        title(
            sheet,
            &score.label,
            "Every candidate, best first; equal points share a rank.",
        )?;
        let mut columns = vec![
            column("Client and candidate", 44.0),
            column("Client", 30.0),
            column("Rank", 8.0),
            column("Tied", 8.0),
            column("Candidate", 30.0),
            column("Kind", 16.0),
            column(format!("Points of {}", score.out_of), 12.0),
        ];
        columns.extend(
            parts
                .iter()
                .map(|part| column(format!("{part}: points"), 14.0)),
        );
        columns.push(column("Ratings given", 10.0));
        let mut best = Vec::new();
        let mut others = Vec::new();
        for plan in plans {
            for subject in plan
                .scores
                .iter()
                .filter(|own| own.id == score.id)
                .flat_map(|own| &own.subjects)
            {
                let mut cells = vec![
                    Cell::text(format!("{}: {}", client(plan), subject.name)),
                    Cell::text(client(plan)),
                    Cell::Number(subject.rank.map(f64::from), 0),
                    Cell::text(if subject.tied { "tied" } else { "" }),
                    Cell::text(&subject.name),
                    Cell::optional(subject.kind.as_deref()),
                    Cell::Number(subject.points, 2),
                ];
                cells.extend(
                    subject
                        .parts
                        .iter()
                        .map(|part| Cell::Number(part.points, 2)),
                );
                cells.push(Cell::text(format!(
                    "{} of {}",
                    subject.completeness.0, subject.completeness.1
                )));
                if subject.rank == Some(1) {
                    best.push((subject.points, cells))
                } else {
                    others.push(cells)
                }
            }
        }
        // The best of each client first: the chart is drawn from them.
        best.sort_by(|a, b| b.0.unwrap_or_default().total_cmp(&a.0.unwrap_or_default()));
        let on_chart = best.len().min(ON_CHART);
        let rows: Vec<Vec<Cell>> = best
            .into_iter()
            .map(|(_, cells)| cells)
            .chain(others)
            .collect();
        let Some((first, _)) = table(
            sheet,
            &format!("Ranking_{}", score.id),
            TOP,
            &columns,
            &rows,
        )?
        else {
            continue;
        };
        if on_chart > 0 {
            let mut chart = Chart::new(ChartType::BarStacked);
            let last = first + on_chart as u32 - 1;
            for (i, part) in parts.iter().enumerate() {
                let at = 7 + i as u16;
                chart
                    .add_series()
                    .set_name(part.as_str())
                    .set_categories((name.as_str(), first, 0, last, 0))
                    .set_values((name.as_str(), first, at, last, at))
                    .set_gap(40)
                    .set_overlap(100)
                    .set_format(
                        ChartFormat::new().set_solid_fill(
                            ChartSolidFill::new().set_color(PARTS[i % PARTS.len()]),
                        ),
                    );
            }
            charts::dress(
                &mut chart,
                true,
                &format!("{}: the best of each client", score.label),
                "0",
            );
            chart.set_width(900).set_height(390);
            charts::place(sheet, Some(chart), 3, 0, 0)?;
        }
    }
    Ok(())
}
