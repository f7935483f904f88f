//! Collects the cells of a workbook and enforces limits on the whole workbook.

use foldhash::HashMap;

use super::content::{Epoch, STRUCK_MARK};
use super::reference::parse_reference;
use super::{Content, Name, ParsedWorkbook, Position, Sheet};
use crate::intake::IntakeError;
use crate::sheet_map::names;

/// Maximum number of cells that are read, with or without content, and maximum number of cells with content. A
/// completed workbook has about 5,000 and 3,000.
const MAX_CELLS_SEEN: usize = 4_000_000;
const MAX_CELLS: usize = 400_000;
/// Maximum text of all cells together, in bytes. Many cells can share one text.
const MAX_TEXT: usize = 32 << 20;
const MAX_SHEETS: usize = 256;
/// Rows and columns of a sheet in Excel and LibreOffice.
const ROWS: u32 = 1_048_576;
const COLUMNS: u32 = 16_384;
const MAX_NAMES: usize = 20_000;
/// Maximum length of a sheet name, a defined name, and a reference, in bytes.
const MAX_NAME_LENGTH: usize = 1024;
/// Maximum number of cells in the area that calamine allocates for xls and ods, at 24 bytes per cell.
pub(super) const MAX_AREA: u64 = 2_000_000;

/// Collects cells sheet by sheet and enforces limits on the whole workbook.
pub(super) struct Collector {
    sheets: Vec<Sheet>,
    open: Sheet,
    seen: usize,
    cells: usize,
    text: usize,
    invalid_cells: usize,
}

impl Collector {
    pub(super) fn new(sheets: usize) -> Result<Self, IntakeError> {
        if sheets > MAX_SHEETS {
            return Err(IntakeError::Excessive(format!(
                "it has {sheets} sheets, more than {MAX_SHEETS}"
            )));
        }
        Ok(Self {
            sheets: Vec::with_capacity(sheets),
            open: Sheet::default(),
            seen: 0,
            cells: 0,
            text: 0,
            invalid_cells: 0,
        })
    }

    /// Counts a cell that was read.
    pub(super) fn see(&mut self) -> Result<(), IntakeError> {
        self.seen += 1;
        if self.seen > MAX_CELLS_SEEN {
            return Err(too_many_cells());
        }
        Ok(())
    }

    /// Counts an invalid cell.
    pub(super) fn count_invalid(&mut self) -> Result<(), IntakeError> {
        self.invalid_cells += 1;
        self.see()
    }

    /// Begins a sheet.
    pub(super) fn begin(&mut self, name: &str) {
        self.open.name = crate::text::shorten(&crate::text::for_cell(name), MAX_NAME_LENGTH);
    }

    /// Adds a cell to the open sheet. Struck-out text is stored separately because it is not an answer. If the style
    /// of the cell strikes it out, this applies to the whole cell.
    pub(super) fn keep(
        &mut self,
        at: Position,
        content: Content,
        is_struck: bool,
    ) -> Result<(), IntakeError> {
        self.cells += 1;
        if let Content::Text(text) = &content {
            self.text += text.len();
        }
        if self.cells > MAX_CELLS {
            return Err(too_many_cells());
        }
        if self.text > MAX_TEXT {
            return Err(IntakeError::Excessive(format!(
                "it has more than {} MB of text",
                MAX_TEXT >> 20
            )));
        }
        // Spreadsheet programs do not show cells outside the sheet limits.
        if at.0 >= ROWS || at.1 >= COLUMNS {
            return Ok(());
        }
        match &content {
            // If a text has several fonts, they decide instead of the cell's font.
            Content::Text(text) if text.contains(STRUCK_MARK) => {
                let (kept, struck) = text.split_once(STRUCK_MARK).unwrap_or_default();
                self.open.struck.push((at, struck.to_owned()));
                if !kept.is_empty() {
                    self.open.cells.push((at, Content::text(kept)));
                }
            }
            _ if is_struck => self.open.struck.push((at, content.raw())),
            _ => self.open.cells.push((at, content)),
        }
        Ok(())
    }

    /// Records that a cell of the open sheet contains a formula.
    pub(super) fn formula(&mut self, at: Position) {
        self.open.formulas.push(at);
    }

    /// Ends the open sheet.
    pub(super) fn end(&mut self) {
        let mut sheet = std::mem::take(&mut self.open);
        sheet.sort();
        self.sheets.push(sheet);
    }

    /// Returns the workbook with those of its defined names that partnerbook writes.
    pub(super) fn book(self, names: &[(String, String)], epoch: Epoch) -> ParsedWorkbook {
        let by_name: HashMap<&str, usize> = self
            .sheets
            .iter()
            .enumerate()
            .rev()
            .map(|(index, sheet)| (sheet.name.as_str(), index))
            .collect();
        let names = names
            .iter()
            .filter(|(name, reference)| {
                name.len() <= MAX_NAME_LENGTH && reference.len() <= MAX_NAME_LENGTH
            })
            .filter_map(|(name, reference)| {
                let field = names::field_id(name)?;
                let (sheet, at) = parse_reference(reference)?;
                Some(Name {
                    field,
                    sheet: *by_name.get(sheet.as_ref())?,
                    at,
                })
            })
            .take(MAX_NAMES)
            .collect();
        ParsedWorkbook {
            sheets: self.sheets,
            names,
            epoch,
            invalid_cells: self.invalid_cells,
        }
    }
}

fn too_many_cells() -> IntakeError {
    IntakeError::Excessive(format!("it has more than {MAX_CELLS} cells"))
}

/// Returns the error for a cell so far from the others that the area between them exceeds [`MAX_AREA`].
pub(super) fn far_cell(sheet: &str, at: Position) -> IntakeError {
    let place = crate::answers::CellRef {
        sheet: crate::text::shorten(sheet, 60).into(),
        row: at.0,
        column: at.1,
    };
    IntakeError::Excessive(format!(
        "there is content far away from the questions, near {place}"
    ))
}
