//! The ids behind keys: a second look at the files, for the few units that somebody asks about by name.
use super::bind::{View, layout};
use super::error::EngineError;
use super::identity::Aliases;
use crate::events::{Column, EventReader, Kind, Request, Step, key};
use crate::plan::{Plan, SourceShape};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Returns the ids of the plan's first unit with these keys, as far as the files still have them; of several that stand for
/// one, the smallest.
///
/// # Errors
/// When a file cannot be read.
pub fn names(
    plan: &Plan,
    root: &Path,
    threads: usize,
    keys: &BTreeSet<u128>,
) -> Result<BTreeMap<u128, String>, EngineError> {
    let aliases = Aliases::read(plan, root, threads.max(1))?;
    let unit = plan.units.first().map_or("user", String::as_str);
    let mut all: BTreeMap<u128, String> = BTreeMap::new();
    for source in plan.sources.iter().filter(|s| !matches!(s.shape, SourceShape::Tallies { .. })) {
        let ids = std::iter::once(source.unit_column(unit)).chain(source.anonymous.as_deref());
        let column = |name: &str| Column { name: name.to_owned(), kind: Kind::Text, required: false };
        let request = Request { columns: ids.map(column).collect(), ..layout(source) };
        let kinds = request.columns.len();
        let (parts, _) = EventReader::open(root, request)?.read(threads.max(1), BTreeMap::new, |found, step| {
            let Step::Batch(batch) = step else { return };
            for at in 0..kinds {
                let view = View::new(batch, at, Kind::Text);
                for text in (0..batch.num_rows()).filter_map(|row| view.text(row)) {
                    let key = aliases.of(key(text.as_bytes()));
                    if keys.contains(&key) && found.get(&key).is_none_or(|known: &String| text < known.as_str()) {
                        found.insert(key, text.to_owned());
                    }
                }
            }
        })?;
        for (key, name) in parts.into_iter().flatten() {
            let known = all.entry(key).or_insert_with(|| name.clone());
            if name < *known {
                *known = name;
            }
        }
    }
    Ok(all)
}
