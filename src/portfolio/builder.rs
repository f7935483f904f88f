//! Builder of the workbook: sheets, sheet names, and print settings.

use std::sync::Arc;

use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

use super::theme::Theme;
use crate::look::Paper;
use crate::pdf::Look;
use crate::questionnaire::PortfolioTexts;
use crate::sheet_map::names;
use crate::text::{fill, for_cell, shorten};

/// Excel's limit for the length of a sheet name, in characters.
const MAX_NAME_LENGTH: usize = 31;

/// Builder of the workbook. It creates separate sheets and adds them to the workbook in their final order at the end.
pub struct WorkbookBuilder {
    workbook: Workbook,
    /// Sheet names, and whether a sheet with this name exists.
    names: Vec<(String, bool)>,
    paper: Paper,
    pub theme: Arc<Theme>,
    pub texts: Arc<PortfolioTexts>,
}

/// Returns Excel's code for a paper size.
fn paper_size(paper: Paper) -> u8 {
    const LETTER: u8 = 1;
    const A4: u8 = 9;
    if paper == Paper::LETTER { LETTER } else { A4 }
}

impl WorkbookBuilder {
    /// Creates a builder and reserves the names of its own sheets, so that scores with the same labels get other names.
    pub fn new(workbook: Workbook, look: &Look, texts: &Arc<PortfolioTexts>) -> Self {
        let own = texts.sheet_names();
        Self {
            workbook,
            names: own.iter().map(|name| ((*name).to_owned(), false)).collect(),
            paper: look.paper,
            theme: Arc::new(Theme::new(look.palette)),
            texts: texts.clone(),
        }
    }

    /// Reserves a valid, unique sheet name based on `wanted`. Formulas can refer to the name before the sheet exists.
    pub fn reserve(&mut self, wanted: &str) -> String {
        let name = self.unique(wanted);
        self.names.push((name.clone(), false));
        name
    }

    /// Creates a sheet in low-memory mode. Rows must be written from top to bottom and do not stay in memory.
    pub fn sheet(&mut self, wanted: &str) -> Result<Worksheet, XlsxError> {
        let sheet = self.workbook.new_worksheet_with_low_memory()?;
        self.set_up(sheet, wanted)
    }

    /// Creates a sheet that stays in memory, unlike [`WorkbookBuilder::sheet`]. Use it for sheets with few rows: charts
    /// can read the values of their ranges, and rows can be written in any order.
    pub fn in_memory_sheet(&mut self, wanted: &str) -> Result<Worksheet, XlsxError> {
        self.set_up(Worksheet::new(), wanted)
    }

    /// Creates a sheet like [`WorkbookBuilder::sheet`] for more text than fits in memory. Each string is stored in its
    /// cell, not in the shared string table.
    pub fn inline_text_sheet(&mut self, wanted: &str) -> Result<Worksheet, XlsxError> {
        let sheet = self.workbook.new_worksheet_with_constant_memory()?;
        self.set_up(sheet, wanted)
    }

    /// Names a sheet and sets it up for print: landscape, fitted to the page width.
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
        let page = self.texts.notes.page.replace('&', "&&");
        let footer = format!("&L&A&R{}", fill(&page, &[("page", "&P")]));
        // A formula without a result shows a blank cell, not 0.
        sheet.set_formula_result_default("");
        sheet
            .set_name(name)?
            .set_landscape()
            .set_paper_size(paper_size(self.paper))
            .set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3)
            .set_print_fit_to_pages(1, 0)
            .set_screen_gridlines(false)
            .set_print_first_page_number(1)
            .set_footer(footer);
        Ok(sheet)
    }

    /// Returns the workbook with the sheets in this order. A hidden sheet marks it as a portfolio workbook, so that it
    /// is not read as a client's workbook.
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

    /// Returns whether a sheet with this name exists.
    pub fn has(&self, name: &str) -> bool {
        self.names.iter().any(|(own, used)| own == name && *used)
    }

    /// Returns a sheet name based on `wanted` that is valid in Excel and not yet used.
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
            // Excel reserves this name.
            name if name.eq_ignore_ascii_case("history") => "History 1",
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

/// Writes the title of a sheet and a note below it.
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
