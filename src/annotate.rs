//! Annotated copies: all answers in a new workbook, with the open issues marked and listed.

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
    /// It cannot be written.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// What was written cannot be read.
    #[error("the annotated copy cannot be read again: {0}")]
    Unreadable(#[from] IntakeError),
}

/// A blank workbook of the questionnaire's current version with a client's answers, as the bytes of an xlsx file. It is read
/// again before it is given out: an answer that would be read otherwise than in the client's own workbook, whose other
/// texts told how its numbers and dates are meant, is written as its plain value.
///
/// # Errors
/// When the questionnaire runs into a limit of Excel.
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
