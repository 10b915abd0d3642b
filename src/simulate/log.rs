//! What simulated people leave behind: [`Log`], a table as the manifest describes it.

use super::maker::Cell;
use super::script::Script;
use crate::model::{Event, Id};
use std::fmt::Write;

/// One event.
#[derive(Clone, Debug)]
pub struct Row {
    /// Seconds since 1970.
    pub(super) time: i64,
    /// The number of the person, from 0.
    pub(super) person: u64,
    /// What happened.
    pub(super) event: Id<Event>,
    /// The experiment it exposes to and the variant shown, by their places.
    pub(super) shown: Option<(usize, usize)>,
    /// Its properties.
    pub(super) properties: Vec<(String, Cell)>,
    /// The person's attributes then.
    pub(super) attributes: Vec<(String, Cell)>,
    /// Whether the person may be counted.
    pub(super) consents: bool,
}

/// A table of events, in order of time, with the columns that the manifest names.
#[derive(Clone, Debug)]
pub struct Log {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    people: usize,
}

impl Log {
    /// Returns the table of some rows.
    pub(super) fn new(script: &Script<'_>, mut rows: Vec<Row>) -> Self {
        // Stable, so that one person's events of one second stay in their order.
        rows.sort_by_key(|row| (row.time, row.person));
        let mut people: Vec<u64> = rows.iter().map(|row| row.person).collect();
        people.sort_unstable();
        people.dedup();
        let columns = Columns::new(script);
        Self {
            rows: rows.iter().map(|row| columns.cells(script, row)).collect(),
            header: columns.header(script),
            people: people.len(),
        }
    }

    /// Returns how many events there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Returns whether nothing happened.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns how many people left a trace.
    pub fn people(&self) -> usize {
        self.people
    }

    /// Returns the names of the columns.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// Returns the table as CSV of RFC 4180, with LF line ends.
    pub fn csv(&self) -> String {
        let mut text = String::new();
        for row in std::iter::once(&self.header).chain(&self.rows) {
            for (i, cell) in row.iter().enumerate() {
                if i > 0 {
                    text.push(',');
                }
                push(&mut text, cell);
            }
            text.push('\n');
        }
        text
    }
}

fn push(text: &mut String, cell: &str) {
    match cell.contains([',', '"', '\n', '\r']) {
        true => {
            let _ = write!(text, "\"{}\"", cell.replace('"', "\"\""));
        }
        false => text.push_str(cell),
    }
}

/// Which columns there are besides time, units and event.
struct Columns {
    properties: Vec<String>,
    consent: Option<(String, String)>,
}

impl Columns {
    fn new(script: &Script<'_>) -> Self {
        let used = |name: &str| script.events.iter().any(|(_, all)| all.iter().any(|(n, _)| n == name));
        let attribute = |name: &str| script.attributes.iter().any(|(n, _)| n == name);
        let declared = script.model.manifest.properties.iter().map(|(name, _)| name);
        let consent = script.source.consent.as_ref().map(|rule| match rule.split_once("==") {
            Some((column, value)) => (column.trim().to_owned(), value.trim().trim_matches('"').to_owned()),
            None => (rule.trim().to_owned(), "true".to_owned()),
        });
        Self { properties: declared.filter(|n| used(n) && !attribute(n)).map(str::to_owned).collect(), consent }
    }

    fn header(&self, script: &Script<'_>) -> Vec<String> {
        let source = &script.source;
        let named = |given: &Option<String>, usual: &str| given.clone().unwrap_or_else(|| usual.to_owned());
        let column = |name: &str| source.columns.get(name).cloned().unwrap_or_else(|| name.to_owned());
        let mut all = vec![named(&source.time, "ts")];
        all.extend(script.model.manifest.units.iter().map(|(_, column)| column.clone()));
        if script.model.manifest.units.is_empty() {
            all.push("user_id".to_owned());
        }
        all.push(named(&source.event, "event"));
        all.extend(self.properties.iter().map(|n| column(n)));
        all.extend(script.attributes.iter().map(|(n, _)| column(n)));
        all.extend(self.consent.iter().map(|(column, _)| column.clone()));
        if !script.trials.is_empty() {
            all.extend([named(&source.experiment_by, "experiment"), named(&source.variant, "variant")]);
        }
        all
    }

    fn cells(&self, script: &Script<'_>, row: &Row) -> Vec<String> {
        let time = jiff::Timestamp::from_second(row.time).map(|t| t.to_string()).unwrap_or_default();
        let units = script.model.manifest.units.iter().count().max(1);
        let of = |list: &[(String, Cell)], name: &str| {
            list.iter().find(|(n, _)| n == name).map(|(_, cell)| cell.to_string()).unwrap_or_default()
        };
        let mut all = vec![time];
        all.extend((0..units).map(|_| format!("u{:06}", row.person + 1)));
        all.push(script.events.get(row.event.index()).map_or_else(String::new, |(name, _)| name.clone()));
        all.extend(self.properties.iter().map(|name| of(&row.properties, name)));
        all.extend(script.attributes.iter().map(|(name, _)| of(&row.attributes, name)));
        all.extend(self.consent.iter().map(|(_, yes)| if row.consents { yes.clone() } else { "no".to_owned() }));
        if !script.trials.is_empty() {
            let shown = row.shown.and_then(|(trial, variant)| {
                let trial = script.trials.get(trial)?;
                Some([trial.id.clone(), trial.variants.get(variant)?.0.clone()])
            });
            all.extend(shown.unwrap_or_default());
        }
        all
    }
}
