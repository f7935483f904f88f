#![no_main]
//! Typed texts, in a field of every kind: whatever is read lies in the field's range, and whatever is not read has a reason.

use libfuzzer_sys::fuzz_target;
use partnerbook::answers::Value;
use partnerbook::intake::read_typed;
use partnerbook_fuzz::questionnaire;

fuzz_target!(|data: &[u8]| {
    let Some((first, typed)) = data.split_first() else {
        return;
    };
    let typed = String::from_utf8_lossy(typed);
    let questionnaire = questionnaire();
    let inputs: Vec<_> = questionnaire.inputs().collect();
    let (key, field) = inputs[usize::from(*first) * inputs.len() / 256];
    let (value, issue) = read_typed(questionnaire, key, &typed, Some("EUR"));
    match value {
        Value::Number(number) => {
            let (low, high) = field.range();
            assert!(number.is_finite() && (low..=high).contains(&number));
        }
        Value::Invalid => assert!(issue.is_some_and(|issue| !issue.found.is_empty())),
        _ => {}
    }
});
