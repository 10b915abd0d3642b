//! Opens the project of a [`Place`], for the working directory of a [`World`].

use super::{Disk, Entries, Place, Project, load};
use crate::cli::{Failure, World};
use std::path::{Component, Path};

/// Returns the project of a place; a named file that the project does not read is a project of its own, with what it uses.
///
/// # Errors
/// The folder cannot be read.
pub fn open(world: &World<'_>, place: &Place, disk: &Disk) -> Result<Vec<Project>, Failure> {
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
    let prefix = prefix(&world.dir, &place.root);
    all.iter_mut().for_each(|project| project.prefix.clone_from(&prefix));
    Ok(all)
}

fn reads(project: &Project, path: &str) -> bool {
    project.sources.iter().any(|(_, source)| source.name() == path)
}

/// Returns what leads from one folder to another, with `/` behind each step; the other's own path where nothing does.
fn prefix(from: &Path, to: &Path) -> String {
    let from = from.canonicalize().unwrap_or_else(|_| from.to_owned());
    let shared = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let up = from.components().skip(shared).map(|_| "..".to_owned());
    let down = to.components().skip(shared).filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        _ => None,
    });
    match shared {
        0 | 1 if to.is_absolute() && from.components().count() > 1 => format!("{}/", to.display()),
        _ => up.chain(down).map(|step| step + "/").collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_from_here_to_there() {
        let way = |from: &str, to: &str| prefix(Path::new(from), Path::new(to));
        assert_eq!(way("/no/such/a", "/no/such/a"), "");
        assert_eq!(way("/no/such/a", "/no/such/a/b/c"), "b/c/");
        assert_eq!(way("/no/such/a/b", "/no/such/c"), "../../c/");
        assert_eq!(way("/no/such/a", "/elsewhere"), "/elsewhere/");
    }
}
