//! `waypost schema`: JSON Schemas of what the program reads and writes.

use crate::cli::schema::SCHEMAS;
use crate::cli::{Exit, Failure, World};

/// Write the JSON Schema of the manifest or of a JSON output; without a name, list them
#[derive(clap::Args, Debug)]
pub(in crate::cli) struct Schema {
    /// Which one
    name: Option<String>,
}

impl Schema {
    /// Writes the schema, or the list.
    pub(in crate::cli) fn run(self, world: &mut World<'_>) -> Result<Exit, Failure> {
        let Some(name) = self.name else {
            for schema in SCHEMAS {
                writeln!(world.out, "{:12} {}", schema.name, schema.says)?;
            }
            return Ok(Exit::Clean);
        };
        let Some(schema) = SCHEMAS.iter().find(|s| s.name == name) else {
            let known: Vec<&str> = SCHEMAS.iter().map(|s| s.name).collect();
            return Err(
                Failure::new(format!("there is no schema `{name}`")).help(format!("known are: {}", known.join(", ")))
            );
        };
        world.out.write_all(schema.json.as_bytes())?;
        Ok(Exit::Clean)
    }
}
