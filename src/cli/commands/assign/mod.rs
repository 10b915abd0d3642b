//! `waypost assign`: who gets which variant.

mod rows;
mod table;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::assign::{Assigner, IdProblem, UnitId, encode_id};
use crate::cli::{Exit, Failure, World, opened};
use crate::model::Model;
use crate::model::manifest::PropertyType;
use crate::payload::{Payload, Stage, build};
use rows::{Columns, Kind, Rows, Unit};
use table::{Shape, Table};

/// How many refused ids are told of one by one.
const TOLD: u64 = 5;

/// Say which variant each unit gets, from the payload that products read
///
/// Writes one row for each unit and experiment: unit, experiment, variant, bucket, reason. An id must be ASCII, since
/// SDKs hash other characters differently; such ids are refused, or percent-encoded under --encode.
#[derive(clap::Args, Debug)]
pub(in crate::cli) struct Assign {
    /// Which experiments; all of the payload where none is named
    experiments: Vec<String>,
    /// A unit's id
    #[arg(long, value_name = "ID", num_args = 1.., required_unless_present = "units", conflicts_with = "units")]
    unit: Vec<String>,
    /// An attribute of those units, such as country=PT or age=34
    #[arg(long = "with", value_name = "NAME=VALUE", requires = "unit")]
    with: Vec<String>,
    /// A file of units, or - for standard input: CSV whose columns are attributes, or NDJSON; either may be gzipped
    #[arg(long, value_name = "FILE")]
    units: Option<PathBuf>,
    /// The column that holds the ids, where it is not named like the experiment's unit in the payload
    #[arg(long, value_name = "NAME", requires = "units")]
    column: Option<String>,
    /// The file has no header: its first column holds the ids
    #[arg(long, requires = "units")]
    no_header: bool,
    /// The units are NDJSON, whatever the file is called
    #[arg(long, requires = "units")]
    ndjson: bool,
    /// How a column is read: text, number, boolean; without the project's word for it, what looks like a number is one
    #[arg(long = "type", value_name = "NAME=TYPE", requires = "units")]
    types: Vec<String>,
    /// Percent-encode every id as encodeURIComponent does; the product must do the same
    #[arg(long)]
    encode: bool,
    /// The project; the one of the working directory without it
    #[arg(long, value_name = "PATH", conflicts_with = "payload")]
    project: Option<PathBuf>,
    /// Assign from this payload and not from a project
    #[arg(long, value_name = "FILE")]
    payload: Option<PathBuf>,
    /// The key of an encrypted payload
    #[arg(long, value_name = "KEY", requires = "payload")]
    decryption_key: Option<String>,
    /// Assign as if every experiment of the project were running
    #[arg(long, conflicts_with = "payload")]
    as_running: bool,
    /// How the rows are written
    #[arg(long, value_enum, default_value_t)]
    format: Shape,
}

impl Assign {
    /// Writes who gets which variant to the output.
    pub(in crate::cli) fn run(self, world: &mut World<'_>) -> Result<Exit, Failure> {
        let Some((payload, declared)) = self.source(world)? else { return Ok(Exit::Findings) };
        let experiments = self.chosen(&payload)?;
        let assigners = Assigner::many(&payload, experiments.iter().map(String::as_str));
        let assigners: Vec<(&str, Assigner)> = experiments.iter().map(String::as_str).zip(assigners).collect();
        let mut refused = Refused::default();
        match &self.units {
            None => self.named(world, &assigners, &mut refused)?,
            Some(file) => self.stream(world, file, &assigners, declared, &mut refused)?,
        }
        refused.tell(world)
    }

    /// Returns the payload to assign from, and how the project declares its attributes; nothing where the project has
    /// errors, which are told.
    fn source(&self, world: &mut World<'_>) -> Result<Option<(Payload, Types)>, Failure> {
        if let Some(file) = &self.payload {
            return Ok(Some((read_payload(world, file, self.decryption_key.as_deref())?, Types::new())));
        }
        let Some((_, model)) = opened::clean(world, self.project.as_deref())? else { return Ok(None) };
        let stage = if self.as_running { Stage::Running } else { Stage::Published };
        Ok(Some((build(&model, stage), declared(&model))))
    }

