//! A workbook in memory: its cells in lists that grow with what is there and never with what a file claims.
//!
//! Calamine reads the values. What it does not tell is found by a look of our own at the same bytes, which is also the guard
//! of the formats whose reader trusts them too much: which numbers are shown as percent or as money, and which formulas came
//! without a result.

mod collector;
mod comments;
mod content;
mod ods;
mod reference;
mod xls;
mod xlsb;
mod xlsx;

use serde::{Deserialize, Serialize};

pub use comments::Comment;
pub use content::{Content, Shown};

use super::IntakeError;
use super::format::Format;
use super::package::Package;
use crate::caught::caught;
use crate::names;

/// A cell's place in its sheet: row and column from 0.
pub type Position = (u32, u32);

/// One sheet.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Cells with content, in reading order, each place once.
    cells: Vec<(Position, Content)>,
}

impl Sheet {
    /// A sheet of cells in any order; of two in one place the last counts.
    fn new(name: String, mut cells: Vec<(Position, Content)>) -> Self {
        if !cells.is_sorted_by(|a, b| a.0 < b.0) {
            cells.sort_by_key(|(place, _)| *place);
            cells.reverse();
            cells.dedup_by_key(|(place, _)| *place);
            cells.reverse();
        }
        Self { name, cells }
    }

    /// The content of a cell.
    pub fn get(&self, row: u32, column: u32) -> Option<&Content> {
        let index = self
            .cells
            .binary_search_by_key(&(row, column), |(place, _)| *place)
            .ok()?;
        Some(&self.cells[index].1)
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
pub struct Book {
    /// Its sheets, hidden ones too.
    pub sheets: Vec<Sheet>,
    /// Its defined names that are ours.
    pub names: Vec<Name>,
}

impl Book {
    /// Reads a workbook. The formats other than xlsx, and large files, belong behind the wall.
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

    /// Reads a workbook whose archive is open already, unless it belongs behind the wall.
    ///
    /// # Errors
    /// As [`Book::open`].
    pub fn open_harmless(format: Format, package: Package) -> Result<Option<Self>, IntakeError> {
        if needs_wall(format, &package) {
            return Ok(None);
        }
        without_panic(|| xlsx::read(package)).map(Some)
    }

    /// Programme id and version, from the hidden sheet.
    pub fn identity(&self) -> Option<(String, Option<u32>)> {
        let mut sheets = self.sheets.iter();
        let sheet = sheets.find(|sheet| sheet.get(0, 0).is_some_and(is_mark))?;
        let Some(Content::Text(id)) = sheet.get(1, 1) else {
            return None;
        };
        let version = match sheet.get(LAST_META_ROW, 1) {
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

/// Last row of the hidden sheet that says whose workbook it is. What follows are the workings of the scores.
const LAST_META_ROW: u32 = 2;

/// Whether a sheet that begins with this content is the hidden one.
fn is_mark(content: &Content) -> bool {
    matches!(content, Content::Text(mark) if mark == names::META_MARK)
}

/// Calamine's readers of the binary formats index into records without asking.
fn without_panic(read: impl FnOnce() -> Result<Book, IntakeError>) -> Result<Book, IntakeError> {
    caught(read).unwrap_or_else(|| {
        Err(IntakeError::Damaged(
            "its parts contradict one another".into(),
        ))
    })
}

/// Whether a workbook is to be read behind the wall: always where the reader may abort or hang, and where the parts are
/// so large that the memory for them is not known beforehand.
fn needs_wall(format: Format, package: &Package) -> bool {
    /// What a reader in our own process may unpack, in bytes. A filled-in template has 1 MB.
    const HARMLESS: u64 = 4 << 20;
    const HARMLESS_STYLES: u64 = 256 << 10;
    let styles = |name: &str| name.contains("styles.");
    format != Format::Xlsx
        || package.claimed(xlsx::is_wanted) > HARMLESS
        || package.claimed(styles) > HARMLESS_STYLES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_cells_in_one_place_the_last_counts() {
        let number = |n| Content::Number(n, Shown::Plain);
        let sheet = Sheet::new(
            "S".into(),
            vec![
                ((1, 1), number(1.0)),
                ((0, 5), number(2.0)),
                ((1, 1), number(3.0)),
            ],
        );
        assert_eq!(sheet.get(1, 1), Some(&number(3.0)));
        assert_eq!(sheet.cells().len(), 2);
        assert_eq!(sheet.row(0).len(), 1);
        assert_eq!(sheet.row(7).len(), 0);
    }
}
