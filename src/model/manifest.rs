//! The manifest, `waypost.yaml`: where specs and data are, and how they are read. Unknown keys are errors.

use super::colour::{Colour, Mode, Palette};
use super::value::{Duration, TimeUnit};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use std::fmt;
use std::marker::PhantomData;

/// The manifest of a project.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The project's name.
    pub name: String,
    /// The edition of the language.
    #[serde(default = "edition")]
    pub edition: u32,
    /// Globs of spec files, relative to the manifest.
    #[serde(default = "specs")]
    pub specs: Vec<String>,
    /// The language of the documents.
    #[serde(default = "language")]
    pub language: String,
    /// The time zone that cuts days, by its IANA name, and of times in the data that name none; read it by [`Manifest::zone`].
    #[serde(default)]
    pub time_zone: Option<String>,
    /// The currency of money in the data.
    #[serde(default)]
    pub currency: Option<String>,
    /// What may be randomised and counted, and its column in the data.
    #[serde(default)]
    pub units: Ordered<String>,
    /// Attributes of units, with their types.
    #[serde(default)]
    pub attributes: Ordered<PropertyType>,
    /// Properties of events, with their types.
    #[serde(default)]
    pub properties: Ordered<PropertyType>,
    /// Where data is, and how its columns map.
    #[serde(default)]
    pub data: Vec<DataSource>,
    /// How many units a day are seen by an event, for the length of tests: `checkout-viewed: 1200 a day`.
    #[serde(default)]
    pub traffic: Ordered<Rate>,
    /// What metrics are now, for the length of tests: `order-rate: 12%`, `order-value: { mean: 82, deviation: 40 }`.
    #[serde(default)]
    pub baseline: Ordered<Baseline>,
    /// A visit ends when nothing happens for longer than this.
    #[serde(default)]
    pub session_gap: SessionGap,
    /// What must not be shown, and what must be asked for.
    #[serde(default)]
    pub privacy: Privacy,
    /// Severities of findings, by code.
    #[serde(default)]
    pub lint: Ordered<LintLevel>,
    /// How documents look.
    #[serde(default)]
    pub theme: Theme,
    /// What `build` does.
    #[serde(default)]
    pub build: Build,
    /// What `diff --breaking` guards.
    #[serde(default)]
    pub breaking: Breaking,
    /// Whether a file stands behind it; without one, nothing is declared and nothing asked for.
    #[serde(skip)]
    pub written: bool,
}

fn edition() -> u32 {
    2026
}
fn specs() -> Vec<String> {
    vec!["*.journey".to_owned()]
}
fn language() -> String {
    "en".to_owned()
}

impl Default for Manifest {
    fn default() -> Self {
        Self {
            name: "project".to_owned(),
            edition: edition(),
            specs: specs(),
            language: language(),
            time_zone: None,
            currency: None,
            units: Ordered::default(),
            attributes: Ordered::default(),
            properties: Ordered::default(),
            data: Vec::new(),
            traffic: Ordered::default(),
            baseline: Ordered::default(),
            session_gap: SessionGap::default(),
            privacy: Privacy::default(),
            lint: Ordered::default(),
            theme: Theme::default(),
            build: Build::default(),
            breaking: Breaking::default(),
            written: false,
        }
    }
}

impl Manifest {
    /// Returns the time zone that cuts days: UTC where none is said.
    pub fn zone(&self) -> &str {
        self.time_zone.as_deref().unwrap_or("UTC")
    }

    /// Returns the unit that is meant where none is named: the first of `units`.
    pub fn default_unit(&self) -> &str {
        self.units.iter().next().map_or("user", |(name, _)| name)
    }

    /// Returns the type of an attribute or, where it is none, of a property.
    pub fn field_type(&self, name: &str) -> Option<PropertyType> {
        self.attributes.get(name).or_else(|| self.properties.get(name)).copied()
    }
}

/// The type of an attribute or property.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PropertyType {
    /// Any text.
    Text,
    /// A number.
    Number,
    /// An amount in the project's currency.
    Money,
    /// True or false.
    Boolean,
    /// A point in time.
    Time,
}

impl PropertyType {
    /// Returns the word.
    pub fn name(self) -> &'static str {
        match self {
            PropertyType::Text => "text",
            PropertyType::Number => "number",
            PropertyType::Money => "money",
            PropertyType::Boolean => "boolean",
            PropertyType::Time => "time",
        }
    }
}