    /// Returns the experiments asked for, or all of the payload.
    fn chosen(&self, payload: &Payload) -> Result<Vec<String>, Failure> {
        let known = || payload.features.iter().map(|(key, _)| key).filter(|key| !key.starts_with("$holdout:"));
        if self.experiments.is_empty() {
            return Ok(known().map(str::to_owned).collect());
        }
        for name in &self.experiments {
            if payload.features.get(name).is_none() {
                let all: Vec<String> = known().map(|key| format!("`{key}`")).collect();
                return Err(Failure::new(format!("there is no experiment `{name}`"))
                    .help(format!("the payload has {}", all.join(", "))));
            }
        }
        Ok(self.experiments.clone())
    }

    /// Assigns the units named on the command line.
    fn named(&self, world: &mut World<'_>, all: &[(&str, Assigner)], refused: &mut Refused) -> Result<(), Failure> {
        let attributes: Value = self.with.iter().map(|pair| attribute(pair)).collect::<Result<_, _>>()?;
        let mut table = Table::new(&mut world.out, self.format)?;
        for written in &self.unit {
            let id = match self.id(written) {
                Ok(id) => id,
                Err(problem) => {
                    refused.add(|| format!("`{written}`"), problem);
                    continue;
                }
            };
            for (experiment, assigner) in all {
                table.row(&id, experiment, &assigner.assign(ascii(&id)?, &attributes))?;
            }
        }
        Ok(())
    }

    /// Assigns the units of a file, as they are read.
    fn stream(
        &self,
        world: &mut World<'_>,
        file: &Path,
        all: &[(&str, Assigner)],
        declared: Types,
        refused: &mut Refused,
    ) -> Result<(), Failure> {
        let World { input, out, dir, .. } = world;
        let (mut rows, columns) = self.open(file, dir, input, declared)?;
        // a draft hashes nothing: its rows go by the ids that the others hash
        let shared = all.iter().find_map(|(_, a)| a.hashed());
        let column = |a| self.id_column(a, shared, &columns);
        let all: Vec<(&str, &Assigner, &str)> = all.iter().map(|(name, a)| (*name, a, column(a))).collect();
        self.check_columns(&all, &columns)?;
        let mut table = Table::new(out, self.format)?;
        while let Some(row) = rows.next()? {
            let unit = Unit { columns: &columns, row: &row };
            let mut told = None;
            for (experiment, assigner, column) in &all {
                let written = unit.id(column, |id| match id.and_then(|id| self.id(id)) {
                    Ok(id) => table.row(&id, experiment, &assigner.assign(ascii(&id)?, &unit)),
                    Err(problem) => {
                        // One bad cell is one finding, however many experiments ask for it.
                        if told.replace(*column) != Some(*column) {
                            refused.add(|| format!("line {}, column `{column}`", rows.line), problem);
                        }
                        Ok(())
                    }
                });
                written?;
            }
        }
        Ok(())
    }

    fn open<'r>(
        &self,
        file: &Path,
        dir: &Path,
        input: &'r mut Box<dyn Read + '_>,
        mut types: Types,
    ) -> Result<(Rows<'r>, Columns), Failure> {
        let reader: Box<dyn Read + 'r> = match file.to_str() {
            Some("-") => Box::new(input),
            _ => Box::new(File::open(dir.join(file)).map_err(|e| Failure::file("read", file, &e))?),
        };
        let name = file.to_string_lossy();
        let plain = name.strip_suffix(".gz").unwrap_or(&name);
        let reader: Box<dyn BufRead + 'r> = if plain.len() == name.len() {
            Box::new(BufReader::with_capacity(1 << 16, reader))
        } else {
            Box::new(BufReader::with_capacity(1 << 16, flate2::read::MultiGzDecoder::new(reader)))
        };
        if self.ndjson || [".ndjson", ".jsonl", ".json"].iter().any(|end| plain.ends_with(end)) {
            return Ok(Rows::objects(reader));
        }
        for pair in &self.types {
            types.extend([column_type(pair)?]);
        }
        let kind = |name: &str| types.get(name).copied().unwrap_or(Kind::Guess);
        Rows::table(reader, self.no_header.then_some(NO_NAME), kind)
    }

    fn id_column<'a>(&'a self, assigner: &'a Assigner, shared: Option<&'a str>, columns: &'a Columns) -> &'a str {
        match &self.column {
            Some(column) => column,
            None if self.no_header => NO_NAME,
            // A table of one column can only mean that one.
            None => columns.only().or(assigner.hashed()).or(shared).unwrap_or("id"),
        }
    }

    fn check_columns(&self, all: &[(&str, &Assigner, &str)], columns: &Columns) -> Result<(), Failure> {
        match all.iter().find(|(_, _, column)| !columns.may_have(column)) {
            None => Ok(()),
            Some((experiment, _, column)) => {
                Err(Failure::new(format!("the units have no column `{column}`, which `{experiment}` assigns by"))
                    .help("name the column of the ids with --column NAME, or the experiments to assign"))
            }
        }
    }

    /// Returns the id as it is hashed.
    fn id<'i>(&self, written: &'i str) -> Result<Cow<'i, str>, IdProblem> {
        let id = if self.encode { encode_id(written) } else { Cow::Borrowed(written) };
        UnitId::new(&id)?;
        Ok(id)
    }
}

