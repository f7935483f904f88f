//! Resolves the fields that identify the client, and the success metrics.

use crate::questionnaire::diagnostic::Source;
use crate::questionnaire::raw::{IdentityRaw, Name, TargetRaw};
use crate::questionnaire::{FieldKey, Identity, TargetDef};

use super::Names;

/// Resolves the identity fields. Reports fields that do not exist.
pub(super) fn resolve(source: &Source, raw: &IdentityRaw, names: &Names) -> Identity {
    let optional = |name: &Option<Name>| names.optional(source, name).ok().flatten();
    Identity {
        contact: optional(&raw.contact),
        email: optional(&raw.email),
        industry: optional(&raw.industry),
        currency: optional(&raw.currency),
        start: optional(&raw.start),
        filled_in_on: optional(&raw.filled_in_on),
        choice: optional(&raw.choice),
        reasons: optional(&raw.reasons),
        // An error was reported, so the fallback key is never used.
        company: names.key(source, &raw.company).unwrap_or(FieldKey(0)),
    }
}

/// Resolves the success metrics. A metric with a field that does not exist is reported and skipped.
pub(super) fn targets(source: &Source, raw: &[TargetRaw], names: &Names) -> Vec<TargetDef> {
    let target = |raw: &TargetRaw| {
        Some(TargetDef {
            label: raw.label.clone(),
            today: names.optional(source, &raw.today).ok()?,
            target: names.key(source, &raw.target).ok()?,
            adds: raw.adds,
        })
    };
    raw.iter().filter_map(target).collect()
}
