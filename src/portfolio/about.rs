//! The sheet About: contents, method, versions, inputs, and files that were not processed.

use rust_xlsxwriter::{Url, Worksheet, XlsxError};

use super::builder::{WorkbookBuilder, title};
use super::cell::Cell;
use super::summary::PortfolioSummary;
use super::table::{TableWriter, column, row_height};
use super::theme::Theme;
use super::{About, client};
use crate::excel::quoted;
use crate::record::{Record, ScoreSummary};
use crate::text::{cell_lines, for_cell};

/// Name of the sheet.
pub const SHEET: &str = "About";
/// Widths of the columns. Notes span the last three.
const WIDTHS: [f64; 4] = [34.0, 40.0, 70.0, 24.0];

pub struct Sheet {
    sheet: Worksheet,
    inputs: TableWriter,
}

impl Sheet {
    /// Begins the sheet. `contents` contains the name and description of each sheet of the workbook.
    pub fn begin(
        book: &mut WorkbookBuilder,
        summary: &PortfolioSummary,
        about: &About,
        contents: &[(String, String)],
    ) -> Result<Self, XlsxError> {
        let mut sheet = book.sheet(SHEET)?;
        let theme = book.theme.clone();
        let note = format!(
            "Created by partnerbook {} on {} from the questionnaire {}",
            about.tool_version, about.made, about.questionnaire
        );
        title(&mut sheet, &theme, "About this workbook", &note)?;
        let mut row = 3;
        sheet.write_string_with_format(row, 0, "Sheets", &theme.label)?;
        for (name, holds) in contents.iter().filter(|(name, _)| book.has(name)) {
            let link = format!("internal:{}!A1", quoted(name));
            let link = Url::new(link).set_text(for_cell(name));
            row += 1;
            sheet
                .write_url_with_format(row, 0, link, &theme.link)?
                .write_string(row, 1, for_cell(holds))?;
        }
        row += 2;
        sheet.write_string_with_format(row, 0, "Method", &theme.label)?;
        for note in &about.method {
            row += 1;
            write_note(&mut sheet, &theme, row, note)?;
        }
        row = write_weights(&mut sheet, &theme, summary, row + 2)?;
        let lists = [
            ("Not processed", &about.failures),
            ("Workbooks of the same client", &about.repeated),
        ];
        for (heading, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
            row += 1;
            sheet.write_string_with_format(row, 0, heading, &theme.label)?;
            for (name, text) in list {
                row += 1;
                write_note(&mut sheet, &theme, row, text)?;
                sheet.write_string_with_format(row, 0, for_cell(name), &theme.wrap)?;
            }
            row += 1;
        }
        row += 1;
        sheet.write_string_with_format(row, 0, "Inputs", &theme.label)?;
        let columns = [
            column("Client", WIDTHS[0]),
            column("File", WIDTHS[1]),
            column("SHA-256", WIDTHS[2]),
            column("Questionnaire version", WIDTHS[3]),
        ];
        let count = summary.clients.len();
        let inputs = TableWriter::begin(&mut sheet, &theme, "Inputs", row + 1, &columns, count)?;
        Ok(Self { sheet, inputs })
    }

    pub fn client(&mut self, record: &Record) -> Result<(), XlsxError> {
        let questionnaire = &record.questionnaire;
        let row = [
            Cell::text(client(record)),
            Cell::text(&record.source.file),
            Cell::text(&record.source.sha256),
            Cell::text(format!("{} {}", questionnaire.id, questionnaire.version)),
        ];
        self.inputs.row(&mut self.sheet, &row)
    }

    pub fn end(self) -> Worksheet {
        self.sheet
    }
}

/// Writes a note across three columns and sets the row height to fit.
fn write_note(sheet: &mut Worksheet, theme: &Theme, row: u32, note: &str) -> Result<(), XlsxError> {
    let width: f64 = WIDTHS[1..].iter().sum();
    sheet
        .merge_range(row, 1, row, 3, &for_cell(note), &theme.wrap)?
        .set_row_height(row, row_height(cell_lines(note, width)))?;
    Ok(())
}

/// Writes the dimensions of every score with their weights. Returns the row below them.
fn write_weights(
    sheet: &mut Worksheet,
    theme: &Theme,
    summary: &PortfolioSummary,
    mut row: u32,
) -> Result<u32, XlsxError> {
    sheet
        .write_string_with_format(row, 0, "Scores", &theme.label)?
        .write_string_with_format(row, 1, "Dimension", &theme.label)?
        .write_string_with_format(row, 2, "Weight in percent, and ratings", &theme.label)?;
    for score in summary.plain.iter().chain(&summary.ranked) {
        row += 1;
        let name = format!("{}, of {}", score.label, score.out_of);
        sheet.write_string_with_format(row, 0, for_cell(&name), &theme.text)?;
        for (index, (label, weight)) in groups(score).enumerate() {
            if index > 0 {
                row += 1;
            }
            let ratings = score
                .ratings
                .iter()
                .filter(|rating| rating.dimension == index);
            let inverted = ratings.clone().filter(|rating| rating.inverted).count();
            let inverted = match inverted {
                0 => String::new(),
                count => format!(", {count} of them reverse-scored"),
            };
            // At most 2 decimals and no trailing zeros: a third is 33.33.
            let weight = (weight * 100.0).round() / 100.0;
            let text = format!("{weight} %, {} ratings{inverted}", ratings.count());
            sheet
                .write_string_with_format(row, 1, for_cell(label), &theme.text)?
                .write_string_with_format(row, 2, text, &theme.text)?;
        }
        let bands: Vec<String> = score
            .bands
            .iter()
            .map(|band| format!("{} from {}", band.label, band.from))
            .collect();
        if !bands.is_empty() {
            row += 1;
            sheet
                .write_string_with_format(row, 1, "Bands", &theme.text)?
                .write_string_with_format(row, 2, for_cell(&bands.join(", ")), &theme.text)?;
        }
    }
    Ok(row + 1)
}

fn groups(score: &ScoreSummary) -> impl Iterator<Item = (&str, f64)> {
    let dimensions = score
        .subjects
        .iter()
        .take(1)
        .flat_map(|model| &model.dimensions);
    dimensions.map(|dimension| (dimension.label.as_str(), dimension.weight))
}
