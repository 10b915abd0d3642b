//! One person under several ids: anonymous ids are joined to known ones.
//!
//! A source that names an anonymous id is read twice: first only its ids, which say who is who, then the rows. A row is the
//! known id's where it has one, else the anonymous id's; and an anonymous id is the known one that it was first seen with,
//! so that a device two people use is the first one's until the second is known.
use super::bind::View;
use super::error::EngineError;
use crate::events::{Column, EventReader, Kind, Request, Step, key};
use crate::plan::{Plan, Source, SourceShape};
use std::collections::HashMap;
use std::path::Path;

/// How many joins are followed: an id joined to an id joined to an id.
const LONGEST: usize = 16;

/// Which id stands for which.
#[derive(Debug, Default)]
pub(super) struct Aliases {
    /// The anonymous id to when it was first joined, and to whom.
    known: HashMap<u128, (i64, u128)>,
}

impl Aliases {
    /// Reads who is who from all sources that name an anonymous id.
    pub(super) fn read(plan: &Plan, root: &Path, threads: usize) -> Result<Self, EngineError> {
        let mut all = Self::default();
        let unit = plan.units.first().map_or("user", String::as_str);
        for source in &plan.sources {
            let Some(anonymous) = &source.anonymous else { continue };
            let unit = source.unit_column(unit);
            if matches!(source.shape, SourceShape::Events { .. }) {
                all.pairs(root, threads, events(source, unit, anonymous))?;
            }
            if !source.aliases.is_empty() {
                let table = Request {
                    patterns: source.aliases.clone(),
                    columns: vec![text(unit, true), text(anonymous, true)],
                    ..Request::default()
                };
                all.pairs(root, threads, table)?;
            }
        }
        Ok(all)
    }

    fn pairs(&mut self, root: &Path, threads: usize, request: Request) -> Result<(), EngineError> {
        let kinds: Vec<Kind> = request.columns.iter().map(|c| c.kind).collect();
        let reader = EventReader::open(root, request)?;
        let (parts, _) = reader.read(threads, Self::default, |part, step| {
            let Step::Batch(batch) = step else { return };
            let views: Vec<View<'_>> = kinds.iter().enumerate().map(|(at, kind)| View::new(batch, at, *kind)).collect();
            let [known, anonymous, rest @ ..] = views.as_slice() else { return };
            for row in 0..batch.num_rows() {
                let (Some(known), Some(anonymous)) = (known.text(row), anonymous.text(row)) else { continue };
                let time = match rest.first() {
                    Some(View::Time(times)) => times.get(row).copied().unwrap_or(i64::MIN),
                    _ => i64::MIN,
                };
                part.join(key(anonymous.as_bytes()), time, key(known.as_bytes()));
            }
        })?;
        for part in parts {
            part.known.into_iter().for_each(|(id, (time, known))| self.join(id, time, known));
        }
        Ok(())
    }

    /// Keeps the first join of an id; of two in one instant the smaller key, whatever the order they come in.
    fn join(&mut self, id: u128, time: i64, known: u128) {
        if id != known {
            let first = self.known.entry(id).or_insert((time, known));
            *first = (*first).min((time, known));
        }
    }

    /// Returns the id that stands for an id.
    pub(super) fn of(&self, id: u128) -> u128 {
        let mut at = id;
        for _ in 0..LONGEST {
            match self.known.get(&at) {
                Some((_, next)) if *next != id => at = *next,
                _ => break,
            }
        }
        at
    }
}

fn text(name: &str, required: bool) -> Column {
    Column { name: name.to_owned(), kind: Kind::Text, required }
}

/// Asks for the ids of events, and for when they were seen together.
fn events(source: &Source, unit: &str, anonymous: &str) -> Request {
    let mut columns = vec![text(unit, false), text(anonymous, false)];
    if let SourceShape::Events { time, .. } = &source.shape {
        columns.push(Column { name: time.clone(), kind: Kind::Time, required: true });
    }
    let mut names = None;
    if let (SourceShape::Events { event, .. }, Some(identify)) = (&source.shape, &source.identify) {
        columns.push(Column { name: event.clone(), kind: Kind::Event, required: true });
        names = Some(std::iter::once(identify.clone()).collect());
    }
    Request { columns, names, hash: false, ..super::bind::layout(source) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_join_counts_and_joins_are_followed() {
        let mut aliases = Aliases::default();
        aliases.join(1, 20, 100);
        aliases.join(1, 10, 200);
        aliases.join(200, 5, 300);
        assert_eq!((aliases.of(1), aliases.of(200), aliases.of(300), aliases.of(7)), (300, 300, 300, 7));
        aliases.join(300, 1, 1);
        // a circle ends where it began to close
        assert_eq!(aliases.of(1), aliases.of(1));
    }
}
