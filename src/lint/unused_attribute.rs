use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::experiment::Segment;
use crate::model::funnel::CountUnit;
use std::collections::BTreeSet;

rule! {
    /// The manifest declares an attribute or property that nothing reads.
    ///
    /// What is not read need not be collected. If it is personal, it must not be.
    ///
    /// ```yaml
    /// attributes: { country: text, device: text, age: number, level: text, income: number }
    /// ```
    ///
    /// Better: only what is used.
    ///
    /// ```yaml
    /// attributes: { country: text, device: text, age: number, level: text }
    /// ```
    "unused-attribute", Data, Note; check
}

/// How many are told at most.
const MOST: usize = 100;

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let manifest = ctx.manifest();
    let read = read(ctx);
    let attributes = manifest.attributes.iter().map(|(name, _)| ("attributes", name));
    let fields = attributes.chain(manifest.properties.iter().map(|(name, _)| ("properties", name)));
    for (section, name) in fields.filter(|(_, name)| !read.contains(name)).take(MOST) {
        if let Some(span) = ctx.manifest_key(section, name) {
            let message = format!("nothing reads `{name}`");
            out.push(RULE.at(span, message).help("take it out of `waypost.yaml`, and out of the data if you can"));
        }
    }
}

/// Returns every attribute and property that the specs name.
fn read<'a>(ctx: &Context<'a>) -> BTreeSet<&'a str> {
    let model = ctx.model;
    let mut names = BTreeSet::new();
    ctx.conditions().for_each(|(_, _, _, c)| c.fields(&mut |f| _ = names.insert(f)));
    names.extend(model.metrics.values().flat_map(|m| m.properties()).map(|p| p.property.as_str()));
    for journey in model.journeys.values() {
        names.extend(journey.handovers.iter().filter_map(|h| h.by.as_deref()));
        names.extend(journey.attributions.iter().filter_map(|a| Some(a.by.as_ref()?.property.as_str())));
    }
    for funnel in model.funnels.values() {
        names.extend(funnel.by.iter().flat_map(|b| &b.properties).map(String::as_str));
        if let CountUnit::Property(name) = &funnel.count {
            names.insert(name);
        }
    }
    for segment in model.experiments.values().flat_map(|e| &e.segments) {
        if let Segment::Property(name) = segment {
            names.insert(name);
        }
    }
    names
}
