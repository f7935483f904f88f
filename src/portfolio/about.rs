//! How the workbook was made: method, versions, inputs, and what was not processed.

use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use super::grid::{Book, Cell, NAVY, TableWriter, column, title, wrapping};
use super::{About, client};
use crate::plan::Record;
use crate::text::for_cell;

pub struct Sheet {
    sheet: Worksheet,
    inputs: TableWriter,
}

impl Sheet {
    pub fn begin(book: &mut Book, about: &About, clients: usize) -> Result<Self, XlsxError> {
        let mut sheet = book.sheet("About")?;
        title(
            &mut sheet,
            "About this workbook",
            &format!(
                "Made by partnerbook {} for {}",
                about.tool_version, about.made
            ),
        )?;
        let bold = Format::new().set_bold().set_font_color(NAVY);
        let wrap = Format::new().set_text_wrap();
        let mut row = 3;
        sheet
            .write_string_with_format(row, 0, "Programme", &bold)?
            .write_string(row, 1, for_cell(&about.programme))?;
        row += 2;
        sheet.write_string_with_format(row, 0, "Method", &bold)?;
        for note in &about.method {
            sheet
                .merge_range(row, 1, row, 3, &for_cell(note), &wrap)?
                .set_row_height(row, 32)?;
            row += 1;
        }
        let lists = [
            ("Not processed", &about.failures),
            ("Workbooks that seem to be of one client", &about.repeated),
        ];
        for (heading, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
            row += 1;
            sheet.write_string_with_format(row, 0, heading, &bold)?;
            for (name, text) in list {
                row += 1;
                sheet
                    .write_string(row, 0, for_cell(name))?
                    .write_string(row, 1, for_cell(text))?;
            }
            row += 1;
        }
        row += 1;
        sheet.write_string_with_format(row, 0, "Inputs", &bold)?;
        let columns = [
            column("Client", 34.0),
            column("File", 40.0),
            column("SHA-256", 70.0),
            wrapping("Version of the questions", 24.0),
        ];
        let inputs = TableWriter::begin(&mut sheet, "Inputs", row + 1, &columns, clients)?;
        Ok(Self { sheet, inputs })
    }

    pub fn client(&mut self, record: &Record) -> Result<(), XlsxError> {
        let programme = &record.programme;
        let row = [
            Cell::text(client(record)),
            Cell::text(&record.source.file),
            Cell::text(&record.source.sha256),
            Cell::text(format!("{} {}", programme.id, programme.version)),
        ];
        self.inputs.row(&mut self.sheet, &row)
    }

    pub fn end(self) -> Worksheet {
        self.sheet
    }
}
