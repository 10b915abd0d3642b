use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::manifest::Baseline;

rule! {
    /// The manifest names something that no spec declares, or that does not go with what it names.
    ///
    /// `data` may name the experiment, variants and metrics its rows belong to, `traffic` an event and `baseline` a metric. A
    /// name that is declared nowhere is most often a slip, and what stands beside it is read by nobody. The baseline of a
    /// share is a share, and that of anything else a mean with its deviation.
    ///
    /// ```yaml
    /// traffic: { checkout-veiwed: 1200 a day }
    /// ```
    ///
    /// Better: the name as it is declared.
    ///
    /// ```yaml
    /// traffic: { checkout-viewed: 1200 a day }
    /// ```
    "unknown-in-manifest", Data, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = ctx.model;
    let manifest = ctx.manifest();
    let mut report = |section: &str, kind: &str, name: &str, known: &mut dyn Iterator<Item = &str>| {
        let known: Vec<&str> = known.collect();
        if known.contains(&name) {
            return;
        }
        let Some(span) = ctx.manifest_key(section, name) else { return };
        let finding = RULE.at(span, format!("`{section}` names {kind} `{name}`, which no spec declares"));
        out.push(match nearest(name, &known) {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding.help("mend the name, or take the entry out"),
        });
    };
    for (name, _) in manifest.traffic.iter() {
        report("traffic", "event", name, &mut model.events.values().map(|e| e.meta.id.as_str()));
    }
    for (name, _) in manifest.baseline.iter() {
        report("baseline", "metric", name, &mut model.metrics.values().map(|m| m.meta.id.as_str()));
    }
    for data in &manifest.data {
        if let Some(name) = &data.experiment {
            report("data", "experiment", name, &mut model.experiments.values().map(|e| e.meta.id.as_str()));
        }
        let variants = || model.experiments.values().flat_map(|e| &e.variants).map(|v| v.meta.id.as_str());
        for (_, name) in data.variants.iter() {
            report("data", "variant", name, &mut variants());
        }
        if let Some(name) = &data.variant_is {
            report("data", "variant", name, &mut variants());
        }
        for (name, _) in data.metrics.iter() {
            report("data", "metric", name, &mut model.metrics.values().map(|m| m.meta.id.as_str()));
        }
    }
    misfits(ctx, out);
}

fn misfits(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for metric in ctx.model.metrics.values() {
        let id = &metric.meta.id;
        let problem = match (ctx.manifest().baseline.get(id), metric.is_share()) {
            (Some(Baseline::Share(_)), false) => "a share, and the metric is none; write `{ mean: …, deviation: … }`",
            (Some(Baseline::Mean { .. }), true) => "a mean, and the metric is a share; write a percentage",
            _ => continue,
        };
        let Some(span) = ctx.manifest_key("baseline", id) else { continue };
        let (what, help) = problem.split_once("; ").unwrap_or((problem, ""));
        out.push(RULE.at(span, format!("the baseline of `{id}` is {what}")).help(help));
    }
}

fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let scored = known.iter().map(|k| (strsim::damerau_levenshtein(name, k), *k));
    scored.filter(|(distance, _)| *distance <= 2).min().map(|(_, k)| k)
}
