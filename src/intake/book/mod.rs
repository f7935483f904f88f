//! A workbook in memory. Its lists of cells grow with the actual content, never with a size that the file declares.
//!
//! Calamine reads the values. A pre-scan of the same bytes finds what calamine does not report: which numbers are
//! shown as percentages or money, and which formulas have no stored result. The pre-scan also protects the formats
//! whose calamine readers trust the file too much.

mod collector;
mod content;
mod ods;
mod reference;
mod remarks;
mod xls;
mod xls_record;
mod xls_texts;
mod xlsb;
mod xlsx;

use serde::{Deserialize, Serialize};

pub use content::{Content, Epoch, Look, Parts, Shown};
pub use remarks::Remark;

use self::content::STRUCK_MARK;
use super::IntakeError;
use super::format::Format;
use super::package::Package;
use crate::panics::catch_panic;
use crate::sheet_map::names;
use crate::sheet_map::{Edition, Printed, PrintedSheet};

/// The position of a cell in its sheet: row and column, from 0.
pub type Position = (u32, u32);

/// A sheet of a workbook.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Sheet {
    /// The name of the sheet.
    pub name: String,
    /// Cells with content, in reading order, at most one per position.
    cells: Vec<(Position, Content)>,
    /// Struck-out text, in reading order.
    struck: Vec<(Position, String)>,
    /// Cells known to contain formulas, in reading order. Only xls files fill this list: some programs that write xls
    /// store the text result of a formula as a number.
    formulas: Vec<Position>,
}

impl Sheet {
    /// Returns a sheet with only its printed content.
    pub fn printed(printed: PrintedSheet) -> Self {
        let cells = printed.cells.into_iter().map(|((row, column), content)| {
            let content = match content {
                Printed::Text(text) => Content::Text(text),
                Printed::Number(number) => Content::Number(number, Look::default()),
                Printed::EmptyResult => Content::Unresolved,
            };
            ((row, u32::from(column)), content)
        });
        let mut sheet = Self {
            name: printed.name,
            cells: cells.collect(),
            struck: Vec::new(),
            formulas: Vec::new(),
        };
        sheet.sort();
        sheet
    }

    /// Sorts the cells into reading order. If two cells have the same position, the last one is kept.
    fn sort(&mut self) {
        if !self.cells.is_sorted_by(|a, b| a.0 < b.0) {
            self.cells.sort_by_key(|(place, _)| *place);
            self.cells.reverse();
            self.cells.dedup_by_key(|(place, _)| *place);
            self.cells.reverse();
        }
        self.struck.sort_by_key(|(place, _)| *place);
        self.formulas.sort_unstable();
    }

    /// Returns the struck-out text of a cell.
    pub fn struck_out(&self, row: u32, column: u32) -> Option<&str> {
        let found = self
            .struck
            .binary_search_by_key(&(row, column), |(place, _)| *place);
        Some(&self.struck[found.ok()?].1)
    }

    /// Returns the content of a cell.
    pub fn get(&self, row: u32, column: u32) -> Option<&Content> {
        let index = self
            .cells
            .binary_search_by_key(&(row, column), |(place, _)| *place)
            .ok()?;
        Some(&self.cells[index].1)
    }

    /// Returns whether a cell is known to contain a formula.
    pub fn is_formula(&self, row: u32, column: u32) -> bool {
        self.formulas.binary_search(&(row, column)).is_ok()
    }

    /// Returns all cells in reading order.
    pub fn cells(&self) -> &[(Position, Content)] {
        &self.cells
    }

    /// Returns the cells of a row from left to right.
    pub fn row(&self, row: u32) -> &[(Position, Content)] {
        let from = self.cells.partition_point(|(place, _)| place.0 < row);
        let to = self.cells.partition_point(|(place, _)| place.0 <= row);
        &self.cells[from..to]
    }
}

/// A defined name that partnerbook writes and the cell it points to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Name {
    /// The ID of the field.
    pub field: String,
    /// The index of the sheet.
    pub sheet: usize,
    /// Row and column.
    pub at: Position,
}

/// A workbook in memory.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ParsedWorkbook {
    /// The sheets, including hidden ones.
    pub sheets: Vec<Sheet>,
    /// The defined names that partnerbook writes.
    pub names: Vec<Name>,
    /// The day from which the workbook counts days.
    pub epoch: Epoch,
    /// The number of invalid cells.
    pub invalid_cells: usize,
}

impl ParsedWorkbook {
    /// Reads a workbook. Use the sandbox for formats other than xlsx and for large files.
    ///
    /// # Errors
    /// Returns an error if the workbook is damaged, encrypted, or over the size limits.
    pub fn open(format: Format, bytes: Vec<u8>) -> Result<Self, IntakeError> {
        without_panic(|| match format {
            Format::Xlsx => xlsx::read(Package::open(&bytes)?),
            Format::Xlsb => xlsb::read(bytes),
            Format::Xls => xls::read(bytes),
            Format::Ods => ods::read(bytes),
        })
    }

