//! What spans several declarations and every later step relies on.

use crate::diagnostic::{Diagnostic, Label};
use crate::model::experiment::{Experiment, Variant};
use crate::model::funnel::{Funnel, Order};
use crate::model::manifest::PropertyType;
use crate::model::value::{Change, Date, Percent};
use crate::model::{Id, Layer, Metric, Model};

/// Returns everything wrong with a model that resolved.
pub(super) fn check(model: &Model) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for experiment in model.experiments.values() {
        weights(experiment, &mut findings);
        variants(experiment, &mut findings);
        dates(experiment, &mut findings);
        exposure(model, experiment, &mut findings);
        roles(model, experiment, &mut findings);
        changes(model, experiment, &mut findings);
        layer_units(model, experiment, &mut findings);
    }
    for (id, layer) in model.layers.iter() {
        capacity(model, id, layer, &mut findings);
    }
    for funnel in model.funnels.values() {
        steps(model, funnel, &mut findings);
    }
    findings
}

fn weights(experiment: &Experiment, findings: &mut Vec<Diagnostic>) {
    let total = Percent(experiment.variants.iter().map(|v| v.weight.0).sum());
    let [first, .., last] = experiment.variants.as_slice() else {
        findings.push(
            Diagnostic::error("too-few-variants", experiment.meta.span, "a test has at least two variants")
                .help("add `variant control …`, and one to try"),
        );
        return;
    };
    if total != Percent::WHOLE {
        findings.push(
            Diagnostic::error(
                "weights-not-whole",
                first.meta.span,
                format!("the weights of `{}` add to {total}, not 100%", experiment.meta.id),
            )
            .also(last.meta.span, "counted to here")
            .help("weights say how the people enrolled are split; `traffic` says how many are enrolled"),
        );
    }
    for day in experiment.weights_changed() {
        changed(experiment, day, findings);
    }
    for variant in experiment.variants.iter().filter(|v| v.weight.0.is_zero()) {
        findings.push(
            Diagnostic::error("empty-variant", variant.meta.span, format!("nobody gets variant `{}`", variant.meta.id))
                .help("give it a weight, or take it out before the start"),
        );
    }
}

/// Weights that hold from a day on: on that day too they are the parts of a whole, and it lies in the planned time.
fn changed(experiment: &Experiment, day: Date, findings: &mut Vec<Diagnostic>) {
    let at = |v: &&Variant| v.changes.iter().any(|(from, _)| *from == day);
    let span = experiment.variants.iter().find(at).map_or(experiment.meta.span, |v| v.meta.span);
    let total = Percent(experiment.variants.iter().map(|v| v.weight_on(day).0).sum());
    if total != Percent::WHOLE {
        let message = format!("from {day} the weights of `{}` add to {total}, not 100%", experiment.meta.id);
        findings.push(Diagnostic::error("weights-not-whole", span, message).help(
            "a variant without `weight … from` that day keeps the weight it had; write one for each that changes",
        ));
    }
    if day <= experiment.runs.0 || day > experiment.runs.1 {
        let (first, last) = experiment.runs;
        let message =
            format!("weights from {day} change nothing: `{}` runs from {first} to {last}", experiment.meta.id);
        findings.push(
            Diagnostic::error("weights-out-of-time", span, message)
                .help("the weight beside the title holds from the first day; a later one needs a later day"),
        );
    }
}

fn variants(experiment: &Experiment, findings: &mut Vec<Diagnostic>) {
    let Some(control) = experiment.control() else {
        findings.push(
            Diagnostic::error(
                "no-control",
                experiment.meta.span,
                format!("experiment `{}` has no control", experiment.meta.id),
            )
            .help("name the variant that changes nothing `control`"),
        );
        return;
    };
    for variant in &experiment.variants {
        let missing: Vec<&str> = control
            .sets
            .iter()
            .map(|(n, _)| n.as_str())
            .filter(|n| !variant.sets.iter().any(|(m, _)| m == n))
            .collect();
        let extra: Vec<&str> = variant
            .sets
            .iter()
            .map(|(n, _)| n.as_str())
            .filter(|n| !control.sets.iter().any(|(m, _)| m == n))
            .collect();
        for (names, verb, other) in
            [(missing, "does not set", "the control sets"), (extra, "sets", "the control does not")]
        {
            for name in names {
                findings.push(
                    Diagnostic::error(
                        "uneven-variants",
                        variant.meta.span,
                        format!("variant `{}` {verb} `{name}`, which {other}", variant.meta.id),
                    )
                    .also(control.meta.span, "the control")
                    .help(format!("every variant sets the same names; add `set {name} to …` where it is missing")),
                );
            }
        }
    }
}

fn dates(experiment: &Experiment, findings: &mut Vec<Diagnostic>) {
    let (from, to) = experiment.runs;
    if from > to {
        findings.push(
            Diagnostic::error(
                "dates-reversed",
                experiment.meta.span,
                format!("experiment `{}` ends on {to}, before it starts on {from}", experiment.meta.id),
            )
            .help("mend `runs from … to …`"),
        );
    }
    if experiment.traffic.0.is_zero() {
        findings.push(
            Diagnostic::error("no-traffic", experiment.meta.span, "with `traffic 0%` nobody enters")
                .help("leave `traffic` out for everybody"),
        );
    }
}

