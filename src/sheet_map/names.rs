//! What ties a workbook to its questionnaire: defined names, and the hidden sheet that says whose workbook it is.
//!
//! Google Sheets keeps only names of letters, digits and underscores, and refuses those that look like a cell. Ids have
//! no two underscores in a row, so `readiness.product.api` ↔ `pb_readiness__product__api` can be undone.

/// Name of the hidden sheet with questionnaire, version and the workings of the scores.
pub const META_SHEET: &str = "_partnerbook";
/// Row of the hidden sheet that says which client's workbook it is, and how often it was sent back: id in the second column,
/// generation in the fourth.
pub const META_CLIENT_ROW: u32 = 3;
/// First cell of the hidden sheet: a workbook made by this tool.
pub const META_MARK: &str = "partnerbook";
/// Stands on the hidden sheet, where other workbooks have their questionnaire: a consolidated workbook, not a client's.
pub const META_PORTFOLIO: &str = "consolidated workbook";
/// Custom property that holds the questionnaire's id.
pub const PROPERTY_QUESTIONNAIRE: &str = "partnerbook_questionnaire";
/// Custom property that holds the questionnaire's version.
pub const PROPERTY_VERSION: &str = "partnerbook_version";

const PREFIX: &str = "pb_";

/// The defined name of a field id.
pub fn defined_name(field_id: &str) -> String {
    format!("{PREFIX}{}", field_id.replace('.', "__"))
}

/// The field id of a defined name, if it is one of ours.
pub fn field_id(defined_name: &str) -> Option<String> {
    let rest = defined_name
        .get(..PREFIX.len())
        .filter(|start| start.eq_ignore_ascii_case(PREFIX))
        .and_then(|_| defined_name.get(PREFIX.len()..))?;
    let mut id = rest.replace("__", ".");
    id.make_ascii_lowercase();
    Some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_the_questionnaire_survives_the_way_there_and_back() {
        let questionnaire = crate::questionnaire::Questionnaire::built_in().unwrap();
        for field in &questionnaire.fields {
            let name = defined_name(&field.id);
            assert!(
                name.len() <= 255 && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'),
                "{name}"
            );
            assert_eq!(field_id(&name).as_deref(), Some(field.id.as_str()));
        }
        assert_eq!(field_id("_xlnm.Print_Titles"), None);
        assert_eq!(field_id("é"), None);
    }
}
