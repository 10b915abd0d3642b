//! A project that a verb works on: found, read and checked.

use super::checked::Checked;
use super::output::{Findings, Format};
use super::project::{Disk, Project, find, open};
use super::{Failure, World};
use crate::diagnostic::Severity;
use crate::model::Model;
use jiff::civil::Date;
use std::path::Path;

/// Returns the project that a path means, checked, whatever was found.
///
/// # Errors
/// There is no project.
pub fn checked(world: &World<'_>, path: Option<&Path>, today: Option<Date>) -> Result<Checked, Failure> {
    let place = find(world, path)?;
    let mut all = open(&world.dir, &place, &Disk::new(place.root.clone()))?;
    let project = all.pop().ok_or_else(|| Failure::new("there is no project here"))?;
    let today = today.unwrap_or_else(|| world.today(project.manifest.zone()));
    Ok(Checked::on_disk(project, today))
}

/// Returns the project that a path means, and its model; nothing where it has errors, which are written to the output.
///
/// # Errors
/// There is no project, or the output cannot be written.
pub fn clean(world: &mut World<'_>, path: Option<&Path>) -> Result<Option<(Project, Model)>, Failure> {
    let mut checked = checked(world, path, None)?;
    match checked.model.take() {
        Some(model) if !checked.has_errors() => Ok(Some((checked.project, model))),
        _ => {
            checked.diagnostics.retain(|d| d.severity == Severity::Error);
            Findings::of(std::slice::from_ref(&checked)).write(Format::Full, world)?;
            Ok(None)
        }
    }
}
