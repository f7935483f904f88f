//! Counts of issues by worksheet and by type, added client by client.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::issue::{Counts, Issue, Severity};
use crate::record::Question;

/// Maximum number of worksheets that are counted separately. Clients can add sheets with any name.
const MAX_SHEETS: usize = 60;
/// Maximum number of issue types that are counted.
const MAX_TYPES: usize = 200;

/// Counts of issues by worksheet and by type.
pub struct Tally {
    /// Titles and counts of the questionnaire's worksheets in their order, then of other sheets.
    sheets: Vec<(String, Counts)>,
    /// Index of the worksheet of each field.
    of_field: HashMap<String, usize>,
    types: BTreeMap<String, IssueType>,
    /// Title for issues that belong to no worksheet.
    elsewhere: String,
}

/// Issues of a type.
#[derive(Debug, Clone, Copy, Default)]
pub struct IssueType {
    pub counts: Counts,
    /// Number of clients with issues of this type.
    pub clients: usize,
}

impl Tally {
    pub fn new(questions: &[Question], elsewhere: &str) -> Self {
        let mut tally = Self {
            sheets: Vec::new(),
            of_field: HashMap::new(),
            types: BTreeMap::new(),
            elsewhere: elsewhere.to_owned(),
        };
        for question in questions {
            let sheet = tally.sheet(&question.sheet);
            tally.of_field.insert(question.id.clone(), sheet);
        }
        tally
    }

    /// Returns the index of a worksheet, if known. Sheet names ignore case, as in spreadsheets.
    fn known(&self, title: &str) -> Option<usize> {
        let wanted = title.to_lowercase();
        let mut sheets = self.sheets.iter();
        sheets.position(|(own, _)| own.to_lowercase() == wanted)
    }

    /// Returns the index of a worksheet, and adds it if it is new. Above [`MAX_SHEETS`], new worksheets share one title.
    fn sheet(&mut self, title: &str) -> usize {
        let title = match self.known(title) {
            None if self.sheets.len() >= MAX_SHEETS => self.elsewhere.clone(),
            _ => title.to_owned(),
        };
        self.known(&title).unwrap_or_else(|| {
            self.sheets.push((title, Counts::default()));
            self.sheets.len() - 1
        })
    }

    /// Adds a client's issues.
    pub fn client(&mut self, issues: &[Issue]) {
        let mut seen = HashSet::new();
        for issue in issues {
            let place = issue.place.as_ref();
            let of_field = issue.field.as_ref();
            let of_field = of_field.and_then(|field| self.of_field.get(field)).copied();
            let sheet = of_field.unwrap_or_else(|| match place {
                Some(place) => self.sheet(&place.sheet),
                None => self.sheet(&self.elsewhere.clone()),
            });
            count(&mut self.sheets[sheet].1, issue.severity);
            if self.types.len() < MAX_TYPES || self.types.contains_key(issue.code.as_str()) {
                let own = self.types.entry(issue.code.to_string()).or_default();
                count(&mut own.counts, issue.severity);
                own.clients += usize::from(seen.insert(&issue.code));
            }
        }
    }

    /// Returns the worksheets with issues: those of the questionnaire in their order, then others.
    pub fn sheets(&self) -> impl Iterator<Item = &(String, Counts)> {
        self.sheets.iter().filter(|(_, counts)| total(counts) > 0)
    }

    /// Returns the issue types, sorted by the number of errors, then warnings, then notes, highest first.
    pub fn types(&self) -> Vec<(&str, IssueType)> {
        let mut types: Vec<(&str, IssueType)> = self
            .types
            .iter()
            .map(|(code, own)| (code.as_str(), *own))
            .collect();
        types.sort_by_key(|(_, IssueType { counts, .. })| {
            std::cmp::Reverse((counts.errors, counts.warnings, counts.notes))
        });
        types
    }

    /// Returns the title of the worksheet for which an issue was counted.
    pub fn worksheet(&self, issue: &Issue) -> &str {
        let of_field = issue.field.as_ref();
        let of_field = of_field.and_then(|field| self.of_field.get(field)).copied();
        let place = issue.place.as_ref();
        let of_place = || self.known(place.map_or(&self.elsewhere, |place| &place.sheet));
        let sheet = of_field.or_else(of_place);
        sheet.map_or(&self.elsewhere, |sheet| &self.sheets[sheet].0)
    }
}

fn count(counts: &mut Counts, severity: Severity) {
    match severity {
        Severity::Error => counts.errors += 1,
        Severity::Warning => counts.warnings += 1,
        Severity::Note => counts.notes += 1,
    }
}

/// Returns the number of issues of all severities.
pub fn total(counts: &Counts) -> usize {
    counts.errors + counts.warnings + counts.notes
}
