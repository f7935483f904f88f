//! The position of everything in a workbook: the cell of each field, its defined name and hidden ID, and the workbook's
//! identity. Shared by `template`, which writes workbooks, and `intake`, which reads them.
//!
//! ```
//! use partnerbook::{questionnaire::Questionnaire, sheet_map::Layout};
//!
//! let questionnaire = Questionnaire::built_in()?;
//! let layout = Layout::of(&questionnaire);
//! let (row, column) = layout.cell(questionnaire.identity.company);
//! assert!(row > 0 && column > 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod layout;
pub mod names;
mod printed;

pub use self::layout::{ANSWER, HEAD_ROWS, ID, LABEL, Layout, RowKind, SheetLayout};
pub use self::printed::{Printed, PrintedSheet};
use serde::{Deserialize, Serialize};

use crate::answers::CellRef;
use crate::questionnaire::{FieldKey, Questionnaire};
use crate::text::normalize;

/// Creation and modification time of every workbook that partnerbook writes. If another program saves the workbook, the
/// modification time changes.
pub const CREATED: &str = "2026-01-01T00:00:00Z";

/// First row of the extra text, from 0.
pub const FIRST_EXTRA_ROW: u32 = 4;
/// Number of rows of what the workbook checks itself, on the first sheet: the heading, the open questions, the
/// contradictions, and how many more there are.
pub const SELF_CHECK_ROWS: u32 = 3 + SELF_CHECK_LISTED;
/// Number of contradictions that the first sheet lists.
pub const SELF_CHECK_LISTED: u32 = 8;
/// Column of the cell links in the issue list on the first sheet, from 0.
pub const LIST_PLACE: u32 = 1;
/// Column of the severities in that list, from 0.
pub const LIST_SEVERITY: u32 = 3;

/// The client of a workbook, and how many times the workbook was annotated.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    /// The client ID. It is the same in all annotated copies that derive from one workbook.
    pub client: String,
    /// 0 for the workbook that the client filled in first, plus 1 for each annotated copy.
    pub generation: u32,
}

/// A text that the client wrote outside the answer cells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtraText {
    /// The place for display: sheet and cell.
    pub place: String,
    /// Its cell, if the text is in a cell.
    pub cell: Option<CellRef>,
    /// The text.
    pub text: String,
    /// The unanswered question in the same row, if any.
    pub beside: Option<FieldKey>,
}

/// Returns whether a normalized text is one of the sentences above the issue list.
pub fn is_list_intro(questionnaire: &Questionnaire, said: &str) -> bool {
    let words = &questionnaire.annotations;
    said == normalize(&words.lead)
        || said == normalize(&words.no_extra)
        || words
            .extra_note
            .split("{count}")
            .all(|piece| said.contains(&normalize(piece)))
}
