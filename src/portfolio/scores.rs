//! A heat map for each score of the clients: clients by groups, with quartiles.

use rust_xlsxwriter::{
    ConditionalFormat3ColorScale, ConditionalFormatType, Format, Formula, Workbook, XlsxError,
};

use super::client;
use super::grid::{Cell, NAVY, SheetNames, column, table, title};
use crate::answers::column_letters;
use crate::plan::Plan;

const TOP: u32 = 10;
const QUARTILES: [&str; 5] = [
    "Lowest",
    "First quartile",
    "Median",
    "Third quartile",
    "Highest",
];

pub fn write(book: &mut Workbook, names: &mut SheetNames, plans: &[Plan]) -> Result<(), XlsxError> {
    let Some(first_plan) = plans.first() else {
        return Ok(());
    };
    for score in first_plan.scores.iter().filter(|score| !score.ranked) {
        let Some(model) = score.subjects.first() else {
            continue;
        };
        let (sheet, _) = super::grid::sheet(book, names, &score.label)?;
        title(
            sheet,
            &score.label,
            "Means of the groups out of 10, points and completeness; quartiles are live.",
        )?;
        let mut columns = vec![column("Client", 34.0)];
        columns.extend(model.parts.iter().map(|part| column(&part.label, 15.0)));
        columns.extend([
            column(format!("Points of {}", score.out_of), 12.0),
            column("Band", 16.0),
            column("Ratings given", 12.0),
            column("Ratings asked", 12.0),
        ]);
        let mut means: Vec<Vec<f64>> = vec![Vec::new(); model.parts.len() + 1];
        let mut rows = Vec::new();
        for plan in plans {
            let Some(subject) = plan
                .scores
                .iter()
                .find(|own| own.id == score.id)
                .and_then(|own| own.subjects.first())
            else {
                continue;
            };
            let mut cells = vec![Cell::text(client(plan))];
            for (i, part) in subject.parts.iter().enumerate() {
                means[i].extend(part.mean);
                cells.push(Cell::Number(part.mean, 1));
            }
            means[subject.parts.len()].extend(subject.points);
            cells.push(Cell::Number(subject.points, 1));
            cells.push(
                subject
                    .band
                    .clone()
                    .map_or(Cell::Empty, |(band, tone)| Cell::Toned(band, tone)),
            );
            cells.extend([
                Cell::count(subject.completeness.0),
                Cell::count(subject.completeness.1),
            ]);
            rows.push(cells);
        }
        let Some((first, last)) =
            table(sheet, &format!("Score_{}", score.id), TOP, &columns, &rows)?
        else {
            continue;
        };
        let bold = Format::new().set_bold().set_font_color(NAVY);
        let number = Format::new().set_num_format("0.0");
        for (quartile, label) in QUARTILES.iter().enumerate() {
            let row = 3 + quartile as u32;
            sheet.write_string_with_format(row, 0, *label, &bold)?;
            for (i, values) in means.iter_mut().enumerate() {
                if values.is_empty() {
                    continue;
                }
                values.sort_by(f64::total_cmp);
                let letters = column_letters(i as u32 + 1);
                let formula = format!(
                    "=QUARTILE({letters}{}:{letters}{},{quartile})",
                    first + 1,
                    last + 1
                );
                sheet.write_formula_with_format(
                    row,
                    i as u16 + 1,
                    Formula::new(formula).set_result(at_quartile(values, quartile).to_string()),
                    &number,
                )?;
            }
        }
        let scale = ConditionalFormat3ColorScale::new()
            .set_minimum(ConditionalFormatType::Number, 0)
            .set_midpoint(ConditionalFormatType::Number, 5)
            .set_maximum(ConditionalFormatType::Number, 10)
            .set_minimum_color("E8A49B")
            .set_midpoint_color("FBEBD0")
            .set_maximum_color("8FC7BE");
        sheet.add_conditional_format(first, 1, last, model.parts.len() as u16, &scale)?;
        sheet.set_freeze_panes(TOP + 1, 1)?;
    }
    Ok(())
}

/// A quartile of sorted values as Excel works it out: between neighbours along a straight line.
fn at_quartile(sorted: &[f64], quartile: usize) -> f64 {
    let place = (sorted.len() - 1) as f64 * quartile as f64 / 4.0;
    let (low, high) = (place.floor() as usize, place.ceil() as usize);
    sorted[low] + (sorted[high] - sorted[low]) * (place - place.floor())
}