fn exposure(model: &Model, experiment: &Experiment, findings: &mut Vec<Diagnostic>) {
    if model.exposure_event(experiment).is_none() {
        let place = &model.touchpoints[model.place(experiment)];
        findings.push(
            Diagnostic::error(
                "no-exposure",
                experiment.meta.span,
                format!("nothing shows who entered `{}`", experiment.meta.id),
            )
            .also(place.meta.span, "it has no `seen by`")
            .help(format!("add `seen by EVENT` to `{}`, or `exposed by EVENT` here", place.meta.id)),
        );
    }
}

fn roles(model: &Model, experiment: &Experiment, findings: &mut Vec<Diagnostic>) {
    let primaries = experiment.primaries.iter().map(|p| (p.metric, "primary"));
    let secondaries = experiment.secondaries.iter().map(|m| (*m, "secondary"));
    let guardrails = experiment.guardrails.iter().map(|g| (g.metric, "guardrail"));
    let mut seen: Vec<(Id<Metric>, &str)> = Vec::new();
    for (metric, role) in primaries.chain(secondaries).chain(guardrails) {
        if let Some((_, first)) = seen.iter().find(|(m, _)| *m == metric) {
            let name = &model.metrics[metric].meta.id;
            findings.push(
                Diagnostic::error(
                    "metric-twice",
                    experiment.meta.span,
                    format!("metric `{name}` is both {first} and {role} in `{}`", experiment.meta.id),
                )
                .help("a metric has one role in an experiment"),
            );
        }
        seen.push((metric, role));
    }
}

fn changes(model: &Model, experiment: &Experiment, findings: &mut Vec<Diagnostic>) {
    let expected = experiment.primaries.iter().filter_map(|p| Some((p.metric, p.expects?, p.span)));
    let tolerated = experiment.guardrails.iter().map(|g| (g.metric, g.tolerates, g.span));
    for (metric, change, span) in expected.chain(tolerated) {
        let metric = &model.metrics[metric];
        let money =
            metric.properties().iter().any(|p| model.manifest.field_type(&p.property) == Some(PropertyType::Money));
        let problem = match change {
            Change::Relative(_) => None,
            Change::Points(_) => (!metric.is_share()).then_some("points are of a share"),
            Change::Money(_) => (!money && model.manifest.written).then_some("it is not counted in money"),
            Change::Absolute(..) => metric.is_share().then_some("a share changes by `%` or by `points`"),
        };
        if let Some(why) = problem {
            findings.push(
                Diagnostic::error(
                    "wrong-type",
                    span,
                    format!("metric `{}` cannot change by `{change}`: {why}", metric.meta.id),
                )
                .help("write a relative change such as `+5%`, which every metric can have"),
            );
        }
    }
}

fn layer_units(model: &Model, experiment: &Experiment, findings: &mut Vec<Diagnostic>) {
    for slice in &experiment.layers {
        let layer = &model.layers[slice.layer];
        if layer.unit != experiment.unit {
            findings.push(
                Diagnostic::error(
                    "layer-unit",
                    slice.span,
                    format!(
                        "layer `{}` is cut by `{}`, and this experiment by `{}`",
                        layer.meta.id, layer.unit, experiment.unit
                    ),
                )
                .also(layer.meta.span, "the layer")
                .help("one person would be in and out of the layer at once; use one unit for both"),
            );
        }
    }
}

/// The slices of the experiments that have not ended must fit into the layer.
fn capacity(model: &Model, id: Id<Layer>, layer: &Layer, findings: &mut Vec<Diagnostic>) {
    let open = model.experiments.values().filter(|e| !e.status.is_concluded());
    let slices: Vec<_> = open.flat_map(|e| e.layers.iter().filter(|s| s.layer == id)).collect();
    let total = Percent(slices.iter().map(|s| s.takes.0).sum());
    let [first, rest @ ..] = slices.as_slice() else { return };
    if total > Percent::WHOLE {
        let mut finding = Diagnostic::error(
            "layer-full",
            first.span,
            format!("layer `{}` holds 100%, and {total} are taken", layer.meta.id),
        )
        .label("takes this")
        .help("take less, or end an experiment first");
        finding.secondary.extend(rest.iter().map(|s| Label { span: s.span, text: "and this".to_owned() }));
        findings.push(finding);
    }
}

fn steps(model: &Model, funnel: &Funnel, findings: &mut Vec<Diagnostic>) {
    for step in &funnel.steps {
        let touchpoint = &model.touchpoints[step.touchpoint];
        if touchpoint.seen_by.is_none() {
            findings.push(
                Diagnostic::error(
                    "step-unseen",
                    funnel.meta.span,
                    format!("nothing shows who reached `{}`", touchpoint.meta.id),
                )
                .also(touchpoint.meta.span, "it has no `seen by`")
                .help("add `seen by EVENT` to the touchpoint, or leave the step out"),
            );
        }
    }
    let exclusions = !funnel.exclusions.is_empty();
    if exclusions && funnel.order == Order::Any {
        findings.push(
            Diagnostic::error(
                "exclusion-without-order",
                funnel.meta.span,
                "with `order any` there is no between, so nobody can fail or drop there",
            )
            .help("take `order any` or the exclusions out"),
        );
    }
    for exclusion in &funnel.exclusions {
        let place = |t| funnel.steps.iter().position(|s| s.touchpoint == t);
        match (place(exclusion.from), place(exclusion.to)) {
            (Some(from), Some(to)) if from < to => {}
            _ => findings.push(
                Diagnostic::error(
                    "exclusion-out-of-order",
                    funnel.meta.span,
                    "`between A and B` names two steps of this funnel, in order",
                )
                .help("mend the two names"),
            ),
        }
    }
}
