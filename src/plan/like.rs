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
    /// Clocks are believed: there is no tolerance.
    NoTolerance,
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
            Tool::Posthog => &[Difference::CountsOpen, Difference::ExclusionsDrop, Difference::NoTolerance],
            Tool::Mixpanel => {
                &[Difference::CountsOpen, Difference::FirstAttempt, Difference::ExclusionsDrop, Difference::NoTolerance]
            }
            Tool::Clickhouse => &[
                Difference::CountsOpen,
                Difference::Reuses,
                Difference::NoStepTime,
                Difference::NoExclusions,
                Difference::NoOptional,
                Difference::NoTolerance,
            ],
            Tool::Growthbook => &[Difference::CountsOpen, Difference::NoTolerance],
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
            Difference::NoTolerance => "clocks are believed: there is no tolerance",
        }
    }

    /// Returns its name, under which the words of each language stand.
    pub fn id(self) -> &'static str {
        match self {
            Difference::CountsOpen => "counts-open",
            Difference::FirstAttempt => "first-attempt",
            Difference::Reuses => "reuses",
            Difference::NoStepTime => "no-step-time",
            Difference::NoExclusions => "no-exclusions",
            Difference::ExclusionsDrop => "exclusions-drop",
            Difference::NoOptional => "no-optional",
            Difference::NoTolerance => "no-tolerance",
        }
    }

    /// Returns whether a funnel has anything that the rule is about.
    fn concerns(self, funnel: &FunnelPlan) -> bool {
        match self {
            Difference::CountsOpen => funnel.within.is_some() || funnel.within_step.is_some(),
            Difference::FirstAttempt => funnel.attempt != Attempt::First,
            Difference::Reuses => true,
            Difference::NoStepTime => funnel.within_step.is_some(),
            Difference::NoExclusions => !funnel.exclusions.is_empty(),
            Difference::ExclusionsDrop => funnel.exclusions.iter().any(|x| x.verb != ExclusionVerb::Drop),
            Difference::NoOptional => funnel.steps.iter().any(|s| s.optional),
            Difference::NoTolerance => funnel.tolerance != 0,
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
            Difference::NoTolerance => funnel.tolerance = 0,
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
    /// The rules that concern the funnel, each with the place of our funnel with that rule of the tool's alone.
    pub alone: Vec<(Difference, usize)>,
}

impl Plan {
    /// Adds to the plan each written funnel as a tool counts it.
    pub fn compare_with(&mut self, tool: Tool) {
        for ours in 0..self.funnels.len() {
            let Some(funnel) = self.funnels.get(ours).filter(|f| f.funnel.is_some()).cloned() else { continue };
            let mut copy = FunnelPlan { funnel: None, by: Vec::new(), ..funnel };
            let base = copy.clone();
            let concern: Vec<Difference> = tool.differences().iter().copied().filter(|d| d.concerns(&base)).collect();
            concern.iter().for_each(|d| d.apply(&mut copy));
            self.funnels.push(copy);
            let theirs = self.funnels.len() - 1;
            let mut alone = Vec::new();
            for difference in concern {
                let mut one = base.clone();
                difference.apply(&mut one);
                self.funnels.push(one);
                alone.push((difference, self.funnels.len() - 1));
            }
            self.compared.push(Compared { ours, theirs, alone });
        }
    }
}
