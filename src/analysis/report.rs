//! [`Report`]: everything the numbers of one experiment say; what documents show and `report.json` holds.
//!
//! No number in it is a stand-in: what cannot be said is absent, with the reason beside it.

use super::blank::Blank;
use crate::stats::Interval;
use serde::Serialize;

/// The name and version of the JSON form.
pub const SCHEMA: &str = "waypost/report/1";

/// The report of one experiment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// The experiment's id.
    pub experiment: String,
    /// Its title.
    pub title: String,
    /// Its status word: draft, running, paused, stopped, shipped.
    pub status: &'static str,
    /// Where it stands in time and data.
    pub phase: Phase,
    /// The number of the randomisation the data is of.
    pub round: u32,
    /// What was planned.
    pub planned: Planned,
    /// The first and last day with an exposure, ISO 8601.
    pub days: Option<(String, String)>,
    /// The arms, the control first.
    pub arms: Vec<Arm>,
    /// The metrics: primaries, secondaries, guardrails.
    pub metrics: Vec<MetricResult>,
    /// The effect on the first primary so far, day by day; one series a treatment.
    pub over_time: Vec<OverTime>,
    /// The effect on the first primary by whole days since exposure, exploratory; none while it runs.
    pub by_age: Vec<ByAge>,
    /// The results cut by segment, exploratory.
    pub segments: Vec<Segment>,
    /// How far the exposed of each arm come in the funnels of the map, exploratory; none where nothing may be read yet.
    pub funnels: Vec<Walk>,
    /// Every named check, in the order of the list.
    pub checks: Vec<Check>,
    /// What the numbers allow.
    pub verdict: Verdict,
    /// What other experiments on the same units do to the effects on the primaries.
    pub interactions: Vec<Interaction>,
    /// What shipping the verdict's variant would bring; only beside a verdict to ship.
    pub if_shipped: Option<IfShipped>,
    /// How the numbers were made, in sentences.
    pub method: Vec<Sentence>,
    /// What the numbers were made from.
    pub provenance: Provenance,
}

/// Where an experiment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// It has not started: no data is expected.
    Draft,
    /// It is enrolling, or its last windows are open.
    Running,
    /// All planned data is in.
    Complete,
    /// It ended before the plan did.
    StoppedEarly,
    /// It should have data and has none.
    NoData,
}

/// What was planned before the start.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Planned {
    /// First day, ISO 8601.
    pub from: String,
    /// Last day, ISO 8601.
    pub to: String,
    /// The family of method: fixed, sequential, group-sequential, bayesian.
    pub method: &'static str,
    /// The two-sided level.
    pub level: f64,
    /// The power.
    pub power: f64,
    /// Units needed over all arms for the primaries' expected effects at the baseline seen; absent where none is expected.
    pub units: Option<u64>,
}

/// One arm.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Arm {
    /// The variant's id.
    pub key: String,
    /// Its title.
    pub title: String,
    /// The planned share of those enrolled.
    pub weight: f64,
    /// Units counted.
    pub units: u64,
}

/// The role of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Decides.
    Primary,
    /// Informs.
    Secondary,
    /// May veto.
    Guardrail,
}

/// One metric with its value in each arm and each comparison with the control.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MetricResult {
    /// The metric's id.
    pub metric: String,
    /// Its title.
    pub title: String,
    /// Its role.
    pub role: Role,
    /// Whether higher is better.
    pub higher_is_better: bool,
    /// What its values count.
    pub unit: Unit,
    /// The change expected or tolerated, as written.
    pub planned_change: Option<String>,
    /// The value in each arm, in the order of the arms.
    pub values: Vec<Value>,
    /// Each treatment against the control, in the order of the arms.
    pub comparisons: Vec<Comparison>,
}

/// What a metric's values count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// A share of units, 0 to 1.
    Share,
    /// Money in main units of this currency.
    Money(String),
    /// A plain number.
    Number,
    /// Net promoter score, -100 to 100.
    Nps,
    /// Days.
    Days,
}

