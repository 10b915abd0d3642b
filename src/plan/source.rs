//! The manifest's data entries become [`Source`] values.
use crate::model::condition::Condition;
use crate::model::manifest::{DataSource, Manifest};
use crate::model::preset::{Preset, preset};

/// Where data is, how it is written, and what its columns mean.
#[derive(Clone, Debug)]
pub struct Source {
    /// File patterns, from the project's root.
    pub patterns: Vec<String>,
    /// The table in a warehouse that holds the same rows.
    pub table: Option<String>,
    /// Where a warehouse finds the same rows as Parquet files.
    pub parquet: Vec<String>,
    /// The file format, where the name does not tell.
    pub format: Option<String>,
    /// The separator of a text table, where it is no comma.
    pub separator: Option<String>,
    /// The sign between groups of three digits.
    pub thousands: Option<u8>,
    /// The time zone of local times, by its IANA name; where nobody says it, they cannot be read.
    pub zone: Option<String>,
    /// The unit of times that are numbers: s, ms, us, ns.
    pub epoch: Option<String>,
    /// Short rows are good.
    pub ragged: bool,
    /// Which rows count.
    pub only: Option<Condition>,
    /// Fields under another name in the data: the spec's name, the column.
    pub renamed: Vec<(String, String)>,
    /// The column of the ids of each kind of unit.
    pub units: Vec<(String, String)>,
    /// The column that says which variant a unit saw.
    pub variant: Option<String>,
    /// The column that names the experiment of an exposure.
    pub experiment_by: Option<String>,
    /// The one experiment these rows belong to, by its id.
    pub experiment: Option<String>,
    /// The data's names of variants: the name in the data, the id of the variant.
    pub variants: Vec<(String, String)>,
    /// The column of consent, and what it must hold.
    pub consent: Option<(String, String)>,
    /// The column of the anonymous id, where rows may have one.
    pub anonymous: Option<String>,
    /// The event that joins an anonymous id to a known one; every row with both does without it.
    pub identify: Option<String>,
    /// Tables that join anonymous ids to known ones.
    pub aliases: Vec<String>,
    /// Rows without an event's name are passed over, as exports have some.
    pub nameless: bool,
    /// What a row is.
    pub shape: SourceShape,
}

/// What a row of a source is.
#[derive(Clone, Debug)]
pub enum SourceShape {
    /// An event.
    Events {
        /// The column of the time.
        time: String,
        /// The column of the event's name.
        event: String,
        /// The column of the row's own id.
        id: Option<String>,
    },
    /// A unit: one exposure, and one event for each outcome.
    Units {
        /// The column of the time of exposure, where there is one.
        time: Option<String>,
        /// The columns that are outcomes, each an event of that name.
        outcomes: Vec<String>,
    },
    /// Counts that somebody else made.
    Tallies {
        /// The variant of every row, where no column says it.
        variant_is: Option<String>,
        /// The column of the number of units, for the split.
        randomised: Option<String>,
        /// The metrics side by side.
        wide: Vec<TallyMetric>,
        /// The column that names the metric, and its columns, where each row is of one metric.
        long: Option<(String, TallyMetric)>,
        /// The column of the day.
        day: Option<String>,
        /// The column of the segment.
        segment: Option<String>,
    },
}

/// The columns of one metric in tallies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TallyMetric {
    /// The metric's id; empty where a column says it.
    pub metric: String,
    /// Number of units.
    pub n: String,
    /// Sum.
    pub sum: String,
    /// Sum of squares.
    pub sum_sq: Option<String>,
}

