//! Assignments as rows of text.

use std::io::Write;

use crate::assign::Assignment;
use crate::cli::Failure;

/// How assignments are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(in crate::cli) enum Shape {
    /// A table with a header, cells separated by commas
    #[default]
    Csv,
    /// A JSON object a line
    Ndjson,
}

/// Writes assignments, one a row.
pub(super) struct Table<'w> {
    out: &'w mut dyn Write,
    shape: Shape,
}

impl<'w> Table<'w> {
    /// Returns the table, its header written.
    pub(super) fn new(out: &'w mut dyn Write, shape: Shape) -> Result<Self, Failure> {
        if shape == Shape::Csv {
            out.write_all(b"unit,experiment,variant,bucket,reason\n")?;
        }
        Ok(Self { out, shape })
    }

    /// Writes one row.
    pub(super) fn row(&mut self, unit: &str, experiment: &str, given: &Assignment<'_>) -> Result<(), Failure> {
        match self.shape {
            Shape::Csv => self.csv(unit, experiment, given)?,
            Shape::Ndjson => self.ndjson(unit, experiment, given)?,
        }
        Ok(())
    }

    fn csv(&mut self, unit: &str, experiment: &str, given: &Assignment<'_>) -> std::io::Result<()> {
        self.cell(unit)?;
        self.out.write_all(b",")?;
        self.cell(experiment)?;
        self.out.write_all(b",")?;
        self.cell(given.variant.unwrap_or_default())?;
        match given.bucket {
            Some(bucket) => write!(self.out, ",{bucket},")?,
            None => self.out.write_all(b",,")?,
        }
        self.out.write_all(given.reason.name().as_bytes())?;
        self.out.write_all(b"\n")
    }

    /// Writes a cell, quoted where it must be. Ids are written as they are:
    /// this table is read by programs, and joined on them.
    fn cell(&mut self, text: &str) -> std::io::Result<()> {
        if text.contains([',', '"', '\n', '\r']) {
            return write!(self.out, "\"{}\"", text.replace('"', "\"\""));
        }
        self.out.write_all(text.as_bytes())
    }

    fn ndjson(&mut self, unit: &str, experiment: &str, given: &Assignment<'_>) -> std::io::Result<()> {
        let row = serde_json::json!({
            "unit": unit,
            "experiment": experiment,
            "variant": given.variant,
            "bucket": given.bucket,
            "reason": given.reason.name(),
        });
        writeln!(self.out, "{row}")
    }
}
