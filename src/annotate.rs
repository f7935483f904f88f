//! Annotated copies: all answers in a new workbook, with the open issues marked and listed.
//!
//! ```
//! # use partnerbook::{intake, questionnaire::Questionnaire};
//! # let questionnaire = Questionnaire::built_in()?;
//! # let sample = std::fs::read("samples/halvorsen-sensors.xlsx")?;
//! # let reading = intake::read_bytes(&questionnaire, sample, &intake::Sandbox::none())?;
//! # let answers = &reading.answers;
//! use partnerbook::{annotate, look::Palette};
//!
//! let copy = annotate::workbook(
//!     &questionnaire, answers, &reading.issues, Vec::new(), None, &Palette::DEFAULT,
//! )?;
//! let again = intake::read_bytes(&questionnaire, copy, &intake::Sandbox::none())?;
//! assert_eq!(again.answers.text(questionnaire.identity.company), Some("Halvorsen Sensors AS"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use crate::answers::{Answers, Value};
use crate::intake::{self, IntakeError, Sandbox};
use crate::issue::{Issue, Severity};
use crate::look::Palette;
use crate::questionnaire::Questionnaire;
use crate::sheet_map::{Edition, ExtraText};
use crate::template::{self, Annotations, Cell, Prefill, TemplateError};

/// Why an annotated copy cannot be created.
#[derive(Debug, thiserror::Error)]
pub enum AnnotateError {
    /// The copy cannot be written.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The written copy cannot be read again.
    #[error("the annotated copy cannot be read again: {0}")]
    Unreadable(#[from] IntakeError),
}

/// Returns a blank workbook of the current questionnaire version, filled with a client's answers, as the bytes of an
/// xlsx file. The workbook is read again before it is returned. In the client's own workbook, other text can show how
/// numbers and dates are meant. An answer that would now be read differently is written as its plain value.
///
/// # Errors
/// Returns an error if the questionnaire exceeds a limit of Excel, or if the copy cannot be read again.
pub fn workbook(
    questionnaire: &Questionnaire,
    answers: &Answers,
    issues: &[Issue],
    extra_text: Vec<ExtraText>,
    edition: Option<&Edition>,
    palette: &Palette,
) -> Result<Vec<u8>, AnnotateError> {
    let problems = issues
        .iter()
        .filter(|issue| issue.severity != Severity::Note)
        .cloned()
        .collect();
    let mut prefill = Prefill::from_answers(questionnaire, answers, issues);
    prefill.annotate(Annotations {
        problems,
        extra_text,
        edition: edition.map(|edition| Edition {
            client: edition.client.clone(),
            generation: edition.generation + 1,
        }),
    });
    let bytes = template::workbook(questionnaire, &prefill, palette)?;
    let again = intake::read_bytes(questionnaire, bytes.clone(), &Sandbox::none())?;
    let mut changed = false;
    for (key, _) in questionnaire.inputs() {
        let (own, other) = (&answers.get(key).value, &again.answers.get(key).value);
        if own == other {
            continue;
        }
        let plain = match own {
            Value::Number(number) => Cell::Number(*number),
            Value::Date(day) => Cell::Date(*day),
            _ => continue,
        };
        prefill.set(key, plain);
        changed = true;
    }
    Ok(if changed {
        template::workbook(questionnaire, &prefill, palette)?
    } else {
        bytes
    })
}