/// One place where data is. Exactly one of `events`, `units`, `tallies` is given.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DataSource {
    /// A log, one row an event: files or globs.
    pub events: Files,
    /// A table, one row a unit: files or globs.
    pub units: Files,
    /// Counts somebody else made: files or globs.
    pub tallies: Files,
    /// The table in a warehouse that holds the same rows, for `--on` and `export sql`: `analytics.events`.
    pub table: Option<String>,
    /// Where a warehouse finds the same rows as Parquet files, where they are in no table: `s3://bucket/events/*.parquet`.
    pub parquet: Files,
    /// The exporting tool whose columns are meant.
    pub preset: Option<String>,
    /// The file format, where the name does not tell: csv, tsv, ndjson, parquet.
    pub format: Option<String>,
    /// The separator of a text table, where it is no comma.
    pub separator: Option<String>,
    /// The sign between groups of three digits, as in `337,300.00`; without it such a cell is no number.
    pub thousands: Option<char>,
    /// The column of the time.
    pub time: Option<String>,
    /// The column of the event's name.
    pub event: Option<String>,
    /// The column of the row's own id, for duplicates.
    pub id: Option<String>,
    /// The time zone of times that name none.
    pub time_zone: Option<String>,
    /// The unit of times that are numbers: s, ms, us, ns.
    pub epoch: Option<String>,
    /// Which rows count; a condition on the columns.
    #[serde(rename = "where")]
    pub only: Option<String>,
    /// `where`, resolved.
    #[serde(skip)]
    pub condition: Option<super::Condition>,
    /// Rows with fewer cells than the header are good: the missing cells are empty.
    pub short_rows: bool,
    /// Columns under another name: spec name to column.
    pub columns: Ordered<String>,
    /// The event (its name in the data) that joins an anonymous id to a known one.
    pub identify: Option<String>,
    /// The column of the anonymous id.
    pub anonymous: Option<String>,
    /// Tables that join anonymous ids to known ones, with the columns of both: files or globs.
    pub aliases: Files,
    /// The column or property that says which variant a unit saw.
    pub variant: Option<String>,
    /// The variant of every row of these files.
    pub variant_is: Option<String>,
    /// The data's names of variants: name in the data to variant id.
    pub variants: Ordered<String>,
    /// The experiment these rows belong to.
    pub experiment: Option<String>,
    /// The column or property that names the experiment of an exposure.
    pub experiment_by: Option<String>,
    /// Columns of a units table that are outcomes, each one event of that name.
    pub outcomes: Vec<String>,
    /// The column of consent, and what it must hold.
    pub consent: Option<String>,
    /// The metrics of wide tallies: metric id to its columns.
    pub metrics: Ordered<TallyColumns>,
    /// The column that names the metric, in long tallies.
    pub metric: Option<String>,
    /// The column of the number of units, for the split.
    pub randomised: Option<String>,
    /// The column of the number of units of a metric, in long tallies.
    pub n: Option<String>,
    /// The column of the sum, in long tallies.
    pub sum: Option<String>,
    /// The column of the sum of squares, in long tallies.
    pub sum_sq: Option<String>,
    /// Whether the data was made by `waypost simulate`; documents say so.
    pub simulated: bool,
    /// The column of the day.
    pub day: Option<String>,
    /// The column of the segment.
    pub segment: Option<String>,
}

/// The columns of one metric in wide tallies.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TallyColumns {
    /// Number of units.
    pub n: String,
    /// Sum.
    pub sum: String,
    /// Sum of squares.
    #[serde(default)]
    pub sum_sq: Option<String>,
}

/// Files or globs, one or several, relative to the manifest.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(untagged)]
pub enum Files {
    /// None.
    #[default]
    None,
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl Files {
    /// Returns the patterns in order.
    pub fn patterns(&self) -> &[String] {
        match self {
            Files::None => &[],
            Files::One(one) => std::slice::from_ref(one),
            Files::Many(many) => many,
        }
    }
}

/// How many units something happens to: `1200 a day`, `8400 a week`, `36000 a month`; a bare number is a day's.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize)]
#[serde(try_from = "Scalar")]
pub struct Rate {
    /// Units a day, above zero.
    pub per_day: f64,
}

/// What a metric is now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Baseline {
    /// A share, between 0 and 1: written `12%` or `0.12`.
    Share(f64),
    /// A mean with the standard deviation of one unit's value, above zero: written `{ mean: 82, deviation: 40 }`.
    Mean {
        /// The mean.
        mean: f64,
        /// The standard deviation over units.
        deviation: f64,
    },
}

