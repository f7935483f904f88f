//! A workbook in memory: its cells in lists that grow with what is there and never with what a file claims.
//!
//! Calamine reads the values. What it does not tell is found by a look of our own at the same bytes, which is also the guard
//! of the formats whose reader trusts them too much: which numbers are shown as percent or as money, and which formulas came
//! without a result.

mod comments;
mod ods;
mod xls;
mod xlsb;
mod xlsx;

use std::borrow::Cow;

use calamine::{Data, DataRef};
use chrono::NaiveDate;
use foldhash::HashMap;
use serde::{Deserialize, Serialize};

pub use comments::Comment;

use super::IntakeError;
use super::format::Format;
use super::package::Package;
use crate::caught::caught;
use crate::names;

/// Most cells that are looked at, with or without content, and most of those that have some. A filled-in template has some
/// 5,000 and 3,000.
const MOST_CELLS_SEEN: usize = 4_000_000;
const MOST_CELLS: usize = 400_000;
/// Most text of all cells together, in bytes: one text may be shared by any number of cells.
const MOST_TEXT: usize = 32 << 20;
const MOST_SHEETS: usize = 256;
const MOST_NAMES: usize = 20_000;
/// Longest sheet name, defined name and reference that are looked at, in bytes.
const LONGEST_NAME: usize = 1024;
/// Largest area of cells that a reader lays out in full, which xls and ods have: 24 bytes each.
const LARGEST_AREA: u64 = 2_000_000;

/// How a number is shown.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub enum Shown {
    /// As a number.
    #[default]
    Plain,
    /// As percent: 0.25 is 25 %.
    Percent,
    /// As an amount of money; the sign or code.
    Money(String),
}

impl Shown {
    /// How an Excel number format shows a number.
    fn by_format(code: &str) -> Self {
        // The first part is for positive numbers.
        let code = code.split(';').next().unwrap_or_default();
        if code.contains('%') {
            return Shown::Percent;
        }
        // `[$€-407] #,##0`, `"$"#,##0`, `#,##0 \€`: a currency is what is neither a place for digits nor a mark between them.
        let mut sign = String::new();
        let mut rest = code;
        while let Some(c) = rest.chars().next() {
            rest = &rest[c.len_utf8()..];
            match c {
                '[' => {
                    let (inside, after) = rest.split_once(']').unwrap_or((rest, ""));
                    if let Some(currency) = inside.strip_prefix('$') {
                        sign.push_str(currency.split('-').next().unwrap_or_default());
                    }
                    rest = after;
                }
                '_' | '*' => {
                    rest = rest.char_indices().nth(1).map_or("", |(at, _)| &rest[at..]);
                }
                '"' | '\\' | '#' | '0' | '?' | '.' | ',' | '(' | ')' | '-' | '+' | '@' | '\'' => {}
                c if c.is_whitespace() => {}
                c => sign.push(c),
            }
        }
        if sign.is_empty() || sign.eq_ignore_ascii_case("general") {
            Shown::Plain
        } else {
            Shown::Money(crate::text::shorten(&sign, 12))
        }
    }
}

/// A cell's content.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Content {
    /// A number, and how it is shown.
    Number(f64, Shown),
    /// A text.
    Text(String),
    /// Yes or no.
    Bool(bool),
    /// A day.
    Date(NaiveDate),
    /// An error value, such as `#DIV/0!`.
    Error(String),
    /// A formula that came without a result, as programs write them that do not calculate.
    Unresolved,
}

impl Content {
    /// The content as typed, for messages and for searching.
    pub fn raw(&self) -> String {
        match self {
            Content::Number(number, Shown::Percent) => {
                format!("{} %", (number * 1e11).round() / 1e9)
            }
            Content::Number(number, Shown::Money(sign)) => format!("{sign} {number}"),
            Content::Number(number, Shown::Plain) => number.to_string(),
            Content::Text(text) => text.clone(),
            Content::Bool(true) => "TRUE".into(),
            Content::Bool(false) => "FALSE".into(),
            Content::Date(day) => day.format("%Y-%m-%d").to_string(),
            Content::Error(error) => error.clone(),
            Content::Unresolved => String::new(),
        }
    }

    /// Whether somebody may have meant something by it.
    pub fn is_filled(&self) -> bool {
        !matches!(self, Content::Text(text) if crate::text::tidy(text).is_empty())
    }

