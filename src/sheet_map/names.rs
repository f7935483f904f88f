//! Links a workbook to its questionnaire: defined names, and the hidden sheet that identifies the workbook.
//!
//! Google Sheets keeps only defined names of letters, digits, and underscores, and rejects names that look like a cell.
//! A field ID never contains two underscores in a row, so that `readiness.product.api` ↔ `pb_readiness__product__api`
//! is reversible.

/// Name of the hidden sheet. It contains the questionnaire, its version, and the score calculations.
pub const META_SHEET: &str = "_partnerbook";
/// Row of the hidden sheet, from 0, that contains the client ID in the second column and the generation in the fourth.
pub const META_CLIENT_ROW: u32 = 3;
/// Column of that row, from 0, that contains the return note of the first sheet: when the workbook is due, and who receives it.
pub const META_NOTE_COLUMN: u32 = 4;
/// Text in the first cell of the hidden sheet. It marks a workbook that partnerbook created.
pub const META_MARK: &str = "partnerbook";
/// Text on the hidden sheet of a portfolio workbook, in the place of the questionnaire. It shows that this is not a
/// client's workbook.
pub const META_PORTFOLIO: &str = "consolidated workbook";
/// Custom property that contains the questionnaire ID.
pub const PROPERTY_QUESTIONNAIRE: &str = "partnerbook_questionnaire";
/// Custom property that contains the questionnaire version.
pub const PROPERTY_VERSION: &str = "partnerbook_version";

const PREFIX: &str = "pb_";

/// Returns the defined name of a field ID.
pub fn defined_name(field_id: &str) -> String {
    format!("{PREFIX}{}", field_id.replace('.', "__"))
}

/// Returns the field ID of a defined name, if the name has the prefix of partnerbook.
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