/// A number or a text, as YAML has it.
#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Scalar {
    Number(f64),
    Text(String),
}

/// The two ways a baseline is written.
#[derive(serde::Deserialize)]
#[serde(untagged)]
enum BaselineForm {
    Share(Scalar),
    Mean(MeanForm),
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct MeanForm {
    mean: f64,
    deviation: f64,
}

impl TryFrom<Scalar> for Rate {
    type Error = String;

    fn try_from(scalar: Scalar) -> Result<Self, String> {
        let expected = || "traffic is a number of units, such as `1200 a day`, `a week` or `a month`".to_owned();
        let per_day = match &scalar {
            Scalar::Number(number) => *number,
            Scalar::Text(text) => {
                let (number, every) = text.trim().split_once(" a ").ok_or_else(expected)?;
                let days = match every.trim() {
                    "day" => 1.0,
                    "week" => 7.0,
                    "month" => 30.0,
                    _ => return Err(expected()),
                };
                number.trim().parse::<f64>().map_err(|_| expected())? / days
            }
        };
        if per_day.is_finite() && per_day > 0.0 { Ok(Self { per_day }) } else { Err(expected()) }
    }
}

impl TryFrom<BaselineForm> for Baseline {
    type Error = String;

    fn try_from(form: BaselineForm) -> Result<Self, String> {
        let share = |number: f64| match number > 0.0 && number < 1.0 {
            true => Ok(Self::Share(number)),
            false => {
                Err("a share lies above 0% and below 100%, such as `12%`; a mean is `{ mean: 82, deviation: 40 }`")
            }
        };
        let checked = match form {
            BaselineForm::Share(Scalar::Number(number)) => share(number),
            BaselineForm::Share(Scalar::Text(text)) => {
                let number = text.trim().strip_suffix('%').and_then(|n| n.trim().parse::<f64>().ok());
                share(number.map_or(f64::NAN, |n| n / 100.0))
            }
            BaselineForm::Mean(MeanForm { mean, deviation }) => {
                match mean.is_finite() && deviation.is_finite() && deviation > 0.0 {
                    true => Ok(Self::Mean { mean, deviation }),
                    false => Err("a baseline has a finite mean and a deviation above zero"),
                }
            }
        };
        checked.map_err(str::to_owned)
    }
}

impl<'de> Deserialize<'de> for Baseline {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Baseline::try_from(BaselineForm::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// How long nothing must happen for a visit to end: `session_gap: 30 minutes`, from a second to a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "String")]
pub struct SessionGap(pub Duration);

impl Default for SessionGap {
    fn default() -> Self {
        Self(Duration { count: 30, unit: TimeUnit::Minute })
    }
}

impl TryFrom<String> for SessionGap {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let length = text.split_once(' ').and_then(|(count, unit)| {
            Some(Duration { count: count.parse().ok()?, unit: TimeUnit::parse(unit.trim())? })
        });
        let fits = |length: &Duration| (1..=TimeUnit::Day.seconds()).contains(&length.seconds());
        length
            .filter(fits)
            .map(Self)
            .ok_or_else(|| format!("`session_gap: {text}` is no length of 1 second to 1 day, such as `30 minutes`"))
    }
}

/// What must not be shown, and what must be asked for.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Privacy {
    /// Cells of fewer people are masked.
    pub smallest_cell: u64,
    /// Whether every experiment must name its consent.
    pub consent: ConsentRule,
    /// Columns that hold personal data and must not be used.
    pub personal: Vec<String>,
}

impl Default for Privacy {
    fn default() -> Self {
        Self { smallest_cell: 10, consent: ConsentRule::Optional, personal: Vec::new() }
    }
}

/// Whether consent must be named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ConsentRule {
    /// It must.
    Required,
    /// It may.
    #[default]
    Optional,
}

/// The severity a project gives a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LintLevel {
    /// Fails.
    Error,
    /// Fails under `--deny warnings`.
    Warn,
    /// Said only.
    Note,
    /// Not said.
    Off,
}

