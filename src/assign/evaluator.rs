//! Any payload, asked as an SDK would ask it.

use super::attributes::Attributes;
use super::condition::{Asking, Compiler, Groups};
use super::evaluate::{Context, Evaluation, Extras};
use super::program::{Linker, Program};
use super::result::{ExperimentResult, FeatureResult, Source};
use super::sticky;
use crate::payload::{Payload, Rule};

/// A payload, compiled, to be asked of many units.
///
/// It answers as the SDKs of specification 0.12.0 do, for every payload they
/// read. What is not known here (URL redirects, contextual bandits) never
/// applies.
#[derive(Debug)]
pub struct Evaluator {
    program: Program,
}

/// The answer for a unit that an experiment leaves out: its first variation.
#[derive(Debug, Clone)]
pub struct RunResult {
    /// Whether the unit is in the experiment.
    pub in_experiment: bool,
    /// Whether the hash decided it.
    pub hash_used: bool,
    /// The value of its variation, or of the first.
    pub value: serde_json::Value,
    /// The place of its variation.
    pub variation: usize,
}

impl Evaluator {
    /// Returns the payload, compiled.
    pub fn new(payload: &Payload) -> Self {
        Self { program: Program::compile(payload) }
    }

    /// Returns what the feature is for whoever has those attributes.
    pub fn feature<'a>(
        &'a self,
        key: &str,
        attributes: &'a dyn Attributes,
        context: &'a Context<'a>,
    ) -> FeatureResult<'a, 'a> {
        match self.program.find(key) {
            Some(index) => Evaluation::new(&self.program, attributes, context).feature(index),
            None => FeatureResult::plain(&serde_json::Value::Null, Source::UnknownFeature),
        }
    }

    /// Returns the names of the sticky documents to load for whoever has those attributes.
    pub fn sticky_names(&self, attributes: &dyn Attributes) -> Vec<String> {
        sticky::names(&self.program, attributes)
    }

    /// Returns what an experiment that stands outside any feature gives.
    ///
    /// `payload` is the one that this evaluator was made from.
    pub fn run(
        &self,
        payload: &Payload,
        experiment: &Rule,
        attributes: &dyn Attributes,
        context: &Context<'_>,
    ) -> RunResult {
        let mut compiler = Compiler::new(&payload.saved_groups);
        let mut linker = Linker { payload, compiler: &mut compiler };
        let code = linker.experiment("", experiment);
        let (filters, parents) = (linker.filters(experiment), linker.parents(&experiment.parent_conditions));
        let extras = Extras {
            inactive: experiment.other.get("active") == Some(&serde_json::Value::Bool(false)),
            force: experiment.force.as_ref().and_then(serde_json::Value::as_i64),
            filters: &filters,
            parents: &parents,
        };
        let evaluation = Evaluation::new(&self.program, attributes, context);
        match evaluation.run(&code, &extras) {
            Ok(result) => RunResult::given(&result),
            Err(_) => RunResult::left_out(experiment),
        }
    }
}

impl RunResult {
    fn given(result: &ExperimentResult<'_, '_>) -> Self {
        Self {
            in_experiment: true,
            hash_used: result.hash_used,
            value: result.value.clone(),
            variation: result.variation,
        }
    }

    fn left_out(experiment: &Rule) -> Self {
        let first = experiment.variations.iter().flatten().next();
        Self { in_experiment: false, hash_used: false, value: first.cloned().unwrap_or_default(), variation: 0 }
    }
}

/// Returns whether the attributes meet the condition, with those saved groups.
pub fn meets(
    condition: &serde_json::Value,
    attributes: &dyn Attributes,
    groups: &serde_json::Map<String, serde_json::Value>,
) -> bool {
    let mut compiler = Compiler::new(groups);
    let node = compiler.condition(condition);
    let groups = Groups::compile(groups, &mut compiler);
    Asking::new(&groups).passes(&node, attributes)
}