    /// Reads a workbook whose archive is already open. Returns `None` if it must be read in the sandbox.
    ///
    /// # Errors
    /// See [`ParsedWorkbook::open`].
    pub fn open_in_process(format: Format, package: Package) -> Result<Option<Self>, IntakeError> {
        if needs_sandbox(format, &package) {
            return Ok(None);
        }
        without_panic(|| xlsx::read(package)).map(Some)
    }

    /// Returns the client and the edition from the hidden sheet. `None` if the workbook is not based on an annotated
    /// copy.
    pub fn edition(&self) -> Option<Edition> {
        let row = names::META_CLIENT_ROW;
        let sheet = self.meta_sheet()?;
        match (sheet.get(row, 1)?, sheet.get(row, 3)?) {
            (Content::Text(client), Content::Number(generation, _))
                if client.len() <= MAX_CLIENT_ID && (0.0..=MAX_GENERATION).contains(generation) =>
            {
                Some(Edition {
                    client: client.clone(),
                    generation: *generation as u32,
                })
            }
            _ => None,
        }
    }

    /// Returns the return note of the first sheet: when the workbook is due, and who receives it.
    pub fn return_note(&self) -> Option<String> {
        let sheet = self.meta_sheet()?;
        let note = sheet.get(names::META_CLIENT_ROW, names::META_NOTE_COLUMN)?;
        Some(note.raw())
    }

    fn meta_sheet(&self) -> Option<&Sheet> {
        let mut sheets = self.sheets.iter();
        sheets.find(|sheet| sheet.get(0, 0).is_some_and(is_mark))
    }

    /// Returns the ID and version of the questionnaire from the hidden sheet.
    pub fn identity(&self) -> Option<(String, Option<u32>)> {
        let sheet = self.meta_sheet()?;
        let Some(Content::Text(id)) = sheet.get(1, 1) else {
            return None;
        };
        let version = match sheet.get(VERSION_ROW, 1) {
            Some(Content::Number(number, _))
                if *number >= 0.0 && *number <= f64::from(u32::MAX) =>
            {
                Some(*number as u32)
            }
            _ => None,
        };
        Some((id.clone(), version))
    }
}

/// Returns a text in several fonts, with the struck-out text after [`STRUCK_MARK`]. Returns `None` if nothing is
/// struck out. Each run is the UTF-16 position from which the text is struck out or not. Text before the first run
/// has the cell's own font.
fn struck_by_runs(
    units: &[u16],
    runs: impl Iterator<Item = (usize, bool)>,
    mut is_struck: bool,
) -> Option<String> {
    let (mut kept, mut struck) = (Vec::new(), Vec::new());
    let mut from = 0;
    let end = std::iter::once((units.len(), false));
    for (start, strikes) in runs.chain(end) {
        let piece = units.get(from..start.min(units.len())).unwrap_or_default();
        if is_struck { &mut struck } else { &mut kept }.extend_from_slice(piece);
        from = start.max(from);
        is_struck = strikes;
    }
    let text = |units: &[u16]| String::from_utf16_lossy(units);
    (!struck.is_empty()).then(|| format!("{}{STRUCK_MARK}{}", text(&kept), text(&struck)))
}

/// Last metadata row of the hidden sheet. The rows after it contain the calculations of the scores.
const LAST_META_ROW: u32 = names::META_CLIENT_ROW;
/// Row of the version.
const VERSION_ROW: u32 = 2;
/// Maximum length of a client ID, in bytes, and maximum number of editions of a workbook.
const MAX_CLIENT_ID: usize = 64;
const MAX_GENERATION: f64 = 10_000.0;

/// Returns whether a sheet whose first cell has this content is the hidden sheet.
fn is_mark(content: &Content) -> bool {
    matches!(content, Content::Text(mark) if mark == names::META_MARK)
}

/// Runs a calamine reader and turns a panic into an error: the readers of the binary formats index into records
/// without bounds checks.
fn without_panic(
    read: impl FnOnce() -> Result<ParsedWorkbook, IntakeError>,
) -> Result<ParsedWorkbook, IntakeError> {
    catch_panic(read).unwrap_or_else(|| {
        Err(IntakeError::Damaged(
            "its parts contradict one another".into(),
        ))
    })
}

/// Returns whether a workbook must be read in the sandbox: if the reader may abort or hang, or if the parts are so
/// large that their memory use is not known in advance.
fn needs_sandbox(format: Format, package: &Package) -> bool {
    /// Maximum unpacked size that is read without the sandbox, in bytes. A completed workbook has 1 MB.
    const HARMLESS: u64 = 4 << 20;
    format != Format::Xlsx || package.claimed(xlsx::is_wanted) > HARMLESS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_cells_in_one_place_the_last_counts() {
        let number = |n| Content::Number(n, Look::default());
        let mut sheet = Sheet {
            cells: vec![
                ((1, 1), number(1.0)),
                ((0, 5), number(2.0)),
                ((1, 1), number(3.0)),
            ],
            ..Sheet::default()
        };
        sheet.sort();
        assert_eq!(sheet.get(1, 1), Some(&number(3.0)));
        assert_eq!(sheet.cells().len(), 2);
        assert_eq!(sheet.row(0).len(), 1);
        assert_eq!(sheet.row(7).len(), 0);
    }
}