/// How documents look.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Theme {
    /// `#rrggbb`, read on white: a contrast of 4.5 or more. The same as `light: { accent }`.
    pub accent: Option<String>,
    /// `#rrggbb` for the dark theme. The same as `dark: { accent }`.
    pub accent_dark: Option<String>,
    /// The colours of the light theme and of print.
    pub light: Colours,
    /// The colours of the dark theme.
    pub dark: Colours,
    /// Families of letters, parted by commas, that readers have on their machines.
    pub font: Option<String>,
    /// A picture file at the head of every page.
    pub logo: Option<String>,
    /// A folder of templates that replace ours.
    pub templates: Option<String>,
    /// A file of labels that go over those of the language.
    pub labels: Option<String>,
}

/// The colours of one theme, each `#rrggbb`; those that are left out stay ours.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Colours {
    /// The paper.
    pub background: Option<String>,
    /// Text.
    pub ink: Option<String>,
    /// Labels, notes and captions.
    pub soft: Option<String>,
    /// Links, bars, what is switched on, the better arm.
    pub accent: Option<String>,
    /// Kept, passed, shipped.
    pub good: Option<String>,
    /// Losses, high severity, what failed.
    pub warn: Option<String>,
}

impl Theme {
    /// Returns the colours of a mode as they are written, by the names of [`NAMES`](super::colour::NAMES), each with the key
    /// that says it.
    pub fn written(&self, mode: Mode) -> Vec<(&'static str, String, &str)> {
        let (colours, key, accent, alias) = match mode {
            Mode::Light => (&self.light, "light", &self.accent, "accent"),
            Mode::Dark => (&self.dark, "dark", &self.accent_dark, "accent_dark"),
        };
        let named = [
            ("background", &colours.background),
            ("ink", &colours.ink),
            ("soft", &colours.soft),
            ("accent", &colours.accent),
            ("good", &colours.good),
            ("warn", &colours.warn),
        ];
        let own = named.into_iter().filter_map(|(name, text)| Some((name, format!("{key}.{name}"), text.as_deref()?)));
        let short = accent.as_deref().map(|text| ("accent", alias.to_owned(), text));
        own.chain(short).collect()
    }

    /// Returns the colours of a mode that are colours.
    pub fn palette(&self, mode: Mode) -> Palette {
        let colour = |(name, _, text): (&'static str, String, &str)| Some((name, Colour::parse(text)?));
        Palette::of(self.written(mode).into_iter().filter_map(colour))
    }
}

/// Returns the families of a theme's `font`, or nothing where one is no name: letters, digits, spaces and hyphens.
pub fn families(font: &str) -> Option<Vec<String>> {
    let name = |part: &str| {
        let part = part.trim();
        let fits = |c: char| c.is_alphanumeric() || c == ' ' || c == '-';
        (!part.is_empty() && part.chars().all(fits)).then(|| part.to_owned())
    };
    font.split(',').map(name).collect()
}

/// What `build` does.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Build {
    /// The folder it writes.
    pub to: String,
}

impl Default for Build {
    fn default() -> Self {
        Self { to: "out".to_owned() }
    }
}

/// What `diff --breaking` guards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Breaking {
    /// Assignment, analysis and the record.
    #[default]
    Record,
    /// Assignment and analysis.
    Analysis,
    /// Assignment only.
    Assignment,
}

/// A map that keeps the order it was written in and refuses a key that comes twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ordered<V> {
    entries: Vec<(String, V)>,
}

impl<V> Default for Ordered<V> {
    fn default() -> Self {
        Self { entries: Vec::new() }
    }
}

impl<V> Ordered<V> {
    /// Returns the value of a key.
    pub fn get(&self, key: &str) -> Option<&V> {
        self.entries.iter().find(|(k, _)| k == key).map(|(_, v)| v)
    }

    /// Returns all entries in the order written.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &V)> {
        self.entries.iter().map(|(k, v)| (k.as_str(), v))
    }

    /// Returns whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl<V> FromIterator<(String, V)> for Ordered<V> {
    fn from_iter<I: IntoIterator<Item = (String, V)>>(entries: I) -> Self {
        Self { entries: entries.into_iter().collect() }
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Ordered<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<V>(PhantomData<V>);
        impl<'de, V: Deserialize<'de>> Visitor<'de> for Entries<V> {
            type Value = Ordered<V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("names with a value each")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries: Vec<(String, V)> = Vec::new();
                while let Some((key, value)) = map.next_entry::<String, V>()? {
                    if entries.iter().any(|(k, _)| *k == key) {
                        return Err(serde::de::Error::custom(format!("`{key}` stands here twice")));
                    }
                    entries.push((key, value));
                }
                Ok(Ordered { entries })
            }
        }
        deserializer.deserialize_map(Entries(PhantomData))
    }
}
