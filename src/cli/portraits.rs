//! The portraits of personas, read for the pages: a page asks nothing of anybody, so it holds its pictures.

use super::project::{Disk, Project, Store};
use crate::model::Model;
use crate::render::picture;

/// The largest portrait, in bytes: a page is sent on, and holds every one of them.
const LARGEST: usize = 1 << 16;

/// Returns each portrait that can be shown, by the path that its persona names, from the project's root.
///
/// One that is not there, lies outside the project, is larger than 64 KiB or is no PNG, JPEG, WebP or SVG is left out.
pub fn portraits(project: &Project, model: &Model) -> Vec<(String, String)> {
    let disk = Disk::new(project.root.clone());
    let shown = |path: &String| {
        let found = disk.find(path).ok()?;
        let bytes = disk.read(&found).ok().filter(|bytes| bytes.len() <= LARGEST)?;
        Some((path.clone(), picture(&bytes)?))
    };
    model.personas.values().filter_map(|p| p.portrait.as_ref()).filter_map(shown).collect()
}
