//! What is asked of how people travel a map, beyond who reaches what.
use super::MeasurePlan;
use crate::model::{Experiment, Id, Metric, Stage, Touchpoint};

/// The travels of one map. Touchpoints are named by their places on the map.
#[derive(Clone, Debug, Default)]
pub struct TravelPlan {
    /// The place of the map in the plan.
    pub map: usize,
    /// For each touchpoint: its channel's id and title, where it has one.
    pub channels: Vec<Option<(String, String)>>,
    /// For each touchpoint: the places of the personas it is for, among the plan's; empty for everybody.
    pub only_for: Vec<Vec<usize>>,
    /// For each touchpoint: whether coming again is no deviation.
    pub may_repeat: Vec<bool>,
    /// The places of events that neither keep to the map nor leave it: those of messages.
    pub passed_over: Vec<usize>,
    /// `attribution`, in the order of the journey.
    pub attributions: Vec<AttributionPlan>,
    /// `paths`, in the order of the journey; those whose anchor can be seen.
    pub paths: Vec<PathsPlan>,
    /// `handover`, in the order of the journey.
    pub handovers: Vec<HandoverPlan>,
    /// `sale at`, where it can be seen.
    pub sale: Option<SalePlan>,
    /// `measured by`, in the order of the map.
    pub measured: Vec<SpotPlan>,
}

impl TravelPlan {
    /// Returns whether a touchpoint is for a unit that is, is not or may be each persona of the plan.
    pub fn is_for(&self, place: usize, personas: &[Option<bool>]) -> bool {
        let only = self.only_for.get(place).map_or(&[] as &[usize], Vec::as_slice);
        only.is_empty() || only.iter().any(|p| personas.get(*p) == Some(&Some(true)))
    }
}

/// One `attribution`.
#[derive(Clone, Debug)]
pub struct AttributionPlan {
    /// The place of the outcome.
    pub outcome: usize,
    /// The place of the property that is its money, among the plan's.
    pub money: Option<usize>,
    /// How old a touch may be, in microseconds; the oldest counts.
    pub look_back: i64,
    /// Half of the credit goes with so much age, in microseconds.
    pub half_life: i64,
}

/// One `paths`.
#[derive(Clone, Debug, Default)]
pub struct PathsPlan {
    /// What comes after; else what came before.
    pub forward: bool,
    /// The place of the touchpoint.
    pub anchor: usize,
    /// The groups whose paths stand side by side.
    pub versus: Vec<Versus>,
}

/// Groups whose paths are compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Versus {
    /// Those who are the first persona of the plan and not the second, and those who are the second and not the first.
    Personas(usize, usize),
    /// The arms of an experiment on the map: everybody exposed in each, from the exposure on.
    Arms {
        /// Which experiment.
        experiment: Id<Experiment>,
        /// How many arms it has; the control is the first.
        arms: usize,
    },
}

impl Versus {
    /// Returns how many groups there are.
    pub fn groups(&self) -> usize {
        match self {
            Self::Personas(..) => 2,
            Self::Arms { arms, .. } => *arms,
        }
    }
}

/// One `handover`.
#[derive(Clone, Debug)]
pub struct HandoverPlan {
    /// Which of the journey's, from 0.
    pub index: usize,
    /// The place of the touchpoint.
    pub at: usize,
    /// The place of the field that has the values; channels without one.
    pub by: Option<usize>,
    /// From which value, or the channel's id or title.
    pub from: String,
    /// To which.
    pub to: String,
}

/// The sale point.
#[derive(Clone, Copy, Debug)]
pub struct SalePlan {
    /// The place of the touchpoint.
    pub at: usize,
    /// The place of the property that is its money, among the plan's.
    pub money: Option<usize>,
}

/// A metric at a stage or a touchpoint: it counts from the unit's first event there.
#[derive(Clone, Debug)]
pub struct SpotPlan {
    /// The place of the stage, where it stands at a stage.
    pub stage: Option<(usize, Id<Stage>)>,
    /// The place of the touchpoint, where it stands at a touchpoint.
    pub touchpoint: Option<(usize, Id<Touchpoint>)>,
    /// Which metric.
    pub metric: Id<Metric>,
    /// What is measured.
    pub measure: MeasurePlan,
}

/// A floor under a rate, counted as a funnel of two steps.
#[derive(Clone, Debug)]
pub struct RequirementPlan {
    /// The place of the map in the plan.
    pub map: usize,
    /// Which of the journey's, from 0.
    pub index: usize,
    /// The place of its funnel in the plan; none where one of the two cannot be seen.
    pub funnel: Option<usize>,
}
