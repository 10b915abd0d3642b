use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::experiment::Segment;
use crate::model::funnel::CountUnit;
use crate::source::Span;

rule! {
    /// A column marked personal is used.
    ///
    /// The manifest lists columns that hold personal data and must not be used. A condition, a segment, a breakdown or a
    /// metric reads one of them, so it would end in a report.
    ///
    /// ```yaml
    /// privacy: { smallest_cell: 10, consent: required, personal: [age] }
    /// ```
    ///
    /// Better: cut by something that tells nobody who it is.
    ///
    /// ```yaml
    /// privacy: { smallest_cell: 10, consent: required, personal: [street] }
    /// ```
    "personal-column", Privacy, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let personal = &ctx.manifest().privacy.personal;
    if personal.is_empty() {
        return;
    }
    let model = ctx.model;
    let mut report = |field: &str, span: Span| {
        if personal.iter().any(|p| p == field || ctx.manifest_column(field).is_some_and(|c| c == p)) {
            let message = format!("`{field}` is marked personal in `waypost.yaml`, and is used here");
            out.push(RULE.at(ctx.within(span, field), message).help("use something that tells nobody who it is"));
        }
    };
    for (declaration, kind, _, condition) in ctx.conditions() {
        let span = ctx.part(declaration, if kind == "event" { "named" } else { "where" });
        condition.fields(&mut |f| report(f, span));
    }
    for metric in model.metrics.values() {
        metric.properties().iter().for_each(|p| report(&p.property, metric.meta.span));
    }
    for experiment in model.experiments.values() {
        for segment in &experiment.segments {
            if let Segment::Property(name) = segment {
                report(name, ctx.part(experiment.meta.span, "segments"));
            }
        }
    }
    for funnel in model.funnels.values() {
        let by = ctx.part(funnel.meta.span, "by");
        funnel.by.iter().flat_map(|b| &b.properties).for_each(|p| report(p, by));
        if let CountUnit::Property(name) = &funnel.count {
            report(name, ctx.part(funnel.meta.span, "count"));
        }
    }
    for handover in model.journeys.values().flat_map(|j| &j.handovers) {
        handover.by.iter().for_each(|b| report(b, handover.span));
    }
}
