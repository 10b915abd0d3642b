//! The manifest's data entries become [`Source`] values.
use crate::model::condition::Condition;
use crate::model::manifest::{DataSource, Manifest};

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
    /// The time zone of local times, by its IANA name.
    pub zone: String,
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
        Self {
            patterns: patterns.collect(),
            table: data.table.clone(),
            parquet: data.parquet.patterns().to_vec(),
            format: data.format.clone(),
            separator: data.separator.clone(),
            thousands: data.thousands.and_then(|sign| u8::try_from(sign).ok()),
            zone: data.time_zone.clone().unwrap_or_else(|| manifest.time_zone.clone()),
            epoch: data.epoch.clone(),
            ragged: data.short_rows,
            only: data.condition.clone(),
            renamed: pairs(&data.columns),
            units: pairs(&manifest.units),
            variant: data.variant.clone(),
            experiment_by: data.experiment_by.clone(),
            experiment: data.experiment.clone(),
            variants: pairs(&data.variants),
            consent,
            shape: shape(data),
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

fn shape(data: &DataSource) -> SourceShape {
    if !data.units.patterns().is_empty() {
        return SourceShape::Units { time: data.time.clone(), outcomes: data.outcomes.clone() };
    }
    if !data.tallies.patterns().is_empty() {
        return tallies(data);
    }
    SourceShape::Events {
        time: data.time.clone().unwrap_or_else(|| "time".to_owned()),
        event: data.event.clone().unwrap_or_else(|| "event".to_owned()),
        id: data.id.clone(),
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
