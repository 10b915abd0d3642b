//! A payload asked of one unit, in the order that specification 0.12.0 gives.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use serde_json::Value;

use super::attributes::{Attr, Attributes};
use super::condition::{Asking, Verdict};
use super::id::Key;
use super::program::{Action, Experiment, Feature, Force, ParentCode, Program, Rollout, RuleCode, UnitCode};
use super::result::{ExperimentResult, FeatureResult, Miss, Source};
use super::sticky::{self, Remembered, StickyDocs};
use super::url::query_override;

/// How many features one question may ask for, prerequisites included.
const FEATURE_BUDGET: u32 = 10_000;
/// How deep prerequisites may go before they count as a cycle.
const FEATURE_DEPTH: usize = 64;

/// What is true beside the unit's attributes: overrides, and sticky buckets.
#[derive(Debug)]
pub struct Context<'a> {
    /// Whether experiments run at all.
    pub enabled: bool,
    /// Whether only forced variations count.
    pub qa_mode: bool,
    /// The page's address; `?key=1` forces a variation.
    pub url: &'a str,
    /// Variations to force, by the experiment's key.
    pub forced_variations: BTreeMap<String, i64>,
    /// Sticky buckets, read and written; nothing where they are not kept.
    pub sticky: Option<RefCell<StickyDocs>>,
}

impl Context<'_> {
    /// Returns the context without overrides and sticky buckets.
    pub const fn plain() -> Self {
        Self { enabled: true, qa_mode: false, url: "", forced_variations: BTreeMap::new(), sticky: None }
    }
}

impl Default for Context<'_> {
    fn default() -> Self {
        Self::plain()
    }
}

/// The features whose prerequisites are being asked, from the innermost out.
struct Trail<'a> {
    feature: usize,
    depth: usize,
    outer: Option<&'a Trail<'a>>,
}

impl Trail<'_> {
    fn holds(&self, feature: usize) -> bool {
        self.feature == feature || self.outer.is_some_and(|outer| outer.holds(feature))
    }
}

/// The value of a prerequisite, as its condition sees it.
struct ParentValue<'a>(&'a Value);

impl Attributes for ParentValue<'_> {
    fn get(&self, name: &str, _: usize) -> Attr<'_> {
        if name == "value" { Attr::of(self.0) } else { Attr::Missing }
    }
}

/// What prerequisites say to a rule.
enum Gate<'p> {
    Open,
    Closed,
    /// The whole feature ends here.
    Ends(Source, &'p Value),
}

static NOTHING: Value = Value::Null;

/// One payload, one unit, one question at a time.
pub(super) struct Evaluation<'p, 'u> {
    program: &'p Program,
    scope: &'u dyn Attributes,
    context: &'u Context<'u>,
    asking: Asking<'p>,
    asked: Cell<u32>,
}

