//! Waiting for workbooks to arrive in a folder.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::SystemTime;

/// Length and time of a file: what changes while it is being written.
type State = (u64, Option<SystemTime>);

/// What was seen in the folders at the last look, and what was processed.
#[derive(Default)]
pub struct Watch {
    seen: BTreeMap<PathBuf, State>,
    processed: BTreeMap<PathBuf, State>,
}

impl Watch {
    /// Takes a look: whether there is something to process. A file that is still growing since the last look is waited for.
    pub fn look(&mut self, workbooks: &[PathBuf]) -> bool {
        let state = |path: &PathBuf| {
            let metadata = std::fs::symlink_metadata(path).ok()?;
            let state = (metadata.len(), metadata.modified().ok());
            Some((path.clone(), state))
        };
        let now: BTreeMap<PathBuf, State> = workbooks.iter().filter_map(state).collect();
        let settled = now == self.seen;
        self.seen = now;
        if !settled || self.seen == self.processed || self.seen.is_empty() {
            return false;
        }
        self.processed.clone_from(&self.seen);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_processed_once_it_rests_and_again_when_it_changes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.xlsx");
        let mut watch = Watch::default();
        assert!(!watch.look(&[]), "nothing there");
        std::fs::write(&path, "1").unwrap();
        let paths = [path.clone()];
        assert!(!watch.look(&paths), "seen for the first time");
        std::fs::write(&path, "12").unwrap();
        assert!(!watch.look(&paths), "grown since");
        assert!(watch.look(&paths), "at rest");
        assert!(!watch.look(&paths), "processed");
        std::fs::write(&path, "123").unwrap();
        assert!(!watch.look(&paths) && watch.look(&paths), "changed");
    }
}
