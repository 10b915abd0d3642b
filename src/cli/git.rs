//! The user's own git, asked for names and texts; nothing is checked out and nothing is written.

use super::{Failure, World};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A file whose working copy is not what is staged, and the staged text; none where the index does not have it.
pub type Unlike = (PathBuf, Option<Vec<u8>>);

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
    pub fn unlike_index(&self) -> Result<Vec<Unlike>, Failure> {
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

/// A file of a commit.
pub enum Blob {
    /// Its bytes.
    Text(Vec<u8>),
    /// A link.
    Link,
}

impl Repository {
    /// Returns the commit that a revision is compared from: the point where this branch left it; HEAD for HEAD.
    ///
    /// # Errors
    /// Git knows no such revision, or shares no history with it.
    pub fn base(&self, revision: &str) -> Result<String, Failure> {
        match revision {
            "HEAD" => {
                let head = git(&self.top, ["rev-parse", "--verify", "--quiet", "HEAD"]);
                let head = head.map_err(|_| {
                    Failure::new("this repository has no commit yet, so there is nothing to compare with")
                })?;
                Ok(String::from_utf8_lossy(&head).trim().to_owned())
            }
            other => self.merge_base(other),
        }
    }

    /// Returns whether git knows a revision here.
    pub fn has(&self, revision: &str) -> bool {
        git(&self.top, ["rev-parse", "--verify", "--quiet", "--end-of-options", revision]).is_ok()
    }

    /// Returns whether the clone lacks older history.
    pub fn is_shallow(&self) -> bool {
        git(&self.top, ["rev-parse", "--is-shallow-repository"]).is_ok_and(|said| said.starts_with(b"true"))
    }

    /// Returns where a folder lies below the top, with `/`; nothing where it lies outside.
    pub fn below_top(&self, folder: &Path) -> Option<String> {
        let top = self.top.canonicalize().ok()?;
        let parts = folder.strip_prefix(top).ok()?.components();
        Some(parts.map(|p| p.as_os_str().to_string_lossy().into_owned()).collect::<Vec<_>>().join("/"))
    }

    /// Returns the spec files below a folder in a commit, by their paths from the folder; each at most `limit` bytes.
    ///
    /// # Errors
    /// Git fails.
    pub fn specs_in(&self, commit: &str, folder: &str, limit: usize) -> Result<Vec<(String, Blob)>, Failure> {
        let root = format!("{commit}:{folder}");
        let listed = match git(&self.top, ["ls-tree", "-r", "-z", "--full-tree", &root]) {
            Ok(listed) => listed,
            // the folder is new: it held nothing
            Err(_) => return Ok(Vec::new()),
        };
        let entries = String::from_utf8_lossy(&listed).into_owned();
        let wanted: Vec<(&str, &str, &str)> =
            entries.split('\0').filter_map(entry).filter(|(_, _, p)| is_spec(Path::new(p))).collect();
        let ids: Vec<&str> = wanted.iter().map(|(_, id, _)| *id).collect();
        let texts = self.blobs(&ids)?;
        let blob = |mode: &str, mut bytes: Vec<u8>| match mode {
            "120000" | "160000" => Blob::Link,
            _ => {
                bytes.truncate(limit);
                Blob::Text(bytes)
            }
        };
        Ok(wanted.into_iter().zip(texts).map(|((mode, _, path), bytes)| (path.to_owned(), blob(mode, bytes))).collect())
    }

    /// Returns the bytes of objects, in one run of git.
    fn blobs(&self, ids: &[&str]) -> Result<Vec<Vec<u8>>, Failure> {
        let mut command = Command::new("git");
        command
            .arg("-C")
            .arg(&self.top)
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = command.spawn()?;
        let (mut input, mut output) = (child.stdin.take(), Vec::new());
        let asked: String = ids.iter().map(|id| format!("{id}\n")).collect();
        std::thread::scope(|scope| -> std::io::Result<()> {
            let writer = scope.spawn(move || input.take().map_or(Ok(()), |mut pipe| pipe.write_all(asked.as_bytes())));
            if let Some(mut pipe) = child.stdout.take() {
                pipe.read_to_end(&mut output)?;
            }
            writer.join().unwrap_or(Ok(()))
        })?;
        child.wait()?;
        let mut rest = output.as_slice();
        ids.iter()
            .map(|_| {
                next_blob(&mut rest).ok_or_else(|| {
                    Failure::new("git lacks a file of the base; in a partial or shallow clone, fetch it first")
                })
            })
            .collect()
    }
}

/// Reads `mode type id<TAB>path`.
fn entry(line: &str) -> Option<(&str, &str, &str)> {
    let (head, path) = line.split_once('\t')?;
    let mut parts = head.split(' ');
    let (mode, _, id) = (parts.next()?, parts.next()?, parts.next()?);
    Some((mode, id, path))
}

/// Takes one answer of `cat-file --batch` off the front: `id type size`, the bytes, a line end.
fn next_blob(rest: &mut &[u8]) -> Option<Vec<u8>> {
    let end = memchr::memchr(b'\n', rest)?;
    let head = std::str::from_utf8(rest.get(..end)?).ok()?;
    let size: usize = head.rsplit(' ').next()?.parse().ok()?;
    let bytes = rest.get(end + 1..end + 1 + size)?.to_vec();
    *rest = rest.get(end + 2 + size..)?;
    Some(bytes)
}
