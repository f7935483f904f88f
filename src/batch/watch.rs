//! Detects workbooks that arrive in a folder or change.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::SystemTime;

/// Size and modification time of a file. They change while it is being written.
type State = (u64, Option<SystemTime>);

/// The files that the last call saw, and the files last processed.
#[derive(Default)]
pub struct Watch {
    seen: BTreeMap<PathBuf, State>,
    processed: BTreeMap<PathBuf, State>,
}

impl Watch {
    /// Compares the workbooks with those of the last call. Returns true if there is something to process. Files that
    /// changed since the last call may still be growing, so that they are not processed yet.
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
