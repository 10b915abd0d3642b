//! What the data says of a journey, as numbers: [`JourneyReport`]. Everything in it is masked already.
use super::people::{People, Rate};
use serde::Serialize;

/// The schema of the report as JSON.
pub const SCHEMA: &str = "waypost/journey/1";

/// What the data says of one journey.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct JourneyReport {
    /// The version of this shape.
    pub schema: &'static str,
    /// Its id.
    pub journey: String,
    /// Its title.
    pub title: String,
    /// Whether the data was made by `waypost simulate`.
    pub simulated: bool,
    /// How many decimals money has: amounts in minor units are that much larger.
    pub decimals: u8,
    /// The first and the last day of the data.
    pub days: Option<(String, String)>,
    /// Who was seen anywhere on the map.
    pub people: People,
    /// What became of the rows.
    pub rows: Rows,
    /// The map itself, stage by stage.
    pub stages: Vec<Stage>,
    /// Its touchpoints.
    pub touchpoints: Vec<Touchpoint>,
    /// The funnels, group by group.
    pub funnels: Vec<Funnel>,
    /// `require`
    pub requirements: Vec<Requirement>,
    /// `attribution`
    pub attributions: Vec<Attribution>,
    /// `paths`
    pub paths: Vec<Paths>,
    /// `handover`
    pub handovers: Vec<Handover>,
    /// How far people keep to the map.
    pub conformance: Option<Conformance>,
    /// Visits.
    pub sessions: Option<Sessions>,
    /// Purchases.
    pub sales: Option<Sales>,
    /// `measured by`
    pub measured: Vec<Measured>,
    /// Ideal, felt and measured, side by side.
    pub gaps: Vec<Gap>,
}

/// What became of the rows: `read = used + other + filtered + duplicates + rejected`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Rows {
    /// Rows read.
    pub read: u64,
    /// Rows used.
    pub used: u64,
    /// Good rows that no spec asks for.
    pub other: u64,
    /// Rows that `where` or consent leaves out.
    pub filtered: u64,
    /// Of those, rows that would count but for the consent they lack; nothing where the data says nothing of consent.
    pub without_consent: Option<u64>,
    /// The share of the events asked for that these numbers cannot see for want of consent.
    pub unseen: Option<f64>,
    /// Rows that repeat another.
    pub duplicates: u64,
    /// Rows that cannot be read, by why.
    pub rejected: u64,
}

/// Times in seconds, of those who did it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// One in ten is faster.
    pub low: f64,
    /// Half are faster.
    pub median: f64,
    /// Nine in ten are faster.
    pub high: f64,
}

/// One stage, for one group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stage {
    /// Its id.
    pub stage: String,
    /// Its title.
    pub title: String,
    /// Everybody, or a persona's id.
    pub who: String,
    /// Who reached it.
    pub reached: People,
    /// Of those whose time is over, who reached the next one.
    pub moved_on: Option<Rate>,
    /// The share that should.
    pub target: Option<f64>,
    /// Whether the share is below the target.
    pub below_target: Option<bool>,
    /// Whose time is not over.
    pub open: People,
    /// How long it took to move on.
    pub time: Option<Spread>,
}

/// One touchpoint.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Touchpoint {
    /// Its id.
    pub touchpoint: String,
    /// Its title.
    pub title: String,
    /// Who was here.
    pub reached: People,
    /// Events a person, of those who were here.
    pub events_each: Option<f64>,
    /// Who reached no later stage afterwards.
    pub lost: Option<Rate>,
    /// For whom the promise was kept.
    pub promise: Option<Promise>,
}

/// A promise, and whether it is kept.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Promise {
    /// The time promised, in seconds.
    pub within: f64,
    /// For whom it was kept, of those to whom it was due.
    pub kept: Rate,
    /// How long it took.
    pub time: Option<Spread>,
    /// For whom it is not due yet.
    pub open: People,
}

/// One funnel, for one group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Funnel {
    /// Its id.
    pub funnel: String,
    /// Its title.
    pub title: String,
    /// Everybody, a persona's id, or the value of a breakdown.
    pub who: String,
    /// The rules, in words.
    pub rules: Vec<String>,
    /// The steps.
    pub steps: Vec<FunnelStep>,
    /// Who came in and what became of them.
    pub ledger: Ledger,
    /// From the first step to the last.
    pub whole: Option<Spread>,
    /// The share that has finished so many seconds after it began, with those who are still on their way censored.
    pub over_time: Vec<(f64, f64)>,
}

