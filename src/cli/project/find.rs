//! Which project is meant: [`Place`]s from paths a person gives, or from where they stand.

use super::{MANIFEST, Patterns};
use crate::cli::{Failure, World};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A project to read: its root, and the files of it that were named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The project's folder; canonical.
    pub root: PathBuf,
    /// Whether a manifest stands there.
    pub manifest: bool,
    /// The files that were named, canonical where they exist; empty for the whole project.
    pub files: BTreeSet<PathBuf>,
}

/// Returns the one project that a path means, or the working directory where there is none.
///
/// # Errors
/// There is no such path, or no project there.
pub fn find(world: &World<'_>, path: Option<&Path>) -> Result<Place, Failure> {
    let paths: Vec<PathBuf> = path.map(Path::to_owned).into_iter().collect();
    let mut all = places(world, &paths)?;
    match (all.pop(), all.len()) {
        (Some(one), 0) => Ok(one),
        (_, more) => Err(Failure::new(format!("there are {} projects below here", more + 1)).help("name one of them")),
    }
}

/// Returns the projects that paths mean, sorted by root; those of the working directory where there are no paths.
///
/// A file or folder belongs to the project of the nearest manifest above it, within its repository. A folder without one
/// means all projects below it, and where there are none the spec files in it.
///
/// # Errors
/// There is no such path, or no project there.
pub fn places(world: &World<'_>, paths: &[PathBuf]) -> Result<Vec<Place>, Failure> {
    let here = [PathBuf::from(".")];
    let mut all: Vec<Place> = Vec::new();
    for path in if paths.is_empty() { here.as_slice() } else { paths } {
        for place in places_of(world, path)? {
            match all.iter_mut().find(|p| p.root == place.root) {
                Some(known) if known.files.is_empty() || place.files.is_empty() => known.files.clear(),
                Some(known) => known.files.extend(place.files),
                None => all.push(place),
            }
        }
    }
    all.sort_by(|a, b| a.root.cmp(&b.root));
    Ok(all)
}

fn places_of(world: &World<'_>, path: &Path) -> Result<Vec<Place>, Failure> {
    let real = world.dir.join(path).canonicalize().map_err(|e| Failure::file("read", path, &e))?;
    let whole = |root: PathBuf, manifest| Place { root, manifest, files: BTreeSet::new() };
    if real.is_dir() {
        return match above(&real) {
            Some(root) => Ok(vec![whole(root, true)]),
            None => below(&real, path).map(|all| all.into_iter().map(|(root, m)| whole(root, m)).collect()),
        };
    }
    let folder = real.parent().unwrap_or(&real).to_owned();
    if real.file_name().is_some_and(|n| n == MANIFEST) {
        return Ok(vec![whole(folder, true)]);
    }
    if real.extension().is_none_or(|e| e != "journey") {
        let failure = Failure::new(format!("`{}` is no spec file", path.display()));
        return Err(failure.help("give a `.journey` file, a folder, or a `waypost.yaml`"));
    }
    let root = above(&folder);
    Ok(vec![Place { manifest: root.is_some(), root: root.unwrap_or(folder), files: BTreeSet::from([real]) }])
}

/// Returns the nearest folder with a manifest, from `folder` upward to the root of its repository.
pub fn above(folder: &Path) -> Option<PathBuf> {
    for folder in folder.ancestors() {
        if folder.join(MANIFEST).is_file() {
            return Some(folder.to_owned());
        }
        if folder.join(".git").exists() {
            return None;
        }
    }
    None
}

/// Returns the projects below a folder, or the folder itself where spec files stand in it.
fn below(folder: &Path, shown: &Path) -> Result<Vec<(PathBuf, bool)>, Failure> {
    let walk = ignore::WalkBuilder::new(folder).require_git(false).git_global(false).git_exclude(false).build();
    let files = walk.filter_map(Result::ok).filter(|e| e.file_type().is_some_and(|kind| kind.is_file()));
    let mut found: Vec<(PathBuf, bool)> = files
        .filter(|e| e.file_name() == MANIFEST)
        .filter_map(|e| Some((e.path().parent()?.to_owned(), true)))
        .collect();
    found.sort();
    if found.is_empty() && has_specs(folder) {
        found.push((folder.to_owned(), false));
    }
    if found.is_empty() {
        let failure = Failure::new(format!("there is no `{MANIFEST}` in `{}`, above it or below it", shown.display()));
        return Err(failure.help("`waypost init` makes a project that checks and builds at once"));
    }
    Ok(found)
}

fn has_specs(folder: &Path) -> bool {
    let names = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let all = Patterns::new(&["*.journey".to_owned()]);
    all.is_ok_and(|all| names.filter_map(|e| e.file_name().into_string().ok()).any(|name| all.matches(&name)))
}
