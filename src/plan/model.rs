//! The plan as data: what every renderer reads.

use super::block::Block;
use crate::record::Record;

/// Everything a report says about one client.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The client in figures and answers.
    pub record: Record,
    /// The plan has errors: every page says that it is a draft, and the cover how much is to be resolved.
    pub draft: Option<(String, String)>,
    /// The first page.
    pub cover: Cover,
    /// Heading of the contents.
    pub contents: String,
    /// Running head.
    pub running_head: String,
    /// Running foot: who may read it.
    pub confidentiality: String,
    /// The sections.
    pub sections: Vec<Section>,
}

/// The first page.
#[derive(Debug, Clone, Default)]
pub struct Cover {
    /// In the large.
    pub title: String,
    /// Under it.
    pub subtitle: String,
    /// Consultant's name.
    pub consultant: String,
    /// Label and text.
    pub facts: Vec<(String, String)>,
    /// At the foot.
    pub note: String,
    /// Whom to write to.
    pub contact: Vec<Contact>,
    /// What the logo says.
    pub logo_text: String,
}

/// A way to reach the consultant.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Contact {
    /// As printed.
    pub text: String,
    /// As opened, such as `mailto:…`.
    pub uri: Option<String>,
}

/// A section of the plan.
#[derive(Debug, Clone)]
pub struct Section {
    /// Stable name.
    pub id: String,
    /// Contents, bookmark, running head.
    pub title: String,
    /// States the issue.
    pub headline: String,
    /// Text under it.
    pub lead: Option<String>,
    /// Begins on a page of its own.
    pub new_page: bool,
    /// Without any answer: one quiet line.
    pub empty: bool,
    /// What it shows. Never empty: a section without answers has one quiet line.
    pub blocks: Vec<Block>,
}
