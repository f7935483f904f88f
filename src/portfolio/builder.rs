//! The workbook under way: its sheets, their names, and how they print.

use std::sync::Arc;

use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

use super::theme::Theme;
use crate::look::Paper;
use crate::pdf::Look;
use crate::sheet_map::names;
use crate::text::{for_cell, shorten};

/// Excel's limit for a sheet's name, in characters.
const MAX_NAME_LENGTH: usize = 31;

/// The workbook under way. Its sheets stand by themselves until all are written, and are then put in order.
pub struct WorkbookBuilder {
    workbook: Workbook,
    /// Names of sheets, and whether there is a sheet of this name yet.
    names: Vec<(String, bool)>,
    paper: Paper,
    pub theme: Arc<Theme>,
}

/// Excel's number for a size of paper.
fn paper_size(paper: Paper) -> u8 {
    const LETTER: u8 = 1;
    const A4: u8 = 9;
    if paper == Paper::LETTER { LETTER } else { A4 }
}

impl WorkbookBuilder {
    /// Begins a workbook whose own sheets will have these names, whatever a questionnaire calls its scores.
    pub fn new(workbook: Workbook, look: &Look, own: &[&str]) -> Self {
        Self {
            workbook,
            names: own.iter().map(|name| ((*name).to_owned(), false)).collect(),
            paper: look.paper,
            theme: Arc::new(Theme::new(look.palette)),
        }
    }

    /// A name that is fit for a sheet and that no other sheet will have; formulas may use it before the sheet is there.
    pub fn reserve(&mut self, wanted: &str) -> String {
        let name = self.unique(wanted);
        self.names.push((name.clone(), false));
        name
    }

    /// A new sheet. Its rows are written from the top downwards and leave the memory at once.
    pub fn sheet(&mut self, wanted: &str) -> Result<Worksheet, XlsxError> {
        let sheet = self.workbook.new_worksheet_with_low_memory()?;
        self.set_up(sheet, wanted)
    }

    /// As [`WorkbookBuilder::sheet`], for the few rows that charts are drawn from: kept, so that the charts know their figures.
    pub fn kept_sheet(&mut self, wanted: &str) -> Result<Worksheet, XlsxError> {
        self.set_up(Worksheet::new(), wanted)
    }

    /// As [`WorkbookBuilder::sheet`], for more texts than memory holds: each stands in its cell, not in a list of all.
    pub fn plain_sheet(&mut self, wanted: &str) -> Result<Worksheet, XlsxError> {
        let sheet = self.workbook.new_worksheet_with_constant_memory()?;
        self.set_up(sheet, wanted)
    }

    /// Set up for print: landscape, fitted to the page's width.
    fn set_up(&mut self, mut sheet: Worksheet, wanted: &str) -> Result<Worksheet, XlsxError> {
        let reserved = self
            .names
            .iter_mut()
            .find(|(name, used)| name == wanted && !used);
        let name = match reserved {
            Some((name, used)) => {
                *used = true;
                name.clone()
            }
            None => {
                let name = self.unique(wanted);
                self.names.push((name.clone(), true));
                name
            }
        };
        // A formula without a result shows nothing, not 0.
        sheet.set_formula_result_default("");
        sheet
            .set_name(name)?
            .set_landscape()
            .set_paper_size(paper_size(self.paper))
            .set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3)
            .set_print_fit_to_pages(1, 0)
            .set_screen_gridlines(false)
            .set_print_first_page_number(1)
            .set_footer("&L&A&RPage &P");
        Ok(sheet)
    }

    /// The workbook with its sheets in this order, and a hidden one that says that it is no client's.
    pub fn with(
        mut self,
        sheets: impl IntoIterator<Item = Worksheet>,
    ) -> Result<Workbook, XlsxError> {
        for sheet in sheets {
            self.workbook.push_worksheet(sheet);
        }
        let mark = self.workbook.add_worksheet();
        mark.set_name(names::META_SHEET)?
            .set_hidden(true)
            .write_string(0, 0, names::META_MARK)?
            .write_string(1, 1, names::META_PORTFOLIO)?;
        Ok(self.workbook)
    }

    /// Whether there is a sheet of this name.
    pub fn has(&self, name: &str) -> bool {
        self.names.iter().any(|(own, used)| own == name && *used)
    }

    /// A sheet's name that is fit for Excel and not taken.
    fn unique(&self, wanted: &str) -> String {
        let clean: String = for_cell(wanted)
            .chars()
            .map(|c| {
                if "[]:*?/\\'".contains(c) || c.is_control() {
                    ' '
                } else {
                    c
                }
            })
            .collect();
        let clean = match clean.trim() {
            "" => "Sheet",
            name if name.eq_ignore_ascii_case("history") => "History of clients",
            name => name,
        };
        let mut name = shorten(clean, MAX_NAME_LENGTH);
        let mut number = 2;
        while self
            .names
            .iter()
            .any(|(taken, _)| taken.to_lowercase() == name.to_lowercase())
        {
            name = format!("{} {number}", shorten(clean, MAX_NAME_LENGTH - 5));
            number += 1;
        }
        name
    }
}

/// The title of a sheet and a line under it.
pub fn title(
    sheet: &mut Worksheet,
    theme: &Theme,
    title: &str,
    note: &str,
) -> Result<(), XlsxError> {
    sheet
        .set_row_height(0, 28)?
        .write_string_with_format(0, 0, for_cell(title), &theme.title)?
        .write_string_with_format(1, 0, for_cell(note), &theme.note)?;
    Ok(())
}