/// One arm's value of a metric.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Value {
    /// Units it rests on.
    pub n: u64,
    /// The value; absent without data.
    pub value: Option<f64>,
    /// For shares: how many did it.
    pub count: Option<u64>,
}

/// A treatment against the control.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// The position of the treatment among the arms.
    pub arm: usize,
    /// What came out.
    pub outcome: Outcome,
}

/// An estimate, or why there is none.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The effect with its interval.
    Estimate(Box<Estimate>),
    /// Nothing can be said, and why.
    Inconclusive(Inconclusive),
}

/// An effect, treatment minus control, with everything shown beside it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// The difference in the metric's own unit.
    pub effect: f64,
    /// Its interval at the level of the plan; 0 lies outside exactly when `p` is below the level.
    pub interval: Interval,
    /// Its interval at 50 %.
    pub inner: Interval,
    /// The effect relative to the control's value.
    pub lift: Option<f64>,
    /// The interval of the lift.
    pub lift_interval: Option<Interval>,
    /// The p-value of "no difference"; absent for Bayesian results.
    pub p: Option<f64>,
    /// The p-value adjusted for the family of primaries.
    pub p_adjusted: Option<f64>,
    /// For primaries that decide together: the interval whose ends hold for all of them at once (Bonferroni).
    pub simultaneous: Option<Interval>,
    /// The standard error of the effect.
    pub se: f64,
    /// The smallest lift (where the control's value is not 0) that the test could see with the planned power.
    pub smallest_lift: Option<f64>,
    /// For guardrails: the p-value of "worse than tolerated".
    pub p_non_inferior: Option<f64>,
    /// For guardrails: the tolerated change as a difference in the metric's own unit.
    pub margin: Option<f64>,
    /// For Bayesian results: the chance that the treatment is better.
    pub chance_better: Option<f64>,
    /// For Bayesian results: the expected loss of choosing the treatment.
    pub expected_loss: Option<f64>,
    /// The method that made it, by its name in `waypost stats`.
    pub method: &'static str,
    /// What it says.
    pub decision: Decision,
    /// What to know beside it: small counts, warnings, adjustments.
    pub notes: Vec<Sentence>,
}

/// What an estimate says of its metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// Better, beyond the level.
    Better,
    /// Worse, beyond the level.
    Worse,
    /// Not worse than tolerated.
    WithinMargin,
    /// Worse than tolerated, beyond the level.
    BeyondMargin,
    /// Neither.
    Open,
}

/// Why there is no estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Inconclusive {
    /// There are not enough units in an arm.
    NoData,
    /// Nothing varies.
    Degenerate,
    /// Fewer than 10 conversions or 100 units in an arm.
    TooFew,
    /// The denominator of a ratio is zero.
    DenominatorZero,
    /// The tallies lack what the method needs.
    Unknown,
    /// A gate closed: the split is broken, or too many units are in two variants.
    Withheld,
    /// The plan says when the test may be read, and that is not yet.
    NotYet,
}

/// The effect so far of one treatment on the first primary.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OverTime {
    /// The position of the treatment among the arms.
    pub arm: usize,
    /// The metric's id.
    pub metric: String,
    /// One moment a day with an exposure, in order; days on which nothing could be said are left out.
    pub days: Vec<Moment>,
}

/// The effect on everybody first exposed up to the end of a day.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Moment {
    /// The day, ISO 8601.
    pub day: String,
    /// The difference in the metric's own unit.
    pub effect: f64,
    /// An interval that holds at all days at once.
    pub interval: Interval,
}

/// The effect of one treatment on the first primary by time since exposure; exploratory.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ByAge {
    /// The position of the treatment among the arms.
    pub arm: usize,
    /// The metric's id.
    pub metric: String,
    /// One a day since exposure, in order; days on which nothing could be said are left out.
    pub days: Vec<AgeEffect>,
}

/// The effect on what happens on one whole day since exposure.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct AgeEffect {
    /// Whole days since exposure: 0 is the first 24 hours.
    pub day: u32,
    /// The effect relative to the control's value on that day.
    pub lift: f64,
    /// Its interval; the intervals of all days of a treatment hold together, at the level of the plan.
    pub interval: Interval,
}

