//! The plan as data, the input of every renderer.

use super::block::Block;
use crate::record::Record;

/// The content of the plan for one client.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The client's data.
    pub record: Record,
    /// Label and note of a draft, if the plan has errors. Every page shows the label, and the cover shows what to
    /// resolve.
    pub draft: Option<(String, String)>,
    /// The first page.
    pub cover: Cover,
    /// Word before the number of a page, as in "page 8".
    pub page_word: String,
    /// Running header.
    pub running_head: String,
    /// Confidentiality label in the running footer.
    pub confidentiality: String,
    /// The sections.
    pub sections: Vec<Section>,
    /// Note at the foot of every page of the notes for the consultant.
    pub notes_foot: String,
    /// Sections of the notes for the consultant.
    pub notes: Vec<Section>,
}

/// The first page.
#[derive(Debug, Clone, Default)]
pub struct Cover {
    /// Title, in large text.
    pub title: String,
    /// Text under the title.
    pub subtitle: String,
    /// Consultant's name.
    pub consultant: String,
    /// Labels and texts.
    pub facts: Vec<(String, String)>,
    /// Note at the bottom.
    pub note: String,
    /// Contact details.
    pub contact: Vec<Contact>,
    /// Alternative text of the logo.
    pub logo_text: String,
}

/// A contact detail of the consultant.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Contact {
    /// Text as printed.
    pub text: String,
    /// Link target, such as `mailto:…`.
    pub uri: Option<String>,
}

/// A section of the plan.
#[derive(Debug, Clone)]
pub struct Section {
    /// Stable ID.
    pub id: String,
    /// Title in the table of contents, bookmarks, and headers.
    pub title: String,
    /// Headline with the main message.
    pub headline: String,
    /// The question that the section answers, in small text above the headline. Empty for none.
    pub question: String,
    /// Text under the headline.
    pub lead: Option<String>,
    /// Statements under the headline, at most three. A single one is printed without a dash.
    pub points: Vec<String>,
    /// Whether the section must fit on one page. Its spacing shrinks if it is too long.
    pub one_page: bool,
    /// Whether the section stays on one page if it can.
    pub whole: bool,
    /// Whether the section starts on a new page.
    pub new_page: bool,
    /// Whether the section has no answers and shows one line only.
    pub empty: bool,
    /// The content. Empty if the headline says that it is missing.
    pub blocks: Vec<Block>,
}
