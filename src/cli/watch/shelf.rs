//! The files that are served: [`Shelf`].

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// The files of the last build and its number, shared by the watcher and the server.
#[derive(Debug, Default)]
pub struct Shelf {
    now: Mutex<(u64, BTreeMap<String, Vec<u8>>)>,
    changed: Condvar,
}

impl Shelf {
    /// Puts the files of a new build in the place of those before.
    pub fn put(&self, files: BTreeMap<String, Vec<u8>>) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        *now = (now.0 + 1, files);
        self.changed.notify_all();
    }

    /// Returns a file of the last build.
    pub fn get(&self, path: &str) -> Option<Vec<u8>> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner).1.get(path).cloned()
    }

    /// Returns the number of the last build: at once where it is not `seen`, else when there is another, or after a while.
    pub fn after(&self, seen: Option<u64>, patience: Duration) -> u64 {
        let now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |now: &mut (u64, BTreeMap<String, Vec<u8>>)| Some(now.0) == seen;
        let waited = self.changed.wait_timeout_while(now, patience, same).unwrap_or_else(PoisonError::into_inner);
        waited.0.0
    }
}