/// One step of a funnel.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FunnelStep {
    /// The touchpoint's id.
    pub touchpoint: String,
    /// Its title.
    pub title: String,
    /// Who reached it, of the mature.
    pub reached: People,
    /// Who came in here.
    pub came_in: People,
    /// Of those who entered.
    pub of_entered: Option<Rate>,
    /// Of the step before.
    pub of_before: Option<Rate>,
    /// Of everybody who was seen at any step.
    pub of_everyone: Option<Rate>,
    /// The time from the step before.
    pub time: Option<Spread>,
}

/// Entrants = converted + dropped + failed + immature; excluded stand outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ledger {
    /// Who entered.
    pub entrants: People,
    /// Who finished.
    pub converted: People,
    /// Who was lost after each step.
    pub dropped: Vec<People>,
    /// Who was lost by an exclusion.
    pub failed: People,
    /// Whose time is not over when the data ends.
    pub immature: People,
    /// Who left the base.
    pub excluded: People,
    /// Conversions that hang on the order of events at one instant.
    pub tied: People,
    /// Whether the numbers behind it add up.
    pub balances: bool,
}

/// One `require`, for one group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Requirement {
    /// From where.
    pub from: String,
    /// To where.
    pub to: String,
    /// Everybody, or a persona's id.
    pub who: String,
    /// The smallest share.
    pub at_least: f64,
    /// The share; nothing where one of the two has no event.
    pub rate: Option<Rate>,
    /// Whether it is met; nothing where nobody came.
    pub met: Option<bool>,
}

/// One `attribution`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Attribution {
    /// The outcome's touchpoint.
    pub outcome: String,
    /// Its title.
    pub title: String,
    /// How old a touch may be, in seconds.
    pub look_back: f64,
    /// The models, in order.
    pub models: Vec<&'static str>,
    /// Outcomes.
    pub outcomes: u64,
    /// Their money, in minor units.
    pub money: Option<i64>,
    /// Paths without an outcome, and how many of those may still end in one.
    pub without: (u64, u64),
    /// By touchpoint; the last row is what no touch came before.
    pub touchpoints: Vec<Credit>,
    /// By channel.
    pub channels: Vec<Credit>,
    /// By stage.
    pub stages: Vec<Credit>,
    /// Experiments on the touchpoints that get credit: they show cause.
    pub experiments: Vec<String>,
}

/// What is credited to one touchpoint, channel or stage; the lists are in the order of the models.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Credit {
    /// Its id; `unattributed` for what no touch came before.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Outcomes.
    pub outcomes: Vec<f64>,
    /// Money in minor units; each model's column adds up to the whole.
    pub money: Vec<i64>,
    /// The share of outcomes lost without it, where the Markov model is asked for.
    pub removal: Option<f64>,
    /// What it cost in the days of the data, in minor units.
    pub spend: Option<i64>,
    /// Money over spend, less one.
    pub return_on_spend: Vec<Option<f64>>,
    /// Spend for one outcome, in minor units.
    pub cost_each: Vec<Option<f64>>,
}

/// One `paths`: column by column.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Paths {
    /// The anchor's touchpoint.
    pub anchor: String,
    /// Its title.
    pub title: String,
    /// Forward from it, or back from it.
    pub forward: bool,
    /// Units at the anchor.
    pub units: People,
    /// The columns; the first is the anchor alone.
    pub columns: Vec<Vec<PathNode>>,
    /// From a node of one column to a node of the next.
    pub links: Vec<PathLink>,
    /// The paths of two groups side by side.
    pub differences: Vec<PathsDifference>,
}

/// How the paths of two groups differ.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PathsDifference {
    /// The experiment whose arms they are; personas without one.
    pub experiment: Option<String>,
    /// The first group: a persona's id, or the control's.
    pub first: String,
    /// The second: another persona's id, or another arm's.
    pub second: String,
    /// Units of the first: at the anchor; of an arm, everybody exposed.
    pub first_units: People,
    /// Units of the second.
    pub second_units: People,
    /// The nodes of both, column by column, as of everybody's paths.
    pub columns: Vec<Vec<NodeDifference>>,
}

/// The shares of two groups at a node.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NodeDifference {
    /// The touchpoint's id; `other`, `left`, `off`; `absent` where an exposed unit never came to the anchor.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Of the first group.
    pub first: Rate,
    /// Of the second.
    pub second: Rate,
    /// The second share less the first.
    pub difference: Option<f64>,
    /// The lower limit of its 95 % interval (Newcombe 1998).
    pub low: Option<f64>,
    /// The upper limit.
    pub high: Option<f64>,
}

/// A node of a column of paths.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PathNode {
    /// The touchpoint's id; `other`, `left`, `off`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Units.
    pub units: People,
    /// Their share of the anchor's.
    pub share: Option<f64>,
    /// Of those, who were here several times in a row.
    pub loops: People,
}

/// Units that went from a node to a node of the next column.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PathLink {
    /// The column of the first.
    pub column: usize,
    /// The first.
    pub from: String,
    /// The second.
    pub to: String,
    /// Units.
    pub units: People,
}

