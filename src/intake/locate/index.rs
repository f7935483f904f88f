//! The index of the IDs and texts of a sheet.

use std::cell::OnceCell;

use foldhash::{HashMap, HashMapExt, HashSet};

use crate::intake::book::{Content, Position, Sheet};
use crate::text;

/// Maximum length of a label, in bytes.
pub(super) const MAX_LABEL_LENGTH: usize = 400;
/// Maximum number of copies of a row, a name, or a text that are considered.
pub(super) const MAX_COPIES: usize = 64;

/// The index of one sheet.
pub(super) struct Index<'b> {
    pub(super) sheet: &'b Sheet,
    /// The rows of each row ID and section ID, from the column that contains the most IDs.
    pub(super) ids: HashMap<&'b str, Vec<u32>>,
    pub(super) id_column: u32,
    /// Every short text, normalized, with its cells in reading order. Built on first use.
    texts: OnceCell<HashMap<String, Vec<Position>>>,
}

impl<'b> Index<'b> {
    pub(super) fn of(sheet: &'b Sheet, known: &HashSet<&str>) -> Self {
        let longest = known.iter().map(|id| id.len()).max().unwrap_or(0);
        let mut per_column: HashMap<u32, Vec<(&str, u32)>> = HashMap::new();
        for ((row, column), content) in sheet.cells() {
            if let Content::Text(content) = content
                && content.len() <= longest
                && memchr::memchr(b' ', content.as_bytes()).is_none()
                && known.contains(content.as_str())
            {
                per_column.entry(*column).or_default().push((content, *row));
            }
        }
        let (id_column, found) = per_column
            .into_iter()
            .max_by_key(|(column, rows)| (rows.len(), std::cmp::Reverse(*column)))
            .unwrap_or_default();
        let mut ids: HashMap<&str, Vec<u32>> = HashMap::new();
        for (id, row) in found {
            let rows = ids.entry(id).or_default();
            if rows.len() < MAX_COPIES {
                rows.push(row);
            }
        }
        Self {
            sheet,
            ids,
            id_column,
            texts: OnceCell::new(),
        }
    }

    pub(super) fn rows_of(&self, id: &str) -> &[u32] {
        self.ids.get(id).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns the cells with a normalized text.
    pub(super) fn cells_with_text(&self, plain: &str) -> &[Position] {
        let texts = self.texts.get_or_init(|| {
            let mut texts: HashMap<String, Vec<Position>> = HashMap::new();
            for (place, content) in self.sheet.cells() {
                if let Content::Text(content) = content
                    && content.len() <= MAX_LABEL_LENGTH
                {
                    let cells = texts.entry(text::normalize(content)).or_default();
                    if cells.len() < MAX_COPIES {
                        cells.push(*place);
                    }
                }
            }
            texts
        });
        texts.get(plain).map(Vec::as_slice).unwrap_or_default()
    }

    pub(super) fn is_filled(&self, row: u32, column: u32) -> bool {
        self.sheet.get(row, column).is_some_and(Content::is_filled)
    }
}