    fn from_calamine(value: &DataRef, shown: Shown) -> Option<Self> {
        Some(match value {
            DataRef::Empty => return None,
            DataRef::Int(number) => Content::Number(*number as f64, shown),
            DataRef::Float(number) if number.is_finite() => Content::Number(*number, shown),
            DataRef::Float(_) => Content::Error("#NUM!".into()),
            DataRef::String(text) => Content::text(text),
            DataRef::SharedString(text) => Content::text(text),
            DataRef::Bool(yes) => Content::Bool(*yes),
            DataRef::DateTime(moment) => match moment.as_datetime() {
                Some(moment) => Content::Date(moment.date()),
                None => Content::Number(moment.as_f64(), Shown::Plain),
            },
            DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
                match NaiveDate::parse_from_str(text.get(..10).unwrap_or(text), "%Y-%m-%d") {
                    Ok(day) => Content::Date(day),
                    Err(_) => Content::Text(text.clone()),
                }
            }
            DataRef::Error(error) => Content::Error(error.to_string()),
        })
    }

    fn from_data(value: &Data, shown: Shown) -> Option<Self> {
        Some(match value {
            Data::Empty => return None,
            Data::Int(number) => Self::from_calamine(&DataRef::Int(*number), shown)?,
            Data::Float(number) => Self::from_calamine(&DataRef::Float(*number), shown)?,
            Data::String(text) => Content::text(text),
            Data::Bool(yes) => Content::Bool(*yes),
            Data::DateTime(moment) => Self::from_calamine(&DataRef::DateTime(*moment), shown)?,
            Data::DateTimeIso(text) => {
                Self::from_calamine(&DataRef::DateTimeIso(text.clone()), shown)?
            }
            Data::DurationIso(text) => {
                Self::from_calamine(&DataRef::DurationIso(text.clone()), shown)?
            }
            Data::Error(error) => Content::Error(error.to_string()),
        })
    }

    /// A text; the names of error values, which OpenDocument writes as text, are errors.
    fn text(text: &str) -> Self {
        let is_error = (text.starts_with('#') && (text.ends_with('!') || text.ends_with('?')))
            || text == "#N/A"
            || text
                .strip_prefix("Err:")
                .is_some_and(|code| code.len() == 3 && code.bytes().all(|b| b.is_ascii_digit()));
        if is_error && text.len() < 24 {
            Content::Error(text.to_owned())
        } else {
            Content::Text(text.to_owned())
        }
    }
}

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

/// Collects cells within the bounds of a whole workbook.
struct Collector {
    sheets: Vec<Sheet>,
    seen: usize,
    cells: usize,
    text: usize,
}

impl Collector {
    fn new(sheets: usize) -> Result<Self, IntakeError> {
        if sheets > MOST_SHEETS {
            return Err(IntakeError::Excessive(format!(
                "it has {sheets} sheets, more than {MOST_SHEETS}"
            )));
        }
        Ok(Self {
            sheets: Vec::with_capacity(sheets),
            seen: 0,
            cells: 0,
            text: 0,
        })
    }

    /// Counts a cell that was looked at.
    fn see(&mut self) -> Result<(), IntakeError> {
        self.seen += 1;
        if self.seen > MOST_CELLS_SEEN {
            return Err(too_many_cells());
        }
        Ok(())
    }

    /// Counts a cell that is kept.
    fn keep(&mut self, content: &Content) -> Result<(), IntakeError> {
        self.cells += 1;
        if let Content::Text(text) = content {
            self.text += text.len();
        }
        if self.cells > MOST_CELLS {
            return Err(too_many_cells());
        }
        if self.text > MOST_TEXT {
            return Err(IntakeError::Excessive(format!(
                "it has more than {} MB of text",
                MOST_TEXT >> 20
            )));
        }
        Ok(())
    }

    fn sheet(&mut self, name: &str, cells: Vec<(Position, Content)>) {
        let name = crate::text::shorten(&crate::text::for_cell(name), LONGEST_NAME);
        self.sheets.push(Sheet::new(name, cells));
    }

    /// The workbook, with those of its defined names that are ours.
    fn book(self, names: &[(String, String)]) -> Book {
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
                name.len() <= LONGEST_NAME && reference.len() <= LONGEST_NAME
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
            .take(MOST_NAMES)
            .collect();
        Book {
            sheets: self.sheets,
            names,
        }
    }
}

fn too_many_cells() -> IntakeError {
    IntakeError::Excessive(format!("it has more than {MOST_CELLS} cells"))
}

