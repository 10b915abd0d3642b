//! The user's own git, asked for names and texts; nothing is checked out and nothing is written.

use super::{Failure, World};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A repository, by its working tree.
pub struct Repository {
    top: PathBuf,
}

impl Repository {
    /// Returns the repository of a folder.
    ///
    /// # Errors
    /// Git is missing, or the folder is in no repository.
    pub fn of(folder: &Path) -> Result<Self, Failure> {
        let top = git(folder, ["rev-parse", "--show-toplevel"])?;
        let top = String::from_utf8_lossy(&top).trim_end_matches(['\n', '\r']).to_owned();
        Ok(Self { top: PathBuf::from(top) })
    }

    /// Returns the repository of the working directory.
    ///
    /// # Errors
    /// As [`Repository::of`].
    pub fn here(world: &World<'_>) -> Result<Self, Failure> {
        Self::of(&world.dir)
    }

    /// Returns the files that differ from a revision, saved but not committed ones and new ones included, and those that
    /// are gone; from the point where the branch left it, when it is another branch.
    ///
    /// # Errors
    /// Git knows no such revision, or shares no history with it.
    pub fn changed_since(&self, revision: &str) -> Result<BTreeSet<PathBuf>, Failure> {
        let base = match revision {
            "HEAD" => "HEAD".to_owned(),
            other => self.merge_base(other)?,
        };
        let mut all = self.names(&["diff", "--name-only", "-z", "--no-renames", &base, "--"])?;
        all.extend(self.names(&["ls-files", "--others", "--exclude-standard", "-z", "--full-name"])?);
        Ok(all)
    }

    fn merge_base(&self, revision: &str) -> Result<String, Failure> {
        let plain = !revision.is_empty() && !revision.starts_with('-');
        let wrong = || Failure::new(format!("git knows no revision `{revision}`"));
        let base = plain.then(|| git(&self.top, ["merge-base", revision, "HEAD"])).ok_or_else(wrong)?;
        let base = base.map_err(|_| {
            wrong().help("fetch it first; in a shallow clone, fetch more of its history: `git fetch --unshallow`")
        })?;
        Ok(String::from_utf8_lossy(&base).trim().to_owned())
    }

    /// Returns the files that are staged, and those that are staged to go.
    ///
    /// # Errors
    /// Git fails.
    pub fn staged(&self) -> Result<BTreeSet<PathBuf>, Failure> {
        self.names(&["diff", "--cached", "--name-only", "-z", "--no-renames", "--"])
    }

    /// Returns the files whose working copy is not what is staged, each with the staged text; none for a file that the
    /// index does not have.
    ///
    /// # Errors
    /// Git fails.
    pub fn unlike_index(&self) -> Result<Vec<(PathBuf, Option<Vec<u8>>)>, Failure> {
        let mut all = Vec::new();
        for path in self.names(&["diff", "--name-only", "-z", "--no-renames", "--"])? {
            if is_spec(&path) {
                let relative = path.strip_prefix(&self.top).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                let text = git(&self.top, ["cat-file".to_owned(), "blob".to_owned(), format!(":{relative}")])?;
                all.push((path, Some(text)));
            }
        }
        let new = self.names(&["ls-files", "--others", "--exclude-standard", "-z", "--full-name"])?;
        all.extend(new.into_iter().filter(|p| is_spec(p)).map(|p| (p, None)));
        Ok(all)
    }

    fn names(&self, args: &[&str]) -> Result<BTreeSet<PathBuf>, Failure> {
        let listed = git(&self.top, args)?;
        let names = listed.split(|b| *b == 0).filter(|n| !n.is_empty());
        Ok(names.map(|n| self.top.join(String::from_utf8_lossy(n).as_ref())).collect())
    }
}

/// Returns whether a file is a spec or a manifest.
pub fn is_spec(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "journey") || path.file_name().is_some_and(|n| n == super::project::MANIFEST)
}

fn git<S: AsRef<OsStr>>(folder: &Path, args: impl IntoIterator<Item = S>) -> Result<Vec<u8>, Failure> {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(args).stdin(Stdio::null()).env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C");
    let done = command.output().map_err(|e| {
        Failure::new(format!("cannot run git: {}", super::failure::plain(&e)))
            .help("install git, or name files instead")
    })?;
    match done.status.success() {
        true => Ok(done.stdout),
        false => {
            let said = String::from_utf8_lossy(&done.stderr);
            let line = said.lines().next().unwrap_or("git failed").trim_start_matches("fatal: ");
            Err(Failure::new(format!("git says: {line}")))
        }
    }
}