impl Source {
    /// Returns the source of an entry of the manifest.
    pub(super) fn new(manifest: &Manifest, data: &DataSource) -> Self {
        let patterns = [&data.events, &data.units, &data.tallies].into_iter().flat_map(|f| f.patterns().to_vec());
        let pairs = |map: &crate::model::manifest::Ordered<String>| -> Vec<(String, String)> {
            map.iter().map(|(k, v)| (k.to_owned(), v.clone())).collect()
        };
        let consent = data.consent.as_ref().map(|c| match c.split_once("==") {
            Some((column, value)) => (column.trim().to_owned(), value.trim().trim_matches('"').to_owned()),
            None => (c.trim().to_owned(), "true".to_owned()),
        });
        let preset = data.preset.as_deref().and_then(preset);
        Self {
            patterns: patterns.collect(),
            table: data.table.clone(),
            parquet: data.parquet.patterns().to_vec(),
            format: data.format.clone(),
            separator: data.separator.clone(),
            thousands: data.thousands.and_then(|sign| u8::try_from(sign).ok()),
            // exports write UTC, whatever the project's days are cut by
            zone: data
                .time_zone
                .clone()
                .or_else(|| preset.map_or_else(|| manifest.time_zone.clone(), |_| Some("UTC".to_owned()))),
            epoch: data.epoch.clone().or_else(|| preset.and_then(|p| p.epoch).map(str::to_owned)),
            ragged: data.short_rows,
            only: data.condition.clone(),
            renamed: renamed(manifest, pairs(&data.columns), preset),
            units: pairs(&manifest.units),
            variant: data.variant.clone(),
            experiment_by: data.experiment_by.clone(),
            experiment: data.experiment.clone(),
            variants: pairs(&data.variants),
            consent,
            anonymous: data.anonymous.clone().or_else(|| preset.and_then(|p| p.anonymous).map(str::to_owned)),
            identify: data.identify.clone().or_else(|| preset.and_then(|p| p.identify).map(str::to_owned)),
            aliases: data.aliases.patterns().to_vec(),
            nameless: preset.is_some(),
            shape: shape(data, preset),
        }
    }

    /// Returns the column of a field of the specs.
    pub fn column<'a>(&'a self, field: &'a str) -> &'a str {
        self.renamed.iter().find(|(name, _)| name == field).map_or(field, |(_, column)| column)
    }

    /// Returns the column of the ids of a kind of unit.
    pub fn unit_column<'a>(&'a self, unit: &'a str) -> &'a str {
        let known = self.units.iter().find(|(name, _)| name == unit).map_or(unit, |(_, column)| column);
        self.column(known)
    }

    /// Returns the id of the variant that the data calls `name`.
    pub fn variant_id<'a>(&'a self, name: &'a str) -> &'a str {
        self.variants.iter().find(|(data, _)| data == name).map_or(name, |(_, id)| id)
    }
}

/// Returns the columns of fields: what the entry says, then what its preset does.
fn renamed(manifest: &Manifest, mut said: Vec<(String, String)>, preset: Option<&Preset>) -> Vec<(String, String)> {
    let Some(preset) = preset else { return said };
    let unit = manifest.units.iter().next().map(|(_, column)| (column.clone(), preset.unit.to_owned()));
    let attributes =
        manifest.attributes.iter().map(|(name, _)| (name.to_owned(), format!("{}{name}", preset.attributes)));
    let properties =
        manifest.properties.iter().map(|(name, _)| (name.to_owned(), format!("{}{name}", preset.properties)));
    for (name, column) in unit.into_iter().chain(attributes).chain(properties) {
        if !said.iter().any(|(known, _)| *known == name) {
            said.push((name, column));
        }
    }
    said
}

fn shape(data: &DataSource, preset: Option<&Preset>) -> SourceShape {
    if !data.units.patterns().is_empty() {
        return SourceShape::Units { time: data.time.clone(), outcomes: data.outcomes.clone() };
    }
    if !data.tallies.patterns().is_empty() {
        return tallies(data);
    }
    SourceShape::Events {
        time: data.time.clone().unwrap_or_else(|| preset.map_or("time", |p| p.time).to_owned()),
        event: data.event.clone().unwrap_or_else(|| preset.map_or("event", |p| p.event).to_owned()),
        id: data.id.clone().or_else(|| preset.and_then(|p| p.id).map(str::to_owned)),
    }
}

fn tallies(data: &DataSource) -> SourceShape {
    let wide = data.metrics.iter().map(|(metric, c)| TallyMetric {
        metric: metric.to_owned(),
        n: c.n.clone(),
        sum: c.sum.clone(),
        sum_sq: c.sum_sq.clone(),
    });
    let long = data.metric.clone().map(|column| {
        let or = |name: &Option<String>, usual: &str| name.clone().unwrap_or_else(|| usual.to_owned());
        let (n, sum, sum_sq) = (or(&data.n, "n"), or(&data.sum, "sum"), data.sum_sq.clone());
        (column, TallyMetric { metric: String::new(), n, sum, sum_sq })
    });
    SourceShape::Tallies {
        variant_is: data.variant_is.clone(),
        randomised: data.randomised.clone(),
        wide: wide.collect(),
        long,
        day: data.day.clone(),
        segment: data.segment.clone(),
    }
}
