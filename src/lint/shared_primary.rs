use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::lint::frame::calendar::overlap;
use crate::model::Experiment;
use crate::model::experiment::Status;
use std::collections::BTreeMap;

rule! {
    /// Two running experiments are decided by the same metric at the same time, outside a layer.
    ///
    /// What one brings shows in the number that decides the other. With random arms that is noise, not error, but the noise
    /// is on the metric that matters most.
    ///
    /// ```journey
    /// experiment guest-checkout "Guest checkout" { status running }
    /// experiment quiz-on-guide "A quiz instead of ten options" {
    ///   runs from 2026-10-05 to 2026-11-29
    ///   status running
    ///   primary order-rate expects +4%
    /// }
    /// ```
    ///
    /// Better: a metric near to the change decides, or a layer parts the people.
    ///
    /// ```journey
    /// experiment guest-checkout "Guest checkout" { status running }
    /// experiment quiz-on-guide "A quiz instead of ten options" {
    ///   runs from 2026-10-05 to 2026-11-29
    ///   status running
    ///   primary checkout-rate expects +4%
    /// }
    /// ```
    "shared-primary", Experiments, Note; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut by_metric: BTreeMap<_, Vec<&Experiment>> = BTreeMap::new();
    for experiment in ctx.model.experiments.values().filter(|e| e.status == Status::Running) {
        for primary in &experiment.primaries {
            by_metric.entry(primary.metric).or_default().push(experiment);
        }
    }
    for (metric, sharers) in by_metric {
        // one finding an experiment is enough: with the first that shares
        for (i, second) in sharers.iter().enumerate() {
            let shares = |first: &&&Experiment| {
                let layered = first.layers.iter().any(|s| second.layers.iter().any(|t| t.layer == s.layer));
                !layered && first.meta.span != second.meta.span && overlap(first, second).is_some()
            };
            let Some(first) = sharers.iter().take(i.min(64)).find(shares) else { continue };
            let span = second.primaries.iter().find(|p| p.metric == metric).map_or(second.meta.span, |p| p.span);
            let name = &ctx.model.metrics[metric].meta.id;
            let message = format!("`{name}` also decides `{}`, which runs at the same time", first.meta.id);
            let finding = RULE.at(span, message).also(first.meta.span, "the other");
            out.push(finding.help("let a metric near to the change decide, or part the people by a layer"));
        }
    }
}
