use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::Metric;
use crate::model::manifest::DataSource;

rule! {
    /// A metric that the project's data can never fill.
    ///
    /// All data of the manifest is tables of units or of counts, which say by column what there is. None of the columns is
    /// what this metric reads.
    ///
    /// ```yaml
    /// data:
    ///   - units: "data/units.csv"
    ///     variant: group
    ///     outcomes: ["Order Completed"]
    /// ```
    ///
    /// ```journey
    /// experiment guest-checkout "Guest checkout" { guardrail nps tolerates -2% }
    /// ```
    ///
    /// Better: an outcome column for it, or a log of events.
    ///
    /// ```journey
    /// experiment guest-checkout "Guest checkout" { guardrail nps tolerates -2% }
    /// ```
    ///
    /// ```yaml
    /// data:
    ///   - events: "data/events.csv"
    ///     time: ts
    ///     event: event
    /// ```
    "metric-without-data", Data, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let data = &ctx.manifest().data;
    if data.is_empty() || data.iter().any(|d| !d.events.patterns().is_empty()) {
        return;
    }
    // long tallies name their metrics in a column, which nobody can know here
    if data.iter().any(|d| !d.tallies.patterns().is_empty() && d.metrics.is_empty()) {
        return;
    }
    for (id, metric) in ctx.model.metrics.iter().filter(|(id, _)| ctx.usage().metrics.has(*id)) {
        let _ = id;
        if !data.iter().any(|d| fills(ctx, d, metric)) {
            let message = format!("no data can fill metric `{}`", metric.meta.id);
            out.push(
                RULE.at(metric.meta.span, message)
                    .help("name its column under `outcomes` or `metrics` in `waypost.yaml`"),
            );
        }
    }
}

fn fills(ctx: &Context<'_>, data: &DataSource, metric: &Metric) -> bool {
    let has = |name: &str| data.outcomes.iter().any(|o| o == name) || data.columns.get(name).is_some();
    let named = |e: &_| {
        let event = &ctx.model.events[*e];
        has(&event.meta.id) || event.names.iter().any(|n| has(&n.name))
    };
    data.metrics.get(&metric.meta.id).is_some() || metric.events(ctx.model).iter().all(named)
}
