//! Programme (+ answers) → the workbook that a client fills in.

mod formulas;
mod layout;
mod prefill;
mod returned;
mod sheet;
mod start;
mod styles;
mod validation;

pub(crate) use layout::Layout;
pub use prefill::{Cell, Edition, Prefill, PrefillError, Returned};
pub use returned::{FIRST_KEPT_ROW, LIST_PLACE, LIST_SEVERITY, is_own_lead};
pub use validation::asks_for;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use crate::names;
use crate::programme::{FieldKey, Programme};
use crate::score::Scorecard;
use crate::text;

/// When all our workbooks say that they were created and last saved; whatever saves them again says another time.
pub const CREATED: &str = "2026-01-01T00:00:00Z";

/// Writing a workbook failed: a limit of the format, which a programme can run into.
#[derive(Debug, thiserror::Error)]
#[error("the workbook cannot be written: {0}")]
pub struct TemplateError(#[from] XlsxError);

/// The workbook, blank or with answers, as the bytes of an xlsx file. The same inputs give the same bytes.
///
/// # Errors
/// When the programme runs into a limit of Excel.
pub fn workbook(programme: &Programme, prefill: &Prefill) -> Result<Vec<u8>, TemplateError> {
    let layout = Layout::of(programme);
    let answers = prefill.as_excel_sees_it(programme);
    let scorecard = Scorecard::of(programme, &answers);
    let mut book = Workbook::new();
    let client = answers
        .text(programme.identity.company)
        .map(text::for_cell)
        .unwrap_or_default();
    // A fixed day: the date of creation would be the only thing to differ between two runs.
    let created = ExcelDateTime::parse_from_str(CREATED)?;
    let properties = DocProperties::new()
        .set_title(text::for_cell(&programme.start.title))
        .set_subject(text::for_cell(&programme.subtitle))
        .set_company(&client)
        .set_creation_datetime(&created)
        .set_custom_property(names::PROPERTY_PROGRAMME, programme.id.as_str())
        .set_custom_property(names::PROPERTY_VERSION, f64::from(programme.version));
    book.set_properties(&properties);
    let styles = styles::Styles::new();
    start::write(book.add_worksheet(), programme, &layout, prefill, &styles)?;
    for index in 0..programme.worksheets.len() {
        sheet::write(
            book.add_worksheet(),
            programme,
            &layout,
            index,
            prefill,
            &styles,
            &scorecard,
        )?;
    }
    if let Some(back) = prefill.returned()
        && !back.extra_text.is_empty()
    {
        returned::write_kept(book.add_worksheet(), programme, &back.extra_text, &styles)?;
    }
    let edition = prefill.returned().and_then(|back| back.edition.as_ref());
    formulas::write(
        book.add_worksheet(),
        programme,
        &layout,
        &scorecard,
        edition,
    )?;
    for (key, field) in programme.fields.iter().enumerate() {
        book.define_name(
            names::defined_name(&field.id),
            &format!("={}", layout.absolute(programme, FieldKey(key))),
        )?;
    }
    Ok(book.save_to_buffer()?)
}