/// The results of one value of a segment; exploratory.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Segment {
    /// The property, or `persona`.
    pub by: String,
    /// The value.
    pub value: String,
    /// The metric's id.
    pub metric: String,
    /// Units in each arm; absent where a cell is below the smallest shown.
    pub units: Option<Vec<u64>>,
    /// Each treatment against the control, intervals shrunken and corrected.
    pub comparisons: Vec<Comparison>,
}

/// A funnel from where the experiment runs, arm beside arm; every step is over all that were exposed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Walk {
    /// The funnel's id.
    pub funnel: String,
    /// Its title.
    pub title: String,
    /// The days from the exposure in which steps count; absent where they always do.
    pub days: Option<f64>,
    /// Units exposed in each arm: the base of every step.
    pub exposed: Vec<u64>,
    /// The steps, in order.
    pub steps: Vec<WalkStep>,
}

/// A step of a funnel, arm beside arm.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WalkStep {
    /// The touchpoint's id.
    pub touchpoint: String,
    /// Its title.
    pub title: String,
    /// Units of each arm that reach it; absent where so few do that it is not shown.
    pub reached: Vec<Option<u64>>,
    /// Each treatment against the control, where it can be said; the intervals hold for all steps and treatments together.
    pub differences: Vec<StepDifference>,
}

/// The difference of the shares that reach a step, treatment minus control.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct StepDifference {
    /// The position of the treatment among the arms.
    pub arm: usize,
    /// The difference.
    pub effect: f64,
    /// Its interval.
    pub interval: Interval,
}

/// How the effect of a treatment on a primary differs between the control of another experiment and one of its variants.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Interaction {
    /// The other experiment's id.
    pub with: String,
    /// Its title.
    pub title: String,
    /// The variant there.
    pub variant: String,
    /// The metric's id.
    pub metric: String,
    /// The position of the treatment among the arms.
    pub arm: usize,
    /// The effect among units in the control there.
    pub beside_control: f64,
    /// Its interval, at the level of the plan.
    pub beside_control_interval: Interval,
    /// The effect among units in the variant there.
    pub beside_variant: f64,
    /// Its interval, at the level of the plan.
    pub beside_variant_interval: Interval,
    /// The second less the first.
    pub difference: f64,
    /// Its interval, at the level of the plan.
    pub interval: Interval,
    /// The p-value of "no difference", corrected for all that are looked at.
    pub p: f64,
}

/// One named check.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Check {
    /// Which.
    pub id: CheckId,
    /// What it found.
    pub finding: Finding,
    /// In a sentence.
    pub says: Sentence,
}

/// What a check found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// Nothing wrong.
    Pass,
    /// It could not be looked at with this data.
    Skipped,
    /// Worth knowing; the result stands.
    Warn,
    /// The result cannot be trusted.
    Fail,
}

/// The named checks, in the order they are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckId {
    /// Sample ratio mismatch over everything.
    SrmTotal,
    /// Sample ratio mismatch on a day.
    SrmDay,
    /// Sample ratio mismatch in a segment.
    SrmSegment,
    /// Units seen in two variants.
    TwoVariants,
    /// Variants in the data that the plan does not know.
    UnknownVariant,
    /// Logged against recomputed assignment.
    Recomputed,
    /// Days with less than half the usual exposures.
    ExposureGaps,
    /// Rows left out, and files that had to be mended.
    RowsRead,
    /// Events before exposure.
    EventsBefore,
    /// Duplicate rows.
    Duplicates,
    /// Clocks that are wrong.
    ClockSkew,
    /// Units with more events than people make.
    Bots,
    /// A few units that hold much of the variance.
    Outliers,
    /// Too few units or conversions.
    TooFew,
    /// A distribution so skewed that the normal approximation is bad.
    Skewness,
    /// Not a whole number of weeks.
    WholeWeeks,
    /// Too small to see the planned effect.
    Underpowered,
    /// An effect that fades or grows with time since exposure.
    Novelty,
    /// A difference before the start.
    PrePeriod,
    /// An effect too good to be true.
    Twyman,
    /// Segments are exploratory.
    SegmentsExploratory,
    /// Another experiment on the same units changes the effect.
    Interaction,
    /// The plan changed after the start.
    PlanChanged,
    /// Stopped before the planned end.
    StoppedEarly,
    /// Another share of consent in one arm.
    Consent,
}

