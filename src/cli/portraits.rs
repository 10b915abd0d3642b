//! The portraits of personas, read for the pages: a page asks nothing of anybody, so it holds its pictures.

use super::project::{Disk, Project, Store};
use crate::diagnostic::Diagnostic;
use crate::model::Model;
use crate::render::picture;

/// The largest portrait, in bytes: a page is sent on, and holds every one of them.
const LARGEST: usize = 1 << 16;

/// Returns each portrait that can be shown, by the path that its persona names, from the project's root.
///
/// One that is not there, lies outside the project, is larger than 64 KiB or is no PNG, JPEG, WebP or SVG is left out.
pub fn portraits(project: &Project, model: &Model) -> Vec<(String, String)> {
    let disk = Disk::new(project.root.clone());
    let shown = |path: &String| Some((path.clone(), shown(&disk, path).ok()?));
    model.personas.values().filter_map(|p| p.portrait.as_ref()).filter_map(shown).collect()
}

/// Returns a finding for each portrait that is left out of the pages.
pub fn missing(project: &Project, model: &Model) -> Vec<Diagnostic> {
    let disk = Disk::new(project.root.clone());
    let finding = |persona: &crate::model::Persona| {
        let path = persona.portrait.as_ref()?;
        let why = shown(&disk, path).err()?;
        let message = format!("the portrait `{path}` of `{}` is on no page: {why}", persona.meta.id);
        let finding = Diagnostic::warning("portrait-left-out", persona.meta.span, message);
        Some(
            finding
                .help("name a PNG, JPEG, WebP or SVG of at most 64 KiB in the project, by its path from the manifest"),
        )
    };
    model.personas.values().filter_map(finding).collect()
}

/// Returns the picture as a page holds it, or why none does.
fn shown(disk: &Disk, path: &str) -> Result<String, &'static str> {
    let found = disk.find(path).map_err(|_| "there is no such file in the project")?;
    let bytes = disk.read(&found).map_err(|_| "it cannot be read")?;
    if bytes.len() > LARGEST {
        return Err("it is larger than 64 KiB");
    }
    picture(&bytes).ok_or("it is no PNG, JPEG, WebP or SVG")
}
