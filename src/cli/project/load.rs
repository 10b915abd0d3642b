//! Reads a project: the manifest, the files it names, the files those use.

use super::cycle::{self, Use};
use super::reach::{self, Trouble};
use super::store::{LARGEST_FILE, Patterns, Refusal, Store};
use super::{MANIFEST, Project, Way};
use crate::cli::Failure;
use crate::diagnostic::Diagnostic;
use crate::model::Manifest;
use crate::resolve;
use crate::source::{SourceId, Sources, Span};
use crate::syntax::{self, Parsed};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The largest project read, in bytes and in files, and the longest chain of `use`.
const LARGEST_PROJECT: usize = 16 << 20;
const MOST_FILES: usize = 1_000;
const LONGEST_CHAIN: usize = 64;
/// From this many files on, work is shared among threads.
const WORTH_SHARING: usize = 8;

/// With which files reading starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entries {
    /// With those that the manifest's patterns match.
    Manifest,
    /// With these, by their paths from the root.
    Files(Vec<String>),
}

/// Returns the project of a store, with all that is wrong with its files.
///
/// # Errors
/// The folder itself cannot be read.
pub fn load(store: &dyn Store, root: PathBuf, entries: &Entries) -> Result<Project, Failure> {
    let mut loader = Loader::new(store);
    let manifest = loader.manifest();
    let first = match entries {
        Entries::Files(files) => files.clone(),
        Entries::Manifest => loader.listed(&manifest)?,
    };
    loader.enter(&first);
    while !loader.next.is_empty() {
        loader.level();
    }
    loader.findings.extend(cycle::cycles(loader.known.len(), &loader.uses, &loader.sources));
    loader.findings.sort_by(|a, b| a.order().cmp(&b.order()));
    Ok(Project {
        root,
        manifest,
        sources: loader.sources,
        trees: loader.parsed.into_iter().map(|p| p.tree).collect(),
        diagnostics: loader.findings,
        complete: loader.complete,
        way: Way::default(),
    })
}

struct Loader<'s> {
    store: &'s dyn Store,
    sources: Sources,
    manifest: Option<SourceId>,
    parsed: Vec<Parsed>,
    findings: Vec<Diagnostic>,
    /// True path to position, for every file entered.
    known: BTreeMap<String, usize>,
    uses: Vec<Use>,
    /// What the next level reads: position, path, depth.
    next: Vec<(usize, String, usize)>,
    bytes: usize,
    complete: bool,
}

impl<'s> Loader<'s> {
    fn new(store: &'s dyn Store) -> Self {
        Self {
            store,
            sources: Sources::default(),
            manifest: None,
            parsed: Vec::new(),
            findings: Vec::new(),
            known: BTreeMap::new(),
            uses: Vec::new(),
            next: Vec::new(),
            bytes: 0,
            complete: true,
        }
    }

    fn find(&mut self, finding: Diagnostic) {
        self.complete = false;
        self.findings.push(finding);
    }

    fn manifest(&mut self) -> Manifest {
        let read = self.store.find(MANIFEST).and_then(|path| self.store.read(&path));
        let text = match read {
            Err(Refusal::Missing) => return Manifest::default(),
            Err(refusal) => Err(unreadable(self.sources.add(MANIFEST, ""), &refusal)),
            Ok(bytes) => self.text(MANIFEST, &bytes),
        };
        match text {
            Err(finding) => {
                self.find(finding);
                Manifest::default()
            }
            Ok(id) => {
                self.manifest = Some(id);
                let (manifest, findings) = resolve::manifest(id, self.sources.get(id).map_or("", |s| s.text()));
                self.complete &= manifest.is_some();
                self.findings.extend(findings);
                manifest.unwrap_or_default()
            }
        }
    }

