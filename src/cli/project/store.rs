//! Where a project's files are read from: [`Store`], and [`Disk`], the working tree.
//!
//! Paths are relative to the project's root, with `/`, and hold neither `.` nor `..`. No store reads outside its root.

use crate::cli::Failure;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

/// The largest file read, in bytes.
pub const LARGEST_FILE: usize = 1 << 20;

/// A folder of files, on disk or in a revision.
pub trait Store: Sync {
    /// Returns the files that a pattern matches, sorted.
    ///
    /// # Errors
    /// The folder cannot be read.
    fn list(&self, patterns: &Patterns) -> Result<Vec<String>, Failure>;

    /// Returns the one true path of a file, links followed, without reading it.
    ///
    /// # Errors
    /// There is no such file, it lies outside, or it is something else.
    fn find(&self, path: &str) -> Result<String, Refusal>;

    /// Returns the bytes of a file of this true path, at most 1 MiB and one byte.
    ///
    /// # Errors
    /// It cannot be read.
    fn read(&self, path: &str) -> Result<Vec<u8>, Refusal>;
}

/// Why a store gives no file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing is there.
    Missing,
    /// It lies outside the project's root.
    Outside,
    /// It is a folder, a device, a pipe.
    NoFile,
    /// It is spelt with other capitals.
    Case(String),
    /// The system says no.
    Unreadable(String),
}

/// Globs over the paths of a project.
pub struct Patterns {
    set: GlobSet,
    deepest: Option<usize>,
}

impl Patterns {
    /// Returns the patterns, or the first that is none, with its trouble.
    ///
    /// # Errors
    /// A pattern leaves the root, or is no glob.
    pub fn new(patterns: &[String]) -> Result<Self, (String, &'static str)> {
        let mut set = GlobSetBuilder::new();
        let mut deepest = Some(0);
        for pattern in patterns {
            let wrong = |why| (pattern.clone(), why);
            let clean = pattern.strip_prefix("./").unwrap_or(pattern);
            if clean.starts_with('/')
                || clean.contains('\\')
                || clean.contains(':')
                || clean.split('/').any(|p| p == "..")
            {
                return Err(wrong("leaves the project's root"));
            }
            let glob = GlobBuilder::new(clean).literal_separator(true).build();
            set.add(glob.map_err(|_| wrong("is no pattern of files"))?);
            let depth = (!clean.contains("**")).then(|| clean.split('/').count());
            deepest = deepest.zip(depth).map(|(a, b)| a.max(b));
        }
        let set = set.build().map_err(|_| (patterns.join(", "), "is too large a pattern"))?;
        Ok(Self { set, deepest })
    }

    /// Returns whether a path relative to the root is meant.
    pub fn matches(&self, path: &str) -> bool {
        self.set.is_match(path)
    }
}

/// The working tree, with texts that are not saved yet laid over it.
pub struct Disk {
    root: PathBuf,
    /// What is there instead: other bytes, or nothing.
    over: BTreeMap<String, Option<Vec<u8>>>,
}

impl Disk {
    /// Returns the store of a folder; its path is canonical.
    pub fn new(root: PathBuf) -> Self {
        Self { root, over: BTreeMap::new() }
    }

    /// Lays a text over the file of this path.
    pub fn lay_over(&mut self, path: String, bytes: Vec<u8>) {
        self.over.insert(path, Some(bytes));
    }

    /// Makes as if there were no file of this path.
    pub fn hide(&mut self, path: String) {
        self.over.insert(path, None);
    }

    /// Returns the folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the path from the root of one that lies below it.
    pub fn relative(&self, path: &Path) -> Option<String> {
        let parts = path.strip_prefix(&self.root).ok()?.components();
        let names = parts.map(|part| match part {
            Component::Normal(name) => name.to_str(),
            _ => None,
        });
        Some(names.collect::<Option<Vec<_>>>()?.join("/"))
    }
}

impl Store for Disk {
    fn list(&self, patterns: &Patterns) -> Result<Vec<String>, Failure> {
        let mut walk = ignore::WalkBuilder::new(&self.root);
        walk.max_depth(patterns.deepest).require_git(false).git_global(false).git_exclude(false).parents(false);
        let laid = self.over.iter().filter(|(path, bytes)| bytes.is_some() && patterns.matches(path));
        let mut found: Vec<String> = laid.map(|(path, _)| path.clone()).collect();
        for entry in walk.build() {
            let entry = entry.map_err(|e| Failure::new(format!("cannot read the project's folder: {e}")))?;
            let no_folder = entry.file_type().is_some_and(|kind| !kind.is_dir());
            let path = self.relative(entry.path()).filter(|p| no_folder && patterns.matches(p));
            let path = path.filter(|p| !self.over.contains_key(p));
            found.extend(path);
        }
        found.sort();
        found.dedup();
        Ok(found)
    }

    fn find(&self, path: &str) -> Result<String, Refusal> {
        match self.over.get(path) {
            Some(Some(_)) => return Ok(path.to_owned()),
            Some(None) => return Err(Refusal::Missing),
            None => (),
        }
        let asked = self.root.join(path);
        let real = asked.canonicalize().map_err(|e| refusal(&e))?;
        let found = self.relative(&real).ok_or(Refusal::Outside)?;
        let kind = fs::metadata(&real).map_err(|e| refusal(&e))?;
        match found {
            _ if !kind.is_file() => Err(Refusal::NoFile),
            found if found != path && found.to_lowercase() == path.to_lowercase() => Err(Refusal::Case(found)),
            found => Ok(found),
        }
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, Refusal> {
        if let Some(laid) = self.over.get(path) {
            return laid.clone().ok_or(Refusal::Missing);
        }
        let file = fs::File::open(self.root.join(path)).map_err(|e| refusal(&e))?;
        let mut bytes = Vec::new();
        file.take(LARGEST_FILE as u64 + 1).read_to_end(&mut bytes).map_err(|e| refusal(&e))?;
        Ok(bytes)
    }
}

fn refusal(error: &std::io::Error) -> Refusal {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::InvalidFilename => Refusal::Missing,
        ErrorKind::IsADirectory => Refusal::NoFile,
        _ => Refusal::Unreadable(crate::cli::failure::plain(error)),
    }
}
