//! Opens the project of a [`Place`], as seen from a working directory.

use super::{Disk, Entries, Place, Project, load};
use crate::cli::Failure;
use std::path::{Component, Path};

/// Returns the project of a place; a named file that the project does not read is a project of its own, with what it uses.
///
/// # Errors
/// The folder cannot be read.
pub fn open(dir: &Path, place: &Place, disk: &Disk) -> Result<Vec<Project>, Failure> {
    let mut all = Vec::new();
    if place.manifest || place.files.is_empty() {
        all.push(load(disk, place.root.clone(), &Entries::Manifest)?);
    }
    for file in &place.files {
        let Some(path) = disk.relative(file) else { continue };
        if !all.iter().any(|project| reads(project, &path)) {
            all.push(load(disk, place.root.clone(), &Entries::Files(vec![path]))?);
        }
    }
    let way = Way::new(dir, &place.root);
    all.iter_mut().for_each(|project| project.way.clone_from(&way));
    Ok(all)
}

fn reads(project: &Project, path: &str) -> bool {
    project.sources.iter().any(|(_, source)| source.name() == path)
}

/// The way from the working directory to a project's root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Way {
    /// What leads to the root, with `/` behind each step.
    prefix: String,
    /// The folders from the root down to the working directory, where it lies inside.
    inside: Vec<String>,
}

impl Way {
    /// Returns the way from one folder to another; the other's own path where nothing leads there.
    fn new(from: &Path, to: &Path) -> Self {
        let from = from.canonicalize().unwrap_or_else(|_| from.to_owned());
        let names = |path: &Path, skip: usize| -> Vec<String> {
            let parts = path.components().skip(skip).filter_map(|part| match part {
                Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
                _ => None,
            });
            parts.collect()
        };
        let shared = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
        let (up, down) = (names(&from, shared), names(to, shared));
        if shared <= 1 && !up.is_empty() && !down.is_empty() {
            return Self { prefix: format!("{}/", to.display()), inside: Vec::new() };
        }
        let inside = if down.is_empty() { up.clone() } else { Vec::new() };
        let prefix = up.iter().map(|_| "..").chain(down.iter().map(String::as_str)).map(|s| format!("{s}/")).collect();
        Self { prefix, inside }
    }

    /// Returns the path from the working directory of a file that has this path from the root.
    pub fn to(&self, name: &str) -> String {
        let shared = self.inside.iter().zip(name.split('/')).take_while(|(a, b)| a == b).count();
        let up = self.prefix.get(3 * shared..).filter(|_| shared > 0);
        let rest: Vec<&str> = name.split('/').skip(shared).collect();
        format!("{}{}", up.unwrap_or(&self.prefix), rest.join("/"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_from_here_to_there() {
        let way = |from: &str, to: &str| Way::new(Path::new(from), Path::new(to)).to("x/y");
        assert_eq!(way("/no/such/a", "/no/such/a"), "x/y");
        assert_eq!(way("/no/such/a", "/no/such/a/b/c"), "b/c/x/y");
        assert_eq!(way("/no/such/a/b", "/no/such/c"), "../../c/x/y");
        assert_eq!(way("/no/such/a/x/z", "/no/such/a"), "../y");
        assert_eq!(way("/no/such/a/b", "/no/such/a"), "../x/y");
        assert_eq!(way("/no/such/a", "/elsewhere"), "/elsewhere/x/y");
        assert_eq!(way("/", "/elsewhere"), "elsewhere/x/y");
    }
}