    /// Returns the files that the manifest's patterns match; a pattern that is none, or matches nothing, is a finding.
    fn listed(&mut self, manifest: &Manifest) -> Result<Vec<String>, Failure> {
        let patterns = match Patterns::new(&manifest.specs) {
            Ok(patterns) => patterns,
            Err((pattern, why)) => {
                let span = self.in_manifest(&pattern);
                let finding = Diagnostic::error("manifest", span, format!("`{pattern}` under `specs` {why}"));
                self.find(finding.help("write a pattern such as `*.journey` or `maps/**/*.journey`"));
                return Ok(Vec::new());
            }
        };
        let found = self.store.list(&patterns)?;
        if found.is_empty() && self.complete {
            let span = self.in_manifest(manifest.specs.first().map_or("", String::as_str));
            let shown = manifest.specs.join("`, `");
            let finding = Diagnostic::error("no-specs", span, format!("no file matches `{shown}`"));
            self.find(finding.help("add a spec file, or mend `specs` in the manifest"));
        }
        Ok(found)
    }

    /// Returns where a text stands in the manifest, or its start.
    fn in_manifest(&mut self, text: &str) -> Span {
        let id = match self.manifest {
            Some(id) => id,
            None => *self.manifest.insert(self.sources.add(MANIFEST, "")),
        };
        let at = self.sources.get(id).and_then(|s| s.text().find(text)).unwrap_or(0);
        let end = if self.sources.get(id).is_some_and(|s| s.text().is_empty()) { at } else { at + text.len() };
        Span::new(id, at, end)
    }

    fn enter(&mut self, paths: &[String]) {
        for path in paths {
            match self.store.find(path) {
                Ok(path) => drop(self.file(path, 0)),
                Err(refusal) => {
                    let id = self.sources.add(path.as_str(), "");
                    self.find(unreadable(id, &refusal));
                }
            }
        }
    }

    /// Returns the position of a file; one that is new is read with the next level.
    fn file(&mut self, path: String, depth: usize) -> usize {
        let position = self.known.len();
        *self.known.entry(path.clone()).or_insert_with(|| {
            self.next.push((position, path, depth));
            position
        })
    }

    /// Reads and parses the files of one level, and enters what they use.
    fn level(&mut self) {
        let level = std::mem::take(&mut self.next);
        if self.known.len() > MOST_FILES {
            return self.stop(&level, format!("the project has more than {MOST_FILES} files"));
        }
        let texts = shared(&level, |(_, path, _)| self.store.read(path));
        let mut read = Vec::new();
        for ((position, path, depth), text) in level.iter().zip(texts) {
            let text = match text {
                Ok(bytes) => self.text(path, &bytes),
                Err(refusal) => Err(unreadable(self.sources.add(path.as_str(), ""), &refusal)),
            };
            match text {
                Ok(id) => read.push((*position, path.as_str(), *depth, id)),
                Err(finding) => self.find(finding),
            }
            if self.bytes > LARGEST_PROJECT {
                return self.stop(&level, format!("the project is larger than {} MiB", LARGEST_PROJECT >> 20));
            }
        }
        let sources = &self.sources;
        let parsed = shared(&read, |(.., id)| syntax::parse(*id, sources.get(*id).map_or("", |s| s.text())));
        for ((position, path, depth, _), mut parsed) in read.into_iter().zip(parsed) {
            for (target, span) in resolve::uses(&parsed.tree) {
                self.follow(position, path, depth, &target, span);
            }
            self.findings.append(&mut parsed.diagnostics);
            self.parsed.push(parsed);
        }
    }

