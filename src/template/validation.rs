//! The data validation of a cell, and the message shown when the cell is selected.
//!
//! All words for "does not apply" and "not yet known" are accepted. Number cells therefore use a custom formula
//! instead of Excel's number validation.

use rust_xlsxwriter::{DataValidation, DataValidationErrorStyle, Formula, XlsxError};

use super::formulas::word_cells;
use crate::display::asks_for;
use crate::excel::column_letters;
use crate::questionnaire::{Field, Kind, Questionnaire};
use crate::text::{fill, lower_first, shorten};

/// Excel's limits for data validation, in characters: 32 for a title, 255 for a message. The list of options is also
/// limited to 255.
const MAX_TITLE_LENGTH: usize = 32;
const MAX_MESSAGE_LENGTH: usize = 255;

pub fn validation(
    questionnaire: &Questionnaire,
    field: &Field,
    row: u32,
    column: u16,
) -> Result<DataValidation, XlsxError> {
    let cell = format!("{}{}", column_letters(u32::from(column)), row + 1);
    let asks = asks_for(questionnaire, field);
    let words = escape_words(questionnaire);
    let mut message = asks.clone();
    if let Some(hint) = &field.hint {
        message = format!("{message}. {hint}");
    }
    let rule = match &field.kind {
        Kind::Choice { list } => DataValidation::new()
            .allow_list_strings(questionnaire.choices[*list].listed())?
            .set_error_style(DataValidationErrorStyle::Warning),
        Kind::Date => custom(format!(
            "OR(AND(ISNUMBER({cell}),{cell}>=36526,{cell}<73051),{})",
            words(&cell)
        )),
        Kind::Email => custom(format!(
            "OR(ISNUMBER(SEARCH(\"?@?*.?*\",{cell})),{})",
            words(&cell)
        ))
        .set_error_style(DataValidationErrorStyle::Warning),
        kind if kind.is_number() => {
            let (low, high) = field.range();
            let scale = if matches!(kind, Kind::Percent) {
                100.0
            } else {
                1.0
            };
            custom(format!(
                "OR(AND(ISNUMBER({cell}),{cell}>={},{cell}<={}),{})",
                low / scale,
                high / scale,
                words(&cell)
            ))
        }
        _ => DataValidation::new().allow_any_value(),
    };
    let prompts = &questionnaire.prompts;
    let error = fill(
        &prompts.rejected,
        &[
            ("asks", &lower_first(&asks)),
            ("not_applicable", questionnaire.words.not_applicable()),
            ("unknown", &questionnaire.words.unknown_shown()),
        ],
    );
    rule.ignore_blank(true)
        .set_input_title(shorten(&field.row_label, MAX_TITLE_LENGTH))?
        .set_input_message(shorten(&message, MAX_MESSAGE_LENGTH))?
        .set_error_title(shorten(&field.row_label, MAX_TITLE_LENGTH))?
        .set_error_message(shorten(&error, MAX_MESSAGE_LENGTH))
}

fn custom(formula: String) -> DataValidation {
    DataValidation::new().allow_custom(Formula::new(formula))
}

/// Returns the part of a validation formula that accepts the words for "does not apply" and "not yet known". Excel ignores
/// case in comparisons.
fn escape_words(questionnaire: &Questionnaire) -> impl Fn(&str) -> String {
    let [first, second] = word_cells(questionnaire);
    move |cell| {
        format!("SUMPRODUCT(({first}=TRIM({cell}))+0)+SUMPRODUCT(({second}=TRIM({cell}))+0)>0")
    }
}

/// Returns the unit next to the answer. Returns `None` for an amount in the client's currency, because its unit is a
/// live formula.
pub fn unit_label(questionnaire: &Questionnaire, field: &Field) -> Option<String> {
    let unit = match &field.kind {
        Kind::Money { .. } => return None,
        Kind::Rating { .. } => {
            let most = crate::display::number(questionnaire, field.range().1, 1);
            format!("/ {most}")
        }
        Kind::Share => format!("{} 100", questionnaire.plan_layout.words.of),
        _ => crate::display::unit(questionnaire, field),
    };
    let parts = [
        field.before.as_deref(),
        Some(unit.as_str()).filter(|unit| !unit.is_empty()),
        field.after.as_deref(),
    ];
    Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
}