/// One `handover`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Handover {
    /// Which of the journey's, from 0.
    pub index: usize,
    /// Where.
    pub at: String,
    /// Its title.
    pub title: String,
    /// From what.
    pub from: String,
    /// To what.
    pub to: String,
    /// Of those there on the first, who changed.
    pub changed: Rate,
    /// Of those who changed, who went on.
    pub changed_on: Rate,
    /// Of those who stayed, who went on.
    pub stayed_on: Rate,
    /// Who changed and was lost.
    pub lost: People,
    /// How long the change took.
    pub time: Option<Spread>,
}

/// How far people keep to the map.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Conformance {
    /// Units.
    pub units: People,
    /// The mean fitness, 0 to 1.
    pub fitness: f64,
    /// Units that do exactly what is planned.
    pub perfect: Rate,
    /// Units with an event that is not on the map.
    pub unplanned: Rate,
    /// By touchpoint.
    pub places: Vec<Deviation>,
    /// Different sequences.
    pub variants: u64,
    /// The sequences that most units take.
    pub common: Vec<(Vec<String>, People)>,
}

/// Deviations at one touchpoint.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Deviation {
    /// Its id.
    pub touchpoint: String,
    /// Its title.
    pub title: String,
    /// Left out.
    pub skipped: Rate,
    /// At another time than planned.
    pub out_of_order: Rate,
    /// Once more than planned.
    pub repeated: Rate,
}

/// Visits.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sessions {
    /// How long nothing must happen for a visit to end, in seconds.
    pub gap_seconds: i64,
    /// Units.
    pub units: People,
    /// Visits.
    pub sessions: u64,
    /// Visits of one event only: bounces.
    pub alone: Rate,
    /// Visits a unit.
    pub each: f64,
    /// Events a visit.
    pub events_each: f64,
    /// How long visits of more than one event took.
    pub time: Option<Spread>,
    /// By touchpoint.
    pub places: Vec<SessionPlace>,
}

/// Visits that began or ended at a touchpoint.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SessionPlace {
    /// Its id.
    pub touchpoint: String,
    /// Its title.
    pub title: String,
    /// Began here.
    pub began: People,
    /// Ended here.
    pub ended: People,
    /// Of those that began here, which saw nothing else.
    pub alone: Rate,
}

/// Purchases.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sales {
    /// Where.
    pub at: String,
    /// Its title.
    pub title: String,
    /// Who bought.
    pub buyers: People,
    /// Purchases.
    pub purchases: u64,
    /// Of the buyers, who bought again.
    pub again: Rate,
    /// The share that has bought again after 30, 90 and 365 days, with those who are watched for less censored.
    pub again_after: Vec<(u32, f64)>,
    /// How long that took.
    pub time: Option<Spread>,
    /// What a buyer is worth after so many days, or to the end of the data.
    pub worth: Vec<Worth>,
}

/// What a buyer is worth.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Worth {
    /// After so many days; to the end of the data without a number.
    pub days: Option<u32>,
    /// Buyers who were watched so long.
    pub buyers: People,
    /// The mean, in the currency's main unit.
    pub mean: Option<f64>,
    /// Its 95 % interval.
    pub interval: Option<(f64, f64)>,
}

/// A metric at a place, for one group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measured {
    /// The stage's or touchpoint's id.
    pub at: String,
    /// Its title.
    pub title: String,
    /// Whether it is a stage.
    pub is_stage: bool,
    /// The metric's id.
    pub metric: String,
    /// Its title.
    pub metric_title: String,
    /// Everybody, or a persona's id.
    pub who: String,
    /// Units it rests on.
    pub people: People,
    /// The value.
    pub value: Option<f64>,
    /// Its 95 % interval.
    pub interval: Option<(f64, f64)>,
    /// Of those who came to the place, who answered, where it is a score that is asked for.
    pub response: Option<Rate>,
}

/// What should be, what is felt, and what is measured, at one place for one group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Gap {
    /// The stage's or touchpoint's id.
    pub at: String,
    /// Its title.
    pub title: String,
    /// Everybody, a persona's id, or `audience` and its id.
    pub who: String,
    /// `feeling`, `target`, `promise` or `requirement`.
    pub what: &'static str,
    /// What should be.
    pub ideal: Option<f64>,
    /// What people say: feelings, -3 to 3.
    pub felt: Option<f64>,
    /// What the data says.
    pub measured: Option<f64>,
    /// Its 95 % interval; of a promise, between which times the middle 80 % of those who came lie.
    pub interval: Option<(f64, f64)>,
    /// Whether it falls short; nothing where the data cannot say.
    pub short: Option<bool>,
}
