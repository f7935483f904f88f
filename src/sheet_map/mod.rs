//! Where everything is in a workbook: the place of each field, its defined name and hidden ID, the identity of the workbook.
//! Shared by `template`, which writes workbooks, and `intake`, which reads them.

mod layout;
pub mod names;

pub use self::layout::{ANSWER, HEAD_ROWS, ID, LABEL, Layout, RowKind, SheetLayout};
use crate::answers::CellRef;
use crate::questionnaire::{FieldKey, Questionnaire};
use crate::text::normalize;

/// Creation and modification time of every workbook that partnerbook writes. Another program that saves the workbook changes
/// the modification time.
pub const CREATED: &str = "2026-01-01T00:00:00Z";

/// First row of the kept texts, from 0.
pub const FIRST_EXTRA_ROW: u32 = 4;
/// Column of the cells that the list on the first sheet leads to.
pub const LIST_PLACE: u32 = 1;
/// Column of the severities in that list.
pub const LIST_SEVERITY: u32 = 3;

/// Which client's workbook it is, and how often it was sent back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edition {
    /// The client's id, the same in all workbooks that came of one.
    pub client: String,
    /// 0 of the workbook that was filled in first, one more for each annotated copy made of it.
    pub generation: u32,
}

/// A text that belongs to no question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtraText {
    /// Where it is, for people: sheet and cell.
    pub place: String,
    /// Its cell, where it is in one.
    pub cell: Option<CellRef>,
    /// What was written.
    pub text: String,
    /// The unanswered question in whose row it is.
    pub beside: Option<FieldKey>,
}

/// Whether a text, in its plain form, is one of the sentences above that list.
pub fn is_own_lead(questionnaire: &Questionnaire, said: &str) -> bool {
    let words = &questionnaire.annotations;
    said == normalize(&words.lead)
        || said == normalize(&words.no_extra)
        || words
            .extra_note
            .split("{count}")
            .all(|piece| said.contains(&normalize(piece)))
}
