//! Texts of issues: what was found, what was expected, and how to fix it.

use serde::Deserialize;

use super::diagnostic::Source;
use super::text_sections::{check_braces, check_names, names, text_sections};

/// The built-in texts.
const BUILT_IN: &str = include_str!("../../../templates/issues.toml");

text_sections! {
    /// Texts of issues.
    IssueTexts,
    /// `issues.toml`: texts of issues. A text that is left out is the English one.
    IssueFile;
    /// The types of issues, in the portfolio workbook.
    types: TypesTexts, TypesRaw {
        answer_beside cells_unreadable characters_without_font client_unnamed due_outside_roadmap extra_text
        identity_lost label_changed name_alone name_moved not_answered older_version question_not_found row_copied
        rows_moved sheet_copied sheet_not_found start_far_away text_too_long too_few_answers value_guessed
        value_invalid value_read
    }
    /// What was found.
    found: FoundTexts, FoundRaw {
        value read nothing workbook answer_beside extra_text extra_texts older_version identity_lost cells_unreadable
        sheet_copied_same sheet_copied row_copied name_moved rows_moved name_alone label_changed sheet_not_found
        question_not_found too_few_answers too_few_answers_skipped not_answered not_answered_all
    }
    /// What was expected.
    expected: ExpectedTexts, ExpectedRaw {
        extra_text older_version identity_lost cells_unreadable sheet_copied row_copied moved sheet_not_found
        question_not_found characters_without_font client_unnamed too_few_answers not_answered_one not_answered
        start_far_away due_outside_roadmap one_of_candidates computed_points place_by_ratings or more_than
    }
    /// How to fix it.
    fix: FixTexts, FixRaw {
        answer_beside extra_text older_version identity_lost cells_unreadable sheet_copied row_copied name_moved
        rows_moved name_alone label_changed sheet_not_found question_not_found characters_without_font client_unnamed
        too_few_answers not_answered start_far_away due_outside_roadmap value_read value_guessed text_too_long
    }
    /// Why a value cannot be used.
    problem: ProblemTexts, ProblemRaw {
        formula_without_result error_value date_made percentage no_digits not_a_number word_beside range two_numbers
        out_of_range fraction ratio factor money unit per_period long_text not_on_list several_options not_an_email
        several_emails not_a_url not_a_phone not_a_date incomplete_date year
    }
    /// How to fix a value that cannot be used.
    problem_fix: ProblemFixTexts, ProblemFixRaw {
        formula_without_result error_value date_made_number date_made percentage number word_beside range two_numbers
        out_of_range fraction ratio factor money unit per_period long_option long_date long_number not_on_list
        several_expected several_options not_an_email several_emails not_a_url not_a_phone not_a_date incomplete_date
        year did_you_mean did_you_mean_text
    }
    /// How a value was read.
    reading: ReadingTexts, ReadingRaw {
        value roughly because text text_without pair zero no_answer unknown not_applicable struck_out percent
        factor_of_percent rating_of_date ratio_of_time entry_such_as text_of_date text_of_time date_as_elsewhere
        date_or characters limit without percent_as_factor scaled unit period currency percents_as_elsewhere
        percent_or decimals_as_elsewhere larger_does_not_fit could_have_decimals
    }
}

impl IssueTexts {
    /// Combines the texts of a questionnaire with the built-in ones, and reports texts with values that they cannot
    /// contain.
    pub(super) fn resolve(source: &Source, own: IssueFile) -> Self {
        Self::merged(own, IssueFile::built_in(), &|own, built_in| {
            let built_in = built_in.unwrap_or_default();
            if let Some(own) = &own {
                check_names(source, own, &names(&built_in).collect::<Vec<_>>());
                check_braces(source, own);
            }
            own.unwrap_or(built_in)
        })
    }

    /// Returns the name of a type of issues, such as `value-invalid`. Returns `None` if it is not a built-in one.
    pub fn type_name(&self, code: &str) -> Option<&str> {
        self.types.get(&code.replace('-', "_"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_text_is_there() {
        let file: IssueFile = crate::questionnaire::toml_reader::from_str(BUILT_IN).unwrap();
        IssueTexts::merged(file.clone(), file, &|own, _| own.unwrap());
    }
}