/// A value so far from the others that the area between them cannot be laid out.
fn far_cell(sheet: &str, at: Position) -> IntakeError {
    let place = crate::answers::CellRef {
        sheet: crate::text::shorten(sheet, 60).into(),
        row: at.0,
        column: at.1,
    };
    IntakeError::Excessive(format!(
        "something stands far away from the questions, near {place}"
    ))
}

/// Sheet, row and column of a reference to one cell, as every format spells it: `'My S'!$C$6`, `$'My S'.$C$6` in
/// OpenDocument, `My S!$C$6` in xls. Split from the right: a sheet's name may hold anything but a colon.
fn parse_reference(reference: &str) -> Option<(Cow<'_, str>, Position)> {
    let reference = reference.trim_start_matches(['=', '$']);
    // A merged cell's name may cover its whole area: the first cell holds the value.
    let first = match reference.rsplit_once(':') {
        Some((first, last)) if is_address(last) => first,
        _ => reference,
    };
    let (sheet, cell) = first.rsplit_once(['!', '.'])?;
    let sheet = match sheet
        .strip_prefix('\'')
        .and_then(|sheet| sheet.strip_suffix('\''))
    {
        Some(quoted) if quoted.contains('\'') => Cow::Owned(quoted.replace("''", "'")),
        Some(quoted) => Cow::Borrowed(quoted),
        None => Cow::Borrowed(sheet),
    };
    Some((sheet, parse_cell(cell)?))
}

/// Whether this is the second cell of a range, with or without its sheet.
fn is_address(text: &str) -> bool {
    let cell = text.rsplit(['!', '.']).next().unwrap_or(text);
    parse_cell(cell).is_some()
}

/// Row and column, from 0, of an address such as `C6` or `$C$6`.
fn parse_cell(cell: &str) -> Option<Position> {
    let cell = cell.trim_start_matches('$');
    let digits = cell.find(|c: char| c.is_ascii_digit())?;
    let (letters, row) = cell.split_at(digits);
    let letters = letters.trim_end_matches('$');
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let mut column = 0u32;
    for letter in letters.bytes() {
        if !letter.is_ascii_alphabetic() {
            return None;
        }
        column = column * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1;
    }
    if !row.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let row: u32 = row.parse().ok()?;
    if row == 0 || row > 1_048_576 || column > 16_384 {
        return None;
    }
    Some((row - 1, column - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_split_from_the_right() {
        for (reference, sheet, at) in [
            ("'It''s! mine'!$C$6", "It's! mine", (5, 2)),
            ("Client!$AA$10:$AB$10", "Client", (9, 26)),
            ("$'My S'.$C$6", "My S", (5, 2)),
            ("$Client.$C$6:.$D$6", "Client", (5, 2)),
            ("$'a.b c'.$C$6", "a.b c", (5, 2)),
            ("My S!$C$6", "My S", (5, 2)),
            ("=Client!C6", "Client", (5, 2)),
        ] {
            assert_eq!(
                parse_reference(reference),
                Some((sheet.into(), at)),
                "{reference}"
            );
        }
        for broken in [
            "#REF!",
            "Client!#REF!",
            "$D$#REF!",
            "Client!$C$0",
            "Client!$ZZZZ$1",
            "C6",
            "Client!$C$99999999999",
            "Client!$C$+5",
            "!",
            "",
            "Client!$XFE$1",
        ] {
            assert_eq!(parse_reference(broken), None, "{broken}");
        }
    }

    #[test]
    fn number_formats_say_what_a_number_is() {
        for plain in [
            "General",
            "0",
            "#,##0.00",
            "_(* #,##0_);_(* (#,##0)",
            "#,##0 ;(#,##0)",
            "@",
            "",
            "0;-0;\"-\"",
        ] {
            assert_eq!(Shown::by_format(plain), Shown::Plain, "{plain}");
        }
        for percent in ["0%", "0.0 %", "0\\ %;-0\\ %"] {
            assert_eq!(Shown::by_format(percent), Shown::Percent, "{percent}");
        }
        for (money, sign) in [
            ("\"$\"#,##0", "$"),
            ("[$€-407] #,##0.00", "€"),
            ("#,##0 \\€", "€"),
            ("[$CHF-807] #,##0", "CHF"),
            ("_($* #,##0_)", "$"),
            ("_-* #,##0\\ \"kr\"_-", "kr"),
        ] {
            assert_eq!(
                Shown::by_format(money),
                Shown::Money(sign.into()),
                "{money}"
            );
        }
    }

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
