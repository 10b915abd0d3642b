//! Funnels counted as other tools count them: `analyze --like`.
use super::{FunnelPlan, Plan};
use crate::model::funnel::{Attempt, ExclusionVerb};

/// A tool whose rules for funnels differ from ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// PostHog.
    Posthog,
    /// Mixpanel, classic.
    Mixpanel,
    /// ClickHouse's `windowFunnel`.
    Clickhouse,
    /// GrowthBook.
    Growthbook,
}

/// One rule in which a tool differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// Those whose time is not over count as if it were.
    CountsOpen,
    /// The clock starts at the first of the first steps, and no later attempt counts.
    FirstAttempt,
    /// One event may fill several steps in a row.
    Reuses,
    /// There is no time for a single step.
    NoStepTime,
    /// There are no exclusions.
    NoExclusions,
    /// Exclusions take people out of the base.
    ExclusionsDrop,
    /// There are no optional steps: only the others are counted.
    NoOptional,
}

impl Tool {
    /// Returns its name.
    pub fn name(self) -> &'static str {
        match self {
            Tool::Posthog => "PostHog",
            Tool::Mixpanel => "Mixpanel",
            Tool::Clickhouse => "ClickHouse",
            Tool::Growthbook => "GrowthBook",
        }
    }

    /// Returns in what it differs.
    pub fn differences(self) -> &'static [Difference] {
        match self {
            Tool::Posthog => &[Difference::CountsOpen, Difference::ExclusionsDrop],
            Tool::Mixpanel => &[Difference::CountsOpen, Difference::FirstAttempt, Difference::ExclusionsDrop],
            Tool::Clickhouse => &[
                Difference::CountsOpen,
                Difference::Reuses,
                Difference::NoStepTime,
                Difference::NoExclusions,
                Difference::NoOptional,
            ],
            Tool::Growthbook => &[Difference::CountsOpen],
        }
    }
}

impl Difference {
    /// Returns the rule in words.
    pub fn words(self) -> &'static str {
        match self {
            Difference::CountsOpen => "people whose time is not over count as if it were",
            Difference::FirstAttempt => "the clock starts at the first of the first steps, and no later attempt counts",
            Difference::Reuses => "one event may fill several steps in a row",
            Difference::NoStepTime => "there is no time for a single step",
            Difference::NoExclusions => "there are no exclusions",
            Difference::ExclusionsDrop => "exclusions take people out of the base",
            Difference::NoOptional => "there are no optional steps",
        }
    }

    fn apply(self, funnel: &mut FunnelPlan) {
        match self {
            Difference::CountsOpen => funnel.counts_open = true,
            Difference::FirstAttempt => funnel.attempt = Attempt::First,
            Difference::Reuses => funnel.reuses = true,
            Difference::NoStepTime => funnel.within_step = None,
            Difference::NoExclusions => funnel.exclusions.clear(),
            Difference::ExclusionsDrop => {
                funnel.exclusions.iter_mut().for_each(|x| x.verb = ExclusionVerb::Drop);
            }
            Difference::NoOptional => {
                // an exclusion names steps by their places, so they stay where they are
                funnel.blind = funnel.steps.iter().map(|s| s.optional).collect();
            }
        }
    }
}

/// A funnel counted twice, or oftener: as we count, as a tool does, and with each of its rules alone.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The place of ours.
    pub ours: usize,
    /// The place of the tool's.
    pub theirs: usize,
    /// The rules, each with the place of our funnel with that rule of the tool's alone.
    pub alone: Vec<(Difference, usize)>,
}

impl Plan {
    /// Adds to the plan each written funnel as a tool counts it.
    pub fn compare_with(&mut self, tool: Tool) {
        for ours in 0..self.funnels.len() {
            let Some(funnel) = self.funnels.get(ours).filter(|f| f.funnel.is_some()).cloned() else { continue };
            let mut copy = FunnelPlan { funnel: None, by: Vec::new(), ..funnel };
            let base = copy.clone();
            tool.differences().iter().for_each(|d| d.apply(&mut copy));
            self.funnels.push(copy);
            let theirs = self.funnels.len() - 1;
            let mut alone = Vec::new();
            for difference in tool.differences() {
                let mut one = base.clone();
                difference.apply(&mut one);
                self.funnels.push(one);
                alone.push((*difference, self.funnels.len() - 1));
            }
            self.compared.push(Compared { ours, theirs, alone });
        }
    }
}