/// The name of the only column of a file without a header.
const NO_NAME: &str = "unit";

/// How columns are read, by name.
type Types = BTreeMap<String, Kind>;

/// Returns how the manifest declares the attributes of units.
fn declared(model: &Model) -> Types {
    let kind = |declared: &PropertyType| match declared {
        PropertyType::Number | PropertyType::Money => Kind::Number,
        PropertyType::Boolean => Kind::Boolean,
        PropertyType::Text | PropertyType::Time => Kind::Text,
    };
    model.manifest.attributes.iter().map(|(name, declared)| (name.to_owned(), kind(declared))).collect()
}

/// Returns an id that was checked before.
fn ascii(id: &str) -> Result<UnitId<'_>, Failure> {
    UnitId::new(id).map_err(|problem| Failure::new(problem.to_string()))
}

/// Returns the payload that a file holds.
pub(super) fn read_payload(world: &World<'_>, file: &Path, key: Option<&str>) -> Result<Payload, Failure> {
    let text = std::fs::read_to_string(world.dir.join(file)).map_err(|e| Failure::file("read", file, &e))?;
    let refuse = |why: String| Failure::new(format!("cannot read `{}`: {why}", file.display()));
    let Some(key) = key else {
        return Payload::read(&text).map_err(refuse);
    };
    Payload::read_encrypted(&text, key).map_err(refuse)
}

fn pair<'a>(text: &'a str, what: &str) -> Result<(&'a str, &'a str), Failure> {
    text.split_once('=').ok_or_else(|| Failure::new(format!("`{text}` is no {what}")).help("write it as NAME=VALUE"))
}

fn attribute(text: &str) -> Result<(String, Value), Failure> {
    let (name, value) = pair(text, "attribute")?;
    let scalar = serde_json::from_str(value).ok().filter(|v: &Value| !v.is_object());
    Ok((name.to_owned(), scalar.unwrap_or_else(|| value.into())))
}

fn column_type(text: &str) -> Result<(String, Kind), Failure> {
    let (name, kind) = pair(text, "type of a column")?;
    let kind = match kind {
        "text" => Kind::Text,
        "number" => Kind::Number,
        "boolean" => Kind::Boolean,
        other => {
            return Err(Failure::new(format!("`{other}` is no type")).help("types are `text`, `number` and `boolean`"));
        }
    };
    Ok((name.to_owned(), kind))
}

/// The ids that could not be hashed.
#[derive(Debug, Default)]
struct Refused {
    count: u64,
    told: Vec<String>,
}

impl Refused {
    fn add(&mut self, place: impl FnOnce() -> String, problem: IdProblem) {
        self.count += 1;
        if self.count <= TOLD {
            self.told.push(format!("{}: {problem}", place()));
        }
    }

    fn tell(&self, world: &mut World<'_>) -> Result<Exit, Failure> {
        if self.count == 0 {
            return Ok(Exit::Clean);
        }
        let noun = if self.count == 1 { "id was" } else { "ids were" };
        writeln!(world.err, "error: {} {noun} refused", self.count)?;
        for line in &self.told {
            writeln!(world.err, "  {}", crate::cli::output::text::lines(line).trim_end())?;
        }
        Ok(Exit::Findings)
    }
}