/// What the numbers allow one to do.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Verdict {
    /// Not started.
    NotStarted {
        /// Why, in words.
        says: Sentence,
    },
    /// Ship this variant.
    Ship {
        /// The position of the variant among the arms.
        arm: usize,
        /// Why, in words.
        says: Sentence,
    },
    /// Keep the control.
    KeepControl {
        /// Why, in words.
        says: Sentence,
    },
    /// The arms do not differ in practice.
    NoDifference {
        /// Why, in words.
        says: Sentence,
    },
    /// Keep running.
    KeepRunning {
        /// How many more days, where it can be said.
        days: Option<u32>,
        /// Why, in words.
        says: Sentence,
    },
    /// Cannot tell.
    CannotTell {
        /// The smallest lift it could have seen.
        smallest: Option<f64>,
        /// Why, in words.
        says: Sentence,
    },
    /// The result is invalid.
    Invalid {
        /// Why, in words.
        says: Sentence,
    },
}

impl Verdict {
    /// Returns why, in words.
    pub fn says(&self) -> &Sentence {
        match self {
            Verdict::NotStarted { says }
            | Verdict::Ship { says, .. }
            | Verdict::KeepControl { says }
            | Verdict::NoDifference { says }
            | Verdict::KeepRunning { says, .. }
            | Verdict::CannotTell { says, .. }
            | Verdict::Invalid { says } => says,
        }
    }

    /// Returns the stable word.
    pub fn name(&self) -> &'static str {
        match self {
            Verdict::NotStarted { .. } => "not-started",
            Verdict::Ship { .. } => "ship",
            Verdict::KeepControl { .. } => "keep-control",
            Verdict::NoDifference { .. } => "no-difference",
            Verdict::KeepRunning { .. } => "keep-running",
            Verdict::CannotTell { .. } => "cannot-tell",
            Verdict::Invalid { .. } => "invalid",
        }
    }
}

/// A sentence by rule: its id, what fills it, and its English. Documents in other languages translate by the id.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sentence {
    /// The id of the rule that says it.
    pub rule: &'static str,
    /// What fills it, by name.
    pub with: Vec<(&'static str, Blank)>,
    /// In English.
    pub text: String,
}

/// What shipping would bring, by the deciding primary.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IfShipped {
    /// The metric's id.
    pub metric: String,
    /// Units a month at the rate seen.
    pub units_a_month: f64,
    /// More of the metric a month: pessimistic, likely (corrected for the winner's curse), optimistic.
    pub more: [Option<f64>; 3],
    /// The same in money, where one is worth something.
    pub money: Option<[Option<f64>; 3]>,
    /// The currency of the money.
    pub currency: Option<String>,
}

/// What the numbers were made from; filled by the door.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Provenance {
    /// The program's version.
    pub version: String,
    /// SHA-256 of the spec files.
    pub spec: Option<String>,
    /// The warehouse that counted, without who asked it; absent where files were read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warehouse: Option<String>,
    /// The data files, or the tables of a warehouse: name, SHA-256 (of a table none), rows.
    pub files: Vec<(String, String, u64)>,
    /// Rows read, used, duplicate, rejected.
    pub rows: Option<[u64; 4]>,
    /// Rows left out: the words for why, how many, and the first places as `file:line`.
    pub rejects: Vec<(String, u64, Vec<String>)>,
    /// What was assumed or mended in reading the files.
    pub notes: Vec<String>,
    /// The time zone that cuts days.
    pub time_zone: String,
    /// The git commit of the specs, where there is one.
    pub commit: Option<String>,
    /// Whether the data says that it is simulated.
    pub simulated: bool,
}
