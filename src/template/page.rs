//! A sheet while it is written. The content of all cells passes through it, so that it is known without a file.

use rust_xlsxwriter::{Format, Formula, Url, Workbook, Worksheet, XlsxError};

use crate::sheet_map::PrintedSheet;

/// Where the sheets go.
pub enum Target<'a> {
    /// To a workbook.
    Workbook(&'a mut Workbook),
    /// Nowhere: only the content of the cells is kept. Names, sizes, and formats are set on one sheet and forgotten.
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

    pub fn set_row_height(&mut self, row: u32, height: f64) -> Written<'_, 'a> {
        if self.printed.is_none() {
            self.sheet.set_row_height(row, height)?;
        }
        Ok(self)
    }

    pub fn write_blank(&mut self, row: u32, column: u16, format: &Format) -> Written<'_, 'a> {
        if self.printed.is_none() {
            self.sheet.write_blank(row, column, format)?;
        }
        Ok(self)
    }

    pub fn write_string(&mut self, row: u32, column: u16, text: &str) -> Written<'_, 'a> {
        match &mut self.printed {
            Some(printed) => printed.push_text(row, column, text),
            None => {
                self.sheet.write_string(row, column, text)?;
            }
        }
        Ok(self)
    }

    pub fn write_string_with_format(
        &mut self,
        row: u32,
        column: u16,
        text: &str,
        format: &Format,
    ) -> Written<'_, 'a> {
        match &mut self.printed {
            Some(printed) => printed.push_text(row, column, text),
            None => {
                self.sheet
                    .write_string_with_format(row, column, text, format)?;
            }
        }
        Ok(self)
    }

    pub fn write_number(&mut self, row: u32, column: u16, number: f64) -> Written<'_, 'a> {
        match &mut self.printed {
            Some(printed) => printed.push_number(row, column, number),
            None => {
                self.sheet.write_number(row, column, number)?;
            }
        }
        Ok(self)
    }

    pub fn write_number_with_format(
        &mut self,
        row: u32,
        column: u16,
        number: f64,
        format: &Format,
    ) -> Written<'_, 'a> {
        match &mut self.printed {
            Some(printed) => printed.push_number(row, column, number),
            None => {
                self.sheet
                    .write_number_with_format(row, column, number, format)?;
            }
        }
        Ok(self)
    }

    pub fn write_formula(
        &mut self,
        row: u32,
        column: u16,
        (formula, result): (&str, &str),
    ) -> Written<'_, 'a> {
        match &mut self.printed {
            Some(printed) => printed.push_result(row, column, result),
            None => {
                let formula = Formula::new(formula).set_result(result);
                self.sheet.write_formula(row, column, formula)?;
            }
        }
        Ok(self)
    }

    pub fn write_formula_with_format(
        &mut self,
        row: u32,
        column: u16,
        (formula, result): (&str, &str),
        format: &Format,
    ) -> Written<'_, 'a> {
        match &mut self.printed {
            Some(printed) => printed.push_result(row, column, result),
            None => {
                let formula = Formula::new(formula).set_result(result);
                self.sheet
                    .write_formula_with_format(row, column, formula, format)?;
            }
        }
        Ok(self)
    }

    /// Writes a link to a cell of the workbook: the reference with its sheet, and the text that is shown.
    pub fn write_link(
        &mut self,
        row: u32,
        column: u16,
        (cell, text): (&str, &str),
        format: &Format,
    ) -> Written<'_, 'a> {
        match &mut self.printed {
            Some(printed) => printed.push_text(row, column, text),
            None => {
                let link = Url::new(format!("internal:{cell}")).set_text(text);
                self.sheet
                    .write_url_with_format(row, column, &link, format)?;
            }
        }
        Ok(self)
    }

    /// Merges the cells of a row and writes a text into the first.
    pub fn merge_row(
        &mut self,
        row: u32,
        (first, last): (u16, u16),
        text: &str,
        format: &Format,
    ) -> Written<'_, 'a> {
        match &mut self.printed {
            Some(printed) => printed.push_text(row, first, text),
            None => {
                self.sheet
                    .merge_range(row, first, row, last, text, format)?;
            }
        }
        Ok(self)
    }
}
