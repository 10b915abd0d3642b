//! `waypost rules`: every finding there is.

use crate::cli::manual::{self, Entry};
use crate::cli::{Exit, Failure, World};
use serde_json::{Value, json};

/// List every finding there is
#[derive(clap::Args, Debug)]
pub(in crate::cli) struct Rules {
    /// How the list looks
    #[arg(long, value_enum, default_value_t)]
    format: Form,
}

/// The forms of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// One line each
    #[default]
    Text,
    /// One JSON object
    Json,
    /// Every page, in Markdown
    Markdown,
}

impl Rules {
    /// Writes the list.
    pub(in crate::cli) fn run(self, world: &mut World<'_>) -> Result<Exit, Failure> {
        let all = manual::entries();
        match self.format {
            Form::Text => text(world, &all)?,
            Form::Json => writeln!(world.out, "{}", serde_json::to_string_pretty(&table(&all)).unwrap_or_default())?,
            Form::Markdown => all.iter().try_for_each(|e| writeln!(world.out, "{}", e.page))?,
        }
        Ok(Exit::Clean)
    }
}

fn text(world: &mut World<'_>, all: &[Entry]) -> std::io::Result<()> {
    let width = all.iter().map(|e| e.code.len()).max().unwrap_or(0);
    let mut sections: Vec<&str> = all.iter().map(|e| e.section).collect();
    sections.sort_unstable();
    sections.dedup();
    for section in sections {
        writeln!(world.out, "{section}")?;
        for entry in all.iter().filter(|e| e.section == section) {
            writeln!(world.out, "  {:width$}  {:7}  {}", entry.code, entry.severity.name(), entry.summary)?;
        }
    }
    Ok(())
}

fn table(all: &[Entry]) -> Value {
    let rule = |e: &Entry| json!({ "code": e.code, "section": e.section, "severity": e.severity.name(), "summary": e.summary, "page": e.page });
    json!({ "schema": "waypost/rules/1", "rules": all.iter().map(rule).collect::<Vec<_>>() })
}
