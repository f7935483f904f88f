//! A sheet while it is written. The content of all cells passes through it, so that it is known without a file.

use rust_xlsxwriter::{Format, Formula, Url, Workbook, Worksheet, XlsxError};

use crate::sheet_map::PrintedSheet;

/// Where the sheets go.
pub enum Target<'a> {
    /// To a workbook.
    Workbook(&'a mut Workbook),
    /// Nowhere: only the content of the cells is kept. Sizes and formats are set on one sheet and forgotten.
    Content(Vec<PrintedSheet>, Box<Worksheet>),
}

impl Target<'_> {
    /// Adds a sheet with this name.
    pub fn page(&mut self, name: &str) -> Result<Page<'_>, XlsxError> {
        match self {
            Self::Workbook(book) => {
                let sheet = book.add_worksheet();
                sheet.set_name(name)?;
                // A formula without a cached result appears empty instead of as 0.
                sheet.set_formula_result_default("");
                Ok(Page {
                    sheet,
                    printed: None,
                })
            }
            Self::Content(printed, sheet) => {
                printed.push(PrintedSheet::new(name));
                Ok(Page {
                    sheet,
                    printed: printed.last_mut(),
                })
            }
        }
    }
}

/// A sheet. Its methods are those of [`Worksheet`], and take the cached result of a formula with the formula.
pub struct Page<'a> {
    sheet: &'a mut Worksheet,
    /// The content, if it is all that is wanted.
    printed: Option<&'a mut PrintedSheet>,
}

/// The result of writing to a page.
type Written<'p, 'a> = Result<&'p mut Page<'a>, XlsxError>;

impl<'a> Page<'a> {
    /// Returns the sheet, for everything except the content of cells.
    pub fn setup(&mut self) -> &mut Worksheet {
        self.sheet
    }

    /// Keeps the content of a cell, or writes the cell.
    fn put(
        &mut self,
        keep: impl FnOnce(&mut PrintedSheet),
        write: impl FnOnce(&mut Worksheet) -> Result<&mut Worksheet, XlsxError>,
    ) -> Written<'_, 'a> {
        match &mut self.printed {
            Some(printed) => keep(printed),
            None => {
                write(self.sheet)?;
            }
        }
        Ok(self)
    }

    pub fn set_row_height(&mut self, row: u32, height: f64) -> Written<'_, 'a> {
        self.put(|_| (), |sheet| sheet.set_row_height(row, height))
    }

    pub fn write_blank(&mut self, row: u32, column: u16, format: &Format) -> Written<'_, 'a> {
        self.put(|_| (), |sheet| sheet.write_blank(row, column, format))
    }

    pub fn write_string(&mut self, row: u32, column: u16, text: &str) -> Written<'_, 'a> {
        self.put(
            |printed| printed.push_text(row, column, text),
            |sheet| sheet.write_string(row, column, text),
        )
    }

    pub fn write_string_with_format(
        &mut self,
        row: u32,
        column: u16,
        text: &str,
        format: &Format,
    ) -> Written<'_, 'a> {
        self.put(
            |printed| printed.push_text(row, column, text),
            |sheet| sheet.write_string_with_format(row, column, text, format),
        )
    }

    pub fn write_number(&mut self, row: u32, column: u16, number: f64) -> Written<'_, 'a> {
        self.put(
            |printed| printed.push_number(row, column, number),
            |sheet| sheet.write_number(row, column, number),
        )
    }

    pub fn write_number_with_format(
        &mut self,
        row: u32,
        column: u16,
        number: f64,
        format: &Format,
    ) -> Written<'_, 'a> {
        self.put(
            |printed| printed.push_number(row, column, number),
            |sheet| sheet.write_number_with_format(row, column, number, format),
        )
    }

    pub fn write_formula(
        &mut self,
        row: u32,
        column: u16,
        (formula, result): (&str, &str),
    ) -> Written<'_, 'a> {
        let formula = || Formula::new(formula).set_result(result);
        self.put(
            |printed| printed.push_result(row, column, result),
            |sheet| sheet.write_formula(row, column, formula()),
        )
    }

    pub fn write_formula_with_format(
        &mut self,
        row: u32,
        column: u16,
        (formula, result): (&str, &str),
        format: &Format,
    ) -> Written<'_, 'a> {
        let formula = || Formula::new(formula).set_result(result);
        self.put(
            |printed| printed.push_result(row, column, result),
            |sheet| sheet.write_formula_with_format(row, column, formula(), format),
        )
    }

    /// Writes a link to a cell of the workbook: the reference with its sheet, and the text that is shown.
    pub fn write_link(
        &mut self,
        row: u32,
        column: u16,
        (cell, text): (&str, &str),
        format: &Format,
    ) -> Written<'_, 'a> {
        let link = || Url::new(format!("internal:{cell}")).set_text(text);
        self.put(
            |printed| printed.push_text(row, column, text),
            |sheet| sheet.write_url_with_format(row, column, link(), format),
        )
    }

    /// Merges the cells of a row and writes a text into the first.
    pub fn merge_row(
        &mut self,
        row: u32,
        (first, last): (u16, u16),
        text: &str,
        format: &Format,
    ) -> Written<'_, 'a> {
        self.put(
            |printed| printed.push_text(row, first, text),
            |sheet| sheet.merge_range(row, first, row, last, text, format),
        )
    }
}
