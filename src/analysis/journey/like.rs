//! Funnels as another tool counts them, beside ours, and why they differ.
use super::{Ctx, Input, People};
use crate::plan::{Compared, Tool};
use crate::tally::{Told, Units, Who};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The version of the shape of [`Like`].
pub const SCHEMA: &str = "waypost/like/1";

/// All written funnels as a tool counts them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Like {
    /// The version of this shape.
    pub schema: &'static str,
    /// The tool.
    pub tool: &'static str,
    /// In what it differs, in words.
    pub rules: Vec<&'static str>,
    /// The funnels.
    pub funnels: Vec<LikeFunnel>,
}

/// One funnel, for one group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LikeFunnel {
    /// Its id.
    pub funnel: String,
    /// Its title.
    pub title: String,
    /// Everybody, or a persona's id.
    pub who: String,
    /// The steps' titles, who reached them as we count, and as the tool does.
    pub steps: Vec<(String, People, People)>,
    /// The names of the tool's rules that concern it.
    pub rules: Vec<&'static str>,
    /// The units told differently, by rule; of everybody only.
    pub differences: Vec<LikeRule>,
}

/// Units told differently because of one rule.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LikeRule {
    /// The rule's name; `several` where only several together explain it.
    pub id: &'static str,
    /// The rule, in words.
    pub rule: &'static str,
    /// How many units.
    pub units: People,
    /// Some of them.
    pub examples: Vec<Example>,
}

/// One unit told differently: how many steps it reached, or nothing where it is in no rate.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Example {
    /// Its id.
    pub unit: String,
    /// As we count.
    pub ours: Told,
    /// As the tool does.
    pub theirs: Told,
}

/// Returns the keys of the units to name.
pub fn keys(input: Input<'_>) -> BTreeSet<u128> {
    let rules = input.counts.differences.iter().flat_map(|d| &d.rules);
    rules.flat_map(|(_, units)| units).map(|(key, ..)| *key).collect()
}

/// Returns the funnels as a tool counts them; units are named where `names` knows them.
pub fn like(input: Input<'_>, tool: Tool, names: &BTreeMap<u128, String>) -> Like {
    let mut funnels = Vec::new();
    for (at, compared) in input.plan.compared.iter().enumerate() {
        funnels.extend(funnel(input, at, compared, names));
    }
    let rules = tool.differences().iter().map(|d| d.words()).collect();
    Like { schema: SCHEMA, tool: tool.name(), rules, funnels }
}

fn funnel(input: Input<'_>, at: usize, compared: &Compared, names: &BTreeMap<u128, String>) -> Vec<LikeFunnel> {
    let Input { model, plan, counts, .. } = input;
    let (Some(ours), Some(theirs)) = (counts.funnels.get(compared.ours), counts.funnels.get(compared.theirs)) else {
        return Vec::new();
    };
    let Some((written, id)) = plan.funnels.get(compared.ours).and_then(|f| Some((f, f.funnel?))) else {
        return Vec::new();
    };
    let map = plan.maps.iter().position(|m| m.journey == model.funnels[id].journey);
    let Some(ctx) = map.and_then(|map| Ctx::new(input, map)) else { return Vec::new() };
    let mut all = Vec::new();
    for (who, group) in ours.groups.iter().filter(|(w, _)| !matches!(w, Who::Unknown | Who::Value(_))) {
        let Some(other) = theirs.of(who) else { continue };
        let reached =
            |g: &crate::tally::FunnelGroup, step: usize| ctx.mask.count(g.mature.get(step).copied().unwrap_or(0));
        let title = |s: &crate::plan::StepPlan| model.touchpoints[s.touchpoint].meta.title.clone();
        let steps = written.steps.iter().enumerate().map(|(i, s)| (title(s), reached(group, i), reached(other, i)));
        all.push(LikeFunnel {
            funnel: written.id.clone(),
            title: model.funnels[id].meta.title.clone(),
            who: ctx.who(who),
            steps: steps.collect(),
            rules: compared.alone.iter().map(|(d, _)| d.id()).collect(),
            differences: if *who == Who::Everybody { differences(&ctx, at, compared, names) } else { Vec::new() },
        });
    }
    all
}

fn differences(ctx: &Ctx<'_>, at: usize, compared: &Compared, names: &BTreeMap<u128, String>) -> Vec<LikeRule> {
    let Some(tally) = ctx.counts.differences.get(at) else { return Vec::new() };
    let several = ("several", "several of these rules together");
    let rules = compared.alone.iter().map(|(d, _)| (d.id(), d.words())).chain([several]);
    let rule = |((id, rule), (count, units)): ((&'static str, &'static str), &(u64, Units))| {
        let example = |(key, ours, theirs): &(u128, Told, Told)| {
            let unit = names.get(key)?.clone();
            Some(Example { unit, ours: *ours, theirs: *theirs })
        };
        let mut examples: Vec<Example> = units.iter().filter_map(example).collect();
        examples.sort_by(|a, b| a.unit.cmp(&b.unit));
        LikeRule { id, rule, units: ctx.mask.count(*count), examples }
    };
    rules.zip(&tally.rules).filter(|(_, (count, _))| *count > 0).map(rule).collect()
}
