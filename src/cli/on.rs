//! `--on URL`: where the data is counted.

use super::Failure;
#[cfg(feature = "engine")]
use super::{World, measured::Measured, project::Project};
#[cfg(feature = "engine")]
use crate::{model::Model, model::value::Date, plan::Wanted};

/// Where the data is counted: in the files of the manifest, or in a warehouse.
#[derive(clap::Args, Debug)]
pub(in crate::cli) struct Place {
    /// Count in a warehouse: `spark://host:port`, `clickhouse://host:port/database` or `answers:DIALECT:FOLDER`
    ///
    /// The rows are those of the tables that the manifest names. The password or token is read from WAYPOST_PASSWORD, or
    /// from the file that WAYPOST_PASSWORD_FILE names.
    #[arg(long, value_name = "URL")]
    on: Option<String>,
}

/// Where the data is counted, or what would be asked there.
#[derive(clap::Args, Debug)]
pub(in crate::cli) struct On {
    #[command(flatten)]
    pub(in crate::cli) place: Place,
    /// Write the queries that `--on` would run, and run none
    #[arg(long, requires = "on")]
    dry_run: bool,
}

#[cfg(feature = "engine")]
impl On {
    /// Writes the queries that are wanted where nothing is to be run, and returns whether that was so.
    ///
    /// # Errors
    /// The URL is of no kind that is known, or its dialect cannot say the plan.
    pub(in crate::cli) fn shown(
        &self,
        world: &mut World<'_>,
        project: &Project,
        model: &Model,
        wanted: Wanted<'_>,
    ) -> Result<bool, Failure> {
        let Some(url) = self.place.on.as_deref().filter(|_| self.dry_run) else { return Ok(false) };
        let script = super::measured::script(world, project, model, url, wanted)?;
        write!(world.out, "{script}")?;
        Ok(true)
    }
}

#[cfg(feature = "engine")]
impl Place {
    /// Returns what the data says as far as it is wanted, counted where it is.
    ///
    /// # Errors
    /// A file cannot be read, or the warehouse does not answer.
    pub(in crate::cli) fn measured<'m>(
        &self,
        world: &World<'_>,
        project: &Project,
        model: &'m Model,
        today: Date,
        wanted: Wanted<'_>,
    ) -> Result<Measured<'m>, Failure> {
        match &self.on {
            Some(url) => Measured::on(world, project, model, today, url, wanted),
            None => Measured::new(world, project, model, today, wanted),
        }
    }

    /// Returns whether a warehouse counts.
    pub(in crate::cli) fn elsewhere(&self) -> bool {
        self.on.is_some()
    }
}

#[cfg(not(feature = "engine"))]
impl Place {
    /// Fails where a warehouse is named.
    ///
    /// # Errors
    /// One is named.
    pub(in crate::cli) fn refused(&self) -> Result<(), Failure> {
        let none = Failure::new("this program was built without the engine, and so without warehouses");
        if self.on.is_some() { Err(none) } else { Ok(()) }
    }
}
