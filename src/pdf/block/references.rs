//! Anchors of the answers in the appendix.

/// Returns the anchor name of an answer in the appendix.
pub fn anchor(field: &str) -> String {
    format!("field.{field}")
}
