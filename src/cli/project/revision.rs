//! The files of a commit, read through git without checking anything out: [`Revision`].

use super::store::{LARGEST_FILE, Patterns, Refusal, Store};
use crate::cli::Failure;
use crate::cli::git::{Blob, Repository};
use std::collections::BTreeMap;

/// The spec files of a folder in a commit.
pub struct Revision {
    files: BTreeMap<String, Entry>,
}

enum Entry {
    Text(Vec<u8>),
    /// A link or another repository: never followed.
    Elsewhere,
}

impl Revision {
    /// Returns the specs below `folder` (from the repository's top, with `/`, empty for the top) in a commit.
    ///
    /// # Errors
    /// Git fails.
    pub fn read(repository: &Repository, commit: &str, folder: &str) -> Result<Self, Failure> {
        let mut files = BTreeMap::new();
        for (path, blob) in repository.specs_in(commit, folder, LARGEST_FILE + 1)? {
            let entry = match blob {
                Blob::Text(bytes) => Entry::Text(bytes),
                Blob::Link => Entry::Elsewhere,
            };
            files.insert(path, entry);
        }
        Ok(Self { files })
    }

    /// Returns whether the folder held no spec at all.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

impl Store for Revision {
    fn list(&self, patterns: &Patterns) -> Result<Vec<String>, Failure> {
        Ok(self.files.keys().filter(|path| patterns.matches(path)).cloned().collect())
    }

    fn find(&self, path: &str) -> Result<String, Refusal> {
        match self.files.get(path) {
            Some(Entry::Text(_)) => Ok(path.to_owned()),
            Some(Entry::Elsewhere) => Err(Refusal::Outside),
            None => Err(Refusal::Missing),
        }
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, Refusal> {
        match self.files.get(path) {
            Some(Entry::Text(bytes)) => Ok(bytes.clone()),
            Some(Entry::Elsewhere) => Err(Refusal::Outside),
            None => Err(Refusal::Missing),
        }
    }
}
