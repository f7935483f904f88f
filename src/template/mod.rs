//! Writes the workbook that a client fills in, blank or with answers.
//!
//! ```
//! use partnerbook::{questionnaire::Questionnaire, template};
//!
//! let bytes = template::blank(&Questionnaire::built_in()?)?;
//! assert!(bytes.starts_with(b"PK"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod annotations;
mod formulas;
mod page;
mod plausible;
mod prefill;
mod self_check;
mod sheet;
mod start;
mod styles;
mod validation;

pub use plausible::CLIENTS;
pub use prefill::{Annotations, Cell, Handout, Prefill, PrefillError};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use self::page::Target;
use crate::answers::Answers;
use crate::look::Palette;
use crate::questionnaire::{FieldKey, Questionnaire};
use crate::score::Scorecard;
use crate::sheet_map::{CREATED, Edition, Layout, PrintedSheet, names};
use crate::text;

/// Error when writing a workbook, for example if the questionnaire exceeds a limit of the xlsx format.
#[derive(Debug, thiserror::Error)]
#[error("the workbook cannot be written: {0}")]
pub struct TemplateError(#[from] XlsxError);

/// Returns the blank workbook of a questionnaire as the bytes of an xlsx file.
///
/// # Errors
/// Returns an error if the questionnaire exceeds a limit of Excel.
pub fn blank(questionnaire: &Questionnaire) -> Result<Vec<u8>, TemplateError> {
    workbook(
        questionnaire,
        &Prefill::blank(questionnaire),
        &Palette::DEFAULT,
    )
}

/// Returns the workbook, blank or with answers, in the colors of a palette, as the bytes of an xlsx file. The output is
/// deterministic: the same inputs produce the same bytes.
///
/// # Errors
/// Returns an error if the questionnaire exceeds a limit of Excel.
pub fn workbook(
    questionnaire: &Questionnaire,
    prefill: &Prefill,
    palette: &Palette,
) -> Result<Vec<u8>, TemplateError> {
    let mut book = Workbook::new();
    let answers = prefill.as_excel_sees_it(questionnaire);
    let client = answers
        .text(questionnaire.identity.company)
        .map(text::for_cell)
        .unwrap_or_default();
    // The date is fixed because the current date would be the only difference between two runs.
    let created = ExcelDateTime::parse_from_str(CREATED)?;
    let properties = DocProperties::new()
        .set_title(text::for_cell(&questionnaire.start.title))
        .set_subject(text::for_cell(&questionnaire.subtitle))
        .set_company(&client)
        .set_creation_datetime(&created)
        .set_custom_property(names::PROPERTY_QUESTIONNAIRE, questionnaire.id.as_str())
        .set_custom_property(names::PROPERTY_VERSION, f64::from(questionnaire.version));
    book.set_properties(&properties);
    let layout = Layout::of(questionnaire);
    let mut target = Target::Workbook(&mut book);
    write_sheets(
        &mut target,
        questionnaire,
        (&layout, palette),
        (prefill, &answers),
    )?;
    for (key, field) in questionnaire.fields.iter().enumerate() {
        book.define_name(
            names::defined_name(&field.id),
            &format!("={}", layout.absolute(questionnaire, FieldKey(key))),
        )?;
    }
    Ok(book.save_to_buffer()?)
}

/// Returns the content of the blank workbook, as [`blank`] writes it, without writing a file.
///
/// # Errors
/// Returns an error if the questionnaire exceeds a limit of Excel.
pub fn printed(questionnaire: &Questionnaire) -> Result<Vec<PrintedSheet>, TemplateError> {
    let prefill = Prefill::blank(questionnaire);
    let answers = prefill.as_excel_sees_it(questionnaire);
    let mut target = Target::Content(Vec::new(), Box::default());
    write_sheets(
        &mut target,
        questionnaire,
        (&Layout::of(questionnaire), &Palette::DEFAULT),
        (&prefill, &answers),
    )?;
    match target {
        Target::Content(printed, _) => Ok(printed),
        Target::Workbook(_) => Ok(Vec::new()),
    }
}

/// Writes all sheets.
fn write_sheets(
    target: &mut Target,
    questionnaire: &Questionnaire,
    (layout, palette): (&Layout, &Palette),
    (prefill, answers): (&Prefill, &Answers),
) -> Result<(), XlsxError> {
    let scorecard = Scorecard::of(questionnaire, answers);
    let styles = styles::Styles::new(palette);
    let rules = self_check::rules(questionnaire, layout, prefill, (answers, &scorecard));
    start::write(target, questionnaire, (layout, &rules), prefill, &styles)?;
    let content = sheet::Content {
        questionnaire,
        layout,
        prefill,
        styles: &styles,
        scorecard: &scorecard,
    };
    for index in 0..questionnaire.worksheets.len() {
        sheet::write(target, &content, index)?;
    }
    if let Some(back) = prefill.returned()
        && !back.extra_text.is_empty()
    {
        annotations::write_extra_text(target, questionnaire, &back.extra_text, &styles)?;
    }
    let handed_out = prefill.handout().map(|handout| Edition {
        client: handout.client.clone(),
        generation: 0,
    });
    let returned = prefill.returned().and_then(|back| back.edition.as_ref());
    let edition = returned.or(handed_out.as_ref());
    let hidden = &mut target.page(names::META_SHEET)?;
    self_check::write(hidden, &rules)?;
    formulas::write(
        hidden,
        questionnaire,
        layout,
        &scorecard,
        (edition, start::note(questionnaire, prefill).as_deref()),
    )
}

/// Returns the footer of a sheet: its name, and the number of the page.
fn footer(questionnaire: &Questionnaire) -> String {
    // Ampersands begin codes.
    let page = questionnaire.prompts.page.replace('&', "&&");
    let page = page.replace("{page}", "&P").replace("{pages}", "&N");
    format!("&L&A&R{page}")
}
