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
use crate::text::{cell_lines, fill, for_cell};

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
        let (theme, texts) = (book.theme.clone(), book.texts.clone());
        let mut sheet = book.sheet(&texts.sheets.about)?;
        let words = &texts.about;
        let note = fill(
            &words.created,
            &[
                ("version", &about.tool_version),
                ("date", &about.made.to_string()),
                ("questionnaire", &about.questionnaire),
            ],
        );
        title(&mut sheet, &theme, &words.title, &note)?;
        let mut row = 3;
        sheet.write_string_with_format(row, 0, &words.sheets, &theme.label)?;
        for (name, holds) in contents.iter().filter(|(name, _)| book.has(name)) {
            let link = format!("internal:{}!A1", quoted(name));
            let link = Url::new(link).set_text(for_cell(name));
            row += 1;
            write_note(&mut sheet, &theme, row, holds)?;
            sheet.write_url_with_format(row, 0, link, &theme.link)?;
        }
        row += 2;
        sheet.write_string_with_format(row, 0, &words.method, &theme.label)?;
        for note in &about.method {
            row += 1;
            write_note(&mut sheet, &theme, row, note)?;
        }
        row = write_weights(&mut sheet, &theme, summary, row + 2)?;
        let lists = [
            (&words.failures, &about.failures),
            (&words.repeated, &about.repeated),
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
        sheet.write_string_with_format(row, 0, &words.inputs, &theme.label)?;
        let columns = [
            column(&texts.columns.client, WIDTHS[0]),
            column(&texts.columns.file, WIDTHS[1]),
            column("SHA-256", WIDTHS[2]),
            column(&texts.columns.version, WIDTHS[3]),
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
    let words = &summary.texts.about;
    sheet
        .write_string_with_format(row, 0, &words.scores, &theme.label)?
        .write_string_with_format(row, 1, &words.dimension, &theme.label)?
        .write_string_with_format(row, 2, &words.weights, &theme.label)?;
    for score in summary.plain.iter().chain(&summary.ranked) {
        row += 1;
        let values = [
            ("score", score.label.as_str()),
            ("out_of", &score.out_of.to_string()),
        ];
        let name = fill(&words.score, &values);
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
            // At most 2 decimals and no trailing zeros: a third is 33.33.
            let weight = (weight * 100.0).round() / 100.0;
            let text = match inverted {
                0 => &words.weight,
                _ => &words.weight_reversed,
            };
            let values = [
                weight.to_string(),
                ratings.count().to_string(),
                inverted.to_string(),
            ];
            let names = ["weight", "count", "reversed"];
            let values: Vec<(&str, &str)> = names
                .into_iter()
                .zip(values.iter().map(String::as_str))
                .collect();
            let text = fill(text, &values);
            sheet
                .write_string_with_format(row, 1, for_cell(label), &theme.text)?
                .write_string_with_format(row, 2, text, &theme.text)?;
        }
        let bands: Vec<String> = score
            .bands
            .iter()
            .map(|band| {
                let from = band.from.to_string();
                fill(&words.band, &[("band", &band.label), ("from", &from)])
            })
            .collect();
        if !bands.is_empty() {
            row += 1;
            sheet
                .write_string_with_format(row, 1, &words.bands, &theme.text)?
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
