//! A workbook in memory: its cells in lists that grow with what is there and never with what a file claims.
//!
//! Calamine reads the values. What it does not tell is found by a look of our own at the same bytes, which is also the guard
//! of the formats whose reader trusts them too much: which numbers are shown as percent or as money, and which formulas came
//! without a result.

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
use crate::sheet_map::Edition;
use crate::sheet_map::names;

/// A cell's place in its sheet: row and column from 0.
pub type Position = (u32, u32);

/// One sheet.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Cells with content, in reading order, each place once.
    cells: Vec<(Position, Content)>,
    /// What is struck out, in reading order.
    struck: Vec<(Position, String)>,
    /// Cells known to hold formulas, in reading order: those of an xls, whose writers leave numbers where texts were.
    formulas: Vec<Position>,
}

impl Sheet {
    /// Puts cells that came in any order into reading order; of two in one place the last counts.
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

    /// What is struck out in a cell.
    pub fn struck_out(&self, row: u32, column: u32) -> Option<&str> {
        let found = self
            .struck
            .binary_search_by_key(&(row, column), |(place, _)| *place);
        Some(&self.struck[found.ok()?].1)
    }

    /// The content of a cell.
    pub fn get(&self, row: u32, column: u32) -> Option<&Content> {
        let index = self
            .cells
            .binary_search_by_key(&(row, column), |(place, _)| *place)
            .ok()?;
        Some(&self.cells[index].1)
    }

    /// Whether a cell is known to hold a formula.
    pub fn is_formula(&self, row: u32, column: u32) -> bool {
        self.formulas.binary_search(&(row, column)).is_ok()
    }

    /// All cells, in reading order.
    pub fn cells(&self) -> &[(Position, Content)] {
        &self.cells
    }

    /// The cells of a row, from left to right.
    pub fn row(&self, row: u32) -> &[(Position, Content)] {
        let from = self.cells.partition_point(|(place, _)| place.0 < row);
        let to = self.cells.partition_point(|(place, _)| place.0 <= row);
        &self.cells[from..to]
    }
}

/// A defined name of ours and the cell it points at.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Name {
    /// The field's id.
    pub field: String,
    /// Index of the sheet.
    pub sheet: usize,
    /// Row and column.
    pub at: Position,
}

/// A workbook in memory.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ParsedWorkbook {
    /// Its sheets, hidden ones too.
    pub sheets: Vec<Sheet>,
    /// Its defined names that are ours.
    pub names: Vec<Name>,
    /// From which day it counts its days.
    pub epoch: Epoch,
    /// Invalid cells.
    pub passed_over: usize,
}

impl ParsedWorkbook {
    /// Reads a workbook. The formats other than xlsx, and large files, belong in the sandbox.
    ///
    /// # Errors
    /// When it is damaged, encrypted or larger than answers can be.
    pub fn open(format: Format, bytes: Vec<u8>) -> Result<Self, IntakeError> {
        without_panic(|| match format {
            Format::Xlsx => xlsx::read(Package::open(&bytes)?),
            Format::Xlsb => xlsb::read(bytes),
            Format::Xls => xls::read(bytes),
            Format::Ods => ods::read(bytes),
        })
    }

    /// Reads a workbook whose archive is open already, unless it belongs in the sandbox.
    ///
    /// # Errors
    /// As [`ParsedWorkbook::open`].
    pub fn open_in_process(format: Format, package: Package) -> Result<Option<Self>, IntakeError> {
        if needs_wall(format, &package) {
            return Ok(None);
        }
        without_panic(|| xlsx::read(package)).map(Some)
    }

    /// Whose workbook it is and which edition, from the hidden sheet. `None` if it was never sent back.
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

    fn meta_sheet(&self) -> Option<&Sheet> {
        let mut sheets = self.sheets.iter();
        sheets.find(|sheet| sheet.get(0, 0).is_some_and(is_mark))
    }

    /// Questionnaire id and version, from the hidden sheet.
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

/// A text in several fonts, with the struck-out text after a mark. Returns `None` if nothing is struck out. `runs` says from which UTF-16 unit on
/// the text is struck out or not; what precedes the first run has the cell's own font.
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

/// Last row of the hidden sheet that says whose workbook it is. What follows are the workings of the scores.
const LAST_META_ROW: u32 = names::META_CLIENT_ROW;
/// Row of the version.
const VERSION_ROW: u32 = 2;
/// Longest id of a client, in bytes, and most editions of its workbook.
const MAX_CLIENT_ID: usize = 64;
const MAX_GENERATION: f64 = 10_000.0;

/// Whether a sheet that begins with this content is the hidden one.
fn is_mark(content: &Content) -> bool {
    matches!(content, Content::Text(mark) if mark == names::META_MARK)
}

/// Calamine's readers of the binary formats index into records without asking.
fn without_panic(
    read: impl FnOnce() -> Result<ParsedWorkbook, IntakeError>,
) -> Result<ParsedWorkbook, IntakeError> {
    catch_panic(read).unwrap_or_else(|| {
        Err(IntakeError::Damaged(
            "its parts contradict one another".into(),
        ))
    })
}

/// Whether a workbook is to be read in the sandbox: always where the reader may abort or hang, and where the parts are
/// so large that the memory for them is not known beforehand.
fn needs_wall(format: Format, package: &Package) -> bool {
    /// What a reader in our own process may unpack, in bytes. A filled-in template has 1 MB.
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
