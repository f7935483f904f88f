//! Allocates the slugs in output file names from client names. Each slug is unique on every file system.

use std::collections::{HashMap, HashSet};

use crate::text::slugify;

/// Allocates slugs in the order of the workbooks. The same workbooks get the same slugs.
#[derive(Default)]
pub struct SlugAllocator {
    taken: HashSet<String>,
    /// The next number to append to each slug.
    next: HashMap<String, usize>,
}

impl SlugAllocator {
    /// Returns the slug for the next client. Appends a number if the slug is taken.
    pub fn allocate(&mut self, client: &str) -> String {
        let slug = slugify(client);
        let number = self.next.entry(slug.clone()).or_insert(2);
        let mut name = slug.clone();
        while !self.taken.insert(folded(&name)) {
            name = format!("{slug}-{number}");
            *number += 1;
        }
        name
    }

    /// Returns whether a slug was allocated.
    pub fn has(&self, name: &str) -> bool {
        self.taken.contains(&folded(name))
    }
}

/// Folds the case of a name, because file names on Windows and macOS are not case-sensitive.
fn folded(name: &str) -> String {
    name.to_uppercase().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_dealt_once() {
        let mut names = SlugAllocator::default();
        let dealt: Vec<String> = ["Acme", "ACME!", "acme 2", "Acme", "Straße", "Strasse"]
            .iter()
            .map(|client| names.allocate(client))
            .collect();
        assert_eq!(
            dealt,
            [
                "acme",
                "acme-2",
                "acme-2-2",
                "acme-3",
                "straße",
                "strasse-2"
            ]
        );
    }
}
