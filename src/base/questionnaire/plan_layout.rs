//! The layout of the plan: the content and the texts of each section. `plan` fills it with a client's data; renderers
//! do not use it.

use serde::Deserialize;

use super::{BlockDef, Condition, CorrectionTexts, EmailTexts, FormatString};

/// A text that is printed if its conditions hold and all its facts have values.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Conditions, all of which must hold.
    #[serde(default)]
    pub when: Vec<Condition>,
    /// The text.
    pub text: FormatString,
}

fn usual_quotes() -> [String; 2] {
    ["“".to_owned(), "”".to_owned()]
}

fn usual_knocked_out() -> String {
    "fails {questions}".to_owned()
}

fn usual_date() -> String {
    "{day} {month} {year}".to_owned()
}

fn usual_short_date() -> String {
    "{day} {month}".to_owned()
}

/// The template of the email that the plan is attached to.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EmailTemplate {
    /// Candidates for the subject. The first line that can be printed is used.
    #[serde(default)]
    pub subject: Vec<Line>,
    /// The paragraphs, in order.
    #[serde(default)]
    pub paragraph: Vec<Paragraph>,
    /// The email with the workbook. Without it, the built-in English one.
    pub invitation: Option<EmailTexts>,
    /// The email to a client who has not answered. Without it, the built-in English one.
    pub reminder: Option<EmailTexts>,
    /// The email with the annotated copy. Without it, the built-in English one.
    pub correction: Option<CorrectionTexts>,
}

/// A paragraph: the first line that can be printed.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Paragraph {
    /// Candidates for the text.
    pub lines: Vec<Line>,
}

/// The sections of the plan and the labels that renderers use.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PlanLayout {
    /// Fixed labels.
    pub words: PlanLabels,
    /// The cover.
    pub cover: CoverDef,
    /// The sections, in order.
    pub section: Vec<SectionDef>,
    /// Sections of the notes for the consultant, which the client does not get.
    #[serde(default)]
    pub notes: Vec<SectionDef>,
}

/// Fixed labels of the plan.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PlanLabels {
    /// Mark of a draft plan, on the cover and in the footer of each page.
    pub draft: String,
    /// Printed before the list of unanswered questions.
    pub unanswered: String,
    /// Shown for a section without answers.
    pub empty_section: String,
    /// Shown for an answer that is not applicable ("n/a").
    pub not_applicable: String,
    /// Shown for an answer that is not yet known ("TBD").
    pub unknown: String,
    /// Before what a rule expects.
    pub expected: String,
    /// Shown for an invalid answer.
    pub unusable: String,
    /// Between a value and its maximum, as in "8 of 10".
    pub of: String,
    /// Label of reviews, before their number.
    pub review: String,
    /// Names of the months, starting with January.
    pub months: Vec<String>,
    /// Short names of the months, starting with January.
    pub months_short: Vec<String>,
    /// Left running header.
    pub running_head: FormatString,
    /// A full date, with {day}, {month}, and {year}.
    #[serde(default = "usual_date")]
    pub date: String,
    /// A date without its year, with {day} and {month}.
    #[serde(default = "usual_short_date")]
    pub short_date: String,
    /// Names of the severities in the appendix: error, warning, note.
    pub severities: [String; 3],
    /// Names of the urgency levels on the roadmap: urgent, needs attention.
    pub urgency: [String; 2],
    /// Shown if there are not enough answers to calculate a number.
    pub no_score: String,
    /// Shown for subjects with the same rank.
    pub tied: String,
    /// Next to points that are based on too few ratings.
    pub indicative: String,
    /// Next to candidates without points: the `{questions}` that they fail.
    #[serde(default = "usual_knocked_out")]
    pub knocked_out: String,
    /// Note at the foot of every page of the notes for the consultant.
    pub notes_foot: String,
    /// Before the last item of a list.
    pub and: String,
    /// Replaces the remaining items of a long list.
    pub others: String,
    /// Name of the closing review.
    pub closing_review: String,
    /// Short names of the days of the week, starting with Monday.
    pub weekdays_short: Vec<String>,
    /// Between an owner and a date, as in "Jonas Bakke, by 5 January".
    pub by: String,
    /// Before the number of a page, as in "page 8".
    pub page: String,
    /// Marks an activity that was not done in the previous round.
    pub carried_over: String,
    /// Articles that a name may start with. A list shows the name without it.
    #[serde(default)]
    pub articles: Vec<String>,
    /// Quotation marks: opening, closing.
    #[serde(default = "usual_quotes")]
    pub quotes: [String; 2],
    /// After a number of thousands.
    pub thousand: String,
    /// After a number of millions.
    pub million: String,
    /// Note on the cover of a draft plan.
    pub draft_note: FormatString,
}

impl PlanLabels {
    /// Returns a text in quotation marks.
    pub fn quoted(&self, text: &str) -> String {
        let [opening, closing] = &self.quotes;
        format!("{opening}{text}{closing}")
    }
}

/// Contents of the cover.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CoverDef {
    /// Main title.
    pub title: FormatString,
    /// Subtitle below the title.
    pub subtitle: FormatString,
    /// Labels and texts in the lower part of the cover.
    pub facts: Vec<LabeledLine>,
    /// Note below the client's name on the cover: which edition of the plan it is.
    pub note: Vec<Line>,
}

/// A label with the first line that can be printed.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LabeledLine {
    /// The label.
    pub label: String,
    /// Candidates for the text.
    pub lines: Vec<Line>,
}

/// A section of the plan.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SectionDef {
    /// Stable ID.
    pub id: String,
    /// Short title for the table of contents, bookmarks, and running header.
    pub title: String,
    /// The question that the section answers, above the headline.
    pub question: Option<FormatString>,
    /// Headline that states the result. The first line that can be printed is used.
    pub headline: Vec<Line>,
    /// Text below the headline. The first line that can be printed is used.
    #[serde(default)]
    pub lead: Vec<Line>,
    /// Statements below the headline: the first three that can be printed.
    #[serde(default)]
    pub points: Vec<Line>,
    /// Conditions under which the section is printed.
    #[serde(default)]
    pub when: Vec<Condition>,
    /// Conditions under which the section moves to the end of the plan.
    #[serde(default)]
    pub last_when: Vec<Condition>,
    /// Whether the section starts on a new page.
    #[serde(default)]
    pub new_page: bool,
    /// Whether the section must fit on one page.
    #[serde(default)]
    pub one_page: bool,
    /// Whether the section stays on one page if it can.
    #[serde(default)]
    pub whole: bool,
    /// Whether the section is omitted if it is empty. Otherwise, a sentence says that it has no answers.
    #[serde(default)]
    pub optional: bool,
    /// The blocks.
    pub blocks: Vec<BlockDef>,
}
