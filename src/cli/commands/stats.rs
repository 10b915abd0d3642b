//! `waypost stats`: one statistical method at a time, on numbers from anywhere.

use crate::cli::{Exit, Failure, World};
use crate::stats::{method::METHODS, run_json};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read};

/// Run a statistical method on numbers given as JSON
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Example: echo '{\"x_a\": 48, \"n_a\": 80, \"x_b\": 56, \"n_b\": 70}' | waypost stats prop_z_test"
)]
pub(in crate::cli) struct Stats {
    /// The method; its inputs are read as one JSON object from standard input
    #[arg(required_unless_present_any = ["batch", "list"], conflicts_with_all = ["batch", "list"])]
    method: Option<String>,
    /// Answer many: each line in is {"id", "method", "inputs"}, each line out {"id", "result"} or {"id", "error"}
    #[arg(long, conflicts_with = "list")]
    batch: bool,
    /// List the methods
    #[arg(long)]
    list: bool,
}

impl Stats {
    /// Answers on the output.
    pub(in crate::cli) fn run(self, world: &mut World<'_>) -> Result<Exit, Failure> {
        match self.method {
            Some(method) => one(&method, world),
            None if self.batch => batch(world),
            None => list(world),
        }
    }
}

fn one(method: &str, world: &mut World<'_>) -> Result<Exit, Failure> {
    let mut text = String::new();
    world.input.read_to_string(&mut text)?;
    let inputs: Value = serde_json::from_str(&text).map_err(|e| {
        Failure::new(format!("the inputs are not JSON: {e}")).help("give one JSON object on standard input")
    })?;
    let answer = run_json(method, &inputs).map_err(Failure::new)?;
    writeln!(world.out, "{answer:#}")?;
    Ok(Exit::Clean)
}

fn batch(world: &mut World<'_>) -> Result<Exit, Failure> {
    let input = std::mem::replace(&mut world.input, Box::new(std::io::empty()));
    let mut exit = Exit::Clean;
    for line in BufReader::new(input).lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let row = answer(&line);
        if row.get("error").is_some() {
            exit = Exit::Findings;
        }
        writeln!(world.out, "{row}")?;
    }
    Ok(exit)
}

/// Returns the row that answers a line.
fn answer(line: &str) -> Value {
    let case: Value = match serde_json::from_str(line) {
        Ok(case) => case,
        Err(error) => return json!({ "id": null, "error": format!("the line is not JSON: {error}") }),
    };
    let part = |name: &str| case.get(name).cloned().unwrap_or(Value::Null);
    let result = match part("method") {
        Value::String(method) => run_json(&method, &part("inputs")),
        _ => Err("expected `method` to be a text".to_owned()),
    };
    match result {
        Ok(result) => json!({ "id": part("id"), "result": result }),
        Err(error) => json!({ "id": part("id"), "error": error }),
    }
}

fn list(world: &mut World<'_>) -> Result<Exit, Failure> {
    for method in METHODS {
        writeln!(world.out, "{:<30}{}", method.name, method.says)?;
    }
    Ok(Exit::Clean)
}