    /// Adds the text of a file's bytes; nothing is ever replaced in it.
    #[allow(clippy::result_large_err, reason = "made once for a file that cannot be read")]
    fn text(&mut self, path: &str, bytes: &[u8]) -> Result<SourceId, Diagnostic> {
        self.bytes += bytes.len();
        if bytes.len() > LARGEST_FILE {
            let id = self.sources.add(path, "");
            let finding = Diagnostic::error("too-large", Span::new(id, 0, 0), "this file is larger than 1 MiB");
            return Err(finding.help("split it into several files and join them with `use`"));
        }
        match syntax::decode(bytes) {
            Ok(text) => Ok(self.sources.add(path, text)),
            Err(wrong) => {
                // The readable part only, so that the finding can point behind its end.
                let good = bytes.get(..wrong.offset).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or_default();
                let id = self.sources.add(path, good);
                let finding = Diagnostic::error("not-utf8", Span::new(id, good.len(), good.len()), wrong.to_string());
                Err(finding.help("save the file as UTF-8"))
            }
        }
    }

    fn follow(&mut self, from: usize, path: &str, depth: usize, target: &str, span: Span) {
        if depth >= LONGEST_CHAIN {
            let message = format!("this chain of `use` is longer than {LONGEST_CHAIN} files");
            let finding = Diagnostic::error("use-depth", span, message);
            return self.find(finding.help("name the files in `specs` of the manifest instead"));
        }
        let found = match reach::target(path, target) {
            Ok(target) => self.store.find(&target).map_err(|refusal| not_used(span, target, &refusal)),
            Err((trouble, help)) => Err(no_path(span, target, trouble).help(help)),
        };
        match found {
            Ok(target) => {
                let to = self.file(target, depth + 1);
                self.uses.push(Use { from, to, span });
            }
            Err(finding) => self.find(finding),
        }
    }

    /// Ends the reading with a finding at the first file that was too much.
    fn stop(&mut self, level: &[(usize, String, usize)], message: String) {
        self.next.clear();
        let name = level.last().map_or(MANIFEST, |(_, path, _)| path.as_str());
        let id = self.sources.add(name, "");
        let finding = Diagnostic::error("project-limit", Span::new(id, 0, 0), message);
        self.find(finding.help("split it into several projects, each with its own manifest"));
    }
}

fn shared<T: Sync, R: Send>(list: &[T], work: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    match list.len() {
        n if n < WORTH_SHARING => list.iter().map(work).collect(),
        _ => list.par_iter().map(work).collect(),
    }
}

fn no_path(span: Span, path: &str, trouble: Trouble) -> Diagnostic {
    match trouble {
        Trouble::Outside => Diagnostic::error("use-outside", span, format!("`{path}` lies outside the project")),
        Trouble::Path => Diagnostic::error("use-path", span, format!("`{path}` is no path of a spec file")),
    }
}

fn not_used(span: Span, path: String, refusal: &Refusal) -> Diagnostic {
    let error = |code, message: String, help: &str| Diagnostic::error(code, span, message).help(help);
    match refusal {
        Refusal::Missing => {
            error("use-missing", format!("there is no file `{path}`"), "mend the path, or add the file")
        }
        Refusal::Outside => {
            let message = format!("`{path}` is a link that leaves the project");
            error("use-outside", message, "copy the file into the project")
        }
        Refusal::NoFile => error("use-missing", format!("`{path}` is no ordinary file"), "name a `.journey` file"),
        Refusal::Case(real) => {
            let help = format!("write `{real}`");
            error("use-missing", format!("`{path}` is spelt with other capitals on disk"), &help)
        }
        Refusal::Unreadable(why) => error("unreadable", format!("`{path}` cannot be read: {why}"), "mend the file"),
    }
}

fn unreadable(source: SourceId, refusal: &Refusal) -> Diagnostic {
    let why = match refusal {
        Refusal::Missing => "there is no such file".to_owned(),
        Refusal::Outside => "this is a link that leaves the project".to_owned(),
        Refusal::NoFile => "this is no ordinary file".to_owned(),
        Refusal::Case(real) => format!("the file is called `{real}`"),
        Refusal::Unreadable(why) => format!("this file cannot be read: {why}"),
    };
    Diagnostic::error("unreadable", Span::new(source, 0, 0), why)
}