impl<'p: 'u, 'u> Evaluation<'p, 'u> {
    pub(super) fn new(program: &'p Program, scope: &'u dyn Attributes, context: &'u Context<'u>) -> Self {
        Self { program, scope, context, asking: Asking::new(&program.groups), asked: Cell::new(0) }
    }

    /// Returns what the feature at that place is for the unit.
    pub(super) fn feature(&self, index: usize) -> FeatureResult<'p, 'u> {
        self.asked.set(0);
        self.feature_within(index, None)
    }

    fn feature_within(&self, index: usize, outer: Option<&Trail<'_>>) -> FeatureResult<'p, 'u> {
        let depth = outer.map_or(0, |t| t.depth) + 1;
        self.asked.set(self.asked.get() + 1);
        let endless = depth > FEATURE_DEPTH || self.asked.get() > FEATURE_BUDGET;
        if endless || outer.is_some_and(|t| t.holds(index)) {
            return FeatureResult::plain(&NOTHING, Source::CyclicPrerequisite);
        }
        match self.program.feature(index) {
            Some(feature) => self.rules(feature, &Trail { feature: index, depth, outer }),
            None => FeatureResult::plain(&NOTHING, Source::UnknownFeature),
        }
    }

    fn rules(&self, feature: &'p Feature, trail: &Trail<'_>) -> FeatureResult<'p, 'u> {
        let mut miss = None;
        for rule in &feature.rules {
            match self.rule(feature, rule, trail) {
                Ok(result) => return result,
                Err(why) => miss = Some(why),
            }
        }
        FeatureResult { miss, ..FeatureResult::plain(&feature.default, Source::DefaultValue) }
    }

    fn rule(&self, feature: &'p Feature, rule: &'p RuleCode, trail: &Trail<'_>) -> Result<FeatureResult<'p, 'u>, Miss> {
        match self.parents(&rule.parents, Some(trail)) {
            Gate::Open => {}
            Gate::Closed => return Err(Miss::Prerequisite),
            Gate::Ends(source, value) => return Ok(FeatureResult::plain(value, source)),
        }
        if !rule.filters.iter().all(|filter| filter.passes(self.scope)) {
            return Err(Miss::Filter);
        }
        let result = match &rule.action {
            Action::Force(force) => self.force(force)?,
            Action::Run(experiment) => self.experiment_rule(&feature.key, experiment)?,
            Action::Nothing => return Err(Miss::NoAction),
        };
        Ok(FeatureResult { rule: rule.id.as_deref(), ..result })
    }

    fn parents(&self, parents: &'p [ParentCode], trail: Option<&Trail<'_>>) -> Gate<'p> {
        for parent in parents {
            let result = match parent.feature {
                Some(index) => self.feature_within(index, trail),
                None => FeatureResult::plain(&NOTHING, Source::UnknownFeature),
            };
            if result.source == Source::CyclicPrerequisite {
                return Gate::Ends(Source::CyclicPrerequisite, &NOTHING);
            }
            let verdict = self.asking.ask(&parent.condition, &ParentValue(result.value));
            match verdict {
                Verdict::Pass => {}
                _ if parent.gate => return Gate::Ends(Source::Prerequisite, &NOTHING),
                _ => return Gate::Closed,
            }
        }
        Gate::Open
    }

    fn force(&self, force: &'p Force) -> Result<FeatureResult<'p, 'u>, Miss> {
        if !self.meets(force.condition.as_ref()) {
            return Err(Miss::Condition);
        }
        self.rolled_out(&force.rollout)?;
        Ok(FeatureResult { variant: force.variant.as_deref(), ..FeatureResult::plain(&force.value, Source::Force) })
    }

    fn meets(&self, condition: Option<&'p super::condition::Node>) -> bool {
        condition.is_none_or(|condition| self.asking.passes(condition, self.scope))
    }

    fn rolled_out(&self, rollout: &'p Rollout) -> Result<(), Miss> {
        match rollout {
            Rollout::Everyone => Ok(()),
            Rollout::Nobody => Err(Miss::Range),
            Rollout::Share { unit, hasher, buckets } => {
                let id = self.unit(unit).ok_or(Miss::NoUnit)?;
                if buckets.holds(hasher.bucket(&id.text)) { Ok(()) } else { Err(Miss::Range) }
            }
        }
    }

    fn unit(&self, unit: &'p UnitCode) -> Option<Key<'u>> {
        let fallback = || unit.fallback.as_ref().filter(|_| self.context.sticky.is_some())?.read(self.scope);
        unit.main.read(self.scope).or_else(fallback)
    }

    fn experiment_rule(&self, feature: &'p str, experiment: &'p Experiment) -> Result<FeatureResult<'p, 'u>, Miss> {
        let result = self.run(experiment, &Extras::default())?;
        let arm = experiment.arms.get(result.variation).ok_or(Miss::Range)?;
        if arm.passthrough {
            return Err(Miss::Passthrough);
        }
        Ok(FeatureResult {
            variant: Some(&arm.key),
            experiment: Some(ExperimentResult { feature: Some(feature), ..result }),
            ..FeatureResult::plain(&arm.value, Source::Experiment)
        })
    }

    /// Returns the arm that the experiment gives the unit, or why it gives none.
    pub(super) fn run(
        &self,
        experiment: &'p Experiment,
        extras: &Extras<'p>,
    ) -> Result<ExperimentResult<'p, 'u>, Miss> {
        let unit = self.unit(&experiment.unit);
        let result = Given { experiment, unit };
        if experiment.arms.len() < 2 || !self.context.enabled {
            return Err(Miss::Inactive);
        }
        if let Some(variation) = self.overridden(experiment) {
            return result.given(variation, false).ok_or(Miss::Range);
        }
        if extras.inactive {
            return Err(Miss::Inactive);
        }
        let (bucket, variation, sticky) = self.choose(experiment, result.unit.as_ref(), extras)?;
        if let Some(force) = extras.force {
            return result.given(usize::try_from(force).map_err(|_| Miss::Range)?, false).ok_or(Miss::Range);
        }
        if self.context.qa_mode {
            return Err(Miss::Inactive);
        }
        let mut result = result.given(variation, true).ok_or(Miss::Range)?;
        result.bucket = Some(bucket);
        result.sticky_used = sticky;
        self.remember(experiment, &result);
        Ok(result)
    }

    /// Returns the variation that the address or the caller forces.
    fn overridden(&self, experiment: &Experiment) -> Option<usize> {
        let by_url = query_override(&experiment.key, self.context.url, experiment.arms.len());
        by_url.or_else(|| usize::try_from(*self.context.forced_variations.get(&experiment.key)?).ok())
    }

    /// Returns the unit's bucket, its variation, and whether that was remembered.
    fn choose(
        &self,
        experiment: &'p Experiment,
        unit: Option<&Key<'u>>,
        extras: &Extras<'p>,
    ) -> Result<(u16, usize, bool), Miss> {
        let unit = unit.ok_or(Miss::NoUnit)?;
        let remembered = self.remembered(experiment);
        if !matches!(remembered, Remembered::Arm(_)) {
            self.enters(experiment, unit, extras)?;
        }
        let bucket = experiment.hasher.as_ref().ok_or(Miss::Range)?.bucket(&unit.text);
        match remembered {
            Remembered::Arm(arm) => Ok((bucket, arm, true)),
            Remembered::Blocked => Err(Miss::Blocked),
            Remembered::Nothing => {
                let mut arms = experiment.buckets.iter();
                let arm = arms.position(|buckets| buckets.holds(bucket)).ok_or(Miss::Range)?;
                Ok((bucket, arm, false))
            }
        }
    }

    fn remembered(&self, experiment: &Experiment) -> Remembered {
        match &self.context.sticky {
            Some(docs) if !experiment.sticky.off => sticky::remembered(&docs.borrow(), experiment, self.scope),
            _ => Remembered::Nothing,
        }
    }

    fn remember(&self, experiment: &Experiment, result: &ExperimentResult<'_, '_>) {
        let docs = self.context.sticky.as_ref().filter(|_| !experiment.sticky.off);
        if let (Some(docs), Some(unit)) = (docs, &result.unit) {
            sticky::remember(&mut docs.borrow_mut(), experiment, unit.attribute, &unit.text, result.key);
        }
    }

    fn enters(&self, experiment: &'p Experiment, unit: &Key<'u>, extras: &Extras<'p>) -> Result<(), Miss> {
        if !extras.filters.iter().all(|filter| filter.passes(self.scope)) {
            return Err(Miss::Filter);
        }
        if let Some((hasher, buckets)) = &experiment.namespace
            && !buckets.holds(hasher.bucket(&unit.text))
        {
            return Err(Miss::Filter);
        }
        if !self.meets(experiment.condition.as_ref()) {
            return Err(Miss::Condition);
        }
        match self.parents(extras.parents, None) {
            Gate::Open => Ok(()),
            Gate::Closed | Gate::Ends(..) => Err(Miss::Prerequisite),
        }
    }
}

/// What an experiment that stands alone has, and one within a rule has not.
#[derive(Default)]
pub(super) struct Extras<'p> {
    pub(super) inactive: bool,
    pub(super) force: Option<i64>,
    pub(super) filters: &'p [super::program::FilterCode],
    pub(super) parents: &'p [ParentCode],
}

/// An experiment, and the unit it is given to.
struct Given<'p, 'u> {
    experiment: &'p Experiment,
    unit: Option<Key<'u>>,
}

impl<'p: 'u, 'u> Given<'p, 'u> {
    /// Returns the result of that variation; none where there is no such variation.
    fn given(self, variation: usize, hashed: bool) -> Option<ExperimentResult<'p, 'u>> {
        let arm = self.experiment.arms.get(variation)?;
        Some(ExperimentResult {
            feature: None,
            experiment: self.experiment,
            variation,
            key: &arm.key,
            name: arm.name.as_deref(),
            value: &arm.value,
            hash_used: hashed,
            hash_attribute: self.unit.as_ref().map_or(&self.experiment.unit.main.name, |u| u.attribute),
            unit: self.unit,
            bucket: None,
            sticky_used: false,
        })
    }
}
