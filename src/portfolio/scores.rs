//! A heat map for each score of the clients: clients by groups, with quartiles.

use rust_xlsxwriter::{
    ConditionalFormat3ColorScale, ConditionalFormatType, Format, Formula, Worksheet, XlsxError,
};

use super::client;
use super::digest::{Digest, Means};
use super::grid::{Book, Cell, NAVY, TableWriter, column, title};
use crate::answers::column_letters;
use crate::plan::{Record, ScoreSummary, SubjectSummary};

const TOP: u32 = 10;
const QUARTILES: [&str; 5] = [
    "Lowest",
    "First quartile",
    "Median",
    "Third quartile",
    "Highest",
];

/// The sheets, each with the id of its score.
pub struct Scores(Vec<(String, Worksheet, TableWriter)>);

impl Scores {
    pub fn begin(book: &mut Book, digest: &Digest) -> Result<Self, XlsxError> {
        let mut scores = Vec::new();
        for (score, means) in digest.plain.iter().zip(&digest.means) {
            if let Some(model) = score.subjects.first() {
                let (sheet, table) = begin_score(book, score, model, means)?;
                scores.push((score.id.clone(), sheet, table));
            }
        }
        Ok(Self(scores))
    }

    pub fn client(&mut self, record: &Record) -> Result<(), XlsxError> {
        for (id, sheet, table) in &mut self.0 {
            let own = record.scores.iter().find(|own| own.id == *id);
            let Some(subject) = own.and_then(|own| own.subjects.first()) else {
                continue;
            };
            let mut cells = vec![Cell::text(client(record))];
            cells.extend(subject.parts.iter().map(|part| Cell::Number(part.mean, 1)));
            cells.push(Cell::Number(subject.points, 1));
            cells.push(Cell::band(subject.band.as_ref()));
            cells.extend([
                Cell::count(subject.completeness.0),
                Cell::count(subject.completeness.1),
            ]);
            table.row(sheet, &cells)?;
        }
        Ok(())
    }

    pub fn end(self) -> impl Iterator<Item = Worksheet> {
        self.0.into_iter().map(|(_, sheet, _)| sheet)
    }
}

fn begin_score(
    book: &mut Book,
    score: &ScoreSummary,
    model: &SubjectSummary,
    means: &Means,
) -> Result<(Worksheet, TableWriter), XlsxError> {
    let mut sheet = book.sheet(&score.label)?;
    title(
        &mut sheet,
        &score.label,
        "Means of the groups out of 10, points and completeness; quartiles are live.",
    )?;
    let (first, last) = (TOP + 1, TOP + means.clients as u32);
    let bold = Format::new().set_bold().set_font_color(NAVY);
    let number = Format::new().set_num_format("0.0");
    for (quartile, label) in QUARTILES.iter().enumerate() {
        let row = 3 + quartile as u32;
        if means.clients > 0 {
            sheet.write_string_with_format(row, 0, *label, &bold)?;
        }
        for (i, values) in means.columns.iter().enumerate() {
            if values.is_empty() {
                continue;
            }
            let letters = column_letters(i as u32 + 1);
            let formula = format!(
                "=QUARTILE({letters}{}:{letters}{},{quartile})",
                first + 1,
                last + 1
            );
            let result = at_quartile(values, quartile).to_string();
            let formula = Formula::new(formula).set_result(result);
            sheet.write_formula_with_format(row, i as u16 + 1, formula, &number)?;
        }
    }
    let mut columns = vec![column("Client", 34.0)];
    columns.extend(model.parts.iter().map(|part| column(&part.label, 15.0)));
    columns.extend([
        column(format!("Points of {}", score.out_of), 12.0),
        column("Band", 16.0),
        column("Ratings given", 12.0),
        column("Ratings asked", 12.0),
    ]);
    let name = format!("Score_{}", score.id);
    let table = TableWriter::begin(&mut sheet, &name, TOP, &columns, means.clients)?;
    if means.clients > 0 {
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
    Ok((sheet, table))
}

/// A quartile of sorted values as Excel works it out: between neighbours along a straight line.
fn at_quartile(sorted: &[f64], quartile: usize) -> f64 {
    let place = (sorted.len() - 1) as f64 * quartile as f64 / 4.0;
    let (low, high) = (place.floor() as usize, place.ceil() as usize);
    sorted[low] + (sorted[high] - sorted[low]) * (place - place.floor())
}
