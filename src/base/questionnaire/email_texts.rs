//! Texts of the emails around the plans: invitations, reminders, and requests for corrections.

use std::sync::OnceLock;

use serde::Deserialize;

use super::diagnostic::Source;
use super::text_sections::{check_names, names};
use crate::text::fill;

/// The built-in texts.
const BUILT_IN: &str = include_str!("../../../templates/emails.toml");
/// Values that the texts can contain.
const VALUES: [&str; 12] = [
    "client",
    "contact",
    "title",
    "due",
    "overdue",
    "count",
    "one",
    "questions",
    "not_applicable",
    "unknown",
    "sender",
    "number",
];
/// Values of a line of the list of questions.
const LINE_VALUES: [&str; 4] = ["number", "place", "found", "fix"];

/// The text of an email. Of each list, the first text is used whose values in braces are all known.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EmailTexts {
    /// Candidates for the subject.
    pub subject: Vec<String>,
    /// The paragraphs, each with its candidates. A paragraph without a text that can be used is left out.
    pub paragraphs: Vec<Vec<String>>,
}

/// The text of an email that asks for corrections.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CorrectionTexts {
    /// Candidates for the subject.
    pub subject: Vec<String>,
    /// The paragraphs, each with its candidates.
    pub paragraphs: Vec<Vec<String>>,
    /// A line of `{questions}`: `{number}`, `{place}`, `{found}`, and `{fix}`.
    pub question: String,
    /// The last line if there are more: `{count}`.
    pub more: String,
}

/// The emails around the plans.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Emails {
    /// The email with the workbook.
    pub invitation: EmailTexts,
    /// The email to a client who has not answered.
    pub reminder: EmailTexts,
    /// The email with the annotated copy.
    pub correction: CorrectionTexts,
    /// The message of `account test`.
    pub(super) test: EmailTexts,
}

impl Emails {
    /// Returns the built-in texts. A test checks the embedded file.
    pub(super) fn built_in() -> Self {
        static PARSED: OnceLock<Emails> = OnceLock::new();
        PARSED
            .get_or_init(|| {
                crate::questionnaire::toml_reader::from_str(BUILT_IN).unwrap_or_default()
            })
            .clone()
    }

    /// Returns the built-in message of `account test`, which no questionnaire changes.
    pub fn account_test() -> EmailTexts {
        Self::built_in().test
    }

    /// Reports values that the texts cannot contain.
    pub(super) fn check(&self, source: &Source) {
        let emails = [&self.invitation, &self.reminder];
        let texts = emails.iter().flat_map(|mail| mail.texts());
        for text in texts.chain(self.correction.mail().texts()) {
            check_names(source, text, &VALUES);
        }
        let mut paragraphs = self.correction.paragraphs.iter().flatten();
        if !paragraphs.any(|text| text.contains("{questions}")) {
            let message =
                "no paragraph of [correction] contains {questions}, the list of what to correct";
            source.error_at_text("[correction]", message);
        }
        check_names(source, &self.correction.question, &LINE_VALUES);
        check_names(source, &self.correction.more, &["count"]);
    }
}

impl EmailTexts {
    fn texts(&self) -> Vec<&str> {
        let paragraphs = self.paragraphs.iter().flatten();
        self.subject
            .iter()
            .chain(paragraphs)
            .map(String::as_str)
            .collect()
    }

    /// Returns the subject and the paragraphs with these values.
    pub fn fill(&self, values: &[(&str, &str)]) -> (String, Vec<String>) {
        let first = |texts: &Vec<String>| {
            let is_known = |name: &str| values.iter().any(|(own, _)| *own == name);
            let text = texts.iter().find(|text| names(text).all(is_known))?;
            Some(fill(text, values))
        };
        let paragraphs = self.paragraphs.iter().filter_map(first).collect();
        (first(&self.subject).unwrap_or_default(), paragraphs)
    }
}

impl CorrectionTexts {
    /// Returns the texts that all emails have.
    pub fn mail(&self) -> EmailTexts {
        EmailTexts {
            subject: self.subject.clone(),
            paragraphs: self.paragraphs.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_text_whose_values_are_known_is_used() {
        let emails: Emails = crate::questionnaire::toml_reader::from_str(BUILT_IN).unwrap();
        let values = [("title", "Plan"), ("client", "Acme"), ("overdue", "1 May")];
        let (subject, paragraphs) = emails.reminder.fill(&values);
        assert_eq!(subject, "Plan: was due on 1 May");
        assert_eq!(paragraphs[0], "Dear Sir or Madam,");
        assert!(paragraphs[1].contains("for Acme was due on 1 May"));
        assert!(
            !crate::text::parts(&paragraphs.concat())
                .iter()
                .any(|part| matches!(part, crate::text::Part::Name(_)))
        );
    }
}
