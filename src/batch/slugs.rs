//! SlugAllocator of the outputs, made of the clients' names: each once, on every file system.

use std::collections::{HashMap, HashSet};

use crate::text::slugify;

/// Deals names in the order in which the workbooks come: the same workbooks get the same names.
#[derive(Default)]
pub struct SlugAllocator {
    taken: HashSet<String>,
    /// The next number of each name that came before.
    next: HashMap<String, usize>,
}

impl SlugAllocator {
    /// The name of the next output; one that is taken gets a number.
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

    /// Whether a name was dealt.
    pub fn has(&self, name: &str) -> bool {
        self.taken.contains(&folded(name))
    }
}

/// A name as folders of Windows and macOS compare it, which take upper and lower case for the same.
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
